"""Facts 排课事实: everything that is read for a week, each thing once, before it is put together as a problem."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from models.core.database import Work
from models.department import rules_on
from models.precautions import Bar, precautions_on
from models.scheduling.frame import Frame, frame_of
from models.scheduling.people import Days, after_food, children, days_of, therapists, workers
from models.scheduling.places import Place, Places, places
from models.scheduling.problem import Child, Slot, Therapist
from models.scheduling.standing import Sitting, Standing, earlier, familiar, standing
from models.scheduling.wanted import USUAL_PRIORITY, Group, Missed, Prescription, groups, missed, prescriptions, share

LOOK_BACK = 4
"""Weeks whose sittings show which children are treated together."""


@dataclass(frozen=True)
class Want:
    """What is to be planned of one prescription, group or missed session, before it is cut into tasks."""

    id: str
    kind: str
    """``single``, ``group`` or ``makeup``."""
    children: tuple[str, ...]
    therapy: str
    a_week: int
    minutes: int
    priority: int
    sources: tuple[str, ...]
    """The prescriptions, or the missed session."""
    therapist: str | None = None
    half: str | None = None
    tools: tuple[tuple[str, int], ...] = ()
    spans: tuple[tuple[date, date], ...] = ()
    """From when until when each child's prescription holds."""
    most: tuple[int | None, ...] = ()
    """How many sessions a day each child's prescription allows at most; None where it does not say."""

    def owed(self, frame: Frame) -> int:
        """Return how many sessions it wants in a week, for nobody fewer than is owed."""
        if self.kind == "makeup":
            return 1
        return max(share(self.a_week, frame.open_days(*span)) for span in self.spans)


@dataclass(frozen=True)
class Facts:
    """Everything that was read for a week."""

    frame: Frame
    therapists: Mapping[str, Therapist]
    children: Mapping[str, Child]
    days: Days
    bars: Mapping[str, tuple[Bar, ...]]
    places: Places
    standing: Standing
    usual: tuple[Sitting, ...]
    familiar: Mapping[str, frozenset[str]]
    wants: tuple[Want, ...]
    apart: int
    names: Mapping[str, str]


