"""The list of a medication round: when, who, what, how much, and how it stands — in words, never by colour alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem

from models.calendar_rules import length_words
from models.medication_round import RoundLine
from models.medication_words import OUTCOMES, TAKEN
from resources import _
from ui.icons import paint_icon
from ui.table_view import CellDelegate, TableView, paint_chip
from ui.text import plain_tip
from ui.theme import color, space, theme

Index = QModelIndex | QPersistentModelIndex
TONE_ROLE = Qt.ItemDataRole.UserRole + 1
ICON_ROLE = Qt.ItemDataRole.UserRole + 2
TIME, CHILD, MEDICINE, DOSE, STATE = range(5)


def state_of(line: RoundLine, now: datetime) -> tuple[str, str]:
    """Return how a dose stands, in words and in a tone."""
    if line.outcome:
        when = line.given_at.strftime(" %H:%M") if line.given_at else ""
        return OUTCOMES.label(line.outcome) + when, "good" if line.outcome in TAKEN else "warning"
    if line.where:
        return line.where, "neutral"
    if line.due_at is None:
        if line.next_possible and line.next_possible > now:
            return _("not before {time}").format(time=line.next_possible.strftime("%H:%M")), "neutral"
        return _("On need"), "info"
    if line.overdue(now):
        return _("Overdue {length}").format(length=length_words(now - line.due_at)), "danger"
    return (_("To give"), "info") if line.due_at <= now else (_("Not yet due"), "neutral")


class RoundModel(QAbstractTableModel):
    """The doses of a round as finished text."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[RoundLine] = []
        self._texts: list[tuple[str, ...]] = []
        self._tones: list[str] = []

    def show(self, lines: Sequence[RoundLine], now: datetime) -> None:
        """Show these doses as they stand now."""
        states = [state_of(line, now) for line in lines]
        texts: list[tuple[str, ...]] = [
            (line.due_at.strftime("%H:%M") if line.due_at else "", f"{line.bed} {line.child_name}".strip(), line.medicine, line.dose, state[0])
            for line, state in zip(lines, states, strict=True)
        ]  # fmt: skip
        same = [_key(line) for line in self.lines] == [_key(line) for line in lines]
        if not same:
            self.beginResetModel()
        self.lines, self._texts, self._tones = list(lines), texts, [state[1] for state in states]
        if same and lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, STATE))
        elif not same:
            self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 5

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.lines):
            return None
        line, text = self.lines[index.row()], self._texts[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == TONE_ROLE:
            return self._tones[index.row()]
        if role == ICON_ROLE and index.column() == CHILD:
            return "circle-alert" if any(alert.level == "danger" for alert in line.alerts) else ""
        if role == ICON_ROLE and index.column() == MEDICINE:
            return "users" if line.double_check else ""
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(text)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.headerData(index.column(), Qt.Orientation.Horizontal)}: {text}"
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (_("Time"), _("Child"), _("Medicine"), _("Dose to give"), _("State"))[section]
        return None


def _key(line: RoundLine) -> tuple[Any, ...]:
    return line.order_id, line.due_at


class RoundDelegate(CellDelegate):
    """Draws the state as a chip and what to beware of as an icon."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        blank = QStyleOptionViewItem(option)
        blank.text = ""  # type: ignore[attr-defined]
        blank.state &= ~QStyle.StateFlag.State_HasFocus  # type: ignore[attr-defined]
        style = option.widget.style()  # type: ignore[attr-defined]
        style.drawPrimitive(QStyle.PrimitiveElement.PE_PanelItemViewItem, blank, painter, option.widget)  # type: ignore[attr-defined]
        rect: QRect = option.rect  # type: ignore[attr-defined]
        text = str(index.data() or "")
        if index.column() == STATE:
            paint_chip(painter, rect, text, str(index.data(TONE_ROLE)))
            return
        done = index.data(TONE_ROLE) == "good"
        icon = str(index.data(ICON_ROLE) or "")
        painter.save()
        painter.setFont(theme.font("strong" if index.column() in (TIME, CHILD) else "body"))
        painter.setPen(color("muted" if done else "text"))
        inner = rect.adjusted(space(2), 0, -(theme.size(22) if icon else space(1)), 0)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()
        if icon:
            side = theme.size(15)
            tint = "danger" if icon == "circle-alert" else "warning"
            paint_icon(
                painter, QRect(rect.right() - side - space(1), rect.center().y() - side // 2, side, side), icon, tint
            )


class RoundTable(TableView):
    """The table: it moves by rows and hands the keys of the round on."""

    row_changed = Signal(int)

    def __init__(self, model: RoundModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(RoundDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.horizontalHeader().setStretchLastSection(False)
        self.horizontalHeader().setMinimumSectionSize(theme.size(40))
        self.setAccessibleName(_("Doses of the round"))
        self.passes: Callable[[QKeyEvent], bool] = lambda event: False
        model.modelReset.connect(self.fit)
        model.dataChanged.connect(lambda *_args: self.fit())

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        if current.row() != previous.row():
            self.row_changed.emit(current.row())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.passes(event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Give time, child and state what they need; medicine and dose share the rest."""
        model = self.model()
        if not isinstance(model, RoundModel):
            return
        bold, small = QFontMetrics(theme.font("strong")), QFontMetrics(theme.font("caption"))
        places = range(min(model.rowCount(), 80))

        def widest(column: int, metrics: QFontMetrics) -> int:
            return max(
                (metrics.horizontalAdvance(str(model.index(place, column).data() or "")) for place in places), default=0
            )

        child = min(widest(CHILD, bold) + theme.size(38), theme.size(170))
        state = min(max(widest(STATE, small) + theme.size(30), theme.size(80)), theme.size(190))
        rest = max(self.viewport().width() - theme.size(58) - child - state, theme.size(160))
        medicine = min(widest(MEDICINE, bold) + theme.size(40), round(rest * 0.58))
        for column, width in enumerate((theme.size(58), child, medicine, rest - medicine, state)):
            self.setColumnWidth(column, width)
