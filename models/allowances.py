"""Allowances 基本生活费: dated rates, and who is entitled to what in which month."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Date, Integer, String, select
from sqlalchemy.orm import Mapped, mapped_column

from models.age import birthday
from models.calendar_rules import in_force
from models.child import OfChild
from models.core.errors import Problem
from models.core.fields import Money, field
from models.core.record import Record
from models.core.words import Code, CodeList
from models.month import Month
from resources import N_, _, table

if TYPE_CHECKING:
    from models.core.database import Work

CATEGORIES = CodeList(
    "allowance_category",
    Code("orphan", N_("Orphan"), "孤儿"),
    Code("de_facto", N_("Child without de-facto support"), "事实无人抚养儿童"),
    Code("hardship", N_("Child in particular hardship"), "重点困境儿童"),
    Code("special", N_("Destitution support"), "特困供养"),
)
MODES = CodeList(
    "allowance_mode",
    Code("institution", N_("Raised in a home"), "集中养育"),
    Code("community", N_("Living in the community"), "社会散居"),
)
KINDS = CodeList(
    "entitlement_kind",
    Code("regular", N_("Regular"), "当月发放"),
    Code("supplement", N_("Supplement for an earlier month"), "补发"),
    Code("refund", N_("Taken back"), "扣回"),
)
REASONS = CodeList(
    "entitlement_reason",
    Code("not_yet", N_("Not admitted yet"), "尚未起发"),
    Code("left", N_("Has left"), "已离院停发"),
    Code("adult", N_("Has come of age"), "年满十八周岁停发"),
    Code("temporary", N_("Temporary guardianship"), "临时监护不发"),
    Code("no_category", N_("Category to be chosen"), "待定类别"),
)
CLOSED_STATES = ("approved", "archived")


class AllowanceRate(Record):
    """A monthly rate 保障标准 from a day on; the amount of the law of that day, never a constant."""

    title: ClassVar[str] = N_("Allowance rate")
    titles: ClassVar[str] = N_("Allowance rates")
    area: ClassVar[str] = "allowance"
    first_state: ClassVar[str] = "current"
    event_field: ClassVar[str] = "effective_from"
    title_field: ClassVar[str] = "source"

    category: Mapped[str] = field(N_("Allowance category"), codes=CATEGORIES, required=True, listed=True)
    mode: Mapped[str] = field(N_("Way of living"), codes=MODES, required=True, listed=True)
    amount: Mapped[Decimal] = field(
        N_("A month"), Money(), required=True, listed=True, minimum=0, maximum=100_000, unit=N_("yuan")
    )
    effective_from: Mapped[date] = field(N_("In force from"), Date, required=True, listed=True)
    effective_to: Mapped[date | None] = field(
        N_("Until before"),
        Date,
        listed=True,
        help=N_("The first day on which it no longer holds; empty while it holds."),
    )
    region: Mapped[str | None] = field(N_("Region"), String(40), listed=True)
    source: Mapped[str] = field(N_("Source"), String(200), required=True, listed=True, searched=True)

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.effective_to and self.effective_to <= self.effective_from:
            yield Problem("effective_to", _("The end lies before the beginning."))
        others = select(AllowanceRate).where(
            AllowanceRate.category == self.category, AllowanceRate.mode == self.mode, AllowanceRate.id != self.id,
            AllowanceRate.deleted_at.is_(None), AllowanceRate.state != "void",
            AllowanceRate.effective_from == self.effective_from,
        )  # fmt: skip
        if work.scalar(others) is not None:
            yield Problem("effective_from", _("There is already a rate of this kind from this day."))

    def summary(self) -> str:
        return f"{CATEGORIES.label(self.category)} · {MODES.label(self.mode)} · {self.amount:,.2f}"


class AllowanceEntitlement(OfChild, Record):
    """What one child is entitled to in one month 基本生活费发放明细; locked once the month is closed."""

    title: ClassVar[str] = N_("Allowance of a month")
    titles: ClassVar[str] = N_("Allowances of the months")
    area: ClassVar[str] = "allowance"
    on_timeline: ClassVar[bool] = False
    event_field: ClassVar[str] = "month"
    title_field: ClassVar[str] = "month"

    month: Mapped[str] = field(N_("Month"), String(7), required=True, listed=True, index=True)
    kind: Mapped[str] = field(N_("Kind"), codes=KINDS, required=True, listed=True)
    category: Mapped[str | None] = field(N_("Allowance category"), codes=CATEGORIES, listed=True)
    mode: Mapped[str | None] = field(N_("Way of living"), codes=MODES, listed=True)
    standard: Mapped[Decimal | None] = field(
        N_("Rate"), Money(), listed=True, minimum=0, maximum=100_000, unit=N_("yuan")
    )
    days: Mapped[int | None] = field(N_("Days in care"), Integer, unit=N_("days"), minimum=0, maximum=31, listed=True)
    amount: Mapped[Decimal] = field(
        N_("Amount"), Money(), required=True, listed=True, minimum=-100_000, maximum=100_000, unit=N_("yuan")
    )
    reason: Mapped[str | None] = field(N_("What changes"), codes=REASONS, listed=True)
    for_month: Mapped[str | None] = field(N_("For the month"), String(7))
    account: Mapped[str | None] = field(N_("Account"), String(40), confidential=True)
    batch: Mapped[str | None] = field(N_("Batch number"), String(40), listed=True)
    paid_on: Mapped[date | None] = field(N_("Paid on"), Date, listed=True)
    note: Mapped[str | None] = field(N_("Note"), String(200))

    # One regular line a child and month, also when two people compute at the same moment.
    slot: Mapped[str | None] = mapped_column(String(50), unique=True)

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """An ordinary month, for the tests of every record type."""
        return {"month": f"{work.today:%Y-%m}"}

    def before_save(self, work: Work) -> None:
        self.kind = self.kind or "regular"
        counts = self.kind == "regular" and self.state not in {"void", "superseded"} and self.deleted_at is None
        self.slot = f"{self.child_id}:{self.month}" if counts and not self.supersedes_id else None

    def problems(self, work: Work) -> Iterator[Problem]:
        if not _is_month(self.month):
            yield Problem("month", _("A month is written as 2026-10."))
            return
        yield from self._kind_problems()
        if self.supersedes_id or self.state in {"void", "superseded", *CLOSED_STATES}:
            return
        if closed(work, self.month):
            yield Problem("month", _("This month is closed; enter a supplement in an open month instead."))
        if self.kind == "regular" and self._doubled(work):
            yield Problem(
                "category", _("The child already has an allowance in this month; categories are not added up.")
            )

    def _kind_problems(self) -> Iterator[Problem]:
        amount = self.amount or Decimal(0)
        if self.kind == "refund" and amount >= 0:
            yield Problem("amount", _("What is taken back is entered with a minus."))
        if self.kind != "refund" and amount < 0:
            yield Problem("amount", _("An amount with a minus is something taken back."))
        if self.kind != "regular":
            if not self.for_month or not _is_month(self.for_month) or self.for_month >= self.month:
                yield Problem("for_month", _("Please give the earlier month that this concerns."))
            if not (self.note or "").strip():
                yield Problem("note", _("Please say why."))

    def _doubled(self, work: Work) -> bool:
        other = select(AllowanceEntitlement.id).where(
            AllowanceEntitlement.child_id == self.child_id, AllowanceEntitlement.month == self.month,
            AllowanceEntitlement.kind == "regular", AllowanceEntitlement.id != self.id,
            AllowanceEntitlement.deleted_at.is_(None), AllowanceEntitlement.state.not_in(("void", "superseded")),
        )  # fmt: skip
        return work.scalar(other) is not None

    def summary(self) -> str:
        return f"{self.month} · {CATEGORIES.label(self.category)} · {self.amount:,.2f}"


def _is_month(text: str) -> bool:
    try:
        return str(Month.parse(text)) == text
    except ValueError:
        return False


def closed(work: Work, month: str) -> bool:
    """Whether a month's ledger is closed: its lines are approved and locked."""
    with work.no_autoflush:
        locked = select(AllowanceEntitlement.id).where(
            AllowanceEntitlement.month == month, AllowanceEntitlement.state.in_(CLOSED_STATES)
        )
        return work.scalar(locked.limit(1)) is not None


