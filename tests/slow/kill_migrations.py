"""Kill the program at moments spread over a migration; every home must open as old or as new.

python -m tests.slow.kill_migrations OLD_HOME MIGRATIONS 200
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from sqlalchemy import inspect, select

import models  # noqa: F401 (registers every record type)
from models.child import Child
from models.core import migrations, opening
from models.core.checking import check
from models.core.home import Home
from tests.homes import PASSWORD


def unlocked(folder: Path) -> Home:
    """A home with its key in hand, without the database having been opened."""
    home = Home.open(folder)
    home.hold(home.keys.unwrap("director", PASSWORD))
    return home


def migrate_in_child(folder: Path) -> int:
    """Start opening the home in a child process and return its id."""
    process = os.fork()
    if process:
        return process
    try:
        unlocked(folder).open_database().close()
        os._exit(0)
    except BaseException as error:
        print("the migration failed by itself:", error, flush=True)
        os._exit(1)


def version_and_names(folder: Path) -> tuple[str, list[str]]:
    """What a killed home holds as it lies there, before anything is tried again."""
    home = unlocked(folder)
    engine = opening._engine(home)
    with engine.connect() as connection:
        version = migrations.version_of(connection)
        tables = inspect(connection).get_table_names()
        names = list(connection.scalars(select(Child.__table__.c.name)))
    engine.dispose()
    assert not [name for name in tables if "tmp" in name], tables
    return version, names


def try_again(folder: Path) -> None:
    """The second opening must succeed and leave nothing out of order."""
    home = unlocked(folder)
    database = home.open_database()
    found = check(home, database)
    with database.engine.connect() as connection:
        assert migrations.version_of(connection) == migrations.newest()
    database.close()
    assert found == [], found


def main(old: Path, place: Path, kills: int) -> None:
    """Kill ``kills`` times, at moments spread evenly over the time one migration takes."""
    migrations.PLACE = place
    home = unlocked(old)
    engine = opening._engine(home)
    with engine.connect() as connection:
        expected, before = list(connection.scalars(select(Child.__table__.c.name))), migrations.version_of(connection)
    engine.dispose()
    timing = Path(shutil.copytree(old, old.parent / "timing"))
    started = time.monotonic()
    os.waitpid(migrate_in_child(timing), 0)
    span = time.monotonic() - started
    outcomes: Counter[str] = Counter()
    for number in range(kills):
        folder = Path(shutil.copytree(old, old.parent / "killed"))
        process = migrate_in_child(folder)
        time.sleep(span * (number + 0.5) / kills)
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        version, names = version_and_names(folder)
        assert names == expected, "a record was lost"
        assert version in {before, migrations.newest()}
        outcomes["as new" if version == migrations.newest() else "as old"] += 1
        try_again(folder)
        shutil.rmtree(folder)
    print(f"{kills} kills within {span:.2f} s of migration; opened {dict(outcomes)}; 0 lost")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
