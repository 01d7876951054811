"""Institution report 机构月报: the home's figures of a month, quarter or year beside those they are compared with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from models.core.money import in_capitals
from models.institution import (
    FORMS,
    InstitutionReport,
    Line,
    Number,
    ReportLine,
    ReportSection,
    change_words,
    number_words,
)
from models.papers import PaperHead
from reports.blocks import LABEL_WIDTH, Cell, Fixed, Part, Row, held, label, nothing, opinion, signatures, table
from reports.columns import roomy
from reports.layout import BAND
from reports.page import WIDTH, Paper, render
from resources import N_, _

_BESIDE = {"month": N_("Month before"), "quarter": N_("Quarter before"), "year": N_("Year before")}
_INDENT = "\u3000"
_MAKERS = (N_("Made by"), N_("Checked by"))


def institution_paper(report: InstitutionReport, head: PaperHead) -> Paper:
    """Lay the report out; ``head`` gives institution, printer and time."""
    period = report.period
    whole = head.but(
        form_name=_(FORMS[period.kind]), period=period.title(), state=head.state or ("draft" if report.running else ""),
    )  # fmt: skip
    headings = (_("Figure"), _("This period"), _(_BESIDE[period.kind]), _("Difference"), *_year_heading(period.kind))
    rows = [_cells(each, period.kind) for section in report.sections for each in section.lines]
    rows.sort(key=lambda cells: len(cells[0]), reverse=True)
    shares = (5.0, 2.2, 2.2, 1.7, 2.4)[: len(headings)]
    widths = roomy(shares, headings, rows, WIDTH - BAND)  # the same in every section: figures stand under one another
    parts = (
        *(_part(each, period.kind, headings, widths) for each in report.sections),
        Part(_("Signatures"), _signing()),
    )
    return Paper(whole, held(parts), notes=tuple(_notes(report)), bookmark=f"{_(FORMS[period.kind])} {period}")


def render_institution(report: InstitutionReport, head: PaperHead) -> bytes:
    """Return the report as a PDF document."""
    return render([institution_paper(report, head)])


def _notes(report: InstitutionReport) -> Iterator[str]:
    if report.running:
        yield _("The period is not over yet: figures up to the day of printing.")
    if report.partial:
        yield _("Only the children entrusted to the person printing are counted.")


def _part(section: ReportSection, kind: str, headings: Sequence[str], widths: Sequence[float]) -> Part:
    if section.withheld:
        return Part(section.title, (nothing(_("Not included: the person printing may not read this area.")),))
    rows = [_cells(each, kind) for each in section.lines]
    sums = [number for number, each in enumerate(section.lines) if each.line.total]
    body = table(
        headings, rows, numeric=range(1, len(headings)), widths=widths, width=WIDTH - BAND, left=(0,), strong=sums,
    )  # fmt: skip
    return Part(section.title, (*body, *_capitals(section)))


def _year_heading(kind: str) -> tuple[str, ...]:
    """A year's period before is the same one a year ago: it stands there once."""
    return () if kind == "year" else (_("Same period last year"),)


def _cells(each: ReportLine, kind: str) -> Sequence[str]:
    line = each.line
    name = _INDENT * line.indent + (
        _("{item} ({unit})").format(item=line.title, unit=line.unit) if line.unit else line.title
    )
    last_year = () if kind == "year" else (_number(line, each.year_ago),)
    return (name, _number(line, line.value), _number(line, each.before), change_words(each), *last_year)


def _number(line: Line, value: Number | None) -> str:
    return number_words(value, line.decimals)


def _capitals(section: ReportSection) -> Iterator[Row]:
    """A sum of money once more in capitals 大写."""
    for each in section.lines:
        if each.line.total and isinstance(each.line.value, Decimal):
            words = in_capitals(each.line.value)
            yield Row((label(_("In capitals")), Cell(words)), (Fixed(LABEL_WIDTH), 1.0))


def _signing() -> tuple[Row, ...]:
    return (*signatures([(_(each), "") for each in _MAKERS]), opinion(_("Director's opinion"), seal=True))
