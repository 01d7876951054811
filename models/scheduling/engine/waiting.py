"""Who must wait 候排: a board on which nobody does, or the proof of how much must, and who that had best be."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from models.scheduling.engine.board import Board
from models.scheduling.engine.boards import MEDIUM, Boards
from models.scheduling.engine.region import PREFERENCE, WAITING
from models.scheduling.engine.sat import run

SOON = 4.0
"""A board on which nobody waits is found in so many seconds, or hardly at all."""
CHOICE = 10.0
"""The most seconds it is thought about who had best wait."""
LAYING = 4.0
"""The most seconds it is tried to lay boards that cost exactly what they must."""
ATTEMPTS = 6
"""How many boards are tried as a plan when somebody must wait."""


class Waiting:
    """Works on the first level."""

    def __init__(self, boards: Boards) -> None:
        self.boards, self.week, self.budget = boards, boards.week, boards.budget

    def work(self) -> None:
        """Find a board on which nobody waits, profession by profession, and look for the times of its sessions.

        First around the other professions as they lie in the first plan, then for all of them at once.
        """
        boards, state = self.boards, self.boards.search.state
        if any(self._too_many(tasks) for tasks in boards.groups):
            self._overload()
            return
        who: dict[int, int] = {}
        for tasks in sorted(boards.groups, key=lambda tasks: not any(state.costs[task][0] for task in tasks)):
            if boards.reached(WAITING):
                return
            board = boards.complete(tasks, Random(0) if boards.places > MEDIUM else None)
            answer = run(board.model, self.budget, SOON) if board.possible else None
            if answer is None or answer.values is None:
                self._overload()
                return
            mine = board.therapists(answer.values)
            if any(state.costs[task][0] for task in tasks):
                boards.layer.around(mine, boards.wanted, {})
            who |= mine
        if not self._laid(who):
            self._overload()

    def _too_many(self, tasks: Sequence[int]) -> bool:
        """Whether a profession has fewer hours than are wanted of it."""
        week = self.week
        there = {therapist for task in tasks for therapist in week.able[task]}
        return sum(week.length[task] * self.boards.wanted[task] for task in tasks) > sum(
            week.available[each] for each in there
        )

    def _laid(self, who: dict[int, int]) -> bool:
        """Look for the times at which a board's sessions can lie; when not all can, for those of most of them."""
        boards = self.boards
        answer = boards.layer.whole(who, boards.wanted, {}, 10.0)
        if answer is not None and answer.found:
            return True
        if boards.places <= MEDIUM:
            boards.layer.most(who, WAITING, 5.0)
        return False

    # --- somebody must ---

    def _overload(self) -> None:
        """Prove how much must wait, then find a board on which no more does, and look for its times."""
        boards, bounds = self.boards, self.boards.bounds
        if boards.places > MEDIUM:
            return
        board = Board(self.week, boards.everyone, faithful=False, complete=False)
        board.aim(WAITING)
        unable = sum(task.weight * task.sessions for task, able in zip(self.week.tasks, self.week.able, strict=True)
                     if not able)  # fmt: skip
        with boards.alone():  # parts of an overfull week bring little until it is known who waits
            bounds.raise_to(WAITING, unable + run(board.model, self.budget, boards.patience).bound)
            boards.tell()
            boards.chosen = True
            if not self._chosen(bounds.least[WAITING] - unable):
                self._attempts(bounds.least[WAITING] - unable)

    def _chosen(self, most: int) -> bool:
        """Choose who waits so that few wishes are missed, leaving open who treats; then let each profession deal.

        Two small questions instead of one large: all professions at once, each task with one therapist, finds in a
        minute what these find in ten seconds.
        """
        boards = self.boards
        board = Board(self.week, boards.everyone, faithful=False, complete=False)
        board.at_most(WAITING, most)
        board.aim(PREFERENCE)
        answer = boards.ask(board, min(CHOICE, boards.patience))
        boards.bounds.raise_to(PREFERENCE, answer.bound)
        if answer.values is None:
            return False
        boards.wanted |= board.counts(answer.values)
        who: dict[int, int] = {}
        missed = 0
        for tasks in boards.groups:
            dealt = boards.complete(tasks)
            dealt.aim(PREFERENCE)
            found = boards.ask(dealt, min(SOON, boards.patience)) if dealt.possible else None
            if found is None or found.values is None:
                return False
            who |= dealt.therapists(found.values)
            missed += found.objective
        boards.search.guide = who
        laid = boards.layer.whole(who, boards.wanted, {PREFERENCE: missed}, LAYING)
        boards.dealt = laid is not None and laid.found
        return boards.dealt or self._laid(who)

    def _attempts(self, most: int) -> None:
        """Try board after board, each task with one therapist from the beginning, and one more waiting where it must."""
        boards = self.boards
        for seed in range(ATTEMPTS):
            if self.budget.left() <= 0 or boards.reached(WAITING):
                return
            board = Board(self.week, boards.everyone, faithful=True, complete=False)
            board.at_most(WAITING, most)
            answer = run(board.model, self.budget, boards.patience, workers=2, seed=seed)
            if answer.values is None:
                most += 1
                continue
            boards.wanted |= board.counts(answer.values)
            who = board.therapists(answer.values)
            if self._laid(who):
                boards.search.guide = who
                return
