"""Gather 收集排课需求: the home's own week as a :class:`~models.scheduling.problem.Problem`, and the way back to its records.

:mod:`models.scheduling.facts` reads, :mod:`models.scheduling.compose` puts together without the database; here is what
the others ask for: :func:`gather` before planning, :func:`rooms_for` after it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from models.core.database import Work
from models.scheduling.compose import HELD, Gathered, compose
from models.scheduling.facts import read
from models.scheduling.places import Place, Stay, settle_rooms
from models.scheduling.problem import Placement

__all__ = ["HELD", "Gathered", "gather", "rooms_for", "without_room"]


def gather(work: Work, monday: date, *, include_waiting_makeups: bool = True) -> Gathered:
    """Read a week and return it as a problem with the way back to the records."""
    return compose(read(work, monday, include_waiting_makeups=include_waiting_makeups))


def rooms_for(gathered: Gathered, placements: Iterable[Placement]) -> dict[Placement, str | None]:
    """Return the room of every placement; None for a therapy that needs none, and for what finds no place."""
    limits = {room.id: room.capacity for room in gathered.places.rooms.values()}
    placed = list(placements)
    usual = _usual_rooms(gathered)
    stays = [stay for each in placed if (stay := _stay(gathered, each, usual)) is not None]
    return dict.fromkeys(placed) | settle_rooms(stays, limits)


def without_room(gathered: Gathered, rooms: Mapping[Placement, str | None]) -> list[Placement]:
    """Return the placements that need a room and found none."""
    return sorted(
        each
        for each, room in rooms.items()
        if room is None and not gathered.held(each.task) and gathered.needs[each.task].rooms is not None
    )


def _usual_rooms(gathered: Gathered) -> dict[str, str]:
    """The room in which each task mostly is."""
    seen: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for placement, room in gathered.room_now.items():
        if room:
            seen[placement.task][room] += 1
    return {task: rooms.most_common(1)[0][0] for task, rooms in seen.items()}


def _stay(gathered: Gathered, placement: Placement, usual: Mapping[str, str]) -> Stay | None:
    need, task = gathered.needs[placement.task], gathered.problem.tasks[placement.task]
    until, now = placement.start + task.slots, gathered.room_now.get(placement)
    fixed = gathered.held(placement.task) or placement in gathered.problem.locked
    if fixed:
        return Stay(placement, until, need.size, (now,), held=True) if now else None
    if not need.rooms:
        return None
    beside = {gathered.places.tools[tool].room_id for tool, _units in need.tools if tool in gathered.places.tools}

    def rank(room: Place) -> tuple[bool, bool, bool, int, str]:
        return (room.id != now, room.id not in beside, room.id != usual.get(placement.task), room.capacity, room.name)

    liked = sorted((gathered.places.rooms[room] for room in need.rooms), key=rank)
    return Stay(placement, until, need.size, tuple(room.id for room in liked), kept=now in need.rooms)
