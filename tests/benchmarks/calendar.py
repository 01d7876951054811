"""The therapy calendar of a large department: how long a frame, an opening and a judgement while dragging take.

python -m tests.benchmarks.calendar
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import models  # noqa: F401 (registers the record types)
from models.child import Child
from models.core.access import SYSTEM, Actor
from models.core.database import Database, sqlcipher_engine
from models.core.record import new_id
from models.rooms import Room
from models.scheduling.week import read_week
from models.staff import Staff
from models.therapy import TherapySession

THERAPISTS, A_DAY, DAYS = 40, 12, 5
MONDAY = date(2026, 11, 16)
DIRECTOR = Actor("director", "director", "director", frozenset({"director"}))


def main() -> None:
    """Print every figure of this script."""
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication(sys.argv[:1])
    painting()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(
            sqlcipher_engine(Path(folder, "home.db"), os.urandom(32), create=True),
            clock=lambda: datetime(2026, 11, 18, 10, 10),
        )
        database.create_schema()
        fill(database)
        opening(database)
        database.close()
    del application


def starts(day: date) -> list[datetime]:
    """Return the beginnings of a therapist's sessions of a day: six in the morning, six in the afternoon."""
    begin = [datetime(day.year, day.month, day.day, 8, 30), datetime(day.year, day.month, day.day, 14)]
    return [each + timedelta(minutes=30 * count) for each in begin for count in range(A_DAY // 2)]


def fill(database: Database) -> None:
    """Write therapists, children, rooms and a full week of sessions."""
    staff = [new_id() for _ in range(THERAPISTS)]
    children, rooms = [new_id() for _ in range(400)], [new_id() for _ in range(20)]
    sessions = []
    for day in range(DAYS):
        for who, therapist in enumerate(staff):
            for slot, begin in enumerate(starts(MONDAY + timedelta(days=day))):
                key = new_id()
                sessions.append({
                    "id": key, "sitting_id": key, "child_id": children[(who * A_DAY + slot * 37 + day) % 400],
                    "therapist_id": therapist, "room_id": rooms[who % 20], "therapy": ("PT", "OT", "ST", "SI")[who % 4],
                    "form": "single", "starts_at": begin, "ends_at": begin + timedelta(minutes=30), "status": "booked",
                })  # fmt: skip
    with database.work(SYSTEM) as work:
        born = date(2020, 1, 1)
        work.bulk(Child, [{"id": key, "name": f"童{number:03d}", "number": f"{number:05d}", "sex": "1", "born_on": born}
                          for number, key in enumerate(children)])  # fmt: skip
        work.bulk(Staff, [{"id": key, "name": f"治疗师{n:02d}", "sex": "2", "post": "therapist"}
                          for n, key in enumerate(staff)])  # fmt: skip
        work.bulk(Room, [{"id": key, "name": f"{n}号室", "kind": "pt", "capacity": 100} for n, key in enumerate(rooms)])
    with database.work(SYSTEM) as work:
        work.connection().exec_driver_sql("DROP TRIGGER IF EXISTS trg_therapy_session_guard_insert")
        seen: set[tuple[str, datetime]] = set()
        fitting = []
        for each in sessions:
            spare = next(key for key in [each["child_id"], *children] if (key, each["starts_at"]) not in seen)
            seen.add((spare, each["starts_at"]))
            fitting.append(each | {"child_id": spare})
        work.bulk(TherapySession, fitting)


def painting() -> None:
    """Paint a department of 40 columns with 12 blocks each at 1920 × 1080, scrolling."""
    from PySide6.QtGui import QPixmap

    from ui.week import Band, Column, Tile, WeekGrid

    def tiles(day: int) -> list[Tile]:
        begins = [510 + 30 * count for count in range(A_DAY // 2)] + [840 + 30 * count for count in range(A_DAY // 2)]
        looks = ("booked", "done", "signed", "due", "missed", "proposed")
        return [
            Tile(f"{who}-{day}-{count}", str(who), day * 1440 + begin, day * 1440 + begin + 30, "欧阳小雨", "PT大厅", "PT",
                 ("rehabilitation", "care", "education", "info")[who % 4], looks[(who + count) % 6], "已完成", True,
                 short="小雨", locked=count % 5 == 0)
            for who in range(THERAPISTS) for count, begin in enumerate(begins)
        ]  # fmt: skip

    columns = [Column(str(who), f"治疗师{who:02d}", "12次") for who in range(THERAPISTS)]
    grid = WeekGrid()
    grid.resize(1920, 1080)
    grid.show()
    canvas = QPixmap(grid.size())
    grid.show_week(columns, tiles(0), span=(480, 1020), folds=[(690, 840)])
    scrolled(grid, canvas, "day, 40 columns × 12", grid.horizontalScrollBar())
    bands = [Band(day * 1440 + 480, day * 1440 + 1020, f"周{day}") for day in range(DAYS)]
    folds = [(day * 1440 + 690, day * 1440 + 840) for day in range(DAYS)]
    folds += [(day * 1440 + 1020, day * 1440 + 1920) for day in range(DAYS - 1)]
    whole = [tile for day in range(DAYS) for tile in tiles(day)]
    span = (480, (DAYS - 1) * 1440 + 1020)
    began = time.perf_counter()
    grid.show_week(columns, whole, span=span, folds=folds, bands=bands)
    grid.render(canvas)
    print(f"week, 40 rows × 60 (2,400 blocks): first whole picture {1000 * (time.perf_counter() - began):.0f} ms")
    grid.set_zoom(2.0)
    scrolled(grid, canvas, "week at twice the size", grid.horizontalScrollBar())
    grid.close()


def scrolled(grid, canvas, words: str, bar) -> None:  # type: ignore[no-untyped-def]  # Qt is not imported above
    """Scroll from one end to the other and back, and print what a frame takes of the processor.

    A busy machine makes every program wait; what the program itself takes is counted.
    """
    frames = {"first pass": [], "again": []}
    for name, found in frames.items():
        for value in range(0, bar.maximum() + 1, max(1, bar.maximum() // 120)):
            bar.setValue(value)
            began = time.thread_time()
            grid.viewport().render(canvas)
            found.append(1000 * (time.thread_time() - began))
        print(f"{words}, {name}: frame median {statistics.median(found):.1f} ms, 95 % below "
              f"{sorted(found)[int(len(found) * 0.95)]:.1f} ms, worst {max(found):.1f} ms")  # fmt: skip


def opening(database: Database) -> None:
    """Open the department's week on 2,400 sessions, then judge places as a drag does."""
    from tests.ui.conftest import make_app
    from views.therapy_calendar import TherapyCalendar

    with database.read(DIRECTOR) as work:
        print(f"read 2,400 blocks: {timed(lambda: read_week(work, MONDAY, MONDAY + timedelta(days=6))):.0f} ms")
    app = make_app(database, DIRECTOR)
    page = TherapyCalendar(app)
    page.resize(1920, 1080)
    page.show()
    began, whole = time.thread_time(), time.perf_counter()
    page.open(day=MONDAY, by="department")
    page.grab()
    print(f"open the department's week with 2,400 blocks: {1000 * (time.thread_time() - began):.0f} ms"
          f" ({1000 * (time.perf_counter() - whole):.0f} ms by the clock)")  # fmt: skip
    print(f"the same again: {timed(lambda: (page.reload(), page.grab())):.0f} ms")
    block = page.week.blocks[0]
    times = [timed(lambda n=n: page.judge(block.key, block.therapist_id, 480 + 5 * n, 510 + 5 * n)) for n in range(60)]  # type: ignore[misc]
    print(f"judge a place while dragging: median {statistics.median(times):.1f} ms, worst {max(times):.1f} ms")
    app.close()


def timed(act: Callable[[], object]) -> float:
    """Return how many milliseconds of the processor something takes."""
    began = time.thread_time()
    act()
    return 1000 * (time.thread_time() - began)


if __name__ == "__main__":
    main()
