"""Change 更改: what an act on sessions has done, so that it can be undone and done again — never over somebody else's.

An undone change is itself a change: undoing it does the act once more. So there is one way back and forth.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from models.core.database import Work
from models.core.errors import Invalid, Problem
from models.core.queries import load
from models.scheduling.conflicts import Booking
from models.scheduling.guard import Taken
from models.scheduling.occupancy import FIELD_OF, JUDGED, booking_of, conflicts
from models.scheduling.parking import FEW, rearrange_together
from models.scheduling.versions import turn_back
from models.therapy import TherapySession
from resources import _

_ACTS_CHANGE = (
    "starts_at", "ends_at", "therapist_id", "assistant_id", "room_id", "equipment_id", "form", "sitting_id", "locked",
    "status", "reason", "minutes_missed", "attendance_note",
)  # fmt: skip
KEPT = tuple(name for name in _ACTS_CHANGE if hasattr(TherapySession, name))
"""What an act may change, and undoing restores."""
OPEN = ("draft", "returned")
"""In these states a session may still be changed in place."""


@dataclass(frozen=True)
class Change:
    """What an act has done: sessions created, the values of others before it, and what it left behind."""

    created: tuple[str, ...] = ()
    before: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    after: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """The values it left, by session; where they are not known, only another person's change stands in the way."""
    plans: tuple[str, ...] = ()
    """The versions of weeks that were published by it; undoing takes them back."""

    @property
    def ids(self) -> tuple[str, ...]:
        """All sessions that were touched."""
        return (*self.created, *(key for key, _values in self.before))

    def __bool__(self) -> bool:
        return bool(self.created or self.before)


def kept(session: TherapySession) -> dict[str, Any]:
    """Return the values of a session that acts change."""
    return {name: getattr(session, name) for name in KEPT}


def undo(work: Work, change: Change) -> Change:
    """Take back what an act has done and return what undoes that again.

    Raises:
        Invalid: when somebody has changed a session since, or its old place is taken by now.
    """
    wanted = _earlier(work, change)
    sessions = {key: load(work, TherapySession, key) for key in wanted}
    for key, session in sessions.items():
        _refuse_over_others(work, change, session, key in change.created)
    before = tuple((key, {name: getattr(sessions[key], name) for name in values}) for key, values in wanted.items())
    work.confirmed = True
    rearrange(work, wanted)
    for plan in change.plans:
        turn_back(work, plan)
    return Change((), before, {key: _now(sessions[key], values) for key, values in wanted.items()}, change.plans)


def _earlier(work: Work, change: Change) -> dict[str, Mapping[str, Any]]:
    """The values to go back to: only those that the act changed; what it created goes to the bin."""
    wanted: dict[str, Mapping[str, Any]] = {}
    for key, values in change.before:
        after = change.after.get(key, {})
        wanted[key] = {name: value for name, value in values.items() if name not in after or after[name] != value}
    bin_it = {"deleted_at": work.now, "deleted_by": work.actor.name}
    return wanted | dict.fromkeys(change.created, bin_it)


def _now(session: TherapySession, names: Mapping[str, Any]) -> dict[str, Any]:
    return {name: getattr(session, name) for name in names}


def _refuse_over_others(work: Work, change: Change, session: TherapySession, created: bool) -> None:
    """Refuse to take back what is no longer as the act left it."""
    if session.state not in OPEN:
        raise Invalid([Problem("", _("The session is signed; it is corrected with a reason, not changed."))])
    after = change.after.get(session.id)
    before = dict(change.before).get(session.id, {})
    if after is None:
        moved_on = bool(session.changed_by) and session.changed_by != work.actor.name
    else:
        mine = [name for name, value in after.items() if created or before.get(name) != value]
        moved_on = any(getattr(session, name) != after[name] for name in mine)
    moved_on = moved_on or (created and (session.status != "booked" or session.deleted_at is not None))
    if moved_on:
        words = _("{who} has changed this since; it is left as it is.")
        raise Invalid([Problem("", words.format(who=session.changed_by or session.recorded_by))])


def rearrange(work: Work, wanted: Mapping[str, Mapping[str, Any]]) -> None:
    """Give sessions new values in whatever order the places allow; those in each other's way step aside first.

    What stands against it must have been judged before; that nothing is booked twice the database still sees.
    """
    if len(wanted) > FEW:
        rearrange_together(work, wanted)
        return
    waiting = [load(work, TherapySession, key) for key in wanted]
    aside: list[TherapySession] = []
    judged = work.info.get(JUDGED)
    work.info[JUDGED] = True
    try:
        while waiting:
            stuck = [session for session in waiting if not _fits(work, session, wanted[session.id])]
            if len(stuck) == len(waiting):
                session = stuck.pop(0)
                session.deleted_at, session.deleted_by = work.now, work.actor.name
                work.flush()
                aside.append(session)
            waiting = stuck
        for session in aside:
            values = {"deleted_at": None, "deleted_by": None, **wanted[session.id]}
            with told_by_name(work, [_proposal(session, values)]):
                _give(work, session, values)
    finally:
        work.info[JUDGED] = judged


def _fits(work: Work, session: TherapySession, values: Mapping[str, Any]) -> bool:
    try:
        with work.begin_nested():
            _give(work, session, values)
    except Taken:
        return False
    return True


def _give(work: Work, session: TherapySession, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(session, name, value)
    work.flush()


def _proposal(session: TherapySession, values: Mapping[str, Any]) -> Booking:
    from dataclasses import fields, replace

    known = {each.name for each in fields(Booking)}
    return replace(booking_of(session), **{name: value for name, value in values.items() if name in known})


@contextmanager
def told_by_name(work: Work, proposals: Sequence[Booking]) -> Iterator[None]:
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
