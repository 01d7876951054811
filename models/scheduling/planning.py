"""Planning 排课: what goes into a week's plan, how a proposal differs from the week as it stands, and its steps.

The engine answers with placements; a person looks at them, locks some, changes something that stood in the way and
lets the rest be planned again. :class:`Desk` keeps these steps, so that each can be taken back; :class:`Run` lets the
engine work in another thread and holds the best it has found so far. Nothing here is stored.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from models.scheduling.gather import HELD
from models.scheduling.levels import Breach, Levels, breaches, levels
from models.scheduling.problem import Placement, Problem, Task, by_task

if TYPE_CHECKING:
    from models.scheduling.reasons import Cause, Reason
    from models.scheduling.relaxing import Relaxation


class Solved(Protocol):
    """What the engine tells of a plan, finished or on the way."""

    @property
    def placements(self) -> tuple[Placement, ...]: ...
    @property
    def levels(self) -> Levels: ...
    @property
    def bounds(self) -> Levels | None: ...
    @property
    def proven(self) -> int: ...
    @property
    def seconds(self) -> float: ...


# --- what goes in -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Intake:
    """What goes into the plan of a week, at a glance."""

    children: int
    tasks: int
    wanted: int
    """Sessions wanted; a group's counts once."""
    therapists: int
    minutes_wanted: int
    minutes_there: int
    """What the therapists can treat, no more a day than their daily maximum."""
    locked: int

    @property
    def load(self) -> float:
        """Return the share of the therapists' time that is wanted, in per cent."""
        return self.minutes_wanted / self.minutes_there * 100 if self.minutes_there else 0.0


def intake(problem: Problem) -> Intake:
    """Count what goes into a plan; what is only known to be there is counted as locked."""
    tasks = planned(problem)
    slot = problem.grid.minutes
    return Intake(
        len({child for task in tasks for child in task.children}),
        len(tasks),
        sum(task.sessions for task in tasks),
        len(problem.therapists),
        sum(task.sessions * task.slots for task in tasks) * slot,
        sum(each.available for each in problem.therapists.values()) * slot,
        len(problem.locked),
    )


def planned(problem: Problem) -> list[Task]:
    """Return the tasks that are to be planned, without the sessions that are only known to be there."""
    return [task for key, task in problem.tasks.items() if not key.startswith(HELD)]


# --- what has come out ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """How many sessions are wanted, placed and waiting; the last two always make up the first."""

    wanted: int
    placed: int

    @property
    def waiting(self) -> int:
        """How many have found no place."""
        return self.wanted - self.placed


def tally(problem: Problem, placements: Iterable[Placement]) -> Tally:
    """Count the sessions of a plan."""
    own = planned(problem)
    known = {task.id for task in own}
    return Tally(sum(task.sessions for task in own), sum(each.task in known for each in placements))


def waiting(problem: Problem, placements: Iterable[Placement]) -> list[tuple[Task, int]]:
    """Return every task that wants more sessions than it has, with their number, the gravest first."""
    placed = by_task(placements)
    short = [(task, task.sessions - len(placed.get(task.id, ()))) for task in planned(problem)]
    return sorted(((task, count) for task, count in short if count > 0), key=lambda pair: (-pair[0].weight, pair[0].id))


@dataclass(frozen=True)
class Comparison:
    """How a plan differs from the week as it stands."""

    kept: frozenset[Placement]
    moved: Mapping[Placement, Placement]
    """Where it is now → where it was."""
    new: frozenset[Placement]
    gone: tuple[Placement, ...]

    @property
    def changes(self) -> int:
        """How many sessions are not as they were."""
        return len(self.moved) + len(self.new) + len(self.gone)

    def what(self, placement: Placement) -> str:
        """Say what became of a session: ``kept``, ``moved`` or ``new``."""
        if placement in self.kept:
            return "kept"
        return "moved" if placement in self.moved else "new"


