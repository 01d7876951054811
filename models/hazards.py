"""Hazards 隐患: the closing loop as acts — register, put right, check, close — and the board that shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from models.core import queries, records
from models.core.database import Work
from models.reminders import Due, reminder
from models.safety import Hazard
from models.safety_words import STAGES
from resources import N_, _


@dataclass(frozen=True)
class Move:
    """One act of the loop: in which stages, to which stage, what is said with it, and who may do it."""

    name: str
    label: str
    sources: tuple[str, ...]
    target: str
    asks: tuple[str, ...]
    action: str = "edit"


MOVES = (
    Move("start", N_("Begin putting right"), ("registered",), "rectifying", ("interim",)),
    Move("rectify", N_("Put right"), ("registered", "rectifying"), "rectified",
         ("rectified_on", "rectified_how", "photo_after")),
    Move("send_back", N_("Not good enough"), ("rectified", "verified"), "rectifying", ("verified_result",), "review"),
    Move("verify", N_("Checked: good"), ("rectified",), "verified",
         ("verified_on", "verified_by_id", "verified_result"), "review"),
    Move("close", N_("Close"), ("verified",), "closed", ("told_department_on", "closed_on"), "review"),
)  # fmt: skip


def moves_for(work: Work, stage: str) -> list[Move]:
    """Return the acts this person may do with a hazard in this stage."""
    return [each for each in MOVES if stage in each.sources and work.actor.may(each.action, Hazard)]


def move(work: Work, hazard_id: str, name: str, values: dict[str, Any]) -> None:
    """Do one act of the loop; what it asks for is filled in where the day or the person is plain.

    Raises:
        Invalid: when something it asks for is missing, or the hazard is not in a stage for it.
    """
    act = next(each for each in MOVES if each.name == name)
    given = {key: value for key, value in values.items() if key in act.asks and value not in (None, "")}
    for key, fallback in (("rectified_on", work.today), ("verified_on", work.today), ("closed_on", work.today),
                          ("verified_by_id", work.actor.staff_id)):  # fmt: skip
        if key in act.asks and fallback is not None:
            given.setdefault(key, fallback)
    if name == "send_back":
        given |= {"rectified_on": None, "rectified_how": None}
    records.save(work, Hazard, {**given, "stage": act.target}, id=hazard_id)


@dataclass(frozen=True)
class HazardCard:
    """One hazard on the board."""

    id: str
    what: str
    place: str
    stage: str
    grade: str
    found_on: date
    deadline: date
    responsible: str
    responsible_id: str
    overdue: bool
    version: int


def board(work: Work, *, closed_since: date | None = None) -> dict[str, list[HazardCard]]:
    """Return the hazards by stage, the most pressing first; closed ones only from a day on."""
    statement = select(Hazard).where(Hazard.deleted_at.is_(None), Hazard.state != "void")
    found = list(work.scalars(statement.order_by(Hazard.deadline, Hazard.id)))
    names = queries.titles(work, "staff", [each.responsible_id for each in found])
    columns: dict[str, list[HazardCard]] = {code.code: [] for code in STAGES}
    since = closed_since or work.today - timedelta(days=60)
    for hazard in found:
        if hazard.stage == "closed" and (hazard.closed_on or hazard.found_on) < since:
            continue
        columns[hazard.stage].append(_card(hazard, names.get(hazard.responsible_id, ""), work.today))
    for cards in columns.values():
        cards.sort(key=lambda card: (card.grade != "major", card.deadline))
    return columns


def _card(hazard: Hazard, responsible: str, today: date) -> HazardCard:
    late = hazard.stage in {"registered", "rectifying"} and hazard.deadline < today
    return HazardCard(
        hazard.id, hazard.what, hazard.place, hazard.stage, hazard.grade, hazard.found_on, hazard.deadline,
        responsible, hazard.responsible_id, late, hazard.version,
    )  # fmt: skip


@reminder
def hazards(work: Work) -> Iterator[Due]:
    """Tell which hazards are to be put right, checked or closed, to those who do it."""
    statement = select(Hazard).where(Hazard.deleted_at.is_(None), Hazard.state != "void", Hazard.stage != "closed")
    watching = work.actor.may("review", Hazard)
    for hazard in work.scalars(statement):
        due = _due_of(hazard, work.today, watching, hazard.responsible_id == work.actor.staff_id)
        if due is not None:
            yield due


def _due_of(hazard: Hazard, today: date, watching: bool, own: bool) -> Due | None:
    text, due = "", hazard.deadline
    if hazard.stage in {"registered", "rectifying"} and (own or watching):
        if hazard.deadline > today + timedelta(days=7) and hazard.grade != "major":
            return None
        text = _("Put right: {what} ({place})")
    elif hazard.stage == "rectified" and watching:
        text, due = _("Check what was put right: {what} ({place})"), (hazard.rectified_on or today) + timedelta(days=3)
    elif hazard.stage == "verified" and watching:
        text, due = _("Close the hazard: {what} ({place})"), (hazard.verified_on or today) + timedelta(days=3)
    if not text:
        return None
    return Due(text.format(what=hazard.what, place=hazard.place), "safety", due, needs=("Hazard", "edit"),
               page="hazards", target={"hazard_id": hazard.id})  # fmt: skip
