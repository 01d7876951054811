"""Disruption 变动: who or what falls away from a published week, and which sessions cannot stand any more.

A therapist's leave, a child's illness, a closed room or a closed day, each with its slots, and any of them together.
What has gone by already stands as it was. A group goes on without a child that is away; the child misses it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from models.scheduling.problem import Child, Grid, Placement, Problem, Slot, Task, Therapist, slots_of

CLOSED = "closed"
"""The reason for which a therapy cannot be where its room is closed."""
AWAY = "away"
STAND_IN = "∅"
"""The ids of what stands for places that are not there begin so; nothing of it is a session."""


@dataclass(frozen=True)
class Away:
    """One person or thing that falls away: a ``therapist``, a ``child``, a ``resource`` or the whole ``day``."""

    kind: str
    whom: str
    slots: frozenset[Slot]
    reason: str = AWAY
    """What the child does meanwhile."""
    left: int = 0
    """How many places of a resource are left."""


@dataclass(frozen=True)
class Disruption:
    """Everything that falls away together, and from when on the week can still be changed."""

    parts: tuple[Away, ...]
    since: Slot = (0, 0)
    """What begins before this has gone by and stays as it was."""

    def __or__(self, other: Disruption) -> Disruption:
        return Disruption((*self.parts, *other.parts), max(self.since, other.since))

    def ahead(self) -> tuple[Away, ...]:
        """Return what falls away of the time still to come."""
        return tuple(
            replace(part, slots=frozenset(slot for slot in part.slots if slot >= self.since)) for part in self.parts
        )


def slots_between(grid: Grid, days: Iterable[int], start: int = 0, end: int | None = None) -> frozenset[Slot]:
    """Return the slots of some days, from one to before another; the whole days when neither is given."""
    last = grid.slots if end is None else end
    return frozenset((day, slot) for day in days for slot in range(start, last))


def away(kind: str, whom: str, slots: Iterable[Slot], *, reason: str = AWAY, left: int = 0) -> Disruption:
    """Return the disruption that one person or thing makes."""
    return Disruption((Away(kind, whom, frozenset(slots), reason, left),))


@dataclass(frozen=True)
class Missed:
    """A session of a group that goes on without a child."""

    placement: Placement
    child: str


# --- what cannot stand --------------------------------------------------------------------------------------


def hit(problem: Problem, placements: Iterable[Placement], disruption: Disruption) -> list[Placement]:
    """Return the sessions that cannot stand, in the order of the week."""
    return [each for each, _part in struck(problem, placements, disruption)]


def struck(problem: Problem, placements: Iterable[Placement], disruption: Disruption) -> list[tuple[Placement, Away]]:
    """Return the sessions that cannot stand, each with what falls away from it."""
    ahead = [each for each in placements if (each.day, each.start) >= disruption.since]
    parts = disruption.ahead()
    found: dict[Placement, Away] = {}
    for part in parts:
        for each in _struck_by(problem, ahead, part):
            found.setdefault(each, part)
    missing = _missing_children(parts)
    for each in ahead if missing else ():
        absent = [_absent(problem, each, missing.get(child, ())) for child in problem.tasks[each.task].children]
        if absent[0] and all(absent):
            found.setdefault(each, absent[0])
    return sorted(found.items(), key=lambda item: (item[0].day, item[0].start, item[0]))


def _missing_children(parts: Iterable[Away]) -> dict[str, list[Away]]:
    found: defaultdict[str, list[Away]] = defaultdict(list)
    for part in parts:
        if part.kind == "child":
            found[part.whom].append(part)
    return dict(found)


def _absent(problem: Problem, placement: Placement, parts: Iterable[Away]) -> Away | None:
    """Return what keeps a child from a session, of what is known of it."""
    slots = list(slots_of(problem.tasks[placement.task], placement))
    return next((part for part in parts if not part.slots.isdisjoint(slots)), None)


def _struck_by(problem: Problem, placements: Sequence[Placement], part: Away) -> Iterator[Placement]:
    then = [each for each in placements if not part.slots.isdisjoint(slots_of(problem.tasks[each.task], each))]
    concerned = [each for each in then if _concerns(problem, each, part)]
    if part.kind == "resource":
        yield from _beyond(problem, concerned, part)
    elif part.kind != "child":
        yield from concerned


def _concerns(problem: Problem, placement: Placement, part: Away) -> bool:
    """Whether a session is with the person, or uses the thing, that falls away."""
    if part.kind == "therapist":
        return placement.therapist == part.whom
    if part.kind == "child":
        return part.whom in problem.tasks[placement.task].children
    return part.kind == "day" or _units(problem, placement, part.whom) > 0


def _beyond(problem: Problem, users: list[Placement], part: Away) -> Iterator[Placement]:
    """Yield the sessions for which a resource has no place left: the least urgent, where some can stay."""
    locked = set(problem.locked)
    used: defaultdict[Slot, int] = defaultdict(int)
    for each in sorted(users, key=lambda each: (each not in locked, -problem.tasks[each.task].weight, each)):
        slots = part.slots.intersection(slots_of(problem.tasks[each.task], each))
        units = _units(problem, each, part.whom)
        if any(used[slot] + units > part.left for slot in slots):
            yield each
        else:
            for slot in slots:
                used[slot] += units


def _units(problem: Problem, placement: Placement, resource: str) -> int:
    return dict(problem.tasks[placement.task].uses).get(resource, 0)


def missed(problem: Problem, placements: Iterable[Placement], disruption: Disruption) -> list[Missed]:
    """Return the sessions of groups that go on without a child."""
    missing = _missing_children(disruption.ahead())
    if not missing:
        return []
    every = sorted(placements, key=lambda each: (each.day, each.start, each))
    gone = set(hit(problem, every, disruption))
    return [
        Missed(each, child)
        for each in every
        if each not in gone and (each.day, each.start) >= disruption.since
        for child in problem.tasks[each.task].children
        if child in missing and _absent(problem, each, missing[child])
    ]


# --- the week that is left ------------------------------------------------------------------------------------


def disrupt(problem: Problem, disruption: Disruption, placements: Sequence[Placement] = ()) -> Problem:
    """Return the week without what falls away; ``before`` is the week as it was published.

    Args:
        placements: the published sessions; those of ``problem.before`` when none are given.
    """
    before = tuple(placements) or problem.before
    gone = set(hit(problem, before, disruption))
    going_on = missed(problem, before, disruption)
    past = [each for each in before if (each.day, each.start) < disruption.since]
    fixed = [*problem.locked, *past, *(each.placement for each in going_on)]
    locked = tuple(dict.fromkeys(each for each in fixed if each not in gone))
    changed = replace(problem, locked=locked, before=before)
    # Closed days first: what stands for a place that is not there stands only where the house is open.
    for part in sorted(disruption.ahead(), key=lambda part: part.kind != "day"):
        begun = [each for each in past if _concerns(problem, each, part)]
        running = {slot for each in begun for slot in slots_of(problem.tasks[each.task], each)}
        changed = _without(changed, replace(part, slots=part.slots - running), going_on, disruption.since)
    return _nothing_before(changed, disruption.since, before)


def stand_ins(problem: Problem) -> tuple[Placement, ...]:
    """Return what stands for places that are not there; it has to be in a plan, and is no session."""
    return tuple(each for each in problem.locked if each.task.startswith(STAND_IN))


def sessions_of(placements: Iterable[Placement]) -> tuple[Placement, ...]:
    """Return the sessions alone."""
    return tuple(each for each in placements if not each.task.startswith(STAND_IN))


def _without(problem: Problem, part: Away, going_on: Sequence[Missed], since: Slot) -> Problem:
    if part.kind == "day":
        return replace(problem, grid=replace(problem.grid, open=problem.grid.open - part.slots))
    if part.kind == "therapist":
        them = problem.therapists[part.whom]
        changed = replace(them, free=them.free - part.slots)
        return replace(problem, therapists={**problem.therapists, part.whom: changed})
    if part.kind == "child":
        whole = all(slot in part.slots for slot in problem.grid.open if slot >= since)
        if whole:
            return _without_child(_out_of_groups(problem, part.whom), part, ())
        return _without_child(problem, part, going_on)
    return _without_places(problem, part)


def _out_of_groups(problem: Problem, child: str) -> Problem:
    """Let the groups of a child that does not come back this week be planned without it."""
    tasks = {
        task.id: replace(task, children=tuple(each for each in task.children if each != child))
        for task in problem.of_child(child)
        if len(task.children) > 1
    }
    return replace(problem, tasks={**problem.tasks, **tasks})


def _without_child(problem: Problem, part: Away, going_on: Sequence[Missed]) -> Problem:
    """Keep the child away; where its group goes on without it, it is counted with the group."""
    child = problem.children[part.whom]
    counted = {
        slot
        for each in going_on
        if each.child == part.whom
        for slot in slots_of(problem.tasks[each.placement.task], each.placement)
    }
    busy = {**dict.fromkeys(part.slots - counted, part.reason), **child.busy}
    return replace(problem, children={**problem.children, part.whom: replace(child, busy=busy)})


def _without_places(problem: Problem, part: Away) -> Problem:
    capacity = problem.resources[part.whom].capacity
    closed = dict.fromkeys(part.slots, CLOSED)
    tasks = {
        task.id: replace(task, barred={**closed, **task.barred})
        for task in problem.tasks.values()
        if dict(task.uses).get(part.whom, 0) > part.left
    }
    changed = replace(problem, tasks={**problem.tasks, **tasks})
    return _occupied(changed, part, capacity - part.left) if 0 < part.left < capacity else changed


def _occupied(problem: Problem, part: Away, places: int) -> Problem:
    """Let places of a resource be taken, run by run, by something that is nobody's session."""
    therapists, children, tasks = dict(problem.therapists), dict(problem.children), dict(problem.tasks)
    locked = list(problem.locked)
    for day, start, end in _runs(part.slots & problem.grid.open):
        key = f"{STAND_IN}{part.whom} {day} {start}"
        therapists[key] = Therapist(key, frozenset({key}), problem.grid.open, problem.grid.slots)
        children[key] = Child(key, {}, problem.grid.slots, 0)
        tasks[key] = Task(key, (key,), key, 1, end - start, uses=((part.whom, places),))
        locked.append(Placement(key, key, day, start))
    return replace(problem, therapists=therapists, children=children, tasks=tasks, locked=tuple(locked))


def _runs(slots: Iterable[Slot]) -> Iterator[tuple[int, int, int]]:
    """Yield the stretches of slots without a break: (day, first, behind the last)."""
    ordered = sorted(slots)
    held = set(ordered)
    for day, slot in ordered:
        if (day, slot - 1) not in held:
            end = slot
            while (day, end) in held:
                end += 1
            yield day, slot, end


def _nothing_before(problem: Problem, since: Slot, before: Iterable[Placement]) -> Problem:
    """Leave the therapists no time in what has gone by, but for the sessions that were held."""
    if since <= (0, 0):
        return problem
    held = {(each.therapist, *slot) for each in before for slot in slots_of(problem.tasks[each.task], each)}
    therapists: dict[str, Therapist] = {
        them.id: replace(them, free=frozenset(slot for slot in them.free if slot >= since or (them.id, *slot) in held))
        for them in problem.therapists.values()
    }
    return replace(problem, therapists=therapists)
