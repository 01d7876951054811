"""Drills 演练: what was rehearsed for the day it is needed — fire, evacuation, emergency plans — and when the next is due.

How often a kind must be rehearsed is a dated rule with its source (``resources/reference/drill_rules.csv``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Date, Integer, String, Text, Time, select
from sqlalchemy.orm import Mapped

from models.age import months_later
from models.calendar_rules import in_force
from models.core.errors import Problem
from models.core.fields import attachment, field, reference
from models.core.record import Record
from models.core.settings import value
from models.core.words import Code, CodeList, TableCodes
from models.reminders import Due, reminder
from resources import N_, _, table

if TYPE_CHECKING:
    from models.core.database import Work

DRILL_KINDS: CodeList = TableCodes("drill_kind", "drill_rules.csv", code="kind", chinese="name_zh", english="name_en")
SCENARIOS = CodeList(
    "drill_scenario",
    Code("fire", N_("Fire"), "火灾"),
    Code("night_fire", N_("Fire at night"), "夜间火灾"),
    Code("earthquake", N_("Earthquake"), "地震"),
    Code("missing", N_("Missing child"), "儿童走失"),
    Code("food", N_("Food poisoning"), "食物中毒"),
    Code("infection", N_("Infectious disease"), "传染病"),
    Code("violence", N_("Violence or intrusion"), "暴力侵害、外来闯入"),
    Code("first_aid", N_("Choking, seizure, first aid"), "噎食、惊厥等急救"),
    Code("power", N_("Power, gas or water failure"), "停电、燃气、停水"),
    Code("other", N_("Other scenario"), "其他"),
)
RESULTS = CodeList(
    "drill_result",
    Code("good", N_("As the plan asks"), "达到预案要求"),
    Code("partly", N_("With shortcomings"), "基本达到，有不足"),
    Code("failed", N_("Not as the plan asks: to be repeated"), "未达到，须重演"),
)
WHAT = N_("What was rehearsed")
WHO = N_("Who took part")
COURSE = N_("Course and review")
SOON_DAYS = 30
"""So many days before its day a drill is spoken of on Today; it takes preparation."""


class Drill(Record):
    """A drill 演练记录: scenario, people, how long it took, what went wrong and what is made better."""

    title: ClassVar[str] = N_("Drill")
    titles: ClassVar[str] = N_("Drills")
    area: ClassVar[str] = "safety"
    first_state: ClassVar[str] = "submitted"
    event_field: ClassVar[str] = "held_on"
    title_field: ClassVar[str] = "plan"
    routine: ClassVar[bool] = False

    kind: Mapped[str] = field(N_("Kind of drill"), codes=DRILL_KINDS, section=WHAT, required=True, listed=True)
    scenario: Mapped[str] = field(N_("Scenario"), codes=SCENARIOS, section=WHAT, required=True, listed=True)
    plan: Mapped[str] = field(
        N_("Rehearsed"), String(120), section=WHAT, required=True, listed=True, searched=True,
        help=N_("Which plan, in which building, from where to where."),
    )  # fmt: skip
    held_on: Mapped[date] = field(N_("Held on"), Date, section=WHAT, required=True, listed=True, index=True)
    started: Mapped[time | None] = field(N_("Start"), Time, section=WHAT)
    leader_id: Mapped[str | None] = reference(N_("In command"), "staff", section=WHO, listed=True)
    children: Mapped[int | None] = field(
        N_("Children taking part"), Integer, section=WHO, minimum=0, maximum=2000, listed=True
    )
    adults: Mapped[int | None] = field(
        N_("Staff taking part"), Integer, section=WHO, minimum=0, maximum=2000, listed=True
    )
    helpers: Mapped[str | None] = field(
        N_("Others taking part"), String(200), section=WHO, help=N_("Fire brigade, police, doctors, volunteers.")
    )
    minutes: Mapped[int | None] = field(
        N_("Length of the drill"), Integer, section=COURSE, unit=N_("min"), minimum=1, maximum=600, listed=True
    )
    seconds: Mapped[int | None] = field(
        N_("Time until everybody was out"), Integer, section=COURSE, unit=N_("s"), minimum=1, maximum=7200
    )
    course: Mapped[str | None] = field(N_("Course of the drill"), Text, section=COURSE)
    result: Mapped[str | None] = field(N_("Result of the drill"), codes=RESULTS, section=COURSE, listed=True)
    found: Mapped[str | None] = field(N_("Problems found"), Text, section=COURSE, searched=True)
    better: Mapped[str | None] = field(N_("What is made better"), Text, section=COURSE)
    better_by: Mapped[date | None] = field(N_("Made better by"), Date, section=COURSE)
    better_on: Mapped[date | None] = field(N_("Made better on"), Date, section=COURSE)
    next_on: Mapped[date | None] = field(
        N_("Next drill due"), Date, section=COURSE, listed=True, help=N_("Filled in by the rule; may be sooner.")
    )
    photo: Mapped[str | None] = attachment(N_("Photo"), section=COURSE)

    def before_save(self, work: Work) -> None:
        rule = rule_of(work, self.kind, self.held_on) if self.held_on else None
        if self.next_on is None and rule is not None:
            self.next_on = months_later(self.held_on, int(rule["every_months"]))

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.held_on > work.today:
            yield Problem("held_on", _("This day lies in the future."))
        if self.next_on and self.next_on <= self.held_on:
            yield Problem("next_on", _("The next drill comes after this one."))
        if self.better_on and self.better_on < self.held_on:
            yield Problem("better_on", _("It cannot have been made better before it was found."))
        if self.result == "failed" and not (self.found or "").strip():
            yield Problem("found", _("Please say what did not go as the plan asks."))
        if (self.found or "").strip() and not (self.better or "").strip():
            yield Problem("better", _("Please say what is made better about it."), warning=True)
        if not self.children and not self.adults:
            yield Problem("adults", _("Please note how many took part."), warning=True)
        rule = rule_of(work, self.kind, self.held_on)
        if rule is not None and self.next_on and self.next_on > months_later(self.held_on, int(rule["every_months"])):
            yield Problem(
                "next_on", _("The rule asks for it sooner: {source}.").format(source=rule["source"]), warning=True
            )

    def summary(self) -> str:
        people = _("{n} people").format(n=(self.children or 0) + (self.adults or 0))
        return " · ".join((DRILL_KINDS.label(self.kind), SCENARIOS.label(self.scenario), self.plan, people))

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """Return valid values, for tests and the printed sample."""
        return {"kind": "fire", "scenario": "fire", "plan": "A栋二层疏散至操场", "held_on": work.today}


# --- what is due ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class NextDrill:
    """One kind of drill: when it was held last, when the next is due, and by which rule."""

    kind: str
    last: date | None
    due: date
    source: str

    @property
    def title(self) -> str:
        """The kind's name in the language in use."""
        return DRILL_KINDS.label(self.kind)


