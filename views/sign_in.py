"""Sign-in 登录: name and password, on a window that stands before anything heavy is loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QFrame, QLineEdit, QWidget

from resources import _
from resources.language import LANGUAGES
from ui.dialog import Dialog, Line
from ui.icons import icon
from ui.password import password_rule
from ui.speech import other_language, speak
from ui.start import DEMO_PASSWORD, Entrance, doorplate
from ui.tasks import Tasks
from ui.text import PlainLabel
from ui.theme import space, theme
from ui.topbar import DemoBand
from ui.widgets import Banner, Button, Card, Menu, MenuButton, Symbol, clear, column, row

WIDTH = 380


class SignIn(QWidget):
    """The window in which a person says who they are."""

    def __init__(self, entrance: Entrance) -> None:
        super().__init__()
        self.setObjectName("window")
        self.entrance = entrance
        self.tasks = Tasks(self._failed, self)
        self._lines = column(self, 0)
        self._build()
        self.resize(1093, 614)
        self.setMinimumSize(560, 520)

    def _build(self) -> None:
        plate = doorplate(self.entrance.folder)
        self.setWindowTitle(_("Qinghe"))
        if plate and plate.invented:
            self._lines.addWidget(DemoBand())
        self._lines.addLayout(self._corner())
        self._lines.addStretch(1)
        middle = row(None, 0)
        middle.addStretch(1)
        middle.addWidget(self._middle(plate.name if plate else ""))
        middle.addStretch(1)
        self._lines.addLayout(middle)
        self._lines.addStretch(2)
        self.username.setFocus()
        if plate and plate.invented:
            self._fill_in_demo()

    def _fill_in_demo(self) -> None:
        """Nothing in a demo home is secret: name and password stand there, other names can be tried."""
        password = self.entrance.desk.get(DEMO_PASSWORD)
        if password:
            self.username.setText("director")
            self.password.setText(password)
            self.trouble.tell(
                _("Demo home: try other user names with the same password, e.g. nurse, therapist, caregiver."), "info"
            )
            self.button.setFocus()

    def _corner(self) -> Any:
        corner = row(None, 1, 2)
        corner.addStretch(1)
        corner.addWidget(Button(LANGUAGES[other_language()], "languages", "quiet", self._speak))
        return corner

    def _middle(self, home: str) -> QWidget:
        whole = QWidget()
        whole.setFixedWidth(theme.size(WIDTH))
        lines = column(whole, 4)
        lines.addLayout(_brand(home))
        card = Card(gap=3, margin=5)
        self.username = _field(_("User name"), "user-round")
        self.password = _field(_("Password"), "lock-keyhole", secret=True)
        self.username.returnPressed.connect(self.password.setFocus)
        self.password.returnPressed.connect(self.sign_in)
        self.trouble = Banner("", "danger")
        self.trouble.hide()
        self.button = Button(_("Sign in"), kind="primary", on_click=self.sign_in)
        self.button.setDefault(True)
        card.body.addWidget(_labelled(_("User name"), self.username))
        card.body.addWidget(_labelled(_("Password"), self.password))
        card.body.addWidget(self.trouble)
        card.body.addWidget(self.button)
        lines.addWidget(card)
        links = row(None, 4)
        links.addStretch(1)
        links.addWidget(Button(_("Password forgotten?"), kind="link", on_click=self._recover))
        links.addWidget(MenuButton(_("Another home"), self._others, None, "link"))
        links.addStretch(1)
        lines.addLayout(links)
        return whole

    def _others(self, menu: Menu) -> None:
        menu.add(_("Open a home in another folder"), self._other, "folder-open")
        menu.add(_("Restore from a backup"), self._restore, "archive-restore")

    def _restore(self) -> None:
        from views.first_run import FirstRun

        self.tasks.close()
        window = FirstRun(self.entrance)
        self.entrance.show(window)
        window.restore()

    def _other(self) -> None:
        """Open a home that lies elsewhere, e.g. one restored from a backup."""
        folder = QFileDialog.getExistingDirectory(self, _("Folder of the home"), str(self.entrance.folder.parent))
        if folder and doorplate(Path(folder)) is None:
            self.trouble.tell(_("There is no home in this folder."), "warning")
        elif folder:
            self.tasks.close()
            self.entrance.move(Path(folder))

    def _speak(self) -> None:
        typed = self.username.text()
        speak(other_language())
        self.entrance.desk.set("language", _language())
        clear(self._lines)
        self._build()
        self.username.setText(typed)

    # --- signing in ---

    def sign_in(self) -> None:
        """Open the home for the person, beside the window: making the key from the password takes a moment."""
        username, password = self.username.text().strip(), self.password.text()
        if not username or not password:
            self.trouble.tell(_("Please enter user name and password."), "warning")
            (self.username if not username else self.password).setFocus()
            return
        self._busy(_("Opening …"))
        self.tasks.run(lambda _progress, _stop: self._open(username, password), self._entered)

    def _open(self, username: str, password: str) -> tuple[Any, Any, Any]:
        self.entrance.wait_loaded()
        from models.core.home import Home

        home = Home.open(self.entrance.folder)
        database, actor = home.sign_in(username, password)
        return home, database, actor

    def _entered(self, opened: tuple[Any, Any, Any]) -> None:
        self.password.clear()
        self.tasks.close()
        self.entrance.enter(*opened)

    def _failed(self, error: BaseException) -> None:
        from ui.errors import log, words_for

        log(error)
        said = words_for(error)
        self._busy("")
        self.trouble.tell("\n".join(each for each in (said.text, said.advice) if each), "danger")
        self.password.selectAll()
        self.password.setFocus()

    def _busy(self, what: str) -> None:
        self.button.setText(what or _("Sign in"))
        for widget in (self.button, self.username, self.password):
            widget.setEnabled(not what)
        if what:
            self.trouble.hide()

    def _recover(self) -> None:
        dialog = RecoverDialog(self.entrance, self)
        dialog.exec()
        if dialog.done_for:
            self.username.setText(dialog.done_for)
            self.trouble.tell(_("The new password is set. Please sign in with it."), "good")
            self.password.setFocus()
        dialog.deleteLater()


class RecoverDialog(Dialog):
    """Sets a new password with the printed recovery key; ``done_for`` is the user name when it worked."""

    def __init__(self, entrance: Entrance, parent: QWidget | None = None) -> None:
        text = _(
            "The system administrator can set a new password. Where nobody can sign in, the printed recovery key opens the home."
        )
        super().__init__(_("Password forgotten"), text, parent, width=520)
        self.entrance, self.done_for = entrance, ""
        self.key = Line(
            _("Recovery key"), help_text=_("Nine groups of four letters, from the sheet that was put away.")
        )
        self.username = Line(_("User name"))
        self.new = Line(_("New password"), None, password_rule(), secret=True)
        for line in (self.key, self.username, self.new):
            self.body.addWidget(line)
        self.offer(_("Set the password"), self.save)

    def save(self) -> None:
        """Set the new password, or say beside the field why not."""
        self.entrance.wait_loaded()
        from models.core.errors import Invalid, Refused
        from models.core.home import Home

        for line in (self.key, self.username, self.new):
            line.complain("")
        QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            Home.open(self.entrance.folder).recover(self.key.text(), self.username.text().strip(), self.new.text())
        except Invalid as error:
            self.new.complain(error.problems[0].message)
        except Refused as error:
            self.key.complain(str(error))
        else:
            self.done_for = self.username.text().strip()
            self.accept()
        finally:
            QGuiApplication.restoreOverrideCursor()


def _brand(home: str) -> Any:
    lines = column(None, 1)
    middle = Qt.AlignmentFlag.AlignHCenter
    lines.addWidget(Symbol("wheat", "accent", 40), 0, middle)
    name = PlainLabel(home or _("Qinghe"), "title", wrap=True)
    name.setAlignment(middle)
    lines.addWidget(name)
    told = PlainLabel(_("Care · Treatment · Education · Rehabilitation"), "caption", wrap=True)
    told.setAlignment(middle)
    lines.addWidget(told)
    return lines


def _field(name: str, symbol: str, *, secret: bool = False) -> QLineEdit:
    edit = QLineEdit()
    edit.setAccessibleName(name)
    edit.addAction(icon(symbol, "muted"), QLineEdit.ActionPosition.LeadingPosition)
    edit.setMinimumHeight(theme.size(36))
    if secret:
        edit.setEchoMode(QLineEdit.EchoMode.Password)
        edit.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhNoPredictiveText)
    return edit


def _labelled(label: str, edit: QLineEdit) -> QWidget:
    holder = QFrame()
    lines = column(holder, 1)
    words = PlainLabel(label)
    words.setBuddy(edit)
    lines.addWidget(words)
    lines.addWidget(edit)
    lines.setContentsMargins(0, 0, 0, space(0))
    return holder


def _language() -> str:
    from resources import current_language

    return current_language()
