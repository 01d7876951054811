"""The planner on the six weeks of chw-1 and on others: times, levels, proofs, repairs, memory — each plan judged.

    python -m tests.benchmarks.schedule                         all six, 60 s, three seeds, and the repairs
    python -m tests.benchmarks.schedule --weeks 40x5 60x8 --seconds 10 --seeds 1
    python -m tests.benchmarks.schedule --others                invented weeks instead, each with its plain baseline

Every plan is made by the command (``main.py schedule solve``), a process of its own, and judged by the copied verifier.
"whole" is the time of the whole process; "nobody waits" the time from its start — the interpreter's included — until it
says, after the plan is in the file, that waiting is 0 and proven.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.weeks import chw_verify

ROOT = Path(__file__).resolve().parents[2]
WEEKS = Path(__file__).parent / "weeks"
BEST_KNOWN = {
    "40x5": (0, 0, 0, 5, 18), "60x8": (0, 0, 9, 16, 20), "100x12": (0, 0, 29, 12, 20), "200x24": (0, 0, 16, 17, 20),
    "150x18": (23, 0, 6, 10, 20), "400x40": (0, 0, 44, 81, 19),
}  # fmt: skip
"""The best plans known before this planner, at up to 213 s (the benchmark's own table)."""
FIGURES = re.compile(r"(\w+) (\d+) \((proven|at least (\d+))\)")


@dataclass(frozen=True)
class Run:
    """One run of the command."""

    levels: tuple[int, ...]
    proven: int
    broken: int
    whole: float
    nobody_waits: float | None
    memory: int
    """The most memory it held at once, in MB."""


def week_named(name: str) -> Path:
    """Return the file of a week by the beginning of its name."""
    return next(WEEKS.glob(f"chw-{name}-*.json"))


def solved(file: Path, seconds: float, seed: int, folder: Path) -> Run:
    """Run the command on a file and judge what it wrote."""
    out = folder / f"{file.stem}-{seed}.json"
    words = ["schedule", "solve", str(file), "--seconds", str(seconds), "--seed", str(seed), "--out", str(out)]
    began, none, last = time.perf_counter(), None, ""
    with subprocess.Popen(
        [sys.executable, "main.py", *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "QINGHE_LANGUAGE": "en"},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        for line in process.stdout:
            last = line
            if none is None and "waiting 0 (proven)" in line:
                none = time.perf_counter() - began
        _pid, status, usage = os.wait4(process.pid, 0)
        whole = time.perf_counter() - began
        process.returncode = status
    if status != 0:
        raise SystemExit(last)
    broken, levels = chw_verify.verify(chw_verify.Chw(str(file)), json.loads(out.read_text(encoding="utf-8")))
    proven = sum(1 for figure in FIGURES.findall(last)[:5] if figure[2] == "proven")
    return Run(tuple(levels), proven, len(broken), whole, none, usage.ru_maxrss // 1024)


def told(name: str, runs: Sequence[Run]) -> None:
    """Print one week's runs against what was known before."""
    known = BEST_KNOWN.get(name)
    for each in runs:
        verdict = (
            "" if known is None else "better" if each.levels < known else "equal" if each.levels == known else "worse"
        )
        waits = "  never " if each.nobody_waits is None else f"{each.nobody_waits:6.2f} s"
        print(
            f"{name:8} {' '.join(map(str, each.levels)):18} {verdict:7} proven {each.proven}  broken {each.broken}"
            f"  nobody waits {waits}  whole {each.whole:6.2f} s  {each.memory:5} MB",
            flush=True,
        )
    times = [each.nobody_waits for each in runs if each.nobody_waits is not None]
    if times:
        print(f"{name:8} nobody waits, median of {len(times)}: {median(times):.2f} s")


# --- the plain baseline ---


def baseline(file: Path, seconds: float) -> tuple[float, str]:
    """Plan a week as one model with one weighted sum: the obvious first thing to do, two workers, for comparison."""
    from models.scheduling import chw
    from models.scheduling.engine.budget import Budget
    from models.scheduling.engine.held import Held
    from models.scheduling.engine.region import Region, Wish
    from models.scheduling.engine.sat import run
    from models.scheduling.engine.week import Week
    from models.scheduling.levels import levels

    began = time.perf_counter()
    problem = chw.read(file)
    week = Week(problem)
    region = Region(week, range(len(week.tasks)), Held(week), Wish(faithful=False))
    answer = run(region.model, Budget(seconds), seconds, workers=2)
    took = time.perf_counter() - began
    if answer.values is None:
        return took, "no plan"
    found = region.sittings(answer.values)
    plan = week.placements([found[task] for task in range(len(week.tasks))])
    return took, " ".join(str(each) for each in levels(problem, plan)[:5])


# --- repairs ---


def repairs(name: str, seconds: float) -> None:
    """Let therapists fall ill for a day and for a week, and print how long it takes to move the fewest."""
    from models.scheduling import chw
    from models.scheduling.engine import place_around, solve
    from models.scheduling.levels import breaches

    problem = chw.read(week_named(name))
    plan = solve(problem, seconds=seconds)
    for therapist in list(problem.therapists)[:3]:
        for days in ((1,), tuple(range(problem.grid.days))):
            person = problem.therapists[therapist]
            left = replace(person, free=frozenset(slot for slot in person.free if slot[0] not in days))
            ill = replace(problem, therapists={**problem.therapists, therapist: left}, before=plan.placements)
            kept = [each for each in plan.placements if each.therapist != therapist or each.day not in days]
            hit = len(plan.placements) - len(kept)
            began = time.perf_counter()
            found = place_around(ill, kept, seconds=3 if len(days) == 1 else 10)
            took = time.perf_counter() - began
            print(
                f"{name:8} {therapist} away {len(days)} d: {hit:2} hit, lost {found.levels.waiting - plan.levels.waiting:2},"
                f" moved {found.levels.change - hit:2}, proven {('nothing', 'lost', 'lost and moved')[min(2, found.proven)]},"
                f" {took:5.2f} s, broken {len(breaches(ill, found.placements))}",
                flush=True,
            )


# --- other weeks ---


def others(seconds: float, folder: Path) -> None:
    """Plan invented weeks, beside the plain baseline with the same time."""
    from tests.benchmarks.invented_weeks import Range, week

    kinds: dict[str, dict[str, Any]] = {
        "usual": {}, "full": {"load": 0.95}, "three days": {"days": 3}, "quarter hours": {"minutes": 15},
        "scarce": {"scarce": True}, "groups": {"groups": 12}, "large": {"children": 200, "therapists": 24},
    }  # fmt: skip
    for number, (kind, wanted) in enumerate(kinds.items(), start=101):
        file = folder / f"{kind.replace(' ', '-')}.json"
        file.write_text(json.dumps(week(Range(seed=number, **wanted))), encoding="utf-8")
        told(kind, [solved(file, seconds, 0, folder)])
        took, levels = baseline(file, seconds)
        print(f"{'':8} one model with one sum: {levels} in {took:.1f} s")


def main() -> None:
    """Print every figure of this script."""
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    words.add_argument("--weeks", nargs="*", default=list(BEST_KNOWN), choices=list(BEST_KNOWN))
    words.add_argument("--seconds", type=float, default=60)
    words.add_argument("--seeds", type=int, default=3)
    words.add_argument("--others", action="store_true")
    words.add_argument("--repairs", action="store_true", help="only the repairs")
    words.add_argument("--baseline", action="store_true", help="also the plain baseline with the same time")
    options = words.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.others:
            others(options.seconds, folder)
            return
        for week in options.weeks:
            if not options.repairs:
                told(week, [solved(week_named(week), options.seconds, seed, folder) for seed in range(options.seeds)])
            if options.baseline:
                took, levels = baseline(week_named(week), options.seconds)
                print(f"{week:8} one model with one sum: {levels} in {took:.1f} s", flush=True)
        for week in options.weeks:
            if week in ("100x12", "200x24", "400x40"):
                repairs(week, min(options.seconds, 20))


if __name__ == "__main__":
    main()
