"""A region of the week as an exact model: some tasks are planned anew, everything else stays where it is.

With every task free it is the whole problem. Literals stand for (task, therapist), (task, day), (task, time) and
(task, therapist, time); a task with one possible therapist needs fewer. All hard rules of
:func:`models.scheduling.levels.breaches` are in the model, all levels in its objective, each level outweighing what
lies below it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from models.scheduling.engine.held import Held
from models.scheduling.engine.sat import Model, Term
from models.scheduling.engine.week import Sitting, Sittings, Week, bits
from models.scheduling.problem import BAND

WAITING, CONTINUITY, PREFERENCE, SPREAD, PEAK, CHANGE = range(6)
"""The levels in the order of :class:`models.scheduling.levels.Levels`."""
VANISHING = 6
"""How many of those who may vanish do: no level of a plan, but of a bound."""


@dataclass(frozen=True)
class Wish:
    """What a region is asked for."""

    faithful: bool = True
    """Only one therapist a task: continuity 0 by construction, and a far smaller model."""
    complete: bool = False
    """Every session must be placed."""
    peak: int | None = None
    """No therapist's week may be fuller than so many bands."""
    lower_peak: int | None = None
    """Therapists above so many bands count as a fault."""
    order: tuple[int, ...] = (WAITING, CONTINUITY, PREFERENCE, SPREAD, PEAK, CHANGE)
    """The levels of the objective, the most important first."""
    at_most: Mapping[int, int] = field(default_factory=dict)
    """What the free tasks may cost at most, by level."""
    up_to: Mapping[int, int] = field(default_factory=dict)
    """How many sessions of a task may be placed at most, where that is fewer than it is prescribed."""
    allowed: Mapping[int, Mapping[int, int]] = field(default_factory=dict)
    """For some tasks, the only times they may begin by therapist (a mask)."""
    wanted: Mapping[int, int] = field(default_factory=dict)
    """How many sessions of a task must be placed, exactly; the others as many as can be."""
    vanishing: frozenset[int] = frozenset()
    """Tasks whose sessions may be left out at no other cost than that of a change: for bounds."""


