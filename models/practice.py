"""Practice 康复指导执行: a unit's home programmes in one shift, ticked there, and what was really done since the last session."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select

from models.child import Child
from models.child_words import IN_HOUSE, PLACEMENTS
from models.core import records
from models.core.database import Work
from models.core.queries import load, titles
from models.home_programme import TICKS, WHY_NOT, HomeProgramme, ProgrammeTick
from models.placement import living_here
from models.reminders import Due, reminder
from models.shifts import SHIFTS, Shift, shift_at, shifts_of
from resources import _, ngettext

GONE = ("void", "superseded")


@dataclass(frozen=True)
class PracticeRow:
    """One item of one child in a shift, with what became of it.

    Attributes:
        where: the placement in words when the child is away, else "".
        tick_id, outcome, reason, by: what is recorded; empty while it is open.
        run: on how many of the last seven days it was done.
    """

    programme_id: str
    child_id: str
    child: str
    bed: str
    photo: str
    what: str
    amount: str
    how: str
    beware: str
    picture: str
    therapy: str | None
    therapist: str
    where: str = ""
    tick_id: str = ""
    outcome: str = ""
    reason: str | None = None
    by: str = ""
    run: int = 0

    @property
    def open(self) -> bool:
        """Whether something is still to be done or said."""
        return not self.outcome and not self.where

    @property
    def state(self) -> str:
        """What became of it in words."""
        if self.outcome == "done":
            return TICKS.label("done")
        if self.outcome:
            return f"{TICKS.label(self.outcome)}{_(': ')}{WHY_NOT.label(self.reason)}"
        return self.where or _("To practise")


def due_in(item: HomeProgramme, shift: Shift) -> bool:
    """Whether an item is to be done in a shift; one that names no shift is due in every shift but the night."""
    if not item.starts_on <= shift.day or (item.ends_on and shift.day > item.ends_on):
        return False
    if item.weekdays and str(shift.day.isoweekday()) not in item.weekdays:
        return False
    return shift.code in item.shifts if item.shifts else shift.ends.date() == shift.day


def practice_rows(work: Work, unit_id: str, shift: Shift) -> list[PracticeRow]:
    """Return what a unit practises in a shift, by bed, those who are away last."""
    children = {
        each.id: each
        for each in work.execute(
            select(Child.id, Child.name, Child.bed, Child.photo, Child.placement).where(
                Child.unit_id == unit_id, Child.deleted_at.is_(None), living_here()
            )
        )
    }
    items = [each for each in _items(work, shift.day, "unit", children) if due_in(each, shift)]
    ticks = _ticks(work, [each.id for each in items], shift.day - timedelta(days=7), shift.day)
    names = titles(work, "staff", [*(each.therapist_id for each in items), *(each.by_id for each in ticks)])
    rows = [_row(each, children[each.child_id], ticks, names, shift) for each in items]
    return sorted(rows, key=lambda row: (bool(row.where), row.bed, row.child, row.what))


def _items(work: Work, day: date, place: str = "", child_ids: Collection[str] | None = None) -> list[HomeProgramme]:
    statement = select(HomeProgramme).where(
        HomeProgramme.deleted_at.is_(None), HomeProgramme.state.not_in(GONE), HomeProgramme.starts_on <= day,
        or_(HomeProgramme.ends_on.is_(None), HomeProgramme.ends_on >= day),
    )  # fmt: skip
    if place:
        statement = statement.where(HomeProgramme.place == place)
    if child_ids is not None:
        statement = statement.where(HomeProgramme.child_id.in_(list(child_ids)))
    return list(work.scalars(statement.order_by(HomeProgramme.id)))


def _ticks(work: Work, programme_ids: Sequence[str], first: date, last: date) -> list[ProgrammeTick]:
    statement = select(ProgrammeTick).where(
        ProgrammeTick.programme_id.in_(programme_ids), ProgrammeTick.deleted_at.is_(None),
        ProgrammeTick.state.not_in(GONE), ProgrammeTick.day.between(first, last),
    )  # fmt: skip
    return list(work.scalars(statement.order_by(ProgrammeTick.day, ProgrammeTick.id)))


def _row(
    item: HomeProgramme, child: Any, ticks: Sequence[ProgrammeTick], names: Mapping[str, str], shift: Shift
) -> PracticeRow:
    mine = [each for each in ticks if each.programme_id == item.id]
    now = next((each for each in reversed(mine) if _is_of(each, item, shift)), None)
    before = {each.day for each in mine if each.outcome == "done" and each.day < shift.day}
    where = "" if not child.placement or child.placement in IN_HOUSE else PLACEMENTS.label(child.placement)
    row = PracticeRow(
        item.id, child.id, child.name, child.bed or "", child.photo or "", item.what, item.amount or "", item.how or "",
        item.beware or "", item.picture or "", item.therapy, names.get(item.therapist_id or "", ""), where, run=len(before),
    )  # fmt: skip
    if now is None:
        return row
    by = names.get(now.by_id or "", "") or now.recorded_by
    return replace(row, where="", tick_id=now.id, outcome=now.outcome, reason=now.reason, by=by)


def _is_of(tick: ProgrammeTick, item: HomeProgramme, shift: Shift) -> bool:
    """Whether a tick answers for this shift; an item that names no shift is done once a day."""
    return tick.day == shift.day and (not item.shifts or tick.shift == shift.code)


def tick(
    work: Work, programme_id: str, shift: Shift, outcome: str = "done", reason: str | None = None,
    by_id: str | None = None,
) -> tuple[str, dict[str, Any] | None]:  # fmt: skip
    """Say what became of an item in a shift; return the record and what stood there before, for undo."""
    item = load(work, HomeProgramme, programme_id)
    found = next((e for e in reversed(_ticks(work, [programme_id], shift.day, shift.day)) if _is_of(e, item, shift)), None)  # fmt: skip
    before = None if found is None else {"outcome": found.outcome, "reason": found.reason, "by_id": found.by_id}
    values: dict[str, Any] = {"outcome": outcome, "reason": reason, "by_id": by_id or work.actor.staff_id}
    if found is None:
        values |= {"child_id": item.child_id, "programme_id": item.id, "day": shift.day, "shift": shift.code}
    return records.save(work, ProgrammeTick, values, id=found.id if found else None), before


def untick(work: Work, tick_id: str, before: Mapping[str, Any] | None) -> None:
    """Take a tick back: what stood there before returns, or it is open again."""
    if before is None:
        records.put_in_bin(work, ProgrammeTick, tick_id)
    else:
        records.save(work, ProgrammeTick, dict(before), id=tick_id)


# --- what was really done ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Practised:
    """What was really done of one item in some days."""

    programme_id: str
    what: str
    therapy: str | None
    wanted: int
    done: int
    missed: Mapping[str, int] = field(default_factory=dict)
    """How often it was not possible, by reason."""

    @property
    def silent(self) -> int:
        """How often nothing was noted."""
        return max(0, self.wanted - self.done - sum(self.missed.values()))

    def words(self) -> str:
        """Say it in one line: ``sit upright: 5 of 7, not done: ill ×2``."""
        said = _("{what}: {done} of {wanted}").format(what=self.what, done=self.done, wanted=self.wanted)
        parts = [said]
        if self.missed:
            why = _(", ").join(f"{WHY_NOT.label(reason)} ×{count}" for reason, count in self.missed.items())
            parts.append(_("not done: {why}").format(why=why))
        if self.silent:
            parts.append(ngettext("{n} not noted", "{n} not noted", self.silent).format(n=self.silent))
        return _(" · ").join(parts)


def practised(work: Work, child_id: str, since: date, until: date) -> list[Practised]:
    """Return what was done of a child's items from a day until the day before another, item by item."""
    statement = select(HomeProgramme).where(
        HomeProgramme.child_id == child_id, HomeProgramme.deleted_at.is_(None), HomeProgramme.state.not_in(GONE),
        HomeProgramme.starts_on < until, or_(HomeProgramme.ends_on.is_(None), HomeProgramme.ends_on >= since),
    )  # fmt: skip
    items = list(work.scalars(statement.order_by(HomeProgramme.id)))
    ticks = _ticks(work, [each.id for each in items], since, until - timedelta(days=1))
    return [_practised(each, [one for one in ticks if one.programme_id == each.id], since, until) for each in items]


