"""Archival 长期保存: what a PDF file says about itself, so that archives can keep it (PDF/A-2, level A).

The description is given twice, as old readers and as archives want it; colours have a meaning that does not depend
on a device (sRGB); the language is named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from struct import pack
from typing import Any
from xml.sax.saxutils import escape

from reports.pdf_file import Objects

PRODUCER = "Qinghe 青禾"
_ZONE = "+08:00"
"""China's one time."""


@dataclass
class About:
    """What a document is: title, author, moment of making, language, keywords; and characters it could not set."""

    title: str
    author: str
    at: datetime
    language: str
    keywords: str = ""
    missing: str = ""

    def __post_init__(self) -> None:
        self.title, self.author = plain_words(self.title), plain_words(self.author)

    def enter(self, objects: Objects, catalog: Any) -> int:
        """Put description, language and meaning of colours into a file; return the number of the plain description."""
        profile = objects.stream("/N 3", colour_profile())
        metadata = objects.stream("/Type/Metadata/Subtype/XML", self._metadata(), compress=False)
        catalog.__NoDefault__ = [*catalog.__NoDefault__, "OutputIntents"]
        catalog.OutputIntents = (
            "[<</Type/OutputIntent/S/GTS_PDFA1/OutputConditionIdentifier(sRGB)/Info(sRGB IEC61966-2.1)"
            f"/DestOutputProfile {profile} 0 R>>]"
        )
        catalog.Metadata = f"{metadata} 0 R"
        catalog.ViewerPreferences = "<</DisplayDocTitle true>>"
        return objects.add(self._information())

    def _information(self) -> bytes:
        """The description for readers of every age."""
        moment = pdf_text(self.at.strftime("D:%Y%m%d%H%M%S") + _ZONE.replace(":", "'") + "'")
        entries = {
            "Title": self.title, "Author": self.author, "Keywords": plain_words(self.keywords), "Creator": PRODUCER,
            "Producer": PRODUCER, MISSING: self.missing,
        }  # fmt: skip
        words = "".join(f"/{name} {pdf_text(text)}" for name, text in entries.items() if text)
        return f"<<{words}/CreationDate {moment}/ModDate {moment}>>".encode("ascii")

    def _metadata(self) -> bytes:
        """The same description as archives want it, readable in the file."""
        moment = self.at.isoformat(timespec="seconds") + _ZONE
        words = plain_words(self.keywords)
        return _XMP.format(
            title=escape(self.title), author=escape(self.author), moment=moment, producer=PRODUCER,
            language=self.language, keywords=f"<pdf:Keywords>{escape(words)}</pdf:Keywords>" if words else "",
        ).encode("utf-8")  # fmt: skip


MISSING = "QingheMissing"
"""The entry that names characters which no face has, so that whoever shows the document can say so."""

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<xmp:CreateDate>{moment}</xmp:CreateDate><xmp:ModifyDate>{moment}</xmp:ModifyDate>
<pdf:Producer>{producer}</pdf:Producer>{keywords}
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""


_UNFIT = re.compile(
    "[^ -~\u00a0-\u200a\u2010-\u2027\u202f-\u205f\u2070-\ud7ff\ue000-\ufefe\uff00-\ufff8\U00010000-\U0010ffff]"
)


def plain_words(text: str) -> str:
    """Return a text without what no XML file may hold, and without marks that turn the order of writing."""
    return _UNFIT.sub("", text)


def pdf_text(text: str) -> str:
    """Write a text as PDF files do."""
    if text.isascii():
        return "(" + text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") + ")"
    return f"<FEFF{text.encode('utf-16-be', 'replace').hex().upper()}>"


@cache
def colour_profile() -> bytes:
    """Return a colour profile of sRGB, built from the numbers of IEC 61966-2-1, its primaries adapted to D50."""
    matrix = (1.04788, 0.02292, -0.05022, 0.02959, 0.99048, -0.01707, -0.00925, 0.01508, 0.75168)
    curve = b"para" + pack(">LHH", 0, 3, 0) + _fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    tags = {
        b"desc": _words("sRGB"), b"cprt": _words("No copyright, use freely"), b"wtpt": _point(0.96420, 1.0, 0.82491),
        b"chad": b"sf32\0\0\0\0" + _fixed(*matrix), b"rXYZ": _point(0.43607, 0.22249, 0.01392),
        b"gXYZ": _point(0.38515, 0.71687, 0.09708), b"bXYZ": _point(0.14307, 0.06061, 0.71410),
        b"rTRC": curve, b"gTRC": curve, b"bTRC": curve,
    }  # fmt: skip
    return _profile(tags)


def _profile(tags: dict[bytes, bytes]) -> bytes:
    """Put header, directory and values together; equal values are kept once."""
    offset, places, bodies, directory = 132 + 12 * len(tags), dict[bytes, int](), b"", b""
    for name, value in tags.items():
        if value not in places:
            places[value] = offset + len(bodies)
            bodies += value + b"\0" * (-len(value) % 4)
        directory += name + pack(">LL", places[value], len(value))
    body = pack(">L", len(tags)) + directory + bodies
    made = pack(">6H", 2026, 1, 1, 0, 0, 0)
    header = pack(">L4sL", 128 + len(body), b"\0" * 4, 0x04200000) + b"mntrRGB XYZ " + made + b"acsp" + b"\0" * 28
    return header + _fixed(0.9642, 1.0, 0.82491) + b"\0" * 48 + body


def _fixed(*numbers: float) -> bytes:
    return b"".join(pack(">l", round(each * 65536)) for each in numbers)


def _point(*numbers: float) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(*numbers)


def _words(text: str) -> bytes:
    data = text.encode("utf-16-be")
    return b"mluc" + pack(">LLL", 0, 1, 12) + b"enUS" + pack(">LL", len(data), 28) + data
