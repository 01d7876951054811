"""Holidays 节假日: which days the home's therapy rooms are open — weekends, days off, working weekends 调休.

The State Council's notice of a year is a table (``resources/reference/holidays/cn_holidays_<year>.csv``);
the home may change any day by a :class:`CalendarDay`. A year without a notice is not an error: its
weekends are closed, its festivals are shown as expected, and the program says that the notice is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import ClassVar

from sqlalchemy import Date, String, select
from sqlalchemy.orm import Mapped

from models.core.database import Work
from models.core.errors import Problem
from models.core.fields import field
from models.core.record import Record
from models.core.words import Code, CodeList
from resources import N_, _, current_language, path, table

DAY_KINDS = CodeList("day_kind", Code("closed", N_("Closed"), "停训"), Code("open", N_("Open"), "照常训练"))
_NAMES = {
    "元旦": N_("New Year"), "春节": N_("Spring Festival"), "清明": N_("Qingming"), "劳动节": N_("Labour Day"),
    "端午": N_("Dragon Boat Festival"), "端午节": N_("Dragon Boat Festival"), "中秋": N_("Mid-Autumn Festival"),
    "中秋节": N_("Mid-Autumn Festival"), "国庆节": N_("National Day"), "除夕": N_("New Year's Eve"),
}  # fmt: skip


class CalendarDay(Record):
    """A day on which the home departs from the public calendar 日历调整: closed or open after all."""

    title: ClassVar[str] = N_("Calendar day")
    titles: ClassVar[str] = N_("Calendar days")
    area: ClassVar[str] = "rehabilitation"
    first_state: ClassVar[str] = "current"
    event_field: ClassVar[str] = "day"
    title_field: ClassVar[str] = "day"

    day: Mapped[date] = field(N_("Day"), Date, required=True, listed=True, index=True)
    kind: Mapped[str] = field(N_("Therapy rooms"), codes=DAY_KINDS, required=True, listed=True)
    reason: Mapped[str | None] = field(N_("Reason"), String(100), required=True, listed=True, searched=True)

    def problems(self, work: Work) -> Iterator[Problem]:
        same = select(CalendarDay.id).where(
            CalendarDay.day == self.day,
            CalendarDay.id != self.id,
            CalendarDay.deleted_at.is_(None),
            CalendarDay.state != "void",
        )
        if work.scalar(same) is not None:
            yield Problem("day", _("This day is already in the home's calendar; please change that entry."))

    def summary(self) -> str:
        return f"{self.day:%Y-%m-%d} {DAY_KINDS.label(self.kind)} {self.reason or ''}".rstrip()


@dataclass(frozen=True)
class DayKind:
    """What a day is: whether the rooms are open, its name, and whether the name is a day off or a working weekend."""

    day: date
    open: bool
    name: str = ""
    kind: str = "ordinary"
    """``ordinary``, ``weekend``, ``holiday``, ``adjusted_workday``, ``expected`` or ``own``."""

    @property
    def words(self) -> str:
        """Say the day's particular in a few words; empty for an ordinary day."""
        if self.kind == "holiday":
            return _("{name}, day off").format(name=_name(self.name))
        if self.kind == "adjusted_workday":
            return _("Working day in lieu ({name})").format(name=_name(self.name))
        if self.kind == "expected":
            return _("{name} (days off not announced yet)").format(name=_name(self.name))
        if self.kind == "own":
            state = _("rooms open") if self.open else _("rooms closed")
            return _("{name}: {state}").format(name=self.name, state=state)
        return _("Weekend") if self.kind == "weekend" else ""


def _name(chinese: str) -> str:
    return chinese if current_language() == "zh_CN" else _(_NAMES.get(chinese, chinese))


@cache
def noticed_years() -> frozenset[int]:
    """Return the years whose notice of days off is known."""
    return frozenset(int(file.stem[-4:]) for file in path("reference", "holidays").glob("cn_holidays_*.csv"))


@cache
def _noticed(year: int) -> dict[date, tuple[str, str]]:
    if year not in noticed_years():
        return {}
    rows = table(f"holidays/cn_holidays_{year}.csv")
    return {date.fromisoformat(row["date"]): (row["kind"], row["name_zh"]) for row in rows}


@cache
def _festivals() -> dict[date, str]:
    rows = table("holidays/lunar_festivals_2024_2035.csv")
    return {date.fromisoformat(row["date"]): row["name_zh"] for row in rows if row["name_zh"] in _NAMES}


def day_kind(day: date, own: Mapping[date, tuple[str, str]] | None = None) -> DayKind:
    """Say what a day is; ``own`` holds the home's changes as day → (kind, reason).

    >>> day_kind(date(2026, 10, 10)).open
    True
    """
    if own and day in own:
        kind, reason = own[day]
        return DayKind(day, kind == "open", reason, "own")
    if day in _noticed(day.year):
        kind, name = _noticed(day.year)[day]
        return DayKind(day, kind == "adjusted_workday", name, kind)
    if day.year not in noticed_years() and day in _festivals():
        return DayKind(day, day.weekday() < 5, _festivals()[day], "expected")
    if day.weekday() >= 5:
        return DayKind(day, False, "", "weekend")
    return DayKind(day, True)


def own_days(work: Work, first: date, last: date) -> dict[date, tuple[str, str]]:
    """Return the home's changes of the calendar between two days, as day → (kind, reason)."""
    statement = select(CalendarDay.day, CalendarDay.kind, CalendarDay.reason).where(
        CalendarDay.deleted_at.is_(None), CalendarDay.state != "void", CalendarDay.day.between(first, last)
    )
    return {each.day: (each.kind, each.reason or "") for each in work.execute(statement)}


def day_kinds(work: Work, first: date, last: date) -> dict[date, DayKind]:
    """Say what each day between two days is, in this home."""
    own = own_days(work, first, last)
    return {day: day_kind(day, own) for day in days_between(first, last)}


def days_between(first: date, last: date) -> Iterable[date]:
    """Return every day from the first to the last."""
    return [first + timedelta(days=count) for count in range((last - first).days + 1)]


def missing_notice(days: Iterable[date]) -> list[int]:
    """Return the years among these days whose notice of days off is not known."""
    return sorted({day.year for day in days} - noticed_years())
