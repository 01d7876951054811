"""Repair 调课: what can be done for every session that a leave, an illness or a closed room has hit.

Each hit session gets its options, ranked as a therapist would: the same therapist at another time, somebody the child
knows at the same time, somebody else, a group of the same therapy, a make-up session later. Each is tried against the rules
around everything that stays. As options of different sessions may compete for a place, the best repair of all of them
together is given too: fewest lost, then fewest in a group instead, fewest moved, then the other levels
(docs/decisions/0046, 0077).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from models.scheduling.disruption import Away, Disruption, Missed, disrupt, missed, sessions_of, stand_ins, struck
from models.scheduling.levels import Breach, breaches
from models.scheduling.problem import Placement, Problem, Slot
from models.scheduling.repair_joins import Joins, joins
from models.scheduling.repair_options import Option, group_options, later, options_for
from models.scheduling.repair_week import Repaired, repaired
from models.scheduling.timetable import Move, Timetable

__all__ = ["Disruption", "Hit", "Option", "RepairPlan", "chosen", "repairs"]

OPTIONS_SHARE = 0.3
"""The share of the time in which the options are looked for; the rest is for the whole repair."""
WHOLE = 0.95
"""The share of that rest for places of their own; what is left is for joining groups."""


@dataclass(frozen=True)
class Hit:
    """A session that cannot stand, or that a child misses: what falls away from it, and what can be done."""

    placement: Placement
    cause: Away
    options: tuple[Option, ...]
    child: str = ""
    """The child that misses it while its group goes on; empty when the session itself cannot stand."""


@dataclass(frozen=True)
class RepairPlan:
    """What a disruption does to a week, what can be done for each session, and the best that can be done for all."""

    problem: Problem
    """The week without what falls away."""
    kept: tuple[Placement, ...]
    """What is not hit."""
    hits: tuple[Hit, ...]
    placements: tuple[Placement, ...]
    """The whole week, repaired with the fewest changes."""
    replaced: tuple[Move, ...]
    """The hit sessions that have a new place."""
    moved: tuple[Move, ...]
    """Sessions that were not hit and had to move."""
    joined: tuple[Option, ...]
    """The groups that children join whose session has no place of its own, or whose group goes on without them."""
    lost: tuple[Placement, ...]
    """The hit sessions that have no place this week; they go on the make-up list."""
    proven: bool
    """Whether it is proven that no fewer are lost and, with so few lost, no fewer move."""
    seconds: float

    @property
    def weight_lost(self) -> int:
        """What the lost sessions weigh."""
        return sum(self.problem.tasks[each.task].weight for each in self.lost)


def repairs(
    problem: Problem,
    placements: Sequence[Placement],
    disruption: Disruption,
    *,
    seconds: float = 3.0,
    cancelled: Callable[[], bool] | None = None,
) -> RepairPlan:
    """Return the options of every hit session, and the repair of the whole week with the fewest changes."""
    began = time.monotonic()
    published = tuple(placements)
    left = as_published(disrupt(problem, disruption, published), published)
    gone = struck(problem, published, disruption)
    lost = {each for each, _part in gone}
    kept = (*(each for each in published if each not in lost), *stand_ins(left))
    table = Timetable(left, kept)
    until = began + seconds * OPTIONS_SHARE
    hits = [Hit(each, part, options_for(table, each, disruption.since, until)) for each, part in gone]
    missing = missed(problem, published, disruption)
    hits += _missed(table, missing, disruption)
    whole = repaired(table, [each for each, _part in gone], (began + seconds - time.monotonic()) * WHOLE, cancelled)
    found = _joins(left, whole, missing, kept, disruption.since)
    into = {each.old for each in found.options}
    lost_still = tuple(each for each in whole.lost if each not in into)
    return RepairPlan(
        left, sessions_of(kept), tuple(hits), whole.placements, whole.replaced, whole.moved, found.options, lost_still,
        whole.proven and (not lost_still or (found.complete and not _could_join(table, whole, disruption.since))),
        time.monotonic() - began,
    )  # fmt: skip


def _joins(left: Problem, whole: Repaired, missing: Sequence[Missed], kept: Sequence[Placement], since: Slot) -> Joins:
    """Look for groups for those who would lose a session in the repaired week."""
    if not (whole.lost or missing):
        return Joins((), True)
    after = Timetable(left, (*whole.placements, *stand_ins(left)))
    return joins(after, whole.lost, missing, since, set(kept).intersection(whole.placements))


def _could_join(table: Timetable, whole: Repaired, since: Slot) -> bool:
    """Whether a session with a place of its own could have left it to another and joined a group."""
    return any(_groups_of(table, old, since) for old, _new in whole.replaced)


def _groups_of(table: Timetable, old: Placement, since: Slot) -> list[Option]:
    children = table.problem.tasks[old.task].children
    return group_options(table, old, children[0], since) if len(children) == 1 else []


def as_published(problem: Problem, published: Sequence[Placement]) -> Problem:
    """Ask for no more sessions than were published, so that a repair gives nobody else the freed time."""
    planned = Counter(each.task for each in (*published, *stand_ins(problem)))
    asked = (task for task in problem.tasks.values() if planned[task.id])
    tasks = {task.id: replace(task, sessions=min(task.sessions, planned[task.id])) for task in asked}
    return replace(problem, tasks=tasks)


def _missed(table: Timetable, missing: Sequence[Missed], disruption: Disruption) -> list[Hit]:
    found = []
    for each in missing:
        part = next(part for part in disruption.parts if (part.kind, part.whom) == ("child", each.child))
        options = (*group_options(table, each.placement, each.child, disruption.since), later(each.placement))
        found.append(Hit(each.placement, part, options, each.child))
    return found


# --- a choice of one's own ------------------------------------------------------------------------------------------


def chosen(repair: RepairPlan, choices: Mapping[int, Option]) -> tuple[tuple[Placement, ...], list[Breach]]:
    """Return the week in which an option is taken for each hit (by its number), and the rules they break together.

    A hit without a choice is made up later.
    """
    problem, week = repair.problem, [*repair.kept, *stand_ins(repair.problem)]
    for option in choices.values():
        problem, week = option.taken(problem, week)
    return sessions_of(week), breaches(problem, week)
