"""Frames 页框: a page in the window — its title, its tools, its margins, and what is shown when it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from resources import _
from ui.pages import Page, PageEntry
from ui.text import ElidedLabel
from ui.theme import space
from ui.widgets import EmptyState, Symbol, column, row

if TYPE_CHECKING:
    from ui.app import App


class PageFrame(QWidget):
    """One visited page with its title line."""

    moved = Signal()
    """The page shows something else by itself than it was asked for."""

    def __init__(self, app: App, entry: PageEntry) -> None:
        super().__init__()
        self.app, self.entry = app, entry
        self.page: Page | None = None
        self._trouble: QWidget | None = None
        self.lines = column(self, 3)
        self._make()

    def _make(self) -> None:
        try:
            self.page = self.entry.made_by(self.app)
        except Exception as error:  # one broken room must not close the house
            self._fail(error)
            return
        self._lay_out(self.page)

    def _lay_out(self, page: Page) -> None:
        if not page.bare:
            self.lines.setContentsMargins(space(5), space(4), space(5), space(4))
            self.lines.addLayout(self._head(page))
        if layout := page.layout():
            layout.setContentsMargins(0, 0, 0, 0)
        page.setAccessibleName(self.entry.title)
        page.moved.connect(self._moved)
        self.lines.addWidget(page, 1)

    def _head(self, page: Page) -> Any:
        head = row(None, 2)
        head.addWidget(Symbol(self.entry.icon, self.entry.area, 22))
        self.title = ElidedLabel(self.entry.title, "title")
        head.addWidget(self.title, 1)
        head.addWidget(page.tools)
        return head

    @property
    def stale(self) -> bool:
        """Whether the page should read again before it is looked at."""
        return self.page is not None and self.page.stale

    def refresh(self, *, force: bool = False) -> None:
        """Let the page read again if it is stale."""
        if self.page is None or not (self.page.stale or force):
            return
        try:
            self.page.stale = False
            self.page.reload()
        except Exception as error:  # shown in the page's place, with the way to try again
            self._fail(error)
            return
        self._mend()
        self._say_title()

    def go(self, target: dict[str, Any]) -> None:
        """Go to a place on the page."""
        if self.page is None or not target:
            return
        try:
            self.page.open(**target)
        except Exception as error:  # a place that is gone or not for this person
            self.app.show_error(error)
        self._say_title()

    def heard(self, types: frozenset[str]) -> None:
        """Hear which record types have changed."""
        if self.page is None or types.isdisjoint(each.__name__ for each in self.page.reads):
            return
        self.page.stale = True
        if self.isVisible():
            self.refresh()

    def _moved(self) -> None:
        self._say_title()
        self.moved.emit()

    def _say_title(self) -> None:
        if self.page is not None and not self.page.bare:
            self.title.setText(self.page.heading() or self.entry.title)

    def _fail(self, error: Exception) -> None:
        from ui.errors import code_of, log, words_for

        log(error)
        self._mend()
        said = words_for(error)
        text = f"{said.text}\n{_('Code: {code}').format(code=code_of(error))}" if said.code else said.text
        self._trouble = EmptyState("life-buoy", said.title, text, _("Try again"), self._again)
        self.lines.addWidget(self._trouble, 1)
        self._trouble.show()
        if self.page is not None:
            self.page.hide()

    def _mend(self) -> None:
        if self._trouble is not None:
            self._trouble.hide()
            self._trouble.deleteLater()
            self._trouble = None
        if self.page is not None:
            self.page.show()

    def _again(self) -> None:
        if self.page is None:
            self._mend()
            self._make()
        self.refresh(force=True)
