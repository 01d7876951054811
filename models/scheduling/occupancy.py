"""Occupancy 占用: everything that is booked in some days, and what else speaks against a booking there.

It is read once and then answers without the database, so that a drag can be judged while the mouse moves.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from sqlalchemy import or_, select

from models.care import NursingRecord
from models.child import Child
from models.core.database import Work
from models.core.errors import Problem
from models.core.freebusy import busy
from models.department import hours_of, measure_of, rule_of
from models.holidays import DayKind, day_kind, day_kinds
from models.leave import LEAVE_KINDS, Absence, leaves
from models.placement import living_here
from models.precautions import Bar, precautions_on
from models.rooms import Equipment, Room
from models.scheduling.conflicts import Booking, Clash, Conflict, clashes
from models.scheduling.guard import FREED_STATES
from models.staff import Staff, works_on
from models.therapies import CONTRAINDICATIONS, HOLDING, SKILL_OF, Opening, opening_hours, rule, short_name
from models.therapy import TherapySession
from resources import _


@dataclass(frozen=True)
class Hours:
    """When a member of staff works, and what they are trained for."""

    skills: frozenset[str] = frozenset()
    weekdays: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Occupancy:
    """Everything that is booked between two days, and what else speaks against a booking there."""

    first: date
    last: date
    bookings: tuple[Booking, ...] = ()
    limits: Mapping[str, int] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    absences: tuple[Absence, ...] = ()
    days: Mapping[date, DayKind] = field(default_factory=dict)
    risks: Mapping[str, tuple[Bar, ...]] = field(default_factory=dict)
    """What speaks against therapies of each child, from its precautions, its plan and the vaccinations."""
    staff: Mapping[str, Hours] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()
    unwell: Mapping[str, tuple[datetime, str]] = field(default_factory=dict)
    """What was observed of a child that speaks against therapy for a day: when, and its contraindication."""
    hours: Mapping[date, tuple[Opening, ...]] = field(default_factory=dict)
    """When the therapy rooms are open, by the home's own entries; a day that is not named goes by the table."""
    most_a_day: int | None = None
    """The most sessions of a child a day, as the department has laid it down."""

    @cached_property
    def _by_day(self) -> dict[date, list[Booking]]:
        days: defaultdict[date, list[Booking]] = defaultdict(list)
        for each in self.bookings:
            days[each.starts_at.date()].append(each)
        return days

    def on(self, day: date) -> list[Booking]:
        """Return the bookings of a day."""
        return self._by_day.get(day, [])

    def conflicts(self, *proposals: Booking) -> list[Conflict]:
        """Say in words everything that speaks against a booking, the impossible before the unwise."""
        day = proposals[0].starts_at.date()
        found = [self._in_words(clash) for clash in clashes(proposals, self.on(day), self.limits)]
        return [*found, *self.warnings(*proposals)]

    def warnings(self, *proposals: Booking) -> list[Conflict]:
        """Say what is unwise about a booking, though it is possible."""
        first = proposals[0]
        found = [*self._day_warnings(first), *self._staff_warnings(first)]
        if first.room_id in self.closed or first.equipment_id in self.closed:
            found.append(Conflict("closed", _("The room or equipment is out of use."), warning=True))
        for proposal in proposals:
            found += self._child_warnings(proposal)
        return found

    def add(self, bookings: Iterable[Booking]) -> None:
        """Count these as booked from now on, for judging the next of a series."""
        for each in bookings:
            self._by_day.setdefault(each.starts_at.date(), []).append(each)

    def name(self, key: str | None, unknown: str) -> str:
        """Return the name of a child, person or room; ``unknown`` for what the person may not see."""
        return self.names.get(key or "", unknown)

    def _in_words(self, clash: Clash) -> Conflict:
        other = clash.others[0]
        when = span(other.starts_at, other.ends_at)
        child = self.name(other.child_id, _("another child"))
        therapist = self.name(other.therapist_id, _("another therapist"))
        facts = {"child": child, "therapist": therapist, "when": when, "therapy": short_name(other.therapy)}
        if clash.kind == "child":
            return Conflict(
                "child", _("{child} already has {therapy} with {therapist}, {when}.").format(**facts), child, when
            )
        if clash.kind == "therapist":
            words = _("{therapist} is already treating {child} ({therapy}), {when}.")
            return Conflict("therapist", words.format(**facts), therapist, when)
        return self._crowded_words(clash, when)

    def _crowded_words(self, clash: Clash, when: str) -> Conflict:
        key = getattr(clash.proposal, f"{clash.kind}_id")
        name, limit = self.name(key, ""), self.limits.get(key, 1)
        who = _(", ").join(dict.fromkeys(self.name(each.therapist_id, _("another therapist")) for each in clash.others))
        words = {
            "room": _("{name} is full, {when}: room for {n}, used by {who}."),
            "equipment": _("{name} is in use, {when}: there are {n}, used by {who}."),
        }[clash.kind]
        if all(each.sitting == clash.proposal.sitting for each in clash.others):
            words = _("{name} has room for {n} only.")
        return Conflict(clash.kind, words.format(name=name, when=when, n=limit, who=who), who, when)

    def _day_warnings(self, booking: Booking) -> list[Conflict]:
        day = booking.starts_at.date()
        kind = self.days.get(day) or day_kind(day)
        if not kind.open:
            return [Conflict("day", _("The therapy rooms are closed: {day}.").format(day=kind.words), warning=True)]
        hours = self.hours[day] if day in self.hours else opening_hours(day)
        if not any(each.starts <= booking.starts_at.time() and booking.ends_at.time() <= each.ends for each in hours):
            return [Conflict("hours", _("Outside the hours of the therapy rooms."), warning=True)]
        return []

    def _staff_warnings(self, booking: Booking) -> list[Conflict]:
        day = booking.starts_at.date()
        who = self.name(booking.therapist_id, _("The therapist"))
        found = []
        half = "morning" if booking.starts_at.hour < 12 else "afternoon"
        for absence in self.absences:
            if absence.staff_id == booking.therapist_id and absence.covers(day, half):
                words = _("{who} is on leave: {kind}.").format(who=who, kind=LEAVE_KINDS.label(absence.kind))
                found.append(Conflict("leave", words, who, warning=True))
        hours = self.staff.get(booking.therapist_id, Hours())
        kind = self.days.get(day) or day_kind(day)
        if not works_on(hours.weekdays, day, open_day=kind.open):
            found.append(Conflict("weekday", _("{who} does not work on this day.").format(who=who), who, warning=True))
        skill = SKILL_OF.get(booking.therapy, "")
        if hours.skills and skill and skill not in hours.skills:
            words = _("{who} is not trained for {therapy}.").format(who=who, therapy=short_name(booking.therapy))
            found.append(Conflict("skill", words, who, warning=True))
        return found

    def _child_warnings(self, booking: Booking) -> list[Conflict]:
        day, child = booking.starts_at.date(), self.name(booking.child_id, _("The child"))
        found = []
        for bar in self.risks.get(booking.child_id, ()):
            if bar.concerns(booking.therapy, day):
                found.append(Conflict("risk", _warning_words(bar, child), child, warning=True))
        seen, sign = self.unwell.get(booking.child_id, (datetime.min, ""))
        if sign and timedelta() <= booking.starts_at - seen <= timedelta(hours=24):
            words = _("{child}, {time}: {risk}.").format(
                child=child, time=f"{seen:%m-%d %H:%M}", risk=CONTRAINDICATIONS.label(sign)
            )
            found.append(Conflict("risk", words, child, warning=True))
        count = sum(1 for each in self.on(day) if each.child_id == booking.child_id and each.id != booking.id) + 1
        if count > (self.most_a_day or rule("child_sessions_a_day", day)):
            words = _("{child} would have {n} sessions on this day.").format(child=child, n=count)
            found.append(Conflict("load", words, child, warning=True))
        return found


