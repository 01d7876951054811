"""Printing 打印: the very bytes that are shown are printed and saved.

app.preview(_("Monthly record"), pdf_bytes, "2026-10.pdf")
app.preview(_("Monthly record"), lambda progress, cancelled: make(progress), "2026-10.pdf")   # made beside the window
"""

from __future__ import annotations

import inspect
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, QSizeF, Qt
from PySide6.QtGui import QKeySequence, QPageLayout, QPageSize, QPainter, QShortcut
from PySide6.QtWidgets import QDialog, QFileDialog, QProgressBar, QStackedWidget, QWidget

from models.core.errors import Unusable
from models.core.files import write_whole
from resources import _
from ui.pdf_view import FIT, Document, PdfView
from ui.text import PlainLabel
from ui.theme import space, theme
from ui.widgets import Banner, Button, IconButton, Skeleton, column, row, rule

if TYPE_CHECKING:
    from ui.app import App
    from ui.tasks import Task

Pdf = bytes | Callable[..., bytes]
PRINT_DOTS = 300


class Shown(ABC):
    """A maker of a paper whose preview has more to say or to offer than the pages."""

    @abstractmethod
    def __call__(self, progress: Any = None, cancelled: Any = None) -> bytes:
        """Return the document."""

    @abstractmethod
    def dialog(self, title: str, filename: str) -> PreviewDialog:
        """Return the dialog that shows it."""


def preview(app: App, title: str, pdf: Pdf, filename: str) -> None:
    """Show a paper before it is printed or saved; a maker that is a :class:`Shown` brings the dialog of its room."""
    dialog = pdf.dialog(title, filename) if isinstance(pdf, Shown) else PreviewDialog(app, title, pdf, filename)
    dialog.exec()
    dialog.deleteLater()


class PreviewDialog(QDialog):
    """The pages, and the two things that may become of them."""

    def __init__(self, app: App, title: str, pdf: Pdf, filename: str, parent: QWidget | None = None) -> None:
        super().__init__(parent or app.window_now())
        self.app, self.title, self.filename = app, title, safe_name(filename)
        self.document: Document | None = None
        self._task: Task | None = None
        self.setObjectName("record_dialog")
        self.setWindowTitle(title)
        self.setModal(True)
        self._lay_out()
        room = self.screen().availableGeometry()
        self.resize(min(theme.size(940), room.width() - 40), min(theme.size(900), room.height() - 60))
        if isinstance(pdf, bytes):
            self.show_pdf(pdf)
        else:
            self._make(pdf)

    # --- building ---

    def _lay_out(self) -> None:
        whole = column(self, 0)
        self.bar = row(None, 1)
        self.bar.setContentsMargins(space(4), space(3), space(4), space(3))
        whole.addLayout(self.bar)
        whole.addWidget(rule())
        self.stack = QStackedWidget()
        whole.addWidget(self.stack, 1)
        self.gaps = Banner("", "warning")
        self.gaps.hide()
        whole.insertWidget(2, self.gaps)
        self.view = PdfView()
        self.stack.addWidget(self._waiting())
        self.stack.addWidget(self.view)
        self._fill_bar()
        self.view.moved.connect(lambda _page: self._tell_place())
        self.view.zoomed.connect(self._tell_place)
        QShortcut(QKeySequence("Ctrl+S"), self, self.save)
        QShortcut(QKeySequence("Ctrl+P"), self, self.print)

    def _fill_bar(self) -> None:
        self.place = PlainLabel("", "caption")
        self.tools: list[QWidget] = [
            IconButton("zoom-out", _("Smaller"), lambda: self.view.zoom_by(-1)),
            IconButton("zoom-in", _("Larger"), lambda: self.view.zoom_by(1)),
            Button(_("Fit the width"), "stretch-horizontal", "quiet", lambda: self.view.set_zoom(FIT)),
        ]
        self.save_button = Button(_("Save…"), "download", on_click=self.save, tip="Ctrl+S")
        self.print_button = Button(_("Print…"), "printer", "primary", self.print, tip="Ctrl+P")
        for each in self.tools:
            self.bar.addWidget(each)
        self.bar.addWidget(self.place)
        self.bar.addStretch(1)
        self.bar.addWidget(self.save_button)
        self.bar.addWidget(self.print_button)
        self._enable(False)

    def _waiting(self) -> QWidget:
        holder = QWidget()
        lines = column(holder, 3, 6)
        self.progress_text = PlainLabel(_("The paper is being made…"), tone="muted")
        self.progress = QProgressBar()
        self.progress.setRange(0, 0)
        self.progress.setAccessibleName(_("Progress"))
        lines.addWidget(self.progress_text)
        lines.addWidget(self.progress)
        lines.addSpacing(space(3))
        lines.addWidget(Skeleton(8))
        lines.addStretch(1)
        lines.addWidget(Button(_("Cancel"), on_click=self.reject), 0, Qt.AlignmentFlag.AlignLeft)
        return holder

    def _enable(self, on: bool) -> None:
        for each in (*self.tools, self.save_button, self.print_button):
            each.setEnabled(on)

    # --- making ---

    def _make(self, maker: Callable[..., bytes]) -> None:
        def work(progress: Any, cancelled: Any) -> bytes:
            return maker(progress, cancelled) if len(inspect.signature(maker).parameters) >= 2 else maker()

        self._task = self.app.tasks.run(work, self.show_pdf, self._failed, self._progress)

    def _progress(self, share: float, text: str = "") -> None:
        self.progress.setRange(0, 1000)
        self.progress.setValue(round(share * 1000))
        if text:
            self.progress_text.setText(text)

    def _failed(self, error: Exception) -> None:
        self.reject()
        self.app.show_error(error)

    def show_pdf(self, content: bytes) -> None:
        """Show a finished document."""
        self.document = Document(content)
        self.view.show_document(self.document)
        self.stack.setCurrentWidget(self.view)
        self._enable(True)
        self._tell_place()
        self._tell_gaps()
        self.view.setFocus()

    def _tell_gaps(self) -> None:
        """Say before anything is printed which characters the home's faces lack."""
        assert self.document is not None
        missing = self.document.missing()
        if not missing:
            return
        named = _("; ").join(_in_words(each) for each in missing[:_NAMED])
        said = _(
            "Characters that none of the home's typefaces has are printed as 〓 with their code: {named}. "
            "Write them in by hand, or use another form of the character."
        )
        more = " …" if len(missing) > _NAMED else ""
        self.gaps.tell(said.format(named=named + more), "warning")

    def _tell_place(self) -> None:
        if self.document is None:
            return
        percent = round(self.view.scale() * 72 / self.logicalDpiX() * 100)
        self.place.setText(
            _("Page {n} of {m} · {percent} %").format(n=self.view.page() + 1, m=len(self.document), percent=percent)
        )

    # --- what becomes of it ---

    def save(self) -> None:
        """Save the shown bytes as a file."""
        if self.document is None:
            return
        name, _kind = QFileDialog.getSaveFileName(self, _("Save"), self.filename, "PDF (*.pdf)")
        if name:
            self.save_to(Path(name if name.lower().endswith(".pdf") else name + ".pdf"))

    def save_to(self, file: Path) -> None:
        """Write the shown bytes, whole or not at all."""
        if self.document is None:
            return
        try:
            write_whole(file, self.document.content)
        except OSError as error:
            self.app.show_error(_unwritable(file, error))
            return
        self.app.notify(_("Saved: {name}").format(name=file.name))

    def print(self) -> None:
        """Print the shown bytes."""
        if self.document is None:
            return
        try:
            from PySide6.QtPrintSupport import QPrintDialog, QPrinter
        except ImportError:
            # Some systems lack the printing library of Qt; the file can still be printed from any viewer.
            self.save()
            return
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(Path(self.filename).stem)
        printer.setFullPage(True)
        dialog = QPrintDialog(printer, self)
        dialog.setMinMax(1, len(self.document))
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.print_on(printer)

    def print_on(self, printer: Any) -> None:
        """Print the document on a printer that was chosen."""
        assert self.document is not None
        try:
            print_pages(self.document, printer)
        except Unusable as refusal:
            self.app.show_error(refusal)
            return
        self.app.notify(_("Sent to the printer."))

    def done(self, result: int) -> None:
        if self._task is not None:
            self._task.cancel()
        if self.document is not None:
            self.view.document = None
            self.document.close()
        super().done(result)


