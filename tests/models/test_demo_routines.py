"""The demo home's timetable keeps the home's own rules, so that its week can be planned from where it stands."""

from __future__ import annotations

from datetime import date
from random import Random

from sqlalchemy import func, select

import models  # noqa: F401
from models.core.access import SYSTEM
from models.core.database import problems_of
from models.demo import World, _parts
from models.routines import Routine, StaffCommitment
from models.scheduling.gather import gather, rooms_for, without_room
from models.scheduling.levels import breaches, levels
from models.therapy import TherapySession

MONDAY = date(2026, 11, 23)
NEEDED = (0, 5, 10, 20, 49, 50, 51, 52, 55)
AWAY = {"hospital", "away", "isolation", "doctor"}


def test_the_coming_week_of_the_demo_home_breaks_no_rule_and_has_its_rooms(sqlite_database):
    with sqlite_database.work(SYSTEM) as work:
        world = World(work, Random(7), work.today, 3, size=60)
        for order, part in sorted(_parts, key=lambda each: each[0]):
            if order in NEEDED:
                part(world)
        assert work.scalar(select(func.count(TherapySession.id))) > 300
        for kind in (Routine, StaffCommitment):
            rows = list(work.scalars(select(kind)))
            assert rows and not [each for row in rows for each in problems_of(work, row)]
    with sqlite_database.read(SYSTEM) as work:
        week = gather(work, MONDAY)
    broken = [each for each in breaches(week.problem, week.problem.before) if not _away(week, each.placements[0])]
    assert broken == []
    assert not [task for task in week.problem.tasks if week.held(task)], "all that is booked is prescribed"
    assert without_room(week, rooms_for(week, week.problem.before)) == []
    wanted = sum(task.weight * task.sessions for task in week.problem.tasks.values())
    assert levels(week.problem, week.problem.before).waiting < wanted / 2


def _away(week, placement) -> bool:
    found = week.problem.obstacle(week.problem.tasks[placement.task], placement.day, placement.start)
    return found is not None and found[0] in AWAY
