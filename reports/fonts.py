"""Fonts 字体: the faces of the home's papers, chosen character by character and embedded in every document.

    face = fonts.chain("song")                  # 宋 with its fallbacks
    text = fonts.printable("𠮷\\x07氏", face)    # what can be printed of it: controls gone, gaps marked
    face.width(text, 9.5)

A character that no shipped face has is printed as 〓[U+XXXX], and ``missing_glyphs`` names it beforehand.
"""

from __future__ import annotations

import os
import sys
from array import array
from functools import cache, cached_property
from pathlib import Path
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

from reports.fontfile import FontFile, surrogates
from resources import current_language, path

GETA = "〓"
"""The geta mark 下驮: the printer's traditional sign for a character that the fount lacks."""

_FILES = {
    "song": "NotoSerifSC-Regular.ttf",
    "song-bold": "NotoSerifSC-Bold.ttf",
    "hei": "NotoSansSC-Regular.ttf",
    "hei-bold": "NotoSansSC-Bold.ttf",
    "rare": "HanaMinB.ttf",
}
_CHAINS = {
    "song": ("song", "rare"),
    "song-bold": ("song-bold", "rare"),
    "hei": ("hei", "song", "rare"),
    "hei-bold": ("hei-bold", "song-bold", "rare"),
    "fang": ("fang", "song", "rare"),
}
_LINE_BREAKS = dict.fromkeys(map(ord, "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"), "\n")
_INVISIBLE = dict.fromkeys(
    [
        *range(0x09), *range(0x0E, 0x1C), 0x1F, *range(0x7F, 0x85), *range(0x86, 0xA0), 0xAD, 0x61C, 0x180E,
        *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFE00, 0xFE10), 0xFEFF,
        *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0200),
    ]
)  # fmt: skip
"""Controls, direction marks, joiners, variation selectors and tags: they have no shape of their own."""
_SPACES = dict.fromkeys([0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F], " ")
_CLEANING: dict[int, str | None] = {**_LINE_BREAKS, **_INVISIBLE, **_SPACES}

_PRIVATE = range(0xE000, 0xF900)
"""Code points that mean something different to every maker of fonts."""

_lock = Lock()
_ready = False


class _Codes(dict[str, str]):
    """Character → its two-byte code in one document, given out in the order of first use."""

    def __init__(self, glyph_of: Any) -> None:
        super().__init__()
        self.glyphs = [0]
        self._glyph_of = glyph_of

    def __missing__(self, character: str) -> str:
        code = self[character] = f"{len(self.glyphs):04X}"
        self.glyphs.append(self._glyph_of(ord(character), 0) or self._glyph_of(0x20, 0))
        return code


class _Use:
    """The use of one face in one document: its resource name and the characters met so far."""

    def __init__(self, name: str, glyph_of: Any) -> None:
        self.name, self.codes = name, _Codes(glyph_of)


