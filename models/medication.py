"""Medication 用药: the doctor's order, and what became of every single dose."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Boolean, Date, DateTime, Float, Index, Integer, String, Text, inspect, or_, select, text
from sqlalchemy.orm import Mapped

from models.care_words import threshold
from models.child import OfChild
from models.core.errors import Problem
from models.core.fields import attachment, field, reference
from models.core.record import Record
from models.dose_times import FREQUENCIES, Rhythm, due_times, parse_times, rhythm
from models.medical import Allergy
from models.medication_words import (
    DOSE_UNITS,
    EFFECTS,
    HIGH_ALERT,
    NOT_TAKEN_WITH_REASON,
    OUTCOMES,
    ROUTES,
    TAKEN,
    WATCHED,
    forbidden_by,
)
from models.placement import follow, on_leaving
from models.staff import Staff
from resources import N_, _

if TYPE_CHECKING:
    from models.core.database import Work

MEDICINE = N_("Medicine")
WHEN = N_("When to take it")
SAFETY = N_("Safety")
STOPPED = N_("Stopping")
_WHAT = ("drug", "strength", "dose", "dose_unit", "route", "frequency", "own_times", "starts_at")


class MedicationOrder(OfChild, Record):
    """A doctor's order for one medicine 用药医嘱."""

    title: ClassVar[str] = N_("Medication order")
    titles: ClassVar[str] = N_("Medication orders")
    area: ClassVar[str] = "treatment"
    first_state: ClassVar[str] = "current"
    event_field: ClassVar[str] = "starts_at"
    title_field: ClassVar[str] = "drug"

    drug: Mapped[str] = field(N_("Medicine"), String(100), section=MEDICINE, required=True, listed=True, searched=True)
    strength: Mapped[str | None] = field(
        N_("Strength"), String(60), section=MEDICINE, listed=True, help=N_("As on the box, e.g. 0.2 g a tablet.")
    )
    dose: Mapped[float] = field(
        N_("Single dose"), Float, section=MEDICINE, required=True, minimum=0.001, decimals=3, listed=True
    )
    dose_unit: Mapped[str] = field(
        N_("Unit of the dose"), codes=DOSE_UNITS, section=MEDICINE, required=True, listed=True
    )
    route: Mapped[str] = field(N_("Route"), codes=ROUTES, section=MEDICINE, required=True, listed=True)
    reason: Mapped[str | None] = field(N_("Reason for taking it"), String(200), section=MEDICINE)
    instructions: Mapped[str | None] = field(
        N_("How to take it"), String(200), section=MEDICINE, help=N_("E.g. after the meal, dissolved, not with milk.")
    )

    frequency: Mapped[str] = field(N_("Frequency"), codes=FREQUENCIES, section=WHEN, required=True, listed=True)
    own_times: Mapped[str | None] = field(
        N_("Own times"),
        String(80),
        section=WHEN,
        help=N_("Left empty, the usual times of the frequency hold. E.g. 07:00 19:00."),
    )
    starts_at: Mapped[datetime] = field(N_("From"), DateTime, section=WHEN, required=True, listed=True)
    ends_on: Mapped[date | None] = field(
        N_("Last day"), Date, section=WHEN, listed=True, help=N_("Left empty, until it is stopped.")
    )
    minimum_hours: Mapped[float | None] = field(
        N_("At least between doses"), Float, section=WHEN, unit="h", decimals=1, minimum=0.5, maximum=72
    )
    maximum_a_day: Mapped[int | None] = field(
        N_("At most a day"), Integer, section=WHEN, unit=N_("doses"), minimum=1, maximum=24
    )

    prescriber: Mapped[str] = field(N_("Prescribed by"), String(100), section=SAFETY, required=True, listed=True)
    watched: Mapped[str] = field(
        N_("Medicine group"), codes=WATCHED, section=SAFETY, default="ordinary", nullable=False
    )
    double_check: Mapped[bool] = field(
        N_("Two people check"), Boolean, section=SAFETY, default=False, nullable=False,
        help=N_("Set by itself for medicines with which a mistake does grave harm."),
    )  # fmt: skip
    weight_kg: Mapped[float | None] = field(
        N_("Weight used"), Float, section=SAFETY, unit="kg", decimals=1, minimum=0.3, maximum=150
    )
    weighed_on: Mapped[date | None] = field(N_("Weighed on"), Date, section=SAFETY)
    paper: Mapped[str | None] = attachment(N_("Prescription (scan)"), section=SAFETY)

    stopped_at: Mapped[datetime | None] = field(N_("Stopped at"), DateTime, section=STOPPED, hidden=True)
    stop_reason: Mapped[str | None] = field(N_("Reason for stopping"), String(200), section=STOPPED, hidden=True)

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """An ordinary order, for the tests of every record type."""
        return {"dose": 5.0, "frequency": "bid", "starts_at": work.now}

    @property
    def rhythm(self) -> Rhythm:
        """When the medicine is taken."""
        return rhythm(self.frequency, self.own_times, self.starts_at.date())

    @property
    def ends_at(self) -> datetime | None:
        """The moment from which nothing is due any more; None while it runs without end."""
        last = datetime.combine(self.ends_on + timedelta(days=1), time()) if self.ends_on else None
        return min(filter(None, (last, self.stopped_at)), default=None)

    def runs_at(self, moment: datetime) -> bool:
        """Whether the order is in force at a moment."""
        return self.starts_at <= moment and (self.ends_at is None or moment < self.ends_at)

    def before_save(self, work: Work) -> None:
        self.drug = (self.drug or "").strip()
        self.watched = self.watched or "ordinary"
        self.double_check = bool(self.double_check) or self.watched in HIGH_ALERT
        if self.child_id and self.weight_kg is None and inspect(self).transient | inspect(self).pending:
            self._take_weight(work)

    def _take_weight(self, work: Work) -> None:
        from models.growth import measurements

        with work.no_autoflush:
            weighed = (
                [each for each in measurements(work, self.child_id) if each.weight]
                if work.actor.may("read", "GrowthMeasurement")
                else []
            )
        if weighed:
            self.weight_kg, self.weighed_on = weighed[-1].weight, weighed[-1].day

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.ends_on and self.ends_on < self.starts_at.date():
            yield Problem("ends_on", _("The last day lies before the first."))
        yield from self._time_problems()
        if self.frequency == "prn" and not self.minimum_hours:
            yield Problem(
                "minimum_hours", _("A medicine for need has a least time between two doses; please enter it.")
            )
        if self.stopped_at and not (self.stop_reason or "").strip():
            yield Problem("stop_reason", _("Please give a reason."))
        running = self.ends_at is None or self.ends_at > work.now
        forbidden = forbidden_by(self.drug, allergens(work, self.child_id)) if running else ""
        if forbidden:
            yield Problem(
                "drug",
                _("The child is allergic to {substance}: this medicine is not to be given.").format(
                    substance=forbidden
                ),
            )
        if self._changed_in_use(work):
            yield Problem("drug", _("Doses were recorded for this order. Stop it and write a new one instead."))

    def _time_problems(self) -> Iterator[Problem]:
        try:
            own = parse_times(self.own_times or "")
        except ValueError:
            yield Problem("own_times", _("Please write times of day, e.g. 07:00 19:00."))
            return
        usual = rhythm(self.frequency, None, self.starts_at.date())
        if own and usual.times and len(own) != len(usual.times):
            yield Problem("own_times", _("This frequency has {n} times a day.").format(n=len(usual.times)))
        if own and not usual.times:
            yield Problem("own_times", _("This frequency has no times of day."))

    def _changed_in_use(self, work: Work) -> bool:
        state = inspect(self)
        if not state.persistent or not any(state.attrs[name].history.has_changes() for name in _WHAT):
            return False
        return (
            work.scalar(
                select(Dose.id).where(Dose.order_id == self.id, Dose.deleted_at.is_(None), Dose.state != "void")
            )
            is not None
        )

    def summary(self) -> str:
        return f"{self.drug} {dose_words(self)} {FREQUENCIES.label(self.frequency)}"


