"""Timetable 课表: sessions as they stand, and whatever stands in the way of one more, by person and thing.

Reasons and repairs both ask the same two questions thousands of times a second: does a session fit here, and if not,
what is in its way. The timetable answers from what each therapist, child and place holds; sessions are put in and
taken out one at a time.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from models.scheduling.problem import Placement, Problem, Slot, Task, slots_of

BY_SESSIONS = frozenset({"therapist_taken", "therapist_day", "child_taken", "child_day", "rest", "resource"})
"""The hindrances that other sessions make: they go when those sessions lie elsewhere."""
Move = tuple[Placement, Placement]
"""A session's place now and its place then."""


@dataclass(frozen=True)
class Hindrance:
    """One thing that stands in the way of a session: the rule's code, whom it concerns, when, and by how much."""

    rule: str
    whom: str = ""
    slots: tuple[int, ...] = ()
    reason: str = ""
    others: tuple[Placement, ...] = ()
    """The sessions that make it."""
    excess: int = 0
    """Slots over a daily maximum, places lacking, or the slots of rest that would be left."""


class Timetable:
    """The sessions of a week as they stand, asked and changed one at a time."""

    def __init__(self, problem: Problem, placements: Iterable[Placement] = ()) -> None:
        self.problem = problem
        self.locked = frozenset(problem.locked)
        self.held: dict[Placement, None] = {}
        self._taken: defaultdict[tuple[str, int], int] = defaultdict(int)
        """The slots in which a therapist treats on a day, as bits."""
        self._load: Counter[tuple[str, int]] = Counter()
        self._treats: defaultdict[tuple[str, int], list[Placement]] = defaultdict(list)
        self._visits: defaultdict[tuple[str, int], list[Placement]] = defaultdict(list)
        self._users: defaultdict[tuple[str, int, int], dict[Placement, int]] = defaultdict(dict)
        self._of_task: defaultdict[str, list[Placement]] = defaultdict(list)
        self._starts: dict[str, tuple[Slot, ...]] = {}
        for each in placements:
            self.add(each)

    # --- changing ---------------------------------------------------------------------------------------

    def add(self, placement: Placement) -> None:
        """Put a session in."""
        task = self.problem.tasks[placement.task]
        self.held[placement] = None
        self._of_task[task.id].append(placement)
        self._load[placement.therapist, placement.day] += task.slots
        self._treats[placement.therapist, placement.day].append(placement)
        self._taken[placement.therapist, placement.day] |= _bits(placement.start, task.slots)
        for child in task.children:
            self._visits[child, placement.day].append(placement)
        for day, slot in slots_of(task, placement) if task.uses else ():
            for resource, units in task.uses:
                self._users[resource, day, slot][placement] = units

    def remove(self, placement: Placement) -> None:
        """Take a session out."""
        task = self.problem.tasks[placement.task]
        del self.held[placement]
        self._of_task[task.id].remove(placement)
        self._load[placement.therapist, placement.day] -= task.slots
        others = self._treats[placement.therapist, placement.day]
        others.remove(placement)
        self._taken[placement.therapist, placement.day] = self._bits_of(others)
        for child in task.children:
            self._visits[child, placement.day].remove(placement)
        for day, slot in slots_of(task, placement) if task.uses else ():
            for resource, _units in task.uses:
                del self._users[resource, day, slot][placement]

    def _bits_of(self, sessions: Iterable[Placement]) -> int:
        taken = 0
        for each in sessions:
            taken |= _bits(each.start, self.problem.tasks[each.task].slots)
        return taken

    def take_back(self, moves: Sequence[Move], added: Placement | None = None) -> None:
        """Put moved sessions back where they were, and take out the one they made room for."""
        for _old, new in moves:
            self.remove(new)
        if added is not None:
            self.remove(added)
        for old, _new in moves:
            self.add(old)

    # --- asking -----------------------------------------------------------------------------------------

    def of_task(self, task_id: str) -> Sequence[Placement]:
        """Return the sessions of a task."""
        return self._of_task[task_id]

    def missing(self, task: Task) -> int:
        """Return how many sessions of a task have no place."""
        return max(0, task.sessions - len(self._of_task[task.id]))

    def load(self, therapist: str, day: int) -> int:
        """Return the slots a therapist treats on a day."""
        return self._load[therapist, day]

    def visits(self, child: str, day: int) -> Sequence[Placement]:
        """Return the sessions of a child on a day."""
        return self._visits[child, day]

    def starts(self, task: Task) -> tuple[Slot, ...]:
        """Return where a task could begin if no other session were there."""
        if task.id not in self._starts:
            self._starts[task.id] = self.starts_if(task)
        return self._starts[task.id]

    def starts_if(self, task: Task) -> tuple[Slot, ...]:
        """Return where a task could begin if it were as given here and no other session were there."""
        grid = self.problem.grid
        every = ((day, start) for day in range(grid.days) for start in range(grid.slots - task.slots + 1))
        return tuple(slot for slot in every if self.problem.obstacle(task, *slot) is None)

    def places(self, task: Task) -> Iterator[Placement]:
        """Yield the places a task could have as far as child and therapist are there at all."""
        for day, start in self.starts(task):
            for therapist in self.problem.there(task, day, start):
                yield Placement(task.id, therapist, day, start)

    def vacancies(self, task: Task) -> Iterator[Placement]:
        """Yield the places in which a task fits as everything stands."""
        return self.vacant(task, self.starts(task))

    def vacant(self, task: Task, starts: Iterable[Slot]) -> Iterator[Placement]:
        """Yield the places at some times in which a task, as it is given here, fits as everything stands."""
        for day, start in starts:
            there = [each for each in self.problem.there(task, day, start) if self._has_time(each, task, day, start)]
            if there and self._around_fits(task, day, start):
                yield from (Placement(task.id, therapist, day, start) for therapist in there)

    def could_learn(self, task: Task, day: int, start: int) -> Iterator[str]:
        """Yield who could treat then, but for the training; the child and the room are not asked."""
        for them in self.problem.therapists.values():
            if task.therapy not in them.therapies and self._therapist_fits(them.id, task, day, start):
                yield them.id

    def fits(self, placement: Placement) -> bool:
        """Whether a session can be put in without breaking a rule."""
        task = self.problem.tasks[placement.task]
        return (
            self._around_fits(task, placement.day, placement.start)
            and self._therapist_fits(placement.therapist, task, placement.day, placement.start)
            and task.therapy in self.problem.therapists[placement.therapist].therapies
            and self.problem.obstacle(task, placement.day, placement.start) is None
        )

    def _around_fits(self, task: Task, day: int, start: int) -> bool:
        if any(each.day == day for each in self._of_task[task.id]):
            return False
        for child in task.children:
            visits = self._visits[child, day]
            if len(visits) >= self.problem.children[child].most_a_day:
                return False
            if any(self.room_between(child, task, start, each) < 0 for each in visits):
                return False
        return all(
            sum(self._users[resource, day, slot].values()) + units <= self.problem.resources[resource].capacity
            for resource, units in task.uses
            for slot in range(start, start + task.slots)
        )

    def _therapist_fits(self, therapist: str, task: Task, day: int, start: int) -> bool:
        there = self.problem.therapist_there(therapist, task, day, start)
        return there and self._has_time(therapist, task, day, start)

    def _has_time(self, therapist: str, task: Task, day: int, start: int) -> bool:
        """Whether a therapist who is there treats nobody then, and not enough that day already."""
        if self._taken[therapist, day] & _bits(start, task.slots):
            return False
        return self._load[therapist, day] + task.slots <= self.problem.therapists[therapist].most_a_day

    def room_between(self, child: str, task: Task, start: int, other: Placement) -> int:
        """Return how many slots of rest are to spare between two sessions of a child; below 0 too few."""
        second = self.problem.tasks[other.task]
        return gap(task, start, second, other.start) - self.problem.distance(child, task, second)

    # --- what stands in the way -------------------------------------------------------------------------

    def hindrances(self, placement: Placement) -> list[Hindrance]:
        """Return everything that stands in the way of a session; nothing when it fits."""
        task = self.problem.tasks[placement.task]
        return [
            *self.around(task, placement.day, placement.start),
            *self.of_therapist(placement.therapist, task, placement.day, placement.start),
        ]

    def around(self, task: Task, day: int, start: int) -> list[Hindrance]:
        """Return what stands in the way of a task there whoever treats: the house, the children, room and things."""
        found = [*self._of_house(task, day, start)]
        same = tuple(each for each in self._of_task[task.id] if each.day == day)
        if same:
            found.append(Hindrance("same_day", others=same))
        for child in task.children:
            found += self.of_child(child, task, day, start)
        for resource, units in task.uses:
            found += self._of_resource(resource, units, task, day, start)
        return found

    def _of_house(self, task: Task, day: int, start: int) -> Iterator[Hindrance]:
        whole = range(start, start + task.slots)
        closed = tuple(slot for slot in whole if (day, slot) not in self.problem.grid.open)
        if closed:
            yield Hindrance("closed", slots=closed)
        barred = tuple(slot for slot in whole if (day, slot) in task.barred)
        if barred:
            yield Hindrance("barred", task.children[0], barred, task.barred[day, barred[0]])

    def of_child(self, child: str, task: Task, day: int, start: int) -> Iterator[Hindrance]:
        """Yield what keeps a child from a task there: what it does meanwhile, its other sessions, its rest."""
        busy = self.problem.children[child].busy
        slots = [slot for slot in range(start, start + task.slots) if (day, slot) in busy]
        for reason in dict.fromkeys(busy[day, slot] for slot in slots):
            yield Hindrance("busy", child, tuple(slot for slot in slots if busy[day, slot] == reason), reason)
        visits = self._visits[child, day]
        if len(visits) >= self.problem.children[child].most_a_day:
            yield Hindrance("child_day", child, others=tuple(visits), excess=len(visits) + 1)
        for each in visits:
            between = gap(task, start, self.problem.tasks[each.task], each.start)
            if between < 0:
                yield Hindrance("child_taken", child, others=(each,))
            elif self.room_between(child, task, start, each) < 0:
                yield Hindrance("rest", child, others=(each,), excess=between)

    def _of_resource(self, resource: str, units: int, task: Task, day: int, start: int) -> Iterator[Hindrance]:
        capacity = self.problem.resources[resource].capacity
        lacking = {
            slot: sum(self._users[resource, day, slot].values()) + units - capacity
            for slot in range(start, start + task.slots)
        }
        full = tuple(slot for slot, places in lacking.items() if places > 0)
        if full:
            users = dict.fromkeys(each for slot in full for each in self._users[resource, day, slot])
            yield Hindrance("resource", resource, full, others=tuple(users), excess=max(lacking.values()))

    def of_therapist(self, therapist: str, task: Task, day: int, start: int) -> list[Hindrance]:
        """Return what stands in the way of a task there with one therapist."""
        them, whole = self.problem.therapists[therapist], range(start, start + task.slots)
        found = []
        if task.therapy not in them.therapies:
            found.append(Hindrance("skill", therapist))
        away = tuple(slot for slot in whole if (day, slot) not in them.free)
        if away:
            found.append(Hindrance("therapist_away", therapist, away))
        if taken := self._taken[therapist, day] & _bits(start, task.slots):
            found.append(self._of_others(therapist, day, tuple(slot for slot in whole if taken >> slot & 1)))
        over = self._load[therapist, day] + task.slots - them.most_a_day
        if over > 0:
            found.append(Hindrance("therapist_day", therapist, others=tuple(self._treats[therapist, day]), excess=over))
        return found

    def _of_others(self, therapist: str, day: int, slots: tuple[int, ...]) -> Hindrance:
        """Name whom a therapist treats in some slots."""
        tasks, bits = self.problem.tasks, sum(1 << slot for slot in slots)
        mine = sorted(self._treats[therapist, day], key=lambda each: each.start)
        others = tuple(each for each in mine if _bits(each.start, tasks[each.task].slots) & bits)
        return Hindrance("therapist_taken", therapist, slots, others=others)


def _bits(start: int, slots: int) -> int:
    return ((1 << slots) - 1) << start


def gap(one: Task, start: int, other: Task, other_start: int) -> int:
    """Return how many slots lie between two sessions of a day; below 0 they overlap."""
    return max(other_start - (start + one.slots), start - (other_start + other.slots))
