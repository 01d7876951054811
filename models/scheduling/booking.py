"""Booking 预约: book, move, cancel, attend and sign therapy sessions; every act can be undone in one step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from models.core import records
from models.core.database import Work
from models.core.errors import Changed, Invalid, Problem
from models.core.queries import load
from models.core.record import new_id
from models.scheduling.conflicts import Booking
from models.scheduling.guard import Taken
from models.scheduling.occupancy import FIELD_OF, booking_of, conflicts
from models.therapies import HOLDING, TREATED
from models.therapy import TherapySession
from resources import _


@dataclass(frozen=True)
class Wish:
    """One sitting somebody wants to book: whom, what, with whom, where and when."""

    child_ids: tuple[str, ...]
    therapy: str
    therapist_id: str
    starts_at: datetime
    ends_at: datetime
    room_id: str | None = None
    equipment_id: str | None = None
    makes_up_id: str | None = None

    @property
    def form(self) -> str:
        """``group`` when there is more than one child."""
        return "group" if len(self.child_ids) > 1 else "single"

    def bookings(self, ids: Sequence[str] = (), sitting_id: str = "") -> tuple[Booking, ...]:
        """Return what it would occupy, one booking a child."""
        keys = tuple(ids) or tuple(f"wish-{count}" for count in range(len(self.child_ids)))
        sitting = sitting_id or keys[0]
        return tuple(
            Booking(
                key, child, self.therapist_id, self.starts_at, self.ends_at, self.room_id, self.equipment_id,
                sitting, None, self.therapy, self.form,
            )
            for key, child in zip(keys, self.child_ids, strict=True)
        )  # fmt: skip

    def at(self, starts_at: datetime) -> Wish:
        """Return the same wish at another time, equally long."""
        return replace(self, starts_at=starts_at, ends_at=starts_at + (self.ends_at - self.starts_at))


@dataclass(frozen=True)
class Attendance:
    """How one child attended: the status, and what it asks for."""

    status: str
    reason: str | None = None
    minutes_missed: int | None = None
    note: str | None = None


@dataclass(frozen=True)
class Change:
    """What an act has done, so that it can be undone: sessions created, and the values of others before."""

    created: tuple[str, ...] = ()
    before: tuple[tuple[str, Mapping[str, Any]], ...] = ()

    @property
    def ids(self) -> tuple[str, ...]:
        """All sessions that were touched."""
        return (*self.created, *(key for key, _values in self.before))

    def __bool__(self) -> bool:
        return bool(self.created or self.before)


def book(work: Work, wish: Wish, *, series_id: str | None = None, confirmed: bool = False) -> Change:
    """Book a sitting, one session a child."""
    if not wish.child_ids:
        raise Invalid([Problem("child_id", _("Please choose a child."))])
    ids = tuple(new_id() for _child in wish.child_ids)
    sitting = ids[0] if wish.form == "single" else new_id()
    with _told_by_name(work, wish.bookings(ids, sitting)):
        for key, child in zip(ids, wish.child_ids, strict=True):
            values = {
                "child_id": child, "therapy": wish.therapy, "therapist_id": wish.therapist_id, "form": wish.form,
                "room_id": wish.room_id, "equipment_id": wish.equipment_id, "starts_at": wish.starts_at,
                "ends_at": wish.ends_at, "sitting_id": sitting, "series_id": series_id, "status": "booked",
                "makes_up_id": wish.makes_up_id,
            }  # fmt: skip
            records.save(work, TherapySession, values, id=key, confirmed=confirmed)
    return Change(created=ids)


def sitting_of(work: Work, session_id: str) -> list[TherapySession]:
    """Return the sessions treated together with one, itself included, that still hold their place."""
    session = load(work, TherapySession, session_id)
    if session.form == "single":
        return [session]
    statement = select(TherapySession).where(
        TherapySession.sitting_id == session.sitting_id,
        TherapySession.deleted_at.is_(None),
        TherapySession.status.in_(HOLDING),
        TherapySession.state.not_in(["void", "superseded"]),
    )
    together = list(work.scalars(statement.order_by(TherapySession.id)))
    return together if session in together else [session, *together]


def move(
    work: Work,
    session_id: str,
    starts_at: datetime,
    ends_at: datetime,
    *,
    therapist_id: str | None = None,
    room_id: str | None = None,
    seen: Mapping[str, int] | None = None,
    confirmed: bool = False,
) -> Change:
    """Move or stretch a sitting, give it to another therapist or put it into another room.

    ``seen`` holds the versions the person saw; when somebody has changed one since, nothing is done.
    """
    sessions = sitting_of(work, session_id)
    if any(session.status != "booked" for session in sessions):
        raise Invalid([Problem("", _("Attendance is recorded already; such a session is not moved."))])
    wanted: dict[str, Any] = {"starts_at": starts_at, "ends_at": ends_at}
    wanted |= {"therapist_id": therapist_id} if therapist_id else {}
    wanted |= {"room_id": room_id} if room_id else {}
    proposals = [replace(booking_of(session), **wanted) for session in sessions]
    with _told_by_name(work, proposals):
        return _changed(work, sessions, dict.fromkeys((each.id for each in sessions), wanted), confirmed, seen)


def cancel(work: Work, session_ids: Iterable[str], reason: str, note: str = "") -> Change:
    """Cancel sessions with a reason; their time is free again."""
    sessions = [load(work, TherapySession, key) for key in session_ids]
    if any(session.status in TREATED for session in sessions):
        raise Invalid([Problem("", _("The child was treated; such a session is not cancelled."))])
    wanted = {"status": "cancelled", "reason": reason or None, "attendance_note": note or None}
    return _changed(work, sessions, dict.fromkeys((each.id for each in sessions), wanted), confirmed=True)


def attend(work: Work, entries: Mapping[str, Attendance], seen: Mapping[str, int] | None = None) -> Change:
    """Record who attended, for any number of sessions in one step."""
    sessions = [load(work, TherapySession, key) for key in entries]
    wanted = {}
    for session in sessions:
        entry = entries[session.id]
        made_up = entry.status == "done" and session.makes_up_id
        wanted[session.id] = {
            "status": "made_up" if made_up else entry.status,
            "reason": entry.reason,
            "minutes_missed": entry.minutes_missed,
            "attendance_note": entry.note,
        }
    return _changed(work, sessions, wanted, confirmed=True, seen=seen)


def sign(work: Work, session_ids: Iterable[str]) -> int:
    """Sign sessions whose attendance is recorded and return how many; the rest stay unsigned."""
    signed = 0
    for key in session_ids:
        session = load(work, TherapySession, key)
        if session.state in ("draft", "returned") and session.status != "booked":
            records.take_step(work, TherapySession, key, "submit")
            signed += 1
    return signed


def rest_of_series(work: Work, session_id: str) -> list[str]:
    """Return a session and all later booked ones of its series."""
    session = load(work, TherapySession, session_id)
    if not session.series_id:
        return [session.id]
    statement = select(TherapySession.id).where(
        TherapySession.series_id == session.series_id,
        TherapySession.starts_at >= session.starts_at,
        TherapySession.status == "booked",
        TherapySession.deleted_at.is_(None),
        TherapySession.child_id == session.child_id,
    )
    return list(work.scalars(statement.order_by(TherapySession.starts_at)))


def undo(work: Work, change: Change) -> None:
    """Take back what an act has done; what was free then may meanwhile be taken, which is told."""
    for key in change.created:
        records.put_in_bin(work, TherapySession, key)
    for key, values in change.before:
        session = load(work, TherapySession, key)
        work.confirmed = True
        for name, value in values.items():
            setattr(session, name, value)
    work.flush()


def _changed(
    work: Work,
    sessions: Sequence[TherapySession],
    wanted: Mapping[str, Mapping[str, Any]],
    confirmed: bool,
    seen: Mapping[str, int] | None = None,
) -> Change:
    before = []
    work.confirmed = work.confirmed or confirmed
    for session in sessions:
        if seen and seen.get(session.id, session.version) != session.version:
            raise Changed((), session.changed_by or session.recorded_by, session.version)
        if session.state not in ("draft", "returned"):
            raise Invalid([Problem("", _("The session is signed; it is corrected with a reason, not changed."))])
        before.append((session.id, {name: getattr(session, name) for name in _KEPT}))
        for name, value in wanted[session.id].items():
            setattr(session, name, value)
        work.flush()
    return Change(before=tuple(before))


_KEPT = (
    "starts_at", "ends_at", "therapist_id", "room_id", "equipment_id", "status", "reason", "minutes_missed",
    "attendance_note",
)  # fmt: skip
"""What an act may change, and undoing restores."""


@contextmanager
def _told_by_name(work: Work, proposals: Sequence[Booking]) -> Iterator[None]:
    """When somebody else was faster, say who holds the place now, not only that it is taken."""
    try:
        with work.begin_nested():
            yield
    except Taken as taken:
        found = [conflict for conflict in conflicts(work, *proposals) if not conflict.warning]
        if not found:
            raise
        problems = [Problem(FIELD_OF.get(each.kind, "starts_at"), each.words) for each in found]
        raise Invalid(problems) from taken
