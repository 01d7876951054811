"""Record 记录: the base of everything the home keeps, and the registry of all record types."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import ColumnElement, DateTime, Integer, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from models.core.errors import Problem
from models.core.fields import Field

if TYPE_CHECKING:
    from models.core.access import Actor
    from models.core.database import Work


def new_id() -> str:
    """Return a new id: 32 hexadecimal digits that sort by the moment they were made (UUID version 7)."""
    stamp = time.time_ns() // 1_000_000
    noise = int.from_bytes(os.urandom(10), "big")
    value = (stamp << 80) | noise
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return f"{value:032x}"


def snake(name: str) -> str:
    """Return ``MedicationOrder`` as ``medication_order``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


class Base(DeclarativeBase):
    """The root of all mapped classes; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805 (SQLAlchemy passes the class)
        return snake(cls.__name__)

    title: ClassVar[str] = ""
    """The type's name in the singular, an English message id; the official term in Chinese."""

    def guard(self, work: Work) -> None:
        """Raise when the person may not write this row in this way; records have ``problems`` instead."""

    @classmethod
    def scope(cls, actor: Actor) -> ColumnElement[bool] | None:
        """Return the condition under which ``actor`` may see a row, or None for no condition.

        The permission table has already said that the person may read this type at all.
        """
        return None

    @classmethod
    def without_aside(cls) -> ColumnElement[bool] | None:
        """Return the condition of the ordinary rows where a type keeps others aside, or None where it does not.

        Rows kept aside are seen only by a statement that names a type which :meth:`reaches_aside`, or that asks
        for them with ``.execution_options(aside=True)``; so no list, count or export can forget to leave them out.
        """
        return None

    @classmethod
    def reaches_aside(cls) -> bool:
        """Return whether records of this type may belong to rows that are kept aside."""
        return False


class Record(Base):
    """One record of the home.

    A subclass declares its fields with :func:`models.core.fields.field` and its rules in
    :meth:`problems`; everything generic (list, form, audit, export, print) follows from that.

    Where ordinary single values break a type's rules, a classmethod ``example_values(work)`` returns those that
    do not, for the tests of every record type; see ``docs/adding-a-record.md``.
    """

    __abstract__ = True

    # What the type is called and how it is kept; each subclass says it.
    titles: ClassVar[str] = ""
    """The type's name in the plural, for lists."""
    area: ClassVar[str] = "home"
    """child, care, treatment, rehabilitation, education, safety, social_work, allowance, transition or home."""
    first_state: ClassVar[str] = "draft"
    """``draft``; ``submitted`` for daily entries that are signed by being saved; ``current`` for living data."""
    event_field: ClassVar[str] = "recorded_at"
    """The field that says when the thing happened (recording time is kept apart in ``recorded_at``)."""
    title_field: ClassVar[str] = "name"
    """The column that names one record to a reader."""
    newest_first: ClassVar[bool] = True
    by_hand: ClassVar[bool] = True
    """Whether people begin it in its form; not so what a page of its own makes, as a booking or a plan of a week."""

    _fields: ClassVar[tuple[Field, ...]]

    id: Mapped[str] = mapped_column(String(32), primary_key=True, default=new_id, sort_order=-100)
    version: Mapped[int] = mapped_column(Integer, nullable=False, default=1, sort_order=-99)
    state: Mapped[str] = mapped_column(String(12), nullable=False, default="", sort_order=-98)
    recorded_at: Mapped[datetime] = mapped_column(DateTime, nullable=False, sort_order=100)
    recorded_by_id: Mapped[str] = mapped_column(String(32), nullable=False, sort_order=101)
    recorded_by: Mapped[str] = mapped_column(String(100), nullable=False, sort_order=102)
    changed_at: Mapped[datetime | None] = mapped_column(DateTime, sort_order=103)
    changed_by: Mapped[str | None] = mapped_column(String(100), sort_order=104)
    supersedes_id: Mapped[str | None] = mapped_column(String(32), index=True, sort_order=105)
    state_reason: Mapped[str | None] = mapped_column(String(500), sort_order=106)
    deleted_at: Mapped[datetime | None] = mapped_column(DateTime, sort_order=107)
    deleted_by: Mapped[str | None] = mapped_column(String(100), sort_order=108)
    search_text: Mapped[str] = mapped_column(Text, nullable=False, default="", sort_order=109)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.version}

    def problems(self, work: Work) -> Iterator[Problem]:
        """Yield what is wrong with the values together; single fields are checked before this."""
        yield from ()

    def before_save(self, work: Work) -> None:
        """Fill fields that follow from others, just before the values are checked and written."""

    def refused(self, work: Work) -> str:
        """Say why this may not be written at all, whatever its values; empty when it may."""
        return ""

    def search_words(self) -> Iterator[str]:
        """Yield further texts by which search should find this record."""
        yield from ()

    def summary(self) -> str:
        """Say this record in one line, for the timeline and for titles."""
        value = getattr(self, self.title_field, None)
        return str(value) if value else ""

    def said(self, name: str, value: Any) -> str | None:
        """Say a present or former value of a field in this record's own words; None where it has none."""
        return None


def record_types() -> tuple[type[Record], ...]:
    """Return every registered record type, in the order of declaration."""
    found: dict[str, type[Record]] = {}

    def walk(base: type[Record]) -> None:
        for each in base.__subclasses__():
            if "__abstract__" not in each.__dict__:
                found[each.__name__] = each
            walk(each)

    walk(Record)
    return tuple(found.values())


def record_type(name: str) -> type[Record]:
    """Return a record type by its class name or its table name.

    Raises:
        KeyError: when there is none.
    """
    for each in record_types():
        if name in (each.__name__, each.__tablename__):
            return each
    raise KeyError(name)
