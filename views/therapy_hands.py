"""Hands on the therapy week 课表动手: what a chosen block is given to do, by key, by menu and beside the week."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from models.scheduling.booking import Change
from models.scheduling.proposal import PROPOSED
from models.scheduling.week import Block
from resources import _, ngettext
from ui.widgets import Menu, clear
from views.booking_panel import BookingPanel, Draft
from views.session_panel import SessionPanel
from views.therapy_acts import WeekActs, at, fixed_words
from views.therapy_keys import WeekKeysDialog
from views.therapy_look import group_name, minutes_of, weekday


class WeekHands(WeekActs):
    """Choosing, booking and changing; what is shown is told by ``WeekShow``."""

    may_book: bool
    side: QWidget
    _side: QVBoxLayout
    sentence: QVBoxLayout
    line: QWidget | None

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
        acts = {"M": self._ask_join, "X": self._ask_split, "L": self.lock, "S": self.change_series}
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
        menu.add(_("Change the series…"), partial(self.change_series, block), "repeat", keys="S").setEnabled(block.open)

    def change_series(self, block: Block) -> None:
        """Change this session, this and the following, or all of its series, each judged first."""
        from views.series_dialog import SeriesDialog

        dialog = SeriesDialog(self.app, block, self)
        dialog.exec()
        change = dialog.change
        dialog.deleteLater()
        if change:
            count = len(change.before)
            words = ngettext("{n} session of the series changed", "{n} sessions of the series changed", count)
            self._booked(change, words.format(n=count))

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

    # --- the menu -----------------------------------------------------------------------------------

    def _history_lines(self, menu: Menu) -> None:
        """Name what would be undone and what would be done again."""
        for acts, words, named, act, symbol, keys in (
            (self.history.done, _("Undo"), _("Undo: {what}"), self.undo, "undo-2", "Ctrl+Z"),
            (self.history.undone, _("Redo"), _("Redo: {what}"), self.redo, "redo-2", "Ctrl+Y"),
        ):
            line = menu.add(named.format(what=acts[-1][0]) if acts else words, act, symbol, keys=keys)
            line.setEnabled(bool(acts))
