"""The application 程序: what every page is given — the home's store, the person, and the ways about the window.

    with app.work() as work:                 # one user event; committed and announced at the end
        records.save(work, Child, values)
    app.notify(_("Saved."), undo=put_back)
    app.open_child(child_id, tab="growth")

``App`` knows no window: it announces wishes (``going``, ``telling``, ``failing``) and the shell fulfils them,
so that a page can be tried without one.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QWidget

from ui.drafts import DraftKeeper
from ui.live import Live
from ui.pages import entry_page
from ui.preferences import Preferences

if TYPE_CHECKING:
    from models.core.access import Actor
    from models.core.database import Database, Work
    from models.core.record import Record
    from ui.start import Rooms
    from ui.tasks import Tasks

RECENT = 8


@dataclass(frozen=True)
class Doing:
    """What goes on beside the window: a few words, how far it is, and the page that tells more."""

    words: str
    share: float | None
    page: str


class App(QObject):
    """One signed-in person at one home.

    Attributes:
        database, actor: the store and who acts.
        settings: the person's preferences, ``get(name, default)`` and ``set(name, value)``.
        home: the opened home (accounts, backup, files), None in small tests.
        tasks: work that may take long, off the window's thread.
    """

    going = Signal(str, object)
    telling = Signal(str, object, str)
    failing = Signal(object)
    doing = Signal(object)

    def __init__(
        self, database: Database, actor: Actor, *, home: Any = None, settings: Preferences | None = None
    ) -> None:
        super().__init__()
        self.database, self.actor, self.home = database, actor, home
        self.settings = settings or Preferences()
        self.live = Live(database)
        self.window: QWidget | None = None
        self.keeping: Any = None
        self.busy: Doing | None = None
        self.at_close: list[Callable[[], Any]] = []

    @cached_property
    def drafts(self) -> DraftKeeper:
        """What is being typed and not yet saved: ``app.drafts.keep(key, values)`` at every change."""
        return DraftKeeper(self.home, self.actor, self)

    # --- the store ---

    def work(self) -> AbstractContextManager[Work]:
        """Open a unit of work for one user event."""
        return self.database.work(self.actor)

    def read(self) -> AbstractContextManager[Work]:
        """Open a unit of work that only reads."""
        return self.database.read(self.actor)

    def now(self) -> datetime:
        """Return the present moment of the home."""
        return self.database.clock()

    def today(self) -> date:
        """Return the present day of the home."""
        return self.now().date()

    def may(self, action: str, record_type: type | str) -> bool:
        """Return whether the person may do this at all; the store decides again when it is done."""
        return self.actor.may(action, record_type)

    def may_enter(self, kind: type[Record]) -> bool:
        """Return whether the person is offered an empty form of this type."""
        return kind.by_hand and self.may("create", kind)

    # --- going about ---

    def go(self, page: str, **target: Any) -> None:
        """Show a page, at a place on it."""
        self.going.emit(page, target)

    def open_child(self, child_id: str, tab: str = "", record_id: str = "") -> None:
        """Show a child's file, at a tab and a record of it, and remember it among those of late."""
        recent = [each for each in self.settings.get("recent.children", []) if each != child_id]
        self.settings.set("recent.children", [child_id, *recent][:RECENT])
        at = {"tab": tab, "record_id": record_id}
        self.go("child", child_id=child_id, **{name: value for name, value in at.items() if value})

    def open_record(self, record_type: type, record_id: str) -> None:
        """Show one record in its form or on its own page; a child in the child's file."""
        if record_type.__name__ == "Child":
            self.open_child(record_id)
        elif own := entry_page(record_type):
            self.go(own.key, record_id=record_id)
        else:
            self._form(record_type, record_id, {})

    def new_record(self, record_type: type, **defaults: Any) -> str:
        """Begin a record of a type in its form or on its own page; return its id if the form has saved one."""
        if own := entry_page(record_type):
            self.go(own.key, new=True, **defaults)
            return ""
        return self._form(record_type, None, defaults)

    def _form(self, record_type: type, record_id: str | None, defaults: dict[str, Any]) -> str:
        from ui.form import RecordDialog

        dialog = RecordDialog(self, record_type, record_id, defaults, self.window_now())
        dialog.exec()
        saved = dialog.saved_id
        dialog.deleteLater()
        return saved

    def window_now(self) -> QWidget | None:
        """Return the window over which a dialog belongs."""
        return QApplication.activeWindow() or self.window

    # --- telling ---

    def notify(self, text: str, undo: Callable[[], Any] | None = None, undo_label: str = "") -> None:
        """Tell something in passing, if wanted with a way back."""
        self.telling.emit(text, undo, undo_label)

    def tell_doing(self, doing: Doing | None) -> None:
        """Say in the top bar what goes on beside the window, until nothing does."""
        if doing != self.busy:
            self.busy = doing
            self.doing.emit(doing)

    def show_error(self, error: BaseException) -> None:
        """Present what went wrong calmly: what happened, what is safe, what to do."""
        from ui.errors import present

        self.failing.emit(error)
        present(self.window_now(), error)

    # --- long work and paper ---

    @cached_property
    def tasks(self) -> Tasks:
        """The worker for everything that may take long."""
        from ui.tasks import Tasks

        return Tasks(self.show_error, self)

    def preview(self, title: str, pdf: bytes | Callable[..., bytes], filename: str) -> None:
        """Show the very bytes of a paper before they are printed or saved."""
        from ui.printing import preview

        preview(self, title, pdf, filename)

    def close(self) -> None:
        """Write what is still in hand and let go of the store."""
        for close in self.at_close:
            close()
        self.drafts.flush()
        self.live.close()
        if "tasks" in self.__dict__:
            self.tasks.close()


def run(home_folder: Path, rooms: Rooms) -> int:
    """Open the window on a home (or make one, when the folder has none) and return the exit code.

    ``rooms`` are what the furniture does not know: ``views.ROOMS``.
    """
    from ui.start import start

    return start(home_folder, rooms)
