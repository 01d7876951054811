"""List of kept papers 定稿目录: found by number, name, period or child, each with what became of its source since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Date, DateTime, and_, func, or_, select

from models.child import Child, OfChild
from models.core.database import Work
from models.core.queries import titles
from models.core.record import Record, record_type, record_types
from models.core.search import fold
from models.file_papers import ORDER
from models.kept_papers import Kept, KeptPaper, record_type_of, values_of
from models.period import ReportPeriod
from resources import _, ngettext

LIMIT = 500
ALL, CURRENT, OVERTAKEN = "all", "current", "overtaken"


@dataclass(frozen=True)
class Wanted:
    """Which kept papers are asked for; empty parts leave everything in."""

    search: str = ""
    kind: str = ""
    year: int = 0
    child_id: str = ""


@dataclass(frozen=True)
class KeptLine:
    """One kept paper in the list.

    Attributes:
        child: the child's name; empty for a paper of the whole home.
        newer: why it is no longer the newest word, in one sentence; empty when it is.
    """

    kept: Kept
    child: str
    newer: str = ""


def kept_lines(work: Work, wanted: Wanted, limit: int = LIMIT) -> list[KeptLine]:
    """Return the kept papers that this person may print, the newest first."""
    found = list(work.scalars(_narrow(wanted).order_by(KeptPaper.number.desc()).limit(limit)))
    papers = [values_of(each) for each in found]
    names = titles(work, "child", [each.child_id for each in papers])
    newer = overtaken(work, papers)
    return [KeptLine(each, names.get(each.child_id, ""), newer.get(each.id, "")) for each in papers]


def count_kept(work: Work, wanted: Wanted) -> int:
    """Return how many there are."""
    return int(work.scalar(select(func.count()).select_from(_narrow(wanted).subquery())) or 0)


def kinds_kept(work: Work) -> list[tuple[str, str]]:
    """Return (key, name) of every kind of paper of which one is kept, by name."""
    asked = select(KeptPaper.kind, func.max(KeptPaper.paper)).group_by(KeptPaper.kind)
    return sorted(((str(kind), str(name)) for kind, name in work.execute(asked)), key=lambda each: each[1])


def years_kept(work: Work) -> list[int]:
    """Return the years in which papers were kept, the newest first."""
    years = work.scalars(select(func.substr(KeptPaper.number, 1, 4)).distinct())
    return sorted((int(each) for each in years), reverse=True)


def _narrow(wanted: Wanted) -> Any:
    asked = select(KeptPaper).where(KeptPaper.deleted_at.is_(None))
    if wanted.child_id:
        asked = asked.where(KeptPaper.child_id == wanted.child_id)
    if wanted.kind:
        asked = asked.where(KeptPaper.kind == wanted.kind)
    if wanted.year:
        asked = asked.where(KeptPaper.number.like(f"{wanted.year}-%"))
    for word in fold(wanted.search).split():
        pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        named = select(Child.id).where(Child.search_text.like(pattern, escape="\\")).execution_options(aside=True)
        asked = asked.where(or_(KeptPaper.search_text.like(pattern, escape="\\"), KeptPaper.child_id.in_(named)))
    return asked


# --- what became of the source ----------------------------------------------------------------------


def overtaken(work: Work, papers: Sequence[Kept]) -> dict[str, str]:
    """Say of each paper that is no longer the newest word why: kept anew, or its record corrected or void since."""
    found = _corrected(work, papers)
    asked = select(KeptPaper.supersedes_id, KeptPaper.number).where(
        KeptPaper.supersedes_id.in_([each.id for each in papers])
    )
    for before, number in work.execute(asked):
        found[str(before)] = _("A newer version is kept: {number}.").format(number=number)
    return found


def _corrected(work: Work, papers: Iterable[Kept]) -> dict[str, str]:
    by_type: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for each in papers:
        if each.record_id and (name := record_type_of(each.kind)):
            by_type[name][each.record_id].append(each.id)
    said: dict[str, str] = {}
    for name, papers_of in by_type.items():
        for record_id, words in _fates(work, record_type(name), list(papers_of)).items():
            said.update(dict.fromkeys(papers_of[record_id], words))
    return said


def _fates(work: Work, kind: type[Record], ids: Sequence[str]) -> dict[str, str]:
    """What became of records: a correction begun or in force, or void."""
    found: dict[str, str] = {}
    begun = _("A correction of the record has been begun.")
    corrected = _("The record has been corrected since: a newer version exists.")
    after = select(kind.supersedes_id, kind.state).where(kind.supersedes_id.in_(ids), kind.state != "void")
    for before, state in work.execute(after.execution_options(aside=True)):
        found[str(before)] = corrected if state in {"approved", "archived"} else begun
    own = select(kind.id, kind.state).where(kind.id.in_(ids), kind.state.in_(("superseded", "void")))
    for record_id, state in work.execute(own.execution_options(aside=True)):
        found[str(record_id)] = corrected if state == "superseded" else _("The record was declared void since.")
    return found


def newer_words(work: Work, paper: Kept) -> str:
    """Say why a paper is no longer the newest word, also where single entries of its month were added or changed."""
    return overtaken(work, [paper]).get(paper.id, "") or _changed_words(work, paper)


def _changed_words(work: Work, paper: Kept) -> str:
    if not paper.child_id or paper.record_id or not paper.period:
        return ""
    number = sum(_changed(work, kind, paper) for kind in _telling(work))
    if not number:
        return ""
    words = ngettext(
        "{n} entry of this period has been added or changed since.",
        "{n} entries of this period have been added or changed since.",
        number,
    )
    return words.format(n=number)


def _telling(work: Work) -> list[type[Any]]:
    """The types of a child's records from which such papers are gathered."""
    silent = {"Caseload", "PaperCopy"}  # who works with the child, and what left the home, stand on no such paper
    kinds = [kind for kind in record_types() if issubclass(kind, OfChild) and kind.area in ORDER]
    kinds = [kind for kind in kinds if kind.__name__ not in silent]
    return [kind for kind in kinds if work.actor.may("read", kind)]


def _changed(work: Work, kind: type[Any], paper: Kept) -> int:
    """How many records of a type, of the paper's child and period, were entered or changed after it was kept."""
    since = func.coalesce(kind.changed_at, kind.recorded_at) > paper.kept_at
    event, (first, last) = getattr(kind, kind.event_field), _span(paper.period)
    if isinstance(event.type, DateTime):
        within = and_(event >= first, event < last + timedelta(days=1))
    elif isinstance(event.type, Date):
        within = and_(event >= first.date(), event <= last.date())
    else:  # a month, as 2026-10
        within = and_(event >= f"{first:%Y-%m}", event <= f"{last:%Y-%m}")
    asked = select(func.count(kind.id)).where(kind.child_id == paper.child_id, since, within)
    return int(work.scalar(asked.execution_options(aside=True)) or 0)


def _span(period: str) -> tuple[datetime, datetime]:
    """The first and last day of a period; of a paper as known on a day, everything up to that day."""
    try:
        known = ReportPeriod.parse(period)
    except ValueError:
        return datetime(1900, 1, 1), datetime.combine(datetime.fromisoformat(period).date(), time())
    return known.begins, datetime.combine(known.last, time())
