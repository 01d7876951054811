"""Age 年龄: completed years, months and days between two dates, and the birthdays that law hangs on."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from resources import _


@dataclass(frozen=True, order=True)
class Age:
    """Completed years, then completed months, then days.

    >>> age_on(date(2020, 2, 29), date(2026, 11, 22))
    Age(years=6, months=8, days=24)
    """

    years: int
    months: int
    days: int

    @property
    def in_months(self) -> int:
        """Completed months in all."""
        return self.years * 12 + self.months

    def words(self, *, estimated: bool = False) -> str:
        """Say the age as people say it: days for the newborn, years and months for the small, years later."""
        return (_("about {age}") if estimated else "{age}").format(age=self._exact())

    def _exact(self) -> str:
        if self.years >= 7:
            return _("{n} y").format(n=self.years)
        if self.years >= 1:
            return (
                _("{n} y {m} m").format(n=self.years, m=self.months) if self.months else _("{n} y").format(n=self.years)
            )
        if self.months >= 1:
            return _("{n} months").format(n=self.months)
        return _("{n} days").format(n=self.days)

    def in_full(self, *, estimated: bool = False) -> str:
        """Say the age with years and months at any age, for the child's file and for paper."""
        if not self.years:
            return self.words(estimated=estimated)
        whole = _("{n} y {m} m").format(n=self.years, m=self.months)
        return (_("about {age}") if estimated else "{age}").format(age=whole)


def months_later(day: date, months: int) -> date:
    """Return the same day some months later; where the month is too short, its last day (民法典 第202条)."""
    total = day.year * 12 + day.month - 1 + months
    year, month = divmod(total, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def birthday(born_on: date, years: int) -> date:
    """Return the day on which so many years are completed; 29 February falls on the 28th in common years."""
    return months_later(born_on, years * 12)


def age_on(born_on: date, day: date) -> Age:
    """Return the age on a day.

    Raises:
        ValueError: when the day lies before the birth.
    """
    if day < born_on:
        raise ValueError(f"{day} lies before the birth on {born_on}")
    months = (day.year - born_on.year) * 12 + day.month - born_on.month
    if months_later(born_on, months) > day:
        months -= 1
    return Age(months // 12, months % 12, (day - months_later(born_on, months)).days)


def years_on(born_on: date, day: date) -> int:
    """Return the completed years on a day; 0 before the birth."""
    return age_on(born_on, day).years if day >= born_on else 0
