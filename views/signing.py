"""Digital signature 数字签名: which certificate this workstation signs kept papers with, and the question for its password.

The path of the certificate is remembered on this computer; its password never is.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLineEdit, QWidget

from models.core.errors import Invalid
from resources import N_, _
from ui.dialog import Dialog, Line
from ui.pages import Page, page
from ui.preferences import WORKSTATION, Preferences
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import Banner, Button, Card, Scroll, Section, row

if TYPE_CHECKING:
    from reports.digital_signature import Signer
    from ui.app import App

FILE, STAMPED = "signing.certificate", "signing.stamped"


def desk(app: App) -> Preferences:
    """Return what this workstation remembers, whoever has signed in."""
    from ui.start import DESK

    return Preferences(Path(app.home.folder) / DESK if app.home is not None else None, WORKSTATION)


def signing_wanted(app: App) -> bool:
    """Whether papers kept on this workstation are signed: a certificate is chosen."""
    return bool(desk(app).get(FILE, ""))


def ask_signer(app: App, parent: QWidget | None) -> Signer | None:
    """Ask for the certificate's password and return what signs; None when the person thought better of it."""
    dialog = SigningDialog(app, parent)
    agreed = dialog.exec() == Dialog.DialogCode.Accepted
    dialog.deleteLater()
    return dialog.signer if agreed else None


class SigningDialog(Dialog):
    """Asks for the password of the certificate, once for what is kept now."""

    def __init__(self, app: App, parent: QWidget | None = None) -> None:
        text = _(
            "The paper is signed with the certificate of this workstation. Its password is asked every time and never stored."
        )
        super().__init__(_("Sign digitally"), text, parent, width=440)
        self.app = app
        self.signer: Signer | None = None
        self.file = Path(desk(app).get(FILE, ""))
        self.certificate = Line(_("Certificate"), _shown(self.file.name))
        self.password = Line(_("Password of the certificate"), secret=True)
        self.body.addWidget(self.certificate)
        self.body.addWidget(self.password)
        self.button = self.offer(_("Sign digitally"), self.open, icon="stamp")
        self.password.edit.setFocus()

    def open(self) -> None:
        """Open the certificate beside the window; what is wrong is said beside its field."""
        for line in (self.certificate, self.password):
            line.complain("")
        self.button.setEnabled(False)
        file, password, now = self.file, self.password.text(), self.app.now()
        stamped = bool(desk(self.app).get(STAMPED, True))

        def work(progress: Any, cancelled: Any) -> Signer:
            from reports.digital_signature import open_certificate

            return open_certificate(file, password, now, stamped=stamped)

        self.app.tasks.run(work, self._opened, self._refused)

    def _opened(self, signer: Signer) -> None:
        self.signer = signer
        self.accept()

    def _refused(self, error: Exception) -> None:
        self.button.setEnabled(True)
        complain(error, self.certificate, self.password, self.app)


def complain(error: Exception, certificate: Line, password: Line, app: App) -> None:
    """Say beside the right field why a certificate cannot be used."""
    if not isinstance(error, Invalid):
        app.show_error(error)
        return
    for problem in error.problems:
        line = password if problem.field == "password" else certificate
        line.complain(problem.message)
        line.edit.setFocus()
    password.edit.selectAll() if isinstance(password.edit, QLineEdit) else None


def _shown(text: str) -> QLineEdit:
    edit = QLineEdit(text)
    edit.setReadOnly(True)
    return edit


