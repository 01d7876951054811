"""Month panel 月历: one drawn month in which a day is chosen by mouse or arrow keys."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from models.period import month_title
from resources import N_, _
from ui.overlay import Overlay
from ui.text import PlainLabel
from ui.theme import color, space, theme
from ui.widgets import Button, IconButton, row

WEEKDAYS = (N_("Mo"), N_("Tu"), N_("We"), N_("Th"), N_("Fr"), N_("Sa"), N_("Su"))
_STEPS = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7,
}  # fmt: skip


def month_on(day: date, months: int) -> date:
    """Return the same day some months on, or the last day where that month is shorter."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


class MonthGrid(QWidget):
    """Six weeks of days; ``picked`` is emitted with a click or Enter."""

    picked = Signal(object)
    moved = Signal(object)

    def __init__(self, day: date, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.day, self.today = day, today
        self._hovered: date | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.go(day)

    def go(self, day: date) -> None:
        """Move to another day."""
        self.day = day
        self.setAccessibleName(day.isoformat())
        self.moved.emit(day)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(7 * theme.size(36), theme.size(24) + 6 * theme.size(32))

    def _first(self) -> date:
        start = self.day.replace(day=1)
        return start - timedelta(days=start.weekday())

    def _cell(self, index: int) -> QRect:
        width, top = self.width() / 7, theme.size(24)
        height = (self.height() - top) / 6
        return QRect(round(index % 7 * width), round(top + index // 7 * height), round(width), round(height))

    def _day_at(self, place: QPoint) -> date | None:
        for index in range(42):
            if self._cell(index).contains(place):
                return self._first() + timedelta(days=index)
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("caption"))
        painter.setPen(color("muted"))
        for index, name in enumerate(WEEKDAYS):
            cell = self._cell(index)
            painter.drawText(QRect(cell.x(), 0, cell.width(), theme.size(24)), Qt.AlignmentFlag.AlignCenter, _(name))
        for index in range(42):
            self._paint_day(painter, self._cell(index), self._first() + timedelta(days=index))

    def _paint_day(self, painter: QPainter, cell: QRect, day: date) -> None:
        chosen, radius = day == self.day, min(cell.width(), cell.height()) / 2 - 1
        centre = QPointF(cell.center()) + QPointF(0.5, 0.5)
        painter.setPen(color("accent") if day == self.today else Qt.PenStyle.NoPen)
        ground = color("accent") if chosen else color("sunken") if day == self._hovered else None
        painter.setBrush(ground if ground else Qt.BrushStyle.NoBrush)
        if ground or day == self.today:
            painter.drawEllipse(centre, radius, radius)
        inside = day.month == self.day.month
        painter.setFont(theme.font("strong" if chosen or day == self.today else "body"))
        painter.setPen(color("on_accent" if chosen else "text" if inside else "disabled"))
        painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, str(day.day))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = self._day_at(event.position().toPoint())
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        day = self._day_at(event.position().toPoint())
        if day:
            self.go(day)
            self.picked.emit(day)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.go(month_on(self.day, -1 if event.angleDelta().y() > 0 else 1))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _STEPS:
            self.go(self.day + timedelta(days=_STEPS[Qt.Key(key)]))
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            years = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.go(month_on(self.day, (12 if years else 1) * (-1 if key == Qt.Key.Key_PageUp else 1)))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.picked.emit(self.day)
        else:
            super().keyPressEvent(event)


class MonthPanel(Overlay):
    """The month over the window; ``pick`` gets the chosen day."""

    def __init__(self, anchor: QWidget, today: date, pick: Callable[[date], None]) -> None:
        super().__init__(anchor)
        self.today, self._pick = today, pick
        self.setAccessibleName(_("Calendar"))
        self.body.setContentsMargins(space(2), space(2), space(2), space(2))
        self.body.setSpacing(space(1))
        self.title = PlainLabel("", "strong")
        self.title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.grid = MonthGrid(today, today)
        self.grid.moved.connect(lambda day: self.title.setText(month_title(day)))
        self.grid.picked.connect(self._picked)
        self._head()
        self.body.addWidget(self.grid)
        self._foot()

    def _head(self) -> None:
        head = row(None, 0)
        for name, words, months in (
            ("chevrons-left", _("Year before"), -12), ("chevron-left", _("Month before"), -1), ("", "", 0),
            ("chevron-right", _("Month after"), 1), ("chevrons-right", _("Year after"), 12),
        ):  # fmt: skip
            if not name:
                head.addWidget(self.title, 1)
                continue
            button = IconButton(name, words, partial(self._go_on, months))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            head.addWidget(button)
        self.body.addLayout(head)

    def _go_on(self, months: int) -> None:
        self.grid.go(month_on(self.grid.day, months))

    def _foot(self) -> None:
        foot = row(None, 1)
        for words, days in ((_("Yesterday"), -1), (_("today").capitalize(), 0), (_("Tomorrow"), 1)):
            day = self.today + timedelta(days=days)
            button = Button(words, kind="quiet", on_click=partial(self._picked, day))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            foot.addWidget(button, 1)
        self.body.addLayout(foot)

    def show_day(self, day: date | None) -> None:
        """Open at a day."""
        self.grid.go(day or self.today)
        self.open()
        self.grid.setFocus()

    def wanted(self) -> QSize:
        return self.sizeHint()

    def _picked(self, day: date) -> None:
        self.close_panel()
        self._pick(day)
