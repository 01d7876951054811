"""The therapist's week: by person, room, child and day, moved by drag, filtered, with its holidays."""

from __future__ import annotations

from datetime import date, datetime

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from models.core import records
from models.core.access import SYSTEM
from models.holidays import CalendarDay
from models.leave import StaffLeave
from tests.conftest import actor
from tests.ui.conftest import make_app
from tests.views.therapy.conftest import MONDAY, NINE, session, told
from views.therapy_calendar import TherapyCalendar


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
