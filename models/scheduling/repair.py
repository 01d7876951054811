"""Repair 调课: what can be done for every session that a leave, an illness or a closed room has hit.

Each hit session gets its options, ranked as a therapist would: the same therapist at another time, somebody the child
knows at the same time, somebody else, a group of the same therapy, a make-up session later. Each is tried against the rules
around everything that stays. As options of different sessions may compete for a place, the best repair of all of them
together is given too: fewest lost, then fewest moved, then the other levels (docs/decisions/0046).
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from models.scheduling.disruption import Away, Disruption, disrupt, missed, sessions_of, stand_ins, struck
from models.scheduling.levels import Breach, breaches
from models.scheduling.problem import Placement, Problem, by_task
from models.scheduling.repair_options import Option, group_options, later, options_for
from models.scheduling.timetable import Move, Timetable

__all__ = ["Disruption", "Hit", "Option", "RepairPlan", "chosen", "repairs"]

FIRST_SHARE = 0.3
"""The share of the time in which the options are looked for; the rest is for the whole repair."""
DEPARTURES = 20_000
"""So many times a session is put somewhere in looking for a repair in which nothing moves."""


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
    until = began + seconds * FIRST_SHARE
    hits = [Hit(each, part, options_for(table, each, disruption.since, until)) for each, part in gone]
    hits += _missed(problem, table, published, disruption)
    whole, proven = _whole(table, kept, [each.placement for each in hits if not each.child], began + seconds, cancelled)
    return _plan(left, kept, hits, whole, proven, began)


def as_published(problem: Problem, published: Sequence[Placement]) -> Problem:
    """Ask for no more sessions than were published, so that a repair gives nobody else the freed time."""
    planned = Counter(each.task for each in (*published, *stand_ins(problem)))
    tasks = {task.id: replace(task, sessions=min(task.sessions, planned[task.id])) for task in problem.tasks.values()}
    return replace(problem, tasks=tasks)


def _missed(problem: Problem, table: Timetable, published: Sequence[Placement], disruption: Disruption) -> list[Hit]:
    found = []
    for each in missed(problem, published, disruption):
        part = next(part for part in disruption.parts if (part.kind, part.whom) == ("child", each.child))
        options = (*group_options(table, each.placement, each.child, disruption.since), later(each.placement))
        found.append(Hit(each.placement, part, options, each.child))
    return found


# --- the whole week ---------------------------------------------------------------------------------------------


def _whole(
    table: Timetable,
    kept: Sequence[Placement],
    gone: list[Placement],
    until: float,
    cancelled: Callable[[], bool] | None,
) -> tuple[tuple[Placement, ...], bool]:
    """Return the repaired week and whether it is proven to lose and move the fewest."""
    placed = _Puzzle(table, gone, until).solved()
    if placed is not None:
        return (*kept, *placed), True
    from models.scheduling.engine import place_around

    left = max(0.2, until - time.monotonic())
    plan = place_around(table.problem, kept, seconds=left, cancelled=cancelled)
    return plan.placements, plan.proven >= 2


class _Puzzle:
    """Places all hit sessions around what stays, with nothing moved; there is often a way, and then none is better."""

    def __init__(self, table: Timetable, gone: list[Placement], until: float) -> None:
        self.table, self.until, self.departures = table, until, DEPARTURES
        tasks = table.problem.tasks
        self.vacant = {each: tuple(table.vacancies(tasks[each.task])) for each in gone}
        self.gone = sorted(gone, key=lambda each: (len(self.vacant[each]), each))

    def solved(self) -> tuple[Placement, ...] | None:
        """Return a place for every hit session, or None when none is found."""
        return self._from(0)

    def _from(self, index: int) -> tuple[Placement, ...] | None:
        if index == len(self.gone):
            return ()
        old = self.gone[index]
        for place in sorted(self.vacant[old], key=lambda each: self._likeness(old, each)):
            self.departures -= 1
            if self.departures < 0 or time.monotonic() > self.until:
                return None
            if self.table.fits(place):
                self.table.add(place)
                rest = self._from(index + 1)
                self.table.remove(place)
                if rest is not None:
                    return (place, *rest)
        return None

    def _likeness(self, old: Placement, new: Placement) -> tuple[object, ...]:
        """Return how little changes: the therapists of the task, the wishes, the time."""
        from models.scheduling.levels import missed_wishes

        task = self.table.problem.tasks[old.task]
        own = {each.therapist for each in self.table.of_task(old.task)} or {old.therapist}
        strange = new.therapist not in own, new.therapist not in task.familiar
        moved = new.day != old.day, abs(new.start - old.start)
        return (*strange, missed_wishes(self.table.problem, task, new), *moved, new)


def _plan(
    left: Problem,
    kept: Sequence[Placement],
    hits: Sequence[Hit],
    whole: Sequence[Placement],
    proven: bool,
    began: float,
) -> RepairPlan:
    after = sessions_of(whole)
    gone = [each.placement for each in hits if not each.child]
    replaced, moved, lost = pair(gone, sessions_of(kept), after)
    spent = time.monotonic() - began
    return RepairPlan(left, sessions_of(kept), tuple(hits), after, replaced, moved, lost, proven, spent)


def pair(
    gone: Sequence[Placement], kept: Sequence[Placement], after: Sequence[Placement]
) -> tuple[tuple[Move, ...], tuple[Move, ...], tuple[Placement, ...]]:
    """Say which new place is whose: (hit sessions with a new place, sessions moved, sessions lost)."""
    standing, held = set(after), set(kept)
    fresh = by_task(each for each in after if each not in held)
    replaced: list[Move] = []
    moved: list[Move] = []
    lost: list[Placement] = []
    for old in (*(each for each in kept if each not in standing), *gone):
        places = fresh.get(old.task, [])
        if not places:
            lost.append(old)
            continue
        new = min(places, key=lambda each: (abs(each.day - old.day), each.therapist != old.therapist, each))
        places.remove(new)
        (moved if old in held else replaced).append((old, new))
    return tuple(replaced), tuple(moved), tuple(lost)


# --- a choice of one's own ------------------------------------------------------------------------------------------


def chosen(repair: RepairPlan, choices: Mapping[int, Option]) -> tuple[tuple[Placement, ...], list[Breach]]:
    """Return the week in which an option is taken for each hit (by its number), and the rules they break together.

    A hit without a choice is made up later.
    """
    problem, week = repair.problem, [*repair.kept, *stand_ins(repair.problem)]
    for option in choices.values():
        problem, week = option.taken(problem, week)
    return sessions_of(week), breaches(problem, week)
