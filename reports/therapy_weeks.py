"""Therapy weeks 康复课表: the week of the department, of one therapist, child or room, and a room's day, on paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from itertools import product

from models.papers import PaperHead
from models.therapy_timetables import DepartmentWeek, DoorSheet, Lesson, PaperDay, StaffWeek, Timetable
from reports import fonts
from reports.blocks import EMPTY, PAD_X, Cell, Fixed, Part, Row, facts, label, nothing
from reports.page import BINDING, EDGE, Paper
from reports.pen import Pen
from reports.styles import A4, CENTRED, GREY, LABEL, VALUE, Style
from reports.text import Line, lines_of
from resources import N_, _

WEEKDAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip
ACROSS = A4[1] - BINDING - EDGE
"""The width of the frame on a page that lies across."""
_ROOM = 356.0
"""The height a timetable may fill on one page that lies across."""
_TIME = Fixed(66.0)
_NOON = time(12)


def week_words(days: Sequence[date]) -> str:
    """Name a week as the head of a paper does: its days and its number."""
    number = days[0].isocalendar().week
    return _("{first} to {last}, week {n}").format(first=days[0].isoformat(), last=days[-1].isoformat(), n=number)


def day_words(day: date) -> str:
    """Name a day as the head of a paper does."""
    return f"{day.isoformat()} {_(WEEKDAYS[day.weekday()])}"


# --- the department ------------------------------------------------------------------------------------


def department_paper(week: DepartmentWeek, head: PaperHead) -> Paper:
    """Lay the department's week out: a line a therapist, the days beside each other, mornings beside afternoons."""
    whole = head.but(period=week_words([each.day for each in week.days]), confidential=not week.public)
    style = _size_for(week)
    columns = (Fixed(_NAME), *((1.0, 1.0) * len(week.days)))
    heads = _department_heads(week, columns)
    body = [_staff_row(each, week, style, columns, heads) for each in week.rows]
    total = (_total_row(week, columns, heads),) if body else (nothing(_("No sessions in this week.")),)
    return Paper(whole, (Part("", (*heads, *body, *total)),), landscape=True, closed=False)


_NAME = 52.0
_MOST_SIGNS = 200
"""A name or a value with more signs than this has no place beside others."""
_MOST_LINES = 14
"""A line of the department's week with more lessons than this in half a day may be parted between pages."""


def _department_heads(week: DepartmentWeek, columns: tuple[float, ...]) -> tuple[Row, ...]:
    spans = (Fixed(_NAME), *((1.0,) * len(week.days)))
    small = LABEL.but(size=7.5)
    first = [Cell(_("Therapist"), LABEL.but(size=8), ground=True)]
    first += [Cell(_day_head(each), LABEL, ground=True) for each in week.days]
    second = [Cell(_("Sessions"), small, ground=True)]
    second += [Cell(_(half), small, ground=True) for _day in week.days for half in (N_("Morning"), N_("Afternoon"))]
    return Row(tuple(first), spans, keep=True), Row(tuple(second), columns, keep=True)


def _day_head(day: PaperDay) -> str:
    words = f"{_(WEEKDAYS[day.day.weekday()])} {day.day:%m-%d}"
    return f"{words}\n{day.note}" if day.note else words


def _size_for(week: DepartmentWeek) -> Style:
    """The largest letters at which nearly all lessons keep one line."""
    room = (ACROSS - _NAME) / (2 * max(len(week.days), 1)) - 2 * PAD_X
    texts = [text for each in week.rows for half in each.halves for part in half for text in part]
    for size in (8.5, 8.0, 7.5, 7.0, 6.8):
        style = Style("song", size, leading=1.28)
        wide = [text for text in texts if style.chain.width(fonts.printable(text, style.chain), size) > room]
        if len(wide) <= 0.03 * len(texts):
            return style
    return style


def _staff_row(
    person: StaffWeek, week: DepartmentWeek, style: Style, columns: tuple[float, ...], heads: tuple[Row, ...]
) -> Row:
    load = _("{n}, {hours} h").format(n=person.sittings, hours=f"{person.minutes / 60:g}")
    said = "\n".join(filter(None, (person.name, person.therapy, load)))
    cells = [_whole(said, person)]
    for day, half, away in zip(week.days, person.halves, person.away, strict=True):
        cells += [_half_cell(lines, leave, day, style) for lines, leave in zip(half, away, strict=True)]
    return Row(tuple(cells), columns, least=26.0, heads=heads)


def _whole(said: str, person: StaffWeek) -> Cell:
    """The name's cell: drawn, so that the line is never parted between pages, unless no page could hold it."""
    style = LABEL.but(size=8)
    lines = tuple((style, line) for line in lines_of(said, style, _NAME - 2 * PAD_X))
    longest = max((len(part) for half in person.halves for part in half), default=0)
    if max(longest, len(lines)) > _MOST_LINES:
        return Cell(said, style, ground=True)
    return Cell(art=Lessons(lines, 4.0), ground=True)


