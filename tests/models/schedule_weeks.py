"""Weeks to be planned for the tests: small ones drawn by hypothesis, any size from a seed."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from hypothesis import strategies as st

from models.scheduling.problem import Child, Grid, Placement, Problem, Resource, Task, Therapist
from models.scheduling.timetable import Timetable

THERAPIES = ("PT", "OT", "ST")
BUSY = ("nap", "school", "meal", "doctor")


def grid(days: int, slots: int, *, closed: tuple[int, ...] = (), minutes: int = 30) -> Grid:
    """A week of equal days; ``closed`` are the slots of midday."""
    open_ = frozenset((day, slot) for day in range(days) for slot in range(slots) if slot not in closed)
    return Grid(days, slots, minutes, 540, open_, {"morning": range(slots // 2), "afternoon": range(slots // 2, slots)})


def week(seed: int, children: int, therapists: int, *, days: int = 5, slots: int = 12, load: float = 1.0) -> Problem:
    """A week from a seed with everything a week can have; ``load`` is what is wanted of what the therapists have."""
    chance = Random(seed)
    made = grid(days, slots, closed=(slots // 2,) if slots > 4 else ())
    people = [_therapist(chance, made, index) for index in range(therapists)]
    kids = [_child(chance, made, index) for index in range(children)]
    resources = {name: Resource(name, max(1, round(therapists * share))) for name, share in ROOMS}
    wanted = sum(each.available for each in people) * load
    tasks: dict[str, Task] = {}
    while not tasks or (wanted > 0 and len(tasks) < 6 * children):
        task = _task(chance, made, [each.id for each in kids], [each.id for each in people], len(tasks))
        tasks[task.id] = task
        wanted -= task.sessions * task.slots
    problem = Problem(
        f"seed {seed}", made, {each.id: each for each in people}, {each.id: each for each in kids}, resources,
        _kept_apart(chance, tasks),
    )  # fmt: skip
    filled = filled_at_random(problem, chance)
    locked = tuple(chance.sample(filled, min(len(filled), chance.randrange(3))))
    return replace(problem, locked=locked, before=filled if chance.random() < 0.5 else ())


ROOMS = (("hall", 0.8), ("booth", 0.4), ("frame", 0.3))
PLACES = {"PT": "hall", "OT": "hall", "ST": "booth"}


def filled_at_random(problem: Problem, chance: Random, *, share: float = 1.0) -> tuple[Placement, ...]:
    """A valid week, filled by chance without looking ahead; with a share below 1 not even as far as it could be."""
    table = Timetable(problem, problem.locked)
    for task in sorted(problem.tasks.values(), key=lambda each: (chance.random(), each.id)):
        for _each in range(table.missing(task)):
            vacant = list(table.vacancies(task))
            if vacant and chance.random() <= share:
                table.add(chance.choice(vacant))
    return tuple(table.held)


def _therapist(chance: Random, made: Grid, index: int) -> Therapist:
    therapies = frozenset(chance.sample(THERAPIES, chance.choice((1, 1, 2))))
    free = set(made.open)
    for day in range(made.days):
        begins, ends = (
            chance.choice((0, 0, 1, made.slots // 2)),
            chance.choice((made.slots, made.slots, made.slots - 1)),
        )
        meeting = chance.randrange(made.slots) if chance.random() < 0.3 else -1
        free -= {(day, slot) for slot in range(made.slots) if not begins <= slot < ends or slot == meeting}
    return Therapist(f"t{index}", therapies, frozenset(free), chance.randint(max(1, made.slots // 2), made.slots))


def _child(chance: Random, made: Grid, index: int) -> Child:
    busy = {}
    for day in range(made.days):
        for reason in chance.sample(BUSY, chance.choice((0, 1, 2))):
            start = chance.randrange(made.slots)
            busy |= {
                (day, slot): reason
                for slot in range(start, min(made.slots, start + chance.randint(1, made.slots // 3 + 1)))
            }
    return Child(f"c{index}", busy, chance.randint(1, 3), chance.randint(0, 2))


def _task(chance: Random, made: Grid, children: list[str], therapists: list[str], index: int) -> Task:
    therapy = chance.choice(THERAPIES)
    size = chance.randint(2, min(4, len(children))) if len(children) > 1 and chance.random() < 0.15 else 1
    uses = [(PLACES[therapy], chance.choice((1, size)))] if chance.random() < 0.8 else []
    uses += [("frame", 1)] if chance.random() < 0.2 else []
    barred = {}
    if chance.random() < 0.15:
        day = chance.randrange(made.days)
        barred = {(day, slot): "fever" for slot in range(made.slots)}
    return Task(
        f"k{index}", tuple(chance.sample(children, size)), therapy, chance.randint(1, min(4, made.days)),
        chance.choice((1, 1, 2, min(3, made.slots))), chance.randint(1, 3), tuple(uses),
        chance.choice((None, *therapists)), chance.choice((None, None, "morning", "afternoon")), barred,
        familiar=frozenset(chance.sample(therapists, chance.randint(0, min(2, len(therapists))))),
    )  # fmt: skip


def _kept_apart(chance: Random, tasks: dict[str, Task]) -> dict[str, Task]:
    """Some tasks of one child keep more apart than its rest."""
    made = dict(tasks)
    ids = list(tasks)
    for one in ids:
        alike = [other for other in ids if other != one and set(tasks[one].children) & set(tasks[other].children)]
        if alike and chance.random() < 0.2:
            made[one] = replace(made[one], apart={chance.choice(alike): chance.randint(1, 3)})
    return made


@st.composite
def weeks(draw: st.DrawFn) -> Problem:
    """Small weeks with everything in them."""
    return week(
        draw(st.integers(0, 10**6), label="seed"), draw(st.integers(1, 5), label="children"),
        draw(st.integers(1, 3), label="therapists"), days=draw(st.integers(1, 4), label="days"),
        slots=draw(st.integers(3, 8), label="slots"), load=draw(st.sampled_from((0.6, 1.0, 1.6)), label="load"),
    )  # fmt: skip


def hopeless(problem: Problem, seed: int) -> Problem:
    """The same week with one thing in it that can never be: too long, never free, nobody who can, no room, barred."""
    chance = Random(seed)
    task = chance.choice(list(problem.tasks.values()))
    if any(each.task == task.id for each in problem.locked):
        return problem
    everywhere = [(day, slot) for day in range(problem.grid.days) for slot in range(problem.grid.slots)]
    broken = chance.randrange(6)
    children, resources = problem.children, problem.resources
    if broken == 0:
        task = replace(task, slots=problem.grid.slots + 1)
    elif broken == 1 and not _others_locked(problem, task):
        kid = replace(children[task.children[0]], busy=dict.fromkeys(everywhere, "school"))
        children = {**children, kid.id: kid}
    elif broken == 2:
        task = replace(task, therapy="HYD")
    elif broken == 3:
        resources = {**resources, "none": Resource("none", 0)}
        task = replace(task, uses=(("none", 1),))
    elif broken == 4:
        task = replace(task, barred=dict.fromkeys(everywhere, "epilepsy"))
    else:
        task = replace(task, sessions=problem.grid.days + 2)
    kept = tuple(each for each in problem.before if each.task != task.id and broken != 1)
    return replace(problem, children=children, resources=resources, tasks={**problem.tasks, task.id: task}, before=kept)


def _others_locked(problem: Problem, task: Task) -> bool:
    return any(task.children[0] in problem.tasks[each.task].children for each in problem.locked)
