"""Finding 查找: children for the finder, by 汉字, full pinyin, initials or file number, the best first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import case, or_, select

from models.child import Child
from models.core.database import Work
from models.core.search import fold
from models.unit import Unit


@dataclass(frozen=True)
class FoundChild:
    """One child as the finder shows it."""

    id: str
    name: str
    number: str
    sex: str
    born_on: date
    unit: str
    left: bool


def find_children(work: Work, text: str, limit: int = 8) -> list[FoundChild]:
    """Return the children who best fit what was typed; only those the person may see.

    Whole words come first (a number, a name, full initials), then beginnings, then everything else. The
    ranking reads the narrow search index alone; the wide rows are read for those shown.
    """
    words = fold(text).split()
    if not words or not work.actor.may("read", Child):
        return []
    found, first = Child.search_text, _escaped(words[0])
    rank = case(
        (or_(found.like(f"{first} %", escape="\\"), found.like(f"% {first} %", escape="\\")), 0),
        (found.like(f"{first}%", escape="\\"), 1),
        (found.like(f"% {first}%", escape="\\"), 2),
        else_=3,
    )
    statement = select(Child.id).where(Child.deleted_at.is_(None))
    for word in words:
        statement = statement.where(found.like(f"%{_escaped(word)}%", escape="\\"))
    ids = list(work.scalars(statement.order_by(rank, found, Child.id).limit(limit)))
    return children_by_id(work, ids)


def children_by_id(work: Work, ids: Iterable[str]) -> list[FoundChild]:
    """Return children in the order of their ids, leaving out those the person may not see."""
    wanted = list(ids)
    if not wanted or not work.actor.may("read", Child):
        return []
    statement = (
        select(Child.id, Child.name, Child.number, Child.sex, Child.born_on, Unit.name, Child.left_on)
        .outerjoin(Unit, Unit.id == Child.unit_id)
        .where(Child.id.in_(wanted), Child.deleted_at.is_(None))
    )
    rows = {row[0]: FoundChild(*row[:5], row[5] or "", row[6] is not None) for row in work.execute(statement)}
    return [rows[each] for each in wanted if each in rows]


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
