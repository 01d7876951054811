"""Safekeeping 备份与检查: how safe the home's data are right now, and the three acts — back up, check, restore."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QProgressBar, QWidget

from models.core import backup, checking, restore
from models.core.backup import Found
from models.core.checking import Finding
from models.core.restore import Loss
from resources import N_, _, ngettext
from ui.dialog import Dialog, Line
from ui.pages import Page, page
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.widgets import Banner, Button, Card, Scroll, Section, Symbol, column, row

if TYPE_CHECKING:
    from ui.app import App

KEEPERS = ("sysadmin", "director")


@page("safekeeping", N_("Safekeeping"), area="system", icon="database-backup", roles=KEEPERS, order=30)
class Safekeeping(Page):
    """The state of the backups, and what can be done."""

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.found: list[Found] = []
        self.sheet = Scroll(4)
        self.column(0).addWidget(self.sheet)
        self.banner = Banner("", "danger")
        self.banner.hide()
        self.sheet.body.addWidget(self.banner)
        self.sheet.body.addWidget(self._state())
        self.sheet.body.addWidget(self._list(), 1)
        self.tools.add(Button(_("Check everything"), "shield-check", on_click=self.check))
        self.tools.add(Button(_("Back up now"), "hard-drive-download", "primary", self.back_up))
        if app.keeping is not None:
            app.keeping.made.connect(self.reload)

    def _state(self) -> QWidget:
        card = Card(gap=2)
        line = row(None, 3)
        self.symbol = Symbol("circle-check-big", "good", 28)
        line.addWidget(self.symbol)
        lines = column(None, 0)
        self.last = PlainLabel("", "heading", wrap=True)
        self.second = PlainLabel("", tone="muted", wrap=True)
        lines.addWidget(self.last)
        lines.addWidget(self.second)
        line.addLayout(lines, 1)
        card.body.addLayout(line)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(_("Progress"))
        self.told = PlainLabel("", "caption")
        card.body.addWidget(self.bar)
        card.body.addWidget(self.told)
        self._quiet()
        return card

    def _list(self) -> QWidget:
        section = Section(_("Backups"))
        self.restore_button = Button(_("Restore …"), "archive-restore", "quiet", self.restore_current)
        section.tools.addWidget(self.restore_button)
        headings = (_("Made"), _("Records"), _("Attachments"), _("Program"), _("Folder"))
        self.table = RowsTable(headings, numeric=(1, 2), on_open=self.restore, name=_("Backups"))
        section.body.addWidget(self.table, 1)
        return section

    # --- showing ---

    def reload(self) -> None:
        home = self.app.home
        self.found = backup.backups(home.folder / backup.FOLDER)
        self.table.show_rows([_cells(each) for each in self.found])
        self.restore_button.setEnabled(bool(self.found))
        if self.found:
            self.table.selectRow(0)
        self._say_last()
        keeper = self.app.keeping.keeper if self.app.keeping is not None else None
        place = keeper.second_place() if keeper else None
        self.second.setText(
            _("Second place: {place}").format(place=place)
            if place
            else _(
                "There is no second place yet. Name a USB disk or another computer under Settings: a fire takes both otherwise."
            )
        )
        if keeper and keeper.problem:
            self.banner.tell(keeper.problem, "warning")

    def _say_last(self) -> None:
        newest = self.found[0].manifest.moment if self.found else None
        self.symbol.name, self.symbol.tint = ("circle-check-big", "good") if newest else ("triangle-alert", "warning")
        self.symbol.update()
        text = _("Last verified backup {when}") if newest else _("There is no backup yet.")
        self.last.setText(text.format(when=since(newest, self.app.now()) if newest else ""))

    def _advance(self, share: float, what: str) -> None:
        self.bar.show()
        self.told.show()
        self.bar.setValue(round(share * 1000))
        self.told.setText(what)

    def _quiet(self) -> None:
        self.bar.hide()
        self.told.hide()

    # --- the three acts ---

    def back_up(self) -> None:
        """Make a backup now, beside the window."""
        home, database = self.app.home, self.app.database
        self._advance(0.05, _("Backing up"))
        self.app.tasks.run(
            lambda progress, _stop: backup.backup(home, database, None, progress),
            self._backed_up,
            self._failed,
            self._advance,
        )

    def _backed_up(self, made: Path) -> None:
        self._quiet()
        self.reload()
        self.app.notify(_("The backup was made and verified."))

    def check(self) -> None:
        """Look at everything, beside the window."""
        home, database = self.app.home, self.app.database
        self._advance(0.02, _("Checking"))
        self.app.tasks.run(
            lambda progress, _stop: checking.check(home, database, progress), self._checked, self._failed, self._advance
        )

    def _checked(self, findings: list[Finding]) -> None:
        self._quiet()
        if not findings:
            self.banner.tell(
                _("Everything is in order: database, references, audit trail, schema, attachments, keys."), "good"
            )
            return
        grave = any(each.grave for each in findings)
        shown = [each.text for each in findings[:10]]
        if len(findings) > 10:
            shown.append(_("… and {n} more").format(n=len(findings) - 10))
        self.banner.tell("\n".join(shown), "danger" if grave else "warning")

    def _failed(self, error: Exception) -> None:
        self._quiet()
        self.app.show_error(error)

    def restore_current(self) -> None:
        """Restore from the marked backup."""
        number = self.table.currentIndex().row()
        if 0 <= number < len(self.found):
            self.restore(number)

    def restore(self, number: int) -> None:
        """Say what going back would lose, then make a home out of a backup in a new folder."""
        dialog = RestoreDialog(self.app, self.found[number])
        dialog.exec()
        dialog.deleteLater()


class RestoreDialog(Dialog):
    """Restores a backup into a new folder; the present home stays as it is."""

    def __init__(self, app: App, found: Found) -> None:
        when = f"{found.manifest.moment:%Y-%m-%d %H:%M}"
        text = _("The backup of {when} becomes a home in a new folder. The present home stays as it is.").format(
            when=when
        )
        super().__init__(_("Restore"), text, app.window_now(), width=540)
        self.app, self.found = app, found
        self.body.addWidget(Banner(loss_words(restore.would_be_lost(app.database, found.manifest)), "warning"))
        folder = app.home.folder
        self.folder = Line(_("New folder"), QLineEdit(str(folder.with_name(f"{folder.name}-{found.path.name}"))))
        self.body.addWidget(self.folder)
        self.body.addWidget(
            Button(_("Choose a folder"), "folder-open", "quiet", self._choose), 0, Qt.AlignmentFlag.AlignLeft
        )
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setAccessibleName(_("Progress"))
        self.bar.hide()
        self.body.addWidget(self.bar)
        self.button = self.offer(_("Restore"), self.start)

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, _("New folder"), str(self.app.home.folder.parent))
        if chosen and isinstance(self.folder.edit, QLineEdit):
            self.folder.edit.setText(str(Path(chosen) / self.found.path.name))

    def start(self) -> None:
        """Restore beside the window."""
        source, folder, key = self.found.path, Path(self.folder.text().strip()), self.app.home.key
        self.button.setEnabled(False)
        self.bar.show()
        self.app.tasks.run(
            lambda progress, _stop: restore.restore(source, folder, restore.by_key(key), progress=progress),
            self._restored, self._refused, lambda share, _what: self.bar.setValue(round(share * 1000)),
        )  # fmt: skip

    def _restored(self, restored: Any) -> None:
        self.accept()
        self.app.notify(_("Restored into {folder}. Open it from the sign-in window.").format(folder=restored.folder))

    def _refused(self, error: Exception) -> None:
        from ui.errors import words_for

        self.bar.hide()
        self.button.setEnabled(True)
        said = words_for(error)
        self.folder.complain(said.text or said.title)


def loss_words(loss: Loss) -> str:
    """Say what the present home has that the backup has not."""
    if not loss.records:
        return _("Nothing has been recorded since this backup.")
    told = _(", ").join(_("{what} {n}").format(what=title, n=number) for title, number in loss.records[:8])
    return _("Recorded since then and not in the backup: {what}.").format(what=told)


def since(moment: datetime, now: datetime) -> str:
    """Say how long ago something was."""
    minutes = round((now - moment).total_seconds() / 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return ngettext("{n} minute ago", "{n} minutes ago", minutes).format(n=minutes)
    if minutes < 24 * 60:
        return ngettext("{n} hour ago", "{n} hours ago", minutes // 60).format(n=minutes // 60)
    return ngettext("{n} day ago", "{n} days ago", minutes // 1440).format(n=minutes // 1440)


def _cells(found: Found) -> tuple[str, ...]:
    manifest = found.manifest
    return (
        f"{manifest.moment:%Y-%m-%d %H:%M:%S}", f"{sum(manifest.counts.values()):,}", f"{len(manifest.files):,}",
        manifest.program, str(found.path),
    )  # fmt: skip
