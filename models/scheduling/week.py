"""Week 康复周表: the sittings of some days as finished blocks, by therapist, room or child."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import func, or_, select

from models.child import Child
from models.core.database import Work
from models.core.queries import load, titles
from models.rehabilitation import RehabilitationPlan
from models.rehabilitation_file import GoalLine, goals_on, plan_on, plan_sheet
from models.rooms import Equipment, Room
from models.scheduling.occupancy import Occupancy, occupancy
from models.staff import Staff
from models.therapies import HOLDING
from models.therapy import TherapySession

ALL = "all"
"""Stands for every group where one is asked for."""


@dataclass(frozen=True)
class Member:
    """One child of a sitting."""

    session_id: str
    child_id: str
    name: str
    status: str
    reason: str | None
    state: str
    version: int
    locked: bool = False

    @property
    def signed(self) -> bool:
        """Whether the therapist has signed."""
        return self.state not in ("draft", "returned")


@dataclass(frozen=True)
class Block:
    """One sitting as the week shows it; without members it is somebody's the person may not see."""

    key: str
    therapy: str
    form: str
    therapist_id: str
    therapist: str
    room_id: str | None
    room: str
    equipment_id: str | None
    equipment: str
    starts_at: datetime
    ends_at: datetime
    members: tuple[Member, ...] = ()
    series_id: str | None = None
    makes_up: bool = False
    others: int = 0
    """Children of the sitting whom the person may not see."""
    sitting: str = ""

    @property
    def known(self) -> bool:
        """Whether the person may see whose it is."""
        return bool(self.members)

    @property
    def statuses(self) -> frozenset[str]:
        """The states of its members."""
        return frozenset(member.status for member in self.members)

    @property
    def holds(self) -> bool:
        """Whether it still occupies anybody."""
        return not self.members or bool(self.statuses & set(HOLDING))

    @property
    def locked(self) -> bool:
        """Whether it stays where it is until it is unlocked."""
        return any(member.locked for member in self.members)

    @property
    def open(self) -> bool:
        """Whether it is booked for all, nothing attended or signed."""
        return self.known and self.statuses == {"booked"} and not any(each.signed for each in self.members)

    @property
    def movable(self) -> bool:
        """Whether it can be moved: still open, and not locked in its place."""
        return self.open and not self.locked

    @property
    def size(self) -> int:
        """How many children are treated together."""
        return len(self.members) + self.others

    @property
    def group(self) -> str:
        """Which group it is: the therapy and its children, the same from week to week; empty for one child alone."""
        if self.form != "group" or self.size < 2:
            return ""
        return "/".join([self.therapy, *sorted(member.child_id for member in self.members)])


@dataclass(frozen=True)
class Week:
    """What the calendar draws: blocks, who and what is taken, names to choose from."""

    first: date
    last: date
    blocks: tuple[Block, ...]
    occupancy: Occupancy
    therapists: tuple[tuple[str, str], ...]
    rooms: tuple[tuple[str, str], ...]
    equipment: tuple[tuple[str, str], ...]

    def of(self, by: str, key: str) -> list[Block]:
        """Return the blocks of one ``therapist``, ``room``, ``child`` or ``group``."""
        return of(self.blocks, by, key) if by in ("child", "group") else self._whose.get((by, key), [])

    @cached_property
    def _whose(self) -> dict[tuple[str, str | None], list[Block]]:
        found: defaultdict[tuple[str, str | None], list[Block]] = defaultdict(list)
        for block in self.blocks:
            found["therapist", block.therapist_id].append(block)
            found["room", block.room_id].append(block)
        return dict(found)

    @cached_property
    def groups(self) -> tuple[Block, ...]:
        """One block of each group whose children the person may see, by therapy and names."""
        found: dict[str, Block] = {}
        for block in self.blocks:
            if block.group and block.known:
                found.setdefault(block.group, block)
        return tuple(sorted(found.values(), key=lambda each: (each.therapy, [member.name for member in each.members])))

    def block(self, key: str) -> Block | None:
        """Return a block by its key."""
        return self._by_key.get(key)

    def block_of(self, session_id: str) -> Block | None:
        """Return the block a session belongs to."""
        return self._of_session.get(session_id)

    @cached_property
    def _by_key(self) -> dict[str, Block]:
        return {block.key: block for block in self.blocks}

    @cached_property
    def _of_session(self) -> dict[str, Block]:
        return {member.session_id: block for block in self.blocks for member in block.members}


def of(blocks: Iterable[Block], by: str, key: str) -> list[Block]:
    """Return those of some blocks that belong to a ``therapist``, ``room``, ``child`` or ``group`` (or to ALL groups)."""
    if by == "child":
        return [block for block in blocks if any(member.child_id == key for member in block.members)]
    if by == "group":
        return [block for block in blocks if block.group and key in (ALL, block.group)]
    return [block for block in blocks if getattr(block, f"{by}_id") == key]


