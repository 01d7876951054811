"""Relaxations 放宽建议: the smallest changes that let a waiting session in, each one tried before it is suggested.

First every place of the week with every therapist is looked at: where one thing alone stands in the way, changing it
is a suggestion. Then sessions that could lie elsewhere are moved. Only where neither helps are several things changed at once.
A suggestion is made only when the plan that shows it (its witness) breaks no rule and costs nobody else a session.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from models.scheduling.chains import Chains
from models.scheduling.easing import Easing, applied, easings_for, fewer, shorter, unlock, wait
from models.scheduling.levels import Breach, breaches, missed_wishes
from models.scheduling.problem import Placement, Problem, Task
from models.scheduling.timetable import Hindrance, Move, Timetable

MOST = 6
"""So many suggestions are enough to choose from."""
ENOUGH = 3
"""So many ways of one kind are looked for."""
ASKING = 30
"""Minutes that asking for one change more counts as."""
NO_PLACE = 9
SEARCHING, TRYING = 0.4, 0.7
"""The shares of the time after which no more is looked for, and no second suggestion tried."""
TAKEN = frozenset({"therapist_taken", "child_taken"})


@dataclass(frozen=True)
class Relaxation:
    """What could be arranged otherwise, where the session would then lie, and which sessions would move for it."""

    changes: tuple[Easing, ...]
    place: Placement | None
    moves: tuple[Move, ...] = ()

    @property
    def code(self) -> str:
        """What kind of change it is; ``move`` when other sessions moving is all it takes."""
        return self.changes[0].code if self.changes else "move"

    @property
    def minutes(self) -> int:
        """How large it is."""
        return sum(each.minutes for each in self.changes)

    @property
    def rank(self) -> tuple[object, ...]:
        """What puts it before another: the smaller change, fewer moves, what the house minds less."""
        size = self.minutes + ASKING * max(0, len(self.changes) - 1)
        mind = sum(each.mind for each in self.changes)
        return self.last, size, len(self.moves), mind, self.place or Placement("", "", 9, 0)

    @property
    def last(self) -> bool:
        """Whether it is said only when nothing else helps."""
        return any(each.last for each in self.changes)

    @property
    def days(self) -> frozenset[int]:
        """The days on which something is otherwise."""
        waits = [each.session for each in self.changes if each.session]
        places = [*waits, *(each for move in self.moves for each in move), *([self.place] if self.place else [])]
        return frozenset(each.day for each in places)

    def applied(self, problem: Problem) -> Problem:
        """Return the problem in which it is so arranged."""
        return applied(problem, self.changes)

    def witness(self, placements: Iterable[Placement]) -> tuple[Placement, ...]:
        """Return the plan that shows it: the session in its place and the moves made."""
        gone = {old for old, _new in self.moves} | {each.session for each in self.changes if each.code == "wait"}
        kept = [each for each in placements if each not in gone]
        return (*kept, *(new for _old, new in self.moves), *([self.place] if self.place else []))


def holds(problem: Problem, placements: Sequence[Placement], task_id: str, relaxation: Relaxation) -> bool:
    """Whether a suggestion keeps its word: no rule broken by it, one session fewer waiting, nobody else loses one.

    Only the days it touches are looked at. What somebody has booked against a rule knowingly is not laid to its charge.
    """
    changed, plan = relaxation.applied(problem), relaxation.witness(placements)
    broken = _broken(changed, plan, relaxation.days)
    if broken and not broken <= _broken(problem, placements, relaxation.days):
        return False
    before, after = _waiting(problem, placements), _waiting(changed, plan)
    others = all(after[each] <= before[each] for each in before if each != task_id)
    return others and after[task_id] < before[task_id]


def _broken(problem: Problem, placements: Iterable[Placement], days: frozenset[int]) -> set[Breach]:
    there = replace(problem, locked=tuple(each for each in problem.locked if each.day in days))
    return set(breaches(there, [each for each in placements if each.day in days]))


def _waiting(problem: Problem, placements: Iterable[Placement]) -> dict[str, int]:
    left = {task.id: task.sessions for task in problem.tasks.values()}
    for each in placements:
        left[each.task] -= 1
    return left


def suggestions(
    timetable: Timetable, placements: Sequence[Placement], task: Task, *, seconds: float, fewest: bool = False
) -> tuple[Relaxation, ...]:
    """Return the changes that would let one more session of a task in, the smallest first; at least one.

    Args:
        seconds: the time there is; one suggestion is tried and given even when it is over.
        fewest: whether it is proven that no fewer can wait; then moving others alone lets nothing in.
    """
    began = time.monotonic()
    search = _Search(timetable, task, began + seconds * SEARCHING)
    direct = search.direct()
    if free := [each for each in direct if not each.changes]:
        return tuple(free)
    found = [*direct, *search.shorter(), *search.instead()]
    found += search.together() if not (found and search.over) else []
    found = found or search.with_training()
    found += search.by_moves() if not fewest else []
    found += search.unlocked() if timetable.locked and not any(each.code == "move" for each in found) else []
    found = found or search.at_any_price()
    chosen: list[Relaxation] = []
    for each in _various(found):
        if len(chosen) == MOST or (chosen and time.monotonic() > began + seconds * TRYING):
            break
        if holds(timetable.problem, placements, task.id, each):
            chosen.append(each)
    shown = tuple(each for index, each in enumerate(chosen) if index == 0 or not each.last)
    return shown or (Relaxation((fewer(timetable.problem, task, len(timetable.of_task(task.id))),), None),)


def _various(found: Iterable[Relaxation]) -> Iterator[Relaxation]:
    """Yield by rank, the best of each kind and person before the second best of any.

    What asks for more than a suggestion that already stands is left out: it says nothing new.
    """
    again: list[Relaxation] = []
    seen: list[frozenset[tuple[str, str]]] = []
    for each in sorted(found, key=lambda each: each.rank):
        kinds = frozenset((change.code, "" if change.code == "skill" else change.whom) for change in each.changes)
        if kinds in seen:
            again.append(each)
        elif not any(kinds > other for other in seen if other):
            seen.append(kinds)
            yield each
    if len(seen) < ENOUGH:
        yield from again


class _Search:
    """Looks for what would let one more session of a task in."""

    def __init__(self, timetable: Timetable, task: Task, until: float) -> None:
        self.timetable, self.task, self.until = timetable, task, until
        self.began = time.monotonic()
        self.problem = timetable.problem

    @property
    def over(self) -> bool:
        """Whether no more is to be looked for."""
        return time.monotonic() > self.until

    def _until(self, share: float) -> float:
        return self.began + (self.until - self.began) * share

    @cached_property
    def looked_at(self) -> list[tuple[Placement, list[Hindrance]]]:
        """Every place of the week with every therapist who gives the therapy, and what stands in its way."""
        return list(self._look(self.problem.able(self.task)))

    def _look(self, therapists: Iterable[str]) -> Iterator[tuple[Placement, list[Hindrance]]]:
        table, grid, task = self.timetable, self.problem.grid, self.task
        days = set(range(grid.days)) - {each.day for each in table.of_task(task.id)}
        for day in sorted(days):
            for start in range(grid.slots - task.slots + 1):
                around = table.around(task, day, start)
                for therapist in therapists:
                    place = Placement(task.id, therapist, day, start)
                    yield place, around + table.of_therapist(therapist, task, day, start)

    def direct(self) -> list[Relaxation]:
        """Return the places in whose way one thing alone stands that can be changed; or nothing, and they are free."""
        few = [(place, found) for place, found in self.looked_at if len(found) <= 1]
        return self._changed(chain(few, self._untrained()))

    def _untrained(self) -> Iterator[tuple[Placement, list[Hindrance]]]:
        """Yield the places where all is free and only the training of a therapist is missing."""
        table = self.timetable
        for day, start in table.starts(self.task):
            learners = list(table.could_learn(self.task, day, start))
            if learners and not table.around(self.task, day, start):
                for each in learners:
                    yield Placement(self.task.id, each, day, start), [Hindrance("skill", each)]

    def together(self) -> list[Relaxation]:
        """Return the places in whose way several things stand that can be changed together."""
        return self._several(self.looked_at)

    def with_training(self) -> list[Relaxation]:
        """Return the places in whose way the training of a therapist and other things stand."""
        able = self.problem.able(self.task)
        return self._several(self._look([each for each in self.problem.therapists if each not in able]))

    def _several(self, places: Iterable[tuple[Placement, list[Hindrance]]]) -> list[Relaxation]:
        return self._changed((place, found) for place, found in places if 2 <= len(found) <= 3)

    def _changed(self, places: Iterable[tuple[Placement, list[Hindrance]]]) -> list[Relaxation]:
        best: dict[tuple[Easing, ...], Relaxation] = {}
        for place, hindrances in places:
            changes = easings_for(self.timetable, place, hindrances)
            if changes is not None:
                found = Relaxation(tuple(changes), place)
                if self._wishes(found) < self._wishes(best.get(found.changes)):
                    best[found.changes] = found
        return list(best.values())

    def _wishes(self, relaxation: Relaxation | None) -> int:
        """Count the wishes a place misses; nothing is worse than no place."""
        if relaxation is None or relaxation.place is None:
            return NO_PLACE
        return missed_wishes(self.problem, self.task, relaxation.place)

    def shorter(self) -> list[Relaxation]:
        """Return the longest length, not less than half, in which the sessions of the task would fit as all stands."""
        for slots in range(self.task.slots - 1, (self.task.slots - 1) // 2, -1):
            less = replace(self.task, slots=slots)
            place = next(self.timetable.vacant(less, self.timetable.starts_if(less)), None)
            if place is not None:
                return [Relaxation((shorter(self.problem, self.task, slots),), place)]
        return []

    def by_moves(self) -> list[Relaxation]:
        """Return places that are free once other sessions lie elsewhere."""
        found = self._moved(Chains(self.timetable, self._until(0.5)), 1)
        return found or self._moved(Chains(self.timetable, self._until(0.9)), 2)

    def unlocked(self) -> list[Relaxation]:
        """Return places that are free once sessions, locked ones among them, lie elsewhere."""
        return self._moved(Chains(self.timetable, self.until, unlocked=True), 1)

    def _moved(self, chains: Chains, depth: int) -> list[Relaxation]:
        found: list[Relaxation] = []
        for place in self.timetable.places(self.task):
            if chains.over or len(found) >= ENOUGH:
                break
            moves = chains.room_at(place, depth)
            if moves is not None:
                self.timetable.take_back(moves, place)
                freed = tuple(unlock(old) for old, _new in moves if old in self.timetable.locked)
                found.append(Relaxation(freed, place, tuple(moves)))
        return found

    def instead(self) -> list[Relaxation]:
        """Return the less urgent sessions without which there would be a place."""
        return list(self._instead(lambda other: other.weight < self.task.weight))

    def at_any_price(self) -> list[Relaxation]:
        """Return what other sessions would have to wait, however urgent or locked; when nothing else has helped."""
        found = [*self._instead(lambda other: True), *self._without_all()]
        return sorted(found, key=lambda each: each.rank)[:ENOUGH]

    def _instead(self, may_wait: Callable[[Task], bool]) -> Iterator[Relaxation]:
        chains = Chains(self.timetable, self.until)
        seen: set[tuple[Placement, ...]] = set()
        for place in self.timetable.places(self.task):
            if seen and chains.over:
                return
            for group in chains.in_the_way(place):
                if group not in seen and all(may_wait(self.problem.tasks[each.task]) for each in group):
                    seen.add(group)
                    yield Relaxation(tuple(wait(self.problem, each) for each in group), place)

    def _without_all(self) -> Iterator[Relaxation]:
        for place, hindrances in self._look(self.problem.therapists):
            others = dict.fromkeys(other for each in hindrances if each.rule in TAKEN for other in each.others)
            rest = easings_for(self.timetable, place, (each for each in hindrances if each.rule not in TAKEN))
            if rest is not None:
                freed = [unlock(each) for each in others if each in self.timetable.locked]
                yield Relaxation((*freed, *(wait(self.problem, each) for each in others), *rest), place)
