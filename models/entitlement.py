"""The entitlement ledger 康复权益台账: what was prescribed, planned, delivered, lost and made up, and what is still owed.

The unit is the week. A prescription of *n* sessions a week entitles to *n* in a week of five training days, and to its
share, rounded half up, in one that holidays, the plan's beginning or its end make shorter; a week never asks for more
than *n*. Each session planned in the week takes one of these entitlements on its own day; those that no session took
fall due on the last open day of the week: before that day they are *still to plan*, after it they were *never planned*.
Sessions beyond the entitlement are counted apart. So every figure belongs to a day, and any span of days adds up:

    prescribed + beyond = planned + never planned + still to plan
    planned = delivered + lost + to come + not recorded
    owed = carried + lost + never planned − beyond − made up

This module computes; :mod:`models.entitlement_home` reads the home. Decision 0055 says what was weighed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime, timedelta
from typing import NamedTuple

from models.core.words import Code, CodeList
from resources import N_

LOST = CodeList(
    "lost_because",
    Code("ill", N_("Child ill"), "儿童生病"),
    Code("therapist", N_("Therapist away"), "治疗师缺勤"),
    Code("room", N_("Room or equipment"), "场地设备"),
    Code("refused", N_("Refused"), "拒绝训练"),
    Code("outing", N_("Outing"), "外出"),
    Code("school", N_("At school"), "上学"),
    Code("holiday", N_("Holiday"), "放假停训"),
    Code("other", N_("Other reason"), "其他原因"),
)
"""Why sessions are lost, as the ledger's columns say it."""
_BECAUSE = {
    "ill": "ill", "therapist": "therapist", "equipment": "room", "power": "room", "room": "room", "refused": "refused",
    "away": "outing", "school": "school", "holiday": "holiday",
}  # fmt: skip
DELIVERED = ("done", "late", "made_up")
_SIX = timedelta(days=6)


class Held(NamedTuple):
    """One session as the ledger counts it."""

    id: str
    starts_at: datetime
    ends_at: datetime
    status: str
    reason: str | None
    missed: int
    makes_up: bool
    therapist_id: str

    @property
    def minutes(self) -> int:
        """The booked length."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


@dataclass(frozen=True, slots=True)
class Prescription:
    """One therapy of a plan, over the days on which it holds."""

    first: date
    last: date
    sessions: int
    minutes: int


@dataclass(frozen=True, slots=True)
class WeekLine:
    """One week of one therapy: what it entitles to, and what was planned."""

    monday: date
    sessions: int
    open_days: int
    entitled: int
    planned: int

    @property
    def missing(self) -> int:
        """Entitlements that no session took."""
        return max(0, self.entitled - self.planned)


@dataclass(slots=True)
class Figures:
    """The columns of the ledger; whole sessions, and minutes where the name says so."""

    prescribed: int = 0
    planned: int = 0
    beyond: int = 0
    never: int = 0
    to_plan: int = 0
    delivered: int = 0
    short: int = 0
    """Of those delivered, sessions with fewer minutes than prescribed (late, left early, booked too short)."""
    lost: int = 0
    to_come: int = 0
    unrecorded: int = 0
    made_up: int = 0
    make_up_booked: int = 0
    carried: int = 0
    minutes_prescribed: int = 0
    minutes_planned: int = 0
    minutes_delivered: int = 0
    minutes_made_up: int = 0
    minutes_missed: int = 0

    @property
    def owed(self) -> int:
        """Sessions the child is still owed; below zero when it had more than prescribed."""
        return self.carried + self.lost + self.never - self.beyond - self.made_up

    @property
    def done(self) -> int:
        """All sessions really given, made-up ones included."""
        return self.delivered + self.made_up

    @property
    def minutes_done(self) -> int:
        """All minutes really given."""
        return self.minutes_delivered + self.minutes_made_up

    def add(self, other: Figures) -> None:
        """Add another's figures to these."""
        for name in _NAMES:
            setattr(self, name, getattr(self, name) + getattr(other, name))


_NAMES = tuple(each.name for each in fields(Figures))