def read_week(work: Work, first: date, last: date) -> Week:
    """Read everything the calendar needs for some days."""
    taken = occupancy(work, first, last)
    sessions = _sessions(work, first, last)
    children = titles(work, "child", {each.child_id for each in sessions})
    blocks = [*_known(sessions, children, taken), *_foreign(sessions, taken)]
    treating = {block.therapist_id for block in blocks}
    return Week(
        first,
        last,
        tuple(sorted(blocks, key=lambda block: (block.starts_at, block.key))),
        taken,
        therapists(work, treating),
        _named(work, Room),
        _named(work, Equipment),
    )


def therapists(work: Work, treating: Collection[str] = ()) -> tuple[tuple[str, str], ...]:
    """Return (id, name) of the therapists, then of others who treat somebody in these days."""
    statement = select(Staff.id, Staff.name, Staff.post).where(
        Staff.deleted_at.is_(None), Staff.state != "void", Staff.left_on.is_(None)
    )
    found = [each for each in work.execute(statement) if each.post == "therapist" or each.id in treating]
    return tuple((each.id, each.name) for each in sorted(found, key=lambda each: (each.post != "therapist", each.id)))


def _named(work: Work, kind: Any) -> tuple[tuple[str, str], ...]:
    statement = select(kind.id, kind.name).where(kind.deleted_at.is_(None), kind.state != "void").order_by(kind.name)
    return tuple((each.id, each.name) for each in work.execute(statement))


_SHOWN = (
    "id", "version", "state", "child_id", "therapy", "form", "therapist_id", "room_id", "equipment_id", "starts_at", "ends_at",
    "sitting_id", "series_id", "makes_up_id", "status", "reason", "locked",
)  # fmt: skip


def _sessions(work: Work, first: date, last: date) -> list[Any]:
    begin = datetime.combine(first, datetime.min.time())
    end = datetime.combine(last + timedelta(days=1), datetime.min.time())
    statement = select(*(getattr(TherapySession, name) for name in _SHOWN)).where(
        TherapySession.starts_at >= begin,
        TherapySession.starts_at < end,
        TherapySession.deleted_at.is_(None),
        TherapySession.state.not_in(["void", "superseded"]),
    )
    return list(work.execute(statement.order_by(TherapySession.starts_at, TherapySession.id)))


def _known(sessions: list[Any], children: dict[str, str], taken: Occupancy) -> list[Block]:
    """Draw the members of one sitting together; those who are away stay with it as long as one is there."""
    together: dict[tuple[str, datetime], list[Any]] = {}
    for each in sessions:
        together.setdefault((each.sitting_id, each.starts_at), []).append(each)
    held = Counter((each.sitting, each.starts_at) for each in taken.bookings)
    blocks = []
    for members in together.values():
        head = members[0]
        blocks.append(
            Block(
                head.id, head.therapy, head.form, head.therapist_id, taken.name(head.therapist_id, ""), head.room_id,
                taken.name(head.room_id, ""), head.equipment_id, taken.name(head.equipment_id, ""), head.starts_at,
                head.ends_at,
                tuple(
                    Member(each.id, each.child_id, children.get(each.child_id, ""), each.status, each.reason, each.state,
                           each.version, bool(each.locked))
                    for each in sorted(members, key=lambda each: children.get(each.child_id, ""))
                ),
                head.series_id, bool(head.makes_up_id),
                max(0, held[head.sitting_id, head.starts_at] - sum(each.status in HOLDING for each in members)),
                head.sitting_id,
            )
        )  # fmt: skip
    return blocks


def _foreign(sessions: list[Any], taken: Occupancy) -> list[Block]:
    """What is taken for children the person may not see: time, therapist and place, no name."""
    seen = {each.id for each in sessions} | {each.sitting_id for each in sessions}
    blocks: dict[tuple[str, datetime], Block] = {}
    for each in taken.bookings:
        if each.id in seen or each.sitting in seen:
            continue
        blocks[each.sitting, each.starts_at] = Block(
            f"taken-{each.sitting}", each.therapy, each.form, each.therapist_id, taken.name(each.therapist_id, ""),
            each.room_id, taken.name(each.room_id, ""), each.equipment_id, taken.name(each.equipment_id, ""),
            each.starts_at, each.ends_at,
        )  # fmt: skip
    return list(blocks.values())


def pulse(work: Work, first: date, last: date) -> tuple[int, int]:
    """Return two numbers that change whenever anybody changes a session of these days; cheap enough to ask often."""
    session = TherapySession
    begin, end = datetime.combine(first, datetime.min.time()), datetime.combine(last, datetime.max.time())
    statement: Any = select(func.count(session.id), func.coalesce(func.sum(session.version), 0))
    row: Any = work.whole_home(
        statement.where(session.starts_at.between(begin, end), session.deleted_at.is_(None))
    ).one()
    return int(row[0]), int(row[1])


