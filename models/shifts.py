"""Shifts 班次: the parts of a working day, as data; a night belongs to the day on which it begins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from models.calendar_rules import in_force
from models.core.words import CodeList, TableCodes
from resources import table

SHIFTS: CodeList = TableCodes("shift", "care/shifts.csv", code="shift", chinese="chinese", english="english")


@dataclass(frozen=True)
class Shift:
    """One shift of one day, with its true beginning and end."""

    day: date
    code: str
    starts: datetime
    ends: datetime

    @property
    def label(self) -> str:
        """The shift's name in the language in use."""
        return SHIFTS.label(self.code)

    def holds(self, moment: datetime) -> bool:
        """Whether a moment lies in this shift."""
        return self.starts <= moment < self.ends

    def before(self) -> Shift:
        """Return the shift that hands over to this one."""
        return shift_at(self.starts - timedelta(minutes=1))

    def after(self) -> Shift:
        """Return the shift that takes over from this one."""
        return shift_at(self.ends)


def shifts_of(day: date) -> tuple[Shift, ...]:
    """Return the shifts that begin on a day, in their order."""
    return tuple(_made(row, day) for row in in_force(table("care/shifts.csv"), day, key="shift"))


def _made(row: dict[str, str], day: date) -> Shift:
    starts = datetime.combine(day, time.fromisoformat(row["starts"]))
    ends = datetime.combine(day, time.fromisoformat(row["ends"]))
    return Shift(day, row["shift"], starts, ends if ends > starts else ends + timedelta(days=1))


def shift_of(day: date, code: str) -> Shift:
    """Return a shift by its day and code.

    Raises:
        KeyError: when the day has no such shift.
    """
    for shift in shifts_of(day):
        if shift.code == code:
            return shift
    raise KeyError(code)


def shift_at(moment: datetime) -> Shift:
    """Return the shift that runs at a moment; after midnight that is the night of the day before."""
    for day in (moment.date(), moment.date() - timedelta(days=1)):
        for shift in shifts_of(day):
            if shift.holds(moment):
                return shift
    return shifts_of(moment.date())[0]
