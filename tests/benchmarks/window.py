"""How long the window cannot answer: the longest pause between two beats of 10 ms while the program is at work.

    python -m tests.benchmarks.window [--home DEMO] [--seconds 20] [--only planning,series]

The demo home is made when none is named (its password stands in ``QINGHE_PASSWORD``). For every act it prints the
longest pause as a person feels it; of it, what the window's own thread computed and what the program's other threads
did meanwhile; and how many pauses were longer than 100 ms. Where the machine has other work to do, the first figure
holds it and the others do not.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from models.core.home import Home
from models.demo_making import make_demo_home
from models.scheduling import chw
from models.scheduling.planning import Desk, Sketch
from models.scheduling.recurrence import week_of
from resources import use_language
from tests.benchmarks.schedule import week_named
from ui import memory
from ui.app import App
from ui.preferences import Preferences
from ui.shell import Shell
from views import open_rooms

BEAT = 10
"""Milliseconds between two beats."""
FELT = 0.1
"""Seconds from which a person notices that the window does not answer."""


class Heart:
    """Beats in the window's thread and notes every pause."""

    def __init__(self) -> None:
        self.pauses: list[tuple[float, float, float]] = []
        self._last = (0.0, 0.0, 0.0)
        self._timer = QTimer(timerType=Qt.TimerType.PreciseTimer, interval=BEAT)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        self.pauses.clear()
        self._last = self._clocks()
        self._timer.start()

    def _clocks(self) -> tuple[float, float, float]:
        own = time.thread_time()
        return time.perf_counter(), own, time.process_time() - own

    def stop(self) -> None:
        self._beat()
        self._timer.stop()

    def _beat(self) -> None:
        now = self._clocks()
        wall, own, others = (new - old for new, old in zip(now, self._last, strict=True))
        self.pauses.append((wall, own, others))
        self._last = now

    def told(self) -> str:
        """Say the longest pause and what filled it, the longest computing of the window, and how many were felt."""
        wall, own, others = (round(each * 1000) for each in max(self.pauses))
        most = round(max(each[1] for each in self.pauses) * 1000)
        felt = sum(each[0] > FELT for each in self.pauses)
        return f"longest pause {wall:4} ms (own {own:4}, others {others:4}), most own {most:4} ms, felt {felt}"


HEART: Heart


def spin(done: Callable[[], bool], seconds: float = 120.0) -> float:
    """Let the window live until something is done; return how long it took."""
    began, loop = time.perf_counter(), QEventLoop()

    def look() -> None:
        if done() or time.perf_counter() - began >= seconds:
            loop.quit()

    often = QTimer(interval=5)
    often.timeout.connect(look)
    often.start()
    loop.exec()
    return time.perf_counter() - began


@contextmanager
def beating(words: str) -> Iterator[None]:
    """Watch the window during an act and print how it answered."""
    HEART.start()
    began = time.perf_counter()
    yield
    took = time.perf_counter() - began
    HEART.stop()
    print(f"{words:<38} {took:6.2f} s  {HEART.told()}", flush=True)


def main() -> None:
    """Print every figure of this script."""
    global HEART
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    reader.add_argument("--home", type=Path)
    reader.add_argument("--seconds", type=float, default=20.0)
    reader.add_argument("--only", default="")
    asked = reader.parse_args()
    QApplication.instance() or QApplication(sys.argv[:1])
    use_language("zh_CN")
    open_rooms()
    HEART = Heart()
    with tempfile.TemporaryDirectory() as folder:
        password = os.environ.get("QINGHE_PASSWORD", "Harvest-moon-27")
        place = asked.home or Path(folder, "home")
        if not Home.exists(place):
            make_demo_home(place, children=120, months=3, password=password)
        shell = window_of(place, password)
        for name, act in ACTS.items():
            if not asked.only or name in asked.only.split(","):
                act(shell, asked.seconds)
        shell.app.close()
        shell.app.database.close()


