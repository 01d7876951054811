"""What an admission asks for 入院材料与时限, as dated data: papers by category, notices, and running clocks.

The tables are ``admission_papers.csv``, ``notice_rules.csv`` and ``admission_clocks.csv``; each row names its
source and the days from and until which it is in force.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from models.age import months_later
from resources import current_language, table


def in_force(rows: Iterable[dict[str, str]], day: date) -> Iterator[dict[str, str]]:
    """Yield the rows of a dated table that are in force on a day."""
    for row in rows:
        ends = row.get("effective_to")
        if date.fromisoformat(row["effective_from"]) <= day and (not ends or day <= date.fromisoformat(ends)):
            yield row


def _words(row: dict[str, str], name: str) -> str:
    return row[f"{name}_zh"] if current_language() == "zh_CN" else row[f"{name}_en"]


def _among(row: dict[str, str], name: str, value: str | None) -> bool:
    return not row[name] or (value or "") in row[name].split(";")


@dataclass(frozen=True)
class PaperRule:
    """One paper that an admission of this kind needs, and within how many days."""

    code: str
    required: bool
    due_days: int
    source: str


def papers_wanted(category: str | None, situation: str | None, day: date) -> tuple[PaperRule, ...]:
    """Return the papers that an admission of a category asks for on a day; the strictest row of each."""
    wanted: dict[str, PaperRule] = {}
    for row in in_force(table("admission_papers.csv"), day):
        if category and category in row["categories"].split(";") and _among(row, "situation", situation):
            wanted.setdefault(
                row["code"], PaperRule(row["code"], row["required"] == "yes", int(row["due_days"]), row["source"])
            )
    return tuple(wanted.values())


def custody_fits(category: str, custody: str) -> bool:
    """Return whether a basis of guardianship belongs to the file class, as ``admission_types.csv`` has it."""
    row = next((row for row in table("codes/admission_types.csv") if row["code"] == custody), None)
    return row is None or category in row["categories"].split(";")


def notice_ends(rule: str, published_on: date) -> date:
    """Return the last day of a notice; the day of publishing itself does not count (民法典 第201条)."""
    row = next(row for row in table("notice_rules.csv") if row["code"] == rule)
    return published_on + timedelta(days=int(row["days"]))


def notice_rule_for(situation: str | None, day: date) -> str | None:
    """Return the code of the notice rule for a situation on a day, or None."""
    rows = in_force(table("notice_rules.csv"), day)
    return next((row["code"] for row in rows if _among(row, "situations", situation)), None)


@dataclass(frozen=True)
class Facts:
    """What is known of one admission, as the clocks need it."""

    situation: str | None
    arrived_on: date
    notice_published_on: date | None = None
    notice_ends_on: date | None = None
    claimed: bool = False
    papers_received: frozenset[str] = frozenset()
    registered: bool = False


@dataclass(frozen=True)
class Clock:
    """One deadline that runs: what, from when, until when, and whether it is done."""

    code: str
    starts_on: date
    due_on: date
    done: bool
    source: str

    @property
    def words(self) -> str:
        """What is to be done, in the language in use."""
        return _words(next(row for row in table("admission_clocks.csv") if row["code"] == self.code), "what")


def clocks(facts: Facts) -> list[Clock]:
    """Return the clocks of one admission in the order of their ends; none once the child was claimed."""
    if facts.claimed:
        return []
    found = []
    for row in in_force(table("admission_clocks.csv"), facts.arrived_on):
        starts = facts.arrived_on if row["starts"] == "arrived" else facts.notice_ends_on
        if starts and facts.situation and _among(row, "situations", facts.situation):
            found.append(Clock(row["code"], starts, _end(row, starts), _done(row["done_by"], facts), row["source"]))
    return sorted(found, key=lambda clock: clock.due_on)


def _end(row: dict[str, str], starts: date) -> date:
    amount = int(row["amount"])
    return months_later(starts, amount) if row["unit"] == "month" else starts + timedelta(days=amount)


def _done(by: str, facts: Facts) -> bool:
    if by.startswith("paper:"):
        return by.removeprefix("paper:") in facts.papers_received
    return facts.registered if by == "registered" else facts.notice_published_on is not None
