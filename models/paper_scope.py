"""Paper scope 打印范围: of which children papers are printed, and which of a child's records belong to a month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select

from models import filters
from models.child import Child
from models.core.database import Work
from models.core.queries import rows
from models.core.record import Record, record_type
from models.core.sealing import Sealed
from models.month import ChildOfMonth, Month, children_of
from models.scheduling.recurrence import week_of
from models.therapy import TherapySession
from resources import N_, _


@dataclass(frozen=True)
class Condition:
    """A condition by which the children of a month are narrowed."""

    key: str
    label: str
    where: Callable[[Month], ColumnElement[bool]]
    needs: str = "Child"

    @property
    def title(self) -> str:
        """Its words in the language in use."""
        return _(self.label)


def _admitted(month: Month) -> ColumnElement[bool]:
    return Child.admitted_on.between(month.first, month.last)


def _left(month: Month) -> ColumnElement[bool]:
    return Child.left_on.between(month.first, month.last)


def _disabled(month: Month) -> ColumnElement[bool]:
    return Child.disability_grade.is_not(None)


def _treated(month: Month) -> ColumnElement[bool]:
    held = filters.in_period(TherapySession, month.first, month.last)
    return Child.id.in_(select(TherapySession.child_id).where(held, TherapySession.status != "cancelled"))


def _young(month: Month) -> ColumnElement[bool]:
    return Child.born_on > _years_before(month.last, 3)


def _grown(month: Month) -> ColumnElement[bool]:
    return Child.born_on <= _years_before(month.last, 14)


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28 if day.month == 2 else 31))


CONDITIONS = {
    each.key: each
    for each in (
        Condition("admitted", N_("Admitted in the month"), _admitted),
        Condition("left", N_("Left in the month"), _left),
        Condition("disabled", N_("With a disability grade"), _disabled),
        Condition("treated", N_("In therapy in the month"), _treated, "TherapySession"),
        Condition("young", N_("Under 3 years"), _young),
        Condition("grown", N_("14 years and older"), _grown),
    )
}
"""What children can be narrowed by, beside their unit."""


def conditions_for(work: Work) -> list[Condition]:
    """Return the conditions that the person may use."""
    return [each for each in CONDITIONS.values() if work.actor.may("read", each.needs)]


def chosen_children(
    work: Work, month: Month, unit_id: str = "", condition: str = "", search: str = ""
) -> list[ChildOfMonth]:
    """Return the children of a month, narrowed by unit, condition and search, by file number."""
    found = children_of(work, month, unit_id, search)
    if condition not in CONDITIONS:
        return found
    fits = {each.id for each in rows(work, Child, fields=[], where=[CONDITIONS[condition].where(month)])}
    return [each for each in found if each.id in fits]


def records_of(work: Work, type_name: str, child_id: str, month: Month) -> list[str]:
    """Return the records of a type about a child that belong to a month, the oldest first.

    A type whose records happen on no day has all that are in force.
    """
    kind: type[Record] = record_type(type_name)
    where: list[Any] = [filters.of_child(kind, child_id), kind.state.not_in(("void", "superseded"))]
    if issubclass(kind, Sealed):
        where.append(kind.sealed.is_(False))  # a batch passes through many hands
    if filters.has_period(kind) and kind.event_field != "recorded_at":
        where.append(filters.in_period(kind, month.first, month.last))
    return [each.id for each in rows(work, kind, fields=[], where=where, descending=False)]


def weeks_of(month: Month) -> list[date]:
    """Return the Mondays of the weeks whose middle lies in a month."""
    monday = week_of(month.first)[0]
    mondays = [monday + timedelta(days=7 * number) for number in range(6)]
    return [each for each in mondays if month.first <= each + timedelta(days=3) <= month.last]
