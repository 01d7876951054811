"""The home's year over five million rows on the encrypted file: seconds, memory, progress, and how soon it stops.

    python -m tests.benchmarks.institution                     # in a folder that is thrown away
    python -m tests.benchmarks.institution --home ~/big-home   # made there once, measured again and again

A demo home of 100 children and one year is multiplied inside the database: each child four times, each day's
entries over eight years, and three nursing records a day. The trail stays as the demo home left it.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import threading
import time
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import models  # noqa: F401 (registers the record types)
from models.core.access import Actor
from models.core.database import Database
from models.core.fields import fields_of
from models.core.home import Home
from models.core.record import Record, record_types
from models.demo_making import make_demo_home
from models.institution import InstitutionReport, institution_report
from models.period import ReportPeriod
from reports.institution_report import render_institution

PASSWORD = "Harvest-moon-27"
BASE, COPIES, YEARS, LOOKS = 100, 4, 8, 3
"""Children of the demo home, how often each is there, years of daily entries, nursing records a day."""
SHIFT = 392
"""Days by which the entries of a demo home, which has a year and the month it is made in, go back each time."""
DAILY = (
    "NursingRecord", "Dose", "TherapySession", "ProgrammeTick", "GrowthMeasurement", "MedicalVisit", "ContactNote",
    "ClassAttendance", "AllowanceEntitlement", "TermReview", "Assessment", "PatrolRound", "HandOver", "Incident",
    "Hazard",
)  # fmt: skip
AROUND = ("Child", "Staff", "Unit", "UnitStaff", "Room", "Equipment")
"""What is copied with the children, so that nobody treats two of them at once."""
PLACES = {"x": 31, "y": 29, "z": 26}
"""Where in an id a copy of a child, a further look and a year leave their mark."""
UNIQUE = ("slot", "number")
QUICK = ("journal_mode = OFF", "synchronous = OFF", "secure_delete = OFF", "cache_size = -200000", "foreign_keys = OFF")


def main() -> None:
    """Make the home where it is missing, and print every figure."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--home", type=Path, help="where the large home is kept for the next time")
    asked.add_argument("--years", type=int, default=YEARS)
    options = asked.parse_args()
    if options.home is not None:
        measure(options.home, options.years)
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder, "home"), options.years)


# --- filling ----------------------------------------------------------------------------------------


def fill(folder: Path, years: int) -> None:
    """Make a demo home and multiply it."""
    began = time.perf_counter()
    make_demo_home(folder, children=BASE, months=12, password=PASSWORD)
    home = Home.open(folder)
    database, _actor = home.sign_in("director", PASSWORD)
    print(f"demo home of {BASE} children made in {time.perf_counter() - began:.0f} s", flush=True)
    with database.engine.connect() as opened:
        plain: Any = opened.connection.driver_connection
        for pragma in QUICK:
            plain.execute(f"PRAGMA {pragma}")
        multiply(plain, years)
        plain.execute("PRAGMA journal_mode = WAL")
    database.close()
    print(f"filled in {time.perf_counter() - began:.0f} s in all", flush=True)


def multiply(plain: Any, years: int) -> None:
    """Copy children with all that belongs to them, then the daily entries year by year; guards sleep meanwhile."""
    guards = plain.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _sql in guards:
        plain.execute(f'DROP TRIGGER "{name}"')
    kinds = {kind.__name__: kind for kind in record_types()}
    theirs = [kind for name, kind in kinds.items() if name in AROUND or hasattr(kind, "child_id")]
    followed = {kind.__tablename__ for kind in theirs}
    for kind in theirs:
        _without_indexes(plain, kind, [_copied(kind, followed, f"x{copy}") for copy in range(1, COPIES)])
    looks = [
        _copied(kinds["NursingRecord"], set(), f"y{look}", hours=5 * look, fixed={"extra": "1"})
        for look in range(1, LOOKS)
    ]
    _without_indexes(plain, kinds["NursingRecord"], looks)
    for name in DAILY:
        several = [_copied(kinds[name], set(), f"z{year:02}", year=year) for year in range(1, years)]
        _without_indexes(plain, kinds[name], several)
    for _name, sql in guards:
        plain.execute(sql)


