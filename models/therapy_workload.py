"""Therapy workload 康复工作量: a month's sessions counted by therapist, child and therapy, so that all sums close.

A *child's session* 人次 is one child at one sitting; a *sitting* 场次 is one treatment, however many children take
part. Children's sessions are counted for therapists, children and therapies alike; sittings and their minutes only
where they belong to somebody: to a therapist, or to a therapy.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from models.child import Child
from models.core.database import Work
from models.core.queries import titles
from models.month import Month
from models.therapies import REASONS, THERAPIES, TREATED
from models.therapy import TherapySession
from models.therapy_timetables import Asked

OUTCOMES = ("done", "late", "made_up", "absent", "cancelled", "booked")
"""Every state a child's session can be in; together they are all sessions."""


@dataclass
class Count:
    """What was counted of one therapist, child or therapy."""

    by_status: Counter[str] = field(default_factory=Counter)
    by_reason: Counter[str] = field(default_factory=Counter)
    minutes: int = 0
    sittings: int = 0
    groups: int = 0
    sitting_minutes: int = 0

    @property
    def sessions(self) -> int:
        """All children's sessions."""
        return sum(self.by_status.values())

    @property
    def treated(self) -> int:
        """Children's sessions in which the child was treated."""
        return sum(self.by_status[status] for status in TREATED)

    @property
    def attendance(self) -> float | None:
        """Treated sessions in per cent of those that were to take place; None when there were none."""
        expected = self.treated + self.by_status["absent"]
        return self.treated / expected * 100 if expected else None

    def add(self, other: Count) -> None:
        """Add another count to this one."""
        self.by_status += other.by_status
        self.by_reason += other.by_reason
        for name in ("minutes", "sittings", "groups", "sitting_minutes"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(frozen=True)
class CountLine:
    """One line of a table: whose it is, and what was counted."""

    name: str
    number: str
    count: Count


@dataclass(frozen=True)
class Workload:
    """A month of the department 康复工作量统计: by therapist, by child, by therapy, and all together."""

    month: Month
    therapists: tuple[CountLine, ...]
    children: tuple[CountLine, ...]
    therapies: tuple[CountLine, ...]
    whole: Count
    partial: bool = False
    """The person sees only entrusted children, so the figures are of these alone."""
    finished: bool = True
    child_id: str = ""


@dataclass(frozen=True)
class Counted:
    """One child's session as counting needs it."""

    child_id: str
    therapist_id: str
    therapy: str
    form: str
    status: str
    reason: str | None
    sitting: tuple[str, datetime]
    minutes: int
    missed: int


def counted_sessions(work: Work, first: date, last: date) -> list[Counted]:
    """Read the sessions of some days that the person may see."""
    session = TherapySession
    begin, end = datetime.combine(first, time()), datetime.combine(last + timedelta(days=1), time())
    statement = select(
        session.child_id, session.therapist_id, session.therapy, session.form, session.status, session.reason,
        session.sitting_id, session.starts_at, session.ends_at, session.minutes_missed,
    ).where(
        session.starts_at >= begin, session.starts_at < end, session.deleted_at.is_(None),
        session.state.not_in(["void", "superseded"]),
    )  # fmt: skip
    return [
        Counted(
            each.child_id, each.therapist_id, each.therapy, each.form, each.status, each.reason,
            (each.sitting_id, each.starts_at), int((each.ends_at - each.starts_at).total_seconds() // 60),
            each.minutes_missed or 0,
        )
        for each in work.execute(statement.order_by(session.starts_at, session.id))
    ]  # fmt: skip


def count(sessions: Iterable[Counted]) -> Count:
    """Count some sessions; a sitting counts as soon as one child was treated in it."""
    found = Count()
    sittings: dict[tuple[str, datetime], Counted] = {}
    for each in sessions:
        found.by_status[each.status] += 1
        if each.status == "absent":
            found.by_reason[each.reason or "other"] += 1
        if each.status in TREATED:
            found.minutes += each.minutes - each.missed
            sittings.setdefault(each.sitting, each)
    found.sittings = len(sittings)
    found.groups = sum(each.form == "group" for each in sittings.values())
    found.sitting_minutes = sum(each.minutes for each in sittings.values())
    return found


def counts_by(sessions: Sequence[Counted], key: str) -> dict[str, Count]:
    """Count sessions apart by ``therapist_id``, ``child_id`` or ``therapy``."""
    apart: defaultdict[str, list[Counted]] = defaultdict(list)
    for each in sessions:
        apart[getattr(each, key)].append(each)
    return {value: count(some) for value, some in apart.items()}


def workload(work: Work, asked: Asked) -> list[Workload]:
    """Gather the workload of the month of a day."""
    month = Month(asked.day.year, asked.day.month)
    sessions = counted_sessions(work, month.first, month.last)
    by_therapist, by_child = counts_by(sessions, "therapist_id"), counts_by(sessions, "child_id")
    by_therapy = counts_by(sessions, "therapy")
    return [
        Workload(
            month,
            tuple(_lines(by_therapist, titles(work, "staff", by_therapist), {})),
            tuple(_child_lines(work, by_child, masked=asked.masked)),
            tuple(CountLine(str(code), "", by_therapy[code.code]) for code in THERAPIES if code.code in by_therapy),
            count(sessions),
            partial=not work.actor.sees_whole_home(TherapySession),
            finished=month.last < work.today,
        )
    ]


def _lines(counts: Mapping[str, Count], names: Mapping[str, str], numbers: Mapping[str, str]) -> list[CountLine]:
    lines = [CountLine(names.get(key, ""), numbers.get(key, ""), made) for key, made in counts.items()]
    return sorted(lines, key=lambda each: (each.number, -each.count.sessions, each.name))


def _child_lines(work: Work, counts: Mapping[str, Count], *, masked: bool) -> list[CountLine]:
    from models.person_name import masked_name

    found: list[Any] = list(work.execute(select(Child.id, Child.name, Child.number).where(Child.id.in_(counts))))
    numbers = {each.id: each.number for each in found}
    names = {each.id: masked_name(each.name, each.number) if masked else each.name for each in found}
    return _lines(counts, names, numbers)


def reasons() -> list[tuple[str, str]]:
    """Return (code, words) of every reason of absence, in the order of the list."""
    return [(code.code, str(code)) for code in REASONS]
