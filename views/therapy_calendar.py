"""The therapy week 康复周表: who treats whom, when and where — drawn, booked by dragging, told before it clashes."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from models.holidays import CalendarDay
from models.leave import StaffLeave
from models.rooms import Room
from models.scheduling.proposal import Proposal
from models.scheduling.recurrence import week_of
from models.scheduling.week_plan import WeekPlan
from models.staff import Staff
from models.therapies import THERAPIES, short_name
from models.therapy import TherapySession
from resources import N_, _
from ui.app import App
from ui.editors import CodeBox
from ui.pages import page
from ui.text import ElidedLabel
from ui.theme import theme
from ui.week import WeekGrid
from ui.widgets import Banner, Button, IconButton, Menu, MenuButton, Segmented, column, row
from views.booking_panel import BookingPanel
from views.session_panel import SessionPanel
from views.therapy_legend import Legend
from views.therapy_look import group_name, minutes_of
from views.therapy_prints import offer_papers
from views.therapy_show import PEOPLE, WeekShow

BY = (
    ("therapist", N_("Therapist")), ("room", N_("Room")), ("child", N_("Child")), ("group", N_("Groups")),
    ("day", N_("Whole day")), ("department", N_("Department")),
)  # fmt: skip
LISTEN = 20_000
"""Every so many milliseconds it is asked whether another workstation has changed the week."""


@page(
    "therapy_week", N_("Therapy week"), area="rehabilitation", icon="calendar-days", needs=("TherapySession", "read"),
    order=10,
)  # fmt: skip
class TherapyCalendar(WeekShow):
    """The week by therapist, room, child or group, one day with all therapists, or a whole department's week."""

    reads = (TherapySession, StaffLeave, CalendarDay, WeekPlan, Staff, Room)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.shown: set[str] = set()
        self.may_book = app.may("create", TherapySession)
        self._pulse: tuple[int, int] | None = None
        self._asking = False
        self.proposal = Proposal()
        self.line: QWidget | None = None
        self._lay_out()
        self._listener = QTimer(self, interval=LISTEN)
        self._listener.timeout.connect(self.ask_for_changes)
        self._listener.start()

    # --- building -----------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.tools.add(IconButton("chevron-left", _("Earlier"), lambda: self._page(-1)))
        self.tools.add(Button(_("Today"), on_click=self._today, keys="Ctrl+T"))
        self.tools.add(IconButton("chevron-right", _("Later"), lambda: self._page(1)))
        if self.may_book:
            self.tools.add(Button(_("Book"), "plus", "primary", self._book_at_cursor, tip=_("Book a session (N)")))
            self.tools.add(IconButton("pen-line", _("Book with one sentence (/)"), self.write))
        self.tools.add(IconButton("keyboard", _("Keys and signs (?)"), self.show_keys))
        self.tools.add(MenuButton("", self._menu, "ellipsis", "quiet", tip=_("More")))
        lines = self.column(2)
        lines.addWidget(self._bar())
        self.sentence = column(None, 0)
        lines.addLayout(self.sentence)
        self.notice = Banner("", "info")
        self.notice.hide()
        lines.addWidget(self.notice)
        whole = row(None, 3)
        self.grid = self._grid()
        self.nobody = QWidget()
        self._nobody = column(self.nobody, 0)
        self.nobody.hide()
        whole.addWidget(self.grid, 1)
        whole.addWidget(self.nobody, 1)
        self.side = QWidget()
        self.side.setFixedWidth(theme.size(324))
        self._side = column(self.side, 0)
        self.side.hide()
        whole.addWidget(self.side)
        lines.addLayout(whole, 1)
        self.legend = Legend()
        lines.addWidget(self.legend)

    def _bar(self) -> QWidget:
        bar = QWidget()
        line = row(bar, 2)
        options = [(key, _(words)) for key, words in BY]
        self.by_bar = Segmented(options, self._set_by, value=self.by, name=_("Show by"))
        line.addWidget(self.by_bar)
        self.chooser = CodeBox([], required=True)
        self.chooser.name(_("Whose week"))
        self.chooser.setFixedWidth(theme.size(150))
        self.chooser.changed.connect(self._who_chosen)
        self.before = IconButton("chevron-up", _("The one before"), lambda: self._next_who(-1), keys="Ctrl+Up")
        self.after = IconButton("chevron-down", _("The next one"), lambda: self._next_who(1), keys="Ctrl+Down")
        for widget in (self.chooser, self.before, self.after):
            line.addWidget(widget)
        self.filter = MenuButton(_("All therapies"), self._filter_menu, "list-filter", "quiet")
        line.addWidget(self.filter)
        self.overlay = Button(_("Proposed"), "eye", "quiet", self.show_again)
        self.overlay.setCheckable(True)
        self.overlay.setChecked(True)
        self.overlay.hide()
        line.addWidget(self.overlay)
        self.summary = ElidedLabel("", tone="muted")
        self.summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self.summary, 1)
        return bar

    def _grid(self) -> WeekGrid:
        grid = WeekGrid()
        grid.setAccessibleName(_("Therapy week"))
        grid.judge = self.judge
        grid.bookable = self.may_book
        grid.fold_words = _("Midday")
        grid.minute_now = lambda: minutes_of(self.app.now())
        grid.chosen.connect(self._chosen)
        grid.opened.connect(self._opened)
        grid.drafted.connect(self._drafted)
        grid.moved.connect(self._moved)
        grid.refused.connect(self.app.notify)
        grid.keyed.connect(self._keyed)
        grid.paged.connect(self._page)
        grid.join = self._join_verdict
        grid.joined.connect(self._joined)
        grid.fixed.connect(self._say_fixed)
        grid.asked.connect(self._block_menu)
        grid.zoomed.connect(lambda zoom: self.app.settings.set(self._zoom_name(), zoom))
        return grid

    # --- going about --------------------------------------------------------------------------------

    def open(self, **target: Any) -> None:
        """Go to a day, and if named to a therapist, room or child there."""
        if target.get("day"):
            self.day = target["day"] if isinstance(target["day"], date) else date.fromisoformat(target["day"])
        for by in ("therapist", "room", "child", "group"):
            if target.get(f"{by}_id"):
                self.by, self.who[by] = by, target[f"{by}_id"]
        if target.get("by") in dict(BY):
            self.by = target["by"]
        self.by_bar.set_value(self.by)
        self.reload()

    def place(self) -> dict[str, Any]:
        return {"day": self.day.isoformat(), "by": self.by, f"{self.by}_id": self.who.get(self.by, "")}

    def new(self) -> None:
        self._book_at_cursor()

    def save(self) -> None:
        widget = self._side_widget()
        if isinstance(widget, SessionPanel | BookingPanel):
            widget.save()

    def showEvent(self, event: QShowEvent) -> None:
        """Let the keys work at once: the cursor stands in the week, unless somebody is writing."""
        super().showEvent(event)
        if self.line is None and not event.spontaneous():
            QTimer.singleShot(0, self, self._take_focus)

    def _take_focus(self) -> None:
        writing = isinstance(QApplication.focusWidget(), QLineEdit | QPlainTextEdit)
        if self.grid.isVisible() and self.window().isActiveWindow() and not writing and not self._side_widget():
            self.grid.setFocus()

    def leave(self) -> bool:
        widget = self._side_widget()
        if isinstance(widget, SessionPanel):
            widget.keep()
        return True

    def _set_by(self, by: str) -> None:
        self.by = by
        self.close_side()
        self.show_again()

    def _who_chosen(self) -> None:
        self.who[self.by] = self.chooser.value() or ""
        self.close_side()
        self.show_again()

    def _next_who(self, step: int) -> None:
        known = [key for key, _name in self._choices()]
        if self.by not in PEOPLE and known:
            at = known.index(self.who[self.by]) if self.who.get(self.by) in known else 0
            self.who[self.by] = known[(at + step) % len(known)]
            self.close_side()
            self.show_again()

    def _page(self, step: int) -> None:
        self.go_to(self.day + timedelta(days=step * (1 if self.by == "day" else 7)))

    def _today(self) -> None:
        self.go_to(self.app.today())
        now = self.app.now()
        if now.date() in week_of(self.day) and self.grid.columns:
            place = self.grid.columns[0].key if self.by in PEOPLE else now.date().isoformat()
            minute = self._minute_of_week() if self.by == "department" else minutes_of(now)
            self.grid.put_cursor(place, minute // 30 * 30)
        self.grid.setFocus()

    def go_to(self, day: date) -> None:
        """Show the week, or the day, of a date."""
        self.day = day
        self.close_side()
        self.reload()

    def _filter_menu(self, menu: Menu) -> None:
        menu.add(_("All therapies"), self._show_all, checked=not self.shown)
        menu.addSeparator()
        for code in THERAPIES:
            menu.add(str(code), partial(self._toggle, code.code), checked=code.code in self.shown)

    def _show_all(self) -> None:
        self.shown = set()
        self._filtered()

    def _toggle(self, therapy: str) -> None:
        self.shown ^= {therapy}
        self._filtered()

    def _filtered(self) -> None:
        names = [short_name(code.code) for code in THERAPIES if code.code in self.shown]
        self.filter.setText(_(", ").join(names) if names else _("All therapies"))
        self.show_again()

    # --- the menu -----------------------------------------------------------------------------------

    def _menu(self, menu: Menu) -> None:
        block = self.chosen_block()
        if block:
            menu.head(group_name(block))
            self._block_lines(menu, block)
            menu.addSeparator()
        menu.add(_("Attendance of a half day…"), self._attendance, "list-checks")
        if self.may_book:
            menu.add(_("Copy this week…"), self._copy_week, "copy")
            menu.add(_("Book with one sentence…"), self.write, "pen-line", keys="/")
            menu.addSeparator()
            self._history_lines(menu)
        menu.addSeparator()
        offer_papers(menu, self.app, self.day, self.by, self.who.get(self.by, ""))
        menu.addSeparator()
        menu.add(_("Larger"), lambda: self.grid.zoom_by(1), "zoom-in", keys="Ctrl++")
        menu.add(_("Smaller"), lambda: self.grid.zoom_by(-1), "zoom-out", keys="Ctrl+-")
        menu.add(_("Keys and signs"), self.show_keys, "keyboard", keys="?")
        if self.app.may("create", StaffLeave):
            menu.addSeparator()
            menu.add(_("Enter leave…"), self._leave, "plane")
        if self.may_book:
            menu.add(_("Somebody is away, or something closed…"), self._repair, "bandage")
        if self.app.may("create", CalendarDay):
            menu.add(_("Close or open a day…"), self._calendar_day, "calendar-check")
