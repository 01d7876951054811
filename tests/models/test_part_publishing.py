"""Some changes of a proposal are published now: they stand by themselves, and the rest can still be published or taken back."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models.core import queries
from models.core.access import SYSTEM
from models.core.errors import Invalid, Unconfirmed
from models.leave import StaffLeave
from models.scheduling import plans
from models.scheduling.engine import solve
from models.scheduling.levels import breaches
from models.scheduling.part_publishing import parts_of, publish_part
from models.scheduling.versions import latest, versions
from models.scheduling.week_plan import WeekPlan
from tests.models import clinic as department
from tests.models.clinic import MONDAY, at, booked, gathered, place, prescribe, save
from tests.models.week_acts import fresh_clinic, propose, stage, the_week, undo


def publish(clinic, plan: str, lines, **options):
    with clinic.database.work(clinic.director) as work:
        return publish_part(work, plan, lines, **options)


def lines(clinic, plan: str) -> dict[str, int]:
    """Each child of the change list, and the number of its line."""
    with clinic.database.read(clinic.director) as work:
        return {f"{line.who} {line.kind}": line.number for line in plans.change_lines(work, plan)}


def goes_along(clinic, plan: str, *chosen: int) -> set[int]:
    with clinic.database.read(clinic.director) as work:
        return set(parts_of(work, plan).closed(chosen))


def proposal(clinic) -> str | None:
    with clinic.database.read(clinic.director) as work:
        plan = latest(work, MONDAY)
        return plan if plan and queries.values(work, WeekPlan, plan)["stage"] == "proposed" else None


def stages(clinic) -> list[tuple]:
    with clinic.database.read(clinic.director) as work:
        return [(each["number"], each["stage"], each["origin"], each["changed"]) for each in versions(work, MONDAY)]


@pytest.fixture
def two_moves(clinic) -> SimpleNamespace:
    """曾小乐 goes to Tuesday, 王小雨 gets a new session on Wednesday: neither needs the other."""
    one, other = prescribe(clinic, clinic.child, sessions=1), prescribe(clinic, clinic.third, sessions=1)
    clinic.moved = booked(clinic, clinic.child, 0, "09:00")
    week = gathered(clinic)
    clinic.plan = propose(
        clinic, week, [place(week, one, clinic.li, 1, "09:00"), place(week, other, clinic.li, 2, "10:00")]
    )
    return clinic


def test_one_childs_change_is_published_and_the_other_stays_proposed(two_moves):
    numbers = lines(two_moves, two_moves.plan)
    publish(two_moves, two_moves.plan, {numbers["曾小乐 moved"]})
    assert {key: values[0] for key, values in the_week(two_moves).items()} == {two_moves.moved: at(1, "09:00")}
    rest = proposal(two_moves)
    assert rest and list(lines(two_moves, rest)) == ["王小雨 new"]
    assert stages(two_moves) == [(1, "published", "part", 1)]


def test_the_rest_is_published_later_and_the_week_is_as_if_all_had_been_at_once(two_moves):
    numbers = lines(two_moves, two_moves.plan)
    publish(two_moves, two_moves.plan, {numbers["王小雨 new"]})
    rest = proposal(two_moves)
    with two_moves.database.work(two_moves.director) as work:
        plans.publish(work, rest)
    assert sorted(each[0] for each in the_week(two_moves).values()) == [at(1, "09:00"), at(2, "10:00")]
    assert [each[:2] for each in stages(two_moves)] == [(2, "published"), (1, "superseded")]
    assert proposal(two_moves) is None


def test_a_part_is_taken_back_and_the_whole_proposal_lies_there_again(two_moves):
    before, numbers = the_week(two_moves), lines(two_moves, two_moves.plan)
    change = publish(two_moves, two_moves.plan, {numbers["王小雨 new"]})
    after, rest = the_week(two_moves), proposal(two_moves)
    again = undo(two_moves, change)
    assert the_week(two_moves) == before and proposal(two_moves) == two_moves.plan
    undo(two_moves, again)
    assert the_week(two_moves) == after and proposal(two_moves) == rest
    with two_moves.database.work(two_moves.director) as work:
        assert plans.publish(work, rest).before


def test_a_part_taken_back_does_not_push_a_newer_proposal_aside(two_moves):
    numbers = lines(two_moves, two_moves.plan)
    change = publish(two_moves, two_moves.plan, {numbers["王小雨 new"]})
    week = gathered(two_moves)
    newer = propose(two_moves, week, list(week.session_of))
    undo(two_moves, change)
    assert proposal(two_moves) == newer and stage(two_moves, two_moves.plan)[0] == "dropped"


def test_sessions_that_change_places_go_together(clinic):
    one, other = prescribe(clinic, clinic.child, sessions=1), prescribe(clinic, clinic.third, sessions=1)
    booked(clinic, clinic.child, 0, "09:00"), booked(clinic, clinic.third, 0, "10:00")
    week = gathered(clinic)
    plan = propose(clinic, week, [place(week, one, clinic.li, 0, "10:00"), place(week, other, clinic.li, 0, "09:00")])
    numbers = set(lines(clinic, plan).values())
    before = the_week(clinic)
    for each in numbers:
        assert goes_along(clinic, plan, each) == numbers
        with pytest.raises(Invalid, match="without others"):
            publish(clinic, plan, {each})
    assert the_week(clinic) == before and proposal(clinic) == plan


def test_what_still_has_the_last_place_in_the_room_goes_along(clinic):
    save(clinic, department.Room, name="小间", kind="pt", capacity=1, skills=["pt"])
    with clinic.database.work(SYSTEM) as work:
        for room in (clinic.hall, clinic.small):
            department.records.save(work, department.Room, {"closed": True}, id=room, confirmed=True)
    with clinic.database.read(SYSTEM) as work:
        only = work.scalars(select(department.Room.id).where(department.Room.name == "小间")).one()
    one, other = prescribe(clinic, clinic.child, sessions=1), prescribe(clinic, clinic.third, sessions=1)
    booked(clinic, clinic.child, 0, "09:00", room_id=only)
    booked(clinic, clinic.third, 0, "10:00", room_id=only, therapist_id=clinic.zhou)
    week = gathered(clinic)
    plan = propose(clinic, week, [place(week, one, clinic.li, 0, "10:00"), place(week, other, clinic.zhou, 1, "10:00")])
    numbers = lines(clinic, plan)
    assert goes_along(clinic, plan, numbers["曾小乐 moved"]) == set(numbers.values())
    assert goes_along(clinic, plan, numbers["王小雨 moved"]) == {numbers["王小雨 moved"]}


def test_what_still_stands_in_the_very_room_goes_along_though_another_would_be_free(clinic):
    one, other = prescribe(clinic, clinic.child, sessions=1), prescribe(clinic, clinic.third, sessions=1)
    booked(clinic, clinic.child, 0, "09:00", room_id=clinic.small)
    booked(clinic, clinic.third, 0, "10:00", room_id=clinic.small, therapist_id=clinic.zhou)
    week = gathered(clinic)
    plan = propose(clinic, week, [place(week, one, clinic.li, 0, "10:00"), place(week, other, clinic.zhou, 1, "10:00")])
    numbers = lines(clinic, plan)
    assert goes_along(clinic, plan, numbers["曾小乐 moved"]) == set(numbers.values())
    assert goes_along(clinic, plan, numbers["王小雨 moved"]) == {numbers["王小雨 moved"]}


def test_what_has_changed_underneath_or_what_it_rests_on_is_seen_for_a_part_as_well(two_moves):
    numbers = lines(two_moves, two_moves.plan)
    tuesday = MONDAY.replace(day=24)
    save(two_moves, StaffLeave, staff_id=two_moves.li, kind="ill", starts_on=tuesday, ends_on=tuesday, part="day")
    with pytest.raises(Unconfirmed):
        publish(two_moves, two_moves.plan, {numbers["曾小乐 moved"]})
    assert publish(two_moves, two_moves.plan, {numbers["王小雨 new"]}).created, "the other does not rest on it"
    booked(two_moves, two_moves.other, 3, "09:00")
    with pytest.raises(Invalid, match="has booked"):
        publish(two_moves, proposal(two_moves), set(lines(two_moves, proposal(two_moves)).values()))


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], phases=[Phase.generate]
)
@given(data=st.data())
def test_any_part_and_then_the_rest_come_to_the_whole_and_back(sqlite_database, data):
    clinic = fresh_clinic(sqlite_database)
    for child in (clinic.child, clinic.third, clinic.other):
        prescribe(
            clinic, child, "PT", data.draw(st.integers(1, 4)), form=data.draw(st.sampled_from(["single", "group"]))
        )
    for child in (clinic.child, clinic.third, clinic.other):
        for day in data.draw(st.lists(st.integers(0, 4), max_size=3, unique=True)):
            try:
                booked(clinic, child, day, data.draw(st.sampled_from(["09:00", "09:30", "14:15"])), room_id=None,
                       therapist_id=data.draw(st.sampled_from([clinic.li, clinic.zhou])))  # fmt: skip
            except Invalid:
                continue
    week = gathered(clinic)
    broken = set(breaches(week.problem, list(week.session_of)))
    plan = propose(clinic, week, solve(week.problem, seconds=0.3, seed=1))
    before, numbers = the_week(clinic), sorted(lines(clinic, plan).values())
    with clinic.database.read(clinic.director) as work:
        parts = parts_of(work, plan)
    chosen = parts.closed(data.draw(st.sets(st.sampled_from(numbers), min_size=1)) if numbers else ())
    assume(parts.possible and chosen and chosen != parts.every)
    first = publish(clinic, plan, chosen)
    again = gathered(clinic)
    assert set(breaches(again.problem, list(again.session_of))) <= broken, "the part alone breaks nothing"
    with clinic.database.work(clinic.director) as work:
        second = plans.publish(work, proposal(clinic))
    there = {(each[3], each[0], each[1]) for each in the_week(clinic).values()}
    undo(clinic, second)
    undo(clinic, first)
    assert the_week(clinic) == before and proposal(clinic) == plan
    with clinic.database.work(clinic.director) as work:
        plans.publish(work, plan)
    assert {(each[3], each[0], each[1]) for each in the_week(clinic).values()} == there
