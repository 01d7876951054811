"""My day 我的一天: a therapist's own day as one calm list, done from the keyboard, printed with one key."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, cast

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QWidget

from models.home_programme import HomeProgramme, ProgrammeTick
from models.leave import StaffLeave
from models.my_day import Gap, MyDay, my_day
from models.precautions import Precaution
from models.rehabilitation import RehabilitationGoal, RehabilitationPlan
from models.scheduling.booking import Change
from models.therapy import TherapySession
from models.therapy_timetables import Asked
from resources import N_, _, ngettext
from ui.app import App
from ui.pages import page
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import (
    Banner,
    Button,
    EmptyState,
    Flow,
    IconButton,
    KeyHint,
    Menu,
    MenuButton,
    Scroll,
    clear,
    column,
    row,
    rule,
)
from views.my_day_acts import DayActs
from views.my_day_card import ChildCard, NextCard, OwedCard
from views.my_day_rows import DayRow, GapRow, TakenRow
from views.session_panel import SessionPanel
from views.therapy_look import weekday
from views.therapy_prints import save_calendar, show_paper

SIDE = 332


@page(
    "my_day", N_("My day"), area="today", icon="calendar-check", needs=("TherapySession", "edit"), order=-10, roles=("therapist",),
)  # fmt: skip
class MyDayPage(DayActs):
    """Today's sessions of the therapist who is signed in."""

    reads = (
        TherapySession, StaffLeave, RehabilitationPlan, RehabilitationGoal, HomeProgramme, ProgrammeTick, Precaution,
    )  # fmt: skip

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.day = app.today()
        self.shown: MyDay | None = None
        self.panel: SessionPanel | None = None
        self._last: Change | None = None
        self._lay_out()
        self.clock = QTimer(self, interval=60_000)
        self.clock.timeout.connect(self._tick)
        self.clock.start()

    # --- building ---------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.tools.add(IconButton("chevron-left", _("The day before"), lambda: self._go(-1), keys="Ctrl+Left"))
        self.tools.add(Button(_("Today"), on_click=self._today, keys="Ctrl+T"))
        self.tools.add(IconButton("chevron-right", _("The next day"), lambda: self._go(1), keys="Ctrl+Right"))
        self.tools.add(IconButton("printer", _("Print the day"), self.print_day, keys="Ctrl+P"))
        self.tools.add(MenuButton("", self._menu, "ellipsis", "quiet", tip=_("More")))
        lines = self.column(2)
        self.summary = PlainLabel("", tone="muted", wrap=True)
        lines.addWidget(self.summary)
        self.notice = Banner("", "info")
        self.notice.hide()
        lines.addWidget(self.notice)
        middle = row(None, 4)
        self.sheet = Scroll(0)
        middle.addWidget(self.sheet, 1)
        self.side = QWidget()
        self.side.setFixedWidth(theme.size(SIDE))
        self._side = column(self.side, 3)
        middle.addWidget(self.side)
        lines.addLayout(middle, 1)
        lines.addWidget(self._hints())
        shortcut = QShortcut(QKeySequence("Escape"), self, self.close_side)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _hints(self) -> QWidget:
        holder = QWidget()
        flow = Flow(holder, 2)
        for keys, words in (
            ("↑ ↓", _("go")), ("D", _("done")), ("Shift+D", _("whole group")), ("L", _("late, + − minutes")), ("A 1–8", _("absent, and why")),
            ("Enter", _("session note")), ("Ctrl+P", _("print")),
        ):  # fmt: skip
            flow.addWidget(KeyHint(keys))
            flow.addWidget(PlainLabel(words, "caption"))
        return holder

    def heading(self) -> str:
        return _("My day, {weekday} {day}").format(weekday=weekday(self.day), day=self.day.isoformat())

    # --- reading ------------------------------------------------------------------------------------

    def reload(self) -> None:
        staff = self.app.actor.staff_id
        if not staff:
            self._show_nobody()
            return
        with self.app.read() as work:
            self.shown = my_day(work, staff, self.day)
        self.stale = False
        self._show()

    def open(self, **target: Any) -> None:
        """Go to a day, and to a session on it."""
        if target.get("day"):
            self.day = date.fromisoformat(str(target["day"]))
        self.current = str(target.get("session_id", "")) or self.current
        self.reload()

    def place(self) -> dict[str, Any]:
        return {"day": self.day.isoformat(), "session_id": self.current}

    def leave(self) -> bool:
        if self.panel is not None:
            self.panel.keep()
        return True

    def save(self) -> None:
        if self.panel is not None:
            self.panel.save()

    def _go(self, step: int) -> None:
        self.go_to(self.day + timedelta(days=step))

    def _today(self) -> None:
        self.go_to(self.app.today())

    def go_to(self, day: date) -> None:
        """Show another day."""
        self.leave()
        self.day, self.current = day, ""
        self._drop_panel()
        self.app.go("my_day", day=day.isoformat())
        if self.shown is None or self.shown.day != day:
            self.reload()

    def _tick(self) -> None:
        if self.isVisible() and self.panel is None:
            self.reload()

    # --- drawing ------------------------------------------------------------------------------------

    def _show_nobody(self) -> None:
        clear(self.sheet.body)
        words = _("Your account is not linked to a member of staff, so there are no sessions of your own.")
        self.sheet.body.addWidget(EmptyState("user-round", _("Whose day?"), words))
        self.side.hide()

    def _show(self) -> None:
        assert self.shown is not None
        day = self.shown
        self.summary.setText(_summary(day, self.app.today()))
        said = [_("Leave: {kind}").format(kind=day.away)] if day.away else []
        said += [day.kind.words] if day.kind.words else []
        self.notice.tell(_(" · ").join(said), "info")
        self.notice.setVisible(bool(said))
        keep, had_focus = self.sheet.verticalScrollBar().value(), isinstance(self.focusWidget(), DayRow)
        self.rows = []  # before the old ones go: each hands the focus on to the next, and none of that counts
        clear(self.sheet.body)
        self._fill(day)
        self.sheet.body.addStretch(1)
        self._choose_first()
        self._show_side()
        self._mark_current()
        if had_focus:
            self.focus_current()
        QTimer.singleShot(0, self.sheet, lambda: self._settle(keep))

    def _settle(self, keep: int) -> None:
        """Stay where the list was scrolled to, as far as the chosen session is in sight."""
        self.sheet.verticalScrollBar().setValue(keep)
        found = self.row_of(self.current)
        if found is not None:
            self.sheet.ensureWidgetVisible(found, 0, theme.size(48))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self.focus_current)

    def _fill(self, day: MyDay) -> None:
        body = self.sheet.body
        if not day.sittings:
            words = _("Nothing is booked for you on this day.")
            body.addWidget(EmptyState("calendar-check", _("No sessions"), words))
        times = self._when(day)
        for line in day.lines():
            if isinstance(line, Gap):
                body.addWidget(GapRow(line))
                body.addWidget(rule())
                continue
            for number, child in enumerate(line.children):
                made = DayRow(self.app, line, child, self.app.now(), times.get(line.block.key, ""), first=number == 0)
                made.stepped.connect(self.step)
                made.keyed.connect(self.key)
                made.entered.connect(self._entered)
                made.clicked.connect(lambda made=made: self.open_note(made))
                self.rows.append(made)
                body.addWidget(made)
            if not line.children:
                body.addWidget(TakenRow(line))
            body.addWidget(rule())

    def _when(self, day: MyDay) -> dict[str, str]:
        """Mark the sitting that runs now, and the one that is next."""
        now = self.app.now()
        if day.day != now.date():
            return {}
        running = [each.block for each in day.sittings if each.block.starts_at <= now < each.block.ends_at]
        coming = [each.block for each in day.sittings if each.block.starts_at > now]
        found = {block.key: _("next") for block in coming[:1]}
        return found | {block.key: _("now") for block in running}

    def _choose_first(self) -> None:
        """Stay with the session that was chosen; else begin with the first that is not recorded."""
        if any(each.child.member.session_id == self.current for each in self.rows):
            return
        marked = [each for each in self.rows if each.when and each.child.member.status == "booked"]
        waiting = [each for each in self.rows if each.child.member.status == "booked"]
        first = next(iter(marked or waiting or self.rows), None)
        self.current = first.child.member.session_id if first else ""

    def row_of(self, session_id: str) -> DayRow | None:
        """Return the row of a session."""
        return next((each for each in self.rows if each.child.member.session_id == session_id), None)

    def focus_current(self) -> None:
        """Put the keyboard on the chosen session, unless a note is being written."""
        found = self.row_of(self.current) if self.panel is None else None
        if found is not None:
            found.setFocus(Qt.FocusReason.OtherFocusReason)
            self.sheet.ensureWidgetVisible(found)

    def _mark_current(self) -> None:
        for each in self.rows:
            each.mark(each.child.member.session_id == self.current)

    def _entered(self, row_: DayRow) -> None:
        if row_ not in self.rows:
            return
        self.current = row_.child.member.session_id
        self._mark_current()
        self.sheet.ensureWidgetVisible(row_)
        if self.panel is None:
            self._show_side()

    # --- the side -------------------------------------------------------------------------------------

    def _show_side(self) -> None:
        if self.panel is not None:
            self._refresh_panel()
            return
        assert self.shown is not None
        clear(self._side)
        found = self.row_of(self.current)
        scroll = Scroll(3)
        if found is not None:
            scroll.body.addWidget(ChildCard(self.app, found.sitting, found.child))
        if self.shown.owed:
            scroll.body.addWidget(OwedCard(self.shown.owed, lambda: self.app.go("waiting_lists", which="makeup")))
        scroll.body.addWidget(NextCard(self.shown, self.go_to))
        scroll.body.addStretch(1)
        self._side.addWidget(scroll, 1)
        self.side.show()

    # --- the session note: what the panel asks of its host -------------------------------------------

    def open_note(self, row_: DayRow) -> None:
        """Open the note of a session beside the list."""
        self.current = row_.child.member.session_id
        if self.panel is None:
            clear(self._side)
            self.panel = SessionPanel(self.app, cast(Any, self))
            self._side.addWidget(self.panel, 1)
        self.panel.session_id = self.current
        self.panel.show_block(row_.sitting.block)
        self.panel.setFocus()

    def _refresh_panel(self) -> None:
        assert self.panel is not None
        found = self.row_of(self.panel.session_id)
        if found is None:
            self.close_side()
        else:
            self.panel.refresh(found.sitting.block)

    def close_side(self) -> None:
        """Close the session's note and go back to the list, or give up asking for a reason."""
        if self.panel is None:
            for each in self.rows:
                each.ask_reason(False)
            return
        self.panel.keep()
        self._drop_panel()
        self._show_side()
        self.focus_current()

    def _drop_panel(self) -> None:
        if self.panel is not None:
            self.panel = None
            clear(self._side)

    def make_up(self, child_id: str, therapy: str, therapist_id: str, minutes: int, missed_id: str) -> None:
        """Go where a make-up is booked."""
        self.app.go("therapy_week", day=self.app.today().isoformat(), child_id=child_id)

    # --- taking it along ------------------------------------------------------------------------------

    def print_day(self) -> None:
        """Show the day on paper before it is printed."""
        staff = self.app.actor.staff_id
        if staff and self.app.may("print", TherapySession):
            show_paper(self.app, "therapist_day", Asked(self.day, (staff,)), self.app.actor.name)

    def _menu(self, menu: Menu) -> None:
        staff = self.app.actor.staff_id or ""
        menu.add(_("Print the day"), self.print_day, "printer", keys="Ctrl+P")
        menu.add(_("Attendance of a half day…"), self._attendance, "list-checks")
        menu.add(
            _("My week"),
            lambda: self.app.go("therapy_week", day=self.day.isoformat(), therapist_id=staff),
            "calendar-days",
        )
        if staff and self.app.may("export", TherapySession):
            menu.add(_("Calendar file (ICS)…"), lambda: save_calendar(self.app, staff, self.day), "calendar-plus")

    def _attendance(self) -> None:
        self.app.go("attendance", day=self.day.isoformat(), therapist_id=self.app.actor.staff_id or "")


def _summary(day: MyDay, today: date) -> str:
    count = len(day.sittings)
    said = [ngettext("{n} session", "{n} sessions", count).format(n=count)]
    if day.waiting and day.day <= today:
        said.append(_("{n} not recorded yet").format(n=day.waiting))
    if day.unsigned:
        said.append(_("{n} to sign").format(n=day.unsigned))
    return _(" · ").join(said)
