"""What to look at first 排课前须处理: what cannot be planned as it stands, each with the way to mend it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from models.holidays import missing_notice
from models.leave import LEAVE_KINDS, PARTS, Absence
from models.scheduling.planning import planned
from models.scheduling.problem import Problem, Task
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


def concerns(app: App, gathered: Gathered) -> list[Concern]:
    """Return everything that keeps a session from ever being placed, the most concerned first."""
    problem = gathered.problem
    tasks = planned(problem)
    return [*_no_therapist(app, problem, tasks), *_no_room(app, gathered, tasks), *_never_free(app, gathered, tasks)]


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
    """A child that is never free for as long as the session lasts."""
    problem = gathered.problem
    found = [task for task in tasks if not problem.starts(task)]
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
