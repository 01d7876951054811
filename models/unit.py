"""Units 班组/类家庭: where children live — a ward, a class or a family-style household."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped

from models.core.fields import field
from models.core.record import Record
from models.core.words import Code, CodeList
from resources import N_

UNIT_KINDS = CodeList(
    "unit_kind",
    Code("ward", N_("Ward"), "养护班组"),
    Code("household", N_("Family-style household"), "类家庭"),
    Code("observation", N_("Observation room"), "观察室"),
)


class Unit(Record):
    """A unit or household 班组/类家庭."""

    title: ClassVar[str] = N_("Unit")
    titles: ClassVar[str] = N_("Units and households")
    area: ClassVar[str] = "home"
    first_state: ClassVar[str] = "current"
    newest_first: ClassVar[bool] = False
    event_field: ClassVar[str] = "name"

    name: Mapped[str] = field(N_("Name"), String(60), required=True, listed=True, searched=True, unique=True)
    kind: Mapped[str] = field(N_("Kind"), codes=UNIT_KINDS, required=True, listed=True)
    place: Mapped[str | None] = field(N_("Building and floor"), String(60), listed=True)
    beds: Mapped[int | None] = field(N_("Beds"), Integer, minimum=0, maximum=200, listed=True)
    telephone: Mapped[str | None] = field(N_("Telephone"), String(40))
