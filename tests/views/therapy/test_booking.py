"""Booking beside the week: proposed, judged, once, weekly, in a group; a week copied."""

from __future__ import annotations

import threading
from datetime import date, datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from models.core import queries, records
from models.core.access import SYSTEM
from models.scheduling import booking
from models.scheduling.booking import Wish
from models.therapy import TherapySession
from tests.views.therapy.conftest import HALF_HOUR, MONDAY, NINE, begin, told, verdict
from ui.tasks import Tasks
from ui.text import PlainLabel
from views.booking_panel import BookingPanel


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


def test_a_feverish_child_is_booked_only_knowingly(week, clinic):
    from models.care import NursingRecord

    with clinic.database.work(SYSTEM) as work:
        note = {"child_id": clinic.second, "day": date(2026, 11, 20), "shift": "early", "at": datetime(2026, 11, 20, 8, 30),
                "temperature": 38.2}  # fmt: skip
        records.save(work, NursingRecord, note, confirmed=True)
    shown = begin(week, datetime(2026, 11, 20, 15, 0), clinic.second)
    assert verdict(shown) == ["王小雨, 11-20 08:30: Fever (≥ 37.5 °C)."] and shown.button.isEnabled()
