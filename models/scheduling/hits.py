"""Hits 受影响的训练: which booked sessions a leave, a closed room or a lowered capacity would hit, before it is saved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.core.database import Work
from models.core.queries import titles
from models.leave import Absence
from models.scheduling.conflicts import Booking
from models.scheduling.occupancy import held
from models.therapies import short_name
from resources import _, ngettext

AHEAD = 370
"""Bookings are looked at for about a year; no series is longer."""
NAMED = 5
"""So many sessions are named; the others are counted."""


@dataclass(frozen=True)
class Hit:
    """One booked session that could not stay."""

    session_id: str
    child_id: str
    child: str
    therapy: str
    therapist_id: str
    starts_at: datetime
    ends_at: datetime

    @property
    def words(self) -> str:
        """Say whose and when."""
        child = self.child or _("another child")
        return f"{self.starts_at:%m-%d %H:%M} {child} {short_name(self.therapy)}"


def sessions_hit_by_leave(work: Work, leave: Absence) -> list[Hit]:
    """Return the booked sessions of a member of staff that a leave hits, in the order of time."""
    first, last = max(leave.starts_on, work.today), leave.ends_on
    if last < first:
        return []
    mine = [
        each for each in held(work, first, last) if each.therapist_id == leave.staff_id and each.starts_at >= work.now
    ]
    return _hits(work, [each for each in mine if leave.covers(each.starts_at.date(), _half(each))])


def _half(booking: Booking) -> str:
    return "morning" if booking.starts_at.hour < 12 else "afternoon"


def sessions_over(work: Work, kind: str, key: str, limit: int) -> list[Hit]:
    """Return the booked sessions for which a room or piece of equipment would have no place any more.

    Args:
        kind: ``room`` or ``equipment``.
        limit: how many children at a time from now on; 0 when it is closed.
    """
    coming = _using(work, kind, key)
    by_day: defaultdict[date, list[Booking]] = defaultdict(list)
    for each in coming:
        by_day[each.starts_at.date()].append(each)
    return _hits(work, [each for day in sorted(by_day) for each in _too_many(by_day[day], limit)])


def _using(work: Work, kind: str, key: str) -> list[Booking]:
    """What is booked there from now on; only booked sessions count, what was held is over."""
    coming = held(work, work.today, work.today + timedelta(days=AHEAD))
    return [each for each in coming if getattr(each, f"{kind}_id") == key and each.starts_at >= work.now]


def _too_many(bookings: Sequence[Booking], limit: int) -> Iterator[Booking]:
    """Those that have no place, when the first come are the first served; a group stays or goes as a whole."""
    kept: list[Booking] = []
    sittings: dict[str, list[Booking]] = {}
    for each in bookings:
        sittings.setdefault(each.sitting, []).append(each)
    for together in sittings.values():
        present = {other.child_id for other in kept if other.meets(together[0])}
        if len(present) + len(together) > limit:
            yield from together
        else:
            kept += together


def _hits(work: Work, bookings: Collection[Booking]) -> list[Hit]:
    names = titles(work, "child", {each.child_id for each in bookings})
    return [
        Hit(
            each.id,
            each.child_id,
            names.get(each.child_id, ""),
            each.therapy,
            each.therapist_id,
            each.starts_at,
            each.ends_at,
        )
        for each in sorted(bookings, key=lambda each: (each.starts_at, each.id))
    ]


def hits_words(hits: Sequence[Hit]) -> str:
    """Say how many sessions are hit and name the first."""
    shown = _("; ").join(each.words for each in hits[:NAMED])
    if len(hits) > NAMED:
        shown = _("{names} and {n} more").format(names=shown, n=len(hits) - NAMED)
    text = ngettext(
        "{n} booked session is hit: {which}. Plan it anew or cancel it.",
        "{n} booked sessions are hit: {which}. Plan them anew or cancel them.",
        len(hits),
    )
    return text.format(n=len(hits), which=shown)
