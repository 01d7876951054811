"""Queries 查询: lists as plain rows, single records as dictionaries; no entity leaves this module."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, or_, select
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
    chosen = order or kind.event_field
    falling = kind.newest_first if descending is None else descending
    ids = _ids(work, kind, _narrow(kind, search, where, binned), chosen, falling, offset, limit, found=bool(search))
    statement: Any = select(kind.id, kind.state, kind.version)
    for meaning in shown:
        statement, column = _shown(statement, kind, meaning)
        statement = statement.add_columns(column)
    found: dict[str, Row] = {}
    for few in (ids[start : start + 500] for start in range(0, len(ids), 500)):
        for each in work.execute(statement.where(kind.id.in_(few))):
            found[each[0]] = Row(each[0], each[1], each[2], tuple(each[3:]))
    return [found[each] for each in ids if each in found]


def _ids(
    work: Work,
    kind: type[Record],
    conditions: list[ColumnElement[bool]],
    order: str,
    falling: bool,
    offset: int,
    limit: int | None,
    *,
    found: bool,
) -> list[str]:
    """The ids of one page in order, sorted without the wide rows so that a narrow index can answer.

    A search sorts what it found: walking an ordered index until a page is full would read every wide row
    when little is found, so the sorter is hidden from the planner.
    """
    statement: Any = select(kind.id)
    sorter = getattr(kind, order, kind.recorded_at)
    meaning = next((each for each in fields_of(kind) if each.name == order), None)
    if meaning is not None:
        statement, sorter = _shown(statement, kind, meaning)
        # PostgreSQL knows no order of JSON; a list of codes is sorted as the text it is.
        sorter = cast(sorter, Text) if meaning.kind in {"codes", "json"} else sorter
    sorter = func.coalesce(sorter, sorter) if found else sorter
    statement = statement.where(*conditions)
    statement = statement.order_by(sorter.desc() if falling else sorter, kind.id.desc() if falling else kind.id)
    return list(work.scalars(statement.limit(limit).offset(offset) if limit is not None else statement))


def _shown(statement: Any, kind: type[Record], meaning: Field) -> tuple[Any, Any]:
    """What a list shows for a field: the column itself, or the title of the record it names."""
    column = getattr(kind, meaning.name)
    if meaning.kind != "reference":
        return statement, column
    target = aliased(record_type(meaning.target))
    return statement.outerjoin(target, target.id == column), getattr(target, record_type(meaning.target).title_field)


def count(
    work: Work, kind: type[Record], *, search: str = "", where: Iterable[ColumnElement[bool]] = (), binned: bool = False
) -> int:
    """Return how many records a list would show."""
    return work.execute(
        select(func.count()).select_from(kind).where(*_narrow(kind, search, where, binned))
    ).scalar_one()


def _narrow(
    kind: type[Record], search: str, where: Iterable[ColumnElement[bool]], binned: bool
) -> list[ColumnElement[bool]]:
    """The conditions of a list: not in the bin, the caller's filters, and every typed word somewhere."""
    conditions = [kind.deleted_at.is_not(None) if binned else kind.deleted_at.is_(None), *where]
    for word in fold(search).split():
        pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        named = [each for each in fields_of(kind) if each.searched and each.kind == "reference"]
        found = [getattr(kind, each.name).in_(_found(record_type(each.target), pattern)) for each in named]
        conditions.append(or_(kind.search_text.like(pattern, escape="\\"), *found))
    return conditions


def _found(kind: type[Record], pattern: str) -> Any:
    """The ids of the records that a pattern finds."""
    searched = aliased(kind)
    return select(searched.id).where(searched.deleted_at.is_(None), searched.search_text.like(pattern, escape="\\"))


def load(work: Work, kind: type[Record], record_id: str) -> Any:
    """Return one record as an entity, for rules and area functions (never for a screen).

    Raises:
        Missing: when it is not there, or not for this person.
    """
    found = work.scalar(select(kind).where(kind.id == record_id).execution_options(aside=True))
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
    named = select(kind.id, title_column(kind)).where(kind.id.in_(wanted))
    found = work.execute(named.execution_options(aside=True))
    return {each[0]: str(each[1]) for each in found}


def choices(work: Work, target: str, search: str = "", limit: int = 50) -> list[tuple[str, str]]:
    """Return (id, title) of the records a reference may name, best first."""
    kind = record_type(target)
    statement = select(kind.id, title_column(kind)).where(*_narrow(kind, search, [kind.state != "void"], binned=False))
    return [(each[0], str(each[1])) for each in work.execute(statement.order_by(title_column(kind)).limit(limit))]
