"""What a record means for the week 记录对课表的影响: a leave, an isolation, a stay elsewhere or a closed room as a happening.

Asked right after such a record was saved, so that the sessions it hits can be mended at once (docs/decisions/0078).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from models.child_words import IN_HOUSE
from models.core.database import Work
from models.core.queries import load
from models.core.record import Record
from models.leave import Absence, StaffLeave
from models.medical import Diagnosis, MedicalVisit
from models.placement import Placement as Stay
from models.rooms import Equipment, Room
from models.scheduling.conflicts import Booking
from models.scheduling.hits import AHEAD, sessions_hit_by_leave, sessions_over
from models.scheduling.mending import Happening
from models.scheduling.occupancy import held

NOON = time(12)


def happening_of(work: Work, kind: type[Record], record_id: str) -> Happening | None:
    """Return what a record says has happened, from today on; None when it keeps nobody from a session."""
    read = _READ.get(kind.__name__)
    record = load(work, kind, record_id) if read else None
    if read is None or record is None or record.deleted_at is not None or record.state == "void":
        return None
    found = read(work, record)
    if found is None or found.last < work.today:
        return None
    return replace(found, first=max(found.first, work.today))


def _leave(_work: Work, leave: StaffLeave) -> Happening:
    return Happening("therapist", leave.staff_id, leave.starts_on, leave.ends_on, leave.part)


def _diagnosis(_work: Work, diagnosis: Diagnosis) -> Happening | None:
    if diagnosis.status == "resolved" or diagnosis.isolation_until is None:
        return None
    return Happening("child", diagnosis.child_id, diagnosis.diagnosed_on, diagnosis.isolation_until)


def _visit(work: Work, visit: MedicalVisit) -> Happening | None:
    """A visit agreed or under way; in hospital as long as it is known, otherwise for this week and the next."""
    if visit.status not in ("planned", "under_way") or visit.kind in ("round", "remote"):
        return None
    if visit.kind == "inpatient":
        return Happening("child", visit.child_id, visit.starts_on, visit.ends_on or _sunday(work, 1))
    part = "day"
    if visit.back_at and visit.back_at <= NOON:
        part = "morning"
    elif visit.leaves_at and visit.leaves_at >= NOON:
        part = "afternoon"
    return Happening("child", visit.child_id, visit.starts_on, visit.starts_on, part)


def _stay(work: Work, stay: Stay) -> Happening | None:
    if stay.kind in IN_HOUSE or stay.ends_on is not None:
        return None
    back = stay.expected_back_on
    last = back - timedelta(days=1) if back and back > stay.starts_on else _sunday(work, 1)
    return Happening("child", stay.child_id, stay.starts_on, last)


def _room(work: Work, room: Room) -> Happening | None:
    return _closed(work, "room", room.id) if room.closed else None


def _equipment(work: Work, tool: Equipment) -> Happening | None:
    return _closed(work, "equipment", tool.id) if tool.out_of_use else None


def _closed(work: Work, kind: str, key: str) -> Happening | None:
    """What is closed without an end is mended for this week and the next, as far as something is booked there."""
    days = [each.starts_at.date() for each in sessions_over(work, kind, key, 0)]
    return Happening(kind, key, work.today, _end_of(min(days[-1], _sunday(work, 1)))) if days else None


def _sunday(work: Work, weeks: int) -> date:
    return _end_of(work.today) + timedelta(weeks=weeks)


def _end_of(day: date) -> date:
    return day + timedelta(days=6 - day.weekday())


_READ: dict[str, Callable[[Work, Any], Happening | None]] = {
    "StaffLeave": _leave, "Diagnosis": _diagnosis, "MedicalVisit": _visit, "Placement": _stay, "Room": _room,
    "Equipment": _equipment,
}  # fmt: skip
CONCERNED: Sequence[str] = tuple(_READ)
"""The types of records that may keep somebody from a session."""


def sessions_hit(work: Work, happening: Happening) -> int:
    """Count the booked sessions ahead that a happening hits; beyond a year nothing is booked."""
    last = min(happening.last, work.today + timedelta(days=AHEAD))
    if happening.kind == "therapist":
        leave = Absence(happening.whom, "", happening.first, last, happening.part)
        return len(sessions_hit_by_leave(work, leave))
    if happening.kind in ("room", "equipment"):
        hit = sessions_over(work, happening.kind, happening.whom, 0)
        return sum(happening.first <= each.starts_at.date() <= last for each in hit)
    booked = held(work, happening.first, last)
    return sum(each.starts_at >= work.now and _keeps_away(happening, each) for each in booked)


def _keeps_away(happening: Happening, booking: Booking) -> bool:
    half = "morning" if booking.starts_at.time() < NOON else "afternoon"
    return booking.child_id == happening.whom and happening.part in ("day", half)
