"""Growth 生长发育: measurements, what the standards say about them, and when the next one is due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Date, Float, Integer, String, func, select
from sqlalchemy.orm import Mapped

from models import growth_standards as standards
from models.age import age_on, months_later
from models.calendar_rules import in_force, months_before
from models.child import Child, OfChild
from models.core.errors import Problem
from models.core.fields import field, reference
from models.core.queries import load
from models.core.record import Record
from models.growth_chart import ChartPoint, Curve, GrowthChart
from models.growth_results import (
    NOT_ASSESSABLE,
    POSITIONS,
    GrowthSubject,
    Measured,
    assess,
    chart_of,
    doubts,
    standards_words,
)
from models.month import Grid, Month, Section, month_plan, month_section
from models.placement import sleeping_here
from models.reminders import Due, reminder
from resources import N_, _, table

if TYPE_CHECKING:
    from models.core.database import Work

__all__ = ["ChartPoint", "Curve", "GrowthChart", "GrowthMeasurement", "chart_of"]

MEASURED = N_("Measured")
SCREENED = N_("Teeth, eyes, blood")


class GrowthMeasurement(OfChild, Record):
    """One measuring of a child 生长发育测量."""

    title: ClassVar[str] = N_("Growth measurement")
    titles: ClassVar[str] = N_("Growth measurements")
    area: ClassVar[str] = "care"
    first_state: ClassVar[str] = "submitted"
    event_field: ClassVar[str] = "measured_on"
    title_field: ClassVar[str] = "measured_on"

    measured_on: Mapped[date] = field(N_("Measured on"), Date, section=MEASURED, required=True, listed=True)
    weight: Mapped[float | None] = field(N_("Weight"), Float, section=MEASURED, unit="kg", listed=True)
    stature: Mapped[float | None] = field(
        N_("Length or height"), Float, section=MEASURED, unit="cm", decimals=1, listed=True
    )
    position: Mapped[str | None] = field(N_("Measured"), codes=POSITIONS, section=MEASURED)
    head: Mapped[float | None] = field(
        N_("Head circumference"), Float, section=MEASURED, unit="cm", decimals=1, listed=True
    )
    bmi: Mapped[float | None] = field(
        N_("BMI"), Float, section=MEASURED, unit="kg/m²", decimals=1, hidden=True, listed=True
    )
    not_assessable: Mapped[str | None] = field(
        N_("Not assessable because"), codes=NOT_ASSESSABLE, section=MEASURED,
        help=N_("The values are kept, but no standard is applied to them."),
    )  # fmt: skip
    measured_by_id: Mapped[str | None] = reference(N_("Measured by"), "staff", section=MEASURED)
    teeth: Mapped[int | None] = field(N_("Teeth"), Integer, section=SCREENED, minimum=0, maximum=32)
    vision_left: Mapped[float | None] = field(
        N_("Vision, left"), Float, section=SCREENED, decimals=1, minimum=3.0, maximum=5.5
    )
    vision_right: Mapped[float | None] = field(
        N_("Vision, right"), Float, section=SCREENED, decimals=1, minimum=3.0, maximum=5.5
    )
    haemoglobin: Mapped[float | None] = field(
        N_("Haemoglobin"), Float, section=SCREENED, unit="g/L", decimals=0, minimum=20, maximum=250
    )
    note: Mapped[str | None] = field(N_("Note"), String(300), section=SCREENED)

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """An ordinary measurement, for the tests of every record type."""
        return {"weight": 18.0, "stature": 108.0, "measured_on": work.today}

    def before_save(self, work: Work) -> None:
        if self.stature and not self.position and self.child_id and self.measured_on:
            subject = subject_of(work, self.child_id)
            months = age_on(subject.born_on, max(self.measured_on, subject.born_on)).in_months
            self.position = "lying" if months < standards.LYING_UNTIL_MONTHS else "standing"
        whole = bool(self.weight and self.weight > 0 and self.stature and self.stature > 0)
        self.bmi = standards.body_mass_index(self.weight or 0, self.stature or 1) if whole else None

    def problems(self, work: Work) -> Iterator[Problem]:
        subject = subject_of(work, self.child_id)
        if self.measured_on > work.today:
            yield Problem("measured_on", _("This day lies in the future."))
        if self.measured_on < subject.earliest:
            yield Problem("measured_on", _("This day lies before the birth."))
            return
        if not (
            self.weight
            or self.stature
            or self.head
            or self.teeth
            or self.vision_left
            or self.vision_right
            or self.haemoglobin
        ):
            yield Problem("weight", _("Please enter at least one measured value."))
        earlier = [
            each for each in measurements(work, self.child_id) if each.day < self.measured_on and each.id != self.id
        ]
        yield from doubts(subject, measured(self), earlier)

    def summary(self) -> str:
        return "  ".join(
            _shown(self.weight, "kg") + _shown(self.stature, "cm") + _shown(self.head, "cm", N_("head {value}"))
        )


def _shown(value: float | None, unit: str, words: str = "{value}") -> list[str]:
    return [_(words).format(value=f"{value:g} {unit}")] if value else []


def subject_of(work: Work, child_id: str) -> GrowthSubject:
    """Return what the tables need to know of a child."""
    child = load(work, Child, child_id)
    margin = (child.birth_margin_months or 0) if child.birth_estimated else 0
    latest = min(months_later(child.born_on, margin), child.admitted_on or date.max)
    return GrowthSubject(
        child.id, child.name, child.sex, child.born_on, months_before(child.born_on, margin),
        max(latest, child.born_on), child.gestation_weeks,
    )  # fmt: skip


def measured(record: GrowthMeasurement) -> Measured:
    """Return a measurement as plain values."""
    return Measured(
        record.measured_on, record.weight, record.stature, record.position or "", record.head,
        record.not_assessable or "", record.note or "", record.id or "",
    )  # fmt: skip


def measurements(work: Work, child_id: str) -> list[Measured]:
    """Return a child's measurements, the oldest first."""
    statement = (
        select(GrowthMeasurement)
        .where(GrowthMeasurement.child_id == child_id, GrowthMeasurement.deleted_at.is_(None))
        .where(GrowthMeasurement.state.not_in(("void", "superseded")))
        .order_by(GrowthMeasurement.measured_on, GrowthMeasurement.id)
    )
    return [measured(each) for each in work.scalars(statement)]


