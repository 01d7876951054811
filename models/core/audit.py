"""Audit 审计: every change in the field's words, and every reading that the law wants recorded.

Rows are written in the transaction of the change itself and chained by SHA-256, so that a changed,
missing or reordered row is found and its place is named (``verify``).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import DateTime, Integer, String, Text, bindparam, insert, inspect, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.core.fields import fields_of
from models.core.record import Base, Record
from models.core.words import Code, CodeList
from resources import N_

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from models.core.access import Actor

EVENTS = CodeList(
    "audit_event",
    Code("created", N_("Created"), "新建"),
    Code("changed", N_("Changed"), "修改"),
    Code("step", N_("State changed"), "流转"),
    Code("binned", N_("Moved to the bin"), "移入回收站"),
    Code("restored", N_("Restored"), "恢复"),
    Code("opened", N_("Opened"), "查看"),
    Code("printed", N_("Printed"), "打印"),
    Code("exported", N_("Exported"), "导出"),
    Code("imported", N_("Imported"), "导入"),
    Code("signed_in", N_("Signed in"), "登录"),
    Code("signed_out", N_("Signed out"), "退出"),
    Code("refused", N_("Refused"), "被拒绝"),
    Code("break_glass", N_("Emergency access"), "紧急查看"),
    Code("account", N_("Account changed"), "账号变更"),
    Code("backup", N_("Backed up"), "备份"),
    Code("restore", N_("Restored from backup"), "还原"),
    Code("settings", N_("Settings changed"), "设置变更"),
    Code("bulk", N_("Filled in bulk"), "批量写入"),
)
GENESIS = "0" * 64


class AuditEntry(Base):
    """One line of the audit trail 审计记录; never changed after it was written."""

    sequence: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(DateTime, nullable=False, index=True)
    account_id: Mapped[str] = mapped_column(String(32), nullable=False, index=True)
    username: Mapped[str] = mapped_column(String(100), nullable=False)
    event: Mapped[str] = mapped_column(String(20), nullable=False, index=True)
    type_name: Mapped[str] = mapped_column(String(40), nullable=False, default="", index=True)
    record_id: Mapped[str] = mapped_column(String(32), nullable=False, default="", index=True)
    child_id: Mapped[str] = mapped_column(String(32), nullable=False, default="", index=True)
    details: Mapped[str] = mapped_column(Text, nullable=False, default="{}")
    """JSON: for a change ``{field: [old, new]}``, ``["•", "•"]`` for a confidential field; else free."""
    previous: Mapped[str] = mapped_column(String(64), nullable=False)
    hash: Mapped[str] = mapped_column(String(64), nullable=False)


class AuditHead(Base):
    """The last sequence and hash, locked while the chain grows and repeated in every backup's manifest."""

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    sequence: Mapped[int] = mapped_column(Integer, nullable=False)
    hash: Mapped[str] = mapped_column(String(64), nullable=False)


@dataclass(frozen=True)
class Event:
    """Something to be written into the trail with the running transaction."""

    event: str
    type_name: str = ""
    record_id: str = ""
    child_id: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def change_of(record: Record, event: str) -> Event | None:
    """Describe what a flush is about to change in one record; None when nothing that matters changes."""
    state = inspect(record)
    details: dict[str, Any] = {}
    closed = bool(getattr(record, "sealed", False))  # the trail must not tell what a seal hides
    for meaning in fields_of(type(record)):
        history = state.attrs[meaning.name].history
        if not history.has_changes():
            continue
        old = history.deleted[0] if history.deleted else None
        new = history.added[0] if history.added else None
        if old == new or (event == "created" and new is None):
            continue
        details[meaning.name] = ["•", "•"] if meaning.confidential or closed else [plain(old), plain(new)]
    for name in ("state", "state_reason", "supersedes_id", "deleted_at"):
        history = state.attrs[name].history
        if history.has_changes() and history.added and history.added[0] is not None:
            details[name] = [plain(history.deleted[0]) if history.deleted else None, plain(history.added[0])]
    if closed and "state_reason" in details:
        details["state_reason"] = ["•", "•"]
    if not details and event == "changed":
        return None
    if closed:
        return Event(event, type(record).__name__, record.id, "", details)
    child_id = record.id if type(record).__name__ == "Child" else getattr(record, "child_id", None) or ""
    return Event(event, type(record).__name__, record.id, child_id, details)


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, float):
        return round(value, 6)
    return value


def append(connection: Connection, actor: Actor, now: datetime, events: list[Event]) -> None:
    """Write events to the end of the chain, holding the head's row until the transaction ends."""
    head = connection.execute(_READ_HEAD).first()
    sequence, previous = (head.sequence, head.hash) if head else (0, GENESIS)
    rows = []
    for each in events:
        sequence += 1
        row = {
            "sequence": sequence,
            "at": now.replace(microsecond=0),
            "account_id": actor.account_id,
            "username": actor.username,
            "event": each.event,
            "type_name": each.type_name,
            "record_id": each.record_id,
            "child_id": each.child_id,
            "details": json.dumps(each.details, ensure_ascii=False, sort_keys=True),
            "previous": previous,
        }
        previous = row["hash"] = digest(row)
        rows.append(row)
    connection.execute(_ADD_ENTRIES, rows)
    if head:
        connection.execute(_MOVE_HEAD, {"reached": sequence, "sealed": previous})
    else:
        connection.execute(_ADD_HEAD, [{"id": 1, "sequence": sequence, "hash": previous}])


# Made once, because every save in the home runs them.
_ENTRIES, _HEAD = Base.metadata.tables["audit_entry"], Base.metadata.tables["audit_head"]
_READ_HEAD = select(_HEAD.c.sequence, _HEAD.c.hash).with_for_update()
_ADD_ENTRIES, _ADD_HEAD = insert(_ENTRIES), insert(_HEAD)
_MOVE_HEAD = update(_HEAD).values(sequence=bindparam("reached"), hash=bindparam("sealed"))


def digest(row: dict[str, Any]) -> str:
    """Return the SHA-256 of one row's content and its predecessor's hash."""
    parts = [plain(row[name]) for name in _HASHED]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode("utf-8", "surrogatepass")).hexdigest()


_HASHED = (
    "sequence", "at", "account_id", "username", "event", "type_name", "record_id", "child_id", "details", "previous",
)  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One place where the chain is broken: the sequence number and what is wrong there."""

    sequence: int
    what: str


def head_of(connection: Connection) -> tuple[int, str]:
    """Return sequence and hash of the last entry."""
    head = connection.execute(select(AuditHead.sequence, AuditHead.hash)).first()
    return (head.sequence, head.hash) if head else (0, GENESIS)


def verify(connection: Connection, after: tuple[int, str] = (0, GENESIS)) -> Iterator[Fault]:
    """Walk the chain, from its beginning or ``after`` a head seen earlier, and yield every fault with its place."""
    expected, previous = after[0] + 1, after[1]
    entries = select(AuditEntry.__table__).where(AuditEntry.sequence > after[0]).order_by(AuditEntry.sequence)
    rows = connection.execute(entries.execution_options(yield_per=5000))
    for row in rows.mappings():
        if row["sequence"] != expected:
            yield Fault(expected, N_("entries are missing here"))
        if row["previous"] != previous:
            yield Fault(row["sequence"], N_("the entry does not follow its predecessor"))
        if digest(dict(row)) != row["hash"]:
            yield Fault(row["sequence"], N_("the entry was changed after it was written"))
        expected, previous = row["sequence"] + 1, row["hash"]
    if head_of(connection) != (expected - 1, previous):
        yield Fault(expected, N_("the end of the trail was cut off"))
