"""Repair 调课: what has happened, every session it hits with what can be done, one approval, one undo."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from models.core.errors import Refused
from models.scheduling.approving import approve, other_rooms
from models.scheduling.change import Change
from models.scheduling.mending import REASON_OF, Case, Happening, Mending, left_alone, mend, week_to_mend, weeks_of
from models.scheduling.repair_words import outcome_words
from models.therapies import REASONS
from resources import _, ngettext
from ui.dialog import Dialog
from ui.editors import CodeBox
from ui.editors.choices import choices_of
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import Banner, Button, EmptyState, Skeleton, clear, column, row
from views.planner_look import when_words
from views.repair_question import HappeningBar
from views.repair_side import OptionsPanel, done_words, hit_words, who_words

if TYPE_CHECKING:
    from models.scheduling.problem import Placement
    from models.scheduling.repair import Option
    from ui.app import App
    from ui.tasks import Progress, Task

SECONDS, LEAST = 2.7, 1.0
"""The repair of a week is there within three seconds, the reading included; what is left of them, but this at least."""
NOTES = 3
"""So many sessions that are left as they are are named."""
MOST_WEEKS = 6
"""So many weeks are repaired in one step; a longer leave is not known well enough so far ahead."""


class RepairDialog(Dialog):
    """Asks what has happened, shows what it hits and how it can be mended, and does what is approved.

    ``change`` is what was done, ``words`` how it is told; None while nothing was approved.
    """

    def __init__(self, app: App, parent: QWidget | None, **given: Any) -> None:
        super().__init__(_("Repair the week"), "", parent, width=1000)
        self.app = app
        self.change: Change | None = None
        self.words = ""
        self.case: Case | None = None
        self.rooms: list[tuple[Mending, Placement, str]] = []
        """What stays at its time and only changes its room."""
        self._task: Task | None = None
        self._soon = QTimer(self, singleShot=True, interval=250)
        self._soon.timeout.connect(self.look)
        self.question = HappeningBar(app, given)
        self.question.changed.connect(self._soon.start)
        self.question.kind_changed.connect(lambda kind: self.reason.set_value(REASON_OF[kind]))
        self.body.addWidget(self.question)
        self.said = PlainLabel("", "strong", wrap=True)
        self.body.addWidget(self.said)
        self.notice = Banner("", "warning")
        self.notice.hide()
        self.body.addWidget(self.notice)
        self.stack = QStackedWidget()
        self.stack.setMinimumHeight(theme.size(270))
        for each in (Skeleton(6), self._nothing(), self._answer()):
            self.stack.addWidget(each)
        self.body.addWidget(self.stack, 1)
        self._foot()
        self.look()

    def happening(self) -> Happening | None:
        """Return what was said to have happened; None while something is missing."""
        return self.question.happening()

    # --- the answer's face ---

    def _nothing(self) -> QWidget:
        self.empty = QWidget()
        column(self.empty, 0)
        return self.empty

    def _say_nothing(self, icon: str, title: str, text: str = "") -> None:
        holder = self.empty.layout()
        assert holder is not None
        clear(holder)
        holder.addWidget(EmptyState(icon, title, text))
        self.stack.setCurrentIndex(1)

    def _answer(self) -> QWidget:
        holder = QWidget()
        line = row(holder, 3)
        heads = [_("When"), _("Whom"), _("What is done"), ""]
        self.table = HitTable(heads, self)
        line.addWidget(self.table, 3)
        self.side = OptionsPanel(self.choose)
        line.addWidget(self.side)
        self.table.selectionModel().currentRowChanged.connect(lambda *_rows: self._show_options())
        return holder

    def _foot(self) -> None:
        self.reason = CodeBox(choices_of(REASONS), required=True)
        self.reason.name(_("Why sessions are lost"))
        self.reason.set_value(REASON_OF[self.question.kind.value() or "therapist"])
        self.reason.setFixedWidth(theme.size(190))
        self.reason_label = PlainLabel(_("Lost sessions are noted as"), tone="muted")
        self.buttons.insertWidget(0, self.reason_label)
        self.buttons.insertWidget(1, self.reason)
        self.back = Button(_("Back to the best"), "rotate-ccw", "quiet", self._reset)
        self.buttons.insertWidget(3, self.back)
        self.approve_button = self.offer(_("Approve"), self.approve)

    # --- looking for repairs ---

    def look(self) -> None:
        """Look for the repairs of what has happened, beside the window."""
        if self._task is not None:
            self._task.cancel()
        self.case, self.rooms = None, []
        self._enable()
        asked = self.happening()
        if asked is None:
            self.said.setText("")
            self._say_nothing(
                "signpost", _("Please say what has happened"), _("Who is away, or what is closed, and when.")
            )
            return
        self.said.setText(_("Looking for repairs…"))
        self.stack.setCurrentIndex(0)

        def work(progress: Progress, cancelled: Callable[[], bool]) -> Case:
            return look_for(self.app, asked, progress, cancelled)

        self._task = self.app.tasks.run(work, self._found, self._failed, lambda _share, words: self.said.setText(words))

    def _failed(self, error: Exception) -> None:
        self._say_nothing("circle-alert", _("No repair could be worked out"))
        self.said.setText("")
        self.app.show_error(error)

    def _found(self, case: Case) -> None:
        self.case = case
        self._note()
        self.rooms = self._other_rooms()
        if not (case.rows or self.rooms):
            self.said.setText("")
            text = _("Nothing is to be done until {day}.").format(day=case.last.isoformat())
            self._say_nothing("circle-check", _("No booked session is hit"), text)
            self._enable()
            return
        self.stack.setCurrentIndex(2)
        self._show()
        self.table.selectRow(0)
        self.table.setFocus()

    def _note(self) -> None:
        """Say what is not seen here: what is left as it is, and that it goes on beyond the weeks that are looked at."""
        assert self.case is not None
        said = list(self.case.notes[:NOTES])
        if self.case.happening.last > self.case.last:
            words = _("Only the weeks until {day} are looked at; please repair what comes after nearer the time.")
            said.append(words.format(day=self.case.last.isoformat()))
        self.notice.setVisible(bool(said))
        if said:
            self.notice.tell("\n".join(said), "warning" if self.case.notes else "info")

    # --- showing ---

    def _show(self) -> None:
        assert self.case is not None
        self.rooms = self._other_rooms()
        clashes = {id(week): week.outcome().clashes for week in self.case.weeks}
        rows = [self._row(week, index, index in clashes[id(week)]) for week, index in self.case.rows]
        rows += [self._room_row(*each) for each in self.rooms]
        current = self.table.currentIndex().row()
        self.table.show_rows(rows)
        if 0 <= current < len(rows):
            self.table.selectRow(current)
        self.said.setText(self._summary())
        self._show_options()
        self._enable()

    def _other_rooms(self) -> list[tuple[Mending, Placement, str]]:
        weeks = self.case.weeks if self.case is not None else ()
        found = ((week, sorted(other_rooms(week, week.outcome()), key=_by_time)) for week in weeks)
        return [(week, *each) for week, several in found for each in several]

    def _row(self, week: Mending, index: int, clash: bool) -> tuple[str, ...]:
        struck, option = week.plan.hits[index], week.choices[index]
        wrong = _("cannot be together") if clash else _("others move") if option.moves else ""
        return self._when(week, struck.placement), hit_words(week, index), done_words(week, option), wrong

    def _room_row(self, week: Mending, placement: Placement, room: str) -> tuple[str, ...]:
        name = week.gathered.places.rooms[room].name
        words = _("→ another room: {room}").format(room=name)
        return self._when(week, placement), who_words(week, placement), words, ""

    def _when(self, week: Mending, placement: Placement) -> str:
        when = when_words(week.plan.problem, week.gathered.monday, placement)
        several = self.case is not None and len(self.case.weeks) > 1
        return f"{week.gathered.frame.days[placement.day]:%m-%d} {when}" if several else when

    def _summary(self) -> str:
        assert self.case is not None
        outcomes, count = self.case.outcomes(), len(self.case.rows)
        lost, moves = sum(len(each.lost) for each in outcomes), sum(len(each.moves) for each in outcomes)
        only = ngettext(
            "{n} session only changes its room, at its own time.",
            "{n} sessions only change their room, at their own time.", len(self.rooms),
        ).format(n=len(self.rooms))  # fmt: skip
        if not count:
            return only
        hit = ngettext("{n} session is hit:", "{n} sessions are hit:", count).format(n=count)
        grouped = sum(week.choices[index].kind == "group" for week, index in self.case.rows)
        words = outcome_words(lost, moves, count - lost, proven=self.case.proven, grouped=grouped)
        said = _("{hit} {outcome}").format(hit=hit, outcome=words)
        return _("{sentence} {more}").format(sentence=said, more=only) if self.rooms else said

    def _current(self) -> tuple[Mending, int] | None:
        """Return the current session: its week, and its number there."""
        number = self.table.currentIndex().row()
        return self.case.rows[number] if self.case is not None and 0 <= number < len(self.case.rows) else None

    def _show_options(self) -> None:
        current = self._current()
        if current is None:
            self.side.show_nothing()
        else:
            self.side.show_hit(*current)

    def _enable(self) -> None:
        outcomes = self.case.outcomes() if self.case is not None else []
        count = len(self.case.rows) + len(self.rooms) if self.case is not None else 0
        self.approve_button.setEnabled(bool(count) and not any(each.clashes for each in outcomes))
        self.back.setVisible(self.case is not None and self.case.changed)
        lost = any(each.lost for each in outcomes)
        self.reason.setVisible(lost)
        self.reason_label.setVisible(lost)
        self.approve_button.setText(
            ngettext("Approve {n} change", "Approve all {n} changes", count).format(n=count) if count else _("Approve")
        )

    # --- choosing ---

    def choose(self, week: Mending, index: int, option: Option) -> None:
        """Take an option for one session."""
        week.choose(index, option)
        self._show()

    def step(self, by: int) -> None:
        """Take the next or the former option of the current session."""
        if current := self._current():
            week, index = current
            options = week.options(index)
            self.choose(week, index, options[(options.index(week.choices[index]) + by) % len(options)])

    def pick(self, number: int) -> None:
        """Take the option of a number."""
        if current := self._current():
            week, index = current
            options = week.options(index)
            if 1 <= number <= len(options):
                self.choose(week, index, options[number - 1])

    def _reset(self) -> None:
        if self.case is not None:
            self.case.reset()
            self._show()

    def approve(self) -> None:
        """Do everything that is chosen, in one step."""
        if self.case is None or not self.approve_button.isEnabled():
            return
        try:
            with self.app.work() as work:
                self.change = approve(work, self.case.weeks, self.reason.value() or "other")
        except Refused as refusal:
            self.app.show_error(refusal)
            self.look()
            return
        self.words = _("Repaired: {what}").format(what=self._summary())
        self.accept()

    def done(self, result: int) -> None:
        if self._task is not None:
            self._task.cancel()
        super().done(result)


def look_for(app: App, asked: Happening, progress: Progress, cancelled: Callable[[], bool]) -> Case:
    """Find the repairs of every week that is touched, those in which nothing is hit among them."""
    found: list[Mending] = []
    notes: list[str] = []
    mondays = weeks_of(asked, app.today(), MOST_WEEKS)
    for number, monday in enumerate(mondays):
        if found and cancelled():
            break
        if number:
            words = _("Looking for repairs… week {n} of {all}").format(n=number + 1, all=len(mondays))
            progress(number / len(mondays), words)
        began = time.monotonic()
        with app.read() as reading:
            now = reading.now
            gathered = week_to_mend(reading, monday, asked)
            notes += left_alone(reading, monday, asked)
        found.append(mend(gathered, asked, now, seconds=max(SECONDS - (time.monotonic() - began), LEAST)))
    return Case(asked, found, notes)


def _by_time(pair: tuple[Placement, str]) -> tuple[int, int]:
    return pair[0].day, pair[0].start


class HitTable(RowsTable):
    """The hit sessions; left and right change what is done, a number takes that option, Enter approves all."""

    narrowest = 90

    def __init__(self, headings: list[str], dialog: RepairDialog) -> None:
        super().__init__(headings, (), name=_("Sessions that are hit"))
        self.dialog = dialog

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if event.key() in steps:
            self.dialog.step(steps[Qt.Key(event.key())])
        elif event.text().isdigit() and event.text() != "0":
            self.dialog.pick(int(event.text()))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.dialog.approve()
        else:
            super().keyPressEvent(event)
