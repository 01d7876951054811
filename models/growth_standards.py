"""Growth standards 生长标准: z-scores, levels and classes from the official tables, as pure functions.

Units throughout: weight kg, length or height (stature) cm, head cm, BMI kg/m², age in days or in months.

Sources: WS/T 423-2022 (under 7 years), WS/T 612-2018, WS/T 586-2018 and WS/T 456-2014 (7 to 18 years),
WHO Child Growth Standards 2006 and WHO Growth Reference 2007. The Chinese standards print lines, not
formulas: every value *between* printed lines or ages is interpolated linearly, which is this program's
choice and is said so on screen and on paper (:data:`INTERPOLATED`).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from models.age import age_on, months_later
from models.core.words import Code, CodeList
from resources import N_, table

INTERPOLATED = N_("Between the printed lines z is interpolated in a straight line: this program's choice.")


STANDARDS = CodeList(
    "growth_standard",
    Code("china", "Chinese standards (WS/T)", "中国标准（WS/T）"),
    Code("who", "WHO standards", "世界卫生组织标准"),
)
INDICATORS = CodeList(
    "growth_indicator",
    Code("weight", "Weight for age", "年龄别体重"),
    Code("stature", "Length or height for age", "年龄别身长（身高）"),
    Code("weight_for_length", "Weight for length or height", "身长（身高）别体重"),
    Code("bmi", "BMI for age", "年龄别体质指数"),
    Code("head", "Head circumference for age", "年龄别头围"),
)
LEVELS = CodeList(
    "growth_level",
    Code("high", "High", "上"),
    Code("mid_high", "Above the middle", "中上"),
    Code("middle", "Middle", "中"),
    Code("mid_low", "Below the middle", "中下"),
    Code("low", "Low", "下"),
)
CLASSES = CodeList(
    "growth_class",
    Code("severe_underweight", "Severely underweight", "重度低体重"),
    Code("underweight", "Underweight", "低体重"),
    Code("severe_stunting", "Severely stunted", "重度生长迟缓"),
    Code("stunting", "Stunted", "生长迟缓"),
    Code("severe_wasting", "Severely wasted", "重度消瘦"),
    Code("moderate_wasting", "Moderately or severely wasted", "中重度消瘦"),
    Code("wasting", "Wasted", "消瘦"),
    Code("mild_wasting", "Mildly wasted", "轻度消瘦"),
    Code("risk_of_overweight", "Risk of overweight", "超重风险"),
    Code("overweight", "Overweight", "超重"),
    Code("obesity", "Obese", "肥胖"),
    Code("severe_obesity", "Severely obese", "重度肥胖"),
)
UNITS = {"weight": "kg", "stature": "cm", "weight_for_length": "kg", "bmi": "kg/m²", "head": "cm"}

LYING_MINUS_STANDING = 0.7
"""How much longer a child measures lying than standing, in cm (WHO Child Growth Standards 2006)."""
LYING_UNTIL_MONTHS = 24
"""Until this age the tables mean length (lying), from it height (standing)."""
CORRECTED_UNTIL_MONTHS = 24
PRETERM_BELOW_WEEKS = 37
_TERM_DAYS = 280
EPSILON = 1e-9
_PERCENTILES = ("p3", "p10", "p25", "p50", "p75", "p90", "p97")
_SD = ("sd_m3", "sd_m2", "sd_m1", "sd_0", "sd_p1", "sd_p2", "sd_p3")
_FILES = {
    "weight": "weight",
    "stature": "length_height",
    "bmi": "bmi",
    "head": "head",
    "weight_for_length": "weight_for_length",
}
_LAST_MONTH = {"weight": 84, "stature": 84, "bmi": 84, "head": 37}
"""The age in months at which WS/T 423 no longer applies; the last printed row serves until then."""


@dataclass(frozen=True)
class GrowthAge:
    """The age that a growth table is entered with.

    Attributes:
        days: days since birth, or since the expected date of birth when corrected.
        months: completed calendar months plus the share of the month that runs.
        corrected: counted from the expected date of birth because the child came early.
    """

    days: int
    months: float
    corrected: bool = False

    @property
    def lying(self) -> bool:
        """Whether the tables mean length, measured lying, at this age."""
        return self.months < LYING_UNTIL_MONTHS


@dataclass(frozen=True)
class Lines:
    """The printed lines of one indicator at one age or stature: seven of SD, seven of percentiles."""

    sd: tuple[float, ...]
    percentiles: tuple[float, ...]


@dataclass(frozen=True)
class Reading:
    """What one standard says about one measured value.

    Attributes:
        z: distance from the median in standard deviations, two decimals; None where the standard has none.
        level: one of ``LEVELS`` or "".
        group: one of ``CLASSES`` (the nutrition class) or "".
        source: the standard's number.
    """

    indicator: str
    value: float
    z: float | None
    level: str
    group: str
    source: str


# --- ages ---------------------------------------------------------------------------------------------


def growth_age(born_on: date, day: date, gestation_weeks: int | None = None) -> GrowthAge | None:
    """Return the age for the tables, corrected for birth before 37 weeks until 24 months; None before it begins."""
    if day < born_on:
        return None
    early = gestation_weeks is not None and gestation_weeks < PRETERM_BELOW_WEEKS
    if not early or age_on(born_on, day).in_months >= CORRECTED_UNTIL_MONTHS:
        return _age(born_on, day, corrected=False)
    expected = born_on + timedelta(days=_TERM_DAYS - 7 * (gestation_weeks or 0))
    return _age(expected, day, corrected=True) if day >= expected else None


def _age(start: date, day: date, *, corrected: bool) -> GrowthAge:
    whole = age_on(start, day).in_months
    since, until = months_later(start, whole), months_later(start, whole + 1)
    return GrowthAge((day - start).days, whole + (day - since).days / (until - since).days, corrected)


def table_stature(stature: float, position: str, age: GrowthAge) -> float:
    """Return the stature as the tables mean it: 0.7 cm added when a child under 24 months stood, taken when an older one lay."""
    if age.lying and position == "standing":
        return round(stature + LYING_MINUS_STANDING, 1)
    if not age.lying and position == "lying":
        return round(stature - LYING_MINUS_STANDING, 1)
    return stature


def body_mass_index(weight: float, stature: float) -> float:
    """Return BMI in kg/m² to one decimal, half rounded up, as WS/T 586-2018 compares it."""
    exact = Decimal(str(weight)) / (Decimal(str(stature)) / 100) ** 2
    return float(exact.quantize(Decimal("0.1"), ROUND_HALF_UP))


def sex_word(code: str) -> str:
    """Return the tables' word for a sex code (GB/T 2261.1); "" when the sex is not known."""
    return {"1": "boys", "2": "girls"}.get(code, "")


