"""Time rows 时间行: a drawn list whose rows lie along one axis of time, with today's line through all of them.

A subclass says how many rows there are and draws each; scrolling, axis, hovering, keys and what a screen
reader hears are here. Only what is seen is drawn.
"""

from __future__ import annotations

import calendar
from datetime import date

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from models.age import months_later
from resources import _, current_language
from ui.text import plain_tip
from ui.theme import color, space, theme

HEAD, ROW = 46, 30


class TimeRows(QAbstractScrollArea):
    """Rows along an axis of time; ``opened`` carries the row that was pressed or entered."""

    opened = Signal(int)
    chosen = Signal(int)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first, self.last, self.today = date(2026, 1, 1), date(2027, 1, 1), date(2026, 6, 1)
        self.label_share, self.label_limits, self.end_width = 0.26, (120, 260), 128
        self.current, self._hover = -1, -1
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("bare", True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.setAccessibleName(name)
        theme.changed.connect(self._again)

    # --- what a subclass says ---

    def row_count(self) -> int:
        """Return how many rows there are."""
        return 0

    def row_height(self, index: int) -> int:
        """Return the height of one row."""
        return theme.size(ROW)

    def row_words(self, index: int) -> str:
        """Say one row in words, for hovering and for a screen reader."""
        return ""

    def can_open(self, index: int) -> bool:
        """Whether a row can be chosen at all."""
        return True

    def draw_row(self, painter: QPainter, rect: QRect, index: int) -> None:
        """Draw one row."""

    def draw_behind(self, painter: QPainter, plot: QRect) -> None:
        """Draw what lies behind all rows."""

    def ticks(self) -> list[tuple[date, str, bool]]:
        """Return the marks of the axis: day, words, whether it is a main mark."""
        return month_ticks(self.first, self.last, self.plot().width())

    # --- places ---

    def label_width(self) -> int:
        """Return the width of the labels at the left."""
        low, high = self.label_limits
        return max(theme.size(low), min(theme.size(high), round(self.viewport().width() * self.label_share)))

    def plot(self) -> QRect:
        """Return the part of the viewport in which time runs."""
        left = self.label_width()
        width = max(self.viewport().width() - left - theme.size(self.end_width), theme.size(80))
        return QRect(left, 0, width, self.viewport().height())

    def place_of(self, day: date) -> int:
        """Return where a day lies; days beyond the axis lie at its ends."""
        plot, span = self.plot(), max((self.last - self.first).days, 1)
        share = min(max((day - self.first).days / span, 0.0), 1.0)
        return plot.left() + round(share * plot.width())

    def tops(self) -> list[int]:
        """Return the top of every row below the head, before scrolling, and the end of the last."""
        found = [0]
        for index in range(self.row_count()):
            found.append(found[-1] + self.row_height(index))
        return found

    def row_at(self, point: QPoint) -> int:
        """Return the row at a point of the viewport, -1 for none."""
        y = point.y() - theme.size(HEAD) + self.verticalScrollBar().value()
        if point.y() < theme.size(HEAD):
            return -1
        tops = self.tops()
        return next((index for index in range(self.row_count()) if tops[index] <= y < tops[index + 1]), -1)

    # --- drawing ---

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        plot = self.plot().adjusted(0, theme.size(HEAD), 0, 0)
        self._draw_grid(painter, plot)
        self.draw_behind(painter, plot)
        painter.setClipRect(0, theme.size(HEAD), self.viewport().width(), self.viewport().height())
        offset = theme.size(HEAD) - self.verticalScrollBar().value()
        tops = self.tops()
        for index in range(self.row_count()):
            rect = QRect(0, tops[index] + offset, self.viewport().width(), tops[index + 1] - tops[index])
            if rect.bottom() >= theme.size(HEAD) and rect.top() <= self.viewport().height():
                self._draw_ground(painter, rect, index)
                self.draw_row(painter, rect, index)
        painter.setClipping(False)
        self._draw_today(painter)

    def _draw_grid(self, painter: QPainter, plot: QRect) -> None:
        painter.setFont(theme.font("caption"))
        for day, words, main in self.ticks():
            x = self.place_of(day)
            painter.setPen(color("line"))
            painter.drawLine(x, theme.size(HEAD) - (theme.size(10) if main else theme.size(4)), x, plot.bottom())
            if words:
                painter.setPen(color("text" if main else "muted"))
                width = painter.fontMetrics().horizontalAdvance(words) + space(2)
                place = QRect(x + theme.size(3), theme.size(HEAD) - theme.size(22), width, theme.size(18))
                if place.right() <= plot.right() + theme.size(self.end_width):
                    painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        painter.setPen(color("edge"))
        painter.drawLine(0, theme.size(HEAD), self.viewport().width(), theme.size(HEAD))

    def _draw_ground(self, painter: QPainter, rect: QRect, index: int) -> None:
        if index == self.current and self.can_open(index):
            painter.setPen(color("focus") if self.hasFocus() else Qt.PenStyle.NoPen)
            painter.setBrush(color("selection"))
            painter.setOpacity(0.55 if theme.name != "contrast" else 1.0)
            painter.drawRoundedRect(rect.adjusted(1, 1, -2, -1), space(1), space(1))
            painter.setOpacity(1.0)
        elif index == self._hover and self.can_open(index):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("sunken"))
            painter.drawRoundedRect(rect.adjusted(1, 1, -2, -1), space(1), space(1))

    def _draw_today(self, painter: QPainter) -> None:
        if not self.first <= self.today <= self.last:
            return
        x = self.place_of(self.today)
        painter.setPen(color("accent"))
        painter.drawLine(x, theme.size(22), x, self.viewport().height())
        words = _("today")
        painter.setFont(theme.font("caption"))
        metrics = painter.fontMetrics()
        width = metrics.horizontalAdvance(words) + space(3)
        left = min(max(x - width // 2, 0), self.viewport().width() - width)
        flag = QRect(left, theme.size(2), width, theme.size(19))
        painter.setBrush(color("accent"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawRoundedRect(flag, space(1), space(1))
        painter.setPen(color("on_accent"))
        painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, words)

    def _again(self) -> None:
        self._measure()
        self.viewport().update()

    # --- scrolling and choosing ---

    def shown(self) -> None:
        """Measure and draw after the rows have changed."""
        self.current = min(self.current, self.row_count() - 1)
        self._again()

    def _measure(self) -> None:
        room = self.viewport().height() - theme.size(HEAD)
        bar = self.verticalScrollBar()
        bar.setPageStep(max(room, 1))
        bar.setSingleStep(theme.size(ROW))
        bar.setRange(0, max(self.tops()[-1] - room, 0))

    def wanted_height(self) -> int:
        """Return the height at which nothing need be scrolled."""
        return theme.size(HEAD) + self.tops()[-1] + space(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def choose(self, index: int) -> None:
        """Make a row the current one, bring it into view and let a screen reader say it."""
        if not 0 <= index < self.row_count():
            return
        self.current = index
        top, bottom = self.tops()[index], self.tops()[index + 1]
        bar, room = self.verticalScrollBar(), self.viewport().height() - theme.size(HEAD)
        if top < bar.value():
            bar.setValue(top)
        elif bottom > bar.value() + room:
            bar.setValue(bottom - room)
        self.setAccessibleDescription(self.row_words(index))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.chosen.emit(index)
        self.viewport().update()

    def _step(self, way: int) -> None:
        index = self.current + way
        while 0 <= index < self.row_count() and not self.can_open(index):
            index += way
        self.choose(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._step(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Home:
            self.current = -1
            self._step(1)
        elif key == Qt.Key.Key_End:
            self.current = self.row_count()
            self._step(-1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.current >= 0:
            self.opened.emit(self.current)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self.row_at(event.position().toPoint())
        if index != self._hover:
            self._hover = index
            self.viewport().setCursor(
                Qt.CursorShape.PointingHandCursor if index >= 0 and self.can_open(index) else Qt.CursorShape.ArrowCursor
            )
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self.row_at(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index >= 0 and self.can_open(index):
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.choose(index)
            self.opened.emit(index)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip:
            index = self.row_at(event.pos())  # type: ignore[attr-defined]  # a QHelpEvent
            words = self.tip_at(event.pos(), index) if index >= 0 else ""  # type: ignore[attr-defined]
            QToolTip.showText(event.globalPos(), plain_tip(words), self.viewport())  # type: ignore[attr-defined]
            return True
        if event.type() == QEvent.Type.Leave:
            self._hover = -1
            self.viewport().update()
        return super().viewportEvent(event)

    def tip_at(self, point: QPoint, index: int) -> str:
        """Return what is told on hovering at a point of a row."""
        return self.row_words(index)

    def focusInEvent(self, event: QEvent) -> None:  # type: ignore[override]  # Qt's own is narrower
        if self.current < 0:
            self._step(1)
        self.viewport().update()


def month_ticks(first: date, last: date, width: int) -> list[tuple[date, str, bool]]:
    """Return the marks of a calendar axis: every year, and as many months as there is room for."""
    months = max((last.year - first.year) * 12 + last.month - first.month, 1)
    room = width / months
    step = 1 if room >= theme.size(36) else 3 if room >= theme.size(14) else 6 if room >= theme.size(8) else 12
    day = date(first.year, first.month, 1)
    found = []
    while day <= last:
        if day >= first and (day.month - 1) % step == 0:
            main = day.month == 1
            found.append((day, str(day.year) if main else month_name(day.month), main))
        day = months_later(day, 1)
    return found


def month_name(month: int) -> str:
    """Return the short name of a month in the language in use."""
    return f"{month}月" if current_language() == "zh_CN" else calendar.month_abbr[month]
