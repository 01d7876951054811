"""What is done in the therapy week 课表操作: judged while dragged, done in one step, taken back in one step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from models.core.errors import Refused, Unconfirmed
from models.holidays import CalendarDay
from models.leave import StaffLeave
from models.scheduling import booking
from models.scheduling.booking import Change
from models.scheduling.conflicts import Booking
from models.scheduling.recurrence import week_of
from models.scheduling.week import ChildChoice, Week
from resources import _, ngettext
from ui.app import App
from ui.dialog import confirm
from ui.pages import Page
from ui.week import Verdict, WeekGrid, verdict_of


class WeekActs(Page):
    """The acts of the therapy week; :class:`views.therapy_calendar.TherapyCalendar` gives them a face."""

    grid: WeekGrid

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.day = app.today()
        self.week: Week | None = None
        self.entrusted: list[ChildChoice] = []
        self.by = "therapist" if app.actor.staff_id else "day"
        self.who: dict[str, str] = {"therapist": app.actor.staff_id or ""}
        self._undo: list[tuple[str, Change]] = []

    def show_again(self) -> None:
        """Show what was read once more, as it was before a drag that came to nothing."""

    def close_side(self) -> None:
        """Close the panel at the side."""

    def go_to(self, day: date) -> None:
        """Show the week, or the day, of a date."""

    # --- judging ------------------------------------------------------------------------------------

    def judge(self, key: str, place: str, start: int, end: int) -> Verdict:
        """Say what speaks against a place, while it is being dragged over."""
        if self.week is None:
            return Verdict()
        proposals = self._proposals(key, place, start, end)
        found = self.week.occupancy.conflicts(*proposals)
        return verdict_of([(each.words, each.warning) for each in found])

    def _proposals(self, key: str, place: str, start: int, end: int) -> list[Booking]:
        assert self.week is not None
        day, therapist = self._meant(place)
        begin, finish = at(day, start), at(day, end)
        block = self.week.block(key)
        if block is None:
            own = {self.by: self.who.get(self.by, "")}
            return [Booking("draft", own.get("child", ""), therapist or own.get("therapist", ""), begin, finish,
                            own.get("room") or None)]  # fmt: skip
        return [
            Booking(
                member.session_id, member.child_id, therapist or block.therapist_id, begin, finish, block.room_id,
                block.equipment_id, block.key, None, block.therapy, block.form,
            )
            for member in block.members
        ]  # fmt: skip

    def _meant(self, place: str) -> tuple[date, str]:
        """Return the day and, in the day's view, the therapist that a column stands for."""
        return (self.day, place) if self.by == "day" else (date.fromisoformat(place), "")

    # --- acting -------------------------------------------------------------------------------------

    def act(self, do: Callable[[Any], Change], words: str) -> bool:
        """Do one thing in one unit of work, tell it, and keep it for undoing; warnings are asked about first."""
        try:
            with self.app.work() as work:
                change = do(work)
        except Unconfirmed as warnings:
            text = "\n".join(problem.message for problem in warnings.problems)
            if not confirm(self, _("Do it all the same?"), text, _("All the same")):
                self.show_again()
                return False
            return self.act(lambda work: _confirmed(work, do), words)
        except Refused as refusal:
            self.reload()
            self.app.show_error(refusal)
            return False
        if change:
            self._undo.append((words, change))
            self.app.notify(words, undo=self.undo)
        self.reload()
        return True

    def undo(self) -> None:
        """Take back the last act."""
        if not self._undo:
            return
        words, change = self._undo.pop()
        try:
            with self.app.work() as work:
                booking.undo(work, change)
        except Refused as refusal:
            self.app.show_error(refusal)
        else:
            self.app.notify(_("Taken back: {what}").format(what=words))
        self.reload()

    def _moved(self, key: str, place: str, start: int, end: int) -> None:
        block = self.week.block(key) if self.week else None
        if block is None:
            return
        day, therapist = self._meant(place)
        begin, finish = at(day, start), at(day, end)
        seen = {member.session_id: member.version for member in block.members}
        words = _("{who} moved to {day} {time}").format(
            who=block.members[0].name, day=f"{day:%m-%d}", time=f"{begin:%H:%M}–{finish:%H:%M}"
        )
        session_id = block.members[0].session_id
        seen = {member.session_id: member.version for member in block.members}
        self.act(
            lambda work: booking.move(work, session_id, begin, finish, therapist_id=therapist or None, seen=seen), words
        )

    def _booked(self, change: Change, words: str) -> None:
        self._undo.append((words, change))
        self.app.notify(words, undo=self.undo)
        self.reload()

    def booked(self, change: Change, words: str) -> None:
        """Take over what the booking panel has booked."""
        self.close_side()
        self._booked(change, words)
        if self.week and change.created:
            block = self.week.block_of(change.created[0])
            self.grid.choose(block.key if block else "")

    # --- beside the grid ---------------------------------------------------------------------------------

    def _attendance(self) -> None:
        staff = self.who.get("therapist", "") if self.by == "therapist" else ""
        self.app.go("attendance", day=self.day.isoformat(), therapist_id=staff)

    def _copy_week(self) -> None:
        from views.planned_dialog import CopyWeekDialog

        key = {f"{self.by}_id": self.who[self.by]} if self.by != "day" and self.who.get(self.by) else {}
        dialog = CopyWeekDialog(self.app, week_of(self.day)[0], key, self)
        if dialog.exec() and dialog.change:
            count = len(dialog.change.created)
            self._booked(dialog.change, ngettext("{n} session copied", "{n} sessions copied", count).format(n=count))
            self.go_to(dialog.target)
        dialog.deleteLater()

    def _leave(self) -> None:
        staff = self.who.get("therapist", "") if self.by == "therapist" else None
        self.app.new_record(StaffLeave, staff_id=staff or None, starts_on=self.day, ends_on=self.day, part="day")

    def _calendar_day(self) -> None:
        self.app.new_record(CalendarDay, day=self.day, kind="closed")


def at(day: date, minute: int) -> datetime:
    """Return a moment of a day."""
    return datetime.combine(day, time()) + timedelta(minutes=minute)


def _confirmed(work: Any, do: Callable[[Any], Change]) -> Change:
    work.confirmed = True
    return do(work)
