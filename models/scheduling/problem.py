"""The planning problem 排课问题: a week's grid, who may treat whom, what is taken, and what is wanted of it.

Plain values without a database and without a solver: the home's own week (:mod:`models.scheduling.gather`), a file
(:mod:`models.scheduling.chw`) and the tests all come to the same :class:`Problem`; every engine reads it and answers
with :class:`Placement` values. Times are slots: ``(day, slot)`` counted from 0, a session takes ``slots`` of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

Slot = tuple[int, int]
"""A day and a slot of it, both counted from 0."""

WAITING_WEIGHT: Mapping[int, int] = {1: 1, 2: 2, 3: 4}
"""What one waiting session weighs by the priority 优先级 of its prescription (chw-1)."""
MOST_SPREAD = 3
"""Up to so many sessions a week are wished not to lie on neighbouring days; more cannot avoid it."""
BAND = 20
"""The peak load is judged in so many bands of a therapist's week (20 bands of 5 %)."""


@dataclass(frozen=True)
class Grid:
    """The week's slots: how many days of how many slots, how long each, and which of them may be used."""

    days: int
    slots: int
    minutes: int
    begins: int
    """The minute of the day at which slot 0 begins."""
    open: frozenset[Slot]
    halves: Mapping[str, range]
    """The slots of the ``morning`` and of the ``afternoon``."""

    def minute(self, slot: int) -> int:
        """Return the minute of the day at which a slot begins."""
        return self.begins + slot * self.minutes

    def clock(self, slot: int) -> str:
        """Say the time at which a slot begins: ``09:30``."""
        return f"{self.minute(slot) // 60:02d}:{self.minute(slot) % 60:02d}"

    def half_of(self, slot: int) -> str:
        """Return the half of the day a slot lies in; empty at midday."""
        return next((name for name, slots in self.halves.items() if slot in slots), "")


@dataclass(frozen=True)
class Therapist:
    """A therapist's week 治疗师: what they can treat, when they are there, and how much a day."""

    id: str
    therapies: frozenset[str]
    free: frozenset[Slot]
    most_a_day: int
    """The most slots of treatment a day."""

    @cached_property
    def available(self) -> int:
        """The slots of the week in which they can treat, by day no more than the daily maximum."""
        by_day: defaultdict[int, int] = defaultdict(int)
        for day, _slot in self.free:
            by_day[day] += 1
        return sum(min(count, self.most_a_day) for count in by_day.values())


@dataclass(frozen=True)
class Child:
    """A child's week 儿童: when it is elsewhere and why, how many sessions a day, how long it rests between two."""

    id: str
    busy: Mapping[Slot, str]
    """What the child does in the slots in which it cannot come: the reason's code, e.g. ``school``, ``nap``."""
    most_a_day: int
    rest: int
    """The least number of slots between two of its sessions."""


@dataclass(frozen=True)
class Resource:
    """Rooms or equipment that are as good as each other 场所与器材, and how many places there are at a time."""

    id: str
    capacity: int


@dataclass(frozen=True)
class Task:
    """What is to be planned 排课任务: a prescription of one child, or a group with its members."""

    id: str
    children: tuple[str, ...]
    therapy: str
    sessions: int
    """How many a week, at most one a day."""
    slots: int
    """How long one session lasts."""
    priority: int = 1
    """1 to 3; 3 is the most urgent."""
    uses: tuple[tuple[str, int], ...] = ()
    """Resources it takes while it lasts, and how many places of each."""
    therapist: str | None = None
    """The preferred therapist."""
    half: str | None = None
    """The preferred half of the day: ``morning`` or ``afternoon``."""
    barred: Mapping[Slot, str] = field(default_factory=dict)
    """Slots in which this therapy is contraindicated for the child though it could come, with the reason's code."""
    apart: Mapping[str, int] = field(default_factory=dict)
    """Other tasks of the child from which this one keeps more slots apart than the child's rest."""
    familiar: frozenset[str] = frozenset()
    """Therapists who have treated the child before; the first to be asked when the usual one is away."""

    @property
    def weight(self) -> int:
        """What one waiting session weighs."""
        return WAITING_WEIGHT[self.priority] * len(self.children)


