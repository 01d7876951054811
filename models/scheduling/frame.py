"""Frame 周框架: the slots of one real week — its days, opening hours, holidays and working weekends — and back to the clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from models.core.database import Work
from models.department import hours_of
from models.holidays import DayKind, day_kinds
from models.scheduling.problem import Grid, Placement, Slot
from models.therapies import Opening

LENGTHS = (30, 15, 10, 5)
"""How long a slot may be, in minutes; the longest that fits everything is taken."""
WORKING_DAYS = 5
"""The days of an ordinary week; a week is never drawn shorter."""


@dataclass(frozen=True)
class Frame:
    """One week as a grid, and the way between its slots and the clock."""

    monday: date
    grid: Grid
    kinds: Mapping[date, DayKind]
    whole: frozenset[Slot] = frozenset()
    """The slots in which the rooms are open, those gone by included."""

    @property
    def days(self) -> tuple[date, ...]:
        """The days of the grid."""
        return tuple(self.monday + timedelta(days=count) for count in range(self.grid.days))

    @property
    def last(self) -> date:
        """The Sunday."""
        return self.monday + timedelta(days=6)

    def open_days(self, first: date = date.min, last: date = date.max) -> int:
        """Return on how many days of the week, and of a span, the rooms are open; those gone by included."""
        return sum(kind.open for day, kind in self.kinds.items() if first <= day <= last)

    def index(self, day: date) -> int:
        """Return which day of the week it is, Monday 0."""
        return (day - self.monday).days

    def touched(self, starts: int, ends: int) -> range:
        """Return the slots that a stretch of the day touches; both ends in minutes of the day."""
        first = max(0, (starts - self.grid.begins) // self.grid.minutes)
        return range(first, min(self.grid.slots, max(first, -(-(ends - self.grid.begins) // self.grid.minutes))))

    def within(self, starts: int, ends: int) -> range:
        """Return the slots that lie wholly in a stretch of the day."""
        first = max(0, -(-(starts - self.grid.begins) // self.grid.minutes))
        return range(first, min(self.grid.slots, max(first, (ends - self.grid.begins) // self.grid.minutes)))

    def slots_for(self, minutes: int) -> int:
        """Return how many slots a session of some minutes takes."""
        return max(1, -(-minutes // self.grid.minutes))

    def place(self, starts_at: datetime) -> tuple[int, int] | None:
        """Return day and slot of a beginning; None when it lies beside the grid."""
        day, minute = self.index(starts_at.date()), minute_of(starts_at.time()) - self.grid.begins
        if (
            not 0 <= day < self.grid.days
            or minute % self.grid.minutes
            or not 0 <= minute // self.grid.minutes < self.grid.slots
        ):
            return None
        return day, minute // self.grid.minutes

    def moment(self, day: int, slot: int) -> datetime:
        """Return when a slot begins."""
        return datetime.combine(self.monday, time()) + timedelta(days=day, minutes=self.grid.minute(slot))

    def span(self, placement: Placement, slots: int) -> tuple[datetime, datetime]:
        """Return from when until when a placed session lasts."""
        return self.moment(placement.day, placement.start), self.moment(placement.day, placement.start + slots)


def minute_of(clock: time) -> int:
    """Return the minute of the day."""
    return clock.hour * 60 + clock.minute


def frame_of(work: Work, monday: date, lengths: Collection[int]) -> Frame:
    """Return the grid of a week for sessions of these lengths; what has gone by is no longer open."""
    sunday = monday + timedelta(days=6)
    kinds = day_kinds(work, monday, sunday)
    hours = hours_of(work, monday, sunday)
    openings = [opening for day in hours for opening in hours[day]]
    begins = min((minute_of(each.starts) for each in openings), default=8 * 60)
    ends = max((minute_of(each.ends) for each in openings), default=begins + 60)
    minutes = slot_length(openings, begins, lengths)
    last = max((day.weekday() for day, kind in kinds.items() if kind.open), default=0)
    days = max(WORKING_DAYS, last + 1)
    shut = Grid(days, -(-(ends - begins) // minutes), minutes, begins, frozenset(), {})
    frame = Frame(monday, shut, kinds)
    whole = frozenset(
        (frame.index(day), slot)
        for day in frame.days
        if kinds[day].open
        for opening in hours[day]
        for slot in frame.within(minute_of(opening.starts), minute_of(opening.ends))
    )
    coming = frozenset(place for place in whole if frame.moment(*place) >= work.now)
    halves = {name: _half(frame, openings, name) for name in ("morning", "afternoon")}
    return Frame(monday, Grid(days, shut.slots, minutes, begins, coming, halves), kinds, whole)


def slot_length(openings: Iterable[Opening], begins: int, lengths: Collection[int]) -> int:
    """Return the longest slot into whose multiples all sessions and opening hours fall."""
    marks = [minute_of(clock) - begins for each in openings for clock in (each.starts, each.ends)]
    wanted = [*marks, *lengths]
    return next((slot for slot in LENGTHS if all(each % slot == 0 for each in wanted)), LENGTHS[-1])


def _half(frame: Frame, openings: Iterable[Opening], name: str) -> range:
    noon = time(12)
    mine = [each for each in openings if (each.starts < noon) == (name == "morning")]
    slots = [slot for each in mine for slot in frame.within(minute_of(each.starts), minute_of(each.ends))]
    return range(min(slots), max(slots) + 1) if slots else range(0)
