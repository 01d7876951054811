"""What would be booked 预约预览: every day of a series or a copied week, before anything happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from PySide6.QtWidgets import QWidget

from models.core.fields import Field
from models.scheduling.booking import Change
from models.scheduling.occupancy import span
from models.scheduling.recurrence import week_of
from models.scheduling.series import Planned, book_planned, plan_copy
from models.therapies import short_name
from resources import N_, _, ngettext
from ui.app import App
from ui.dialog import Dialog
from ui.editors import DateEdit
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import Button
from views.therapy_look import weekday


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
        table = RowsTable(headings(), planned_rows(planned, names), name=title)
        table.setMinimumHeight(theme.size(320))
        self.body.addWidget(table)
        self.buttons.addWidget(Button(_("Close"), on_click=self.accept))


class CopyWeekDialog(Dialog):
    """Copies one week's sittings into another week, showing first what would become of each."""

    def __init__(self, app: App, source: date, whose: dict[str, Any], parent: QWidget) -> None:
        text = _("From the week of {day}. Cancelled sessions and make-ups are not copied.").format(
            day=source.isoformat()
        )
        super().__init__(_("Copy this week"), text, parent, width=900)
        self.app, self.source, self.whose = app, source, whose
        self.target = source + timedelta(days=7)
        self.planned: list[Planned] = []
        self.change: Change | None = None
        self.running = False
        self.day = DateEdit(Field(N_("Into the week of"), "date"), app.now)
        self.day.name(_("Into the week of"))
        self.day.set_value(self.target)
        self.day.setMaximumWidth(theme.size(180))
        self.body.addWidget(PlainLabel(_("Into the week of")))
        self.body.addWidget(self.day)
        self.table = RowsTable(headings(), name=_("Copy this week"))
        self.table.setMinimumHeight(theme.size(260))
        self.body.addWidget(self.table)
        self.button = self.offer(_("Copy"), self._copy)
        self.day.changed.connect(self._judge)
        self._judge()

    def _judge(self) -> None:
        day = self.day.value()
        if day is None:
            return
        self.target = week_of(day)[0]
        with self.app.read() as work:
            self.planned = plan_copy(work, self.source, self.target, **self.whose)
            names = _children(work, self.planned)
        self.table.show_rows(planned_rows(self.planned, names))
        count = sum(len(each.wish.child_ids) for each in self.planned if each.bookable)
        self.button.setText(ngettext("Copy {n} session", "Copy {n} sessions", count).format(n=count))
        self.button.setEnabled(count > 0 and self.target != self.source)

    def _copy(self) -> None:
        """Book what is bookable, beside the window: a whole department's week takes a while."""
        self.button.setEnabled(False)
        self.button.setText(_("Copying…"))
        self.running, app, planned = True, self.app, list(self.planned)

        def book(_progress: Any, _cancelled: Any) -> Change:
            with app.work() as work:
                return book_planned(work, planned)

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
            super().reject()


def _children(work: Any, planned: Sequence[Planned]) -> dict[str, str]:
    from models.core.queries import titles

    return titles(work, "child", {child for each in planned for child in each.wish.child_ids})
