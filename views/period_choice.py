"""Period choice 报告期选择: month, quarter or year, with arrows to the one before and after, none that has not begun."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from models.period import PERIOD_KINDS, ReportPeriod
from resources import _
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import IconButton, Segmented, row


class PeriodChoice(QWidget):
    """A period and the way to others; ``changed`` is emitted with each other one."""

    changed = Signal()

    def __init__(self, period: ReportPeriod, today: date) -> None:
        super().__init__()
        self.period, self.today = period, today
        line = row(self, 3)
        kinds = [(code.code, PERIOD_KINDS.label(code.code)) for code in PERIOD_KINDS]
        self.kind = Segmented(kinds, self.choose_kind, name=_("Month, quarter or year"))
        line.addWidget(self.kind)
        line.addWidget(IconButton("chevron-left", _("Period before"), partial(self.step, -1), keys="Alt+Left"))
        self.title = PlainLabel("", "heading")
        self.title.setMinimumWidth(theme.size(120))
        line.addWidget(self.title)
        self.later = IconButton("chevron-right", _("Period after"), partial(self.step, 1), keys="Alt+Right")
        line.addWidget(self.later)
        self._say()

    def step(self, count: int) -> None:
        """Go to the period before or after."""
        self.show_period(self.period.next() if count > 0 else self.period.before())

    def choose_kind(self, kind: str) -> None:
        """Go to the month, quarter or year in which the shown period ends."""
        if kind != self.period.kind:
            self.show_period(ReportPeriod.of(kind, min(self.period.last, self.today)))

    def show_period(self, period: ReportPeriod) -> None:
        """Show another period, none that has not begun."""
        if period.first <= self.today and period != self.period:
            self.period = period
            self._say()
            self.changed.emit()

    def _say(self) -> None:
        self.kind.set_value(self.period.kind)
        self.title.setText(self.period.title())
        self.later.setEnabled(self.period.next().first <= self.today)
