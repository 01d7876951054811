"""People 人员可用时间: when therapists can treat in a week, and when children are elsewhere and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import NamedTuple

from sqlalchemy import or_, select

from models.calendar_rules import in_force, whole_months
from models.care import NursingRecord
from models.child import Child
from models.child_words import IN_HOUSE
from models.core.database import Work
from models.core.words import Code, CodeList
from models.department import rules_on
from models.education import Schooling
from models.holidays import DayKind
from models.leave import Absence, leaves
from models.medical import Diagnosis, MedicalVisit
from models.outreach import unserved
from models.placement import Placement as Stay
from models.routines import ROUTINE_KINDS, Duty, Habit, duties, habits
from models.scheduling import problem
from models.scheduling.frame import Frame, minute_of
from models.scheduling.problem import Slot
from models.staff import Staff, works_on
from models.therapies import CONTRAINDICATIONS, SKILL_OF
from resources import N_, table

WHOLE_DAY = (0, 24 * 60)
UNWELL_HOURS = timedelta(hours=24)
"""For so long after a fever or a seizure no child is treated."""
ELSEWHERE = CodeList(
    "elsewhere",
    Code("away", N_("Away from the home"), "不在院"),
    Code("hospital", N_("In hospital"), "住院"),
    Code("doctor", N_("At the doctor's"), "就诊"),
    Code("isolation", N_("Isolated"), "隔离"),
    Code("agreement", N_("No service agreement"), "无有效服务协议"),
    Code("after_food", N_("Too soon after food"), "进食后时间过短"),
    Code("outside", N_("Outside the prescription"), "不在处方有效期内"),
    Code("booked", N_("Another session"), "已有其他训练"),
    Code("closed", N_("Rooms closed"), "康复室不开放"),
)


def busy_words(code: str) -> str:
    """Say why a child cannot come, from the code that stands in its week."""
    for codes in (ELSEWHERE, ROUTINE_KINDS, CONTRAINDICATIONS):
        if code in codes:
            return codes.label(code)
    return ""


# --- therapists ---------------------------------------------------------------------------------------


class Worker(NamedTuple):
    """What the staff register says of somebody's work."""

    id: str
    name: str
    post: str
    skills: list[str] | None
    work_days: list[str] | None
    works_from: time | None
    works_until: time | None
    break_from: time | None
    break_until: time | None
    joined_on: date | None
    left_on: date | None
    treatments_a_day: int | None

    @property
    def therapies(self) -> frozenset[str]:
        """The therapies the person is trained for."""
        return frozenset(therapy for therapy, skill in SKILL_OF.items() if skill in (self.skills or ()))

    def works_on(self, day: date, kind: DayKind) -> bool:
        """Whether it is a working day of the person."""
        if (self.joined_on and day < self.joined_on) or (self.left_on and day >= self.left_on):
            return False
        return works_on(self.work_days or (), day, open_day=kind.open)


def workers(work: Work) -> list[Worker]:
    """Return everybody who is trained for a therapy."""
    columns = [getattr(Staff, name) for name in Worker._fields]
    rows = work.execute(select(*columns).where(Staff.deleted_at.is_(None), Staff.state != "void").order_by(Staff.id))
    return [worker for worker in (Worker(*row) for row in rows) if worker.therapies]


def therapists(work: Work, frame: Frame) -> dict[str, problem.Therapist]:
    """Return the therapists with the slots in which they can treat: working hours less breaks, leave and duties."""
    away, bound = leaves(work, frame.monday, frame.last), duties(work, frame.monday, frame.last)
    rules = rules_on(work, frame.monday)
    usual = frame.slots_for(int(rules["usual_minutes"]))
    found = {}
    for worker in workers(work):
        most = (worker.treatments_a_day or int(rules["one_to_one_a_day"])) * usual
        absences = [each for each in away if each.staff_id == worker.id]
        fixed = [
            each for each in bound if each.staff_id == worker.id or (not each.staff_id and worker.post == "therapist")
        ]
        free = frozenset(_free(frame, worker, absences, fixed))
        found[worker.id] = problem.Therapist(worker.id, worker.therapies, free, most)
    return found


