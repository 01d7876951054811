"""A child's rehabilitation 康复档案, read for the screens: assessments with their trend, the plan in force, goals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select

from models import scales
from models.core import records
from models.core.database import Work
from models.core.fields import fields_of
from models.core.queries import load, titles
from models.rehabilitation import Assessment, PlannedTherapy, RehabilitationGoal, RehabilitationPlan

RUNNING = ("submitted", "reviewed", "approved")
"""States of a plan that is carried out."""


@dataclass(frozen=True)
class AssessmentLine:
    """One assessment beside the one before it with the same scale."""

    id: str
    state: str
    scale: str
    kind: str
    assessed_on: date
    assessor: str
    total: float | None
    level: str | None
    before: float | None = None
    before_on: date | None = None
    better: bool | None = None
    next_on: date | None = None
    version: str = ""
    other_version: bool = False
    """Whether the one before was made with another version, so that the two are not compared."""

    @property
    def value(self) -> str:
        """The main result in words: the total, the level, or both."""
        scale = scales.scale_named(self.scale)
        level = scales.SCALE_LEVELS.label(self.level)
        if self.total is None or (scale and scale.formula == "level"):
            return level
        return " ".join(filter(None, (f"{self.total:g}", level)))

    @property
    def change(self) -> str:
        """The difference to the assessment before, e.g. ``+3.5``; empty for the first."""
        if self.total is None or self.before is None:
            return ""
        return f"{self.total - self.before:+g}".replace("-", "−")


@dataclass(frozen=True)
class Trend:
    """The main values of one scale over time, oldest first."""

    scale: str
    points: tuple[tuple[date, float], ...]


@dataclass(frozen=True)
class GoalLine:
    """One goal as the file shows it."""

    id: str
    version: int
    parent_id: str | None
    term: str
    therapy: str | None
    text: str
    baseline: str
    criterion: str
    due_on: date
    weight: int
    first_rating: str | None
    rating: str | None
    rated_on: date | None
    status: str
    ratings: tuple[tuple[date, int], ...]
    note: str | None
    icf: str | None = None
    gas_levels: tuple[tuple[str, str], ...] = ()
    """What each rating means, as (rating, words)."""


@dataclass(frozen=True)
class TherapyLine:
    """One prescribed therapy as the file shows it."""

    id: str
    therapy: str
    sessions_a_week: int
    minutes: int
    form: str
    therapist_id: str | None
    therapist: str
    summary: str
    starts_on: date | None = None
    ends_on: date | None = None
    precautions: str = ""


@dataclass(frozen=True)
class PlanSheet:
    """A plan with everything that belongs to it."""

    id: str
    state: str
    starts_on: date
    ends_on: date
    review_on: date
    lead: str
    diagnosis: str | None
    findings: str
    strengths: str | None
    methods: str | None
    at_home: str | None
    precautions: str | None
    contraindications: tuple[str, ...]
    therapies: tuple[TherapyLine, ...]
    goals: tuple[GoalLine, ...]

    @property
    def attainment(self) -> float | None:
        """The T score of the goals that were rated."""
        return scales.gas_score([(int(goal.rating), goal.weight) for goal in self.goals if goal.rating])


def _kept(kind: Any) -> tuple[ColumnElement[bool], ...]:
    return kind.deleted_at.is_(None), kind.state.not_in(["void", "superseded"])


def assessments(work: Work, child_id: str, until: date | None = None) -> list[AssessmentLine]:
    """Return a child's assessments, the newest first, each beside the one before with the same scale."""
    statement = select(Assessment).where(Assessment.child_id == child_id, *_kept(Assessment))
    if until:
        statement = statement.where(Assessment.assessed_on <= until)
    found = list(work.scalars(statement.order_by(Assessment.assessed_on, Assessment.id)))
    names = titles(work, "staff", (each.assessor_id for each in found))
    lines = []
    for place, each in enumerate(found):
        lines.append(_line(each, each.one_before(found[:place]), names.get(each.assessor_id or "", "")))
    return lines[::-1]


