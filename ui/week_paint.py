"""The pens of the drawn week: columns, shades, tiles and what is being dragged, all in the theme's colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen

from resources import _
from ui.icons import paint_icon
from ui.theme import color, mix, space, theme
from ui.week_axis import Axis, clock

MIDDLE = Qt.AlignmentFlag.AlignVCenter
LEFT = MIDDLE | Qt.AlignmentFlag.AlignLeft


@dataclass(frozen=True)
class Shade:
    """A stretch of a column in which nobody is to be booked, and why."""

    start: int
    end: int
    words: str = ""


@dataclass(frozen=True)
class Column:
    """One column: a day, or a person on a day.

    ``now`` says that the present time is in it, ``marked`` that it stands out among the others (today).
    """

    key: str
    title: str
    subtitle: str = ""
    note: str = ""
    closed: bool = False
    now: bool = False
    marked: bool = False
    shades: tuple[Shade, ...] = ()


@dataclass(frozen=True)
class Tile:
    """One block of time in a column.

    Attributes:
        start, end: minutes of the day.
        mark: one or two characters that stand for its kind.
        tint: a colour of the theme that has a soft twin.
        look: ``booked``, ``done``, ``signed``, ``missed``, ``due`` (over, but not recorded) or ``taken``.
        note: its state in words.
    """

    key: str
    column: str
    start: int
    end: int
    title: str
    detail: str = ""
    mark: str = ""
    tint: str = "neutral"
    look: str = "booked"
    note: str = ""
    movable: bool = False
    tip: str = ""


@dataclass(frozen=True)
class Verdict:
    """What speaks against a place: the gravest tone, and why in words."""

    tone: str = "good"
    words: tuple[str, ...] = ()


_LOOK_ICONS = {
    "done": ("check", "good"), "signed": ("check-check", "good"), "missed": ("x", "danger"), "due": ("pen-line", "warning"),
}  # fmt: skip


def caption(bold: bool = False) -> QFont:
    """Return the small font of tiles and heads; hundreds of blocks ask for it at each painting."""
    return QFont(_caption(bold, theme.text_size, theme.complete))


@cache
def _caption(bold: bool, size: int, complete: bool) -> QFont:
    font = theme.font("caption")
    font.setBold(bold)
    return font


def draw_column(painter: QPainter, rect: QRectF, column: Column, axis: Axis, *, last: bool) -> None:
    """Draw a column's ground: the closed day, shades, lines of hours, its right edge."""
    if column.closed:
        painter.fillRect(rect, color("sunken"))
    elif column.marked:
        painter.fillRect(rect, mix(color("accent"), color("raised"), 0.045))
    for shade in column.shades:
        _draw_shade(painter, rect, shade, axis)
    thin = mix(color("line"), color("raised"), 0.55)
    for minute in axis.marks(30):
        y = round(rect.top() + axis.y(minute)) + 0.5
        painter.setPen(QPen(color("line") if minute % 60 == 0 else thin, 1))
        painter.drawLine(QLineF(rect.left(), y, rect.right(), y))
    if not last:
        painter.setPen(QPen(color("line"), 1))
        edge = round(rect.right()) - 0.5
        painter.drawLine(QLineF(edge, rect.top(), edge, rect.bottom()))


def _draw_shade(painter: QPainter, rect: QRectF, shade: Shade, axis: Axis) -> None:
    top, bottom = rect.top() + axis.y(shade.start), rect.top() + axis.y(shade.end)
    area = QRectF(rect.left(), top, rect.width(), bottom - top)
    painter.fillRect(area, color("sunken"))
    painter.setBrush(QBrush(color("line"), Qt.BrushStyle.BDiagPattern))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRect(area)
    if shade.words and bottom - top > QFontMetrics(caption()).height():
        painter.setFont(caption())
        words = painter.fontMetrics().elidedText(shade.words, Qt.TextElideMode.ElideRight, int(rect.width()) - space(2))
        plate = QRectF(painter.fontMetrics().boundingRect(words)).adjusted(-space(1), -1, space(1), 1)
        plate.moveCenter(area.center())
        painter.fillRect(plate, color("sunken"))
        painter.setPen(color("muted"))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, words)


def draw_folds(painter: QPainter, axis: Axis, left: float, right: float, top: float, words: str) -> None:
    """Draw the folded midday as one quiet band over all columns."""
    for start, end in axis.folds:
        band = QRectF(left, top + axis.y(start), right - left, axis.y(end) - axis.y(start))
        painter.fillRect(band, color("sunken"))
        painter.setPen(color("muted"))
        painter.setFont(caption())
        painter.drawText(band, Qt.AlignmentFlag.AlignCenter, f"{words}  {clock(start)}–{clock(end)}")