def _free(frame: Frame, worker: Worker, absences: Sequence[Absence], fixed: Sequence[Duty]) -> Iterator[Slot]:
    for day in frame.days:
        if not worker.works_on(day, frame.kinds[day]):
            continue
        index = frame.index(day)
        taken = {slot for each in fixed if each.on(day) for slot in _touched(frame, each.starts, each.ends)}
        if worker.break_from and worker.break_until:
            taken |= set(_touched(frame, worker.break_from, worker.break_until))
        starts = minute_of(worker.works_from) if worker.works_from else 0
        ends = minute_of(worker.works_until) if worker.works_until else WHOLE_DAY[1]
        for slot in frame.within(starts, ends):
            half = "morning" if frame.grid.minute(slot) < 12 * 60 else "afternoon"
            away = any(each.covers(day, half) for each in absences)
            if (index, slot) in frame.whole and slot not in taken and not away:
                yield index, slot


def _touched(frame: Frame, starts: time, ends: time) -> range:
    return frame.touched(minute_of(starts), minute_of(ends))


# --- children -----------------------------------------------------------------------------------------


class Resident(NamedTuple):
    """What the child's file says that matters for its week."""

    id: str
    name: str
    unit_id: str | None
    born_on: date

    def months_on(self, day: date) -> int:
        """Return the age in completed months."""
        return whole_months(self.born_on, day)


class Stretch(NamedTuple):
    """A stretch of a day in which a child is elsewhere: minutes of the day, and the reason's code."""

    child_id: str
    day: date
    starts: int
    ends: int
    code: str


@dataclass(frozen=True)
class Days:
    """The children's week: who they are, when they are elsewhere, when they have eaten."""

    residents: Mapping[str, Resident]
    busy: Mapping[str, Mapping[Slot, str]]
    food: Mapping[str, Sequence[Stretch]]
    """Each child's feeds and meals, for what may not follow them."""


def days_of(work: Work, frame: Frame, child_ids: Collection[str]) -> Days:
    """Read where the children are in a week: routines, school, doctor, hospital, isolation, away, unwell."""
    residents = _residents(work, child_ids)
    usual = list(_routines(work, frame, residents))
    stretches = [*usual, *_away(work, frame, child_ids), *_visits(work, frame, child_ids)]
    stretches += [*_isolated(work, frame, child_ids), *_unwell(work, frame, child_ids)]
    stretches += [
        Stretch(child_id, day, *WHOLE_DAY, "agreement") for child_id, day in unserved(work, child_ids, frame.days)
    ]
    busy: defaultdict[str, dict[Slot, str]] = defaultdict(dict)
    for each in sorted(stretches, key=lambda each: (each.starts - each.ends, each.code)):
        for slot in frame.touched(each.starts, each.ends):
            busy[each.child_id].setdefault((frame.index(each.day), slot), each.code)
    food: defaultdict[str, list[Stretch]] = defaultdict(list)
    for each in usual:
        if each.code in ("meal", "feed"):
            food[each.child_id].append(each)
    return Days(residents, busy, food)


def _residents(work: Work, child_ids: Collection[str]) -> dict[str, Resident]:
    statement = select(Child.id, Child.name, Child.unit_id, Child.born_on).where(Child.id.in_(child_ids))
    return {row.id: Resident(*row) for row in work.execute(statement.order_by(Child.id).execution_options(aside=True))}


def _routines(work: Work, frame: Frame, residents: Mapping[str, Resident]) -> Iterator[Stretch]:
    schools = _schools(work, residents, frame)
    for habit in habits(work, frame.monday, frame.last):
        for day in frame.days:
            for child in residents.values() if habit.on(day) else ():
                if _concerned(habit, child, schools, day, frame.kinds[day]):
                    yield Stretch(child.id, day, minute_of(habit.starts), minute_of(habit.ends), habit.kind)


