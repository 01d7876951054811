"""The home's report 机构月报、季报、年报: the figures of a period beside the one before, each opening into its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from models.child import Child
from models.core.record import Record
from models.institution import (
    FORMS,
    InstitutionReport,
    Line,
    ReportLine,
    ReportSection,
    change_words,
    institution_report,
    number_words,
    said,
)
from models.kept_papers import INSTITUTION
from models.papers import file_name, note_printed, paper_head
from models.period import ReportPeriod
from models.placement import Placement
from models.safety import Hazard
from models.therapy import TherapySession
from resources import N_, _
from ui.layouts import clear
from ui.pages import Page, page
from ui.rows_table import RowsTable
from ui.table import RecordTable
from ui.text import PlainLabel
from ui.theme import space, theme
from ui.widgets import Banner, Button, EmptyState, Section, column, row
from views.keeping import Printable, show_paper
from views.period_choice import PeriodChoice

if TYPE_CHECKING:
    from ui.app import App
    from ui.tasks import Task

_INDENT = "\u2003"
_NARROW = 960
"""Below this width, in pixels of the usual text size, figures and rows do not fit side by side."""
_BESIDE = {"month": N_("Month before"), "quarter": N_("Quarter before"), "year": N_("Year before")}


@page("institution", N_("Report of the home"), area="papers", icon="chart-line", needs=("Child", "print"), order=20)
class InstitutionPage(Page):
    """The figures at the left, the rows behind the marked figure at the right."""

    reads = (Placement, TherapySession, Hazard)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.report: InstitutionReport | None = None
        self.entries: list[tuple[ReportSection, ReportLine | None]] = []
        self.task: Task | None = None
        whole = self.column(3)
        whole.addLayout(self._choices())
        self.note = Banner("", "info")
        self.note.hide()
        whole.addWidget(self.note)
        self.parts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.parts.setSpacing(space(4))
        self.parts.addWidget(self._figures(), 3)
        self.parts.addWidget(self._behind(), 2)
        whole.addLayout(self.parts, 1)
        self.tools.add(Button(_("Preview and print"), "printer", "primary", self.preview))

    def _choices(self) -> Any:
        line = row(None, 3)
        self.choice = PeriodChoice(ReportPeriod.of("month", self.app.today()).before(), self.app.today())
        self.choice.changed.connect(self.reload)
        line.addWidget(self.choice)
        self.state = PlainLabel("", "caption")
        line.addWidget(self.state, 1)
        self.stop_button = Button(_("Stop counting"), "x", "quiet", self.stop)
        self.stop_button.hide()
        line.addWidget(self.stop_button)
        return line

    @property
    def period(self) -> ReportPeriod:
        """The period that is shown."""
        return self.choice.period

    def _figures(self) -> QWidget:
        self.table = RowsTable(self._headings(), numeric=(1, 2, 3, 4), on_open=self._enter, name=_("Figures"))
        self.table.setMinimumHeight(theme.size(180))
        self.table.selectionModel().currentRowChanged.connect(lambda *_rows: self._show_behind())
        return self.table

    def _behind(self) -> QWidget:
        self.section = Section(" ")
        self.behind: QVBoxLayout = column(None, 1)
        self.section.body.addLayout(self.behind, 1)
        return self.section

    def _headings(self) -> tuple[str, ...]:
        before = _(_BESIDE[self.period.kind])
        return (_("Figure"), _("This period"), before, _("Difference"), _("Same period last year"))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a narrow window the rows stand under the figures instead of beside them."""
        super().resizeEvent(event)
        narrow = self.width() < theme.size(_NARROW)
        directions = QBoxLayout.Direction
        self.parts.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)

    # --- showing ---

    def open(self, period: str = "", **target: Any) -> None:
        if period:
            self.choice.show_period(ReportPeriod.parse(period))
        self.reload()

    def place(self) -> dict[str, Any]:
        return {"period": str(self.period)}

    def reload(self) -> None:
        self.state.setText(_("Counting…"))
        if self.task is not None:
            self.task.cancel()
        app, period = self.app, self.period

        def count(progress: Any, cancelled: Any) -> InstitutionReport:
            with app.database.read(app.actor) as work:
                return institution_report(work, period, progress=progress, cancelled=cancelled)

        self.stop_button.show()
        self.task = app.tasks.run(count, self._counted, self._failed, self._advance)

    def stop(self) -> None:
        """Stop counting; what was shown before stays."""
        if self.task is not None:
            self.task.cancel()
        self.stop_button.hide()
        self.state.setText(_("Counting was stopped."))

    def _advance(self, share: float, area: str) -> None:
        self.state.setText(_("Counting… {area}, {percent} %").format(area=area, percent=round(share * 100)))

    def _failed(self, error: Exception) -> None:
        self.stop_button.hide()
        self.state.setText("")
        self.app.show_error(error)

    def _counted(self, report: InstitutionReport) -> None:
        if report.period != self.period:
            return
        self.report = report
        self.stop_button.hide()
        kept = self.table.currentIndex().row()
        self.entries = [entry for section in report.sections for entry in ((section, None), *_lines_of(section))]
        strong = {number for number, (_section, line) in enumerate(self.entries) if line is None or line.line.total}
        self.table.rows.headings = self._headings()
        self.table.show_rows([_cells(section, line) for section, line in self.entries], strong)
        self.table.setColumnHidden(4, self.period.kind == "year")
        self.table.selectRow(kept if 0 <= kept < len(self.entries) else min(1, len(self.entries) - 1))
        self._say(report)
        self._show_behind()

    def _say(self, report: InstitutionReport) -> None:
        self.state.setText(_("not over yet: figures up to today") if report.running else "")
        if report.partial:
            self.note.tell(_("Only the children entrusted to you are counted."), "info")
        else:
            self.note.hide()

    def marked(self) -> Line | None:
        """Return the marked figure."""
        number = self.table.currentIndex().row()
        entry = self.entries[number][1] if 0 <= number < len(self.entries) else None
        return entry.line if entry else None

    def _show_behind(self) -> None:
        clear(self.behind)
        line = self.marked()
        self.section.title.setText(_("Behind the figure") if line is None else line.title)
        if line is not None and line.why and line.rows is not None:
            self.behind.addWidget(PlainLabel(line.why, "caption", wrap=True))
        if line is None or line.rows is None:
            words = line.why if line and line.why else _("Choose a figure to see the records behind it.")
            self.behind.addWidget(EmptyState("clipboard-list", words), 1)
            return
        self.behind.addWidget(self._rows_of(line.rows.kind, line), 1)

    def _rows_of(self, kind: type[Record], line: Line) -> QWidget:
        assert line.rows is not None
        if not self.app.may("read", kind):
            return EmptyState("lock", _("You may not read these records."))
        nothing = _("No record stands behind this figure.")
        table = RecordTable(self.app, kind, line.rows.where, compact=True, nothing=nothing)
        table.setMinimumHeight(theme.size(140))
        return table

    def _enter(self, _number: int) -> None:
        """Enter on a figure goes into the rows behind it."""
        item = self.behind.itemAt(self.behind.count() - 1)
        table = item.widget() if item else None
        if isinstance(table, RecordTable):
            table.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # --- paper ---

    def preview(self) -> None:
        """Show the report on paper, the kept one where there is one; that it was made is noted."""
        report = self.report
        if report is None:
            return
        form = _(FORMS[report.period.kind])
        with self.app.work() as work:
            note_printed(work, FORMS[report.period.kind], Child, period=str(report.period))
            head = paper_head(work, form)

        def draw(number: str, check: str) -> bytes:
            from reports.institution_report import render_institution

            return render_institution(report, head.but(number=number, check=check))

        final = not (report.running or report.partial)
        show_paper(self.app, Printable(
            INSTITUTION, f"{form} {report.period.title()}", said(report), draw, period=str(report.period), needs="Child",
            final=final, filename=file_name(form, str(report.period)), name=form,
        ))  # fmt: skip


def _lines_of(section: ReportSection) -> list[tuple[ReportSection, ReportLine]]:
    return [(section, line) for line in section.lines]


def _cells(section: ReportSection, each: ReportLine | None) -> tuple[str, ...]:
    if each is None:
        return (section.title, _("may not be read") if section.withheld else "", "", "", "")
    line = each.line
    name = _("{item} ({unit})").format(item=line.title, unit=line.unit) if line.unit else line.title
    depth = _INDENT * (1 + line.indent)
    figures = (number_words(line.value, line.decimals), number_words(each.before, line.decimals))
    return (depth + name, *figures, change_words(each), number_words(each.year_ago, line.decimals))
