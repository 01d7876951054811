"""Live 更新: one announcement of changed record types after each commit; pages decide whether they are stale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from models.core.database import Database


class Live(QObject):
    """Carries announcements from whichever thread committed to the window's thread."""

    changed = Signal(object)

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database
        database.listeners.append(self._announce)

    def _announce(self, types: frozenset[str]) -> None:
        self.changed.emit(types)

    def close(self) -> None:
        """Stop listening."""
        if self._announce in self._database.listeners:
            self._database.listeners.remove(self._announce)
