"""Forms of the archive 档案表单: what a child's file holds, and that it is sealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select

from models.core.database import Work
from models.core.record import Record, record_types
from models.core.sealing import Sealed
from models.file_papers import ORDER
from models.form_words import GONE, about, child_of, day_words, numbered, unsigned
from models.forms import Asked, Form, form
from models.month import Grid, Section
from resources import N_, _


@form("file_contents", N_("Contents and sealing of a child's file"), of="child", needs="Child", beside=("Child",))
def file_contents(work: Work, asked: Asked) -> list[Form]:
    """Return what the file holds by class, from when to when, and the act of sealing it 档案卷内目录与封存单."""
    child = child_of(work, Asked(asked.child_id or asked.record_id))
    held = [each for kind in _kinds(work) if (each := _held(work, kind, child.id))]
    rows = numbered(row[:-1] for row in held)
    count, scans = sum(int(row[2]) for row in held), sum(row[-1] for row in held)
    headings = (
        _("No."),
        _("Class"),
        _("Kind of record"),
        _("How many"),
        _("From"),
        _("Until"),
        _("Scans"),
        _("Remark"),
    )
    totals = (
        (_("Kinds of records"), str(len(held))),
        (_("Records in all"), str(count)),
        (_("Scans and photos"), str(scans)),
    )
    left = (_("Left on"), day_words(child.left_on))
    sealing = (
        left,
        (_("Sealed on"), ""),
        (_("Volumes"), ""),
        (_("Pages"), ""),
        (_("Box and shelf"), ""),
        (_("Kept until"), _("permanently")),
    )
    return [
        replace(
            about(work, child, _("Contents and sealing of a child's file"), brief=True), sealed=True,
            sections=(
                Section(_("Contents"), facts=totals, grids=(Grid(headings, rows, "", frozenset({0, 3, 6}), (0.6, 1.4, 3, 1, 1.5, 1.5, 0.9, 2)),)),
                Section(_("Sealing"), facts=sealing),
            ),
            signed=unsigned(_("Handed in by"), _("File clerk"), _("Director")),
            notes=(_("A sealed file is opened only with the director's permission; every look into it is noted."),),
        )
    ]  # fmt: skip


def _kinds(work: Work) -> Iterator[type[Record]]:
    """The types of a child's records that the person may print, in the order in which files are bound."""
    found = [
        kind for kind in record_types()
        if hasattr(kind, "child_id") and kind.area in ORDER and work.actor.may("print", kind) and work.actor.may("read", kind)
    ]  # fmt: skip
    yield from sorted(found, key=lambda kind: list(ORDER).index(kind.area))


def _held(work: Work, kind: Any, child_id: str) -> tuple[Any, ...] | None:
    """One line: class, kind, count, first and last day, and (last) how many scans; None when there is nothing."""
    from models.core.fields import fields_of

    mine = [kind.child_id == child_id, kind.deleted_at.is_(None), kind.state.not_in(GONE)]
    if issubclass(kind, Sealed):
        mine.append(kind.sealed.is_(False))
    when = getattr(kind, kind.event_field)
    scans = [getattr(kind, each.name) for each in fields_of(kind) if each.kind == "attachment"]
    asked = select(func.count(kind.id), func.min(when), func.max(when), *(func.count(each) for each in scans)).where(
        *mine
    )
    count, first, last, *kept = work.execute(asked).one()
    if not count:
        return None
    return _(ORDER[kind.area]), _(kind.titles), str(count), _day(first), _day(last), str(sum(kept) or ""), "", sum(kept)


def _day(value: Any) -> str:
    """Say the day of an event; what has none says nothing."""
    return day_words(value)[:10] if hasattr(value, "strftime") else ""
