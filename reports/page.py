"""Page 页面: the A4 page of the home's papers — head, binding margin, foot, marks — and the making of a document.

    pdf = render([Paper(head, parts)])

Several papers become one document, each with its own page numbers and its bookmark; printed on both sides, every
paper begins on the front of a sheet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from models.papers import PaperHead
from reports import fonts
from reports.blocks import Part, Row
from reports.drawing import draw, grounds
from reports.layout import Sheet, band_name, measured, paged
from reports.pen import Pen
from reports.square_code import draw_code
from reports.styles import A4, FAINT, GHOST, GREY, HOUSE, MM, NOTE, SMALL, TITLE, VALUE
from reports.tags import Element, FormTags
from reports.text import lines_of
from resources import N_, _, current_language

BINDING, EDGE = 25 * MM, 15 * MM
"""The margin where the paper is bound, and the one opposite."""
WIDTH = A4[0] - BINDING - EDGE
_TOP, _FRAME_FIRST, _FRAME_NEXT, _BOTTOM = 12 * MM, 43 * MM, 22 * MM, 19 * MM
_CODE, _CODE_FOOT = 15 * MM, 6.5 * MM
"""The side of the square code, and its distance from the edge of the page."""
_WATERMARKS = {
    "draft": N_("DRAFT"), "returned": N_("DRAFT"), "submitted": N_("PENDING"), "reviewed": N_("PENDING"),
    "void": N_("VOID"), "superseded": N_("REPLACED"),
}  # fmt: skip
CONFIDENTIAL = N_("Internal · handle with care")
INVENTED = N_("Demonstration data · all invented")


@dataclass(frozen=True)
class Paper:
    """One paper: its head, its parts, notes under it, and whether it lies across.

    Attributes:
        notes: small lines under the frame, such as how to fill the form in.
        closed: say "nothing below" under the end, so that nothing can be added.
        bookmark: the entry in the document's outline.
    """

    head: PaperHead
    parts: tuple[Part, ...]
    landscape: bool = False
    notes: tuple[str, ...] = ()
    closed: bool = True
    bookmark: str = ""

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page."""
        return (A4[1], A4[0]) if self.landscape else A4

    @property
    def width(self) -> float:
        """The width of the frame."""
        return self.size[0] - BINDING - EDGE

    @property
    def first_bottom(self) -> float:
        """The room below the frame of the first page; a square code needs more."""
        return _CODE_FOOT + _CODE + 2.5 * MM if self.head.check else _BOTTOM


def render(
    papers: Sequence[Paper],
    *,
    duplex: bool = False,
    through: bool = False,
    on_paper: Callable[[int], None] = lambda number: None,
) -> bytes:
    """Return one document with all papers, in order.

    Args:
        duplex: for printing on both sides: margins change sides, and every paper begins on a front page.
        through: pages are numbered through the whole document instead of paper by paper.
        on_paper: called before each paper with its index; whatever it raises stops the printing.
    """
    first = papers[0].head
    title = " ".join(filter(None, (first.form_name, first.subject if len(papers) == 1 else "", first.period)))
    pen = Pen(title, first.institution, first.printed_at, "zh-CN" if current_language() == "zh_CN" else "en")
    if first.copy or first.check:
        pen.keywords(first.copy or first.check)
    laid = [pages_of(paper) for paper in papers] if through else []
    total = sum(len(sheets) for sheets in laid)
    for number, paper in enumerate(papers):
        on_paper(number)
        pen.tags.begin_paper(alone=len(papers) == 1)
        if duplex and pen.pages % 2:
            pen.end_page(papers[number - 1].size)
        sheets = laid[number] if through else pages_of(paper)
        count = _Count(pen.pages + 1, total) if through else _Count(1, len(sheets))
        _write(pen, paper, sheets, count, duplex=duplex, outlined=len(papers) > 1)
    if pen.has_gaps:
        pen.lacks(missing_in(papers))
    return pen.finish()


