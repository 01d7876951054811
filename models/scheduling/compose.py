"""Composing 组成排课问题: the facts of a week put together as a problem, and what its ids stand for.

What is booked already takes three ways: sessions of a prescription are the week *before*, which the planner may change;
locked ones it may not; everything else (make-ups, assessments, children the person may not see, sessions beside the
grid or against a rule, which somebody has overruled knowingly) is *held*: a task of its own that stays where it is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import zip_longest

from models.scheduling.facts import Availability, Facts, Want, prints
from models.scheduling.frame import WORKING_DAYS, Frame
from models.scheduling.levels import breaches
from models.scheduling.places import Counted, Need, Places, counted
from models.scheduling.problem import Child, Grid, Placement, Problem, Slot, Task, Therapist
from models.scheduling.standing import Sitting
from models.therapies import short_name
from resources import _

HELD = "held."
"""What the ids of held sessions begin with."""
ROUNDS = 8
"""So often held sessions that break a rule are set apart until the rest agrees."""


@dataclass(frozen=True)
class Gathered:
    """A week to be planned, and what its ids stand for.

    Attributes:
        names: the shown names of therapists, children, resources and tasks, and the words of own contraindications.
        session_of: the sitting that stands behind a placement of ``problem.before``.
        sittings: what is booked in the week and has not begun, by sitting.
        wants: what each task plans, by the task's id; held ones are not among them.
        room_now: the room in which a placement is now.
        marks: where every session of the week was when this was read.
        prints: a fingerprint of each part of what was read.
    """

    monday: date
    problem: Problem
    frame: Frame
    names: Mapping[str, str]
    session_of: Mapping[Placement, str]
    sittings: Mapping[str, Sitting]
    wants: Mapping[str, Want]
    places: Places
    needs: Mapping[str, Need]
    room_now: Mapping[Placement, str | None]
    marks: Mapping[str, str]
    prints: Mapping[str, str]

    def held(self, task: str) -> bool:
        """Whether a task is somebody's session that the planner only knows to be there."""
        return task.startswith(HELD)


@dataclass(frozen=True)
class Apart:
    """Held sittings that cannot simply be treated as sessions of their children.

    Attributes:
        loose: they break a rule of their children, therapist or grid; only what they occupy is counted.
        roomless: their room is fuller than it may be; they are not counted there.
        left_out: they lie across another's slots; their people are simply not free.
    """

    loose: frozenset[str] = frozenset()
    roomless: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()


def compose(facts: Facts, *, left_out: frozenset[str] = frozenset()) -> Gathered:
    """Put a week together, and set apart what is booked against the rules until the locked sessions break none.

    Args:
        left_out: fixed sittings that are nobody's to move; their people are simply not free.
    """
    apart = Apart(left_out=left_out)
    for _round in range(ROUNDS):
        draft = _Draft(facts, apart)
        wrong = draft.disagreeing()
        if wrong == apart:
            break
        apart = wrong
    return draft.gathered()


@dataclass
class _Matched:
    """The sittings of one want: those the planner may move or keep, and how many of the want others take up."""

    kept: list[tuple[str, Sitting]] = field(default_factory=list)
    aside: int = 0


Booked = Mapping[tuple[str, str], Sequence[Sitting]]
"""(child, therapy) → the sittings, in the order of time."""


def by_child(sittings: Iterable[Sitting]) -> Booked:
    """Sort sittings by their children and therapy."""
    found: defaultdict[tuple[str, str], list[Sitting]] = defaultdict(list)
    for sitting in sittings:
        for child in sitting.children:
            found[child, sitting.therapy].append(sitting)
    return found


def _near(want: Want, sittings: Booked) -> list[Sitting]:
    """The sittings in which a child of a want has its therapy, each once, in the order of time."""
    several = {each.id: each for child in want.children for each in sittings.get((child, want.therapy), ())}
    return sorted(several.values(), key=lambda each: (each.starts_at, each.id))


def _tools_in_use(matched: _Matched, size: int) -> tuple[tuple[str, int], ...]:
    """The equipment that somebody has booked though none is prescribed; it is booked further."""
    used = Counter(sitting.equipment_id for _task, sitting in matched.kept if sitting.equipment_id)
    return ((used.most_common(1)[0][0], size),) if used else ()


