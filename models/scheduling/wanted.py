"""Wanted 排课需求: what the prescriptions in force ask of a week — sessions one to one, groups, and what is to be made up."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import or_, select

from models.child import Child
from models.core.database import Work
from models.entitlement import entitled
from models.outreach import served_on
from models.placement import living_here
from models.rehabilitation import PlannedTherapy, RehabilitationPlan
from models.rehabilitation_file import RUNNING
from models.scheduling.frame import WORKING_DAYS
from models.scheduling.standing import Sitting
from models.therapies import HOLDING
from models.therapy import TherapySession

USUAL_PRIORITY = 2
"""A prescription without a priority is an ordinary one; a make-up comes after all of them."""
GROUP_SIZE = 5
"""New groups are made of about so many children; no group is larger than the rule of the department says."""
LEAST = 3
"""Fewer children than this join a group that exists, where one can take them."""


class Prescription(NamedTuple):
    """One prescribed therapy of a child's plan in force."""

    id: str
    child_id: str
    therapy: str
    sessions_a_week: int
    minutes: int
    form: str
    therapist_id: str | None
    half: str | None
    priority: int | None
    equipment_id: str | None
    starts_on: date
    ends_on: date
    most_a_day: int | None = None

    @property
    def span(self) -> tuple[date, date]:
        """From when until when it is in force."""
        return self.starts_on, self.ends_on

    def holds(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.starts_on <= day <= self.ends_on


_OWN = (
    "id", "child_id", "therapy", "sessions_a_week", "minutes", "form", "therapist_id", "half", "priority", "equipment_id",
    "most_a_day",
)  # fmt: skip


def prescriptions(work: Work, monday: date) -> list[Prescription]:
    """Return what is prescribed in a week for the children who live here, by each child's plan in force."""
    plan, sunday = RehabilitationPlan, monday + timedelta(days=6)
    own = [getattr(PlannedTherapy, name) for name in _OWN]
    statement = (
        select(
            *own, PlannedTherapy.starts_on.label("own_start"), PlannedTherapy.ends_on.label("own_end"),
            plan.id.label("plan_id"), plan.state.label("plan_state"), plan.starts_on, plan.ends_on,
        )
        .join(plan, plan.id == PlannedTherapy.plan_id)
        .join(Child, Child.id == PlannedTherapy.child_id)
        .where(
            PlannedTherapy.deleted_at.is_(None), PlannedTherapy.state.not_in(["void", "superseded"]),
            plan.deleted_at.is_(None), plan.state.in_(RUNNING), plan.starts_on <= sunday, plan.ends_on >= monday,
            or_(PlannedTherapy.starts_on.is_(None), PlannedTherapy.starts_on <= sunday),
            or_(PlannedTherapy.ends_on.is_(None), PlannedTherapy.ends_on >= monday),
            Child.deleted_at.is_(None), Child.state != "void", or_(living_here(), served_on(monday)),
        )
        .order_by(PlannedTherapy.id)
    )  # fmt: skip
    rows = list(work.execute(statement))
    chosen = _plans_in_force(rows, sunday)
    return [
        Prescription(
            **{name: getattr(row, name) for name in _OWN}, starts_on=row.own_start or row.starts_on,
            ends_on=row.own_end or row.ends_on,
        )
        for row in rows
        if row.plan_id == chosen[row.child_id]
    ]  # fmt: skip


def _plans_in_force(rows: Iterable[Any], sunday: date) -> dict[str, str]:
    """Each child's plan of the week: the one that reaches its end, the approved first, then the younger."""
    best: dict[str, Any] = {}
    for row in rows:
        rank = (row.ends_on >= sunday, row.plan_state == "approved", row.starts_on, row.plan_id)
        if row.child_id not in best or rank > best[row.child_id]:
            best[row.child_id] = rank
    return {child: rank[-1] for child, rank in best.items()}


def share(sessions: int, open_days: int) -> int:
    """Return how many sessions a week with fewer days owes, as the ledger counts it.

    >>> share(3, 5), share(3, 3), share(5, 1), share(3, 6)
    (3, 2, 1, 3)
    """
    return entitled([sessions] * open_days, WORKING_DAYS)


# --- groups -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """Some children with the same therapy in a group, each by its prescription."""

    members: tuple[Prescription, ...]

    @property
    def id(self) -> str:
        """A name that stays as long as its first member does."""
        return "g." + min(each.id for each in self.members)

    @property
    def sessions(self) -> int:
        """How many a week, so that no member gets fewer than prescribed."""
        return max(each.sessions_a_week for each in self.members)


Meets = Callable[[Collection[Prescription]], bool]
"""Whether some children have enough times in common for what they are prescribed."""


def groups(
    wanted: Collection[Prescription], sittings: Iterable[Sitting], born: Mapping[str, date], most: int, meets: Meets
) -> list[Group]:
    """Put the children who are to be treated in groups together: as they are used to, the others by age.

    Args:
        sittings: those of this week and the weeks before; they show who belongs together.
        most: the most children in a group.
    """
    found: list[Group] = []
    by_kind: defaultdict[tuple[str, int], dict[str, Prescription]] = defaultdict(dict)
    for each in wanted:
        by_kind[each.therapy, each.minutes].setdefault(each.child_id, each)
    usual = list(sittings)
    for (therapy, _minutes), mine in by_kind.items():
        together = [each.children for each in usual if each.therapy == therapy and each.form == "group"]
        circle = _Circle(mine, born, most, meets)
        circle.as_usual(together)
        circle.by_age()
        found += [Group(tuple(mine[child] for child in sorted(each))) for each in circle.sets if each]
    return sorted(found, key=lambda each: each.id)


@dataclass
class _Circle:
    """The children of one therapy and length while they are put into groups."""

    mine: Mapping[str, Prescription]
    born: Mapping[str, date]
    most: int
    meets: Meets
    sets: list[set[str]] = field(default_factory=list)

    def fits(self, children: Collection[str]) -> bool:
        """Whether some children could be one group: not too many, and with enough times in common."""
        return len(children) <= self.most and self.meets([self.mine[child] for child in children])

    def left(self) -> list[str]:
        """The children without a group, by age."""
        free = (child for child in self.mine if not any(child in each for each in self.sets))
        return sorted(free, key=lambda child: (self.born[child], child))

    def as_usual(self, together: Sequence[tuple[str, ...]]) -> None:
        """Who sat together before, the commonest first; children who were away once stay with their group."""
        often = Counter(frozenset(each) & set(self.mine) for each in together)
        for seen, _times in sorted(often.items(), key=lambda pair: (-pair[1] * len(pair[0]), sorted(pair[0]))):
            free = sorted(child for child in seen if not any(child in each for each in self.sets))
            host = next((each for each in self.sets if len(seen & each) * 2 >= len(seen)), None)
            if host is None and len(free) > 1 and len(free) * 2 > len(seen):
                host = set()
                self.sets.append(host)
            for child in free if host is not None else ():
                if host is not None and self.fits(host | {child}):
                    host.add(child)

    def by_age(self) -> None:
        """Groups for those who have none: of near age and as many sessions a week; a few join one that exists."""
        by_count: defaultdict[int, list[str]] = defaultdict(list)
        for child in self.left():
            by_count[self.mine[child].sessions_a_week].append(child)
        for children in by_count.values():
            if len(children) < LEAST:
                children = [child for child in children if not self._joined(child)]
            count = -(-len(children) // GROUP_SIZE)
            size = -(-len(children) // count) if count else 0
            fresh: list[set[str]] = []
            for child in children:
                host = next((each for each in fresh if len(each) < size and self.fits(each | {child})), None)
                if host is None:
                    fresh.append({child})
                else:
                    host.add(child)
            self.sets += fresh

    def _joined(self, child: str) -> bool:
        roomy = [each for each in self.sets if each and self.fits(each | {child})]
        if not roomy:
            return False
        born = self.born
        nearest = min(roomy, key=lambda each: (min(abs(born[child] - born[other]) for other in each), sorted(each)))
        nearest.add(child)
        return True


# --- what is to be made up ----------------------------------------------------------------------------


class Missed(NamedTuple):
    """A missed session that is not made up yet."""

    id: str
    child_id: str
    therapy: str
    therapist_id: str
    starts_at: datetime
    ends_at: datetime
    reason: str | None
    form: str

    @property
    def minutes(self) -> int:
        """The length in minutes."""
        return int((self.ends_at - self.starts_at).total_seconds() // 60)


def missed(work: Work, since: date, until: datetime) -> list[Missed]:
    """Return the missed sessions since a day for which no make-up is booked, the oldest first."""
    session = TherapySession
    columns = [getattr(session, name) for name in Missed._fields]
    made = select(session.makes_up_id).where(
        session.makes_up_id.is_not(None), session.deleted_at.is_(None), session.status.in_(HOLDING),
        session.state.not_in(["void", "superseded"]),
    )  # fmt: skip
    statement = (
        select(*columns)
        .join(Child, Child.id == session.child_id)
        .where(
            session.status == "absent", session.deleted_at.is_(None), session.state.not_in(["void", "superseded"]),
            session.starts_at >= datetime.combine(since, time()), session.starts_at < until,
            session.id.not_in(made), Child.deleted_at.is_(None), or_(living_here(), served_on(until.date())),
        )
        .order_by(session.starts_at, session.id)
    )  # fmt: skip
    return [Missed(*row) for row in work.execute(statement)]
