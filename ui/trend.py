"""Trends 走势: a few values over time as a small drawn line, and two profiles side by side as bars."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import color, space, theme


class TrendLine(QWidget):
    """Values over time: the line, its last point with its value, first and last day below."""

    def __init__(
        self, points: Sequence[tuple[date, float]], tint: str = "rehabilitation", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.points, self.tint = tuple(points), tint
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        said = ", ".join(f"{day.isoformat()}: {value:g}" for day, value in self.points)
        self.setAccessibleName(said)

    def sizeHint(self) -> QSize:
        return QSize(theme.size(200), theme.size(84))

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.points:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("caption"))
        line = painter.fontMetrics().height()
        area = QRectF(self.rect()).adjusted(
            space(2), line, -space(2) - painter.fontMetrics().horizontalAdvance("000.0"), -line - 2
        )
        placed = self._placed(area)
        painter.setPen(QPen(color("line"), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setPen(QPen(color(self.tint), theme.size(2)))
        painter.drawPolyline(QPolygonF(placed))
        painter.setBrush(color("raised"))
        for point in placed:
            painter.drawEllipse(point, theme.size(3), theme.size(3))
        self._label(painter, area, placed)

    def _placed(self, area: QRectF) -> list[QPointF]:
        values = [value for _day, value in self.points]
        low, high = min(values), max(values)
        spread = (high - low) or 1
        first, last = self.points[0][0], self.points[-1][0]
        days = (last - first).days or 1
        return [
            QPointF(
                area.left() + (day - first).days / days * area.width(), area.bottom() - (value - low) / spread * area.height()
            )
            for day, value in self.points
        ]  # fmt: skip

    def _label(self, painter: QPainter, area: QRectF, placed: list[QPointF]) -> None:
        line = painter.fontMetrics().height()
        painter.setPen(color("muted"))
        foot = QRectF(area.left(), area.bottom() + 2, area.width(), line)
        painter.drawText(foot, Qt.AlignmentFlag.AlignLeft, f"{self.points[0][0]:%Y-%m}")
        painter.drawText(foot, Qt.AlignmentFlag.AlignRight, f"{self.points[-1][0]:%Y-%m}")
        painter.setPen(color("text"))
        font = theme.font("caption")
        font.setBold(True)
        painter.setFont(font)
        at = placed[-1]
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(
            QRectF(at.x() + space(2), at.y() - line / 2, theme.size(60), line), middle, f"{self.points[-1][1]:g}"
        )
        painter.setPen(color("muted"))
        painter.setFont(theme.font("caption"))
        first = placed[0]
        painter.drawText(
            QRectF(first.x(), first.y() - line - 2, theme.size(60), line), middle, f"{self.points[0][1]:g}"
        )


class ProfileBars(QWidget):
    """A profile: one row a domain, the share reached now as a bar and the share before as a mark."""

    def __init__(self, tint: str = "rehabilitation", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[tuple[str, float | None, float | None], ...] = ()
        self.tint = tint
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[tuple[str, float | None, float | None]]) -> None:
        """Show (name, share now, share before), shares between 0 and 1."""
        self.rows = tuple(rows)
        said = [f"{name} {now:.0%}" for name, now, _before in rows if now is not None]
        self.setAccessibleName(", ".join(said))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.size(220), theme.size(26) * len(self.rows) + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("caption"))
        wide = min(
            self.width() * 0.42, max((painter.fontMetrics().horizontalAdvance(row[0]) for row in self.rows), default=0)
        )
        for index, (name, now, before) in enumerate(self.rows):
            top = index * theme.size(26)
            painter.setPen(color("muted"))
            words = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, int(wide))
            middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(QRectF(0, top, wide, theme.size(26)), middle, words)
            bar = QRectF(wide + space(2), top + theme.size(8), self.width() - wide - space(2) - 1, theme.size(10))
            self._bar(painter, bar, now, before)

    def _bar(self, painter: QPainter, bar: QRectF, now: float | None, before: float | None) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("sunken"))
        painter.drawRoundedRect(bar, theme.size(3), theme.size(3))
        if now is not None:
            painter.setBrush(color(self.tint))
            share = QRectF(bar.left(), bar.top(), max(bar.width() * min(max(now, 0), 1), 2), bar.height())
            painter.drawRoundedRect(share, theme.size(3), theme.size(3))
        if before is not None:
            x = bar.left() + bar.width() * min(max(before, 0), 1)
            painter.setPen(QPen(color("text"), theme.size(2)))
            painter.drawLine(QPointF(x, bar.top() - theme.size(3)), QPointF(x, bar.bottom() + theme.size(3)))
