"""Registers 台账: official ledgers drawn from single entries by templates that a home adapts without a programmer.

A template says which records, which columns in which order under which headings, and what narrows them. Those
delivered with the program are tables (``resources/reference/registers``); a :class:`Register` of the home stands
over one of them, or is a new one. Nothing is entered into a register: it is read when it is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import JSON, Boolean, ColumnElement, String, select
from sqlalchemy.orm import Mapped

from models.age import years_on
from models.child import Child
from models.core.database import Work
from models.core.errors import Forbidden, Problem
from models.core.exchange import Listing
from models.core.fields import Field, field, field_of, fields_of
from models.core.queries import rows
from models.core.record import Record, record_types
from models.filters import has_child, has_period, in_period
from models.period import ReportPeriod
from resources import N_, _, current_language, table

AGE, BLANK, CHILD = "age", "blank", "child."
_AGE = Field(N_("Age"), "integer", name=AGE, unit=N_("years"))
_BLANK = Field(N_("Signature"), "text", name=BLANK)
LONGEST = 40
"""A heading no longer than this; the paper breaks longer ones badly."""


@dataclass(frozen=True)
class Column:
    """One column: where its values come from, and its heading where it departs from the field's own.

    ``source`` is a field of the record, ``child.`` and a field of the child, ``age``, or ``blank`` for
    a column that is filled by hand.
    """

    source: str
    heading: str = ""


@dataclass(frozen=True)
class Template:
    """How one register is drawn."""

    code: str
    title: str
    kind: str
    columns: tuple[Column, ...]
    filters: Mapping[str, tuple[str, ...]]
    timed: bool = True
    sort: str = ""
    register_id: str = ""
    """The home's own record behind it; empty for one delivered with the program."""

    @property
    def record_type(self) -> type[Record]:
        """The type of its records."""
        return _types()[self.kind]


class Register(Record):
    """A register's template as the home has made it 台账模板: title, columns, order, filters."""

    title: ClassVar[str] = N_("Register template")
    titles: ClassVar[str] = N_("Register templates")
    area: ClassVar[str] = "home"
    first_state: ClassVar[str] = "current"
    by_hand: ClassVar[bool] = False
    newest_first: ClassVar[bool] = False
    event_field: ClassVar[str] = "name"

    name: Mapped[str] = field(N_("Title"), String(80), required=True, listed=True, searched=True)
    base: Mapped[str | None] = field(N_("Made from"), String(40), hidden=True, index=True)
    records: Mapped[str] = field(N_("Records"), String(60), required=True, hidden=True, nullable=False)
    columns: Mapped[list[Any]] = field(N_("Columns"), JSON, hidden=True, nullable=False)
    filters: Mapped[dict[str, Any] | None] = field(N_("Filters"), JSON, hidden=True)
    timed: Mapped[bool | None] = field(N_("For a period"), Boolean)
    sort: Mapped[str | None] = field(N_("Sorted by"), String(60), hidden=True)

    def problems(self, work: Work) -> Iterator[Problem]:
        if self.records not in _types():
            yield Problem("records", _("There are no records of this kind."))
            return
        kind, chosen = _types()[self.records], [Column(*each) for each in self.columns or ()]
        if not chosen:
            yield Problem("columns", _("Please choose at least one column."))
        known = {each.source for each in possible(kind)}
        for each in chosen:
            if each.source not in known:
                yield Problem("columns", _("There is no such column: {name}.").format(name=each.source))
            if len(each.heading) > LONGEST:
                yield Problem("columns", _("A heading has at most {n} characters.").format(n=LONGEST))
        coded = {each.name: each for each in filterable(kind)}
        for name, codes in (self.filters or {}).items():
            if name not in coded or not all(code in (coded[name].codes or ()) for code in codes):
                yield Problem("filters", _("The register cannot be narrowed in this way."))

    @classmethod
    def example_values(cls, work: Work) -> dict[str, Any]:
        """Return valid values, for tests and the printed sample."""
        return {"name": "体检台账", "records": "GrowthMeasurement", "columns": [["measured_on", ""], ["child_id", ""]]}


def _types() -> dict[str, type[Record]]:
    return {kind.__name__: kind for kind in record_types()}


