"""Check of a paper 纸质件核对: scan its code, type its number or choose a file; the program says whether it is ours."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLineEdit, QWidget

from models.core.errors import Unusable
from models.paper_check import UNREADABLE, Claim, Verdict, check_file, check_text_of, claims_in, closed_words, headline
from models.period import period_words
from resources import N_, _
from ui import papers
from ui.pages import Page, page
from ui.text import PlainLabel
from ui.theme import space, theme
from ui.widgets import Banner, Button, Card, EmptyState, Scroll, clear, row
from views.keeping import show_kept

if TYPE_CHECKING:
    from reports.digital_signature import Signature
    from ui.app import App

_LARGEST = 200_000_000


@page("check_paper", N_("Check a paper"), area="papers", icon="scan", needs=("KeptPaper", "read"), order=16)
class CheckPaper(Page):
    """One field for scanner and fingers, one button for files, and the answer."""

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.verdict: Verdict | None = None
        self.setAcceptDrops(True)
        self.sheet = Scroll(4)
        if (inner := self.sheet.widget()) is not None:
            inner.setMaximumWidth(theme.size(880))
        self.column(0).addWidget(self.sheet)
        body = self.sheet.body
        body.addWidget(PlainLabel(_("Scan the square code at the foot of the paper, type its number, or choose a PDF file. Nothing leaves this computer."), tone="muted", wrap=True))  # fmt: skip
        body.addLayout(self._asking())
        self.banner = Banner("", "info")
        self.banner.hide()
        body.addWidget(self.banner)
        self.answer = Card(gap=3)
        self.answer.hide()
        body.addWidget(self.answer)
        self.hint = EmptyState("file-check", _("Hold the paper against what is kept"), _("The program says whether a paper is one of this home's, whether it was altered, and whether a newer version exists, and opens the kept one beside it."))  # fmt: skip
        body.addWidget(self.hint)
        body.addStretch(1)

    def _asking(self) -> Any:
        line = row(None, 2)
        self.entry = QLineEdit()
        self.entry.setAccessibleName(_("Code or number of the paper"))
        self.entry.setPlaceholderText(_("Code or number, e.g. 2026-000123"))
        self.entry.setMaxLength(2000)
        self.entry.setInputMethodHints(Qt.InputMethodHint.ImhLatinOnly | Qt.InputMethodHint.ImhNoPredictiveText)
        self.entry.returnPressed.connect(self.check)
        line.addWidget(self.entry, 1)
        line.addWidget(Button(_("Check"), "scan", "primary", self.check))
        line.addWidget(Button(_("Choose a PDF file…"), "folder-open", on_click=self.choose))
        return line

    def reload(self) -> None:
        self.entry.setFocus()

    def open(self, text: str = "", **target: Any) -> None:
        if text:
            self.entry.setText(text)
            self.check()

    # --- asking ---

    def check(self) -> None:
        """Check what was scanned or typed; the field is ready for the next paper at once."""
        text = self.entry.text().strip()
        if not text:
            self.entry.setFocus()
            return
        with self.app.read() as work:
            self.show_verdict(check_text_of(work, text))
        self.entry.selectAll()
        self.entry.setFocus()

    def choose(self) -> None:
        """Choose a file to be checked."""
        start = self.app.settings.get("papers.folder", str(Path.home()))
        name, _kind = QFileDialog.getOpenFileName(self, _("Choose a PDF file…"), start, "PDF (*.pdf)")
        if name:
            self.check_file(Path(name))

    def check_file(self, file: Path) -> None:
        """Check a file, beside the window."""
        app = self.app
        self.entry.clear()  # what was typed for another paper must not stand above this one's answer
        self.answer.hide()
        self.hint.hide()
        self.banner.tell(_("{file} is being checked…").format(file=file.name), "info")

        def work(progress: Any, cancelled: Any) -> tuple[Verdict, list[Signature]]:
            content = _content(file)
            from reports.digital_signature import signatures_in

            with app.read() as unit:
                verdict = check_file(unit, content, _claims(content))
            return verdict, signatures_in(content) if b"/ByteRange" in content else []

        app.tasks.run(work, lambda found: self.show_verdict(found[0], found[1], file.name), self._failed)

    def _failed(self, error: Exception) -> None:
        self.banner.hide()
        self.app.show_error(error)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file may be dropped anywhere on the page."""
        if _dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if (file := _dropped(event)) is not None:
            self.check_file(file)

    # --- answering ---

    def show_verdict(self, verdict: Verdict, signatures: list[Signature] | None = None, file: str = "") -> None:
        """Say in plain words what is known of the paper."""
        self.verdict = verdict
        self.hint.hide()
        words, tone = headline(verdict)
        self.banner.tell(words, tone)
        clear(self.answer.body)
        checked = [(_("File checked"), file)] if file else []
        facts = [*checked, *_facts(verdict), *(_signed(each) for each in signatures or [])]
        if verdict.closed:
            self.answer.body.addWidget(PlainLabel(closed_words(), wrap=True))
        if verdict.newer:
            self.answer.body.addWidget(Banner(verdict.newer, "warning"))
        if opening := self._opening(verdict):
            self.answer.body.addWidget(opening, 0, Qt.AlignmentFlag.AlignLeft)
        if facts:
            self.answer.body.addWidget(_grid(facts))
        self.answer.setVisible(bool(facts or verdict.closed or verdict.newer) and verdict.outcome != UNREADABLE)

    def _opening(self, verdict: Verdict) -> QWidget | None:
        kept, copy = verdict.kept, verdict.copy
        if kept is not None:
            return Button(_("Open the kept paper"), "file-check", "primary", lambda: self._show(kept.id))
        if copy is not None:
            return Button(_("Open the kept copy"), "file-check", "primary", lambda: self._show_copy(copy.id))
        return None

    def _show(self, paper_id: str) -> None:
        try:
            show_kept(self.app, paper_id)
        except Exception as error:
            self.app.show_error(error)

    def _show_copy(self, copy_id: str) -> None:
        from models.copies import PaperCopy

        papers.show_record_paper(self.app, PaperCopy, copy_id)


