"""The therapy week 康复周表: who treats whom, when and where — drawn, booked by dragging, told before it clashes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QWidget

from models.holidays import CalendarDay, missing_notice
from models.leave import StaffLeave
from models.scheduling.booking import Change
from models.scheduling.proposal import PROPOSED, proposed
from models.scheduling.recurrence import week_of
from models.scheduling.week import ALL, Block, children_to_book, of, pulse, read_week
from models.scheduling.week_plan import WeekPlan
from models.therapies import THERAPIES, TREATED, short_name
from models.therapy import TherapySession
from resources import N_, _, ngettext
from ui.app import App
from ui.editors import CodeBox
from ui.pages import page
from ui.text import ElidedLabel
from ui.theme import theme
from ui.week import WeekGrid
from ui.widgets import Banner, Button, EmptyState, IconButton, Menu, MenuButton, Segmented, clear, column, row
from views.booking_panel import BookingPanel, Draft
from views.session_panel import SessionPanel
from views.therapy_acts import WeekActs, at, fixed_words
from views.therapy_keys import WeekKeysDialog
from views.therapy_legend import Legend
from views.therapy_look import (
    DAY,
    as_proposed,
    day_columns,
    department_bands,
    department_folds,
    department_rows,
    department_tiles,
    group_name,
    minutes_of,
    staff_columns,
    therapy_marks,
    tiles,
    week_span,
    weekday,
)
from views.therapy_prints import offer_papers

BY = (
    ("therapist", N_("Therapist")), ("room", N_("Room")), ("child", N_("Child")), ("group", N_("Therapy group")),
    ("day", N_("Whole day")), ("department", N_("Department")),
)  # fmt: skip
PEOPLE = ("day", "department")
"""In these views each column or row is a therapist, and nobody is chosen."""
LISTEN = 20_000
"""Every so many milliseconds it is asked whether another workstation has changed the week."""


@page(
    "therapy_week", N_("Therapy week"), area="rehabilitation", icon="calendar-days", needs=("TherapySession", "read"),
    order=10,
)  # fmt: skip
class TherapyCalendar(WeekActs):
    """The week by therapist, room or child, or one day with all therapists."""

    reads = (TherapySession, StaffLeave, CalendarDay, WeekPlan)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.shown: set[str] = set()
        self.may_book = app.may("create", TherapySession)
        self._pulse: tuple[int, int] | None = None
        self._asking = False
        self.proposal: tuple[Block, ...] = ()
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
        self.overlay = Button(_("Show the proposal"), "sparkles", "quiet", self.show_again)
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

    # --- reading ------------------------------------------------------------------------------------

    def reload(self) -> None:
        days = week_of(self.day)
        with self.app.read() as work:
            self.week = read_week(work, days[0], days[-1])
            self.proposal = proposed(work, days[0], self.week)
            self.entrusted = children_to_book(work)
            self._pulse = pulse(work, days[0], days[-1])
        self.stale = False
        self.show_again()
        self._refresh_side()

    def show_again(self) -> None:
        if self.week is None:
            return
        choices = self._choices()
        self._fill_chooser(choices)
        self.overlay.setVisible(bool(self.proposal))
        self.days = [self.day] if self.by == "day" else self._days()
        self.grid.zoom = float(self.app.settings.get(self._zoom_name(), 1.0))
        show = self._show_department if self.by == "department" else self._show_columns
        blocks = show(choices)
        self.grid.setVisible(bool(choices))
        self.nobody.setVisible(not choices)
        self._say_where(blocks, self.days)
        if self.grid.current:
            self.grid.choose(self.grid.current)

    def _show_columns(self, choices: list[tuple[str, str]]) -> list[Block]:
        """Show days, or the therapists of one day, as columns."""
        assert self.week is not None
        key, now, today = self.who.get(self.by, ""), self.app.now(), self.app.today()
        if self.by == "day":
            columns = staff_columns(self.week, self.day, today, choices)
            blocks = [block for block in self.week.blocks if block.starts_at.date() == self.day]
            shown = tiles(blocks, "day", now, self.shown, key_of="therapist", marks=therapy_marks())
            planned = [block for block in self._proposed() if block.starts_at.date() == self.day]
            shown += as_proposed(tiles(planned, "day", now, self.shown, key_of="therapist"))
        else:
            columns = day_columns(self.week, self.days, today, key if self.by == "therapist" else "")
            blocks = self.week.of(self.by, key)
            shown = tiles(blocks, self.by, now, self.shown)
            shown += as_proposed(tiles(of(self._proposed(), self.by, key), self.by, now, self.shown))
        span, folds = week_span(self.days)
        self.grid.minute_now = lambda: minutes_of(self.app.now())
        self.grid.show_week(columns, shown, span=span, folds=folds)
        return blocks

    def _show_department(self, choices: list[tuple[str, str]]) -> list[Block]:
        """Show a row a therapist, with all days of the week side by side."""
        assert self.week is not None
        today, days = self.app.today(), self.days
        bands = department_bands(self.week, days, today)
        now, marks = self.app.now(), therapy_marks()
        shown = department_tiles(self.week.blocks, days, now, self.shown, marks)
        shown += as_proposed(department_tiles(self._proposed(), days, now, self.shown, marks))
        self.grid.minute_now = self._minute_of_week
        self.grid.show_week(
            department_rows(self.week, days, today, choices), shown, span=(bands[0].start, bands[-1].end),
            folds=department_folds(days, bands), bands=bands,
        )  # fmt: skip
        return list(self.week.blocks)

    def _proposed(self) -> tuple[Block, ...]:
        """What the proposal would book or move, as long as it is to be seen."""
        return self.proposal if self.overlay.isChecked() else ()

    def _minute_of_week(self) -> int:
        now = self.app.now()
        return self.days.index(now.date()) * DAY + minutes_of(now) if now.date() in self.days else -1

    def _zoom_name(self) -> str:
        return f"therapy_week.zoom.{self.by if self.by in PEOPLE else 'week'}"

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
        if self.by == "group":
            groups = [(block.group, group_name(block)) for block in self.week.groups]
            return [(ALL, _("All groups")), *groups] if groups else []
        return list(self.week.therapists)

    def _fill_chooser(self, choices: list[tuple[str, str]]) -> None:
        known = [key for key, _name in choices]
        if self.who.get(self.by) not in known and known:
            self.who[self.by] = self._first_choice(known)
        for widget in (self.chooser, self.before, self.after):
            widget.setVisible(self.by not in PEOPLE and bool(choices))
        self.chooser.box.choices = [(key, name, (name,)) for key, name in choices]
        self.chooser._fill(None)
        self.chooser.set_value(self.who.get(self.by))

    def _first_choice(self, known: list[str]) -> str:
        """Prefer the one with something booked in this week."""
        assert self.week is not None
        week, by = self.week, "therapist" if self.by in PEOPLE else self.by
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
        plain = {"N": self._book_at_cursor, "/": self.write, "?": self.show_keys}
        block = self.chosen_block()
        if key in plain:
            plain[key]()
        elif block and self.may_book:
            self._block_keyed(key, block)

    def _block_keyed(self, key: str, block: Block) -> None:
        acts = {"M": self._ask_join, "X": self._ask_split, "L": self.lock}
        if key in acts:
            acts[key](block)
            return
        self._chosen(block.key)
        panel = self._side_widget()
        if isinstance(panel, SessionPanel):
            session = {"A": panel.attend, "D": panel.done, "C": panel.cancel, "DELETE": panel.cancel}
            session.get(key, lambda: None)()

    def chosen_block(self) -> Block | None:
        """Return the sitting that is chosen, if the person may see whose it is."""
        block = self.week.block(self.grid.current) if self.week and self.grid.current else None
        return block if block and block.known else None

    def _ask_join(self, block: Block) -> None:
        """Offer the sittings it could join."""
        found = self.partners(block)
        if not found:
            words = fixed_words(block) or _("There is no other session of this therapy on show that it could join.")
            self.app.notify(words)
            return
        menu = Menu(self)
        menu.head(_("Join as a group with"))
        for each in found[:12]:
            day = f"{weekday(each.starts_at.date())} {each.starts_at:%m-%d %H:%M}"
            menu.add(f"{day}  {group_name(each)}  {each.therapist}", partial(self._joined, block.key, each.key))
        self._pop_up(menu, block)

    def _ask_split(self, block: Block) -> None:
        """Offer the children of a group to be taken out."""
        if block.size < 2 or not block.movable:
            self.app.notify(fixed_words(block) or _("The child is treated alone already."))
            return
        menu = Menu(self)
        menu.head(_("Take out of the group"), _("Then carry it with the arrows; Enter lays it down."))
        for member in block.members:
            menu.add(member.name, partial(self.take_out, block, member.session_id), "user-round")
        self._pop_up(menu, block)

    def _pop_up(self, menu: Menu, block: Block) -> None:
        tile = self.grid.tile(block.key)
        place = self.grid.place_of(tile.column, tile.start, tile.end).bottomLeft() if tile else QPoint()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.grid.viewport().mapToGlobal(place))
        menu.setActiveAction(next(each for each in menu.actions() if each.isEnabled()))

    def _say_fixed(self, key: str) -> None:
        block = self.week.block(key) if self.week else None
        if block and self.may_book:
            self.app.notify(fixed_words(block))
        elif key.startswith(PROPOSED):
            self.app.notify(_("Proposed, not yet published"))

    def _block_menu(self, key: str, place: QPoint) -> None:
        """Open what can be done with a block."""
        block = self.week.block(key) if self.week else None
        if block is None or not block.known:
            return
        self._chosen(key)
        menu = Menu(self)
        self._block_lines(menu, block)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _block_lines(self, menu: Menu, block: Block) -> None:
        menu.add(_("Open"), partial(self._opened, block.key), "panel-right", keys="Enter")
        if not self.may_book:
            return
        menu.add(_("Attended"), partial(self._block_keyed, "D", block), "check", keys="D")
        menu.add(_("Cancel session…"), partial(self._block_keyed, "C", block), "calendar-x", keys="C")
        menu.addSeparator()
        menu.add(_("Join as a group…"), partial(self._ask_join, block), "merge", keys="M").setEnabled(block.movable)
        if block.size > 1:
            menu.add(_("Take a child out…"), partial(self._ask_split, block), "split", keys="X").setEnabled(
                block.movable
            )
        words, symbol = (_("Unlock"), "lock-open") if block.locked else (_("Lock"), "lock")
        menu.add(words, partial(self.lock, block), symbol, keys="L").setEnabled(block.open)

    def _drafted(self, place: str, start: int, end: int) -> None:
        begin, finish, therapist = self._meant(place, start, end)
        own = {self.by: self.who.get(self.by, "")}
        self._book(Draft(
            begin, finish, therapist or own.get("therapist", ""), own.get("room", ""),
            tuple(filter(None, (own.get("child", ""),))),
        ))  # fmt: skip

    def _book_at_cursor(self) -> None:
        if not self.may_book or not self.grid.columns:
            return
        place, minute = self.grid.cursor_place()
        self._drafted(place, minute, minute + 30)

    def write(self) -> None:
        """Open the line in which one sentence books a session or a series."""
        from views.sentence_bar import SentenceBar

        if not self.may_book or self.week is None:
            return
        if self.line is None:
            self.line = SentenceBar(self.app, self)
            self.sentence.addWidget(self.line)
        self.line.setFocus()

    def written(self, change: Change, day: date, words: str) -> None:
        """Take over what a sentence has booked, and show the week in which it begins."""
        self.history.add(words, change)
        self.app.notify(words, undo=self.undo)
        self.day = day
        self.reload()
        if self.week and change.created:
            block = self.week.block_of(change.created[0])
            self.grid.choose(block.key if block else "")

    def stop_writing(self) -> None:
        """Close the line again."""
        clear(self.sentence)
        self.line = None
        self.grid.setFocus()

    def show_keys(self) -> None:
        """Show the keys of this page and what the signs on it mean."""
        dialog = WeekKeysDialog(self)
        dialog.exec()
        dialog.deleteLater()

    def _book(self, draft: Draft) -> None:
        panel = BookingPanel(self.app, self)
        self._show_side(panel)
        panel.begin(draft)

    def make_up(self, child_id: str, therapy: str, therapist_id: str, minutes: int, missed_id: str) -> None:
        """Begin to book a session that makes up for a missed one."""
        place, minute = self.grid.cursor_place()
        there, _end, _staff = self._meant(place, minute, minute + minutes)
        begin = at(max(there.date(), self.app.today()), minutes_of(there))
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

    # --- keys of the whole page ---------------------------------------------------------------------

    def _act_for(self, event: QKeyEvent) -> Callable[[], None] | None:
        """Return what a key does anywhere on the page."""
        keys = QKeySequence(event.keyCombination()).toString()
        return {
            "Ctrl+Z": self.undo, "Ctrl+Y": self.redo, "Ctrl+Shift+Z": self.redo, "F1": self.show_keys,
            "Esc": self.close_side,
        }.get(keys)  # fmt: skip

    def event(self, event: QEvent) -> bool:
        """Take the page's keys before the window does: there Ctrl+Z knows only the message at the foot."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._act_for(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        act = self._act_for(event)
        if act:
            act()
        elif event.text() in ("/", "?"):
            self._keyed(event.text())
        else:
            super().keyPressEvent(event)

    # --- what others do -----------------------------------------------------------------------------

    def ask_for_changes(self) -> None:
        """Ask beside the window whether another workstation has changed the week on show."""
        if self._asking or not self.isVisible() or self.week is None:
            return
        self._asking = True
        days, actor, database = week_of(self.day), self.app.actor, self.app.database

        def ask(_progress: Any, _cancelled: Any) -> tuple[date, tuple[int, int]]:
            with database.read(actor) as work:
                return days[0], pulse(work, days[0], days[-1])

        self.app.tasks.run(ask, self._heard, self._unheard)

    def _heard(self, answer: tuple[date, tuple[int, int]]) -> None:
        """Read the week again when it has changed, unless something is in hand; then only say so."""
        self._asking = False
        monday, found = answer
        if monday != week_of(self.day)[0] or found == self._pulse:
            return
        self._pulse = found
        if self.grid.busy():
            self.app.notify(_("Somebody else has changed this week; it is read again when you are done."))
            self._pulse = None
            return
        self.reload()
        self.app.notify(_("Somebody else has changed this week; it was read again."))

    def _unheard(self, _error: Exception) -> None:
        """Stay quiet when the store cannot be asked: the next act will say so."""
        self._asking = False

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
        if self.app.may("create", CalendarDay):
            menu.add(_("Close or open a day…"), self._calendar_day, "calendar-check")

    def _history_lines(self, menu: Menu) -> None:
        """Name what would be undone and what would be done again."""
        for acts, words, named, act, symbol, keys in (
            (self.history.done, _("Undo"), _("Undo: {what}"), self.undo, "undo-2", "Ctrl+Z"),
            (self.history.undone, _("Redo"), _("Redo: {what}"), self.redo, "redo-2", "Ctrl+Y"),
        ):
            line = menu.add(named.format(what=acts[-1][0]) if acts else words, act, symbol, keys=keys)
            line.setEnabled(bool(acts))
