"""Immunisation 预防接种: the doses a child has had, the plan that follows, and who is due."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Boolean, Date, Integer, String, select
from sqlalchemy.orm import Mapped

from models.age import age_on
from models.child import Child, OfChild
from models.core.errors import Problem
from models.core.fields import attachment, field
from models.core.record import Record
from models.core.words import Code, CodeList
from models.month import Grid, Month, month_plan
from models.placement import living_here
from models.reminders import Due, reminder
from models.vaccine_plan import OPEN, Barrier, Given, Planned, plan, refusals
from models.vaccine_programme import VACCINES, programme_on, series_of
from resources import N_, _

if TYPE_CHECKING:
    from models.core.database import Work

VACCINATION = N_("Vaccination")
BATCH = N_("Vaccine and place")
AFTER = N_("Afterwards")

VACCINE_OUTCOMES = CodeList(
    "vaccine_outcome",
    Code("given", "Given", "已接种"),
    Code("deferred", "Put off", "暂缓接种"),
    Code("contraindicated", "Not to be given", "接种禁忌"),
)
SITES = CodeList(
    "injection_site",
    Code("left_arm", "Left upper arm", "左上臂"),
    Code("right_arm", "Right upper arm", "右上臂"),
    Code("left_thigh", "Left thigh", "左大腿"),
    Code("right_thigh", "Right thigh", "右大腿"),
    Code("oral", "By mouth", "口服"),
)
REACTIONS = CodeList(
    "vaccine_reaction",
    Code("none", "None", "无"),
    Code("local", "Red or swollen at the place", "局部红肿"),
    Code("fever", "Fever", "发热"),
    Code("rash", "Rash", "皮疹"),
    Code("severe", "Severe reaction", "严重反应"),
)


class VaccineDose(OfChild, Record):
    """One vaccination, or the decision to put it off 接种记录."""

    title: ClassVar[str] = N_("Vaccination")
    titles: ClassVar[str] = N_("Vaccinations")
    area: ClassVar[str] = "treatment"
    first_state: ClassVar[str] = "submitted"
    event_field: ClassVar[str] = "given_on"
    title_field: ClassVar[str] = "given_on"

    vaccine: Mapped[str] = field(N_("Vaccine"), codes=VACCINES, section=VACCINATION, required=True, listed=True)
    outcome: Mapped[str] = field(
        N_("Vaccination status"),
        codes=VACCINE_OUTCOMES,
        section=VACCINATION,
        default="given",
        nullable=False,
        listed=True,
    )
    given_on: Mapped[date] = field(N_("Date"), Date, section=VACCINATION, required=True, listed=True)
    dose_number: Mapped[int | None] = field(
        N_("Dose number"),
        Integer,
        section=VACCINATION,
        minimum=1,
        maximum=9,
        listed=True,
        help=N_("Left empty, it is counted."),
    )
    until: Mapped[date | None] = field(N_("Put off until"), Date, section=VACCINATION)
    reason: Mapped[str | None] = field(N_("Reason"), String(200), section=VACCINATION)
    batch: Mapped[str | None] = field(N_("Batch"), String(40), section=BATCH, listed=True)
    manufacturer: Mapped[str | None] = field(N_("Manufacturer"), String(100), section=BATCH)
    site: Mapped[str | None] = field(N_("Place on the body"), codes=SITES, section=BATCH)
    clinic: Mapped[str | None] = field(N_("Clinic"), String(100), section=BATCH, listed=True, searched=True)
    own_expense: Mapped[bool | None] = field(N_("Paid by the home"), Boolean, section=BATCH)
    reaction: Mapped[str | None] = field(N_("Reaction"), codes=REACTIONS, section=AFTER)
    reaction_note: Mapped[str | None] = field(N_("About the reaction"), String(200), section=AFTER)
    paper: Mapped[str | None] = attachment(N_("Page of the certificate (scan)"), section=AFTER)

    def before_save(self, work: Work) -> None:
        self.outcome = self.outcome or "given"
        if self.outcome == "given" and not self.dose_number and self.vaccine and self.given_on:
            series = set(series_of(self.vaccine)) or {self.vaccine}
            earlier = [
                each for each in doses_of(work, self.child_id)
                if each.id != self.id and each.day <= self.given_on and (set(series_of(each.vaccine)) or {each.vaccine}) & series
            ]  # fmt: skip
            self.dose_number = min(len(earlier) + 1, 9)

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.outcome != "given":
            yield from self._put_off_problems()
            return
        child = work.execute(select(Child.born_on, Child.sex).where(Child.id == self.child_id)).first()
        if self.given_on > work.today:
            yield Problem("given_on", _("This day lies in the future."))
        if child is None or self.given_on < child.born_on:
            yield Problem("given_on", _("This day lies before the birth."))
            return
        others = [each for each in doses_of(work, self.child_id) if each.id != self.id]
        if any(each.vaccine == self.vaccine and each.day == self.given_on for each in others):
            yield Problem("given_on", _("This vaccine is already noted for this day."))
            return
        for words in refusals(
            programme_on(self.given_on), child.born_on, child.sex, others, self.vaccine, self.given_on
        ):
            yield Problem("given_on", words, warning=True)
        for barrier in barriers_of(work, [self.child_id]).get(self.child_id, []):
            if barrier.vaccine == self.vaccine and (barrier.until is None or barrier.until > self.given_on):
                yield Problem(
                    "vaccine", _("This vaccine was put off: {reason}").format(reason=barrier.reason), warning=True
                )

    def _put_off_problems(self) -> Iterator[Problem]:
        if not (self.reason or "").strip():
            yield Problem("reason", _("Please give a reason."))
        if self.outcome == "deferred" and not self.until:
            yield Problem("until", _("Until when is it put off?"))
        if self.until and self.until <= self.given_on:
            yield Problem("until", _("The end lies before the beginning."))

    def summary(self) -> str:
        words = VACCINES.label(self.vaccine)
        if self.outcome != "given":
            return f"{words} · {VACCINE_OUTCOMES.label(self.outcome)}"
        return _("{vaccine}, dose {n}").format(vaccine=words, n=self.dose_number or 1)


def _valid(*which: Any) -> Any:
    return select(VaccineDose).where(
        VaccineDose.deleted_at.is_(None), VaccineDose.state.not_in(("void", "superseded")), *which
    )


def doses_of(work: Work, child_id: str) -> list[Given]:
    """Return what a child has had, the earliest first."""
    return _given(work, [child_id]).get(child_id, [])


def _given(work: Work, child_ids: Sequence[str]) -> dict[str, list[Given]]:
    found: dict[str, list[Given]] = {}
    statement = _valid(VaccineDose.child_id.in_(child_ids), VaccineDose.outcome == "given")
    for each in work.scalars(statement.order_by(VaccineDose.given_on)):
        found.setdefault(each.child_id, []).append(Given(each.vaccine, each.given_on, each.id))
    return found


def barriers_of(work: Work, child_ids: Sequence[str]) -> dict[str, list[Barrier]]:
    """Return what was put off or is not to be given, by child."""
    found: dict[str, list[Barrier]] = {}
    statement = _valid(VaccineDose.child_id.in_(child_ids), VaccineDose.outcome != "given")
    for each in work.scalars(statement.order_by(VaccineDose.given_on.desc())):
        until = each.until if each.outcome == "deferred" else None
        found.setdefault(each.child_id, []).append(Barrier(each.vaccine, until, each.reason or ""))
    return found


# --- plans and lists ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class PlanSheet:
    """A child's whole plan, and what was given outside the programme."""

    child_id: str
    name: str
    born_on: date
    estimated: bool
    edition: str
    lines: tuple[Planned, ...]
    others: tuple[Given, ...]


