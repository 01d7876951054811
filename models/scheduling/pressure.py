"""Pressure 供需: how much treatment is wanted, how much there is, and what no plan can therefore give.

Whatever a plan looks like, the sessions of some therapies need therapists who give one of them, and their rooms.
Where more time is wanted than these have, the difference waits: a bound that is proven by counting and can be said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, combinations

from models.scheduling.problem import Problem, Task

NEVER = 10**9
FEW = 12
"""Up to so many therapies all their combinations are looked at; with more, combinations of up to three."""


@dataclass(frozen=True)
class Pressure:
    """What is wanted of some therapies together, and what their therapists or rooms have, in minutes a week."""

    therapies: tuple[str, ...]
    therapists: tuple[str, ...]
    resources: tuple[str, ...]
    """The rooms or things that are the narrower place; empty when the therapists are."""
    wanted: int
    there: int
    sessions: int
    """The least number of sessions that must wait."""
    weight: int
    """The least that what must wait can weigh."""

    @property
    def lacking(self) -> int:
        """How many minutes are wanted beyond what is there."""
        return max(0, self.wanted - self.there)

    def words(self, names: Mapping[str, str]) -> str:
        """Say how much is wanted and there."""
        from models.scheduling.reason_words import pressure_words

        return pressure_words(self, names)


def pressures(problem: Problem, *, all_therapies: bool = False) -> tuple[Pressure, ...]:
    """Return where more is wanted than is there, the greatest lack first, the fewest therapies named.

    Args:
        all_therapies: also return each therapy by itself, whether it lacks anything or not.
    """
    found = {each.therapies: each for each in _measured(problem)}
    lacking = [each for each in found.values() if each.sessions]
    needed = [each for each in lacking if not any(_covers(other, each) for other in lacking)]
    needed.sort(key=lambda each: (-each.sessions, -each.lacking, each.therapies))
    single = [each for each in found.values() if len(each.therapies) == 1 and each not in needed]
    return (*needed, *(sorted(single, key=lambda each: each.therapies) if all_therapies else ()))


def _covers(other: Pressure, one: Pressure) -> bool:
    """Whether another, about fewer therapies, already says as much; or about more of them, and says more."""
    inner, outer = set(other.therapies), set(one.therapies)
    if inner < outer:
        return other.sessions >= one.sessions
    return outer < inner and other.sessions > one.sessions


def _measured(problem: Problem) -> Iterator[Pressure]:
    by_therapy: dict[str, list[Task]] = {}
    for task in problem.tasks.values():
        by_therapy.setdefault(task.therapy, []).append(task)
    for therapies in _combinations(sorted(by_therapy)):
        tasks = [task for therapy in therapies for task in by_therapy[therapy]]
        yield _measure(problem, therapies, tasks)


def _combinations(therapies: list[str]) -> Iterable[tuple[str, ...]]:
    most = len(therapies) if len(therapies) <= FEW else 3
    return chain.from_iterable(combinations(therapies, size) for size in range(1, most + 1))


def _measure(problem: Problem, therapies: tuple[str, ...], tasks: list[Task]) -> Pressure:
    minutes = problem.grid.minutes
    wanted = sum(task.sessions * task.slots for task in tasks)
    able = tuple(each.id for each in problem.therapists.values() if each.therapies & set(therapies))
    people, rooms = _of_therapists(problem, able), _of_rooms(problem, able, tasks)
    used = tuple(sorted({resource for task in tasks for resource, _units in task.uses})) if rooms < people else ()
    there = min(people, rooms)
    every = [(task.slots, task.weight) for task in tasks for _each in range(task.sessions)]
    lack = wanted - there
    fewest = lightest([(slots, 1) for slots, _weight in every], lack) if lack > 0 else 0
    weight = lightest(every, lack) if lack > 0 else 0
    return Pressure(therapies, able, used, wanted * minutes, there * minutes, fewest, weight)


def _of_therapists(problem: Problem, able: Iterable[str]) -> int:
    return sum(problem.therapists[each].available for each in able)


def _of_rooms(problem: Problem, able: Iterable[str], tasks: list[Task]) -> int:
    """Count the sessions that the rooms of these tasks hold at the times at which a therapist is there, slot by slot."""
    if not all(task.uses for task in tasks):
        return problem.grid.days * problem.grid.slots * len(problem.therapists)
    places = min(_places(problem, tasks, choice) for choice in _first_or_last(tasks))
    there = [sum((day, slot) in problem.therapists[each].free for each in able) for day, slot in problem.grid.open]
    return sum(min(places, count) for count in there)


def _first_or_last(tasks: list[Task]) -> tuple[int, ...]:
    return (0,) if all(len(task.uses) == 1 for task in tasks) else (0, -1)


def _places(problem: Problem, tasks: list[Task], choice: int) -> int:
    """Count the sessions that can be held at a time, if each task holds one of its resources."""
    least: dict[str, int] = {}
    for task in tasks:
        resource, units = task.uses[choice]
        least[resource] = min(units, least.get(resource, units))
    return sum(problem.resources[resource].capacity // units for resource, units in least.items())


def lightest(sessions: Iterable[tuple[int, int]], slots: int) -> int:
    """Return the least weight of sessions, given as (slots, weight), that together take so many slots.

    Where all of them together take fewer, the weight of all.
    """
    every = [0] + [NEVER] * max(0, slots)
    whole = 0
    for length, weight in sessions:
        whole += weight
        for held in range(len(every) - 1, 0, -1):
            every[held] = min(every[held], every[max(0, held - length)] + weight)
    return min(every[-1], whole)


# --- one child ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FullWeek:
    """A child of which more sessions are wanted than its days hold."""

    child: str
    wanted: int
    there: int

    @property
    def sessions(self) -> int:
        """The least number of sessions that must wait."""
        return self.wanted - self.there

    def words(self, names: Mapping[str, str]) -> str:
        """Say how many are wanted and how many its days hold."""
        from models.scheduling.reason_words import full_week_words

        return full_week_words(self, names)


def full_week(problem: Problem, child: str) -> FullWeek | None:
    """Return how far more is wanted of a child than its days hold, its daily maximum and one a day of a task kept."""
    tasks = problem.of_child(child)
    wanted = sum(task.sessions for task in tasks)
    days = [{day for day, _start in problem.starts(task)} for task in tasks]
    most = problem.children[child].most_a_day
    there = sum(min(most, sum(day in possible for possible in days)) for day in range(problem.grid.days))
    return FullWeek(child, wanted, there) if wanted > there else None
