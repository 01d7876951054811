"""The face of a drawn week 周表画面: how it is painted, and what is said of it to those who do not see it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QLineF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from resources import _
from ui import week_paint as pen
from ui.text import plain_tip
from ui.theme import color, theme
from ui.week_axis import clock
from ui.week_ground import STEP, WeekGround
from ui.week_pieces import Tile, Verdict
from ui.week_strips import Strips
from ui.week_tile import NARROW, draw_ghost, draw_tile


class WeekFace(WeekGround):
    """The drawn week as it is looked at; how it is handled is told by ``WeekGrid``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._strips, self._heads = Strips(self._draw_lane), Strips(self._draw_head)
        super().__init__(parent)

    def _forget(self) -> None:
        self._strips.clear()
        self._heads.clear()

    # --- painting -----------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view = self.viewport().rect()
        painter.fillRect(view, color("raised"))
        grid = QRectF(view).adjusted(self._gutter(), self._head(), 0, 0)
        painter.save()
        painter.setClipRect(grid)
        self._paint_grid(painter, grid)
        painter.restore()
        if self.sideways:
            self._paint_people(painter, QRectF(view))
        else:
            self._paint_frame(painter, QRectF(view))
        if self._drag and (self._drag.by_key or self._drag.kind != "draft" or self._drag.verdict.words):
            pen.draw_bubble(painter, self._ghost_rect().translated(self._origin()), grid, self._told())

    def _told(self) -> Verdict:
        """What the bubble says; where the ghost is too small for its time and title, they stand there too."""
        assert self._drag is not None
        ghost = self._ghost_rect()
        if ghost.width() >= theme.size(NARROW) * 1.5 and ghost.height() >= theme.size(28):
            return self._drag.verdict
        span = f"{self._day_words(self._drag.start)}{clock(self._drag.start)}–{clock(self._drag.end)}"
        head = f"{span}  {self._carried()}"
        return replace(self._drag.verdict, words=(head, *(self._drag.verdict.words or (_("Free"),))))

    def _carried(self) -> str:
        """Name what is being dragged."""
        assert self._drag is not None
        moving = self.tile(self._drag.key)
        return self._drag.title or (moving.title if moving else _("New session"))

    def _seen(self) -> range:
        """The lanes in sight."""
        origin, view = self._origin(), self.viewport().size()
        if self.sideways:
            return self._frame.seen(self._head() - origin.y(), view.height() - origin.y())
        return self._frame.seen(self._gutter() - origin.x(), view.width() - origin.x())

    def _paint_grid(self, painter: QPainter, grid: QRectF) -> None:
        origin = self._origin()
        now = self._now_pixel()
        dragged = self.tile(self._drag.key) if self._drag else None
        busy = self._column_index(dragged.column) if dragged else -1
        for index in self._seen():
            rect = self._frame.strip(index).translated(origin)
            if index == busy:
                painter.save()
                painter.translate(rect.topLeft())
                self._draw_lane(painter, index)
                painter.restore()
            else:
                self._strips.lay(painter, index, rect, now if self.columns[index].now else -1.0)
        if not self.sideways:
            right = min(origin.x() + self._frame.size().width(), grid.right())
            pen.draw_folds(painter, self._frame.axis, max(origin.x(), grid.left()), right, origin.y(), self.fold_words)
        self._paint_marks(painter)

    def _draw_lane(self, painter: QPainter, index: int) -> None:
        """Paint one lane with its corner at 0, 0: ground, present time, blocks."""
        strip, column = self._frame.strip(index), self.columns[index]
        painter.translate(-strip.topLeft())
        if self.sideways:
            pen.draw_row(painter, strip, column, self._frame.axis, self.bands, striped=index % 2 == 1)
        else:
            pen.draw_column(painter, strip, column, self._frame.axis, last=index == len(self.columns) - 1)
        now = self._now_pixel()
        if column.now and now >= 0:
            if self.sideways:
                pen.draw_now(painter, QLineF(now, strip.top(), now, strip.bottom()))
            else:
                pen.draw_now(painter, QLineF(strip.left(), now, strip.right() - 1, now))
        faded = self._drag.key if self._drag else ""
        for tile in self._lanes.get(index, ()):
            draw_tile(painter, self._places[tile.key], tile, chosen=False, hovered=False, faded=tile.key == faded)

    def _now_pixel(self) -> float:
        """Where the present time lies along the axis; -1 where it is not shown."""
        minute = self.minute_now()
        return round(self._frame.axis.y(minute)) if self._span[0] <= minute <= self._span[1] else -1.0

    def _paint_marks(self, painter: QPainter) -> None:
        """Draw what changes at every movement: the hint at an empty place, the chosen block, cursor and ghost."""
        origin = self._origin()
        if self._slot and not self._drag:
            pen.draw_slot(painter, self._slot_rect())
        for tile in (self._hover, self.tile(self.current)):
            if tile is not None and tile.key in self._places and (not self._drag or tile.key != self._drag.key):
                rect = self._places[tile.key].translated(origin)
                hovered = self._hover is not None and tile.key == self._hover.key
                draw_tile(painter, rect, tile, chosen=tile.key == self.current, hovered=hovered, faded=False)
        self._paint_cursor(painter)
        if self._drag:
            words = f"{clock(self._drag.start)}–{clock(self._drag.end)}"
            draw_ghost(painter, self._ghost_rect().translated(origin), self._carried(), words, self._drag.verdict)

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
        if tile:
            return self._places[tile.key].translated(self._origin())
        return self._frame.rect(column, minute, min(minute + STEP, self._span[1])).translated(self._origin())

    def _slot_rect(self) -> QRectF:
        assert self._slot is not None
        column, minute = self._slot
        return self._frame.rect(self._column_index(column), minute, minute + STEP).translated(self._origin())

    def _ghost_rect(self) -> QRectF:
        assert self._drag is not None
        return self._frame.rect(self._column_index(self._drag.column), self._drag.start, self._drag.end)

    def _paint_frame(self, painter: QPainter, view: QRectF) -> None:
        """Draw the heads and the times, which stay in place while the grid scrolls."""
        gutter, head, origin = self._gutter(), self._head(), self._origin()
        painter.save()
        painter.setClipRect(QRectF(0, head, gutter, view.height() - head))
        shown = any(column.now for column in self.columns) and self._now_pixel() >= 0
        now = origin.y() + self._now_pixel() if shown else None
        pen.draw_hours(painter, self._frame.axis, gutter, origin.y(), now)
        if now is not None:
            pen.draw_time_of_now(painter, now, gutter, self.minute_now())
        painter.restore()
        painter.save()
        painter.setClipRect(QRectF(gutter, 0, view.width() - gutter, head))
        for index in self._seen():
            rect = self._head_rect(index).translated(origin.x(), 0)
            self._heads.lay(painter, index, rect, float(self.hasFocus() and index == self._cursor[0]))
        painter.restore()
        painter.setPen(QPen(color("line"), 1))
        painter.drawLine(0, head, int(view.width()), head)

    def _head_rect(self, index: int) -> QRectF:
        """Where a lane's head lies, as if nothing were scrolled."""
        strip = self._frame.strip(index)
        if self.sideways:
            return QRectF(0, strip.top(), self._gutter(), strip.height())
        return QRectF(strip.left(), 0, strip.width(), self._head())

    def _draw_head(self, painter: QPainter, index: int) -> None:
        """Paint a lane's head with its corner at 0, 0."""
        draw = pen.draw_person if self.sideways else pen.draw_head
        current = self.hasFocus() and index == self._cursor[0]
        rect = self._head_rect(index)
        draw(painter, rect.translated(-rect.topLeft()), self.columns[index], current=current)

    def _paint_people(self, painter: QPainter, view: QRectF) -> None:
        """Draw the names at the left and the days above, which stay in place while the rows scroll."""
        gutter, head, origin = self._gutter(), self._head(), self._origin()
        painter.save()
        painter.setClipRect(QRectF(0, head, gutter, view.height() - head))
        for index in self._seen():
            rect = self._head_rect(index).translated(0, origin.y())
            self._heads.lay(painter, index, rect, float(self.hasFocus() and index == self._cursor[0]))
        painter.restore()
        painter.save()
        above = QRectF(gutter, 0, view.width() - gutter, head)
        painter.setClipRect(above)
        pen.draw_days(painter, above, self._frame.axis, self.bands, origin.x())
        painter.restore()
        painter.setPen(QPen(color("edge"), 1))
        painter.drawLine(0, head, int(view.width()), head)
        painter.drawLine(gutter, 0, gutter, int(view.height()))

    # --- saying it ----------------------------------------------------------------------------------

    def cursor_words(self) -> str:
        """Say where the cursor stands and what is there, for those who do not see it."""
        if not self.columns:
            return ""
        if self._drag:
            column = self.columns[self._column_index(self._drag.column)]
            span = f"{clock(self._drag.start)}–{clock(self._drag.end)}"
            place = f"{column.title} {self._day_words(self._drag.start)}{span}"
            return " · ".join([place, *(self._drag.verdict.words or (_("Free"),))])
        column, minute = self.columns[self._cursor[0]], self._cursor[1]
        tile = self._tile_under_cursor()
        if tile is None:
            return f"{column.title} {column.subtitle} {self._day_words(minute)}{clock(minute)} · {_('Free')}"
        return " · ".join(each for each in (column.title, *self._tile_words(tile)) if each)

    def _tile_words(self, tile: Tile) -> tuple[str, ...]:
        span = f"{self._day_words(tile.start)}{clock(tile.start)}–{clock(tile.end)}"
        locked = _("locked") if tile.locked else ""
        return (span, tile.mark, tile.title, tile.detail, tile.note, locked)

    def _day_words(self, minute: int) -> str:
        band = next((band for band in self.bands if band.start <= minute < band.end), None)
        return f"{band.title} " if band else ""

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
