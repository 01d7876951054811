"""Care 养: the nursing record of a child's shift, and the hand-over from one shift to the next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Float,
    Index,
    Integer,
    Text,
    and_,
    inspect,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped

from models.age import years_on
from models.care_words import (
    APPETITE,
    BATH,
    FEEDING,
    MOOD,
    SKIN,
    SLEEP,
    STOOLS,
    TEMPERATURE_SITES,
    URINE,
    in_force_or_none,
)
from models.child import Child, OfChild
from models.core.access import Actor
from models.core.errors import Problem
from models.core.fields import field, fields_of, reference, words_of
from models.core.queries import titles
from models.core.record import Record
from models.shifts import SHIFTS, shift_at
from models.staff import Staff, UnitStaff
from resources import N_, _

if TYPE_CHECKING:
    from models.core.database import Work

WHEN = N_("Shift")
BODY = N_("Temperature")
FOOD = N_("Food and drink")
REST = N_("Sleep and mood")
EXCRETION = N_("Stool, urine, vomiting")
BODY_CARE = N_("Skin and care")
SEIZURES = N_("Seizures")
HEADS = N_("Head count")
TOLD = N_("Told to the next shift")
SIGNED = N_("Signatures")

PERSONAL_CARE = ("bath", "skin", "stools", "stool", "urine_times", "urine")
_FUTURE = timedelta(minutes=10)


class NursingRecord(OfChild, Record):
    """What was observed and done for one child in one shift 护理记录."""

    title: ClassVar[str] = N_("Nursing record")
    titles: ClassVar[str] = N_("Nursing records")
    area: ClassVar[str] = "care"
    first_state: ClassVar[str] = "submitted"
    event_field: ClassVar[str] = "at"
    title_field: ClassVar[str] = "day"
    __table_args__ = (
        Index("ix_nursing_record_child_at", "child_id", "at"),
        Index("ix_nursing_record_counted", "at", "temperature", "seizures", "state", "deleted_at", "child_id"),
        Index(
            "uq_nursing_record_shift", "child_id", "day", "shift", unique=True,
            sqlite_where=text("NOT extra AND deleted_at IS NULL AND state <> 'void' AND supersedes_id IS NULL"),
            postgresql_where=text("NOT extra AND deleted_at IS NULL AND state <> 'void' AND supersedes_id IS NULL"),
        ),
    )  # fmt: skip

    day: Mapped[date] = field(N_("Day"), Date, section=WHEN, required=True, listed=True)
    shift: Mapped[str] = field(N_("Shift"), codes=SHIFTS, section=WHEN, required=True, listed=True)
    at: Mapped[datetime] = field(N_("Observed at"), DateTime, section=WHEN, required=True, listed=True)
    unit_id: Mapped[str | None] = reference(N_("Unit"), "unit", section=WHEN)
    carer_id: Mapped[str | None] = reference(N_("Cared for by"), "staff", section=WHEN)
    usual: Mapped[bool] = field(
        N_("As usual"), Boolean, section=WHEN, default=False, nullable=False,
        help=N_("The carer said “as usual”: the child's ordinary values were taken, not measured one by one."),
    )  # fmt: skip
    extra: Mapped[bool] = field(
        N_("Between times"), Boolean, section=WHEN, default=False, nullable=False,
        help=N_("A further look in the same shift, e.g. the temperature taken again."),
    )  # fmt: skip

    temperature: Mapped[float | None] = field(
        N_("Temperature"), Float, section=BODY, unit="°C", decimals=1, minimum=30, maximum=43, listed=True
    )
    temperature_site: Mapped[str | None] = field(N_("Taken at"), codes=TEMPERATURE_SITES, section=BODY)

    feeding: Mapped[str | None] = field(N_("Feeding"), codes=FEEDING, section=FOOD)
    appetite: Mapped[str | None] = field(N_("Appetite"), codes=APPETITE, section=FOOD, listed=True)
    feed_ml: Mapped[int | None] = field(N_("Milk or feed"), Integer, section=FOOD, unit="mL", minimum=0, maximum=3000)
    fluid_ml: Mapped[int | None] = field(N_("Other fluid"), Integer, section=FOOD, unit="mL", minimum=0, maximum=5000)

    sleep: Mapped[str | None] = field(N_("Sleep"), codes=SLEEP, section=REST)
    sleep_hours: Mapped[float | None] = field(
        N_("Hours slept"), Float, section=REST, unit="h", decimals=1, minimum=0, maximum=16
    )
    mood: Mapped[str | None] = field(N_("Mood"), codes=MOOD, section=REST, listed=True)

    stools: Mapped[int | None] = field(
        N_("Stools"), Integer, section=EXCRETION, unit=N_("times"), minimum=0, maximum=30
    )
    stool: Mapped[str | None] = field(N_("Kind of stool"), codes=STOOLS, section=EXCRETION)
    urine_times: Mapped[int | None] = field(
        N_("Urine"), Integer, section=EXCRETION, unit=N_("times"), minimum=0, maximum=40
    )
    urine: Mapped[str | None] = field(N_("Kind of urine"), codes=URINE, section=EXCRETION)
    vomiting: Mapped[int | None] = field(
        N_("Vomiting"), Integer, section=EXCRETION, unit=N_("times"), minimum=0, maximum=40, listed=True
    )

    skin: Mapped[str | None] = field(N_("Skin"), codes=SKIN, section=BODY_CARE, listed=True)
    bath: Mapped[str | None] = field(N_("Washing"), codes=BATH, section=BODY_CARE)
    turned: Mapped[int | None] = field(
        N_("Turned"), Integer, section=BODY_CARE, unit=N_("times"), minimum=0, maximum=30,
        help=N_("How often a child who cannot turn alone was turned in this shift."),
    )  # fmt: skip

    seizures: Mapped[int | None] = field(
        N_("Seizures"), Integer, section=SEIZURES, unit=N_("times"), minimum=0, maximum=99, listed=True
    )
    seizure_minutes: Mapped[float | None] = field(
        N_("Longest seizure"), Float, section=SEIZURES, unit=N_("min"), decimals=1, minimum=0, maximum=600
    )
    note: Mapped[str | None] = field(N_("Note"), Text, section=SEIZURES)

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """An ordinary record, for the tests of every record type."""
        return {"at": work.now, "temperature": 36.5, "appetite": "all"}

    def before_save(self, work: Work) -> None:
        self.at = self.at or work.now
        if self.day is None or not self.shift:
            running = shift_at(self.at)
            self.day, self.shift = self.day or running.day, self.shift or running.code
        self.carer_id = self.carer_id or work.actor.staff_id
        self.usual, self.extra = bool(self.usual), bool(self.extra)
        if not self.unit_id and self.child_id:
            self.unit_id = work.scalar(select(Child.unit_id).where(Child.id == self.child_id))

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.at > work.now + _FUTURE:
            yield Problem("at", _("This moment lies in the future."))
        if self.seizure_minutes and not self.seizures:
            yield Problem("seizures", _("Please note how many seizures there were."))
        yield from self._double(work)
        yield from self._same_sex_care(work)

    def _double(self, work: Work) -> Iterator[Problem]:
        if self.extra or self.supersedes_id or self.deleted_at or self.state == "void":
            return
        same = select(NursingRecord.recorded_by, NursingRecord.at).where(
            NursingRecord.child_id == self.child_id, NursingRecord.day == self.day, NursingRecord.shift == self.shift,
            NursingRecord.extra.is_(False), NursingRecord.deleted_at.is_(None), NursingRecord.state != "void",
            NursingRecord.supersedes_id.is_(None), NursingRecord.id != self.id,
        )  # fmt: skip
        other = work.execute(same).first()
        if other:
            message = _("{who} has already written this child's record for the shift at {time}.")
            yield Problem("shift", message.format(who=other.recorded_by, time=other.at.strftime("%H:%M")))

    def _same_sex_care(self, work: Work) -> Iterator[Problem]:
        if not any(getattr(self, name) not in (None, "", "none") for name in PERSONAL_CARE):
            return
        child = work.execute(select(Child.sex, Child.born_on).where(Child.id == self.child_id)).first()
        carer = work.scalar(select(Staff.sex).where(Staff.id == self.carer_id)) if self.carer_id else None
        from_age = in_force_or_none("same_sex_care_from_age", self.day)
        if from_age is None:
            return
        if child and child.sex == "2" and carer == "1" and years_on(child.born_on, self.day) >= from_age:
            message = _(
                "From {n} years on, girls are cared for by women. Please confirm that this could not be helped."
            )
            yield Problem("carer_id", message.format(n=f"{from_age:g}"), warning=True)

    def summary(self) -> str:
        said = [f"{_(each.label)} {words_of(each, getattr(self, each.name))}{each.unit and ' ' + _(each.unit)}"
                for each in fields_of(type(self))
                if each.section in (BODY, FOOD, REST, EXCRETION, BODY_CARE, SEIZURES) and each.name != "note"
                and getattr(self, each.name) not in (None, "", 0, "none")]  # fmt: skip
        return _(", ").join([*said[:4], *([self.note] if self.note else [])])


def _working(assignment: Any, actor: Actor) -> ColumnElement[bool]:
    """The units in which a person works today; ``assignment`` is ``UnitStaff`` or its table."""
    today = date.today()
    return and_(
        assignment.staff_id == (actor.staff_id or ""),
        assignment.deleted_at.is_(None),
        assignment.starts_on <= today,
        or_(assignment.ends_on.is_(None), assignment.ends_on >= today),
    )


class HandOver(Record):
    """The hand-over of a unit from one shift to the next 交接班记录; the head count must reconcile."""

    title: ClassVar[str] = N_("Shift hand-over")
    titles: ClassVar[str] = N_("Shift hand-overs")
    area: ClassVar[str] = "care"
    first_state: ClassVar[str] = "draft"
    event_field: ClassVar[str] = "at"
    title_field: ClassVar[str] = "day"
    __table_args__ = (
        Index(
            "uq_hand_over_shift", "unit_id", "day", "shift", unique=True,
            sqlite_where=text("deleted_at IS NULL AND state <> 'void' AND supersedes_id IS NULL"),
            postgresql_where=text("deleted_at IS NULL AND state <> 'void' AND supersedes_id IS NULL"),
        ),
    )  # fmt: skip

    unit_id: Mapped[str] = reference(N_("Unit"), "unit", section=WHEN, required=True, listed=True, searched=True)
    day: Mapped[date] = field(N_("Day"), Date, section=WHEN, required=True, listed=True)
    shift: Mapped[str] = field(N_("Shift handing over"), codes=SHIFTS, section=WHEN, required=True, listed=True)
    at: Mapped[datetime] = field(N_("Handed over at"), DateTime, section=WHEN, required=True, listed=True)

    expected: Mapped[int] = field(
        N_("Should be here"), Integer, section=HEADS, required=True, listed=True, minimum=0, maximum=500
    )
    present: Mapped[int] = field(
        N_("Are here"), Integer, section=HEADS, required=True, listed=True, minimum=0, maximum=500
    )
    out: Mapped[int] = field(N_("Out"), Integer, section=HEADS, required=True, listed=True, minimum=0, maximum=500)
    hospital: Mapped[int] = field(
        N_("In hospital"), Integer, section=HEADS, required=True, listed=True, minimum=0, maximum=500
    )

    special: Mapped[str | None] = field(N_("Children to watch"), Text, section=TOLD)
    unusual: Mapped[str | None] = field(N_("Out of the ordinary"), Text, section=TOLD)
    away: Mapped[str | None] = field(N_("Out and in hospital"), Text, section=TOLD)
    treatment: Mapped[str | None] = field(N_("Treatment and medicines"), Text, section=TOLD)
    incidents: Mapped[str | None] = field(N_("Incidents"), Text, section=TOLD)
    equipment: Mapped[str | None] = field(N_("Rooms, equipment, keys"), Text, section=TOLD)
    to_do: Mapped[str | None] = field(N_("To be done"), Text, section=TOLD)

    handed_by_id: Mapped[str | None] = reference(
        N_("Shift handed over by"), "staff", section=SIGNED, listed=True, hidden=True
    )
    handed_at: Mapped[datetime | None] = field(N_("Signed at"), DateTime, section=SIGNED, hidden=True)
    received_by_id: Mapped[str | None] = reference(
        N_("Shift taken over by"), "staff", section=SIGNED, listed=True, hidden=True
    )
    received_at: Mapped[datetime | None] = field(N_("Shift taken over at"), DateTime, section=SIGNED, hidden=True)

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """An ordinary hand-over of an empty unit, for the tests of every record type."""
        running = shift_at(work.now)
        return {
            "day": running.day,
            "shift": running.code,
            "at": work.now,
            "expected": 0,
            "present": 0,
            "out": 0,
            "hospital": 0,
        }

    @classmethod
    def scope(cls, actor: Actor) -> ColumnElement[bool] | None:
        mine = UnitStaff.__table__.c
        return (
            None if actor.sees_whole_home(cls) else cls.unit_id.in_(select(mine.unit_id).where(_working(mine, actor)))
        )

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.at > work.now + _FUTURE:
            yield Problem("at", _("This moment lies in the future."))
        if self._signed_before() and self._told_something_else():
            yield Problem("", _("Both sides have signed; what was handed over is no longer changed."))
        if self.received_by_id and self.received_by_id == self.handed_by_id:
            yield Problem("received_by_id", _("Another person receives the shift than the one who hands it over."))
        if not self._entrusted(work):
            yield Problem("unit_id", _("This unit is not entrusted to you."))
            return
        yield from self._head_count(work)
        yield from self._double(work)

    def _entrusted(self, work: Work) -> bool:
        if work.actor.sees_whole_home(HandOver):
            return True
        mine = select(UnitStaff.id).where(UnitStaff.unit_id == self.unit_id, _working(UnitStaff, work.actor))
        return work.scalar(mine.limit(1)) is not None

    def _head_count(self, work: Work) -> Iterator[Problem]:
        found = self.present + self.out + self.hospital
        if found != self.expected:
            message = _("{present} here, {out} out and {hospital} in hospital make {found}, not {expected}.")
            words = message.format(
                present=self.present, out=self.out, hospital=self.hospital, found=found, expected=self.expected
            )
            yield Problem("present", words)
        if work.now - self.at > timedelta(hours=24):
            return
        from models.handover import roster_of

        roster = roster_of(work, self.unit_id)
        if self.expected != roster.expected:
            yield Problem("expected", _("By the register {n} children belong here.").format(n=roster.expected))
        if self.hospital != roster.hospital:
            message = _("By the register {n} children are in hospital. Record the move first.")
            yield Problem("hospital", message.format(n=roster.hospital))

    def _double(self, work: Work) -> Iterator[Problem]:
        same = select(HandOver.recorded_by).where(
            HandOver.unit_id == self.unit_id, HandOver.day == self.day, HandOver.shift == self.shift,
            HandOver.deleted_at.is_(None), HandOver.state != "void", HandOver.supersedes_id.is_(None), HandOver.id != self.id,
        )  # fmt: skip
        other = work.scalar(same)
        if other and not (self.supersedes_id or self.deleted_at or self.state == "void"):
            yield Problem("shift", _("{who} has already written the hand-over of this shift.").format(who=other))

    def _signed_before(self) -> bool:
        state = inspect(self)
        if not state.persistent:
            return False
        history = state.attrs.received_at.history
        before = history.deleted[0] if history.deleted else (self.received_at if not history.added else None)
        return before is not None

    def _told_something_else(self) -> bool:
        state = inspect(self)
        return any(
            state.attrs[each.name].history.has_changes()
            for each in fields_of(type(self))
            if each.section in (WHEN, HEADS, TOLD)
        )

    def search_words(self) -> Iterator[str]:
        for told in (self.special, self.unusual, self.incidents):
            if told:
                yield told

    def summary(self) -> str:
        return f"{self.day} {SHIFTS.label(self.shift)}"

    def unit_name(self, work: Work) -> str:
        """Return the name of the unit."""
        return titles(work, "unit", [self.unit_id]).get(self.unit_id, "")
