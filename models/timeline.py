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

from sqlalchemy import Date, DateTime, func, or_, select

from models.child import Caseload, OfChild
from models.core.database import Work
from models.core.record import Record, record_type, record_types
from resources import _, ngettext

HIDDEN_STATES = ("superseded",)
ROUTINE = "submitted"
"""Types signed by being saved are the routine of the day: many, and folded together where space is short."""
KEPT_OUT = (Caseload,)
OF_ONE_KIND = 2
"""At a glance no kind of record crowds out the others."""


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
    merged = heapq.merge(*pages, key=_order, reverse=True)
    return _told(work, list(islice(merged, offset, offset + limit)))


def glance(work: Work, child_id: str, *, until: date, recent: int = 8) -> tuple[list[Entry], list[Entry]]:
    """Return the last record of every kind, in the order of the home's areas, and the latest of them all.

    The daily routine and what was voided are left out; one question a kind answers both.
    """
    wanted = [kind for kind in kinds(work) if not is_routine(kind)]
    found = {
        kind.__name__: list(_moments(work, kind, child_id, None, until, OF_ONE_KIND, ("void",))) for kind in wanted
    }
    last = [moments[0] for moments in found.values() if moments]
    latest = heapq.nlargest(recent, (each for moments in found.values() for each in moments), key=_order)
    told = {entry.record_id: entry for entry in _told(work, list(dict.fromkeys([*last, *latest])))}
    return tuple([told[each[2]] for each in part if each[2] in told] for part in (last, latest))  # type: ignore[return-value]


def number_of_entries(
    work: Work, child_id: str, *, areas: Sequence[str] = (), routine: bool = True, until: date | None = None
) -> int:
    """Return how many entries the timeline has."""
    wanted = [kind for kind in kinds(work, areas) if routine or not is_routine(kind)]
    asked = (_between(_narrowed(select(func.count(kind.id)), kind, child_id), kind, None, until) for kind in wanted)
    return sum(work.execute(statement).scalar_one() for statement in asked)


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


def _order(moment: Moment) -> tuple[datetime, str]:
    return moment[0], moment[2]


def _moments(
    work: Work,
    kind: type[Record],
    child_id: str,
    since: date | None,
    until: date | None,
    limit: int,
    but: tuple[str, ...] = (),
) -> Iterator[Moment]:
    column = _event_column(kind)
    statement = _narrowed(select(kind.id, column, kind.recorded_at), kind, child_id, but)
    statement = _between(statement, kind, since, until)
    latest = func.coalesce(column, kind.recorded_at).desc()
    rows = work.execute(statement.order_by(latest, kind.id.desc()).limit(limit))
    moments = [(*_at(event, recorded), record_id, kind.__name__) for record_id, event, recorded in rows]
    return iter(sorted(moments, key=_order, reverse=True))


def _narrowed(statement: Any, kind: Any, child_id: str, but: tuple[str, ...] = ()) -> Any:
    return statement.where(
        kind.child_id == child_id, kind.deleted_at.is_(None), kind.state.not_in([*HIDDEN_STATES, *but])
    )


def _between(statement: Any, kind: type[Record], since: date | None, until: date | None) -> Any:
    """Keep what happened on these days; what has no day of its own counts by the time of recording."""
    column = _event_column(kind)
    timed = isinstance(column.type, DateTime)
    if since:
        statement = statement.where(column >= (datetime.combine(since, time.min) if timed else since))
    if until:
        statement = statement.where(
            or_(column.is_(None), column <= (datetime.combine(until, time.max) if timed else until))
        )
    return statement


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
