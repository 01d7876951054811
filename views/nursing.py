"""Daily care 日常护理: a whole unit's shift on one screen, by keyboard, an ordinary child in one to three keys.

    Enter           as usual, and on to the next child
    65 Enter        36.5 °C, the rest as usual
    F 4 Enter       little eaten, the rest as usual

Every row is saved at once in a unit of work of its own; Ctrl+Z takes the last one back.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget

from models.care import NursingRecord
from models.child import Child
from models.home_programme import HomeProgramme, ProgrammeTick
from models.medical import Allergy, Diagnosis
from models.nursing import nursing_rows, staff_of, unit_of_child, units_of, unusual
from models.placement import Placement
from models.shifts import Shift, shift_at, shift_of, shifts_of
from resources import N_, _, ngettext
from ui.app import App
from ui.pages import Page, page
from ui.text import ElidedLabel
from ui.widgets import Button, EmptyState, IconButton, Menu, MenuButton, Segmented, row
from views.nursing_entry import ShiftEntry
from views.practice import PracticeEntry


@page("nursing", N_("Daily care"), area="care", icon="heart-pulse", needs=("NursingRecord", "read"), order=10)
class DailyCare(Page):
    """The daily entry of one unit and shift."""

    reads: ClassVar[tuple[type, ...]] = (
        NursingRecord, Child, Placement, Allergy, Diagnosis, HomeProgramme, ProgrammeTick,
    )  # fmt: skip

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.units: list[tuple[str, str]] = []
        self.people: list[tuple[str, str]] = []
        self.unit_id = str(app.settings.get("nursing.unit", ""))
        self.listing, self.rows = "care", 0
        self.shift: Shift = shift_at(app.now())
        self.entry = ShiftEntry(app, self.shift)
        self.entry.saved.connect(self.reload)
        self.practice = PracticeEntry(app, self.shift)
        self.practice.saved.connect(self._say)
        self._lay_out()

    # --- building ---

    def _lay_out(self) -> None:
        self.unit_button = MenuButton(_("Unit"), self._unit_menu, "house", tip=_("Unit"))
        self.day_button = Button(
            self.shift.day.isoformat(), kind="quiet", on_click=self.go_now, tip=_("Back to the shift that runs now")
        )
        choices = [(each.code, each.label) for each in shifts_of(self.shift.day)]
        self.shift_choice = Segmented(choices, self._shift_chosen, name=_("Shift"))
        for each in (
            self.unit_button,
            IconButton("chevron-left", _("Day before"), partial(self._day_moved, -1), keys="Alt+Left"),
            self.day_button,
            IconButton("chevron-right", _("Day after"), partial(self._day_moved, 1), keys="Alt+Right"),
            self.shift_choice,
        ):
            self.tools.add(each)
        lines = self.column(2)
        head = row(None, 3)
        self.count = ElidedLabel("", tone="muted")
        self.carer_button = MenuButton(
            self.app.actor.name or _("Cared for by"), self._carer_menu, "user-round", "quiet", tip=_("Cared for by")
        )
        self.hand_over = Button(_("Hand over"), "arrow-left-right", on_click=self._go_hand_over)
        head.addWidget(self.count, 1)
        self.list_choice = Segmented(
            [("care", _("Daily care")), ("practice", _("Home programme"))], self._list_chosen, name=_("List")
        )
        head.addWidget(self.list_choice)
        head.addWidget(self.carer_button)
        head.addWidget(self.hand_over)
        lines.addLayout(head)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.entry)
        self.stack.addWidget(EmptyState("house", _("No children here"), _("Choose a unit in which children live.")))
        self.stack.addWidget(self.practice)
        lines.addWidget(self.stack, 1)
        QShortcut(QKeySequence("Ctrl+L"), self, self._other_list, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # --- what is shown ---

    def reload(self) -> None:
        self._read()

    def _read(self, child_id: str = "") -> None:
        with self.app.read() as work:
            self.units = units_of(work)
            if child_id:
                self.unit_id = unit_of_child(work, child_id) or self.unit_id
            if self.unit_id not in dict(self.units):
                self.unit_id = self.units[0][0] if self.units else ""
            rows = nursing_rows(work, self.unit_id, self.shift) if self.unit_id else []
            self.people = staff_of(work, self.unit_id) if self.unit_id else []
        self.practice.show_unit(self.unit_id, self.shift)
        self.rows = len(rows)
        self._show_list()
        self.entry.show_rows(rows, self.shift, self.unit_id, child_id)
        self._say()

    def open(self, **target: Any) -> None:
        """Go to a unit, day, shift or child."""
        self.entry.finish()
        if target.get("day") and target.get("shift"):
            self.shift = shift_of(target["day"], target["shift"])
        self.unit_id = target.get("unit_id") or self.unit_id
        if "practice" in target:
            self.listing = "practice" if target["practice"] else "care"
        self._read(target.get("child_id", ""))

    def place(self) -> dict[str, Any]:
        practice = self.listing == "practice"
        return {"unit_id": self.unit_id, "day": self.shift.day, "shift": self.shift.code, "practice": practice}

    def leave(self) -> bool:
        """Save what is typed before going elsewhere."""
        self.entry.finish()
        return True

    def _say(self) -> None:
        name = dict(self.units).get(self.unit_id, "")
        self.unit_button.setText(name or _("Unit"))
        self.unit_button.setAccessibleName(_("Unit: {name}").format(name=name))
        self.day_button.setText(self.shift.day.isoformat())
        self.shift_choice.set_value(self.shift.code)
        self.hand_over.setVisible(self.app.may("read", "HandOver"))
        self.count.setText(" · ".join(self._counts()))

    def _counts(self) -> list[str]:
        lines = self.entry.model.lines
        here = [line for line in lines if not line.row.away]
        written = [line.row.record for line in here if line.row.record]
        odd = sum(1 for record in written if unusual(record, self.shift.day))
        if self.listing == "practice":
            mine = [each for each in self.practice.rows if not each.where]
            done = sum(not each.open for each in mine)
            return [_("{done} of {all} practised").format(done=done, all=len(mine))]
        said = [_("{done} of {all} written").format(done=len(written), all=len(here))]
        if odd:
            said.append(ngettext("{n} unusual", "{n} unusual", odd).format(n=odd))
        if len(lines) > len(here):
            said.append(ngettext("{n} away", "{n} away", len(lines) - len(here)).format(n=len(lines) - len(here)))
        return [*said, f"{self.shift.starts:%H:%M}–{self.shift.ends:%H:%M}"]

    def _show_list(self) -> None:
        """Show daily care or practice, whichever was chosen."""
        self.list_choice.set_value(self.listing)
        self.stack.setCurrentIndex(2 if self.listing == "practice" else 0 if self.rows else 1)

    def _list_chosen(self, code: str) -> None:
        self.entry.finish()
        self.listing = code
        self._show_list()
        self._say()
        (self.practice.table if code == "practice" else self.entry.table).setFocus()

    def _other_list(self) -> None:
        """Go from daily care to practice and back, by keyboard."""
        self._list_chosen("care" if self.listing == "practice" else "practice")

    # --- unit, day, shift, carer ---

    def _unit_menu(self, menu: Menu) -> None:
        for unit_id, name in self.units:
            menu.add(name, partial(self._unit_chosen, unit_id), checked=unit_id == self.unit_id)

    def _unit_chosen(self, unit_id: str) -> None:
        self.app.settings.set("nursing.unit", unit_id)
        self.open(unit_id=unit_id)

    def _carer_menu(self, menu: Menu) -> None:
        menu.head(_("Cared for by"))
        for staff_id, name in self.people:
            menu.add(name, partial(self._carer_chosen, staff_id, name), checked=staff_id == self.entry.carer_id)

    def _carer_chosen(self, staff_id: str, name: str) -> None:
        self.entry.carer_id = self.practice.carer_id = staff_id
        self.carer_button.setText(name)

    def _shift_chosen(self, code: str) -> None:
        self.open(day=self.shift.day, shift=code)

    def _day_moved(self, days: int) -> None:
        day = self.shift.day + timedelta(days=days)
        if day <= self.app.today():
            self.open(day=day, shift=self.shift.code)

    def go_now(self) -> None:
        """Go back to the shift that runs now."""
        now = shift_at(self.app.now())
        self.open(day=now.day, shift=now.code)

    def _go_hand_over(self) -> None:
        self.entry.finish()
        self.app.go("handover", unit_id=self.unit_id, day=self.shift.day, shift=self.shift.code)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        table = self.practice.table if self.listing == "practice" else self.entry.table
        QTimer.singleShot(0, table, table.setFocus)