# --- WS/T 423-2022, under 7 years ----------------------------------------------------------------------


@cache
def _printed(indicator: str, sex: str, lying: bool) -> tuple[tuple[float, ...], tuple[Lines, ...]]:
    """The printed rows for lying or standing children: their ages (or statures) and their lines.

    The length part ends at 23 months; its end at 24 is the first height row plus 0.7 cm, so that the last
    month of lying does not slide into the standing values.
    """
    rows = table(f"growth/wst423_2022_{_FILES[indicator]}_{sex}.csv")
    axis = "stature_cm" if indicator == "weight_for_length" else "age_months"
    wanted = "length" if lying else "height"
    xs, lines = [], []
    for row in rows:
        if row.get("measured_as") in (None, wanted):
            xs.append(float(row[axis]))
            lines.append(_lines(row))
    if indicator == "stature" and lying:
        first = next(row for row in rows if row["measured_as"] == "height")
        xs.append(float(first[axis]))
        lines.append(_lines(first, LYING_MINUS_STANDING))
    return tuple(xs), tuple(lines)


def _lines(row: dict[str, str], more: float = 0.0) -> Lines:
    return Lines(
        tuple(float(row[name]) + more for name in _SD), tuple(float(row[name]) + more for name in _PERCENTILES)
    )


