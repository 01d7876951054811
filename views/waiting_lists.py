"""Waiting and making up 等候与补课: who waits for which therapy and why, what is still to be made up, and where it fits."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFontMetrics, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QStackedWidget, QWidget

from models.core.errors import Refused, Unconfirmed
from models.scheduling import booking
from models.scheduling import change as changes
from models.scheduling.booking import Wish
from models.scheduling.change import Change
from models.scheduling.lists import Suggestion, ToMakeUp, Waiting, makeup_list, waiting_list
from models.scheduling.recurrence import week_of
from models.therapies import REASONS, THERAPIES, short_name
from models.therapy import TherapySession
from resources import N_, _, ngettext
from ui.dialog import confirm
from ui.pages import Page, page
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import (
    Button,
    Chip,
    Clickable,
    EmptyState,
    IconButton,
    KeyHint,
    Scroll,
    Segmented,
    Skeleton,
    Symbol,
    clear,
    column,
    row,
)
from views.planner_waiting import PRIORITIES
from views.therapy_look import weekday

if TYPE_CHECKING:
    from ui.app import App
    from ui.tasks import Task

LOOK_BACK = 60
"""Days back over which missed sessions are listed."""


@page(
    "waiting_lists", N_("Waiting and make-up"), area="rehabilitation", icon="hourglass", needs=("TherapySession", "read"),
    order=13,
)  # fmt: skip
class WaitingLists(Page):
    """The waiting list of a week, and the make-up list of the home."""

    reads = (TherapySession,)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        # At the weekend the week that comes is the one that can still be changed.
        self.monday = week_of(app.today() + timedelta(days=2))[0]
        self.which = "waiting"
        self.waits: list[Waiting] = []
        self.owed: list[ToMakeUp] = []
        self._task: Task | None = None
        self._acts: list[tuple[str, Change]] = []
        self._build()

    def _build(self) -> None:
        self.back = IconButton("chevron-left", _("The week before"), partial(self._turn, -1))
        self.period = PlainLabel("", "strong")
        widest = _("{first} to {last}").format(first="2026-00-00", last="00-00")
        self.period.setMinimumWidth(QFontMetrics(theme.font("strong")).horizontalAdvance(widest))
        self.forth = IconButton("chevron-right", _("The next week"), partial(self._turn, 1))
        for widget in self._turning():
            self.tools.add(widget)
        if self.app.may("create", TherapySession):
            self.tools.add(Button(_("Plan the week"), "wand", on_click=self._plan))
        lines = self.column(3)
        bar = row(None, 3)
        options = [("waiting", _("Waiting list")), ("makeup", _("To be made up"))]
        self.bar = Segmented(options, self._choose, value=self.which, name=_("Which list"))
        bar.addWidget(self.bar)
        bar.addStretch(1)
        self.count = PlainLabel("", tone="muted")
        bar.addWidget(self.count)
        lines.addLayout(bar)
        self.stack = QStackedWidget()
        self.empty = QWidget()
        column(self.empty, 0)
        for each in (Skeleton(8), self.empty, self._lists()):
            self.stack.addWidget(each)
        lines.addWidget(self.stack, 1)

    def event(self, event: QEvent) -> bool:
        """Take Ctrl+Z before the window does: there it knows only the message at the foot."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_undo(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if _is_undo(event):
            self.undo()
        else:
            super().keyPressEvent(event)

    def _turning(self) -> tuple[QWidget, ...]:
        return self.back, self.period, self.forth

    def _lists(self) -> QWidget:
        holder = QWidget()
        line = row(holder, 3)
        self.tables = QStackedWidget()
        heads = [_("Child"), _("Therapy"), _("Sessions"), _("Priority"), _("Waiting since"), _("Why")]
        self.waiting_table = RowsTable(heads, (), (), lambda _row: self._first_deed(), name=_("Waiting list"))
        # Where it can be made up stands before what is past: a narrow window scrolls the rest.
        heads = [_("Child"), _("Therapy"), _("Free place"), _("Make up by"), _("Missed on"), _("Reason")]
        self.makeup_table = MakeUpTable(heads, self)
        for table in (self.waiting_table, self.makeup_table):
            table.narrowest = 96
            self.tables.addWidget(table)
            table.selectionModel().currentRowChanged.connect(lambda *_rows: self._tell())
        line.addWidget(self.tables, 1)
        self.side = Scroll(2)
        self.side.setFixedWidth(theme.size(296))
        line.addWidget(self.side)
        return holder

    # --- reading ---

    def reload(self) -> None:
        self.stale = False
        sunday = self.monday + timedelta(days=6)
        self.period.setText(_("{first} to {last}").format(first=self.monday.isoformat(), last=f"{sunday:%m-%d}"))
        if not self.waits and not self.owed:
            self.stack.setCurrentIndex(0)
        monday, since = self.monday, self.app.today() - timedelta(days=LOOK_BACK)

        def ask(_progress: object, _cancelled: object) -> tuple[date, list[Waiting], list[ToMakeUp]]:
            with self.app.read() as work:
                return monday, waiting_list(work, monday), makeup_list(work, since)

        self._task = self.app.tasks.run(ask, self._arrived)

    def _arrived(self, read: tuple[date, list[Waiting], list[ToMakeUp]]) -> None:
        monday, self.waits, self.owed = read
        if monday == self.monday:
            self._show()

    def _show(self) -> None:
        waiting = self.which == "waiting"
        for widget in self._turning():
            widget.setVisible(waiting)
        count = sum(each.missing for each in self.waits) if waiting else len(self.owed)
        self.count.setText(
            ngettext("{n} session waits", "{n} sessions wait", count).format(n=count) if waiting
            else ngettext("{n} session to be made up", "{n} sessions to be made up", count).format(n=count)
        )  # fmt: skip
        if not count:
            self._show_empty()
            return
        self.stack.setCurrentIndex(2)
        table = self.waiting_table if waiting else self.makeup_table
        self.tables.setCurrentWidget(table)
        line = max(table.currentIndex().row(), 0)
        rows = [_waiting_row(each) for each in self.waits] if waiting else [
            _makeup_row(each, self.app.today()) for each in self.owed
        ]  # fmt: skip
        table.show_rows(rows)
        table.selectRow(min(line, len(rows) - 1))
        self._tell()

    def _show_empty(self) -> None:
        holder = self.empty.layout()
        assert holder is not None
        clear(holder)
        if self.which == "waiting":
            state = EmptyState(
                "circle-check", _("Nobody waits"), _("Every session prescribed for this week has its place.")
            )
        else:
            state = EmptyState(
                "circle-check", _("Nothing is to be made up"), _("Missed sessions appear here until they are made up.")
            )
        holder.addWidget(state)
        self.stack.setCurrentIndex(1)

    # --- beside the list ---

    def _tell(self) -> None:
        clear(self.side.body)
        if self.which == "waiting" and self.current_wait() is not None:
            self._tell_wait(self.current_wait())
        elif self.which == "makeup" and self.current_owed() is not None:
            self._tell_owed(self.current_owed())
        self.side.body.addStretch(1)

    def current_wait(self) -> Waiting | None:
        """Return the chosen line of the waiting list."""
        line = self.waiting_table.currentIndex().row()
        return self.waits[line] if 0 <= line < len(self.waits) else None

    def current_owed(self) -> ToMakeUp | None:
        """Return the chosen line of the make-up list."""
        line = self.makeup_table.currentIndex().row()
        return self.owed[line] if 0 <= line < len(self.owed) else None

    def _head(self, child: str, child_id: str, chip: Chip | None) -> None:
        head = row(None, 2)
        head.addWidget(PlainLabel(child or _("another child"), "heading", wrap=True), 1)
        if chip is not None:
            head.addWidget(chip)
        head.addWidget(
            IconButton(
                "user-round", _("Open the child's file"), partial(self.app.open_child, child_id, "rehabilitation")
            )
        )
        self.side.body.addLayout(head)

    def _tell_wait(self, each: Waiting | None) -> None:
        assert each is not None
        words, tone = PRIORITIES[each.priority]
        self._head(each.child, each.child_id, Chip(_(words), tone))
        text = _("{therapy}: {placed} of {wanted} sessions have a place.").format(
            therapy=THERAPIES.label(each.therapy), placed=each.placed, wanted=each.wanted
        )
        self.side.body.addWidget(PlainLabel(text, wrap=True))
        weeks = (self.monday - each.since).days // 7 + 1
        self.side.body.addWidget(PlainLabel(
            ngettext("Waiting for {n} week.", "Waiting for {n} weeks.", weeks).format(n=weeks), tone="muted", wrap=True))  # fmt: skip
        reason = each.reason or _("The week was not planned yet; planning it says why.")
        self.side.body.addWidget(PlainLabel(reason, wrap=True, selectable=True))
        if self.app.may("create", TherapySession):
            line = row(None, 2)
            line.addWidget(Button(_("Plan the week"), "wand", "primary", self._plan))
            line.addStretch(1)
            self.side.body.addLayout(line)

    def _tell_owed(self, each: ToMakeUp | None) -> None:
        assert each is not None
        late = each.due < self.app.today()
        self._head(each.child, each.child_id, Chip(_("overdue"), "danger") if late else None)
        text = _("{therapy}, {minutes} min with {therapist}").format(
            therapy=THERAPIES.label(each.therapy), minutes=each.minutes, therapist=each.therapist
        )
        self.side.body.addWidget(PlainLabel(text, wrap=True))
        if not each.suggestions:
            words = _("No free place was found in this week or the next. Book it by hand in the therapy week.")
            self.side.body.addWidget(PlainLabel(words, tone="muted", wrap=True))
        else:
            self.side.body.addWidget(PlainLabel(_("Free places, press its number to book"), "caption", tone="muted"))
        for number, place in enumerate(each.suggestions, 1):
            self.side.body.addWidget(self._place(number, each, place))
        line = row(None, 2)
        target = {"day": self.app.today().isoformat(), "child_id": each.child_id}
        line.addWidget(
            Button(_("Therapy week"), "calendar-days", "quiet", lambda: self.app.go("therapy_week", **target))
        )
        line.addStretch(1)
        self.side.body.addLayout(line)

    def _place(self, number: int, each: ToMakeUp, place: Suggestion) -> QWidget:
        words = place_words(place)
        holder = Clickable(words, partial(self.book, each, place))
        line = row(holder, 2, 1)
        line.addWidget(Symbol("calendar-plus", "accent"))
        text = column(None, 0)
        text.addWidget(PlainLabel(words, "strong" if number == 1 else "body", wrap=True))
        text.addWidget(PlainLabel(_("the same therapist") if place.usual else place.therapist, "caption", tone="muted"))
        line.addLayout(text, 1)
        line.addWidget(KeyHint("Enter" if number == 1 else str(number)))
        return holder

    # --- acting ---

    def book_number(self, number: int) -> None:
        """Book the chosen missed session at one of its free places."""
        each = self.current_owed()
        if each is not None and 1 <= number <= len(each.suggestions):
            self.book(each, each.suggestions[number - 1])

    def book(self, each: ToMakeUp, place: Suggestion, *, confirmed: bool = False) -> None:
        """Book the session that makes up for a missed one."""
        if not self.app.may("create", TherapySession):
            return
        wish = Wish(
            (each.child_id,),
            each.therapy,
            place.therapist_id,
            place.starts_at,
            place.ends_at,
            makes_up_id=each.session_id,
        )
        try:
            with self.app.work() as work:
                done = booking.book(work, wish, confirmed=confirmed)
        except Unconfirmed as doubts:
            text = "\n".join(problem.message for problem in doubts.problems)
            if confirm(self, _("Book it all the same?"), text, _("All the same")):
                self.book(each, place, confirmed=True)
            return
        except Refused as refusal:
            self.app.show_error(refusal)
            self.reload()
            return
        words = _("{child}: made up on {when}").format(child=each.child, when=place_words(place))
        self._acts.append((words, done))
        self.app.notify(words, undo=self.undo)
        self.reload()

    def undo(self) -> None:
        """Take the last booking back."""
        if not self._acts:
            return
        words, done = self._acts.pop()
        try:
            with self.app.work() as work:
                changes.undo(work, done)
        except Refused as refusal:
            self.app.show_error(refusal)
        else:
            self.app.notify(_("Taken back: {what}").format(what=words))
        self.reload()

    def _first_deed(self) -> None:
        if self.app.may("create", TherapySession):
            self._plan()

    def _plan(self) -> None:
        self.app.go("planner", day=self.monday.isoformat())

    # --- going about ---

    def open(self, **target: Any) -> None:
        """Show a list (``which``), or the week of a day."""
        if target.get("day"):
            self.monday = week_of(date.fromisoformat(str(target["day"])))[0]
        if target.get("which") in ("waiting", "makeup"):
            self.which = target["which"]
            self.bar.set_value(self.which)
        self.reload()

    def place(self) -> dict[str, Any]:
        return {"day": self.monday.isoformat(), "which": self.which}

    def _choose(self, which: str) -> None:
        self.which = which
        self._show()

    def _turn(self, step: int) -> None:
        self.monday += timedelta(days=7 * step)
        self.reload()