class Face:
    """One face as reportlab expects a font: it measures text, writes codes and embeds its subset.

    A document gets each face once, as a composite font with two-byte codes, with widths and a ToUnicode map
    that also holds beyond U+FFFF (reportlab's own has five digits there, which readers misread).
    """

    _multiByte, _dynamicFont, shapable = 1, 1, False  # noqa: N815 (reportlab asks for these names)

    def __init__(self, name: str, file: FontFile, *, narrow: bool = False) -> None:
        self.fontName, self.file, self.face, self.encoding = name, file, self, _Utf8()
        self.narrow = narrow
        self.scale = 1000 / file.units
        self.ascent, self.descent = file.ascent * self.scale, file.descent * self.scale
        self.name = file.name
        self._uses: WeakKeyDictionary[Any, _Use] = WeakKeyDictionary()

    @cached_property
    def glyphs(self) -> dict[int, int]:
        """Code point → glyph; read when first asked, which for the rare characters is seldom."""
        self.file.add_ticked_box()
        found = self.file.glyphs
        for code in _PRIVATE:  # whatever a face draws there, nobody else could read it
            found.pop(code, None)
        return found | self.file.narrow_quotes if self.narrow else found

    @property
    def advances(self) -> array[int]:
        """The advance width of every glyph, in font units."""
        return self.file.advances

    def advance(self, character: str) -> float:
        """Return a character's width at size 1."""
        glyph = self.glyphs.get(ord(character), 0)
        return self.advances[glyph] * self.scale / 1000

    def use_in(self, document: Any) -> _Use:
        """Return this face's use in a document, entering it there the first time."""
        use = self._uses.get(document)
        if use is None:
            use = self._uses[document] = _Use(f"F{len(document.fontMapping) + 1}", self.glyphs.get)
            document.fontMapping[self.fontName] = "/" + use.name
            document.delayedFonts.append(self)
        return use

    def stringWidth(self, text: str, size: float, encoding: str = "utf8") -> float:
        return size * sum(map(self.advance, text))

    def splitString(self, text: str, doc: Any, encoding: str = "utf8") -> list[tuple[int, bytes]]:
        codes = self.use_in(doc).codes
        return [(0, bytes.fromhex("".join(map(codes.__getitem__, text))))]

    def getSubsetInternalName(self, subset: int, doc: Any) -> str:
        return "/" + self.use_in(doc).name

    def addObjects(self, doc: Any) -> None:
        use = self._uses.pop(doc)
        doc.idToObject["BasicFonts"].dict[use.name] = doc.Reference(self._font_object(doc, use), f"font:{use.name}")

    def _font_object(self, doc: Any, use: _Use) -> Any:
        from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFString

        name = PDFName(f"{_tag(use.codes.glyphs)}+{self.name}")
        widths = [round(self.advances[glyph] * self.scale) for glyph in use.codes.glyphs]
        system = {"Registry": PDFString("Adobe"), "Ordering": PDFString("Identity"), "Supplement": 0}
        descendant = PDFDictionary(
            {
                "Type": PDFName("Font"), "Subtype": PDFName("CIDFontType2"), "BaseFont": name, "DW": 1000,
                "CIDSystemInfo": PDFDictionary(system), "CIDToGIDMap": PDFName("Identity"),
                "W": PDFArray([0, PDFArray(widths)]), "FontDescriptor": self._descriptor(doc, use, name),
            }
        )  # fmt: skip
        return PDFDictionary(
            {
                "Type": PDFName("Font"), "Subtype": PDFName("Type0"), "BaseFont": name, "Encoding": PDFName("Identity-H"),
                "DescendantFonts": PDFArray([doc.Reference(descendant, f"descendant:{use.name}")]),
                "ToUnicode": _stream(doc, _to_unicode(use.codes).encode("ascii"), f"unicode:{use.name}"),
            }
        )  # fmt: skip

    def _descriptor(self, doc: Any, use: _Use, name: Any) -> Any:
        from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName

        data = self.file.subset(use.codes.glyphs)
        file = _stream(doc, data, f"file:{use.name}", Length1=len(data))
        bounds = [round(each * self.scale) for each in self.file.bounds]
        descriptor = PDFDictionary(
            {
                "Type": PDFName("FontDescriptor"), "FontName": name, "Flags": 4, "FontBBox": PDFArray(bounds),
                "ItalicAngle": 0, "Ascent": round(self.ascent), "Descent": round(self.descent), "CapHeight": 733,
                "StemV": 120 if "Bold" in self.name else 80, "FontFile2": file,
            }
        )  # fmt: skip
        return doc.Reference(descriptor, f"descriptor:{use.name}")


class _Utf8:
    name = "UTF-8"


class Chain:
    """A face with the faces that stand in for it, tried in turn for every character."""

    def __init__(self, faces: tuple[Face, ...]) -> None:
        self.faces, self.widths = faces, _Widths(faces)

    def width(self, text: str, size: float) -> float:
        """Return the width of printable text in points."""
        return size * sum(map(self.widths.__getitem__, text))

    def runs(self, text: str) -> list[tuple[Face, str]]:
        """Cut printable text into pieces that one face each can set."""
        own = self.widths.own
        if own.issuperset(text):
            return [(self.faces[0], text)]
        pieces: list[tuple[Face, str]] = []
        for character in printable(text, self):
            face = self.face_of(character)
            if pieces and pieces[-1][0] is face:
                pieces[-1] = (face, pieces[-1][1] + character)
            else:
                pieces.append((face, character))
        return pieces

    def face_of(self, character: str) -> Face:
        """Return the first face that has the character."""
        code = ord(character)
        return next((face for face in self.faces if code in face.glyphs), self.faces[0])

    def has(self, character: str) -> bool:
        """Whether any of the faces can set the character."""
        code = ord(character)
        return any(code in face.glyphs for face in self.faces)


