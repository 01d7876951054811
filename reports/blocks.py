"""Blocks 版块: what a form is built of — cells in rows, rows in parts — said without any place on a page.

    Part(_("Care"), (*facts([(_("Weight"), "14.2 kg")]), *table(headings, rows)))

``reports.layout`` gives everything its place, breaks pages and draws; no text of data is ever read as markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Protocol

from reports import fonts
from reports.columns import PAD_X, Fixed, fitting, roomy
from reports.styles import CENTRED, CHOICES, HEADING, LABEL, MM, PROSE, SMALL, VALUE, Style
from resources import _

if TYPE_CHECKING:
    from reports.pen import Pen

PAD_Y = 3.0
LABEL_WIDTH = 62.0
_TICKS = ("□", "☑")
EMPTY = "/"
"""What stands in an empty cell of an archived form, so that nothing can be added later."""


class Art(Protocol):
    """Something drawn in a cell: a photo, a chart.

    Where it has words of its own for those who do not see it (``alt``), it is a figure; otherwise the texts it writes
    are the cell's, and its lines are furniture.
    """

    @property
    def height(self) -> float: ...

    def draw(self, pen: Pen, x: float, y: float, width: float, height: float) -> None:
        """Draw it with the lower left corner of its room at (x, y)."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a form.

    Attributes:
        ground: a heading's cell, lightly tinted; repeated when its row goes on on the next page.
        foot: lines at the bottom right, inside the cell: signature, seal and date.
        top: text begins at the top of the cell instead of standing in the middle.
        block: numbers stand at the right edge of a block this wide in the middle of the column.
        art, rows: a drawing, or a smaller grid, instead of text.
    """

    text: str = ""
    style: Style = VALUE
    ground: bool = False
    foot: tuple[str, ...] = ()
    top: bool = False
    block: float = 0.0
    art: Art | None = None
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its cells, the widths of their columns, and how it behaves where a page ends.

    Attributes:
        least: the least height.
        keep: the row is never parted from the next one.
        heads: rows repeated above this one when a page begins with it.
    """

    cells: tuple[Cell, ...]
    columns: tuple[float, ...] = ()
    least: float = 0.0
    keep: bool = False
    heads: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a form, named in the band at its left when it has a title."""

    title: str
    rows: tuple[Row, ...]


def esc(text: str, face: str = "song") -> str:
    """Return a text of data as reportlab's own ``Paragraph`` prints it literally, rare characters included."""
    pieces = []
    for line in fonts.printable(text, fonts.chain(face)).split("\n"):
        runs = fonts.chain(face).runs(line)
        pieces.append("".join(f'<font name="{piece.fontName}">{escape(words)}</font>' for piece, words in runs))
    return "<br/>".join(pieces)


def label(text: str) -> Cell:
    """Return the cell that names a field."""
    return Cell(text, LABEL, ground=True)


def checkbox(on: bool, text: str) -> str:
    """Return an entry of a list of choices as printed forms have it."""
    return _TICKS[on] + text


def facts(
    pairs: Iterable[tuple[str, str]],
    slots: int = 3,
    width: float = 482.0,
    empty: str = EMPTY,
    label_width: float = LABEL_WIDTH,
) -> tuple[Row, ...]:
    """Lay label–value pairs out, up to ``slots`` a row; a long value takes the room of two, or a row of its own."""
    rows: list[list[tuple[str, str, int]]] = [[]]
    room = width / slots - label_width - 2 * PAD_X
    for name, value in pairs:
        need = _slots_for(value, room, slots, label_width)
        if sum(each[2] for each in rows[-1]) + need > slots:
            rows.append([])
        rows[-1].append((name, value or empty, need))
    return tuple(_fact_row(row, slots, width, label_width) for row in rows if row)


