"""Attendance of a half day 签到: all present in one key, then the exceptions; recorded, countersigned and signed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from models.core.errors import Refused
from models.core.search import fold, text_of
from models.scheduling import booking
from models.scheduling.booking import Attendance, Change
from models.scheduling.countersign import witnesses
from models.scheduling.week import Block, read_week
from models.therapy import TherapySession
from resources import N_, _, ngettext
from ui.app import App
from ui.editors import CodeBox
from ui.pages import Page, page
from ui.text import ElidedLabel, PlainLabel
from ui.theme import theme
from ui.widgets import Button, EmptyState, Flow, IconButton, KeyHint, SearchBox, Segmented, column, row
from views.attendance_table import AttendanceTable, Line
from views.my_day_rows import reason_words
from views.therapy_look import weekday

EVERYONE = "everyone"
HALVES = (("morning", N_("Morning")), ("afternoon", N_("Afternoon")), ("day", N_("Whole day")))


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
        self._saved: Change | None = None
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
        self.chooser = CodeBox([], required=True)
        self.chooser.name(_("Therapist"))
        self.chooser.setFixedWidth(theme.size(150))
        self.chooser.changed.connect(self._set_staff)
        bar.addWidget(self.chooser)
        self.search = SearchBox(self._find, _("Find a child (/)"), delay=0)
        self.search.setFixedWidth(theme.size(170))
        self.search.returnPressed.connect(self._found)
        bar.addWidget(self.search)
        bar.addStretch(1)
        lines.addLayout(bar)
        self.table = AttendanceTable()
        self.table.altered.connect(self._count)
        self.table.sought.connect(self._seek)
        self.table.take_back_saved = self._take_back_saved
        back = QShortcut(QKeySequence("Escape"), self.search, self._found)
        back.setContext(Qt.ShortcutContext.WidgetShortcut)
        self._keys()
        self.empty = EmptyState(
            "calendar-x", _("No sessions"), _("Nothing is booked here; choose another day or therapist.")
        )
        lines.addWidget(self.table, 1)
        lines.addWidget(self.empty, 1)
        lines.addWidget(self._hints())
        lines.addLayout(self._foot())

    def _keys(self) -> None:
        """The keys of the three buttons; a button's own shortcut waits a moment before it acts, and typing does not."""
        for keys, act in (
            ("Ctrl+D", self.all_done), ("Ctrl+Return", self.save), ("Ctrl+Enter", self.save),
            ("Ctrl+Shift+Return", self.save_and_sign), ("Ctrl+Shift+Enter", self.save_and_sign),
        ):  # fmt: skip
            shortcut = QShortcut(QKeySequence(keys), self, act)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _hints(self) -> QWidget:
        """The keys; while a reason is asked for, the reasons stand in their place."""
        self.hints = QWidget()
        flow = Flow(self.hints, 3)
        for keys, words in (
            ("Ctrl+D", _("all others done")), ("/", _("find a child")), ("D", _("done")), ("L", _("late, + − minutes")),
            ("A 1–8", _("absent, and why")), ("Shift+A", _("absent from all of the child's")), ("Ctrl+Z", _("take back")),
            ("Ctrl+Enter", _("record all")),
        ):  # fmt: skip
            pair = QWidget()
            line = row(pair, 1)
            line.addWidget(KeyHint(keys))
            line.addWidget(PlainLabel(words, "caption"))
            flow.addWidget(pair)
        self.reasons = PlainLabel(reason_words(), tone="danger", wrap=True)
        self.reasons.hide()
        holder = QWidget()
        lines = column(holder, 0)
        lines.addWidget(self.hints)
        lines.addWidget(self.reasons)
        return holder

    def _foot(self) -> Any:
        foot = row(None, 2)
        self.rest = Button(
            _("All others done"), "check-check", on_click=self.all_done, tip=_("All others done (Ctrl+D)")
        )
        foot.addWidget(self.rest)
        self.count = ElidedLabel("", tone="muted")
        foot.addWidget(self.count, 1)
        self.witness = Button(_("Countersign…"), "user-round", "quiet", self.countersign)
        self.witness.setVisible(self.app.home is not None)
        foot.addWidget(self.witness)
        self.record = Button(_("Record"), "check", on_click=self.save, tip=_("Record (Ctrl+Enter)"))
        self.sign = Button(
            _("Record and sign"), "pen-line", "primary", self.save_and_sign, tip=_("Record and sign (Ctrl+Shift+Enter)")
        )
        foot.addWidget(self.record)
        foot.addWidget(self.sign)
        return foot

    # --- reading ------------------------------------------------------------------------------------

    def reload(self) -> None:
        with self.app.read() as work:
            week = read_week(work, self.day, self.day)
            blocks = [block for block in week.blocks if self._wanted(block, {key for key, _name in week.therapists})]
            lines = [
                Line(block, member) for block in blocks for member in block.members if member.status != "cancelled"
            ]
            signed = witnesses(work, [line.member.session_id for line in lines])
        self.stale = False
        for line in lines:
            line.witness = signed.get(line.member.session_id, "")
        everyone = (EVERYONE, _("All therapists"), ())
        self.chooser.box.choices = [everyone, *((key, name, (name,)) for key, name in week.therapists)]
        self.chooser._fill(None)
        self.chooser.set_value(self.staff_id if self.staff_id in dict(week.therapists) else EVERYONE)
        self._show(lines)

    def _wanted(self, block: Block, known: set[str]) -> bool:
        """Whether a sitting belongs to the half of the day and the therapist that were chosen."""
        noon = datetime.combine(self.day, datetime.min.time()) + timedelta(hours=12)
        mine = not self.staff_id or self.staff_id not in known or block.therapist_id == self.staff_id
        return mine and (self.half == "day" or (block.starts_at < noon) == (self.half == "morning"))

    def _show(self, lines: list[Line]) -> None:
        """Show the sessions read; what was chosen and is not saved yet stays, where nobody changed the session meanwhile."""
        chosen = {line.member.session_id: line for line in self.table.lines.lines if line.chosen}
        past, current = self.table.past, self.table.line()
        for line in lines:
            before = chosen.get(line.member.session_id)
            if before is not None and before.member.version == line.member.version and not line.member.signed:
                line.chosen = before.chosen
        self.table.show_lines(lines, current.member.session_id if current else "")
        if any(line.chosen for line in lines):
            self.table.past = _renewed(past, lines)
        self.table.setVisible(bool(lines))
        self.empty.setVisible(not lines)
        self.date.setText(f"{self.day.isoformat()} {weekday(self.day)}")
        self._count()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.table.setFocus()

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
        self._elsewhere()

    def _set_half(self, half: str) -> None:
        self.half = half
        self._elsewhere()

    def _set_staff(self) -> None:
        chosen = self.chooser.value()
        self.staff_id = "" if chosen in (None, EVERYONE) else chosen
        self._elsewhere()

    def _elsewhere(self) -> None:
        self.reload()
        self.table.setFocus()

    # --- finding ------------------------------------------------------------------------------------

    def _seek(self) -> None:
        self.search.clear()
        self.search.setFocus()

    def _find(self, text: str) -> None:
        """Go to the first line whose child's name or pinyin begins so; else to one that holds it."""
        wanted = fold(text)
        lines = self.table.lines.lines
        keys = [text_of([(line.member.name, "text")]).split() for line in lines] if wanted else []
        begins = [row_ for row_, words in enumerate(keys) if any(word.startswith(wanted) for word in words)]
        holds = [row_ for row_, words in enumerate(keys) if any(wanted in word for word in words)]
        if begins or holds:
            self.table.go_to((begins or holds)[0])

    def _found(self) -> None:
        self._find(self.search.text())
        self.table.setFocus()

    def _count(self) -> None:
        lines = self.table.lines.lines
        waiting = sum(line.status == "booked" for line in lines)
        words = _("{n} sessions, {m} not recorded yet").format(n=len(lines), m=waiting)
        unsaved = sum(line.chosen is not None for line in lines)
        if unsaved:
            words = _(" · ").join((words, _("{n} not saved").format(n=unsaved)))
        self.count.setText(words)
        asking = any(line.asks_reason for line in lines)
        self.hints.setVisible(not asking)
        self.reasons.setVisible(asking)
        self.rest.setEnabled(waiting > 0)
        self.record.setEnabled(any(line.chosen for line in lines))
        unsigned = any(not line.member.signed and line.status != "booked" for line in lines)
        self.sign.setEnabled(unsigned)

    # --- acting -------------------------------------------------------------------------------------

    def all_done(self) -> None:
        """Take everyone else who has begun as present."""
        now = self.app.now()
        self.table.choose_all(
            Attendance("done"),
            [line for line in self.table.lines.lines if line.status == "booked" and line.block.starts_at <= now],
        )
        self.table.setFocus()

    def countersign(self) -> None:
        """Let the carer countersign what is recorded here and not signed yet, by the own name and password."""
        from views.countersign_dialog import CountersignDialog

        if any(line.chosen for line in self.table.lines.lines):
            self.save()
        lines = self.table.lines.lines
        keys = [line.member.session_id for line in lines if line.status != "booked" and not line.member.signed]
        dialog = CountersignDialog(self.app, keys, self)
        if dialog.exec() and dialog.done_by:
            self.app.notify(dialog.words())
        dialog.deleteLater()
        self.reload()

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
        self._saved = None if signing else change
        for line in lines:
            line.chosen = None
        self._tell(change, signed, signing=signing)
        self.reload()

    def _tell(self, change: Change, signed: int, *, signing: bool) -> None:
        count = len(change.before)
        if signing:
            self.app.notify(ngettext("{n} session signed", "{n} sessions signed", signed).format(n=signed))
        elif count:
            words = ngettext("Attendance of {n} session recorded", "Attendance of {n} sessions recorded", count)
            self.app.notify(words.format(n=count), undo=lambda: self._undo(change))

    def _take_back_saved(self) -> None:
        """Take back the last saving, as long as nothing of it is signed."""
        if self._saved:
            self._undo(self._saved)

    def _undo(self, change: Change) -> None:
        self._saved = None
        try:
            with self.app.work() as work:
                booking.undo(work, change)
        except Refused as refusal:
            self.app.show_error(refusal)
        else:
            count = len(change.before)
            self.app.notify(ngettext("Taken back: {n} session", "Taken back: {n} sessions", count).format(n=count))
        self.reload()


def _renewed(
    past: list[list[tuple[Line, Attendance | None]]], lines: list[Line]
) -> list[list[tuple[Line, Attendance | None]]]:
    """Let what can be taken back speak of the lines as they were read again."""
    now = {line.member.session_id: line for line in lines}
    return [
        [(now[line.member.session_id], before) for line, before in act if line.member.session_id in now] for act in past
    ]
