"""Papers on the screen: the bytes shown are the bytes saved and printed."""

from __future__ import annotations

import hashlib
import io

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from ui.pdf_view import FIT, Document
from ui.printing import PreviewDialog, safe_name


def paper(pages: int = 3) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(595, 842))
    for number in range(pages):
        canvas.drawString(72, 770, f"page {number + 1}")
        canvas.rect(72, 300, 200, 200, fill=1)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


@pytest.fixture
def dialog(qtbot, app):
    made = PreviewDialog(app, "Monthly record", paper(), "2026-10.pdf")
    qtbot.addWidget(made)
    made.resize(800, 600)
    made.show()
    return made


def test_the_bytes_saved_are_the_bytes_shown(dialog, tmp_path):
    dialog.save_to(tmp_path / "saved.pdf")
    saved = (tmp_path / "saved.pdf").read_bytes()
    assert hashlib.sha256(saved).digest() == hashlib.sha256(dialog.document.content).digest()


def test_printing_prints_every_page_of_these_bytes(dialog, tmp_path):
    from PySide6.QtPrintSupport import QPrinter

    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setFullPage(True)
    dialog.print_on(printer)
    printed = Document((tmp_path / "printed.pdf").read_bytes())
    assert len(printed) == 3
    assert [round(each) for each in printed.sizes[0]] == [595, 842]
    ink = printed.image(0, 72)
    assert ink.pixelColor(150, 842 - 400).lightness() < 60 and ink.pixelColor(400, 600).lightness() > 200
    printed.close()


def test_pages_are_drawn_when_they_come_into_sight(qtbot, dialog):
    view = dialog.view
    view.viewport().repaint()
    qtbot.waitUntil(lambda: any(key[0] == 0 for key in view._images))
    assert not any(key[0] == 2 for key in view._images)
    view.go(2)
    view.viewport().repaint()
    qtbot.waitUntil(lambda: any(key[0] == 2 for key in view._images))
    assert view.page() == 2 and "Page 3 of 3" in dialog.place.text()


def test_zoom_keeps_the_page_and_fits_the_width_again(dialog):
    view = dialog.view
    view.go(1)
    view.set_zoom(2.0)
    assert view.page() == 1 and view.scale() > 2
    view.zoom_by(-1)
    assert view.zoom == 1.5
    view.set_zoom(FIT)
    widest = max(place.right() for place in view._places)
    assert widest <= view.viewport().width()
    dialog.resize(1000, 600)
    assert f"{round(view.scale() * 72 / dialog.logicalDpiX() * 100)} %" in dialog.place.text(), "as it is shown now"


def test_keys_leaf_through(dialog):
    QTest.keyClick(dialog.view, Qt.Key.Key_End)
    assert dialog.view.page() == 2
    QTest.keyClick(dialog.view, Qt.Key.Key_Home)
    assert dialog.view.page() == 0


def test_a_paper_is_made_beside_the_window_with_progress(qtbot, app):
    told = []

    def make(progress, cancelled):
        progress(0.5, "half of it")
        told.append("made")
        return paper(1)

    dialog = PreviewDialog(app, "Monthly record", make, "x.pdf")
    qtbot.addWidget(dialog)
    assert told == ["made"] and len(dialog.document) == 1
    assert dialog.print_button.isEnabled()


def test_a_paper_that_fails_closes_its_window_and_says_why(qtbot, app, monkeypatch):
    shown = []
    monkeypatch.setattr(type(app), "show_error", lambda self, error: shown.append(error))

    def make():
        raise ValueError("no data")

    dialog = PreviewDialog(app, "Monthly record", make, "x.pdf")
    qtbot.addWidget(dialog)
    assert isinstance(shown[0], ValueError) and dialog.document is None


def test_a_place_that_cannot_be_written_is_explained(dialog, app, tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(type(app), "show_error", lambda self, error: shown.append(str(error)))
    (tmp_path / "folder.pdf").mkdir()
    dialog.save_to(tmp_path / "folder.pdf")
    assert "folder.pdf" in shown[0]


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("曾小乐 2026/10.pdf", "曾小乐 2026_10.pdf"),
        ("..\\..\\x.pdf", "_.._x.pdf"),
        ("", "paper.pdf"),
        ("a\x00b", "a_b"),
    ],
)
def test_a_name_is_made_safe_for_every_file_system(name, safe):
    assert safe_name(name) == safe


def test_characters_that_cannot_be_printed_are_named_above_the_pages(qtbot, app):
    from datetime import datetime

    from models.papers import PaperHead
    from reports.page import Paper, render

    head = PaperHead("院", "表", datetime(2026, 11, 2), "林", subject="王\U0002ebf0明", file_number="王\U0002ebf0明")
    for pdf, told in (
        (render([Paper(head, ())]), True),
        (render([Paper(head.but(subject="", file_number=""), ())]), False),
    ):
        dialog = PreviewDialog(app, "x", pdf, "x.pdf")
        qtbot.addWidget(dialog)
        assert dialog.gaps.isVisibleTo(dialog) is told
        assert ("U+2EBF0" in dialog.gaps.label.text()) is told
