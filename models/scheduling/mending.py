"""Mending 调课审批: what has happened in the home's own words, the repair chosen for each session, and carrying it out.

:mod:`models.scheduling.repair` answers for a problem; here a leave, an illness, a closed room or day becomes a
disruption of a gathered week, single choices are weighed against each other, and what is approved is done to the
sessions in one step that can be taken back in one step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from models.core.database import Work
from models.core.errors import Invalid, Problem
from models.core.queries import load, titles
from models.core.record import new_id
from models.core.words import Code, CodeList
from models.leave import Absence, StaffLeave
from models.reminders import Due, reminder
from models.scheduling.change import OPEN, Change, kept, rearrange
from models.scheduling.compose import compose
from models.scheduling.disruption import Away, Disruption, hit, sessions_of
from models.scheduling.facts import read
from models.scheduling.gather import Gathered, rooms_for
from models.scheduling.hits import sessions_hit_by_leave
from models.scheduling.levels import Breach, breaches
from models.scheduling.problem import Grid, Placement, Slot
from models.scheduling.repair import Hit, Option, RepairPlan, chosen, repairs
from models.scheduling.standing import Sitting, standing
from models.scheduling.timetable import Move
from models.staff import Staff
from models.therapy import TherapySession
from resources import N_, _, ngettext

KINDS = CodeList(
    "happening",
    Code("therapist", N_("Therapist away"), "治疗师不在岗"),
    Code("child", N_("Child cannot come"), "儿童不能来"),
    Code("room", N_("Room closed"), "场所停用"),
    Code("equipment", N_("Equipment out of use"), "器材停用"),
    Code("day", N_("Department closed"), "康复室停训"),
)
ROUNDS = 8
"""So often what stands against a rule is set apart until the rest agrees."""
REASON_OF = {"therapist": "therapist", "child": "ill", "room": "equipment", "equipment": "equipment", "day": "other"}
"""The reason of attendance for which a session is lost, unless somebody says otherwise."""


@dataclass(frozen=True)
class Happening:
    """What has happened: who or what is not there, from which day until which, and in which part of the day."""

    kind: str
    whom: str
    first: date
    last: date
    part: str = "day"


def disruption_of(gathered: Gathered, happening: Happening, now: datetime) -> Disruption:
    """Return what a happening takes away from a week; what has begun stays as it was."""
    grid = gathered.problem.grid
    days = [index for index, day in enumerate(gathered.frame.days) if happening.first <= day <= happening.last]
    part = grid.halves.get(happening.part, range(grid.slots))
    slots = frozenset((day, slot) for day in days for slot in part)
    parts = tuple(_parts(gathered, happening, slots))
    return Disruption(parts, _since(gathered.monday, grid, now))


def _parts(gathered: Gathered, happening: Happening, slots: frozenset[Slot]) -> Iterator[Away]:
    problem = gathered.problem
    if happening.kind == "room":
        yield from _room_parts(gathered, happening.whom, slots)
    elif happening.kind == "equipment":
        if happening.whom in problem.resources:
            yield Away("resource", happening.whom, slots)
    elif happening.kind == "day":
        yield Away("day", "", slots)
    elif happening.whom in {"therapist": problem.therapists, "child": problem.children}[happening.kind]:
        yield Away(happening.kind, happening.whom, slots)


def _room_parts(gathered: Gathered, room: str, slots: frozenset[Slot]) -> Iterator[Away]:
    """A room is counted in every union of rooms it belongs to, by children and by groups."""
    capacity = gathered.places.rooms[room].capacity
    for key, resource in gathered.problem.resources.items():
        size, _at, rooms = key.rpartition("@")
        if room in rooms.split("+"):
            taken = capacity // int(size) if size else capacity
            yield Away("resource", key, slots, left=max(resource.capacity - taken, 0))


def _since(monday: date, grid: Grid, now: datetime) -> Slot:
    day = (now.date() - monday).days
    if day < 0:
        return (0, 0)
    minute = now.hour * 60 + now.minute
    return (day, max(0, -(-(minute - grid.begins) // grid.minutes)))


def week_to_mend(work: Work, monday: date, happening: Happening) -> Gathered:
    """Gather a week in which nothing that is not hit may be moved for a rule it breaks already.

    Somebody has booked it so knowingly; a repair is no occasion to tidy it up.
    """
    facts = read(work, monday)
    gathered = compose(facts)
    for _round in range(ROUNDS):
        wrong = _against_rules(gathered, disruption_of(gathered, happening, work.now))
        if not wrong:
            break
        coming = tuple(replace(each, locked=each.locked or each.id in wrong) for each in facts.standing.coming)
        facts = replace(facts, standing=replace(facts.standing, coming=coming))
        gathered = compose(facts)
    known = titles(work, "child", {child for each in facts.standing.coming for child in each.children})
    return replace(gathered, names={**known, **gathered.names})


def _against_rules(gathered: Gathered, disruption: Disruption) -> set[str]:
    booked, problem = list(gathered.session_of), gathered.problem
    gone = set(hit(problem, booked, disruption))
    found = breaches(problem, [each for each in booked if each not in gone])
    locked = set(problem.locked)
    return {
        gathered.session_of[each]
        for breach in found
        for each in breach.placements
        if each in gathered.session_of and each not in locked
    }


def mend(gathered: Gathered, happening: Happening, now: datetime, *, seconds: float = 3.0) -> Mending:
    """Find the repairs of a week for a happening, the best of all preselected."""
    booked = tuple(sorted(gathered.session_of))
    disruption = disruption_of(gathered, happening, now)
    return Mending(
        gathered, happening, repairs(gathered.problem, booked, disruption, seconds=seconds), disruption.since
    )


# --- choosing -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What a choice for every session comes to."""

    week: tuple[Placement, ...]
    moves: tuple[Move, ...]
    """Sessions that were not hit and move all the same."""
    clashes: Mapping[int, Breach]
    """The hits whose choices cannot be together, with a rule each breaks."""
    lost: tuple[int, ...]
    """The hits that are made up later."""


