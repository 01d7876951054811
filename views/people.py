"""Accounts 账号: who may sign in — made by the system administrator, given roles by the security administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QCheckBox, QGridLayout, QLineEdit, QWidget

from models.core import accounts
from models.core.access import ROLES
from models.core.accounts import Account, AccountRow, NewAccount
from models.core.errors import Invalid
from models.founding import new_password
from models.staff import Staff
from resources import N_, _
from ui.dialog import Dialog, Line, confirm
from ui.pages import Page, page
from ui.password import password_rule
from ui.pickers import ReferencePicker
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.theme import space
from ui.widgets import Banner, Button, Chip, Flow, Section, Segmented, column, row

if TYPE_CHECKING:
    from ui.app import App


@page("people", N_("Accounts"), area="system", icon="user-cog", needs=("Account", "read"), order=10)
class People(Page):
    """All accounts; what can be done with one depends on who looks."""

    reads = (Account, Staff)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.rows: list[AccountRow] = []
        self.staff: dict[str, str] = {}
        lines = self.column(3)
        lines.addWidget(PlainLabel(_duty(app), tone="muted", wrap=True))
        top = row(None, 2)
        self.which = Segmented(
            [("open", _("In use")), ("closed", _("Closed")), ("all", _("All"))], self._narrowed, name=_("Accounts")
        )
        top.addWidget(self.which)
        top.addStretch(1)
        self.number = PlainLabel("", "caption")
        top.addWidget(self.number)
        lines.addLayout(top)
        headings = (_("Name"), _("User name"), _("Roles"), _("Member of staff"), _("State"), _("Last signed in"))
        self.table = RowsTable(headings, on_open=self.open_row, name=_("Accounts"))
        lines.addWidget(self.table, 1)
        if app.may("create", Account) and "sysadmin" in app.actor.roles:
            self.tools.add(Button(_("New account"), "user-plus", "primary", self.new))

    def reload(self) -> None:
        with self.app.read() as work:
            self.rows = accounts.accounts(work)
            self.staff = _staff_names(work, self.rows)
        self._narrowed(None)

    def _narrowed(self, _value: Any) -> None:
        wanted = self.which.value()
        self.shown = [each for each in self.rows if wanted == "all" or each.active == (wanted == "open")]
        self.table.show_rows([self._cells(each) for each in self.shown])
        self.number.setText(_("{n} accounts").format(n=len(self.shown)))

    def _cells(self, account: AccountRow) -> tuple[str, ...]:
        roles = _(", ").join(ROLES.label(each) for each in account.roles)
        seen = f"{account.signed_in_at:%Y-%m-%d %H:%M}" if account.signed_in_at else ""
        name = self.staff.get(account.staff_id or "", "")
        return account.name, account.username, roles, name, state_words(account), seen

    def open_row(self, number: int) -> None:
        """Show one account and what this person may do with it."""
        dialog = AccountDialog(self.app, self.shown[number])
        dialog.exec()
        dialog.deleteLater()
        self.reload()

    def new(self) -> None:
        """Make an account."""
        if "sysadmin" in self.app.actor.roles:
            dialog = NewAccountDialog(self.app)
            dialog.exec()
            dialog.deleteLater()
            self.reload()


def state_words(account: AccountRow) -> str:
    """Say in a word how an account stands."""
    if not account.active:
        return _("Closed")
    if account.awaiting_confirmation:
        return _("Waits to be confirmed")
    if not account.roles:
        return _("Without a role")
    return _("First password") if account.must_change_password else _("In use")


def _duty(app: App) -> str:
    if "sysadmin" in app.actor.roles:
        return _("You make and close accounts and set first passwords. Roles are given by the security administrator.")
    if "secadmin" in app.actor.roles:
        return _("You give roles and confirm accounts. Accounts are made by the system administrator.")
    return _("Accounts are made by the system administrator; roles are given by the security administrator.")


def _staff_names(work: Any, rows: list[AccountRow]) -> dict[str, str]:
    from models.core import queries

    return queries.titles(work, "staff", [each.staff_id for each in rows]) if work.actor.may("read", Staff) else {}


class NewAccountDialog(Dialog):
    """Makes an account; its roles are given afterwards by the security administrator."""

    def __init__(self, app: App) -> None:
        text = _(
            "The person signs in with the first password and then chooses an own one. Roles follow from the security administrator."
        )
        super().__init__(_("New account"), text, app.window_now(), width=460)
        self.app = app
        self.name = Line(_("Name"))
        self.username = Line(_("User name"), help_text=_("2 to 40 letters or digits, e.g. the pinyin of the name."))
        self.password = Line(_("First password"), QLineEdit(new_password()), password_rule())
        for line in (self.name, self.username, self.password):
            self.body.addWidget(line)
        self.offer(_("Make the account"), self.save)

    def save(self) -> None:
        """Make it, or say beside the field why not."""
        lines = {"name": self.name, "username": self.username, "password": self.password}
        for line in lines.values():
            line.complain("")
        new = NewAccount(self.username.text().strip(), self.name.text().strip(), self.password.text())
        try:
            with self.app.work() as work:
                accounts.create_account(work, self.app.home.keys, self.app.home.key, new)
        except Invalid as error:
            for problem in error.problems:
                lines.get(problem.field, self.name).complain(problem.message)
        except Exception as error:
            self.app.show_error(error)
        else:
            self.accept()
            self.app.notify(_("The account of {name} was made.").format(name=new.name))


class AccountDialog(Dialog):
    """One account: its roles, its person, its password."""

    def __init__(self, app: App, account: AccountRow) -> None:
        super().__init__(account.name, f"{account.username} · {state_words(account)}", app.window_now(), width=600)
        self.app, self.account = app, account
        self.trouble = Banner("", "warning")
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.gives = "secadmin" in app.actor.roles and account.id != app.actor.account_id and account.active
        self.makes = "sysadmin" in app.actor.roles and account.id != app.actor.account_id
        self.body.addWidget(self._roles())
        if app.may("read", Staff):
            self.body.addWidget(self._person())
        self._offer()

    def _roles(self) -> QWidget:
        section = Section(_("Roles"))
        self.boxes: dict[str, QCheckBox] = {}
        if not self.gives:
            holder = QWidget()
            flow = Flow(holder)
            for code in self.account.roles:
                flow.addWidget(Chip(ROLES.label(code), "info"))
            section.body.addWidget(holder if self.account.roles else PlainLabel(_("Without a role"), tone="muted"))
            return section
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(4))
        grid.setVerticalSpacing(0)
        for number, role in enumerate(ROLES):
            box = QCheckBox(str(role))
            box.setChecked(role.code in self.account.roles)
            self.boxes[role.code] = box
            grid.addWidget(box, number // 3, number % 3)
        section.body.addLayout(grid)
        return section

    def _person(self) -> QWidget:
        section = Section(
            _("Member of staff"), _("Decides whose children are seen: those of the person's units and caseload.")
        )
        self.person = ReferencePicker(self.app, Staff)
        self.person.set_value(self.account.staff_id)
        self.person.setEnabled(self.gives)
        section.body.addWidget(self.person)
        return section

    def _offer(self) -> None:
        first = column(None, 0)
        if self.makes:
            first.addWidget(Button(_("Set a new password"), "key-round", "quiet", self.set_password))
        if self.makes and self.account.active:
            first.addWidget(Button(_("Close the account"), "user-x", "danger", self.close_account))
        if self.gives and self.account.awaiting_confirmation:
            first.addWidget(Button(_("Confirm the account"), "badge-check", "normal", self.confirm_account))
        self.buttons.insertLayout(0, _in_line(first))
        if self.gives:
            self.offer(_("Save"), self.save)
        else:
            close = Button(_("Close"), kind="primary", on_click=self.accept)
            close.setDefault(True)
            self.buttons.addWidget(close)

    def save(self) -> None:
        """Give the chosen roles and link the person."""
        roles = [code for code, box in self.boxes.items() if box.isChecked()]

        def act(work: Any) -> None:
            if set(roles) != set(self.account.roles):
                accounts.change_roles(work, self.account.id, roles)
            if self.person.value() != self.account.staff_id:
                accounts.link_staff(work, self.account.id, self.person.value())

        self._do(act, _("The roles of {name} were saved.").format(name=self.account.name))

    def confirm_account(self) -> None:
        """Confirm an account whose password was set."""
        self._do(lambda work: accounts.confirm(work, self.account.id), _("The account was confirmed."))

    def close_account(self) -> None:
        """Close the account after a question."""
        text = _("{name} can no longer sign in. The name stays in the records; a new password opens the account again.")
        if confirm(
            self, _("Close the account?"), text.format(name=self.account.name), _("Close the account"), kind="danger"
        ):
            keys = self.app.home.keys
            self._do(lambda work: accounts.deactivate(work, keys, self.account.id), _("The account was closed."))

    def set_password(self) -> None:
        """Set a first password, told once."""
        password, home = new_password(), self.app.home
        text = _(
            "First password: {password}\nTell it to {name} in person. The security administrator confirms the account before it opens."
        )
        if confirm(self, _("Set a new password?"), text.format(password=password, name=self.account.name), _("Set it")):
            self._do(
                lambda work: accounts.set_password(work, home.keys, home.key, self.account.id, password),
                _("The password was set."),
            )

    def _do(self, act: Any, done: str) -> None:
        try:
            with self.app.work() as work:
                act(work)
        except Invalid as error:
            self.trouble.tell("\n".join(problem.message for problem in error.problems), "warning")
        except Exception as error:
            self.app.show_error(error)
        else:
            self.accept()
            self.app.notify(done)


def _in_line(lines: Any) -> Any:
    """Return the widgets of a vertical layout side by side."""
    line = row(None, 1)
    while item := lines.takeAt(0):
        line.addWidget(item.widget())
    return line
