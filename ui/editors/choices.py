"""Choice editors 选择类编辑框: one of a code list, several of it, yes or no — found by typing, in either language."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QPushButton, QSizePolicy, QWidget

from models.core.search import fold, pinyin_keys
from models.core.words import Code
from resources import _
from ui.editors.base import Editor
from ui.icons import icon
from ui.text import restyle
from ui.theme import control_height, theme
from ui.widgets import Flow

Choice = tuple[Any, str, tuple[str, ...]]
"""What is kept, its words, and everything else by which typing finds it."""


def choices_of(codes: Iterable[Code]) -> list[Choice]:
    """Return the choices of a code list."""
    return [(each.code, str(each), (each.code, each.label, each.chinese)) for each in codes]


def finds(choice: Choice, typed: str) -> int:
    """Return how well what was typed names a choice: 0 not at all, 3 from its beginning."""
    wanted = fold(typed)
    words = [fold(each) for each in (choice[1], *choice[2]) if each]
    if any(each.startswith(wanted) for each in words):
        return 3
    if wanted.isascii() and any(key.startswith(wanted) for each in words for key in _keys(each)):
        return 2
    return 1 if any(wanted in each for each in words) else 0


_known_keys: dict[str, list[str]] = {}


def _keys(words: str) -> list[str]:
    if words.isascii():
        return []
    if words not in _known_keys:
        _known_keys[words] = pinyin_keys(words[:20])
    return _known_keys[words]


class _Box(QComboBox):
    """A closed list in which typing finds the next fitting choice, by 汉字, English or pinyin initials."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choices: list[Choice] = []
        self._typed, self._typed_at = "", 0.0
        self.setMaxVisibleItems(14)
        self.setFixedHeight(control_height())
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.view().installEventFilter(self)

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A page that is scrolled past a list must not change what was chosen in it.
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._seek(event):
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.view() and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._seek(event)
        return super().eventFilter(watched, event)

    def _seek(self, event: QKeyEvent) -> bool:
        text = event.text()
        held = event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        now = time.monotonic()
        going_on = bool(self._typed) and now - self._typed_at < 1.0
        if not text or not text.isprintable() or held or (text.isspace() and not going_on):
            return False
        self._typed = self._typed + text if going_on else text
        self._typed_at = now
        self._go_to(self._typed)
        return True

    def _go_to(self, typed: str) -> None:
        ranks = [finds(choice, typed) for choice in self.choices]
        if not any(ranks):
            return
        best = self.findData(self.choices[ranks.index(max(ranks))][0])
        if self.view().isVisible():
            self.view().setCurrentIndex(self.model().index(best, 0))
        elif best != self.currentIndex():
            self.setCurrentIndex(best)
            self.activated.emit(best)