# --- templates --------------------------------------------------------------------------------------


@cache
def delivered(language: str) -> tuple[Template, ...]:
    """Return the templates that come with the program, in one language."""
    heading = "heading_zh" if language == "zh_CN" else "heading_en"
    title = "title_zh" if language == "zh_CN" else "title_en"
    columns: dict[str, list[Column]] = {}
    for row in table("registers/columns.csv"):
        columns.setdefault(row["register"], []).append(Column(row["source"], row[heading]))
    return tuple(
        Template(
            row["code"], row[title], row["type"], tuple(columns[row["code"]]), _filters(row["filters"]),
            bool(row["timed"]), row["sort"],
        )
        for row in table("registers/registers.csv")
    )  # fmt: skip


def _filters(text: str) -> dict[str, tuple[str, ...]]:
    pairs = (each.partition("=") for each in text.split() if each)
    return {name: tuple(codes.split("|")) for name, _equals, codes in pairs}


def templates(work: Work) -> list[Template]:
    """Return the registers of the home that this person may read: the delivered ones, in the home's shape, and its own."""
    asked = select(Register).where(Register.deleted_at.is_(None), Register.state != "void").order_by(Register.name)
    own = [_template(each) for each in work.scalars(asked)]
    adapted = {each.code: each for each in own if each.code}
    usual = [adapted.get(each.code, each) for each in delivered(current_language())]
    known = {each.register_id for each in usual}
    found = [*usual, *(each for each in own if each.register_id not in known)]
    return [each for each in found if each.kind in _types() and work.actor.may("read", each.record_type)]


def _template(register: Register) -> Template:
    columns = tuple(Column(*each) for each in register.columns)
    filters = {name: tuple(codes) for name, codes in (register.filters or {}).items()}
    return Template(
        register.base or "", register.name, register.records, columns, filters, bool(register.timed), register.sort or "",
        register.id,
    )  # fmt: skip


def keep(work: Work, template: Template) -> str:
    """Keep a template as the home's own and return its id; a delivered one is stood over, never changed."""
    from models.core.records import save

    values = {
        "name": template.title, "base": template.code or None, "records": template.kind, "timed": template.timed,
        "columns": [[each.source, each.heading] for each in template.columns],
        "filters": {name: list(codes) for name, codes in template.filters.items()}, "sort": template.sort or None,
    }  # fmt: skip
    return save(work, Register, values, id=template.register_id or None)


def possible(kind: type[Record]) -> list[Column]:
    """Return every column that a register of a type may have, under its usual heading."""
    own = [Column(each.name, each.title) for each in fields_of(kind) if _showable(each)]
    if kind is Child:
        return [*own, Column(AGE, _AGE.title), Column(BLANK, _BLANK.title)]
    of_child: list[Column] = []
    if has_child(kind):
        words = _("{field} of the child")
        of_child = [Column(f"{CHILD}{each.name}", words.format(field=each.title)) for each in _child_fields()]
        of_child.append(Column(AGE, _AGE.title))
    return [*own, *of_child, Column(BLANK, _BLANK.title)]


def _child_fields() -> list[Field]:
    return [each for each in fields_of(Child) if _showable(each) and each.name != "name"]


def _showable(meaning: Field) -> bool:
    """What can stand in a cell: nothing confidential, no attachment, no inner mark or structure."""
    inner = meaning.hidden and meaning.kind == "text"
    return not (meaning.confidential or inner or meaning.kind in ("json", "attachment"))


def filterable(kind: type[Record]) -> list[Field]:
    """Return the coded fields by which a register can be narrowed."""
    return [each for each in fields_of(kind) if each.kind == "code" and not each.confidential]


# --- drawing ----------------------------------------------------------------------------------------


