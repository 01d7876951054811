"""Drafts 草稿: what is typed and not yet saved reaches the disk, encrypted, within two seconds.

A form calls ``keep`` at every change and need not think of time: the first change starts a short clock,
at whose end everything that changed meanwhile is written at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from models.core.access import Actor
    from models.core.drafts import Drafts

DELAY = 1200
"""Milliseconds between a key and its draft: with the writing itself well under two seconds."""


class DraftKeeper(QObject):
    """The drafts of the person who is signed in; without a home (small tests) they live in memory."""

    def __init__(self, home: Any, actor: Actor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store: Drafts | None = None
        self._memory: dict[str, dict[str, Any]] = {}
        self._waiting: dict[str, dict[str, Any]] = {}
        self._timer = QTimer(self, singleShot=True, interval=DELAY)
        self._timer.timeout.connect(self.flush)
        if home is not None:
            from models.core.drafts import Drafts

            self._store = Drafts(home, actor)

    def keep(self, key: str, values: dict[str, Any]) -> None:
        """Keep what is typed in a form, instead of what was kept before."""
        self._waiting[key] = values
        if not self._timer.isActive():
            self._timer.start()

    def flush(self) -> None:
        """Write everything that waits, now: before a lock, before closing, when a field is left."""
        self._timer.stop()
        waiting, self._waiting = self._waiting, {}
        for key, values in waiting.items():
            if self._store is None:
                self._memory[key] = values
            else:
                self._store.keep(key, values)

    def look(self, key: str) -> dict[str, Any] | None:
        """Return a draft's values and leave it where it is; None when there is none."""
        if key in self._waiting:
            return self._waiting[key]
        return self._memory.get(key) if self._store is None else self._store.look(key)

    def take(self, key: str) -> dict[str, Any] | None:
        """Return a draft's values and remove it; None when there is none."""
        found = self.look(key)
        self.forget(key)
        return found

    def forget(self, key: str) -> None:
        """Remove a draft, because its form was saved or given up."""
        self._waiting.pop(key, None)
        self._memory.pop(key, None)
        if self._store is not None:
            self._store.forget(key)

    def keys(self) -> list[str]:
        """Return the keys of all drafts, the newest first."""
        self.flush()
        return list(self._memory) if self._store is None else [draft.key for draft in self._store.list()]