def _half_cell(lines: Sequence[str], leave: str, day: PaperDay, style: Style) -> Cell:
    said = [f"〔{leave}〕", *lines] if leave else list(lines)
    if not said:
        return Cell(EMPTY, style.but(align="center"), ground=not day.open)
    return Cell("\n".join(said), style, top=True)


def _total_row(week: DepartmentWeek, columns: tuple[float, ...], heads: tuple[Row, ...]) -> Row:
    spans = (Fixed(_NAME), *((1.0,) * len(week.days)))
    cells = [Cell(_("Total {n}").format(n=week.sittings), LABEL, ground=True)]
    cells += [Cell(str(count), CENTRED.but(face="song-bold")) for count in week.per_day]
    return Row(tuple(cells), spans, heads=heads)


# --- one timetable ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Look:
    """How large the lessons of a timetable are set: their words, where and with whom, and the air around."""

    title: Style
    detail: Style
    air: float = 5.0


def looks_for(by: str) -> Iterator[Look]:
    """Yield the looks of a timetable, the largest first."""
    if by == "child":
        yield from (_look("hei-bold", size, max(size * 0.5, 9.0)) for size in (26, 21, 17, 14, 12))
    yield from (_look("song-bold", size, size * 0.78) for size in (13.0, 11.5, 10.0))
    yield Look(_style("song-bold", 9.0, 1.15), _style("song", 7.0, 1.12, GREY), 2.2)


def _look(face: str, size: float, small: float) -> Look:
    return Look(_style(face, size, 1.22), _style("song", small, 1.25, GREY))


def _style(face: str, size: float, leading: float, grey: float = 0.0) -> Style:
    return Style(face, size, leading=leading, align="center", grey=grey)


@dataclass(frozen=True)
class Lessons:
    """What takes place in one cell of a timetable: the words of each lesson large, where and with whom small."""

    pieces: tuple[tuple[Style, Line], ...]
    air: float

    @property
    def height(self) -> float:
        return sum(style.line for style, _line in self.pieces) + self.air

    def draw(self, pen: Pen, x: float, y: float, width: float, height: float) -> None:
        top = y + (height + self.height - self.air) / 2
        for style, line in self.pieces:
            middle = top - style.line / 2 - style.size * 0.36
            pen.centred(x + width / 2, middle, line.text, style.chain, style.size, style.grey)
            top -= style.line


def timetable_paper(week: Timetable, head: PaperHead) -> Paper:
    """Lay one timetable out: times down, days across."""
    days = [each.day for each in week.days]
    whole = head.but(
        period=week_words(days), subject=week.subject, file_number=week.number, confidential=not week.public
    )
    parts = (Part("", named(week.subject, week.facts, ACROSS)), Part("", _Timetable(week).all()))
    return Paper(whole, parts, landscape=True, closed=False, bookmark=week.subject)


def named(name: str, pairs: Sequence[tuple[str, str]], width: float) -> tuple[Row, ...]:
    """Return whose sheet it is, large enough to be found on a wall, beside what else is to be known.

    What is far too long for that stands row under row, so that it can go on over the pages.
    """
    if max(map(len, (name, *(text for pair in pairs for text in pair)))) > _MOST_SIGNS:
        return facts((("", name), *pairs), slots=1, width=width)
    rest = [Row((label(each), Cell(words or EMPTY, VALUE.but(size=10)))) for each, words in pairs]
    columns = (Fixed(56.0), 1.0)
    cells = tuple(Cell(rows=(replace(row, columns=columns),)) for row in rest)
    size = 20 if len(name) <= 8 else 14
    return (
        Row((Cell(name, Style("hei-bold", size, align="center")), *cells), (1.4, *((1.0,) * len(cells))), least=32.0),
    )


