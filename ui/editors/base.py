"""Editors 编辑框: what every editor of a form can do, whatever it edits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QWidget

from ui.text import PlainLabel, restyle
from ui.theme import control_height, space, theme

Now = Callable[[], datetime]


class Editor(QWidget):
    """One field being edited.

    ``changed`` is emitted after every committed change by a person (never in the middle of Chinese input,
    never by :meth:`set_value`); ``left`` when the field is left, which is when it may be judged.
    """

    changed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(0, 0, 0, 0)
        self.line.setSpacing(space(1))
        self._inner: QWidget | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def value(self) -> Any:
        """Return the value, None when there is none or when what is typed is not understood."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value without telling anyone."""
        raise NotImplementedError

    def problem(self) -> str:
        """Return what is not understood in what was typed, empty when all is well."""
        return ""

    def typed(self) -> Any:
        """Return what a draft must keep: the value, or the text as typed where it is not understood."""
        return self.value()

    def set_typed(self, typed: Any) -> None:
        """Show again what a draft has kept."""
        self.set_value(typed)

    def use(self, inner: QWidget, stretch: int = 1) -> None:
        """Take the widget that has the focus of this editor."""
        self._inner = inner
        self.line.addWidget(inner, stretch)
        self.setFocusProxy(inner)
        inner.installEventFilter(self)

    def inner(self) -> QWidget:
        """Return the widget that has the focus of this editor."""
        return self._inner or self

    def name(self, label: str, description: str = "") -> None:
        """Say what this edits to those who do not see the label."""
        self.setAccessibleName(label)
        self.inner().setAccessibleName(label)
        self.describe(description)

    def describe(self, text: str) -> None:
        """Say the help or the error to those who do not see it beneath the editor."""
        self.inner().setAccessibleDescription(text)

    def mark(self, tone: str) -> None:
        """Frame the editor as ``danger`` (wrong), ``warning`` (doubtful) or not at all."""
        inner = self.inner()
        wanted = (tone == "danger", tone == "warning")
        if (bool(inner.property("wrong")), bool(inner.property("doubtful"))) != wanted:
            inner.setProperty("wrong", wanted[0])
            inner.setProperty("doubtful", wanted[1])
            restyle(inner)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that the field is left (not when only a menu opens over it)."""
        if watched is self._inner and event.type() == QEvent.Type.FocusOut:
            self.settle_later()
        return super().eventFilter(watched, event)

    def settle_later(self) -> None:
        """Look, once the focus has arrived elsewhere, whether this field was left."""
        QTimer.singleShot(0, self, self._maybe_left)

    def _maybe_left(self) -> None:
        focused = QApplication.focusWidget()
        if focused is None or not (focused is self or self.isAncestorOf(focused)):
            self.settle()
            self.left.emit()

    def settle(self) -> None:
        """Write what was typed in the form in which it is kept; called when the field is left or saved."""


class Line(QLineEdit):
    """One line of typing: nothing is cut off, nothing is refused, and a suffix may stand inside."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaxLength(32_767)
        self.setFixedHeight(control_height())
        self.on_key: Callable[[QKeyEvent], bool] = lambda event: False
        self._suffix = PlainLabel("", "caption", self)
        self._suffix.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._suffix.hide()

    def set_suffix(self, text: str, tone: str = "") -> None:
        """Show a unit or a counter at the right end."""
        self._suffix.setText(text)
        self._suffix.set_tone(tone)
        self._suffix.setVisible(bool(text))
        self._suffix.adjustSize()
        self.setTextMargins(0, 0, self._suffix.width() + space(1) if text else 0, 0)
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.on_key(event):
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            # Enter goes on to the next field, as hands used to paper forms expect; Ctrl+S saves.
            self.focusNextChild()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        size = self._suffix.sizeHint()
        self._suffix.setGeometry(
            self.width() - size.width() - space(2) - 1,
            (self.height() - size.height()) // 2,
            size.width(),
            size.height(),
        )


class GrowingText(QPlainTextEdit):
    """Several lines of typing that grow with the text; silent while Chinese is being composed."""

    committed = Signal()

    def __init__(self, lines: tuple[int, int] = (3, 12), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines, self._composing = lines, False
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._text_changed)
        self.document().documentLayout().documentSizeChanged.connect(lambda *_args: self._fit())
        self._fit()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)
        if event.commitString() and not self._composing:
            self.committed.emit()

    def _text_changed(self) -> None:
        # Qt tells of changes while Chinese is still being composed; what is not committed is not text yet.
        if not self._composing:
            self.committed.emit()

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        least, most = self._lines
        line = self.fontMetrics().lineSpacing()
        shown = max(least, min(most, round(self.document().size().height())))
        height = shown * line + theme.size(2 * 4 + 2) + 2 * round(self.document().documentMargin())
        if height != self.height():
            self.setFixedHeight(height)

    def sizeHint(self) -> QSize:
        return QSize(theme.size(320), self.height())
