"""Therapy timetables 康复课表: the week of the department, of a therapist, a child or a room, as values for paper."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from models.child import Child
from models.core.database import Work
from models.core.queries import titles
from models.core.words import Code, CodeList
from models.funded_days import funded_children
from models.leave import LEAVE_KINDS
from models.month import Month
from models.person_name import masked_name
from models.rooms import ROOM_KINDS, Room
from models.scheduling.recurrence import week_of
from models.scheduling.week import Block, Member, Week, read_week, therapists
from models.staff import SKILLS, Staff
from models.therapies import mark, short_name
from models.therapy import TherapySession
from resources import N_, _

SIMPLE = CodeList(
    "therapy_said_simply",
    Code("PT", N_("Moving"), "运动"),
    Code("OT", N_("Hands at work"), "动手"),
    Code("ST", N_("Talking"), "说话"),
    Code("SI", N_("Sensory play"), "感统游戏"),
    Code("COG", N_("Thinking"), "认知学习"),
    Code("CE", N_("Learning together"), "引导式小组"),
    Code("MUS", N_("Making music"), "音乐"),
    Code("PSY", N_("Feelings"), "心理活动"),
    Code("PHY", N_("Treatment bed"), "理疗"),
    Code("HYD", N_("Water"), "水疗"),
    Code("TCM", N_("Chinese massage"), "推拿"),
)
"""What carers and children call the therapies; for the wall of the unit."""
NOON = time(12)


@dataclass(frozen=True)
class Asked:
    """What is to be printed: for which day, week or month, of whom (all when empty), and with which names."""

    day: date
    ids: tuple[str, ...] = ()
    masked: bool = False


@dataclass(frozen=True)
class PaperDay:
    """One day of a week on paper: what it is called, and why nothing takes place when it is closed."""

    day: date
    note: str = ""
    open: bool = True
    away: tuple[str, str] = ("", "")
    """The therapist's leave in the morning and in the afternoon."""


@dataclass(frozen=True)
class Lesson:
    """One sitting as a timetable shows it."""

    starts_at: datetime
    ends_at: datetime
    title: str
    detail: str = ""


@dataclass(frozen=True)
class Timetable:
    """The week of one therapist, child or room 课表."""

    by: str
    subject: str
    facts: tuple[tuple[str, str], ...]
    days: tuple[PaperDay, ...]
    lessons: tuple[Lesson, ...]
    number: str = ""
    public: bool = False
    child_id: str = ""


@dataclass(frozen=True)
class StaffWeek:
    """One line of the department's week: who, and the lessons of each day as (morning, afternoon)."""

    name: str
    therapy: str
    """The one therapy of all lessons, when there is only one; then the lessons do not say it again."""
    halves: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    away: tuple[tuple[str, str], ...]
    sittings: int
    minutes: int


@dataclass(frozen=True)
class DepartmentWeek:
    """The whole department's week 康复科周课表: therapists by days."""

    days: tuple[PaperDay, ...]
    rows: tuple[StaffWeek, ...]
    per_day: tuple[int, ...]
    public: bool = False
    child_id: str = ""

    @property
    def sittings(self) -> int:
        """All sittings of the week."""
        return sum(self.per_day)


@dataclass(frozen=True)
class DoorSheet:
    """One room's day 门牌日程: for the door."""

    subject: str
    facts: tuple[tuple[str, str], ...]
    day: PaperDay
    lessons: tuple[Lesson, ...]
    public: bool = False
    child_id: str = ""


# --- weeks ---------------------------------------------------------------------------------------------


class _Names:
    """The names of children as a paper gives them: whole or masked."""

    def __init__(self, work: Work, week: Week, *, masked: bool) -> None:
        ids = {member.child_id for block in week.blocks for member in block.members}
        found = work.execute(select(Child.id, Child.number).where(Child.id.in_(ids))) if masked else ()
        self._numbers = {each.id: each.number for each in found}
        self._masked = masked

    def of(self, member: Member) -> str:
        """Return one child's name."""
        return masked_name(member.name, self._numbers.get(member.child_id, "")) if self._masked else member.name

    def all(self, block: Block) -> str:
        """Name those who are treated together, first how many when there are more than one."""
        names = [self.of(member) for member in held(block)]
        count = len(names) + block.others
        if not block.known:
            return _("Taken")
        said = _(", ").join(names)
        return said if count == 1 else _("{n} children: {names}").format(n=count, names=said)


def held(block: Block) -> list[Member]:
    """Return the children of a sitting that was not cancelled for them."""
    return [member for member in block.members if member.status != "cancelled"]


def takes_place(block: Block) -> bool:
    """Tell whether a sitting belongs into a timetable."""
    return not block.known or bool(held(block))


def _week(work: Work, day: date) -> Week:
    days = week_of(day)
    return read_week(work, days[0], days[-1])


