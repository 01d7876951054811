"""Patrols 值班巡查: which rounds a day asks for by the dated rules, and which of them are missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from models.calendar_rules import in_force
from models.core.database import Work
from models.core.settings import value
from models.holidays import day_kinds
from models.month import Month
from models.reminders import Due, reminder
from models.safety import PatrolRound
from models.safety_words import PATROL_KINDS
from resources import _, table

LOOK_BACK = timedelta(hours=24)
"""How long a missing round is still a matter for Today; older ones stand in the month's figures."""


@dataclass(frozen=True)
class Slot:
    """One round that the rules ask for: its kind, its number, and the time in which it belongs."""

    kind: str
    number: int
    opens: datetime
    due: datetime
    people: int = 2


def slots_of(day: date, rules: Sequence[dict[str, str]], *, holiday: bool) -> list[Slot]:
    """Return the rounds that a day asks for; a night belongs to the day on which it begins."""
    found = []
    for rule in rules:
        if rule["every"] == "day" and (rule["applies"] == "always" or holiday):
            found += _slots(day, rule)
    return sorted(found, key=lambda slot: (slot.opens, slot.kind))


def _slots(day: date, rule: dict[str, str]) -> list[Slot]:
    """Share the rule's hours among its rounds, so that two night rounds do not both fall before midnight."""
    opens = datetime.combine(day, time.fromisoformat(rule["from_time"]))
    ends = datetime.combine(day, time.fromisoformat(rule["until_time"]))
    if ends <= opens:
        ends += timedelta(days=1)
    rounds = int(rule["rounds"])
    share = (ends - opens) / rounds
    return [
        Slot(rule["kind"], index + 1, opens + share * index, opens + share * (index + 1), int(rule["people"]))
        for index in range(rounds)
    ]


def filled(slots: Iterable[Slot], rounds: Iterable[tuple[str, datetime]]) -> list[tuple[Slot, datetime | None]]:
    """Return each slot with the start of the round of its kind that began in it; each round fills at most one slot."""
    left = sorted(rounds, key=lambda each: each[1])
    found: list[tuple[Slot, datetime | None]] = []
    for slot in sorted(slots, key=lambda each: each.opens):
        fits = next((r for r in left if r[0] == slot.kind and slot.opens <= r[1] < slot.due), None)
        if fits is not None:
            left.remove(fits)
        found.append((slot, fits[1] if fits else None))
    return found


def unfilled(slots: Iterable[Slot], rounds: Iterable[tuple[str, datetime]]) -> list[Slot]:
    """Return the slots in which no round of their kind began."""
    return [slot for slot, start in filled(slots, rounds) if start is None]


def rules_on(work: Work, day: date) -> list[dict[str, str]]:
    """Return the patrol rules in force for this home."""
    return in_force(table("patrol_rules.csv"), day, value(work, "home_region"), key="rule_id")


def slots_between(work: Work, first: date, last: date) -> list[Slot]:
    """Return all rounds asked for from one day to another."""
    kinds = day_kinds(work, first, last)
    found = []
    for day, kind in kinds.items():
        found += slots_of(day, rules_on(work, day), holiday=kind.kind in {"holiday", "expected"})
    return found


def rounds_between(work: Work, first: datetime, last: datetime) -> list[tuple[str, datetime]]:
    """Return kind and start of the rounds begun in a time."""
    statement = select(PatrolRound.kind, PatrolRound.started_at).where(
        PatrolRound.deleted_at.is_(None),
        PatrolRound.state != "void",
        PatrolRound.started_at >= first,
        PatrolRound.started_at < last,
    )
    return [(row.kind, row.started_at) for row in work.execute(statement)]


def missing_rounds(work: Work) -> list[Slot]:
    """Return the rounds that are open now or were missed within the last day; before the first one none was missed."""
    first = work.today - timedelta(days=2)
    slots = [
        slot
        for slot in slots_between(work, first, work.today)
        if slot.opens <= work.now and slot.due > work.now - LOOK_BACK
    ]
    if not slots:
        return []
    done = rounds_between(work, min(slot.opens for slot in slots), work.now + timedelta(minutes=10))
    missing = unfilled(slots, done)
    begun = done or work.scalar(select(PatrolRound.id).limit(1))
    return missing if begun else [slot for slot in missing if slot.due >= work.now]


def slots_now(work: Work) -> list[tuple[Slot, datetime | None]]:
    """Return the rounds from last night to tonight, each with its start when it was walked."""
    begin = datetime.combine(work.today - timedelta(days=1), time(20, 0))
    slots = [slot for slot in slots_between(work, work.today - timedelta(days=1), work.today) if slot.opens >= begin]
    if not slots:
        return []
    return filled(slots, rounds_between(work, begin, max(slot.due for slot in slots)))


@dataclass(frozen=True)
class PatrolFigures:
    """How many rounds a month asked for and had."""

    asked: int
    done: int
    missed: tuple[Slot, ...]
    problems: int


def figures_of(work: Work, month: Month) -> PatrolFigures:
    """Count a month's rounds up to now."""
    slots = [slot for slot in slots_between(work, month.first, month.last) if slot.due <= work.now]
    start = datetime.combine(month.first, time.min)
    end = datetime.combine(month.next().first, time.min) + timedelta(hours=12)
    missed = unfilled(slots, rounds_between(work, start, end))
    found = select(PatrolRound.failed).where(
        PatrolRound.deleted_at.is_(None), PatrolRound.started_at.between(start, end), PatrolRound.state != "void"
    )
    problems = sum(len(failed or ()) for failed in work.scalars(found))
    return PatrolFigures(len(slots), len(slots) - len(missed), tuple(missed), problems)


def inspection_due(work: Work) -> date | None:
    """Return the last day of the month while its fire-safety inspection is still missing."""
    month = Month(work.today.year, work.today.month)
    if not any(rule["kind"] == "fire" for rule in rules_on(work, work.today)):
        return None
    start, end = datetime.combine(month.first, time.min), datetime.combine(month.next().first, time.min)
    done = any(kind == "fire" for kind, _start in rounds_between(work, start, end))
    return None if done else month.last


@reminder
def rounds(work: Work) -> Iterator[Due]:
    """Tell which rounds are to be walked now and which were missed in the last day."""
    if not work.actor.may("review", PatrolRound):
        return
    for slot in missing_rounds(work):
        text = _("{kind} {n}, {start}–{end}").format(
            kind=PATROL_KINDS.label(slot.kind), n=slot.number, start=f"{slot.opens:%H:%M}", end=f"{slot.due:%H:%M}"
        )
        yield Due(text, "safety", slot.due, needs=("PatrolRound", "review"), page="patrols", target={"kind": slot.kind})
    due = inspection_due(work)
    if due and (due - work.today).days <= 7:
        yield Due(PATROL_KINDS.label("fire"), "safety", due, needs=("PatrolRound", "review"), page="patrols",
                  target={"kind": "fire"})  # fmt: skip