class CodeBox(Editor):
    """One entry of a list: opened with a click or Alt+↓, or found by typing its words or pinyin initials."""

    def __init__(self, choices: Sequence[Choice], *, required: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = _Box(self)
        self.box.choices = list(choices)
        self._required = required
        self._fill(None)
        self.use(self.box)
        self.box.activated.connect(self._chosen)

    def _fill(self, unknown: Any) -> None:
        self.box.clear()
        self.box.addItem(_("Please choose") if self._required else "—", None)
        for code, words, _also in self.box.choices:
            self.box.addItem(words, code)
        if unknown is not None:
            self.box.addItem(_("unknown entry"), unknown)

    def _chosen(self) -> None:
        self.changed.emit()

    def value(self) -> Any:
        return self.box.currentData()

    def set_value(self, value: Any) -> None:
        if value in (None, ""):
            self.box.setCurrentIndex(0)
            return
        if self.box.findData(value) < 0:
            self._fill(value)
        self.box.setCurrentIndex(self.box.findData(value))


class ChoiceBar(Editor):
    """Two or three choices side by side, one press each; pressing the chosen one again takes it back."""

    def __init__(self, choices: Sequence[Choice], *, required: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices, self._required, self._value = list(choices), required, None
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self.line.setSpacing(0)
        for index, choice in enumerate(self._choices):
            self._add(index, choice[1])
        self.line.addStretch(1)
        self.setFocusProxy(self._button(0))
        self._show()

    def _add(self, index: int, words: str) -> None:
        button = QPushButton(words.replace("&", "&&"), self)
        button.setCheckable(True)
        button.setAutoDefault(False)
        button.setProperty("segment", True)
        button.setFixedHeight(control_height())
        ends = {0: "first", len(self._choices) - 1: "last"}
        button.setProperty("end", "only" if len(self._choices) == 1 else ends.get(index, "middle"))
        button.setAccessibleName(words)
        button.installEventFilter(self)
        button.clicked.connect(self._pressed)
        self._group.addButton(button, index)
        self.line.addWidget(button)

    def _button(self, index: int) -> QPushButton:
        button = self._group.button(index)
        assert isinstance(button, QPushButton)
        return button

    def _pressed(self) -> None:
        index = self._group.id(self.sender())  # type: ignore[arg-type]  # only our buttons send this
        code = self._choices[index][0]
        self._choose(None if code == self._value and not self._required else code)

    def _choose(self, code: Any) -> None:
        self._value = code
        self._show()
        self.changed.emit()

    def _show(self) -> None:
        codes = [each[0] for each in self._choices]
        chosen = codes.index(self._value) if self._value in codes and self._value is not None else -1
        for index in range(len(codes)):
            button = self._button(index)
            button.setChecked(index == chosen)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if index == max(chosen, 0) else Qt.FocusPolicy.ClickFocus)
        self.setFocusProxy(self._button(max(chosen, 0)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.settle_later()
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, QPushButton):
            return self._key(self._group.id(watched), event)
        return False

    def _key(self, index: int, event: QKeyEvent) -> bool:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            found = [finds(choice, event.text()) if event.text().strip() else 0 for choice in self._choices]
            if not any(found):
                return False
            index, step = found.index(max(found)), 0
        index = (index + step) % len(self._choices)
        self._choose(self._choices[index][0])
        self._button(index).setFocus()
        return True

    def inner(self) -> QWidget:
        return self

    def mark(self, tone: str) -> None:
        for button in self._group.buttons():
            button.setProperty("wrong", tone == "danger")
            restyle(button)

    def value(self) -> Any:
        return self._value

    def set_value(self, value: Any) -> None:
        self._value = value
        self._show()


class CodesEdit(Editor):
    """Several entries of a list, as chips to be pressed on and off."""

    def __init__(self, choices: Sequence[Choice], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._choices = list(choices)
        holder = QWidget(self)
        policy = holder.sizePolicy()
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        self._flow = Flow(holder, 1)
        self._buttons = [self._chip(words) for _code, words, _also in self._choices]
        self.line.addWidget(holder)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        policy.setVerticalPolicy(QSizePolicy.Policy.Minimum)  # a fixed height would cut off all but the first line
        self.setSizePolicy(policy)
        if self._buttons:
            self.setFocusProxy(self._buttons[0])

    def _chip(self, words: str) -> QPushButton:
        button = QPushButton(words.replace("&", "&&"))
        button.setCheckable(True)
        button.setAutoDefault(False)
        button.setProperty("pick", True)
        button.setAccessibleName(words)
        button.setIconSize(QSize(theme.size(12), theme.size(12)))
        button.toggled.connect(self._toggled)
        button.clicked.connect(lambda _checked: self.changed.emit())
        button.installEventFilter(self)
        self._flow.addWidget(button)
        self._dress(button, False)
        return button

    def _toggled(self, on: bool) -> None:
        self._dress(self.sender(), on)

    def _dress(self, button: Any, on: bool) -> None:
        button.setIcon(icon("check", "accent") if on else icon("plus", "muted"))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.settle_later()
        return False

    def inner(self) -> QWidget:
        return self

    def mark(self, tone: str) -> None:
        for button in self._buttons:
            button.setProperty("wrong", tone == "danger")
            restyle(button)

    def value(self) -> list[str] | None:
        found = [choice[0] for choice, button in zip(self._choices, self._buttons, strict=True) if button.isChecked()]
        return found or None

    def set_value(self, value: Any) -> None:
        chosen = set(value or ())
        for choice, button in zip(self._choices, self._buttons, strict=True):
            button.setChecked(choice[0] in chosen)


def yes_no_choices() -> list[Choice]:
    """Return the two answers; neither pressed means not known."""
    return [(True, _("Yes"), ("是", "有", "y", "1")), (False, _("No"), ("否", "无", "n", "0"))]
