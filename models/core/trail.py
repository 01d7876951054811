"""Trail 审计查阅: the audit trail as the auditor reads it — who did what and when, never a child's data.

Of a record only its type, its mark and the names of the changed fields are told; of accounts and settings also
the values, for the three administrators watch one another there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from models.core import accounts, audit, settings
from models.core.access import ROLES
from models.core.audit import EVENTS, AuditEntry
from models.core.database import Work
from models.core.errors import Forbidden
from models.core.exchange import Listing
from models.core.fields import Field, fields_of
from models.core.record import record_type
from resources import N_, _

PAGE = 200
_LABELS = {
    "username": N_("User name"), "name": N_("Name"), "roles": N_("Roles"), "staff_id": N_("Member of staff"),
    "password": N_("Password"), "active": N_("In use"), "confirmed": N_("Confirmed"), "how": N_("How"),
    "rows": N_("Rows"), "form": N_("Form"), "state": N_("State"), "deleted_at": N_("In the bin since"),
    "state_reason": N_("Reason"), "supersedes_id": N_("Replaces"),
}  # fmt: skip
_COLUMNS = (
    Field(N_("No."), "integer", name="sequence"), Field(N_("Time"), "datetime", name="at"),
    Field(N_("User name"), name="username"), Field(N_("Event"), name="event"), Field(N_("Kind"), name="what"),
    Field(N_("Record"), name="mark"), Field(N_("Details"), name="text"),
)  # fmt: skip


@dataclass(frozen=True)
class Narrowed:
    """What of the trail is asked for; empty parts leave everything in."""

    event: str = ""
    username: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Line:
    """One entry of the trail in words."""

    sequence: int
    at: datetime
    username: str
    event: str
    what: str
    mark: str
    text: str

    def cells(self) -> tuple[Any, ...]:
        """Return the values in the order of the columns."""
        return self.sequence, self.at, self.username, self.event, self.what, self.mark, self.text


def lines(work: Work, wanted: Narrowed, before: int | None = None, limit: int = PAGE) -> list[Line]:
    """Return entries of the trail, the newest first, those before a number when one is given."""
    statement = _narrow(select(AuditEntry), wanted).order_by(AuditEntry.sequence.desc()).limit(limit)
    if before is not None:
        statement = statement.where(AuditEntry.sequence < before)
    return [_line(entry) for entry in work.scalars(statement)]


def count(work: Work, wanted: Narrowed) -> int:
    """Return how many entries there are."""
    return int(work.scalar(_narrow(select(func.count(AuditEntry.sequence)), wanted)) or 0)


def usernames(work: Work) -> list[str]:
    """Return everyone who stands in the trail."""
    return list(work.scalars(select(AuditEntry.username).distinct().order_by(AuditEntry.username)))


def taken_out(work: Work, wanted: Narrowed) -> Listing:
    """Return the entries as a list that is about to leave the program, which is itself noted.

    Raises:
        Forbidden: when the person may not export the trail.
    """
    if not work.actor.may("export", AuditEntry):
        raise Forbidden(_("Your roles do not allow this: {what}.").format(what=_("Export")))
    found = lines(work, wanted, limit=100_000)
    work.record_event("exported", "AuditEntry", rows=len(found))
    return Listing(_("Audit trail"), _COLUMNS, tuple(each.cells() for each in found))


def headings() -> list[str]:
    """Return the column headings."""
    return [column.title for column in _COLUMNS]


def broken_places(work: Work, progress: Callable[[float, str], None] = lambda share, what: None) -> list[str]:
    """Walk the whole chain and say each place where it was tampered with; empty when it is whole."""
    if not work.actor.may("read", AuditEntry):
        raise Forbidden(_("Your roles do not allow this: {what}.").format(what=_("Audit trail")))
    progress(0.1, _("Reading the trail"))
    return [
        _("Entry {n}: {what}.").format(n=fault.sequence, what=_(fault.what))
        for fault in audit.verify(work.connection())
    ]


def _narrow(statement: Select[Any], wanted: Narrowed) -> Select[Any]:
    if wanted.event:
        statement = statement.where(AuditEntry.event == wanted.event)
    if wanted.username:
        statement = statement.where(AuditEntry.username == wanted.username)
    if wanted.since:
        statement = statement.where(AuditEntry.at >= datetime.combine(wanted.since, time()))
    if wanted.until:
        statement = statement.where(AuditEntry.at < datetime.combine(wanted.until + timedelta(days=1), time()))
    return statement


def _line(entry: AuditEntry) -> Line:
    mark = entry.record_id[-8:].upper() if entry.type_name not in {"Setting"} else ""
    return Line(entry.sequence, entry.at, entry.username, EVENTS.label(entry.event), type_words(entry.type_name), mark, _text(entry))  # fmt: skip


def type_words(name: str) -> str:
    """Return the name of a record type in words."""
    own = {"Account": accounts.Account.title, "Setting": settings.Setting.title, "AuditEntry": N_("Audit trail")}
    if name in own:
        return _(own[name])
    try:
        return _(record_type(name).title)
    except KeyError:
        return ""


def _text(entry: AuditEntry) -> str:
    details = json.loads(entry.details)
    if entry.type_name == "Setting":
        return _setting_text(details)
    if entry.type_name == "Account":
        return _(", ").join(filter(None, (_pair(name, value) for name, value in details.items())))
    if entry.event in {"created", "changed", "step", "binned", "restored"}:
        return _(", ").join(_names(entry.type_name, details))
    if "rows" in details:
        return _("{n} rows").format(n=details["rows"])
    return ""


def _names(type_name: str, details: dict[str, Any]) -> Iterable[str]:
    try:
        known = {meaning.name: meaning.title for meaning in fields_of(record_type(type_name))}
    except KeyError:
        known = {}
    return [known.get(name) or _(_LABELS.get(name, N_("other"))) for name in details]


def _setting_text(details: dict[str, Any]) -> str:
    titles = {each.name: each.title for each in settings.declared()}
    return _(", ").join(
        _("{label}: {old} → {new}").format(label=titles.get(name, ""), old=_plain(pair[0]), new=_plain(pair[1]))
        for name, pair in details.items()
        if isinstance(pair, list) and len(pair) == 2
    )


def _pair(name: str, value: Any) -> str:
    label = _(_LABELS.get(name, ""))
    if not label or name == "staff_id":
        return label
    if isinstance(value, list) and len(value) == 2:
        return _("{label}: {old} → {new}").format(label=label, old=_plain(value[0]), new=_plain(value[1]))
    return f"{label} {_plain(value)}" if name == "username" else label


def _plain(value: Any) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return _(", ").join(ROLES.label(each) for each in value) or "–"
    return str(value)
