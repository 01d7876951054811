"""Funded programmes 残疾儿童康复救助项目: what each asks of a designated unit, and which child is enrolled.

The norms are dated rows of ``resources/reference/rehab/funded_programmes.csv``, each with its source; what becomes
of a child's month under them is counted in :mod:`models.funded_days` and judged in :mod:`models.funded_lights`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import Date, Integer, String, Text, select
from sqlalchemy.orm import Mapped

from models.age import months_later, years_on
from models.calendar_rules import in_force
from models.child import Child, OfChild
from models.core.errors import Problem
from models.core.fields import Money, attachment, field
from models.core.record import Record
from models.core.words import Code, CodeList, TableCodes
from models.terms import WithTerm
from resources import N_, _, table

if TYPE_CHECKING:
    from models.core.database import Work

SOURCE = "rehab/funded_programmes.csv"
PROGRAMMES: CodeList = TableCodes("funded_programme", SOURCE, code="programme", chinese="name_zh", english="name_en")
ENDINGS = CodeList(
    "enrolment_end",
    Code("finished", N_("Period over"), "救助期满"),
    Code("moved", N_("Moved to another unit"), "转至其他机构"),
    Code("stopped", N_("Stopped early"), "中途终止"),
    Code("other", N_("Other reason"), "其他原因"),
)
CARD = N_("Aid card")
FUNDING = N_("Funding approved")
END = N_("End of the enrolment")


@dataclass(frozen=True)
class Norm:
    """What a programme asks for, as it holds on a day; None where it asks for nothing.

    Attributes:
        average: the days a month are meant on average, so that a month may be balanced by those before it.
        month_counts_from: from how many training days on a month counts for the year.
        lesson: minutes of one lesson 课时.
        subsidy_in_need: the year's subsidy of children in need, those of welfare homes among them.
    """

    programme: str
    months_a_year: int | None
    month_counts_from: int
    days_a_month: int | None
    average: bool
    lessons_a_day: int | None
    group_lessons_a_day: int | None
    minutes_a_day: int | None
    lesson: int
    subsidy_a_year: int | None
    subsidy_a_month: int | None
    subsidy_in_need: int | None
    disabilities: frozenset[str]
    age_from: int
    age_below: int
    source: str
    verification: str

    def words(self) -> str:
        """Say in one line what is asked."""
        parts = []
        if self.months_a_year:
            parts.append(_("{n} months a year").format(n=self.months_a_year))
        if self.days_a_month:
            often = _("{n} days a month on average") if self.average else _("{n} days a month")
            parts.append(often.format(n=self.days_a_month))
        if self.lessons_a_day and self.group_lessons_a_day:
            words = _("{n} lessons a day, {m} of them in groups")
            parts.append(words.format(n=self.lessons_a_day, m=self.group_lessons_a_day))
        elif self.lessons_a_day:
            parts.append(_("{n} lessons a day").format(n=self.lessons_a_day))
        if self.minutes_a_day:
            parts.append(_("{n} h a day").format(n=f"{self.minutes_a_day / 60:g}"))
        return _("; ").join(parts)


def _number(text: str) -> int | None:
    return int(text) if text else None


def norm_on(programme: str, day: date) -> Norm | None:
    """Return what a programme asks for on a day; None when there is no such programme then."""
    own = [row for row in table(SOURCE) if row["programme"] == programme]
    rows = in_force(own, day, region=own[0]["region"] if own else "")
    if not rows:
        return None
    row = rows[-1]
    return Norm(
        programme, _number(row["months_a_year"]), int(row["month_counts_from"] or 1), _number(row["days_a_month"]),
        row["average"] == "yes", _number(row["lessons_a_day"]), _number(row["group_lessons_a_day"]),
        _number(row["minutes_a_day"]), int(row["lesson_minutes"] or 30), _number(row["subsidy_a_year"]),
        _number(row["subsidy_a_month"]), _number(row["subsidy_in_need"]), frozenset(row["disabilities"].split()),
        int(row["age_from"] or 0), int(row["age_below"] or 99), row["source"], row["verification"],
    )  # fmt: skip


class ProgrammeEnrolment(WithTerm, OfChild, Record):
    """A child enrolled in a funded programme 康复救助登记: the aid card, for how long, and how much is approved."""

    title: ClassVar[str] = N_("Enrolment in a funded programme")
    titles: ClassVar[str] = N_("Funded enrolments")
    area: ClassVar[str] = "rehabilitation"
    first_state: ClassVar[str] = "current"
    event_field: ClassVar[str] = "starts_on"
    title_field: ClassVar[str] = "programme"

    programme: Mapped[str] = field(N_("Funded programme"), codes=PROGRAMMES, section=CARD, required=True, listed=True)
    card_number: Mapped[str | None] = field(N_("Aid card number"), String(40), section=CARD, listed=True, searched=True)
    starts_on: Mapped[date] = field(N_("From"), Date, section=CARD, required=True, listed=True, index=True)
    ends_on: Mapped[date] = field(N_("Until"), Date, section=CARD, required=True, listed=True)
    referral: Mapped[str | None] = attachment(N_("Card and referral"), section=CARD)

    approved_on: Mapped[date | None] = field(N_("Approved on"), Date, section=FUNDING)
    approved_amount: Mapped[Decimal | None] = field(
        N_("Approved amount"), Money(), section=FUNDING, unit=N_("yuan"), minimum=0, maximum=1_000_000, listed=True
    )
    approved_months: Mapped[int | None] = field(
        N_("Approved months"), Integer, section=FUNDING, unit=N_("months"), minimum=1, maximum=24
    )

    ended_on: Mapped[date | None] = field(N_("Ended on"), Date, section=END)
    ending: Mapped[str | None] = field(N_("How it ended"), codes=ENDINGS, section=END, listed=True)
    note: Mapped[str | None] = field(N_("Note"), Text, section=END)

    def problems(self, work: Work) -> Iterator[Problem]:
        yield from self.term_problems(
            _("This lies outside the time for which the child is enrolled."), _("Please say how it ended.")
        )
        if self.backwards:
            return
        if _overlapping(work, self):
            yield Problem("starts_on", _("The child is enrolled in this programme at that time already."))
        yield from _entitled(work, self)

    def summary(self) -> str:
        return _("{programme}, {first} to {last}").format(
            programme=PROGRAMMES.label(self.programme), first=self.starts_on, last=self.last_day
        )

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """Return valid values, for tests and the printed sample."""
        first = work.today.replace(month=1, day=1)
        return {"programme": "sz_physical", "starts_on": first, "ends_on": first.replace(month=12, day=31)}


def _overlapping(work: Work, mine: ProgrammeEnrolment) -> bool:
    kind = ProgrammeEnrolment
    same = select(kind).where(
        kind.child_id == mine.child_id, kind.programme == mine.programme, kind.id != mine.id, kind.deleted_at.is_(None),
        kind.state != "void", kind.starts_on <= mine.last_day, kind.ends_on >= mine.starts_on,
    )  # fmt: skip
    return any(each.last_day >= mine.starts_on for each in work.scalars(same))


def _entitled(work: Work, mine: ProgrammeEnrolment) -> Iterator[Problem]:
    """Warn when age or disability are not those that the programme is for."""
    norm = norm_on(mine.programme, mine.starts_on)
    child = work.execute(select(Child.born_on, Child.disabilities).where(Child.id == mine.child_id)).first()
    if norm is None:
        yield Problem("programme", _("This programme does not exist at that time."))
    elif child is not None and child.born_on <= mine.starts_on:
        age = years_on(child.born_on, mine.starts_on)
        if not norm.age_from <= age < norm.age_below:
            words = _("The programme is for children from {low} to below {high} years; the child is {n}.")
            words = words.format(low=norm.age_from, high=norm.age_below, n=age)
            yield Problem("programme", words, warning=True)
        if child.disabilities and norm.disabilities.isdisjoint(child.disabilities):
            yield Problem("programme", _("The child's disability is not one that the programme is for."), warning=True)


@dataclass(frozen=True)
class Enrolment:
    """One enrolment as counting and screens need it; ``ends_on`` is the last day it really holds."""

    id: str
    child_id: str
    programme: str
    card_number: str
    starts_on: date
    ends_on: date
    approved_amount: Decimal | None
    approved_months: int | None

    def year_on(self, day: date) -> tuple[date, date]:
        """Return the enrolment's own year that a day lies in: twelve months from its beginning, or up to its end."""
        first = self.starts_on
        while months_later(first, 12) <= day:
            first = months_later(first, 12)
        return first, min(months_later(first, 12) - timedelta(days=1), self.ends_on)


def enrolments(work: Work, first: date, last: date, child_id: str = "") -> list[Enrolment]:
    """Return the enrolments that hold on some day of a span, of one child or of all this person may see."""
    kind = ProgrammeEnrolment
    statement = select(kind).where(
        kind.deleted_at.is_(None), kind.state != "void", kind.starts_on <= last, kind.ends_on >= first
    )
    if child_id:
        statement = statement.where(kind.child_id == child_id)
    found = work.scalars(statement.order_by(kind.child_id, kind.starts_on, kind.id))
    return [
        Enrolment(
            each.id, each.child_id, each.programme, each.card_number or "", each.starts_on, each.last_day,
            each.approved_amount, each.approved_months,
        )
        for each in found
        if each.last_day >= first
    ]  # fmt: skip
