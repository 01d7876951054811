"""Forms of education 教育表单: the individual education plan with its goals, adjustments and reviews."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sqlalchemy import select

from models.child import Child
from models.core.database import Work
from models.core.queries import titles
from models.education import DOMAINS, IEP_STATUS, RATINGS, IepGoal, Schooling, TermReview
from models.education_month import IepLine, iep_lines, schooling_on
from models.form_words import Words, about, child_beside, day_words, living, unsigned
from models.forms import Asked, Form, form
from models.month import Grid, Section
from models.rehabilitation_file import plan_on, plan_sheet
from models.school_terms import TERMS, term_of
from resources import N_, _

_SCHOOL = ("school", "stage", "kind", "grade", "class_name", "class_teacher", "teacher_id", "starts_on")


@form(
    "iep",
    N_("Individual education plan (IEP)"),
    of="child",
    needs="IepGoal",
    beside=("IepGoal", "Schooling", "TermReview"),
)
def iep(work: Work, asked: Asked) -> list[Form]:
    """Return the plan in force 个别化教育计划: present level, goals with their steps, support, reviews, who took part."""
    child = child_beside(work, asked, IepGoal, Schooling, TermReview)
    school = schooling_on(work, child.id, work.today)
    words = Words(work, Schooling, school)
    goals = {each.id: each for each in work.scalars(select(IepGoal).where(*living(IepGoal, child.id)))}
    lines = [line for line in iep_lines(work, child.id) if line.id in goals]
    sections = [
        Section(_("School"), facts=words.pairs(*_SCHOOL)),
        Section(_("Present level"), grids=tuple(_level_grid(lines))),
        *_goal_sections(lines, goals),
        Section(_("Related services"), grids=tuple(_services(work, child, goals.values()))),
        Section(_("Support and adjustments"), texts=words.pairs("supports", "triggers")),
        Section(_("Reviews"), grids=tuple(_reviews(work, child, lines)), texts=tuple(_present(work, child))),
    ]
    return [
        replace(
            about(work, child, _("Individual education plan (IEP)"), alerts=True), pictured=True, sealed=True,
            period=TERMS.label(term_of(work.today).code), sections=tuple(sections), final=bool(lines),
            signed=unsigned(
                _("Teacher"), _("Therapist"), _("Carer in the parents' place"), _("Social worker"), _("Child")
            ),
            opinions=(_("Opinion of the home"),),
        )
    ]  # fmt: skip


def _level_grid(lines: Sequence[IepLine]) -> Iterator[Grid]:
    """What the child can do now, by domain."""
    found: dict[str, list[str]] = {}
    for line in lines:
        if (
            line.status == "active"
            and line.present_level
            and line.present_level not in found.setdefault(line.domain, [])
        ):
            found[line.domain].append(line.present_level)
    rows = tuple((DOMAINS.label(domain), "\n".join(levels)) for domain, levels in found.items() if levels)
    if rows:
        yield Grid((_("Domain"), _("Present level")), rows, widths=(1.6, 8))


def _goal_sections(lines: Sequence[IepLine], goals: dict[str, IepGoal]) -> Iterator[Section]:
    headings = (_("Domain"), _("Annual goal"), _("Criterion"), _("To be reached by"), _("Responsible"), _("Reached so far"), _("State of the goal"))  # fmt: skip
    annual = tuple(
        (DOMAINS.label(line.domain), line.text, line.criterion, day_words(line.due_on), line.responsible, _percent(line), IEP_STATUS.label(line.status))
        for line in lines if line.term == "annual"
    )  # fmt: skip
    widths = (1.3, 3, 2.4, 1.3, 1.1, 0.9, 1)
    yield Section(_("Annual goals"), grids=(Grid(headings, annual, "", frozenset({5}), widths),) if annual else ())
    headings = (_("Domain"), _("Short-term goal and its steps"), *headings[2:])
    short = tuple(
        (DOMAINS.label(line.domain), _with_steps(line, goals[line.id]), line.criterion, day_words(line.due_on), line.responsible, _percent(line), IEP_STATUS.label(line.status))
        for line in lines if line.term != "annual"
    )  # fmt: skip
    yield Section(_("Short-term goals"), grids=(Grid(headings, short, "", frozenset({5}), widths),) if short else ())


def _percent(line: IepLine) -> str:
    return "" if line.progress is None else f"{line.progress}%"


def _with_steps(line: IepLine, goal: IepGoal) -> str:
    steps = [each.strip() for each in (goal.steps or "").splitlines() if each.strip()]
    said = list(filter(None, [(goal.note or "").strip()]))
    return "\n".join([line.text, *(f"{number}) {step}" for number, step in enumerate(steps, start=1)), *said])


def _services(work: Work, child: Child, goals: Iterable[IepGoal]) -> Iterator[Grid]:
    """Related services: the therapies of the plan in force, and what the goals name."""
    rows: list[tuple[str, ...]] = []
    plan_id = plan_on(work, child.id, work.today) if work.actor.may("read", "RehabilitationPlan") else None
    if plan_id:
        rows += [
            (each.summary, each.therapist, _("Rehabilitation plan")) for each in plan_sheet(work, plan_id).therapies
        ]
    named = dict.fromkeys(each.services for each in goals if each.services)
    rows += [(words, "", _("IEP goals")) for words in named]
    if rows:
        yield Grid((_("Related services"), _("Responsible"), _("Laid down in")), tuple(rows), widths=(5, 2, 2))


def _reviews(work: Work, child: Child, lines: Sequence[IepLine]) -> Iterator[Grid]:
    texts = {line.id: line.text for line in lines}
    asked = select(TermReview).where(*living(TermReview, child.id)).order_by(TermReview.reviewed_on, TermReview.id)
    found = list(work.scalars(asked))
    names = titles(work, "staff", [each.reviewer_id for each in found])
    rows = tuple(
        (
            TERMS.label(each.school_term), texts.get(each.goal_id, ""), RATINGS.label(each.rating), each.evidence or "",
            each.next_step or "", day_words(each.reviewed_on), names.get(each.reviewer_id or "", ""),
        )
        for each in found
    )  # fmt: skip
    headings = (
        _("School term"),
        _("Goal"),
        _("Rating"),
        _("Evidence"),
        _("Next step"),
        _("Reviewed on"),
        _("Reviewer"),
    )
    if rows:
        yield Grid(headings, rows, widths=(1.4, 2.4, 1.5, 2.4, 1.8, 1.4, 1.1))


def _present(work: Work, child: Child) -> Iterator[tuple[str, str]]:
    """Who was at the meetings, once each."""
    asked = select(TermReview.present).where(*living(TermReview, child.id), TermReview.present.is_not(None))
    people = dict.fromkeys(words.strip() for words in work.scalars(asked.order_by(TermReview.reviewed_on)) if words)
    yield _("Present at the meeting"), "\n".join(people)
