"""Paper plan 打印计划: which documents a printing for many children makes, in which order and under which names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from models.child import Child
from models.core.database import Work
from models.core.fields import field_of
from models.core.queries import rows
from models.month import ChildOfMonth, Month
from models.paper_jobs import ALL, CHILD, EACH, UNIT, Document, Entry
from models.paper_names import RULE, Names, named
from resources import _

FLAT, BY_CHILD, BY_UNIT = "flat", "by_child", "by_unit"
"""Where the files of a folder lie: side by side, or in folders of their own."""


class Kind(Protocol):
    """What the plan needs to know of a paper."""

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def through(self) -> bool: ...
    def period(self, month: Month) -> str:
        """What stands for the time in a file name."""


@dataclass(frozen=True)
class Plan:
    """How a printing is wished.

    Attributes:
        manner: ``each``, ``child``, ``unit`` or ``all``: what becomes one document.
        order: bound volumes are sorted by unit, then by file number.
    """

    month: Month
    papers: Sequence[Kind]
    manner: str = EACH
    rule: str = RULE
    places: str = FLAT
    folder: str = ""


def planned(children: Sequence[ChildOfMonth], plan: Plan, taken: Iterable[str] = ()) -> tuple[Document, ...]:
    """Return the documents of a printing; none bears a name that is ``taken``."""
    names = Names(plan.rule, taken, plan.folder)
    volumes = [each for each in plan.papers if each.through]
    loose = [each for each in plan.papers if not each.through]
    if plan.manner == EACH:
        return tuple(_own(child, paper, plan, names) for child in children for paper in plan.papers)
    made: list[Document] = []
    for heading, some in _together(children, plan.manner):
        if loose:
            made.append(_bound(heading, some, loose, plan, names))
        made += [_own(child, paper, plan, names) for child in some for paper in volumes]
    return tuple(made)


def _together(children: Sequence[ChildOfMonth], manner: str) -> list[tuple[str, list[ChildOfMonth]]]:
    """Group the children as they are bound, by unit and file number; each group with its heading."""
    if manner == CHILD:
        return [("", [each]) for each in children]
    ordered = sorted(children, key=lambda each: (not each.unit, each.unit, each.number))
    if manner == ALL:
        return [("", ordered)] if ordered else []
    return [(unit, list(some)) for unit, some in groupby(ordered, key=lambda each: each.unit)]


def _own(child: ChildOfMonth, paper: Kind, plan: Plan, names: Names) -> Document:
    facts = _facts(child) | {"form": _(paper.title), "period": paper.period(plan.month)}
    return Document(names.of(facts, _place(child, plan)), (Entry(child.id, child.name, paper.key),))


def _bound(heading: str, some: Sequence[ChildOfMonth], papers: Sequence[Kind], plan: Plan, names: Names) -> Document:
    entries = tuple(Entry(child.id, child.name, paper.key) for child in some for paper in papers)
    form = _(papers[0].title) if len(papers) == 1 else _("Papers")
    period = papers[0].period(plan.month) if len(papers) == 1 else str(plan.month)
    if plan.manner == CHILD:
        facts = _facts(some[0]) | {"form": form, "period": period}
        return Document(names.of(facts, _place(some[0], plan)), entries)
    unit = (heading or _("No unit")) if plan.manner == UNIT else ""
    facts = {"form": form, "period": period, "unit": unit}
    return Document(names.free(named("{form}_{period}_{unit}_" + _("bound"), facts)), entries)


def _facts(child: ChildOfMonth) -> dict[str, str]:
    return {"number": child.number, "name": child.name, "unit": child.unit}


def _place(child: ChildOfMonth, plan: Plan) -> str:
    """Return the folder of its own in which a child's file lies, if so wished."""
    if plan.places == BY_CHILD:
        return named("{number}_{name}", _facts(child)).removesuffix(".pdf")
    if plan.places == BY_UNIT:
        return named("{unit}", {"unit": child.unit or _("No unit")}).removesuffix(".pdf")
    return ""


def who_of(work: Work, child_ids: Sequence[str]) -> list[ChildOfMonth]:
    """Return these children in this order; one who is not visible for the person keeps the place without a name."""
    shown = [field_of(Child, name) for name in ("name", "number", "unit_id")]
    found = {each.id: each.values for each in rows(work, Child, fields=shown, where=[Child.id.in_(child_ids)])}
    unknown = (_("(unknown)"), "", "")
    values = [(each, found.get(each, unknown)) for each in child_ids]
    return [ChildOfMonth(each, name, number or "", unit or "") for each, (name, number, unit) in values]
