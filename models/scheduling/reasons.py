"""Reasons 未排原因: why a session could not be placed, and the smallest change that would let it in.

:func:`explain` looks through the places a session could have, step by step as a person would: is the child ever free
for so long, does anyone give the therapy then, is the child's day full, the room, the therapists. The step that leaves
nothing is the reason; what it would take is in its ``relaxations``, each of them tried. Many waiting sessions often
have one cause: :func:`explain_all` puts them together, :mod:`models.scheduling.pressure` says how much is wanted and there.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from models.scheduling.pressure import FullWeek, Pressure, full_week, pressures
from models.scheduling.problem import Grid, Placement, Problem, Slot, Task
from models.scheduling.relaxing import Relaxation, suggestions
from models.scheduling.timetable import Timetable

OF_SUPPLY = frozenset({"therapist_taken", "resource", "never_there", "no_therapist"})
"""The rules behind which there may be more wanted than the house has."""


@dataclass(frozen=True)
class Fact:
    """What one rule takes away: the rule's code, how many of the possible times, and who or what is concerned."""

    rule: str
    times: int
    whom: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    """Codes of what the child does meanwhile, or why the therapy is barred."""
    locked: bool = False
    """Whether a locked session is part of it."""
    until: Slot | None = None
    """When a contraindication ends, if it ends within the week."""


