"""Restore 还原: into a new place only, after the backup was verified, and saying what would be lost by going back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from sqlalchemy import func, select

from models.core import opening
from models.core.access import SYSTEM
from models.core.audit import AuditEntry
from models.core.backup import Manifest, copy_attachment, explaining, read_manifest, verify
from models.core.database import Database
from models.core.errors import SignInRefused, Unusable
from models.core.files import read_json, sync_file, sync_folder, write_json
from models.core.home import CARD, DATABASE, KEYS, Home, Progress, silent
from models.core.keys import DataKey, KeyFile
from models.core.record import record_type
from models.core.server import backend_of
from resources import _

Unlock = Callable[[KeyFile], DataKey | None]
"""Makes the data key out of a backup's key file, or returns None."""


@dataclass(frozen=True)
class Loss:
    """What the present home has and the backup has not: records by type, the newest change, and whether both are one trail."""

    records: tuple[tuple[str, int], ...]
    entries: int
    since: datetime
    same_trail: bool = True


@dataclass(frozen=True)
class Restored:
    """A home restored into a new folder."""

    folder: Path
    manifest: Manifest
    missing_files: tuple[str, ...]


def by_password(username: str, password: str) -> Unlock:
    """Unlock a backup with a password of the time when it was made."""
    return lambda keys: keys.unwrap(username, password)


def by_recovery_key(recovery_key: str) -> Unlock:
    """Unlock a backup with the printed recovery key."""
    return lambda keys: keys.recover(recovery_key)


def by_key(key: DataKey) -> Unlock:
    """Unlock a backup with the key of the home that is open."""
    return lambda _keys: key


def would_be_lost(database: Database, manifest: Manifest) -> Loss:
    """Say what the present home has that a backup has not, by the audit trail."""
    sequence, digest = manifest.audit
    later = (
        AuditEntry.sequence > sequence,
        AuditEntry.event.in_(("created", "changed", "step", "binned", "restored", "bulk")),
    )
    with database.read(SYSTEM) as work:
        known = work.scalar(select(AuditEntry.hash).where(AuditEntry.sequence == sequence))
        by_type = (
            select(AuditEntry.type_name, func.count(AuditEntry.record_id.distinct()))
            .where(*later)
            .group_by(AuditEntry.type_name)
        )
        counted = [(_titles(name), number) for name, number in work.execute(by_type)]
        entries = work.scalar(select(func.count(AuditEntry.sequence)).where(*later)) or 0
    return Loss(tuple(sorted(counted)), entries, manifest.moment, same_trail=sequence == 0 or known == digest)


def _titles(type_name: str) -> str:
    try:
        return _(record_type(type_name).titles)
    except KeyError:
        return _("other entries")


def restore(
    source: Path, folder: Path, unlock: Unlock, *, server_url: str | None = None, progress: Progress = silent
) -> Restored:
    """Make a home out of a backup in a new folder; the backup and the present home stay as they are.

    Args:
        server_url: for a backup of a server, the empty database into which it goes.

    Raises:
        SignInRefused: when the password or recovery key does not open the backup.
        Unusable: when the backup is not in order, or the folder is not empty.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Unusable(_("This folder is not empty: {folder}. Please choose another one.").format(folder=folder))
    read_manifest(source)
    key = unlock(KeyFile(source / KEYS))
    if key is None:
        raise SignInRefused(_("The user name or the password is not right."))
    progress(0.1, _("Verifying the backup"))
    manifest = verify(source, key)
    part = folder.with_name(f".{folder.name}.{token_hex(4)}.part")
    part.mkdir(parents=True)
    try:
        with explaining(part):
            progress(0.4, _("Restoring the database"))
            _restore_into(part, source, manifest, key, server_url)
            progress(0.7, _("Restoring attachments"))
            missing = tuple(each for each in manifest.files if not copy_attachment(source.parent, part, key, each))
            if folder.exists():
                folder.rmdir()
            sync_folder(part)
            part.rename(folder)
            sync_folder(folder.parent)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    _note(folder, key, manifest)
    progress(1.0, "")
    return Restored(folder, manifest, missing)


def _restore_into(part: Path, source: Path, manifest: Manifest, key: DataKey, server_url: str | None) -> None:
    shutil.copyfile(source / KEYS, part / KEYS)
    card = _card(read_json(source / CARD), manifest, key, server_url)
    if manifest.backend == "sqlite":
        shutil.copyfile(source / DATABASE, part / DATABASE)
        sync_file(part / DATABASE)
    else:
        _restore_server(source, manifest, key, str(server_url))
    sync_file(part / KEYS)
    write_json(part / CARD, card)


def _card(card: dict[str, Any], manifest: Manifest, key: DataKey, server_url: str | None) -> dict[str, Any]:
    if manifest.backend == "sqlite":
        return card
    if not server_url:
        raise Unusable(_("This backup is of a server; please name an empty database on a server for it."))
    return {
        **{name: value for name, value in card.items() if not name.startswith("backend_")},
        **backend_of(server_url, key),
    }


def _restore_server(source: Path, manifest: Manifest, key: DataKey, url: str) -> None:
    from models.core.backup_server import load_dump
    from models.core.server import empty_server

    engine = empty_server(url)
    try:
        load_dump(source / str(manifest.database["name"]), manifest, key, engine)
        with engine.connect() as connection:
            if opening.counts(connection) != manifest.counts:
                raise Unusable(
                    _("The backup did not arrive whole on the server; please empty that database and try again.")
                )
    finally:
        engine.dispose()


def _note(folder: Path, key: DataKey, manifest: Manifest) -> None:
    """Write into the restored home's trail that it was restored, and from when."""
    home = Home.open(folder)
    home.hold(key)
    database = home.open_database()
    try:
        with database.work(SYSTEM) as work:
            work.record_event("restore", backup_of=manifest.at)
    finally:
        database.close()
        home.lock()
