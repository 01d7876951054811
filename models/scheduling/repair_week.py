"""The repaired week 整体调课: places for all hit sessions together, with the fewest lost and then the fewest moved.

Often everything finds a place around what stays; then no repair can lose or move less, and the choice among such repairs
goes to continuity, wishes and spread. Otherwise what does not fit is let in by moving others, and the engine is asked for the
fewest changes; the better of both answers is taken.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from models.scheduling.chains import Chains
from models.scheduling.disruption import sessions_of
from models.scheduling.levels import levels, missed_wishes
from models.scheduling.pressure import lightest, pressures
from models.scheduling.problem import MOST_SPREAD, Placement, Problem, by_task
from models.scheduling.repair_options import RANK, kind_of
from models.scheduling.timetable import Move, Timetable

STEPS = 20_000
"""So many times a session is tried somewhere in looking for the best repair in which nothing moves."""
FIRST_STEPS = 2_000
"""So many of them are made for a first answer, however slow the computer is just then."""
PUZZLING = 0.12
"""The share of the time for it."""
ENGINE_CLOSES = 0.15
CLOSING_A_TASK = 0.001
"""Seconds left to the engine to put its answer together, and so many more for each task of the week."""


@dataclass(frozen=True)
class Repaired:
    """A repaired week: every session of it, what became of the old ones, and whether fewer changes are ruled out."""

    placements: tuple[Placement, ...]
    replaced: tuple[Move, ...]
    moved: tuple[Move, ...]
    lost: tuple[Placement, ...]
    proven: bool


def repaired(
    table: Timetable, gone: Sequence[Placement], seconds: float, cancelled: Callable[[], bool] | None = None
) -> Repaired:
    """Return the week with the fewest lost, then the fewest moved, around what stands in a timetable."""
    until, kept = time.monotonic() + seconds, tuple(table.held)
    hopeless = surely_lost(table, gone)
    rest = [each for each in gone if each not in hopeless]
    problem = _asking_less(table.problem, hopeless)
    placed = _Puzzle(table, rest, time.monotonic() + seconds * PUZZLING).solved()
    if placed is not None:
        return _judged(problem, gone, kept, (*kept, *placed), proven=True)
    own = _judged(problem, gone, kept, _one_by_one(table, rest, seconds * PUZZLING), proven=False)
    hopelessly = sum(table.problem.tasks[each.task].weight for each in hopeless)
    if not own.moved and _weight_lost(table.problem, own) <= hopelessly + _lost_at_least(problem, rest):
        return replace(own, proven=True)
    left = until - time.monotonic() - ENGINE_CLOSES - len(problem.tasks) * CLOSING_A_TASK
    if left <= 0 or (cancelled and cancelled()):
        return own
    from models.scheduling.engine import place_around

    plan = place_around(problem, kept, seconds=left, cancelled=cancelled)
    theirs = _judged(problem, gone, kept, plan.placements, proven=plan.proven >= 2)
    return _better(table.problem, frozenset(gone), own, theirs)


def surely_lost(table: Timetable, gone: Sequence[Placement]) -> list[Placement]:
    """Return the hit sessions for which no day is left on which child and therapist are there at all."""
    found: list[Placement] = []
    for task_id, hit in by_task(gone).items():
        own = table.of_task(task_id)
        days = {each.day for each in (*table.places(table.problem.tasks[task_id]), *own)}
        found += hit[max(0, len(days) - len(own)) :]
    return found


def _asking_less(problem: Problem, lost: Sequence[Placement]) -> Problem:
    """Ask for the sessions no more that are lost in any case."""
    fewer = Counter(each.task for each in lost)
    changed = (
        replace(problem.tasks[key], sessions=problem.tasks[key].sessions - count) for key, count in fewer.items()
    )
    tasks = {**problem.tasks, **{task.id: task for task in changed}}
    before = tuple(each for each in problem.before if each not in lost)
    return replace(problem, tasks={task.id: task for task in tasks.values() if task.sessions}, before=before)


def _lost_at_least(problem: Problem, gone: Sequence[Placement]) -> int:
    """Weigh what must be lost because the therapists or rooms that are left have too little time, however it is used."""
    hit = [problem.tasks[each.task] for each in gone]
    most = 0
    for lack in pressures(problem):
        own = [(task.slots, task.weight) for task in hit if task.therapy in lack.therapies]
        most = max(most, lightest(own, lack.lacking // problem.grid.minutes))
    return most


def _better(problem: Problem, hit: frozenset[Placement], own: Repaired, theirs: Repaired) -> Repaired:
    best = min(own, theirs, key=lambda each: (*_changes(problem, hit, each), *_finer(problem, each)))
    as_few = _changes(problem, hit, best) == _changes(problem, hit, theirs)
    return replace(best, proven=theirs.proven and as_few)


def _changes(problem: Problem, hit: frozenset[Placement], repair: Repaired) -> tuple[int, int, int]:
    """Count the changes: nobody who was not hit goes without, then what is lost by its weight, then what moves."""
    spared = sum(each not in hit for each in repair.lost)
    return spared, _weight_lost(problem, repair), len(repair.moved)


def _weight_lost(problem: Problem, repair: Repaired) -> int:
    return sum(problem.tasks[each.task].weight for each in repair.lost)


def _finer(problem: Problem, repair: Repaired) -> tuple[int, ...]:
    """Judge between repairs that change as much: the other levels, then how far things move."""
    far = sum(
        10 * abs(new.day - old.day) + abs(new.start - old.start) for old, new in (*repair.moved, *repair.replaced)
    )
    return (*levels(problem, repair.placements)[1:-1], far)


def _judged(
    problem: Problem, gone: Sequence[Placement], kept: Sequence[Placement], after: Iterable[Placement], *, proven: bool
) -> Repaired:
    plan = sessions_of(after)
    return Repaired(plan, *pair(gone, sessions_of(kept), plan), proven)


def pair(
    gone: Sequence[Placement], kept: Sequence[Placement], after: Sequence[Placement]
) -> tuple[tuple[Move, ...], tuple[Move, ...], tuple[Placement, ...]]:
    """Say which new place is whose: (hit sessions with a new place, sessions moved, sessions lost)."""
    standing, held = set(after), set(kept)
    fresh = by_task(each for each in after if each not in held)
    replaced: list[Move] = []
    moved: list[Move] = []
    lost: list[Placement] = []
    for old in (*(each for each in kept if each not in standing), *gone):
        places = fresh.get(old.task, [])
        if not places:
            lost.append(old)
            continue
        new = min(places, key=lambda each: (abs(each.day - old.day), each.therapist != old.therapist, each))
        places.remove(new)
        (moved if old in held else replaced).append((old, new))
    return tuple(replaced), tuple(moved), tuple(lost)


# --- nothing moves --------------------------------------------------------------------------------------------------


class _Puzzle:
    """Places all hit sessions around what stays; of the ways there are, the one that is most like the old week."""

    def __init__(self, table: Timetable, gone: Sequence[Placement], until: float) -> None:
        self.table, self.until, self.steps = table, until, STEPS
        self.choices = {old: sorted((_unlike(table, old, new), new) for new in _vacant(table, old)) for old in gone}
        self.gone = sorted(gone, key=lambda each: (len(self.choices[each]), each))
        self.least = [choices[0][0] if choices else 0 for choices in (self.choices[old] for old in self.gone)]
        self.best: tuple[int, tuple[Placement, ...]] | None = None

    def solved(self) -> tuple[Placement, ...] | None:
        """Return a place for every hit session, or None when none is found."""
        if not all(self.choices.values()):
            return None
        self._from(0, 0, ())
        return self.best[1] if self.best else None

    def _from(self, index: int, cost: int, placed: tuple[Placement, ...]) -> None:
        if index == len(self.gone):
            self.best = cost, placed
            return
        for more, place in self.choices[self.gone[index]]:
            hopeless = self.best is not None and cost + more + sum(self.least[index + 1 :]) >= self.best[0]
            self.steps -= 1
            if hopeless or self._enough():
                return
            if self.table.fits(place):
                self.table.add(place)
                self._from(index + 1, cost + more, (*placed, place))
                self.table.remove(place)

    def _enough(self) -> bool:
        """Whether to stop: after so many steps, or when the time is up and an answer is there or hard to find."""
        tried = STEPS - self.steps
        return tried > STEPS or (time.monotonic() > self.until and (self.best is not None or tried > FIRST_STEPS))


def _vacant(table: Timetable, old: Placement) -> list[Placement]:
    return list(table.vacancies(table.problem.tasks[old.task]))


def _unlike(table: Timetable, old: Placement, new: Placement) -> int:
    """Weigh what changes: another therapist beyond the task's own, wishes missed, neighbouring days, the kind of repair, the time."""
    task, others = table.problem.tasks[old.task], table.of_task(old.task)
    own = {each.therapist for each in others}
    beyond = bool(own) and new.therapist not in own
    wishes = missed_wishes(table.problem, task, new)
    beside = sum(abs(each.day - new.day) == 1 for each in others) if 2 <= task.sessions <= MOST_SPREAD else 0
    kind = RANK[kind_of(task, old, new)]
    far = 10 * abs(new.day - old.day) + abs(new.start - old.start)
    return 10_000_000 * beyond + 1_000_000 * wishes + 100_000 * beside + 1_000 * kind + far


