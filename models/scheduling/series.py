"""Series 系列预约: weekly series and copied weeks — every occurrence is judged before anything is booked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from models.core.database import Work
from models.core.errors import Invalid, Problem
from models.core.record import new_id
from models.holidays import day_kind
from models.scheduling.booking import Change, Wish, book
from models.scheduling.conflicts import Booking, Conflict
from models.scheduling.occupancy import JUDGED, Occupancy, occupancy
from models.scheduling.recurrence import LONGEST, weekly
from models.therapy import TherapySession
from resources import _


@dataclass(frozen=True)
class Series:
    """A sitting repeated on some weekdays (0 = Monday) until a day, each week or every second one."""

    wish: Wish
    last: date
    weekdays: frozenset[int]
    every: int = 1


@dataclass(frozen=True)
class Planned:
    """One occurrence of a series or a copied week: the wish, why it rests, and what speaks against it."""

    wish: Wish
    skipped: str = ""
    conflicts: tuple[Conflict, ...] = ()

    @property
    def day(self) -> date:
        """The day it falls on."""
        return self.wish.starts_at.date()

    @property
    def impossible(self) -> tuple[Conflict, ...]:
        """What makes it impossible; warnings left out."""
        return tuple(conflict for conflict in self.conflicts if not conflict.warning)

    @property
    def bookable(self) -> bool:
        """Whether it can be booked."""
        return not self.skipped and not self.impossible


def plan_series(work: Work, series: Series) -> list[Planned]:
    """Judge every occurrence of a series; nothing is booked yet.

    Raises:
        Invalid: when the series has no day or is longer than a year.
    """
    first = series.wish.starts_at.date()
    if not series.weekdays:
        raise Invalid([Problem("weekdays", _("Please choose at least one weekday."))])
    if not first <= series.last <= first + timedelta(weeks=LONGEST):
        raise Invalid([Problem("last", _("A series ends after its beginning and within a year."))])
    taken = occupancy(work, first, series.last)
    occurrences = weekly(first, series.last, series.weekdays, lambda day: _closed(taken, day), series.every)
    start = series.wish.starts_at.time()
    wishes = [(series.wish.at(datetime.combine(each.day, start)), each.skipped) for each in occurrences]
    return judged(taken, wishes)


def plan_copy(
    work: Work,
    source: date,
    target: date,
    *,
    therapist_id: str | None = None,
    child_id: str | None = None,
    room_id: str | None = None,
) -> list[Planned]:
    """Judge a copy of one week's sittings into another week; both are given by their Monday."""
    shift = target - source
    taken = occupancy(work, target, target + timedelta(days=6))
    wishes = []
    for wish in week_wishes(work, source, therapist_id, child_id, room_id):
        moved = wish.at(wish.starts_at + shift)
        wishes.append((moved, _closed(taken, moved.starts_at.date())))
    return judged(taken, wishes)


def book_planned(work: Work, planned: Iterable[Planned]) -> Change:
    """Book what is bookable of a series or a copied week, all or nothing; the warnings were confirmed."""
    series_id = new_id()
    created: list[str] = []
    work.info[JUDGED] = True
    try:
        for each in planned:
            if each.bookable:
                created += book(work, each.wish, series_id=series_id, confirmed=True).created
    finally:
        work.info.pop(JUDGED)
    return Change(created=tuple(created))


def _closed(taken: Occupancy, day: date) -> str:
    kind = taken.days.get(day) or day_kind(day)
    return "" if kind.open else kind.words


def judged(taken: Occupancy, wishes: Sequence[tuple[Wish, str]]) -> list[Planned]:
    """Judge one wish after the other, each beside those before it."""
    planned = []
    for count, (wish, skipped) in enumerate(wishes):
        if skipped:
            planned.append(Planned(wish, skipped))
            continue
        ids = [f"planned-{count}-{child}" for child in wish.child_ids]
        bookings: tuple[Booking, ...] = wish.bookings(ids)
        found = Planned(wish, conflicts=tuple(taken.conflicts(*bookings)))
        if found.bookable:
            taken.add(bookings)
        planned.append(found)
    return planned


def week_wishes(
    work: Work, monday: date, therapist_id: str | None = None, child_id: str | None = None, room_id: str | None = None
) -> list[Wish]:
    """Return the sittings of a week as wishes, the make-ups and what was cancelled left out."""
    return _wishes(_week_sessions(work, monday, therapist_id, child_id, room_id))


def _week_sessions(
    work: Work, monday: date, therapist_id: str | None, child_id: str | None, room_id: str | None
) -> list[TherapySession]:
    begin = datetime.combine(monday, datetime.min.time())
    statement = select(TherapySession).where(
        TherapySession.starts_at >= begin,
        TherapySession.starts_at < begin + timedelta(days=7),
        TherapySession.status != "cancelled",
        TherapySession.deleted_at.is_(None),
        TherapySession.state.not_in(["void", "superseded"]),
        TherapySession.makes_up_id.is_(None),
    )
    for column, value in (
        (TherapySession.therapist_id, therapist_id),
        (TherapySession.child_id, child_id),
        (TherapySession.room_id, room_id),
    ):
        statement = statement.where(column == value) if value else statement
    return list(work.scalars(statement.order_by(TherapySession.starts_at, TherapySession.id)))


def _wishes(sessions: Sequence[TherapySession]) -> list[Wish]:
    sittings: dict[str, list[TherapySession]] = {}
    for session in sessions:
        sittings.setdefault(session.sitting_id, []).append(session)
    return [
        Wish(
            tuple(dict.fromkeys(each.child_id for each in together)), together[0].therapy, together[0].therapist_id,
            together[0].starts_at, together[0].ends_at, together[0].room_id, together[0].equipment_id,
        )
        for together in sittings.values()
    ]  # fmt: skip
