"""My day 我的一天: everything a therapist needs to know for one working day, read in one go.

Each sitting with its children: the goals, what to beware of, what was done last time and what was practised since;
the gaps between; the missed sessions still to be made up; and a look at the next working day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from models.child import Child
from models.core.database import Work
from models.department import hours_of
from models.holidays import DayKind
from models.home_programme import HomeProgramme
from models.leave import LEAVE_KINDS
from models.practice import practised
from models.precautions import Bar, precautions_on
from models.rehabilitation import PlannedTherapy, RehabilitationGoal, RehabilitationPlan
from models.rehabilitation_file import RUNNING
from models.scheduling.week import Block, Member, Week, read_week
from models.session_notes import goal_words
from models.therapies import CONTRAINDICATIONS, HOLDING, RESPONSES, TREATED, Opening, short_name
from models.therapy import TherapySession
from resources import _

SHORTEST_GAP = timedelta(minutes=15)
MAKE_UP_WITHIN = timedelta(days=60)
LOOK_AHEAD = timedelta(days=21)
LOOK_BACK = timedelta(days=120)
MOST_GOALS = 3


@dataclass(frozen=True)
class DayChild:
    """One child at one sitting, with what the therapist should know before it begins."""

    member: Member
    number: str = ""
    photo: str | None = None
    goals: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()
    last_on: date | None = None
    last_result: str = ""
    practice: tuple[str, ...] = ()


@dataclass(frozen=True)
class DaySitting:
    """One sitting of the day."""

    block: Block
    children: tuple[DayChild, ...]


@dataclass(frozen=True)
class Gap:
    """A stretch of the working hours in which nothing is booked."""

    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        """Its length."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


@dataclass(frozen=True)
class Owed:
    """A missed session of the therapist's that was not made up yet."""

    session_id: str
    child_id: str
    name: str
    therapy: str
    missed_at: datetime
    minutes: int
    reason: str | None


@dataclass(frozen=True)
class MyDay:
    """One therapist's day."""

    day: date
    kind: DayKind
    away: str
    sittings: tuple[DaySitting, ...]
    gaps: tuple[Gap, ...]
    owed: tuple[Owed, ...]
    next_day: date | None
    next_sittings: tuple[Block, ...]
    unsigned: int

    @property
    def waiting(self) -> int:
        """Children's sessions of the day whose attendance is not recorded."""
        return sum(child.member.status == "booked" for each in self.sittings for child in each.children)

    def lines(self) -> list[DaySitting | Gap]:
        """Return sittings and gaps in the order of the clock."""
        found: list[DaySitting | Gap] = [*self.sittings, *self.gaps]
        return sorted(found, key=lambda each: each.block.starts_at if isinstance(each, DaySitting) else each.starts_at)


def my_day(work: Work, staff_id: str, day: date) -> MyDay:
    """Read one therapist's day."""
    week = read_week(work, day, day)
    blocks = [block for block in week.of("therapist", staff_id) if _shown(block)]
    known = _Known(work, week, blocks, day)
    sittings = tuple(DaySitting(block, tuple(known.child(block, each) for each in _members(block))) for block in blocks)
    next_day, after = next_working_day(work, staff_id, day)
    free = tuple(gaps(blocks, day, hours_of(work, day, day)[day]))
    return MyDay(
        day, week.occupancy.days[day], _away(week, staff_id, day), sittings, free,
        tuple(owed(work, staff_id)), next_day, after, _unsigned(work, staff_id),
    )  # fmt: skip


def _shown(block: Block) -> bool:
    return not block.known or bool(_members(block))


def _members(block: Block) -> list[Member]:
    return [member for member in block.members if member.status != "cancelled"]


def _away(week: Week, staff_id: str, day: date) -> str:
    kinds = [each.kind for each in week.occupancy.absences if each.staff_id == staff_id
             and (each.covers(day, "morning") or each.covers(day, "afternoon"))]  # fmt: skip
    return _(", ").join(dict.fromkeys(LEAVE_KINDS.label(kind) for kind in kinds))


def gaps(blocks: Sequence[Block], day: date, hours: Sequence[Opening]) -> Iterator[Gap]:
    """Yield the stretches of the day's opening hours between the first and the last sitting in which nothing is booked."""
    held = sorted((block.starts_at, block.ends_at) for block in blocks if block.holds)
    if not held:
        return
    first, last = held[0][0], max(end for _start, end in held)
    for half in hours:
        reached = max(datetime.combine(day, half.starts), first)
        close = min(datetime.combine(day, half.ends), last)
        for start, end in held:
            if start > reached and min(start, close) - reached >= SHORTEST_GAP:
                yield Gap(reached, min(start, close))
            reached = max(reached, end)
            if reached >= close:
                break


