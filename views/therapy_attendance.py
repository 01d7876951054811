"""Attendance of a half day 签到: every session in order, one key a child, all recorded and signed in one step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHeaderView, QTableView

from models.core.errors import Refused
from models.scheduling import booking
from models.scheduling.booking import Attendance
from models.scheduling.occupancy import span
from models.scheduling.week import Block, Member, read_week
from models.therapies import REASONS, STATUSES, THERAPIES
from models.therapy import TherapySession
from resources import N_, _, ngettext
from ui.app import App
from ui.editors import CodeBox
from ui.pages import Page, page
from ui.text import PlainLabel
from ui.theme import color, row_height, theme
from ui.widgets import Button, EmptyState, Flow, IconButton, KeyHint, Segmented, row
from views.therapy_look import tint, weekday

Index = QModelIndex | QPersistentModelIndex
HALVES = (("morning", N_("Morning")), ("afternoon", N_("Afternoon")), ("day", N_("Whole day")))


@dataclass
class Line:
    """One child's session in the list, with what was chosen for it and is not recorded yet."""

    block: Block
    member: Member
    chosen: Attendance | None = None
    asks_reason: bool = False

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
    if line.member.signed:
        said += _(" · signed")
    return (
        span(block.starts_at, block.ends_at), line.member.name, THERAPIES.label(block.therapy), block.therapist, block.room, said,
    )  # fmt: skip


