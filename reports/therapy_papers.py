"""Therapy papers 康复打印件: lay out what ``models.therapy_papers`` has gathered, each kind of sheet in its own way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from models.core.access import Actor
from models.core.database import Database
from models.core.errors import Invalid, Problem
from models.funded_days import AttendanceSheet
from models.papers import PaperHead, paper_head
from models.therapy_day import DaySheet
from models.therapy_funded import FundedMonth
from models.therapy_papers import PaperKind, gathered
from models.therapy_timetables import Asked, DepartmentWeek, DoorSheet, Timetable
from models.therapy_workload import Workload
from reports.page import Paper, render
from reports.therapy_attendance import attendance_paper, funded_month_paper
from reports.therapy_day import day_paper
from reports.therapy_weeks import department_paper, door_paper, timetable_paper
from reports.therapy_workload import workload_paper
from resources import _

LAYOUTS: dict[type, Callable[[Any, PaperHead], Paper]] = {
    DepartmentWeek: department_paper,
    Timetable: timetable_paper,
    DoorSheet: door_paper,
    DaySheet: day_paper,
    Workload: workload_paper,
    AttendanceSheet: attendance_paper,
    FundedMonth: funded_month_paper,
}


def therapy_document(
    database: Database,
    actor: Actor,
    kind: PaperKind,
    asked: Asked,
    on_paper: Callable[[int, int], None] = lambda number, count: None,
) -> bytes:
    """Return one document with all sheets of one printing; that it was made is noted in the trail.

    Raises:
        Forbidden: when the person may not print it.
        Invalid: when there is nothing to print.
    """
    with database.work(actor) as work:
        sheets = gathered(work, kind, asked)
        head = paper_head(work, _(kind.title))
    return render_sheets(sheets, head, lambda number: on_paper(number, len(sheets)))


def render_sheets(
    sheets: Sequence[Any], head: PaperHead, on_paper: Callable[[int], None] = lambda number: None
) -> bytes:
    """Return gathered sheets as one PDF document."""
    if not sheets:
        raise Invalid([Problem("", _("There is nothing to print for this choice."))])
    return render([LAYOUTS[type(each)](each, head) for each in sheets], on_paper=on_paper)
