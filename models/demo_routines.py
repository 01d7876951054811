"""The demo home's fixed times 演示作息: meals, naps, school, the staff's meetings — invented, and kept by its timetable."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from models.age import months_later, years_on
from models.core.record import new_id
from models.demo import World, demo_part
from models.demo_education import school_kind
from models.routines import Routine, StaffCommitment

WORKDAYS = ["1", "2", "3", "4", "5"]
HABITS: tuple[dict[str, Any], ...] = (
    {"kind": "meal", "name": "早餐", "starts": time(7, 10), "ends": time(7, 50)},
    {"kind": "meal", "name": "午餐", "starts": time(11, 30), "ends": time(12, 15)},
    {"kind": "meal", "name": "晚餐", "starts": time(17, 15), "ends": time(18, 0)},
    {"kind": "feed", "name": "婴儿上午喂奶", "starts": time(9, 30), "ends": time(10, 0), "age_to": 12},
    {"kind": "feed", "name": "婴儿下午喂奶", "starts": time(15, 0), "ends": time(15, 30), "age_to": 12},
    {"kind": "nap", "name": "午睡", "starts": time(12, 30), "ends": time(14, 0), "age_from": 36},
    {"kind": "nap", "name": "婴幼儿午睡", "starts": time(12, 15), "ends": time(14, 30), "age_to": 36},
    {"kind": "bath", "name": "洗澡", "starts": time(16, 30), "ends": time(17, 10), "weekdays": ["5"], "age_to": 72},
    {"kind": "lesson", "name": "院内特教班上课", "starts": time(8, 30), "ends": time(10, 0), "weekdays": WORKDAYS,
     "schooling": ["in_house"], "in_terms": True},
    {"kind": "school", "name": "幼儿园", "starts": time(8, 0), "ends": time(11, 30), "weekdays": WORKDAYS,
     "schooling": ["kindergarten"], "in_terms": True},
    {"kind": "school", "name": "特殊教育学校", "starts": time(8, 0), "ends": time(14, 30), "weekdays": ["1", "3", "5"],
     "schooling": ["special"], "in_terms": True},
    {"kind": "school", "name": "普通学校", "starts": time(7, 30), "ends": time(15, 0), "weekdays": WORKDAYS,
     "schooling": ["ordinary", "inclusive", "vocational"], "in_terms": True},
)  # fmt: skip
DUTIES: tuple[dict[str, Any], ...] = (
    {"kind": "meeting", "name": "科室晨会", "starts": time(8, 0), "ends": time(8, 30), "weekdays": ["1"]},
    {"kind": "meeting", "name": "病例讨论", "starts": time(16, 30), "ends": time(17, 0), "weekdays": ["3"]},
)
AFTER_FOOD = "after_food"
RESTING = frozenset({"PT", "SI", "CE", "HYD", "TCM"})
"""What an infant does not have within an hour of a feed."""
BEGINS = (*(480 + 30 * slot for slot in range(7)), *(840 + 30 * slot for slot in range(6)))
"""The minutes of the day at which the half hours of the model week begin."""


@demo_part(order=49)
def routines(world: World) -> None:
    """Write down the home's day, and the meetings of its therapists."""
    world.work.bulk(Routine, [{"id": new_id(), "in_terms": None, **habit} for habit in HABITS])
    world.work.bulk(StaffCommitment, [{"id": new_id(), **duty} for duty in DUTIES])


def routine_slots(child: dict[str, Any], today: date) -> dict[tuple[int, int], str]:
    """Return the slots of the model week in which a child is elsewhere, each with the kind of reason."""
    kind = {"middle": "ordinary"}.get(school := school_kind(child, years_on(child["born_on"], today)) or "", school)
    found: dict[tuple[int, int], str] = {}
    for habit in HABITS:
        if not _of_age(habit, child["born_on"], today) or (habit.get("schooling") and kind not in habit["schooling"]):
            continue
        starts, ends = _minute(habit["starts"]), _minute(habit["ends"])
        days = [int(each) - 1 for each in habit.get("weekdays") or WORKDAYS]
        found |= {(day, slot): habit["kind"] for day in days for slot in _slots(starts, ends)}
        if habit["kind"] == "feed":
            found |= {(day, slot): AFTER_FOOD for day in days for slot in _slots(ends, ends + 60)}
    return found


def duty_slots() -> list[tuple[int, int]]:
    """Return the slots of the model week in which the therapists meet."""
    return [
        (int(day) - 1, slot)
        for duty in DUTIES
        for day in duty["weekdays"]
        for slot in _slots(_minute(duty["starts"]), _minute(duty["ends"]))
    ]


def _of_age(habit: dict[str, Any], born_on: date, today: date) -> bool:
    """By the age at the end of the demo, at which its weeks to come are planned."""
    old = "age_from" not in habit or months_later(born_on, habit["age_from"]) <= today
    return old and ("age_to" not in habit or today < months_later(born_on, habit["age_to"]))


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _slots(starts: int, ends: int) -> list[int]:
    return [slot for slot, begins in enumerate(BEGINS) if begins < ends and begins + 30 > starts]
