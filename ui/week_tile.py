"""The blocks of the drawn week 周表色块: kind as bar, mark and tint; state as icon, edge and pattern, never by colour alone."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen

from ui.icons import paint_icon
from ui.theme import color, mix, space, theme
from ui.week_pieces import Tile, Verdict

LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
ICONS = {
    "done": ("check", "good"), "signed": ("check-check", "good"), "missed": ("x", "danger"), "due": ("pen-line", "warning"),
    "proposed": ("sparkles", "info"), "moved": ("arrow-left-right", "warning"),
    "moving": ("arrow-left-right", "info"), "leaving": ("circle-minus", "danger"),
}  # fmt: skip
NARROW = 58
"""A block narrower than this (at 100 %) shows its short name and no second line of words."""


def caption(bold: bool = False) -> QFont:
    """Return the small font of tiles and heads; hundreds of blocks ask for it at each painting."""
    return QFont(_caption(bold, theme.text_size, theme.complete))


@cache
def _caption(bold: bool, size: int, complete: bool) -> QFont:
    font = theme.font("caption")
    font.setBold(bold)
    return font


def draw_tile(painter: QPainter, rect: QRectF, tile: Tile, *, chosen: bool, hovered: bool, faded: bool) -> None:
    """Draw one block."""
    painter.save()
    painter.setOpacity(0.35 if faded else 1.0)
    body = rect.adjusted(1.5, 1.0, -1.5, -1.0)
    shape = QPainterPath()
    round_by = min(theme.size(5), body.height() / 2, body.width() / 4)
    shape.addRoundedRect(body, round_by, round_by)
    if tile.look == "taken":
        _draw_taken(painter, body, shape, tile)
    else:
        _draw_body(painter, body, shape, tile, chosen, hovered)
        painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
        if body.width() < theme.size(NARROW):
            _draw_narrow(painter, body, tile)
        else:
            _draw_words(painter, body, tile)
    painter.restore()


def _draw_body(painter: QPainter, body: QRectF, shape: QPainterPath, tile: Tile, chosen: bool, hovered: bool) -> None:
    tint, ground = color(tile.tint), _ground(tile)
    painter.fillPath(shape, mix(tint, ground, 0.08) if hovered else ground)
    painter.save()
    painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
    if tile.look == "proposed":
        painter.fillPath(shape, QBrush(mix(tint, ground, 0.16), Qt.BrushStyle.BDiagPattern))
    else:
        painter.fillRect(QRectF(body.left(), body.top(), theme.size(3), body.height()), tint)
    if tile.locked:
        painter.fillRect(QRectF(body.right() - theme.size(3), body.top(), theme.size(3), body.height()), tint)
    if body.width() < theme.size(NARROW):
        _draw_foot(painter, body, tile.look)
    painter.restore()
    edge = QPen(color("focus") if chosen else mix(tint, ground, 0.45), 2 if chosen else 1)
    if tile.look == "proposed":
        edge = QPen(color("focus") if chosen else tint, 2 if chosen else 1.4, Qt.PenStyle.DashLine)
    elif tile.look == "missed" and not chosen:
        edge.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(edge)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(shape)


def _ground(tile: Tile) -> QColor:
    return color("raised") if tile.look in ("missed", "proposed") else color(f"{tile.tint}_soft")


def _draw_foot(painter: QPainter, body: QRectF, look: str) -> None:
    """Underline what is over where no word fits: once when done, twice when signed, with dots while to be recorded."""
    lines = {"done": 1, "signed": 2, "due": 1}.get(look, 0)
    if not lines:
        return
    pen = QPen(color(ICONS[look][1]), theme.size(1.5))
    pen.setStyle(Qt.PenStyle.DotLine if look == "due" else Qt.PenStyle.SolidLine)
    painter.setPen(pen)
    for line in range(lines):
        y = body.bottom() - theme.size(1) - line * theme.size(3)
        painter.drawLine(QLineF(body.left() + theme.size(4), y, body.right() - theme.size(2), y))


def _draw_taken(painter: QPainter, body: QRectF, shape: QPainterPath, tile: Tile) -> None:
    painter.fillPath(shape, color("sunken"))
    painter.setPen(QPen(color("line"), 1))
    painter.drawPath(shape)
    painter.setPen(color("muted"))
    painter.setFont(caption())
    narrow = body.width() < theme.size(NARROW)
    words = tile.mark if narrow else f"{tile.mark}  {tile.title}".strip()
    room = body.adjusted(space(1) if narrow else space(2), 0, -space(1), 0)
    painter.drawText(
        room, LEFT, painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(room.width()))
    )


def _draw_narrow(painter: QPainter, body: QRectF, tile: Tile) -> None:
    """Write what fits: the short name above the mark; in next to no room upright, or the mark alone."""
    font = caption(bold=True)
    metrics = QFontMetrics(font)
    room = body.adjusted(theme.size(4), 0, -theme.size(4 if tile.locked else 1), -_foot(tile.look))
    font.setStrikeOut(tile.look == "missed")
    if room.height() < metrics.ascent() * 0.6:
        return  # there is room for the pattern only; the words are in the hint
    lines = _narrow_lines(tile, room, metrics)
    icon, side = "lock" if tile.locked else ICONS.get(tile.look, ("", ""))[0], theme.size(10)
    used = metrics.horizontalAdvance(lines[0]) if lines else 0
    if icon and room.width() - used >= side + 1:
        tint = "text" if tile.locked else ICONS[tile.look][1]
        paint_icon(painter, QRectF(room.right() - side, room.top() + 2, side, side), icon, tint)
    line = min(metrics.height(), room.height() / max(len(lines), 1))
    top = room.top() + (room.height() - line * len(lines)) / 2
    for count, words in enumerate(lines):
        marked = words == tile.mark and len(lines) > 1
        painter.setPen(color("muted" if tile.look == "missed" else tile.tint if marked else "text"))
        painter.setFont(_squeezed(font, metrics.horizontalAdvance(words), room.width()))
        painter.drawText(QRectF(room.left(), top + line * count, room.width() + 2, line), LEFT, words)


def _squeezed(font: QFont, needed: float, room: float) -> QFont:
    """Make letters narrower rather than cut them off."""
    if needed <= room or needed <= 0:
        return font
    narrow = QFont(font)
    narrow.setStretch(max(50, int(100 * room / needed)))
    return narrow


def _narrow_lines(tile: Tile, room: QRectF, metrics: QFontMetrics) -> list[str]:
    """Return the lines of a narrow block; Chinese names may run downwards, one character a line."""
    name, lines = tile.short or tile.title, max(1, int(room.height() / (metrics.height() * 0.8)))
    fits = metrics.horizontalAdvance(name) <= room.width() + 1
    if lines == 1:
        both = f"{tile.mark} {name}".strip()
        choices = [both, name] if fits else [tile.mark]
        return [next((each for each in choices if metrics.horizontalAdvance(each) <= room.width() + 1), tile.mark)]
    if fits:
        return [each for each in (name, tile.mark) if each]
    spelled = list(name[-(lines - 1) :]) if not name.isascii() else []
    return [each for each in (tile.mark, *spelled) if each]


def _foot(look: str) -> float:
    """The room that the lines at a block's foot take."""
    return {"done": theme.size(2), "due": theme.size(2), "signed": theme.size(5)}.get(look, 0)


