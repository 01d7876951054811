"""Care's figures in the institution report: nursing records, fever, seizures, hand-overs; days in hospital."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import case, func, select

from models.care import HandOver, NursingRecord
from models.care_words import threshold
from models.core.database import Work
from models.institution import Line, Rows, at, kept, on, report_section, tallied
from models.period import ReportPeriod
from resources import N_, _


@report_section("nursing", N_("Daily care"), area="care", order=21, needs="NursingRecord")
def nursing(work: Work, period: ReportPeriod) -> Iterator[Line]:
    """Nursing records written; temperatures that were a fever, seizures; hand-overs and heads that did not agree."""
    record = NursingRecord
    fever = record.temperature >= threshold("fever_from", period.last)
    within = at(record.at, period)
    amounts = [case((fever, 1), else_=0), record.seizures]
    found = tallied(work, record, [], within, sums=amounts)
    yield found.line("records", _("Nursing records"))
    yield found.line("fever", _("Of these with fever"), fever, amount=1, indent=1)
    yield found.line("seizures", _("Seizures"), record.seizures > 0, amount=2, unit=_("times"))
    if work.actor.may("read", HandOver):
        yield from _hand_overs(work, period)


def _hand_overs(work: Work, period: ReportPeriod) -> Iterator[Line]:
    """Shift hand-overs, and those whose head count did not agree."""
    over = HandOver
    differing = over.expected != over.present + over.out + over.hospital
    conditions = (*kept(over), on(over.day, period))
    amounts = func.count(), func.sum(case((differing, 1), else_=0))
    total, wrong = work.execute(select(*amounts).select_from(over).where(*conditions)).one()
    yield Line("hand_overs", _("Shift hand-overs"), total, rows=Rows(over, conditions))
    yield Line(
        "heads",
        _("Of these with a head count that differs"),
        wrong or 0,
        rows=Rows(over, (*conditions, differing)),
        indent=1,
    )
