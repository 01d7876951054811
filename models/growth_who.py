"""WHO standards 世界卫生组织标准: z-scores from L, M and S, as pure functions.

Sources: WHO Child Growth Standards 2006 (to 1856 days) and WHO Growth Reference 2007 (to 19 years). Units as in
:mod:`models.growth_standards`.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from math import exp, log

from models.growth_standards import EPSILON, GrowthAge, Reading, mixed
from resources import table

DAYS_A_MONTH = 30.4375
"""WHO's month."""
LAST_DAY_2006 = 1856


@cache
def _lms(name: str, sex: str) -> tuple[tuple[float, ...], tuple[tuple[float, float, float], ...]]:
    rows = [row for row in table(f"growth/{name}.csv") if row["sex"] == sex]
    axis = next(column for column in rows[0] if column not in ("sex", "l", "m", "s"))
    return tuple(float(row[axis]) for row in rows), tuple(
        (float(row["l"]), float(row["m"]), float(row["s"])) for row in rows
    )


def who_lms(
    indicator: str, sex: str, age: GrowthAge, stature: float | None = None
) -> tuple[float, float, float] | None:
    """Return L, M and S: by day up to 1856 days (2006), by month up to 19 years (2007), or by stature in cm."""
    if indicator == "weight_for_length":
        kind = "length" if age.lying else "height"
        return _lms_at(f"who2006_weight_for_{kind}", sex, stature or 0.0) if age.days <= LAST_DAY_2006 else None
    name = {"stature": "length_height", "weight": "weight", "bmi": "bmi", "head": "head"}[indicator]
    if age.days <= LAST_DAY_2006:
        return _lms_at(f"who2006_{name}_for_age_days", sex, age.days)
    if indicator == "head":
        return None
    return _lms_at(
        f"who2007_{'height' if indicator == 'stature' else indicator}_for_age_months", sex, age.days / DAYS_A_MONTH
    )


def _lms_at(name: str, sex: str, x: float) -> tuple[float, float, float] | None:
    xs, rows = _lms(name, sex)
    if x < xs[0] or x > xs[-1]:
        return None
    at = min(bisect_right(xs, x) - 1, len(xs) - 2)
    share = (x - xs[at]) / (xs[at + 1] - xs[at])
    left, middle, right = mixed(rows[at], rows[at + 1], share)
    return left, middle, right


def who_z(value: float, lms: tuple[float, float, float], *, restricted: bool) -> float:
    """Return z = ((value/M)^L − 1) / (L·S); beyond ±3 by the spacing of the outer lines when ``restricted``.

    WHO restricts the indicators that contain weight, because their tails are skewed.
    """
    left, middle, spread = lms
    z = log(value / middle) / spread if abs(left) < EPSILON else ((value / middle) ** left - 1) / (left * spread)
    if not restricted or -3 <= z <= 3:
        return z
    outer = 3 if z > 0 else -3
    edge, inner = who_value(outer, lms), who_value(outer - outer // 3, lms)
    return outer + (value - edge) / abs(edge - inner)


def who_value(z: float, lms: tuple[float, float, float]) -> float:
    """Return the value that lies z standard deviations from the median (for drawing the lines)."""
    left, middle, spread = lms
    return middle * (exp(spread * z) if abs(left) < EPSILON else (1 + left * spread * z) ** (1 / left))


def who(indicator: str, sex: str, age: GrowthAge, value: float, stature: float | None = None) -> Reading | None:
    """Evaluate one value by WHO 2006 (to 5 years) or 2007 (to 19 years)."""
    lms = who_lms(indicator, sex, age, stature)
    if lms is None:
        return None
    z = round(who_z(value, lms, restricted=indicator not in ("stature", "head")), 2)
    return Reading(
        indicator, value, z, "", _who_class(indicator, age, z), "WHO 2006" if age.days <= LAST_DAY_2006 else "WHO 2007"
    )


def _who_class(indicator: str, age: GrowthAge, z: float) -> str:
    months = age.days / DAYS_A_MONTH
    for row in table("growth/who_classification.csv"):
        if row["indicator"] != indicator or not float(row["age_from_months"]) <= months < float(
            row["age_to_months_exclusive"]
        ):
            continue
        if (row["below_z"] and z < float(row["below_z"])) or (row["above_z"] and z > float(row["above_z"])):
            return row["class"]
    return ""
