"""Layouts 布局: lines, columns and flows on the one spacing scale."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLayout, QLayoutItem, QScrollArea, QVBoxLayout, QWidget

from ui.focus import hold
from ui.theme import space, theme

Laid = TypeVar("Laid", bound=QBoxLayout)


def column(parent: QWidget | None = None, gap: int = 3, margin: int = 0) -> QVBoxLayout:
    """Return a vertical layout on the spacing scale (steps 0 to 7)."""
    return _laid(QVBoxLayout(parent) if parent else QVBoxLayout(), gap, margin)


def row(parent: QWidget | None = None, gap: int = 2, margin: int = 0) -> QHBoxLayout:
    """Return a horizontal layout on the spacing scale (steps 0 to 7)."""
    return _laid(QHBoxLayout(parent) if parent else QHBoxLayout(), gap, margin)


def _laid(layout: Laid, gap: int, margin: int) -> Laid:
    layout.setSpacing(space(gap))
    layout.setContentsMargins(space(margin), space(margin), space(margin), space(margin))
    return layout


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let it go; who was at work in it finds the place again (``focus.hold``)."""
    if (holder := layout.parentWidget()) is not None:
        hold(holder)
    while item := layout.takeAt(0):
        if widget := item.widget():
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif inner := item.layout():
            clear(inner)


class Sides(QWidget):
    """Columns of cards side by side, beneath each other where the room is narrow."""

    NARROW = 560

    def __init__(self, *sides: Iterable[QWidget]) -> None:
        super().__init__()
        self._line = row(self, 3)
        for cards in sides:
            side = column(None, 3)
            for card in cards:
                side.addWidget(card)
            side.addStretch(1)
            self._line.addLayout(side, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < theme.size(self.NARROW)
        self._line.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)


def rule() -> QFrame:
    """Return a thin horizontal line."""
    line = QFrame()
    line.setProperty("rule", True)
    line.setFixedHeight(1)
    return line


class Toolbar(QWidget):
    """A row of controls: what is added stands left, after ``stretch()`` right."""

    def __init__(self, *widgets: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = row(self)
        for each in widgets:
            self.add(each)

    def add(self, widget: QWidget, stretch: int = 0) -> QWidget:
        """Add a control and return it."""
        self.line.addWidget(widget, stretch)
        return widget

    def stretch(self) -> None:
        """Push what follows to the right."""
        self.line.addStretch(1)


class Flow(QLayout):
    """A layout that sets its pieces in a line and goes on in the next when there is no room, like words."""

    def __init__(self, parent: QWidget | None = None, gap: int = 2) -> None:
        super().__init__(parent)  # type: ignore[arg-type]  # Qt takes None here
        self._items: list[QLayoutItem] = []
        self._gap = space(gap)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]  # None ends Qt's walk
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]  # None ends Qt's walk
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        widths = [item.sizeHint().width() + self._gap for item in self._items if not item.isEmpty()]
        return QSize(sum(widths), self.minimumSize().height())

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, *, move: bool) -> int:
        bottom = rect.y()
        for line in self._broken(rect.width()):
            tallest, x = max(size.height() for _item, size in line), rect.x()
            for item, size in line:
                if move:
                    item.setGeometry(QRect(QPoint(x, bottom + (tallest - size.height()) // 2), size))
                x += size.width() + self._gap
            bottom += tallest + self._gap
        return max(bottom - self._gap - rect.y(), 0)

    def _broken(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        """Break the pieces into lines, as words are."""
        lines: list[list[tuple[QLayoutItem, QSize]]] = []
        room = -1
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint().boundedTo(QSize(max(width, 1), 16777215))
            if room < size.width():
                lines.append([])
                room = width
            lines[-1].append((item, size))
            room -= size.width() + self._gap
        return lines


class Scroll(QScrollArea):
    """A page part that scrolls up and down, never sideways; fill ``body``."""

    def __init__(self, gap: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        self.body = column(inner, gap)
        self.setWidget(inner)