# --- when the next measuring is due -------------------------------------------------------------------


def next_due(born_on: date, last: date | None, today: date) -> date | None:
    """Return the day of the next measuring by age (``growth/intervals.csv``); None when no interval applies."""
    reference_day = last or today
    if reference_day < born_on:
        return None
    months = age_on(born_on, reference_day).in_months
    for row in in_force(table("growth/intervals.csv"), today):
        if int(row["age_from_months"]) <= months < int(row["age_to_months_exclusive"]):
            return months_later(last, int(row["every_months"])) if last else today
    return None


@dataclass(frozen=True)
class GrowthLine:
    """One child of the measuring list: when it was measured last, and when the next is due."""

    child_id: str
    name: str
    number: str
    bed: str
    unit_id: str
    last: date | None
    due: date | None


def growth_list(work: Work, unit_id: str = "") -> list[GrowthLine]:
    """Return the children who sleep here with their last and next measuring, by unit or all, in bed order."""
    latest = (
        select(GrowthMeasurement.child_id, func.max(GrowthMeasurement.measured_on).label("day"))
        .where(GrowthMeasurement.deleted_at.is_(None), GrowthMeasurement.state.not_in(("void", "superseded")))
        .group_by(GrowthMeasurement.child_id)
    )
    last = {row.child_id: row.day for row in work.execute(latest)}
    statement = select(Child.id, Child.name, Child.number, Child.bed, Child.unit_id, Child.born_on)
    statement = statement.where(Child.deleted_at.is_(None), sleeping_here())
    if unit_id:
        statement = statement.where(Child.unit_id == unit_id)
    return [
        GrowthLine(
            row.id, row.name, row.number, row.bed or "", row.unit_id or "", last.get(row.id),
            next_due(row.born_on, last.get(row.id), work.today),
        )
        for row in work.execute(statement.order_by(Child.bed, Child.number))
    ]  # fmt: skip


