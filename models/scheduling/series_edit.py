"""Series edited 修改系列: this session, this and the following, or all of a series — every occurrence judged first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from models.core.database import Work
from models.core.errors import Changed, Invalid, Problem
from models.core.queries import load
from models.core.words import Code, CodeList
from models.scheduling.change import OPEN, Change, kept, rearrange
from models.scheduling.conflicts import Conflict
from models.scheduling.guard import FREED_STATES
from models.scheduling.occupancy import Occupancy, booking_of, occupancy
from models.therapies import HOLDING
from models.therapy import TherapySession
from resources import N_, _

SCOPES = CodeList(
    "series_scope",
    Code("this", N_("This one"), "仅本次"),
    Code("following", N_("This and the following"), "本次及以后"),
    Code("all", N_("All that are to come"), "全部未进行的"),
)


@dataclass(frozen=True)
class Edit:
    """What is to be otherwise from now on; what is left out stays as it is.

    Attributes:
        begins: the time of the day at which it begins.
        weekday: the weekday to which each moves within its week, 0 = Monday.
    """

    begins: time | None = None
    minutes: int | None = None
    weekday: int | None = None
    therapist_id: str | None = None
    room_id: str | None = None


@dataclass(frozen=True)
class Edited:
    """One sitting of the series as it would be: when it was, when it will be, why it stays, what speaks against it."""

    session_ids: tuple[str, ...]
    was: datetime
    values: dict[str, Any]
    versions: tuple[tuple[str, int], ...] = ()
    skipped: str = ""
    conflicts: tuple[Conflict, ...] = ()

    @property
    def day(self) -> date:
        """The day on which it will be."""
        starts: datetime = self.values.get("starts_at", self.was)
        return starts.date()

    @property
    def impossible(self) -> tuple[Conflict, ...]:
        """What makes it impossible; warnings left out."""
        return tuple(each for each in self.conflicts if not each.warning)

    @property
    def possible(self) -> bool:
        """Whether it can be changed like this."""
        return not self.skipped and not self.impossible


def plan_edit(work: Work, session_id: str, scope: str, edit: Edit) -> list[Edited]:
    """Judge a change of one session or of its series, occurrence by occurrence; nothing is changed yet."""
    sittings = _sittings(work, session_id, scope)
    moved = [(together, _values(together[0], edit)) for together in sittings]
    days = [moment.date() for together, values in moved for moment in (together[0].starts_at, values["starts_at"])]
    whole = occupancy(work, min(days), max(days))
    moving = {each.id for together, _v in moved if not _stays(together) for each in together}
    taken = replace(whole, bookings=tuple(each for each in whole.bookings if each.id not in moving))
    return [_edited(taken, together, values) for together, values in moved]


def _edited(taken: Occupancy, together: Sequence[TherapySession], values: dict[str, Any]) -> Edited:
    ids, was = tuple(each.id for each in together), together[0].starts_at
    versions = tuple((each.id, each.version) for each in together)
    skipped = _stays(together) or _closed(taken, values["starts_at"].date())
    if skipped:
        taken.add(tuple(booking_of(each) for each in together) if not _stays(together) else ())
        return Edited(ids, was, values, versions, skipped)
    proposals = tuple(replace(booking_of(each), **values) for each in together)
    found = Edited(ids, was, values, versions, conflicts=tuple(taken.conflicts(*proposals)))
    # The next ones are judged beside it where it will be; what cannot move goes on standing where it is.
    taken.add(proposals if found.possible else tuple(booking_of(each) for each in together))
    return found


def _closed(taken: Occupancy, day: date) -> str:
    kind = taken.days.get(day)
    return kind.words if kind is not None and not kind.open else ""


def _stays(together: Sequence[TherapySession]) -> str:
    """Say why a sitting stays as it is; empty when it may be changed."""
    if any(each.locked for each in together):
        return _("Locked; it stays where it is.")
    if any(each.status != "booked" or each.state not in OPEN for each in together):
        return _("Attended or signed; it stays as it is.")
    return ""


def _values(session: TherapySession, edit: Edit) -> dict[str, Any]:
    day = session.starts_at.date()
    if edit.weekday is not None:
        day += timedelta(days=edit.weekday - day.weekday())
    starts = datetime.combine(day, edit.begins or session.starts_at.time())
    values: dict[str, Any] = {
        "starts_at": starts,
        "ends_at": starts + timedelta(minutes=edit.minutes or session.minutes),
    }
    values |= {"therapist_id": edit.therapist_id} if edit.therapist_id else {}
    return values | ({"room_id": edit.room_id} if edit.room_id else {})


def _sittings(work: Work, session_id: str, scope: str) -> list[list[TherapySession]]:
    """The sittings of a series, the earliest first: those of one child and therapy, each with all its members."""
    session = load(work, TherapySession, session_id)
    mine = [session] if scope == "this" or not session.series_id else _series(work, session, scope)
    together = select(TherapySession).where(
        TherapySession.sitting_id.in_([each.sitting_id for each in mine]), TherapySession.deleted_at.is_(None),
        TherapySession.status.in_(HOLDING), TherapySession.state.not_in(FREED_STATES),
    )  # fmt: skip
    by_sitting: dict[str, list[TherapySession]] = {each.sitting_id: [] for each in mine}
    for each in work.scalars(together.order_by(TherapySession.id)):
        by_sitting[each.sitting_id].append(each)
    return sorted((each for each in by_sitting.values() if each), key=lambda members: members[0].starts_at)


def _series(work: Work, session: TherapySession, scope: str) -> list[TherapySession]:
    since = session.starts_at if scope == "following" else work.now
    statement = select(TherapySession).where(
        TherapySession.series_id == session.series_id, TherapySession.child_id == session.child_id,
        TherapySession.therapy == session.therapy, TherapySession.starts_at >= min(since, session.starts_at),
        TherapySession.deleted_at.is_(None), TherapySession.status.in_(HOLDING),
    )  # fmt: skip
    return list(work.scalars(statement.order_by(TherapySession.starts_at)))


def edit_series(work: Work, planned: Iterable[Edited]) -> Change:
    """Change what can be changed of a judged series, all or nothing, in one step that can be taken back.

    Raises:
        Changed: when somebody has changed a session since it was judged.
    """
    good = [each for each in planned if each.possible]
    if not good:
        raise Invalid([Problem("", _("Nothing of this can be changed."))])
    before: list[tuple[str, dict[str, Any]]] = []
    wanted: dict[str, dict[str, Any]] = {}
    for each in good:
        for key, version in each.versions:
            session = load(work, TherapySession, key)
            if session.version != version:
                raise Changed((), session.changed_by or session.recorded_by, session.version)
            before.append((key, kept(session)))
            wanted[key] = each.values
    work.confirmed = True
    rearrange(work, wanted)
    return Change((), tuple(before), {key: kept(load(work, TherapySession, key)) for key in wanted})