def filled(work: Work, template: Template, period: ReportPeriod) -> Listing:
    """Return a register with its rows, as screen, paper and workbook show it alike."""
    kind = template.record_type
    own = [each.source for each in template.columns if "." not in each.source and each.source not in (AGE, BLANK)]
    extra = ["child_id"] if has_child(kind) else ["born_on"] if kind is Child else []
    event = [kind.event_field] if has_period(kind) else []
    names = list(dict.fromkeys([*own, *event]))
    found = rows(
        work, kind, fields=[field_of(kind, each) for each in names], where=_conditions(kind, template, period),
        order=template.sort or kind.event_field, descending=False,
    )  # fmt: skip
    known = {row.id: dict(zip(names, row.values, strict=True)) for row in found}
    children = _children(work, kind, list(known), template) if extra else {}
    columns = tuple(_column(kind, each) for each in template.columns)
    last = min(period.last, work.today) if template.timed else work.today
    body = tuple(
        tuple(_value(each, known[row.id], children.get(row.id, {}), kind, last) for each in template.columns)
        for row in found
    )
    note = period.title() if template.timed else standing_words(work.today)
    return Listing(template.title, columns, body, (note,), official=True)


def standing_words(day: date) -> str:
    """Say that a register has no period: it shows what is known on a day."""
    return _("as it stands on {day}").format(day=day.isoformat())


def _conditions(kind: Any, template: Template, period: ReportPeriod) -> list[ColumnElement[bool]]:
    where = [getattr(kind, name).in_(codes) for name, codes in template.filters.items() if codes]
    where.append(kind.state.not_in(["void", "superseded"]))
    if template.timed and has_period(kind):
        where.append(in_period(kind, period.first, period.last))
    elif template.timed and any(each.name == "month" for each in fields_of(kind)):
        where.append(kind.month.in_(period.months()))
    return where


def _children(work: Work, kind: Any, ids: Sequence[str], template: Template) -> dict[str, dict[str, Any]]:
    """Return what the register shows of each record's child, as plain values by the record's id."""
    wanted = [each.source.removeprefix(CHILD) for each in template.columns if each.source.startswith(CHILD)]
    names = list(dict.fromkeys([*wanted, "born_on"]))
    of_record = {each: each for each in ids}
    if kind is not Child:
        for some in (ids[start : start + 500] for start in range(0, len(ids), 500)):
            of_record |= {
                row[0]: row[1] for row in work.execute(select(kind.id, kind.child_id).where(kind.id.in_(some)))
            }
    values: dict[str, dict[str, Any]] = {}
    keys = sorted({each for each in of_record.values() if each})
    meanings = [field_of(Child, each) for each in names]
    for some in (keys[start : start + 500] for start in range(0, len(keys), 500)):
        for row in rows(work, Child, fields=meanings, where=[Child.id.in_(some)]):
            values[row.id] = dict(zip(names, row.values, strict=True))
    return {each: values.get(child, {}) for each, child in of_record.items()}


def _column(kind: type[Record], column: Column) -> Field:
    if column.source == AGE:
        meaning = _AGE
    elif column.source == BLANK:
        meaning = _BLANK
    elif column.source.startswith(CHILD):
        meaning = field_of(Child, column.source.removeprefix(CHILD))
    else:
        meaning = field_of(kind, column.source)
    return replace(meaning, label=column.heading) if column.heading else meaning


def _value(column: Column, own: Mapping[str, Any], child: Mapping[str, Any], kind: type[Record], last: date) -> Any:
    if column.source == BLANK:
        return None
    if column.source == AGE:
        born = child.get("born_on")
        day = own.get(kind.event_field) if kind is not Child else last
        day = day.date() if isinstance(day, datetime) else day
        return years_on(born, day) if born and isinstance(day, date) and day >= born else None
    if column.source.startswith(CHILD):
        return child.get(column.source.removeprefix(CHILD))
    return own.get(column.source)


def taken_out(work: Work, template: Template, period: ReportPeriod, action: str) -> Listing:
    """Return a register that is about to be printed or exported, noted in the trail with its count.

    Args:
        action: ``print`` or ``export``.

    Raises:
        Forbidden: when the person may not do this with such records.
    """
    kind = template.record_type
    if not work.actor.may(action, kind):
        raise Forbidden(
            _("Your roles do not allow this: {what}.").format(what=_("Print") if action == "print" else _("Export"))
        )
    listing = filled(work, template, period)
    event = "printed" if action == "print" else "exported"
    names = [column.source for column in template.columns]
    work.record_event(
        event, template.kind, form=template.title, rows=len(listing.rows), fields=names,
        period=str(period) if template.timed else "",
    )  # fmt: skip
    return listing
