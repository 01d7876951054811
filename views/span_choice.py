"""Span choice 起止日期: a week, a month, or any days from–to, with arrows to what lies before and after."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from models.core.fields import Field
from models.month import Month
from models.period import month_title
from models.scheduling.recurrence import week_of
from resources import N_, _
from ui.editors import DateEdit
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import IconButton, Segmented, row

if TYPE_CHECKING:
    from ui.app import App


class SpanChoice(QWidget):
    """The days a page is about; ``changed`` is emitted with each other choice."""

    changed = Signal()

    def __init__(self, app: App) -> None:
        super().__init__()
        self.kind, self.today = "month", app.today()
        self.first, self.last = _around("month", self.today)
        line = row(self, 2)
        kinds = [("week", _("Week")), ("month", _("Month")), ("days", _("From–to"))]
        self.kinds = Segmented(kinds, self.choose, value="month", name=_("Week, month or from–to"))
        line.addWidget(self.kinds)
        self.before = IconButton("chevron-left", _("Period before"), partial(self.step, -1), keys="Alt+Left")
        line.addWidget(self.before)
        self.title = PlainLabel("", "heading")
        self.title.setMinimumWidth(theme.size(84))
        line.addWidget(self.title)
        self.after = IconButton("chevron-right", _("Period after"), partial(self.step, 1), keys="Alt+Right")
        line.addWidget(self.after)
        self.edits = [DateEdit(Field(label, "date"), app.now) for label in (N_("From"), N_("Until"))]
        for edit, name in zip(self.edits, (_("From"), _("Until")), strict=True):
            edit.name(name)
            edit.setFixedWidth(theme.size(132))
            edit.changed.connect(self._typed)
            line.addWidget(edit)
        self._say()

    def choose(self, kind: str) -> None:
        """Show a week, a month, or the same days to change."""
        self.kind = kind
        if kind != "days":
            middle = min(max(self.today, self.first), self.last)
            self.first, self.last = _around(kind, middle)
        self._say()
        self.changed.emit()

    def step(self, count: int) -> None:
        """Go to the week or month before or after."""
        day = self.last + timedelta(days=1) if count > 0 else self.first - timedelta(days=1)
        self.go(day)

    def go(self, day: date) -> None:
        """Show the week or month a day lies in."""
        self.kind = "month" if self.kind == "days" else self.kind
        self.first, self.last = _around(self.kind, day)
        self._say()
        self.changed.emit()

    def _typed(self) -> None:
        first, last = self.edits[0].value(), self.edits[1].value()
        # More than a year at once is a list nobody reads; half-typed days wait for the other half.
        if first and last and first <= last <= first + timedelta(days=366) and (first, last) != (self.first, self.last):
            self.first, self.last = first, last
            self.changed.emit()

    def _say(self) -> None:
        self.kinds.set_value(self.kind)
        free = self.kind == "days"
        for each in (self.before, self.title, self.after):
            each.setVisible(not free)
        for edit, day in zip(self.edits, (self.first, self.last), strict=True):
            edit.setVisible(free)
            edit.set_value(day)
        month = month_title(self.first)
        self.title.setText(month if self.kind == "month" else f"{self.first:%m-%d} – {self.last:%m-%d}")


def _around(kind: str, day: date) -> tuple[date, date]:
    if kind == "week":
        days = week_of(day)
        return days[0], days[-1]
    month = Month(day.year, day.month)
    return month.first, month.last
