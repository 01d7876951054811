"""Therapy papers 康复打印件: which there are, for whom and who may print them — each declared once, here.

    kind = THERAPY_PAPERS["therapist_week"]
    sheets = gathered(work, kind, Asked(day, ids=(staff_id,)))

``reports.therapy_papers`` lays the values out; the Papers room, the calendar and the command line offer what is
declared here and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.core.database import Work
from models.core.errors import Forbidden
from models.core.record import new_id
from models.month import Month
from models.papers import note_printed
from models.scheduling.recurrence import week_of
from models.therapy import TherapySession
from models.therapy_day import therapist_day
from models.therapy_funded import funded_months, funded_sheets
from models.therapy_timetables import Asked, child_week, department_week, room_day, room_week, therapist_week
from models.therapy_workload import workload
from resources import N_, _


@dataclass(frozen=True)
class PaperKind:
    """One therapy paper.

    Attributes:
        needs: the record type and action without which nobody prints it.
        subject: ``therapist``, ``child``, ``funded`` (a child in a programme) or ``room`` when it is about one of them each; empty for the whole department.
        period: ``day``, ``week`` or ``month``.
        masked: children's names are masked unless wished otherwise (True), or only if wished (False).
        maskable: whether there is that choice at all.
    """

    key: str
    title: str
    about: str
    needs: tuple[str, str]
    period: str
    gather: Callable[[Work, Asked], list[Any]]
    subject: str = ""
    masked: bool = False
    maskable: bool = True


def may_print(work: Work, kind: PaperKind) -> None:
    """Refuse to go on when the person may not print this paper.

    Raises:
        Forbidden: when so.
    """
    type_name, action = kind.needs
    if not work.actor.may(action, type_name):
        raise Forbidden(_("Your roles do not allow this: {what}.").format(what=_(kind.title)))


def gathered(work: Work, kind: PaperKind, asked: Asked) -> list[Any]:
    """Return the sheets of one printing; that they leave the screen is noted with this unit of work.

    Raises:
        Forbidden: when the person may not print them.
    """
    may_print(work, kind)
    sheets = kind.gather(work, asked)
    batch = new_id()
    for sheet in sheets:
        note_printed(
            work, kind.title, TherapySession, child_id=getattr(sheet, "child_id", ""),
            period=period_of(kind, asked.day), batch=batch, masked=asked.masked,
        )  # fmt: skip
    return sheets


def period_of(kind: PaperKind, day: date) -> str:
    """Name the period of a paper, for the trail and for file names: 2026-11-16, 2026-11."""
    if kind.period == "month":
        return str(Month(day.year, day.month))
    return (week_of(day)[0] if kind.period == "week" else day).isoformat()


SESSIONS = ("TherapySession", "print")
FUNDED = ("ProgrammeEnrolment", "print")
_ALL = (
    PaperKind(
        "department_week", N_("Week of the therapy department"), N_("All therapists and days on one sheet, for the notice board of the department."),
        SESSIONS, "week", department_week, "therapist",
    ),
    PaperKind(
        "therapist_week", N_("Week of a therapist"), N_("The timetable of one therapist with children and rooms."),
        SESSIONS, "week", therapist_week, "therapist",
    ),
    PaperKind(
        "therapist_day", N_("Day of a therapist"), N_("The sessions of one day with goals and what to beware of, and room to note."),
        SESSIONS, "day", therapist_day, "therapist",
    ),
    PaperKind(
        "child_week", N_("Week of a child in therapy"), N_("For the wall of the unit: large, in words that child and carer know."),
        SESSIONS, "week", child_week, "child",
    ),
    PaperKind(
        "room_day", N_("Door sheet of a room, one day"), N_("Who is treated in the room today, for its door; names are masked unless wished otherwise."),
        SESSIONS, "day", room_day, "room", masked=True,
    ),
    PaperKind(
        "room_week", N_("Door sheet of a room, one week"), N_("The week of the room, for its door; names are masked unless wished otherwise."),
        SESSIONS, "week", room_week, "room", masked=True,
    ),
    PaperKind(
        "workload", N_("Monthly workload of the therapy department"),
        N_("Sessions, minutes, groups and absences by reason, by therapist, child and therapy; the sums close."),
        SESSIONS, "month", workload,
    ),
    PaperKind(
        "funded_sheet", N_("Attendance sheet of a funded child"),
        N_("A child's month for the seal of the home and of the disabled persons' federation, a line a day."),
        FUNDED, "month", funded_sheets, "funded", maskable=False,
    ),
    PaperKind(
        "funded_month", N_("Attendance of all funded children"),
        N_("All children of a programme by the days of the month, lessons and minutes, for the seal."),
        FUNDED, "month", funded_months, maskable=False,
    ),
)  # fmt: skip
THERAPY_PAPERS = {kind.key: kind for kind in _ALL}
"""Every therapy paper, in the order in which they are offered."""
