"""The planner's room: a week that plans itself before one's eyes, is shaped by hand, published in one step, and repaired."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from sqlalchemy import select

from models.leave import StaffLeave
from models.routines import Routine
from models.scheduling import booking, plans
from models.scheduling.booking import Attendance
from models.scheduling.levels import breaches
from models.scheduling.planning import Run
from models.scheduling.week_plan import WeekPlan
from models.therapy import TherapySession
from tests.models import clinic as department
from tests.models.clinic import MONDAY, booked, prescribe, save
from tests.ui.conftest import make_app
from ui.tasks import Tasks
from ui.theme import theme
from views.planner import PlanTheWeek
from views.planner_figures import SHORTEST, LevelRow
from views.planner_look import key_of
from views.planner_publish import VersionsDialog
from views.planner_side import moved_words
from views.publish_dialog import PublishDialog
from views.therapy_look import weekday
from views.waiting_lists import WaitingLists


@pytest.fixture
def database(sqlite_database):
    return sqlite_database


@pytest.fixture
def clinic(home) -> SimpleNamespace:
    return department.clinic(home)


@pytest.fixture
def app(clinic, qtbot) -> Iterator:
    made = make_app(clinic.database, clinic.director)
    yield made
    made.close()


@pytest.fixture
def page(app, qtbot) -> PlanTheWeek:
    made = PlanTheWeek(app)
    qtbot.addWidget(made)
    made.seconds = 3
    made.resize(1000, 600)
    made.show()
    return made


@pytest.fixture(autouse=True)
def _at_once(monkeypatch):
    """Dialogs are answered with their deed as soon as they are opened."""
    monkeypatch.setattr(PublishDialog, "exec", lambda dialog: dialog.publish())
    monkeypatch.setattr("views.publish_dialog.confirm", lambda *_args, **_given: True)


def sessions(clinic) -> list:
    with clinic.database.read(clinic.director) as work:
        asked = select(TherapySession).where(TherapySession.status == "booked", TherapySession.deleted_at.is_(None))
        found = list(work.scalars(asked))
        return sorted((each.starts_at, each.child_id, each.therapist_id) for each in found)


def told(app) -> list[str]:
    said: list[str] = []
    app.telling.connect(lambda text, _undo, _label: said.append(text))
    return said


def planned(page: PlanTheWeek) -> PlanTheWeek:
    page.open(day=MONDAY)
    page.plan()
    return page


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


# --- what waits -------------------------------------------------------------------------------------


@pytest.fixture
def crowded(clinic) -> SimpleNamespace:
    """The only speech therapist is there on one half day of the week; two children want her daily."""
    from models.core import records
    from models.core.access import SYSTEM
    from models.staff import Staff

    with clinic.database.work(SYSTEM) as work:
        records.save(work, Staff, {"work_days": ["1"]}, id=clinic.chen)
    prescribe(clinic, clinic.child, "ST", sessions=2)
    return clinic


def test_a_change_says_what_is_otherwise_and_nothing_else(page, clinic):
    prescribe(clinic, clinic.child, sessions=1)
    planned(page)
    scene, was = page.scene(), page.desk.now.placements[0]
    other = next(key for key in scene.sketch.problem.therapists if key != was.therapist)
    begun, names = scene.sketch.problem.grid.clock(was.start), scene.names
    before = f"{weekday(scene.days[was.day])} {begun}"
    later = replace(was, start=was.start + 1)
    clock = scene.sketch.problem.grid.clock(later.start)
    assert moved_words(scene, was, later) == f"{before} → {clock}"
    assert moved_words(scene, was, replace(was, therapist=other)) == f"{before} {names[was.therapist]} → {names[other]}"
    elsewhere = replace(later, day=(was.day + 1) % 5, therapist=other)
    day = weekday(scene.days[elsewhere.day])
    assert moved_words(scene, was, elsewhere) == f"{before} {names[was.therapist]} → {day} {clock} {names[other]}"


def test_the_words_of_a_figure_take_more_than_half_only_where_a_line_is_left(qapp):
    figure = LevelRow("waiting", "Waiting sessions")
    figure.note = ""
    assert figure._words_width(360, 50) == 180
    figure.note = "9 sessions, weighed · not below 11"
    assert 180 < figure._words_width(360, 50) <= 360 - 50 - theme.size(SHORTEST)


def test_what_was_said_of_a_session_goes_with_it(page, clinic):
    prescribe(clinic, clinic.child, sessions=1)
    planned(page)
    page._set_by("therapist")
    placement = page.desk.now.placements[0]
    page._show_session(key_of(placement))
    assert page.said.isVisibleTo(page) and page.out_button.isVisibleTo(page)
    page.take_out(placement)
    assert not page.said.isVisibleTo(page) and not page.out_button.isVisibleTo(page)


def test_every_waiting_session_says_why_and_what_would_let_it_in(page, crowded):
    planned(page)
    count = page.desk.now.tally
    assert (count.wanted, count.placed, count.waiting) == (2, 1, 1)
    ((task, missing),) = page.waiting.lines
    reason = page.reasons[task.id]
    assert missing == 1 and reason.relaxations
    assert "陈言" in " ".join(reason.suggestions(page.desk.now.problem, page.gathered.names))


def test_a_suggestion_applied_to_this_plan_lets_it_in_at_once_and_can_be_taken_back(page, crowded):
    planned(page)
    page.waiting._open(0)
    assert page.desk.now.tally.waiting == 0 and len(page.desk.now.eased) == 1
    assert page.waiting.stack.currentIndex() == 0
    page.undo()
    assert page.desk.now.tally.waiting == 1 and page.desk.now.eased == ()


# --- keeping and publishing ----------------------------------------------------------------------------


def test_publishing_books_the_week_in_one_step_and_is_taken_back_in_one(page, clinic, app):
    prescribe(clinic, clinic.child, sessions=3)
    said = told(app)
    planned(page).save()
    assert len(sessions(clinic)) == 3 and "Version 1 of the week is published" in said
    assert not page.publish_button.isEnabled()
    page.undo()
    assert sessions(clinic) == []
    page.redo()
    assert len(sessions(clinic)) == 3


def test_a_second_version_shows_only_what_it_changes(page, clinic, qtbot):
    prescribe(clinic, clinic.child, sessions=2)
    planned(page).save()
    prescribe(clinic, clinic.third, sessions=1)
    page._start_afresh()
    page.plan()
    page.save()
    with clinic.database.read(clinic.director) as work:
        assert [each["number"] for each in plans.versions(work, MONDAY)] == [2, 1]
    dialog = VersionsDialog(page.app, MONDAY, page)
    qtbot.addWidget(dialog)
    assert [len(dialog.list.rows())] == [1]
    dialog.table.selectRow(1)
    assert len(dialog.list.rows()) == 2


def test_the_change_list_by_child_and_by_therapist(page, clinic, qtbot, monkeypatch):
    for child in (clinic.child, clinic.third):
        prescribe(clinic, child, sessions=1)
    shown: list[PublishDialog] = []
    monkeypatch.setattr(PublishDialog, "exec", lambda dialog: shown.append(dialog))
    planned(page).save()
    rows = {}
    for order in ("time", "child", "therapist"):
        shown[0].list.order.set_value(order)
        rows[order] = shown[0].list.rows()
    assert [row[1] for row in rows["child"]] == sorted(row[1] for row in rows["time"])
    assert all("·" in row[0] for row in rows["therapist"])


def test_leaving_asks_nothing_and_the_proposal_lies_there_again(page, clinic, app, qtbot):
    prescribe(clinic, clinic.child, sessions=2)
    planned(page)
    page.take_out(page.desk.now.placements[0])
    kept = page.desk.now.placements
    assert page.leave() and sessions(clinic) == []
    again = PlanTheWeek(app)
    qtbot.addWidget(again)
    again.open(day=MONDAY)
    assert again.desk.now.placements == kept and again.publish_button.isEnabled()


def test_a_proposal_that_no_longer_fits_is_not_laid_on_the_table(page, clinic, app, qtbot):
    prescribe(clinic, clinic.child, sessions=2)
    planned(page)
    booked(clinic, clinic.child, 2, "09:00")
    said = told(app)
    again = PlanTheWeek(app)
    qtbot.addWidget(again)
    again.open(day=MONDAY)
    assert len(again.desk.now.placements) == 1 and "does not fit" in said[-1]


def test_what_was_booked_elsewhere_meanwhile_is_told_and_never_overwritten(page, clinic):
    prescribe(clinic, clinic.child, sessions=2)
    planned(page)
    kept = page.desk.now.placements
    booked(clinic, clinic.third, 2, "09:00", therapist_id=clinic.zhou)
    page.reload()
    assert page.notice.isVisible() and page.desk.now.placements == kept
    dialog = PublishDialog(page.app, page._kept[1], (), page)
    assert not dialog.button.isEnabled()
    dialog.deleteLater()
    page._start_afresh()
    assert not page.notice.isVisible() and page.unpublished() == 0


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


# --- a part of it ---


@pytest.fixture
def in_parts(page, clinic) -> PublishDialog:
    """A proposal with a new session of 曾小乐 and one of 王小雨, in the dialog that publishes it."""
    for child in (clinic.child, clinic.third):
        prescribe(clinic, child, sessions=1)
    page.open(day=MONDAY.isoformat())
    page.plan()
    page.keep()
    return PublishDialog(page.app, page._kept[1], (), page)


def test_only_one_childs_changes_are_published_and_the_rest_lies_on_the_table(page, clinic, app, in_parts):
    in_parts.only.set_value(f"child:{clinic.child}")
    in_parts.only.changed.emit()
    assert in_parts.button.text() == "Publish 1 of 2 changes"
    assert [row[0][0] for row in sorted(in_parts.list.rows(), key=lambda row: row[1])] in (["☑", "☐"], ["☐", "☑"])
    in_parts.publish()
    assert [child for _when, child, _who in sessions(clinic)] == [clinic.child]
    assert in_parts.words == "Version 1 of the week is published; 1 change stays proposed"
    page._start_afresh()
    assert page.unpublished() == 1, "王小雨 is still proposed"


def test_space_leaves_a_change_out_and_takes_it_in_again(in_parts):
    table = in_parts.list.table
    table.selectRow(0)
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert in_parts.button.text() == "Publish 1 of 2 changes" and table.currentIndex().row() == 0
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert in_parts.button.text() == "Publish 2 changes" and in_parts.chosen is None


def test_what_is_arranged_for_this_plan_only_is_published_as_a_whole(page, in_parts):
    whole = PublishDialog(page.app, page._kept[1], ("李静 works until 18:00",), page)
    assert whole.only is None


# --- the lists ----------------------------------------------------------------------------------------


@pytest.fixture
def lists(app, qtbot) -> WaitingLists:
    made = WaitingLists(app)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_waiting_list_says_who_waits_for_what(lists, clinic):
    prescribe(clinic, clinic.child, sessions=3, priority=3)
    prescribe(clinic, clinic.third, sessions=1)
    booked(clinic, clinic.child, 1, "09:00")
    lists.open(day=MONDAY.isoformat())
    assert [row[:4] for row in lists.waiting_table.rows.rows] == [
        ("曾小乐", "PT", "2 of 3", "urgent"), ("王小雨", "PT", "1 of 1", "soon")]  # fmt: skip
    assert lists.count.text() == "3 sessions wait"


def test_nobody_waits_is_good_news(lists, clinic):
    lists.open(day=MONDAY.isoformat())
    assert lists.stack.currentIndex() == 1


def test_a_missed_session_is_made_up_with_enter_and_taken_back(lists, clinic):
    prescribe(clinic, clinic.child, sessions=1)
    key = booked(clinic, clinic.child, -4, "09:00")
    with clinic.database.work(clinic.director) as work:
        booking.attend(work, {key: Attendance("absent", "ill")})
    lists.open(which="makeup")
    assert len(lists.owed) == 1 and lists.owed[0].suggestions
    heads = [lists.makeup_table.rows.headerData(place, Qt.Orientation.Horizontal) for place in range(6)]
    row = [lists.makeup_table.rows.index(0, place).data() for place in range(6)]
    assert dict(zip(heads, row, strict=True))["Free place"] == row[2] != "none"
    QTest.keyClick(lists.makeup_table, Qt.Key.Key_Return)
    assert lists.owed == [] and len(sessions(clinic)) == 1
    QTest.keyClick(lists, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(lists.owed) == 1 and sessions(clinic) == []
