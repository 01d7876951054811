"""Booking 预约: book, move, cancel, attend and sign therapy sessions; every act can be undone in one step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from models.core import records
from models.core.database import Work
from models.core.errors import Changed, Invalid, Problem, Unconfirmed
from models.core.queries import load
from models.core.record import new_id
from models.scheduling.change import OPEN, Change, kept, rearrange, told_by_name, undo
from models.scheduling.conflicts import Booking
from models.scheduling.occupancy import FIELD_OF, booking_of, occupancy
from models.therapies import HOLDING, TREATED
from models.therapy import TherapySession
from resources import _

__all__ = [
    "Attendance", "Change", "Wish", "attend", "book", "cancel", "join", "lock", "move", "rest_of_series", "sign", "sitting_of",
    "split", "undo",
]  # fmt: skip


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


def book(work: Work, wish: Wish, *, series_id: str | None = None, confirmed: bool = False) -> Change:
    """Book a sitting, one session a child."""
    if not wish.child_ids:
        raise Invalid([Problem("child_id", _("Please choose a child."))])
    ids = tuple(new_id() for _child in wish.child_ids)
    sitting = ids[0] if wish.form == "single" else new_id()
    with told_by_name(work, wish.bookings(ids, sitting)):
        for key, child in zip(ids, wish.child_ids, strict=True):
            values = {
                "child_id": child, "therapy": wish.therapy, "therapist_id": wish.therapist_id, "form": wish.form,
                "room_id": wish.room_id, "equipment_id": wish.equipment_id, "starts_at": wish.starts_at,
                "ends_at": wish.ends_at, "sitting_id": sitting, "series_id": series_id, "status": "booked",
                "makes_up_id": wish.makes_up_id,
            }  # fmt: skip
            records.save(work, TherapySession, values, id=key, confirmed=confirmed)
    return Change(created=ids, after={key: kept(load(work, TherapySession, key)) for key in ids})


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
    _refuse_fixed(sessions, seen)
    wanted: dict[str, Any] = {"starts_at": starts_at, "ends_at": ends_at}
    wanted |= {"therapist_id": therapist_id} if therapist_id else {}
    wanted |= {"room_id": room_id} if room_id else {}
    proposals = [replace(booking_of(session), **wanted) for session in sessions]
    with told_by_name(work, proposals):
        return _changed(work, sessions, dict.fromkeys((each.id for each in sessions), wanted), confirmed, seen)


def join(
    work: Work, session_id: str, into_id: str, *, seen: Mapping[str, int] | None = None, confirmed: bool = False
) -> Change:
    """Join a sitting to another of the same therapy as one group 合并为集体训练, where and when the other is."""
    joining, standing = sitting_of(work, session_id), sitting_of(work, into_id)
    host = standing[0]
    _refuse_fixed([*joining, *standing], seen)
    if host in joining or any(each.therapy != host.therapy for each in joining):
        raise Invalid([Problem("therapy", _("Only sessions of the same therapy become one group."))])
    if {each.child_id for each in joining} & {each.child_id for each in standing}:
        raise Invalid([Problem("child_id", _("The child is in this group already."))])
    # A lone session gets a new sitting; a group keeps its own, for its members cannot all change at the same moment.
    sitting = host.sitting_id if len(standing) > 1 else new_id()
    common = {"form": "group", "sitting_id": sitting}
    place = {name: getattr(host, name) for name in _PLACE}
    wanted = {each.id: common for each in standing} | {each.id: common | place for each in joining}
    return _regrouped(work, [*standing, *joining], wanted, confirmed)


def split(
    work: Work,
    session_id: str,
    starts_at: datetime,
    ends_at: datetime,
    *,
    therapist_id: str | None = None,
    seen: Mapping[str, int] | None = None,
    confirmed: bool = False,
) -> Change:
    """Take one child out of a group 移出集体训练 and treat it alone, at another time or with another therapist."""
    together = sitting_of(work, session_id)
    alone = next(each for each in together if each.id == session_id)
    _refuse_fixed(together, seen)
    if len(together) < 2:
        raise Invalid([Problem("form", _("The child is treated alone already."))])
    wanted: dict[str, dict[str, Any]] = {
        session_id: {
            "form": "single", "sitting_id": session_id, "starts_at": starts_at, "ends_at": ends_at,
            "therapist_id": therapist_id or alone.therapist_id,
        }
    }  # fmt: skip
    left = [each for each in together if each.id != session_id]
    if len(left) == 1:
        wanted[left[0].id] = {"form": "single", "sitting_id": left[0].id}
    return _regrouped(work, [alone, *left[: len(wanted) - 1]], wanted, confirmed)


def lock(work: Work, session_ids: Iterable[str], locked: bool) -> Change:
    """Lock sessions in their place 锁定, for hand and planner alike, or unlock them."""
    sessions = [load(work, TherapySession, key) for key in session_ids]
    return _changed(work, sessions, dict.fromkeys((each.id for each in sessions), {"locked": locked}), confirmed=True)


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


_PLACE = ("starts_at", "ends_at", "therapist_id", "room_id", "equipment_id")


def _refuse_fixed(sessions: Sequence[TherapySession], seen: Mapping[str, int] | None) -> None:
    """Refuse to move what is attended, signed, locked, or changed by somebody since it was seen."""
    if any(session.status != "booked" for session in sessions):
        raise Invalid([Problem("", _("Attendance is recorded already; such a session is not moved."))])
    if any(getattr(session, "locked", False) for session in sessions):
        raise Invalid([Problem("", _("The session is locked; it is moved only after it was unlocked."))])
    for session in sessions:
        _refuse_signed(session)
        _refuse_unseen(session, seen)


def _refuse_signed(session: TherapySession) -> None:
    if session.state not in OPEN:
        raise Invalid([Problem("", _("The session is signed; it is corrected with a reason, not changed."))])


def _refuse_unseen(session: TherapySession, seen: Mapping[str, int] | None) -> None:
    if seen and seen.get(session.id, session.version) != session.version:
        raise Changed((), session.changed_by or session.recorded_by, session.version)


def _regrouped(
    work: Work, sessions: Sequence[TherapySession], wanted: Mapping[str, Mapping[str, Any]], confirmed: bool
) -> Change:
    """Give sessions another sitting after judging those that will be together."""
    proposals = [_as(session, wanted[session.id]) for session in sessions]
    for sitting in dict.fromkeys(each.sitting for each in proposals):
        _judge(work, [each for each in proposals if each.sitting == sitting], proposals, confirmed)
    before = tuple((session.id, kept(session)) for session in sessions)
    work.confirmed = True
    rearrange(work, wanted)
    return Change(before=before, after={session.id: kept(session) for session in sessions})


def _as(session: TherapySession, wanted: Mapping[str, Any]) -> Booking:
    return replace(booking_of(session), **{name: value for name, value in wanted.items() if name != "locked"})


def _judge(work: Work, together: Sequence[Booking], moving: Sequence[Booking], confirmed: bool) -> None:
    """Raise what stands against a sitting, as if everything else that moves with it had moved already."""
    day = together[0].starts_at.date()
    elsewhere = {each.id: each for each in moving}
    taken = occupancy(work, day, day)
    standing = [elsewhere.get(each.id, each) for each in taken.bookings]
    found = replace(taken, bookings=tuple(each for each in standing if each.starts_at.date() == day)).conflicts(
        *together
    )
    problems = [Problem(FIELD_OF.get(each.kind, "starts_at"), each.words, warning=each.warning) for each in found]
    if any(not each.warning for each in problems):
        raise Invalid(problems)
    if problems and not (confirmed or work.confirmed):
        raise Unconfirmed(problems)


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
        _refuse_unseen(session, seen)
        _refuse_signed(session)
        before.append((session.id, kept(session)))
        for name, value in wanted[session.id].items():
            setattr(session, name, value)
        work.flush()
    return Change(before=tuple(before), after={session.id: kept(session) for session in sessions})