def _facts(verdict: Verdict) -> list[tuple[str, str]]:
    kept, copy = verdict.kept, verdict.copy
    found = [(_("Paper number"), verdict.number)] if verdict.number and verdict.outcome != UNREADABLE else []
    if kept is not None:
        period = period_words(kept.period) if kept.period != kept.known_on.isoformat() else ""
        found += [
            (_("Name of the paper"), kept.paper), (_("About whom or what"), verdict.about or _("The whole home")),
            (_("Period of the paper"), period),
            (_("As known on"), kept.known_on.isoformat()),
            (_("Kept for good"), _("{at} by {who}").format(at=f"{kept.kept_at:%Y-%m-%d %H:%M}", who=kept.kept_by)),
            (_("Pages"), str(kept.pages or "")), (_("Digitally signed by"), kept.signed_by),
            (_("SHA-256 of the file"), kept.file_hash),
        ]  # fmt: skip
    if copy is not None:
        found += [
            (_("About whom or what"), verdict.about), (_("Recipient"), copy.recipient),
            (_("Purpose and ground"), copy.purpose), (_("Made on"), copy.made_on),
        ]  # fmt: skip
    return [(label, value) for label, value in found if value]


def _signed(signature: Signature) -> tuple[str, str]:
    if not signature.intact:
        state = _("{holder}: the signature does not fit, what was signed has been changed")
    elif not signature.whole:
        state = _("{holder}: the signature fits, but something was added after it")
    else:
        state = _("{holder}: the signature fits, nothing was changed since")
    return _("Digital signature"), state.format(holder=signature.holder)


def _grid(facts: list[tuple[str, str]]) -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(space(4))
    grid.setVerticalSpacing(space(1))
    grid.setColumnStretch(1, 1)
    for line, (label, value) in enumerate(facts):
        grid.addWidget(PlainLabel(label, tone="muted"), line, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(PlainLabel(value, wrap=True, selectable=True), line, 1)
    return holder


def _content(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
    except OSError as error:
        raise Unusable(_("The file cannot be read: {file}").format(file=file)) from error
    if len(content) > _LARGEST:
        raise Unusable(_("The file is too large to be checked."))
    return content


def _claims(content: bytes) -> list[Claim]:
    """The codes that a document says of itself: in its description or in its text."""
    from ui.pdf_view import words_in

    return claims_in(words_in(content))


def _dropped(event: QDragEnterEvent | QDropEvent) -> Path | None:
    files = [each.toLocalFile() for each in event.mimeData().urls()]
    return Path(files[0]) if len(files) == 1 and files[0].lower().endswith(".pdf") else None