class Dose(OfChild, Record):
    """What became of one dose 给药记录; a dose of an order at its due time is recorded once."""

    title: ClassVar[str] = N_("Dose")
    titles: ClassVar[str] = N_("Doses")
    area: ClassVar[str] = "treatment"
    first_state: ClassVar[str] = "submitted"
    event_field: ClassVar[str] = "due_at"
    title_field: ClassVar[str] = "due_at"
    __table_args__ = (
        Index("ix_dose_child_due", "child_id", "due_at"),
        Index("ix_dose_counted", "due_at", "outcome", "state", "deleted_at", "child_id"),
        Index(
            "uq_dose_order_due", "order_id", "due_at", unique=True,
            sqlite_where=text("deleted_at IS NULL AND state <> 'void' AND supersedes_id IS NULL"),
            postgresql_where=text("deleted_at IS NULL AND state <> 'void' AND supersedes_id IS NULL"),
        ),
    )  # fmt: skip

    order_id: Mapped[str] = reference(
        N_("Medication order"), "medication_order", required=True, listed=True, searched=True
    )
    due_at: Mapped[datetime] = field(N_("Due at"), DateTime, required=True, listed=True)
    outcome: Mapped[str] = field(N_("Result of the dose"), codes=OUTCOMES, required=True, listed=True)
    given_at: Mapped[datetime | None] = field(N_("Given at"), DateTime, listed=True)
    amount: Mapped[float | None] = field(N_("Amount given"), Float, decimals=3, minimum=0)
    giver_id: Mapped[str | None] = reference(N_("Given by"), "staff", listed=True)
    checker_id: Mapped[str | None] = reference(N_("Double-checked by"), "staff", listed=True)
    reason: Mapped[str | None] = field(
        N_("Reason"), String(200), help=N_("Needed for a medicine given on need, and for a missed dose.")
    )
    effect: Mapped[str | None] = field(N_("Effect"), codes=EFFECTS)
    note: Mapped[str | None] = field(N_("Note"), Text)

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """A dose of a newly made order, for the tests of every record type."""
        from models.core import records

        order = records.save(
            work, MedicationOrder,
            {"child_id": _any_child(work), "drug": "维生素D", "dose": 1.0, "dose_unit": "capsule", "route": "oral",
             "frequency": "once", "starts_at": work.now, "prescriber": "王医生"},
        )  # fmt: skip
        return {"child_id": _any_child(work), "order_id": order, "due_at": work.now, "outcome": "given"}

    def before_save(self, work: Work) -> None:
        order = work.get(MedicationOrder, self.order_id) if self.order_id else None
        if order is None:
            return
        self.child_id = order.child_id
        if self.outcome in TAKEN:
            self.given_at = self.given_at or work.now
            self.amount = order.dose if self.amount is None else self.amount
            self.giver_id = self.giver_id or work.actor.staff_id

    def problems(self, work: Work) -> Iterator[Problem]:
        order = work.get(MedicationOrder, self.order_id)
        if order is None:
            yield Problem("order_id", _("This order is not there, or it is not entrusted to you."))
            return
        yield from self._double(work)
        yield from self._time_problems(work, order)
        if self.outcome in NOT_TAKEN_WITH_REASON and not (self.reason or "").strip():
            yield Problem("reason", _("Please give a reason."))
        if self.outcome in TAKEN:
            yield from self._taken_problems(work, order)

    def _double(self, work: Work) -> Iterator[Problem]:
        if self.supersedes_id or self.deleted_at or self.state == "void":
            return
        other = recorded_dose(work, self.order_id, self.due_at, but=self.id)
        if other:
            yield Problem("due_at", already_words(work, other))

    def _time_problems(self, work: Work, order: MedicationOrder) -> Iterator[Problem]:
        if self.given_at and self.given_at > work.now + timedelta(minutes=5):
            yield Problem("given_at", _("This moment lies in the future."))
        if order.rhythm.as_needed:
            return
        due = due_times(order.rhythm, order.starts_at, None, self.due_at, self.due_at + timedelta(minutes=1))
        if not due:
            yield Problem("due_at", _("By this order nothing is due at that moment."))
        elif order.ends_at and self.due_at >= order.ends_at and self.outcome in TAKEN:
            yield Problem("due_at", _("The order had ended by then."))
        early = timedelta(minutes=threshold("dose_early_by", self.due_at.date()))
        if self.outcome in TAKEN and self.given_at and self.given_at < self.due_at - early:
            yield Problem("given_at", _("This is more than {n} minutes before the dose is due. Please confirm.").format(
                n=f"{early.total_seconds() / 60:g}"), warning=True)  # fmt: skip

    def _taken_problems(self, work: Work, order: MedicationOrder) -> Iterator[Problem]:
        forbidden = forbidden_by(order.drug, allergens(work, order.child_id))
        if forbidden:
            yield Problem(
                "outcome",
                _("The child is allergic to {substance}: this medicine is not to be given.").format(
                    substance=forbidden
                ),
            )
        if order.double_check and not self.checker_id:
            yield Problem("checker_id", _("Two people check this medicine; please enter the second."))
        if self.checker_id and self.checker_id == self.giver_id:
            yield Problem("checker_id", _("Another person checks than the one who gives."))
        if order.rhythm.as_needed and not (self.reason or "").strip():
            yield Problem("reason", _("Please note why the medicine was needed."))
        yield from self._interval_problems(work, order)

    def _interval_problems(self, work: Work, order: MedicationOrder) -> Iterator[Problem]:
        if not (order.minimum_hours or order.maximum_a_day) or self.given_at is None:
            return
        statement = select(Dose.given_at).where(
            Dose.order_id == order.id, Dose.id != self.id, Dose.deleted_at.is_(None), Dose.state != "void",
            Dose.outcome.in_(TAKEN), Dose.given_at.is_not(None),
        )  # fmt: skip
        others = [moment for moment in work.scalars(statement) if moment]
        near = [each for each in others if abs(each - self.given_at) < timedelta(hours=order.minimum_hours or 0)]
        if near:
            message = _("Given at {time}; the next dose at the earliest {hours} h later.")
            yield Problem(
                "given_at", message.format(time=max(near).strftime("%m-%d %H:%M"), hours=f"{order.minimum_hours:g}")
            )
        same_day = sum(each.date() == self.given_at.date() for each in others)
        if order.maximum_a_day and same_day >= order.maximum_a_day:
            yield Problem("given_at", _("At most {n} doses a day are ordered.").format(n=order.maximum_a_day))

    def summary(self) -> str:
        return f"{self.due_at:%H:%M} {OUTCOMES.label(self.outcome)}" + (
            f"{_(': ')}{self.reason}" if self.reason else ""
        )


