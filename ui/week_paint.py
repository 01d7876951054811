"""The pens of the drawn week: columns and rows, shades, heads and times, all in the theme's colours."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QBrush, QFontMetrics, QPainter, QPen

from resources import _
from ui.icons import paint_icon
from ui.theme import color, mix, space, theme
from ui.week_axis import Axis, clock
from ui.week_pieces import Band, Column, Shade, Verdict
from ui.week_tile import LEFT, caption, elided

MIDDLE = Qt.AlignmentFlag.AlignVCenter


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
    names = {"good": "circle-check", "info": "merge", "warning": "triangle-alert", "danger": "octagon-alert"}
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


def draw_now(painter: QPainter, line: QLineF) -> None:
    """Draw the line of the present time; it lies beneath the blocks, which must stay readable."""
    painter.setPen(QPen(color("danger"), theme.size(2)))
    painter.drawLine(line)


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


# --- a week lying sideways --------------------------------------------------------------------------


def draw_row(
    painter: QPainter, rect: QRectF, column: Column, axis: Axis, bands: Sequence[Band], *, striped: bool
) -> None:
    """Draw a person's row: closed days, shades, the lines of the hours and the stronger ones between days."""
    if striped:
        painter.fillRect(rect, mix(color("line"), color("raised"), 0.18))
    thin = mix(color("line"), color("raised"), 0.55)
    for band in bands:
        left, right = rect.left() + axis.y(band.start), rect.left() + axis.y(band.end)
        day = QRectF(left, rect.top(), right - left, rect.height())
        if band.closed:
            painter.fillRect(day, color("sunken"))
        elif band.marked:
            painter.fillRect(day, mix(color("accent"), color("raised"), 0.045))
    for start, end in axis.folds:
        fold = QRectF(rect.left() + axis.y(start), rect.top(), axis.y(end) - axis.y(start), rect.height())
        painter.fillRect(fold, color("sunken"))
    for shade in column.shades:
        left, right = rect.left() + axis.y(shade.start), rect.left() + axis.y(shade.end)
        area = QRectF(left, rect.top(), right - left, rect.height())
        painter.fillRect(area, color("sunken"))
        painter.fillRect(area, QBrush(color("line"), Qt.BrushStyle.BDiagPattern))
    painter.setPen(QPen(thin, 1))
    for minute in axis.marks(60):
        x = round(rect.left() + axis.y(minute)) + 0.5
        painter.drawLine(QLineF(x, rect.top(), x, rect.bottom()))
    painter.setPen(QPen(color("edge"), 1))
    for band in bands[1:]:
        x = round(rect.left() + axis.y(band.start)) - 0.5
        painter.drawLine(QLineF(x, rect.top(), x, rect.bottom()))
    painter.setPen(QPen(thin, 1))
    painter.drawLine(QLineF(rect.left(), rect.bottom() - 0.5, rect.right(), rect.bottom() - 0.5))


def draw_person(painter: QPainter, rect: QRectF, column: Column, *, current: bool) -> None:
    """Draw the head of a row: the name, and at the right how much the person has."""
    inner = rect.adjusted(space(1), 0, -space(2), 0)
    painter.setFont(caption())
    painter.setPen(color("muted"))
    load = painter.fontMetrics().horizontalAdvance(column.subtitle)
    painter.drawText(inner, MIDDLE | Qt.AlignmentFlag.AlignRight, column.subtitle)
    painter.setFont(caption(bold=current))
    painter.setPen(color("accent" if current else "text"))
    elided(painter, inner.adjusted(0, 0, -load - space(1), 0), column.title)


def draw_days(painter: QPainter, rect: QRectF, axis: Axis, bands: Sequence[Band], left: float) -> None:
    """Draw the heads of the days and below them the hours, as many as there is room for."""
    line = rect.height() / 2
    for band in bands:
        x, end = left + axis.y(band.start), left + axis.y(band.end)
        seen = QRectF(max(x, rect.left()), rect.top(), end - max(x, rect.left()), line).adjusted(space(1), 1, -2, 0)
        if seen.width() <= 0:
            continue
        painter.setFont(theme.font("strong") if band.marked else caption(bold=True))
        painter.setPen(color("accent" if band.marked else "muted" if band.closed else "text"))
        words = "  ".join(each for each in (band.title, band.note) if each)
        elided(painter, seen, words)
        if x > rect.left():
            painter.setPen(QPen(color("edge"), 1))
            painter.drawLine(QLineF(round(x) - 0.5, rect.top() + 3, round(x) - 0.5, rect.bottom()))
        if band.marked:
            painter.fillRect(QRectF(x, rect.bottom() - theme.size(3), end - x, theme.size(3)), color("accent"))
    _draw_hour_marks(painter, QRectF(rect.left(), rect.top() + line, rect.width(), line), axis, left)


def _draw_hour_marks(painter: QPainter, rect: QRectF, axis: Axis, left: float) -> None:
    painter.setFont(caption())
    painter.setPen(color("muted"))
    wide = painter.fontMetrics().horizontalAdvance("00") + space(1)
    step = 60 if axis.scale * 60 >= wide else 120
    last = -1.0
    ends = {start for start, _end in axis.folds} | {axis.end}
    for minute in axis.marks(60):
        x = left + axis.y(minute)
        if minute % step or minute in ends or x < last + wide or x < rect.left() - 1:
            continue
        last = x
        painter.drawText(QRectF(x + 2, rect.top(), wide, rect.height()), LEFT, f"{minute // 60 % 24}")
