"""Beginning an admission 办理入院: what is suggested, what will follow, and whether the child was here before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from models import identity
from models.admission import ADMISSION_PAPERS
from models.admission_rules import Clock, Facts, clocks, notice_ends, notice_rule_for, papers_wanted
from models.child import Child, next_number
from models.child_words import PLACEMENTS
from models.core.database import Work
from models.person_name import normalised_name
from models.placement import moves_from
from models.staff import Staff
from models.unit import Unit

USUAL = {
    "A": {"custody": "T1", "sender": "police"}, "B": {"custody": "L2", "sender": "township"},
    "C": {"custody": "L3", "sender": "township"}, "D": {"custody": "L4", "sender": "court"},
    "E": {"custody": "P1", "sender": "civil_affairs"},
}  # fmt: skip
"""What usually goes with a category; a suggestion that anyone may change."""


@dataclass(frozen=True)
class Expected:
    """One paper that will be asked for."""

    code: str
    words: str
    needed: bool
    due_on: date


@dataclass(frozen=True)
class Known:
    """A child who may be the same: there is a file already."""

    id: str
    name: str
    number: str
    born_on: date
    placement: str
    here: bool


def beginnings(work: Work) -> dict[str, Any]:
    """Return the values with which the form of an admission begins."""
    observation = select(Unit.id).where(Unit.kind == "observation", Unit.deleted_at.is_(None)).order_by(Unit.id)
    own = select(Staff.post).where(Staff.id == (work.actor.staff_id or ""))
    receiver = "received_medical_id" if work.scalar(own) in {"nurse", "doctor"} else "received_office_id"
    return {
        "arrived_at": work.now.replace(second=0, microsecond=0), "number": next_number(work),
        "unit_id": work.scalar(observation), receiver: work.actor.staff_id,
    }  # fmt: skip


def expected_papers(category: str | None, situation: str | None, arrived_at: datetime | None) -> list[Expected]:
    """Return the papers that an admission like this asks for, the earliest first."""
    if not category or not arrived_at:
        return []
    day = arrived_at.date()
    wanted = papers_wanted(category, situation, day)
    found = [
        Expected(each.code, ADMISSION_PAPERS.label(each.code), each.required, day + timedelta(days=each.due_days))
        for each in wanted
    ]
    return sorted(found, key=lambda each: (not each.needed, each.due_on))


def expected_clocks(category: str | None, situation: str | None, arrived_at: datetime | None) -> list[Clock]:
    """Return the clocks that will run, as if the notice were published on the day of arrival."""
    if category != "A" or not arrived_at:
        return []
    day = arrived_at.date()
    rule = notice_rule_for(situation, day)
    ends = notice_ends(rule, day) if rule else None
    return clocks(Facts(situation=situation, arrived_on=day, notice_ends_on=ends))


def known_already(work: Work, name: str | None, number: str | None) -> list[Known]:
    """Return children with this name or identity number who have a file already, those who left first."""
    wanted, digits = normalised_name(name), identity.normalised(number)
    if not wanted and not digits:
        return []
    asked = select(Child.id, Child.name, Child.number, Child.born_on, Child.placement).where(
        Child.deleted_at.is_(None), or_(Child.name == (wanted or "-"), Child.identity_number == (digits or "-"))
    )
    rows = work.execute(asked.order_by(Child.number).limit(5))
    found = [Known(each[0], each[1], each[2], each[3], PLACEMENTS.label(each[4]), each[4] != "left") for each in rows]
    return sorted(found, key=lambda each: each.here)


def first_placements() -> list[str]:
    """Return the placements with which a stay may begin."""
    return moves_from("")
