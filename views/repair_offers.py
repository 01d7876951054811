"""Offering a repair 调课入口: the dialog opened with what is known, and offered as soon as a record hits booked sessions."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from models.core.queries import values
from models.leave import StaffLeave
from models.scheduling.hit_leaves import hit_leaves
from models.scheduling.what_happened import CONCERNED, happening_of, sessions_hit
from models.therapy import TherapySession
from resources import _, ngettext
from ui.notify import Offer
from ui.saving import when_saved
from views.act_history import history_of
from views.repair_dialog import RepairDialog

if TYPE_CHECKING:
    from models.core.record import Record
    from models.scheduling.change import Change
    from models.scheduling.mending import Happening
    from ui.app import App


def repair(app: App, parent: QWidget | None, **given: Any) -> Change | None:
    """Show the dialog for what has happened; tell what was done, with the way back."""
    dialog = RepairDialog(app, parent, **given)
    dialog.exec()
    done, words = dialog.change, dialog.words
    dialog.deleteLater()
    if done is not None:
        history_of(app).add(words, done)
        app.notify(words, undo=partial(history_of(app).undo, app))
    return done


def repair_leave(app: App, parent: QWidget | None, leave_id: str) -> Change | None:
    """Offer to repair what a leave hits, right after it was entered."""
    with app.read() as work:
        leave = values(work, StaffLeave, leave_id)
    return repair(
        app, parent, kind="therapist", whom=leave["staff_id"], first=leave["starts_on"], last=leave["ends_on"], part=leave["part"]
    )  # fmt: skip


def repair_fresh_leaves(app: App, parent: QWidget | None, since: datetime) -> None:
    """Offer to mend what the leaves entered since a moment hit."""
    if not app.may("create", TherapySession):
        return
    with app.read() as work:
        found = hit_leaves(work, since)
    for each in found:
        repair_leave(app, parent, each.leave_id)


# --- after saving ---------------------------------------------------------------------------------------------


@when_saved(*CONCERNED)
def offer_repair(app: App, kind: type[Record], record_id: str) -> None:
    """Tell how many booked sessions a record hits, and offer to mend them; who may not, is told who will."""
    if not app.may("read", TherapySession):
        return

    def look(_progress: object, _cancelled: object) -> tuple[Happening, int] | None:
        with app.read() as work:
            happening = happening_of(work, kind, record_id)
            count = sessions_hit(work, happening) if happening else 0
        return (happening, count) if happening and count else None

    app.tasks.run(look, partial(_tell, app))


def _tell(app: App, found: tuple[Happening, int] | None) -> None:
    if found is None:
        return
    happening, count = found
    words = ngettext("{n} booked session is hit.", "{n} booked sessions are hit.", count).format(n=count)
    if app.may("create", TherapySession):
        app.notify(words, Offer(partial(_open, app, happening)), _("Repair…"))
    else:
        words = _("{sentence} {more}").format(
            sentence=words, more=_("The therapists see it in the planner and decide what is done.")
        )
        app.notify(words)


def _open(app: App, happening: Happening) -> None:
    repair(
        app, app.window_now(), kind=happening.kind, whom=happening.whom, first=happening.first, last=happening.last,
        part=happening.part,
    )  # fmt: skip
