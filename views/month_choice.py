"""Month choice 选择月份: a month with arrows to the one before and the one after."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from models.month import Month
from models.period import month_title
from resources import _
from ui.month_panel import month_on
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import IconButton, row


class MonthChoice(QWidget):
    """The month; ``changed`` tells that it is another one."""

    changed = Signal()

    def __init__(self, month: Month, latest: Month) -> None:
        super().__init__()
        self.month, self.latest = month, latest
        line = row(self, 1)
        line.addWidget(IconButton("chevron-left", _("Month before"), partial(self.step, -1), keys="Ctrl+Left"))
        self.title = PlainLabel("", "heading")
        self.title.setMinimumWidth(theme.size(120))
        line.addWidget(self.title)
        self.later = IconButton("chevron-right", _("Month after"), partial(self.step, 1), keys="Ctrl+Right")
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

    def over(self) -> bool:
        """Whether the month is over, so that its papers are final."""
        return self.month < self.latest

    def _say(self) -> None:
        self.title.setText(month_title(self.month.first))
        self.later.setEnabled(self.over())
        self.note.setText("" if self.over() else _("not over yet: printed as a draft"))


def last_whole(today: date) -> Month:
    """Return the month a director prints now: the last one that is over."""
    before = month_on(today.replace(day=1), -1)
    return Month(before.year, before.month)
