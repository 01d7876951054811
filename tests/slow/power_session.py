"""The session whose every write is traced: saves through the real services, with check points and a closing in between.

    python -m tests.slow.power_session HOME SAVES FULL|NORMAL      (run under strace by tests.slow.power_loss)

After each commit its number is written to the descriptor of a file called ``acknowledged``, so that the trace
holds what the user had been told at which moment.
"""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path

from sqlalchemy import event

import models  # noqa: F401 (registers every record type)
from models.child import Child
from models.core import records
from models.core.access import SYSTEM
from models.core.database import Database
from models.core.record import new_id
from models.staff import Staff
from tests.slow.harness import unlocked


def opened(folder: Path, synchronous: str) -> Database:
    """Open the home as the program does; NORMAL is only there to show that the harness finds losses."""
    database = unlocked(folder).open_database()
    database.engine.dispose()

    def tune(connection, _record):
        connection.execute("PRAGMA wal_autocheckpoint = 150")
        if synchronous == "NORMAL":
            connection.execute("PRAGMA synchronous = NORMAL")

    event.listen(database.engine, "connect", tune)
    return database


def save(database: Database, number: int) -> None:
    """Save a child and a member of staff in one event, and now and then change an earlier child."""
    with database.work(SYSTEM) as work:
        values = {"name": "曾小乐", "number": str(number), "sex": "1", "born_on": date(2020, 1, 1)}
        records.save(work, Child, values, id=f"{number:032x}", confirmed=True)
        records.save(work, Staff, {"name": "单雄", "number": str(number), "sex": "1", "post": "nurse"}, id=new_id())
        if number % 5 == 0:
            earlier = work.get(Child, f"{number // 2 + 1:032x}")
            if earlier is not None:
                earlier.state_reason = str(number)


def main(folder: Path, saves: int, synchronous: str) -> None:
    """Run the session."""
    told = os.open(folder / "acknowledged", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    database = opened(folder, synchronous)
    for number in range(1, saves + 1):
        save(database, number)
        os.write(told, b"%d\n" % number)
        if number % 120 == 0:
            database.close()  # the last connection checkpoints and removes the log
            database = opened(folder, synchronous)
        elif number % 50 == 0:
            with database.engine.connect() as connection:
                connection.exec_driver_sql("ROLLBACK")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql("BEGIN")
    database.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
