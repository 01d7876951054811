"""How a plan looks 排课外观: the words of its figures and changes, and its sessions as tiles of the drawn week."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from models.scheduling.levels import Breach, Levels
from models.scheduling.people import busy_words
from models.scheduling.planning import Sketch
from models.scheduling.problem import BAND, Grid, Placement, Problem, Task
from models.therapies import THERAPIES, mark, short_name
from resources import N_, _, ngettext
from ui.week import Column, Shade, Tile
from views.therapy_look import given_name, short_names, tint, weekday

LEVELS = (
    ("waiting", N_("Waiting sessions")),
    ("continuity", N_("Therapist changes")),
    ("preference", N_("Wishes missed")),
    ("spread", N_("On neighbouring days")),
    ("peak", N_("Fullest therapist")),
    ("change", N_("Changes to the week")),
)
"""The figures of a plan in the order in which they matter."""
LEVEL_HELP = {
    "waiting": N_("Sessions without a place, weighed by priority and number of children"),
    "continuity": N_("Further therapists beside the first of a prescription"),
    "preference": N_("Sessions with another therapist or in another half of the day than wished"),
    "spread": N_("Two or three sessions a week that lie on days next to each other"),
    "peak": N_("The fullest therapist's week, in steps of 5 %"),
    "change": N_("Sessions of the week as it stands that are not where they were"),
}
STAGES = {
    "": N_("Preparing"), "first": N_("A first complete week"), "waiting": N_("Finding a place for everybody"),
    "continuity": N_("Keeping the therapist"), "preference": N_("Meeting wishes"), "spread": N_("Spreading over the week"),
    "peak": N_("Sharing the load"), "change": N_("Keeping what stands"),
}  # fmt: skip
LOOKS = {"new": "proposed", "moved": "moved", "kept": "booked"}
"""How the drawn week shows what became of a session."""
BREACHES = {
    "skill": N_("{therapist} does not give this therapy."),
    "child": N_("{child} cannot come then."),
    "therapist_away": N_("{therapist} is not there then."),
    "too_many": N_("That is more often than prescribed."),
    "same_day": N_("{child} already has this therapy on that day."),
    "child_day": N_("{child} has as many sessions on that day as it may have."),
    "rest": N_("{child} needs a longer rest between two sessions."),
    "therapist": N_("{therapist} is treating somebody else then."),
    "therapist_day": N_("{therapist} has as much on that day as they may have."),
    "resource": N_("Room or equipment is full then."),
    "locked": N_("A locked session stays where it is."),
}


def level_value(name: str, value: int) -> str:
    """Say one figure: a number, or for the fullest therapist the per cent of the week."""
    return f"{value * 100 // BAND} %" if name == "peak" else str(value)


def stage_words(stage: str) -> str:
    """Say what the engine is at."""
    return _(STAGES.get(stage, STAGES[""]))


def breach_words(breach: Breach, problem: Problem, names: Mapping[str, str]) -> str:
    """Say which rule a session would break."""
    first = breach.placements[-1]
    task = problem.tasks[first.task]
    return _(BREACHES[breach.rule]).format(
        therapist=names.get(first.therapist, _("another therapist")), child=children_words(task, names)
    )


def children_words(task: Task, names: Mapping[str, str]) -> str:
    """Name the children of a task: the one, or the group's."""
    known = [names.get(child, _("another child")) for child in task.children]
    if len(known) <= 2:
        return _(", ").join(known)
    return _("{first} and {n} more").format(first=_(", ").join(known[:2]), n=len(known) - 2)


def task_words(task: Task, names: Mapping[str, str]) -> str:
    """Name a task: whom and what."""
    return f"{children_words(task, names)} · {short_name(task.therapy) or task.therapy}"


def span_words(grid: Grid, task: Task, placement: Placement) -> str:
    """Say from when to when a session lasts: ``09:00–09:30``."""
    return f"{grid.clock(placement.start)}–{grid.clock(placement.start + task.slots)}"


def when_words(problem: Problem, monday: date, placement: Placement) -> str:
    """Say day and time of a session: ``Tue 09:00``."""
    return f"{weekday(monday + timedelta(days=placement.day))} {problem.grid.clock(placement.start)}"


def change_words(sketch: Sketch, monday: date, names: Mapping[str, str], placement: Placement) -> str:
    """Say what became of a session: new, moved from where, or as it was; and whether it is held fast."""
    what = sketch.changes.what(placement)
    if what == "moved":
        was = sketch.changes.moved[placement]
        words = _("was {when}").format(when=when_words(sketch.problem, monday, was))
        if was.therapist != placement.therapist:
            words = f"{words} {names.get(was.therapist, '')}".strip()
    else:
        words = _("new") if what == "new" else ""
    return _(" · ").join(filter(None, (words, _("locked") if sketch.holds(placement) else "")))


def figures_words(levels: Levels) -> str:
    """Say all figures in one line, for those who do not see them."""
    return _(", ").join(f"{_(words)} {level_value(name, getattr(levels, name))}" for name, words in LEVELS)


