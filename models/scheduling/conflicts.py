"""Conflicts 冲突: who would be booked twice, said in words before anything is dropped or saved.

:func:`clashes` is pure and agrees with what the database refuses (:mod:`models.scheduling.guard`; a test
proves it). What stands against a booking in words is told by :mod:`models.scheduling.occupancy`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Booking:
    """What one session occupies and when."""

    id: str
    child_id: str
    therapist_id: str
    starts_at: datetime
    ends_at: datetime
    room_id: str | None = None
    equipment_id: str | None = None
    sitting_id: str = ""
    supersedes_id: str | None = None
    therapy: str = ""
    form: str = "single"

    @property
    def sitting(self) -> str:
        """The sitting it belongs to; its own when it is one to one."""
        return self.sitting_id or self.id

    def meets(self, other: Booking) -> bool:
        """Whether the two overlap; one that ends when the other begins does not."""
        return self.starts_at < other.ends_at and self.ends_at > other.starts_at


@dataclass(frozen=True)
class Clash:
    """One reason why a booking cannot be: ``child``, ``therapist``, ``room`` or ``equipment``, and with whom."""

    kind: str
    proposal: Booking
    others: tuple[Booking, ...]


@dataclass(frozen=True)
class Conflict:
    """A clash or a warning in words: what is the matter, who holds it, and when."""

    kind: str
    words: str
    who: str = ""
    when: str = ""
    warning: bool = False


def clashes(proposals: Sequence[Booking], others: Iterable[Booking], limits: Mapping[str, int]) -> list[Clash]:
    """Return every reason why the proposals cannot all be booked beside the others.

    Args:
        proposals: one booking, or those of one sitting; bookings of ``others`` with their ids are replaced.
        limits: how many children a room or piece of equipment takes at a time; 1 when it is not named.
    """
    replaced = {each.id for each in proposals}
    standing = [each for each in others if each.id not in replaced]
    whole = [*standing, *proposals]
    found: list[Clash] = []
    for proposal in proposals:
        near = [each for each in whole if each.id != proposal.id and each.meets(proposal)]
        same_child = [each for each in near if each.child_id == proposal.child_id and not _corrects(each, proposal)]
        same_therapist = [
            each for each in near if each.therapist_id == proposal.therapist_id and each.sitting != proposal.sitting
        ]
        found += [Clash("child", proposal, tuple(same_child))] if same_child else []
        found += [Clash("therapist", proposal, tuple(same_therapist))] if same_therapist else []
        for kind in ("room", "equipment"):
            crowd = _crowd(proposal, near, f"{kind}_id", limits)
            found += [Clash(kind, proposal, crowd)] if crowd else []
    return _without_repeats(found)


def _corrects(one: Booking, other: Booking) -> bool:
    return one.supersedes_id == other.id or other.supersedes_id == one.id


def _crowd(proposal: Booking, near: Sequence[Booking], resource: str, limits: Mapping[str, int]) -> tuple[Booking, ...]:
    """Return the bookings at the first moment at which the room or equipment takes no more; empty when it does."""
    wanted = getattr(proposal, resource)
    if wanted is None:
        return ()
    there = [each for each in near if getattr(each, resource) == wanted]
    moments = {proposal.starts_at, *(each.starts_at for each in there if each.starts_at > proposal.starts_at)}
    for moment in sorted(moments):
        present = [each for each in there if each.starts_at <= moment < each.ends_at]
        if len({proposal.child_id, *(each.child_id for each in present)}) > limits.get(wanted, 1):
            return tuple(present)
    return ()


def _without_repeats(found: list[Clash]) -> list[Clash]:
    """Say once what concerns every member of a group alike: the therapist and the crowded room."""
    seen: set[tuple[Any, ...]] = set()
    kept = []
    for clash in found:
        key = (clash.kind, clash.proposal.child_id if clash.kind == "child" else None,
               None if clash.kind in ("room", "equipment") else clash.others)  # fmt: skip
        if key not in seen:
            seen.add(key)
            kept.append(clash)
    return kept
