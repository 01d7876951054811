"""Font files 字体文件: read a TrueType face and cut out of it the few glyphs one document uses.

The file is mapped, not copied: five Chinese faces are eighty megabytes, a document needs some hundred
kilobytes of them. Faces are read once in the life of the program and shared by all documents.
"""

from __future__ import annotations

import mmap
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from struct import pack, unpack_from
from sys import byteorder

_MORE_COMPONENTS, _ARGUMENTS_ARE_WORDS = 0x20, 0x01
_SCALE, _TWO_SCALES, _MATRIX = 0x08, 0x40, 0x80
_EMBEDDING_FORBIDDEN = 0x0002


class FontFile:
    """One TrueType file (``.ttf``, glyphs as quadratic curves).

    Raises:
        ValueError: when the file is not such a font.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        with file.open("rb") as stream:
            self._data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        if self._data[:4] not in (b"\0\1\0\0", b"true"):
            raise ValueError(f"{file.name} is not a TrueType font")
        self._tables = dict(self._directory())
        head, wide = self._tables["head"], self._tables["hhea"]
        self.units: int = unpack_from(">H", self._data, head[0] + 18)[0]
        self.bounds: tuple[int, ...] = unpack_from(">4h", self._data, head[0] + 36)
        self._long_offsets: bool = unpack_from(">h", self._data, head[0] + 50)[0] == 1
        self.ascent, self.descent = unpack_from(">hh", self._data, wide[0] + 4)
        self._metrics: int = unpack_from(">H", self._data, wide[0] + 34)[0]
        self.glyph_count: int = unpack_from(">H", self._data, self._tables["maxp"][0] + 4)[0]
        self._ticked = b""

    def _directory(self) -> Iterator[tuple[str, tuple[int, int]]]:
        count = unpack_from(">H", self._data, 4)[0]
        for index in range(count):
            tag, _sum, offset, length = unpack_from(">4sLLL", self._data, 12 + 16 * index)
            yield tag.decode("latin-1"), (offset, length)

    def table(self, tag: str) -> bytes:
        """Return one table's bytes, empty when the font has none of that name."""
        offset, length = self._tables.get(tag, (0, 0))
        return self._data[offset : offset + length]

    @cached_property
    def name(self) -> str:
        """The PostScript name, e.g. ``NotoSansSC-Regular``."""
        data = self.table("name")
        count, strings = unpack_from(">HH", data, 2)
        for index in range(count):
            platform, _encoding, _language, kind, length, offset = unpack_from(">6H", data, 6 + 12 * index)
            if kind == 6:
                text = data[strings + offset : strings + offset + length]
                return text.decode("utf-16-be" if platform in (0, 3) else "latin-1")
        return "Unnamed"

    @cached_property
    def may_be_embedded(self) -> bool:
        """Whether the maker allows the face inside a document."""
        data = self.table("OS/2")
        return not data or not unpack_from(">H", data, 8)[0] & _EMBEDDING_FORBIDDEN

    @cached_property
    def narrow_quotes(self) -> dict[int, int]:
        """Code point → glyph of the quotation marks where Latin letters stand beside them (OpenType ``pwid``).

        A Chinese face draws “ and ” as wide as a 汉字; the font knows narrow ones for every other writing.
        """
        from fontTools.ttLib import TTFont

        with TTFont(self._file, lazy=True) as font:
            if "GSUB" not in font:
                return {}
            rules, names = font["GSUB"].table, font.getBestCmap()
            narrow: dict[str, str] = {}
            for record in rules.FeatureList.FeatureRecord:
                for number in record.Feature.LookupListIndex if record.FeatureTag == "pwid" else ():
                    for part in rules.LookupList.Lookup[number].SubTable:
                        narrow |= getattr(part, "ExtSubTable", part).mapping
            marks = [code for code in map(ord, "‘’“”") if names.get(code) in narrow]
            return {code: font.getGlyphID(narrow[names[code]]) for code in marks}

    @cached_property
    def glyphs(self) -> dict[int, int]:
        """Code point → glyph, from the largest character map of the font."""
        data = self.table("cmap")
        count = unpack_from(">H", data, 2)[0]
        places = [unpack_from(">HHL", data, 4 + 8 * index) for index in range(count)]
        for format_, read in ((12, _long_map), (4, _short_map)):
            for platform, _encoding, offset in places:
                if platform in (0, 3) and unpack_from(">H", data, offset)[0] == format_:
                    return read(data, offset)
        raise ValueError(f"{self.name} has no Unicode character map")

    def add_ticked_box(self) -> None:
        """Build the ticked box ☑ of forms, which Chinese faces lack, from their □ and √."""
        box, tick = self.glyphs.get(0x25A1), self.glyphs.get(0x221A)
        if 0x2611 in self.glyphs or not box or not tick:
            return
        bounds = zip(unpack_from(">4h", self.outline(box), 2), unpack_from(">4h", self.outline(tick), 2), strict=True)
        left, low, right, high = (min(pair) if at < 2 else max(pair) for at, pair in enumerate(bounds))
        header = pack(">5h", -1, left, low, right, high)
        parts = pack(">HHhh", _MORE_COMPONENTS | _ARGUMENTS_ARE_WORDS | 2, box, 0, 0)
        self._ticked = header + parts + pack(">HHhh", _ARGUMENTS_ARE_WORDS | 2, tick, 0, 0)
        self.glyphs[0x2611] = self.glyph_count
        self.advances.append(self.advances[box])

    @cached_property
    def advances(self) -> array[int]:
        """The advance width of every glyph, in font units."""
        pairs = _numbers("H", self.table("hmtx")[: 4 * self._metrics])
        widths = pairs[0::2]
        return widths + array("H", [widths[-1]] * (self.glyph_count - len(widths)))

    @cached_property
    def _offsets(self) -> array[int]:
        data = self.table("loca")
        if self._long_offsets:
            return _numbers("I", data)
        return array("I", [2 * each for each in _numbers("H", data)])

    def outline(self, glyph: int) -> bytes:
        """Return one glyph's outline as the file has it; empty for a space."""
        if glyph == self.glyph_count:
            return self._ticked
        start = self._tables["glyf"][0]
        return self._data[start + self._offsets[glyph] : start + self._offsets[glyph + 1]]

    def subset(self, glyphs: Sequence[int]) -> bytes:
        """Return a font file that has only these glyphs, numbered in this order, and what they are built of."""
        order = list(glyphs)
        place = {glyph: number for number, glyph in enumerate(order)}
        outlines = []
        for glyph in order:  # grows while components are met
            outline = self.outline(glyph)
            if outline[:1] >= b"\x80":
                outline = _renumbered(outline, place, order)
            outlines.append(outline + b"\0" * (-len(outline) % 4))
        return _assembled(
            {
                "cvt ": self.table("cvt "), "fpgm": self.table("fpgm"), "glyf": b"".join(outlines),
                "head": self._head(), "hhea": self._hhea(len(order)), "hmtx": self._widths(order),
                "loca": _offsets_of(outlines), "maxp": self._maxp(len(order)), "prep": self.table("prep"),
            }
        )  # fmt: skip

    def _head(self) -> bytes:
        head = bytearray(self.table("head"))
        head[8:12] = b"\0\0\0\0"
        head[50:52] = pack(">h", 1)
        return bytes(head)

    def _hhea(self, count: int) -> bytes:
        return self.table("hhea")[:34] + pack(">H", count)

    def _maxp(self, count: int) -> bytes:
        data = self.table("maxp")
        return data[:4] + pack(">H", count) + data[6:]

    def _widths(self, order: Iterable[int]) -> bytes:
        """Advance and left bearing of each glyph: without the true bearing readers shift the glyph."""
        data, made = self.table("hmtx"), []
        for glyph in order:
            place = 4 * glyph + 2 if glyph < self._metrics else 2 * (self._metrics + glyph)
            bearing = self._ticked[2:4] if glyph == self.glyph_count else data[place : place + 2]
            made.append(pack(">H", self.advances[glyph]) + bearing)
        return b"".join(made)


