"""Widgets 部件: the few pieces of furniture from which every room is made.

Each takes finished, translated text. Nothing here knows a record, a page or a home.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeySequence, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QLineEdit,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from resources import _
from ui.icons import icon, paint_icon
from ui.text import ElidedLabel, PlainLabel, restyle, set_tip
from ui.theme import AREA_NAMES, color, space, theme

Click = Callable[[], Any]
Laid = TypeVar("Laid", bound=QBoxLayout)
TONE_ICONS = {
    "neutral": "info", "info": "info", "good": "circle-check", "warning": "triangle-alert", "danger": "octagon-alert",
}  # fmt: skip
_STATE_TONES = {
    "draft": "neutral", "submitted": "info", "reviewed": "info", "approved": "good", "archived": "neutral",
    "returned": "warning", "void": "danger", "superseded": "neutral", "current": "neutral",
}  # fmt: skip


# --- laying out -------------------------------------------------------------------------------------


def column(parent: QWidget | None = None, gap: int = 3, margin: int = 0) -> QVBoxLayout:
    """Return a vertical layout on the spacing scale (steps 0 to 7)."""
    return _laid(QVBoxLayout(parent) if parent else QVBoxLayout(), gap, margin)


def row(parent: QWidget | None = None, gap: int = 2, margin: int = 0) -> QHBoxLayout:
    """Return a horizontal layout on the spacing scale (steps 0 to 7)."""
    return _laid(QHBoxLayout(parent) if parent else QHBoxLayout(), gap, margin)


def _laid(layout: Laid, gap: int, margin: int) -> Laid:
    layout.setSpacing(space(gap))
    layout.setContentsMargins(space(margin), space(margin), space(margin), space(margin))
    return layout


def clear(layout: QLayout) -> None:
    """Take everything out of a layout and let it go."""
    while item := layout.takeAt(0):
        if widget := item.widget():
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
        elif inner := item.layout():
            clear(inner)


def rule() -> QFrame:
    """Return a thin horizontal line."""
    line = QFrame()
    line.setProperty("rule", True)
    line.setFixedHeight(1)
    return line


class Toolbar(QWidget):
    """A row of controls: what is added stands left, after ``stretch()`` right."""

    def __init__(self, *widgets: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = row(self)
        for each in widgets:
            self.add(each)

    def add(self, widget: QWidget, stretch: int = 0) -> QWidget:
        """Add a control and return it."""
        self.line.addWidget(widget, stretch)
        return widget

    def stretch(self) -> None:
        """Push what follows to the right."""
        self.line.addStretch(1)


class Flow(QLayout):
    """A layout that sets its pieces in a line and goes on in the next when there is no room, like words."""

    def __init__(self, parent: QWidget | None = None, gap: int = 2) -> None:
        super().__init__(parent)  # type: ignore[arg-type]  # Qt takes None here
        self._items: list[QLayoutItem] = []
        self._gap = space(gap)
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]  # None ends Qt's walk
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]  # None ends Qt's walk
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        widths = [item.sizeHint().width() + self._gap for item in self._items if not item.isEmpty()]
        return QSize(sum(widths), self.minimumSize().height())

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _place(self, rect: QRect, *, move: bool) -> int:
        bottom = rect.y()
        for line in self._broken(rect.width()):
            tallest, x = max(size.height() for _item, size in line), rect.x()
            for item, size in line:
                if move:
                    item.setGeometry(QRect(QPoint(x, bottom + (tallest - size.height()) // 2), size))
                x += size.width() + self._gap
            bottom += tallest + self._gap
        return max(bottom - self._gap - rect.y(), 0)

    def _broken(self, width: int) -> list[list[tuple[QLayoutItem, QSize]]]:
        """Break the pieces into lines, as words are."""
        lines: list[list[tuple[QLayoutItem, QSize]]] = []
        room = -1
        for item in self._items:
            if item.isEmpty():
                continue
            size = item.sizeHint().boundedTo(QSize(max(width, 1), 16777215))
            if room < size.width():
                lines.append([])
                room = width
            lines[-1].append((item, size))
            room -= size.width() + self._gap
        return lines


class Scroll(QScrollArea):
    """A page part that scrolls up and down, never sideways; fill ``body``."""

    def __init__(self, gap: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        self.body = column(inner, gap)
        self.setWidget(inner)


# --- pressing ---------------------------------------------------------------------------------------


class Button(QPushButton):
    """A button: ``normal``, ``primary`` (one a screen), ``quiet``, ``link`` or ``danger``."""

    def __init__(
        self,
        text: str = "",
        icon: str | None = None,
        kind: str = "normal",
        on_click: Click | None = None,
        parent: QWidget | None = None,
        *,
        tip: str = "",
        keys: str = "",
    ) -> None:
        super().__init__(text, parent)
        self.setProperty("kind", kind)
        self.setAutoDefault(False)
        if not text:
            self.setProperty("square", True)
        if icon:
            self.set_icon(icon)
        if keys:
            self.setShortcut(QKeySequence(keys))
        self._name(text, tip, keys)
        if on_click:
            self.clicked.connect(lambda *_args: on_click())

    def _name(self, text: str, tip: str, keys: str) -> None:
        self.setAccessibleName(text.replace("&", "") or tip)
        if tip or keys:
            shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
            set_tip(self, " · ".join(each for each in (tip or text, shown) if each))

    def set_icon(self, name: str) -> None:
        """Show another icon."""
        kind = self.property("kind")
        tint = {"primary": "on_accent", "danger": "danger", "link": "accent"}.get(kind, "text")
        self.setIcon(icon(name, tint))
        gap = 0 if self.property("square") else 3
        self.setIconSize(QSize(theme.size(16 + gap), theme.size(16)))


class IconButton(Button):
    """A quiet square button with an icon only; ``name`` is its tooltip and what a screen reader says."""

    def __init__(
        self, icon: str, name: str, on_click: Click | None = None, parent: QWidget | None = None, *, keys: str = ""
    ) -> None:
        super().__init__("", icon, "quiet", on_click, parent, tip=name, keys=keys)


class Menu(QMenu):
    """A menu with round corners; ``add`` puts in one line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setWindowFlags(
            self.windowFlags() | Qt.WindowType.FramelessWindowHint | Qt.WindowType.NoDropShadowWindowHint
        )

    def head(self, title: str, text: str = "") -> None:
        """Add a heading that cannot be chosen."""
        holder = QWidget()
        lines = column(holder, 0)
        lines.setContentsMargins(space(3), space(1), space(3), space(1))
        lines.addWidget(PlainLabel(title, "strong" if text else "caption"))
        if text:
            lines.addWidget(PlainLabel(text, "caption"))
        action = QWidgetAction(self)
        action.setDefaultWidget(holder)
        action.setEnabled(False)
        self.addAction(action)

    def add(
        self, text: str, on_click: Click, icon_name: str = "", *, keys: str = "", checked: bool | None = None
    ) -> QAction:
        """Add a line and return its action."""
        action = QAction(text.replace("&", "&&"), self)
        if icon_name:
            action.setIcon(icon(icon_name, "muted"))
        if keys:
            action.setText(f"{action.text()}\t{keys}")
        if checked is not None:
            action.setCheckable(True)
            action.setChecked(checked)
        action.triggered.connect(lambda *_args: on_click())
        self.addAction(action)
        return action


