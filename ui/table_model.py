"""Table model 列表数据: a list of any length, fetched from the database in pages of finished text.

``data()`` only looks up. What is not there yet is asked for and shown as a skeleton until it arrives; on a
server that happens beside the window.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from models.core import queries
from models.core.exchange import STATE, heading
from models.core.fields import Field
from models.core.record import Record
from models.core.titles import cell_words
from models.core.workflow import STATES
from ui.text import plain_tip
from ui.theme import theme

if TYPE_CHECKING:
    from models.core.database import Work
    from ui.app import App

Index = QModelIndex | QPersistentModelIndex
PAGE = 256
KEPT = 24
"""Pages kept at once: some 6,000 rows."""

STATE_ROLE = Qt.ItemDataRole.UserRole + 1
ID_ROLE = Qt.ItemDataRole.UserRole + 2
_CELL = 300
"""Longer texts are cut in a cell; the whole is in the record."""


@dataclass(frozen=True)
class Selection:
    """Which records a list shows, in which order."""

    search: str = ""
    where: tuple[Any, ...] = field(default=(), compare=False)
    order: str | None = None
    descending: bool | None = None
    binned: bool = False


@dataclass(frozen=True)
class Line:
    """One row as finished text."""

    id: str
    state: str
    texts: tuple[str, ...]


class RecordsModel(QAbstractTableModel):
    """The rows of one record type as a person sees them."""

    counted = Signal(int)

    def __init__(self, app: App, kind: type[Record], columns: Sequence[Field], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.app, self.kind = app, kind
        self.columns = tuple(columns)
        self.selection = Selection()
        self.count = 0
        self._pages: OrderedDict[int, list[Line]] = OrderedDict()
        self._wanted: set[int] = set()
        self._beside = app.database.dialect != "sqlite"
        self._turn = 0
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._fetch_wanted)

    # --- what to show ---

    def show_columns(self, columns: Sequence[Field]) -> None:
        """Show other columns."""
        self.columns = tuple(columns)
        self.reload()

    def select(self, **changes: Any) -> None:
        """Show other records, or in another order."""
        self.selection = replace(self.selection, **changes)
        self.reload()

    def reload(self) -> None:
        """Count and fetch anew, the first page at once."""
        self._turn += 1
        self._wanted.clear()
        selection, turn = self.selection, self._turn
        if self._beside:
            self.app.tasks.run(
                lambda progress, cancelled: self._first(selection), lambda found: self._begin(turn, found)
            )
        else:
            self._begin(turn, self._first(selection))

    def _first(self, selection: Selection) -> tuple[int, list[Line]]:
        with self.app.read() as work:
            count = queries.count(
                work, self.kind, search=selection.search, where=selection.where, binned=selection.binned
            )
            return count, self._read(work, selection, 0) if count else []

    def _begin(self, turn: int, found: tuple[int, list[Line]]) -> None:
        if turn != self._turn:
            return
        self.beginResetModel()
        self.count = found[0]
        self._pages.clear()
        if found[1]:
            self._pages[0] = found[1]
        self.endResetModel()
        self.counted.emit(self.count)

    def _read(self, work: Work, selection: Selection, page: int) -> list[Line]:
        fields = [column for column in self.columns if column is not STATE]
        rows = queries.rows(
            work, self.kind, fields=fields, search=selection.search, where=selection.where, order=selection.order,
            descending=selection.descending, offset=page * PAGE, limit=PAGE, binned=selection.binned,
        )  # fmt: skip
        return [self._line(row, fields) for row in rows]

    def _line(self, row: queries.Row, fields: Sequence[Field]) -> Line:
        words = iter([_short(cell_words(meaning, value)) for meaning, value in zip(fields, row.values, strict=True)])
        texts = tuple(STATES.label(row.state) if column is STATE else next(words) for column in self.columns)
        return Line(row.id, row.state, texts)

    # --- pages ---

    def _fetch_wanted(self) -> None:
        wanted, self._wanted = sorted(self._wanted)[:4], set()
        selection, turn = self.selection, self._turn
        for page in wanted:
            if self._beside:
                self.app.tasks.run(
                    lambda progress, cancelled, page=page: self._page_of(selection, page),  # type: ignore[misc]
                    lambda lines, page=page: self._arrived(turn, page, lines),  # type: ignore[misc]
                )
            else:
                self._arrived(turn, page, self._page_of(selection, page))

    def _page_of(self, selection: Selection, page: int) -> list[Line]:
        with self.app.read() as work:
            return self._read(work, selection, page)

    def _arrived(self, turn: int, page: int, lines: list[Line]) -> None:
        if turn != self._turn:
            return
        self._pages[page] = lines
        while len(self._pages) > KEPT:
            self._pages.popitem(last=False)
        last = min(page * PAGE + len(lines), self.count) - 1
        if last >= page * PAGE and self.columns:
            self.dataChanged.emit(self.index(page * PAGE, 0), self.index(last, len(self.columns) - 1))

    def line(self, row: int) -> Line | None:
        """Return a row that has arrived."""
        page = self._pages.get(row // PAGE)
        place = row % PAGE
        return page[place] if page is not None and place < len(page) else None

    def lines(self, rows: Sequence[int]) -> list[Line]:
        """Return rows, fetching what has not arrived yet."""
        found = []
        for row in rows:
            if self.line(row) is None and row // PAGE not in self._pages:
                self._arrived(self._turn, row // PAGE, self._page_of(self.selection, row // PAGE))
            line = self.line(row)
            if line is not None:
                found.append(line)
        return found

    def row_of(self, record_id: str) -> int:
        """Return the row of a record among those that have arrived, -1 when it is not there."""
        for page, lines in self._pages.items():
            for place, line in enumerate(lines):
                if line.id == record_id:
                    return page * PAGE + place
        return -1

    # --- what Qt asks ---

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self.count

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(self.columns[index.column()])
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, STATE_ROLE, ID_ROLE):
            return None
        line = self.line(index.row())
        if line is None:
            self._want(index.row() // PAGE)
            return None
        if role == STATE_ROLE:
            return line.state
        if role == ID_ROLE:
            return line.id
        text = line.texts[index.column()]
        return plain_tip(text) if role == Qt.ItemDataRole.ToolTipRole else text

    def _want(self, page: int) -> None:
        if page not in self._wanted and page not in self._pages:
            self._wanted.add(page)
            self._soon.start()

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return heading(self.columns[section])
        return _alignment(self.columns[section]) if role == Qt.ItemDataRole.TextAlignmentRole else None


def _alignment(column: Field) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _short(text: str) -> str:
    line = text.replace("\n", " ")
    return line if len(line) <= _CELL else line[:_CELL] + "…"


class RowsModel(QAbstractTableModel):
    """Finished rows of text."""

    def __init__(
        self, headings: Sequence[str], numeric: frozenset[int] = frozenset(), parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.headings, self.numeric = tuple(headings), numeric
        self.rows: list[tuple[str, ...]] = []
        self.strong: frozenset[int] = frozenset()

    def show(self, rows: Sequence[Sequence[str]], strong: Collection[int] = ()) -> None:
        """Show other rows; the ``strong`` ones are headings or totals."""
        self.beginResetModel()
        self.rows = [tuple(row) for row in rows]
        self.strong = frozenset(strong)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.headings)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._alignment(index.column())
        if role == Qt.ItemDataRole.FontRole and index.row() in self.strong:
            return theme.font("strong")
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        text = self.rows[index.row()][index.column()]
        return plain_tip(text) if role == Qt.ItemDataRole.ToolTipRole else text

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.headings):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.headings[section]
        return self._alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _alignment(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if column in self.numeric else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter
