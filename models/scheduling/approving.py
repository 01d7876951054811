"""Approving 调课审批: a chosen repair is done to the sessions in one step, and becomes a version of each week it changes.

All weeks of a leave are one unit of work and one change, taken back in one step. Each version keeps its change list, so
that the published versions of a week tell everything that was ever done to it as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from models.core import records
from models.core.database import Work
from models.core.errors import Invalid, Problem
from models.core.queries import load, titles
from models.core.record import new_id
from models.outreach import unserved
from models.scheduling.change import OPEN, Change, kept, rearrange
from models.scheduling.disruption import sessions_of
from models.scheduling.gather import Gathered, rooms_for
from models.scheduling.mending import KINDS, Mending, Outcome, shut
from models.scheduling.problem import Placement
from models.scheduling.standing import Sitting, standing
from models.scheduling.versions import number_it, of_week
from models.scheduling.week_plan import WeekPlan
from models.therapy import TherapySession
from resources import _

Values = Mapping[str, Any]


def approve(work: Work, weeks: Sequence[Mending], reason: str, note: str = "") -> Change:
    """Carry a repair out: move, give over, join to groups, and note as lost what is made up later; all or nothing.

    Args:
        weeks: the weeks that were mended; each that changes gets a version.

    Raises:
        Invalid: when two choices cannot be together, or somebody has changed one of the sessions meanwhile.
    """
    outcomes = [week.outcome() for week in weeks]
    if any(outcome.clashes for outcome in outcomes):
        raise Invalid(
            [Problem("", _("Some of the choices cannot be together; please choose otherwise for those marked."))]
        )
    wanted = [dict(_wanted(work, *each, reason, note)) for each in zip(weeks, outcomes, strict=True)]
    for week, changes in zip(weeks, wanted, strict=True):
        _refuse_changed(work, week.gathered, changes)
    every = {key: values for changes in wanted for key, values in changes.items()}
    sessions = {key: load(work, TherapySession, key) for key in every}
    _refuse_unserved(work, sessions, every)
    before = {key: kept(session) for key, session in sessions.items()}
    work.confirmed = True
    rearrange(work, every)
    after = {key: kept(session) for key, session in sessions.items()}
    plans = [
        _version(work, week, outcome, list(_lines([sessions[key] for key in changes], before)))
        for week, outcome, changes in zip(weeks, outcomes, wanted, strict=True)
        if changes and work.actor.may("create", WeekPlan)
    ]
    return Change(before=tuple(before.items()), after=after, plans=tuple(plans))


# --- the version ------------------------------------------------------------------------------------------------


def _version(work: Work, week: Mending, outcome: Outcome, lines: Sequence[Values]) -> str:
    """Make a repair the published version of its week; what waited goes on waiting."""
    earlier = of_week(work, week.gathered.monday, "published")
    queue, waiting = (earlier[-1].queue, earlier[-1].waiting) if earlier else (None, None)
    values = {
        "monday": week.gathered.monday, "stage": "proposed", "origin": "repair", "placed": len(outcome.week),
        "changed": len(lines), "waiting": waiting, "queue": queue, "lines": lines, "note": _note(work, week),
    }  # fmt: skip
    key = records.save(work, WeekPlan, values, confirmed=True)
    number_it(work, load(work, WeekPlan, key))
    return key


def _note(work: Work, week: Mending) -> str:
    """Say what has happened; of a child not which, for the list of versions is read by more people than know it."""
    happening = week.happening
    table = {"therapist": "staff", "room": "room", "equipment": "equipment"}.get(happening.kind, "")
    whom = titles(work, table, {happening.whom}).get(happening.whom, "") if table else ""
    days = dict.fromkeys((happening.first.isoformat(), happening.last.isoformat()))
    return _(" · ").join(filter(None, (KINDS.label(happening.kind), whom, " – ".join(days))))


def _lines(sessions: Iterable[TherapySession], before: Mapping[str, Values]) -> Iterator[dict[str, Any]]:
    """Say what a repair changes, the children of one sitting in one line."""
    together: dict[tuple[Any, ...], list[str]] = {}
    for session in sessions:
        old, new = _parts(before[session.id]), _parts(kept(session))
        kind = _kind(session, before[session.id], old, new)
        if kind:
            key = (kind, session.therapy, before[session.id]["sitting_id"], tuple(old.items()), tuple(new.items()))
            together.setdefault(key, []).append(session.child_id)
    for (kind, therapy, _sitting_id, old, new), children in together.items():
        after = None if kind == "lost" else dict(new)
        yield {"kind": kind, "children": children, "therapy": therapy, "before": dict(old), "after": after}


def _kind(session: TherapySession, before: Values, old: Values, new: Values) -> str:
    """Return what has become of a session; empty for a host that is only called a group now."""
    if session.status != "booked":
        return "lost"
    if session.sitting_id != before["sitting_id"] and old != new:
        return "group"
    if (old["starts"], old["ends"]) != (new["starts"], new["ends"]):
        return "moved"
    if old["therapist"] != new["therapist"]:
        return "therapist"
    return "room" if old["room"] != new["room"] else ""


def _parts(values: Values) -> dict[str, Any]:
    return {
        "starts": values["starts_at"].isoformat(), "ends": values["ends_at"].isoformat(),
        "therapist": values["therapist_id"], "room": values["room_id"],
    }  # fmt: skip


# --- what is done to each session -------------------------------------------------------------------------------


def _wanted(
    work: Work, mending: Mending, outcome: Outcome, reason: str, note: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    gathered = mending.gathered
    rooms = _rooms(mending, outcome.week)
    lost = {"status": "absent", "reason": reason, "attendance_note": note or None}
    for index, struck in enumerate(mending.plan.hits):
        option, sitting = mending.choices[index], _sitting(gathered, struck.placement)
        own = [key for key, child in sitting.sessions if struck.child in ("", child)]
        if option.place is None:
            yield from ((key, lost) for key in own)
        elif option.kind == "group":
            yield from _joined(work, gathered, option.place, own)
        else:
            place = _place(gathered, sitting, option.place, rooms)
            yield from ((key, place) for key in own)
    for old, new in outcome.moves:
        sitting = _sitting(gathered, old)
        yield from ((key, _place(gathered, sitting, new, rooms)) for key, _child in sitting.sessions)
    for each, room in _other_rooms(mending, outcome.week, rooms):
        yield from ((key, {"room_id": room}) for key, _child in _sitting(gathered, each).sessions)


def _sitting(gathered: Gathered, placement: Placement) -> Sitting:
    return gathered.sittings[gathered.session_of[placement]]


def _place(
    gathered: Gathered, sitting: Sitting, place: Placement, rooms: Mapping[Placement, str | None]
) -> dict[str, Any]:
    starts = gathered.frame.moment(place.day, place.start)
    return {
        "starts_at": starts, "ends_at": starts + timedelta(minutes=sitting.minutes), "therapist_id": place.therapist,
        "room_id": rooms.get(place, sitting.room_id),
    }  # fmt: skip


def _joined(
    work: Work, gathered: Gathered, place: Placement, own: Sequence[str]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Put sessions into a group's sitting, where and when it is."""
    host = _sitting(gathered, place)
    first = load(work, TherapySession, host.sessions[0][0])
    sitting = first.sitting_id if len(host.sessions) > 1 else new_id()
    if len(host.sessions) == 1:
        yield first.id, {"form": "group", "sitting_id": sitting}
    values = {
        "form": "group", "sitting_id": sitting, "starts_at": first.starts_at, "ends_at": first.ends_at,
        "therapist_id": first.therapist_id, "room_id": first.room_id, "equipment_id": first.equipment_id,
    }  # fmt: skip
    yield from ((key, values) for key in own)


