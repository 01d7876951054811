"""Where an assessment stands 评估流转: who recorded it, what may be done with it next, its versions and its history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from models.rehabilitation import Assessment
from resources import _
from ui.history import HistoryPanel
from ui.record_acts import RecordActs
from ui.record_head import RecordButtons, Standing, who_and_when
from ui.text import ElidedLabel
from ui.widgets import Button, clear, row

if TYPE_CHECKING:
    from ui.app import App


class StandingLine(QWidget):
    """The line above an assessment that is there: recorded by whom, and the next steps.

    Args:
        ready: says before a step whether all that was typed is saved; the step is not taken otherwise.
    """

    def __init__(self, app: App, ready: Callable[[], bool], history: HistoryPanel) -> None:
        super().__init__()
        self.app, self.ready, self.history = app, ready, history
        self.standing = Standing(values={})
        self.acts = RecordActs(app, Assessment, self)
        line = row(self, 2)
        self.recorded = ElidedLabel("", "caption")
        line.addWidget(self.recorded, 1)
        self.versions = row(None, 2)
        line.addLayout(self.versions)
        self.buttons = RecordButtons(app, Assessment, self.act)
        line.addWidget(self.buttons)

    def listen(self, page: QWidget) -> None:
        """Print with Ctrl+P, wherever on the page the keys go."""
        shortcut = QShortcut(QKeySequence("Ctrl+P"), page, lambda: self.act("print"))
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def show_standing(self, standing: Standing) -> None:
        """Show where an assessment stands; nothing for one that is being begun."""
        self.standing = standing
        self.setVisible(bool(standing.values))
        self.recorded.setText(who_and_when(standing.values))
        # Submitting saves as well, and has its button beside the one that saves.
        self.buttons.show_acts(replace(standing, steps=tuple(each for each in standing.steps if each.name != "submit")))
        clear(self.versions)
        for words, record_id in (
            (_("Earlier version"), standing.values.get("supersedes_id")), (_("Newer version"), standing.successor),
        ):  # fmt: skip
            if record_id:
                self.versions.addWidget(self._link(words, record_id))
        self.history.forget(standing.values.get("id", ""))
        if not standing.values:
            self.history.hide()

    def _link(self, words: str, record_id: str) -> Button:
        return Button(words, "history", kind="link", on_click=lambda: self.app.open_record(Assessment, record_id))

    def act(self, name: str) -> None:
        """Do what a button asks for."""
        record_id = self.standing.values.get("id", "")
        if name == "history":
            self.history.toggle(record_id)
        elif name == "print":
            if record_id and self.app.may("print", Assessment):
                self.acts.act(name, record_id, "")
        elif name == "bin" or self.ready():
            what = [_(Assessment.title), self.standing.child]
            self.acts.act(name, record_id, _(" · ").join(each for each in what if each))
