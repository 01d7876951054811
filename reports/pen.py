"""Pen 笔: put text, lines and pictures on the pages of one PDF document.

The pen writes page content itself and leaves fonts, pictures and outline to reportlab: no text of data ever passes
through a markup parser, every font is embedded, every piece of a page belongs to an element of the document or is
marked as furniture, and the same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from reports import fonts
from reports.archival import About, plain_words
from reports.fonts import Chain, Face
from reports.pdf_file import Objects
from reports.styles import A4
from reports.tags import Element, Tags


class Pen:
    """Writes one document; coordinates are points from the lower left corner of the page.

    Attributes:
        owner: the element that texts written now belong to; None for furniture of the page.
        figure: the element that lines and areas drawn now belong to.
    """

    def __init__(self, title: str, author: str, at: datetime, language: str = "zh-CN") -> None:
        from reportlab.pdfgen.canvas import Canvas

        fonts.ready()
        body = fonts.chain("song").faces[0].fontName
        self._canvas = Canvas(
            BytesIO(), A4, pageCompression=1, invariant=1, initialFontName=body, lang=language, pdfVersion=(1, 7)
        )
        self._document = self._canvas._doc
        self._objects = Objects(self._document)
        self._about = About(title, author, at, language)
        self.tags = Tags(self._objects)
        self.owner: Element | None = None
        self.figure: Element | None = None
        self._ops, self._ops_mark = list[str](), _Mark()
        self._texts, self._texts_mark = list[str](), _Mark()
        self._font: tuple[Face | None, float] = (None, 0.0)
        self._grey, self._spread = 0.0, 0.0
        self._codes: dict[Face, Any] = {}
        self._outlined = False
        self.pages = 0

    def keywords(self, text: str) -> None:
        """Put words into the document's own description, where they stay when pages are cropped."""
        self._about.keywords = text

    def lacks(self, characters: Mapping[str, str]) -> None:
        """Name in the document's description the characters that no face has, each with the words it stands in."""
        self._about.missing = "\n".join(f"U+{ord(each):04X} {words}" for each, words in characters.items())

    @property
    def has_gaps(self) -> bool:
        """Whether anything was written that stands for a missing character."""
        return any(fonts.GETA in use.codes for use in self._codes.values())

    def text(
        self, x: float, y: float, text: str, face: Chain, size: float, grey: float = 0.0, spread: float = 0.0
    ) -> None:
        """Write printable text with its baseline at ``y``."""
        for piece_face, piece in face.runs(text):
            self._write(x, y, piece, piece_face, size, grey, spread)
            x += face.width(piece, size) + spread * len(piece)

    def centred(self, x: float, y: float, text: str, face: Chain, size: float, grey: float = 0.0) -> None:
        """Write printable text around ``x``."""
        self.text(x - face.width(text, size) / 2, y, text, face, size, grey)

    def right(self, x: float, y: float, text: str, face: Chain, size: float, grey: float = 0.0) -> None:
        """Write printable text that ends at ``x``."""
        self.text(x - face.width(text, size), y, text, face, size, grey)

    def _write(self, x: float, y: float, text: str, face: Face, size: float, grey: float, spread: float) -> None:
        ops, mark = self._texts, self._texts_mark
        if not mark.open or mark.element is not self.owner:
            ops.append(mark.turned(self.owner, self.tags))
        if self._font != (face, size):
            self._font = (face, size)
            ops.append(f"/{self._use(face).name} {size:g} Tf")
        if grey != self._grey:
            self._grey = grey
            ops.append(f"{grey:g} g")
        if spread != self._spread:
            self._spread = spread
            ops.append(f"{spread:.3f} Tc")
        codes = self._use(face).codes
        ops.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm <{''.join(map(codes.__getitem__, text))}> Tj")

    def _use(self, face: Face) -> Any:
        use = self._codes.get(face)
        if use is None:
            use = self._codes[face] = face.use_in(self._document)
        return use

    def turned(
        self, x: float, y: float, text: str, face: Chain, size: float, matrix: Sequence[float], grey: float
    ) -> None:
        """Write printable text turned by ``matrix`` (cos, sin, −sin, cos) about its start; for bands and watermarks."""
        self._settle()
        a, b, c, d = matrix
        self._draw(f"q {grey:g} g BT {a:.4f} {b:.4f} {c:.4f} {d:.4f} {x:.2f} {y:.2f} Tm", self.owner)
        for piece_face, piece in face.runs(text):
            use = self._use(piece_face)
            self._ops.append(f"/{use.name} {size:g} Tf <{''.join(map(use.codes.__getitem__, piece))}> Tj")
        self._ops.append("ET Q")

    def lines(self, segments: Sequence[tuple[float, float, float, float]], width: float, grey: float = 0.0) -> None:
        """Draw straight lines of one width, each from (x1, y1) to (x2, y2)."""
        if segments:
            path = " ".join(f"{a:.2f} {b:.2f} m {c:.2f} {d:.2f} l" for a, b, c, d in segments)
            self._draw(f"q {width:g} w {grey:g} G {path} S Q", self.figure)

    def dashed(
        self, x1: float, y1: float, x2: float, y2: float, width: float, grey: float, pattern: str = "3 3"
    ) -> None:
        """Draw one dashed line."""
        self._draw(f"q [{pattern}] 0 d {width:g} w {grey:g} G {x1:.2f} {y1:.2f} m {x2:.2f} {y2:.2f} l S Q", self.figure)

    def frame(self, x: float, y: float, width: float, height: float, line: float, grey: float = 0.0) -> None:
        """Draw a rectangle with its lower left corner at (x, y)."""
        self._draw(f"q {line:g} w 0 j {grey:g} G {x:.2f} {y:.2f} {width:.2f} {height:.2f} re S Q", self.figure)

    def fill(self, x: float, y: float, width: float, height: float, grey: float) -> None:
        """Fill a rectangle."""
        self._draw(f"q {grey:g} g {x:.2f} {y:.2f} {width:.2f} {height:.2f} re f Q", self.figure)

    def raw(self, operators: str) -> None:
        """Draw finished operators, e.g. a chart's; never given anything that comes from data."""
        self._settle()
        self._draw(f"q {operators} Q", self.figure)

    def picture(self, image: bytes, x: float, y: float, width: float, height: float) -> bool:
        """Place a picture inside a rectangle, keeping its shape; False when it cannot be read."""
        from reportlab.lib.utils import ImageReader

        small = _for_print(image, width, height)
        if small is None:
            return False
        reader = ImageReader(BytesIO(small))
        wide, high = reader.getSize()
        scale = min(width / wide, height / high)
        left, low = x + (width - wide * scale) / 2, y + (height - high * scale) / 2
        self._settle()
        code = self._canvas._code
        before = len(code)
        self._canvas.drawImage(reader, left, low, wide * scale, high * scale)
        self._draw("\n".join(code[before:]), self.figure)
        return True

    def _draw(self, operators: str, element: Element | None) -> None:
        """Add operators to the page as part of an element, or as furniture."""
        mark = self._ops_mark
        if not mark.open or mark.element is not element:
            self._ops.append(mark.turned(element, self.tags))
        self._ops.append(operators)

    def _settle(self) -> None:
        """Put the texts written so far into the page."""
        if self._texts:
            self._close()
            self._ops.append("BT " + "\n".join(self._texts) + self._texts_mark.closed() + " ET")
        self._texts, self._font = [], (None, 0.0)
        if self._grey or self._spread:
            self._ops.append("0 g 0 Tc")
        self._grey, self._spread = 0.0, 0.0

    def _close(self) -> None:
        if self._ops_mark.open:
            self._ops.append(self._ops_mark.closed())

    def bookmark(self, title: str, level: int = 0) -> None:
        """Enter the page being drawn in the document's outline."""
        self._outlined = True
        key = f"page{self.pages}-{level}"
        self._canvas.bookmarkPage(key)
        self._canvas.addOutlineEntry(" ".join(plain_words(title).split()), key, level, closed=False)

    def end_page(self, size: tuple[float, float] = A4) -> None:
        """Finish the page being drawn."""
        from reportlab.pdfbase.pdfdoc import PDFPage

        self._settle()
        self._close()
        self._canvas.setPageSize(size)
        self._canvas.showPage()
        self.pages += 1
        name = f"Page{self.pages}"
        page = self._document.idToObject[name]
        page.__NoDefault__ = [*PDFPage.__NoDefault__, "StructParents", "Tabs"]
        page.stream, page.Contents = None, f"{self._objects.stream('', chr(10).join(self._ops).encode('ascii'))} 0 R"
        page.StructParents = self.tags.page_done(self._document.idToObjectNumberAndVersion[name][0])
        page.Tabs = "/S"
        self._ops = []

    def finish(self) -> bytes:
        """Return the finished document."""
        if self._outlined:
            self._canvas.showOutline()
        catalog = self._document.Catalog
        self.tags.enter(catalog)
        return self._objects.written(self._canvas, self._about.enter(self._objects, catalog))


