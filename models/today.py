"""Today 今日: everything that asks for someone's attention, arranged so that it can be counted and worked off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.beginning import place_of
from models.calendar_rules import distance_words, length_words, span_words
from models.child import Child
from models.core.database import Work
from models.core.words import Code, CodeList
from models.presence import HeadCount, head_count
from models.reminders import Due, due_now
from resources import N_, _

GROUPS = CodeList(
    "today_group",
    Code("begin", N_("Where to begin"), "起步"),
    Code("overdue", N_("Overdue"), "已逾期"),
    Code("today", N_("Today"), "今天"),
    Code("soon", N_("Coming days"), "近期"),
    Code("expected", N_("Expected"), "预计"),
    Code("away", N_("Away"), "不在院"),
    Code("birthday", N_("Birthdays"), "生日"),
    Code("notice", N_("To know"), "提示"),
)
HOURS_COUNT = timedelta(days=2)
"""So long a lateness is said in hours; beyond it, in days."""
TO_DO = ("begin", "overdue", "today", "soon")
"""The groups that are worked off; the others are only to be known."""


@dataclass(frozen=True)
class Group:
    """One part of the day with its lines, the most urgent first."""

    key: str
    lines: tuple[Due, ...]

    @property
    def title(self) -> str:
        """The group's name in the language in use."""
        return GROUPS.label(self.key)


@dataclass(frozen=True)
class Day:
    """One person's day: what is to be done, what is to be known, and how many children are where."""

    day: date
    groups: tuple[Group, ...]
    count: HeadCount | None = None

    def group(self, key: str) -> Group:
        """Return one group; without lines when there are none."""
        return next((each for each in self.groups if each.key == key), Group(key, ()))

    @property
    def to_do(self) -> int:
        """How many lines are to be worked off."""
        return sum(len(self.group(key).lines) for key in TO_DO)

    def areas(self) -> list[tuple[str, int]]:
        """Return the areas that have something to do, with how much."""
        found: dict[str, int] = {}
        for key in TO_DO:
            for line in self.group(key).lines:
                found[line.area] = found.get(line.area, 0) + 1
        return sorted(found.items(), key=lambda each: -each[1])


def day_of(work: Work) -> Day:
    """Return the day of the person who asks."""
    count = head_count(work) if work.actor.may("read", Child) else None
    return Day(work.today, arrange(due_now(work), work.now), count)


def arrange(lines: Iterable[Due], now: datetime) -> tuple[Group, ...]:
    """Put lines into their groups, in the order of the groups; groups without lines are left out."""
    found: dict[str, list[Due]] = {code.code: [] for code in GROUPS}
    for line in lines:
        found[group_of(line, now)].append(line)
    found["begin"].sort(key=place_of)
    found["overdue"].sort(key=lambda line: _pressing(line, now))
    for key in ("birthday", "away", "notice", "soon"):
        found[key].sort(key=lambda line: (day_due(line) or date.max, line.child_name, line.text))
    return tuple(Group(key, tuple(kept)) for key, kept in found.items() if kept)


def group_of(line: Due, now: datetime) -> str:
    """Return the group of one line."""
    if line.kind != "due":
        return line.kind if line.kind in GROUPS else "notice"
    if line.overdue(now):
        return "overdue"
    day = day_due(line)
    return "today" if day is None or day <= now.date() else "soon"


def day_due(line: Due) -> date | None:
    """Return the day on which a line is due."""
    return line.due.date() if isinstance(line.due, datetime) else line.due


def due_words(line: Due, now: datetime) -> str:
    """Say when a line is due, as one says it: ``14:30``, ``in 3 days``, ``2 h late``; nothing when it is today."""
    if line.due is None or line.kind == "away":
        return ""
    if line.overdue(now):
        timed = isinstance(line.due, datetime) and now - line.due < HOURS_COUNT
        late = length_words(now - line.due) if timed else span_words(_day(line), now.date())  # type: ignore[operator]
        return _("{length} late").format(length=late)
    if line.kind == "due" and isinstance(line.due, datetime) and line.due.date() == now.date():
        return f"{line.due:%H:%M}"
    if line.kind == "due" and _day(line) == now.date():
        return ""
    return distance_words(_day(line), now.date())


def _day(line: Due) -> date:
    day = day_due(line)
    assert day is not None
    return day


def _pressing(line: Due, now: datetime) -> tuple[bool, float]:
    """What is late by hours stands before what is late by days, and yesterday before an old backlog."""
    if isinstance(line.due, datetime) and now - line.due < HOURS_COUNT:
        return False, (now - line.due).total_seconds()
    return True, float((now.date() - _day(line)).days)
