"""Timeline 时间线: everything of one child in the order in which it happened, page by page, from every area.

Any record type that is about a child appears by itself; a person sees only the types and rows that the
person may read. A type that stays out says ``on_timeline = False``.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from itertools import islice
from typing import Any

from sqlalchemy import Date, DateTime, func, select

from models.child import Caseload, OfChild
from models.core.database import Work
from models.core.record import Record, record_type, record_types
from resources import _, ngettext

HIDDEN_STATES = ("superseded",)
ROUTINE = "submitted"
"""Types signed by being saved are the routine of the day: many, and folded together where space is short."""
KEPT_OUT = (Caseload,)


@dataclass(frozen=True)
class Entry:
    """One thing that happened, as plain values.

    Attributes:
        when: the day of the event, at its time where it has one.
        timed: whether the time of the day is known.
        title: the name of the type, an English message id.
        number: how many entries this one stands for (see :func:`folded`).
    """

    when: datetime
    timed: bool
    area: str
    type_name: str
    title: str
    summary: str
    record_id: str
    state: str
    by: str = ""
    routine: bool = False
    number: int = 1


def kinds(work: Work, areas: Sequence[str] = ()) -> list[type[Record]]:
    """Return the types of record about a child that the person may read, of these areas or of all."""
    return [
        kind
        for kind in record_types()
        if issubclass(kind, OfChild)
        and kind not in KEPT_OUT
        and getattr(kind, "on_timeline", True)
        and work.actor.may("read", kind)
        and (not areas or kind.area in areas)
    ]


def is_routine(kind: type[Record]) -> bool:
    """Whether entries of a type are daily routine; a type signed by being saved may say ``routine = False``."""
    return bool(getattr(kind, "routine", kind.first_state == ROUTINE))


def areas_of(work: Work) -> list[str]:
    """Return the areas from which the person may read something, in the order of the home."""
    return list(dict.fromkeys(kind.area for kind in kinds(work)))


def entries(
    work: Work,
    child_id: str,
    *,
    areas: Sequence[str] = (),
    routine: bool = True,
    since: date | None = None,
    until: date | None = None,
    offset: int = 0,
    limit: int = 50,
) -> list[Entry]:
    """Return one page of a child's timeline, the latest first.

    Args:
        routine: also the daily entries of care, which are many.
        since, until: only what happened on these days or between them.
    """
    wanted = [kind for kind in kinds(work, areas) if routine or not is_routine(kind)]
    pages = [_moments(work, kind, child_id, since, until, offset + limit) for kind in wanted]
    merged = heapq.merge(*pages, key=lambda moment: (moment[0], moment[2]), reverse=True)
    return _told(work, list(islice(merged, offset, offset + limit)))


def number_of_entries(work: Work, child_id: str, *, areas: Sequence[str] = (), routine: bool = True) -> int:
    """Return how many entries the whole timeline has."""
    wanted = [kind for kind in kinds(work, areas) if routine or not is_routine(kind)]
    return sum(work.execute(_narrowed(select(func.count(kind.id)), kind, child_id)).scalar_one() for kind in wanted)


def folded(found: Iterable[Entry]) -> list[Entry]:
    """Fold entries of one routine type on one day into a single one that says how many there were."""
    shown: dict[Any, Entry] = {}
    for entry in found:
        key = (entry.type_name, entry.when.date()) if entry.routine else entry.record_id
        first = shown.get(key)
        shown[key] = entry if first is None else replace(first, number=first.number + 1)
    return list(shown.values())


def more(entry: Entry) -> str:
    """Say how many more entries a folded one stands for."""
    others = entry.number - 1
    return ngettext("and {n} more that day", "and {n} more that day", others).format(n=others) if others else ""


Moment = tuple[datetime, bool, str, str]
"""When, whether the time is known, the record's id, the type's name."""


def _moments(
    work: Work, kind: type[Record], child_id: str, since: date | None, until: date | None, limit: int
) -> Iterator[Moment]:
    column = _event_column(kind)
    timed = isinstance(column.type, DateTime)
    statement = _narrowed(select(kind.id, column, kind.recorded_at), kind, child_id)
    if since:
        statement = statement.where(column >= (datetime.combine(since, time.min) if timed else since))
    if until:
        statement = statement.where(column <= (datetime.combine(until, time.max) if timed else until))
    latest = func.coalesce(column, kind.recorded_at).desc()
    rows = work.execute(statement.order_by(latest, kind.id.desc()).limit(limit))
    moments = [(*_at(event, recorded), record_id, kind.__name__) for record_id, event, recorded in rows]
    return iter(sorted(moments, key=lambda moment: (moment[0], moment[2]), reverse=True))


def _narrowed(statement: Any, kind: Any, child_id: str) -> Any:
    return statement.where(kind.child_id == child_id, kind.deleted_at.is_(None), kind.state.not_in(HIDDEN_STATES))


def _event_column(kind: type[Record]) -> Any:
    """The column of the event's time; a type without one is placed by the time of recording."""
    column = getattr(kind, kind.event_field, None)
    dated = column is not None and isinstance(column.type, Date | DateTime)
    return column if dated else kind.recorded_at


def _at(event: date | datetime | None, recorded: datetime) -> tuple[datetime, bool]:
    if event is None:
        return recorded, False
    return (event, True) if isinstance(event, datetime) else (datetime.combine(event, time.min), False)


def _told(work: Work, moments: list[Moment]) -> list[Entry]:
    """Load the records of one page, one query a type, and let each say itself in one line."""
    wanted: dict[str, list[str]] = {}
    for _when, _timed, record_id, type_name in moments:
        wanted.setdefault(type_name, []).append(record_id)
    records: dict[str, Any] = {}
    for type_name, ids in wanted.items():
        kind = record_type(type_name)
        records.update((each.id, each) for each in work.scalars(select(kind).where(kind.id.in_(ids))))
    return [_entry(records[moment[2]], moment) for moment in moments if moment[2] in records]


def _entry(record: Record, moment: Moment) -> Entry:
    kind = type(record)
    return Entry(
        when=moment[0], timed=moment[1], area=kind.area, type_name=kind.__name__, title=kind.title,
        summary=record.summary() or _(kind.title), record_id=record.id, state=record.state, by=record.recorded_by,
        routine=is_routine(kind),
    )  # fmt: skip
