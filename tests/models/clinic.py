"""A small therapy department for the tests of the week that plans itself: people, rooms, prescriptions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from models.child import Caseload, Child
from models.core import records
from models.core.access import SYSTEM
from models.rehabilitation import PlannedTherapy, RehabilitationPlan
from models.rooms import Room
from models.scheduling import booking
from models.scheduling.booking import Wish
from models.scheduling.gather import Gathered, gather
from models.scheduling.problem import Placement
from models.staff import Staff
from tests.conftest import actor
from tests.factories import make

MONDAY = date(2026, 11, 23)
"""The week after the tests' today, which is Friday, 2026-11-20."""
HOURS = {
    "work_days": list("12345"), "works_from": time(8), "works_until": time(17), "break_from": time(11, 30),
    "break_until": time(14),
}  # fmt: skip


def clinic(home: SimpleNamespace) -> SimpleNamespace:
    """Add two physiotherapists, a speech therapist, a hall and a small room, and a third child."""
    with home.database.work(SYSTEM) as work:
        li, zhou = (
            records.save(work, Staff, {"name": name, "sex": "2", "post": "therapist", "skills": skills, **HOURS})
            for name, skills in (("李静", ["pt", "hydro"]), ("周航", ["pt", "special_education"]))
        )
        chen = records.save(work, Staff, {"name": "陈言", "sex": "1", "post": "therapist", "skills": ["st"], **HOURS})
        hall = records.save(work, Room, {"name": "PT大厅", "kind": "pt", "capacity": 2, "skills": ["pt"]})
        small = records.save(work, Room, {"name": "小训练室", "kind": "pt", "capacity": 1, "skills": ["pt", "st"]})
        third = make(work, Child, name="王小雨", born_on=date(2021, 3, 1), unit_id=home.sunflower)
        for child in (home.child, third):
            records.save(work, Caseload, {"child_id": child, "staff_id": li, "starts_on": date(2026, 1, 1)})
    return SimpleNamespace(
        **vars(home), li=li, zhou=zhou, chen=chen, hall=hall, small=small, third=third,
        therapist=actor("therapist", staff_id=li),
    )  # fmt: skip


def prescribe(home: SimpleNamespace, child: str, therapy: str = "PT", sessions: int = 2, **given: Any) -> str:
    """Prescribe a therapy in a plan in force and return the prescription."""
    with home.database.work(SYSTEM) as work:
        plan = home.__dict__.setdefault("plans", {}).get(child) or records.save(
            work, RehabilitationPlan,
            {"child_id": child, "starts_on": date(2026, 9, 1), "ends_on": date(2027, 2, 28), "review_on": date(2026, 12, 1),
             "findings": "独坐不稳"}, confirmed=True,
        )  # fmt: skip
        home.plans[child] = plan
        values = {"plan_id": plan, "child_id": child, "therapy": therapy, "sessions_a_week": sessions, "minutes": 30}
        key = records.save(work, PlannedTherapy, {"form": "single", **values, **given}, confirmed=True)
        record = work.get(RehabilitationPlan, plan)
        if record.state == "draft":
            records.take_step(work, RehabilitationPlan, plan, "submit")
    return key


def at(day: int, clock: str) -> datetime:
    """Return a moment of the week: day 0 is Monday."""
    return datetime.combine(MONDAY + timedelta(days=day), time.fromisoformat(clock))


def booked(home: SimpleNamespace, children: str | tuple[str, ...], day: int, clock: str, **given: Any) -> str:
    """Book a sitting in the week and return its first session."""
    whole = {"therapy": "PT", "therapist_id": home.li, "room_id": home.hall, "minutes": 30, "weeks": 0} | given
    start = at(day, clock) + timedelta(weeks=whole.pop("weeks"))
    end = start + timedelta(minutes=whole.pop("minutes"))
    wish = Wish((children,) if isinstance(children, str) else children, starts_at=start, ends_at=end, **whole)
    with home.database.work(SYSTEM) as work:
        return booking.book(work, wish).created[0]


def save(home: SimpleNamespace, record: Any, /, **values: Any) -> str:
    """Save a record as the director, warnings confirmed."""
    with home.database.work(home.director) as work:
        return records.save(work, record, values, confirmed=True)


def gathered(home: SimpleNamespace, monday: date = MONDAY, who: Any = None, **options: Any) -> Gathered:
    """Gather a week."""
    with home.database.read(who or home.director) as work:
        return gather(work, monday, **options)


def place(week: Gathered, task: str, therapist: str, day: int, clock: str) -> Placement:
    """Return a placement by the clock."""
    found = week.frame.place(at(day, clock))
    assert found is not None
    return Placement(task, therapist, *found)
