"""Planning a week: a first plan at once, nobody waiting next, then better and better in the order of the levels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from models.scheduling.engine.answers import Plan, Progress, checked
from models.scheduling.engine.budget import Budget
from models.scheduling.engine.first import first_plan
from models.scheduling.engine.search import Search
from models.scheduling.engine.state import State
from models.scheduling.engine.week import Week
from models.scheduling.levels import Levels
from models.scheduling.problem import Placement, Problem

Tell = Callable[[Progress], None]


def solve(
    problem: Problem,
    *,
    seconds: float = 60.0,
    seed: int = 0,
    deterministic: bool = False,
    start: Sequence[Placement] = (),
    on_better: Tell | None = None,
    cancelled: Callable[[], bool] | None = None,
    order: Sequence[str] | None = None,
) -> Plan:
    """Plan a week as well as can be in the time given."""
    budget = Budget(seconds, deterministic=deterministic, cancelled=cancelled)
    week = Week(problem)
    with budget.watched():
        return Planning(week, budget, seed, on_better).plan(start)


class Planning:
    """One run of the planner."""

    def __init__(self, week: Week, budget: Budget, seed: int, tell: Tell | None) -> None:
        self.week, self.budget, self.seed, self._tell = week, budget, seed, tell
        self.stage = "first"
        self.last: Progress | None = None

    def plan(self, start: Sequence[Placement]) -> Plan:
        """Return the best plan found."""
        kept = self.week.assignment(start) if start else None
        state = first_plan(self.week, Random(self.seed), kept)
        self.better(state, state.levels())
        self.stage = "waiting"
        search = Search(self.week, state, self.budget, self.seed, self.better)
        search.until(lambda levels: not any(levels))
        assert self.last is not None
        return self.last

    def better(self, state: State, worth: Levels) -> None:
        """Tell of a better plan."""
        if self.last is not None and worth >= self.last.levels:
            return
        placements = self.week.placements(state.sittings)
        found = checked(self.week.problem, placements)
        bounds = Levels(0, 0, 0, 0, 0, 0)
        proven = next((number for number, each in enumerate(found) if each > bounds[number]), len(found))
        self.last = Progress(placements, found, bounds, proven, self.budget.elapsed(), self.stage)
        if self._tell:
            self._tell(self.last)
