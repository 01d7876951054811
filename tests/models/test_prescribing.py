"""A prescription that can never fit is said while it is entered, in words, beside the field it is about."""

from __future__ import annotations

from datetime import date, time
from types import SimpleNamespace

import pytest

from models.child import Child
from models.core import records
from models.core.access import SYSTEM
from models.core.errors import Unconfirmed
from models.holidays import CalendarDay
from models.leave import StaffLeave
from models.precautions import Precaution
from models.prescribing import doubts_of, ordinary_week
from models.rehabilitation import PlannedTherapy, RehabilitationPlan
from models.rooms import Equipment, Room
from models.routines import Routine
from models.staff import Staff
from tests.conftest import actor

FIRST, LAST = date(2026, 11, 1), date(2027, 4, 30)


@pytest.fixture
def home_week(database) -> SimpleNamespace:
    """A home with one physiotherapist on weekday mornings, and a child at school every morning but Wednesday's."""
    with database.work(SYSTEM) as work:
        child = records.save(work, Child, {"name": "曾小乐", "number": "1", "sex": "1", "born_on": date(2016, 1, 1)})
        li = records.save(work, Staff, {"name": "李静", "sex": "2", "post": "therapist", "skills": ["pt"],
                                        "works_from": time(8), "works_until": time(12)})  # fmt: skip
        ot = records.save(work, Staff, {"name": "周航", "sex": "1", "post": "therapist", "skills": ["ot"]})
        plan = records.save(work, RehabilitationPlan, {"child_id": child, "starts_on": FIRST, "ends_on": LAST,
                                                       "review_on": date(2027, 1, 1), "findings": "步态异常"})  # fmt: skip
    return SimpleNamespace(database=database, child=child, li=li, ot=ot, plan=plan)


def prescribe(week, **values) -> str:
    """Prescribe as a director would, and return what is said against it, ``field: words`` a line."""
    asked = {
        "child_id": week.child,
        "plan_id": week.plan,
        "therapy": "PT",
        "sessions_a_week": 2,
        "minutes": 30,
        "form": "single",
    }
    try:
        with week.database.work(actor("director")) as work:
            records.save(work, PlannedTherapy, asked | values)
    except Unconfirmed as found:
        return "\n".join(f"{each.field}: {each.message}" for each in found.problems)
    return ""


def at_school(week, starts: time, ends: time, weekdays=("1", "2", "3", "4", "5")) -> None:
    with week.database.work(SYSTEM) as work:
        records.save(work, Routine, {"name": "上课", "kind": "lesson", "child_id": week.child, "starts": starts, "ends": ends,
                                     "weekdays": list(weekdays), "first_day": FIRST}, confirmed=True)  # fmt: skip


def test_what_can_be_carried_out_is_prescribed_without_a_word(home_week):
    assert prescribe(home_week, therapist_id=home_week.li, half="morning") == ""


def test_a_session_longer_than_any_free_stretch_is_said_with_the_longest(home_week):
    at_school(home_week, time(8), time(11))
    at_school(home_week, time(14), time(17))
    said = prescribe(home_week, minutes=60)
    assert said == "minutes: Longer than any free time of the child: at most 30 min (Mon from 11:00)."
    assert prescribe(home_week, minutes=30) == ""


def test_nobody_trained_for_it_is_said(home_week):
    assert prescribe(home_week, therapy="HYD") == "therapy: Nobody here is trained for Water."


def test_a_child_who_is_only_free_when_nobody_is_there_is_said(home_week):
    at_school(home_week, time(8), time(12))
    assert "therapy: Whenever the child is free, nobody trained for PT is there." in prescribe(home_week)


def test_more_sessions_than_days_on_which_the_two_can_meet_are_said(home_week):
    at_school(home_week, time(8), time(12), ("1", "2", "4", "5"))
    assert "meet on 1 days only: Wed." in prescribe(home_week, sessions_a_week=2)
    assert "sessions_a_week: More sessions a week than the rooms are open on days (5)." in prescribe(
        home_week, sessions_a_week=8
    )


