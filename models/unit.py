"""Units 班组/类家庭: where children live — a ward, a class or a family-style household."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import Date, Integer, String, Text
from sqlalchemy.orm import Mapped

from models.core.errors import Problem
from models.core.fields import field, reference
from models.core.record import Record
from models.core.words import Code, CodeList
from resources import N_, _

if TYPE_CHECKING:
    from models.core.database import Work

UNIT_KINDS = CodeList(
    "unit_kind",
    Code("ward", N_("Ward"), "养护班组"),
    Code("household", N_("Family-style household"), "类家庭"),
    Code("observation", N_("Observation room"), "观察室"),
)
WHO_LIVES = CodeList(
    "who_lives",
    Code("mixed", N_("Girls and boys"), "男女混合"),
    Code("girls", N_("Girls"), "女童"),
    Code("boys", N_("Boys"), "男童"),
)
LIVING_AREA = N_("Living area")


class Unit(Record):
    """A unit or household 班组/类家庭."""

    title: ClassVar[str] = N_("Unit")
    titles: ClassVar[str] = N_("Units and households")
    area: ClassVar[str] = "home"
    first_state: ClassVar[str] = "current"
    newest_first: ClassVar[bool] = False
    event_field: ClassVar[str] = "name"

    name: Mapped[str] = field(N_("Unit name"), String(60), required=True, listed=True, searched=True, unique=True)
    kind: Mapped[str] = field(N_("Kind"), codes=UNIT_KINDS, required=True, listed=True)
    leader_id: Mapped[str | None] = reference(N_("Responsible person"), "staff", listed=True)
    telephone: Mapped[str | None] = field(N_("Telephone"), String(40))
    place: Mapped[str | None] = field(N_("Building and floor"), String(60), section=LIVING_AREA, listed=True)
    beds: Mapped[int | None] = field(N_("Beds"), Integer, section=LIVING_AREA, minimum=0, maximum=200, listed=True)
    lives: Mapped[str | None] = field(N_("Who lives here"), codes=WHO_LIVES, section=LIVING_AREA)
    age_from: Mapped[int | None] = field(
        N_("Age from"), Integer, section=LIVING_AREA, unit=N_("years"), minimum=0, maximum=30
    )
    age_to: Mapped[int | None] = field(
        N_("Age to"), Integer, section=LIVING_AREA, unit=N_("years"), minimum=0, maximum=30
    )
    opened_on: Mapped[date | None] = field(N_("Opened on"), Date, section=LIVING_AREA)
    closed_on: Mapped[date | None] = field(N_("Closed on"), Date, section=LIVING_AREA)
    note: Mapped[str | None] = field(N_("Note"), Text, section=LIVING_AREA)

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.age_from is not None and self.age_to is not None and self.age_to < self.age_from:
            yield Problem("age_to", _("The upper age lies below the lower one."))
        if self.opened_on and self.closed_on and self.closed_on < self.opened_on:
            yield Problem("closed_on", _("The unit cannot close before it opens."))
