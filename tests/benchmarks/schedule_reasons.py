"""Reasons and repairs on whole weeks: how long they take, and whether every suggestion keeps its word.

python -m tests.benchmarks.schedule_reasons [FOLDER OF WEEKS] [SECONDS TO PLAN EACH]

A suggestion counts as kept when the checker of the tests, which shares nothing with the planner, finds no broken rule in the
plan that shows it, one session fewer waits, and nobody else has a session fewer.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from statistics import median

from models.scheduling import chw
from models.scheduling.disruption import Disruption, away, slots_between, stand_ins
from models.scheduling.engine import solve
from models.scheduling.pressure import pressures
from models.scheduling.problem import Placement, Problem
from models.scheduling.reasons import explain
from models.scheduling.relaxing import Relaxation
from models.scheduling.repair import repairs
from tests.models.schedule_checker import broken_rules
from tests.models.schedule_weeks import filled_at_random

WEEKS = Path(__file__).parent / "weeks"
MOST = 60
"""So many tasks of a week are explained at most."""
MONDAY = 0


def main() -> None:
    """Print every figure of this script."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else WEEKS
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 20.0
    for file in sorted(folder.glob("*.json"), key=lambda each: each.stat().st_size):
        problem = chw.read(file)
        began = time.monotonic()
        plan = solve(problem, seconds=seconds)
        print(f"\n{problem.name}: planned in {time.monotonic() - began:.1f} s, waiting {plan.levels.waiting}")
        reasons("as planned", problem, plan.placements)
        short = replace(problem, therapists=_fewer(problem))
        reasons("every sixth therapist missing, filled by chance", short, filled_at_random(short, Random(1)))
        repair(problem, plan.placements)


def _fewer(problem: Problem) -> dict:
    return {key: each for index, (key, each) in enumerate(problem.therapists.items()) if index % 6 != 5}


def reasons(name: str, problem: Problem, placements: Sequence[Placement]) -> None:
    """Explain what waits and make every suggested change."""
    placed = Counter(each.task for each in placements)
    waiting = [task for task in problem.tasks.values() if placed[task.id] < task.sessions][:MOST]
    if not waiting:
        print(f"  {name}: nothing waits")
        return
    spent, kept, made, sizes = [], 0, 0, []
    for task in waiting:
        began = time.monotonic()
        reason = explain(problem, placements, task.id)
        spent.append(time.monotonic() - began)
        made += len(reason.relaxations)
        kept += sum(keeps_its_word(problem, placements, task.id, each) for each in reason.relaxations)
        sizes.append(reason.relaxations[0].minutes)
    print(
        f"  {name}: {len(waiting)} tasks with waiting sessions explained, each in {median(spent):.2f} s (at most {max(spent):.2f}); "
        f"{kept} of {made} suggestions place it ({100 * kept / made:.0f} %); smallest change {median(sizes):.0f} min (median)"
    )
    for lack in pressures(problem)[:2]:
        print(
            f"    bound: {', '.join(lack.therapies)} lack {lack.lacking / 60:g} h, at least {lack.sessions} sessions wait"
        )


def keeps_its_word(problem: Problem, placements: Sequence[Placement], task_id: str, relaxation: Relaxation) -> bool:
    """Whether a suggestion, made, lets the session in and costs nobody else one."""
    changed, plan = relaxation.applied(problem), relaxation.witness(placements)
    before, after = Counter(each.task for each in placements), Counter(each.task for each in plan)
    left = {each.id: each.sessions - before[each.id] for each in problem.tasks.values()}
    then = {each.id: each.sessions - after[each.id] for each in changed.tasks.values()}
    others = all(then[each] <= left[each] for each in left)
    return not broken_rules(changed, plan) and then[task_id] < left[task_id] and others


def repair(problem: Problem, placements: Sequence[Placement]) -> None:
    """Let therapists, rooms and children fall away, one after the other."""
    day, week = slots_between(problem.grid, [MONDAY]), slots_between(problem.grid, range(problem.grid.days))
    some = list(problem.therapists)[:: max(1, len(problem.therapists) // 8)]
    room = max(problem.resources.values(), key=lambda each: each.capacity)
    _series("a therapist ill for a day", problem, placements, [away("therapist", each, day) for each in some])
    _series("a therapist ill for a week", problem, placements, [away("therapist", each, week) for each in some])
    half = away("resource", room.id, day, left=room.capacity // 2)
    _series("half of the largest room closed for a day", problem, placements, [half])
    ill = [away("child", each, week) for each in list(problem.children)[:8]]
    _series("a child ill for a week", problem, placements, ill)


def _series(name: str, problem: Problem, placements: Sequence[Placement], cases: Sequence[Disruption]) -> None:
    spent, proven, total = [], 0, Counter[str]()
    for case in cases:
        began = time.monotonic()
        found = repairs(problem, placements, case)
        spent.append(time.monotonic() - began)
        proven += found.proven
        total.update(hit=len(found.hits), placed=len(found.replaced), moved=len(found.moved), lost=len(found.lost))
        total["options"] += sum(len(each.options) for each in found.hits)
        assert not broken_rules(found.problem, (*found.placements, *stand_ins(found.problem)))
    print(
        f"  {name}: {median(spent):.2f} s (at most {max(spent):.2f}), fewest changes proven in {proven} of {len(cases)}; "
        + ", ".join(f"{count} {what}" for what, count in total.items())
    )


if __name__ == "__main__":
    main()
