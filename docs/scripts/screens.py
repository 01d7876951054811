"""Take a picture of every screen on an invented home, without a display.

    python docs/scripts/screens.py --out FOLDER [--home DEMO] [--language zh_CN] [--size 1366x768]
                                   [--theme light] [--text 100] [--only today,child]

    python docs/scripts/screens.py --guide          the pictures of the user's guide

The demo home is made when ``--home`` names none; its password is read from ``QINGHE_PASSWORD``.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from PIL import Image
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from models.core.home import Home
from models.demo_making import USERNAMES, make_demo_home
from ui.app import App
from ui.pages import PageEntry, pages
from ui.preferences import Preferences
from ui.shell import Shell
from ui.speech import speak
from ui.tasks import InlineTasks
from ui.theme import load_rare_characters, theme
from views import open_rooms

PASSWORD = os.environ.get("QINGHE_PASSWORD", "Harvest-moon-27")


def main() -> None:
    """Take the pictures that the arguments ask for."""
    asked = arguments()
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    speak(asked.language)
    load_rare_characters()
    theme.use(asked.theme, asked.text)
    open_rooms()
    asked.out.mkdir(parents=True, exist_ok=True)
    if not Home.exists(asked.home):
        make_demo_home(asked.home, children=asked.children, months=asked.months, password=PASSWORD)
    seen: set[str] = set()
    for username in asked.users.split(",") if asked.users else USERNAMES:
        shell = window_of(asked.home, username, asked.size)
        for entry in pages(shell.app.actor):
            if entry.key in seen or (asked.only and entry.key not in asked.only.split(",")):
                continue
            seen.add(entry.key)
            picture(shell, entry, asked.out)
        shell.hide()
        shell.app.close()
        shell.app.database.close()


def arguments() -> argparse.Namespace:
    """Read the command line."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    reader.add_argument("--out", type=Path, default=ROOT / ".cache" / "screens")
    reader.add_argument("--guide", action="store_true", help="write the pictures that the user's guide shows")
    reader.add_argument("--home", type=Path, default=ROOT / ".cache" / "pictured-home")
    reader.add_argument("--language", default="zh_CN", choices=("zh_CN", "en"))
    reader.add_argument("--size", default="1366x768")
    reader.add_argument("--theme", default="light")
    reader.add_argument("--text", type=int, default=100)
    reader.add_argument("--only", default="", help="page keys, separated by commas")
    reader.add_argument("--users", default="", help="accounts, separated by commas")
    reader.add_argument("--children", type=int, default=60)
    reader.add_argument("--months", type=int, default=3)
    asked = reader.parse_args()
    if asked.guide:
        text = (ROOT / "docs" / "guide" / "README.md").read_text(encoding="utf-8")
        asked.only = ",".join(re.findall(r"images/(\w+)\.png", text))
        asked.out, asked.users = ROOT / "docs" / "guide" / "images", "director"
    return asked


def window_of(folder: Path, username: str, size: str) -> Shell:
    """Open the window of one account on a home."""
    home = Home.open(folder)
    database, who = home.sign_in(username, PASSWORD)
    app = App(database, who, home=home, settings=Preferences())
    app.tasks = InlineTasks()
    shell = Shell(app, home_name=home.name, invented=True)
    shell.resize(*(int(each) for each in size.split("x")))
    shell.show()
    return shell


def picture(shell: Shell, entry: PageEntry, out: Path) -> None:
    """Open a page, let it settle and keep its picture; a child's file once for each of its tabs."""
    shell.go(entry.key, {"child_id": a_child(shell)} if entry.key == "child" else {})
    settle()
    if entry.key == "planner":
        planned(shell)
    file = out / f"{entry.key}.png"
    shell.grab().save(str(file))
    with Image.open(file) as taken:
        small = taken.convert("RGB").quantize(200)
    small.save(file, optimize=True)
    print(entry.key, flush=True)


def planned(shell: Shell) -> None:
    """Let the planner plan for a few seconds, so that its picture shows a week that plans itself."""
    from views.planner import PlanTheWeek

    page = shell.findChild(PlanTheWeek)
    if page is not None:
        page.seconds = 10
        page.plan()
        settle()


def a_child(shell: Shell) -> str:
    """Return a child about whom much is known: the one with the most alerts."""
    from models.alerts import alerts_for
    from models.child import Child
    from models.core import queries

    with shell.app.read() as work:
        ids = [row.id for row in queries.rows(work, Child)]
        told = [each.child_id for each in alerts_for(work, ids)]
    return max(ids, key=told.count)


def settle() -> None:
    """Let the page draw itself, timers of a quarter of a second included."""
    for _round in range(3):
        QApplication.processEvents()
        QTest.qWait(120)


if __name__ == "__main__":
    main()
