"""Therapy papers 康复打印件: choose the paper, the time and whom it is about; look at it, print or save it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QItemSelectionModel
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget

from models.core.errors import Refused
from models.funded_programmes import ProgrammeEnrolment
from models.papers import Printed, file_name, recent_prints
from models.period import month_title
from models.scheduling.recurrence import week_of
from models.therapy import TherapySession
from models.therapy_papers import THERAPY_PAPERS, PaperKind, period_of
from models.therapy_timetables import Asked, subjects
from resources import N_, _, ngettext
from ui.app import App
from ui.month_panel import month_on
from ui.pages import Page, page
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.theme import control_height, theme
from ui.widgets import Button, EmptyState, IconButton, Menu, SearchBox, Section, row
from views.therapy_look import weekday

SUBJECTS = {
    "therapist": (N_("Therapists"), N_("Skills")), "child": (N_("Children"), N_("File number")),
    "funded": (N_("Funded children"), N_("File number")), "room": (N_("Rooms"), N_("Kind")),
}  # fmt: skip


def papers_for(app: App) -> list[PaperKind]:
    """Return the therapy papers that the person may print, in their order."""
    return [kind for kind in THERAPY_PAPERS.values() if app.may(kind.needs[1], kind.needs[0])]


def show_paper(app: App, key: str, asked: Asked, name: str = "") -> None:
    """Show one therapy paper before it is printed or saved."""
    kind = THERAPY_PAPERS[key]

    def make(progress: Any, cancelled: Any) -> bytes:
        from reports.therapy_papers import therapy_document

        return therapy_document(app.database, app.actor, kind, asked, lambda at, count: progress(at / count, ""))

    title = " ".join(filter(None, (_(kind.title), name)))
    app.preview(title, make, file_name(_(kind.title), name, period_of(kind, asked.day)))


def offer_papers(menu: Menu, app: App, day: date, by: str = "", key: str = "") -> None:
    """Add to a menu what can be taken along of what is shown: its paper, all papers, and a calendar file."""
    own = {"therapist": "therapist_week", "room": "room_week", "child": "child_week"}.get(by)
    kind = THERAPY_PAPERS[own if own and key else "department_week"]
    if app.may(kind.needs[1], kind.needs[0]):
        asked = Asked(day, (key,) if own and key else (), kind.masked)
        menu.add(_("Print: {what}").format(what=_(kind.title)), lambda: show_paper(app, kind.key, asked), "printer")
        menu.add(_("All therapy papers…"), lambda: app.go("therapy_papers", day=day.isoformat()), "files")
    if app.may("export", TherapySession):
        staff = key if by == "therapist" else app.actor.staff_id or ""
        menu.add(_("Calendar file (ICS)…"), lambda: save_calendar(app, staff, day), "calendar-plus")


def save_calendar(app: App, staff_id: str, day: date) -> None:
    """Ask whose sessions are saved as a calendar file, and save them."""
    from views.calendar_file import CalendarFileDialog

    dialog = CalendarFileDialog(app, staff_id, day, app.window_now())
    dialog.exec()
    dialog.deleteLater()


class PeriodChoice(QWidget):
    """A day, week or month with arrows to the one before and the one after."""

    def __init__(self, day: date, changed: Any) -> None:
        super().__init__()
        self.day, self.period, self._changed = day, "week", changed
        line = row(self, 1)
        line.addWidget(IconButton("chevron-left", _("Earlier"), lambda: self.step(-1), keys="Ctrl+Left"))
        self.title = PlainLabel("", "strong")
        self.title.setMinimumWidth(theme.size(176))
        line.addWidget(self.title)
        line.addWidget(IconButton("chevron-right", _("Later"), lambda: self.step(1), keys="Ctrl+Right"))
        self._say()

    def step(self, count: int) -> None:
        """Go on by some days, weeks or months."""
        if self.period == "month":
            self.day = month_on(self.day.replace(day=1), count)
        else:
            self.day += timedelta(days=count * (7 if self.period == "week" else 1))
        self._say()
        self._changed()

    def show(self, day: date, period: str) -> None:  # type: ignore[override]  # a widget's show takes nothing
        """Show another day, and how much of it."""
        self.day, self.period = day, period
        self._say()

    def _say(self) -> None:
        if self.period == "month":
            self.title.setText(month_title(self.day.replace(day=1)))
        elif self.period == "week":
            days = week_of(self.day)
            self.title.setText(_("{first} to {last}").format(first=days[0].isoformat(), last=f"{days[-1]:%m-%d}"))
        else:
            self.title.setText(f"{self.day.isoformat()} {weekday(self.day)}")


@page(
    "therapy_papers", N_("Therapy papers"), area="papers", icon="printer", needs=("TherapySession", "print"), order=20,
)  # fmt: skip
class TherapyPapers(Page):
    """The papers of the therapy department."""

    reads = (TherapySession, ProgrammeEnrolment)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.kinds = papers_for(app)
        self.shown: list[tuple[str, str, str]] = []
        self.found: list[tuple[str, str, str]] = []
        self.recent: list[Printed] = []
        self.button = Button(_("Preview and print…"), "printer", "primary", self.preview, keys="Ctrl+P")
        self.tools.add(self.button)
        whole = self.column(3)
        whole.addLayout(self._choices())
        self.about = PlainLabel("", tone="muted", wrap=True)
        whole.addWidget(self.about)
        middle = row(None, 4)
        middle.addWidget(self._list(), 3)
        middle.addWidget(self._recent(), 2)
        whole.addLayout(middle, 1)

    def _choices(self) -> Any:
        line = row(None, 3)
        self.kind_box = QComboBox()
        self.kind_box.setAccessibleName(_("Paper"))
        for kind in self.kinds:
            self.kind_box.addItem(_(kind.title), kind.key)
        self.kind_box.currentIndexChanged.connect(lambda _index: self._kind_chosen())
        line.addWidget(self.kind_box)
        self.period = PeriodChoice(self.app.today(), self.reload)
        line.addWidget(self.period)
        self.masked = QCheckBox(_("Mask children's names"))
        line.addWidget(self.masked)
        line.addStretch(1)
        return line

    def _list(self) -> QWidget:
        self.section = Section(_("Therapists"), gap=1)
        self.search = SearchBox(lambda _text: self._show(), _("Name"))
        self.search.setMinimumWidth(theme.size(200))
        self.section.tools.addWidget(self.search)
        self.table = RowsTable(
            (_("Name"), _("Skills")), on_open=lambda _row: self.preview(), name=_("Whom it is about")
        )
        self.table.selectionModel().selectionChanged.connect(lambda *_args: self._say_count())
        self.empty = EmptyState("calendar-x", _("Nothing to print"), _("Nobody has a session at this time."))
        self.whole = EmptyState("printer", _("One paper for all"), _("This paper is about the whole department."))
        for each in (self.table, self.empty, self.whole):
            self.section.body.addWidget(each, 1)
        self.empty.hide()
        self.whole.hide()
        self.hint = PlainLabel("", "caption")
        self.section.body.addWidget(self.hint)
        return self.section

    def _recent(self) -> QWidget:
        section = Section(_("Printed by you"), gap=1)
        section.title.setMinimumHeight(control_height())
        self.prints = RowsTable((_("When"), _("Form"), _("Copies")), numeric=(2,), name=_("Printed by you"))
        section.body.addWidget(self.prints, 1)
        return section

    # --- showing ---

    @property
    def kind(self) -> PaperKind:
        """The chosen paper."""
        return THERAPY_PAPERS[self.kind_box.currentData()]

    def open(self, kind: str = "", day: str = "", ids: str = "", **target: Any) -> None:
        """Go to a paper and a day, and mark whom it is about."""
        if kind and self.kind_box.findData(kind) >= 0:
            self.kind_box.setCurrentIndex(self.kind_box.findData(kind))
        if day:
            self.period.show(date.fromisoformat(day), self.kind.period)
        self.reload()
        self._mark(set(ids.split(",")))

    def place(self) -> dict[str, Any]:
        return {"kind": self.kind.key, "day": self.period.day.isoformat(), "ids": ",".join(self._marked())}

    def _kind_chosen(self) -> None:
        self.search.setText("")
        self.table.clearSelection()
        self.reload()

    def reload(self) -> None:
        kind = self.kind
        self.period.show(self.period.day, kind.period)
        self.about.setText(_(kind.about))
        self.masked.setVisible(kind.maskable)
        if self.masked.property("kind") != kind.key:
            self.masked.setProperty("kind", kind.key)
            self.masked.setChecked(kind.masked)
        with self.app.read() as work:
            self.found = subjects(work, kind.subject, self.period.day) if kind.subject else []
            self.recent = recent_prints(work)
        self.stale = False
        self.prints.show_rows([_print_cells(each) for each in self.recent])
        self._show()

    def _show(self) -> None:
        kind, marked = self.kind, set(self._marked())
        title, detail = SUBJECTS.get(kind.subject, (kind.title, ""))
        self.section.title.setText(_(title))
        wanted = self.search.text().strip().casefold()
        self.shown = [each for each in self.found if not wanted or wanted in _finding(each)]
        self.table.rows.headings = (_("Name"), _(detail) if detail else "")
        self.table.show_rows([(name, more) for _key, name, more in self.shown])
        self._mark(marked)
        self.search.setVisible(bool(kind.subject))
        self.table.setVisible(bool(self.shown))
        self.empty.setVisible(bool(kind.subject) and not self.shown)
        self.whole.setVisible(not kind.subject)
        self._say_count()

    def _mark(self, ids: set[str]) -> None:
        rows = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for number, (key, _name, _more) in enumerate(self.shown):
            if key in ids:
                self.table.selectionModel().select(self.table.rows.index(number, 0), rows)

    def _marked(self) -> list[str]:
        numbers = sorted({index.row() for index in self.table.selectionModel().selectedRows()})
        return [self.shown[number][0] for number in numbers if number < len(self.shown)]

    def _say_count(self) -> None:
        marked = len(self._marked())
        if not self.kind.subject:
            self.hint.setText("")
        elif marked:
            self.hint.setText(ngettext("{n} marked", "{n} marked", marked).format(n=marked))
        else:
            self.hint.setText(_("All of the list are printed; mark some to print only those."))
        self.button.setEnabled(not self.kind.subject or bool(self.shown))

    # --- printing ---

    def preview(self) -> None:
        """Show the very bytes that are printed."""
        if not self.button.isEnabled():
            return
        chosen = self._marked() or ([each[0] for each in self.shown] if self.search.text().strip() else [])
        named = [name for key, name, _more in self.shown if [key] == chosen]
        asked = Asked(self.period.day, tuple(chosen), self.kind.maskable and self.masked.isChecked())
        try:
            show_paper(self.app, self.kind.key, asked, named[0] if named and not asked.masked else "")
        except Refused as refusal:
            self.app.show_error(refusal)
        self.reload()


def _finding(subject: tuple[str, str, str]) -> str:
    from models.core.search import text_of

    return text_of([(subject[1], "text"), (subject[2], "text")])


def _print_cells(printed: Printed) -> tuple[str, ...]:
    form = " ".join(filter(None, (printed.form, printed.period)))
    return printed.at.strftime("%m-%d %H:%M"), form, str(printed.papers)
