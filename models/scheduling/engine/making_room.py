"""Who must make room 让位: for sessions that look for a place, which others stand in the way of each place.

Two things come of it. A small model: only those in the way who could go somewhere that is free may move. And a proof:
if those in the way could vanish altogether, so many would still have to, and any real repair moves as many.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from models.scheduling.engine.budget import Budget
from models.scheduling.engine.sat import Model, run
from models.scheduling.engine.state import State
from models.scheduling.engine.week import Sitting, Week, bits

Session = tuple[int, Sitting]
"""A task and one of its sittings."""
FEW = 2
"""With more than so many in its way, a place is left out of the small model."""


@dataclass(frozen=True)
class Place:
    """Somewhere a session could go: who must leave for it, and of whom one at least must."""

    task: int
    sitting: Sitting
    all_of: frozenset[Session]
    one_of: tuple[frozenset[Session], ...]

    @property
    def least(self) -> int:
        """How many must leave at least."""
        return max(len(self.all_of), 1 if self.one_of else 0)


class MakingRoom:
    """The places of some tasks, and who is in the way."""

    def __init__(self, week: Week, base: State, tasks: Sequence[int]) -> None:
        self.week, self.base, self.tasks = week, base, list(tasks)
        self._holder: dict[tuple[int, int], Session] = {}
        self._day: defaultdict[tuple[int, int], list[Session]] = defaultdict(list)
        self._users: defaultdict[tuple[int, int], list[tuple[Session, int]]] = defaultdict(list)
        for task, mine in enumerate(base.sittings):
            for sitting in mine:
                self._enter(task, sitting)
        self.places = [place for task in self.tasks for place in self._places(task)]

    def _enter(self, task: int, sitting: Sitting) -> None:
        session = task, sitting
        self._day[sitting.therapist, sitting.time // self.week.slots].append(session)
        for time in range(sitting.time, sitting.time + self.week.length[task]):
            self._holder[sitting.therapist, time] = session
            for resource, units in self.week.uses[task]:
                self._users[resource, time].append((session, units))

    # --- who is in the way ---

    def _places(self, task: int) -> list[Place]:
        week = self.week
        here = {sitting.time for sitting in self.base.sittings[task]}
        found = []
        around = {time: self._around(task, time) for time in bits(week.starts[task])}
        for therapist in week.able[task]:
            for time in bits(week.starts_with(task, therapist)):
                sitting = Sitting(therapist, time)
                if sitting.time in here and sitting in self.base.sittings[task]:
                    continue
                if (place := self._place(task, sitting, *around[time])) is not None:
                    found.append(place)
        return found

    def _around(self, task: int, time: int) -> tuple[set[Session], list[frozenset[Session]]]:
        """Return who is in the way at a time whoever treats: the children's other sessions, full days, full rooms."""
        week, day = self.week, time // self.week.slots
        all_of: set[Session] = {(task, each) for each in self.base.sittings[task] if each.time // week.slots == day}
        one_of: list[frozenset[Session]] = []
        for child in week.members[task]:
            today = [
                (other, each)
                for other in week.of_child[child]
                for each in self.base.sittings[other]
                if each.time // week.slots == day
            ]
            for other, each in today:
                rest = week.problem.distance(week.children[child].id, week.tasks[task], week.tasks[other])
                if time < each.time + week.length[other] + rest and each.time < time + week.length[task] + rest:
                    all_of.add((other, each))
            if len(today) >= week.children[child].most_a_day:
                one_of.append(frozenset(today))
        for resource, units in week.uses[task]:
            left = week.resources[resource].capacity - units
            for slot in range(time, time + week.length[task]):
                users = self._users.get((resource, slot), [])
                if sum(taken for _session, taken in users) > left:
                    one_of.append(frozenset(session for session, _taken in users))
        return all_of, one_of

    def _place(
        self, task: int, sitting: Sitting, near: set[Session], groups: Sequence[frozenset[Session]]
    ) -> Place | None:
        week, therapist = self.week, sitting.therapist
        all_of = set(near)
        for time in range(sitting.time, sitting.time + week.length[task]):
            if (holder := self._holder.get((therapist, time))) is not None:
                all_of.add(holder)
        today = self._day.get((therapist, sitting.time // week.slots), [])
        load = sum(week.length[other] for other, each in today if (other, each) not in all_of)
        one_of = [group for group in groups if not group & all_of]
        if load + week.length[task] > week.most[therapist]:
            one_of.append(frozenset(each for each in today if each not in all_of))
        if any(each in week.locked[other] for other, each in all_of) or not all(one_of):
            return None
        return Place(task, sitting, frozenset(all_of), tuple(one_of))

    # --- the small model ---

    def movable(self) -> dict[int, dict[int, int]]:
        """Return the tasks that could make room, with the times by therapist at which nobody is in their way."""
        near = {
            task
            for place in self.places
            if place.least <= FEW
            for group in (place.all_of, *place.one_of)
            for task, _sitting in group
        }
        found: dict[int, dict[int, int]] = {}
        for task in sorted(near - set(self.tasks)):
            masks = self._free(task)
            if any(masks.values()):
                for sitting in self.base.sittings[task]:
                    masks[sitting.therapist] = masks.get(sitting.therapist, 0) | 1 << sitting.time
                found[task] = masks
        return found

    def _free(self, task: int) -> dict[int, int]:
        """Return where a task could lie when it alone is moved."""
        held, week = self.base.held, self.week
        mine = self.base.sittings[task]
        for each in mine:
            held.remove(task, each)
        starts = held.starts(task)
        masks = {each: held.starts_with(task, each, starts) for each in week.able[task]}
        for each in mine:
            held.add(task, each)
        for each in mine:
            masks[each.therapist] = masks.get(each.therapist, 0) & ~(1 << each.time)
        return masks

    # --- the proof ---

    def least_moved(self, budget: Budget, missing: Mapping[int, int]) -> int:
        """Return how many must leave at least for so many sessions of each task to be placed."""
        week, model = self.week, Model()
        leaves: defaultdict[Session, int] = defaultdict(model.boolean)
        by_task: defaultdict[int, list[int]] = defaultdict(list)
        covers: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        days: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for place in self.places:
            literal = model.boolean()
            by_task[place.task].append(literal)
            days[place.task, place.sitting.time // week.slots].append(literal)
            for each in sorted(place.all_of):
                model.implies(literal, leaves[each])
            for group in place.one_of:
                model.clause([~literal, *(leaves[each] for each in sorted(group))])
            for time in range(place.sitting.time, place.sitting.time + week.length[place.task]):
                covers[place.sitting.therapist, time].append(literal)
        for literals in [*covers.values(), *days.values()]:
            model.at_most_one(literals)
        for task, count in missing.items():
            own = [
                (leaves[session], -1)
                for session in ((task, each) for each in self.base.sittings[task])
                if session in leaves
            ]
            if count and by_task[task]:
                model.linear([*((each, 1) for each in by_task[task]), *own], count, len(by_task[task]))
        if not leaves:
            return 0
        model.minimize([(literal, 1) for literal in leaves.values()])
        return run(model, budget, budget.left() / 2).bound
