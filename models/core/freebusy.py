"""Free and busy 占用: what must be known of all rows so that nothing is booked twice — without seeing whose they are.

A record type opens a few columns by ``open_columns``: whoever may read the type at all may read those of
every row, also of children who are not entrusted to them. Everything else stays behind the row conditions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from models.core.database import Work
from models.core.errors import Forbidden
from models.core.record import Record
from resources import _


def busy(work: Work, kind: type[Record], columns: Sequence[str], *where: ColumnElement[bool]) -> list[tuple[Any, ...]]:
    """Return open columns of all rows of a type that fulfil conditions on its table, in the order of their ids.

    Raises:
        Forbidden: for a column that the type does not open, and for someone who may not read the type.
    """
    opened: frozenset[str] = getattr(kind, "open_columns", frozenset())
    if not work.actor.may("read", kind) or not set(columns) <= opened:
        raise Forbidden(_("Your roles do not allow this: {what}.").format(what=_(kind.title)))
    table = kind.__table__
    statement = select(*(table.c[name] for name in columns)).where(*where).order_by(table.c.id)
    return [tuple(row) for row in work.connection().execute(statement)]
