"""Coming, staying, leaving 入院与安置: what the child's file shows of it, as plain rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from models.admission import (
    ADMISSION_PAPERS,
    NOTICE_RESULTS,
    NOTICE_RULES,
    SITUATIONS,
    Admission,
    AdmissionPaper,
    FamilySearchNotice,
)
from models.admission_clocks import running_clocks
from models.admission_rules import Clock
from models.child import Child
from models.child_words import CATEGORIES, PLACEMENTS
from models.core import records
from models.core.database import Work
from models.core.queries import titles
from models.placement import Placement, moves_from


@dataclass(frozen=True)
class FormRow:
    """One admission form."""

    id: str
    arrived_at: datetime
    words: str
    state: str


@dataclass(frozen=True)
class PaperRow:
    """One paper of the checklist."""

    id: str
    words: str
    needed: bool
    due_on: date | None
    received_on: date | None
    number: str
    scanned: bool

    def late(self, today: date) -> bool:
        """Whether it is required, not there, and its day has passed."""
        return self.needed and self.received_on is None and self.due_on is not None and self.due_on < today


@dataclass(frozen=True)
class NoticeRow:
    """One family-search notice."""

    id: str
    words: str
    published_on: date
    ends_on: date | None
    result: str
    running: bool


@dataclass(frozen=True)
class StretchRow:
    """One stretch of the stay."""

    id: str
    words: str
    detail: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Stay:
    """Everything about how a child came and where it has lived."""

    forms: tuple[FormRow, ...] = ()
    papers: tuple[PaperRow, ...] = ()
    notices: tuple[NoticeRow, ...] = ()
    stretches: tuple[StretchRow, ...] = ()
    clocks: tuple[Clock, ...] = ()
    placement: str = ""
    unit_id: str | None = None
    moves: tuple[str, ...] = ()


def stay(work: Work, child_id: str) -> Stay:
    """Return a child's admissions, papers, notices and placements, as far as the person may read them."""
    child = work.get(Child, child_id)
    may = work.actor.may
    now = (child.placement if child else "") or ""
    return Stay(
        forms=_forms(work, child_id) if may("read", Admission) else (),
        papers=_papers(work, child_id) if may("read", AdmissionPaper) else (),
        notices=_notices(work, child_id) if may("read", FamilySearchNotice) else (),
        stretches=_stretches(work, child_id) if may("read", Placement) else (),
        clocks=tuple(running_clocks(work, child_id).get(child_id, ())) if may("read", Admission) else (),
        placement=now,
        unit_id=child.unit_id if child else None,
        moves=tuple(moves_from(now)),
    )


def _forms(work: Work, child_id: str) -> tuple[FormRow, ...]:
    asked = select(Admission).where(Admission.child_id == child_id, Admission.deleted_at.is_(None))
    found = work.scalars(asked.order_by(Admission.arrived_at.desc()))
    return tuple(FormRow(each.id, each.arrived_at, _form_words(each), each.state) for each in found)


def _form_words(form: Admission) -> str:
    words = [CATEGORIES.label(form.category), SITUATIONS.label(form.situation), form.sender_detail or ""]
    return " · ".join(each for each in words if each)


def _papers(work: Work, child_id: str) -> tuple[PaperRow, ...]:
    asked = select(AdmissionPaper).where(AdmissionPaper.child_id == child_id, AdmissionPaper.deleted_at.is_(None))
    rows = [
        PaperRow(
            each.id, each.name or ADMISSION_PAPERS.label(each.paper), bool(each.needed), each.due_on, each.received_on,
            each.number or "", bool(each.scan),
        )
        for each in work.scalars(asked)
    ]  # fmt: skip
    return tuple(sorted(rows, key=lambda row: (row.received_on is not None, not row.needed, row.due_on or date.max)))


def _notices(work: Work, child_id: str) -> tuple[NoticeRow, ...]:
    asked = select(FamilySearchNotice).where(
        FamilySearchNotice.child_id == child_id, FamilySearchNotice.deleted_at.is_(None)
    )
    return tuple(
        NoticeRow(
            each.id, " · ".join(filter(None, (NOTICE_RULES.label(each.rule), each.medium_detail))), each.published_on,
            each.ends_on, NOTICE_RESULTS.label(each.result), each.result == "running",
        )
        for each in work.scalars(asked.order_by(FamilySearchNotice.published_on.desc()))
    )  # fmt: skip


def _stretches(work: Work, child_id: str) -> tuple[StretchRow, ...]:
    asked = select(Placement).where(
        Placement.child_id == child_id, Placement.deleted_at.is_(None), Placement.state != "void"
    )
    found = list(work.scalars(asked.order_by(Placement.starts_on.desc(), Placement.id.desc())))
    units = titles(work, "unit", [each.unit_id for each in found])
    return tuple(
        StretchRow(
            each.id, PLACEMENTS.label(each.kind), each.place or each.destination or units.get(each.unit_id or "", ""),
            each.starts_on, each.ends_on,
        )
        for each in found
    )  # fmt: skip


def receive_paper(work: Work, paper_id: str, day: date | None) -> None:
    """Note that a paper of the checklist has come, or with None that it has not."""
    records.save(work, AdmissionPaper, {"received_on": day}, id=paper_id)