def _days(week: Week, staff_id: str = "") -> tuple[PaperDay, ...]:
    """The days of the week to print: Monday to Friday, and of the weekend those that are open or busy."""
    busy = {block.starts_at.date() for block in week.blocks if takes_place(block)}
    kinds = week.occupancy.days
    shown = [day for day in week_of(week.first) if day.weekday() < 5 or kinds[day].open or day in busy]
    return tuple(_day(week, day, staff_id) for day in shown)


def _day(week: Week, day: date, staff_id: str = "") -> PaperDay:
    kind = week.occupancy.days[day]
    away = (_leave(week, staff_id, day, "morning"), _leave(week, staff_id, day, "afternoon")) if staff_id else ("", "")
    return PaperDay(day, "" if kind.kind == "weekend" and kind.open else kind.words, kind.open, away)


def _leave(week: Week, staff_id: str, day: date, half: str) -> str:
    for absence in week.occupancy.absences:
        if absence.staff_id == staff_id and absence.covers(day, half):
            return LEAVE_KINDS.label(absence.kind)
    return ""


def department_week(work: Work, asked: Asked) -> list[DepartmentWeek]:
    """Gather the week of the whole department, or of some therapists."""
    week = _week(work, asked.day)
    days, names = _days(week), _Names(work, week, masked=asked.masked)
    chosen = [each for each in week.therapists if not asked.ids or each[0] in asked.ids]
    rows = tuple(_staff_week(week, days, key, name, names) for key, name in chosen)
    shown = {key for key, _name in chosen}
    taking = [block for block in week.blocks if takes_place(block) and block.therapist_id in shown]
    counts = tuple(sum(block.starts_at.date() == each.day for block in taking) for each in days)
    return [DepartmentWeek(days, rows, counts)]


