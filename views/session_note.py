"""The session's note by keyboard 键盘记录: goal by goal one digit and Enter, the response, the signature, the next session.

1–4         the help a goal took        − = +   how it went today
Enter       on to the next              L       as last time
1–5         the child's response        Enter   sign, and the next session
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QScrollArea, QWidget

from models.therapies import RESPONSES
from resources import _
from ui.editors import CodeBox
from ui.editors.choices import choices_of
from ui.text import PlainLabel
from ui.theme import space
from ui.widgets import column
from views.goal_rows import GoalRow, ring

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ResponseRow(QWidget):
    """The child's response to the session, chosen by one digit while the row has the keyboard."""

    def __init__(self) -> None:
        super().__init__()
        lines = column(self, 1)
        lines.setContentsMargins(space(1), space(1), space(1), space(1))
        lines.addWidget(PlainLabel(_("Response"), "strong"))
        self.box = CodeBox(choices_of(RESPONSES))
        self.box.name(_("Response"))
        lines.addWidget(self.box)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_("Response: 1 to 5"))

    def key(self, text: str) -> bool:
        """Take one key; 5 is the best response, as on the list."""
        if text not in RESPONSES:
            return False
        self.box.set_value(text)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            ring(self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


class NoteSteps(QObject):
    """Leads the keyboard through a note: each goal, the response, the signature."""

    def __init__(
        self, goals: list[GoalRow], response: ResponseRow, sign: QWidget | None, *, finish: Callable[[], Any],
        as_last_time: Callable[[], Any], leave: Callable[[], Any], parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.steps: list[QWidget] = [*goals, response, *([sign] if sign else [])]
        self.sign, self.finish, self.as_last_time, self.leave = sign, finish, as_last_time, leave
        for step in self.steps:
            step.installEventFilter(self)
        for goal in goals:
            for line in goal.findChildren(QLineEdit):
                line.installEventFilter(self)

    def begin(self) -> None:
        """Put the keyboard on the first step."""
        self.go(0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier & ~Qt.KeyboardModifier.ShiftModifier:
            return False
        if isinstance(watched, QLineEdit):
            return self._in_line(watched, event)
        return watched in self.steps and self._at(self.steps.index(watched), event)  # type: ignore[arg-type]  # it is one

    def _in_line(self, line: QLineEdit, event: QKeyEvent) -> bool:
        """Enter in a goal's line goes back to its row, so that the next Enter goes on."""
        if event.key() not in ENTER:
            return False
        step = next((each for each in self.steps if each.isAncestorOf(line)), None)
        if step is not None:
            self.go(self.steps.index(step) + 1)
        return step is not None

    def _at(self, place: int, event: QKeyEvent) -> bool:
        step, key = self.steps[place], event.key()
        if key in ENTER:
            if step is self.sign:
                self.finish()
            else:
                self.go(place + 1)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.go(place + (1 if key == Qt.Key.Key_Down else -1))
        elif key == Qt.Key.Key_L:
            self.as_last_time()
        elif key == Qt.Key.Key_Escape:
            self.leave()
        else:
            return isinstance(step, GoalRow | ResponseRow) and step.key(event.text())
        return True

    def go(self, place: int) -> None:
        """Put the keyboard on a step."""
        step = 1 if place >= self.at_now() else -1
        while 0 <= place < len(self.steps) and self.steps[place].property("folded"):
            place += step
        if 0 <= place < len(self.steps):
            self.steps[place].show()  # What was just laid out takes the keyboard only once it is shown.
            self.steps[place].setFocus(Qt.FocusReason.TabFocusReason)
            _bring_into_view(self.steps[place])

    def at_now(self) -> int:
        """Return the step that has the keyboard, -1 when none has."""
        return next((index for index, step in enumerate(self.steps) if step.hasFocus()), -1)


def _bring_into_view(step: QWidget) -> None:
    area = step.parentWidget()
    while area is not None and not isinstance(area, QScrollArea):
        area = area.parentWidget()
    if isinstance(area, QScrollArea):
        area.ensureWidgetVisible(step)


def key_legend() -> PlainLabel:
    """Return the keys of the note in one line."""
    keys = (
        ("1–4", _("help")), ("− = +", _("how it went")), ("0", _("not worked on")), ("T", _("trials")),
        ("L", _("as last time")), ("Enter", _("go on")),
    )  # fmt: skip
    return PlainLabel(_(" · ").join(f"{key} {words}" for key, words in keys), "caption", wrap=True)
