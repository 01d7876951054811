"""Education 教: where a child goes to school, what it is to learn there, and how each term is reviewed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, ClassVar

from sqlalchemy import Boolean, Date, Integer, String, Text, select
from sqlalchemy.orm import Mapped

from models.child import Child, OfChild
from models.core.database import Work
from models.core.errors import Problem
from models.core.fields import attachment, field, reference
from models.core.record import Record, new_id
from models.core.words import Code, CodeList, TableCodes
from models.period import month_title
from models.school_terms import TERMS, term_named, term_of
from resources import N_, _

STAGES: CodeList = TableCodes(
    "education_stage", "codes/education_stage.csv", code="code", chinese="name", english="english"
)
SCHOOLING_KINDS = CodeList(
    "schooling_kind",
    Code("ordinary", N_("Ordinary school"), "普通学校"),
    Code("inclusive", N_("Learning in a regular class"), "随班就读"),
    Code("special", N_("Special school"), "特殊教育学校"),
    Code("home", N_("Teaching brought to the child"), "送教上门"),
    Code("in_house", N_("Special class in the home"), "院内特教班"),
    Code("kindergarten", N_("Kindergarten"), "幼儿园"),
    Code("vocational", N_("Vocational school"), "职业教育"),
    Code("higher", N_("Higher education"), "高等教育"),
)
DOMAINS = CodeList(
    "iep_domain",
    Code("perception", N_("Perception"), "感知觉"),
    Code("gross_motor", N_("Gross motor"), "粗大动作"),
    Code("fine_motor", N_("Fine motor"), "精细动作"),
    Code("self_care", N_("Self-care"), "生活自理"),
    Code("language", N_("Language and communication"), "语言沟通"),
    Code("cognition", N_("Cognition"), "认知"),
    Code("social", N_("Social life"), "社会交往"),
    Code("subject", N_("School subjects"), "学科知识"),
    Code("vocational", N_("Work skills"), "职业技能"),
)
IEP_TERMS = CodeList(
    "iep_term", Code("annual", N_("Annual goal"), "学年目标"), Code("short", N_("Short-term goal"), "短期目标")
)
IEP_STATUS = CodeList(
    "iep_status",
    Code("active", N_("In progress"), "进行中"),
    Code("mastered", N_("Mastered"), "已掌握"),
    Code("changed", N_("Changed"), "已调整"),
    Code("stopped", N_("Stopped"), "已终止"),
)
RATINGS = CodeList(
    "term_rating",
    Code("4", N_("Mastered and used in daily life"), "掌握并泛化"),
    Code("3", N_("Mastered"), "掌握"),
    Code("2", N_("Partly, with help"), "部分掌握（需协助）"),
    Code("1", N_("Beginning"), "开始出现"),
    Code("0", N_("Not yet"), "未出现"),
)
LEAVING = CodeList(
    "schooling_end",
    Code("graduated", N_("Graduated"), "毕业"),
    Code("completed", N_("Completed without diploma"), "结业"),
    Code("transferred", N_("Transferred"), "转学"),
    Code("suspended", N_("Suspended"), "休学"),
    Code("left", N_("Left school"), "退学"),
)

SCHOOL = N_("School")
SUPPORT = N_("Support")
GOAL = N_("Goal")
PROGRESS = N_("Progress of the goal")
ABSENCE = N_("Absence")


class Schooling(OfChild, Record):
    """A child's enrolment 学籍: school, stage, grade and kind of placement over a period."""

    title: ClassVar[str] = N_("Schooling")
    titles: ClassVar[str] = N_("Schooling")
    area: ClassVar[str] = "education"
    first_state: ClassVar[str] = "current"
    event_field: ClassVar[str] = "starts_on"
    title_field: ClassVar[str] = "school"

    school: Mapped[str] = field(N_("School"), String(100), section=SCHOOL, required=True, listed=True, searched=True)
    stage: Mapped[str] = field(N_("School stage"), codes=STAGES, section=SCHOOL, required=True, listed=True)
    kind: Mapped[str] = field(
        N_("Kind of placement"), codes=SCHOOLING_KINDS, section=SCHOOL, required=True, listed=True
    )
    grade: Mapped[int | None] = field(N_("School grade"), Integer, section=SCHOOL, minimum=1, maximum=12, listed=True)
    class_name: Mapped[str | None] = field(N_("School class"), String(40), section=SCHOOL, listed=True)
    student_number: Mapped[str | None] = field(
        N_("National student number"), String(30), section=SCHOOL, confidential=True,
        help=N_("G followed by the identity number, or L with a temporary one."),
    )  # fmt: skip
    class_teacher: Mapped[str | None] = field(N_("Class teacher"), String(60), section=SCHOOL)
    telephone: Mapped[str | None] = field(N_("Telephone"), String(40), section=SCHOOL)
    starts_on: Mapped[date] = field(N_("From"), Date, section=SCHOOL, required=True, listed=True, index=True)
    ends_on: Mapped[date | None] = field(N_("Until"), Date, section=SCHOOL, listed=True)
    ending: Mapped[str | None] = field(N_("How it ended"), codes=LEAVING, section=SCHOOL)

    teacher_id: Mapped[str | None] = reference(N_("Responsible teacher of the home"), "staff", section=SUPPORT)
    has_iep: Mapped[bool | None] = field(N_("Individual education plan (IEP)"), Boolean, section=SUPPORT)
    supports: Mapped[str | None] = field(N_("Support and adjustments"), Text, section=SUPPORT)
    triggers: Mapped[str | None] = field(
        N_("To know in class"), Text, section=SUPPORT, help=N_("Allergies, seizures, what upsets and what calms.")
    )
    paper: Mapped[str | None] = attachment(N_("Enrolment paper"), section=SUPPORT)

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.ends_on and self.ends_on < self.starts_on:
            yield Problem("ends_on", _("The end lies before the beginning."))
        if self.ending and not self.ends_on:
            yield Problem("ends_on", _("Please give the last day."))
        same = select(Schooling.school).where(
            Schooling.child_id == self.child_id, Schooling.id != self.id, Schooling.deleted_at.is_(None),
            Schooling.state != "void", Schooling.ends_on.is_(None),
        )  # fmt: skip
        other = None if self.ends_on else work.scalar(same)
        if other:
            words = _("The child is still enrolled at {school}; please end that first.")
            yield Problem("starts_on", words.format(school=other), warning=True)

    def summary(self) -> str:
        grade = _("grade {n}").format(n=self.grade) if self.grade else ""
        return " ".join(part for part in (self.school, grade, self.class_name) if part)