def _rooms(mending: Mending, week: Iterable[Placement]) -> dict[Placement, str | None]:
    """Return the room of every session; a closed room is none while it is closed."""
    gathered = mending.gathered
    placed = [each for each in sessions_of(week) if each.task in gathered.needs]
    rooms = rooms_for(gathered, placed)
    if mending.happening.kind != "room":
        return rooms
    room = mending.happening.whom
    closed = replace(gathered.places.rooms[room], capacity=0)
    places = replace(gathered.places, rooms={**gathered.places.rooms, room: closed})
    affected = [each for each in placed if _while(mending, each)]
    return rooms | rooms_for(replace(gathered, places=places), affected)


def _while(mending: Mending, placement: Placement) -> bool:
    """Whether a session lies in the time of the happening; what is closed without an end is closed for good."""
    happening, gathered = mending.happening, mending.gathered
    if shut(gathered.places, happening):
        return True
    grid = gathered.problem.grid
    day = gathered.frame.days[placement.day]
    part = grid.halves.get(happening.part, range(grid.slots))
    last = placement.start + gathered.problem.tasks[placement.task].slots
    return happening.first <= day <= happening.last and any(slot in part for slot in range(placement.start, last))


def other_rooms(mending: Mending, outcome: Outcome) -> list[tuple[Placement, str]]:
    """Return what stays at its time but was in the closed room, with the room that is found for it."""
    return list(_other_rooms(mending, outcome.week, _rooms(mending, outcome.week)))


def _other_rooms(
    mending: Mending, week: Iterable[Placement], rooms: Mapping[Placement, str | None]
) -> Iterator[tuple[Placement, str]]:
    gathered, happening = mending.gathered, mending.happening
    if happening.kind != "room":
        return
    for each in week:
        there = each in gathered.session_of and gathered.room_now.get(each) == happening.whom
        found = rooms.get(each) if there and _while(mending, each) else None
        if found and (each.day, each.start) >= mending.since:
            yield each, found


def _refuse_unserved(work: Work, sessions: Mapping[str, TherapySession], wanted: Mapping[str, Values]) -> None:
    """Refuse by name what nobody may write: a session of a client from outside on a day without an agreement."""
    days = {key: (wanted[key].get("starts_at") or session.starts_at).date() for key, session in sessions.items()}
    found = set(unserved(work, {each.child_id for each in sessions.values()}, sorted(set(days.values()))))
    wrong = sorted({(each.child_id, days[key]) for key, each in sessions.items()} & found)
    names = titles(work, "child", {child for child, _day in wrong})
    words = _("{child} has no service agreement that holds on {day}; please renew it, or cancel the session, first.")
    if wrong:
        told = [words.format(child=names.get(child, _("another child")), day=day.isoformat()) for child, day in wrong]
        raise Invalid([Problem("", text) for text in told])


def _refuse_changed(work: Work, gathered: Gathered, wanted: Mapping[str, Any]) -> None:
    """Refuse when somebody has changed one of the sessions since the week was read."""
    now = standing(work, gathered.monday).marks
    for key in wanted:
        session = load(work, TherapySession, key)
        if now.get(key) != gathered.marks.get(key) or session.status != "booked" or session.state not in OPEN:
            words = _("{who} has changed one of these sessions meanwhile; please look for repairs again.")
            raise Invalid([Problem("", words.format(who=session.changed_by or session.recorded_by))])
