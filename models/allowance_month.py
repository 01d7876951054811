"""The month's ledger 发放台账: compute, check, close; totals in figures and capitals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from models.allowances import (
    CATEGORIES,
    CLOSED_STATES,
    MODES,
    AllowanceEntitlement,
    AllowanceRate,
    Decision,
    Facts,
    Rules,
    amount_of,
    closed,
    decide,
    month_of,
    rate_on,
    rules_on,
)
from models.child import Child
from models.core import queries, records
from models.core.database import Work
from models.core.errors import Invalid, Problem
from models.core.money import in_capitals
from models.core.settings import value
from models.month import Month
from resources import _, current_language, table


def rates(work: Work) -> list[AllowanceRate]:
    """Return the home's rates."""
    statement = select(AllowanceRate).where(AllowanceRate.deleted_at.is_(None), AllowanceRate.state != "void")
    return list(work.scalars(statement.order_by(AllowanceRate.effective_from)))


def known_regions() -> list[tuple[str, str]]:
    """Return (code, name) of the regions whose rates the program knows."""
    name = "region_zh" if current_language() == "zh_CN" else "region_en"
    return list(dict.fromkeys((row["region"], row[name]) for row in table("allowance_rates.csv")))


def adopt_rates(work: Work, region: str) -> int:
    """Take over the known rates of a region as the home's own and return how many were new."""
    have = {(rate.category, rate.mode, rate.effective_from) for rate in rates(work)}
    added = 0
    for row in table("allowance_rates.csv"):
        start = date.fromisoformat(row["effective_from"])
        if row["region"] != region or (row["category"], row["mode"], start) in have:
            continue
        until = date.fromisoformat(row["effective_to"]) if row["effective_to"] else None
        values = {"category": row["category"], "mode": row["mode"], "amount": Decimal(row["monthly_amount"]),
                  "effective_from": start, "effective_to": until, "region": row["region_zh"], "source": row["source"]}  # fmt: skip
        records.save(work, AllowanceRate, values)
        added += 1
    return added


def home_rules(work: Work, month: Month) -> Rules:
    """Return the rules in force in the home's region in a month."""
    return rules_on(month.first, value(work, "home_region"))


def facts_of(child: Child) -> Facts:
    """Return what the allowance depends on, from the child's file."""
    temporary = (child.custody or "").startswith("T") or child.placement == "temporary"
    return Facts(child.born_on, child.admitted_on, child.left_on, temporary=temporary)


@dataclass(frozen=True)
class Computed:
    """What computing a month has done."""

    new: int
    changed: int
    removed: int
    total: int


def compute(work: Work, month: Month) -> Computed:
    """Write or renew the regular lines of an open month; what was chosen by hand (category, way of living) stays.

    Raises:
        Invalid: when the month is closed.
    """
    if closed(work, str(month)):
        raise Invalid([Problem("", _("This month is closed; nothing in it changes any more."))])
    rules, have_rates = home_rules(work, month), rates(work)
    lines = {line.child_id: line for line in lines_of(work, month) if line.kind == "regular"}
    chosen = _chosen_before(work, month)
    new = changed = removed = 0
    for child in _children(work, month):
        decision = decide(facts_of(child), month, rules)
        line = lines.pop(child.id, None)
        if not decision.entitled:
            removed += _drop(work, line)
            continue
        values = _values(child, decision, month, rules, have_rates, line, chosen.get(child.id))
        if line is None:
            records.save(work, AllowanceEntitlement, values)
            new += 1
        elif any(getattr(line, name) != each for name, each in values.items()):
            records.save(work, AllowanceEntitlement, values, id=line.id)
            changed += 1
    removed += sum(_drop(work, line) for line in lines.values())
    return Computed(new, changed, removed, len(lines_of(work, month)))


def lines_of(work: Work, month: Month) -> list[AllowanceEntitlement]:
    """Return the lines of a month that count."""
    statement = select(AllowanceEntitlement).where(
        AllowanceEntitlement.month == str(month), AllowanceEntitlement.deleted_at.is_(None),
        AllowanceEntitlement.state.not_in(("void", "superseded")),
    )  # fmt: skip
    return list(work.scalars(statement))


def _children(work: Work, month: Month) -> list[Child]:
    statement = select(Child).where(Child.deleted_at.is_(None), Child.state != "void", Child.admitted_on <= month.last)
    return list(work.scalars(statement.order_by(Child.number)))


