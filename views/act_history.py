"""The history of acts 操作历史: what was done to sessions in this sitting at the screen — undone and done again in order.

It belongs to the person's window, not to one page: changing the view, the week or the room loses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from models.core.errors import Refused
from models.scheduling import booking
from models.scheduling.booking import Change
from resources import _
from ui.app import App

REMEMBERED = 200


@dataclass
class ActHistory:
    """Acts that can be undone, and those undone that can be done again, each with its words."""

    done: list[tuple[str, Change]] = field(default_factory=list)
    undone: list[tuple[str, Change]] = field(default_factory=list)

    def add(self, words: str, change: Change) -> None:
        """Remember an act; what was undone before it is gone for good."""
        self.done = [*self.done, (words, change)][-REMEMBERED:]
        self.undone = []

    def undo(self, app: App) -> bool:
        """Take back the last act; return whether anything was done."""
        return self._step(app, self.done, self.undone, _("Taken back: {what}"))

    def redo(self, app: App) -> bool:
        """Do again what was last taken back; return whether anything was done."""
        return self._step(app, self.undone, self.done, _("Done again: {what}"))

    def _step(self, app: App, source: list[tuple[str, Change]], target: list[tuple[str, Change]], said: str) -> bool:
        """Turn the last act of one list round and put it into the other.

        What was refused, because somebody has changed it since, is left alone and not offered again.
        """
        if not source:
            return False
        words, change = source.pop()
        try:
            with app.work() as work:
                back = booking.undo(work, change)
        except Refused as refusal:
            app.show_error(refusal)
            return False
        target.append((words, back))
        app.notify(said.format(what=words))
        return True


_histories: WeakKeyDictionary[App, ActHistory] = WeakKeyDictionary()


def history_of(app: App) -> ActHistory:
    """Return the history of a person's window."""
    return _histories.setdefault(app, ActHistory())