def compare(before: Iterable[Placement], after: Iterable[Placement]) -> Comparison:
    """Compare two weeks; of one task, what is elsewhere now counts as moved, in the order of the days."""
    was, now = by_task(before), by_task(after)
    kept: set[Placement] = set()
    moved: dict[Placement, Placement] = {}
    new: set[Placement] = set()
    gone: list[Placement] = []
    for task in {**was, **now}:
        old, fresh = set(was.get(task, ())), set(now.get(task, ()))
        kept |= old & fresh
        pairs = _paired(sorted(old - fresh), sorted(fresh - old))
        moved |= pairs
        new |= fresh - old - set(pairs)
        gone += sorted(old - fresh - set(pairs.values()))
    return Comparison(frozenset(kept), moved, frozenset(new), tuple(gone))


def _paired(old: Sequence[Placement], fresh: Sequence[Placement]) -> dict[Placement, Placement]:
    """Pair what has gone with what has come: on the same day first, then in order."""
    pairs: dict[Placement, Placement] = {}
    left = list(old)
    for same_day in (True, False):
        for place in fresh:
            found = next((each for each in left if not same_day or each.day == place.day), None)
            if place not in pairs and found is not None:
                pairs[place] = found
                left.remove(found)
    return pairs


def moment(problem: Problem, monday: date, placement: Placement) -> datetime:
    """Return when a placed session begins."""
    day = datetime.combine(monday + timedelta(days=placement.day), time())
    return day + timedelta(minutes=problem.grid.minute(placement.start))


# --- shaping it -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sketch:
    """A proposal as it lies on the table: the week it answers, its sessions, and which of them are held fast."""

    problem: Problem
    placements: tuple[Placement, ...] = ()
    pinned: frozenset[Placement] = frozenset()
    eased: tuple[str, ...] = ()
    """What was changed for this plan only, in words."""

    @cached_property
    def levels(self) -> Levels:
        """What the proposal is worth."""
        return levels(self.problem, self.placements)

    @cached_property
    def tally(self) -> Tally:
        """How many sessions are wanted, placed and waiting."""
        return tally(self.problem, self.placements)

    @cached_property
    def changes(self) -> Comparison:
        """How it differs from the week as it stands."""
        return compare(self.problem.before, self.placements)

    @cached_property
    def asked(self) -> Problem:
        """The week as the engine is asked: what is held fast may not move."""
        return replace(self.problem, locked=tuple(dict.fromkeys((*self.problem.locked, *sorted(self.pinned)))))

    def holds(self, placement: Placement) -> bool:
        """Whether a session is held fast, by the home's lock or by this plan's."""
        return placement in self.pinned or placement in self.problem.locked

    def pin(self, placements: Iterable[Placement]) -> Sketch:
        """Hold these fast, or let them go when all of them are held; the home's own locks stay."""
        chosen = frozenset(placements) - set(self.problem.locked)
        return replace(self, pinned=self.pinned - chosen if chosen <= self.pinned else self.pinned | chosen)

    def moved(self, old: Placement, new: Placement) -> Sketch:
        """Put one session elsewhere and hold it there, for somebody has chosen that place."""
        placements = tuple(new if each == old else each for each in self.placements)
        return replace(self, placements=placements, pinned=self.pinned - {old} | {new})

    def without(self, placement: Placement) -> Sketch:
        """Take one session out; it waits then."""
        left = tuple(each for each in self.placements if each != placement)
        return replace(self, placements=left, pinned=self.pinned - {placement})

    def eased_by(self, relaxation: Relaxation, words: str) -> Sketch:
        """Arrange something otherwise in this plan only, and let the waiting session in as the suggestion shows."""
        placements = tuple(sorted(relaxation.witness(self.placements)))
        problem = relaxation.applied(self.problem)
        pinned = self.pinned & set(placements)
        return replace(self, problem=problem, placements=placements, pinned=pinned, eased=(*self.eased, words))

    def answered(self, placements: Iterable[Placement]) -> Sketch:
        """Return the sketch with what the engine has answered."""
        return replace(self, placements=tuple(sorted(placements)))


