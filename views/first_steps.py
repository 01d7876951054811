"""The three steps in which a home is made: the home, its first accounts, the recovery key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QGridLayout, QLineEdit, QWidget

from resources import _
from ui.dialog import Line
from ui.text import PlainLabel, restyle
from ui.theme import space, theme
from ui.widgets import Banner, Button, Card, Scroll, column, row

WIDTH = 720


class Step(Scroll):
    """One step: a heading, what is asked, and the way back and forward."""

    def __init__(self, title: str, text: str, width: int = WIDTH) -> None:
        super().__init__(0)
        inner = QWidget()
        inner.setMaximumWidth(theme.size(width))
        middle = row(None, 0)
        middle.setContentsMargins(space(6), 0, space(6), 0)
        middle.addStretch(1)
        middle.addWidget(inner, 100)
        middle.addStretch(1)
        self.body.addLayout(middle)
        self.body.addStretch(1)
        self.lines = column(inner, 4)
        self.lines.addWidget(PlainLabel(title, "display"))
        self.lines.addWidget(PlainLabel(text, tone="muted", wrap=True))

    def foot(self, back: Callable[[], Any] | None, words: str, forward: Callable[[], Any]) -> Button:
        """Add the buttons at the foot."""
        line = row(None, 2)
        if back:
            line.addWidget(Button(_("Back"), "arrow-left", "quiet", back))
        line.addStretch(1)
        button = Button(words, None, "primary", forward)
        line.addWidget(button)
        self.lines.addLayout(line)
        self.lines.addSpacing(space(4))
        return button


class HomeStep(Step):
    """Name and region."""

    def __init__(self, folder: Path, back: Callable[[], Any], forward: Callable[[], Any]) -> None:
        super().__init__(_("About the home"), _("The name stands on every paper. Both can be changed later."), 560)
        from models.founding import provinces

        self._forward = forward
        self._named = False
        self.province, self.prefecture, self.county = QComboBox(), QComboBox(), QComboBox()
        self.province.setAccessibleName(_("Province"))
        self.prefecture.setAccessibleName(_("Prefecture"))
        self.county.setAccessibleName(_("County or district"))
        picks = row(None, 2)
        for box in (self.province, self.prefecture, self.county):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(6)
            picks.addWidget(box, 1)
        holder = QWidget()
        holder.setLayout(picks)
        picks.setContentsMargins(0, 0, 0, 0)
        self.place = Line(_("Region"), holder)
        self.called = Line(_("Name of the home"))
        self.shared = QCheckBox(_("Several workstations share a PostgreSQL server"))
        self.server = Line(_("Address of an empty database on the server"))
        if isinstance(self.server.edit, QLineEdit):
            self.server.edit.setPlaceholderText("postgresql://user:password@server/database")
        self.server.hide()
        self.shared.toggled.connect(self._shared)
        card = Card(gap=3, margin=5)
        for part in (self.place, self.called, self.shared, self.server):
            card.body.addWidget(part)
        self.lines.addWidget(card)
        self.lines.addWidget(
            PlainLabel(_("Stored in: {folder}").format(folder=folder), "caption", wrap=True, selectable=True)
        )
        self.foot(back, _("Next"), self.next)
        fill(self.province, [("", _("Province")), *provinces()])
        self.province.currentIndexChanged.connect(self._province_chosen)
        self.prefecture.currentIndexChanged.connect(self._prefecture_chosen)
        self.county.currentIndexChanged.connect(self._propose)
        self.called.edit.textEdited.connect(self._typed)  # type: ignore[attr-defined]  # a line edit
        self.called.edit.returnPressed.connect(self.next)  # type: ignore[attr-defined]  # a line edit
        self._province_chosen()
        self.setFocusProxy(self.province)

    def _province_chosen(self) -> None:
        from models.founding import prefectures

        code = self.province.currentData()
        found = prefectures(code) if code else []
        fill(self.prefecture, [("", _("Prefecture")), *found] if found else [("", "—")])
        self.prefecture.setEnabled(bool(found))
        self._prefecture_chosen()

    def _prefecture_chosen(self) -> None:
        from models.founding import counties

        code = self.prefecture.currentData() or self.province.currentData()
        found = counties(code) if code else []
        fill(self.county, [("", _("County or district")), *found] if found else [("", "—")])
        self.county.setEnabled(bool(found))
        self._propose()

    def _shared(self, wanted: bool) -> None:
        self.server.setVisible(wanted)
        if wanted:
            self.server.edit.setFocus()

    def _typed(self) -> None:
        self._named = bool(self.called.text())

    def _propose(self) -> None:
        from models.founding import proposed_name

        if not self._named and isinstance(self.called.edit, QLineEdit):
            self.called.edit.setText(proposed_name(self.region()))

    def name(self) -> str:
        """Return the home's name."""
        return self.called.text().strip()

    def backend_url(self) -> str | None:
        """Return the server's address, or None for an encrypted file on this computer."""
        return self.server.text().strip() if self.shared.isChecked() else None

    def region(self) -> str:
        """Return the code of the smallest region chosen."""
        return self.county.currentData() or self.prefecture.currentData() or self.province.currentData() or ""

    def next(self) -> None:
        """Go on when all that is needed is there."""
        from models.founding import server_problem

        address = self.backend_url()
        self.server.complain(server_problem(address) if address is not None else "")
        self.place.complain("" if self.region() else _("Please choose at least the province."))
        self.called.complain("" if self.name() else _("Please fill this in."))
        if not self.region():
            self.province.setFocus()
        elif not self.name():
            self.called.setFocus()
        elif address is not None and server_problem(address):
            self.server.edit.setFocus()
        else:
            self._forward()


