"""The face of a drawn week 周表画面: what is shown, where it lies, and how it is painted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip, QWidget

from resources import _
from ui import week_paint as pen
from ui.text import plain_tip
from ui.theme import color, space, theme
from ui.week_axis import Axis, Span, clock, lanes
from ui.week_paint import Column, Tile, Verdict

STEP, SNAP = 30, 5
"""Minutes of one cursor step, and to which a drag snaps."""
Judge = Callable[[str, str, int, int], Verdict]


@dataclass(frozen=True)
class Drag:
    """What is being dragged or carried: a block's move or stretch, or a new one being drawn out."""

    kind: str
    key: str
    column: str
    start: int
    end: int
    grab: int = 0
    by_key: bool = False
    verdict: Verdict = Verdict()


class WeekFace(QAbstractScrollArea):
    """The drawn week as it is looked at; how it is handled is told by ``WeekGrid``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = ()
        self.tiles: tuple[Tile, ...] = ()
        self.judge: Judge = lambda key, column, start, end: Verdict()
        self.minute_now: Callable[[], int] = lambda: -1
        self.fold_words = ""
        self.bookable = True
        self.current = ""
        self._span: Span = (480, 1050)
        self._folds: tuple[Span, ...] = ()
        self._axis = Axis(480, 1050, height=500, least=1, fold_height=20)
        self._places: dict[str, QRectF] = {}
        self._cursor = (0, 480)
        self._drag: Drag | None = None
        self._hover: Tile | None = None
        self._slot: tuple[str, int] | None = None
        self._build()

    def _build(self) -> None:
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.setMinimumSize(theme.size(320), theme.size(200))
        theme.changed.connect(self.relay)
        tick = QTimer(self, interval=60_000)
        tick.timeout.connect(self.viewport().update)
        tick.start()

    # --- what is shown ------------------------------------------------------------------------------

    def show_week(
        self, columns: Sequence[Column], tiles: Sequence[Tile], *, span: Span = (480, 1050), folds: Iterable[Span] = ()
    ) -> None:
        """Show other columns and tiles; a fold opens by itself where a tile lies in it."""
        self.columns, self.tiles = tuple(columns), tuple(tiles)
        begin = min([span[0], *(tile.start for tile in tiles)])
        end = max([span[1], *(tile.end for tile in tiles)])
        self._span = (begin // 30 * 30, -(-end // 30) * 30)
        self._folds = tuple(f for f in folds if not any(tile.start < f[1] and tile.end > f[0] for tile in tiles))
        self._drag = self._hover = self._slot = None
        column, minute = self._cursor
        self._cursor = (
            min(column, max(len(self.columns) - 1, 0)),
            max(self._span[0], min(minute, self._span[1] - STEP)),
        )
        if self.current and not self.tile(self.current):
            self.current = ""
        self.relay()

    def tile(self, key: str) -> Tile | None:
        """Return a tile by its key."""
        return next((tile for tile in self.tiles if tile.key == key), None)

    def choose(self, key: str) -> None:
        """Choose a tile, or none, and put the cursor on it; tells no one."""
        self.current = key
        tile = self.tile(key)
        if tile:
            self._cursor = (self._column_index(tile.column), tile.start)
            self.show_cursor()
        self._say()
        self.viewport().update()

    def cursor_place(self) -> tuple[str, int]:
        """Return the column's key and the minute at which the cursor stands."""
        column, minute = self._cursor
        return (self.columns[column].key if self.columns else "", minute)

    def put_cursor(self, column: str, minute: int) -> None:
        """Put the cursor somewhere, e.g. at the present time."""
        self._cursor = (self._column_index(column), max(self._span[0], min(minute, self._span[1] - STEP)))
        self.show_cursor()

    def relay(self) -> None:
        """Lay everything out again for the size and the look of the moment."""
        least = theme.size(QFontMetrics(pen.caption()).height() + 11) / 30
        room = self.viewport().height() - self._head() - 2 * self._rim()
        self._axis = Axis(*self._span, folds=self._folds, height=max(room, 0), least=least, fold_height=theme.size(22))
        self._lay_scrolls()
        self._places = {}
        for index, column in enumerate(self.columns):
            own = [tile for tile in self.tiles if tile.column == column.key]
            for tile, (lane, wide) in zip(own, lanes([(tile.start, tile.end) for tile in own]), strict=True):
                self._places[tile.key] = self._tile_rect(index, tile.start, tile.end, lane, wide)
        self.viewport().update()

    def _lay_scrolls(self) -> None:
        view = self.viewport().size()
        tall, wide = round(self._axis.height) + 2 * self._rim(), round(self._column_width() * len(self.columns))
        self.verticalScrollBar().setPageStep(max(view.height() - self._head(), 1))
        self.verticalScrollBar().setRange(0, max(0, tall - (view.height() - self._head())))
        self.verticalScrollBar().setSingleStep(theme.size(24))
        self.horizontalScrollBar().setPageStep(max(view.width() - self._gutter(), 1))
        self.horizontalScrollBar().setRange(0, max(0, wide - (view.width() - self._gutter())))
        self.horizontalScrollBar().setSingleStep(theme.size(40))

    # --- places -------------------------------------------------------------------------------------

    def _head(self) -> int:
        return QFontMetrics(theme.font("strong")).height() + QFontMetrics(pen.caption()).height() + space(2)

    def _gutter(self) -> int:
        return QFontMetrics(pen.caption()).horizontalAdvance("00:00") + space(3)

    def _column_width(self) -> float:
        """Share the room; when columns would become too narrow to read, make them wide enough and scroll."""
        share = (self.viewport().width() - self._gutter()) / max(len(self.columns), 1)
        return share if share >= theme.size(82) else float(theme.size(100))

    def _column_index(self, key: str) -> int:
        return next((index for index, column in enumerate(self.columns) if column.key == key), 0)

    def _origin(self) -> QPointF:
        """Where the content's corner lies in the viewport."""
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        return QPointF(self._gutter() - across, self._head() + self._rim() - down)

    def _rim(self) -> int:
        """The room above the first and below the last line, so that their times can be read."""
        return QFontMetrics(pen.caption()).height() // 2 + 1

    def _tile_rect(self, column: int, start: int, end: int, lane: int = 0, wide: int = 1) -> QRectF:
        width = self._column_width()
        inner = width - theme.size(8)
        top, bottom = self._axis.y(start), self._axis.y(end)
        return QRectF(column * width + theme.size(2) + inner * lane / wide, top, inner / wide, max(bottom - top, 8))

    def place_of(self, column: str, start: int, end: int) -> QRect:
        """Return the viewport's rectangle of a stretch of time, for hints and tests."""
        return self._tile_rect(self._column_index(column), start, end).translated(self._origin()).toRect()

    def _at(self, point: QPoint) -> tuple[str, int] | None:
        """Return column and exact minute under a point; None in the head or beside the columns."""
        inside = QPointF(point) - self._origin()
        column = int(inside.x() // self._column_width()) if inside.x() >= 0 else -1
        if point.y() < self._head() or point.x() < self._gutter() or not 0 <= column < len(self.columns):
            return None
        return self.columns[column].key, self._axis.minute(inside.y())

    def _tile_at(self, point: QPoint) -> Tile | None:
        if point.y() < self._head() or point.x() < self._gutter():
            return None
        inside = QPointF(point) - self._origin()
        return next((tile for tile in reversed(self.tiles) if self._places[tile.key].contains(inside)), None)

    def _at_edge(self, point: QPoint, tile: Tile) -> bool:
        rect = self._places[tile.key].translated(self._origin())
        return tile.movable and point.y() > rect.bottom() - min(theme.size(7), rect.height() / 3)

    def show_cursor(self) -> None:
        """Scroll so that the cursor can be seen."""
        column, minute = self._cursor
        rect = self._tile_rect(column, minute, minute + STEP)
        for bar, near, far in (
            (self.verticalScrollBar(), rect.top(), rect.bottom()),
            (self.horizontalScrollBar(), rect.left(), rect.right()),
        ):
            near, far = near - self._rim(), far + 2 * self._rim()
            if near < bar.value():
                bar.setValue(int(near))
            elif far > bar.value() + bar.pageStep():
                bar.setValue(int(far - bar.pageStep()))
        self.viewport().update()

    # --- painting -----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view = self.viewport().rect()
        painter.fillRect(view, color("raised"))
        grid = QRectF(view).adjusted(self._gutter(), self._head(), 0, 0)
        painter.save()
        painter.setClipRect(grid)
        self._paint_grid(painter)
        painter.restore()
        self._paint_frame(painter, QRectF(view))
        if self._drag and (self._drag.by_key or self._drag.kind != "draft" or self._drag.verdict.words):
            pen.draw_bubble(painter, self._ghost_rect().translated(self._origin()), grid, self._drag.verdict)

    def _paint_grid(self, painter: QPainter) -> None:
        origin, width = self._origin(), self._column_width()
        for index, column in enumerate(self.columns):
            rect = QRectF(origin.x() + index * width, origin.y(), width, self._axis.height)
            pen.draw_column(painter, rect, column, self._axis, last=index == len(self.columns) - 1)
        right = min(origin.x() + width * len(self.columns), float(self.viewport().width()))
        pen.draw_folds(painter, self._axis, max(origin.x(), float(self._gutter())), right, origin.y(), self.fold_words)
        self._paint_now(painter)
        if self._slot and not self._drag:
            pen.draw_slot(painter, self._slot_rect())
        dragged = self._drag.key if self._drag else ""
        for tile in self.tiles:
            rect = self._places[tile.key].translated(origin)
            chosen, hovered = tile.key == self.current, self._hover is not None and tile.key == self._hover.key
            pen.draw_tile(painter, rect, tile, chosen=chosen, hovered=hovered, faded=tile.key == dragged)
        self._paint_cursor(painter)
        if self._drag:
            moving = self.tile(self._drag.key)
            words = f"{clock(self._drag.start)}–{clock(self._drag.end)}"
            title = moving.title if moving else _("New session")
            pen.draw_ghost(painter, self._ghost_rect().translated(origin), title, words, self._drag.verdict)

    def _paint_now(self, painter: QPainter) -> None:
        minute = self.minute_now()
        if not self._span[0] <= minute <= self._span[1]:
            return
        origin, width = self._origin(), self._column_width()
        y = origin.y() + self._axis.y(minute)
        for index, column in enumerate(self.columns):
            if column.now:
                pen.draw_now(painter, y, origin.x() + index * width, origin.x() + (index + 1) * width - 1)

    def _paint_cursor(self, painter: QPainter) -> None:
        if not self.hasFocus() or self._drag or not self.columns:
            return
        painter.setPen(QPen(color("focus"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        rect = self._cursor_rect().adjusted(2, 1, -2, -1)
        painter.drawRoundedRect(rect, theme.size(5), theme.size(5))

    def _cursor_rect(self) -> QRectF:
        column, minute = self._cursor
        tile = self._tile_under_cursor()
        rect = self._places[tile.key] if tile else self._tile_rect(column, minute, min(minute + STEP, self._span[1]))
        return rect.translated(self._origin())

    def _slot_rect(self) -> QRectF:
        assert self._slot is not None
        column, minute = self._slot
        return self._tile_rect(self._column_index(column), minute, minute + STEP).translated(self._origin())

    def _ghost_rect(self) -> QRectF:
        assert self._drag is not None
        return self._tile_rect(self._column_index(self._drag.column), self._drag.start, self._drag.end)

    def _paint_frame(self, painter: QPainter, view: QRectF) -> None:
        """Draw the heads and the times, which stay in place while the grid scrolls."""
        gutter, head, origin = self._gutter(), self._head(), self._origin()
        painter.save()
        painter.setClipRect(QRectF(0, head, gutter, view.height() - head))
        minute = self.minute_now()
        shown = any(column.now for column in self.columns) and self._span[0] <= minute <= self._span[1]
        now = origin.y() + self._axis.y(minute) if shown else None
        pen.draw_hours(painter, self._axis, gutter, origin.y(), now)
        if now is not None:
            pen.draw_time_of_now(painter, now, gutter, minute)
        painter.restore()
        painter.fillRect(QRectF(0, 0, view.width(), head), color("raised"))
        painter.save()
        painter.setClipRect(QRectF(gutter, 0, view.width() - gutter, head))
        width = self._column_width()
        for index, column in enumerate(self.columns):
            rect = QRectF(origin.x() + index * width, 0, width, head)
            pen.draw_head(painter, rect, column, current=self.hasFocus() and index == self._cursor[0])
        painter.restore()
        painter.setPen(QPen(color("line"), 1))
        painter.drawLine(0, head, int(view.width()), head)

    def _tile_under_cursor(self) -> Tile | None:
        if not self.columns:
            return None
        column, minute = self._cursor
        key = self.columns[column].key
        here = [tile for tile in self.tiles if tile.column == key and tile.start < minute + STEP and tile.end > minute]
        chosen = next((tile for tile in here if tile.key == self.current), None)
        return chosen or next((tile for tile in here if tile.start <= minute), here[0] if here else None)

    # --- saying it ----------------------------------------------------------------------------------

    def cursor_words(self) -> str:
        """Say where the cursor stands and what is there, for those who do not see it."""
        if not self.columns:
            return ""
        if self._drag:
            column = self.columns[self._column_index(self._drag.column)]
            place = f"{column.title} {clock(self._drag.start)}–{clock(self._drag.end)}"
            return " · ".join([place, *(self._drag.verdict.words or (_("Free"),))])
        column, minute = self.columns[self._cursor[0]], self._cursor[1]
        tile = self._tile_under_cursor()
        if tile is None:
            return f"{column.title} {column.subtitle} {clock(minute)} · {_('Free')}"
        span = f"{clock(tile.start)}–{clock(tile.end)}"
        return " · ".join(each for each in (column.title, span, tile.mark, tile.title, tile.detail, tile.note) if each)

    def _say(self) -> None:
        self.setAccessibleDescription(self.cursor_words())
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            tile = self._tile_at(event.pos())
            if tile and tile.tip and not self._drag:
                QToolTip.showText(event.globalPos(), plain_tip(tile.tip), self.viewport())
            else:
                QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    def resizeEvent(self, event: Any) -> None:
        super().resizeEvent(event)
        self.relay()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().update()

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        self._say()
        self.viewport().update()

    def focusOutEvent(self, event: Any) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def sizeHint(self) -> QSize:
        return QSize(theme.size(760), theme.size(520))
