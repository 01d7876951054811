"""Rehabilitation 康复: what is found, what is aimed at, and what is prescribed — assessment, plan, goals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import JSON, Date, Float, Integer, String, Text, inspect, select
from sqlalchemy.orm import Mapped

from models import scales
from models.child import Child, OfChild
from models.core.database import Work
from models.core.errors import Problem
from models.core.fields import attachment, field, reference
from models.core.record import Record, new_id
from models.core.words import Code, CodeList, TableCodes
from models.department import HALVES
from models.therapies import CONTRAINDICATIONS, FORMS, THERAPIES, short_name
from resources import N_, _, table

ASSESSMENT_KINDS = CodeList(
    "assessment_kind",
    Code("initial", N_("Initial assessment"), "初期评估"),
    Code("interim", N_("Interim assessment"), "中期评估"),
    Code("review", N_("Re-assessment"), "复评"),
    Code("final", N_("Final assessment"), "末期评估"),
)
AIDS = CodeList(
    "assessment_aids", Code("unaided", N_("Without aids"), "不用辅具"), Code("aided", N_("With aids"), "使用辅具")
)
GOAL_TERMS = CodeList(
    "goal_term", Code("long", N_("Long-term goal"), "长期目标"), Code("short", N_("Short-term goal"), "短期目标")
)
GOAL_STATUS = CodeList(
    "goal_status",
    Code("active", N_("Being worked on"), "训练中"),
    Code("achieved", N_("Achieved"), "已达成"),
    Code("changed", N_("Changed"), "已调整"),
    Code("stopped", N_("Stopped"), "已终止"),
)
GAS = CodeList(
    "gas",
    Code("-2", N_("−2 much less than expected"), "−2 远低于预期"),
    Code("-1", N_("−1 less than expected"), "−1 低于预期"),
    Code("0", N_("0 as expected"), "0 达到预期"),
    Code("1", N_("+1 more than expected"), "+1 高于预期"),
    Code("2", N_("+2 much more than expected"), "+2 远高于预期"),
)
OUTCOMES = CodeList(
    "plan_outcome",
    Code("continued", N_("Continued by a new plan"), "续订新计划"),
    Code("closed", N_("Closed"), "结案"),
    Code("referred", N_("Referred"), "转介"),
)
ICF: CodeList = TableCodes("icf", "rehab/icf.csv", code="code", chinese="shown_zh", english="shown_en")
"""A choice of the ICF's categories; a row says in ``verification`` how far its title was checked."""


def icf_words(code: str) -> str:
    """Say an ICF category in full, and of a title that nobody has compared with the printed edition, that it is so."""
    row = next((each for each in table("rehab/icf.csv") if each["code"] == code), None)
    if row is None:
        return code
    words = str(ICF.label(code))
    if "not compared" not in row["verification"]:
        return words
    return _("{title} (title not yet compared with the printed ICF)").format(title=words)


"""Categories of the ICF-CY that goals are about; the code stands before its title."""
JUDGED_ANEW = (
    "therapy", "sessions_a_week", "minutes", "therapist_id", "half", "equipment_id", "starts_on", "ends_on", "most_a_day",
)  # fmt: skip
"""When one of these changes, it is judged anew whether a prescription can be carried out at all."""
FIXED = frozenset({"approved", "archived", "superseded", "void"})
"""States of a plan in which what was agreed can no longer be changed."""

BASIS = N_("Basis")
SCORES = N_("Scores")
FINDINGS = N_("Findings and advice")
PERIOD = N_("Period")
AGREED = N_("What was agreed")
SAFETY = N_("Safety")
CLOSING = N_("Closing")
PROGRESS = N_("Progress of the goal")


