"""Planning a week: what goes in, the plan that improves before one's eyes and is stopped, shaping it by hand."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from sqlalchemy import select

from models.leave import StaffLeave
from models.routines import Routine
from models.scheduling.levels import breaches
from models.scheduling.planning import Run
from models.scheduling.week_plan import WeekPlan
from tests.models.clinic import MONDAY, booked, prescribe, save
from tests.views.planner.conftest import planned, sessions, told
from ui.tasks import Tasks
from views.planner import PlanTheWeek

# --- planning ---------------------------------------------------------------------------------------


def test_it_says_what_goes_in_before_anything_is_planned(page, clinic):
    prescribe(clinic, clinic.child, sessions=3)
    save(clinic, StaffLeave, staff_id=clinic.li, kind="annual", starts_on=MONDAY, ends_on=MONDAY, part="day")
    page.open(day=MONDAY)
    assert page.stack.currentIndex() == 2 and page.go_button.text() == "Plan the week"
    assert not page.publish_button.isEnabled()
    assert any("李静" in words and "Annual leave" in words for words in page._facts())


def test_one_button_plans_the_week_and_nothing_is_dropped_silently(page, clinic, qtbot):
    for child, count in ((clinic.child, 3), (clinic.third, 2)):
        prescribe(clinic, child, sessions=count)
    page.open(day=MONDAY)
    page.go_button.click()
    sketch = page.desk.now
    assert (sketch.tally.wanted, sketch.tally.placed, sketch.tally.waiting) == (5, 5, 0)
    assert breaches(sketch.problem, list(sketch.placements)) == []
    assert page.go_button.text() == "Plan again" and page.publish_button.isEnabled()
    assert page.figures.placed.text() == "5 of 5 placed"
    page._show_side("changes")
    assert len(page.changed.table.rows.rows) == 5
    assert sessions(clinic) == []


def test_what_cannot_be_planned_is_said_first_with_the_way_to_mend_it(page, clinic):
    prescribe(clinic, clinic.child, "MUS", sessions=2)
    page.open(day=MONDAY)
    concern = page._concerns()[0]
    assert "Music therapy" in concern.words and "2 sessions" in concern.words and concern.act is not None


def test_a_child_that_is_never_free_long_enough_is_named_once(page, clinic):
    for _time in range(2):
        prescribe(clinic, clinic.child, "PT", sessions=1, minutes=120)
    save(clinic, Routine, kind="school", starts=time(8), ends=time(18), child_id=clinic.child)
    page.open(day=MONDAY)
    said = [concern.words for concern in page._concerns() if "120 min" in concern.words]
    assert len(said) == 1 and "never free" in said[0]


def test_booked_sessions_that_cannot_take_place_are_said_with_their_repair(page, clinic, monkeypatch):
    prescribe(clinic, clinic.child, sessions=1)
    booked(clinic, clinic.child, 1, "09:00")
    tuesday = MONDAY + timedelta(days=1)
    save(clinic, StaffLeave, staff_id=clinic.li, kind="ill", starts_on=tuesday, ends_on=tuesday, part="day")
    asked: list[dict] = []
    monkeypatch.setattr("views.planner_acts.repair", lambda _app, _parent, **given: asked.append(given))
    page.open(day=MONDAY)
    concern = page._concerns()[0]
    assert "李静" in concern.words and "1 booked session" in concern.words
    concern.act()
    assert asked == [{"kind": "therapist", "whom": clinic.li, "first": tuesday, "last": tuesday}]


def test_without_therapists_or_prescriptions_it_says_what_to_do_next(page, app, clinic):
    page.open(day=MONDAY)
    assert page.stack.currentIndex() == 1
    assert "Nothing is prescribed" in page.nothing.findChildren(type(page.period))[0].text()


def test_the_whole_week_by_therapist_child_and_day(page, clinic):
    prescribe(clinic, clinic.child, sessions=3)
    planned(page)
    assert len(page.board._blocks) == 3
    for by in ("therapist", "child", "day"):
        page._set_by(by)
        assert page.grid.tiles and page.sheets.currentWidget() is page.grid
    page._set_by("child")
    assert len(page.grid.tiles) == 3 and {tile.look for tile in page.grid.tiles} == {"proposed"}


def test_what_is_booked_and_stays_is_told_from_what_is_new(page, clinic):
    prescribe(clinic, clinic.child, sessions=2)
    booked(clinic, clinic.child, 1, "09:00")
    planned(page)
    page._set_by("child")
    looks = sorted((tile.column, tile.look) for tile in page.grid.tiles)
    assert ("2026-11-24", "booked") in looks and [look for _day, look in looks].count("proposed") == 1


# --- shaping ----------------------------------------------------------------------------------------


def test_a_locked_session_stays_when_the_rest_is_planned_again(page, clinic):
    prescribe(clinic, clinic.child, sessions=3)
    planned(page)
    first = page.desk.now.placements[0]
    page.pin([first])
    page.plan()
    assert first in page.desk.now.placements and page.desk.now.holds(first)
    page.pin([first])
    assert not page.desk.now.holds(first)


def test_a_session_is_moved_by_hand_where_nothing_speaks_against_it(page, clinic):
    prescribe(clinic, clinic.child, sessions=1)
    planned(page)
    page._set_by("child")
    tile = page.grid.tiles[0]
    free = next(day for day in ("2026-11-25", "2026-11-26") if day != tile.column)
    assert page.grid.judge(tile.key, free, 9 * 60, 9 * 60 + 30).tone == "good"
    assert "cannot come" in " ".join(page.grid.judge(tile.key, free, 12 * 60, 12 * 60 + 30).words)
    page.grid.moved.emit(tile.key, free, 9 * 60, 9 * 60 + 30)
    moved = page.desk.now.placements[0]
    assert moved.day in (2, 3) and page.desk.now.problem.grid.clock(moved.start) == "09:00"
    assert moved in page.desk.now.pinned


def test_steps_are_taken_back_and_done_again(page, clinic, app):
    prescribe(clinic, clinic.child, sessions=2)
    planned(page)
    whole, said = page.desk.now.placements, told(app)
    page.take_out(whole[0])
    assert page.desk.now.tally.waiting == 1 and page.waiting.lines
    page.undo()
    assert page.desk.now.placements == whole and said[-1].startswith("Taken back")
    page.redo()
    assert page.desk.now.tally.waiting == 1


def test_the_keys_of_the_page_plan_undo_and_redo(page, clinic):
    prescribe(clinic, clinic.child, sessions=2)
    page.open(day=MONDAY)
    page.board.setFocus()
    control = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(page.board, Qt.Key.Key_Return, control)
    assert page.desk.now.tally.placed == 2
    QTest.keyClick(page.board, Qt.Key.Key_Z, control)
    assert page.desk.now.tally.placed == 0
    QTest.keyClick(page.board, Qt.Key.Key_Y, control)
    assert page.desk.now.tally.placed == 2
    QTest.keyClick(page.board, Qt.Key.Key_Return)
    assert page.by == "therapist" and len(page.grid.tiles) == 2


def test_keys_lock_and_take_out_the_chosen_session(page, clinic):
    prescribe(clinic, clinic.child, sessions=1)
    planned(page)
    page._set_by("child")
    page.grid.choose(page.grid.tiles[0].key)
    page.grid.setFocus()
    QTest.keyClick(page.grid, Qt.Key.Key_L)
    assert page.grid.tiles[0].locked
    QTest.keyClick(page.grid, Qt.Key.Key_Delete)
    assert page.desk.now.placements == ()


# --- while it runs ----------------------------------------------------------------------------------


class Slow(Run):
    """An engine that finds one plan and then searches on until it is stopped."""

    def work(self, cancelled=lambda: False):
        planned = super().work(lambda: True)
        while not self.stopped and not cancelled():
            QTest.qSleep(5)
        return planned


@pytest.fixture
def running(page, clinic, app, qtbot, monkeypatch) -> PlanTheWeek:
    """A page whose engine is at work in another thread and has found its first plan."""
    prescribe(clinic, clinic.child, sessions=2)
    page.open(day=MONDAY)
    monkeypatch.setattr("views.planner_desk.Run", Slow)
    beside = Tasks(app.show_error)
    monkeypatch.setattr(app.tasks, "beside", lambda: beside)
    page.plan()
    qtbot.waitUntil(
        lambda: page.run is not None and page.run.best is not None and page._shown is not None, timeout=8000
    )
    yield page
    page.stop()
    beside.close()


def test_the_figures_are_live_and_stopping_keeps_the_best(running, qtbot):
    assert running.go_button.text() == "Stop" and running.board._blocks
    assert running.figures.placed.text() == "2 of 2 placed"
    running.stop()
    qtbot.waitUntil(lambda: not running.running, timeout=8000)
    assert running.desk.now.tally.placed == 2 and running.go_button.text() == "Plan again"
    assert running.figures.rows[0].value == "0" and running.figures.rows[0].points


class Mute(Run):
    """An engine that has found nothing yet and takes its time to stop."""

    def work(self, cancelled=lambda: False):
        QTest.qSleep(300)
        return super().work(cancelled)


def test_stopping_before_there_is_a_plan_leaves_the_week_as_it_lay_at_once(page, clinic, app, qtbot, monkeypatch):
    prescribe(clinic, clinic.child, sessions=2)
    page.open(day=MONDAY)
    monkeypatch.setattr("views.planner_desk.Run", Mute)
    beside = Tasks(app.show_error)
    monkeypatch.setattr(app.tasks, "beside", lambda: beside)
    said = told(app)
    page.plan()
    page.stop()
    assert not page.running and page.desk.now.tally.placed == 0 and page.go_button.text() == "Plan the week"
    assert "before there was a plan" in said[-1]
    qtbot.wait(400)  # what the engine still finds is not laid on the table
    assert page.desk.now.tally.placed == 0
    beside.close()


def test_tab_goes_from_the_parts_beside_the_week_into_the_one_on_show(page, crowded, qtbot):
    planned(page)
    page._show_side("waiting")
    page._side_tabs.findChildren(QPushButton)[-1].setFocus()
    qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
    assert page.focusWidget() is page.waiting.table


def test_esc_stops_from_beside_the_page_and_only_while_it_plans(running):
    assert running.stop_key.isEnabled() and running.stop_key.key().toString() == "Esc"
    running.stop_key.activated.emit()
    assert not running.running and running.desk.now.tally.placed == 2
    assert not running.stop_key.isEnabled()


def test_stopping_shows_the_best_plan_before_the_engine_has_laid_down_its_tools(running, monkeypatch):
    """A click on the button is answered at once, however long the engine still needs."""
    monkeypatch.setattr(Slow, "stopped", property(lambda _run: False))
    running.go_button.click()
    assert not running.running and running.desk.now.tally.placed == 2
    assert running.go_button.text() == "Plan again"
    monkeypatch.undo()


def test_leaving_while_it_plans_keeps_the_best_as_the_proposal(running, clinic):
    assert running.leave() and not running.running
    with clinic.database.read(clinic.director) as work:
        (kept,) = work.scalars(select(WeekPlan).where(WeekPlan.stage == "proposed"))
        assert kept.placed == 2
    assert sessions(clinic) == []