def plan_sheet(work: Work, child_id: str) -> PlanSheet:
    """Return a child's plan by the programme in force today."""
    child = work.scalar(select(Child).where(Child.id == child_id))
    if child is None:
        from models.core.queries import load

        child = load(work, Child, child_id)
    given, barriers = _given(work, [child_id]).get(child_id, []), barriers_of(work, [child_id]).get(child_id, [])
    programme = programme_on(work.today)
    lines = plan(programme, child.born_on, child.sex, given, work.today, barriers)
    others = tuple(each for each in given if not series_of(each.vaccine))
    return PlanSheet(child_id, child.name, child.born_on, child.birth_estimated, programme.edition, lines, others)


@dataclass(frozen=True)
class DueVaccine:
    """One dose that a child can or should have, for the list of the home."""

    child_id: str
    name: str
    number: str
    age: str
    unit_id: str
    line: Planned


def due_vaccines(work: Work, until: date, unit_id: str = "") -> list[DueVaccine]:
    """Return the doses of all children that are overdue, due, or become possible until a day; the most urgent first."""
    statement = select(Child).where(Child.deleted_at.is_(None), living_here())
    if unit_id:
        statement = statement.where(Child.unit_id == unit_id)
    children = list(work.scalars(statement.order_by(Child.number)))
    ids = [each.id for each in children]
    given, barriers = _given(work, ids), barriers_of(work, ids)
    programme = programme_on(work.today)
    found = []
    for child in children:
        lines = plan(
            programme, child.born_on, child.sex, given.get(child.id, ()), work.today, barriers.get(child.id, ())
        )
        age = age_on(child.born_on, max(work.today, child.born_on)).words(estimated=child.birth_estimated)
        found += [
            DueVaccine(child.id, child.name, child.number, age, child.unit_id or "", line)
            for line in lines if line.status in OPEN or (line.status in ("later", "barred") and line.on and line.on <= until)
        ]  # fmt: skip
    order = {"overdue": 0, "due": 1, "later": 2, "barred": 3}
    return sorted(found, key=lambda each: (order[each.line.status], each.line.overdue_from or date.max, each.number))


