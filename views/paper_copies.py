"""Copies for recipients 对外提供副本: entered like any record, made when it is first printed, kept as it left the home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.copies import PaperCopy, copy_of, keep_document
from models.core import attachments, queries
from models.core.errors import Unusable
from models.month import photos_in
from models.papers import file_name, note_printed, paper_head
from resources import _
from ui import papers

if TYPE_CHECKING:
    from ui.app import App


@papers.paper("PaperCopy")
def show_copy(app: App, copy_id: str) -> None:
    """Show the document of a copy: the one that left the home, or, the first time, the one made now."""
    with app.read() as work:
        copy = queries.values(work, PaperCopy, copy_id)
    title = _("Copy no. {number} for {recipient}").format(number=copy["number"], recipient=copy["recipient_name"])

    def make(progress: Any, cancelled: Any) -> bytes:
        return kept(app, copy) if copy["document"] else made(app, copy_id)

    app.preview(title, make, file_name(copy["number"], copy["recipient_name"]))


def kept(app: App, copy: dict[str, Any]) -> bytes:
    """Return the document as it was; that it is printed again is noted."""
    if app.home is None:
        raise Unusable(_("No home's folder is open, so no file can be kept."))
    with app.work() as work:
        note_printed(work, PaperCopy.__name__, PaperCopy, copy["id"], copy["child_id"], again=True)
        return attachments.read(app.home, work, copy["document"])


def made(app: App, copy_id: str) -> bytes:
    """Make the document by the recipient's rules and keep it."""
    from reports.copy_paper import render_copy

    if app.home is None:
        raise Unusable(_("No home's folder is open, so no file can be kept."))
    with app.work() as work:
        content, mark = copy_of(work, copy_id, photos_in(app.home))
        head = paper_head(work, "", copy=mark)
    document, pages = render_copy(content, head)
    with app.work() as work:
        keep_document(work, app.home, copy_id, document, pages)
    return document
