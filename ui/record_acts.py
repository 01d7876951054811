"""Record acts 记录操作: what is done with a record that is there, whichever page or panel shows it.

acts = RecordActs(app, Visit, self)
acts.moved.connect(self.open)             # the id of what is to be shown now
acts.act("approve", record_id, "Visit · 张三")
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from models.core import records
from models.core.errors import Invalid, Refused
from models.core.record import Record
from models.core.workflow import step_named
from resources import N_, _
from ui import dialogs, papers

if TYPE_CHECKING:
    from ui.app import App

_DONE = {
    "submit": N_("Submitted."), "review": N_("Reviewed."), "approve": N_("Approved."), "archive": N_("Archived."),
    "return": N_("Returned."), "void": N_("Voided."), "withdraw": N_("Voided."),
}  # fmt: skip


class RecordActs(QObject):
    """Passes a record on, corrects it by a new version, prints it, throws it away; asks for the reason where one is due."""

    moved = Signal(str)
    """The record stands elsewhere in its workflow."""
    corrected = Signal(str)
    """A new version was begun; carries its id."""
    binned = Signal()
    """The record was moved to the bin."""
    refused = Signal(object)
    """The record has problems that keep it from being passed on; carries them."""

    def __init__(self, app: App, kind: type[Record], over: QWidget) -> None:
        super().__init__(over)
        self.app, self.kind, self.over = app, kind, over

    def act(self, name: str, record_id: str, what: str) -> None:
        """Do what a button asks for: ``print``, ``correct``, ``bin`` or a step; ``what`` names the record in questions."""
        if name == "print":
            papers.show_record_paper(self.app, self.kind, record_id)
        elif name == "correct":
            self._correct(record_id)
        elif name == "bin":
            self._put_in_bin(record_id)
        else:
            self._take_step(name, record_id, what)

    def _take_step(self, name: str, record_id: str, what: str) -> None:
        step, reason = step_named(name), ""
        if step.reason:
            title, label = _("{step}: why?").format(step=_(step.label)), _(step.label)
            given = dialogs.ask_reason(self.over, title, what, label)
            if given is None:
                return
            reason = given
        if self._do(lambda work: records.take_step(work, self.kind, record_id, name, reason)):
            self.app.notify(_(_DONE[name]))
            self.moved.emit(record_id)

    def _correct(self, record_id: str) -> None:
        text = _("The present version stays readable and in force until the correction is approved.")
        title = _("Correct by a new version: why?")
        reason = dialogs.ask_reason(self.over, title, text, _("Begin the correction"))
        if reason is None:
            return
        made: list[str] = []
        if self._do(lambda work: made.append(records.correct(work, self.kind, record_id, reason))):
            self.corrected.emit(made[0])

    def _put_in_bin(self, record_id: str) -> None:
        app, kind = self.app, self.kind
        if self._do(lambda work: records.put_in_bin(work, kind, record_id)):
            app.notify(_("Moved to the bin."), lambda: undo_bin(app, kind, [record_id]), _("Undo"))
            self.binned.emit()

    def _do(self, act: Any) -> bool:
        try:
            with self.app.work() as work:
                act(work)
        except Invalid as refusal:
            self.refused.emit(refusal.problems)
            return False
        except Refused as refusal:
            self.app.show_error(refusal)
            return False
        return True


def undo_bin(app: App, kind: type[Record], ids: list[str]) -> None:
    """Take records back from the bin."""
    try:
        with app.work() as work:
            for each in ids:
                records.take_from_bin(work, kind, each)
    except Refused as refusal:
        app.show_error(refusal)
