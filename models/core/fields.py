"""Fields 字段: what a column means, said once on the column itself.

A column is declared ``name: Mapped[str] = field(N_("Name"), String(40), required=True, listed=True)``.
The meaning travels in ``Column.info`` and every reader (list, search, form, validation, audit, export,
print) asks :func:`fields_of`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, BigInteger, Boolean, Date, DateTime, Float, ForeignKey, Integer, String, Text, Time
from sqlalchemy.orm import MappedColumn, mapped_column
from sqlalchemy.types import TypeDecorator, TypeEngine

from models.core.words import CodeList
from resources import N_, _

if TYPE_CHECKING:
    from models.core.record import Record

KINDS = (
    "text", "long_text", "integer", "decimal", "money", "date", "datetime", "time", "yes_no",
    "code", "codes", "reference", "attachment", "json",
)  # fmt: skip


class Money(TypeDecorator[Decimal]):
    """Yuan 元 with two decimals, stored as whole fen 分 so that sums are exact on both back ends."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> int | None:
        return None if value is None else int((Decimal(str(value)) * 100).to_integral_value())

    def process_result_value(self, value: Any, dialect: Any) -> Decimal | None:
        return None if value is None else (Decimal(value) / 100).quantize(Decimal("0.01"))


@dataclass(frozen=True)
class Field:
    """The meaning of one column.

    Attributes:
        label: the field's name in the home's words (an English message id).
        kind: one of ``KINDS``; decides editor, parser and cell.
        section: the heading under which form and paper show it.
        unit: the unit of a number, e.g. ``kg``.
        help: one sentence shown beside the editor.
        codes: the closed vocabulary of a ``code`` or ``codes`` field.
        target: table name of the record type a ``reference`` names.
        listed / searched: shown in lists / found by search.
        confidential: its value is never copied into audit, search text or exports of others.
        required, length, decimals, minimum, maximum: what a valid value is.
        hidden: kept and audited, but set by a special screen, not by the generic form.
    """

    label: str
    kind: str = "text"
    name: str = ""
    section: str = ""
    unit: str = ""
    help: str = ""
    codes: CodeList | None = None
    target: str = ""
    listed: bool = False
    searched: bool = False
    confidential: bool = False
    required: bool = False
    hidden: bool = False
    length: int | None = None
    decimals: int = 2
    minimum: float | None = None
    maximum: float | None = None

    @property
    def title(self) -> str:
        """The label in the language in use."""
        return _(self.label)

    @property
    def numeric(self) -> bool:
        """Whether cells align right."""
        return self.kind in {"integer", "decimal", "money"}


def field(
    label: str,
    column_type: TypeEngine[Any] | type[TypeEngine[Any]] | None = None,
    *args: Any,
    section: str = "",
    unit: str = "",
    help: str = "",  # noqa: A002 (the word a reader expects)
    codes: CodeList | None = None,
    many: bool = False,
    listed: bool = False,
    searched: bool = False,
    confidential: bool = False,
    required: bool = False,
    hidden: bool = False,
    decimals: int = 2,
    minimum: float | None = None,
    maximum: float | None = None,
    kind: str = "",
    target: str = "",
    **column: Any,
) -> MappedColumn[Any]:
    """Declare a column together with its meaning; see the module's docstring.

    With ``codes`` the type may be left out; ``many=True`` stores a list of codes.
    """
    if column_type is None:
        column_type = JSON() if many else String(40) if codes else String(100)
    made = column_type() if isinstance(column_type, type) else column_type
    meaning = Field(
        label=label,
        kind=kind or _kind_of(made, codes, many),
        section=section,
        unit=unit,
        help=help,
        codes=codes,
        target=target,
        listed=listed,
        searched=searched,
        confidential=confidential,
        required=required,
        hidden=hidden,
        length=getattr(made, "length", None),
        decimals=decimals,
        minimum=minimum,
        maximum=maximum,
    )
    column.setdefault("nullable", True)
    return mapped_column(made, *args, info={"field": meaning}, **column)


def reference(label: str, target: str, **meaning: Any) -> MappedColumn[Any]:
    """Declare a column that names a record of another type by ``target``, its table name."""
    meaning.setdefault("index", True)
    return field(label, String(32), ForeignKey(f"{target}.id"), kind="reference", target=target, **meaning)


def attachment(label: str, **meaning: Any) -> MappedColumn[Any]:
    """Declare a column that names a stored file (photo, scan, PDF) by its content hash."""
    return field(label, String(64), kind="attachment", **meaning)


def _kind_of(column_type: TypeEngine[Any], codes: CodeList | None, many: bool) -> str:
    if codes is not None:
        return "codes" if many else "code"
    kinds: tuple[tuple[type, str], ...] = (
        (Money, "money"), (Text, "long_text"), (Boolean, "yes_no"), (Integer, "integer"), (Float, "decimal"),
        (DateTime, "datetime"), (Date, "date"), (Time, "time"), (JSON, "json"), (String, "text"),
    )  # fmt: skip
    for known, kind in kinds:
        if isinstance(column_type, known):
            return kind
    raise TypeError(f"no field kind for {column_type!r}")


def fields_of(record_type: type[Record]) -> tuple[Field, ...]:
    """Return the bound fields of a record type, in the order in which they were declared."""
    cached = record_type.__dict__.get("_fields")
    if cached is None:
        cached = tuple(
            replace(attribute.columns[0].info["field"], name=attribute.key)
            for attribute in record_type.__mapper__.column_attrs
            if "field" in attribute.columns[0].info
        )
        record_type._fields = cached
    return cached


def field_of(record_type: type[Record], name: str) -> Field:
    """Return one field by its name.

    Raises:
        KeyError: when the record type has no such field.
    """
    for each in fields_of(record_type):
        if each.name == name:
            return each
    raise KeyError(f"{record_type.__name__} has no field {name}")


def bound_words(words: str, bound: float, unit: str) -> str:
    """Say a bound with its unit: ``At most 14.``, ``At most 120 min.``; without one no space is left before the stop."""
    said = words.format(n=f"{bound:g}", unit=_(unit) if unit else "")
    return said.replace(" .", ".").replace(" 。", "。")


def words_of(meaning: Field, value: Any) -> str:
    """Say a stored value in words: dates in one form, codes in their words, never raw.

    A reference needs its record's title, which the caller looks up; it is shown as given here.
    """
    if value is None or value == "":
        return ""
    if meaning.kind == "code" and meaning.codes:
        return meaning.codes.label(value)
    if meaning.kind == "codes" and meaning.codes:
        return _(", ").join(meaning.codes.label(each) for each in value)
    if meaning.kind == "yes_no":
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if meaning.kind == "money":
        return f"{value:,.2f}"
    if isinstance(value, float):
        return f"{value:.{meaning.decimals}f}".rstrip("0").rstrip(".")
    if meaning.kind == "attachment":
        return _("attached")
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _(", ").join(str(each) for each in value)
    return str(value)


STATE_LABEL = N_("State")
