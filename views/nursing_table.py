"""The table of the daily entry: a row a child, what is written, what is usual in grey, what is unusual in its tone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyleOptionViewItem

from models.nursing import NursingRow, unusual
from resources import _
from ui.icons import paint_icon
from ui.table_view import CellDelegate, TableView, paint_chip
from ui.text import plain_tip
from ui.theme import color, space, theme
from views.nursing_columns import COLUMNS, Column, cell_words

Index = QModelIndex | QPersistentModelIndex
KIND_ROLE = Qt.ItemDataRole.UserRole + 1
ICON_ROLE = Qt.ItemDataRole.UserRole + 2
CHILD, STATE = "child", "state"
NARROW_WHEN_EMPTY = frozenset("DVRZN")
"""Columns that show no more than their key while nothing is in them."""
_CAP = 30


@dataclass(frozen=True)
class Line:
    """One child's row and what is typed into it but not yet saved."""

    row: NursingRow
    typed: dict[str, Any] = field(default_factory=dict)
    problem: str = ""
    asks: bool = False
    """Whether the next Enter confirms a warning."""

    @property
    def written(self) -> bool:
        """Whether this shift's record is saved."""
        return self.row.record is not None

    @property
    def values(self) -> dict[str, Any]:
        """What is saved and typed so far."""
        return {**(self.row.record or {}), **self.typed}

    @property
    def ghost(self) -> dict[str, Any]:
        """What “as usual” would write, where nothing is written or typed yet."""
        return {} if self.written or self.row.away else self.row.usual

    def state(self) -> tuple[str, str]:
        """Return the row's state in words and its tone."""
        if self.problem:
            return (_("Confirm") if self.asks else _("Not saved")), "warning" if self.asks else "danger"
        if self.typed:
            return _("Typing"), "info"
        if self.row.away:
            return self.row.where, "neutral"
        if self.row.record is None:
            return _("To write"), "neutral"
        if unusual(self.row.record, self.row.record["day"]):
            return _("Unusual"), "warning"
        return (_("As usual") if self.row.record["usual"] else _("Written")), "good"


