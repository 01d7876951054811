"""Leave 请假: when a member of staff is not there, so that nobody is booked with them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from sqlalchemy import Date, String, inspect, select
from sqlalchemy.orm import Mapped

from models.core.database import Work
from models.core.errors import Problem
from models.core.fields import field, reference
from models.core.record import Record
from models.core.words import Code, CodeList
from resources import N_, _

LEAVE_KINDS = CodeList(
    "leave_kind",
    Code("annual", N_("Annual leave"), "年休假"),
    Code("ill", N_("Sick leave"), "病假"),
    Code("personal", N_("Personal leave"), "事假"),
    Code("training", N_("Training or errand"), "培训或公出"),
    Code("other", N_("Other leave"), "其他假"),
)
PARTS = CodeList(
    "leave_part",
    Code("day", N_("Whole day"), "全天"),
    Code("morning", N_("Morning"), "上午"),
    Code("afternoon", N_("Afternoon"), "下午"),
)


class StaffLeave(Record):
    """A member of staff's leave 请假: whole days, or one half of each day."""

    title: ClassVar[str] = N_("Leave")
    titles: ClassVar[str] = N_("Leave of staff")
    area: ClassVar[str] = "home"
    first_state: ClassVar[str] = "current"
    event_field: ClassVar[str] = "starts_on"
    title_field: ClassVar[str] = "starts_on"

    staff_id: Mapped[str] = reference(N_("Staff member"), "staff", required=True, listed=True, searched=True)
    kind: Mapped[str] = field(N_("Kind"), codes=LEAVE_KINDS, required=True, listed=True)
    starts_on: Mapped[date] = field(N_("From"), Date, required=True, listed=True, index=True)
    ends_on: Mapped[date] = field(N_("Until"), Date, required=True, listed=True)
    part: Mapped[str] = field(N_("Part of the day"), codes=PARTS, required=True, listed=True)
    note: Mapped[str | None] = field(N_("Note"), String(200))

    def before_save(self, work: Work) -> None:
        self.part = self.part or "day"

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.ends_on < self.starts_on:
            yield Problem("ends_on", _("The end lies before the beginning."))
        elif work.actor.may("read", "TherapySession") and self.deleted_at is None:
            yield from self._hit(work)

    def _hit(self, work: Work) -> Iterator[Problem]:
        """Name the sessions that are booked with the person, when the leave is entered or grows."""
        from models.scheduling.hits import hits_words, sessions_hit_by_leave

        attributes = inspect(self).attrs
        if any(attributes[name].history.has_changes() for name in ("staff_id", "starts_on", "ends_on", "part")):
            hits = sessions_hit_by_leave(
                work, Absence(self.staff_id, self.kind, self.starts_on, self.ends_on, self.part)
            )
            if hits:
                yield Problem("starts_on", hits_words(hits), warning=True)

    def summary(self) -> str:
        return _("{first} to {last}").format(first=self.starts_on.isoformat(), last=self.ends_on.isoformat())


@dataclass(frozen=True)
class Absence:
    """One leave as the calendar needs it."""

    staff_id: str
    kind: str
    starts_on: date
    ends_on: date
    part: str

    def covers(self, day: date, half: str) -> bool:
        """Whether the person is away on a day's ``morning`` or ``afternoon``."""
        return self.starts_on <= day <= self.ends_on and self.part in ("day", half)


def leaves(work: Work, first: date, last: date, staff_ids: Collection[str] | None = None) -> list[Absence]:
    """Return the leaves that touch the days from first to last."""
    columns = (StaffLeave.staff_id, StaffLeave.kind, StaffLeave.starts_on, StaffLeave.ends_on, StaffLeave.part)
    statement = select(*columns).where(
        StaffLeave.deleted_at.is_(None),
        StaffLeave.state != "void",
        StaffLeave.starts_on <= last,
        StaffLeave.ends_on >= first,
    )
    if staff_ids is not None:
        statement = statement.where(StaffLeave.staff_id.in_(staff_ids))
    return [Absence(*each) for each in work.execute(statement)]