def _copied(
    kind: type[Record], followed: set[str], mark: str, *, year: int = 0, hours: int = 0,
    fixed: dict[str, str] | None = None,
) -> str:  # fmt: skip
    """Return the statement that copies a type's first rows: other ids, and where asked other days.

    A mark begins with a letter that is no hexadecimal digit and has its own place, so that no id is made twice.
    """
    meanings = {each.name: each for each in fields_of(kind)}
    place = PLACES[mark[0]]
    table = kind.__table__
    names, values = [], []
    for column in table.columns:
        quoted, meaning = f'"{column.name}"', meanings.get(column.name)
        own = column.name in ("id", "sitting_id", "supersedes_id", "makes_up_id")
        value = (fixed or {}).get(column.name, quoted)
        if own or (meaning is not None and meaning.kind == "reference" and meaning.target in followed):
            value = f"substr({quoted}, 1, {place - 1}) || '{mark}' || substr({quoted}, {place + len(mark)})"
        elif column.unique or column.name in UNIQUE:
            value = f"{quoted} || '-{mark}'"
        elif year and column.name == "month" and meaning is not None and meaning.kind == "text":
            value = f"(substr({quoted}, 1, 4) - {year}) || substr({quoted}, 5)"
        elif (year or hours) and column.type.python_type is datetime:
            value = f"strftime('%Y-%m-%d %H:%M:%S.000000', {quoted}, '-{SHIFT * year} days', '+{hours} hours')"
        elif year and meaning is not None and meaning.kind == "date":
            value = f"date({quoted}, '-{SHIFT * year} days')"
        names.append(quoted)
        values.append(value)
    return f'INSERT INTO "{table.name}" ({", ".join(names)}) SELECT {", ".join(values)} FROM temp.first_rows'  # noqa: S608


def _without_indexes(plain: Any, kind: type[Record], statements: list[str]) -> None:
    """Run the statements over the rows that are there now, and build the indexes once at the end."""
    name = kind.__tablename__
    asked = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"
    indexes = plain.execute(asked, (name,)).fetchall()
    plain.execute("DROP VIEW IF EXISTS temp.first_rows")
    last = plain.execute(f'SELECT max(rowid) FROM "{name}"').fetchone()[0] or 0  # noqa: S608
    plain.execute(f'CREATE TEMP VIEW first_rows AS SELECT * FROM main."{name}" WHERE rowid <= {last}')  # noqa: S608
    plain.execute("BEGIN")
    for index, _sql in indexes:
        plain.execute(f'DROP INDEX "{index}"')
    for statement in statements:
        plain.execute(statement)
    for _index, sql in indexes:
        plain.execute(sql)
    plain.execute("COMMIT")


# --- measuring --------------------------------------------------------------------------------------


def measure(folder: Path, years: int) -> None:
    """Print how long the year takes, first from a cold cache of the program's own, then again."""
    if not (folder / "home.json").exists():
        fill(folder, years)
    home = Home.open(folder)
    database, actor = home.sign_in("director", PASSWORD)
    rows = count(database)
    size = (folder / "home.db").stat().st_size / 1e9
    print(f"{rows:,} rows in {size:.1f} GB")
    year = ReportPeriod("year", datetime.now().year - 1)
    before = memory()
    for turn in ("first", "second", "third"):
        print(f"{turn:<7} year {year}: {told(database, actor, year):.2f} s   target ≤ 10 s")
    for other in (ReportPeriod("month", year.year, 10), ReportPeriod("quarter", year.year, 3)):
        print(f"{other.kind:<7} {other}: {told(database, actor, other):.2f} s")
    print(f"memory more than before the report: {memory() - before:.0f} MB (peak {memory():.0f} MB)")
    print(f"stopped {stopped(database, actor, year):.2f} s after being asked to")
    database.close()


def count(database: Database) -> int:
    """Return the number of all records in the home."""
    with database.engine.connect() as opened:
        tables = [kind.__tablename__ for kind in record_types()]
        return sum(opened.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar() or 0 for name in tables)  # noqa: S608


def told(database: Database, actor: Actor, period: ReportPeriod) -> float:
    """Count a period and lay it out; print which step took how long where a step took long."""
    steps: list[tuple[float, str]] = [(time.perf_counter(), "")]

    def progress(share: float, what: str) -> None:
        steps.append((time.perf_counter(), what))

    busy = time.process_time()
    with database.read(actor) as work:
        report = institution_report(work, period, progress=progress)
    busy, seconds = time.process_time() - busy, time.perf_counter() - steps[0][0]
    slow = sorted(((after[0] - before[0], after[1]) for before, after in pairwise(steps)), reverse=True)
    print(
        "   "
        + ", ".join(f"{name} {spent:.2f} s" for spent, name in slow[:4])
        + f"; {len(steps) - 1} steps; CPU {busy:.2f} s"
    )
    _on_paper(report)
    return seconds


def _on_paper(report: InstitutionReport) -> None:
    from models.papers import PaperHead

    document = render_institution(report, PaperHead("青禾儿童福利院", "", datetime.now(), "院长"))
    assert document.startswith(b"%PDF")


def stopped(database: Database, actor: Actor, period: ReportPeriod) -> float:
    """Ask a running report to stop and return the seconds until it has."""
    asked: list[float] = []

    def ask() -> None:
        asked.append(time.perf_counter())

    timer = threading.Timer(0.5, ask)
    timer.start()
    with database.read(actor) as work:
        institution_report(work, period, cancelled=lambda: bool(asked))
    timer.cancel()
    return time.perf_counter() - asked[0] if asked else 0.0


def memory() -> float:
    """Return the most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform.startswith("linux") else 1e6)


if __name__ == "__main__":
    main()
