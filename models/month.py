"""Month 月度综合记录: what the areas have to say about one child in one month, ready for paper.

Each area registers one function; ``reports.monthly_record`` lays the result out:

    @month_section("care", N_("Care"), order=10)
    def care(work: Work, child_id: str, month: Month) -> Section: ...
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from models.core.database import Work


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month, ``Month(2026, 10)``."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read ``2026-10``.

        Raises:
            ValueError: when it is not a month.
        """
        year, month = text.split("-")
        made = cls(int(year), int(month))
        _ = made.first
        return made

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def days(self) -> int:
        """The number of days."""
        return self.last.day

    def next(self) -> Month:
        """The month after this one."""
        after = self.last + timedelta(days=1)
        return Month(after.year, after.month)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}"


@dataclass(frozen=True)
class Grid:
    """A table on paper: headings, rows of finished text, and which columns are numbers."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    numeric: frozenset[int] = frozenset()
    widths: tuple[float, ...] = ()
    """Relative widths of the columns; equal when left out."""


@dataclass(frozen=True)
class Section:
    """One area's part of the month: figures in a line, tables, free text, and at most one chart.

    Attributes:
        facts: (label, value) pairs shown in a compact grid.
        grids: tables.
        texts: (label, text) pairs, laid out in full.
        chart: the data of a chart that ``reports.charts`` knows how to draw (a frozen dataclass), or None.
    """

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    grids: tuple[Grid, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    chart: Any = None
    area: str = ""


@dataclass(frozen=True)
class _Registered:
    order: int
    area: str
    title: str
    make: Callable[[Work, str, Month], Section] = field(compare=False)


_sections: list[_Registered] = []


def month_section(area: str, title: str, order: int) -> Callable[[Any], Any]:
    """Register the function that writes one area's section."""

    def register(make: Callable[[Work, str, Month], Section]) -> Callable[[Work, str, Month], Section]:
        _sections.append(_Registered(order, area, title, make))
        return make

    return register


def sections_of(work: Work, child_id: str, month: Month) -> list[Section]:
    """Return all sections of one child's month, in the order of the paper."""
    return [each.make(work, child_id, month) for each in sorted(_sections, key=lambda each: each.order)]
