"""Children as a list 儿童名册: who is here, who is away, who has left, and how many are in every unit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, select

from models.child import Child
from models.core.database import Work
from models.core.fields import Field, field_of
from models.placement import living_here, sleeping_here
from models.unit import Unit
from resources import N_

GROUPS = (
    ("living", N_("In our care")), ("here", N_("Here now")), ("away", N_("Away")), ("left", N_("Have left")), ("all", N_("All")),
)  # fmt: skip
COLUMNS = ("name", "number", "sex", "born_on", "unit_id", "bed", "placement", "disabilities")


@dataclass(frozen=True)
class UnitCount:
    """How many children belong to a unit, and how many of them are here."""

    id: str
    name: str
    living: int
    present: int


@dataclass(frozen=True)
class HeadCounts:
    """The numbers above the list."""

    everyone: int
    living: int
    present: int
    units: tuple[UnitCount, ...]


def columns() -> tuple[Field, ...]:
    """Return the columns that the list shows at first."""
    return tuple(field_of(Child, name) for name in COLUMNS)


def conditions(group: str, unit_id: str = "") -> list[ColumnElement[bool]]:
    """Return what narrows the list to a group of children and a unit."""
    found: list[ColumnElement[bool]] = {
        "living": [living_here()], "here": [sleeping_here()], "away": [living_here(), ~sleeping_here()],
        "left": [Child.placement == "left"],
    }.get(group, [])  # fmt: skip
    return [*found, Child.unit_id == unit_id] if unit_id else found


def of_category(category: str) -> ColumnElement[bool]:
    """Only children of one file class."""
    return Child.category == category


def of_placement(placement: str) -> ColumnElement[bool]:
    """Only children who live in one kind of care."""
    return Child.placement == placement


def counted(name: str) -> tuple[str, ...]:
    """Return a name as people count: 一班 before 二班 before 三班, 2 before 10."""
    places = "〇一二三四五六七八九十"
    spelled = "".join(str(places.index(each)) if each in places else each for each in name)
    return tuple(part.zfill(6) if part.isdigit() else part for part in re.split(r"(\d+)", spelled))


def head_counts(work: Work) -> HeadCounts:
    """Count the children this person may see, in all and by unit."""
    here = func.sum(case((sleeping_here(), 1), else_=0))
    kept: list[Any] = [Child.deleted_at.is_(None), Child.state != "void"]
    everyone = work.scalar(select(func.count(Child.id)).where(*kept)) or 0
    rows = work.execute(
        select(Child.unit_id, func.count(Child.id), here).where(*kept, living_here()).group_by(Child.unit_id)
    ).all()
    numbers = {unit_id: (living, present) for unit_id, living, present in rows}
    found = work.execute(select(Unit.id, Unit.name, Unit.kind).where(Unit.deleted_at.is_(None))).all()
    units = sorted(found, key=lambda unit: (unit.kind, counted(unit.name)))
    return HeadCounts(
        everyone=everyone,
        living=sum(each[0] for each in numbers.values()),
        present=sum(each[1] for each in numbers.values()),
        units=tuple(UnitCount(unit.id, unit.name, *numbers[unit.id]) for unit in units if unit.id in numbers),
    )
