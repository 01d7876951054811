"""Access 权限: who may do what with which type, and whose rows a person sees.

What a role may do is one readable table, ``resources/reference/permissions.csv``; how far a role sees
(the whole home, or only the children assigned to the person) is ``roles.csv``. Both are enforced by
``Work`` in session events; a screen merely asks :meth:`Actor.may` to hide what would be refused.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Date, DateTime, Table, and_, bindparam, false
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql.visitors import iterate

from models.core.record import Base
from models.core.words import CodeList, TableCodes
from resources import table

ACTIONS = {
    "read": "R", "create": "W", "edit": "W", "review": "V", "approve": "A", "archive": "H", "print": "P", "export": "X",
}  # fmt: skip
"""Each action and its letter in the permission table."""

ROLES: CodeList = TableCodes("role", "roles.csv", code="role", chinese="chinese", english="english")


@cache
def _permissions() -> dict[str, dict[str, str]]:
    return {row["type"]: row for row in table("permissions.csv")}


@cache
def _roles() -> dict[str, dict[str, str]]:
    return {row["role"]: row for row in table("roles.csv")}


def roles_granting(action: str, type_name: str) -> frozenset[str]:
    """Return the roles that may do ``action`` with the record type ``type_name``."""
    row = _permissions().get(type_name, {})
    return frozenset(role for role in _roles() if ACTIONS[action] in row.get(role, ""))


@dataclass(frozen=True)
class Actor:
    """The person who acts: an account with its roles."""

    account_id: str
    username: str
    name: str
    roles: frozenset[str] = field(default_factory=frozenset)
    staff_id: str | None = None
    system: bool = False

    def may(self, action: str, record_type: type[Base] | str) -> bool:
        """Return whether this person may do ``action`` with records of this type at all."""
        name = record_type if isinstance(record_type, str) else record_type.__name__
        return self.system or bool(self.roles & roles_granting(action, name))

    def sees_whole_home(self, record_type: type[Base] | str) -> bool:
        """Return whether a role of this person reads this type for all children, not only for assigned ones."""
        name = record_type if isinstance(record_type, str) else record_type.__name__
        reading = self.roles & roles_granting("read", name)
        return self.system or any(_roles()[role]["scope"] == "home" for role in reading)


SYSTEM = Actor("system", "system", "青禾", system=True)
"""The program itself: set-up, demo home and housekeeping; never a person."""


moment: ContextVar[datetime] = ContextVar("moment")
"""The moment of the running unit of work; the conditions read it when a statement is executed."""


def moment_now() -> BindParameter[datetime]:
    """Return the running unit of work's moment as a value that is taken anew at every execution."""
    return bindparam(None, callable_=moment.get, type_=DateTime)


def moment_today() -> BindParameter[date]:
    """Return the running unit of work's day, likewise."""
    return bindparam(None, callable_=lambda: moment.get().date(), type_=Date)


class _RowCondition(LoaderCriteriaOption):
    """A row condition that also fits an aliased entity inside a JOIN, where SQLAlchemy leaves a plain one as it is."""

    __slots__ = ()
    _traverse_internals = LoaderCriteriaOption._traverse_internals

    def _resolve_where_criteria(self, ext_info: Any) -> ColumnElement[bool]:
        condition = super()._resolve_where_criteria(ext_info)
        return ext_info._adapter.traverse(condition) if ext_info.is_aliased_class else condition


@dataclass(frozen=True)
class Conditions:
    """The row conditions of one person: of every restricted table, without and with the rows that are kept aside."""

    ordinary: dict[Table, LoaderCriteriaOption]
    whole: dict[Table, LoaderCriteriaOption]
    reaching: frozenset[Table]
    """Tables whose records may belong to rows kept aside; a statement that names one sees those rows too."""


@lru_cache(maxsize=256)
def criteria_for(actor: Actor) -> Conditions:
    """Return the row condition of every restricted table, built once a person.

    Conditions that depend on the moment carry it as a bound callable, so that they never grow stale.
    """
    made = Conditions({}, {}, frozenset())
    if actor.system:
        return made
    reaching = set()
    for mapper in Base.registry.mappers:
        mapped = mapper.class_
        condition = mapped.scope(actor) if actor.may("read", mapped) else false()
        ordinary = mapped.without_aside()
        if condition is not None:
            made.whole[mapped.__table__] = _RowCondition(mapped, condition, include_aliases=True)
        both = condition if ordinary is None else ordinary if condition is None else and_(ordinary, condition)
        if both is not None:
            made.ordinary[mapped.__table__] = _RowCondition(mapped, both, include_aliases=True)
        if mapped.reaches_aside():
            reaching.add(mapped.__table__)
    return Conditions(made.ordinary, made.whole, frozenset(reaching))


def criteria_of(statement: Any, conditions: Conditions, *, aside: bool = False) -> list[LoaderCriteriaOption]:
    """Return the conditions of every table that occurs anywhere in a statement.

    Looking only at the entities it names would leak through aliases, subqueries and counts; a statement
    with loader options may reach further tables, so it gets them all. ``aside`` asks for the rows kept aside.
    """
    if not conditions.ordinary:
        return []
    found = {id(each): each for each in iterate(statement) if isinstance(each, Table)}
    reaches = aside or any(each in conditions.reaching for each in found.values())
    chosen = conditions.whole if reaches else conditions.ordinary
    if getattr(statement, "_with_options", None):
        return list(chosen.values())
    named = {each.name for each in found.values()}
    return [condition for table, condition in chosen.items() if table.name in named]
