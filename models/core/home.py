"""Home 福利院: everything one home keeps lies in one folder.

made = Home.create(folder, "青禾儿童福利院", "320102", accounts)   # made.recovery_key: printed once
home = Home.open(folder)
database, actor = home.sign_in("director", password)

home.json       name, region and back end, in the clear because the sign-in window shows them
keys.json       the data key, wrapped once a user          sign_in.json  failed attempts
home.db         the encrypted database (or a server named in home.json)
attachments/    encrypted files        backups/   verified copies        drafts/   unsaved typing
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from models.core import accounts, settings
from models.core.access import SYSTEM, Actor
from models.core.accounts import Account, NewAccount, named, on_own_behalf, password_expired
from models.core.attempts import Attempts
from models.core.database import Database, Work, sqlcipher_engine
from models.core.errors import Invalid, Problem, SignInRefused, Unusable
from models.core.files import read_json, sync_folder, write_json
from models.core.keys import Cost, DataKey, KeyFile, fold_name
from models.core.passwords import password_problem
from models.core.record import new_id
from models.core.server import backend_of, empty_server, server_url
from resources import _

FORMAT = 1
CARD, DATABASE, KEYS, ATTEMPTS = "home.json", "home.db", "keys.json", "sign_in.json"
Clock = Callable[[], datetime]
Progress = Callable[[float, str], None]


def silent(share: float, what: str) -> None:
    """Show no progress."""


@dataclass(frozen=True)
class Created:
    """A home just made, and its recovery key, which exists nowhere else."""

    home: Home
    recovery_key: str


class Home:
    """A home's folder; locked until somebody has signed in.

    Attributes:
        warnings: what was found at signing in that a person should know.
        must_change_password: the person signed in must choose a new password first.
    """

    def __init__(self, folder: Path, card: dict[str, Any], clock: Clock = datetime.now) -> None:
        self.folder, self.card, self.clock = folder, card, clock
        self.id, self.name, self.region = str(card["id"]), str(card["name"]), str(card["region"])
        self.language, self.invented = str(card.get("language", "zh_CN")), bool(card.get("invented"))
        self.keys = KeyFile(folder / KEYS)
        self.attempts = Attempts(folder / ATTEMPTS, clock)
        self.warnings: list[str] = []
        self.must_change_password = False
        self._key: DataKey | None = None

    @property
    def key(self) -> DataKey:
        """The data key.

        Raises:
            SignInRefused: while nobody is signed in.
        """
        if self._key is None:
            raise SignInRefused(_("Please sign in first."))
        return self._key

    @property
    def signed_in(self) -> bool:
        """Whether somebody has signed in and not out again."""
        return self._key is not None

    def hold(self, key: DataKey) -> None:
        """Take the data key in hand, for the program's own work on a home nobody has signed in to."""
        self._key = key

    @property
    def backend(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return "postgresql" if self.card.get("backend_url") else "sqlite"

    @property
    def database_file(self) -> Path:
        """The encrypted database file."""
        return self.folder / DATABASE

    # --- making and opening ---

    @staticmethod
    def default_folder() -> Path:
        """Return the place for a home when none is named: the platform's folder for program data."""
        from platformdirs import user_data_path

        return user_data_path("Qinghe", appauthor=False) / "home"

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether a home lies in a folder."""
        return (folder / CARD).is_file()

    @classmethod
    def open(cls, folder: Path, clock: Clock = datetime.now) -> Home:
        """Open a home's folder; nobody is signed in yet.

        Raises:
            Unusable: when there is no home, or one of a newer program.
        """
        try:
            card = read_json(folder / CARD)
        except FileNotFoundError as error:
            raise Unusable(_("There is no home in this folder: {folder}").format(folder=folder)) from error
        except (ValueError, UnicodeDecodeError) as error:
            raise Unusable(
                _("The file {file} is damaged. Put it back from a backup.").format(file=folder / CARD)
            ) from error
        if not {"format", "id", "name", "region"} <= card.keys():
            raise Unusable(_("The file {file} is damaged. Put it back from a backup.").format(file=folder / CARD))
        if card["format"] != FORMAT:
            raise Unusable(
                _(
                    "This home was made by a newer version of the program. Please update the program; nothing was written."
                )
            )
        return cls(folder, card, clock)

    @classmethod
    def create(
        cls,
        folder: Path,
        name: str,
        region: str,
        first: Sequence[NewAccount],
        *,
        backend_url: str | None = None,
        language: str = "zh_CN",
        invented: bool = False,
        cost: Cost | None = None,
        clock: Clock = datetime.now,
    ) -> Created:
        """Make a home with its first accounts; it appears whole or not at all, and is then unlocked."""
        _check_first(folder, name, first)
        key, part = DataKey.new(), folder.with_name(f".{folder.name}.{token_hex(4)}.part")
        with writable(folder):
            part.mkdir(parents=True)
        try:
            card = {"format": FORMAT, "id": new_id(), "name": name.strip(), "region": region.strip(), "language": language, "invented": invented,
                    "created_at": clock().isoformat(timespec="seconds"), **backend_of(backend_url, key)}  # fmt: skip
            KeyFile.create(part / KEYS, str(card["id"]), cost or Cost())
            made = cls(part, card, clock)
            made.hold(key)
            made._fill(first)
            recovery_key = made.keys.new_recovery_key(key)
            write_json(part / CARD, card)
            _put_in_place(part, folder)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        home = cls(folder, card, clock)
        home.hold(key)
        return Created(home, recovery_key)

    def _fill(self, first: Sequence[NewAccount]) -> None:
        """Make the schema, the settings and the first accounts."""
        database = Database(self._new_engine(), self.clock)
        try:
            database.create_schema()
            with database.work(SYSTEM) as work:
                for name, value in (
                    ("home_name", self.name),
                    ("home_region", self.region),
                    ("language", self.language),
                    ("invented", self.invented),
                ):
                    settings.change(work, name, value)
                for new in first:
                    accounts.create_account(work, self.keys, self.key, new)
        finally:
            database.close()

    def _new_engine(self) -> Any:
        if self.backend == "sqlite":
            return sqlcipher_engine(self.database_file, self.key.raw, create=True)
        return empty_server(server_url(self.card, self.key))

    # --- signing in ---

    def sign_in(self, username: str, password: str, progress: Progress = silent) -> tuple[Database, Actor]:
        """Open the home's database for a person.

        Raises:
            SignInRefused: with the same words for an unknown name and a wrong password.
            Unusable: when the database cannot be opened.
        """
        self._key = self._unwrap(username, password)
        try:
            database = self._opened(username, progress)
            try:
                return database, self._admit(database, username)
            except BaseException:
                database.close()
                raise
        except BaseException:
            self._key = None
            raise

    def _opened(self, username: str, progress: Progress) -> Database:
        """Open the database for someone whose password was right: that it cannot be opened is not held against them."""
        try:
            return self.open_database(progress)
        except Exception:
            self.attempts.succeeded(self.keys.slot(username))
            raise

    def _unwrap(self, username: str, password: str) -> DataKey:
        with writable(self.folder):
            self.attempts.begin(self.keys.slot(username))
        key = self.keys.unwrap(username, password)
        if key is None:
            raise SignInRefused(_("The user name or the password is not right."))
        return key

    def _admit(self, database: Database, username: str) -> Actor:
        refusals = self.attempts.succeeded(self.keys.slot(username))
        with database.read(SYSTEM) as work:
            account = named(work, username)
            known = {self.keys.slot(each.username): each for each in accounts.accounts(work)}
            days = settings.value(work, "password_days")
        if account is None or not account.active:
            raise SignInRefused(_("This account is closed."))
        if account.awaiting_confirmation:
            raise SignInRefused(_("The security administrator must confirm this account first."))
        self.must_change_password = account.must_change_password or password_expired(account, self.clock(), days)
        with database.work(SYSTEM) as work:
            for slot, moment in refusals:
                row = known.get(slot)
                work.record_event(
                    "refused",
                    "Account",
                    row.id if row else "",
                    username=row.username if row else "?",
                    at=moment.isoformat(timespec="seconds"),
                )
        actor = account.actor()
        with database.work(on_own_behalf(actor)) as work:
            accounts.load_account(work, actor.account_id).signed_in_at = work.now
            work.record_event("signed_in", "Account", actor.account_id)
        self.attempts.noted(len(refusals))
        self._look_at_end(database)
        return actor

    def _look_at_end(self, database: Database) -> None:
        """Warn when an older database was put in place of the one last used, and remember where it ends now."""
        from models.core.checking import end_problem, remember_end

        with database.engine.connect() as connection:
            problem = end_problem(self, connection)
            self.warnings = [problem] if problem else []
            if not problem:
                remember_end(self, connection)

    def sign_out(self, database: Database, actor: Actor) -> None:
        """Note the signing out, close the database and forget the key."""
        from models.core.checking import remember_end

        with database.work(on_own_behalf(actor)) as work:
            work.record_event("signed_out", "Account", actor.account_id)
        if not self.warnings:
            with database.engine.connect() as connection:
                remember_end(self, connection)
        database.close()
        self.lock()

    def confirm_password(self, username: str, password: str) -> None:
        """Prove that the person before a locked window is the one who signed in.

        Raises:
            SignInRefused: when the password is wrong, or was too often.
        """
        self._unwrap(username, password)
        self.attempts.succeeded(self.keys.slot(username))

    def change_own_password(self, database: Database, actor: Actor, old: str, new: str) -> None:
        """Change the password of the person signed in."""
        self.confirm_password(actor.username, old)
        _check_password(new, actor.username, old)
        with database.work(on_own_behalf(actor)) as work:
            self._new_password(work, accounts.load_account(work, actor.account_id), new, "changed")
        self.must_change_password = False

    def recover(self, recovery_key: str, username: str, new_password: str) -> None:
        """Give an account a new password by the printed recovery key, when nobody else can.

        Raises:
            SignInRefused: when the key is another home's or there is no such account.
        """
        self.attempts.begin("recovery")
        key = self.keys.recover(recovery_key)
        if key is None:
            raise SignInRefused(_("This recovery key does not belong to this home."))
        self.attempts.succeeded("recovery")
        _check_password(new_password, username)
        self.hold(key)
        database = self.open_database()
        try:
            with database.work(SYSTEM) as work:
                row = named(work, username)
                if row is None or not row.active:
                    raise SignInRefused(_("There is no such account in use."))
                self._new_password(work, row, new_password, "recovered")
        finally:
            database.close()
            self._key = None
        self.attempts.release(self.keys.slot(username))

    def _new_password(self, work: Work, row: Account, password: str, how: str) -> None:
        row.must_change_password = row.awaiting_confirmation = False
        row.password_changed_at = work.now
        work.flush()
        work.record_event("account", "Account", row.id, username=row.username, password=["•", "•"], how=how)
        self.keys.add(row.username, password, self.key)

    def open_database(self, progress: Progress = silent) -> Database:
        """Open the database with the key in hand: look at it first, bring it up to date if it is older."""
        from models.core import opening

        return opening.open_database(self, progress)

    def tell(self, **changes: str) -> None:
        """Let the doorplate (``name``, ``region``) say what the settings say, for the next sign-in window."""
        self.card = {**self.card, **changes}
        self.name, self.region = str(self.card["name"]), str(self.card["region"])
        write_json(self.folder / CARD, self.card)

    def lock(self) -> None:
        """Forget the key."""
        self._key = None


@contextmanager
def writable(folder: Path) -> Iterator[None]:
    """Say in words that a folder cannot be written."""
    try:
        yield
    except OSError as error:
        raise Unusable(
            _("This folder cannot be written: {folder}. Is it full, read-only, or not connected?").format(folder=folder)
        ) from error


def _check_first(folder: Path, name: str, first: Sequence[NewAccount]) -> None:
    """Refuse a folder that is in use, and first accounts with whom the home could not be run."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Unusable(_("This folder is not empty: {folder}. Please choose another one.").format(folder=folder))
    if not name.strip():
        raise Invalid([Problem("name", _("Please fill this in."))])
    for new in first:
        accounts.check_new(new)
    if len({fold_name(new.username) for new in first}) < len(first):
        raise Invalid([Problem("username", _("There is an account of this name already."))])
    for role in ("sysadmin", "secadmin"):
        if not any(role in new.roles for new in first):
            raise Invalid(
                [Problem("roles", _("A home needs at least one system administrator and one security administrator."))]
            )


def _check_password(password: str, username: str, old: str = "") -> None:
    message = password_problem(password, username)
    if not message and password == old:
        message = _("The new password is the old one.")
    if message:
        raise Invalid([Problem("password", message)])


def _put_in_place(part: Path, folder: Path) -> None:
    if folder.exists():
        folder.rmdir()
    part.rename(folder)
    sync_folder(folder.parent)
