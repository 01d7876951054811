"""The entitlement ledger of the whole home 全院康复权益台账: one row a child and therapy, in a handful of queries."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from models.age import months_later
from models.child import Child
from models.core.database import Work
from models.core.queries import titles
from models.department import rule_of
from models.entitlement import Account, Figures, Held, Prescription, Span, account, span_of
from models.holidays import day_kinds
from models.outreach import ServiceAgreement
from models.rehabilitation import PlannedTherapy, RehabilitationPlan
from models.rehabilitation_file import RUNNING
from models.therapies import THERAPIES
from models.therapy import TherapySession

IN_FORCE = (*RUNNING, "archived")
"""States of a plan that is carried out, or was."""
WHO = ("residents", "clients")


@dataclass(frozen=True)
class Row:
    """One line of the ledger: a child and a therapy; or, without a therapy, all of a child's together."""

    child_id: str
    name: str
    number: str
    unit_id: str | None
    therapy: str
    account: Account
    parts: tuple[Row, ...] = ()
    owed_red: int = 1
    """From how many owed sessions on the light is red."""

    @property
    def figures(self) -> Figures:
        """The columns."""
        return self.account.figures

    @property
    def owed(self) -> int:
        """Sessions owed; of several therapies the sum of each by itself: more of one does not pay for another."""
        return sum(max(0, part.figures.owed) for part in self.parts) if self.parts else self.figures.owed

    @property
    def level(self) -> str:
        """``green``, ``amber`` when something is owed, ``red`` when it is a week's prescription; or nothing prescribed."""
        if self.parts:
            order = ("red", "amber", "green", "")
            return min((part.level for part in self.parts), key=order.index)
        if not (self.figures.prescribed or self.figures.carried):
            return ""
        if self.figures.owed <= 0:
            return "green"
        return "red" if self.figures.owed >= self.owed_red else "amber"

    def behind(self, figure: str) -> list[str]:
        """Return the ids of the sessions behind a figure."""
        return self.account.behind(figure)


@dataclass(frozen=True)
class Ledger:
    """The ledger of a span: its rows by child's name and therapy, and the days it is about."""

    span: Span
    rows: tuple[Row, ...]
    units: Mapping[str, str] = field(default_factory=dict)
    therapists: Mapping[str, str] = field(default_factory=dict)

    def by_child(self) -> list[Row]:
        """Return one row a child, all its therapies together."""
        return by_child(self.rows)

    def total(self) -> Figures:
        """Return the sum of all rows."""
        whole = Figures()
        for each in self.rows:
            whole.add(each.figures)
        return whole


def by_child(rows: Iterable[Row]) -> list[Row]:
    """Return one row a child, its therapies added up."""
    found: dict[str, list[Row]] = {}
    for each in rows:
        found.setdefault(each.child_id, []).append(each)
    return [together(parts) for parts in found.values()]


def together(parts: Sequence[Row]) -> Row:
    """Add up the rows of one child."""
    whole = Account()
    for part in parts:
        whole.figures.add(part.figures)
        whole.therapists |= part.account.therapists
        for because, count in part.account.lost_by.items():
            whole.lost_by[because] = whole.lost_by.get(because, 0) + count
        for figure, ids in part.account.sessions.items():
            whole.sessions.setdefault(figure, []).extend(ids)
    first = parts[0]
    return Row(first.child_id, first.name, first.number, first.unit_id, "", whole, tuple(parts))


def ledger(
    work: Work, first: date, last: date, *, child_ids: Collection[str] = (), who: str = "residents"
) -> Ledger:  # fmt: skip
    """Return the ledger of a span of days for the children this person may see.

    Args:
        child_ids: only these; empty for all.
        who: ``residents`` for the home's own children, ``clients`` for those from outside, ``all`` for both.
    """
    span = _span(work, first, last)
    children = {each.id: each for each in work.execute(_children(span, child_ids, who))}
    lines = _prescriptions(work, span, child_ids)
    if who != "residents":
        lines = _under_agreement(work, lines, {each.id for each in children.values() if each.outreach})
    sessions = _sessions(work, span, child_ids)
    red = rule_of(work, "debt_red_weeks", work.today)
    rows = [
        _row(children[child_id], therapy, account(span, lines.get((child_id, therapy), ()), sessions.get((child_id, therapy), ())), red)
        for child_id, therapy in lines.keys() | sessions.keys()
        if child_id in children
    ]  # fmt: skip
    order = {code.code: place for place, code in enumerate(THERAPIES)}
    shown = [each for each in rows if _says_something(each)]
    shown.sort(key=lambda each: (each.name, each.number, order.get(each.therapy, 99)))
    people = {key for each in shown for key in each.account.therapists}
    units = titles(work, "unit", {each.unit_id for each in shown})
    return Ledger(span, tuple(shown), units, titles(work, "staff", people))


