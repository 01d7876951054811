"""Stays 在院情况: on which days of a period a child was in the home, and where otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select

from models.child_words import IN_HOUSE
from models.core.database import Work
from models.placement import Placement


@dataclass(frozen=True)
class Stay:
    """One stretch of a placement; the last day belongs to the next one, save the open end."""

    kind: str
    starts_on: date
    ends_on: date | None

    def holds(self, day: date) -> bool:
        """Whether the child was here on a day (the day of a move counts for the new place)."""
        return self.starts_on <= day and (self.ends_on is None or day < self.ends_on)


def stays_of(work: Work, child_ids: Iterable[str], first: date, last: date) -> dict[str, list[Stay]]:
    """Return the placements of children that touch a period, the earliest first."""
    statement = select(Placement.child_id, Placement.kind, Placement.starts_on, Placement.ends_on).where(
        Placement.child_id.in_(list(child_ids)), Placement.deleted_at.is_(None), Placement.state != "void",
        Placement.starts_on <= last, or_(Placement.ends_on.is_(None), Placement.ends_on >= first),
    )  # fmt: skip
    found: dict[str, list[Stay]] = {}
    for row in work.execute(statement.order_by(Placement.starts_on)):
        found.setdefault(row.child_id, []).append(Stay(row.kind, row.starts_on, row.ends_on))
    return found


def kind_on(stays: Sequence[Stay], day: date) -> str:
    """Return the placement on a day; without any, the child counts as in the home."""
    return next((each.kind for each in reversed(stays) if each.holds(day)), "residential" if not stays else "")


def in_house_on(stays: Sequence[Stay], day: date) -> bool:
    """Whether the child was in the home on a day."""
    return kind_on(stays, day) in IN_HOUSE
