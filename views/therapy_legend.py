"""The legend of the therapy week 图例: one small block of each state with its word, so that no state lives by colour."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from resources import N_, _
from ui.theme import color, space, theme
from ui.week import Tile
from ui.week_tile import caption, draw_tile

SIGNS = (
    ("booked", False, N_("Published")),
    ("booked", True, N_("Locked")),
    ("proposed", False, N_("Proposed")),
    ("moving", False, N_("Would move")),
    ("leaving", False, N_("Would fall out")),
    ("due", False, N_("To be recorded")),
    ("done", False, N_("Done")),
    ("signed", False, N_("Signed")),
    ("missed", False, N_("Absent")),
    ("taken", False, N_("Another's child")),
)
"""Each state as it is drawn: the look, whether it is locked, and its word."""
LOW = 620
"""In a window lower than this the room belongs to the week; the legend stays with the keys (?)."""


class Legend(QWidget):
    """All states in one line."""

    def __init__(self, parent: QWidget | None = None, *, always: bool = False) -> None:
        super().__init__(parent)
        self._always = always
        self.setAccessibleName(_("Legend"))
        self.setAccessibleDescription(_(", ").join(_(words) for _look, _locked, words in SIGNS))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(self._width(), theme.size(22) if self._always or self._tall() else 0)

    def _tall(self) -> bool:
        return self.window().height() >= theme.size(LOW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometry()

    def _width(self) -> int:
        return sum(theme.size(34) + space(3) + self._long(words) for _look, _locked, words in SIGNS)

    def _long(self, words: str) -> int:
        return QFontMetrics(caption()).horizontalAdvance(_(words))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, height = 0.0, float(self.height())
        for look, locked, words in SIGNS:
            tile = Tile("", "", 0, 30, "", tint="rehabilitation", look=look, locked=locked)
            draw_tile(painter, QRectF(x, 1, theme.size(30), height - 2), tile, chosen=False, hovered=False, faded=False)
            x += theme.size(34)
            painter.setFont(caption())
            painter.setPen(color("muted"))
            room = QRectF(x, 0, self._long(words) + 2, height)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, _(words))
            x += self._long(words) + space(3)