class AttendanceTable(QTableView):
    """The list: D done, L late, A absent and then the number of the reason; Backspace takes it back."""

    altered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.lines = Lines(self)
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

    def show_lines(self, lines: list[Line]) -> None:
        """Show other sessions, the first that waits ready to be recorded."""
        self.lines.show(lines)
        for section, width in enumerate((110, 120, 160, 90, 120)):
            self.setColumnWidth(section, theme.size(width))
        waiting = next((row for row, line in enumerate(lines) if line.status == "booked"), 0)
        if lines:
            self.setCurrentIndex(self.lines.index(waiting, 0))
            self.setFocus()

    def line(self) -> Line | None:
        """Return the current line."""
        row = self.currentIndex().row()
        return self.lines.lines[row] if 0 <= row < len(self.lines.lines) else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        line, typed = self.line(), event.text().upper()
        if line is None or line.member.signed or not self._took(line, typed, event.key()):
            super().keyPressEvent(event)

    def _took(self, line: Line, typed: str, key: int) -> bool:
        if line.asks_reason and typed.isdigit() and 1 <= int(typed) <= len(list(REASONS)):
            reason = list(REASONS)[int(typed) - 1].code
            self._set(line, Attendance("absent", reason))
            return True
        if typed == "D":
            self._set(line, Attendance("done"))
        elif typed == "L":
            self._set(line, Attendance("late", None, 10))
        elif typed in ("A", "Q"):
            line.chosen, line.asks_reason = Attendance("absent"), True
            self._changed()
        elif typed in ("+", "-", "=") and line.chosen and line.chosen.status == "late":
            missed = (line.chosen.minutes_missed or 0) + (-5 if typed == "-" else 5)
            length = int((line.block.ends_at - line.block.starts_at).total_seconds() // 60)
            line.chosen = Attendance("late", None, max(5, min(missed, length - 5)))
            self._changed()
        elif key == Qt.Key.Key_Backspace:
            line.chosen, line.asks_reason = None, False
            self._changed()
        else:
            return False
        return True

    def _set(self, line: Line, attendance: Attendance) -> None:
        line.chosen, line.asks_reason = attendance, False
        self._changed()
        following = self.currentIndex().row() + 1
        if attendance.status != "late" and following < len(self.lines.lines):
            self.setCurrentIndex(self.lines.index(following, 0))

    def _changed(self) -> None:
        self.lines.touch(self.currentIndex().row())
        self.altered.emit()


@page(
    "attendance",
    N_("Attendance"),
    area="rehabilitation",
    icon="list-checks",
    needs=("TherapySession", "edit"),
    order=20,
)
class AttendancePage(Page):
    """Who came this morning or afternoon, for one therapist or all."""

    reads = (TherapySession,)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.day = app.today()
        self.half = "morning" if app.now().hour < 13 else "afternoon"
        self.staff_id = app.actor.staff_id or ""
        self._lay_out()

    def _lay_out(self) -> None:
        self.tools.add(IconButton("chevron-left", _("The day before"), lambda: self._go(-1)))
        self.date = PlainLabel("", "strong")
        self.tools.add(self.date)
        self.tools.add(IconButton("chevron-right", _("The next day"), lambda: self._go(1)))
        lines = self.column(3)
        bar = row(None, 3)
        self.halves = Segmented(
            [(key, _(words)) for key, words in HALVES], self._set_half, value=self.half, name=_("Half day")
        )
        bar.addWidget(self.halves)
        self.chooser = CodeBox([], required=False)
        self.chooser.name(_("Therapist"))
        self.chooser.setFixedWidth(theme.size(150))
        self.chooser.changed.connect(self._set_staff)
        bar.addWidget(self.chooser)
        bar.addStretch(1)
        self.count = PlainLabel("", tone="muted")
        bar.addWidget(self.count)
        lines.addLayout(bar)
        self.table = AttendanceTable()
        self.table.altered.connect(self._count)
        self.empty = EmptyState(
            "calendar-x", _("No sessions"), _("Nothing is booked here; choose another day or therapist.")
        )
        lines.addWidget(self.table, 1)
        lines.addWidget(self.empty, 1)
        lines.addWidget(self._hints())
        lines.addLayout(self._foot())

    def _hints(self) -> Any:
        from PySide6.QtWidgets import QWidget

        holder = QWidget()
        flow = Flow(holder, 2)
        reasons = " ".join(f"{number} {code}" for number, code in enumerate(REASONS, 1))
        for keys, words in (
            ("D", _("done")), ("L", _("late, + − minutes")), ("A", _("absent: {reasons}").format(reasons=reasons)),
            ("⌫", _("take back")), ("Ctrl+Enter", _("record all")),
        ):  # fmt: skip
            flow.addWidget(KeyHint(keys))
            flow.addWidget(PlainLabel(words, "caption"))
        return holder

    def _foot(self) -> Any:
        foot = row(None, 2)
        self.rest = Button(_("All others done"), "check-check", on_click=self.all_done)
        foot.addWidget(self.rest)
        foot.addStretch(1)
        self.record = Button(_("Record"), "check", on_click=self.save, keys="Ctrl+Return")
        self.sign = Button(_("Record and sign"), "pen-line", "primary", self.save_and_sign, keys="Ctrl+Shift+Return")
        foot.addWidget(self.record)
        foot.addWidget(self.sign)
        return foot

    # --- reading ------------------------------------------------------------------------------------

    def reload(self) -> None:
        with self.app.read() as work:
            week = read_week(work, self.day, self.day)
        self.stale = False
        self.chooser.box.choices = [(key, name, (name,)) for key, name in week.therapists]
        self.chooser._fill(None)
        known = {key for key, _name in week.therapists}
        self.chooser.set_value(self.staff_id if self.staff_id in known else None)
        noon = datetime.combine(self.day, datetime.min.time()) + timedelta(hours=12)
        lines = [
            Line(block, member)
            for block in week.blocks
            if (not self.staff_id or self.staff_id not in known or block.therapist_id == self.staff_id)
            and (self.half == "day" or (block.starts_at < noon) == (self.half == "morning"))
            for member in block.members
            if member.status != "cancelled"
        ]
        self.table.show_lines(lines)
        self.table.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        self.date.setText(f"{self.day.isoformat()} {weekday(self.day)}")
        self._count()

    def open(self, **target: Any) -> None:
        """Go to a day and a therapist."""
        if target.get("day"):
            self.day = date.fromisoformat(str(target["day"]))
        self.staff_id = target.get("therapist_id") or self.staff_id
        self.reload()

    def place(self) -> dict[str, Any]:
        return {"day": self.day.isoformat(), "therapist_id": self.staff_id}

    def _go(self, step: int) -> None:
        self.day += timedelta(days=step)
        self.reload()

    def _set_half(self, half: str) -> None:
        self.half = half
        self.reload()

    def _set_staff(self) -> None:
        self.staff_id = self.chooser.value() or ""
        self.reload()

    def _count(self) -> None:
        lines = self.table.lines.lines
        waiting = sum(line.status == "booked" for line in lines)
        self.count.setText(_("{n} sessions, {m} not recorded yet").format(n=len(lines), m=waiting))
        self.rest.setEnabled(waiting > 0)
        self.record.setEnabled(any(line.chosen for line in lines))
        unsigned = any(not line.member.signed and line.status != "booked" for line in lines)
        self.sign.setEnabled(unsigned)

    # --- acting -------------------------------------------------------------------------------------

    def all_done(self) -> None:
        """Take everyone else who has begun as present."""
        now = self.app.now()
        for row_, line in enumerate(self.table.lines.lines):
            if line.status == "booked" and line.block.starts_at <= now and not line.member.signed:
                line.chosen = Attendance("done")
                self.table.lines.touch(row_)
        self._count()

    def save(self) -> None:
        """Record what was chosen."""
        self._save(signing=False)

    def save_and_sign(self) -> None:
        """Record what was chosen and sign everything that is recorded."""
        self._save(signing=True)

    def _save(self, *, signing: bool) -> None:
        lines = self.table.lines.lines
        entries = {line.member.session_id: line.chosen for line in lines if line.chosen}
        seen = {line.member.session_id: line.member.version for line in lines}
        keys = [line.member.session_id for line in lines if line.status != "booked" and not line.member.signed]
        try:
            with self.app.work() as work:
                change = booking.attend(work, entries, seen)
                signed = booking.sign(work, keys) if signing else 0
        except Refused as refusal:
            self.app.show_error(refusal)
            return
        count = len(change.before)
        if signing:
            words = ngettext("{n} session signed", "{n} sessions signed", signed).format(n=signed)
            self.app.notify(words)
        elif count:
            words = ngettext("Attendance of {n} session recorded", "Attendance of {n} sessions recorded", count).format(
                n=count
            )
            self.app.notify(words, undo=lambda: self._undo(change))
        self.reload()

    def _undo(self, change: Any) -> None:
        with self.app.work() as work:
            booking.undo(work, change)
        self.reload()