def _numbers(code: str, data: bytes) -> array[int]:
    """Read big-endian whole numbers."""
    made: array[int] = array(code)
    made.frombytes(data)
    if byteorder == "little":
        made.byteswap()
    return made


def _long_map(data: bytes, offset: int) -> dict[int, int]:
    count = unpack_from(">L", data, offset + 12)[0]
    found: dict[int, int] = {}
    numbers = _numbers("I", data[offset + 16 : offset + 16 + 12 * count])
    for index in range(0, len(numbers), 3):
        first, last, glyph = numbers[index : index + 3]
        found.update(zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True))
    return found


def _short_map(data: bytes, offset: int) -> dict[int, int]:
    count = unpack_from(">H", data, offset + 6)[0] // 2
    at = offset + 14
    ends = unpack_from(f">{count}H", data, at)
    starts = unpack_from(f">{count}H", data, at + 2 * count + 2)
    deltas = unpack_from(f">{count}H", data, at + 4 * count + 2)
    ranges_at = at + 6 * count + 2
    ranges = unpack_from(f">{count}H", data, ranges_at)
    found: dict[int, int] = {}
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        for code in range(start, min(end, 0xFFFE) + 1):
            glyph = code
            if ranges[index]:
                place = ranges_at + 2 * index + ranges[index] + 2 * (code - start)
                glyph = unpack_from(">H", data, place)[0]
                if not glyph:
                    continue
            found[code] = glyph + deltas[index] & 0xFFFF
    return found