class Assessment(OfChild, Record):
    """An assessment with one scale 康复评估: raw scores by domain, and what follows from them."""

    title: ClassVar[str] = N_("Assessment")
    titles: ClassVar[str] = N_("Assessments")
    area: ClassVar[str] = "rehabilitation"
    event_field: ClassVar[str] = "assessed_on"
    title_field: ClassVar[str] = "scale"

    scale: Mapped[str] = field(
        N_("Scale"), codes=scales.SCALES, section=BASIS, required=True, listed=True, searched=True, index=True
    )
    scale_version: Mapped[str | None] = field(N_("Version"), String(40), section=BASIS)
    kind: Mapped[str] = field(N_("Assessment stage"), codes=ASSESSMENT_KINDS, section=BASIS, required=True, listed=True)
    assessed_on: Mapped[date] = field(N_("Assessed on"), Date, section=BASIS, required=True, listed=True, index=True)
    assessor_id: Mapped[str | None] = reference(N_("Assessor"), "staff", section=BASIS, listed=True)
    aids: Mapped[str | None] = field(N_("Aids"), codes=AIDS, section=BASIS)

    scores: Mapped[dict[str, Any] | None] = field(N_("Scores by domain"), JSON, section=SCORES, hidden=True)
    goal_areas: Mapped[list[str] | None] = field(N_("Goal areas"), JSON, section=SCORES, hidden=True)
    derived: Mapped[dict[str, Any] | None] = field(N_("Derived scores"), JSON, section=SCORES, hidden=True)
    total: Mapped[float | None] = field(N_("Total score"), Float, section=SCORES, listed=True, hidden=True, decimals=1)
    level: Mapped[str | None] = field(N_("Level"), codes=scales.SCALE_LEVELS, section=SCORES, listed=True, hidden=True)

    conclusion: Mapped[str | None] = field(N_("Assessment conclusion"), Text, section=FINDINGS)
    advice: Mapped[str | None] = field(N_("Recommendations"), Text, section=FINDINGS)
    heard: Mapped[str | None] = field(
        N_("Words of the child and carers"), Text, section=FINDINGS,
        help=N_("The law asks that the child and the guardian are informed and heard."),
    )  # fmt: skip
    next_on: Mapped[date | None] = field(N_("Next assessment"), Date, section=FINDINGS)
    paper: Mapped[str | None] = attachment(N_("Paper form or video"), section=FINDINGS)

    def before_save(self, work: Work) -> None:
        scale = scales.scale_named(self.scale) if self.scale else None
        if scale is None or any(True for _wrong in scales.score_problems(scale, self.scores or {})):
            return
        born_on = _born_on(work, self.child_id)
        months = scales.age_in_months(born_on, self.assessed_on) if born_on and self._after(born_on) else None
        result = scales.evaluate(scale, self.scores or {}, months, self.goal_areas or ())
        self.derived, self.total, self.level = result.derived, result.total, result.level

    def problems(self, work: Work) -> Iterator[Problem]:
        scale = scales.scale_named(self.scale)
        if scale:
            yield from scales.score_problems(scale, self.scores or {})
        if self.assessed_on > work.today:
            yield Problem("assessed_on", _("This day has not come yet."))
        if self.next_on and self.next_on <= self.assessed_on:
            yield Problem("next_on", _("This lies before the assessment."))
        born_on = _born_on(work, self.child_id)
        if born_on and self.assessed_on < born_on:
            yield Problem("assessed_on", _("This lies before the child's birth."))
        elif scale and born_on:
            outside = scales.age_problem(scale, born_on, self.assessed_on)
            if outside:
                yield outside

    def _after(self, born_on: date) -> bool:
        return self.assessed_on is not None and self.assessed_on >= born_on

    def summary(self) -> str:
        scale = scales.scale_named(self.scale)
        name = scale.title if scale else ""
        value = f"{self.total:g}" if self.total is not None and scale and scale.formula != "level" else ""
        return " ".join(part for part in (name, value, scales.SCALE_LEVELS.label(self.level)) if part)

    def said(self, name: str, value: Any) -> str | None:
        scale = scales.scale_named(self.scale)
        if scale is None or name not in {"scores", "derived", "goal_areas"}:
            return None
        if not isinstance(value, dict):
            return _(", ").join(scales.measure_title(scale, each) for each in value or ())
        return _(", ").join(
            f"{scales.measure_title(scale, each)} {score:g}" if isinstance(score, int | float)
            else f"{scales.measure_title(scale, each)} {score}"
            for each, score in value.items()
        )  # fmt: skip

    def is_version_of(self, other: Assessment) -> bool:
        """Whether one of the two corrects the other: they tell of the same day, and are not compared."""
        return self.id == other.supersedes_id or other.id == self.supersedes_id

    def one_before(self, earlier: Sequence[Assessment]) -> Assessment | None:
        """Return the last of a child's earlier ones, given oldest first, with which this one is compared."""
        alike = (each for each in reversed(earlier) if each.scale == self.scale and not each.is_version_of(self))
        return next(alike, None)

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """Return valid values, for tests and the printed sample."""
        return {"scale": "BARTHEL", "kind": "initial", "assessed_on": work.today, "scores": {"total": 60}}