class _Widths(dict[str, float]):
    """Character → width at size 1, filled as characters are met; ``own`` are those of the first face."""

    def __init__(self, faces: tuple[Face, ...]) -> None:
        super().__init__()
        self._faces, self.own = faces, set[str]()

    def __missing__(self, character: str) -> float:
        code = ord(character)
        face = next((face for face in self._faces if code in face.glyphs), self._faces[0])
        if face is self._faces[0] and code in face.glyphs:
            self.own.add(character)
        width = self[character] = face.advance(character)
        return width


def ready() -> None:
    """Make the faces known to reportlab, once in the life of the program; call it off the GUI thread."""
    global _ready
    with _lock:
        if _ready:
            return
        from reportlab import rl_config
        from reportlab.pdfbase import pdfmetrics

        rl_config.useA85 = 0  # binary streams: a quarter smaller, and no time spent on armour
        for name in _FILES:
            for narrow in (False, True):
                pdfmetrics.registerFont(_face(name, narrow))
        _ready = True


def chain(name: str) -> Chain:
    """Return ``song`` 宋, ``song-bold``, ``hei`` 黑, ``hei-bold`` or ``fang`` 仿宋, each with its fallbacks.

    In an English paper the quotation marks are as wide as Latin ones.
    """
    return _chain(name, current_language() == "en")


@cache
def _chain(name: str, narrow: bool) -> Chain:
    names = [each for each in _CHAINS[name] if each != "fang" or _fang() is not None]
    return Chain(tuple(_face(each, narrow) for each in names))


@cache
def _face(name: str, narrow: bool) -> Face:
    return Face(f"Qinghe-{name}{'-narrow' if narrow else ''}", _file(name), narrow=narrow)


@cache
def _file(name: str) -> FontFile:
    file = _fang() if name == "fang" else path("fonts", _FILES[name])
    assert file is not None
    return FontFile(file)


@cache
def _fang() -> Path | None:
    """The 仿宋 of a Chinese Windows, which may not be shipped; elsewhere the 宋 stands in for it."""
    if sys.platform != "win32":
        return None
    file = Path(os.environ.get("WINDIR", r"C:\Windows"), "Fonts", "simfang.ttf")
    try:
        return file if FontFile(file).may_be_embedded else None
    except (OSError, ValueError):
        return None


def printable(text: str, face: Chain) -> str:
    """Return what is printed of a text: no controls, one kind of line break, gaps marked 〓[U+XXXX]."""
    if face.widths.own.issuperset(text):
        return text
    cleaned = text.replace("\r\n", "\n").translate(_CLEANING)
    for character in set(cleaned) - face.widths.own:
        if character != "\n" and not face.has(character):
            cleaned = cleaned.replace(character, f"{GETA}[U+{ord(character):04X}]")
        elif character != "\n":
            face.widths[character]  # measured, and so remembered as one of the face's own
    return cleaned


def missing_glyphs(text: str) -> list[str]:
    """Return the characters of a text that no face can set, each once, in the order they stand."""
    faces = chain("song")
    cleaned = text.translate(_CLEANING)
    return [each for each in dict.fromkeys(cleaned) if each != "\n" and not faces.has(each)]


def _tag(glyphs: list[int]) -> str:
    """The six letters that mark a subset, from what it contains: the same input gives the same bytes."""
    from zlib import crc32

    number = crc32(repr(glyphs).encode())
    return "".join(chr(65 + number // 26**place % 26) for place in range(6))


def _to_unicode(codes: _Codes) -> str:
    lines = [f"<{code}> <{surrogates(character)}>" for character, code in codes.items()]
    blocks = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        f"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n{body}\n"
        "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
    )


def _stream(doc: Any, data: bytes, name: str, **entries: int) -> Any:
    from reportlab.pdfbase.pdfdoc import PDFStream, PDFZCompress

    stream = PDFStream(content=data)
    stream.filters = [PDFZCompress]
    stream.dictionary.dict.update(entries)
    return doc.Reference(stream, name)
