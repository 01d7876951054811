"""Vaccination programme 免疫规划: the doses of the national programme in force on a day, as data.

Sources: 国家免疫规划疫苗儿童免疫程序及说明 (2021 and 2026 editions) and the changes between them, in
``resources/reference/immunisation``; what a table cannot say is in its ``README`` and said to the user.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from models.age import months_later
from models.calendar_rules import in_force
from models.core.words import CodeList, TableCodes
from resources import table

VACCINES: CodeList = TableCodes(
    "vaccine", "immunisation/vaccines.csv", code="code", chinese="chinese", english="english"
)
SERIES = ("HepB", "BCG", "Polio", "DTP", "MMR", "JE", "MPSV", "HepA", "HPV")
"""The series of the programme, in the order of the vaccination certificate."""
DEFAULT_OPTION = {"JE": "JE-L", "HepA": "HepA-L"}
"""The vaccine of a series that has a live and an inactivated way, while nothing has been given."""


@dataclass(frozen=True)
class Interval:
    """A least time between two doses."""

    value: int
    unit: str

    def after(self, day: date) -> date:
        """Return the first day on which it has passed; months and years are calendar ones, clamped."""
        if self.unit == "day":
            return day + timedelta(days=self.value)
        return months_later(day, self.value * (12 if self.unit == "year" else 1))


@dataclass(frozen=True)
class DoseRule:
    """One dose of the programme; ages in completed months, the upper ones exclusive."""

    dose_id: str
    vaccine: str
    series: str
    number: int
    total: int
    min_age: int
    due_age: int
    complete_before: int | None
    upper_age: int
    interval: Interval | None
    sex: str
    live_injected: bool
    note: str

    def earliest_by_age(self, born: date) -> date:
        """Return the day on which the least age is reached."""
        return months_later(born, self.min_age)


@dataclass(frozen=True)
class Programme:
    """The doses in force on a day, by vaccine."""

    edition: str
    rules: tuple[DoseRule, ...]

    def of(self, vaccine: str) -> tuple[DoseRule, ...]:
        """Return the doses of one vaccine in their order."""
        return tuple(rule for rule in self.rules if rule.vaccine == vaccine)

    def of_series(self, series: str) -> tuple[DoseRule, ...]:
        """Return the doses of a series in their order, all options."""
        return tuple(rule for rule in self.rules if rule.series == series)


@cache
def programme_on(day: date) -> Programme:
    """Return the programme in force on a day, with the changes that came between two editions."""
    changed = {
        vaccine
        for row in table("immunisation/national_changes.csv")
        if row["effective"] <= day.isoformat()
        for vaccine in row["vaccine_code"].split("/")
    }
    if "ALL" in changed:
        return Programme("2026", _rules("2026"))
    kept = [rule for rule in _rules("2021") if rule.vaccine not in changed]
    new = [rule for rule in _rules("2026") if rule.vaccine in changed]
    return Programme(
        "2021", tuple(sorted([*kept, *new], key=lambda rule: (SERIES.index(rule.series), rule.due_age, rule.number)))
    )


@cache
def _rules(edition: str) -> tuple[DoseRule, ...]:
    return tuple(_rule(row) for row in table(f"immunisation/nip_{edition}.csv"))


def _rule(row: dict[str, str]) -> DoseRule:
    value, unit = row["min_interval_value"], row["min_interval_unit"]
    return DoseRule(
        row["dose_id"], row["vaccine_code"], series_of(row["vaccine_code"])[0], int(row["series_dose_number"]),
        int(row["series_doses_total"]), int(row["min_age_months"]), int(row["due_age_months"]),
        int(row["complete_before_age_months"]) if row["complete_before_age_months"] else None,
        int(row["catch_up_upper_age_months_exclusive"]), Interval(int(value), unit) if value else None, row["sex"],
        live_injected(row["vaccine_code"]), row["notes_zh"],
    )  # fmt: skip


@cache
def _vaccines() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in table("immunisation/vaccines.csv")}


def series_of(vaccine: str) -> tuple[str, ...]:
    """Return the series that a vaccine serves; several for combined vaccines, none outside the programme."""
    row = _vaccines().get(vaccine)
    return tuple(row["series"].split()) if row else ()


def live_injected(vaccine: str) -> bool:
    """Whether a vaccine is live and injected, so that another such one keeps its distance."""
    row = _vaccines().get(vaccine)
    return bool(row) and row["live_injected"] == "Y"  # type: ignore[index]


@cache
def general_rule(name: str) -> Interval:
    """Return a general rule of the programme, e.g. the distance of live vaccines.

    Raises:
        KeyError: when there is no such rule.
    """
    for row in table("immunisation/general_rules.csv"):
        if row["name"] == name:
            return Interval(int(row["value"]), row["unit"])
    raise KeyError(name)


def in_cohort(vaccine: str, born: date, sex: str, day: date) -> bool:
    """Whether a vaccine given to some cohorts only (HPV) is meant for this child; ``sex`` by GB/T 2261.1."""
    rows = [row for row in table("immunisation/cohorts.csv") if row["vaccine_code"] == vaccine]
    return not rows or any(
        row["effective_from"] <= day.isoformat()
        and born.isoformat() >= row["born_from"]
        and (row["sex"] != "female" or sex == "2")
        for row in rows
    )


@dataclass(frozen=True)
class CatchUp:
    """One row of the catch-up with diphtheria–tetanus vaccine from seven years on."""

    from_age: int
    to_age: int
    interval: Interval


def dt_catch_up(doses_before: int, dt_before: int, day: date) -> CatchUp | None:
    """Return how a child from seven years on continues with DT after so many doses; None when nothing is missing."""
    for row in in_force(table("immunisation/dt_catch_up.csv"), day):
        if int(row["doses_before"]) == doses_before and row["dt_doses_before"] in ("any", str(dt_before)):
            interval = Interval(int(row["interval_value"]), row["interval_unit"])
            return CatchUp(int(row["from_age_months"]), int(row["to_age_months_exclusive"]), interval)
    return None


def completed_within_days(dose_id: str) -> int | None:
    """Return within how many days of birth a dose is to be given, where the programme counts in days."""
    for row in table("immunisation/completion_days.csv"):
        if row["dose_id"] == dose_id:
            return int(row["within_days_of_birth"])
    return None
