"""What would be booked 预约预览: every day of a series or a copied week, before anything happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from models.core.errors import Invalid
from models.core.fields import Field
from models.scheduling.booking import Change
from models.scheduling.occupancy import span
from models.scheduling.recurrence import week_of
from models.scheduling.series import Planned
from models.scheduling.template import TemplateRun, book_template, plan_template
from models.therapies import short_name
from resources import N_, _, ngettext
from ui.app import App
from ui.dialog import Dialog
from ui.editors import DateEdit, wrong_with
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import Button
from views.therapy_look import weekday

if TYPE_CHECKING:
    from ui.tasks import Task


def planned_rows(planned: Sequence[Planned], names: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Return one line a planned sitting: day, time, whom, what, and what speaks against it."""
    return [
        (
            f"{each.day.isoformat()} {weekday(each.day)}", span(each.wish.starts_at, each.wish.ends_at),
            _(", ").join(names.get(child, _("another child")) for child in each.wish.child_ids),
            short_name(each.wish.therapy), _verdict(each),
        )
        for each in planned
    ]  # fmt: skip


def _verdict(each: Planned) -> str:
    if each.skipped:
        return _("Rests: {why}").format(why=each.skipped)
    if each.impossible:
        return _("Not possible: {why}").format(why=each.impossible[0].words)
    return each.conflicts[0].words if each.conflicts else _("Free")


def headings() -> list[str]:
    """Return the headings of the list."""
    return [_("Day"), _("Time"), _("Child"), _("Therapy"), _("Verdict")]


class PlannedDialog(Dialog):
    """Shows every day of a series."""

    def __init__(self, title: str, planned: Sequence[Planned], names: Mapping[str, str], parent: QWidget) -> None:
        super().__init__(title, "", parent, width=900)
        table = RowsTable(headings(), planned_rows(planned, names), name=title, wrap=True)
        table.setMinimumHeight(theme.size(320))
        self.body.addWidget(table)
        self.buttons.addWidget(Button(_("Close"), on_click=self.accept))


