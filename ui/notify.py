"""Toasts 提示: what happened, told in passing at the foot of the window, with a way back where there is one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QWidget

from resources import _
from ui.text import PlainLabel
from ui.theme import space, theme
from ui.widgets import Button, row

SECONDS, SECONDS_WITH_UNDO, SECONDS_WITH_OFFER = 5, 12, 30
OFFER_KEY = "F4"
"""Takes what the message on show offers to do next."""


class Offer:
    """Something that may be done next; unlike a way back it is not taken by Ctrl+Z, but by its own key."""

    def __init__(self, act: Callable[[], Any]) -> None:
        self._act = act

    def __call__(self) -> Any:
        return self._act()


class Toast(QFrame):
    """One message at the foot of a window; a later one takes its place, hovering keeps it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setObjectName("toast")
        line = row(self, 3)
        line.setContentsMargins(space(4), space(2), space(3), space(2))
        self.label = PlainLabel()
        line.addWidget(self.label, 1)
        self.button = Button(_("Undo"), on_click=self.take)
        line.addWidget(self.button)
        self.hint = PlainLabel(OFFER_KEY, "caption")
        line.addWidget(self.hint)
        self._key = QShortcut(QKeySequence(OFFER_KEY), window, self.take)
        self._key.setEnabled(False)
        self._back: Callable[[], Any] | None = None
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        window.installEventFilter(self)
        self.hide()

    def tell(self, text: str, undo: Callable[[], Any] | None = None, undo_label: str = "") -> None:
        """Show a message, and an undo button when there is a way back."""
        self._back = undo
        self.label.setText(text)
        self.button.setText(undo_label or _("Undo"))
        self.button.setAccessibleName(self.button.text())
        self.button.setVisible(undo is not None)
        self._key.setEnabled(self.offers)
        self.hint.setVisible(self.offers)
        self.setAccessibleName(text)
        self._place()
        self.show()
        self.raise_()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self._timer.start(1000 * (SECONDS_WITH_OFFER if self.offers else SECONDS_WITH_UNDO if undo else SECONDS))

    @property
    def offers(self) -> bool:
        """Whether the message offers something to do next, which is no way back."""
        return isinstance(self._back, Offer)

    def undo(self) -> None:
        """Go back, if the message on show offers it."""
        if not self.offers:
            self.take()

    def take(self) -> None:
        """Do what the message on show offers: go back, or go on."""
        back, self._back = self._back, None
        self.hide()
        if back:
            back()

    def hideEvent(self, event: Any) -> None:
        self._key.setEnabled(False)

    def _place(self) -> None:
        window = self._window
        self.label.setWordWrap(False)
        width = min(self.sizeHint().width(), window.width() - space(6))
        self.label.setWordWrap(width < self.sizeHint().width())
        height = max(self.heightForWidth(width), self.sizeHint().height())
        self.setGeometry((window.width() - width) // 2, window.height() - height - space(5), width, height)

    def enterEvent(self, event: Any) -> None:
        self._timer.stop()

    def leaveEvent(self, event: Any) -> None:
        self._timer.start(2000)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def showEvent(self, event: Any) -> None:
        self.setMinimumHeight(theme.size(40))
