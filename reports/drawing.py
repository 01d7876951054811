"""Drawing 绘制: put laid-out rows on a page — grounds, texts, the grid, the bands, the frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from reports.blocks import PAD_X
from reports.fonts import printable
from reports.layout import BAND, Box, Sheet, Strip, band_lines, clean_name, pad, stacked
from reports.pen import Pen
from reports.styles import BAND_NAME, INNER, OUTER, TINT
from reports.tags import Element, FormTags

_SEPARATOR = 0.9
_BASE = 0.86
"""Where the baseline of a Chinese character lies below the top of its square."""


def grounds(pen: Pen, sheet: Sheet, titles: Sequence[str], x: float, top: float) -> None:
    """Tint the headings' cells and the bands, before a watermark and everything else goes over them."""
    y = top
    for number, strips in _stretches(sheet):
        bottom = y - sum(each.height for each in strips)
        if titles[number]:
            pen.fill(x, bottom, BAND, y - bottom, TINT)
        _tint(pen, strips, x, y)
        y = bottom


def _tint(pen: Pen, strips: Sequence[Strip], x: float, top: float) -> None:
    for strip in strips:
        for box in strip.boxes:
            if box.cell.ground:
                pen.fill(x + box.x, top - strip.height, box.width, strip.height, TINT)
            _tint(pen, box.inside, x, top)
        top -= strip.height


def draw(
    pen: Pen, sheet: Sheet, titles: Sequence[str], place: tuple[float, float], width: float, tags: FormTags
) -> float:
    """Draw one page's rows part by part from ``place``, the upper left corner; return where the frame ends."""
    x, top = place
    y, between = top, []
    for number, strips in _stretches(sheet):
        bottom, left = y - sum(each.height for each in strips), x
        if y != top:
            between.append((x, y, x + width, y))
        if titles[number]:
            left = x + BAND
            pen.owner = tags.heading(number)
            band(pen, titles[number], x, bottom, y - bottom)
            between.append((left, y, left, bottom))
        _grid(pen, strips, x, (left, y, x + width), tags)
        pen.owner = None
        y = bottom
    pen.lines(between, _SEPARATOR)
    pen.frame(x, y, width, top - y, OUTER)
    return y


def _stretches(sheet: Sheet) -> Iterator[tuple[int, list[Strip]]]:
    """The rows of each part on this page."""
    for number, strips in groupby(sheet.strips, key=lambda each: each.part):
        yield number, list(strips)


def _grid(pen: Pen, strips: Sequence[Strip], x: float, place: tuple[float, float, float], tags: FormTags) -> None:
    """Draw rows inside ``place`` (left, top, right), with the lines between them and their cells, and grids in cells."""
    left, y, right = place
    across, upright = list[tuple[float, float, float, float]](), _Uprights()
    for index, strip in enumerate(strips):
        if index:
            across.append((left, y, right, y))
        upright.row(strip.edges(), x, y, y - strip.height)
        for box, element in zip(strip.boxes, tags.row(strip), strict=True):
            pen.owner = element
            _box(pen, box, x + box.x, y, strip.height)
            if box.inside:
                inner = FormTags(pen.tags, element or tags.parent)
                _grid(pen, box.inside, x, (x + box.x, y, x + box.x + box.width), inner)
        y -= strip.height
    pen.lines([*across, *upright.done()], INNER)


class _Uprights:
    """Joins the upright lines of rows that have the same columns into one line each."""

    def __init__(self) -> None:
        self._open: tuple[float, ...] = ()
        self._top = self._bottom = self._left = 0.0
        self._lines: list[tuple[float, float, float, float]] = []

    def row(self, edges: tuple[float, ...], left: float, top: float, bottom: float) -> None:
        """Add one row's lines."""
        if edges != self._open:
            self._close()
            self._open, self._top, self._left = edges, top, left
        self._bottom = bottom

    def _close(self) -> None:
        for edge in self._open:
            self._lines.append((self._left + edge, self._top, self._left + edge, self._bottom))

    def done(self) -> list[tuple[float, float, float, float]]:
        """Return all lines."""
        self._close()
        return self._lines


def _box(pen: Pen, box: Box, x: float, top: float, height: float) -> None:
    cell = box.cell
    if cell.art is not None:
        pen.figure = pen.owner if _is_figure(pen.owner) else None
        cell.art.draw(pen, x, top - height, box.width, height)
        pen.figure = None
    elif box.lines:
        _text(pen, box, x, top, height)
    if cell.foot:
        _foot(pen, box, x, top - height)


def _is_figure(element: Element | None) -> bool:
    return element is not None and element.kind == "Figure"


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
        pen.right(x + box.width - 2 * PAD_X, y, printable(line, style.chain), style.chain, style.size)


def band(pen: Pen, title: str, x: float, y: float, height: float) -> None:
    """Write a part's name into its band: Chinese downwards, other scripts turned."""
    if stacked(title):
        _downwards(pen, clean_name(title), x, y, height)
    else:
        _turned(pen, band_lines(title), x, y, height)


def _downwards(pen: Pen, name: str, x: float, y: float, height: float) -> None:
    step = min(13.5, (height - 6) / len(name))
    size = min(10.5, step * 0.95)
    start = y + (height + step * len(name)) / 2
    for number, character in enumerate(name):
        base = start - number * step - (step - size) / 2 - _BASE * size
        pen.centred(x + BAND / 2, base, character, BAND_NAME.chain, size)


def _turned(pen: Pen, lines: Sequence[str], x: float, y: float, height: float) -> None:
    face = BAND_NAME.chain
    longest = max(face.width(line, 1.0) for line in lines)
    size = min(BAND_NAME.size - (len(lines) - 1), (height - 6) / max(longest, 1.0))
    for number, line in enumerate(lines):
        middle = x + BAND / 2 + (number - (len(lines) - 1) / 2) * 1.15 * size
        low = y + (height - face.width(line, size)) / 2
        pen.turned(middle + size * 0.36, low, line, face, size, (0, 1, -1, 0), 0.0)
