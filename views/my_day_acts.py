"""What is done in my day 我的一天操作: attendance by one key, told with its way back; warnings are asked about first."""

from __future__ import annotations

from typing import Any, cast

from PySide6.QtCore import Qt

from models.core.errors import Refused, Unconfirmed
from models.core.queries import load
from models.scheduling import booking
from models.scheduling.booking import Attendance, Change
from models.therapies import REASONS, STATUSES
from models.therapy import TherapySession
from resources import _
from ui.app import App
from ui.dialog import confirm
from ui.pages import Page
from views.my_day_rows import ALL_DONE, DayRow

LATE_AT_FIRST, LATE_STEP = 10, 5


class DayActs(Page):
    """The acts of a therapist's day; :class:`views.my_day.MyDayPage` gives them a face."""

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.rows: list[DayRow] = []
        self.current = ""

    def focus_current(self) -> None:
        """Put the keyboard on the chosen session."""

    def step(self, row_: DayRow, way: int) -> None:
        """Go up or down the list."""
        place = max(0, min(len(self.rows) - 1, self.rows.index(row_) + way))
        self.rows[place].setFocus(Qt.FocusReason.TabFocusReason)

    def key(self, row_: DayRow, typed: str) -> None:
        """Record attendance by one key."""
        member = row_.child.member
        if member.signed:
            self.app.notify(_("This session is signed already; it is corrected with a reason."))
        elif typed == ALL_DONE:
            self._attend_all(row_)
        elif typed == "D":
            self._attend(row_, Attendance("done"))
        elif typed == "L":
            self._attend(row_, Attendance("late", None, LATE_AT_FIRST), stay=True)
        elif typed == "A":
            row_.ask_reason(True)
        elif typed.isdigit() and row_.asks_reason:
            self._attend(row_, Attendance("absent", list(REASONS)[int(typed) - 1].code))
        elif typed in "+-=" and member.status == "late":
            self._later(row_, -LATE_STEP if typed == "-" else LATE_STEP)

    def _attend_all(self, row_: DayRow) -> None:
        """Record everyone of a sitting as present of whom nothing is recorded yet."""
        waiting = [child.member for child in row_.sitting.children if child.member.status == "booked"]
        if waiting:
            seen = {member.session_id: member.version for member in waiting}
            words = _("Attended: {who}").format(who=_(", ").join(member.name for member in waiting))
            self.act(lambda work: booking.attend(work, dict.fromkeys(seen, Attendance("done")), seen), words)
            self.focus_current()

    def _later(self, row_: DayRow, minutes: int) -> None:
        with self.app.read() as work:
            known = load(work, TherapySession, row_.child.member.session_id).minutes_missed or 0
        block = row_.sitting.block
        length = int((block.ends_at - block.starts_at).total_seconds() // 60)
        missed = max(LATE_STEP, min(known + minutes, length - LATE_STEP))
        self._attend(row_, Attendance("late", None, missed), stay=True)

    def _attend(self, row_: DayRow, attendance: Attendance, *, stay: bool = False) -> None:
        member = row_.child.member
        words = f"{member.name}{_(': ')}{STATUSES.label(attendance.status)}"
        if attendance.minutes_missed:
            words += _(" {n} min").format(n=attendance.minutes_missed)
        if attendance.reason:
            words += f" {REASONS.label(attendance.reason)}"
        if not stay:
            self._current_after(row_)
        seen = {member.session_id: member.version}
        if not self.act(lambda work: booking.attend(work, {member.session_id: attendance}, seen), words):
            self.current = member.session_id
        self.focus_current()

    def _current_after(self, row_: DayRow) -> None:
        following = self.rows[self.rows.index(row_) + 1 :]
        waiting = [each for each in following if each.child.member.status == "booked"]
        self.current = (waiting or following or [row_])[0].child.member.session_id

    def act(self, do: Any, words: str) -> bool:
        """Do one thing in one unit of work and tell it with its way back; warnings are asked about first."""
        try:
            with self.app.work() as work:
                change = do(work)
        except Unconfirmed as warnings:
            text = "\n".join(problem.message for problem in warnings.problems)
            if not confirm(self, _("Do it all the same?"), text, _("All the same")):
                return False
            return self.act(lambda work: _confirmed(work, do), words)
        except Refused as refusal:
            self.app.show_error(refusal)
            self.reload()
            return False
        if change:
            self.app.notify(words, undo=lambda: self._undo(change))
        self.reload()
        return True

    def _undo(self, change: Change) -> None:
        try:
            with self.app.work() as work:
                booking.undo(work, change)
        except Refused as refusal:
            self.app.show_error(refusal)
        touched = change.ids
        self.current = touched[0] if touched else self.current
        self.reload()


def _confirmed(work: Any, do: Any) -> Change:
    work.confirmed = True
    return cast(Change, do(work))
