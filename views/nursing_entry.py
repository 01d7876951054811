"""The entry itself: the table, the strip below it, every key, and the saving of each row at once.

The page around it chooses unit, day, shift and carer; this knows only the rows of one shift.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from models.care import NursingRecord
from models.core.errors import Invalid, Unconfirmed
from models.core.fields import field_of
from models.core.records import put_in_bin, take_from_bin
from models.nursing import NursingRow, save_row, take_again, undo_row, unusual
from models.shifts import Shift
from resources import _, ngettext
from ui.app import App
from ui.widgets import column as stacked
from views.nursing_columns import AGAIN, BY_KEY, Column, understood
from views.nursing_strip import EntryStrip
from views.nursing_table import Line, NursingModel, NursingTable

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_DIGITS = "0123456789.,。０１２３４５６７８９．"


class ShiftEntry(QWidget):
    """The rows of one unit's shift, written by keyboard."""

    saved = Signal()
    """A row was saved or taken back; the rows should be read again (see :meth:`show`)."""

    def __init__(self, app: App, shift: Shift) -> None:
        super().__init__()
        self.app, self.shift = app, shift
        self.draft_key = ""
        self.carer_id: str | None = app.actor.staff_id
        self.asked: tuple[Column | None, int] | None = None
        self.undoable: list[tuple[str, str, dict[str, Any] | None, str]] = []
        self.model = NursingModel(self)
        self.table = NursingTable(self.model)
        self.strip = EntryStrip(app)
        lines = stacked(self, 2)
        lines.addWidget(self.table, 1)
        lines.addWidget(self.strip)
        self._connect()

    def _connect(self) -> None:
        self.table.passes = self._key
        self.table.asking = lambda: self.asked is not None
        self.table.row_changed.connect(self._row_changed)
        self.table.cell_asked.connect(self._cell_asked)
        self.strip.picked.connect(self._picked)
        self.strip.note_done.connect(self._note_done)
        inside = Qt.ShortcutContext.WidgetWithChildrenShortcut
        QShortcut(QKeySequence.StandardKey.Undo, self, self.take_back, context=inside)

    def show_rows(self, rows: Sequence[NursingRow], shift: Shift, unit_id: str, child_id: str = "") -> None:
        """Show the rows of a unit's shift, at a child, or where we were, or at the first row not written."""
        key = f"nursing:{unit_id}:{shift.day}:{shift.code}"
        changed, self.shift, self.draft_key = key != self.draft_key, shift, key
        if changed:
            self.undoable.clear()
            self.model.lines = []
        line = self.current()
        wanted = child_id or (line.row.child_id if line else "")
        self.model.show(rows, shift.day)
        if changed:
            self._restore_typing()
        place = self.model.place_of(wanted) if wanted else -1
        if rows and (child_id or place != self.current_place() or place < 0):
            self._go_to(place if place >= 0 else self._first_open())
        elif self.asked is None:
            self._rest()

    def _restore_typing(self) -> None:
        """Bring back what was typed and not saved when the program ended."""
        for child_id, typed in (self.app.drafts.look(self.draft_key) or {}).items():
            place = self.model.place_of(child_id)
            if place >= 0 and typed:
                self.model.set_line(place, replace(self.model.lines[place], typed=dict(typed)))

    def _keep_typing(self) -> None:
        typed = {line.row.child_id: line.typed for line in self.model.lines if line.typed}
        if typed:
            self.app.drafts.keep(self.draft_key, typed)
        else:
            self.app.drafts.forget(self.draft_key)

    def finish(self) -> None:
        """Save what is typed, before the person goes elsewhere."""
        self._save_typed(self.current_place())

    # --- where we are ---

    def current_place(self) -> int:
        """Return the current row, -1 when there is none."""
        index = self.table.currentIndex()
        return index.row() if index.isValid() and index.row() < len(self.model.lines) else -1

    def current(self) -> Line | None:
        """Return the current row's state."""
        place = self.current_place()
        return self.model.lines[place] if place >= 0 else None

    def _first_open(self) -> int:
        return next((i for i, line in enumerate(self.model.lines) if not line.written and not line.row.away), 0)

    def _go_to(self, place: int) -> None:
        self.table.setCurrentIndex(self.model.index(place, 0))
        self.table.setFocus()
        self.strip.show_child(self.current())
        self._rest()

    def _next(self) -> None:
        """Go on to the next child that is here; at the end stay, and say that all are written."""
        place = self.current_place() + 1
        if place < len(self.model.lines) and not self.model.lines[place].row.away:
            self._go_to(place)
            return
        left = sum(1 for line in self.model.lines if not line.written and not line.row.away)
        words = _("All children of the unit are written.") if not left else ngettext(
            "{n} child is still open above.", "{n} children are still open above.", left).format(n=left)  # fmt: skip
        self._rest(words, "good" if not left else "warning")

    def _rest(self, said: str = "", tone: str = "muted") -> None:
        self.asked = None
        line = self.current()
        if line and line.problem:
            said, tone = line.problem, "warning" if line.asks else "danger"
        self.strip.rest(line, said, tone)

    def _row_changed(self, place: int, before: int) -> None:
        if 0 <= before < len(self.model.lines):
            self._save_typed(before)
        self.strip.show_child(self.current())
        self._rest()

    # --- keys ---

    def _key(self, event: QKeyEvent) -> bool:
        """Take a key of the entry; False leaves it to the table (moving, scrolling)."""
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        line = self.current()
        if line is None:
            return False
        if self.asked is not None and self._answer(event):
            return True
        if event.key() in ENTER:
            self.enter()
            return True
        if event.key() == Qt.Key.Key_Escape:
            self.give_up()
            return True
        if event.key() == Qt.Key.Key_Delete:
            self.remove()
            return True
        return self._begin(event, line)

    def _begin(self, event: QKeyEvent, line: Line) -> bool:
        text = event.text().upper()
        if line.row.away or not text or not self._may_write():
            return False
        if text in BY_KEY:
            self._ask(BY_KEY[text], 0)
            return True
        if text == AGAIN:
            self._ask(None, 0)
            return True
        if text.isdigit():
            self._ask(BY_KEY["T"], 0)
            return self._answer(event)
        return False

    def _may_write(self) -> bool:
        return self.app.may("create", NursingRecord)

    def _ask(self, column: Column | None, detail: int) -> None:
        line = self.current()
        if line is None or (
            column and column.key not in {each.key for each in self.model.columns} and column.key != "R"
        ):
            return
        self.asked = (column, detail)
        meaning = column.meanings()[detail] if column else field_of(NursingRecord, "temperature")
        value = line.values.get(meaning.name) if column else None
        self.strip.ask(column, meaning, value, bool(column and detail + 1 < len(column.fields)))

    def _answer(self, event: QKeyEvent) -> bool:
        """Take a key while a field is asked."""
        assert self.asked is not None
        column, detail = self.asked
        meaning = self.strip.field
        if meaning is None:
            return False
        if event.key() == Qt.Key.Key_Escape:
            self._rest()
            return True
        if event.key() == Qt.Key.Key_Tab and column:
            self._put_buffer()
            self._ask(column, (detail + 1) % len(column.fields))
            return True
        if meaning.codes is not None:
            return self._choose(meaning.codes.codes, event.text())
        return self._digit(event)

    def _choose(self, codes: Any, text: str) -> bool:
        if not text.isdigit() or int(text) > len(codes):
            return False
        self._picked(codes[int(text) - 1].code if int(text) else None)
        return True

    def _digit(self, event: QKeyEvent) -> bool:
        assert self.strip.field is not None
        if event.key() == Qt.Key.Key_Backspace:
            self.strip.buffer = self.strip.buffer[:-1]
        elif event.text() and event.text() in _DIGITS and len(self.strip.buffer) < 5:
            self.strip.buffer += event.text()
        else:
            self._put_buffer()
            if event.text() and event.key() not in ENTER:
                self.asked = None
            return False
        self.strip.show_number(understood(self.strip.field, self.strip.buffer), self.strip.buffer)
        self._put_buffer()
        return True

    def _put_buffer(self) -> None:
        """Write what was typed into the row (or take the temperature again)."""
        if self.asked is None or self.strip.field is None or not self.strip.buffer:
            return
        value = understood(self.strip.field, self.strip.buffer)
        if self.asked[0] is not None and value is not None:
            self._set(self.strip.field.name, value)

    def _set(self, name: str, value: Any) -> None:
        place, line = self.current_place(), self.current()
        if line is not None and line.values.get(name) != value:
            self.model.set_line(place, replace(line, typed={**line.typed, name: value}, problem="", asks=False))
            self._keep_typing()

    def _picked(self, value: Any) -> None:
        if self.strip.field is not None:
            self._set(self.strip.field.name, value)
        self.table.setFocus()
        self._rest()

    def _note_done(self, text: str, entered: bool) -> None:
        line = self.current()
        if line is not None and text.strip() != str(line.values.get("note") or ""):
            self._set("note", text.strip() or None)
        self.table.setFocus()
        self._rest()
        if entered:
            self.enter()

    def _cell_asked(self, place: int, key: str) -> None:
        if key in BY_KEY and not self.model.lines[place].row.away and self._may_write():
            self._ask(BY_KEY[key], 0)
        elif key == "child":
            self.app.open_child(self.model.lines[place].row.child_id, "care_days")

    # --- saving ---

    def enter(self) -> None:
        """Save the current row, as usual where nothing is typed, and go on."""
        if self.asked is not None and self.asked[0] is None:
            self._take_again()
            return
        place, line = self.current_place(), self.current()
        if line is None:
            return
        if line.row.away or (line.written and not line.typed):
            self._next()
            return
        values = line.typed if line.written else {**line.row.usual, **line.typed}
        if self._save(place, values, usual=not line.written and not _odd(line, self.shift.day), confirmed=line.asks):
            self._next()

    def _save_typed(self, place: int) -> None:
        """Save what is typed in a row that is being left, and only that."""
        line = self.model.lines[place] if 0 <= place < len(self.model.lines) else None
        if line and line.typed and not line.problem and self._may_write():
            self._save(place, line.typed, usual=False, confirmed=False)

    def _save(self, place: int, values: dict[str, Any], *, usual: bool, confirmed: bool) -> bool:
        line = self.model.lines[place]
        try:
            with self.app.work() as work:
                made, before = save_row(
                    work, line.row.child_id, self.shift, values, carer_id=self.carer_id, usual=usual, confirmed=confirmed
                )  # fmt: skip
        except Unconfirmed as doubt:
            self._refused(place, line, str(doubt), asks=True)
        except Invalid as refusal:
            self._refused(place, line, str(refusal), asks=False)
        except Exception as error:
            self.app.show_error(error)
        else:
            self.undoable.append((line.row.child_id, made, before, line.row.name))
            self._saved(line.row.child_id)
            return True
        return False

    def _refused(self, place: int, line: Line, words: str, *, asks: bool) -> None:
        self.model.set_line(place, replace(line, problem=words, asks=asks))
        if place == self.current_place():
            self._rest()

    def _saved(self, child_id: str) -> None:
        place = self.model.place_of(child_id)
        if place >= 0:
            self.model.set_line(place, Line(self.model.lines[place].row))
        self._keep_typing()
        self.saved.emit()

    def give_up(self) -> None:
        """Forget what is typed in the current row."""
        place, line = self.current_place(), self.current()
        if line is not None:
            self.model.set_line(place, Line(line.row))
            self._keep_typing()
        self._rest()

    def remove(self) -> None:
        """Move the current row's record to the bin; Ctrl+Z brings it back."""
        line = self.current()
        if line is None or line.row.record is None or not self.app.may("edit", NursingRecord):
            return
        record_id, name = line.row.record["id"], line.row.name
        try:
            with self.app.work() as work:
                put_in_bin(work, NursingRecord, record_id)
        except Exception as error:
            self.app.show_error(error)
            return
        self.saved.emit()
        self.app.notify(_("{name}: the record is in the bin.").format(name=name), partial(self._restore, record_id))

    def _restore(self, record_id: str) -> None:
        with self.app.work() as work:
            take_from_bin(work, NursingRecord, record_id)
        self.saved.emit()

    def take_back(self) -> None:
        """Take back the row that was saved last."""
        if not self.undoable:
            return
        child_id, record_id, before, name = self.undoable.pop()
        try:
            with self.app.work() as work:
                undo_row(work, record_id, before)
        except Exception as error:
            self.app.show_error(error)
            return
        self.saved.emit()
        place = self.model.place_of(child_id)
        if place >= 0:
            self._go_to(place)
        self._rest(_("Taken back: {name}").format(name=name), "info")

    def _take_again(self) -> None:
        line, field = self.current(), self.strip.field
        degrees = understood(field, self.strip.buffer) if field else None
        if line is None or degrees is None:
            self._rest()
            return
        try:
            with self.app.work() as work:
                take_again(work, line.row.child_id, degrees)
        except Invalid as refusal:
            self._rest(str(refusal), "danger")
            return
        self.saved.emit()
        self._rest(_("{name}: {t} °C taken again.").format(name=line.row.name, t=f"{degrees:.1f}"), "good")


def _odd(line: Line, day: date) -> bool:
    """Whether something typed is out of the ordinary, so that the record is not “as usual”."""
    return bool(unusual(line.typed, day)) or bool(line.typed.get("note"))
