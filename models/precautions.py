"""Precautions 禁忌与注意: what speaks against a child's therapies for a while — until when, why, and ended by whom.

A precaution says which therapies it concerns and from when until when. What is *barred* 禁忌 is never planned and is
warned of at booking; what asks for *care* 注意 is only said. :func:`precautions_on` answers for many children at once,
together with what their plans warn of and with the vaccinations of the day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Date, String, Text, or_, select
from sqlalchemy.orm import Mapped

from models.alerts import Alert, alert
from models.child import OfChild
from models.core.errors import Problem
from models.core.fields import attachment, field, reference
from models.core.record import Record
from models.core.words import Code, CodeList
from models.department import ContraindicationRule, therapies_against, usual_days
from models.immunisation import VaccineDose
from models.rehabilitation import RehabilitationPlan
from models.therapies import CONTRAINDICATIONS, THERAPIES, short_name
from resources import N_, _

if TYPE_CHECKING:
    from models.core.database import Work

GRADES = CodeList(
    "precaution_grade",
    Code("barred", N_("Barred: not planned"), "禁忌：不排课"),
    Code("care", N_("With care: planned, but said"), "注意：可排课，须提示"),
)
SOURCES = CodeList(
    "precaution_source",
    Code("fracture", N_("Fracture"), "骨折"),
    Code("operation", N_("After an operation"), "手术后"),
    Code("vaccination", N_("Vaccination"), "预防接种"),
    Code("fever", N_("Fever observed"), "发热观察"),
    Code("seizure", N_("Seizure"), "癫痫发作"),
    Code("infection", N_("Infection"), "感染"),
    Code("skin", N_("Skin or wound"), "皮肤或伤口"),
    Code("doctor", N_("Doctor's order"), "医嘱"),
    Code("therapist", N_("Therapist's observation"), "治疗师观察"),
    Code("other", N_("Other source"), "其他来源"),
)
WHAT, SPAN, ENDED = N_("What speaks against it"), N_("From when until when"), N_("Ended early")
OPEN = ("current", "submitted", "reviewed", "approved")
PLAN_COUNTS = ("submitted", "reviewed", "approved", "returned", "archived")
"""States of a plan whose contraindications are warned of."""


class Precaution(OfChild, Record):
    """A contraindication or precaution of a child 禁忌与注意."""

    title: ClassVar[str] = N_("Contraindication or precaution")
    titles: ClassVar[str] = N_("Contraindications and precautions")
    area: ClassVar[str] = "rehabilitation"
    first_state: ClassVar[str] = "current"
    event_field: ClassVar[str] = "starts_on"
    title_field: ClassVar[str] = "starts_on"

    kind: Mapped[str | None] = field(N_("Contraindication"), codes=CONTRAINDICATIONS, section=WHAT, listed=True)
    rule_id: Mapped[str | None] = reference(N_("From the home's own list"), "contraindication_rule", section=WHAT)
    words: Mapped[str | None] = field(
        N_("In your own words"), String(100), section=WHAT, listed=True, searched=True,
        help=N_("E.g. which leg, which movement; said wherever the child is booked."),
    )  # fmt: skip
    grade: Mapped[str] = field(N_("How strictly"), codes=GRADES, section=WHAT, required=True, listed=True)
    therapies: Mapped[list[str] | None] = field(
        N_("Therapies concerned"), codes=THERAPIES, many=True, section=WHAT, listed=True,
        help=N_("Left empty, those of the list; where that names none, all therapies."),
    )  # fmt: skip
    source: Mapped[str] = field(N_("Source"), codes=SOURCES, section=WHAT, required=True, listed=True)
    ordered_by: Mapped[str | None] = field(N_("Ordered by"), String(60), section=WHAT)

    starts_on: Mapped[date] = field(N_("From"), Date, section=SPAN, required=True, listed=True, index=True)
    ends_on: Mapped[date | None] = field(N_("Until"), Date, section=SPAN, listed=True)
    note: Mapped[str | None] = field(N_("Note"), Text, section=SPAN)
    paper: Mapped[str | None] = attachment(N_("Doctor's paper"), section=SPAN)

    ended_on: Mapped[date | None] = field(N_("Last day it held"), Date, section=ENDED)
    end_reason: Mapped[str | None] = field(N_("Why it ended early"), String(200), section=ENDED)
    ended_by_id: Mapped[str | None] = reference(N_("Ended by"), "staff", section=ENDED)

    def before_save(self, work: Work) -> None:
        self.grade = self.grade or "barred"
        if self.ends_on is None and self.version is None and self.starts_on:
            with work.no_autoflush:
                days = usual_days(work, self.kind or "", self.rule_id or "", self.starts_on)
            self.ends_on = self.starts_on + timedelta(days=days - 1) if days else None
        if not self.therapies:
            with work.no_autoflush:
                found = therapies_against(work, self.kind or "", self.rule_id or "", self.starts_on or work.today)
            self.therapies = [code.code for code in THERAPIES if code.code in found] or None
        if self.ended_on and self.ended_by_id is None:
            self.ended_by_id = work.actor.staff_id

    def problems(self, work: Work) -> Iterator[Problem]:
        if not (self.kind or self.rule_id or (self.words or "").strip()):
            yield Problem("kind", _("Please say what speaks against it: from the list or in your own words."))
        if self.ends_on and self.ends_on < self.starts_on:
            yield Problem("ends_on", _("The end lies before the beginning."))
        if not self.ends_on and not self.ended_on:
            yield Problem("ends_on", _("No end: it will hold until somebody ends it."), warning=True)
        if self.ended_on and self.ended_on < self.starts_on - timedelta(days=1):
            yield Problem("ended_on", _("The end lies before the beginning."))
        if self.ended_on and not (self.end_reason or "").strip():
            yield Problem("end_reason", _("Please say why it ended early."))

    @property
    def last(self) -> date | None:
        """The last day on which it holds; None until further notice."""
        known = [day for day in (self.ends_on, self.ended_on) if day]
        return min(known) if known else None

    def summary(self) -> str:
        said = " ".join(filter(None, (CONTRAINDICATIONS.label(self.kind), self.words)))
        return _("{what}: {therapies}").format(what=said, therapies=therapy_words(self.therapies or ()))

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """Return valid values, for tests and the printed sample."""
        return {"kind": "fracture", "starts_on": work.today, "ends_on": work.today + timedelta(days=42)}


def therapy_words(therapies: Iterable[str]) -> str:
    """Name the therapies in short; none means all."""
    return _(", ").join(short_name(each) for each in therapies) or _("all therapies")


@dataclass(frozen=True)
class Bar:
    """What speaks against some therapies of one child for some days.

    Attributes:
        code: of the list of contraindications; ``own`` for the home's own entries and words.
        therapies: those concerned; empty means all of them.
        last: the last day, None until further notice.
        barred: whether it is never planned; otherwise it is only said.
        source: of :data:`SOURCES`; ``plan`` where the child's plan says it.
        record_id: the precaution; empty for what follows from other records.
    """

    child_id: str
    code: str
    words: str
    therapies: frozenset[str]
    first: date
    last: date | None
    barred: bool = True
    source: str = ""
    record_id: str = ""

    def concerns(self, therapy: str, day: date) -> bool:
        """Whether it speaks against a therapy on a day."""
        return self.holds(day) and (not self.therapies or therapy in self.therapies)

    def holds(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.first <= day and (self.last is None or day <= self.last)

    @property
    def until(self) -> str:
        """The words for its end: ``in force until 2026-12-24``, or nothing where it has none."""
        return _("in force until {day}").format(day=self.last.isoformat()) if self.last else ""


def precautions_on(
    work: Work, child_ids: Collection[str] | None, first: date, last: date
) -> dict[str, tuple[Bar, ...]]:
    """Return what speaks against therapies of some children between two days, by child; ``None`` asks for all.

    What the children's plans warn of is contained, but does not bar: the plan prescribes knowing it.
    """
    found: defaultdict[str, list[Bar]] = defaultdict(list)
    for bar in (*_recorded(work, child_ids, first, last), *_vaccinated(work, child_ids, first, last),
                *_planned(work, child_ids, first, last)):  # fmt: skip
        found[bar.child_id].append(bar)
    return {child_id: tuple(bars) for child_id, bars in found.items()}


def _of(statement: Any, column: Any, child_ids: Collection[str] | None) -> Any:
    return statement if child_ids is None else statement.where(column.in_(list(child_ids)))


def _recorded(work: Work, child_ids: Collection[str] | None, first: date, last: date) -> Iterator[Bar]:
    statement = select(Precaution).where(
        Precaution.deleted_at.is_(None), Precaution.state.in_(OPEN), Precaution.starts_on <= last,
        or_(Precaution.ends_on.is_(None), Precaution.ends_on >= first),
        or_(Precaution.ended_on.is_(None), Precaution.ended_on >= first),
    )  # fmt: skip
    rules = {each.id: each.name for each in work.execute(select(ContraindicationRule.id, ContraindicationRule.name))}
    asked = _of(statement, Precaution.child_id, child_ids).order_by(Precaution.starts_on, Precaution.id)
    for each in work.scalars(asked):
        if each.last is not None and each.last < each.starts_on:
            continue
        said = (CONTRAINDICATIONS.label(each.kind), rules.get(each.rule_id or "", ""), each.words)
        yield Bar(
            each.child_id, each.kind or "own", _(", ").join(filter(None, said)), frozenset(each.therapies or ()),
            each.starts_on, each.last, each.grade == "barred", each.source, each.id,
        )  # fmt: skip


def _vaccinated(work: Work, child_ids: Collection[str] | None, first: date, last: date) -> Iterator[Bar]:
    """The day of a vaccination, as far as the list of contraindications names therapies for it."""
    against = therapies_against(work, "vaccinated", "", first)
    if not against:
        return
    dose = VaccineDose
    statement = select(dose.child_id, dose.given_on).where(
        dose.deleted_at.is_(None), dose.state.not_in(["void", "superseded"]), dose.outcome == "given",
        dose.given_on.between(first, last),
    )  # fmt: skip
    rows = {(each.child_id, each.given_on) for each in work.execute(_of(statement, dose.child_id, child_ids))}
    for child_id, day in sorted(rows):
        yield Bar(child_id, "vaccinated", CONTRAINDICATIONS.label("vaccinated"), against, day, day, True, "vaccination")


def _planned(work: Work, child_ids: Collection[str] | None, first: date, last: date) -> Iterator[Bar]:
    plan = RehabilitationPlan
    statement = select(plan.child_id, plan.starts_on, plan.ends_on, plan.contraindications).where(
        plan.deleted_at.is_(None), plan.state.in_(PLAN_COUNTS), plan.starts_on <= last, plan.ends_on >= first
    )
    for child_id, starts_on, ends_on, codes in work.execute(_of(statement, plan.child_id, child_ids)):
        for code in codes or ():
            against = therapies_against(work, code, "", first)
            yield Bar(child_id, code, CONTRAINDICATIONS.label(code), against, starts_on, ends_on, False, "plan")


@alert
def precaution_alerts(work: Work, child_ids: Sequence[str]) -> Iterator[Alert]:
    """What is barred or asks for care today, on the child's banner."""
    for bar in (bar for bars in precautions_on(work, child_ids, work.today, work.today).values() for bar in bars):
        if bar.record_id:
            words = _("{what}: no {therapies}") if bar.barred else _("{what}: care with {therapies}")
            said = words.format(what=bar.words, therapies=therapy_words(sorted(bar.therapies)))
            text = _("{words}, {until}").format(words=said, until=bar.until) if bar.until else said
            yield Alert(bar.child_id, text, "warning", "shield-ban" if bar.barred else "triangle-alert")


def end_early(work: Work, precaution_id: str, last_day: date, reason: str) -> None:
    """End a precaution before its time, with the reason."""
    from models.core import records

    records.save(work, Precaution, {"ended_on": last_day, "end_reason": reason}, id=precaution_id, confirmed=True)
