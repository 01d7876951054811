"""Printers 打印机: chosen once for many papers, then each is sent as the very pages that are kept and shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QDialog, QWidget

from models.core.errors import Unusable
from models.paper_jobs import PrinterChoice
from resources import _
from ui.pdf_view import Document
from ui.printing import print_pages


def choose_printer(parent: QWidget | None, before: PrinterChoice | None = None) -> PrinterChoice | None:
    """Ask which printer, how many copies and whether on both sides; None when the person thought better of it.

    Raises:
        Unusable: when this system cannot print.
    """
    printing = _printing()
    printer = _made(printing, before) if before else printing.QPrinter(printing.QPrinter.PrinterMode.HighResolution)
    dialog = printing.QPrintDialog(printer, parent)
    dialog.setOption(printing.QAbstractPrintDialog.PrintDialogOption.PrintPageRange, False)
    agreed = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    if not agreed:
        return None
    duplex = printer.duplex() != printing.QPrinter.DuplexMode.DuplexNone
    file = printer.outputFileName()
    return PrinterChoice(printer.printerName(), printer.copyCount(), duplex, str(Path(file).parent) if file else "")


def usual_printer() -> PrinterChoice | None:
    """Return the system's printer, or None when there is none."""
    from PySide6.QtPrintSupport import QPrinterInfo

    found = QPrinterInfo.defaultPrinter()
    return None if found.isNull() else PrinterChoice(found.printerName())


def send(pdf: bytes, choice: PrinterChoice, title: str) -> None:
    """Print the pages of a document on the chosen printer; may be called beside the window.

    Raises:
        Unusable: when the printer does not take them.
    """
    printing = _printing()
    printer = _made(printing, choice)
    printer.setDocName(title)
    if choice.file:
        printer.setOutputFormat(printing.QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(_free(Path(choice.file), title))
    elif not printer.isValid():
        raise Unusable(_("This printer is not there any more: {name}").format(name=choice.name))
    document = Document(pdf)
    try:
        print_pages(document, printer)
    finally:
        document.close()


def _printing() -> Any:
    try:
        from PySide6 import QtPrintSupport
    except ImportError as error:  # some systems lack the printing library of Qt
        raise Unusable(_("This system cannot print. Save the papers into a folder instead.")) from error
    return QtPrintSupport


def _made(printing: Any, choice: PrinterChoice) -> Any:
    printer = printing.QPrinter(printing.QPrinter.PrinterMode.HighResolution)
    if choice.name:
        printer.setPrinterName(choice.name)
    modes = printing.QPrinter.DuplexMode
    printer.setDuplex(modes.DuplexLongSide if choice.duplex else modes.DuplexNone)
    printer.setCopyCount(choice.copies)
    printer.setFullPage(True)
    return printer


def _free(folder: Path, title: str) -> str:
    """Return the name of a file that is not there yet, where a PDF file takes the place of the printer."""
    count = 0
    while (file := folder / f"{title}{f' ({count})' if count else ''}.pdf").exists():
        count += 1
    return str(file)
