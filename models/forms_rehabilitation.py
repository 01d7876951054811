"""Forms of rehabilitation 康复表单: the plan, and the evaluation of a stretch of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from models.age import months_later
from models.child import Child
from models.core.database import Work
from models.core.fields import field_of
from models.core.queries import titles
from models.form_words import Words, about, child_beside, day_words, record_of, records_of, unsigned, with_state
from models.forms import Asked, Form, form
from models.measurement import course
from models.month import Grid, Section
from models.rehabilitation import (
    ASSESSMENT_KINDS,
    GAS,
    GOAL_STATUS,
    GOAL_TERMS,
    ICF,
    Assessment,
    PlannedTherapy,
    RehabilitationGoal,
    RehabilitationPlan,
)
from models.rehabilitation_file import GoalLine, PlanSheet, assessments, plan_on, plan_sheet
from models.rehabilitation_month import session_grid, session_lines, tallies
from models.scales import SCALES, scale_named
from models.therapies import FORMS as MANNERS
from models.therapies import THERAPIES, short_name
from resources import N_, _

_PERIOD = ("starts_on", "ends_on", "review_on", "lead_id")
_AGREED = ("diagnosis", "findings", "strengths", "methods", "at_home", "heard")
_SAFETY = ("contraindications", "precautions")
EVALUATED_MONTHS = 3
"""So many months are evaluated where no plan runs."""


@form(
    "rehabilitation_plan", N_("Rehabilitation plan"), of="child", needs="RehabilitationPlan",
    beside=("RehabilitationPlan", "RehabilitationGoal", "PlannedTherapy"),
)  # fmt: skip
def rehabilitation_plan(work: Work, asked: Asked) -> list[Form]:
    """Return a plan with what it rests on, its goals with what each rating means, and what is prescribed 康复计划."""
    child, plan = _plan_of(work, asked)
    words = Words(work, RehabilitationPlan, plan)
    sheet = plan_sheet(work, plan.id) if plan else None
    until = plan.starts_on if plan else work.today
    sections = (
        Section(_("Period"), facts=words.pairs(*_PERIOD)),
        Section(_("Assessed"), grids=tuple(_assessed_grid(work, child.id, None, until))),
        Section(_("What was agreed"), texts=words.pairs(*_AGREED)),
        Section(_("Safety"), texts=words.pairs(*_SAFETY)),
        *_goal_sections(sheet),
        Section(_("Prescribed"), grids=tuple(_prescribed(work, plan))),
        Section(_("Closing"), facts=words.pairs("outcome", "closed_on"), texts=words.pairs("evaluation")),
    )
    made = replace(
        about(work, child, _("Rehabilitation plan"), alerts=True), pictured=True, sections=sections, sealed=True,
        period=words.record.summary() if plan else "", opinions=(_("Words of the child and of the carer in the parents' place"),),
    )  # fmt: skip
    return [with_state(work, made, plan, (_("Responsible therapist"), _("Head of department"), _("Director")))]


@form(
    "rehabilitation_evaluation", N_("Period evaluation of rehabilitation"), of="child", needs="Assessment",
    beside=("Assessment", "RehabilitationPlan"),
)  # fmt: skip
def rehabilitation_evaluation(work: Work, asked: Asked) -> list[Form]:
    """Return what a stretch of treatment has brought 康复阶段评估: scores against before, goals, given against planned."""
    child, plan = _plan_of(work, asked)
    first, last = _span(work, asked, plan)
    sheet = plan_sheet(work, plan.id) if plan else None
    lines = session_lines(work, child.id, first, last) if work.actor.may("read", "TherapySession") else []
    latest = [each for each in records_of(work, Assessment, child.id) if each.assessed_on <= last][-1:]
    words = Words(work, Assessment, latest[0] if latest else None)
    facts = Words(work, RehabilitationPlan, plan).pairs("starts_on", "ends_on", "lead_id", "diagnosis")
    sections = (
        Section(_("Plan in force"), facts=facts),
        Section(_("Assessed"), grids=tuple(_assessed_grid(work, child.id, first, last))),
        Section(_("Scores by domain"), grids=tuple(_domain_grids(work, child.id, last))),
        Section(_("Given against planned"), grids=tuple(session_grid(tallies(lines)))),
        Section(_("Goals"), facts=tuple(_attainment(sheet)), grids=tuple(_progress_grid(sheet, first, last))),
        Section(_("Findings and advice"), texts=words.pairs("conclusion", "advice", "heard")),
    )
    return [
        replace(
            about(work, child, _("Period evaluation of rehabilitation")), sections=sections, sealed=True, final=bool(latest),
            period=_("{first} to {last}").format(first=first.isoformat(), last=last.isoformat()),
            signed=unsigned(_("Assessor"), _("Responsible therapist"), _("Head of department")),
            opinions=(_("Words of the child and of the carer in the parents' place"), _("Opinion of the home")),
        )
    ]  # fmt: skip


def _plan_of(work: Work, asked: Asked) -> tuple[Child, RehabilitationPlan | None]:
    """The child, and the plan meant: the one asked for, the one a goal belongs to, the one in force, the newest."""
    child = child_beside(work, asked, RehabilitationPlan, RehabilitationGoal, PlannedTherapy, Assessment)
    plan_id = asked.record_id
    for kind in (RehabilitationGoal, PlannedTherapy):
        plan_id = (work.scalar(select(kind.plan_id).where(kind.id == plan_id)) if plan_id else "") or plan_id
    found = work.scalar(select(RehabilitationPlan).where(RehabilitationPlan.id == plan_id)) if plan_id else None
    return child, found or _running(work, child)


def _running(work: Work, child: Child) -> RehabilitationPlan | None:
    now = plan_on(work, child.id, work.today)
    found: RehabilitationPlan | None = record_of(work, Asked(child.id, now or ""), RehabilitationPlan, child)
    return found


def _span(work: Work, asked: Asked, plan: RehabilitationPlan | None) -> tuple[date, date]:
    if asked.period is not None:
        return asked.period.first, min(asked.period.last, work.today)
    if plan is None or plan.starts_on > work.today:
        return months_later(work.today, -EVALUATED_MONTHS), work.today
    return plan.starts_on, min(plan.closed_on or plan.ends_on, work.today)


def _assessed_grid(work: Work, child_id: str, first: date | None, last: date) -> Iterator[Grid]:
    """The latest result of every scale beside the one before; with ``first`` everything since then."""
    shown: dict[str, tuple[str, ...]] = {}
    for line in assessments(work, child_id, last):
        if (first and line.assessed_on < first) or (first is None and line.scale in shown):
            continue
        better = "" if line.better is None else _("better") if line.better else _("worse")
        before = "" if line.before is None else f"{line.before:g} ({day_words(line.before_on)})"
        shown[f"{line.scale}{line.id if first else ''}"] = (
            SCALES.label(line.scale), ASSESSMENT_KINDS.label(line.kind), line.assessed_on.isoformat(), line.value, before,
            " ".join(filter(None, (line.change, better))), line.assessor,
        )  # fmt: skip
    headings = (
        _("Scale"),
        _("Assessment stage"),
        _("Assessed on"),
        _("Result"),
        _("Before"),
        _("Difference"),
        _("Assessor"),
    )
    if shown:
        yield Grid(headings, tuple(shown.values()), widths=(3, 1.3, 1.5, 2, 1.9, 1.2, 1.1))


def _domain_grids(work: Work, child_id: str, last: date) -> Iterator[Grid]:
    """Every scale's scores by domain over the last assessments, side by side."""
    for code in dict.fromkeys(line.scale for line in assessments(work, child_id, last)):
        scale = scale_named(code)
        lines = [each for each in course(work, child_id, code) if each.assessed_on <= last][-5:]
        if scale is None or len(scale.entries) < 2:
            continue
        rows = tuple(
            (domain.title, "" if domain.maximum is None else f"{domain.maximum:g}", *(_score(each.scores.get(domain.code)) for each in lines))
            for domain in scale.entries
        )  # fmt: skip
        headings = (_("Domain"), _("At most"), *(each.assessed_on.isoformat() for each in lines))
        numbers = frozenset(range(1, len(headings)))
        yield Grid(headings, rows, scale.title, numbers, (3, 1, *(1.5 for _each in lines)))


