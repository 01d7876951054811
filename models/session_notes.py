"""Session notes 训练记录要点: what stands beside a session while its note is written — last time, practice, precautions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import or_, select

from models.core.queries import load
from models.core.words import Code, CodeList
from models.practice import Practised, practised
from models.precautions import Bar, precautions_on
from models.rehabilitation import PlannedTherapy
from models.rehabilitation_file import plan_on
from models.therapies import ASSISTANCE, TREATED
from models.therapy import TherapySession
from resources import N_, _

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from models.core.database import Work

TODAYS = CodeList(
    "goal_today",
    Code("-", N_("− below what is expected"), "− 低于预期"),
    Code("=", N_("= as expected"), "= 符合预期"),
    Code("+", N_("+ above what is expected"), "+ 高于预期"),
)
"""How the work on a goal went today, against what is expected of it at this time."""
LOOK_BACK = timedelta(days=14)


@dataclass(frozen=True)
class LastNote:
    """What was noted at the last session of the same therapy."""

    on: date
    goals: tuple[str, ...] = ()
    goal_notes: Mapping[str, Any] = field(default_factory=dict)
    response: str | None = None
    result: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing was noted that could be taken over."""
        return not (self.goals or self.goal_notes or self.response or self.result)


@dataclass(frozen=True)
class Beside:
    """What stands beside a session's note: last time, practice since then, what speaks against it today."""

    last: LastNote | None
    practised: tuple[Practised, ...]
    since: date
    bars: tuple[Bar, ...]
    precautions: str


def beside(work: Work, session_id: str) -> Beside:
    """Read what stands beside a session's note."""
    session = load(work, TherapySession, session_id)
    day = session.starts_at.date()
    last = last_note(work, session)
    since = max(last.on, day - LOOK_BACK) if last else day - timedelta(days=7)
    done = practised(work, session.child_id, since, min(day, work.today)) if since < min(day, work.today) else []
    mine = sorted(done, key=lambda each: each.therapy != session.therapy)
    bars = precautions_on(work, [session.child_id], day, day).get(session.child_id, ())
    return Beside(
        last, tuple(each for each in mine if each.wanted), since,
        tuple(bar for bar in bars if bar.record_id and bar.concerns(session.therapy, day)),
        _prescribed_precautions(work, session),
    )  # fmt: skip


def last_note(work: Work, session: TherapySession) -> LastNote | None:
    """Return what was noted at the child's last session of the same therapy before this one."""
    kind = TherapySession
    statement = (
        select(kind.starts_at, kind.goals, kind.goal_notes, kind.response, kind.result)
        .where(
            kind.child_id == session.child_id, kind.therapy == session.therapy, kind.starts_at < session.starts_at,
            kind.status.in_(TREATED), kind.deleted_at.is_(None), kind.state.not_in(["void", "superseded"]),
            or_(kind.result.is_not(None), kind.goals.is_not(None), kind.response.is_not(None)),
        )
        .order_by(kind.starts_at.desc())
        .limit(4)
    )  # fmt: skip
    for each in work.execute(statement):
        notes = each.goal_notes or {}
        note = LastNote(each.starts_at.date(), tuple(each.goals or ()), notes, each.response, each.result or "")
        if not note.empty:  # JSON may hold an explicit null, which the database counts as a value.
            return note
    return None


def _prescribed_precautions(work: Work, session: TherapySession) -> str:
    plan_id = plan_on(work, session.child_id, session.starts_at.date())
    statement = select(PlannedTherapy.precautions).where(
        PlannedTherapy.plan_id == (plan_id or ""), PlannedTherapy.therapy == session.therapy,
        PlannedTherapy.deleted_at.is_(None), PlannedTherapy.precautions.is_not(None),
    )  # fmt: skip
    return "\n".join(work.scalars(statement))


def goal_words(note: Mapping[str, Any]) -> str:
    """Say what was noted about one goal: trials, help, how it went, a word."""
    said = (
        str(note.get("trials") or ""), ASSISTANCE.label(note.get("help")), TODAYS.label(note.get("today")),
        str(note.get("text") or ""),
    )  # fmt: skip
    return _(" · ").join(filter(None, said))


def still_to_note(work: Work, session_ids: Sequence[str]) -> list[str]:
    """Return those of a sitting's sessions that are attended or booked, unsigned, and of which nothing is noted yet."""
    kind = TherapySession
    statement = select(kind.id, kind.goals, kind.response, kind.result).where(
        kind.id.in_(session_ids), kind.deleted_at.is_(None), kind.state.in_(["draft", "returned"]),
        kind.status.in_([*TREATED, "booked"]),
    )  # fmt: skip
    bare = {each.id for each in work.execute(statement) if not (each.goals or each.response or each.result)}
    return [key for key in session_ids if key in bare]


def next_to_note(work: Work, session_id: str) -> str | None:
    """Return the therapist's next session of the day that is begun and not yet signed, of another sitting."""
    session = load(work, TherapySession, session_id)
    kind = TherapySession
    end = datetime.combine(session.starts_at.date(), time.max)
    statement = select(kind.id).where(
        kind.therapist_id == session.therapist_id, kind.starts_at.between(session.starts_at, end),
        kind.sitting_id != session.sitting_id, kind.deleted_at.is_(None), kind.state.in_(["draft", "returned"]),
        kind.status.in_([*TREATED, "booked"]), kind.starts_at <= work.now,
    )  # fmt: skip
    return work.scalar(statement.order_by(kind.starts_at, kind.id).limit(1))