def _practised(item: HomeProgramme, ticks: Sequence[ProgrammeTick], since: date, until: date) -> Practised:
    days = [since + timedelta(days=count) for count in range((until - since).days)]
    wanted = sum(_times(item, day) for day in days)
    missed = Counter(each.reason or "other" for each in ticks if each.outcome != "done")
    done = sum(1 for each in ticks if each.outcome == "done")
    return Practised(item.id, item.what, item.therapy, wanted, done, dict(missed.most_common()))


def _times(item: HomeProgramme, day: date) -> int:
    """How often an item is to be done on a day."""
    due = [shift for shift in shifts_of(day) if due_in(item, shift)]
    return len(due) if item.shifts else min(1, len(due))


@dataclass(frozen=True)
class ItemLine:
    """One item of a child's programme as the file shows it."""

    id: str
    what: str
    amount: str
    when: str
    therapy: str | None
    therapist: str
    starts_on: date
    ends_on: date | None
    last_week: Practised


def child_items(work: Work, child_id: str) -> list[ItemLine]:
    """Return the items a child practises now, with what was done in the last seven days."""
    today = work.today
    items = _items(work, today, child_ids=[child_id])
    week = {each.programme_id: each for each in practised(work, child_id, today - timedelta(days=7), today)}
    names = titles(work, "staff", (each.therapist_id for each in items))
    return [
        ItemLine(
            each.id, each.what, each.amount or "", when_words(each.shifts or (), each.weekdays or ()), each.therapy,
            names.get(each.therapist_id or "", ""), each.starts_on, each.ends_on,
            week.get(each.id) or Practised(each.id, each.what, each.therapy, 0, 0),
        )
        for each in items
    ]  # fmt: skip