@dataclass(frozen=True)
class _Count:
    """The number of a paper's first page, and of how many."""

    first: int
    total: int


def pages_of(paper: Paper) -> list[Sheet]:
    """Return the pages of a paper, laid out but not drawn.

    Where a last page would hold next to nothing, the room left for handwriting gives way, if that saves the page.
    """
    sheets = _sheets(paper, 1.0)
    if len(sheets) > 1 and sheets[-1].used < _LITTLE * paper.size[1]:
        squeezed = _sheets(paper, _SQUEEZE)
        if len(squeezed) < len(sheets):
            return squeezed
    return sheets


_LITTLE, _SQUEEZE = 0.3, 0.62


def _sheets(paper: Paper, squeeze: float) -> list[Sheet]:
    first = paper.size[1] - _FRAME_FIRST - paper.first_bottom
    others = paper.size[1] - _FRAME_NEXT - _BOTTOM
    strips = measured(paper.parts, paper.width, squeeze)
    sheets = paged(strips, first, others)
    notes = sum(len(lines_of(each, SMALL, paper.width)) for each in paper.notes) * SMALL.line + 8
    if not paper.notes or sheets[-1].used + notes <= (first if len(sheets) == 1 else others):
        return sheets
    # The notes never stand on a page of their own: the last rows go over with them.
    shorter = paged(measured(paper.parts, paper.width, squeeze), max(first - notes, 0), max(others - notes, 0))
    fits = len(shorter) > len(sheets) and shorter[-1].used + notes <= others
    return shorter if fits else [*sheets, Sheet()]


def _write(pen: Pen, paper: Paper, sheets: list[Sheet], count: _Count, *, duplex: bool, outlined: bool) -> None:
    titles = [band_name(part) for part in paper.parts]
    tags = FormTags(pen.tags, pen.tags.paper)
    for number, sheet in enumerate(sheets):
        left = EDGE if duplex and pen.pages % 2 else BINDING
        top = paper.size[1] - (_FRAME_NEXT if number else _FRAME_FIRST)
        if outlined and not number:
            pen.bookmark(paper.bookmark or paper.head.subject or paper.head.form_name)
        grounds(pen, sheet, titles, left, top)
        _marks(pen, paper, left, mirrored=left == EDGE)
        (_running_head if number else _title)(pen, paper, left, top)
        end = draw(pen, sheet, titles, (left, top), paper.width, tags) if sheet.strips else top + 8
        if number == len(sheets) - 1:
            _ending(pen, paper, left, end)
        coded = not number and bool(paper.head.check)
        _foot(pen, paper.head, (left, paper.width), count.first + number, count.total, coded=coded)
        pen.end_page(paper.size)


def _marks(pen: Pen, paper: Paper, left: float, *, mirrored: bool) -> None:
    """The watermark beneath, the binding line, and the marks at the top edge."""
    wide, high = paper.size
    mark = _WATERMARKS.get(paper.head.state)
    if mark:
        _watermark(pen, _(mark), wide, high)
    elif paper.head.copy:
        _copy_mark(pen, paper.head.copy, wide, high)
    _binding_line(pen, wide - 12 * MM if mirrored else 12 * MM, high)
    y = high - _TOP
    if paper.head.confidential:
        pen.text(left, y, _(CONFIDENTIAL), NOTE.chain, 8)
    if paper.head.demo:
        _stamp(pen, _(INVENTED), left + paper.width, y)


def _watermark(pen: Pen, text: str, wide: float, high: float) -> None:
    face, turn = fonts.chain("hei-bold"), radians(40)
    size = min(150.0, 560 / max(face.width(text, 1.0), 1.0))
    reach = face.width(text, size) / 2
    x = wide / 2 - reach * cos(turn) + size * 0.35 * sin(turn)
    y = high / 2 - reach * sin(turn) - size * 0.35 * cos(turn)
    pen.turned(x, y, text, face, size, (cos(turn), sin(turn), -sin(turn), cos(turn)), GHOST)


