"""Scales 评定量表: what is scored, within which limits, by which formula, in which bands — as data.

The tables in ``resources/reference/rehab`` say which scales there are; a home adds its own by putting the
same three tables (``scales.csv``, ``scale_domains.csv``, ``scale_bands.csv``, and ``scale_formulas.csv``
for the arithmetic) into a folder, see ``docs/own-scales.md``. No item text of any scale is kept: a scale
stores the scores of its domains, what follows from them, and the level. A score is computed only where
the table names a formula that is public.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from pathlib import Path

from models.age import age_on, months_later
from models.core.errors import Problem
from models.core.words import Code, CodeList
from resources import N_, _, current_language, table

TOTAL = "total"
LEVELS = ("I", "II", "III", "IV", "V")
MAS_GRADES = ("0", "1", "1+", "2", "3", "4")

Score = float | str
Scores = Mapping[str, Score]


@dataclass(frozen=True)
class Domain:
    """One domain 能区 of a scale: what is entered, and between which limits."""

    code: str
    chinese: str
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    """The grades or stages to choose from, when it is not a number."""
    sum_of: tuple[str, ...] = ()
    """The domains it is the sum of; such a domain is computed, never entered."""

    @property
    def title(self) -> str:
        """The domain's name in the language in use, without the item numbers that follow it."""
        return scale_word(self.chinese)


@dataclass(frozen=True)
class Band:
    """One level 等级: the values of a measure between ``low`` and ``high``, both included."""

    measure: str
    low: float | None
    high: float | None
    label: str

    def holds(self, value: float) -> bool:
        """Whether a value lies in this band."""
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True)
class Scale:
    """One scale 量表 as its table describes it.

    Attributes:
        formula: ``percent_mean``, ``quotient``, ``quotient_by_domain``, ``sum``, ``entered``, ``level``,
            ``grade``, ``stage`` or ``gas``.
        step: the smallest difference between two scores; ``decimals``: of what is computed.
        main_measure: the value a trend follows.
        better: ``higher``, ``lower`` or ``mixed``.
        ages: the months of age the scale is made for; None where the source gives no limit.
        keeps: what the rights of the scale let us keep.
    """

    code: str
    chinese: str
    english: str
    formula: str
    domains: tuple[Domain, ...]
    bands: tuple[Band, ...]
    total: Domain | None
    step: float
    decimals: int
    main_measure: str
    better: str
    ages: tuple[int | None, int | None]
    population: str
    rights: str
    keeps: str
    unverified: str = ""
    rule: str = ""
    own: bool = False

    @property
    def title(self) -> str:
        """The scale's name in the language in use."""
        return self.chinese if current_language() == "zh_CN" or not self.english else self.english

    @property
    def entries(self) -> tuple[Domain, ...]:
        """What a person enters, in the order of the paper form."""
        return tuple(domain for domain in self.domains if not domain.sum_of) or ((self.total,) if self.total else ())

    def domain(self, code: str) -> Domain | None:
        """Return a domain, or the total, by its code."""
        return next((each for each in (*self.domains, self.total) if each and each.code == code), None)


@dataclass(frozen=True)
class Result:
    """What follows from the scores: derived values by measure, the total, and the levels by measure."""

    derived: dict[str, float] = field(default_factory=dict)
    total: float | None = None
    levels: dict[str, str] = field(default_factory=dict)

    @property
    def level(self) -> str | None:
        """The level of the whole, where the table gives one."""
        return next((self.levels[each] for each in (TOTAL, "DQ", "level") if each in self.levels), None)


# --- reading the tables -----------------------------------------------------------------------------


_home_folder: list[Path] = []


def use_home_scales(folder: Path | None) -> None:
    """Add the home's own scales from a folder, or none; called when a home is opened."""
    _home_folder[:] = [folder] if folder and (folder / "scales.csv").exists() else []
    scales.cache_clear()


@cache
def scales() -> dict[str, Scale]:
    """Return all scales by code, the home's own last."""
    found = {scale.code: scale for scale in _built(lambda name: table(f"rehab/{name}"), own=False)}
    for folder in _home_folder:
        found |= {scale.code: scale for scale in _built(partial(_rows, folder), own=True)}
    return found


def scale_named(code: str) -> Scale | None:
    """Return a scale by its code."""
    return scales().get(code)


