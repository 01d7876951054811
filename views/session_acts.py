"""What is done to a sitting from its panel 训练操作: attended, late, absent, cancelled, made up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from models.scheduling import booking
from models.scheduling.booking import Attendance
from models.scheduling.week import Block, SessionSheet
from models.therapies import STATUSES
from resources import _, ngettext
from ui.app import App
from views.attendance_dialog import AttendanceDialog
from views.therapy_look import who

if TYPE_CHECKING:
    from views.therapy_hands import WeekHands


class SessionActs(QWidget):
    """The acts of the session's panel; mixed into it."""

    app: App
    calendar: WeekHands
    block: Block | None
    sheet: SessionSheet | None
    session_id: str
    buttons: dict[str, QPushButton]
    _editable: Any
    _begun: Any
    keep: Any

    def done(self) -> None:
        """Record that the child attended; for a group all of whom nothing is recorded yet."""
        assert self.block is not None
        if not self._editable or not self._begun:
            return
        waiting = [member.session_id for member in self.block.members if member.status == "booked"]
        keys = [self.session_id] if self.session_id not in waiting or len(self.block.members) == 1 else waiting
        self._record(dict.fromkeys(keys, Attendance("done")), _("Attended: {who}"))

    def attend(self) -> None:
        """Put the keyboard on the attendance buttons."""
        button = getattr(self, "buttons", {}).get("done")
        if button is not None and self._editable:
            button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _ask(self, status: str) -> None:
        dialog = AttendanceDialog(self.app, status, self)
        if dialog.exec():
            self._record({self.session_id: dialog.attendance()}, STATUSES.label(status) + _(": ") + "{who}")
        dialog.deleteLater()

    def _record(self, entries: dict[str, Attendance], words: str) -> None:
        assert self.sheet is not None and self.block is not None
        self.keep()
        name = self.sheet.child if len(entries) == 1 else who(self.block)
        self.calendar.act(lambda work: booking.attend(work, entries), words.format(who=name))

    def cancel(self) -> None:
        """Cancel this session, with a reason."""
        self._cancel([self.session_id])

    def cancel_series(self) -> None:
        """Cancel this and all later booked sessions of the series."""
        with self.app.read() as work:
            keys = booking.rest_of_series(work, self.session_id)
        self._cancel(keys)

    def _cancel(self, keys: list[str]) -> None:
        if not self._editable:
            return
        dialog = AttendanceDialog(self.app, "cancelled", self, len(keys))
        if dialog.exec():
            why = dialog.attendance()
            words = ngettext("{n} session cancelled", "{n} sessions cancelled", len(keys)).format(n=len(keys))
            self.calendar.act(lambda work: booking.cancel(work, keys, why.reason or "", why.note or ""), words)
        dialog.deleteLater()

    def _make_up(self) -> None:
        assert self.sheet is not None
        values = self.sheet.values
        minutes = int((values["ends_at"] - values["starts_at"]).total_seconds() // 60)
        self.calendar.make_up(values["child_id"], values["therapy"], values["therapist_id"], minutes, self.session_id)
