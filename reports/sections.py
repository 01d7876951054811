"""Sections 栏目: what an area has to say, as rows of a form — figures in a grid, tables, charts, texts.

The monthly record and every form of a child are built of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from models.month import Grid, Section
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
from reports.styles import MM, VALUE
from resources import _

PHOTO = 31 * MM
"""The column in which a photo stands."""
_BLANK_LINES = 3


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
        *chart_row(section.chart, inner),
        *_prose_rows(section.texts, open_cells=open_cells),
    )
    return Part(_(section.title), rows)


def _prose_rows(texts: Sequence[tuple[str, str]], *, open_cells: bool) -> tuple[Row, ...]:
    room = label_room([name for name, _text in texts])
    least = 20 * MM if open_cells else 0.0
    empty = " " if open_cells else _("none")
    return tuple(prose(name, text, empty=empty, least=least, label_width=room) for name, text in texts)


def fact_rows(pairs: Sequence[tuple[str, str]], width: float, empty: str = EMPTY) -> tuple[Row, ...]:
    """Facts by twos or threes, labels as wide as they like to be or narrow: whatever needs the fewest rows."""
    names = [name for name, _value in pairs]
    wide = label_room(names, 80.0)
    ways = (
        facts(pairs, 2, width, empty, label_room(names)),
        facts(pairs, 3, width, empty, wide),
        facts(pairs, 3, width, empty),
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
    return table(grid.headings, grid.rows, title=grid.title, numeric=grid.numeric, widths=grid.widths, width=width)
