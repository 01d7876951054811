"""Rooms and equipment of a week: what is counted, who gives way, and that none is fuller than it may be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.core import records
from models.core.access import SYSTEM
from models.rooms import Equipment, Room
from models.scheduling.gather import rooms_for, without_room
from models.scheduling.levels import breaches
from models.scheduling.places import NOWHERE, Need, Place, Places, counted, settle_rooms
from models.scheduling.places import Stay as RoomStay
from models.scheduling.problem import Placement
from models.staff import Staff
from tests.models import clinic as department
from tests.models.clinic import gathered, place, prescribe, save


def test_a_group_too_large_for_every_room_is_told_to_have_none(clinic):
    for child in (clinic.child, clinic.third, clinic.other):
        prescribe(clinic, child, form="group", minutes=60)
    week = gathered(clinic)
    (task,) = week.problem.tasks.values()
    assert task.uses == ((NOWHERE, 1),) and week.problem.resources[NOWHERE].capacity == 0


def test_closed_rooms_are_not_counted_and_equipment_is(clinic):
    frame = save(clinic, Equipment, name="站立架", quantity=1)
    key = prescribe(clinic, clinic.child, equipment_id=frame)
    save(clinic, Room, name="水疗室", kind="hydro", capacity=2, skills=["hydro"], closed=True)
    hydro = prescribe(clinic, clinic.child, "HYD", 1)
    week = gathered(clinic)
    assert dict(week.problem.tasks[key].uses)[frame] == 1
    assert dict(week.problem.tasks[hydro].uses) == {NOWHERE: 1}


def test_a_therapy_for_which_the_home_has_no_room_needs_none(clinic):
    with clinic.database.work(SYSTEM) as work:
        records.save(
            work, Staff, {"name": "宋音", "sex": "2", "post": "therapist", "skills": ["music"], **department.HOURS}
        )
    key = prescribe(clinic, clinic.child, "MUS")
    week = gathered(clinic)
    spot = Placement(key, week.problem.able(week.problem.tasks[key])[0], 0, 0)
    assert week.problem.tasks[key].uses == () and rooms_for(week, [spot]) == {spot: None}
    assert without_room(week, {spot: None}) == []


def test_a_session_gives_way_when_another_has_nowhere_else_to_go(clinic):
    pt, speech = prescribe(clinic, clinic.child), prescribe(clinic, clinic.other, "ST")
    two = [prescribe(clinic, child) for child in (clinic.third,)]
    week = gathered(clinic)
    spots = [place(week, speech, clinic.chen, 0, "09:00"), place(week, pt, clinic.li, 0, "09:00"),
             place(week, two[0], clinic.zhou, 0, "09:00")]  # fmt: skip
    assert not breaches(week.problem, spots)
    rooms = rooms_for(week, spots)
    assert rooms == {spots[0]: clinic.small, spots[1]: clinic.hall, spots[2]: clinic.hall}


ROOM = st.tuples(st.integers(1, 6), st.sets(st.sampled_from(["pt", "ot", "st"]), min_size=1))
SESSION = st.tuples(st.sampled_from(["PT", "OT", "ST"]), st.integers(1, 4), st.integers(0, 6), st.integers(1, 3))


@given(st.lists(ROOM, min_size=1, max_size=4), st.lists(SESSION, max_size=14))
def test_no_room_is_ever_fuller_than_it_may_be(rooms, sessions):
    found = _places(rooms)
    stays = _stays(found, sessions)
    given_rooms = settle_rooms(stays, {room.id: room.capacity for room in found.rooms.values()})
    assert set(given_rooms) == {stay.placement for stay in stays}
    for slot in range(10):
        for room in found.rooms.values():
            inside = [
                stay
                for stay in stays
                if given_rooms[stay.placement] == room.id and stay.placement.start <= slot < stay.until
            ]
            assert sum(stay.size for stay in inside) <= room.capacity
            assert all(room.id in stay.liked for stay in inside)


@given(st.lists(ROOM, min_size=1, max_size=4), st.lists(SESSION, max_size=10))
def test_what_the_planner_may_place_at_one_time_always_finds_its_rooms(rooms, sessions):
    """For children treated alone the places counted are exactly the rooms there are."""
    found = _places(rooms)
    alone = [(therapy, 1, 0, 1) for therapy, _size, _start, _length in sessions]
    stays = _stays(found, alone)
    needs = {stay.placement.task: Need(frozenset(stay.liked), 1) for stay in stays}
    count = counted(found, needs)
    used = dict.fromkeys(count.resources, 0)
    for task in needs:
        for key, units in count.uses[task]:
            used[key] += units
    fits = all(units <= count.resources[key].capacity for key, units in used.items())
    given_rooms = settle_rooms(stays, {room.id: room.capacity for room in found.rooms.values()})
    assert fits == all(given_rooms.values())


def _places(rooms) -> Places:
    made = [Place(f"r{n}", f"room {n}", size, frozenset(skills)) for n, (size, skills) in enumerate(rooms)]
    return Places({room.id: room for room in made}, {})


def _stays(found: Places, sessions) -> list[RoomStay]:
    stays = []
    for number, (therapy, size, start, length) in enumerate(sessions):
        fitting = found.rooms_of(therapy, size)
        if fitting:
            stays.append(RoomStay(Placement(f"t{number}", "x", 0, start), start + length, size, tuple(sorted(fitting))))
    return stays