def _copy_mark(pen: Pen, text: str, wide: float, high: float) -> None:
    """Whom a copy is for and its number, three times across the page, so that no part of it is without."""
    face, turn = fonts.chain("hei-bold"), radians(30)
    words = _fitted(text, "hei-bold", 30.0)
    size = min(26.0, 460 / max(face.width(words, 1.0), 1.0))
    reach = face.width(words, size) / 2
    for part in (0.22, 0.5, 0.78):
        x, y = wide / 2 - reach * cos(turn), high * part - reach * sin(turn)
        pen.turned(x, y, words, face, size, (cos(turn), sin(turn), -sin(turn), cos(turn)), GHOST)


def _binding_line(pen: Pen, x: float, high: float) -> None:
    """The dashed line 装订线 with its three words spaced out along it."""
    words = _("binding line")
    pen.dashed(x, 20 * MM, x, high - 20 * MM, 0.5, FAINT, "3 3")
    if words[0] < "\u3000":
        return
    for number, sign in enumerate(words):
        y = high / 2 + (len(words) / 2 - number - 0.5) * 24 * MM
        pen.fill(x - 6, y - 7, 12, 14, 1.0)
        pen.centred(x, y - 3, sign, NOTE.chain, 8, FAINT)


def _stamp(pen: Pen, text: str, right: float, y: float) -> None:
    face, size = fonts.chain("hei-bold"), 8.0
    wide = face.width(text, size)
    pen.frame(right - wide - 8, y - 4, wide + 8, size + 6, 0.8)
    pen.text(right - wide - 4, y, text, face, size)


def _title(pen: Pen, paper: Paper, left: float, top: float) -> None:
    """Institution, form name, and the line with period and file number."""
    head, middle = paper.head, left + paper.width / 2
    pen.owner = _paragraph(pen)
    pen.centred(
        middle, top + 66, _fitted(head.institution, HOUSE.face, paper.width / HOUSE.size), HOUSE.chain, HOUSE.size
    )
    name = fonts.printable(head.form_name, TITLE.chain)
    size = min(TITLE.size, paper.width / max(TITLE.chain.width(name, 1.0), 1.0))
    pen.owner = pen.tags.new("H1", pen.tags.paper)
    _spaced(pen, middle, top + 31, name, size)
    _line_under_title(pen, head, left, top + 7, paper.width)
    pen.owner = None


def _paragraph(pen: Pen) -> Element:
    return pen.tags.new("P", pen.tags.paper)


def _spaced(pen: Pen, middle: float, y: float, name: str, size: float) -> None:
    """Set a short Chinese title with a little air between its characters."""
    face = TITLE.chain
    air = size * 0.12 if len(name) < 16 and name and name[0] > "\u3000" else 0.0
    wide = face.width(name, size) + air * (len(name) - 1)
    pen.text(middle - wide / 2, y, name, face, size, spread=air)


def _line_under_title(pen: Pen, head: PaperHead, left: float, y: float, width: float) -> None:
    face, size = VALUE.chain, VALUE.size
    if head.period:
        pen.owner = _paragraph(pen)
        pen.text(left, y, _fitted(head.period, "song", width / 2 / size), face, size)
    if head.file_number:
        pen.owner = _paragraph(pen)
        words = _("File no.: {number}").format(number=head.file_number)
        pen.right(left + width, y, _fitted(words, "song", width / 2 / size), face, size)


def _running_head(pen: Pen, paper: Paper, left: float, top: float) -> None:
    head = paper.head
    words = " · ".join(filter(None, (head.institution, head.form_name, head.subject, head.period)))
    pen.text(left, top + 6, _fitted(words, "hei", paper.width * 0.85 / 8), NOTE.chain, 8, GREY)
    pen.right(left + paper.width, top + 6, _("(continued)"), NOTE.chain, 8)


