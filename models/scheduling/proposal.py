"""The proposal beside the week 待发布方案: what a plan that nobody has published yet would book or move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from models.core.database import Work
from models.core.queries import titles
from models.scheduling.week import Block, Member, Week
from models.scheduling.week_plan import WeekPlan

PROPOSED = "proposed-"
"""How the keys of proposed blocks begin."""


@dataclass(frozen=True)
class Proposal:
    """What an unpublished plan would change: new blocks, and which standing ones would move or fall out."""

    blocks: tuple[Block, ...] = ()
    moving: frozenset[str] = frozenset()
    """Keys of standing blocks that would be elsewhere."""
    leaving: frozenset[str] = frozenset()
    """Keys of standing blocks that would be taken out."""

    def __bool__(self) -> bool:
        return bool(self.blocks or self.moving or self.leaving)


def proposed(work: Work, monday: date, week: Week) -> Proposal:
    """Return what the proposal of a week would change, beside what stands.

    What it leaves where it is, is not said twice; children the person may not see stay unnamed.
    """
    if not work.actor.may("read", WeekPlan):
        return Proposal()
    plan = WeekPlan
    statement = select(plan.items, plan.leaving).where(
        plan.monday == monday, plan.stage == "proposed", plan.deleted_at.is_(None), plan.state != "void"
    )
    found = work.execute(statement.order_by(plan.recorded_at.desc()).limit(1)).first()
    if found is None:
        return Proposal()
    changing = [item for item in found.items or () if not _stands(item, week)]
    children = titles(work, "child", {child for item in changing for child in item["children"]})
    return Proposal(
        tuple(_block(number, item, children, week) for number, item in enumerate(changing)),
        _keys(week, {item["sitting"] for item in changing if item["sitting"]}),
        _keys(week, set(found.leaving or ())),
    )


def _keys(week: Week, sittings: set[str]) -> frozenset[str]:
    """Return the keys of the blocks that some sittings or sessions stand for."""
    return frozenset(block.key for block in week.blocks if _names_of(block) & sittings) if sittings else frozenset()


def _stands(item: dict[str, Any], week: Week) -> bool:
    """Whether a planned sitting stands already where it is planned."""
    begin = datetime.fromisoformat(item["starts"])
    return any(
        block.starts_at == begin and block.therapist_id == item["therapist"] and item["sitting"] in _names_of(block)
        for block in week.of("therapist", item["therapist"])
    )


def _names_of(block: Block) -> set[str]:
    return {block.sitting, block.key.removeprefix("taken-"), *(member.session_id for member in block.members)}


def _block(number: int, item: dict[str, Any], children: dict[str, str], week: Week) -> Block:
    known = [child for child in item["children"] if child in children]
    names = week.occupancy
    return Block(
        f"{PROPOSED}{number}", item["therapy"], "group" if len(item["children"]) > 1 else "single", item["therapist"],
        names.name(item["therapist"], ""), item["room"], names.name(item["room"], ""), item["tool"],
        names.name(item["tool"], ""), datetime.fromisoformat(item["starts"]), datetime.fromisoformat(item["ends"]),
        tuple(Member("", child, children[child], "booked", None, "draft", 0) for child in known),
        others=len(item["children"]) - len(known),
    )  # fmt: skip
