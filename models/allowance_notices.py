"""What Today and the monthly record tell of the allowances 基本生活费."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select

from models.age import birthday
from models.allowance_month import Ledger, home_rules, lines_of, stage_of
from models.allowances import CATEGORIES, KINDS, MODES, REASONS, AllowanceEntitlement, month_of
from models.child import Child
from models.core.database import Work
from models.core.exchange import Listing
from models.core.fields import Field, field_of
from models.core.workflow import STATES
from models.month import Grid, Month, Section, month_section
from models.period import month_title
from models.reminders import Due, reminder
from resources import N_, _


@reminder
def months_and_stops(work: Work) -> Iterator[Due]:
    """Tell which month is to be computed or closed, and whose allowance stops soon."""
    needs = ("AllowanceEntitlement", "edit")
    if not work.actor.may("edit", AllowanceEntitlement):
        return
    this = month_of(work.today)
    for month, due in (
        (month_of(this.first - timedelta(days=1)), this.first + timedelta(days=9)),
        (this, _ledger_day(work, this)),
    ):
        if (due - work.today).days > 10 or not _anyone(work, month):
            continue
        stage = stage_of(lines_of(work, month))
        if stage != "closed":
            text = (
                _("Close the allowances of {month}")
                if stage == "reviewed"
                else _("Compute and check the allowances of {month}")
            )
            yield Due(
                text.format(month=month_title(month.first)),
                "allowance",
                due,
                needs=needs,
                page="allowance_month",
                target={"month": str(month)},
            )
    yield from _coming_of_age(work, this, needs)


def _anyone(work: Work, month: Month) -> bool:
    """Whether the home had a child by then; before the first there is nothing to compute."""
    known = select(Child.id).where(Child.deleted_at.is_(None), Child.state != "void", Child.admitted_on <= month.last)
    return work.scalar(known.limit(1)) is not None


def _ledger_day(work: Work, month: Month) -> date:
    return month.first.replace(day=min(home_rules(work, month).ledger_day, month.days))


def _coming_of_age(work: Work, this: Month, needs: tuple[str, str]) -> Iterator[Due]:
    age = home_rules(work, this).stops_at_age
    living = select(Child.id, Child.name, Child.born_on).where(
        Child.deleted_at.is_(None), Child.left_on.is_(None), Child.state != "void"
    )
    for child in work.execute(living):
        day = birthday(child.born_on, age)
        if this.first <= day <= this.next().last:
            yield Due(
                _("Allowance stops with the month after {day}").format(day=day.isoformat()), "allowance", day,
                kind="notice", child_id=child.id, child_name=child.name, needs=needs, page="allowance_month",
                target={"month": str(this)},
            )  # fmt: skip


@month_section("allowance", N_("Allowances"), order=80)
def allowance_of_the_month(work: Work, child_id: str, month: Month) -> Section:
    """Tell the child's allowance of the month and what was paid."""
    lines = [line for line in lines_of(work, month) if line.child_id == child_id]
    rows = tuple(
        (
            KINDS.label(line.kind), CATEGORIES.label(line.category), MODES.label(line.mode),
            f"{line.standard:,.2f}" if line.standard is not None else "", f"{line.amount:,.2f}",
            line.paid_on.isoformat() if line.paid_on else "", REASONS.label(line.reason) or STATES.label(line.state),
        )
        for line in lines
    )  # fmt: skip
    headings = (_("Kind"), _("Allowance category"), _("Way of living"), _("Rate"), _("Amount"), _("Paid on"), _("Note"))
    grid = Grid(headings, rows, numeric=frozenset({3, 4}), widths=(1.4, 1.6, 1.4, 1.2, 1.2, 1.3, 2))
    amount = sum((line.amount for line in lines), Decimal("0.00"))
    facts = ((_("Allowance of the month"), _("{amount} yuan").format(amount=f"{amount:,.2f}")),)
    return Section(_("Allowances"), facts=facts if lines else (), grids=(grid,) if lines else (), area="allowance")


def ledger_paper(book: Ledger) -> Listing:
    """Return one month's ledger as a list for paper and Excel 基本生活费发放台账; the paper adds it up in capitals."""
    kind = AllowanceEntitlement
    columns = (
        Field(N_("File number"), name="number"), Field(N_("Name"), name="name"),
        *(field_of(kind, name) for name in ("kind", "category", "mode", "standard", "days", "amount", "reason", "batch", "paid_on")),
        Field(N_("Signature or remark"), name="remark"),
    )  # fmt: skip
    rows = tuple(
        (line.child_number, line.child_name, line.kind, line.category, line.mode, line.standard, line.days, line.amount,
         line.reason, line.batch, line.paid_on, line.note)
        for line in book.lines
    )  # fmt: skip
    notes = (str(book.month), *((_("not closed yet: a draft"),) if book.stage != "closed" else ()))
    return Listing(_("Ledger of the basic living allowance"), columns, rows, notes)
