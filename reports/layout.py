"""Layout 版面: give the rows of a form their place on pages, and draw them.

Rows are measured once, then placed: a row that does not fit goes to the next page, a tall text is parted between
two lines with nothing lost, headings of tables repeat, and rows that belong together stay together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from reports.blocks import PAD_X, PAD_Y, Cell, Fixed, Part, Row
from reports.pen import Pen
from reports.styles import INNER, LABEL, OUTER, TINT
from reports.text import Line, lines_of
from resources import _

BAND = 21.0
"""The width of the band with a part's name."""
_SEPARATOR = 0.9
_BASE = 0.86
"""Where the baseline of a Chinese character lies below the top of its square."""


def pad(cell: Cell) -> float:
    """The room above and below the text of a cell; dense tables have less."""
    return PAD_Y if cell.style.size > 8.6 else 1.9


@dataclass(slots=True)
class Box:
    """A cell with its column, its lines, and the strips of the grid inside it."""

    cell: Cell
    x: float
    width: float
    lines: list[Line]
    inside: list[Strip]

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
    """A measured row."""

    row: Row
    boxes: list[Box]
    part: int
    height: float = 0.0

    def edges(self) -> tuple[float, ...]:
        """Where the upright lines between its cells stand."""
        return tuple(box.x for box in self.boxes[1:])

    @property
    def lines(self) -> int:
        """How many lines of text its tallest cell has."""
        return max((len(box.lines) for box in self.boxes), default=0)

    @property
    def whole(self) -> bool:
        """Whether it can never be parted."""
        return any(box.cell.art is not None or box.inside for box in self.boxes)


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
        left = BAND if part.title else 0.0
        rows = part.rows if squeeze == 1.0 else [replace(row, least=row.least * squeeze) for row in part.rows]
        own = _strips(rows, left, width - left, number)
        if part.title and own:
            _heighten(own, band_need(part.title))
        strips.extend(own)
    return strips


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
            _repeat_heads(sheet, group[0])
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


def _repeat_heads(sheet: Sheet, strip: Strip) -> None:
    if strip.row.heads:
        left = strip.boxes[0].x
        width = strip.boxes[-1].x + strip.boxes[-1].width - left
        for each in _strips(strip.row.heads, left, width, strip.part):
            sheet.put(each)


def _place(sheet: Sheet, waiting: list[Strip], count: int) -> None:
    for _index in range(count):
        sheet.put(waiting.pop())


def _place_some(sheet: Sheet, waiting: list[Strip], group: list[Strip], left: float, *, forced: bool) -> None:
    """Place what can be placed of a group that does not fit: at least something when the page is fresh.

    A tall text at the head of a group begins on this page; its end goes on with the rest of the group.
    """
    begun = parted(group[0], left) if len(group) > 1 else None
    if begun:
        sheet.put(begun[0])
        waiting[-1] = begun[1]
        return
    before = 0.0
    for number, strip in enumerate(group):
        if before + strip.height <= left:
            before += strip.height
            continue
        last = number == len(group) - 1
        pieces = parted(strip, left - before, forced=forced) if last or forced else None
        if pieces:
            _place(sheet, waiting, number)
            sheet.put(pieces[0])
            waiting[-1] = pieces[1]
        elif forced and number:
            _place(sheet, waiting, number)
        elif forced:
            _place(sheet, waiting, 1)
        return


def parted(strip: Strip, room: float, *, forced: bool = False) -> tuple[Strip, Strip] | None:
    """Part a tall row between two lines of text, or None when it should rather stay whole.

    Two lines at least stay on either side, and a row of up to four lines stays whole, unless ``forced``.
    """
    tall = strip.lines
    if strip.whole or tall < 2 or (tall <= 4 and not forced):
        return None
    style = max(strip.boxes, key=lambda box: len(box.lines)).cell.style
    count = int((room - 2 * PAD_Y) / style.line)
    count = min(count, tall - (1 if forced and tall < 4 else 2))
    if count < (1 if forced else 2):
        return None
    first, rest = [], []
    for box in strip.boxes:
        upper, lower = _parted_box(box, count * style.line)
        first.append(upper)
        rest.append(lower)
    return _again(strip, first, 0.0), _again(strip, rest, 0.0)


def _parted_box(box: Box, room: float) -> tuple[Box, Box]:
    """Part one cell; a label says on the next page that it is continued, feet stay at the end."""
    if box.cell.ground:
        more = "" if not box.cell.text or box.cell.text.endswith(_(" (cont.)")) else _(" (cont.)")
        again = replace(box.cell, text=box.cell.text + more)
        return box, replace(box, cell=again, lines=lines_of(again.text, again.style, box.width - 2 * PAD_X))
    count = max(int(room / box.cell.style.line + 0.01), 1)
    upper = replace(box, cell=replace(box.cell, foot=()), lines=box.lines[:count])
    return upper, replace(box, lines=box.lines[count:])


def _again(strip: Strip, boxes: list[Box], least: float) -> Strip:
    return Strip(replace(strip.row, least=least), boxes, strip.part, max(least, *(box.height for box in boxes)))


def draw(pen: Pen, sheet: Sheet, titles: Sequence[str], x: float, top: float, width: float) -> float:
    """Draw one page's rows with their grid; return where the frame ends."""
    _grounds(pen, sheet.strips, x, top)
    _texts(pen, sheet.strips, x, top)
    y = top
    across, upright = [], _Uprights()
    for index, strip in enumerate(sheet.strips):
        left = BAND if titles[strip.part] else 0.0
        if index and sheet.strips[index - 1].part == strip.part:
            across.append((x + left, y, x + width, y))
        upright.row(strip.edges(), x, y, y - strip.height)
        _inside(pen, strip, x, y)
        y -= strip.height
    pen.lines([*across, *upright.done()], INNER)
    _bands(pen, sheet, titles, x, top, width)
    pen.frame(x, y, width, top - y, OUTER)
    return y


