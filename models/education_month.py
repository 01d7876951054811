"""Education over time 教育月度与提醒: a child's month at school, its goals, and the reviews that are due."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from models.age import birthday
from models.child import Child
from models.core.database import Work
from models.core.queries import titles
from models.education import (
    DOMAINS,
    IEP_STATUS,
    IEP_TERMS,
    RATINGS,
    SCHOOLING_KINDS,
    STAGES,
    ClassAttendance,
    IepGoal,
    Schooling,
    TermReview,
)
from models.month import Grid, Month, Section, month_plan, month_section
from models.placement import living_here
from models.reminders import Due, reminder
from models.school_terms import Term, term_of
from resources import N_, _, table


def education_rule(name: str) -> int:
    """Return a number of the education rules, e.g. the age at which school begins."""
    return next(int(row["value"]) for row in table("education/rules.csv") if row["rule"] == name)


@dataclass(frozen=True)
class Review:
    """One term review of a goal."""

    id: str
    term: str
    day: date
    rating: str
    evidence: str | None
    next_step: str | None


@dataclass(frozen=True)
class IepLine:
    """One IEP goal with its reviews, the newest first."""

    id: str
    version: int
    parent_id: str | None
    domain: str
    term: str
    text: str
    present_level: str
    criterion: str
    responsible: str
    starts_on: date
    due_on: date
    progress: int | None
    status: str
    note: str | None
    reviews: tuple[Review, ...]


def schooling_on(work: Work, child_id: str, day: date) -> Schooling | None:
    """Return the enrolment of a child on a day."""
    statement = select(Schooling).where(
        Schooling.child_id == child_id, Schooling.deleted_at.is_(None), Schooling.state != "void",
        Schooling.starts_on <= day, Schooling.ends_on.is_(None) | (Schooling.ends_on >= day),
    )  # fmt: skip
    return work.scalar(statement.order_by(Schooling.starts_on.desc()).limit(1))


def iep_lines(work: Work, child_id: str, until: date | None = None) -> list[IepLine]:
    """Return a child's IEP goals by domain, each annual goal followed by the short ones that serve it."""
    statement = select(IepGoal).where(
        IepGoal.child_id == child_id, IepGoal.deleted_at.is_(None), IepGoal.state != "void"
    )
    found = list(work.scalars(statement.order_by(IepGoal.starts_on, IepGoal.id)))
    names = titles(work, "staff", (each.responsible_id for each in found))
    reviews = _reviews(work, child_id, until)
    order = {code.code: place for place, code in enumerate(DOMAINS)}
    lines = [
        IepLine(
            each.id, each.version, each.parent_id, each.domain, each.term, each.text, each.present_level, each.criterion,
            names.get(each.responsible_id or "", ""), each.starts_on, each.due_on, each.progress, each.status or "active",
            each.note, tuple(reviews.get(each.id, ())),
        )
        for each in found
        if until is None or each.starts_on <= until
    ]  # fmt: skip
    known = {line.id for line in lines}
    heads = sorted((line for line in lines if line.parent_id not in known), key=lambda line: order.get(line.domain, 99))
    return [line for head in heads for line in (head, *(each for each in lines if each.parent_id == head.id))]


def _reviews(work: Work, child_id: str, until: date | None) -> dict[str, list[Review]]:
    statement = select(
        TermReview.goal_id, TermReview.id, TermReview.school_term, TermReview.reviewed_on, TermReview.rating,
        TermReview.evidence, TermReview.next_step,
    ).where(
        TermReview.child_id == child_id, TermReview.deleted_at.is_(None), TermReview.state.not_in(["void", "superseded"])
    )  # fmt: skip
    if until is not None:
        statement = statement.where(TermReview.reviewed_on <= until)
    found: dict[str, list[Review]] = {}
    for each in work.execute(statement.order_by(TermReview.reviewed_on.desc())):
        found.setdefault(each[0], []).append(Review(each[1], each[2], each[3], each[4], each[5], each[6]))
    return found


@month_section("education", N_("Education"), order=50, needs="Schooling")
def education_month(work: Work, child_id: str, month: Month) -> Section:
    """School, attendance in class and the progress of the IEP goals."""
    lines = [line for line in iep_lines(work, child_id, month.last) if line.due_on >= month.first]
    return Section(
        _("Education"),
        facts=tuple(_facts(work, child_id, month)),
        grids=tuple(_goal_grid(lines)),
        texts=tuple(_texts(lines, month)),
        area="education",
    )


