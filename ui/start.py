"""Start 启动: from the double click to the window, and between two people at one workstation.

The sign-in window stands before any record type is loaded: SQLAlchemy and the rooms are imported beside
it, while the person types the password.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from resources import current_language
from resources.language import LANGUAGES
from ui import memory
from ui.preferences import WORKSTATION, Preferences
from ui.speech import speak
from ui.theme import load_rare_characters, theme

DESK = "desk.json"
LOG = "program.log"
DEMO_PASSWORD = "demo.password"


class Rooms(Protocol):
    """What the furniture does not know: the windows before the shell, and the rooms themselves."""

    def open_rooms(self) -> None:
        """Import every room, so that its pages register themselves."""

    def sign_in(self, entrance: Entrance) -> QWidget:
        """Return the sign-in window."""

    def first_run(self, entrance: Entrance) -> QWidget:
        """Return the window in which a home is made."""


@dataclass(frozen=True)
class Doorplate:
    """What may be read of a home before anybody has signed in."""

    name: str
    invented: bool


def doorplate(folder: Path) -> Doorplate | None:
    """Read the doorplate of the home in a folder, without loading anything that knows a record."""
    try:
        card = json.loads((folder / "home.json").read_text(encoding="utf-8"))
        return Doorplate(str(card["name"]), bool(card.get("invented")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        return Doorplate("", invented=False)


class Entrance(QObject):
    """Goes from window to window: first run or sign-in, the shell, and back after signing out."""

    ready = Signal()

    def __init__(self, folder: Path, rooms: Rooms) -> None:
        super().__init__()
        self.folder, self.rooms = folder, rooms
        self.desk = Preferences(folder / DESK if folder.exists() else None, WORKSTATION)
        self.window: QWidget | None = None
        self.app: Any = None
        self._loading: threading.Thread | None = None

    # --- loading beside the window ---

    def load_beside(self) -> None:
        """Import everything heavy that the shell will need, in a thread."""
        if self._loading is None:
            self._loading = threading.Thread(target=self._load, name="qinghe-loading", daemon=True)
            self._loading.start()

    def _load(self) -> None:
        import models  # noqa: F401 (every record type)
        from models.core import home  # noqa: F401

        self.rooms.open_rooms()

    def wait_loaded(self) -> None:
        """Wait until everything is imported."""
        self.load_beside()
        if self._loading is not None:
            self._loading.join()

    # --- windows ---

    def begin(self) -> None:
        """Show the first window."""
        known = doorplate(self.folder)
        self.show(self.rooms.sign_in(self) if known is not None else self.rooms.first_run(self))
        QTimer.singleShot(50, self.load_beside)

    def show(self, window: QWidget) -> None:
        """Let a window take the place of the one before."""
        before, self.window = self.window, window
        window.show()
        window.raise_()
        window.activateWindow()
        if before is not None:
            before.hide()
            before.deleteLater()

    def move(self, folder: Path, *, show: bool = True) -> None:
        """Go to the home in another folder."""
        self.folder = folder
        self.desk = Preferences(folder / DESK, WORKSTATION)
        if show:
            self.begin()

    def enter(self, home: Any, database: Any, actor: Any) -> None:
        """Open the shell for a person who has signed in."""
        from models.core import settings
        from ui.app import App
        from ui.keeping import AutoBackup
        from ui.shell import Shell

        self.wait_loaded()
        preferences = Preferences(self.folder / DESK, actor.account_id)
        self._take_over(preferences)
        self.app = App(database, actor, home=home, settings=preferences)
        with self.app.read() as work:
            minutes = int(settings.value(work, "lock_minutes"))
        shell = Shell(self.app, home_name=home.name, invented=home.invented, lock_minutes=minutes)
        self.app.keeping = AutoBackup(self.app)
        shell.signing_out.connect(self.leave)
        shell.lock.signing_out.connect(self.leave)
        shell.closing.connect(self.finish)
        shell.start()
        self.show(shell)
        for warning in home.warnings:
            self.app.notify(warning)
        if home.must_change_password:
            QTimer.singleShot(0, self._ask_new_password)
        QTimer.singleShot(1500, load_rare_characters)
        QTimer.singleShot(1600, memory.settle)

    def _take_over(self, preferences: Preferences) -> None:
        """Look and speak as this person likes it; the workstation remembers for its next sign-in window."""
        theme.use(preferences.get("theme", theme.wish), preferences.get("text_size", theme.text_size))
        language = preferences.get("language")
        if language in LANGUAGES:
            speak(language)

    def _ask_new_password(self) -> None:
        """Insist on a new password; who does not want one is signed out again."""
        from ui.password import PasswordDialog

        dialog = PasswordDialog(self.app, self.window, forced=True)
        dialog.exec()
        dialog.deleteLater()
        if self.app is not None and self.app.home.must_change_password:
            self.leave()

    def leave(self) -> None:
        """Sign the person out and show the sign-in window."""
        shell = self.window
        for window in QApplication.topLevelWidgets():
            if isinstance(window, QDialog):
                window.done(QDialog.DialogCode.Rejected)
        self.finish()
        self.desk = Preferences(self.folder / DESK, WORKSTATION)
        self.show(self.rooms.sign_in(self))
        if shell is not None:
            shell.hide()

    def finish(self) -> None:
        """Close the home of the person who was signed in: drafts, backup, keys."""
        app, self.app = self.app, None
        if app is None:
            return
        for name in ("theme", "text_size", "language"):
            if (value := app.settings.get(name)) is not None:
                Preferences(self.folder / DESK, WORKSTATION).set(name, value)
        if app.window is not None:
            app.window.keep_geometry()
            app.window.lock.close()
        app.close()
        app.keeping.close()
        app.home.sign_out(app.database, app.actor)


def start(folder: Path, rooms: Rooms) -> int:
    """Start the application on a home's folder and return its exit code."""
    from ui.errors import Catcher

    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("Qinghe")
    application.setQuitOnLastWindowClosed(True)
    keep_log(folder)
    catcher = Catcher()
    catcher.install()
    entrance = Entrance(folder, rooms)
    speak(entrance.desk.get("language", current_language()))
    theme.use(entrance.desk.get("theme", "system"), entrance.desk.get("text_size", 100))
    _follow_system(application)
    entrance.begin()
    application.commitDataRequest.connect(lambda _manager: entrance.app and entrance.app.drafts.flush())
    code = application.exec()
    entrance.finish()
    return int(code)


def keep_log(folder: Path) -> None:
    """Write warnings and our mistakes to the console and, beside the home, into a small file for support.

    What is logged names places in the program, never a value (see ``ui.errors``).
    """
    handlers: list[logging.Handler] = [logging.StreamHandler()]
    if folder.exists():
        with suppress(OSError):
            handlers.append(RotatingFileHandler(folder / LOG, maxBytes=300_000, backupCount=1, encoding="utf-8"))
    form = "%(asctime)s %(levelname)s %(message)s"
    logging.basicConfig(level=os.environ.get("QINGHE_LOG", "WARNING"), handlers=handlers, format=form)


def _follow_system(application: QApplication) -> None:
    def follow() -> None:
        if theme.wish == "system":
            theme.use("system")

    application.styleHints().colorSchemeChanged.connect(lambda _scheme: follow())
