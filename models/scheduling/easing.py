"""Easing 放宽条件: what could be arranged otherwise so that a waiting session finds its place.

A change is a fact about the week ("this therapist works until 16:30 on Tuesday"); applied to a problem it gives the
problem in which the fact holds. How large a change is, is counted in minutes (docs/decisions/0045).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from models.scheduling.problem import Placement, Problem, Task
from models.scheduling.timetable import Hindrance, Timetable

TRAINING = 2400
"""Minutes that training a therapist for another therapy counts as: a working week."""
TAKEN_AWAY = 4
"""How many times its minutes a session counts that another child would go without."""
MIND = {
    "move": 0, "unlock": 1, "hours": 2, "child_free": 3, "therapist_day": 4, "resource": 5, "child_day": 5, "rest": 6,
    "shorter": 6, "open": 7, "wait": 8, "skill": 9, "fewer": 10, "barred": 11,
}  # fmt: skip
"""How much the house minds a change, where two are of one size."""
LAST = frozenset({"barred", "fewer"})
"""What is a doctor's to decide, or lets nothing in: said only when nothing else helps."""
NOT_OURS = frozenset({"away", "hospital", "isolation", "outside", "after_food", "agreement"})
"""What a child does that the department cannot arrange otherwise: as a change it comes last too."""


@dataclass(frozen=True)
class Easing:
    """One thing arranged otherwise: its code, whom or what it concerns, when, and how it is said."""

    code: str
    whom: str = ""
    day: int = -1
    start: int = 0
    end: int = 0
    form: str = ""
    """How the hours change: ``until``, ``from``, ``day``, ``also``; how the time elsewhere does: ``ends``, ``begins``, …"""
    reason: str = ""
    amount: int = 0
    therapy: str = ""
    session: Placement | None = None
    """The session that would wait, be unlocked, or have less rest beside it."""
    minutes: int = 0

    @property
    def mind(self) -> int:
        """How much the house minds it."""
        return MIND[self.code]

    @property
    def last(self) -> bool:
        """Whether it is said only when nothing else helps."""
        return self.code in LAST or self.reason in NOT_OURS

    def applied(self, problem: Problem) -> Problem:
        """Return the problem in which this is so."""
        return _APPLY[self.code](problem, self)


def easings_for(timetable: Timetable, placement: Placement, hindrances: Iterable[Hindrance]) -> list[Easing] | None:
    """Return the changes that would clear the way for a session; None where a hindrance can only be moved away."""
    found: list[Easing] = []
    for each in hindrances:
        make = _MAKE.get(each.rule)
        change = make(timetable.problem, placement, each) if make else None
        if change is None:
            return None
        found.append(change)
    return found


def applied(problem: Problem, changes: Iterable[Easing]) -> Problem:
    """Return the problem in which all the changes are made; where the house opens longer, hours come after."""
    for each in sorted(changes, key=lambda each: each.code != "open"):
        problem = each.applied(problem)
    return problem


# --- a change for a hindrance --------------------------------------------------------------------------------


def _hours(problem: Problem, placement: Placement, hindrance: Hindrance) -> Easing:
    start, end = hindrance.slots[0], hindrance.slots[-1] + 1
    free = problem.therapists[hindrance.whom].free
    there = [slot for slot in range(problem.grid.slots) if (placement.day, slot) in free]
    form = "also" if there else "day"
    if there and start > there[-1] and not _between(problem, placement.day, there[-1] + 1, start):
        form = "until"
    elif there and end <= there[0] and not _between(problem, placement.day, end, there[0]):
        form = "from"
    minutes = len(hindrance.slots) * problem.grid.minutes
    return Easing("hours", hindrance.whom, placement.day, start, end, form, minutes=minutes)


def _between(problem: Problem, day: int, start: int, end: int) -> bool:
    """Whether the house is open in between; a closed midday does not part working hours."""
    return any((day, slot) in problem.grid.open for slot in range(start, end))


