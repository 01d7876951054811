"""The format chw-1 周课表交换格式: a week's problem read from JSON with every rule of the format looked at, a plan written.

What is wrong is said with the line it stands in, what it is called there, and which rule it breaks.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as FilePath
from typing import Any, NoReturn

from models.core.errors import Refused
from models.scheduling.json_place import Path, line_of, said
from models.scheduling.problem import (
    WAITING_WEIGHT,
    Child,
    Grid,
    Placement,
    Problem,
    Resource,
    Slot,
    Task,
    Therapist,
)  # fmt: skip
from resources import N_, _

FORMAT = "chw-1"
LARGEST_FILE = 32 * 1024 * 1024
"""Bytes; a week of 4,000 children has a tenth of it."""
MOST_DAYS, MOST_SLOTS, MOST_THINGS, MOST_MEMBERS = 31, 288, 20_000, 100
"""What a file may hold at most: days, slots a day (five minutes each), entries of a list, members of a group."""
HALVES: Mapping[str | None, str | None] = {"am": "morning", "pm": "afternoon", None: None}


class Malformed(Refused):
    """A file that is not a week in the format chw-1; the message names line, place and rule."""


def read(file: FilePath) -> Problem:
    """Read a problem from a file.

    Raises:
        Malformed: when the file cannot be read or breaks a rule of the format.
    """
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise Malformed(_("The file is larger than {n} MB.").format(n=LARGEST_FILE // 1024 // 1024))
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Malformed(_("The file cannot be read: {reason}").format(reason=error.strerror or error)) from error
    except UnicodeDecodeError as error:
        raise Malformed(_("The file is not UTF-8 text (byte {n}).").format(n=error.start)) from error
    return parse(text)


def parse(text: str) -> Problem:
    """Read a problem from the text of a file.

    Raises:
        Malformed: when it breaks a rule of the format.
    """
    try:
        content = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        where = _("line {line}, column {column}: this is not JSON: {reason}")
        raise Malformed(where.format(line=error.lineno, column=error.colno, reason=_(error.msg))) from error
    except (RecursionError, ValueError) as error:
        raise Malformed(_("This is not JSON: {reason}").format(reason=error)) from error
    return _Reader(text, content).problem()


_JSON_FAULTS = (
    N_("Expecting ',' delimiter"), N_("Expecting ':' delimiter"), N_("Expecting value"), N_("Extra data"),
    N_("Expecting property name enclosed in double quotes"), N_("Unterminated string starting at"),
    N_("Invalid control character at"), N_("Illegal trailing comma before end of object"),
    N_("Illegal trailing comma before end of array"),
)  # fmt: skip
"""What Python's reader of JSON says is wrong; anything else it says stays as it is."""


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def written(placements: Sequence[Placement]) -> str:
    """Return a plan in the format's own words."""
    sessions = [
        {"task": each.task, "therapist": each.therapist, "day": each.day, "start": each.start} for each in placements
    ]
    return json.dumps({"sessions": sessions}, ensure_ascii=False, indent=0) + "\n"