@dataclass(slots=True)
class Account:
    """The ledger of one child and therapy over a span: the figures, and what stands behind each."""

    figures: Figures = field(default_factory=Figures)
    lost_by: dict[str, int] = field(default_factory=dict)
    sessions: dict[str, list[str]] = field(default_factory=dict)
    """The ids of the sessions behind a figure: ``planned``, ``delivered``, ``lost:ill`` …"""
    weeks: list[WeekLine] = field(default_factory=list)
    therapists: set[str] = field(default_factory=set)
    weekly: int = 0
    """What the last week that asks for anything asks for."""

    def behind(self, figure: str) -> list[str]:
        """Return the ids of the sessions behind a figure, each once."""
        return list(dict.fromkeys(self.sessions.get(figure, ())))


@dataclass(frozen=True)
class Span:
    """The days a ledger is about, and what it knows of them.

    Attributes:
        carried_from: from this day on, what is owed is carried into the span.
        now: entitlements that fall due later are still to plan; booked sessions that ended before are not recorded.
        open_days: the days on which the therapy rooms are open, by Monday, for every week the span touches.
        training_days: how many training days a prescription a week is meant for.
    """

    first: date
    last: date
    carried_from: date
    now: datetime
    open_days: Mapping[date, Sequence[date]]
    training_days: int = 5

    @property
    def mondays(self) -> tuple[date, ...]:
        """The Mondays of all weeks to look at."""
        return tuple(sorted(self.open_days))

    def is_open(self, day: date) -> bool:
        """Whether the rooms are open on a day."""
        return day in self.open_days.get(day - timedelta(days=day.weekday()), ())


def span_of(
    first: date, last: date, now: datetime, kinds: Mapping[date, bool], *, carried_from: date, training_days: int = 5
) -> Span:
    """Return the span of a ledger; ``kinds`` says of every day of its weeks whether the rooms are open."""
    weeks: dict[date, list[date]] = {}
    for day in sorted(kinds):
        open_days = weeks.setdefault(day - timedelta(days=day.weekday()), [])
        if kinds[day]:
            open_days.append(day)
    return Span(first, last, carried_from, now, {monday: tuple(days) for monday, days in weeks.items()}, training_days)


def entitled(asked: Sequence[int], training_days: int) -> int:
    """Return what a week entitles to; ``asked`` is the prescription a week as it holds on each open day.

    >>> entitled([3, 3, 3, 3, 3], 5), entitled([3, 3], 5), entitled([2] * 6, 5), entitled([], 5)
    (3, 1, 2, 0)
    """
    if not asked:
        return 0
    share = (2 * sum(asked) + training_days) // (2 * training_days)  # rounded half up
    return min(max(asked), share)


def account(span: Span, prescriptions: Sequence[Prescription], sessions: Iterable[Held]) -> Account:
    """Return the ledger of one child and therapy; ``sessions`` are in the order of time and cover whole weeks."""
    made = Account()
    by_week: dict[date, list[Held]] = {}
    for each in sessions:
        day = each.starts_at.date()
        by_week.setdefault(day - timedelta(days=day.weekday()), []).append(each)
    before = Figures()
    for monday in span.mondays:
        _week(span, made, before, monday, prescriptions, by_week.get(monday, ()))
    made.figures.carried = max(0, before.owed)
    return made


def _week(
    span: Span, made: Account, before: Figures, monday: date, prescriptions: Sequence[Prescription],
    sessions: Sequence[Held],
) -> None:  # fmt: skip
    line, minutes, due = _asked(span, monday, prescriptions)
    if span.carried_from <= monday and monday + _SIX < min(span.first, span.now.date()):
        _carry(before, line.entitled, sessions)
        return
    regular = [each for each in sessions if not each.makes_up]
    for place, each in enumerate(regular):
        day = each.starts_at.date()
        figures = _figures_of(span, made, before, day)
        if figures is not None:
            _count(span, made, figures, each, within=place < line.entitled, minutes=minutes)
    for each in sessions:
        figures = _figures_of(span, made, before, each.starts_at.date()) if each.makes_up else None
        if figures is not None:
            _count_make_up(made, figures, each)
    missing = max(0, line.entitled - len(regular))
    figures = _figures_of(span, made, before, due) if missing and due else None
    if figures is not None and due is not None:
        _count_missing(span, figures, missing, due, minutes)
    if (line.entitled or regular) and monday <= span.last and monday + timedelta(days=6) >= span.first:
        made.weeks.append(WeekLine(monday, line.sessions, line.open_days, line.entitled, len(regular)))
        made.weekly = line.sessions or made.weekly


def _carry(before: Figures, entitled: int, sessions: Sequence[Held]) -> None:
    """Count a whole week before the span, of which only matters what it left owed."""
    regular = 0
    for each in sessions:
        if each.makes_up:
            before.made_up += each.status in DELIVERED
        else:
            regular += 1
            before.lost += each.status in ("absent", "cancelled")
    before.never += max(0, entitled - regular)
    before.beyond += max(0, regular - entitled)


