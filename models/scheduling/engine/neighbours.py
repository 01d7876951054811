"""Which part of the plan is worth planning anew: a therapist who costs something, and a few colleagues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from models.scheduling.engine.state import State
from models.scheduling.engine.week import Week


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
        costly = [task for task, cost in enumerate(state.costs) if cost[level] and self.week.able[task]]
        if not costly:
            return None
        seed = random.choices(costly, [state.costs[task][level] for task in costly])[0]
        return self.around(state, random, seed, size)

    def around(self, state: State, random: Random, seed: int, size: int) -> Part:
        """Return a part around a task: its therapist, one who could take it, colleagues, and its children's tasks."""
        week = self.week
        chosen = {each.therapist for each in state.sittings[seed]}
        if week.wished[seed] in week.able[seed]:
            chosen.add(week.wished[seed])
        if not chosen:
            chosen.add(random.choice(week.able[seed]))
        tasks = {seed}
        tasks.update(other for child in week.members[seed] for other in week.of_child[child])
        of = self._tasks_of(state)
        sessions = 0
        waiting = list(chosen)
        while waiting:
            for therapist in sorted(waiting):
                tasks.update(of[therapist])
            sessions = sum(week.tasks[task].sessions for task in tasks)
            if sessions >= size:
                break
            others = sorted({each for one in chosen for each in self.colleagues[one]} - chosen)
            if not others:
                break
            waiting = [random.choice(others)]
            chosen.update(waiting)
        return Part(tuple(sorted(tasks)), frozenset(chosen))

    def _tasks_of(self, state: State) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in self.week.therapists]
        for task, mine in enumerate(state.sittings):
            for therapist in sorted({each.therapist for each in mine}):
                found[therapist].append(task)
        return found


def costly_levels(state: State) -> Sequence[int]:
    """Return the columns of the costs in which anything is wrong."""
    return [level for level in range(5) if any(cost[level] for cost in state.costs)]