class _Timetable:
    """Makes the rows of one timetable."""

    def __init__(self, week: Timetable) -> None:
        self.week = week
        self.starts = sorted({lesson.starts_at.time() for lesson in week.lessons})
        self.columns = (_TIME, *((1.0,) * len(week.days)))
        self.width = (ACROSS - _TIME) / max(len(week.days), 1)

    def all(self) -> tuple[Row, ...]:
        """Return the head, and a row for every time at which something begins, as large as one page allows."""
        above = (*self._head(), *self._leave())
        if not self.week.lessons:
            return (*above, nothing(_("No sessions in this week.")))
        for look, between in product(looks_for(self.week.by), ("\n", _(" · "))):
            self.look, self.between = look, between
            body = tuple(self._body())
            if sum(map(_height, (*above[1:], *body))) <= _ROOM:
                break
        return (*above, *body)

    def _head(self) -> tuple[Row, ...]:
        cells = [Cell(_("Time"), LABEL, ground=True)]
        cells += [Cell(_day_head(each), LABEL.but(size=10), ground=True) for each in self.week.days]
        return (Row(tuple(cells), self.columns, least=24.0, keep=True),)

    def _leave(self) -> Iterator[Row]:
        if not any(any(each.away) for each in self.week.days):
            return
        cells = [Cell(_("Leave"), LABEL, ground=True)]
        cells += [Cell(_away_words(each), CENTRED) for each in self.week.days]
        yield Row(tuple(cells), self.columns, keep=True)

    def _body(self) -> Iterator[Row]:
        starts = self.starts
        both = starts[0] < _NOON <= starts[-1]
        least = min(max((_ROOM - 14 * both) / len(starts), 20.0), 120.0 if self.week.by == "child" else 46.0)
        heads = self._head()
        for number, start in enumerate(starts):
            if both and number and starts[number - 1] < _NOON <= start:
                yield Row((Cell(_("Midday rest"), LABEL.but(size=8), ground=True),), (1.0,), least=14.0, keep=True)
            yield self._row(start, least, heads)

    def _row(self, start: time, least: float, heads: tuple[Row, ...]) -> Row:
        now = [lesson for lesson in self.week.lessons if lesson.starts_at.time() == start]
        ends = {lesson.ends_at.time() for lesson in now}
        words = f"{start:%H:%M}–{min(ends):%H:%M}" if len(ends) == 1 else f"{start:%H:%M}"
        cells = [Cell(words, LABEL.but(size=9), ground=True)]
        for each in self.week.days:
            cells.append(self._cell([one for one in now if one.starts_at.date() == each.day], each, len(ends) > 1))
        return Row(tuple(cells), self.columns, least=least, heads=heads)

    def _cell(self, lessons: Sequence[Lesson], day: PaperDay, with_end: bool) -> Cell:
        if not lessons:
            return Cell(EMPTY, CENTRED.but(grey=GREY), ground=not day.open)
        made = Lessons(tuple(self._pieces(lessons, with_end)), self.look.air)
        if made.height <= _ROOM / 3:
            return Cell(art=made)
        return Cell("\n".join(filter(None, (text for each in lessons for text in _said(each, with_end)))), VALUE)

    def _pieces(self, lessons: Sequence[Lesson], with_end: bool) -> Iterator[tuple[Style, Line]]:
        for each in lessons:
            title, detail = _said(each, with_end)
            detail = detail.replace("\n", self.between)
            for style, text in ((self.look.title, title), (self.look.detail, detail)):
                yield from ((style, line) for line in lines_of(text, style, self.width - 2 * PAD_X))


def _height(row: Row) -> float:
    return max(row.least, *(cell.art.height for cell in row.cells if cell.art is not None), 0.0)


def _said(lesson: Lesson, with_end: bool) -> tuple[str, str]:
    until = _("until {time}").format(time=f"{lesson.ends_at:%H:%M}") if with_end else ""
    return lesson.title, ("\n" if "\n" in lesson.detail else _(" · ")).join(filter(None, (lesson.detail, until)))


def _away_words(day: PaperDay) -> str:
    early, late = day.away
    if early and early == late:
        return early
    said = [f"{_(half)} {words}" for half, words in ((N_("Morning"), early), (N_("Afternoon"), late)) if words]
    return _("; ").join(said) or EMPTY


# --- a room's day -------------------------------------------------------------------------------------------


def door_paper(sheet: DoorSheet, head: PaperHead) -> Paper:
    """Lay one room's day out, upright and large enough to be read in the corridor."""
    words = day_words(sheet.day.day)
    whole = head.but(period=f"{words} {sheet.day.note}".strip(), subject=sheet.subject, confidential=not sheet.public)
    width = A4[0] - BINDING - EDGE
    columns = (Fixed(96.0), 1.2, 1.0)
    names = (_("Time"), _("Child"), _("Therapy and therapist"))
    heads = (Row(tuple(Cell(each, LABEL.but(size=10.5), ground=True) for each in names), columns, least=26, keep=True),)
    body = [_door_row(each, columns, heads, len(sheet.lessons)) for each in sheet.lessons]
    rows = (*heads, *(body or [nothing(_("No sessions on this day."))]))
    return Paper(
        whole,
        (Part("", named(sheet.subject, sheet.facts, width)), Part("", rows)),
        closed=False,
        bookmark=sheet.subject,
    )


def _door_row(lesson: Lesson, columns: tuple[float, ...], heads: tuple[Row, ...], count: int) -> Row:
    large = Style("song", 13 if count <= 16 else 10.5, leading=1.25, align="center")
    cells = (
        Cell(f"{lesson.starts_at:%H:%M}–{lesson.ends_at:%H:%M}", large),
        Cell(lesson.title, large.but(face="song-bold", align="left")),
        Cell(lesson.detail or EMPTY, large.but(align="left")),
    )
    return Row(cells, columns, least=30.0 if count <= 16 else 22.0, heads=heads)