def _draw_words(painter: QPainter, body: QRectF, tile: Tile) -> None:
    small, bold = caption(), caption(bold=True)
    line = QFontMetrics(small).height()
    inner = body.adjusted(theme.size(3) + space(1) + 1, 0, -space(1) - (theme.size(3) if tile.locked else 0), 0)
    lines = max(1, int((body.height() - 3) // line))
    shown = [words for words in (tile.detail, tile.note) if words][: lines - 1]
    top = (
        body.top() + (body.height() - line * (1 + len(shown))) / 2 if lines - 1 <= len(shown) else body.top() + space(1)
    )
    first = QRectF(inner.left(), top, inner.width(), line)
    metrics = QFontMetrics(bold)
    taken = metrics.horizontalAdvance(tile.mark) + space(1) if tile.mark else 0
    first.setRight(first.right() - _draw_look(painter, first, tile, taken + metrics.horizontalAdvance(tile.title)))
    name = _name(tile, metrics, first.width() - taken)
    painter.setFont(bold)
    painter.setPen(color(tile.tint))
    painter.drawText(first, LEFT, tile.mark)
    bold.setStrikeOut(tile.look == "missed")
    painter.setFont(bold)
    painter.setPen(color("muted" if tile.look == "missed" else "text"))
    elided(painter, first.adjusted(taken, 0, 0, 0), name)
    painter.setFont(small)
    painter.setPen(color("muted"))
    for count, words in enumerate(shown, 1):
        elided(painter, QRectF(inner.left(), top + line * count, inner.width(), line), words)


def _name(tile: Tile, metrics: QFontMetrics, room: float) -> str:
    """Return the given name where it says more than what would be left of the whole one; a group is called by its names."""
    if tile.short not in tile.title or metrics.horizontalAdvance(tile.title) <= room:
        return tile.title
    left = metrics.elidedText(tile.title, Qt.TextElideMode.ElideRight, int(room)).removesuffix("…")
    return tile.short if tile.short and len(left) <= len(tile.short) else tile.title


def _draw_look(painter: QPainter, first: QRectF, tile: Tile, needed: float) -> float:
    """Draw the state's icon at the right end of the first line and return the room it takes.

    In a narrow block the name comes first: the check mark of what went well, and the sign of what is hatched, give way.
    """
    name, tint = ("lock", "text") if tile.locked else ICONS.get(tile.look, ("", ""))
    if not name:
        return 0
    side = first.height() * 0.75
    if tile.look in ("done", "signed", "proposed") and first.width() - side - 2 < needed <= first.width():
        return 0
    paint_icon(painter, QRectF(first.right() - side, first.top() + (first.height() - side) / 2, side, side), name, tint)
    return side + 2


def elided(painter: QPainter, rect: QRectF, words: str) -> None:
    """Write words in one line, with … where they do not fit."""
    painter.drawText(
        rect, LEFT, painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, max(int(rect.width()), 0))
    )


def draw_ghost(painter: QPainter, rect: QRectF, title: str, span: str, verdict: Verdict) -> None:
    """Draw what is being dragged, framed in the tone of the verdict."""
    body = rect.adjusted(1.5, 1, -1.5, -1)
    ground = QColor(color(f"{verdict.tone}_soft"))
    ground.setAlpha(235)
    painter.setBrush(ground)
    painter.setPen(QPen(color(verdict.tone), 2))
    round_by = min(theme.size(5), body.width() / 4)
    painter.drawRoundedRect(body, round_by, round_by)
    painter.setPen(color("text"))
    inner = body.adjusted(min(space(2), body.width() / 6), 2, -min(space(1), body.width() / 8), -2)
    painter.setFont(caption(bold=True))
    line = painter.fontMetrics().height()
    if inner.height() < 2 * line:
        elided(painter, inner, f"{span}  {title}" if inner.width() > theme.size(110) else title)
        return
    elided(painter, QRectF(inner.left(), inner.top(), inner.width(), line), span)
    painter.setFont(caption())
    elided(painter, QRectF(inner.left(), inner.top() + line, inner.width(), line), title)