# The rule, as pure arithmetic


@dataclass(frozen=True)
class Rules:
    """How the allowance starts and stops, as data in force on a day."""

    starts_from: str = "next_month"
    stops_from: str = "next_month"
    stops_at_age: int = 18
    while_studying: bool = False
    by_days: bool = False
    categories: tuple[tuple[str, str], ...] = ()
    ledger_day: int = 25

    def category_of(self, file_class: str | None) -> str:
        """Return the allowance category that goes with a file class, or nothing."""
        return dict(self.categories).get(file_class or "", "")


def rules_on(day: date, region: str = "") -> Rules:
    """Return the allowance rules in force on a day in a region."""
    said = {row["rule"]: row["value"] for row in in_force(table("allowance_rules.csv"), day, region, key="rule")}
    prefix = "category_of_"
    return Rules(
        said.get("starts_from", "next_month"), said.get("stops_from", "next_month"), int(said.get("stops_at_age", "18")),
        said.get("continues_while_studying") == "yes", said.get("partial_month") == "days",
        tuple((name.removeprefix(prefix), value) for name, value in said.items() if name.startswith(prefix)),
        int(said.get("ledger_day", "25")),
    )  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What the allowance of one child depends on."""

    born_on: date
    admitted_on: date | None
    left_on: date | None = None
    studying: bool = False
    temporary: bool = False


@dataclass(frozen=True)
class Decision:
    """Whether a month is paid, for how many days, and what changes with it."""

    entitled: bool
    days: int
    reason: str = ""


def month_of(day: date) -> Month:
    """Return the calendar month of a day."""
    return Month(day.year, day.month)


def decide(facts: Facts, month: Month, rules: Rules) -> Decision:
    """Decide one child's month: begin and stop by the rule, days as the child was in care."""
    if facts.temporary:
        return Decision(False, 0, "temporary")
    if facts.admitted_on is None or month < _first_month(facts.admitted_on, rules):
        return Decision(False, 0, "not_yet")
    stop, reason = _stop(facts, rules)
    if stop is not None and month > _last_month(stop, rules):
        return Decision(False, 0, reason)
    days = _days_in(facts.admitted_on, stop, month)
    last = stop is not None and month == _last_month(stop, rules)
    return Decision(True, days, reason if last else "")


