"""Incidents 意外事件: what waits for a decision or a report on top, the list below, a quick entry for what just happened."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from models.child import Child
from models.core import queries
from models.core.record import Record
from models.incidents import IncidentLine, incident_lines
from models.safety import Incident
from models.safety_words import INCIDENT_KINDS
from resources import N_, _
from ui.pages import ChildTab, child_tab, page
from ui.table import RecordTable
from ui.text import ElidedLabel, PlainLabel
from ui.theme import space, theme
from ui.widgets import Button, Card, Chip, Clickable, Symbol, clear, row
from views.incident_entry import IncidentEntry
from views.naming import SealBar
from views.records import RecordsPage

if TYPE_CHECKING:
    from ui.app import App

WAITING_SHOWN = 4


@page("incidents", N_("Incidents"), area="safety", icon="siren", needs=("Incident", "read"), order=10)
class Incidents(RecordsPage):
    """All incidents this person may see."""

    kind: ClassVar[type[Record]] = Incident
    reads: ClassVar[tuple[type, ...]] = (Incident, Child)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.entry: IncidentEntry | None = None
        self.waiting = Card(_("Waiting"), gap=0, margin=3)
        self.waiting.hide()
        self.put_above(self.waiting)
        if app.may("create", Incident):
            self.report_button = Button(_("Report an incident"), "siren", "primary", self.new)
            self.tools.add(self.report_button)
            self.table.new_button.hide()
        self.ticking = QTimer(self, interval=30_000)
        self.ticking.timeout.connect(self._tick)
        self.ticking.start()

    def reload(self) -> None:
        super().reload()
        self._show_waiting()

    def _tick(self) -> None:
        if self.isVisible():
            self._show_waiting()

    def open(self, **target: Any) -> None:
        """Show one incident, begin one, or show the list of one child."""
        if target.get("incident_id"):
            target["record_id"] = target.pop("incident_id")
        super().open(**target)

    def show_list(self) -> None:
        super().show_list()
        self.tools.show()
        if self.entry is not None:
            self.stack.removeWidget(self.entry)
            self.entry.deleteLater()
            self.entry = None

    def show_record(self, record_id: str) -> None:
        super().show_record(record_id)
        if self._holder is not None and self._is_sealed(record_id):
            layout = self._holder.layout()
            layout.insertWidget(1, SealBar(self.app, Incident, record_id))  # type: ignore[union-attr]  # a column

    def _is_sealed(self, record_id: str) -> bool:
        with self.app.read() as work:
            return bool(queries.values(work, Incident, record_id)["sealed"])

    def begin(self, defaults: dict[str, Any]) -> None:
        """Begin a quick entry."""
        self.show_list()
        self.entry = IncidentEntry(self.app, defaults)
        self.entry.saved.connect(self._saved)
        self.entry.left.connect(self.show_list)
        self.stack.addWidget(self.entry)
        self.stack.setCurrentWidget(self.entry)
        self.tools.hide()
        self.entry.short.form.focus_first()

    def save(self) -> None:
        if self.entry is not None:
            self.entry.short.save()
        else:
            super().save()

    def _saved(self, incident_id: str) -> None:
        self.show_list()
        self.app.notify(_("The incident is saved."), partial(self.show_record, incident_id), _("Complete it"))

    # --- what waits ---

    def _show_waiting(self) -> None:
        with self.app.read() as work:
            lines = [line for line in incident_lines(work, open_only=True) if _waits(line)]
        clear(self.waiting.body)
        for line in lines[:WAITING_SHOWN]:
            self.waiting.body.addWidget(self._waiting_row(line))
        if len(lines) > WAITING_SHOWN:
            words = _("and {n} more").format(n=len(lines) - WAITING_SHOWN)
            self.waiting.body.addWidget(PlainLabel(words, "caption"))
        self.waiting.setVisible(bool(lines))

    def _waiting_row(self, line: IncidentLine) -> QWidget:
        assert line.clock is not None
        now = self.app.now()
        words = _("Report at once") if line.decision == "yes" else _("Decide on the report")
        state = f"{words}: {line.clock.words(now)}"
        made = Clickable(f"{state} · {line.child_name} · {line.what}", partial(self.show_record, line.id))
        inner = row(made, 2)
        inner.setContentsMargins(space(2), space(1), space(2), space(1))
        inner.addWidget(Symbol("lock-keyhole" if line.sealed else "siren", "safety", 16))
        inner.addWidget(PlainLabel(f"{line.noticed_at:%m-%d %H:%M}", tone="muted"))
        if line.child_name:
            inner.addWidget(PlainLabel(line.child_name, "strong"))
        inner.addWidget(ElidedLabel(f"{INCIDENT_KINDS.label(line.kind)} · {line.what}"), 1)
        inner.addWidget(Chip(state, "danger" if line.clock.overdue(now) else "warning"))
        made.setMinimumHeight(theme.size(32))
        return made


def _waits(line: IncidentLine) -> bool:
    return line.clock is not None and line.clock.running() and not line.closed


@child_tab("safety", N_("Safety"), area="safety", needs=("Incident", "read"), order=65, icon="shield-check")
class SafetyTab(ChildTab):
    """The incidents of one child, as far as this person may see them."""

    reads: ClassVar[tuple[type, ...]] = (Incident,)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.table = RecordTable(app, Incident, where=(Incident.child_id == "",), hide=("child_id",), compact=True)
        self.table.on_open = lambda record_id: app.go("incidents", incident_id=record_id)
        self.table.on_new = lambda: app.go("incidents", new=True, defaults={"child_id": self.child_id})
        self.column(0).addWidget(self.table)

    def show_child(self, child_id: str) -> None:
        self.child_id = child_id
        self.table.set_where((Incident.child_id == child_id,))
