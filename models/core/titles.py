"""Titles 名称: how a record is called wherever another record names it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from models.core.database import Work
from models.core.fields import Field, field_of, words_of
from models.core.queries import listed_fields, rows, title_column
from models.core.record import Record, record_type
from resources import _


@dataclass(frozen=True)
class Choice:
    """A record that a reference may name: its id, its title, and what tells it from its namesakes."""

    id: str
    title: str
    hint: str


def title_field(kind: type[Record]) -> Field:
    """Return the field by which records of this type are called."""
    return field_of(kind, kind.title_field)


def cell_words(meaning: Field, value: Any) -> str:
    """Say a value of a list in words; a reference arrives as the value of the named record's title field."""
    if meaning.kind != "reference":
        return words_of(meaning, value)
    if value is None:
        return ""
    return words_of(title_field(record_type(meaning.target)), value)


def choices(work: Work, kind: type[Record], search: str = "", limit: int = 30) -> list[Choice]:
    """Return the records that a reference may name, with their number, unit or day as a hint."""
    named = title_field(kind)
    hints = [each for each in listed_fields(kind) if each.name != named.name and not each.confidential][:2]
    found = rows(
        work, kind, fields=(named, *hints), search=search, where=[kind.state != "void"],
        order=None if kind.newest_first else named.name, limit=limit,
    )  # fmt: skip
    return [Choice(row.id, _said(named, row.values[0]), _joined(hints, row.values[1:])) for row in found]


def titles(work: Work, kind: type[Record], ids: Sequence[str]) -> dict[str, str]:
    """Return the titles of records by their ids, for those that the person may see, kept aside from lists or not."""
    wanted = list(dict.fromkeys(each for each in ids if each))
    if not wanted:
        return {}
    named = title_field(kind)
    if named.kind == "reference":
        found = rows(work, kind, fields=(named,), where=[kind.id.in_(wanted)])
        return {row.id: _said(named, row.values[0]) for row in found}
    asked = select(kind.id, title_column(kind)).where(kind.id.in_(wanted), kind.deleted_at.is_(None))
    named_by_id = work.execute(asked.execution_options(aside=True))
    return {record_id: _said(named, value) for record_id, value in named_by_id}


def _said(named: Field, value: Any) -> str:
    return cell_words(named, value) or _("(without a name)")


def _joined(hints: Sequence[Field], values: Sequence[Any]) -> str:
    words = (cell_words(meaning, value) for meaning, value in zip(hints, values, strict=True))
    return " · ".join(each for each in words if each)
