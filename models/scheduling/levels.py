"""Levels 排课指标: what a plan is worth, and which rule it breaks — counted from the plan alone.

The levels stand in the order in which they matter; a plan is better when the first level that differs is smaller.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import NamedTuple

from models.scheduling.problem import BAND, MOST_SPREAD, Placement, Problem, Task, by_task, slots_of


class Levels(NamedTuple):
    """The six figures of a plan, the most important first; smaller is better."""

    waiting: int
    """Sessions that found no place, weighed by priority and members."""
    continuity: int
    """Therapists beyond the first of each task."""
    preference: int
    """Sessions with another therapist, or in the other half of the day, than was preferred."""
    spread: int
    """Sessions of one task on neighbouring days, where it has two or three a week."""
    peak: int
    """The fullest therapist's week, in bands of 5 %."""
    change: int
    """Sessions of the week before that are not where they were."""


def levels(problem: Problem, placements: Iterable[Placement]) -> Levels:
    """Count what a plan is worth."""
    placed = by_task(placements)
    own = [(task, placed.get(task.id, [])) for task in problem.tasks.values()]
    return Levels(
        waiting=sum(task.weight * max(0, task.sessions - len(mine)) for task, mine in own),
        continuity=sum(max(0, len({each.therapist for each in mine}) - 1) for _task, mine in own),
        preference=sum(missed_wishes(problem, task, each) for task, mine in own for each in mine),
        spread=sum(_neighbours(task, mine) for task, mine in own),
        peak=_peak(problem, placed),
        change=len(set(problem.before) - {each for mine in placed.values() for each in mine}),
    )


def missed_wishes(problem: Problem, task: Task, placement: Placement) -> int:
    """Count the wishes a placement does not meet: the therapist, the half of the day."""
    therapist = task.therapist is not None and placement.therapist != task.therapist
    half = task.half is not None and placement.start not in problem.grid.halves[task.half]
    return therapist + half


def _neighbours(task: Task, mine: Sequence[Placement]) -> int:
    if not 2 <= task.sessions <= MOST_SPREAD:
        return 0
    days = {each.day for each in mine}
    return sum(day + 1 in days for day in days)


def _peak(problem: Problem, placed: dict[str, list[Placement]]) -> int:
    load: Counter[str] = Counter()
    for task_id, mine in placed.items():
        for each in mine:
            load[each.therapist] += problem.tasks[task_id].slots
    available = {therapist: problem.therapists[therapist].available for therapist in load}
    return max((-(-BAND * slots // max(1, available[therapist])) for therapist, slots in load.items()), default=0)


@dataclass(frozen=True)
class Breach:
    """A hard rule a plan breaks: the rule's code, and the placements concerned."""

    rule: str
    placements: tuple[Placement, ...]


def breaches(problem: Problem, placements: Sequence[Placement]) -> list[Breach]:
    """Return every hard rule a plan breaks; none for a plan that may be published."""
    found = [*_each_alone(problem, placements), *_tasks(problem, placements), *_children(problem, placements)]
    found += [*_therapists(problem, placements), *_resources(problem, placements)]
    held = set(placements)
    found += [Breach("locked", (each,)) for each in problem.locked if each not in held]
    return found


def _each_alone(problem: Problem, placements: Sequence[Placement]) -> Iterator[Breach]:
    for each in placements:
        task = problem.tasks[each.task]
        if task.therapy not in problem.therapists[each.therapist].therapies:
            yield Breach("skill", (each,))
        if problem.obstacle(task, each.day, each.start):
            yield Breach("child", (each,))
        if not problem.therapist_there(each.therapist, task, each.day, each.start):
            yield Breach("therapist_away", (each,))


def _tasks(problem: Problem, placements: Sequence[Placement]) -> Iterator[Breach]:
    for task_id, mine in by_task(placements).items():
        if len(mine) > problem.tasks[task_id].sessions:
            yield Breach("too_many", tuple(mine))
        if len({each.day for each in mine}) < len(mine):
            yield Breach("same_day", tuple(mine))


def _children(problem: Problem, placements: Sequence[Placement]) -> Iterator[Breach]:
    days: defaultdict[tuple[str, int], list[Placement]] = defaultdict(list)
    for each in placements:
        for child in problem.tasks[each.task].children:
            days[child, each.day].append(each)
    for (child, _day), mine in days.items():
        mine.sort(key=lambda each: each.start)
        if len(mine) > problem.children[child].most_a_day:
            yield Breach("child_day", tuple(mine))
        for one, other in combinations(mine, 2):
            first, second = problem.tasks[one.task], problem.tasks[other.task]
            if other.start < one.start + first.slots + problem.distance(child, first, second):
                yield Breach("rest", (one, other))


def _therapists(problem: Problem, placements: Sequence[Placement]) -> Iterator[Breach]:
    taken: dict[tuple[str, int, int], Placement] = {}
    load: defaultdict[tuple[str, int], list[Placement]] = defaultdict(list)
    for each in placements:
        load[each.therapist, each.day].append(each)
        for slot in slots_of(problem.tasks[each.task], each):
            other = taken.setdefault((each.therapist, *slot), each)
            if other is not each:
                yield Breach("therapist", (other, each))
    for (therapist, _day), mine in load.items():
        if sum(problem.tasks[each.task].slots for each in mine) > problem.therapists[therapist].most_a_day:
            yield Breach("therapist_day", tuple(mine))


def _resources(problem: Problem, placements: Sequence[Placement]) -> Iterator[Breach]:
    used: defaultdict[tuple[str, int, int], list[tuple[Placement, int]]] = defaultdict(list)
    for each in placements:
        task = problem.tasks[each.task]
        for resource, units in task.uses:
            for slot in slots_of(task, each):
                used[(resource, *slot)].append((each, units))
    for (resource, _day, _slot), mine in used.items():
        if sum(units for _each, units in mine) > problem.resources[resource].capacity:
            yield Breach("resource", tuple(each for each, _units in mine))
