"""An older home is brought up to date as a verified copy: killed at any moment, it opens as old or as new."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, select, text

from models.child import Child
from models.core import migrations, opening, records
from models.core.access import SYSTEM
from models.core.backup import backups
from models.core.checking import check
from models.core.errors import Unusable
from models.core.home import Home
from tests.homes import PASSWORD, make_home

ROOT = Path(__file__).parent.parent

SECOND = """
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "{this}", "{previous}", None, None


def upgrade():
    with op.batch_alter_table("staff") as batch:
        batch.add_column(sa.Column("nickname", sa.String(20)))
    op.execute("UPDATE staff SET nickname = name")
    {more}
"""


@pytest.fixture(scope="session")
def shipped(tmp_path_factory):
    """The migrations as they are shipped; while there is none yet, the first is written as a developer would."""
    place = tmp_path_factory.mktemp("shipped") / "migrations"
    shutil.copytree(migrations.PLACE, place, ignore=shutil.ignore_patterns("__pycache__"))
    if migrations.newest() == migrations.EMPTY:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(migrations, "PLACE", place)
            migrations.generate("initial")
    return place


@pytest.fixture
def versions(shipped, tmp_path, monkeypatch):
    """The migrations in a place where the test may add one."""
    place = Path(shutil.copytree(shipped, tmp_path / "migrations"))
    monkeypatch.setattr(migrations, "PLACE", place)
    return place / "versions"


def add_version(versions, more=""):
    previous = migrations.newest()
    this = f"{int(previous) + 1:04d}"
    (versions / f"{this}_nickname.py").write_text(SECOND.format(this=this, previous=previous, more=more))
    return this


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_engine(request):
    """An empty database on each back end."""
    engine = (
        migrations.memory_engine()
        if request.param == "sqlite"
        else create_engine(request.getfixturevalue("postgres_empty_url"))
    )
    yield engine
    engine.dispose()


def content_of(connection) -> dict:
    """Everything that a schema consists of, in words that compare."""
    look = inspect(connection)
    tables = {}
    for table in look.get_table_names():
        if table != "alembic_version":
            tables[table] = {
                "columns": sorted(
                    (c["name"], str(c["type"]), c["nullable"], c["default"]) for c in look.get_columns(table)
                ),  # a column added later stands last; where it stands is of no matter
                "key": look.get_pk_constraint(table)["constrained_columns"],
                "references": sorted(str((k["constrained_columns"], k["referred_table"], k["options"])) for k in look.get_foreign_keys(table)),
                "unique": sorted(str(sorted(u["column_names"])) for u in look.get_unique_constraints(table)),
                "checks": sorted(str(c["sqltext"]) for c in look.get_check_constraints(table)),
                "indexes": sorted(str((i["name"], i["column_names"], bool(i["unique"]), {k: str(v) for k, v in i.get("dialect_options", {}).items()})) for i in look.get_indexes(table)),
            }  # fmt: skip
    if connection.dialect.name == "sqlite":
        rules = connection.scalars(text("SELECT sql FROM sqlite_master WHERE type IN ('trigger', 'view')"))
    else:
        rules = connection.scalars(
            text(
                "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal UNION ALL"
                " SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace UNION ALL"
                " SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'x'"
            )
        )
    return {"tables": tables, "rules": sorted(str(each).strip() for each in rules)}


def test_the_migrations_make_the_schema_that_a_new_home_has(versions, empty_engine):
    with empty_engine.begin() as connection:
        migrations.upgrade(connection)
        assert migrations.version_of(connection) == migrations.newest()
        by_migrations = content_of(connection)
        assert migrations.differences(connection) == [], "a record type was changed without a migration"
        assert migrations.missing_triggers(connection) == []
    whole = migrations.memory_engine() if empty_engine.dialect.name == "sqlite" else empty_engine
    with whole.begin() as connection:
        if empty_engine.dialect.name == "postgresql":
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        migrations.Base.metadata.create_all(connection)
        assert content_of(connection) == by_migrations


def test_what_alembic_cannot_know_is_found_missing(empty_engine):
    with empty_engine.begin() as connection:
        migrations.Base.metadata.create_all(connection)
        on = "" if connection.dialect.name == "sqlite" else " ON therapy_session"
        connection.execute(text("DROP TRIGGER trg_therapy_session_guard_insert" + on))
        assert migrations.missing_triggers(connection) == ["trg_therapy_session_guard_insert"]


def names_in(database):
    with database.read(SYSTEM) as work:
        return sorted(work.scalars(select(Child.name)))


def make_old_home(folder, url=None):
    """A home of the version before, with a child in it."""
    home = make_home(folder, backend_url=url).home
    database = home.open_database()
    with database.work(SYSTEM) as work:
        records.save(
            work,
            Child,
            {"name": "曾小乐", "number": "2020-001", "sex": "1", "born_on": date(2020, 1, 1)},
            confirmed=True,
        )
    database.close()
    return home


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_an_older_home_is_brought_up_to_date_at_signing_in(backend, versions, tmp_path, request):
    home = make_old_home(
        tmp_path / "home", request.getfixturevalue("postgres_empty_url") if backend == "postgresql" else None
    )
    this = add_version(versions)
    database, _actor = home.sign_in("director", PASSWORD)
    assert names_in(database) == ["曾小乐"]
    with database.engine.connect() as connection:
        assert migrations.version_of(connection) == this
        assert "nickname" in {column["name"] for column in inspect(connection).get_columns("staff")}
    assert [finding.text for finding in check(home, database)] == []
    kept = backups(home.folder / "backups")
    assert [each.manifest.schema for each in kept] == [f"{int(this) - 1:04d}"], "the old state is kept"
    database.close()


BROKEN, EMPTIED, FORGOTTEN = (
    "raise RuntimeError", 'op.execute("DELETE FROM child")', 'op.execute("DELETE FROM alembic_version")'
)  # fmt: skip
"""Three migrations that must not happen; lost rows are seen on the copy, which only a file has."""


@pytest.mark.parametrize(
    ("backend", "harm"),
    [
        ("sqlite", BROKEN), ("sqlite", EMPTIED), ("sqlite", FORGOTTEN), ("postgresql", BROKEN), ("postgresql", FORGOTTEN),
    ],
)  # fmt: skip
def test_a_failing_migration_leaves_the_old_home_in_use(backend, harm, versions, tmp_path, request):
    home = make_old_home(
        tmp_path / "home", request.getfixturevalue("postgres_empty_url") if backend == "postgresql" else None
    )
    this = add_version(versions, harm)
    for _twice in range(2):
        with pytest.raises(Exception):  # noqa: B017 (whatever the migration raised)
            home.sign_in("director", PASSWORD)
    (versions / f"{this}_nickname.py").unlink()
    database, _actor = home.sign_in("director", PASSWORD)
    assert names_in(database) == ["曾小乐"]
    database.close()


def test_a_newer_home_is_refused_and_not_touched(home_folder):
    home = Home.open(home_folder)
    database, _actor = home.sign_in("director", PASSWORD)
    with database.engine.connect() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.commit()
    database.close()
    before = (home_folder / "home.db").read_bytes()
    with pytest.raises(Unusable, match="newer version"):
        Home.open(home_folder).sign_in("director", PASSWORD)
    assert (home_folder / "home.db").read_bytes() == before


def test_a_home_of_before_the_first_migration_is_refused_in_words(versions):
    with pytest.raises(Unusable, match="before the first release"):
        migrations.is_older(migrations.EMPTY)


def test_a_newer_server_is_refused(postgres_database):
    with postgres_database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with postgres_database.engine.connect() as connection, pytest.raises(Unusable, match="newer version"):
        migrations.is_older(migrations.version_of(connection))


def test_an_update_waits_until_no_other_window_has_the_home_open(versions, tmp_path, monkeypatch):
    home = make_old_home(tmp_path / "home")
    other = home.open_database()
    with other.read(SYSTEM) as reading:
        reading.scalars(select(Child.name)).all()
        add_version(versions)
        monkeypatch.setattr(opening, "sqlcipher_engine", impatient(opening.sqlcipher_engine))
        with pytest.raises(Unusable, match="open elsewhere"):
            home.sign_in("director", PASSWORD)
    assert names_in(other) == ["曾小乐"]
    other.close()
    home.sign_in("director", PASSWORD)[0].close()


def impatient(make):
    """Wait a moment only for the other window."""

    def made(file, key, **options):
        from sqlalchemy import event

        engine = make(file, key, **options)
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA busy_timeout = 100"))
        return engine

    return made


def test_alembic_stays_out_of_an_ordinary_start(home_folder):
    script = (
        "import sys, models\nfrom models.core.home import Home\nfrom pathlib import Path\n"
        f"Home.open(Path({str(home_folder)!r})).sign_in('director', {PASSWORD!r})[0].close()\n"
        "assert not {'alembic', 'psycopg', 'PIL', 'mako'} & set(sys.modules), sorted(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(os.name == "nt", reason="kill -9 is not of Windows")
def test_killed_while_migrating_a_home_opens_as_old_or_as_new(versions, tmp_path):
    old = make_old_home(tmp_path / "old").folder
    add_version(versions)
    done = subprocess.run(
        [sys.executable, "-m", "tests.slow.kill_migrations", str(old), str(versions.parent), "12"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "12 kills" in done.stdout


def test_a_database_of_something_else_is_refused(tmp_path):
    from models.core.database import sqlcipher_engine

    engine = sqlcipher_engine(tmp_path / "other.db", bytes(32), create=True)
    with engine.connect() as connection, pytest.raises(Unusable, match="not made by this program"):
        migrations.version_of(connection)
    engine.dispose()