@dataclass(frozen=True)
class Reason:
    """Why sessions of a task wait: the rule that left no place, all that stood in the way, and what would help."""

    task: str
    rule: str
    """The code of the fact that left nothing; ``placed`` when nothing waits, ``room`` when there is a place after all."""
    missing: int
    """How many sessions of the task wait."""
    therapy: str
    children: tuple[str, ...]
    minutes: int
    """How long a session lasts."""
    times: int
    """How many times of the week suit the children as far as they are free."""
    facts: tuple[Fact, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()
    seconds: float = 0.0

    def words(self, names: Mapping[str, str], grid: Grid) -> str:
        """Say why in one sentence, without the suggestions."""
        from models.scheduling.reason_words import reason_words

        return reason_words(self, names, grid)

    def suggestions(self, problem: Problem, names: Mapping[str, str]) -> list[str]:
        """Say what would let it in, one sentence a suggestion."""
        from models.scheduling.reason_words import relaxation_words

        return [relaxation_words(each, problem, names) for each in self.relaxations]


@dataclass(frozen=True)
class Cause:
    """What several waiting sessions have in common: the rule, whom it concerns, and how much more is wanted than there."""

    rule: str
    whom: str
    """The therapy, the resource or the child that it is about."""
    reasons: tuple[Reason, ...]
    pressure: Pressure | FullWeek | None = None

    @property
    def missing(self) -> int:
        """How many sessions wait for this."""
        return sum(each.missing for each in self.reasons)

    def words(self, names: Mapping[str, str], grid: Grid) -> str:
        """Say it in one or two sentences."""
        from models.scheduling.reason_words import cause_words

        return cause_words(self, names, grid)


def explain(
    problem: Problem, placements: Sequence[Placement], task_id: str, *, seconds: float = 1.0, fewest: bool = False
) -> Reason:
    """Say why a session of a task could not be placed, and what the smallest changes are that would let it in.

    Args:
        fewest: whether it is proven that no fewer can wait; then moving others alone is not tried.
    """
    return explain_in(Timetable(problem, placements), tuple(placements), task_id, seconds=seconds, fewest=fewest)


def explain_in(
    timetable: Timetable, placements: Sequence[Placement], task_id: str, *, seconds: float = 1.0, fewest: bool = False
) -> Reason:
    """Explain on a timetable that is already there; it is left as it was."""
    began = time.monotonic()
    task = timetable.problem.tasks[task_id]
    missing = timetable.missing(task)
    sieve = _Sieve(timetable, task)
    rule, facts = sieve.result() if missing else ("placed", ())
    left = began + seconds - time.monotonic()
    found = suggestions(timetable, placements, task, seconds=left, fewest=fewest) if missing else ()
    minutes = task.slots * timetable.problem.grid.minutes
    spent = time.monotonic() - began
    return Reason(
        task.id, rule, missing, task.therapy, task.children, minutes, len(sieve.suiting), tuple(facts), found, spent
    )


def explain_all(
    problem: Problem,
    placements: Sequence[Placement],
    *,
    seconds: float = 1.0,
    fewest: bool = False,
    tell: Callable[[Reason], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Cause, ...]:
    """Explain every waiting session and put those with one cause together, the cause of most waiting first.

    Args:
        seconds: the most for one task.
        fewest: whether it is proven that no fewer can wait.
        tell: told of each reason as soon as it is found.
    """
    timetable = Timetable(problem, placements)
    found: list[Reason] = []
    for task in problem.tasks.values():
        if timetable.missing(task) and not (cancelled and cancelled()):
            found.append(explain_in(timetable, tuple(placements), task.id, seconds=seconds, fewest=fewest))
            if tell:
                tell(found[-1])
    return causes(problem, found)


def causes(problem: Problem, reasons: Sequence[Reason]) -> tuple[Cause, ...]:
    """Put reasons with one cause together, the cause of most waiting first."""
    tight = pressures(problem)
    grouped: defaultdict[tuple[str, str], list[Reason]] = defaultdict(list)
    for each in reasons:
        if each.rule != "placed":
            grouped[each.rule, _about(each)].append(each)
    made = (Cause(rule, whom, tuple(own), _press(problem, tight, rule, own)) for (rule, whom), own in grouped.items())
    return tuple(sorted(made, key=lambda cause: (-cause.missing, cause.rule, cause.whom)))


def _about(reason: Reason) -> str:
    """Whom a reason is about: the room that is full, the child whose day is full, or else the therapy."""
    own = next((each for each in reason.facts if each.rule == reason.rule), None)
    if reason.rule in ("resource", "never_room") and own and own.whom:
        return own.whom[0]
    if reason.rule in ("child_day", "child_taken", "no_stretch", "barred", "same_day"):
        return reason.children[0]
    return reason.therapy


def _press(
    problem: Problem, tight: Sequence[Pressure], rule: str, reasons: Sequence[Reason]
) -> Pressure | FullWeek | None:
    if rule == "child_day":
        return full_week(problem, reasons[0].children[0])
    therapies = {each.therapy for each in reasons} if rule in OF_SUPPLY else set()
    return next((each for each in tight if therapies & set(each.therapies)), None)


@dataclass
class _Sieve:
    """Takes away, rule by rule, the times at which a task could lie, until none is left."""

    timetable: Timetable
    task: Task
    facts: list[Fact] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.problem = self.timetable.problem
        self.suiting: tuple[Slot, ...] = self.timetable.starts(self.task)

    def result(self) -> tuple[str, list[Fact]]:
        """Return the rule that leaves nothing, and everything that took something away."""
        if self.task.slots > self.problem.grid.slots:
            return "too_long", [Fact("too_long", 0)]
        if not self.suiting:
            return self._never_free()
        if not self.problem.able(self.task):
            return "no_therapist", [Fact("no_therapist", len(self.suiting))]
        for resource, units in self.task.uses:
            if units > self.problem.resources[resource].capacity:
                return "never_room", [Fact("never_room", len(self.suiting), (resource,))]
        left = list(self.suiting)
        self._barred()
        for step in (self._never_there, self._same_day, self._child_day, self._child_taken, self._full, self._taken):
            left = step(left)
            if not left:
                return self.facts[-1].rule, self.facts
        return "room", self.facts

    def _never_free(self) -> tuple[str, list[Fact]]:
        """Say what keeps the children from ever being free for so long: their week, or a contraindication."""
        grid, children = self.problem.grid, [self.problem.children[each] for each in self.task.children]
        self._barred()
        if self.facts:
            return "barred", self.facts
        doing = dict.fromkeys(why for child in children for slot, why in child.busy.items() if slot in grid.open)
        return "no_stretch", [Fact("no_stretch", 0, self.task.children, tuple(doing))]

    def _barred(self) -> None:
        """Note the times that a contraindication alone takes away, and until when."""
        if not self.task.barred:
            return
        free = self.timetable.starts_if(replace(self.task, barred={}))
        gone = len(free) - len(self.suiting)
        day, slot = max(self.task.barred)
        ends = any(place > (day, slot) for place in self.problem.grid.open)
        why = tuple(dict.fromkeys(self.task.barred.values()))
        if gone:
            self.facts.append(Fact("barred", gone, self.task.children, why, until=(day, slot + 1) if ends else None))

    def _keep(self, rule: str, left: list[Slot], stands: Callable[[Slot], Sequence[str] | None]) -> list[Slot]:
        """Keep the times against which a rule has nothing; ``stands`` names whom it concerns, or None."""
        kept, whom, gone = [], {}, 0
        for slot in left:
            against = stands(slot)
            if against is None:
                kept.append(slot)
            else:
                gone += 1
                whom.update(dict.fromkeys(against))
        if gone:
            self.facts.append(Fact(rule, gone, tuple(whom), locked=self._locked(rule, whom)))
        return kept

    def _locked(self, rule: str, whom: Mapping[str, None]) -> bool:
        tasks = self.problem.tasks
        if rule in ("never_there", "same_day"):
            return False
        return any(each.therapist in whom or set(whom) & set(tasks[each.task].children) for each in self.problem.locked)

    def _never_there(self, left: list[Slot]) -> list[Slot]:
        return self._keep("never_there", left, lambda slot: None if self._there(slot) else self.problem.able(self.task))

    def _there(self, slot: Slot) -> list[str]:
        able = self.problem.able(self.task)
        return [each for each in able if self.problem.therapist_there(each, self.task, *slot)]

    def _same_day(self, left: list[Slot]) -> list[Slot]:
        days = {each.day for each in self.timetable.of_task(self.task.id)}
        return self._keep("same_day", left, lambda slot: self.task.children if slot[0] in days else None)

    def _child_day(self, left: list[Slot]) -> list[Slot]:
        return self._keep("child_day", left, lambda slot: self._against(slot, {"child_day"}))

    def _child_taken(self, left: list[Slot]) -> list[Slot]:
        return self._keep("child_taken", left, lambda slot: self._against(slot, {"child_taken", "rest"}))

    def _full(self, left: list[Slot]) -> list[Slot]:
        return self._keep("resource", left, lambda slot: self._against(slot, {"resource"}))

    def _against(self, slot: Slot, rules: set[str]) -> list[str] | None:
        found = [each.whom for each in self.timetable.around(self.task, *slot) if each.rule in rules]
        return found or None

    def _taken(self, left: list[Slot]) -> list[Slot]:
        return self._keep("therapist_taken", left, lambda slot: self._all_taken(slot))

    def _all_taken(self, slot: Slot) -> list[str] | None:
        """Return the therapists who are there, when every one of them is taken or has treated enough that day."""
        there = self._there(slot)
        return there if all(self.timetable.of_therapist(each, self.task, *slot) for each in there) else None


def waiting(problem: Problem, placements: Sequence[Placement]) -> Iterator[tuple[Task, int]]:
    """Yield every task of which sessions wait, and how many."""
    timetable = Timetable(problem, placements)
    for task in problem.tasks.values():
        if timetable.missing(task):
            yield task, timetable.missing(task)