class RehabilitationPlan(OfChild, Record):
    """An individual rehabilitation plan 个别化康复计划: problems, safety, period; goals and therapies belong to it."""

    title: ClassVar[str] = N_("Rehabilitation plan")
    titles: ClassVar[str] = N_("Rehabilitation plans")
    area: ClassVar[str] = "rehabilitation"
    event_field: ClassVar[str] = "starts_on"
    title_field: ClassVar[str] = "starts_on"

    starts_on: Mapped[date] = field(N_("From"), Date, section=PERIOD, required=True, listed=True, index=True)
    ends_on: Mapped[date] = field(N_("Until"), Date, section=PERIOD, required=True, listed=True)
    review_on: Mapped[date] = field(N_("Review on"), Date, section=PERIOD, required=True, listed=True, index=True)
    lead_id: Mapped[str | None] = reference(N_("Responsible therapist"), "staff", section=PERIOD, listed=True)
    assessment_id: Mapped[str | None] = reference(N_("Assessment it rests on"), "assessment", section=PERIOD)

    diagnosis: Mapped[str | None] = field(N_("Diagnosis"), String(300), section=AGREED)
    findings: Mapped[str] = field(N_("Main problems"), Text, section=AGREED, required=True)
    strengths: Mapped[str | None] = field(N_("Strengths"), Text, section=AGREED)
    methods: Mapped[str | None] = field(N_("Methods"), Text, section=AGREED)
    at_home: Mapped[str | None] = field(
        N_("To practise in the unit and in class"), Text, section=AGREED,
        help=N_("What carers and teachers do every day."),
    )  # fmt: skip
    heard: Mapped[str | None] = field(N_("Words of the child and carers"), Text, section=AGREED)

    contraindications: Mapped[list[str] | None] = field(
        N_("Contraindications"), codes=CONTRAINDICATIONS, many=True, section=SAFETY,
        help=N_("A session that one of these speaks against is warned of before it is booked."),
    )  # fmt: skip
    precautions: Mapped[str | None] = field(N_("Precautions"), Text, section=SAFETY)

    outcome: Mapped[str | None] = field(N_("How the plan ended"), codes=OUTCOMES, section=CLOSING)
    closed_on: Mapped[date | None] = field(N_("Ended on"), Date, section=CLOSING)
    evaluation: Mapped[str | None] = field(N_("Evaluation of the effect"), Text, section=CLOSING)

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.ends_on < self.starts_on:
            yield Problem("ends_on", _("The end lies before the beginning."))
        elif not self.starts_on <= self.review_on <= self.ends_on:
            yield Problem("review_on", _("The review belongs between beginning and end."))
        if self.closed_on and not self.outcome:
            yield Problem("outcome", _("Please say how the plan ended."))
        if self.closed_on and self.closed_on < self.starts_on:
            yield Problem("closed_on", _("The end lies before the beginning."))

    def summary(self) -> str:
        return _("{first} to {last}").format(first=self.starts_on.isoformat(), last=self.ends_on.isoformat())

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """Return valid values, for tests and the printed sample."""
        first = work.today.replace(day=1)
        return {"starts_on": first, "ends_on": first.replace(year=first.year + 1), "review_on": work.today}


