"""The settings of the digital signature 数字签名: choose a certificate file or one on a key, and try it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QLineEdit, QWidget

from models.core.errors import Invalid
from resources import N_, _
from ui.dialog import Line
from ui.pages import Page, page
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import Banner, Button, Card, Scroll, Section, Segmented, column, row, rule
from views.signing import FILE, KEY, STAMPED, Means, complain, desk, means, shown
from views.signing_token import TokenPanel

if TYPE_CHECKING:
    from reports.digital_signature import Signer
    from ui.app import App


@page("signing", N_("Digital signature"), area="system", icon="stamp", needs=("KeptPaper", "create"), order=45)
class SigningPage(Page):
    """Choose the certificate, try it, and say whether a stamp is shown.

    What is chosen last signs; looking at the other kind changes nothing.
    """

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self._shown_before: Means | None = None
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
        kinds = ((FILE, _("Certificate file")), (KEY, _("USB key or other driver (PKCS#11)")))
        self.kind = Segmented(kinds, lambda _kind: self.reload(), name=_("Where the certificate lies"))
        self.from_file = self._file()
        self.token = TokenPanel(self.app, self.remember_key, self._bring)
        for each in (self.kind, self.from_file, self.token):
            card.body.addWidget(each)
        self.stamped = QCheckBox(_("Show a stamp with the holder's name on the first page"))
        self.stamped.toggled.connect(lambda on: desk(self.app).set(STAMPED, bool(on)))
        self.line = rule()
        card.body.addWidget(self.line)
        self.forget_button = Button(_("Sign no more"), "x", on_click=self.forget)
        line = row(None, 2)
        line.addWidget(self.stamped)
        line.addStretch(1)
        line.addWidget(self.forget_button)
        card.body.addLayout(line)
        section.body.addWidget(card)
        return section

    def _file(self) -> QWidget:
        panel = QWidget()
        lines = column(panel, 3)
        self.file = Line(
            _("Certificate file"),
            shown(""),
            _(
                "A file of the kind PKCS#12 (.p12 or .pfx) with its private key. Only its place is remembered, on this computer."
            ),
        )
        lines.addWidget(self.file)
        line = row(None, 2)
        line.addWidget(Button(_("Choose a file…"), "folder-open", on_click=self.choose))
        line.addStretch(1)
        lines.addLayout(line)
        return panel

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
                "Password and PIN are asked at every signing and never stored; papers kept while printing many at once are not signed."
            ),
            _("A key of any maker is reached by its PKCS#11 driver. The Windows certificate store itself is not read."),
            _("Keys of the kinds RSA and ECDSA sign; SM2 keys cannot be used yet."),
            _("No time stamp is fetched: signing works without a network, and the time is that of this computer."),
        ):
            section.body.addLayout(_point(words))
        return section

    # --- showing ---

    def reload(self) -> None:
        chosen = means(self.app)
        if self._shown_before != chosen:
            self._shown_before = chosen
            self.kind.set_value(KEY if chosen is not None and chosen.key else FILE)
        by_key = self.kind.value() == KEY
        if isinstance(edit := self.file.edit, QLineEdit):
            edit.setText(chosen.file if chosen is not None else "")
            edit.setPlaceholderText(_("none chosen"))
        self.token.show_chosen(chosen.name if chosen is not None and chosen.key else "")
        self.stamped.blockSignals(True)
        self.stamped.setChecked(bool(desk(self.app).get(STAMPED, True)))
        self.stamped.blockSignals(False)
        self.from_file.setVisible(not by_key)
        self.token.setVisible(by_key)
        for each in (self.line, self.forget_button, self.stamped):
            each.setVisible(chosen is not None)
        self._show_trial(chosen if chosen is not None and bool(chosen.key) == by_key else None)
        self._say_state(usable=chosen is None or chosen.found())

    def _show_trial(self, chosen: Means | None) -> None:
        """Offer to try what is chosen, as long as it is what is shown."""
        self.trial.setVisible(chosen is not None)
        if chosen is not None:
            self.password.label.setText(chosen.secret)
            self.password.edit.setAccessibleName(chosen.secret)

    def _say_state(self, *, usable: bool) -> None:
        """Say above all what becomes of papers that are kept here."""
        chosen = means(self.app)
        if chosen is None:
            self.state.tell(_("Papers are kept without a signature until a certificate is chosen."), "info")
        elif usable:
            words = _("Papers kept on this workstation are signed with: {certificate}")
            self.state.tell(words.format(certificate=chosen.name), "good")
        else:
            words = _(
                "With this certificate nothing can be signed, so no paper can be kept on this workstation. Choose another, or “Sign no more”."
            )
            self.state.tell(words, "warning")

    # --- choosing ---

    def choose(self) -> None:
        """Choose the certificate's file."""
        start = desk(self.app).get(FILE, "") or str(Path.home())
        kinds = _("Certificate files") + " (*.p12 *.pfx)"
        name, _kind = QFileDialog.getOpenFileName(self, _("Certificate file"), start, kinds)
        if name:
            self.remember(Path(name))

    def remember(self, file: Path) -> None:
        """Remember where the certificate lies; whether it can be used is tried with its password."""
        self._sign_with(file=str(file))
        self._ask_secret()

    def remember_key(self, key: dict[str, str]) -> None:
        """Remember the certificate on a key; whether it can be used is tried with its PIN."""
        self._sign_with(key=key)
        self._ask_secret()

    def _ask_secret(self) -> None:
        self.password.edit.setFocus()
        self._bring(self.try_button)

    def _bring(self, part: QWidget) -> None:
        """Scroll to a part of the page, which may lie beyond the window's edge."""
        QTimer.singleShot(0, self.sheet, lambda: self.sheet.ensureWidgetVisible(part))

    def forget(self) -> None:
        """Keep papers without a signature again."""
        self._sign_with()

    def _sign_with(self, file: str = "", key: dict[str, str] | None = None) -> None:
        """Sign with one certificate from now on; the one before is forgotten."""
        known = desk(self.app)
        known.set(FILE, file)
        known.set(KEY, key or {})
        self._complain_no_more()
        self.reload()

    def _complain_no_more(self) -> None:
        for line in (self.file, self.password):
            line.complain("")
        self.token.complain_no_more()
        self.found.hide()

    # --- trying ---

    def attempt(self) -> None:
        """Open the certificate with its password or PIN and say whose it is."""
        chosen = means(self.app)
        if chosen is None:
            return
        self._complain_no_more()
        self.try_button.setEnabled(False)
        password, now = self.password.text(), self.app.now()

        def work(progress: Any, cancelled: Any) -> Signer:
            return chosen.open(password, now)

        self.app.tasks.run(work, self._opened, self._refused)

    def _opened(self, signer: Signer) -> None:
        self.try_button.setEnabled(True)
        if isinstance(self.password.edit, QLineEdit):
            self.password.edit.clear()
        known = signer.certificate
        words = _("It signs as {holder}, issued by {issuer}, valid until {day}.")
        self.found.tell(words.format(holder=known.holder, issuer=known.issuer, day=known.last.date()), "good")
        self._say_state(usable=True)
        self._bring(self.found)

    def _refused(self, error: Exception) -> None:
        self.try_button.setEnabled(True)
        by_key = self.kind.value() == KEY
        certificate = self.token.certificate if by_key else self.file
        complain(error, certificate, self.password, self.app, self.token.driver if by_key else None)
        if isinstance(error, Invalid):
            fields = {"password": self.password, "driver": self.token.driver if by_key else certificate}
            self._bring(fields.get(error.problems[0].field, certificate))
            # A wrong password or a key that is not plugged in says nothing against the certificate.
            chosen = means(self.app)
            spoilt = any(problem.field == "certificate" for problem in error.problems)
            self._say_state(usable=not spoilt and chosen is not None and chosen.found())


def _point(words: str) -> QHBoxLayout:
    """Return one point of a list; its second line stands below the first, not below the dot."""
    line = row(None, 2)
    line.addWidget(PlainLabel("·", tone="muted"), 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(PlainLabel(words, tone="muted", wrap=True), 1)
    return line