@dataclass
class _Reader:
    """Reads a problem part by part; every look at a value knows the path to it."""

    text: str
    content: Any

    def problem(self) -> Problem:
        """Return the problem."""
        if not isinstance(self.content, dict):
            self.refuse((), _("an object is expected"))
        if self.content.get("format") != FORMAT:
            self.refuse(("format",), _("“{format}” is expected").format(format=FORMAT))
        self.grid = self._grid()
        self.therapists = self._named("therapists", self._therapist)
        self.children = self._named("children", self._child)
        self.pool_of: dict[str, str] = {}
        self.resources = self._named("pools", self._pool)
        for name, thing in self._named("equipment", self._equipment).items():
            if name in self.resources:
                self.refuse(("equipment",), _("“{id}” is there twice").format(id=name))
            self.resources[name] = thing
        self.tasks = self._named("prescriptions", self._prescription)
        for name, task in self._named("groups", self._group).items():
            if name in self.tasks:
                self.refuse(("groups",), _("“{id}” is there twice").format(id=name))
            self.tasks[name] = task
        name = self.content.get("name", "")
        locked = tuple(self._locked(path) for path in self._each(("locked",)))
        return Problem(
            str(name), self.grid, self.therapists, self.children, self.resources, self.tasks, self._at_peace(locked)
        )

    # --- looking at values ---

    def refuse(self, path: Path, rule: str) -> NoReturn:
        """Say which rule is broken, and where."""
        where = _("line {line}: {place}: {rule}")
        raise Malformed(where.format(line=line_of(self.text, path), place=said(path) or _("the file"), rule=rule))

    def value(self, path: Path) -> Any:
        """Return the value a path leads to; a missing key is refused."""
        found = self.content
        for depth, step in enumerate(path):
            if isinstance(step, str) and not isinstance(found, dict):
                self.refuse(path[:depth], _("an object is expected"))
            if isinstance(step, str) and step not in found:
                self.refuse(path[:depth], _("“{key}” is missing").format(key=step))
            found = found[step]
        return found

    def whole(self, path: Path, least: int, most: int) -> int:
        """Return a whole number between two bounds."""
        found = self.value(path)
        if not isinstance(found, int) or isinstance(found, bool) or not least <= found <= most:
            rule = _("a whole number from {least} to {most} is expected, not {value}")
            self.refuse(path, rule.format(least=least, most=most, value=_short(found)))
        return found

    def word(self, path: Path) -> str:
        """Return a text that is not empty."""
        found = self.value(path)
        if not isinstance(found, str) or not found.strip() or len(found) > 200:
            self.refuse(path, _("a text of 1 to 200 characters is expected, not {value}").format(value=_short(found)))
        return found

    def known(self, path: Path, among: Mapping[str, Any]) -> str:
        """Return an id that must be one of those above."""
        found = self.word(path)
        if found not in among:
            self.refuse(path, _("“{id}” is not known").format(id=found))
        return found

    def _each(self, path: Path, most: int = MOST_THINGS) -> Iterator[Path]:
        found = self.value(path)
        if not isinstance(found, list):
            self.refuse(path, _("a list is expected"))
        if len(found) > most:
            self.refuse(path, _("at most {n} entries are expected").format(n=most))
        return ((*path, number) for number in range(len(found)))

    def _named(self, key: str, make: Callable[[Path, str], Any]) -> dict[str, Any]:
        """Read a list of things that each have an id of their own."""
        made: dict[str, Any] = {}
        for path in self._each((key,)):
            name = self.word((*path, "id"))
            if name in made:
                self.refuse((*path, "id"), _("“{id}” is there twice").format(id=name))
            made[name] = make(path, name)
        return made

    def _words(self, path: Path, most: int = MOST_MEMBERS) -> list[str]:
        return [self.word(each) for each in self._each(path, most)]

    # --- the week ---

    def _grid(self) -> Grid:
        at: Path = ("calendar",)
        days = self.whole((*at, "days"), 1, MOST_DAYS)
        slots = self.whole((*at, "slots_per_day"), 1, MOST_SLOTS)
        closed = {slot for path in self._each((*at, "closed"), MOST_SLOTS) for slot in self._range(path, slots)}
        opened = frozenset((day, slot) for day in range(days) for slot in range(slots) if slot not in closed)
        halves = {"morning": self._range((*at, "am"), slots), "afternoon": self._range((*at, "pm"), slots)}
        minutes = self.whole((*at, "slot_minutes"), 1, 1440)
        return Grid(days, slots, minutes, self._begin((*at, "day_start")), opened, halves)

    def _range(self, path: Path, slots: int) -> range:
        found = self.value(path)
        if not isinstance(found, list) or len(found) != 2:
            self.refuse(path, _("a first slot and a slot after the last are expected"))
        first = self.whole((*path, 0), 0, slots)
        return range(first, self.whole((*path, 1), first, slots))

    def _begin(self, path: Path) -> int:
        hour, _colon, minute = self.word(path).partition(":")
        if not (hour.isdecimal() and minute.isdecimal() and int(hour) < 24 and int(minute) < 60):
            self.refuse(path, _("a time such as 09:00 is expected"))
        return int(hour) * 60 + int(minute)

    def _spans(self, path: Path) -> Iterator[tuple[Path, Slot]]:
        """Yield every slot of a list of spans, each with the path of its span."""
        for each in self._each(path):
            day = self.whole((*each, "day"), 0, self.grid.days - 1)
            start = self.whole((*each, "start"), 0, self.grid.slots)
            for slot in range(start, self.whole((*each, "end"), start, self.grid.slots)):
                yield each, (day, slot)

    # --- people and things ---

    def _therapist(self, path: Path, name: str) -> Therapist:
        blocked = {slot for _path, slot in self._spans((*path, "blocked"))}
        there = {slot for _path, slot in self._spans((*path, "windows"))}
        skills = frozenset(self._words((*path, "skills")))
        most = self.whole((*path, "max_slots_day"), 0, self.grid.slots)
        return Therapist(name, skills, frozenset(there - blocked) & self.grid.open, most)

    def _child(self, path: Path, name: str) -> Child:
        busy = {}
        for span, slot in self._spans((*path, "unavailable")):
            busy[slot] = str(self.value(span).get("reason", ""))
        most = self.whole((*path, "max_sessions_day"), 0, self.grid.slots)
        return Child(name, busy, most, self.whole((*path, "min_gap"), 0, self.grid.slots))

    def _pool(self, path: Path, name: str) -> Resource:
        for place in self._each((*path, "therapies"), MOST_MEMBERS):
            therapy = self.word(place)
            if self.pool_of.setdefault(therapy, name) != name:
                self.refuse(place, _("“{id}” is there twice").format(id=therapy))
        return Resource(name, self.whole((*path, "capacity"), 0, MOST_THINGS))

    def _equipment(self, path: Path, name: str) -> Resource:
        return Resource(name, self.whole((*path, "units"), 0, MOST_THINGS))

    # --- what is wanted ---

    def _sizes(self, path: Path) -> tuple[int, int, int]:
        """Return how many a week, how long each, how urgent."""
        return (
            self.whole((*path, "sessions"), 1, MOST_SLOTS),
            self.whole((*path, "duration"), 1, self.grid.slots),
            self.whole((*path, "priority"), min(WAITING_WEIGHT), max(WAITING_WEIGHT)),
        )

    def _prescription(self, path: Path, name: str) -> Task:
        therapy = self.word((*path, "therapy"))
        if therapy not in self.pool_of:
            self.refuse((*path, "therapy"), _("no pool is for “{id}”").format(id=therapy))
        uses = [(self.pool_of[therapy], 1)]
        if self.value((*path, "equipment")) is not None:
            uses.append((self.known((*path, "equipment"), self.resources), 1))
        if len({resource for resource, _units in uses}) < len(uses):
            self.refuse((*path, "equipment"), _("“{id}” is there twice").format(id=uses[0][0]))
        half = self.value((*path, "preferred_half"))
        if not isinstance(half, str | None) or half not in HALVES:
            self.refuse(
                (*path, "preferred_half"), _("“am”, “pm” or null is expected, not {value}").format(value=_short(half))
            )
        wished = None
        if self.value((*path, "preferred_therapist")) is not None:
            wished = self.known((*path, "preferred_therapist"), self.therapists)
        child = self.known((*path, "child"), self.children)
        return Task(name, (child,), therapy, *self._sizes(path), tuple(uses), wished, HALVES[half])

    def _group(self, path: Path, name: str) -> Task:
        members = [self.known(each, self.children) for each in self._each((*path, "members"), MOST_MEMBERS)]
        if not members:
            self.refuse((*path, "members"), _("at least one member is expected"))
        if len(set(members)) < len(members):
            self.refuse((*path, "members"), _("a child is there twice"))
        pool = self.known((*path, "pool"), self.resources)
        therapy = self.word((*path, "therapy"))
        return Task(name, tuple(members), therapy, *self._sizes(path), ((pool, 1),))

    # --- what may not move ---

    def _locked(self, path: Path) -> Placement:
        task = self.known((*path, "task"), self.tasks)
        therapist = self.known((*path, "therapist"), self.therapists)
        day = self.whole((*path, "day"), 0, self.grid.days - 1)
        return Placement(task, therapist, day, self.whole((*path, "start"), 0, self.grid.slots - 1))

    def _at_peace(self, locked: tuple[Placement, ...]) -> tuple[Placement, ...]:
        """Refuse locked sessions that break a hard rule, alone or with each other: no plan could hold them."""
        from models.scheduling.levels import breaches

        problem = Problem("", self.grid, self.therapists, self.children, self.resources, self.tasks, locked)
        for number, each in enumerate(locked):
            if each in locked[:number]:
                self.refuse(("locked", number), _("this session is there twice"))
        for broken in breaches(problem, locked):
            number = locked.index(broken.placements[-1])
            self.refuse(
                ("locked", number), _("this locked session breaks a hard rule: {rule}").format(rule=broken.rule)
            )
        return locked


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 40 else text[:37] + "…"