def _row(child: Any, therapy: str, made: Account, red_weeks: int) -> Row:
    owed_red = max(1, made.weekly * red_weeks)
    return Row(child.id, child.name, child.number, child.unit_id, therapy, made, owed_red=owed_red)


def _says_something(row: Row) -> bool:
    figures = row.figures
    return bool(figures.prescribed or figures.planned or figures.made_up or figures.make_up_booked or figures.carried)


def _span(work: Work, first: date, last: date) -> Span:
    carried = months_later(first, -int(rule_of(work, "debt_carried", first)))
    begin, end = carried - timedelta(days=carried.weekday()), last + timedelta(days=6 - last.weekday())
    kinds = {day: kind.open for day, kind in day_kinds(work, begin, end).items()}
    days = int(rule_of(work, "training_days_a_week", first))
    return span_of(first, last, work.now, kinds, carried_from=carried, training_days=days)


def _children(span: Span, child_ids: Collection[str], who: str) -> Any:
    statement = select(Child.id, Child.name, Child.number, Child.unit_id, Child.outreach).where(
        Child.deleted_at.is_(None), Child.state != "void", or_(Child.left_on.is_(None), Child.left_on >= span.first)
    )
    wanted: dict[str, ColumnElement[bool]] = {
        "residents": Child.outreach.is_(None), "clients": Child.outreach.is_not(None),
    }  # fmt: skip
    if who in wanted:
        statement = statement.where(wanted[who])
    if child_ids:
        statement = statement.where(Child.id.in_(child_ids))
    return statement.execution_options(aside=True)


def _prescriptions(
    work: Work, span: Span, child_ids: Collection[str]
) -> dict[tuple[str, str], list[Prescription]]:  # fmt: skip
    """The prescriptions by child and therapy, those of an approved and of the younger plan first."""
    plan, line = RehabilitationPlan, PlannedTherapy
    statement = (
        select(
            line.child_id, line.therapy, line.sessions_a_week, line.minutes, line.starts_on, line.ends_on,
            plan.id, plan.state, plan.starts_on, plan.ends_on, plan.closed_on, Child.left_on,
        )
        .join(plan, plan.id == line.plan_id)
        .join(Child, Child.id == line.child_id)
        .where(
            line.deleted_at.is_(None), line.state.not_in(["void", "superseded"]), plan.deleted_at.is_(None),
            plan.state.in_(IN_FORCE), plan.starts_on <= span.last, plan.ends_on >= span.mondays[0],
        )
    )  # fmt: skip
    if child_ids:
        statement = statement.where(line.child_id.in_(child_ids))
    plans: dict[str, list[_Plan]] = {}
    for child_id, therapy, sessions, minutes, starts, ends, *of_plan in work.execute(statement):
        made = _plan_of(plans.setdefault(child_id, []), *of_plan)
        made.lines.append((therapy, sessions, minutes, starts, ends))
    found: dict[tuple[str, str], list[Prescription]] = {}
    for child_id, mine in plans.items():
        for therapy, prescription in _in_force(mine):
            found.setdefault((child_id, therapy), []).append(prescription)
    return found


def _under_agreement(
    work: Work, lines: dict[tuple[str, str], list[Prescription]], clients: Collection[str]
) -> dict[tuple[str, str], list[Prescription]]:  # fmt: skip
    """A client is entitled only while its service agreement holds."""
    kind = ServiceAgreement
    asked = select(kind.child_id, kind.starts_on, kind.ends_on, kind.ended_on).where(
        kind.child_id.in_(clients), kind.deleted_at.is_(None), kind.state != "void"
    )
    spans: dict[str, list[tuple[date, date]]] = {}
    for child_id, first, last, ended in work.execute(asked) if clients else ():
        spans.setdefault(child_id, []).append((first, min(last, ended or last)))
    found = dict(lines)
    for (child_id, therapy), prescriptions in lines.items():
        if child_id in clients:
            found[child_id, therapy] = [
                replace(each, first=max(each.first, first), last=min(each.last, last))
                for each in prescriptions
                for first, last in spans.get(child_id, ())
                if max(each.first, first) <= min(each.last, last)
            ]
    return found


