"""Placement 安置: where a child lives now and has lived, and the moves between, as data.

临时入院 → 正式在院 ↔ (寄养 / 住院 / 在外就读) → 离院{…}. The permitted moves are ``placement_moves.csv``; a new
placement ends the one before and is written onto the child at once, by whoever may record placements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, Date, String, Text, and_, or_, select
from sqlalchemy.orm import Mapped

from models.age import years_on
from models.alerts import Alert, alert
from models.child import Caseload, Child, OfChild
from models.child_words import IN_HOUSE, PLACEMENTS
from models.core import audit, records
from models.core.database import Work
from models.core.errors import Problem
from models.core.fields import attachment, field, reference
from models.core.record import Record
from models.core.words import Code, CodeList
from models.reminders import Due, reminder
from models.staff import Staff
from resources import N_, _, table

DEPARTURES = CodeList(
    "departure",
    *(
        Code(row["code"], row["english"], row["name_zh_summary"])
        for row in table("codes/departure_types.csv")
        if row["code"].startswith("D")
    ),
)
ADULT_DEPARTURES = frozenset({"D5", "D6"})
ADOPTIONS = frozenset({"D3", "D4"})
AWAY = N_("Where the child is")
LEAVING = N_("Leaving")

Stop = Callable[[Work, str, date], None]
_stops: list[Stop] = []


def on_leaving(stop: Stop) -> Stop:
    """Register what an area stops when a child leaves: a function of (work, child_id, day).

    It runs while the placement is being written, so it changes records with :func:`follow`.
    """
    _stops.append(stop)
    return stop


class Placement(OfChild, Record):
    """A stretch of time in one kind of care 养育方式."""

    title: ClassVar[str] = N_("Placement")
    titles: ClassVar[str] = N_("Placements")
    area: ClassVar[str] = "child"
    first_state: ClassVar[str] = "current"
    event_field: ClassVar[str] = "starts_on"
    title_field: ClassVar[str] = "place"

    kind: Mapped[str] = field(N_("Placement"), codes=PLACEMENTS, required=True, listed=True)
    starts_on: Mapped[date] = field(N_("From"), Date, required=True, listed=True, index=True)
    ends_on: Mapped[date | None] = field(N_("Until"), Date, listed=True, hidden=True)
    unit_id: Mapped[str | None] = reference(N_("Unit"), "unit", listed=True)
    bed: Mapped[str | None] = field(N_("Bed"), String(20))
    place: Mapped[str | None] = field(
        N_("Place"), String(200), section=AWAY, listed=True, searched=True,
        help=N_("Hospital and ward, school, family: where the child is found."),
    )  # fmt: skip
    carer: Mapped[str | None] = field(N_("Person in charge there"), String(100), section=AWAY)
    telephone: Mapped[str | None] = field(N_("Telephone"), String(40), section=AWAY)
    expected_back_on: Mapped[date | None] = field(N_("Expected back on"), Date, section=AWAY)
    departure: Mapped[str | None] = field(N_("Way of leaving"), codes=DEPARTURES, section=LEAVING, listed=True)
    destination: Mapped[str | None] = field(N_("Leaves to"), String(200), section=LEAVING)
    document: Mapped[str | None] = field(
        N_("Document"), String(100), section=LEAVING, help=N_("Number of the approval, judgment or certificate.")
    )
    scan: Mapped[str | None] = attachment(N_("Scan of the document"), section=LEAVING)
    reason: Mapped[str | None] = field(N_("Reason"), Text)

    def before_save(self, work: Work) -> None:
        history = [each for each in _history(work, self.child_id) if each.id != self.id]
        if self._counts():
            _close_before(work, self, history)
            history = sorted([*history, self], key=lambda each: (each.starts_on or date.max, each.id))
        _write_on_child(work, self.child_id, history[-1] if history else None)

    def _counts(self) -> bool:
        return self.deleted_at is None and self.state != "void" and self.starts_on is not None

    def problems(self, work: Work) -> Iterator[Problem]:
        child = work.get(Child, self.child_id)
        if child is None or not self._counts():
            return
        yield from self._date_problems(work, child)
        yield from self._move_problems(work)
        if self.kind == "left":
            yield from self._leaving_problems(child)
        elif self.departure:
            yield Problem("departure", _("A way of leaving is only given when the child leaves."))
        if self.kind in {"hospital", "foster", "boarding"} and not (self.place or "").strip():
            yield Problem("place", _("Please note where the child is."))

    def _date_problems(self, work: Work, child: Child) -> Iterator[Problem]:
        if self.starts_on > work.today:
            yield Problem("starts_on", _("A move is recorded when it has happened, not before."))
        if self.starts_on < child.born_on:
            yield Problem("starts_on", _("This lies before the birth."))
        if self.expected_back_on and self.expected_back_on < self.starts_on:
            yield Problem("expected_back_on", _("The return lies before the beginning."))

    def _move_problems(self, work: Work) -> Iterator[Problem]:
        others = [each for each in _history(work, self.child_id) if each.id != self.id]
        before = [each for each in others if (each.starts_on, each.id) < (self.starts_on, self.id)]
        after = [each for each in others if (each.starts_on, each.id) > (self.starts_on, self.id)]
        previous = before[-1] if before else None
        if not _follows(previous, self):
            yield Problem("kind", _move_refused(previous.kind if previous else "", self.kind))
        if after and not _follows(self, after[0]):
            yield Problem("kind", _move_refused(self.kind, after[0].kind))

    def _leaving_problems(self, child: Child) -> Iterator[Problem]:
        age = years_on(child.born_on, self.starts_on)
        if not self.departure:
            yield Problem("departure", _("Please choose how the child leaves."))
        if self.departure in ADULT_DEPARTURES and age < 18:
            yield Problem("departure", _("Only an adult leaves in this way; the child is {n}.").format(n=age))
        if not (self.document or "").strip():
            yield Problem("document", _("Nobody leaves without a document; please enter its number."))
        if self.departure in ADOPTIONS and age >= 8 and not (self.reason or "").strip():
            yield Problem(
                "reason", _("A child of eight or more agrees to the adoption; please note how (Civil Code, art. 1104).")
            )

    def summary(self) -> str:
        words = PLACEMENTS.label(self.kind)
        detail = DEPARTURES.label(self.departure) if self.kind == "left" else self.place
        return f"{words} · {detail}" if detail else words


@cache
def _moves() -> frozenset[tuple[str, str]]:
    return frozenset((row["from"], row["to"]) for row in table("placement_moves.csv"))


def may_move(old: str, new: str) -> bool:
    """Return whether one placement may follow another; ``old`` is empty before the first."""
    return (old, new) in _moves()


def _follows(old: Placement | None, new: Placement) -> bool:
    """Whether the move is permitted, or is one from unit to unit or from hospital to hospital."""
    if old is None or old.kind != new.kind:
        return may_move(old.kind if old else "", new.kind)
    return new.kind != "left" and (old.unit_id, old.place) != (new.unit_id, new.place)


def moves_from(old: str) -> list[str]:
    """Return the placements that may follow, in the order in which people should see them."""
    return [code.code for code in PLACEMENTS if may_move(old, code.code)]


def _move_refused(old: str, new: str) -> str:
    if not old:
        return _("A stay does not begin with “{new}”.").format(new=PLACEMENTS.label(new))
    if old == new:
        return _("The child is there already.")
    return _("“{new}” does not follow “{old}”.").format(new=PLACEMENTS.label(new), old=PLACEMENTS.label(old))


def _history(work: Work, child_id: str) -> list[Placement]:
    asked = select(Placement).where(
        Placement.child_id == child_id, Placement.deleted_at.is_(None), Placement.state != "void"
    )
    return list(work.scalars(asked.order_by(Placement.starts_on, Placement.id)))


def _close_before(work: Work, new: Placement, history: list[Placement]) -> None:
    """End what came before on the day the new placement begins, and the new one where another follows."""
    before = [each for each in history if (each.starts_on, each.id) < (new.starts_on, new.id)]
    after = [each for each in history if (each.starts_on, each.id) > (new.starts_on, new.id)]
    if before and before[-1].ends_on != new.starts_on:
        follow(work, before[-1], ends_on=new.starts_on)
    new.ends_on = after[0].starts_on if after else None


def _write_on_child(work: Work, child_id: str, now: Placement | None) -> None:
    """Write the present placement onto the child; leaving gives back the bed and stops what areas registered."""
    child = work.get(Child, child_id)
    if child is None:
        return
    if now is None:
        follow(work, child, placement=None, left_on=None)
    elif now.kind == "left":
        leaves_now = child.placement != "left"
        follow(work, child, placement="left", left_on=now.starts_on, unit_id=None, bed=None)
        for stop in _stops if leaves_now else ():
            stop(work, child_id, now.starts_on)
    else:
        follow(
            work,
            child,
            placement=now.kind,
            left_on=None,
            unit_id=now.unit_id or child.unit_id,
            bed=now.bed or child.bed,
        )


def follow(work: Work, record: Record, **values: Any) -> None:
    """Set fields that follow from another record now being written, and note it in the trail.

    Whoever may write the cause may have the consequence: a nurse records a stay in hospital, though she
    does not edit the child's file.
    """
    changed = {name: value for name, value in values.items() if getattr(record, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(record, name, value)
    record.changed_at, record.changed_by = work.now, work.actor.name
    noted = audit.change_of(record, "changed")
    if noted:
        work.events.append(noted)
        work.touched.add(type(record).__name__)


@on_leaving
def end_caseloads(work: Work, child_id: str, day: date) -> None:
    """End the caseloads of all but social workers, who keep in contact after the child has left."""
    running = select(Caseload).where(
        Caseload.child_id == child_id, Caseload.deleted_at.is_(None), Caseload.ends_on.is_(None)
    )
    workers = set(work.scalars(select(Staff.id).where(Staff.post == "social_worker")))
    for case in work.scalars(running):
        if case.staff_id not in workers:
            follow(work, case, ends_on=day)


def move(work: Work, child_id: str, kind: str, starts_on: date, **values: Any) -> str:
    """Record that a child moves into another placement and return the placement's id."""
    return records.save(work, Placement, {"child_id": child_id, "kind": kind, "starts_on": starts_on, **values})


