"""Groups are joined and split, sessions locked; every act is undone and done again — never over somebody else's."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.core import records
from models.core.access import SYSTEM
from models.core.errors import Changed, Invalid
from models.rooms import Room
from models.scheduling import booking
from models.scheduling.change import KEPT, Change, rearrange
from models.scheduling.occupancy import booking_of
from models.therapy import TherapySession
from tests.models.test_booking import HALF_HOUR, NINE, clinic, do, session, wish  # noqa: F401 (the fixture)

TEN = NINE + 2 * HALF_HOUR


def values(clinic, keys) -> list[tuple]:  # noqa: F811
    found = [session(clinic, key) for key in keys]
    return [tuple(each[name] for name in (*KEPT, "deleted_at")) for each in found]


def two(clinic) -> tuple[str, str]:  # noqa: F811
    return (
        do(clinic, booking.book, wish(clinic)).created[0],
        do(clinic, booking.book, wish(clinic, TEN, children=(clinic.third,))).created[0],
    )


def test_two_single_sessions_become_one_group_where_the_other_is(clinic):  # noqa: F811
    first, second = two(clinic)
    before = values(clinic, (first, second))
    change = do(clinic, booking.join, second, first)
    one, other = session(clinic, first), session(clinic, second)
    assert one["sitting_id"] == other["sitting_id"] and {one["form"], other["form"]} == {"group"}
    assert other["starts_at"] == NINE
    joined = values(clinic, (first, second))
    back = do(clinic, booking.undo, change)
    assert values(clinic, (first, second)) == before
    again = do(clinic, booking.undo, back)
    assert values(clinic, (first, second)) == joined
    do(clinic, booking.undo, again)
    assert values(clinic, (first, second)) == before


def test_a_third_child_joins_a_group_that_stands(clinic):  # noqa: F811
    group = do(clinic, booking.book, wish(clinic, children=(clinic.child, clinic.third))).created
    with clinic.database.work(SYSTEM) as work:
        fourth = booking.book(work, wish(clinic, TEN, children=(clinic.other,))).created[0]
    change = do(clinic, booking.join, fourth, group[0], who=SYSTEM)
    assert len({session(clinic, key)["sitting_id"] for key in (*group, fourth)}) == 1
    do(clinic, booking.undo, change, who=SYSTEM)
    assert session(clinic, fourth)["starts_at"] == TEN and session(clinic, group[0])["form"] == "group"


def test_only_the_same_therapy_and_another_child_can_join(clinic):  # noqa: F811
    first, _second = two(clinic)
    music = do(
        clinic, booking.book, wish(clinic, TEN + HALF_HOUR, children=(clinic.third,), therapy="MUS"), confirmed=True
    ).created[0]
    with pytest.raises(Invalid, match="same therapy"):
        do(clinic, booking.join, music, first)
    again = do(clinic, booking.book, wish(clinic, TEN + 9 * HALF_HOUR)).created[0]
    with pytest.raises(Invalid, match="already"):
        do(clinic, booking.join, again, first)


def test_a_group_that_is_too_large_for_its_room_is_refused_in_words(clinic):  # noqa: F811
    first, second = two(clinic)
    with clinic.database.work(SYSTEM) as work:
        records.save(work, Room, {"capacity": 1}, id=clinic.hall)
    with pytest.raises(Invalid, match="room for 1"):
        do(clinic, booking.join, second, first)


def test_one_child_is_taken_out_of_a_group_and_the_last_is_alone_again(clinic):  # noqa: F811
    pair = do(clinic, booking.book, wish(clinic, children=(clinic.child, clinic.third))).created
    before = values(clinic, pair)
    change = do(clinic, booking.split, pair[0], TEN, TEN + HALF_HOUR)
    assert [session(clinic, key)["form"] for key in pair] == ["single", "single"]
    assert [session(clinic, key)["sitting_id"] for key in pair] == list(pair)
    assert [session(clinic, key)["starts_at"] for key in pair] == [TEN, NINE]
    back = do(clinic, booking.undo, change)
    assert values(clinic, pair) == before
    do(clinic, booking.undo, back)
    assert session(clinic, pair[0])["starts_at"] == TEN


def test_a_child_taken_out_needs_another_time_or_therapist(clinic):  # noqa: F811
    pair = do(clinic, booking.book, wish(clinic, children=(clinic.child, clinic.third))).created
    with pytest.raises(Invalid, match="already treating"):
        do(clinic, booking.split, pair[0], NINE, NINE + HALF_HOUR)
    do(clinic, booking.split, pair[0], NINE, NINE + HALF_HOUR, therapist_id=clinic.colleague, confirmed=True)
    alone = do(clinic, booking.book, wish(clinic, TEN)).created[0]
    with pytest.raises(Invalid, match="alone already"):
        do(clinic, booking.split, alone, TEN, TEN + HALF_HOUR)


def test_a_booking_is_undone_and_done_again(clinic):  # noqa: F811
    change = do(clinic, booking.book, wish(clinic))
    key = change.created[0]
    back = do(clinic, booking.undo, change)
    assert session(clinic, key)["deleted_at"]
    do(clinic, booking.undo, back)
    assert session(clinic, key)["deleted_at"] is None


def test_doing_it_again_is_refused_in_words_when_the_place_is_taken_by_now(clinic):  # noqa: F811
    back = do(clinic, booking.undo, do(clinic, booking.book, wish(clinic)))
    do(clinic, booking.book, wish(clinic, children=(clinic.third,)))
    with pytest.raises(Invalid, match="already treating 王小雨"):
        do(clinic, booking.undo, back)


def test_what_somebody_else_has_changed_since_is_not_taken_back(clinic):  # noqa: F811
    key = do(clinic, booking.book, wish(clinic)).created[0]
    moved = do(clinic, booking.move, key, TEN, TEN + HALF_HOUR)
    do(clinic, booking.move, key, TEN + HALF_HOUR, TEN + 2 * HALF_HOUR, who=SYSTEM)
    with pytest.raises(Invalid, match="has changed this since"):
        do(clinic, booking.undo, moved)
    assert session(clinic, key)["starts_at"] == TEN + HALF_HOUR


def test_what_somebody_has_noted_since_does_not_hinder(clinic):  # noqa: F811
    key = do(clinic, booking.book, wish(clinic)).created[0]
    moved = do(clinic, booking.move, key, TEN, TEN + HALF_HOUR)
    do(clinic, records.save, TherapySession, {"note": "带支具"}, id=key, who=SYSTEM)
    do(clinic, booking.undo, moved)
    assert session(clinic, key)["starts_at"] == NINE and session(clinic, key)["note"] == "带支具"


def test_a_booking_that_was_attended_since_is_not_taken_back(clinic):  # noqa: F811
    change = do(clinic, booking.book, wish(clinic))
    do(clinic, booking.attend, {change.created[0]: booking.Attendance("done")})
    with pytest.raises(Invalid, match="has changed this since"):
        do(clinic, booking.undo, change)


def test_a_locked_session_stays_until_it_is_unlocked(clinic):  # noqa: F811
    first, second = two(clinic)
    change = do(clinic, booking.lock, [first], True)
    for act in ((booking.move, first, TEN, TEN + HALF_HOUR), (booking.join, first, second)):
        with pytest.raises(Invalid, match="locked"):
            do(clinic, *act)
    do(clinic, booking.undo, change)
    do(clinic, booking.move, first, TEN + HALF_HOUR, TEN + 2 * HALF_HOUR)


def test_joining_sees_that_somebody_changed_it_meanwhile(clinic):  # noqa: F811
    first, second = two(clinic)
    with pytest.raises(Changed):
        do(clinic, booking.join, second, first, seen={second: 99})


def test_sessions_change_places_in_any_order(clinic):  # noqa: F811
    first, second = two(clinic)
    places = {first: (TEN, TEN + HALF_HOUR), second: (NINE, NINE + HALF_HOUR)}
    wanted = {key: dict(zip(("starts_at", "ends_at"), place, strict=True)) for key, place in places.items()}
    do(clinic, rearrange, wanted)
    assert [session(clinic, key)["starts_at"] for key in (first, second)] == [TEN, NINE]
    assert session(clinic, first)["deleted_at"] is None


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(4)))
def test_any_exchange_of_places_is_possible_and_taken_back(order, clinic):  # noqa: F811
    starts = [datetime(2026, 11, 17, 8) + count * HALF_HOUR for count in range(4)]
    with clinic.database.work(SYSTEM) as work:
        keys = [booking.book(work, wish(clinic, start, children=(clinic.child,))).created[0] for start in starts]
        change = Change(
            before=tuple((key, {"starts_at": starts[place], "ends_at": starts[place] + timedelta(minutes=30)})
                         for key, place in zip(keys, order, strict=True))
        )  # fmt: skip
        there = booking.undo(work, change)
        sessions = [work.get(TherapySession, key) for key in keys]
        assert [booking_of(each).starts_at for each in sessions] == [starts[place] for place in order]
        booking.undo(work, there)
        assert [booking_of(each).starts_at for each in sessions] == starts
        booking.undo(work, Change(created=tuple(keys)))