def _open(problem: Problem, placement: Placement, hindrance: Hindrance) -> Easing | None:
    if hindrance.slots[-1] >= problem.grid.slots:
        return None
    span = len(hindrance.slots) * problem.grid.minutes
    return Easing("open", "", placement.day, hindrance.slots[0], hindrance.slots[-1] + 1, minutes=span)


def _child_free(problem: Problem, placement: Placement, hindrance: Hindrance) -> Easing:
    busy, day, start, end = (
        problem.children[hindrance.whom].busy,
        placement.day,
        hindrance.slots[0],
        hindrance.slots[-1] + 1,
    )
    before = busy.get((day, start - 1)) == hindrance.reason
    after = busy.get((day, end)) == hindrance.reason
    form = {(True, True): "gap", (True, False): "ends", (False, True): "begins", (False, False): "gone"}[before, after]
    span = len(hindrance.slots) * problem.grid.minutes
    return Easing("child_free", hindrance.whom, day, start, end, form, hindrance.reason, minutes=span)


def _barred(problem: Problem, placement: Placement, hindrance: Hindrance) -> Easing:
    span, task = len(hindrance.slots) * problem.grid.minutes, problem.tasks[placement.task]
    start, end = hindrance.slots[0], hindrance.slots[-1] + 1
    return Easing(
        "barred", task.id, placement.day, start, end, reason=hindrance.reason, therapy=task.therapy, minutes=span
    )


def _resource(problem: Problem, placement: Placement, hindrance: Hindrance) -> Easing:
    minutes = len(hindrance.slots) * problem.grid.minutes * hindrance.excess
    start, end = hindrance.slots[0], hindrance.slots[-1] + 1
    return Easing("resource", hindrance.whom, placement.day, start, end, amount=hindrance.excess, minutes=minutes)


def _therapist_day(problem: Problem, placement: Placement, hindrance: Hindrance) -> Easing:
    minutes = hindrance.excess * problem.grid.minutes
    most = problem.therapists[hindrance.whom].most_a_day + hindrance.excess
    return Easing("therapist_day", hindrance.whom, placement.day, amount=most, minutes=minutes)


def _child_day(problem: Problem, placement: Placement, hindrance: Hindrance) -> Easing:
    minutes = problem.tasks[placement.task].slots * problem.grid.minutes
    return Easing("child_day", hindrance.whom, placement.day, amount=hindrance.excess, minutes=minutes)


def _rest(problem: Problem, placement: Placement, hindrance: Hindrance) -> Easing:
    task, (other,) = problem.tasks[placement.task], hindrance.others
    wanted = problem.distance(hindrance.whom, task, problem.tasks[other.task])
    minutes = (wanted - hindrance.excess) * problem.grid.minutes
    return Easing(
        "rest", hindrance.whom, placement.day, amount=hindrance.excess, session=other, therapy=task.id, minutes=minutes
    )


def _skill(problem: Problem, placement: Placement, hindrance: Hindrance) -> Easing:
    return Easing("skill", hindrance.whom, therapy=problem.tasks[placement.task].therapy, minutes=TRAINING)


_MAKE: dict[str, Callable[[Problem, Placement, Hindrance], Easing | None]] = {
    "closed": _open, "busy": _child_free, "barred": _barred, "therapist_away": _hours, "therapist_day": _therapist_day,
    "child_day": _child_day, "rest": _rest, "resource": _resource, "skill": _skill,
}  # fmt: skip


def shorter(problem: Problem, task: Task, slots: int) -> Easing:
    """Return the change by which a task's sessions last fewer slots."""
    minutes = (task.slots - slots) * problem.grid.minutes * task.sessions
    return Easing("shorter", task.id, amount=slots, therapy=task.therapy, minutes=minutes)


def wait(problem: Problem, session: Placement) -> Easing:
    """Return the change by which another session waits instead; a session taken away counts much more than time given."""
    task = problem.tasks[session.task]
    minutes = TAKEN_AWAY * task.slots * problem.grid.minutes * len(task.children)
    return Easing("wait", task.id, session=session, minutes=minutes)


def unlock(session: Placement) -> Easing:
    """Return the change by which a locked session may be moved."""
    return Easing("unlock", session.task, session.day, session=session)


