"""Places 场所分配: rooms and equipment as the planner sees them, and afterwards the room of every session.

The planner counts places, it does not choose rooms. A therapy may take place in some rooms, another in others that are
partly the same; so for every union of such sets of rooms the children who have nowhere else to go must not be more than
there are places (the theorem of Hall). A group has to fit into one room, so rooms too small for it do not count for it,
and groups are counted as whole besides. :func:`rooms_for` then gives each session its room.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

from sqlalchemy import select

from models.core.database import Work
from models.rooms import Equipment, Room
from models.scheduling.problem import Placement, Resource
from models.therapies import SKILL_OF
from resources import _

MOST_SETS = 60
"""So many unions of rooms are counted at most; a home has a handful."""
NOWHERE = "nowhere"
"""The resource without a place: rooms for the therapy exist, but none is open and large enough."""
DEEP, TRIES = 3, 4000
"""So many sessions may give way to one another until a room is found, and so often this is tried for a day."""


@dataclass(frozen=True)
class Place:
    """One room: how many children at a time, and for which skills."""

    id: str
    name: str
    capacity: int
    skills: frozenset[str]
    closed: bool = False


@dataclass(frozen=True)
class Tool:
    """One kind of equipment: how many there are, and where it stands."""

    id: str
    name: str
    quantity: int
    room_id: str | None = None
    closed: bool = False


@dataclass(frozen=True)
class Places:
    """The rooms and the equipment of the home."""

    rooms: Mapping[str, Place]
    tools: Mapping[str, Tool]

    @cached_property
    def _skills(self) -> frozenset[str]:
        return frozenset().union(*(room.skills for room in self.rooms.values()))

    @cached_property
    def names(self) -> dict[str, str]:
        """The names of rooms and equipment."""
        rooms = {key: room.name for key, room in self.rooms.items()}
        return rooms | {key: tool.name for key, tool in self.tools.items()}

    def rooms_of(self, therapy: str, size: int) -> frozenset[str] | None:
        """Return the open rooms in which so many children can have a therapy together; None when it needs none."""
        skill = SKILL_OF.get(therapy, "")
        if skill not in self._skills:
            return None
        return frozenset(
            room.id
            for room in self.rooms.values()
            if skill in room.skills and not room.closed and room.capacity >= size
        )


def places(work: Work) -> Places:
    """Read the rooms and the equipment."""
    rooms = work.execute(
        select(Room.id, Room.name, Room.capacity, Room.skills, Room.closed)
        .where(Room.deleted_at.is_(None), Room.state != "void")
        .order_by(Room.name)
    )
    tools = work.execute(
        select(Equipment.id, Equipment.name, Equipment.quantity, Equipment.room_id, Equipment.out_of_use)
        .where(Equipment.deleted_at.is_(None), Equipment.state != "void")
        .order_by(Equipment.name)
    )
    return Places(
        {row[0]: Place(row[0], row[1], row[2] or 1, frozenset(row[3] or ()), bool(row[4])) for row in rooms},
        {row[0]: Tool(row[0], row[1], row[2] or 1, row[3], bool(row[4])) for row in tools},
    )


# --- what the planner counts --------------------------------------------------------------------------


@dataclass(frozen=True)
class Need:
    """What one task asks of the rooms: in which it may be, for how many children, with which equipment."""

    rooms: frozenset[str] | None
    size: int
    tools: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class Counted:
    """The resources of a week, what each task uses of them, and their names."""

    resources: Mapping[str, Resource]
    uses: Mapping[str, tuple[tuple[str, int], ...]]
    names: Mapping[str, str]


def counted(found: Places, needs: Mapping[str, Need]) -> Counted:
    """Turn rooms and equipment into resources with a number of places each."""
    unions = _unions({need.rooms for need in needs.values() if need.rooms})
    sizes = sorted({need.size for need in needs.values() if need.size > 1 and need.rooms})
    resources: dict[str, Resource] = {}
    for union in unions:
        key = _key(union)
        resources[key] = Resource(key, sum(found.rooms[room].capacity for room in union))
        for size in sizes:
            groups = f"{size}@{key}"
            resources[groups] = Resource(groups, sum(found.rooms[room].capacity // size for room in union))
    for tool in found.tools.values():
        resources[tool.id] = Resource(tool.id, 0 if tool.closed else tool.quantity)
    resources[NOWHERE] = Resource(NOWHERE, 0)
    names = {key: resource_words(key, found.names) for key in resources}
    uses = {task: tuple(_uses(unions, sizes, need)) for task, need in needs.items()}
    used = {key for each in uses.values() for key, _units in each}
    return Counted({key: each for key, each in resources.items() if key in used}, uses, names)


def _uses(unions: Sequence[frozenset[str]], sizes: Sequence[int], need: Need) -> Iterable[tuple[str, int]]:
    yield from need.tools
    if need.rooms is None:
        return
    if not need.rooms:
        yield NOWHERE, 1
    for union in unions:
        if need.rooms and need.rooms <= union:
            yield _key(union), need.size
            yield from ((f"{size}@{_key(union)}", 1) for size in sizes if size <= need.size)


def _unions(sets: Collection[frozenset[str]]) -> list[frozenset[str]]:
    """The sets of rooms and the unions of those that overlap; what does not overlap needs no counting together."""
    found = set(sets)
    fresh = set(sets)
    while fresh and len(found) < MOST_SETS:
        fresh = {one | other for one in fresh for other in found if one & other} - found
        found |= set(sorted(fresh, key=sorted)[: MOST_SETS - len(found)])
    return sorted(found, key=lambda each: (len(each), sorted(each)))


def _key(rooms: Collection[str]) -> str:
    return "+".join(sorted(rooms))


def parts_of(key: str) -> list[str]:
    """Return the rooms, or the equipment, that a resource stands for."""
    return [] if key == NOWHERE else key.rpartition("@")[2].split("+")


def resource_words(key: str, names: Mapping[str, str]) -> str:
    """Say what a resource is: the names of its rooms, and for groups of how many they are counted."""
    if key == NOWHERE:
        return _("No open room is large enough")
    said, size = _(", ").join(sorted(names.get(part, "") for part in parts_of(key))), key.rpartition("@")[0]
    return _("{rooms} (groups of {n})").format(rooms=said, n=size) if size else said


# --- which room each session gets ---------------------------------------------------------------------


@dataclass(frozen=True)
class Stay:
    """One placed session that wants a room: from which slot until which, for how many, and where it may be.

    Attributes:
        liked: the rooms in which it may be, the best first.
        held: it is in the first of them already and stays there.
    """

    placement: Placement
    until: int
    size: int
    liked: tuple[str, ...]
    held: bool = False
    kept: bool = False
    """It is in the first of them now and had better stay."""


@dataclass
class _Day:
    """The rooms of one day while they are being given away."""

    limits: Mapping[str, int]
    given: dict[Stay, str] = field(default_factory=dict)
    tries: int = TRIES

    def full(self, stay: Stay, room: str, without: Collection[Stay] = ()) -> bool:
        """Whether a room has too few places for a session at any moment of it."""
        self.tries -= 1
        present: Counter[int] = Counter()
        for other, where in self.given.items():
            if where == room and other not in without:
                for slot in range(max(other.placement.start, stay.placement.start), min(other.until, stay.until)):
                    present[slot] += other.size
        return max(present.values(), default=0) + stay.size > self.limits.get(room, 0)

    def settle(self, stay: Stay, deep: int = DEEP, waiting: frozenset[Stay] = frozenset()) -> bool:
        """Give a session a room; when all are full, let others go elsewhere that can."""
        for room in stay.liked:
            if not self.full(stay, room):
                self.given[stay] = room
                return True
        return (
            deep > 0
            and self.tries > 0
            and any(self._make_room(stay, room, deep, waiting | {stay}) for room in stay.liked)
        )

    def _make_room(self, stay: Stay, room: str, deep: int, waiting: frozenset[Stay]) -> bool:
        near = [
            other
            for other, where in self.given.items()
            if where == room and not other.held and other not in waiting and _meet(other, stay) and len(other.liked) > 1
        ]
        for count in (1, 2):
            for going in combinations(near, count):
                if not self.full(stay, room, going) and self._swap(stay, room, going, deep, waiting):
                    return True
        return False

    def _swap(self, stay: Stay, room: str, going: Sequence[Stay], deep: int, waiting: frozenset[Stay]) -> bool:
        before = dict(self.given)
        for other in going:
            del self.given[other]
        self.given[stay] = room
        if all(self.settle(other, deep - 1, waiting) for other in going):
            return True
        self.given = before
        return False


def _meet(one: Stay, other: Stay) -> bool:
    return one.placement.start < other.until and other.placement.start < one.until


def settle_rooms(stays: Iterable[Stay], limits: Mapping[str, int]) -> dict[Placement, str | None]:
    """Give each placed session a room, day by day: those that stay first, then the hardest to place."""
    by_day: defaultdict[int, list[Stay]] = defaultdict(list)
    for stay in stays:
        by_day[stay.placement.day].append(stay)
    rooms: dict[Placement, str | None] = {}
    for several in by_day.values():
        day = _Day(limits)
        for stay in sorted(
            several, key=lambda each: (not each.held, not each.kept, len(each.liked), -each.size, each.placement)
        ):
            if stay.held:
                day.given[stay] = stay.liked[0]
            else:
                day.settle(stay)
        rooms |= {stay.placement: day.given.get(stay) for stay in several}
    return rooms
