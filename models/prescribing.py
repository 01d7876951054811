"""Prescribing 处方核对: a prescription that can never be carried out is said while it is entered, in words, beside its field.

It is judged by an ordinary week of the home: opening hours, the child's school, meals and naps, who is trained and
there, rooms and equipment, what the child's other prescriptions take, and what is contraindicated. Who would have to
give way to whom is the planner's question; here is only what no plan can do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from models.core.errors import Problem
from models.department import HALVES
from models.leave import leaves
from models.precautions import Bar, precautions_on
from models.rehabilitation import PlannedTherapy, RehabilitationPlan
from models.scheduling.frame import Frame, frame_of
from models.scheduling.people import Days, after_food, age_rule, children, days_of, therapists
from models.scheduling.places import Places, places
from models.scheduling.problem import Child, Slot, Therapist
from models.staff import WEEKDAYS, Staff
from models.therapies import short_name
from resources import _

if TYPE_CHECKING:
    from models.core.database import Work

WEEKS_AHEAD = 5
"""Among so many coming weeks an ordinary one is looked for: the first in which the rooms are open on most days."""
RUNNING = ("draft", "returned", "submitted", "reviewed", "approved")


@dataclass(frozen=True)
class Wanted:
    """What a prescription asks for, as plain values."""

    child_id: str
    therapy: str
    sessions: int
    minutes: int
    first: date
    last: date
    therapist_id: str | None = None
    half: str | None = None
    equipment_id: str | None = None
    most_a_day: int | None = None
    others: int = 0
    """Sessions a week of the child's other prescriptions at the same time."""


@dataclass(frozen=True)
class Ordinary:
    """An ordinary week of the home, seen from one child."""

    frame: Frame
    child: Child
    blocked: Mapping[Slot, str]
    """The slots too soon after food for this therapy."""
    people: Mapping[str, Therapist]
    places: Places
    bars: tuple[Bar, ...]
    longest_at_age: int | None = None
    """The most minutes of a session at the child's age, where a rule says so."""

    @property
    def open_days(self) -> list[int]:
        """The days of the week on which the rooms are open."""
        return sorted({day for day, _slot in self.frame.grid.open})

    def free(self, day: int, slot: int) -> bool:
        """Whether the child could come in a slot."""
        return (day, slot) in self.frame.grid.open and (day, slot) not in self.child.busy and (day, slot) not in self.blocked  # fmt: skip

    def starts(self, slots: int, half: str | None = None) -> list[Slot]:
        """Return where a session of so many slots could begin, as far as the child goes."""
        grid = self.frame.grid
        within = grid.halves[half] if half else range(grid.slots)
        return [
            (day, slot)
            for day in self.open_days
            for slot in within
            if all(self.free(day, slot + step) for step in range(slots))
        ]

    def longest(self) -> tuple[int, Slot | None]:
        """Return the child's longest free stretch in slots, and where it begins."""
        best: tuple[int, Slot | None] = (0, None)
        for day in self.open_days:
            run = 0
            for slot in range(self.frame.grid.slots):
                run = run + 1 if self.free(day, slot) else 0
                if run > best[0]:
                    best = (run, (day, slot - run + 1))
        return best

    def skilled(self, therapy: str) -> list[Therapist]:
        """Return who is trained for a therapy."""
        return [each for each in self.people.values() if therapy in each.therapies]


def doubts(work: Work, prescription: PlannedTherapy) -> Iterator[Problem]:
    """Yield why a prescription can never be carried out as it stands, each beside the field it is about."""
    wanted = _wanted(work, prescription)
    if wanted is not None:
        yield from _doubts(work, wanted, _read(work, [wanted]))


def _doubts(work: Work, wanted: Wanted, base: Base) -> Iterator[Problem]:
    week = base.seen_by(wanted)
    if week is None:
        return
    yield from _skills(work, wanted, week)
    yield from _length(wanted, week)
    yield from _often(wanted, week)
    yield from _together(wanted, week)
    yield from _preferred(work, wanted, week)
    yield from _equipment(work, wanted, week)
    yield from _barred(wanted, week)


def doubts_of(work: Work, plan_id: str) -> dict[str, list[str]]:
    """Return what stands against each prescription of a plan in words, by its id; those without doubts are left out."""
    kind = PlannedTherapy
    statement = select(kind).where(kind.plan_id == plan_id, kind.deleted_at.is_(None), kind.state != "void")
    wanted = {each.id: want for each in work.scalars(statement) if (want := _wanted(work, each))}
    if not wanted:
        return {}
    base = _read(work, list(wanted.values()))
    found = {key: [problem.message for problem in _doubts(work, want, base)] for key, want in wanted.items()}
    return {key: words for key, words in found.items() if words}


