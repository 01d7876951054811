"""A proposed week is published in one step or not at all, and nothing published is lost on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models.core import queries, records
from models.core.access import SYSTEM
from models.core.audit import AuditEntry
from models.core.errors import Invalid, Unconfirmed
from models.leave import StaffLeave
from models.rooms import Room
from models.scheduling import booking, plans
from models.scheduling.booking import Attendance
from models.scheduling.engine import solve
from models.scheduling.levels import breaches
from models.scheduling.week_plan import WeekPlan
from models.therapy import TherapySession
from tests.models.clinic import MONDAY, at, booked, gathered, place, prescribe, save
from tests.models.week_acts import first_clinic, fresh_clinic, lines, propose, publish, stage, the_week, undo

# --- publishing ---


def test_a_week_is_proposed_published_and_kept_with_its_changes(clinic):
    key = prescribe(clinic, clinic.child, sessions=3)
    kept, moved = booked(clinic, clinic.child, 0, "09:00"), booked(clinic, clinic.child, 2, "09:00")
    week = gathered(clinic)
    plan = propose(clinic, week, [place(week, key, clinic.li, 0, "09:00"), place(week, key, clinic.zhou, 2, "14:00"),
                                  place(week, key, clinic.li, 4, "10:00")])  # fmt: skip
    assert stage(clinic, plan) == ("proposed", None) and len(the_week(clinic)) == 2, "nothing is booked yet"
    change = publish(clinic, plan)
    now = the_week(clinic)
    assert now[kept][:2] == (at(0, "09:00"), clinic.li) and now[moved][:2] == (at(2, "14:00"), clinic.zhou)
    (new,) = change.created
    assert now[new][0] == at(4, "10:00") and dict(change.before).keys() == {moved}
    assert lines(clinic, plan) == [
        "曾小乐 PT: from 11-25 09:00–09:30 李静 PT大厅 to 11-25 14:00–14:30 周航 PT大厅",
        "曾小乐 PT: new, 11-27 10:00–10:30 李静 PT大厅",
    ]
    assert stage(clinic, plan) == ("published", 1)


def test_a_publication_is_taken_back_and_done_again_in_one_step_each(clinic):
    a, b = prescribe(clinic, clinic.child, sessions=1), prescribe(clinic, clinic.third, sessions=1)
    one, two = booked(clinic, clinic.child, 0, "09:00"), booked(clinic, clinic.third, 0, "10:00")
    before = the_week(clinic)
    week = gathered(clinic)
    plan = propose(clinic, week, [place(week, a, clinic.li, 0, "10:00"), place(week, b, clinic.li, 0, "09:00")])
    change = publish(clinic, plan)
    swapped = the_week(clinic)
    assert (swapped[one][0], swapped[two][0]) == (at(0, "10:00"), at(0, "09:00")), "two sessions change places"
    again = undo(clinic, change)
    assert the_week(clinic) == before and stage(clinic, plan) == ("withdrawn", 1)
    undo(clinic, again)
    assert the_week(clinic) == swapped and stage(clinic, plan) == ("published", 1)


def test_many_sessions_change_places_without_a_step_in_the_trail_that_nobody_took(clinic):
    keys, sessions = [], []
    for day in range(5):
        for count in range(3):
            child = (clinic.child, clinic.third, clinic.other)[count]
            sessions.append(booked(clinic, child, day, f"{9 + count}:00".zfill(5)))
    keys = [prescribe(clinic, child, sessions=5) for child in (clinic.child, clinic.third, clinic.other)]
    week = gathered(clinic)
    turned = [
        place(week, keys[count], clinic.li, day, f"{9 + (count + 1) % 3}:00".zfill(5))
        for day in range(5)
        for count in range(3)
    ]
    change = publish(clinic, propose(clinic, week, turned))
    assert len(change.before) == 15
    with clinic.database.read(SYSTEM) as work:
        asked = select(AuditEntry.event, AuditEntry.details).where(AuditEntry.type_name == "TherapySession")
        noted = [row for row in work.execute(asked) if row.event != "created"]
    assert len(noted) == 15 and all("status" not in row.details for row in noted)
    undo(clinic, change)
    assert {key: values[0] for key, values in the_week(clinic).items()} == {
        key: at(number // 3, f"{9 + number % 3}:00".zfill(5)) for number, key in enumerate(sessions)
    }


def test_what_finds_no_place_falls_out_with_a_word_and_comes_back_when_undone(clinic):
    prescribe(clinic, clinic.child, sessions=1)
    out = booked(clinic, clinic.child, 0, "09:00")
    week = gathered(clinic)
    plan = propose(clinic, week, [])
    change = publish(clinic, plan)
    with clinic.database.read(SYSTEM) as work:
        gone = queries.values(work, TherapySession, out)
    assert gone["status"] == "cancelled" and "waiting list" in gone["attendance_note"]
    assert lines(clinic, plan) == ["曾小乐 PT: falls out, was 11-23 09:00–09:30 李静 PT大厅"]
    undo(clinic, change)
    assert out in the_week(clinic)


def test_a_week_that_changed_underneath_is_not_overwritten(clinic):
    key = prescribe(clinic, clinic.child, sessions=1)
    mine = booked(clinic, clinic.child, 0, "09:00")
    week = gathered(clinic)
    plan = propose(clinic, week, [place(week, key, clinic.li, 1, "09:00")])
    with clinic.database.work(clinic.therapist) as work:
        booking.move(work, mine, at(0, "10:00"), at(0, "10:30"), confirmed=True)
    booked(clinic, clinic.other, 3, "09:00")
    before = the_week(clinic)
    with pytest.raises(Invalid) as refused:
        publish(clinic, plan, confirmed=True)
    words = str(refused.value)
    assert "therapist has moved or locked the session of 曾小乐" in words
    assert "has booked a session of 阿依古丽·买买提" in words
    assert the_week(clinic) == before and stage(clinic, plan) == ("proposed", None)


def test_leave_entered_meanwhile_is_asked_about_and_an_idle_change_is_not(clinic):
    key = prescribe(clinic, clinic.child, sessions=1)
    week = gathered(clinic)
    plan = propose(clinic, week, [place(week, key, clinic.li, 1, "09:00")])
    tuesday = MONDAY + timedelta(days=1)
    save(clinic, StaffLeave, staff_id=clinic.li, kind="annual", starts_on=tuesday, ends_on=tuesday, part="day")
    with pytest.raises(Unconfirmed) as asked:
        publish(clinic, plan)
    assert "the therapist is not there" in str(asked.value) and "11-24 09:00" in str(asked.value)
    assert publish(clinic, plan, confirmed=True).created
    week = gathered(clinic)
    other = propose(clinic, week, [place(week, key, clinic.zhou, 2, "09:00")])
    save(clinic, StaffLeave, staff_id=clinic.chen, kind="annual", starts_on=tuesday, ends_on=tuesday, part="day")
    assert publish(clinic, other).before, "the leave of somebody else is nothing to ask about"


def test_versions_are_numbered_and_only_the_latest_holds(clinic):
    key = prescribe(clinic, clinic.child, sessions=1)
    plan_ids, changes = [], []
    for hour in ("09:00", "10:00"):
        week = gathered(clinic)
        plan_ids.append(propose(clinic, week, [place(week, key, clinic.li, 0, hour)]))
        changes.append(publish(clinic, plan_ids[-1]))
    assert [stage(clinic, plan) for plan in plan_ids] == [("superseded", 1), ("published", 2)]
    with pytest.raises(Invalid, match="no longer a proposal"):
        publish(clinic, plan_ids[0])
    undo(clinic, changes[1])
    assert [stage(clinic, plan) for plan in plan_ids] == [("published", 1), ("withdrawn", 2)]
    with clinic.database.read(clinic.director) as work:
        assert [each["number"] for each in plans.versions(work, MONDAY)] == [2, 1]


def test_a_later_proposal_takes_the_place_of_an_earlier_one(clinic):
    key = prescribe(clinic, clinic.child, sessions=1)
    week = gathered(clinic)
    first = propose(clinic, week, [])
    second = propose(clinic, week, [place(week, key, clinic.li, 0, "09:00")])
    assert (stage(clinic, first)[0], stage(clinic, second)[0]) == ("dropped", "proposed")


def test_a_group_is_moved_together_and_takes_in_a_new_member(clinic):
    with clinic.database.work(SYSTEM) as work:
        records.save(work, Room, {"capacity": 4}, id=clinic.hall)
    group = {"form": "group", "minutes": 60, "sessions": 1}
    for child in (clinic.child, clinic.third, clinic.other):
        prescribe(clinic, child, **group)
    booked(clinic, (clinic.child, clinic.third), 0, "09:00", minutes=60)
    week = gathered(clinic)
    (task,) = week.problem.tasks.values()
    assert len(task.children) == 3
    publish(clinic, propose(clinic, week, [place(week, task.id, clinic.zhou, 1, "09:00")]))
    now = the_week(clinic)
    assert {values[3] for values in now.values()} == set(task.children)
    assert {values[:3] for values in now.values()} == {(at(1, "09:00"), clinic.zhou, clinic.hall)}
    with clinic.database.read(SYSTEM) as work:
        assert len(set(work.scalars(select(TherapySession.sitting_id)))) == 1


def test_a_child_taken_out_of_its_group_this_time_is_not_put_back(clinic):
    for child in (clinic.child, clinic.third):
        prescribe(clinic, child, form="group", minutes=60, sessions=1)
    booked(clinic, (clinic.child, clinic.third), 0, "09:00", minutes=60)
    with clinic.database.work(clinic.director) as work:
        (ill,) = work.scalars(select(TherapySession.id).where(TherapySession.child_id == clinic.third))
        booking.cancel(work, [ill], "ill")
    week = gathered(clinic)
    (kept,) = week.session_of
    assert len(week.problem.tasks[kept.task].children) == 2
    assert not publish(clinic, propose(clinic, week, [kept])), "it stays where it is, and so does the cancellation"


def test_a_plan_proposed_by_one_may_be_published_by_who_sees_more(clinic):
    hidden = booked(clinic, clinic.other, 3, "09:00")
    with clinic.database.work(clinic.director) as work:
        booking.lock(work, [hidden], True)
    key = prescribe(clinic, clinic.child, sessions=1)
    week = gathered(clinic, who=clinic.therapist)
    with clinic.database.work(clinic.therapist) as work:
        plan = plans.propose(work, week, (place(week, key, clinic.li, 0, "09:00"),))
    assert publish(clinic, plan).created


def test_a_session_locked_since_is_not_moved(clinic):
    key = prescribe(clinic, clinic.child, sessions=1)
    mine = booked(clinic, clinic.child, 0, "09:00")
    week = gathered(clinic)
    plan = propose(clinic, week, [place(week, key, clinic.li, 1, "09:00")])
    with clinic.database.work(clinic.director) as work:
        booking.lock(work, [mine], True)
    with pytest.raises(Invalid, match="moved or locked"):
        publish(clinic, plan)


def test_a_make_up_is_booked_for_the_session_it_makes_up(clinic):
    missed = booked(clinic, clinic.child, 0, "09:00", weeks=-1)
    with clinic.database.work(clinic.director) as work:
        booking.attend(work, {missed: Attendance("absent", "ill")})
    week = gathered(clinic)
    change = publish(clinic, propose(clinic, week, [place(week, f"m.{missed}", clinic.li, 0, "09:00")]))
    with clinic.database.read(SYSTEM) as work:
        assert queries.values(work, TherapySession, change.created[0])["makes_up_id"] == missed


def test_a_therapist_publishes_nothing_for_children_not_entrusted(clinic):
    prescribe(clinic, clinic.other)
    mine = prescribe(clinic, clinic.child, sessions=1)
    week = gathered(clinic, who=clinic.therapist)
    assert {child for task in week.problem.tasks.values() for child in task.children} == {clinic.child}
    with clinic.database.work(clinic.therapist) as work:
        plan = plans.propose(work, week, (place(week, mine, clinic.li, 0, "09:00"),))
    with clinic.database.work(clinic.therapist) as work:
        assert plans.publish(work, plan).created


# --- from plan to database and back ---


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], phases=[Phase.generate]
)
@given(data=st.data())
def test_whatever_the_planner_answers_keeps_the_rules_and_the_database_takes_it(sqlite_database, data):
    clinic = fresh_clinic(sqlite_database)
    for child in (clinic.child, clinic.third, clinic.other):
        for therapy in data.draw(st.lists(st.sampled_from(["PT", "ST", "HYD"]), min_size=1, max_size=2, unique=True)):
            form = data.draw(st.sampled_from(["single", "single", "group"]))
            minutes = data.draw(st.sampled_from([30, 30, 45]))
            prescribe(clinic, child, therapy, data.draw(st.integers(1, 4)), form=form, minutes=minutes)
    for _each in range(data.draw(st.integers(0, 3))):
        try:
            booked(clinic, data.draw(st.sampled_from([clinic.child, clinic.third])), data.draw(st.integers(0, 4)),
                   data.draw(st.sampled_from(["09:00", "09:30", "14:15"])), room_id=None)  # fmt: skip
        except Invalid:
            continue
    week = gathered(clinic)
    assert not breaches(week.problem, week.problem.locked)
    plan = solve(week.problem, seconds=0.3, seed=1)
    assert not breaches(week.problem, plan.placements)
    publish(clinic, propose(clinic, week, plan))
    again = gathered(clinic)
    assert not breaches(again.problem, [*again.session_of]), "what was published is a week without a broken rule"
    published = {each for each in plan.placements if not week.held(each.task)}
    assert published <= set(again.session_of), "each session is found again where it was put"


# --- killed on the way ---


def test_a_planning_that_is_cancelled_leaves_the_published_week_as_it_is(clinic):
    prescribe(clinic, clinic.child, sessions=2)
    booked(clinic, clinic.child, 0, "09:00")
    before = the_week(clinic)
    week = gathered(clinic)
    solve(week.problem, seconds=5, cancelled=lambda: True)
    assert the_week(clinic) == before
    with clinic.database.read(SYSTEM) as work:
        assert queries.count(work, WeekPlan) == 0


def test_a_publication_that_breaks_off_half_way_has_changed_nothing(clinic, monkeypatch):
    key = prescribe(clinic, clinic.child, sessions=2)
    booked(clinic, clinic.child, 0, "09:00")
    before = the_week(clinic)
    week = gathered(clinic)
    plan = propose(clinic, week, [place(week, key, clinic.li, day, "14:00") for day in (0, 2)])

    def power_cut(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(plans, "number_it", power_cut)
    with pytest.raises(KeyboardInterrupt):
        publish(clinic, plan)
    assert the_week(clinic) == before and stage(clinic, plan) == ("proposed", None)


KILLED = """
import sys, time
from datetime import datetime
from pathlib import Path
import models
from models.core.access import Actor
from models.core.database import Database, sqlcipher_engine
from models.scheduling import plans
from models.scheduling.gather import gather
database = Database(sqlcipher_engine(Path(sys.argv[1]), bytes(range(32))), clock=lambda: datetime(2026, 11, 20, 9, 30))
def wait(*arguments):
    print("half way", flush=True)
    time.sleep(60)
plans.number_it = wait
with database.work(Actor("account-director", "director", "director", frozenset({"director"}))) as work:
    plans.publish(work, sys.argv[2])
"""


def test_the_program_killed_while_publishing_leaves_the_week_as_it_was(sqlite_database, tmp_path):
    clinic = first_clinic(sqlite_database)
    key = prescribe(clinic, clinic.child, sessions=2)
    booked(clinic, clinic.child, 0, "09:00")
    before = the_week(clinic)
    week = gathered(clinic)
    plan = propose(clinic, week, [place(week, key, clinic.li, day, "14:00") for day in (0, 2)])
    arguments = [sys.executable, "-c", KILLED, str(tmp_path / "home.db"), plan]
    child = subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
    assert child.stdout is not None and child.stdout.readline().strip() == b"half way"
    os.kill(child.pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
    child.wait()
    assert the_week(clinic) == before and stage(clinic, plan) == ("proposed", None)
    assert len(publish(clinic, plan).ids) == 2, "the proposal is still there to be published"
