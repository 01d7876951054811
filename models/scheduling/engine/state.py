"""The plan as it stands during the search, and what it is worth; several searchers may share one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from models.scheduling.engine.held import Held
from models.scheduling.engine.week import Sitting, Sittings, Week
from models.scheduling.levels import Levels
from models.scheduling.problem import BAND


class State:
    """Where every task lies, and what that holds."""

    def __init__(self, week: Week, assignment: Sequence[Sequence[Sitting]]) -> None:
        self.week = week
        self.sittings: list[Sittings] = [tuple(each) for each in assignment]
        self.held = Held(week, ((task, each) for task, mine in enumerate(self.sittings) for each in mine))
        self.costs = [cost(week, task, mine) for task, mine in enumerate(self.sittings)]

    def held_without(self, tasks: Iterable[int]) -> Held:
        """Return what is held when some tasks are taken out."""
        rest = self.held.copy()
        for task in tasks:
            for each in self.sittings[task]:
                rest.remove(task, each)
        return rest

    def replaced(self, changes: Mapping[int, Sittings]) -> bool:
        """Move some tasks if the moves fit the plan as it is now; say whether they did."""
        old = {task: self.sittings[task] for task in changes}
        left = [(task, each) for task, mine in old.items() for each in mine if each not in changes[task]]
        for task, each in left:
            self.held.remove(task, each)
        entered: list[tuple[int, Sitting]] = []
        for task, mine in changes.items():
            for each in mine:
                if each in old[task]:
                    continue
                starts = self.held.starts_with(task, each.therapist, self.held.starts(task))
                if not starts >> each.time & 1:
                    self._undo(entered, left)
                    return False
                self.held.add(task, each)
                entered.append((task, each))
        for task, mine in changes.items():
            self.sittings[task] = mine
            self.costs[task] = cost(self.week, task, mine)
        return True

    def _undo(self, entered: Iterable[tuple[int, Sitting]], left: Iterable[tuple[int, Sitting]]) -> None:
        for task, each in entered:
            self.held.remove(task, each)
        for task, each in left:
            self.held.add(task, each)

    def levels(self) -> Levels:
        """Return what the plan is worth."""
        sums = [sum(column) for column in zip(*self.costs, strict=True)] or [0] * 5
        unknown = len(self.week.problem.before) - sum(map(len, self.week.before))
        return Levels(sums[0], sums[1], sums[2], sums[3], self.peak(), sums[4] + unknown)

    def peak(self) -> int:
        """Return the fullest therapist's week in bands."""
        return max((self.band(therapist) for therapist in range(len(self.week.therapists))), default=0)

    def band(self, therapist: int) -> int:
        """Return in which band a therapist's week lies."""
        return -(-BAND * self.held.week_load(therapist) // self.week.available[therapist])


def cost(week: Week, task: int, sittings: Sequence[Sitting]) -> tuple[int, int, int, int, int]:
    """Return what one task costs: waiting, continuity, preference, spread, change."""
    spread = 0
    if week.spreads[task]:
        days = {each.time // week.slots for each in sittings}
        spread = sum(day + 1 in days for day in days)
    return (
        week.tasks[task].weight * max(0, week.tasks[task].sessions - len(sittings)),
        max(0, len({each.therapist for each in sittings}) - 1),
        sum(week.missed(task, each) for each in sittings),
        spread,
        len(set(week.before[task]) - set(sittings)) if week.before[task] else 0,
    )