def read(work: Work, monday: date, *, include_waiting_makeups: bool = True) -> Facts:
    """Read everything that matters for a week, each thing once."""
    rules = rules_on(work, monday)
    wanted = prescriptions(work, monday)
    frame = frame_of(work, monday, {each.minutes for each in wanted})
    lost = _lost(work, monday, int(rules["makeup_within"])) if include_waiting_makeups else []
    ids = {each.child_id for each in wanted} | {each.child_id for each in lost}
    days = days_of(work, frame, ids)
    now, usual = standing(work, monday), earlier(work, monday, LOOK_BACK)
    people = therapists(work, frame)
    found = places(work)
    names = {child.id: child.name for child in days.residents.values()} | {each.id: each.name for each in workers(work)}
    bars = precautions_on(work, ids, monday, frame.last)
    availability = Availability(frame, days, bars)
    wants = tuple(_wants(wanted, lost, availability, (*usual, *now.coming), int(rules["group_most"])))
    return Facts(
        frame, people, children(work, frame, days), days, bars, found, now, usual, familiar(work, monday), wants,
        -(-int(rules["same_therapy_apart"]) // frame.grid.minutes), names,
    )  # fmt: skip


def _lost(work: Work, monday: date, within: int) -> list[Missed]:
    return missed(work, min(monday, work.today) - timedelta(days=within), min(work.now, _end_of(monday)))


def _end_of(monday: date) -> datetime:
    return datetime.combine(monday + timedelta(days=7), time())


@dataclass(frozen=True)
class Availability:
    """When children can come for a therapy, as far as it is their own affair and the doctor's."""

    frame: Frame
    days: Days
    bars: Mapping[str, tuple[Bar, ...]]
    known: dict[str, frozenset[Slot]] = field(default_factory=dict, compare=False)
    """What was found for a prescription before."""

    def barred(self, child: str, therapy: str, span: tuple[date, date] | None) -> dict[Slot, str]:
        """Return the slots in which a therapy is not allowed for a child though it could come, and why."""
        found = after_food(self.frame, self.days, child, therapy)
        for day in self.frame.days:
            outside = span is not None and not span[0] <= day <= span[1]
            code = self._bar(child, therapy, day) or ("outside" if outside else "")
            if code:
                found |= {(self.frame.index(day), slot): code for slot in range(self.frame.grid.slots)}
        return found

    def _bar(self, child: str, therapy: str, day: date) -> str:
        concerned = (bar for bar in self.bars.get(child, ()) if bar.barred and bar.concerns(therapy, day))
        return next((bar.record_id if bar.code == "own" else bar.code for bar in concerned), "")

    def free(self, each: Prescription) -> frozenset[Slot]:
        """Return the slots in which a prescribed session could be."""
        if each.id not in self.known:
            self.known[each.id] = self._free(each)
        return self.known[each.id]

    def _free(self, each: Prescription) -> frozenset[Slot]:
        taken = {**self.days.busy.get(each.child_id, {}), **self.barred(each.child_id, each.therapy, each.span)}
        return self.frame.whole.difference(taken)

    def meet(self, several: Collection[Prescription]) -> bool:
        """Whether some children have times in common on as many days as they are to be treated."""
        common = frozenset.intersection(*(self.free(each) for each in several))
        need = self.frame.slots_for(max(each.minutes for each in several))
        days = {day for day, slot in common if all((day, slot + step) in common for step in range(need))}
        wanted = max(share(each.sessions_a_week, self.frame.open_days(*each.span)) for each in several)
        return len(days) >= min(wanted, self.frame.grid.days)


def _wants(
    wanted: Sequence[Prescription], lost: Sequence[Missed], can: Availability, sittings: Sequence[Sitting], most: int
) -> Iterator[Want]:
    yield from (_of_one(each, "single") for each in wanted if each.form == "single")
    born = {child.id: child.born_on for child in can.days.residents.values()}
    there = [each for each in wanted if each.form == "group" and can.free(each)]
    for group in groups(there, sittings, born, most, can.meet):
        yield _of_group(group)
    # Who cannot come on any day of the week does not keep the group from meeting; it waits by itself.
    yield from (_of_one(each, "group") for each in wanted if each.form == "group" and each not in there)
    # A missed group lesson is made up in another group, not one to one; that is for a person to arrange.
    yield from (_of_missed(each) for each in lost if each.form == "single")


def _of_one(each: Prescription, kind: str) -> Want:
    tools = ((each.equipment_id, 1),) if each.equipment_id else ()
    return Want(
        each.id, kind, (each.child_id,), each.therapy, each.sessions_a_week, each.minutes, each.priority or USUAL_PRIORITY,
        (each.id,), each.therapist_id, each.half, tools, (each.span,), (each.most_a_day,),
    )  # fmt: skip


def _of_group(group: Group) -> Want:
    members = group.members
    tools = Counter(each.equipment_id for each in members if each.equipment_id)
    wished = Counter(each.therapist_id for each in members if each.therapist_id)
    halves = {each.half for each in members}
    return Want(
        group.id, "group", tuple(each.child_id for each in members), members[0].therapy, group.sessions, members[0].minutes,
        max(each.priority or USUAL_PRIORITY for each in members), tuple(each.id for each in members),
        wished.most_common(1)[0][0] if wished else None, halves.pop() if len(halves) == 1 else None,
        tuple(sorted(tools.items())), tuple(each.span for each in members), tuple(each.most_a_day for each in members),
    )  # fmt: skip


def _of_missed(each: Missed) -> Want:
    return Want(
        "m." + each.id, "makeup", (each.child_id,), each.therapy, 1, each.minutes, 1, (each.id,), each.therapist_id
    )


def prints(facts: Facts) -> dict[str, str]:
    """Return a fingerprint of each part of the facts, to see later what has changed."""
    frame = facts.frame
    parts: dict[str, object] = {
        "calendar": [(day, kind.open) for day, kind in sorted(frame.kinds.items())],
        "staff": [
            (each.id, sorted(each.therapies), sorted(each.free), each.most_a_day)
            for each in sorted(facts.therapists.values(), key=lambda each: each.id)
        ],
        "children": [
            (each.id, sorted(each.busy.items()), each.most_a_day, each.rest)
            for each in sorted(facts.children.values(), key=lambda each: each.id)
        ],
        "precautions": sorted((child, sorted(map(repr, bars))) for child, bars in facts.bars.items()),
        "rooms": [sorted(map(_told, facts.places.rooms.values())), sorted(map(repr, facts.places.tools.values()))],
        "prescriptions": sorted(map(repr, facts.wants)),
    }  # fmt: skip
    return {part: hashlib.sha256(repr(told).encode()).hexdigest()[:16] for part, told in parts.items()}


def _told(room: Place) -> str:
    return repr((room.id, room.capacity, sorted(room.skills), room.closed))
