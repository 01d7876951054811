"""The search 大邻域搜索: part after part of the plan is planned anew by an exact solver, and kept when it is no worse.

Level after level, as the order of the levels asks: while one is worked on, the parts may not lose anything on those
above it and need not care for those below, which makes them small and quick; the next level then repairs its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from random import Random

from models.scheduling.engine.budget import Budget
from models.scheduling.engine.neighbours import COLUMN, Chooser, Part
from models.scheduling.engine.region import CONTINUITY, PEAK, WAITING, Region, Wish
from models.scheduling.engine.sat import run
from models.scheduling.engine.state import State
from models.scheduling.engine.week import Sittings, Week
from models.scheduling.levels import Levels

SHORT = 2.0
"""The most seconds one part is thought about."""
SMALLEST, LARGEST = 20, 400
"""How many sessions a part has, at least and at most."""

class Search:
    """Searchers that share one plan, each with one solver."""

    def __init__(
        self,
        week: Week,
        state: State,
        budget: Budget,
        seed: int,
        better: Callable[[State, Levels], None],
        order: tuple[int, ...] = tuple(range(6)),
    ) -> None:
        self.week, self.state, self.budget, self.seed = week, state, budget, seed
        self.order = order
        self._better = better
        self._chooser = Chooser(week)
        self._lock = threading.Lock()
        self._sizes = dict.fromkeys(range(6), 40.0)
        self._busy: set[int] = set()
        self._rounds = 0
        self.tried = 0
        """How many parts were tried since the last that was of use."""

    def improve(self, level: int, done: Callable[[Search], bool], searchers: int = 2) -> None:
        """Work on one level until it is done or the time is over."""
        self.tried = 0
        if self.budget.deterministic:
            searchers = 1
        others = [
            threading.Thread(target=self._work, args=(number, level, done), daemon=True) for number in range(1, searchers)
        ]
        for each in others:
            each.start()
        self._work(0, level, done)
        for each in others:
            each.join()

    def worth(self, level: int) -> tuple[int, ...]:
        """Return the levels down to one."""
        levels = self.state.levels()
        return tuple(levels[each] for each in self.order[: self.order.index(level) + 1])

    def _work(self, number: int, level: int, done: Callable[[Search], bool]) -> None:
        self._rounds += 1
        random = Random(self.seed * 1000 + self._rounds * 10 + number)
        while self.budget.left() > 0 and not done(self):
            with self._lock:
                part = self._choose(random, level)
                if part is None:
                    return
                self._busy.update(part.tasks)
                region_of = self._prepare(part, level)
            try:
                self._try(part, level, random, *region_of)
            finally:
                with self._lock:
                    self._busy.difference_update(part.tasks)

    def _prepare(self, part: Part, level: int):
        held = self.state.held_without(part.tasks)
        present = {task: self.state.sittings[task] for task in part.tasks}
        return held, present, part.candidates(self.week, self.state), self._wish(part, level)

    def _wish(self, part: Part, level: int) -> Wish:
        above = self.order[: self.order.index(level)]
        costs = [self.state.costs[task] for task in part.tasks]
        at_most = {each: sum(cost[COLUMN[each]] for cost in costs) for each in above if each in COLUMN}
        peak = self.state.peak()
        complete = WAITING in at_most and at_most[WAITING] == 0
        faithful = all(cost[1] == 0 for cost in costs)
        if complete:
            del at_most[WAITING]
        if faithful:
            at_most.pop(CONTINUITY, None)
        return Wish(
            faithful=faithful,
            complete=complete,
            order=(level,),
            at_most=at_most,
            peak=peak if PEAK in above or level == PEAK else None,
            lower_peak=peak - 1 if level == PEAK else None,
        )

    def _try(self, part: Part, level: int, random: Random, held, present, candidates, wish: Wish) -> None:
        region = Region(self.week, part.tasks, held, wish, candidates)
        region.hint(present)
        answer = run(region.model, self.budget, SHORT, seed=random.randrange(1 << 30), linearization_level=0)
        with self._lock:
            self.tried += 1
            size = self._sizes[level]
            self._sizes[level] = min(LARGEST, size * 1.05) if answer.optimal else max(SMALLEST, size * 0.9)
            if answer.values is not None:
                self._take(region.sittings(answer.values), present, level)

    def _choose(self, random: Random, level: int) -> Part | None:
        part = None
        for _ in range(5):
            part = self._chooser.part(self.state, random, int(self._sizes[level]), level)
            if part and not self._busy.intersection(part.tasks):
                return part
        return part

    def _take(self, found: dict[int, Sittings], present: Mapping[int, Sittings], level: int) -> None:
        if any(self.state.sittings[task] != mine for task, mine in present.items()):
            return
        before, whole = self.worth(level), self.state.levels()
        if not self.state.replaced(found):
            return
        after = self.worth(level)
        if after > before:
            self.state.replaced(dict(present))
            return
        if after < before:
            self.tried = 0
        if self.state.levels() < whole:
            self._better(self.state, self.state.levels())
