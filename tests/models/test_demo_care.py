"""The demo home's care and treatment: the same for the same seed, and nothing in it breaks the home's own rules."""

from __future__ import annotations

from random import Random

import pytest
from sqlalchemy import func, select

from models import demo
from models.care import HandOver, NursingRecord
from models.core.access import SYSTEM
from models.core.database import Database, problems_of
from models.growth import GrowthMeasurement
from models.immunisation import VaccineDose, due_vaccines
from models.medical import Allergy, Diagnosis, MedicalVisit
from models.medication import Dose, MedicationOrder
from tests.conftest import NOW

KINDS = (
    NursingRecord,
    HandOver,
    GrowthMeasurement,
    Diagnosis,
    Allergy,
    MedicalVisit,
    MedicationOrder,
    Dose,
    VaccineDose,
)


@pytest.fixture
def filled(sqlite_database: Database) -> Database:
    parts = [
        part
        for order, part in sorted(demo._parts, key=lambda each: each[0])
        if order in (0, 10, 20, 30, 31) or 40 <= order < 50
    ]
    with sqlite_database.work(SYSTEM) as work:
        world = demo.World(work, Random(7), NOW.date(), 2, size=16)
        for part in parts:
            part(world)
    return sqlite_database


def test_every_kind_of_record_is_there_and_keeps_the_rules(filled: Database) -> None:
    with filled.read(SYSTEM) as work:
        for kind in KINDS:
            found = list(work.scalars(select(kind).order_by(kind.id)))
            assert found, kind.__name__
            for record in found[:: max(1, len(found) // 120)]:
                wrong = [problem for problem in problems_of(work, record) if not problem.warning]
                assert not wrong, (kind.__name__, record.summary(), wrong)


def test_some_vaccinations_are_open_but_most_are_given(filled: Database) -> None:
    with filled.read(SYSTEM) as work:
        given = work.scalar(select(func.count(VaccineDose.id)))
        open_now = [each for each in due_vaccines(work, NOW.date()) if each.line.status in ("due", "overdue")]
    assert given and len(open_now) < given / 5