def _facts(work: Work, child_id: str, month: Month) -> Iterator[tuple[str, str]]:
    school = schooling_on(work, child_id, month.last)
    if school:
        yield _("School"), school.summary()
        yield _("Kind of placement"), SCHOOLING_KINDS.label(school.kind)
        yield _("School stage"), STAGES.label(school.stage)
    statement = select(ClassAttendance).where(
        ClassAttendance.child_id == child_id, ClassAttendance.month == month.first, ClassAttendance.deleted_at.is_(None),
        ClassAttendance.state.not_in(["void", "superseded"]),
    )  # fmt: skip
    attended = work.scalar(statement.limit(1))
    if attended:
        share = attended.present_days / attended.school_days * 100 if attended.school_days else 0
        yield (
            _("Attendance in class"),
            _("{present} of {days} days ({share}%)").format(
                present=attended.present_days, days=attended.school_days, share=f"{share:.0f}"
            ),
        )
        missed = _missed(attended)
        if missed:
            yield _("Days missed"), missed


def _missed(attended: ClassAttendance) -> str:
    parts = (
        (_("ill {n}"), attended.ill_days),
        (_("treatment {n}"), attended.therapy_days),
        (_("other {n}"), attended.other_days),
    )
    return _(", ").join(words.format(n=days) for words, days in parts if days)


def _goal_grid(lines: list[IepLine]) -> Iterator[Grid]:
    rows = tuple(
        (
            DOMAINS.label(line.domain), IEP_TERMS.label(line.term), line.text,
            "" if line.progress is None else f"{line.progress}%", IEP_STATUS.label(line.status),
            RATINGS.label(line.reviews[0].rating) if line.reviews else "",
        )
        for line in lines
    )  # fmt: skip
    if rows:
        headings = (
            _("Domain"),
            _("Term of the goal"),
            _("Goal"),
            _("Reached so far"),
            _("State of the goal"),
            _("Last review"),
        )
        yield Grid(headings, rows, _("IEP goals"), frozenset({3}), (1.6, 1.4, 4, 1, 1.2, 2))


def _texts(lines: list[IepLine], month: Month) -> Iterator[tuple[str, str]]:
    said = [
        f"{line.text}{_(': ')}{review.evidence}"
        for line in lines
        for review in line.reviews
        if review.evidence and month.first <= review.day <= month.last
    ]
    if said:
        yield _("Reviewed this month"), "\n".join(said)


@month_plan(order=50)
def education_plan_lines(work: Work, child_id: str, month: Month) -> Iterator[str]:
    """What education intends: the goals that fall due and the review at the end of the term."""
    lines = [line for line in iep_lines(work, child_id) if line.status == "active"]
    for line in lines:
        if month.first <= line.due_on <= month.last:
            yield _("IEP goal due {day}: {goal}").format(day=line.due_on, goal=line.text)
    term = term_of(month.first)
    if lines and month.first <= term.last <= month.last:
        yield _("Review of the IEP goals at the end of the term ({day})").format(day=term.last)


# --- what is due --------------------------------------------------------------------------------------


@reminder
def term_reviews_due(work: Work) -> Iterator[Due]:
    """Children whose goals await the review of the term that ends soon, or has ended."""
    term = term_of(work.today)
    before = Term(term.year, 1) if term.number == 2 else Term(term.year - 1, 2)
    yield from _unreviewed(work, before, grace=True)
    if term.last - timedelta(days=education_rule("review_before_term_end")) <= work.today:
        yield from _unreviewed(work, term)


def _unreviewed(work: Work, term: Term, grace: bool = False) -> Iterator[Due]:
    reviewed = select(TermReview.goal_id).where(TermReview.school_term == term.code, TermReview.deleted_at.is_(None))
    statement = (
        select(Child.id, Child.name, IepGoal.id)
        .join(Child, Child.id == IepGoal.child_id)
        .where(
            IepGoal.deleted_at.is_(None), IepGoal.state != "void", IepGoal.status == "active",
            IepGoal.starts_on <= term.last - timedelta(days=30), Child.deleted_at.is_(None), living_here(),
            IepGoal.id.not_in(reviewed),
        )
        .order_by(Child.name)
    )  # fmt: skip
    # What was never reviewed half a year after the term is no longer a matter of a reminder.
    if grace and work.today > term.last + timedelta(days=90):
        return
    count: dict[tuple[str, str], int] = {}
    for child_id, name, _goal in work.execute(statement):
        count[child_id, name] = count.get((child_id, name), 0) + 1
    for (child_id, name), goals in count.items():
        words = _("Term review: {n} IEP goals ({term})")
        yield Due(
            words.format(n=goals, term=term.words()), "education", term.last, child_id=child_id,
            child_name=name, needs=("TermReview", "create"), page="child",
            target={"child_id": child_id, "tab": "education", "term": term.code},
        )  # fmt: skip


