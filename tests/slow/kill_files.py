"""Kill -9 while drafts, attachments, keys and backups are written: the old or the new is there, whole, never neither.

python -m tests.slow.kill_files 60 [SEED]
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

import models  # noqa: F401 (registers every record type)
from models.core import attachments
from models.core.access import SYSTEM
from models.core.attachments import StoredFile
from models.core.backup import backup, backups, verify
from models.core.checking import check
from models.core.database import Database
from models.core.drafts import Drafts
from models.core.home import Home
from tests.homes import PASSWORD, make_home
from tests.slow.harness import killed_in_mid_work, unlocked

Acknowledge = Callable[[str], None]


def writing(home: Home, database: Database, seed: int) -> Callable[[Acknowledge], None]:
    """Return the work of the process that will be killed: write each kind of file again and again."""
    start = seed * 1_000_000

    def work_until_killed(acknowledge: Acknowledge) -> None:
        drafts, number = Drafts(home, SYSTEM), start
        while True:
            number += 1
            drafts.keep("form", {"number": number, "text": "阿" * (number % 5000)})
            acknowledge(f"draft {number}")
            with database.work(SYSTEM) as work:
                digest = attachments.store(home, work, b"%PDF-1.7" + number.to_bytes(8, "big") * 5000 + b"%%EOF")
            acknowledge(f"file {digest}")
            home.keys.add(f"user{number % 3}", PASSWORD, home.key)
            acknowledge(f"key user{number % 3}")
            if number % 3 == 0:
                acknowledge(f"backup {backup(home, database).name}")

    return work_until_killed


def verify_files(home: Home, database: Database, words: list[str]) -> None:
    """Prove that everything acknowledged can be read, and that nothing half is taken for whole."""
    said = {
        kind: [word.split()[1] for word in words if word.startswith(kind + " ")]
        for kind in ("draft", "file", "key", "backup")
    }
    if said["draft"]:
        draft = Drafts(home, SYSTEM).look("form")
        assert draft is not None and draft["number"] >= int(said["draft"][-1]), "a draft was lost"
    with database.read(SYSTEM) as work:
        known = set(work.scalars(select(StoredFile.hash)))
    for digest in known | set(said["file"]):
        assert attachments.is_sound(home.folder, home.key, digest), "an attachment was lost"
    for name in [*said["key"], "director"]:
        assert home.keys.unwrap(name, PASSWORD) is not None, "a key was lost"
    there = backups(home.folder / "backups")
    assert set(said["backup"]) <= {each.path.name for each in there}, "a backup was lost"
    for each in there[:2]:
        assert verify(each.path, home.key).missing == ()
    assert [finding for finding in check(home, database) if finding.part not in ("attachments", "keys")] == []


def main(kills: int, seed: int = 1) -> None:
    """Kill ``kills`` times and print what was found."""
    chance, started, acknowledged = random.Random(seed), time.monotonic(), 0
    with tempfile.TemporaryDirectory() as place:
        for kill in range(kills):
            if kill % 20 == 0:
                shutil.rmtree(Path(place) / "home", ignore_errors=True)
                home = make_home(Path(place) / "home").home
                database = home.open_database()
                backup(home, database)
                database.close()
            words = killed_in_mid_work(writing(home, database, kill + 1), chance, longest=0.25)
            acknowledged += len(words)
            verify_files(unlocked(home.folder), database, words)
            database.close()
    print(f"{kills} kills in {time.monotonic() - started:.0f} s, {acknowledged} acknowledged files: 0 lost, 0 half")


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:3]))
