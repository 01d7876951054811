"""Finder 查找 (Ctrl+K): children, pages and actions by 汉字, full pinyin, initials or number.

A child widget of the window and never a ``Qt.Popup``, in which Chinese cannot be typed. It acts on
committed text only and never touches what an input method is composing. Everything it shows is read as
the person who is signed in, so it knows no more than that person may.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from resources import N_, _, current_language
from ui.icons import paint_icon
from ui.pages import AREAS, PageEntry, pages
from ui.text import PlainLabel
from ui.theme import color, space, theme
from ui.widgets import KeyHint, Symbol, column, row, rule

if TYPE_CHECKING:
    from ui.app import App
    from ui.shell import Shell

MOST = 12
MOST_CHILDREN = 7
RECENT = 6
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Hit:
    """One line of the finder."""

    title: str
    detail: str
    kind: str
    icon: str
    tint: str
    act: Callable[[], Any]


class Finder(QWidget):
    """The finder's layer over the window: a panel above, a veil around it."""

    def __init__(self, app: App, shell: Shell) -> None:
        super().__init__(shell)
        self.app, self._shell = app, shell
        self._before: QWidget | None = None
        self.hits = Hits()
        self._build()
        shell.installEventFilter(self)
        self.hide()

    def _build(self) -> None:
        self.panel = QFrame(self)
        self.panel.setObjectName("finder")
        lines = column(self.panel, 1, 2)
        top = row(None, 2)
        top.setContentsMargins(space(2), 0, space(2), 0)
        top.addWidget(Symbol("search", "muted", 18))
        self.box = QLineEdit()
        self.box.setPlaceholderText(_("Name, pinyin, initials or number; a page; what you want to do"))
        self.box.setAccessibleName(_("Find"))
        self.box.textChanged.connect(self.search)
        self.box.installEventFilter(self)
        top.addWidget(self.box, 1)
        top.addWidget(KeyHint("Esc"))
        lines.addLayout(top)
        lines.addWidget(rule())
        self.list = QListView()
        self.list.setModel(self.hits)
        self.list.setItemDelegate(_HitDelegate(self.list))
        self.list.setAccessibleName(_("Results"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.clicked.connect(self._take)
        self.list.entered.connect(self.list.setCurrentIndex)
        lines.addWidget(self.list, 1)
        self.nothing = PlainLabel("", tone="muted")
        self.nothing.setContentsMargins(space(3), space(3), space(3), space(4))
        lines.addWidget(self.nothing)

    # --- opening and closing ---

    def open_now(self) -> None:
        """Show the finder, with the children of late and the pages."""
        threading.Thread(target=_learn_pinyin, args=(current_language(),), name="qinghe-pinyin", daemon=True).start()
        if not self.isVisible():
            self._before = self._shell.focusWidget()
        self.setGeometry(self._shell.rect())
        self.show()
        self.raise_()
        self.box.clear()
        self.search("")
        self.box.setFocus()

    def close_now(self) -> None:
        """Hide the finder and go back to where the person was."""
        if self.isVisible():
            self.hide()
            if self._before is None or self._before is self._shell:
                self._shell.focus_page()
            else:
                self._before.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._shell and event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self._shell.rect())
            self._place()
        if watched is self.box and isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress:
                return self._key(event)
            if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Escape:
                event.accept()  # it closes the finder, whatever the page behind it does with Esc
                return True
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.close_now()
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._move(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._take(self.list.currentIndex())
        else:
            return False
        return True

    def _move(self, step: int) -> None:
        number = self.hits.rowCount()
        if number:
            self.list.setCurrentIndex(self.hits.index((self.list.currentIndex().row() + step) % number))

    def _take(self, index: Index) -> None:
        if not index.isValid():
            return
        hit = self.hits.hits[index.row()]
        self.close_now()
        hit.act()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.close_now()

    def paintEvent(self, event: QPaintEvent) -> None:
        veil = color("shade")
        veil.setAlpha(70 if theme.name == "light" else 150)
        QPainter(self).fillRect(self.rect(), veil)

    def _place(self) -> None:
        number = self.hits.rowCount()
        width = min(theme.size(640), self.width() - space(6))
        height = theme.size(68) + (number * line_height() + space(2) if number else theme.size(52))
        top = min(theme.size(72), self.height() // 10)
        self.panel.setGeometry((self.width() - width) // 2, top, width, min(height, self.height() - top - space(5)))

    # --- finding ---

    def search(self, text: str) -> None:
        """Show what fits the text."""
        wanted = text.strip()
        found = self._all(wanted) if wanted else self._idle()
        self.hits.show(found)
        self.list.setVisible(bool(found))
        self.nothing.setVisible(not found)
        self.nothing.setText(_("Nothing found for “{text}”.").format(text=wanted))
        self.list.setCurrentIndex(self.hits.index(0))
        self._place()

    def _all(self, wanted: str) -> list[Hit]:
        children = [*self._children(wanted), *self._clients(wanted)]
        rest = [*self._pages(wanted), *self._actions(wanted)]
        hits = [*children, *rest][:MOST]
        return [*hits, *self._emergency(wanted)] if not children else hits

    def _idle(self) -> list[Hit]:
        from models.finding import children_by_id

        with self.app.read() as work:
            recent = children_by_id(work, self.app.settings.get("recent.children", [])[:RECENT])
        return [*[self._child(each, _("Recent")) for each in recent], *self._pages("")][:MOST]

    def _children(self, wanted: str) -> list[Hit]:
        from models.finding import find_children

        with self.app.read() as work:
            return [self._child(each, _("Child")) for each in find_children(work, wanted, MOST_CHILDREN)]

    def _clients(self, wanted: str) -> list[Hit]:
        """The outreach clients, for those who work with them."""
        from models.outreach_clients import find_clients

        with self.app.read() as work:
            found = find_clients(work, wanted)
        return [
            Hit(each.name, _(" · ").join((each.number, each.guardian)), _("Outreach client"), "hand-heart", "rehabilitation",
                partial(self.app.go, "outreach", child_id=each.id))
            for each in found
        ]  # fmt: skip

    def _child(self, child: Any, kind: str) -> Hit:
        from models.age import age_on
        from models.staff import SEX

        pieces = [
            child.number,
            SEX.label(child.sex),
            age_on(child.born_on, max(self.app.today(), child.born_on)).words(),
            child.unit,
        ]
        if child.left:
            pieces.append(_("has left"))
        detail = " · ".join(each for each in pieces if each)
        return Hit(child.name, detail, kind, "user-round", "child", lambda: self.app.open_child(child.id))

    def _pages(self, wanted: str) -> list[Hit]:
        known = [each for each in pages(self.app.actor) if each.menu or (wanted and each.key.startswith("records."))]
        meant = [entry for entry in known if fits(entry.label, wanted)]
        return [self._page(entry) for entry in sorted(meant, key=lambda entry: not begins(entry.label, wanted))]

    def _page(self, entry: PageEntry) -> Hit:
        area = AREAS[entry.area].title
        return Hit(entry.title, area, _("Page"), entry.icon, entry.area, lambda: self.app.go(entry.key))

    def _actions(self, wanted: str) -> list[Hit]:
        hits = [
            Hit(_(label), _(detail), _("Action"), icon, "accent", act)
            for label, detail, icon, act in self._window_actions()
            if fits(label, wanted)
        ]
        return [*self._new_records(wanted), *hits]

    def _new_records(self, wanted: str) -> list[Hit]:
        from models.core.record import record_types

        return [
            Hit(_("New: {what}").format(what=_(kind.title)), "", _("Action"), "plus", kind.area,
                lambda kind=kind: self.app.new_record(kind))  # type: ignore[misc]
            for kind in record_types()
            if kind.title and means_new(kind.title, wanted) and self.app.may_enter(kind)
        ]  # fmt: skip

    def _window_actions(self) -> list[tuple[str, str, str, Callable[[], Any]]]:
        shell = self._shell
        return [
            (N_("Lock"), "Ctrl+L", "lock", shell.lock.lock),
            (N_("Sign out"), "", "log-out", shell.sign_out),
            (N_("Change password"), "", "key-round", shell.change_password),
            (N_("Help and shortcuts"), "F1", "circle-question-mark", shell.help),
            (N_("Light"), N_("Appearance"), "sun", lambda: shell.look("light", None)),
            (N_("Dark"), N_("Appearance"), "moon", lambda: shell.look("dark", None)),
        ]

    def _emergency(self, wanted: str) -> list[Hit]:
        from models.need_to_know import may_break_glass

        if not may_break_glass(self.app.actor):
            return []
        return [
            Hit(_("Child not listed? Emergency access"), _("A file number and a reason; it is noted and reviewed."),
                _("Action"), "siren", "danger", lambda: self._break_glass(wanted))
        ]  # fmt: skip

    def _break_glass(self, wanted: str) -> None:
        from ui.glass import ask_emergency

        ask_emergency(self.app, wanted)


class Hits(QAbstractListModel):
    """The finder's lines."""

    def __init__(self) -> None:
        super().__init__()
        self.hits: list[Hit] = []

    def show(self, hits: list[Hit]) -> None:
        """Show these lines."""
        self.beginResetModel()
        self.hits = hits
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        hit = self.hits[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return hit.title
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.AccessibleDescriptionRole):
            return f"{hit.kind} {hit.title} {hit.detail}"
        return hit if role == Qt.ItemDataRole.UserRole else None


class _HitDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(theme.size(200), line_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit: Hit = index.data(Qt.ItemDataRole.UserRole)
        rect: QRect = option.rect  # type: ignore[attr-defined]  # the stubs leave out the option's fields
        state = option.state  # type: ignore[attr-defined]
        if state & QStyle.StateFlag.State_Selected:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color("selection"))
            painter.drawRoundedRect(rect, space(1) + 2, space(1) + 2)
        side = theme.size(18)
        mark = QRect(rect.left() + space(3), rect.center().y() - side // 2 + 1, side, side)
        paint_icon(painter, mark, hit.icon, hit.tint)
        self._texts(painter, rect.adjusted(space(3) + side + space(3), 0, -space(3), 0), hit)

    def _texts(self, painter: QPainter, room: QRect, hit: Hit) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font("caption"))
        painter.setPen(color("muted"))
        painter.drawText(room, int(Qt.AlignmentFlag.AlignRight | middle), hit.kind)
        room = room.adjusted(0, 0, -painter.fontMetrics().horizontalAdvance(hit.kind) - space(3), 0)
        painter.setFont(theme.font("body"))
        painter.setPen(color("text"))
        width = min(painter.fontMetrics().horizontalAdvance(hit.title) + space(3), room.width())
        title = painter.fontMetrics().elidedText(hit.title, Qt.TextElideMode.ElideRight, width)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | middle), title)
        room = room.adjusted(width, 0, 0, 0)
        painter.setFont(theme.font("caption"))
        painter.setPen(color("muted"))
        detail = painter.fontMetrics().elidedText(hit.detail, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | middle), detail)


def line_height() -> int:
    """Return the height of one line of the finder."""
    return theme.size(38)


def fits(label: str, wanted: str) -> bool:
    """Return whether a page or action of this name is meant: by its words in either language, or its pinyin."""
    from models.core.search import fold

    plain = fold(wanted)
    return (
        not plain
        or plain in fold(_(label))
        or plain in fold(label)
        or any(key.startswith(plain) for key in _pinyin(label))
        or len(plain) > 1
        and any(key.startswith(plain) for key in _pinyin_within(label))
    )


def means_new(title: str, wanted: str) -> bool:
    """Return whether a new record of this name is meant: ``incident``, ``new inci`` or 新建意外."""
    said = (f"New {title}", _("New: {what}").format(what=_(title)).replace("：", "").replace(":", ""))
    return fits(title, wanted) or any(fits(each, wanted) for each in said)


def begins(label: str, wanted: str) -> bool:
    """Return whether a name begins with what was typed; such names stand first."""
    from models.core.search import fold

    plain = fold(wanted)
    return (
        any(fold(words).startswith(plain) for words in (_(label), label))
        or fits(label, wanted)
        and any(key.startswith(plain) for key in _pinyin(label))
    )


_known: dict[str, list[list[str]]] = {}
"""Of each name the pinyin of the whole, then of what remains from its second character, its third …"""


def _pinyin(label: str) -> list[str]:
    return _known.get(_(label), [[]])[0]


def _pinyin_within(label: str) -> list[str]:
    return [key for keys in _known.get(_(label), [])[1:] for key in keys]


@cache
def _learn_pinyin(language: str) -> None:
    """Learn the pinyin of all pages and types beside the window: its dictionary takes half a second to load."""
    if language == "en":
        return
    from models.core.record import record_types
    from models.core.search import pinyin_keys

    labels = [entry.label for entry in pages()] + [kind.title for kind in record_types() if kind.title]
    for words in (_(label) for label in labels):
        if not words.isascii():
            _known[words] = [pinyin_keys(words[start:12]) for start in range(min(len(words), 12))]
