"""A unit with four children, two carers and a nurse, for the tests of the care rooms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest

from models.child import Child
from models.core import records
from models.core.access import SYSTEM, Actor
from models.core.database import Database
from models.medical import Allergy
from models.staff import Staff, UnitStaff
from models.unit import Unit
from tests.conftest import actor
from tests.ui.conftest import make_app
from ui.app import App

NAMES = ("曾小乐", "张三", "阿依古丽·买买提", "𠮷田")


@dataclass
class House:
    """What the tests need to know of the home."""

    database: Database
    unit: str
    children: list[str]
    carer: Actor
    second: Actor
    nurse: Actor
    director: Actor


@pytest.fixture
def house(sqlite_database: Database) -> House:
    with sqlite_database.work(SYSTEM) as work:
        unit = records.save(work, Unit, {"name": "向日葵家庭", "kind": "household"})
        people = {}
        for name, sex, post in (("单雄", "1", "caregiver"), ("李霞", "2", "caregiver"), ("赵敏", "2", "nurse")):
            people[name] = records.save(work, Staff, {"name": name, "sex": sex, "post": post})
            records.save(work, UnitStaff, {"staff_id": people[name], "unit_id": unit, "starts_on": date(2020, 1, 1)})
        children = [
            records.save(
                work, Child,
                {"name": name, "number": f"2020-{index:03d}", "sex": "2" if index == 3 else "1", "born_on": date(2019, 5, index),
                 "unit_id": unit, "bed": f"{index:02d}"},
            )
            for index, name in enumerate(NAMES, start=1)
        ]  # fmt: skip
        records.save(
            work, Allergy, {"child_id": children[0], "substance": "青霉素", "kind": "medicine", "severity": "severe"}
        )
    return House(
        sqlite_database, unit, children, actor("caregiver", staff_id=people["单雄"], name="单雄"),
        actor("caregiver", staff_id=people["李霞"], name="李霞"), actor("nurse", staff_id=people["赵敏"], name="赵敏"),
        actor("director", name="王院长"),
    )  # fmt: skip


@pytest.fixture
def apps(house: House, qapp) -> Iterator[callable]:
    """Return a function that opens the program for a person; everything is closed at the end."""
    made: list[App] = []

    def enter(who: Actor) -> App:
        made.append(make_app(house.database, who))
        return made[-1]

    yield enter
    for each in made:
        each.close()
