"""Rows table 普通表格: finished rows of text, in the house's manner."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from PySide6.QtWidgets import QWidget

from ui.table_model import RowsModel
from ui.table_view import TableView


class RowsTable(TableView):
    """A table of finished rows; ``numeric`` names the columns that are numbers, ``on_open`` gets a row's number.

    The first column says whom or what a row is about and is not squeezed as long as it is no sentence.
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
    ) -> None:
        super().__init__(parent)
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

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self.fit_columns()
