"""Table view 列表外观: rows that breathe, chips for states, quiet bars for what has not arrived yet."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QToolTip,
    QWidget,
)

from ui.theme import color, row_height, space, theme
from ui.widgets import state_tone

Index = QModelIndex | QPersistentModelIndex


class CellDelegate(QStyledItemDelegate):
    """Draws a cell's text, or a quiet bar while it is on its way; never a focus frame around one cell."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        option.state &= ~QStyle.StateFlag.State_HasFocus  # type: ignore[attr-defined]
        if index.data() is None:
            self._bar(painter, option.rect, index)  # type: ignore[attr-defined]
            return
        super().paint(painter, option, index)

    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """Tell the whole text on hovering, but only where it did not fit."""
        text = str(index.data() or "")
        if view.fontMetrics().horizontalAdvance(text) + space(4) <= option.rect.width():  # type: ignore[attr-defined]  # the stub lacks it
            QToolTip.hideText()
            return True
        return super().helpEvent(event, view, option, index)

    def _bar(self, painter: QPainter, rect: QRect, index: Index) -> None:
        share = (0.7, 0.5, 0.85, 0.6)[(index.row() + index.column()) % 4]
        height = theme.size(10)
        bar = QRect(
            rect.x() + space(2), rect.center().y() - height // 2, round((rect.width() - space(4)) * share), height
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("line"))
        painter.drawRoundedRect(bar, space(1), space(1))
        painter.restore()


class StateDelegate(CellDelegate):
    """Draws a record's state as a labelled chip."""

    def __init__(self, role: int, parent: Any = None) -> None:
        super().__init__(parent)
        self._role = role

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        text = index.data()
        if text is None:
            super().paint(painter, option, index)
            return
        blank = QStyleOptionViewItem(option)
        blank.text = ""  # type: ignore[attr-defined]
        style = option.widget.style()  # type: ignore[attr-defined]
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, blank, painter, option.widget)  # type: ignore[attr-defined]
        paint_chip(painter, option.rect, text, state_tone(index.data(self._role) or ""))  # type: ignore[attr-defined]


def paint_chip(painter: QPainter, rect: QRect, text: str, tone: str) -> None:
    """Draw a chip at the left of a cell."""
    if not text:
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(theme.font("caption"))
    metrics = painter.fontMetrics()
    width = min(metrics.horizontalAdvance(text) + theme.size(14), rect.width() - space(3))
    height = metrics.height() + theme.size(4)
    chip = QRect(rect.x() + space(2), rect.center().y() - height // 2 + 1, width, height)
    painter.setPen(color("edge") if theme.name == "contrast" else Qt.PenStyle.NoPen)
    painter.setBrush(color(f"{tone}_soft"))
    painter.drawRoundedRect(chip, space(1), space(1))
    painter.setPen(color(tone))
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, chip.width() - theme.size(8))
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, shown)
    painter.restore()


class TableView(QTableView):
    """A table in the house's manner: whole rows, no grid, keys for opening and throwing away."""

    narrowest = 130
    """Columns are not squeezed below this width; a table with long times sets it higher."""

    opened = Signal(int)
    thrown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setItemDelegate(CellDelegate(self))
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(row_height())
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setStretchLastSection(True)
        head.setMinimumSectionSize(theme.size(40))
        head.setFixedHeight(theme.size(32))
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        theme.changed.connect(self._measure)

    def _measure(self) -> None:
        self.verticalHeader().setDefaultSectionSize(row_height())
        self.horizontalHeader().setFixedHeight(theme.size(32))
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_Delete and plain:
            self.thrown.emit()
        else:
            super().keyPressEvent(event)

    def chosen_rows(self) -> list[int]:
        """Return the selected rows from top to bottom."""
        return sorted({index.row() for index in self.selectionModel().selectedRows()})

    def fit_columns(self, sample: int = 60) -> None:
        """Give every column the width its first rows need, and what remains to the widest texts."""
        model = self.model()
        if model is None:
            return
        metrics = self.fontMetrics()
        widths = []
        for column in range(model.columnCount()):
            texts = [str(model.headerData(column, Qt.Orientation.Horizontal) or "") + "  ▾"]
            texts += [str(model.index(row, column).data() or "") for row in range(min(model.rowCount(), sample))]
            widest = max(metrics.horizontalAdvance(text) for text in texts)
            widths.append(max(theme.size(56), min(widest + space(5), theme.size(320))))
        self._share_out(widths)

    def _share_out(self, widths: list[int]) -> None:
        """Spread what room there is; a little too wide is squeezed out of the longest texts instead of scrolled."""
        room, whole = self.viewport().width(), sum(widths)
        if whole <= room:
            widths = [round(width * (1 + min((room - whole) / max(whole, 1), 0.45))) for width in widths]
        else:
            slack = [max(width - theme.size(self.narrowest), 0) for width in widths]
            share = min((whole - room) / max(sum(slack), 1), 1.0)
            if share < 1.0:
                widths = [math.floor(width - loose * share) for width, loose in zip(widths, slack, strict=True)]
        for index, width in enumerate(widths):
            self.setColumnWidth(index, width)
