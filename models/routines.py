"""Routines 作息: when children are at meals, asleep, in lessons or out, and when staff are at fixed duties.

Each is declared once, for a unit, an age, a kind of school or one child, and holds for every week until it ends; the
timetable of the therapy department is planned around it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, ClassVar

from sqlalchemy import Boolean, ColumnElement, Date, Integer, String, Text, Time, or_, select
from sqlalchemy.orm import Mapped

from models.age import months_later
from models.child import OfChild
from models.core.access import Actor
from models.core.database import Work
from models.core.errors import Problem
from models.core.fields import field, reference
from models.core.record import Record
from models.core.words import Code, CodeList
from models.education import SCHOOLING_KINDS
from models.staff import WEEKDAYS
from resources import N_, _, table

ROUTINE_KINDS = CodeList(
    "routine_kind",
    Code("meal", N_("Meal"), "进餐"),
    Code("feed", N_("Feed"), "喂奶"),
    Code("nap", N_("Nap"), "午睡"),
    Code("bath", N_("Bath"), "洗澡"),
    Code("care", N_("Care"), "护理时间"),
    Code("lesson", N_("Lesson"), "上课"),
    Code("school", N_("School"), "上学"),
    Code("outing", N_("Outing"), "外出活动"),
    Code("other", N_("Other fixed time"), "其他固定时间"),
)
COMMITMENTS = CodeList(
    "commitment_kind",
    Code("meeting", N_("Meeting"), "会议"),
    Code("round", N_("Ward round"), "查房"),
    Code("writing", N_("Time for notes"), "书写记录"),
    Code("assessing", N_("Time for assessments"), "评估时间"),
    Code("teaching", N_("Teaching"), "授课"),
    Code("training", N_("Training course"), "业务学习"),
    Code("other", N_("Other duty"), "其他工作"),
)
WHEN, WHOM = N_("When it is"), N_("Whom it concerns")


def _time_problems(starts: time, ends: time, first: date | None, last: date | None) -> Iterator[Problem]:
    if ends <= starts:
        yield Problem("ends", _("The end lies before the beginning."))
    if first and last and last < first:
        yield Problem("last_day", _("The end lies before the beginning."))


class Routine(Record):
    """A fixed time in the children's day 作息: a meal, a nap, lessons, an outing."""

    title: ClassVar[str] = N_("Fixed time of the day")
    titles: ClassVar[str] = N_("Daily routine")
    area: ClassVar[str] = "care"
    first_state: ClassVar[str] = "current"
    newest_first: ClassVar[bool] = False
    event_field: ClassVar[str] = "starts"

    name: Mapped[str] = field(
        N_("Routine name"), String(60), section=WHEN, listed=True, searched=True, required=True,
        help=N_("Left empty, it is called by its kind."),
    )  # fmt: skip
    kind: Mapped[str] = field(N_("Kind"), codes=ROUTINE_KINDS, section=WHEN, required=True, listed=True)
    weekdays: Mapped[list[str] | None] = field(
        N_("Weekdays"), codes=WEEKDAYS, many=True, section=WHEN, listed=True, help=N_("Left empty, every day.")
    )
    starts: Mapped[time] = field(N_("From"), Time, section=WHEN, required=True, listed=True)
    ends: Mapped[time] = field(N_("Until"), Time, section=WHEN, required=True, listed=True)
    first_day: Mapped[date | None] = field(N_("First day"), Date, section=WHEN, listed=True)
    last_day: Mapped[date | None] = field(N_("Last day"), Date, section=WHEN, listed=True)
    in_terms: Mapped[bool | None] = field(N_("Only in school terms"), Boolean, section=WHEN)

    unit_id: Mapped[str | None] = reference(
        N_("Unit"), "unit", section=WHOM, listed=True, help=N_("Left empty, all units.")
    )
    age_from: Mapped[int | None] = field(
        N_("Age from"), Integer, section=WHOM, unit=N_("months"), minimum=0, maximum=360
    )
    age_to: Mapped[int | None] = field(
        N_("Younger than"), Integer, section=WHOM, unit=N_("months"), minimum=1, maximum=360
    )
    schooling: Mapped[list[str] | None] = field(
        N_("Children who go to"), codes=SCHOOLING_KINDS, many=True, section=WHOM, help=N_("Left empty, all children.")
    )
    child_id: Mapped[str | None] = reference(
        N_("Only this child"), "child", section=WHOM, listed=True, help=N_("Left empty, all who fit the lines above.")
    )
    note: Mapped[str | None] = field(N_("Note"), Text, section=WHOM)

    @classmethod
    def scope(cls, actor: Actor) -> ColumnElement[bool] | None:
        """What concerns many is for everyone; what concerns one child for those it is entrusted to."""
        mine: ColumnElement[bool] | None = OfChild.scope.__func__(cls, actor)  # type: ignore[attr-defined]
        return None if mine is None else or_(cls.child_id.is_(None), mine)

    def before_save(self, work: Work) -> None:
        self.name = (self.name or "").strip() or ROUTINE_KINDS.label(self.kind)

    def problems(self, work: Work) -> Iterator[Problem]:
        yield from _time_problems(self.starts, self.ends, self.first_day, self.last_day)
        if self.age_from is not None and self.age_to is not None and self.age_to <= self.age_from:
            yield Problem("age_to", _("The upper age lies below the lower one."))

    def summary(self) -> str:
        return f"{self.name} {self.starts:%H:%M}–{self.ends:%H:%M}"

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """Return valid values, for tests and the printed sample."""
        return {"kind": "nap", "starts": time(12, 30), "ends": time(14, 30)}


