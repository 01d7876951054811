"""Proposals 待发布方案: a proposal on the table kept as a plan of the week, and taken up again where it was left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from models.core.database import Work
from models.core.queries import load
from models.scheduling.gather import Gathered
from models.scheduling.planning import Sketch
from models.scheduling.plans import changed_underneath, latest, propose
from models.scheduling.problem import Placement
from models.scheduling.week_plan import WeekPlan


@dataclass(frozen=True)
class Proposal:
    """A proposal that was kept: its sessions, since when, by whom, and what was booked otherwise meanwhile."""

    id: str
    placements: tuple[Placement, ...]
    at: datetime
    by: str
    changed: tuple[str, ...] = ()


def keep_proposal(work: Work, gathered: Gathered, sketch: Sketch, reasons: Mapping[str, Any]) -> str:
    """Keep what lies on the table as the proposal of its week and return its id."""
    return propose(work, as_sketched(gathered, sketch), sketch.placements, reasons=reasons, figures=sketch.levels)


def as_sketched(gathered: Gathered, sketch: Sketch) -> Gathered:
    """Return the week with what was arranged otherwise for this plan, so that lengths and numbers agree with it."""
    if sketch.problem is gathered.problem:
        return gathered
    before, slot = gathered.problem.tasks, gathered.problem.grid.minutes
    wants = {
        key: replace(want, minutes=sketch.problem.tasks[key].slots * slot)
        if sketch.problem.tasks[key].slots != before[key].slots
        else want
        for key, want in gathered.wants.items()
    }
    return replace(gathered, problem=sketch.problem, wants=wants)


def kept_proposal(work: Work, gathered: Gathered) -> Proposal | None:
    """Return the proposal that was kept for a week, if one waits to be published."""
    plan_id = latest(work, gathered.monday) if work.actor.may("read", WeekPlan) else None
    plan: WeekPlan | None = load(work, WeekPlan, plan_id) if plan_id else None
    if plan is None or plan.stage != "proposed":
        return None
    placements = []
    for item in plan.items or ():
        place = gathered.frame.place(datetime.fromisoformat(item["starts"]))
        if item["task"] in gathered.problem.tasks and item["therapist"] in gathered.problem.therapists and place:
            placements.append(Placement(item["task"], item["therapist"], *place))
    held = [each for each in gathered.session_of if gathered.held(each.task)]
    at, by = plan.recorded_at, plan.recorded_by
    return Proposal(plan.id, tuple(sorted((*placements, *held))), at, by, tuple(changed_underneath(work, plan)))
