"""PDF view 页面显示: the pages of a document as they are, drawn when they come into sight."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from resources import _
from ui.theme import color, space

_library = threading.RLock()
"""The PDF library may be in one place at a time only; papers are printed beside the window."""
KEPT = 12
FIT, ZOOMS = 0.0, (0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0)


class Document:
    """A PDF document in memory; its pages become images at any resolution."""

    def __init__(self, content: bytes) -> None:
        import pypdfium2

        self.content = content
        with _library:
            self._pdf = pypdfium2.PdfDocument(content)
            self._pdf.init_forms()  # a signature's visible stamp is one, and is drawn and printed like everything else
            self.sizes = [self._pdf.get_page_size(index) for index in range(len(self._pdf))]

    def __len__(self) -> int:
        return len(self.sizes)

    def image(self, page: int, dots_per_inch: float) -> QImage:
        """Return one page as an image."""
        with _library:
            bitmap = self._pdf[page].render(scale=dots_per_inch / 72, rev_byteorder=False, prefer_bgrx=True)
            content = bytes(bitmap.buffer)
        made = QImage(content, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGB32)
        return made.copy()

    def missing(self) -> list[str]:
        """Return the characters that the paper could not set, each as its code and the words it stands in.

        Papers of the home name them in their own description.
        """
        with _library:
            said = self._pdf.get_metadata_value("QingheMissing")
        return said.splitlines()

    def close(self) -> None:
        """Let go of the memory."""
        with _library:
            self._pdf.close()


def words_in(content: bytes) -> str:
    """Return what a document says, its description and the text of its pages; nothing when it cannot be read."""
    import pypdfium2

    with _library:
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError:
            return ""
        try:
            said = [document.get_metadata_value("Keywords")]
            said += [document[index].get_textpage().get_text_bounded() for index in range(len(document))]
        except pypdfium2.PdfiumError:
            return ""  # damaged pages say nothing
        finally:
            document.close()
    return "\n".join(said)


class PdfView(QAbstractScrollArea):
    """Scrolls through the pages of a document; ``zoom`` 0 fits the width."""

    moved = Signal(int)
    zoomed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document: Document | None = None
        self.zoom = FIT
        self._images: OrderedDict[tuple[int, int], QImage] = OrderedDict()
        self._places: list[QRect] = []
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._render_next)
        self.setAccessibleName(_("Pages"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.moved.emit(self.page()))

    def show_document(self, document: Document) -> None:
        """Show another document from its first page."""
        self.document = document
        self._images.clear()
        self._set_out()
        self.verticalScrollBar().setValue(0)

    def scale(self) -> float:
        """Return the pixels of the screen for one point of the paper."""
        if self.zoom or self.document is None:
            return (self.zoom or 1.0) * self.logicalDpiX() / 72
        widest = max(width for width, _height in self.document.sizes)
        return max(self.viewport().width() - 2 * space(4), 100) / widest

    def set_zoom(self, zoom: float) -> None:
        """Show larger or smaller; 0 fits the width."""
        page = self.page()
        self.zoom = zoom
        self._set_out()
        self.go(page)
        self.zoomed.emit()

    def zoom_by(self, step: int) -> None:
        """Go one step larger or smaller."""
        now = self.scale() * 72 / self.logicalDpiX()
        larger = [each for each in ZOOMS if each > now + 0.01]
        smaller = [each for each in ZOOMS if each < now - 0.01]
        self.set_zoom((larger or [ZOOMS[-1]])[0] if step > 0 else (smaller or [ZOOMS[0]])[-1])

    def page(self) -> int:
        """Return the number of the page in sight, from 0."""
        middle = self.verticalScrollBar().value() + self.viewport().height() // 2
        return next((index for index, place in enumerate(self._places) if place.bottom() + space(4) >= middle), 0)

    def go(self, page: int) -> None:
        """Bring a page into sight."""
        if 0 <= page < len(self._places):
            self.verticalScrollBar().setValue(self._places[page].y() - space(4))

    def _set_out(self) -> None:
        if self.document is None:
            return
        scale, y = self.scale(), space(4)
        sizes = [QSize(round(width * scale), round(height * scale)) for width, height in self.document.sizes]
        whole = max([size.width() + 2 * space(4) for size in sizes] + [self.viewport().width()])
        self._places = []
        for size in sizes:
            self._places.append(QRect((whole - size.width()) // 2, y, size.width(), size.height()))
            y += size.height() + space(4)
        self.verticalScrollBar().setRange(0, max(0, y - self.viewport().height()))
        self.verticalScrollBar().setPageStep(self.viewport().height())
        self.verticalScrollBar().setSingleStep(space(6))
        self.horizontalScrollBar().setRange(0, max(0, whole - self.viewport().width()))
        self.horizontalScrollBar().setPageStep(self.viewport().width())
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        page = self.page()
        self._set_out()
        if self.zoom == FIT:
            self.go(page)
            self.zoomed.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), color("sunken"))
        left, top = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        for index in self._in_sight():
            place = self._places[index].translated(-left, -top)
            painter.fillRect(place, Qt.GlobalColor.white)
            image = self._images.get((index, self._width(index)))
            if image is not None:
                painter.drawImage(place, image)
            else:
                self._soon.start()
            painter.setPen(color("line"))
            painter.drawRect(place.adjusted(-1, -1, 0, 0))

    def _in_sight(self) -> list[int]:
        top, height = self.verticalScrollBar().value(), self.viewport().height()
        return [
            index for index, place in enumerate(self._places) if place.bottom() >= top and place.y() <= top + height
        ]

    def _width(self, index: int) -> int:
        return round(self._places[index].width() * self.devicePixelRatioF())

    def _render_next(self) -> None:
        """Draw one page that is in sight and missing, then let the window breathe."""
        if self.document is None:
            return
        for index in self._in_sight():
            key = (index, self._width(index))
            if key not in self._images:
                dots = 72 * key[1] / self.document.sizes[index][0]
                self._images[key] = self.document.image(index, dots)
                while len(self._images) > KEPT:
                    self._images.popitem(last=False)
                self.viewport().update()
                return

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_by(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        moves: dict[Any, int] = {
            Qt.Key.Key_Down: bar.singleStep(), Qt.Key.Key_Up: -bar.singleStep(),
            Qt.Key.Key_PageDown: bar.pageStep(), Qt.Key.Key_PageUp: -bar.pageStep(), Qt.Key.Key_Space: bar.pageStep(),
            Qt.Key.Key_Home: -bar.maximum(), Qt.Key.Key_End: bar.maximum(),
        }  # fmt: skip
        if event.key() in moves:
            bar.setValue(bar.value() + moves[event.key()])
        elif event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(1)
        elif event.key() == Qt.Key.Key_Minus:
            self.zoom_by(-1)
        else:
            super().keyPressEvent(event)