def wst423_lines(indicator: str, sex: str, x: float, *, lying: bool) -> Lines | None:
    """Return the lines at an age in months (or, for weight for length, at a stature in cm); None outside the tables."""
    xs, rows = _printed(indicator, sex, lying)
    last = xs[-1] if indicator == "weight_for_length" else _LAST_MONTH[indicator]
    if x < xs[0] or x > last or (x == last and last > xs[-1]):
        return None
    if x >= xs[-1]:
        return rows[-1]
    at = bisect_right(xs, x) - 1
    share = (x - xs[at]) / (xs[at + 1] - xs[at])
    below, above = rows[at], rows[at + 1]
    return Lines(mixed(below.sd, above.sd, share), mixed(below.percentiles, above.percentiles, share))


def mixed(below: tuple[float, ...], above: tuple[float, ...], share: float) -> tuple[float, ...]:
    return tuple(low + (high - low) * share for low, high in zip(below, above, strict=True))


def z_between(lines: tuple[float, ...], value: float) -> float:
    """Return z of a value among SD lines that lie one SD apart, symmetric about the median.

    On a line z is the line's integer; between two lines it is interpolated in a straight line, beyond the
    outermost with the spacing of the last two. The standard gives no rule: this is the program's choice.
    """
    middle = len(lines) // 2
    at = min(max(bisect_right(lines, value) - 1, 0), len(lines) - 2)
    return at - middle + (value - lines[at]) / (lines[at + 1] - lines[at])


def wst423_level(lines: Lines, value: float) -> str:
    """Return the five-grade level by percentiles (WS/T 423-2022, table 1)."""
    named = dict(zip(_PERCENTILES, lines.percentiles, strict=True))
    for row in _rules("table1_percentile_level", "weight"):
        if row["from_inclusive"] and value < named[row["from_inclusive"]] - EPSILON:
            continue
        return row["category_en"]
    return "low"


def wst423_class(indicator: str, z: float) -> str:
    """Return the nutrition class by SD (WS/T 423-2022, table 3), or "" when nothing is out of the way."""
    for row in _rules("table3_sd_nutrition", "length_height" if indicator == "stature" else indicator):
        low, high = row["from_inclusive"], row["to_exclusive"]
        if (not low or z >= float(low) - EPSILON) and (not high or z < float(high) - EPSILON):
            return row["category_en"]
    return ""


@cache
def _rules(rule_table: str, indicator: str) -> tuple[dict[str, str], ...]:
    return tuple(
        row
        for row in table("growth/wst423_2022_evaluation_rules.csv")
        if row["rule_table"] == rule_table and indicator in row["indicators"].split(";")
    )


def wst423(indicator: str, sex: str, x: float, value: float, *, lying: bool) -> Reading | None:
    """Evaluate one value by WS/T 423-2022; ``x`` is months, or cm for weight for length."""
    lines = wst423_lines(indicator, sex, x, lying=lying)
    if lines is None:
        return None
    z = z_between(lines.sd, value)
    return Reading(
        indicator, value, round(z, 2), wst423_level(lines, value), wst423_class(indicator, z), "WS/T 423-2022"
    )


# --- 7 to 18 years: WS/T 612, 586 and 456 --------------------------------------------------------------


@cache
def _by_age(name: str, sex: str, column: str) -> tuple[tuple[float, dict[str, str]], ...]:
    return tuple((float(row[column]), row) for row in table(f"growth/{name}.csv") if row["sex"] == sex)


def _row_at(name: str, sex: str, column: str, months: float, until: float) -> dict[str, str] | None:
    """The row of the age rounded down to the printed step, as the standards say."""
    found = None
    for start, row in _by_age(name, sex, column):
        if start * 12 <= months + EPSILON:
            found = row
    return found if months < until else None


