"""Proving and leading: boards and whole models beside the search, which say how good a plan can be at all.

A board that costs the least is not only a bound: mostly its sessions can be laid, and then it is the best plan there is
down to that level. Small weeks are then solved whole.
"""

from __future__ import annotations

import threading
from random import Random

from models.scheduling.engine.boards import DEALS, PACE, RELAXED, Boards
from models.scheduling.engine.held import Held
from models.scheduling.engine.region import CONTINUITY, PEAK, PREFERENCE, SPREAD, WAITING, Region, Wish
from models.scheduling.engine.sat import Answer, run
from models.scheduling.engine.waiting import Waiting

SMALL = 15_000
"""Up to so many places for sessions a whole model is worth its while."""
DESCENT = 0.4
"""Which part of the time that is left goes to finding the least spread of a small week before proving it."""
DEALING = 0.55
"""Which part of the time that is left the boards may take for the wishes."""
FEW = 3
"""So many times as fast boards are that were dealt with few candidates a task."""
NEVER = 1 << 30
"""What a profession misses that has no board yet."""
BOARDS = 0.4
"""Which part of the time that is left the boards may take for the spread."""
SPREADING = 0.6
"""Which part of the time that is left the boards' sessions are laid with ever less spread."""
TURN = 0.6
"""After so much of the time the spread has its turn even if wishes are missed that need not be."""


