"""Child 儿童: the resident, and what every record about a child has in common."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Date, DateTime, String, and_, or_, select
from sqlalchemy.orm import Mapped, declared_attr

from models.core.access import Actor
from models.core.fields import field, reference
from models.core.record import Record
from models.core.words import Code, CodeList
from models.staff import SEX, UnitStaff
from resources import N_


class Child(Record):
    """A child in the care of the home 儿童."""

    title: ClassVar[str] = N_("Child")
    titles: ClassVar[str] = N_("Children")
    area: ClassVar[str] = "child"
    first_state: ClassVar[str] = "current"
    newest_first: ClassVar[bool] = False
    event_field: ClassVar[str] = "number"

    name: Mapped[str] = field(N_("Name"), String(100), required=True, listed=True, searched=True)
    number: Mapped[str] = field(N_("File number"), String(20), required=True, listed=True, searched=True, unique=True)
    sex: Mapped[str] = field(N_("Sex"), codes=SEX, required=True, listed=True)
    born_on: Mapped[date] = field(N_("Date of birth"), Date, required=True, listed=True)
    unit_id: Mapped[str | None] = reference(N_("Unit"), "unit", listed=True)

    @classmethod
    def scope(cls, actor: Actor) -> ColumnElement[bool] | None:
        return None if actor.sees_whole_home(cls) else _entrusted(cls.id, cls.unit_id, actor)

    def owner(self) -> tuple[type[Record], str] | None:
        return None


class OfChild:
    """What belongs to one child: seen by those to whom the child is entrusted."""

    @declared_attr
    def child_id(cls) -> Mapped[str]:  # noqa: N805
        return reference(N_("Child"), "child", required=True, listed=True, searched=True, sort_order=-10)

    @classmethod
    def scope(cls, actor: Actor) -> ColumnElement[bool] | None:
        if actor.sees_whole_home(cls.__name__):
            return None
        child = Child.__table__.alias("entrusted_child")
        mine = select(child.c.id).where(_entrusted(child.c.id, child.c.unit_id, actor))
        return cls.child_id.in_(mine)  # type: ignore[attr-defined]

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
    title_field: ClassVar[str] = "reason_text"
    event_field: ClassVar[str] = "starts_at"

    account_id: Mapped[str] = field(N_("Account"), String(32), required=True, hidden=True, index=True)
    child_id: Mapped[str] = reference(N_("Child"), "child", required=True, listed=True)
    reason: Mapped[str] = field(N_("Reason"), codes=BREAK_GLASS_REASONS, required=True, listed=True)
    reason_text: Mapped[str] = field(N_("In your own words"), String(300), required=True, listed=True)
    starts_at: Mapped[datetime] = field(N_("From"), DateTime, required=True, listed=True)
    ends_at: Mapped[datetime] = field(N_("Until"), DateTime, required=True, listed=True)


def _entrusted(child_id: Any, unit_id: Any, actor: Actor) -> ColumnElement[bool]:
    """The children of the person's units and caseload, and those opened in an emergency just now."""
    today, now = date.today(), datetime.now()
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
