"""The tables of the scales 量表定义: read from the program's reference tables and from the home's own folder."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path

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

    @property
    def notes_aids(self) -> bool:
        """Whether it is noted if the child wore aids or used a walker: the GMFM's form asks for it."""
        return self.code.startswith("GMFM")

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


def level_words(label: str) -> str:
    """Return the English wording of a level; the label itself where the table has none."""
    return _scale_words().get(label, label)
