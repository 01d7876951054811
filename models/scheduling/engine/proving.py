"""Proving and guiding: boards and whole models beside the search, which say how good a plan can be at all.

Profession after profession, since therapists who share no therapy compete only for children and resources: the sum of
what each must cost alone is a bound for all. Small weeks are then solved whole.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from models.scheduling.engine.board import Board, professions
from models.scheduling.engine.bounds import Bounds
from models.scheduling.engine.budget import Budget
from models.scheduling.engine.held import Held
from models.scheduling.engine.region import CONTINUITY, PREFERENCE, SPREAD, WAITING, Region, Wish
from models.scheduling.engine.sat import Answer, run
from models.scheduling.engine.search import Search
from models.scheduling.engine.week import Week

SMALL = 15_000
"""Up to so many places for sessions a whole model is worth its while."""
QUICK = 40_000
"""Up to so many places a board is so soon laid that the search had better wait for it."""
MEDIUM = 100_000
"""Up to so many places all professions are put on one board when somebody must wait."""
SOON = 4.0
"""A board on which nobody waits is found in so many seconds, or hardly at all."""
DESCENT = 0.4
"""Which part of the time that is left goes to finding the least spread of a small week before proving it."""
ATTEMPTS = 6
"""How many boards are tried as a plan when somebody must wait."""
PATIENCE = 40.0
"""The most seconds one board is thought about."""


class Prover:
    """Works through the levels as the plan reaches them."""

    def __init__(self, week: Week, search: Search, bounds: Bounds, budget: Budget, tell: Callable[[], None]) -> None:
        self.week, self.search, self.bounds, self.budget, self._tell = week, search, bounds, budget, tell
        self.groups = professions(week)
        self.least: dict[int, list[int]] = {level: [0] * len(self.groups) for level in range(6)}
        """The bound of each profession by level."""
        self._seed = 0
        self._patience = min(PATIENCE, budget.seconds / 5) if budget.deterministic else PATIENCE
        self.laid = threading.Event()
        """Whether the board has been tried as a plan."""
        self.places = sum(
            week.starts_with(task, each).bit_count() for task in range(len(week.tasks)) for each in week.able[task]
        )

    def begin(self) -> None:
        """Look for a board on which nobody waits, and for the least of missed wishes and of the peak."""
        if self.search.state.levels().waiting:
            self._waiting()
        self.laid.set()
        if self._reached(WAITING):
            self.bounds.fullest(self.bounds.least[WAITING])
            self._tell()
            if self.bounds.least[WAITING] == 0:
                self._wishes()

    def finish(self) -> None:
        """Prove a small week to the end."""
        if self.places <= SMALL and self._reached(WAITING) and self.bounds.least[WAITING] == 0:
            self._spread()

    def _reached(self, level: int) -> bool:
        """Whether the plan is proven down to a level."""
        return self.bounds.proven(self.search.state.levels()) > level

    # --- nobody waits ---

    def _waiting(self) -> None:
        """Find a board on which nobody waits, profession by profession, and look for the times of its sessions.

        First around the other professions as they lie in the first plan, then for all of them at once.
        """
        who: dict[int, int] = {}
        state = self.search.state
        for tasks in sorted(self.groups, key=lambda tasks: not any(state.costs[task][0] for task in tasks)):
            if self._reached(WAITING):
                return
            board = Board(self.week, tasks, faithful=True, complete=True)
            answer = run(board.model, self.budget, SOON) if board.possible else None
            if answer is None or answer.values is None:
                self._overload()
                return
            mine = board.therapists(answer.values)
            if self.places <= QUICK and any(state.costs[task][0] for task in tasks):
                self._lay_around(mine)
            who |= mine
        if not self._lay(who, {}):
            self._overload()

    def _overload(self) -> None:
        """Prove how much must wait, then find a board on which no more does, and look for its times."""
        if self.places > MEDIUM:
            return
        whole = [task for tasks in self.groups for task in tasks]
        board = Board(self.week, whole, faithful=False, complete=False)
        board.aim(WAITING)
        self.bounds.raise_to(WAITING, run(board.model, self.budget, self._patience).bound)
        self._tell()
        most = self.bounds.least[WAITING]
        for attempt in range(ATTEMPTS):
            if self.budget.left() <= 0 or self._reached(WAITING):
                return
            board = Board(self.week, whole, faithful=True, complete=False)
            board.at_most(WAITING, most)
            if not attempt:  # few wishes missed from the beginning; asked of a later board it would take too long
                board.aim(PREFERENCE)
            patience = self._patience if attempt else min(SOON * 2, self._patience)
            answer = run(board.model, self.budget, patience, workers=2, seed=self._seed + most)
            if not attempt and answer.values is None:
                continue
            if answer.values is None:
                most += 1
            elif self._lay(board.therapists(answer.values), board.counts(answer.values)):
                self.search.guide = board.therapists(answer.values)
                return
            else:
                self._seed += 1

    def _lay_around(self, who: dict[int, int]) -> None:
        """Look for the times of one profession's board around what the others do now."""
        with self.search.lock:
            held = self.search.state.held_without(who)
        region = Region(
            self.week, list(who), held, Wish(complete=True, order=()), {task: (each,) for task, each in who.items()}
        )
        if region.possible:
            self._adopt(region, run(region.model, self.budget, 1.0, workers=2))

    def _lay(self, who: dict[int, int], counts: dict[int, int]) -> bool:
        """Look for the times at which a board's sessions can lie; when not all can, for those of most of them."""
        week = self.week
        candidates = {task: (therapist,) for task, therapist in who.items()}
        wanted = {task: counts.get(task, week.tasks[task].sessions) for task in who}
        region = Region(week, list(who), Held(week), Wish(order=(), wanted=wanted), candidates)
        if region.possible:
            answer = run(region.model, self.budget, 10.0, workers=2)
            self._adopt(region, answer)
            if answer.found:
                return True
        if self.places <= MEDIUM:
            region = Region(week, list(who), Held(week), Wish(order=(WAITING,)), candidates)
            self._adopt(region, run(region.model, self.budget, 5.0, workers=2))
        return False

    def _adopt(self, region: Region, answer: Answer) -> None:
        if answer.values is not None:
            found = region.sittings(answer.values)
            now = self.search.state.sittings
            self.search.adopt(tuple(found.get(task, now[task]) for task in range(len(self.week.tasks))))

    # --- wishes and spread, when nobody waits and every child keeps its therapist ---

    def _wishes(self) -> None:
        guide: dict[int, int] = {}
        for number, tasks in enumerate(self.groups):
            board = Board(self.week, tasks, faithful=True, complete=True)
            board.aim(PREFERENCE)
            answer = run(board.model, self.budget, self._patience)
            self.least[PREFERENCE][number] = answer.bound
            if answer.values is not None:
                guide |= board.therapists(answer.values)
                self.search.guide = dict(guide)
        if self.search.state.levels()[CONTINUITY] == 0:
            self.bounds.raise_to(PREFERENCE, sum(self.least[PREFERENCE]))
            self._tell()
        if self.places <= SMALL:
            self._reach_wishes()

    def _reach_wishes(self) -> None:
        """Ask the whole week for as few missed wishes as the boards allow, then for one more, until there is a plan."""
        self.search.paused.set()
        try:
            while self.budget.left() > 0 and not self._reached(PREFERENCE):
                answer = self._whole({PREFERENCE: self.bounds.least[PREFERENCE]}, workers=2)
                if not answer.impossible:
                    return
                self.bounds.raise_to(PREFERENCE, self.bounds.least[PREFERENCE] + 1)
                self._tell()
        finally:
            self.search.paused.clear()

    def _spread(self) -> None:
        for number, tasks in enumerate(self.groups):
            at_most = {PREFERENCE: self.least[PREFERENCE][number]}
            wish = Wish(complete=True, order=(SPREAD,), at_most=at_most)
            region = Region(self.week, tasks, Held(self.week), wish)
            answer = run(region.model, self.budget, self._patience, linearization_level=2)
            self.least[SPREAD][number] = answer.bound
        if not self._reached(PREFERENCE):
            return
        if sum(self.least[PREFERENCE]) == self.bounds.least[PREFERENCE]:
            self.bounds.raise_to(SPREAD, sum(self.least[SPREAD]))
            self._tell()
        self.search.paused.set()
        try:
            self._descend()
            self._nothing_better()
        finally:
            self.search.paused.clear()

    def _nothing_better(self) -> None:
        """Ask for a spread of one less than there is, until there is none."""
        while self.budget.left() > 0 and not self._reached(SPREAD):
            present = self.search.state.levels().spread
            answer = self._whole({PREFERENCE: self.bounds.least[PREFERENCE], SPREAD: present - 1})
            if answer.impossible:
                self.bounds.raise_to(SPREAD, present)
                self._tell()
            elif not answer.found:
                return

    def _descend(self) -> None:
        """Look for the least spread of the whole week with every processor, for a part of the time that is left."""
        wish = Wish(complete=True, order=(SPREAD,), at_most={PREFERENCE: self.bounds.least[PREFERENCE]})
        region = self._with_cuts(wish)
        region.hint(dict(enumerate(self.search.state.sittings)))
        answer = run(region.model, self.budget, self.budget.left() * DESCENT, workers=2)
        self._adopt(region, answer)
        if answer.optimal:
            self.bounds.raise_to(SPREAD, answer.objective)
            self._tell()

    def _with_cuts(self, wish: Wish) -> Region:
        """Return the whole week as a model that knows what each profession costs at least."""
        region = Region(self.week, range(len(self.week.tasks)), Held(self.week), wish)
        for level in (PREFERENCE, SPREAD):
            least = self.least[level]
            slack = wish.at_most[level] - sum(least) if level in wish.at_most else None
            for number, tasks in enumerate(self.groups):
                region.between(level, tasks, least[number], None if slack is None else least[number] + slack)
        return region

    def _whole(self, at_most: dict[int, int], workers: int = 1) -> Answer:
        """Look in the whole week for a plan within some figures, or for the proof that there is none."""
        wish = Wish(complete=True, order=(), at_most=at_most)
        region = self._with_cuts(wish)
        answer = run(region.model, self.budget, self.budget.left(), workers=workers, linearization_level=2)
        self._adopt(region, answer)
        return answer
