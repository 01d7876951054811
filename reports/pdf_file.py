"""PDF file 文件: write reportlab's objects as a small file that archives accept.

reportlab writes every object on its own and a table of their places in plain text. Here objects without a stream are
packed by the hundred into compressed streams, places too (PDF 1.7, and allowed in PDF/A-2): the tags of a form are
many small objects, and would be half of the file otherwise.
"""

from __future__ import annotations

import zlib
from hashlib import sha256
from typing import Any

_PACK = 400
"""How many objects share one compressed stream."""
_HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


class Objects:
    """The objects of one file: reportlab's, and our own ones numbered between them."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._waiting: list[tuple[int, bytes]] = []
        self._streams: list[tuple[int, bytes]] = []
        self._places: dict[int, tuple[int, int, int]] = {}

    def number(self) -> int:
        """Return the number of a new object."""
        self._document.objectcounter += 1
        return int(self._document.objectcounter)

    def add(self, body: bytes, number: int = 0) -> int:
        """Take an object without a stream, to be packed with the next ones; return its number."""
        number = number or self.number()
        self._waiting.append((number, body))
        if len(self._waiting) >= _PACK:
            self._pack()
        return number

    def stream(self, entries: str, data: bytes, *, compress: bool = True) -> int:
        """Take a stream with the entries of its dictionary; return its number."""
        number = self.number()
        self._streams.append((number, _stream(entries, data, compress=compress)))
        return number

    def _pack(self) -> None:
        if not self._waiting:
            return
        pack, offset, heads = self.number(), 0, []
        for index, (number, body) in enumerate(self._waiting):
            heads.append(b"%d %d" % (number, offset))
            offset += len(body) + 1
            self._places[number] = (2, pack, index)
        first = b" ".join(heads) + b"\n"
        content = first + b"\n".join(body for _number, body in self._waiting)
        self._streams.append((pack, _stream(f"/Type/ObjStm/N {len(heads)}/First {len(first)}", content)))
        self._waiting = []

    def written(self, canvas: Any, information: int) -> bytes:
        """Return the finished file, with the number of the document's description."""
        document = self._document
        for font in document.delayedFonts:
            font.addObjects(document)
        root = document.idToObjectNumberAndVersion[document.Reference(document.Catalog).name][0]
        document.Outlines.prepare(document, canvas)
        if document.Outlines.ready < 0:
            document.Catalog.Outlines = None
        file = _File(self._places)
        self._take_all(file)
        self._pack()
        for number, body in self._streams:
            file.add(number, body)
        return file.closed(self.number(), root, information)

    def _take_all(self, file: _File) -> None:
        """Take reportlab's objects; their number grows while they name others."""
        from reportlab.pdfbase.pdfdoc import format as formatted

        document, number = self._document, 0
        while number < document.objectcounter:
            number += 1
            name = document.numberToId.get(number)
            if name is None:
                continue
            body = formatted(document.idToObject[name], document, toplevel=1)
            if body.endswith(b"endstream\n"):
                file.add(number, body[:-10] + b"\nendstream")  # archives want a line break before the word
            else:
                self.add(body, number)


def _stream(entries: str, data: bytes, *, compress: bool = True) -> bytes:
    kept = zlib.compress(data) if compress else data
    filtered = "/Filter/FlateDecode" if compress else ""
    return f"<<{entries}{filtered}/Length {len(kept)}>>\nstream\n".encode("ascii") + kept + b"\nendstream"


class _File:
    """The bytes, and where each object begins."""

    def __init__(self, places: dict[int, tuple[int, int, int]]) -> None:
        self._pieces, self._size, self._places = [_HEADER], len(_HEADER), places

    def add(self, number: int, body: bytes) -> None:
        """Write one object."""
        self._places[number] = (1, self._size, 0)
        piece = b"%d 0 obj\n%b\nendobj\n" % (number, body)
        self._pieces.append(piece)
        self._size += len(piece)

    def closed(self, number: int, root: int, information: int) -> bytes:
        """Add the table of places and return the whole."""
        start, self._places[number] = self._size, (1, self._size, 0)
        rows = [b"\0\0\0\0\0\xff\xff"]
        for each in range(1, number + 1):
            kind, where, index = self._places.get(each, (0, 0, 0))
            rows.append(bytes([kind]) + where.to_bytes(4, "big") + index.to_bytes(2, "big"))
        mark = sha256(b"".join(self._pieces)).hexdigest()[:32]
        named = f"/Root {root} 0 R/Info {information} 0 R/ID[<{mark}><{mark}>]"
        self.add(number, _stream(f"/Type/XRef/Size {number + 1}/W[1 4 2]{named}", b"".join(rows)))
        return b"".join(self._pieces) + b"startxref\n%d\n%%%%EOF\n" % start
