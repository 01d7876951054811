"""Lights 救助项目红黄绿灯: whether a funded child will still reach what its programme asks — before it is too late.

Green: reached, or more open days are left than needed, by a margin. Amber: it can still be reached, but at most so
many open days may be missed (a rule of the department). Red: it cannot be reached any more. Counted from the days
that count already and from the days on which the rooms will still be open; the decision is 0056.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from models.core.database import Work
from models.core.queries import titles
from models.department import rule_of
from models.funded_days import sessions_by_day, training_day
from models.funded_programmes import PROGRAMMES, Enrolment, Norm, enrolments, norm_on
from models.holidays import day_kinds
from models.month import Month
from models.reminders import Due, reminder
from resources import _, ngettext

ORDER = ("red", "amber", "green")
"""The levels, the gravest first."""


@dataclass(frozen=True)
class Goal:
    """One thing asked for — days in the month, months in the year — and how far it is.

    Attributes:
        done: what counts already.
        left: how many more are possible.
        margin: while at most so many of those may be missed, the light is amber.
    """

    done: int
    needed: int
    left: int
    margin: int

    @property
    def missing(self) -> int:
        """How many are still needed."""
        return max(0, self.needed - self.done)

    @property
    def spare(self) -> int:
        """How many of those that are left may be missed; below zero when it cannot be reached."""
        return self.left - self.missing

    @property
    def level(self) -> str:
        """``green``, ``amber`` or ``red``."""
        if not self.missing:
            return "green"
        if self.spare < 0:
            return "red"
        return "amber" if self.spare <= self.margin else "green"


@dataclass(frozen=True)
class Light:
    """The light of one enrolment in one month.

    Attributes:
        days, months: the goals; None where the programme asks for none.
        short_days: days on which the child was treated, but less than the programme asks for a day.
        booked_days: open days left on which something is booked already.
        average: the days are meant on average, so that other months can balance this one.
        finished: the month is over.
    """

    enrolment: Enrolment
    name: str
    month: Month
    days: Goal | None
    months: Goal | None
    short_days: int = 0
    booked_days: int = 0
    average: bool = False
    finished: bool = False

    @property
    def level(self) -> str:
        """The gravest of the two goals' levels; green where nothing is asked for."""
        levels = [goal.level for goal in (self.days, self.months) if goal]
        return min(levels, key=ORDER.index) if levels else "green"

    @property
    def programme(self) -> str:
        """The programme's name."""
        return PROGRAMMES.label(self.enrolment.programme)

    def words(self) -> str:
        """Say what is needed, the month first."""
        return _("; ").join(self._words())

    def _words(self) -> Iterator[str]:
        if self.days:
            yield _days_words(self.days, self.finished)
            if self.days.level == "red" and self.average:
                yield _("on average over the year it can still be balanced by other months")
        if self.short_days:
            words = ngettext("{n} day was too short to count", "{n} days were too short to count", self.short_days)
            yield words.format(n=self.short_days)
        if self.months and self.months.level != "green":
            yield _months_words(self.months)


def _days_words(goal: Goal, finished: bool) -> str:
    if not goal.missing:
        return _("{n} of {all} training days reached").format(n=goal.done, all=goal.needed)
    if finished:
        return _("{n} of {all} training days; the month is over").format(n=goal.done, all=goal.needed)
    if goal.level == "red":
        words = _("at most {n} of {all} training days can still be reached")
        return words.format(n=goal.done + goal.left, all=goal.needed)
    if not goal.spare:
        words = ngettext(
            "{n} more training day: the only open day left is needed",
            "{n} more training days: every one of the open days left is needed", goal.missing,
        )  # fmt: skip
        return words.format(n=goal.missing)
    words = ngettext(
        "{n} more training day in {left} open days", "{n} more training days in {left} open days", goal.missing
    )
    return words.format(n=goal.missing, left=goal.left)


def _months_words(goal: Goal) -> str:
    if goal.level == "red":
        words = _("at most {n} of {all} months of the year can still be reached")
        return words.format(n=goal.done + goal.left, all=goal.needed)
    words = _("{n} of {all} months of the year, {missing} more in {left}")
    return words.format(n=goal.done, all=goal.needed, missing=goal.missing, left=goal.left)


@dataclass(frozen=True)
class Counted:
    """The days of one child under its programme, counted: full and attended ones, and those with something booked."""

    full: frozenset[date]
    attended: frozenset[date]
    booked: frozenset[date] = frozenset()

    def in_month(self, month: Month) -> Counted:
        """Return only those of a month."""

        def within(days: frozenset[date]) -> frozenset[date]:
            return frozenset(day for day in days if month.first <= day <= month.last)

        return Counted(within(self.full), within(self.attended), within(self.booked))


