"""Month 月度综合记录: what the areas have to say about one child in one month, ready for paper.

Each area registers one function; ``reports.monthly_record`` lays the result out:

    @month_section("care", N_("Care"), order=10)
    def care(work: Work, child_id: str, month: Month) -> Section: ...

What is intended for the coming month comes from lines that areas contribute with ``month_plan``.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_

from models.age import age_on
from models.alerts import alerts_for
from models.child import Child
from models.core import attachments
from models.core.database import Work
from models.core.errors import Forbidden, Refused
from models.core.fields import field_of, words_of
from models.core.queries import load, rows, titles
from resources import _

if TYPE_CHECKING:
    from models.core.home import Home


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month, ``Month(2026, 10)``."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read ``2026-10``.

        Raises:
            ValueError: when it is not a month.
        """
        year, month = text.split("-")
        made = cls(int(year), int(month))
        _ = made.first
        return made

    @property
    def first(self) -> date:
        """The first day."""
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        """The last day."""
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def days(self) -> int:
        """The number of days."""
        return self.last.day

    def next(self) -> Month:
        """The month after this one."""
        after = self.last + timedelta(days=1)
        return Month(after.year, after.month)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02d}"


@dataclass(frozen=True)
class Grid:
    """A table on paper: headings, rows of finished text, and which columns are numbers."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    numeric: frozenset[int] = frozenset()
    widths: tuple[float, ...] = ()
    """Relative widths of the columns; equal when left out."""


@dataclass(frozen=True)
class Section:
    """One area's part of the month: figures in a line, tables, free text, and at most one chart.

    Attributes:
        facts: (label, value) pairs shown in a compact grid.
        grids: tables.
        texts: (label, text) pairs, laid out in full.
        chart: the data of a chart that ``reports.charts`` knows how to draw (a frozen dataclass), a tuple of
            several drawn side by side, or None.
        withheld: the person may not read this area; the paper says so instead of seeming to know of nothing.
    """

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    grids: tuple[Grid, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    chart: Any = None
    area: str = ""
    withheld: bool = False

    @property
    def empty(self) -> bool:
        """Whether the month brought nothing to say here."""
        return not (self.facts or self.grids or self.chart or any(text.strip() for _label, text in self.texts))


@dataclass(frozen=True)
class _Registered:
    order: int
    area: str
    title: str
    make: Callable[[Work, str, Month], Section] = field(compare=False)
    needs: str = ""


_sections: list[_Registered] = []


def month_section(area: str, title: str, order: int, needs: str = "") -> Callable[[Any], Any]:
    """Register the function that writes one area's section.

    ``needs`` is the record type without which a person has no business with the section; by default the
    area's main one.
    """

    def register(make: Callable[[Work, str, Month], Section]) -> Callable[[Work, str, Month], Section]:
        _sections.append(_Registered(order, area, title, make, needs or _NEEDS.get(area, "Child")))
        return make

    return register


_NEEDS = {
    "care": "NursingRecord", "treatment": "MedicalVisit", "rehabilitation": "TherapySession", "education": "Schooling",
    "safety": "Incident", "social_work": "ContactNote", "allowance": "AllowanceEntitlement",
    "transition": "TransitionPlan",
}  # fmt: skip


def needs_of(section: Section) -> str:
    """Return the record type without which a person has no business with a section; empty when it is of no area."""
    found = (
        each.needs for each in _sections if each.area == section.area and section.title in {each.title, _(each.title)}
    )
    return next(found, _NEEDS.get(section.area, ""))


def sections_of(work: Work, child_id: str, month: Month) -> list[Section]:
    """Return all sections of one child's month, in the order of the paper."""
    made = []
    for each in sorted(_sections, key=lambda each: each.order):
        if work.actor.may("read", each.needs):
            section = each.make(work, child_id, month)
            if section is not None:  # an area that does not concern this child at all, like transition under 14
                made.append(section)
        else:
            made.append(Section(_(each.title), area=each.area, withheld=True))
    return made


def once(work: Work, make: Callable[..., Any], *asked: Any) -> Any:
    """Return what ``make(work, *asked)`` finds; while a child's month is gathered the database is asked only once."""
    known: dict[Any, Any] | None = work.info.get(_KNOWN)
    if known is None:
        return make(work, *asked)
    key = (make, *asked)
    if key not in known:
        known[key] = make(work, *asked)
    return known[key]


_KNOWN = "found for the month of one child"

Plan = Callable[[Work, str, Month], Iterable[str]]
_plans: list[tuple[int, Plan]] = []


