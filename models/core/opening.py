"""Opening 打开: look at the database before anything could be written to it, and bring an older one up to date.

An encrypted file is migrated as a verified copy which then takes its place in one step, so that a
power failure leaves the old file or the new one. A server migrates in one transaction, after a backup.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, NullPool, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError

from models.core import cipher_file, migrations
from models.core.database import Database, sqlcipher_engine
from models.core.errors import Unusable
from models.core.files import locked, patiently, sync_file, sync_folder
from resources import _

if TYPE_CHECKING:
    from models.core.home import Home, Progress


def open_database(home: Home, progress: Progress) -> Database:
    """Open a home's database with the key in hand.

    Raises:
        Unusable: when it is damaged, foreign or newer; nothing was written then.
    """
    with locked(home.folder / "opening"):
        return Database(_current_engine(home, progress), home.clock)


def _current_engine(home: Home, progress: Progress) -> Engine:
    engine = _engine(home)
    try:
        older = _is_older(home, engine)
        if older and home.backend == "sqlite":
            engine.dispose()
            migrate_file(home, progress)
            engine = _engine(home)
        elif older:
            _migrate_server(home, engine, progress)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _engine(home: Home) -> Engine:
    if home.backend == "sqlite":
        cipher_file.examine(home.database_file, home.key.raw)
        return sqlcipher_engine(home.database_file, home.key.raw)
    from models.core.server import server, server_url

    return server(server_url(home.card, home.key))


def _is_older(home: Home, engine: Engine) -> bool:
    try:
        with _connected(home, engine) as connection:
            return migrations.is_older(migrations.version_of(connection))
    except DatabaseError as error:
        raise Unusable(damaged(home)) from error


def _connected(home: Home, engine: Engine) -> Connection:
    try:
        return engine.connect()
    except Unusable as error:
        if home.backend == "sqlite" and not all(
            fits for _page, fits in cipher_file.pages(home.database_file, home.key.raw, most=1)
        ):
            raise Unusable(cipher_file.why_unreadable(home.database_file, home.key.raw)) from error
        raise


def damaged(home: Home) -> str:
    """Say that the database cannot be read although it is ours."""
    return _("The database is damaged. Restore the newest backup; the file was left as it is: {file}").format(
        file=home.database_file
    )


def migrate_file(home: Home, progress: Progress) -> None:
    """Bring the encrypted file up to date: back up, copy, migrate the copy, check it, swap it in."""
    from models.core.backup import backup

    file, copy = home.database_file, home.folder / ".home.migrating.db"
    progress(0.0, _("Backing up before the update"))
    old = Database(sqlcipher_engine(file, home.key.raw), home.clock)
    try:
        backup(home, old)
        _remove_with_log(copy)
        progress(0.3, _("Copying"))
        with old.engine.connect() as connection:
            before = counts(connection)
        raw = old.engine.raw_connection()
        raw.driver_connection.execute("VACUUM INTO ?", (str(copy),))  # type: ignore[union-attr] # a live connection
        raw.close()
    finally:
        old.close()
    progress(0.5, _("Updating the copy"))
    _migrate_copy(copy, home.key.raw, before)
    progress(0.9, _("Putting it in place"))
    swap(file, copy, home.key.raw)
    progress(1.0, "")


def _migrate_copy(copy: Path, key: bytes, before: dict[str, int]) -> None:
    engine = sqlcipher_engine(copy, key)
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA foreign_keys = OFF"))
    try:
        with engine.connect() as connection:
            connection = connection.execution_options(qinghe_begin="IMMEDIATE")
            with connection.begin():
                migrations.upgrade(connection)
            _check_migrated(connection, before)
            connection.rollback()
        leave_log_mode(engine)
    finally:
        engine.dispose()
    if cipher_file.damaged_pages(copy, key):
        raise Unusable(_("The updated copy is damaged; the old database stays in use."))
    sync_file(copy)


def _check_migrated(connection: Connection, before: dict[str, int]) -> None:
    """Refuse a migrated copy that lost rows or breaks references."""
    after = counts(connection)
    lost = [
        name for name, number in before.items() if name in after and after[name] < number and name != "alembic_version"
    ]
    faults = connection.execute(text("PRAGMA foreign_key_check")).all()
    broken = connection.execute(text("PRAGMA integrity_check")).scalar_one() != "ok"
    if lost or faults or broken:
        raise Unusable(_("The update would have lost data; the old database stays in use."))


def counts(connection: Connection) -> dict[str, int]:
    """Return the number of rows of every table."""
    quote = connection.dialect.identifier_preparer.quote
    names = sorted(inspect(connection).get_table_names())
    return {name: connection.execute(text(f"SELECT count(*) FROM {quote(name)}")).scalar_one() for name in names}


def leave_log_mode(engine: Engine) -> None:
    """Write everything into the one file, so that it may be moved; refused while others have it open."""
    raw = engine.raw_connection()
    try:
        mode = raw.driver_connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]  # type: ignore[union-attr] # live
    except Exception as error:
        raise Unusable(_("The database is open elsewhere. Please close the program there and start again.")) from error
    finally:
        raw.close()
    if mode != "delete":
        raise Unusable(_("The database is open elsewhere. Please close the program there and start again."))


def swap(file: Path, copy: Path, key: bytes) -> None:
    """Let a checked copy take the place of the database in one step.

    The old file's log is emptied first: SQLite would else take it for the new file's.
    """
    engine = sqlcipher_engine(file, key)
    try:
        leave_log_mode(engine)
    finally:
        engine.dispose()
    for rest in ("-wal", "-shm"):
        file.with_name(file.name + rest).unlink(missing_ok=True)
    patiently(lambda: copy.replace(file))
    sync_folder(file.parent)


def _remove_with_log(file: Path) -> None:
    for rest in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + rest).unlink(missing_ok=True)


def _migrate_server(home: Home, engine: Engine, progress: Progress) -> None:
    from models.core.backup import backup

    progress(0.0, _("Backing up before the update"))
    backup(home, Database(engine, home.clock))
    progress(0.5, _("Updating the copy"))
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(8105)"))
        if migrations.is_older(migrations.version_of(connection)):
            migrations.upgrade(connection)
    progress(1.0, "")


def read_only_engine(file: Path, key: bytes) -> Engine:
    """Return an engine that reads an encrypted file at rest and leaves no trace beside it."""
    import sqlcipher3.dbapi2 as driver

    def connect() -> Any:
        connection = driver.connect(
            f"file:{quote(file.as_posix())}?mode=ro&immutable=1",
            uri=True,
            check_same_thread=False,
            isolation_level=None,
        )
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        return connection

    return create_engine("sqlite://", module=driver, creator=connect, poolclass=NullPool)
