"""Digital signature 数字签名: what this workstation signs kept papers with, and the question for its password or PIN.

Where the certificate lies is remembered on this computer; its password or PIN never is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLineEdit, QWidget

from models.core.errors import Invalid
from resources import _
from ui.dialog import Dialog, Line
from ui.preferences import WORKSTATION, Preferences

if TYPE_CHECKING:
    from reports.digital_signature import Signer
    from ui.app import App

FILE, KEY, STAMPED = "signing.certificate", "signing.key", "signing.stamped"


@dataclass(frozen=True)
class Means:
    """A certificate to sign with: in a file, or on a key that is reached by its driver."""

    file: str = ""
    key: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """How it is called on the screen."""
        if self.key:
            return _("{holder} (on the key “{key}”)").format(holder=self.key["holder"], key=self.key["token"])
        return Path(self.file).name

    @property
    def secret(self) -> str:
        """What is asked for at signing."""
        return _("PIN of the key") if self.key else _("Password of the certificate")

    def found(self) -> bool:
        """Whether the file, or the key's driver, still lies where it was."""
        return Path(self.key["driver"] if self.key else self.file).is_file()

    def open(self, secret: str, now: datetime, *, stamped: bool = False) -> Signer:
        """Open the certificate; called beside the window's thread."""
        if self.key:
            from reports.signing_token import TokenKey, open_token

            return open_token(TokenKey(**self.key), secret, now, stamped=stamped)
        from reports.digital_signature import open_certificate

        return open_certificate(Path(self.file), secret, now, stamped=stamped)


def desk(app: App) -> Preferences:
    """Return what this workstation remembers, whoever has signed in."""
    from ui.start import DESK

    return Preferences(Path(app.home.folder) / DESK if app.home is not None else None, WORKSTATION)


def means(app: App) -> Means | None:
    """Return what this workstation signs with; None as long as nothing is chosen."""
    known = desk(app)
    key = known.get(KEY) or {}
    if isinstance(key, dict) and {"driver", "serial", "token", "certificate", "holder"} == set(key):
        return Means(key=key)
    return Means(known.get(FILE)) if known.get(FILE) else None


def signing_wanted(app: App) -> bool:
    """Whether papers kept on this workstation are signed: a certificate is chosen."""
    return means(app) is not None


def ask_signer(app: App, parent: QWidget | None) -> Signer | None:
    """Ask for the certificate's password or PIN and return what signs; None when the person thought better of it."""
    dialog = SigningDialog(app, parent)
    agreed = dialog.exec() == Dialog.DialogCode.Accepted
    dialog.deleteLater()
    return dialog.signer if agreed else None


class SigningDialog(Dialog):
    """Asks for the password of the certificate or the PIN of the key, once for what is kept now."""

    def __init__(self, app: App, parent: QWidget | None = None) -> None:
        self.means = means(app) or Means()
        super().__init__(_("Sign digitally"), self._words(), parent, width=440)
        self.app = app
        self.signer: Signer | None = None
        self.certificate = Line(_("Certificate"), shown(self.means.name))
        self.password = Line(self.means.secret, secret=True)
        self.body.addWidget(self.certificate)
        self.body.addWidget(self.password)
        self.button = self.offer(_("Sign digitally"), self.open, icon="stamp")
        self.password.edit.setFocus()

    def _words(self) -> str:
        if self.means.key:
            return _("The paper is signed with the key plugged into this workstation. Its PIN is asked every time and never stored; after a few wrong ones a key locks itself.")  # fmt: skip
        return _(
            "The paper is signed with the certificate of this workstation. Its password is asked every time and never stored."
        )

    def open(self) -> None:
        """Open the certificate beside the window; what is wrong is said beside its field."""
        for line in (self.certificate, self.password):
            line.complain("")
        self.button.setEnabled(False)
        chosen, password, now = self.means, self.password.text(), self.app.now()
        stamped = bool(desk(self.app).get(STAMPED, True))

        def work(progress: Any, cancelled: Any) -> Signer:
            return chosen.open(password, now, stamped=stamped)

        self.app.tasks.run(work, self._opened, self._refused)

    def _opened(self, signer: Signer) -> None:
        self.signer = signer
        self.accept()

    def _refused(self, error: Exception) -> None:
        self.button.setEnabled(True)
        complain(error, self.certificate, self.password, self.app)


def complain(error: Exception, certificate: Line, password: Line, app: App, driver: Line | None = None) -> None:
    """Say beside the right field why a certificate cannot be used."""
    if not isinstance(error, Invalid):
        app.show_error(error)
        return
    lines = {"password": password, "driver": driver or certificate}
    for problem in error.problems:
        line = lines.get(problem.field, certificate)
        line.complain(problem.message)
        line.edit.setFocus()
    password.edit.selectAll() if isinstance(password.edit, QLineEdit) else None


def shown(text: str) -> QLineEdit:
    """Return a field that shows what was chosen elsewhere."""
    edit = QLineEdit(text)
    edit.setReadOnly(True)
    return edit
