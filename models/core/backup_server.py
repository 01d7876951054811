"""Backup of a server 服务器备份: ``pg_dump`` where it is installed, else the tables one by one through COPY.

Either is written straight into a sealed file: nothing lies on the disk in the clear. Both are taken
from one snapshot, whose row counts and audit head the manifest names, and are read again before they count.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.engine import URL

from models.core import migrations
from models.core.backup import DUMP, Manifest, described, sha256_of
from models.core.database import Database
from models.core.errors import Unusable
from models.core.keys import DataKey
from models.core.record import Base
from models.core.sealed_files import SealedWriter, unsealed
from resources import _

if TYPE_CHECKING:
    from models.core.home import Home

PURPOSE = "server dump"
PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "C:/Program Files/PostgreSQL/*/bin")


def dumped(home: Home, database: Database, part: Path, earlier: Manifest | None) -> Manifest:
    """Dump the server's database into a sealed file, read it again, and describe it."""
    from models.core.backup import _complete

    file = part / DUMP
    with database.engine.connect() as opened:
        connection = opened.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        found = described(connection, earlier)
        tools = Tools.for_server(connection)
        with file.open("wb") as stream:
            with SealedWriter(stream, home.key, PURPOSE) as writer:
                _dump(connection, database.engine.url, tools, writer.write)
            stream.flush()
            os.fsync(stream.fileno())
    told = {
        "name": DUMP,
        "size": file.stat().st_size,
        "sha256": sha256_of(file),
        "dump": "pg_dump" if tools else "copy",
        "major": tools.major if tools else 0,
    }
    manifest = _complete(home, database, found, told)
    check_dump(file, manifest, home.key)
    return manifest


def _dump(connection: Connection, url: URL, tools: Tools | None, write: Callable[[bytes], None]) -> None:
    if tools is None:
        for piece in _copied_tables(connection):
            write(piece)
        return
    snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
    tools.dump(url, snapshot, write)


def check_dump(file: Path, manifest: Manifest, key: DataKey) -> None:
    """Read a dump to its end and count its rows.

    Raises:
        Unusable: when it is damaged or holds other rows than its manifest says.
    """
    with file.open("rb") as stream:
        if manifest.database["dump"] == "copy":
            counted = {
                table: sum(piece.count(b"\n") for piece in pieces)
                for table, pieces in _tables(unsealed(stream, key, PURPOSE))
            }
        elif (tools := Tools.find(manifest.database["major"])) is None:
            for _piece in unsealed(stream, key, PURPOSE):
                pass  # every piece is authenticated; counting its rows needs pg_restore
            return
        else:
            counted = tools.count(unsealed(stream, key, PURPOSE))
    if counted != manifest.counts:
        raise Unusable(_("This backup is damaged: its database is not the one it was made with."))


def load_dump(file: Path, manifest: Manifest, key: DataKey, engine: Engine) -> None:
    """Fill an empty server database from a dump.

    Raises:
        Unusable: when ``pg_restore`` is needed and not installed.
    """
    with file.open("rb") as stream:
        if manifest.database["dump"] == "copy":
            _load_tables(manifest, unsealed(stream, key, PURPOSE), engine)
            return
        tools = Tools.find(manifest.database["major"])
        if tools is None:
            raise Unusable(_("This backup needs the program pg_restore of PostgreSQL, which is not installed here."))
        tools.restore(engine.url, unsealed(stream, key, PURPOSE))


# --- pg_dump and pg_restore ---


