"""Goals as rows 目标行: a goal worked on in a session — trials, help, a word — and its attainment drawn on five steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSizePolicy, QWidget

from models.core.search import fold
from models.core.words import CodeList
from models.rehabilitation import GAS
from models.rehabilitation_file import GoalLine
from models.session_notes import TODAYS, goal_words
from models.therapies import ASSISTANCE
from resources import _
from ui.editors import CodeBox
from ui.editors.choices import choices_of
from ui.text import ElidedLabel, PlainLabel, set_tip
from ui.theme import color, mix, space, theme
from ui.widgets import column, row


class GoalRow(QWidget):
    """One goal in a session's panel: marked when it was worked on; trials, help, how it went today, and a word.

    While the row has the keyboard one key is enough: 1 to 4 for the help it took, ``-`` ``=`` ``+`` for how it went,
    0 for not worked on, T for the trials and W for a word.
    """

    changed = Signal()

    def __init__(self, goal: GoalLine, chosen: bool, note: Mapping[str, Any], *, editable: bool) -> None:
        super().__init__()
        self.goal, self.editable = goal, editable
        lines = column(self, 1)
        lines.setContentsMargins(space(1), space(1), space(1), space(1))
        lines.addLayout(self._head(chosen))
        self.details = self._details()
        lines.addWidget(self.details)
        if chosen and not editable:
            lines.addWidget(PlainLabel(goal_words(note), "caption", wrap=True))
        self.set_note(chosen, note)
        self.details.setVisible(chosen and editable)
        self.box.toggled.connect(self._toggled)
        if editable:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setAccessibleName(_("Goal: {goal}").format(goal=goal.text))
            self.setAccessibleDescription(_("1 to 4: help; − = +: how it went; 0: not worked on"))

    def _head(self, chosen: bool) -> Any:
        first = row(None, 1)
        self.box = QCheckBox()
        self.box.setAccessibleName(self.goal.text)
        self.box.setChecked(chosen)
        self.box.setEnabled(self.editable)
        self.box.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.label = ElidedLabel(self.goal.text)
        words = _("{goal}\nCriterion: {criterion}").format(goal=self.goal.text, criterion=self.goal.criterion)
        set_tip(self.label, words)
        first.addWidget(self.box)
        first.addWidget(self.label, 1)
        return first

    def _details(self) -> QWidget:
        holder = QWidget()
        lines = column(holder, 1)
        second = row(None, 1)
        self.trials = QLineEdit()
        self.trials.setPlaceholderText(_("4/5"))
        self.trials.setAccessibleName(_("Trials, e.g. 4/5: {goal}").format(goal=self.goal.text))
        self.trials.setMaximumWidth(theme.size(58))
        self.help = self._codes(ASSISTANCE, _("Help: {goal}"), _("help"))
        self.today = self._codes(TODAYS, _("How it went: {goal}"), _("how it went"))
        self.text = QLineEdit()
        self.text.setPlaceholderText(_("Note"))
        self.text.setAccessibleName(_("Note: {goal}").format(goal=self.goal.text))
        third = row(None, 1)
        for line, widget, stretch in (
            (second, self.trials, 0), (second, self.help, 1), (third, self.today, 3), (third, self.text, 2),
        ):  # fmt: skip
            widget.setMinimumWidth(theme.size(40))
            line.addWidget(widget, stretch)
        lines.addLayout(second)
        lines.addLayout(third)
        for editor in (self.trials, self.text, self.help, self.today):
            editor.setEnabled(self.editable)
        return holder

    def _codes(self, codes: CodeList, name: str, empty: str) -> CodeBox:
        box = CodeBox(choices_of(codes))
        box.box.setItemText(0, empty)
        box.name(name.format(goal=self.goal.text))
        box.box.setMinimumContentsLength(3)
        box.box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.changed.connect(self.changed)
        return box

    def _toggled(self, on: bool) -> None:
        self.details.setVisible(on)
        self.changed.emit()

    def set_note(self, chosen: bool, note: Mapping[str, Any]) -> None:
        """Show what was noted."""
        self.box.setChecked(chosen)
        self.trials.setText(str(note.get("trials") or ""))
        self.help.set_value(note.get("help"))
        self.today.set_value(note.get("today"))
        self.text.setText(str(note.get("text") or ""))

    def key(self, text: str) -> bool:
        """Take one key; return whether it meant something for this goal."""
        helps = [code.code for code in ASSISTANCE]
        text = {"−": "-", "＝": "=", "＋": "+", "－": "-"}.get(text, text.lower())
        if text == "0":
            self.box.setChecked(False)
        elif text.isdecimal() and 1 <= int(text) <= len(helps):
            self._set(self.help, helps[int(text) - 1])
        elif text and text in TODAYS:
            self._set(self.today, text)
        elif text in ("t", "w"):
            self.box.setChecked(True)
            (self.trials if text == "t" else self.text).setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            return False
        return True

    def _set(self, editor: CodeBox, value: str) -> None:
        self.box.setChecked(True)
        editor.set_value(value)
        self.changed.emit()

    def worked_on(self) -> bool:
        """Whether the goal was worked on."""
        return self.box.isChecked()

    def note(self) -> dict[str, Any]:
        """Return what was noted about the goal; empty when nothing was."""
        if not self.worked_on():
            return {}
        found = {
            "trials": fold(self.trials.text()), "help": self.help.value(), "today": self.today.value(),
            "text": self.text.text().strip(),
        }  # fmt: skip
        return {name: value for name, value in found.items() if value}

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus():
            ring(self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()


def ring(widget: QWidget) -> None:
    """Draw the ring of the keyboard's focus around a widget."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color("focus"), 2))
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(1, 1, -1, -1), theme.size(4), theme.size(4))


