"""Cases and contacts as lists 个案与服务记录: who is looked after by whom, and one child's whole social file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from models.core import queries
from models.core.database import Work
from models.social_work import ContactNote, CounsellingNote, SocialCase


@dataclass(frozen=True)
class CaseLine:
    """One running case as the page lists it."""

    case_id: str
    child_id: str
    child_name: str
    subject: str
    kind: str
    stage: str
    worker_id: str
    worker: str
    review_on: date | None
    last_contact: datetime | None
    next_on: date | None

    @property
    def due_on(self) -> date | None:
        """The nearer of the promised contact and the review."""
        days = [day for day in (self.next_on, self.review_on) if day]
        return min(days, default=None)


def running_cases(work: Work) -> list[CaseLine]:
    """Return all running cases this person may see, what is due first."""
    statement = select(SocialCase).where(
        SocialCase.deleted_at.is_(None), SocialCase.state != "void", SocialCase.stage != "closed"
    )
    cases = list(work.scalars(statement))
    names = queries.titles(work, "child", [case.child_id for case in cases])
    workers = queries.titles(work, "staff", [case.worker_id for case in cases])
    latest = _latest_contacts(work, [case.child_id for case in cases])
    lines = [_line(case, names, workers, latest) for case in cases]
    return sorted(lines, key=lambda line: (line.due_on or date.max, line.child_name, line.case_id))


def _latest_contacts(work: Work, child_ids: list[str]) -> dict[str, ContactNote]:
    newest = (
        select(ContactNote.child_id.label("child_id"), func.max(ContactNote.at).label("at"))
        .where(ContactNote.child_id.in_(child_ids), ContactNote.deleted_at.is_(None), ContactNote.state != "void")
        .group_by(ContactNote.child_id)
        .subquery()
    )
    statement = (
        select(ContactNote)
        .join(newest, (newest.c.child_id == ContactNote.child_id) & (newest.c.at == ContactNote.at))
        .where(ContactNote.deleted_at.is_(None), ContactNote.state != "void")
    )
    return {note.child_id: note for note in work.scalars(statement)}


def _line(case: SocialCase, names: dict[str, str], workers: dict[str, str], latest: dict[str, ContactNote]) -> CaseLine:
    last = latest.get(case.child_id)
    return CaseLine(
        case.id, case.child_id, names.get(case.child_id, ""), case.subject, case.kind, case.stage, case.worker_id or "",
        workers.get(case.worker_id or "", ""), case.review_on, last.at if last else None, last.next_on if last else None,
    )  # fmt: skip


@dataclass(frozen=True)
class SocialFile:
    """One child's cases, contacts and, for those to whom they are open, counselling notes, as plain values."""

    child_name: str
    cases: tuple[dict[str, Any], ...]
    contacts: tuple[dict[str, Any], ...]
    counselling: tuple[dict[str, Any], ...]


def social_file(work: Work, child_id: str, limit: int = 200) -> SocialFile:
    """Return one child's social file, the latest first."""
    name = queries.titles(work, "child", [child_id]).get(child_id, "")

    def values(kind: Any, moment: Any) -> tuple[dict[str, Any], ...]:
        chosen = (
            select(kind.id)
            .where(kind.child_id == child_id, kind.deleted_at.is_(None), kind.state != "void")
            .order_by(moment.desc())
            .limit(limit)
        )
        return tuple(queries.values(work, kind, each) for each in work.scalars(chosen))

    return SocialFile(
        name, values(SocialCase, SocialCase.opened_on), values(ContactNote, ContactNote.at),
        values(CounsellingNote, CounsellingNote.at),
    )  # fmt: skip
