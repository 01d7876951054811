"""History 修改记录: what the trail knows about one record, in the field's words, for those who may read it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from models.core import titles
from models.core.accounts import Account
from models.core.audit import EVENTS, AuditEntry
from models.core.database import Work
from models.core.fields import STATE_LABEL, Field, fields_of, words_of
from models.core.queries import load
from models.core.record import Record, record_type
from models.core.workflow import STATES
from resources import N_, _

CHANGES = frozenset({"created", "changed", "step", "binned", "restored"})
_OTHERS = {
    "state": Field(STATE_LABEL, "code", codes=STATES),
    "state_reason": Field(N_("Reason given")),
    "deleted_at": Field(N_("In the bin since"), "datetime"),
}


@dataclass(frozen=True)
class Change:
    """One field before and after, in words; what is confidential is only said to have changed."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One event of a record's life: when, who, what."""

    at: datetime
    who: str
    event: str
    words: str
    changes: tuple[Change, ...] = ()


def of_record(work: Work, kind: type[Record], record_id: str) -> list[Entry]:
    """Return what happened to a record, the newest first; who looked at it only for those who approve such records.

    Raises:
        Missing: when the record is not there, or not for this person.
    """
    record = load(work, kind, record_id)
    trail, account = AuditEntry.__table__, Account.__table__
    named = select(trail, func.coalesce(account.c.name, trail.c.username).label("who"))
    statement = named.outerjoin(account, account.c.id == trail.c.account_id).where(
        trail.c.record_id == record_id, trail.c.type_name == kind.__name__
    )
    if not work.actor.may("approve", kind):
        statement = statement.where(trail.c.event.in_(CHANGES))
    # The record itself has just been found visible; its own story tells nothing of any other.
    found = work.whole_home(statement.order_by(trail.c.sequence.desc()).limit(200)).mappings()
    return [_entry(work, record, dict(row)) for row in found]


def _entry(work: Work, record: Record, row: dict[str, Any]) -> Entry:
    details = json.loads(row["details"])
    changes = _changes(work, record, details) if row["event"] in CHANGES else ()
    return Entry(row["at"], row["who"], row["event"], EVENTS.label(row["event"]), tuple(changes))


def _changes(work: Work, record: Record, details: dict[str, Any]) -> list[Change]:
    known = {meaning.name: meaning for meaning in fields_of(type(record))} | _OTHERS
    told = (
        Change(known[name].title, *(_said(work, record, known[name], each) for each in pair))
        for name, pair in details.items()
        if name in known and isinstance(pair, list) and len(pair) == 2
    )
    return [change for change in told if change.before or change.after]


def _said(work: Work, record: Record, meaning: Field, plain: Any) -> str:
    if plain is None or plain == "":
        return ""
    if meaning.confidential:
        return "•••"
    if meaning.kind == "reference":
        return titles.titles(work, record_type(meaning.target), [plain]).get(plain, _("not visible for you"))
    own = record.said(meaning.name, plain)
    return words_of(meaning, typed(meaning, plain)) if own is None else own


def typed(meaning: Field, plain: Any) -> Any:
    """Return a value of the trail as the field holds it."""
    readers: dict[str, Any] = {
        "date": date.fromisoformat, "datetime": datetime.fromisoformat, "time": time.fromisoformat, "money": Decimal,
        "decimal": float,
    }  # fmt: skip
    try:
        return readers[meaning.kind](plain) if meaning.kind in readers else plain
    except (TypeError, ValueError):
        return plain
