"""Legend 图例: the marks of the transition timeline with their words."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from models.transition_dates import STATUS
from resources import _
from ui.text import PlainLabel
from ui.theme import theme
from ui.transition_line import draw_mark
from ui.widgets import Flow, Symbol, row

SHOWN = ("done", "late", "overdue", "open", "later")


class Mark(QWidget):
    """One mark of the timeline."""

    def __init__(self, status: str) -> None:
        super().__init__()
        self.status = status
        self.setFixedSize(theme.size(16), theme.size(16))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_mark(painter, QPointF(self.width() / 2, self.height() / 2), self.status, theme.size(13))


class Legend(QWidget):
    """All marks in a line."""

    def __init__(self) -> None:
        super().__init__()
        flow = Flow(self, 3)
        for status in SHOWN:
            flow.addWidget(_entry(Mark(status), STATUS.label(status)))
        flow.addWidget(_entry(Symbol("scale", "transition", 15), _("asked for by a rule")))


def _entry(mark: QWidget, words: str) -> QWidget:
    holder = QWidget()
    line = row(holder, 1)
    line.addWidget(mark)
    line.addWidget(PlainLabel(words, "caption"))
    return holder