def _concerned(habit: Habit, child: Resident, schools: Mapping[str, str], day: date, kind: DayKind) -> bool:
    """Whether a routine holds a child; school and lessons fall out on public holidays, meals do not."""
    if habit.kind in ("school", "lesson") and not kind.open:
        return False
    return habit.concerns(child.id, child.unit_id, child.born_on, schools.get(child.id, ""), day)


def _schools(work: Work, child_ids: Collection[str], frame: Frame) -> dict[str, str]:
    statement = select(Schooling.child_id, Schooling.kind).where(
        Schooling.child_id.in_(child_ids), Schooling.deleted_at.is_(None), Schooling.state != "void",
        Schooling.starts_on <= frame.last, or_(Schooling.ends_on.is_(None), Schooling.ends_on >= frame.monday),
    )  # fmt: skip
    return {row.child_id: row.kind for row in work.execute(statement.order_by(Schooling.starts_on))}


def _whole_days(frame: Frame, child_id: str, first: date, last: date | None, code: str) -> Iterator[Stretch]:
    for day in frame.days:
        if first <= day and (last is None or day <= last):
            yield Stretch(child_id, day, *WHOLE_DAY, code)


def _away(work: Work, frame: Frame, child_ids: Collection[str]) -> Iterator[Stretch]:
    """Children who live elsewhere for a time; the day on which one is expected back is still its own."""
    statement = select(Stay.child_id, Stay.kind, Stay.starts_on, Stay.expected_back_on).where(
        Stay.child_id.in_(child_ids), Stay.deleted_at.is_(None), Stay.state != "void", Stay.ends_on.is_(None),
        Stay.kind.not_in(IN_HOUSE),
    )  # fmt: skip
    for row in work.execute(statement):
        overdue = row.expected_back_on is not None and row.expected_back_on < work.today
        back = None if overdue else row.expected_back_on
        yield from _whole_days(
            frame, row.child_id, row.starts_on, back, "hospital" if row.kind == "hospital" else "away"
        )


def _visits(work: Work, frame: Frame, child_ids: Collection[str]) -> Iterator[Stretch]:
    """Visits to the doctor that are agreed, and stays in hospital; without a time the visit takes the day."""
    visit = MedicalVisit
    statement = select(visit.child_id, visit.kind, visit.starts_on, visit.ends_on, visit.leaves_at, visit.back_at).where(
        visit.child_id.in_(child_ids), visit.deleted_at.is_(None), visit.state.not_in(["void", "superseded"]),
        visit.status.in_(["planned", "under_way"]), visit.starts_on <= frame.last,
        or_(visit.kind == "inpatient", visit.starts_on >= frame.monday),
        or_(visit.ends_on.is_(None), visit.ends_on >= frame.monday),
    )  # fmt: skip
    expected = _expected_back(work, child_ids)
    for row in work.execute(statement):
        if row.kind == "inpatient" and row.ends_on is None and row.child_id in expected:
            continue  # The stay itself says until when the child is in hospital.
        if row.kind == "inpatient":
            yield from _whole_days(frame, row.child_id, row.starts_on, row.ends_on, "hospital")
        elif row.leaves_at or row.back_at:
            starts = minute_of(row.leaves_at) if row.leaves_at else 0
            ends = minute_of(row.back_at) if row.back_at else WHOLE_DAY[1]
            yield Stretch(row.child_id, row.starts_on, starts, ends, "doctor")
        elif row.kind not in ("round", "remote"):
            yield Stretch(row.child_id, row.starts_on, *WHOLE_DAY, "doctor")


def _expected_back(work: Work, child_ids: Collection[str]) -> set[str]:
    """The children in hospital of whom it is known when they come back."""
    statement = select(Stay.child_id).where(
        Stay.child_id.in_(child_ids), Stay.deleted_at.is_(None), Stay.state != "void", Stay.ends_on.is_(None),
        Stay.kind == "hospital", Stay.expected_back_on >= work.today,
    )  # fmt: skip
    return set(work.scalars(statement))


