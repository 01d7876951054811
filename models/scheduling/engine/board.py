"""The board 分派: who treats whom, on which days and halves of days — not yet at which minute.

A relaxation of the whole problem: it counts slots by half day instead of laying sessions side by side. What it costs
at least, every plan costs at least; and who it gives to whom is a good guess for the plan itself. Therapists who share
no therapy are boards of their own: together they cost at least the sum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from models.scheduling.engine.region import CONTINUITY, PREFERENCE, SPREAD, WAITING
from models.scheduling.engine.sat import Model, Term
from models.scheduling.engine.week import Sitting, Week, bits

Cell = tuple[int, int, int, int]
"""A task, a therapist, a day and a part of the day."""


def professions(week: Week) -> list[tuple[int, ...]]:
    """Return the tasks that compete for the same therapists, the largest profession first."""
    group = list(range(len(week.therapists)))
    for one, other in combinations(range(len(week.therapists)), 2):
        if week.therapists[one].therapies & week.therapists[other].therapies:
            old, new = group[other], group[one]
            group = [new if each == old else each for each in group]
    found: defaultdict[int, list[int]] = defaultdict(list)
    for task, able in enumerate(week.able):
        if able:
            found[group[able[0]]].append(task)
    return sorted((tuple(each) for each in found.values()), key=len, reverse=True)


class Board:
    """The model of a board for some tasks, all others left out."""

    def __init__(
        self,
        week: Week,
        tasks: Iterable[int],
        *,
        faithful: bool,
        complete: bool,
        wanted: Mapping[int, int] | None = None,
        candidates: Mapping[int, Sequence[int]] | None = None,
    ) -> None:
        self.candidates = candidates or {}
        self.week, self.tasks, self.faithful = week, list(tasks), faithful
        self.model = Model()
        self.cells: dict[Cell, int] = {}
        self.who: dict[tuple[int, int], int] = {}
        self.days: dict[tuple[int, int], int] = {}
        self.terms: dict[int, list[Term]] = defaultdict(list)
        self.missing: dict[int, int] = {}
        self.possible = True
        self.wanted = wanted or {}
        self.parts = self._parts()
        for task in self.tasks:
            self._task(task, complete)
        self._therapists()
        self._resources()
        self._children()

    def _parts(self) -> list[int]:
        """Return the parts of the day as masks over the week: the halves, and what lies in neither."""
        halves = [mask for mask in self.week.half.values() if mask]
        rest = sum(self.week.days_of)
        for mask in halves:
            rest &= ~mask
        return [*halves, rest]

    # --- the tasks ---

    def _task(self, task: int, complete: bool) -> None:
        week, model = self.week, self.model
        by_day: defaultdict[int, list[int]] = defaultdict(list)
        chosen: list[int] = []
        for therapist in self.candidates.get(task, week.able[task]):
            starts = week.starts_with(task, therapist)
            if starts:
                chosen.append(self._with_one(task, therapist, starts, by_day))
        if self.faithful and chosen:
            model.exactly_one(chosen)
        wanted = self.wanted.get(task, week.tasks[task].sessions)
        terms: list[Term] = []
        for day, literals in sorted(by_day.items()):
            self.days[task, day] = literal = model.boolean()
            model.equal(literal, literals)
            terms.append((literal, 1))
        if complete:
            self.possible = self.possible and len(terms) >= wanted
            model.linear(terms, wanted, wanted)
        else:
            self.missing[task] = missing = model.integer(0, wanted)
            model.linear([*terms, (missing, 1)], wanted, wanted)
            self.terms[WAITING].append((missing, week.tasks[task].weight))
        self._spread(task)

    def _with_one(self, task: int, therapist: int, starts: int, by_day: Mapping[int, list[int]]) -> int:
        week, model = self.week, self.model
        chosen = model.boolean() if self.faithful else -1
        if self.faithful:
            self.who[task, therapist] = chosen
        locked = {each.time for each in week.locked[task] if each.therapist == therapist}
        for day in range(week.days):
            today: list[Term] = []
            for part, mask in enumerate(self.parts):
                times = starts & week.days_of[day] & mask
                if not times:
                    continue
                literal = self.cells[task, therapist, day, part] = model.boolean()
                by_day[day].append(literal)
                today.append((literal, 1))
                if missed := week.missed(task, Sitting(therapist, bits(times)[0])):
                    self.terms[PREFERENCE].append((literal, missed))
                if any(times >> time & 1 for time in locked):
                    model.clause([literal])
            if today and self.faithful:
                model.linear([*today, (chosen, -1)], -1, 0)
        return chosen

    def _spread(self, task: int) -> None:
        if self.week.spreads[task]:
            for day in range(self.week.days - 1):
                if (task, day) in self.days and (task, day + 1) in self.days:
                    near = self.model.boolean()
                    self.model.clause((~self.days[task, day], ~self.days[task, day + 1], near))
                    self.terms[SPREAD].append((near, 1))

    # --- what they share ---

    def _reach(self, task: int, therapist: int, day: int, part: int) -> int:
        """Return every slot a session that begins in a part of a day could take."""
        times = self.week.starts_with(task, therapist) & self.week.days_of[day] & self.parts[part]
        reach = times
        for shift in range(1, self.week.length[task]):
            reach |= times << shift
        return reach

    def _therapists(self) -> None:
        week = self.week
        halves: defaultdict[tuple[int, int, int], list[Cell]] = defaultdict(list)
        whole: defaultdict[tuple[int, int], list[Cell]] = defaultdict(list)
        for cell in self.cells:
            _task, therapist, day, part = cell
            halves[therapist, day, part].append(cell)
            whole[therapist, day].append(cell)
        for (therapist, _day, _part), cells in halves.items():
            self._at_most(cells, self._slots(cells))
            self._packed(cells, therapist)
        for (therapist, _day), cells in whole.items():
            self._at_most(cells, min(week.most[therapist], self._slots(cells)))

    def _slots(self, cells: Sequence[Cell]) -> int:
        reach = 0
        for cell in cells:
            reach |= self._reach(*cell)
        return reach.bit_count()

    def _at_most(self, cells: Sequence[Cell], slots: int) -> None:
        terms = [(self.cells[cell], self.week.length[cell[0]]) for cell in cells]
        if sum(length for _, length in terms) > slots:
            self.model.linear(terms, 0, slots)

    def _packed(self, cells: Sequence[Cell], therapist: int) -> None:
        """Long sessions need slots that follow each other: gaps too short for them do not count."""
        for length in sorted({self.week.length[cell[0]] for cell in cells} - {1}):
            longer = [cell for cell in cells if self.week.length[cell[0]] >= length]
            reach = 0
            for cell in longer:
                reach |= self._reach(*cell)
            number = sum(run // length for run in runs(reach))
            if len(longer) > number:
                self.model.linear([(self.cells[cell], 1) for cell in longer], 0, number)

    def _resources(self) -> None:
        week = self.week
        users: defaultdict[tuple[int, int, int], list[tuple[Cell, int]]] = defaultdict(list)
        for cell in self.cells:
            task, _therapist, day, part = cell
            for resource, units in week.uses[task]:
                users[resource, day, part].append((cell, units))
        for (resource, _day, _part), mine in users.items():
            room = self._slots([cell for cell, _ in mine]) * week.resources[resource].capacity
            terms = [(self.cells[cell], units * week.length[cell[0]]) for cell, units in mine]
            if sum(taken for _, taken in terms) > room:
                self.model.linear(terms, 0, room)

    def _children(self) -> None:
        week = self.week
        of_child: defaultdict[int, list[int]] = defaultdict(list)
        for task in self.tasks:
            for child in week.members[task]:
                of_child[child].append(task)
        for child, tasks in of_child.items():
            for day in range(week.days):
                mine = [self.days[task, day] for task in tasks if (task, day) in self.days]
                if len(mine) > week.children[child].most_a_day:
                    self.model.linear([(each, 1) for each in mine], 0, week.children[child].most_a_day)
            for one, other in combinations(tasks, 2):
                self._beside(child, one, other)

    def _beside(self, child: int, one: int, other: int) -> None:
        """Two tasks of a child cannot both lie in a part of a day that is too short for the two."""
        week = self.week
        rest = week.problem.distance(week.children[child].id, week.tasks[one], week.tasks[other])
        for day in range(week.days):
            for part, mask in enumerate(self.parts):
                first, second = (bits(week.starts[each] & week.days_of[day] & mask) for each in (one, other))
                if not first or not second:
                    continue
                if (
                    first[0] + week.length[one] + rest > second[-1]
                    and second[0] + week.length[other] + rest > first[-1]
                ):
                    cells = [
                        self.cells[task, therapist, day, part]
                        for task in (one, other)
                        for therapist in week.able[task]
                        if (task, therapist, day, part) in self.cells
                    ]
                    self.model.at_most_one(cells)

    # --- asking ---

    def at_most(self, level: int, most: int) -> None:
        """Keep a level at or below a figure."""
        if terms := self.terms[level]:
            self.model.linear(terms, 0, most)

    def aim(self, level: int) -> None:
        """Ask for the least of a level."""
        self.model.minimize(self.terms[level])

    def cost(self, level: int, values: Sequence[int]) -> int:
        """Return what a level costs in an answer."""
        return sum(values[variable] * each for variable, each in self.terms[level])

    def therapists(self, values: Sequence[int]) -> dict[int, int]:
        """Return who treats each task."""
        return {task: therapist for (task, therapist), literal in self.who.items() if values[literal]}

    def hint(self, plan: Sequence[Sequence[Sitting]]) -> None:
        """Begin the search with a plan: what can be laid can be dealt."""
        seated = {cell for task in self.tasks for each in plan[task] for cell in self._cell(task, each)}
        values = {literal: int(cell in seated) for cell, literal in self.cells.items()}
        there = {(task, each.therapist) for task in self.tasks for each in plan[task]}
        values |= {literal: int(key in there) for key, literal in self.who.items()}
        busy = {(task, day) for task, _therapist, day, _part in seated}
        values |= {literal: int(key in busy) for key, literal in self.days.items()}
        self.model.hint(values)

    def _cell(self, task: int, sitting: Sitting) -> Iterator[Cell]:
        for part, mask in enumerate(self.parts):
            if mask >> sitting.time & 1:
                yield task, sitting.therapist, sitting.time // self.week.slots, part

    def busy_days(self, values: Sequence[int]) -> dict[tuple[int, int], int]:
        """Return whether each task has a session on each day."""
        return {key: values[literal] for key, literal in self.days.items()}

    def counts(self, values: Sequence[int]) -> dict[int, int]:
        """Return how many sessions of each task find a place."""
        return {
            task: self.wanted.get(task, self.week.tasks[task].sessions) - values[missing]
            for task, missing in self.missing.items()
        }


def runs(mask: int) -> list[int]:
    """Return the lengths of the runs of neighbouring bits."""
    found = []
    while mask:
        mask >>= (mask & -mask).bit_length() - 1
        length = (~mask & mask + 1).bit_length() - 1
        found.append(length)
        mask >>= length
    return found


__all__ = ["CONTINUITY", "Board", "professions", "runs"]
