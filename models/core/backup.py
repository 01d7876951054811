"""Backup 备份: a copy counts only after it was opened again with the key and found whole.

A backup is a folder named after its moment: the database (a vacuumed encrypted file, or a sealed dump of the
server), the key file, and a manifest sealed by the data key. Attachments lie once beside all backups,
under their hashes. Nothing in it can be read without a password of the home.

    made = backup(home, database)
    report = restore(made, new_folder, …)          # models.core.restore
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from models.core import attachments, audit, cipher_file, migrations, opening
from models.core.access import SYSTEM
from models.core.attachments import StoredFile
from models.core.database import Database
from models.core.errors import Unusable
from models.core.files import patiently, read_json, sync_file, sync_folder, write_json
from models.core.home import CARD, DATABASE, KEYS, Home, Progress, silent
from models.core.keys import DataKey
from models.core.version import VERSION
from resources import _

FOLDER, MANIFEST, DUMP = "backups", "manifest.json", "home.dump"
STAMP = "%Y%m%d-%H%M%S"


@dataclass(frozen=True)
class Manifest:
    """What a backup says about itself.

    Attributes:
        counts: rows a table.
        audit: sequence and hash of the last audit entry, an anchor against a trail cut off later.
        faults: places where the audit trail was already broken.
        files, missing: hashes of the attachments, and of those that were not there any more.
        database: name, size and SHA-256 of the database's copy; ``dump`` names a server dump's format.
    """

    home: str
    home_name: str
    at: str
    program: str
    schema: str
    backend: str
    counts: dict[str, int]
    audit: tuple[int, str]
    database: dict[str, Any]
    files: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    faults: tuple[int, ...] = ()
    format: int = 1

    @property
    def moment(self) -> datetime:
        """When the backup was made."""
        return datetime.fromisoformat(self.at)


@dataclass(frozen=True)
class Found:
    """A backup in a folder, as a list shows it; it is verified when it is used."""

    path: Path
    manifest: Manifest = field(repr=False)


def backup(home: Home, database: Database, place: Path | None = None, progress: Progress = silent) -> Path:
    """Make and verify a backup; return its folder.

    Raises:
        Unusable: when there is no room, or the copy did not pass its verification; an earlier one stays.
    """
    place = place or home.folder / FOLDER
    with explaining(place):
        place.mkdir(parents=True, exist_ok=True)
        part = place / f".{token_hex(4)}.part"
        part.mkdir()
    earlier = newest(place)
    try:
        with explaining(place):
            progress(0.1, _("Copying the database"))
            manifest = _copied(home, database, part, earlier.manifest if earlier else None)
            progress(0.6, _("Copying attachments"))
            manifest = _with_attachments(home, manifest, place)
            for name in (KEYS, CARD):
                shutil.copyfile(home.folder / name, part / name)
                sync_file(part / name)
            write_json(part / MANIFEST, signed(manifest, home.key))
            made = _put_in_place(part, place, manifest.moment)
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise
    with database.work(SYSTEM) as work:
        work.record_event("backup", backup=made.name, faults=list(manifest.faults))
    progress(1.0, "")
    return made


@contextmanager
def explaining(place: Path) -> Iterator[None]:
    """Say in words that a disk is full or cannot be written."""
    try:
        yield
    except (OSError, DBAPIError) as error:
        free = shutil.disk_usage(place).free // 1_000_000 if place.exists() else 0
        raise Unusable(
            _("The backup could not be written to {place} ({n} MB free there). Earlier backups are untouched.").format(
                place=place, n=free
            )
        ) from error


def _copied(home: Home, database: Database, part: Path, earlier: Manifest | None) -> Manifest:
    if database.dialect == "postgresql":
        from models.core.backup_server import dumped

        return dumped(home, database, part, earlier)
    raw = database.engine.raw_connection()
    try:
        raw.driver_connection.execute("VACUUM INTO ?", (str(part / DATABASE),))  # type: ignore[union-attr] # a live connection
    finally:
        raw.close()
    sync_file(part / DATABASE)
    manifest = read_copy(part / DATABASE, home.key, earlier)
    told = {"name": DATABASE, "size": (part / DATABASE).stat().st_size, "sha256": sha256_of(part / DATABASE)}
    return _complete(home, database, manifest, told)


def _complete(home: Home, database: Database, found: dict[str, Any], told: dict[str, Any]) -> Manifest:
    at = database.clock().isoformat(timespec="seconds")
    return Manifest(
        home=home.id, home_name=home.name, at=at, program=VERSION, backend=home.backend, database=told, **found
    )


def read_copy(file: Path, key: DataKey, earlier: Manifest | None = None) -> dict[str, Any]:
    """Open a copied database file with the key, check every page of it, and return what a manifest needs.

    Raises:
        Unusable: when any page is damaged.
    """
    cipher_file.examine(file, key.raw)
    if cipher_file.damaged_pages(file, key.raw):
        raise Unusable(_("This copy is damaged and does not count as a backup."))
    engine = opening.read_only_engine(file, key.raw)
    try:
        with engine.connect() as connection:
            if connection.execute(text("PRAGMA integrity_check")).scalar_one() != "ok":
                raise Unusable(_("This copy is damaged and does not count as a backup."))
            return described(connection, earlier)
    except DBAPIError as error:
        raise Unusable(_("This copy is damaged and does not count as a backup.")) from error
    finally:
        engine.dispose()


def described(connection: Connection, earlier: Manifest | None) -> dict[str, Any]:
    """Return schema, counts, audit head and attachments of a database, as a manifest holds them."""
    schema = migrations.version_of(connection)
    head = audit.head_of(connection)
    faults = [fault.sequence for fault in audit.verify(connection, _known_head(connection, earlier))]
    files = tuple(sorted(connection.scalars(select(StoredFile.__table__.c.hash))))
    return {
        "schema": schema,
        "counts": opening.counts(connection),
        "audit": head,
        "faults": tuple(faults),
        "files": files,
    }


def _known_head(connection: Connection, earlier: Manifest | None) -> tuple[int, str]:
    """Return the head of an earlier backup when the trail still passes through it: all before is verified."""
    entry = audit.AuditEntry.__table__
    if earlier is None or earlier.faults:
        return 0, audit.GENESIS
    sequence, digest = earlier.audit
    found = connection.scalar(select(entry.c.hash).where(entry.c.sequence == sequence))
    return (sequence, digest) if found == digest else (0, audit.GENESIS)


def _with_attachments(home: Home, manifest: Manifest, place: Path) -> Manifest:
    missing = [digest for digest in manifest.files if not copy_attachment(home.folder, place, home.key, digest)]
    return Manifest(**{**asdict(manifest), "missing": tuple(missing)})


def copy_attachment(source: Path, target: Path, key: DataKey, digest: str) -> bool:
    """Copy one attachment that is not there yet; return whether it is there, whole."""
    copy, original = attachments.place(target, digest), attachments.place(source, digest)
    if copy.exists():
        return True
    if not original.exists():
        return False
    copy.parent.mkdir(parents=True, exist_ok=True)
    part = copy.with_name(f".{copy.name}.part")
    shutil.copyfile(original, part)
    sync_file(part)
    patiently(lambda: part.replace(copy))
    sync_folder(copy.parent)
    if not attachments.is_sound(target, key, digest):
        copy.unlink()
        return False
    return True


def _put_in_place(part: Path, place: Path, moment: datetime) -> Path:
    sync_folder(part)
    made, number = place / moment.strftime(STAMP), 1
    while made.exists():
        number += 1
        made = place / f"{moment.strftime(STAMP)}-{number}"
    patiently(lambda: part.rename(made))
    sync_folder(place)
    return made


# --- reading backups ---


def signed(manifest: Manifest, key: DataKey) -> dict[str, Any]:
    """Return a manifest with its seal, as it is written."""
    content = asdict(manifest)
    return {**content, "seal": key.mark("manifest", _canonical(content))}


def _canonical(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False, sort_keys=True).encode()


def read_manifest(path: Path) -> tuple[Manifest, str]:
    """Return a backup's manifest and seal.

    Raises:
        Unusable: when this is no backup, or one of a newer program.
    """
    try:
        content = read_json(path / MANIFEST)
        seal = str(content.pop("seal"))
        if content.get("format") != 1:
            raise Unusable(
                _(
                    "This backup was made by a newer version of the program. Please update the program; nothing was written."
                )
            )
        made = Manifest(**content)
        lists = {name: tuple(getattr(made, name)) for name in ("audit", "files", "missing", "faults")}
        return Manifest(**{**asdict(made), **lists}), seal
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Unusable(_("This is not a backup of this program: {path}").format(path=path)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise Unusable(_("The manifest of this backup is damaged: {path}").format(path=path)) from error


def backups(place: Path) -> list[Found]:
    """Return the backups in a folder, the newest first."""
    found = []
    for path in place.glob("[0-9]*-*"):
        try:
            found.append(Found(path, read_manifest(path)[0]))
        except Unusable:
            continue
    return sorted(found, key=lambda each: (each.manifest.at, each.path.name), reverse=True)


def newest(place: Path) -> Found | None:
    """Return the newest backup in a folder, without reading the others."""
    for path in sorted(place.glob("[0-9]*-*"), reverse=True):
        try:
            return Found(path, read_manifest(path)[0])
        except Unusable:
            continue
    return None


def verify(path: Path, key: DataKey) -> Manifest:
    """Prove that a backup is whole and this home's; nothing is written.

    Raises:
        Unusable: saying what is wrong with it.
    """
    manifest, seal = read_manifest(path)
    if key.mark("manifest", _canonical(asdict(manifest))) != seal:
        raise Unusable(_("This backup belongs to another home, or its manifest was changed. Nothing was written."))
    migrations.is_older(manifest.schema)
    file = path / str(manifest.database["name"])
    _check_size(file, manifest)
    if manifest.backend == "sqlite":
        found = read_copy(file, key)
        if found["counts"] != manifest.counts or tuple(found["audit"]) != manifest.audit:
            raise Unusable(_("This backup is damaged: its database is not the one it was made with."))
    else:
        from models.core.backup_server import check_dump

        check_dump(file, manifest, key)
    return manifest


def _check_size(file: Path, manifest: Manifest) -> None:
    if not file.exists():
        raise Unusable(_("This backup is incomplete: the file {name} is missing.").format(name=file.name))
    size = file.stat().st_size
    if size == 0:
        raise Unusable(_("This backup is damaged: the file {name} is empty.").format(name=file.name))
    if size < manifest.database["size"]:
        raise Unusable(_("This backup is damaged: the file {name} is cut off.").format(name=file.name))
    if sha256_of(file) != manifest.database["sha256"]:
        raise Unusable(_("This backup is damaged: the file {name} was changed.").format(name=file.name))


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of a file."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def copy_elsewhere(made: Path, place: Path, key: DataKey) -> Path:
    """Copy a backup to a second place (another disk) and verify it there.

    Raises:
        Unusable: when that place cannot be written, or the copy did not arrive whole.
    """
    manifest, _seal = read_manifest(made)
    with explaining(place):
        place.mkdir(parents=True, exist_ok=True)
        if (place / made.name).exists():
            return place / made.name
        part = place / f".{token_hex(4)}.part"
        try:
            shutil.copytree(made, part)
            for file in part.iterdir():
                sync_file(file)
            verify(part, key)
            for digest in manifest.files:
                copy_attachment(made.parent, place, key, digest)
            patiently(lambda: part.rename(place / made.name))
        finally:
            shutil.rmtree(part, ignore_errors=True)
    return place / made.name
