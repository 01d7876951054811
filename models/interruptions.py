"""Interrupted treatment 训练中断: after more than a week without a session the doctor examines anew, then it goes on.

An interruption is a stretch without any delivered session while a plan is in force, longer than the department's rule
(上海康复质控 2017: more than one week); days on which the home keeps a public holiday do not count, weekends do. It is
told until an assessment or a doctor's visit lies after the day on which the rest became an interruption — also when
treatment has meanwhile simply gone on, for four weeks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from models.alerts import Alert, alert
from models.child import Child
from models.core.database import Work
from models.department import rule_of
from models.holidays import DayKind, day_kinds
from models.medical import MedicalVisit
from models.rehabilitation import Assessment, RehabilitationPlan
from models.rehabilitation_file import RUNNING
from models.reminders import Due, reminder
from models.therapies import TREATED
from models.therapy import TherapySession
from resources import _

LOOK_BACK = timedelta(days=28)
"""So long after treatment went on a missing examination is still told."""


@dataclass(frozen=True)
class Interruption:
    """A rest in a child's treatment that asks for the doctor.

    Attributes:
        last: the last day of treatment before it.
        since: the day on which the rest became an interruption.
        resumed: the day on which treatment went on; None while it rests.
        days: the days of rest that count.
    """

    child_id: str
    name: str
    last: date
    since: date
    resumed: date | None
    days: int
    outreach: bool = False

    def words(self) -> str:
        """Say it in one line."""
        if self.resumed is None:
            return _("Treatment has rested for {n} days: examine before it goes on").format(n=self.days)
        words = _("Treatment rested for {n} days until {day}, no examination since")
        return words.format(n=self.days, day=self.resumed.isoformat())


def rest_in(
    treated: Sequence[date], today: date, limit: int, days: Mapping[date, DayKind]
) -> tuple[date, date, date | None, int] | None:
    """Return the latest rest longer than ``limit`` days as (last day, since, resumed, days), or None.

    ``treated`` are the days of treatment in order; the days of public holidays do not count.
    """
    ends = [*treated[1:], None]
    for last, following in reversed(list(zip(treated, ends, strict=True))):
        until = following or today
        counted = [
            day for day in _days(last + timedelta(days=1), until) if day not in days or days[day].kind != "holiday"
        ]
        if len(counted) > limit:
            return last, counted[limit], following, len(counted)
    return None


def _days(first: date, last: date) -> Iterator[date]:
    for count in range((last - first).days + 1):
        yield first + timedelta(days=count)


def interruptions(work: Work, child_ids: Collection[str] | None = None) -> list[Interruption]:
    """Return the interruptions after which no doctor has seen the child, for some children or all of them."""
    children = _in_treatment(work, child_ids)
    if not children:
        return []
    limit = int(rule_of(work, "interruption_needs_doctor", work.today))
    treated = _treated(work, children)
    first = min((days[0] for days in treated.values()), default=work.today)
    kinds = day_kinds(work, first, work.today)
    found = []
    for child_id, days in treated.items():
        rest = rest_in(days, work.today, limit, kinds)
        if rest:
            name, outreach = children[child_id]
            found.append(Interruption(child_id, name, *rest, outreach))
    examined = _examined(work, [each.child_id for each in found])
    return [each for each in found if examined.get(each.child_id, date.min) < each.since]


def _in_treatment(work: Work, child_ids: Collection[str] | None) -> dict[str, tuple[str, bool]]:
    plan = RehabilitationPlan
    statement = (
        select(Child.id, Child.name, Child.outreach)
        .join(plan, plan.child_id == Child.id)
        .where(
            Child.deleted_at.is_(None), Child.left_on.is_(None), plan.deleted_at.is_(None), plan.state.in_(RUNNING),
            plan.starts_on <= work.today, plan.ends_on >= work.today, plan.closed_on.is_(None),
        )
    )  # fmt: skip
    if child_ids is not None:
        statement = statement.where(Child.id.in_(child_ids))
    return {child_id: (name, bool(outreach)) for child_id, name, outreach in work.execute(statement)}


def _treated(work: Work, children: Collection[str]) -> dict[str, list[date]]:
    """The days of treatment in the time looked back on, and the last one before it."""
    kind = TherapySession
    since = datetime.combine(work.today - LOOK_BACK, datetime.min.time())
    mine = (kind.child_id.in_(children), kind.deleted_at.is_(None), kind.status.in_(TREATED))
    found: dict[str, set[date]] = {}
    before = select(kind.child_id, func.max(kind.starts_at)).where(*mine, kind.starts_at < since)
    for child_id, moment in work.execute(before.group_by(kind.child_id)):
        found.setdefault(child_id, set()).add(moment.date())
    for child_id, moment in work.execute(select(kind.child_id, kind.starts_at).where(*mine, kind.starts_at >= since)):
        found.setdefault(child_id, set()).add(moment.date())
    return {child_id: sorted(days) for child_id, days in found.items()}


def _examined(work: Work, child_ids: Collection[str]) -> dict[str, date]:
    """The last day on which each child was assessed or seen by a doctor, asked of the whole home: it betrays no more."""
    if not child_ids:
        return {}
    visit, assessment = MedicalVisit.__table__.c, Assessment.__table__.c
    visits = select(visit.child_id, func.max(visit.starts_on)).where(
        visit.child_id.in_(child_ids), visit.deleted_at.is_(None), visit.state.not_in(["void", "superseded"]),
        visit.status.in_(["done", "under_way"]), visit.starts_on <= work.today,
    )  # fmt: skip
    assessments = select(assessment.child_id, func.max(assessment.assessed_on)).where(
        assessment.child_id.in_(child_ids), assessment.deleted_at.is_(None),
        assessment.state.not_in(["void", "superseded"]),
    )  # fmt: skip
    found: dict[str, date] = {}
    for statement in (visits.group_by(visit.child_id), assessments.group_by(assessment.child_id)):
        rows: list[Any] = list(work.whole_home(statement))
        for child_id, day in rows:
            found[child_id] = max(day, found.get(child_id, day))
    return found


@reminder
def treatment_interrupted(work: Work) -> Iterator[Due]:
    """Children whose treatment rested for more than the rule's days: the doctor examines anew."""
    for each in interruptions(work):
        page = "outreach" if each.outreach else "child"
        target = {"child_id": each.child_id} | ({} if each.outreach else {"tab": "rehabilitation"})
        # Whoever prints plans treats or examines; carers read it in the child's banner.
        yield Due(
            each.words(), "rehabilitation", each.since, child_id=each.child_id, child_name=each.name,
            needs=("RehabilitationPlan", "print"), page=page, target=target,
        )  # fmt: skip


@alert
def treatment_rested(work: Work, child_ids: Sequence[str]) -> Iterator[Alert]:
    """Whoever meets the child knows that the doctor sees it before treatment goes on."""
    for each in interruptions(work, child_ids):
        yield Alert(each.child_id, each.words(), "warning", icon="stethoscope")
