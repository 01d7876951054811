"""A therapist's day 治疗师当日训练单 on paper: what to know before each session, and room to note what was done."""

from __future__ import annotations

from models.papers import PaperHead
from models.therapy_day import DayLine, DaySheet
from reports.blocks import EMPTY, Cell, Fixed, Part, Row, nothing
from reports.page import Paper
from reports.styles import LABEL, Style
from reports.therapy_weeks import ACROSS, day_words, named
from resources import _

_TEXT = Style("song", 9.0, leading=1.25)
_COLUMNS = (Fixed(64), Fixed(62), Fixed(92), 1.1, 1.3, 1.2, Fixed(62), 1.5)


def day_paper(sheet: DaySheet, head: PaperHead) -> Paper:
    """Lay one therapist's day out."""
    words = " ".join(filter(None, (day_words(sheet.day.day), sheet.day.kind.words)))
    whole = head.but(period=words, subject=sheet.subject)
    heads = (_head(),)
    body = [_row(line, heads) for line in sheet.lines] or [nothing(_("No sessions on this day."))]
    told = (
        (_("Sessions"), str(len(sheet.day.sittings))),
        (_("Leave"), sheet.day.away),
        (_("Make-ups due"), str(len(sheet.day.owed) or "")),
    )
    parts = (Part("", named(sheet.subject, told, ACROSS)), Part("", (*heads, *body)))
    return Paper(whole, parts, landscape=True, closed=False, bookmark=sheet.subject)


def _head() -> Row:
    names = (
        _("Time"), _("Child"), _("Therapy and room"), _("To beware of"), _("Goals"), _("Last time"), _("Attendance"),
        _("Work done and response"),
    )  # fmt: skip
    return Row(tuple(Cell(each, LABEL, ground=True) for each in names), _COLUMNS, keep=True)


def _row(line: DayLine, heads: tuple[Row, ...]) -> Row:
    middle = _TEXT.but(align="center")
    cells = (
        Cell(line.time, middle),
        Cell(line.name, middle.but(face="song-bold", size=10.5)),
        Cell("\n".join(filter(None, (line.therapy, line.room))), middle.but(size=8.5)),
        Cell(line.cautions or EMPTY, _TEXT.but(face="hei-bold") if line.cautions else middle),
        Cell(line.goals or EMPTY, _TEXT if line.goals else middle),
        Cell(line.last or EMPTY, _TEXT.but(size=8.5) if line.last else middle),
        Cell(line.attended or " ", middle),
        Cell(" ", _TEXT),
    )
    return Row(cells, _COLUMNS, least=34.0, heads=heads)
