"""Rehabilitation over time 康复月度与提醒: the month of one child, what is due, and what everyone must know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from models.age import months_later
from models.alerts import Alert, alert
from models.attendance_chart import AttendanceChart, AttendanceRow
from models.child import Child
from models.core.database import Work
from models.department import rule_of
from models.holidays import day_kinds
from models.month import Grid, Month, Section, month_plan, month_section, once
from models.placement import living_here
from models.rehabilitation import GAS, GOAL_STATUS, GOAL_TERMS, RehabilitationPlan
from models.rehabilitation_file import RUNNING, PlanSheet, assessments, last_assessed, plan_on, plan_sheet
from models.reminders import Due, reminder
from models.scales import SCALES
from models.therapies import CONTRAINDICATIONS, REASONS, STATUSES, THERAPIES, TREATED, short_name
from models.therapy import TherapySession
from resources import N_, _, ngettext


@dataclass
class Tally:
    """Sessions of one kind of therapy counted over a period."""

    planned: int = 0
    done: int = 0
    made_up: int = 0
    absent: int = 0
    cancelled: int = 0
    open: int = 0
    minutes_planned: int = 0
    minutes_done: int = 0

    @property
    def attendance(self) -> float | None:
        """Treated sessions in per cent of those that were to take place; None when there were none."""
        treated = self.done + self.made_up
        expected = treated + self.absent
        return treated / expected * 100 if expected else None

    def count(self, status: str, minutes: int, missed: int) -> None:
        """Count one session."""
        self.planned += status != "made_up"
        self.minutes_planned += minutes if status not in ("made_up", "cancelled") else 0
        self.made_up += status == "made_up"
        self.done += status in ("done", "late")
        self.absent += status == "absent"
        self.cancelled += status == "cancelled"
        self.open += status == "booked"
        if status in TREATED:
            self.minutes_done += minutes - missed

    def add(self, other: Tally) -> None:
        """Add another tally to this one."""
        for name in vars(other):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True)
class SessionLine:
    """One session as counting and the month need it."""

    therapy: str
    status: str
    reason: str | None
    starts_at: datetime
    minutes: int
    missed: int
    result: str | None


def session_lines(work: Work, child_id: str, first: date, last: date) -> list[SessionLine]:
    """Return a child's sessions of a period in their order."""
    session = TherapySession
    statement = select(
        session.therapy, session.status, session.reason, session.starts_at, session.ends_at, session.minutes_missed,
        session.result,
    ).where(
        session.child_id == child_id, session.deleted_at.is_(None), session.state.not_in(["void", "superseded"]),
        session.starts_at >= datetime.combine(first, datetime.min.time()),
        session.starts_at < datetime.combine(last + timedelta(days=1), datetime.min.time()),
    )  # fmt: skip
    return [
        SessionLine(
            each[0], each[1], each[2], each[3], int((each[4] - each[3]).total_seconds() // 60), each[5] or 0, each[6]
        )
        for each in work.execute(statement.order_by(session.starts_at))
    ]


def tallies(lines: Iterable[SessionLine]) -> dict[str, Tally]:
    """Count sessions by kind of therapy, in the order of the department's list."""
    found: dict[str, Tally] = {}
    for line in lines:
        found.setdefault(line.therapy, Tally()).count(line.status, line.minutes, line.missed)
    return {code.code: found[code.code] for code in THERAPIES if code.code in found}


def _sum_of(counted: dict[str, Tally]) -> Tally:
    whole = Tally()
    for each in counted.values():
        whole.add(each)
    return whole


@month_section("rehabilitation", N_("Rehabilitation"), order=40, needs="TherapySession")
def rehabilitation_month(work: Work, child_id: str, month: Month) -> Section:
    """Planned and done sessions by kind, attendance, reasons of absence, goals, last assessments."""
    lines = session_lines(work, child_id, month.first, month.last)
    counted = tallies(lines)
    whole = _sum_of(counted)
    day = min(month.last, work.today)
    plan_id = plan_on(work, child_id, day)
    plan = once(work, plan_sheet, plan_id) if plan_id else None
    grids = [*session_grid(counted), *_goal_grid(plan, month), *_assessment_grid(work, child_id, month)]
    return Section(
        _("Rehabilitation"),
        facts=tuple(_facts(whole, plan)),
        grids=tuple(grids),
        texts=tuple(_texts(lines, plan)),
        chart=attendance_chart(work, lines, month),
        area="rehabilitation",
    )


def attendance_chart(work: Work, lines: Sequence[SessionLine], month: Month) -> AttendanceChart | None:
    """Return the month's sessions day by day; None when there were none."""
    found: dict[str, list[tuple[int, str]]] = {}
    for line in lines:
        found.setdefault(line.therapy, []).append((line.starts_at.day, line.status))
    if not found:
        return None
    seen = {line.status for line in lines}
    return AttendanceChart(
        _("Attendance day by day"), month.days,
        tuple(AttendanceRow(short_name(code.code), tuple(found[code.code])) for code in THERAPIES if code.code in found),
        frozenset(day.day for day, kind in day_kinds(work, month.first, month.last).items() if not kind.open),
        tuple((code.code, str(code)) for code in STATUSES if code.code in seen),
    )  # fmt: skip


def _facts(whole: Tally, plan: PlanSheet | None) -> Iterator[tuple[str, str]]:
    if plan:
        prescribed = _("; ").join(line.summary for line in plan.therapies)
        yield _("Plan in force"), _("{first} to {last}").format(first=plan.starts_on, last=plan.ends_on)
        if prescribed:
            yield _("Prescribed"), prescribed
    if whole.planned or whole.made_up:
        yield _("Sessions planned / done"), f"{whole.planned} / {whole.done + whole.made_up}"
        yield _("Hours planned / done"), f"{hours(whole.minutes_planned)} / {hours(whole.minutes_done)}"
        yield _("Attendance rate"), percent(whole.attendance)
    if plan and plan.attainment is not None:
        yield _("Goal attainment (T score)"), f"{plan.attainment:g}"


def hours(minutes: int) -> str:
    """Say minutes as hours with one decimal."""
    return f"{minutes / 60:.1f}"


def percent(share: float | None) -> str:
    """Say a share in whole per cent; a dash when there is nothing to divide."""
    return "–" if share is None else f"{share:.0f}%"


def session_grid(counted: dict[str, Tally]) -> Iterator[Grid]:
    """Yield the table of sessions by kind of therapy with their sum; none when there were none."""
    if not counted:
        return
    whole = _sum_of(counted)
    headings = (
        _("Therapy"), _("Planned"), _("Done"), _("Made up"), _("Absent"), _("Cancelled"), _("Hours planned"),
        _("Hours done"), _("Attendance rate"),
    )  # fmt: skip
    rows = [_tally_row(THERAPIES.label(code), tally) for code, tally in counted.items()]
    if len(rows) > 1:
        rows.append(_tally_row(_("Total"), whole))
    yield Grid(headings, tuple(rows), _("Sessions"), frozenset(range(1, 9)), (3, 1, 1, 1, 1, 1, 1.2, 1.2, 1.2))


def _tally_row(name: str, tally: Tally) -> tuple[str, ...]:
    return (
        name, str(tally.planned), str(tally.done), str(tally.made_up), str(tally.absent), str(tally.cancelled),
        hours(tally.minutes_planned), hours(tally.minutes_done), percent(tally.attendance),
    )  # fmt: skip


def _goal_grid(plan: PlanSheet | None, month: Month) -> Iterator[Grid]:
    rows = []
    for goal in plan.goals if plan else ():
        before = [rating for day, rating in goal.ratings if day < month.first]
        now = [rating for day, rating in goal.ratings if day <= month.last]
        start = str(before[-1]) if before else goal.first_rating
        rows.append((
            GOAL_TERMS.label(goal.term), goal.text, goal.criterion, GAS.label(start),
            GAS.label(str(now[-1])) if now else "", GOAL_STATUS.label(goal.status),
        ))  # fmt: skip
    if rows:
        headings = (
            _("Long or short term"),
            _("Goal"),
            _("Criterion"),
            _("Before"),
            _("At the end of the month"),
            _("State of the goal"),
        )
        yield Grid(headings, tuple(rows), _("Goals"), widths=(1.2, 4, 3, 1.8, 1.8, 1.2))


def _assessment_grid(work: Work, child_id: str, month: Month) -> Iterator[Grid]:
    latest: dict[str, tuple[str, ...]] = {}
    for line in assessments(work, child_id, month.last):
        row = (SCALES.label(line.scale), line.assessed_on.isoformat(), line.value, line.change, line.assessor)
        latest.setdefault(line.scale, row)
    if latest:
        headings = (_("Scale"), _("Date"), _("Result"), _("Difference"), _("Assessor"))
        yield Grid(
            headings, tuple(list(latest.values())[:6]), _("Last assessments"), frozenset({3}), (4, 1.6, 2.4, 1, 1.4)
        )


def _texts(lines: Sequence[SessionLine], plan: PlanSheet | None) -> Iterator[tuple[str, str]]:
    reasons = Counter(line.reason for line in lines if line.status in ("absent", "cancelled") and line.reason)
    if reasons:
        said = [_("{reason} {n}").format(reason=REASONS.label(code), n=n) for code, n in reasons.most_common()]
        yield _("Reasons of absence and cancelling"), _(", ").join(said)
    results = [line for line in lines if line.result]
    if results:
        said = [
            f"{line.starts_at:%m-%d} {THERAPIES.label(line.therapy)}{_(': ')}{line.result}" for line in results[-4:]
        ]
        yield _("Course of treatment"), "\n".join(said)
    if plan and plan.at_home:
        yield _("To practise in the unit and in class"), plan.at_home


@month_plan(order=40)
def rehabilitation_plan_lines(work: Work, child_id: str, month: Month) -> Iterator[str]:
    """What rehabilitation intends: the prescribed therapies, the review, the next assessment."""
    plan_id = plan_on(work, child_id, month.first)
    if plan_id:
        plan: PlanSheet = once(work, plan_sheet, plan_id)
        if plan.therapies:
            yield _("Rehabilitation: {therapies}").format(
                therapies=_("; ").join(each.summary for each in plan.therapies)
            )
        if month.first <= plan.review_on <= month.last:
            yield _("Review of the rehabilitation plan on {day}").format(day=plan.review_on)
    for line in assessments(work, child_id)[:1]:
        if line.next_on and month.first <= line.next_on <= month.last:
            yield _("Assessment with {scale} on {day}").format(scale=SCALES.label(line.scale), day=line.next_on)


# --- what is due --------------------------------------------------------------------------------------


def _treated_children(work: Work) -> dict[str, tuple[str, date | None]]:
    """Children with a plan that runs, or begins: (name, first day of the plan)."""
    plan = RehabilitationPlan
    statement = (
        select(Child.id, Child.name, func.min(plan.starts_on))
        .join(plan, plan.child_id == Child.id)
        .where(
            Child.deleted_at.is_(None), living_here(), plan.deleted_at.is_(None), plan.state.in_(RUNNING),
            plan.ends_on >= work.today, plan.closed_on.is_(None),
        )
        .group_by(Child.id, Child.name)
    )  # fmt: skip
    return {child_id: (name, first) for child_id, name, first in work.execute(statement)}


@reminder
def assessments_due(work: Work) -> Iterator[Due]:
    """Children in treatment to assess within a week, or overdue: as agreed, else after the department's rule."""
    last = last_assessed(work)
    for child_id, (name, first) in _treated_children(work).items():
        known = last.get(child_id)
        if known is None:
            due = (first or work.today) + timedelta(days=rule_of(work, "initial_assessment_within", work.today))
            words = _("Initial rehabilitation assessment")
        else:
            assessed, agreed = known
            due = (
                agreed
                if agreed and agreed > assessed
                else months_later(assessed, rule_of(work, "assessment_every", work.today))
            )
            words = _("Rehabilitation assessment due")
        if due <= work.today + timedelta(days=7):
            yield Due(
                words, "rehabilitation", due, child_id=child_id, child_name=name,
                needs=("Assessment", "create"), page="assessment", target={"child_id": child_id},
            )  # fmt: skip


@reminder
def plans_due(work: Work) -> Iterator[Due]:
    """Plans to review within a week or overdue, and plans that end without a new one."""
    plan = RehabilitationPlan
    statement = (
        select(plan.id, plan.child_id, Child.name, plan.review_on, plan.ends_on)
        .join(Child, Child.id == plan.child_id)
        .where(
            plan.deleted_at.is_(None), plan.state.in_(RUNNING), plan.closed_on.is_(None), living_here(),
            Child.deleted_at.is_(None), plan.starts_on <= work.today,
        )
    )  # fmt: skip
    newest: dict[str, date] = {}
    found = list(work.execute(statement))
    for _id, child_id, _name, _review, ends_on in found:
        newest[child_id] = max(ends_on, newest.get(child_id, ends_on))
    soon = work.today + timedelta(days=7)
    for plan_id, child_id, name, review_on, ends_on in found:
        if ends_on == newest[child_id] and ends_on <= soon:
            words, due = _("The rehabilitation plan ends"), ends_on
        elif review_on <= soon and ends_on >= work.today:
            words, due = _("Review the rehabilitation plan"), review_on
        else:
            continue
        yield Due(
            words, "rehabilitation", due, child_id=child_id, child_name=name,
            needs=("RehabilitationPlan", "edit"), page="child",
            target={"child_id": child_id, "tab": "rehabilitation", "plan_id": plan_id},
        )  # fmt: skip


@reminder
def sessions_today(work: Work) -> Iterator[Due]:
    """A therapist's sessions of today in one line, with the next one."""
    mine = work.actor.staff_id
    if not mine:
        return
    session = TherapySession
    begin = datetime.combine(work.today, datetime.min.time())
    statement = (
        select(session.starts_at, Child.name, session.sitting_id)
        .join(Child, Child.id == session.child_id)
        .where(
            session.therapist_id == mine, session.status == "booked", session.deleted_at.is_(None),
            session.state != "void", session.starts_at.between(begin, begin + timedelta(days=1)),
            session.ends_at > work.now,
        )
        .order_by(session.starts_at, session.id)
    )  # fmt: skip
    found = list(work.execute(statement))
    if found:
        count = len({sitting for _start, _name, sitting in found})
        words = ngettext("{n} session today; next {time} {name}", "{n} sessions today; next {time} {name}", count)
        text = words.format(n=count, time=f"{found[0].starts_at:%H:%M}", name=found[0].name)
        yield Due(
            text, "rehabilitation", found[0].starts_at, kind="expected", needs=("TherapySession", "edit"),
            page="therapy_week", target={"day": work.today},
        )  # fmt: skip


@reminder
def sessions_unsigned(work: Work) -> Iterator[Due]:
    """Sessions that ended and are not signed: a therapist's own, for the director all of the home."""
    session = TherapySession
    statement = select(func.count(session.id), func.min(session.ends_at)).where(
        session.deleted_at.is_(None), session.state.in_(["draft", "returned"]), session.status != "cancelled",
        session.ends_at < work.now,
    )  # fmt: skip
    if not work.actor.sees_whole_home(TherapySession):
        statement = statement.where(session.therapist_id == (work.actor.staff_id or ""))
    count, oldest = work.execute(statement).one()
    if count:
        due = oldest + timedelta(hours=rule_of(work, "sign_within", work.today))
        words = ngettext("{n} therapy session to sign", "{n} therapy sessions to sign", count)
        yield Due(
            words.format(n=count), "rehabilitation", due, needs=("TherapySession", "edit"), page="therapy_week",
            target={"day": oldest.date()},
        )  # fmt: skip


@alert
def therapy_risks(work: Work, child_ids: Sequence[str]) -> Iterator[Alert]:
    """The contraindications of the plan in force: who lifts, bathes or treats the child must know them."""
    plan = RehabilitationPlan
    statement = select(plan.child_id, plan.contraindications).where(
        plan.child_id.in_(child_ids), plan.deleted_at.is_(None), plan.state.in_(RUNNING), plan.starts_on <= work.today,
        plan.ends_on >= work.today,
    )  # fmt: skip
    for child_id, codes in work.execute(statement):
        if codes:
            said = _(", ").join(CONTRAINDICATIONS.label(code) for code in codes)
            yield Alert(child_id, _("In therapy: {risks}").format(risks=said), "warning")