class _Mark:
    """Which element the pieces written now are marked for."""

    def __init__(self) -> None:
        self.element: Element | None = None
        self.open = False

    def turned(self, element: Element | None, tags: Tags) -> str:
        """Return the operators that end the last mark and begin one for an element, or for furniture."""
        before, self.element, self.open = self.closed(), element, True
        return before + ("/Artifact BMC" if element is None else f"/{element.kind}<</MCID {tags.mark(element)}>>BDC")

    def closed(self) -> str:
        """Return the operator that ends the mark, if one is open."""
        before, self.open = " EMC " if self.open else "", False
        return before


_DOTS = 300 / 72
_PIXELS = 50_000_000
"""More than any camera of a home delivers; a small file can claim billions."""


def _for_print(image: bytes, width: float, height: float) -> bytes | None:
    """Return a picture with as many dots as print shows, or None when it is damaged or none at all."""
    from PIL import Image

    try:
        with Image.open(BytesIO(image), formats=("JPEG", "PNG")) as picture:
            if picture.width * picture.height > _PIXELS:
                return None
            room = (round(width * _DOTS), round(height * _DOTS))
            picture.draft("RGB", room)
            small = picture.convert("RGB")
            small.thumbnail(room)
            made = BytesIO()
            small.save(made, "JPEG", quality=88)
            return made.getvalue()
    except Exception:  # whatever a damaged file raises in the decoder, the paper is printed without it
        return None
