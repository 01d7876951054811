"""Dose times 给药时间: at which moments a medicine is due, as pure arithmetic."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from models.calendar_rules import in_force
from models.core.search import fold
from models.core.words import CodeList, TableCodes
from resources import table

FREQUENCIES: CodeList = TableCodes(
    "frequency", "medication/frequencies.csv", code="code", chinese="chinese", english="english"
)


@dataclass(frozen=True)
class Rhythm:
    """When a medicine is taken: at which times of which days.

    Attributes:
        times: times of day, ascending.
        every_days: 1 every day, 2 every other day … counted from the first day.
        weekdays: only on these (1 Monday … 7 Sunday); empty for all.
        once: only at the moment the order begins.
        as_needed: never due by the clock 必要时.
    """

    times: tuple[time, ...] = ()
    every_days: int = 1
    weekdays: frozenset[int] = frozenset()
    once: bool = False
    as_needed: bool = False


def rhythm(frequency: str, own_times: str | None, day: date) -> Rhythm:
    """Return the rhythm of a frequency code on a day, with the order's own times in place of the usual ones.

    Raises:
        KeyError: for an unknown frequency.
        ValueError: when the own times cannot be read.
    """
    for row in in_force(table("medication/frequencies.csv"), day, key="code"):
        if row["code"] == frequency:
            own = parse_times(own_times or "")
            usual = tuple(time.fromisoformat(each) for each in row["times"].split())
            return Rhythm(
                own or usual, int(row["every_days"] or 1), frozenset(int(each) for each in row["weekdays"].split()),
                once=frequency == "once", as_needed=row["as_needed"] == "yes",
            )  # fmt: skip
    raise KeyError(frequency)


def parse_times(text: str) -> tuple[time, ...]:
    """Read times of day as people write them: ``7:00 19：30``, ``7点30，19点``.

    Raises:
        ValueError: when something in it is no time of day.
    """
    found = []
    for piece in re.split(r"[\s,，、;；]+", text.strip()):
        if not piece:
            continue
        read = re.fullmatch(r"(\d{1,2})(?:[:点时](\d{1,2})?分?)?", fold(piece.replace("：", ":")))
        if not read:
            raise ValueError(piece)
        found.append(time(int(read[1]), int(read[2] or 0)))
    return tuple(sorted(set(found)))


def due_times(
    when: Rhythm, starts_at: datetime, ends_at: datetime | None, since: datetime, until: datetime
) -> list[datetime]:
    """Return the moments due within ``since ≤ due < until`` while the order runs (``starts_at ≤ due < ends_at``)."""
    if when.as_needed:
        return []
    first, last = max(starts_at, since), min(until, ends_at or datetime.max)
    if when.once:
        return [starts_at] if first <= starts_at < last else []
    found = []
    day = first.date()
    while day <= min(last.date(), until.date()) and first < last:
        if _takes_place(when, starts_at.date(), day):
            moments = (datetime.combine(day, each) for each in when.times)
            found += [moment for moment in moments if first <= moment < last]
        day += timedelta(days=1)
    return found


def _takes_place(when: Rhythm, first: date, day: date) -> bool:
    return (day - first).days % when.every_days == 0 and (not when.weekdays or day.isoweekday() in when.weekdays)
