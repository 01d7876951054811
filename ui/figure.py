"""Figure 图表画布: the only place where a screen meets matplotlib.

    canvas = FigureCanvas(figure, name=_("Growth chart"))
    canvas.show_figure(other)

The figure is drawn by Agg into an image of exactly the widget's pixels, so it is sharp at every scaling, and
again when the size or the theme changes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import color, theme

if TYPE_CHECKING:
    from matplotlib.figure import Figure


class FigureCanvas(QWidget):
    """Shows a matplotlib figure and keeps it in step with the widget's size."""

    def __init__(self, figure: Figure | None = None, parent: QWidget | None = None, *, name: str = "") -> None:
        super().__init__(parent)
        self.figure: Figure | None = None
        self._image: QImage | None = None
        self._soon = QTimer(self, singleShot=True, interval=40)
        self._soon.timeout.connect(self.redraw)
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self._draw_again)
        if figure is not None:
            self.show_figure(figure)

    def show_figure(self, figure: Figure) -> None:
        """Show another figure."""
        self.figure = figure
        if self.isVisible():
            self.redraw()
        else:
            self._image = None

    def _draw_again(self) -> None:
        self._soon.start()

    def redraw(self) -> None:
        """Draw the figure anew at the widget's size."""
        if self.figure is None or self.width() < 20 or self.height() < 20:
            return
        self._image = image_of(self.figure, self.size(), self.devicePixelRatioF())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.size(480), theme.size(300))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.size(160), theme.size(120))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._soon.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._image is None:
            if self.figure is None:
                painter.fillRect(self.rect(), color("raised"))
                return
            self._image = image_of(self.figure, self.size(), self.devicePixelRatioF())
        painter.drawImage(self.rect(), self._image)


def image_of(figure: Any, size: QSize, ratio: float = 1.0) -> QImage:
    """Draw a figure into an image of ``size`` logical pixels; text keeps the size of the screen."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    dots = 96 * ratio * theme.text_size / 100
    figure.set_dpi(dots)
    figure.set_size_inches(size.width() * ratio / dots, size.height() * ratio / dots)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    width, height = canvas.get_width_height()
    made = QImage(bytes(canvas.buffer_rgba()), width, height, QImage.Format.Format_RGBA8888).copy()
    made.setDevicePixelRatio(ratio)
    return made
