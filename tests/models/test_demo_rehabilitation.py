"""The invented timetable obeys every rule of the real one, and is the same for the same seed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import func, select

import models  # noqa: F401
from models.core.access import SYSTEM
from models.demo import World, _parts
from models.education import ClassAttendance, IepGoal, TermReview
from models.funded_lights import lights
from models.funded_programmes import ProgrammeEnrolment
from models.holidays import day_kind
from models.month import Month
from models.rehabilitation import Assessment, RehabilitationGoal, RehabilitationPlan
from models.scheduling.conflicts import clashes
from models.scheduling.occupancy import occupancy
from models.therapy import TherapySession

TODAY = date(2026, 11, 20)
NEEDED = (0, 5, 10, 20, 50, 51, 52, 55, 56, 57)


def make_world(database) -> list[tuple]:
    """Fill a small home and return its sessions without ids."""
    with database.work(SYSTEM) as work:
        world = World(work, Random(7), TODAY, 3, size=40)
        for order, part in sorted(_parts, key=lambda each: each[0]):
            if order in NEEDED:
                part(world)
        names = {each["id"]: each["name"] for each in (*world.children, *world.staff)}
        rows = work.execute(
            select(TherapySession.starts_at, TherapySession.child_id, TherapySession.therapist_id, TherapySession.therapy,
                   TherapySession.status).order_by(TherapySession.starts_at)
        )  # fmt: skip
        return sorted((str(row[0]), names[row[1]], names[row[2]], row[3], row[4]) for row in rows)


def test_the_demo_timetable_has_no_clash_and_rests_on_closed_days(sqlite_database):
    make_world(sqlite_database)
    with sqlite_database.read(SYSTEM) as work:
        monday = TODAY - timedelta(days=TODAY.weekday())
        taken = occupancy(work, monday, monday + timedelta(days=13))
        assert len(taken.bookings) > 60
        for count in range(14):
            day = taken.on(monday + timedelta(days=count))
            assert not clashes(day, [], taken.limits)
            assert not day or day_kind(monday + timedelta(days=count)).open
        for kind in (Assessment, RehabilitationPlan, RehabilitationGoal, IepGoal, TermReview, ClassAttendance):
            assert work.scalar(select(func.count(kind.id))) > 5, kind
        statuses = dict(work.execute(select(TherapySession.status, func.count()).group_by(TherapySession.status)).all())
        assert {"done", "late", "absent", "cancelled", "booked"} <= set(statuses)
        future = select(TherapySession.status).where(TherapySession.starts_at > datetime(2026, 11, 21)).distinct()
        assert set(work.scalars(future)) <= {"booked", "cancelled"}


@pytest.mark.parametrize("months", [1, 3, 12])
def test_whoever_is_enrolled_is_so_on_the_last_day_so_that_lights_are_seen(sqlite_database, months):
    with sqlite_database.work(SYSTEM) as work:
        world = World(work, Random(7), TODAY, months, size=40)
        for order, part in sorted(_parts, key=lambda each: each[0]):
            if order in (0, 10, 20, 21, 53):
                part(world)
        shown = lights(work, Month(TODAY.year, TODAY.month))
        count = work.scalar(select(func.count(ProgrammeEnrolment.id)))
    assert count == len(shown) > 2 and "rescue" in {each.enrolment.programme for each in shown}


def test_the_same_seed_gives_the_same_timetable(sqlite_database, tmp_path, sqlite_template):
    import shutil

    from models.core.database import Database, sqlcipher_engine
    from tests.conftest import KEY, NOW

    other_file = tmp_path / "other.db"
    shutil.copy(sqlite_template, other_file)
    other = Database(sqlcipher_engine(other_file, KEY), clock=lambda: NOW)
    try:
        assert make_world(sqlite_database) == make_world(other)
    finally:
        other.close()
