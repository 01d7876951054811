"""The demo home's safety, social work, allowances and transition are the same for the same seed and keep every rule."""

from __future__ import annotations

import shutil
from collections import Counter
from random import Random

import pytest
from sqlalchemy import select

from models import demo_admissions, demo_children, demo_home, demo_safety, demo_social, demo_transition
from models.allowance_month import doubts, ledger
from models.allowances import AllowanceEntitlement
from models.core import queries
from models.core.access import SYSTEM, Actor
from models.core.database import Database, problems_of, sqlcipher_engine
from models.demo import World
from models.hazards import board
from models.month import Month
from models.safety import Hazard, Incident, PatrolRound
from models.social_work import ContactNote, CounsellingNote, SocialCase
from models.transition import AfterCareContact, HandOverItem, ReadinessRating, TransitionPlan, TransitionStep
from models.transition_plan import cohort
from tests.conftest import KEY, NOW

PARTS = (
    demo_home.units, demo_home.rooms, demo_home.staff, demo_children.children, demo_admissions.admissions,
    demo_admissions.placements, demo_safety.patrol_rounds, demo_safety.hazards, demo_safety.incidents,
    demo_social.social_cases, demo_social.allowances, demo_transition.transition,
)  # fmt: skip
KINDS = (
    Incident, PatrolRound, Hazard, SocialCase, ContactNote, CounsellingNote, AllowanceEntitlement, TransitionPlan,
    ReadinessRating, TransitionStep, HandOverItem, AfterCareContact,
)  # fmt: skip


def make_world(database, seed=3):
    with database.work(SYSTEM) as work:
        world = World(work, Random(seed), work.today, months=3, size=48)
        for part in PARTS:
            part(world)
        return {kind.__name__: work.scalars(select(kind)).all() for kind in KINDS}


@pytest.fixture
def filled(sqlite_database):
    return sqlite_database, make_world(sqlite_database)


def test_every_invented_record_keeps_the_rules_of_its_type(filled):
    database, _made = filled
    with database.read(SYSTEM) as work:
        for kind in KINDS:
            for record in work.scalars(select(kind)):
                if record.state not in {"approved", "archived"}:
                    errors = [each for each in problems_of(work, record) if not each.warning]
                    assert not errors, (kind.__name__, record.summary(), errors)


def test_all_rooms_have_something_to_show(filled):
    database, made = filled
    assert all(made.values()), {name: len(rows) for name, rows in made.items()}
    with database.read(SYSTEM) as work:
        assert {stage for stage, cards in board(work).items() if cards} == set(board(work))
        people = cohort(work)
        assert len(people) > 5 and any(person.life.left_on for person in people)
        assert Counter(step.status for person in people for step in person.steps)["done"] > 20


def test_the_months_are_closed_but_the_present_one_and_agree_with_their_rule(filled):
    database, _made = filled
    with database.read(SYSTEM) as work:
        assert ledger(work, Month(2026, 10)).stage == "closed"
        assert ledger(work, Month(2026, 11)).stage == "draft"
        assert doubts(work, Month(2026, 11)) == []


def test_the_same_seed_makes_the_same_rooms(filled, tmp_path, sqlite_template):
    _database, made = filled
    again = make_world(_copy(sqlite_template, tmp_path))
    for name, rows in made.items():
        assert [row.summary() for row in rows] == [row.summary() for row in again[name]]


def _copy(template, folder):
    file = folder / "again.db"
    shutil.copy(template, file)
    return Database(sqlcipher_engine(file, KEY), clock=lambda: NOW)


def test_counselling_of_the_demo_is_open_to_its_author_alone(filled):
    database, made = filled
    author = made["CounsellingNote"][0].recorded_by_id

    with database.read(Actor(author, "social", "社工", frozenset({"director"}))) as work:
        assert queries.count(work, CounsellingNote) > 0
    with database.read(Actor("other", "director", "院长", frozenset({"director"}))) as work:
        assert queries.count(work, CounsellingNote) == 0