# --- the drawn week ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scene:
    """Everything that is needed to draw a proposal."""

    sketch: Sketch
    monday: date
    names: Mapping[str, str]
    rooms: Mapping[Placement, str] = field(default_factory=dict)
    """The room's name of each session, where one is chosen."""

    @property
    def days(self) -> list[date]:
        """The days of the week that are open, or on which something lies."""
        open_days = {day for day, _slot in self.sketch.problem.grid.open} | {
            each.day for each in self.sketch.placements
        }
        return [self.monday + timedelta(days=day) for day in sorted(open_days)]


def key_of(placement: Placement) -> str:
    """Return the key by which a tile is told."""
    return f"{placement.task}|{placement.therapist}|{placement.day}|{placement.start}"


def grid_span(problem: Problem) -> tuple[tuple[int, int], list[tuple[int, int]]]:
    """Return the minutes shown of a day, and the midday that is folded away."""
    grid = problem.grid
    slots = sorted({slot for _day, slot in grid.open})
    if not slots:
        return (480, 1050), []
    span = (grid.minute(slots[0]), grid.minute(slots[-1] + 1))
    gaps = [(grid.minute(a + 1), grid.minute(b)) for a, b in zip(slots, slots[1:], strict=False) if b > a + 1]
    return span, [each for each in gaps if each[1] - each[0] >= 60]


def week_columns(scene: Scene, today: date, by: str, key: str) -> list[Column]:
    """Return one column a day, shaded where the therapist or child cannot come."""
    columns = []
    for day in scene.days:
        index = (day - scene.monday).days
        shades = shades_of(scene, by, key, index)
        columns.append(Column(day.isoformat(), weekday(day), f"{day:%m-%d}", now=day == today, shades=shades))
    return columns


def staff_columns(scene: Scene, day: date, today: date, people: Sequence[str]) -> list[Column]:
    """Return one column a therapist for one day."""
    index = (day - scene.monday).days
    columns = []
    for key in people:
        count = sum(each.therapist == key and each.day == index for each in scene.sketch.placements)
        load = ngettext("{n} session", "{n} sessions", count).format(n=count) if count else _("free")
        shades = shades_of(scene, "therapist", key, index)
        columns.append(Column(key, scene.names.get(key, key), load, now=day == today, shades=shades))
    return columns


def shades_of(scene: Scene, by: str, key: str, day: int) -> tuple[Shade, ...]:
    """Return when somebody cannot come on a day, with the reason where it is known."""
    problem = scene.sketch.problem
    open_slots = sorted(slot for each, slot in problem.grid.open if each == day)
    if by == "therapist" and key in problem.therapists:
        free = problem.therapists[key].free
        away = {slot: _("not there") for slot in open_slots if (day, slot) not in free}
    elif by == "child" and key in problem.children:
        busy = problem.children[key].busy
        away = {slot: busy_words(busy[day, slot]) or scene.names.get(busy[day, slot], _("elsewhere"))
                for slot in open_slots if (day, slot) in busy}  # fmt: skip
    else:
        away = {}
    return tuple(_joined(problem.grid, away))


def _joined(grid: Grid, away: Mapping[int, str]) -> Iterable[Shade]:
    """Join slots that follow each other for the same reason."""
    slots = sorted(away)
    begin = 0
    for index, slot in enumerate(slots):
        last = index + 1 == len(slots)
        if last or slots[index + 1] != slot + 1 or away[slots[index + 1]] != away[slot]:
            yield Shade(grid.minute(slots[begin]), grid.minute(slot + 1), away[slot])
            begin = index + 1


def tiles(scene: Scene, placements: Iterable[Placement], by: str, only: Collection[str] = ()) -> list[Tile]:
    """Return sessions as tiles, told from the side of the ``therapist`` or ``child``, or of a ``day``."""
    return [
        tile_of(scene, each, by) for each in placements if not only or scene.sketch.changes.what(each) in only
    ]  # fmt: skip


def tile_of(scene: Scene, placement: Placement, by: str) -> Tile:
    """Return one session as a tile."""
    sketch, names = scene.sketch, scene.names
    task = sketch.problem.tasks[placement.task]
    grid = sketch.problem.grid
    day = scene.monday + timedelta(days=placement.day)
    column = placement.therapist if by == "day" else day.isoformat()
    title, room = children_words(task, names), scene.rooms.get(placement, "")
    known = [names[child] for child in task.children if child in names]
    short = short_names(known) if len(known) == len(task.children) else ""
    if by == "child":
        therapist = names.get(placement.therapist, "")
        title, short = " ".join((short_name(task.therapy), therapist)), given_name(therapist)
    said = change_words(sketch, scene.monday, names, placement)
    look = LOOKS[sketch.changes.what(placement)]
    lines = (
        f"{span_words(grid, task, placement)}  {THERAPIES.label(task.therapy)}", children_words(task, names),
        _(" · ").join(filter(None, (names.get(placement.therapist, ""), room))), said,
    )  # fmt: skip
    return Tile(
        key_of(placement), column, grid.minute(placement.start), grid.minute(placement.start + task.slots), title,
        said or room, mark(task.therapy), tint(task.therapy), look, room if said else "", not sketch.holds(placement),
        "\n".join(filter(None, lines)), short, sketch.holds(placement),
    )  # fmt: skip


def hours(minutes: float) -> str:
    """Say a number of hours: ``12.5 h``."""
    return _("{n} h").format(n=f"{minutes / 60:g}" if minutes < 6000 else f"{minutes / 60:.0f}")