@page("signing", N_("Digital signature"), area="system", icon="stamp", needs=("KeptPaper", "create"), order=45)
class SigningPage(Page):
    """Choose the certificate, try it, and say whether a stamp is shown."""

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.sheet = Scroll(4)
        if (inner := self.sheet.widget()) is not None:
            inner.setMaximumWidth(theme.size(880))
        self.column(0).addWidget(self.sheet)
        body = self.sheet.body
        body.addWidget(PlainLabel(_("Kept papers can be signed with a certificate, so that any reader sees who signed them and that nothing was changed since."), wrap=True))  # fmt: skip
        self.state = Banner("", "info")
        body.addWidget(self.state)
        body.addWidget(self._certificate())
        body.addWidget(self._trial())
        body.addWidget(self._limits())
        body.addStretch(1)

    def _certificate(self) -> QWidget:
        section = Section(_("Certificate of this workstation"))
        card = Card(gap=3)
        self.file = Line(
            _("Certificate file"),
            _shown(""),
            _(
                "A file of the kind PKCS#12 (.p12 or .pfx) with its private key. Only its place is remembered, on this computer."
            ),
        )
        card.body.addWidget(self.file)
        line = row(None, 2)
        line.addWidget(Button(_("Choose a file…"), "folder-open", on_click=self.choose))
        self.forget_button = Button(_("Sign no more"), "x", "quiet", self.forget)
        line.addWidget(self.forget_button)
        line.addStretch(1)
        card.body.addLayout(line)
        self.stamped = QCheckBox(_("Show a stamp with the holder's name on the first page"))
        self.stamped.toggled.connect(lambda on: desk(self.app).set(STAMPED, bool(on)))
        card.body.addWidget(self.stamped)
        section.body.addWidget(card)
        return section

    def _trial(self) -> QWidget:
        self.trial = Section(_("Try it"))
        card = Card(gap=3)
        self.password = Line(_("Password of the certificate"), secret=True)
        self.password.edit.setMaximumWidth(theme.size(320))
        card.body.addWidget(self.password)
        line = row(None, 2)
        self.try_button = Button(_("Open the certificate"), "key-round", "primary", self.attempt)
        line.addWidget(self.try_button)
        line.addStretch(1)
        card.body.addLayout(line)
        if isinstance(self.password.edit, QLineEdit):
            self.password.edit.returnPressed.connect(self.attempt)
        self.found = Banner("", "good")
        self.found.hide()
        card.body.addWidget(self.found)
        self.trial.body.addWidget(card)
        return self.trial

    def _limits(self) -> QWidget:
        section = Section(_("Good to know"))
        for words in (
            _(
                "The password is asked at every signing and never stored; papers kept while printing many at once are not signed."
            ),
            _(
                "Certificates from the Windows certificate store or on a USB key cannot be used: only a certificate file."
            ),
            _("Keys of the kinds RSA and ECDSA sign; SM2 keys cannot be used yet."),
            _("No time stamp is fetched: signing works without a network, and the time is that of this computer."),
        ):
            section.body.addWidget(PlainLabel("· " + words, tone="muted", wrap=True))
        return section

    # --- showing ---

    def reload(self) -> None:
        file, known = desk(self.app).get(FILE, ""), desk(self.app)
        edit = self.file.edit
        if isinstance(edit, QLineEdit):
            edit.setText(file)
            edit.setPlaceholderText(_("none chosen"))
        self.stamped.blockSignals(True)
        self.stamped.setChecked(bool(known.get(STAMPED, True)))
        self.stamped.blockSignals(False)
        for each in (self.forget_button, self.trial, self.stamped):
            each.setVisible(bool(file))
        self._say_state(usable=not file or Path(file).is_file())

    def _say_state(self, *, usable: bool) -> None:
        """Say above all what becomes of papers that are kept here."""
        if not signing_wanted(self.app):
            self.state.tell(_("Papers are kept without a signature until a certificate is chosen."), "info")
        elif usable:
            self.state.tell(_("Papers kept on this workstation are signed."), "good")
        else:
            words = _(
                "With this certificate nothing can be signed, so no paper can be kept on this workstation. Choose another, or “Sign no more”."
            )
            self.state.tell(words, "warning")

    def choose(self) -> None:
        """Choose the certificate's file."""
        start = desk(self.app).get(FILE, "") or str(Path.home())
        kinds = _("Certificate files") + " (*.p12 *.pfx)"
        name, _kind = QFileDialog.getOpenFileName(self, _("Certificate file"), start, kinds)
        if name:
            self.remember(Path(name))

    def remember(self, file: Path) -> None:
        """Remember where the certificate lies; whether it can be used is tried with its password."""
        desk(self.app).set(FILE, str(file))
        self.file.complain("")
        self.found.hide()
        self.reload()
        self.password.edit.setFocus()

    def forget(self) -> None:
        """Keep papers without a signature again."""
        desk(self.app).set(FILE, "")
        self.found.hide()
        self.reload()

    # --- trying ---

    def attempt(self) -> None:
        """Open the certificate with the password and say whose it is."""
        for line in (self.file, self.password):
            line.complain("")
        self.found.hide()
        self.try_button.setEnabled(False)
        file, password, now = Path(desk(self.app).get(FILE, "")), self.password.text(), self.app.now()

        def work(progress: Any, cancelled: Any) -> Signer:
            from reports.digital_signature import open_certificate

            return open_certificate(file, password, now)

        self.app.tasks.run(work, self._opened, self._refused)

    def _opened(self, signer: Signer) -> None:
        self.try_button.setEnabled(True)
        if isinstance(self.password.edit, QLineEdit):
            self.password.edit.clear()
        known = signer.certificate
        words = _("It signs as {holder}, issued by {issuer}, valid until {day}.")
        self.found.tell(words.format(holder=known.holder, issuer=known.issuer, day=known.last.date()), "good")
        self._say_state(usable=True)
        # What was found stands last and may lie below the window's edge.
        QTimer.singleShot(0, self.sheet, lambda: self.sheet.ensureWidgetVisible(self.found))

    def _refused(self, error: Exception) -> None:
        self.try_button.setEnabled(True)
        complain(error, self.file, self.password, self.app)
        if isinstance(error, Invalid):
            self._say_state(usable=all(problem.field == "password" for problem in error.problems))
