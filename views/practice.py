"""Practice 康复指导: a unit's home programmes in one shift beside its daily care, one key an item.

Enter      done, and on to the next that is open
X, then a digit   not possible, with its reason
Ctrl+Z     take the last one back
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QWidget

from models.core.errors import Refused
from models.home_programme import WHY_NOT, ProgrammeTick
from models.practice import PracticeRow, practice_rows, tick, untick
from models.shifts import Shift
from models.therapies import short_name
from resources import _
from ui.app import App
from ui.editors.attachment import Thumbnail, stored
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import Button, Card, EmptyState, Flow, KeyHint, clear, column, row
from views.chip_table import ChipRow, ChipTable

WEEK = 7
NOT_POSSIBLE = (Qt.Key.Key_X, Qt.Key.Key_Minus)


class PracticeTable(ChipTable):
    """The items as rows; keys are asked of the page first."""

    def __init__(self, entry: PracticeEntry) -> None:
        heads = [_("Bed"), _("Child"), _("What is practised"), _("How much"), _("Last 7 days"), _("State")]
        super().__init__(heads, 5, lambda _key: entry.done(), numeric=(4,), stretch=(2,), name=_("Home programmes"))
        self.entry = entry

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.entry.key(event):
            super().keyPressEvent(event)


class PracticeEntry(QWidget):
    """What a unit practises in one shift, ticked by keyboard."""

    saved = Signal()
    """Something was ticked or taken back."""

    def __init__(self, app: App, shift: Shift) -> None:
        super().__init__()
        self.app, self.shift, self.unit_id = app, shift, ""
        self.carer_id: str | None = app.actor.staff_id
        self.rows: list[PracticeRow] = []
        self.undoable: list[tuple[str, dict[str, Any] | None, str]] = []
        self.asking = False
        self.may = app.may("create", ProgrammeTick)
        lines = column(self, 2)
        self.stack = QStackedWidget()
        self.table = PracticeTable(self)
        self.stack.addWidget(self.table)
        text = _("A therapist enters them in the child's file under rehabilitation.")
        self.stack.addWidget(EmptyState("house", _("Nothing to practise in this shift"), text))
        lines.addWidget(self.stack, 1)
        self.strip = self._strip()
        lines.addWidget(self.strip)
        self.table.selectionModel().currentRowChanged.connect(lambda *_args: self._show_item())
        inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence.StandardKey.Undo, self, self.take_back, context=inside)

    def _strip(self) -> QWidget:
        card = Card(margin=3, gap=2)
        card.setMinimumHeight(theme.size(104))
        line = row(None, 3)
        self.picture = Thumbnail(72)
        line.addWidget(self.picture, 0, Qt.AlignmentFlag.AlignTop)
        words = column(None, 1)
        self.head = PlainLabel("", "strong")
        self.how = PlainLabel("", wrap=True)
        self.beware = PlainLabel("", tone="warning", wrap=True)
        for each in (self.head, self.how, self.beware):
            words.addWidget(each)
        line.addLayout(words, 1)
        card.body.addLayout(line)
        self.keys_holder = QWidget()
        self.keys = Flow(self.keys_holder, 2)
        card.body.addWidget(self.keys_holder)
        return card

    # --- showing ------------------------------------------------------------------------------------

    def show_unit(self, unit_id: str, shift: Shift) -> None:
        """Show what a unit practises in a shift, at the item where we were, else at the first that is open."""
        changed = (unit_id, shift) != (self.unit_id, self.shift)
        self.unit_id, self.shift = unit_id, shift
        if changed:
            self.undoable.clear()
        with self.app.read() as work:
            rows = practice_rows(work, unit_id, shift) if unit_id else []
        self.show_rows(rows)
        if changed or self.table.current_key() is None:
            self._go_to(self._next_open(-1))

    def show_rows(self, rows: Sequence[PracticeRow]) -> None:
        """Show these items."""
        self.rows = list(rows)
        self.table.show_rows([_chip_row(each) for each in rows])
        self.stack.setCurrentIndex(0 if rows else 1)
        self.strip.setVisible(bool(rows))
        self._show_item()

    @property
    def open_count(self) -> int:
        """How many items are open."""
        return sum(1 for each in self.rows if each.open)

    def current(self) -> PracticeRow | None:
        """Return the item the keys are about."""
        place = self.table.currentIndex().row()
        return self.rows[place] if 0 <= place < len(self.rows) else None

    def _show_item(self) -> None:
        item = self.current()
        self.asking = False
        if item is None:
            return
        parts = (item.child, item.what, item.amount, short_name(item.therapy or ""), item.therapist)
        self.head.setText(_(" · ").join(filter(None, parts)))
        self.how.setText(item.how or _("No description."))
        self.beware.setText(_("Beware: {words}").format(words=item.beware) if item.beware else "")
        self.beware.setVisible(bool(item.beware))
        self.picture.show_bytes(stored(self.app, item.picture))
        self.picture.setVisible(bool(item.picture))
        self._show_keys()

    def _show_keys(self) -> None:
        clear(self.keys)
        if not self.may:
            return
        if self.asking:
            self.keys.addWidget(PlainLabel(_("Why not?"), "strong"))
            for place, code in enumerate(WHY_NOT, 1):
                words = f"{place}  {code}"
                self.keys.addWidget(Button(words, kind="quiet", on_click=partial(self.not_possible, code.code)))
            return
        for keys, words, act in (
            ("Enter", _("Done"), self.done),
            ("X", _("Not possible"), self.ask),
            ("Ctrl+Z", _("Take back"), self.take_back),
        ):
            pair = row(None, 1)
            holder = QWidget()
            holder.setLayout(pair)
            pair.addWidget(Button(words, kind="quiet", on_click=act))
            pair.addWidget(KeyHint(keys))
            self.keys.addWidget(holder)

    # --- keys ---------------------------------------------------------------------------------------

    def key(self, event: QKeyEvent) -> bool:
        """Take a key; return whether it meant something here."""
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier & ~Qt.KeyboardModifier.ShiftModifier:
            return False
        if self.asking:
            return self._answer(event)
        if event.key() == Qt.Key.Key_Space:
            self.done()
        elif event.key() in NOT_POSSIBLE:
            self.ask()
        else:
            return False
        return True

    def _answer(self, event: QKeyEvent) -> bool:
        codes = [code.code for code in WHY_NOT]
        if event.text().isdecimal() and 1 <= int(event.text()) <= len(codes):
            self.not_possible(codes[int(event.text()) - 1])
            return True
        self.asking = False
        self._show_keys()
        return event.key() == Qt.Key.Key_Escape

    def ask(self) -> None:
        """Ask why it was not possible."""
        if self.may and self.current() is not None:
            self.asking = True
            self._show_keys()

    def done(self) -> None:
        """Say that the current item was done, and go on."""
        self._tick("done", None)

    def not_possible(self, reason: str) -> None:
        """Say why the current item could not be done, and go on."""
        self._tick("not_possible", reason)

    def _tick(self, outcome: str, reason: str | None) -> None:
        item, place = self.current(), self.table.currentIndex().row()
        if item is None or not self.may:
            return
        try:
            with self.app.work() as work:
                made, before = tick(work, item.programme_id, self.shift, outcome, reason, self.carer_id)
        except Refused as refusal:
            self.app.show_error(refusal)
            return
        self.undoable.append((made, before, item.programme_id))
        self.show_unit(self.unit_id, self.shift)
        self._go_to(self._next_open(place))
        self.saved.emit()

    def take_back(self) -> None:
        """Take the last tick back, and go to it."""
        if not self.undoable:
            return
        made, before, programme = self.undoable.pop()
        with self.app.work() as work:
            untick(work, made, before)
        self.show_unit(self.unit_id, self.shift)
        self._go_to(next((i for i, each in enumerate(self.rows) if each.programme_id == programme), 0))
        self.saved.emit()

    def _next_open(self, place: int) -> int:
        """The next open item after a place, going round; the place itself where none is open."""
        order = [*range(place + 1, len(self.rows)), *range(place + 1)]
        return next((index for index in order if index < len(self.rows) and self.rows[index].open), max(place, 0))

    def _go_to(self, place: int) -> None:
        if 0 <= place < len(self.rows):
            self.table.selectRow(place)
            self._show_item()


def _chip_row(each: PracticeRow) -> ChipRow:
    tone = {"done": "good", "not_possible": "warning"}.get(each.outcome, "neutral")
    texts = (each.bed, each.child, each.what, each.amount, _("{n} days").format(n=each.run), each.state)
    return ChipRow(texts, tone, each.programme_id)
