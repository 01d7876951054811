"""Check a document against the clauses of ISO 19005-2 (PDF/A-2) that can be checked by reading it, level A included.

    assert failures(pdf) == []

Every sentence names its clause. This is no validator that an archive would accept as a proof (such as veraPDF); it is
what can be said without one. It reads with pikepdf and fontTools, never with the program's own code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from xml.etree import ElementTree

import pikepdf
from fontTools.ttLib import TTFont
from pikepdf import Dictionary, Name, Stream

OPERATORS = frozenset(
    "b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET EX f F f* G g gs h i ID j J K k l m M MP n q Q re RG rg "
    "ri s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \"".split()
)
SHOWING = frozenset(["Tj", "TJ", "'", '"'])
PAINTING = frozenset(["b", "B", "b*", "B*", "f", "F", "f*", "s", "S", "sh", "Do", *SHOWING])
STRUCTURE = frozenset(
    "Document Part Art Sect Div BlockQuote Caption TOC TOCI Index NonStruct Private P H H1 H2 H3 H4 H5 H6 L LI Lbl LBody "
    "Table TR TH TD THead TBody TFoot Span Quote Note Reference BibEntry Code Link Annot Ruby Warichu Figure Formula Form".split()
)
FILTERS = frozenset(
    ["/FlateDecode", "/DCTDecode", "/ASCIIHexDecode", "/ASCII85Decode", "/RunLengthDecode", "/CCITTFaxDecode"]
)
FORBIDDEN_IN_CATALOGUE = (
    "/AA",
    "/AcroForm",
    "/OCProperties",
    "/Requirements",
    "/Collection",
    "/OpenAction",
    "/NeedsRendering",
)
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
DC, PDF, XMP = "{http://purl.org/dc/elements/1.1/}", "{http://ns.adobe.com/pdf/1.3/}", "{http://ns.adobe.com/xap/1.0/}"
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"


def failures(content: bytes) -> list[str]:
    """Return every clause a document breaks, in words; none for a sound one."""
    found = list(_file(content))
    with pikepdf.open(BytesIO(content)) as document:
        for check in (_trailer, _catalogue, _intents, _objects, _metadata, _fonts, _pages, _structure):
            found.extend(check(document))
    return found


def _file(content: bytes) -> Iterator[str]:
    if not re.match(rb"%PDF-1\.[0-7]\r?\n%[\x80-\xff]{4}", content):
        yield "6.1.2 header, and four bytes above 127 in the second line"
    if not re.search(rb"startxref\n\d+\n%%EOF\r?\n?$", content):
        yield "6.1.3 nothing after the last end-of-file mark"
    for match in re.finditer(rb"/Length (\d+)[^>]*>>\s*stream(\r?\n)", content):
        end = match.end() + int(match[1])
        if not re.match(rb"\r?\nendstream", content[end : end + 11]):
            yield f"6.1.7.1 a stream's length is not what it says, or no line break before endstream, at {match.start()}"
    if re.search(rb"(?<![\n\r\d])\d+ 0 obj\n<<|\d+  \d+ obj\b", content):
        yield "6.1.9 an object does not begin its line"


def _trailer(document: pikepdf.Pdf) -> Iterator[str]:
    if "/ID" not in document.trailer or len(document.trailer.ID) != 2:
        yield "6.1.3 no file identifier"
    if document.is_encrypted:
        yield "6.1.3 encrypted"
    if len(document.objects) > 8_388_607:
        yield "6.1.13 too many objects"


def _catalogue(document: pikepdf.Pdf) -> Iterator[str]:
    root = document.Root
    for name in FORBIDDEN_IN_CATALOGUE:
        if name in root:
            yield f"6.4-6.11 {name} in the catalogue"
    for name in ("/EmbeddedFiles", "/JavaScript", "/AlternatePresentations"):
        if "/Names" in root and name in root.Names:
            yield f"6.5.2, 6.8, 6.10 {name}"
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", str(root.get("/Lang", ""))):
        yield "6.7.4 no language"


def _intents(document: pikepdf.Pdf) -> Iterator[str]:
    intents = [each for each in document.Root.get("/OutputIntents", []) if each.S == Name.GTS_PDFA1]
    if len(intents) != 1:
        yield "6.2.3 not exactly one output intent for PDF/A"
        return
    profile = intents[0].DestOutputProfile
    data = profile.read_bytes()
    if int.from_bytes(data[:4], "big") != len(data) or data[36:40] != b"acsp" or data[8] > 4:
        yield "6.2.3 the colour profile is none, or too new"
    if data[12:16] not in (b"mntr", b"prtr") or (data[16:20], int(profile.N)) not in ((b"RGB ", 3), (b"GRAY", 1)):
        yield "6.2.3 the colour profile is for something else"


def _objects(document: pikepdf.Pdf) -> Iterator[str]:
    for thing in document.objects:
        if not isinstance(thing, (Dictionary, Stream)):
            continue
        if isinstance(thing, Stream):
            yield from _stream(thing)
        if thing.get("/S") in (Name.JavaScript, Name.Launch, Name.Sound, Name.Movie, Name.ResetForm, Name.URI):
            yield f"6.5.1 an action: {thing.S}"
        if "/AA" in thing or "/JS" in thing:
            yield "6.5.2 something happens by itself"
        if thing.get("/Type") == Name.ExtGState and any(
            name in thing for name in ("/SMask", "/TR", "/HTP", "/BM", "/ca", "/CA")
        ):
            yield "6.2.5, 6.2.10 transparency or a transfer curve"
        for name in thing.keys():  # noqa: SIM118 (a pikepdf dictionary)
            if len(str(name).encode()) > 128:
                yield "6.1.13 a name longer than 127 bytes"


def _stream(thing: Stream) -> Iterator[str]:
    if any(name in thing for name in ("/F", "/FFilter", "/FDecodeParms")):
        yield "6.1.7.1 a stream lies outside the file"
    filters = thing.get("/Filter", [])
    for each in [filters] if isinstance(filters, Name) else list(filters):
        if str(each) not in FILTERS:
            yield f"6.1.7.2 filter {each}"
    if thing.get("/Subtype") == Name.Image:
        if any(name in thing for name in ("/Alternates", "/OPI", "/SMask")) or thing.get("/Interpolate", False):
            yield "6.2.8 an image with alternates, a soft mask, or smoothed"
        if thing.get("/ColorSpace") not in (Name.DeviceRGB, Name.DeviceGray):
            yield "6.2.4.3 an image in a colour space of some device"
    if thing.get("/Subtype") == Name.PS or thing.get("/Subtype2") == Name.PS:
        yield "6.2.9 PostScript"


def _metadata(document: pikepdf.Pdf) -> Iterator[str]:
    if "/Metadata" not in document.Root:
        yield "6.6.2.1 no metadata"
        return
    packet = document.Root.Metadata.read_raw_bytes()
    head = packet.split(b"?>", 1)[0]
    if not head.startswith(b"<?xpacket begin=") or b"bytes=" in head or b"encoding=" in head:
        yield "6.6.2.1 the packet's head"
    tree = ElementTree.fromstring(packet.decode("utf-8"))
    said = {each.tag: "".join(each.itertext()).strip() for part in tree.iter(f"{RDF}Description") for each in part}
    if (said.get(f"{PDFA}part"), said.get(f"{PDFA}conformance")) != ("2", "A"):
        yield "6.6.4 it does not say that it is PDF/A-2, level A"
    pairs = (("/Title", f"{DC}title"), ("/Author", f"{DC}creator"), ("/Producer", f"{PDF}Producer"))
    pairs += (("/Creator", f"{XMP}CreatorTool"), ("/Keywords", f"{PDF}Keywords"))
    for entry, name in pairs:
        if str(document.docinfo.get(entry, "")).strip() != said.get(name, ""):
            yield f"6.6.2 {entry} and the metadata disagree"
    for entry, name in (("/CreationDate", f"{XMP}CreateDate"), ("/ModDate", f"{XMP}ModifyDate")):
        if re.sub(r"\D", "", str(document.docinfo.get(entry, ""))) != re.sub(r"\D", "", said.get(name, "")):
            yield f"6.6.2 {entry} and the metadata disagree"


def _fonts(document: pikepdf.Pdf) -> Iterator[str]:
    for font in _all_fonts(document).values():
        name = str(font.BaseFont)
        if font.Subtype != Name.Type0:
            yield f"6.2.11.4.1 {name} is not embedded as a composite font"
            continue
        below = font.DescendantFonts[0]
        if "/FontFile2" not in below.FontDescriptor:
            yield f"6.2.11.4.1 {name} is not embedded"
            continue
        if font.Encoding != Name("/Identity-H") or below.get("/CIDToGIDMap") != Name.Identity:
            yield f"6.2.11.3 {name}: codes and glyphs"
        if (
            str(below.CIDSystemInfo.Ordering) != "Identity"
            or below.BaseFont != font.BaseFont != below.FontDescriptor.FontName
        ):
            yield f"6.2.11.2, 6.2.11.3.1 {name}: names"
        if not re.match(r"/[A-Z]{6}\+", name):
            yield f"6.2.11.4 {name}: a subset does not say so"
        yield from _widths(name, below)


def _widths(name: str, font: Any) -> Iterator[str]:
    file = TTFont(BytesIO(font.FontDescriptor.FontFile2.read_bytes()))
    metrics, scale = file["hmtx"].metrics, 1000 / file["head"].unitsPerEm
    order, said = file.getGlyphOrder(), [float(each) for each in font.W[1]]
    if any(abs(metrics[order[place]][0] * scale - wide) > 1 for place, wide in enumerate(said)):
        yield f"6.2.11.5 {name}: widths"


def _all_fonts(document: pikepdf.Pdf) -> dict[Any, Any]:
    return {
        font.objgen: font for page in document.pages for font in page.obj.Resources.get("/Font", Dictionary()).values()
    }


def unicode_of(font: Any) -> dict[int, str]:
    """Return code → text of a font."""
    return {
        int(code, 16): bytes.fromhex(text.decode()).decode("utf-16-be", "replace")
        for code, text in re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", font.ToUnicode.read_bytes())
        if len(text) >= 4
    }


def _pages(document: pikepdf.Pdf) -> Iterator[str]:
    known: dict[Any, tuple[dict[int, str], int]] = {}
    for font in _all_fonts(document).values():
        if font.Subtype == Name.Type0:
            glyphs = TTFont(BytesIO(font.DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()))["maxp"].numGlyphs
            known[font.objgen] = (unicode_of(font), glyphs)
    for number, page in enumerate(document.pages, 1):
        said = set(_page(page.obj, known))
        yield from (f"page {number}: {each}" for each in sorted(said))


def _page(page: Any, known: dict[Any, tuple[dict[int, str], int]]) -> Iterator[str]:
    if "/Resources" not in page:
        yield "6.2.2 no resources of its own"
    if "/Group" in page or "/Annots" in page or "/AA" in page or "/PresSteps" in page:
        yield "6.2.10, 6.3, 6.5, 6.10 transparency, a note, an action or a show"
    depth, marks, font = 0, list[str](), None
    for instruction in pikepdf.parse_content_stream(page):
        word, given = str(instruction.operator), instruction.operands
        if word not in OPERATORS:
            yield f"6.2.2 operator {word}"
        depth += (word == "q") - (word == "Q")
        if not 0 <= depth <= 28:
            yield "6.1.13 states nested too deeply"
        if word in ("K", "k"):
            yield "6.2.4.3 CMYK without a profile"
        if word in ("BMC", "BDC"):
            marks.append(
                "Artifact" if given[0] == Name.Artifact else "tag" if word == "BDC" and "/MCID" in given[1] else ""
            )
        elif word == "EMC":
            marks.pop()
        elif word == "Tf":
            font = page.Resources.Font[str(given[0])].objgen
        if word in PAINTING and not {"Artifact", "tag"} & set(marks):
            yield f"6.7.3.3 {word} is neither content nor furniture"
        if word in SHOWING and font in known:
            yield from _codes(bytes(given[0]), *known[font])
    if marks or depth:
        yield "marks or states left open"


def _codes(shown: bytes, texts: dict[int, str], glyphs: int) -> Iterator[str]:
    for place in range(0, len(shown), 2):
        code = int.from_bytes(shown[place : place + 2], "big")
        text = texts.get(code, "")
        if not 0 < code < glyphs:
            yield "6.2.11.8 a character without a glyph"
        if not text or text[0] in "\0\ufeff\ufffe":
            yield "6.2.11.7.2 a character without Unicode"
        elif "\ue000" <= text[0] <= "\uf8ff" or text[0] >= "\U000f0000":
            yield "6.2.11.7.3 a private character"


def _structure(document: pikepdf.Pdf) -> Iterator[str]:
    root = document.Root
    if not root.get("/MarkInfo", Dictionary()).get("/Marked", False) or "/StructTreeRoot" not in root:
        yield "6.7.2 not tagged"
        return
    owners: dict[tuple[Any, int], Any] = {}
    for element in elements(document):
        yield from _element(element)
        for page, mark in _marks_of(element):
            if (page, mark) in owners:
                yield "6.7.3 a piece of a page belongs to two elements"
            owners[page, mark] = element.objgen
    numbers = root.StructTreeRoot.ParentTree.Nums
    tree = {int(numbers[at]): numbers[at + 1] for at in range(0, len(numbers), 2)}
    for page in document.pages:
        listed = tree.get(int(page.obj.get("/StructParents", -1)))
        used = {int(each.operands[1].MCID) for each in _tagged(page.obj)}
        if listed is None or {mark for place, mark in owners if place == page.obj.objgen} != used:
            yield "6.7.3 pieces of a page and the structure disagree"
        elif any(listed[mark].objgen != owners[page.obj.objgen, mark] for mark in used):
            yield "6.7.3 the way back from a page to the structure is wrong"


def _tagged(page: Any) -> list[Any]:
    found = pikepdf.parse_content_stream(page, "BDC")
    return [each for each in found if str(each.operator) == "BDC" and "/MCID" in each.operands[1]]


def elements(document: pikepdf.Pdf) -> Iterator[Any]:
    """Yield every element of a document's structure, in reading order."""
    waiting = list(reversed(list(document.Root.StructTreeRoot.K)))
    while waiting:
        element = waiting.pop()
        yield element
        waiting.extend(each for each in reversed(kids(element)) if isinstance(each, Dictionary) and "/S" in each)