class PlannedTherapy(OfChild, Record):
    """One therapy a plan prescribes 康复项目安排: how often, how long, alone or in a group."""

    title: ClassVar[str] = N_("Prescribed therapy")
    titles: ClassVar[str] = N_("Prescribed therapies")
    area: ClassVar[str] = "rehabilitation"
    first_state: ClassVar[str] = "current"
    title_field: ClassVar[str] = "therapy"

    plan_id: Mapped[str] = reference(N_("Rehabilitation plan"), "rehabilitation_plan", required=True)
    therapy: Mapped[str] = field(N_("Therapy"), codes=THERAPIES, required=True, listed=True)
    sessions_a_week: Mapped[int] = field(
        N_("Sessions a week"), Integer, required=True, listed=True, minimum=1, maximum=14
    )
    minutes: Mapped[int] = field(
        N_("Length"), Integer, unit=N_("min"), required=True, listed=True, minimum=10, maximum=120
    )
    form: Mapped[str] = field(N_("One to one or group"), codes=FORMS, required=True, listed=True)
    therapist_id: Mapped[str | None] = reference(N_("Preferred therapist"), "staff", listed=True)
    half: Mapped[str | None] = field(N_("Preferred half of the day"), codes=HALVES)
    priority: Mapped[int | None] = field(
        N_("Priority"), Integer, minimum=1, maximum=3, help=N_("1 ordinary, 2 raised, 3 first of all.")
    )
    equipment_id: Mapped[str | None] = reference(N_("Equipment"), "equipment")
    method: Mapped[str | None] = field(N_("Method"), String(300))
    starts_on: Mapped[date | None] = field(
        N_("From"), Date, section=PERIOD, help=N_("Left empty, as long as the plan.")
    )
    ends_on: Mapped[date | None] = field(N_("Until"), Date, section=PERIOD)
    most_a_day: Mapped[int | None] = field(
        N_("At most a day"), Integer, section=PERIOD, unit=N_("sessions"), minimum=1, maximum=4
    )
    precautions: Mapped[str | None] = field(
        N_("Precautions"), Text, section=SAFETY, help=N_("Said beside every session of this therapy.")
    )

    def problems(self, work: Work) -> Iterator[Problem]:
        yield from _same_child(work, self)
        yield from _agreed(work, self, ("therapy", "sessions_a_week", "minutes", "form", "starts_on", "ends_on"))
        yield from self._span_problems(work)
        attributes: Any = inspect(self).attrs
        changed = any(attributes[name].history.has_changes() for name in JUDGED_ANEW)
        if changed and not work.actor.system:  # The program itself, importing or making a demo home, asks nobody.
            from models.prescribing import doubts

            yield from doubts(work, self)

    def _span_problems(self, work: Work) -> Iterator[Problem]:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            yield Problem("ends_on", _("The end lies before the beginning."))
            return
        plan = work.scalar(select(RehabilitationPlan).where(RehabilitationPlan.id == self.plan_id))
        for name in ("starts_on", "ends_on"):
            day = getattr(self, name)
            if plan and day and not plan.starts_on <= day <= plan.ends_on:
                words = _("Outside the plan ({first} to {last}).")
                yield Problem(name, words.format(first=plan.starts_on, last=plan.ends_on))

    def summary(self) -> str:
        return _("{therapy} {n} × {minutes} min a week").format(
            therapy=short_name(self.therapy), n=self.sessions_a_week, minutes=self.minutes
        )

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """Return valid values, for tests and the printed sample."""
        return {**_example_plan(work), "therapy": "PT", "sessions_a_week": 3, "minutes": 30, "form": "single"}