class GasScale(QWidget):
    """Goal attainment −2 … +2 drawn as five steps: where it began, where it stands, pressed to rate."""

    rated = Signal(str)

    def __init__(self, first: str | None, now: str | None, on_rate: Callable[[str], Any] | None = None) -> None:
        super().__init__()
        self.first, self.now, self.editable = first, now, on_rate is not None
        if on_rate:
            self.rated.connect(on_rate)
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._name()

    def _name(self) -> None:
        words = GAS.label(self.now) if self.now else _("not rated yet")
        self.setAccessibleName(_("Goal attainment: {rating}").format(rating=words))
        set_tip(self, self.accessibleName())

    def sizeHint(self) -> QSize:
        return QSize(theme.size(132), theme.size(28))

    def _step(self, index: int) -> QRectF:
        width = self.width() / 5
        return QRectF(index * width + 1, theme.size(3), width - 2, self.height() - theme.size(6))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        now = int(self.now) if self.now else None
        first = int(self.first) if self.first else None
        painter.setFont(theme.font("caption"))
        for index, value in enumerate(range(-2, 3)):
            rect = self._step(index)
            tone = "good" if value >= 0 else "warning"
            filled = now is not None and value <= now
            painter.setPen(QPen(color(tone) if value == now else color("line"), 1.5 if value == now else 1))
            painter.setBrush(mix(color(tone), color("raised"), 0.22) if filled else color("sunken"))
            painter.drawRoundedRect(rect, theme.size(3), theme.size(3))
            font = painter.font()
            font.setBold(value == now)
            font.setUnderline(value == first)
            painter.setFont(font)
            painter.setPen(color("text" if value == now else "muted"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, f"{value:+d}".replace("-", "−").replace("+0", "0"))
        painter.end()
        if self.hasFocus():
            ring(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.editable:
            self._rate(min(4, int(event.position().x() // (self.width() / 5))) - 2)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if self.editable and event.key() in steps:
            self._rate(max(-2, min(2, (int(self.now) if self.now else -2) + steps[Qt.Key(event.key())])))
        else:
            super().keyPressEvent(event)

    def _rate(self, value: int) -> None:
        if str(value) != self.now:
            self.now = str(value)
            self._name()
            self.update()
            self.rated.emit(self.now)