def _wanted(work: Work, each: PlannedTherapy) -> Wanted | None:
    plan = work.scalar(select(RehabilitationPlan).where(RehabilitationPlan.id == each.plan_id))
    if plan is None or not (each.therapy and each.sessions_a_week and each.minutes):
        return None
    first, last = each.starts_on or plan.starts_on, each.ends_on or plan.ends_on
    if last < work.today or plan.state not in RUNNING:
        return None
    return Wanted(
        each.child_id, each.therapy, each.sessions_a_week, each.minutes, max(first, work.today), last, each.therapist_id,
        each.half, each.equipment_id, each.most_a_day, _others(work, each, plan, first, last),
    )  # fmt: skip


def _others(work: Work, each: PlannedTherapy, plan: RehabilitationPlan, first: date, last: date) -> int:
    kind = PlannedTherapy
    statement = select(kind.sessions_a_week, kind.starts_on, kind.ends_on).where(
        kind.plan_id == plan.id, kind.id != (each.id or ""), kind.deleted_at.is_(None),
        kind.state.not_in(["void", "superseded"]),
    )  # fmt: skip
    return sum(
        row.sessions_a_week
        for row in work.execute(statement)
        if (row.starts_on or plan.starts_on) <= last and (row.ends_on or plan.ends_on) >= first
    )


@dataclass(frozen=True)
class Base:
    """What is read once for all prescriptions of one child."""

    frame: Frame
    days: Days
    children: Mapping[str, Child]
    people: Mapping[str, Therapist]
    places: Places
    bars: tuple[Bar, ...]

    def seen_by(self, wanted: Wanted) -> Ordinary | None:
        """Return the week as one prescription sees it; None when the child's file is not open to the person."""
        child = self.children.get(wanted.child_id)
        if child is None:
            return None
        months = self.days.residents[wanted.child_id].months_on(self.frame.monday)
        blocked = after_food(self.frame, self.days, wanted.child_id, wanted.therapy)
        most = age_rule("session_minutes", months, self.frame.monday, wanted.therapy)
        return Ordinary(self.frame, child, blocked, self.people, self.places, self.bars, most)


def _read(work: Work, wanted: Sequence[Wanted]) -> Base:
    """Read an ordinary week of a child for some of its prescriptions."""
    child_id, first = wanted[0].child_id, min(each.first for each in wanted)
    frame = frame_of(work, ordinary_week(work, first), {each.minutes for each in wanted})
    days = days_of(work, frame, [child_id])
    bars = precautions_on(work, [child_id], first, max(each.last for each in wanted)).get(child_id, ())
    return Base(frame, days, children(work, frame, days), therapists(work, frame), places(work), bars)


def ordinary_week(work: Work, first: date) -> date:
    """Return the Monday of an ordinary week: the first of the coming ones with the most open days."""
    from models.holidays import day_kinds

    monday = max(first, work.today) + timedelta(days=7)
    monday -= timedelta(days=monday.weekday())
    kinds = day_kinds(work, monday, monday + timedelta(days=7 * WEEKS_AHEAD - 1))
    mondays = [monday + timedelta(days=7 * count) for count in range(WEEKS_AHEAD)]
    return max(mondays, key=lambda each: (_usual_days(kinds, each), -each.toordinal()))


def _usual_days(kinds: Mapping[date, Any], monday: date) -> int:
    """How many of the five ordinary days are open; a working weekend makes no week more ordinary."""
    return sum(kinds[monday + timedelta(days=count)].open for count in range(5))


# --- the doubts -------------------------------------------------------------------------------------


def _skills(work: Work, wanted: Wanted, week: Ordinary) -> Iterator[Problem]:
    therapy = short_name(wanted.therapy)
    skilled = week.skilled(wanted.therapy)
    if not skilled:
        yield _said("therapy", _("Nobody here is trained for {therapy}.").format(therapy=therapy))
    elif not any(each.free for each in skilled):
        yield _said("therapy", _("Nobody trained for {therapy} is there in an ordinary week.").format(therapy=therapy))
    if week.places.rooms_of(wanted.therapy, 1) == frozenset():
        yield _said("therapy", _("No room for {therapy} is open.").format(therapy=therapy))


def _length(wanted: Wanted, week: Ordinary) -> Iterator[Problem]:
    slots = week.frame.slots_for(wanted.minutes)
    longest, where = week.longest()
    if where is None:
        yield _said("minutes", _("The child is never free while the therapy rooms are open."))
    elif longest < slots:
        words = _("Longer than any free time of the child: at most {n} min ({day} from {time}).")
        day, slot = where
        yield _said("minutes", words.format(
            n=longest * week.frame.grid.minutes, day=WEEKDAYS.label(str(day + 1)), time=week.frame.grid.clock(slot)
        ))  # fmt: skip
    elif wanted.half and not week.starts(slots, wanted.half):
        words = _("The child is never free for {n} min in this half of the day ({half}).")
        yield _said("half", words.format(n=wanted.minutes, half=HALVES.label(wanted.half)))
    if week.longest_at_age and wanted.minutes > week.longest_at_age:
        yield _said("minutes", _("At this age a session lasts {n} min at most.").format(n=week.longest_at_age))


