"""What a young adult takes along and how life goes on 移交清单与离院后回访: lists, and the cohort counted by outcome."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from models.core import queries, records
from models.core.database import Work
from models.transition import AfterCareContact, HandOverItem
from models.transition_words import HAND_OVER, NOT_REACHED, OUTCOMES, hand_over_group


@dataclass(frozen=True)
class HandOverLine:
    """One line of the hand-over list."""

    id: str
    kind: str
    group: str
    detail: str
    quantity: int | None
    amount: Decimal | None
    ready_on: date | None
    given_on: date | None
    receiver: str
    witness: str
    not_needed: bool

    @property
    def standing(self) -> str:
        """Return ``given``, ``ready``, ``not_needed`` or ``open``."""
        if self.given_on:
            return "given"
        if self.not_needed:
            return "not_needed"
        return "ready" if self.ready_on else "open"


def hand_over_list(work: Work, child_id: str) -> list[HandOverLine]:
    """Return one person's hand-over list in the order of the paper."""
    statement = select(HandOverItem).where(
        HandOverItem.child_id == child_id, HandOverItem.deleted_at.is_(None), HandOverItem.state != "void"
    )
    items = list(work.scalars(statement))
    witnesses = queries.titles(work, "staff", [item.witness_id for item in items])
    order = {code.code: index for index, code in enumerate(HAND_OVER)}
    lines = [
        HandOverLine(
            item.id, item.kind, hand_over_group(item.kind), item.detail or "", item.quantity, item.amount, item.ready_on,
            item.given_on, item.receiver or "", witnesses.get(item.witness_id or "", ""), bool(item.not_needed),
        )
        for item in items
    ]  # fmt: skip
    return sorted(lines, key=lambda line: (order.get(line.kind, 99), line.id))


def hand_over(work: Work, item_ids: Sequence[str], values: dict[str, Any]) -> int:
    """Note that several items were handed over at once, before one witness, and return how many."""
    for item_id in item_ids:
        records.save(work, HandOverItem, {**values, "not_needed": False}, id=item_id)
    return len(item_ids)


def mark_items(work: Work, item_ids: Sequence[str], **values: Any) -> int:
    """Mark several items as ready or not needed and return how many."""
    for item_id in item_ids:
        records.save(work, HandOverItem, values, id=item_id)
    return len(item_ids)


@dataclass(frozen=True)
class ContactLine:
    """One after-care contact as a list shows it."""

    id: str
    at: datetime
    step: str
    reached: str
    situation: str
    outcomes: tuple[str, ...]
    troubles: str
    next_on: date | None


def contacts_of(work: Work, child_id: str) -> list[ContactLine]:
    """Return one person's after-care contacts, the latest first."""
    statement = select(AfterCareContact).where(
        AfterCareContact.child_id == child_id, AfterCareContact.deleted_at.is_(None), AfterCareContact.state != "void"
    )
    return [
        ContactLine(
            each.id, each.at, each.step or "", each.reached, each.situation or "", tuple(each.outcomes or ()),
            each.troubles or "", each.next_on,
        )
        for each in work.scalars(statement.order_by(AfterCareContact.at.desc()))
    ]  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What has become of those who left: how many of those reached last have each outcome."""

    people: int
    reached: int
    counts: tuple[tuple[str, int], ...]


def outcomes(work: Work) -> Outcome:
    """Count the outcomes of everyone's latest after-care contact."""
    statement = select(AfterCareContact).where(AfterCareContact.deleted_at.is_(None), AfterCareContact.state != "void")
    latest = {each.child_id: each for each in work.scalars(statement.order_by(AfterCareContact.at))}
    reached = [each for each in latest.values() if each.reached not in NOT_REACHED]
    found = Counter(outcome for each in reached for outcome in each.outcomes or ())
    return Outcome(len(latest), len(reached), tuple((code.code, found[code.code]) for code in OUTCOMES))