@dataclass(frozen=True, order=True)
class Placement:
    """One session in the week: which task, with whom, on which day, from which slot."""

    task: str
    therapist: str
    day: int
    start: int


@dataclass(frozen=True)
class Problem:
    """A week to be planned: everything by its id, what is locked, and the week that was published before."""

    name: str
    grid: Grid
    therapists: Mapping[str, Therapist]
    children: Mapping[str, Child]
    resources: Mapping[str, Resource]
    tasks: Mapping[str, Task]
    locked: tuple[Placement, ...] = ()
    before: tuple[Placement, ...] = ()
    """The week as it stands; the planner changes no more of it than it must."""

    @cached_property
    def _able(self) -> dict[str, tuple[str, ...]]:
        able: defaultdict[str, list[str]] = defaultdict(list)
        for therapist in self.therapists.values():
            for therapy in therapist.therapies:
                able[therapy].append(therapist.id)
        return {therapy: tuple(ids) for therapy, ids in able.items()}

    def able(self, task: Task) -> tuple[str, ...]:
        """Return the therapists who can give a therapy, in the order of the problem."""
        return self._able.get(task.therapy, ())

    def obstacle(self, task: Task, day: int, start: int) -> tuple[str, str, Slot] | None:
        """Say why a task cannot lie there whoever treats: (what, whom, slot), or None when it can.

        What is ``closed``, ``contraindicated`` or the reason for which a child is busy; whom is the child's id,
        or empty.
        """
        for slot in range(start, start + task.slots):
            if (day, slot) not in self.grid.open:
                return "closed", "", (day, slot)
            if (day, slot) in task.barred:
                return task.barred[day, slot], task.children[0], (day, slot)
            for child in task.children:
                if (day, slot) in self.children[child].busy:
                    return self.children[child].busy[day, slot], child, (day, slot)
        return None

    def therapist_there(self, therapist: str, task: Task, day: int, start: int) -> bool:
        """Whether a therapist is there for the whole of a session."""
        free = self.therapists[therapist].free
        return all((day, slot) in free for slot in range(start, start + task.slots))

    def there(self, task: Task, day: int, start: int) -> tuple[str, ...]:
        """Return who can give a task and is there for the whole of it."""
        key = task.therapy, task.slots, day, start
        if key not in self._there:
            self._there[key] = tuple(each for each in self.able(task) if self.therapist_there(each, task, day, start))
        return self._there[key]

    @cached_property
    def _there(self) -> dict[tuple[str, int, int, int], tuple[str, ...]]:
        return {}

    @cached_property
    def _starts(self) -> dict[str, tuple[Slot, ...]]:
        return {
            task.id: tuple(
                (day, start)
                for day in range(self.grid.days)
                for start in range(self.grid.slots - task.slots + 1)
                if self.obstacle(task, day, start) is None
            )
            for task in self.tasks.values()
        }

    def starts(self, task: Task, therapist: str | None = None) -> tuple[Slot, ...]:
        """Return where a task could begin as far as its children, and the therapist if one is named, are free."""
        if therapist is None:
            return self._starts[task.id]
        return tuple(place for place in self._starts[task.id] if self.therapist_there(therapist, task, *place))

    def of_child(self, child: str) -> tuple[Task, ...]:
        """Return the tasks a child takes part in."""
        return self._of_child.get(child, ())

    @cached_property
    def _of_child(self) -> dict[str, tuple[Task, ...]]:
        found: defaultdict[str, list[Task]] = defaultdict(list)
        for task in self.tasks.values():
            for child in task.children:
                found[child].append(task)
        return {child: tuple(tasks) for child, tasks in found.items()}

    def distance(self, child: str, one: Task, other: Task) -> int:
        """Return how many slots must lie between two sessions of a child."""
        return max(self.children[child].rest, one.apart.get(other.id, 0), other.apart.get(one.id, 0))


def slots_of(task: Task, placement: Placement) -> Iterator[Slot]:
    """Return the slots a placed session takes."""
    return ((placement.day, slot) for slot in range(placement.start, placement.start + task.slots))


def by_task(placements: Iterable[Placement]) -> dict[str, list[Placement]]:
    """Return the placements of each task."""
    found: defaultdict[str, list[Placement]] = defaultdict(list)
    for placement in placements:
        found[placement.task].append(placement)
    return dict(found)
