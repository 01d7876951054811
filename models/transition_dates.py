"""The dates of becoming an adult 成年安置期限: from dated rules to the steps of one young person — pure arithmetic.

Every date hangs on an anchor: an age (``birthday:16``), leaving school, the day of placement (the eighteenth
birthday, or the end of school or service when that is later), or the day of leaving the home.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from models.age import birthday, months_later
from models.calendar_rules import Window, in_force
from models.core.words import Code, CodeList
from resources import N_, table

ADULT_AGE = 18
"""The age of majority (民法典 第十七条); everything else about the dates is data."""
COHORT_AGE = 14
"""The age from which a child belongs to the cohort; the first rule of the table begins with it."""


@dataclass(frozen=True)
class Life:
    """What the dates of one young person depend on."""

    born_on: date
    studying: bool = False
    school_ends_on: date | None = None
    dependent: bool = False
    left_on: date | None = None
    admitted_on: date | None = None

    @property
    def adult_on(self) -> date:
        """The eighteenth birthday."""
        return birthday(self.born_on, ADULT_AGE)

    @property
    def placement_on(self) -> date:
        """The day on which the placement is due: of age, and out of school or service."""
        if self.studying and self.school_ends_on:
            return max(self.adult_on, self.school_ends_on)
        return self.adult_on


CATCH_UP_MONTHS = 3
"""So long after admission a young person's earlier steps are made up for."""


@dataclass(frozen=True)
class Planned:
    """One step with its window, before anything was done about it."""

    code: str
    window: Window
    statutory: bool = False
    source: str = ""
    replaced_by: str = ""


def rules_on(day: date, region: str = "") -> list[dict[str, str]]:
    """Return the rules in force on a day in a region, one for each step."""
    return in_force(table("transition_rules.csv"), day, region, key="code")


def planned(life: Life, rules: Iterable[dict[str, str]]) -> list[Planned]:
    """Return the steps of one young person in the order of their due days.

    After-care has no dates while nobody has left; until then it counts from the day of placement.
    """
    found = []
    for rule in rules:
        anchor = _anchor(life, rule["anchor"])
        if anchor is None or not _applies(life, rule["applies"]):
            continue
        window = Window(months_later(anchor, int(rule["opens_months"])), months_later(anchor, int(rule["due_months"])))
        found.append(
            Planned(
                rule["code"], _made_up(life, window), rule["statutory"] == "yes", rule["source"], rule["replaced_by"]
            )
        )
    return sorted(found, key=lambda step: (step.window.due, step.window.opens))


def _made_up(life: Life, window: Window) -> Window:
    """Move a step that was due before the admission to the months after it."""
    if life.admitted_on is None or window.due >= life.admitted_on:
        return window
    return Window(life.admitted_on, months_later(life.admitted_on, CATCH_UP_MONTHS))


def _anchor(life: Life, name: str) -> date | None:
    if name.startswith("birthday:"):
        return birthday(life.born_on, int(name.removeprefix("birthday:")))
    if name == "school_left":
        return life.school_ends_on
    if name == "left":
        return life.left_on or life.placement_on
    return life.placement_on


def _applies(life: Life, condition: str) -> bool:
    """Whether a rule concerns this young person; who is still at school at eighteen is assessed after leaving it."""
    at_school = life.studying and life.school_ends_on is not None and life.school_ends_on > life.adult_on
    return {"all": True, "studying": at_school, "not_studying": not at_school, "dependent": life.dependent}[condition]


STATUS = CodeList(
    "step_status",
    Code("done", N_("Done"), "已完成"),
    Code("late", N_("Done late"), "逾期完成"),
    Code("overdue", N_("Overdue"), "已逾期"),
    Code("open", N_("Due now"), "办理期内"),
    Code("later", N_("Later"), "未到期"),
    Code("not_needed", N_("Not needed"), "无需办理"),
    Code("lapsed", N_("Replaced"), "由后续评估替代"),
)
SETTLED = frozenset({"done", "late", "not_needed", "lapsed"})


@dataclass(frozen=True)
class Done:
    """What was done about a step: the day, or that it is not needed; ``record_id`` where it is written down."""

    done_on: date | None
    result: str = ""
    not_needed: bool = False
    record_id: str = ""


@dataclass(frozen=True)
class StepMark:
    """One step as list, drawing and paper show it."""

    code: str
    opens_on: date
    due_on: date
    status: str
    done_on: date | None = None
    statutory: bool = False
    source: str = ""
    result: str = ""
    record_id: str = ""

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do."""
        return self.status in SETTLED


def marks(steps: Iterable[Planned], done: Mapping[str, Done], today: date) -> tuple[StepMark, ...]:
    """Join the planned steps with what was done, and say how each stands today."""
    steps = list(steps)
    opens = {step.code: step.window.opens for step in steps}
    found = []
    for step in steps:
        act = done.get(step.code, Done(None))
        replaced = opens.get(step.replaced_by)
        status = _status(step.window, act, today, lapsed=replaced is not None and replaced <= today)
        found.append(
            StepMark(
                step.code,
                step.window.opens,
                step.window.due,
                status,
                act.done_on,
                step.statutory,
                step.source,
                act.result,
                act.record_id,
            )  # fmt: skip
        )
    return tuple(found)


def _status(window: Window, act: Done, today: date, *, lapsed: bool) -> str:
    if act.not_needed:
        return "not_needed"
    if act.done_on is not None:
        return "done" if act.done_on <= window.due else "late"
    return "lapsed" if lapsed else window.status(today)


def after_care_codes() -> tuple[str, ...]:
    """Return the steps that are after-care contacts, in their order."""
    return tuple(dict.fromkeys(row["code"] for row in table("transition_rules.csv") if row["anchor"] == "left"))


def phase_of(code: str) -> str:
    """Return the phase of the way to which a step belongs, from what its date hangs on."""
    anchor = next((row["anchor"] for row in table("transition_rules.csv") if row["code"] == code), "")
    if anchor == "left":
        return "after_care"
    if code == "baseline" or code.startswith("review"):
        return "skills"
    return "prepare" if anchor == "birthday:16" else "placement"
