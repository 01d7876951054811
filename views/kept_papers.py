"""Kept papers 定稿存档: the list of what is kept, found by number, name, child, kind and year; and who printed what."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from models.kept_list import LIMIT, KeptLine, Wanted, count_kept, kept_lines, kinds_kept, years_kept
from models.kept_papers import KeptPaper
from models.period import period_words
from models.print_ledger import LedgerLine, ledger
from resources import N_, _, ngettext, sentences
from ui import papers
from ui.pages import ChildTab, Page, child_tab, page
from ui.rows_table import RowsTable
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import Button, EmptyState, SearchBox, Segmented, column, row
from views.chip_table import ChipRow, ChipTable
from views.keeping import show_kept

if TYPE_CHECKING:
    from ui.app import App


@papers.paper("KeptPaper")
def show_kept_record(app: App, paper_id: str) -> None:
    """Show a kept paper from wherever it is named."""
    show_kept(app, paper_id)


class KeptList(QWidget):
    """The kept papers, of the whole home or of one child; ``shown`` tells that others are listed."""

    shown = Signal()

    def __init__(self, app: App, *, of_child: bool = False) -> None:
        super().__init__()
        self.app, self.of_child, self.child_id = app, of_child, ""
        self.lines: list[KeptLine] = []
        whole = column(self, 3)
        whole.addLayout(self._filters())
        about = [] if of_child else [_("About whom or what")]
        headings = (
            _("Paper number"), _("Name of the paper"), *about, _("Period of the paper"), _("As known on"),
            _("Kept for good by"), _("Standing"),
        )  # fmt: skip
        last = len(headings) - 1
        stretch, spare = range(1, 2 + len(about)), (last - 1, last - 2)
        self.table = ChipTable(headings, last, self.open, stretch=stretch, spare=spare, name=_("Kept papers"))
        whole.addWidget(self.table, 1)
        self.why = PlainLabel("", "caption", wrap=True)
        self.table.selectionModel().currentRowChanged.connect(lambda *_rows: self._say_why())
        whole.addWidget(self.why)
        self.empty = EmptyState("archive", _("No paper is kept yet"), self._empty_words())
        self.none_fits = EmptyState("archive", _("No kept paper fits"), "", _("Show all kept papers"), self.widen)
        for each in (self.empty, self.none_fits):
            whole.addWidget(each, 1)
            each.hide()

    def _empty_words(self) -> str:
        return _("A paper of an approved record, or of a month that is over, is kept from its preview: it gets a number and can be printed again, byte for byte, for years.")  # fmt: skip

    def _filters(self) -> Any:
        line = row(None, 2)
        self.search = SearchBox(lambda _text: self.reload(), _("Number, name or child"))
        self.search.setMinimumWidth(theme.size(200))
        line.addWidget(self.search)
        self.kind, self.year = QComboBox(), QComboBox()
        for box, name, everything in ((self.kind, _("Kind of paper"), _("All papers")), (self.year, _("Year"), _("All years"))):  # fmt: skip
            box.setAccessibleName(name)
            box.addItem(everything, None)
            box.currentIndexChanged.connect(lambda _index: self.reload())
            line.addWidget(box)
        self.kind.setMaximumWidth(theme.size(240))
        line.addStretch(1)
        self.number = PlainLabel("", "caption")
        line.addWidget(self.number)
        return line

    def wanted(self) -> Wanted:
        """Return what the filters ask for."""
        return Wanted(self.search.text(), self.kind.currentData() or "", self.year.currentData() or 0, self.child_id)

    def reload(self) -> None:
        """Read the list again."""
        if self.of_child and not self.child_id:
            return
        wanted = self.wanted()
        with self.app.read() as work:
            _fill(self.kind, kinds_kept(work))
            _fill(self.year, [(each, str(each)) for each in years_kept(work)])
            self.lines, total = kept_lines(work, wanted), count_kept(work, wanted)
        self.table.show_rows([self._row(each) for each in self.lines])
        narrowed = wanted != Wanted(child_id=self.child_id)
        self.empty.setVisible(not self.lines and not narrowed)
        self.none_fits.setVisible(not self.lines and narrowed)
        self.table.setVisible(bool(self.lines))
        if self.lines and self.table.current_key() is None:
            self.table.selectRow(0)
        self.number.setText(_("{n} of {m} papers").format(n=min(len(self.lines), LIMIT), m=total))
        self._say_why()
        self.shown.emit()

    def widen(self) -> None:
        """Show all kept papers again."""
        for box in (self.kind, self.year):
            box.blockSignals(True)
            box.setCurrentIndex(0)
            box.blockSignals(False)
        self.search.setText("")
        self.reload()

    def _row(self, line: KeptLine) -> ChipRow:
        kept = line.kept
        chip, tone = (_("newer exists"), "warning") if line.newer else (_("newest"), "good")
        about = [] if self.of_child else [line.child or kept.subject or _("The whole home")]
        period = period_words(kept.period) if kept.period != kept.known_on.isoformat() else ""
        texts = (kept.number, kept.paper, *about, period, kept.known_on.isoformat(), kept.kept_by, chip)
        return ChipRow(texts, tone, kept.id)

    def marked(self) -> KeptLine | None:
        """Return the marked paper."""
        key = self.table.current_key()
        return next((each for each in self.lines if each.kept.id == key), None)

    def _say_why(self) -> None:
        line = self.marked()
        said = [] if line is None else [line.newer]
        if line is not None and line.kept.signed_by:
            said.append(_("Digitally signed: {holder}").format(holder=line.kept.signed_by))
        self.why.setText(sentences(*said))

    def open(self, paper_id: str) -> None:
        """Show a kept paper, to be printed or saved again."""
        try:
            show_kept(self.app, paper_id)
        except Exception as error:
            self.app.show_error(error)

    def open_marked(self) -> None:
        """Show the marked paper."""
        if line := self.marked():
            self.open(line.kept.id)


def _fill(box: QComboBox, entries: list[tuple[Any, str]]) -> None:
    """Offer other entries, staying at the chosen one."""
    if [(box.itemData(index), box.itemText(index)) for index in range(1, box.count())] == entries:
        return
    chosen = box.currentData()
    box.blockSignals(True)
    while box.count() > 1:
        box.removeItem(1)
    for key, words in entries:
        box.addItem(words, key)
    box.setCurrentIndex(max(box.findData(chosen), 0))
    box.blockSignals(False)


@page("kept_papers", N_("Kept papers"), area="papers", icon="archive", needs=("KeptPaper", "read"), order=14)
class KeptPapersPage(Page):
    """What is kept."""

    reads = (KeptPaper,)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.list = KeptList(app)
        self.column(0).addWidget(self.list)
        self.tools.add(Button(_("Check a paper"), "scan", on_click=lambda: app.go("check_paper")))
        self.print_button = Button(_("Preview and print"), "printer", "primary", self.list.open_marked)
        self.tools.add(self.print_button)
        self.list.shown.connect(lambda: self.print_button.setEnabled(bool(self.list.lines)))

    def reload(self) -> None:
        self.list.reload()

    def open(self, search: str = "", paper_id: str = "", **target: Any) -> None:
        if search:
            self.list.search.setText(search)
        self.reload()
        if paper_id:
            numbers = [index for index, each in enumerate(self.list.lines) if each.kept.id == paper_id]
            self.list.table.selectRow(numbers[0] if numbers else 0)


@child_tab("kept_papers", N_("Kept papers"), area="papers", needs=("KeptPaper", "read"), order=92, icon="archive")
class KeptTab(ChildTab):
    """The kept papers of one child."""

    reads = (KeptPaper,)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.list = KeptList(app, of_child=True)
        self.column(0).addWidget(self.list)

    def show_child(self, child_id: str) -> None:
        self.child_id = self.list.child_id = child_id
        self.list.reload()


SPANS = (
    ("today", N_("Today"), 0),
    ("week", N_("7 days"), 6),
    ("month", N_("30 days"), 29),
    ("year", N_("A year"), 365),
)


@page("print_ledger", N_("Print ledger"), area="papers", icon="scroll-text", needs=("KeptPaper", "review"), order=80)
class PrintLedger(Page):
    """Who printed what about whom, and when."""

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.lines: list[LedgerLine] = []
        whole = self.column(3)
        line = row(None, 2)
        options = [(key, _(label)) for key, label, _days in SPANS]
        self.span = Segmented(options, lambda _value: self.reload(), value="week", name=_("Time"))
        line.addWidget(self.span)
        self.search = SearchBox(lambda _text: self.reload(), _("Person, child or paper"))
        self.search.setMinimumWidth(theme.size(220))
        line.addWidget(self.search)
        line.addStretch(1)
        self.number = PlainLabel("", "caption")
        line.addWidget(self.number)
        whole.addLayout(line)
        headings = (
            _("When"), _("Printed by"), _("Paper printed"), _("Child"), _("Period of the paper"), _("Copies"), _("Went to"),
        )  # fmt: skip
        self.table = RowsTable(headings, numeric=(5,), name=_("Print ledger"))
        whole.addWidget(self.table, 1)
        self.empty = EmptyState("scroll-text", _("Nothing was printed in this time"))
        self.none_fits = EmptyState("scroll-text", _("No printing fits"), "", _("Show all printings"), self.widen)
        for each in (self.empty, self.none_fits):
            whole.addWidget(each, 1)
            each.hide()

    def span_of(self, today: date) -> tuple[date, date]:
        """Return the first and last day asked for."""
        days = next(each[2] for each in SPANS if each[0] == self.span.value())
        return today - timedelta(days=days), today

    def reload(self) -> None:
        with self.app.read() as work:
            self.lines = ledger(work, *self.span_of(self.app.today()), self.search.text())
        self.table.show_rows([_ledger_cells(each) for each in self.lines])
        self.table.setColumnHidden(6, not any(each.place for each in self.lines))
        self.table.setVisible(bool(self.lines))
        narrowed = bool(self.search.text().strip())
        self.empty.setVisible(not self.lines and not narrowed)
        self.none_fits.setVisible(not self.lines and narrowed)
        count = len(self.lines)
        self.number.setText(ngettext("{n} printing", "{n} printings", count).format(n=count))

    def widen(self) -> None:
        """Show every printing of the time again."""
        self.search.setText("")
        self.reload()


def _ledger_cells(line: LedgerLine) -> tuple[str, ...]:
    paper = f"{line.number} {line.paper}".strip()  # what is cut off in a narrow window is the end of the name
    return (f"{line.at:%Y-%m-%d %H:%M}", line.who, paper, line.about, line.period, str(line.papers), line.place)
