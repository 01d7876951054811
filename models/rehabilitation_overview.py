"""Rehabilitation at a glance 康复概览: one child's, for the file; all children's, for the department."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import select

from models.child import Child
from models.core.database import Work
from models.month import Month
from models.placement import living_here
from models.practice import ItemLine, child_items
from models.precautions import Bar, precautions_on
from models.prescribing import doubts_of
from models.rehabilitation import RehabilitationPlan
from models.rehabilitation_file import (
    RUNNING,
    AssessmentLine,
    PlanSheet,
    assessments,
    last_assessed,
    plan_on,
    plan_sheet,
    plans,
)
from models.rehabilitation_month import Tally, session_lines, tallies
from models.scheduling.recurrence import week_of
from models.scheduling.week import Block, MissedSession, Need, needs_of, read_week, to_make_up
from models.therapies import TREATED
from models.therapy import TherapySession


@dataclass(frozen=True)
class ChildRehabilitation:
    """Everything the tab of a child's file shows."""

    plan: PlanSheet | None
    plans: tuple[tuple[str, str, date, date], ...]
    needs: tuple[Need, ...]
    assessments: tuple[AssessmentLine, ...]
    month: dict[str, Tally]
    coming: tuple[Block, ...]
    missed: tuple[MissedSession, ...]
    bars: tuple[Bar, ...] = ()
    """What speaks against therapies now and in the coming four weeks."""
    items: tuple[ItemLine, ...] = ()
    doubts: Mapping[str, list[str]] = field(default_factory=dict)
    """What stands against prescriptions of the plan that can never be carried out, by prescription."""
    live: tuple[tuple[str, str, date, date], ...] = ()
    """The plans that are in force or on their way there, the earliest first; ``plan`` is one of them or the last."""


def child_rehabilitation(work: Work, child_id: str, plan_id: str = "") -> ChildRehabilitation:
    """Read a child's plan, assessments, this month's sessions and what comes next.

    Args:
        plan_id: the plan to show where it is the child's and alive; otherwise the one in force, or a draft.
    """
    known = plans(work, child_id)
    live = tuple(
        each for each in reversed(known) if each[1] in ("draft", "returned", *RUNNING) and each[3] >= work.today
    )
    if plan_id not in {each[0] for each in live}:
        plan_id = plan_on(work, child_id, work.today) or _draft_plan(work, child_id) or ""
    month = Month(work.today.year, work.today.month)
    return ChildRehabilitation(
        plan_sheet(work, plan_id) if plan_id else None,
        tuple(known),
        tuple(needs_of(work, child_id, week_of(work.today)[0])),
        tuple(assessments(work, child_id)),
        tallies(session_lines(work, child_id, month.first, month.last)),
        tuple(_coming(work, child_id)),
        tuple(to_make_up(work, child_id, work.today - timedelta(days=60))),
        precautions_on(work, [child_id], work.today, work.today + timedelta(days=28)).get(child_id, ()),
        tuple(child_items(work, child_id)),
        doubts_of(work, plan_id) if plan_id else {},
        live,
    )


def _draft_plan(work: Work, child_id: str) -> str | None:
    """A plan that is still being written is shown where none is in force."""
    plan = RehabilitationPlan
    statement = select(plan.id).where(
        plan.child_id == child_id, plan.deleted_at.is_(None), plan.state.in_(["draft", "returned", *RUNNING])
    )
    return work.scalar(statement.order_by(plan.starts_on.desc()).limit(1))


def _coming(work: Work, child_id: str) -> list[Block]:
    week = read_week(work, work.today, work.today + timedelta(days=7))
    return [block for block in week.of("child", child_id) if block.ends_at >= work.now and block.holds][:8]


@dataclass(frozen=True)
class TreatedChild:
    """One child in treatment as the department's list shows it."""

    child_id: str
    name: str
    plan_until: date
    review_on: date
    plan_state: str
    last_assessed: date | None
    planned: int
    treated: int
    absent: int

    @property
    def attendance(self) -> float | None:
        """Treated sessions in per cent of those that were to take place."""
        expected = self.treated + self.absent
        return self.treated / expected * 100 if expected else None


def treated_children(work: Work, month: Month) -> list[TreatedChild]:
    """Return all children with a running plan, with their month so far; three queries for all of them."""
    plan = RehabilitationPlan
    statement = (
        select(Child.id, Child.name, plan.ends_on, plan.review_on, plan.state)
        .join(plan, plan.child_id == Child.id)
        .where(
            Child.deleted_at.is_(None), living_here(), plan.deleted_at.is_(None), plan.state.in_(RUNNING),
            plan.ends_on >= work.today,
        )
        .order_by(Child.name, plan.starts_on)
    )  # fmt: skip
    assessed, counts = last_assessed(work), _counts(work, month)
    found = {}
    for child_id, name, ends_on, review_on, state in work.execute(statement):
        planned, treated, absent = counts.get(child_id, (0, 0, 0))
        last = assessed.get(child_id, (None, None))[0]
        found[child_id] = TreatedChild(child_id, name, ends_on, review_on, state, last, planned, treated, absent)
    return list(found.values())


def _counts(work: Work, month: Month) -> dict[str, tuple[int, int, int]]:
    session = TherapySession
    begin = datetime.combine(month.first, datetime.min.time())
    end = datetime.combine(month.next().first, datetime.min.time())
    statement = select(session.child_id, session.status).where(
        session.deleted_at.is_(None), session.state.not_in(["void", "superseded"]), session.starts_at >= begin,
        session.starts_at < end,
    )  # fmt: skip
    counts: dict[str, tuple[int, int, int]] = {}
    for child_id, status in work.execute(statement):
        planned, treated, absent = counts.get(child_id, (0, 0, 0))
        counts[child_id] = (
            planned + (status != "made_up"),
            treated + (status in TREATED),
            absent + (status == "absent"),
        )
    return counts