class AccountsStep(Step):
    """The director and the three administrators."""

    def __init__(self, back: Callable[[], Any], forward: Callable[[], Any]) -> None:
        text = _(
            "The director, and three administrators who watch one another: four different people. Further accounts are made later."
        )
        super().__init__(_("First accounts"), text)
        from models.founding import FIRST_POSTS

        self._forward = forward
        card = Card(gap=2, margin=5)
        self.rows = [AccountRow(post) for post in FIRST_POSTS]
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(3))
        grid.setVerticalSpacing(space(2))
        for column_number, words in enumerate(("", _("Name"), _("User name"), _("Password"))):
            grid.addWidget(PlainLabel(words, "caption"), 0, column_number)
        for number, each in enumerate(self.rows):
            each.put_into(grid, 1 + 2 * number)
        for column_number, stretch in ((0, 5), (1, 3), (2, 3), (3, 4)):
            grid.setColumnStretch(column_number, stretch)
        card.body.addLayout(grid)
        self.lines.addWidget(card)
        note = _(
            "The proposed passwords are printed on slips with the recovery key; each person chooses an own one at the first signing in."
        )
        self.lines.addWidget(PlainLabel(note, "caption", wrap=True))
        self.foot(back, _("Make the home"), self.next)
        for each in self.rows:
            for edit in (each.name, each.username, each.password):
                edit.returnPressed.connect(self.next)
        self.setFocusProxy(self.rows[0].name)

    def entries(self) -> list[Any]:
        """Return (post, name, user name, password) of each row."""
        return [each.entry() for each in self.rows]

    def printed(self) -> list[str]:
        """Return the user names whose password was proposed by the program."""
        return [each.username.text().strip() for each in self.rows if each.proposed()]

    def next(self) -> None:
        """Go on when all four accounts can be made."""
        wrong = [each for each in self.rows if each.check([other for other in self.rows if other is not each])]
        if wrong:
            wrong[0].focus_wrong()
        else:
            self._forward()


class AccountRow:
    """One account in the table, with what is wrong with it below."""

    def __init__(self, post: Any) -> None:
        from models.core.access import ROLES
        from models.founding import new_password

        self.post = post
        self.title = PlainLabel(ROLES.label(post.role), "strong")
        self.task = PlainLabel(_(post.task), "caption", wrap=True)
        self.name, self.username, self.password = QLineEdit(), QLineEdit(post.username), QLineEdit()
        for edit, words in ((self.name, _("Name")), (self.username, _("User name")), (self.password, _("Password"))):
            edit.setAccessibleName(f"{ROLES.label(post.role)}: {words}")
        self._proposal = "" if post.role == "director" else new_password()
        self.password.setText(self._proposal)
        if not self._proposal:
            self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.password.textEdited.connect(lambda _text: self.password.setEchoMode(QLineEdit.EchoMode.Password))
        self.trouble = PlainLabel("", "caption", tone="danger", wrap=True)
        self.trouble.hide()
        self._wrong: QLineEdit | None = None

    def put_into(self, grid: QGridLayout, line: int) -> None:
        """Lay the row out."""
        words = column(None, 0)
        words.addWidget(self.title)
        words.addWidget(self.task)
        grid.addLayout(words, line, 0)
        for number, edit in enumerate((self.name, self.username, self.password), start=1):
            grid.addWidget(edit, line, number, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.trouble, line + 1, 1, 1, 3)

    def entry(self) -> tuple[Any, str, str, str]:
        """Return post, name, user name and password."""
        return self.post, self.name.text().strip(), self.username.text().strip(), self.password.text()

    def proposed(self) -> bool:
        """Whether the password is still the one that the program proposed."""
        return bool(self._proposal) and self.password.text() == self._proposal

    def check(self, others: list[AccountRow]) -> str:
        """Say what is wrong with this account, beside the field, and return it."""
        editor, problem = self._problem(others)
        self._wrong = editor if problem else None
        self.trouble.setText(problem)
        self.trouble.setVisible(bool(problem))
        for edit in (self.name, self.username, self.password):
            edit.setProperty("wrong", edit is self._wrong)
            restyle(edit)
        return problem

    def _problem(self, others: list[AccountRow]) -> tuple[QLineEdit, str]:
        from models.core.accounts import check_new
        from models.core.errors import Invalid
        from models.founding import first_accounts

        if any(other.username.text().strip().casefold() == self.username.text().strip().casefold() for other in others):
            return self.username, _("There is an account of this name already.")
        if self.name.text().strip() and any(other.name.text().strip() == self.name.text().strip() for other in others):
            return self.name, _("These are four different people.")
        try:
            check_new(first_accounts([self.entry()])[0])
        except Invalid as error:
            first = error.problems[0]
            return {"username": self.username, "name": self.name}.get(first.field, self.password), first.message
        return self.password, ""

    def focus_wrong(self) -> None:
        """Go to the field that is wrong."""
        if self._wrong is not None:
            self._wrong.setFocus()
            self._wrong.selectAll()


