"""Column widths 列宽: what each column of a table gets of the room there is, so that nothing short is cut to spare something long."""

from __future__ import annotations

from collections.abc import Sequence

SPREAD = 0.45
"""By so much of its width a column grows at most where there is room to spare."""


def shared_out(wanted: Sequence[int], least: Sequence[int], room: int, most: int) -> list[int]:
    """Return the widths in pixels that columns get.

    Where the room does not suffice, the widest columns are lowered to one common width first, none below its
    ``least``; where even that is too much, the table scrolls and every column is readable, up to ``most``.
    """
    if sum(wanted) <= room:
        return _spread(wanted, room)
    floors = [min(pair) for pair in zip(wanted, least, strict=True)]
    if sum(floors) > room:
        return [max(floor, min(want, most)) for want, floor in zip(wanted, floors, strict=True)]
    return _lowered(wanted, floors, room)


def _spread(wanted: Sequence[int], room: int) -> list[int]:
    share = 1 + min((room - sum(wanted)) / max(sum(wanted), 1), SPREAD)
    return [int(width * share) for width in wanted]


def _lowered(wanted: Sequence[int], floors: Sequence[int], room: int) -> list[int]:
    """Lower the widest to the highest common width with which all fit."""
    low, high = 0, max(wanted)
    while low < high:
        level = (low + high + 1) // 2
        low, high = (level, high) if sum(_at(level, wanted, floors)) <= room else (low, level - 1)
    return _at(low, wanted, floors)


def _at(level: int, wanted: Sequence[int], floors: Sequence[int]) -> list[int]:
    return [max(floor, min(width, level)) for width, floor in zip(wanted, floors, strict=True)]
