"""Command line 命令行: the room without a window — every command that ``main.py`` understands."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resources import _

if TYPE_CHECKING:
    from models.core.access import Actor
    from models.core.database import Database
    from models.core.home import Home

DONE, REFUSED, USAGE, NOT_SIGNED_IN, UNUSABLE, INTERRUPTED = 0, 1, 2, 3, 4, 130
"""The exit codes, as ``main.py --help`` explains them."""
ACTS_AS = "director"


def code_for(error: Exception) -> int | None:
    """Return the exit code of a refusal, or None for a fault of the program."""
    from models.core.errors import Refused, SignInRefused, Unusable

    if not isinstance(error, Refused):
        return None
    return NOT_SIGNED_IN if isinstance(error, SignInRefused) else UNUSABLE if isinstance(error, Unusable) else REFUSED


# --- telling and asking ---


def say(text: str) -> None:
    """Tell something beside the result."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def progress() -> Iterator[Callable[[float, str], None]]:
    """Show progress on stderr: one line that changes on a terminal, a line every few seconds elsewhere."""
    terminal, last = sys.stderr.isatty(), time.monotonic()

    def show(share: float, what: str) -> None:
        nonlocal last
        if terminal:
            print(f"\r\033[K{share:4.0%} {what}", end="", file=sys.stderr, flush=True)
        elif time.monotonic() - last > 5:
            last = time.monotonic()
            say(f"{share:4.0%} {what}")

    try:
        yield show
    finally:
        if terminal:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def username() -> str:
    """Return who acts."""
    return os.environ.get("QINGHE_USER") or ACTS_AS


def password(question: str) -> str:
    """Return the password from the environment or from a prompt, never from an argument.

    Raises:
        SignInRefused: when there is none and nobody to ask.
    """
    if given := os.environ.get("QINGHE_PASSWORD"):
        return given
    return ask(question)


def ask(question: str) -> str:
    """Ask for a secret at the terminal."""
    from getpass import getpass

    from models.core.errors import SignInRefused

    if not sys.stdin.isatty():
        raise SignInRefused(_("There is no password: set QINGHE_PASSWORD, or use a terminal."))
    return getpass(question)


def default_home() -> Path:
    """Return the home's folder when ``--home`` names none."""
    from platformdirs import user_data_path

    return user_data_path("Qinghe", appauthor=False) / "home"


def folder_of(options: argparse.Namespace) -> Path:
    """Return the home's folder."""
    return Path(options.home).absolute() if options.home else default_home()


@contextmanager
def signed_in(options: argparse.Namespace) -> Iterator[tuple[Home, Database, Actor]]:
    """Open the home for whoever acts, and sign out in the end."""
    import models  # noqa: F401 (every record type)
    from models.core.home import Home
    from models.scales import use_home_scales

    home = Home.open(folder_of(options))
    use_home_scales(home.folder / "scales")
    with progress() as show:
        database, actor = home.sign_in(username(), password(_("Password of {name}: ").format(name=username())), show)
    for warning in home.warnings:
        say(warning)
    try:
        yield home, database, actor
    finally:
        home.sign_out(database, actor)


def remember_language(folder: Path, language: str) -> None:
    """Let the window of this workstation speak a language."""
    from ui.preferences import Preferences

    if folder.exists():
        Preferences(folder / "desk.json").set("language", language)


# --- commands ---


def demo(options: argparse.Namespace) -> int:
    """Make the invented home."""
    import models  # noqa: F401 (every record type)
    from models.demo_making import USERNAMES, make_demo_home

    if options.children < 1 or options.months < 1:
        say(_("At least one child and one month, please."))
        return USAGE
    given = os.environ.get("QINGHE_PASSWORD", "")
    folder = folder_of(options)
    with progress() as show:
        made = make_demo_home(
            folder, children=options.children, months=options.months, seed=options.seed, password=given,
            server_url=options.server, today=options.today, progress=lambda share, _part: show(share, _("Inventing the home")),
        )  # fmt: skip
    print(_("An invented home was made in {folder}").format(folder=folder))
    print(_("Accounts: {names}").format(names=" ".join(USERNAMES)))
    if not given:
        from ui.preferences import Preferences

        Preferences(folder / "desk.json").set("demo.password", made.password)
        print(_("Password of all: {password}").format(password=made.password))
    return DONE


def export(options: argparse.Namespace) -> int:
    """Write a list as a file."""
    import models  # noqa: F401 (every record type)
    from models.core import exchange

    kind = named_type(options.type)
    if kind is None:
        return USAGE
    if options.out.suffix.lower() not in (".xlsx", ".csv"):
        say(_("Only .xlsx and .csv files can be written."))
        return USAGE
    with signed_in(options) as (_home, database, actor):
        with database.work(actor) as work:
            listing = exchange.taken_out(work, kind, search=options.search)
        exchange.write(listing, options.out)
    print(_("{n} rows: {file}").format(n=len(listing.rows), file=options.out))
    return DONE


