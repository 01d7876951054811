"""Queries 查询: lists as plain rows, single records as dictionaries; no entity leaves this module."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import aliased

from models.core.database import Work
from models.core.errors import Missing
from models.core.fields import Field, fields_of
from models.core.record import Record, record_type
from models.core.search import fold
from resources import _


@dataclass(frozen=True)
class Row:
    """One line of a list: the record's id, state and version, and the values of the asked fields.

    A ``reference`` value is already the title of the record it names.
    """

    id: str
    state: str
    version: int
    values: tuple[Any, ...]


def listed_fields(kind: type[Record]) -> tuple[Field, ...]:
    """Return the fields that a list of this type shows."""
    return tuple(meaning for meaning in fields_of(kind) if meaning.listed)


def title_column(kind: type[Record]) -> Any:
    """Return the column that names a record of this type."""
    return getattr(kind, kind.title_field)


def rows(
    work: Work,
    kind: type[Record],
    *,
    fields: Sequence[Field] | None = None,
    search: str = "",
    where: Iterable[ColumnElement[bool]] = (),
    order: str | None = None,
    descending: bool | None = None,
    offset: int = 0,
    limit: int | None = None,
    binned: bool = False,
) -> list[Row]:
    """Return one page of a list, searched, filtered and sorted by the database."""
    shown = tuple(fields) if fields is not None else listed_fields(kind)
    statement: Any = select(kind.id, kind.state, kind.version)
    sorters: dict[str, Any] = {"state": kind.state, "recorded_at": kind.recorded_at}
    for meaning in shown:
        column = getattr(kind, meaning.name)
        if meaning.kind == "reference":
            target = aliased(record_type(meaning.target))
            statement = statement.outerjoin(target, target.id == column)
            column = getattr(target, record_type(meaning.target).title_field)
        sorters[meaning.name] = column
        statement = statement.add_columns(column)
    statement = _narrowed(statement, kind, search, where, binned)
    chosen = order or kind.event_field
    falling = kind.newest_first if descending is None else descending
    sorter = sorters.get(chosen, getattr(kind, chosen, kind.recorded_at))
    statement = statement.order_by(sorter.desc() if falling else sorter, kind.id.desc() if falling else kind.id)
    if limit is not None:
        statement = statement.limit(limit).offset(offset)
    return [Row(each[0], each[1], each[2], tuple(each[3:])) for each in work.execute(statement)]


def count(
    work: Work, kind: type[Record], *, search: str = "", where: Iterable[ColumnElement[bool]] = (), binned: bool = False
) -> int:
    """Return how many records a list would show."""
    return work.execute(_narrowed(select(func.count(kind.id)), kind, search, where, binned)).scalar_one()


def _narrowed(
    statement: Select[Any], kind: type[Record], search: str, where: Iterable[ColumnElement[bool]], binned: bool
) -> Select[Any]:
    statement = statement.where(kind.deleted_at.is_not(None) if binned else kind.deleted_at.is_(None), *where)
    for word in fold(search).split():
        pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        places = [kind.search_text.like(pattern, escape="\\")]
        for meaning in fields_of(kind):
            if meaning.searched and meaning.kind == "reference":
                target = record_type(meaning.target)
                found = select(target.id).where(target.search_text.like(pattern, escape="\\"))
                places.append(getattr(kind, meaning.name).in_(found))
        statement = statement.where(or_(*places))
    return statement


def load(work: Work, kind: type[Record], record_id: str) -> Any:
    """Return one record as an entity, for rules and area functions (never for a screen).

    Raises:
        Missing: when it is not there, or not for this person.
    """
    found = work.scalar(select(kind).where(kind.id == record_id))
    if found is None:
        raise Missing(_("This record is not there, or it is not entrusted to you."))
    return found


def values(work: Work, kind: type[Record], record_id: str) -> dict[str, Any]:
    """Return one record detached as a dictionary: every field, and id, version, state and who recorded it."""
    record = load(work, kind, record_id)
    whole = {meaning.name: getattr(record, meaning.name) for meaning in fields_of(kind)}
    for name in ("id", "version", "state", "recorded_at", "recorded_by", "changed_at", "changed_by",
                 "supersedes_id", "state_reason", "deleted_at"):  # fmt: skip
        whole[name] = getattr(record, name)
    return whole


def titles(work: Work, target: str, ids: Iterable[str | None]) -> dict[str, str]:
    """Return the titles of records named by references, for those the person may see."""
    kind = record_type(target)
    wanted = {each for each in ids if each}
    if not wanted:
        return {}
    found = work.execute(select(kind.id, title_column(kind)).where(kind.id.in_(wanted)))
    return {each[0]: str(each[1]) for each in found}


def choices(work: Work, target: str, search: str = "", limit: int = 50) -> list[tuple[str, str]]:
    """Return (id, title) of the records a reference may name, best first."""
    kind = record_type(target)
    statement = _narrowed(select(kind.id, title_column(kind)), kind, search, [kind.state != "void"], binned=False)
    return [(each[0], str(each[1])) for each in work.execute(statement.order_by(title_column(kind)).limit(limit))]
