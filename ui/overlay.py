"""Overlay 浮层: a panel over the window that belongs to a control — result list, month, choice.

It is a child of the window, never a ``Qt::Popup``: there, Chinese input would not reach an editable field.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsDropShadowEffect, QVBoxLayout, QWidget

from ui.theme import color, space, theme


class Overlay(QFrame):
    """A frameless panel that opens below (or above) its anchor and closes when work goes on elsewhere.

    Fill ``body``; ``open()`` shows it, ``close_panel()`` hides it. ``closed`` tells the anchor.
    """

    closed = Signal()

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor.window())
        self.anchor, self._corner = anchor, QPoint()
        self.setObjectName("overlay")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(space(1), space(1), space(1), space(1))
        self.body.setSpacing(0)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(theme.size(24))
        shadow.setOffset(0, theme.size(4))
        shade = color("shade")
        shade.setAlpha(60)
        shadow.setColor(shade)
        self.setGraphicsEffect(shadow)
        # A message that appears above the anchor pushes it down; the panel goes along.
        self._following = QTimer(self, interval=80)
        self._following.timeout.connect(self._follow)
        self.hide()

    def open(self) -> None:
        """Show the panel beside its anchor."""
        if self.parentWidget() is not self.anchor.window():
            self.setParent(self.anchor.window())
        self.place()
        self._following.start()
        self.show()
        self.raise_()
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.installEventFilter(self)
        application.focusChanged.connect(self._focus_moved)

    def close_panel(self) -> None:
        """Hide the panel."""
        if self.isHidden():
            return
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.removeEventFilter(self)
        application.focusChanged.disconnect(self._focus_moved)
        self._following.stop()
        self.hide()
        self.closed.emit()

    def _follow(self) -> None:
        corner = self.anchor.mapTo(self.anchor.window(), QPoint(0, 0))
        if corner != self._corner:
            self.place()

    def wanted(self) -> QSize:
        """Return the size the panel would like; at least as wide as its anchor."""
        hint = self.sizeHint()
        return QSize(max(hint.width(), self.anchor.width()), hint.height())

    def place(self) -> None:
        """Put the panel below the anchor, above it where there is more room, always inside the window."""
        window = self.anchor.window()
        room = window.rect().adjusted(space(1), space(1), -space(1), -space(1))
        corner = self.anchor.mapTo(window, QPoint(0, 0))
        self._corner = corner
        size = self.wanted().boundedTo(room.size())
        below = room.bottom() - corner.y() - self.anchor.height()
        above = corner.y() - room.top()
        gap = space(1)
        if size.height() + gap <= below or below >= above:
            top = corner.y() + self.anchor.height() + gap
            size.setHeight(min(size.height(), max(below - gap, theme.size(120))))
        else:
            size.setHeight(min(size.height(), above - gap))
            top = corner.y() - gap - size.height()
        left = max(room.left(), min(corner.x(), room.right() - size.width()))
        top = max(room.top(), min(top, room.bottom() - size.height()))
        self.setGeometry(QRect(QPoint(left, top), size))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close on a press elsewhere, and move with the window."""
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and isinstance(watched, QWidget):
            if not self._inside(watched):
                self.close_panel()
        elif (
            kind in (QEvent.Type.Resize, QEvent.Type.WindowDeactivate)
            and watched is self.anchor.window()
            or kind == QEvent.Type.Wheel
            and isinstance(watched, QWidget)
            and not self._inside(watched)
            or kind == QEvent.Type.Hide
            and watched is self.anchor
        ):
            self.close_panel()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_panel()
            self.anchor.setFocus()
            return
        super().keyPressEvent(event)

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and not self._inside(new):
            self.close_panel()

    def _inside(self, widget: QWidget) -> bool:
        return any(each is widget or each.isAncestorOf(widget) for each in (self, self.anchor))