class _Uprights:
    """Joins the upright lines of rows that have the same columns into one line each."""

    def __init__(self) -> None:
        self._open: tuple[float, ...] = ()
        self._top = self._bottom = self._left = 0.0
        self._lines: list[tuple[float, float, float, float]] = []

    def row(self, edges: tuple[float, ...], left: float, top: float, bottom: float) -> None:
        if edges != self._open:
            self._close()
            self._open, self._top, self._left = edges, top, left
        self._bottom = bottom

    def _close(self) -> None:
        for edge in self._open:
            self._lines.append((self._left + edge, self._top, self._left + edge, self._bottom))

    def done(self) -> list[tuple[float, float, float, float]]:
        self._close()
        return self._lines


def _grounds(pen: Pen, strips: Sequence[Strip], x: float, top: float) -> None:
    y = top
    for strip in strips:
        y -= strip.height
        for box in strip.boxes:
            if box.cell.ground:
                pen.fill(x + box.x, y, box.width, strip.height, TINT)


def _texts(pen: Pen, strips: Sequence[Strip], x: float, top: float) -> None:
    y = top
    for strip in strips:
        for box in strip.boxes:
            if box.cell.art is not None:
                box.cell.art.draw(pen, x + box.x, y - strip.height, box.width, strip.height)
            elif box.lines:
                _text(pen, box, x + box.x, y, strip.height)
            if box.cell.foot:
                _foot(pen, box, x + box.x, y - strip.height)
        y -= strip.height


def _text(pen: Pen, box: Box, x: float, top: float, height: float) -> None:
    style = box.cell.style
    line, size, face = style.line, style.size, style.chain
    free = height - len(box.cell.foot) * line
    start = top - (pad(box.cell) if box.cell.top else (free - len(box.lines) * line) / 2)
    y = start - (line - size) / 2 - _BASE * size
    inner = box.width - 2 * PAD_X
    for each in box.lines:
        at = x + PAD_X + each.indent
        if style.align != "left":
            gap = inner - face.width(each.text, size)
            spare = max(inner - box.cell.block, 0.0) / 2 if box.cell.block else 0.0
            at += max(gap - spare, 0.0) if style.align == "right" else gap / 2
        if each.text:
            pen.text(at, y, each.text, face, size, style.grey, each.spread)
        y -= line


def _foot(pen: Pen, box: Box, x: float, bottom: float) -> None:
    """Write signature and date at the bottom right, inside the cell."""
    style = box.cell.style
    for number, line in enumerate(reversed(box.cell.foot)):
        y = bottom + pad(box.cell) + number * style.line + (style.line - style.size) / 2 + (1 - _BASE) * style.size
        pen.right(x + box.width - 2 * PAD_X, y, line, style.chain, style.size)


def _inside(pen: Pen, strip: Strip, x: float, top: float) -> None:
    """Draw the grids inside a row's cells."""
    for box in strip.boxes:
        if not box.inside:
            continue
        _grounds(pen, box.inside, x, top)
        _texts(pen, box.inside, x, top)
        y, across, upright = top, [], _Uprights()
        for index, each in enumerate(box.inside):
            if index:
                across.append((x + box.x, y, x + box.x + box.width, y))
            upright.row(each.edges(), x, y, y - each.height)
            y -= each.height
        pen.lines([*across, *upright.done()], INNER)


def _bands(pen: Pen, sheet: Sheet, titles: Sequence[str], x: float, top: float, width: float) -> None:
    """Name the parts in the bands at the left, and draw the lines between them."""
    y, start = top, top
    lines = []
    for index, strip in enumerate(sheet.strips):
        y -= strip.height
        last = index == len(sheet.strips) - 1
        if not last and sheet.strips[index + 1].part == strip.part:
            continue
        title = titles[strip.part]
        if title:
            pen.fill(x, y, BAND, start - y, TINT)
            band(pen, title, x, y, start - y)
            lines.append((x + BAND, start, x + BAND, y))
        if not last:
            lines.append((x, y, x + width, y))
        start = y
    pen.lines(lines, _SEPARATOR)


def band_need(title: str) -> float:
    """Return the height a part needs for its name."""
    if _stacked(title):
        return len(title) * 11.5 + 8
    return min(LABEL.chain.width(title, 9.0) + 10, 70.0)


def _stacked(title: str) -> bool:
    """Whether the name is Chinese, written character under character."""
    return any("\u3400" <= each <= "\u9fff" for each in title)


def band(pen: Pen, title: str, x: float, y: float, height: float) -> None:
    """Write a part's name into its band: Chinese downwards, other scripts turned."""
    face = LABEL.but(face="hei-bold").chain
    if not _stacked(title):
        size = min(9.0, 9.0 * (height - 6) / max(face.width(title, 9.0), 1.0))
        wide = face.width(title, size)
        pen.turned(x + BAND / 2 + size * 0.36, y + (height - wide) / 2, title, face, size, (0, 1, -1, 0), 0.0)
        return
    step = min(13.5, (height - 6) / len(title))
    size = min(10.5, step * 0.95)
    start = y + (height + step * len(title)) / 2
    for number, character in enumerate(title):
        base = start - number * step - (step - size) / 2 - _BASE * size
        pen.centred(x + BAND / 2, base, character, face, size)
