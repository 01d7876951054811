"""Standing 现有课表: the sittings of a week as they are booked, and of the weeks before as they were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import select

from models.core.database import Work
from models.scheduling.conflicts import Booking
from models.scheduling.guard import FREED_STATES
from models.scheduling.occupancy import held
from models.therapies import HOLDING, TREATED
from models.therapy import TherapySession

FAMILIAR_WEEKS = 8
"""Who has treated a child within so many weeks knows it."""


@dataclass(frozen=True)
class Sitting:
    """Some children treated together, or one alone: what is booked, and whether it may be moved."""

    id: str
    sessions: tuple[tuple[str, str], ...]
    """(session, child) of each member."""
    therapy: str
    form: str
    therapist_id: str
    starts_at: datetime
    ends_at: datetime
    room_id: str | None
    equipment_id: str | None
    locked: bool = False
    fixed: bool = False
    """Attended, signed, a make-up, or a child's whom the person may not see: it stays where it is."""

    @cached_property
    def children(self) -> tuple[str, ...]:
        """The members."""
        return tuple(child for _session, child in self.sessions)

    @property
    def minutes(self) -> int:
        """The length in minutes."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)

    def later(self, days: int) -> Sitting:
        """Return the same sitting some days later."""
        shift = timedelta(days=days)
        return replace(self, starts_at=self.starts_at + shift, ends_at=self.ends_at + shift)


@dataclass(frozen=True)
class Standing:
    """A week as it stands."""

    coming: tuple[Sitting, ...]
    """What has not begun yet, in the order of time."""
    past: Mapping[tuple[str, str, str], int]
    """(child, therapy, form) → how many sessions of the week have been held or missed already."""
    past_by: Mapping[tuple[str, str], str]
    """(child, therapy) → who gave the last of them."""
    marks: Mapping[str, str]
    """Each session that holds a place, and where: by this a plan sees whether the week has changed underneath."""


def standing(work: Work, monday: date) -> Standing:
    """Read a week as it stands, for whomever; who may not be seen holds the place without a name."""
    known = {row.id: row for row in _rows(work, monday, monday + timedelta(days=7))}
    bookings = held(work, monday, monday + timedelta(days=6))
    past: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    past_by: dict[tuple[str, str], str] = {}
    for row in known.values():
        if row.starts_at < work.now and row.status in (*HOLDING, "absent") and not row.makes_up_id:
            past[row.child_id, row.therapy, row.form] += 1
            past_by[row.child_id, row.therapy] = row.therapist_id
    coming = sittings_of((each for each in bookings if each.starts_at >= work.now), known)
    return Standing(coming, dict(past), past_by, {each.id: mark(each, known.get(each.id)) for each in bookings})


def mark(booking: Booking, row: Any) -> str:
    """Say where a session is, so that any move of it shows."""
    locked = bool(row is not None and row.locked)
    place = (booking.therapist_id, booking.room_id or "", booking.equipment_id or "", "locked" if locked else "")
    return "|".join((booking.starts_at.isoformat(), booking.ends_at.isoformat(), *place))


def sittings_of(bookings: Iterable[Booking], known: Mapping[str, Any]) -> tuple[Sitting, ...]:
    """Put bookings of one sitting together; known are the sessions the person may see."""
    together: defaultdict[tuple[str, datetime], list[Booking]] = defaultdict(list)
    for each in bookings:
        if not each.supersedes_id:
            together[each.sitting, each.starts_at].append(each)
    found = [_sitting(members, [known.get(each.id) for each in members]) for members in together.values()]
    return tuple(sorted(found, key=lambda each: (each.starts_at, each.id)))


def _sitting(members: list[Booking], rows: list[Any]) -> Sitting:
    first = members[0]
    fixed = any(
        row is None or row.status != "booked" or row.state not in ("draft", "returned") or row.makes_up_id
        for row in rows
    )
    return Sitting(
        first.sitting, tuple((each.id, each.child_id) for each in members), first.therapy, first.form, first.therapist_id,
        first.starts_at, first.ends_at, first.room_id, first.equipment_id,
        any(row is not None and row.locked for row in rows), fixed,
    )  # fmt: skip


_SEEN = (
    "id", "child_id", "therapist_id", "therapy", "form", "starts_at", "ends_at", "room_id", "equipment_id", "sitting_id",
    "supersedes_id", "status", "state", "locked", "makes_up_id",
)  # fmt: skip


def _rows(work: Work, first: date, end: date) -> list[Any]:
    """The sessions of some days that the person may see, whatever their attendance."""
    statement = select(*(getattr(TherapySession, name) for name in _SEEN)).where(
        TherapySession.starts_at >= datetime.combine(first, time()),
        TherapySession.starts_at < datetime.combine(end, time()),
        TherapySession.deleted_at.is_(None), TherapySession.state.not_in(FREED_STATES),
    )  # fmt: skip
    return list(work.execute(statement.order_by(TherapySession.starts_at, TherapySession.id)))


def earlier(work: Work, monday: date, weeks: int) -> tuple[Sitting, ...]:
    """Return the sittings of the weeks before one, as they were planned: also those that a child missed."""
    rows = _rows(work, monday - timedelta(weeks=weeks), monday)
    kept = [row for row in rows if row.status != "cancelled" and not row.makes_up_id]
    bookings = [
        Booking(
            row.id, row.child_id, row.therapist_id, row.starts_at, row.ends_at, row.room_id, row.equipment_id, row.sitting_id,
            row.supersedes_id, row.therapy, row.form,
        )
        for row in kept
    ]  # fmt: skip
    return sittings_of(bookings, {row.id: row for row in rows})


def familiar(work: Work, monday: date) -> dict[str, frozenset[str]]:
    """Return by child who has treated it lately."""
    since = datetime.combine(monday - timedelta(weeks=FAMILIAR_WEEKS), time())
    statement = (
        select(TherapySession.child_id, TherapySession.therapist_id)
        .where(
            TherapySession.starts_at >= since, TherapySession.starts_at < datetime.combine(monday, time()),
            TherapySession.status.in_(TREATED), TherapySession.deleted_at.is_(None),
            TherapySession.state.not_in(FREED_STATES),
        )
        .distinct()
    )  # fmt: skip
    found: defaultdict[str, set[str]] = defaultdict(set)
    for child, therapist in work.execute(statement):
        found[child].add(therapist)
    return {child: frozenset(therapists) for child, therapists in found.items()}
