"""Papers by the processor's second: a month's records singly and bound, beside typst and fpdf2 in the same run.

python -m tests.benchmarks.papers [children] [--home]

The peers are no dependencies of the program; where they are not installed the run goes on without them:
``pip install typst==0.15.2 fpdf2==2.8.9``. With ``--home`` a whole home's month is made, from the database to files.
"""

from __future__ import annotations

import cProfile
import pstats
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import models  # noqa: F401 (registers the record types)
from models.demo_making import make_demo_home
from models.month import Month, MonthlyRecord, children_of, gather
from reports import fonts
from reports.monthly_batch import monthly_records
from reports.monthly_record import monthly_paper, render_bound, render_monthly
from reports.page import pages_of
from reports.pen import Pen
from resources import use_language
from tests.benchmarks.trial_record import as_plain, trial_record
from tests.reports.samples import HEAD

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "Harvest-moon-27"
OCTOBER = Month(2026, 10)
PAGES, ROUNDS = 3, 8
KEPT = HEAD.but(number="2026-000123", check="QH1 2026-000123 " + "a3f49b02" * 4)


def main() -> None:
    """Print every figure of this script."""
    use_language("zh_CN")
    numbers = [int(each) for each in sys.argv[1:] if each.isdigit()]
    cold()
    began = time.process_time()
    fonts.ready()
    print(f"{'faces made ready':<58} {(time.process_time() - began) * 1000:7.1f} ms CPU, once\n")
    children = numbers[0] if numbers else 400
    compare(children)
    memory(children)
    floors()
    where()
    if "--home" in sys.argv:
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


Way = Callable[[Sequence[int]], list[bytes]]