def _isolated(work: Work, frame: Frame, child_ids: Collection[str]) -> Iterator[Stretch]:
    statement = select(Diagnosis.child_id, Diagnosis.diagnosed_on, Diagnosis.isolation_until).where(
        Diagnosis.child_id.in_(child_ids), Diagnosis.deleted_at.is_(None), Diagnosis.state != "void",
        Diagnosis.isolation_until >= frame.monday, Diagnosis.status != "resolved",
    )  # fmt: skip
    for row in work.execute(statement):
        yield from _whole_days(frame, row.child_id, row.diagnosed_on, row.isolation_until, "isolation")


def _unwell(work: Work, frame: Frame, child_ids: Collection[str]) -> Iterator[Stretch]:
    """Children with a fever or a seizure in the last day, until a day has passed."""
    since = work.now - UNWELL_HOURS
    if not frame.monday <= (work.now + UNWELL_HOURS).date() or frame.last < work.today:
        return
    note, fever = NursingRecord, rules_on(work, work.today)["fever_from"]
    statement = select(note.child_id, note.at, note.seizures).where(
        note.child_id.in_(child_ids), note.deleted_at.is_(None), note.state != "void", note.at >= since,
        or_(note.temperature >= fever, note.seizures > 0),
    )  # fmt: skip
    for row in work.execute(statement):
        yield from _until(row.child_id, row.at, row.at + UNWELL_HOURS, "seizure" if row.seizures else "fever", frame)


def _until(child_id: str, starts: datetime, ends: datetime, code: str, frame: Frame) -> Iterator[Stretch]:
    for day in frame.days:
        if starts.date() <= day <= ends.date():
            first = minute_of(starts.time()) if day == starts.date() else 0
            last = minute_of(ends.time()) if day == ends.date() else WHOLE_DAY[1]
            yield Stretch(child_id, day, first, last, code)


# --- rules by age -------------------------------------------------------------------------------------


@cache
def _age_rows(day: date) -> tuple[Mapping[str, str], ...]:
    return tuple(in_force(table("rehab/age_rules.csv"), day))


def age_rule(rule: str, months: int, day: date, therapy: str = "") -> int | None:
    """Return a number that holds for children of an age, None where the table says nothing."""
    for row in _age_rows(day):
        fits = int(row["from_months"]) <= months < int(row["to_months"])
        if row["rule"] == rule and fits and (not row["therapies"] or therapy in row["therapies"].split()):
            return int(row["value"])
    return None


def children(work: Work, frame: Frame, days: Days) -> dict[str, problem.Child]:
    """Return the children with their week, the most sessions a day and the least rest at their age."""
    rules = rules_on(work, frame.monday)
    most, rest = int(rules["child_sessions_a_day"]), int(rules["child_rest_minutes"])
    found = {}
    for child in days.residents.values():
        months = child.months_on(frame.monday)
        own_most = min(most, age_rule("sessions_a_day", months, frame.monday) or most)
        own_rest = max(rest, age_rule("rest_minutes", months, frame.monday) or 0)
        busy = days.busy.get(child.id, {})
        found[child.id] = problem.Child(child.id, busy, own_most, -(-own_rest // frame.grid.minutes))
    return found


def after_food(frame: Frame, days: Days, child_id: str, therapy: str) -> dict[Slot, str]:
    """Return the slots too soon after a feed or meal for a therapy at the child's age."""
    months = days.residents[child_id].months_on(frame.monday)
    waits = {code: age_rule(f"after_{code}", months, frame.monday, therapy) for code in ("meal", "feed")}
    found: dict[Slot, str] = {}
    for each in days.food.get(child_id, ()) if any(waits.values()) else ():
        slots = frame.touched(each.ends, each.ends + (waits[each.code] or 0))
        found |= {(frame.index(each.day), slot): "after_food" for slot in slots}
    return found
