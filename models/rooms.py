"""Rooms and equipment 场所与器材: what a lesson or a treatment is booked into, and what is used there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, ClassVar

from sqlalchemy import Boolean, Date, Integer, String, Text, inspect, select
from sqlalchemy.orm import Mapped

from models.age import months_later
from models.core.database import Work
from models.core.errors import Problem
from models.core.fields import field, reference
from models.core.record import Record
from models.core.words import Code, CodeList
from models.reminders import Due, reminder
from models.staff import SKILLS
from resources import N_, _

ROOM_KINDS = CodeList(
    "room_kind",
    Code("pt", N_("Physiotherapy hall"), "PT大厅"),
    Code("ot", N_("Occupational therapy room"), "OT室"),
    Code("st", N_("Speech room"), "言语训练室"),
    Code("sensory", N_("Sensory integration room"), "感统训练室"),
    Code("conductive", N_("Conductive education room"), "引导式教育室"),
    Code("hydro", N_("Hydrotherapy room"), "水疗室"),
    Code("physical_agents", N_("Physical agents room"), "理疗室"),
    Code("multisensory", N_("Multisensory room"), "多感官室"),
    Code("classroom", N_("Classroom"), "特教教室"),
    Code("counselling", N_("Counselling room"), "心理咨询室"),
    Code("music", N_("Music room"), "音乐室"),
    Code("other", N_("Other room"), "其他场所"),
)


class Room(Record):
    """A room that can be booked 场所."""

    title: ClassVar[str] = N_("Room")
    titles: ClassVar[str] = N_("Rooms")
    area: ClassVar[str] = "home"
    first_state: ClassVar[str] = "current"
    newest_first: ClassVar[bool] = False
    event_field: ClassVar[str] = "name"

    name: Mapped[str] = field(N_("Room name"), String(60), required=True, listed=True, searched=True, unique=True)
    kind: Mapped[str] = field(N_("Kind"), codes=ROOM_KINDS, required=True, listed=True)
    place: Mapped[str | None] = field(N_("Building and floor"), String(60), listed=True)
    capacity: Mapped[int | None] = field(
        N_("Children at a time"), Integer, minimum=1, maximum=100, listed=True,
        help=N_("How many children may be treated here at the same time."),
    )  # fmt: skip
    skills: Mapped[list[str] | None] = field(N_("Used for"), codes=SKILLS, many=True)
    closed: Mapped[bool | None] = field(N_("Closed for the time being"), Boolean, listed=True)
    note: Mapped[str | None] = field(N_("Note"), Text)

    def problems(self, work: Work) -> Iterator[Problem]:
        yield from _hit(work, self, "capacity", 0 if self.closed else self.capacity or 1, "closed")


class Equipment(Record):
    """A piece of equipment that can be booked 器材."""

    title: ClassVar[str] = N_("Equipment")
    titles: ClassVar[str] = N_("Equipment")
    area: ClassVar[str] = "home"
    first_state: ClassVar[str] = "current"
    newest_first: ClassVar[bool] = False
    event_field: ClassVar[str] = "name"

    name: Mapped[str] = field(N_("Equipment name"), String(60), required=True, listed=True, searched=True)
    number: Mapped[str | None] = field(N_("Inventory number"), String(40), listed=True, searched=True)
    room_id: Mapped[str | None] = reference(N_("Stands in"), "room", listed=True)
    quantity: Mapped[int] = field(N_("Quantity"), Integer, required=True, minimum=1, maximum=1000, listed=True)
    inspected_on: Mapped[date | None] = field(N_("Last inspection"), Date, listed=True)
    inspection_months: Mapped[int | None] = field(
        N_("Inspected every"), Integer, unit=N_("months"), minimum=1, maximum=120
    )
    out_of_use: Mapped[bool | None] = field(N_("Out of use"), Boolean, listed=True)
    note: Mapped[str | None] = field(N_("Note"), Text)

    def before_save(self, work: Work) -> None:
        self.quantity = 1 if self.quantity is None else self.quantity

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.inspected_on and self.inspected_on > work.today:
            yield Problem("inspected_on", _("This inspection lies in the future."))
        yield from _hit(work, self, "quantity", 0 if self.out_of_use else self.quantity, "out_of_use")


def _hit(work: Work, record: Room | Equipment, size: str, limit: int, shut: str) -> Iterator[Problem]:
    """Name the booked sessions that would have no place any more when there are fewer places, or none."""
    from models.scheduling.hits import hits_words, sessions_over

    state: Any = inspect(record)
    changed = next((name for name in (shut, size) if state.attrs[name].history.has_changes()), "")
    if changed and state.persistent and work.actor.may("read", "TherapySession"):
        hits = sessions_over(work, record.__tablename__, record.id, limit)
        if hits:
            yield Problem(changed, hits_words(hits), warning=True)


@reminder
def inspections(work: Work) -> Iterator[Due]:
    """Equipment whose inspection is due within a fortnight or overdue."""
    asked = select(Equipment.id, Equipment.name, Equipment.inspected_on, Equipment.inspection_months).where(
        Equipment.deleted_at.is_(None), Equipment.inspected_on.is_not(None), Equipment.inspection_months.is_not(None)
    )
    for equipment_id, name, inspected, months in work.execute(asked):
        due = months_later(inspected, months) if inspected and months else None
        if due and due <= work.today + timedelta(days=14):
            yield Due(
                text=_("Inspection of equipment: {name}").format(name=name), area="home", due=due,
                needs=("Equipment", "edit"), page="records.Equipment", target={"record_id": equipment_id},
            )  # fmt: skip
