"""Drills 演练: when each kind was held last and is due next, and all that were held."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QWidget

from models.core.record import Record
from models.drills import SOON_DAYS, Drill, NextDrill, next_drills
from models.staff import Staff
from resources import N_, _, ngettext
from ui.pages import page
from ui.text import PlainLabel
from ui.theme import space
from ui.widgets import Button, Chip, Clickable, Flow, clear, column
from views.records import RecordsPage

if TYPE_CHECKING:
    from ui.app import App


@page("drills", N_("Drills"), area="safety", icon="flame", needs=("Drill", "read"), order=35)
class Drills(RecordsPage):
    """A tile for each kind of drill, and the list of all."""

    kind: ClassVar[type[Record]] = Drill
    reads: ClassVar[tuple[type, ...]] = (Drill, Staff)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.tiles = QWidget()
        Flow(self.tiles, 2)
        self.put_above(self.tiles)
        if app.may("create", Drill):
            self.tools.add(Button(_("Record a drill"), "plus", "primary", self.new))
            self.table.new_button.hide()

    def reload(self) -> None:
        super().reload()
        with self.app.read() as work:
            coming = next_drills(work)
        flow = self.tiles.layout()
        assert flow is not None
        clear(flow)
        for each in coming:
            flow.addWidget(self._tile(each))

    def _tile(self, each: NextDrill) -> QWidget:
        words, tone = self._standing(each)
        last = _("last on {day}").format(day=each.last.isoformat()) if each.last else _("never held yet")
        tile = Clickable(f"{each.title}: {last}, {words}", partial(self.begin, {"kind": each.kind}))
        tile.setProperty("card", True)
        tile.setToolTip(each.source)
        lines = column(tile, 1)
        lines.setContentsMargins(space(3), space(2), space(3), space(2))
        lines.addWidget(PlainLabel(each.title, "strong"))
        lines.addWidget(PlainLabel(last, "caption"))
        lines.addWidget(Chip(words, tone))
        return tile

    def _standing(self, each: NextDrill) -> tuple[str, str]:
        days = (each.due - self.app.today()).days
        if days < 0:
            return ngettext("{n} day late", "{n} days late", -days).format(n=-days), "danger"
        tone = "warning" if days <= SOON_DAYS else "good"
        return _("due {day}").format(day=each.due.isoformat()), tone

    def begin(self, defaults: dict[str, Any]) -> None:
        """Begin a record of a drill."""
        if self.app.may("create", Drill):
            super().begin(defaults)

    def open(self, **target: Any) -> None:
        """Begin the record of a kind of drill, or show one."""
        if target.get("kind"):
            self.begin({"kind": target["kind"]})
        else:
            super().open(**target)