class Mending:
    """A repair in somebody's hands: one option chosen for each hit session."""

    def __init__(self, gathered: Gathered, happening: Happening, plan: RepairPlan, since: Slot = (0, 0)) -> None:
        self.gathered, self.happening, self.plan, self.since = gathered, happening, plan, since
        self.best = tuple(_best(plan, hit) for hit in plan.hits)
        self.choices: dict[int, Option] = dict(enumerate(self.best))

    def options(self, index: int) -> list[Option]:
        """Return what can be done for a hit session, what the best repair does first."""
        return list(dict.fromkeys((self.best[index], *self.plan.hits[index].options)))

    def choose(self, index: int, option: Option) -> None:
        """Choose an option for one hit session."""
        self.choices[index] = option

    def reset(self) -> None:
        """Go back to the best repair of all."""
        self.choices = dict(enumerate(self.best))

    @property
    def changed(self) -> bool:
        """Whether the choice is not the best repair any more."""
        return any(self.choices[index] != option for index, option in enumerate(self.best))

    def outcome(self) -> Outcome:
        """Weigh the choices against each other."""
        shared = self._shared()
        standing_still = dict(shared)
        base = replace(self.plan, kept=tuple(standing_still.get(each, each) for each in self.plan.kept))
        week, broken = chosen(base, self.choices)
        clashes: dict[int, Breach] = {}
        for breach in broken:
            for index in self._meant(breach):
                clashes.setdefault(index, breach)
        own = [move for option in self.choices.values() for move in option.moves]
        lost = tuple(index for index, option in sorted(self.choices.items()) if option.place is None)
        return Outcome(week, tuple(dict.fromkeys((*shared, *own))), clashes, lost)

    def _shared(self) -> tuple[Move, ...]:
        """The moves the best repair rests on, as long as any of its new places is chosen."""
        kept_best = any(
            option.place is not None and self.choices[index] == option for index, option in enumerate(self.best)
        )
        return self.plan.moved if kept_best else ()

    def _meant(self, breach: Breach) -> Iterator[int]:
        """Yield the hits whose choice takes part in a breach."""
        places = {(each.therapist, each.day, each.start) for each in breach.placements}
        for index, option in self.choices.items():
            targets = [option.place] if option.place else []
            if any((each.therapist, each.day, each.start) in places for each in targets):
                yield index


