"""Layout 版面: give the rows of a form their place on pages.

Rows are measured once, then placed: a row that does not fit goes to the next page, a tall text is parted between
two lines with nothing lost, headings of tables repeat, and rows that belong together stay together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from math import ceil
from typing import Any

from reports.blocks import PAD_X, PAD_Y, Cell, Fixed, Part, Row
from reports.fonts import printable
from reports.styles import BAND_NAME, HEADING
from reports.text import Line, lines_of
from resources import _

BAND = 21.0
"""The width of the band with a part's name."""


def pad(cell: Cell) -> float:
    """The room above and below the text of a cell; dense tables have less."""
    return PAD_Y if cell.style.size > 8.6 else 1.9


@dataclass(slots=True)
class Box:
    """A cell with its column, its lines, and the strips of the grid inside it.

    Attributes:
        again: it only repeats what stood on an earlier page.
        owner: once the cell was parted: what its pieces belong to, filled when the first of them is drawn.
    """

    cell: Cell
    x: float
    width: float
    lines: list[Line]
    inside: list[Strip]
    again: bool = False
    owner: list[Any] | None = None

    @property
    def height(self) -> float:
        """The height its content needs."""
        cell = self.cell
        if cell.art is not None:
            return cell.art.height
        if self.inside:
            return sum(each.height for each in self.inside)
        return (len(self.lines) + len(cell.foot)) * cell.style.line + 2 * pad(cell)


@dataclass(slots=True)
class Strip:
    """A measured row.

    Attributes:
        named: the height that the name of its part needs on every page.
    """

    row: Row
    boxes: list[Box]
    part: int
    height: float = 0.0
    named: float = 0.0

    def edges(self) -> tuple[float, ...]:
        """Where the upright lines between its cells stand."""
        return tuple(box.x for box in self.boxes[1:])

    @property
    def lines(self) -> int:
        """How many lines of text its tallest cell has."""
        return max((len(box.lines) for box in self.boxes), default=0)

    @property
    def whole(self) -> bool:
        """Whether it can never be parted: it holds rows of its own."""
        return any(box.inside for box in self.boxes)

    @property
    def drawn(self) -> bool:
        """Whether it holds a drawing, and is parted only where no page holds it: the drawing stays on the first."""
        return any(box.cell.art is not None for box in self.boxes)


@dataclass(slots=True)
class Sheet:
    """One page's strips, from top to bottom."""

    strips: list[Strip] = field(default_factory=list)
    used: float = 0.0

    def put(self, strip: Strip) -> None:
        """Place one more strip."""
        self.strips.append(strip)
        self.used += strip.height


def measured(parts: Sequence[Part], width: float, squeeze: float = 1.0) -> list[Strip]:
    """Measure every row of a form ``width`` points wide; ``squeeze`` takes from the room left to write in."""
    strips: list[Strip] = []
    for number, part in enumerate(parts):
        name = band_name(part)
        left = BAND if name else 0.0
        rows = part.rows if name or not part.title else _headed(part)
        rows = rows if squeeze == 1.0 else [replace(row, least=row.least * squeeze) for row in rows]
        own = _strips(rows, left, width - left, number)
        if name and own:
            need = band_need(name)
            _heighten(own, need)
            _hold_ends(own, need)
            for strip in own:
                strip.named = need
        strips.extend(own)
    return strips


def _headed(part: Part) -> Sequence[Row]:
    """The rows of a part whose name is too long for a band: it heads them, on every page."""
    head = Row((Cell(part.title, HEADING, ground=True),), (1.0,), keep=True)
    return (head, *(replace(row, heads=(head, *row.heads)) for row in part.rows)) if part.rows else ()


def _hold_ends(strips: list[Strip], need: float) -> None:
    """Hold the first and the last rows of a part together, so that its name has room on either side of a page break."""
    reached = 0.0
    for strip in strips[:-1]:
        reached += strip.height
        if reached >= need:
            break
        strip.row = replace(strip.row, keep=True)
    reached = 0.0
    for before, strip in zip(reversed(strips[:-1]), reversed(strips[1:]), strict=True):
        reached += strip.height
        if reached >= need:
            break
        before.row = replace(before.row, keep=True)


def _strips(rows: Sequence[Row], left: float, width: float, part: int) -> list[Strip]:
    strips, columns, places = [], None, []
    for row in rows:
        if row.columns is not columns:
            columns, places = row.columns, _places(row.columns or (1.0,) * len(row.cells), left, width)
        strips.append(_strip(row, places, part))
    return strips


