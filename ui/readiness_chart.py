"""Readiness chart 能力雷达条: twelve domains from 0 to 4 — what staff see, what the young person says, and the target."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from models.transition_plan import Readiness
from models.transition_words import DOMAINS, LEVELS
from resources import _
from ui.text import plain_tip
from ui.theme import color, space, theme

ROW, HEAD, TOP = 34, 28, 4


def readiness_words(each: Readiness) -> str:
    """Say one domain's rating completely."""
    if each.level is None:
        return _("{domain}: not rated yet").format(domain=DOMAINS.label(each.domain))
    parts = [
        _("{domain}: level {n}, {words}").format(domain=DOMAINS.label(each.domain), n=each.level, words=LEVELS.label(str(each.level))),
        _("own rating {n}").format(n=each.own) if each.own is not None else "",
        _("before {n}").format(n=each.before) if each.before is not None else "",
        _("target {n}").format(n=each.target) if each.target is not None else "",
        _("rated {day}").format(day=each.rated_on.isoformat()) if each.rated_on else "",
        each.evidence,
    ]  # fmt: skip
    return "\n".join(part for part in parts if part)


class ReadinessChart(QWidget):
    """The domains as rows of a scale; a disc is the staff's level, a ring the own one, a flag the target."""

    def __init__(self) -> None:
        super().__init__()
        self.readiness: tuple[Readiness, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.setAccessibleName(_("Readiness by domain"))
        theme.changed.connect(self.update)

    def show_readiness(self, readiness: Sequence[Readiness]) -> None:
        """Show other ratings."""
        self.readiness = tuple(readiness)
        self.setAccessibleDescription("; ".join(readiness_words(each).splitlines()[0] for each in self.readiness))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.size(560), theme.size(HEAD + ROW * max(len(self.readiness), 1)) + space(1))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.size(360), self.sizeHint().height())

    def _scale(self) -> QRect:
        left = max(theme.size(120), min(theme.size(190), round(self.width() * 0.24)))
        right = max(theme.size(150), round(self.width() * 0.3))
        return QRect(left, theme.size(HEAD), max(self.width() - left - right, theme.size(120)), self.height())

    def _x(self, level: float) -> float:
        scale = self._scale()
        inset = theme.size(12)
        return scale.left() + inset + (scale.width() - 2 * inset) * level / TOP

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("caption"))
        for level in range(TOP + 1):
            painter.setPen(color("muted"))
            x = round(self._x(level))
            painter.drawText(
                QRect(x - theme.size(30), 0, theme.size(60), theme.size(HEAD - 6)),
                Qt.AlignmentFlag.AlignCenter,
                str(level),
            )
            painter.setPen(color("line"))
            painter.drawLine(x, theme.size(HEAD - 4), x, self.height())
        for index, each in enumerate(self.readiness):
            top = theme.size(HEAD) + index * theme.size(ROW)
            self._draw(painter, QRect(0, top, self.width(), theme.size(ROW)), each)

    def _draw(self, painter: QPainter, rect: QRect, each: Readiness) -> None:
        scale, middle = self._scale(), rect.center().y() + 0.5
        painter.setFont(theme.font("body"))
        painter.setPen(color("text" if each.level is not None else "muted"))
        name = QRect(rect.x(), rect.y(), scale.left() - space(2), rect.height())
        words = painter.fontMetrics().elidedText(DOMAINS.label(each.domain), Qt.TextElideMode.ElideRight, name.width())
        painter.drawText(name, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)
        painter.setFont(theme.font("caption"))
        painter.setPen(color("muted"))
        end = QRect(scale.right() + space(3), rect.y(), rect.right() - scale.right() - space(3), rect.height())
        painter.drawText(end, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
                         painter.fontMetrics().elidedText(self._said(each), Qt.TextElideMode.ElideRight, end.width()))  # fmt: skip
        painter.setPen(QPen(color("line"), theme.size(2)))
        painter.drawLine(QPointF(self._x(0), middle), QPointF(self._x(TOP), middle))
        if each.level is not None:
            self._draw_levels(painter, middle, each)

    def _said(self, each: Readiness) -> str:
        if each.level is None:
            return _("not rated yet")
        words = LEVELS.label(str(each.level))
        return _("{words} → {target}").format(words=words, target=LEVELS.label(str(each.target))) if each.target is not None and each.target > each.level else words  # fmt: skip

    def _draw_levels(self, painter: QPainter, middle: float, each: Readiness) -> None:
        level, side = float(each.level or 0), theme.size(15)
        painter.setPen(QPen(color("transition"), theme.size(4), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        if level:
            painter.drawLine(QPointF(self._x(0), middle), QPointF(self._x(level), middle))
        if each.target is not None:
            x = self._x(each.target)
            painter.setPen(QPen(color("text"), theme.size(2)))
            painter.drawLine(QPointF(x, middle - side * 0.75), QPointF(x, middle + side * 0.75))
        painter.setPen(QPen(color("raised"), theme.size(2)))
        painter.setBrush(color("transition"))
        painter.drawEllipse(QRectF(self._x(level) - side / 2, middle - side / 2, side, side))
        if each.own is not None:
            ring = side * 1.45 if each.own == each.level else side
            painter.setPen(QPen(color("info"), theme.size(2)))
            painter.setBrush(Qt.BrushStyle.NoBrush if each.own == each.level else color("raised"))
            painter.drawEllipse(QRectF(self._x(each.own) - ring / 2, middle - ring / 2, ring, ring))

    def event(self, event: object) -> bool:
        if isinstance(event, QHelpEvent):
            index = (event.pos().y() - theme.size(HEAD)) // theme.size(ROW)
            words = readiness_words(self.readiness[index]) if 0 <= index < len(self.readiness) else ""
            QToolTip.showText(event.globalPos(), plain_tip(words), self)
            return True
        return super().event(event)  # type: ignore[arg-type]  # any event
