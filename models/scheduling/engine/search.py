"""The search 大邻域搜索: part after part of the plan is planned anew by an exact solver, and kept when it is no worse.

Level after level, as the order of the levels asks: while one is worked on, the parts may not lose anything on those
above it and need not care for those below, which makes them small and quick; the next level then repairs its own.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random

from models.scheduling.engine.budget import Budget
from models.scheduling.engine.held import Held
from models.scheduling.engine.neighbours import COLUMN, Chooser, Part
from models.scheduling.engine.region import CONTINUITY, PEAK, PREFERENCE, WAITING, Region, Wish
from models.scheduling.engine.sat import run
from models.scheduling.engine.state import State
from models.scheduling.engine.week import Sittings, Week
from models.scheduling.levels import Levels

SHORT = 2.0
"""The most seconds one part is thought about."""
SMALLEST, LARGEST = 20, 400
"""How many sessions a part has, at least and at most."""
PATIENCE = 10
"""After so many parts in vain each is thought about longer, and half of them with linear relaxations."""
GUIDED = 3
"""A part in which each task has only two possible therapists may be so many times larger."""


@dataclass(frozen=True)
class Job:
    """A part, and what it looked like when it was taken."""

    part: Part
    level: int
    held: Held
    present: dict[int, Sittings]
    candidates: dict[int, tuple[int, ...]]
    wish: Wish


class Search:
    """A plan shared by searchers, each with a solver of its own, who all work on the same level."""

    def __init__(
        self,
        week: Week,
        state: State,
        budget: Budget,
        better: Callable[[State], None],
        order: tuple[int, ...] = tuple(range(6)),
    ) -> None:
        self.week, self.state, self.budget = week, state, budget
        self.order = order
        self.level = order[0]
        self.tried = 0
        """How many parts were tried on this level since the last that was of use."""
        self.guide: dict[int, int] = {}
        """Who treats a task on a board that is cheaper than the plan; a good guess."""
        self.paused = threading.Event()
        """Set while a whole model needs every processor."""
        self.lock = threading.RLock()
        self._better = better
        self._short = min(SHORT, budget.seconds / 20) if not budget.deterministic else SHORT / 4
        self._chooser = Chooser(week)
        self._sizes = dict.fromkeys(range(6), 40.0)
        self._busy: set[int] = set()

    def turn_to(self, level: int) -> None:
        """Work on another level from now on."""
        self.level, self.tried = level, 0

    def work(self, random: Random, done: Callable[[], bool]) -> None:
        """Plan part after part anew until it is done or the time is over."""
        while self.budget.left() > 0 and not done():
            if self.paused.is_set():
                self.budget.wait(0.01)
                continue
            with self.lock:
                job = self._job(random)
            if job is None:
                self.tried += 1
                self.budget.spent(0.01)
                time.sleep(0.002)
                continue
            try:
                self._try(job, random)
            finally:
                with self.lock:
                    self._busy.difference_update(job.part.tasks)

    def adopt(self, found: Mapping[int, Sittings]) -> bool:
        """Take over what was planned elsewhere, if it is better than the present plan and still fits into it."""
        with self.lock:
            present = {task: self.state.sittings[task] for task in found}
            before = self.state.levels()
            if not self.state.replaced(found):  # a part that was still being planned has come between
                return False
            if self.state.levels() >= before:
                self.state.replaced(present)
                return False
            self.tried = 0
            self._better(self.state)
            return True

    # --- one part ---

    def _job(self, random: Random) -> Job | None:
        level = self.level
        guided = level == PREFERENCE and bool(self.guide) and random.random() < 0.4
        size = int(self._sizes[level]) * (GUIDED if guided else 1)
        for _ in range(5):
            part = self._chooser.part(self.state, random, size, level)
            if part is None:
                return None
            if not self._busy.intersection(part.tasks):
                break
        else:
            return None
        candidates = part.candidates(self.week, self.state)
        if guided:
            candidates = {task: self._narrowed(task, able) for task, able in candidates.items()}
        self._busy.update(part.tasks)
        present = {task: self.state.sittings[task] for task in part.tasks}
        return Job(part, level, self.state.held_without(part.tasks), present, candidates, self._wish(part, level))

    def _narrowed(self, task: int, able: tuple[int, ...]) -> tuple[int, ...]:
        """Leave a task only the therapist it has and the one the board would give it."""
        own = {each.therapist for each in self.state.sittings[task]}
        return tuple(each for each in able if each in own or each == self.guide.get(task)) or able

    def _wish(self, part: Part, level: int) -> Wish:
        above = self.order[: self.order.index(level)]
        costs = [self.state.costs[task] for task in part.tasks]
        at_most = {each: sum(cost[COLUMN[each]] for cost in costs) for each in above if each in COLUMN}
        peak = self.state.peak()
        complete = at_most.get(WAITING) == 0
        divided = level == WAITING and self.tried >= PATIENCE  # rather two therapists than a session less
        faithful = not divided and all(cost[1] == 0 for cost in costs)
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

    def _try(self, job: Job, random: Random) -> None:
        region = Region(self.week, job.part.tasks, job.held, job.wish, job.candidates)
        region.hint(job.present)
        stuck = self.tried // PATIENCE
        longer = self._short * min(1 + stuck, 4)
        seed = random.randrange(1 << 30)
        relaxed = 0 if stuck == 0 or random.random() < 0.5 else 2
        answer = run(region.model, self.budget, longer, seed=seed, linearization_level=relaxed)
        with self.lock:
            self.tried += 1
            size = self._sizes[job.level]
            self._sizes[job.level] = min(LARGEST, size * 1.08) if answer.optimal else max(SMALLEST, size * 0.9)
            if answer.values is not None:
                self._take(region.sittings(answer.values), job.present, job.level)

    def _take(self, found: Mapping[int, Sittings], present: Mapping[int, Sittings], level: int) -> None:
        if any(self.state.sittings[task] != mine for task, mine in present.items()):
            return
        whole = self.state.levels()
        if not self.state.replaced(found):
            return
        now = self.state.levels()
        before, after = self._down_to(level, whole), self._down_to(level, now)
        if after > before:
            self.state.replaced(present)
            return
        if after < before:
            self.tried = 0
        if self._down_to(self.order[-1], now) < self._down_to(self.order[-1], whole):
            self._better(self.state)

    def _down_to(self, level: int, levels: Levels) -> tuple[int, ...]:
        return tuple(levels[each] for each in self.order[: self.order.index(level) + 1])
