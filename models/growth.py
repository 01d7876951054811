"""Growth 生长发育: measurements, what the standards say about them, and when the next one is due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Date, Float, Integer, String, func, select
from sqlalchemy.orm import Mapped

from models import growth_standards as standards
from models.age import Age, age_on, months_later
from models.calendar_rules import in_force, months_before
from models.child import Child, OfChild
from models.child_words import IN_HOUSE
from models.core.errors import Problem
from models.core.fields import field, reference
from models.core.queries import load
from models.core.record import Record
from models.core.words import Code, CodeList
from models.growth_chart import ChartPoint, Curve, GrowthChart, RawPoint, growth_chart
from models.month import Grid, Month, Section, month_section
from models.reminders import Due, reminder
from resources import N_, _, table

if TYPE_CHECKING:
    from models.core.database import Work

__all__ = [
    "ChartPoint",
    "Curve",
    "GrowthChart",
    "GrowthMeasurement",
    "assess",
    "chart_of",
    "measurements",
    "subject_of",
]

MEASURED = N_("Measured")
SCREENED = N_("Teeth, eyes, blood")

POSITIONS = CodeList(
    "measuring_position",
    Code("lying", "Lying (length)", "卧位（身长）"),
    Code("standing", "Standing (height)", "立位（身高）"),
)
NOT_ASSESSABLE = CodeList(
    "not_assessable",
    Code("contractures", "Contractures or curved spine", "关节挛缩或脊柱畸形"),
    Code("cannot_stand", "Cannot be measured in the needed position", "无法按要求体位测量"),
    Code("limb_missing", "A limb is missing or in plaster", "肢体缺失或石膏固定"),
    Code("oedema", "Oedema or large head (hydrocephalus)", "水肿或脑积水"),
    Code("syndrome", "A disease with its own growth chart", "特定疾病，适用专用曲线"),
)


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


# --- a child and its measurements, detached -----------------------------------------------------------


@dataclass(frozen=True)
class GrowthSubject:
    """What the tables need to know of a child; ``earliest`` and ``latest`` bound an estimated date of birth."""

    child_id: str
    name: str
    sex: str
    born_on: date
    earliest: date
    latest: date
    gestation_weeks: int | None = None

    @property
    def estimated(self) -> bool:
        """Whether every result is a band because the date of birth is an estimate."""
        return self.earliest != self.latest

    @property
    def table_sex(self) -> str:
        """``boys``, ``girls`` or "" when the sex is not known."""
        return standards.sex_word(self.sex)


@dataclass(frozen=True)
class Measured:
    """One measurement as plain values."""

    day: date
    weight: float | None = None
    stature: float | None = None
    position: str = ""
    head: float | None = None
    not_assessable: str = ""
    note: str = ""
    id: str = ""

    @property
    def bmi(self) -> float | None:
        """BMI to one decimal, where weight and stature are there."""
        return standards.body_mass_index(self.weight, self.stature) if self.weight and self.stature else None


@dataclass(frozen=True)
class Judged:
    """A reading, with the band of z and of levels over all possible dates of birth."""

    reading: standards.Reading
    z_low: float | None
    z_high: float | None
    levels: tuple[str, ...]
    groups: tuple[str, ...]

    def z_words(self) -> str:
        """Say z with its sign, or as a band."""
        if self.z_low is None or self.z_high is None:
            return ""
        low, high = _signed(self.z_low), _signed(self.z_high)
        return low if low == high else _("{low} to {high}").format(low=low, high=high)

    def level_words(self) -> str:
        """Say the level, or the levels from the lowest to the highest possible."""
        return _(" to ").join(dict.fromkeys(standards.LEVELS.label(each) for each in self.levels if each))

    def group_words(self) -> str:
        """Say the nutrition class; with an estimated birth date, which are possible."""
        named = [standards.CLASSES.label(each) if each else _("nothing unusual") for each in self.groups]
        if all(not each for each in self.groups):
            return ""
        return named[0] if len(named) == 1 else _("depending on the true age: {list}").format(list=_(", ").join(named))


@dataclass(frozen=True)
class Assessment:
    """Everything one standard says about one measurement, or why it says nothing."""

    age: standards.GrowthAge | None
    judged: tuple[Judged, ...] = ()
    why_not: str = ""


def _signed(z: float) -> str:
    return f"{z:+.1f}".replace("-", "−") if abs(z) >= 0.05 else "0.0"


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


# --- what the standards say ---------------------------------------------------------------------------


def assess(subject: GrowthSubject, values: Measured, standard: str = "china") -> Assessment:
    """Return what a standard (``china`` or ``who``) says about one measurement of a child."""
    age = standards.growth_age(subject.born_on, values.day, subject.gestation_weeks)
    why_not = _why_not(subject, values, age)
    if why_not or age is None:
        return Assessment(age, (), why_not)
    births = dict.fromkeys((subject.born_on, subject.earliest, subject.latest))
    ages = [standards.growth_age(born, values.day, subject.gestation_weeks) for born in births]
    everything = [_readings(standard, subject, values, each) for each in ages if each]
    return Assessment(age, tuple(_judged(reading, everything) for reading in everything[0]))


def _why_not(subject: GrowthSubject, values: Measured, age: standards.GrowthAge | None) -> str:
    if values.not_assessable:
        return _("Not assessable: {reason}").format(reason=NOT_ASSESSABLE.label(values.not_assessable))
    if not subject.table_sex:
        return _("Not assessable: the standards need the sex.")
    if age is None:
        return _("Not assessable: before the expected date of birth.")
    return ""


def _readings(
    standard: str, subject: GrowthSubject, values: Measured, age: standards.GrowthAge
) -> tuple[standards.Reading, ...]:
    stature = standards.table_stature(values.stature, values.position, age) if values.stature else None
    return standards.evaluate(standard, subject.table_sex, age, weight=values.weight, stature=stature, head=values.head)


def _judged(reading: standards.Reading, everything: Sequence[tuple[standards.Reading, ...]]) -> Judged:
    same = [each for readings in everything for each in readings if each.indicator == reading.indicator]
    zs = [each.z for each in same if each.z is not None]
    ordered = sorted(same, key=lambda each: each.z if each.z is not None else 0.0)
    return Judged(
        reading, min(zs, default=None), max(zs, default=None),
        tuple(dict.fromkeys(each.level for each in ordered)), tuple(dict.fromkeys(each.group for each in ordered)),
    )  # fmt: skip


def chart_of(
    subject: GrowthSubject,
    points: Sequence[Measured],
    indicator: str,
    standard: str = "china",
    current: str | None = None,
) -> GrowthChart:
    """Return the chart of one indicator over all measurements; ``current`` is the id of the one to stress ("" = being typed)."""
    raw = [point for each in points if (point := _raw_point(subject, each, indicator, each.id == current))]
    return growth_chart(standard, indicator, subject.table_sex, raw)


def _raw_point(subject: GrowthSubject, values: Measured, indicator: str, current: bool) -> RawPoint | None:
    value = {
        "weight": values.weight, "weight_for_length": values.weight, "stature": values.stature,
        "bmi": values.bmi, "head": values.head,
    }[indicator]  # fmt: skip
    births = (subject.latest, subject.born_on, subject.earliest)
    ages = [standards.growth_age(born, values.day, subject.gestation_weeks) for born in births]
    stated = ages[1]
    if not value or stated is None:
        return None
    stature = standards.table_stature(values.stature, values.position, stated) if values.stature else None
    if indicator == "stature":
        value = stature or value
    months = tuple((age or stated).months for age in ages)
    return RawPoint(values.day, value, (months[0], months[1], months[2]), stature, current)


# --- what can hardly be true --------------------------------------------------------------------------


def doubts(subject: GrowthSubject, values: Measured, earlier: Sequence[Measured]) -> Iterator[Problem]:
    """Yield what cannot be (rejected) or can hardly be (asked again), by the rules of ``growth/plausibility.csv``."""
    for rule in in_force(table("growth/plausibility.csv"), values.day):
        yield from _CHECKS[rule["check"]](rule, subject, values, earlier)


def _range(
    rule: dict[str, str], subject: GrowthSubject, values: Measured, earlier: Sequence[Measured]
) -> Iterator[Problem]:
    value = getattr(values, rule["indicator"])
    if value is not None and not float(rule["minimum"]) <= value <= float(rule["maximum"]):
        message = _("{value} {unit} cannot be: possible is {low} to {high} {unit}.")
        words = message.format(value=f"{value:g}", unit=rule["unit"], low=rule["minimum"], high=rule["maximum"])
        yield Problem(rule["indicator"], words, warning=rule["level"] == "warn")


def _extreme(
    rule: dict[str, str], subject: GrowthSubject, values: Measured, earlier: Sequence[Measured]
) -> Iterator[Problem]:
    if any(problem for problem in _impossible(subject, values)):
        return
    for judged in assess(subject, values, "who").judged:
        nearest = min((abs(z) for z in (judged.z_low, judged.z_high) if z is not None), default=0.0)
        name = (
            "weight" if judged.reading.indicator in ("weight", "weight_for_length", "bmi") else judged.reading.indicator
        )
        if nearest > float(rule["maximum"]):
            message = _("{what} is {z} SD from the median of the same age. Please measure again, or confirm.")
            what = standards.INDICATORS.label(judged.reading.indicator)
            yield Problem(name, message.format(what=what, z=judged.z_words()), warning=True)
            return


def _impossible(subject: GrowthSubject, values: Measured) -> Iterator[Problem]:
    for rule in in_force(table("growth/plausibility.csv"), values.day):
        if rule["check"] == "range":
            yield from _range(rule, subject, values, ())


def _drop(
    rule: dict[str, str], subject: GrowthSubject, values: Measured, earlier: Sequence[Measured]
) -> Iterator[Problem]:
    name = rule["indicator"]
    since = values.day - timedelta(days=int(rule["within_days"])) if rule["within_days"] else date.min
    before = [
        each for each in earlier if each.day >= since and getattr(each, name) and each.position == values.position
    ]
    if name == "weight":
        before = [each for each in earlier if each.day >= since and each.weight]
    value = getattr(values, name)
    if not value or not before:
        return
    last = max(before, key=lambda each: each.day)
    lost = getattr(last, name) - value
    share = lost / getattr(last, name) * 100 if rule["check"] == "drop_percent" else lost
    if share > float(rule["maximum"]):
        message = _("{lost} {unit} less than on {day}. Please measure again, or confirm.")
        words = message.format(
            lost=f"{lost:.1f}", unit="kg" if name == "weight" else rule["unit"], day=last.day.isoformat()
        )
        yield Problem(name, words, warning=True)


_CHECKS = {"range": _range, "extreme_z": _extreme, "drop_percent": _drop, "drop": _drop}


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


@reminder
def growth_due(work: Work) -> Iterator[Due]:
    """Children to measure within the coming week, or overdue."""
    latest = (
        select(GrowthMeasurement.child_id, func.max(GrowthMeasurement.measured_on).label("day"))
        .where(GrowthMeasurement.deleted_at.is_(None))
        .group_by(GrowthMeasurement.child_id)
    )
    last = {row.child_id: row.day for row in work.execute(latest)}
    statement = select(Child.id, Child.name, Child.born_on, Child.admitted_on).where(
        Child.deleted_at.is_(None), Child.placement.in_(IN_HOUSE) | Child.placement.is_(None), Child.left_on.is_(None)
    )
    for child in work.execute(statement):
        due = next_due(child.born_on, last.get(child.id), work.today)
        if due and due <= work.today + timedelta(days=7):
            yield Due(
                _("Measure {name}").format(name=child.name), "care", due, child_id=child.id, child_name=child.name,
                needs=("GrowthMeasurement", "create"), page="growth", target={"child_id": child.id},
            )  # fmt: skip


# --- the month ----------------------------------------------------------------------------------------


@month_section("care", N_("Growth"), order=20)
def growth_month(work: Work, child_id: str, month: Month) -> Section:
    """Growth of one month: the measurements, what they mean, and the weight or height curve so far."""
    subject = subject_of(work, child_id)
    so_far = [each for each in measurements(work, child_id) if each.day <= month.last]
    within = [each for each in so_far if each.day >= month.first]
    rows = tuple(row for each in within for row in result_rows(subject, each))
    headings = (_("Date"), _("What"), _("Value"), _("Unit"), _("z"), _("Level"), _("Remark"))
    grids = (Grid(headings, rows, numeric=frozenset({2, 4}), widths=(2, 4, 1.5, 1.3, 2, 2, 3)),) if rows else ()
    chart = _month_chart(subject, so_far)
    return Section(
        _("Growth"), facts=tuple(_month_facts(subject, so_far, within)), grids=grids, chart=chart, area="care",
        texts=((_("Basis"), standards_words(chart)),) if rows else (),
    )  # fmt: skip


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


def _month_chart(subject: GrowthSubject, so_far: Sequence[Measured]) -> GrowthChart | None:
    if not so_far or not subject.table_sex:
        return None
    months = age_on(subject.born_on, max(so_far[-1].day, subject.born_on)).in_months
    indicator = "weight" if months < 84 else "stature"
    known = [each for each in so_far if getattr(each, indicator)]
    recent = [each for each in known if each.day >= months_before(so_far[-1].day, 24)]
    current = recent[-1].id if recent else None
    return chart_of(subject, recent, indicator, current=current) if recent else None


def standards_words(chart: GrowthChart | None) -> str:
    """Say by which standards a result was found, and what is this program's own choice."""
    source = (chart.source if chart else "") or "WS/T 423-2022"
    return f"{source}{_('; ')}{_(standards.INTERPOLATED)}"


def age_words(subject: GrowthSubject, values: Measured) -> str:
    """Say the age at a measurement, and the corrected one where it counts."""
    if values.day < subject.born_on:
        return ""
    age = standards.growth_age(subject.born_on, values.day, subject.gestation_weeks)
    words = age_on(subject.born_on, values.day).in_full(estimated=subject.estimated)
    if age and age.corrected:
        whole = Age(int(age.months) // 12, int(age.months) % 12, 0 if age.months >= 1 else age.days)
        words += _(" (corrected {age})").format(age=whole.in_full())
    return words


def with_values(values: Measured, **changed: Any) -> Measured:
    """Return a measurement with some values changed, for the live chart while someone types."""
    return replace(values, **changed)
