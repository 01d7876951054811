"""All records of one area in the child's file 全部记录: whatever has no tab of its own is still in reach."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QStackedWidget

from models import filters
from models.core.record import Record
from resources import _
from ui.app import App
from ui.pages import ChildTab
from ui.table import RecordTable
from ui.widgets import Segmented


class AreaRecords(ChildTab):
    """The lists of every record type of an area about one child."""

    def __init__(self, app: App, kinds: Sequence[type[Record]]) -> None:
        super().__init__(app)
        self.kinds = list(kinds)
        self.watched = tuple(kinds)
        self.tables: dict[str, RecordTable] = {}
        lines = self.column(2)
        self.choice = Segmented(
            [(kind.__name__, _(kind.titles)) for kind in kinds], lambda _name: self._show(), name=_("Kind of record")
        )
        lines.addWidget(self.choice)
        self.choice.setVisible(len(self.kinds) > 1)
        self.stack = QStackedWidget()
        lines.addWidget(self.stack, 1)

    def show_child(self, child_id: str) -> None:
        self.child_id = child_id
        self._show()

    def _show(self) -> None:
        name = self.choice.value()
        kind = next(each for each in self.kinds if each.__name__ == name)
        if name not in self.tables:
            self.tables[name] = RecordTable(self.app, kind, hide=("child_id",))
            self.stack.addWidget(self.tables[name])
        table = self.tables[name]
        self.stack.setCurrentWidget(table)
        table.set_where([filters.of_child(kind, self.child_id)], {"child_id": self.child_id})

    def new(self) -> None:
        """Begin a record of the kind on show."""
        self.tables[self.choice.value()].new()
