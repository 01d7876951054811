"""The therapist's day at the screen: the week, booking beside it, the session's panel, a morning's attendance."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from models.child import Caseload, Child
from models.core import queries, records
from models.core.access import SYSTEM
from models.holidays import CalendarDay
from models.leave import StaffLeave
from models.rehabilitation import PlannedTherapy, RehabilitationGoal, RehabilitationPlan
from models.rooms import Room
from models.scheduling import booking
from models.scheduling.booking import Attendance, Wish
from models.staff import Staff
from models.therapy import TherapySession
from models.unit import Unit
from tests.conftest import actor
from tests.ui.conftest import make_app
from ui.tasks import Tasks
from ui.text import PlainLabel
from views.attendance_dialog import AttendanceDialog
from views.booking_panel import BookingPanel, Draft
from views.session_panel import SessionPanel
from views.therapy_attendance import AttendancePage
from views.therapy_calendar import TherapyCalendar

MONDAY = date(2026, 11, 16)
NINE = datetime(2026, 11, 16, 9, 0)
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def clinic(sqlite_database) -> SimpleNamespace:
    """A therapist with two children and a plan for one of them, a colleague, a hall."""
    with sqlite_database.work(SYSTEM) as work:
        unit = records.save(work, Unit, {"name": "一班", "kind": "ward"})
        li = records.save(work, Staff, {"name": "李静", "sex": "2", "post": "therapist", "skills": ["pt"]})
        zhou = records.save(work, Staff, {"name": "周航", "sex": "1", "post": "therapist", "skills": ["ot"]})
        hall = records.save(work, Room, {"name": "PT大厅", "kind": "pt", "capacity": 4, "skills": ["pt"]})
        born = {"sex": "1", "born_on": date(2020, 1, 1), "unit_id": unit}
        first, second = (
            records.save(work, Child, {"name": name, "number": number, **born})
            for name, number in (("曾小乐", "2020-001"), ("王小雨", "2020-002"))
        )
        for child in (first, second):
            records.save(work, Caseload, {"child_id": child, "staff_id": li, "starts_on": date(2026, 1, 1)})
        plan = {"child_id": first, "starts_on": date(2026, 9, 1), "ends_on": date(2027, 2, 28), "review_on": date(2026, 12, 1),
                "findings": "独坐不稳", "contraindications": ["epilepsy"]}  # fmt: skip
        plan_id = records.save(work, RehabilitationPlan, plan)
        records.save(work, PlannedTherapy, {"child_id": first, "plan_id": plan_id, "therapy": "PT", "sessions_a_week": 3,
                                            "minutes": 30, "form": "single"})  # fmt: skip
        goal = records.save(work, RehabilitationGoal, {"child_id": first, "plan_id": plan_id, "term": "short", "text": "扶站10秒",
                            "baseline": "3秒", "criterion": "5次中4次", "due_on": date(2026, 12, 1), "therapy": "PT"})  # fmt: skip
        records.take_step(work, RehabilitationPlan, plan_id, "submit")
        keys = [
            booking.book(work, Wish((child,), "PT", li, start, start + HALF_HOUR, hall)).created[0]
            for child, start in ((first, NINE), (second, NINE + HALF_HOUR), (first, NINE + timedelta(days=4, hours=5)))
        ]
    return SimpleNamespace(
        database=sqlite_database, li=li, zhou=zhou, hall=hall, first=first, second=second, goal=goal, keys=keys
    )


@pytest.fixture
def app(clinic, qtbot) -> Iterator:
    made = make_app(clinic.database, actor("therapist", staff_id=clinic.li, name="李静"))
    yield made
    made.close()


@pytest.fixture
def week(app, qtbot) -> TherapyCalendar:
    page = TherapyCalendar(app)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    page.open(day=MONDAY)
    return page


@pytest.fixture(autouse=True)
def _yes(monkeypatch):
    """Questions about warnings are answered with yes."""
    monkeypatch.setattr("views.therapy_acts.confirm", lambda *_args, **_given: True)


def session(clinic, key) -> dict:
    with clinic.database.read(SYSTEM) as work:
        return queries.values(work, TherapySession, key)


def told(app) -> list[str]:
    said: list[str] = []
    app.telling.connect(lambda text, _undo, _label: said.append(text))
    return said


def panel(week) -> SessionPanel:
    found = week._side_widget()
    assert isinstance(found, SessionPanel)
    return found


# --- the week ---------------------------------------------------------------------------------------


def test_a_therapist_sees_the_own_week_first(week, clinic):
    assert [(tile.column, tile.title, tile.look) for tile in week.grid.tiles] == [
        ("2026-11-16", "曾小乐", "due"), ("2026-11-16", "王小雨", "due"), ("2026-11-20", "曾小乐", "booked")]  # fmt: skip
    assert [column.title for column in week.grid.columns] == ["Mon", "Tue", "Wed", "Thu", "Fri"]
    assert [column.marked for column in week.grid.columns][-1] and "3 sessions · 1.5 h" in week.summary.text()


def test_the_same_week_by_room_by_child_and_by_day(week, clinic):
    for by, key, count in (("room", clinic.hall, 3), ("child", clinic.first, 2)):
        week.open(**{f"{by}_id": key, "day": MONDAY})
        assert len(week.grid.tiles) == count
    week._set_by("day")
    assert [column.title for column in week.grid.columns] == ["李静", "周航"] and len(week.grid.tiles) == 2
    assert week.grid.columns[0].subtitle == "2 sessions" and week.grid.columns[1].subtitle == "free"


def test_a_block_dropped_elsewhere_is_moved_told_and_taken_back(week, clinic, app):
    said = told(app)
    week.grid.moved.emit(clinic.keys[0], "2026-11-17", 600, 630)
    assert session(clinic, clinic.keys[0])["starts_at"] == datetime(2026, 11, 17, 10, 0)
    assert said == ["曾小乐 moved to 11-17 10:00–10:30"]
    QTest.keyClick(week, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert session(clinic, clinic.keys[0])["starts_at"] == NINE
    assert said[-1].startswith("Taken back")


def test_in_the_days_view_a_block_is_given_to_a_colleague(week, clinic):
    week._set_by("day")
    week.grid.moved.emit(clinic.keys[0], clinic.zhou, 540, 570)
    assert session(clinic, clinic.keys[0])["therapist_id"] == clinic.zhou


def test_what_clashes_is_said_while_dragging_and_refused_when_dropped(week, clinic, monkeypatch):
    verdict = week.judge(clinic.keys[0], "2026-11-16", 570, 600)
    assert verdict.tone == "danger" and verdict.words == ("李静 is already treating 王小雨 (PT), 09:30–10:00.",)
    shown = []
    monkeypatch.setattr(week.app, "show_error", shown.append)
    week._moved(clinic.keys[0], "2026-11-16", 570, 600)
    assert "王小雨" in str(shown[0]) and session(clinic, clinic.keys[0])["starts_at"] == NINE


def test_an_unwise_place_warns_and_an_empty_one_is_free(week, clinic):
    assert week.judge(clinic.keys[0], "2026-11-16", 720, 750).tone == "warning"
    assert week.judge(clinic.keys[0], "2026-11-17", 540, 570).tone == "good"
    assert week.judge("", "2026-11-16", 540, 570).tone == "danger"


def test_holidays_working_weekends_and_leave_are_shown(week, clinic):
    with clinic.database.work(SYSTEM) as work:
        records.save(work, StaffLeave, {"staff_id": clinic.li, "kind": "annual", "starts_on": MONDAY,
                                        "ends_on": MONDAY, "part": "morning"})  # fmt: skip
        records.save(work, CalendarDay, {"day": date(2026, 11, 18), "kind": "closed", "reason": "体检"})
    week.reload()
    assert week.grid.columns[0].shades[0].words == "Leave: Annual leave"
    assert week.grid.columns[2].closed and "体检" in week.grid.columns[2].note
    week.go_to(date(2026, 10, 10))
    saturday = week.grid.columns[-1]
    assert saturday.title == "Sat" and not saturday.closed and "in lieu" in saturday.note
    week.go_to(date(2027, 1, 5))
    assert week.notice.isVisible() and "2027" in week.notice.label.text()


def test_the_filter_shows_only_the_chosen_therapies(week):
    week._toggle("OT")
    assert not week.grid.tiles and week.filter.text() == "OT"
    week._show_all()
    assert len(week.grid.tiles) == 3


def test_whoever_may_only_read_gets_no_way_to_book(clinic, qtbot):
    reader = make_app(clinic.database, actor("director"))
    reader.actor = actor("nurse")
    page = TherapyCalendar(reader)
    qtbot.addWidget(page)
    assert not page.grid.bookable
    reader.close()


# --- booking ----------------------------------------------------------------------------------------


def begin(week, start=NINE + timedelta(days=1), child="", **given) -> BookingPanel:
    week._book(
        Draft(start, start + HALF_HOUR, given.get("staff", week.app.actor.staff_id), "", (child,) if child else ())
    )
    found = week._side_widget()
    assert isinstance(found, BookingPanel)
    return found


def verdict(panel) -> list[str]:
    from ui.text import PlainLabel

    lines = [panel.verdict.itemAt(index) for index in range(panel.verdict.count())]
    return [item.layout().itemAt(1).widget().text() for item in lines if item.layout()
            and isinstance(item.layout().itemAt(1).widget(), PlainLabel)]  # fmt: skip


def test_the_panel_proposes_what_the_plan_still_lacks_and_the_room_that_fits(week, clinic):
    panel = begin(week, child=clinic.first)
    assert panel.therapy.value() == "PT" and panel.room.value() == clinic.hall
    assert panel.needs.text() == "Prescribed, booked this week: PT 2 of 3"
    assert verdict(panel) == ["Free"] and panel.button.isEnabled()


def test_booking_from_the_panel_is_told_chosen_and_can_be_taken_back(week, clinic, app):
    said = told(app)
    panel = begin(week, child=clinic.first)
    panel.save()
    assert said == ["曾小乐: PT booked 11-17 09:00"] and len(week.grid.tiles) == 4
    assert week.grid.tile(week.grid.current).column == "2026-11-17"
    week.undo()
    assert len(week.grid.tiles) == 3


def test_a_conflict_is_said_in_the_panel_and_closes_the_button(week, clinic):
    panel = begin(week, NINE, clinic.second)
    assert verdict(panel) == ["李静 is already treating 曾小乐 (PT), 09:00–09:30."]
    assert not panel.button.isEnabled()


def test_two_children_make_a_group(week, clinic):
    panel = begin(week, child=clinic.first)
    panel._add_child(clinic.second)
    panel.judge()
    panel.save()
    tile = week.grid.tile(week.grid.current)
    assert tile.title == "曾小乐, 王小雨" and tile.detail.startswith("2 children")


def test_a_weekly_series_is_judged_day_by_day_and_booked_at_once(week, clinic):
    panel = begin(week, NINE, clinic.second, staff=clinic.li)
    panel.repeat.set_value("weekly")
    panel._repeat_chosen()
    panel.until.set_value(date(2026, 12, 7))
    panel.judge()
    words = verdict(panel)
    assert words[0] == "3 sessions are free" and words[1].startswith("11-16 李静 is already treating")
    assert panel.button.text() == "Book 3 sessions"
    panel.save()
    with clinic.database.read(SYSTEM) as work:
        assert queries.count(work, TherapySession) == 6


def test_a_series_is_checked_beside_the_window_and_only_the_last_question_is_answered(week, clinic, app, qtbot):
    """The window says that it checks; what was asked of an earlier booking is dropped."""
    panel = begin(week, NINE, clinic.second, staff=clinic.li)
    app.tasks = Tasks(app.show_error)
    panel.repeat.set_value("weekly")
    panel._repeat_chosen()
    panel.until.set_value(date(2026, 12, 14))
    panel.judge()
    assert verdict(panel) == ["Checking every day of the series…"] and not panel.button.isEnabled()
    panel.until.set_value(date(2026, 12, 7))
    panel.judge()
    qtbot.waitUntil(lambda: bool(panel.planned) and not panel._soon.isActive())
    assert verdict(panel)[0] == "3 sessions are free"
    panel.save()
    qtbot.waitUntil(lambda: week._side_widget() is not panel)
    app.tasks.close()
    with clinic.database.read(SYSTEM) as work:
        assert queries.count(work, TherapySession) == 6


def test_a_series_that_no_longer_stands_as_shown_is_not_booked(week, clinic, app):
    """What a colleague has booked meanwhile is shown first."""
    said = told(app)
    panel = begin(week, NINE, clinic.second, staff=clinic.li)
    panel.repeat.set_value("weekly")
    panel._repeat_chosen()
    panel.until.set_value(date(2026, 12, 7))
    panel.judge()
    panel._soon.stop()
    with clinic.database.work(SYSTEM) as work:
        booking.book(
            work,
            Wish((clinic.first,), "PT", clinic.li, NINE + timedelta(days=14), NINE + timedelta(days=14) + HALF_HOUR),
        )
    panel.save()
    assert said[-1].endswith("please look at the series again.") and panel.isEnabled()
    assert panel.button.text() == "Book 2 sessions"


def test_a_length_that_no_session_has_is_said_beside_the_others(week, clinic):
    panel = begin(week, child=clinic.first, therapy="PT")
    panel.length.inner().setText("2")
    panel.judge()
    said = [label.text() for label in panel.findChildren(PlainLabel)]
    assert any(words.startswith("Length: At least 5 min") for words in said)
    assert panel.length.inner().property("wrong") and not panel.button.isEnabled()
    panel.length.set_value(30)
    panel.judge()
    assert panel.button.isEnabled() and not panel.length.inner().property("wrong")


def test_a_series_without_a_free_day_is_not_said_to_be_good(week, clinic):
    panel = begin(week, NINE, child=clinic.second, therapy="PT")
    panel.therapy.set_value("PT")
    panel.repeat.set_value("weekly")
    panel._repeat_chosen()
    panel.until.set_value(NINE.date())
    panel.judge()
    said = {label.text(): label.property("tone") for label in panel.findChildren(PlainLabel)}
    assert said["0 sessions are free"] == "muted" and not panel.button.isEnabled()


def test_n_books_where_the_cursor_stands(week):
    week.grid.put_cursor("2026-11-18", 600)
    week.grid.setFocus()
    QTest.keyClicks(week.grid, "n")
    panel = week._side_widget()
    assert isinstance(panel, BookingPanel) and panel.day.value() == date(2026, 11, 18)
    QTest.keyClick(week, Qt.Key.Key_Escape)
    assert week._side_widget() is None


def test_a_copied_week_shows_first_what_would_become_of_it(week, clinic):
    from views.planned_dialog import CopyWeekDialog

    dialog = CopyWeekDialog(week.app, MONDAY, {"therapist_id": clinic.li}, week)
    assert [dialog.table.rows.index(row, 4).data() for row in range(3)] == ["Free", "Free", "Free"]
    dialog.until.set_value(MONDAY + timedelta(weeks=3))
    dialog._judge()
    assert "9 sittings can be booked" in dialog.told.text()
    dialog.button.click()
    assert len(dialog.change.created) == 9


def test_a_copied_week_is_judged_beside_the_window(week, clinic, qtbot):
    from views.planned_dialog import CopyWeekDialog

    week.app.tasks = Tasks(week.app.show_error, week.app)
    threads: list[threading.Thread] = []
    plain = week.app.read
    week.app.read = lambda: (threads.append(threading.current_thread()), plain())[1]
    dialog = CopyWeekDialog(week.app, MONDAY, {"therapist_id": clinic.li}, week)
    qtbot.addWidget(dialog)
    assert not dialog.button.isEnabled(), "not before it is judged"
    dialog.until.set_value(MONDAY + timedelta(weeks=3))
    dialog._judge()
    qtbot.waitUntil(dialog.button.isEnabled)
    assert "9 sittings can be booked" in dialog.told.text(), "the answer to what was asked last"
    assert threads and threading.main_thread() not in threads


def test_a_day_that_is_none_is_said_and_nothing_is_copied(week, clinic, qtbot):
    from views.planned_dialog import CopyWeekDialog

    dialog = CopyWeekDialog(week.app, MONDAY, {"therapist_id": clinic.li}, week)
    qtbot.addWidget(dialog)
    for text, words in (("2026-13-45", "Into the week of: "), ("", "Into the week of: Please fill this in.")):
        dialog.day.inner().setText(text)
        dialog._judge()
        assert words in dialog.told.text() and not dialog.button.isEnabled() and dialog.day.inner().property("wrong")


# --- the session ------------------------------------------------------------------------------------


def test_choosing_a_block_opens_it_with_goals_and_what_to_mind(week, clinic):
    week.grid.choose(clinic.keys[0])
    week._chosen(clinic.keys[0])
    shown = panel(week)
    assert shown.title.text() == "曾小乐" and [line.goal.text for line in shown.rows] == ["扶站10秒"]


def test_what_was_worked_on_is_kept_when_going_on_to_the_next_block(week, clinic):
    week._chosen(clinic.keys[0])
    shown = panel(week)
    shown.rows[0].box.setChecked(True)
    shown.rows[0].trials.setText("４/５")
    shown.result.set_value("扶站8秒")
    week._chosen(clinic.keys[1])
    saved = session(clinic, clinic.keys[0])
    assert saved["goals"] == [clinic.goal] and saved["goal_notes"] == {clinic.goal: {"trials": "4/5"}}
    assert saved["result"] == "扶站8秒"


def test_attendance_is_one_key_and_signing_one_press(week, clinic, app):
    said = told(app)
    week.grid.choose(clinic.keys[0])
    week.grid.setFocus()
    QTest.keyClicks(week.grid, "d")
    assert session(clinic, clinic.keys[0])["status"] == "done" and said == ["Attended: 曾小乐"]
    assert panel(week).sheet.values["status"] == "done"
    panel(week).sign()
    assert session(clinic, clinic.keys[0])["state"] == "submitted" and said[-1] == "1 session signed"
    week._chosen(clinic.keys[0])
    assert not panel(week)._editable and not week.grid.tile(clinic.keys[0]).movable


def test_cancelling_asks_for_the_reason(week, clinic, qtbot, monkeypatch):
    def answer(dialog: AttendanceDialog) -> int:
        dialog._accept()
        assert dialog.wrong.text() == "Please give the reason."
        assert dialog.body.indexOf(dialog.wrong) == dialog.body.indexOf(dialog.reason) + 1, "right below its field"
        assert dialog.reason.inner().property("wrong")
        dialog.reason.set_value("away")
        return 1

    monkeypatch.setattr(AttendanceDialog, "exec", answer)
    week._chosen(clinic.keys[2])
    panel(week).cancel()
    assert (session(clinic, clinic.keys[2])["status"], session(clinic, clinic.keys[2])["reason"]) == (
        "cancelled",
        "away",
    )
    assert len(week.grid.tiles) == 2


def test_a_missed_session_leads_to_a_make_up(week, clinic):
    with clinic.database.work(SYSTEM) as work:
        booking.attend(work, {clinic.keys[0]: Attendance("absent", "ill")})
    week.reload()
    week._chosen(clinic.keys[0])
    panel(week)._make_up()
    booked = week._side_widget()
    assert (
        booked.makes_up_id == clinic.keys[0]
        and booked.children_ids == [clinic.first]
        and booked.therapy.value() == "PT"
    )


# --- a morning --------------------------------------------------------------------------------------


@pytest.fixture
def morning(app, clinic, qtbot) -> AttendancePage:
    page = AttendancePage(app)
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    page.open(day=MONDAY)
    page.table.setFocus()
    return page


def test_a_morning_is_recorded_from_the_keyboard_and_signed(morning, clinic, app):
    said = told(app)
    QTest.keyClicks(morning.table, "d")
    QTest.keyClicks(morning.table, "a1")
    assert morning.count.text() == "2 sessions, 0 not recorded yet · 2 not saved"
    assert session(clinic, clinic.keys[0])["status"] == "booked"
    morning.save_and_sign()
    assert [session(clinic, key)["status"] for key in clinic.keys[:2]] == ["done", "absent"]
    assert session(clinic, clinic.keys[1])["reason"] == "ill" and said == ["2 sessions signed"]


def test_a_key_too_many_is_taken_back_and_minutes_are_counted_up(morning):
    QTest.keyClicks(morning.table, "l+")
    assert morning.table.line().chosen == Attendance("late", None, 15)
    QTest.keyClick(morning.table, Qt.Key.Key_Backspace)
    assert morning.table.line().status == "booked"


def test_all_others_done_and_undone_again(morning, clinic, app):
    undo = []
    app.telling.connect(lambda _text, back, _label: undo.append(back))
    morning.all_done()
    morning.save()
    assert session(clinic, clinic.keys[0])["status"] == "done"
    undo[-1]()
    assert session(clinic, clinic.keys[0])["status"] == "booked"


def test_an_absence_without_its_reason_is_not_recorded(morning, clinic, monkeypatch):
    shown = []
    monkeypatch.setattr(morning.app, "show_error", shown.append)
    QTest.keyClicks(morning.table, "a")
    morning.save()
    assert "reason" in str(shown[0]) and session(clinic, clinic.keys[0])["status"] == "booked"


def test_what_a_colleague_changed_meanwhile_is_not_overwritten_unseen(week, clinic, app, monkeypatch):
    shown = []
    monkeypatch.setattr(app, "show_error", shown.append)
    with clinic.database.work(SYSTEM) as work:
        records.save(work, TherapySession, {"note": "改约"}, id=clinic.keys[0])
    week._moved(clinic.keys[0], "2026-11-17", 600, 630)
    assert type(shown[0]).__name__ == "Changed" and session(clinic, clinic.keys[0])["starts_at"] == NINE
    week._moved(clinic.keys[0], "2026-11-17", 600, 630)
    assert session(clinic, clinic.keys[0])["starts_at"] == datetime(2026, 11, 17, 10, 0)


def test_a_feverish_child_is_booked_only_knowingly(week, clinic):
    from models.care import NursingRecord

    with clinic.database.work(SYSTEM) as work:
        note = {"child_id": clinic.second, "day": date(2026, 11, 20), "shift": "early", "at": datetime(2026, 11, 20, 8, 30),
                "temperature": 38.2}  # fmt: skip
        records.save(work, NursingRecord, note, confirmed=True)
    shown = begin(week, datetime(2026, 11, 20, 15, 0), clinic.second)
    assert verdict(shown) == ["王小雨, 11-20 08:30: Fever (≥ 37.5 °C)."] and shown.button.isEnabled()
