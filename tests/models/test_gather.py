"""The home's own week becomes a problem to plan: what stands already, who meets with whom, and what was asked for it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from sqlalchemy import event

from models.child import Child
from models.core.access import SYSTEM
from models.medical import Diagnosis
from models.routines import Routine
from models.scheduling import booking
from models.scheduling.booking import Attendance
from models.scheduling.gather import rooms_for
from models.scheduling.levels import breaches
from tests.factories import make
from tests.models.clinic import MONDAY, at, booked, gathered, place, prescribe, save


def test_booked_sessions_are_the_week_before_and_locked_ones_stay(clinic):
    key = prescribe(clinic, clinic.child, sessions=2)
    free, fast = booked(clinic, clinic.child, 0, "09:00"), booked(clinic, clinic.child, 2, "14:30")
    with clinic.database.work(clinic.director) as work:
        booking.lock(work, [fast], True)
    week = gathered(clinic)
    before = {place(week, key, clinic.li, 0, "09:00"): free, place(week, key, clinic.li, 2, "14:30"): fast}
    assert dict(week.session_of) == before and set(week.problem.before) == set(before)
    assert week.problem.locked == (place(week, key, clinic.li, 2, "14:30"),)


def test_what_is_no_prescription_s_stays_where_it_is_and_takes_its_place(clinic):
    key = prescribe(clinic, clinic.child, sessions=1)
    extra = booked(clinic, clinic.third, 0, "09:00")
    beside = booked(clinic, clinic.child, 1, "09:10")
    week = gathered(clinic)
    held = {task for task in week.problem.tasks if week.held(task)}
    assert held == {f"held.{extra}", f"held.{beside}"}
    assert key not in week.problem.tasks, "its one session is booked beside the grid and stays there"
    beside_task = week.problem.tasks[f"held.{beside}"]
    assert beside_task.slots == 2, "from 9:10 to 9:40 touches two slots"
    assert not breaches(week.problem, week.problem.locked)


def test_a_locked_session_against_the_rules_is_set_apart_and_nothing_is_infeasible(clinic):
    key = prescribe(clinic, clinic.child, sessions=2)
    odd = booked(clinic, clinic.child, 0, "14:00")
    with clinic.database.work(clinic.director) as work:
        booking.lock(work, [odd], True)
    save(clinic, Routine, kind="nap", starts=time(14), ends=time(15))
    week = gathered(clinic)
    assert not breaches(week.problem, week.problem.locked)
    assert f"held.{odd}" in week.problem.tasks and week.problem.tasks[key].sessions == 1
    assert week.problem.obstacle(week.problem.tasks[key], 0, week.frame.place(at(0, "14:00"))[1]) is not None


def test_children_one_may_not_see_hold_their_places_without_a_name(clinic):
    prescribe(clinic, clinic.child)
    hidden = booked(clinic, clinic.other, 0, "09:00", therapist_id=clinic.zhou)
    week = gathered(clinic, who=clinic.therapist)
    task = f"held.{hidden}"
    assert week.held(task) and week.problem.locked[0].therapist == clinic.zhou
    assert "阿依古丽" not in "".join(week.names.values()) and "another child" in week.names[task]


def test_an_empty_week_keeps_to_the_week_before(clinic):
    key = prescribe(clinic, clinic.child, sessions=2)
    booked(clinic, clinic.child, 0, "09:00", weeks=-1, room_id=clinic.small)
    booked(clinic, clinic.child, 2, "09:00", weeks=-1)
    week = gathered(clinic)
    assert set(week.problem.before) == {place(week, key, clinic.li, day, "09:00") for day in (0, 2)}
    assert dict(week.session_of) == {}, "nothing is booked yet"
    assert rooms_for(week, week.problem.before)[place(week, key, clinic.li, 0, "09:00")] == clinic.small


def test_in_a_running_week_what_was_held_or_missed_is_not_planned_again(clinic):
    this = date(2026, 11, 16)
    key = prescribe(clinic, clinic.child, sessions=4)
    done, gone = (booked(clinic, clinic.child, day, "09:00", weeks=-1) for day in (0, 1))
    with clinic.database.work(clinic.director) as work:
        booking.attend(work, {done: Attendance("done"), gone: Attendance("absent", "ill")})
    week = gathered(clinic, this)
    assert week.problem.tasks[key].sessions == 2
    assert min(week.problem.grid.open) >= (4, 3), "it is Friday, half past nine"
    assert week.problem.tasks[key].therapist == clinic.li, "who has treated it this week goes on"
    assert week.problem.tasks[f"m.{gone}"].sessions == 1
    assert gathered(clinic, this, include_waiting_makeups=False).problem.tasks.keys() == {key}


# --- groups ---


def test_those_who_sit_together_stay_together_and_others_are_grouped_by_age(clinic):
    with clinic.database.work(SYSTEM) as work:
        more = [make(work, Child, name=f"童{n}", born_on=date(2018, n, 1), unit_id=clinic.second) for n in (1, 2, 3)]
    group = {"form": "group", "minutes": 60}
    for child in (clinic.child, clinic.third, *more):
        prescribe(clinic, child, **group)
    booked(clinic, (clinic.child, clinic.third), 0, "09:00", weeks=-1, minutes=60)
    week = gathered(clinic)
    assert {frozenset(task.children) for task in week.problem.tasks.values()} == {
        frozenset({clinic.child, clinic.third}), frozenset(more)}  # fmt: skip
    assert len(week.problem.before) == 1, "the one who meet on Monday do so again"


def test_a_child_that_is_away_all_week_does_not_keep_its_group_from_meeting(clinic):
    keys = [prescribe(clinic, child, form="group", minutes=60) for child in (clinic.child, clinic.third, clinic.other)]
    save(
        clinic, Diagnosis, child_id=clinic.other, name="水痘", diagnosed_on=date(2026, 11, 19), risks=["infection"],
        isolation_until=MONDAY + timedelta(days=8),
    )  # fmt: skip
    week = gathered(clinic)
    assert {frozenset(task.children) for task in week.problem.tasks.values()} == {
        frozenset({clinic.child, clinic.third}), frozenset({clinic.other})}  # fmt: skip
    assert week.problem.starts(week.problem.tasks[keys[2]]) == (), "it waits, and is said to"


# --- how much is asked of the database ---


def test_reading_a_week_asks_the_database_no_more_often_for_more_children(clinic):
    def asked() -> int:
        count = [0]
        listener = lambda *_arguments: count.__setitem__(0, count[0] + 1)  # noqa: E731
        event.listen(clinic.database.engine, "before_cursor_execute", listener)
        gathered(clinic)
        event.remove(clinic.database.engine, "before_cursor_execute", listener)
        return count[0]

    prescribe(clinic, clinic.child)
    few = asked()
    with clinic.database.work(SYSTEM) as work:
        more = [make(work, Child, name=f"童{n}", born_on=date(2019, 1, 1), unit_id=clinic.second) for n in range(12)]
    for child in more:
        prescribe(clinic, child)
    assert asked() == few <= 40


def test_the_moment_of_reading_is_what_counts_as_gone_by(clinic):
    prescribe(clinic, clinic.child)
    week = gathered(clinic, date(2026, 11, 16))
    assert all(week.frame.moment(*spot) >= datetime(2026, 11, 20, 9, 30) for spot in week.problem.grid.open)
