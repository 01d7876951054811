"""The therapy week 康复周表: who treats whom, when and where — drawn, booked by dragging, told before it clashes."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from models.holidays import CalendarDay, missing_notice
from models.leave import StaffLeave
from models.scheduling.recurrence import week_of
from models.scheduling.week import Block, children_to_book, read_week
from models.therapies import THERAPIES, TREATED, short_name
from models.therapy import TherapySession
from resources import N_, _, ngettext
from ui.app import App
from ui.editors import CodeBox
from ui.pages import page
from ui.text import ElidedLabel
from ui.theme import theme
from ui.week import WeekGrid
from ui.widgets import Banner, Button, EmptyState, IconButton, Menu, MenuButton, Segmented, column, row
from views.booking_panel import BookingPanel, Draft
from views.session_panel import SessionPanel
from views.therapy_acts import WeekActs, at
from views.therapy_look import day_columns, minutes_of, staff_columns, tiles, week_span, weekday

BY = (("therapist", N_("Therapist")), ("room", N_("Room")), ("child", N_("Child")), ("day", N_("Whole day")))


@page(
    "therapy_week", N_("Therapy week"), area="rehabilitation", icon="calendar-days", needs=("TherapySession", "read"),
    order=10,
)  # fmt: skip
class TherapyCalendar(WeekActs):
    """The week by therapist, room or child, or one day with all therapists."""

    reads = (TherapySession, StaffLeave, CalendarDay)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.shown: set[str] = set()
        self.may_book = app.may("create", TherapySession)
        self._lay_out()
        self._keys()

    # --- building -----------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.tools.add(IconButton("chevron-left", _("Earlier"), lambda: self._page(-1)))
        self.tools.add(Button(_("Today"), on_click=self._today, keys="Ctrl+T"))
        self.tools.add(IconButton("chevron-right", _("Later"), lambda: self._page(1)))
        if self.may_book:
            self.tools.add(Button(_("Book"), "plus", "primary", self._book_at_cursor, tip=_("Book a session (N)")))
        self.tools.add(MenuButton("", self._menu, "ellipsis", "quiet", tip=_("More")))
        lines = self.column(2)
        lines.addWidget(self._bar())
        self.notice = Banner("", "info")
        self.notice.hide()
        lines.addWidget(self.notice)
        whole = row(None, 3)
        self.grid = self._grid()
        self.nobody = EmptyState(
            "calendar-x", _("Nobody to show yet"), _("Therapists, rooms and children appear here.")
        )
        self.nobody.hide()
        whole.addWidget(self.grid, 1)
        whole.addWidget(self.nobody, 1)
        self.side = QWidget()
        self.side.setFixedWidth(theme.size(324))
        self._side = column(self.side, 0)
        self.side.hide()
        whole.addWidget(self.side)
        lines.addLayout(whole, 1)

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
        return grid

    def _keys(self) -> None:
        for keys, act in (("Ctrl+Z", self.undo), ("Escape", self.close_side)):
            shortcut = QShortcut(QKeySequence(keys), self, act)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # --- reading ------------------------------------------------------------------------------------

    def reload(self) -> None:
        days = week_of(self.day)
        with self.app.read() as work:
            self.week = read_week(work, days[0], days[-1])
            self.entrusted = children_to_book(work)
        self.stale = False
        self.show_again()
        self._refresh_side()

    def show_again(self) -> None:
        if self.week is None:
            return
        choices = self._choices()
        self._fill_chooser(choices)
        days = self._days()
        key = self.who.get(self.by, "")
        if self.by == "day":
            columns = staff_columns(self.week, self.day, self.app.today(), choices)
            blocks = [block for block in self.week.blocks if block.starts_at.date() == self.day]
            shown = tiles(blocks, "day", self.app.now(), self.shown, key_of="therapist")
            days = [self.day]
        else:
            staff = key if self.by == "therapist" else ""
            columns = day_columns(self.week, days, self.app.today(), staff)
            blocks = self.week.of(self.by, key)
            shown = tiles(blocks, self.by, self.app.now(), self.shown)
        span, folds = week_span(days)
        self.grid.show_week(columns, shown, span=span, folds=folds)
        self.grid.setVisible(bool(choices))
        self.nobody.setVisible(not choices)
        self._say_where(blocks, days)
        if self.grid.current:
            self.grid.choose(self.grid.current)

    def _days(self) -> list[date]:
        """The days to show: the open ones, and closed ones on which something is booked."""
        assert self.week is not None
        whole = week_of(self.day)
        busy = {block.starts_at.date() for block in self.week.blocks}
        kinds = self.week.occupancy.days
        return [day for day in whole if day.weekday() < 5 or kinds[day].open or day in busy]

    def _choices(self) -> list[tuple[str, str]]:
        assert self.week is not None
        if self.by == "room":
            return list(self.week.rooms)
        if self.by == "child":
            return [(child.id, child.name) for child in self.entrusted]
        return list(self.week.therapists)

    def _fill_chooser(self, choices: list[tuple[str, str]]) -> None:
        known = [key for key, _name in choices]
        if self.who.get(self.by) not in known and known:
            self.who[self.by] = self._first_choice(known)
        for widget in (self.chooser, self.before, self.after):
            widget.setVisible(self.by != "day")
        self.chooser.box.choices = [(key, name, (name,)) for key, name in choices]
        self.chooser._fill(None)
        self.chooser.set_value(self.who.get(self.by))

    def _first_choice(self, known: list[str]) -> str:
        """Prefer the one with something booked in this week."""
        assert self.week is not None
        week, by = self.week, "therapist" if self.by == "day" else self.by
        return next((key for key in known if week.of(by, key)), known[0])

    def _say_where(self, blocks: list[Block], days: list[date]) -> None:
        held = [block for block in blocks if block.holds and (not self.shown or block.therapy in self.shown)]
        hours = sum((block.ends_at - block.starts_at).total_seconds() for block in held) / 3600
        words = ngettext("{n} session", "{n} sessions", len(held)).format(n=len(held))
        parts = [self._period(), words, _("{n} h").format(n=f"{hours:g}")]
        seen = [
            member.status
            for block in blocks
            for member in block.members
            if member.status not in ("booked", "cancelled")
        ]
        if seen:
            share = sum(status in TREATED for status in seen) / len(seen) * 100
            parts.append(_("attendance {n}%").format(n=f"{share:.0f}"))
        self.summary.setText(_(" · ").join(parts))
        unknown = missing_notice(days)
        self.notice.setVisible(bool(unknown))
        if unknown:
            self.notice.tell(_("The days off of {year} are not known yet: weekends are closed, festivals are only shown.").format(
                year=unknown[0]), "info")  # fmt: skip

    def _period(self) -> str:
        if self.by == "day":
            assert self.week is not None
            words = self.week.occupancy.days[self.day].words
            return " ".join(filter(None, (self.day.isoformat(), weekday(self.day), words)))
        days = week_of(self.day)
        return _("{first} to {last}").format(first=days[0].isoformat(), last=f"{days[-1]:%m-%d}")

    # --- going about --------------------------------------------------------------------------------

    def open(self, **target: Any) -> None:
        """Go to a day, and if named to a therapist, room or child there."""
        if target.get("day"):
            self.day = target["day"] if isinstance(target["day"], date) else date.fromisoformat(target["day"])
        for by in ("therapist", "room", "child"):
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
        if self.by != "day" and known:
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
            place = self.grid.columns[0].key if self.by == "day" else now.date().isoformat()
            self.grid.put_cursor(place, minutes_of(now) // 30 * 30)
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

    # --- choosing and booking -----------------------------------------------------------------------

    def _chosen(self, key: str) -> None:
        block = self.week.block(key) if self.week and key else None
        if block is None or not block.known:
            if not isinstance(self._side_widget(), BookingPanel):
                self.close_side()
            return
        panel = self._side_widget()
        if not isinstance(panel, SessionPanel):
            panel = SessionPanel(self.app, self)
            self._show_side(panel)
        panel.show_block(block)

    def _opened(self, key: str) -> None:
        self._chosen(key)
        panel = self._side_widget()
        if isinstance(panel, SessionPanel):
            panel.setFocus()

    def _keyed(self, key: str) -> None:
        block = self.week.block(self.grid.current) if self.week and self.grid.current else None
        if key == "N":
            self._book_at_cursor()
        elif block and block.known and self.may_book:
            self._chosen(block.key)
            panel = self._side_widget()
            if isinstance(panel, SessionPanel):
                acts = {"A": panel.attend, "D": panel.done, "C": panel.cancel, "DELETE": panel.cancel}
                acts.get(key, lambda: None)()

    def _drafted(self, place: str, start: int, end: int) -> None:
        day, therapist = self._meant(place)
        own = {self.by: self.who.get(self.by, "")}
        self._book(Draft(
            at(day, start), at(day, end), therapist or own.get("therapist", ""), own.get("room", ""),
            tuple(filter(None, (own.get("child", ""),))),
        ))  # fmt: skip

    def _book_at_cursor(self) -> None:
        if not self.may_book or not self.grid.columns:
            return
        place, minute = self.grid.cursor_place()
        self._drafted(place, minute, minute + 30)

    def _book(self, draft: Draft) -> None:
        panel = BookingPanel(self.app, self)
        self._show_side(panel)
        panel.begin(draft)

    def make_up(self, child_id: str, therapy: str, therapist_id: str, minutes: int, missed_id: str) -> None:
        """Begin to book a session that makes up for a missed one."""
        place, minute = self.grid.cursor_place()
        day, _staff = self._meant(place)
        day = max(day, self.app.today())
        begin = at(day, minute)
        self._book(Draft(begin, begin + timedelta(minutes=minutes), therapist_id, "", (child_id,), therapy, missed_id))

    # --- the side -----------------------------------------------------------------------------------

    def _side_widget(self) -> QWidget | None:
        item = self._side.itemAt(0)
        return item.widget() if item else None

    def _refresh_side(self) -> None:
        panel = self._side_widget()
        if isinstance(panel, SessionPanel) and self.week is not None:
            block = self.week.block_of(panel.session_id)
            if block is None:
                self.close_side()
            else:
                panel.refresh(block)

    def _show_side(self, panel: QWidget) -> None:
        self._drop_side()
        self._side.addWidget(panel)
        self.side.show()

    def _drop_side(self) -> None:
        widget = self._side_widget()
        if isinstance(widget, SessionPanel):
            widget.keep()
        if widget:
            self._side.removeWidget(widget)
            widget.hide()
            widget.deleteLater()

    def close_side(self) -> None:
        """Close the panel at the side."""
        if self._side_widget():
            self._drop_side()
            self.side.hide()
            self.grid.choose("")
            self.grid.setFocus()

    # --- the menu -----------------------------------------------------------------------------------

    def _menu(self, menu: Menu) -> None:
        menu.head(_("Keyboard"), _("N book · Space pick up and lay down · D done · A attendance · C cancel"))
        menu.add(_("Attendance of a half day…"), self._attendance, "list-checks")
        if self.may_book:
            menu.add(_("Copy this week…"), self._copy_week, "copy")
            menu.add(_("Undo"), self.undo, "undo-2", keys="Ctrl+Z")
        if self.app.may("create", StaffLeave):
            menu.addSeparator()
            menu.add(_("Enter leave…"), self._leave, "plane")
        if self.app.may("create", CalendarDay):
            menu.add(_("Close or open a day…"), self._calendar_day, "calendar-check")
