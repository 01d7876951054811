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
from models.scheduling.week import Block, ChildChoice, Week
from resources import _, ngettext
from ui.app import App
from ui.dialog import confirm
from ui.pages import Page
from ui.week import Verdict, WeekGrid, verdict_of
from views.act_history import history_of
from views.repair_offers import repair, repair_fresh_leaves
from views.therapy_look import DAY, group_name

ONE_CHILD = "split:"
"""What is carried is one child of a group, named by its session."""


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
        self.days: list[date] = []
        self.history = history_of(app)

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
        found = self.week.occupancy.conflicts(*proposals) if proposals else []
        return verdict_of([(each.words, each.warning) for each in found])

    def _proposals(self, key: str, place: str, start: int, end: int) -> list[Booking]:
        assert self.week is not None
        begin, finish, therapist = self._meant(place, start, end)
        if key.startswith(ONE_CHILD):
            return self._alone(key.removeprefix(ONE_CHILD), therapist, begin, finish)
        block = self.week.block(key)
        if block is None:
            own = {self.by: self.who.get(self.by, "")}
            return [Booking("draft", own.get("child", ""), therapist or own.get("therapist", ""), begin, finish,
                            own.get("room") or None)]  # fmt: skip
        return _bookings(block, block.sitting, therapist or block.therapist_id, begin, finish)

    def _alone(self, session_id: str, therapist: str, begin: datetime, finish: datetime) -> list[Booking]:
        """What one child would occupy when it is treated alone."""
        assert self.week is not None
        block = self.week.block_of(session_id)
        assert block is not None
        whole = _bookings(block, session_id, therapist or block.therapist_id, begin, finish, form="single")
        return [each for each in whole if each.id == session_id]

    def _meant(self, place: str, start: int, end: int) -> tuple[datetime, datetime, str]:
        """Return the beginning, the end and, where columns are people, the therapist that a place stands for."""
        if self.by == "department":
            day = self.days[min(start // DAY, len(self.days) - 1)]
            return at(day, start % DAY), at(day, start % DAY + end - start), place
        if self.by == "day":
            return at(self.day, start), at(self.day, end), place
        day = date.fromisoformat(place)
        return at(day, start), at(day, end), ""

    def _join_verdict(self, key: str, onto: str) -> Verdict | None:
        """Say what speaks against joining two blocks as one group; None where they are not of a kind."""
        if self.week is None:
            return None
        joining, host = self.week.block(key), self.week.block(onto)
        if joining is None or host is None or not (joining.movable and host.movable):
            return None
        children = [member.child_id for member in (*host.members, *joining.members)]
        if joining.therapy != host.therapy or len(set(children)) < len(children):
            return None
        sitting = host.key
        proposals = [
            *_bookings(host, sitting, host.therapist_id, host.starts_at, host.ends_at, form="group"),
            *_bookings(joining, sitting, host.therapist_id, host.starts_at, host.ends_at, form="group", place=host),
        ]
        found = verdict_of([(each.words, each.warning) for each in self.week.occupancy.conflicts(*proposals)])
        if found.tone == "danger":
            return found
        size = host.size + joining.size
        return Verdict("info", (_("Lay down to join as a group of {n}").format(n=size), *found.words))

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
            self.history.add(words, change)
            self.app.notify(words, undo=self.undo)
        self.reload()
        return True

    def undo(self) -> None:
        """Take back the last act."""
        if self.history.done:
            self.history.undo(self.app)
            self.reload()

    def redo(self) -> None:
        """Do again what was last taken back."""
        if self.history.undone:
            self.history.redo(self.app)
            self.reload()

    def _moved(self, key: str, place: str, start: int, end: int) -> None:
        begin, finish, therapist = self._meant(place, start, end)
        if key.startswith(ONE_CHILD):
            self._split(key.removeprefix(ONE_CHILD), begin, finish, therapist)
            return
        block = self.week.block(key) if self.week else None
        if block is None:
            return
        words = _("{who} moved to {day} {time}").format(
            who=block.members[0].name, day=f"{begin:%m-%d}", time=f"{begin:%H:%M}–{finish:%H:%M}"
        )
        session_id, seen = block.members[0].session_id, seen_in(block)
        self.act(
            lambda work: booking.move(work, session_id, begin, finish, therapist_id=therapist or None, seen=seen), words
        )

    def _joined(self, key: str, onto: str) -> None:
        """Ask, then join two sittings as one group."""
        joining = self.week.block(key) if self.week else None
        host = self.week.block(onto) if self.week else None
        if joining is None or host is None:
            return
        day = host.starts_at
        text = _("{joining} would join {host}, {day} {time}.").format(
            joining=group_name(joining), host=group_name(host), day=f"{day:%m-%d}", time=f"{day:%H:%M}"
        )
        if not confirm(self, _("Treat them together as one group?"), text, _("Join as a group")):
            self.show_again()
            return
        session_id, host_id = joining.members[0].session_id, host.members[0].session_id
        seen = seen_in(joining) | seen_in(host)
        words = _("{who} joined the group").format(who=_(", ").join(member.name for member in joining.members))
        self.act(lambda work: booking.join(work, session_id, host_id, seen=seen), words)

    def _split(self, session_id: str, begin: datetime, finish: datetime, therapist: str) -> None:
        block = self.week.block_of(session_id) if self.week else None
        if block is None:
            return
        seen = seen_in(block)
        name = next(member.name for member in block.members if member.session_id == session_id)
        words = _("{who} taken out of the group, {day} {time}").format(
            who=name, day=f"{begin:%m-%d}", time=f"{begin:%H:%M}"
        )
        self.act(
            lambda work: booking.split(work, session_id, begin, finish, therapist_id=therapist or None, seen=seen),
            words,
        )

    def take_out(self, block: Block, session_id: str) -> None:
        """Begin to carry one child out of its group; the arrows say where it goes."""
        member = next(each for each in block.members if each.session_id == session_id)
        tile = self.grid.tile(block.key)
        if tile is not None and block.movable and block.size > 1:
            self.grid.carry(ONE_CHILD + session_id, tile.column, tile.start, tile.end, member.name)

    def lock(self, block: Block) -> None:
        """Lock a sitting in its place, or unlock it."""
        if not block.open:
            self.app.notify(fixed_words(block))
            return
        keys, locked = [member.session_id for member in block.members], not block.locked
        said = _("{who} locked in its place") if locked else _("{who} unlocked")
        words = said.format(who=_(", ").join(member.name for member in block.members))
        self.act(lambda work: booking.lock(work, keys, locked), words)

    def partners(self, block: Block) -> list[Block]:
        """Return the sittings of the same therapy on show that a sitting could join, the nearest first."""
        if self.week is None or not block.movable:
            return []
        found = [
            each
            for each in self.week.blocks
            if each.key != block.key and self.grid.tile(each.key) and self._join_verdict(block.key, each.key)
        ]
        return sorted(found, key=lambda each: abs(each.starts_at - block.starts_at))

    def _booked(self, change: Change, words: str) -> None:
        self.history.add(words, change)
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

        chosen = self.by in ("therapist", "room", "child") and self.who.get(self.by)
        key = {f"{self.by}_id": self.who[self.by]} if chosen else {}
        dialog = CopyWeekDialog(self.app, week_of(self.day)[0], key, self)
        if dialog.exec() and dialog.change:
            count = len(dialog.change.created)
            self._booked(dialog.change, ngettext("{n} session copied", "{n} sessions copied", count).format(n=count))
            self.go_to(dialog.target)
        dialog.deleteLater()

    def _leave(self) -> None:
        staff, begun = self.who.get("therapist", "") if self.by == "therapist" else None, self.app.now()
        self.app.new_record(StaffLeave, staff_id=staff or None, starts_on=self.day, ends_on=self.day, part="day")
        repair_fresh_leaves(self.app, self, begun)

    def _repair(self) -> None:
        repair(self.app, self, first=max(self.day, self.app.today()))

    def _calendar_day(self) -> None:
        self.app.new_record(CalendarDay, day=self.day, kind="closed")


def at(day: date, minute: int) -> datetime:
    """Return a moment of a day."""
    return datetime.combine(day, time()) + timedelta(minutes=minute)


def seen_in(block: Block) -> dict[str, int]:
    """Return the versions of a sitting's sessions as they are on show."""
    return {member.session_id: member.version for member in block.members}


def fixed_words(block: Block) -> str:
    """Say why a sitting cannot be moved."""
    if not block.known:
        return _("This is another child's session; you see only that the time is taken.")
    if not block.open:
        return _("Attendance is recorded already; such a session is not moved.")
    return _("The session is locked; unlock it first (L).") if block.locked else ""


def _bookings(
    block: Block,
    sitting: str,
    therapist_id: str,
    begin: datetime,
    finish: datetime,
    *,
    form: str = "",
    place: Block | None = None,
) -> list[Booking]:
    """What the children of a block would occupy elsewhere."""
    where = place or block
    return [
        Booking(
            member.session_id, member.child_id, therapist_id, begin, finish, where.room_id, where.equipment_id,
            sitting, None, block.therapy, form or block.form,
        )
        for member in block.members
    ]  # fmt: skip


def _confirmed(work: Any, do: Callable[[Any], Change]) -> Change:
    work.confirmed = True
    return do(work)