def kids(element: Any) -> list[Any]:
    """Return what an element consists of."""
    inside = element.get("/K", [])
    return list(inside) if isinstance(inside, (list, pikepdf.Array)) else [inside]


def _marks_of(element: Any) -> Iterator[tuple[Any, int]]:
    for each in kids(element):
        if isinstance(each, int):
            yield element.Pg.objgen, int(each)
        elif each.get("/Type") == Name.MCR:
            yield each.Pg.objgen, int(each.MCID)


def _element(element: Any) -> Iterator[str]:
    kind = str(element.S)[1:]
    if kind not in STRUCTURE:
        yield f"6.7.3.4 {kind} is no standard type"
    if kind == "Figure" and not str(element.get("/Alt", "")):
        yield "6.7.5 a figure without words"
    below = [str(each.S)[1:] for each in kids(element) if isinstance(each, Dictionary) and "/S" in each]
    if kind == "Table" and (not below or set(below) != {"TR"}):
        yield "a table holds something else than rows"
    if kind == "TR" and (not below or set(below) - {"TH", "TD"}):
        yield "a row holds something else than cells"
    if kind == "Table" and len({len(kids(row)) for row in kids(element)}) != 1:
        yield "rows of one table have different numbers of cells"
    if any(each.P.objgen != element.objgen for each in kids(element) if isinstance(each, Dictionary) and "/S" in each):
        yield "an element does not know its parent"
