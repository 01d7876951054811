"""A therapist's own day at the screen: what comes now and next, attendance by one key, the note, the day on paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from models.child import Caseload, Child
from models.core import queries, records
from models.core.access import SYSTEM
from models.department import OpeningHours
from models.home_programme import HomeProgramme, ProgrammeTick
from models.my_day import Gap, my_day
from models.rehabilitation import RehabilitationGoal, RehabilitationPlan
from models.rooms import Room
from models.scheduling import booking
from models.scheduling.booking import Attendance, Wish
from models.staff import Staff
from models.therapy import TherapySession
from tests.conftest import actor
from tests.ui.conftest import make_app
from ui.text import PlainLabel
from views.calendar_file import CalendarFileDialog
from views.my_day import MyDayPage
from views.my_day_rows import DayRow
from views.therapy_prints import TherapyPapers

TODAY = date(2026, 11, 20)
NINE = datetime(2026, 11, 20, 9, 0)
HALF_HOUR = timedelta(minutes=30)


@pytest.fixture
def clinic(sqlite_database) -> SimpleNamespace:
    """A Friday at 09:30: one session over, one just begun, a gap, a group in the afternoon; one missed last week."""
    with sqlite_database.work(SYSTEM) as work:
        li = records.save(work, Staff, {"name": "李静", "sex": "2", "post": "therapist", "skills": ["pt"]})
        hall = records.save(work, Room, {"name": "PT大厅", "kind": "pt", "capacity": 4, "skills": ["pt"]})
        first, second = (
            records.save(work, Child, {"name": name, "number": number, "sex": "1", "born_on": date(2020, 1, 1)})
            for name, number in (("曾小乐", "2020-001"), ("王小雨", "2021-003"))
        )
        for child in (first, second):
            records.save(work, Caseload, {"child_id": child, "staff_id": li, "starts_on": date(2026, 1, 1)})
        plan = {"child_id": second, "starts_on": date(2026, 9, 1), "ends_on": date(2027, 2, 28), "review_on": date(2026, 12, 1),
                "findings": "独坐不稳", "contraindications": ["unstable_hip"], "precautions": "移位须两人"}  # fmt: skip
        plan_id = records.save(work, RehabilitationPlan, plan)
        goal = {"child_id": second, "plan_id": plan_id, "term": "short", "text": "扶站10秒", "baseline": "3秒",
                "criterion": "5次中4次", "due_on": date(2026, 12, 1), "therapy": "PT"}  # fmt: skip
        records.save(work, RehabilitationGoal, goal)
        records.take_step(work, RehabilitationPlan, plan_id, "submit")
        programme = {"child_id": second, "what": "坐位保持", "place": "unit", "starts_on": date(2026, 11, 1)}
        item = records.save(work, HomeProgramme, programme, confirmed=True)
        for day in (17, 18, 19):
            tick = {"child_id": second, "programme_id": item, "day": date(2026, 11, day), "outcome": "done"}
            records.save(work, ProgrammeTick, tick, confirmed=True)

        def book(children, start, length=HALF_HOUR, therapy="PT"):
            return booking.book(work, Wish(children, therapy, li, start, start + length, hall), confirmed=True).created

        missed = book((first,), NINE - timedelta(days=8))[0]
        before = book((second,), NINE - timedelta(days=7))[0]
        done = book((first,), NINE - HALF_HOUR)[0]
        now = book((second,), NINE + HALF_HOUR / 2)[0]
        group = book((first, second), NINE + timedelta(hours=5), therapy="CE")
        after = book((first,), NINE + timedelta(days=3))[0]
        booking.attend(work, {missed: Attendance("absent", "ill"), before: Attendance("done")})
        records.save(work, TherapySession, {"result": "扶站8秒"}, id=before, confirmed=True)
    return SimpleNamespace(
        database=sqlite_database, li=li, first=first, second=second, done=done, now=now, group=group, after=after,
        missed=missed, hall=hall,
    )  # fmt: skip


@pytest.fixture
def app(clinic, qtbot) -> Iterator:
    made = make_app(clinic.database, actor("therapist", staff_id=clinic.li, name="李静"))
    yield made
    made.close()


@pytest.fixture
def page(app, qtbot) -> MyDayPage:
    made = MyDayPage(app)
    qtbot.addWidget(made)
    made.resize(880, 480)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.reload()
    made.focus_current()
    return made


def session(clinic, key) -> dict:
    with clinic.database.read(SYSTEM) as work:
        return queries.values(work, TherapySession, key)


def told(app) -> list[tuple[str, object]]:
    said: list[tuple[str, object]] = []
    app.telling.connect(lambda text, undo, _label: said.append((text, undo)))
    return said


def texts(widget) -> list[str]:
    return [label.text() for label in widget.findChildren(PlainLabel) if not label.isHidden()]


# --- what is read -----------------------------------------------------------------------------------------------


def test_the_day_tells_what_is_to_be_known_before_each_session(clinic):
    with clinic.database.read(actor("therapist", staff_id=clinic.li)) as work:
        day = my_day(work, clinic.li, TODAY)
    child = day.sittings[1].children[0]
    assert child.member.name == "王小雨" and child.goals == ("扶站10秒",)
    assert "移位须两人" in child.cautions and len(child.cautions) == 2
    assert (child.last_on, child.last_result) == (date(2026, 11, 13), "扶站8秒")
    assert child.practice == ("坐位保持: 3 of 7 · 4 not noted",)
    assert [each.name for each in day.owed] == ["曾小乐"]
    assert (day.next_day, len(day.next_sittings)) == (date(2026, 11, 23), 1)


def test_gaps_lie_between_the_sessions_and_never_in_the_midday_rest(clinic):
    with clinic.database.read(SYSTEM) as work:
        day = my_day(work, clinic.li, TODAY)
    spans = [(f"{gap.starts_at:%H:%M}", f"{gap.ends_at:%H:%M}") for gap in day.gaps]
    assert spans == [("09:00", "09:15"), ("09:45", "11:30")]
    kinds = [type(line) is Gap for line in day.lines()]
    assert kinds == [False, True, False, True, False]


def test_gaps_go_by_the_homes_own_hours(clinic):
    """Where the rooms close at eleven, nothing is free from eleven on."""
    with clinic.database.work(SYSTEM) as work:
        hours = {"half": "morning", "starts": time(8), "ends": time(11), "from_day": "01-01", "to_day": "12-31"}
        records.save(work, OpeningHours, {**hours, "effective_from": TODAY - timedelta(days=30)})
    with clinic.database.read(SYSTEM) as work:
        day = my_day(work, clinic.li, TODAY)
    assert [f"{gap.ends_at:%H:%M}" for gap in day.gaps] == ["09:15", "11:00"]


def test_an_empty_day_has_no_gaps_and_looks_ahead(clinic):
    with clinic.database.read(SYSTEM) as work:
        day = my_day(work, clinic.li, TODAY + timedelta(days=1))
    assert (day.sittings, day.gaps, day.next_day) == ((), (), date(2026, 11, 23))


# --- the page ---------------------------------------------------------------------------------------------------


def test_the_page_begins_with_what_runs_now_and_marks_what_is_next(page, clinic):
    assert [(row.child.member.name, row.when) for row in page.rows] == [
        ("曾小乐", ""), ("王小雨", "now"), ("曾小乐", "next"), ("王小雨", "next")]  # fmt: skip
    assert page.current == clinic.now and page.row_of(clinic.now).hasFocus()
    assert page.summary.text() == "3 sessions · 4 not recorded yet · 3 to sign"


def test_of_a_day_to_come_nothing_is_said_to_be_unrecorded(page, clinic):
    page.open(day=(TODAY + timedelta(days=3)).isoformat())
    assert page.summary.text() == "1 session · 3 to sign"


def test_cautions_stand_in_red_words_in_the_row_and_beside_it(page, clinic):
    row = page.row_of(clinic.now)
    red = [
        label.text()
        for label in row.findChildren(PlainLabel)
        if label.property("tone") == "danger" and not label.isHidden()
    ]
    assert len(red) == 1 and "移位须两人" in red[0]
    beside = " ".join(texts(page.side))
    assert "移位须两人" in beside and "扶站8秒" in beside and "坐位保持: 3 of 7" in beside and "曾小乐" in beside


def test_arrows_go_through_the_day_and_the_card_follows(page, clinic):
    QTest.keyClick(page.row_of(clinic.now), Qt.Key.Key_Down)
    assert page.current == clinic.group[0]
    QTest.keyClick(page.row_of(page.current), Qt.Key.Key_Up)
    QTest.keyClick(page.row_of(page.current), Qt.Key.Key_Up)
    assert page.current == clinic.done and page.row_of(clinic.done).hasFocus()


def test_one_key_records_and_goes_on_and_can_be_taken_back(page, clinic, app):
    said = told(app)
    page.row_of(clinic.done).setFocus()
    QTest.keyClicks(page.row_of(clinic.done), "d")
    assert session(clinic, clinic.done)["status"] == "done"
    assert said[-1][0] == "曾小乐: Done" and page.current == clinic.now
    QTest.qWait(1)  # a row that is just being shown takes the focus as soon as it is there
    assert page.row_of(clinic.now).hasFocus()
    said[-1][1]()
    assert session(clinic, clinic.done)["status"] == "booked" and page.current == clinic.done


def test_an_absence_asks_for_its_reason_by_a_digit(page, clinic):
    row = page.row_of(clinic.now)
    QTest.keyClicks(row, "1")
    assert session(clinic, clinic.now)["status"] == "booked"
    QTest.keyClicks(row, "a")
    assert row.asks_reason and any("4\u00a0Refused" in text for text in texts(row))
    QTest.keyClick(row, Qt.Key.Key_Escape)
    assert not row.asks_reason
    QTest.keyClicks(row, "a4")
    assert (session(clinic, clinic.now)["status"], session(clinic, clinic.now)["reason"]) == ("absent", "refused")


def test_a_whole_group_is_present_by_one_key(page, clinic, app):
    with clinic.database.work(SYSTEM) as work:
        booking.move(work, clinic.group[0], NINE - 2 * HALF_HOUR, NINE - HALF_HOUR, confirmed=True)
    page.reload()
    said = told(app)
    QTest.keyClick(page.row_of(clinic.group[1]), Qt.Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
    assert [session(clinic, key)["status"] for key in clinic.group] == ["done", "done"]
    assert said[0][0] == "Attended: 曾小乐, 王小雨"


def test_late_is_ten_minutes_and_more_or_less_by_plus_and_minus(page, clinic):
    QTest.keyClicks(page.row_of(clinic.now), "l")
    assert session(clinic, clinic.now)["minutes_missed"] == 10 and page.current == clinic.now
    QTest.keyClicks(page.row_of(clinic.now), "+")
    assert session(clinic, clinic.now)["minutes_missed"] == 15
    for _count in range(4):
        QTest.keyClicks(page.row_of(clinic.now), "-")
    assert session(clinic, clinic.now)["minutes_missed"] == 5


def test_a_session_that_has_not_begun_is_not_recorded(page, clinic, app, monkeypatch):
    shown = []
    monkeypatch.setattr(app, "show_error", shown.append)
    QTest.keyClicks(page.row_of(clinic.group[0]), "d")
    assert "not begun" in str(shown[0]) and session(clinic, clinic.group[0])["status"] == "booked"
    assert page.current == clinic.group[0]


def test_what_is_signed_is_left_alone(page, clinic, app):
    with clinic.database.work(SYSTEM) as work:
        booking.attend(work, {clinic.done: Attendance("done")})
        booking.sign(work, [clinic.done])
    page.reload()
    said = told(app)
    QTest.keyClicks(page.row_of(clinic.done), "a")
    assert "signed already" in said[0][0] and not page.row_of(clinic.done).asks_reason


def test_enter_opens_the_note_and_escape_comes_back_with_it_saved(page, clinic):
    QTest.keyClick(page.row_of(clinic.now), Qt.Key.Key_Return)
    assert page.panel is not None and page.panel.session_id == clinic.now
    page.panel.result.set_value("扶站9秒")
    page.close_side()
    assert session(clinic, clinic.now)["result"] == "扶站9秒"
    assert page.panel is None and page.row_of(clinic.now).hasFocus()


def test_the_day_goes_on_paper_with_one_key(page, clinic, app, monkeypatch):
    made = {}

    def preview(title, pdf, filename):
        made.update(title=title, pdf=pdf(lambda *_args: None, lambda: False), name=filename)

    monkeypatch.setattr(app, "preview", preview)
    page.print_day()
    assert made["pdf"].startswith(b"%PDF") and made["name"] == "Day of a therapist_李静_2026-11-20.pdf"


def test_another_day_and_back(page, clinic):
    page._go(3)
    page.reload()
    assert [row.child.member.session_id for row in page.rows] == [clinic.after] and page.rows[0].when == ""
    page._go(1)
    page.reload()
    assert not page.rows and "No sessions" in texts(page.sheet)


def test_whoever_is_no_member_of_staff_is_told_so(clinic, qtbot):
    stranger = make_app(clinic.database, actor("therapist"))
    made = MyDayPage(stranger)
    qtbot.addWidget(made)
    made.reload()
    assert "Whose day?" in texts(made.sheet)
    stranger.close()


def test_the_own_day_is_the_first_page_of_therapists_only():
    from ui.pages import pages
    from views import open_rooms

    open_rooms()
    assert pages(actor("therapist", staff_id="x"))[0].key == "my_day"
    assert "my_day" not in [entry.key for entry in pages(actor("director"))]


def test_each_row_says_itself_to_a_screen_reader(page, clinic):
    said = page.row_of(clinic.now).accessibleName()
    assert said.startswith("09:15–09:45, 王小雨, PT, PT大厅, Booked, now") and "移位须两人" in said
    assert all(isinstance(row, DayRow) and row.focusPolicy() & Qt.FocusPolicy.TabFocus for row in page.rows)


# --- taking it along --------------------------------------------------------------------------------------------


def test_the_calendar_file_is_saved_masked_and_told(app, clinic, tmp_path):
    said = told(app)
    dialog = CalendarFileDialog(app, clinic.li, TODAY)
    assert dialog.named.isHidden()
    made = dialog.save_to(tmp_path / "li.ics")
    assert made.events == 4 and said[0][0] == "4 sessions saved: li.ics"
    content = (tmp_path / "li.ics").read_text(encoding="utf-8")
    assert "曾＊＊ 20-001" in content and "曾小乐" not in content


def test_a_place_that_cannot_be_written_is_said_calmly(app, clinic, tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(app, "show_error", shown.append)
    (tmp_path / "file").write_text("")
    assert CalendarFileDialog(app, clinic.li, TODAY).save_to(tmp_path / "file" / "li.ics") is None
    assert "could not be written" in str(shown[0])


def test_dates_the_wrong_way_round_are_refused_in_the_dialog(app, clinic):
    dialog = CalendarFileDialog(app, clinic.li, TODAY)
    dialog.last.set_value(date(2026, 1, 1))
    dialog.choose_file()
    assert dialog.wrong.text() == "The end lies before the beginning."


@pytest.fixture
def papers(app, qtbot) -> TherapyPapers:
    page = TherapyPapers(app)
    qtbot.addWidget(page)
    page.show()
    page.reload()
    return page


def test_the_papers_room_offers_every_paper_with_whom_it_is_about(papers, clinic):
    for place in range(papers.kind_box.count()):
        papers.kind_box.setCurrentIndex(place)
        kind = papers.kind
        assert papers.about.text() and papers.masked.isVisible() == kind.maskable
        assert papers.masked.isChecked() == kind.masked or not kind.maskable
        assert papers.whole.isVisible() == (not kind.subject)
    papers.open(kind="child_week", day="2026-11-20")
    assert [name for _key, name, _more in papers.shown] == ["曾小乐", "王小雨"]
    papers.search.setText("wxy")
    papers._show()
    assert [name for _key, name, _more in papers.shown] == ["王小雨"]


def test_only_the_marked_ones_are_printed(papers, clinic, app, monkeypatch):
    made = {}
    monkeypatch.setattr(
        app, "preview", lambda title, pdf, name: made.update(title=title, pdf=pdf(lambda *_a: None, lambda: False))
    )
    papers.open(kind="child_week", day="2026-11-20", ids=clinic.second)
    assert papers.hint.text() == "1 marked"
    papers.preview()
    assert made["title"] == "Week of a child in therapy 王小雨" and made["pdf"].startswith(b"%PDF")
    assert papers.recent[0].form == "Week of a child in therapy"


def test_the_period_moves_by_what_the_paper_covers(papers):
    papers.open(kind="workload", day="2026-11-20")
    papers.period.step(-1)
    assert papers.place()["day"] == "2026-10-01"
    papers.open(kind="room_day", day="2026-11-20")
    papers.period.step(1)
    assert papers.period.day == date(2026, 11, 21)
