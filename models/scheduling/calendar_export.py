"""Calendar file 日历文件（ICS）: a therapist's sessions for the calendar of a telephone or another program.

A file that leaves the house says as little as will do: time, therapy, room, and children by a mask (曾＊＊ 20-001).
Whole names are written only for who may export children, and only when asked for; either way the trail notes it.
Nothing clinical is ever written: no goal, no reason of absence, no note.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from models.child import Child
from models.core.database import Work
from models.core.errors import Forbidden
from models.core.queries import load, titles
from models.person_name import masked_name
from models.staff import Staff
from models.therapies import THERAPIES, short_name
from models.therapy import TherapySession
from resources import _

ZONE = "Asia/Shanghai"
"""The home's wall clock; China has one zone and no summer time, see decision 1."""
PRODUCER = "-//Qinghe//Therapy week//ZH"
_READ = (
    "id", "child_id", "therapy", "form", "room_id", "starts_at", "ends_at", "sitting_id", "status", "state", "version",
    "recorded_at", "changed_at", "deleted_at",
)  # fmt: skip


@dataclass(frozen=True)
class CalendarFile:
    """A finished file: its content, whose it is, and how many events it holds."""

    content: bytes
    name: str
    events: int
    cancelled: int


@dataclass(frozen=True)
class Event:
    """One sitting as a calendar shows it."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    summary: str
    place: str
    changed_at: datetime
    cancelled: bool


def may_export_names(work: Work) -> bool:
    """Tell whether the person may take the whole names of children out of the house."""
    return work.actor.may("export", Child)


def therapist_calendar(work: Work, staff_id: str, first: date, last: date, *, named: bool = False) -> CalendarFile:
    """Return a therapist's sessions between two days as a calendar file; that it was made is noted in the trail.

    Args:
        named: write the whole names of the children instead of their masks.

    Raises:
        Forbidden: when the person may not export sessions, or not the names of children.
        Missing: when there is no such member of staff.
    """
    if not work.actor.may("export", TherapySession) or (named and not may_export_names(work)):
        raise Forbidden(_("Your roles do not allow this: {what}.").format(what=_("Export")))
    person: Staff = load(work, Staff, staff_id)
    found = events(work, staff_id, first, last, named=named)
    work.record_event(
        "exported", "TherapySession", rows=len(found), form="ICS", staff_id=staff_id, names="whole" if named else "masked",
        period=f"{first.isoformat()}/{last.isoformat()}",
    )  # fmt: skip
    cancelled = sum(event.cancelled for event in found)
    return CalendarFile(written(found, person.name, work.now), person.name, len(found), cancelled)


def events(work: Work, staff_id: str, first: date, last: date, *, named: bool = False) -> list[Event]:
    """Return a therapist's sittings of some days; those that were cancelled or taken back say so.

    A calendar that took an earlier file over must learn what no longer takes place, so what lies in the bin is
    told as cancelled as well.
    """
    session = TherapySession
    statement = select(*(getattr(session, name) for name in _READ)).where(
        session.therapist_id == staff_id, session.starts_at >= datetime.combine(first, time()),
        session.starts_at < datetime.combine(last + timedelta(days=1), time()), session.state != "superseded",
    )  # fmt: skip
    together: dict[tuple[str, datetime], list[Any]] = {}
    for row in work.execute(statement.order_by(session.starts_at, session.id)):
        together.setdefault((row.sitting_id, row.starts_at), []).append(row)
    names = _names(work, {row.child_id for rows in together.values() for row in rows}, named=named)
    rooms = titles(work, "room", {row.room_id for rows in together.values() for row in rows})
    found = [_event(rows, names, rooms) for rows in together.values()]
    kept: dict[str, Event] = {}
    for event in sorted(found, key=lambda each: (not each.cancelled, each.sequence)):
        kept[event.uid] = event
    return sorted(kept.values(), key=lambda each: (each.starts_at, each.uid))


def _names(work: Work, ids: Iterable[str], *, named: bool) -> dict[str, str]:
    found = work.execute(select(Child.id, Child.name, Child.number).where(Child.id.in_(set(ids))))
    return {each.id: each.name if named else masked_name(each.name, each.number) for each in found}


def _event(rows: Sequence[Any], names: dict[str, str], rooms: dict[str, str]) -> Event:
    held = [row for row in rows if row.deleted_at is None and row.status != "cancelled" and row.state != "void"]
    shown, head = held or rows, rows[0]
    who = _(", ").join(sorted(filter(None, (names.get(row.child_id, "") for row in shown))))
    title = f"{short_name(head.therapy) or THERAPIES.label(head.therapy)} {who}".strip()
    if len(shown) > 1:
        title = _("{therapy}, group of {n}: {names}").format(therapy=short_name(head.therapy), n=len(shown), names=who)
    return Event(
        uid=f"{head.sitting_id}@qinghe.invalid",
        sequence=sum(row.version for row in rows),
        starts_at=head.starts_at,
        ends_at=head.ends_at,
        summary=title,
        place=rooms.get(head.room_id or "", ""),
        changed_at=max(filter(None, (moment for row in rows for moment in (row.recorded_at, row.changed_at, row.deleted_at)))),
        cancelled=not held,
    )  # fmt: skip


# --- writing ------------------------------------------------------------------------------------------------


def written(found: Iterable[Event], name: str, now: datetime) -> bytes:
    """Return events as the bytes of a calendar file (RFC 5545)."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _clean(_("Therapy: {name}").format(name=name)))
    calendar.add("x-wr-timezone", ZONE)
    calendar.add_component(_zone())
    for event in found:
        calendar.add_component(_component(event, now))
    return bytes(calendar.to_ical())


def _zone() -> Any:
    """China Standard Time, as every calendar understands it without a table of its own."""
    from icalendar import Timezone, TimezoneStandard

    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", ZONE)
    standard.add("dtstart", datetime(1991, 9, 15, 0, 0))
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=8))
    standard.add("tzname", "CST")
    zone.add_component(standard)
    return zone


def _component(event: Event, now: datetime) -> Any:
    from icalendar import Event as Component

    made = Component()
    made.add("uid", event.uid)
    made.add("sequence", event.sequence)
    made.add("dtstamp", _utc(now))
    made.add("last-modified", _utc(event.changed_at))
    made.add("dtstart", event.starts_at, parameters={"TZID": ZONE})
    made.add("dtend", event.ends_at, parameters={"TZID": ZONE})
    made.add("summary", _clean(event.summary))
    if event.place:
        made.add("location", _clean(event.place))
    made.add("class", "PRIVATE")
    made.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    made.add("transp", "TRANSPARENT" if event.cancelled else "OPAQUE")
    return made


def _utc(moment: datetime) -> datetime:
    """The home's wall clock as the moment of the world that a stamp must name."""
    from datetime import UTC

    return (moment - timedelta(hours=8)).replace(tzinfo=UTC, microsecond=0)


def _clean(text: str) -> str:
    """Return text of one line without characters that a calendar file may not hold."""
    line = " ".join(text.split())
    return "".join(each for each in line if unicodedata.category(each) not in {"Cc", "Cs"})[:500]