def dose_title(line: Planned) -> str:
    """Say a dose of the plan: the vaccine and which of how many."""
    return _("{vaccine} {n}/{total}").format(vaccine=VACCINES.label(line.vaccine), n=line.number, total=line.total)


@reminder
def vaccines_due(work: Work) -> Iterator[Due]:
    """Children with vaccinations overdue or possible now, one line a child."""
    by_child: dict[str, list[DueVaccine]] = {}
    for each in due_vaccines(work, work.today):
        if each.line.status in OPEN:
            by_child.setdefault(each.child_id, []).append(each)
    for child_id, doses in by_child.items():
        titles = _(", ").join(dose_title(each.line) for each in doses[:4])
        if len(doses) > 4:
            titles += _(" and {n} more").format(n=len(doses) - 4)
        when = min(each.line.overdue_from or date.max for each in doses) - timedelta(days=1)
        yield Due(
            _("Vaccinate: {list}").format(list=titles), "treatment", when, child_id=child_id,
            child_name=doses[0].name, needs=("VaccineDose", "create"), page="child",
            target={"child_id": child_id, "tab": "immunisation"},
        )  # fmt: skip


@month_plan(order=32)
def vaccinations_next_month(work: Work, child_id: str, month: Month) -> Iterator[str]:
    """Say which vaccinations are open or become possible in the month to come."""
    if not work.actor.may("read", VaccineDose):
        return
    lines = [
        each
        for each in plan_sheet(work, child_id).lines
        if each.status in (*OPEN, "later") and each.on and each.on <= month.last
    ]
    if lines:
        yield _("Vaccinations: {list}.").format(list=_(", ").join(dose_title(each) for each in lines))


def given_in_month(work: Work, child_id: str, month: Month) -> Grid | None:
    """Return the vaccinations of one month as a table, None when there were none."""
    statement = _valid(VaccineDose.child_id == child_id, VaccineDose.given_on.between(month.first, month.last))
    rows = tuple(
        (
            each.given_on.isoformat(), VACCINES.label(each.vaccine), str(each.dose_number or ""),
            each.reason or "" if each.outcome != "given" else each.batch or "",
            VACCINE_OUTCOMES.label(each.outcome) if each.outcome != "given" else REACTIONS.label(each.reaction or "none"),
        )
        for each in work.scalars(statement.order_by(VaccineDose.given_on))
    )  # fmt: skip
    headings = (_("Date"), _("Vaccine"), _("Dose number"), _("Batch or reason"), _("Reaction"))
    return Grid(headings, rows, _("Vaccinations"), frozenset({2}), (2, 4, 1.2, 2, 2)) if rows else None