class CopyWeekDialog(Dialog):
    """Copies one week's sittings into another week or the weeks until one, showing first what would become of each."""

    def __init__(self, app: App, source: date, whose: dict[str, Any], parent: QWidget) -> None:
        text = _("From the week of {day}. Cancelled sessions and make-ups are not copied.").format(
            day=source.isoformat()
        )
        super().__init__(_("Copy this week"), text, parent, width=1000)
        self.app, self.source, self.whose = app, source, whose
        self.target = source + timedelta(days=7)
        self.run: TemplateRun | None = None
        self.change: Change | None = None
        self.running = False
        row = QHBoxLayout()
        row.setSpacing(theme.size(16))
        self.day = self._week_edit(row, N_("Into the week of"))
        self.until = self._week_edit(row, N_("Until the week of"))
        row.addStretch()
        self.body.addLayout(row)
        self.told = PlainLabel("", "caption")
        self.told.setWordWrap(True)
        self.body.addWidget(self.told)
        self.table = RowsTable(headings(), name=_("Copy this week"), wrap=True)
        self.table.setMinimumHeight(theme.size(260))
        self.body.addWidget(self.table)
        self.button = self.offer(_("Copy"), self._copy)
        self._asking: Task | None = None
        self._soon = QTimer(self, interval=150, singleShot=True)
        self._soon.timeout.connect(self._judge)
        self.day.changed.connect(self._entered)
        self.until.changed.connect(self._entered)
        self._judge()

    def _week_edit(self, row: QHBoxLayout, label: str) -> DateEdit:
        edit = DateEdit(Field(label, "date"), self.app.now)
        edit.name(_(label))
        edit.set_value(self.target)
        edit.setMaximumWidth(theme.size(180))
        column = QVBoxLayout()
        column.addWidget(PlainLabel(_(label)))
        column.addWidget(edit)
        row.addLayout(column)
        return edit

    def _weeks(self) -> list[date]:
        """The weeks to copy into: from the first to the last, the copied week itself left out."""
        first, last = self.day.value(), self.until.value()
        if first is None:
            return []
        self.target = week_of(first)[0]
        end = max(self.target, week_of(last)[0] if last else self.target)
        weeks = [self.target + timedelta(weeks=count) for count in range((end - self.target).days // 7 + 1)]
        return [week for week in weeks if week != self.source]

    def _entered(self) -> None:
        """Judge anew in a moment; what was judged before is not what is wanted any more."""
        self.button.setEnabled(False)
        self._soon.start()

    def _judge(self) -> None:
        """Ask beside the window what would become of every sitting in all the weeks."""
        self._soon.stop()
        self._drop()
        self.button.setEnabled(False)
        if wrong := self._wrong():
            self.told.setText(wrong)
            self.told.set_tone("danger")
            return
        self.told.setText(_("Checking every day…"))
        self.told.set_tone("")
        app, source, weeks, whose = self.app, self.source, self._weeks(), self.whose

        def ask(_progress: Any, _cancelled: Any) -> tuple[TemplateRun, dict[str, str], str]:
            with app.read() as work:
                try:
                    run, wrong = plan_template(work, source, weeks, **whose), ""
                except Invalid as refused:
                    run, wrong = plan_template(work, source, [], **whose), str(refused)
                return run, _children(work, run.planned), wrong

        self._asking = app.tasks.run(ask, self._judged)

    def _wrong(self) -> str:
        """Say which day is missing or none at all."""
        said = []
        for edit in (self.day, self.until):
            words = wrong_with(edit.meaning, edit)
            words = words or ("" if edit is self.until or edit.value() else _("Please fill this in."))
            edit.mark("danger" if words else "")
            said += [_("{field}: {message}").format(field=edit.meaning.title, message=words)] if words else []
        return "\n".join(said)

    def _drop(self) -> None:
        """Forget what is asked: it was asked of other weeks."""
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _judged(self, found: tuple[TemplateRun, dict[str, str], str]) -> None:
        """Show the dry run over all the weeks: every sitting, every day that falls out."""
        self.run, names, wrong = found
        self.told.setText(wrong or run_words(self.run))
        self.told.set_tone("danger" if wrong else "")
        self.table.show_rows([*planned_rows(self.run.planned, names), *_lieu_rows(self.run)])
        count = sum(len(each.wish.child_ids) for each in self.run.bookable)
        self.button.setText(ngettext("Copy {n} session", "Copy {n} sessions", count).format(n=count))
        self.button.setEnabled(count > 0)

    def _copy(self) -> None:
        """Book what is bookable, beside the window: a whole department's week takes a while."""
        self.button.setEnabled(False)
        self.button.setText(_("Copying…"))
        assert self.run is not None
        self.running, app, run = True, self.app, self.run

        def book(_progress: Any, _cancelled: Any) -> Change:
            with app.work() as work:
                return book_template(work, run)

        app.tasks.run(book, self._copied, self._failed)

    def _copied(self, change: Change) -> None:
        self.running, self.change = False, change
        self.accept()

    def _failed(self, error: Exception) -> None:
        self.running = False
        self.app.show_error(error)
        self._judge()

    def reject(self) -> None:
        """Give up; what is being booked just now is not left halfway."""
        if not self.running:
            self._drop()
            super().reject()


def run_words(run: TemplateRun) -> str:
    """Say what the dry run has found, the days that fall out, and what is not known yet."""
    fallen = _("; ").join(f"{each.day.isoformat()} {each.words}" for each in run.exceptions if not each.lieu)
    unknown = [_("The days off of {year} are not known yet.").format(year=year) for year in run.unnoticed]
    return "\n".join(filter(None, (run.summary(), fallen, *unknown)))


def _lieu_rows(run: TemplateRun) -> list[tuple[str, ...]]:
    """Working weekends: the pattern has nothing for them, so that somebody thinks of them."""
    return [
        (
            f"{each.day.isoformat()} {weekday(each.day)}",
            "",
            "",
            "",
            _("{why}: nothing is copied to it").format(why=each.words),
        )
        for each in run.exceptions
        if each.lieu
    ]


def _children(work: Any, planned: Sequence[Planned]) -> dict[str, str]:
    from models.core.queries import titles

    return titles(work, "child", {child for each in planned for child in each.wish.child_ids})
