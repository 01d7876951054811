"""Restoring on a new computer 从备份还原: choose a backup, prove who you are, and the home is there again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QFileDialog, QProgressBar, QWidget

from resources import _
from ui.dialog import Line
from ui.tasks import Tasks
from ui.text import PlainLabel
from ui.widgets import Banner, Button, Card, Segmented, column, row
from views.first_steps import Step


class RestoreStep(Step):
    """Makes a home out of a backup; ``done(folder)`` is called when it stands."""

    def __init__(self, tasks: Tasks, folder: Path, back: Callable[[], Any], done: Callable[[Path], Any]) -> None:
        text = _("From a USB disk or another computer. The backup is checked first and stays as it is.")
        super().__init__(_("Restore from a backup"), text, 560)
        self.tasks, self.target, self._done = tasks, folder, done
        self.chosen: Path | None = None
        card = Card(gap=3, margin=5)
        card.body.addWidget(self._backup())
        card.body.addWidget(self._proof())
        self.trouble = Banner("", "danger")
        self.trouble.hide()
        card.body.addWidget(self.trouble)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(_("Progress"))
        self.bar.hide()
        card.body.addWidget(self.bar)
        self.lines.addWidget(card)
        self.lines.addWidget(PlainLabel(_("Stored in: {folder}").format(folder=folder), "caption", wrap=True))
        self.button = self.foot(back, _("Restore"), self.start)
        self.button.setEnabled(False)
        self.setFocusProxy(self.choose_button)

    def _backup(self) -> QWidget:
        holder = QWidget()
        line = row(holder, 2)
        self.choose_button = Button(_("Choose the backup"), "folder-open", on_click=self.choose)
        line.addWidget(self.choose_button)
        self.found = PlainLabel("", tone="muted", wrap=True)
        line.addWidget(self.found, 1)
        return holder

    def _proof(self) -> QWidget:
        holder = QWidget()
        lines = column(holder, 3)
        self.how = Segmented(
            [("password", _("With my password")), ("key", _("With the recovery key"))], self._turned, name=_("Proof")
        )
        self.username = Line(_("User name"))
        self.password = Line(_("Password"), secret=True)
        self.key = Line(_("Recovery key"))
        self.key.hide()
        for each in (self.how, self.username, self.password, self.key):
            lines.addWidget(each)
        return holder

    def _turned(self, how: str) -> None:
        self.username.setVisible(how == "password")
        self.password.setVisible(how == "password")
        self.key.setVisible(how == "key")

    def choose(self) -> None:
        """Ask for the folder of a backup, or of all backups."""
        folder = QFileDialog.getExistingDirectory(self, _("Choose the backup"), str(Path.home()))
        if folder:
            self.take(Path(folder))

    def take(self, folder: Path) -> None:
        """Look at a folder: it is a backup, or the newest one in it counts."""
        from models.core.backup import MANIFEST, backups, read_manifest
        from models.core.errors import Unusable

        try:
            newest = folder if (folder / MANIFEST).exists() else next((each.path for each in backups(folder)), folder)
            manifest, _seal = read_manifest(newest)
        except Unusable as error:
            self.chosen = None
            self.trouble.tell(str(error), "danger")
        else:
            self.chosen = newest
            self.trouble.hide()
            told = _("{name}, backed up {when}")
            self.found.setText(told.format(name=manifest.home_name, when=f"{manifest.moment:%Y-%m-%d %H:%M}"))
            self.username.setFocus()
        self.button.setEnabled(self.chosen is not None)

    def start(self) -> None:
        """Restore beside the window."""
        if self.chosen is None:
            return
        from models.core import restore

        source, target = self.chosen, self.target
        unlock = (
            restore.by_password(self.username.text().strip(), self.password.text())
            if self.how.value() == "password"
            else restore.by_recovery_key(self.key.text())
        )
        self.trouble.hide()
        self.bar.show()
        self.button.setEnabled(False)
        self.tasks.run(
            lambda progress, _stop: restore.restore(source, target, unlock, progress=progress),
            self._restored, self._refused, lambda share, _what: self.bar.setValue(round(share * 1000)),
        )  # fmt: skip

    def _restored(self, restored: Any) -> None:
        self._done(restored.folder)

    def _refused(self, error: Exception) -> None:
        from ui.errors import log, words_for

        log(error)
        self.bar.hide()
        self.button.setEnabled(True)
        said = words_for(error)
        self.trouble.tell(said.text or said.title, "danger")


def free_place(folder: Path) -> Path:
    """Return the folder itself when nothing lies there, else a new one beside it."""
    number, place = 1, folder
    while place.exists() and any(place.iterdir()):
        number += 1
        place = folder.with_name(f"{folder.name}-{number}")
    return place
