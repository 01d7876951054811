"""Patrol rounds 值班巡查: which rounds today asks for, a checklist to walk them by, and the list of all that were walked."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from models.core import records
from models.core.record import Record
from models.month import Month
from models.patrols import Slot, figures_of, slots_now
from models.safety import PatrolRound
from models.safety_words import CHECKPOINTS, PATROL_KINDS, checkpoints_of
from models.staff import Staff
from resources import N_, _
from ui.pages import page
from ui.text import PlainLabel
from ui.theme import space
from ui.widgets import Button, Card, Chip, Clickable, Flow, KeyHint, Scroll, clear, column, row
from views.patrol_checklist import Checklist
from views.records import RecordsPage
from views.short_form import ShortForm

if TYPE_CHECKING:
    from models.core.database import Work
    from ui.app import App

HEAD = ("kind", "started_at", "leader_id", "second_id", "route", "action")


@page("patrols", N_("Patrol rounds"), area="safety", icon="route", needs=("PatrolRound", "read"), order=20)
class PatrolRounds(RecordsPage):
    """The rounds of today, and all rounds."""

    kind: ClassVar[type[Record]] = PatrolRound
    reads: ClassVar[tuple[type, ...]] = (PatrolRound, Staff)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.entry: RoundEntry | None = None
        self.slots = QWidget()
        Flow(self.slots, 2)
        self.figures = PlainLabel("", tone="muted", wrap=True)
        self.put_above(self.slots, self.figures)
        if app.may("create", PatrolRound):
            self.tools.add(Button(_("Begin a round"), "route", "primary", self.new))
            self.table.new_button.hide()

    def reload(self) -> None:
        super().reload()
        with self.app.read() as work:
            slots = slots_now(work)
            figures = figures_of(work, Month(work.today.year, work.today.month))
        flow = self.slots.layout()
        assert flow is not None
        clear(flow)
        for slot, start in slots:
            flow.addWidget(self._tile(slot, start))
        words = _("This month up to now: {asked} rounds asked for, {done} walked, {missed} missed, {found} findings.")
        self.figures.setText(
            words.format(asked=figures.asked, done=figures.done, missed=len(figures.missed), found=figures.problems)
        )

    def _tile(self, slot: Slot, start: datetime | None) -> QWidget:
        name = _("{kind} {n}").format(kind=PATROL_KINDS.label(slot.kind), n=slot.number)
        words, tone = self._standing(slot, start)
        tile = Clickable(
            f"{name} {slot.opens:%H:%M}–{slot.due:%H:%M}: {words}", partial(self.begin, {"kind": slot.kind})
        )
        tile.setProperty("card", True)
        lines = column(tile, 1)
        lines.setContentsMargins(space(3), space(2), space(3), space(2))
        lines.addWidget(PlainLabel(name, "strong"))
        lines.addWidget(PlainLabel(f"{slot.opens:%m-%d %H:%M} – {slot.due:%H:%M}", "caption"))
        lines.addWidget(Chip(words, tone))
        return tile

    def _standing(self, slot: Slot, start: datetime | None) -> tuple[str, str]:
        now = self.app.now()
        if start is not None:
            return _("walked {time}").format(time=f"{start:%H:%M}"), "good"
        if slot.due <= now:
            return _("missed"), "danger"
        return (_("to be walked now"), "warning") if slot.opens <= now else (_("later"), "neutral")

    def open(self, **target: Any) -> None:
        """Begin a round of a kind, or show one."""
        if target.get("kind"):
            self.begin({"kind": target["kind"]})
        else:
            super().open(**target)

    def begin(self, defaults: dict[str, Any]) -> None:
        """Begin a round."""
        if not self.app.may("create", PatrolRound):
            return
        self.show_list()
        self.entry = RoundEntry(self.app, {"kind": self._kind_now(), **defaults})
        self.entry.saved.connect(self._saved)
        self.entry.left.connect(self.show_list)
        self.stack.addWidget(self.entry)
        self.stack.setCurrentWidget(self.entry)
        self.tools.hide()
        self.entry.checklist.begin()

    def _kind_now(self) -> str:
        with self.app.read() as work:
            waiting = [slot for slot, start in slots_now(work) if start is None and slot.opens <= work.now < slot.due]
        night = not 7 <= self.app.now().hour < 21
        return waiting[0].kind if waiting else "night" if night else "day"

    def show_list(self) -> None:
        super().show_list()
        self.tools.show()
        if self.entry is not None:
            self.stack.removeWidget(self.entry)
            self.entry.deleteLater()
            self.entry = None

    def save(self) -> None:
        if self.entry is not None:
            self.entry.short.save()
        else:
            super().save()

    def _saved(self, round_id: str, failed: int) -> None:
        self.show_list()
        if failed and self.app.may("create", "Hazard"):
            self.app.notify(
                _("The round is saved; it found something."),
                partial(self.app.go, "hazards", new=True, round_id=round_id),
                _("Register a hazard"),
            )
        else:
            self.app.notify(_("The round is saved."))


class RoundEntry(QWidget):
    """One round as it is walked: the checkpoints at the left, who and where at the right."""

    saved = Signal(str, int)
    left = Signal()

    def __init__(self, app: App, defaults: dict[str, Any]) -> None:
        super().__init__()
        self.app = app
        self.short = ShortForm(app, PatrolRound, HEAD, self._save)
        self.checklist = Checklist([], CHECKPOINTS)
        line = row(self, 4)
        line.addWidget(self._points(), 3)
        line.addWidget(self._head(), 2)
        self.short.saved.connect(lambda made: self.saved.emit(str(made), len(self.checklist.failed())))
        self.short.form.changed.connect(self._changed)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.short.save)
        self.short.begin({
            "started_at": app.now().replace(second=0, microsecond=0), "leader_id": app.actor.staff_id, **defaults,
        })  # fmt: skip
        self._show_points(str(defaults.get("kind") or ""))

    def _points(self) -> QWidget:
        card = Card(_("Checkpoints"), margin=4)
        self.progress = Chip("", "neutral")
        card.tools.addWidget(self.progress)
        card.tools.addWidget(Button(_("The rest is in order"), "check-check", "quiet", self._pass_rest))
        keys = row(None, 1)
        for key, words in (("1", _("In order")), ("2", _("Not in order")), ("0", _("not looked at"))):
            keys.addWidget(KeyHint(key))
            keys.addWidget(PlainLabel(words, "caption"))
            keys.addSpacing(space(2))
        keys.addStretch(1)
        card.body.addLayout(keys)
        self.sheet = Scroll(0)
        card.body.addWidget(self.sheet, 1)
        return card

    def _head(self) -> QWidget:
        card = Card(_("Round"), margin=4)
        sheet = Scroll(0)
        sheet.body.addWidget(self.short)
        sheet.body.addStretch(1)
        card.body.addWidget(sheet, 1)
        foot = row(None, 2)
        foot.addWidget(Button(_("Save the round"), "check", "primary", self.short.save, keys="Ctrl+S"))
        foot.addWidget(Button(_("Cancel"), kind="quiet", on_click=self.left.emit))
        foot.addStretch(1)
        card.body.addLayout(foot)
        return card

    def _changed(self, name: str) -> None:
        if name == "kind":
            self._show_points(self.short.form.editor("kind").value() or "")

    def _show_points(self, kind: str) -> None:
        clear(self.sheet.body)
        self.checklist = Checklist(checkpoints_of(kind), CHECKPOINTS)
        self.checklist.changed.connect(self._count)
        self.sheet.body.addWidget(self.checklist)
        self.sheet.body.addStretch(1)
        self._count()

    def _count(self) -> None:
        whole = len(self.checklist.lines)
        left, bad = len(self.checklist.open()), len(self.checklist.failed())
        words = _("{done} of {all}").format(done=whole - left, all=whole)
        self.progress.setText(words + (" · " + _("{n} not in order").format(n=bad) if bad else ""))
        self.progress.set_tone("danger" if bad else "good" if not left else "neutral")

    def _pass_rest(self) -> None:
        self.checklist.pass_rest()

    def _save(self, work: Work, values: dict[str, Any]) -> str:
        checked = {
            "passed": self.checklist.passed() or None, "failed": self.checklist.failed() or None,
            "findings": self.checklist.findings() or None,
            "ended_at": max(work.now.replace(second=0, microsecond=0), values.get("started_at") or work.now),
        }  # fmt: skip
        return records.save(work, PatrolRound, {**values, **checked})
