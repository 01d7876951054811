"""Naming 指定知情人: to whom a sealed record is open, said by its author or the director."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from models.core import queries
from models.core.record import Record
from models.core.sealing import holders, may_name, name_holders, people, stop_naming
from resources import _
from ui.dialog import Dialog
from ui.form import RecordDialog
from ui.text import PlainLabel
from ui.theme import space, theme
from ui.widgets import Button, SearchBox, Symbol, row

if TYPE_CHECKING:
    from ui.app import App

ID = int(Qt.ItemDataRole.UserRole)


class NamePeople(Dialog):
    """The list of colleagues with a tick for everyone to whom a record is open."""

    def __init__(
        self, app: App, everyone: list[tuple[str, str]], chosen: set[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(
            _("Who may see this?"),
            _(
                "Besides the author. For everyone else the record does not exist: not in lists, counts, search or papers."
            ),
            parent or app.window_now(),
        )
        self.list = QListWidget()
        self.list.setAccessibleName(_("Colleagues"))
        self.body.addWidget(SearchBox(self._search, _("Find a colleague"), delay=60))
        self.body.addWidget(self.list, 1)
        for account_id, name in everyone:
            item = QListWidgetItem(name)
            item.setData(ID, account_id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if account_id in chosen else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.offer(_("Open to these people"), self.accept)
        self.resize(theme.size(460), theme.size(460))

    def _search(self, text: str) -> None:
        for index in range(self.list.count()):
            item = self.list.item(index)
            item.setHidden(text.strip().casefold() not in item.text().casefold())

    def chosen(self) -> set[str]:
        """Return the accounts that are ticked."""
        items = (self.list.item(index) for index in range(self.list.count()))
        return {item.data(ID) for item in items if item.checkState() == Qt.CheckState.Checked}


class SealBar(QWidget):
    """Says above a sealed record to whom it is open, and lets those who may change that."""

    def __init__(self, app: App, kind: type[Record], record_id: str) -> None:
        super().__init__()
        self.app, self.kind, self.record_id = app, kind, record_id
        line = row(self, 2)
        line.setContentsMargins(space(1), 0, space(1), 0)
        line.addWidget(Symbol("lock-keyhole", "warning", 16))
        self.words = PlainLabel("", wrap=True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        line.addWidget(self.words, 1)
        self.button = Button(_("Name people"), "user-plus", "quiet", self.change)
        line.addWidget(self.button)
        self.reload()

    def reload(self) -> None:
        """Read anew to whom the record is open."""
        with self.app.read() as work:
            record = queries.load(work, self.kind, self.record_id)
            self.chosen = set(holders(work, self.record_id))
            names = [name for account, name in people(work) if account in self.chosen]
            self.button.setVisible(may_name(work.actor, record))
            author = record.recorded_by
        self.words.setText(
            _("Sealed: open to {people} only.").format(people=_(", ").join(dict.fromkeys([author, *names])))
        )

    def change(self) -> None:
        """Ask who may see the record, and keep the answer."""
        with self.app.read() as work:
            author = queries.load(work, self.kind, self.record_id).recorded_by_id
            everyone = [each for each in people(work) if each[0] != author]
        dialog = NamePeople(self.app, everyone, self.chosen)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._keep(dialog.chosen())
        dialog.deleteLater()

    def _keep(self, wanted: set[str]) -> None:
        with self.app.work() as work:
            record = queries.load(work, self.kind, self.record_id)
            name_holders(work, record, wanted - self.chosen)
            stop_naming(work, record, self.chosen - wanted)
        self.reload()


def open_sealed(app: App, kind: type[Record], record_id: str) -> None:
    """Show one sealed record over the window, with the people to whom it is open above it."""
    dialog = RecordDialog(app, kind, record_id)
    layout = dialog.layout()
    assert isinstance(layout, QVBoxLayout)
    holder = QWidget()
    inside = row(holder, 0)
    inside.setContentsMargins(space(4), space(3), space(4), 0)
    inside.addWidget(SealBar(app, kind, record_id))
    layout.insertWidget(0, holder)
    dialog.exec()
    dialog.deleteLater()
