"""Walking through the rooms: every page opened on a demo home, and every text and control on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTabBar,
    QWidget,
)

from models.core.access import Actor
from models.core.home import Home
from models.demo_making import USERNAMES, make_demo_home
from resources import use_language
from ui.app import App
from ui.keeping import AutoBackup
from ui.pages import PageEntry, allowed
from ui.preferences import Preferences
from ui.shell import Shell
from ui.speech import speak
from ui.tasks import InlineTasks
from ui.theme import theme


@dataclass(frozen=True)
class Text:
    """One text a person can see or hear: where it stands, what it says, and whether it may be data."""

    where: str
    text: str
    data: bool = False


def actor_for(entry: PageEntry) -> str:
    """Return the user name of someone for whom a page is."""
    for username in USERNAMES:
        who = Actor("", username, username, frozenset({username}))
        if allowed(entry.needs, who) and (not entry.roles or username in entry.roles):
            return username
    raise AssertionError(f"nobody may open {entry.key}")


class Walker:
    """A window on a demo home, opened once for each account that is needed."""

    def __init__(self, folder: Path, password: str) -> None:
        self.folder, self.password = folder, password
        self._shells: dict[str, Shell] = {}

    def shell(self, username: str) -> Shell:
        """Return the window of an account."""
        if username not in self._shells:
            home = Home.open(self.folder)
            database, who = home.sign_in(username, self.password)
            app = App(database, who, home=home, settings=Preferences())
            app.tasks = InlineTasks()
            app.keeping = AutoBackup(app)
            shell = Shell(app, home_name=home.name, invented=True)
            shell.resize(1093, 614)
            shell.show()
            self._shells[username] = shell
        return self._shells[username]

    def open(self, entry: PageEntry) -> QWidget:
        """Return a page, freshly built in the language in use."""
        shell = self.shell(actor_for(entry))
        target = {"child_id": self._child(shell)} if entry.key == "child" else {}
        shell.current = ""
        shell.rebuild()
        shell.go(entry.key, target)
        settle()
        return shell

    def _child(self, shell: Shell) -> str:
        from models.child import Child
        from models.core import queries

        with shell.app.read() as work:
            return queries.rows(work, Child, limit=1)[0].id

    def close(self) -> None:
        """Close all windows and stores."""
        for shell in self._shells.values():
            shell.lock.close()
            shell.hide()
            shell.app.close()
            shell.app.database.close()


def settle() -> None:
    """Let what is new be drawn and what is gone be deleted; outside an event loop Qt deletes nothing by itself."""
    for _each in range(2):
        QApplication.processEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def texts_of(window: QWidget) -> Iterator[Text]:
    """Yield every text on a window that can be seen or heard."""
    for widget in window.findChildren(QWidget):
        if widget.isVisibleTo(window):
            yield from _texts(widget)


def _texts(widget: QWidget) -> Iterator[Text]:
    where = f"{type(widget).__name__}"
    if widget.toolTip():
        yield Text(f"{where} tooltip", widget.toolTip(), data=True)
    if isinstance(widget, QLabel):
        yield Text(where, widget.text(), data=True)
    elif isinstance(widget, QAbstractButton | QGroupBox):
        yield Text(where, widget.text() if isinstance(widget, QAbstractButton) else widget.title())
    elif isinstance(widget, QLineEdit | QPlainTextEdit):
        yield Text(f"{where} placeholder", widget.placeholderText())
    elif isinstance(widget, QComboBox):
        yield from (Text(where, widget.itemText(index), data=True) for index in range(min(widget.count(), 60)))
    elif isinstance(widget, QTabBar):
        yield from (Text(where, widget.tabText(index)) for index in range(widget.count()))
    elif isinstance(widget, QAbstractItemView):
        yield from _cells(widget)


def _cells(view: QAbstractItemView) -> Iterator[Text]:
    model = view.model()
    if model is None:
        return
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())
    for column in range(columns):
        head = model.headerData(column, Qt.Orientation.Horizontal)
        if isinstance(head, str):
            yield Text(f"{type(view).__name__} heading", head)
        for row in range(min(model.rowCount(QModelIndex()), 20)):
            cell = model.index(row, column).data()
            if isinstance(cell, str):
                yield Text(f"{type(view).__name__} cell", cell, data=True)


def controls_of(window: QWidget) -> list[QWidget]:
    """Return every control that can be reached by the keyboard."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisibleTo(window) and widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isEnabled()
    ]


def walking(folder: Path) -> Iterator[Walker]:
    """Yield the windows on a small demo home made in a folder; afterwards everything is as before."""
    use_language("zh_CN")
    made = make_demo_home(folder, children=6, months=1, seed=5)
    theme.use("light", 100)
    walker = Walker(folder, made.password)
    yield walker
    walker.close()
    speak("en")