def rules_on(work: Work, day: date) -> list[dict[str, str]]:
    """Return the rules in force for this home on a day, one a kind."""
    return in_force(table("drill_rules.csv"), day, value(work, "home_region"), key="kind")


def rule_of(work: Work, kind: str, day: date) -> dict[str, str] | None:
    """Return the rule for one kind of drill, or None where none holds."""
    return next((rule for rule in rules_on(work, day) if rule["kind"] == kind), None)


def next_drills(work: Work) -> list[NextDrill]:
    """Return for each kind of drill when it is due next; a kind that was never held is due today."""
    return drills_on(work, work.today)


def drills_on(work: Work, day: date) -> list[NextDrill]:
    """Return the same as it stood on a day: what was held later does not count."""
    asked = select(Drill.kind, Drill.held_on, Drill.next_on).where(*_counted(), Drill.held_on <= day)
    last: dict[str, tuple[date, date | None]] = {}
    for kind, held_on, next_on in work.execute(asked.order_by(Drill.held_on, Drill.next_on.desc())):
        last[kind] = (held_on, next_on)
    return [_next(rule, last.get(rule["kind"]), day) for rule in rules_on(work, day)]


def _next(rule: dict[str, str], last: tuple[date, date | None] | None, day: date) -> NextDrill:
    """By the rule, or on the sooner day that the last drill of the kind itself gave."""
    if last is None:
        return NextDrill(rule["kind"], None, day, rule["source"])
    held_on, next_on = last
    due = months_later(held_on, int(rule["every_months"]))
    return NextDrill(rule["kind"], held_on, min(due, next_on or due), rule["source"])


def _counted() -> tuple[Any, ...]:
    return (Drill.deleted_at.is_(None), Drill.state.not_in(("void", "superseded")))


@reminder
def drills_due(work: Work) -> Iterator[Due]:
    """Tell which drills are due, and which improvements after one are not made yet."""
    if not work.actor.may("create", Drill):
        return
    needs = ("Drill", "create")
    coming = next_drills(work)
    begun = any(each.last for each in coming)
    for each in coming:
        soon = (each.due - work.today).days <= SOON_DAYS
        if soon and (begun or each.kind == "fire"):
            words = _("{drill}: next one due") if each.last else _("{drill}: never held yet")
            yield Due(
                words.format(drill=each.title),
                "safety",
                each.due,
                needs=needs,
                page="drills",
                target={"kind": each.kind},
            )
    waiting = select(Drill.id, Drill.plan, Drill.better_by).where(
        *_counted(), Drill.better_by.is_not(None), Drill.better_on.is_(None)
    )
    for drill_id, plan, by in work.execute(waiting):
        text = _("Improvement after the drill: {plan}").format(plan=plan)
        yield Due(text, "safety", by, needs=needs, page="drills", target={"record_id": drill_id})
