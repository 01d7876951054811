"""Joining groups 并入小组: children who would lose a session join groups that have room for them, as many as can.

A group is another treatment than the one-to-one session that was prescribed, so it comes after every place of the
session's own, and before the make-up list (docs/decisions/0077). Two children may want the last place of one group: all
are weighed together.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from models.scheduling.disruption import Missed
from models.scheduling.levels import breaches
from models.scheduling.problem import WAITING_WEIGHT, Placement, Problem, Slot
from models.scheduling.repair_options import Option, groups_open
from models.scheduling.timetable import Timetable

STEPS = 120
"""So often children are tried together before the best found so far is taken."""


@dataclass(frozen=True)
class Joins:
    """Who joins which group, and whether it is certain that no more can."""

    options: tuple[Option, ...]
    complete: bool


def joins(
    table: Timetable, lost: Sequence[Placement], missing: Sequence[Missed], since: Slot, hosts: Collection[Placement]
) -> Joins:
    """Return the groups that children join who would otherwise lose a session: the greatest weight, then the nearest.

    Args:
        lost: sessions of one child each that have no place of their own.
        missing: children whose group goes on without them.
        hosts: the sessions of groups that stand where they were published; only these can be joined.
    """
    tasks = table.problem.tasks
    alone = [(each, tasks[each.task].children[0]) for each in lost if len(tasks[each.task].children) == 1]
    wanting = [*alone, *((each.placement, each.child) for each in missing)]
    open_to = [
        [option for option in groups_open(table, old, child, since) if option.place in hosts] for old, child in wanting
    ]
    search = _Search(table.problem, [*table.held], [each for each in open_to if each])
    search.look(0, 0, ())
    return Joins(search.best, search.steps > 0)


class _Search:
    """Chooses a group for each child, or none, so that together they break no rule and the least is lost."""

    def __init__(self, problem: Problem, week: list[Placement], choices: list[list[Option]]) -> None:
        self.problem, self.week, self.steps = problem, week, STEPS
        self.choices = sorted(choices, key=lambda each: (-self._weight(each[0]), len(each)))
        self.best: tuple[Option, ...] = ()
        self.most = 0

    def _weight(self, option: Option) -> int:
        return WAITING_WEIGHT[self.problem.tasks[option.old.task].priority]

    def look(self, index: int, weight: int, chosen: tuple[Option, ...]) -> None:
        """Choose for the child of a number and those after it."""
        if weight > self.most:
            self.most, self.best = weight, chosen
        left = self.choices[index:]
        if weight + sum(self._weight(each[0]) for each in left) <= self.most:
            return
        for option in left[0]:
            self.steps -= 1
            if self.steps <= 0:
                return
            if together(self.problem, self.week, (*chosen, option)):
                self.look(index + 1, weight + self._weight(option), (*chosen, option))
        self.look(index + 1, weight, chosen)


def together(problem: Problem, week: Sequence[Placement], options: Sequence[Option]) -> bool:
    """Whether children can join their groups together without breaking a rule on those days."""
    days = {each.place.day for each in options if each.place}
    if len({(each.old.task, each.child, each.place.day) for each in options if each.place}) < len(options):
        return False
    after = [each for each in week if each.day in days]
    for each in options:
        problem, after = each.taken(problem, after)
    broken = breaches(problem, after)
    return not any(each.rule != "locked" for each in broken)
