"""What waits: why, what would let it in, and the waiting and make-up lists."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from models.scheduling import booking
from models.scheduling.booking import Attendance
from tests.models.clinic import MONDAY, booked, prescribe
from tests.views.planner.conftest import planned, sessions
from ui.theme import theme
from views.planner_figures import SHORTEST, LevelRow
from views.planner_look import key_of
from views.planner_side import moved_words
from views.therapy_look import weekday
from views.waiting_lists import WaitingLists


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
