"""Signs 标识: everything that tells something — chips, banners, symbols, headings, empty and waiting places."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from resources import _
from ui.buttons import Button, Click
from ui.icons import paint_icon
from ui.layouts import column, row
from ui.text import ElidedLabel, PlainLabel, restyle
from ui.theme import AREA_NAMES, color, space, theme

TONE_ICONS = {
    "neutral": "info", "info": "info", "good": "circle-check", "warning": "triangle-alert", "danger": "octagon-alert",
}  # fmt: skip
_STATE_TONES = {
    "draft": "neutral", "submitted": "info", "reviewed": "info", "approved": "good", "archived": "neutral",
    "returned": "warning", "void": "danger", "superseded": "neutral", "current": "neutral",
}  # fmt: skip


class Chip(PlainLabel):
    """A small label of one state or mark, in words and in a tone (never colour alone)."""

    def __init__(self, text: str, tone: str = "neutral", parent: QWidget | None = None) -> None:
        super().__init__(text, "caption", parent)
        self.setProperty("chip", True)
        self.setProperty("bordered", theme.name == "contrast")
        self.setProperty("tone", tone)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)


class StateChip(Chip):
    """The state of a record as a chip."""

    def __init__(self, state: str, parent: QWidget | None = None) -> None:
        super().__init__("", "neutral", parent)
        self.set_state(state)

    def set_state(self, state: str) -> None:
        """Show another state."""
        from models.core.workflow import STATES

        self.setText(STATES.label(state))
        # A chip that has no parent yet must not show itself: it would be a window for a moment.
        if self.parentWidget() is not None or not state:
            self.setVisible(bool(state))
        self.set_tone(state_tone(state))


def state_tone(state: str) -> str:
    """Return the tone in which a record's state is shown."""
    return _STATE_TONES.get(state, "neutral")


class KeyHint(PlainLabel):
    """The keys of a shortcut, drawn like a key cap."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(keys, "caption", parent)
        self.setProperty("keys", True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)


class Symbol(QWidget):
    """An icon by itself, at a size of the 100 % design; drawn in the theme's colour of the moment."""

    def __init__(self, name: str, tint: str = "muted", side: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.tint = name, tint
        self.setFixedSize(theme.size(side), theme.size(side))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, self.rect(), self.name, self.tint)


class Avatar(QWidget):
    """A person or child without a photo: the last character of the name on a quiet ground."""

    def __init__(self, name: str, tint: str = "accent", side: int = 28, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._tint = name, tint
        self.setFixedSize(theme.size(side), theme.size(side))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color(self._tint) if theme.name == "contrast" else Qt.PenStyle.NoPen)
        painter.setBrush(color(f"{self._tint}_soft"))
        painter.drawEllipse(self.rect().adjusted(0, 0, -1, -1))
        painter.setPen(color(self._tint))
        font = theme.font("strong")
        font.setPixelSize(round(self.height() * 0.46))
        painter.setFont(font)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, initial_of(self._name))


def initial_of(name: str) -> str:
    """Return the character that stands for a name: the last of a Chinese one, else the first letter."""
    name = name.strip()
    if not name:
        return "·"
    return name[0].upper() if name[0].isascii() else name.replace("·", "")[-1]


class Banner(QFrame):
    """A message across the page: ``neutral``, ``info``, ``good``, ``warning`` or ``danger``."""

    def __init__(
        self,
        text: str,
        tone: str = "info",
        action_text: str = "",
        on_action: Click | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("banner", True)
        self.setProperty("tone", tone)
        line = row(self, 2)
        line.setContentsMargins(space(3), space(2), space(3), space(2))
        self.symbol = Symbol(TONE_ICONS[tone], tone, 18)
        line.addWidget(self.symbol, 0, Qt.AlignmentFlag.AlignTop)
        self.label = PlainLabel(text, wrap=True)
        line.addWidget(self.label, 1)
        if action_text:
            self.label.setAlignment(Qt.AlignmentFlag.AlignVCenter)  # the words stand at the height of the button's
            line.setAlignment(self.symbol, Qt.AlignmentFlag.AlignVCenter)
            line.addWidget(Button(action_text, on_click=on_action), 0, Qt.AlignmentFlag.AlignVCenter)

    def tell(self, text: str, tone: str = "info") -> None:
        """Show another message."""
        self.label.setText(text)
        self.symbol.name, self.symbol.tint = TONE_ICONS[tone], tone
        self.setProperty("tone", tone)
        restyle(self)
        self.show()


class EmptyState(QWidget):
    """What stands where there is nothing yet: what would be here, and the next step."""

    def __init__(
        self,
        icon: str,
        title: str,
        text: str = "",
        action_text: str = "",
        on_action: Click | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        lines = column(self, 2, 5)
        middle = Qt.AlignmentFlag.AlignHCenter
        lines.addStretch(1)
        lines.addWidget(Symbol(icon, "muted", 36), 0, middle)
        lines.addSpacing(space(1))
        lines.addWidget(_centred(title, "heading"))
        if text:
            lines.addWidget(_centred(text, "body", "muted"))
        if action_text:
            lines.addSpacing(space(2))
            lines.addWidget(Button(action_text, kind="primary", on_click=on_action), 0, middle)
        lines.addStretch(2)


def _centred(text: str, role: str, tone: str = "") -> PlainLabel:
    label = PlainLabel(text, role, tone=tone, wrap=True)
    label.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
    return label


class Section(QWidget):
    """A part of a page under a heading, without a box; fill ``body``, put controls beside the heading in ``tools``."""

    def __init__(self, title: str = "", text: str = "", parent: QWidget | None = None, *, gap: int = 3) -> None:
        super().__init__(parent)
        outer = column(self, 2)
        self.tools = row(None)
        if title:
            self.title = ElidedLabel(title, "heading")
            self.tools.addWidget(self.title, 1)
        outer.addLayout(self.tools)
        if text:
            outer.addWidget(PlainLabel(text, tone="muted", wrap=True))
        self.body = column(None, gap)
        outer.addLayout(self.body, 1)


class Card(QFrame):
    """A raised sheet with a thin edge; fill ``body``. Cards never stand inside cards."""

    def __init__(self, title: str = "", parent: QWidget | None = None, *, gap: int = 3, margin: int = 4) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        outer = column(self, 3, margin)
        self.tools = row(None)
        if title:
            self.title = ElidedLabel(title, "heading")
            self.tools.addWidget(self.title, 1)
            outer.addLayout(self.tools)
        self.body = column(None, gap)
        outer.addLayout(self.body, 1)


class Skeleton(QWidget):
    """Quiet grey bars where text will be in a moment, instead of a frozen or empty screen."""

    def __init__(self, lines: int = 6, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setAccessibleName(_("Loading"))
        self.setMinimumHeight(theme.size(30) * lines)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("line"))
        for index in range(self._lines):
            share = (0.62, 0.84, 0.48, 0.74)[index % 4]
            bar = QRect(0, index * theme.size(30) + theme.size(9), round(self.width() * share), theme.size(12))
            painter.drawRoundedRect(bar, space(1), space(1))


def area_tint(area: str) -> str:
    """Return the colour name of an area, the accent for anything else."""
    return area if area in AREA_NAMES else "accent"
