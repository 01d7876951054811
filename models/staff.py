"""Staff 工作人员: the people who work in the home, the units they work in, and the checks the law asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, time, timedelta
from typing import ClassVar

from sqlalchemy import Boolean, Date, Integer, String, Text, Time, select
from sqlalchemy.orm import Mapped

from models.core.database import Work
from models.core.errors import Problem
from models.core.fields import field, reference
from models.core.record import Record
from models.core.words import Code, CodeList, TableCodes
from models.person_name import name_problems, normalised_name
from models.reminders import Due, reminder
from resources import N_, _, table

SEX: CodeList = TableCodes("sex", "codes/sex.csv", code="code", chinese="name", english="english")
POSTS = CodeList(
    "post",
    Code("director", N_("Director"), "院长"),
    Code("doctor", N_("Doctor"), "医生"),
    Code("nurse", N_("Nurse"), "护士"),
    Code("therapist", N_("Rehabilitation therapist"), "康复治疗师"),
    Code("caregiver", N_("Caregiver"), "护理员"),
    Code("teacher", N_("Teacher"), "教师"),
    Code("social_worker", N_("Social worker"), "社会工作者"),
    Code("safety", N_("Safety officer"), "安全员"),
    Code("finance", N_("Finance officer"), "财务人员"),
    Code("archivist", N_("Archivist"), "档案管理员"),
    Code("other", N_("Other post"), "其他岗位"),
)
SKILLS = CodeList(
    "skill",
    Code("pt", N_("Physiotherapy (PT)"), "物理治疗PT"),
    Code("ot", N_("Occupational therapy (OT)"), "作业治疗OT"),
    Code("st", N_("Speech therapy (ST)"), "言语治疗ST"),
    Code("special_education", N_("Special education"), "特殊教育"),
    Code("sensory", N_("Sensory integration"), "感觉统合"),
    Code("conductive", N_("Conductive education"), "引导式教育"),
    Code("psychology", N_("Psychology"), "心理治疗"),
    Code("music", N_("Music therapy"), "音乐治疗"),
    Code("hydro", N_("Hydrotherapy"), "水疗"),
    Code("physical_agents", N_("Physical agents"), "理疗"),
    Code("tcm", N_("Chinese medicine and massage"), "中医推拿"),
)
WEEKDAYS = CodeList(
    "weekday",
    Code("1", N_("Mon"), "周一"),
    Code("2", N_("Tue"), "周二"),
    Code("3", N_("Wed"), "周三"),
    Code("4", N_("Thu"), "周四"),
    Code("5", N_("Fri"), "周五"),
    Code("6", N_("Sat"), "周六"),
    Code("7", N_("Sun"), "周日"),
)
CHECK_RESULTS = CodeList(
    "check_result",
    Code("clear", N_("No record"), "无违法犯罪记录"),
    Code("pending", N_("Answer awaited"), "待反馈"),
    Code("found", N_("Record found"), "有违法犯罪记录"),
)
CHECKS = N_("Checks required by law")
HOURS = N_("Working hours")


class Staff(Record):
    """A member of staff 工作人员."""

    title: ClassVar[str] = N_("Staff member")
    titles: ClassVar[str] = N_("Staff")
    area: ClassVar[str] = "home"
    first_state: ClassVar[str] = "current"
    newest_first: ClassVar[bool] = False
    event_field: ClassVar[str] = "name"

    name: Mapped[str] = field(N_("Name"), String(100), required=True, listed=True, searched=True)
    number: Mapped[str | None] = field(N_("Staff number"), String(20), listed=True, searched=True, unique=True)
    sex: Mapped[str] = field(N_("Sex"), codes=SEX, required=True, listed=True)
    post: Mapped[str] = field(N_("Post"), codes=POSTS, required=True, listed=True)
    telephone: Mapped[str | None] = field(N_("Telephone"), String(40))
    joined_on: Mapped[date | None] = field(N_("Joined on"), Date)
    left_on: Mapped[date | None] = field(N_("Left on"), Date)
    skills: Mapped[list[str] | None] = field(N_("Skills"), codes=SKILLS, many=True, listed=True)
    heads_therapy: Mapped[bool | None] = field(
        N_("Heads the therapy department"),
        Boolean,
        help=N_("May change its opening hours, rules and contraindications."),
    )
    licence: Mapped[str | None] = field(N_("Licence number"), String(60))
    licence_valid_to: Mapped[date | None] = field(N_("Licence valid to"), Date)

    entry_checked_on: Mapped[date | None] = field(
        N_("Check at entry"),
        Date,
        section=CHECKS,
        help=N_("Before the person is employed (Law on the Protection of Minors, art. 62)."),
    )
    entry_result: Mapped[str | None] = field(N_("Result at entry"), codes=CHECK_RESULTS, section=CHECKS)
    yearly_checked_on: Mapped[date | None] = field(N_("Last yearly check"), Date, section=CHECKS, listed=True)
    yearly_result: Mapped[str | None] = field(N_("Result of the year"), codes=CHECK_RESULTS, section=CHECKS)
    health_valid_to: Mapped[date | None] = field(N_("Health certificate valid to"), Date, section=CHECKS, listed=True)

    work_days: Mapped[list[str] | None] = field(N_("Working days"), codes=WEEKDAYS, many=True, section=HOURS)
    works_from: Mapped[time | None] = field(N_("From"), Time, section=HOURS)
    works_until: Mapped[time | None] = field(N_("Until"), Time, section=HOURS)
    break_from: Mapped[time | None] = field(N_("Midday break from"), Time, section=HOURS)
    break_until: Mapped[time | None] = field(N_("Midday break until"), Time, section=HOURS)
    treatments_a_day: Mapped[int | None] = field(
        N_("Most treatments a day"), Integer, section=HOURS, minimum=1, maximum=30,
        help=N_("Left empty, the rule of the therapy department holds."),
    )  # fmt: skip
    note: Mapped[str | None] = field(N_("Note"), Text, section=HOURS)

    def before_save(self, work: Work) -> None:
        self.name = normalised_name(self.name)
        self.number = (self.number or "").strip() or None

    def problems(self, work: Work) -> Iterator[Problem]:
        yield from name_problems(self.name)
        if self.joined_on and self.left_on and self.left_on < self.joined_on:
            yield Problem("left_on", _("Nobody leaves before having joined."))
        for earlier, later in (("works_from", "works_until"), ("break_from", "break_until")):
            start, end = getattr(self, earlier), getattr(self, later)
            if start and end and end <= start:
                yield Problem(later, _("The end lies before the beginning."))
        for name in ("entry_checked_on", "yearly_checked_on"):
            if getattr(self, name) and getattr(self, name) > work.today:
                yield Problem(name, _("This check lies in the future."))
        if "found" in (self.entry_result, self.yearly_result) and not self.left_on:
            yield Problem(
                "yearly_result",
                _("A person with such a record may not work with minors (Law on the Protection of Minors, art. 62)."),
                warning=True,
            )


class UnitStaff(Record):
    """A member of staff working in a unit 班组人员: the standing permission to see its children."""

    title: ClassVar[str] = N_("Unit assignment")
    titles: ClassVar[str] = N_("Unit assignments")
    area: ClassVar[str] = "home"
    first_state: ClassVar[str] = "current"
    title_field: ClassVar[str] = "role"

    staff_id: Mapped[str] = reference(N_("Staff member"), "staff", required=True, listed=True, searched=True)
    unit_id: Mapped[str] = reference(N_("Unit"), "unit", required=True, listed=True, searched=True)
    role: Mapped[str | None] = field(N_("Task"), String(60), listed=True)
    starts_on: Mapped[date] = field(N_("From"), Date, required=True, listed=True)
    ends_on: Mapped[date | None] = field(N_("Until"), Date, listed=True)

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.ends_on and self.ends_on < self.starts_on:
            yield Problem("ends_on", _("The end lies before the beginning."))


def works_on(work_days: Collection[str], day: date, *, open_day: bool) -> bool:
    """Whether somebody with these working days works on a day.

    A working weekend 调休 repays a weekday nobody has named, so those come who work the whole ordinary week.
    """
    if not work_days or str(day.isoweekday()) in work_days:
        return True
    return day.weekday() >= 5 and open_day and set("12345") <= set(work_days)


def staff_rule(code: str) -> int:
    """Return the days of one rule about staff, e.g. ``background_check`` 365 (``staff_checks.csv``)."""
    return next(int(row["days"]) for row in table("staff_checks.csv") if row["code"] == code)


def check_due_on(entry: date | None, yearly: date | None) -> date | None:
    """Return the day by which the next background check 年度查询 is due; None when none was ever made."""
    last = max((each for each in (entry, yearly) if each), default=None)
    return last + timedelta(days=staff_rule("background_check")) if last else None


@reminder
def staff_checks(work: Work) -> Iterator[Due]:
    """Background checks and health certificates of those who work here: overdue, or due within the notice time."""
    columns = (Staff.id, Staff.name, Staff.entry_checked_on, Staff.yearly_checked_on, Staff.health_valid_to)
    serving = select(*columns).where(Staff.deleted_at.is_(None), Staff.left_on.is_(None))
    soon = work.today + timedelta(days=staff_rule("notice"))
    for staff_id, name, entry, yearly, health in work.execute(serving):
        check = check_due_on(entry, yearly)
        if check is None:
            yield _staff_due(_("Background check missing: {name}"), name, staff_id, work.today)
        elif check <= soon:
            yield _staff_due(_("Yearly background check: {name}"), name, staff_id, check)
        if health and health <= soon:
            yield _staff_due(_("Health certificate expires: {name}"), name, staff_id, health)


def _staff_due(text: str, name: str, staff_id: str, due: date) -> Due:
    return Due(
        text=text.format(name=name), area="home", due=due, needs=("Staff", "edit"), page="records.Staff",
        target={"record_id": staff_id},
    )  # fmt: skip
