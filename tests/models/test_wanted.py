"""What prescriptions ask of a week: how often, how long, on which days and how often a day."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.child import Child
from models.core import records
from models.core.access import SYSTEM
from models.holidays import CalendarDay
from models.medical import MedicalVisit
from models.scheduling.engine import solve
from models.scheduling.wanted import share
from models.staff import Staff
from tests.models.clinic import MONDAY, booked, gathered, prescribe, save


def test_a_prescription_in_force_becomes_a_task_with_its_wishes(clinic):
    key = prescribe(clinic, clinic.child, sessions=3, therapist_id=clinic.zhou, half="afternoon", priority=3)
    week = gathered(clinic)
    task = week.problem.tasks[key]
    assert (task.children, task.therapy, task.sessions, task.slots) == ((clinic.child,), "PT", 3, 1)
    assert (task.therapist, task.half, task.priority) == (clinic.zhou, "afternoon", 3)
    assert week.names[key] == "曾小乐 PT" and week.wants[key].sources == (key,)
    assert set(week.problem.able(task)) == {clinic.li, clinic.zhou}


def test_what_is_over_or_not_begun_is_not_wanted(clinic):
    over = prescribe(clinic, clinic.child, starts_on=date(2026, 9, 1), ends_on=MONDAY - timedelta(days=1))
    later = prescribe(clinic, clinic.child, "ST", starts_on=MONDAY + timedelta(days=2))
    week = gathered(clinic)
    assert over not in week.problem.tasks
    barred = week.problem.tasks[later].barred
    assert {day for day, _slot in barred} == {0, 1} and set(barred.values()) == {"outside"}


def test_a_child_that_left_is_not_planned(clinic):
    key = prescribe(clinic, clinic.third)
    with clinic.database.work(SYSTEM) as work:
        work.get(Child, clinic.third).placement = "left"
    assert key not in gathered(clinic).problem.tasks


@pytest.mark.parametrize(("minutes", "slot"), [(30, 30), (45, 15), (20, 10), (25, 5)])
def test_the_slot_is_the_longest_into_which_all_lengths_fall(clinic, minutes, slot):
    key = prescribe(clinic, clinic.child, minutes=minutes)
    week = gathered(clinic)
    assert week.problem.grid.minutes == slot
    assert week.problem.tasks[key].slots * slot == minutes


def test_a_week_with_holidays_owes_its_share_rounded_up(clinic):
    key = prescribe(clinic, clinic.child, sessions=3)
    for day in (3, 4):
        save(clinic, CalendarDay, day=MONDAY + timedelta(days=day), kind="closed", reason="运动会")
    week = gathered(clinic)
    assert week.problem.tasks[key].sessions == 2
    assert {day for day, _slot in week.problem.grid.open} == {0, 1, 2}


@given(st.integers(1, 14), st.integers(0, 7))
def test_a_share_is_never_more_than_prescribed_and_all_of_it_in_a_whole_week(sessions, days):
    owed = share(sessions, days)
    assert 0 <= owed <= sessions
    assert owed == sessions if days >= 5 else abs(owed - sessions * days / 5) <= 0.5


def test_a_working_saturday_makes_a_week_of_six_days_for_those_who_work_the_whole_week(clinic):
    prescribe(clinic, clinic.child)
    save(clinic, CalendarDay, day=MONDAY + timedelta(days=5), kind="open", reason="调休上班")
    with clinic.database.work(SYSTEM) as work:
        records.save(work, Staff, {"work_days": ["1", "2"]}, id=clinic.zhou)
    week = gathered(clinic)
    assert week.problem.grid.days == 6
    days = {who: {day for day, _slot in week.problem.therapists[who].free} for who in (clinic.li, clinic.zhou)}
    assert days == {clinic.li: {0, 1, 2, 3, 4, 5}, clinic.zhou: {0, 1}}


def test_twice_a_day_becomes_two_tasks_kept_apart(clinic):
    key = prescribe(clinic, clinic.child, sessions=8)
    tasks = gathered(clinic).problem.tasks
    assert [tasks[each].sessions for each in (key, f"{key}.2")] == [4, 4]
    assert tasks[key].apart == {f"{key}.2": 4}


@pytest.mark.parametrize(("most", "a_day"), [(1, 1), (2, 2)])
def test_no_day_gets_more_of_a_therapy_than_its_prescription_allows(clinic, most, a_day):
    """Eight sessions a week, once or twice a day: the plan keeps to it, and what finds no day waits in plain sight."""
    key = prescribe(clinic, clinic.child, sessions=8, most_a_day=most)
    problem = gathered(clinic).problem
    assert sum(problem.tasks[each].sessions for each in (key, f"{key}.2")) == 8
    days = Counter(each.day for each in solve(problem, seconds=2).placements)
    assert max(days.values()) == a_day and sum(days.values()) == (5 if most == 1 else 8)


def test_two_a_day_are_planned_where_the_child_comes_on_two_days_only(clinic):
    """Without the permission two of the four sessions would wait."""
    for day in (0, 1, 2):
        day_off = MONDAY + timedelta(days=day)
        save(
            clinic,
            MedicalVisit,
            child_id=clinic.child,
            kind="outpatient",
            reason="检查",
            starts_on=day_off,
            status="planned",
        )
    key = prescribe(clinic, clinic.child, sessions=4, most_a_day=2)
    problem = gathered(clinic).problem
    assert [problem.tasks[each].sessions for each in (key, f"{key}.2")] == [2, 2]
    days = Counter(each.day for each in solve(problem, seconds=2).placements)
    assert sorted(days.values()) == [2, 2]


def test_a_session_that_is_held_counts_on_its_day(clinic):
    """A second session beside the prescription's own, which somebody has booked, leaves its day to it."""
    key = prescribe(clinic, clinic.child, sessions=1, most_a_day=1)
    booked(clinic, clinic.child, 0, "09:00")
    booked(clinic, clinic.child, 1, "09:00")
    problem = gathered(clinic).problem
    held = next(each for each in problem.locked)
    assert problem.tasks[key].apart == {held.task: problem.grid.slots}
