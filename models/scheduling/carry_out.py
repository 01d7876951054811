"""Carrying out 执行方案: the bookings, moves and cancellations of a plan in one unit of work, with what takes them back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import select

from models.core import records
from models.core.database import Work
from models.core.queries import load
from models.core.record import new_id
from models.scheduling.change import OPEN, Change, kept, rearrange, told_by_name
from models.scheduling.conflicts import Booking
from models.scheduling.occupancy import JUDGED
from models.scheduling.week_plan import WeekPlan
from models.therapy import TherapySession
from resources import _

BATCH = 400
ASIDE_REASON = "other"
"""Why a session falls out of a plan is said in its note; none of the ordinary reasons fits."""


def carry_out(work: Work, plan: WeekPlan) -> Change:
    """Cancel what falls out, move what moves, book what is new; the database guards the result."""
    items = plan.items or []
    sittings = booked_in(work, [*(each["sitting"] for each in items if each["sitting"]), *(plan.leaving or ())])
    fallen = [session for key in plan.leaving or () for session in sittings.get(key, ())]
    wanted: dict[str, dict[str, Any]] = {}
    fresh: list[tuple[dict[str, Any], str, str]] = []
    excused = _excused(work, list(sittings))
    for item in items:
        if datetime.fromisoformat(item["starts"]) < work.now:
            continue  # It has begun meanwhile; that nothing was to be done to it was seen before.
        members = {each.child_id: each for each in sittings.get(item["sitting"] or "", ())}
        place = _place(item)
        moves = any(getattr(each, name) != value for each in members.values() for name, value in place.items())
        wanted |= {each.id: place for child, each in members.items() if moves and child in item["children"]}
        # Who sits in the group without a prescription does not go along when it moves.
        fallen += [each for child, each in members.items() if moves and child not in item["children"]]
        sitting = item["sitting"] if members else new_id()
        stays_away = set() if moves else excused.get(sitting, set())
        fresh += [(item, child, sitting) for child in item["children"] if child not in {*members, *stays_away}]
    before = {
        each.id: kept(each)
        for each in [*fallen, *(s for several in sittings.values() for s in several if s.id in wanted)]
    }
    with _judged(work):
        _fall_out(work, fallen)
        rearrange(work, wanted)
        created = [_book(work, *each) for each in fresh]
        touched = {key: kept(load(work, TherapySession, key)) for key in [*created, *before]}
    return Change(tuple(created), tuple(before.items()), touched)


@contextmanager
def _judged(work: Work) -> Iterator[None]:
    """The plan was judged as a whole: no session is asked about by itself."""
    before, work.info[JUDGED], work.confirmed = work.info.get(JUDGED), True, True
    try:
        yield
    finally:
        work.info[JUDGED] = before


def booked_in(work: Work, sittings: Sequence[str]) -> dict[str, list[TherapySession]]:
    """The booked sessions of some sittings, refusing what is signed or attended by now."""
    found: dict[str, list[TherapySession]] = {}
    for start in range(0, len(sittings), BATCH):
        asked = select(TherapySession).where(
            TherapySession.sitting_id.in_(sittings[start : start + BATCH]), TherapySession.deleted_at.is_(None),
            TherapySession.status == "booked", TherapySession.state.in_(OPEN),
        )  # fmt: skip
        for each in work.scalars(asked.order_by(TherapySession.id)):
            found.setdefault(each.sitting_id, []).append(each)
    return found


def _excused(work: Work, sittings: Sequence[str]) -> dict[str, set[str]]:
    """Who was taken out of a sitting this time and is not put back into it as long as it stays where it is."""
    session = TherapySession
    found: dict[str, set[str]] = {}
    for start in range(0, len(sittings), BATCH):
        asked = select(session.sitting_id, session.child_id).where(
            session.sitting_id.in_(sittings[start : start + BATCH]), session.deleted_at.is_(None),
            session.status.in_(["cancelled", "absent"]),
        )  # fmt: skip
        for sitting, child in work.execute(asked):
            found.setdefault(sitting, set()).add(child)
    return found


def _place(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "starts_at": datetime.fromisoformat(item["starts"]), "ends_at": datetime.fromisoformat(item["ends"]),
        "therapist_id": item["therapist"], "room_id": item["room"], "equipment_id": item["tool"],
    }  # fmt: skip


def _fall_out(work: Work, sessions: Iterable[TherapySession]) -> None:
    for session in sessions:
        session.status, session.reason = "cancelled", ASIDE_REASON
        session.attendance_note = _("No place in the published week; on the waiting list.")
    work.flush()


def _book(work: Work, item: Mapping[str, Any], child: str, sitting: str) -> str:
    key, group = new_id(), len(item["children"]) > 1
    values = {
        **_place(item), "child_id": child, "therapy": item["therapy"], "form": "group" if group else "single",
        "sitting_id": sitting if group else key, "status": "booked", "makes_up_id": item["makes_up"],
    }  # fmt: skip
    proposal = Booking(
        key, child, values["therapist_id"], values["starts_at"], values["ends_at"], values["room_id"],
        values["equipment_id"], values["sitting_id"], None, values["therapy"], values["form"],
    )  # fmt: skip
    with told_by_name(work, [proposal]):
        records.save(work, TherapySession, values, id=key)
    return key