def _any_child(work: Work) -> str:
    """The youngest file of the home; in an empty one, an invented child."""
    from models.child import Child
    from models.core import records

    found = work.scalar(select(Child.id).where(Child.deleted_at.is_(None)).order_by(Child.id.desc()).limit(1))
    values = {"name": "青禾", "sex": "2", "born_on": work.today - timedelta(days=2000)}
    return found or records.save(work, Child, values)


def dose_words(order: Any) -> str:
    """Say a dose with its unit and route: ``0.2 g by mouth``; takes an order or anything with its fields."""
    number = f"{order.dose:.3f}".rstrip("0").rstrip(".")
    route = ROUTES.label(order.route)
    words = _("{dose} {unit}, {route}")
    return words.format(dose=number, unit=DOSE_UNITS.label(order.dose_unit), route=route[:1].lower() + route[1:])


def allergens(work: Work, child_id: str) -> list[str]:
    """Return the substances to which a child is allergic today."""
    statement = select(Allergy.substance).where(
        Allergy.child_id == child_id, Allergy.deleted_at.is_(None), Allergy.state != "void",
        or_(Allergy.ended_on.is_(None), Allergy.ended_on > work.today),
    )  # fmt: skip
    return list(work.scalars(statement))


def recorded_dose(work: Work, order_id: str, due_at: datetime, but: str | None = None) -> Dose | None:
    """Return what is recorded of an order's dose at its due time."""
    statement = select(Dose).where(
        Dose.order_id == order_id,
        Dose.due_at == due_at,
        Dose.deleted_at.is_(None),
        Dose.state != "void",
        Dose.supersedes_id.is_(None),
    )
    return work.scalar(statement.where(Dose.id != but) if but else statement)


def already_words(work: Work, dose: Dose) -> str:
    """Say to the second person what the first has recorded."""
    who = work.scalar(select(Staff.name).where(Staff.id == dose.giver_id)) if dose.giver_id else None
    message = _("Recorded already: {outcome} at {time}, by {who}.")
    when = dose.given_at or dose.recorded_at
    return message.format(
        outcome=OUTCOMES.label(dose.outcome), time=when.strftime("%H:%M"), who=who or dose.recorded_by
    )


@on_leaving
def stop_orders(work: Work, child_id: str, day: date) -> None:
    """Stop a child's running orders when it leaves the home."""
    statement = select(MedicationOrder).where(
        MedicationOrder.child_id == child_id, MedicationOrder.deleted_at.is_(None), MedicationOrder.stopped_at.is_(None)
    )
    for order in work.scalars(statement):
        if order.ends_on is None or order.ends_on > day:
            follow(
                work,
                order,
                stopped_at=datetime.combine(day, time(23, 59)),
                stop_reason=_("The child has left the home."),
            )
