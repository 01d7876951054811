"""Calendar rules 期限推算: terms, windows and clocks as pure arithmetic; ``today`` is always given.

Months and birthdays are counted by :mod:`models.age`; here is what the home's deadlines add to them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.age import months_later
from resources import _, ngettext


def months_before(day: date, months: int) -> date:
    """Return the same day some months earlier; where the month is too short, its last day.

    >>> months_before(date(2025, 8, 31), 6)
    datetime.date(2025, 2, 28)
    """
    return months_later(day, -months)


def whole_months(start: date, end: date) -> int:
    """Return how many whole months lie between two days; negative when ``end`` comes first."""
    if end < start:
        return -whole_months(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if months_later(start, months) <= end else months - 1


def in_force(rows: Iterable[dict[str, str]], day: date, region: str = "", key: str = "") -> list[dict[str, str]]:
    """Return the rows of a dated table that hold on a day, in the table's order.

    A row holds from ``effective_from`` until the day before ``effective_to`` (empty: still in force). A row with a
    region (the first digits of a division's code) holds there only. With ``key`` one row is left for each value of
    that column: the nearer region's before the general one, and the younger before the older.
    """
    iso = day.isoformat()
    holding = [
        row
        for row in rows
        if row["effective_from"] <= iso
        and not (row.get("effective_to") and row["effective_to"] <= iso)
        and region.startswith(row.get("region", ""))
    ]
    if not key:
        return holding
    best: dict[str, dict[str, str]] = {}
    for row in holding:
        known = best.get(row[key])
        if known is None or _rank(row) >= _rank(known):
            best[row[key]] = row
    return [row for row in holding if best[row[key]] is row]


def _rank(row: dict[str, str]) -> tuple[int, str]:
    return (len(row.get("region", "")), row["effective_from"])


@dataclass(frozen=True)
class Window:
    """The time in which something is to be done: not before ``opens``, at the latest on ``due``."""

    opens: date
    due: date

    def status(self, today: date) -> str:
        """Return ``later``, ``open`` or ``overdue``."""
        if today > self.due:
            return "overdue"
        return "open" if today >= self.opens else "later"


@dataclass(frozen=True)
class Clock:
    """A legal clock: started by noticing, due at a moment, stopped by the act it asks for."""

    started: datetime
    due: datetime
    stopped: datetime | None = None

    def running(self) -> bool:
        """Whether the act is still outstanding."""
        return self.stopped is None

    def overdue(self, now: datetime) -> bool:
        """Whether the act was or is too late."""
        return (self.stopped or now) > self.due

    def words(self, now: datetime) -> str:
        """Say in words how the clock stands."""
        if self.stopped:
            return _("done {length} after noticing").format(length=length_words(self.stopped - self.started))
        if self.overdue(now):
            return _("overdue for {length}").format(length=length_words(now - self.due))
        return _("{length} left").format(length=length_words(self.due - now))


def length_words(length: timedelta) -> str:
    """Say a length of time in its two largest units.

    >>> length_words(timedelta(hours=26, minutes=5))
    '1 day 2 h'
    """
    minutes = max(0, int(length.total_seconds() // 60))
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        words = ngettext("{n} day", "{n} days", days).format(n=days)
        return words + _(" {n} h").format(n=hours) if hours else words
    if hours:
        words = _("{n} h").format(n=hours)
        return words + _(" {n} min").format(n=rest) if rest else words
    return _("{n} min").format(n=rest)


def span_words(first: date, last: date) -> str:
    """Say how far two days are apart, in the one unit that fits: days, months or years."""
    months = abs(whole_months(first, last))
    if months >= 24:
        years = months // 12
        return ngettext("{n} year", "{n} years", years).format(n=years)
    if months >= 2:
        return ngettext("{n} month", "{n} months", months).format(n=months)
    days = abs((last - first).days)
    return ngettext("{n} day", "{n} days", days).format(n=days)


def distance_words(day: date, today: date) -> str:
    """Say how far a day is from today: ``today``, ``in 3 days``, ``2 months ago``."""
    if day == today:
        return _("today")
    length = span_words(today, day)
    return (_("in {length}") if day > today else _("{length} ago")).format(length=length)
