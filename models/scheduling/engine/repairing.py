"""Repairing a week: what was hit finds another place, and as little else as can be is moved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from models.scheduling.engine.answers import Plan, Progress, checked
from models.scheduling.engine.budget import Budget
from models.scheduling.engine.first import first_plan
from models.scheduling.engine.held import Held
from models.scheduling.engine.region import CHANGE, CONTINUITY, PEAK, PREFERENCE, SPREAD, WAITING, Region, Wish
from models.scheduling.engine.sat import run
from models.scheduling.engine.week import Week
from models.scheduling.levels import Levels
from models.scheduling.problem import Placement, Problem

ORDER = (WAITING, CHANGE, CONTINUITY, PREFERENCE, SPREAD, PEAK)
"""Fewest lost, then fewest moved, then as in planning."""


def place_around(
    problem: Problem,
    kept: Sequence[Placement],
    *,
    seconds: float = 3.0,
    seed: int = 0,
    deterministic: bool = False,
    cancelled: Callable[[], bool] | None = None,
) -> Plan:
    """Place what a disruption took out, around what is kept: fewest lost, then fewest moved, then the other levels."""
    budget = Budget(seconds, deterministic=deterministic, cancelled=cancelled)
    week = Week(problem)
    with budget.watched():
        state = first_plan(week, Random(seed), week.assignment(kept))
        region = Region(week, range(len(week.tasks)), Held(week), Wish(faithful=False, order=ORDER))
        region.hint(dict(enumerate(state.sittings)))
        answer = run(region.model, budget, seconds, workers=2, seed=seed)
        sittings = list(state.sittings)
        if answer.values is not None:
            for task, mine in region.sittings(answer.values).items():
                sittings[task] = mine
    placements = week.placements(sittings)
    return Progress(placements, checked(problem, placements), Levels(0, 0, 0, 0, 0, 0), 0, budget.elapsed(), "done")
