"""Changing the own password, with what is wrong told beside each field."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from resources import _
from ui.dialog import Dialog, Line

if TYPE_CHECKING:
    from ui.app import App


class PasswordDialog(Dialog):
    """Asks for the old password and twice for the new one."""

    def __init__(self, app: App, parent: QWidget | None = None, *, forced: bool = False) -> None:
        text = _("Your password was set by someone else or is too old. Please choose a new one.") if forced else ""
        super().__init__(_("Change password"), text, parent, width=420)
        self.app = app
        self.old = Line(_("Password until now"), secret=True)
        self.new = Line(_("New password"), None, password_rule(), secret=True)
        self.again = Line(_("New password again"), secret=True)
        for line in (self.old, self.new, self.again):
            self.body.addWidget(line)
        self.offer(_("Change"), self.save)

    def save(self) -> None:
        """Change it, or say beside the field why not."""
        from models.core.errors import Invalid, SignInRefused

        for line in (self.old, self.new, self.again):
            line.complain("")
        if self.new.text() != self.again.text():
            self.again.complain(_("The two are not the same."))
            return
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            self.app.home.change_own_password(self.app.database, self.app.actor, self.old.text(), self.new.text())
        except SignInRefused as error:
            self.old.complain(str(error))
        except Invalid as error:
            self.new.complain(error.problems[0].message)
        else:
            self.accept()
            self.app.notify(_("The password was changed."))
        finally:
            QGuiApplication.restoreOverrideCursor()


def password_rule() -> str:
    """Say in a line what a password must be."""
    return _("At least 10 characters; three of: small letters, capitals, digits, signs.")
