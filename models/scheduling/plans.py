"""Plans 方案与发布: a proposed week is kept until somebody publishes it, in one unit of work that can be taken back in one step.

A proposal holds its sessions with their times, so nothing is computed when it is published; but it is refused when the
week has changed underneath since it was gathered, and asked about when what it rests on (leave, rooms, prescriptions)
has changed so that a rule would break. Nothing published is overwritten silently: each version keeps what it changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import select

from models.core import records
from models.core.database import Work
from models.core.errors import Invalid, Problem, Unconfirmed
from models.core.queries import load, titles
from models.scheduling.carry_out import booked_in, carry_out
from models.scheduling.change import Change
from models.scheduling.facts import prints, read
from models.scheduling.gather import Gathered, gather, rooms_for, without_room
from models.scheduling.kept_reasons import kept_reason
from models.scheduling.levels import Levels, breaches, levels
from models.scheduling.plan_words import PARTS, change_lines, rule_words, sitting_words
from models.scheduling.planning import Comparison, compare
from models.scheduling.problem import Placement, Task
from models.scheduling.reasons import Reason
from models.scheduling.standing import standing
from models.scheduling.versions import latest, number_it, of_week, turn_back, versions
from models.scheduling.week_plan import WeekPlan
from models.therapy import TherapySession
from resources import N_, _

__all__ = ["WeekPlan", "change_lines", "latest", "propose", "publish", "turn_back", "versions"]


class Answer(Protocol):
    """What the engine answers with, as far as a proposal needs it."""

    @property
    def placements(self) -> Sequence[Placement]: ...


# --- proposing ----------------------------------------------------------------------------------------


def propose(
    work: Work,
    gathered: Gathered,
    plan: Answer | Sequence[Placement],
    *,
    reasons: Mapping[str, Reason] | None = None,
    figures: Levels | None = None,
) -> str:
    """Keep a plan as the proposal for its week and return its id; an earlier proposal gives way to it.

    Args:
        plan: the engine's answer, or its placements.
        reasons: why sessions wait, by task, as far as it is known.
    """
    placements: Sequence[Placement] = plan if isinstance(plan, Sequence) else plan.placements
    own = [each for each in placements if not gathered.held(each.task)]
    problem = gathered.problem
    rooms = rooms_for(gathered, placements)
    booked = {each for each in gathered.session_of if not gathered.held(each.task)}
    difference = compare(booked, own)
    items = [_item(gathered, each, rooms[each], _standing_behind(gathered, difference, each)) for each in sorted(own)]
    leaving = [gathered.session_of[each] for each in difference.gone]
    queue = list(_queue(gathered, own, reasons or {}))
    lines = list(_lines(gathered, items, leaving))
    for earlier in of_week(work, gathered.monday, "proposed"):
        earlier.stage = "dropped"
    values = {
        "monday": gathered.monday, "stage": "proposed", "placed": len(own), "changed": len(lines),
        "waiting": sum(each["missing"] for each in queue), "levels": list(figures or levels(problem, placements)),
        "items": items, "leaving": leaving, "queue": queue, "lines": lines, "marks": dict(gathered.marks),
        "prints": dict(gathered.prints), "note": _unroomed(gathered, without_room(gathered, rooms)),
    }  # fmt: skip
    return records.save(work, WeekPlan, values, confirmed=True)


def _standing_behind(gathered: Gathered, difference: Comparison, placement: Placement) -> str | None:
    if placement in difference.kept:
        return gathered.session_of[placement]
    before = difference.moved.get(placement)
    return gathered.session_of[before] if before is not None else None


def _item(gathered: Gathered, placement: Placement, room: str | None, sitting: str | None) -> dict[str, Any]:
    """One session of a plan as it is kept: ids and times, no names."""
    task, want = gathered.problem.tasks[placement.task], gathered.wants[placement.task]
    tools = gathered.needs[placement.task].tools
    begins, _ends = gathered.frame.span(placement, task.slots)
    return {
        "task": task.id, "children": list(task.children), "therapy": task.therapy, "kind": want.kind,
        "therapist": placement.therapist, "starts": begins.isoformat(),
        "ends": (begins + timedelta(minutes=want.minutes)).isoformat(), "room": room,
        "tool": tools[0][0] if tools else None, "sitting": sitting,
        "makes_up": want.sources[0] if want.kind == "makeup" else None,
    }  # fmt: skip


def _queue(gathered: Gathered, own: Iterable[Placement], reasons: Mapping[str, Reason]) -> Iterator[dict[str, Any]]:
    """What waits, with its reason."""
    placed: dict[str, int] = {}
    for each in own:
        placed[each.task] = placed.get(each.task, 0) + 1
    for task in gathered.problem.tasks.values():
        missing = 0 if gathered.held(task.id) else task.sessions - placed.get(task.id, 0)
        if missing > 0:
            reason = reasons.get(task.id)
            yield {
                "task": task.id, "children": list(task.children), "therapy": task.therapy, "missing": missing,
                "priority": task.priority, "sources": list(gathered.wants[task.id].sources),
                "kind": gathered.wants[task.id].kind,
                "reason": kept_reason(reason, gathered) if reason else "",
            }  # fmt: skip


def _lines(gathered: Gathered, items: Sequence[Mapping[str, Any]], leaving: Iterable[str]) -> Iterator[dict[str, Any]]:
    """What a plan changes: moved, given to another therapist, put into another room, new, or falling out.

    Each line knows the item it is about, or the sitting that falls out, so that it can be published by itself.
    """
    for number, item in enumerate(items):
        sitting = gathered.sittings.get(item["sitting"] or "")
        before, now = _parts_of(sitting) if sitting else None, {name: item[name] for name in PARTS}
        kind = _kind_of_change(before, now)
        if kind:
            yield {
                "kind": kind, "children": item["children"], "therapy": item["therapy"], "before": before, "after": now,
                "item": number,
            }  # fmt: skip
    for key in leaving:
        gone = gathered.sittings[key]
        yield {"kind": "cancelled", "children": list(gone.children), "therapy": gone.therapy, "before": _parts_of(gone),
               "after": None, "sitting": key}  # fmt: skip


def _kind_of_change(before: Mapping[str, Any] | None, now: Mapping[str, Any]) -> str:
    if before is None:
        return "new"
    changed = {name for name in PARTS if before[name] != now[name]}
    if {"starts", "ends"} & changed:
        return "moved"
    return "therapist" if "therapist" in changed else "room" if changed else ""


def _parts_of(sitting: Any) -> dict[str, Any]:
    return {
        "starts": sitting.starts_at.isoformat(), "ends": sitting.ends_at.isoformat(), "therapist": sitting.therapist_id,
        "room": sitting.room_id,
    }  # fmt: skip


def _unroomed(gathered: Gathered, left: Sequence[Placement]) -> str | None:
    if not left:
        return None
    # Without names: the note stands in lists that more people read than know these children.
    words = [
        f"{gathered.names.get(each.therapist, '')} {gathered.frame.moment(each.day, each.start):%m-%d %H:%M}"
        for each in left
    ]
    return _("No room was found for {n} sessions: {which}.").format(n=len(left), which=_("; ").join(words))


# --- publishing ---------------------------------------------------------------------------------------


def publish(work: Work, plan_id: str, *, confirmed: bool = False) -> Change:
    """Publish a proposal: book, move and cancel what it says, all or nothing; return what undoes it in one step.

    Raises:
        Invalid: when the week has changed underneath since it was gathered, or the plan was published already.
        Unconfirmed: when something it rests on has changed so that a rule would be broken.
    """
    plan: WeekPlan = load(work, WeekPlan, plan_id)
    refuse_or_ask(work, plan, confirmed)
    change = carry_out(work, plan)
    number_it(work, plan)
    return Change(change.created, change.before, change.after, plans=(plan.id,))


def refuse_or_ask(work: Work, plan: WeekPlan, confirmed: bool) -> None:
    """Refuse to publish what the week has overtaken; ask about rules that would be broken by now."""
    if plan.stage != "proposed":
        raise Invalid([Problem("", _("This plan is no longer a proposal; please look at the latest one."))])
    found = [*changed_underneath(work, plan), *_begun(work, plan)]
    if found:
        raise Invalid([Problem("", words) for words in found])
    doubts = [] if confirmed or work.confirmed else _doubts(work, plan)
    if doubts:
        raise Unconfirmed([Problem("", words, warning=True) for words in doubts])


def changed_underneath(work: Work, plan: WeekPlan) -> list[str]:
    """Say what was booked, moved, locked or cancelled in the week since a plan was gathered."""
    before, now = plan.marks or {}, standing(work, plan.monday).marks
    told = [key for key in {**before, **now} if _place_of(before.get(key)) != _place_of(now.get(key))]
    told += [key for key in _own(work, plan) if key not in told and before.get(key) != now.get(key)]
    coming = [key for key in told if _starts(now.get(key) or before[key]) >= work.now]
    sessions = {each.id: each for each in work.scalars(select(TherapySession).where(TherapySession.id.in_(coming)))}
    names = titles(work, "child", [each.child_id for each in sessions.values()])
    found = []
    for key in sorted(coming, key=lambda key: (now.get(key) or before[key], key)):
        session = sessions.get(key)
        what = "booked" if key not in before else "cancelled" if key not in now else "moved"
        who = (session.changed_by or session.recorded_by) if session else _("someone else")
        child = names.get(session.child_id, "") if session else ""
        when = f"{_starts(now.get(key) or before[key]):%m-%d %H:%M}"
        found.append(_(UNDERNEATH[what]).format(who=who, child=child or _("another child"), when=when))
    return found


def _place_of(mark: str | None) -> str | None:
    """A mark without the lock, which not everybody sees of every session."""
    return mark.rpartition("|")[0] if mark else None


def _own(work: Work, plan: WeekPlan) -> list[str]:
    """The sessions that a plan keeps, moves or lets fall out."""
    sittings = [*(each["sitting"] for each in plan.items or () if each["sitting"]), *(plan.leaving or ())]
    return [each.id for several in booked_in(work, sittings).values() for each in several]


UNDERNEATH = {
    "booked": N_("Since it was planned, {who} has booked a session of {child}, {when}."),
    "cancelled": N_("Since it was planned, {who} has cancelled the session of {child}, {when}."),
    "moved": N_("Since it was planned, {who} has moved or locked the session of {child}, {when}."),
}


def _starts(mark: str) -> datetime:
    return datetime.fromisoformat(mark.split("|")[0])


def _begun(work: Work, plan: WeekPlan) -> list[str]:
    late = [each for each in plan.items or () if datetime.fromisoformat(each["starts"]) < work.now]
    touched = [each for each in late if _changes(each, plan)]
    if not touched:
        return []
    return [
        _("{n} planned sessions would have begun already; please plan the rest of the week anew.").format(
            n=len(touched)
        )
    ]


def _changes(item: Mapping[str, Any], plan: WeekPlan) -> bool:
    """Whether a plan does anything to an item, or merely keeps it."""
    now = {name: item[name] for name in PARTS}
    return item["sitting"] is None or any(line["after"] == now for line in plan.lines or ())


def _doubts(work: Work, plan: WeekPlan) -> list[str]:
    """Say which rules the plan would break by now, where something it rests on has changed."""
    makeups = any(each["kind"] == "makeup" for each in (*(plan.items or ()), *(plan.queue or ())))
    if prints(read(work, plan.monday, include_waiting_makeups=makeups)) == plan.prints:
        return []
    now = gather(work, plan.monday, include_waiting_makeups=makeups)
    placements, found = [], []
    for item in plan.items or ():
        place = now.frame.place(datetime.fromisoformat(item["starts"]))
        task: Task | None = now.problem.tasks.get(item["task"])
        if task is None or place is None or item["therapist"] not in now.problem.therapists:
            found.append(sitting_words(work, item, _("no longer prescribed like this")))
        else:
            placements.append(Placement(task.id, item["therapist"], *place))
    held = [each for each in now.problem.locked if now.held(each.task)]
    for breach in breaches(now.problem, [*placements, *held]):
        item = next((each for each in plan.items or () if each["task"] == breach.placements[-1].task), None)
        if breach.rule != "locked" and item is not None:
            found.append(sitting_words(work, item, rule_words(breach.rule)))
    return list(dict.fromkeys(found))