def compare(children: int) -> None:
    """The same children in turns by every program, so that a busy machine is busy for all of them."""
    ways = dict(_ways())
    spent, sizes, counts = Counter[str](), Counter[str](), Counter[str]()
    for name, way in ways.items():
        made = way([0] if "bound" not in name else [0, 1])  # everything that is read once has been read
        if "bound" not in name:
            print(f"  {name:<56} {_said(made[0], _plain(0, int('untagged' in name)))}")
    for start in range(0, children, max(children // ROUNDS, 1)):
        some = range(start, min(start + max(children // ROUNDS, 1), children))
        for name, way in ways.items():
            mine = _share(name, some)
            for each in mine:  # what a record says is known before the clock runs
                _record(each, False), _record(each, True)
                for other in range(4):
                    _plain(each, other)
            began = time.process_time()
            made = way(mine)
            spent[name] += time.process_time() - began
            counts[name] += len(mine)
            sizes[name] += sum(map(len, made))
    print(f"{children} children of {PAGES} pages, a program's share of CPU time, in {ROUNDS} turns")
    rates = {}
    for name in ways:
        each = 1000 * spent[name] / counts[name]
        rates[name] = 1000 * PAGES / each
        print(
            f"  {name:<56} {each:8.1f} ms a record {rates[name]:8.1f} pages/CPU-s {sizes[name] / counts[name] / 1000:7.0f} kB"
        )
    _verdicts(rates, {name: sizes[name] / counts[name] / 1000 for name in ways})


def _said(pdf: bytes, plain: dict[str, Any]) -> str:
    """How many of a record's words a document says, so that no program is quick by leaving something out."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        text = "".join("".join(page.get_textpage().get_text_range().split()) for page in document)
        pages = len(document)
    words = [*(value for pair in plain["facts"] for value in pair), plain["warnings"], *plain["plan"].split("\n")]
    for section in plain["sections"]:
        words += [value for pair in (*section["facts"], *section["texts"]) for value in pair]
        words += [cell for grid in section["grids"] for row in (grid["headings"], *grid["rows"]) for cell in row]
    missing = [each for each in words if any(text.count(sign) == 0 for sign in "".join(each.split()))]
    found = sum("".join(each.split()) in text for each in words)
    return f"{found} of {len(words)} entries in one piece, {len(missing)} missing, {pages} pages"


def _share(name: str, some: range) -> Sequence[int]:
    """fpdf2 sets one record a turn: a record takes it seconds."""
    return some[:1] if name.startswith("fpdf2") else some


def _ways() -> Any:
    """Each program with a function that sets the records of some children."""
    yield "ours, a file each", lambda some: [render_monthly(_record(each, False), HEAD) for each in some]
    yield (
        "ours, two growth charts, a file each",
        lambda some: [render_monthly(_record(each, True), HEAD) for each in some],
    )
    yield (
        "ours, charts, number and square code, a file each",
        lambda some: [render_monthly(_record(each, True), KEPT) for each in some],
    )
    yield "ours, bound", lambda some: [render_bound([_record(each, False) for each in some], HEAD)]
    yield ("ours, two growth charts, bound", lambda some: [render_bound([_record(each, True) for each in some], HEAD)])
    try:
        from tests.benchmarks.typst_record import Setter

        setter = Setter()
    except ImportError:
        print("typst is not installed: the comparison goes on without it")
    else:
        yield "typst, tagged, a file each", lambda some: [setter.document([_plain(each)]) for each in some]
        yield (
            "typst, untagged, a file each",
            lambda some: [setter.document([_plain(each, 1)], pdf_tags=False) for each in some],
        )
        yield "typst, tagged, bound", lambda some: [setter.document([_plain(each, 2) for each in some])]
        yield (
            "typst, untagged, bound",
            lambda some: [setter.document([_plain(each, 3) for each in some], pdf_tags=False)],
        )
    try:
        import fpdf  # noqa: F401

        from tests.benchmarks import fpdf2_record
    except ImportError:
        print("fpdf2 is not installed: the comparison goes on without it")
    else:
        yield "fpdf2, a file each", lambda some: [fpdf2_record.document(_plain(each)) for each in some]


@cache
def _record(number: int, charts: bool) -> MonthlyRecord:
    return trial_record(number, charts=charts)


@cache
def _plain(number: int, other: int = 0) -> dict[str, Any]:
    """The words of a record; of an ``other`` child for each way, for typst remembers what it has laid out."""
    return as_plain(trial_record(number + 1000 * other, charts=False))


def _verdicts(rates: dict[str, float], sizes: dict[str, float]) -> None:
    """What was asked for, and what came out; typst is taken at its faster way."""
    plain, charts, bound = (
        rates[name] for name in ("ours, a file each", "ours, two growth charts, a file each", "ours, bound")
    )
    lines = list[tuple[str, float, float]]()
    if "typst, tagged, a file each" in rates:
        single = max(rates["typst, tagged, a file each"], rates["typst, untagged, a file each"])
        together = max(rates["typst, tagged, bound"], rates["typst, untagged, bound"])
        lines += [
            ("without charts, times typst", plain / single, 1.25),
            ("with charts, times typst without", charts / single, 1.0),
        ]
        lines += [("bound, times typst", bound / together, 1.5)]
    if "fpdf2, a file each" in rates:
        lines += [("with charts, times fpdf2 without", charts / rates["fpdf2, a file each"], 25.0)]
    for what, found, asked in lines:
        print(f"  {what:<56} {found:8.2f}   asked {asked}   {'kept' if found >= asked else 'MISSED'}")
    for name, most in (("ours, two growth charts, a file each", 200.0), ("ours, two growth charts, bound", 60.0)):
        print(
            f"  {'kB, ' + name:<56} {sizes[name]:8.1f}   asked at most {most}   {'kept' if sizes[name] <= most else 'MISSED'}"
        )
    print()


def memory(children: int) -> None:
    """What a program of its own holds while it makes a file for each child, and a bound volume of all."""
    script = (
        "import sys, models\nfrom pathlib import Path\nfrom resources import use_language\n"
        "from reports.monthly_record import render_bound, render_monthly\nfrom tests.benchmarks.trial_record import trial_record\n"
        "from tests.reports.samples import HEAD\nuse_language('zh_CN')\n"
        "held = lambda: int(Path('/proc/self/statm').read_text().split()[1]) * 4096 // 1000000\n"
        f"for number in range({children}):\n"
        "    render_monthly(trial_record(number, charts=True), HEAD)\n"
        "    if number % 50 == 49: print(held(), end=' ')\n"
        f"render_bound([trial_record(number, charts=True) for number in range({children})], HEAD)\nprint('bound', held())"
    )
    if Path("/proc/self/statm").exists():
        done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
        print(f"MB held after every 50 files with charts, and after a bound volume: {done.stdout.strip()}\n")


def floors() -> None:
    """What no layout could save: compressing what is in the file, and the same words on reportlab's bare canvas."""
    record = trial_record(7, charts=False)
    streams = _streams(render_monthly(record, HEAD))
    say(
        "floor: compressing the streams of one record",
        per(lambda: [zlib.compress(each) for each in streams], 20),
        PAGES,
    )
    words = _words(record)
    say(f"floor: its {len(words)} pieces of text on reportlab's bare canvas", per(lambda: _bare(words), 10), PAGES)
    paper = monthly_paper(record, HEAD)
    say("laying out alone", per(lambda: pages_of(paper), 20), PAGES)


def _streams(pdf: bytes) -> list[bytes]:
    import pikepdf

    with pikepdf.open(BytesIO(pdf)) as document:
        return [each.read_bytes() for each in document.objects if isinstance(each, pikepdf.Stream)]


def _words(record: MonthlyRecord) -> list[tuple[Any, ...]]:
    """Every piece of text that is written, with its place."""
    found, write = list[tuple[Any, ...]](), Pen._write

    def listen(pen: Pen, x: float, y: float, text: str, face: Any, size: float, grey: float, spread: float) -> None:
        found.append((x, y, text, face.fontName, size))
        write(pen, x, y, text, face, size, grey, spread)

    Pen._write = listen  # type: ignore[method-assign]  # only to hear what is written
    try:
        render_monthly(record, HEAD)
    finally:
        Pen._write = write  # type: ignore[method-assign]
    return found


def _bare(words: Sequence[tuple[Any, ...]]) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    file = BytesIO()
    canvas = Canvas(file, pageCompression=1, initialFontName="Qinghe-song")
    for number, (x, y, text, face, size) in enumerate(words):
        canvas.setFont(face, size)
        canvas.drawString(x, y, text)
        if number % (len(words) // PAGES + 1) == len(words) // PAGES:
            canvas.showPage()
    canvas.save()
    return file.getvalue()


_STEPS = {
    "reports/text.py": "breaking lines", "reports/layout.py": "layout", "reports/blocks.py": "forms and tables",
    "reports/monthly_record.py": "forms and tables", "reports/drawing.py": "drawing", "reports/pen.py": "writing pages",
    "reports/tags.py": "tags", "reports/pdf_file.py": "the file", "reports/archival.py": "description for archives",
    "reports/fontfile.py": "cutting faces", "reports/fonts.py": "measuring and coding characters",
    "reports/charts.py": "charts", "reports/recorder.py": "charts", "reports/page.py": "head and foot",
}  # fmt: skip


def where() -> None:
    """Where the time of a record with charts goes."""
    profile, shares = cProfile.Profile(), Counter[str]()
    records = [trial_record(each, charts=True) for each in range(20)]
    profile.enable()
    for record in records:
        render_monthly(record, HEAD)
    profile.disable()
    for (file, _line, name), (_calls, _all, own, _cumulated, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        if file != "~":
            shares[_step(file)] += own
        else:  # built in: whoever called it
            for (caller, _at, _function), figures in callers.items():
                shares["compressing" if "compress" in name else _step(caller)] += figures[2]
    total = sum(shares.values())
    print("\nwhere the time of a record with charts goes:")
    for step, own in shares.most_common():
        if own > 0.01 * total:
            print(f"  {step:<40} {100 * own / total:5.1f} %")


def _step(file: str) -> str:
    short = "/".join(Path(file).parts[-2:])
    packages = ("matplotlib", "numpy", "reportlab")
    known = _STEPS.get(short) or next((each for each in packages if each in file), "other")
    return "charts" if known in ("matplotlib", "numpy") else known


def home(folder: Path) -> None:
    """A whole home's month, from the encrypted database to files on the disk."""
    made = make_demo_home(folder / "home", children=60, months=3, password=PASSWORD, today=date(2026, 11, 22))
    database, actor = made.home.sign_in("director", PASSWORD)
    with database.read(actor) as work:
        ids = [each.id for each in children_of(work, OCTOBER)]
        began = time.process_time()
        records: list[MonthlyRecord] = [gather(work, each, OCTOBER) for each in ids]
        say("gathering one child's month from the database", (time.process_time() - began) * 1000 / len(ids), 0)
    pages = sum(len(pages_of(monthly_paper(each, HEAD))) for each in records)
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
