"""The line of a sentence 预约语句输入: one line in which what is not understood is underlined while one types."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QSyntaxHighlighter, QTextCharFormat, QTextDocument
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from models.scheduling.sentence import Reading
from ui.theme import color, control_height, space


class _Underline(QSyntaxHighlighter):
    """Underlines what is unknown with waves, and what is unclear with dots."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.reading = Reading("")

    def highlightBlock(self, text: str) -> None:
        styles = {"unknown": "danger", "again": "danger", "unclear": "warning"}
        for piece in self.reading.pieces:
            if piece.kind in styles:
                shape = QTextCharFormat()
                waves, dots = QTextCharFormat.UnderlineStyle.WaveUnderline, QTextCharFormat.UnderlineStyle.DotLine
                shape.setUnderlineStyle(dots if piece.kind == "unclear" else waves)
                shape.setUnderlineColor(color(styles[piece.kind]))
                # Qt counts in UTF-16: a rare character is two.
                start = _utf16(self.reading.text[: piece.start])
                self.setFormat(start, _utf16(self.reading.text[piece.start : piece.end]), shape)


class SentenceEdit(QPlainTextEdit):
    """One line of plain text; Enter takes it, Esc gives up, Tab goes on."""

    changed = Signal()
    entered = Signal()
    given_up = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(2)
        # A little higher than a field: waves must fit below the words.
        self._tall = control_height() + space(2)
        self._underline = _Underline(self.document())
        self._last = ""
        self.textChanged.connect(self._told)

    def text(self) -> str:
        """Return what is typed."""
        return self.toPlainText().replace("\n", " ")

    def write(self, text: str) -> None:
        """Put another sentence there, the cursor at its end."""
        self.setPlainText(text)
        cursor = self.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self.setTextCursor(cursor)

    def mark(self, reading: Reading) -> None:
        """Underline what was not understood."""
        self._underline.reading = reading
        self._underline.rehighlight()

    def _told(self) -> None:
        """Tell of a change of the words; underlining them is none."""
        if self.text() != self._last:
            self._last = self.text()
            self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.given_up.emit()
        else:
            super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste as one line of plain text."""
        self.insertPlainText(" ".join(source.text().split()))

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._tall)


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
