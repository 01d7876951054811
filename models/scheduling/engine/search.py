"""The search 大邻域搜索: part after part of the plan is planned anew by an exact solver, and kept when it is no worse."""

from __future__ import annotations

import threading
from collections.abc import Callable
from random import Random

from models.scheduling.engine.budget import Budget
from models.scheduling.engine.neighbours import Chooser, Part, costly_levels
from models.scheduling.engine.region import CONTINUITY, WAITING, Region, Wish
from models.scheduling.engine.sat import run
from models.scheduling.engine.state import State, cost
from models.scheduling.engine.week import Sittings, Week
from models.scheduling.levels import Levels

SHORT = 2.0
"""The most seconds one part is thought about."""
SMALLEST, LARGEST = 20, 250
"""How many sessions a part has, at least and at most."""


class Search:
    """Searchers that share one plan, each with one solver."""

    def __init__(
        self, week: Week, state: State, budget: Budget, seed: int, better: Callable[[State, Levels], None]
    ) -> None:
        self.week, self.state, self.budget, self.seed = week, state, budget, seed
        self.best = state.levels()
        self._better = better
        self._chooser = Chooser(week)
        self._lock = threading.Lock()
        self._size = 40.0
        self._busy: set[int] = set()
        self._done: Callable[[Levels], bool] = lambda levels: False

    def until(self, done: Callable[[Levels], bool], searchers: int = 2) -> None:
        """Search until the levels are good enough or the time is over."""
        self._done = done
        if self.budget.deterministic:
            searchers = 1
        others = [threading.Thread(target=self._work, args=(number,), daemon=True) for number in range(1, searchers)]
        for each in others:
            each.start()
        self._work(0)
        for each in others:
            each.join()

    def _work(self, number: int) -> None:
        random = Random(self.seed * 1000 + number)
        while self.budget.left() > 0 and not self._done(self.best):
            with self._lock:
                part = self._choose(random)
                if part is None:
                    return
                held = self.state.held_without(part.tasks)
                present = {task: self.state.sittings[task] for task in part.tasks}
                candidates = part.candidates(self.week, self.state)
                peak = self.state.peak()
                self._busy.update(part.tasks)
            try:
                faithful = all(len({each.therapist for each in mine}) < 2 for mine in present.values())
                wish = Wish(faithful=faithful, peak=max(peak, 1), lower_peak=max(0, peak - 1))
                region = Region(self.week, part.tasks, held, wish, candidates)
                region.hint(present)
                answer = run(region.model, self.budget, SHORT, seed=random.randrange(1 << 30))
                with self._lock:
                    self._learn(answer.optimal)
                    if answer.values is not None:
                        self._take(region.sittings(answer.values), present)
            finally:
                with self._lock:
                    self._busy.difference_update(part.tasks)

    def _choose(self, random: Random) -> Part | None:
        levels = costly_levels(self.state)
        if not levels:
            return None
        level = levels[0] if levels[0] in (WAITING, CONTINUITY) and random.random() < 0.7 else random.choice(levels)
        for _ in range(5):
            part = self._chooser.part(self.state, random, int(self._size), level)
            if part and not self._busy.intersection(part.tasks):
                return part
        return part

    def _learn(self, optimal: bool) -> None:
        """Take larger parts while they are solved to the end, smaller ones when they are not."""
        self._size = min(LARGEST, self._size * 1.05) if optimal else max(SMALLEST, self._size * 0.85)

    def _take(self, found: dict[int, Sittings], present: dict[int, Sittings]) -> None:
        if any(self.state.sittings[task] != mine for task, mine in present.items()):
            return
        before = self.state.levels()
        if not self.state.replaced(found):
            return
        after = self.state.levels()
        if after > before:
            self.state.replaced(present)
        elif after < self.best:
            self.best = after
            self._better(self.state, after)


__all__ = ["Search", "cost"]
