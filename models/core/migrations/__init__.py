"""Migrations 数据库升级: new homes are made whole and stamped; older ones are brought up by Alembic.

Alembic is imported only when a database really is older (or a developer asks): comparing versions
needs no more than the names of the files in ``versions``, each of which starts with its revision.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, MetaData, create_mock_engine, event, inspect, text

from models.core.errors import Unusable
from models.core.record import Base
from resources import _

if TYPE_CHECKING:
    from alembic.config import Config

PLACE = Path(__file__).parent
EMPTY = "0000"
"""The version of a database that was made before the first migration was written."""


def newest() -> str:
    """Return the schema version that this program writes."""
    return max((file.stem.split("_")[0] for file in (PLACE / "versions").glob("[0-9]*.py")), default=EMPTY)


def stamp(engine: Engine) -> None:
    """Mark a database that was just made whole as being of the newest version."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": newest()})


def version_of(connection: Connection) -> str:
    """Return a database's schema version.

    Raises:
        Unusable: when it is no database of this program.
    """
    if not inspect(connection).has_table("alembic_version"):
        raise Unusable(_("This database was not made by this program. Nothing was written."))
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def is_older(version: str) -> bool:
    """Whether a database of this version must be brought up first.

    Raises:
        Unusable: when it is newer than the program, or of a time before the first migration.
    """
    if version == EMPTY != newest():
        raise Unusable(_("This database was made before the first release; make a new home and bring its lists over."))
    if version > newest():
        raise Unusable(
            _(
                "This database was last used by a newer version of the program ({version}). Please update the program; nothing was written."
            ).format(version=version)
        )
    return version < newest()


def upgrade(connection: Connection, target: str = "head") -> None:
    """Bring a database up, inside the transaction that the caller has begun and will commit."""
    from alembic import command

    command.upgrade(_config(connection), target)


def differences(connection: Connection) -> list[Any]:
    """Return what a database lacks, or has too much, compared with the record types; empty is right."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    from models.core.migrations.comparing import OPTIONS

    return compare_metadata(MigrationContext.configure(connection, opts=OPTIONS), Base.metadata)


def generate(message: str) -> Path:
    """Write the next migration from the difference between the present migrations and the record types.

    The developer reads and completes it. Needs an empty encrypted database for a moment, in memory.
    """
    from alembic import command

    revision = f"{int(newest()) + 1:04d}"
    engine = memory_engine()
    with engine.begin() as connection:
        if newest() != EMPTY:
            upgrade(connection)
        config = _config(connection)
        config.attributes["statements"] = _first_statements() if newest() == EMPTY else []
        command.revision(config, message, autogenerate=True, rev_id=revision)
    engine.dispose()
    return next((PLACE / "versions").glob(f"{revision}_*.py"))


def _first_statements() -> list[tuple[str, str]]:
    return [(dialect, statement) for dialect in ("sqlite", "postgresql") for statement in extra_statements(dialect)]


def memory_engine() -> Engine:
    """Return an engine on a database in memory whose transactions are real ones."""
    import sqlcipher3.dbapi2 as driver
    from sqlalchemy import StaticPool, create_engine

    def connect() -> Any:
        return driver.connect(":memory:", isolation_level=None, check_same_thread=False)

    engine = create_engine("sqlite://", module=driver, creator=connect, poolclass=StaticPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def extra_statements(dialect: str) -> list[str]:
    """Return the statements for triggers and the like that the record types add beside their tables.

    Alembic does not know them; they are caught from a rehearsal of making the whole schema.
    """
    plain = re.compile(r"CREATE (UNIQUE )?(TABLE|INDEX)\b|DROP\b", re.IGNORECASE)
    return [statement for statement in _rehearsed(dialect, Base.metadata) if not plain.match(statement)]


def missing_triggers(connection: Connection) -> list[str]:
    """Return the names of triggers that a database should have and has not."""
    sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    postgresql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    dialect = connection.dialect.name
    there = set(connection.scalars(text(sqlite if dialect == "sqlite" else postgresql)))
    wanted = [re.match(r"CREATE TRIGGER (\w+)", statement) for statement in extra_statements(dialect)]
    return [match[1] for match in wanted if match and match[1] not in there]


def _rehearsed(dialect: str, metadata: MetaData) -> list[str]:
    statements: list[str] = []

    def catch(statement: Any, *_arguments: Any, **_options: Any) -> None:
        compiled = statement if isinstance(statement, str) else str(statement.compile(dialect=engine.dialect))
        statements.append(compiled.strip())

    url = {"sqlite": "sqlite://", "postgresql": "postgresql+psycopg://"}[dialect]
    engine: Any = create_mock_engine(url, catch)
    engine.exec_driver_sql = catch  # the rehearsal's engine only listens, and lacks this way of being spoken to
    metadata.create_all(engine, checkfirst=False)
    return statements


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(PLACE).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


Progress = Callable[[float, str], None]
