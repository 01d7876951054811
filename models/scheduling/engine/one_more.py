"""One session more: whether it can be placed when others may be moved but nobody loses any."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from models.scheduling.engine.answers import Attempt, Progress, checked
from models.scheduling.engine.board import Board, professions
from models.scheduling.engine.boards import RELAXED
from models.scheduling.engine.budget import Budget
from models.scheduling.engine.held import Held
from models.scheduling.engine.region import Region, Wish
from models.scheduling.engine.sat import Answer, Model, run
from models.scheduling.engine.state import State
from models.scheduling.engine.week import Sitting, Sittings, Week, bits
from models.scheduling.levels import Levels
from models.scheduling.problem import Placement, Problem

GLANCE, LOOK = 0.05, 0.3
"""How many seconds a few therapists are thought about before and after it is asked whether it can be at all."""
LARGE = 30_000
"""With more places than this the whole week takes too long to ask."""


def can_place(
    problem: Problem,
    placements: Sequence[Placement],
    task_id: str,
    *,
    seconds: float = 3.0,
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
        if (found := self._look_near(GLANCE)) is not None:
            return self._yes(found)
        if self._never() or self._no_board([self._profession()]):
            return Attempt("no")
        if (found := self._look_near(LOOK)) is not None:
            return self._yes(found)
        return self._far()

    def _look_near(self, seconds: float) -> dict[int, Sittings] | None:
        """Plan a few therapists anew, each time for so long at most."""
        for therapists in self._near():
            found = self._ask(self._tasks_of(therapists), therapists, min(seconds, self.budget.left() / 4))
            if found is not None or self.budget.left() <= 0:
                return found
        return None

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

    def _never(self) -> bool:
        """Whether the children alone have no room for one more, were all therapists and rooms theirs."""
        mine = sorted({other for child in self.week.members[self.task] for other in self.week.of_child[child]})
        wish = Wish(faithful=False, order=(), wanted=self._wanted(mine))
        region = Region(self.week, mine, Held(self.week), wish)
        return not region.possible or run(region.model, self.budget, self.budget.left() * 0.4).impossible

    def _profession(self) -> Sequence[int]:
        return next(tasks for tasks in professions(self.week) if self.task in tasks)

    def _no_board(self, groups: Sequence[Sequence[int]]) -> bool:
        """Whether some tasks cannot have what they have and the one session more, were it only for half days."""
        for tasks in groups:
            board = Board(self.week, tasks, faithful=False, complete=True, wanted=self._wanted(tasks))
            if not board.possible or self._thought(board.model, 0.6).impossible:
                return True
        return False

    def _far(self) -> Attempt:
        """Ask the board of all professions whether there can be room; then plan the profession, then everything, anew."""
        week = self.week
        everyone = [task for tasks in professions(week) for task in tasks]
        if self._no_board([everyone]):
            return Attempt("no")
        whole = list(range(len(week.tasks)))
        for tasks in (self._profession(), whole):
            if sum(week.starts_with(task, each).bit_count() for task in tasks for each in week.able[task]) > LARGE:
                continue
            wish = Wish(faithful=False, order=(), wanted=self._wanted(tasks))
            region = Region(week, tasks, self.state.held_without(tasks), wish)
            region.hint({task: self.state.sittings[task] for task in tasks})
            answer = self._thought(region.model, 1.0 if tasks is whole else 0.5) if region.possible else None
            if answer is not None and answer.values is not None:
                return self._yes(region.sittings(answer.values))
            if tasks is whole and (answer is None or answer.impossible):
                return Attempt("no")
        return Attempt("undecided")

    def _thought(self, model: Model, share: float) -> Answer:
        return run(model, self.budget, self.budget.left() * share, workers=2, solvers=(RELAXED,))

    def _yes(self, changes: dict[int, Sittings]) -> Attempt:
        sittings = [changes.get(task, mine) for task, mine in enumerate(self.state.sittings)]
        placements = self.week.placements(sittings)
        levels = checked(self.week.problem, placements)
        return Attempt("yes", Progress(placements, levels, Levels(0, 0, 0, 0, 0, 0), 0, self.budget.elapsed(), "done"))
