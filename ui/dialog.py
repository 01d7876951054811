"""Dialogs 对话框: one shape for all of them — a heading, the body, and the buttons at the foot."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QWidget

from resources import _
from ui.text import PlainLabel, restyle
from ui.theme import theme
from ui.widgets import Button, column, row

FRAME = 40
"""What a window's own title and edge take of the screen's height."""


class Dialog(QDialog):
    """A dialog of the house; fill ``body``, put controls into ``buttons`` (right to left: the deed, then cancel)."""

    def __init__(self, title: str, text: str = "", parent: QWidget | None = None, *, width: int = 460) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        lines = column(self, 4, 5)
        head = column(None, 1)
        head.addWidget(PlainLabel(title, "title", wrap=True))
        if text:
            head.addWidget(PlainLabel(text, tone="muted", wrap=True))
        lines.addLayout(head)
        self.body = column(None, 3)
        lines.addLayout(self.body, 1)
        self.buttons = row(None, 2)
        self.buttons.addStretch(1)
        lines.addLayout(self.buttons)
        self.setMinimumWidth(theme.size(width))
        self._needed = 0

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        fit_height(self)
        self._needed = height_needed(self)

    def event(self, event: QEvent) -> bool:
        heard = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._grow()
        return heard

    def _grow(self) -> None:
        """Become higher for words that have come since, such as what is wrong; otherwise the fields would be cut."""
        before, self._needed = self._needed, height_needed(self)
        if before < self._needed and self.height() < self._needed:
            self.resize(self.width(), self._needed)

    def offer(self, text: str, act: Callable[[], Any], kind: str = "primary", icon: str | None = None) -> Button:
        """Add the button that does it, after one that gives up."""
        self.buttons.addWidget(Button(_("Cancel"), on_click=self.reject))
        button = Button(text, icon, kind, act)
        button.setDefault(True)
        self.buttons.addWidget(button)
        return button


class Line(QWidget):
    """One labelled entry of a hand-made dialog, with a place for what is wrong with it right below."""

    def __init__(self, label: str, editor: QWidget | None = None, help_text: str = "", *, secret: bool = False) -> None:
        super().__init__()
        self.edit = editor or QLineEdit()
        if secret and isinstance(self.edit, QLineEdit):
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setAccessibleName(label)
        self.setFocusProxy(self.edit)
        lines = column(self, 1)
        self.label = PlainLabel(label)
        self.label.setBuddy(self.edit)
        lines.addWidget(self.label)
        lines.addWidget(self.edit)
        self._help = help_text
        self.note = PlainLabel(help_text, "caption", wrap=True)
        self.note.setVisible(bool(help_text))
        lines.addWidget(self.note)

    def text(self) -> str:
        """Return what was typed."""
        return self.edit.text() if isinstance(self.edit, QLineEdit) else ""

    def complain(self, problem: str) -> None:
        """Show what is wrong; nothing when it is right again."""
        self.note.setText(problem or self._help)
        self.note.set_tone("danger" if problem else "")
        self.note.setVisible(bool(problem or self._help))
        self.edit.setProperty("wrong", bool(problem))
        restyle(self.edit)


def fit_height(dialog: QWidget) -> None:
    """Give a window the height that its wrapped texts need at its width, no less and no more."""
    dialog.resize(dialog.width(), height_needed(dialog))


def height_needed(dialog: QWidget) -> int:
    """Return the height that a window's wrapped texts need at its width, within the screen."""
    layout = dialog.layout()
    if layout is None or not layout.hasHeightForWidth():
        return dialog.height()
    room = dialog.screen().availableGeometry().height() - theme.size(FRAME)
    return min(layout.totalHeightForWidth(dialog.width()), room)


def confirm(parent: QWidget | None, title: str, text: str, yes: str, *, kind: str = "primary") -> bool:
    """Ask one question in the house's words and return whether the answer was yes."""
    dialog = Dialog(title, text, parent)
    dialog.offer(yes, dialog.accept, kind)
    answer = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return answer
