"""The proposal beside the week 待发布方案: what a plan that nobody has published yet would book or move."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from models.core.database import Work
from models.core.queries import titles
from models.scheduling.week import Block, Member, Week
from models.scheduling.week_plan import WeekPlan

PROPOSED = "proposed-"
"""How the keys of proposed blocks begin."""


def proposed(work: Work, monday: date, week: Week) -> tuple[Block, ...]:
    """Return the sittings that the proposal of a week would book or move, as blocks beside those that stand.

    What it leaves where it is, is not said twice; children the person may not see stay unnamed.
    """
    if not work.actor.may("read", WeekPlan):
        return ()
    plan = WeekPlan
    statement = select(plan.items).where(
        plan.monday == monday, plan.stage == "proposed", plan.deleted_at.is_(None), plan.state != "void"
    )
    items = list(work.scalars(statement.order_by(plan.recorded_at.desc()).limit(1)))
    moving = [item for item in (items[0] or ()) if not _stands(item, week)] if items else []
    children = titles(work, "child", {child for item in moving for child in item["children"]})
    return tuple(_block(number, item, children, week) for number, item in enumerate(moving))


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
