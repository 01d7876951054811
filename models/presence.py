"""Presence 在院: who is in the home today, who is away and where, and whose birthday is near."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, extract, func, or_, select

from models.age import birthday, years_on
from models.child import Child
from models.child_words import IN_HOUSE, PLACEMENTS
from models.core import queries
from models.core.database import Work
from models.leave import LEAVE_KINDS, leaves
from models.placement import living_here
from models.reminders import Due, reminder
from resources import _

DAYS_AHEAD = 7
"""Birthdays are told a week ahead, so that there is time for a cake."""


@dataclass(frozen=True)
class HeadCount:
    """How many children the home cares for: in the house, and away by placement."""

    here: int
    away: tuple[tuple[str, int], ...]

    @property
    def whole(self) -> int:
        """All children in the home's care."""
        return self.here + sum(number for _kind, number in self.away)

    def words(self) -> str:
        """Say it in one line: ``86 in the home · 2 in hospital · 3 at boarding school``."""
        parts = [_("{n} in the home").format(n=self.here)]
        parts += [f"{PLACEMENTS.label(kind)} {number}" for kind, number in self.away]
        return " · ".join(parts)


def head_count(work: Work) -> HeadCount:
    """Count the children this person may see, by where they are."""
    statement = (
        select(Child.placement, func.count(Child.id))
        .where(Child.deleted_at.is_(None), Child.state != "void", living_here())
        .group_by(Child.placement)
    )
    numbers = {row[0]: row[1] for row in work.execute(statement)}
    here = sum(number for kind, number in numbers.items() if kind is None or kind in IN_HOUSE)
    away = tuple(
        (code.code, numbers[code.code]) for code in PLACEMENTS if code.code in numbers and code.code not in IN_HOUSE
    )
    return HeadCount(here, away)


@dataclass(frozen=True)
class Birthday:
    """One birthday: whose, when, and how old the child becomes."""

    child_id: str
    name: str
    day: date
    age: int
    estimated: bool


def birthdays(work: Work, first: date, last: date) -> list[Birthday]:
    """Return the birthdays between two days of the children in the home's care."""
    days = [first + timedelta(days=count) for count in range((last - first).days + 1)]
    statement = select(Child).where(
        Child.deleted_at.is_(None), Child.state != "void", living_here(), or_(*_falling_on(days))
    )
    found = []
    for child in work.scalars(statement):
        for day in days:
            age = years_on(child.born_on, day)
            if age and birthday(child.born_on, age) == day:
                found.append(Birthday(child.id, child.name, day, age, child.birth_estimated))
    return sorted(found, key=lambda each: (each.day, each.name))


def _falling_on(days: list[date]) -> Iterator[ColumnElement[bool]]:
    """The months and days on which one must be born; a child of 29 February has its day on the 28th as well."""
    wanted = {(day.month, day.day) for day in days}
    if (2, 28) in wanted:
        wanted.add((2, 29))
    for month, day in sorted(wanted):
        yield and_(extract("month", Child.born_on) == month, extract("day", Child.born_on) == day)


@reminder
def birthdays_near(work: Work) -> Iterator[Due]:
    """Tell the birthdays of today and of the week to come."""
    for each in birthdays(work, work.today, work.today + timedelta(days=DAYS_AHEAD)):
        text = _("turns {n} (estimated)") if each.estimated else _("turns {n}")
        yield Due(
            text.format(n=each.age), "child", each.day, kind="birthday", child_id=each.child_id, child_name=each.name,
            page="child", target={"child_id": each.child_id},
        )  # fmt: skip


@reminder
def staff_on_leave(work: Work) -> Iterator[Due]:
    """Tell which colleagues are not there today."""
    if not work.actor.may("read", "StaffLeave"):
        return
    absences = leaves(work, work.today, work.today)
    names = queries.titles(work, "staff", [each.staff_id for each in absences])
    for each in absences:
        text = _("{name}: {kind} until {day}").format(
            name=names.get(each.staff_id, ""), kind=LEAVE_KINDS.label(each.kind), day=each.ends_on.isoformat()
        )
        yield Due(
            text, "home", each.ends_on, kind="away", needs=("StaffLeave", "read"), page="records.StaffLeave",
        )  # fmt: skip
