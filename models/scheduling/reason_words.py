"""Reasons in words 原因说明: one sentence for each reason, suggestion and shortage, in the language in use.

Names are looked up in a mapping (id → shown name); what has no name is called by what it is, never by its id.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from models.core.words import Code, CodeList
from models.scheduling.easing import Easing
from models.scheduling.pressure import FullWeek, Pressure
from models.scheduling.problem import Grid, Placement, Problem
from models.scheduling.relaxing import Relaxation
from models.scheduling.timetable import Move
from models.therapies import THERAPIES
from resources import N_, _, ngettext

if TYPE_CHECKING:
    from models.scheduling.reasons import Cause, Fact, Reason

DAYS = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip
SHOWN = 3
"""So many names are said; the others are counted."""

RULES = CodeList(
    "waiting_rule",
    Code("placed", N_("Has its places"), "已排满"),
    Code("room", N_("There is a place after all"), "尚有空位"),
    Code("too_long", N_("Longer than the day"), "时长超过一天"),
    Code("no_stretch", N_("Child never free for so long"), "儿童无足够空闲"),
    Code("barred", N_("Contraindicated"), "禁忌期内"),
    Code("no_therapist", N_("Nobody gives this therapy"), "无相应治疗师"),
    Code("never_room", N_("Room or equipment too small"), "场所器材容量不足"),
    Code("never_there", N_("Therapist never there then"), "治疗师不在岗"),
    Code("same_day", N_("One a day"), "每日限一次"),
    Code("child_day", N_("Child's daily maximum"), "儿童当日已满"),
    Code("child_taken", N_("Child's other sessions and rest"), "与儿童其他训练冲突"),
    Code("resource", N_("Room or equipment full"), "场所器材已满"),
    Code("therapist_taken", N_("Therapists taken"), "治疗师已排满"),
)
"""The rules for which a session waits."""


class Speaker:
    """Says names, days and times of one problem."""

    def __init__(self, names: Mapping[str, str], grid: Grid) -> None:
        self.names, self.grid = names, grid

    def person(self, whom: str) -> str:
        """Return the name of a therapist, child or resource."""
        return self.names.get(whom) or _("(no name)")

    def people(self, whom: Iterable[str]) -> str:
        """Return some names; of many the first and how many more."""
        every = [self.person(each) for each in whom]
        shown = _(", ").join(every[:SHOWN])
        if len(every) <= SHOWN:
            return shown
        return _("{names} and {n} more").format(names=shown, n=len(every) - SHOWN)

    def therapy(self, code: str) -> str:
        """Return the words of a therapy."""
        return self.names.get(code) or THERAPIES.label(code)

    def elsewhere(self, code: str) -> str:
        """Return what a child does when it cannot come; empty when the code has no words."""
        from models.scheduling.people import busy_words

        return self.names.get(code) or busy_words(code)

    def day(self, day: int) -> str:
        """Return the name of a weekday."""
        return _(DAYS[day % 7])

    def clock(self, slot: int) -> str:
        """Return the time at which a slot begins."""
        return self.grid.clock(slot)

    def span(self, day: int, start: int, end: int) -> str:
        """Return a day with its times: ``Tuesday 10:00–10:30``."""
        return _("{day} {start}–{end}").format(day=self.day(day), start=self.clock(start), end=self.clock(end))

    def session(self, placement: Placement, problem: Problem) -> str:
        """Return whose session it is and of what."""
        task = problem.tasks[placement.task]
        return _("{child}’s {therapy}").format(child=self.people(task.children), therapy=self.therapy(task.therapy))

    def when(self, placement: Placement) -> str:
        """Return when and with whom a session is."""
        return _("{day} {start} with {therapist}").format(
            day=self.day(placement.day), start=self.clock(placement.start), therapist=self.person(placement.therapist)
        )


# --- reasons -------------------------------------------------------------------------------------------------


def reason_words(reason: Reason, names: Mapping[str, str], grid: Grid) -> str:
    """Say who waits for what, and why."""
    speaker = Speaker(names, grid)
    who, therapy = speaker.people(reason.children), speaker.therapy(reason.therapy)
    if reason.rule == "placed":
        return _("{child}: every session of {therapy} has its place.").format(child=who, therapy=therapy)
    head = ngettext(
        "{child} waits for {n} session of {therapy}: {why}", "{child} waits for {n} sessions of {therapy}: {why}",
        reason.missing,
    ).format(child=who, n=reason.missing, therapy=therapy, why=_why(reason, speaker))  # fmt: skip
    others = [each for each in reason.facts if each.rule != "barred"]
    if reason.times and len(others) > 1:
        parts = _("; ").join(_part(each, speaker) for each in others)
        sieve = _("Of {n} times that suit the child, {parts}.").format(n=reason.times, parts=parts)
        head = _("{sentence} {more}").format(sentence=head, more=sieve)
    barred = [each for each in reason.facts if each.rule == "barred" != reason.rule]
    return _("{sentence} {more}").format(sentence=head, more=_barred(barred[0], speaker)) if barred else head


def _barred(fact: Fact, speaker: Speaker) -> str:
    why = _(", ").join(filter(None, (speaker.elsewhere(each) for each in fact.reasons))) or _("contraindicated")
    if fact.until is None:
        return _("{n} more times are barred all week ({why}).").format(n=fact.times, why=why)
    day, slot = fact.until
    return _("{n} more times are barred until {day} {time} ({why}).").format(
        n=fact.times, day=speaker.day(day), time=speaker.clock(slot), why=why
    )


def _why(reason: Reason, speaker: Speaker) -> str:
    own = next((each for each in reason.facts if each.rule == reason.rule), None)
    whom = speaker.people(own.whom) if own else ""
    doing = _(", ").join(filter(None, (speaker.elsewhere(each) for each in own.reasons))) if own else ""
    texts = {
        "room": _("there is a place after all."),
        "too_long": _("a session of {minutes} minutes is longer than the day."),
        "no_stretch": _("never free for {minutes} minutes together ({doing})."),
        "barred": _("contraindicated at every time the child is free ({doing})."),
        "no_therapist": _("nobody is trained for it."),
        "never_room": _("{whom} has too few places for it."),
        "never_there": _("{whom} never there when the child is free."),
        "same_day": _("every day that is left already has its session; one a day is the most."),
        "child_day": _("on every day that is left, the daily maximum of {whom} is reached."),
        "child_taken": _("other sessions and the rest between them leave {whom} no time."),
        "resource": _("{whom} full at every time that is left."),
        "therapist_taken": _("{whom} treating others, or at the daily maximum, at every time that is left."),
    }
    text = texts[reason.rule].format(minutes=reason.minutes, whom=whom, doing=doing or _("elsewhere"))
    return (
        _("{sentence} {more}").format(sentence=text, more=_("Locked sessions are among them."))
        if own and own.locked
        else text
    )


def _part(fact: Fact, speaker: Speaker) -> str:
    texts = {
        "never_there": _("at {n} nobody who gives it is there"),
        "same_day": _("{n} lie on a day that has its session"),
        "child_day": _("{n} on a day that is full for the child"),
        "child_taken": _("{n} meet other sessions of the child or its rest"),
        "resource": _("{n} find {whom} full"),
        "therapist_taken": _("{n} find the therapists taken"),
    }
    return texts[fact.rule].format(n=fact.times, whom=speaker.people(fact.whom))


# --- suggestions ---------------------------------------------------------------------------------------------


def relaxation_words(relaxation: Relaxation, problem: Problem, names: Mapping[str, str]) -> str:
    """Say what would have to be otherwise, and where the session would then lie."""
    speaker = Speaker(names, problem.grid)
    clauses = [_clause(each, problem, speaker) for each in relaxation.changes]
    clauses += [move_words(each, problem, speaker) for each in relaxation.moves]
    condition = _(" and ").join(clauses)
    if relaxation.place is None:
        return _("If {condition}, nothing would wait.").format(condition=condition)
    place = speaker.when(relaxation.place)
    if not clauses:
        return _("It could lie on {place} as everything stands.").format(place=place)
    said = _("If {condition}, it could lie on {place}.").format(condition=condition, place=place)
    if any(each.code == "barred" for each in relaxation.changes):
        return _("{sentence} {more}").format(sentence=said, more=_("This is the doctor's to decide."))
    return said


def move_words(move: Move, problem: Problem, speaker: Speaker) -> str:
    """Say which session moves where, as part of a sentence."""
    old, new = move
    return _("{session} moved from {old} to {new}").format(
        session=speaker.session(old, problem), old=speaker.when(old), new=speaker.when(new)
    )


def _clause(change: Easing, problem: Problem, speaker: Speaker) -> str:
    task = problem.tasks.get(change.whom)
    values = {
        "name": speaker.people(task.children) if task else speaker.person(change.whom) if change.whom else "",
        "day": speaker.day(change.day),
        "start": speaker.clock(change.start),
        "end": speaker.clock(change.end),
        "n": change.amount,
        "minutes": change.minutes,
        "length": change.amount * problem.grid.minutes,
        "therapy": speaker.therapy(task.therapy if task else change.therapy) if change.therapy or task else "",
        "what": speaker.elsewhere(change.reason) if change.reason else "",
    }
    if change.session is not None:
        values |= {"session": speaker.session(change.session, problem), "at": speaker.when(change.session)}
    return _form(change, named=bool(values["what"])).format(**values)


def _form(change: Easing, *, named: bool) -> str:
    forms = {
        "hours until": _("{name} worked until {end} on {day}"),
        "hours from": _("{name} began at {start} on {day}"),
        "hours day": _("{name} came in on {day} {start}–{end}"),
        "hours also": _("{name} were also free on {day} {start}–{end}"),
        "open": _("the department were open on {day} {start}–{end}"),
        "child_free ends": _("{name}’s time of “{what}” on {day} ended at {start}"),
        "child_free begins": _("{name}’s time of “{what}” on {day} began at {end}"),
        "child_free gap": _("{name} could leave “{what}” on {day} {start}–{end}"),
        "child_free gone": _("{name} had no “{what}” on {day} {start}–{end}"),
        "barred": _("{therapy} were allowed for {name} on {day} {start}–{end}"),
        "resource": ngettext(
            "there were {n} more place in {name} on {day} {start}–{end}",
            "there were {n} more places in {name} on {day} {start}–{end}",
            change.amount,
        ),
        "therapist_day": _("{name} treated {minutes} minutes more than the daily maximum on {day}"),
        "child_day": _("{name} had {n} sessions on {day}"),
        "rest": _("{name} rested {length} minutes beside {session} on {day}"),
        "skill": _("{name} were trained for {therapy}"),
        "shorter": _("the sessions lasted {length} minutes"),
        "wait": _("{session} on {at} waited instead"),
        "unlock": _("the lock on {session} on {at} were opened"),
        "fewer": _("no more than {n} a week were asked for"),
    }
    if change.code == "child_free" and not named:
        return _("{name} were free on {day} {start}–{end}")
    if change.code == "child_free" and change.last:
        return _("{name} could come on {day} {start}–{end} all the same ({what})")
    return forms[f"{change.code} {change.form}".strip()]


# --- many at once --------------------------------------------------------------------------------------------


def cause_words(cause: Cause, names: Mapping[str, str], grid: Grid) -> str:
    """Say what several waiting sessions have in common."""
    speaker = Speaker(names, grid)
    therapy = cause.rule in ("therapist_taken", "no_therapist", "never_there", "too_long", "room")
    about = speaker.therapy(cause.whom) if therapy else speaker.person(cause.whom)
    said = ngettext("{about}: {n} session waits ({rule}).", "{about}: {n} sessions wait ({rule}).", cause.missing)
    text = said.format(about=about, n=cause.missing, rule=RULES.label(cause.rule))
    if cause.pressure is None:
        return text
    return _("{sentence} {more}").format(sentence=text, more=cause.pressure.words(names))


def pressure_words(pressure: Pressure, names: Mapping[str, str]) -> str:
    """Say how much treatment is wanted and there, and how many sessions no plan can place."""
    speaker = Speaker(names, NO_GRID)
    therapies = _(", ").join(speaker.therapy(each) for each in pressure.therapies)
    givers, wanted = speaker.people(pressure.resources or pressure.therapists), _hours(pressure.wanted)
    if not givers:
        return _("{therapies}: {wanted} hours are wanted, nobody gives it.").format(therapies=therapies, wanted=wanted)
    text = _("{therapies}: {wanted} hours are wanted, {who} have {there}.").format(
        therapies=therapies, wanted=wanted, there=_hours(pressure.there), who=givers
    )
    if not pressure.sessions:
        return text
    bound = ngettext(
        "At least {n} session must wait, whatever the plan.", "At least {n} sessions must wait, whatever the plan.",
        pressure.sessions,
    ).format(n=pressure.sessions)  # fmt: skip
    return _("{sentence} {more}").format(sentence=text, more=bound)


def full_week_words(full: FullWeek, names: Mapping[str, str]) -> str:
    """Say how many sessions of a child are wanted, and how many its days hold."""
    text = _("{n} sessions a week are wanted of {child}, its days hold {most}.")
    return text.format(child=Speaker(names, NO_GRID).person(full.child), n=full.wanted, most=full.there)


def _hours(minutes: int) -> str:
    return f"{minutes / 60:g}"


NO_GRID = Grid(0, 0, 0, 0, frozenset(), {})
