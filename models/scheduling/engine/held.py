"""What a part of the week that stays as it is takes from the rest: therapists, children, resources, loads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from models.scheduling.engine.week import Sitting, Week


class Held:
    """The sittings that stay, and what they leave free."""

    def __init__(self, week: Week, sittings: Iterable[tuple[int, Sitting]] = ()) -> None:
        self.week = week
        self.taken = [0] * len(week.therapists)
        self.load = [[0] * week.days for _ in week.therapists]
        self.used: list[dict[int, int]] = [{} for _ in week.resources]
        self.of_child: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for task, sitting in sittings:
            self.add(task, sitting)

    def add(self, task: int, sitting: Sitting, count: int = 1) -> None:
        """Let a sitting stay; with a count of -1 it is taken away again."""
        week, span = self.week, self.week.span(task, sitting.time)
        self.taken[sitting.therapist] ^= span
        self.load[sitting.therapist][sitting.time // week.slots] += count * week.length[task]
        for resource, units in week.uses[task]:
            used = self.used[resource]
            for time in range(sitting.time, sitting.time + week.length[task]):
                used[time] = used.get(time, 0) + count * units
        for child in week.members[task]:
            if count > 0:
                self.of_child[child].append((task, sitting.time))
            else:
                self.of_child[child].remove((task, sitting.time))

    def remove(self, task: int, sitting: Sitting) -> None:
        """Take a sitting away."""
        self.add(task, sitting, -1)

    def copy(self) -> Held:
        """Return another that may be changed by itself."""
        made = Held(self.week)
        made.taken = self.taken.copy()
        made.load = [each.copy() for each in self.load]
        made.used = [each.copy() for each in self.used]
        made.of_child = defaultdict(list, {child: mine.copy() for child, mine in self.of_child.items()})
        return made

    def week_load(self, therapist: int) -> int:
        """Return the slots a therapist treats in the week."""
        return sum(self.load[therapist])

    def starts(self, task: int) -> int:
        """Return when a task could begin as far as its children and resources are concerned."""
        week = self.week
        room = week.starts[task]
        for child in week.members[task]:
            if mine := self.of_child.get(child):
                room &= ~self._near(task, child, mine)
        for resource, units in week.uses[task]:
            room &= ~self._full(task, resource, units)
        return room

    def _near(self, task: int, child: int, mine: list[tuple[int, int]]) -> int:
        """Return the starts too near to other sessions of a child, and those on days on which it has had enough."""
        week, close, count = self.week, 0, [0] * self.week.days
        one, who = week.tasks[task], week.children[child].id
        for other, time in mine:
            day = time // week.slots
            count[day] += 1
            rest = week.problem.distance(who, one, week.tasks[other])
            first = max(day * week.slots, time - week.length[task] - rest + 1)
            last = time + week.length[other] + rest
            close |= (((1 << max(0, last - first)) - 1) << first) & week.days_of[day]
        for day, number in enumerate(count):
            if number >= week.children[child].most_a_day:
                close |= week.days_of[day]
        return close

    def _full(self, task: int, resource: int, units: int) -> int:
        left = self.week.resources[resource].capacity - units
        full = 0
        for time, used in self.used[resource].items():
            if used > left:
                full |= 1 << time
        result = full
        for shift in range(1, self.week.length[task]):
            result |= full >> shift
        return result

    def starts_with(self, task: int, therapist: int, starts: int) -> int:
        """Narrow starts to those at which a therapist is there, free, and has not had enough that day."""
        week = self.week
        free = starts & week.starts_with(task, therapist)
        if not free:
            return 0
        taken = self.taken[therapist]
        for shift in range(week.length[task]):
            free &= ~(taken >> shift)
        for day, load in enumerate(self.load[therapist]):
            if load + week.length[task] > week.most[therapist]:
                free &= ~week.days_of[day]
        return free
