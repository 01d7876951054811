"""Versions of a week 课表版本: the change list of a plan, and the published versions with what each changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from models.core.queries import titles
from models.scheduling.plan_words import KINDS, ChangeLine, change_lines
from models.scheduling.plans import versions
from models.scheduling.week_plan import ORIGINS, STAGES
from resources import _
from ui.dialog import Dialog
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import Button, Segmented, column

if TYPE_CHECKING:
    from ui.app import App


class TickTable(RowsTable):
    """The change list; where changes can be chosen, Space or a click into the first column chooses one or leaves it out."""

    toggled = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.toggled.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and index.column() == 0:
            self.toggled.emit(index.row())


class ChangeTable(QWidget):
    """The change list of a plan, in the order of time, by child or by therapist."""

    def __init__(self, parent: QWidget | None = None, on_toggle: Callable[[int], object] | None = None) -> None:
        super().__init__(parent)
        self.lines: Sequence[ChangeLine] = ()
        self.staff: dict[str, str] = {}
        self.chosen: frozenset[int] | None = None
        """The numbers of the lines that are chosen; None while all are shown without a choice."""
        self._shown: list[ChangeLine] = []
        lines = column(self, 2)
        options = [("time", _("By time")), ("child", _("By child")), ("therapist", _("By therapist"))]
        self.order = Segmented(options, lambda _value: self._show(), name=_("Order of the changes"))
        lines.addWidget(self.order)
        heads = [_("Kind"), _("Child"), _("Therapy"), _("So far"), _("From now on")]
        self.table = TickTable(heads, (), name=_("Changes"))
        self.table.setMinimumHeight(theme.size(200))
        if on_toggle is not None:
            self.table.toggled.connect(lambda row: on_toggle(self._shown[row].number))
        lines.addWidget(self.table, 1)

    def show_lines(self, lines: Sequence[ChangeLine], staff: dict[str, str]) -> None:
        """Show a change list; staff are the names of the therapists it concerns."""
        self.lines, self.staff = lines, staff
        self._show()

    def show_chosen(self, chosen: frozenset[int] | None) -> None:
        """Mark the lines that are chosen."""
        self.chosen, current = chosen, self.table.currentIndex().row()
        self._show()
        if current >= 0:
            self.table.selectRow(current)

    def _show(self) -> None:
        self.table.show_rows(self.rows())

    def rows(self) -> list[tuple[str, ...]]:
        """Return the lines in the chosen order; by therapist each line stands under everyone it concerns."""
        order = self.order.value()
        if order == "therapist":
            pairs = [(self.staff.get(who, ""), each) for each in self.lines for who in each.therapists]
            pairs.sort(key=lambda pair: pair[0])
        else:
            shown = sorted(self.lines, key=lambda each: each.who) if order == "child" else self.lines
            pairs = [("", each) for each in shown]
        self._shown = [each for _name, each in pairs]
        return [(self._kind(each, name), *_cells(each)) for name, each in pairs]

    def _kind(self, line: ChangeLine, name: str) -> str:
        words = _(" · ").join(filter(None, (name, KINDS.label(line.kind))))
        if self.chosen is None:
            return words
        return f"{'☑' if line.number in self.chosen else '☐'} {words}"


def _cells(line: ChangeLine) -> tuple[str, str, str, str]:
    return line.who, line.therapy, line.before, line.after


def counts_words(lines: Sequence[ChangeLine]) -> str:
    """Say how many sessions are new, moved, given over, put elsewhere and cancelled."""
    parts = []
    for code in KINDS:
        count = sum(each.kind == code.code for each in lines)
        if count:
            parts.append(_("{what} {n}").format(what=str(code), n=count))
    return _(" · ").join(parts)


class VersionsDialog(Dialog):
    """The published versions of a week, each with what it changed."""

    def __init__(self, app: App, monday: date, parent: QWidget | None) -> None:
        text = _("Week of {day}").format(day=monday.isoformat())
        super().__init__(_("Published versions"), text, parent, width=940)
        self.app = app
        with app.read() as work:
            self.known = versions(work, monday)
        heads = [
            _("Version"),
            _("Came about by"),
            _("Stage of the plan"),
            _("Published at"),
            _("Published by"),
            _("Changes"),
            _("Waiting"),
        ]
        rows = [
            (
                str(each["number"]), ORIGINS.label(each["origin"] or "planned"), STAGES.label(each["stage"]),
                f"{each['published_at']:%Y-%m-%d %H:%M}" if each["published_at"] else "", each["published_by"] or "",
                str(each["changed"] or 0), str(each["waiting"] or 0),
            )
            for each in self.known
        ]  # fmt: skip
        self.table = RowsTable(heads, rows, {0, 5, 6}, name=_("Published versions"))
        self.table.setFixedHeight(theme.size(150))
        self.table.setVisible(bool(rows))
        self.body.addWidget(self.table)
        self.said = PlainLabel("" if rows else _("No version of this week was published yet."), tone="muted", wrap=True)
        self.body.addWidget(self.said)
        self.list = ChangeTable()
        self.list.setVisible(bool(rows))
        self.body.addWidget(self.list, 1)
        self.buttons.addWidget(Button(_("Close"), on_click=self.accept))
        self.table.selectionModel().currentRowChanged.connect(lambda *_rows: self._show())
        if rows:
            self.table.selectRow(0)

    def _show(self) -> None:
        index = self.table.currentIndex().row()
        if not 0 <= index < len(self.known):
            return
        with self.app.read() as work:
            lines = change_lines(work, self.known[index]["id"])
            staff = titles(work, "staff", {who for each in lines for who in each.therapists})
        note = self.known[index]["note"] or ""
        self.said.setText("\n".join(filter(None, (note, counts_words(lines)))))
        self.list.show_lines(lines, staff)
