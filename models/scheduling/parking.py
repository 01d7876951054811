"""Parking 腾挪: giving many sessions new places at once, also in a ring, without noting steps that nobody took.

The database guards every single row, so two sessions that change places would meet for a moment. Within the
transaction those that move are taken off the table first, below the records and so below the trail, get their new
values, and come back: it is their coming back that the guard judges, each beside all the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from models.core.aside import write_below
from models.core.database import Work
from models.core.errors import Invalid, Problem
from models.scheduling.guard import Taken
from models.scheduling.occupancy import FIELD_OF, JUDGED, booking_of, conflicts
from models.therapies import HOLDING
from models.therapy import TherapySession

FEW = 12
"""With no more sessions than this it is quicker to find an order in which each has its place free."""
PARKED = "cancelled"
"""A state in which a session holds nothing."""
BATCH = 400


def rearrange_together(work: Work, wanted: Mapping[str, Mapping[str, Any]]) -> None:
    """Give sessions new values all at once; what stands against it must have been judged before.

    Raises:
        Invalid: when one of them finds its new place taken, naming who holds it.
    """
    keys = list(wanted)
    sessions = _load(work, keys)
    judged, work.info[JUDGED] = work.info.get(JUDGED), True
    try:
        with work.begin_nested():
            moving = {each.id: each.status for each in sessions if each.status in HOLDING and each.deleted_at is None}
            write_below(work, TherapySession, list(moving), status=PARKED)
            for session in sessions:
                for name, value in wanted[session.id].items():
                    setattr(session, name, value)
            work.flush()
            # Whose status was meant to change has it by now; the others are still off the table.
            _come_back(work, [each for each in sessions if moving.get(each.id) == each.status])
    finally:
        work.info[JUDGED] = judged


def _load(work: Work, keys: Sequence[str]) -> list[TherapySession]:
    found: list[TherapySession] = []
    for start in range(0, len(keys), BATCH):
        asked = select(TherapySession).where(TherapySession.id.in_(keys[start : start + BATCH]))
        found += work.scalars(asked.order_by(TherapySession.id))
    return found


def _come_back(work: Work, moving: Sequence[TherapySession]) -> None:
    """Put sessions back on the table; the guard looks at each."""
    for status in HOLDING:
        keys = [each.id for each in moving if each.status == status]
        try:
            with work.begin_nested():
                write_below(work, TherapySession, keys, status=status)
        except Taken as taken:
            raise _told(work, [each for each in moving if each.id in keys], taken) from taken


def _told(work: Work, moving: Sequence[TherapySession], taken: Taken) -> Invalid:
    """Say who holds the place that one of the moving wants."""
    for session in moving:
        found = [each for each in conflicts(work, booking_of(session)) if not each.warning]
        if found:
            return Invalid([Problem(FIELD_OF.get(each.kind, "starts_at"), each.words) for each in found])
    return taken