def _fitted(text: str, face: str, width: float) -> str:
    """Return as much of a text as a line in head or foot holds; the whole stands in the form itself."""
    faces = fonts.chain(face)
    words = fonts.printable(text, faces).replace("\n", " ")
    if faces.width(words, 1.0) <= width:
        return words
    low, high = 0, len(words)
    while low < high:  # halved, for a text of ten thousand signs stands here too
        middle = (low + high + 1) // 2
        low, high = (middle, high) if faces.width(words[:middle] + "…", 1.0) <= width else (low, middle - 1)
    return words[:low] + "…"


def _ending(pen: Pen, paper: Paper, left: float, end: float) -> None:
    """The notes under the frame, and 以下空白 where the page has room left."""
    y = end - 12
    for note in paper.notes:
        pen.owner = _paragraph(pen)
        for line in lines_of(note, SMALL, paper.width):
            pen.text(left, y, line.text, SMALL.chain, SMALL.size, GREY)
            y -= SMALL.line
    if paper.closed and y - _BOTTOM > 18 * MM:
        pen.owner = _paragraph(pen)
        pen.centred(left + paper.width / 2, y - 8, _("(nothing below)"), NOTE.chain, 8, FAINT)
    pen.owner = None


def _foot(pen: Pen, head: PaperHead, place: tuple[float, float], page: int, pages: int, *, coded: bool = False) -> None:
    """When and by whom printed, which page, and the numbers by which the paper is found again."""
    (left, width), y, face = place, 11 * MM, NOTE.chain
    printed = _("Printed {at} by {who}").format(at=head.printed_at.strftime("%Y-%m-%d %H:%M"), who=head.printed_by)
    pen.text(left, y, _fitted(printed, NOTE.face, width * 0.4 / NOTE.size), face, NOTE.size, GREY)
    pen.centred(left + width / 2, y, _("Page {page} of {pages}").format(page=page, pages=pages), face, 8.5)
    right, room = left + width, width * 0.3 / NOTE.size
    if coded:
        _code(pen, head, right - _CODE)
        right, room = right - _CODE - 5, room - (_CODE + 5) / NOTE.size
        y += NOTE.line
    number = _("Paper no.: {number}").format(number=head.number) if head.number else ""
    words = (number, head.file_number) if coded else (" · ".join(filter(None, (head.number, head.file_number))),)
    for line in filter(None, words):
        pen.right(right, y, _fitted(line, NOTE.face, room), face, NOTE.size, GREY)
        y -= NOTE.line


def _code(pen: Pen, head: PaperHead, x: float) -> None:
    """The square code that says which paper this is and what its content amounts to."""
    words = _("Square code for checking this paper: {text}").format(text=head.check)
    pen.figure = pen.tags.figure(pen.tags.paper, words, last=True)
    draw_code(pen, head.check, x, _CODE_FOOT, _CODE)
    pen.figure = None


def missing_in(papers: Iterable[Paper]) -> dict[str, str]:
    """Return the characters that no face has, each with the words in which it first stands; empty when all is well.

    They are printed as 〓[U+XXXX]; whoever prints is told beforehand.
    """
    found: dict[str, str] = {}
    for paper in papers:
        for text in texts_of(paper):
            for character in fonts.missing_glyphs(text):
                found.setdefault(character, _around(text, character))
    return found


def _around(text: str, character: str) -> str:
    at = text.index(character)
    return " ".join(text[max(at - 6, 0) : at + 7].split())


def texts_of(paper: Paper) -> Iterable[str]:
    """Yield every text of a paper, for the check for characters that no face has."""
    head = paper.head
    yield from (head.institution, head.form_name, head.subject, head.period, head.file_number, head.printed_by)
    yield from (head.copy, head.number, *paper.notes)
    for part in paper.parts:
        yield part.title
        yield from _texts_in(part.rows)


def _texts_in(rows: Iterable[Row]) -> Iterable[str]:
    for row in rows:
        for cell in row.cells:
            yield cell.text
            yield from cell.foot
            yield from _texts_in(cell.rows)
