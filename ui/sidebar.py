"""Sidebar 导航: the areas of the home, and under the open one its pages."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from PySide6.QtCore import QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QWidget

from resources import _, current_language
from ui.icons import icon
from ui.pages import AREAS, PageEntry
from ui.text import restyle, set_tip
from ui.theme import space, theme
from ui.widgets import Menu, Scroll, column

NARROW = 52
SELDOM = 50
"""Pages from this place of an area on (registers, rules) are folded away where there are many."""
MANY = 10


class Sidebar(QFrame):
    """The menu at the left; ``on_page(key)`` is called when a page is chosen."""

    def __init__(self, entries: list[PageEntry], on_page: Callable[[str], Any]) -> None:
        super().__init__()
        self.setObjectName("sidebar")
        self.setAccessibleName(_("Navigation"))
        self._on_page = on_page
        self._groups = {area: list(each) for area, each in groupby(entries, key=lambda entry: entry.area)}
        self._areas: dict[str, QPushButton] = {}
        self._pages: dict[str, QPushButton] = {}
        self._folds: dict[str, QPushButton] = {}
        self._open: set[str] = set()
        self._last: dict[str, str] = {}
        self.narrow = False
        self._build()

    def _build(self) -> None:
        lines = column(self, 0)
        lines.setContentsMargins(0, space(2), 0, space(2))
        scroll = self.sheet = Scroll(0)
        scroll.body.setContentsMargins(space(2), 0, space(2), 0)
        group = QButtonGroup(self)
        group.setExclusive(False)
        for index, area in enumerate(self._groups):
            scroll.body.addWidget(self._area(area, index))
            self._pages_of(area, scroll)
        scroll.body.addStretch(1)
        lines.addWidget(scroll, 1)
        self.set_narrow(False)

    def _pages_of(self, area: str, scroll: Scroll) -> None:
        """Put the pages of an area below it, the seldom used ones below a fold."""
        entries = self._groups[area]
        folded = seldom(entries)
        for entry in entries if len(entries) > 1 else ():
            if folded and entry is folded[0]:
                scroll.body.addWidget(self._fold(area, len(folded)))
            scroll.body.addWidget(self._page(entry))

    def _fold(self, area: str, count: int) -> QPushButton:
        button = _entry(_("{n} more").format(n=count), "fold")
        button.setAccessibleName(_("More pages: {area}").format(area=AREAS[area].title))
        button.setIconSize(QSize(theme.size(14), theme.size(14)))
        button.setCheckable(False)
        button.clicked.connect(lambda *_args: self.turn_fold(area))
        self._folds[area] = button
        return button

    def turn_fold(self, area: str) -> None:
        """Show or hide the seldom used pages of an area."""
        self._open ^= {area}
        self._unfold()

    def _area(self, key: str, index: int) -> QPushButton:
        area = AREAS[key]
        button = _entry(area.title, "area")
        button.setIcon(icon(area.icon, key))
        button.setIconSize(QSize(theme.size(18), theme.size(18)))
        hint = f"  Ctrl+{index + 1}" if index < 9 else ""
        set_tip(button, area.title + hint)
        button.clicked.connect(lambda *_args: self.choose_area(key))
        self._areas[key] = button
        return button

    def _page(self, entry: PageEntry) -> QPushButton:
        button = _entry(entry.title, "page")
        button.clicked.connect(lambda *_args: self._on_page(entry.key))
        self._pages[entry.key] = button
        return button

    def areas(self) -> list[str]:
        """Return the areas on show, in their order."""
        return list(self._groups)

    def choose_area(self, area: str) -> None:
        """Go to the page of an area that was last open; in the narrow menu, offer its pages."""
        entries = self._groups[area]
        if self.narrow and len(entries) > 1 and self._areas[area].underMouse():
            self._offer(area)
        else:
            self._on_page(self._last.get(area, entries[0].key))
        self._areas[area].setChecked(area == self.current_area)

    def _offer(self, area: str) -> None:
        menu = Menu(self)
        folded = seldom(self._groups[area])
        for entry in self._groups[area]:
            if folded and entry is folded[0]:
                menu.addSeparator()
            menu.add(entry.title, lambda key=entry.key: self._on_page(key), entry.icon)  # type: ignore[misc]
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._areas[area].mapToGlobal(QPoint(self._areas[area].width() + space(1), 0)))

    @property
    def current_area(self) -> str:
        """The area of the page on show."""
        return getattr(self, "_current", "")

    def mark(self, key: str, area: str) -> None:
        """Show which page is open."""
        self._current = area
        if key in (entry.key for entry in self._groups.get(area, ())):
            self._last[area] = key
        if key in (entry.key for entry in seldom(self._groups.get(area, []))):
            self._open.add(area)
        for name, button in self._areas.items():
            button.setChecked(name == area and (self.narrow or key not in self._pages))
            button.setProperty("active", name == area)
            restyle(button)
        for name, button in self._pages.items():
            button.setChecked(name == key)
        self._unfold()
        shown = self._pages.get(key) or self._areas.get(area)
        if shown is not None:
            QTimer.singleShot(0, lambda: self.sheet.ensureWidgetVisible(shown, 0, space(5)))

    def _unfold(self) -> None:
        for area, entries in self._groups.items():
            shown = area == self.current_area and not self.narrow
            folded = {entry.key for entry in seldom(entries)}
            for entry in entries:
                if entry.key in self._pages:
                    self._pages[entry.key].setVisible(shown and (entry.key not in folded or area in self._open))
            if area in self._folds:
                self._folds[area].setVisible(shown)
                self._folds[area].setIcon(icon("chevron-up" if area in self._open else "chevron-down", "muted"))

    def turn(self) -> None:
        """Change between the wide and the narrow menu."""
        self.set_narrow(not self.narrow)

    def set_narrow(self, narrow: bool) -> None:
        """Show icons only, or icons and words."""
        self.narrow = narrow
        self.setFixedWidth(theme.size(NARROW if narrow else wide()))
        for key, button in self._areas.items():
            button.setText("" if narrow else f" {fitted(AREAS[key].title, 'area')}")
            button.setProperty("small", narrow)
            restyle(button)
        self._unfold()


def _entry(title: str, kind: str) -> QPushButton:
    button = QPushButton(fitted(title, kind))
    if button.text() != title.replace("&", "&&"):
        set_tip(button, title)
    button.setProperty("nav", kind)
    button.setCheckable(True)
    button.setAutoDefault(False)
    button.setAccessibleName(title)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def seldom(entries: list[PageEntry]) -> list[PageEntry]:
    """Return the pages of an area that are folded away: its registers and rules, where it has many pages."""
    folded = [entry for entry in entries if entry.order >= SELDOM]
    return folded if len(entries) >= MANY and 2 < len(folded) < len(entries) else []


def fitted(title: str, kind: str) -> str:
    """Return a title as it fits into the wide menu, with … where it is too long."""
    room = theme.size(wide()) - space(4) - theme.size(56 if kind == "page" else 48)
    return QFontMetrics(theme.font("strong")).elidedText(title, Qt.TextElideMode.ElideRight, room).replace("&", "&&")


def wide() -> int:
    """Return the menu's width in the language in use; English names need more room than Chinese ones."""
    return 176 if current_language() == "zh_CN" else 230


def fits_wide(window: QWidget, page_width: int = 0) -> bool:
    """Whether the window has room for the wide menu beside a page."""
    return window.width() >= theme.size(wide()) + max(theme.size(860), page_width)
