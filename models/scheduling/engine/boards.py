"""What those who lay boards share: the professions, who is wanted on a board, how long one is thought about, the proofs.

Profession after profession, since therapists who share no therapy compete only for children and resources: the sum of
what each must cost alone is a bound for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from random import Random
from threading import Timer

from models.scheduling.engine.board import Board, professions
from models.scheduling.engine.bounds import Bounds
from models.scheduling.engine.budget import Budget
from models.scheduling.engine.laying import Layer
from models.scheduling.engine.region import WAITING
from models.scheduling.engine.sat import Answer, run
from models.scheduling.engine.search import Search
from models.scheduling.engine.week import Week, bits

QUICK = 40_000
"""Up to so many places for sessions a board is so soon laid that the search had better wait for it."""
MEDIUM = 100_000
"""Up to so many places every possible therapist is on a board from which only a plan is wanted, no proof."""
PATIENCE = 40.0
"""The most seconds one board is thought about."""
PACE = 8_000
"""So many places a second, and there is time to let boards have both processors while the search rests."""
OTHERS = 2
"""How many other therapists a task may have on a board that is to be dealt quickly."""
DEALS = 3
"""How many times boards are dealt until they can be laid, where that is soon done."""
LAYING = 4.0
"""The most seconds it is tried at a time to lay boards that cost exactly what they must."""
LAID_A_SECOND = 60_000
"""So many places for sessions a second more are laid, when they can be."""
RELAXED = "max_lp"
"""CP-SAT's strategy with all linear relaxations: what proves the bound of a board."""
CHEAPEST = "reduced_costs"
"""The strategy that follows reduced costs: what proves soonest how much must wait."""


class Boards:
    """The boards of a week, and what came of them."""

    def __init__(self, week: Week, search: Search, bounds: Bounds, budget: Budget, tell: Callable[[], None]) -> None:
        self.week, self.search, self.bounds, self.budget, self.tell = week, search, bounds, budget, tell
        self.layer = Layer(week, search, budget)
        self.groups = professions(week)
        self.patience = min(PATIENCE, budget.seconds / 5) if budget.deterministic else PATIENCE
        self.places = sum(
            week.starts_with(task, each).bit_count() for task in range(len(week.tasks)) for each in week.able[task]
        )
        self.large = self.places > QUICK
        """Whether boards are first dealt with few candidates a task, and proven later."""
        self.both = budget.deterministic or budget.seconds * PACE >= self.places
        """Whether boards may have both processors."""
        self.wanted = {task: self._possible(task) for task in range(len(week.tasks))}
        """How many sessions of each task are placed: all that can be, or what a board leaves when some must wait."""
        self.chosen = False
        """Whether somebody must wait, and a board has chosen who."""
        self.dealt = False
        """Whether the plan has been made from boards with few missed wishes."""
        bounds.raise_to(WAITING, sum(week.tasks[task].weight * (week.tasks[task].sessions - most)
                                     for task, most in self.wanted.items()))  # fmt: skip

    def _possible(self, task: int) -> int:
        """Return how many sessions a task could have in an empty week: one a day on which any can begin."""
        week = self.week
        starts = 0
        for therapist in week.able[task]:
            starts |= week.starts_with(task, therapist)
        return min(week.tasks[task].sessions, len({time // week.slots for time in bits(starts)}))

    @property
    def soon(self) -> float:
        """Return the most seconds it is tried to lay a board: it is laid soon, or hardly at all."""
        return min(LAYING, self.places / LAID_A_SECOND + 0.5)

    @property
    def everyone(self) -> list[int]:
        """Return the tasks of all professions."""
        return [task for tasks in self.groups for task in tasks]

    def reached(self, level: int) -> bool:
        """Whether the plan is proven down to a level."""
        return self.bounds.proven(self.search.state.levels()) > level

    def cost(self, tasks: Sequence[int], column: int) -> int:
        """Return what some tasks cost in the plan as it is."""
        with self.search.lock:
            return sum(self.search.state.costs[task][column] for task in tasks)

    def complete(self, tasks: Sequence[int], random: Random | None = None) -> Board:
        """Return a board on which everybody has the one therapist and all the sessions that are wanted.

        With ``random`` a task may have only those it has or wishes for and a few others: a quarter of the size, a fifth
        of the time, hardly ever dearer — but no proof.
        """
        candidates = {task: self._few(task, random) for task in tasks} if random else None
        return Board(self.week, tasks, faithful=True, complete=True, wanted=self.wanted, candidates=candidates)

    def _few(self, task: int, random: Random) -> list[int]:
        able = self.week.able[task]
        near = {each.therapist for each in self.search.state.sittings[task]} | {self.week.wished[task]}
        others = [each for each in able if each not in near]
        return sorted({*near.intersection(able), *random.sample(others, min(OTHERS, len(others)))})

    def ask(self, board: Board, seconds: float, prover: str = RELAXED, seed: int = 0) -> Answer:
        """Think about a board, with both processors where they may be had: one of them proves, if anything shall."""
        if not self.both:
            return run(board.model, self.budget, seconds, seed=seed, linearization_level=2 if prover else 1)
        solvers = (prover,) if prover else ()
        return run(board.model, self.budget, seconds, workers=2, seed=seed, solvers=solvers)

    def turns(self, groups: Sequence[Sequence[int]], share: float) -> Iterator[tuple[Sequence[int], float]]:
        """Yield tasks with the seconds their board may take, the larger the more; together a share of what is left."""
        ends = self.budget.left() * (1 - share)
        sizes = [
            sum(self.week.starts[task].bit_count() * len(self.week.able[task]) for task in each) for each in groups
        ]
        for number, tasks in enumerate(groups):
            part = max(1, sizes[number]) / max(1, sum(sizes[number:]))
            yield tasks, min(self.patience, max(0.0, self.budget.left() - ends) * part)

    @contextmanager
    def alone(self, most: float | None = None) -> Iterator[None]:
        """Let the search rest meanwhile, for so many seconds at most, so that both processors are free."""
        if not self.both:
            yield
            return
        self.search.paused.set()
        over = Timer(most if most is not None else self.budget.seconds, self.search.paused.clear)
        over.start()
        try:
            yield
        finally:
            over.cancel()
            self.search.paused.clear()
