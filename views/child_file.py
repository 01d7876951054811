"""The child's file 儿童档案: one screen from which everything of one child is seen and done.

The areas register their tabs (``ui.pages.child_tab``); every record type about a child that no tab shows is
found under its area by itself, so that nothing is out of reach.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QStackedWidget, QWidget

from models import child_file as files
from models.child import Child
from models.core.errors import Refused
from models.month import ChildOfMonth, Month
from models.period import month_title
from resources import N_, _
from ui import papers
from ui.app import App
from ui.form import RecordDialog
from ui.pages import AREAS, ChildTab, Page, child_tabs, page
from ui.text import restyle
from ui.theme import space
from ui.widgets import Banner, Button, EmptyState, Menu, MenuButton, column, row, rule
from views.child_head import FileHead
from views.child_overview import OverviewTab
from views.child_rail import Leaf, Rail
from views.child_records import AreaRecords
from views.child_timeline import TimelineTab
from views.form_papers import offer_forms
from views.paper_preview import show_paper_of

MOVES = ("Ctrl+Tab", "Ctrl+PgDown"), ("Ctrl+Shift+Tab", "Ctrl+PgUp")


@page("child", N_("Child's file"), area="child", icon="user-round", needs=("Child", "read"), order=5, menu=False)
class ChildFile(Page):
    """The file of one child."""

    bare = True

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.child_id, self.key = "", "overview"
        self.face: files.Face | None = None
        self._tabs: dict[str, ChildTab] = {}
        self._stale_tabs: set[str] = set()
        self._glass_end = QTimer(self, singleShot=True)
        self._glass_end.timeout.connect(self.reload)
        self._lay_out()
        self._keys()
        app.live.changed.connect(self._heard)

    # --- building ---

    def _lay_out(self) -> None:
        self.frame = QFrame()
        column(self, 0).addWidget(self.frame)
        whole = column(self.frame, 0)
        self.glass = Banner("", "danger")
        self.glass.hide()
        self.head = FileHead(self.app, self._tools(), self._go_child)
        self.rail = Rail(self._leaves(), self.show_tab)
        self.stack = QStackedWidget()
        self.nobody = EmptyState(
            "user-search", _("No child is open"), _("Find one by name, pinyin or number with Ctrl+K.")
        )
        whole.addWidget(self.glass)
        whole.addWidget(self.head)
        whole.addWidget(rule())
        self.body = QWidget()
        middle = row(self.body, 0)
        middle.setContentsMargins(0, space(3), 0, 0)
        middle.addWidget(self.rail)
        middle.addWidget(self.stack, 1)
        whole.addWidget(self.body, 1)
        whole.addWidget(self.nobody, 1)
        self._show_nobody(True)

    def _tools(self) -> list[QWidget]:
        tools: list[QWidget] = []
        if self.app.may("print", Child):
            button = MenuButton(_("Print"), self._print_menu, "printer", tip=_("Papers of this child (Ctrl+P)"))
            self._key("Ctrl+P", button.open)
            tools.append(button)
        if self.app.may("edit", Child):
            tools.append(Button(_("Edit"), "pencil", on_click=self.edit, tip=_("Edit the basic facts"), keys="Ctrl+E"))
        return tools

    def _leaves(self) -> list[Leaf]:
        found = [
            Leaf(
                "overview",
                _("Overview"),
                "overview",
                "layout-dashboard",
                "accent",
                partial(OverviewTab, self.app, self),
            ),
            Leaf("timeline", _("Timeline"), "timeline", "history", "accent", partial(TimelineTab, self.app)),
        ]
        registered = child_tabs(self.app.actor)
        with self.app.read() as work:
            kinds = {area: files.records_of_area(work, area) for area in AREAS}
        for area in AREAS.values():
            own = [tab for tab in registered if tab.area == area.key]
            found += [
                Leaf(tab.key, tab.title, area.key, tab.icon, area.key, partial(tab.made_by, self.app)) for tab in own
            ]
            if kinds[area.key]:
                title = _("All records") if own else area.title
                make = partial(AreaRecords, self.app, kinds[area.key])
                found.append(Leaf(f"records.{area.key}", title, area.key, area.icon, area.key, make))
        return found

    def _keys(self) -> None:
        for step, keys in zip((1, -1), MOVES, strict=True):
            for each in keys:
                self._key(each, partial(self._step, step))
        for number in range(1, 10):
            self._key(f"Alt+{number}", partial(self.rail.choose_number, number))

    def _key(self, keys: str, act: Any) -> None:
        shortcut = QShortcut(QKeySequence(keys), self, act)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # --- going about ---

    def open(self, **target: Any) -> None:
        """Show one child, at one of the tabs; that the file was opened is noted."""
        child_id, tab = str(target.get("child_id") or ""), str(target.get("tab") or "")
        if child_id and self._lives_elsewhere(child_id):
            self.app.go("outreach", child_id=child_id)
            return
        if child_id and (child_id != self.child_id or self.face is None):
            self._open_child(child_id)
        elif child_id:
            self.reload()
        if tab or child_id:
            self.show_tab(tab if tab in {leaf.key for leaf in self.rail.leaves} else self.key)
        if target.get("record_id") and self.key in self._tabs:
            self._tabs[self.key].show_record(str(target["record_id"]))

    def _lives_elsewhere(self, child_id: str) -> bool:
        """Whether it is an outreach client, who has a file in the rehabilitation department only."""
        from models.outreach import is_client

        with self.app.read() as work:
            return is_client(work, child_id)

    def _open_child(self, child_id: str) -> None:
        self._show_nobody(True)
        self.child_id, self.face = "", None
        with self.app.work() as work:
            self.face = files.face(work, child_id)
            files.note_opened(work, child_id)
        self.child_id = child_id
        self._stale_tabs = set(self._tabs)
        self._show_face()
        self.stale = False

    def place(self) -> dict[str, Any]:
        return {"child_id": self.child_id, "tab": self.key} if self.child_id else {}

    def reload(self) -> None:
        if not self.child_id:
            return
        try:
            with self.app.read() as work:
                self.face = files.face(work, self.child_id)
        except Refused as refusal:
            self._close(refusal)
            return
        self._show_face()
        self._stale_tabs = set(self._tabs)
        self.show_tab(self.key)

    def _close(self, refusal: Refused) -> None:
        """Close a file that is not for this person any more, e.g. when emergency access has ended."""
        self.child_id, self.face = "", None
        self._show_nobody(True)
        self.app.notify(str(refusal))

    def _show_face(self) -> None:
        assert self.face is not None
        self.head.show_face(self.face)
        self._show_nobody(False)
        self._show_glass(self.face.emergency_until, self.face.emergency_reason)

    def _show_nobody(self, nobody: bool) -> None:
        self.nobody.setVisible(nobody)
        self.body.setVisible(not nobody)
        self.head.setVisible(not nobody)

    def _show_glass(self, until: datetime | None, reason: str) -> None:
        """Frame the file in red while it is open by emergency access."""
        self.frame.setObjectName("glass" if until else "")
        restyle(self.frame)
        self.glass.setVisible(until is not None)
        if until is not None:
            text = _("Emergency access until {time}: {reason}. It is noted, and the director reviews it.")
            self.glass.tell(text.format(time=until.strftime("%H:%M"), reason=reason), "danger")
            left = (until - self.app.now()).total_seconds()
            self._glass_end.start(max(int(left * 1000) + 500, 500))
        else:
            self._glass_end.stop()

    def _go_child(self, child_id: str) -> None:
        if child_id:
            self.app.open_child(child_id, self.key)

    # --- tabs ---

    def show_tab(self, key: str) -> None:
        """Show one part of the file."""
        if not self.child_id:
            return
        if key not in self._tabs:
            self._make_tab(key)
        self.key = key
        tab = self._tabs[key]
        self.rail.mark(key)
        self.stack.setCurrentWidget(tab)
        if key in self._stale_tabs or tab.child_id != self.child_id:
            self._fill(tab)
            self._stale_tabs.discard(key)

    def _make_tab(self, key: str) -> None:
        leaf = next(each for each in self.rail.leaves if each.key == key)
        tab = leaf.make()
        tab.setAccessibleName(leaf.title)
        if layout := tab.layout():
            layout.setContentsMargins(space(3), 0, space(4), space(3))
        self._tabs[key] = tab
        self.stack.addWidget(tab)

    def _fill(self, tab: ChildTab) -> None:
        try:
            tab.child_id = self.child_id
            tab.show_child(self.child_id)
        except Refused as refusal:
            self.app.show_error(refusal)

    def _step(self, by: int) -> None:
        if self.child_id:
            self.rail.step(self.key, by)

    def _heard(self, types: frozenset[str]) -> None:
        """Hear what was saved: the head says it again, and the tabs that read it are filled anew."""
        stale = {
            key
            for key, tab in self._tabs.items()
            if any(each.__name__ in types for each in getattr(tab, "watched", tab.reads))
        }
        self._stale_tabs |= stale
        if not self.child_id:
            return
        if not self.isVisible():
            self.stale = True
            return
        QTimer.singleShot(0, self, self._refresh)

    def _refresh(self) -> None:
        if not self.child_id:
            return
        try:
            with self.app.read() as work:
                self.face = files.face(work, self.child_id)
        except Refused as refusal:
            self._close(refusal)
            return
        self._show_face()
        if self.key in self._stale_tabs:
            self.show_tab(self.key)

    # --- doing ---

    def edit(self) -> None:
        """Edit the basic facts in their form."""
        if not self.child_id:
            return
        dialog = RecordDialog(self.app, Child, self.child_id)
        dialog.panel.edit()
        dialog.exec()
        dialog.deleteLater()

    def new(self) -> None:
        """Begin a record of the kind that the open tab shows."""
        begin = getattr(self._tabs.get(self.key), "new", None)
        if begin:
            begin()

    def save(self) -> None:
        """Save what the open tab is editing."""
        keep = getattr(self._tabs.get(self.key), "save", None)
        if keep:
            keep()

    def _print_menu(self, menu: Menu) -> None:
        today = self.app.today()
        menu.add(
            _("Basic facts of the child"), partial(papers.show_record_paper, self.app, Child, self.child_id), "id-card"
        )
        menu.add(_("Whole file…"), self._print_file, "files")
        menu.addSeparator()
        month = Month(today.year, today.month)
        for _index in range(3):
            words = _("Monthly record {month}").format(month=month_title(month.first))
            menu.add(words, partial(self._print_month, month), "calendar-days")
            month = _before(month)
        menu.addSeparator()
        offer_forms(menu, self.app, self.child_id, self.rail.branch_of(self.key))

    def _print_file(self) -> None:
        """Show the whole file as it is known today, with its cover and contents first; a kept one as it is kept."""
        today = self.app.today()
        show_paper_of(self.app, "file", self._child(), Month(today.year, today.month), final=True)

    def _print_month(self, month: Month) -> None:
        """Show a child's month as the page of a month's papers does: kept ones as they are kept."""
        today = self.app.today()
        show_paper_of(self.app, "monthly", self._child(), month, final=month < Month(today.year, today.month))

    def _child(self) -> ChildOfMonth:
        assert self.face is not None
        return ChildOfMonth(self.child_id, self.face.name, self.face.number, "")


def _before(month: Month) -> Month:
    return Month(month.year - (month.month == 1), (month.month - 2) % 12 + 1)
