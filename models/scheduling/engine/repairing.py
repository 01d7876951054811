"""Repairing a week 调课: what was hit finds another place, and as little else as can be is moved.

The stated order is: fewest sessions lost (by weight), then fewest moved, then the same therapist, wishes, spread and
peak. Who is hit may go anywhere; who stands in the way may go where nobody else must make room in turn. That is a
small model; :mod:`models.scheduling.engine.making_room` proves how few can do. When the two differ, or somebody is
lost, the whole week is asked for as long as there is time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from models.scheduling.engine.answers import Plan, Progress, checked
from models.scheduling.engine.board import Board, professions
from models.scheduling.engine.boards import RELAXED
from models.scheduling.engine.budget import Budget
from models.scheduling.engine.making_room import MakingRoom
from models.scheduling.engine.region import CHANGE, CONTINUITY, PEAK, PREFERENCE, SPREAD, WAITING, Region, Wish
from models.scheduling.engine.sat import Answer, run
from models.scheduling.engine.state import State
from models.scheduling.engine.week import Assignment, Sitting, Sittings, Week
from models.scheduling.levels import Levels
from models.scheduling.problem import Placement, Problem

FIRST = (WAITING, CHANGE)
"""Fewest lost, then fewest moved …"""
THEN = (CONTINUITY, PREFERENCE, SPREAD, PEAK)
"""… then as in planning."""
MORE = 4
"""How many more than the fewest are asked for in the small model."""
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
        hit = sorted(self.missing)
        self._ask(hit, Wish(faithful=False, order=FIRST, up_to=self.up_to))
        lost, moved = self._cost()
        room = None
        if lost or moved:
            self.least = (min(lost, self._least_lost()), 0)
            room = MakingRoom(self.week, self.base, hit)
            if not self.least[0]:
                self._near(room)
            if self._cost() > self.least:
                self._exactly()
            if self._cost()[0] > self.least[0]:
                free = sorted({*hit, *room.movable()})
                self._ask(free, Wish(faithful=False, order=FIRST, up_to=self.up_to, allowed=room.movable()), share=0.8)
        self._polish(room)

    def _near(self, room: MakingRoom) -> None:
        """Let only those move who stand in the way and can go where nobody else must make room in turn."""
        movable = room.movable()
        free = sorted({*self.missing, *movable})
        least = room.least_moved(self.budget, self.missing)
        self.least = (0, least)
        self._fewest(free, movable, least)

    def _fewest(self, free: Sequence[int], movable: Mapping[int, Mapping[int, int]], least: int) -> bool:
        """Ask for a plan in which nobody is lost and so few are moved as is proven to be needed, then for one more."""
        for most in range(least, least + MORE):
            if self._cost() <= (0, most):
                return True
            wish = Wish(
                faithful=False,
                order=(),
                up_to=self.up_to,
                wanted=self._all(free),
                allowed=movable,
                at_most={CHANGE: most},
            )
            answer = self._ask(free, wish, share=0.15)
            if answer is None or not answer.impossible:
                return answer is not None and answer.found
        return False

    def _all(self, tasks: Sequence[int]) -> dict[int, int]:
        return {task: self.up_to[task] for task in tasks}

    def _ask(self, free: Sequence[int], wish: Wish, share: float = 0.5, workers: int = 2) -> Answer | None:
        """Plan some tasks anew around the base, beginning with the best found so far."""
        region = Region(self.week, free, self.base.held_without(free), wish)
        if not region.possible:
            return None
        region.hint({task: self._now(task) for task in free})
        answer = run(region.model, self.budget, self.budget.left() * share, workers=workers, seed=self.seed)
        if answer.values is not None:
            self._accept(region.sittings(answer.values))
        return answer

    def _accept(self, found: dict[int, Sittings]) -> None:
        before, old = self._cost(), self.found
        self.found = found
        if self._cost() > before:
            self.found = old

    def _exactly(self) -> None:
        """Plan the professions that were hit anew, while anybody else may only stay or vanish.

        Whoever vanishes counts as moved: no real repair moves fewer. When nobody does, it is the best repair there
        is; when somebody does, it is asked whether they find another place.
        """
        mine = [task for tasks in self._professions() for task in tasks]
        if _places(self.week, mine) > EXACT:
            return
        others = sorted({task for task, each in enumerate(self.base.sittings) if each} - set(mine))
        for lost in range(self.least[0], min(self.least[0] + MORE, self._cost()[0]) + 1):
            wish = Wish(
                faithful=False,
                order=(CHANGE,),
                up_to=self.up_to,
                at_most={WAITING: lost},
                allowed={task: _masks(self.base.sittings[task]) for task in others},
                vanishing=frozenset(others),
            )
            region = Region(self.week, [*mine, *others], self.base.held_without([*mine, *others]), wish)
            region.hint(dict(enumerate(self.base.sittings)) | self.found)
            answer = run(
                region.model, self.budget, self.budget.left() * 0.75, workers=2, seed=self.seed, solvers=(RELAXED,)
            )
            if not answer.impossible:
                break
        if answer.impossible:
            return
        self.least = (lost, max(answer.bound, self.least[1] if lost == self.least[0] else 0))
        if answer.values is not None:
            self._back(region.sittings(answer.values), mine, lost)

    def _back(self, found: dict[int, Sittings], mine: Sequence[int], lost: int) -> None:
        """Find another place for those who vanished, with the professions that were hit as they now are for a hint."""
        gone = sorted(
            task for task, each in found.items() if task not in mine and len(each) < len(self.base.sittings[task])
        )
        if not gone:
            self._accept({task: found[task] for task in mine})
            return
        free = [*mine, *gone]
        wish = Wish(faithful=False, order=(CHANGE,), up_to=self.up_to, at_most={WAITING: lost})
        region = Region(self.week, free, self.base.held_without(free), wish)
        region.hint({task: found[task] for task in free})
        answer = run(region.model, self.budget, self.budget.left() * 0.9, workers=2, seed=self.seed, solvers=(RELAXED,))
        if answer.values is not None:
            self._accept(region.sittings(answer.values))

    def _professions(self) -> list[tuple[int, ...]]:
        """Return the professions in which somebody was hit."""
        return [tasks for tasks in professions(self.week) if any(task in self.missing for task in tasks)]

    def _least_lost(self) -> int:
        """Return how much must be lost however much is moved, profession by profession."""
        least = 0
        for tasks in self._professions():
            board = Board(self.week, tasks, faithful=False, complete=False, wanted=self.up_to)
            board.aim(WAITING)
            answer = run(board.model, self.budget, self.budget.left() / 6, workers=2, solvers=(RELAXED,))
            least += answer.bound
        return least

    def _polish(self, room: MakingRoom | None) -> None:
        """With the same few moved, keep therapists and wishes where they can be kept."""
        lost, moved = self._cost()
        movable = room.movable() if room and moved else {}
        free = sorted({*self.missing, *self.found, *movable})
        if _places(self.week, free) > WIDE:
            return
        at_most = {WAITING: lost, CHANGE: moved}
        wish = Wish(faithful=False, order=THEN, up_to=self.up_to, allowed=movable, at_most=at_most)
        self._ask(free, wish, share=min(0.9, POLISH / max(POLISH, self.budget.left())))


def _masks(sittings: Sequence[Sitting]) -> dict[int, int]:
    """Return the times of some sittings by therapist."""
    masks: dict[int, int] = {}
    for each in sittings:
        masks[each.therapist] = masks.get(each.therapist, 0) | 1 << each.time
    return masks


def _places(week: Week, tasks: Sequence[int]) -> int:
    return sum(week.starts_with(task, each).bit_count() for task in tasks for each in week.able[task])
