"""Checking 检查: is the home whole — file, references, audit trail, schema, attachments, keys?

for finding in check(home, database): print(finding.text)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from models.core import accounts, attachments, audit, migrations
from models.core.access import SYSTEM
from models.core.attachments import StoredFile
from models.core.database import Database
from models.core.files import read_json, write_json
from models.core.home import Home, Progress, silent
from models.core.record import Base
from resources import N_, _

ANCHOR = "anchor.json"


@dataclass(frozen=True)
class Finding:
    """One thing that is not in order; ``grave`` when something may be lost or was tampered with."""

    part: str
    text: str
    grave: bool = True


@dataclass(frozen=True)
class Step:
    """One part of the check."""

    name: str
    label: str
    look: Callable[[Home, Database], Iterator[Finding]]


def check(home: Home, database: Database, progress: Progress = silent) -> list[Finding]:
    """Look at everything and return what is not in order."""
    found: list[Finding] = []
    for index, step in enumerate(STEPS):
        progress(index / len(STEPS), _(step.label))
        try:
            found.extend(step.look(home, database))
        except DBAPIError as error:
            found.append(Finding(step.name, _("The database cannot be read here: {reason}").format(reason=error.orig)))
    progress(1.0, "")
    return found


def _file(home: Home, database: Database) -> Iterator[Finding]:
    with database.engine.connect() as connection:
        if database.dialect == "postgresql":
            yield from _server(connection)
            return
    raw = database.engine.raw_connection()
    try:
        # Pages torn by a power failure are healed by the log, so the log goes into the file first.
        raw.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()  # type: ignore[union-attr] # live
    finally:
        raw.close()
    with database.engine.connect() as connection:
        for row in connection.execute(text("PRAGMA cipher_integrity_check")):
            yield Finding("file", _("A page of the database file was damaged: {reason}").format(reason=row[0]))
        for row in connection.execute(text("PRAGMA integrity_check")):
            if row[0] != "ok":
                yield Finding("file", _("The database is damaged inside: {reason}").format(reason=row[0]))


def _server(connection: Connection) -> Iterator[Finding]:
    """Read every row once, and let the server check its indexes where it can."""
    for table in Base.metadata.sorted_tables:
        connection.execute(select(func.count()).select_from(table)).scalar_one()
    if connection.execute(text("SELECT count(*) FROM pg_extension WHERE extname = 'amcheck'")).scalar_one():
        connection.execute(
            text(
                "SELECT bt_index_check(c.oid) FROM pg_class c JOIN pg_am a ON a.oid = c.relam JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE c.relkind = 'i' AND a.amname = 'btree' AND n.nspname = current_schema()"
            )
        ).all()
    for row in connection.execute(text("SELECT conname FROM pg_constraint WHERE NOT convalidated")):
        yield Finding("file", _("A rule of the database is not enforced: {name}").format(name=row[0]))


def _references(home: Home, database: Database) -> Iterator[Finding]:
    """Find rows that refer to nothing; a server never lets that happen."""
    if database.dialect != "sqlite":
        return
    with database.engine.connect() as connection:
        for row in connection.execute(text("PRAGMA foreign_key_check")):
            yield Finding(
                "references", _("A row of {table} refers to a record that is not there.").format(table=row[0])
            )


def _trail(home: Home, database: Database) -> Iterator[Finding]:
    with database.engine.connect() as connection:
        for fault in audit.verify(connection):
            yield Finding("trail", _("Audit trail, entry {n}: {what}.").format(n=fault.sequence, what=_(fault.what)))
        problem = end_problem(home, connection)
    if problem:
        yield Finding("trail", problem)


def _schema(home: Home, database: Database) -> Iterator[Finding]:
    with database.engine.connect() as connection:
        version = migrations.version_of(connection)
        if version != migrations.newest():
            yield Finding(
                "schema",
                _("The schema is of version {a}, the program of {b}.").format(a=version, b=migrations.newest()),
            )
        there = set(inspect(connection).get_table_names())
        for name in migrations.missing_triggers(connection):
            yield Finding("schema", _("A rule of the database is missing: {name}").format(name=name))
    for table in Base.metadata.tables:
        if table not in there:
            yield Finding("schema", _("The table {table} is missing.").format(table=table))


def _attachments(home: Home, database: Database) -> Iterator[Finding]:
    with database.read(SYSTEM) as work:
        named = {each.hash: each.name for each in work.scalars(select(StoredFile))}
    for digest, name in named.items():
        if not attachments.place(home.folder, digest).exists():
            yield Finding("attachments", _("The attachment “{name}” is missing.").format(name=name))
        elif not attachments.is_sound(home.folder, home.key, digest):
            yield Finding("attachments", _("The attachment “{name}” was damaged.").format(name=name))
    stray = attachments.stored_hashes(home.folder) - named.keys()
    if stray:
        yield Finding("attachments", _("{n} stored files belong to no record.").format(n=len(stray)), grave=False)


def _keys(home: Home, database: Database) -> Iterator[Finding]:
    with database.read(SYSTEM) as work:
        rows = accounts.accounts(work)
    able = home.keys.slots()
    for row in rows:
        if row.active and home.keys.slot(row.username) not in able:
            yield Finding(
                "keys",
                _("The account {name} has no key; a new password mends that.").format(name=row.username),
                grave=False,
            )
    strangers = able - {home.keys.slot(row.username) for row in rows if row.active}
    if strangers:
        yield Finding("keys", _("{n} keys belong to no account in use.").format(n=len(strangers)))


STEPS = (
    Step("file", N_("Database file"), _file),
    Step("references", N_("References between records"), _references),
    Step("trail", N_("Audit trail"), _trail),
    Step("schema", N_("Schema"), _schema),
    Step("attachments", N_("Attachments"), _attachments),
    Step("keys", N_("Keys"), _keys),
)


def remember_end(home: Home, connection: Connection) -> None:
    """Note outside the database where the audit trail ends, so that an older file put back is noticed."""
    sequence, digest = audit.head_of(connection)
    seal = home.key.mark("anchor", f"{sequence}/{digest}".encode())
    write_json(home.folder / ANCHOR, {"sequence": sequence, "hash": digest, "seal": seal})


def end_problem(home: Home, connection: Connection) -> str:
    """Say when the audit trail no longer passes through the place noted last."""
    try:
        noted = read_json(home.folder / ANCHOR)
        sequence, digest = int(noted["sequence"]), str(noted["hash"])
    except FileNotFoundError:
        return ""
    except (ValueError, KeyError, TypeError):
        return _("The note of where the audit trail ended was damaged.")
    if home.key.mark("anchor", f"{sequence}/{digest}".encode()) != noted.get("seal"):
        return _("The note of where the audit trail ended was changed from outside.")
    entry = audit.AuditEntry.__table__
    found = connection.scalar(select(entry.c.hash).where(entry.c.sequence == sequence))
    if sequence and found != digest:
        return _(
            "The database is older than when it was last used, or its end was cut off: entry {n} of the audit trail is gone."
        ).format(n=sequence)
    return ""