class RehabilitationGoal(OfChild, Record):
    """A goal of the plan 康复目标: specific, with baseline, criterion and date, rated by goal attainment −2 … +2."""

    title: ClassVar[str] = N_("Rehabilitation goal")
    titles: ClassVar[str] = N_("Rehabilitation goals")
    area: ClassVar[str] = "rehabilitation"
    first_state: ClassVar[str] = "current"
    event_field: ClassVar[str] = "due_on"
    title_field: ClassVar[str] = "text"
    newest_first: ClassVar[bool] = False

    plan_id: Mapped[str] = reference(N_("Rehabilitation plan"), "rehabilitation_plan", required=True, section=AGREED)
    parent_id: Mapped[str | None] = reference(N_("Serves the goal"), "rehabilitation_goal", section=AGREED)
    term: Mapped[str] = field(N_("Long or short term"), codes=GOAL_TERMS, section=AGREED, required=True, listed=True)
    therapy: Mapped[str | None] = field(N_("Therapy"), codes=THERAPIES, section=AGREED, listed=True)
    text: Mapped[str] = field(
        N_("Goal"), String(300), section=AGREED, required=True, listed=True, searched=True,
        help=N_("What the child will do, under which conditions: it can be seen and counted."),
    )  # fmt: skip
    baseline: Mapped[str] = field(N_("Baseline"), String(300), section=AGREED, required=True)
    criterion: Mapped[str] = field(
        N_("Criterion"), String(300), section=AGREED, required=True,
        help=N_("When the goal counts as reached, e.g. 8 of 10 trials on 3 days."),
    )  # fmt: skip
    method: Mapped[str | None] = field(N_("Method"), String(300), section=AGREED)
    due_on: Mapped[date] = field(N_("To be reached by"), Date, section=AGREED, required=True, listed=True)
    weight: Mapped[int | None] = field(N_("Weight of the goal"), Integer, section=AGREED, minimum=1, maximum=3)
    icf: Mapped[str | None] = field(
        N_("ICF category"),
        codes=ICF,
        section=AGREED,
        help=N_("Where it is known; type a code or a word. The titles are not yet compared with the printed ICF."),
    )
    gas_levels: Mapped[dict[str, Any] | None] = field(N_("What each rating means"), JSON, section=AGREED, hidden=True)

    first_rating: Mapped[str | None] = field(N_("Rating at the beginning"), codes=GAS, section=PROGRESS)
    rating: Mapped[str | None] = field(N_("Rating now"), codes=GAS, section=PROGRESS, listed=True)
    rated_on: Mapped[date | None] = field(N_("Rated on"), Date, section=PROGRESS, listed=True)
    ratings: Mapped[list[Any] | None] = field(N_("Ratings so far"), JSON, section=PROGRESS, hidden=True)
    status: Mapped[str | None] = field(N_("State of the goal"), codes=GOAL_STATUS, section=PROGRESS, listed=True)
    note: Mapped[str | None] = field(N_("Note"), Text, section=PROGRESS)

    def before_save(self, work: Work) -> None:
        self.status = self.status or "active"
        attributes: Any = inspect(self).attrs
        if self.rating and attributes.rating.history.has_changes():
            self.rated_on = self.rated_on if attributes.rated_on.history.added else work.today
            day = (self.rated_on or work.today).isoformat()
            earlier = [each for each in self.ratings or [] if each[0] != day]
            self.ratings = sorted([*earlier, [day, int(self.rating)]])

    def problems(self, work: Work) -> Iterator[Problem]:
        plan = work.scalar(select(RehabilitationPlan).where(RehabilitationPlan.id == self.plan_id))
        if plan and not plan.starts_on <= self.due_on <= plan.ends_on:
            words = _("Outside the plan ({first} to {last}).")
            yield Problem("due_on", words.format(first=plan.starts_on, last=plan.ends_on), warning=True)
        if self.parent_id and self.parent_id == self.id:
            yield Problem("parent_id", _("A goal cannot serve itself."))
        yield from _same_child(work, self)
        yield from _agreed(work, self, ("text", "baseline", "criterion", "due_on", "term"))

    def summary(self) -> str:
        return f"{GOAL_TERMS.label(self.term)}{_(': ')}{self.text}"

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """Return valid values, for tests and the printed sample."""
        goal = {"due_on": work.today, "text": "独站10秒", "baseline": "扶站3秒", "criterion": "连续3天，每天5次中4次"}
        return {**_example_plan(work), **goal}


def _born_on(work: Work, child_id: str | None) -> date | None:
    with work.no_autoflush:
        return work.scalar(select(Child.born_on).where(Child.id == child_id)) if child_id else None


def _same_child(work: Work, part: PlannedTherapy | RehabilitationGoal) -> Iterator[Problem]:
    child = work.scalar(select(RehabilitationPlan.child_id).where(RehabilitationPlan.id == part.plan_id))
    if child is not None and child != part.child_id:
        yield Problem("plan_id", _("This plan belongs to another child."))


def _example_plan(work: Work) -> dict[str, Any]:
    from models.core.records import save

    child = save(work, Child, {"name": "王小雨", "number": new_id()[-12:], "sex": "2", "born_on": date(2019, 3, 1)})
    plan = {**RehabilitationPlan.example_values(work), "child_id": child, "findings": "独坐不稳"}
    return {"child_id": child, "plan_id": save(work, RehabilitationPlan, plan, confirmed=True)}


def _agreed(work: Work, part: PlannedTherapy | RehabilitationGoal, names: tuple[str, ...]) -> Iterator[Problem]:
    """Refuse to change what an approved plan has laid down; a correction of the plan is the way."""
    state = work.scalar(select(RehabilitationPlan.state).where(RehabilitationPlan.id == part.plan_id))
    if state not in FIXED:
        return
    inspected: Any = inspect(part)
    for name in names:
        if inspected.attrs[name].history.has_changes():
            yield Problem(name, _("The plan is approved. Please correct the plan to change this."))
            return
