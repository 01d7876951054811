"""Nursing 护理: a unit's shift on one screen — the children, what is ordinary for each, what is out of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from statistics import median
from typing import Any

from sqlalchemy import or_, select

from models.age import age_on
from models.alerts import Alert, alerts_for
from models.care import NursingRecord
from models.care_words import UNUSUAL, threshold
from models.child import Child
from models.child_words import IN_HOUSE, PLACEMENTS
from models.core import records
from models.core.database import Work
from models.core.fields import field_of, words_of
from models.core.queries import load
from models.placement import living_here, sleeping_here
from models.reminders import Due, reminder
from models.shifts import Shift
from models.staff import Staff, UnitStaff
from models.unit import Unit
from resources import _

OBSERVED = (
    "temperature", "temperature_site", "feeding", "appetite", "feed_ml", "fluid_ml", "sleep", "sleep_hours", "mood", "stools",
    "stool", "urine_times", "urine", "vomiting", "skin", "bath", "turned", "seizures", "seizure_minutes", "note",
)  # fmt: skip
"""The fields of one shift's observation, in the order of the screen."""
NEVER_USUAL = frozenset(
    {
        "temperature",
        "temperature_site",
        "vomiting",
        "seizures",
        "seizure_minutes",
        "note",
        "stools",
        "urine_times",
        "sleep_hours",
    }
)
"""What “as usual” never fills: it is measured or counted, or it is not written."""
FIRST_USUAL = {"appetite": "all", "sleep": "well", "mood": "calm", "skin": "intact"}
"""What is ordinary for a child of whom nothing has been written yet."""
_LOOK_BACK = timedelta(days=14)
_ENOUGH = 7


# --- out of the ordinary ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Unusual:
    """One observation out of the ordinary; ``level`` is ``info``, ``warning`` or ``danger``."""

    field: str
    text: str
    level: str


def unusual(values: Mapping[str, Any], day: date) -> list[Unusual]:
    """Return what is out of the ordinary in one record's values, the gravest first."""
    found = [*_temperature(values, day), *_counted(values, day), *_observed(values)]
    order = {"danger": 0, "warning": 1, "info": 2}
    return sorted(found, key=lambda each: order[each.level])


def _temperature(values: Mapping[str, Any], day: date) -> Iterator[Unusual]:
    degrees = values.get("temperature")
    if degrees is None:
        return
    if degrees >= threshold("high_fever_from", day):
        yield Unusual("temperature", _("High fever {t} °C").format(t=f"{degrees:.1f}"), "danger")
    elif degrees >= threshold("fever_from", day):
        yield Unusual("temperature", _("Fever {t} °C").format(t=f"{degrees:.1f}"), "warning")
    elif degrees < threshold("low_temperature_below", day):
        yield Unusual("temperature", _("Low temperature {t} °C").format(t=f"{degrees:.1f}"), "warning")


def _counted(values: Mapping[str, Any], day: date) -> Iterator[Unusual]:
    if values.get("seizures"):
        minutes = values.get("seizure_minutes")
        words = _("Seizures: {n}").format(n=values["seizures"])
        yield Unusual(
            "seizures", words + (_(", longest {n} min").format(n=f"{minutes:g}") if minutes else ""), "danger"
        )
    if values.get("vomiting"):
        yield Unusual("vomiting", _("Vomited: {n} times").format(n=values["vomiting"]), "warning")
    if (values.get("stools") or 0) >= threshold("stools_many_from", day):
        yield Unusual("stools", _("Stools: {n}").format(n=values["stools"]), "warning")


def _observed(values: Mapping[str, Any]) -> Iterator[Unusual]:
    for name, grave in UNUSUAL.items():
        level = grave.get(values.get(name) or "")
        if level:
            meaning = field_of(NursingRecord, name)
            yield Unusual(name, f"{meaning.title}{_(': ')}{words_of(meaning, values[name])}", level)


# --- what is ordinary for a child ---------------------------------------------------------------------


