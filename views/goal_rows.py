"""Goals as rows 目标行: a goal worked on in a session — trials, help, a word — and its attainment drawn on five steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QLineEdit, QSizePolicy, QWidget

from models.core.search import fold
from models.rehabilitation import GAS
from models.rehabilitation_file import GoalLine
from models.therapies import ASSISTANCE
from resources import _
from ui.editors import CodeBox
from ui.editors.choices import choices_of
from ui.text import ElidedLabel, PlainLabel, set_tip
from ui.theme import color, mix, theme
from ui.widgets import column, row


class GoalRow(QWidget):
    """One goal in a session's panel: ticked when it was worked on; then trials, help and a note."""

    changed = Signal()

    def __init__(self, goal: GoalLine, chosen: bool, note: dict[str, Any], *, editable: bool) -> None:
        super().__init__()
        self.goal = goal
        lines = column(self, 1)
        first = row(None, 1)
        self.box = QCheckBox()
        self.box.setAccessibleName(goal.text)
        self.box.setChecked(chosen)
        self.box.setEnabled(editable)
        self.label = ElidedLabel(goal.text)
        set_tip(self.label, _("{goal}\nCriterion: {criterion}").format(goal=goal.text, criterion=goal.criterion))
        first.addWidget(self.box)
        first.addWidget(self.label, 1)
        lines.addLayout(first)
        self.details = QWidget()
        second = row(self.details, 1)
        self.trials = QLineEdit(str(note.get("trials", "")))
        self.trials.setPlaceholderText(_("4/5"))
        self.trials.setAccessibleName(_("Trials, e.g. 4/5: {goal}").format(goal=goal.text))
        self.trials.setMaximumWidth(theme.size(58))
        self.help = CodeBox(choices_of(ASSISTANCE))
        self.help.name(_("Help: {goal}").format(goal=goal.text))
        self.help.set_value(note.get("help"))
        self.help.setFixedWidth(theme.size(84))
        self.text = QLineEdit(str(note.get("text", "")))
        self.text.setPlaceholderText(_("Note"))
        self.text.setAccessibleName(_("Note: {goal}").format(goal=goal.text))
        for widget, stretch in ((self.trials, 0), (self.help, 0), (self.text, 1)):
            widget.setEnabled(editable)
            second.addWidget(widget, stretch)
        lines.addWidget(self.details)
        self.details.setVisible(chosen and editable)
        if chosen and not editable:
            said = [str(note.get("trials", "")), ASSISTANCE.label(note.get("help")), str(note.get("text", ""))]
            lines.addWidget(PlainLabel(_(" · ").join(filter(None, said)), "caption", wrap=True))
        self.box.toggled.connect(self.details.setVisible)
        self.box.toggled.connect(lambda _on: self.changed.emit())

    def worked_on(self) -> bool:
        """Whether the goal was worked on."""
        return self.box.isChecked()

    def note(self) -> dict[str, Any]:
        """Return what was noted about the goal; empty when nothing was."""
        if not self.worked_on():
            return {}
        found = {"trials": fold(self.trials.text()), "help": self.help.value(), "text": self.text.text().strip()}
        return {name: value for name, value in found.items() if value}


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
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color("focus"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), theme.size(4), theme.size(4))

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