class KeyStep(Step):
    """The recovery key, once."""

    def __init__(self, made: Any, entries: list[Any], printed: list[str], forward: Callable[[], Any]) -> None:
        super().__init__(
            _("The home is made"), _("Save or print this sheet now: the recovery key is never shown again."), 640
        )
        self._made, self._entries, self._printed = made, entries, printed
        card = Card(gap=3, margin=5)
        card.body.addWidget(PlainLabel(_("Recovery key"), "caption"))
        card.body.addWidget(key_label(made.recovery_key))
        card.body.addWidget(
            PlainLabel(
                _("It opens the home when nobody can sign in any more. Keep it in a safe, away from this computer."),
                tone="muted",
                wrap=True,
            )
        )
        buttons = row(None, 2)
        self.save = Button(_("Save the sheet as PDF"), "download", on_click=self.save_sheet)
        buttons.addWidget(self.save)
        buttons.addStretch(1)
        card.body.addLayout(buttons)
        self.saved = Banner("", "good")
        self.saved.hide()
        card.body.addWidget(self.saved)
        self.lines.addWidget(card)
        self.agreed = QCheckBox(_("I have put the recovery key away safely."))
        self.lines.addWidget(self.agreed)
        self.open = self.foot(None, _("Open the home"), forward)
        self.open.setEnabled(False)
        self.agreed.toggled.connect(self.open.setEnabled)
        self.setFocusProxy(self.save)

    def pdf(self) -> bytes:
        """Return the sheet with the recovery key, and a slip for each proposed password."""
        from models.core.access import ROLES
        from models.papers import PaperHead
        from reports.first_papers import Slip, first_papers

        home = self._made.home
        head = PaperHead(home.name, _("Recovery key"), datetime.now(), self._entries[0][1], demo=home.invented)
        slips = [
            Slip(name, ROLES.label(post.role), username, password)
            for post, name, username, password in self._entries
            if username in self._printed
        ]
        return first_papers(head, self._made.recovery_key, slips)

    def save_sheet(self) -> None:
        """Save the sheet where the person says."""
        proposed = _("Recovery key of {name}").format(name=self._made.home.name) + ".pdf"
        file, _kind = QFileDialog.getSaveFileName(self, _("Save the sheet"), str(Path.home() / proposed), "PDF (*.pdf)")
        if file:
            self.save_to(Path(file))

    def save_to(self, file: Path) -> None:
        """Write the sheet and say where it is."""
        try:
            file.write_bytes(self.pdf())
        except OSError:
            self.saved.tell(_("The sheet could not be written there. Please choose another folder."), "danger")
        else:
            self.saved.tell(_("Saved: {file}. Print it, put it away and delete the file.").format(file=file), "good")
            self.agreed.setFocus()


def key_label(text: str) -> PlainLabel:
    """Return the recovery key in large letters of one width."""
    label = PlainLabel(text, "heading", wrap=True, selectable=True)
    font = QFont("Consolas" if theme.families()[0].startswith("Microsoft") else "DejaVu Sans Mono")
    font.setStyleHint(QFont.StyleHint.Monospace)
    label.setFont(font)
    label.setProperty("mono", True)
    return label


def fill(box: QComboBox, choices: list[tuple[str, str]]) -> None:
    """Put (value, words) choices into a box without telling anyone."""
    box.blockSignals(True)
    box.clear()
    for value, words in choices:
        box.addItem(words, value)
    box.blockSignals(False)