def fewer(problem: Problem, task: Task, held: int) -> Easing:
    """Return the change by which no more sessions are asked for than have found a place."""
    minutes = (task.sessions - held) * task.slots * problem.grid.minutes
    return Easing("fewer", task.id, amount=held, therapy=task.therapy, minutes=minutes)


# --- a change made -----------------------------------------------------------------------------------------------


def _therapist_with(problem: Problem, therapist: str, **values: object) -> Problem:
    changed = replace(problem.therapists[therapist], **values)  # type: ignore[arg-type]  # the fields' own types
    return replace(problem, therapists={**problem.therapists, therapist: changed})


def _child_with(problem: Problem, child: str, **values: object) -> Problem:
    changed = replace(problem.children[child], **values)  # type: ignore[arg-type]  # the fields' own types
    return replace(problem, children={**problem.children, child: changed})


def _task_with(problem: Problem, task: str, **values: object) -> Problem:
    changed = replace(problem.tasks[task], **values)  # type: ignore[arg-type]  # the fields' own types
    return replace(problem, tasks={**problem.tasks, task: changed})


def _slots(change: Easing) -> set[tuple[int, int]]:
    return {(change.day, slot) for slot in range(change.start, change.end)}


def _apply_hours(problem: Problem, change: Easing) -> Problem:
    hours = _slots(change) & problem.grid.open
    return _therapist_with(problem, change.whom, free=problem.therapists[change.whom].free | hours)


def _apply_open(problem: Problem, change: Easing) -> Problem:
    return replace(problem, grid=replace(problem.grid, open=problem.grid.open | _slots(change)))


def _apply_child_free(problem: Problem, change: Easing) -> Problem:
    gone, busy = _slots(change), problem.children[change.whom].busy
    return _child_with(problem, change.whom, busy={slot: why for slot, why in busy.items() if slot not in gone})


def _apply_barred(problem: Problem, change: Easing) -> Problem:
    gone, barred = _slots(change), problem.tasks[change.whom].barred
    return _task_with(problem, change.whom, barred={slot: why for slot, why in barred.items() if slot not in gone})


def _apply_resource(problem: Problem, change: Easing) -> Problem:
    resource = problem.resources[change.whom]
    more = replace(resource, capacity=resource.capacity + change.amount)
    return replace(problem, resources={**problem.resources, change.whom: more})


def _apply_rest(problem: Problem, change: Easing) -> Problem:
    assert change.session is not None
    rest = min(problem.children[change.whom].rest, change.amount)
    changed = _child_with(problem, change.whom, rest=rest)
    for one, other in ((change.therapy, change.session.task), (change.session.task, change.therapy)):
        apart = problem.tasks[one].apart
        if apart.get(other, 0) > change.amount:
            changed = _task_with(changed, one, apart={**apart, other: change.amount})
    return changed


def _apply_skill(problem: Problem, change: Easing) -> Problem:
    therapies = problem.therapists[change.whom].therapies | {change.therapy}
    return _therapist_with(problem, change.whom, therapies=therapies)


def _apply_wait(problem: Problem, change: Easing) -> Problem:
    return _task_with(problem, change.whom, sessions=problem.tasks[change.whom].sessions - 1)


def _apply_unlock(problem: Problem, change: Easing) -> Problem:
    return replace(problem, locked=tuple(each for each in problem.locked if each != change.session))


_APPLY: dict[str, Callable[[Problem, Easing], Problem]] = {
    "hours": _apply_hours, "open": _apply_open, "child_free": _apply_child_free, "barred": _apply_barred,
    "resource": _apply_resource, "rest": _apply_rest, "skill": _apply_skill, "wait": _apply_wait,
    "unlock": _apply_unlock,
    "therapist_day": lambda problem, change: _therapist_with(problem, change.whom, most_a_day=change.amount),
    "child_day": lambda problem, change: _child_with(problem, change.whom, most_a_day=change.amount),
    "shorter": lambda problem, change: _task_with(problem, change.whom, slots=change.amount),
    "fewer": lambda problem, change: _task_with(problem, change.whom, sessions=change.amount),
}  # fmt: skip
