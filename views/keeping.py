"""Keeping 定稿存档: the preview of a paper that can be kept — as a draft without a number, or the kept one, unchanged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout

from models.core.record import record_type, record_types
from models.kept_list import newer_words
from models.kept_papers import Kept, KeptPaper, Made, digest_of, document, keep, kept, kept_paper
from models.papers import file_name, note_printed
from resources import _, sentences
from ui.printing import PreviewDialog, Shown
from ui.widgets import Banner, Button
from views.signing import ask_signer, signing_wanted

if TYPE_CHECKING:
    from models.core.database import Work
    from reports.digital_signature import Signer
    from ui.app import App

Draw = Callable[[str, str], bytes]


@dataclass(frozen=True)
class Printable:
    """A paper about to be shown.

    Attributes:
        kind: under which it is kept; see ``models.kept_papers.keep``.
        said: the values it says.
        draw: makes it, given its number and what its code says; both are empty as long as it is not kept.
        final: it may be kept: what it shows is approved, or its month over.
    """

    kind: str
    title: str
    said: Any
    draw: Draw
    child_id: str = ""
    record_id: str = ""
    period: str = ""
    subject: str = ""
    needs: str = ""
    final: bool = True
    filename: str = ""
    name: str = ""
    """Under which name it stands in the list of kept papers; the title when left out."""


def show_paper(app: App, paper: Printable) -> None:
    """Show a paper before it is printed: the kept one where there is one, else as it is now, with the offer to keep it."""
    app.preview(paper.title, Keepable(app, paper), paper.filename or _name_of_draft(paper))


def show_kept(app: App, paper_id: str) -> None:
    """Show a kept paper; that it is printed again is noted."""
    with app.work() as work:
        paper = kept_paper(work, paper_id)
        newer = newer_words(work, paper)
        _note(work, paper)
    app.preview(f"{paper.paper} {paper.number}", Again(app, paper, newer), name_of(paper))


class Again(Shown):
    """A kept paper, shown again."""

    def __init__(self, app: App, paper: Kept, newer: str) -> None:
        self.app, self.paper, self.newer = app, paper, newer

    def __call__(self, progress: Any = None, cancelled: Any = None) -> bytes:
        return content_of(self.app, self.paper.id)

    def dialog(self, title: str, filename: str) -> PreviewDialog:
        return KeptPreview(self, title, filename)


class Keepable(Shown):
    """A paper that is kept, or may be."""

    def __init__(self, app: App, paper: Printable) -> None:
        self.app, self.paper = app, paper
        self.kept, self.newer = _found(app, paper)

    def __call__(self, progress: Any = None, cancelled: Any = None) -> bytes:
        return self.paper.draw("", "") if self.kept is None else content_of(self.app, self.kept.id)

    def dialog(self, title: str, filename: str) -> PreviewDialog:
        return KeepingPreview(self, title, filename)


def kept_words(paper: Kept) -> str:
    """Say which kept paper it is."""
    words = _("Kept paper no. {number}: as known on {day}, kept by {who}.")
    return words.format(number=paper.number, day=paper.known_on, who=paper.kept_by)


def _name_of_draft(paper: Printable) -> str:
    return file_name(paper.subject, paper.name or paper.title, paper.period)


def name_of(paper: Kept) -> str:
    """Return the file name of a kept paper."""
    return file_name(paper.number, paper.subject, paper.paper, paper.period)


def content_of(app: App, paper_id: str) -> bytes:
    """Read the very bytes of a kept paper."""
    from models.core.errors import Unusable

    if app.home is None:
        raise Unusable(_("No home's folder is open, so no file can be kept."))
    with app.read() as work:
        return document(work, app.home, paper_id)


def _note(work: Work, paper: Kept) -> None:
    kinds = {each.__name__ for each in record_types()}
    own = paper.kind in kinds
    note_printed(
        work, "", record_type(paper.kind) if own else KeptPaper, paper.record_id if own else paper.id, paper.child_id,
        period=paper.period, paper=paper.paper, number=paper.number, again=True,
    )  # fmt: skip


class KeptPreview(PreviewDialog):
    """A kept paper, and whether it is still the newest word."""

    def __init__(self, made: Again, title: str, filename: str) -> None:
        super().__init__(made.app, title, made, filename)
        said = sentences(kept_words(made.paper), made.newer)
        self.notice = Banner(said, "warning" if made.newer else "good")
        _put_on_top(self, self.notice)


class KeepingPreview(PreviewDialog):
    """A paper that may be kept."""

    def __init__(self, made: Keepable, title: str, filename: str) -> None:
        self.paper, self.kept, self.newer = made.paper, made.kept, made.newer
        self.may_keep = made.paper.final and made.app.home is not None and made.app.may("create", KeptPaper)
        self.notice: Banner | None = None
        self.keep_button: Button | None = None
        super().__init__(made.app, title, made, filename)
        self._tell()

    def _tell(self) -> None:
        """Say above the pages what they are, and offer to keep them where that can be done."""
        changed = self.kept is not None and self.paper.final and digest_of(self.paper.said) != self.kept.digest
        if self.kept is None and not self.may_keep:
            return
        if self.kept is None:
            words = _("This paper is final. Kept, it gets a number and a code and stays as it is for good.")
            action, tone = _("Keep with a number"), "info"
        else:
            words, action, tone = kept_words(self.kept), _("Keep the newer version"), "good"
            if self.newer:
                words, tone = sentences(words, self.newer), "warning"
            elif changed:
                words = sentences(words, _("Made today, it would read differently in places."))
        offered = self.may_keep and (self.kept is None or changed)
        self.notice = Banner(words, tone, action if offered else "", self.keep if offered else None)
        self.keep_button = self.notice.findChild(Button)
        _put_on_top(self, self.notice)

    def keep(self) -> None:
        """Keep the paper, signed where that is wished, and show the kept one."""
        signer = None
        if signing_wanted(self.app):
            signer = ask_signer(self.app, self)
            if signer is None:
                return
        self._enable(False)
        self._say(_("The paper is being kept…"), "info", offering=False)
        paper, app, anew = self.paper, self.app, self.kept is not None

        def work(progress: Any, cancelled: Any) -> tuple[Kept, bytes]:
            made = keep_now(app, paper, signer, anew=anew)
            return made, content_of(app, made.id)

        self._task = app.tasks.run(work, self._show_kept, self._not_kept)

    def _show_kept(self, made: tuple[Kept, bytes]) -> None:
        self.kept, content = made
        if self.document is not None:
            self.view.document = None
            self.document.close()
        self.filename = name_of(self.kept)
        self.show_pdf(content)
        self._say(kept_words(self.kept), "good", offering=False)
        self.print_button.setFocus()

    def _not_kept(self, error: Exception) -> None:
        self._enable(True)
        self._say(_("It was not kept."), "warning", offering=True)
        self.app.show_error(error)

    def _say(self, words: str, tone: str, *, offering: bool) -> None:
        assert self.notice is not None and self.keep_button is not None
        self.keep_button.setVisible(offering)
        self.notice.tell(words, tone)


def keep_now(app: App, paper: Printable, signer: Signer | None, *, anew: bool = False) -> Kept:
    """Keep a paper, signed or not; called beside the window's thread."""
    with app.work() as work:
        return keep(
            work, app.home, paper.kind, title=paper.name or paper.title, said=paper.said, make=drawn(paper.draw, signer),
            child_id=paper.child_id, record_id=paper.record_id, period=paper.period, subject=paper.subject,
            needs=paper.needs, anew=anew,
        )  # fmt: skip


def drawn(draw: Draw, signer: Signer | None) -> Callable[[str, str], Made]:
    """Return how the kept document is made: drawn with number and code, and signed at the end if that is wished."""

    def make(number: str, check: str) -> Made:
        content = draw(number, check)
        if signer is None:
            return Made(content, pages_of(content))
        from reports.digital_signature import sign

        return Made(sign(content, signer), pages_of(content), signer.certificate.holder)

    return make


def pages_of(content: bytes) -> int:
    """Return how many pages a document has."""
    from ui.pdf_view import Document

    made = Document(content)
    try:
        return len(made)
    finally:
        made.close()


def _found(app: App, paper: Printable) -> tuple[Kept | None, str]:
    """What is kept of a paper already, and why that is no longer the newest word."""
    if app.home is None or not app.may("read", KeptPaper):
        return None, ""
    with app.read() as work:
        found = kept(work, paper.kind, child_id=paper.child_id, record_id=paper.record_id, period=paper.period)
        return found, newer_words(work, found) if found else ""


def _put_on_top(dialog: PreviewDialog, notice: Banner) -> None:
    lines = dialog.layout()
    assert isinstance(lines, QVBoxLayout)
    lines.insertWidget(0, notice)
