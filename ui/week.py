"""A drawn week 周表: columns of days or people, blocks of time in them — dragged by mouse, carried by keyboard.

grid = WeekGrid()
grid.judge = lambda key, column, start, end: Verdict("danger", (_("The room is full."),))
grid.show([Column("mon", _("Mon"))], [Tile("1", "mon", 540, 570, "曾小乐", mark="PT", tint="rehabilitation")])
grid.moved.connect(lambda key, column, start, end: ...)

The grid knows no therapy: what a block means, whether it may stand somewhere and what happens then is told
by the page. Keys: arrows move the cursor, Enter opens or begins, Space picks a block up and lays it down,
Shift+↑↓ makes it longer, Esc gives up, Ctrl+wheel and Ctrl+± zoom; letters are passed on (``keyed``). With
``bands`` the week lies sideways, a row a person, and the arrows turn with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from ui.theme import theme
from ui.week_axis import clock
from ui.week_face import WeekFace
from ui.week_ground import SNAP, STEP, ZOOMS, Drag, Judge
from ui.week_pieces import Band, Column, Shade, Tile, Verdict, verdict_of

__all__ = ["Band", "Column", "Judge", "Shade", "Tile", "Verdict", "WeekGrid", "clock", "verdict_of"]


class WeekGrid(WeekFace):
    """The drawn week; see the module's docstring."""

    chosen = Signal(str)
    opened = Signal(str)
    drafted = Signal(str, int, int)
    moved = Signal(str, str, int, int)
    joined = Signal(str, str)
    fixed = Signal(str)
    asked = Signal(str, QPoint)
    zoomed = Signal(float)
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
        elif not tile.movable:
            self._pressed = None
            self._tell_chosen(tile.key)
            self.fixed.emit(tile.key)
        elif self.bookable:
            self.current = tile.key
            kind = "stretch" if self._at_edge(point, tile) else "move"
            self._drag = Drag(kind, tile.key, tile.column, tile.start, tile.end, grab=minute - tile.start)
        self._slot = None

    def _drag_to(self, point: QPoint) -> None:
        """Follow the mouse: the block moves with it, or its end does."""
        drag = self._drag
        assert drag is not None
        inside = QPointF(point) - self._origin()
        index = max(0, min(self._frame.lane_at(inside), len(self.columns) - 1))
        minute = self._frame.minute_at(inside)
        low, high = self._bounds(minute)
        if drag.kind == "move":
            length = drag.end - drag.start
            start = round((minute - drag.grab) / SNAP) * SNAP
            start = max(low, min(start, high - length))
            self._set_drag(column=self.columns[index].key, start=start, end=start + length)
        elif drag.kind == "stretch":
            self._set_drag(end=min(max(drag.start + SNAP, round(minute / SNAP) * SNAP), self._bounds(drag.start)[1]))
        else:
            here = min(round(minute / SNAP) * SNAP, self._bounds(drag.grab)[1])
            self._set_drag(start=min(drag.grab, here), end=max(drag.grab + SNAP, here))

    def _bounds(self, minute: int) -> tuple[int, int]:
        """Between which minutes a block stays: the day's."""
        band = next((band for band in self.bands if minute < band.end), self.bands[-1] if self.bands else None)
        return (max(band.start, self._span[0]), min(band.end, self._span[1])) if band else self._span

    def _set_drag(self, **changed: Any) -> None:
        assert self._drag is not None
        moved = replace(self._drag, **changed)
        if (moved.column, moved.start, moved.end) != (self._drag.column, self._drag.start, self._drag.end):
            self._drag = self._judged(moved)
            self._say()
            self.viewport().update()

    def _judged(self, drag: Drag) -> Drag:
        """Say what speaks against the place; on another block of its kind it would join that as a group."""
        onto = self._beneath(drag)
        together = self.join(drag.key, onto.key) if onto else None
        if onto and together:
            return replace(drag, onto=onto.key, verdict=together)
        return replace(drag, onto="", verdict=self.judge(drag.key, drag.column, drag.start, drag.end))

    def _beneath(self, drag: Drag) -> Tile | None:
        """Return the block that a carried one mostly covers."""
        if drag.kind != "move":
            return None
        own = self._lanes.get(self._column_index(drag.column), ())
        half = (drag.end - drag.start) / 2
        over = [(min(each.end, drag.end) - max(each.start, drag.start), each) for each in own if each.key != drag.key]
        return max((pair for pair in over if pair[0] > half), key=lambda pair: pair[0], default=(0, None))[1]

    def carry(self, key: str, column: str, start: int, end: int, title: str) -> None:
        """Begin to carry something by keyboard that is no block of its own yet, e.g. one child of a group."""
        self._drag = self._judged(Drag("move", key, column, start, end, by_key=True, title=title))
        self.setFocus()
        self._say()
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        self._scroller.stop()
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._drag and not self._drag.by_key:
            self._drop()
        elif pressed and pressed[1]:
            # Told only now: a panel that opens at the side would move the blocks under a mouse that begins to drag.
            self._tell_chosen(pressed[1].key)
        elif pressed and self.bookable:
            start = pressed[3] // STEP * STEP
            self._tell_chosen("")
            self.drafted.emit(pressed[2], start, start + STEP)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open what the first press has chosen, wherever it lies by now."""
        if self.tile(self.current):
            self.opened.emit(self.current)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for what can be done with a block: the one under the mouse, or by the menu key the one at the cursor."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        tile = self._tile_under_cursor() if by_key else self._tile_at(event.pos())
        if tile:
            self._tell_chosen(tile.key)
            place = self._cursor_rect().bottomLeft().toPoint() if by_key else event.pos()
            self.asked.emit(tile.key, self.viewport().mapToGlobal(place))

    def busy(self) -> bool:
        """Whether something is just being dragged or carried."""
        return self._drag is not None or self._pressed is not None

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = self._slot = None
        self.viewport().update()
        super().leaveEvent(event)

    def _hover_at(self, point: QPoint) -> None:
        tile, place = self._tile_at(point), self._at(point)
        slot = None if tile or place is None or not self.bookable else (place[0], place[1] // STEP * STEP)
        if slot and any(a <= slot[1] < b for a, b in self._frame.axis.folds):
            slot = None
        if (tile, slot) != (self._hover, self._slot):
            self._hover, self._slot = tile, slot
            self.viewport().update()
        shape = Qt.CursorShape.ArrowCursor
        if tile and self.bookable and self._at_edge(point, tile):
            shape = Qt.CursorShape.SizeHorCursor if self.sideways else Qt.CursorShape.SizeVerCursor
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
        elif drag.onto and drag.verdict.tone != "danger":
            self.joined.emit(drag.key, drag.onto)
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

    # --- looking closer -----------------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1 if event.angleDelta().y() > 0 else -1, event.position().toPoint())
        else:
            super().wheelEvent(event)

    def zoom_by(self, steps: int, at: QPoint | None = None) -> None:
        """Look closer, or from further away, by some steps."""
        nearest = min(range(len(ZOOMS)), key=lambda index: abs(ZOOMS[index] - self.zoom))
        self.set_zoom(ZOOMS[max(0, min(nearest + steps, len(ZOOMS) - 1))], at)
        self.zoomed.emit(self.zoom)

    # --- keyboard -----------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._zoom_key(event):
            return
        if not self.columns or not (self._carry_key(event) if self._drag else self._cursor_key(event)):
            super().keyPressEvent(event)

    def _zoom_key(self, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Equal: 1, Qt.Key.Key_Minus: -1}
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        if event.key() == Qt.Key.Key_0:
            self.set_zoom(1.0)
            self.zoomed.emit(1.0)
        elif event.key() in steps:
            self.zoom_by(steps[event.key()])  # type: ignore[index]  # Qt gives keys as numbers
        else:
            return False
        return True

    def _arrow(self, key: int) -> tuple[int, int] | None:
        """Return (lanes across, steps along the day) of an arrow; lying sideways the arrows turn."""
        across, along = {
            Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1), Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0),
        }.get(key, (0, 0))  # type: ignore[call-overload]  # Qt gives keys as numbers  # fmt: skip
        if not across and not along:
            return None
        return (along, across) if self.sideways else (across, along)

    def _carry_key(self, event: QKeyEvent) -> bool:
        drag, arrow = self._drag, self._arrow(event.key())
        assert drag is not None
        if event.key() == Qt.Key.Key_Escape:
            self._give_up()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._drop()
        elif arrow:
            self._carry(drag, *arrow, event.modifiers())
        else:
            return False
        if self._drag:
            self._cursor = (self._column_index(self._drag.column), self._drag.start)
            self.show_cursor()
        return True

    def _carry(self, drag: Drag, across: int, along: int, pressed: Qt.KeyboardModifier) -> None:
        """Carry on by one step: to another column, earlier or later, or (Shift) with a later end."""
        by = along * (SNAP if pressed & Qt.KeyboardModifier.AltModifier else STEP // 2)
        if across:
            index = max(0, min(self._column_index(drag.column) + across, len(self.columns) - 1))
            self._set_drag(column=self.columns[index].key)
        elif pressed & Qt.KeyboardModifier.ShiftModifier:
            self._set_drag(end=max(drag.start + SNAP, min(drag.end + by, self._bounds(drag.start)[1])))
        else:
            start, end = self._beyond_fold(drag.start + by, drag.end + by, along)
            if self._span[0] <= start and end <= self._span[1]:
                self._set_drag(start=start, end=end)

    def _beyond_fold(self, start: int, end: int, along: int) -> tuple[int, int]:
        """Carry a block over the night in one step."""
        for low, high in self._frame.axis.folds if self.sideways else ():
            if start < high and end > low:
                return (high, high + end - start) if along > 0 else (low - (end - start), low)
        return start, end

    def _cursor_key(self, event: QKeyEvent) -> bool:
        key, tile, arrow = event.key(), self._tile_under_cursor(), self._arrow(event.key())
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        held = bool(tile and tile.movable and self.bookable)
        if arrow and event.modifiers() & Qt.KeyboardModifier.ShiftModifier and held:
            self._pick_up(tile)
            self._carry_key(event)
        elif arrow:
            self._step(*arrow)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.paged.emit(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._cursor = (self._cursor[0], self._span[0] if key == Qt.Key.Key_Home else self._span[1] - STEP)
            self._settle()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._enter(tile)
        elif key == Qt.Key.Key_Space and held:
            self._pick_up(tile)
        elif event.text().isalpha() or event.text() in ("?", "/") or key == Qt.Key.Key_Delete:
            self.keyed.emit("DELETE" if key == Qt.Key.Key_Delete else event.text().upper())
        else:
            return False
        self.viewport().update()
        return True

    def _pick_up(self, tile: Tile | None) -> None:
        if tile is not None:
            self._drag = Drag("move", tile.key, tile.column, tile.start, tile.end, by_key=True)
            self._say()

    def _enter(self, tile: Tile | None) -> None:
        if tile:
            self._tell_chosen(tile.key)
            self.opened.emit(tile.key)
        elif self.bookable:
            column, minute = self.cursor_place()
            self.drafted.emit(column, minute, minute + STEP)

    def _step(self, across: int, along: int) -> None:
        """Move the cursor; along the day it goes to the next slot, over a longer block as a whole, over a fold at once."""
        column, minute = self._cursor
        tile = self._tile_under_cursor()
        if along > 0:
            minute = max(tile.end, minute + 5) if tile else minute + STEP
        elif along < 0:
            minute = (tile.start if tile else minute) - STEP
        for start, end in self._frame.axis.folds:
            if start <= minute < end:
                minute = end if along > 0 else start - STEP
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