def _best(plan: RepairPlan, struck: Hit) -> Option:
    """Return what the best repair of the whole week does for a session; a group's missing child has its own options."""
    join = next(
        (each for each in plan.joined if each.old == struck.placement and struck.child in ("", each.child)), None
    )
    if join is not None:
        return join
    place = None if struck.child else dict(plan.replaced).get(struck.placement)
    if place is None:
        return next(option for option in struck.options if option.place is None)
    known = next(
        (each for each in struck.options if each.place == place and each.kind != "group" and not each.moves), None
    )
    return known or Option(_kind(plan, struck.placement, place), struck.placement, place)


def _kind(plan: RepairPlan, old: Placement, new: Placement) -> str:
    if new.therapist == old.therapist:
        return "same_therapist"
    same_time = (new.day, new.start) == (old.day, old.start)
    if new.therapist in plan.problem.tasks[old.task].familiar:
        return "familiar" if same_time else "familiar_later"
    return "substitute" if same_time else "other"


# --- approving ----------------------------------------------------------------------------------------------


def approve(work: Work, mending: Mending, reason: str, note: str = "") -> Change:
    """Carry a repair out: move, give over, join to groups, and note as lost what is made up later; all or nothing.

    Raises:
        Invalid: when two choices cannot be together, or somebody has changed one of the sessions meanwhile.
    """
    outcome = mending.outcome()
    if outcome.clashes:
        raise Invalid(
            [Problem("", _("Some of the choices cannot be together; please choose otherwise for those marked."))]
        )
    wanted = dict(_wanted(work, mending, outcome, reason, note))
    _refuse_changed(work, mending.gathered, wanted)
    sessions = {key: load(work, TherapySession, key) for key in wanted}
    before = tuple((key, kept(session)) for key, session in sessions.items())
    work.confirmed = True
    rearrange(work, wanted)
    return Change(before=before, after={key: kept(session) for key, session in sessions.items()})


