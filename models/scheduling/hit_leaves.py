"""Leaves that hit somebody 请假影响: booked sessions of those who will not be there, told until they are mended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from models.core.database import Work
from models.leave import Absence, StaffLeave
from models.reminders import Due, reminder
from models.scheduling.hits import sessions_hit_by_leave
from models.staff import Staff
from resources import ngettext


@dataclass(frozen=True)
class HitLeave:
    """A leave with which booked sessions stand: whose, when, and how many."""

    leave_id: str
    name: str
    first: date
    sessions: int


def hit_leaves(work: Work, since: datetime | None = None) -> list[HitLeave]:
    """Return the leaves ahead with which booked sessions stand; with ``since`` only those entered from then on."""
    statement = select(StaffLeave, Staff.name).join(Staff, Staff.id == StaffLeave.staff_id).where(
        StaffLeave.ends_on >= work.today, StaffLeave.deleted_at.is_(None), StaffLeave.state != "void"
    )  # fmt: skip
    if since is not None:
        statement = statement.where(StaffLeave.recorded_at >= since)
    found = []
    for leave, name in work.execute(statement.order_by(StaffLeave.starts_on, StaffLeave.id)):
        absence = Absence(leave.staff_id, leave.kind, leave.starts_on, leave.ends_on, leave.part)
        count = len(sessions_hit_by_leave(work, absence))
        if count:
            found.append(HitLeave(leave.id, name, max(leave.starts_on, work.today), count))
    return found


@reminder
def sessions_of_those_on_leave(work: Work) -> Iterator[Due]:
    """Booked sessions of somebody who will be on leave, until they are given over, moved or noted as lost."""
    for each in hit_leaves(work):
        words = ngettext(
            "{name} is on leave and still has {n} session",
            "{name} is on leave and still has {n} sessions",
            each.sessions,
        )
        yield Due(
            text=words.format(name=each.name, n=each.sessions), area="rehabilitation", due=each.first,
            needs=("TherapySession", "create"), page="planner",
            target={"day": each.first.isoformat(), "leave_id": each.leave_id},
        )  # fmt: skip