def _staff_week(week: Week, days: Sequence[PaperDay], key: str, name: str, names: _Names) -> StaffWeek:
    blocks = [block for block in week.of("therapist", key) if takes_place(block)]
    kinds = {block.therapy for block in blocks}
    only = kinds.pop() if len(kinds) == 1 else ""
    halves = []
    for each in days:
        own = [block for block in blocks if block.starts_at.date() == each.day]
        early = tuple(_in_short(block, names, only) for block in own if block.starts_at.time() < NOON)
        late = tuple(_in_short(block, names, only) for block in own if block.starts_at.time() >= NOON)
        halves.append((early, late))
    away = tuple(_day(week, each.day, key).away for each in days)
    minutes = sum(int((block.ends_at - block.starts_at).total_seconds() // 60) for block in blocks)
    return StaffWeek(name, short_name(only) if only else "", tuple(halves), away, len(blocks), minutes)


def _in_short(block: Block, names: _Names, only: str) -> str:
    """One sitting in one short line: 08:30 曾小乐 PT, or 10:00 引导式5人; without the therapy where all are the same."""
    start = f"{block.starts_at:%H:%M}"
    if not block.known:
        return f"{start} {_('Taken')}"
    count = len(held(block)) + block.others
    if count == 1:
        return f"{start} {names.of(held(block)[0])} {'' if only else mark(block.therapy)}".rstrip()
    said = (
        _("group of {n}").format(n=count)
        if only
        else _("{therapy}, {n}").format(therapy=short_name(block.therapy), n=count)
    )
    return f"{start} {said}"


def therapist_week(work: Work, asked: Asked) -> list[Timetable]:
    """Gather the week of each chosen therapist."""
    week = _week(work, asked.day)
    names = _Names(work, week, masked=asked.masked)
    skills = {each.id: each.skills for each in work.execute(select(Staff.id, Staff.skills))}
    found = []
    for key, name in week.therapists:
        if asked.ids and key not in asked.ids:
            continue
        blocks = [block for block in week.of("therapist", key) if takes_place(block)]
        if not blocks and not asked.ids:
            continue
        facts = ((_("Skills"), _skills(skills.get(key))), (_("Sessions"), _amount(blocks)))
        lessons = tuple(
            Lesson(each.starts_at, each.ends_at, names.all(each), _joined(short_name(each.therapy), each.room))
            for each in blocks
        )
        found.append(Timetable("therapist", name, facts, _days(week, key), lessons))
    return found


def _amount(blocks: Sequence[Block]) -> str:
    hours = sum((block.ends_at - block.starts_at).total_seconds() for block in blocks) / 3600
    return _("{n}, {hours} h").format(n=len(blocks), hours=f"{hours:g}")


def _skills(codes: Sequence[str] | None) -> str:
    return _(", ").join(SKILLS.label(code) for code in codes or ())


def _joined(*parts: str) -> str:
    return _(" · ").join(filter(None, parts))


def child_week(work: Work, asked: Asked) -> list[Timetable]:
    """Gather the week of each chosen child, in words that a child and a carer know."""
    week = _week(work, asked.day)
    chosen = asked.ids or tuple(key for key, _name, _number in _treated(work, asked.day))
    statement = select(Child.id, Child.name, Child.number, Child.unit_id).where(Child.id.in_(chosen))
    children = list(work.execute(statement.order_by(Child.number)))
    units = titles(work, "unit", [each.unit_id for each in children])
    return [_child_week(week, each, units.get(each.unit_id or "", ""), masked=asked.masked) for each in children]


def _child_week(week: Week, child: Any, unit: str, *, masked: bool) -> Timetable:
    blocks = [
        block
        for block in week.of("child", child.id)
        if any(member.child_id == child.id and member.status != "cancelled" for member in block.members)
    ]
    lessons = tuple(
        Lesson(
            each.starts_at,
            each.ends_at,
            SIMPLE.label(each.therapy),
            "\n".join(filter(None, (each.therapist, each.room))),
        )
        for each in blocks
    )
    name = masked_name(child.name, child.number) if masked else child.name
    facts = ((_("Unit"), unit), (_("Sessions"), _amount(blocks)))
    number = "" if masked else child.number
    return Timetable("child", name, facts, _days(week), lessons, number, public=masked, child_id=child.id)


def _rooms(work: Work, asked: Asked) -> Iterator[Any]:
    statement = select(Room).where(Room.deleted_at.is_(None), Room.state != "void")
    for room in work.scalars(statement.order_by(Room.name)):
        if not asked.ids or room.id in asked.ids:
            yield room


def _room_facts(room: Any) -> tuple[tuple[str, str], ...]:
    places = _("{n} children at a time").format(n=room.capacity) if room.capacity else ""
    return (_("Kind"), ROOM_KINDS.label(room.kind)), (_("Places"), places)


def _room_lessons(week: Week, room_id: str, names: _Names) -> tuple[Lesson, ...]:
    blocks = [block for block in week.of("room", room_id) if takes_place(block)]
    return tuple(
        Lesson(each.starts_at, each.ends_at, names.all(each), _joined(short_name(each.therapy), each.therapist))
        for each in blocks
    )


def room_week(work: Work, asked: Asked) -> list[Timetable]:
    """Gather the week of each chosen room, for its door; of all rooms only those that are used."""
    week = _week(work, asked.day)
    names, days = _Names(work, week, masked=asked.masked), _days(week)
    found = [
        Timetable("room", room.name, _room_facts(room), days, _room_lessons(week, room.id, names), public=asked.masked)
        for room in _rooms(work, asked)
    ]
    return [each for each in found if each.lessons or asked.ids]


def room_day(work: Work, asked: Asked) -> list[DoorSheet]:
    """Gather one day of each chosen room, for its door; of all rooms only those that are used."""
    week = read_week(work, asked.day, asked.day)
    names, day = _Names(work, week, masked=asked.masked), _day(week, asked.day)
    found = [
        DoorSheet(room.name, _room_facts(room), day, _room_lessons(week, room.id, names), public=asked.masked)
        for room in _rooms(work, asked)
    ]
    return [each for each in found if each.lessons or asked.ids]


# --- whom a timetable can be of ------------------------------------------------------------


def subjects(work: Work, subject: str, day: date) -> list[tuple[str, str, str]]:
    """Return (id, name, what else is known) of everyone or everything a paper can be about in a period."""
    if subject == "therapist":
        skills = {each.id: each.skills for each in work.execute(select(Staff.id, Staff.skills))}
        return [(key, name, _skills(skills.get(key))) for key, name in therapists(work, _treating(work, day))]
    if subject == "room":
        rooms = select(Room.id, Room.name, Room.kind).where(Room.deleted_at.is_(None), Room.state != "void")
        return [(each.id, each.name, ROOM_KINDS.label(each.kind)) for each in work.execute(rooms.order_by(Room.name))]
    if subject == "child":
        return _treated(work, day)
    if subject == "funded":
        found = funded_children(work, Month(day.year, day.month))
        asked = select(Child.id, Child.number).where(Child.id.in_([key for key, _name in found]))
        numbers = {each.id: each.number for each in work.execute(asked)}
        return [(key, name, numbers.get(key, "")) for key, name in found]
    return []


def _treating(work: Work, day: date) -> set[str]:
    """Everyone who treats somebody in the week of a day."""
    begin = datetime.combine(week_of(day)[0], time())
    statement = select(TherapySession.therapist_id).where(
        TherapySession.starts_at >= begin, TherapySession.starts_at < begin + timedelta(days=7),
        TherapySession.deleted_at.is_(None), TherapySession.status != "cancelled",
    )  # fmt: skip
    return set(work.scalars(statement))


def _treated(work: Work, day: date) -> list[tuple[str, str, str]]:
    """The children who have a session in the week of a day."""
    days = week_of(day)
    begin = datetime.combine(days[0], time())
    statement = (
        select(Child.id, Child.name, Child.number)
        .where(
            Child.id.in_(
                select(TherapySession.child_id).where(
                    TherapySession.starts_at >= begin, TherapySession.starts_at < begin + timedelta(days=7),
                    TherapySession.deleted_at.is_(None), TherapySession.status != "cancelled",
                )
            )
        )
        .order_by(Child.number)
    )  # fmt: skip
    return [(each.id, each.name, each.number) for each in work.execute(statement)]
