"""Scales 评定量表: what is scored, within which limits, by which formula, in which bands — as data.

The tables in ``resources/reference/rehab`` say which scales there are; a home adds its own by putting the
same three tables (``scales.csv``, ``scale_domains.csv``, ``scale_bands.csv``, and ``scale_formulas.csv``
for the arithmetic) into a folder, see ``docs/own-scales.md``. No item text of any scale is kept: a scale
stores the scores of its domains, what follows from them, and the level. A score is computed only where
the table names a formula that is public.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import date

from models.age import age_on, months_later
from models.core.errors import Problem
from models.core.words import Code, CodeList
from models.scale_tables import (
    LEVELS,
    MAS_GRADES,
    TOTAL,
    Band,
    Domain,
    Result,
    Scale,
    Score,
    Scores,
    level_words,
    measure_title,
    scale_named,
    scale_word,
    scales,
    use_home_scales,
)
from resources import _

__all__ = [
    "LEVELS", "MAS_GRADES", "SCALES", "SCALE_LEVELS", "TOTAL", "Band", "Domain", "Result", "Scale", "Score", "Scores",
    "age_in_months", "age_problem", "better", "evaluate", "gas_score", "measure_title", "scale_named", "scale_word", "scales",
    "score_problems", "use_home_scales",
]  # fmt: skip


class ScaleCodes(CodeList):
    """The scales to choose from; those of the home included."""

    @property
    def codes(self) -> tuple[Code, ...]:  # type: ignore[override]  # a home may add scales while it runs
        """All scales an assessment can be made with."""
        return tuple(
            Code(scale.code, scale.english or scale.chinese, scale.chinese)
            for scale in scales().values()
            if scale.formula != "gas"
        )

    @property
    def _by_code(self) -> dict[str, Code]:  # type: ignore[override]
        return {code.code: code for code in self.codes}


class LevelCodes(CodeList):
    """The levels of all scales; what is stored is the wording of the scale's table."""

    @property
    def codes(self) -> tuple[Code, ...]:  # type: ignore[override]
        """Every level a scale can give."""
        named = [Code(level, f"Level {level}", f"{level}级") for level in LEVELS]
        labels = dict.fromkeys(band.label for scale in scales().values() for band in scale.bands)
        return (*named, *(Code(label, level_words(label), label) for label in labels))

    @property
    def _by_code(self) -> dict[str, Code]:  # type: ignore[override]
        return {code.code: code for code in self.codes}


SCALES: CodeList = ScaleCodes("scale")
SCALE_LEVELS: CodeList = LevelCodes("scale_level")


# --- checking and computing -------------------------------------------------------------------------


def age_in_months(born_on: date, day: date) -> float:
    """Return the age in months with one decimal, as the developmental scales reckon it (30 days a month)."""
    age = age_on(born_on, day)
    return round(age.in_months + age.days / 30, 1)


def score_problems(scale: Scale, scores: Scores) -> Iterator[Problem]:
    """Yield what is wrong with the entered scores, each beside its own box (``scores.<domain>``)."""
    for domain in scale.entries:
        value = scores.get(domain.code)
        words = _wrong(scale, domain, value) if value not in (None, "") else None
        if words:
            yield Problem(f"scores.{domain.code}", words)
    if all(scores.get(domain.code) in (None, "") for domain in scale.entries):
        yield Problem(f"scores.{scale.entries[0].code}" if scale.entries else "scores", _("Please enter a score."))


def _wrong(scale: Scale, domain: Domain, value: Score | None) -> str | None:
    if domain.choices:
        return None if value in domain.choices else _("Please choose from the list.")
    if isinstance(value, str) or value is None or not math.isfinite(value):
        return _("Please enter a number.")
    low, high = domain.minimum, domain.maximum
    if low is not None and high is not None and not low <= value <= high:
        return _("Between {low} and {high}.").format(low=f"{low:g}", high=f"{high:g}")
    if value < (low if low is not None else 0):
        return _("At least {low}.").format(low=f"{low if low is not None else 0:g}")
    if high is not None and value > high:
        return _("At most {high}.").format(high=f"{high:g}")
    steps = value / scale.step
    if abs(steps - round(steps)) > 1e-6:
        return _("In steps of {step}.").format(step=f"{scale.step:g}")
    return None


def age_problem(scale: Scale, born_on: date, day: date) -> Problem | None:
    """Return a warning when the child is outside the ages the scale is made for."""
    low, high = scale.ages
    too_young = low is not None and day < months_later(born_on, low)
    too_old = high is not None and day >= months_later(born_on, high + 1)
    if not (too_young or too_old):
        return None
    if low is not None and high is not None:
        words = _("This scale is made for {low} to {high} months of age.").format(low=low, high=high)
    elif low is not None:
        words = _("This scale is made for children from {low} months of age.").format(low=low)
    else:
        words = _("This scale is made for children up to {high} months of age.").format(high=high)
    return Problem("scale", words, warning=True)


