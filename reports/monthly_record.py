"""Monthly record 儿童月度综合记录: one child's month on paper, signed by everyone who cares for the child."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

from models.month import Grid, Month, MonthlyRecord, Section
from models.papers import PaperHead
from reports.blocks import (
    LABEL_WIDTH,
    Cell,
    Fixed,
    Part,
    Photo,
    Row,
    apart,
    facts,
    held,
    label,
    label_room,
    nothing,
    opinion,
    prose,
    signatures,
    table,
)
from reports.charts import chart_row
from reports.layout import BAND
from reports.page import WIDTH, Paper, render
from reports.styles import MM, PROSE, VALUE
from resources import N_, _

FORM = N_("Monthly record of a child")
_PHOTO = 31 * MM
_SIGNERS = (N_("Caregiver"), N_("Doctor"), N_("Therapist"), N_("Teacher"), N_("Social worker"))


def month_words(month: Month) -> str:
    """Say a month as the head of a paper does."""
    return _("{year}-{month:02d}").format(year=month.year, month=month.month)


def monthly_paper(record: MonthlyRecord, head: PaperHead) -> Paper:
    """Lay one child's record out; ``head`` gives institution, printer and time."""
    whole = head.but(
        form_name=_(FORM), period=month_words(record.month), file_number=record.number, subject=record.name,
        state=head.state or ("" if record.finished else "draft"),
    )  # fmt: skip
    sections = (_part(each) for each in record.sections)
    parts = (Part("", _who(record)), *sections, _plan(record), Part(_("Signatures"), _signing()))
    notes = () if record.finished else (_("The month is not over yet: this is a draft."),)
    return Paper(whole, held(parts), notes=notes, bookmark=f"{record.number} {record.name}")


def render_monthly(record: MonthlyRecord, head: PaperHead) -> bytes:
    """Return one child's record as a PDF document."""
    return render([monthly_paper(record, head)])


def render_bound(
    records: Sequence[MonthlyRecord], head: PaperHead, on_paper: Callable[[int], None] = lambda number: None
) -> bytes:
    """Return many children's records as one document for printing on both sides: each begins on a fresh sheet."""
    return render([monthly_paper(each, head) for each in records], duplex=True, on_paper=on_paper)


def _who(record: MonthlyRecord) -> tuple[Row, ...]:
    """The child: facts at the left, photo at the right, and below what everyone must know."""
    short, long = apart(record.facts)
    rows = facts(short, slots=2, width=WIDTH - _PHOTO)
    top = Row((Cell(rows=rows), Cell(art=Photo(record.photo))), (1.0, Fixed(_PHOTO)))
    below = facts(long, slots=1, width=WIDTH)
    if not record.warnings:
        return (top, *below)
    mind = Cell(_("; ").join(record.warnings), VALUE.but(face="hei-bold", size=9.0))
    return (top, *below, Row((label(_("Mind")), mind), (Fixed(LABEL_WIDTH), 1.0)))


def _part(section: Section) -> Part:
    """One area's part: figures, tables, chart, texts; or that there was nothing."""
    width = WIDTH - BAND
    if section.withheld:
        return Part(_(section.title), (nothing(_("Not included: the person printing may not read this area.")),))
    if section.empty:
        return Part(_(section.title), (nothing(_("Nothing recorded this month.")),))
    rows = (
        *_facts(section.facts, width),
        *chain.from_iterable(_grid(each, width) for each in section.grids),
        *chart_row(section.chart, width),
        *(prose(name, text, empty=_("none")) for name, text in section.texts),
    )
    return Part(_(section.title), rows)


def _facts(pairs: Sequence[tuple[str, str]], width: float) -> tuple[Row, ...]:
    """Facts by twos or threes, labels as wide as they like to be or narrow: whatever needs the fewest rows."""
    names = [name for name, _value in pairs]
    wide = label_room(names, 80.0)
    ways = (
        facts(pairs, 2, width, label_width=label_room(names)),
        facts(pairs, 3, width, label_width=wide),
        facts(pairs, 3, width),
    )
    return min(ways, key=len)


def _grid(grid: Grid, width: float) -> tuple[Row, ...]:
    if not grid.rows:
        return (Row((label(grid.title), Cell(_("none"), VALUE)), (Fixed(LABEL_WIDTH), 1.0)),) if grid.title else ()
    return table(grid.headings, grid.rows, title=grid.title, numeric=grid.numeric, widths=grid.widths, width=width)


def _plan(record: MonthlyRecord) -> Part:
    """What is intended for the coming month, with room to add to it by hand."""
    lines = "\n".join(f"{number}. {line}" for number, line in enumerate(record.plan, start=1))
    cell = Cell(lines, PROSE.but(indent=False), top=True)
    return Part(_("Next month"), (Row((cell,), (1.0,), least=22 * MM),))


def _signing() -> tuple[Row, ...]:
    people = [(_(role), "") for role in _SIGNERS]
    return (*signatures(people), opinion(_("Director's opinion"), seal=True))
