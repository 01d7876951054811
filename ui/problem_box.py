"""Problem box 待改正项: everything that keeps a form from being saved, each line leading to its field."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLayout, QWidget

from models.core.errors import Problem
from resources import _, ngettext
from ui.text import PlainLabel, restyle
from ui.theme import space
from ui.widgets import TONE_ICONS, Button, Symbol, clear, column, row


class ProblemBox(QFrame):
    """The list of problems above a form; warnings may be confirmed right here."""

    go_to = Signal(str)
    confirmed = Signal()

    def __init__(self, label_of: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._label_of = label_of
        self.setProperty("banner", True)
        line = row(self, 2)
        line.setContentsMargins(space(3), space(2), space(3), space(2))
        self.symbol = Symbol("octagon-alert", "danger", 18)
        line.addWidget(self.symbol, 0, Qt.AlignmentFlag.AlignTop)
        self._lines = column(None, 1)
        line.addLayout(self._lines, 1)
        self.hide()

    def tell(self, problems: Sequence[Problem]) -> None:
        """List errors; when there are none but warnings, ask for them to be confirmed."""
        errors = [each for each in problems if not each.warning]
        self._dress("danger" if errors else "warning")
        clear(self._lines)
        self._lines.addWidget(PlainLabel(self._heading(errors, problems), "strong", wrap=True))
        for problem in errors or problems:
            self._lines.addWidget(self._line(problem))
        if not errors:
            self._lines.addLayout(self._answers())
        self.setVisible(bool(problems))
        self.setAccessibleName(self._heading(errors, problems))

    def _heading(self, errors: Sequence[Problem], problems: Sequence[Problem]) -> str:
        if errors:
            count = len(errors)
            return ngettext(
                "Not saved yet: please look at {n} entry", "Not saved yet: please look at {n} entries", count
            ).format(n=count)
        count = len(problems)
        return ngettext("Please check {n} point once more", "Please check {n} points once more", count).format(n=count)

    def _line(self, problem: Problem) -> QWidget:
        label = self._label_of(problem.field)
        if not label:
            return PlainLabel(problem.message, wrap=True)
        holder = QWidget()
        line = row(holder, 2)
        link = Button(label, kind="link", on_click=lambda: self.go_to.emit(problem.field))
        line.addWidget(link, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(PlainLabel(problem.message, wrap=True), 1, Qt.AlignmentFlag.AlignVCenter)
        return holder

    def _answers(self) -> QLayout:
        line = row(None, 2)
        line.setContentsMargins(0, space(1), 0, 0)
        self.confirm = Button(_("It is right, save"), on_click=self.confirmed.emit)
        line.addWidget(self.confirm)
        line.addWidget(Button(_("Correct it"), kind="quiet", on_click=self.hide))
        line.addStretch(1)
        return line

    def _dress(self, tone: str) -> None:
        self.symbol.name, self.symbol.tint = TONE_ICONS[tone], tone
        self.symbol.update()
        self.setProperty("tone", tone)
        restyle(self)