def _renumbered(outline: bytes, place: dict[int, int], order: list[int]) -> bytes:
    """Point a composite glyph at its components' new numbers, adding those that are not there yet."""
    changed, at, flags = bytearray(outline), 10, _MORE_COMPONENTS
    while flags & _MORE_COMPONENTS:
        flags, glyph = unpack_from(">HH", changed, at)
        if glyph not in place:
            place[glyph] = len(order)
            order.append(glyph)
        changed[at + 2 : at + 4] = pack(">H", place[glyph])
        at += 8 if flags & _ARGUMENTS_ARE_WORDS else 6
        at += 2 if flags & _SCALE else 4 if flags & _TWO_SCALES else 8 if flags & _MATRIX else 0
    return bytes(changed)


def _offsets_of(outlines: Iterable[bytes]) -> bytes:
    total, offsets = 0, array("I", [0])
    for outline in outlines:
        total += len(outline)
        offsets.append(total)
    if byteorder == "little":
        offsets.byteswap()
    return offsets.tobytes()


def _assembled(tables: dict[str, bytes]) -> bytes:
    """Write a font file: directory, checksums, tables."""
    present = {tag: data for tag, data in tables.items() if data}
    count = len(present)
    power = 1 << (count.bit_length() - 1)
    header = pack(">LHHHH", 0x00010000, count, 16 * power, power.bit_length() - 1, 16 * (count - power))
    offset, directory, bodies, head_at = 12 + 16 * count, [], [], 0
    for tag, data in present.items():
        padded = data + b"\0" * (-len(data) % 4)
        directory.append(pack(">4sLLL", tag.encode(), _checksum(padded), offset, len(data)))
        bodies.append(padded)
        head_at = offset if tag == "head" else head_at
        offset += len(padded)
    whole = bytearray(b"".join([header, *directory, *bodies]))
    whole[head_at + 8 : head_at + 12] = pack(">L", (0xB1B0AFBA - _checksum(bytes(whole))) & 0xFFFFFFFF)
    return bytes(whole)


def _checksum(data: bytes) -> int:
    return sum(_numbers("I", data)) & 0xFFFFFFFF


def surrogates(character: str) -> str:
    """Return a character as PDF wants it in a ToUnicode map: UTF-16BE in hexadecimal."""
    return character.encode("utf-16-be").hex().upper()