@reminder
def growth_due(work: Work) -> Iterator[Due]:
    """Children to measure within the coming week, or overdue."""
    for line in growth_list(work):
        if line.due and line.due <= work.today + timedelta(days=7):
            yield Due(
                _("Measure weight and height"), "care", line.due, child_id=line.child_id, child_name=line.name,
                needs=("GrowthMeasurement", "create"), page="growth", target={"child_id": line.child_id},
            )  # fmt: skip


# --- the month ----------------------------------------------------------------------------------------


@month_section("care", N_("Growth"), order=20, needs="GrowthMeasurement")
def growth_month(work: Work, child_id: str, month: Month) -> Section:
    """Growth of one month: the measurements, what they mean, and the weight or height curve so far."""
    subject = subject_of(work, child_id)
    so_far = [each for each in measurements(work, child_id) if each.day <= month.last]
    within = [each for each in so_far if each.day >= month.first]
    rows = tuple(row for each in within for row in result_rows(subject, each))
    headings = (_("Date"), _("What"), _("Measured value"), _("Unit of measure"), _("z"), _("Growth level"), _("Remark"))
    grids = (Grid(headings, rows, numeric=frozenset({2, 4}), widths=(2, 4, 1.5, 1.3, 2, 2, 3)),) if rows else ()
    charts = _month_charts(subject, so_far)
    return Section(
        _("Growth"), facts=tuple(_month_facts(subject, so_far, within)), grids=grids, chart=charts or None, area="care",
        texts=((_("Basis"), standards_words(charts[0] if charts else None)),) if rows else (),
    )  # fmt: skip


@month_plan(order=20)
def measuring_next_month(work: Work, child_id: str, month: Month) -> Iterator[str]:
    """Say when the child is measured in the month to come."""
    if not work.actor.may("read", GrowthMeasurement):
        return
    measured_on = [each.day for each in measurements(work, child_id)]
    due = next_due(subject_of(work, child_id).born_on, measured_on[-1] if measured_on else None, month.first)
    if due and due <= month.last:
        yield _("Measure weight and height, due {day}.").format(day=max(due, month.first))


def _month_facts(
    subject: GrowthSubject, so_far: Sequence[Measured], within: Sequence[Measured]
) -> Iterator[tuple[str, str]]:
    if not within:
        last = so_far[-1].day.isoformat() if so_far else _("never")
        yield _("Measured this month"), _("no (last: {day})").format(day=last)
        return
    latest = within[-1]
    for label, name, unit in (
        (_("Weight"), "weight", "kg"),
        (_("Length or height"), "stature", "cm"),
        (_("BMI"), "bmi", "kg/m²"),
    ):
        value = getattr(latest, name)
        if value:
            before = [getattr(each, name) for each in so_far if each.day < latest.day and getattr(each, name)]
            change = f" ({value - before[-1]:+.1f})".replace("-", "−") if before else ""
            yield label, f"{value:g} {unit}{change}"


def result_rows(subject: GrowthSubject, values: Measured, standard: str = "china") -> Iterator[tuple[str, ...]]:
    """Yield one finished row a reading: day, what, value, unit, z, level, remark."""
    found = assess(subject, values, standard)
    if found.why_not:
        yield values.day.isoformat(), found.why_not, "", "", "", "", values.note
    for judged in found.judged:
        indicator = judged.reading.indicator
        yield (
            values.day.isoformat(), standards.INDICATORS.label(indicator), f"{judged.reading.value:.1f}",
            standards.UNITS[indicator], judged.z_words(), judged.level_words(), judged.group_words(),
        )  # fmt: skip


def _month_charts(subject: GrowthSubject, so_far: Sequence[Measured]) -> tuple[GrowthChart, ...]:
    """The last two years in two charts: weight and stature of the small, stature and BMI from seven on."""
    if not so_far or not subject.table_sex:
        return ()
    months = age_on(subject.born_on, max(so_far[-1].day, subject.born_on)).in_months
    charts = []
    for indicator in ("weight", "stature") if months < 84 else ("stature", "bmi"):
        known = [each for each in so_far if getattr(each, indicator)]
        recent = [each for each in known if each.day >= months_before(so_far[-1].day, 24)]
        if recent:
            charts.append(chart_of(subject, recent, indicator, current=recent[-1].id))
    return tuple(charts)
