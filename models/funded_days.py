"""Training days 训练日 of funded children: which days count, and the month's attendance sheet 救助儿童训练考勤表.

A *lesson* 课时 is the programme's measure (30 minutes as a rule): a session of an hour is two. A day on which the
child was treated at all is *attended*; it is *full* when it also reaches the lessons or minutes that the programme
asks for a day. Programmes without such a norm take every attended day as full.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from models.child import Child
from models.core.database import Work
from models.core.queries import load, titles
from models.funded_programmes import PROGRAMMES, Enrolment, Norm, enrolments, norm_on
from models.holidays import DayKind, day_kinds, days_between
from models.month import Month
from models.therapies import TREATED
from models.therapy import TherapySession

_READ = (
    "id", "child_id", "therapy", "form", "therapist_id", "witness_id", "starts_at", "ends_at", "status", "reason", "state",
    "minutes_missed", "signed_on",
)  # fmt: skip


@dataclass(frozen=True)
class Lesson:
    """One session as the attendance sheet shows it.

    Attributes:
        minutes: those really done; 0 when the child was not treated.
        lessons: how many lessons of the programme it counts as.
        therapist, witness: names; ``signed_on`` is None while the therapist has not signed.
        status, reason: codes of ``therapies.STATUSES`` and ``REASONS``.
    """

    session_id: str
    starts_at: datetime
    ends_at: datetime
    therapy: str
    form: str
    minutes: int
    lessons: int
    status: str
    reason: str | None
    therapist: str = ""
    witness: str = ""
    signed_on: date | None = None

    @property
    def done(self) -> bool:
        """Whether the child was treated."""
        return self.status in TREATED


@dataclass(frozen=True)
class TrainingDay:
    """One day of a funded child: what took place, and whether it counts."""

    day: date
    lessons: tuple[Lesson, ...] = ()
    full: bool = False
    kind: DayKind | None = None
    enrolled: bool = True

    @property
    def attended(self) -> bool:
        """Whether the child was treated on this day."""
        return any(each.done for each in self.lessons)

    @property
    def lesson_count(self) -> int:
        """Lessons really done."""
        return sum(each.lessons for each in self.lessons)

    @property
    def group_count(self) -> int:
        """Lessons done in a group."""
        return sum(each.lessons for each in self.lessons if each.form == "group")

    @property
    def minutes(self) -> int:
        """Minutes really done."""
        return sum(each.minutes for each in self.lessons)


@dataclass(frozen=True)
class AttendanceSheet:
    """A funded child's month 救助儿童训练考勤表: every calendar day, ready for the paper with the seal.

    Attributes:
        programme: the programme's name in words; ``norm_words`` what it asks for.
        days: one entry for every day of the month, in order; ``enrolled`` is False outside the enrolment.
        needed: full days that the month asks for; None when the programme asks for none.
        finished: the month is over, so that the sheet is complete.
    """

    child_id: str
    name: str
    number: str
    sex: str
    born_on: date
    disabilities: tuple[str, ...]
    guardian: str
    programme: str
    card_number: str
    starts_on: date
    ends_on: date
    norm_words: str
    month: Month
    days: tuple[TrainingDay, ...]
    needed: int | None
    finished: bool
    unsigned: int = 0
    absences: tuple[tuple[str, int], ...] = field(default=())
    """Sessions that did not take place, as (code of the reason, how many)."""

    @property
    def attended_days(self) -> int:
        """Days on which the child was treated."""
        return sum(day.attended for day in self.days if day.enrolled)

    @property
    def full_days(self) -> int:
        """Days that reach what the programme asks for a day."""
        return sum(day.full for day in self.days if day.enrolled)

    @property
    def lessons(self) -> int:
        """All lessons of the month."""
        return sum(day.lesson_count for day in self.days if day.enrolled)

    @property
    def group_lessons(self) -> int:
        """Of these, lessons in a group."""
        return sum(day.group_count for day in self.days if day.enrolled)

    @property
    def minutes(self) -> int:
        """All minutes of the month."""
        return sum(day.minutes for day in self.days if day.enrolled)


def is_full(norm: Norm, lessons: int, group: int, minutes: int) -> bool:
    """Say whether a day reaches what the programme asks for a day."""
    return (
        minutes > 0
        and lessons >= (norm.lessons_a_day or 0)
        and group >= (norm.group_lessons_a_day or 0)
        and minutes >= (norm.minutes_a_day or 0)
    )


def _lesson(row: Any, norm: Norm) -> Lesson:
    length = int((row.ends_at - row.starts_at).total_seconds() // 60) - (row.minutes_missed or 0)
    minutes = length if row.status in TREATED else 0
    signed = row.signed_on if row.state not in ("draft", "returned") else None
    return Lesson(
        row.id, row.starts_at, row.ends_at, row.therapy, row.form, minutes, minutes // norm.lesson, row.status, row.reason,
        row.therapist_id, row.witness_id or "", signed,
    )  # fmt: skip


def training_day(norm: Norm, day: date, rows: Iterable[Any], kind: DayKind | None = None) -> TrainingDay:
    """Count one day's sessions under a programme."""
    made = TrainingDay(day, tuple(_lesson(row, norm) for row in rows), kind=kind)
    full = is_full(norm, made.lesson_count, made.group_count, made.minutes)
    return TrainingDay(day, made.lessons, full, kind)


