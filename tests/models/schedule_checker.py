"""A checker of therapy weeks, written from the rules' words and sharing nothing with the planner but the plain values.

It walks through the week slot by slot, as somebody would who stands in the department with the plan in hand.
"""

from __future__ import annotations

from collections.abc import Iterable

from models.scheduling.problem import Placement, Problem


def broken_rules(problem: Problem, plan: Iterable[Placement]) -> list[str]:
    """Return every rule that a plan breaks, in words."""
    plan = list(plan)
    told = [*_known(problem, plan)]
    if told:
        return told
    for day in range(problem.grid.days):
        for slot in range(-1, problem.grid.slots + max((task.slots for task in problem.tasks.values()), default=0)):
            told += _at_one_moment(problem, plan, day, slot)
        told += _over_one_day(problem, plan, day)
    told += _over_the_week(problem, plan)
    return told


def _known(problem: Problem, plan: list[Placement]) -> Iterable[str]:
    for each in plan:
        if each.task not in problem.tasks:
            yield f"nobody has asked for {each.task}"
        elif each.therapist not in problem.therapists:
            yield f"{each.therapist} does not work here"
        elif each.day not in range(problem.grid.days) or each.start < 0:
            yield f"{each} is not in this week"


def _running(problem: Problem, plan: list[Placement], day: int, slot: int) -> list[Placement]:
    running = []
    for each in plan:
        length = problem.tasks[each.task].slots
        if each.day == day and each.start <= slot and slot < each.start + length:
            running.append(each)
    return running


def _at_one_moment(problem: Problem, plan: list[Placement], day: int, slot: int) -> list[str]:
    told, now = [], (day, slot)
    running = _running(problem, plan, day, slot)
    treating: set[str] = set()
    treated: set[str] = set()
    taken: dict[str, int] = {}
    for each in running:
        task, therapist = problem.tasks[each.task], problem.therapists[each.therapist]
        if now not in problem.grid.open:
            told.append(f"{each}: the department is closed at {now}")
        if task.therapy not in therapist.therapies:
            told.append(f"{each}: {therapist.id} does not give {task.therapy}")
        if now not in therapist.free:
            told.append(f"{each}: {therapist.id} is not there at {now}")
        if now in task.barred:
            told.append(f"{each}: contraindicated at {now}")
        if therapist.id in treating:
            told.append(f"{each}: {therapist.id} treats two at {now}")
        treating.add(therapist.id)
        for child in task.children:
            if now in problem.children[child].busy:
                told.append(f"{each}: {child} is elsewhere at {now}")
            if child in treated:
                told.append(f"{each}: {child} is in two sessions at {now}")
            treated.add(child)
        for resource, units in task.uses:
            taken[resource] = taken.get(resource, 0) + units
    for resource, units in taken.items():
        if units > problem.resources[resource].capacity:
            told.append(f"{resource}: {units} places taken at {now}")
    return told


def _over_one_day(problem: Problem, plan: list[Placement], day: int) -> list[str]:
    told = []
    today = [each for each in plan if each.day == day]
    for therapist in problem.therapists.values():
        treats = sum(problem.tasks[each.task].slots for each in today if each.therapist == therapist.id)
        if treats > therapist.most_a_day:
            told.append(f"{therapist.id} treats {treats} slots on day {day}")
    for child in problem.children.values():
        own = [each for each in today if child.id in problem.tasks[each.task].children]
        if len(own) > child.most_a_day:
            told.append(f"{child.id} has {len(own)} sessions on day {day}")
        told += _rested(problem, child.id, own)
    for task in problem.tasks.values():
        if len([each for each in today if each.task == task.id]) > 1:
            told.append(f"{task.id} twice on day {day}")
    return told


def _rested(problem: Problem, child: str, own: list[Placement]) -> list[str]:
    told = []
    for one in own:
        for other in own:
            first, second = problem.tasks[one.task], problem.tasks[other.task]
            if one is other or one.start > other.start:
                continue
            rest = [problem.children[child].rest]
            rest += [first.apart[second.id]] if second.id in first.apart else []
            rest += [second.apart[first.id]] if first.id in second.apart else []
            if other.start - (one.start + first.slots) < max(rest):
                told.append(f"{child} does not rest long enough between {one} and {other}")
    return told


def _over_the_week(problem: Problem, plan: list[Placement]) -> list[str]:
    told = []
    for task in problem.tasks.values():
        count = len([each for each in plan if each.task == task.id])
        if count > task.sessions:
            told.append(f"{task.id} has {count} sessions of {task.sessions}")
    for each in problem.locked:
        if each not in plan:
            told.append(f"{each} is locked and was moved")
    return told
