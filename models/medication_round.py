"""Medication round 给药巡回: the doses due in a unit, recorded once each; what is missed; what the month shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError

from models.age import age_on
from models.alerts import Alert, alerts_for
from models.care_words import threshold
from models.child import Child
from models.child_words import IN_HOUSE, PLACEMENTS
from models.core import records
from models.core.database import Work
from models.core.errors import Invalid, Problem
from models.core.queries import load, titles
from models.dose_times import FREQUENCIES, due_times
from models.medication import Dose, MedicationOrder, already_words, dose_words, recorded_dose
from models.medication_words import OUTCOMES, TAKEN, WATCHED
from models.month import Grid, Month
from models.placement import living_here, sleeping_here
from models.reminders import Due, reminder
from models.stays import in_house_on, stays_of
from resources import _, ngettext


class AlreadyRecorded(Invalid):
    """Somebody else has recorded this very dose; ``str()`` says who, when and what."""


@dataclass(frozen=True)
class RoundLine:
    """One dose due (or one medicine for need), with all that is checked before it is given.

    Attributes:
        due_at: None for a medicine given on need.
        dose_id, outcome: what is recorded; "" when nothing is.
        where: the placement in words when the child is away.
        note: what the second person must see: who gave it, when, with what reason.
    """

    order_id: str
    child_id: str
    child_name: str
    number: str
    sex: str
    age: str
    bed: str
    photo: str
    where: str
    medicine: str
    strength: str
    dose: str
    how: str
    reason: str
    double_check: bool
    watched: str
    due_at: datetime | None
    dose_id: str = ""
    outcome: str = ""
    given_at: datetime | None = None
    giver: str = ""
    checker: str = ""
    given_reason: str = ""
    effect: str = ""
    alerts: tuple[Alert, ...] = ()
    last_given: datetime | None = None
    next_possible: datetime | None = None

    def overdue(self, now: datetime) -> bool:
        """Whether the hour of grace has passed without a record."""
        if self.outcome or self.due_at is None or self.where:
            return False
        return now > self.due_at + timedelta(minutes=threshold("dose_overdue_after", self.due_at.date()))


def round_lines(work: Work, unit_id: str, since: datetime, until: datetime) -> list[RoundLine]:
    """Return the doses due in a unit within ``since ≤ due < until``, by time and bed, then medicines for need."""
    return _lines(work, [Child.unit_id == unit_id], since, until)


def child_lines(work: Work, child_id: str, since: datetime, until: datetime) -> list[RoundLine]:
    """Return the doses of one child due within a period."""
    return _lines(work, [Child.id == child_id], since, until)


def _lines(work: Work, which: Sequence[Any], since: datetime, until: datetime) -> list[RoundLine]:
    statement = (
        select(MedicationOrder, Child)
        .join(Child, Child.id == MedicationOrder.child_id)
        .where(*which, Child.deleted_at.is_(None), living_here(), *running_within(since, until))
    )
    found = [
        (order, child) for order, child in work.execute(statement) if order.ends_at is None or order.ends_at > since
    ]
    alerts: dict[str, list[Alert]] = {}
    for each in alerts_for(work, [child.id for _order, child in found]):
        alerts.setdefault(each.child_id, []).append(each)
    doses = _doses(work, [order.id for order, _child in found], since, until)
    lines = [line for order, child in found for line in _of_order(order, child, doses, alerts, since, until, work.now)]
    return sorted(
        _with_names(work, lines),
        key=lambda line: (line.due_at is None, line.due_at or since, line.bed, line.number, line.medicine),
    )


def running_within(since: datetime, until: datetime) -> tuple[Any, ...]:
    """Return the conditions for orders that run within a period."""
    return (
        MedicationOrder.deleted_at.is_(None), MedicationOrder.state.not_in(("void", "superseded", "draft")),
        MedicationOrder.starts_at < until,
        or_(MedicationOrder.ends_on.is_(None), MedicationOrder.ends_on >= since.date()),
        or_(MedicationOrder.stopped_at.is_(None), MedicationOrder.stopped_at > since),
    )  # fmt: skip


def _doses(work: Work, order_ids: Sequence[str], since: datetime, until: datetime) -> dict[str, list[Dose]]:
    """The recorded doses of these orders, from three days before (for the least interval), by order."""
    statement = select(Dose).where(
        Dose.order_id.in_(order_ids), Dose.deleted_at.is_(None), Dose.state.not_in(("void", "superseded")),
        Dose.due_at >= since - timedelta(days=3), Dose.due_at < until,
    )  # fmt: skip
    found: dict[str, list[Dose]] = {}
    for each in work.scalars(statement.order_by(Dose.due_at)):
        found.setdefault(each.order_id, []).append(each)
    return found


def _of_order(
    order: MedicationOrder, child: Child, doses: dict[str, list[Dose]], alerts: dict[str, list[Alert]],
    since: datetime, until: datetime, now: datetime,
) -> Iterator[RoundLine]:  # fmt: skip
    base = _base(order, child, tuple(alerts.get(child.id, ())))
    known = doses.get(order.id, [])
    recorded = {each.due_at: each for each in known}
    if order.rhythm.as_needed:
        for each in known:
            if each.due_at >= since:
                yield _recorded(base, each)
        if order.runs_at(now):
            given = [each.given_at for each in known if each.given_at and each.outcome in TAKEN]
            last = max(given, default=None)
            possible = last + timedelta(hours=order.minimum_hours or 0) if last else None
            yield replace(base, last_given=last, next_possible=possible)
        return
    for due in due_times(order.rhythm, order.starts_at, order.ends_at, since, until):
        yield _recorded(base, recorded[due]) if due in recorded else replace(base, due_at=due)


def _base(order: MedicationOrder, child: Child, alerts: tuple[Alert, ...]) -> RoundLine:
    away = child.placement and child.placement not in IN_HOUSE
    return RoundLine(
        order.id, child.id, child.name, child.number, child.sex, age_on(child.born_on, max(order.starts_at.date(), child.born_on)).words(),
        child.bed or "", child.photo or "", PLACEMENTS.label(child.placement) if away else "", order.drug, order.strength or "",
        dose_words(order), order.instructions or "", order.reason or "", order.double_check,
        WATCHED.label(order.watched) if order.watched != "ordinary" else "", None, alerts=alerts,
    )  # fmt: skip


def _recorded(base: RoundLine, dose: Dose) -> RoundLine:
    return replace(
        base, due_at=dose.due_at, dose_id=dose.id, outcome=dose.outcome, given_at=dose.given_at, giver=dose.giver_id or "",
        checker=dose.checker_id or "", given_reason=dose.reason or "", effect=dose.effect or "",
    )  # fmt: skip


def _with_names(work: Work, lines: Sequence[RoundLine]) -> list[RoundLine]:
    names = titles(work, "staff", [each for line in lines for each in (line.giver, line.checker)])
    return [replace(line, giver=names.get(line.giver, ""), checker=names.get(line.checker, "")) for line in lines]


# --- recording ----------------------------------------------------------------------------------------


def record_dose(
    work: Work, order_id: str, due_at: datetime | None, outcome: str, *, confirmed: bool = False, **values: Any
) -> str:
    """Record what became of one dose and return its id; ``due_at`` is None for a medicine given on need.

    Raises:
        AlreadyRecorded: when the dose is recorded already, also by someone at the very same moment.
        Invalid: when the dose may not be given (allergy, least interval, a second person missing, …).
    """
    moment = due_at or (values.get("given_at") or work.now).replace(second=0, microsecond=0)
    other = recorded_dose(work, order_id, moment)
    if other:
        raise AlreadyRecorded([Problem("due_at", already_words(work, other))])
    order = load(work, MedicationOrder, order_id)
    whole = {"child_id": order.child_id, "order_id": order_id, "due_at": moment, "outcome": outcome, **values}
    try:
        return records.save(work, Dose, whole, confirmed=confirmed)
    except (IntegrityError, Invalid) as clash:
        # Another person may have committed the same dose between our look and our write.
        work.rollback()
        other = recorded_dose(work, order_id, moment)
        if other is None:
            raise
        raise AlreadyRecorded([Problem("due_at", already_words(work, other))]) from clash


def note_effect(work: Work, dose_id: str, effect: str, note: str = "") -> None:
    """Note how a medicine given on need has worked."""
    records.save(work, Dose, {"effect": effect, **({"note": note} if note else {})}, id=dose_id)


def take_back(work: Work, dose_id: str) -> None:
    """Take back a dose recorded by mistake: it goes to the bin, and the dose is due again."""
    records.put_in_bin(work, Dose, dose_id)


def stop_order(work: Work, order_id: str, reason: str, at: datetime | None = None) -> None:
    """Stop an order from now on, with its reason."""
    records.save(work, MedicationOrder, {"stopped_at": at or work.now, "stop_reason": reason}, id=order_id)


def orders_of(work: Work, child_id: str, *, ended: bool = False) -> list[dict[str, Any]]:
    """Return a child's orders as plain values, the running ones first; with ``ended`` also those of the past."""
    statement = select(MedicationOrder).where(
        MedicationOrder.child_id == child_id,
        MedicationOrder.deleted_at.is_(None),
        MedicationOrder.state.not_in(("void", "superseded")),
    )
    made = [
        {
            "id": each.id, "drug": each.drug, "strength": each.strength or "", "dose": dose_words(each),
            "frequency": FREQUENCIES.label(each.frequency), "times": " ".join(t.strftime("%H:%M") for t in each.rhythm.times),
            "from": each.starts_at, "until": each.ends_at, "prescriber": each.prescriber, "reason": each.reason or "",
            "instructions": each.instructions or "", "watched": each.watched, "double_check": each.double_check,
            "running": each.ends_at is None or each.ends_at > work.now, "stop_reason": each.stop_reason or "",
        }
        for each in work.scalars(statement.order_by(MedicationOrder.starts_at.desc()))
    ]  # fmt: skip
    return sorted((each for each in made if ended or each["running"]), key=lambda each: not each["running"])


