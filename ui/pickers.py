"""Pickers 选取框: one of many — a child, a colleague, a place — found by typing, without a popup in the way of Chinese input."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from models.core import titles
from models.core.record import Record, record_type
from models.core.search import fold
from models.core.titles import Choice
from resources import _
from ui.editors.base import Editor, Line
from ui.editors.choices import Choice as CodeChoice
from ui.editors.choices import finds
from ui.icons import icon
from ui.overlay import Overlay
from ui.text import PlainLabel
from ui.theme import color, row_height, space, theme

if TYPE_CHECKING:
    from ui.app import App

Index = QModelIndex | QPersistentModelIndex
Source = Callable[[str], Sequence[Choice]]


class Choices(QAbstractListModel):
    """The found choices, as finished text."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.found: list[Choice] = []

    def show(self, found: Sequence[Choice]) -> None:
        """Show other choices."""
        self.beginResetModel()
        self.found = list(found)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.found)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        choice = self.found[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return choice.title
        if role == Qt.ItemDataRole.UserRole:
            return choice.hint
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{choice.title} {choice.hint}".strip()
        return None


class _TwoTexts(QStyledItemDelegate):
    """A line with the title at the left and the quiet hint at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        title, hint = index.data() or "", index.data(Qt.ItemDataRole.UserRole) or ""
        width = option.fontMetrics.horizontalAdvance(title + hint) + space(6)  # type: ignore[attr-defined]
        return QSize(min(width, theme.size(460)), row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect  # type: ignore[attr-defined]
        state = option.state  # type: ignore[attr-defined]
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("selection" if chosen else "sunken"))
            painter.drawRoundedRect(rect, space(1), space(1))
        inner = rect.adjusted(space(2), 0, -space(2), 0)
        title, hint = index.data() or "", index.data(Qt.ItemDataRole.UserRole) or ""
        painter.setFont(theme.font("body"))
        painter.setPen(color("text"))
        middle = Qt.AlignmentFlag.AlignVCenter
        metrics = painter.fontMetrics()
        used = min(metrics.horizontalAdvance(title), inner.width())
        painter.drawText(
            inner,
            middle | Qt.AlignmentFlag.AlignLeft,
            metrics.elidedText(title, Qt.TextElideMode.ElideRight, inner.width()),
        )
        painter.setFont(theme.font("caption"))
        painter.setPen(color("muted"))
        room = inner.adjusted(used + space(3), 0, 0, 0)
        shown = painter.fontMetrics().elidedText(hint, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, shown)
        painter.restore()


class ResultPanel(Overlay):
    """The list of what was found, below the line in which it is typed; the focus stays in the line."""

    picked = Signal(object)

    def __init__(self, anchor: QWidget) -> None:
        super().__init__(anchor)
        self.model = Choices(self)
        self.list = QListView()
        self.list.setProperty("bare", True)
        self.list.setModel(self.model)
        self.list.setItemDelegate(_TwoTexts(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(_("Found"))
        self.list.clicked.connect(lambda index: self.take(index.row()))
        self.nothing = PlainLabel(_("Nothing found"), tone="muted")
        self.nothing.setContentsMargins(space(2), space(1), space(2), space(1))
        self.body.addWidget(self.list)
        self.body.addWidget(self.nothing)

    def offer(self, found: Sequence[Choice]) -> None:
        """Show what was found, the first ready to be taken."""
        self.model.show(found)
        self.list.setVisible(bool(found))
        self.nothing.setVisible(not found)
        if found:
            self.list.setCurrentIndex(self.model.index(0, 0))
        if self.isHidden():
            self.open()
        else:
            self.place()

    def wanted(self) -> QSize:
        count = len(self.model.found)
        width = max(self.anchor.width(), self.list.sizeHintForColumn(0) + space(4) if count else 0)
        height = row_height() * min(count, 9) if count else self.nothing.sizeHint().height()
        return QSize(width, height + 2 * space(1) + 4)

    def move_by(self, step: int) -> None:
        """Go up or down in the list."""
        count = len(self.model.found)
        if count:
            row = max(0, min(count - 1, self.list.currentIndex().row() + step))
            self.list.setCurrentIndex(self.model.index(row, 0))

    def take(self, row: int = -1) -> bool:
        """Pick a line, the current one without a number; return whether there was one."""
        row = self.list.currentIndex().row() if row < 0 else row
        if not 0 <= row < len(self.model.found):
            return False
        choice = self.model.found[row]
        self.close_panel()
        self.picked.emit(choice)
        return True


class Picker(Editor):
    """One of what ``source`` finds: type, go down, Enter; Esc puts back what was there."""

    def __init__(
        self, source: Source, title_of: Callable[[Any], str], hint: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._source, self._title_of = source, title_of
        self._id: Any = None
        self._title = ""
        self.edit = Line(self)
        self.edit.setPlaceholderText(hint or _("Type to search"))
        self.edit.setAccessibleName(hint or _("Type to search"))  # a form gives it the field's own name
        self.edit.on_key = self._key
        self.use(self.edit)
        self._panel: ResultPanel | None = None
        self._timer = QTimer(self, singleShot=True, interval=120)
        self._timer.timeout.connect(self.search)
        self.edit.textEdited.connect(self._edited)
        self._clear = self.edit.addAction(icon("x", "muted"), Line.ActionPosition.TrailingPosition)
        self._clear.setText(_("Clear"))
        self._clear.triggered.connect(self._emptied)
        arrow = self.edit.addAction(icon("chevron-down", "muted"), Line.ActionPosition.TrailingPosition)
        arrow.setText(_("Show choices"))
        arrow.triggered.connect(self.open)
        self._clear.setVisible(False)

    def value(self) -> Any:
        return self._id if self.edit.text() == self._title else None

    def set_value(self, value: Any) -> None:
        self._show(value, self._title_of(value) if value else "")

    def _show(self, value: Any, title: str) -> None:
        self._id, self._title = value or None, title
        self.edit.setText(title)
        self.edit.setCursorPosition(0)
        self._clear.setVisible(bool(self._id))

    def problem(self) -> str:
        if self.edit.text().strip() and self.edit.text() != self._title:
            return _("“{word}” was not found; please choose from the list.").format(word=self.edit.text().strip())
        return ""

    def panel(self) -> ResultPanel:
        """Return the list over the window."""
        if self._panel is None:
            self._panel = ResultPanel(self.edit)
            self._panel.picked.connect(self._picked)
        return self._panel

    def open(self) -> None:
        """Show all choices."""
        self.edit.setFocus()
        self.panel().offer(self._source(""))

    def search(self) -> None:
        """Show what the typed text finds."""
        self.panel().offer(self._source(self.edit.text()))

    def _edited(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self._timer.start()

    def _picked(self, choice: Choice) -> None:
        self._timer.stop()
        self._show(choice.id, choice.title)
        self.edit.setFocus()
        self.changed.emit()

    def _emptied(self) -> None:
        self._show(None, "")
        self.edit.setFocus()
        self.changed.emit()

    def _key(self, event: QKeyEvent) -> bool:
        key, shown = event.key(), self._panel is not None and self._panel.isVisible()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            if not shown:
                self.open()
            else:
                steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
                self.panel().move_by(steps[Qt.Key(key)])
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and (shown or self._timer.isActive()):
            if self._timer.isActive():
                self._timer.stop()
                self.search()
            return self.panel().take()
        if key == Qt.Key.Key_Escape and shown:
            self.panel().close_panel()
            self._show(self._id, self._title)
            return True
        return False

    def settle(self) -> None:
        """Take what can only be meant: the one record found by what was typed."""
        self._timer.stop()
        text = self.edit.text().strip()
        if not text and self._id:
            self._show(None, "")
            self.changed.emit()
        elif self.problem():
            found = self._source(text)
            exact = [each for each in found if fold(each.title) == fold(text)] or found
            if len(exact) == 1:
                self._show(exact[0].id, exact[0].title)
                self.changed.emit()


class ReferencePicker(Picker):
    """A record of another type, found by its name, number or pinyin among those the person may see."""

    def __init__(self, app: App, kind: type[Record], parent: QWidget | None = None) -> None:
        self.app, self.kind = app, kind
        hint = _("Search {what}").format(what=_(kind.title).lower() if _(kind.title).isascii() else _(kind.title))
        super().__init__(self._find, self._called, hint, parent)

    def _find(self, search: str) -> list[Choice]:
        with self.app.read() as work:
            return titles.choices(work, self.kind, search)

    def _called(self, record_id: str) -> str:
        with self.app.read() as work:
            return titles.titles(work, self.kind, [record_id]).get(record_id, _("not visible for you"))


class ChildPicker(ReferencePicker):
    """A child, found by 汉字, pinyin, initials or file number."""

    def __init__(self, app: App, parent: QWidget | None = None) -> None:
        super().__init__(app, record_type("Child"), parent)


class LongCodePicker(Picker):
    """One entry of a list too long to look through: 民族, 行政区划, scales."""

    def __init__(self, choices: Sequence[CodeChoice], parent: QWidget | None = None) -> None:
        self._choices = list(choices)
        self._words = {code: words for code, words, _also in self._choices}
        super().__init__(self._find, lambda code: self._words.get(code, _("unknown entry")), "", parent)

    def _find(self, search: str) -> list[Choice]:
        if not search.strip():
            return [Choice(code, words, "") for code, words, _also in self._choices[:200]]
        ranked = [(finds(each, search), index) for index, each in enumerate(self._choices)]
        best = sorted((-rank, index) for rank, index in ranked if rank)[:60]
        return [Choice(self._choices[index][0], self._choices[index][1], "") for _rank, index in best]
