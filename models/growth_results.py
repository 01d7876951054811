"""Growth results 生长评价: what the standards say about one child's measurements, and what can hardly be true.

Pure: a child and its measurements come in as plain values; :mod:`models.growth` keeps and loads them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models import growth_standards as standards
from models.age import Age, age_on
from models.calendar_rules import in_force
from models.core.errors import Problem
from models.core.words import Code, CodeList
from models.growth_chart import GrowthChart, RawPoint, growth_chart
from models.growth_who import who
from resources import _, table

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
    return evaluate(standard, subject.table_sex, age, weight=values.weight, stature=stature, head=values.head)


def evaluate(
    standard: str, sex: str, age: standards.GrowthAge, *, weight: float | None = None, stature: float | None = None,
    head: float | None = None,
) -> tuple[standards.Reading, ...]:  # fmt: skip
    """Evaluate everything measured at one age by ``china`` or ``who``; what a standard does not cover is left out.

    Args:
        sex: ``boys`` or ``girls``.
        stature: already as the tables mean it, see :func:`models.growth_standards.table_stature`.
    """
    values = {"weight": weight, "stature": stature, "head": head}
    if weight and stature:
        bmi = weight / (stature / 100) ** 2 if standard == "who" else standards.body_mass_index(weight, stature)
        values |= {"weight_for_length": weight, "bmi": bmi}
    make = who if standard == "who" else standards.china
    made = (
        make(code.code, sex, age, value, stature) for code in standards.INDICATORS if (value := values.get(code.code))
    )
    return tuple(reading for reading in made if reading)


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
