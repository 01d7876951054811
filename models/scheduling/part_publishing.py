"""Publishing a part 部分发布: some changes of a proposal now, the rest stays proposed and can still be published.

What is published must stand by itself: a session that moves to where another still is takes that one along. The rest is
the proposal of the week as it then stands, so it can be published later, in parts again, or taken back with the part
(docs/decisions/0079).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from models.core import records
from models.core.database import Work
from models.core.errors import Invalid, Problem
from models.core.queries import load
from models.scheduling.carry_out import carry_out
from models.scheduling.change import Change
from models.scheduling.gather import Gathered, gather
from models.scheduling.levels import Breach, breaches
from models.scheduling.plans import publish, refuse_or_ask
from models.scheduling.problem import Placement
from models.scheduling.standing import standing
from models.scheduling.versions import number_it
from models.scheduling.week_plan import WeekPlan
from models.therapy import TherapySession
from resources import _

Lines = frozenset[int]
"""The numbers of lines of a plan's change list."""


@dataclass(frozen=True)
class Step:
    """One line of the change list as a move: where the session is, and where it shall be; either may be nowhere."""

    number: int
    old: Placement | None
    new: Placement | None
    was: Stand | None
    then: Stand | None


@dataclass(frozen=True)
class Stand:
    """What a sitting takes up in the house: its room and equipment, when, and for how many children."""

    room: str | None
    tool: str | None
    starts: datetime
    ends: datetime
    size: int

    def meets(self, other: Stand) -> bool:
        """Whether they take something at the same time."""
        return self.starts < other.ends and other.starts < self.ends


class Parts:
    """Which lines of a proposal can be published without which others."""

    def __init__(self, plan: WeekPlan, gathered: Gathered) -> None:
        self.gathered, self.lines = gathered, list(plan.lines or ())
        placed = {key: placement for placement, key in gathered.session_of.items()}
        self.steps = [self._step(number, line, plan, placed) for number, line in enumerate(self.lines)]
        self.every: Lines = frozenset(range(len(self.lines)))
        self._together: dict[int, Lines] = {}

    @property
    def possible(self) -> bool:
        """Whether the proposal can be published in parts at all."""
        return len(self.steps) > 1 and all(step is not None for step in self.steps)

    def _step(
        self, number: int, line: Mapping[str, Any], plan: WeekPlan, placed: Mapping[str, Placement]
    ) -> Step | None:
        """Return a line as a move; None when the week does not know its session or place any more."""
        item = (plan.items or [])[line["item"]] if line.get("item") is not None else None
        key = item["sitting"] if item is not None else line.get("sitting")
        sitting, old = self.gathered.sittings.get(key or ""), placed.get(key or "")
        new = self._place(item) if item is not None else None
        if (item is None and key is None) or (key and (sitting is None or old is None)) or (item and new is None):
            return None
        was = then = None
        if sitting is not None:
            was = Stand(
                sitting.room_id, sitting.equipment_id, sitting.starts_at, sitting.ends_at, len(sitting.children)
            )
        if item is not None:
            starts, ends = datetime.fromisoformat(item["starts"]), datetime.fromisoformat(item["ends"])
            then = Stand(item["room"], item["tool"], starts, ends, len(item["children"]))
        return Step(number, old, new, was, then)

    def _place(self, item: Mapping[str, Any]) -> Placement | None:
        problem, at = self.gathered.problem, self.gathered.frame.place(datetime.fromisoformat(item["starts"]))
        known = item["task"] in problem.tasks and item["therapist"] in problem.therapists
        return Placement(item["task"], item["therapist"], *at) if known and at is not None else None

    def closed(self, chosen: Collection[int]) -> Lines:
        """Return the chosen lines and all that must go along, so that no rule is broken that is not broken anyway."""
        found = frozenset(chosen)
        while True:
            more = frozenset((*self._in_the_way(found), *self._in_the_room(found))) - found
            if not more:
                return found
            found |= more

    def without(self, chosen: Collection[int], number: int) -> Lines:
        """Return the chosen lines less one, and less those that cannot go without it."""
        return frozenset(each for each in chosen if each != number and number not in self._with(each))

    def _with(self, number: int) -> Lines:
        if number not in self._together:
            self._together[number] = self.closed({number})
        return self._together[number]

    # --- rules -------------------------------------------------------------------------------------------

    @cached_property
    def _stand(self) -> tuple[Placement, ...]:
        return tuple(self.gathered.session_of)

    @cached_property
    def _known(self) -> set[Breach]:
        """What is broken as the week stands, and what the whole plan breaks knowingly."""
        problem = self.gathered.problem
        return {*breaches(problem, self._stand), *breaches(problem, self._week(self.every))}

    def _week(self, chosen: Lines) -> list[Placement]:
        """Return the week in which the chosen lines are done."""
        taken = [step for step in self.steps if step is not None and step.number in chosen]
        gone = {step.old for step in taken}
        return [*(each for each in self._stand if each not in gone), *(step.new for step in taken if step.new)]

    def _in_the_way(self, chosen: Lines) -> Iterator[int]:
        """Yield the lines not chosen whose session, where it is now, breaks a rule with what is chosen."""
        still = {step.old: step.number for step in self.steps if step and step.old and step.number not in chosen}
        for breach in breaches(self.gathered.problem, self._week(chosen)):
            if breach.rule != "locked" and breach not in self._known:
                yield from (still[each] for each in breach.placements if each in still)

    # --- rooms -------------------------------------------------------------------------------------------

    def _in_the_room(self, chosen: Lines) -> Iterator[int]:
        """Yield the lines not chosen whose session still has the room or thing that a chosen one needs."""
        steps = [step for step in self.steps if step is not None]
        moved = {step.old for step in steps}
        others = [self._as_booked(each) for each in self._stand if each not in moved]
        still = [step for step in steps if step.number not in chosen and step.was]
        fresh = [step.then for step in steps if step.number in chosen and step.then]
        for stand in fresh:
            for name, limit in self._limits(stand):
                same = [each for each in (*others, *fresh) if getattr(each, name) == getattr(stand, name)]
                left = [step for step in still if step.was and getattr(step.was, name) == getattr(stand, name)]
                beside = sum(each.size for each in same if each.meets(stand))
                meeting = [step for step in left if step.was and step.was.meets(stand)]
                if meeting and beside + sum(step.was.size for step in meeting if step.was) > limit:
                    yield from (step.number for step in meeting)

    def _limits(self, stand: Stand) -> Iterator[tuple[str, int]]:
        if stand.room and stand.room in self.gathered.places.rooms:
            yield "room", self.gathered.places.rooms[stand.room].capacity
        if stand.tool and stand.tool in self.gathered.places.tools:
            yield "tool", self.gathered.places.tools[stand.tool].quantity

    def _as_booked(self, placement: Placement) -> Stand:
        each = self.gathered.sittings[self.gathered.session_of[placement]]
        return Stand(each.room_id, each.equipment_id, each.starts_at, each.ends_at, len(each.children))


