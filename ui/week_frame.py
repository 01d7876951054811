"""The frame of a drawn week 周表框架: where its lanes and minutes lie — upright as columns, sideways as rows.

Upright the day runs down and each lane is a column; sideways the week runs to the right and each lane is a row,
so that a whole department stands on one screen. All places are in pixels of the content, without scrolling.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF

from ui.week_axis import Axis


@dataclass(frozen=True)
class Frame:
    """The geometry of the lanes: how many, how wide each, and the axis of time along them."""

    axis: Axis
    count: int
    lane: float
    sideways: bool = False
    gap: float = 4
    """Free room beside the blocks of a lane, where an empty place can still be pressed."""

    def edge(self, index: int) -> int:
        """Return the pixel at which a lane begins."""
        return round(index * self.lane)

    def size(self) -> QSizeF:
        """Return the size of the whole content."""
        across, along = float(self.edge(self.count)), self.axis.height
        return QSizeF(along, across) if self.sideways else QSizeF(across, along)

    def strip(self, index: int) -> QRectF:
        """Return the rectangle of a whole lane."""
        begin, wide = self.edge(index), self.edge(index + 1) - self.edge(index)
        return self._turned(begin, 0.0, wide, self.axis.height)

    def rect(self, index: int, start: int, end: int, part: int = 0, parts: int = 1) -> QRectF:
        """Return the rectangle of a stretch of time in a lane, or of one part where several lie side by side."""
        inner = self.edge(index + 1) - self.edge(index) - 2 - self.gap
        top, bottom = self.axis.y(start), self.axis.y(end)
        begin = self.edge(index) + 2 + inner * part / parts
        if self.sideways:
            begin -= 1
        return self._turned(begin, top, inner / parts, max(bottom - top, 8))

    def _turned(self, across: float, along: float, wide: float, long: float) -> QRectF:
        return QRectF(along, across, long, wide) if self.sideways else QRectF(across, along, wide, long)

    def lane_at(self, point: QPointF) -> int:
        """Return the lane under a point; beyond the last one too."""
        across = point.y() if self.sideways else point.x()
        return int(across // self.lane) if self.lane else 0

    def minute_at(self, point: QPointF) -> int:
        """Return the minute under a point."""
        return self.axis.minute(point.x() if self.sideways else point.y())

    def seen(self, begin: float, end: float) -> range:
        """Return the lanes that lie at least partly between two pixels."""
        if not self.lane:
            return range(0)
        return range(max(0, int(begin // self.lane)), min(self.count, int(end // self.lane) + 1))
