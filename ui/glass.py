"""Emergency access 紧急查看: a reason from the list and in words, then the child's file for thirty minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox

from resources import _
from ui.dialog import Dialog, Line
from ui.widgets import Banner

if TYPE_CHECKING:
    from ui.app import App


class EmergencyDialog(Dialog):
    """Asks for file number and reason; ``child_id`` is set when the file is open."""

    def __init__(self, app: App, number: str = "") -> None:
        super().__init__(_("Emergency access"), "", app.window_now(), width=480)
        from models.child import BREAK_GLASS_REASONS

        self.app, self.child_id = app, ""
        self.body.addWidget(
            Banner(
                _("This opens one child's file for 30 minutes. It is noted at once and the director reviews it."),
                "danger",
            )
        )
        self.number = Line(_("File number"), help_text=_("In full, as on the wristband or the bed, e.g. 2026-014."))
        self.number.edit.setText(number if any(each.isdigit() for each in number) else "")  # type: ignore[attr-defined]
        self.reasons = QComboBox()
        for code in BREAK_GLASS_REASONS:
            self.reasons.addItem(str(code), code.code)
        self.reason = Line(_("Reason"), self.reasons)
        self.words = Line(_("In your own words"))
        for line in (self.number, self.reason, self.words):
            self.body.addWidget(line)
        self.offer(_("Open the file"), self.open_file, "primary", "siren")

    def open_file(self) -> None:
        """Open the file, or say beside the field why not."""
        from models.core.errors import Invalid, Refused
        from models.need_to_know import break_glass

        for line in (self.number, self.words):
            line.complain("")
        try:
            self.child_id = break_glass(
                self.app.database, self.app.actor, self.number.text(), self.reasons.currentData(), self.words.text()
            )
        except Invalid as error:
            self.words.complain(error.problems[0].message)
        except Refused as error:
            self.number.complain(str(error))
        else:
            self.accept()


def ask_emergency(app: App, number: str = "") -> None:
    """Ask for an emergency and show the child's file when it was granted."""
    dialog = EmergencyDialog(app, number)
    dialog.exec()
    if dialog.child_id:
        app.open_child(dialog.child_id)
    dialog.deleteLater()
