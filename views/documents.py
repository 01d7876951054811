"""Documents 月度记录: the month on paper — choose month and children, look at one, print all in the background."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QItemSelectionModel, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QFileDialog, QProgressBar, QWidget

from models.child import Child
from models.core import queries
from models.month import ChildOfMonth, Month, children_of, photos_in
from models.papers import Printed, file_name, recent_prints
from models.unit import Unit
from resources import N_, _, ngettext
from ui.month_panel import month_on, month_title
from ui.pages import Page, page
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.theme import control_height, theme
from ui.widgets import Banner, Button, Card, EmptyState, IconButton, SearchBox, Section, Segmented, column, row

if TYPE_CHECKING:
    from reports.monthly_batch import Outcome
    from ui.app import App
    from ui.tasks import Task

SINGLE, BOUND = "single", "bound"


class MonthChoice(QWidget):
    """A month with arrows to the one before and the one after; ``changed`` tells the new one."""

    changed = Signal()

    def __init__(self, month: Month, latest: Month) -> None:
        super().__init__()
        self.month, self.latest = month, latest
        line = row(self, 1)
        line.addWidget(IconButton("chevron-left", _("Month before"), partial(self.step, -1), keys="Alt+Left"))
        self.title = PlainLabel("", "heading")
        self.title.setMinimumWidth(theme.size(120))
        line.addWidget(self.title)
        self.later = IconButton("chevron-right", _("Month after"), partial(self.step, 1), keys="Alt+Right")
        line.addWidget(self.later)
        self.note = PlainLabel("", "caption")
        line.addWidget(self.note)
        self._say()

    def step(self, months: int) -> None:
        """Go some months on."""
        moved = month_on(self.month.first, months)
        self.show_month(Month(moved.year, moved.month))

    def show_month(self, month: Month) -> None:
        """Show a month, none that has not begun."""
        month = min(month, self.latest)
        if month != self.month:
            self.month = month
            self._say()
            self.changed.emit()

    def _say(self) -> None:
        self.title.setText(month_title(self.month.first))
        self.later.setEnabled(self.month < self.latest)
        running = self.month == self.latest
        self.note.setText(_("not over yet: printed as a draft") if running else "")


@page("documents", N_("Monthly records"), area="papers", icon="calendar-days", needs=("Child", "print"), order=10)
class Documents(Page):
    """The records of a month: the children, how to print them, how far it is, and what came of it."""

    reads = (Child, Unit)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.shown: list[ChildOfMonth] = []
        self.task: Task | None = None
        self.recent: list[Printed] = []
        today = app.today()
        self.choice = MonthChoice(_last_whole(today), Month(today.year, today.month))
        self.choice.changed.connect(self.reload)
        whole = self.column(3)
        whole.addLayout(self._choices())
        self.result = Banner("", "good")
        self.result.hide()
        whole.addWidget(self.result)
        self.running = Running(self.cancel)
        whole.addWidget(self.running)
        middle = row(None, 4)
        middle.addWidget(self._list(), 3)
        middle.addWidget(self._recent(), 2)
        whole.addLayout(middle, 1)
        self.look = Button(_("Preview"), "eye", on_click=self.preview)
        self.print_button = Button(_("Print…"), "printer", "primary", self.print_all)
        self.tools.add(self.look)
        self.tools.add(self.print_button)

    def _choices(self) -> Any:
        line = row(None, 3)
        line.addWidget(self.choice)
        self.unit = QComboBox()
        self.unit.setAccessibleName(_("Unit"))
        self.unit.addItem(_("All units"), "")
        self.unit.currentIndexChanged.connect(lambda _index: self.reload())
        line.addWidget(self.unit)
        options = [(SINGLE, _("One file a child")), (BOUND, _("One bound volume"))]
        self.manner = Segmented(options, name=_("How to print"))
        line.addWidget(self.manner)
        line.addStretch(1)
        return line

    def _list(self) -> QWidget:
        section = Section(_("Children"), gap=1)
        self.search = SearchBox(lambda _text: self.reload(), _("Name or file number"))
        self.search.setMinimumWidth(theme.size(220))
        section.tools.addWidget(self.search)
        headings = (_("File number"), _("Name"), _("Unit"))
        self.table = RowsTable(headings, on_open=lambda _number: self.preview(), name=_("Children"))
        self.table.selectionModel().selectionChanged.connect(lambda *_args: self._name_buttons())
        self.empty = EmptyState("calendar-days", _("No child was in care in this month."))
        self.empty.hide()
        section.body.addWidget(self.table, 1)
        section.body.addWidget(self.empty, 1)
        section.body.addWidget(PlainLabel(_("All of these are printed; mark some to print only those."), "caption"))
        return section

    def _recent(self) -> QWidget:
        section = Section(_("Printed by you"), gap=1)
        section.title.setMinimumHeight(control_height())
        headings = (_("When"), _("Form"), _("Copies"))
        self.prints = RowsTable(headings, numeric=(2,), on_open=self._open_place, name=_("Printed by you"))
        section.body.addWidget(self.prints, 1)
        return section

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
        with self.app.read() as work:
            self._fill_units(queries.choices(work, "unit", limit=200))
            unit = self.unit.currentData() or ""
            self.shown = children_of(work, self.choice.month, unit, self.search.text())
            self.recent = recent_prints(work)
        self._show_children(marked)
        self.prints.show_rows([_print_cells(each) for each in self.recent])

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
        self.empty.setVisible(not self.shown)
        self._name_buttons()

    def chosen(self) -> list[ChildOfMonth]:
        """Return the marked children, or all that are shown when none is marked."""
        return self._marked() or self.shown

    def _marked(self) -> list[ChildOfMonth]:
        numbers = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        return [self.shown[number] for number in numbers if number < len(self.shown)]

    def _name_buttons(self) -> None:
        count = len(self.chosen())
        words = ngettext("Print {n} record", "Print {n} records", count).format(n=count)
        self.print_button.setText(words)
        self.print_button.setAccessibleName(words)
        self.print_button.setEnabled(bool(count) and self.task is None)
        self.look.setEnabled(bool(count))

    # --- printing ---

    def preview(self) -> None:
        """Show the very bytes of the record of the first marked child."""
        if not self.chosen():
            return
        child, month, app = self.chosen()[0], self.choice.month, self.app

        def make() -> bytes:
            from reports.monthly_batch import preview_month

            return preview_month(app.database, app.actor, month, child.id, photos_in(app.home))

        title = _("{name}: monthly record {month}").format(name=child.name, month=month)
        app.preview(title, make, file_name(child.number, child.name, _("Monthly record of a child"), str(month)))
        self.reload()

    def print_all(self) -> None:
        """Ask for a folder and print everyone chosen into it, beside the window."""
        start = self.app.settings.get("papers.folder", str(Path.home()))
        folder = QFileDialog.getExistingDirectory(self, _("Folder for the papers"), start)
        if folder:
            self.app.settings.set("papers.folder", folder)
            self.print_into(Path(folder))

    def print_into(self, folder: Path) -> None:
        """Print everyone chosen into a folder, beside the window."""
        app, month, bound = self.app, self.choice.month, self.manner.value() == BOUND
        ids = [each.id for each in self.chosen()]

        def work(progress: Any, cancelled: Any) -> Outcome:
            from reports.monthly_batch import monthly_records

            return monthly_records(
                app.database, app.actor, month, ids, folder,
                bound=bound, progress=progress, cancelled=cancelled, photos=photos_in(app.home),
            )  # fmt: skip

        self.result.hide()
        self.running.start(len(ids))
        self.task = app.tasks.run(work, self._printed, self._failed, self.running.advance)
        if self.task.finished:
            self.task = None
        self._name_buttons()

    def cancel(self) -> None:
        """Stop after the record being printed; what is finished stays."""
        if self.task is not None:
            self.task.cancel()
        self._end()
        self.result.tell(_("Stopped. What was finished stays in the folder."), "warning")
        self.reload()

    def _printed(self, outcome: Outcome) -> None:
        self._end()
        self.reload()
        text, tone = outcome_words(outcome)
        self.result.tell(text, tone)
        if len(outcome.files) == 1 and self.manner.value() == BOUND:
            self.app.preview(outcome.files[0].name, outcome.files[0].read_bytes(), outcome.files[0].name)

    def _failed(self, error: Exception) -> None:
        self._end()
        self.app.show_error(error)

    def _end(self) -> None:
        self.task = None
        self.running.hide()
        self._name_buttons()

    def _open_place(self, number: int) -> None:
        place = Path(self.recent[number].place or "")
        if self.recent[number].place and place.parent.is_dir():
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(place.parent)))


class Running(Card):
    """How far the printing is, at whom, and the way to stop it."""

    def __init__(self, on_cancel: Any) -> None:
        super().__init__(gap=1, margin=3)
        self.total = 0
        line = row(None, 3)
        lines = column(None, 1)
        self.text = PlainLabel("")
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(_("Progress"))
        lines.addWidget(self.text)
        lines.addWidget(self.bar)
        line.addLayout(lines, 1)
        line.addWidget(Button(_("Cancel"), "x", on_click=on_cancel))
        self.body.addLayout(line)
        self.hide()

    def start(self, total: int) -> None:
        """Begin to show."""
        self.total = total
        self.bar.setValue(0)
        self.text.setText(_("Printing {n} records…").format(n=total))
        self.show()

    def advance(self, share: float, name: str) -> None:
        """Show how far it is, and whose record is being printed."""
        self.bar.setValue(round(share * 1000))
        if name:
            words = _("Printing {n} records… {name}")
            self.text.setText(words.format(n=self.total, name=name))


def outcome_words(outcome: Outcome) -> tuple[str, str]:
    """Say what came of the printing, and in which tone."""
    lines = []
    if outcome.files:
        words = ngettext("{n} record printed into {folder}.", "{n} records printed into {folder}.", outcome.printed)
        lines.append(words.format(n=outcome.printed, folder=outcome.files[0].parent))
    for each in outcome.failures:
        lines.append(_("Not printed: {name}. {reason}").format(name=each.name, reason=each.reason))
    for name, signs in outcome.gaps.items():
        lines.append(
            _("{name}: no font has {signs}; they are printed as marked gaps.").format(name=name, signs=" ".join(signs))
        )
    return "\n".join(lines), "warning" if outcome.failures or outcome.gaps else "good"


def _print_cells(printed: Printed) -> tuple[str, ...]:
    form = " ".join(filter(None, (printed.form, printed.period)))
    return printed.at.strftime("%m-%d %H:%M"), form, str(printed.papers)


def _last_whole(today: date) -> Month:
    """The month a director prints now: the last one that is over."""
    before = month_on(today.replace(day=1), -1)
    return Month(before.year, before.month)


def show_file(app: App, child_id: str) -> None:
    """Show a child's whole file as one volume, cover and contents first."""
    with app.read() as work:
        child = queries.values(work, Child, child_id)

    def make(progress: Any, cancelled: Any) -> bytes:
        from models.file_papers import whole_file
        from models.papers import paper_head
        from reports.child_file import render_file

        with app.work() as work:
            whole, head = whole_file(work, child_id, photos_in(app.home)), paper_head(work, "")
        count = len(whole.entries) + 2
        return render_file(whole, head, lambda number: progress(number / count, ""))

    title = _("{name}: the whole file").format(name=child["name"])
    app.preview(title, make, file_name(child["number"], child["name"], _("File of a child")))