class Tools:
    """PostgreSQL's own programs, at least as new as the server."""

    def __init__(self, folder: Path, major: int) -> None:
        self.folder, self.major = folder, major

    @classmethod
    def for_server(cls, connection: Connection) -> Tools | None:
        """Find programs that fit a server."""
        return cls.find(int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000)

    @classmethod
    def find(cls, major: int) -> Tools | None:
        """Find the newest programs of at least this major version; ``QINGHE_PG_BIN`` may name their folder."""
        folders = [Path(os.environ["QINGHE_PG_BIN"])] if os.environ.get("QINGHE_PG_BIN") else []
        on_path = shutil.which("pg_dump")
        folders += [Path(on_path).parent] if on_path else []
        for pattern in PLACES:
            root = Path(pattern).anchor
            folders += sorted(Path(root).glob(pattern[len(root) :])) if Path(root).exists() else []
        found = [cls(folder, version) for folder in folders if (version := _major(folder))]
        fitting = [tools for tools in found if tools.major >= major]
        return max(fitting, key=lambda tools: tools.major, default=None)

    def dump(self, url: URL, snapshot: str, write: Callable[[bytes], None]) -> None:
        """Write a dump of the snapshot in PostgreSQL's custom format."""
        command = [
            self._program("pg_dump"),
            "-Fc",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={snapshot}",
            "-d",
            _address(url),
        ]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_environment(url)
        ) as process:
            assert process.stdout and process.stderr
            while piece := process.stdout.read(1 << 18):
                write(piece)
            failed = process.stderr.read().decode(errors="replace")
        if process.returncode:
            raise Unusable(_("The database server could not be copied: {reason}").format(reason=failed.strip()[-300:]))

    def count(self, content: Iterator[bytes]) -> dict[str, int]:
        """Count the rows of every table in a dump."""
        counted: dict[str, int] = {}
        table = ""
        for line in self._run(["--data-only", "-f", "-"], content):
            if table:
                if line == b"\\.\n":
                    table = ""
                else:
                    counted[table] += 1
            elif match := re.match(rb"COPY (?:\w+\.)?\"?(\w+)\"? .*FROM stdin;", line):
                table = match[1].decode()
                counted[table] = 0
        return counted

    def restore(self, url: URL, content: Iterator[bytes]) -> None:
        """Make everything that a dump holds in an empty database."""
        options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "-d", _address(url)]
        for _line in self._run(options, content, _environment(url)):
            pass

    def _run(
        self, options: list[str], content: Iterator[bytes], environment: dict[str, str] | None = None
    ) -> Iterator[bytes]:
        """Run pg_restore on a dump and yield what it prints."""
        import tempfile
        from threading import Thread

        with tempfile.TemporaryFile() as errors:
            command = [self._program("pg_restore"), *options]
            with subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, env=environment
            ) as process:
                assert process.stdin and process.stdout
                feeder = Thread(target=_feed, args=(process.stdin, content), daemon=True)
                feeder.start()
                yield from process.stdout
                feeder.join()
            if process.returncode:
                errors.seek(0)
                reason = errors.read().decode(errors="replace").strip()[-300:]
                raise Unusable(_("The backup of the server could not be read: {reason}").format(reason=reason))

    def _program(self, name: str) -> str:
        return str(self.folder / (name + (".exe" if os.name == "nt" else "")))


def _feed(stream: BinaryIO | Any, content: Iterator[bytes]) -> None:
    try:
        with stream:
            for piece in content:
                stream.write(piece)
    except (BrokenPipeError, Unusable):
        pass  # pg_restore ended early or was cut off, and says so by its exit code


def _major(folder: Path) -> int:
    program = folder / ("pg_dump.exe" if os.name == "nt" else "pg_dump")
    if not program.exists():
        return 0
    told = subprocess.run([str(program), "--version"], capture_output=True, text=True, check=False).stdout
    match = re.search(r"(\d+)\.", told)
    return int(match[1]) if match else 0


def _address(url: URL) -> str:
    return url.set(drivername="postgresql", password=None).render_as_string()


def _environment(url: URL) -> dict[str, str]:
    """Hand the password over where other users of the machine cannot read it."""
    made = {**os.environ, "PGCONNECT_TIMEOUT": "10"}
    return {**made, "PGPASSWORD": str(url.password)} if url.password else made


# --- the tables one by one ---


def _copied_tables(connection: Connection) -> Iterator[bytes]:
    """Yield all tables, those first that others refer to: a frame of JSON, its rows as COPY writes them, an empty frame."""
    quote = connection.dialect.identifier_preparer.quote
    inspector = inspect(connection)
    cursor = connection.connection.cursor()
    for table, _references in inspector.get_sorted_table_and_fkc_names():
        if table is None:
            continue
        columns = [column["name"] for column in inspector.get_columns(table)]
        yield _frame(json.dumps({"table": table, "columns": columns}).encode())
        with cursor.copy(f"COPY {quote(table)} ({', '.join(map(quote, columns))}) TO STDOUT") as rows:
            for row in rows:
                yield _frame(bytes(row))
        yield _frame(b"")


def _frame(content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + content


def _frames(content: Iterator[bytes]) -> Iterator[bytes]:
    waiting = bytearray()
    for piece in content:
        waiting += piece
        start = 0
        while len(waiting) - start >= 4 and len(waiting) - start - 4 >= (
            size := int.from_bytes(waiting[start : start + 4], "big")
        ):
            yield bytes(waiting[start + 4 : start + 4 + size])
            start += 4 + size
        del waiting[:start]
    if waiting:
        raise Unusable(_("This file was damaged or does not belong to this home."))


def _tables(content: Iterator[bytes]) -> Iterator[tuple[str, Iterator[bytes]]]:
    frames = _frames(content)
    for head in frames:
        table = str(json.loads(head)["table"])
        yield table, iter(lambda: next(frames), b"")


def _load_tables(manifest: Manifest, content: Iterator[bytes], engine: Engine) -> None:
    """Make the schema as it was at the time of the backup and copy every table into it."""
    with engine.begin() as connection:
        if manifest.schema == migrations.EMPTY:
            Base.metadata.create_all(connection)
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        else:
            migrations.upgrade(connection, manifest.schema)
            connection.execute(text("DELETE FROM alembic_version"))
        quote = connection.dialect.identifier_preparer.quote
        cursor = connection.connection.cursor()
        frames = _frames(content)
        for head in frames:
            told = json.loads(head)
            columns = ", ".join(map(quote, told["columns"]))
            with cursor.copy(f"COPY {quote(told['table'])} ({columns}) FROM STDIN") as target:
                for row in iter(lambda: next(frames), b""):
                    target.write(row)
