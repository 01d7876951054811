"""Lists 等待与补课名单: which prescriptions still wait for sessions of a week and why, and what is to be made up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from models.core.database import Work
from models.core.queries import titles
from models.department import rule_of
from models.holidays import DayKind, day_kinds
from models.scheduling.gather import Gathered, gather
from models.scheduling.guard import FREED_STATES
from models.scheduling.kept_reasons import reasons_said
from models.scheduling.plans import latest
from models.scheduling.problem import Placement, Task
from models.scheduling.timetable import Timetable
from models.scheduling.wanted import USUAL_PRIORITY, Missed, Prescription, missed, prescriptions, share
from models.scheduling.week_plan import WeekPlan
from models.therapies import HOLDING
from models.therapy import TherapySession

LOOK_BACK = 8
"""So many weeks back it is looked since when a prescription has waited."""
SUGGESTIONS = 3
WEEKS_AHEAD = 2
"""A missed session is proposed to be made up in this week or the next."""


@dataclass(frozen=True)
class Waiting:
    """One prescription whose sessions of the week have not all found a place.

    Attributes:
        since: the Monday of the first week, without a break, in which too few were booked.
        reason: why, as the latest plan of the week says it; empty when there is no plan.
    """

    prescription_id: str
    child_id: str
    child: str
    therapy: str
    form: str
    wanted: int
    placed: int
    since: date
    priority: int
    therapist_id: str | None
    reason: str = ""

    @property
    def missing(self) -> int:
        """How many sessions have no place."""
        return self.wanted - self.placed


def waiting_list(work: Work, monday: date) -> list[Waiting]:
    """Return every prescription that waits in a week: the most urgent first, then who has waited longest."""
    wanted = prescriptions(work, monday)
    weeks = [monday - timedelta(weeks=back) for back in range(LOOK_BACK + 1)]
    calendar = day_kinds(work, weeks[-1], monday + timedelta(days=6))
    booked = _booked(work, weeks[-1], monday + timedelta(days=7))
    reasons = _reasons(work, monday)
    names = titles(work, "child", {each.child_id for each in wanted})
    left = {key: dict(counts) for key, counts in booked.items()}
    found = []
    for each in wanted:
        owed = _owed(each, monday, calendar)
        placed = min(owed, _take(left, each, monday, owed))
        if placed < owed:
            since = _since(each, weeks, calendar, booked)
            found.append(
                Waiting(
                    each.id, each.child_id, names.get(each.child_id, ""), each.therapy, each.form, owed, placed, since,
                    each.priority or USUAL_PRIORITY, each.therapist_id, reasons.get(each.id, ""),
                )
            )  # fmt: skip
    return sorted(found, key=lambda each: (-each.priority, each.since, each.child, each.therapy))


Booked = Mapping[tuple[str, str], Mapping[date, int]]
"""(child, therapy) → Monday → how many sessions."""


def _booked(work: Work, first: date, end: date) -> dict[tuple[str, str], dict[date, int]]:
    """Count what was planned for the children week by week: also what a child missed had its place."""
    session = TherapySession
    statement = select(session.child_id, session.therapy, session.starts_at).where(
        session.starts_at >= datetime.combine(first, time()), session.starts_at < datetime.combine(end, time()),
        session.status.in_([*HOLDING, "absent"]), session.deleted_at.is_(None), session.state.not_in(FREED_STATES),
        session.makes_up_id.is_(None),
    )  # fmt: skip
    found: defaultdict[tuple[str, str], Counter[date]] = defaultdict(Counter)
    for child, therapy, starts_at in work.execute(statement):
        day = starts_at.date()
        found[child, therapy][day - timedelta(days=day.weekday())] += 1
    return {key: dict(counts) for key, counts in found.items()}


def _take(left: dict[tuple[str, str], dict[date, int]], each: Prescription, monday: date, owed: int) -> int:
    """Take what is booked of a therapy for a prescription; a second one of the same kind has what is left."""
    mine = left.get((each.child_id, each.therapy), {})
    taken = min(owed, mine.get(monday, 0))
    if taken:
        mine[monday] -= taken
    return taken


def _owed(each: Prescription, monday: date, calendar: Mapping[date, DayKind]) -> int:
    week = (monday + timedelta(days=count) for count in range(7))
    return share(each.sessions_a_week, sum(calendar[day].open and each.holds(day) for day in week))


def _since(each: Prescription, weeks: Sequence[date], calendar: Mapping[date, DayKind], booked: Booked) -> date:
    mine = booked.get((each.child_id, each.therapy), {})
    since = weeks[0]
    for week in weeks[1:]:
        owed = _owed(each, week, calendar)
        if not owed or mine.get(week, 0) >= owed:
            break
        since = week
    return since


def _reasons(work: Work, monday: date) -> dict[str, str]:
    """The reasons of the latest plan of a week, by prescription."""
    plan_id = latest(work, monday) if work.actor.may("read", WeekPlan) else None
    queue = work.scalar(select(WeekPlan.queue).where(WeekPlan.id == plan_id)) if plan_id else None
    entries = [each for each in queue or () if each["reason"]]
    texts = reasons_said(work, (each["reason"] for each in entries))
    return {source: text for each, text in zip(entries, texts, strict=True) for source in each["sources"]}


# --- to be made up ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Suggestion:
    """One place at which a missed session could be made up as the weeks stand."""

    starts_at: datetime
    ends_at: datetime
    therapist_id: str
    therapist: str
    usual: bool
    """With the same therapist."""


@dataclass(frozen=True)
class ToMakeUp:
    """One missed session of a child that waits to be made up, with free places for it."""

    session_id: str
    child_id: str
    child: str
    therapy: str
    minutes: int
    missed_at: datetime
    reason: str | None
    therapist_id: str
    therapist: str
    due: date
    """The last day on which it should be made up."""
    suggestions: tuple[Suggestion, ...] = ()


def makeup_list(work: Work, since: date, *, suggest: bool = True) -> list[ToMakeUp]:
    """Return all missed sessions of the children entrusted to the person that are not made up, the oldest first."""
    lost = missed(work, since, work.now)
    # A repair notes what is lost ahead of its day; that is made up like what is past.
    ahead = missed(work, work.today, work.now + timedelta(weeks=LOOK_BACK))
    lost += [each for each in ahead if each.starts_at >= work.now]
    children = titles(work, "child", {each.child_id for each in lost})
    staff = titles(work, "staff", {each.therapist_id for each in lost})
    within = timedelta(days=rule_of(work, "makeup_within", work.today))
    free = _free_places(work, lost) if suggest and lost else {}
    return [
        ToMakeUp(
            each.id, each.child_id, children.get(each.child_id, ""), each.therapy, each.minutes, each.starts_at, each.reason,
            each.therapist_id, staff.get(each.therapist_id, ""), (each.starts_at + within).date(), free.get(each.id, ()),
        )
        for each in lost
    ]  # fmt: skip


def _free_places(work: Work, lost: Iterable[Missed]) -> dict[str, tuple[Suggestion, ...]]:
    """The first free places of each missed session in this week and the next, the same therapist first."""
    this = work.today - timedelta(days=work.today.weekday())
    found: defaultdict[str, list[Suggestion]] = defaultdict(list)
    for week in range(WEEKS_AHEAD):
        gathered = gather(work, this + timedelta(weeks=week))
        timetable = Timetable(gathered.problem, _standing(gathered))
        for each in lost:
            task = gathered.problem.tasks.get("m." + each.id)
            if task is not None and len(found[each.id]) < SUGGESTIONS:
                found[each.id] += _vacancies(gathered, timetable, task, each)
    return {key: tuple(places[:SUGGESTIONS]) for key, places in found.items()}


def _standing(gathered: Gathered) -> list[Placement]:
    """What is really booked: not the pattern of the week before."""
    return [each for each in gathered.problem.before if each in gathered.session_of]


def _vacancies(gathered: Gathered, timetable: Timetable, task: Task, each: Missed) -> list[Suggestion]:
    places = sorted(
        timetable.vacancies(task), key=lambda place: (place.therapist != each.therapist_id, place.day, place.start)
    )
    starts = [(gathered.frame.moment(place.day, place.start), place) for place in places[:SUGGESTIONS]]
    return [
        Suggestion(
            at, at + timedelta(minutes=each.minutes), place.therapist, gathered.names.get(place.therapist, ""),
            place.therapist == each.therapist_id,
        )
        for at, place in starts
    ]  # fmt: skip