def _first_month(admitted_on: date, rules: Rules) -> Month:
    first = month_of(admitted_on)
    return first if rules.starts_from == "same_month" else first.next()


def _last_month(stop: date, rules: Rules) -> Month:
    """The last month that is paid when something ends on a day."""
    return month_of(stop) if rules.stops_from == "next_month" else _before(month_of(stop))


def _before(month: Month) -> Month:
    return Month(month.year - 1, 12) if month.month == 1 else Month(month.year, month.month - 1)


def _stop(facts: Facts, rules: Rules) -> tuple[date | None, str]:
    """Return the earliest day on which the entitlement ends, and why."""
    stops = [(facts.left_on, "left")] if facts.left_on else []
    if not (facts.studying and rules.while_studying):
        stops.append((birthday(facts.born_on, rules.stops_at_age), "adult"))
    return min(stops, default=(None, ""))


def _days_in(admitted_on: date, stop: date | None, month: Month) -> int:
    first = max(month.first, admitted_on)
    last = min(month.last, stop) if stop else month.last
    return max(0, (last - first).days + 1)


def amount_of(standard: Decimal, decision: Decision, month: Month, rules: Rules) -> Decimal:
    """Return what is paid: the whole rate, or its share of days where the rule says so."""
    if not decision.entitled:
        return Decimal("0.00")
    share = Decimal(decision.days) / month.days if rules.by_days else Decimal(1)
    return (standard * share).quantize(Decimal("0.01"), ROUND_HALF_UP)


def rate_on(rates: Iterable[AllowanceRate], category: str, mode: str, day: date) -> Decimal | None:
    """Return the rate of a category and way of living on a day: the youngest that is in force."""
    holding = [
        rate
        for rate in rates
        if (rate.category, rate.mode) == (category, mode)
        and rate.effective_from <= day
        and (rate.effective_to is None or day < rate.effective_to)
    ]
    return max(holding, key=lambda rate: rate.effective_from).amount if holding else None