# --- some move ------------------------------------------------------------------------------------------------------


def _one_by_one(table: Timetable, gone: Sequence[Placement], seconds: float) -> tuple[Placement, ...]:
    """Place the hit sessions one after the other, the most urgent first, moving others where nothing is free."""
    tasks, until, kept = table.problem.tasks, time.monotonic() + seconds, tuple(table.held)
    left = sorted(gone, key=lambda each: (-tasks[each.task].weight, len(_vacant(table, each)), each))
    for depth in (0, 1, 2):
        left = [old for old in left if not _put(table, old, 0, until) and not _put(table, old, depth, until)]
    answer = tuple(table.held)
    for each in answer:
        table.remove(each)
    for each in kept:
        table.add(each)
    return answer


def _put(table: Timetable, old: Placement, depth: int, until: float) -> bool:
    """Put a session in, with others moved up to a depth; say whether it was."""
    if depth == 0:
        vacant = _vacant(table, old)
        if vacant:
            table.add(min(vacant, key=lambda new: (_unlike(table, old, new), new)))
        return bool(vacant)
    chains = Chains(table, until)
    places = sorted(table.places(table.problem.tasks[old.task]), key=lambda new: (_unlike(table, old, new), new))
    return any(not chains.over and chains.room_at(new, depth) is not None for new in places)
