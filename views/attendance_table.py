"""The attendance list 签到表: one line a child's session, one key each, everything taken back by one key."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHeaderView, QTableView

from models.scheduling.booking import Attendance
from models.scheduling.occupancy import span
from models.scheduling.week import Block, Member
from models.therapies import REASONS, STATUSES, THERAPIES
from resources import _
from ui.theme import color, row_height, theme
from views.therapy_look import tint

Index = QModelIndex | QPersistentModelIndex
LATE_AT_FIRST, LATE_STEP = 10, 5


@dataclass
class Line:
    """One child's session in the list, with what was chosen for it and is not recorded yet."""

    block: Block
    member: Member
    chosen: Attendance | None = None
    asks_reason: bool = False
    for_all: bool = False
    """The reason to come holds for all sessions of the child in the list."""
    witness: str = ""

    @property
    def status(self) -> str:
        """The status as it will be."""
        return self.chosen.status if self.chosen else self.member.status

    @property
    def reason(self) -> str | None:
        """The reason as it will be."""
        return self.chosen.reason if self.chosen else self.member.reason


class Lines(QAbstractTableModel):
    """The sessions of the list as finished text."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []
        self._heads = [_("Time"), _("Child"), _("Therapy"), _("Therapist"), _("Room"), _("Attendance")]

    def show(self, lines: list[Line]) -> None:
        """Show other sessions."""
        self.beginResetModel()
        self.lines = lines
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.lines)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._heads[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self.lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return _cells(line)[index.column()]
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._tint(line, index.column())
        if role == Qt.ItemDataRole.FontRole and index.column() in (1, 5):
            return theme.font("strong" if index.column() == 1 or line.chosen else "body")
        return None

    def _tint(self, line: Line, column: int) -> Any:
        if column == 2:
            return color(tint(line.block.therapy))
        if column == 5:
            tones = {"done": "good", "made_up": "good", "late": "warning", "absent": "danger"}
            return color(tones.get(line.status, "muted"))
        return color("text" if column < 2 else "muted")

    def touch(self, row: int) -> None:
        """Tell that a line has changed."""
        self.dataChanged.emit(self.index(row, 0), self.index(row, self.columnCount() - 1))


def _cells(line: Line) -> tuple[str, ...]:
    block = line.block
    said = " ".join(filter(None, (STATUSES.label(line.status), REASONS.label(line.reason))))
    if line.asks_reason:
        said = _("{status}: which reason? 1–8").format(status=STATUSES.label(line.status))
    if line.chosen and line.chosen.minutes_missed:
        said += _(" {n} min").format(n=line.chosen.minutes_missed)
    if line.witness:
        said += _(" · countersigned by {name}").format(name=line.witness)
    if line.member.signed:
        said += _(" · signed")
    return (
        span(block.starts_at, block.ends_at), line.member.name, THERAPIES.label(block.therapy), block.therapist, block.room, said,
    )  # fmt: skip


class AttendanceTable(QTableView):
    """The list: D done, L late, A absent and then the number of the reason; Ctrl+Z takes the last one back.

    With Shift, A and the reason hold for all sessions of the child in the list.
    """

    altered = Signal()
    sought = Signal()
    """The person wants to find a child by name."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = Lines(self)
        self.past: list[list[tuple[Line, Attendance | None]]] = []
        self.take_back_saved: Callable[[], Any] = lambda: None
        self.setModel(self.lines)
        self.setAccessibleName(_("Attendance"))
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(row_height())
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setStretchLastSection(True)

    def show_lines(self, lines: list[Line], current: str = "") -> None:
        """Show other sessions, at ``current`` if it is among them, else the first that waits ready to be recorded."""
        self.past = []
        self.lines.show(lines)
        for section, width in enumerate((110, 112, 196, 88, 130)):
            self.setColumnWidth(section, theme.size(width))
        waiting = next((row for row, line in enumerate(lines) if line.status == "booked"), 0)
        place = next((row for row, line in enumerate(lines) if line.member.session_id == current), waiting)
        if lines:
            self.go_to(place)

    def go_to(self, row: int) -> None:
        """Make a line the current one."""
        self.setCurrentIndex(self.lines.index(row, 0))
        self.scrollTo(self.currentIndex())

    def line(self) -> Line | None:
        """Return the current line."""
        row = self.currentIndex().row()
        return self.lines.lines[row] if 0 <= row < len(self.lines.lines) else None

    # --- keys ---

    def event(self, event: QEvent) -> bool:
        """Keep Ctrl+Z for the list: it takes back what was chosen last, before the window hears of it."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _undoes(event):
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        line, typed = self.line(), event.text().upper()
        if _undoes(event):
            self.take_back()
        elif typed == "/":
            self.sought.emit()
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier or not self._took(line, typed, event):
            super().keyPressEvent(event)

    def _took(self, line: Line | None, typed: str, event: QKeyEvent) -> bool:
        if line is None or line.member.signed:
            return False
        if line.asks_reason and typed.isdigit() and 1 <= int(typed) <= len(list(REASONS)):
            self._absent(line, list(REASONS)[int(typed) - 1].code)
        elif typed == "D":
            self._choose([line], Attendance("done"))
        elif typed == "L":
            self._choose([line], Attendance("late", None, LATE_AT_FIRST), stay=True)
        elif typed in ("A", "Q"):
            self._ask_reason(line, for_all=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        elif typed in ("+", "-", "=") and line.chosen and line.chosen.status == "late":
            self._choose([line], Attendance("late", None, _missed(line, typed)), stay=True)
        elif event.key() == Qt.Key.Key_Backspace:
            line.asks_reason = False
            self._choose([line], None, stay=True)
        else:
            return False
        return True

    def _ask_reason(self, line: Line, *, for_all: bool) -> None:
        """Take the child as absent; until the reason is given, nothing can be saved."""
        own = [each for each in self.lines.lines if each.member.child_id == line.member.child_id]
        self._choose(own if for_all else [line], Attendance("absent"), stay=True)
        line.asks_reason, line.for_all = True, for_all
        self._touched([line])

    def _absent(self, line: Line, reason: str) -> None:
        lines = [each for each, _before in self.past[-1]] if self.past else [line]
        asked = self.past.pop() if self.past else []
        for each, before in asked:
            each.chosen = before
        self._choose(lines, Attendance("absent", reason))

    # --- choosing ---

    def choose_all(self, attendance: Attendance, lines: Iterable[Line]) -> None:
        """Choose the same for many lines, as one act that is taken back as one."""
        self._choose(list(lines), attendance, stay=True)

    def _choose(self, lines: list[Line], attendance: Attendance | None, *, stay: bool = False) -> None:
        changed = [line for line in lines if not line.member.signed]
        self.past.append([(line, line.chosen) for line in changed])
        for line in changed:
            line.chosen, line.asks_reason = attendance, False
        self._touched(changed)
        following = self.currentIndex().row() + 1
        if not stay and following < len(self.lines.lines):
            self.go_to(following)

    def take_back(self) -> None:
        """Take back what was chosen last; when all of that is saved, the last saving."""
        if not self.past:
            self.take_back_saved()
            return
        before = self.past.pop()
        for line, chosen in before:
            line.chosen, line.asks_reason = chosen, False
        self._touched([line for line, _chosen in before])
        if before:
            self.go_to(self.lines.lines.index(before[0][0]))

    def _touched(self, lines: Iterable[Line]) -> None:
        for line in lines:
            self.lines.touch(self.lines.lines.index(line))
        self.altered.emit()


def _undoes(event: QKeyEvent) -> bool:
    return event.matches(QKeySequence.StandardKey.Undo)


def _missed(line: Line, typed: str) -> int:
    """The minutes missed, five more or five less, and never the whole session."""
    known = (line.chosen.minutes_missed if line.chosen else None) or 0
    length = int((line.block.ends_at - line.block.starts_at).total_seconds() // 60)
    return max(LATE_STEP, min(known + (-LATE_STEP if typed == "-" else LATE_STEP), length - LATE_STEP))
