"""Kill -9 in mid-save, through the real services: nothing acknowledged is lost, nothing is half.

    python -m tests.slow.kill_saves 300 [SEED]        # 10,000 for the long run

Every save is one unit of work with two or three rows of different types that belong together, so that a
half-written save would be seen. After each kill the file is opened as the program opens it.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select, text

import models  # noqa: F401 (registers every record type)
from models.child import Child
from models.core import audit, cipher_file, records
from models.core.access import SYSTEM
from models.core.database import Database
from models.core.home import Home
from models.core.record import Record, new_id, record_type
from tests.factories import example
from tests.homes import make_home
from tests.slow.harness import killed_in_mid_work

WANTED = (
    "Child", "Staff", "Unit", "Room", "Equipment", "GrowthMeasurement", "Diagnosis", "Allergy", "MedicalVisit", "Incident",
    "Hazard", "ContactNote", "SocialCase", "KeepsakeItem", "AfterCareContact", "Assessment", "Schooling", "Sibling",
)  # fmt: skip
KINDS = 12


def kinds_for(database: Database) -> list[type[Record]]:
    """Return twelve types of which an ordinary record can be made again and again."""
    found: list[type[Record]] = []
    for name in WANTED:
        kind = record_type(name)
        try:
            for _twice in range(2):
                with database.work(SYSTEM) as work:
                    records.save(work, kind, example(work, kind), confirmed=True)
        except Exception:  # noqa: S112 (a type with stricter rules has its own tests)
            continue
        found.append(kind)
    assert len(found) >= KINDS, [kind.__name__ for kind in found]
    return found[:KINDS]


def saving(database: Database, kinds: list[type[Record]], seed: int) -> Callable[[Callable[[str], None]], None]:
    """Return the work of the process that will be killed: save, change and bin, and say so after each commit."""

    def work_until_killed(acknowledge: Callable[[str], None]) -> None:
        chance = random.Random(seed)
        mine: list[tuple[type[Record], str]] = []
        while True:
            if mine and chance.random() < 0.4:
                acknowledge(change_one(database, *chance.choice(mine), chance))
            else:
                kind, ids = chance.choice(kinds), [new_id(), new_id()]
                save_together(database, kind, ids)
                mine.append((kind, ids[0]))
                acknowledge(f"made {kind.__name__} {ids[0]} {ids[1]}")

    return work_until_killed


def save_together(database: Database, kind: type[Record], ids: list[str]) -> None:
    """Save a record and a child in one event."""
    with database.work(SYSTEM) as work:
        records.save(work, kind, example(work, kind), id=ids[0], confirmed=True)
        values = {"name": "曾小乐", "number": ids[1][-20:], "sex": "1", "born_on": date(2020, 1, 1)}
        records.save(work, Child, values, id=ids[1], confirmed=True)


def change_one(database: Database, kind: type[Record], record_id: str, chance: random.Random) -> str:
    """Change a record or move it to the bin and back; return what is acknowledged."""
    with database.work(SYSTEM) as work:
        row: Any = work.get(kind, record_id)
        if chance.random() < 0.5 and row.deleted_at is None:
            records.put_in_bin(work, kind, record_id)
        elif row.deleted_at is not None:
            records.take_from_bin(work, kind, record_id)
        else:
            row.state_reason = f"changed {chance.random()}"
            work.flush()
        version = row.version
    return f"changed {kind.__name__} {record_id} {version}"


def verify(connection: Connection, words: list[str], head: tuple[int, str]) -> None:
    """Prove a killed home: whole, all acknowledged, both halves of each save, an audit entry for each row."""
    assert connection.execute(text("PRAGMA cipher_integrity_check")).all() == []
    assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
    assert list(audit.verify(connection, head)) == []
    for word in words:
        what, name, record_id, more = word.split()
        table = record_type(name).__table__
        version = connection.scalar(select(table.c.version).where(table.c.id == record_id))
        assert version is not None, f"lost: {word}"
        if what == "changed":
            assert version >= int(more), f"an older version came back: {word}"
        else:
            assert connection.scalar(select(func.count()).where(Child.__table__.c.id == more)) == 1, f"half: {word}"
    _every_row_was_noted(connection, head[0])


def _every_row_was_noted(connection: Connection, since: int) -> None:
    """Compare the rows of every type with the entries that say they were made."""
    entry = audit.AuditEntry.__table__
    for name in (*WANTED, "Child"):
        table = record_type(name).__table__
        noted = select(entry.c.record_id).where(entry.c.type_name == name, entry.c.event == "created")
        unnoted = connection.scalar(select(func.count()).select_from(table).where(table.c.id.not_in(noted)))
        assert unnoted == 0, f"{unnoted} rows of {name} have no audit entry"
    assert since >= 0


def warm_home(place: Path) -> tuple[Home, Database, list[type[Record]]]:
    """Make a home whose database was used once and let go of, so that a forked process need not begin from cold."""
    home = make_home(place).home
    database = home.open_database()
    kinds = kinds_for(database)
    record_id = new_id()
    save_together(database, kinds[0], [record_id, new_id()])
    for _step in range(6):
        change_one(database, kinds[0], record_id, random.Random(_step))
    database.close()
    return home, database, kinds


def main(kills: int, seed: int = 1) -> None:
    """Kill ``kills`` times and print what was found."""
    chance, started, acknowledged = random.Random(seed), time.monotonic(), 0
    with tempfile.TemporaryDirectory() as place:
        for kill in range(kills):
            if kill % 100 == 0:  # a fresh file now and then, so that looking at all of it stays quick
                home, database, kinds = warm_home(Path(place) / f"home{kill}")
                head = (0, audit.GENESIS)
            words = killed_in_mid_work(saving(database, kinds, seed + kill), chance, longest=0.06)
            acknowledged += len(words)
            cipher_file.examine(home.database_file, home.key.raw)
            with database.engine.connect() as connection:
                verify(connection, words, head)
                head = audit.head_of(connection)
            database.close()
    seconds = time.monotonic() - started
    print(
        f"{kills} kills in {seconds:.0f} s, {acknowledged} acknowledged saves of {len(kinds)} types: 0 lost, 0 half, 0 without audit"
    )


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:3]))
