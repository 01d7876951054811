"""Keeping 自动备份: backs the home up beside the window every few minutes, and once more when it closes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from resources import _

if TYPE_CHECKING:
    from ui.app import App

LOOK_EVERY = 60_000


class AutoBackup(QObject):
    """Looks every minute whether a backup is due; ``made`` tells the safekeeping page of a new one."""

    made = Signal()

    def __init__(self, app: App) -> None:
        super().__init__(app)
        from models.core.backup_policy import Keeper

        self.app = app
        self.keeper = Keeper(app.home, app.database)
        self._told = ""
        self._timer = QTimer(self, interval=LOOK_EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        """Back up beside the window when something changed and the last backup is old enough."""
        self.app.tasks.run(lambda _progress, _stop: self.keeper.tick(), self._ticked, self._failed)

    def _ticked(self, made: Any) -> None:
        if made is not None:
            self.made.emit()
        self._tell(self.keeper.problem)

    def _failed(self, error: Exception) -> None:
        from ui.errors import log

        log(error)
        self._tell(_("The automatic backup did not work. Please look at Safekeeping."))

    def _tell(self, problem: str) -> None:
        """Tell a new problem once, not every minute."""
        if problem and problem != self._told:
            self.app.notify(problem)
        self._told = problem

    def close(self) -> None:
        """Stop looking and make the day's last backup."""
        self._timer.stop()
        self.keeper.closing()
