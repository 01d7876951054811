"""The proposal on the table: what goes in, how it differs from the week as it stands, and steps that can be taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.scheduling.levels import breaches
from models.scheduling.planning import Desk, Run, Sketch, compare, intake, objections, tally, waiting
from models.scheduling.problem import Child, Grid, Placement, Problem, Resource, Task, Therapist

OPEN = frozenset((day, slot) for day in range(5) for slot in range(8))
GRID = Grid(5, 8, 30, 540, OPEN, {"morning": range(4), "afternoon": range(4, 8)})


def at(task: str, day: int, start: int, therapist: str = "li") -> Placement:
    return Placement(task, therapist, day, start)


@pytest.fixture
def week() -> Problem:
    """Two children, two therapists who both give PT, a hall for one at a time."""
    children = {name: Child(name, {}, 2, 1) for name in ("le", "yu")}
    people = {name: Therapist(name, frozenset({"PT"}), OPEN, 6) for name in ("li", "zhou")}
    tasks = {
        "le-pt": Task("le-pt", ("le",), "PT", 3, 1, 3, (("hall", 1),), therapist="li"),
        "yu-pt": Task("yu-pt", ("yu",), "PT", 2, 2, 1, (("hall", 1),)),
    }
    before = (at("le-pt", 0, 0), at("le-pt", 2, 0), at("yu-pt", 1, 2))
    return Problem("week", GRID, people, children, {"hall": Resource("hall", 1)}, tasks, (at("le-pt", 0, 0),), before)


def test_what_goes_in_is_counted_in_sessions_and_time(week):
    given = intake(week)
    assert (given.children, given.tasks, given.wanted, given.therapists, given.locked) == (2, 2, 5, 2, 1)
    assert (given.minutes_wanted, given.minutes_there) == (3 * 30 + 2 * 60, 2 * 5 * 6 * 30)
    assert given.load == pytest.approx(210 / 1800 * 100)


def test_a_week_without_therapists_has_no_load(week):
    assert intake(replace(week, therapists={})).load == 0


def test_what_is_wanted_is_placed_or_waits_and_the_gravest_comes_first(week):
    placed = [at("yu-pt", 1, 2)]
    count = tally(week, placed)
    assert (count.wanted, count.placed, count.waiting) == (5, 1, 4)
    assert [(task.id, number) for task, number in waiting(week, placed)] == [("le-pt", 3), ("yu-pt", 1)]


def test_a_session_elsewhere_has_moved_one_more_is_new_one_less_has_gone(week):
    after = [at("le-pt", 0, 0), at("le-pt", 3, 1), at("le-pt", 4, 0)]
    found = compare(week.before, after)
    assert found.kept == {at("le-pt", 0, 0)} and found.gone == (at("yu-pt", 1, 2),)
    assert found.moved == {at("le-pt", 3, 1): at("le-pt", 2, 0)} and found.new == {at("le-pt", 4, 0)}
    assert [found.what(each) for each in after] == ["kept", "moved", "new"] and found.changes == 3


def test_what_moved_within_its_day_is_told_from_what_changed_the_day():
    found = compare([at("a", 0, 0), at("a", 1, 0)], [at("a", 1, 3), at("a", 4, 0)])
    assert found.moved == {at("a", 1, 3): at("a", 1, 0), at("a", 4, 0): at("a", 0, 0)}


places = some.builds(
    Placement, some.sampled_from("abc"), some.sampled_from(["li", "zhou"]), some.integers(0, 4), some.integers(0, 7)
)


@given(some.sets(places, max_size=12), some.sets(places, max_size=12))
def test_nothing_is_lost_in_a_comparison(before, after):
    found = compare(before, after)
    assert found.kept | set(found.moved) | found.new == after
    assert found.kept | set(found.moved.values()) | set(found.gone) == before
    assert len(found.kept) + len(found.moved) + len(found.new) == len(after)


def test_a_pinned_session_may_not_be_moved_by_the_engine_and_the_homes_own_lock_stays(week):
    sketch = Sketch(week, week.before).pin([at("yu-pt", 1, 2), at("le-pt", 0, 0)])
    assert sketch.pinned == {at("yu-pt", 1, 2)}
    assert sketch.asked.locked == (at("le-pt", 0, 0), at("yu-pt", 1, 2))
    assert sketch.pin([at("yu-pt", 1, 2)]).pinned == frozenset() and sketch.holds(at("le-pt", 0, 0))


def test_what_is_moved_by_hand_is_held_where_it_was_put(week):
    sketch = Sketch(week, week.before).moved(at("le-pt", 2, 0), at("le-pt", 3, 5))
    assert at("le-pt", 3, 5) in sketch.pinned and at("le-pt", 2, 0) not in sketch.placements
    assert sketch.without(at("le-pt", 3, 5)).tally.waiting == 3


def test_a_place_is_judged_by_what_would_be_wrong_there_and_nothing_else(week):
    sketch = Sketch(week, (*week.before, at("yu-pt", 3, 0)))
    rules = {each.rule for each in objections(sketch, at("le-pt", 2, 0), at("le-pt", 3, 1))}
    assert rules == {"therapist", "resource"}
    assert objections(sketch, at("le-pt", 2, 0), at("le-pt", 2, 5)) == []
    assert {each.rule for each in objections(sketch, at("le-pt", 2, 0), at("le-pt", 0, 6))} == {"same_day"}


@given(some.integers(0, 4), some.integers(0, 7), some.sampled_from(["li", "zhou"]))
def test_a_place_without_objection_breaks_no_rule(day, start, therapist):
    children = {name: Child(name, {(4, 3): "nap"}, 2, 1) for name in ("le", "yu")}
    people = {name: Therapist(name, frozenset({"PT"}), OPEN - {(2, 0)}, 2) for name in ("li", "zhou")}
    tasks = {each: Task(each, (each,), "PT", 3, 1) for each in ("le", "yu")}
    problem = Problem("week", GRID, people, children, {}, tasks)
    sketch = Sketch(problem, (at("le", 0, 0), at("le", 1, 0), at("yu", 0, 1), at("yu", 1, 1)))
    new = Placement("le", therapist, day, start)
    fine = not objections(sketch, at("le", 0, 0), new)
    assert fine == (not breaches(problem, sketch.moved(at("le", 0, 0), new).placements))


def test_every_step_is_taken_back_and_done_again(week):
    desk = Desk(Sketch(week, week.before))
    first = desk.now
    desk.put(first.pin([at("yu-pt", 1, 2)]), "locked")
    desk.put(desk.now.without(at("yu-pt", 1, 2)), "taken out")
    assert desk.undo() == "taken out" and desk.undo() == "locked" and desk.now == first and desk.undo() == ""
    assert desk.redo() == "locked" and desk.redo() == "taken out" and desk.redo() == ""
    desk.undo()
    desk.put(first, "other")
    assert desk.redo() == ""


def test_a_step_that_changes_nothing_is_none(week):
    desk = Desk(Sketch(week, week.before))
    desk.put(Sketch(week, week.before), "nothing")
    assert desk.undo() == ""


def test_the_engine_is_let_work_from_what_lies_on_the_table_and_keeps_what_is_held(week):
    sketch = Sketch(week, week.before).pin([at("yu-pt", 1, 2)])
    run = Run(sketch, seconds=3.0)
    planned = run.work()
    assert planned.tally.waiting == 0 and breaches(sketch.asked, list(planned.placements)) == []
    assert {at("yu-pt", 1, 2), at("le-pt", 0, 0)} <= set(planned.placements)
    assert run.best is not None and run.trail[-1][1] == planned.levels


def test_a_stopped_run_keeps_the_best_it_has(week):
    run = Run(Sketch(week, week.before), seconds=60.0)
    run.stop()
    assert breaches(week, list(run.work().placements)) == []