def parts_of(work: Work, plan_id: str) -> Parts:
    """Read which lines of a proposal can be published without which others."""
    plan: WeekPlan = load(work, WeekPlan, plan_id)
    return Parts(plan, gather(work, plan.monday))


# --- publishing -----------------------------------------------------------------------------------------------


def publish_part(work: Work, plan_id: str, chosen: Collection[int], *, confirmed: bool = False) -> Change:
    """Publish some lines of a proposal as a version of the week; the rest is proposed anew.

    Raises:
        Invalid: when the week has changed underneath, or a chosen line cannot stand without another.
        Unconfirmed: when something it rests on has changed so that a rule would be broken.
    """
    plan: WeekPlan = load(work, WeekPlan, plan_id)
    parts = parts_of(work, plan_id)
    lines = frozenset(chosen) & parts.every
    if lines == parts.every:
        return publish(work, plan_id, confirmed=confirmed)
    if not lines or not parts.possible or parts.closed(lines) != lines:
        raise Invalid([Problem("", _("These changes cannot be published without others; please choose again."))])
    part = _saved(work, plan, lines, "part")
    refuse_or_ask(work, part, confirmed)
    change = carry_out(work, part)
    number_it(work, part)
    rest = _saved(work, plan, parts.every - lines, None)
    _find_again(work, rest, change.created)
    plan.stage = "dropped"
    work.flush()
    return Change(change.created, change.before, change.after, plans=(part.id,))


def _saved(work: Work, plan: WeekPlan, lines: Lines, origin: str | None) -> WeekPlan:
    """Keep some lines of a plan, and all that it leaves as it is, as a proposal of their own."""
    every = list(plan.lines or ())
    left_out = [line for number, line in enumerate(every) if number not in lines]
    dropped = {line["item"] for line in left_out if line.get("item") is not None}
    staying = {line["sitting"] for line in left_out if line.get("item") is None}
    kept = origin is None
    numbers = [number for number in range(len(plan.items or ())) if kept or number not in dropped]
    again = {number: index for index, number in enumerate(numbers)}
    values = {
        "monday": plan.monday, "stage": "proposed", "origin": origin, "part_of": plan.id, "placed": len(numbers),
        "items": [dict((plan.items or [])[number]) for number in numbers],
        "lines": [_renumbered(every[number], again) for number in sorted(lines)], "changed": len(lines),
        "leaving": [key for key in plan.leaving or () if key not in staying],
        "waiting": plan.waiting, "queue": plan.queue, "levels": plan.levels, "marks": plan.marks,
        "prints": plan.prints, "note": plan.note,
    }  # fmt: skip
    asked = work.confirmed
    key = records.save(work, WeekPlan, values, confirmed=True)
    work.confirmed = asked  # Keeping it is not yet agreeing to what speaks against publishing it.
    found: WeekPlan = load(work, WeekPlan, key)
    return found


def _renumbered(line: Mapping[str, Any], again: Mapping[int, int]) -> dict[str, Any]:
    return {**line, "item": again[line["item"]] if line.get("item") is not None else None}


def _find_again(work: Work, rest: WeekPlan, created: Iterable[str]) -> None:
    """Let the rest know the sittings that were booked just now, and the week as it stands."""
    booked: dict[tuple[str, str], str] = {}
    for key in created:
        session: TherapySession = load(work, TherapySession, key)
        booked[session.child_id, session.starts_at.isoformat()] = session.sitting_id
    items = [dict(each) for each in rest.items or ()]
    for item in items:
        sittings = Counter(booked.get((child, item["starts"])) for child in item["children"])
        found = next((key for key, _count in sittings.most_common() if key), None)
        item["sitting"] = item["sitting"] or found
    rest.items, rest.marks = items, dict(standing(work, rest.monday).marks)