def _other_version(before: Assessment | None, now: Assessment) -> bool:
    """Whether the two were made with different versions; then their scores are not compared."""
    versions = [(each.scale_version or "").strip().casefold() for each in (before, now) if each is not None]
    return len(versions) == 2 and all(versions) and versions[0] != versions[1]


def _line(each: Assessment, before: Assessment | None, assessor: str) -> AssessmentLine:
    scale = scales.scale_named(each.scale)
    other = _other_version(before, each)
    earlier = before.total if before and not other else None
    return AssessmentLine(
        each.id, each.state, each.scale, each.kind, each.assessed_on, assessor, each.total, each.level, earlier,
        before.assessed_on if before else None,
        scales.better(scale, earlier, each.total) if scale else None, each.next_on, each.scale_version or "", other,
    )  # fmt: skip


def trends(lines: Sequence[AssessmentLine]) -> list[Trend]:
    """Return the course of every scale that was used more than once, the most used first."""
    points: dict[str, list[tuple[date, float]]] = {}
    for line in reversed(lines):
        if line.total is not None:
            if line.other_version:
                points[line.scale] = []  # A line never joins two versions of a scale.
            points.setdefault(line.scale, []).append((line.assessed_on, line.total))
    courses = [Trend(scale, tuple(course)) for scale, course in points.items() if len(course) > 1]
    return sorted(courses, key=lambda trend: -len(trend.points))


def previous(work: Work, child_id: str, scale: str, day: date, but: str | None = None) -> dict[str, Any] | None:
    """Return scores, total and day of the last assessment with a scale before a day; None when there is none.

    Neither ``but`` itself counts, nor the version it corrects or by which it is corrected.
    """
    corrected = work.scalar(select(Assessment.supersedes_id).where(Assessment.id == but)) if but else None
    statement = (
        select(Assessment)
        .where(
            Assessment.child_id == child_id, Assessment.scale == scale, Assessment.assessed_on <= day,
            Assessment.id.not_in([each for each in (but, corrected) if each]),
            func.coalesce(Assessment.supersedes_id, "") != (but or "-"), *_kept(Assessment),
        )
        .order_by(Assessment.assessed_on.desc(), Assessment.id.desc())
        .limit(1)
    )  # fmt: skip
    found = work.scalar(statement)
    if found is None:
        return None
    return {
        "assessed_on": found.assessed_on, "scores": found.scores or {}, "derived": found.derived or {},
        "total": found.total, "level": found.level, "scale_version": found.scale_version, "aids": found.aids,
    }  # fmt: skip


def plan_on(work: Work, child_id: str, day: date) -> str | None:
    """Return the id of the plan in force on a day, the approved before the one still on its way."""
    plan = RehabilitationPlan
    statement = select(plan.id, plan.state).where(
        plan.child_id == child_id, plan.deleted_at.is_(None), plan.state.in_(RUNNING), plan.starts_on <= day,
        plan.ends_on >= day,
    )  # fmt: skip
    found = list(work.execute(statement.order_by(plan.starts_on.desc())))
    approved = [each.id for each in found if each.state == "approved"]
    return (approved or [each.id for each in found] or [None])[0]


def plans(work: Work, child_id: str) -> list[tuple[str, str, date, date]]:
    """Return (id, state, from, until) of a child's plans, the newest first."""
    plan = RehabilitationPlan
    statement = select(plan.id, plan.state, plan.starts_on, plan.ends_on).where(
        plan.child_id == child_id, plan.deleted_at.is_(None)
    )
    return [tuple(each) for each in work.execute(statement.order_by(plan.starts_on.desc(), plan.id.desc()))]  # type: ignore[misc]


