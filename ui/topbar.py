"""The top of the window: the home, the way to find anything, and the person who is signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QSizePolicy

from resources import _, current_language
from resources.language import LANGUAGES
from ui.text import ElidedLabel, PlainLabel, set_tip
from ui.theme import TEXT_SIZES, THEMES, space, theme
from ui.widgets import Avatar, Button, IconButton, KeyHint, Menu, MenuButton, Symbol, row

if TYPE_CHECKING:
    from ui.app import Doing


@dataclass(frozen=True)
class Wishes:
    """What the top bar can ask of the shell."""

    turn: Callable[[], Any]
    find: Callable[[], Any]
    speak: Callable[[str], Any]
    look: Callable[[str | None, int | None], Any]
    lock: Callable[[], Any]
    password: Callable[[], Any]
    help: Callable[[], Any]
    sign_out: Callable[[], Any]
    go: Callable[[str], Any]


class DemoBand(QFrame):
    """The unmistakable mark of an invented home."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("demo_band")
        line = row(self, 2)
        line.setContentsMargins(space(3), space(0) + 2, space(3), 2)
        line.addStretch(1)
        line.addWidget(Symbol("sparkles", "demo", 14))
        line.addWidget(PlainLabel(_("Demonstration data · everything here is invented"), "caption"))
        line.addStretch(1)


class TopBar(QFrame):
    """Home, finder and person, in one line."""

    def __init__(self, home: str, person: str, roles: str, wishes: Wishes) -> None:
        super().__init__()
        self.setObjectName("topbar")
        self._wishes, self._person, self._roles = wishes, person, roles
        line = row(self, 3)
        line.setContentsMargins(space(2), space(1) + space(1) // 2, space(3), space(1) + space(1) // 2)
        line.addWidget(IconButton("panel-left", _("Narrow or wide menu"), self._wishes.turn))
        line.addWidget(Symbol("wheat", "accent", 20))
        line.addWidget(ElidedLabel(home, "strong"), 2)
        line.addWidget(self._find_button(), 3)
        line.addStretch(1)
        self.busy = Button("", "loader", "quiet", lambda: self._wishes.go(self._busy_page))
        self.busy.setObjectName("busy")
        self.busy.setProperty("square", False)
        self._busy_page = ""
        self.busy.hide()
        line.addWidget(self.busy)
        line.addWidget(self._language_button())
        line.addWidget(self._person_button())

    def _find_button(self) -> Button:
        button = Button(_("Find a child, a record or an action"), "search", on_click=self._wishes.find)
        button.setObjectName("find")
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setMaximumWidth(theme.size(420))
        button.setMinimumWidth(theme.size(200))
        inside = row(button, 0)
        inside.setContentsMargins(0, 0, space(2), 0)
        inside.addStretch(1)
        hint = KeyHint("Ctrl+K")
        hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        inside.addWidget(hint)
        return button

    def _language_button(self) -> Button:
        other = next(key for key in LANGUAGES if key != current_language())
        button = Button(LANGUAGES[other], "languages", "quiet", lambda: self._wishes.speak(other))
        set_tip(button, _("Show everything in {language}").format(language=LANGUAGES[other]))
        return button

    def _person_button(self) -> MenuButton:
        button = MenuButton("", self._fill, None, "quiet", tip=_("Account and settings"))
        button.setProperty("square", False)
        button.setAccessibleName(_("Account: {name}").format(name=self._person))
        inside = row(button, 2)
        inside.setContentsMargins(space(1), 0, space(2), 0)
        for piece in (
            Avatar(self._person, "accent", 26),
            PlainLabel(self._person),
            Symbol("chevron-down", "muted", 14),
        ):
            piece.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            inside.addWidget(piece)
        button.setMinimumSize(QSize(inside.sizeHint().width(), theme.size(34)))
        return button

    def _fill(self, menu: Menu) -> None:
        menu.head(self._person, self._roles)
        menu.addSeparator()
        menu.head(_("Appearance"))
        for name, label in THEMES.items():
            menu.add(_(label), lambda name=name: self._wishes.look(name, None), checked=theme.wish == name)  # type: ignore[misc]
        menu.addSeparator()
        menu.head(_("Text size"))
        for size in TEXT_SIZES:
            menu.add(f"{size} %", lambda size=size: self._wishes.look(None, size), checked=theme.text_size == size)  # type: ignore[misc]
        menu.addSeparator()
        menu.add(_("Change password"), self._wishes.password, "key-round")
        menu.add(_("Help and shortcuts"), self._wishes.help, "circle-question-mark", keys="F1")
        menu.add(_("Lock"), self._wishes.lock, "lock", keys="Ctrl+L")
        menu.add(_("Sign out"), self._wishes.sign_out, "log-out")

    def show_doing(self, doing: Doing | None) -> None:
        """Say quietly what goes on beside the window; pressing it leads to where more is told."""
        self.busy.setVisible(doing is not None)
        if doing is not None:
            percent = "" if doing.share is None else f" {doing.share:.0%}"
            self._busy_page = doing.page
            self.busy.setText(doing.words + percent)
            self.busy.setAccessibleName(self.busy.text())