def _places(columns: Sequence[float], left: float, width: float) -> list[tuple[float, float]]:
    """Turn columns into (x, width)."""
    fixed = sum(each for each in columns if isinstance(each, Fixed))
    shares = sum(each for each in columns if not isinstance(each, Fixed))
    unit = (width - fixed) / shares if shares else 0.0
    places, x = [], left
    for each in columns:
        wide = float(each) if isinstance(each, Fixed) else each * unit
        places.append((x, wide))
        x += wide
    return places


def _strip(row: Row, places: Sequence[tuple[float, float]], part: int) -> Strip:
    boxes = []
    for cell, (x, wide) in zip(row.cells, places, strict=True):
        inside = _strips(cell.rows, x, wide, part) if cell.rows else []
        lines = lines_of(cell.text, cell.style, wide - 2 * PAD_X) if cell.text else []
        boxes.append(Box(cell, x, wide, lines, inside))
    strip = Strip(row, boxes, part, max(row.least, *(box.height for box in boxes)))
    for box in boxes:
        if box.inside:
            _heighten(box.inside, strip.height)
    return strip


def _heighten(strips: list[Strip], least: float) -> None:
    """Share out what rows lack of a height they must fill together."""
    lack = least - sum(each.height for each in strips)
    if lack > 0:
        for each in strips:
            each.height += lack / len(strips)


def paged(strips: Sequence[Strip], first: float, others: float) -> list[Sheet]:
    """Break measured rows into pages with ``first`` and then ``others`` points of room."""
    waiting, sheets, room = list(reversed(strips)), [Sheet()], first
    while waiting:
        group = _group(waiting)
        sheet = sheets[-1]
        if not sheet.strips and len(sheets) > 1:
            _repeat_heads(sheet, group[0], others / 3)
        left = room - sheet.used
        if sum(each.height for each in group) <= left:
            _place(sheet, waiting, len(group))
            continue
        fresh = not sheet.strips or all(each.row in group[0].row.heads for each in sheet.strips)
        _place_some(sheet, waiting, group, left, forced=fresh)
        if waiting:
            sheets.append(Sheet())
            room = others
    return sheets


def _group(waiting: list[Strip]) -> list[Strip]:
    """The next rows that must stay together (``waiting`` has the next one last)."""
    group = [waiting[-1]]
    while group[-1].row.keep and len(group) < len(waiting):
        group.append(waiting[-1 - len(group)])
    return group


def _repeat_heads(sheet: Sheet, strip: Strip, most: float) -> None:
    """Put a table's headings above its first row of a page, unless they would fill the page themselves."""
    left = strip.boxes[0].x
    width = strip.boxes[-1].x + strip.boxes[-1].width - left
    heads = _strips(strip.row.heads, left, width, strip.part)
    if sum(each.height for each in heads) <= most:
        for each in heads:
            for box in each.boxes:
                box.again = True
            sheet.put(each)


def _place(sheet: Sheet, waiting: list[Strip], count: int) -> None:
    for _index in range(count):
        sheet.put(waiting.pop())


def _place_some(sheet: Sheet, waiting: list[Strip], group: list[Strip], left: float, *, forced: bool) -> None:
    """Place what can be placed of a group that does not fit: at least something when the page is fresh.

    A tall text at the head of a group begins on this page; its end goes on with the rest of the group.
    """
    heading = all(box.cell.ground for box in group[0].boxes)
    begun = parted(group[0], left, least=_name_room(sheet, waiting, 0, 0)) if len(group) > 1 and not heading else None
    if begun:
        sheet.put(begun[0])
        waiting[-1] = begun[1]
        return
    before = 0.0
    for number, strip in enumerate(group):
        if before + strip.height <= left:
            before += strip.height
            continue
        may = forced or number == len(group) - 1 or strip.lines >= _TALL
        least = _name_room(sheet, waiting, number, before)
        alone = forced and not (number and strip.drawn)
        pieces = parted(strip, left - before, forced=alone, least=least) if may else None
        if pieces:
            _place(sheet, waiting, number)
            sheet.put(pieces[0])
            waiting[-1] = pieces[1]
        elif forced and number:
            _place(sheet, waiting, number)
        elif forced:
            _place(sheet, waiting, 1)
        return


_TALL = 12
"""A row of so many lines is parted although it is held to the next one: rather that than most of a page left empty."""


