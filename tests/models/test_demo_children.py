"""The demo home's children: invented, deterministic, and right by every rule of the program."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from random import Random

import pytest
from sqlalchemy import select

from models import demo_admissions, demo_children, demo_home
from models.admission import Admission, AdmissionPaper, FamilySearchNotice
from models.age import years_on
from models.belongings import ChildPaper, KeepsakeItem, Sibling
from models.child import Caseload, Child
from models.core.access import SYSTEM
from models.core.accounts import Account
from models.core.database import problems_of
from models.demo import World
from models.placement import Placement
from models.rooms import Equipment, Room
from models.staff import POSTS, Staff, UnitStaff
from models.unit import Unit

TODAY = date(2026, 11, 20)
PARTS = (
    demo_home.units, demo_home.rooms, demo_home.staff, demo_children.children, demo_admissions.admissions,
    demo_admissions.placements, demo_admissions.belongings,
)  # fmt: skip
KINDS = (
    Unit, Room, Equipment, Staff, UnitStaff, Child, Caseload, Admission, AdmissionPaper, FamilySearchNotice, Placement,
    ChildPaper, KeepsakeItem, Sibling,
)  # fmt: skip
ACCOUNTS = [
    "director",
    "nurse",
    "therapist",
    "caregiver",
    "teacher",
    "social",
    "safety",
    "finance",
    "archive",
    "sysadmin",
    "secadmin",
    "auditor",
]


def world_of(work, size=120, seed=1):
    world = World(work, Random(seed), TODAY, months=12, size=size)
    for username in ACCOUNTS:
        account = Account(username=username, name=username, roles=[username], created_at=datetime(2026, 1, 1))
        work.add(account)
        work.flush()
        world.accounts[username] = account.id
    for part in PARTS:
        part(world)
    return world


@pytest.fixture
def world(sqlite_database):
    with sqlite_database.work(SYSTEM) as work:
        return world_of(work)


def test_every_invented_record_keeps_every_rule(sqlite_database, world):
    with sqlite_database.read(SYSTEM) as work:
        wrong = [
            (kind.__name__, problem.field, problem.message)
            for kind in KINDS
            for record in work.scalars(select(kind))
            for problem in problems_of(work, record)
        ]
        assert wrong == []
        assert all(work.scalar(select(kind.id).limit(1)) for kind in KINDS)


def test_the_home_is_plausible(world):
    ages = Counter(years_on(child["born_on"], TODAY) for child in world.children)
    assert len(world.children) + len(world.left) == 120
    assert set(range(18)) - set(ages) <= {12, 16} and any(age >= 18 for age in ages)
    sizes = Counter(child["unit_id"] for child in world.children)
    assert all(sizes[unit["id"]] in range(2, 17) for unit in world.units)
    assert 0.6 < sum(bool(child["disability"]) for child in world.children) / len(world.children) < 0.95
    assert {person["post"] for person in world.staff} == {code.code for code in POSTS}


def test_the_demo_accounts_have_their_persons_and_their_children(sqlite_database, world):
    with sqlite_database.read(SYSTEM) as work:
        actors = {each.username: each.actor() for each in work.scalars(select(Account))}
    seen = {}
    for username in ("nurse", "caregiver", "teacher", "social", "therapist", "director"):
        with sqlite_database.read(actors[username]) as work:
            seen[username] = len(list(work.scalars(select(Child.id).where(Child.left_on.is_(None)))))
    everyone = len(world.children)
    assert [seen[each] for each in ("nurse", "teacher", "social", "director")] == [everyone] * 4
    assert 6 <= seen["caregiver"] <= 16
    assert seen["therapist"] == sum(child["rehabilitation"] for child in world.children)
    assert all(actor.staff_id for actor in actors.values())


def test_the_same_seed_makes_the_same_home_on_both_back_ends(sqlite_database, postgres_database):
    def told(database, seed):
        with database.work(SYSTEM) as work:
            world = world_of(work, size=24, seed=seed)
            return [(each["name"], each["number"], each["born_on"], each["placement"]) for each in world.children]

    assert told(sqlite_database, 1) == told(postgres_database, 1)


def test_a_very_small_home_can_be_made_too(sqlite_database):
    with sqlite_database.work(SYSTEM) as work:
        assert len(world_of(work, size=3).children) == 3
