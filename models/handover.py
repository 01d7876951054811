"""Hand-over 交接班: filled from the shift's exceptions, counted against the register, signed by both sides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from models.alerts import alerts_for
from models.care import HandOver, NursingRecord
from models.care_words import threshold
from models.child import Child
from models.child_words import IN_HOUSE, PLACEMENTS
from models.core import records
from models.core.database import Work
from models.core.errors import Invalid, Problem
from models.core.queries import load, titles
from models.nursing import plain, units_of, unusual
from models.placement import living_here
from models.reminders import Due, reminder
from models.shifts import Shift, shift_at
from resources import _

IN_HOSPITAL = frozenset({"hospital"})
OUT = frozenset({"outside_care", "boarding"})
"""Placements that count as out 外出: the child belongs to the unit and comes back."""
_NEW_FOR_DAYS = 7
_WATCHED = frozenset({"danger"})


@dataclass(frozen=True)
class Roster:
    """The unit's register at this moment: names of the children here, out and in hospital."""

    here: tuple[str, ...]
    out: tuple[tuple[str, str], ...]
    in_hospital: tuple[str, ...]

    @property
    def expected(self) -> int:
        """How many children belong here 应到."""
        return len(self.here) + len(self.out) + len(self.in_hospital)

    @property
    def hospital(self) -> int:
        """How many are in hospital 住院."""
        return len(self.in_hospital)


def roster_of(work: Work, unit_id: str) -> Roster:
    """Return the register of a unit; children with families elsewhere do not belong to its head count."""
    statement = select(Child.name, Child.placement).where(
        Child.unit_id == unit_id, Child.deleted_at.is_(None), living_here()
    )
    here, out, hospital = [], [], []
    for name, placement in work.execute(statement.order_by(Child.bed, Child.number)):
        if placement is None or placement in IN_HOUSE:
            here.append(name)
        elif placement in IN_HOSPITAL:
            hospital.append(name)
        elif placement in OUT:
            out.append((name, placement))
    return Roster(tuple(here), tuple(out), tuple(hospital))


def prefilled(work: Work, unit_id: str, shift: Shift) -> dict[str, Any]:
    """Return the values of a new hand-over: the head count of the register and everything out of the ordinary."""
    roster = roster_of(work, unit_id)
    children = {
        row.id: row
        for row in work.execute(
            select(Child.id, Child.name, Child.born_on, Child.admitted_on).where(
                Child.unit_id == unit_id, Child.deleted_at.is_(None), living_here()
            )
        )
    }
    names = {child_id: row.name for child_id, row in children.items()}
    away = [_told(name, [PLACEMENTS.label(placement)]) for name, placement in roster.out]
    away += [_told(name, [PLACEMENTS.label("hospital")]) for name in roster.in_hospital]
    return {
        "unit_id": unit_id, "day": shift.day, "shift": shift.code, "at": min(work.now, shift.ends),
        "expected": roster.expected, "present": len(roster.here), "out": len(roster.out), "hospital": roster.hospital,
        "special": _lines(_special(work, shift, children)),
        "unusual": _lines(_exceptions(work, shift, names)),
        "away": _lines(away),
        "treatment": _lines(_treatment(work, shift, names)),
        "incidents": _lines(_incidents(work, shift, names)),
    }  # fmt: skip


def _told(name: str, words: Iterable[str]) -> str:
    return f"{name}{_(': ')}{_('; ').join(words)}"


def _lines(found: Iterable[str]) -> str:
    return "\n".join(found) or _("none")


def _special(work: Work, shift: Shift, children: dict[str, Any]) -> Iterator[str]:
    """Children whom every shift must watch: alerts, new arrivals, infants under six months."""
    reasons: dict[str, list[str]] = {}
    for alert in alerts_for(work, list(children)):
        if alert.level in _WATCHED:
            reasons.setdefault(alert.child_id, []).append(alert.text)
    for child_id, child in children.items():
        if child.admitted_on and timedelta(0) <= shift.day - child.admitted_on < timedelta(days=_NEW_FOR_DAYS):
            reasons.setdefault(child_id, []).append(_("admitted on {day}").format(day=child.admitted_on))
        if shift.day - child.born_on < timedelta(days=183):
            reasons.setdefault(child_id, []).append(_("infant under six months"))
    for child_id, words in reasons.items():
        yield _told(children[child_id].name, dict.fromkeys(words))


def _exceptions(work: Work, shift: Shift, names: dict[str, str]) -> Iterator[str]:
    statement = select(NursingRecord).where(
        NursingRecord.child_id.in_(names), NursingRecord.at >= shift.starts, NursingRecord.at < shift.ends,
        NursingRecord.deleted_at.is_(None), NursingRecord.state.not_in(("void", "superseded")),
    )  # fmt: skip
    for record in work.scalars(statement.order_by(NursingRecord.at)):
        found = [each.text for each in unusual(plain(record), record.day)]
        if record.note:
            found.append(record.note)
        if found:
            yield _told(f"{record.at:%H:%M} {names[record.child_id]}", found)


def _treatment(work: Work, shift: Shift, names: dict[str, str]) -> Iterator[str]:
    from models.medication_round import changes_between

    if not work.actor.may("read", "MedicationOrder"):
        return
    for child_id, words in changes_between(work, list(names), shift.starts, shift.ends):
        yield _told(names[child_id], [words])


