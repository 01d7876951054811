"""Import of children 儿童名册导入: choose a workbook, see what each column means, try it, take it over — or give it back marked."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QStackedWidget, QWidget

from models import exchange_children as exchange
from models.core.files import write_whole
from models.sheet import Sheet, cell_text, read_sheet
from resources import N_, _, ngettext
from ui.app import App
from ui.pages import Page, page
from ui.table import RowsTable
from ui.text import ElidedLabel, PlainLabel
from ui.theme import space, theme
from ui.widgets import Banner, Button, Card, EmptyState, Scroll, Skeleton, clear, column, row

EXAMPLES = 3
MOST_SHOWN = 500


@page(
    "import_children",
    N_("Import children"),
    area="child",
    icon="upload",
    needs=("Child", "create"),
    order=90,
    menu=False,
)
class ImportChildren(Page):
    """From a roster to files of children."""

    reads = ()

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.file: Path | None = None
        self.sheet: Sheet | None = None
        self.header = 0
        self.mapping: dict[int, str] = {}
        self.report: exchange.ImportReport | None = None
        self.stack = QStackedWidget()
        self.column(0).addWidget(self.stack)
        self._lay_out()

    def _lay_out(self) -> None:
        self.stack.addWidget(
            EmptyState(
                "upload",
                _("Take over a roster from Excel"),
                _("One row a child. You see how each column is understood and what is wrong before anything is saved."),
                _("Choose a workbook…"),
                self.choose,
            )
        )
        work = QWidget()
        lines = column(work, 3)
        self.outcome = column(None, 2)
        lines.addLayout(self.outcome)
        self.mend = Card(_("What to mend"))
        self.columns = Card(_("What the columns mean"))
        scroll = Scroll(3)
        scroll.body.addWidget(self.mend)
        scroll.body.addWidget(self.columns)
        scroll.body.addStretch(1)
        lines.addWidget(scroll, 1)
        self.stack.addWidget(work)
        waiting = QWidget()
        column(waiting, 3).addWidget(Skeleton(8))
        self.stack.addWidget(waiting)

    def reload(self) -> None:
        """Nothing is read here but the chosen file."""

    def new(self) -> None:
        self.choose()

    # --- choosing ---

    def choose(self) -> None:
        """Ask for a workbook."""
        name, _kind = QFileDialog.getOpenFileName(self, _("Choose a workbook"), "", "Excel (*.xlsx *.xlsm *.xls *.ods)")
        if name:
            self.take(Path(name))

    def take(self, file: Path) -> None:
        """Read a workbook and guess what its columns mean."""
        self.stack.setCurrentIndex(2)

        def read(progress: Any, cancelled: Any) -> tuple[Sheet, int, dict[int, str]]:
            sheet = read_sheet(file)
            header = exchange.find_header_row(sheet)
            return sheet, header, exchange.guess_mapping(sheet, header)

        self.app.tasks.run(read, partial(self._read, file), self._failed)

    def _failed(self, error: Exception) -> None:
        self.stack.setCurrentIndex(0 if self.sheet is None else 1)
        self.app.show_error(error)

    def _read(self, file: Path, found: tuple[Sheet, int, dict[int, str]]) -> None:
        self.file = file
        self.sheet, self.header, self.mapping = found
        self._show_columns()
        self.stack.setCurrentIndex(1)
        self.check()

    # --- columns ---

    def _show_columns(self) -> None:
        assert self.sheet is not None and self.file is not None
        clear(self.columns.body)
        top = row(None, 2)
        top.addWidget(ElidedLabel(f"{self.file.name} · {self.sheet.name}", tone="muted"), 1)
        top.addWidget(Button(_("Choose another…"), "upload", on_click=self.choose))
        self.columns.body.addLayout(top)
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(3))
        grid.setVerticalSpacing(space(1))
        grid.setColumnStretch(1, 1)
        for place, words in enumerate((_("Column"), _("First values"), _("Becomes"))):
            grid.addWidget(PlainLabel(words, "caption"), 0, place)
        for index, heading in enumerate(self.sheet.rows[self.header]):
            if cell_text(heading).strip() or self._samples(index):
                self._add_column(grid, index, cell_text(heading))
        self.columns.body.addLayout(grid)

    def _samples(self, index: int) -> str:
        assert self.sheet is not None
        rows = self.sheet.rows[self.header + 1 : self.header + 1 + EXAMPLES]
        return _(", ").join(cell_text(row[index]) for row in rows if index < len(row) and cell_text(row[index]))

    def _add_column(self, grid: QGridLayout, index: int, heading: str) -> None:
        line = grid.rowCount()
        name = heading.strip() or _("Column {n}").format(n=index + 1)
        grid.addWidget(PlainLabel(name, "strong"), line, 0)
        grid.addWidget(ElidedLabel(self._samples(index), tone="muted"), line, 1)
        box = QComboBox()
        box.setAccessibleName(_("{column} becomes").format(column=name))
        box.setMinimumWidth(theme.size(220))
        box.addItem(_("– not taken over –"), "")
        for meaning in exchange.importable():
            box.addItem(meaning.title, meaning.name)
        box.setCurrentIndex(max(box.findData(self.mapping.get(index, "")), 0))
        box.currentIndexChanged.connect(lambda _place, box=box: self._mapped(index, box.currentData()))
        grid.addWidget(box, line, 2, Qt.AlignmentFlag.AlignRight)

    def _mapped(self, index: int, name: str) -> None:
        """Give a column another meaning; the column that had it before gives it up."""
        self.mapping = {column: field for column, field in self.mapping.items() if field != name and column != index}
        if name:
            self.mapping[index] = name
        self._show_columns()
        self.check()

    # --- trying and taking over ---

    def check(self) -> None:
        """Try the import without saving anything."""
        self._run(dry_run=True, valid_only=False, then=self._checked)

    def _run(self, *, dry_run: bool, valid_only: bool, then: Any) -> None:
        assert self.file is not None
        file, mapping = self.file, dict(self.mapping)
        clear(self.outcome)
        self.outcome.addWidget(Skeleton(2))

        def work(progress: Any, cancelled: Any) -> exchange.ImportReport:
            return exchange.import_children(
                self.app.database, self.app.actor, file, mapping, valid_only=valid_only, dry_run=dry_run
            )

        self.app.tasks.run(work, then, self._not_done)

    def _not_done(self, error: Exception) -> None:
        clear(self.outcome)
        self.app.show_error(error)

    def _checked(self, report: exchange.ImportReport) -> None:
        self.report = report
        clear(self.outcome)
        self.outcome.addWidget(self._summary(report))
        self.outcome.addLayout(self._actions(report))
        clear(self.mend.body)
        self.mend.setVisible(bool(report.problems))
        if report.problems:
            self.mend.body.addWidget(self._problems(report))

    def _summary(self, report: exchange.ImportReport) -> Banner:
        rows, valid = len(report.rows), report.valid
        said = ngettext("{n} row was read", "{n} rows were read", rows).format(n=rows)
        if not rows:
            return Banner(_("There is no row below the headings."), "warning")
        if report.refused == 0:
            return Banner(_("{said}; all of them can be taken over.").format(said=said), "good")
        words = _("{said}: {valid} can be taken over, {refused} have errors.")
        return Banner(words.format(said=said, valid=valid, refused=report.refused), "warning")

    def _actions(self, report: exchange.ImportReport) -> Any:
        line = row(None, 2)
        if report.valid and not report.refused:
            words = ngettext("Take over {n} child", "Take over {n} children", report.valid).format(n=report.valid)
            line.addWidget(Button(words, "check", "primary", partial(self._take_over, valid_only=False)))
        elif report.valid:
            words = ngettext("Take over only the {n} valid row", "Take over only the {n} valid rows", report.valid)
            line.addWidget(
                Button(words.format(n=report.valid), "check", on_click=partial(self._take_over, valid_only=True))
            )
        if report.problems:
            line.addWidget(Button(_("Save the marked workbook…"), "download", on_click=self.save_marked))
        line.addWidget(Button(_("Check again"), "refresh-cw", "quiet", self._again))
        line.addStretch(1)
        return line

    def _again(self) -> None:
        if self.file is not None:
            self.take(self.file)

    def _problems(self, report: exchange.ImportReport) -> RowsTable:
        names = {each.name: each.title for each in exchange.importable()}
        lines = [
            (
                str(problem.row + 1),
                names.get(report.mapping.get(problem.column, ""), ""),
                _kind(problem),
                problem.message,
            )
            for problem in report.problems[:MOST_SHOWN]
        ]
        table = RowsTable(
            (_("Row"), _("Field"), _("Kind of problem"), _("What to mend")), lines, numeric=(0,), name=_("Problems")
        )
        table.setMinimumHeight(theme.size(min(300, 60 + 30 * len(lines))))
        return table

    def _take_over(self, *, valid_only: bool) -> None:
        self._run(dry_run=False, valid_only=valid_only, then=self._taken)

    def _taken(self, report: exchange.ImportReport) -> None:
        if not report.imported:
            self._checked(report)
            return
        words = ngettext("{n} child taken over.", "{n} children taken over.", report.imported).format(n=report.imported)
        self.app.notify(words)
        self.sheet, self.file, self.report = None, None, None
        self.stack.setCurrentIndex(0)
        self.app.go("children")

    # --- giving back ---

    def save_marked(self) -> None:
        """Ask where to and save the sheet with every problem marked in its cell."""
        assert self.file is not None
        name = _("{name} - to mend.xlsx").format(name=self.file.stem)
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("Save the marked workbook"), str(self.file.with_name(name)), "*.xlsx"
        )
        if chosen:
            self.write_marked(Path(chosen))

    def write_marked(self, file: Path) -> None:
        """Write the marked workbook."""
        assert self.report is not None
        report = self.report

        def write(progress: Any, cancelled: Any) -> str:
            write_whole(file, exchange.marked_workbook(report))
            return file.name

        self.app.tasks.run(write, lambda name: self.app.notify(_("Saved as {file}.").format(file=name)))


def _kind(problem: exchange.CellProblem) -> str:
    return _("please check") if problem.warning else _("error")