def window_of(place: Path, password: str) -> Shell:
    home = Home.open(place)
    database, who = home.sign_in("director", password)
    shell = Shell(App(database, who, home=home, settings=Preferences()), home_name=home.name, invented=True)
    shell.resize(1366, 768)
    shell.show()
    spin(lambda: False, 0.5)
    memory.settle()
    return shell


def idle(shell: Shell) -> Callable[[], bool]:
    """Return whether nothing is asked of the worker any more."""
    return lambda: shell.app.tasks.running == 0 and shell.app.tasks.beside().running == 0


def page_of(shell: Shell) -> Any:
    return shell._frames[shell.current].page


# --- the acts ---------------------------------------------------------------------------------------------


def pages(shell: Shell, _seconds: float) -> None:
    """Open the pages of the department for the first time, and once more."""
    for key in ("therapy_week", "planner", "waiting_lists", "rehabilitation", "entitlement", "outreach", "department"):
        for words in ("opens", "again"):
            with beating(f"{key} {words}"):
                shell.go(key, {})
                spin(idle(shell))
                spin(lambda: False, 0.15)
            shell.go("today", {})
            spin(idle(shell))


def department(shell: Shell, _seconds: float) -> None:
    """Show the whole department's day and week in the calendar, and turn the weeks."""
    shell.go("therapy_week", {})
    spin(idle(shell))
    page = page_of(shell)
    for by in ("department", "day"):
        with beating(f"the calendar by {by}"):
            page._set_by(by)
            spin(idle(shell))
            spin(lambda: False, 0.15)
        with beating("  a week on"):
            page._page(1)
            spin(idle(shell))
            spin(lambda: False, 0.15)


def series(shell: Shell, _seconds: float) -> None:
    """Judge and book a series over a year, three days a week."""
    from views.booking_panel import Draft

    shell.go("therapy_week", {})
    spin(idle(shell))
    page = page_of(shell)
    monday = week_of(shell.app.today() + timedelta(days=7))[0]
    start = datetime.combine(monday, datetime.min.time()) + timedelta(hours=8, minutes=30)
    child = page.entrusted[3].id
    page._book(Draft(start, start + timedelta(minutes=30), page.week.therapists[0][0], "", (child,), "PT"))
    panel = page._side_widget()
    panel.repeat.set_value("weekly")
    panel._repeat_chosen()
    panel.until.set_value(monday + timedelta(weeks=51))
    for day in (0, 2, 4):
        panel.weekdays[day].setChecked(True)
    with beating("a series over a year is judged"):
        panel.judge()
        spin(lambda: idle(shell)() and not panel._soon.isActive())
    print(f"    {len(panel.planned)} days, {panel.button.text()}")
    with beating("and booked"):
        panel.save()
        spin(idle(shell), 300)
        spin(lambda: False, 0.2)


def planning(shell: Shell, seconds: float) -> None:
    """Plan the demo home's week and a big one, and stop."""
    shell.go("planner", {})
    spin(idle(shell))
    page = page_of(shell)
    planned(shell, page, "the demo home's week is planned", seconds)
    for week in ("200x24", "400x40"):
        page.desk = Desk(Sketch(chw.read(week_named(week))))
        page.proof, page.reasons, page.causes = None, {}, ()
        page.keep = lambda *_then: None  # a week of other people: it is nobody's proposal here
        page.show_sketch()
        planned(shell, page, f"{week} is planned", seconds)


def planned(shell: Shell, page: Any, words: str, seconds: float) -> None:
    page.seconds = 300
    with beating(words):
        page.plan()
        spin(lambda: page.run is None, seconds)
    if page.run is not None:
        with beating("  stopped: the kept plan is shown"):
            began = time.perf_counter()
            page.go_button.click()
            answered = time.perf_counter() - began
            spin(lambda: page.run is None)
        print(f"    the button answered after {answered * 1000:.0f} ms, {page.go_button.text()}")
    with beating("  its reasons are found"):
        spin(idle(shell), 30)
    page._drop_reasons()
    spin(idle(shell), 30)


ACTS: dict[str, Callable[[Shell, float], None]] = {
    "pages": pages,
    "department": department,
    "series": series,
    "planning": planning,
}

if __name__ == "__main__":
    main()
