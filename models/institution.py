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
from models.month import Section
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
        why: how it is reckoned, where no rows stand behind it.
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
    why: str = ""


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


Progress = Callable[[float, str], None]


def institution_report(
    work: Work,
    period: ReportPeriod,
    *,
    progress: Progress = lambda share, what: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> InstitutionReport:
    """Count the home's figures of a period, of the one before and of the same one a year ago.

    Args:
        progress: told after each step which share is done, and of which area.
        cancelled: asked before each step; the report then ends with the areas that were counted whole.
    """
    told = _Steps(len(_sections) * len(_periods(period)), progress, cancelled)
    found: list[ReportSection] = []
    for section in sorted(_sections):
        counted_section = _section(work, section, period, told)
        if counted_section is None:
            break
        found.append(counted_section)
    return InstitutionReport(period, tuple(found), work.today <= period.last, not work.actor.sees_whole_home("Child"))


def said(report: InstitutionReport) -> tuple[Section, ...]:
    """Return what a report says, as words alone: of them the digest of a kept one is made, and who may read it."""
    return tuple(
        Section(each.title, tuple(_said(line) for line in each.lines), area=each.area, withheld=each.withheld)
        for each in report.sections
    )


def _said(each: ReportLine) -> tuple[str, str]:
    figures = (each.line.value, each.before, each.year_ago)
    return each.line.title, " | ".join(number_words(figure, each.line.decimals) for figure in figures)


class _Steps:
    """How far the counting is, and whether it is still wanted."""

    def __init__(self, of: int, progress: Progress, cancelled: Callable[[], bool]) -> None:
        self.done, self.of, self.progress, self.cancelled = 0, of, progress, cancelled

    def past(self, what: str, steps: int = 1) -> None:
        self.done += steps
        self.progress(min(self.done / self.of, 1.0), what)


def _periods(period: ReportPeriod) -> list[ReportPeriod]:
    """The period, the one before, and the same one a year ago, each once: a year's are the same."""
    return list(dict.fromkeys((period, period.before(), period.year_ago())))


def _section(work: Work, section: _Registered, period: ReportPeriod, told: _Steps) -> ReportSection | None:
    """Count one area for every period; None when nobody wants it any more."""
    title, beside = _(section.title), _periods(period)
    if not work.actor.may("read", section.needs):
        told.past(title, len(beside))
        return ReportSection(section.key, title, section.area, (), withheld=True)
    counts: dict[ReportPeriod, list[Line]] = {}
    for each in beside:
        if told.cancelled():
            return None
        counts[each] = list(section.count(work, each))
        told.past(title)
    before, year_ago = (
        {each.key: each.value for each in counts[other]} for other in (period.before(), period.year_ago())
    )
    lines = tuple(ReportLine(each, _beside(each, before), _beside(each, year_ago)) for each in counts[period])
    return ReportSection(section.key, title, section.area, lines)


def _beside(line: Line, other: dict[str, Number | None]) -> Number | None:
    """Return the figure of another period; a part that did not occur there is none, not unknown."""
    if line.key in other:
        return other[line.key]
    return 0 if line.indent else None


# --- counting ---------------------------------------------------------------------------------------


def kept(kind: Any) -> tuple[ColumnElement[bool], ...]:
    """Return what every count leaves out: the bin, what was voided or replaced by a correction."""
    return (kind.deleted_at.is_(None), kind.state.not_in(["void", "superseded"]))


def on(column: Any, period: ReportPeriod) -> Any:
    """A day within the period."""
    return column.between(period.first, period.last)


def at(column: Any, period: ReportPeriod) -> Any:
    """A moment within the period."""
    return (column >= period.begins) & (column < period.ends)


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
    for code in in_order(found, codes):
        here = column.is_(None) if code is None else column == code
        title = codes.label(code) if code else _("Not stated")
        yield Line(f"{key}.{code or ''}", title, found[code], rows=Rows(kind, (*conditions, here)), indent=1, **words)


@dataclass(frozen=True)
class Tally:
    """Rows counted in one pass, by some columns: how many there are of each combination, and sums over them."""

    kind: type[Record]
    conditions: tuple[ColumnElement[bool], ...]
    columns: tuple[Any, ...]
    groups: tuple[tuple[tuple[Any, ...], tuple[Any, ...]], ...]

    def line(
        self, key: str, title: str, *where: ColumnElement[bool], having: Callable[..., bool] = lambda *codes: True,
        amount: int = 0, **words: Any,
    ) -> Line:  # fmt: skip
        """Return one figure: the groups that are ``having``, which the conditions ``where`` select as rows.

        Args:
            amount: 0 for the number of rows, else which of the sums.
        """
        value = sum(sums[amount] or 0 for codes, sums in self.groups if having(*codes))
        return Line(key, title, value, rows=Rows(self.kind, (*self.conditions, *where)), **words)

    def parts(
        self, key: str, place: int, names: CodeList, *where: ColumnElement[bool],
        having: Callable[..., bool] = lambda *codes: True, amount: int = 0, **words: Any,
    ) -> Iterator[Line]:  # fmt: skip
        """Yield one indented figure for each code of a column that occurs, in the order of the code list."""
        found: dict[Any, Any] = {}
        for codes, sums in self.groups:
            if having(*codes):
                found[codes[place]] = found.get(codes[place], 0) + (sums[amount] or 0)
        for code in in_order(found, names):
            column = self.columns[place]
            here = column.is_(None) if code is None else column == code
            rows = Rows(self.kind, (*self.conditions, *where, here))
            title = names.label(code) if code else _("Not stated")
            yield Line(f"{key}.{code or ''}", title, found[code], rows=rows, indent=1, **words)


def tallied(work: Work, kind: type[Record], columns: Sequence[Any], *where: Any, sums: Sequence[Any] = ()) -> Tally:
    """Count rows by some columns in one statement, so that a year of large tables is read once."""
    conditions = (*kept(kind), *where)
    amounts = (func.count(), *(func.sum(each) for each in sums))
    asked = select(*columns, *amounts).select_from(kind).where(*conditions)
    found: list[Any] = list(work.execute(asked.group_by(*columns) if columns else asked))
    width = len(columns)
    groups = tuple((tuple(row[:width]), tuple(row[width:])) for row in found)
    return Tally(kind, conditions, tuple(columns), groups)


def in_order(found: Iterable[Any], names: CodeList) -> list[Any]:
    """Return codes in the order of their list; those it does not know stand last."""
    present = list(found)
    known = [code.code for code in names if code.code in present]
    return [*known, *(each for each in present if each not in set(known))]


def those(kind: type[Record], ids: Sequence[str]) -> Rows:
    """Return rows that were found one by one."""
    return Rows(kind, (kind.id.in_(list(ids)),))
