"""Form grid 表单版面: fields set out as on the paper form, in as many columns as there is room for.

A row of the paper has four places. A date or a number takes one, a line of text two, a long text all four;
where the window is narrow there are two places, or one. Label, editor and message each have their own grid
row, so that editors stay on one line whatever their labels and messages need.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QWidget

from models.core.fields import Field
from resources import _
from ui.text import PlainLabel
from ui.theme import space, theme
from ui.widgets import Symbol

PLACES = 4
_WIDE, _NARROW = 640, 380
_WHOLE, _HALF = 4, 2
_SHORT_KINDS = frozenset({"date", "time", "datetime", "integer", "decimal", "money", "yes_no", "code"})
_GAP = 4


def span_of(meaning: Field) -> int:
    """Return how many of the four places a field takes."""
    if meaning.kind in {"long_text", "codes", "json"}:
        return _WHOLE
    if meaning.kind in _SHORT_KINDS:
        return 1 if not meaning.codes or _short_words(meaning) else _HALF
    if meaning.kind == "text" and meaning.length and meaning.length <= 40:
        return 1
    return _WHOLE if meaning.kind == "text" and meaning.length and meaning.length >= 300 else _HALF


def _short_words(meaning: Field) -> bool:
    words = [str(each) for each in meaning.codes or ()]
    return max((sum(1 if c.isascii() else 2 for c in each) for each in words[:40]), default=0) <= 22


class Message(QWidget):
    """What stands beneath an editor: help, a warning or an error, told by icon and words too."""

    def __init__(self, help_text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._help = help_text
        line = QHBoxLayout(self)
        line.setContentsMargins(0, theme.size(2), 0, 0)
        line.setSpacing(space(1))
        self.symbol = Symbol("circle-alert", "danger", 14)
        self.label = PlainLabel(help_text, "caption", wrap=True)
        line.addWidget(self.symbol, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.label, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.tell("")

    def tell(self, text: str, tone: str = "danger") -> None:
        """Show a message, or the help again."""
        self.symbol.setVisible(bool(text))
        self.symbol.name = "triangle-alert" if tone == "warning" else "circle-alert"
        self.symbol.tint = tone
        self.label.setText(text or self._help)
        self.label.set_tone(tone if text else "")
        # Without a parent yet, showing it would open a window of its own for a moment.
        if self.parentWidget() is not None or not (text or self._help):
            self.setVisible(bool(text or self._help))


class FieldLabel(QWidget):
    """A field's name above its editor, with a mark when it must be filled in."""

    def __init__(
        self, text: str, buddy: QWidget | None, *, required: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, theme.size(2))
        line.setSpacing(theme.size(3))
        self.label = PlainLabel(text.replace("&", "&&") if buddy else text, "caption", wrap=True)
        self.label.setAlignment(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)
        if buddy:
            self.label.setBuddy(buddy)
        line.addWidget(self.label, 0, Qt.AlignmentFlag.AlignBottom)
        if required:
            mark = PlainLabel("*", "caption", tone="danger")
            mark.setAccessibleName(_("required"))
            line.addWidget(mark, 0, Qt.AlignmentFlag.AlignBottom)
        line.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)


@dataclass
class Cell:
    """One field in the grid: its label, what edits or shows it, and its message."""

    meaning: Field
    label: QWidget
    body: QWidget
    message: Message
    span: int = field(default=1)

    def __post_init__(self) -> None:
        self.span = span_of(self.meaning)

    def widgets(self) -> Iterable[QWidget]:
        """Return the three widgets from top to bottom."""
        return (self.label, self.body, self.message)


class FormGrid(QWidget):
    """The cells of one section, set out anew when the room changes."""

    def __init__(self, cells: Sequence[Cell], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cells = list(cells)
        self._places = 0
        # A column without a field would lose its gap, and the sections would not stand in line.
        self._holders = [QWidget(self) for _place in range(PLACES)]
        for holder in self._holders:
            holder.setFixedHeight(0)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(space(_GAP))
        self._grid.setVerticalSpacing(0)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setSizePolicy(policy)
        self._set_out(PLACES)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = event.size().width()
        places = PLACES if width >= theme.size(_WIDE) else 2 if width >= theme.size(_NARROW) else 1
        if places != self._places:
            self._set_out(places)

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.size(240), super().minimumSizeHint().height())

    def _set_out(self, places: int) -> None:
        self._places = places
        while self._grid.takeAt(0):
            pass
        row, used = 0, 0
        for cell in self.cells:
            span = min(cell.span, places)
            if used + span > places:
                row, used = row + 1, 0
            self._put(cell, row, used, span)
            used += span
        for column, holder in enumerate(self._holders):
            holder.setVisible(column < places)
            if column < places:
                self._grid.addWidget(holder, row * 4 + 4, column)
        for column in range(PLACES):
            self._grid.setColumnStretch(column, 1 if column < places else 0)
            self._grid.setColumnMinimumWidth(column, 0)

    def _put(self, cell: Cell, row: int, column: int, span: int) -> None:
        for offset, widget in enumerate(cell.widgets()):
            self._grid.addWidget(widget, row * 4 + offset, column, 1, span)
        self._grid.setAlignment(cell.label, Qt.AlignmentFlag.AlignBottom)
        self._grid.setAlignment(cell.message, Qt.AlignmentFlag.AlignTop)
        self._grid.setRowMinimumHeight(row * 4 + 3, space(3))