def changes_between(
    work: Work, child_ids: Sequence[str], since: datetime, until: datetime
) -> Iterator[tuple[str, str]]:
    """Yield (child, words) for orders begun or stopped in a period and doses that were not taken, for the hand-over."""
    statement = select(MedicationOrder).where(
        MedicationOrder.child_id.in_(child_ids), MedicationOrder.deleted_at.is_(None), MedicationOrder.state != "void"
    )
    for order in work.scalars(statement.order_by(MedicationOrder.starts_at)):
        if since <= order.starts_at < until:
            yield order.child_id, _("new order: {order}").format(order=order.summary())
        if order.stopped_at and since <= order.stopped_at < until:
            yield order.child_id, _("stopped: {medicine}").format(medicine=order.drug)
    doses = select(Dose, MedicationOrder.drug).join(MedicationOrder, MedicationOrder.id == Dose.order_id)
    doses = doses.where(
        Dose.child_id.in_(child_ids), Dose.due_at >= since, Dose.due_at < until, Dose.deleted_at.is_(None)
    )
    for dose, drug in work.execute(
        doses.where(Dose.outcome.in_(("refused", "missed", "vomited", "repeated"))).order_by(Dose.due_at)
    ):
        yield dose.child_id, f"{dose.due_at:%H:%M} {drug} {OUTCOMES.label(dose.outcome)}"