class IepGoal(OfChild, Record):
    """A goal of the individual education plan 个别化教育目标, annual or short-term, by domain."""

    title: ClassVar[str] = N_("IEP goal")
    titles: ClassVar[str] = N_("IEP goals")
    area: ClassVar[str] = "education"
    first_state: ClassVar[str] = "current"
    event_field: ClassVar[str] = "due_on"
    title_field: ClassVar[str] = "text"
    newest_first: ClassVar[bool] = False

    domain: Mapped[str] = field(N_("Domain"), codes=DOMAINS, section=GOAL, required=True, listed=True)
    term: Mapped[str] = field(N_("Term of the goal"), codes=IEP_TERMS, section=GOAL, required=True, listed=True)
    parent_id: Mapped[str | None] = reference(N_("Serves the goal"), "iep_goal", section=GOAL)
    text: Mapped[str] = field(N_("Goal"), String(300), section=GOAL, required=True, listed=True, searched=True)
    present_level: Mapped[str] = field(
        N_("Present level"), String(300), section=GOAL, required=True, help=N_("What the child can do now.")
    )
    criterion: Mapped[str] = field(
        N_("Criterion"), String(300), section=GOAL, required=True, help=N_("When the goal counts as mastered.")
    )
    steps: Mapped[str | None] = field(N_("Steps"), Text, section=GOAL, help=N_("The task in small steps, one a line."))
    services: Mapped[str | None] = field(N_("Related services"), String(300), section=GOAL)
    responsible_id: Mapped[str | None] = reference(N_("Responsible"), "staff", section=GOAL, listed=True)
    starts_on: Mapped[date] = field(N_("From"), Date, section=GOAL, required=True)
    due_on: Mapped[date] = field(N_("To be reached by"), Date, section=GOAL, required=True, listed=True, index=True)

    progress: Mapped[int | None] = field(
        N_("Reached so far"), Integer, section=PROGRESS, unit="%", minimum=0, maximum=100, listed=True
    )
    status: Mapped[str | None] = field(N_("State of the goal"), codes=IEP_STATUS, section=PROGRESS, listed=True)
    note: Mapped[str | None] = field(N_("Note"), Text, section=PROGRESS)

    def before_save(self, work: Work) -> None:
        self.status = self.status or "active"

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.due_on < self.starts_on:
            yield Problem("due_on", _("The end lies before the beginning."))
        if self.parent_id and self.parent_id == self.id:
            yield Problem("parent_id", _("A goal cannot serve itself."))
        if self.term == "annual" and self.parent_id:
            yield Problem("parent_id", _("An annual goal serves no other goal."))

    def summary(self) -> str:
        return f"{DOMAINS.label(self.domain)}{_(': ')}{self.text}"

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """Return valid values, for tests and the printed sample."""
        return {"starts_on": work.today, "due_on": work.today, "text": "能用图片表达需要", "present_level": "用哭表达"}


