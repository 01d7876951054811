"""Child 儿童: the resident, and what every record about a child has in common."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Boolean, ColumnElement, Date, DateTime, Index, Integer, String, Text, and_, or_, select
from sqlalchemy.orm import Mapped, declared_attr

from models import identity
from models.age import years_on
from models.child_words import (
    BIRTH_BASIS,
    BLOOD_GROUPS,
    CATEGORIES,
    COMMUNICATION,
    CUSTODY,
    DISABILITIES,
    ESTIMATED,
    ETHNIC_GROUPS,
    GRADES,
    PLACEMENTS,
    REGISTRATION,
    RHESUS,
    TEMPORARY_GROUNDS,
)
from models.core.access import Actor, moment_now, moment_today
from models.core.errors import Problem
from models.core.fields import attachment, field, reference
from models.core.record import Record
from models.core.words import Code, CodeList
from models.person_name import DOT, name_problems, normalised_name
from models.staff import SEX, UnitStaff
from resources import N_, _

if TYPE_CHECKING:
    from models.core.database import Work

BASICS = N_("Basic facts")
REGISTER = N_("Identity and register")
GUARDIANSHIP = N_("Category and guardianship")
LIVING = N_("Where the child lives")
DISABILITY = N_("Disability")
BIRTH = N_("Birth")
KNOW = N_("To know in daily life")


class Child(Record):
    """A child in the care of the home 儿童; the fields in the order of the admission form."""

    title: ClassVar[str] = N_("Child")
    titles: ClassVar[str] = N_("Children")
    area: ClassVar[str] = "child"
    first_state: ClassVar[str] = "current"
    newest_first: ClassVar[bool] = False
    event_field: ClassVar[str] = "number"
    # Search and count read this narrow index alone, not the wide rows.
    __table_args__ = (Index("ix_child_found", "search_text", "deleted_at", "outreach", "number", "name", "id"),)

    name: Mapped[str] = field(
        N_("Name"), String(100), section=BASICS, required=True, listed=True, searched=True, index=True
    )
    number: Mapped[str] = field(
        N_("File number"), String(20), section=BASICS, required=True, listed=True, searched=True, unique=True,
        help=N_("Left empty, the next number of the year is given."),
    )  # fmt: skip
    former_name: Mapped[str | None] = field(N_("Former name"), String(100), section=BASICS, searched=True)
    sex: Mapped[str] = field(N_("Sex"), codes=SEX, section=BASICS, required=True, listed=True)
    born_on: Mapped[date] = field(N_("Date of birth"), Date, section=BASICS, required=True, listed=True)
    birth_basis: Mapped[str | None] = field(N_("Basis of the date"), codes=BIRTH_BASIS, section=BASICS)
    birth_margin_months: Mapped[int | None] = field(
        N_("Uncertain by ±"), Integer, section=BASICS, unit=N_("months"), minimum=0, maximum=60
    )
    birth_note: Mapped[str | None] = field(
        N_("Grounds of the estimate"), String(300), section=BASICS,
        help=N_("Who estimated the date of birth, when and from what."),
    )  # fmt: skip
    ethnic_group: Mapped[str | None] = field(N_("Ethnic group"), codes=ETHNIC_GROUPS, section=BASICS)
    ethnic_presumed: Mapped[bool | None] = field(N_("Ethnic group presumed"), Boolean, section=BASICS)
    blood_group: Mapped[str | None] = field(N_("Blood group"), codes=BLOOD_GROUPS, section=BASICS)
    rhesus: Mapped[str | None] = field(N_("Rhesus factor"), codes=RHESUS, section=BASICS)
    photo: Mapped[str | None] = attachment(N_("Photo"), section=BASICS)

    identity_status: Mapped[str | None] = field(
        N_("State of the identity number"), codes=identity.STATUS, section=REGISTER
    )
    identity_number: Mapped[str | None] = field(N_("Identity number"), String(30), section=REGISTER, confidential=True)
    identity_note: Mapped[str | None] = field(
        N_("Reason for the difference"), String(300), section=REGISTER, confidential=True
    )
    registration_status: Mapped[str | None] = field(N_("Household registration"), codes=REGISTRATION, section=REGISTER)
    registration_place: Mapped[str | None] = field(N_("Registered at"), String(200), section=REGISTER)
    registered_on: Mapped[date | None] = field(N_("Registered on"), Date, section=REGISTER)
    native_place: Mapped[str | None] = field(N_("Native place or place found"), String(200), section=REGISTER)

    category: Mapped[str | None] = field(
        N_("Category of the child"), codes=CATEGORIES, section=GUARDIANSHIP, listed=True
    )
    custody: Mapped[str | None] = field(N_("Guardianship basis"), codes=CUSTODY, section=GUARDIANSHIP)
    temporary_ground: Mapped[str | None] = field(
        N_("Ground of temporary guardianship"), codes=TEMPORARY_GROUNDS, section=GUARDIANSHIP
    )
    guardian: Mapped[str | None] = field(N_("Guardian"), String(100), section=GUARDIANSHIP)
    admitted_on: Mapped[date | None] = field(N_("Admitted on"), Date, section=GUARDIANSHIP, listed=True)
    left_on: Mapped[date | None] = field(N_("Left on"), Date, section=GUARDIANSHIP, hidden=True)

    outreach: Mapped[bool | None] = field(N_("Outreach client"), Boolean, section=GUARDIANSHIP, hidden=True)
    """A child of the neighbourhood who comes for therapy 社区拓展服务对象; empty for the home's own children."""

    unit_id: Mapped[str | None] = reference(N_("Unit"), "unit", section=LIVING, listed=True)
    bed: Mapped[str | None] = field(N_("Bed"), String(20), section=LIVING)
    placement: Mapped[str | None] = field(
        N_("Placement"), codes=PLACEMENTS, section=LIVING, listed=True, hidden=True, index=True
    )

    disabilities: Mapped[list[str] | None] = field(N_("Disability"), codes=DISABILITIES, many=True, section=DISABILITY)
    disability_grade: Mapped[str | None] = field(N_("Disability grade"), codes=GRADES, section=DISABILITY)
    disability_certificate: Mapped[str | None] = field(
        N_("Certificate number"), String(30), section=DISABILITY, confidential=True,
        help=N_("The identity number, the digit of the category and the digit of the grade: 20 places."),
    )  # fmt: skip
    disability_valid_to: Mapped[date | None] = field(N_("Certificate valid to"), Date, section=DISABILITY)
    disability_note: Mapped[str | None] = field(N_("Note on the disability"), String(300), section=DISABILITY)

    gestation_weeks: Mapped[int | None] = field(
        N_("Weeks of gestation"), Integer, section=BIRTH, unit=N_("weeks"), minimum=20, maximum=45,
        help=N_("Below 37 weeks, growth is judged by the corrected age until two years."),
    )  # fmt: skip
    birth_weight: Mapped[int | None] = field(
        N_("Weight at birth"), Integer, section=BIRTH, unit=N_("g"), minimum=200, maximum=7000
    )

    languages: Mapped[str | None] = field(N_("Languages understood"), String(100), section=KNOW)
    communication: Mapped[list[str] | None] = field(
        N_("Ways to communicate"), codes=COMMUNICATION, many=True, section=KNOW
    )
    emergency_note: Mapped[str | None] = field(
        N_("Everyone must know"),
        Text,
        section=KNOW,
        help=N_("Shown in red on every screen of the child: keep it short."),
    )
    comfort_note: Mapped[str | None] = field(N_("Likes, and what comforts"), Text, section=KNOW)

    @classmethod
    def scope(cls, actor: Actor) -> ColumnElement[bool] | None:
        if actor.sees_whole_home(cls):
            return None if serves_clients(actor) else cls.outreach.is_(None)
        return _visible(cls.id, cls.unit_id, cls.outreach, actor)

    @classmethod
    def without_aside(cls) -> ColumnElement[bool] | None:
        return cls.outreach.is_(None)

    def owner(self) -> tuple[type[Record], str] | None:
        return None

    @property
    def birth_estimated(self) -> bool:
        """Whether the date of birth is an estimate 推定."""
        return self.birth_basis in ESTIMATED

    def search_words(self) -> Iterator[str]:
        if self.name and DOT in self.name:
            yield from self.name.split(DOT)

    def before_save(self, work: Work) -> None:
        self.name = normalised_name(self.name)
        self.former_name = normalised_name(self.former_name) or None
        self.number = (self.number or "").strip() or next_number(work)
        self.identity_number = identity.normalised(self.identity_number) or None
        self.disability_certificate = identity.normalised(self.disability_certificate) or None
        if not self.identity_status:
            self.identity_status = "issued" if self.identity_number else "unregistered"
        self.birth_basis = self.birth_basis or "actual"

    def problems(self, work: Work) -> Iterator[Problem]:
        yield from name_problems(self.name)
        yield from self._birth_problems(work)
        yield from identity.problems_with(
            self.identity_number, sex=self.sex, born_on=self.born_on, today=work.today,
            status=self.identity_status, reason=self.identity_note, presumed=self.birth_estimated,
        )  # fmt: skip
        yield from self._guardianship_problems()
        yield from disability_problems(self)
        yield from self._double_problems(work)

    def _birth_problems(self, work: Work) -> Iterator[Problem]:
        if self.born_on > work.today:
            yield Problem("born_on", _("The date of birth lies in the future."))
            return
        if self.birth_estimated and not (self.birth_note or "").strip():
            yield Problem("birth_note", _("Please note on what the estimated date of birth rests."))
        if self.admitted_on and self.admitted_on < self.born_on:
            yield Problem("admitted_on", _("The admission lies before the birth."))
        elif self.admitted_on and years_on(self.born_on, self.admitted_on) >= 18:
            yield Problem("admitted_on", _("Only persons under 18 are admitted; this one was {n}.").format(
                n=years_on(self.born_on, self.admitted_on)))  # fmt: skip

    def _guardianship_problems(self) -> Iterator[Problem]:
        if self.temporary_ground and not (self.custody or "T").startswith("T"):
            yield Problem("temporary_ground", _("A ground of temporary guardianship does not go with this basis."))
        if self.registered_on and self.registered_on < self.born_on:
            yield Problem("registered_on", _("The registration lies before the birth."))

    def _double_problems(self, work: Work) -> Iterator[Problem]:
        if _taken(work, self, "number"):
            yield Problem("number", _("Another child already has this file number."))
        if self.identity_number and _taken(work, self, "identity_number"):
            yield Problem("identity_number", _("Another child already has this identity number."))


