"""Icons 图标: the lucide line icons (ISC), drawn in a colour of the theme at any size.

An icon asks for its colour when it is painted, so a change of theme needs nothing but a repaint.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from resources import path
from ui.theme import theme

_STROKE = 1.75
_SINK = 0.045


def icon(name: str, color: str = "text") -> QIcon:
    """Return an icon by its lucide name in a colour of the theme.

    Raises:
        FileNotFoundError: when the icon is not among those shipped.
    """
    _source(name)
    return QIcon(_Lucide(name, color))


def icon_names() -> list[str]:
    """Return the names of all icons that are shipped."""
    return sorted(file.stem for file in path("icons").glob("*.svg"))


def paint_icon(painter: QPainter, rect: QRect | QRectF, name: str, color: str | QColor = "text") -> None:
    """Draw an icon into a rectangle, for drawn widgets and delegates."""
    shade = theme.color(color) if isinstance(color, str) else color
    whole = QRectF(rect)
    side = min(whole.width(), whole.height())
    square = QRectF(0, 0, side, side)
    square.moveCenter(whole.center())
    ratio = painter.device().devicePixelRatio() if painter.device() else 1.0
    painter.drawPixmap(square.topLeft(), _pixmap(name, shade, side, ratio))


def pixmap(name: str, color: str, side: int, ratio: float = 1.0) -> QPixmap:
    """Return an icon as a pixmap of ``side`` logical pixels."""
    return _pixmap(name, theme.color(color), side, ratio)


class _Lucide(QIconEngine):
    def __init__(self, name: str, color: str) -> None:
        super().__init__()
        self._name, self._color = name, color

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        # The Chinese face sits a little low in its line, and an icon beside words follows it; what a button
        # gives in width beyond the height is the gap to its words.
        side = min(rect.width(), rect.height())
        square = QRectF(rect.x(), rect.y() + (rect.height() - side) / 2 + side * _SINK, side, side)
        paint_icon(painter, square, self._name, self._shade(mode))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return made

    def _shade(self, mode: QIcon.Mode) -> str:
        return "disabled" if mode == QIcon.Mode.Disabled else self._color


def _pixmap(name: str, shade: QColor, side: float, ratio: float) -> QPixmap:
    key = f"lucide/{name}/{shade.name()}/{side}/{ratio}"
    found = QPixmap()
    if QPixmapCache.find(key, found):
        return found
    pixels = max(1, round(side * ratio))
    made = QPixmap(pixels, pixels)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    QSvgRenderer(QByteArray(_drawn(name, shade))).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    made.setDevicePixelRatio(ratio)
    QPixmapCache.insert(key, made)
    return made


def _drawn(name: str, shade: QColor) -> bytes:
    source = (
        _source(name).replace("currentColor", shade.name()).replace('stroke-width="2"', f'stroke-width="{_STROKE}"')
    )
    return source.encode()


@cache
def _source(name: str) -> str:
    return path("icons", f"{name}.svg").read_text(encoding="utf-8")