def evaluate(scale: Scale, scores: Scores, age_months: float | None = None, goals: Sequence[str] = ()) -> Result:
    """Compute what follows from valid scores; what cannot be computed yet is left out.

    Args:
        age_months: the child's real age, needed by the developmental quotients.
        goals: the goal areas of the GMFM, for its goal total.
    """
    numbers = {code: float(value) for code, value in scores.items() if isinstance(value, int | float)}
    if scale.formula == "level":
        level = scores.get("level")
        return Result({}, float(LEVELS.index(str(level)) + 1), {"level": str(level)}) if level in LEVELS else Result()
    if scale.formula in {"grade", "stage"}:
        return Result()
    derived, total = _FORMULAS.get(scale.formula, _entered)(scale, numbers, age_months)
    if goals and scale.formula == "percent_mean" and all(goal in derived for goal in goals):
        derived["goal"] = round(sum(derived[goal] for goal in goals) / len(goals), scale.decimals)
    return Result(derived, total, _levels(scale, {**numbers, **derived}, total))


def _percent_mean(scale: Scale, raw: dict[str, float], age: float | None) -> tuple[dict[str, float], float | None]:
    percent = {
        domain.code: raw[domain.code] / domain.maximum * 100
        for domain in scale.domains
        if domain.code in raw and domain.maximum
    }
    total = sum(percent.values()) / len(percent) if len(percent) == len(scale.domains) else None
    return {code: round(value, scale.decimals) for code, value in percent.items()}, _rounded(total, scale.decimals)


def _quotient(scale: Scale, raw: dict[str, float], age: float | None) -> tuple[dict[str, float], float | None]:
    derived: dict[str, float] = {}
    if len(raw) == len(scale.entries):
        derived["mental_age"] = round(sum(raw.values()) / len(raw), 1)
        if age:
            derived["DQ"] = _half_up(sum(raw.values()) / len(raw) / age * 100)
    return derived, derived.get("DQ")


def _quotient_by_domain(
    scale: Scale, raw: dict[str, float], age: float | None
) -> tuple[dict[str, float], float | None]:
    return ({code: _half_up(value / age * 100) for code, value in raw.items()} if age else {}), None


def _sum(scale: Scale, raw: dict[str, float], age: float | None) -> tuple[dict[str, float], float | None]:
    sums = {
        domain.code: sum(raw[part] for part in domain.sum_of)
        for domain in scale.domains
        if domain.sum_of and all(part in raw for part in domain.sum_of)
    }
    return sums, sum(raw.values()) if len(raw) == len(scale.entries) else None


def _entered(scale: Scale, raw: dict[str, float], age: float | None) -> tuple[dict[str, float], float | None]:
    return {}, raw.get(TOTAL, raw.get(scale.main_measure))


_FORMULAS = {
    "percent_mean": _percent_mean,
    "quotient": _quotient,
    "quotient_by_domain": _quotient_by_domain,
    "sum": _sum,
}


def _levels(scale: Scale, values: dict[str, float], total: float | None) -> dict[str, str]:
    measures = values if total is None else {**values, TOTAL: total}
    found: dict[str, str] = {}
    for measure, value in measures.items():
        # A quotient per domain is judged by the one table of the quotient.
        wanted = "DQ" if scale.formula == "quotient_by_domain" else measure
        band = next((each for each in scale.bands if each.measure == wanted and each.holds(value)), None)
        if band:
            found[measure] = band.label
    return found


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals)


def _half_up(value: float) -> float:
    """Round as people do on paper, where Python's own rounding takes 2.5 to 2."""
    return float(math.floor(value + 0.5))


def gas_score(ratings: Sequence[tuple[int, float]]) -> float | None:
    """Return the T score 目标达成分 of (rating −2…+2, weight) pairs after Kiresuk and Sherman; None without goals.

    >>> gas_score([(0, 1), (0, 1)])
    50.0
    """
    weights = [weight for _rating, weight in ratings]
    if not weights or sum(weights) <= 0:
        return None
    spread = math.sqrt(0.7 * sum(weight**2 for weight in weights) + 0.3 * sum(weights) ** 2)
    return round(50 + 10 * sum(rating * weight for rating, weight in ratings) / spread, 1)


def better(scale: Scale, before: float | None, now: float | None) -> bool | None:
    """Whether a value improved; None when it did not change or the scale does not say which way is better."""
    if before is None or now is None or before == now or scale.better == "mixed":
        return None
    return (now > before) == (scale.better == "higher")
