"""What the tests of a week do over and over: propose it, publish it, take it back, and look at what is booked."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from sqlalchemy import select

from models.core import queries, records
from models.core.access import SYSTEM
from models.scheduling import booking, plans
from models.scheduling.week_plan import WeekPlan
from models.therapy import TherapySession
from tests.models import clinic as department


def propose(clinic, week, placements, **options) -> str:
    with clinic.database.work(clinic.director) as work:
        return plans.propose(work, week, placements, **options)


def publish(clinic, plan: str, **options):
    with clinic.database.work(clinic.director) as work:
        return plans.publish(work, plan, **options)


def undo(clinic, change):
    with clinic.database.work(clinic.director) as work:
        return booking.undo(work, change)


def the_week(clinic) -> dict[str, tuple]:
    """What is booked: session → when, with whom, where."""
    with clinic.database.read(SYSTEM) as work:
        asked = select(TherapySession).where(TherapySession.deleted_at.is_(None), TherapySession.status == "booked")
        return {
            each.id: (each.starts_at, each.therapist_id, each.room_id, each.child_id) for each in work.scalars(asked)
        }


def stage(clinic, plan: str) -> tuple:
    with clinic.database.read(SYSTEM) as work:
        found = queries.values(work, WeekPlan, plan)
    return found["stage"], found["number"]


def lines(clinic, plan: str) -> list[str]:
    with clinic.database.read(clinic.director) as work:
        return [line.words for line in plans.change_lines(work, plan)]


def small_home(home):
    from models.child import Child
    from models.unit import Unit
    from tests.factories import make

    with home.database.work(SYSTEM) as work:
        home.sunflower = records.save(work, Unit, {"name": "向日葵家庭", "kind": "household"})
        home.second = records.save(work, Unit, {"name": "二班", "kind": "ward"})
        home.child = make(work, Child, name="曾小乐", born_on=date(2020, 1, 1), unit_id=home.sunflower)
        home.other = make(work, Child, name="阿依古丽", born_on=date(2019, 5, 1), unit_id=home.second)
    return home


def first_clinic(database):
    """A department in a database that is empty yet."""
    return department.clinic(small_home(SimpleNamespace(database=database, director=department.actor("director"))))


def fresh_clinic(database):
    """A department in an empty database, whatever the run before has left in it."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        for table in reversed(TherapySession.metadata.sorted_tables):
            connection.execute(table.delete())
    return first_clinic(database)
