"""Audit trail 审计记录: who did what and when, for the auditor, and whether the chain is whole."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QComboBox, QFileDialog

from models.core import exchange, trail
from models.core.audit import EVENTS
from models.core.trail import Line, Narrowed
from resources import N_, _
from ui import papers
from ui.pages import Page, page
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.widgets import Banner, Button, Menu, MenuButton, Segmented, row

if TYPE_CHECKING:
    from ui.app import App

SPANS = (("today", N_("Today"), 0), ("week", N_("7 days"), 6), ("month", N_("30 days"), 29), ("all", N_("All"), None))


@page("audit_trail", N_("Audit trail"), area="system", icon="scroll-text", needs=("AuditEntry", "read"), order=20)
class AuditTrail(Page):
    """The trail, the newest first."""

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.lines: list[Line] = []
        whole = self.column(3)
        self.verdict = Banner("", "good")
        self.verdict.hide()
        whole.addWidget(self.verdict)
        whole.addLayout(self._filters())
        self.table = RowsTable(trail.headings(), numeric=(0,), name=_("Audit trail"))
        self.table.narrowest = 166
        whole.addWidget(self.table, 1)
        self.older = Button(_("Older entries"), "chevron-down", "quiet", self.more)
        whole.addWidget(self.older)
        self.tools.add(Button(_("Check the trail"), "shield-check", on_click=self.check))
        if app.may("export", "AuditEntry"):
            self.tools.add(MenuButton("", self._more_menu, "ellipsis", "quiet", tip=_("Export, print")))

    def _filters(self) -> Any:
        line = row(None, 2)
        options = [(key, _(label)) for key, label, _days in SPANS]
        self.span = Segmented(options, lambda _value: self.reload(), value="week", name=_("Time"))
        line.addWidget(self.span)
        self.event_kind, self.person = QComboBox(), QComboBox()
        self.event_kind.setAccessibleName(_("Event"))
        self.event_kind.addItem(_("All events"), "")
        for code in EVENTS:
            self.event_kind.addItem(str(code), code.code)
        self.person.setAccessibleName(_("User name"))
        self.person.addItem(_("Everyone"), "")
        for box in (self.event_kind, self.person):
            box.currentIndexChanged.connect(lambda _index: self.reload())
            line.addWidget(box)
        line.addStretch(1)
        self.number = PlainLabel("", "caption")
        line.addWidget(self.number)
        return line

    def wanted(self) -> Narrowed:
        """Return what the filters ask for."""
        days = next(each[2] for each in SPANS if each[0] == self.span.value())
        since = self.app.today() - timedelta(days=days) if days is not None else None
        return Narrowed(self.event_kind.currentData() or "", self.person.currentData() or "", since)

    def reload(self) -> None:
        with self.app.read() as work:
            self._fill_people(trail.usernames(work))
            self.lines = trail.lines(work, self.wanted())
            self.total = trail.count(work, self.wanted())
        self._show()

    def more(self) -> None:
        """Show older entries below."""
        with self.app.read() as work:
            self.lines += trail.lines(work, self.wanted(), before=self.lines[-1].sequence)
        self._show()

    def _show(self) -> None:
        self.table.show_rows([_cells(each) for each in self.lines])
        self.number.setText(_("{n} of {m} entries").format(n=len(self.lines), m=self.total))
        self.older.setVisible(len(self.lines) < self.total)

    def _fill_people(self, names: list[str]) -> None:
        if self.person.count() == len(names) + 1:
            return
        chosen = self.person.currentData()
        self.person.blockSignals(True)
        self.person.clear()
        self.person.addItem(_("Everyone"), "")
        for name in names:
            self.person.addItem(name, name)
        self.person.setCurrentIndex(max(0, self.person.findData(chosen)))
        self.person.blockSignals(False)

    # --- checking and taking out ---

    def check(self) -> None:
        """Walk the whole chain, beside the window."""
        self.verdict.tell(_("The chain is being checked …"), "info")
        self.app.tasks.run(self._broken, self._checked)

    def _broken(self, progress: Any, cancelled: Any) -> tuple[int, list[str]]:
        with self.app.read() as work:
            return trail.count(work, Narrowed()), trail.broken_places(work, progress)

    def _checked(self, found: tuple[int, list[str]]) -> None:
        number, places = found
        if places:
            shown = places[:8] + ([_("… and {n} more").format(n=len(places) - 8)] if len(places) > 8 else [])
            self.verdict.tell("\n".join([_("The trail was tampered with:"), *shown]), "danger")
        else:
            self.verdict.tell(_("All {n} entries follow one another unchanged.").format(n=number), "good")

    def _more_menu(self, menu: Menu) -> None:
        menu.add(_("Export to Excel"), self.export, "file-text")
        menu.add(_("Print"), self.print_list, "printer")

    def export(self) -> None:
        """Save the entries shown as a workbook; that too is noted."""
        proposed = str(Path.home() / f"{_('Audit trail')} {self.app.today()}.xlsx")
        file, _kind = QFileDialog.getSaveFileName(self, _("Export to Excel"), proposed, "Excel (*.xlsx)")
        if file:
            with self.app.work() as work:
                listing = trail.taken_out(work, self.wanted())
            exchange.write(listing, Path(file))
            self.app.notify(_("Saved: {file}").format(file=file))

    def print_list(self) -> None:
        """Show the entries on paper."""
        with self.app.work() as work:
            listing = trail.taken_out(work, self.wanted())
        papers.show_list_paper(self.app, listing)


def _cells(line: Line) -> tuple[str, ...]:
    return (
        str(line.sequence),
        f"{line.at:%Y-%m-%d %H:%M:%S}",
        line.username,
        line.event,
        line.what,
        line.mark,
        line.text,
    )