def sessions_by_day(
    work: Work, child_ids: Iterable[str], first: date, last: date
) -> dict[str, dict[date, list[Any]]]:  # fmt: skip
    """Return the sessions of some children between two days, by child and day; one query for all of them."""
    kind = TherapySession
    wanted = sorted(set(child_ids))
    statement = select(*(getattr(kind, name) for name in _READ)).where(
        kind.child_id.in_(wanted), kind.deleted_at.is_(None), kind.state.not_in(["void", "superseded"]),
        kind.starts_at >= datetime.combine(first, datetime.min.time()),
        kind.starts_at < datetime.combine(last + timedelta(days=1), datetime.min.time()),
    )  # fmt: skip
    found: dict[str, dict[date, list[Any]]] = {}
    for row in work.execute(statement.order_by(kind.starts_at, kind.id)) if wanted else ():
        found.setdefault(row.child_id, {}).setdefault(row.starts_at.date(), []).append(row)
    return found


def attendance_sheet(work: Work, child_id: str, month: Month) -> AttendanceSheet | None:
    """Return a funded child's attendance of a month; None when the child was in no programme then.

    In more than one programme at once, the one that began last is meant: funds are not paid twice.

    Raises:
        Missing: when the child is not there, or not entrusted to the person.
    """
    holding = enrolments(work, month.first, month.last, child_id)
    if not holding:
        return None
    enrolment = max(holding, key=lambda each: each.starts_on)
    norm = norm_on(enrolment.programme, max(month.first, enrolment.starts_on))
    if norm is None:
        return None
    rows = sessions_by_day(work, [child_id], month.first, month.last).get(child_id, {})
    kinds = day_kinds(work, month.first, month.last)
    days = tuple(_sheet_day(work, enrolment, norm, day, rows, kinds) for day in days_between(month.first, month.last))
    return _sheet(work, enrolment, norm, month, _named(work, days))


def _sheet_day(
    work: Work, enrolment: Enrolment, norm: Norm, day: date, rows: Mapping[date, list[Any]],
    kinds: Mapping[date, DayKind],
) -> TrainingDay:  # fmt: skip
    made = training_day(norm, day, rows.get(day, ()), kinds[day])
    enrolled = enrolment.starts_on <= day <= enrolment.ends_on
    return TrainingDay(day, made.lessons, made.full and enrolled, made.kind, enrolled)


def _named(work: Work, days: tuple[TrainingDay, ...]) -> tuple[TrainingDay, ...]:
    """Put names where the ids of therapists and witnesses stand."""
    from dataclasses import replace

    lessons = [lesson for day in days for lesson in day.lessons]
    names = titles(work, "staff", {*(each.therapist for each in lessons), *(each.witness for each in lessons)})

    def named(lesson: Lesson) -> Lesson:
        return replace(lesson, therapist=names.get(lesson.therapist, ""), witness=names.get(lesson.witness, ""))

    return tuple(replace(day, lessons=tuple(named(each) for each in day.lessons)) for day in days)


def _sheet(
    work: Work, enrolment: Enrolment, norm: Norm, month: Month, days: tuple[TrainingDay, ...]
) -> AttendanceSheet:  # fmt: skip
    child = load(work, Child, enrolment.child_id)
    lessons = [lesson for day in days if day.enrolled for lesson in day.lessons]
    reasons: dict[str, int] = {}
    for lesson in lessons:
        if lesson.status in ("absent", "cancelled"):
            reasons[lesson.reason or "other"] = reasons.get(lesson.reason or "other", 0) + 1
    return AttendanceSheet(
        child.id, child.name, child.number, child.sex, child.born_on, tuple(child.disabilities or ()), child.guardian or "",
        PROGRAMMES.label(enrolment.programme), enrolment.card_number, enrolment.starts_on, enrolment.ends_on, norm.words(),
        month, days, norm.days_a_month, month.last < work.today,
        sum(lesson.done and lesson.signed_on is None for lesson in lessons),
        tuple(sorted(reasons.items(), key=lambda each: -each[1])),
    )  # fmt: skip


def funded_children(work: Work, month: Month) -> list[tuple[str, str]]:
    """Return (id, name) of the children enrolled in a programme during a month, by name: whom sheets are printed for."""
    ids = {each.child_id for each in enrolments(work, month.first, month.last)}
    return sorted(titles(work, "child", ids).items(), key=lambda each: each[1])