class StaffCommitment(Record):
    """A fixed duty of staff in the week 固定安排: a meeting, a ward round, time for notes."""

    title: ClassVar[str] = N_("Fixed duty")
    titles: ClassVar[str] = N_("Fixed duties of staff")
    area: ClassVar[str] = "home"
    first_state: ClassVar[str] = "current"
    newest_first: ClassVar[bool] = False
    event_field: ClassVar[str] = "starts"

    name: Mapped[str] = field(
        N_("Duty name"),
        String(60),
        listed=True,
        searched=True,
        required=True,
        help=N_("Left empty, it is called by its kind."),
    )
    kind: Mapped[str] = field(N_("Kind"), codes=COMMITMENTS, required=True, listed=True)
    staff_id: Mapped[str | None] = reference(
        N_("Staff member"), "staff", listed=True, searched=True, help=N_("Left empty, all therapists.")
    )
    weekdays: Mapped[list[str] | None] = field(
        N_("Weekdays"), codes=WEEKDAYS, many=True, listed=True, help=N_("Left empty, every day.")
    )
    starts: Mapped[time] = field(N_("From"), Time, required=True, listed=True)
    ends: Mapped[time] = field(N_("Until"), Time, required=True, listed=True)
    first_day: Mapped[date | None] = field(N_("First day"), Date, listed=True)
    last_day: Mapped[date | None] = field(N_("Last day"), Date, listed=True)
    note: Mapped[str | None] = field(N_("Note"), String(200))

    def before_save(self, work: Work) -> None:
        self.name = (self.name or "").strip() or COMMITMENTS.label(self.kind)

    def problems(self, work: Work) -> Iterator[Problem]:
        yield from _time_problems(self.starts, self.ends, self.first_day, self.last_day)

    def summary(self) -> str:
        return f"{self.name} {self.starts:%H:%M}–{self.ends:%H:%M}"

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """Return valid values, for tests and the printed sample."""
        return {"kind": "meeting", "starts": time(16, 0), "ends": time(17, 0)}


# --- reading ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FixedTime:
    """A routine or a duty as plain values: on which weekdays of which days, from when until when."""

    kind: str
    name: str
    weekdays: frozenset[str]
    starts: time
    ends: time
    first_day: date | None
    last_day: date | None

    def on(self, day: date) -> bool:
        """Whether it takes place on a day."""
        return (
            (not self.weekdays or str(day.isoweekday()) in self.weekdays)
            and (self.first_day is None or self.first_day <= day)
            and (self.last_day is None or day <= self.last_day)
        )


@dataclass(frozen=True)
class Habit(FixedTime):
    """A routine as plain values, and whom it concerns."""

    unit_id: str | None = None
    age_from: int | None = None
    age_to: int | None = None
    schooling: frozenset[str] = frozenset()
    child_id: str | None = None
    in_terms: bool = False

    def concerns(self, child_id: str, unit_id: str | None, born_on: date, schooling: str, day: date) -> bool:
        """Whether it concerns a child on a day; ``schooling`` is the kind of school it goes to, or empty."""
        if not self.on(day) or (self.in_terms and not in_term(day)):
            return False
        return (
            self.child_id in (None, child_id)
            and self.unit_id in (None, unit_id)
            and (not self.schooling or schooling in self.schooling)
            and (self.age_from is None or months_later(born_on, self.age_from) <= day)
            and (self.age_to is None or day < months_later(born_on, self.age_to))
        )


@dataclass(frozen=True)
class Duty(FixedTime):
    """A fixed duty as plain values, and whose; nobody's is every therapist's."""

    staff_id: str | None = None


def in_term(day: date) -> bool:
    """Whether school is on; the winter and the summer holiday have no lessons."""
    wanted = f"{day:%m-%d}"
    for row in table("education/terms.csv"):
        first, last = row["lessons_from"], row["lessons_to"]
        if first <= wanted <= last or (first > last and (wanted >= first or wanted <= last)):
            return True
    return False


def _fixed(row: Any) -> Mapping[str, Any]:
    return {
        "kind": row.kind, "name": row.name, "weekdays": frozenset(row.weekdays or ()), "starts": row.starts, "ends": row.ends,
        "first_day": row.first_day, "last_day": row.last_day,
    }  # fmt: skip


_FIXED = ("kind", "name", "weekdays", "starts", "ends", "first_day", "last_day")


def _running(kind: Any, first: date, last: date, *more: Any) -> Any:
    columns = [getattr(kind, name) for name in _FIXED]
    return select(*columns, *more).where(
        kind.deleted_at.is_(None), kind.state != "void",
        or_(kind.first_day.is_(None), kind.first_day <= last), or_(kind.last_day.is_(None), kind.last_day >= first),
    )  # fmt: skip


def habits(work: Work, first: date, last: date) -> list[Habit]:
    """Return the children's fixed times that touch the days from first to last."""
    rows = _running(
        Routine, first, last, Routine.unit_id, Routine.age_from, Routine.age_to, Routine.schooling, Routine.child_id,
        Routine.in_terms,
    )  # fmt: skip
    return [
        Habit(
            **_fixed(row), unit_id=row.unit_id, age_from=row.age_from, age_to=row.age_to,
            schooling=frozenset(row.schooling or ()), child_id=row.child_id, in_terms=bool(row.in_terms),
        )
        for row in work.execute(rows.order_by(Routine.starts, Routine.id))
    ]  # fmt: skip


def duties(work: Work, first: date, last: date, staff_ids: Collection[str] | None = None) -> list[Duty]:
    """Return the fixed duties of staff that touch the days from first to last."""
    statement = _running(StaffCommitment, first, last, StaffCommitment.staff_id)
    if staff_ids is not None:
        statement = statement.where(or_(StaffCommitment.staff_id.is_(None), StaffCommitment.staff_id.in_(staff_ids)))
    return [Duty(**_fixed(row), staff_id=row.staff_id) for row in work.execute(statement)]