class Region:
    """The model of a region."""

    def __init__(
        self,
        week: Week,
        free: Sequence[int],
        held: Held,
        wish: Wish,
        candidates: Mapping[int, Sequence[int]] | None = None,
    ) -> None:
        self.week, self.free, self.held, self.wish = week, list(free), held, wish
        self.candidates = candidates or {}
        self.model = Model()
        self.at: dict[tuple[int, int, int], int] = {}
        """The literal of (task, therapist, time)."""
        self.starts: dict[tuple[int, int], int] = {}
        """The literal of (task, time)."""
        self.days: dict[tuple[int, int], int] = {}
        """The literal of (task, day)."""
        self.who: dict[tuple[int, int], int] = {}
        """The literal of (task, therapist)."""
        self.terms: dict[int, list[Term]] = defaultdict(list)
        """What each level costs."""
        self.own: dict[tuple[int, int], list[Term]] = defaultdict(list)
        """What each level costs by (level, task), where it is counted task by task."""
        self.waiting: dict[int, int] = {}
        self.possible = True
        for task in self.free:
            self._task(task)
        self._children()
        self._therapists()
        self._resources()
        for level, most in wish.at_most.items():
            self.model.linear(self.terms[level], 0, most)
        self._objective()

    # --- the tasks ---

    def _task(self, task: int) -> None:
        week, model = self.week, self.model
        starts = self.held.starts(task)
        for sitting in week.locked[task]:
            starts |= 1 << sitting.time
        by_time: defaultdict[int, list[int]] = defaultdict(list)
        therapists = []
        for therapist in self.candidates.get(task, week.able[task]):
            mask = self.held.starts_with(task, therapist, starts)
            if task in self.wish.allowed:
                mask &= self.wish.allowed[task].get(therapist, 0)
            times = bits(mask)
            if times:
                therapists.append(therapist)
            for time in times:
                self.at[task, therapist, time] = literal = model.boolean()
                by_time[time].append(literal)
        by_day: defaultdict[int, list[int]] = defaultdict(list)
        for time in sorted(by_time):
            literals = by_time[time]
            if len(literals) == 1:
                self.starts[task, time] = literals[0]
            else:
                self.starts[task, time] = either = model.boolean()
                model.equal(either, literals)
            by_day[time // week.slots].append(self.starts[task, time])
        for day, literals in by_day.items():
            self.days[task, day] = any_of_day = model.boolean()
            model.equal(any_of_day, literals)
        self._count(task, sorted(by_day))
        self._one_therapist(task, therapists)
        self._wishes(task)
        for sitting in week.locked[task]:
            self._lock(task, sitting)

    def _lock(self, task: int, sitting: Sitting) -> None:
        literal = self.at.get((task, sitting.therapist, sitting.time))
        if literal is None:
            self.possible = False
        else:
            self.model.clause([literal])

    def _count(self, task: int, days: list[int]) -> None:
        wanted = self.wish.up_to.get(task, self.week.tasks[task].sessions)
        terms = [(self.days[task, day], 1) for day in days]
        if self.wish.complete or task in self.wish.wanted:
            wanted = self.wish.wanted.get(task, wanted)
            if len(days) < wanted:
                self.possible = False
            self.model.linear(terms, wanted, wanted)
            return
        self.waiting[task] = missing = self.model.integer(0, wanted)
        self.model.linear([*terms, (missing, 1)], wanted, wanted)
        if task in self.wish.vanishing:
            self.terms[VANISHING].append((missing, 1))
        else:
            self.terms[WAITING].append((missing, self.week.tasks[task].weight))

    def _one_therapist(self, task: int, therapists: list[int]) -> None:
        if len(therapists) < 2:
            return
        model, week, wanted = self.model, self.week, self.week.tasks[task].sessions
        times: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for therapist in therapists:
            for day in range(week.days):
                span = range(day * week.slots, (day + 1) * week.slots)
                mine = [self.at[task, therapist, time] for time in span if (task, therapist, time) in self.at]
                if mine:
                    times[therapist, day] = mine
        for therapist in therapists:
            self.who[task, therapist] = chosen = model.boolean()
            for day in range(week.days):
                if today := times.get((therapist, day)):
                    model.linear([*((each, 1) for each in today), (chosen, -1)], -1, 0)
        chosen_ones = [self.who[task, therapist] for therapist in therapists]
        if self.wish.faithful:
            model.exactly_one(chosen_ones)
        elif wanted > 1:
            extra = model.integer(0, min(len(therapists), wanted) - 1)
            model.linear([*((each, 1) for each in chosen_ones), (extra, -1)], 0, 1)
            self.terms[CONTINUITY].append((extra, 1))

    def _wishes(self, task: int) -> None:
        week = self.week
        before = set(week.before[task])
        moved: list[Term] = []
        for therapist in self.candidates.get(task, week.able[task]):
            for time in bits(self.held.week.starts_with(task, therapist)):
                literal = self.at.get((task, therapist, time))
                if literal is None:
                    continue
                if missed := week.missed(task, Sitting(therapist, time)):
                    self.terms[PREFERENCE].append((literal, missed))
                    self.own[PREFERENCE, task].append((literal, missed))
                if (therapist, time) in before:
                    moved.append((literal, -1))
        if moved:
            gone = self.model.integer(0, len(before))
            self.model.linear([*moved, (gone, -1)], -len(before), -len(before))
            self.terms[CHANGE].append((gone, 1))
        if week.spreads[task]:
            for day in range(week.days - 1):
                if (task, day) in self.days and (task, day + 1) in self.days:
                    near = self.model.boolean()
                    self.model.clause((~self.days[task, day], ~self.days[task, day + 1], near))
                    self.terms[SPREAD].append((near, 1))
                    self.own[SPREAD, task].append((near, 1))

    # --- the children ---

    def _children(self) -> None:
        week = self.week
        of_child: defaultdict[int, list[int]] = defaultdict(list)
        for task in self.free:
            for child in week.members[task]:
                of_child[child].append(task)
        for child, tasks in of_child.items():
            if len(tasks) > 1:
                self._apart(child, tasks)
                self._child_days(child, tasks)

    def _apart(self, child: int, tasks: list[int]) -> None:
        """Keep the sessions of a child from touching: each is followed by its rest, and no slot is taken twice."""
        week, rest = self.week, self.week.children[child].rest
        covers: defaultdict[int, list[int]] = defaultdict(list)
        for task in tasks:
            for day in range(week.days):
                end = (day + 1) * week.slots + rest
                for time in range(day * week.slots, (day + 1) * week.slots):
                    if (literal := self.starts.get((task, time))) is not None:
                        for slot in range(time, min(end, time + week.length[task] + rest)):
                            covers[day * (week.slots + rest) + slot - day * week.slots].append(literal)
        for literals in covers.values():
            self.model.at_most_one(literals)
        for one in tasks:
            for other in week.tasks[one].apart:
                number = week.task_number.get(other)
                if number in tasks and number != one:
                    self._further(child, one, number)

    def _further(self, child: int, one: int, other: int) -> None:
        """Keep two therapies of a child further apart than its rest."""
        week = self.week
        apart = week.problem.distance(week.children[child].id, week.tasks[one], week.tasks[other])
        for (task, time), literal in list(self.starts.items()):
            if task != one:
                continue
            day = time // week.slots
            first = max(day * week.slots, time - week.length[other] - apart + 1)
            last = min((day + 1) * week.slots, time + week.length[one] + apart)
            for near in range(first, last):
                if (against := self.starts.get((other, near))) is not None:
                    self.model.clause((~literal, ~against))

    def _child_days(self, child: int, tasks: list[int]) -> None:
        week = self.week
        most = week.children[child].most_a_day
        kept = [0] * week.days
        for _task, time in self.held.of_child.get(child, ()):
            kept[time // week.slots] += 1
        for day in range(week.days):
            mine = [self.days[task, day] for task in tasks if (task, day) in self.days]
            if len(mine) > most - kept[day]:
                if most - kept[day] == 1:
                    self.model.at_most_one(mine)
                else:
                    self.model.linear([(each, 1) for each in mine], 0, max(0, most - kept[day]))

    # --- the therapists ---

    def _therapists(self) -> None:
        week = self.week
        covers: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        loads: defaultdict[tuple[int, int], list[Term]] = defaultdict(list)
        for (task, therapist, time), literal in self.at.items():
            for slot in range(time, time + week.length[task]):
                covers[therapist, slot].append(literal)
            loads[therapist, time // week.slots].append((literal, week.length[task]))
        for literals in covers.values():
            self.model.at_most_one(literals)
        whole: defaultdict[int, list[Term]] = defaultdict(list)
        for (therapist, day), terms in loads.items():
            whole[therapist] += terms
            span = week.free[therapist] & week.days_of[day] & ~self.held.taken[therapist]
            left = week.most[therapist] - self.held.load[therapist][day]
            if span.bit_count() > left:
                self.model.linear(terms, 0, max(0, left))
        for therapist, terms in whole.items():
            self._weekly(therapist, terms)

    def _weekly(self, therapist: int, terms: list[Term]) -> None:
        """Keep a therapist's week below the peak, and count it when it is above what is aimed at."""
        kept, available = self.held.week_load(therapist), self.week.available[therapist]
        total = sum(weight for _, weight in terms)
        if self.wish.peak is not None and self.wish.peak * available // BAND < kept + total:
            self.model.linear(terms, 0, max(0, self.wish.peak * available // BAND - kept))
        if self.wish.lower_peak is not None:
            aim = self.wish.lower_peak * available // BAND - kept
            if aim < total:
                over = self.model.boolean()
                self.model.linear(terms, 0, max(0, aim), only_if=~over)
                self.terms[PEAK].append((over, 1))

    # --- the resources ---

    def _resources(self) -> None:
        week = self.week
        covers: defaultdict[tuple[int, int], list[Term]] = defaultdict(list)
        for (task, time), literal in self.starts.items():
            for resource, units in week.uses[task]:
                for slot in range(time, time + week.length[task]):
                    covers[resource, slot].append((literal, units))
        for (resource, slot), terms in covers.items():
            left = week.resources[resource].capacity - self.held.used[resource].get(slot, 0)
            if sum(units for _, units in terms) <= left:
                continue
            if all(2 * units > left for _, units in terms):
                self.model.at_most_one([literal for literal, _ in terms])
            elif self._could_exceed(resource, slot, terms, left):
                self.model.linear(terms, 0, left)

    def _could_exceed(self, resource: int, slot: int, terms: list[Term], left: int) -> bool:
        """Whether the therapists who could be there at all could overfill a resource."""
        most = max(units for _, units in terms)
        there = {
            therapist
            for task in self.free
            if any(each == resource for each, _ in self.week.uses[task])
            for therapist in self.candidates.get(task, self.week.able[task])
            if self.week.free[therapist] & ~self.held.taken[therapist] & 1 << slot
        }
        return len(there) * most > left

    # --- the objective ---

    def _objective(self) -> None:
        self.weights: dict[int, int] = {}
        """What one of each level of the objective weighs: more than all that lies below it."""
        weight, terms = 1, []
        for level in reversed(self.wish.order):
            mine = self.terms.get(level, [])
            self.weights[level] = weight
            terms += [(variable, weight * cost) for variable, cost in mine]
            weight *= 1 + sum(cost * self._most(variable) for variable, cost in mine)
        if terms:
            self.model.minimize(terms)

    def at_least(self, bound: int) -> tuple[int, ...]:
        """Return what the levels of the objective cost at least, each while those before it cost just that."""
        found = []
        for level in self.wish.order:
            cost, bound = divmod(bound, self.weights[level])
            found.append(cost)
        return tuple(found)

    def between(self, level: int, tasks: Sequence[int], least: int, most: int | None) -> None:
        """Tell the solver what some tasks are proven to cost together at least, and what that leaves them at most."""
        terms = [term for task in tasks for term in self.own.get((level, task), ())]
        highest = sum(cost * self._most(variable) for variable, cost in terms)
        if terms and (least > 0 or most is not None):
            self.model.linear(terms, least, highest if most is None else most)

    def _most(self, variable: int) -> int:
        return int(self.model.message.variables[variable].domain[1])

    # --- there and back ---

    def hint(self, sittings: Mapping[int, Sequence[Sitting]]) -> None:
        """Begin the search where the free tasks are now."""
        there = {(task, each.therapist, each.time) for task, mine in sittings.items() for each in mine}
        values = {literal: int(key in there) for key, literal in self.at.items()}
        self.model.hint(values)

    def hint_days(self, days: Mapping[tuple[int, int], int]) -> None:
        """Begin the search with the days of a board."""
        self.model.hint({self.days[key]: value for key, value in days.items() if key in self.days})

    def sittings(self, values: Sequence[int]) -> dict[int, Sittings]:
        """Return where the free tasks lie in a solution."""
        found: dict[int, list[Sitting]] = {task: [] for task in self.free}
        for (task, therapist, time), literal in self.at.items():
            if values[literal]:
                found[task].append(Sitting(therapist, time))
        return {task: tuple(sorted(each, key=lambda sitting: sitting.time)) for task, each in found.items()}
