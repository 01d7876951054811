"""Funded children on paper 救助儿童训练考勤: the sheet of each child for the seal, and all of them on one sheet."""

from __future__ import annotations

from dataclasses import dataclass

from models.core.database import Work
from models.funded_days import AttendanceSheet, attendance_sheet, funded_children
from models.month import Month
from models.therapy_timetables import Asked


@dataclass(frozen=True)
class FundedMonth:
    """One programme's month 救助儿童训练考勤汇总: every enrolled child with the days of the month."""

    month: Month
    programme: str
    norm_words: str
    sheets: tuple[AttendanceSheet, ...]
    child_id: str = ""


def funded_sheets(work: Work, asked: Asked) -> list[AttendanceSheet]:
    """Gather the month of each chosen funded child, or of all of them."""
    month = Month(asked.day.year, asked.day.month)
    chosen = asked.ids or tuple(key for key, _name in funded_children(work, month))
    sheets = [attendance_sheet(work, child, month) for child in chosen]
    return sorted((each for each in sheets if each is not None), key=lambda each: (each.programme, each.number))


def funded_months(work: Work, asked: Asked) -> list[FundedMonth]:
    """Gather the month of all funded children together, one sheet a programme."""
    sheets = funded_sheets(work, asked)
    programmes = dict.fromkeys((each.programme, each.norm_words) for each in sheets)
    return [
        FundedMonth(sheets[0].month, programme, words, tuple(each for each in sheets if each.programme == programme))
        for programme, words in programmes
    ]
