"""The legend 图例: what the blocks of a proposal mean, told by the very drawing."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from resources import N_, _
from ui.icons import paint_icon
from ui.theme import color, space, theme
from views.planner_board import paint_block

KINDS = (
    ("new", False, "sparkles", "info", N_("new")), ("moved", False, "arrow-left-right", "warning", N_("moved")),
    ("kept", False, "", "", N_("as before")), ("kept", True, "lock", "text", N_("locked")),
)  # fmt: skip
"""What became of a session, whether it is held, the icon by which the drawn week says so, and the words."""


class Legend(QWidget):
    """The kinds of blocks with their words, as the sheet (``blocks``) or the drawn week (icons) shows them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.blocks = True
        self.setAccessibleName(_(", ").join(_(kind[-1]) for kind in KINDS))
        theme.changed.connect(self.updateGeometry)

    def show_blocks(self, blocks: bool) -> None:
        """Tell the blocks of the sheet, or the icons of the drawn week."""
        self.blocks = blocks
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._laid()[-1][1], theme.size(20))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.size(80), theme.size(20))

    def _laid(self) -> list[tuple[int, int]]:
        """Return where each kind begins and ends."""
        metrics, left, found = self.fontMetrics(), 0, []
        for kind in KINDS:
            end = left + theme.size(22) + metrics.horizontalAdvance(_(kind[-1])) + 1
            found.append((left, end))
            left = end + space(3)
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for (left, end), (what, held, icon, tone, words) in zip(self._laid(), KINDS, strict=True):
            block = QRectF(left + 0.5, (self.height() - theme.size(14)) / 2, theme.size(16), theme.size(14))
            if self.blocks or not icon:
                paint_block(painter, block, "rehabilitation", what, held)
            else:
                paint_icon(painter, block.adjusted(1, 0, -1, 0), icon, tone)
            painter.setPen(color("muted"))
            room = QRectF(left + theme.size(22), 0, end - left, self.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, _(words))