def history_of(work: Work, child_id: str) -> list[dict[str, Any]]:
    """Return all placements of a child as plain values, the latest first."""
    names = ("id", "kind", "starts_on", "ends_on", "place", "departure", "destination", "expected_back_on", "reason")
    return [{name: getattr(each, name) for name in names} for each in reversed(_history(work, child_id))]


def sleeping_here() -> ColumnElement[bool]:
    """Return the condition for children who sleep in the home; one without a placement counts as present."""
    return and_(Child.outreach.is_(None), or_(Child.placement.is_(None), Child.placement.in_(IN_HOUSE)))


def living_here() -> ColumnElement[bool]:
    """Return the condition for children in the home's care, at home or away for a time; never outreach clients."""
    return and_(Child.outreach.is_(None), or_(Child.placement.is_(None), Child.placement != "left"))


def _away(work: Work, child_ids: Sequence[str] | None = None) -> list[tuple[Placement, str]]:
    asked = (
        select(Placement, Child.name)
        .join(Child, Child.id == Placement.child_id)
        .where(
            Placement.deleted_at.is_(None),
            Placement.state != "void",
            Placement.ends_on.is_(None),
            Placement.kind.not_in([*IN_HOUSE, "left"]),
            Child.deleted_at.is_(None),
        )  # fmt: skip
    )
    if child_ids is not None:
        asked = asked.where(Placement.child_id.in_(child_ids))
    return [(placement, name) for placement, name in work.execute(asked)]


def _away_words(placement: Placement) -> str:
    words = placement.summary()
    if placement.expected_back_on:
        return _("{where}, expected back {day}").format(where=words, day=placement.expected_back_on)
    return _("{where} since {day}").format(where=words, day=placement.starts_on)


@alert
def who_is_away(work: Work, child_ids: Sequence[str]) -> Iterator[Alert]:
    """Children who are in hospital, at school or with a family."""
    for placement, _name in _away(work, child_ids):
        yield Alert(placement.child_id, _away_words(placement), "info", icon="map-pin")


@reminder
def children_away(work: Work) -> Iterator[Due]:
    """Who is away, where, and who should be back by now."""
    for placement, name in _away(work):
        late = placement.expected_back_on is not None and placement.expected_back_on < work.today
        yield Due(
            text=_away_words(placement), area="child", due=placement.expected_back_on, kind="due" if late else "away",
            child_id=placement.child_id, child_name=name, needs=("Placement", "read"), page="child",
            target={"child_id": placement.child_id, "tab": "admission"},
        )  # fmt: skip