def next_number(work: Work) -> str:
    """Return the next free file number of the year, e.g. 2026-014."""
    table = Child.__table__
    year = work.today.year
    used = work.whole_home(select(table.c.number).where(table.c.number.like(f"{year}-%"))).scalars()
    last = max((int(each[5:]) for each in used if each[5:].isdecimal()), default=0)
    return f"{year}-{last + 1:03d}"


def _taken(work: Work, child: Child, name: str) -> bool:
    """Whether another child has this value. Asked beside the records on purpose: a number is given once in
    the whole home, also where the other child is not entrusted to the person who types."""
    table = Child.__table__
    same = select(table.c.id).where(table.c[name] == getattr(child, name), table.c.id != child.id)
    return work.whole_home(same).first() is not None


def disability_problems(child: Child) -> Iterator[Problem]:
    """Yield what is wrong with the certificate: 20 places, of the same child, of a category that is entered."""
    number = child.disability_certificate
    if not number:
        return
    if len(number) < 20 or not number[18:20].isdecimal():
        yield Problem(
            "disability_certificate", _("A certificate number has 20 places: identity number, category, grade.")
        )
        return
    if child.identity_number and number[:18] != child.identity_number:
        yield Problem(
            "disability_certificate", _("Its first 18 places are not this child's identity number."), warning=True
        )
    if child.disabilities and number[18] not in child.disabilities:
        yield Problem("disability_certificate", _("Its category is “{category}”, which is not entered here.").format(
            category=DISABILITIES.label(number[18])), warning=True)  # fmt: skip
    if child.disability_grade and number[19] != child.disability_grade:
        yield Problem(
            "disability_certificate", _("Its grade is “{grade}”.").format(grade=GRADES.label(number[19])), warning=True
        )