def named_type(name: str) -> Any:
    """Return a record type by its name or title, else tell all of them."""
    from models.core.record import record_types

    wanted = name.casefold()
    for kind in record_types():
        if wanted in {
            word.casefold() for word in (kind.__name__, kind.__tablename__, kind.title, _(kind.title), _(kind.titles))
        }:
            return kind
    say(_("There is no record type {name}. There are:").format(name=name))
    for kind in record_types():
        say(f"  {kind.__name__:22} {_(kind.titles)}")
    return None


def import_children(options: argparse.Namespace) -> int:
    """Take children over from a roster."""
    from models import exchange_children as roster
    from models.core.files import write_whole

    with signed_in(options) as (_home, database, actor):
        made = roster.import_children(
            database, actor, options.file, valid_only=options.valid_only, dry_run=options.dry_run
        )
    for problem in made.problems:
        say(_("{place}: {message}").format(place=made.place_of(problem), message=problem.message))
    if options.marked:
        write_whole(options.marked, roster.marked_workbook(made))
    print(_("{n} rows read, {m} in order, {k} taken over.").format(n=len(made.rows), m=made.valid, k=made.imported))
    finished = made.imported > 0 or (options.dry_run and made.rows)
    return DONE if finished and not made.refused else REFUSED


def back_up(options: argparse.Namespace) -> int:
    """Make a backup, here and in a second place."""
    from models.core.backup import backup, copy_elsewhere

    with signed_in(options) as (home, database, actor):
        may_keep_safe(actor)
        with progress() as show:
            made = backup(home, database, progress=show)
        print(made)
        if options.to:
            print(copy_elsewhere(made, options.to, home.key))
    return DONE


def may_keep_safe(actor: Actor) -> None:
    """Refuse whoever has nothing to do with the safekeeping of the home."""
    from models.core.errors import Forbidden

    if not actor.may("edit", "Setting"):
        raise Forbidden(_("Your roles do not allow this: {what}.").format(what=_("Backup and check")))


def restore_backup(options: argparse.Namespace) -> int:
    """Make a home out of a backup, or show which backups there are."""
    import models  # noqa: F401 (every record type)
    from models.core import restore as restoring
    from models.core.backup import FOLDER, backups

    found = backups(folder_of(options) / FOLDER)
    if options.backup is None:
        for each in found:
            print(f"{each.manifest.at}  {each.path}")
        return DONE if found else REFUSED
    source = found[0].path if options.backup == "latest" and found else Path(options.backup)
    target = options.to or folder_of(options).with_name(f"{folder_of(options).name}-{source.name}")
    if options.recovery_key:
        unlock = restoring.by_recovery_key(os.environ.get("QINGHE_RECOVERY_KEY") or ask(_("Recovery key: ")))
    else:
        unlock = restoring.by_password(username(), password(_("Password of {name}: ").format(name=username())))
    with progress() as show:
        made = restoring.restore(source, target.absolute(), unlock, server_url=options.server, progress=show)
    print(_("Restored as of {moment}: {folder}").format(moment=made.manifest.at.replace("T", " "), folder=made.folder))
    if made.missing_files:
        say(_("{n} attachments are missing in this backup.").format(n=len(made.missing_files)))
    tell_loss(options, made.manifest)
    return REFUSED if made.missing_files else DONE


def tell_loss(options: argparse.Namespace, manifest: Any) -> None:
    """Say what the present home has that the restored one has not, when the present one opens."""
    from models.core.errors import Refused
    from models.core.restore import would_be_lost

    try:
        with signed_in(options) as (_home, database, _actor):
            loss = would_be_lost(database, manifest)
    except Refused as error:
        say(_("The present home could not be compared: {reason}").format(reason=error))
        return
    if not loss.same_trail:
        say(_("The present home and this backup have different histories."))
    if loss.entries:
        say(_("Going back would lose what was recorded since:"))
    for title, number in loss.records:
        say(f"  {title}: {number}")


def check_home(options: argparse.Namespace) -> int:
    """Check everything and tell what is not in order."""
    from models.core.checking import check

    with signed_in(options) as (home, database, actor):
        if not actor.may("read", "AuditEntry"):
            may_keep_safe(actor)
        with progress() as show:
            found = check(home, database, show)
    for finding in found:
        print(("! " if finding.grave else "  ") + finding.text)
    if not found:
        print(_("Everything is in order: database, references, audit trail, schema, attachments, keys."))
    return REFUSED if any(finding.grave for finding in found) else DONE
