"""Which part of the plan is worth planning anew: a therapist who costs something, and a few colleagues."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from models.scheduling.engine.region import CHANGE, CONTINUITY, PEAK, PREFERENCE, SPREAD, WAITING
from models.scheduling.engine.state import State
from models.scheduling.engine.week import Week

COLUMN = {WAITING: 0, CONTINUITY: 1, PREFERENCE: 2, SPREAD: 3, CHANGE: 4}
"""Where a level stands in what a task costs."""


@dataclass(frozen=True)
class Part:
    """Tasks to be planned anew, and who may take them."""

    tasks: tuple[int, ...]
    therapists: frozenset[int]

    def candidates(self, week: Week, state: State) -> dict[int, tuple[int, ...]]:
        """Return who may take each task: those of the part, and whoever has it now."""
        found = {}
        for task in self.tasks:
            own = {each.therapist for each in state.sittings[task]}
            found[task] = tuple(each for each in week.able[task] if each in self.therapists or each in own)
        return found


class Chooser:
    """Chooses parts at random, the more often the more they cost."""

    def __init__(self, week: Week) -> None:
        self.week = week
        self.colleagues = [self._colleagues(each) for each in range(len(week.therapists))]

    def _colleagues(self, therapist: int) -> list[int]:
        mine = self.week.therapists[therapist].therapies
        return [
            number
            for number, other in enumerate(self.week.therapists)
            if number != therapist and mine & other.therapies
        ]

    def part(self, state: State, random: Random, size: int, level: int) -> Part | None:
        """Return a part around a task that costs something at a level, of about so many sessions."""
        if level == PEAK:
            return self._around_fullest(state, random, size)
        column = COLUMN[level]
        costly = [task for task, cost in enumerate(state.costs) if cost[column]]
        if not costly:
            return None
        seed = random.choices(costly, [state.costs[task][column] for task in costly])[0]
        chosen = {each.therapist for each in state.sittings[seed]}
        if level == PREFERENCE and self.week.wished[seed] in self.week.able[seed]:
            chosen.add(self.week.wished[seed])
        if not chosen and self.week.able[seed]:
            chosen.add(random.choice(self.week.able[seed]))
        return self.around(state, random, seed, chosen, size) if chosen else None

    def _around_fullest(self, state: State, random: Random, size: int) -> Part | None:
        bands = [state.band(each) for each in range(len(self.week.therapists))]
        fullest = [each for each, band in enumerate(bands) if band == max(bands)]
        return self.around(state, random, None, {random.choice(fullest)}, size)

    def around(self, state: State, random: Random, seed: int | None, chosen: set[int], size: int) -> Part:
        """Return a part around therapists: their tasks, those of the seed's children, and colleagues up to a size."""
        week, of = self.week, self._tasks_of(state)
        tasks = set() if seed is None else {seed}
        if seed is not None:
            tasks.update(other for child in week.members[seed] for other in week.of_child[child])
        chosen, waiting = set(chosen), sorted(chosen)
        while True:
            for therapist in waiting:
                tasks.update(of[therapist])
            others = sorted({each for one in chosen for each in self.colleagues[one]} - chosen)
            if not others or sum(week.tasks[task].sessions for task in tasks) >= size:
                return Part(tuple(sorted(tasks)), frozenset(chosen))
            waiting = [random.choice(others)]
            chosen.update(waiting)

    def _tasks_of(self, state: State) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in self.week.therapists]
        for task, mine in enumerate(state.sittings):
            for therapist in sorted({each.therapist for each in mine}):
                found[therapist].append(task)
        return found