def _often(wanted: Wanted, week: Ordinary) -> Iterator[Problem]:
    days, most = len(week.open_days), week.child.most_a_day
    if wanted.sessions > days * (wanted.most_a_day or 1):
        words = _("More sessions a week than the rooms are open on days ({n}).")
        yield _said("sessions_a_week", words.format(n=days))
    if wanted.sessions + wanted.others > most * days:
        words = _("With its other prescriptions {n} sessions a week; the child can have {most} a day, {all} a week.")
        n = wanted.sessions + wanted.others
        yield _said("sessions_a_week", words.format(n=n, most=most, all=most * days))


def _together(wanted: Wanted, week: Ordinary) -> Iterator[Problem]:
    """Say on how many days, or how often, the child and somebody trained could meet at all."""
    slots = week.frame.slots_for(wanted.minutes)
    starts, skilled = week.starts(slots), [each for each in week.skilled(wanted.therapy) if each.free]
    if not starts or not skilled:
        return
    met = [
        (day, slot)
        for day, slot in starts
        if any(all((day, slot + step) in each.free for step in range(slots)) for each in skilled)
    ]
    days, therapy = sorted({day for day, _slot in met}), short_name(wanted.therapy)
    most = min(wanted.most_a_day or 1, week.child.most_a_day)
    times = sum(min(most, _in_turn([slot for each, slot in met if each == day], slots)) for day in days)
    if not days:
        words = _("Whenever the child is free, nobody trained for {therapy} is there.")
        yield _said("therapy", words.format(therapy=therapy))
    elif wanted.sessions <= times or times == most * len(week.open_days):  # the latter is said by the days alone
        return
    elif most == 1:
        words = _("Child and a therapist for {therapy} can meet on {n} days only: {days}.")
        said = _(", ").join(WEEKDAYS.label(str(day + 1)) for day in days)
        yield _said("sessions_a_week", words.format(therapy=therapy, n=len(days), days=said))
    else:
        words = _("Child and a therapist for {therapy} can meet {n} times a week at most.")
        yield _said("sessions_a_week", words.format(therapy=therapy, n=times))


def _in_turn(starts: Sequence[int], slots: int) -> int:
    """Return how many sessions of so many slots follow one another on a day, of those that could begin."""
    count, free = 0, 0
    for start in sorted(starts):
        if start >= free:
            count, free = count + 1, start + slots
    return count


def _preferred(work: Work, wanted: Wanted, week: Ordinary) -> Iterator[Problem]:
    if not wanted.therapist_id:
        return
    person = week.people.get(wanted.therapist_id)
    name = work.scalar(select(Staff.name).where(Staff.id == wanted.therapist_id)) or ""
    if person is None or wanted.therapy not in person.therapies:
        words = _("{who} is not trained for {therapy}.")
        yield _said("therapist_id", words.format(who=name, therapy=short_name(wanted.therapy)))
        return
    if not person.free:
        yield _said("therapist_id", _("{who} is not there in an ordinary week.").format(who=name))
    elif wanted.half and not any(week.frame.grid.half_of(slot) == wanted.half for _day, slot in person.free):
        words = _("{who} is never there in this half of the day ({half}).")
        yield _said("therapist_id", words.format(who=name, half=HALVES.label(wanted.half)))
    if _away_all_along(work, wanted):
        yield _said("therapist_id", _("{who} is on leave the whole time.").format(who=name))


def _away_all_along(work: Work, wanted: Wanted) -> bool:
    absences = [each for each in leaves(work, wanted.first, wanted.last) if each.staff_id == wanted.therapist_id]
    days = (wanted.last - wanted.first).days + 1
    return bool(absences) and all(
        any(each.covers(wanted.first + timedelta(days=count), half) for each in absences)
        for count in range(days)
        for half in ("morning", "afternoon")
    )


def _equipment(work: Work, wanted: Wanted, week: Ordinary) -> Iterator[Problem]:
    if not wanted.equipment_id:
        return
    tool = week.places.tools.get(wanted.equipment_id)
    if tool is None:
        yield _said("equipment_id", _("This equipment is no longer there."))
    elif tool.closed:
        yield _said("equipment_id", _("{name} is out of use.").format(name=tool.name))
    elif (room := week.places.rooms.get(tool.room_id or "")) and room.closed:
        words = _("{name} stands in {room}, which is closed.")
        yield _said("equipment_id", words.format(name=tool.name, room=room.name))


def _barred(wanted: Wanted, week: Ordinary) -> Iterator[Problem]:
    """A therapy that is contraindicated on every day of the prescription."""
    against = [each for each in week.bars if each.barred and (not each.therapies or wanted.therapy in each.therapies)]
    days = ((wanted.first + timedelta(days=count)) for count in range((wanted.last - wanted.first).days + 1))
    if against and all(any(bar.holds(day) for bar in against) for day in days):
        said = _(", ").join(dict.fromkeys(bar.words for bar in against))
        yield _said("therapy", _("Contraindicated the whole time: {why}.").format(why=said))


def _said(field: str, words: str) -> Problem:
    return Problem(field, words, warning=True)