@reminder
def school_age(work: Work) -> Iterator[Due]:
    """Children of school age for whom no school is recorded (义务教育法 第11条: six years old)."""
    enrolled = select(Schooling.child_id).where(
        Schooling.deleted_at.is_(None), Schooling.state != "void", Schooling.ends_on.is_(None) | (Schooling.ends_on >= work.today)
    )  # fmt: skip
    statement = select(Child.id, Child.name, Child.born_on).where(
        Child.deleted_at.is_(None), living_here(), Child.id.not_in(enrolled)
    )
    autumn = date(work.today.year if work.today.month >= 9 else work.today.year - 1, 9, 1)
    oldest = education_rule("compulsory_until")
    for child_id, name, born_on in work.execute(statement):
        six = birthday(born_on, education_rule("compulsory_from"))
        if six <= autumn and work.today < birthday(born_on, oldest):
            yield Due(
                _("No school is recorded"), "education", kind="notice", child_id=child_id,
                child_name=name, needs=("Schooling", "create"), page="child",
                target={"child_id": child_id, "tab": "education"},
            )  # fmt: skip


# --- for the child's file and the class list ----------------------------------------------------------


def schoolings(work: Work, child_id: str) -> list[dict[str, Any]]:
    """Return a child's enrolments as plain values, the running one first."""
    statement = select(Schooling).where(
        Schooling.child_id == child_id, Schooling.deleted_at.is_(None), Schooling.state != "void"
    )
    names = ("id", "school", "stage", "kind", "grade", "class_name", "class_teacher", "starts_on", "ends_on", "has_iep",
             "supports", "triggers")  # fmt: skip
    found = [{name: getattr(each, name) for name in names} for each in work.scalars(statement)]
    return sorted(found, key=lambda each: (each["ends_on"] is not None, -each["starts_on"].toordinal()))


def attendance_lines(work: Work, child_id: str) -> list[dict[str, Any]]:
    """Return a child's months in class, the latest first."""
    statement = select(ClassAttendance).where(
        ClassAttendance.child_id == child_id, ClassAttendance.deleted_at.is_(None),
        ClassAttendance.state.not_in(["void", "superseded"]),
    )  # fmt: skip
    found = work.scalars(statement.order_by(ClassAttendance.month.desc()))
    names = ("month", "school_days", "present_days", "ill_days", "therapy_days", "other_days")
    return [{name: getattr(each, name) for name in names} for each in found]


@dataclass(frozen=True)
class PupilMonth:
    """One pupil's month in the class list; without an id nothing is recorded yet."""

    child_id: str
    name: str
    school: str
    id: str
    version: int | None
    school_days: int | None
    present_days: int | None
    ill_days: int | None
    therapy_days: int | None
    other_days: int | None


def class_list(work: Work, month: Month) -> list[PupilMonth]:
    """Return all pupils of a month, by school and name, with what is recorded."""
    enrolled = (
        select(Child.id, Child.name, Schooling.school)
        .join(Schooling, Schooling.child_id == Child.id)
        .where(
            Child.deleted_at.is_(None), living_here(), Schooling.deleted_at.is_(None), Schooling.state != "void",
            Schooling.starts_on <= month.last, Schooling.ends_on.is_(None) | (Schooling.ends_on >= month.first),
        )
        .order_by(Schooling.school, Child.name)
    )  # fmt: skip
    recorded = {
        each.child_id: each
        for each in work.scalars(
            select(ClassAttendance).where(
                ClassAttendance.month == month.first, ClassAttendance.deleted_at.is_(None),
                ClassAttendance.state.not_in(["void", "superseded"]),
            )
        )
    }  # fmt: skip
    lines: dict[str, PupilMonth] = {}
    for child_id, name, school in work.execute(enrolled):
        known = recorded.get(child_id)
        days = (
            (known.school_days, known.present_days, known.ill_days, known.therapy_days, known.other_days)
            if known
            else (None,) * 5
        )
        lines.setdefault(
            child_id,
            PupilMonth(child_id, name, school, known.id if known else "", known.version if known else None, *days),
        )
    return list(lines.values())


def usual_school_days(work: Work, month: Month) -> int:
    """Propose the school days of a month: the open days of the calendar."""
    from models.holidays import day_kinds

    return sum(kind.open for kind in day_kinds(work, month.first, month.last).values())