def _warning_words(bar: Bar, child: str) -> str:
    """Say what speaks against a therapy, and until when."""
    if bar.source == "plan":
        return _("{child}'s plan warns: {risk}.").format(child=child, risk=bar.words)
    words = _("Barred for {child}: {risk}.") if bar.barred else _("Take care with {child}: {risk}.")
    return words.format(child=child, risk=_(", ").join(filter(None, (bar.words, bar.until))))


def span(starts_at: datetime, ends_at: datetime) -> str:
    """Say a stretch of time: ``09:00–09:30``."""
    return f"{starts_at:%H:%M}–{ends_at:%H:%M}"


# --- reading ----------------------------------------------------------------------------------------


def occupancy(work: Work, first: date, last: date) -> Occupancy:
    """Read everything that is booked between two days, for whomever.

    What is taken must be known also where the child is not entrusted to the person; so times and
    therapists are read for all, the names of children only for those the person may see.
    """
    bookings = held(work, first, last)
    names, limits, staff, closed = _resources(work)
    concerned = or_(Child.id.in_({each.child_id for each in bookings}), living_here(), Child.outreach.is_not(None))
    known = select(Child.id, Child.name).where(concerned).execution_options(aside=True)
    names |= {each[0]: each[1] for each in work.execute(known)}
    return Occupancy(
        first,
        last,
        bookings,
        limits,
        names,
        tuple(leaves(work, first, last)),
        day_kinds(work, first, last),
        precautions_on(work, None, first, last),
        staff,
        closed,
        _unwell(work, first, last),
        hours_of(work, first, last),
        rule_of(work, "child_sessions_a_day", first),
    )


