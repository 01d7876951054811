"""The therapy department 康复科: its opening hours, its rules and its list of contraindications, as this home keeps them.

The program brings dated tables (``resources/reference/rehab``); what the home enters here lies over them, as a
:class:`~models.holidays.CalendarDay` lies over the public calendar. Everything is read once a unit of work:
:func:`hours_of` and :func:`rule_of` are for whoever has a ``work``, the pure functions of :mod:`models.therapies`
answer by the tables alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Boolean, Date, Float, Integer, String, Time, select
from sqlalchemy.orm import Mapped

from models.calendar_rules import in_force
from models.core.errors import Forbidden, Problem
from models.core.fields import field
from models.core.record import Record
from models.core.words import Code, CodeList, TableCodes
from models.staff import WEEKDAYS, Staff
from models.therapies import CONTRAINDICATIONS, THERAPIES, Opening, measure, opening_hours
from resources import N_, _, table

if TYPE_CHECKING:
    from models.core.database import Work

HALVES = CodeList("half_day", Code("morning", N_("Morning"), "上午"), Code("afternoon", N_("Afternoon"), "下午"))
RULES: CodeList = TableCodes(
    "department_rule", "rehab/rule_words.csv", code="rule", chinese="chinese", english="english"
)
LASTING = CodeList(
    "contraindication_kind", Code("temporary", N_("For some days"), "暂时"), Code("standing", N_("For long"), "长期")
)
SEASON, HOURS = N_("When it applies"), N_("Opening hours")
NOON = time(12)


def may_keep_department(work: Work) -> bool:
    """Whether the person may change what the department goes by: the director, and whoever heads the therapists."""
    if work.actor.system or "director" in work.actor.roles:
        return True
    if not work.actor.staff_id:
        return False
    with work.no_autoflush:
        return bool(work.scalar(select(Staff.heads_therapy).where(Staff.id == work.actor.staff_id)))


class _DepartmentRecord:
    """What only the head of the therapists and the director may change."""

    def before_save(self, work: Work) -> None:
        if not may_keep_department(work):
            raise Forbidden(_("Only the head of the therapy department and the director change this."))


class OpeningHours(_DepartmentRecord, Record):
    """Opening hours of the therapy rooms 康复室开放时间, by season and half day."""

    title: ClassVar[str] = N_("Opening hours")
    titles: ClassVar[str] = N_("Opening hours of the therapy rooms")
    area: ClassVar[str] = "rehabilitation"
    first_state: ClassVar[str] = "current"
    event_field: ClassVar[str] = "effective_from"
    title_field: ClassVar[str] = "half"

    half: Mapped[str] = field(N_("Half of the day"), codes=HALVES, section=HOURS, required=True, listed=True)
    closed: Mapped[bool | None] = field(
        N_("Not open"), Boolean, section=HOURS, listed=True, help=N_("The rooms are not open in this half.")
    )
    starts: Mapped[time | None] = field(N_("Opens at"), Time, section=HOURS, listed=True)
    ends: Mapped[time | None] = field(N_("Closes at"), Time, section=HOURS, listed=True)
    from_day: Mapped[str] = field(
        N_("Season from"), String(5), section=SEASON, required=True, listed=True,
        help=N_("Month and day, e.g. 06-01; 01-01 to 12-31 is the whole year."),
    )  # fmt: skip
    to_day: Mapped[str] = field(N_("Season until"), String(5), section=SEASON, required=True, listed=True)
    weekdays: Mapped[list[str] | None] = field(
        N_("Weekdays"), codes=WEEKDAYS, many=True, section=SEASON, listed=True, help=N_("Left empty, every day.")
    )
    effective_from: Mapped[date] = field(N_("In force from"), Date, section=SEASON, required=True, listed=True)
    effective_to: Mapped[date | None] = field(N_("In force until"), Date, section=SEASON, listed=True)

    def before_save(self, work: Work) -> None:
        super().before_save(work)
        self.from_day, self.to_day = self.from_day or "01-01", self.to_day or "12-31"

    def problems(self, work: Work) -> Iterator[Problem]:
        yield from (Problem(name, _("Please write month and day: 06-01.")) for name in self._no_days())
        if not self.closed:
            yield from self._time_problems()
        if self.effective_to and self.effective_to < self.effective_from:
            yield Problem("effective_to", _("The end lies before the beginning."))

    def _no_days(self) -> Iterator[str]:
        for name in ("from_day", "to_day"):
            if not is_month_day(getattr(self, name) or ""):
                yield name

    def _time_problems(self) -> Iterator[Problem]:
        if not (self.starts and self.ends):
            yield Problem("starts", _("Please say from when until when, or that the rooms are closed."))
            return
        if self.ends <= self.starts:
            yield Problem("ends", _("The end lies before the beginning."))
        if self.half == "morning" and self.starts >= NOON:
            yield Problem("starts", _("The morning begins before 12:00."))
        if self.half == "afternoon" and self.ends <= NOON:
            yield Problem("ends", _("The afternoon ends after 12:00."))

    def summary(self) -> str:
        said = _("closed") if self.closed else f"{self.starts:%H:%M}–{self.ends:%H:%M}"
        season = "" if (self.from_day, self.to_day) == ("01-01", "12-31") else f" ({self.from_day}–{self.to_day})"
        return f"{HALVES.label(self.half)} {said}{season}"

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """Return valid values, for tests and the printed sample."""
        return {"half": "morning", "starts": time(8, 30), "ends": time(11, 30), "from_day": "01-01", "to_day": "12-31"}


class DepartmentRule(_DepartmentRecord, Record):
    """A number the therapy department goes by 科室规定: e.g. the most sessions of a child a day."""

    title: ClassVar[str] = N_("Rule of the department")
    titles: ClassVar[str] = N_("Rules of the department")
    area: ClassVar[str] = "rehabilitation"
    first_state: ClassVar[str] = "current"
    event_field: ClassVar[str] = "effective_from"
    title_field: ClassVar[str] = "rule"

    rule: Mapped[str] = field(N_("Rule of the department"), codes=RULES, required=True, listed=True)
    value: Mapped[float] = field(N_("Number"), Float, required=True, listed=True, decimals=1, minimum=0)
    effective_from: Mapped[date] = field(N_("In force from"), Date, required=True, listed=True)
    reason: Mapped[str | None] = field(N_("Reason"), String(200), listed=True, searched=True)

    def problems(self, work: Work) -> Iterator[Problem]:
        low, high = limits(self.rule)
        if not low <= self.value <= high:
            yield Problem("value", _("Between {low} and {high}.").format(low=f"{low:g}", high=f"{high:g}"))

    def summary(self) -> str:
        return f"{RULES.label(self.rule)}{_(': ')}{self.value:g}"

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """Return valid values, for tests and the printed sample."""
        return {"rule": "child_sessions_a_day", "value": 4.0}


class ContraindicationRule(_DepartmentRecord, Record):
    """An entry of the home's list of contraindications 本院禁忌目录: its own, or a change of one the program brings."""

    title: ClassVar[str] = N_("Contraindication in the list")
    titles: ClassVar[str] = N_("List of contraindications")
    area: ClassVar[str] = "rehabilitation"
    first_state: ClassVar[str] = "current"
    newest_first: ClassVar[bool] = False
    event_field: ClassVar[str] = "name"

    name: Mapped[str] = field(N_("Entry name"), String(60), required=True, listed=True, searched=True)
    code: Mapped[str | None] = field(
        N_("Instead of the entry"), codes=CONTRAINDICATIONS, listed=True,
        help=N_("Left empty it is an entry of its own; else the therapies below hold instead of the program's."),
    )  # fmt: skip
    therapies: Mapped[list[str] | None] = field(
        N_("Therapies concerned"), codes=THERAPIES, many=True, listed=True, help=N_("Left empty: all therapies.")
    )
    lasting: Mapped[str] = field(N_("How long, as a rule"), codes=LASTING, required=True, listed=True)
    days: Mapped[int | None] = field(
        N_("Lasts, as a rule"), Integer, unit=N_("days"), minimum=1, maximum=400, listed=True,
        help=N_("Taken for the end where none is entered for a child."),
    )  # fmt: skip
    effective_from: Mapped[date] = field(N_("In force from"), Date, required=True, listed=True)
    retired_on: Mapped[date | None] = field(N_("No longer used from"), Date, listed=True)

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.retired_on and self.retired_on < self.effective_from:
            yield Problem("retired_on", _("The end lies before the beginning."))


