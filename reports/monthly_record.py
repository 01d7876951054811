"""Monthly record 儿童月度综合记录: one child's month on paper, signed by everyone who cares for the child."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from models.month import MonthlyRecord
from models.papers import PaperHead
from models.period import month_title
from reports.blocks import Cell, Part, Row, held, opinion, signatures
from reports.page import Paper, render
from reports.sections import section_part, who
from reports.styles import MM, PROSE
from resources import N_, _

FORM = N_("Monthly record of a child")
_SIGNERS = (N_("Caregiver"), N_("Doctor"), N_("Therapist"), N_("Teacher"), N_("Social worker"))


def monthly_paper(record: MonthlyRecord, head: PaperHead) -> Paper:
    """Lay one child's record out; ``head`` gives institution, printer and time."""
    whole = head.but(
        form_name=_(FORM), period=month_title(record.month.first), file_number=record.number, subject=record.name,
        state=head.state or ("" if record.finished else "draft"),
    )  # fmt: skip
    sections = (section_part(each, nothing_said=_("Nothing recorded this month.")) for each in record.sections)
    parts = (
        Part("", who(record.facts, record.warnings, record.photo)),
        *sections,
        _plan(record),
        Part(_("Signatures"), _signing()),
    )
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


def _plan(record: MonthlyRecord) -> Part:
    """What is intended for the coming month, with room to add to it by hand."""
    lines = "\n".join(f"{number}. {line}" for number, line in enumerate(record.plan, start=1))
    cell = Cell(lines, PROSE.but(indent=False), top=True)
    return Part(_("Next month"), (Row((cell,), (1.0,), least=22 * MM),))


def _signing() -> tuple[Row, ...]:
    people = [(_(role), "") for role in _SIGNERS]
    return (*signatures(people), opinion(_("Director's opinion"), seal=True))
