"""Planning a week: a first plan at once, nobody waiting next, then better and better in the order of the levels."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from random import Random

from models.scheduling.engine.answers import Plan, Progress, checked
from models.scheduling.engine.boards import QUICK, Boards
from models.scheduling.engine.bounds import Bounds
from models.scheduling.engine.budget import Budget
from models.scheduling.engine.first import first_plan
from models.scheduling.engine.proving import Prover
from models.scheduling.engine.region import CHANGE, CONTINUITY, PEAK, PREFERENCE, SPREAD, WAITING
from models.scheduling.engine.search import Search
from models.scheduling.engine.state import State
from models.scheduling.engine.week import Week
from models.scheduling.levels import Levels
from models.scheduling.problem import Placement, Problem

Tell = Callable[[Progress], None]

STAGES = {WAITING: "waiting", CONTINUITY: "continuity", PREFERENCE: "preference", SPREAD: "spread", PEAK: "peak",
          CHANGE: "change"}  # fmt: skip
SHARES = {WAITING: 0.5, CONTINUITY: 0.55, PREFERENCE: 0.8, SPREAD: 0.95, PEAK: 0.98, CHANGE: 1.0}
"""Until which part of the time a level may be worked on in the first round."""
IDLE = 60
"""So many parts in vain, and the next level has its turn."""
PROMPT = 0.2
"""Who cancels waits no longer than so many seconds for a solver in the middle of something to notice it."""


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
    """Plan a week as well as can be in the time given; ``start`` is kept as far as it fits, and made better.

    Deterministic work has one searcher and counts the solver's steps as seconds: the same problem, seed and seconds
    give the same plan on any machine. ``order`` names the levels, the most important first, where it is another than
    that of :class:`models.scheduling.levels.Levels`; bounds are then only those that hold by themselves.
    """
    budget = Budget(seconds, deterministic=deterministic, cancelled=cancelled)
    week = Week(problem)
    with budget.watched():
        return Planning(week, budget, seed, on_better, _order(order)).plan(start)


def _order(names: Sequence[str] | None) -> tuple[int, ...]:
    """Return the levels in the order asked for; those not named come after, in their usual order."""
    first = [Levels._fields.index(name) for name in names or ()]
    return tuple(dict.fromkeys([*first, *range(len(Levels._fields))]))


class Planning:
    """One run of the planner: one searcher from the beginning, one that proves first and searches afterwards."""

    def __init__(self, week: Week, budget: Budget, seed: int, tell: Tell | None, order: tuple[int, ...]) -> None:
        self.week, self.budget, self.seed, self._listener = week, budget, seed, tell
        self.order, self.usual = order, order == tuple(range(6))
        self.bounds = Bounds(week)
        self.last: Progress | None = None
        self._over = self._answered = False
        self._failure: BaseException | None = None

    def plan(self, start: Sequence[Placement]) -> Plan:
        """Return the best plan found."""
        kept = self.week.assignment(start) if start else None
        state = first_plan(self.week, Random(self.seed), kept)
        self.search = Search(self.week, state, self.budget, self.better, self.order)
        self.stage = "first"
        self.better(state)
        self.boards = Boards(self.week, self.search, self.bounds, self.budget, self.told)
        self.prover = Prover(self.boards)
        if self.budget.deterministic:
            self._alone()
        else:
            self._together()
        if self._failure is not None:
            raise self._failure
        assert self.last is not None
        return self.last

    def _alone(self) -> None:
        if self.usual:
            self.prover.begin()
            if self.prover.ready():
                self.prover.finish()
        self._levels(Random(self.seed))

    def _together(self) -> None:
        helper = threading.Thread(target=self._help)  # no daemon: the interpreter may not end around a running solver
        helper.start()
        if self.usual and self.boards.places <= QUICK:
            self.prover.laid.wait(min(3.0, self.budget.left()))
        self._levels(Random(self.seed))
        self._over = True
        cancelled = self.budget.stopped
        self.budget.stop()
        helper.join(PROMPT if cancelled else None)
        self._answered = True

    def _help(self) -> None:
        try:
            random = Random(self.seed + 7919)
            if self.usual:
                self.prover.begin()
                self.search.work(random, lambda: self._over or self.prover.ready())
                self.prover.finish()
            self.search.work(random, lambda: self._over)
        except BaseException as failure:
            self._failure = failure
            self.budget.stop()

    # --- level after level ---

    def _levels(self, random: Random) -> None:
        shares = dict(SHARES)
        while self.budget.left() > 0 and not self._finished():
            for level in self.order:
                self._level(level, shares[level], random)
            self.bounds.enough = self.bounds.least.copy()
            rest = 1 - self.budget.left() / self.budget.seconds
            shares = {each: rest + (1 - rest) * share for each, share in SHARES.items()}

    def _level(self, level: int, share: float, random: Random) -> None:
        if self._done(level):
            return
        self.stage = STAGES[level]
        self.search.turn_to(level)
        until = self.budget.seconds * (1 - share)
        self.search.work(random, lambda: self._done(level) or self.budget.left() < until or self.search.tried > IDLE)

    def _done(self, level: int) -> bool:
        """Whether a level cannot become better, or hardly."""
        return self.search.state.levels()[level] <= self.bounds.enough[level]

    def _finished(self) -> bool:
        levels = self.search.state.levels()
        return self.bounds.proven(levels) == 6 or not any(levels)

    # --- telling ---

    def better(self, state: State) -> None:
        """Tell of a better plan."""
        worth = state.levels()
        if self.last is not None and self._key(worth) >= self._key(self.last.levels):
            return
        placements = self.week.placements(state.sittings)
        self._tell(Progress(placements, checked(self.week.problem, placements), None, 0, 0.0, self.stage))

    def _key(self, worth: Levels) -> tuple[int, ...]:
        return tuple(worth[level] for level in self.order)

    def told(self) -> None:
        """Tell of a better bound."""
        with self.search.lock:
            if self.last is not None:
                self._tell(self.last)

    def _tell(self, found: Progress) -> None:
        if self._answered:
            return
        bounds = self.bounds.levels()
        proven = self.bounds.proven(found.levels) if self.usual else 0
        seconds = self.budget.elapsed()
        self.last = Progress(found.placements, found.levels, bounds, proven, seconds, self.stage)
        if self._listener:
            self._listener(self.last)