def _incidents(work: Work, shift: Shift, names: dict[str, str]) -> Iterator[str]:
    from models.safety import Incident

    statement = select(Incident).where(
        Incident.child_id.in_(names), Incident.noticed_at >= shift.starts, Incident.noticed_at < shift.ends,
        Incident.deleted_at.is_(None), Incident.state != "void", Incident.sealed.is_(False),
    )  # fmt: skip
    for incident in work.scalars(statement.order_by(Incident.noticed_at)):
        yield _told(f"{incident.noticed_at:%H:%M} {names[incident.child_id or '']}", [incident.what])


# --- signatures ---------------------------------------------------------------------------------------


def sign_handing(work: Work, hand_over_id: str) -> None:
    """Sign as the one who hands over; the hand-over is then submitted."""
    signed = _signer(work)
    hand_over = load(work, HandOver, hand_over_id)
    if hand_over.handed_at:
        raise Invalid([Problem("handed_by_id", _("This side has signed already."))])
    records.save(work, HandOver, {"handed_by_id": signed, "handed_at": work.now}, id=hand_over_id)
    if hand_over.state in ("draft", "returned"):
        records.take_step(work, HandOver, hand_over_id, "submit")


def sign_receiving(work: Work, hand_over_id: str) -> None:
    """Sign as the one who takes over; from then on what was told is no longer changed."""
    signed = _signer(work)
    hand_over = load(work, HandOver, hand_over_id)
    if not hand_over.handed_at:
        raise Invalid([Problem("received_by_id", _("The shift that hands over signs first."))])
    if hand_over.received_at:
        raise Invalid([Problem("received_by_id", _("This side has signed already."))])
    records.save(work, HandOver, {"received_by_id": signed, "received_at": work.now}, id=hand_over_id)


def _signer(work: Work) -> str:
    if not work.actor.staff_id:
        raise Invalid([Problem("", _("Your account is not linked to a member of staff, so it cannot sign here."))])
    return work.actor.staff_id


# --- lists and reminders ------------------------------------------------------------------------------


@dataclass(frozen=True)
class HandOverLine:
    """One hand-over as the page lists it."""

    id: str
    day: Any
    shift: str
    expected: int
    present: int
    handed_by: str
    handed_at: datetime | None
    received_by: str
    received_at: datetime | None
    state: str


def hand_overs(work: Work, unit_id: str, limit: int = 30) -> list[HandOverLine]:
    """Return a unit's hand-overs, the newest first."""
    statement = (
        select(HandOver)
        .where(
            HandOver.unit_id == unit_id, HandOver.deleted_at.is_(None), HandOver.state.not_in(("void", "superseded"))
        )
        .order_by(HandOver.at.desc())
        .limit(limit)
    )
    found = list(work.scalars(statement))
    names = titles(work, "staff", [name for each in found for name in (each.handed_by_id, each.received_by_id)])
    return [
        HandOverLine(
            each.id, each.day, each.shift, each.expected, each.present, names.get(each.handed_by_id or "", ""),
            each.handed_at, names.get(each.received_by_id or "", ""), each.received_at, each.state,
        )
        for each in found
    ]  # fmt: skip


def hand_over_of(work: Work, unit_id: str, shift: Shift) -> str | None:
    """Return the id of the hand-over of a shift, None when none is written."""
    return work.scalar(
        select(HandOver.id).where(
            HandOver.unit_id == unit_id, HandOver.day == shift.day, HandOver.shift == shift.code,
            HandOver.deleted_at.is_(None), HandOver.state.not_in(("void", "superseded")),
        )
    )  # fmt: skip


@reminder
def hand_over_missing(work: Work) -> Iterator[Due]:
    """Hand-overs not written, and those nobody has received; each person is told of the own units."""
    if not work.actor.may("create", HandOver):
        return
    ended = shift_at(work.now).before()
    due = ended.ends + timedelta(minutes=threshold("hand_over_expected_after", work.today))
    for unit_id, unit in units_of(work):
        found = hand_over_of(work, unit_id, ended)
        target = {"unit_id": unit_id, "day": ended.day, "shift": ended.code}
        if found is None:
            text = _("Hand-over not written: {unit}, {shift}").format(unit=unit, shift=ended.label)
        elif load(work, HandOver, found).received_at is None:
            text = _("Hand-over not received: {unit}, {shift}").format(unit=unit, shift=ended.label)
        else:
            continue
        yield Due(text, "care", due, needs=("HandOver", "create"), page="handover", target=target)


def receive_as(database: Any, home: Any, username: str, password: str, hand_over_id: str) -> str:
    """Sign as the colleague who stands beside and gives the own name and password; return the colleague's name.

    The colleague acts with the colleague's own rights, and the trail names the colleague.

    Raises:
        SignInRefused: when name or password is not right.
    """
    from models.core.access import SYSTEM
    from models.core.accounts import named

    home.confirm_password(username, password)
    with database.read(SYSTEM) as work:
        account = named(work, username)
        colleague = account.actor() if account and account.active else None
    if colleague is None:
        raise Invalid([Problem("", _("This account is closed."))])
    with database.work(colleague) as work:
        sign_receiving(work, hand_over_id)
    return str(colleague.name)
