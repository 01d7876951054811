"""Staff 工作人员: the people who work in the home, and the units they work in."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from sqlalchemy import Date, String
from sqlalchemy.orm import Mapped

from models.core.fields import field, reference
from models.core.record import Record
from models.core.words import Code, CodeList, TableCodes
from resources import N_

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