def objections(sketch: Sketch, old: Placement, new: Placement) -> list[Breach]:
    """Return the rules that a session would break elsewhere; what stands wrong already is not its fault."""
    near = [each for each in sketch.placements if each.day == new.day or each.task == new.task]
    without = [each for each in near if each != old]
    problem = replace(sketch.problem, locked=())
    standing = set(breaches(problem, without))
    return [each for each in breaches(problem, [*without, new]) if each not in standing]


class Desk:
    """The proposal on the table with the steps that led to it; each can be taken back and done again."""

    def __init__(self, sketch: Sketch) -> None:
        self.now = sketch
        self._before: list[tuple[str, Sketch]] = []
        self._after: list[tuple[str, Sketch]] = []

    def put(self, sketch: Sketch, words: str) -> None:
        """Lay another sketch on the table; ``words`` say what was done."""
        if sketch != self.now:
            self._before.append((words, self.now))
            self._after.clear()
            self.now = sketch

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        """Whether there is a step to do again."""
        return bool(self._after)

    def undo(self) -> str:
        """Take the last step back and return its words; empty when there is none."""
        return self._step(self._before, self._after)

    def redo(self) -> str:
        """Do again what was taken back last, and return its words."""
        return self._step(self._after, self._before)

    def _step(self, source: list[tuple[str, Sketch]], target: list[tuple[str, Sketch]]) -> str:
        if not source:
            return ""
        words, sketch = source.pop()
        target.append((words, self.now))
        self.now = sketch
        return words


# --- letting the engine work ------------------------------------------------------------------------------


@dataclass
class Run:
    """One run of the engine, looked at from another thread: the best so far, and how it came to it."""

    sketch: Sketch
    seconds: float = 60.0
    order: Sequence[str] | None = None
    best: Solved | None = None
    trail: list[tuple[float, Levels]] = field(default_factory=list)
    """(seconds, levels) of every better plan."""
    stage: str = ""
    _stop: threading.Event = field(default_factory=threading.Event)

    def stop(self) -> None:
        """Ask the engine to end with the best it has."""
        self._stop.set()

    @property
    def stopped(self) -> bool:
        """Whether somebody has asked it to end."""
        return self._stop.is_set()

    def improved(self, found: Solved) -> None:
        """Take note of a better plan."""
        self.best = found
        self.stage = getattr(found, "stage", "")
        self.trail.append((found.seconds, found.levels))

    def work(self, cancelled: Callable[[], bool] = lambda: False) -> Sketch:
        """Let the engine plan and return the proposal."""
        from models.scheduling.engine import solve

        # Where nothing is booked yet, the week before is what to begin from.
        start = self.sketch.placements or self.sketch.problem.before
        plan = solve(
            self.sketch.asked, seconds=self.seconds, start=start, on_better=self.improved,
            cancelled=lambda: self.stopped or cancelled(), order=self.order,
        )  # fmt: skip
        self.improved(plan)
        return self.sketch.answered(plan.placements)


def reasons(
    sketch: Sketch, tell: Callable[[Reason], None], cancelled: Callable[[], bool] = lambda: False
) -> tuple[Cause, ...]:
    """Find out of every waiting session why it waits, tell each as soon as it is known, and return the causes."""
    from models.scheduling.reasons import explain_all

    return explain_all(sketch.asked, sketch.placements, tell=tell, cancelled=cancelled)


def by_therapist(placements: Iterable[Placement]) -> dict[str, list[Placement]]:
    """Return the placements of each therapist, in the order of the week."""
    found: defaultdict[str, list[Placement]] = defaultdict(list)
    for each in sorted(placements, key=lambda each: (each.day, each.start)):
        found[each.therapist].append(each)
    return dict(found)
