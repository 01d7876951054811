"""Catalogue 打印目录: every paper that can be printed for many children, as one list — nothing is declared here.

What a paper says is gathered in ``models``, how it looks is laid out in ``reports``; this joins the two. The monthly
record and the whole file are joined by hand; the forms of a child and the therapy papers come from their own tables.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from models.child import Child
from models.core.access import Actor
from models.core.database import Work
from models.core.record import record_type, record_types
from models.file_papers import FILE, WholeFile, whole_file
from models.forms import FORMS, Asked, Form, FormKind
from models.forms import gathered as gathered_form
from models.kept_papers import MONTHLY, WHOLE_FILE
from models.month import Month, MonthlyRecord, Photos, gather
from models.paper_scope import records_of, weeks_of
from models.papers import PaperHead, note_printed
from models.period import ReportPeriod
from models.therapy_papers import THERAPY_PAPERS, PaperKind, may_print
from models.therapy_timetables import Asked as TherapyAsked
from reports.child_file import volume
from reports.form_paper import form_paper
from reports.monthly_record import FORM, monthly_paper
from reports.page import Paper, render
from reports.therapy_papers import LAYOUTS


@dataclass(frozen=True)
class Wanted:
    """Which child's paper of which month, and where its photos are."""

    child_id: str
    month: Month
    photos: Photos = lambda work, sha: None


@dataclass(frozen=True)
class CataloguePaper:
    """One paper that can be printed for many children.

    Attributes:
        of: ``child_month``, ``child_year``, ``child``, or the name of the record type of which a child has some.
        needs: the record type and action without which nobody prints it.
        gather: what it says, as plain values; an empty list when there is nothing to print.
        lay: each of these values as sheets.
        through: a volume of its own, whose pages are numbered through.
        kept_as: the key under which it can be kept for good, the paper of a month once that is over; empty for others.
    """

    key: str
    title: str
    of: str
    needs: tuple[str, str]
    gather: Callable[[Work, Wanted], list[Any]]
    lay: Callable[[Any, PaperHead], list[Paper]]
    through: bool = False
    kept_as: str = ""

    def period(self, month: Month) -> str:
        """Return what stands in the name of its file: the month, the year, or nothing for what has no time."""
        return {"child": "", "child_year": str(month.year)}.get(self.of, str(month))

    def allowed(self, actor: Actor) -> bool:
        """Whether a person may print it."""
        return actor.may(self.needs[1], self.needs[0])

    def note(self, work: Work, child_id: str, month: Month, batch: str = "", place: str = "") -> None:
        """Note in the trail that it leaves the program."""
        kind = record_type(self.needs[0])
        record_id = child_id if kind is Child else ""
        note_printed(work, self.title, kind, record_id, child_id, period=self.period(month), batch=batch, place=place)


def catalogue(actor: Actor | None = None) -> list[CataloguePaper]:
    """Return every paper, in the order in which they are offered; with ``actor`` only those for this person."""
    found = [_MONTHLY, *map(_form, filter(_of_a_child, FORMS.values()))]
    found += [_therapy(each) for each in THERAPY_PAPERS.values() if each.subject in {"child", "funded"}]
    found.append(_FILE)
    return [each for each in found if actor is None or each.allowed(actor)]


def paper_named(key: str) -> CataloguePaper:
    """Return one paper.

    Raises:
        KeyError: when there is none of this name.
    """
    return {each.key: each for each in catalogue()}[key]


def drawn(paper: CataloguePaper, value: Any, head: PaperHead) -> bytes:
    """Return one gathered paper as a document."""
    return render(paper.lay(value, head), through=paper.through)


def says_something(value: Any) -> bool:
    """Whether what was gathered for a paper is more than whom it is about."""
    if isinstance(value, MonthlyRecord):
        return not all(each.empty for each in value.sections)
    if isinstance(value, Form):
        return not value.blank
    return not isinstance(value, WholeFile) or len(value.entries) > 1


# --- the two that are joined by hand ---


def _monthly(work: Work, wanted: Wanted) -> list[MonthlyRecord]:
    return [gather(work, wanted.child_id, wanted.month, wanted.photos)]


def _whole(work: Work, wanted: Wanted) -> list[WholeFile]:
    return [whole_file(work, wanted.child_id, wanted.photos, dedicated=True)]


_MONTHLY = CataloguePaper(
    "monthly", FORM, "child_month", ("Child", "print"), _monthly,
    lambda value, head: [monthly_paper(value, head)], kept_as=MONTHLY,
)  # fmt: skip
_FILE = CataloguePaper(
    "file", FILE, "child", ("Child", "print"), _whole, volume, through=True, kept_as=WHOLE_FILE
)  # fmt: skip


# --- those of the forms' table ---

_SPANS = ("child", "child_month", "child_year")


def _of_a_child(kind: FormKind) -> bool:
    if kind.of in _SPANS or kind.of == "Child":
        return True
    return any(each.__name__ == kind.of and hasattr(each, "child_id") for each in record_types())


def _form(kind: FormKind) -> CataloguePaper:
    of = "child" if kind.of == "Child" else kind.of
    return CataloguePaper(
        kind.key, kind.title, of, (kind.needs, "print"), partial(_gathered_form, kind),
        lambda value, head: [form_paper(value, head)], kept_as=kind.key if of == "child_month" else "",
    )  # fmt: skip


def _gathered_form(kind: FormKind, work: Work, wanted: Wanted) -> list[Form]:
    child, month = wanted.child_id, wanted.month
    if kind.of in (*_SPANS, "Child"):
        span = ReportPeriod("year", month.year) if kind.of == "child_year" else ReportPeriod.parse(str(month))
        asked = [Asked(child, child if kind.of == "Child" else "", span)]
    else:
        asked = [Asked(child, record_id) for record_id in records_of(work, kind.of, child, month)]
    return [sheet for each in asked for sheet in gathered_form(work, kind, each, wanted.photos)]


# --- those of the therapy department ---


def _therapy(kind: PaperKind) -> CataloguePaper:
    return CataloguePaper(
        kind.key, kind.title, "child_month", kind.needs, partial(_gathered_therapy, kind),
        lambda value, head: [LAYOUTS[type(value)](value, head)],
    )  # fmt: skip


def _gathered_therapy(kind: PaperKind, work: Work, wanted: Wanted) -> list[Any]:
    """A month's sheets of one child: of every week in which the child has a session, or of the month itself."""
    may_print(work, kind)
    days = weeks_of(wanted.month) if kind.period == "week" else [wanted.month.first]
    sheets = [sheet for day in days for sheet in kind.gather(work, TherapyAsked(day, (wanted.child_id,), kind.masked))]
    return [each for each in sheets if getattr(each, "lessons", True)]
