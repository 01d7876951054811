"""Repairing a week 调课: what was hit finds another place, and as little else as can be is moved.

The stated order is: fewest sessions lost (by weight), then fewest moved, then the same therapist, wishes, spread and
peak; who was not hit never loses a session. First only who was hit may go anywhere. Then it is asked who had better
make room, if those in the way could vanish: as many must move in any real repair, which is the proof. They may go
anywhere as well from then on, and it is asked again, until a real repair moves no more than is proven.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import count

from models.scheduling.engine.answers import Plan, Progress, checked
from models.scheduling.engine.board import Board, professions
from models.scheduling.engine.boards import RELAXED
from models.scheduling.engine.budget import Budget
from models.scheduling.engine.region import (
    CHANGE,
    CONTINUITY,
    PEAK,
    PREFERENCE,
    SPREAD,
    VANISHING,
    WAITING,
    Region,
    Wish,
)
from models.scheduling.engine.sat import run
from models.scheduling.engine.state import State
from models.scheduling.engine.week import Assignment, Sitting, Sittings, Week
from models.scheduling.levels import Levels
from models.scheduling.problem import Placement, Problem

FIRST = (WAITING, CHANGE)
"""Fewest lost, then fewest moved …"""
THEN = (CONTINUITY, PREFERENCE, SPREAD, PEAK)
"""… then as in planning."""
LATE = 0.5
"""After so much of the time the professions that were hit are asked whole."""
POLISH = 0.5
"""Seconds for what matters less than who is moved at all."""
EXACT = 40_000
"""With more places than this a profession takes too long to be asked whole."""
WIDE = 80_000
"""With more places than this the whole week takes too long to ask."""


def place_around(
    problem: Problem,
    kept: Sequence[Placement],
    *,
    seconds: float = 3.0,
    seed: int = 0,
    deterministic: bool = False,
    cancelled: Callable[[], bool] | None = None,
) -> Plan:
    """Place what a disruption took out, around what is kept: fewest lost, then fewest moved, then the other levels.

    The plan's ``proven`` is 2 when the lost and the moved are both the fewest there can be, 1 when the lost are.
    Tasks that waited before go on waiting: only as many sessions are looked for as the week before had.
    """
    budget = Budget(seconds, deterministic=deterministic, cancelled=cancelled)
    with budget.watched():
        return _Repair(problem, budget, seed, kept).plan()


def standing(week: Week, kept: Sequence[Placement]) -> Assignment:
    """Return what of the kept sessions can stand together; a locked one always comes first."""
    state = State(week, week.locked)
    for task, mine in enumerate(week.assignment(kept)):
        for sitting in mine:
            days = {each.time // week.slots for each in state.sittings[task]}
            free = state.held.starts_with(task, sitting.therapist, state.held.starts(task))
            room = len(state.sittings[task]) < week.tasks[task].sessions and sitting.time // week.slots not in days
            if room and free >> sitting.time & 1:
                state.held.add(task, sitting)
                state.sittings[task] = (*state.sittings[task], sitting)
    return tuple(state.sittings)


class _Repair:
    """One repair."""

    def __init__(self, problem: Problem, budget: Budget, seed: int, kept: Sequence[Placement]) -> None:
        self.problem, self.budget, self.seed = problem, budget, seed
        plain = Week(problem)
        base = standing(plain, kept)
        self.week = week = Week(replace(problem, before=plain.placements(base)))
        self.base = State(week, base)
        before = [len(mine) for mine in plain.before] if problem.before else [each.sessions for each in week.tasks]
        self.up_to = {task: max(count, len(base[task])) for task, count in enumerate(before)}
        self.missing = {task: most - len(base[task]) for task, most in self.up_to.items() if most > len(base[task])}
        self.found: dict[int, Sittings] = {}
        self.least = (0, 0)
        """What is proven to be lost and moved at least."""
        self.loose = False
        """Whether more must be lost than the boards say, and it is open how much."""
        self.free = set(self.missing)
        """Who may go anywhere: those who were hit, and those who had better make room for them."""
        self.idea: dict[int, Sittings] = {}
        """Where the tasks would lie if those in the way vanished."""

    def plan(self) -> Plan:
        """Return the repaired week."""
        if self.missing:
            self._repair()
        sittings = [self.found.get(task, mine) for task, mine in enumerate(self.base.sittings)]
        placements = self.week.placements(sittings)
        levels = checked(self.problem, placements)
        lost, moved = self._cost()
        proven = 0 if lost > self.least[0] else 1 if moved > self.least[1] else 2
        bounds = Levels(
            levels.waiting - lost + self.least[0], 0, 0, 0, 0, levels.change - moved + (self.least[1] if proven else 0)
        )
        return Progress(placements, levels, bounds, proven, self.budget.elapsed(), "done")

    def _cost(self) -> tuple[int, int]:
        """Return what is lost by weight, and how many moved beside those that were hit."""
        week = self.week
        lost = sum(week.tasks[task].weight * (most - len(self._now(task))) for task, most in self.up_to.items())
        moved = sum(len(set(self.base.sittings[task]) - set(mine)) for task, mine in self.found.items())
        return lost, moved

    def _now(self, task: int) -> Sequence[Sitting]:
        return self.found.get(task, self.base.sittings[task])

    def _repair(self) -> None:
        self._ask(sorted(self.missing), share=0.15)
        if any(self._cost()):
            self._widen()
        self._polish()

    def _widen(self) -> None:
        """Let those go anywhere who must make room, and ask again who must for them, until that is proven to be all.

        Where something is lost in any case, or the time draws to its end, the professions that were hit are asked whole.
        """
        free, asked = self.free, False
        for turn in count():
            lost, least = self._cost()[0], self.least[0]
            late = self.budget.left() < self.budget.seconds * (1 - LATE)
            if late or lost < 2 * least:
                free.update(self._whole())
            if late and not asked and lost > least:
                self._ask(sorted(free), share=0.4)
            asked = late
            gone = self._who_must_go(free)
            if gone is None:
                return
            free.update(gone)
            if gone:
                self._ask(sorted(free), share=0.5)
            if turn == 0:
                self._least_lost()
            if self._cost() <= self.least or self.budget.left() <= 0:
                return

    def _who_must_go(self, free: set[int]) -> Sequence[int] | None:
        """Plan some tasks anew while anybody else may only stay or vanish; return who had better vanish.

        Whoever vanishes counts as moved: no real repair moves fewer. When nobody does, it is the best repair there is.
        """
        others = self._near(free)
        tasks = [*sorted(free), *others]
        wish = Wish(
            faithful=False,
            order=(*FIRST, VANISHING) if self.loose else (CHANGE, VANISHING),
            up_to=self.up_to,
            wanted=self._all(free - set(self.missing)),
            at_most={WAITING: self._cost()[0] if self.loose else self.least[0]},
            allowed={task: _masks(self.base.sittings[task]) for task in others},
            vanishing=frozenset(others),
        )
        region = Region(self.week, tasks, self.base.held_without(tasks), wish)
        if not region.possible:
            return None
        region.hint({task: self._now(task) for task in tasks})
        answer = run(region.model, self.budget, self.budget.left() * 0.6, workers=2, seed=self.seed, solvers=(RELAXED,))
        if answer.impossible:
            self.least, self.loose = (self.least[0] + 1, 0), True
            return []
        least = region.at_least(answer.bound)[:-1]
        self.least = max(self.least, (least[0], least[1]) if self.loose else (self.least[0], least[0]))
        if answer.values is None:
            return None
        found = region.sittings(answer.values)
        self.idea = {task: found[task] for task in free}
        gone = [task for task in others if len(found[task]) < len(self.base.sittings[task])]
        if not gone:
            self._accept(self.idea)
        return gone

    def _near(self, free: set[int]) -> list[int]:
        """Return who else may be in the way of some tasks: of their therapists, their children and their resources."""
        week, sittings = self.week, self.base.sittings
        able = {each for task in free for each in week.able[task]}
        beside = {other for task in free for child in week.members[task] for other in week.of_child[child]}
        shared = {resource for task in free for resource, _units in week.uses[task]}
        return [
            task
            for task, mine in enumerate(sittings)
            if mine and task not in free
            and (task in beside or any(each.therapist in able for each in mine)
                 or any(resource in shared for resource, _units in week.uses[task]))
        ]  # fmt: skip

    def _all(self, tasks: Iterable[int]) -> dict[int, int]:
        return {task: self.up_to[task] for task in tasks}

    def _ask(self, free: Sequence[int], share: float) -> None:
        """Plan some tasks anew around the others with the fewest lost, then moved; only who was hit may lose any."""
        wanted = self._all(task for task in free if task not in self.missing)
        wish = Wish(faithful=False, order=FIRST, up_to=self.up_to, wanted=wanted)
        self._plan(free, wish, share, self.idea)

    def _plan(self, free: Sequence[int], wish: Wish, share: float, idea: Mapping[int, Sittings]) -> None:
        """Plan some tasks anew around the base, beginning with an idea, or else with the best found so far."""
        region = Region(self.week, free, self.base.held_without(free), wish)
        if not region.possible:
            return
        region.hint({task: idea.get(task, self._now(task)) for task in free})
        answer = run(
            region.model, self.budget, self.budget.left() * share, workers=2, seed=self.seed, solvers=(RELAXED,)
        )
        if answer.values is not None:
            self._accept(region.sittings(answer.values))

    def _accept(self, found: dict[int, Sittings]) -> None:
        before, old = self._cost(), self.found
        self.found = found
        if self._cost() > before:
            self.found = old

    def _professions(self) -> list[tuple[int, ...]]:
        """Return the professions in which somebody was hit."""
        return [tasks for tasks in professions(self.week) if any(task in self.missing for task in tasks)]

    def _whole(self) -> list[int]:
        """Return the tasks of these professions, or none where they are too many to be asked."""
        mine = [task for tasks in self._professions() for task in tasks if self.up_to[task]]
        return mine if _places(self.week, mine) <= EXACT else []

    def _least_lost(self) -> None:
        """Prove how much must be lost however much is moved, profession by profession."""
        lost, least = self._cost()[0], 0
        for tasks in self._professions() if lost else ():
            board = Board(self.week, tasks, faithful=False, complete=False, wanted=self.up_to)
            board.aim(WAITING)
            answer = run(board.model, self.budget, self.budget.left() / 6, workers=2, solvers=(RELAXED,))
            least += answer.bound
        self.least = max(self.least, (min(lost, least), 0))

    def _polish(self) -> None:
        """With the same few moved, keep therapists and wishes where they can be kept."""
        lost, moved = self._cost()
        changed = {task for task, mine in self.found.items() if mine != self.base.sittings[task]}
        free = sorted({*self.missing, *changed, *(self.free if moved else ())})
        if _places(self.week, free) > WIDE:
            return
        at_most = {WAITING: lost, CHANGE: moved}
        wanted = self._all(task for task in free if task not in self.missing)
        wish = Wish(faithful=False, order=THEN, up_to=self.up_to, wanted=wanted, at_most=at_most)
        self._plan(free, wish, min(0.9, POLISH / max(POLISH, self.budget.left())), {})


def _masks(sittings: Sequence[Sitting]) -> dict[int, int]:
    """Return the times of some sittings by therapist."""
    masks: dict[int, int] = {}
    for each in sittings:
        masks[each.therapist] = masks.get(each.therapist, 0) | 1 << each.time
    return masks


def _places(week: Week, tasks: Sequence[int]) -> int:
    return sum(week.starts_with(task, each).bit_count() for task in tasks for each in week.able[task])
