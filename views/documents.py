"""Documents 月度打印: the month on paper — choose month, children and papers; all is printed beside the window."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QItemSelectionModel, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QStackedWidget, QWidget

from models.child import Child
from models.core import queries
from models.month import ChildOfMonth, Month
from models.paper_jobs import CHECK
from models.paper_scope import chosen_children, conditions_for
from models.papers import Printed, recent_prints
from models.unit import Unit
from resources import N_, _, ngettext
from ui.app import App
from ui.pages import Page, page
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import Button, EmptyState, Menu, SearchBox, Segmented, Toolbar, column, row
from views.batch_cards import Cards
from views.batch_choices import Choices
from views.batch_start import begin
from views.month_choice import MonthChoice, last_whole
from views.paper_preview import show_paper_of
from views.paper_queue import queue_of

CHILDREN, PRINTED = "children", "printed"


@page("documents", N_("Papers of a month"), area="papers", icon="calendar-days", needs=("Child", "print"), order=10)
class Documents(Page):
    """The papers of a month: for whom, which, how; how far the printing is, and what came of it."""

    reads = (Child, Unit)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.shown: list[ChildOfMonth] = []
        self.recent: list[Printed] = []
        self.queue = queue_of(app)
        today = app.today()
        self.choice = MonthChoice(last_whole(today), Month(today.year, today.month))
        self.choice.changed.connect(self.reload)
        self.choices = Choices(app)
        self.choices.changed.connect(self._name_buttons)
        self.cards = Cards(app, self.queue)
        self.queue.over.connect(lambda _state: self._show_recent())
        self._tools()
        whole = self.column(3)
        whole.addLayout(self._scope())
        whole.addWidget(self.cards)
        middle = row(None, 4)
        middle.addWidget(self._list(), 5)
        middle.addWidget(self.choices, 4)
        whole.addLayout(middle, 1)

    def _tools(self) -> None:
        self.look = Button(_("Preview"), "eye", on_click=self.preview)
        self.check = Button(_("Check first"), "list-checks", on_click=self.check_first)
        self.check.setToolTip(
            _("Gathers everything and prints nothing: who has no entries, which characters have no font.")
        )
        self.print_button = Button(_("Print…"), "printer", "primary", self.print_all)
        for each in (self.look, self.check, self.print_button):
            self.tools.add(each)
        QShortcut(QKeySequence("Ctrl+P"), self, self.print_all)

    def _scope(self) -> Any:
        line = row(None, 3)
        line.addWidget(self.choice)
        self.unit = _narrowing(_("Unit"), _("All units"), self.reload)
        self.condition = _narrowing(_("Which children"), _("All children of the month"), self.reload)
        with self.app.read() as work:
            for each in conditions_for(work):
                self.condition.addItem(each.title, each.key)
        line.addWidget(self.unit)
        line.addWidget(self.condition)
        line.addStretch(1)
        return line

    def _list(self) -> QWidget:
        part = QWidget()
        lines = column(part, 2)
        bar = Toolbar()
        options = [(CHILDREN, _("Children")), (PRINTED, _("Printed by you"))]
        self.view = Segmented(options, self._show_view, name=_("What is listed"))
        bar.add(self.view)
        bar.stretch()
        self.search = SearchBox(lambda _text: self.reload(), _("Name or file number"))
        self.search.setMinimumWidth(theme.size(180))
        bar.add(self.search)
        lines.addWidget(bar)
        self.stack = QStackedWidget()
        for each in (self._children(), self._printed()):
            self.stack.addWidget(each)
        lines.addWidget(self.stack, 1)
        return part

    def _children(self) -> QWidget:
        part = QWidget()
        lines = column(part, 1)
        headings = (_("File number"), _("Name"), _("Unit"))
        self.table = RowsTable(headings, on_open=lambda _number: self.preview(), name=_("Children"))
        self.table.selectionModel().selectionChanged.connect(lambda *_args: self._name_buttons())
        self.empty = EmptyState(
            "calendar-days", _("No child was in care in this month."),
            _("Choose another month or other children above. Children are admitted on the page “Children”."),
            _("Go to the children"), lambda: self.app.go("children"),
        )  # fmt: skip
        self.nobody = EmptyState(
            "users-round", _("Nobody of this month fits."), "", _("All children of the month"), self.widen
        )  # fmt: skip
        self.empty.hide()
        self.nobody.hide()
        self.hint = PlainLabel("", "caption")
        for widget, stretch in ((self.table, 1), (self.empty, 1), (self.nobody, 1), (self.hint, 0)):
            lines.addWidget(widget, stretch)
        return part

    def _printed(self) -> QWidget:
        headings = (_("When"), _("Form"), _("Copies"))
        part = QWidget()
        lines = column(part, 1)
        self.prints = RowsTable(headings, numeric=(2,), on_open=self._open_place, name=_("Printed by you"))
        self.no_prints = EmptyState(
            "printer",
            _("You have printed nothing yet."),
            _("What you print, save or look at as a paper is listed here."),
        )
        for each in (self.prints, self.no_prints):
            lines.addWidget(each, 1)
        return part

    # --- showing ---

    def open(self, month: str = "", child_id: str = "", unit_id: str = "", **target: Any) -> None:
        if month:
            self.choice.show_month(Month.parse(month))
        self.reload()
        if unit_id:
            self.unit.setCurrentIndex(max(self.unit.findData(unit_id), 0))
        numbers = [number for number, each in enumerate(self.shown) if each.id == child_id]
        if numbers:
            self.table.selectRow(numbers[0])

    def place(self) -> dict[str, Any]:
        return {"month": str(self.choice.month), "unit_id": self.unit.currentData() or ""}

    def reload(self) -> None:
        marked = {each.id for each in self._marked()}
        month = self.choice.month
        with self.app.read() as work:
            self._fill_units(queries.choices(work, "unit", limit=200))
            unit, condition = self.unit.currentData() or "", self.condition.currentData() or ""
            self.shown = chosen_children(work, month, unit, condition, self.search.text())
        self.stale = False
        self.choices.month_changed(month, over=self.choice.over())
        self._show_children(marked)
        self._show_recent()

    def _show_recent(self) -> None:
        with self.app.read() as work:
            self.recent = recent_prints(work)
        self.prints.show_rows([_print_cells(each) for each in self.recent])
        self.prints.setVisible(bool(self.recent))
        self.no_prints.setVisible(not self.recent)

    def _show_view(self, view: str) -> None:
        self.stack.setCurrentIndex(view == PRINTED)
        self.search.setVisible(view == CHILDREN)

    def _fill_units(self, units: list[tuple[str, str]]) -> None:
        if [self.unit.itemData(index) for index in range(1, self.unit.count())] == [each[0] for each in units]:
            return
        kept = self.unit.currentData()
        self.unit.blockSignals(True)
        while self.unit.count() > 1:
            self.unit.removeItem(1)
        for unit_id, name in units:
            self.unit.addItem(name, unit_id)
        self.unit.setCurrentIndex(max(self.unit.findData(kept), 0))
        self.unit.blockSignals(False)

    def _show_children(self, marked: set[str]) -> None:
        """Show the children read; those marked before stay marked."""
        self.table.show_rows([(each.number, each.name, each.unit) for each in self.shown])
        rows = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for number, each in enumerate(self.shown):
            if each.id in marked:
                self.table.selectionModel().select(self.table.rows.index(number, 0), rows)
        self.table.setVisible(bool(self.shown))
        self.hint.setVisible(bool(self.shown))
        self.nobody.setVisible(not self.shown and self._narrowed())
        self.empty.setVisible(not self.shown and not self._narrowed())
        self._name_buttons()

    def _narrowed(self) -> bool:
        return bool(self.unit.currentData() or self.condition.currentData() or self.search.text().strip())

    def widen(self) -> None:
        """Show all children of the month again."""
        for box in (self.unit, self.condition):
            box.blockSignals(True)
            box.setCurrentIndex(0)
            box.blockSignals(False)
        self.search.setText("")
        self.reload()

    def chosen(self) -> list[ChildOfMonth]:
        """Return the marked children, or all that are shown when none is marked."""
        return self._marked() or self.shown

    def _marked(self) -> list[ChildOfMonth]:
        numbers = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        return [self.shown[number] for number in numbers if number < len(self.shown)]

    def _name_buttons(self) -> None:
        marked, papers = len(self._marked()), len(self.choices.papers.keys())
        count = len(self.chosen()) * papers
        words = ngettext("Print {n} paper", "Print {n} papers", count).format(n=count)
        self.print_button.setText(words if papers else _("Choose a paper"))
        self.print_button.setAccessibleName(self.print_button.text())
        for each in (self.print_button, self.check, self.look):
            each.setEnabled(bool(count))
        if marked:
            self.hint.setText(ngettext("{n} marked", "{n} marked", marked).format(n=marked))
        else:
            self.hint.setText(_("All of these are printed; mark some to print only those."))

    # --- printing ---

    def preview(self) -> None:
        """Show the very bytes of the first marked child's paper; when several are ticked, ask which."""
        keys = self.choices.papers.keys()
        if not self.chosen() or not keys:
            return
        if len(keys) == 1:
            self.preview_paper(keys[0])
            return
        menu = Menu(self.look)
        for key in keys:
            menu.add(_(self.choices.papers.kinds[key].title), lambda key=key: self.preview_paper(key))  # type: ignore[misc]
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.look.mapToGlobal(self.look.rect().bottomLeft()))

    def preview_paper(self, key: str) -> None:
        """Show the very bytes of one paper of the first marked child."""
        show_paper_of(self.app, key, self.chosen()[0], self.choice.month, final=self.choice.over())
        self._show_recent()

    def check_first(self) -> None:
        """Gather and lay out everything, print nothing, and tell what would be missing."""
        begin(self, self.chosen(), self.choice.month, self.choices, target=CHECK)

    def print_all(self) -> None:
        """Print the ticked papers of everyone chosen, beside the window."""
        if self.print_button.isEnabled():
            begin(self, self.chosen(), self.choice.month, self.choices)

    def _open_place(self, number: int) -> None:
        place = Path(self.recent[number].place or "")
        if self.recent[number].place and place.parent.is_dir():
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(place.parent)))


def _narrowing(name: str, everything: str, changed: Any) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.addItem(everything, "")
    box.currentIndexChanged.connect(lambda _index: changed())
    return box


def _print_cells(printed: Printed) -> tuple[str, ...]:
    form = " ".join(filter(None, (printed.form, printed.period)))
    return printed.at.strftime("%m-%d %H:%M"), form, str(printed.papers)