def _chosen_before(work: Work, month: Month) -> dict[str, AllowanceEntitlement]:
    """The latest regular line of each child before a month: its choices are carried on."""
    statement = select(AllowanceEntitlement).where(
        AllowanceEntitlement.month < str(month), AllowanceEntitlement.kind == "regular",
        AllowanceEntitlement.deleted_at.is_(None), AllowanceEntitlement.state.not_in(("void", "superseded")),
        AllowanceEntitlement.month >= str(month_of(month.first - timedelta(days=370))),
    )  # fmt: skip
    return {line.child_id: line for line in work.scalars(statement.order_by(AllowanceEntitlement.month))}


def _values(
    child: Child, decision: Decision, month: Month, rules: Rules, have: list[AllowanceRate],
    line: AllowanceEntitlement | None, before: AllowanceEntitlement | None,
) -> dict[str, Any]:  # fmt: skip
    pattern = line or before
    category = (pattern.category if pattern else None) or rules.category_of(child.category) or None
    mode = (pattern.mode if pattern else None) or "institution"
    standard = rate_on(have, category, mode, month.first) if category else None
    return {
        "child_id": child.id, "month": str(month), "kind": "regular", "category": category, "mode": mode,
        "standard": standard, "days": decision.days,
        "amount": amount_of(standard or Decimal(0), decision, month, rules),
        "reason": decision.reason or (None if category else "no_category"),
        "account": pattern.account if pattern else None,
    }  # fmt: skip


def _drop(work: Work, line: AllowanceEntitlement | None) -> int:
    if line is None:
        return 0
    records.put_in_bin(work, AllowanceEntitlement, line.id)
    return 1


@dataclass(frozen=True)
class Doubt:
    """Something to be settled before a month is closed; ``line_id`` is empty for the month as a whole."""

    line_id: str
    child_name: str
    what: str


def doubts(work: Work, month: Month) -> list[Doubt]:
    """Say what keeps a month from being closed: missing categories or rates, and lines that no longer agree."""
    rules, have = home_rules(work, month), rates(work)
    lines = lines_of(work, month)
    children = {child.id: child for child in _children(work, month)}
    found = [Doubt("", "", _("Nothing has been computed yet."))] if not lines else []
    for line in lines:
        child = children.get(line.child_id)
        for what in _doubts_of(line, child, month, rules, have):
            found.append(Doubt(line.id, child.name if child else "", what))
    listed = {line.child_id for line in lines if line.kind == "regular"}
    for child in children.values():
        if lines and child.id not in listed and decide(facts_of(child), month, rules).entitled:
            found.append(Doubt("", child.name, _("entitled, but without a line; please compute again")))
    return found


def _doubts_of(
    line: AllowanceEntitlement, child: Child | None, month: Month, rules: Rules, have: list[AllowanceRate]
) -> Iterator[str]:
    if line.kind != "regular":
        return
    if not line.category:
        yield _("category to be chosen")
        return
    standard = rate_on(have, line.category, line.mode or "", month.first)
    if standard is None:
        yield _("no rate for this category and way of living")
        return
    decision = decide(facts_of(child), month, rules) if child else Decision(False, 0)
    if not decision.entitled:
        yield _("not entitled in this month; please compute again")
    elif line.standard != standard or line.amount != amount_of(standard, decision, month, rules):
        yield _("the amount does not agree with rate and days; please compute again")


def check_off(work: Work, month: Month) -> int:
    """Submit and review all open lines of a month and return how many.

    Raises:
        Invalid: when something is still to be settled.
    """
    _refuse_doubts(work, month)
    moved = 0
    for line in lines_of(work, month):
        if line.state in {"draft", "returned"}:
            records.take_step(work, AllowanceEntitlement, line.id, "submit")
        if line.state == "submitted":
            records.take_step(work, AllowanceEntitlement, line.id, "review")
            moved += 1
    return moved


def close(work: Work, month: Month) -> Totals:
    """Approve all reviewed lines of a month, which locks it, and return its totals.

    Raises:
        Invalid: when something is still to be settled or not yet reviewed.
    """
    _refuse_doubts(work, month)
    lines = lines_of(work, month)
    if any(line.state not in {"reviewed", *CLOSED_STATES} for line in lines):
        raise Invalid([Problem("", _("The month must be checked off before it is closed."))])
    for line in lines:
        if line.state == "reviewed":
            records.take_step(work, AllowanceEntitlement, line.id, "approve")
    return totals(lines)


def _refuse_doubts(work: Work, month: Month) -> None:
    found = doubts(work, month)
    if found:
        raise Invalid([Problem("", f"{each.child_name} {each.what}".strip()) for each in found])


