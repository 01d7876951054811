"""Repair 调课: what has happened, every session it hits with what can be done, one approval, one undo."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from models.core.errors import Refused
from models.core.fields import Field
from models.core.queries import values
from models.leave import PARTS, StaffLeave
from models.scheduling.change import Change
from models.scheduling.approving import approve
from models.scheduling.hit_leaves import hit_leaves
from models.scheduling.mending import KINDS, REASON_OF, Happening, Mending, mend, week_to_mend
from models.scheduling.places import places
from models.scheduling.reason_words import Speaker, move_words
from models.scheduling.recurrence import week_of
from models.scheduling.repair_words import outcome_words
from models.scheduling.week import children_to_book, therapists
from models.therapies import REASONS, short_name
from models.therapy import TherapySession
from resources import N_, _, ngettext
from ui.dialog import Dialog
from ui.editors import CodeBox, DateEdit
from ui.editors.choices import choices_of
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import Banner, Button, Clickable, EmptyState, KeyHint, Scroll, Skeleton, Symbol, clear, column, row
from views.act_history import history_of
from views.planner_look import when_words

if TYPE_CHECKING:
    from models.scheduling.problem import Placement
    from models.scheduling.repair import Option
    from ui.app import App
    from ui.tasks import Task

SECONDS, LEAST = 2.7, 1.0
"""A repair is there within three seconds, the reading of the week included; what is left of them, but this at least."""


class RepairDialog(Dialog):
    """Asks what has happened, shows what it hits and how it can be mended, and does what is approved.

    ``change`` is what was done, ``words`` how it is told; None while nothing was approved.
    """

    def __init__(self, app: App, parent: QWidget | None, **given: Any) -> None:
        super().__init__(_("Repair the week"), "", parent, width=1000)
        self.app = app
        self.change: Change | None = None
        self.words = ""
        self.mending: Mending | None = None
        self._task: Task | None = None
        self._soon = QTimer(self, singleShot=True, interval=250)
        self._soon.timeout.connect(self.look)
        self._read_choices()
        self.body.addLayout(self._question(given))
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

    # --- asking ---

    def _read_choices(self) -> None:
        with self.app.read() as work:
            found = places(work)
            self.people = {
                "therapist": [(key, name) for key, name in therapists(work)],
                "child": [(child.id, child.name) for child in children_to_book(work)],
                "room": [(room.id, room.name) for room in found.rooms.values()],
                "equipment": [(tool.id, tool.name) for tool in found.tools.values()],
                "day": [],
            }

    def _question(self, given: dict[str, Any]) -> Any:
        line = row(None, 2)
        self.kind = CodeBox(choices_of(KINDS), required=True)
        self.whom = CodeBox([], required=True)
        today = self.app.today()
        self.first = DateEdit(Field(N_("From"), "date"), self.app.now)
        self.last = DateEdit(Field(N_("Until"), "date"), self.app.now)
        self.part = CodeBox(choices_of(PARTS), required=True)
        self.first.set_value(given.get("first") or today)
        self.last.set_value(given.get("last") or given.get("first") or today)
        self.part.set_value(given.get("part") or "day")
        self.kind.set_value(given.get("kind") or "therapist")
        self._fill_whom(given.get("whom"))
        named = (
            (self.kind, _("What has happened"), 190), (self.whom, _("Who or what"), 190), (self.first, _("From"), 130),
            (self.last, _("Until"), 130), (self.part, _("Part of the day"), 140),
        )  # fmt: skip
        for editor, name, width in named:
            editor.name(name)
            editor.setFixedWidth(theme.size(width))
            holder = column(None, 0)
            holder.addWidget(PlainLabel(name, "caption", tone="muted"))
            holder.addWidget(editor)
            line.addLayout(holder)
            editor.changed.connect(self._asked if editor is not self.kind else self._kind_chosen)
        line.addStretch(1)
        return line

    def _fill_whom(self, value: str | None) -> None:
        known = self.people[self.kind.value() or "therapist"]
        self.whom.box.choices = [(key, name, (name,)) for key, name in known]
        self.whom._fill(None)
        self.whom.setEnabled(bool(known))
        self.whom.set_value(value)

    def _kind_chosen(self) -> None:
        self._fill_whom(None)
        self.reason.set_value(REASON_OF[self.kind.value() or "therapist"])
        self._asked()

    def _asked(self) -> None:
        self._soon.start()

    def happening(self) -> Happening | None:
        """Return what was said to have happened; None while something is missing."""
        kind, whom = self.kind.value(), self.whom.value()
        first, last = self.first.value(), self.last.value()
        if not kind or not first or not last or last < first or (kind != "day" and not whom):
            return None
        return Happening(kind, whom or "", first, last, self.part.value() or "day")

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
        self.side = Scroll(2)
        self.side.setFixedWidth(theme.size(350))
        line.addWidget(self.side)
        self.table.selectionModel().currentRowChanged.connect(lambda *_rows: self._show_options())
        return holder

    def _foot(self) -> None:
        self.reason = CodeBox(choices_of(REASONS), required=True)
        self.reason.name(_("Why sessions are lost"))
        self.reason.set_value(REASON_OF[self.kind.value() or "therapist"])
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
        self.mending = None
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

        def work(_progress: object, _cancelled: object) -> Mending:
            began = time.monotonic()
            with self.app.read() as reading:
                now = reading.now
                gathered = week_to_mend(reading, week_of(max(asked.first, now.date()))[0], asked)
            return mend(gathered, asked, now, seconds=max(SECONDS - (time.monotonic() - began), LEAST))

        self._task = self.app.tasks.run(work, self._found, self._failed)

    def _failed(self, error: Exception) -> None:
        self._say_nothing("circle-alert", _("No repair could be worked out"))
        self.said.setText("")
        self.app.show_error(error)

    def _found(self, mending: Mending) -> None:
        self.mending = mending
        self._note()
        if not mending.plan.hits:
            self.said.setText("")
            week = _("the week of {day}").format(day=mending.gathered.monday.isoformat())
            self._say_nothing(
                "circle-check", _("No booked session is hit"), _("Nothing is to be done in {week}.").format(week=week)
            )
            self._enable()
            return
        self.stack.setCurrentIndex(2)
        self._show()
        self.table.selectRow(0)
        self.table.setFocus()

    def _note(self) -> None:
        """Say what is not seen here: that the leave goes on into other weeks, or is not entered yet."""
        assert self.mending is not None
        happening, sunday = self.mending.happening, self.mending.gathered.frame.last
        words = []
        if happening.last > sunday:
            words.append(
                _("Only the week until {day} is shown; what comes after is repaired week by week.").format(
                    day=sunday.isoformat()
                )
            )
        self.notice.setVisible(bool(words))
        if words:
            self.notice.tell("\n".join(words), "info")

    # --- showing ---

    def _show(self) -> None:
        assert self.mending is not None
        plan, outcome = self.mending.plan, self.mending.outcome()
        names, problem = self.mending.gathered.names, self.mending.gathered.problem
        rows = []
        for index, struck in enumerate(plan.hits):
            option = self.mending.choices[index]
            whom = names.get(struck.child) or self._who(struck.placement)
            wrong = _("cannot be together") if index in outcome.clashes else _("others move") if option.moves else ""
            rows.append(
                (when_words(problem, self.mending.gathered.monday, struck.placement), whom, self._done(option), wrong)
            )
        current = self.table.currentIndex().row()
        self.table.show_rows(rows)
        if 0 <= current < len(rows):
            self.table.selectRow(current)
        self.said.setText(self._summary())
        self._show_options()
        self._enable()

    def _who(self, placement: Placement) -> str:
        """Name whose session it is and what it is, also of those that were booked beside the plan."""
        assert self.mending is not None
        gathered = self.mending.gathered
        sitting = gathered.sittings[gathered.session_of[placement]]
        names = [gathered.names.get(child, _("another child")) for child in sitting.children]
        who = _(", ").join(names[:2])
        if len(names) > 2:
            who = _("{first} and {n} more").format(first=who, n=len(names) - 2)
        return f"{who} · {short_name(sitting.therapy)}"

    def _done(self, option: Option) -> str:
        """Say shortly what is done: the new day and time, the therapist where it is another, or that it is made up."""
        assert self.mending is not None
        gathered = self.mending.gathered
        if option.place is None:
            return _("made up later")
        when = when_words(gathered.problem, gathered.monday, option.place)
        who = gathered.names.get(option.place.therapist, "") if option.place.therapist != option.old.therapist else ""
        group = _("into a group") if option.kind == "group" else ""
        return " ".join(filter(None, ("→", group, when, who)))

    def _summary(self) -> str:
        assert self.mending is not None
        plan, outcome = self.mending.plan, self.mending.outcome()
        hit = ngettext("{n} session is hit:", "{n} sessions are hit:", len(plan.hits)).format(n=len(plan.hits))
        placed = len(plan.hits) - len(outcome.lost)
        words = outcome_words(
            len(outcome.lost), len(outcome.moves), placed, proven=plan.proven and not self.mending.changed
        )
        return _("{hit} {outcome}").format(hit=hit, outcome=words)

    def _show_options(self) -> None:
        clear(self.side.body)
        index = self.table.currentIndex().row()
        if self.mending is None or not 0 <= index < len(self.mending.plan.hits):
            return
        mending, outcome = self.mending, self.mending.outcome()
        struck, names = mending.plan.hits[index], mending.gathered.names
        self.side.body.addWidget(
            PlainLabel(names.get(struck.child) or self._who(struck.placement), "heading", wrap=True)
        )
        for number, option in enumerate(mending.options(index), 1):
            self.side.body.addWidget(self._option(index, number, option))
        if index in outcome.clashes:
            text = _("This does not go together with another choice. Please choose otherwise here or there.")
            self.side.body.addWidget(Banner(text, "danger"))
        if outcome.moves:
            self._tell_moves(outcome.moves)
        self.side.body.addStretch(1)

    def _option(self, index: int, number: int, option: Option) -> QWidget:
        assert self.mending is not None
        mending = self.mending
        taken = mending.choices[index] == option
        words = option.words(mending.plan.problem, mending.gathered.names)
        holder = Clickable(words, partial(self.choose, index, option))
        line = row(holder, 2, 1)
        top = Qt.AlignmentFlag.AlignTop
        line.addWidget(Symbol("circle-dot" if taken else "circle", "accent" if taken else "muted"), 0, top)
        text = column(None, 0)
        text.addWidget(PlainLabel(words, "strong" if taken else "body", wrap=True))
        if option == mending.best[index]:
            text.addWidget(PlainLabel(_("part of the best repair of all"), "caption", tone="good"))
        line.addLayout(text, 1)
        line.addWidget(KeyHint(str(number)), 0, top)
        return holder

    def _tell_moves(self, moves: Any) -> None:
        assert self.mending is not None
        problem, names = self.mending.plan.problem, self.mending.gathered.names
        self.side.body.addWidget(PlainLabel(_("What else moves"), "caption", tone="muted"))
        speaker = Speaker(names, problem.grid)
        for each in moves:
            line = row(None, 2)
            line.addWidget(Symbol("arrow-left-right", "warning"), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(PlainLabel(move_words(each, problem, speaker), wrap=True), 1)
            self.side.body.addLayout(line)

    def _enable(self) -> None:
        ready = self.mending is not None and bool(self.mending.plan.hits)
        outcome = self.mending.outcome() if self.mending is not None and ready else None
        self.approve_button.setEnabled(outcome is not None and not outcome.clashes)
        self.back.setVisible(self.mending is not None and self.mending.changed)
        lost = outcome is not None and bool(outcome.lost)
        self.reason.setVisible(lost)
        self.reason_label.setVisible(lost)
        count = len(self.mending.plan.hits) if self.mending is not None else 0
        self.approve_button.setText(
            ngettext("Approve {n} change", "Approve all {n} changes", count).format(n=count) if ready else _("Approve")
        )

    # --- choosing ---

    def choose(self, index: int, option: Option) -> None:
        """Take an option for one session."""
        if self.mending is not None:
            self.mending.choose(index, option)
            self._show()

    def step(self, by: int) -> None:
        """Take the next or the former option of the current session."""
        index = self.table.currentIndex().row()
        if self.mending is not None and 0 <= index < len(self.mending.plan.hits):
            options = self.mending.options(index)
            here = options.index(self.mending.choices[index])
            self.choose(index, options[(here + by) % len(options)])

    def pick(self, number: int) -> None:
        """Take the option of a number."""
        index = self.table.currentIndex().row()
        if self.mending is not None and 0 <= index < len(self.mending.plan.hits):
            options = self.mending.options(index)
            if 1 <= number <= len(options):
                self.choose(index, options[number - 1])

    def _reset(self) -> None:
        if self.mending is not None:
            self.mending.reset()
            self._show()

    def approve(self) -> None:
        """Do everything that is chosen, in one step."""
        if self.mending is None or not self.approve_button.isEnabled():
            return
        try:
            with self.app.work() as work:
                self.change = approve(work, [self.mending], self.reason.value() or "other")
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


def repair(app: App, parent: QWidget | None, **given: Any) -> Change | None:
    """Show the dialog for what has happened; tell what was done, with the way back."""
    dialog = RepairDialog(app, parent, **given)
    dialog.exec()
    done, words = dialog.change, dialog.words
    again = dialog.mending.happening if dialog.mending else None
    sunday = dialog.mending.gathered.frame.last if dialog.mending else None
    dialog.deleteLater()
    if done is not None:
        history_of(app).add(words, done)
        app.notify(words, undo=partial(history_of(app).undo, app))
        if again is not None and sunday is not None and again.last > sunday:
            given = {
                "kind": again.kind,
                "whom": again.whom,
                "first": sunday + timedelta(days=1),
                "last": again.last,
                "part": again.part,
            }
            return repair(app, parent, **given) or done
    return done


def repair_leave(app: App, parent: QWidget | None, leave_id: str) -> Change | None:
    """Offer to repair what a leave hits, right after it was entered."""
    with app.read() as work:
        leave = values(work, StaffLeave, leave_id)
    return repair(
        app, parent, kind="therapist", whom=leave["staff_id"], first=leave["starts_on"], last=leave["ends_on"], part=leave["part"]
    )  # fmt: skip


def repair_fresh_leaves(app: App, parent: QWidget | None, since: datetime) -> None:
    """Offer to mend what the leaves entered since a moment hit."""
    if not app.may("create", TherapySession):
        return
    with app.read() as work:
        found = hit_leaves(work, since)
    for each in found:
        repair_leave(app, parent, each.leave_id)
