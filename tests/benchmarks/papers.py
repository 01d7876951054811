"""Papers by the processor's second: a month's records drawn singly and bound, and gathered from an invented home.

python -m tests.benchmarks.papers
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import models  # noqa: F401 (registers the record types)
from models.demo_making import make_demo_home
from models.month import Month, MonthlyRecord, children_of, gather
from reports import fonts
from reports.monthly_batch import monthly_records
from reports.monthly_record import monthly_paper, render_bound, render_monthly
from reports.page import pages_of
from resources import use_language
from tests.reports import samples

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "Harvest-moon-27"
OCTOBER = Month(2026, 10)


def main() -> None:
    """Print every figure of this script."""
    use_language("zh_CN")
    cold()
    began = time.process_time()
    fonts.ready()
    print(f"{'faces made ready':<58} {(time.process_time() - began) * 1000:7.1f} ms CPU, once")
    trial()
    with tempfile.TemporaryDirectory() as folder:
        home(Path(folder))


def cold() -> None:
    """The first record of a fresh program, matplotlib and all."""
    script = (
        "import time, models\nfrom tests.reports import samples\nbegan = time.process_time()\n"
        "from reports.monthly_record import render_monthly\nrender_monthly(samples.ordinary(), samples.HEAD)\n"
        "print(time.process_time() - began)"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    print(f"{'first record of a fresh program, with charts':<58} {float(done.stdout) * 1000:7.1f} ms CPU, once")


def trial() -> None:
    """The trial record: photo box, 31 x 11 daily grid, therapy tables, two growth charts, texts, signatures."""
    ordinary = samples.ordinary()
    plain = samples.record(samples.care(), samples.therapy())
    papers = [monthly_paper(ordinary, samples.HEAD)] * 30
    say(
        "record with two growth charts, 3 pages, a file each",
        per(lambda: render_monthly(ordinary, samples.HEAD), 30),
        3,
    )
    say("record without a chart, 2 pages, a file each", per(lambda: render_monthly(plain, samples.HEAD), 30), 2)
    say(
        "thirty records bound in one document, each",
        per(lambda: render_bound([ordinary] * 30, samples.HEAD), 3) / 30,
        3,
    )
    say("layout alone, each", per(lambda: [pages_of(paper) for paper in papers], 3) / 30, 3)


def home(folder: Path) -> None:
    """A whole home's month, from the encrypted database to files on the disk."""
    made = make_demo_home(folder / "home", children=60, months=3, password=PASSWORD, today=date(2026, 11, 22))
    database, actor = made.home.sign_in("director", PASSWORD)
    with database.read(actor) as work:
        ids = [each.id for each in children_of(work, OCTOBER)]
        began = time.process_time()
        records: list[MonthlyRecord] = [gather(work, each, OCTOBER) for each in ids]
        say("gathering one child's month from the database", (time.process_time() - began) * 1000 / len(ids), 0)
    pages = sum(len(pages_of(monthly_paper(each, samples.HEAD))) for each in records)
    began, wall = time.process_time(), time.perf_counter()
    monthly_records(database, actor, OCTOBER, ids, folder / "papers")
    each = (time.process_time() - began) * 1000 / len(ids)
    say(f"whole month of {len(ids)} children, {pages} pages, noted and written", each, pages / len(ids))
    print(f"{'':<58} {(time.perf_counter() - wall):7.1f} s on the clock")
    database.close()


def per(act: Callable[[], object], times: int) -> float:
    """Return the CPU milliseconds of one run, the best of three rounds."""
    act()
    rounds = []
    for _round in range(3):
        began = time.process_time()
        for _time in range(times):
            act()
        rounds.append((time.process_time() - began) * 1000 / times)
    return min(rounds)


def say(what: str, milliseconds: float, pages: float) -> None:
    """Print milliseconds, and records and pages a CPU-second."""
    rate = f"{1000 / milliseconds:6.1f} records/CPU-s" + (
        f", {pages * 1000 / milliseconds:6.0f} pages/CPU-s" if pages else ""
    )
    print(f"{what:<58} {milliseconds:7.1f} ms CPU   {rate}")


if __name__ == "__main__":
    main()