def _figures_of(span: Span, made: Account, before: Figures, day: date) -> Figures | None:
    """The figures a day belongs to: the span's, those carried into it, or none."""
    if span.first <= day <= span.last:
        return made.figures
    return before if span.carried_from <= day < span.first else None


def _asked(
    span: Span, monday: date, prescriptions: Sequence[Prescription]
) -> tuple[WeekLine, int, date | None]:  # fmt: skip
    """What a week asks for, the minutes of one session, and the day on which what is not planned falls due."""
    asked: list[int] = []
    due, minutes = None, 0
    open_days = span.open_days[monday]
    whole = next((each for each in prescriptions if each.first <= monday and each.last >= monday + _SIX), None)
    if whole is not None and len(prescriptions) == 1 and open_days:
        asked, due, minutes = [whole.sessions] * len(open_days), open_days[-1], whole.minutes
    for day in () if asked else open_days:
        for each in prescriptions:
            if each.first <= day <= each.last:
                asked.append(each.sessions)
                due, minutes = day, each.minutes
                break
    sessions = max(asked, default=0)
    return WeekLine(monday, sessions, len(asked), entitled(asked, span.training_days), 0), minutes, due


def _count(span: Span, made: Account, figures: Figures, each: Held, *, within: bool, minutes: int) -> None:
    own = figures is made.figures
    figures.planned += 1
    figures.minutes_planned += each.minutes
    if within:
        figures.prescribed += 1
        figures.minutes_prescribed += minutes
    else:
        figures.beyond += 1
    outcome = _outcome(span, each)
    if outcome == "delivered":
        _count_delivered(made, figures, each, minutes)
    setattr(figures, outcome, getattr(figures, outcome) + 1)
    if own:
        made.therapists.add(each.therapist_id)
        _note(made, each.id, "planned", outcome, *(() if within else ("beyond",)))
        if outcome == "lost":
            because = lost_because(each.reason, open_day=span.is_open(each.starts_at.date()))
            made.lost_by[because] = made.lost_by.get(because, 0) + 1
            _note(made, each.id, f"lost:{because}")


def _count_delivered(made: Account, figures: Figures, each: Held, minutes: int) -> None:
    given = each.minutes - each.missed
    figures.minutes_delivered += given
    figures.minutes_missed += each.missed
    if given < (minutes or each.minutes):
        figures.short += 1
        if figures is made.figures:
            _note(made, each.id, "short")


def _count_make_up(made: Account, figures: Figures, each: Held) -> None:
    if each.status in DELIVERED:
        figures.made_up += 1
        figures.minutes_made_up += each.minutes - each.missed
        kind = "made_up"
    elif each.status == "booked":
        figures.make_up_booked += 1
        kind = "make_up_booked"
    else:
        return
    if figures is made.figures:
        made.therapists.add(each.therapist_id)
        _note(made, each.id, kind)


def _count_missing(span: Span, figures: Figures, missing: int, due: date, minutes: int) -> None:
    figures.prescribed += missing
    figures.minutes_prescribed += missing * minutes
    if due < span.now.date():
        figures.never += missing
    else:
        figures.to_plan += missing


def _outcome(span: Span, each: Held) -> str:
    if each.status in DELIVERED:
        return "delivered"
    if each.status == "booked":
        return "unrecorded" if each.ends_at <= span.now else "to_come"
    return "lost"


def _note(made: Account, session_id: str, *names: str) -> None:
    for name in names:
        made.sessions.setdefault(name, []).append(session_id)


def lost_because(reason: str | None, *, open_day: bool = True) -> str:
    """Return the ledger's reason for a lost session; on a day on which the rooms were closed it was the holiday."""
    return _BECAUSE.get(reason or "", "other") if open_day else "holiday"


def closes(figures: Figures) -> Iterator[str]:
    """Yield which of the ledger's sums do not close; nothing for a ledger in order."""
    if figures.prescribed + figures.beyond != figures.planned + figures.never + figures.to_plan:
        yield "prescribed"
    if figures.planned != figures.delivered + figures.lost + figures.to_come + figures.unrecorded:
        yield "planned"
    if figures.owed != figures.carried + figures.lost + figures.never - figures.beyond - figures.made_up:
        yield "owed"
