"""Template 周模板: a week taken as the pattern for weeks to come — the calendar's exceptions fall out and are listed.

Everything is judged before anything is booked: :func:`plan_template` is the dry run over all weeks, with each conflict
in words; :func:`book_template` books what a person has looked at, all or nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from models.core.database import Work
from models.core.errors import Invalid, Problem
from models.core.record import new_id
from models.holidays import DayKind, missing_notice
from models.scheduling.booking import Change, Wish, book
from models.scheduling.occupancy import JUDGED, occupancy
from models.scheduling.recurrence import LONGEST
from models.scheduling.series import Planned, judged, week_wishes
from resources import _


@dataclass(frozen=True)
class DayOut:
    """A day on which the pattern does not hold: a holiday, or a working weekend that repays one."""

    day: date
    words: str
    sittings: int
    """How many sittings of the pattern fall out on it; 0 on a working weekend."""
    lieu: bool = False
    """A working weekend: it follows the weekday that is chosen for it."""


@dataclass(frozen=True)
class TemplateRun:
    """The dry run of a pattern over some weeks."""

    source: date
    weeks: tuple[date, ...]
    planned: tuple[Planned, ...]
    exceptions: tuple[DayOut, ...] = ()
    unnoticed: tuple[int, ...] = ()
    """Years whose days off are not announced yet, so that holidays may still fall out."""

    @property
    def bookable(self) -> list[Planned]:
        """What can be booked."""
        return [each for each in self.planned if each.bookable]

    @property
    def impossible(self) -> list[Planned]:
        """What cannot be booked though the day is open, each with its conflicts in words."""
        return [each for each in self.planned if not each.skipped and not each.bookable]

    def summary(self) -> str:
        """Say in one line what would happen."""
        words = _("{n} sittings can be booked, {m} cannot, {k} fall out on days off.")
        fallen = sum(1 for each in self.planned if each.skipped)
        return words.format(n=len(self.bookable), m=len(self.impossible), k=fallen)


def plan_template(
    work: Work,
    source: date,
    weeks: Sequence[date],
    *,
    therapist_id: str | None = None,
    child_id: str | None = None,
    room_id: str | None = None,
    lieu: Mapping[date, int] | None = None,
) -> TemplateRun:
    """Judge a week's sittings in each of some weeks, given by their Mondays; nothing is booked yet.

    Args:
        lieu: a working weekend 调休 → the weekday (0 = Monday) whose pattern it follows.

    Raises:
        Invalid: when the weeks reach further than a year, or the pattern's own week is among them.
    """
    if not weeks:
        return TemplateRun(source, (), ())
    if source in weeks or max(weeks) - source > timedelta(weeks=LONGEST):
        raise Invalid([Problem("weeks", _("A pattern is carried to other weeks, within a year."))])
    pattern = week_wishes(work, source, therapist_id, child_id, room_id)
    first, last = min(weeks), max(weeks) + timedelta(days=6)
    taken = occupancy(work, first, last)
    wishes: list[tuple[Wish, str]] = []
    for monday in sorted(weeks):
        wishes += _in_week(pattern, source, monday, taken.days, lieu or {})
    planned = tuple(judged(taken, wishes))
    every = [monday + timedelta(days=count) for monday in sorted(weeks) for count in range(7)]
    return TemplateRun(
        source,
        tuple(sorted(weeks)),
        planned,
        tuple(_exceptions(every, planned, taken.days)),
        tuple(missing_notice(every)),
    )


def _in_week(
    pattern: Iterable[Wish], source: date, monday: date, days: Mapping[date, DayKind], lieu: Mapping[date, int]
) -> list[tuple[Wish, str]]:  # fmt: skip
    shift = monday - source
    wishes = []
    for wish in pattern:
        moved = wish.at(wish.starts_at + shift)
        kind = days[moved.starts_at.date()]
        wishes.append((moved, "" if kind.open else kind.words))
    for day, weekday in sorted(lieu.items()):
        if monday <= day < monday + timedelta(days=7) and days[day].open:
            wishes += [
                (wish.at(datetime.combine(day, wish.starts_at.time())), "")
                for wish in pattern
                if wish.starts_at.weekday() == weekday
            ]
    return sorted(wishes, key=lambda pair: pair[0].starts_at)


def _exceptions(every: Iterable[date], planned: Iterable[Planned], days: Mapping[date, DayKind]) -> Iterable[DayOut]:
    fallen = Counter(each.day for each in planned if each.skipped)
    for day in every:
        kind = days[day]
        if fallen[day]:
            yield DayOut(day, kind.words, fallen[day])
        elif kind.open and day.weekday() >= 5:
            yield DayOut(day, kind.words, 0, lieu=True)


def book_template(work: Work, run: TemplateRun) -> Change:
    """Book what is bookable of a pattern, all or nothing; each of its sittings becomes a series of its own."""
    series: dict[tuple[tuple[str, ...], str, int, time], str] = {}
    created: list[str] = []
    judged_before, work.info[JUDGED] = work.info.get(JUDGED), True
    try:
        for each in run.bookable:
            wish = each.wish
            key = (wish.child_ids, wish.therapy, wish.starts_at.weekday(), wish.starts_at.time())
            created += book(work, wish, series_id=series.setdefault(key, new_id()), confirmed=True).created
    finally:
        work.info[JUDGED] = judged_before
    return Change(created=tuple(created))


def coming_weeks(monday: date, count: int) -> list[date]:
    """Return the Mondays of so many weeks after one."""
    return [monday + timedelta(weeks=number) for number in range(1, count + 1)]