def draw_head(painter: QPainter, rect: QRectF, column: Column, *, current: bool) -> None:
    """Draw a column's head: day or name, below it the date or load, and the day's particular."""
    inner = rect.adjusted(space(2), space(1), -space(2), -space(1))
    strong = column.marked or current
    painter.setFont(theme.font("strong") if strong else theme.font("body"))
    painter.setPen(color("accent" if column.marked else "muted" if column.closed else "text"))
    metrics = painter.fontMetrics()
    first = QRectF(inner.left(), inner.top(), inner.width(), metrics.height())
    painter.drawText(first, LEFT, metrics.elidedText(column.title, Qt.TextElideMode.ElideRight, int(inner.width())))
    painter.setFont(caption())
    small = painter.fontMetrics()
    second = QRectF(inner.left(), first.bottom() - 1, inner.width(), small.height())
    painter.setPen(color("warning" if column.note else "muted"))
    words = "  ".join(each for each in (column.subtitle, column.note) if each)
    painter.drawText(second, LEFT, small.elidedText(words, Qt.TextElideMode.ElideRight, int(inner.width())))
    if column.marked:
        painter.fillRect(
            QRectF(rect.left() + 1, rect.bottom() - theme.size(3), rect.width() - 2, theme.size(3)), color("accent")
        )


def draw_hours(painter: QPainter, axis: Axis, gutter: float, top: float, now: float | None = None) -> None:
    """Draw the times at the left edge, none beneath the mark of the present time at pixel ``now``."""
    painter.setFont(caption())
    height = painter.fontMetrics().height()
    for minute in axis.marks(30):
        whole = minute % 60 == 0
        if not whole and axis.scale * 30 < height * 1.6:
            continue
        painter.setPen(color("muted") if whole else mix(color("muted"), color("surface"), 0.62))
        y = top + axis.y(minute)
        if now is not None and abs(y - now) < height:
            continue
        painter.drawText(
            QRectF(0, y - height / 2, gutter - space(2), height), MIDDLE | Qt.AlignmentFlag.AlignRight, clock(minute)
        )


def draw_tile(painter: QPainter, rect: QRectF, tile: Tile, *, chosen: bool, hovered: bool, faded: bool) -> None:
    """Draw one block: its kind as bar, mark and tint; its state as icon, word and edge."""
    painter.save()
    painter.setOpacity(0.35 if faded else 1.0)
    body = rect.adjusted(1.5, 1.0, -1.5, -1.0)
    shape = QPainterPath()
    round_by = min(theme.size(5), body.height() / 2)
    shape.addRoundedRect(body, round_by, round_by)
    if tile.look == "taken":
        _draw_taken(painter, body, shape, tile)
        painter.restore()
        return
    tint = color(tile.tint)
    missed = tile.look == "missed"
    ground = color("raised") if missed else color(f"{tile.tint}_soft")
    painter.fillPath(shape, mix(tint, ground, 0.08) if hovered and not missed else ground)
    painter.save()
    painter.setClipPath(shape)
    painter.fillRect(QRectF(body.left(), body.top(), theme.size(3), body.height()), tint)
    painter.restore()
    edge = QPen(color("focus") if chosen else mix(tint, ground, 0.45), 2 if chosen else 1)
    edge.setStyle(Qt.PenStyle.DashLine if missed and not chosen else Qt.PenStyle.SolidLine)
    painter.setPen(edge)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(shape)
    painter.setClipPath(shape)
    _draw_words(painter, body, tile, tint, missed)
    painter.restore()


def _draw_taken(painter: QPainter, body: QRectF, shape: QPainterPath, tile: Tile) -> None:
    painter.fillPath(shape, color("sunken"))
    painter.setPen(QPen(color("line"), 1))
    painter.drawPath(shape)
    painter.setPen(color("muted"))
    painter.setFont(caption())
    words = f"{tile.mark}  {tile.title}".strip()
    room = body.adjusted(space(2), 0, -space(1), 0)
    painter.drawText(
        room, LEFT, painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(room.width()))
    )


