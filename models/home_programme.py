"""Home programme 家庭/班级康复指导: what carers and teachers practise with a child between the sessions.

A therapist says what, how and how often; it stands in the unit's list of its shift and is ticked there. The next
session begins with what was really done.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Date, Index, String, Text, select
from sqlalchemy.orm import Mapped

from models.child import OfChild
from models.core.errors import Problem
from models.core.fields import attachment, field, reference
from models.core.record import Record
from models.core.words import Code, CodeList
from models.shifts import SHIFTS
from models.staff import WEEKDAYS
from models.therapies import THERAPIES
from resources import N_, _

if TYPE_CHECKING:
    from models.core.database import Work

PLACES = CodeList(
    "programme_place",
    Code("unit", N_("In the unit"), "班组/类家庭"),
    Code("class", N_("In class"), "班级"),
    Code("family", N_("In the foster family"), "寄养家庭"),
)
TICKS = CodeList(
    "programme_tick", Code("done", N_("Done"), "完成"), Code("not_possible", N_("Not possible"), "未能完成")
)
WHY_NOT = CodeList(
    "programme_why_not",
    Code("ill", N_("Ill"), "生病"),
    Code("away", N_("Away from the home"), "外出"),
    Code("refused", N_("Child did not want to"), "儿童不愿意"),
    Code("asleep", N_("Asleep"), "睡眠中"),
    Code("no_time", N_("No time"), "人手或时间不足"),
    Code("pain", N_("Pain or discomfort"), "疼痛或不适"),
    Code("other", N_("Other reason"), "其他原因"),
)
EXERCISE, RHYTHM, TICKED = N_("What and how"), N_("How often"), N_("What was done")


class HomeProgramme(OfChild, Record):
    """One item of a child's home programme 康复指导项目."""

    title: ClassVar[str] = N_("Home programme")
    titles: ClassVar[str] = N_("Home programmes")
    area: ClassVar[str] = "rehabilitation"
    first_state: ClassVar[str] = "current"
    event_field: ClassVar[str] = "starts_on"
    title_field: ClassVar[str] = "what"

    what: Mapped[str] = field(
        N_("What is practised"), String(60), section=EXERCISE, required=True, listed=True, searched=True,
        help=N_("A few words that fit on a list, e.g. sit upright at meals."),
    )  # fmt: skip
    how: Mapped[str | None] = field(
        N_("How it is done"), Text, section=EXERCISE, help=N_("Step by step, in words a new carer understands.")
    )
    amount: Mapped[str | None] = field(
        N_("How much"), String(40), section=EXERCISE, listed=True, help=N_("E.g. 10 minutes, or 5 times each side.")
    )
    beware: Mapped[str | None] = field(N_("What to beware of"), String(200), section=EXERCISE)
    picture: Mapped[str | None] = attachment(N_("Picture"), section=EXERCISE)
    therapy: Mapped[str | None] = field(N_("Therapy"), codes=THERAPIES, section=EXERCISE, listed=True)
    goal_id: Mapped[str | None] = reference(N_("Serves the goal"), "rehabilitation_goal", section=EXERCISE)
    therapist_id: Mapped[str | None] = reference(N_("Therapist"), "staff", section=EXERCISE, listed=True)

    place: Mapped[str] = field(N_("Where"), codes=PLACES, section=RHYTHM, required=True, listed=True)
    shifts: Mapped[list[str] | None] = field(
        N_("In which shifts"), codes=SHIFTS, many=True, section=RHYTHM, listed=True,
        help=N_("Once in each of them; left empty, once a day in whichever."),
    )  # fmt: skip
    weekdays: Mapped[list[str] | None] = field(
        N_("Weekdays"), codes=WEEKDAYS, many=True, section=RHYTHM, help=N_("Left empty, every day.")
    )
    starts_on: Mapped[date] = field(N_("From"), Date, section=RHYTHM, required=True, listed=True, index=True)
    ends_on: Mapped[date | None] = field(N_("Until"), Date, section=RHYTHM, listed=True)

    def before_save(self, work: Work) -> None:
        self.place = self.place or "unit"
        self.therapist_id = self.therapist_id or work.actor.staff_id

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.ends_on and self.ends_on < self.starts_on:
            yield Problem("ends_on", _("The end lies before the beginning."))
        if not self.ends_on:
            yield Problem("ends_on", _("No end: it stands in the unit's list until somebody ends it."), warning=True)

    def summary(self) -> str:
        return " ".join(filter(None, (self.what, self.amount)))

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """Return valid values, for tests and the printed sample."""
        return {
            "what": "坐位保持",
            "amount": "10分钟",
            "starts_on": work.today,
            "ends_on": work.today + timedelta(days=30),
        }


class ProgrammeTick(OfChild, Record):
    """What became of one item in one shift 康复指导执行记录: done, or not possible and why."""

    title: ClassVar[str] = N_("Practice")
    titles: ClassVar[str] = N_("Practice between sessions")
    area: ClassVar[str] = "rehabilitation"
    first_state: ClassVar[str] = "submitted"
    event_field: ClassVar[str] = "day"
    title_field: ClassVar[str] = "day"

    programme_id: Mapped[str] = reference(N_("Home programme"), "home_programme", required=True, listed=True)
    day: Mapped[date] = field(N_("Day"), Date, section=TICKED, required=True, listed=True, index=True)
    shift: Mapped[str | None] = field(N_("Shift"), codes=SHIFTS, section=TICKED, listed=True)
    outcome: Mapped[str] = field(N_("Outcome"), codes=TICKS, section=TICKED, required=True, listed=True)
    reason: Mapped[str | None] = field(N_("Reason"), codes=WHY_NOT, section=TICKED, listed=True)
    note: Mapped[str | None] = field(N_("Note"), String(200), section=TICKED)
    by_id: Mapped[str | None] = reference(N_("Done by"), "staff", section=TICKED, listed=True)

    __table_args__ = (Index("ix_programme_tick_of", "programme_id", "day"),)

    def before_save(self, work: Work) -> None:
        self.by_id = self.by_id or work.actor.staff_id
        if self.outcome == "done":
            self.reason = None

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.outcome == "not_possible" and not self.reason:
            yield Problem("reason", _("Please give the reason."))
        if self.day > work.today:
            yield Problem("day", _("This day has not come yet."))
        item = work.scalar(select(HomeProgramme).where(HomeProgramme.id == self.programme_id))
        if item is not None and item.child_id != self.child_id:
            yield Problem("programme_id", _("This home programme belongs to another child."))

    def summary(self) -> str:
        return f"{TICKS.label(self.outcome)} {WHY_NOT.label(self.reason)}".strip()

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """Return valid values, for tests and the printed sample."""
        from models.child import Child
        from models.core.record import new_id
        from models.core.records import save

        child = save(work, Child, {"name": "王小雨", "number": new_id()[-12:], "sex": "2", "born_on": date(2019, 3, 1)})
        item = {**HomeProgramme.example_values(work), "child_id": child}
        programme = save(work, HomeProgramme, item, confirmed=True)
        return {"child_id": child, "programme_id": programme, "day": work.today, "outcome": "done"}
