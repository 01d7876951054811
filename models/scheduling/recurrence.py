"""Recurrence 重复: the days of a weekly series, holidays left out — pure arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

LONGEST = 53
"""The longest series in weeks: a year at most, so that a slip of the year is caught."""


@dataclass(frozen=True)
class Occurrence:
    """One day of a series; ``skipped`` says why nothing is booked on it, empty when something is."""

    day: date
    skipped: str = ""


def weekly(
    first: date, last: date, weekdays: Collection[int], closed: Callable[[date], str] = lambda day: "", every: int = 1
) -> Iterator[Occurrence]:
    """Yield each day of a series on some weekdays (0 = Monday), from ``first`` to ``last``, both included.

    Args:
        closed: says why a day is closed, or nothing when it is open.
        every: 1 for each week, 2 for every second one, counted from the week of ``first``.

    >>> [each.day.day for each in weekly(date(2026, 11, 2), date(2026, 11, 15), {0, 2})]
    [2, 4, 9, 11]
    """
    monday = first - timedelta(days=first.weekday())
    day = first
    while day <= last:
        if day.weekday() in weekdays and ((day - monday).days // 7) % every == 0:
            yield Occurrence(day, closed(day))
        day += timedelta(days=1)


def week_of(day: date) -> list[date]:
    """Return the seven days of a day's week, Monday first."""
    monday = day - timedelta(days=day.weekday())
    return [monday + timedelta(days=count) for count in range(7)]