class MenuButton(Button):
    """A button that opens a menu, made afresh each time by ``fill(menu)``."""

    def __init__(
        self,
        text: str,
        fill: Callable[[Menu], None],
        icon: str | None = None,
        kind: str = "normal",
        parent: QWidget | None = None,
        *,
        tip: str = "",
    ) -> None:
        super().__init__(text, icon, kind, self.open, parent, tip=tip)
        self._fill = fill

    def open(self) -> None:
        """Show the menu below the button."""
        menu = Menu(self)
        self._fill(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        corner = QPoint(0, self.height() + space(1))
        if self.mapToGlobal(corner).x() + menu.sizeHint().width() > self.window().geometry().right():
            corner.setX(self.width() - menu.sizeHint().width())
        menu.popup(self.mapToGlobal(corner))


class Segmented(QWidget):
    """A few choices side by side, exactly one chosen; ``options`` are (value, words) pairs."""

    changed = Signal(object)

    def __init__(
        self,
        options: Sequence[tuple[Any, str]],
        on_change: Callable[[Any], Any] | None = None,
        parent: QWidget | None = None,
        *,
        value: Any = None,
        name: str = "",
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._values = [each[0] for each in options]
        self._group = QButtonGroup(self)
        line = row(self, 0)
        for index, (_value, words) in enumerate(options):
            line.addWidget(self._segment(index, words, len(options)))
        line.addStretch(1)
        self.set_value(value if value in self._values else self._values[0])
        if on_change:
            self.changed.connect(on_change)

    def _segment(self, index: int, words: str, number: int) -> QPushButton:
        button = QPushButton(words.replace("&", "&&"), self)
        button.setCheckable(True)
        button.setAutoDefault(False)
        button.setProperty("segment", True)
        ends = {0: "first", number - 1: "last"}
        button.setProperty("end", "only" if number == 1 else ends.get(index, "middle"))
        button.setAccessibleName(words)
        self._group.addButton(button, index)
        button.clicked.connect(self._picked)
        return button

    def _picked(self) -> None:
        self.changed.emit(self.value())

    def value(self) -> Any:
        """Return the chosen value."""
        return self._values[max(self._group.checkedId(), 0)]

    def set_value(self, value: Any) -> None:
        """Choose without telling anyone."""
        self._group.button(self._values.index(value)).setChecked(True)


class SearchBox(QLineEdit):
    """A search field that asks shortly after the last committed character (never in the middle of pinyin)."""

    def __init__(
        self, on_search: Callable[[str], Any], hint: str = "", parent: QWidget | None = None, *, delay: int = 200
    ) -> None:
        super().__init__(parent)
        self.setPlaceholderText(hint or _("Search"))
        self.setAccessibleName(hint or _("Search"))
        self.setClearButtonEnabled(True)
        self.addAction(icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        self._timer = QTimer(self, singleShot=True, interval=delay)
        self._timer.timeout.connect(self._now)
        self.textChanged.connect(lambda _text: self._timer.start())
        self.returnPressed.connect(self._now)
        self._search = on_search

    def _now(self) -> None:
        self._timer.stop()
        self._search(self.text())


# --- telling ----------------------------------------------------------------------------------------


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


class Clickable(QFrame):
    """A row or tile that is pressed as a whole, by mouse, Enter or Space; fill it with a layout."""

    clicked = Signal()

    def __init__(self, name: str, on_click: Click | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("clickable")
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if on_click:
            self.clicked.connect(lambda: on_click())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: Any) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)


def area_tint(area: str) -> str:
    """Return the colour name of an area, the accent for anything else."""
    return area if area in AREA_NAMES else "accent"