class MakeUpTable(RowsTable):
    """The make-up list; Enter books the first free place, a number another one."""

    def __init__(self, headings: list[str], lists: WaitingLists) -> None:
        super().__init__(headings, (), (), lambda _row: lists.book_number(1), name=_("To be made up"))
        self.lists = lists

    def keyPressEvent(self, event: Any) -> None:
        if event.text() in ("1", "2", "3"):
            self.lists.book_number(int(event.text()))
        else:
            super().keyPressEvent(event)


def _is_undo(event: QKeyEvent) -> bool:
    return QKeySequence(event.keyCombination()).toString() == "Ctrl+Z"


def place_words(place: Suggestion) -> str:
    """Say when a free place is."""
    return f"{weekday(place.starts_at.date())} {place.starts_at:%m-%d %H:%M}–{place.ends_at:%H:%M}"


def _waiting_row(each: Waiting) -> tuple[str, ...]:
    short = each.reason.split("：")[-1].split(": ")[-1] if each.reason else ""
    return (
        each.child, short_name(each.therapy) or each.therapy, _("{n} of {all}").format(n=each.missing, all=each.wanted),
        _(PRIORITIES[each.priority][0]), each.since.isoformat(), short,
    )  # fmt: skip


def _makeup_row(each: ToMakeUp, today: date) -> tuple[str, ...]:
    due = f"{each.due:%m-%d}"
    return (
        each.child, short_name(each.therapy) or each.therapy,
        place_words(each.suggestions[0]).split("–")[0] if each.suggestions else _("none"),
        _("{day}, overdue").format(day=due) if each.due < today else due, f"{each.missed_at:%m-%d %H:%M}",
        REASONS.label(each.reason),
    )  # fmt: skip
