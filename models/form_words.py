"""Form words 表单用语: what every dedicated form of a child says in the same way — who, which values, who signed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from models.alerts import alerts_for
from models.child import Child
from models.core.database import Work
from models.core.fields import field_of
from models.core.queries import load, titles
from models.core.record import Record
from models.forms import Asked, Form
from models.month import Section, facts_of
from models.papers import Signed, label_of, said, signed_of
from resources import N_, _

FINAL = frozenset({"approved", "archived"})
GONE = ("void", "superseded")
MAKER, CHECKER, DIRECTOR = N_("Filled in by"), N_("Head of department"), N_("Director")


def child_of(work: Work, asked: Asked, kind: type[Record] | None = None) -> Child:
    """Return the child that a form is asked about, by itself or by a record of the child.

    Raises:
        Missing: when the child or the record is not there, or not for this person.
    """
    child_id = asked.child_id
    if asked.record_id and kind is not None:
        child_id = load(work, kind, asked.record_id).child_id
    found: Child = load(work, Child, child_id)
    return found


def child_beside(work: Work, asked: Asked, *kinds: Any) -> Child:
    """Return the child that a form is asked about, where the record it stands beside may be of several types.

    Raises:
        Missing: when the child or the record is not there, or not for this person.
    """
    if asked.child_id or not asked.record_id:
        return child_of(work, Asked(asked.child_id))
    found = (work.scalar(select(kind.child_id).where(kind.id == asked.record_id)) for kind in kinds)
    return child_of(work, Asked(next(filter(None, found), "")))


def record_of(work: Work, asked: Asked, kind: Any, child: Child, *where: Any) -> Any:
    """Return the record that was asked for, else the child's newest of that type; None when there is none."""
    if asked.record_id and (found := work.scalar(select(kind).where(kind.id == asked.record_id))) is not None:
        return found
    when = getattr(kind, kind.event_field)
    return work.scalar(
        select(kind).where(*living(kind, child.id), *where).order_by(when.desc(), kind.id.desc()).limit(1)
    )


def living(kind: Any, child_id: str) -> tuple[Any, ...]:
    """Return the conditions for what counts of a child's records of a type."""
    return kind.child_id == child_id, kind.deleted_at.is_(None), kind.state.not_in(GONE)


def records_of(work: Work, kind: Any, child_id: str, *where: Any) -> list[Any]:
    """Return a child's records of a type, the oldest first."""
    when = getattr(kind, kind.event_field)
    return list(work.scalars(select(kind).where(*living(kind, child_id), *where).order_by(when, kind.id)))


class Words:
    """The fields of one record in words, by name; of no record at all, the same labels with nothing beside them.

    >>> Words(work, Incident, None).pairs("place")
    (('Place', ''),)
    """

    def __init__(self, work: Work, kind: type[Record], record: Any) -> None:
        self.work, self.kind, self.record = work, kind, record

    def text(self, name: str) -> str:
        """Return one value in words; of a short list of choices every one, ticked or not."""
        meaning = field_of(self.kind, name)
        value = getattr(self.record, name) if self.record is not None else None
        named = titles(self.work, meaning.target, [value]) if meaning.kind == "reference" and value else {}
        return said(meaning, value, named).words

    def pairs(self, *names: str) -> tuple[tuple[str, str], ...]:
        """Return (label, value) pairs in the order asked for."""
        return tuple((label_of(field_of(self.kind, name)), self.text(name)) for name in names)


def left_facts(words: Words, *names: str) -> tuple[tuple[str, str], ...]:
    """Return the day of leaving 离院日期 and further facts of the placement with which a child has left."""
    return ((_("Left on"), words.text("starts_on")), *words.pairs(*names))


def about(
    work: Work, child: Child, name: str, *, brief: bool = False, alerts: bool = False, day: date | None = None
) -> Form:
    """Return a form that so far says only whom it is about."""
    facts = tuple(facts_of(work, child, day or work.today))
    warnings = tuple(each.text for each in alerts_for(work, [child.id])) if alerts else ()
    return Form(
        name, facts=facts[:4] + facts[5:7] if brief else facts, warnings=warnings, subject=child.name,
        file_number=child.number, picture=child.photo or "",
    )  # fmt: skip


def with_state(work: Work, form: Form, record: Any, offices: Sequence[str] = (MAKER, CHECKER, DIRECTOR)) -> Form:
    """Return a form that stands in the state of its record, with who took its steps."""
    signed = tuple(
        replace(each, role=_(office))
        for each, office in zip(signed_of(work, record) if record is not None else unsigned(*offices), offices, strict=True)
    )  # fmt: skip
    state = record.state if record is not None else ""
    final = state in FINAL
    return replace(form, signed=signed, state="" if state in {"current", *FINAL} else state, final=final)


def unsigned(*offices: str) -> tuple[Signed, ...]:
    """Return the places of people who sign by hand."""
    return tuple(Signed(_(office)) for office in offices)


def may_print(work: Work, kind: type[Record]) -> bool:
    """Whether the person may print this part of a set."""
    return work.actor.may("print", kind) and work.actor.may("read", kind)


def withheld(title: str) -> Section:
    """Return the section in whose place something stands that the person may not print."""
    return Section(title, withheld=True)


def day_words(day: date | datetime | None) -> str:
    """Say a day or a moment; empty for none."""
    if day is None:
        return ""
    return day.strftime("%Y-%m-%d %H:%M") if isinstance(day, datetime) else day.isoformat()


def numbered(rows: Iterable[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """Number the rows of a table through."""
    return tuple((str(number), *row) for number, row in enumerate(rows, start=1))
