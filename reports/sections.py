"""Sections 栏目: what an area has to say, as rows of a form — figures in a grid, tables, charts, texts.

The monthly record and every form of a child are built of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

from models.attendance_chart import AttendanceChart
from models.month import Grid, Section
from reports.attendance_art import attendance_row
from reports.blocks import (
    EMPTY,
    LABEL_WIDTH,
    Cell,
    Fixed,
    Part,
    Photo,
    Row,
    apart,
    facts,
    label,
    label_room,
    nothing,
    prose,
    table,
)
from reports.charts import chart_row
from reports.layout import BAND
from reports.page import WIDTH
from reports.styles import MM, SMALL, VALUE
from resources import _

PHOTO = 31 * MM
"""The column in which a photo stands."""
_BLANK_LINES = 3
_ABREAST = 2
_DENSE = 20
"""From so many columns on, a table is a month of days: narrow cells of equal width, in small type."""
_DAY, _TINY = 17.8, SMALL.but(size=7.5, leading=1.2, align="center")


def who(
    pairs: Sequence[tuple[str, str]], warnings: Sequence[str], photo: bytes | None, empty: str = EMPTY
) -> tuple[Row, ...]:
    """The child: facts at the left, photo at the right, and below what everyone must know."""
    short, long = apart(pairs)
    rows = facts(short, slots=2, width=WIDTH - PHOTO, empty=empty)
    top = Row((Cell(rows=rows), Cell(art=Photo(photo))), (1.0, Fixed(PHOTO)))
    return (top, *facts(long, slots=1, width=WIDTH, empty=empty), *mind(warnings))


def mind(warnings: Sequence[str]) -> tuple[Row, ...]:
    """What everyone must know, across the form; nothing where there is nothing."""
    if not warnings:
        return ()
    words = Cell(_("; ").join(warnings), VALUE.but(face="hei-bold", size=9.0))
    return (Row((label(_("Mind")), words), (Fixed(LABEL_WIDTH), 1.0)),)


def section_part(section: Section, *, nothing_said: str, width: float = WIDTH, open_cells: bool = False) -> Part:
    """One section as a part of a form; ``nothing_said`` stands where it is empty.

    Args:
        open_cells: cells without a value are left to be written in by hand, and so are some lines of an empty table.
    """
    inner = width - (BAND if section.title else 0.0)
    if section.withheld:
        return Part(_(section.title), (nothing(_("Not included: the person printing may not read this area.")),))
    if section.empty:
        return Part(_(section.title), (nothing(nothing_said),))
    empty = " " if open_cells else EMPTY
    rows = (
        *fact_rows(section.facts, inner, empty),
        *chain.from_iterable(grid_rows(each, inner, open_cells=open_cells) for each in section.grids),
        *_chart_rows(section.chart, inner),
        *_prose_rows(section.texts, open_cells=open_cells),
    )
    return Part(_(section.title), rows)


def _chart_rows(chart: Any, width: float) -> tuple[Row, ...]:
    """The charts of a section, two abreast."""
    charts = chart if isinstance(chart, tuple) else (chart,)
    if isinstance(chart, AttendanceChart):
        return attendance_row(chart)
    pairs = (charts[start : start + _ABREAST] for start in range(0, len(charts), _ABREAST))
    return tuple(row for pair in pairs for row in chart_row(pair, width))


def _prose_rows(texts: Sequence[tuple[str, str]], *, open_cells: bool) -> tuple[Row, ...]:
    room = label_room([name for name, _text in texts])
    least = 20 * MM if open_cells else 0.0
    empty = " " if open_cells else _("none")
    return tuple(prose(name, text, empty=empty, least=least, label_width=room) for name, text in texts)


def word_room(labels: Sequence[str]) -> float:
    """Return the width of a label column in which no word of letters is broken."""
    return label_room((word for each in labels for word in each.split() if word.isascii()), 92.0)


def fact_rows(pairs: Sequence[tuple[str, str]], width: float, empty: str = EMPTY) -> tuple[Row, ...]:
    """Facts by twos or threes, labels as wide as they like to be or narrow: whatever needs the fewest rows."""
    names = [name for name, _value in pairs]
    least = word_room(names)
    wide = max(label_room(names, 80.0), least)
    ways = (
        facts(pairs, 2, width, empty, label_room(names)),
        facts(pairs, 3, width, empty, wide),
        facts(pairs, 3, width, empty, least),
    )
    return min(ways, key=len)


def grid_rows(grid: Grid, width: float, *, open_cells: bool = False) -> tuple[Row, ...]:
    """A table; without rows one line that says so, or lines to write in on a form that is still open."""
    if not grid.rows and open_cells:
        blank = [("",) * len(grid.headings)] * _BLANK_LINES
        return table(grid.headings, blank, title=grid.title, widths=grid.widths, empty=" ", width=width)
    if not grid.rows:
        words = Cell(_("none"), VALUE)
        return (Row((label(grid.title), words), (Fixed(LABEL_WIDTH), 1.0)),) if grid.title else (nothing(_("none")),)
    if len(grid.headings) > _DENSE:
        return _dense_rows(grid, width)
    return table(
        grid.headings, grid.rows, title=grid.title, numeric=grid.numeric, widths=grid.widths, width=width,
        empty=" " if open_cells else EMPTY,
    )  # fmt: skip


def _dense_rows(grid: Grid, width: float) -> tuple[Row, ...]:
    """A table of days: the cells of one character each as narrow as can be, the others share the rest."""
    narrow = [all(len(line) <= 2 for row in (grid.headings, *grid.rows) for line in row[place].split("\n"))
              for place in range(len(grid.headings))]  # fmt: skip
    wide = [share for share, slim in zip(grid.widths or (1.0,) * len(narrow), narrow, strict=True) if not slim]
    left = width - _DAY * sum(narrow)
    columns = tuple(
        _DAY if slim else left * share / sum(wide)
        for share, slim in zip(grid.widths or (1.0,) * len(narrow), narrow, strict=True)
    )
    head = Row(tuple(Cell(each, _TINY, ground=True) for each in grid.headings), columns, keep=True)
    named = _TINY.but(align="left", size=8.0)
    rows = tuple(
        Row(tuple(Cell(text, _TINY if place else named) for place, text in enumerate(row)), columns, heads=(head,))
        for row in grid.rows
    )
    return (head, *rows)
