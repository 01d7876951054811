"""One session more: whether it can be placed when others may be moved but nobody loses any."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from models.scheduling.engine.answers import Attempt, Progress, checked
from models.scheduling.engine.board import Board, professions
from models.scheduling.engine.budget import Budget
from models.scheduling.engine.held import Held
from models.scheduling.engine.region import Region, Wish
from models.scheduling.engine.sat import run
from models.scheduling.engine.state import State
from models.scheduling.engine.week import Sitting, Sittings, Week, bits
from models.scheduling.levels import Levels
from models.scheduling.problem import Placement, Problem

LARGE = 30_000
"""With more places than this the whole week takes too long to ask."""


def can_place(
    problem: Problem,
    placements: Sequence[Placement],
    task_id: str,
    *,
    seconds: float = 1.0,
    cancelled: Callable[[], bool] | None = None,
) -> Attempt:
    """Say whether one more session of a task can be placed while everybody keeps the number they have."""
    budget = Budget(seconds, cancelled=cancelled)
    week = Week(problem)
    with budget.watched():
        return _OneMore(week, budget, State(week, week.assignment(placements)), week.task_number[task_id]).attempt()


class _OneMore:
    """Looks near first, then further: a free place, one therapist's week, two, the profession, everything."""

    def __init__(self, week: Week, budget: Budget, state: State, task: int) -> None:
        self.week, self.budget, self.state, self.task = week, budget, state, task

    def attempt(self) -> Attempt:
        """Return the first plan found, the proof that there is none, or neither."""
        week, task = self.week, self.task
        if not any(week.starts_with(task, each) for each in week.able[task]) or self._full():
            return Attempt("no")
        if (sitting := self._free_place()) is not None:
            return self._yes({task: (*self.state.sittings[task], sitting)})
        for therapists in self._near():
            found = self._ask(self._tasks_of(therapists), therapists, min(0.4, self.budget.left() / 2))
            if found is not None:
                return self._yes(found)
            if self.budget.left() <= 0:
                return Attempt("undecided")
        return self._far()

    def _full(self) -> bool:
        """Whether the task has all it may have."""
        return len(self.state.sittings[self.task]) >= self.week.tasks[self.task].sessions

    def _free_place(self) -> Sitting | None:
        """Return a place that is free as things are, with a therapist the task already has if there is one."""
        week, task, held = self.week, self.task, self.state.held
        starts = held.starts(task)
        for each in self.state.sittings[task]:
            starts &= ~week.days_of[each.time // week.slots]
        own = {each.therapist for each in self.state.sittings[task]}
        for therapist in sorted(week.able[task], key=lambda each: (each not in own, each != week.wished[task])):
            if times := bits(held.starts_with(task, therapist, starts)):
                return Sitting(therapist, min(times, key=lambda time: week.missed(task, Sitting(therapist, time))))
        return None

    def _near(self) -> Iterator[tuple[int, ...]]:
        """Yield therapists to plan anew, those with the most time left first."""
        week, held = self.week, self.state.held
        able = [each for each in week.able[self.task] if week.starts_with(self.task, each)]
        able.sort(key=lambda each: held.week_load(each) / week.available[each])
        yield from ((each,) for each in able[:3])
        if len(able) > 1:
            yield tuple(able[:2])
        if len(able) > 3:
            yield tuple(able[:4])

    def _tasks_of(self, therapists: Sequence[int]) -> list[int]:
        week = self.week
        tasks = {other for child in week.members[self.task] for other in week.of_child[child]} | {self.task}
        for task, mine in enumerate(self.state.sittings):
            if any(each.therapist in therapists for each in mine):
                tasks.add(task)
        return sorted(tasks)

    def _wanted(self, tasks: Sequence[int]) -> dict[int, int]:
        return {each: len(self.state.sittings[each]) + (each == self.task) for each in tasks}

    def _ask(self, tasks: Sequence[int], therapists: Sequence[int], seconds: float) -> dict[int, Sittings] | None:
        present = {task: self.state.sittings[task] for task in tasks}
        candidates = {
            task: [
                each for each in self.week.able[task] if each in therapists or each in {one.therapist for one in mine}
            ]
            for task, mine in present.items()
        }
        wish = Wish(faithful=False, order=(), wanted=self._wanted(tasks))
        region = Region(self.week, tasks, self.state.held_without(tasks), wish, candidates)
        if not region.possible:
            return None
        region.hint(present)
        answer = run(region.model, self.budget, seconds, linearization_level=0)
        return region.sittings(answer.values) if answer.values is not None else None

    def _far(self) -> Attempt:
        """Ask the board of the profession whether there can be room at all; then, if it is not too large, everything."""
        week = self.week
        group = next(tasks for tasks in professions(week) if self.task in tasks)
        board = Board(week, group, faithful=False, complete=True, wanted=self._wanted(group))
        if not board.possible or run(board.model, self.budget, self.budget.left()).impossible:
            return Attempt("no")
        whole = range(len(week.tasks))
        if sum(week.starts_with(task, each).bit_count() for task in whole for each in week.able[task]) > LARGE:
            return Attempt("undecided")
        region = Region(week, whole, Held(week), Wish(faithful=False, order=(), wanted=self._wanted(whole)))
        if not region.possible:
            return Attempt("no")
        region.hint(dict(enumerate(self.state.sittings)))
        answer = run(region.model, self.budget, self.budget.left(), workers=2)
        if answer.values is not None:
            return self._yes(region.sittings(answer.values))
        return Attempt("no" if answer.impossible else "undecided")

    def _yes(self, changes: dict[int, Sittings]) -> Attempt:
        sittings = [changes.get(task, mine) for task, mine in enumerate(self.state.sittings)]
        placements = self.week.placements(sittings)
        levels = checked(self.week.problem, placements)
        return Attempt("yes", Progress(placements, levels, Levels(0, 0, 0, 0, 0, 0), 0, self.budget.elapsed(), "done"))