def _rows(folder: Path, name: str) -> tuple[dict[str, str], ...]:
    if not (folder / name).exists():
        return ()
    with (folder / name).open(encoding="utf-8-sig", newline="") as stream:
        return tuple(csv.DictReader(stream))


def _built(rows: Callable[[str], Sequence[dict[str, str]]], *, own: bool) -> Iterator[Scale]:
    domains, bands = rows("scale_domains.csv"), rows("scale_bands.csv")
    formulas = {row["scale_code"]: row for row in rows("scale_formulas.csv")}
    for row in rows("scales.csv"):
        code = row["scale_code"]
        yield _scale(row, _of(domains, code), _of(bands, code), formulas.get(code, {}), own)


def _of(rows: Sequence[dict[str, str]], code: str) -> list[dict[str, str]]:
    return [row for row in rows if row["scale_code"] == code]


def _scale(
    row: dict[str, str], domains: list[dict[str, str]], bands: list[dict[str, str]], formula: dict[str, str], own: bool
) -> Scale:
    kind = formula.get("formula") or "entered"
    return Scale(
        code=row["scale_code"],
        chinese=row["name_zh"],
        english=row.get("name_en") or "",
        formula=kind,
        domains=_domains(kind, domains, formula.get("composites") or ""),
        bands=tuple(
            Band(each["measure"], _number(each["from"]), _number(each["to"]), each["label_zh"])
            for each in bands
            if kind != "grade"
        ),
        total=_total(row, kind, formula.get("entry") or "total"),
        step=_number(formula.get("step")) or 1,
        decimals=int(formula.get("decimals") or 0),
        main_measure=formula.get("main_measure") or "",
        better=row.get("better_direction") or "higher",
        ages=(_whole(row.get("age_min_months")), _whole(row.get("age_max_months"))),
        population=row.get("population") or "",
        rights=row.get("copyright_holder_or_status") or "",
        keeps=row.get("store_items") or "",
        unverified=row.get("unverified") or "",
        rule=row.get("formula") or "",
        own=own,
    )


def _domains(kind: str, rows: list[dict[str, str]], composites: str) -> tuple[Domain, ...]:
    sums = dict(part.split("=") for part in composites.split(";") if "=" in part)
    if kind == "stage":
        stages = tuple(row["domain_code"] for row in rows)
        return (Domain("receptive", "理解阶段", choices=stages), Domain("expressive", "表达阶段", choices=stages))
    return tuple(
        Domain(
            row["domain_code"],
            row["domain_zh"],
            _number(row["raw_min"]),
            _number(row["raw_max"]),
            choices=MAS_GRADES if kind == "grade" else (),
            sum_of=tuple(sums[row["domain_code"]].split("+")) if row["domain_code"] in sums else (),
        )
        for row in rows
    )


def _total(row: dict[str, str], kind: str, entry: str) -> Domain | None:
    if kind == "level":
        return Domain("level", "级别", choices=LEVELS)
    if entry == "total":
        return Domain(TOTAL, "总分", _number(row.get("total_min")), _number(row.get("total_max")))
    return None


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _whole(text: str | None) -> int | None:
    value = _number(text)
    return None if value is None else int(value)


@cache
def _scale_words() -> dict[str, str]:
    return {row["chinese"]: row["english"] for row in table("rehab/scale_words.csv")}


_TERMS = {
    "总分": N_("Total score"), "级别": N_("Level"), "智龄": N_("Mental age"), "发育商": N_("Developmental quotient"),
}  # fmt: skip


def scale_word(chinese: str) -> str:
    """Say a domain or a level of a scale in the language in use; item numbers after a name are left out."""
    if chinese in _TERMS:
        return _(_TERMS[chinese])
    if current_language() == "zh_CN":
        return chinese.split(" (")[0]
    return _scale_words().get(chinese, chinese)


def measure_title(scale: Scale, measure: str) -> str:
    """Name a derived value: a domain, the total, the mental age or the quotient."""
    known = {TOTAL: N_("Total score"), "DQ": N_("Developmental quotient"), "mental_age": N_("Mental age")}
    if measure in known:
        return _(known[measure])
    domain = scale.domain(measure)
    return domain.title if domain else measure


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
        return (*named, *(Code(label, _scale_words().get(label, label), label) for label in labels))

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
