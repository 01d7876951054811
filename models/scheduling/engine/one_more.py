"""One session more: whether it can be placed when others may be moved but nobody loses any."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from models.scheduling.engine.answers import Attempt, Progress, checked
from models.scheduling.engine.budget import Budget
from models.scheduling.engine.held import Held
from models.scheduling.engine.region import Region, Wish
from models.scheduling.engine.sat import run
from models.scheduling.engine.week import Sittings, Week
from models.scheduling.levels import Levels
from models.scheduling.problem import Placement, Problem


def can_place(
    problem: Problem,
    placements: Sequence[Placement],
    task_id: str,
    *,
    seconds: float = 1.0,
    cancelled: Callable[[], bool] | None = None,
) -> Attempt:
    """Say whether one more session of a task can be placed while everybody keeps the number they have."""
    budget = Budget(seconds, cancelled=cancelled)
    week = Week(problem)
    sittings = list(week.assignment(placements))
    task = week.task_number[task_id]
    with budget.watched():
        return _whole(week, budget, sittings, task)


def _whole(week: Week, budget: Budget, sittings: list[Sittings], task: int) -> Attempt:
    wanted = {number: len(mine) for number, mine in enumerate(sittings)}
    wanted[task] += 1
    region = Region(week, range(len(week.tasks)), Held(week), Wish(faithful=False, order=(), wanted=wanted))
    if not region.possible:
        return Attempt("no")
    region.hint(dict(enumerate(sittings)))
    answer = run(region.model, budget, budget.left(), workers=2)
    if answer.values is None:
        return Attempt("no" if answer.impossible else "undecided")
    placements = week.placements([region.sittings(answer.values)[number] for number in range(len(week.tasks))])
    levels = checked(week.problem, placements)
    return Attempt("yes", Progress(placements, levels, Levels(0, 0, 0, 0, 0, 0), 0, budget.elapsed(), "done"))
