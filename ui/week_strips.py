"""The strips of a drawn week 周表缓存: each lane painted once and laid down again at every frame, so that it scrolls smoothly."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap

MOST = 96_000_000
"""The bytes that painted lanes may take; those that were looked at longest ago go first."""


class Strips:
    """Lanes as finished pictures; ``draw(painter, index)`` paints one with its corner at 0, 0."""

    def __init__(self, draw: Callable[[QPainter, int], None]) -> None:
        self._draw = draw
        self._kept: OrderedDict[int, tuple[tuple[float, float], QPixmap]] = OrderedDict()
        self._bytes = 0

    def clear(self) -> None:
        """Forget every picture: what is shown or how it looks has changed."""
        self._kept.clear()
        self._bytes = 0

    def lay(self, painter: QPainter, index: int, rect: QRectF, now: float) -> None:
        """Lay a lane down; it is painted first where it is new, or the present time ``now`` or the screen has changed."""
        ratio = painter.device().devicePixelRatio()
        found = self._kept.get(index)
        if found is None or found[0] != (now, ratio):
            found = ((now, ratio), self._painted(index, rect, ratio))
            self._keep(index, found)
        self._kept.move_to_end(index)
        painter.drawPixmap(rect.topLeft(), found[1])

    def _painted(self, index: int, rect: QRectF, ratio: float) -> QPixmap:
        made = QPixmap(max(1, round(rect.width() * ratio)), max(1, round(rect.height() * ratio)))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw(painter, index)
        painter.end()
        return made

    def _keep(self, index: int, made: tuple[tuple[float, float], QPixmap]) -> None:
        old = self._kept.pop(index, None)
        self._bytes += _weight(made[1]) - (_weight(old[1]) if old else 0)
        self._kept[index] = made
        while self._bytes > MOST and len(self._kept) > 1:
            _index, (_state, dropped) = self._kept.popitem(last=False)
            self._bytes -= _weight(dropped)


def _weight(picture: QPixmap) -> int:
    return picture.width() * picture.height() * 4