def plan_sheet(work: Work, plan_id: str) -> PlanSheet:
    """Return a plan with its therapies and goals."""
    plan = load(work, RehabilitationPlan, plan_id)
    therapies = list(
        work.scalars(
            select(PlannedTherapy)
            .where(PlannedTherapy.plan_id == plan_id, *_kept(PlannedTherapy))
            .order_by(PlannedTherapy.id)
        )
    )
    names = titles(work, "staff", [plan.lead_id, *(each.therapist_id for each in therapies)])
    return PlanSheet(
        plan.id, plan.state, plan.starts_on, plan.ends_on, plan.review_on, names.get(plan.lead_id or "", ""),
        plan.diagnosis, plan.findings, plan.strengths, plan.methods, plan.at_home, plan.precautions,
        tuple(plan.contraindications or ()),
        tuple(
            TherapyLine(
                each.id, each.therapy, each.sessions_a_week, each.minutes, each.form, each.therapist_id,
                names.get(each.therapist_id or "", ""), each.summary(), each.starts_on, each.ends_on,
                each.precautions or "",
            )
            for each in therapies
        ),
        tuple(goals(work, plan_id)),
    )  # fmt: skip


def goals(work: Work, plan_id: str) -> Iterator[GoalLine]:
    """Yield a plan's goals: each long-term goal followed by the short-term ones that serve it."""
    statement = select(RehabilitationGoal).where(RehabilitationGoal.plan_id == plan_id, *_kept(RehabilitationGoal))
    found = [_goal(each) for each in work.scalars(statement.order_by(RehabilitationGoal.due_on, RehabilitationGoal.id))]
    known = {each.id for each in found}
    for goal in found:
        if goal.parent_id is None or goal.parent_id not in known:
            yield goal
            yield from (each for each in found if each.parent_id == goal.id)


def _goal(each: RehabilitationGoal) -> GoalLine:
    return GoalLine(
        each.id, each.version, each.parent_id, each.term, each.therapy, each.text, each.baseline, each.criterion,
        each.due_on, each.weight or 1, each.first_rating, each.rating, each.rated_on, each.status or "active",
        tuple((date.fromisoformat(day), rating) for day, rating in each.ratings or ()), each.note, each.icf,
        tuple((each.gas_levels or {}).items()),
    )  # fmt: skip


def goals_on(work: Work, child_id: str, day: date) -> list[GoalLine]:
    """Return the goals a child works on, those of the plan in force that are not yet settled."""
    plan_id = plan_on(work, child_id, day)
    return [goal for goal in goals(work, plan_id) if goal.status == "active"] if plan_id else []


def correct_plan(work: Work, plan_id: str, reason: str) -> str:
    """Begin a correction of an approved plan together with its goals and therapies; return the new plan's id."""
    new = records.correct(work, RehabilitationPlan, plan_id, reason)
    twins: dict[str, str] = {}
    for kind in (PlannedTherapy, RehabilitationGoal):
        for old in work.scalars(select(kind).where(kind.plan_id == plan_id, *_kept(kind)).order_by(kind.id)):
            values = {name: getattr(old, name) for name in _field_names(kind)} | {"plan_id": new}
            if values.get("parent_id"):
                values["parent_id"] = None
            twins[old.id] = records.save(work, kind, values, confirmed=True)
    for old in work.scalars(select(RehabilitationGoal).where(RehabilitationGoal.plan_id == plan_id)):
        if old.parent_id in twins and old.id in twins:
            records.save(work, RehabilitationGoal, {"parent_id": twins[old.parent_id]}, id=twins[old.id])
    return new


def _field_names(kind: type[PlannedTherapy] | type[RehabilitationGoal]) -> tuple[str, ...]:
    return tuple(meaning.name for meaning in fields_of(kind))


def last_assessed(work: Work) -> dict[str, tuple[date, date | None]]:
    """Return each child's last assessment and the next one agreed, for all children in one look."""
    statement = (
        select(Assessment.child_id, func.max(Assessment.assessed_on), func.max(Assessment.next_on))
        .where(*_kept(Assessment))
        .group_by(Assessment.child_id)
    )
    return {child_id: (last, following) for child_id, last, following in work.execute(statement)}
