"""Registers 台账: official ledgers drawn from what was entered anyway — looked at, printed, taken along, adapted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QWidget

from models.core import exchange, records
from models.core.exchange import Listing
from models.file_papers import ORDER
from models.period import ReportPeriod
from models.registers import Column, Register, Template, filled, keep, standing_words, taken_out, templates
from resources import N_, _, ngettext
from ui import papers
from ui.layouts import clear
from ui.pages import Page, page
from ui.rows_table import RowsTable
from ui.table_acts import ask_file
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import Button, EmptyState, MenuButton, Section, column, row
from views.period_choice import PeriodChoice

if TYPE_CHECKING:
    from ui.app import App
    from ui.widgets import Menu

_INDENT = "\u2003"
SHOWN = 500
"""Rows shown on screen; paper and workbook have all."""


def _by_area(known: Sequence[Template]) -> Iterator[Template | str]:
    """Yield the registers under the names of their areas, in the order of a child's file."""
    for area, title in ORDER.items():
        here = [each for each in known if each.record_type.area == area]
        if here:
            yield _(title)
            yield from here
    yield from (each for each in known if each.record_type.area not in ORDER)


@page("registers", N_("Registers"), area="papers", icon="notebook-text", needs=("Register", "read"), order=30)
class RegistersPage(Page):
    """The registers at the left, the chosen one with its rows at the right."""

    reads = (Register,)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.known: list[Template | str] = []
        self.listing: Listing | None = None
        whole = self.column(3)
        self.choice = PeriodChoice(ReportPeriod.of("month", app.today()).before(), app.today())
        self.choice.changed.connect(self.show_register)
        head = row(None, 3)
        head.addWidget(self.choice)
        self.standing = PlainLabel("", "caption")
        self.standing.setMinimumHeight(self.choice.sizeHint().height())  # so that nothing jumps from one to the next
        head.addWidget(self.standing)
        head.addStretch(1)
        whole.addLayout(head)
        parts = row(None, 4)
        parts.addWidget(self._names())
        parts.addWidget(self._drawn(), 1)
        whole.addLayout(parts, 1)
        self.tools.add(MenuButton("", self._more, "ellipsis", "quiet", tip=_("Adapt, new, take back")))
        self.export = Button(_("Excel"), "download", on_click=self.export_register)
        self.tools.add(self.export)
        self.print_button = Button(_("Print…"), "printer", "primary", self.print_register)
        self.tools.add(self.print_button)

    def _names(self) -> QWidget:
        self.names = RowsTable((_("Register"),), on_open=lambda _row: self.table_focus(), name=_("Registers"))
        self.names.setFixedWidth(theme.size(240))
        self.names.selectionModel().currentRowChanged.connect(self._went)
        return self.names

    def _went(self, now: QModelIndex, before: QModelIndex) -> None:
        """Show the register that was gone to; over the name of an area one goes on in the same direction."""
        number = now.row()
        if 0 <= number < len(self.known) and isinstance(self.known[number], str):
            up = before.isValid() and before.row() > number and number > 0
            self.names.selectRow(number - 1 if up else number + 1)
        else:
            self.show_register()

    def _drawn(self) -> QWidget:
        self.section = Section(" ")
        self.count = PlainLabel("", "caption")
        self.section.tools.addWidget(self.count)
        self.place_for_rows = column(None, 1)
        self.section.body.addLayout(self.place_for_rows, 1)
        return self.section

    # --- showing ---

    def open(self, register: str = "", period: str = "", **target: Any) -> None:
        if period:
            self.choice.show_period(ReportPeriod.parse(period))
        self.reload()
        for number, each in enumerate(self.known):
            if register and isinstance(each, Template) and register in (each.code, each.register_id):
                self.names.selectRow(number)

    def place(self) -> dict[str, Any]:
        chosen = self.chosen()
        return {"register": (chosen.register_id or chosen.code) if chosen else "", "period": str(self.choice.period)}

    def reload(self) -> None:
        kept = self.place()["register"]
        with self.app.read() as work:
            self.known = list(_by_area(templates(work)))
        areas = {number for number, each in enumerate(self.known) if isinstance(each, str)}
        self.names.blockSignals(True)
        self.names.show_rows(
            [(each,) if isinstance(each, str) else (_INDENT + each.title,) for each in self.known], areas
        )
        self.names.blockSignals(False)
        listed = [(n, each) for n, each in enumerate(self.known) if isinstance(each, Template)]
        numbers = [n for n, each in listed if kept and kept in (each.code, each.register_id)]
        if listed:
            self.names.selectRow(numbers[0] if numbers else listed[0][0])
        self.show_register()

    def chosen(self) -> Template | None:
        """Return the chosen register."""
        number = self.names.currentIndex().row()
        found = self.known[number] if 0 <= number < len(self.known) else None
        return found if isinstance(found, Template) else None

    def show_register(self) -> None:
        """Read the chosen register's rows and show them."""
        template = self.chosen()
        clear(self.place_for_rows)
        self.listing = None
        for each in (self.export, self.print_button):
            each.setEnabled(template is not None)
        if template is None:
            self.place_for_rows.addWidget(EmptyState("notebook-text", _("There is no register that you may read.")), 1)
            return
        self.choice.setVisible(template.timed)
        self.standing.setVisible(not template.timed)
        self.standing.setText(_("This register has no period: {words}.").format(words=standing_words(self.app.today())))
        with self.app.read() as work:
            self.listing = filled(work, template, self.choice.period)
        self.section.title.setText(template.title)
        self._show(self.listing)

    def _show(self, listing: Listing) -> None:
        count = len(listing.rows)
        self.count.setText(ngettext("{n} entry", "{n} entries", count).format(n=f"{count:,}"))
        if not count:
            template = self.chosen()
            timed = template is None or template.timed
            words = (
                _("Nothing was entered for this register in this period.")
                if timed
                else _("Nothing was entered for this register yet.")
            )
            self.place_for_rows.addWidget(EmptyState("notebook-text", words), 1)
            return
        numeric = [index for index, each in enumerate(listing.columns) if each.numeric]
        shown = Listing(listing.title, listing.columns, listing.rows[:SHOWN], listing.notes)
        table = RowsTable(listing.headings, shown.texts(), numeric, name=listing.title)
        table.setMinimumHeight(theme.size(160))
        self.place_for_rows.addWidget(table, 1)
        if count > SHOWN:
            words = _("The first {n} are shown; paper and workbook have all.")
            self.place_for_rows.addWidget(PlainLabel(words.format(n=SHOWN), "caption"))

    def table_focus(self) -> None:
        """Go from the register's name into its rows."""
        item = self.place_for_rows.itemAt(0)
        table = item.widget() if item else None
        if table is not None:
            table.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- taking along ---

    def print_register(self) -> None:
        """Show the register on paper, with all its rows."""
        self._take("print", partial(papers.show_list_paper, self.app))

    def export_register(self) -> None:
        """Write the register into a workbook with the same columns."""
        template = self.chosen()
        if template is None:
            return
        when = self.choice.period if template.timed else self.app.today()
        file = ask_file(self, f"{template.title} {when}", ".xlsx")
        if file is not None:
            self.export_to(file)

    def export_to(self, file: Path) -> None:
        """Write the register into a file, beside the window."""

        def write(listing: Listing) -> None:
            self.app.tasks.run(lambda progress, cancelled: exchange.write(listing, file), lambda _none: tell(listing))

        def tell(listing: Listing) -> None:
            words = ngettext("{n} record written to {file}.", "{n} records written to {file}.", len(listing.rows))
            self.app.notify(words.format(n=len(listing.rows), file=file.name))

        self._take("export", write)

    def _take(self, action: str, then: Any) -> None:
        template, period, app = self.chosen(), self.choice.period, self.app
        if template is None:
            return

        def read(progress: Any, cancelled: Any) -> Listing:
            with app.work() as work:
                return taken_out(work, template, period, action)

        app.tasks.run(read, then)

    # --- adapting ---

    def _more(self, menu: Menu) -> None:
        if not self.app.may("edit", Register):
            menu.add(_("Only the director and the archivist adapt registers."), lambda: None).setEnabled(False)
            return
        menu.add(_("Adapt this register…"), self.adapt, "pencil")
        menu.add(_("New register from this one…"), self.begin, "plus")
        template = self.chosen()
        if template and template.register_id:
            words = _("Back to the delivered register") if template.code else _("Throw this register away")
            menu.add(words, self.take_back, "undo-2")

    def adapt(self) -> None:
        """Change title, columns and filters of the chosen register."""
        template = self.chosen()
        if template is not None:
            self._edit(template)

    def begin(self) -> None:
        """Make a new register of the home's own from the chosen one."""
        template = self.chosen()
        if template is not None:
            title = _("{title} (copy)").format(title=template.title)
            columns = tuple(Column(each.source, each.heading) for each in template.columns)
            self._edit(Template("", title, template.kind, columns, template.filters, template.timed, template.sort))

    def _edit(self, template: Template) -> None:
        from views.register_dialog import RegisterDialog

        dialog = RegisterDialog(self.app, template, self)
        if dialog.exec() and dialog.kept:
            self.open(register=dialog.kept)
        dialog.deleteLater()

    def keep(self, template: Template) -> None:
        """Keep a changed register."""
        with self.app.work() as work:
            kept = keep(work, template)
        self.open(register=kept)

    def take_back(self) -> None:
        """Throw the home's template away; the delivered one stands again. Can be undone."""
        template = self.chosen()
        if template is None or not template.register_id:
            return
        with self.app.work() as work:
            records.put_in_bin(work, Register, template.register_id)
        self.app.notify(_("Register template thrown away."), undo=partial(self._bring_back, template.register_id))
        self.reload()

    def _bring_back(self, register_id: str) -> None:
        with self.app.work() as work:
            records.take_from_bin(work, Register, register_id)
        self.open(register=register_id)
