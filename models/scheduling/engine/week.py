"""The problem in numbers: tasks, therapists and children counted from 0, times as bits of one whole number.

A time is ``day × slots + slot``; a mask is an ``int`` whose bit ``time`` is set. Whether a session fits is then one
``&``, which is what makes thousands of looks a second possible in plain Python.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from models.scheduling.problem import MOST_SPREAD, Child, Placement, Problem, Slot, Task


class Sitting(NamedTuple):
    """A placement in numbers: who treats, and when it begins."""

    therapist: int
    time: int


Sittings = tuple[Sitting, ...]
Assignment = tuple[Sittings, ...]
"""The sittings of each task, in the order of the tasks."""


class Week:
    """A problem in numbers."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.days, self.slots = problem.grid.days, problem.grid.slots
        self.tasks: list[Task] = list(problem.tasks.values())
        self.task_number = {task.id: number for number, task in enumerate(self.tasks)}
        self.therapists = list(problem.therapists.values())
        self.therapist_number = {each.id: number for number, each in enumerate(self.therapists)}
        self.children: list[Child] = list(problem.children.values())
        self.child_number = {each.id: number for number, each in enumerate(self.children)}
        self.resources = list(problem.resources.values())
        self.resource_number = {each.id: number for number, each in enumerate(self.resources)}
        self._masks()
        self._tasks()
        self.locked = self.assignment(problem.locked)
        self.before = self.assignment(each for each in problem.before if self._known(each))

    def _masks(self) -> None:
        every = self.mask(self.problem.grid.open)
        self.days_of = [((1 << self.slots) - 1) << day * self.slots for day in range(self.days)]
        self.free = [self.mask(each.free) & every for each in self.therapists]
        self.room = [every & ~self.mask(each.busy) for each in self.children]
        self.most = [each.most_a_day for each in self.therapists]
        self.available = [max(1, each.available) for each in self.therapists]
        self.half = {name: self.mask((day, slot) for day in range(self.days) for slot in slots)
                     for name, slots in self.problem.grid.halves.items()}  # fmt: skip

    def _tasks(self) -> None:
        self.members = [tuple(self.child_number[child] for child in task.children) for task in self.tasks]
        self.uses = [tuple((self.resource_number[each], units) for each, units in task.uses) for task in self.tasks]
        self.length = [task.slots for task in self.tasks]
        self.able = [tuple(self.therapist_number[each] for each in self.problem.able(task)) for task in self.tasks]
        self.of_child: list[list[int]] = [[] for _ in self.children]
        for number, members in enumerate(self.members):
            for child in members:
                self.of_child[child].append(number)
        self.starts = [self._starts(number) for number in range(len(self.tasks))]
        self._with: dict[tuple[int, int], int] = {}
        self.wished = [self.therapist_number.get(task.therapist or "", -1) for task in self.tasks]
        self.spreads = [2 <= task.sessions <= MOST_SPREAD for task in self.tasks]

    def _starts(self, task: int) -> int:
        room = ~self.mask(self.tasks[task].barred) if self.tasks[task].barred else -1
        for child in self.members[task]:
            room &= self.room[child]
        if any(units > self.resources[each].capacity for each, units in self.uses[task]):
            return 0
        return self.fitting(room, self.length[task])

    def fitting(self, room: int, length: int) -> int:
        """Return the times from which so many slots of one day lie within a mask."""
        result = room & sum(
            ((1 << max(0, self.slots - length + 1)) - 1) << day * self.slots for day in range(self.days)
        )
        for shift in range(1, length):
            result &= room >> shift
        return result

    def starts_with(self, task: int, therapist: int) -> int:
        """Return the times at which a task could begin with a therapist in an empty week."""
        key = task, therapist
        if key not in self._with:
            self._with[key] = self.starts[task] & self.fitting(self.free[therapist], self.length[task])
        return self._with[key]

    # --- to numbers and back ---

    def mask(self, slots: Iterable[Slot]) -> int:
        """Return the mask of slots; what lies outside the grid is left out."""
        result = 0
        for day, slot in slots:
            if 0 <= day < self.days and 0 <= slot < self.slots:
                result |= 1 << day * self.slots + slot
        return result

    def span(self, task: int, time: int) -> int:
        """Return the mask of the slots a session takes."""
        return ((1 << self.length[task]) - 1) << time

    def missed(self, task: int, sitting: Sitting) -> int:
        """Count the wishes a sitting does not meet."""
        wished, half = self.wished[task], self.tasks[task].half
        missed = 0 if self.tasks[task].therapist is None else int(sitting.therapist != wished)
        return missed + (half is not None and not self.half[half] >> sitting.time & 1)

    def _known(self, placement: Placement) -> bool:
        return placement.task in self.task_number and placement.therapist in self.therapist_number

    def assignment(self, placements: Iterable[Placement]) -> Assignment:
        """Return placements in numbers."""
        found: list[list[Sitting]] = [[] for _ in self.tasks]
        for each in placements:
            sitting = Sitting(self.therapist_number[each.therapist], each.day * self.slots + each.start)
            found[self.task_number[each.task]].append(sitting)
        return tuple(tuple(sorted(each)) for each in found)

    def placements(self, assignment: Sequence[Sequence[Sitting]]) -> tuple[Placement, ...]:
        """Return an assignment in words."""
        return tuple(
            Placement(task.id, self.therapists[each.therapist].id, *divmod(each.time, self.slots))
            for task, sittings in zip(self.tasks, assignment, strict=True)
            for each in sorted(sittings, key=lambda sitting: sitting.time)
        )


def bits(mask: int) -> list[int]:
    """Return the positions of the bits of a mask, the lowest first."""
    found = []
    while mask:
        low = mask & -mask
        found.append(low.bit_length() - 1)
        mask ^= low
    return found
