"""Access 权限: who may do what with which type, and whose rows a person sees.

What a role may do is one readable table, ``resources/reference/permissions.csv``; how far a role sees
(the whole home, or only the children assigned to the person) is ``roles.csv``. Both are enforced by
``Work`` in session events; a screen merely asks :meth:`Actor.may` to hide what would be refused.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from sqlalchemy import false
from sqlalchemy.orm import with_loader_criteria

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


def criteria_for(actor: Actor) -> tuple:
    """Build the row conditions for every mapped class, once per unit of work.

    They are added to *every* ORM statement, because a filter only on the named entities leaks through
    aliases, subqueries and counts.
    """
    options = []
    for mapper in Base.registry.mappers:
        mapped = mapper.class_
        if actor.system:
            continue
        condition = mapped.scope(actor) if actor.may("read", mapped) else false()
        if condition is not None:
            options.append(with_loader_criteria(mapped, condition, include_aliases=True))
    return tuple(options)