class TermReview(OfChild, Record):
    """The review of one IEP goal at the end of a term 学期评估."""

    title: ClassVar[str] = N_("Term review")
    titles: ClassVar[str] = N_("Term reviews")
    area: ClassVar[str] = "education"
    first_state: ClassVar[str] = "submitted"
    event_field: ClassVar[str] = "reviewed_on"
    title_field: ClassVar[str] = "school_term"

    goal_id: Mapped[str] = reference(N_("IEP goal"), "iep_goal", required=True, listed=True)
    school_term: Mapped[str] = field(N_("School term"), codes=TERMS, required=True, listed=True)
    reviewed_on: Mapped[date] = field(N_("Reviewed on"), Date, required=True, listed=True)
    rating: Mapped[str] = field(N_("Rating"), codes=RATINGS, required=True, listed=True)
    evidence: Mapped[str | None] = field(
        N_("Evidence"), Text, help=N_("What was seen, on how many days, under which conditions.")
    )
    next_step: Mapped[str | None] = field(N_("Next step"), Text)
    reviewer_id: Mapped[str | None] = reference(N_("Reviewer"), "staff", listed=True)
    present: Mapped[str | None] = field(
        N_("Present at the meeting"),
        String(200),
        help=N_("Teachers, therapist, carer in the place of the parents, child."),
    )

    def before_save(self, work: Work) -> None:
        if self.reviewed_on and not self.school_term:
            self.school_term = term_of(self.reviewed_on).code

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.reviewed_on > work.today:
            yield Problem("reviewed_on", _("This day has not come yet."))
        if self.reviewed_on < term_named(self.school_term).first:
            yield Problem("reviewed_on", _("This lies before the term."))
        goal_child = work.scalar(select(IepGoal.child_id).where(IepGoal.id == self.goal_id))
        if goal_child is not None and goal_child != self.child_id:
            yield Problem("goal_id", _("This goal belongs to another child."))
        same = select(TermReview.id).where(
            TermReview.goal_id == self.goal_id, TermReview.school_term == self.school_term, TermReview.id != self.id,
            TermReview.deleted_at.is_(None), TermReview.state.not_in(["void", "superseded"]),
        )  # fmt: skip
        if not self.supersedes_id and work.scalar(same) is not None:
            yield Problem("school_term", _("This goal was already reviewed in this term."))

    def summary(self) -> str:
        return f"{TERMS.label(self.school_term)}{_(': ')}{RATINGS.label(self.rating)}"

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """Return valid values, for tests and the printed sample."""
        from models.core.records import save

        child = save(work, Child, {"name": "王小雨", "number": new_id()[-12:], "sex": "2", "born_on": date(2019, 3, 1)})
        goal = {**IepGoal.example_values(work), "child_id": child, "domain": "language", "term": "annual"}
        goal_id = save(work, IepGoal, {**goal, "criterion": "每天3次"}, confirmed=True)
        return {
            "child_id": child,
            "goal_id": goal_id,
            "reviewed_on": work.today,
            "school_term": term_of(work.today).code,
        }


class ClassAttendance(OfChild, Record):
    """A child's attendance in class over one month 月出勤: days of school, days present, days missed and why."""

    title: ClassVar[str] = N_("Class attendance")
    titles: ClassVar[str] = N_("Class attendance")
    area: ClassVar[str] = "education"
    first_state: ClassVar[str] = "submitted"
    event_field: ClassVar[str] = "month"
    title_field: ClassVar[str] = "month"

    month: Mapped[date] = field(
        N_("Month"),
        Date,
        required=True,
        listed=True,
        index=True,
        help=N_("Any day of the month; kept as its first day."),
    )
    school_days: Mapped[int] = field(
        N_("School days"), Integer, unit=N_("days"), required=True, listed=True, minimum=0, maximum=27
    )
    present_days: Mapped[int] = field(
        N_("Days present"), Integer, unit=N_("days"), required=True, listed=True, minimum=0, maximum=27
    )
    ill_days: Mapped[int | None] = field(
        N_("Missed: ill"), Integer, unit=N_("days"), section=ABSENCE, listed=True, minimum=0, maximum=27
    )
    therapy_days: Mapped[int | None] = field(
        N_("Missed: treatment"), Integer, unit=N_("days"), section=ABSENCE, minimum=0, maximum=27
    )
    other_days: Mapped[int | None] = field(
        N_("Missed: other"), Integer, unit=N_("days"), section=ABSENCE, minimum=0, maximum=27
    )
    note: Mapped[str | None] = field(N_("Note"), Text)

    def before_save(self, work: Work) -> None:
        if self.month:
            self.month = self.month.replace(day=1)

    def problems(self, work: Work) -> Iterator[Problem]:
        missed = (self.ill_days or 0) + (self.therapy_days or 0) + (self.other_days or 0)
        if self.present_days + missed > self.school_days:
            yield Problem("present_days", _("Present and missed days are more than the school days."))
        elif self.present_days + missed < self.school_days:
            left = self.school_days - self.present_days - missed
            yield Problem("other_days", _("{n} days are not accounted for.").format(n=left), warning=True)
        same = select(ClassAttendance.id).where(
            ClassAttendance.child_id == self.child_id, ClassAttendance.month == self.month, ClassAttendance.id != self.id,
            ClassAttendance.deleted_at.is_(None), ClassAttendance.state.not_in(["void", "superseded"]),
        )  # fmt: skip
        if not self.supersedes_id and work.scalar(same) is not None:
            yield Problem("month", _("The attendance of this month is already recorded."))

    def summary(self) -> str:
        return _("{month}: {present} of {days} days").format(
            month=month_title(self.month), present=self.present_days, days=self.school_days
        )
