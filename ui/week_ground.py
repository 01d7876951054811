"""The ground of a drawn week 周表版面: what is shown, how it is laid out and zoomed, and where everything lies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from ui.theme import space, theme
from ui.week_axis import Axis, Span, lanes
from ui.week_frame import Frame
from ui.week_pieces import Band, Column, Tile, Verdict
from ui.week_tile import caption

STEP, SNAP = 30, 5
"""Minutes of one cursor step, and to which a drag snaps."""
ZOOMS = (0.5, 0.65, 0.8, 1.0, 1.25, 1.6, 2.0, 3.0)
Judge = Callable[[str, str, int, int], Verdict]
Join = Callable[[str, str], "Verdict | None"]


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
    title: str = ""
    onto: str = ""
    """The block which it would join as one group when laid down here."""


class WeekGround(QAbstractScrollArea):
    """The layout of a drawn week; painting is told by ``WeekFace``, handling by ``WeekGrid``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[Column, ...] = ()
        self.tiles: tuple[Tile, ...] = ()
        self.bands: tuple[Band, ...] = ()
        self.judge: Judge = lambda key, column, start, end: Verdict()
        self.join: Join = lambda key, onto: None
        self.minute_now: Callable[[], int] = lambda: -1
        self.fold_words = ""
        self.bookable = True
        self.current = ""
        self.sideways = False
        self.zoom = 1.0
        self._span: Span = (480, 1050)
        self._folds: tuple[Span, ...] = ()
        self._frame = Frame(Axis(480, 1050, height=500, least=1, fold_height=20), 0, 100)
        self._places: dict[str, QRectF] = {}
        self._by_key: dict[str, Tile] = {}
        self._lanes: dict[int, list[Tile]] = {}
        self._index: dict[str, int] = {}
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
        self,
        columns: Sequence[Column],
        tiles: Sequence[Tile],
        *,
        span: Span = (480, 1050),
        folds: Iterable[Span] = (),
        bands: Sequence[Band] = (),
    ) -> None:
        """Show other columns and tiles; a fold opens by itself where a tile lies in it.

        With ``bands`` (days, from minute to minute since the first midnight) the week lies sideways: a row a column.
        """
        turned = self.sideways != bool(bands)
        self.columns, self.tiles, self.bands, self.sideways = tuple(columns), tuple(tiles), tuple(bands), bool(bands)
        begin = min([span[0], *(tile.start for tile in tiles)])
        end = max([span[1], *(tile.end for tile in tiles)])
        self._span = (begin // 30 * 30, -(-end // 30) * 30)
        self._folds = tuple(fold for fold in folds if not _opened(fold, tiles))
        self._drag = self._hover = self._slot = None
        self._sort()
        column, minute = self._cursor
        self._cursor = (
            min(column, max(len(self.columns) - 1, 0)),
            self._span[0] if turned else max(self._span[0], min(minute, self._span[1] - STEP)),
        )
        if self.current and not self.tile(self.current):
            self.current = ""
        self.relay()

    def _sort(self) -> None:
        self._by_key = {tile.key: tile for tile in self.tiles}
        self._index = {column.key: index for index, column in enumerate(self.columns)}
        self._lanes = defaultdict(list)
        for tile in self.tiles:
            if tile.column in self._index:
                self._lanes[self._index[tile.column]].append(tile)

    def tile(self, key: str) -> Tile | None:
        """Return a tile by its key."""
        return self._by_key.get(key)

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

    def set_zoom(self, zoom: float, at: QPoint | None = None) -> None:
        """Show everything larger or smaller; what lies under a point of the viewport stays there."""
        point = at or self.viewport().rect().center()
        inside = QPointF(point) - self._origin()
        lane, minute = inside.y() if self.sideways else inside.x(), self._frame.minute_at(inside)
        share = lane / self._frame.lane if self._frame.lane else 0.0
        self.zoom = min(max(zoom, ZOOMS[0]), ZOOMS[-1])
        self.relay()
        across, along = share * self._frame.lane, self._frame.axis.y(minute)
        there = QPointF(along, across) if self.sideways else QPointF(across, along)
        there += QPointF(self._gutter(), self._head() + self._rim()) - QPointF(point)
        self.horizontalScrollBar().setValue(round(there.x()))
        self.verticalScrollBar().setValue(round(there.y()))

    def relay(self) -> None:
        """Lay everything out again for the size and the look of the moment."""
        axis = self._sideways_axis() if self.sideways else self._upright_axis()
        gap = float(theme.size(2 if self.sideways else 6))
        self._frame = Frame(axis, len(self.columns), self._lane_width(), self.sideways, gap)
        self._lay_scrolls()
        self._places = {}
        for index, own in self._lanes.items():
            for tile, (lane, wide) in zip(own, lanes([(tile.start, tile.end) for tile in own]), strict=True):
                self._places[tile.key] = self._frame.rect(index, tile.start, tile.end, lane, wide)
        self._forget()
        self.viewport().update()

    def _forget(self) -> None:
        """Forget what was painted; told by those who keep pictures."""

    def _upright_axis(self) -> Axis:
        least = theme.size(QFontMetrics(caption()).height() + 11) / 30 * self.zoom
        room = (self.viewport().height() - self._head() - 2 * self._rim()) * max(self.zoom, 1.0)
        return Axis(*self._span, folds=self._folds, height=max(room, 0), least=least, fold_height=theme.size(22))

    def _sideways_axis(self) -> Axis:
        room = (self.viewport().width() - self._gutter() - 1) * max(self.zoom, 1.0)
        least = theme.size(12) / 30 * self.zoom
        return Axis(*self._span, folds=self._folds, height=max(room, 0), least=least, fold_height=theme.size(6))

    def _lane_width(self) -> float:
        """Share the room; when columns would become too narrow to read, make them wide enough and scroll."""
        count = max(len(self.columns), 1)
        if self.sideways:
            share = (self.viewport().height() - self._head()) / count
            return min(max(share, theme.size(20) * self.zoom), theme.size(58) * max(self.zoom, 1.0))
        share = (self.viewport().width() - self._gutter()) / count
        return share if share >= theme.size(82) * self.zoom else theme.size(100) * self.zoom

    def _lay_scrolls(self) -> None:
        view, whole = self.viewport().size(), self._frame.size()
        tall, wide = round(whole.height()) + 2 * self._rim(), round(whole.width())
        self.verticalScrollBar().setPageStep(max(view.height() - self._head(), 1))
        self.verticalScrollBar().setRange(0, max(0, tall - (view.height() - self._head())))
        self.verticalScrollBar().setSingleStep(theme.size(24))
        self.horizontalScrollBar().setPageStep(max(view.width() - self._gutter(), 1))
        self.horizontalScrollBar().setRange(0, max(0, wide - (view.width() - self._gutter())))
        self.horizontalScrollBar().setSingleStep(theme.size(40))

    # --- places -------------------------------------------------------------------------------------

    def _head(self) -> int:
        if self.sideways:
            return 2 * QFontMetrics(caption()).height() + space(1)
        return QFontMetrics(theme.font("strong")).height() + QFontMetrics(caption()).height() + space(2)

    def _gutter(self) -> int:
        if self.sideways:
            return theme.size(132)
        return QFontMetrics(caption()).horizontalAdvance("00:00") + space(3)

    def _column_index(self, key: str) -> int:
        return self._index.get(key, 0)

    def _origin(self) -> QPointF:
        """Where the content's corner lies in the viewport."""
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        return QPointF(self._gutter() - across, self._head() + self._rim() - down)

    def _rim(self) -> int:
        """The room above the first and below the last line, so that their times can be read."""
        return 0 if self.sideways else QFontMetrics(caption()).height() // 2 + 1

    def place_of(self, column: str, start: int, end: int) -> QRect:
        """Return the viewport's rectangle of a stretch of time, for hints and tests."""
        return self._frame.rect(self._column_index(column), start, end).translated(self._origin()).toRect()

    def _at(self, point: QPoint) -> tuple[str, int] | None:
        """Return column and exact minute under a point; None in the head or beside the columns."""
        inside = QPointF(point) - self._origin()
        column = self._frame.lane_at(inside)
        if point.y() < self._head() or point.x() < self._gutter() or not 0 <= column < len(self.columns):
            return None
        return self.columns[column].key, self._frame.minute_at(inside)

    def _tile_at(self, point: QPoint) -> Tile | None:
        if point.y() < self._head() or point.x() < self._gutter():
            return None
        inside = QPointF(point) - self._origin()
        own = self._lanes.get(self._frame.lane_at(inside), ())
        return next((tile for tile in reversed(own) if self._places[tile.key].contains(inside)), None)

    def _at_edge(self, point: QPoint, tile: Tile) -> bool:
        rect = self._places[tile.key].translated(self._origin())
        if self.sideways:
            return tile.movable and point.x() > rect.right() - min(theme.size(7), rect.width() / 3)
        return tile.movable and point.y() > rect.bottom() - min(theme.size(7), rect.height() / 3)

    def show_cursor(self) -> None:
        """Scroll so that the cursor can be seen."""
        column, minute = self._cursor
        rect = self._frame.rect(column, minute, minute + STEP)
        for bar, near, far in (
            (self.verticalScrollBar(), rect.top(), rect.bottom()),
            (self.horizontalScrollBar(), rect.left(), rect.right()),
        ):
            near, far = near - self._rim(), far + 2 * self._rim()
            if near < bar.value():
                bar.setValue(int(near))
            elif far > bar.value() + bar.pageStep():
                bar.setValue(int(far - bar.pageStep()) + 1)
        self.viewport().update()

    def _tile_under_cursor(self) -> Tile | None:
        if not self.columns:
            return None
        column, minute = self._cursor
        own = self._lanes.get(column, ())
        here = [tile for tile in own if tile.start < minute + STEP and tile.end > minute]
        chosen = next((tile for tile in here if tile.key == self.current), None)
        return chosen or next((tile for tile in here if tile.start <= minute), here[0] if here else None)

    def _say(self) -> None:
        """Say where the cursor stands; told by the face."""


def _opened(fold: Span, tiles: Sequence[Tile]) -> bool:
    """Whether a fold must be open: something lies in it. The night between two days never is."""
    return fold[1] - fold[0] < 360 and any(tile.start < fold[1] and tile.end > fold[0] for tile in tiles)