def pay(work: Work, month: Month, batch: str, paid_on: date) -> int:
    """Note batch and day of payment on all lines of an open month and return how many."""
    lines = [line for line in lines_of(work, month) if line.state not in CLOSED_STATES]
    for line in lines:
        line.batch, line.paid_on = batch.strip() or None, paid_on
    work.flush()
    return len(lines)


@dataclass(frozen=True)
class Totals:
    """Count and sum of lines; ``groups`` are (category, way of living, count, sum) in words."""

    children: int
    amount: Decimal
    groups: tuple[tuple[str, str, int, Decimal], ...] = ()

    @property
    def capitals(self) -> str:
        """The sum in capitals 大写."""
        return in_capitals(self.amount)


def totals(lines: Iterable[Any]) -> Totals:
    """Add lines up, in all and by category and way of living."""
    lines = list(lines)
    groups: dict[tuple[str, str], list[Decimal]] = {}
    for line in lines:
        groups.setdefault((line.category or "", line.mode or ""), []).append(line.amount or Decimal(0))
    order = {code.code: index for index, code in enumerate(CATEGORIES)}
    rows = tuple(
        (
            CATEGORIES.label(category) or _("category to be chosen"),
            MODES.label(mode),
            len(amounts),
            sum(amounts, Decimal(0)),
        )
        for (category, mode), amounts in sorted(groups.items(), key=lambda each: (order.get(each[0][0], 9), each[0][1]))
    )
    amount = sum((line.amount or Decimal(0) for line in lines), Decimal("0.00"))
    return Totals(len({line.child_id for line in lines}), amount, rows)


@dataclass(frozen=True)
class LedgerLine:
    """One line of the month's ledger as screen and paper show it."""

    id: str
    version: int
    child_id: str
    child_number: str
    child_name: str
    kind: str
    category: str
    mode: str
    standard: Decimal | None
    days: int | None
    amount: Decimal
    reason: str
    state: str
    batch: str
    paid_on: date | None
    note: str
    doubt: str = ""


@dataclass(frozen=True)
class Ledger:
    """One month: its lines, what is in doubt, its totals, and how far it is."""

    month: Month
    lines: tuple[LedgerLine, ...]
    doubts: tuple[Doubt, ...]
    totals: Totals
    stage: str
    """``empty``, ``draft``, ``reviewed`` or ``closed``."""


def ledger(work: Work, month: Month) -> Ledger:
    """Return one month's ledger."""
    lines = lines_of(work, month)
    stage = stage_of(lines)
    found = doubts(work, month) if stage in {"draft", "reviewed"} else []
    said = {each.line_id: each.what for each in found if each.line_id}
    statement = select(Child.id, Child.number, Child.name).where(Child.id.in_({line.child_id for line in lines}))
    children = {row.id: (row.number, row.name) for row in work.execute(statement)}
    shown = [_ledger_line(line, children.get(line.child_id, ("", "")), said.get(line.id, "")) for line in lines]
    shown.sort(key=lambda each: (each.child_number, each.kind != "regular"))
    return Ledger(month, tuple(shown), tuple(found), totals(lines), stage)


def stage_of(lines: list[AllowanceEntitlement]) -> str:
    """Return how far a month is: ``empty``, ``draft``, ``reviewed`` or ``closed``."""
    if not lines:
        return "empty"
    if any(line.state in CLOSED_STATES for line in lines):
        return "closed"
    return "reviewed" if all(line.state == "reviewed" for line in lines) else "draft"


def _ledger_line(line: AllowanceEntitlement, child: tuple[str, str], doubt: str) -> LedgerLine:
    return LedgerLine(
        line.id, line.version, line.child_id, child[0], child[1], line.kind, line.category or "", line.mode or "",
        line.standard, line.days, line.amount, line.reason or "", line.state, line.batch or "", line.paid_on,
        line.note or "", doubt,
    )  # fmt: skip


def lines_of_child(work: Work, child_id: str, limit: int = 36) -> list[dict[str, Any]]:
    """Return a child's allowance lines as plain values, the latest month first."""
    statement = (
        select(AllowanceEntitlement)
        .where(AllowanceEntitlement.child_id == child_id, AllowanceEntitlement.deleted_at.is_(None),
               AllowanceEntitlement.state.not_in(("void", "superseded")))
        .order_by(AllowanceEntitlement.month.desc(), AllowanceEntitlement.id)
        .limit(limit)
    )  # fmt: skip
    return [queries.values(work, AllowanceEntitlement, line.id) for line in work.scalars(statement)]