def owed(work: Work, staff_id: str) -> list[Owed]:
    """Return the therapist's missed sessions for which no make-up is booked, the longest waiting first."""
    session = TherapySession
    made = select(session.makes_up_id).where(
        session.makes_up_id.is_not(None), session.deleted_at.is_(None), session.status.in_(HOLDING)
    )
    statement = (
        select(session.id, session.child_id, Child.name, session.therapy, session.starts_at, session.ends_at, session.reason)
        .join(Child, Child.id == session.child_id)
        .where(
            session.therapist_id == staff_id, session.status == "absent", session.deleted_at.is_(None),
            session.state.not_in(["void", "superseded"]), session.id.not_in(made), Child.left_on.is_(None),
            session.starts_at >= datetime.combine(work.today, time()) - MAKE_UP_WITHIN, session.starts_at <= work.now,
        )
        .order_by(session.starts_at)
    )  # fmt: skip
    return [
        Owed(each.id, each.child_id, each.name, each.therapy, each.starts_at,
             int((each.ends_at - each.starts_at).total_seconds() // 60), each.reason)
        for each in work.execute(statement)
    ]  # fmt: skip


def next_working_day(work: Work, staff_id: str, day: date) -> tuple[date | None, tuple[Block, ...]]:
    """Return the next day on which the therapist has sessions, with its sittings."""
    session = TherapySession
    begin = datetime.combine(day + timedelta(days=1), time())
    first = work.scalar(
        select(session.starts_at)
        .where(
            session.therapist_id == staff_id, session.starts_at.between(begin, begin + LOOK_AHEAD),
            session.status.in_(HOLDING), session.deleted_at.is_(None), session.state.not_in(["void", "superseded"]),
        )
        .order_by(session.starts_at)
        .limit(1)
    )  # fmt: skip
    if first is None:
        return None, ()
    week = read_week(work, first.date(), first.date())
    return first.date(), tuple(block for block in week.of("therapist", staff_id) if _shown(block))


def _unsigned(work: Work, staff_id: str) -> int:
    session = TherapySession
    statement = select(session.id).where(
        session.therapist_id == staff_id, session.deleted_at.is_(None), session.state.in_(["draft", "returned"]),
        session.status != "cancelled", session.ends_at < work.now,
    )  # fmt: skip
    return len(list(work.scalars(statement)))


class _Known:
    """What is known of the children of some sittings, read with one question for each kind of thing."""

    def __init__(self, work: Work, week: Week, blocks: Sequence[Block], day: date) -> None:
        self.day = day
        self.ids = {member.child_id for block in blocks for member in _members(block)}
        self.unwell = week.occupancy.unwell
        self.children = {each.id: each for each in work.execute(
            select(Child.id, Child.number, Child.photo).where(Child.id.in_(self.ids)))}  # fmt: skip
        self.bars = precautions_on(work, self.ids, day, day)
        self.plans = _plans(work, self.ids, day)
        self.goals = _goals(work, self.plans)
        self.prescribed = _prescribed(work, self.plans)
        self.last = _last_results(work, self.ids, datetime.combine(day, time()))
        self.practice = practice(work, self.ids, day)

    def child(self, block: Block, member: Member) -> DayChild:
        """Return one child at one sitting."""
        key = member.child_id
        own: Any = self.children.get(key)
        last_on, last = self.last.get((key, block.therapy), (None, ""))
        return DayChild(
            member, own.number if own else "", own.photo if own else None, tuple(self._goals(key, block.therapy)),
            tuple(dict.fromkeys(self._cautions(key, block.therapy))), last_on, last, self.practice.get(key, ()),
        )  # fmt: skip

    def _goals(self, child_id: str, therapy: str) -> list[str]:
        mine = [text for kind, text in self.goals.get(child_id, ()) if kind == therapy]
        others = [text for kind, text in self.goals.get(child_id, ()) if not kind]
        return (mine or others)[:MOST_GOALS]

    def _cautions(self, child_id: str, therapy: str) -> Iterator[str]:
        seen, sign = self.unwell.get(child_id, (datetime.min, ""))
        if sign and self.day - timedelta(days=1) <= seen.date() <= self.day:
            yield f"{seen:%m-%d %H:%M} {CONTRAINDICATIONS.label(sign)}"
        for bar in self.bars.get(child_id, ()):
            if bar.concerns(therapy, self.day):
                yield _bar_words(bar)
        plan = self.plans.get(child_id)
        if plan:
            for words in (plan.precautions, self.prescribed.get((plan.id, therapy))):
                yield from filter(None, [" ".join((words or "").split())])


def _bar_words(bar: Bar) -> str:
    """What speaks against the session, and until when where it is not the plan itself that says it."""
    if bar.source == "plan" or not bar.last:
        return bar.words
    return _("{what} (until {day})").format(what=bar.words, day=f"{bar.last:%m-%d}")


def _plans(work: Work, ids: Collection[str], day: date) -> dict[str, Any]:
    """The plan in force of each child, the approved before one still on its way."""
    plan = RehabilitationPlan
    statement = select(plan.id, plan.child_id, plan.state, plan.starts_on, plan.precautions).where(
        plan.child_id.in_(ids),
        plan.deleted_at.is_(None),
        plan.state.in_(RUNNING),
        plan.starts_on <= day,
        plan.ends_on >= day,
    )
    found = sorted(work.execute(statement), key=lambda each: (each.state == "approved", each.starts_on))
    return {each.child_id: each for each in found}


def _prescribed(work: Work, plans: dict[str, Any]) -> dict[tuple[str, str], str]:
    """The precautions of the prescribed therapies, by plan and therapy."""
    kind = PlannedTherapy
    statement = select(kind.plan_id, kind.therapy, kind.precautions).where(
        kind.plan_id.in_([each.id for each in plans.values()]), kind.deleted_at.is_(None), kind.precautions.is_not(None)
    )
    return {(each.plan_id, each.therapy): each.precautions for each in work.execute(statement)}


def _goals(work: Work, plans: dict[str, Any]) -> dict[str, list[tuple[str | None, str]]]:
    """The goals worked on: (therapy, words) by child, short ones before long ones."""
    goal = RehabilitationGoal
    statement = select(goal.child_id, goal.therapy, goal.text, goal.term, goal.due_on).where(
        goal.plan_id.in_([each.id for each in plans.values()]), goal.deleted_at.is_(None), goal.status == "active",
        goal.state.not_in(["void", "superseded"]),
    )  # fmt: skip
    found: defaultdict[str, list[tuple[str | None, str]]] = defaultdict(list)
    for each in sorted(work.execute(statement), key=lambda each: (each.term != "short", each.due_on)):
        found[each.child_id].append((each.therapy, each.text))
    return dict(found)


def _last_results(work: Work, ids: Collection[str], before: datetime) -> dict[tuple[str, str], tuple[date, str]]:
    """What was noted last, by child and therapy: the result, else the work on the goals, else the response."""
    session = TherapySession
    statement = select(
        session.child_id, session.therapy, session.starts_at, session.result, session.goal_notes, session.response
    ).where(
        session.child_id.in_(ids), session.starts_at < before, session.starts_at >= before - LOOK_BACK,
        session.status.in_(TREATED), session.deleted_at.is_(None), session.state.not_in(["void", "superseded"]),
    )  # fmt: skip
    noted, responses = {}, {}
    for each in work.execute(statement.order_by(session.starts_at)):
        goals = _("; ").join(filter(None, map(goal_words, (each.goal_notes or {}).values())))
        said = " ".join((each.result or "").split()) or goals
        if said:
            noted[each.child_id, each.therapy] = (each.starts_at.date(), said)
        elif each.response:
            responses[each.child_id, each.therapy] = (each.starts_at.date(), RESPONSES.label(each.response))
    return responses | noted


def practice(work: Work, ids: Collection[str], day: date, days: int = 7) -> dict[str, tuple[str, ...]]:
    """Say what of each child's home programme was really done in the last days."""
    until = min(day, work.today)
    with_items = select(HomeProgramme.child_id).where(
        HomeProgramme.child_id.in_(ids), HomeProgramme.deleted_at.is_(None)
    )
    found = {key: practised(work, key, until - timedelta(days=days), until) for key in set(work.scalars(with_items))}
    return {key: tuple(each.words() for each in items if each.wanted) for key, items in found.items()}


def in_short(block: Block) -> str:
    """Say one sitting in a line of the next day: 08:30 曾小乐 PT."""
    names = [member.name for member in _members(block)]
    said = (
        names[0] if len(names) == 1 else _("group of {n}").format(n=len(names) + block.others) if names else _("Taken")
    )
    return f"{block.starts_at:%H:%M}  {said} · {short_name(block.therapy)}"


def all_names(children: Iterable[DayChild]) -> str:
    """Name the children of a sitting."""
    return _(", ").join(child.member.name for child in children)