def test_several_sessions_a_day_are_doubted_only_where_they_do_not_follow_one_another_in_the_free_time(home_week):
    at_school(home_week, time(8), time(12), ("1", "2", "4", "5"))
    assert prescribe(home_week, sessions_a_week=2, most_a_day=2) == "", "both on Wednesday"
    said = "sessions_a_week: Child and a therapist for PT can meet {n} times a week at most."
    assert prescribe(home_week, sessions_a_week=3, most_a_day=2) == said.format(n=2)
    at_school(home_week, time(8), time(10), ("3",))
    assert prescribe(home_week, sessions_a_week=3, minutes=60, most_a_day=3) == said.format(n=1)


def test_more_than_the_childs_daily_maximum_allows_is_said_together_with_its_other_prescriptions(home_week):
    with home_week.database.work(SYSTEM) as work:
        for therapy in ("OT", "ST"):
            records.save(work, PlannedTherapy, {"child_id": home_week.child, "plan_id": home_week.plan, "therapy": therapy,
                                                "sessions_a_week": 14, "minutes": 30, "form": "single"})  # fmt: skip
    assert "With its other prescriptions 33 sessions a week; the child can have 6 a day, 30 a week." in prescribe(
        home_week, sessions_a_week=5
    )


def test_equipment_that_is_out_of_use_is_said(home_week):
    with home_week.database.work(SYSTEM) as work:
        hall = records.save(work, Room, {"name": "PT大厅", "kind": "pt", "capacity": 4, "closed": True})
        bike = records.save(work, Equipment, {"name": "康复脚踏车", "quantity": 1, "out_of_use": True})
        beam = records.save(work, Equipment, {"name": "平行杠", "quantity": 1, "room_id": hall})
    assert prescribe(home_week, equipment_id=bike) == "equipment_id: 康复脚踏车 is out of use."
    assert prescribe(home_week, equipment_id=beam) == "equipment_id: 平行杠 stands in PT大厅, which is closed."


def test_a_preferred_therapist_must_be_trained_and_there(home_week):
    assert prescribe(home_week, therapist_id=home_week.ot) == "therapist_id: 周航 is not trained for PT."
    said = prescribe(home_week, therapist_id=home_week.li, half="afternoon")
    assert said == "therapist_id: 李静 is never there in this half of the day (Afternoon)."
    with home_week.database.work(SYSTEM) as work:
        records.save(work, StaffLeave, {"staff_id": home_week.li, "kind": "other", "starts_on": FIRST, "ends_on": LAST})
    assert "therapist_id: 李静 is on leave the whole time." in prescribe(home_week, therapist_id=home_week.li)


def test_a_therapy_contraindicated_the_whole_time_is_said_and_one_for_a_while_is_not(home_week):
    with home_week.database.work(SYSTEM) as work:
        key = records.save(work, Precaution, {"child_id": home_week.child, "kind": "fracture", "source": "fracture",
                                              "starts_on": FIRST, "ends_on": LAST})  # fmt: skip
    assert prescribe(home_week) == "therapy: Contraindicated the whole time: Fracture."
    with home_week.database.work(SYSTEM) as work:
        records.save(work, Precaution, {"ends_on": date(2026, 12, 15)}, id=key)
    assert prescribe(home_week) == ""


def test_an_ordinary_week_lies_ahead_and_has_all_its_days(home_week):
    with home_week.database.work(SYSTEM) as work:
        assert ordinary_week(work, date(2026, 9, 23)) == date(2026, 11, 23), "never in the past"
        records.save(work, CalendarDay, {"day": date(2026, 11, 25), "kind": "closed", "reason": "停电检修"})
        assert ordinary_week(work, date(2026, 9, 23)) == date(2026, 11, 30)


def test_the_plan_says_which_of_its_prescriptions_cannot_be_carried_out(home_week):
    with home_week.database.work(SYSTEM) as work:
        key = records.save(work, PlannedTherapy, {"child_id": home_week.child, "plan_id": home_week.plan, "therapy": "ST",
                                                  "sessions_a_week": 2, "minutes": 30, "form": "single"})  # fmt: skip
        assert doubts_of(work, home_week.plan) == {key: ["Nobody here is trained for ST."]}
