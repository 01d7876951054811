"""Institution report 机构月报（季报、年报）: the home's figures of a period, beside the period before and the year before.

Each area registers one function that yields its lines for a period; the same function answers for the periods
beside it, and each line names the very rows behind its figure, so that it can be opened on screen:

    @report_section("safety", N_("Safety"), area="safety", order=60, needs="Hazard")
    def safety(work: Work, period: ReportPeriod) -> Iterator[Line]:
        yield counted(work, "hazards_found", N_("Hazards found"), Hazard, Hazard.found_on.between(...))

A figure counts what the person may see; the report says so where that is not the whole home.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, select

from models.core.database import Work
from models.core.record import Record
from models.core.words import CodeList
from models.period import ReportPeriod
from resources import N_, _

Number = int | float | Decimal
FORMS = {
    "month": N_("Monthly report of the home"),
    "quarter": N_("Quarterly report of the home"),
    "year": N_("Yearly report of the home"),
}
"""The name of the paper for each kind of period."""


@dataclass(frozen=True)
class Rows:
    """The rows behind a figure: their type and the conditions that select them."""

    kind: type[Record]
    where: tuple[ColumnElement[bool], ...]


@dataclass(frozen=True)
class Line:
    """One figure of one period.

    Attributes:
        key: what it is, the same in every period.
        title: its words in the language in use.
        value: the figure; None where there is nothing to count, e.g. before the records begin.
        unit: its unit in the language in use; empty for a plain count.
        decimals: how many are shown.
        rows: what stands behind it.
        indent: 1 for a line that is part of the one above.
        total: whether it closes the lines above it.
    """

    key: str
    title: str
    value: Number | None
    unit: str = ""
    decimals: int = 0
    rows: Rows | None = None
    indent: int = 0
    total: bool = False


@dataclass(frozen=True)
class ReportLine:
    """One figure beside those it is compared with."""

    line: Line
    before: Number | None
    year_ago: Number | None

    def change(self) -> Decimal | None:
        """Return how much more than in the period before."""
        if self.line.value is None or self.before is None:
            return None
        now, before = Decimal(str(self.line.value)), Decimal(str(self.before))
        return now - before


def number_words(value: Number | None, decimals: int = 0) -> str:
    """Write a figure as people read it; empty where there is none.

    >>> number_words(1234567), number_words(Decimal("75990"), 2)
    ('1,234,567', '75,990.00')
    """
    return "" if value is None else f"{value:,.{decimals}f}"


def change_words(line: ReportLine) -> str:
    """Write how much more or less than before, with its sign; empty where one of the two is not known."""
    change = line.change()
    if change is None:
        return ""
    words = number_words(abs(change), line.line.decimals)
    return words if not change else f"{'+' if change > 0 else '−'}{words}"


@dataclass(frozen=True)
class ReportSection:
    """One area's figures."""

    key: str
    title: str
    area: str
    lines: tuple[ReportLine, ...]
    withheld: bool = False


@dataclass(frozen=True)
class InstitutionReport:
    """The home's figures of a period."""

    period: ReportPeriod
    sections: tuple[ReportSection, ...]
    running: bool
    """Whether the period is not over yet."""
    partial: bool
    """Whether the person does not see the whole home."""

    def line(self, section: str, key: str) -> ReportLine:
        """Return one figure.

        Raises:
            KeyError: when the section has no such figure.
        """
        for part in self.sections:
            for each in part.lines:
                if (part.key, each.line.key) == (section, key):
                    return each
        raise KeyError(f"{section}.{key}")


Count = Callable[[Work, ReportPeriod], Iterable[Line]]


@dataclass(frozen=True, order=True)
class _Registered:
    order: int
    key: str
    title: str = field(compare=False)
    area: str = field(compare=False)
    needs: str = field(compare=False)
    count: Count = field(compare=False)


_sections: list[_Registered] = []


def report_section(key: str, title: str, *, area: str, order: int, needs: str) -> Callable[[Count], Count]:
    """Register the function that counts an area's figures; who may not read ``needs`` is not shown them."""

    def register(count: Count) -> Count:
        _sections.append(_Registered(order, key, title, area, needs, count))
        return count

    return register


def institution_report(
    work: Work,
    period: ReportPeriod,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> InstitutionReport:
    """Count the home's figures of a period, of the one before and of the same one a year ago.

    Args:
        progress: told how many of all sections are counted.
        cancelled: asked between sections; the report then ends with those that were counted.
    """
    counted_sections: list[ReportSection] = []
    for number, section in enumerate(sorted(_sections)):
        if cancelled is not None and cancelled():
            break
        counted_sections.append(_section(work, section, period))
        if progress is not None:
            progress(number + 1, len(_sections))
    return InstitutionReport(
        period, tuple(counted_sections), work.today <= period.last, not work.actor.sees_whole_home("Child")
    )


def _section(work: Work, section: _Registered, period: ReportPeriod) -> ReportSection:
    if not work.actor.may("read", section.needs):
        return ReportSection(section.key, _(section.title), section.area, (), withheld=True)
    now = list(section.count(work, period))
    before = {each.key: each.value for each in section.count(work, period.before())}
    year_ago = {each.key: each.value for each in section.count(work, period.year_ago())}
    lines = tuple(ReportLine(each, _beside(each, before), _beside(each, year_ago)) for each in now)
    return ReportSection(section.key, _(section.title), section.area, lines)


def _beside(line: Line, other: dict[str, Number | None]) -> Number | None:
    """Return the figure of another period; a part that did not occur there is none, not unknown."""
    if line.key in other:
        return other[line.key]
    return 0 if line.indent else None


# --- counting ---------------------------------------------------------------------------------------


def kept(kind: Any) -> tuple[ColumnElement[bool], ...]:
    """Return what every count leaves out: the bin, what was voided or replaced by a correction."""
    return (kind.deleted_at.is_(None), kind.state.not_in(["void", "superseded"]))


def counted(work: Work, key: str, title: str, kind: type[Record], *where: Any, value: Any = None, **words: Any) -> Line:
    """Count rows, or sum ``value`` over them, in one statement."""
    conditions = (*kept(kind), *where)
    asked = select(func.count() if value is None else func.coalesce(func.sum(value), 0)).select_from(kind)
    return Line(key, title, work.scalar(asked.where(*conditions)), rows=Rows(kind, conditions), **words)


def grouped(
    work: Work, key: str, kind: type[Record], column: Any, codes: CodeList, *where: Any, value: Any = None, **words: Any
) -> Iterator[Line]:
    """Count rows by a coded column, one indented line a code that occurs, in the order of the code list."""
    conditions = (*kept(kind), *where)
    amount = func.count() if value is None else func.coalesce(func.sum(value), 0)
    asked = select(column, amount).select_from(kind).where(*conditions).group_by(column)
    found: dict[Any, Any] = {row[0]: row[1] for row in work.execute(asked)}
    known = [code.code for code in codes if code.code in found]
    for code in [*known, *(each for each in found if each not in set(known))]:
        here = column.is_(None) if code is None else column == code
        title = codes.label(code) if code else _("Not stated")
        yield Line(f"{key}.{code or ''}", title, found[code], rows=Rows(kind, (*conditions, here)), indent=1, **words)


def those(kind: type[Record], ids: Sequence[str]) -> Rows:
    """Return rows that were found one by one."""
    return Rows(kind, (kind.id.in_(list(ids)),))
