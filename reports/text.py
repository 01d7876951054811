"""Text 排版: break text into lines as Chinese typesetting asks for.

Han characters break anywhere except before closing and after opening punctuation (避头尾); words and numbers of
other scripts stay whole unless they are longer than the line. Nothing is ever left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from reports.fonts import Chain, printable
from reports.styles import Style

_OPENING = "（［｛〔《〈「『【〖“‘([{<￥¥$"
_CLOSING = "，。、；：？！）］｝〕》〉」』】〗”’…—·,.;:?!)]}>%‰℃°"
_WORD = r"[0-9A-Za-z\u00AA-\u024F\u1E00-\u1EFF.,:'’/%+\-_@#&°<>=~]"
_UNIT = re.compile(
    rf"(?:[{re.escape(_OPENING)}]*(?:{_WORD}+|[^ ])?(?:(?=[{re.escape(_CLOSING)}])[^ ])*|[ ]) *", re.DOTALL
)
_HAN = re.compile(r"[\u2E80-\u9FFF\uF900-\uFAFF\uFE30-\uFFEF\U00020000-\U0003FFFF]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text: where it starts beside the margin, and how much is added after every character."""

    text: str
    indent: float = 0.0
    spread: float = 0.0


def lines_of(text: str, style: Style, width: float) -> list[Line]:
    """Break a text of data into the lines of a column ``width`` points wide."""
    clean = printable(text, style.chain)
    if "\n" not in clean and style.chain.width(clean, style.size) <= width:
        return [Line(clean)] if clean else []
    if style.choices:
        return [Line(each) for each in _entries(clean, style, width)]
    lines: list[Line] = []
    for paragraph in clean.split("\n"):
        lines.extend(_paragraph(paragraph, style, width))
    while lines and not lines[-1].text:
        lines.pop()
    return lines


def _paragraph(text: str, style: Style, width: float) -> list[Line]:
    """Break one paragraph; prose of several lines is indented by two characters and set even at both edges."""
    if style.even:
        return [Line(piece) for piece in _evened(text, style, width)]
    prose = style.indent and _HAN.search(text) is not None and style.chain.width(text, style.size) > width
    indent = min(2 * style.size, width / 4) if prose else 0.0
    pieces = broken(text, style.chain, width / style.size, indent / style.size)
    lines = [Line(piece, 0.0 if number else indent) for number, piece in enumerate(pieces)]
    if prose:
        lines[:-1] = [_even(line, style, width) for line in lines[:-1]]
    return lines


def _evened(text: str, style: Style, width: float) -> list[str]:
    """Break a label into as few lines as its column asks for, about equally long, and rather before a bracket."""
    face, room = style.chain, width / style.size
    lines = broken(text, face, room)
    if len(lines) == 1 or len(text) > _LABEL:
        return lines
    longest = max(face.width(unit.rstrip(" "), 1.0) for unit in _UNIT.findall(text))
    if longest > room:
        return lines
    at = max(text.rfind(each) for each in _BRACKETS)
    if at > 0:
        apart = [*broken(text[:at].rstrip(" "), face, room), *broken(text[at:].lstrip(" "), face, room)]
        if len(apart) <= len(lines):
            return apart
    narrow = max(face.width(text, 1.0) / len(lines), longest)
    for step in range(_STEPS):
        tried = broken(text, face, narrow + (room - narrow) * step / _STEPS)
        if len(tried) <= len(lines):
            return tried
    return lines


_LABEL, _STEPS, _BRACKETS = 120, 8, ("（", " (")


def _entries(text: str, style: Style, width: float) -> list[str]:
    """Break a list of choices between its entries; one that is longer than the line is broken as text."""
    lines = [""]
    for entry in re.findall("[^\u3000]+\u3000*", text):
        if style.chain.width((lines[-1] + entry).rstrip("\u3000"), style.size) <= width:
            lines[-1] += entry
        elif style.chain.width(entry.rstrip("\u3000"), style.size) <= width:
            lines.append(entry)
        else:
            lines.extend(broken(entry, style.chain, width / style.size))
    return [line.rstrip("\u3000") for line in lines if line]


def _even(line: Line, style: Style, width: float) -> Line:
    """Spread a line to the full width, unless it is too short or of too few Han characters to look right."""
    count = len(line.text)
    room = width - line.indent - style.chain.width(line.text, style.size)
    if count < 8 or not 0 < room < 2.5 * style.size or len(_HAN.findall(line.text)) < 0.6 * count:
        return line
    return Line(line.text, line.indent, room / (count - 1))


def broken(text: str, face: Chain, width: float, indent: float = 0.0) -> list[str]:
    """Break one paragraph of printable text into pieces at most ``width`` wide, in units of the size."""
    widths, lines, current, used = face.widths, [], "", indent
    for unit in _UNIT.findall(text):
        if not unit:
            continue
        wide = sum(map(widths.__getitem__, unit))
        visible = wide if unit[-1] != " " else sum(map(widths.__getitem__, unit.rstrip(" ")))
        if used + visible <= width:
            current, used = current + unit, used + wide
            continue
        if current.strip(" "):
            lines.append(current.rstrip(" "))
            current, used = "", 0.0
        if visible <= width - used:
            current, used = unit, used + wide
            continue
        *full, current = _cut(unit, face, width, used)
        lines.extend(full)
        used = sum(map(widths.__getitem__, current))
    lines.append(current.rstrip(" "))
    return lines


def _cut(unit: str, face: Chain, width: float, used: float) -> list[str]:
    """Cut what no line can hold — an endless word, a row of full stops — wherever the line is full."""
    pieces, start = [], 0
    for at, character in enumerate(unit):
        wide = face.widths[character]
        if used + wide > width and at > start:
            pieces.append(unit[start:at])
            start, used = at, 0.0
        used += wide
    return [*pieces, unit[start:]]