def _draw_words(painter: QPainter, body: QRectF, tile: Tile, tint: QColor, missed: bool) -> None:
    small, bold = caption(), caption(bold=True)
    line = QFontMetrics(small).height()
    inner = body.adjusted(theme.size(3) + space(1) + 1, 0, -space(1), 0)
    lines = max(1, int((body.height() - 3) // line))
    shown = [words for words in (tile.detail, tile.note) if words][: lines - 1]
    top = (
        body.top() + (body.height() - line * (1 + len(shown))) / 2 if lines - 1 <= len(shown) else body.top() + space(1)
    )
    first = QRectF(inner.left(), top, inner.width(), line)
    painter.setFont(bold)
    taken = painter.fontMetrics().horizontalAdvance(tile.mark) + space(1) if tile.mark else 0
    first.setRight(
        first.right() - _draw_look(painter, first, tile, taken + painter.fontMetrics().horizontalAdvance(tile.title))
    )
    painter.setPen(tint)
    painter.drawText(first, LEFT, tile.mark)
    bold.setStrikeOut(missed)
    painter.setFont(bold)
    painter.setPen(color("muted" if missed else "text"))
    _elided(painter, first.adjusted(taken, 0, 0, 0), tile.title)
    painter.setFont(small)
    painter.setPen(color("muted"))
    for count, words in enumerate(shown, 1):
        _elided(painter, QRectF(inner.left(), top + line * count, inner.width(), line), words)


def _draw_look(painter: QPainter, first: QRectF, tile: Tile, needed: float) -> float:
    """Draw the state's icon at the right end of the first line and return the room it takes.

    In a narrow block the name comes first: the check mark of what went well gives way to it.
    """
    if tile.look not in _LOOK_ICONS:
        return 0
    name, tint = _LOOK_ICONS[tile.look]
    side = first.height() * 0.75
    if tile.look in ("done", "signed") and first.width() - side - 2 < needed <= first.width():
        return 0
    paint_icon(painter, QRectF(first.right() - side, first.top() + (first.height() - side) / 2, side, side), name, tint)
    return side + 2


def _elided(painter: QPainter, rect: QRectF, words: str) -> None:
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
    painter.drawRoundedRect(body, theme.size(5), theme.size(5))
    painter.setPen(color("text"))
    inner = body.adjusted(space(2), 2, -space(1), -2)
    painter.setFont(caption(bold=True))
    line = painter.fontMetrics().height()
    if inner.height() < 2 * line:
        _elided(painter, inner, f"{span}  {title}")
        return
    _elided(painter, QRectF(inner.left(), inner.top(), inner.width(), line), span)
    painter.setFont(caption())
    _elided(painter, QRectF(inner.left(), inner.top() + line, inner.width(), line), title)


def draw_bubble(painter: QPainter, near: QRectF, room: QRectF, verdict: Verdict) -> None:
    """Say beside the ghost why it can or cannot stand there."""
    words = "\n".join(verdict.words) or _("Free")
    painter.setFont(caption())
    width = min(theme.size(280), room.width() - space(4))
    icon_room = theme.size(22)
    bounds = QFontMetrics(caption()).boundingRect(
        0, 0, int(width - icon_room - space(4)), 2000, int(Qt.TextFlag.TextWordWrap), words
    )
    size = QRectF(0, 0, bounds.width() + icon_room + space(4), max(bounds.height(), theme.size(16)) + space(3))
    right = near.right() + space(1) + size.width() <= room.right()
    size.moveTopLeft(near.topRight() if right else near.topLeft())
    size.translate(space(1) if right else -size.width() - space(1), 0)
    if size.left() < room.left():
        size.moveTopLeft(near.bottomLeft())
        size.translate(0, space(1))
    size.moveLeft(min(max(size.left(), room.left() + space(1)), room.right() - size.width() - space(1)))
    size.moveTop(min(max(size.top(), room.top() + space(1)), room.bottom() - size.height() - space(1)))
    painter.setPen(QPen(color(verdict.tone), 1))
    painter.setBrush(color("raised"))
    painter.drawRoundedRect(size, theme.size(6), theme.size(6))
    names = {"good": "circle-check", "warning": "triangle-alert", "danger": "octagon-alert"}
    side = theme.size(16)
    paint_icon(
        painter,
        QRectF(size.left() + space(2), size.top() + space(1) + 2, side, side),
        names[verdict.tone],
        verdict.tone,
    )
    painter.setPen(color("text"))
    inner = size.adjusted(icon_room + space(2), 0, -space(2), 0)
    painter.drawText(inner, int(LEFT | Qt.TextFlag.TextWordWrap), words)


def draw_slot(painter: QPainter, rect: QRectF) -> None:
    """Hint at an empty place under the mouse that can be booked."""
    body = rect.adjusted(2.5, 1.5, -2.5, -1.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color("edge"), 1, Qt.PenStyle.DashLine))
    painter.drawRoundedRect(body, theme.size(5), theme.size(5))
    side = min(theme.size(14), body.height() - 2)
    paint_icon(painter, QRectF(body.center().x() - side / 2, body.center().y() - side / 2, side, side), "plus", "muted")


def draw_now(painter: QPainter, y: float, left: float, right: float) -> None:
    """Draw the line of the present time; it lies beneath the blocks, which must stay readable."""
    painter.setPen(QPen(color("danger"), theme.size(2)))
    painter.drawLine(QLineF(left, y, right, y))


def draw_time_of_now(painter: QPainter, y: float, gutter: float, minute: int) -> None:
    """Draw the present time at the left edge, over the hours there."""
    painter.setFont(caption(bold=True))
    height = painter.fontMetrics().height() + 2
    plate = QRectF(2, y - height / 2, gutter - space(1) - 2, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color("danger"))
    painter.drawRoundedRect(plate, height / 2, height / 2)
    painter.setPen(color("raised"))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, clock(minute))


def verdict_of(words: Sequence[tuple[str, bool]]) -> Verdict:
    """Return the verdict for (words, only a warning) pairs."""
    if not words:
        return Verdict()
    grave = any(not warning for _words, warning in words)
    return Verdict("danger" if grave else "warning", tuple(each for each, warning in words if not (grave and warning)))
