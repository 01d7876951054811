"""Section rail 分区导航: the headings of a long form beside it — where one is, where something is wrong, one press away."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QPushButton, QScrollArea, QWidget

from resources import _
from ui.icons import icon
from ui.record_form import RecordForm
from ui.text import restyle
from ui.theme import space, theme
from ui.widgets import clear, column

LEAST_SECTIONS = 4
LEAST_WIDTH = 1000
"""Shorter forms need no rail, and narrower windows have no room for one."""


class SectionRail(QWidget):
    """The headings of one form, the one in sight marked."""

    def __init__(self, area: QScrollArea, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._area = area
        self._form: RecordForm | None = None
        self._lines = column(self, 0)
        self._lines.setContentsMargins(space(5), space(4), 0, 0)
        self._buttons: dict[str, QPushButton] = {}
        self.setFixedWidth(theme.size(184))
        self.setAccessibleName(_("Sections"))
        area.verticalScrollBar().valueChanged.connect(self._mark)
        self.hide()

    def watch(self, form: RecordForm) -> None:
        """Show the headings of another form."""
        self._form = form
        clear(self._lines)
        self._buttons = {}
        for section in form.headings:
            button = QPushButton(_(section).replace("&", "&&"))
            button.setProperty("rail", True)
            button.setAutoDefault(False)
            button.setAccessibleName(_(section))
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(partial(self.go, section))
            self._buttons[section] = button
            self._lines.addWidget(button)
        self._lines.addStretch(1)
        QTimer.singleShot(0, self, self._mark)

    def fit(self, width: int) -> None:
        """Appear where there is room and need."""
        self.setVisible(len(self._buttons) >= LEAST_SECTIONS and width >= theme.size(LEAST_WIDTH))

    def go(self, section: str, *_args: object) -> None:
        """Bring a section to the top."""
        if self._form is not None and section in self._form.headings:
            self._area.verticalScrollBar().setValue(self._top(section))
            self._show(section)

    def tell(self, wrong: set[str]) -> None:
        """Mark the sections in which something is wrong."""
        for section, button in self._buttons.items():
            button.setIcon(icon("circle-alert", "danger") if section in wrong else QIcon())

    def _top(self, section: str) -> int:
        assert self._form is not None
        inner = self._area.widget()
        return self._form.headings[section].mapTo(inner, QPoint(0, 0)).y() - space(2) if inner else 0

    def _mark(self, _value: int = 0) -> None:
        if self._form is None or not self._buttons or not self._form.isVisible():
            return
        here = self._area.verticalScrollBar().value() + space(6)
        passed = [section for section in self._buttons if self._top(section) <= here]
        self._show(passed[-1] if passed else next(iter(self._buttons)))

    def _show(self, section: str) -> None:
        for name, button in self._buttons.items():
            if button.property("here") != (name == section):
                button.setProperty("here", name == section)
                restyle(button)
