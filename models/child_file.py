"""The child's file 儿童档案 as one screen needs it: who the child is, what everyone must know, what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import ORMExecuteState, with_loader_criteria

from models import growth, timeline
from models.age import age_on
from models.alerts import Alert, alerts_for
from models.child import Child, OfChild
from models.child_words import IN_HOUSE, PLACEMENTS
from models.core.database import Work
from models.core.errors import Missing
from models.core.fields import field_of, words_of
from models.core.queries import load, titles
from models.growth_results import assess
from models.identity import masked
from models.need_to_know import running_until
from models.reminders import Due, due_now
from resources import N_, _

_ONLY = "only_child"
PLACEMENT_TONES = {"temporary": "info", "hospital": "warning", "outside_care": "warning", "left": "neutral"}
# What the head of the file already says (sex, age, category, disability) is not said again below it.
FACTS = (
    "born_on", "admitted_on", "custody", "guardian", "ethnic_group", "identity_number", "registration_status",
    "disability_valid_to", "blood_group", "gestation_weeks", "languages", "communication", "comfort_note",
)  # fmt: skip


@dataclass(frozen=True)
class Face:
    """The head of the file: what is seen first, from across the room.

    Attributes:
        known_as: number, sex, age and where the child lives, in words ready to be shown.
        marks: (words, tone) of the small chips: placement, category, disability.
        before, after: the children before and after in the same unit, by bed.
        emergency_until, emergency_reason: set while the file is open by emergency access.
    """

    id: str
    name: str
    number: str
    photo: str | None
    known_as: tuple[str, ...]
    marks: tuple[tuple[str, str], ...]
    alerts: tuple[Alert, ...]
    before: str = ""
    after: str = ""
    left: bool = False
    emergency_until: datetime | None = None
    emergency_reason: str = ""


def face(work: Work, child_id: str) -> Face:
    """Return the head of a child's file.

    Raises:
        Missing: when the child is not there, or not entrusted to the person.
    """
    child: Child = load(work, Child, child_id)
    if child.deleted_at is not None:
        raise Missing(_("This record is not there, or it is not entrusted to you."))
    glass = running_until(work, child_id)
    before, after = _neighbours(work, child)
    return Face(
        id=child.id, name=child.name, number=child.number, photo=child.photo, known_as=tuple(_known_as(work, child)),
        marks=tuple(_marks(child)), alerts=tuple(alerts_for(work, [child_id])), before=before, after=after,
        left=child.placement == "left", emergency_until=glass.ends_at if glass else None,
        emergency_reason=glass.reason_text if glass else "",
    )  # fmt: skip


def _known_as(work: Work, child: Child) -> list[str]:
    age = age_on(child.born_on, work.today) if child.born_on <= work.today else None
    unit = titles(work, "unit", [child.unit_id]).get(child.unit_id or "", "")
    bed = _("bed {n}").format(n=child.bed) if child.bed and child.unit_id else ""
    parts = [
        words_of(field_of(Child, "sex"), child.sex),
        age.in_full(estimated=child.birth_estimated) if age else "",
        child.number,
        " ".join(each for each in (unit, bed) if each),
        _("formerly {name}").format(name=child.former_name) if child.former_name else "",
    ]
    return [each for each in parts if each]


def _marks(child: Child) -> list[tuple[str, str]]:
    found = []
    if child.placement:
        tone = PLACEMENT_TONES.get(child.placement, "good" if child.placement in IN_HOUSE else "info")
        words = PLACEMENTS.label(child.placement)
        if child.placement == "left" and child.left_on:
            words = _("{words} on {day}").format(words=words, day=child.left_on)
        found.append((words, tone))
    for name in ("category", "disabilities"):
        value = getattr(child, name)
        if value:
            grade = (
                words_of(field_of(Child, "disability_grade"), child.disability_grade) if name == "disabilities" else ""
            )
            found.append((" ".join(filter(None, (words_of(field_of(Child, name), value), grade))), "neutral"))
    return found


def _neighbours(work: Work, child: Child) -> tuple[str, str]:
    if not child.unit_id:
        return "", ""
    same = select(Child.id).where(Child.unit_id == child.unit_id, Child.deleted_at.is_(None), Child.state != "void")
    ids = list(work.scalars(same.order_by(Child.bed, Child.number)))
    place = ids.index(child.id) if child.id in ids else -1
    return (ids[place - 1] if place > 0 else ""), (ids[place + 1] if 0 <= place < len(ids) - 1 else "")


def facts(work: Work, child_id: str) -> list[tuple[str, str]]:
    """Return (label, words) of the key facts that are filled in; the identity number is masked."""
    child: Child = load(work, Child, child_id)
    found = []
    for name in FACTS:
        words = _fact(child, name)
        if words:
            found.append((field_of(Child, name).title, words))
    return found


def _fact(child: Child, name: str) -> str:
    meaning, value = field_of(Child, name), getattr(child, name)
    if name == "identity_number":
        return masked(value) or words_of(field_of(Child, "identity_status"), child.identity_status)
    if name == "born_on" and child.birth_estimated:
        return _born_estimated(child)
    words = words_of(meaning, value)
    if name == "ethnic_group" and child.ethnic_presumed:
        return _("{words} (presumed)").format(words=words)
    return f"{words} {_(meaning.unit)}" if words and meaning.unit else words


def _born_estimated(child: Child) -> str:
    basis = words_of(field_of(Child, "birth_basis"), child.birth_basis)
    margin = _("± {n} months").format(n=child.birth_margin_months) if child.birth_margin_months else ""
    return " · ".join(each for each in (f"{child.born_on} {margin}".strip(), basis) if each)


MEASURES = (
    (N_("Weight"), "weight", "kg"), (N_("Length or height"), "stature", "cm"), (N_("BMI"), "bmi", "kg/m²"),
    (N_("Head circumference"), "head", "cm"),
)  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """One value of the last measurement: what, how much, the change since the one before, and what it means."""

    label: str
    value: str
    change: str
    level: str
    remark: str


def last_measures(work: Work, child_id: str) -> tuple[date | None, list[Measure]]:
    """Return the day of the last growth measurement and its values as judged by the standard."""
    found = growth.measurements(work, child_id) if work.actor.may("read", growth.GrowthMeasurement) else []
    if not found:
        return None, []
    last = found[-1]
    judged = {each.reading.indicator: each for each in assess(growth.subject_of(work, child_id), last).judged}
    measures = []
    for label, name, unit in MEASURES:
        value = getattr(last, name)
        if value:
            before = next((getattr(each, name) for each in reversed(found[:-1]) if getattr(each, name)), None)
            change = f"{value - before:+.1f}".replace("-", "−") if before and round(value - before, 1) else ""
            level = judged[name].level_words() if name in judged else ""
            remark = judged[name].group_words() if name in judged else ""
            measures.append(Measure(_(label), f"{value:g} {unit}", change, level, remark))
    return last.day, measures


def due_for(work: Work, child_id: str) -> list[Due]:
    """Return what is due for one child and for this person, the most urgent first; who is away is told elsewhere."""
    with only(work, child_id):
        found = due_now(work)
    return [due for due in found if due.child_id == child_id and due.kind not in {"away", "birthday"}]


@contextmanager
def only(work: Work, child_id: str) -> Iterator[None]:
    """Narrow every question to one child for a while, so that what is asked of the whole home is cheap for one."""
    work.info[_ONLY] = child_id
    try:
        yield
    finally:
        del work.info[_ONLY]


@event.listens_for(Work, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    child_id = state.session.info.get(_ONLY)
    if child_id and state.is_select and not state.is_column_load:
        state.statement = state.statement.options(
            with_loader_criteria(OfChild, lambda kind: kind.child_id == child_id, include_aliases=True),
            with_loader_criteria(Child, lambda kind: kind.id == child_id, include_aliases=True),
        )


def note_opened(work: Work, child_id: str) -> None:
    """Note in the trail that a child's file was opened 查看, as the law asks (未成年人网络保护条例 第36条)."""
    work.record_event("opened", "Child", child_id, child_id)


def records_of_area(work: Work, area: str) -> list[Any]:
    """Return the types of record of an area that are about a child and that the person may read."""
    return timeline.kinds(work, [area])
