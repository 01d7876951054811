"""Filters 筛选: the ways in which every list can be narrowed — by state, by unit, by child, by time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, select

from models.child import Child
from models.core.fields import fields_of
from models.core.record import Record
from resources import N_, _


@dataclass(frozen=True)
class Period:
    """A span of days, both ends included."""

    name: str
    first: date
    last: date

    @property
    def title(self) -> str:
        """The span's name in the language in use."""
        words = _(self.name)
        return words[:1].upper() + words[1:]


def periods(today: date) -> tuple[Period, ...]:
    """Return the spans of time people ask for."""
    first = today.replace(day=1)
    before = first - timedelta(days=1)
    return (
        Period(N_("today"), today, today),
        Period(N_("Yesterday"), today - timedelta(days=1), today - timedelta(days=1)),
        Period(N_("Last 7 days"), today - timedelta(days=6), today),
        Period(N_("This month"), first, _last_of_month(today)),
        Period(N_("Last month"), before.replace(day=1), before),
        Period(N_("This year"), date(today.year, 1, 1), date(today.year, 12, 31)),
    )


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def in_states(kind: type[Record], states: Iterable[str]) -> ColumnElement[bool]:
    """Only records in one of these states."""
    return kind.state.in_(tuple(states))


def in_period(kind: type[Record], first: date, last: date) -> ColumnElement[bool]:
    """Only records whose event lies between two days, both included."""
    column = getattr(kind, kind.event_field)
    if _is_moment(kind):
        return column.between(datetime.combine(first, time()), datetime.combine(last, time.max))  # type: ignore[no-any-return]
    return column.between(first, last)  # type: ignore[no-any-return]


def has_period(kind: type[Record]) -> bool:
    """Whether records of this type happen at a time."""
    return _event_kind(kind) in {"date", "datetime"}


def of_child(kind: type[Record], child_id: str) -> ColumnElement[bool]:
    """Only records about one child."""
    return kind.child_id == child_id  # type: ignore[attr-defined,no-any-return]


def of_unit(kind: type[Record], unit_id: str) -> ColumnElement[bool]:
    """Only records of one unit, or about children who live in it now."""
    if _has(kind, "unit_id"):
        return kind.unit_id == unit_id  # type: ignore[attr-defined,no-any-return]
    return kind.child_id.in_(select(Child.id).where(Child.unit_id == unit_id))  # type: ignore[attr-defined,no-any-return]


def has_child(kind: type[Record]) -> bool:
    """Whether records of this type are about a child."""
    return _has(kind, "child_id")


def has_unit(kind: type[Record]) -> bool:
    """Whether records of this type belong to a unit, by themselves or through their child."""
    return _has(kind, "unit_id") or has_child(kind)


def _has(kind: type[Record], name: str) -> bool:
    return any(meaning.name == name for meaning in fields_of(kind))


def _event_kind(kind: type[Record]) -> str:
    if kind.event_field == "recorded_at":
        return "datetime"
    return next((meaning.kind for meaning in fields_of(kind) if meaning.name == kind.event_field), "")


def _is_moment(kind: type[Record]) -> bool:
    return _event_kind(kind) == "datetime"