def when_words(shifts: Sequence[str], weekdays: Sequence[str]) -> str:
    """Say when an item is practised: its shifts and weekdays."""
    from models.staff import WEEKDAYS

    often = _(", ").join(SHIFTS.label(each) for each in shifts) or _("once a day")
    days = _(", ").join(WEEKDAYS.label(each) for each in weekdays)
    return _(" · ").join(filter(None, (often, days)))


@reminder
def practice_open(work: Work) -> Iterator[Due]:
    """What is still open of the home programmes in the running shift, one line a unit."""
    shift = shift_at(work.now)
    children = {
        each.id: each.unit_id
        for each in work.execute(
            select(Child.id, Child.unit_id, Child.placement).where(
                Child.deleted_at.is_(None), living_here(), Child.unit_id.is_not(None)
            )
        )
        if not each.placement or each.placement in IN_HOUSE
    }
    items = [each for each in _items(work, shift.day, "unit") if each.child_id in children and due_in(each, shift)]
    ticks = _ticks(work, [each.id for each in items], shift.day, shift.day)
    still = [
        each for each in items if not any(_is_of(one, each, shift) for one in ticks if one.programme_id == each.id)
    ]
    counts = Counter(children[each.child_id] for each in still)
    for unit_id, name in titles(work, "unit", counts).items():
        words = ngettext("Practice in {unit}: {n} open", "Practice in {unit}: {n} open", counts[unit_id])
        yield Due(
            words.format(unit=name, n=counts[unit_id]), "care", shift.ends, needs=("NursingRecord", "create"),
            page="nursing", target={"unit_id": unit_id, "practice": True},
        )  # fmt: skip
