"""The colleague's signature 接班签字: the one who takes over signs at the same screen with the own name and password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from models.core.errors import Refused
from models.handover import receive_as
from resources import _
from ui.dialog import Dialog, Line

if TYPE_CHECKING:
    from ui.app import App


class SignDialog(Dialog):
    """Asks the colleague for user name and password, and signs in the colleague's name."""

    def __init__(self, app: App, hand_over_id: str, parent: QWidget | None = None) -> None:
        text = _("The person who takes over signs with the own user name and password. You stay signed in.")
        super().__init__(_("Take over the shift"), text, parent)
        self.app, self.hand_over_id, self.signed_by = app, hand_over_id, ""
        self.user, self.password = Line(_("User name")), Line(_("Password"), secret=True)
        self.body.addWidget(self.user)
        self.body.addWidget(self.password)
        self.offer(_("Sign"), self.sign, icon="pen-line")

    def sign(self) -> None:
        """Sign, or say beside the password why not."""
        try:
            self.signed_by = receive_as(
                self.app.database, self.app.home, self.user.text().strip(), self.password.text(), self.hand_over_id
            )
        except Refused as refusal:
            self.password.complain(str(refusal))
            return
        self.accept()