def month_plan(order: int) -> Callable[[Plan], Plan]:
    """Register a function that says, line by line, what an area intends for the month it is given."""

    def register(plan: Plan) -> Plan:
        _plans.append((order, plan))
        return plan

    return register


def plan_of(work: Work, child_id: str, month: Month) -> list[str]:
    """Return what all areas intend for a child in a month to come."""
    ordered = sorted(_plans, key=lambda each: each[0])
    return [line for _order, plan in ordered for line in plan(work, child_id, month)]


@dataclass(frozen=True)
class MonthlyRecord:
    """One child's month, gathered as plain values for paper 儿童月度综合记录.

    Attributes:
        facts: who the child is, as (label, value).
        warnings: what everyone must know, the gravest first.
        plan: what is intended for the next month.
        finished: the month is over, so that the record is complete.
        photo: the picture's bytes, or None.
    """

    child_id: str
    name: str
    number: str
    month: Month
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    warnings: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()
    finished: bool = True
    photo: bytes | None = None


Photos = Callable[[Work, str], bytes | None]
"""Reads a stored picture by its content hash."""


def photos_in(home: Home | None) -> Photos:
    """Return the reader of pictures kept in a home's folder; one that is missing or not for this person is left out."""

    def read(work: Work, sha: str) -> bytes | None:
        if home is None:
            return None
        try:
            return attachments.read(home, work, sha)
        except Refused:
            return None

    return read


def gather(work: Work, child_id: str, month: Month, photos: Photos = lambda work, sha: None) -> MonthlyRecord:
    """Gather one child's month from all areas.

    Raises:
        Missing: when the child is not there, or not entrusted to the person.
        Forbidden: when the person may not print records of children.
    """
    if not work.actor.may("print", Child):
        raise Forbidden(_("Your roles do not allow this: {what}.").format(what=_("Print")))
    child = load(work, Child, child_id)
    work.info[_KNOWN] = {}
    try:
        return _gathered(work, child, month, photos)
    finally:
        del work.info[_KNOWN]


def _gathered(work: Work, child: Child, month: Month, photos: Photos) -> MonthlyRecord:
    return MonthlyRecord(
        child_id=child.id,
        name=child.name,
        number=child.number,
        month=month,
        facts=tuple(facts_of(work, child, min(month.last, work.today))),
        sections=tuple(sections_of(work, child.id, month)),
        warnings=tuple(each.text for each in alerts_for(work, [child.id])),
        plan=tuple(plan_of(work, child.id, month.next())),
        finished=month.last < work.today,
        photo=photos(work, child.photo) if child.photo else None,
    )


def facts_of(work: Work, child: Child, day: date) -> Iterator[tuple[str, str]]:
    """Say who the child is on a day, in the field's own words."""
    unit = titles(work, "unit", [child.unit_id]).get(child.unit_id or "", "")
    age = age_on(child.born_on, day).in_full(estimated=child.birth_estimated) if child.born_on <= day else ""
    born = _("{day} (estimated)") if child.birth_estimated else "{day}"
    yield _("Name"), child.name
    yield _("Sex"), _said(child, "sex")
    yield _("Date of birth"), born.format(day=child.born_on.isoformat())
    yield _("Age"), age
    yield _("Ethnic group"), _said(child, "ethnic_group")
    yield _("Admitted on"), _said(child, "admitted_on")
    yield _("Unit"), " ".join(filter(None, (unit, child.bed)))
    yield _("Placement"), _said(child, "placement")
    yield _("Category"), _said(child, "category")
    yield _("Disability"), " ".join(filter(None, (_said(child, "disabilities"), _said(child, "disability_grade"))))


def _said(child: Child, name: str) -> str:
    return words_of(field_of(Child, name), getattr(child, name))


@dataclass(frozen=True)
class ChildOfMonth:
    """A child who was in the home in a month: what the choice of records to print shows."""

    id: str
    name: str
    number: str
    unit: str


def children_of(work: Work, month: Month, unit_id: str = "", search: str = "") -> list[ChildOfMonth]:
    """Return the children in care during a month, by file number, of one unit or of the whole home."""
    table = Child
    asked = [
        or_(table.admitted_on.is_(None), table.admitted_on <= month.last),
        or_(table.left_on.is_(None), table.left_on >= month.first),
        table.born_on <= month.last,
        table.state != "void",
    ]
    if unit_id:
        asked.append(table.unit_id == unit_id)
    shown = [field_of(Child, name) for name in ("name", "number", "unit_id")]
    found = rows(work, Child, fields=shown, where=asked, search=search, order="number", descending=False)
    return [ChildOfMonth(each.id, each.values[0], each.values[1], each.values[2] or "") for each in found]
