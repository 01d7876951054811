"""Repair options 调课方案: the places one hit session could have instead, in the order in which they suit best."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from models.core.words import Code, CodeList
from models.scheduling.chains import Chains, nearness
from models.scheduling.levels import breaches
from models.scheduling.problem import Placement, Problem, Slot, Task
from models.scheduling.timetable import Move, Timetable
from resources import N_

KINDS = CodeList(
    "repair_option",
    Code("same_therapist", N_("Same therapist, another time"), "原治疗师，改时间"),
    Code("familiar", N_("A therapist the child knows, same time"), "熟悉的治疗师代课"),
    Code("substitute", N_("Another therapist, same time"), "其他治疗师代课"),
    Code("familiar_later", N_("A therapist the child knows, another time"), "熟悉的治疗师，改时间"),
    Code("other", N_("Another therapist, another time"), "其他治疗师，改时间"),
    Code("group", N_("Into a group"), "并入小组"),
    Code("later", N_("Made up later"), "以后补课"),
)
RANK = {code.code: rank for rank, code in enumerate(KINDS)}
MOST = 3
"""So many of a kind are offered."""


@dataclass(frozen=True)
class Option:
    """One thing that can be done for a hit session, and what else moves for it."""

    kind: str
    old: Placement
    place: Placement | None = None
    """Where it would lie; of a group the group's own place; None for later."""
    moves: tuple[Move, ...] = ()
    child: str = ""
    """The child that joins the group."""

    @property
    def rank(self) -> tuple[object, ...]:
        """What puts it before another: nothing else moves, then the kind, then how near it is."""
        near = nearness(self.old, self.place) if self.place else ()
        return len(self.moves), RANK[self.kind], near

    def taken(self, problem: Problem, week: Sequence[Placement]) -> tuple[Problem, list[Placement]]:
        """Return the problem and the week in which it is taken."""
        if self.place is None:
            return problem, list(week)
        gone = {old for old, _new in self.moves}
        after = [*(each for each in week if each not in gone), *(new for _old, new in self.moves)]
        if self.kind == "group":
            return joined(problem, after, self.place, self.old.task, self.child)
        return problem, [*after, self.place]

    def words(self, problem: Problem, names: Mapping[str, str]) -> str:
        """Say it in one sentence."""
        from models.scheduling.repair_words import option_words

        return option_words(self, problem, names)


def later(old: Placement) -> Option:
    """Return the option that is always there: the session goes on the make-up list."""
    return Option("later", old)


def options_for(table: Timetable, old: Placement, since: Slot, until: float) -> tuple[Option, ...]:
    """Return what can be done for a hit session, the best first; where nothing is free, what others would have to move."""
    task = table.problem.tasks[old.task]
    found = [Option(kind_of(task, old, each), old, each) for each in table.vacancies(task)]
    if not found:
        found = list(_with_moves(table, old, until))
    if len(task.children) == 1:
        found += group_options(table, old, task.children[0], since)
    shown = [each for kind in RANK for each in _best([one for one in found if one.kind == kind])]
    return (*sorted(shown, key=lambda each: each.rank), later(old))


def _best(options: Sequence[Option]) -> list[Option]:
    return sorted(options, key=lambda each: each.rank)[:MOST]


def kind_of(task: Task, old: Placement, new: Placement) -> str:
    """Return what kind of option a new place is."""
    if new.therapist == old.therapist:
        return "same_therapist"
    same_time = (new.day, new.start) == (old.day, old.start)
    if new.therapist in task.familiar:
        return "familiar" if same_time else "familiar_later"
    return "substitute" if same_time else "other"


def _with_moves(table: Timetable, old: Placement, until: float) -> Iterator[Option]:
    """Yield places that are free once one or two others have moved."""
    task, soon = table.problem.tasks[old.task], min(until, time.monotonic() + MOVING)
    chains, count = Chains(table, soon), 0
    for place in sorted(table.places(task), key=lambda each: nearness(old, each)):
        if chains.over or count >= MOST:
            return
        moves = chains.room_at(place)
        if moves is not None:
            table.take_back(moves, place)
            count += 1
            yield Option(kind_of(task, old, place), old, place, tuple(moves))


MOVING = 0.06
"""Seconds in which moves are looked for for one session."""


# --- into a group -------------------------------------------------------------------------------------------------


def group_options(table: Timetable, old: Placement, child: str, since: Slot) -> list[Option]:
    """Return the nearest groups of the same therapy that have a free place at a time that suits the child."""
    return _best(groups_open(table, old, child, since))


def groups_open(table: Timetable, old: Placement, child: str, since: Slot) -> list[Option]:
    """Return every group of the same therapy that has a free place at a time that suits the child, the nearest first."""
    own = table.problem.tasks[old.task]
    found = []
    for group in table.problem.tasks.values():
        if group.therapy == own.therapy and len(group.children) > 1 and child not in group.children:
            found += [
                Option("group", old, each, child=child)
                for each in table.of_task(group.id)
                if (each.day, each.start) >= since and _may_join(table, own, each, child)
            ]
    return sorted(found, key=lambda each: each.rank)


def _may_join(table: Timetable, own: Task, place: Placement, child: str) -> bool:
    group = table.problem.tasks[place.task]
    meant = replace(own, slots=group.slots)
    if not _has_place(table, group) or any(each.day == place.day for each in table.of_task(own.id)):
        return False
    if any(True for _each in table.of_child(child, meant, place.day, place.start)):
        return False
    same_day = [each for each in table.held if each.day == place.day]
    problem, week = joined(replace(table.problem, locked=()), same_day, place, own.id, child)
    return not breaches(problem, week)


def _has_place(table: Timetable, group: Task) -> bool:
    """Whether one more may come: where rooms count children they say so, else no more than the largest group there."""
    if _by_child(group):
        return True
    return len(group.children) < max(
        len(task.children) for task in table.problem.tasks.values() if task.uses == group.uses
    )


def _by_child(group: Task) -> bool:
    return any(units == len(group.children) for _resource, units in group.uses)


def joined(
    problem: Problem, week: Sequence[Placement], place: Placement, task_id: str, child: str
) -> tuple[Problem, list[Placement]]:
    """Return the problem and the week in which a child joins one session of a group instead of its own."""
    sitting = next(each for each in week if each.task.startswith(place.task) and _same_hour(each, place))
    group, own = problem.tasks[sitting.task], problem.tasks[task_id]
    one_more = tuple((resource, units + 1 if units == len(group.children) else units) for resource, units in group.uses)
    guest = replace(
        group, id=f"{group.id}+{child}", children=(*group.children, child), sessions=1, uses=one_more,
        barred={**own.barred, **group.barred}, apart={**own.apart, **group.apart},
    )  # fmt: skip
    tasks = {**problem.tasks, guest.id: guest, group.id: replace(group, sessions=group.sessions - 1)}
    there = replace(sitting, task=guest.id)
    locked = tuple(there if each == sitting else each for each in problem.locked)
    return replace(problem, tasks=tasks, locked=locked), [there if each == sitting else each for each in week]


def _same_hour(one: Placement, other: Placement) -> bool:
    return (one.therapist, one.day, one.start) == (other.therapist, other.day, other.start)
