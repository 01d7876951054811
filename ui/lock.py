"""Lock 锁屏: covers every window of the program at once and keeps what is being typed beneath.

    lock.lock()      # Ctrl+L, or by itself after some idle minutes; the password opens it again

Nothing is closed: the windows stay as they are under an opaque cover, switched off until the person who
signed in has given the password. Drafts are written before the cover falls.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from resources import _
from ui.text import PlainLabel
from ui.theme import space, theme
from ui.widgets import Avatar, Button, column

if TYPE_CHECKING:
    from ui.app import App

_SIGNS_OF_LIFE = frozenset(
    {
        QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel,
        QEvent.Type.TouchBegin, QEvent.Type.TabletPress, QEvent.Type.InputMethod,
    }
)  # fmt: skip
_LOOK_EVERY = 5000


class Lock(QObject):
    """Watches for idleness and covers the windows; ``locked`` says whether they are covered."""

    changed = Signal(bool)
    signing_out = Signal()

    def __init__(self, app: App, minutes: int = 10, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.app, self.minutes, self.locked = app, minutes, False
        self._alive = time.monotonic()
        self._covers: list[Cover] = []
        self._covering = False
        self._timer = QTimer(self, interval=_LOOK_EVERY)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._window_came)

    def _window_came(self, window: QWindow | None) -> None:
        """Watch only the windows' own events: a filter on the whole application would slow every paint."""
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)
        if self.locked:
            self._cover_all()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _SIGNS_OF_LIFE:
            self._alive = time.monotonic()
        return False

    def _look(self) -> None:
        if not self.locked and self.minutes and time.monotonic() - self._alive > self.minutes * 60:
            self.lock()

    def lock(self) -> None:
        """Cover everything now."""
        if self.locked:
            return
        self.locked = True
        self.app.drafts.flush()
        if popup := QApplication.activePopupWidget():
            popup.close()
        self._cover_all()
        self.changed.emit(True)

    def _cover_all(self) -> None:
        if self._covering:  # a cover takes the focus, which brings us here again
            return
        self._covering = True
        covered = {cover.window() for cover in self._covers}
        for window in QApplication.topLevelWidgets():
            if window.isVisible() and window not in covered and window.windowType() in _WINDOWS:
                self._covers.append(Cover(self, window))
        self._covering = False

    def unlock(self, password: str) -> str:
        """Take the covers away when the password is right; return what is wrong otherwise."""
        from models.core.errors import Refused

        try:
            self.app.home.confirm_password(self.app.actor.username, password)
        except Refused as error:
            return str(error)
        covers, self._covers = self._covers, []
        self.locked, self._alive = False, time.monotonic()
        for cover in covers:
            cover.lift()
        self.changed.emit(False)
        return ""

    def leave(self) -> None:
        """Sign the person out from the locked window; everything typed is in the drafts."""
        self.signing_out.emit()

    def close(self) -> None:
        """Stop watching, because the person's window is closing."""
        self._timer.stop()
        self.locked = False
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.disconnect(self._window_came)


_WINDOWS = frozenset({Qt.WindowType.Window, Qt.WindowType.Dialog, Qt.WindowType.Sheet, Qt.WindowType.Tool})


class Cover(QWidget):
    """The opaque cover of one window."""

    def __init__(self, lock: Lock, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("cover")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._lock, self._window = lock, window
        self._focus = window.focusWidget()
        self._off = [child for child in window.children() if isinstance(child, QWidget) and child is not self]
        self._off = [child for child in self._off if child.isEnabled() and not child.isWindow()]
        for child in self._off:
            child.setEnabled(False)
        self._build()
        window.installEventFilter(self)
        self.setGeometry(window.rect())
        self.show()
        self.raise_()
        self.password.setFocus()

    def _build(self) -> None:
        lines = column(self, 2, 4)
        middle = Qt.AlignmentFlag.AlignHCenter
        lines.addStretch(2)
        lines.addWidget(Avatar(self._lock.app.actor.name, "accent", 56), 0, middle)
        lines.addWidget(PlainLabel(self._lock.app.actor.name, "title"), 0, middle)
        lines.addWidget(PlainLabel(_("Locked. What you were typing is kept."), tone="muted"), 0, middle)
        lines.addSpacing(space(3))
        self.password = QLineEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.setPlaceholderText(_("Password"))
        self.password.setAccessibleName(_("Password"))
        self.password.setFixedWidth(theme.size(260))
        self.password.returnPressed.connect(self._try)
        lines.addWidget(self.password, 0, middle)
        button = Button(_("Unlock"), "lock-open", "primary", self._try)
        button.setFixedWidth(theme.size(260))
        lines.addWidget(button, 0, middle)
        self.trouble = PlainLabel("", tone="danger")
        lines.addWidget(self.trouble, 0, middle)
        lines.addStretch(3)
        lines.addWidget(Button(_("Sign out"), "log-out", "quiet", self._lock.leave), 0, middle)

    def _try(self) -> None:
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            wrong = self._lock.unlock(self.password.text())
        finally:
            QGuiApplication.restoreOverrideCursor()
        if wrong:
            self.trouble.setText(wrong)
            self.password.selectAll()
            self.password.setFocus()

    def lift(self) -> None:
        """Give the window back as it was, down to the field in which the person was."""
        self._window.removeEventFilter(self)
        for child in self._off:
            child.setEnabled(True)
        self.hide()
        self.password.clear()
        if self._focus is not None:
            self._focus.setFocus()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._window:
            self.setGeometry(self._window.rect())
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep every key from the window beneath: Escape would close a form."""
        event.accept()

    def mousePressEvent(self, event: Any) -> None:
        event.accept()
