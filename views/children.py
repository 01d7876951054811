"""The children 儿童: everyone in the home's care, by unit, placement and category, found by any way of typing."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from models import children as lists
from models.child import Child
from models.child_words import CATEGORIES, PLACEMENTS
from models.core.words import CodeList
from models.unit import Unit
from resources import N_, _, ngettext
from ui.app import App
from ui.pages import Page, page
from ui.table import RecordTable
from ui.text import restyle
from ui.widgets import Button, EmptyState, Flow, Menu, MenuButton, Segmented, clear, column


@page("children", N_("Children"), area="child", icon="users-round", needs=("Child", "read"), order=10)
class ChildrenPage(Page):
    """The list of all children this person may see."""

    reads = (Child, Unit)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.unit_id = ""
        self._chips: dict[str, tuple[MenuButton, str]] = {}
        self._chosen: dict[str, str] = {}
        self.who = Segmented(
            [(key, _(words)) for key, words in lists.GROUPS], lambda _key: self._narrow(), name=_("Who is shown")
        )
        self.table = RecordTable(app, Child, fields=lists.columns(), on_open=app.open_child)
        self.units = QWidget()
        self._flow = Flow(self.units, 1)
        self._lay_out()

    def _lay_out(self) -> None:
        self.stack = QStackedWidget()
        self.column(0).addWidget(self.stack)
        filled = QWidget()
        lines = column(filled, 2)
        self.tools.add(self.who)
        lines.addWidget(self.units)
        lines.addWidget(self.table, 1)
        self.stack.addWidget(filled)
        self.stack.addWidget(self._nobody())
        if hasattr(self.table, "new_button"):
            self.table.new_button.setText(_("Admit a child"))
        self.table.filters.hide()
        for name, words, codes, condition in (
            ("category", _("Category"), CATEGORIES, lists.of_category),
            ("placement", _("Placement"), PLACEMENTS, lists.of_placement),
        ):
            chip = MenuButton(words, partial(self._offer, name, codes, condition), "chevron-down", "quiet")
            chip.setLayoutDirection(chip.layoutDirection().RightToLeft)
            chip.setProperty("filter", True)
            self._chips[name] = (chip, words)
            self.table.bar.insertWidget(self.table.bar.count() - 4, chip)
        if self.app.may("create", Child):
            self.tools.add(Button(_("Import from Excel"), "upload", on_click=partial(self.app.go, "import_children")))

    def _offer(self, name: str, codes: CodeList, condition: Callable[[str], Any], menu: Menu) -> None:
        chosen = self._chosen.get(name, "")
        menu.add(_("All"), partial(self._pick, name, "", "", None), checked=not chosen)
        menu.addSeparator()
        for code in codes:
            pick = partial(self._pick, name, code.code, str(code), condition(code.code))
            menu.add(str(code), pick, checked=chosen == code.code)

    def _pick(self, name: str, code: str, words: str, condition: Any) -> None:
        """Narrow the list by a category or placement; the note on paper and in files says so."""
        chip, label = self._chips[name]
        self._chosen[name] = code
        chip.setText(_("{label}: {value}").format(label=label, value=words) if code else label)
        chip.setProperty("on", bool(code))
        restyle(chip)
        if code:
            self.table.filters.narrow(name, words, condition)
        else:
            self.table.filters.widen(name)

    def _nobody(self) -> EmptyState:
        may = self.app.may("create", Child)
        return EmptyState(
            "users-round",
            _("No child is in the home yet") if may else _("No child is entrusted to you yet"),
            _("Admit the first child, or take over a roster from Excel.")
            if may
            else _("The director puts you into a unit or gives you a caseload."),
            _("Admit the first child") if may else "",
            self._admit,
        )

    def _admit(self) -> None:
        self.app.go("admission")

    def reload(self) -> None:
        with self.app.read() as work:
            counts = lists.head_counts(work)
        self.stack.setCurrentIndex(0 if counts.everyone else 1)
        self._show_units(counts)
        self._narrow()

    def open(self, **target: Any) -> None:
        """Show the children of one unit, or one group (``here``, ``away``, ``left``, ``all``)."""
        self.unit_id = str(target.get("unit_id") or "")
        if target.get("group") in dict(lists.GROUPS):
            self.who.set_value(target["group"])
        self.stale = True

    def place(self) -> dict[str, Any]:
        return {"unit_id": self.unit_id, "group": self.who.value()}

    def new(self) -> None:
        if self.app.may("create", Child):
            self._admit()

    def _show_units(self, counts: lists.HeadCounts) -> None:
        clear(self._flow)
        self._flow.addWidget(self._unit_chip("", _("All units"), counts.present, counts.living))
        for unit in counts.units:
            self._flow.addWidget(self._unit_chip(unit.id, unit.name, unit.present, unit.living))

    def _unit_chip(self, unit_id: str, name: str, present: int, living: int) -> Button:
        chip = Button(
            f"{name}  {present}" + (f"/{living}" if living != present else ""),
            kind="quiet",
            on_click=partial(self._choose_unit, unit_id),
        )
        chip.setCheckable(True)
        chip.setChecked(unit_id == self.unit_id)
        chip.setProperty("filter", True)
        chip.setProperty("on", unit_id == self.unit_id)
        away = ngettext("{n} away", "{n} away", living - present).format(n=living - present)
        chip.setToolTip(_("{n} here").format(n=present) + (f", {away}" if living != present else ""))
        return chip

    def _choose_unit(self, unit_id: str) -> None:
        self.unit_id = unit_id
        self.reload()

    def _narrow(self) -> None:
        self.table.set_where(lists.conditions(self.who.value(), self.unit_id), {"unit_id": self.unit_id or None})
