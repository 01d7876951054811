"""Print ledger 打印登记: who printed what about whom, and when, from the trail; for the director."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import func, select

from models.child import Child
from models.core.accounts import Account
from models.core.audit import AuditEntry
from models.core.database import Work
from models.core.errors import Forbidden
from models.core.queries import titles
from models.core.record import record_types
from models.core.sealing import Sealed
from models.kept_papers import KeptPaper
from models.papers import form_words
from models.period import period_words
from resources import _

LIMIT = 2000


@dataclass(frozen=True)
class LedgerLine:
    """One printing: a paper, or what was printed in one go.

    Attributes:
        about: the child; empty where there are several or none.
        papers: how many papers.
        place: the folder or printer they went to; empty where it is not known.
    """

    at: datetime
    who: str
    paper: str
    about: str
    period: str
    papers: int
    place: str
    number: str = ""


def may_see(work: Work) -> bool:
    """Whether this person may see what everybody printed."""
    return work.actor.may("review", KeptPaper)


def ledger(work: Work, first: date, last: date, search: str = "", limit: int = LIMIT) -> list[LedgerLine]:
    """Return the printings of these days, the newest first; what was printed in one go is one line.

    Raises:
        Forbidden: when the ledger is not for this person.
    """
    if not may_see(work):
        raise Forbidden(_("Your roles do not allow this: {what}.").format(what=_("Print ledger")))
    rows = [each for each in _entries(work, first, last, limit) if not _hidden(work, each)]
    names = titles(work, Child.__tablename__, [each.child_id for each in rows])
    found: dict[str, LedgerLine] = {}
    for each in rows:
        known = json.loads(each.details)
        key = known.get("batch") or f"single {each.sequence}"
        line = _line(each, known, names.get(each.child_id, ""))
        before = found.get(key)
        found[key] = line if before is None else _together(before, line)
    words = search.casefold().split()
    return [each for each in found.values() if all(word in _said(each) for word in words)]


def _entries(work: Work, first: date, last: date, limit: int) -> list[Any]:
    table, account = AuditEntry.__table__, Account.__table__
    asked = (
        select(
            table.c.sequence, table.c.at, table.c.type_name, table.c.record_id, table.c.child_id, table.c.details,
            func.coalesce(account.c.name, table.c.username).label("who"),
        )
        .outerjoin(account, account.c.id == table.c.account_id)
        .where(table.c.event == "printed", table.c.at >= datetime.combine(first, time()))
        .where(table.c.at < datetime.combine(last + timedelta(days=1), time()))
        .order_by(table.c.sequence.desc())
        .limit(limit)
    )  # fmt: skip
    return list(work.whole_home(asked))


def _hidden(work: Work, entry: Any) -> bool:
    """Whether an entry tells of a record that is sealed to this person: then it is not even counted."""
    kind = _closed_kind(entry.type_name)
    if kind is None or not entry.record_id:
        return False
    return work.scalar(select(kind.id).where(kind.id == entry.record_id)) is None


def _closed_kind(type_name: str) -> Any:
    """The type of an entry whose records may be closed to this person: sealed ones, and papers kept of them."""
    kind = next((each for each in record_types() if each.__name__ == type_name), None)
    return kind if kind is not None and (issubclass(kind, Sealed) or kind is KeptPaper) else None


def _line(entry: Any, known: dict[str, Any], name: str) -> LedgerLine:
    if _closed_kind(entry.type_name) is not None and not entry.record_id:
        name = ""  # which record it was is not known, so it might be a sealed one
    paper = known.get("paper") or form_words(known.get("form", ""), entry.type_name)
    return LedgerLine(
        entry.at, entry.who, paper, name, period_words(known.get("period", "")), 1, known.get("place", ""),
        known.get("number", ""),
    )  # fmt: skip


def _together(whole: LedgerLine, part: LedgerLine) -> LedgerLine:
    paper = whole.paper if whole.paper == part.paper else _("several papers")
    about = whole.about if whole.about == part.about else ""
    return replace(whole, papers=whole.papers + 1, paper=paper, about=about, number="")


def _said(line: LedgerLine) -> str:
    return " ".join((line.who, line.paper, line.about, line.period, line.place, line.number)).casefold()