def _score(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value or "")


# --- goals ---


def _goal_sections(sheet: PlanSheet | None) -> Iterator[Section]:
    goals = sheet.goals if sheet else ()
    headings = (_("Long or short term"), _("Goal"), _("ICF category"), _("Baseline"), _("Criterion"), _("To be reached by"), _("Weight of the goal"), _("Rating at the beginning"))  # fmt: skip
    rows = tuple(
        (
            GOAL_TERMS.label(each.term), _goal_words(each), ICF.label(each.icf), each.baseline, each.criterion,
            day_words(each.due_on), str(each.weight), _rating(each.first_rating),
        )
        for each in goals
    )  # fmt: skip
    grid = Grid(headings, rows, "", frozenset({6}), (1, 2.8, 1.6, 1.8, 2, 1.3, 0.8, 1))
    yield Section(_("Goals"), grids=(grid,) if rows else ())
    meanings = tuple(row for each in goals if each.gas_levels for row in (_meaning_row(each),))
    if meanings:
        ratings = (_("Goal"), *(str(code) for code in GAS))
        yield Section(_("What each rating means"), grids=(Grid(ratings, meanings, widths=(2, 2, 2, 2, 2, 2)),))


def _goal_words(goal: GoalLine) -> str:
    return f"{short_name(goal.therapy)}{_(': ')}{goal.text}" if goal.therapy else goal.text


