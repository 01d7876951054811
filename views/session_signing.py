"""Writing and signing the note from its panel 记录与签名: by keyboard from goal to goal, child to child, session to session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from models.core.errors import Refused
from models.scheduling import booking
from models.scheduling.booking import Attendance
from models.session_notes import Beside, next_to_note, still_to_note
from resources import ngettext
from views.session_acts import SessionActs
from views.session_note import ENTER, NoteSteps

if TYPE_CHECKING:
    from ui.editors import CodeBox
    from views.goal_rows import GoalRow


class SessionSigning(SessionActs):
    """The note by keyboard and its signature; mixed into the session's panel."""

    beside: Beside | None
    steps: NoteSteps | None
    rows: list[GoalRow]
    response: CodeBox
    _visited: set[str]
    _base: dict[str, Any]
    _typed: Any
    show_block: Any
    show_session: Any

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Begin the note with Enter, or take over the last one with L."""
        if event.key() in ENTER and self.steps is not None:
            self.begin_note()
        elif event.key() == Qt.Key.Key_L and self.steps is not None:
            self.as_last_time()
            self.begin_note()
        else:
            super().keyPressEvent(event)

    def begin_note(self) -> None:
        """Put the keyboard on the first goal."""
        if self.steps is not None:
            self.steps.begin()

    def as_last_time(self) -> None:
        """Note the same as last time, for what is still a goal; the free text is not taken over."""
        last = self.beside.last if self.beside else None
        if last is None or not self._editable:
            return
        for line in self.rows:
            if line.goal.id in last.goals:
                line.set_note(True, last.goal_notes.get(line.goal.id) or {})
        self.response.set_value(last.response)

    def finish(self) -> None:
        """Go on to the next child of the sitting of whom nothing is noted; after the last one sign them all."""
        assert self.block is not None and self.sheet is not None
        self.keep()
        self._visited.add(self.session_id)
        if self.sheet.values["status"] == "booked" and not self._attended(self.session_id):
            return
        others = [each.session_id for each in self.block.members if each.session_id not in self._visited]
        with self.app.read() as work:
            waiting = still_to_note(work, others)
        if waiting:
            self.show_session(waiting[0])
            self.begin_note()
        else:
            self.sign()

    def _attended(self, session_id: str) -> bool:
        try:
            with self.app.work() as work:
                booking.attend(work, {session_id: Attendance("done")})
        except Refused as refusal:
            self.app.show_error(refusal)
            return False
        self._base = self._typed()
        self.calendar.reload()
        return True

    def sign(self) -> None:
        """Sign the session: from now on it is corrected with a reason, not changed; then show the next one."""
        self.keep()
        assert self.block is not None
        keys = [member.session_id for member in self.block.members]
        try:
            with self.app.work() as work:
                count = booking.sign(work, keys)
                following = next_to_note(work, self.session_id)
        except Refused as refusal:
            self.app.show_error(refusal)
            return
        self.app.notify(ngettext("{n} session signed", "{n} sessions signed", count).format(n=count))
        self.calendar.reload()
        self._go_on(following)

    def _go_on(self, following: str | None) -> None:
        """Show the next session of the day that is still to be noted, where the calendar shows it."""
        block = self.calendar.week.block_of(following) if following and self.calendar.week else None
        if block is None or not block.known:
            return
        self.show_block(block)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
