"""Filter bar 筛选栏: chips that narrow a list — state, unit, child, time — each saying what it does at present."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from models import filters
from models.core import titles
from models.core.record import Record, record_type
from models.core.titles import Choice
from models.core.workflow import STATES
from resources import _
from ui.editors.base import Line
from ui.pickers import ResultPanel
from ui.text import restyle
from ui.theme import space, theme
from ui.widgets import Button, Menu, MenuButton, row

if TYPE_CHECKING:
    from ui.app import App

_SHOWN_STATES = ("draft", "returned", "submitted", "reviewed", "approved", "archived", "void", "superseded")


class FilterBar(QWidget):
    """The chips of one list; ``changed`` when another narrowing is wanted."""

    changed = Signal()

    def __init__(self, app: App, kind: type[Record], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.app, self.kind = app, kind
        self._where: dict[str, tuple[str, Any]] = {}
        line = row(self, 1)
        self._chips: dict[str, Button] = {}
        for name, words, fits, fill in (
            ("state", _("State"), kind.first_state != "current", self._states),
            ("unit", _("Unit"), filters.has_unit(kind) and app.may("read", "Unit"), self._units),
            ("period", _("Time"), filters.has_period(kind), self._periods),
        ):
            if fits:
                self._chips[name] = line_chip = MenuButton(words, fill, "chevron-down", "quiet")
                line.addWidget(line_chip)
        if filters.has_child(kind):
            self._chips["child"] = chip = Button(_("Child"), "chevron-down", "quiet", self._ask_child)
            line.addWidget(chip)
        self.clear_button = Button(_("Show all"), "x", "quiet", self.clear)
        line.addWidget(self.clear_button)
        self._names = {name: chip.text() for name, chip in self._chips.items()}
        for chip in self._chips.values():
            chip.setProperty("filter", True)
            chip.setLayoutDirection(chip.layoutDirection().RightToLeft)
        self._panel: ChildPanel | None = None
        self._show()

    # --- what is chosen ---

    def where(self) -> tuple[Any, ...]:
        """Return the conditions, for ``queries.rows``."""
        return tuple(condition for _words, condition in self._where.values())

    def available(self) -> list[str]:
        """Return the names of the chips this list has: state, unit, period, child."""
        return list(self._chips)

    def notes(self) -> list[str]:
        """Say in words how the list is narrowed, for papers and files."""
        return [
            _("{label}: {value}").format(label=self._names.get(name, name), value=words)
            for name, (words, _condition) in self._where.items()
        ]

    def narrow(self, name: str, words: str, condition: Any) -> None:
        """Narrow the list by one more condition, named in words."""
        self._where[name] = (words, condition)
        self._show()
        self.changed.emit()

    def widen(self, name: str) -> None:
        """Take one condition away."""
        if self._where.pop(name, None):
            self._show()
            self.changed.emit()

    def clear(self) -> None:
        """Show everything again."""
        self._where.clear()
        self._show()
        self.changed.emit()

    def set_child(self, child_id: str, name: str) -> None:
        """Show only what concerns one child."""
        self.narrow("child", name, filters.of_child(self.kind, child_id))

    def _show(self) -> None:
        for name, chip in self._chips.items():
            chosen = self._where.get(name)
            words = self._names[name]
            chip.setText(_("{label}: {value}").format(label=words, value=chosen[0]) if chosen else words)
            chip.setAccessibleName(chip.text())
            if chip.property("on") != bool(chosen):
                chip.setProperty("on", bool(chosen))
                restyle(chip)
        self.clear_button.setVisible(bool(self._where))

    # --- what can be chosen ---

    def _states(self, menu: Menu) -> None:
        self._all_line(menu, "state", _("All states"))
        for state in _SHOWN_STATES:
            words = STATES.label(state)
            condition = filters.in_states(self.kind, [state])
            menu.add(words, partial(self.narrow, "state", words, condition), checked=self._is("state", words))

    def _units(self, menu: Menu) -> None:
        self._all_line(menu, "unit", _("All units"))
        with self.app.read() as work:
            units = titles.choices(work, record_type("Unit"), limit=60)
        for unit in units:
            condition = filters.of_unit(self.kind, unit.id)
            menu.add(
                unit.title, partial(self.narrow, "unit", unit.title, condition), checked=self._is("unit", unit.title)
            )

    def _periods(self, menu: Menu) -> None:
        self._all_line(menu, "period", _("All times"))
        for period in filters.periods(self.app.today()):
            condition = filters.in_period(self.kind, period.first, period.last)
            words = period.title
            menu.add(words, partial(self.narrow, "period", words, condition), checked=self._is("period", words))

    def _all_line(self, menu: Menu, name: str, words: str) -> None:
        menu.add(words, partial(self.widen, name), checked=name not in self._where)
        menu.addSeparator()

    def _is(self, name: str, words: str) -> bool:
        return self._where.get(name, ("", None))[0] == words

    def _ask_child(self) -> None:
        if self._panel is None:
            self._panel = ChildPanel(self.app, self._chips["child"])
            self._panel.picked.connect(lambda choice: self.set_child(choice.id, choice.title))
        self._panel.ask()


class ChildPanel(ResultPanel):
    """Finds a child below a chip: its own line to type in, then the list."""

    def __init__(self, app: App, anchor: QWidget) -> None:
        super().__init__(anchor)
        self.app = app
        self.line = Line()
        self.line.setPlaceholderText(_("Search a child"))
        self.line.setAccessibleName(_("Search a child"))
        self.line.on_key = self._key
        self.line.textEdited.connect(lambda text: self.offer(self._find(text)))
        self.body.insertWidget(0, self.line)
        self.body.setSpacing(space(1))

    def ask(self) -> None:
        """Open with all children."""
        self.line.clear()
        self.offer(self._find(""))
        self.line.setFocus()

    def wanted(self) -> Any:
        size = super().wanted()
        size.setWidth(max(size.width(), theme.size(320)))
        size.setHeight(size.height() + self.line.height() + space(1))
        return size

    def _find(self, search: str) -> list[Choice]:
        with self.app.read() as work:
            return titles.choices(work, record_type("Child"), search)

    def _key(self, event: Any) -> bool:
        from PySide6.QtCore import Qt

        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.key() in steps:
            self.move_by(steps[event.key()])
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self.take()
        return False
