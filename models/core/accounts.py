"""Accounts 账号: who may sign in, with which roles — and the three administrators who watch one another (三员分立).

The system administrator makes and closes accounts but gives no roles; the security administrator
gives roles but makes no accounts; the auditor reads what both did. None of them sees a child, none has
another role, nobody changes the own roles, and a password that the system administrator has set opens
nothing until the security administrator has confirmed that account. The rules are checked at the
flush, so that no screen and no function can pass them by.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import JSON, Boolean, DateTime, String, inspect, select
from sqlalchemy.orm import Mapped, mapped_column

from models.core.access import ROLES, Actor
from models.core.database import Work
from models.core.errors import Forbidden, Invalid, Missing, Problem
from models.core.keys import DataKey, KeyFile, fold_name
from models.core.passwords import password_problem
from models.core.record import Base, new_id
from resources import N_, _, table

USERNAME = re.compile(r"[^\W_][\w.\-]{1,39}")


@dataclass(frozen=True)
class NewAccount:
    """One of the first accounts of a new home."""

    username: str
    name: str
    password: str = field(repr=False)
    roles: tuple[str, ...] = ()


@dataclass(frozen=True)
class AccountRow:
    """One account as a list shows it."""

    id: str
    username: str
    name: str
    roles: tuple[str, ...]
    staff_id: str | None
    active: bool
    must_change_password: bool
    awaiting_confirmation: bool
    signed_in_at: datetime | None


class Account(Base):
    """A person who may sign in 账号."""

    title: ClassVar[str] = N_("Account")

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id)
    username: Mapped[str] = mapped_column(String(40), nullable=False, unique=True)
    name: Mapped[str] = mapped_column(String(100), nullable=False)
    roles: Mapped[list[str]] = mapped_column(JSON, nullable=False, default=list)
    staff_id: Mapped[str | None] = mapped_column(String(32), index=True)
    active: Mapped[bool] = mapped_column(Boolean, nullable=False, default=True)
    must_change_password: Mapped[bool] = mapped_column(Boolean, nullable=False, default=True)
    awaiting_confirmation: Mapped[bool] = mapped_column(Boolean, nullable=False, default=False)
    password_changed_at: Mapped[datetime | None] = mapped_column(DateTime)
    signed_in_at: Mapped[datetime | None] = mapped_column(DateTime)
    created_at: Mapped[datetime] = mapped_column(DateTime, nullable=False)

    def guard(self, work: Work) -> None:
        state = inspect(self)
        if self in work.deleted:
            raise Forbidden(_("Accounts are closed, never deleted: their names stand in the records."))
        _check_separation(work, self)
        changed = {each.key for each in state.attrs if each.history.has_changes()}
        if not work.actor.system:
            _check_powers(work.actor, self, changed, new=state.pending)

    def actor(self) -> Actor:
        """Return the person as who this account acts."""
        return Actor(self.id, self.username, self.name, frozenset(self.roles), self.staff_id)


def separated_roles() -> frozenset[str]:
    """Return the roles of the three administrators."""
    return frozenset(row["role"] for row in table("roles.csv") if row["separated"])


def roles_problem(roles: Iterable[str]) -> str:
    """Say what is wrong with roles together, or nothing."""
    wanted, separated = set(roles), separated_roles()
    if any(role not in ROLES for role in wanted):
        return _("Please choose from the list.")
    if wanted & separated and len(wanted) > 1:
        return _("An administrator or auditor has no other role.")
    return ""


def _check_separation(work: Work, account: Account) -> None:
    problem = roles_problem(account.roles or [])
    if problem:
        raise Invalid([Problem("roles", problem)])
    if not account.staff_id or not account.active:
        return
    with work.no_autoflush:
        others = select(Account).where(
            Account.staff_id == account.staff_id, Account.id != account.id, Account.active.is_(True)
        )
        together = {*(account.roles or []), *(role for each in work.scalars(others) for role in each.roles)}
    if roles_problem(together):
        raise Invalid(
            [Problem("roles", _("This person has another account; together they would join what must stay separate."))]
        )


def _check_powers(actor: Actor, account: Account, changed: set[str], *, new: bool) -> None:
    """Refuse what this administrator may not do with this account."""
    own, granting = account.id == actor.account_id, bool(account.roles)
    if "username" in changed and not new:
        raise Forbidden(_("A user name stays as it is: it stands in the records."))
    if own and changed & {"roles", "active", "staff_id", "awaiting_confirmation"}:
        raise Forbidden(_("Nobody changes the own roles or closes the own account."))
    needs_secadmin = ("roles" in changed and (granting or not new)) or (not new and "staff_id" in changed)
    if not new and "awaiting_confirmation" in changed and not account.awaiting_confirmation:
        needs_secadmin = True
    if needs_secadmin and "secadmin" not in actor.roles:
        raise Forbidden(_("Only the security administrator gives roles and confirms accounts."))
    if (new or changed & {"name", "must_change_password", "password_changed_at"}) and "sysadmin" not in actor.roles:
        raise Forbidden(_("Only the system administrator makes accounts and sets passwords."))


def create_account(work: Work, keys: KeyFile, key: DataKey, new: NewAccount, staff_id: str | None = None) -> str:
    """Make an account and return its id.

    The wrap is written before the commit: should that fail, a key without an account opens nothing.
    """
    check_new(new)
    with work.no_autoflush:
        if any(fold_name(each) == fold_name(new.username) for each in work.scalars(select(Account.username))):
            raise Invalid([Problem("username", _("There is an account of this name already."))])
    row = Account(
        id=new_id(), username=new.username.strip(), name=new.name.strip(), roles=sorted(new.roles), staff_id=staff_id or None,
        active=True, must_change_password=not work.actor.system, created_at=work.now, password_changed_at=work.now,
    )  # fmt: skip
    work.add(row)
    work.flush()
    keys.add(row.username, new.password, key)
    work.record_event(
        "account", "Account", row.id, username=[None, row.username], name=[None, row.name], roles=[[], row.roles]
    )
    return row.id


def check_new(new: NewAccount) -> None:
    """Refuse a new account whose name, password or roles cannot be."""
    found = []
    if not USERNAME.fullmatch(new.username.strip()):
        found.append(Problem("username", _("A user name has 2 to 40 letters or digits, without spaces.")))
    if not new.name.strip() or len(new.name.strip()) > 100:
        found.append(Problem("name", _("Please fill this in.")))
    for name, message in (
        ("password", password_problem(new.password, new.username)),
        ("roles", roles_problem(new.roles)),
    ):
        if message:
            found.append(Problem(name, message))
    if found:
        raise Invalid(found)


def change_roles(work: Work, account_id: str, roles: Iterable[str]) -> None:
    """Give an account these roles instead of the ones it has."""
    row = load_account(work, account_id)
    old, row.roles = row.roles, sorted(set(roles))
    _keep_administrators(work, row, old)
    _changed(work, row, roles=[old, row.roles])


def link_staff(work: Work, account_id: str, staff_id: str | None) -> None:
    """Say which member of staff signs in with an account, and so whose children it sees."""
    row = load_account(work, account_id)
    old, row.staff_id = row.staff_id, staff_id or None
    _changed(work, row, staff_id=[old, row.staff_id])


def confirm(work: Work, account_id: str) -> None:
    """Confirm an account whose password the system administrator has set."""
    row = load_account(work, account_id)
    row.awaiting_confirmation = False
    _changed(work, row, confirmed=[False, True])


def set_password(work: Work, keys: KeyFile, key: DataKey, account_id: str, password: str) -> None:
    """Set a new first password, also to open a closed account again; its person must change it at once."""
    row = load_account(work, account_id)
    message = password_problem(password, row.username)
    if message:
        raise Invalid([Problem("password", message)])
    if row.id == work.actor.account_id:
        raise Forbidden(_("Change your own password with the old one."))
    row.must_change_password, row.active, row.password_changed_at = True, True, work.now
    row.awaiting_confirmation = row.awaiting_confirmation or (bool(row.roles) and not work.actor.system)
    _changed(work, row, password=["•", "•"])
    keys.add(row.username, password, key)


def deactivate(work: Work, keys: KeyFile, account_id: str) -> None:
    """Close an account: its wrap of the key is deleted first, its name stays in the records."""
    row = load_account(work, account_id)
    row.active = False
    _keep_administrators(work, row, row.roles)
    _changed(work, row, active=[True, False])
    keys.remove(row.username)


def accounts(work: Work) -> list[AccountRow]:
    """Return all accounts, by name."""
    names = [each for each in AccountRow.__dataclass_fields__ if each != "roles"]
    rows = work.scalars(select(Account).order_by(Account.username))
    return [AccountRow(roles=tuple(row.roles), **{name: getattr(row, name) for name in names}) for row in rows]


def load_account(work: Work, account_id: str) -> Account:
    """Return one account.

    Raises:
        Missing: when it is not there, or not for this person.
    """
    found = work.scalar(select(Account).where(Account.id == account_id))
    if found is None:
        raise Missing(_("This record is not there, or it is not entrusted to you."))
    return found


def named(work: Work, username: str) -> Account | None:
    """Return the account of a user name, however it was typed."""
    wanted = fold_name(username)
    return next((each for each in work.scalars(select(Account)) if fold_name(each.username) == wanted), None)


def password_expired(account: Account, now: datetime, days: int) -> bool:
    """Whether a password has been in use for too long."""
    return bool(days and account.password_changed_at and now - account.password_changed_at > timedelta(days=days))


def on_own_behalf(actor: Actor) -> Actor:
    """Return the person as the program acts for them in their own affairs (own password, signing in)."""
    return replace(actor, system=True)


def _keep_administrators(work: Work, row: Account, before: list[str]) -> None:
    """Refuse to lose the last system or security administrator: nobody could appoint a new one."""
    lost = set(before) & {"sysadmin", "secadmin"} - (set(row.roles) if row.active else set())
    with work.no_autoflush:
        others = [each for each in work.scalars(select(Account).where(Account.active.is_(True))) if each.id != row.id]
    for role in lost:
        if not any(role in each.roles for each in others):
            raise Forbidden(_("The last {role} cannot go; appoint another one first.").format(role=ROLES.label(role)))


def _changed(work: Work, row: Account, **details: Any) -> None:
    work.flush()
    work.record_event("account", "Account", row.id, username=row.username, **details)