def ordinary(past: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return a child's ordinary values from its last records: the commonest word, the middle number.

    Values out of the ordinary are never taken as ordinary, however often they were written.
    """
    usual: dict[str, Any] = dict(FIRST_USUAL)
    for name in OBSERVED:
        if name in NEVER_USUAL:
            continue
        grave = UNUSUAL.get(name, {})
        values = [each[name] for each in past if each.get(name) not in (None, "") and each[name] not in grave]
        if values:
            usual[name] = (
                _middle(values) if isinstance(values[0], int | float) else Counter(values).most_common(1)[0][0]
            )
    return usual


def _middle(values: Sequence[float]) -> float:
    middle = median(values)
    return int(middle) if all(isinstance(each, int) for each in values) else round(middle, 1)


# --- the unit's shift ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class NursingRow:
    """One child's line on the screen of a unit's shift.

    Attributes:
        where: the placement in words when the child is away, else "".
        record: the values written for this shift, None when nothing is written yet.
        usual: what “as usual” would write.
    """

    child_id: str
    name: str
    number: str
    sex: str
    age: str
    bed: str
    photo: str
    where: str
    alerts: tuple[Alert, ...] = ()
    record: dict[str, Any] | None = None
    usual: dict[str, Any] = field(default_factory=dict)
    last_temperature: tuple[datetime, float] | None = None

    @property
    def away(self) -> bool:
        """Whether the child is not here in this shift."""
        return bool(self.where)


def units_of(work: Work) -> list[tuple[str, str]]:
    """Return the units whose children this person sees, the person's own first: (id, name)."""
    units = work.execute(select(Unit.id, Unit.name).where(Unit.deleted_at.is_(None)).order_by(Unit.name)).all()
    lived = set(work.scalars(select(Child.unit_id).where(Child.deleted_at.is_(None), living_here()).distinct()))
    own = set()
    if work.actor.staff_id:
        mine = select(UnitStaff.unit_id).where(
            UnitStaff.staff_id == work.actor.staff_id, UnitStaff.deleted_at.is_(None), UnitStaff.starts_on <= work.today,
            or_(UnitStaff.ends_on.is_(None), UnitStaff.ends_on >= work.today),
        )  # fmt: skip
        own = set(work.scalars(mine))
    shown = [(each.id, each.name) for each in units if each.id in lived | own]
    return sorted(shown, key=lambda each: each[0] not in own)


def unit_of_child(work: Work, child_id: str) -> str | None:
    """Return the unit in which a child lives."""
    return work.scalar(select(Child.unit_id).where(Child.id == child_id))


def staff_of(work: Work, unit_id: str) -> list[tuple[str, str]]:
    """Return who works in a unit today: (id, name)."""
    statement = (
        select(Staff.id, Staff.name)
        .join(UnitStaff, UnitStaff.staff_id == Staff.id)
        .where(
            UnitStaff.unit_id == unit_id, UnitStaff.deleted_at.is_(None), UnitStaff.starts_on <= work.today,
            or_(UnitStaff.ends_on.is_(None), UnitStaff.ends_on >= work.today), Staff.deleted_at.is_(None),
        )
        .order_by(Staff.name)
    )  # fmt: skip
    return list(dict.fromkeys((each.id, each.name) for each in work.execute(statement)))


def nursing_rows(work: Work, unit_id: str, shift: Shift) -> list[NursingRow]:
    """Return a unit's children in bed order with what is written and what is ordinary in this shift."""
    children = list(
        work.execute(
            select(
                Child.id, Child.name, Child.number, Child.sex, Child.born_on, Child.birth_basis, Child.bed, Child.photo,
                Child.placement,
            )
            .where(Child.unit_id == unit_id, Child.deleted_at.is_(None), living_here())
            .order_by(Child.bed, Child.number)
        )
    )  # fmt: skip
    ids = [each.id for each in children]
    written, past, temperatures = _written(work, ids, shift)
    alerts: dict[str, list[Alert]] = {}
    for each in alerts_for(work, ids):
        alerts.setdefault(each.child_id, []).append(each)
    rows = [
        NursingRow(
            each.id, each.name, each.number, each.sex, age_on(each.born_on, max(shift.day, each.born_on)).words(),
            each.bed or "", each.photo or "", _where(each.placement), tuple(alerts.get(each.id, ())),
            written.get(each.id), ordinary(past.get(each.id, ())), temperatures.get(each.id),
        )
        for each in children
    ]  # fmt: skip
    return sorted(rows, key=lambda row: row.away)


def _where(placement: str | None) -> str:
    return "" if not placement or placement in IN_HOUSE else PLACEMENTS.label(placement)


def _written(
    work: Work, child_ids: Sequence[str], shift: Shift
) -> tuple[dict[str, dict[str, Any]], dict[str, list[dict[str, Any]]], dict[str, tuple[datetime, float]]]:
    """The records of this shift, those of the same shift on the days before, and each child's last temperature."""
    now: dict[str, dict[str, Any]] = {}
    past: dict[str, list[dict[str, Any]]] = {}
    temperatures: dict[str, tuple[datetime, float]] = {}
    statement = select(NursingRecord).where(
        NursingRecord.child_id.in_(child_ids), NursingRecord.deleted_at.is_(None),
        NursingRecord.state.not_in(("void", "superseded")), NursingRecord.day <= shift.day,
        NursingRecord.day >= shift.day - _LOOK_BACK, NursingRecord.at >= shift.starts - _LOOK_BACK - timedelta(days=1),
    )  # fmt: skip
    for each in work.scalars(statement.order_by(NursingRecord.at.desc())):
        if each.temperature is not None:
            temperatures.setdefault(each.child_id, (each.at, each.temperature))
        if each.shift != shift.code or each.extra:
            continue
        if each.day == shift.day:
            now[each.child_id] = plain(each)
        elif len(past.setdefault(each.child_id, [])) < _ENOUGH:
            past[each.child_id].append(plain(each))
    return now, past, temperatures


def plain(record: NursingRecord) -> dict[str, Any]:
    """Return a nursing record as plain values."""
    names = ("id", "version", "state", "recorded_by", "day", "shift", "at", "usual", "extra", "carer_id", *OBSERVED)
    return {name: getattr(record, name) for name in names}


def save_row(
    work: Work, child_id: str, shift: Shift, values: Mapping[str, Any], *, carer_id: str | None = None,
    usual: bool = False, confirmed: bool = False,
) -> tuple[str, dict[str, Any] | None]:  # fmt: skip
    """Write one child's record of a shift, and return its id and what stood there before (for undo)."""
    found = work.scalar(
        select(NursingRecord).where(
            NursingRecord.child_id == child_id, NursingRecord.day == shift.day, NursingRecord.shift == shift.code,
            NursingRecord.extra.is_(False), NursingRecord.deleted_at.is_(None), NursingRecord.state != "void",
        )
    )  # fmt: skip
    before = plain(found) if found else None
    at = work.now if shift.holds(work.now) else shift.ends - timedelta(minutes=30)
    known = {name: values[name] for name in OBSERVED if name in values}
    whole = {"child_id": child_id, "day": shift.day, "shift": shift.code, "usual": usual, **known}
    whole["carer_id"] = carer_id or work.actor.staff_id
    if found is None:
        whole["at"] = min(at, work.now)
    made = records.save(work, NursingRecord, whole, id=found.id if found else None, confirmed=confirmed)
    return made, before


def undo_row(work: Work, record_id: str, before: Mapping[str, Any] | None) -> None:
    """Take back the last writing of a row: restore what stood there, or move the new record to the bin."""
    if before is None:
        records.put_in_bin(work, NursingRecord, record_id)
        return
    values = {name: before[name] for name in (*OBSERVED, "usual", "carer_id")}
    records.save(work, NursingRecord, values, id=record_id, confirmed=True)


def take_again(work: Work, child_id: str, temperature: float, site: str | None = None) -> str:
    """Write a temperature taken again between times and return the record's id."""
    values = {"child_id": child_id, "at": work.now, "extra": True, "temperature": temperature, "temperature_site": site}
    return records.save(work, NursingRecord, values)


# --- what is due --------------------------------------------------------------------------------------


@reminder
def fever_again(work: Work) -> Iterator[Due]:
    """Children with fever whose temperature has not been taken again."""
    since = work.now - timedelta(hours=24)
    statement = (
        select(NursingRecord.child_id, NursingRecord.at, NursingRecord.temperature, Child.name)
        .join(Child, Child.id == NursingRecord.child_id)
        .where(NursingRecord.at >= since, NursingRecord.temperature.is_not(None), NursingRecord.deleted_at.is_(None))
        .where(NursingRecord.state.not_in(("void", "superseded")), sleeping_here())
        .order_by(NursingRecord.at.desc())
    )
    seen: set[str] = set()
    wait = timedelta(hours=threshold("fever_recheck_after", work.today))
    for row in work.execute(statement):
        if row.child_id in seen:
            continue
        seen.add(row.child_id)
        if row.temperature >= threshold("fever_from", work.today):
            text = _("Take the temperature again: {t} °C at {time}")
            yield Due(
                text.format(t=f"{row.temperature:.1f}", time=row.at.strftime("%H:%M")), "care", row.at + wait,
                child_id=row.child_id, child_name=row.name, needs=("NursingRecord", "create"), page="nursing",
                target={"child_id": row.child_id},
            )  # fmt: skip


def day_lines(work: Work, child_id: str, since: date, until: date) -> list[dict[str, Any]]:
    """Return a child's nursing records of some days as plain values, the newest first."""
    load(work, Child, child_id)
    statement = select(NursingRecord).where(
        NursingRecord.child_id == child_id, NursingRecord.day >= since, NursingRecord.day <= until,
        NursingRecord.at >= datetime.combine(since, time()),
        NursingRecord.deleted_at.is_(None), NursingRecord.state.not_in(("void", "superseded")),
    )  # fmt: skip
    return [plain(each) for each in work.scalars(statement.order_by(NursingRecord.at.desc()))]
