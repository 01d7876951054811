"""History panel 修改记录: what happened to a record, in the field's words, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from models.core import history
from models.core.errors import Missing
from models.core.history import Change, Entry
from models.core.record import Record
from resources import _
from ui.text import PlainLabel
from ui.theme import space, theme
from ui.widgets import Section, clear, column, rule

if TYPE_CHECKING:
    from ui.app import App


class HistoryPanel(Section):
    """The story of one record, read when it is asked for."""

    def __init__(self, app: App, kind: type[Record], parent: QWidget | None = None) -> None:
        super().__init__(_("History"), parent=parent, gap=2)
        self.app, self.kind = app, kind
        self.setMaximumWidth(theme.size(1040))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.hide()

    def forget(self, record_id: str) -> None:
        """Show a changed record's story anew, when it is open."""
        if self.isVisible():
            self._read(record_id)

    def toggle(self, record_id: str) -> None:
        """Show or hide the story."""
        if self.isVisible():
            self.hide()
            return
        self._read(record_id)
        self.show()

    def _read(self, record_id: str) -> None:
        clear(self.body)
        try:
            with self.app.read() as work:
                entries = history.of_record(work, self.kind, record_id)
        except Missing:
            entries = []
        for entry in entries:
            self.body.addWidget(rule())
            self.body.addWidget(_shown(entry))


def _shown(entry: Entry) -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(space(4))
    grid.setVerticalSpacing(space(1))
    when = PlainLabel(f"{entry.at:%Y-%m-%d %H:%M}", "caption")
    when.setMinimumWidth(theme.size(120))
    grid.addWidget(when, 0, 0, Qt.AlignmentFlag.AlignTop)
    who = PlainLabel(entry.who, "caption")
    who.setMinimumWidth(theme.size(90))
    grid.addWidget(who, 0, 1, Qt.AlignmentFlag.AlignTop)
    lines = column(None, 0)
    lines.addWidget(PlainLabel(entry.words, "strong"))
    for change in entry.changes:
        lines.addWidget(PlainLabel(change_words(change, new=entry.event == "created"), wrap=True, selectable=True))
    grid.addLayout(lines, 0, 2)
    grid.setColumnStretch(2, 1)
    return holder


def change_words(change: Change, *, new: bool) -> str:
    """Say one change in a line: ``Weight: 12 → 12.5``."""
    after = change.after or _("(empty)")
    if new:
        return _("{label}: {value}").format(label=change.label, value=after)
    return _("{label}: {before} → {after}").format(
        label=change.label, before=change.before or _("(empty)"), after=after
    )
