"""Week plan 周课表方案: a proposed week with its figures, what waits and why; once published, a numbered version."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Date, DateTime, Integer, String, Text
from sqlalchemy.orm import Mapped

from models.core.database import Work
from models.core.fields import field, reference
from models.core.record import Record
from models.core.words import Code, CodeList
from resources import N_, _

STAGES = CodeList(
    "plan_stage",
    Code("proposed", N_("Proposed"), "待发布"),
    Code("published", N_("Published"), "已发布"),
    Code("superseded", N_("Replaced by a later version"), "已被新版本取代"),
    Code("dropped", N_("Replaced by a later proposal"), "已被新方案取代"),
    Code("withdrawn", N_("Taken back"), "已撤回"),
)
ORIGINS = CodeList(
    "plan_origin",
    Code("planned", N_("Planned"), "排课"),
    Code("part", N_("Part of a plan"), "部分发布"),
    Code("repair", N_("Repair"), "调课"),
)
"""How a version of a week came to be."""
FIGURES, CONTENT = N_("Figures"), N_("What was planned")


class WeekPlan(Record):
    """A plan of one week 周课表方案: proposed by the planner, published by a person as a version."""

    title: ClassVar[str] = N_("Plan of a week")
    titles: ClassVar[str] = N_("Plans of weeks")
    area: ClassVar[str] = "rehabilitation"
    first_state: ClassVar[str] = "current"
    by_hand: ClassVar[bool] = False
    event_field: ClassVar[str] = "monday"
    title_field: ClassVar[str] = "monday"

    monday: Mapped[date] = field(N_("Week from"), Date, section=FIGURES, required=True, listed=True, index=True)
    number: Mapped[int | None] = field(
        N_("Published version"),
        Integer,
        section=FIGURES,
        listed=True,
        minimum=1,
        help=N_("Given when it is published."),
    )
    stage: Mapped[str] = field(N_("Stage of the plan"), codes=STAGES, section=FIGURES, required=True, listed=True)
    origin: Mapped[str | None] = field(N_("Came about by"), codes=ORIGINS, section=FIGURES)
    placed: Mapped[int | None] = field(N_("Sessions placed"), Integer, section=FIGURES, listed=True, minimum=0)
    waiting: Mapped[int | None] = field(N_("Sessions waiting"), Integer, section=FIGURES, listed=True, minimum=0)
    changed: Mapped[int | None] = field(N_("Changes of the week"), Integer, section=FIGURES, listed=True, minimum=0)
    published_at: Mapped[datetime | None] = field(N_("Published at"), DateTime, section=FIGURES, listed=True)
    published_by: Mapped[str | None] = field(N_("Published by"), String(100), section=FIGURES, listed=True)
    note: Mapped[str | None] = field(N_("Note"), Text, section=FIGURES)

    part_of: Mapped[str | None] = reference(N_("Part of the proposal"), "week_plan", section=CONTENT, hidden=True)
    # Whose sessions these are is nobody's business in the trail: the sessions themselves are noted there one by one.
    levels: Mapped[list[int] | None] = field(N_("Levels"), JSON, section=CONTENT, hidden=True)
    items: Mapped[list[Any] | None] = field(N_("Sessions"), JSON, section=CONTENT, hidden=True, confidential=True)
    leaving: Mapped[list[Any] | None] = field(
        N_("Sessions that fall out"), JSON, section=CONTENT, hidden=True, confidential=True
    )
    queue: Mapped[list[Any] | None] = field(N_("Waiting list"), JSON, section=CONTENT, hidden=True, confidential=True)
    lines: Mapped[list[Any] | None] = field(N_("Change list"), JSON, section=CONTENT, hidden=True, confidential=True)
    marks: Mapped[dict[str, Any] | None] = field(
        N_("The week when it was planned"), JSON, section=CONTENT, hidden=True, confidential=True
    )
    prints: Mapped[dict[str, Any] | None] = field(N_("Fingerprints"), JSON, section=CONTENT, hidden=True)

    def before_save(self, work: Work) -> None:
        self.stage = self.stage or "proposed"

    def summary(self) -> str:
        version = _("version {n}").format(n=self.number) if self.number else ""
        return " ".join(filter(None, (f"{self.monday:%Y-%m-%d}", version, STAGES.label(self.stage))))

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """Return valid values, for tests and the printed sample."""
        return {"monday": work.today, "stage": "proposed"}