def print_pages(document: Document, printer: Any) -> None:
    """Print the pages of a document, or those that were chosen, just as they are shown.

    Raises:
        Unusable: when the printer does not take them.
    """
    first, last = printer.fromPage() or 1, printer.toPage() or len(document)
    painter = QPainter()
    for count, page in enumerate(range(first - 1, last)):
        _fit_paper(printer, document.sizes[page])
        if (count == 0 and not painter.begin(printer)) or (count and not printer.newPage()):
            raise Unusable(_("The printer does not answer."))
        whole = QRect(0, 0, printer.width(), printer.height())
        painter.drawImage(whole, document.image(page, min(PRINT_DOTS, printer.resolution())))
    if not painter.end():
        raise Unusable(_("The printer does not answer."))


_NAMED = 5


def _in_words(missing: str) -> str:
    """Say a missing character as its code and the words it stands in."""
    code, _gap, words = missing.partition(" ")
    return _("{code} in “{words}”").format(code=code, words=words)


def _fit_paper(printer: Any, size: tuple[float, float]) -> None:
    """Print every page upright or across as it is."""
    width, height = size
    across = width > height
    printer.setPageSize(QPageSize(QSizeF(min(width, height), max(width, height)), QPageSize.Unit.Point))
    printer.setPageOrientation(QPageLayout.Orientation.Landscape if across else QPageLayout.Orientation.Portrait)


def _unwritable(file: Path, error: OSError) -> Unusable:
    refusal = Unusable(
        _("The file could not be written: {file}. Close it if it is open elsewhere, or choose another place.").format(
            file=file
        )
    )
    refusal.__cause__ = error
    return refusal


def safe_name(name: str) -> str:
    """Return a file name without what a file system refuses."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', "_", name).strip(" .")[:120] or "paper.pdf"
