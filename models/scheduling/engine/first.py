"""The first plan, at once: the tasks that are hardest to place come first, each with the therapist who suits it best."""

from __future__ import annotations

from random import Random

from models.scheduling.engine.held import Held
from models.scheduling.engine.state import State, cost
from models.scheduling.engine.week import Assignment, Sitting, Week, bits


def first_plan(week: Week, random: Random, kept: Assignment | None = None, noise: float = 0.0) -> State:
    """Place the locked sessions, those to be kept where they still fit, and then task after task, none moved again."""
    held = Held(week)
    sittings: list[list[Sitting]] = [[] for _ in week.tasks]
    for source in (week.locked, kept or ()):
        for task, mine in enumerate(source):
            for each in mine:
                if _fits(week, held, task, sittings[task], each):
                    held.add(task, each)
                    sittings[task].append(each)
    for task in _hardest_first(week, random, noise):
        sittings[task] = _fill(week, held, task, sittings[task])
    return State(week, sittings)


def _hardest_first(week: Week, random: Random, noise: float) -> list[int]:
    def ease(task: int) -> tuple[int, float]:
        room = max((week.starts_with(task, each).bit_count() for each in week.able[task]), default=0)
        wanted = week.tasks[task].sessions * week.length[task] * week.tasks[task].weight
        return -len(week.members[task]), room / wanted * (1 + noise * random.random())

    return sorted(range(len(week.tasks)), key=ease)


def _fits(week: Week, held: Held, task: int, mine: list[Sitting], sitting: Sitting) -> bool:
    if len(mine) >= week.tasks[task].sessions or sitting in mine:
        return False
    if any(each.time // week.slots == sitting.time // week.slots for each in mine):
        return False
    return bool(held.starts_with(task, sitting.therapist, held.starts(task)) >> sitting.time & 1)


def _fill(week: Week, held: Held, task: int, mine: list[Sitting]) -> list[Sitting]:
    """Place what a task still lacks with the one therapist with whom most can be placed, and best."""
    present = sorted({each.therapist for each in mine})
    wished = week.wished[task]
    order = sorted(present or week.able[task], key=lambda each: (each != wished, held.week_load(each)))
    best: tuple[tuple[int, ...], list[Sitting]] | None = None
    for therapist in order:
        added = _with_one(week, held, task, therapist, mine)
        found = (cost(week, task, [*mine, *added]), added)
        if best is None or found[0] < best[0]:
            best = found
        if best[0][:3] == (0, 0, 0):
            break
    added = best[1] if best else []
    for each in added:
        held.add(task, each)
    return [*mine, *added]


def _with_one(week: Week, held: Held, task: int, therapist: int, mine: list[Sitting]) -> list[Sitting]:
    starts = held.starts_with(task, therapist, held.starts(task))
    for each in mine:
        starts &= ~week.days_of[each.time // week.slots]
    added: list[Sitting] = []
    while starts and len(mine) + len(added) < week.tasks[task].sessions:
        best = min(bits(starts), key=lambda time: _choice(week, task, [*mine, *added], Sitting(therapist, time)))
        added.append(Sitting(therapist, best))
        starts &= ~week.days_of[best // week.slots]
    return added


def _choice(week: Week, task: int, mine: list[Sitting], sitting: Sitting) -> tuple[int, int, int]:
    day = sitting.time // week.slots
    near = sum(abs(each.time // week.slots - day) == 1 for each in mine) if week.spreads[task] else 0
    return week.missed(task, sitting), near, sitting.time
