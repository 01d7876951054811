"""Who must wait 候排: a board on which nobody does, or the proof of how much must, and who that had best be."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from models.scheduling.engine.board import Board
from models.scheduling.engine.boards import CHEAPEST, DEALS, MEDIUM, Boards
from models.scheduling.engine.region import CONTINUITY, PREFERENCE, SPREAD, WAITING
from models.scheduling.engine.sat import Answer, run

LARGEST = 250_000
"""Up to so many places for sessions all professions are put on one board when somebody must wait."""
SOON = 4.0
"""A board on which nobody waits is found in so many seconds, or hardly at all."""
EVERYBODY = 10.0
"""The most seconds it is tried to lay a board on which nobody waits."""
CHOICE = 10.0
"""The most seconds it is thought about who had best wait."""
ALONE = 10.0
"""The most seconds the search rests while it is proven how much must wait."""
PROVING = 0.4
"""Which part of the time may go to the proof of how much must wait, the most."""
WHOLE = {WAITING: 0.7, CONTINUITY: 0.5, PREFERENCE: 0.5, SPREAD: 0.5}
"""Which part of the time that is left then goes to each level of the whole week, when no board could be laid."""
ASKED_A_SECOND = 25_000
"""With fewer seconds than one for so many places the whole week is hardly put down before the time is over."""


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
        """Look for the times at which a board's sessions can lie."""
        answer = self.boards.layer.whole(who, self.boards.wanted, {}, min(EVERYBODY, self.budget.left() / 2))
        return answer is not None and answer.found

    # --- somebody must ---

    def _overload(self) -> None:
        """Prove how much must wait and choose who; where that is no plan, ask the whole week for as little as can be."""
        boards, bounds = self.boards, self.boards.bounds
        if boards.places > LARGEST:
            return
        board = Board(self.week, boards.everyone, faithful=False, complete=False)
        board.aim(WAITING)
        unable = sum(task.weight * task.sessions for task, able in zip(self.week.tasks, self.week.able, strict=True)
                     if not able)  # fmt: skip
        with boards.alone(ALONE):  # parts of an overfull week bring little until it is known who waits
            answer = boards.ask(board, min(boards.patience, self.budget.left() * PROVING), CHEAPEST)
        bounds.raise_to(WAITING, unable + answer.bound)
        boards.tell()
        boards.chosen = answer.bound > 0
        with boards.alone():
            better = answer.found and unable + answer.objective < boards.search.state.levels()[WAITING]
            if better and (answer.optimal or boards.large):  # a small week is sooner asked whole than a second board
                self._choose(answer)
            if boards.places <= MEDIUM and not boards.reached(WAITING):
                self._whole_week()

    def _whole_week(self) -> None:
        """Ask the whole week for as little waiting as can be, then for as little as can be of the levels below."""
        boards, state = self.boards, self.boards.search.state
        at_most: dict[int, int] = {}
        for level, share in WHOLE.items():
            seconds = self.budget.left() * share
            if seconds * ASKED_A_SECOND < boards.places:
                break
            boards.layer.least(level, at_most, boards.bounds.least[level], seconds)
            at_most[level] = state.levels()[level]
        boards.wanted |= {task: len(mine) for task, mine in enumerate(state.sittings)}

    def _choose(self, least: Answer) -> None:
        """Choose who waits so that few wishes are missed, leaving open who treats; then let each profession deal.

        Two small questions instead of one large: all professions at once, each task with one therapist, finds in a
        minute what these find in ten seconds. What cannot be laid soon is dealt again.
        """
        boards = self.boards
        board = Board(self.week, boards.everyone, faithful=False, complete=False)
        board.at_most(WAITING, least.objective)
        board.aim(PREFERENCE)
        answer = boards.ask(board, min(CHOICE, boards.patience))
        if least.optimal:
            boards.bounds.raise_to(PREFERENCE, answer.bound)
        if answer.values is None:
            return
        boards.wanted |= board.counts(answer.values)
        for deal in range(DEALS):
            who = self._dealt(deal)
            if boards.dealt or not who:
                return

    def _dealt(self, seed: int) -> dict[int, int]:
        """Let each profession deal who treats whom, and lay that."""
        boards = self.boards
        who: dict[int, int] = {}
        missed = 0
        for tasks in boards.groups:
            board = boards.complete(tasks)
            board.aim(PREFERENCE)
            found = self._soon(board, seed) if board.possible else None
            if found is None:  # with one therapist each, one or two more must wait
                board = Board(self.week, tasks, faithful=True, complete=False, wanted=boards.wanted)
                board.aim(WAITING)
                if (found := self._soon(board, seed)) is None:
                    return {}
                boards.wanted |= board.counts(found)
            who |= board.therapists(found)
            missed += board.cost(PREFERENCE, found)
        boards.search.guide = who
        laid = boards.layer.whole(who, boards.wanted, {PREFERENCE: missed}, boards.soon)
        boards.dealt = laid is not None and laid.found
        return who

    def _soon(self, board: Board, seed: int) -> Sequence[int] | None:
        return self.boards.ask(board, min(SOON, self.boards.patience), seed=seed).values