@dataclass(frozen=True)
class SessionSheet:
    """One session with what the therapist needs beside it: the goals, the risks, what was noted last time."""

    values: dict[str, Any]
    child: str
    therapist: str
    room: str
    equipment: str
    goals: tuple[GoalLine, ...]
    risks: tuple[str, ...]
    precautions: str
    last_result: str
    last_on: date | None


def session_sheet(work: Work, session_id: str) -> SessionSheet:
    """Read one session for its panel."""
    from models.core.queries import values

    session = load(work, TherapySession, session_id)
    plan_id = plan_on(work, session.child_id, session.starts_at.date())
    plan = load(work, RehabilitationPlan, plan_id) if plan_id else None
    before = work.execute(
        select(TherapySession.starts_at, TherapySession.result)
        .where(
            TherapySession.child_id == session.child_id, TherapySession.therapy == session.therapy,
            TherapySession.starts_at < session.starts_at, TherapySession.result.is_not(None),
            TherapySession.deleted_at.is_(None),
        )
        .order_by(TherapySession.starts_at.desc())
        .limit(1)
    ).first()  # fmt: skip
    goals = goals_on(work, session.child_id, session.starts_at.date())
    return SessionSheet(
        values(work, TherapySession, session_id),
        titles(work, "child", [session.child_id]).get(session.child_id, ""),
        titles(work, "staff", [session.therapist_id]).get(session.therapist_id, ""),
        titles(work, "room", [session.room_id]).get(session.room_id or "", ""),
        titles(work, "equipment", [session.equipment_id]).get(session.equipment_id or "", ""),
        tuple(sorted(goals, key=lambda goal: goal.therapy != session.therapy)),
        tuple(plan.contraindications or ()) if plan else (),
        (plan.precautions or "") if plan else "",
        before.result if before else "",
        before.starts_at.date() if before else None,
    )


@dataclass(frozen=True)
class MissedSession:
    """A missed session that was not made up yet."""

    id: str
    therapy: str
    starts_at: datetime
    minutes: int
    therapist_id: str
    reason: str | None


def to_make_up(work: Work, child_id: str, since: date) -> list[MissedSession]:
    """Return a child's missed sessions since a day for which no make-up is booked, the latest first."""
    session = TherapySession
    made = select(session.makes_up_id).where(
        session.makes_up_id.is_not(None), session.deleted_at.is_(None), session.status.in_(HOLDING)
    )
    statement = select(session).where(
        session.child_id == child_id, session.status == "absent", session.deleted_at.is_(None),
        session.starts_at >= datetime.combine(since, datetime.min.time()), session.id.not_in(made),
    )  # fmt: skip
    return [
        MissedSession(each.id, each.therapy, each.starts_at, each.minutes, each.therapist_id, each.reason)
        for each in work.scalars(statement.order_by(session.starts_at.desc()))
    ]


@dataclass(frozen=True)
class ChildChoice:
    """A child who can be booked: name, number, and what the plan in force prescribes."""

    id: str
    name: str
    number: str


def children_to_book(work: Work) -> list[ChildChoice]:
    """Return the children entrusted to the person who live here, and the outreach clients served today, by name."""
    from models.outreach import served_on
    from models.placement import living_here

    wanted = or_(living_here(), served_on(work.today))
    statement = select(Child.id, Child.name, Child.number).where(Child.deleted_at.is_(None), wanted)
    return [ChildChoice(*each) for each in work.execute(statement.order_by(Child.name))]


@dataclass(frozen=True)
class Need:
    """What a child's plan prescribes of one therapy in a week, and how much of it is booked."""

    therapy: str
    wanted: int
    booked: int
    minutes: int
    therapist_id: str | None

    @property
    def missing(self) -> int:
        """How many sessions are still to be booked."""
        return max(0, self.wanted - self.booked)


def needs_of(work: Work, child_id: str, monday: date) -> list[Need]:
    """Compare a child's plan in force with what is booked in a week."""
    plan_id = plan_on(work, child_id, monday + timedelta(days=6)) or plan_on(work, child_id, monday)
    if plan_id is None:
        return []
    begin = datetime.combine(monday, datetime.min.time())
    statement = (
        select(TherapySession.therapy, func.count(TherapySession.id))
        .where(
            TherapySession.child_id == child_id, TherapySession.status.in_(HOLDING), TherapySession.deleted_at.is_(None),
            TherapySession.state.not_in(["void", "superseded"]), TherapySession.makes_up_id.is_(None),
            TherapySession.starts_at >= begin, TherapySession.starts_at < begin + timedelta(days=7),
        )
        .group_by(TherapySession.therapy)
    )  # fmt: skip
    booked = {each[0]: each[1] for each in work.execute(statement)}
    return [
        Need(each.therapy, each.sessions_a_week, booked.get(each.therapy, 0), each.minutes, each.therapist_id)
        for each in plan_sheet(work, plan_id).therapies
    ]