class OfChild:
    """What belongs to one child: seen by those to whom the child is entrusted."""

    @declared_attr
    def child_id(cls) -> Mapped[str]:  # noqa: N805
        return reference(N_("Child"), "child", required=True, listed=True, searched=True, sort_order=-10)

    @classmethod
    def scope(cls, actor: Actor) -> ColumnElement[bool] | None:
        child = Child.__table__.alias("entrusted_child")
        if actor.sees_whole_home(cls.__name__):
            if serves_clients(actor) or not cls.reaches_aside():
                return None
            clients = select(child.c.id).where(child.c.outreach.is_not(None))
            return cls.child_id.not_in(clients)  # type: ignore[attr-defined]
        mine = select(child.c.id).where(_visible(child.c.id, child.c.unit_id, child.c.outreach, actor))
        return cls.child_id.in_(mine)  # type: ignore[attr-defined]

    @classmethod
    def reaches_aside(cls) -> bool:
        """Outreach clients come for therapy: the rehabilitation department's records are all there is of them."""
        return getattr(cls, "area", "") == "rehabilitation"

    def refused(self, work: Work) -> str:
        from models.outreach import refusal

        return refusal(work, self)  # type: ignore[arg-type]

    def owner(self) -> tuple[type[Record], str]:
        return Child, self.child_id  # type: ignore[attr-defined]


