"""Vaccination plan 免疫接种计划: which dose is given, due, overdue, not yet, and when at the earliest. Pure.

Nothing is ever begun anew: what was given counts, and only what is missing is planned, as soon as age and
intervals allow. Injected live vaccines are planned on one day or at least 28 days apart.

>>> plan(programme_on(date(2026, 11, 20)), date(2026, 11, 1), "1", (), date(2026, 11, 20))[0].status
'overdue'
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from models.age import months_later
from models.core.words import Code, CodeList
from models.vaccine_programme import (
    DEFAULT_OPTION,
    SERIES,
    DoseRule,
    Interval,
    Programme,
    completed_within_days,
    dt_catch_up,
    general_rule,
    in_cohort,
    live_injected,
    programme_on,
    series_of,
)
from resources import _

__all__ = ["Barrier", "Given", "PLAN_STATES", "Planned", "plan", "programme_on", "refusals"]

PLAN_STATES = CodeList(
    "vaccine_state",
    Code("overdue", "Overdue", "逾期"),
    Code("due", "Can be given", "可种"),
    Code("later", "Not yet", "未到时间"),
    Code("barred", "Put off or not to be given", "禁忌或暂缓"),
    Code("given", "Given", "已种"),
    Code("too_old", "Too old for it", "超龄不补种"),
)
OPEN = frozenset({"overdue", "due"})
IMMUNOGLOBULIN = "Immunoglobulin"


@dataclass(frozen=True)
class Given:
    """One vaccination that took place."""

    vaccine: str
    day: date
    id: str = ""


@dataclass(frozen=True)
class Barrier:
    """Why a vaccine is not given: put off until a day, or for good (``until`` None)."""

    vaccine: str
    until: date | None
    reason: str


@dataclass(frozen=True)
class Planned:
    """One line of the plan.

    Attributes:
        on: the day it was given, or the earliest day on which it can be.
        due_on: the day on which the programme wants it.
        overdue_from: the day from which it is overdue.
        why: what the earliest day waits for, or why nothing is given, in words.
    """

    series: str
    vaccine: str
    number: int
    total: int
    status: str
    on: date | None
    due_on: date | None = None
    overdue_from: date | None = None
    why: str = ""
    given_id: str = ""


@dataclass(frozen=True)
class _Next:
    """The next dose of a series by age and interval alone."""

    vaccine: str
    number: int
    total: int
    by_age: date
    by_interval: date | None
    upper: date
    due_on: date
    overdue_from: date

    @property
    def earliest(self) -> date:
        return max(self.by_age, self.by_interval) if self.by_interval else self.by_age


@dataclass(frozen=True)
class _Child:
    programme: Programme
    born: date
    sex: str
    today: date


# --- the next dose of each series ---------------------------------------------------------------------


def _next(child: _Child, series: str, history: Sequence[Given], floor: date) -> _Next | None:
    """Return what is missing next in a series, or None when it is complete; ``floor`` is the first day possible."""
    if series == "DTP":
        return _next_dtp(child, history, floor)
    if series == "MPSV":
        return _next_mpsv(child, history, floor)
    rules = _rules_for(child, series, history)
    done = len(history)
    if series == "HepA" and {"HepA-I", "HepA-L"} <= {each.vaccine for each in history}:
        return None
    if series == "MMR" and done >= len(rules) and all(each.vaccine == "MR" for each in history):
        done = len(rules) - 1
    if done >= len(rules):
        return None
    return _by_rule(child, rules[done], history)


def _rules_for(child: _Child, series: str, history: Sequence[Given]) -> tuple[DoseRule, ...]:
    if series == "HPV":
        return child.programme.of("2vHPV") if in_cohort("2vHPV", child.born, child.sex, child.today) else ()
    if series in DEFAULT_OPTION:
        return child.programme.of(history[0].vaccine if history else DEFAULT_OPTION[series])
    return child.programme.of_series(series)


def _by_rule(child: _Child, rule: DoseRule, history: Sequence[Given], interval: Interval | None = None) -> _Next:
    apart = interval or rule.interval
    by_interval = apart.after(history[-1].day) if history and apart else None
    overdue = _overdue_from(child, rule)
    if rule.vaccine == "2vHPV" and history:
        overdue = min(overdue, general_rule("hpv_complete_within").after(history[-1].day))
    return _Next(
        rule.vaccine, rule.number, rule.total, rule.earliest_by_age(child.born), by_interval,
        months_later(child.born, rule.upper_age), months_later(child.born, rule.due_age), overdue,
    )  # fmt: skip


def _overdue_from(child: _Child, rule: DoseRule) -> date:
    """The day the programme wants the dose to be complete by; without one, that of the next dose with one."""
    days = completed_within_days(rule.dose_id)
    if days is not None:
        return child.born + timedelta(days=days)
    later = [
        each for each in child.programme.of_series(rule.series) if each.number >= rule.number and each.complete_before
    ]
    months = later[0].complete_before if later else rule.due_age + 12
    return months_later(child.born, months or rule.due_age + 12)


def _next_dtp(child: _Child, history: Sequence[Given], floor: date) -> _Next | None:
    rules = child.programme.of_series("DTP")
    done, dt = len(history), sum(each.vaccine == "DT" for each in history)
    if done >= 5 or (dt and done >= 3):
        return None
    if not dt and done < len(rules):
        wanted = _by_rule(child, rules[done], history)
        if max(wanted.earliest, floor) < wanted.upper:
            return wanted
    row = dt_catch_up(done, dt, child.today)
    if row is None:
        return None
    by_age = months_later(child.born, row.from_age)
    by_interval = row.interval.after(history[-1].day) if history else None
    total = max(done + 1, 3)
    return _Next("DT", done + 1, total, by_age, by_interval, months_later(child.born, row.to_age), by_age, by_age)


def _next_mpsv(child: _Child, history: Sequence[Given], floor: date) -> _Next | None:
    first, second = child.programme.of("MPSV-A"), child.programme.of("MPSV-AC")
    a = [each for each in history if each.vaccine == "MPSV-A"]
    ac = [each for each in history if each.vaccine == "MPSV-AC"]
    if ac:
        return _by_rule(child, second[len(ac)], ac) if len(ac) < len(second) else None
    if len(a) < len(first):
        wanted = _by_rule(child, first[len(a)], a)
        if max(wanted.earliest, floor) < wanted.upper:
            return wanted
        after_one = general_rule("polysaccharide_ac_after_one_a")
        early = _by_rule(child, second[0], a, after_one)
        return replace(early, by_age=general_rule("polysaccharide_ac_catch_up_from_age").after(child.born))
    return _by_rule(child, second[0], a)


# --- the plan -----------------------------------------------------------------------------------------


def plan(
    programme: Programme, born: date, sex: str, doses: Sequence[Given], today: date, barriers: Sequence[Barrier] = ()
) -> tuple[Planned, ...]:
    """Return the whole plan of a child: every dose given, and every missing one with its earliest day.

    Args:
        sex: by GB/T 2261.1 (``1`` male, ``2`` female).
        doses: everything that was given, also outside the programme.
    """
    child = _Child(programme, born, sex, today)
    given = sorted((each for each in doses if each.day <= today), key=lambda each: each.day)
    histories = {series: [each for each in given if series in series_of(each.vaccine)] for series in SERIES}
    lines = [line for series in SERIES for line in _given_lines(child, series, histories[series])]
    last = {series: max((line.number for line in lines if line.series == series), default=0) for series in SERIES}
    lines += [_numbered(line, last) for line in _missing_lines(child, histories, given, barriers)]
    order = {series: index for index, series in enumerate(SERIES)}
    return tuple(sorted(lines, key=lambda line: (order[line.series], line.number)))


def _numbered(line: Planned, last: dict[str, int]) -> Planned:
    """Number a planned dose on from the last of its series: doses beyond the programme keep their numbers."""
    last[line.series] = number = max(line.number, last[line.series] + 1)
    return replace(line, number=number, total=max(line.total, number))


def _given_lines(child: _Child, series: str, history: Sequence[Given]) -> Iterator[Planned]:
    rules = _rules_for(child, series, history) or child.programme.of_series(series)
    shift = 2 if series == "MPSV" and history and history[0].vaccine == "MPSV-AC" else 0
    for index, each in enumerate(history, start=1 + shift):
        total = max(rules[0].total if rules else 1, index)
        yield Planned(series, each.vaccine, index, total, "given", each.day, given_id=each.id)


def _missing_lines(
    child: _Child, histories: dict[str, list[Given]], given: Sequence[Given], barriers: Sequence[Barrier]
) -> Iterator[Planned]:
    """Place the missing doses in order of time, each as early as age, interval and the live rule allow."""
    live = [each.day for each in given if live_injected(each.vaccine)]
    globulin = max((each.day for each in given if each.vaccine == IMMUNOGLOBULIN), default=None)
    open_series = dict.fromkeys(SERIES, child.today)
    while open_series:
        found = []
        for series, floor in list(open_series.items()):
            wanted = _next(child, series, histories[series], floor)
            if wanted is None:
                del open_series[series]
                continue
            barrier = _barrier(barriers, series, wanted.vaccine, child.today)
            first = max(floor, barrier.until) if barrier and barrier.until else floor
            found.append((_possible(wanted, first, live, globulin), SERIES.index(series), series, wanted, barrier))
        if not found:
            return
        day, _index, series, wanted, barrier = min(found, key=lambda each: each[:2])
        if barrier or day >= wanted.upper:
            status = "barred" if barrier and day < wanted.upper else "too_old"
            on = day if barrier and barrier.until and status == "barred" else None
            yield _line(series, wanted, status, on, barrier.reason if barrier and status == "barred" else "")
            del open_series[series]
            continue
        yield _line(series, wanted, _status(child, wanted, day), day, _waits_for(child, wanted, day))
        histories[series] = [*histories[series], Given(wanted.vaccine, day)]
        open_series[series] = day
        if live_injected(wanted.vaccine):
            live.append(day)


def _barrier(barriers: Sequence[Barrier], series: str, vaccine: str, today: date) -> Barrier | None:
    for each in barriers:
        if (each.vaccine == vaccine or series in series_of(each.vaccine)) and (
            each.until is None or each.until > today
        ):
            return each
    return None


def _possible(wanted: _Next, floor: date, live: Sequence[date], globulin: date | None) -> date:
    """The first day on which the dose can be given, the distance of live vaccines included."""
    day = max(wanted.earliest, floor)
    if not live_injected(wanted.vaccine):
        return day
    if globulin and wanted.vaccine != "BCG":
        day = max(day, general_rule("immunoglobulin_before_live").after(globulin))
    apart = general_rule("live_injected_apart")
    while near := [each for each in live if each != day and each < apart.after(day) and day < apart.after(each)]:
        day = apart.after(min(near))
    return day


def _status(child: _Child, wanted: _Next, day: date) -> str:
    if day > child.today:
        return "later"
    return "overdue" if child.today >= wanted.overdue_from else "due"


def _waits_for(child: _Child, wanted: _Next, day: date) -> str:
    if day <= child.today:
        return ""
    if day == wanted.by_age:
        return _("least age")
    return _("least interval") if day == wanted.by_interval else _("after other doses")


def _line(series: str, wanted: _Next, status: str, on: date | None, why: str) -> Planned:
    return Planned(
        series, wanted.vaccine, wanted.number, wanted.total, status, on, wanted.due_on, wanted.overdue_from, why
    )


# --- what speaks against giving a dose on a day --------------------------------------------------------


def refusals(
    programme: Programme, born: date, sex: str, doses: Sequence[Given], vaccine: str, day: date
) -> Iterator[str]:
    """Yield in words what speaks against a dose on a day: too young, too soon, too old, too near to a live one."""
    child = _Child(programme, born, sex, day)
    before = sorted((each for each in doses if each.day <= day), key=lambda each: each.day)
    for series in series_of(vaccine):
        history = [each for each in before if series in series_of(each.vaccine)]
        yield from _series_refusals(child, series, history, vaccine, day)
    if live_injected(vaccine):
        yield from _live_refusals(before, [each for each in doses if each.day > day], vaccine, day)


def _series_refusals(child: _Child, series: str, history: Sequence[Given], vaccine: str, day: date) -> Iterator[str]:
    wanted = _next(child, series, history, day)
    if wanted is None:
        yield _("By the programme this series is complete, or it is not meant for this child.")
        return
    if day < wanted.by_age:
        yield _("The least age for this dose is reached on {day}.").format(day=wanted.by_age)
    if wanted.by_interval and day < wanted.by_interval:
        yield _("The least interval to the dose before ends on {day}.").format(day=wanted.by_interval)
    if wanted.vaccine == vaccine and day >= wanted.upper:
        yield _("By the programme this dose is no longer given from {day} on.").format(day=wanted.upper)


def _live_refusals(before: Sequence[Given], after: Sequence[Given], vaccine: str, day: date) -> Iterator[str]:
    apart = general_rule("live_injected_apart")
    for each in (*before, *after):
        if (
            live_injected(each.vaccine)
            and each.day != day
            and each.day < apart.after(day)
            and day < apart.after(each.day)
        ):
            yield _("Less than {n} days from another injected live vaccine on {day}.").format(
                n=apart.value, day=each.day
            )
    globulin = max((each.day for each in before if each.vaccine == IMMUNOGLOBULIN), default=None)
    if globulin and vaccine != "BCG" and day < general_rule("immunoglobulin_before_live").after(globulin):
        yield _("Less than {n} months after an immunoglobulin or blood product.").format(
            n=general_rule("immunoglobulin_before_live").value
        )
