"""Demo home 演示福利院: an invented home with invented children, the same for the same seed.

Each area fills its own part:

    @demo_part(order=40)
    def growth(world: World) -> None: ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from models.core.database import Work


@dataclass
class World:
    """The invented home while it is being filled.

    Attributes:
        work: a unit of work of the program itself; use ``work.bulk`` for many rows.
        random: the only source of chance.
        today, first_day: the demo covers first_day ≤ day ≤ today.
        children: one dictionary a child who lives here: id, name, number, sex, born_on, unit_id, admitted_on, category,
            disability (list of codes), conditions (cp, down, autism, epilepsy, hearing, heart, …), rehabilitation
            (whether it is treated), placement, gestation_weeks, birth_estimated.
        left: the same of children who have left, with left_on and departure.
        clients: the same of children from outside who come for therapy, with ``outreach`` set.
        staff: one dictionary a member of staff: id, name, post, sex, account_id (or ""), skills, unit_ids.
        units, rooms: dictionaries with id, name and kind.
        accounts: username → account id of the twelve demo accounts, where they exist.
    """

    work: Work
    random: Random
    today: date
    months: int
    children: list[dict[str, Any]] = field(default_factory=list)
    staff: list[dict[str, Any]] = field(default_factory=list)
    units: list[dict[str, Any]] = field(default_factory=list)
    rooms: list[dict[str, Any]] = field(default_factory=list)
    left: list[dict[str, Any]] = field(default_factory=list)
    clients: list[dict[str, Any]] = field(default_factory=list)
    accounts: dict[str, str] = field(default_factory=dict)
    size: int = 120

    @property
    def first_day(self) -> date:
        """The first day of the demo's daily records."""
        return (self.today.replace(day=1) - timedelta(days=31 * (self.months - 1))).replace(day=1)

    def of_post(self, post: str) -> list[dict[str, Any]]:
        """Return the staff of one post."""
        return [each for each in self.staff if each["post"] == post]


Part = Callable[[World], None]
_parts: list[tuple[int, Part]] = []


def demo_part(order: int) -> Callable[[Part], Part]:
    """Register a function that fills one area, in the given order (units 0, staff 10, children 20, rest from 30)."""

    def register(part: Part) -> Part:
        _parts.append((order, part))
        return part

    return register


def fill(world: World, progress: Callable[[float, str], None] = lambda share, what: None) -> None:
    """Fill a new home with everything the areas have registered."""
    ordered = sorted(_parts, key=lambda each: each[0])
    for index, (_order, part) in enumerate(ordered):
        progress(index / len(ordered), part.__name__)
        part(world)
    progress(1.0, "")
