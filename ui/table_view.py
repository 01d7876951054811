"""Table view 列表外观: rows that breathe, chips for states, quiet bars for what has not arrived yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QHelpEvent, QKeyEvent, QPainter
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

from ui.column_widths import shared_out
from ui.theme import color, row_height, space, theme
from ui.widgets import state_tone

Index = QModelIndex | QPersistentModelIndex

WIDEST = 320
"""Wider than this (at text size 100) no column is made where the table has to scroll anyway."""
NAME = 200
"""What is wider than this (at text size 100) is a sentence and no name."""


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
    kept: frozenset[int] = frozenset()
    """Columns that are never squeezed, such as names."""
    arrow = "  ▾"
    """The sign of the order behind a heading, for which every heading keeps room."""

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

    longest: Mapping[int, Sequence[str]] = {}
    """Texts that stand further down and need more room than the first rows, by column."""

    def fit_columns(self, sample: int = 60) -> None:
        """Give every column the width its first rows need, and what remains to the widest texts."""
        model = self.model()
        if model is None:
            return
        metrics, small = self.fontMetrics(), QFontMetrics(theme.font("caption"))
        wanted, least = [], []
        for column in range(model.columnCount()):
            texts = [str(model.index(row, column).data() or "") for row in range(min(model.rowCount(), sample))]
            texts += self.longest.get(column, ())
            heading = small.horizontalAdvance(
                str(model.headerData(column, Qt.Orientation.Horizontal) or "") + self.arrow
            )
            widest = max([heading, *(metrics.horizontalAdvance(text) for text in texts)]) + space(5)
            wanted.append(max(theme.size(56), widest))
            least.append(self._least(column, texts, wanted[-1], heading + space(5)))
        widths = shared_out(wanted, least, self.viewport().width(), theme.size(WIDEST))
        for column, width in enumerate(widths):
            self.setColumnWidth(column, width)

    def _least(self, column: int, texts: list[str], wanted: int, heading: int) -> int:
        """Return how narrow a column may become: names, numbers and dates are never cut, words may be."""
        named = column in self.kept and wanted <= theme.size(NAME)
        if named or not any(sign.isalpha() for text in texts for sign in text):
            return min(wanted, theme.size(WIDEST))
        return max(theme.size(self.narrowest), min(heading, theme.size(WIDEST)))