class Prover:
    """Works through the levels as the plan reaches them."""

    def __init__(self, boards: Boards) -> None:
        self.boards, self.week, self.search, self.budget = boards, boards.week, boards.search, boards.budget
        self.bounds, self.groups = boards.bounds, boards.groups
        self.least: dict[int, list[int]] = {level: [0] * len(self.groups) for level in (PREFERENCE, SPREAD)}
        """The bound of each profession by level."""
        self.laid = threading.Event()
        """Whether the first boards have been tried as a plan."""

    def begin(self) -> None:
        """Look for a board on which nobody waits, and for the least of missed wishes and of the peak."""
        boards = self.boards
        if not boards.reached(WAITING):
            Waiting(boards).work()
        self.laid.set()
        if boards.reached(WAITING):
            self.bounds.fullest(self.bounds.least[WAITING])
            boards.tell()
            if not boards.dealt:
                with boards.alone():
                    self._wishes()

    def ready(self) -> bool:
        """Whether it is time to think about the spread."""
        late = self.budget.left() < self.budget.seconds * (1 - TURN)
        met = self.search.state.levels()[PREFERENCE] <= self.bounds.enough[PREFERENCE]
        return self.boards.reached(WAITING) and met or late and self.boards.reached(WAITING)

    def finish(self) -> None:
        """Lay boards with little spread, then prove what they are worth; a small week is proven to the end."""
        if self._worth(SPREAD):
            self._spread_and_prove()
        if self.boards.places <= SMALL and self.boards.reached(SPREAD) and not self.boards.chosen:
            with self.boards.alone():
                self._less_full()

    def _spread_and_prove(self) -> None:
        with self.boards.alone():
            self._spread(Random(DEALS) if self.boards.large else None)
            if self.boards.places <= SMALL and self.boards.reached(PREFERENCE) and not self.boards.chosen:
                self._descend()
                self._nothing_better()
            if self.boards.large and not self.boards.chosen and self._worth(SPREAD, proof=True):
                self._prove_large()

    def _worth(self, level: int, proof: bool = False) -> bool:
        """Whether a level is open and there is time for boards."""
        boards = self.boards
        pace = PACE * FEW if boards.large and level == SPREAD and not proof else PACE
        return self.budget.left() * pace >= boards.places and boards.reached(WAITING) and not boards.reached(level)

    # --- wishes, when every child keeps its therapist ---

    def _wishes(self) -> None:
        """Deal each profession a board with the fewest missed wishes and lay it around the others, then all of them.

        A board that can be laid is laid soon, or hardly at all: another deal is worth more than patience, and only for
        the professions that still miss more wishes than they need to.
        """
        boards = self.boards
        who: dict[int, int] = {}
        missed = [NEVER] * len(self.groups)
        for deal in range(DEALS):
            who |= self._deal(deal, missed)
            self.search.guide = dict(who)
            if sum(missed) >= NEVER or self._met(sum(missed)):
                break
            boards.layer.whole(who, boards.wanted, {PREFERENCE: sum(missed)}, boards.soon)
            if self._met(sum(missed)):
                break
        if sum(missed) < NEVER:
            self.bounds.enough[PREFERENCE] = max(self.bounds.enough[PREFERENCE], sum(missed))
        if boards.places <= SMALL and not boards.chosen:
            self._reach_wishes()

    def _met(self, missed: int) -> bool:
        """Whether the plan misses as few wishes, or there is no more time to look for one that does."""
        return self.budget.left() <= 0 or self.search.state.levels()[PREFERENCE] <= missed

    def _deal(self, seed: int, missed: list[int]) -> dict[int, int]:
        """Return who treats whom, and note how many wishes each profession's board misses; lay each around the others."""
        boards = self.boards
        who: dict[int, int] = {}
        random = Random(seed) if boards.large else None
        for number, (tasks, seconds) in enumerate(boards.turns(self.groups, DEALING)):
            if boards.cost(tasks, 2) <= missed[number] < NEVER:
                present = self.search.state.sittings
                who |= {task: present[task][0].therapist for task in tasks if present[task]}
                continue
            board = boards.complete(tasks, random)
            board.aim(PREFERENCE)
            if boards.large:  # a large board takes seconds to be dealt at all, and the plan is one
                board.hint(self.search.state.sittings)
            answer = (
                boards.ask(board, seconds, prover="" if boards.large else RELAXED, seed=seed)
                if board.possible
                else None
            )
            if answer is None or answer.values is None:
                continue
            if not boards.large:
                self.least[PREFERENCE][number] = max(self.least[PREFERENCE][number], answer.bound)
            mine = board.therapists(answer.values)
            who |= mine
            missed[number] = min(missed[number], answer.objective)
            boards.layer.around(mine, boards.wanted, {PREFERENCE: answer.objective})
        self._prove_wishes()
        return who

    def _prove_wishes(self) -> None:
        """Take the sum of the professions for the bound of a week in which nobody waits and everybody has the one."""
        if self.search.state.levels()[CONTINUITY] == 0 and not self.boards.chosen:
            self.bounds.raise_to(PREFERENCE, sum(self.least[PREFERENCE]))
            self.boards.tell()

    def _prove_large(self) -> None:
        """Deal the boards of a large week with all candidates: they were dealt with few, which proves nothing."""
        boards = self.boards
        for number, (tasks, seconds) in enumerate(boards.turns(self.groups, DEALING)):
            board = boards.complete(tasks)
            board.aim(PREFERENCE)
            board.hint(self.search.state.sittings)
            self.least[PREFERENCE][number] = boards.ask(board, seconds, prover="").bound
        self._prove_wishes()
        if boards.reached(PREFERENCE):
            self._spread(None)

    def _reach_wishes(self) -> None:
        """Ask the whole week for as few missed wishes as the boards allow, then for one more, until there is a plan.

        That ends only where every child can have the one therapist: otherwise no number of wishes makes a plan.
        """
        boards = self.boards
        while self.budget.left() > 0 and boards.reached(CONTINUITY) and not boards.reached(PREFERENCE):
            answer = self._whole({PREFERENCE: self.bounds.least[PREFERENCE]}, workers=2)
            if not answer.impossible:
                return
            self.bounds.raise_to(PREFERENCE, self.bounds.least[PREFERENCE] + 1)
            boards.tell()

    # --- spread, with as few missed wishes ---

    def _spread(self, random: Random | None) -> None:
        """Deal boards with as little spread as can be, and lay them; with few candidates a task where chance is given."""
        boards, state = self.boards, self.search.state
        who: dict[int, int] = {}
        days: dict[tuple[int, int], int] = {}
        least, cost = 0, 0
        exact = random is None and boards.reached(PREFERENCE) and not boards.chosen
        together = self.groups if boards.large else [boards.everyone]
        for tasks, seconds in boards.turns(together, BOARDS):
            board = boards.complete(tasks, random)
            board.at_most(PREFERENCE, boards.cost(tasks, 2))
            board.aim(SPREAD)
            board.hint(state.sittings)
            answer = boards.ask(board, seconds)
            if answer.values is None:
                return
            least, cost = least + answer.bound, cost + answer.objective
            who |= board.therapists(answer.values)
            days |= board.busy_days(answer.values)
        if exact:
            self.bounds.raise_to(SPREAD, least)
            boards.tell()
        if cost < state.levels()[SPREAD]:
            self.search.guide = dict(who)
            missed, patience = state.levels()[PREFERENCE], self.budget.left() * SPREADING
            boards.layer.better(who, boards.wanted, missed, days, self.bounds.least[SPREAD], patience)

    def _nothing_better(self) -> None:
        """Ask for a spread of one less than there is, until there is none."""
        while self.budget.left() > 0 and not self.boards.reached(SPREAD):
            present = self.search.state.levels().spread
            answer = self._whole({PREFERENCE: self.bounds.least[PREFERENCE], SPREAD: present - 1})
            if answer.impossible:
                self.bounds.raise_to(SPREAD, present)
                self.boards.tell()
            elif self.search.state.levels().spread >= present:
                return

    def _less_full(self) -> None:
        """Ask for a peak of one less than there is, until there is none."""
        least = {level: self.bounds.least[level] for level in (CONTINUITY, PREFERENCE, SPREAD)}
        while self.budget.left() > 0 and not self.boards.reached(PEAK):
            present = self.search.state.peak()
            answer = self._whole(least, workers=2, peak=present - 1)
            if answer.impossible:
                self.bounds.raise_to(PEAK, present)
                self.boards.tell()
            elif self.search.state.peak() >= present:
                return

    def _descend(self) -> None:
        """Look for the least spread of the whole week with every processor, for a part of the time that is left."""
        if self.boards.reached(SPREAD):
            return
        region = self._with_cuts((SPREAD,), {PREFERENCE: self.bounds.least[PREFERENCE]})
        region.hint(dict(enumerate(self.search.state.sittings)))
        answer = run(region.model, self.budget, self.budget.left() * DESCENT, workers=2)
        self.boards.layer.adopt(region, answer)
        if answer.optimal:
            self.bounds.raise_to(SPREAD, answer.objective)
            self.boards.tell()

    def _with_cuts(self, order: tuple[int, ...], at_most: dict[int, int], peak: int | None = None) -> Region:
        """Return the whole week as a model that knows what each profession costs at least."""
        wish = Wish(order=order, wanted=self.boards.wanted, at_most=at_most, peak=peak)
        region = Region(self.week, range(len(self.week.tasks)), Held(self.week), wish)
        least = self.least[PREFERENCE]
        slack = at_most[PREFERENCE] - sum(least)
        for number, tasks in enumerate(self.groups):
            region.between(PREFERENCE, tasks, least[number], least[number] + slack)
        region.between(SPREAD, self.boards.everyone, self.bounds.least[SPREAD], None)
        return region

    def _whole(self, at_most: dict[int, int], workers: int = 1, peak: int | None = None) -> Answer:
        """Look in the whole week for a plan within some figures, or for the proof that there is none."""
        region = self._with_cuts((), at_most, peak)
        if peak is not None:
            region.hint(dict(enumerate(self.search.state.sittings)))
        answer = run(region.model, self.budget, self.budget.left(), workers=workers, linearization_level=2)
        self.boards.layer.adopt(region, answer)
        return answer
