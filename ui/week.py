"""A drawn week 周表: columns of days or people, blocks of time in them — dragged by mouse, carried by keyboard.

grid = WeekGrid()
grid.judge = lambda key, column, start, end: Verdict("danger", (_("The room is full."),))
grid.show([Column("mon", _("Mon"))], [Tile("1", "mon", 540, 570, "曾小乐", mark="PT", tint="rehabilitation")])
grid.moved.connect(lambda key, column, start, end: ...)

The grid knows no therapy: what a block means, whether it may stand somewhere and what happens then is told
by the page. Keys: arrows move the cursor, Enter opens or begins, Space picks a block up and lays it down,
Shift+↑↓ makes it longer, Esc gives up; letters are passed on (``keyed``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from ui.theme import theme
from ui.week_axis import clock
from ui.week_face import SNAP, STEP, Drag, Judge, WeekFace
from ui.week_paint import Column, Shade, Tile, Verdict, verdict_of

__all__ = ["Column", "Judge", "Shade", "Tile", "Verdict", "WeekGrid", "clock", "verdict_of"]


class WeekGrid(WeekFace):
    """The drawn week; see the module's docstring."""

    chosen = Signal(str)
    opened = Signal(str)
    drafted = Signal(str, int, int)
    moved = Signal(str, str, int, int)
    refused = Signal(str)
    keyed = Signal(str)
    paged = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pressed: tuple[QPoint, Tile | None, str, int] | None = None
        self._last_mouse = QPoint()
        self._scroller = QTimer(self, interval=30)
        self._scroller.timeout.connect(self._scroll_by_edge)

    def show_week(self, columns: Sequence[Column], tiles: Sequence[Tile], **given: Any) -> None:
        """Show other columns and tiles; what was being dragged is let go."""
        self._pressed = None
        super().show_week(columns, tiles, **given)

    # --- mouse --------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._give_up()
        point = event.position().toPoint()
        place, tile = self._at(point), self._tile_at(point)
        if place is None:
            return
        self._pressed = (point, tile, *place)
        self._cursor = (self._column_index(place[0]), tile.start if tile else place[1] // STEP * STEP)
        if tile:
            self._tell_chosen(tile.key)
        self.viewport().update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = self._last_mouse = event.position().toPoint()
        if self._pressed and not self._drag:
            far = (point - self._pressed[0]).manhattanLength() >= QApplication.startDragDistance()
            if far:
                self._begin_drag()
        if self._drag and not self._drag.by_key:
            self._drag_to(point)
            self._scroller.start()
        elif not self._pressed:
            self._hover_at(point)

    def _begin_drag(self) -> None:
        assert self._pressed is not None
        point, tile, column, minute = self._pressed
        if tile is None:
            if self.bookable:
                start = minute // SNAP * SNAP
                self._drag = Drag("draft", "", column, start, start + SNAP, grab=start)
        elif tile.movable and self.bookable:
            kind = "stretch" if self._at_edge(point, tile) else "move"
            self._drag = Drag(kind, tile.key, tile.column, tile.start, tile.end, grab=minute - tile.start)
        self._slot = None

    def _drag_to(self, point: QPoint) -> None:
        """Follow the mouse: the block moves with it, or its end does."""
        drag = self._drag
        assert drag is not None
        inside = QPointF(point) - self._origin()
        index = max(0, min(int(inside.x() // self._column_width()), len(self.columns) - 1))
        minute = self._axis.minute(inside.y())
        if drag.kind == "move":
            length = drag.end - drag.start
            start = round((minute - drag.grab) / SNAP) * SNAP
            start = max(self._span[0], min(start, self._span[1] - length))
            self._set_drag(column=self.columns[index].key, start=start, end=start + length)
        elif drag.kind == "stretch":
            end = max(drag.start + SNAP, round(minute / SNAP) * SNAP)
            self._set_drag(end=min(end, self._span[1]))
        else:
            here = round(minute / SNAP) * SNAP
            self._set_drag(start=min(drag.grab, here), end=max(drag.grab + SNAP, here))

    def _set_drag(self, **changed: Any) -> None:
        assert self._drag is not None
        moved = replace(self._drag, **changed)
        if (moved.column, moved.start, moved.end) != (self._drag.column, self._drag.start, self._drag.end):
            moved = replace(moved, verdict=self.judge(moved.key, moved.column, moved.start, moved.end))
            self._drag = moved
            self._say()
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        self._scroller.stop()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._drag and not self._drag.by_key:
            self._drop()
        elif pressed and pressed[1] is None and self.bookable:
            start = pressed[3] // STEP * STEP
            self._tell_chosen("")
            self.drafted.emit(pressed[2], start, start + STEP)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        tile = self._tile_at(event.position().toPoint())
        if tile:
            self.opened.emit(tile.key)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = self._slot = None
        self.viewport().update()
        super().leaveEvent(event)

    def _hover_at(self, point: QPoint) -> None:
        tile, place = self._tile_at(point), self._at(point)
        slot = None if tile or place is None or not self.bookable else (place[0], place[1] // STEP * STEP)
        if slot and any(a <= slot[1] < b for a, b in self._axis.folds):
            slot = None
        if (tile, slot) != (self._hover, self._slot):
            self._hover, self._slot = tile, slot
            self.viewport().update()
        shape = Qt.CursorShape.ArrowCursor
        if tile and self.bookable and self._at_edge(point, tile):
            shape = Qt.CursorShape.SizeVerCursor
        elif tile and tile.movable and self.bookable:
            shape = Qt.CursorShape.OpenHandCursor
        self.viewport().setCursor(shape)

    def _scroll_by_edge(self) -> None:
        """Scroll on while something is held near the edge."""
        if not self._drag or self._drag.by_key:
            self._scroller.stop()
            return
        edge, point, view = theme.size(24), self._last_mouse, self.viewport().rect()
        down = (point.y() > view.bottom() - edge) - (point.y() < self._head() + edge)
        across = (point.x() > view.right() - edge) - (point.x() < self._gutter() + edge)
        if down or across:
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() + down * theme.size(8))
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() + across * theme.size(12))
            self._drag_to(point)

    def _drop(self) -> None:
        """Lay down what was dragged, where it may stand; else say why not and leave everything as it was."""
        drag, self._drag = self._drag, None
        self.viewport().update()
        if drag is None:
            return
        tile = self.tile(drag.key)
        if tile and (tile.column, tile.start, tile.end) == (drag.column, drag.start, drag.end):
            return
        if drag.kind == "draft":
            end = drag.end if drag.end - drag.start > SNAP else drag.start + STEP
            self.drafted.emit(drag.column, drag.start, end)
        elif drag.verdict.tone == "danger":
            self.refused.emit("\n".join(drag.verdict.words))
        else:
            self.moved.emit(drag.key, drag.column, drag.start, drag.end)

    def _give_up(self) -> None:
        self._drag = self._pressed = None
        self._scroller.stop()
        self._say()
        self.viewport().update()

    def event(self, event: QEvent) -> bool:
        """While something is held, Esc gives it up before anybody else may take the key."""
        override = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if override and self._drag and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]  # a key event
            event.accept()
            return True
        return super().event(event)

    # --- keyboard -----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.columns or not (self._carry_key(event) if self._drag else self._cursor_key(event)):
            super().keyPressEvent(event)

    def _carry_key(self, event: QKeyEvent) -> bool:
        drag, key = self._drag, event.key()
        assert drag is not None
        small = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        step = SNAP if small else STEP // 2
        if key == Qt.Key.Key_Escape:
            self._give_up()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._drop()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            by = step if key == Qt.Key.Key_Down else -step
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._set_drag(end=max(drag.start + SNAP, min(drag.end + by, self._span[1])))
            elif self._span[0] <= drag.start + by and drag.end + by <= self._span[1]:
                self._set_drag(start=drag.start + by, end=drag.end + by)
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            index = self._column_index(drag.column) + (1 if key == Qt.Key.Key_Right else -1)
            self._set_drag(column=self.columns[max(0, min(index, len(self.columns) - 1))].key)
        else:
            return False
        if self._drag:
            self._cursor = (self._column_index(self._drag.column), self._drag.start)
            self.show_cursor()
        return True

    def _cursor_key(self, event: QKeyEvent) -> bool:
        key, tile = event.key(), self._tile_under_cursor()
        moves: dict[int, tuple[int, int]] = {
            Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1), Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0),
        }  # fmt: skip
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        if key in moves:
            self._step(*moves[key])
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.paged.emit(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._cursor = (self._cursor[0], self._span[0] if key == Qt.Key.Key_Home else self._span[1] - STEP)
            self._settle()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(tile)
        elif key == Qt.Key.Key_Space and tile and tile.movable and self.bookable:
            self._drag = Drag("move", tile.key, tile.column, tile.start, tile.end, by_key=True)
            self._say()
        elif event.text().isalpha() or key == Qt.Key.Key_Delete:
            self.keyed.emit("DELETE" if key == Qt.Key.Key_Delete else event.text().upper())
        else:
            return False
        self.viewport().update()
        return True

    def _enter(self, tile: Tile | None) -> None:
        if tile:
            self._tell_chosen(tile.key)
            self.opened.emit(tile.key)
        elif self.bookable:
            column, minute = self.cursor_place()
            self.drafted.emit(column, minute, minute + STEP)

    def _step(self, across: int, down: int) -> None:
        """Move the cursor; up and down it goes to the next slot, over a longer block as a whole, over a fold at once."""
        column, minute = self._cursor
        tile = self._tile_under_cursor()
        if down > 0:
            minute = max(tile.end, minute + 5) if tile else minute + STEP
        elif down < 0:
            minute = (tile.start if tile else minute) - STEP
        for start, end in self._axis.folds:
            if start <= minute < end:
                minute = end if down > 0 else start - STEP
        column = max(0, min(column + across, len(self.columns) - 1))
        self._cursor = (column, max(self._span[0], min(minute, self._span[1] - STEP)))
        above = self._tile_under_cursor()
        if above:
            self._cursor = (column, above.start)
        self._settle()

    def _settle(self) -> None:
        self.show_cursor()
        tile = self._tile_under_cursor()
        self._tell_chosen(tile.key if tile else "")
        self._say()

    def _tell_chosen(self, key: str) -> None:
        if key != self.current:
            self.current = key
            self.chosen.emit(key)
