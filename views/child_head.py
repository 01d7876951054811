"""The head of the child's file 档案页首: photo, name, and what everyone must know, before anything else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from models.alerts import Alert
from models.child_file import Face
from resources import _
from ui.app import App
from ui.editors.attachment import picture_of, stored
from ui.text import ElidedLabel, PlainLabel
from ui.theme import color, space, theme
from ui.widgets import Chip, Flow, IconButton, Symbol, clear, column, initial_of, row

PHOTO = 68
LONGEST_ALERT = 560


class Photo(QWidget):
    """The child's photo with round corners; without one the last character of the name on a quiet ground."""

    def __init__(self, side: int = PHOTO, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._picture = "", QPixmap()
        self.setFixedSize(theme.size(side), theme.size(side))

    def show_child(self, app: App, name: str, digest: str | None) -> None:
        """Show one child's photo."""
        self._name = name
        self.setAccessibleName(_("Photo of {name}").format(name=name))
        content = stored(app, digest)
        whole = self.size() * 2
        self._picture = (
            picture_of(content, QSize(whole.width() * 2, whole.height() * 2)) if content else None
        ) or QPixmap()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), space(2), space(2))
        painter.fillPath(path, color("child_soft"))
        if self._picture.isNull():
            self._paint_initial(painter)
        else:
            painter.setClipPath(path)
            self._paint_picture(painter)
        if theme.name == "contrast":
            painter.setPen(color("child"))
            painter.drawPath(path)

    def _paint_initial(self, painter: QPainter) -> None:
        font = theme.font("strong")
        font.setPixelSize(round(self.height() * 0.44))
        painter.setFont(font)
        painter.setPen(color("child"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, initial_of(self._name))

    def _paint_picture(self, painter: QPainter) -> None:
        scaled = self._picture.scaled(
            self.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
        )
        painter.drawPixmap((self.width() - scaled.width()) // 2, (self.height() - scaled.height()) // 3, scaled)


class AlertPill(QWidget):
    """One thing everyone must know, with icon and words on its tone; never cut short."""

    def __init__(self, alert: Alert, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = alert.level
        self.setAccessibleName(alert.text)
        line = row(self, 1)
        line.setContentsMargins(space(2), space(1) - 1, space(2), space(1) - 1)
        grave = alert.level == "danger"
        line.addWidget(Symbol(alert.icon, alert.level, 15), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(_fitted(alert.text, "strong" if grave else "body", alert.level))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color(self._tone) if self._tone == "danger" or theme.name == "contrast" else Qt.PenStyle.NoPen)
        painter.setBrush(color(f"{self._tone}_soft"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), space(1), space(1))


def _fitted(text: str, role: str, tone: str) -> PlainLabel:
    """Return a label as wide as its text up to a limit, and as high as it then needs."""
    label = PlainLabel(text, role, tone=tone, wrap=True)
    metrics = QFontMetrics(theme.font(role))
    width = min(metrics.horizontalAdvance(text) + 2, theme.size(LONGEST_ALERT))
    box = metrics.boundingRect(0, 0, width, 10_000, Qt.TextFlag.TextWordWrap | Qt.TextFlag.TextWrapAnywhere, text)
    label.setFixedSize(width, max(box.height(), metrics.height()))
    return label


class FileHead(QWidget):
    """Photo, name, marks and alerts of one child; at the right what can be done with the file."""

    def __init__(self, app: App, tools: Sequence[QWidget], go: Callable[[str], Any]) -> None:
        super().__init__()
        self.app = app
        self.photo = Photo()
        self.name = PlainLabel("", "title", selectable=True)
        self.known = ElidedLabel("", tone="muted")
        self.marks = QWidget()
        self._marks = Flow(self.marks, 1)
        self.alerts = QWidget()
        self._flow = Flow(self.alerts, 1)
        self._face: Face | None = None
        self.before = IconButton(
            "chevron-left", _("Child in the bed before"), lambda: go(self._neighbour("before")), keys="Alt+PgUp"
        )
        self.after = IconButton(
            "chevron-right", _("Child in the next bed"), lambda: go(self._neighbour("after")), keys="Alt+PgDown"
        )
        self._lay_out(tools)

    def _lay_out(self, tools: Sequence[QWidget]) -> None:
        whole = row(self, 3)
        whole.setContentsMargins(space(5), space(3), space(4), space(3))
        whole.addWidget(self.photo, 0, Qt.AlignmentFlag.AlignTop)
        lines = column(None, 1)
        first = row(None, 2)
        first.addWidget(self.name, 0)
        first.addWidget(self.marks, 1, Qt.AlignmentFlag.AlignVCenter)
        for each in (self.before, self.after, *tools):
            first.addWidget(each)
        lines.addLayout(first)
        lines.addWidget(self.known)
        lines.addWidget(self.alerts)
        lines.addStretch(1)
        whole.addLayout(lines, 1)

    def show_face(self, face: Face) -> None:
        """Show one child."""
        self._face = face
        self.photo.show_child(self.app, face.name, face.photo)
        self.name.setText(face.name)
        self.name.setMinimumWidth(
            min(QFontMetrics(theme.font("title")).horizontalAdvance(face.name) + 4, theme.size(320))
        )
        self.known.setText(" · ".join(face.known_as))
        clear(self._marks)
        for words, tone in face.marks:
            self._marks.addWidget(Chip(words, tone))
        clear(self._flow)
        for alert in face.alerts:
            self._flow.addWidget(AlertPill(alert))
        self.alerts.setVisible(bool(face.alerts))
        self.before.setEnabled(bool(face.before))
        self.after.setEnabled(bool(face.after))

    def _neighbour(self, which: str) -> str:
        return getattr(self._face, which) if self._face else ""
