"""The week as the calendar reads it: blocks, groups, what a proposal would change, and whether anybody changed it."""

from __future__ import annotations

from datetime import date, timedelta

from models.core import records
from models.core.access import SYSTEM
from models.scheduling import booking
from models.scheduling.proposal import proposed
from models.scheduling.week import ALL, pulse, read_week
from models.scheduling.week_plan import WeekPlan
from models.therapy import TherapySession
from tests.conftest import actor
from tests.models.test_booking import HALF_HOUR, MONDAY, NINE, clinic, do, wish  # noqa: F401 (the fixture)

SUNDAY = MONDAY + timedelta(days=6)


def whole(clinic, who=None):  # noqa: F811
    with clinic.database.read(who or clinic.li) as work:
        return read_week(work, MONDAY, SUNDAY)


def test_a_group_is_known_by_its_therapy_and_children_from_week_to_week(clinic):  # noqa: F811
    pair = (clinic.child, clinic.third)
    do(clinic, booking.book, wish(clinic, children=pair))
    do(clinic, booking.book, wish(clinic, NINE + timedelta(days=1), children=pair))
    do(clinic, booking.book, wish(clinic, NINE + timedelta(days=2)))
    week = whole(clinic)
    assert len(week.groups) == 1 and len(week.of("group", ALL)) == 2
    assert week.of("group", week.groups[0].group) == week.of("group", ALL)
    assert [block.size for block in week.blocks] == [2, 2, 1]


def test_whose_blocks_are_whose(clinic):  # noqa: F811
    key = do(clinic, booking.book, wish(clinic)).created[0]
    week = whole(clinic)
    assert week.of("therapist", clinic.therapist) == week.of("room", clinic.hall) == week.of("child", clinic.child)
    assert week.block_of(key) is week.block(week.blocks[0].key) and week.of("therapist", clinic.colleague) == []


def test_a_locked_block_is_not_movable(clinic):  # noqa: F811
    key = do(clinic, booking.book, wish(clinic)).created[0]
    assert whole(clinic).blocks[0].movable
    do(clinic, booking.lock, [key], True)
    block = whole(clinic).blocks[0]
    assert block.locked and block.open and not block.movable


def test_the_pulse_beats_with_every_change_of_the_week_and_with_no_other(clinic):  # noqa: F811
    def beat() -> tuple[int, int]:
        with clinic.database.read(clinic.li) as work:
            return pulse(work, MONDAY, SUNDAY)

    seen = [beat()]
    change = do(clinic, booking.book, wish(clinic))
    seen.append(beat())
    do(clinic, booking.move, change.created[0], NINE + HALF_HOUR, NINE + 2 * HALF_HOUR)
    seen.append(beat())
    do(clinic, records.save, TherapySession, {"note": "带支具"}, id=change.created[0])
    seen.append(beat())
    assert len(set(seen)) == 4
    do(clinic, booking.book, wish(clinic, NINE + timedelta(days=14)))
    assert beat() == seen[-1]


def test_a_proposal_shows_what_it_would_book_and_move_not_what_stays(clinic):  # noqa: F811
    stays = do(clinic, booking.book, wish(clinic)).created[0]
    moves = do(clinic, booking.book, wish(clinic, NINE + HALF_HOUR, children=(clinic.third,))).created[0]

    def item(start, sitting, child=clinic.child):
        return {"task": "t", "children": [child], "therapy": "PT", "kind": "plan", "therapist": clinic.therapist,
                "starts": start.isoformat(), "ends": (start + HALF_HOUR).isoformat(), "room": clinic.hall, "tool": None,
                "sitting": sitting, "makes_up": None}  # fmt: skip

    later = NINE + timedelta(days=2)
    items = [item(NINE, stays), item(later, moves, clinic.third), item(later + HALF_HOUR, None, clinic.other)]
    with clinic.database.work(SYSTEM) as work:
        gone = booking.book(work, wish(clinic, NINE + 4 * HALF_HOUR, children=(clinic.other,))).created[0]
        plan = {"monday": MONDAY, "stage": "proposed", "items": items, "leaving": [gone]}
        records.save(work, WeekPlan, plan)
    with clinic.database.read(SYSTEM) as work:
        whole = proposed(work, MONDAY, read_week(work, MONDAY, SUNDAY))
    found = whole.blocks
    assert (whole.moving, whole.leaving) == (frozenset({moves}), frozenset({gone}))
    assert [(block.starts_at, block.members[0].name) for block in found] == [
        (later, "王小雨"), (later + HALF_HOUR, "阿依古丽·买买提")]  # fmt: skip
    with clinic.database.read(clinic.li) as work:
        own = proposed(work, MONDAY, read_week(work, MONDAY, SUNDAY)).blocks
    assert [block.size for block in own] == [1, 1] and [block.known for block in own] == [True, False]
    with clinic.database.read(actor("nurse")) as work:
        assert not proposed(work, MONDAY, read_week(work, MONDAY, SUNDAY))


def test_a_published_plan_is_no_proposal(clinic):  # noqa: F811
    with clinic.database.work(SYSTEM) as work:
        records.save(work, WeekPlan, {"monday": MONDAY, "stage": "published", "items": []})
    with clinic.database.read(SYSTEM) as work:
        assert not proposed(work, MONDAY, read_week(work, date(2026, 11, 16), SUNDAY))
