"""Checklist 检查清单: one checkpoint a line — a key says in order, another says not, and the next line is there.

    checklist = Checklist(["exits", "gas"], CHECKPOINTS)
    checklist.passed(), checklist.failed(), checklist.findings()

Space or 1: in order. X or 2: not in order, and what. 0: not looked at. Up and down walk.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from models.core.words import CodeList
from resources import _
from ui.text import ElidedLabel, PlainLabel
from ui.theme import space, theme
from ui.widgets import IconButton, Symbol, column, row

OPEN, GOOD, BAD = "open", "good", "bad"
_ICONS = {OPEN: ("circle", "muted"), GOOD: ("circle-check", "good"), BAD: ("circle-x", "danger")}
_PASS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_1)
_FAIL = (Qt.Key.Key_X, Qt.Key.Key_2, Qt.Key.Key_Minus)
_BACK = (Qt.Key.Key_0, Qt.Key.Key_Backspace, Qt.Key.Key_Delete)


class CheckLine(QFrame):
    """One checkpoint."""

    answered = Signal()
    stepped = Signal(int)

    def __init__(self, code: str, words: str) -> None:
        super().__init__()
        self.code, self.words, self.state = code, words, OPEN
        self.setObjectName("clickable")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        lines = column(self, 0)
        top = QWidget()
        top.setMinimumHeight(theme.size(32))
        line = row(top, 2)
        line.setContentsMargins(space(2), 0, space(2), 0)
        self.symbol = Symbol("circle", "muted", 18)
        line.addWidget(self.symbol)
        line.addWidget(ElidedLabel(words), 1)
        self.said = PlainLabel("", "caption")
        line.addWidget(self.said)
        self.good = IconButton("check", _("In order: {what}").format(what=words), lambda: self.answer(GOOD))
        self.bad = IconButton("x", _("Not in order: {what}").format(what=words), lambda: self.answer(BAD))
        for button in (self.good, self.bad):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            line.addWidget(button)
        lines.addWidget(top)
        self.note = QLineEdit()
        self.note.setPlaceholderText(_("What is not in order?"))
        self.note.setAccessibleName(_("What is not in order?"))
        self.note.setMaxLength(200)
        self.note.installEventFilter(self)
        self.below = QWidget()
        below = row(self.below, 0)
        below.setContentsMargins(space(5) + space(2), 0, space(2), space(1))
        below.addWidget(self.note)
        self.below.hide()
        lines.addWidget(self.below)
        self._tell()

    def answer(self, state: str) -> None:
        """Say how this checkpoint is."""
        self.state = OPEN if state == self.state != BAD else state
        self.below.setVisible(self.state == BAD)
        self._tell()
        self.answered.emit()
        if self.state == BAD:
            self.note.setFocus()
        elif self.state == GOOD:
            self.stepped.emit(1)

    def _tell(self) -> None:
        self.symbol.name, self.symbol.tint = _ICONS[self.state]
        self.symbol.update()
        said = {OPEN: _("not looked at"), GOOD: _("In order"), BAD: _("Not in order")}[self.state]
        self.said.setText(said)
        self.said.set_tone({OPEN: "", GOOD: "good", BAD: "danger"}[self.state])
        self.setAccessibleName(f"{self.words}: {said}")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Enter in the note for itself: handed on to the line, it would say that all is well."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            ways = {Qt.Key.Key_Return: 1, Qt.Key.Key_Enter: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
            if event.key() in ways:
                self.stepped.emit(ways[Qt.Key(event.key())])
                return True
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _PASS:
            self.answer(GOOD) if self.state != GOOD else self.stepped.emit(1)
        elif key in _FAIL:
            self.answer(BAD)
        elif key in _BACK:
            self.answer(OPEN)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.stepped.emit(1 if key == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)


class Checklist(QWidget):
    """The checkpoints of one round."""

    changed = Signal()

    def __init__(self, codes: Sequence[str], words: CodeList) -> None:
        super().__init__()
        lines = column(self, 0)
        self.lines = [CheckLine(code, words.label(code)) for code in codes]
        for index, line in enumerate(self.lines):
            line.answered.connect(self.changed)
            line.stepped.connect(lambda way, index=index: self._step(index + way))
            lines.addWidget(line)
        lines.addStretch(1)

    def _step(self, index: int) -> None:
        if 0 <= index < len(self.lines):
            self.lines[index].setFocus()

    def begin(self) -> None:
        """Go to the first line."""
        if self.lines:
            self.lines[0].setFocus()

    def _with(self, state: str) -> list[str]:
        return [line.code for line in self.lines if line.state == state]

    def passed(self) -> list[str]:
        """Return the checkpoints that are in order."""
        return self._with(GOOD)

    def failed(self) -> list[str]:
        """Return the checkpoints that are not in order."""
        return self._with(BAD)

    def open(self) -> list[str]:
        """Return the checkpoints that nobody looked at yet."""
        return self._with(OPEN)

    def findings(self) -> str:
        """Return what was found, one line a checkpoint."""
        bad = [line for line in self.lines if line.state == BAD and line.note.text().strip()]
        return "\n".join(_("{point}: {what}").format(point=line.words, what=line.note.text().strip()) for line in bad)

    def pass_rest(self) -> None:
        """Say of everything nobody spoke of that it is in order."""
        for line in self.lines:
            if line.state == OPEN:
                line.state = GOOD
                line._tell()
        self.changed.emit()
