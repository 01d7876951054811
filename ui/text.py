"""Text 文字: labels that show data as it is — a name is never taken for markup, a link or an image."""

from __future__ import annotations

import html

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QStyle, QStyleOption, QWidget

ROLES = ("body", "title", "heading", "caption", "number", "strong", "display")


class PlainLabel(QLabel):
    """A label of plain text in one step of the type scale.

    Args:
        role: ``body``, ``strong``, ``caption``, ``heading``, ``title``, ``display`` or ``number`` (aligned right).
        tone: ``muted``, ``accent``, ``info``, ``good``, ``warning`` or ``danger``; empty for the ordinary colour.
        wrap: long text goes on in the next line.
        selectable: the text can be marked and copied with mouse and keyboard.
    """

    def __init__(
        self,
        text: str = "",
        role: str = "body",
        parent: QWidget | None = None,
        *,
        tone: str = "",
        wrap: bool = False,
        selectable: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setProperty("tone", tone)
        self.setWordWrap(wrap)
        if wrap:
            self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        if role == "number":
            self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if selectable:
            self.setTextInteractionFlags(
                Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
            )
        self.setText(text)

    def set_tone(self, tone: str) -> None:
        """Change the colour's meaning."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            restyle(self)


class ElidedLabel(PlainLabel):
    """A label in one line that ends in … where there is no room, and then tells the whole on hovering."""

    def __init__(self, text: str = "", role: str = "body", parent: QWidget | None = None, *, tone: str = "") -> None:
        super().__init__(text, role, parent, tone=tone)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance("汉…"), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        option = QStyleOption()
        option.initFrom(self)
        room = self.contentsRect()
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        set_tip(self, self.text() if shown != self.text() else "")
        self.style().drawItemText(
            painter, room, int(self.alignment()), option.palette, self.isEnabled(), shown, QPalette.ColorRole.WindowText
        )


def set_tip(widget: QWidget, text: str) -> None:
    """Give a widget a tooltip of plain text."""
    plain = plain_tip(text)
    if widget.toolTip() != plain:
        widget.setToolTip(plain)


def plain_tip(text: str) -> str:
    """Return text for a tooltip so that Qt takes nothing in it for markup."""
    return f"<p style='white-space:pre-wrap'>{html.escape(text)}</p>" if "<" in text or "&" in text else text


def restyle(widget: QWidget) -> None:
    """Let the style sheet look again at a widget whose properties have changed."""
    style: QStyle = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()
