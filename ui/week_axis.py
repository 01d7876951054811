"""The time axis of a drawn week 时间轴: minutes of the day to pixels and back; a quiet midday is folded away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Span = tuple[int, int]


@dataclass(frozen=True)
class _Piece:
    start: int
    end: int
    top: float
    bottom: float


class Axis:
    """Maps minutes of the day to pixels.

    >>> axis = Axis(480, 1020, folds=[(690, 840)], height=440, least=1.0, fold_height=20)
    >>> axis.y(480), axis.y(1020), axis.y(840) - axis.y(690)
    (0.0, 440.0, 20.0)
    """

    def __init__(
        self, begin: int, end: int, *, folds: Iterable[Span] = (), height: float, least: float, fold_height: float
    ) -> None:
        self.begin, self.end = begin, max(end, begin + 30)
        self.folds = tuple(sorted((max(a, begin), min(b, self.end)) for a, b in folds if a < self.end and b > begin))
        folded = sum(b - a for a, b in self.folds)
        minutes = self.end - self.begin - folded
        room = height - fold_height * len(self.folds)
        self.scale = max(room / minutes if minutes else least, least)
        self._pieces = self._laid(fold_height)
        self.height = self._pieces[-1].bottom

    def _laid(self, fold_height: float) -> list[_Piece]:
        pieces: list[_Piece] = []
        at, top = self.begin, 0.0
        for start, end in (*self.folds, (self.end, self.end)):
            if start > at:
                bottom = top + (start - at) * self.scale
                pieces.append(_Piece(at, start, top, bottom))
                top = bottom
            if end > start:
                pieces.append(_Piece(start, end, top, top + fold_height))
                top += fold_height
            at = end
        return pieces

    def y(self, minute: float) -> float:
        """Return the pixel of a minute; before and after the day it stays at the edge."""
        if minute <= self.begin:
            return 0.0
        for piece in self._pieces:
            if minute <= piece.end:
                share = (minute - piece.start) / (piece.end - piece.start)
                return piece.top + share * (piece.bottom - piece.top)
        return self.height

    def minute(self, y: float, step: int = 1) -> int:
        """Return the minute at a pixel, rounded down to a step."""
        exact = float(self.end)
        for piece in self._pieces:
            if y < piece.bottom:
                share = max(0.0, y - piece.top) / (piece.bottom - piece.top)
                exact = piece.start + share * (piece.end - piece.start)
                break
        return max(self.begin, min(self.end, int(exact // step) * step))

    def marks(self, step: int) -> list[int]:
        """Return the minutes to be marked: every ``step``, none inside a fold."""
        first = -(-self.begin // step) * step
        return [m for m in range(first, self.end + 1, step) if not any(a < m < b for a, b in self.folds)]


def lanes(spans: Sequence[Span]) -> list[tuple[int, int]]:
    """Return (lane, number of lanes) for spans that may overlap; what touches nothing has the column to itself.

    >>> lanes([(0, 30), (15, 45), (60, 90)])
    [(0, 2), (1, 2), (0, 1)]
    """
    result = [(0, 1)] * len(spans)
    cluster: dict[int, int] = {}
    reach = -1
    for index in sorted(range(len(spans)), key=lambda each: (spans[each][0], -spans[each][1])):
        start, end = spans[index]
        if start >= reach:
            _spread(cluster, result)
            cluster = {}
        taken = {lane for each, lane in cluster.items() if spans[each][1] > start}
        cluster[index] = next(lane for lane in range(len(cluster) + 1) if lane not in taken)
        reach = end if len(cluster) == 1 else max(reach, end)
    _spread(cluster, result)
    return result


def _spread(cluster: dict[int, int], result: list[tuple[int, int]]) -> None:
    wide = 1 + max(cluster.values(), default=0)
    for index, lane in cluster.items():
        result[index] = (lane, wide)


def clock(minute: int) -> str:
    """Say a minute of the day, or of a week counted from its first midnight: ``09:05``."""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"
