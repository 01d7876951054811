"""Aside 暂时移开: rows taken out of each other's way within a transaction, and put back before it ends.

A guard in the database judges single rows, so rows that change places would meet for a moment. What is moved aside
here is no event: it passes neither rules nor trail, and whoever moves it puts it back in the same unit of work, where
the guard judges it. A record type opens the columns for it by ``loose_columns``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import update

from models.core.database import Work
from models.core.errors import Forbidden
from models.core.record import Record
from resources import _

BATCH = 400


def write_below(work: Work, kind: type[Record], ids: Sequence[str], **values: Any) -> None:
    """Write loose columns of some rows beneath the records, whose values in memory stay as they are.

    Raises:
        Forbidden: for a column that the type does not open, and for someone who may not edit the type.
    """
    opened: frozenset[str] = getattr(kind, "loose_columns", frozenset())
    if not work.actor.may("edit", kind) or not set(values) <= opened:
        raise Forbidden(_("Your roles do not allow this: {what}.").format(what=_(kind.title)))
    table: Any = kind.__table__
    for start in range(0, len(ids), BATCH):
        some = ids[start : start + BATCH]
        work.connection().execute(update(table).where(table.c.id.in_(some)).values(**values))
