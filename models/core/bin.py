"""Bin 回收站: what was thrown away in the last 30 days, of every type the person may change, ready to be put back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from models.core.database import Work
from models.core.fields import Field, fields_of
from models.core.queries import rows
from models.core.record import Record, record_types
from models.core.titles import cell_words, title_field

KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Binned:
    """One record in the bin."""

    kind: type[Record]
    id: str
    title: str
    deleted_at: datetime
    deleted_by: str
    days_left: int


def binned(work: Work, limit: int = 500) -> list[Binned]:
    """Return what this person may put back, the latest first."""
    found = [each for kind in record_types() if work.actor.may("edit", kind) for each in _of(work, kind, limit)]
    return sorted(found, key=lambda each: each.deleted_at, reverse=True)[:limit]


def _of(work: Work, kind: type[Record], limit: int) -> list[Binned]:
    recent = kind.deleted_at >= work.now - KEPT
    when: dict[str, Any] = {
        row[0]: row[1:] for row in work.execute(select(kind.id, kind.deleted_at, kind.deleted_by).where(recent))
    }
    if not when:
        return []
    named = (title_field(kind), *(meaning for meaning in fields_of(kind) if meaning.name == "child_id"))
    shown = rows(work, kind, fields=named, where=[recent], limit=limit, binned=True)
    return [
        Binned(
            kind,
            row.id,
            _title(named, row.values),
            when[row.id][0],
            when[row.id][1] or "",
            _left(work, when[row.id][0]),
        )
        for row in shown
    ]


def _title(named: tuple[Field, ...], values: tuple[Any, ...]) -> str:
    words = (cell_words(meaning, value) for meaning, value in zip(named, values, strict=True))
    return " · ".join(dict.fromkeys(each for each in words if each))


def _left(work: Work, deleted_at: datetime) -> int:
    return max(0, (deleted_at + KEPT - work.now).days)