def wst612_lines(sex: str, months: float) -> tuple[float, ...] | None:
    """Return the five height lines (-2 … +2 SD) of the completed year of age, 7 to 18 years (WS/T 612-2018)."""
    row = _row_at("wst612_2018_height_7_18", sex, "age_years", months, 228)
    names = ("sd_minus2_cm", "sd_minus1_cm", "median_cm", "sd_plus1_cm", "sd_plus2_cm")
    return tuple(float(row[name]) for name in names) if row else None


def height_after_seven(sex: str, months: float, height: float) -> Reading | None:
    """Evaluate height from 7 years: level by WS/T 612-2018, stunting by WS/T 456-2014."""
    lines = wst612_lines(sex, months)
    if lines is None:
        return None
    z = z_between(lines, height)
    level = LEVEL_ORDER[sum(z >= limit - EPSILON for limit in (-2, -1, 1, 2))]
    limits = _row_at("wst456_2014_malnutrition_6_18", sex, "age_from_years", months, 217)
    stunted = bool(limits) and height <= float(limits["stunting_height_le_cm"]) + EPSILON  # type: ignore[index]
    return Reading("stature", height, round(z, 2), level, "stunting" if stunted else "", "WS/T 612-2018, WS/T 456-2014")


LEVEL_ORDER = ("low", "mid_low", "middle", "mid_high", "high")


def bmi_after_seven(sex: str, months: float, bmi: float) -> Reading | None:
    """Evaluate BMI from 7 years: overweight and obesity by WS/T 586-2018, wasting by WS/T 456-2014."""
    high = _row_at("wst586_2018_bmi_cutoffs_6_18", sex, "age_from_years", months, 228)
    low = _row_at("wst456_2014_malnutrition_6_18", sex, "age_from_years", months, 217)
    if high is None:
        return None
    return Reading("bmi", bmi, None, "", _bmi_class(bmi, high, low), "WS/T 586-2018, WS/T 456-2014")


def wst586_456_limits(sex: str, months: float) -> tuple[float, ...] | None:
    """Return the four BMI limits at an age: wasting (WS/T 456), mild wasting, overweight, obesity (WS/T 586)."""
    high = _row_at("wst586_2018_bmi_cutoffs_6_18", sex, "age_from_years", months, 228)
    low = _row_at("wst456_2014_malnutrition_6_18", sex, "age_from_years", months, 217)
    if high is None or low is None:
        return None
    names = ("severe_moderate_wasting_bmi_le", "mild_wasting_bmi_to"), ("overweight_bmi_ge", "obesity_bmi_ge")
    return (*(float(low[name]) for name in names[0]), *(float(high[name]) for name in names[1]))


def _bmi_class(bmi: float, high: dict[str, str], low: dict[str, str] | None) -> str:
    if bmi >= float(high["obesity_bmi_ge"]):
        return "obesity"
    if bmi >= float(high["overweight_bmi_ge"]):
        return "overweight"
    if low and bmi <= float(low["severe_moderate_wasting_bmi_le"]):
        return "moderate_wasting"
    if low and bmi <= float(low["mild_wasting_bmi_to"]):
        return "mild_wasting"
    return ""


# --- any age ------------------------------------------------------------------------------------------


def china(indicator: str, sex: str, age: GrowthAge, value: float, stature: float | None = None) -> Reading | None:
    """Evaluate one value by the Chinese standard of its age; None where there is none.

    Args:
        sex: ``boys`` or ``girls``.
        stature: in cm as the tables mean it (:func:`table_stature`), needed for weight for length only.
    """
    if age.months < _LAST_MONTH["weight"]:
        x = (stature or 0.0) if indicator == "weight_for_length" else age.months
        return wst423(indicator, sex, x, value, lying=age.lying)
    if indicator == "stature":
        return height_after_seven(sex, age.months, value)
    return bmi_after_seven(sex, age.months, value) if indicator == "bmi" else None
