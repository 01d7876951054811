"""What to look at first 排课前须处理: what cannot be planned as it stands, each with the way to mend it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from models.holidays import missing_notice
from models.leave import LEAVE_KINDS, PARTS, Absence
from models.scheduling.people import busy_words
from models.scheduling.planning import planned
from models.scheduling.problem import Placement, Problem, Task
from models.staff import Staff
from models.therapies import THERAPIES
from resources import _, ngettext
from views.planner_look import children_words
from views.planner_side import Concern
from views.therapy_look import weekday

if TYPE_CHECKING:
    from models.scheduling.gather import Gathered
    from ui.app import App

MOST = 8
"""So many concerns of one kind are named; how many more there are is said."""


def week_facts(gathered: Gathered, absences: Iterable[Absence]) -> list[str]:
    """Say what is particular about the week: holidays, working weekends, who is on leave, last week as its pattern."""
    found = []
    for day, kind in sorted(gathered.frame.kinds.items()):
        if kind.words and kind.kind != "weekend":
            found.append(_("{day}: {words}").format(day=f"{weekday(day)} {day:%m-%d}", words=kind.words))
    unknown = missing_notice(gathered.frame.days)
    if unknown:
        found.append(_("The days off of {year} are not known yet.").format(year=unknown[0]))
    found += [_leave_words(gathered, each) for each in absences if each.staff_id in gathered.problem.therapists]
    if not gathered.session_of and gathered.problem.before:
        found.append(_("Nothing is booked in this week yet; the week before is the pattern."))
    return found


def _leave_words(gathered: Gathered, absence: Absence) -> str:
    first, last = max(absence.starts_on, gathered.monday), min(absence.ends_on, gathered.frame.last)
    days = weekday(first) if first == last else _("{first} to {last}").format(first=weekday(first), last=weekday(last))
    parts = (LEAVE_KINDS.label(absence.kind), days, PARTS.label(absence.part) if absence.part != "day" else "")
    return _("{name}: {words}").format(
        name=gathered.names.get(absence.staff_id, ""), words=_(" · ").join(filter(None, parts))
    )


def concerns(app: App, gathered: Gathered, repair: Callable[..., object]) -> list[Concern]:
    """Return what is booked and cannot take place, and what keeps a session from ever being placed."""
    problem = gathered.problem
    tasks = planned(problem)
    return [
        *_cannot_stand(gathered, repair),
        *_no_therapist(app, problem, tasks),
        *_no_room(app, gathered, tasks),
        *_never_free(app, gathered, tasks),
    ]


def _cannot_stand(gathered: Gathered, repair: Callable[..., object]) -> Iterator[Concern]:
    """Booked sessions whose child cannot come, or whose therapist is not there: illness, isolation, an outing, a leave."""
    found: defaultdict[tuple[str, str, str], list[Placement]] = defaultdict(list)
    for each in sorted(gathered.session_of):
        key = _against(gathered.problem, each)
        if key is not None and not gathered.held(each.task):
            found[key].append(each)
    for (kind, whom, reason), hit in found.items():
        name = gathered.names.get(whom, "")
        why = busy_words(reason) or gathered.names.get(reason, "")
        words = ngettext(
            "{name} ({why}): {n} booked session cannot take place.",
            "{name} ({why}): {n} booked sessions cannot take place.", len(hit),
        )  # fmt: skip
        days = [gathered.frame.days[each.day] for each in hit]
        act = partial(repair, kind=kind, whom=whom, first=min(days), last=max(days))
        yield Concern(words.format(name=name, why=why or _("not there"), n=len(hit)), _("Repair…"), act)


def _against(problem: Problem, placement: Placement) -> tuple[str, str, str] | None:
    """Return (kind, whom, reason) of what keeps a booked session from taking place."""
    task = problem.tasks[placement.task]
    obstacle = problem.obstacle(task, placement.day, placement.start)
    if obstacle is not None and obstacle[1] and len(task.children) == 1 and obstacle[0] not in task.barred.values():
        return "child", obstacle[1], obstacle[0]
    if not problem.therapist_there(placement.therapist, task, placement.day, placement.start):
        return "therapist", placement.therapist, ""
    return None


def _no_therapist(app: App, problem: Problem, tasks: Sequence[Task]) -> Iterator[Concern]:
    lacking: defaultdict[str, int] = defaultdict(int)
    for task in tasks:
        if not any(problem.therapists[key].free for key in problem.able(task)):
            lacking[task.therapy] += task.sessions
    for therapy, count in sorted(lacking.items(), key=lambda pair: -pair[1]):
        words = ngettext(
            "No therapist who gives {therapy} is there this week: {n} session cannot be placed.",
            "No therapist who gives {therapy} is there this week: {n} sessions cannot be placed.", count,
        )  # fmt: skip
        yield Concern(
            words.format(therapy=THERAPIES.label(therapy), n=count), _("Staff and their skills"),
            (lambda: app.go("records.Staff")) if app.may("read", Staff) else None,
        )  # fmt: skip


def _no_room(app: App, gathered: Gathered, tasks: Sequence[Task]) -> Iterator[Concern]:
    """A therapy that needs a room for which no open room is large enough."""
    lacking: defaultdict[str, int] = defaultdict(int)
    for task in tasks:
        rooms = gathered.needs[task.id].rooms
        if rooms is not None and not rooms:
            lacking[task.therapy] += task.sessions
    for therapy, count in lacking.items():
        words = ngettext(
            "No open room takes {therapy}: {n} session cannot be placed.",
            "No open room takes {therapy}: {n} sessions cannot be placed.", count,
        )  # fmt: skip
        act = lambda: app.go("records.Room")  # noqa: E731 (one line beside its button)
        yield Concern(words.format(therapy=THERAPIES.label(therapy), n=count), _("Rooms"), act)


def _never_free(app: App, gathered: Gathered, tasks: Sequence[Task]) -> Iterator[Concern]:
    """A child that is never free for as long as the session lasts; said once for several prescriptions alike."""
    problem = gathered.problem
    never = (task for task in tasks if not problem.starts(task))
    found = list({(task.children, task.slots, task.therapy): task for task in never}.values())
    for task in found[:MOST]:
        words = _("{who} is never free for {minutes} min of {therapy} in this week.").format(
            who=children_words(task, gathered.names), minutes=task.slots * problem.grid.minutes,
            therapy=THERAPIES.label(task.therapy),
        )  # fmt: skip
        yield Concern(words, _("Open the child's file"), partial(app.open_child, task.children[0], "rehabilitation"))
    if len(found) > MOST:
        rest = len(found) - MOST
        words = ngettext(
            "{n} more child is never free long enough.", "{n} more children are never free long enough.", rest
        )
        yield Concern(words.format(n=rest))
