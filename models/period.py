"""Period 报告期: a month, a quarter or a year, with the one before it and the same one a year ago."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from models.core.words import Code, CodeList
from resources import N_, _

PERIOD_KINDS = CodeList(
    "period_kind",
    Code("month", N_("Month"), "月"),
    Code("quarter", N_("Quarter"), "季"),
    Code("year", N_("Year"), "年"),
)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"), N_("August"),
    N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip


def month_title(day: date) -> str:
    """Say a month, on screen and on paper: ``November 2026`` or ``2026年11月``."""
    return _("{month} {year}").format(month=_(MONTHS[day.month - 1]), year=day.year)


@dataclass(frozen=True)
class ReportPeriod:
    """One month, quarter or year: ``ReportPeriod("quarter", 2026, 3)``; ``number`` is 1 for a year."""

    kind: str
    year: int
    number: int = 1

    def __post_init__(self) -> None:
        if self.kind not in _MONTHS or not 1 <= self.number <= 12 // _MONTHS[self.kind]:
            raise ValueError(f"{self.kind} {self.number}")
        if not 1900 <= self.year <= 9000:
            raise ValueError(str(self.year))

    @classmethod
    def parse(cls, text: str) -> ReportPeriod:
        """Read ``2026-10``, ``2026-Q3`` or ``2026``.

        Raises:
            ValueError: when it is none of them.
        """
        found = re.fullmatch(r"(\d{4})(?:-(Q)?(\d{1,2}))?", text.strip())
        if found is None:
            raise ValueError(text)
        year, quarter, number = found.groups()
        kind = "year" if number is None else "quarter" if quarter else "month"
        return cls(kind, int(year), int(number or 1))

    @classmethod
    def of(cls, kind: str, day: date) -> ReportPeriod:
        """Return the period of a kind that a day lies in."""
        return cls(kind, day.year, (day.month - 1) // _MONTHS[kind] + 1)

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, (self.number - 1) * _MONTHS[self.kind] + 1, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return self.next().first - timedelta(days=1)

    @property
    def begins(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time())

    @property
    def ends(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.next().first, time())

    def next(self) -> ReportPeriod:
        """The one after this."""
        return self._on(1)

    def before(self) -> ReportPeriod:
        """The one before this."""
        return self._on(-1)

    def year_ago(self) -> ReportPeriod:
        """The same one of the year before."""
        return ReportPeriod(self.kind, self.year - 1, self.number)

    def _on(self, count: int) -> ReportPeriod:
        each_year = 12 // _MONTHS[self.kind]
        place = self.year * each_year + self.number - 1 + count
        return ReportPeriod(self.kind, place // each_year, place % each_year + 1)

    def months(self) -> list[str]:
        """Return its months as ``2026-10``."""
        first = (self.number - 1) * _MONTHS[self.kind] + 1
        return [f"{self.year}-{month:02d}" for month in range(first, first + _MONTHS[self.kind])]

    def title(self) -> str:
        """Name it in the language in use."""
        if self.kind == "month":
            return month_title(self.first)
        words = _("{year}, quarter {number}") if self.kind == "quarter" else _("Year {year}")
        return words.format(year=self.year, number=self.number)

    def __str__(self) -> str:
        return {"month": f"{self.year}-{self.number:02d}", "quarter": f"{self.year}-Q{self.number}"}.get(
            self.kind, str(self.year)
        )


def period_words(period: str) -> str:
    """Say a stored period (``2026-10``, ``2026-Q3``) in the language in use; a day or other words stay as they are."""
    try:
        return ReportPeriod.parse(period).title()
    except ValueError:
        return period