def _meaning_row(goal: GoalLine) -> tuple[str, ...]:
    said = dict(goal.gas_levels)
    return goal.text, *(str(said.get(code.code, "")) for code in GAS)


def _attainment(sheet: PlanSheet | None) -> Iterator[tuple[str, str]]:
    if sheet is not None and sheet.goals:
        yield _("Goals achieved"), f"{sum(each.status == 'achieved' for each in sheet.goals)} / {len(sheet.goals)}"
        yield _("Goal attainment (T score)"), "" if sheet.attainment is None else f"{sheet.attainment:g}"


def _progress_grid(sheet: PlanSheet | None, first: date, last: date) -> Iterator[Grid]:
    rows = tuple(
        (
            GOAL_TERMS.label(each.term), _goal_words(each), each.criterion, _rated(each, first) or _rating(each.first_rating),
            _rated(each, last), day_words(each.rated_on), GOAL_STATUS.label(each.status), each.note or "",
        )
        for each in (sheet.goals if sheet else ())
    )  # fmt: skip
    headings = (_("Long or short term"), _("Goal"), _("Criterion"), _("Before"), _("Rating now"), _("Rated on"), _("State of the goal"), _("Note"))  # fmt: skip
    if rows:
        yield Grid(headings, rows, widths=(1, 2.8, 2.2, 0.8, 0.8, 1.4, 1, 1.8))


def _rating(code: str | None) -> str:
    """Say a rating in short: −2 … +2; what each means stands in a table of its own."""
    return "" if not code else code.replace("-", "−") if code in ("-2", "-1", "0") else f"+{code}"


def _rated(goal: GoalLine, day: date) -> str:
    """The last rating up to a day."""
    until = [rating for rated, rating in goal.ratings if rated <= day]
    return _rating(str(until[-1])) if until else ""


# --- what is prescribed and given ---


def _prescribed(work: Work, plan: RehabilitationPlan | None) -> Iterator[Grid]:
    listed = records_of(work, PlannedTherapy, plan.child_id, PlannedTherapy.plan_id == plan.id) if plan else []
    staff = titles(work, "staff", [each.therapist_id for each in listed])
    things = titles(work, "equipment", [each.equipment_id for each in listed])
    rows = tuple(
        (
            THERAPIES.label(each.therapy), f"{each.sessions_a_week}", f"{each.minutes}", MANNERS.label(each.form),
            staff.get(each.therapist_id or "", ""), each.method or "", things.get(each.equipment_id or "", ""), each.precautions or "",
        )
        for each in sorted(listed, key=lambda each: (each.priority or 9, each.id))
    )  # fmt: skip
    minutes = field_of(PlannedTherapy, "minutes").title
    headings = (
        _("Therapy"), _("Sessions a week"), f"{minutes} ({_('min')})", _("One to one or group"), _("Therapist"), _("Method"),
        _("Equipment"), _("Precautions"),
    )  # fmt: skip
    if rows:
        yield Grid(headings, rows, "", frozenset({1, 2}), (1.8, 0.9, 0.9, 1.2, 1.2, 2, 1.3, 2))