@dataclass
class _Draft:
    """One composition of the facts, with some held sittings set apart."""

    facts: Facts
    apart: Apart

    def __post_init__(self) -> None:
        self.tasks: dict[str, Task] = {}
        self.needs: dict[str, Need] = {}
        self.of_task: dict[str, Want] = {}
        self.before: dict[Placement, Sitting] = {}
        self.new_week = False
        self.locked: list[Placement] = []
        self.busy: defaultdict[str, dict[Slot, str]] = defaultdict(dict)
        self.extra_slots: defaultdict[str, set[Slot]] = defaultdict(set)
        self.lost_slots: defaultdict[str, set[Slot]] = defaultdict(set)
        self.extra_skills: defaultdict[str, set[str]] = defaultdict(set)
        self.strangers: dict[str, Child] = {}
        self.taken: set[str] = set()
        self.coming = by_child(self.facts.standing.coming)
        for want in self.facts.wants:
            self._add_want(want)
        self._carry_on()
        for sitting in self.facts.standing.coming:
            if sitting.id not in self.taken:
                self._hold(sitting)
        self._note_guests()

    # --- wants ---

    def _add_want(self, want: Want) -> None:
        ids = self._ids(want)
        matched = self._match(want, ids)
        past = max(self._past(want, child) for child in want.children)
        owed = want.owed(self.facts.frame)
        left = max(owed - past - matched.aside, len(matched.kept))
        for index, task_id in enumerate(ids):
            mine = sum(1 for key, _sitting in matched.kept if key == task_id)
            sessions = max(mine, min(-(-left // (len(ids) - index)), self.facts.frame.grid.days))
            left -= sessions
            if sessions:
                self._add_task(want, task_id, sessions, want.tools or _tools_in_use(matched, len(want.children)))
        for task_id, sitting in matched.kept:
            self._stand(task_id, sitting)

    def _past(self, want: Want, child: str) -> int:
        """How many sessions of the week the child has had or missed already."""
        forms = {"makeup": (), "single": ("single",), "group": ("group",)}[want.kind]
        alone = ("single",) if want.kind == "group" and len(want.children) == 1 else ()
        return sum(self.facts.standing.past.get((child, want.therapy, form), 0) for form in (*forms, *alone))

    def _ids(self, want: Want) -> tuple[str, ...]:
        """A task has one session a day at most; more than a day each are cut into several.

        So are fewer, where the prescription allows more than one a day and the days on which all can come are too few.
        """
        count = -(-want.a_week // WORKING_DAYS)
        most = min((each for each in want.most if each), default=1)
        if most > 1:
            count = max(count, min(most, -(-want.a_week // max(len(self._days(want)), 1))))
        return (want.id, *(f"{want.id}.{number}" for number in range(2, count + 1)))

    def _days(self, want: Want) -> set[int]:
        """The days on which all the children of a want have time for a session together."""
        taken = set(self._barred(want)).union(*(self.facts.days.busy.get(child, ()) for child in want.children))
        free = self.facts.frame.whole - taken
        need = self.facts.frame.slots_for(want.minutes)
        return {day for day, slot in free if all((day, slot + step) in free for step in range(need))}

    def _match(self, want: Want, ids: tuple[str, ...]) -> _Matched:
        found, days = _Matched(), {task_id: set[int]() for task_id in ids}
        owed = want.owed(self.facts.frame)
        for sitting in _near(want, self.coming) if want.kind != "makeup" else ():
            if sitting.id in self.taken or not self._belongs(sitting, want):
                continue
            place = self.facts.frame.place(sitting.starts_at)
            key = next((each for each in ids if place and place[0] not in days[each]), None)
            if place and key and len(found.kept) < owed and self._plannable(sitting, want):
                days[key].add(place[0])
                found.kept.append((key, sitting))
                self.taken.add(sitting.id)
            else:
                found.aside += 1
                self.taken.add(sitting.id)
                self._hold(sitting)
        return found

    def _belongs(self, sitting: Sitting, want: Want) -> bool:
        if len(want.children) == 1 and want.kind == "group":
            return sitting.children == want.children  # a group of one is booked as one to one
        if sitting.form != want.kind:
            return False
        return len(set(sitting.children) & set(want.children)) * 2 >= len(sitting.children)

    def _plannable(self, sitting: Sitting, want: Want) -> bool:
        therapist = self.facts.therapists.get(sitting.therapist_id)
        lasts = self.facts.frame.slots_for(want.minutes) * self.facts.frame.grid.minutes
        if (
            sitting.fixed
            or sitting.id in self.apart.loose
            or therapist is None
            or want.therapy not in therapist.therapies
        ):
            return False
        return sitting.minutes == lasts or (not sitting.locked and sitting.minutes == want.minutes)

    def _stand(self, task_id: str, sitting: Sitting) -> None:
        day, start = self.facts.frame.place(sitting.starts_at) or (0, 0)
        placement = Placement(task_id, sitting.therapist_id, day, start)
        self.before[placement] = sitting
        if sitting.locked:
            self.locked.append(placement)

    def _carry_on(self) -> None:
        """Where nothing is booked yet, the week before is the one to keep to."""
        last = self.facts.frame.monday - timedelta(days=7)
        usual = by_child(each.later(7) for each in self.facts.usual if each.starts_at.date() >= last)
        if self.before or not usual:
            return
        self.new_week, held = True, set(self.taken)
        for want in self.of_task.values():
            ids = tuple(task for task, other in self.of_task.items() if other is want)
            if want.id != ids[0] or want.kind == "makeup":
                continue
            for task_id, sitting in self._pattern(want, ids, usual):
                self._stand(task_id, replace(sitting, locked=False))
        self.taken = held

    def _pattern(self, want: Want, ids: tuple[str, ...], usual: Booked) -> Iterator[tuple[str, Sitting]]:
        days = {task_id: set[int]() for task_id in ids}
        for sitting in _near(want, usual):
            place = self.facts.frame.place(sitting.starts_at)
            if not place or place not in self.facts.frame.grid.open or not self._belongs(sitting, want):
                continue
            key = next((i for i in ids if place[0] not in days[i] and len(days[i]) < self.tasks[i].sessions), None)
            if key and self._plannable(replace(sitting, fixed=False), want):
                days[key].add(place[0])
                yield key, sitting

    def _add_task(self, want: Want, task_id: str, sessions: int, tools: tuple[tuple[str, int], ...]) -> None:
        slots = self.facts.frame.slots_for(want.minutes)
        rooms = self.facts.places.rooms_of(want.therapy, len(want.children))
        self.needs[task_id] = Need(rooms, len(want.children), tools)
        self.of_task[task_id] = want
        familiar = frozenset().union(*(self.facts.familiar.get(child, frozenset()) for child in want.children))
        last = next(
            (by for child in want.children if (by := self.facts.standing.past_by.get((child, want.therapy)))), None
        )
        self.tasks[task_id] = Task(
            task_id, want.children, want.therapy, sessions, slots, want.priority, (), want.therapist or last, want.half,
            self._barred(want), {}, familiar,
        )  # fmt: skip

    def _barred(self, want: Want) -> dict[Slot, str]:
        """The slots in which the therapy is not allowed for one of the children though it could come."""
        can = Availability(self.facts.frame, self.facts.days, self.facts.bars)
        found: dict[Slot, str] = {}
        for child, span in zip_longest(want.children, want.spans):
            found |= can.barred(child, want.therapy, span)
        return found

    # --- what is held ---

    def _hold(self, sitting: Sitting) -> None:
        """Keep a sitting where it is, as a task of its own."""
        frame, day = self.facts.frame, self.facts.frame.index(sitting.starts_at.date())
        minute = sitting.starts_at.hour * 60 + sitting.starts_at.minute
        slots = frame.touched(minute, minute + sitting.minutes)
        if day >= frame.grid.days or not slots:
            return
        if sitting.id in self.apart.left_out:
            self.lost_slots[sitting.therapist_id] |= {(day, slot) for slot in slots}
            self._busy(sitting, day, slots)
            return
        self._hold_task(sitting, day, slots)

    def _hold_task(self, sitting: Sitting, day: int, slots: range) -> None:
        task_id, loose = HELD + sitting.id, sitting.id in self.apart.loose
        known = self.facts.therapists.get(sitting.therapist_id)
        skilled = known is not None and sitting.therapy in known.therapies
        therapy = sitting.therapy if skilled else sitting.therapy + "*"
        self.extra_skills[sitting.therapist_id].add(therapy)
        self.extra_slots[sitting.therapist_id] |= {(day, slot) for slot in slots}
        children = sitting.children
        if loose or any(child not in self.facts.children for child in children):
            children = tuple(f"{task_id}.{number}" for number in range(len(children)))
            self.strangers |= {child: Child(child, {}, 99, 0) for child in children}
            self._busy(sitting, day, slots)
        rooms = None if sitting.id in self.apart.roomless or not sitting.room_id else frozenset({sitting.room_id})
        rooms = rooms if rooms is None or rooms <= set(self.facts.places.rooms) else None
        tools = ((sitting.equipment_id, len(children)),) if sitting.equipment_id and rooms else ()
        self.needs[task_id] = Need(rooms, len(children), tools)
        self.tasks[task_id] = Task(task_id, children, therapy, 1, len(slots))
        placement = Placement(task_id, sitting.therapist_id, day, slots.start)
        self.before[placement] = sitting
        self.locked.append(placement)

    def _busy(self, sitting: Sitting, day: int, slots: range) -> None:
        for child in sitting.children:
            known = self.facts.children.get(child)
            around = range(slots.start - known.rest, slots.stop + known.rest) if known else slots
            self.busy[child] |= {(day, slot): "booked" for slot in around}

    def _note_guests(self) -> None:
        """Who sits in a group without being planned for it cannot be elsewhere meanwhile."""
        for placement, sitting in self.before.items():
            task = self.tasks[placement.task]
            if sitting.id in self.taken and len(task.children) > 1:
                slots = [(placement.day, placement.start + each) for each in range(task.slots)]
                for child in set(sitting.children) - set(task.children):
                    self.busy[child] |= dict.fromkeys(slots, "booked")

    # --- the whole ---

    @cached_property
    def problem(self) -> Problem:
        """The week as a problem."""
        rooms = self.counted
        tasks = {
            key: replace(task, uses=rooms.uses.get(key, ()), apart=self._kept_apart(task))
            for key, task in self.tasks.items()
        }
        grid = self.facts.frame.grid
        held = {slot for slots in self.extra_slots.values() for slot in slots}
        grid = Grid(grid.days, grid.slots, grid.minutes, grid.begins, grid.open | held, grid.halves)
        people = {key: self._person(key) for key in {**self.facts.therapists, **dict.fromkeys(self.extra_slots)}}
        young = {
            key: replace(child, busy={**self.busy[key], **child.busy}) if key in self.busy else child
            for key, child in self.facts.children.items()
        }
        return Problem(
            f"{self.facts.frame.monday:%Y-%m-%d}", grid, people, young | self.strangers, rooms.resources, tasks,
            tuple(self.locked), tuple(self.before),
        )  # fmt: skip

    @cached_property
    def counted(self) -> Counted:
        """Rooms and equipment as the planner counts them."""
        return counted(self.facts.places, self.needs)

    @cached_property
    def _of_child(self) -> dict[tuple[str, str], list[str]]:
        found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
        for key, task in self.tasks.items():
            for child in task.children:
                found[child, task.therapy].append(key)
        return found

    def _kept_apart(self, task: Task) -> dict[str, int]:
        """Two sessions of one kind for one child lie in different parts of the day, or on different days."""
        same = {key for child in task.children for key in self._of_child[child, task.therapy]} - {task.id}
        other_day = {key for child in task.children for key in self._other_day[child, task.therapy].get(task.id, ())}
        whole = self.facts.frame.grid.slots
        return {key: whole if key in other_day else self.facts.apart for key in sorted(same)}

    @cached_property
    def _other_day(self) -> defaultdict[tuple[str, str], dict[str, set[str]]]:
        """Of each child and therapy with a most a day: the tasks that must not share a day, by task.

        The first tasks, as many as a day allows, may; every further one keeps a day from all of them, so that never
        too many meet. What is held already counts on its own day.
        """
        found: defaultdict[tuple[str, str], dict[str, set[str]]] = defaultdict(dict)
        for (child, therapy), most in self._most.items():
            keys = self._of_child[child, therapy]
            own = sorted((key for key in keys if not key.startswith(HELD)), key=lambda key: key.startswith("m."))
            day_of = {each.task: each.day for each in self.locked if each.task in keys and each.task.startswith(HELD)}
            held = Counter(day_of.values())
            pairs = {(late, other) for late in own[most:] for other in own if other != late}
            pairs |= {(key, other) for other, day in day_of.items() for key in own[max(most - held[day], 0) :]}
            for one, other in pairs:
                found[child, therapy].setdefault(one, set()).add(other)
        return found

    @cached_property
    def _most(self) -> dict[tuple[str, str], int]:
        """How many sessions of a therapy a day a child's prescriptions allow, where they say so."""
        found: dict[tuple[str, str], int] = {}
        for want in self.of_task.values():
            for child, most in zip(want.children, want.most, strict=False):
                if most:
                    found[child, want.therapy] = min(most, found.get((child, want.therapy), most))
        return found

    def _person(self, key: str) -> Therapist:
        known = self.facts.therapists.get(key) or Therapist(key, frozenset(), frozenset(), 0)
        free = (known.free - self.lost_slots[key]) | self.extra_slots[key] if key in self.extra_slots else known.free
        free = free - (self.lost_slots[key] - self.extra_slots[key]) if key in self.lost_slots else free
        load: Counter[int] = Counter()
        for placement in self.locked:
            if placement.therapist == key:
                load[placement.day] += self.tasks[placement.task].slots
        most = max(known.most_a_day, max(load.values(), default=0))
        return Therapist(key, known.therapies | self.extra_skills.get(key, set()), frozenset(free), most)

    def disagreeing(self) -> Apart:
        """Return what is to be set apart so that the locked sessions break no rule."""
        loose, roomless, left_out = set(self.apart.loose), set(self.apart.roomless), set(self.apart.left_out)
        for breach in breaches(self.problem, self.locked):
            placement = breach.placements[-1]
            sitting = self.before[placement].id
            if breach.rule == "resource":
                roomless.add(sitting)
            elif breach.rule == "therapist" or (sitting in loose and placement.task.startswith(HELD)):
                left_out.add(sitting)
            else:
                loose.add(sitting)
        return Apart(frozenset(loose), frozenset(roomless), frozenset(left_out))

    def gathered(self) -> Gathered:
        """Return the problem with the way back."""
        facts = self.facts
        sittings = {each.id: each for each in facts.standing.coming}
        known = {placement: sitting for placement, sitting in self.before.items() if sitting.id in sittings}
        sessions = {} if self.new_week else {each: sitting.id for each, sitting in known.items()}
        sessions |= {each: sitting.id for each, sitting in known.items() if each.task.startswith(HELD)}
        return Gathered(
            facts.frame.monday, self.problem, facts.frame, self._names(), sessions, sittings, self.of_task, facts.places,
            self.needs, {each: sitting.room_id for each, sitting in self.before.items()}, facts.standing.marks,
            prints(facts),
        )  # fmt: skip

    def _names(self) -> dict[str, str]:
        facts = self.facts
        names = {**facts.names, **self.counted.names}
        for bars in facts.bars.values():
            names |= {bar.record_id: bar.words for bar in bars if bar.record_id}
        names |= dict.fromkeys(self.strangers, _("another child"))
        for key in self.problem.therapists:
            names.setdefault(key, _("another therapist"))
        for key, task in self.tasks.items():
            names[key] = task_name(task, names)
        return names


def task_name(task: Task, names: Mapping[str, str]) -> str:
    """Name a task: the child and the therapy, or the therapy and its group."""
    therapy = short_name(task.therapy.rstrip("*"))
    who = _(", ").join(dict.fromkeys(names.get(child, _("another child")) for child in task.children))
    if len(task.children) == 1:
        return _("{child} {therapy}").format(child=who, therapy=therapy)
    return _("{therapy} group ({children})").format(therapy=therapy, children=who)
