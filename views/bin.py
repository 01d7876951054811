"""Bin 回收站: what was thrown away in the last 30 days, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedWidget

from models.core import bin as recycle
from models.core import records
from models.core.bin import Binned
from models.core.record import Record
from resources import N_, _
from ui.pages import Page, page
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.widgets import Button, EmptyState

if TYPE_CHECKING:
    from ui.app import App


@page("bin", N_("Bin"), area="home", icon="trash-2", needs=("Child", "read"), order=90)
class Bin(Page):
    """Records in the bin; opening a line offers to put it back."""

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.found: list[Binned] = []
        lines = self.column(3)
        lines.addWidget(
            PlainLabel(
                _(
                    "What is thrown away can be put back for 30 days. Reviewed records are never thrown away; they are voided with a reason."
                ),
                tone="muted",
                wrap=True,
            )
        )
        self.stack = QStackedWidget()
        headings = (_("Record"), _("Kind"), _("Thrown away"), _("By"), _("Days left"))
        self.table = RowsTable(headings, numeric=(4,), on_open=self.put_back, name=_("Bin"))
        self.stack.addWidget(self.table)
        self.stack.addWidget(
            EmptyState("trash-2", _("The bin is empty"), _("What you throw away will wait here for 30 days."))
        )
        lines.addWidget(self.stack, 1)
        self.back = Button(_("Put back"), "undo-2", on_click=self.put_back_current)
        self.tools.add(self.back)

    def reload(self) -> None:
        with self.app.read() as work:
            self.found = recycle.binned(work)
        self.table.show_rows([_cells(each) for each in self.found])
        self.stack.setCurrentIndex(0 if self.found else 1)
        self.back.setVisible(bool(self.found))
        if self.found:
            self.table.selectRow(0)

    def put_back_current(self) -> None:
        """Put the marked record back."""
        number = self.table.currentIndex().row()
        if 0 <= number < len(self.found):
            self.put_back(number)

    def put_back(self, number: int) -> None:
        """Put one record back where it was."""
        binned = self.found[number]
        try:
            with self.app.work() as work:
                records.take_from_bin(work, binned.kind, binned.id)
        except Exception as error:
            self.app.show_error(error)
            return
        self.reload()
        self.app.notify(_("{what} is back.").format(what=binned.title), lambda: self._throw(binned.kind, binned.id))

    def _throw(self, kind: type[Record], record_id: str) -> None:
        with self.app.work() as work:
            records.put_in_bin(work, kind, record_id)
        self.reload()


def _cells(binned: Binned) -> tuple[Any, ...]:
    return (
        binned.title,
        _(binned.kind.title),
        f"{binned.deleted_at:%Y-%m-%d %H:%M}",
        binned.deleted_by,
        str(binned.days_left),
    )