def light(
    enrolment: Enrolment, norm: Norm, month: Month, counted: Counted, open_days: Sequence[date], today: date,
    margins: tuple[int, int] = (2, 1),
) -> Light:  # fmt: skip
    """Judge one enrolment in one month.

    Args:
        counted: of the whole year of the enrolment, so far.
        open_days: of the month.
        margins: up to how many spare days, and months, the light is amber.
    """
    mine = counted.in_month(month)
    ahead = [day for day in open_days if day >= today and day not in mine.full and _holds(enrolment, day)]
    days = None
    if norm.days_a_month:
        needed = max(0, norm.days_a_month - _credit(enrolment, norm, month, counted))
        days = Goal(len(mine.full), needed, len(ahead), margins[0])
    months = _months(enrolment, norm, month, counted, len(ahead), today, margins[1])
    return Light(
        enrolment, "", month, days, months, len(mine.attended - mine.full), len(mine.booked & set(ahead)), norm.average,
        month.last < today,
    )  # fmt: skip


def _holds(enrolment: Enrolment, day: date) -> bool:
    return enrolment.starts_on <= day <= enrolment.ends_on


def _credit(enrolment: Enrolment, norm: Norm, month: Month, counted: Counted) -> int:
    """Days by which the months before exceed the average that is asked for; a shortfall is not added to this month."""
    if not norm.average or not norm.days_a_month:
        return 0
    first, _last = enrolment.year_on(max(month.first, enrolment.starts_on))
    earlier = [each for each in _months_between(first, month.last) if each < month]
    reached = sum(len(counted.in_month(each).full) for each in earlier)
    return max(0, reached - norm.days_a_month * len(earlier))


def _months_between(first: date, last: date) -> Iterator[Month]:
    month = Month(first.year, first.month)
    while month.first <= last:
        yield month
        month = month.next()


def _months(
    enrolment: Enrolment, norm: Norm, month: Month, counted: Counted, ahead: int, today: date, margin: int
) -> Goal | None:  # fmt: skip
    if not norm.months_a_year:
        return None
    first, last = enrolment.year_on(max(min(month.last, enrolment.ends_on), enrolment.starts_on))
    needed = min(norm.months_a_year, enrolment.approved_months or norm.months_a_year)
    done = left = 0
    for each in _months_between(first, last):
        reached = len(counted.in_month(each).full)
        if reached >= norm.month_counts_from:
            done += 1
        elif each > month or (each == month and month.last >= today and reached + ahead >= norm.month_counts_from):
            left += 1
    return Goal(done, needed, left, margin)


def lights(work: Work, month: Month, child_id: str = "") -> list[Light]:
    """Return the lights of all funded children (or of one) in a month, the gravest first; five queries for all."""
    holding = enrolments(work, month.first, month.last, child_id)
    judged = [(each, norm_on(each.programme, max(month.first, each.starts_on))) for each in holding]
    asked = [(each, norm) for each, norm in judged if norm is not None]
    if not asked:
        return []
    years = [each.year_on(max(min(month.last, each.ends_on), each.starts_on)) for each, _norm in asked]
    rows = sessions_by_day(
        work, [each.child_id for each, _norm in asked], min(first for first, _last in years), month.last
    )
    open_days = [day for day, kind in day_kinds(work, month.first, month.last).items() if kind.open]
    margins = (
        int(rule_of(work, "funded_margin_days", work.today)),
        int(rule_of(work, "funded_margin_months", work.today)),
    )
    names = titles(work, "child", [each.child_id for each, _norm in asked])
    found = [
        replace(
            light(
                each, norm, month, counted_days(norm, each, rows.get(each.child_id, {})), open_days, work.today, margins
            ),
            name=names.get(each.child_id, ""),
        )
        for each, norm in asked
    ]
    return sorted(found, key=lambda each: (ORDER.index(each.level), each.name))


def counted_days(norm: Norm, enrolment: Enrolment, rows: Mapping[date, Sequence[Any]]) -> Counted:
    """Count which days of an enrolment were full, which attended at all, and on which something is booked."""
    days = [training_day(norm, day, sessions) for day, sessions in rows.items() if _holds(enrolment, day)]
    return Counted(
        frozenset(day.day for day in days if day.full),
        frozenset(day.day for day in days if day.attended),
        frozenset(day.day for day in days if any(each.status == "booked" for each in day.lessons)),
    )


@reminder
def funded_lights_turned(work: Work) -> Iterator[Due]:
    """Funded children whose light is amber or red this month: what is needed, and until when."""
    if not work.actor.may("read", "ProgrammeEnrolment"):
        return
    month = Month(work.today.year, work.today.month)
    for each in lights(work, month):
        if each.level == "green":
            continue
        text = _("Funded programme: {words}") if each.level == "amber" else _("Funded programme at risk: {words}")
        yield Due(
            text.format(words=each.words()), "rehabilitation", _latest(each, work.today),
            child_id=each.enrolment.child_id, child_name=each.name, needs=("ProgrammeEnrolment", "read"),
            page="entitlement", target={"child_id": each.enrolment.child_id},
        )  # fmt: skip


def _latest(each: Light, today: date) -> date:
    """By when one must act: at once when no open day may be missed, else by the end of the month."""
    if each.level == "red" or (each.days and each.days.spare <= 0):
        return today
    return max(today, each.month.last - timedelta(days=1))
