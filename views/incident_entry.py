"""Incident entry 意外事件快速登记: the safe minimum within a minute, with what to do first beside it and the clock running."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QWidget

from models.incidents import save_incident
from models.safety import Incident, clock_of
from models.safety_words import SITUATIONS, suggested_situation
from resources import N_, _
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import Banner, Button, Card, Chip, Scroll, column, row
from views.short_form import ShortForm

if TYPE_CHECKING:
    from models.core.database import Work
    from ui.app import App

ASKED = (
    "kind", "child_id", "what", "place", "noticed_at", "decision", "injury", "decision_reason", "situations",
    "reported_at", "reported_to", "first_aid",
)  # fmt: skip
WHEN_REPORTED = ("situations", "reported_at", "reported_to")
FIRST = (
    N_("Make everyone safe, give first aid; in danger call 120 or 110"),
    N_("Tell the head of department and the director"),
    N_("Decide whether the law asks for a report; if so, report at once"),
    N_("Keep CCTV, objects and the place as they are"),
    N_("Save here; the rest can be completed later"),
)
WIDE = 1060


class IncidentEntry(QWidget):
    """The quick form of an incident."""

    saved = Signal(str)
    left = Signal()

    def __init__(self, app: App, defaults: dict[str, Any]) -> None:
        super().__init__()
        self.app = app
        whole = column(self, 3)
        self.strip = PlainLabel("  →  ".join(_(words) for words in FIRST[:4]), "caption", wrap=True)
        whole.addWidget(self.strip)
        line = row(None, 4)
        whole.addLayout(line, 1)
        self.short = ShortForm(app, Incident, ASKED, self._save)
        self.hint = Banner("", "warning")
        self.hint.hide()
        line.addWidget(self._left(), 5)
        self.guide = self._guide()
        line.addWidget(self.guide, 2)
        self.short.saved.connect(lambda made: self.saved.emit(str(made)))
        self.short.form.changed.connect(self._changed)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.short.save)
        self.ticking = QTimer(self, interval=10_000)
        self.ticking.timeout.connect(self.tick)
        self.ticking.start()
        self.begin(defaults)

    def _left(self) -> QWidget:
        card = Card(margin=4)
        sheet = Scroll(2)
        sheet.body.addWidget(self.hint)
        sheet.body.addWidget(self.short)
        sheet.body.addStretch(1)
        card.body.addWidget(sheet, 1)
        foot = row(None, 2)
        self.save_button = Button(_("Save"), "check", "primary", self.short.save, keys="Ctrl+S")
        foot.addWidget(self.save_button)
        foot.addWidget(Button(_("Cancel"), kind="quiet", on_click=self.left.emit))
        foot.addStretch(1)
        self.clock = Chip("", "info")
        foot.addWidget(self.clock)
        card.body.addLayout(foot)
        return card

    def _guide(self) -> QWidget:
        card = Card(_("First"), margin=4)
        for number, words in enumerate(FIRST, 1):
            line = row(None, 2)
            line.addWidget(PlainLabel(str(number), "strong", tone="accent"), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(PlainLabel(_(words), wrap=True), 1)
            card.body.addLayout(line)
        card.body.addStretch(1)
        holder = QWidget()
        lines = column(holder, 0)
        lines.addWidget(card)
        lines.addStretch(1)
        return holder

    def begin(self, defaults: dict[str, Any]) -> None:
        """Begin a new incident, noticed now."""
        noticed = self.app.now().replace(second=0, microsecond=0)
        self.short.begin({"noticed_at": noticed, "decision": "open", **defaults}, "Incident/quick")
        self._show_decision()
        self.tick()

    def _save(self, work: Work, values: dict[str, Any]) -> str:
        return save_incident(work, values)

    # --- following what is typed ---

    def _changed(self, name: str) -> None:
        if name in {"kind", "decision"}:
            self._show_decision()
        self.tick()

    def _value(self, name: str) -> Any:
        return self.short.form.editor(name).value()

    def _show_decision(self) -> None:
        """Ask only what the decision asks for, and say what the kind of event suggests."""
        decision, suggested = self._value("decision"), suggested_situation(self._value("kind"))
        for name in WHEN_REPORTED:
            self.short.show_field(name, decision == "yes")
        self.short.show_field("decision_reason", decision == "no" and bool(suggested))
        self.hint.setVisible(bool(suggested) and decision != "yes")
        if suggested:
            words = _("This kind of event usually must be reported at once: {situation}.")
            self.hint.tell(words.format(situation=SITUATIONS.label(suggested)), "warning")
            if decision == "yes" and not self._value("situations"):
                self.short.form.set_value("situations", [suggested])
        self.hint.setVisible(bool(suggested) and decision != "yes")

    def tick(self) -> None:
        """Let the clock of the report go on."""
        decision, noticed = self._value("decision"), self._value("noticed_at")
        reported = self._value("reported_at") if decision == "yes" else None
        if decision == "no" or not isinstance(noticed, datetime):
            self.clock.hide()
            return
        clock = clock_of(noticed, self._value("situations") or [], reported)
        now = self.app.now()
        self.clock.setText(_("Report: {state}").format(state=clock.words(now)))
        self.clock.set_tone("good" if reported else "danger" if clock.overdue(now) else "info")
        self.clock.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = event.size().width() >= theme.size(WIDE)
        self.guide.setVisible(wide)
        self.strip.setVisible(not wide)
