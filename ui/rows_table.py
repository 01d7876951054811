"""Rows table 普通表格: finished rows of text, in the house's manner."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QWidget

from ui.table_model import RowsModel
from ui.table_view import TableView
from ui.theme import row_height, space


class RowsTable(TableView):
    """A table of finished rows; ``numeric`` names the columns that are numbers, ``on_open`` gets a row's number.

    The first column says whom or what a row is about and is not squeezed as long as it is no sentence. Where words
    ``wrap``, what is too long for its column goes on in further lines instead of being cut.
    """

    kept, arrow = frozenset((0,)), ""

    def __init__(
        self,
        headings: Sequence[str],
        rows: Sequence[Sequence[str]] = (),
        numeric: Iterable[int] = (),
        on_open: Callable[[int], Any] | None = None,
        parent: QWidget | None = None,
        *,
        name: str = "",
        wrap: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setWordWrap(wrap)
        if wrap:
            self.kept = frozenset()  # a long name, too, goes on in a further line
        self.rows = RowsModel(headings, frozenset(numeric), self)
        self.setModel(self.rows)
        self.setAccessibleName(name or " ".join(headings))
        if on_open:
            self.opened.connect(on_open)
        self.show_rows(rows)

    def show_rows(self, rows: Sequence[Sequence[str]], strong: Collection[int] = ()) -> None:
        """Show other rows; the ``strong`` ones are headings or totals."""
        self.rows.show(rows, strong)
        # A number is never cut, however far down it stands.
        self.longest = {place: [max((row[place] for row in rows), key=len, default="")] for place in self.rows.numeric}
        self.fit_columns()

    def fit_columns(self, sample: int = 60) -> None:
        super().fit_columns(sample)
        if self.wordWrap():
            for row, cells in enumerate(self.rows.rows):
                self.setRowHeight(row, self._height(cells))

    def _height(self, cells: Sequence[str]) -> int:
        """Return how high a row must be for all its words."""
        metrics, wraps = self.fontMetrics(), int(Qt.TextFlag.TextWordWrap)
        lines = [
            metrics.boundingRect(QRect(0, 0, self.columnWidth(column) - space(5), 9999), wraps, text).height()
            for column, text in enumerate(cells)
        ]
        return row_height() - metrics.height() + max([metrics.height(), *lines])

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self.fit_columns()
