"""The carer's countersignature 护理员会签: given at the therapist's screen with the own name and password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from models.core.errors import Refused
from models.scheduling.countersign import Countersigned, countersign_as
from resources import _, ngettext
from ui.dialog import Dialog, Line

if TYPE_CHECKING:
    from ui.app import App


class CountersignDialog(Dialog):
    """Asks the carer for user name and password, and countersigns in the carer's name."""

    def __init__(self, app: App, session_ids: list[str], parent: QWidget | None = None) -> None:
        count = len(session_ids)
        text = ngettext(
            "{n} recorded session waits for a countersignature. The carer who was there gives the own user name and password; you stay signed in.",
            "{n} recorded sessions wait for a countersignature. The carer who was there gives the own user name and password; you stay signed in.",
            count,
        ).format(n=count)
        super().__init__(_("Countersign"), text, parent)
        self.app, self.session_ids = app, session_ids
        self.done_by: Countersigned | None = None
        self.user, self.password = Line(_("User name")), Line(_("Password"), secret=True)
        self.body.addWidget(self.user)
        self.body.addWidget(self.password)
        self.offer(_("Countersign"), self.sign, icon="pen-line").setEnabled(bool(count))

    def sign(self) -> None:
        """Countersign, or say beside the password why not."""
        try:
            self.done_by = countersign_as(
                self.app.database, self.app.actor, self.app.home, self.user.text().strip(), self.password.text(),
                self.session_ids,
            )  # fmt: skip
        except Refused as refusal:
            self.password.complain(str(refusal))
            return
        self.accept()

    def words(self) -> str:
        """Say who countersigned how many, and what is left to others."""
        assert self.done_by is not None
        done = self.done_by
        said = ngettext("{name} countersigned {n} session", "{name} countersigned {n} sessions", done.count)
        words = said.format(name=done.name, n=done.count)
        if done.left:
            words += _("; {n} are left to others").format(n=done.left)
        return words
