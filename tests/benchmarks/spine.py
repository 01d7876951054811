"""Lists, search and saves over 50,000 children on the encrypted file, with the bare driver beside them.

python -m tests.benchmarks.spine
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import models  # noqa: F401 (registers the record types)
from models.child import Child
from models.core import queries, records
from models.core.access import SYSTEM, Actor
from models.core.database import Database, sqlcipher_engine
from models.core.record import new_id
from models.growth import GrowthMeasurement
from resources import table

CHILDREN = 50_000
DIRECTOR = Actor("director", "director", "director", frozenset({"director"}))
ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    """Print every figure of this script."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "home.db")
        database = Database(sqlcipher_engine(file, os.urandom(32), create=True))
        database.create_schema()
        names = fill(database)
        pages(database)
        searches(database, names)
        saves(database, Path(folder, "bare.db"))
        database.close()
    start()


def fill(database: Database) -> list[str]:
    """Insert the children in bulk and return their names."""
    chance = random.Random(1)
    surnames = [row["surname"] for row in table("names/surnames.csv")]
    given = [row["char"] for row in table("names/given_name_characters.csv")]
    names = [chance.choice(surnames) + "".join(chance.choices(given, k=chance.choice((1, 2)))) for _ in range(CHILDREN)]
    began = time.perf_counter()
    rows = [
        {"name": name, "number": f"{index:06d}", "sex": chance.choice("12"),
         "born_on": date(2010, 1, 1) + timedelta(days=chance.randrange(5000))}
        for index, name in enumerate(names)
    ]  # fmt: skip
    with database.work(SYSTEM) as work:
        work.bulk(Child, rows)
    print(f"filled {CHILDREN:,} children in {time.perf_counter() - began:.1f} s (pinyin of every reading included)")
    return names


def timed(act: Callable[[], object], times: int) -> list[float]:
    """Return the milliseconds of each of so many runs."""
    found = []
    for _ in range(times):
        began = time.perf_counter()
        act()
        found.append((time.perf_counter() - began) * 1000)
    return found


def say(what: str, figures: list[float], target: str) -> None:
    """Print median, 95th percentile and worst of some milliseconds."""
    ordered = sorted(figures)
    p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
    print(
        f"{what:<58} median {statistics.median(ordered):7.1f}  p95 {p95:7.1f}  max {ordered[-1]:7.1f} ms   target {target}"
    )


def pages(database: Database) -> None:
    """Measure the first page with its count, the next page and the last one."""

    def page(offset: int) -> None:
        with database.read(DIRECTOR) as work:
            queries.count(work, Child)
            queries.rows(work, Child, order="name", offset=offset, limit=256)

    say("first page of a 50,000-row list, with its count", timed(lambda: page(0), 15), "≤ 150 ms")
    say("next page", timed(lambda: page(256), 15), "≤ 150 ms")
    say("last page", timed(lambda: page(CHILDREN - 256), 15), "≤ 150 ms")


def searches(database: Database, names: list[str]) -> None:
    """Measure one keystroke: what a person has typed so far, over all children."""
    from models.core.search import pinyin_keys

    chance = random.Random(2)
    typed = []
    for name in chance.sample(names, 40):
        whole = chance.choice([name, *pinyin_keys(name)])
        typed += [whole[: length + 1] for length in range(len(whole))]

    def stroke(text: str) -> None:
        with database.read(DIRECTOR) as work:
            queries.rows(work, Child, search=text, limit=20)

    figures = [timed(lambda text=text: stroke(text), 1)[0] for text in typed]
    say(f"search per keystroke, {len(typed)} keystrokes", figures, "≤ 50 ms p95")


def saves(database: Database, bare: Path) -> None:
    """Count saves a second through rules, access and the trail, and bare commits of the driver beside them."""
    number = 400
    with database.read(DIRECTOR) as work:
        children = [row.id for row in queries.rows(work, Child, limit=number)]
    began = time.perf_counter()
    for index in range(number):
        with database.work(DIRECTOR) as work:
            values = {"child_id": children[index], "measured_on": work.today, "weight": 12 + index / 1000}
            records.save(work, GrowthMeasurement, values, id=new_id(), confirmed=True)
    ours = number / (time.perf_counter() - began)
    floor = bare_commits(bare, number)
    print(f"saves a second with rules, access and trail at FULL: {ours:.0f}   target ≥ 150")
    print(f"bare commits of the driver at FULL: {floor:.0f}   ratio {ours / floor:.2f}")


def bare_commits(file: Path, number: int) -> float:
    """Return the commits a second of the same driver with the same settings and one small row."""
    import sqlcipher3.dbapi2 as driver

    connection = driver.connect(str(file), isolation_level=None)
    connection.execute(f"PRAGMA key = \"x'{os.urandom(32).hex()}'\"")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE one (id TEXT PRIMARY KEY, words TEXT)")
    began = time.perf_counter()
    for _ in range(number):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO one VALUES (?, ?)", (new_id(), "x" * 400))
        connection.execute("COMMIT")
    connection.close()
    return number / (time.perf_counter() - began)


HEAVY = ("sqlalchemy", "matplotlib", "ortools", "alembic", "reportlab", "pypinyin", "argon2")
START = """
import sys, time
from pathlib import Path
from PySide6.QtWidgets import QApplication
application = QApplication([])
from ui.speech import speak
from ui.start import Entrance
from ui.theme import theme
from views.entrance import EntranceRooms
speak("zh_CN"); theme.use("light")
window = EntranceRooms().sign_in(Entrance(Path({folder!r}), EntranceRooms()))
window.show(); application.processEvents()
print(time.process_time(), ",".join(name for name in {heavy!r} if name in sys.modules) or "none")
"""


def start() -> None:
    """Measure the CPU seconds from nothing to the shown sign-in window, and what was imported on the way."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    figures, late = [], ""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "home.json").write_text('{"name": "青禾儿童福利院"}', encoding="utf-8")
        script = START.format(folder=folder, heavy=HEAVY)
        for _ in range(6):
            done = subprocess.run(
                [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
            )
            seconds, late = done.stdout.split()[-2:]
            figures.append(float(seconds) * 1000)
    say("CPU from start to the sign-in window", figures[1:], "≤ 1500 ms")
    print(f"heavy libraries imported before the window: {late}")


if __name__ == "__main__":
    main()
