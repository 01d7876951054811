"""What is done with the whole week 排课整体操作: publish, take back, repair, look at versions, lock or release everything."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence

from resources import _
from ui.widgets import Menu
from views.act_history import history_of
from views.planner_desk import SECONDS, PlannerDesk
from views.planner_publish import VersionsDialog
from views.publish_dialog import PublishDialog
from views.repair_offers import repair
from views.therapy_prints import offer_papers

if TYPE_CHECKING:
    from ui.app import App


class PlannerActs(PlannerDesk):
    """The acts on the whole week, their menu and their keys; the page gives them a face."""

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.by = "all"
        self.who_shown: dict[str, str] = {}

    def _start_afresh(self) -> None:
        """Take the week as it is booked now."""

    def _plan_or_stop(self) -> None:
        if self.running:
            self.stop()
        else:
            self.plan()

    def publish(self) -> None:
        """Show what would be published, and publish it."""
        if self.desk is not None and not self.running and self.unpublished():
            self.keep(self._publish)

    def _publish(self, plan_id: str) -> None:
        assert self.desk is not None
        dialog = PublishDialog(self.app, plan_id, self.desk.now.eased, self)
        dialog.exec()
        done, words = dialog.change, dialog.words
        dialog.deleteLater()
        if done is not None:
            history_of(self.app).add(words, done)
            self.app.notify(words, undo=self._undo_act)
            self._start_afresh()

    def repair(self, **given: Any) -> None:
        """Ask what has happened, and mend the week."""
        if not self.running and repair(self.app, self, **({"first": max(self.monday, self.app.today())} | given)):
            self.reload()

    def versions(self) -> None:
        """Show the published versions of the week."""
        dialog = VersionsDialog(self.app, self.monday, self)
        dialog.exec()
        dialog.deleteLater()

    def undo(self) -> None:
        if self.desk is not None and self.desk.can_undo:
            super().undo()
        elif not self.running:
            self._undo_act()

    def redo(self) -> None:
        if self.desk is not None and self.desk.can_redo:
            super().redo()
        elif not self.running and history_of(self.app).redo(self.app):
            self._start_afresh()

    def _undo_act(self) -> None:
        """Take back what was last done to the booked week, here or in the calendar."""
        if history_of(self.app).undo(self.app):
            self._start_afresh()

    def save(self) -> None:
        self.publish()

    def _menu(self, menu: Menu) -> None:
        menu.head(_("Keyboard"), _("Ctrl+Enter plan · Esc stop · Space pick up and lay down · L lock · Del take out"))
        menu.add(_("Undo"), self.undo, "undo-2", keys="Ctrl+Z")
        menu.add(_("Redo"), self.redo, "redo-2", keys="Ctrl+Y")
        if self.desk is not None and not self.running:
            menu.add(_("Lock everything as it lies"), lambda: self._pin_all(True), "lock")
            menu.add(_("Let everything go"), lambda: self._pin_all(False), "lock-open")
            menu.add(_("Back to the week as it stands"), self._start_over, "rotate-ccw")
            menu.addSeparator()
            menu.add(_("Somebody is away, or something closed…"), self.repair, "bandage")
            menu.add(_("Published versions…"), self.versions, "history")
        menu.add(_("Waiting and make-up lists"), lambda: self.app.go("waiting_lists"), "hourglass")
        menu.addSeparator()
        own = self.by if self.by in ("therapist", "child") else ""
        offer_papers(menu, self.app, self.monday, own, self.who_shown.get(self.by, ""))
        menu.addSeparator()
        for seconds in SECONDS:
            words = _("Search for {n} s at most").format(n=seconds)
            menu.add(words, partial(self._set_seconds, seconds), checked=self.seconds == seconds)

    def _set_seconds(self, seconds: int) -> None:
        self.seconds = seconds

    def _pin_all(self, hold: bool) -> None:
        assert self.desk is not None
        free = [each for each in self.desk.now.placements if each not in self.desk.now.problem.locked]
        wanted = [each for each in free if (each in self.desk.now.pinned) != hold]
        self.pin(wanted)

    def _start_over(self) -> None:
        assert self.desk is not None and self.gathered is not None
        self.put(self.first_sketch(self.gathered), _("Back to the week as it stands"))

    # --- keys of the whole page ---------------------------------------------------------------------

    def _act_for(self, event: QKeyEvent) -> Callable[[], None] | None:
        """Return what a key does anywhere on the page."""
        keys = QKeySequence(event.keyCombination()).toString()
        return {
            "Ctrl+Z": self.undo, "Ctrl+Y": self.redo, "Ctrl+Shift+Z": self.redo, "Ctrl+Return": self._plan_or_stop,
            "Ctrl+Enter": self._plan_or_stop, **({"Esc": self.stop} if self.running else {}),
        }.get(keys)  # fmt: skip

    def event(self, event: QEvent) -> bool:
        """Take the page's keys before the window does: there Ctrl+Z knows only the message at the foot."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._act_for(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = self._act_for(event)
        if act is not None:
            act()
        else:
            super().keyPressEvent(event)