def _name_room(sheet: Sheet, waiting: list[Strip], number: int, before: float) -> tuple[float, float]:
    """What a row that is parted must keep on either side, so that the name of its part can be read on both pages."""
    strip = waiting[-1 - number]
    if not strip.named:
        return 0.0, 0.0
    above = before + sum(
        each.height for each in takewhile(lambda each: each.part == strip.part, reversed(sheet.strips))
    )
    later = (waiting[at] for at in range(len(waiting) - 2 - number, -1, -1))
    below = sum(each.height for each in takewhile(lambda each: each.part == strip.part, later))
    return strip.named - above, strip.named - below


def parted(
    strip: Strip, room: float, *, forced: bool = False, least: tuple[float, float] = (0.0, 0.0)
) -> tuple[Strip, Strip] | None:
    """Part a tall row between two lines of text, or None when it should rather stay whole.

    Two lines at least and the heights ``least`` stay on either side, and a row of up to four lines stays whole, unless
    ``forced``.
    """
    tall = strip.lines
    if strip.whole or tall < 2 or ((tall <= 4 or strip.drawn) and not forced):
        return None
    line = max(strip.boxes, key=lambda box: len(box.lines)).cell.style.line
    upper, lower = (ceil((each - 2 * PAD_Y) / line) for each in least)
    held = int((room - 2 * PAD_Y) / line)
    count = min(held, tall - max(lower, 1 if forced and tall < 4 else 2))
    if forced and count < 1:
        count = min(held, tall - 1)
    if count < (1 if forced else max(upper, 2)):
        return None
    first, rest = [], []
    for box in strip.boxes:
        begun, left = _parted_box(box, count * line, again=len(box.lines) < min(tall, 5))
        first.append(begun)
        rest.append(left)
    return _again(strip, first, 0.0), _again(strip, rest, 0.0)


def _parted_box(box: Box, room: float, *, again: bool) -> tuple[Box, Box]:
    """Part one cell; a short label stands again on the next page and says so, feet stay at the end."""
    whole = box.owner is None  # what remains of a label is not the label
    if box.cell.ground and again and whole and len(box.lines) * box.cell.style.line <= room:
        more = "" if not box.cell.text or box.cell.text.endswith(_(" (cont.)")) else _(" (cont.)")
        label = replace(box.cell, text=box.cell.text + more)
        return box, replace(box, again=True, cell=label, lines=lines_of(label.text, label.style, box.width - 2 * PAD_X))
    if box.cell.art is not None:
        return box, replace(box, cell=replace(box.cell, art=None))
    count = max(int(room / box.cell.style.line + 0.01), 1)
    owner: list[Any] = [] if box.owner is None else box.owner
    upper = replace(box, cell=replace(box.cell, foot=()), lines=box.lines[:count], owner=owner)
    return upper, replace(box, lines=box.lines[count:], owner=owner)


def _again(strip: Strip, boxes: list[Box], least: float) -> Strip:
    height = max(least, *(box.height for box in boxes))
    return Strip(replace(strip.row, least=least), boxes, strip.part, height, strip.named)


_TALLEST = 125.0
"""Up to this height a part's name stands in the band at its left; a longer one heads the part."""


def band_name(part: Part) -> str:
    """Return what stands in the band of a part: its name, or nothing where that is too long to be read upright."""
    return part.title if part.title and band_need(part.title) <= _TALLEST else ""


def band_need(title: str) -> float:
    """Return the height a part needs for its name."""
    if stacked(title):
        return len(clean_name(title)) * 11.5 + 8
    face = BAND_NAME.chain
    return max(face.width(each, BAND_NAME.size) for each in band_lines(title)) + 10


_ONE_LINE = 62.0


def band_lines(title: str) -> list[str]:
    """Return the lines of a name that stands turned in the band: two where one would be long."""
    name, face = clean_name(title), BAND_NAME.chain
    whole = face.width(name, BAND_NAME.size)
    if whole <= _ONE_LINE or " " not in name:
        return [name]
    gaps = [at for at, sign in enumerate(name) if sign == " "]
    at = min(gaps, key=lambda gap: max(face.width(each, 1.0) for each in (name[:gap], name[gap + 1 :])))
    return [name[:at], name[at + 1 :]]


def clean_name(title: str) -> str:
    """Return a part's name as one line of what can be printed."""
    return " ".join(printable(title, BAND_NAME.chain).split())


def stacked(title: str) -> bool:
    """Whether the name is Chinese, written character under character."""
    return any("\u3400" <= each <= "\u9fff" for each in title)
