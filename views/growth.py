"""Growth 生长发育: measuring a unit child after child, and the growth tab of the child's file."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStackedWidget

from models.child import Child
from models.growth import GrowthLine, GrowthMeasurement, growth_list
from models.nursing import units_of
from models.placement import Placement
from resources import N_, _, ngettext
from ui.app import App
from ui.icons import icon
from ui.pages import ChildTab, Page, child_tab, page
from ui.text import ElidedLabel
from ui.theme import theme
from ui.widgets import Button, EmptyState, Menu, MenuButton, column, row
from views.growth_panel import GrowthPanel

ID_ROLE = Qt.ItemDataRole.UserRole


@page("growth", N_("Growth"), area="care", icon="ruler", needs=("GrowthMeasurement", "read"), order=30)
class Growth(Page):
    """The children of a unit beside the one being measured."""

    reads: ClassVar[tuple[type, ...]] = (GrowthMeasurement, Child, Placement)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.units: list[tuple[str, str]] = []
        self.unit_id = str(app.settings.get("growth.unit", ""))
        self.child_id = ""
        self.lines: list[GrowthLine] = []
        self.unit_button = MenuButton(_("Unit"), self._unit_menu, "house", tip=_("Unit"))
        self.tools.add(self.unit_button)
        self.next_button = Button(_("Next child"), "chevron-right", on_click=self.next_child, keys="Alt+Down")
        self.tools.add(self.next_button)
        whole = row(None, 4)
        self.column(0).addLayout(whole)
        side = column(None, 1)
        self.said = ElidedLabel("", "caption", tone="muted")
        side.addWidget(self.said)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Children of the unit"))
        self.list.setFixedWidth(theme.size(150))
        self.list.setSpacing(0)
        self.list.currentItemChanged.connect(self._chosen)
        side.addWidget(self.list, 1)
        whole.addLayout(side)
        self.panel = GrowthPanel(app, self._saved)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.panel)
        self.stack.addWidget(EmptyState("ruler", _("No child is chosen"), _("Choose a child at the left.")))
        whole.addWidget(self.stack, 1)

    def reload(self) -> None:
        with self.app.read() as work:
            self.units = units_of(work)
            if self.unit_id not in dict(self.units):
                self.unit_id = self.units[0][0] if self.units else ""
            self.lines = growth_list(work, self.unit_id) if self.unit_id else []
        self._show_list()
        self.panel.refresh()

    def open(self, **target: Any) -> None:
        """Go to a child, or to a unit."""
        self.unit_id = target.get("unit_id") or self.unit_id
        self.child_id = target.get("child_id", self.child_id)
        if target.get("child_id"):
            with self.app.read() as work:
                found = [line for line in growth_list(work) if line.child_id == self.child_id]
            self.unit_id = found[0].unit_id if found else self.unit_id
        self.reload()

    def place(self) -> dict[str, Any]:
        return {"unit_id": self.unit_id, "child_id": self.child_id}

    def save(self) -> None:
        self.panel.save()

    def _show_list(self) -> None:
        self.unit_button.setText(dict(self.units).get(self.unit_id, _("Unit")))
        late = sum(1 for line in self.lines if line.due and line.due <= self.app.today())
        self.said.setText(
            ngettext("{n} child is due", "{n} children are due", late).format(n=late) if late else _("Nobody is due")
        )
        self.list.blockSignals(True)
        self.list.clear()
        for line in self.lines:
            self.list.addItem(self._item(line))
        place = next((index for index, line in enumerate(self.lines) if line.child_id == self.child_id), -1)
        self.list.setCurrentRow(place)
        self.list.blockSignals(False)
        if place < 0 and self.lines:
            due = next((index for index, line in enumerate(self.lines) if line.due and line.due <= self.app.today()), 0)
            self.list.setCurrentRow(due)
        elif place >= 0 and (self.panel.shown is None or self.panel.shown.subject.child_id != self.child_id):
            self._show_child(self.child_id)
        self.stack.setCurrentIndex(0 if self.lines else 1)

    def _item(self, line: GrowthLine) -> QListWidgetItem:
        due = line.due is not None and line.due <= self.app.today()
        item = QListWidgetItem(f"{line.bed}  {line.name}".strip())
        item.setData(ID_ROLE, line.child_id)
        item.setIcon(icon("clock", "warning") if due else _no_icon())
        last = line.last.isoformat() if line.last else _("never")
        words = _("{name}: last measured {day}").format(name=line.name, day=last) + (f", {_('due now')}" if due else "")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
        item.setToolTip(words)
        return item

    def _chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._show_child(item.data(ID_ROLE))

    def _show_child(self, child_id: str) -> None:
        self.child_id = child_id
        self.panel.show_child(child_id)

    def next_child(self) -> None:
        """Go on to the next child of the unit."""
        self.list.setCurrentRow(min(self.list.currentRow() + 1, self.list.count() - 1))
        self.panel.first()

    def _saved(self) -> None:
        self.reload()

    def _unit_menu(self, menu: Menu) -> None:
        for unit_id, name in self.units:
            menu.add(name, partial(self._unit_chosen, unit_id), checked=unit_id == self.unit_id)

    def _unit_chosen(self, unit_id: str) -> None:
        self.unit_id, self.child_id = unit_id, ""
        self.app.settings.set("growth.unit", unit_id)
        self.reload()


def _no_icon() -> QIcon:
    """An empty icon, so that names stand in one line."""
    empty = QPixmap(16, 16)
    empty.fill(Qt.GlobalColor.transparent)
    return QIcon(empty)


@child_tab("growth", N_("Growth"), area="care", needs=("GrowthMeasurement", "read"), order=30, icon="ruler")
class GrowthTab(ChildTab):
    """The growth of the child on show."""

    reads: ClassVar[tuple[type, ...]] = (GrowthMeasurement, Child)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.panel = GrowthPanel(app)
        self.column(0).addWidget(self.panel)

    def show_child(self, child_id: str) -> None:
        same = self.panel.shown is not None and self.panel.shown.subject.child_id == child_id
        if same:
            self.panel.refresh()
        else:
            self.panel.show_child(child_id)
