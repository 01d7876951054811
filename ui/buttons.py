"""Buttons 按钮: everything that is pressed, chosen or typed into for a search."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QFontMetrics, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QLineEdit, QMenu, QPushButton, QWidget, QWidgetAction

from resources import _
from ui.icons import icon
from ui.layouts import column, row
from ui.text import PlainLabel, set_tip
from ui.theme import space, theme

Click = Callable[[], Any]


class Button(QPushButton):
    """A button: ``normal``, ``primary`` (one a screen), ``quiet``, ``link`` or ``danger``."""

    def __init__(
        self,
        text: str = "",
        icon: str | None = None,
        kind: str = "normal",
        on_click: Click | None = None,
        parent: QWidget | None = None,
        *,
        tip: str = "",
        keys: str = "",
    ) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", kind)
        self.setAutoDefault(False)
        if not text:
            self.setProperty("square", True)
        if icon:
            self.set_icon(icon)
        if keys:
            self.setShortcut(QKeySequence(keys))
        self._name(text, tip, keys)
        if on_click:
            self.clicked.connect(lambda *_args: on_click())

    def _name(self, text: str, tip: str, keys: str) -> None:
        self.setAccessibleName(text.replace("&", "") or tip)
        if tip or keys:
            shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
            set_tip(self, " · ".join(each for each in (tip or text, shown) if each))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Qt presses a button with Enter only inside dialogs; people expect it wherever the button has the focus.
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def set_icon(self, name: str) -> None:
        """Show another icon."""
        kind = self.property("kind")
        tint = {"primary": "on_accent", "danger": "danger", "link": "accent"}.get(kind, "text")
        self.setIcon(icon(name, tint))
        gap = 0 if self.property("square") else 3
        self.setIconSize(QSize(theme.size(16 + gap), theme.size(16)))


class IconButton(Button):
    """A quiet square button with an icon only; ``name`` is its tooltip and what a screen reader says."""

    def __init__(
        self, icon: str, name: str, on_click: Click | None = None, parent: QWidget | None = None, *, keys: str = ""
    ) -> None:
        super().__init__("", icon, "quiet", on_click, parent, tip=name, keys=keys)


class Menu(QMenu):
    """A menu with round corners; ``add`` puts in one line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setWindowFlags(
            self.windowFlags() | Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint
        )

    def head(self, title: str, text: str = "") -> None:
        """Add a heading that cannot be chosen."""
        holder = QWidget()
        lines = column(holder, 0)
        lines.setContentsMargins(space(3), space(1), space(3), space(1))
        lines.addWidget(PlainLabel(title, "strong" if text else "caption"))
        if text:
            lines.addWidget(PlainLabel(text, "caption"))
        action = QWidgetAction(self)
        action.setDefaultWidget(holder)
        action.setEnabled(False)
        self.addAction(action)

    def add(
        self, text: str, on_click: Click, icon_name: str = "", *, keys: str = "", checked: bool | None = None
    ) -> QAction:
        """Add a line and return its action."""
        action = QAction(text.replace("&", "&&"), self)
        if icon_name:
            action.setIcon(icon(icon_name, "muted"))
        if keys:
            action.setText(f"{action.text()}\t{keys}")
        if checked is not None:
            action.setCheckable(True)
            action.setChecked(checked)
        action.triggered.connect(lambda *_args: on_click())
        self.addAction(action)
        return action


class MenuButton(Button):
    """A button that opens a menu, made afresh each time by ``fill(menu)``."""

    def __init__(
        self,
        text: str,
        fill: Callable[[Menu], None],
        icon: str | None = None,
        kind: str = "normal",
        parent: QWidget | None = None,
        *,
        tip: str = "",
    ) -> None:
        super().__init__(text, icon, kind, self.open, parent, tip=tip)
        self._fill = fill

    def open(self) -> None:
        """Show the menu below the button."""
        menu = Menu(self)
        self._fill(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        corner = QPoint(0, self.height() + space(1))
        if self.mapToGlobal(corner).x() + menu.sizeHint().width() > self.window().geometry().right():
            corner.setX(self.width() - menu.sizeHint().width())
        menu.popup(self.mapToGlobal(corner))


class Segmented(QWidget):
    """A few choices side by side, exactly one chosen; ``options`` are (value, words) pairs."""

    changed = Signal(object)

    def __init__(
        self,
        options: Sequence[tuple[Any, str]],
        on_change: Callable[[Any], Any] | None = None,
        parent: QWidget | None = None,
        *,
        value: Any = None,
        name: str = "",
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._values = [each[0] for each in options]
        self._group = QButtonGroup(self)
        line = row(self, 0)
        for index, (_value, words) in enumerate(options):
            line.addWidget(self._segment(index, words, len(options)))
        line.addStretch(1)
        self.set_value(value if value in self._values else self._values[0])
        if on_change:
            self.changed.connect(on_change)

    def _segment(self, index: int, words: str, number: int) -> QPushButton:
        button = QPushButton(words.replace("&", "&&"), self)
        button.setCheckable(True)
        button.setAutoDefault(False)
        button.setProperty("segment", True)
        ends = {0: "first", number - 1: "last"}
        button.setProperty("end", "only" if number == 1 else ends.get(index, "middle"))
        button.setAccessibleName(words)
        # The chosen one is bold: each gets the room its bold words need.
        bold = QFontMetrics(theme.font("strong")).horizontalAdvance(words)
        button.setMinimumWidth(bold + theme.size(26))
        self._group.addButton(button, index)
        button.clicked.connect(self._picked)
        return button

    def _picked(self) -> None:
        # An arrow key chooses before it moves on; who fills a page anew at that looks for the keys at what was chosen.
        focus, chosen = self.window().focusWidget(), self._group.checkedButton()
        if focus is not None and chosen is not None and self.isAncestorOf(focus):
            chosen.setFocus()
        self.changed.emit(self.value())

    def value(self) -> Any:
        """Return the chosen value."""
        return self._values[max(self._group.checkedId(), 0)]

    def set_value(self, value: Any) -> None:
        """Choose without telling anyone."""
        self._group.button(self._values.index(value)).setChecked(True)


class SearchBox(QLineEdit):
    """A search field that asks shortly after the last committed character (never in the middle of pinyin)."""

    def __init__(
        self, on_search: Callable[[str], Any], hint: str = "", parent: QWidget | None = None, *, delay: int = 200
    ) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint or _("Search"))
        self.setAccessibleName(hint or _("Search"))
        self.setClearButtonEnabled(True)
        self.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self._timer = QTimer(self, singleShot=True, interval=delay)
        self._timer.timeout.connect(self._now)
        self.textChanged.connect(lambda _text: self._timer.start())
        self.returnPressed.connect(self._now)
        self._search = on_search

    def _now(self) -> None:
        self._timer.stop()
        self._search(self.text())


class Clickable(QFrame):
    """A row or tile that is pressed as a whole, by mouse, Enter or Space; fill it with a layout."""

    clicked = Signal()

    def __init__(self, name: str, on_click: Click | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clickable")
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if on_click:
            self.clicked.connect(lambda: on_click())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: Any) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)