class NursingModel(QAbstractTableModel):
    """The rows of one unit's shift as finished text."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []
        self.day = date.min
        self.columns: list[Column] = list(COLUMNS)
        self._cells: list[dict[str, tuple[str, str]]] = []

    def show(self, rows: Sequence[NursingRow], day: date) -> None:
        """Show these rows of a day, keeping what is typed and not saved."""
        self.day = day
        typed = {line.row.child_id: line for line in self.lines if line.typed or line.problem}
        shown = [replace(typed[row.child_id], row=row) if row.child_id in typed else Line(row) for row in rows]
        columns = [each for each in COLUMNS if each.key != "R" or any(_turned(row) for row in rows)]
        same = [line.row.child_id for line in self.lines] == [row.child_id for row in rows] and columns == self.columns
        if same:
            self.lines = shown
            self._cells = [self._cells_of(line) for line in shown]
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
            return
        self.beginResetModel()
        self.lines, self.columns = shown, columns
        self._cells = [self._cells_of(line) for line in shown]
        self.endResetModel()

    def set_line(self, place: int, line: Line) -> None:
        """Show another state of one row."""
        self.lines[place] = line
        self._cells[place] = self._cells_of(line)
        self.dataChanged.emit(self.index(place, 0), self.index(place, self.columnCount() - 1))

    def place_of(self, child_id: str) -> int:
        """Return the row of a child, -1 when it is not here."""
        return next((index for index, line in enumerate(self.lines) if line.row.child_id == child_id), -1)

    def _cells_of(self, line: Line) -> dict[str, tuple[str, str]]:
        """Finished (text, kind) by column; the kind is a tone, ``typed``, ``ghost`` or empty."""
        values, ghost = line.values, line.ghost
        tones = {each.field: each.level for each in unusual(values, self.day)}
        cells = {}
        for column in self.columns:
            shown = {name: values.get(name) for name in column.fields}
            text = cell_words(column, shown)
            tone = next((tones[name] for name in column.fields if name in tones), "")
            kind = tone or ("typed" if any(name in line.typed for name in column.fields) else "")
            if not text and ghost:
                text, kind = cell_words(column, ghost), "ghost"
            cells[column.key] = (text, kind)
        cells[STATE] = line.state()
        cells[CHILD] = (line.row.name, line.row.bed)
        return cells

    # --- Qt ---

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns) + 2

    def key_of(self, section: int) -> str:
        """Return what a column is: ``child``, ``state`` or the key of its field."""
        return CHILD if section == 0 else STATE if section == len(self.columns) + 1 else self.columns[section - 1].key

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        key, line = self.key_of(index.column()), self.lines[index.row()]
        text, kind = self._cells[index.row()][key]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == KIND_ROLE:
            return kind
        if role == ICON_ROLE and key == CHILD:
            return next((alert.icon for alert in line.row.alerts if alert.level == "danger"), "")
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._tip(line, key, text))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.headerData(index.column(), Qt.Orientation.Horizontal)}: {text}"
        if role == Qt.ItemDataRole.TextAlignmentRole and key in "TDVRZ":
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def _tip(self, line: Line, key: str, text: str) -> str:
        if key == CHILD:
            facts = [f"{line.row.name}  {line.row.number}  {line.row.age}", *(alert.text for alert in line.row.alerts)]
            return "\n".join(facts)
        if key == STATE:
            record = line.row.record
            return line.problem or (f"{record['recorded_by']}  {record['at']:%H:%M}" if record else "")
        return text

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        key = self.key_of(section)
        if role == Qt.ItemDataRole.DisplayRole:
            return {CHILD: _("Child"), STATE: _("State")}.get(key) or next(
                c.title for c in self.columns if c.key == key
            )
        if role == KIND_ROLE:
            return key if len(key) == 1 else ""
        if role == Qt.ItemDataRole.ToolTipRole and len(key) == 1:
            return plain_tip(f"{key}  {self.headerData(section, orientation)}")
        return None


def _turned(row: NursingRow) -> bool:
    return bool((row.record or {}).get("turned") or row.usual.get("turned"))


class CareDelegate(CellDelegate):
    """Draws a cell in its tone, the usual in grey, the state as a chip, the child with bed and alert."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        blank = QStyleOptionViewItem(option)
        blank.text = ""  # type: ignore[attr-defined]
        blank.state &= ~QStyle.StateFlag.State_HasFocus  # type: ignore[attr-defined]
        style = option.widget.style()  # type: ignore[attr-defined]
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, blank, painter, option.widget)  # type: ignore[attr-defined]
        rect, text, kind = option.rect, str(index.data() or ""), str(index.data(KIND_ROLE) or "")  # type: ignore[attr-defined]
        if index.column() == 0:
            self._child(painter, rect, text, kind, str(index.data(ICON_ROLE) or ""))
        elif index.column() == index.model().columnCount() - 1:
            paint_chip(painter, rect, text, kind)
        elif text:
            chosen = bool(option.state & QStyle.StateFlag.State_Selected)  # type: ignore[attr-defined]
            self._value(painter, rect, text, kind, index.data(Qt.ItemDataRole.TextAlignmentRole), chosen=chosen)

    def _child(self, painter: QPainter, rect: QRect, name: str, bed: str, icon: str) -> None:
        painter.save()
        painter.setFont(theme.font("caption"))
        painter.setPen(color("muted"))
        left = rect.adjusted(space(2), 0, 0, 0)
        width = painter.fontMetrics().horizontalAdvance("00") + space(2)
        painter.drawText(left, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, bed)
        painter.setFont(theme.font("strong"))
        painter.setPen(color("text"))
        room = left.adjusted(width, 0, -(theme.size(20) if icon else space(1)), 0)
        shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()
        if icon:
            side = theme.size(15)
            paint_icon(
                painter,
                QRect(rect.right() - side - space(1), rect.center().y() - side // 2, side, side),
                icon,
                "danger",
            )

    def _value(self, painter: QPainter, rect: QRect, text: str, kind: str, alignment: Any, *, chosen: bool) -> None:
        painter.save()
        inner = rect.adjusted(space(2), 0, -space(2), 0)
        loud = kind in ("danger", "warning")
        if loud:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(f"{kind}_soft"))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.drawRoundedRect(
                rect.adjusted(space(1) // 2, space(1), -space(1) // 2, -space(1)), space(1), space(1)
            )
        painter.setFont(theme.font("strong" if loud else "body"))
        painter.setPen(
            color(kind if loud else {"ghost": "muted" if chosen else "disabled", "typed": "accent"}.get(kind, "text"))
        )
        flags = alignment or (Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        painter.drawText(
            inner, flags, painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        )
        painter.restore()


class KeyHeader(QHeaderView):
    """A heading with the key that opens its column drawn before the words."""

    def __init__(self, parent: Any = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        model = self.model()
        key = str(model.headerData(section, Qt.Orientation.Horizontal, KIND_ROLE) or "")
        words = str(model.headerData(section, Qt.Orientation.Horizontal) or "")
        painter.save()
        painter.fillRect(rect, color("surface"))
        painter.setPen(color("line"))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        inner = rect.adjusted(space(2), 0, 0, 0)
        if key:
            inner.adjust(self._key(painter, inner, key) + space(1), 0, 0, 0)
        painter.setFont(theme.font("caption"))
        painter.setPen(color("muted"))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()

    def _key(self, painter: QPainter, rect: QRect, key: str) -> int:
        font = theme.font("caption")
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(color("accent"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, key)
        return painter.fontMetrics().horizontalAdvance(key)

    def sectionSizeFromContents(self, section: int) -> QSize:
        return QSize(super().sectionSizeFromContents(section).width() + theme.size(18), theme.size(32))


class NursingTable(TableView):
    """The table itself: it moves by rows and hands every key of the entry on."""

    typed = Signal(QKeyEvent)
    row_changed = Signal(int, int)
    cell_asked = Signal(int, str)

    def __init__(self, model: NursingModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setHorizontalHeader(KeyHeader(self))
        self.horizontalHeader().show()
        self.horizontalHeader().setStretchLastSection(False)
        self.horizontalHeader().setMinimumSectionSize(theme.size(_CAP))
        self.setItemDelegate(CareDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.setAccessibleName(_("Children of the unit"))
        self.doubleClicked.connect(lambda index: self.cell_asked.emit(index.row(), model.key_of(index.column())))
        self.passes: Callable[[QKeyEvent], bool] = lambda event: False
        self.asking: Callable[[], bool] = lambda: False
        model.modelReset.connect(self.fit)
        model.dataChanged.connect(lambda *_args: self.fit())

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        if current.row() != previous.row():
            self.row_changed.emit(current.row(), previous.row())

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Let Tab go on to the next detail while a field is asked, else out of the table."""
        return False if self.asking() else super().focusNextPrevChild(forward)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.passes(event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Give every column what its texts need, then what its heading needs, then share what remains."""
        model = self.model()
        if not isinstance(model, NursingModel) or not model.columnCount():
            return
        steps = [self._needs(model, section) for section in range(model.columnCount())]
        room = self.viewport().width()
        widths = [least for least, _texts, _heading in steps]
        for wanted in ([each[1] for each in steps], [each[2] for each in steps]):
            widths = _grown(widths, wanted, room)
        note, spare = len(widths) - 2, room - sum(widths)
        if spare > 0:
            share = min(spare // (2 * len(widths)), theme.size(28))
            widths = [width + share for width in widths]
            widths[note] += spare - share * len(widths)
        for section, width in enumerate(widths):
            self.setColumnWidth(section, width)

    def _needs(self, model: NursingModel, section: int) -> tuple[int, int, int]:
        """The least width of a column, the one its texts need, and the one its heading needs."""
        key, bold, small = (
            model.key_of(section),
            QFontMetrics(theme.font("strong")),
            QFontMetrics(theme.font("caption")),
        )
        texts = [str(model.index(place, section).data() or "") for place in range(min(model.rowCount(), 60))]
        wanted = max((bold.horizontalAdvance(text) for text in texts), default=0) + space(4)
        heading = small.horizontalAdvance(str(model.headerData(section, Qt.Orientation.Horizontal))) + theme.size(26)
        if key == CHILD:
            return theme.size(108), min(wanted + theme.size(48), theme.size(190)), theme.size(112)
        if key == STATE:
            return theme.size(58), small.horizontalAdvance(max(texts, key=len, default="")) + theme.size(28), 0
        if not any(texts) and key in NARROW_WHEN_EMPTY:
            return theme.size(_CAP), theme.size(_CAP), heading
        return theme.size(54 if key == "T" else 44), min(wanted, theme.size(150)), heading


def _grown(widths: list[int], wanted: list[int], room: int) -> list[int]:
    """Grow columns towards what they want, evenly, as far as there is room."""
    missing = [max(want - width, 0) for width, want in zip(widths, wanted, strict=True)]
    spare, needed = max(room - sum(widths), 0), sum(missing)
    share = min(1.0, spare / needed) if needed else 0.0
    return [width + int(lack * share) for width, lack in zip(widths, missing, strict=True)]
