"""Attachment editor 附件编辑框: a photo, scan or PDF, chosen or dropped, shown small, kept encrypted in the home."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImageReader, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFileDialog, QSizePolicy, QWidget

from models.core.errors import Missing, Unusable
from models.core.fields import Field
from resources import _
from ui.editors.base import Editor
from ui.icons import paint_icon
from ui.text import PlainLabel
from ui.theme import color, space, theme
from ui.widgets import Button, IconButton, column, row

if TYPE_CHECKING:
    from ui.app import App


class Thumbnail(QWidget):
    """A stored picture, small and whole; an icon for what is no picture."""

    def __init__(self, side: int = 72, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: QPixmap | None = None
        self._icon = "image-plus"
        self.setFixedSize(theme.size(side), theme.size(side))
        self.setAccessibleName(_("Picture"))

    def show_bytes(self, content: bytes | None, icon: str = "image-plus") -> None:
        """Show a picture, or the icon when it is none."""
        self._icon = icon
        self._picture = picture_of(content, self.size() * self.devicePixelRatioF()) if content else None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(color("line"))
        painter.setBrush(color("sunken"))
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), space(1), space(1))
        if self._picture is None:
            mark = self.rect().adjusted(space(5), space(5), -space(5), -space(5))
            paint_icon(painter, mark, self._icon, "muted")
            return
        size = self._picture.size() / self._picture.devicePixelRatio()
        painter.drawPixmap((self.width() - size.width()) // 2, (self.height() - size.height()) // 2, self._picture)


def picture_of(content: bytes, room: QSize) -> QPixmap | None:
    """Return a picture fitted into ``room``, None when the bytes are no picture or an unreasonable one."""
    from PySide6.QtCore import QBuffer, QByteArray, QIODevice

    store = QByteArray(content)
    buffer = QBuffer(store)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.width() * size.height() > 50_000_000:
        return None
    reader.setScaledSize(size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    return None if image.isNull() else QPixmap.fromImage(image)


class AttachmentEdit(Editor):
    """One attached file: choose it or drop it here, look at it, take it away."""

    def __init__(self, app: App, meaning: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.app, self.meaning = app, meaning
        self._hash: str | None = None
        self.setAcceptDrops(True)
        self.thumbnail = Thumbnail(64)
        self.line.setSpacing(space(3))
        self.line.addWidget(self.thumbnail)
        self.words = PlainLabel("", "caption")
        self.choose = Button(_("Choose a file…"), "paperclip", on_click=self._ask)
        self.show_button = IconButton("eye", _("Look at it"), self._look)
        self.drop_button = IconButton("trash-2", _("Take it away"), lambda: self._take(None))
        side = column(None, 1)
        buttons = row(None, 1)
        for each in (self.choose, self.show_button, self.drop_button):
            buttons.addWidget(each)
        buttons.addStretch(1)
        side.addStretch(1)
        side.addLayout(buttons)
        side.addWidget(self.words)
        side.addStretch(1)
        self.line.addLayout(side, 1)
        self._inner = self.choose
        self.setFocusProxy(self.choose)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_value(None)

    def value(self) -> str | None:
        return self._hash

    def set_value(self, value: Any) -> None:
        self._hash = value or None
        content = stored(self.app, self._hash)
        kind = kind_of(content)
        self.thumbnail.show_bytes(
            content, {"pdf": "file-text", "": "file"}.get(kind, "image-plus") if content else "image-plus"
        )
        self.show_button.setVisible(content is not None)
        self.drop_button.setVisible(self._hash is not None)
        self.choose.setText(_("Choose another…") if self._hash else _("Choose a file…"))
        self.words.setText(self._said(content))

    def _said(self, content: bytes | None) -> str:
        if content:
            return _size_words(content)
        return _("The file is not here.") if self._hash else _("Photo, scan or PDF; it can also be dropped here.")

    def lock(self) -> None:
        """Only show what is attached."""
        self.setAcceptDrops(False)
        self.choose.hide()
        self.drop_button.hide()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.keep(Path(files[0]))

    def _ask(self) -> None:
        kinds = _("Photo, scan or PDF") + " (*.jpg *.jpeg *.png *.pdf)"
        name, _kind = QFileDialog.getOpenFileName(self, self.meaning.title, "", kinds)
        if name:
            self.keep(Path(name))

    def keep(self, file: Path) -> None:
        """Put a file into the home's store and name it here."""
        self.choose.setEnabled(False)
        self.words.setText(_("Keeping it safe…"))
        self.app.tasks.run(lambda progress, cancelled: store(self.app, file), self._take, self._refused)

    def _refused(self, error: Exception) -> None:
        self.choose.setEnabled(True)
        self.set_value(self._hash)
        self.app.show_error(error)

    def _take(self, kept: str | None) -> None:
        self.choose.setEnabled(True)
        self.set_value(kept)
        self.changed.emit()
        QTimer.singleShot(0, self, self.left.emit)

    def _look(self) -> None:
        content = stored(self.app, self._hash)
        if content and kind_of(content) == "pdf":
            self.app.preview(self.meaning.title, content, f"{self.meaning.title}.pdf")
        elif content:
            from ui.dialogs import show_picture

            show_picture(self, self.meaning.title, content)


def store(app: App, file: Path) -> str:
    """Keep a file in the home's encrypted store and return its name there."""
    from models.core import attachments

    if app.home is None:
        raise Unusable(_("No home's folder is open, so no file can be kept."))
    with app.work() as work:
        return attachments.store(app.home, work, file)


def stored(app: App, name: str | None) -> bytes | None:
    """Return a stored file, None when there is none or it is not here."""
    if not name or app.home is None:
        return None
    from models.core import attachments

    try:
        with app.read() as work:
            return attachments.read(app.home, work, name)
    except (Missing, Unusable):
        return None


def kind_of(content: bytes | None) -> str:
    """Return ``pdf``, ``picture`` or nothing."""
    if not content:
        return ""
    return "pdf" if content[:5] == b"%PDF-" else "picture" if picture_of(content, QSize(8, 8)) else ""


def _size_words(content: bytes) -> str:
    kilobytes = max(1, round(len(content) / 1024))
    return _("{n} KB").format(n=kilobytes) if kilobytes < 1024 else _("{n} MB").format(n=f"{kilobytes / 1024:.1f}")
