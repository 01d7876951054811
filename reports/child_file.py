"""Child file 儿童档案: the whole file as one volume — cover, contents, every paper, pages numbered through."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from models.core.exchange import Listing
from models.file_papers import FILE, ORDER, FileEntry, WholeFile
from models.forms import Form
from models.papers import PaperHead
from reports.blocks import Part, facts, table
from reports.form_paper import form_paper
from reports.listing import listing_paper
from reports.page import WIDTH, Paper, pages_of, render
from reports.record_sheet import bundle_sheet, record_paper_sheet
from reports.sections import who
from resources import _


def render_file(whole: WholeFile, head: PaperHead, on_paper: Callable[[int], None] = lambda number: None) -> bytes:
    """Return a child's whole file as one PDF document."""
    return render(volume(whole, head), through=True, on_paper=on_paper)


def volume(whole: WholeFile, head: PaperHead) -> list[Paper]:
    """Cover, contents and every paper."""
    head = head.but(subject=whole.name, file_number=whole.number)
    papers = [entry_paper(each, head, whole.photo) for each in whole.entries]
    lengths = [len(pages_of(each)) for each in papers]
    cover = _cover(whole, head, sum(lengths))
    contents = _contents(whole, head, lengths, before=len(pages_of(cover)) + 1)
    own = len(pages_of(contents))
    if own > 1:
        contents = _contents(whole, head, lengths, before=len(pages_of(cover)) + own)
    return [cover, contents, *papers]


def entry_paper(entry: FileEntry, head: PaperHead, photo: bytes | None) -> Paper:
    """Lay one entry of the file out."""
    named = f"{_(ORDER[entry.area])} · {entry.title} {entry.day}".strip()
    if isinstance(entry.paper, Form):
        made = form_paper(entry.paper, head)
    elif isinstance(entry.paper, Listing):
        made = listing_paper(entry.paper, head.but(form_name=entry.title))
    elif isinstance(entry.paper, tuple):
        made = bundle_sheet(entry.title, entry.paper, head)
    else:
        made = record_paper_sheet(entry.paper, head, photo if entry.paper.pictured else None)
    return replace(made, bookmark=named)


def _cover(whole: WholeFile, head: PaperHead, pages: int) -> Paper:
    """Who the file is about, and how much of it there is."""
    size = facts([(_("Papers in the file"), str(len(whole.entries))), (_("Pages"), str(pages))], slots=2, width=WIDTH)
    return Paper(
        head.but(form_name=_(FILE)), (Part("", (*who(whole.facts, (), whole.photo), *size)),), bookmark=_("Cover")
    )


def _contents(whole: WholeFile, head: PaperHead, lengths: Sequence[int], before: int) -> Paper:
    """The list of papers with the page on which each begins."""
    lines, page = [], before + 1
    for number, (entry, length) in enumerate(zip(whole.entries, lengths, strict=True), start=1):
        lines.append((str(number), _(ORDER[entry.area]), entry.title, entry.day, str(length), str(page)))
        page += length
    headings = (_("No."), _("Class"), _("Paper"), _("Date"), _("Pages"), _("From page"))
    rows = table(headings, lines, numeric=frozenset({0, 4, 5}), width=WIDTH)
    return Paper(head.but(form_name=_("Contents of the file")), (Part("", rows),), bookmark=_("Contents of the file"))
