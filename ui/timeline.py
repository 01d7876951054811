"""Timeline 时间线: what happened, drawn along a line, the newest above — for a child's whole life in the home.

timeline = Timeline([Entry(at, "care", _("Growth measurement"), "12.5 kg", key=(GrowthMeasurement, record_id))])
timeline.opened.connect(lambda entry: app.open_record(*entry.key))
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from models.core.workflow import STATES
from models.period import month_title
from resources import _
from ui.icons import paint_icon
from ui.pages import AREAS
from ui.table_view import paint_chip
from ui.theme import color, space, theme
from ui.widgets import area_tint, state_tone

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Entry:
    """One thing that happened.

    Attributes:
        area: gives the dot its colour and icon; ``icon`` another icon.
        text: at most two lines are shown.
        state: a workflow state shown as a chip; ``current`` and empty show none.
        key: whatever the screen needs to open it.
    """

    at: date | datetime
    area: str
    title: str
    text: str = ""
    state: str = ""
    icon: str = ""
    key: Any = None

    @property
    def day(self) -> date:
        """The day on which it happened."""
        return self.at.date() if isinstance(self.at, datetime) else self.at


class _Entries(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entries: list[Entry] = []

    def show(self, entries: Sequence[Entry]) -> None:
        self.beginResetModel()
        self.entries = list(entries)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return " · ".join(
                each for each in (when_words(entry), entry.title, entry.text, STATES.label(entry.state)) if each
            )
        return None


def when_words(entry: Entry) -> str:
    """Say when something happened: day, and the time where it is known."""
    if isinstance(entry.at, datetime) and (entry.at.hour or entry.at.minute):
        return entry.at.strftime("%m-%d %H:%M")
    return entry.at.strftime("%m-%d")


class _Drawn(QStyledItemDelegate):
    """Draws day, line, dot, title and text; a heading where a new month begins."""

    def __init__(self, view: Timeline) -> None:
        super().__init__(view)
        self._view = view

    def _starts_month(self, row: int) -> bool:
        entries = self._view.entries
        if row == 0:
            return True
        one, other = entries[row].day, entries[row - 1].day
        return (one.year, one.month) != (other.year, other.month)

    def _heights(self, row: int, width: int) -> tuple[int, int]:
        """Return the height of the month's heading and of the entry."""
        head = theme.size(40 if row else 30) if self._starts_month(row) else 0
        lines = len(wrapped(self._view.entries[row].text, width - self._left() - space(3)))
        return head, theme.size(30) + lines * theme.size(20) + space(2)

    def _left(self) -> int:
        return theme.size(128)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        width = self._view.viewport().width()
        return QSize(width, sum(self._heights(index.row(), width)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        entry = self._view.entries[index.row()]
        head, _height = self._heights(index.row(), rect.width())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if head:
            painter.setFont(theme.font("strong"))
            painter.setPen(color("text"))
            painter.drawText(
                rect.adjusted(space(2), 0, 0, 0).adjusted(0, 0, 0, head - rect.height()),
                _bottom_left(),
                month_title(entry.day),
            )
        body = rect.adjusted(0, head, 0, 0)
        self._ground(painter, body, option)
        self._line(painter, body, index.row(), entry)
        self._words(painter, body, entry)
        painter.restore()

    def _ground(self, painter: QPainter, body: QRect, option: QStyleOptionViewItem) -> None:
        state = option.state  # type: ignore[attr-defined]
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("selection" if chosen else "sunken"))
            painter.drawRoundedRect(body.adjusted(0, 1, 0, -1), space(1), space(1))

    def _line(self, painter: QPainter, body: QRect, row: int, entry: Entry) -> None:
        tint, side = area_tint(entry.area), theme.size(24)
        centre_x = self._left() - theme.size(26)
        dot = QRect(centre_x - side // 2, body.y() + theme.size(4), side, side)
        painter.setPen(color("line"))
        if row + 1 < len(self._view.entries) and not self._starts_month(row + 1):
            painter.drawLine(centre_x, dot.bottom() + 2, centre_x, body.bottom() + theme.size(4))
        painter.setPen(color(tint) if theme.name == "contrast" else Qt.PenStyle.NoPen)
        painter.setBrush(color(f"{tint}_soft"))
        painter.drawEllipse(dot)
        area = AREAS.get(entry.area)
        inner = dot.adjusted(space(1) + 1, space(1) + 1, -space(1) - 1, -space(1) - 1)
        paint_icon(painter, inner, entry.icon or (area.icon if area else "circle"), tint)
        painter.setFont(theme.font("caption"))
        painter.setPen(color("muted"))
        painter.drawText(
            QRect(body.x() + space(2), body.y(), centre_x - side, theme.size(32)), _middle_left(), when_words(entry)
        )

    def _words(self, painter: QPainter, body: QRect, entry: Entry) -> None:
        left, top = body.x() + self._left(), body.y()
        width = body.width() - self._left() - space(3)
        painter.setFont(theme.font("strong"))
        painter.setPen(color("text"))
        metrics = painter.fontMetrics()
        chip_room = theme.size(96) if entry.state not in ("", "current") else 0
        title = metrics.elidedText(entry.title, Qt.TextElideMode.ElideRight, width - chip_room)
        painter.drawText(QRect(left, top, width, theme.size(32)), _middle_left(), title)
        if chip_room:
            place = QRect(left + metrics.horizontalAdvance(title), top, theme.size(140), theme.size(32))
            paint_chip(painter, place, STATES.label(entry.state), state_tone(entry.state))
        painter.setFont(theme.font("body"))
        painter.setPen(color("text"))
        for number, line in enumerate(wrapped(entry.text, width)):
            painter.drawText(
                QRect(left, top + theme.size(30) + number * theme.size(20), width, theme.size(20)), _middle_left(), line
            )


def wrapped(text: str, width: int, most: int = 2) -> list[str]:
    """Return a text in at most two lines, the last ending in … when there is more."""
    text = " ".join(text.split())
    if not text or width < 20:
        return []
    layout = QTextLayout(text, theme.font("body"))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    lines: list[str] = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        start, length = line.textStart(), line.textLength()
        # Qt counts in UTF-16 units, where a rare character takes two.
        units = text.encode("utf-16-le")
        lines.append(units[2 * start : 2 * (start + length)].decode("utf-16-le", "replace"))
        if len(lines) > most:
            break
    layout.endLayout()
    if len(lines) > most:
        lines = [*lines[: most - 1], lines[most - 1].rstrip()[:-1] + "…"]
    return lines


class Timeline(QListView):
    """The drawn list; Enter or a double click opens an entry."""

    opened = Signal(object)

    def __init__(self, entries: Sequence[Entry] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = _Entries(self)
        self.setModel(self._model)
        self.setItemDelegate(_Drawn(self))
        self.setProperty("bare", True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.setAccessibleName(_("Timeline"))
        self.doubleClicked.connect(lambda index: self._open(index.row()))
        theme.changed.connect(self._draw_again)
        self.show_entries(entries)

    def _draw_again(self) -> None:
        self._model.layoutChanged.emit()

    @property
    def entries(self) -> list[Entry]:
        """What is shown, the newest first."""
        return self._model.entries

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show other entries, sorted by their moment, the newest first."""
        self._model.show(sorted(entries, key=_moment, reverse=True))

    def _open(self, row: int) -> None:
        if 0 <= row < len(self.entries):
            self.opened.emit(self.entries[row])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._open(self.currentIndex().row())
        else:
            super().keyPressEvent(event)


def _moment(entry: Entry) -> datetime:
    if isinstance(entry.at, datetime):
        return entry.at
    return datetime(entry.at.year, entry.at.month, entry.at.day)


def _middle_left() -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


def _bottom_left() -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
