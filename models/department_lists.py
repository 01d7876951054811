"""The department's lists 科室规定一览: opening hours, rules and contraindications as they hold, and where each comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from models.calendar_rules import in_force
from models.core.words import Code
from models.department import (
    HALVES,
    LASTING,
    RULES,
    DepartmentRule,
    OpeningHours,
    home_contraindications,
    hours_of,
    own_seasons,
)
from models.holidays import day_kinds
from models.staff import WEEKDAYS, Staff
from models.therapies import CONTRAINDICATIONS, short_name
from resources import _, current_language, table

if TYPE_CHECKING:
    from models.core.database import Work


@dataclass(frozen=True)
class HoursLine:
    """One line of opening hours: the home's own, or the program's where ``record_id`` is empty."""

    record_id: str
    half: str
    hours: str
    season: str
    days: str
    since: date
    holds_today: bool


def hours_lines(work: Work) -> list[HoursLine]:
    """Return the opening hours, the home's own first, then the program's."""
    kind, today = OpeningHours, work.today
    statement = select(kind).where(kind.deleted_at.is_(None), kind.state != "void")
    own = [
        HoursLine(
            each.id, HALVES.label(each.half), _("closed") if each.closed else f"{each.starts:%H:%M}–{each.ends:%H:%M}",
            _season(each.from_day, each.to_day), _(", ").join(WEEKDAYS.label(day) for day in each.weekdays or ()),
            each.effective_from, False,
        )
        for each in work.scalars(statement.order_by(kind.effective_from.desc(), kind.half, kind.id))
    ]  # fmt: skip
    wanted = f"{today:%m-%d}"
    delivered = [
        HoursLine("", row["name_zh"] if current_language() == "zh_CN" else row["name_en"], f"{row['starts']}–{row['ends']}",
                  _season(row["from_day"], row["to_day"]), "", date.fromisoformat(row["effective_from"]),
                  row["from_day"] <= wanted <= row["to_day"])
        for row in in_force(table("rehab/opening_hours.csv"), today)
    ]  # fmt: skip
    return [*own, *delivered]


def _season(first: str, last: str) -> str:
    if (first, last) == ("01-01", "12-31"):
        return _("whole year")
    return _("{first} to {last}").format(first=first, last=last)


def week_hours(work: Work, monday: date) -> list[tuple[date, str, bool]]:
    """Return each day of a week with its opening hours in words, and whether the home has laid them down itself."""
    sunday = monday + timedelta(days=6)
    hours, kinds, seasons = hours_of(work, monday, sunday), day_kinds(work, monday, sunday), own_seasons(work)
    lines = []
    for day in sorted(hours):
        said = _(", ").join(f"{each.starts:%H:%M}–{each.ends:%H:%M}" for each in hours[day])
        words = said if kinds[day].open and said else kinds[day].words or _("closed")
        lines.append((day, words, any(each.holds(day) for each in seasons)))
    return lines


@dataclass(frozen=True)
class RuleLine:
    """One number the department goes by, as it holds today."""

    rule: str
    name: str
    value: float
    unit: str
    record_id: str
    since: date | None
    reason: str


def rule_lines(work: Work) -> list[RuleLine]:
    """Return every rule with its value of today: the home's own where it has one, else the program's."""
    delivered = {row["rule"]: row for row in in_force(table("rehab/rules.csv"), work.today, key="rule")}
    units = {row["rule"]: row["unit_zh" if current_language() == "zh_CN" else "unit_en"] for row in table("rehab/rule_words.csv")}  # fmt: skip
    kind = DepartmentRule
    statement = select(kind).where(kind.deleted_at.is_(None), kind.state != "void", kind.effective_from <= work.today)
    own = {each.rule: each for each in work.scalars(statement.order_by(kind.effective_from, kind.id))}
    lines = []
    for code in RULES:
        name, mine, row = str(code), own.get(code.code), delivered.get(code.code)
        if mine is not None:
            lines.append(RuleLine(code.code, name, mine.value, units[code.code], mine.id, mine.effective_from, mine.reason or ""))  # fmt: skip
        elif row is not None:
            lines.append(RuleLine(code.code, name, float(row["value"]), units[code.code], "", None, ""))
    return lines


@dataclass(frozen=True)
class ContraindicationLine:
    """One entry of the list of contraindications: the home's own, or the program's where ``record_id`` is empty."""

    record_id: str
    code: str
    name: str
    therapies: str
    lasting: str
    days: int | None
    retired: bool = False


def contraindication_lines(work: Work) -> list[ContraindicationLine]:
    """Return the list of contraindications, the home's own entries first, then those of the program they do not replace."""
    own = home_contraindications(work)
    lines = [
        ContraindicationLine(
            each.id, each.code or "", each.name, _therapies(each.therapies), LASTING.label(each.lasting), each.days,
            not each.holds(work.today),
        )
        for each in own.values()
    ]  # fmt: skip
    replaced = {each.code for each in own.values() if each.code and each.holds(work.today)}
    for row in table("rehab/contraindications.csv"):
        if row["code"] not in replaced:
            therapies = () if "*" in row["therapies"].split() else tuple(row["therapies"].split())
            name = CONTRAINDICATIONS.label(row["code"])
            lines.append(ContraindicationLine("", row["code"], name, _therapies(therapies), LASTING.label(row["kind"]), None))  # fmt: skip
    return lines


def _therapies(codes: tuple[str, ...]) -> str:
    return _(", ").join(short_name(each) for each in codes) or _("all therapies")


def heads(work: Work) -> list[str]:
    """Return who heads the therapy department."""
    statement = select(Staff.name).where(
        Staff.heads_therapy.is_(True), Staff.deleted_at.is_(None), Staff.left_on.is_(None)
    )
    return list(work.scalars(statement.order_by(Staff.name)))


def delivered_contraindication(code: str) -> dict[str, object]:
    """Return the values with which the home's own entry instead of the program's begins."""
    row = next(each for each in table("rehab/contraindications.csv") if each["code"] == code)
    found: Code | None = next((each for each in CONTRAINDICATIONS if each.code == code), None)
    therapies = [] if "*" in row["therapies"].split() else row["therapies"].split()
    return {
        "name": found.chinese if found else code,
        "code": code,
        "therapies": therapies or None,
        "lasting": row["kind"],
    }
