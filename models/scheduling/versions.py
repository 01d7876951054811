"""Versions 课表版本: the plans of a week in their order, which of them holds, and going back to the one before.

A publication and a repair are versions alike: each keeps what it changed, so that a week's history has no gap.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from models.core.database import Work
from models.core.queries import load
from models.scheduling.week_plan import WeekPlan


def of_week(work: Work, monday: date, stage: str) -> list[WeekPlan]:
    """Return the plans of a week that are in a stage, in the order in which they were published."""
    plan = WeekPlan
    asked = select(plan).where(
        plan.monday == monday, plan.stage == stage, plan.deleted_at.is_(None), plan.state != "void"
    )
    return list(work.scalars(asked.order_by(plan.number, plan.id)))


def number_it(work: Work, plan: WeekPlan) -> None:
    """Make a plan the published version of its week; the version before is kept as replaced."""
    asked = select(WeekPlan.number).where(WeekPlan.monday == plan.monday, WeekPlan.number.is_not(None))
    last = max((number for number in work.scalars(asked) if number), default=0)
    for earlier in of_week(work, plan.monday, "published"):
        earlier.stage = "superseded"
    plan.stage, plan.number = "published", last + 1
    plan.published_at, plan.published_by = work.now, work.actor.name
    work.flush()


def turn_back(work: Work, plan_id: str) -> None:
    """Note that a version was taken back, or that this was itself undone; the latest version that is left holds."""
    plan: WeekPlan = load(work, WeekPlan, plan_id)
    forth = plan.stage == "withdrawn"
    plan.stage = "superseded" if forth else "withdrawn"
    others = [*of_week(work, plan.monday, "superseded"), *of_week(work, plan.monday, "published")]
    left = sorted({each.id: each for each in (*others, plan) if each.stage != "withdrawn"}.values(), key=_number)
    for each in left:
        each.stage = "published" if each is left[-1] else "superseded"
    _proposals_back(work, plan, forth)
    work.flush()


def _number(plan: WeekPlan) -> int:
    return plan.number or 0


def _proposals_back(work: Work, plan: WeekPlan, forth: bool) -> None:
    """Put the whole proposal back of which this was a part, or what was left of it, unless there is a newer one."""
    if plan.origin != "part" or plan.part_of is None:
        return
    whole: WeekPlan = load(work, WeekPlan, plan.part_of)
    rest = [each for each in _parts_of(work, whole) if each.number is None]
    leaves, comes = ([whole], rest) if forth else (rest, [whole])
    newer = [each for each in of_week(work, plan.monday, "proposed") if each not in (*leaves, *comes)]
    for each in leaves:
        each.stage = "dropped" if each.stage == "proposed" else each.stage
    for each in comes:
        each.stage = "dropped" if newer else "proposed"


def _parts_of(work: Work, whole: WeekPlan) -> list[WeekPlan]:
    asked = select(WeekPlan).where(WeekPlan.part_of == whole.id, WeekPlan.deleted_at.is_(None))
    return list(work.scalars(asked.order_by(WeekPlan.id)))


# --- looking back -------------------------------------------------------------------------------------


def latest(work: Work, monday: date) -> str | None:
    """Return the plan of a week that says most about it: the proposal, else the published one."""
    for stage in ("proposed", "published"):
        found = of_week(work, monday, stage)
        if found:
            return found[-1].id
    return None


def versions(work: Work, monday: date) -> list[dict[str, Any]]:
    """Return the published versions of a week, the latest first: id, number, stage, how it came to be, when, by whom, how many changes."""
    plan = WeekPlan
    names = ("id", "number", "stage", "published_at", "published_by", "changed", "waiting", "placed", "origin", "note")
    asked = select(*(getattr(plan, name) for name in names)).where(
        plan.monday == monday, plan.number.is_not(None), plan.deleted_at.is_(None)
    )
    return [dict(zip(names, row, strict=True)) for row in work.execute(asked.order_by(plan.number.desc()))]