# --- opening hours ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Season:
    """One entry of the home's opening hours as plain values."""

    half: str
    opening: Opening | None
    from_day: str
    to_day: str
    weekdays: frozenset[str]
    effective_from: date
    effective_to: date | None

    def holds(self, day: date) -> bool:
        """Whether it says something of a day."""
        return (
            self.effective_from <= day
            and (self.effective_to is None or day <= self.effective_to)
            and _in_season(f"{day:%m-%d}", self.from_day, self.to_day)
            and (not self.weekdays or str(day.isoweekday()) in self.weekdays)
        )

    @property
    def rank(self) -> tuple[date, bool]:
        """Among entries that say something of the same half the younger holds, then the one for single weekdays."""
        return self.effective_from, bool(self.weekdays)


def is_month_day(text: str) -> bool:
    """Whether a text is a day of the year as ``MM-DD``."""
    try:
        return len(text) == 5 and bool(date.fromisoformat(f"2024-{text}"))
    except ValueError:
        return False


def _in_season(wanted: str, first: str, last: str) -> bool:
    """Whether a day of the year lies in a season, which may pass New Year."""
    return first <= wanted <= last if first <= last else wanted >= first or wanted <= last


def own_seasons(work: Work) -> tuple[Season, ...]:
    """Return the home's opening hours, read once a unit of work."""
    if SEASONS not in work.info or "OpeningHours" in work.touched:
        statement = select(OpeningHours).where(OpeningHours.deleted_at.is_(None), OpeningHours.state != "void")
        work.info[SEASONS] = tuple(_season(each) for each in work.scalars(statement))
    found: tuple[Season, ...] = work.info[SEASONS]
    return found


SEASONS = "own_seasons"


