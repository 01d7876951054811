"""Who may what: the permission table walked cell by cell, role × type × action."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from models.child import BreakGlass, Child
from models.core import records
from models.core.access import ACTIONS, ROLES, SYSTEM, Actor
from models.core.errors import Forbidden, Invalid, Missing
from models.core.record import record_types
from models.core.sealing import SealHolder
from models.core.workflow import STEPS
from models.staff import Staff, UnitStaff
from resources import table
from tests.factories import make

CELLS = {row["type"]: row for row in table("permissions.csv")}
SEPARATED = {row["role"] for row in table("roles.csv") if row["separated"]}
PERSONAL = {kind.__name__ for kind in record_types() if hasattr(kind, "child_id")} | {"Child"}


def allowed(role: str, type_name: str, action: str) -> bool:
    """Read the cell itself, without the code under test."""
    return ACTIONS[action] in CELLS[type_name].get(role, "")


@pytest.mark.parametrize("role", sorted(SEPARATED))
def test_the_separated_three_read_no_childs_data(role):
    assert [name for name in PERSONAL if CELLS[name][role]] == []


@pytest.mark.parametrize("kind", record_types(), ids=lambda kind: kind.__name__)
def test_the_session_enforces_every_cell(home, kind):
    """Each role reads, creates, edits and steps one record of each type just where its cell says so."""
    made = home.child if kind is Child else _made(home, kind)
    for code in ROLES:
        role = code.code
        person = Actor(f"account-{role}", role, role, frozenset({role}), home.caregiver)
        if kind is BreakGlass:
            _let_it_be_of(home, made, person)
        assert _reads(home, person, kind, made) == allowed(role, kind.__name__, "read"), f"{role} reads {kind.__name__}"
        assert _writes(home, person, kind, made) == allowed(role, kind.__name__, "edit"), (
            f"{role} edits {kind.__name__}"
        )
        for step in STEPS:
            if step.action in {"review", "approve", "archive"} and not allowed(role, kind.__name__, step.action):
                with pytest.raises((Forbidden, Missing, Invalid)), home.database.work(person) as work:
                    records.take_step(work, kind, made, step.name, "reason")


def _made(home, kind) -> str:
    """An ordinary record of this type, entrusted to everyone and open to all if its type can be sealed."""
    with home.database.work(SYSTEM) as work:
        made = make(work, kind)
        record = work.get(kind, made)
        work.get_one(Staff, home.caregiver).heads_therapy = True  # the department's own rules are its head's to write
        unit = getattr(record, "unit_id", None)
        if getattr(record, "child_id", None):
            unit = work.get(Child, record.child_id).unit_id = home.sunflower
        if unit and unit != home.sunflower:
            records.save(work, UnitStaff, {"staff_id": home.caregiver, "unit_id": unit, "starts_on": date(2020, 1, 1)})
        if hasattr(kind, "sealed"):
            work.add_all(SealHolder(record_id=made, account_id=f"account-{role.code}") for role in ROLES)
    return made


def _let_it_be_of(home, made, person) -> None:
    """An emergency shows only to its author, and to the director."""
    with home.database.work(SYSTEM) as work:
        work.get(BreakGlass, made).account_id = person.account_id


def _reads(home, person, kind, made) -> bool:
    with home.database.read(person) as work:
        return work.scalar(select(kind.id).where(kind.id == made)) is not None


def _writes(home, person, kind, made) -> bool:
    try:
        with home.database.work(person) as work:
            work.confirmed = True
            record = work.scalar(select(kind).where(kind.id == made))
            if record is None:
                return False
            record.deleted_at = work.now
            work.flush()
            record.deleted_at = None
            work.flush()
    except (Forbidden, Missing):
        return False
    return True