@dataclass
class _Plan:
    """A plan while the prescriptions are gathered."""

    id: str
    rank: tuple[bool, date, str]
    first: date
    last: date
    lines: list[tuple[str, int, int, date | None, date | None]] = field(default_factory=list)


def _plan_of(
    known: list[_Plan], plan_id: str, state: str, first: date, last: date, closed: date | None, left: date | None
) -> _Plan:  # fmt: skip
    for each in known:
        if each.id == plan_id:
            return each
    last = min(day for day in (last, closed, left) if day)
    made = _Plan(plan_id, (state in ("approved", "archived"), first, plan_id), first, last)
    known.append(made)
    return made


def _in_force(plans: list[_Plan]) -> Iterable[tuple[str, Prescription]]:
    """Each therapy over the days on which its plan is the one in force: a younger plan ends the one before."""
    taken: list[tuple[date, date]] = []
    for plan in sorted(plans, key=lambda each: each.rank, reverse=True):
        for first, last in _free(plan.first, plan.last, taken):
            for therapy, sessions, minutes, starts, ends in plan.lines:
                begin, end = max(first, starts or first), min(last, ends or last)
                if begin <= end:
                    yield therapy, Prescription(begin, end, sessions, minutes)
        taken.append((plan.first, plan.last))


def _free(first: date, last: date, taken: Sequence[tuple[date, date]]) -> list[tuple[date, date]]:
    """What is left of a stretch of days when others are taken out of it."""
    left = [(first, last)] if first <= last else []
    for begin, end in taken:
        rest = []
        for start, stop in left:
            if stop < begin or start > end:
                rest.append((start, stop))
                continue
            if start < begin:
                rest.append((start, begin - timedelta(days=1)))
            if stop > end:
                rest.append((end + timedelta(days=1), stop))
        left = rest
    return left


def _sessions(work: Work, span: Span, child_ids: Collection[str]) -> dict[tuple[str, str], list[Held]]:
    kind = TherapySession
    end = span.mondays[-1] + timedelta(days=7)
    statement = select(
        kind.child_id, kind.therapy, kind.id, kind.starts_at, kind.ends_at, kind.status, kind.reason, kind.minutes_missed,
        kind.makes_up_id, kind.therapist_id,
    ).where(
        kind.deleted_at.is_(None), kind.state.not_in(["void", "superseded"]),
        kind.starts_at >= datetime.combine(span.mondays[0], datetime.min.time()),
        kind.starts_at < datetime.combine(end, datetime.min.time()),
    )  # fmt: skip
    if child_ids:
        statement = statement.where(kind.child_id.in_(child_ids))
    found: dict[tuple[str, str], list[Held]] = {}
    for child, therapy, key, starts, ends, status, reason, missed, makes_up, therapist in work.execute(statement):
        held = Held(key, starts, ends, status, reason, missed or 0, bool(makes_up) or status == "made_up", therapist)
        found.setdefault((child, therapy), []).append(held)
    for sessions in found.values():
        sessions.sort(key=lambda each: (each.starts_at, each.id))
    return found


@dataclass(frozen=True)
class SessionBehind:
    """One session as the drill-down shows it."""

    id: str
    child_id: str
    child: str
    therapy: str
    starts_at: datetime
    ends_at: datetime
    therapist: str
    room: str
    status: str
    reason: str | None
    missed: int
    note: str


def sessions_behind(work: Work, ids: Sequence[str]) -> list[SessionBehind]:
    """Return the sessions behind a figure, in the order of time."""
    kind = TherapySession
    rows: list[Any] = []
    for few in (ids[start : start + 500] for start in range(0, len(ids), 500)):
        rows += work.scalars(select(kind).where(kind.id.in_(few)))
    children = titles(work, "child", {each.child_id for each in rows})
    staff = titles(work, "staff", {each.therapist_id for each in rows})
    rooms = titles(work, "room", {each.room_id for each in rows})
    return [
        SessionBehind(
            each.id, each.child_id, children.get(each.child_id, ""), each.therapy, each.starts_at, each.ends_at,
            staff.get(each.therapist_id, ""), rooms.get(each.room_id or "", ""), each.status, each.reason,
            each.minutes_missed or 0, each.attendance_note or "",
        )
        for each in sorted(rows, key=lambda each: (each.starts_at, each.id))
    ]  # fmt: skip