# --- reminders and the month --------------------------------------------------------------------------


@reminder
def doses_not_recorded(work: Work) -> Iterator[Due]:
    """Doses of the last day that nobody has recorded, one line a child."""
    since = work.now - timedelta(hours=24)
    missing: dict[str, list[RoundLine]] = {}
    for line in _lines(work, [sleeping_here()], since, work.now):
        if line.overdue(work.now):
            missing.setdefault(line.child_id, []).append(line)
    for child_id, lines in missing.items():
        words = ngettext("{n} dose not recorded ({list})", "{n} doses not recorded ({list})", len(lines))
        told = _(", ").join(f"{line.due_at:%H:%M} {line.medicine}" for line in lines[:3])
        yield Due(
            words.format(n=len(lines), list=told), "treatment", lines[0].due_at, child_id=child_id,
            child_name=lines[0].child_name, needs=("Dose", "create"), page="medication_round", target={"child_id": child_id},
        )  # fmt: skip


@reminder
def effects_to_note(work: Work) -> Iterator[Due]:
    """Medicines given on need whose effect nobody has noted."""
    wait = timedelta(minutes=threshold("effect_noted_after", work.today))
    statement = (
        select(Dose, MedicationOrder.drug, Child.name)
        .join(MedicationOrder, MedicationOrder.id == Dose.order_id)
        .join(Child, Child.id == Dose.child_id)
        .where(
            MedicationOrder.frequency == "prn", Dose.effect.is_(None), Dose.outcome.in_(TAKEN), Dose.deleted_at.is_(None),
            Dose.state != "void", Dose.due_at >= work.now - timedelta(hours=48), sleeping_here(),
        )
    )  # fmt: skip
    for dose, drug, name in work.execute(statement):
        if dose.given_at is None:
            continue
        text = _("Note the effect of {medicine}, given at {time}")
        yield Due(
            text.format(medicine=drug, time=dose.given_at.strftime("%H:%M")), "treatment", dose.given_at + wait,
            child_id=dose.child_id, child_name=name, needs=("Dose", "create"), page="medication_round", target={"child_id": dose.child_id},
        )  # fmt: skip