def _wanted(
    work: Work, mending: Mending, outcome: Outcome, reason: str, note: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    gathered = mending.gathered
    rooms = _rooms(mending, outcome.week)
    lost = {"status": "absent", "reason": reason, "attendance_note": note or None}
    for index, struck in enumerate(mending.plan.hits):
        option, sitting = mending.choices[index], _sitting(gathered, struck.placement)
        own = [key for key, child in sitting.sessions if struck.child in ("", child)]
        if option.place is None:
            yield from ((key, lost) for key in own)
        elif option.kind == "group":
            yield from _joined(work, gathered, option.place, own)
        else:
            place = _place(gathered, sitting, option.place, rooms)
            yield from ((key, place) for key in own)
    for old, new in outcome.moves:
        sitting = _sitting(gathered, old)
        yield from ((key, _place(gathered, sitting, new, rooms)) for key, _child in sitting.sessions)
    yield from _other_rooms(mending, outcome.week, rooms)


def _sitting(gathered: Gathered, placement: Placement) -> Sitting:
    return gathered.sittings[gathered.session_of[placement]]


def _place(
    gathered: Gathered, sitting: Sitting, place: Placement, rooms: Mapping[Placement, str | None]
) -> dict[str, Any]:
    starts = gathered.frame.moment(place.day, place.start)
    return {
        "starts_at": starts, "ends_at": starts + timedelta(minutes=sitting.minutes), "therapist_id": place.therapist,
        "room_id": rooms.get(place, sitting.room_id),
    }  # fmt: skip


def _joined(
    work: Work, gathered: Gathered, place: Placement, own: Sequence[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Put sessions into a group's sitting, where and when it is."""
    host = _sitting(gathered, place)
    first = load(work, TherapySession, host.sessions[0][0])
    sitting = first.sitting_id if len(host.sessions) > 1 else new_id()
    if len(host.sessions) == 1:
        yield first.id, {"form": "group", "sitting_id": sitting}
    values = {
        "form": "group", "sitting_id": sitting, "starts_at": first.starts_at, "ends_at": first.ends_at,
        "therapist_id": first.therapist_id, "room_id": first.room_id, "equipment_id": first.equipment_id,
    }  # fmt: skip
    yield from ((key, values) for key in own)


def _rooms(mending: Mending, week: Iterable[Placement]) -> dict[Placement, str | None]:
    """Return the room of every session; a closed room is none while it is closed."""
    gathered = mending.gathered
    placed = [each for each in sessions_of(week) if each.task in gathered.needs]
    rooms = rooms_for(gathered, placed)
    if mending.happening.kind != "room":
        return rooms
    room = mending.happening.whom
    closed = replace(gathered.places.rooms[room], capacity=0)
    places = replace(gathered.places, rooms={**gathered.places.rooms, room: closed})
    affected = [each for each in placed if _while(mending, each)]
    return rooms | rooms_for(replace(gathered, places=places), affected)


def _while(mending: Mending, placement: Placement) -> bool:
    """Whether a session lies in the time of the happening."""
    happening, gathered = mending.happening, mending.gathered
    grid = gathered.problem.grid
    day = gathered.frame.days[placement.day]
    part = grid.halves.get(happening.part, range(grid.slots))
    last = placement.start + gathered.problem.tasks[placement.task].slots
    return happening.first <= day <= happening.last and any(slot in part for slot in range(placement.start, last))


def _other_rooms(
    mending: Mending, week: Iterable[Placement], rooms: Mapping[Placement, str | None]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """What stays at its time but was in the closed room goes to the room that is found for it."""
    gathered, happening = mending.gathered, mending.happening
    if happening.kind != "room":
        return
    for each in week:
        there = each in gathered.session_of and gathered.room_now.get(each) == happening.whom
        if there and _while(mending, each) and (each.day, each.start) >= mending.since and rooms.get(each):
            yield from ((key, {"room_id": rooms[each]}) for key, _child in _sitting(gathered, each).sessions)


def _refuse_changed(work: Work, gathered: Gathered, wanted: Mapping[str, Any]) -> None:
    """Refuse when somebody has changed one of the sessions since the week was read."""
    now = standing(work, gathered.monday).marks
    for key in wanted:
        session = load(work, TherapySession, key)
        if now.get(key) != gathered.marks.get(key) or session.status != "booked" or session.state not in OPEN:
            words = _("{who} has changed one of these sessions meanwhile; please look for repairs again.")
            raise Invalid([Problem("", words.format(who=session.changed_by or session.recorded_by))])


# --- leaves that hit somebody ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class HitLeave:
    """A leave with which booked sessions stand: whose, when, and how many."""

    leave_id: str
    name: str
    first: date
    sessions: int


def hit_leaves(work: Work, since: datetime | None = None) -> list[HitLeave]:
    """Return the leaves ahead with which booked sessions stand; with ``since`` only those entered from then on."""
    statement = select(StaffLeave, Staff.name).join(Staff, Staff.id == StaffLeave.staff_id).where(
        StaffLeave.ends_on >= work.today, StaffLeave.deleted_at.is_(None), StaffLeave.state != "void"
    )  # fmt: skip
    if since is not None:
        statement = statement.where(StaffLeave.recorded_at >= since)
    found = []
    for leave, name in work.execute(statement.order_by(StaffLeave.starts_on, StaffLeave.id)):
        absence = Absence(leave.staff_id, leave.kind, leave.starts_on, leave.ends_on, leave.part)
        count = len(sessions_hit_by_leave(work, absence))
        if count:
            found.append(HitLeave(leave.id, name, max(leave.starts_on, work.today), count))
    return found


@reminder
def sessions_of_those_on_leave(work: Work) -> Iterator[Due]:
    """Booked sessions of somebody who will be on leave, until they are given over, moved or noted as lost."""
    for each in hit_leaves(work):
        words = ngettext(
            "{name} is on leave and still has {n} session",
            "{name} is on leave and still has {n} sessions",
            each.sessions,
        )
        yield Due(
            text=words.format(name=each.name, n=each.sessions), area="rehabilitation", due=each.first,
            needs=("TherapySession", "create"), page="planner",
            target={"day": each.first.isoformat(), "leave_id": each.leave_id},
        )  # fmt: skip
