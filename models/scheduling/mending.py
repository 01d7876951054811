"""Mending 调课: what has happened in the home's own words, week by week, and the repair chosen for each session.

:mod:`models.scheduling.repair` answers for a problem; here a leave, an illness, a closed room or day becomes a
disruption of every gathered week it touches, and single choices are weighed against each other.
:mod:`models.scheduling.approving` carries out what is chosen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from models.core.database import Work
from models.core.queries import titles
from models.core.words import Code, CodeList
from models.outreach import unserved
from models.scheduling.compose import compose
from models.scheduling.disruption import Away, Disruption, hit
from models.scheduling.facts import Facts, read
from models.scheduling.gather import Gathered
from models.scheduling.levels import Breach, breaches
from models.scheduling.people import children, days_of
from models.scheduling.places import Places
from models.scheduling.problem import Grid, Placement, Slot
from models.scheduling.repair import Hit, Option, RepairPlan, chosen, repairs
from models.scheduling.standing import Sitting, standing
from models.scheduling.timetable import Move
from resources import N_, _

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
    since = _since(gathered.monday, grid, now)
    if shut(gathered.places, happening):
        slots = frozenset((day, slot) for day in range(grid.days) for slot in range(grid.slots) if (day, slot) >= since)
    parts = tuple(_parts(gathered, happening, slots))
    return Disruption(parts, since)


def shut(found: Places, happening: Happening) -> bool:
    """Whether a room or piece of equipment is closed by its record already, until somebody opens it again."""
    if happening.kind == "room":
        return happening.whom in found.rooms and found.rooms[happening.whom].closed
    return happening.kind == "equipment" and happening.whom in found.tools and found.tools[happening.whom].closed


def _open_before(found: Places, happening: Happening) -> Places:
    """Return the places as they were when the sessions were booked, if one of them has been closed since."""
    if not shut(found, happening):
        return found
    name = {"room": "rooms", "equipment": "tools"}[happening.kind]
    known = getattr(found, name)
    return replace(found, **{name: {**known, happening.whom: replace(known[happening.whom], closed=False)}})


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
    facts = _knowing_all(work, read(work, monday))
    lapsed = frozenset(sitting.id for sitting, _child, _day in lapsed_sittings(work, facts.standing.coming))
    known_places = facts.places
    coming = tuple(replace(each, fixed=each.fixed or each.id in lapsed) for each in facts.standing.coming)
    facts = replace(
        facts, places=_open_before(known_places, happening), standing=replace(facts.standing, coming=coming)
    )
    gathered = _composed(facts, known_places, lapsed)
    for _round in range(ROUNDS):
        wrong = _against_rules(gathered, disruption_of(gathered, happening, work.now))
        if not wrong:
            break
        coming = tuple(replace(each, locked=each.locked or each.id in wrong) for each in facts.standing.coming)
        facts = replace(facts, standing=replace(facts.standing, coming=coming))
        gathered = _composed(facts, known_places, lapsed)
    return gathered


def _knowing_all(work: Work, facts: Facts) -> Facts:
    """Read the week of every child that has a session, also of those for whom nothing is planned: they may move as well."""
    booked = {child for each in facts.standing.coming for child in each.children}
    names = titles(work, "child", booked)
    more = children(work, facts.frame, days_of(work, facts.frame, names.keys() - facts.children.keys()))
    return replace(facts, children={**facts.children, **more}, names={**names, **facts.names})


def lapsed_sittings(work: Work, coming: Sequence[Sitting]) -> list[tuple[Sitting, str, date]]:
    """Return the sittings of clients from outside on days without an agreement, with child and day.

    Nobody may write about such a session, so a repair leaves it as it is.
    """
    days = sorted({each.starts_at.date() for each in coming})
    without = set(unserved(work, {child for each in coming for child in each.children}, days)) if coming else set()
    at = ((each, child, each.starts_at.date()) for each in coming for child in each.children)
    return [(each, child, day) for each, child, day in at if (child, day) in without]


def left_alone(work: Work, monday: date, happening: Happening) -> list[str]:
    """Say which sessions of the days a repair cannot touch, and why."""
    coming = [
        each for each in standing(work, monday).coming if happening.first <= each.starts_at.date() <= happening.last
    ]
    if happening.kind == "therapist":
        coming = [each for each in coming if each.therapist_id == happening.whom]
    found = lapsed_sittings(work, coming)
    names = titles(work, "child", {child for _sitting, child, _day in found})
    words = _("{child}, {when}: left as it is, for no service agreement holds; please renew it or cancel the session.")
    return [
        words.format(child=names.get(child, _("another child")), when=f"{sitting.starts_at:%m-%d %H:%M}")
        for sitting, child, _day in found
    ]


def _composed(facts: Facts, known_places: Places, lapsed: frozenset[str]) -> Gathered:
    """Put a week together; which place is closed by now is still known of it, and what nobody may write is no hit."""
    return replace(compose(facts, left_out=lapsed), places=known_places)


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


# --- several weeks ------------------------------------------------------------------------------------------


def weeks_of(happening: Happening, today: date, most: int) -> list[date]:
    """Return the Mondays of the weeks a happening touches from today on, so many at most."""
    first = max(happening.first, today)
    monday = first - timedelta(days=first.weekday())
    count = max(1, (happening.last - monday).days // 7 + 1)
    return [monday + timedelta(weeks=each) for each in range(min(count, most))]


class Case:
    """All that a happening hits in the weeks it touches, in one list; each week is mended by itself.

    A session never leaves its week: what one week's prescription asks for is not given in another.
    """

    def __init__(self, happening: Happening, weeks: Sequence[Mending], notes: Sequence[str] = ()) -> None:
        self.happening, self.weeks, self.notes = happening, tuple(weeks), tuple(notes)
        self.rows = [(week, index) for week in self.weeks for index in range(len(week.plan.hits))]
        """Every hit session: its week, and its number there."""

    @property
    def last(self) -> date:
        """The last day that is looked at."""
        return self.weeks[-1].gathered.frame.last

    @property
    def changed(self) -> bool:
        """Whether the choice is not the best repair any more in any of the weeks."""
        return any(week.changed for week in self.weeks)

    @property
    def proven(self) -> bool:
        """Whether it is proven that nothing changes less, as it is chosen."""
        return all(week.plan.proven for week in self.weeks) and not self.changed

    def reset(self) -> None:
        """Go back to the best repair in all weeks."""
        for week in self.weeks:
            week.reset()

    def outcomes(self) -> list[Outcome]:
        """Weigh the choices of each week against each other."""
        return [week.outcome() for week in self.weeks]
