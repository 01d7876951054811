"""A month of a hundred children printed beside the window: records a second, and the longest the window stood still.

    python -m tests.benchmarks.batch [--children 100] [--thread]

A heartbeat beats in the window every five milliseconds while the papers are made; beside it stand the beats of the
same window when nothing is printed, and with ``--thread`` those of the same work in a thread of the window's process.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

import models  # noqa: F401 (registers the record types)
from models.core.access import Actor
from models.core.database import Database
from models.core.home import Home
from models.core.record import new_id
from models.demo_making import make_demo_home
from models.month import Month, children_of
from models.paper_jobs import PaperJob
from models.paper_plan import Plan, planned
from reports.catalogue import paper_named
from reports.monthly_batch import monthly_records
from resources import use_language
from ui.app import App
from ui.preferences import Preferences
from ui.shell import Shell
from views import open_rooms
from views.paper_queue import queue_of

PASSWORD = "Harvest-moon-27"
OCTOBER = Month(2026, 10)
BEAT = 5


def main() -> None:
    """Print the figures of the worker process and, if asked for, those of a thread."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--children", type=int, default=100)
    reader.add_argument("--thread", action="store_true")
    reader.add_argument("--home", type=Path, help="an invented home, whose password is in QINGHE_PASSWORD")
    asked = reader.parse_args()
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    use_language("zh_CN")
    open_rooms()
    with tempfile.TemporaryDirectory() as folder:
        home = asked.home and Home.open(asked.home)
        if home is None:
            made = make_demo_home(
                Path(folder) / "home",
                children=asked.children + 20,
                months=3,
                password=PASSWORD,
                today=date(2026, 11, 22),
            )
            home = made.home
        database, actor = home.sign_in("director", os.environ.get("QINGHE_PASSWORD", PASSWORD))
        window = opened(database, actor, home)
        say("nothing printed", beats(lambda: wait(3.0)))
        window.app.go("documents")
        say("nothing printed, again", beats(lambda: wait(3.0)))
        with database.read(actor) as work:
            children = children_of(work, OCTOBER)[: asked.children]
        began = time.perf_counter()
        found = beats(lambda: in_queue(window.app, folder, children))
        rate(len(children), time.perf_counter() - began)
        say("in a process of their own", found)
        if asked.thread:
            ids = [each.id for each in children]
            began = time.perf_counter()
            found = beats(lambda: in_thread(database, actor, ids, Path(folder) / "thread"))
            rate(len(children), time.perf_counter() - began)
            say("in a thread of the window's process", found)
        window.app.close()


def opened(database: Database, actor: Actor, home: Home) -> Shell:
    """Open a window as a person has it."""
    app = App(database, actor, home=home, settings=Preferences())
    shell = Shell(app, home_name=home.name, invented=True)
    shell.resize(1366, 768)
    shell.show()
    shell.go("today")
    return shell


def in_queue(app: App, folder: str, children: list) -> None:  # type: ignore[type-arg]
    """Print a month as the page does, and wait until the queue is empty."""
    out = str(Path(folder) / "papers")
    documents = planned(children, Plan(OCTOBER, [paper_named("monthly")]))
    queue = queue_of(app)
    queue.add(PaperJob(new_id(), app.now(), str(OCTOBER), ("monthly",), documents, folder=out))
    while queue.running:
        wait(0.02)
    state = queue.states[-1]
    print(f"{state.printed} printed, {len(state.failures)} failed")


def in_thread(database: Database, actor: Actor, ids: list[str], out: Path) -> None:
    """The same work in a thread, for comparison."""
    worker = threading.Thread(target=lambda: monthly_records(database, actor, OCTOBER, ids, out))
    worker.start()
    while worker.is_alive():
        wait(0.02)


def beats(act: Callable[[], None]) -> list[float]:
    """Return the milliseconds between the beats of the window while something is done."""
    moments: list[float] = []
    timer = QTimer(interval=BEAT)
    timer.timeout.connect(lambda: moments.append(time.perf_counter()))
    timer.start()
    act()
    timer.stop()
    return sorted((after - before) * 1000 for before, after in zip(moments, moments[1:], strict=False))


def wait(seconds: float) -> None:
    """Let the window live for a while."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        QApplication.processEvents()
        time.sleep(0.001)


def rate(number: int, seconds: float) -> None:
    """Print records a second."""
    print(f"{number} records in {seconds:.1f} s, {number / seconds:.1f} a second")


def say(what: str, gaps: list[float]) -> None:
    """Print the longest beats and the usual one."""
    if gaps:
        longest = " ".join(f"{each:.0f}" for each in gaps[-5:][::-1])
        print(
            f"{what:<40} longest {longest} ms; 99 of 100 below {gaps[int(len(gaps) * 0.99)]:.0f} ms; middle {gaps[len(gaps) // 2]:.1f} ms"
        )


if __name__ == "__main__":
    main()