class Caseload(OfChild, Record):
    """A child on someone's caseload 个案分工: the standing approval for this person to see the child."""

    title: ClassVar[str] = N_("Caseload entry")
    titles: ClassVar[str] = N_("Caseloads")
    area: ClassVar[str] = "home"
    first_state: ClassVar[str] = "current"
    title_field: ClassVar[str] = "task"

    staff_id: Mapped[str] = reference(N_("Staff member"), "staff", required=True, listed=True, searched=True)
    task: Mapped[str | None] = field(N_("Task"), String(60), listed=True)
    starts_on: Mapped[date] = field(N_("From"), Date, required=True, listed=True)
    ends_on: Mapped[date | None] = field(N_("Until"), Date, listed=True)


BREAK_GLASS_REASONS = CodeList(
    "break_glass_reason",
    Code("emergency", N_("Medical emergency"), "医疗急救"),
    Code("cover", N_("Covering for a colleague"), "临时顶班"),
    Code("missing", N_("Child missing or in danger"), "儿童走失或处于危险"),
    Code("other", N_("Other reason"), "其他原因"),
)


class BreakGlass(Record):
    """Emergency access 紧急查看: one person, one child, thirty minutes, with a reason the director reviews."""

    title: ClassVar[str] = N_("Emergency access")
    titles: ClassVar[str] = N_("Emergency access")
    area: ClassVar[str] = "home"
    first_state: ClassVar[str] = "submitted"
    by_hand: ClassVar[bool] = False
    title_field: ClassVar[str] = "reason_text"
    event_field: ClassVar[str] = "starts_at"

    account_id: Mapped[str] = field(N_("Account"), String(32), required=True, hidden=True, index=True)
    child_id: Mapped[str] = reference(N_("Child"), "child", required=True, listed=True)
    reason: Mapped[str] = field(N_("Reason"), codes=BREAK_GLASS_REASONS, required=True, listed=True)
    reason_text: Mapped[str] = field(N_("In your own words"), String(300), required=True, listed=True)
    starts_at: Mapped[datetime] = field(N_("From"), DateTime, required=True, listed=True)
    ends_at: Mapped[datetime] = field(N_("Until"), DateTime, required=True, listed=True)

    @classmethod
    def scope(cls, actor: Actor) -> ColumnElement[bool] | None:
        """Everyone sees the own emergencies, the director all: what others opened and why is not for colleagues."""
        return None if actor.sees_whole_home(cls) else cls.account_id == actor.account_id


def serves_clients(actor: Actor) -> bool:
    """Whether outreach clients are this person's business: whoever may read their service agreements."""
    return actor.may("read", "ServiceAgreement")


def _visible(child_id: Any, unit_id: Any, outreach: Any, actor: Actor) -> ColumnElement[bool]:
    """The children entrusted to a person; clients to those who work under their agreements, and to no carer."""
    mine = _entrusted(child_id, unit_id, actor)
    return or_(outreach.is_not(None), mine) if serves_clients(actor) else and_(outreach.is_(None), mine)


def _entrusted(child_id: Any, unit_id: Any, actor: Actor) -> ColumnElement[bool]:
    """The children of the person's units and caseload, and those opened in an emergency just now."""
    today, now = moment_today(), moment_now()
    unit, case, glass = UnitStaff.__table__, Caseload.__table__, BreakGlass.__table__

    def running(assignment: Any) -> ColumnElement[bool]:
        return and_(
            assignment.c.staff_id == (actor.staff_id or ""),
            assignment.c.deleted_at.is_(None),
            assignment.c.starts_on <= today,
            or_(assignment.c.ends_on.is_(None), assignment.c.ends_on >= today),
        )

    return or_(
        unit_id.in_(select(unit.c.unit_id).where(running(unit))),
        child_id.in_(select(case.c.child_id).where(running(case))),
        child_id.in_(
            select(glass.c.child_id).where(
                glass.c.account_id == actor.account_id, glass.c.starts_at <= now, glass.c.ends_at > now
            )
        ),
    )
