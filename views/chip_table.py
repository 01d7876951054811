"""A table of finished rows with one column of chips: the state in words and tone, the rest plain text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

from ui.column_widths import shared_out
from ui.table_view import CellDelegate, TableView, paint_chip
from ui.text import plain_tip
from ui.theme import space, theme

Index = QModelIndex | QPersistentModelIndex
TONE_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True)
class ChipRow:
    """One row: finished texts, the tone of its chip, and what it stands for."""

    texts: tuple[str, ...]
    tone: str = "neutral"
    key: Any = None


class ChipModel(QAbstractTableModel):
    """Rows of text with one chip each."""

    def __init__(
        self, headings: Sequence[str], chip: int, numeric: Iterable[int] = (), parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.headings, self.chip, self.numeric = tuple(headings), chip, frozenset(numeric)
        self.rows: list[ChipRow] = []

    def show(self, rows: Sequence[ChipRow]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.headings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        text = row.texts[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == TONE_ROLE:
            return row.tone
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(text)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in self.numeric:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.headings[index.column()]}: {text}"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.headings[section]
        if role == Qt.ItemDataRole.TextAlignmentRole and section in self.numeric:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


class ChipDelegate(CellDelegate):
    """Draws the chip column as a chip."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, ChipModel) or index.column() != model.chip:
            super().paint(painter, option, index)
            return
        blank = QStyleOptionViewItem(option)
        blank.text = ""  # type: ignore[attr-defined]
        style = option.widget.style()  # type: ignore[attr-defined]
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, blank, painter, option.widget)  # type: ignore[attr-defined]
        paint_chip(painter, option.rect, str(index.data() or ""), str(index.data(TONE_ROLE)))  # type: ignore[attr-defined]


class ChipTable(TableView):
    """The table; ``on_open`` gets the key of the row that is opened.

    Args:
        stretch: the columns that share what is left over; the others get what their texts need.
        spare: the columns that go, in this order, where the window is too small for all.
    """

    def __init__(
        self, headings: Sequence[str], chip: int, on_open: Callable[[Any], Any], *, numeric: Iterable[int] = (),
        stretch: Iterable[int] = (), spare: Iterable[int] = (), name: str = "", parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.rows = ChipModel(headings, chip, numeric, self)
        self.stretch = tuple(stretch) or (len(headings) - 1,)
        self.spare = tuple(spare)
        self.setModel(self.rows)
        self.setItemDelegate(ChipDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.horizontalHeader().setStretchLastSection(False)
        self.setAccessibleName(name or " ".join(headings))
        self.opened.connect(lambda place: on_open(self.rows.rows[place].key))

    def show_rows(self, rows: Sequence[ChipRow]) -> None:
        """Show other rows, staying at the same key where it is still there."""
        before = self.current_key()
        self.rows.show(rows)
        self.fit()
        place = next((index for index, row in enumerate(rows) if row.key == before), -1) if before is not None else -1
        if place >= 0:
            self.selectRow(place)

    def current_key(self) -> Any:
        """Return the key of the current row, None when there is none."""
        place = self.currentIndex().row()
        return self.rows.rows[place].key if 0 <= place < len(self.rows.rows) else None

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit_height(self, most: int = 8) -> None:
        """Take the height of the rows, so that the page scrolls and not the table; at most so many rows."""
        shown = max(1, min(len(self.rows.rows), most))
        self.setFixedHeight(theme.size(34) + shown * self.verticalHeader().defaultSectionSize() + 2)

    def fit(self) -> None:
        """Give every column what its texts need, and the stretching ones what is left over.

        Where there is too little room the stretching columns are lowered first, to the width of their headings.
        """
        body, small = QFontMetrics(theme.font("body")), QFontMetrics(theme.font("caption"))
        wanted, least = [], []
        for column, heading in enumerate(self.rows.headings):
            metrics, extra = (small, theme.size(32)) if column == self.rows.chip else (body, space(5))
            widest = max((metrics.horizontalAdvance(row.texts[column]) for row in self.rows.rows[:120]), default=0)
            head = small.horizontalAdvance(heading) + space(5)
            wanted.append(max(widest + extra, head))
            least.append(min(max(head, theme.size(90)), wanted[-1]) if column in self.stretch else wanted[-1])
        room = self.viewport().width()
        shown = self._shown(least, room)
        needed, floors = [wanted[each] for each in shown], [least[each] for each in shown]
        widths = shared_out(needed, floors, room, theme.size(320)) if sum(needed) > room else needed
        spare = max(room - sum(widths), 0) // max(len(set(shown) & set(self.stretch)), 1)
        for column, width in zip(shown, widths, strict=True):
            self.setColumnWidth(column, width + (spare if column in self.stretch else 0))

    def _shown(self, least: list[int], room: int) -> list[int]:
        """Return the columns on show: all, or without so many of the spare ones that the rest fits."""
        gone: set[int] = set()
        for column in self.spare:
            if sum(width for each, width in enumerate(least) if each not in gone) > room:
                gone.add(column)
        for column in self.spare:
            self.setColumnHidden(column, column in gone)
        return [column for column in range(len(least)) if column not in gone]