def _season(each: OpeningHours) -> Season:
    opening = None
    if not each.closed and each.starts and each.ends:
        opening = Opening(each.starts, each.ends, "上午" if each.half == "morning" else "下午")
    return Season(
        each.half, opening, each.from_day, each.to_day, frozenset(each.weekdays or ()), each.effective_from,
        each.effective_to,
    )  # fmt: skip


def hours_on(day: date, seasons: Sequence[Season]) -> tuple[Opening, ...]:
    """Return when the therapy rooms are open on a day: by the home's entries, half by half, else by the table."""
    by_half: dict[str, Opening | None] = {_half(each): each for each in opening_hours(day)}
    for season in sorted((each for each in seasons if each.holds(day)), key=lambda each: each.rank):
        by_half[season.half] = season.opening
    return tuple(sorted((each for each in by_half.values() if each), key=lambda each: each.starts))


def _half(opening: Opening) -> str:
    return "morning" if opening.starts < NOON else "afternoon"


def hours_of(work: Work, first: date, last: date) -> dict[date, tuple[Opening, ...]]:
    """Return the opening hours of each day between two days, in this home."""
    seasons = own_seasons(work)
    return {
        first + timedelta(days=count): hours_on(first + timedelta(days=count), seasons)
        for count in range((last - first).days + 1)
    }


# --- rules ------------------------------------------------------------------------------------------


@cache
def limits(rule: str) -> tuple[float, float]:
    """Return the least and the greatest value a rule may have."""
    row = next(each for each in table("rehab/rule_words.csv") if each["rule"] == rule)
    return float(row["minimum"]), float(row["maximum"])


def rules_on(work: Work, day: date) -> dict[str, float]:
    """Return every number the department goes by on a day: the home's own, else the table's."""
    found = {row["rule"]: float(row["value"]) for row in in_force(table("rehab/rules.csv"), day, key="rule")}
    statement = select(DepartmentRule.rule, DepartmentRule.value).where(
        DepartmentRule.deleted_at.is_(None), DepartmentRule.state != "void", DepartmentRule.effective_from <= day
    )
    ordered = statement.order_by(DepartmentRule.effective_from, DepartmentRule.id)
    own = {each.rule: each.value for each in work.execute(ordered)}
    return found | own


def measure_of(work: Work, name: str, day: date) -> float:
    """Return one number the department goes by on a day, e.g. ``measure_of(work, "fever_from", today)``."""
    return rules_on(work, day).get(name) or measure(name, day)


def rule_of(work: Work, name: str, day: date) -> int:
    """Return one whole number the department goes by on a day."""
    return int(measure_of(work, name, day))


# --- contraindications ------------------------------------------------------------------------------


def therapies_against(work: Work, code: str, rule_id: str, day: date) -> frozenset[str]:
    """Return the therapies a contraindication speaks against on a day; empty means all of them.

    Args:
        code: of the program's list, whose therapies the home may have changed.
        rule_id: an entry of the home's own list; it comes first.
    """
    own = home_contraindications(work)
    if rule_id and rule_id in own:
        return frozenset(own[rule_id].therapies)
    for entry in own.values():
        if code and entry.code == code and entry.holds(day):
            return frozenset(entry.therapies)
    return named_against(code)


def usual_days(work: Work, code: str, rule_id: str, day: date) -> int | None:
    """Return how many days a contraindication lasts as a rule, where the home has laid it down."""
    own = home_contraindications(work)
    if rule_id in own:
        return own[rule_id].days
    return next((each.days for each in own.values() if code and each.code == code and each.holds(day)), None)


def named_against(code: str) -> frozenset[str]:
    """Return the therapies the program's list names for a contraindication; empty means all of them."""
    named = _against().get(code, ())
    return frozenset() if "*" in named else frozenset(named)


@cache
def _against() -> Mapping[str, Sequence[str]]:
    return {row["code"]: row["therapies"].split() for row in table("rehab/contraindications.csv")}


@dataclass(frozen=True)
class HomeContraindication:
    """One entry of the home's list as plain values."""

    id: str
    name: str
    code: str | None
    therapies: tuple[str, ...]
    lasting: str
    days: int | None
    effective_from: date
    retired_on: date | None

    def holds(self, day: date) -> bool:
        """Whether the entry is used on a day."""
        return self.effective_from <= day and (self.retired_on is None or day < self.retired_on)


def home_contraindications(work: Work) -> dict[str, HomeContraindication]:
    """Return the home's list of contraindications, the youngest entry first, read once a unit of work."""
    if LIST not in work.info or "ContraindicationRule" in work.touched:
        rule = ContraindicationRule
        statement = select(rule).where(rule.deleted_at.is_(None), rule.state != "void")
        work.info[LIST] = {
            each.id: HomeContraindication(
                each.id, each.name, each.code, tuple(each.therapies or ()), each.lasting, each.days,
                each.effective_from, each.retired_on,
            )
            for each in work.scalars(statement.order_by(rule.effective_from.desc(), rule.id))
        }  # fmt: skip
    found: dict[str, HomeContraindication] = work.info[LIST]
    return found


LIST = "home_contraindications"