def adherence_of(work: Work, child_id: str, month: Month) -> Grid | None:
    """Return how a child's medicines were taken in a month: due, taken, refused, missed, not recorded."""
    since, until = datetime.combine(month.first, time()), datetime.combine(month.next().first, time())
    statement = select(MedicationOrder).where(MedicationOrder.child_id == child_id, *running_within(since, until))
    stays = stays_of(work, [child_id], month.first, month.last).get(child_id, [])
    rows = []
    for order in work.scalars(statement.order_by(MedicationOrder.starts_at)):
        due = [each for each in due_times(order.rhythm, order.starts_at, order.ends_at, since, min(until, work.now))
               if in_house_on(stays, each.date())]  # fmt: skip
        doses = _month_doses(work, order.id, since, until)
        if due or doses:
            rows.append(_adherence_row(order, due, doses))
    headings = (
        _("Medicine"),
        _("Single dose"),
        _("Frequency"),
        _("Doses due"),
        _("Doses taken"),
        _("Doses refused"),
        _("Doses missed"),
        _("Doses not recorded"),
        _("Share taken"),
    )
    return (
        Grid(headings, tuple(rows), _("Medicines"), frozenset({3, 4, 5, 6, 7, 8}), (3, 3, 2.5, 1, 1, 1, 1, 1.3, 1.3))
        if rows
        else None
    )


def _month_doses(work: Work, order_id: str, since: datetime, until: datetime) -> list[tuple[datetime, str]]:
    statement = select(Dose.due_at, Dose.outcome).where(
        Dose.order_id == order_id, Dose.due_at >= since, Dose.due_at < until, Dose.deleted_at.is_(None),
        Dose.state.not_in(("void", "superseded")),
    )  # fmt: skip
    return [(row.due_at, row.outcome) for row in work.execute(statement)]


def _adherence_row(
    order: MedicationOrder, due: Sequence[datetime], doses: Sequence[tuple[datetime, str]]
) -> tuple[str, ...]:
    taken = sum(outcome in ("given", "repeated") for _due, outcome in doses)
    refused = sum(outcome == "refused" for _due, outcome in doses)
    missed = sum(outcome in ("missed", "vomited") for _due, outcome in doses)
    other = sum(outcome in ("stopped", "away") for _due, outcome in doses)
    expected = len(doses) if order.rhythm.as_needed else max(len(set(due) | {each for each, _o in doses}) - other, 0)
    unknown = 0 if order.rhythm.as_needed else len(set(due) - {each for each, _o in doses})
    share = f"{taken / expected:.0%}" if expected and not order.rhythm.as_needed else ""
    return (
        order.drug, dose_words(order), FREQUENCIES.label(order.frequency), "" if order.rhythm.as_needed else str(expected),
        str(taken), str(refused), str(missed), str(unknown), share,
    )  # fmt: skip
