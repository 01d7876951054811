"""Tags 标签: what each piece of a page is — heading, table, cell, figure — for those who hear a document or search it.

    heading = tags.new("H1", tags.paper)
    pen.owner = heading            # texts written now are the heading's

Whatever belongs to no element is furniture of the page: head, foot, lines, watermark.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reports.archival import pdf_text
from reports.layout import Box, Strip
from reports.pdf_file import Objects


class Element:
    """One element of the document's structure."""

    __slots__ = ("number", "kind", "parent", "kids", "page", "more")

    def __init__(self, number: int, kind: str, parent: int, more: str) -> None:
        self.number, self.kind, self.parent, self.more = number, kind, parent, more
        self.kids: list[str] = []
        self.page = 0

    def body(self) -> bytes:
        """Return what stands in the file."""
        page = f"/Pg {self.page} 0 R" if self.page else ""
        kids = "" if not self.kids else f"/K {self.kids[0]}" if len(self.kids) == 1 else f"/K[{' '.join(self.kids)}]"
        return f"<</S/{self.kind}/P {self.parent} 0 R{page}{self.more}{kids}>>".encode("ascii")


class Tags:
    """The structure of one document, written out paper by paper."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self.root = objects.number()
        self._open: list[Element] = []
        self._last: list[str] = []
        self._page: list[Element] = []
        self._pages: list[int] = []
        self._document = Element(objects.number(), "Document", self.root, "")
        self.paper = self._document

    def new(self, kind: str, parent: Element, more: str = "", *, last: bool = False) -> Element:
        """Return a new element, the next one of its parent, or the one that is read after all others."""
        element = Element(self._objects.number(), kind, parent.number, more)
        (self._last if last else parent.kids).append(f"{element.number} 0 R")
        self._open.append(element)
        return element

    def figure(self, parent: Element, words: str, *, last: bool = False) -> Element:
        """Return an element for something drawn, with words for those who do not see it."""
        return self.new("Figure", parent, f"/Alt {pdf_text(words)}", last=last)

    def mark(self, element: Element) -> int:
        """Return the number under which the next piece of the page belongs to an element."""
        self._page.append(element)
        return len(self._page) - 1

    def page_done(self, page: int) -> int:
        """Note what stands on the page with this object number; return the page's own number in the structure."""
        for place, element in enumerate(self._page):
            if element.page in (0, page):
                element.page = page
                element.kids.append(str(place))
            else:
                element.kids.append(f"<</Type/MCR/Pg {page} 0 R/MCID {place}>>")
        owners = self._objects.add(b"[" + b" ".join(b"%d 0 R" % each.number for each in self._page) + b"]")
        self._pages.append(owners)
        self._page = []
        return len(self._pages) - 1

    def begin_paper(self, *, alone: bool) -> None:
        """Begin a paper: the whole document, or one part of a bound volume; what came before is written out."""
        self._write_out()
        self.paper = self._document if alone else self.new("Part", self._document)

    def _write_out(self) -> None:
        self.paper.kids.extend(self._last)
        self._last = []
        for element in self._open:
            self._objects.add(element.body(), element.number)
        self._open = []

    def enter(self, catalog: Any) -> None:
        """Write the rest out and name the structure in the document's catalogue."""
        self._write_out()
        self._objects.add(self._document.body(), self._document.number)
        pages = " ".join(f"{place} {number} 0 R" for place, number in enumerate(self._pages))
        classes = "/r<</O/Table/Scope/Row>>/c<</O/Table/Scope/Column>>"
        self._objects.add(
            f"<</Type/StructTreeRoot/K[{self._document.number} 0 R]/ParentTree<</Nums[{pages}]>>"
            f"/ParentTreeNextKey {len(self._pages)}/ClassMap<<{classes}>>>>".encode("ascii"),
            self.root,
        )
        catalog.MarkInfo = "<</Marked true>>"
        catalog.StructTreeRoot = f"{self.root} 0 R"


class FormTags:
    """The elements of a form's rows, given out as the rows are drawn."""

    def __init__(self, tags: Tags, parent: Element) -> None:
        self.tags, self.parent = tags, parent
        self._part = -1
        self._table: Element | None = None
        self._cells, self._headed = 0, False

    def heading(self, part: int) -> Element | None:
        """Return the element of a part's name, or None where it stands again on a further page."""
        if part == self._part:
            return None
        self._part, self._table = part, None
        return self.tags.new("H2", self.parent)

    def row(self, strip: Strip) -> Sequence[Element | None]:
        """Return the element of every cell of a row; None for what only stands again."""
        boxes = strip.boxes
        if boxes[0].again or any(box.owner for box in boxes):
            return [None if box.again or not box.owner else box.owner[0] for box in boxes]
        made = self._new(boxes)
        for box, element in zip(boxes, made, strict=True):
            if box.owner is not None:
                box.owner.append(element)
        return made

    def _new(self, boxes: Sequence[Box]) -> Sequence[Element | None]:
        if all(box.inside or box.cell.art is not None for box in boxes):
            self._table = None
            return [self._drawn(box, self.parent) for box in boxes]
        if len(boxes) == 1:
            self._table = None
            return [self.tags.new("H3" if boxes[0].cell.ground else "P", self.parent)]
        return self._row(boxes)

    def _row(self, boxes: Sequence[Box]) -> Sequence[Element | None]:
        heads = all(box.cell.ground for box in boxes)
        if self._table is None or len(boxes) != self._cells or (heads and not self._headed):
            self._table = self.tags.new("Table", self.parent)
        self._cells, self._headed = len(boxes), heads
        row, new = self.tags.new("TR", self._table), self.tags.new
        head = ("TH", row, "/C/c" if heads else "/C/r")
        cells = [new(*head) if box.cell.ground else new("TD", row) for box in boxes]
        return [
            self._drawn(box, cell) if box.cell.art is not None else cell for box, cell in zip(boxes, cells, strict=True)
        ]

    def _drawn(self, box: Box, parent: Element) -> Element:
        """Return a figure where the drawing has words of its own, otherwise the cell it stands in."""
        words = getattr(box.cell.art, "alt", "") if box.cell.art is not None else ""
        if words:
            return self.tags.figure(parent, words)
        return parent if parent is not self.parent or box.inside else self.tags.new("P", parent)
