"""The ledger's table 台账表格: a figure in every cell, the marked one framed, each light in words and tone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QWidget

from models.entitlement_home import Row
from models.entitlement_paper import Column, hours_words, level_words, light_words, value_of
from models.funded_lights import Light
from models.therapies import short_name
from resources import _
from ui.table_view import CellDelegate, TableView, paint_chip
from ui.text import plain_tip
from ui.theme import color, space, theme

Index = QModelIndex | QPersistentModelIndex
TONE = Qt.ItemDataRole.UserRole + 1


class LedgerModel(QAbstractTableModel):
    """Rows of the ledger: child, therapy, the figures, minutes, and the two lights."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []
        self.columns: list[Column] = []
        self.lights: Mapping[str, Light] = {}
        self.heads: list[tuple[str, str]] = []
        """(key, heading) of every column of the table."""

    def show(self, rows: Sequence[Row], columns: Sequence[Column], lights: Mapping[str, Light]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows, self.columns, self.lights = list(rows), list(columns), lights
        therapies = any(row.therapy for row in rows)
        self.heads = [("name", _("Child")), *([("therapy", _("Therapy"))] if therapies else [])]
        # The lights stand first, so that they are seen in a narrow window too.
        self.heads += [("level", _("Entitlement")), *([("light", _("Funded"))] if lights else [])]
        self.heads += [*((each.key, each.title) for each in columns), ("hours", _("Hours given"))]
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.heads)

    def key(self, place: int) -> str:
        """Return what a column is about."""
        return self.heads[place][0] if 0 <= place < len(self.heads) else ""

    def is_figure(self, place: int) -> bool:
        """Whether a column holds a figure that opens what stands behind it."""
        return any(each.key == self.key(place) for each in self.columns)

    def text(self, row: Row, key: str) -> tuple[str, str]:
        """Return (tone, words) of a cell."""
        if key == "name":
            return "", row.name
        if key == "therapy":
            return "", short_name(row.therapy)
        if key == "hours":
            return "", hours_words(row)
        if key == "level":
            return level_words(row)
        if key == "light":
            return light_words(self.lights.get(row.child_id))
        number = value_of(row, key)
        return "muted" if not number else "", str(number).replace("-", "−") if number else "·"

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row, key = self.rows[index.row()], self.key(index.column())
        tone, words = self.text(row, key)
        if role == Qt.ItemDataRole.DisplayRole:
            return words
        if role == TONE:
            return tone
        if role == Qt.ItemDataRole.ForegroundRole and tone == "muted":
            return color("muted")
        if role == Qt.ItemDataRole.TextAlignmentRole and (self.is_figure(index.column()) or key == "hours"):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.name}, {self.heads[index.column()][1]}: {words if words != '·' else 0}"
        if role == Qt.ItemDataRole.ToolTipRole and key == "light" and row.child_id in self.lights:
            return plain_tip(self.lights[row.child_id].words())
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.heads):
            return None
        key, title = self.heads[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return title
        if role == Qt.ItemDataRole.TextAlignmentRole and (self.is_figure(section) or key == "hours"):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return next((plain_tip(_(each.help)) for each in self.columns if each.key == key), None)
        return None


class LedgerDelegate(CellDelegate):
    """Draws lights as chips, and a frame around the figure that Enter opens."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if isinstance(model, LedgerModel) and model.key(index.column()) in ("level", "light"):
            blank = QStyleOptionViewItem(option)
            blank.text = ""  # type: ignore[attr-defined]  # the stubs lack it
            style = option.widget.style()  # type: ignore[attr-defined]
            style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, blank, painter, option.widget)  # type: ignore[attr-defined]
            paint_chip(painter, option.rect, str(index.data() or ""), str(index.data(TONE) or "neutral"))  # type: ignore[attr-defined]
            return
        super().paint(painter, option, index)
        view = option.widget  # type: ignore[attr-defined]
        if isinstance(view, LedgerTable) and view.currentIndex() == index and view.ledger.is_figure(index.column()):
            self._frame(painter, option.rect)  # type: ignore[attr-defined]

    def _frame(self, painter: QPainter, rect: QRect) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = painter.pen()
        pen.setColor(color("accent"))
        pen.setWidthF(1.5)
        painter.setPen(pen)
        painter.drawRoundedRect(rect.adjusted(2, 3, -2, -3), space(1), space(1))
        painter.restore()


class LedgerTable(TableView):
    """The table; ``on_figure`` gets the row and the key of the figure that is opened, ``on_child`` the row."""

    marked = Signal(object)
    """The row that is marked now, or None."""

    def __init__(
        self, on_figure: Callable[[Row, str], Any], on_child: Callable[[Row], Any], parent: QWidget | None = None
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.on_figure, self.on_child = on_figure, on_child
        self.ledger = LedgerModel(self)
        self.setModel(self.ledger)
        self.setItemDelegate(LedgerDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.horizontalHeader().setStretchLastSection(True)
        self.setAccessibleName(_("Entitlement ledger"))
        self.opened.connect(lambda _row: self.open_cell())
        self.selectionModel().currentChanged.connect(lambda *_places: self.marked.emit(self.current_row()))

    def show_rows(self, rows: Sequence[Row], columns: Sequence[Column], lights: Mapping[str, Light]) -> None:
        """Show other rows, staying at the same child and figure where they are still there."""
        before, place = self.current_row(), self.currentIndex().column()
        self.ledger.show(rows, columns, lights)
        self.fit()
        line = 0
        if before is not None:
            same = [i for i, row in enumerate(rows) if (row.child_id, row.therapy) == (before.child_id, before.therapy)]
            line = same[0] if same else 0
        if rows:
            self.setCurrentIndex(self.ledger.index(line, max(place, 0)))

    def show_child(self, child_id: str) -> None:
        """Mark a child's first row."""
        for line, row in enumerate(self.ledger.rows):
            if row.child_id == child_id:
                self.setCurrentIndex(self.ledger.index(line, 0))
                self.scrollTo(self.currentIndex())
                return

    def current_row(self) -> Row | None:
        """Return the marked row."""
        place = self.currentIndex().row()
        return self.ledger.rows[place] if 0 <= place < len(self.ledger.rows) else None

    def open_cell(self) -> None:
        """Open what stands behind the marked figure; in another column, the child."""
        row, place = self.current_row(), self.currentIndex().column()
        if row is None:
            return
        if self.ledger.is_figure(place):
            self.on_figure(row, self.ledger.key(place))
        else:
            self.on_child(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        here = self.currentIndex()
        if event.key() in steps and here.isValid():
            place = min(max(here.column() + steps[Qt.Key(event.key())], 0), self.ledger.columnCount() - 1)
            self.setCurrentIndex(self.ledger.index(here.row(), place))
            return
        super().keyPressEvent(event)

    def currentChanged(self, current: Any, previous: Any) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Give every column what its texts need; the names take what is left over, the last the rest."""
        body, small = QFontMetrics(theme.font("body")), QFontMetrics(theme.font("caption"))
        widths = []
        for place, (key, title) in enumerate(self.ledger.heads):
            chip = key in ("level", "light")
            metrics = small if chip else body
            texts = [self.ledger.text(row, key)[1] for row in self.ledger.rows[:200]]
            widest = max((metrics.horizontalAdvance(text) for text in texts), default=0)
            widths.append(
                max(widest + (space(6) if chip else space(5)), small.horizontalAdvance(title) + theme.size(23))
            )
            if place == 0:
                widths[0] = min(max(widths[0], theme.size(96)), theme.size(200))
        spare = self.viewport().width() - sum(widths)
        if spare > 0 and widths:
            each = min(spare // len(widths), theme.size(24))
            widths = [width + each for width in widths]
        for place, width in enumerate(widths):
            self.setColumnWidth(place, width)