def apart(pairs: Iterable[tuple[str, str]]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Divide facts into those that fit beside a photo, and those so long that they need rows of their own."""
    short: list[tuple[str, str]] = []
    long: list[tuple[str, str]] = []
    for name, value in pairs:
        (short if len(name) <= 24 and len(value) <= 80 and value.count("\n") < 3 else long).append((name, value))
    return short, long


def _slots_for(value: str, room: float, slots: int, label_width: float) -> int:
    wide = VALUE.chain.width(fonts.printable(value, VALUE.chain).replace("\n", " "), VALUE.size)
    if "\n" in value or wide > 2 * room + label_width:
        return slots
    return 1 if wide <= room else min(2, slots)


def _fact_row(row: Sequence[tuple[str, str, int]], slots: int, width: float, label_width: float) -> Row:
    """One row of facts; what its pairs leave free goes to the last value."""
    cells: list[Cell] = []
    columns: list[float] = []
    free = slots - sum(each[2] for each in row)
    for index, (name, value, need) in enumerate(row):
        taken = need + (free if index == len(row) - 1 else 0)
        cells += [label(name), Cell(value, CHOICES if value[:1] in _TICKS else VALUE)]
        columns += [Fixed(label_width), Fixed(width * taken / slots - label_width)]
    return Row(tuple(cells), (*columns[:-1], 1.0))


def label_room(labels: Iterable[str], widest: float = 92.0) -> float:
    """Return the width of a label column in which most labels of a form need one line."""
    widths = [LABEL.chain.width(fonts.printable(each, LABEL.chain), LABEL.size) + 2 * PAD_X + 1 for each in labels]
    return min(max([LABEL_WIDTH, *widths]), widest)


def table(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    title: str = "",
    numeric: Iterable[int] = (),
    widths: Sequence[float] = (),
    empty: str = EMPTY,
    width: float = 482.0,
    total: Sequence[str] = (),
    left: Iterable[int] = (),
    strong: Iterable[int] = (),
) -> tuple[Row, ...]:
    """Return a table: headings repeat on every page, and no row stands alone at the top or foot of one.

    Args:
        left: columns that are never centred, for entries indented under one another.
        strong: rows in bold, for sums among the others.
    """
    count = len(headings)
    numbers = frozenset(numeric)
    columns = roomy(widths, headings, rows, width) if widths else fitting(headings, rows, width)
    style = SMALL if count > 8 else VALUE
    styles = [style.but(align="right") if index in numbers else style for index in range(count)]
    apart, bold_rows = frozenset(left), frozenset(strong)
    styles = [
        each if index in apart else _middled(each, [row[index] for row in rows]) for index, each in enumerate(styles)
    ]
    bold = [each.but(face="song-bold") for each in styles]
    blocks = [
        _block(style, [row[index] for row in (*rows, *([total] if total else []))]) if index in numbers else 0.0
        for index in range(count)
    ]
    top = () if not title else (Row((Cell(title, HEADING, ground=True),), (1.0,), keep=True),)
    small = LABEL.but(size=style.size)
    head = Row(tuple(Cell(each, small, ground=True) for each in headings), columns, keep=True)
    body = [
        Row(
            tuple(map(_cell, (text or empty for text in row), bold if number in bold_rows else styles, blocks)),
            columns, heads=(head,),
        )
        for number, row in enumerate(rows)
    ]  # fmt: skip
    if total:
        body.append(Row(tuple(map(_cell, total, bold, blocks)), columns, heads=(head,)))
    return (*top, head, *_unparted(body))


def _cell(text: str, style: Style, block: float) -> Cell:
    return Cell(text, style, block=block)


def _block(style: Style, texts: Iterable[str]) -> float:
    """The width of the widest number of a column."""
    return max((style.chain.width(fonts.printable(text, style.chain), style.size) for text in texts), default=0.0)


def _middled(style: Style, texts: Sequence[str]) -> Style:
    """Centre a column of short entries (dates, codes, states), as forms do."""
    if style.align == "right" or any(len(line) > 11 for text in texts[:200] for line in text.split("\n")):
        return style
    return style.but(align="center", even=True)


def _unparted(rows: list[Row]) -> list[Row]:
    """Hold the first two and the last two rows of a table together."""
    for index in {0, len(rows) - 2}:
        if 0 <= index < len(rows) - 1:
            rows[index] = replace(rows[index], keep=True)
    return rows


def prose(
    name: str,
    text: str,
    empty: str = "",
    least: float = 0.0,
    foot: tuple[str, ...] = (),
    label_width: float = LABEL_WIDTH,
) -> Row:
    """Return a tall cell of free text beside its label."""
    body = Cell(text, PROSE, top=bool(foot), foot=foot) if text.strip() else Cell(empty, VALUE, foot=foot)
    return Row((label(name), body), (Fixed(label_width), 1.0), least=least)


def nothing(text: str) -> Row:
    """Return a row that says in words that there is nothing 本月无…."""
    return Row((Cell(text, CENTRED),), (1.0,), least=22.0)


def date_line() -> str:
    """Return an empty date to be written by hand."""
    return _("Date: ________")


def signatures(people: Sequence[tuple[str, str]], columns: int = 5) -> tuple[Row, ...]:
    """Return boxes to sign in: the role above, room for the name, the date at the foot of the cell."""
    made: list[Row] = []
    for start in range(0, len(people), columns):
        some = people[start : start + columns]
        share = (1.0,) * len(some)
        made.append(Row(tuple(label(role) for role, _name in some), share, keep=True))
        boxes = tuple(Cell(name, CENTRED, foot=(date_line(),)) for _role, name in some)
        made.append(Row(boxes, share, least=16 * MM, keep=True))
    return tuple(made)


def held(parts: Sequence[Part]) -> tuple[Part, ...]:
    """Hold the last part, the signatures, to the row before it: nobody signs an empty page."""
    *others, before, last = parts
    rows = (*before.rows[:-1], replace(before.rows[-1], keep=True)) if before.rows else ()
    return (*others, replace(before, rows=rows), last)


def opinion(
    role: str, text: str = "", seal: bool = False, least: float = 25 * MM, label_width: float = LABEL_WIDTH
) -> Row:
    """Return a row for an opinion, signed and dated inside the cell, with room for the seal."""
    foot = (_("Signature:") + "\u3000" * 7 + (_("(seal)") if seal else ""), date_line())
    return Row((label(role), Cell(text, PROSE, top=True, foot=foot)), (Fixed(label_width), 1.0), least=least)


@dataclass(frozen=True)
class Photo:
    """A photo, or the place to stick one, 25 × 35 mm."""

    image: bytes | None = None
    height: float = 35 * MM + 6

    @property
    def alt(self) -> str:
        """What it is, for those who do not see it."""
        return _("Photo") if self.image else _("Place for a photo")

    def draw(self, pen: Pen, x: float, y: float, width: float, height: float) -> None:
        wide, high = 25 * MM, 35 * MM
        left, low = x + (width - wide) / 2, y + (height - high) / 2
        if self.image and pen.picture(self.image, left, low, wide, high):
            return
        pen.dashed(left, low, left + wide, low, 0.35, 0.55)
        pen.dashed(left, low + high, left + wide, low + high, 0.35, 0.55)
        pen.dashed(left, low, left, low + high, 0.35, 0.55)
        pen.dashed(left + wide, low, left + wide, low + high, 0.35, 0.55)
        pen.centred(left + wide / 2, low + high / 2, _("Photo"), LABEL.chain, LABEL.size, 0.55)