def held(work: Work, first: date, last: date) -> tuple[Booking, ...]:
    """Return what is held between two days, ordered by time."""
    table = TherapySession.__table__
    begin, end = datetime.combine(first, datetime.min.time()), datetime.combine(last, datetime.max.time())
    rows = busy(
        work, TherapySession, BOOKED, table.c.starts_at.between(begin, end), table.c.deleted_at.is_(None),
        table.c.status.in_(HOLDING), table.c.state.not_in(FREED_STATES),
    )  # fmt: skip
    return tuple(sorted((Booking(*row) for row in rows), key=lambda booking: (booking.starts_at, booking.id)))


BOOKED = (
    "id", "child_id", "therapist_id", "starts_at", "ends_at", "room_id", "equipment_id", "sitting_id", "supersedes_id",
    "therapy", "form",
)  # fmt: skip


def _resources(work: Work) -> tuple[dict[str, str], dict[str, int], dict[str, Hours], frozenset[str]]:
    names: dict[str, str] = {}
    limits: dict[str, int] = {}
    closed: set[str] = set()
    for row in work.execute(select(Room.id, Room.name, Room.capacity, Room.closed)):
        names[row[0]], limits[row[0]] = row[1], row[2] or 1
        closed |= {row[0]} if row[3] else set()
    for row in work.execute(select(Equipment.id, Equipment.name, Equipment.quantity, Equipment.out_of_use)):
        names[row[0]], limits[row[0]] = row[1], row[2] or 1
        closed |= {row[0]} if row[3] else set()
    staff = {}
    for key, name, skills, work_days in work.execute(select(Staff.id, Staff.name, Staff.skills, Staff.work_days)):
        names[key] = name
        staff[key] = Hours(frozenset(skills or ()), frozenset(work_days or ()))
    return names, limits, staff, frozenset(closed)


def _unwell(work: Work, first: date, last: date) -> dict[str, tuple[datetime, str]]:
    """Fever and seizures that the carers noted in the last day, as far as they concern these days."""
    since = work.now - timedelta(hours=24)
    if last < since.date() or first > work.today + timedelta(days=1):
        return {}
    note = NursingRecord
    statement = select(note.child_id, note.at, note.temperature, note.seizures).where(
        note.deleted_at.is_(None),
        note.state != "void",
        note.at >= since,
        or_(note.temperature >= measure_of(work, "fever_from", work.today), note.seizures > 0),
    )
    return {
        child_id: (at, "seizure" if seizures else "fever")
        for child_id, at, _temperature, seizures in work.execute(statement.order_by(note.at))
    }


def conflicts(work: Work, *proposals: Booking) -> list[Conflict]:
    """Say in words everything that speaks against a booking, asked of the database as it is now."""
    day = proposals[0].starts_at.date()
    return occupancy(work, day, day).conflicts(*proposals)


def booking_of(session: TherapySession) -> Booking:
    """Return what a session occupies."""
    return Booking(
        session.id, session.child_id, session.therapist_id, session.starts_at, session.ends_at, session.room_id,
        session.equipment_id, session.sitting_id, session.supersedes_id, session.therapy, session.form,
    )  # fmt: skip


JUDGED = "judged"
"""Set in ``work.info`` while a series is booked that was judged as a whole just before; the database still guards."""
FIELD_OF = {"child": "child_id", "therapist": "therapist_id", "room": "room_id", "equipment": "equipment_id"}


def booking_problems(work: Work, session: TherapySession, *, warnings: bool) -> Iterable[Problem]:
    """Return the conflicts of a session as problems of its form."""
    if work.info.get(JUDGED):
        return
    if session.status not in HOLDING or session.state in FREED_STATES or session.deleted_at:
        return
    for conflict in conflicts(work, booking_of(session)):
        if warnings or not conflict.warning:
            field_name = FIELD_OF.get(conflict.kind, "starts_at")
            yield Problem(field_name, conflict.words, warning=conflict.warning)
