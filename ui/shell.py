"""Shell 主窗口: navigation, top bar, the page on show, and the few keys that work everywhere.

It knows the registry of pages and no page: a room appears in the menu by registering itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QByteArray, QSize, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from resources import _
from ui.finder import Finder
from ui.frame import PageFrame
from ui.lock import Lock
from ui.notify import Toast
from ui.pages import call_companions, page_named, pages
from ui.sidebar import Sidebar, fits_wide
from ui.speech import speak
from ui.theme import theme
from ui.topbar import DemoBand, TopBar, Wishes
from ui.widgets import clear, column, row

if TYPE_CHECKING:
    from ui.app import App

REMEMBERED = 50
SMALLEST = (920, 560)


class PageStack(QStackedWidget):
    """The pages visited; as wide at least as the one on show, whatever the others need."""

    def minimumSizeHint(self) -> QSize:
        shown = self.currentWidget()
        return shown.minimumSizeHint() if shown is not None else QSize()


class Shell(QWidget):
    """The window of one signed-in person."""

    signing_out = Signal()
    closing = Signal()

    def __init__(self, app: App, *, home_name: str = "", invented: bool = False, lock_minutes: int = 10) -> None:
        super().__init__()
        self.setObjectName("window")
        self.app, self.home_name, self.invented = app, home_name, invented
        app.window = self
        self._frames: dict[str, PageFrame] = {}
        self._back: list[tuple[str, dict[str, Any]]] = []
        self.current = ""
        self._narrow_wish: bool | None = app.settings.get("shell.narrow")
        self._lines = column(self, 0)
        self.toast = Toast(self)
        self.lock = Lock(app, lock_minutes, self)
        self._listen()
        self._build()
        self._keys()
        self.setMinimumSize(*SMALLEST)

    def _listen(self) -> None:
        self.app.going.connect(self.go)
        self.app.telling.connect(self.toast.tell)
        self.app.live.changed.connect(self._heard)
        self.app.doing.connect(lambda doing: self.topbar.show_doing(doing))

    # --- building ---

    def _build(self) -> None:
        self.setWindowTitle(" – ".join(each for each in (self.home_name, _("Qinghe")) if each))
        if self.invented:
            self._lines.addWidget(DemoBand())
        self.topbar = TopBar(self.home_name or _("Qinghe"), self.app.actor.name, self._roles(), self._wishes())
        self.topbar.show_doing(self.app.busy)
        self._lines.addWidget(self.topbar)
        self.sidebar = Sidebar([each for each in pages(self.app.actor) if each.menu], self._chosen)
        self.stack = PageStack()
        middle: QHBoxLayout = row(None, 0)
        middle.addWidget(self.sidebar)
        middle.addWidget(self.stack, 1)
        self._lines.addLayout(middle, 1)
        self.finder = Finder(self.app, self)
        self._fit()

    def _wishes(self) -> Wishes:
        return Wishes(
            self.turn,
            self.open_finder,
            self.speak,
            self.look,
            self.lock.lock,
            self.change_password,
            self.help,
            self.sign_out,
            self.go,
        )

    def _roles(self) -> str:
        from models.core.access import ROLES

        return _(", ").join(ROLES.label(each) for each in sorted(self.app.actor.roles))

    def rebuild(self) -> None:
        """Make everything on show again, in the language and size in use, and come back to the same place."""
        key, target = self.current, self.place()
        for frame in self._frames.values():
            if frame.page is not None:
                frame.page.leave()
        self._frames.clear()
        self.finder.close_now()
        self.finder.deleteLater()
        clear(self._lines)
        self._build()
        self.current = ""
        if key:
            self.go(key, target)

    def _keys(self) -> None:
        for keys, act in (
            ("Ctrl+K", self.open_finder), ("Ctrl+L", self.lock.lock), ("F1", self.help), ("F5", self.reload),
            ("Alt+Left", self.back), ("Ctrl+N", lambda: self._ask("new")), ("Ctrl+S", lambda: self._ask("save")),
            ("Ctrl+Z", self.undo),
        ):  # fmt: skip
            self._key(keys, act)
        for number in range(1, 10):
            self._key(f"Ctrl+{number}", lambda number=number: self._go_area(number))  # type: ignore[misc]

    def _key(self, keys: str, act: Callable[[], Any]) -> None:
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.activated.connect(lambda: None if self.lock.locked else act())

    # --- going about ---

    def start(self) -> None:
        """Show the window where it was last, at the page last seen."""
        geometry = self.app.settings.get("shell.geometry")
        if not geometry or not self.restoreGeometry(QByteArray.fromBase64(geometry.encode())):
            self._first_size()
        allowed = [entry.key for entry in pages(self.app.actor) if entry.menu]
        last = self.app.settings.get("shell.page")
        if allowed:
            self.go(last if last in allowed else allowed[0], {})
        self.show()
        call_companions(self.app)

    def _first_size(self) -> None:
        screen = QGuiApplication.primaryScreen().availableGeometry()
        if screen.width() <= 1400 or screen.height() <= 800:
            self.resize(screen.size())
            self.setWindowState(self.windowState() | self.windowState().WindowMaximized)
        else:
            self.resize(min(1440, screen.width() - 120), min(900, screen.height() - 120))

    def go(self, key: str, target: dict[str, Any] | None = None, *, remember: bool = True) -> None:
        """Show a page, at a place on it."""
        entry = page_named(key)
        if not self._leave():
            self._mark()
            return
        if remember and self.current:
            self._back = [*self._back, (self.current, self.place())][-REMEMBERED:]
        frame = self._frame(key)
        if not target and self._marked(key) != key:
            target = {"new": True}  # who goes to "New …" does not want to find the one read last
        self.current = key
        self.stack.setCurrentWidget(frame)
        frame.go(target or {})
        frame.refresh()
        self._mark()
        self.stack.updateGeometry()
        self._fit()
        now = self.focusWidget()
        if now in (None, self) or (frame.page is not None and frame.page.tools.isAncestorOf(now)):
            self.focus_page()  # not the first button beside the title, which Qt would choose
        if entry.menu:
            self.app.settings.set("shell.page", key)

    def _marked(self, key: str) -> str:
        """Return the page that the menu marks while this one is on show, which may show what belongs to another."""
        frame = self._frames.get(key)
        return (frame.page.stands_under() if frame is not None and frame.page is not None else "") or key

    def _mark(self) -> None:
        marked = self._marked(self.current)
        self.sidebar.mark(marked, page_named(marked).area)

    def focus_page(self) -> None:
        """Let the keys of the page on show work; Tab goes on to its first field."""
        if (frame := self._frames.get(self.current)) is not None:
            (frame.page or frame).setFocus()

    def _frame(self, key: str) -> PageFrame:
        if key not in self._frames:
            frame = self._frames[key] = PageFrame(self.app, page_named(key))
            frame.moved.connect(lambda: self._mark() if self.current == key else None)
            self.stack.addWidget(frame)
        return self._frames[key]

    def _leave(self) -> bool:
        frame = self._frames.get(self.current)
        return frame is None or frame.page is None or frame.page.leave()

    def place(self) -> dict[str, Any]:
        """Return the place on the page on show."""
        frame = self._frames.get(self.current)
        return frame.page.place() if frame is not None and frame.page is not None else {}

    def back(self) -> None:
        """Go to where the person was before."""
        if self._back:
            key, target = self._back.pop()
            self.go(key, target, remember=False)

    def reload(self) -> None:
        """Read the page on show again."""
        if self.current:
            self._frames[self.current].refresh(force=True)

    def _chosen(self, key: str) -> None:
        if key != self.current or self._marked(key) != key:
            self.go(key)
        else:
            self._mark()  # a second press would take the mark away

    def _go_area(self, number: int) -> None:
        areas = self.sidebar.areas()
        if number <= len(areas):
            self.sidebar.choose_area(areas[number - 1])

    def _heard(self, types: frozenset[str]) -> None:
        for frame in self._frames.values():
            frame.heard(types)

    def _ask(self, what: str) -> None:
        frame = self._frames.get(self.current)
        if frame is not None and frame.page is not None:
            getattr(frame.page, what)()

    # --- what the top bar offers ---

    def open_finder(self) -> None:
        """Open the finder."""
        self.finder.open_now()

    def undo(self) -> None:
        """Take back what the message on show tells of."""
        if self.toast.isVisible():
            self.toast.undo()

    def help(self) -> None:
        """Show the quick card."""
        from ui.help import HelpDialog

        dialog = HelpDialog(self)
        dialog.exec()
        dialog.deleteLater()

    def speak(self, language: str) -> None:
        """Change the language of everything on show."""
        speak(language)
        self.app.settings.set("language", language)
        self.rebuild()

    def look(self, name: str | None, text_size: int | None) -> None:
        """Change theme or text size."""
        resized = text_size is not None and text_size != theme.text_size
        theme.use(name, text_size)
        self.app.settings.set("theme", theme.wish)
        self.app.settings.set("text_size", theme.text_size)
        if resized:
            self.rebuild()

    def change_password(self) -> None:
        """Let the person change the own password."""
        from ui.password import PasswordDialog

        dialog = PasswordDialog(self.app, self)
        dialog.exec()
        dialog.deleteLater()

    def sign_out(self) -> None:
        """Close the person's window; the sign-in window follows."""
        if self._leave():
            self.signing_out.emit()

    # --- the window itself ---

    def turn(self) -> None:
        """Make the menu narrow or wide, and keep it so."""
        self._narrow_wish = not self.sidebar.narrow
        self.app.settings.set("shell.narrow", self._narrow_wish)
        self._fit()
        self._mark()

    def _fit(self) -> None:
        narrow = (
            self._narrow_wish
            if self._narrow_wish is not None
            else not fits_wide(self, self.stack.minimumSizeHint().width())
        )
        if self.sidebar.narrow != narrow:
            self.sidebar.set_narrow(narrow)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "sidebar"):
            self._fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._leave():
            event.ignore()
            return
        self.keep_geometry()
        self.closing.emit()
        event.accept()

    def keep_geometry(self) -> None:
        """Remember size and place of the window."""
        self.app.settings.set("shell.geometry", bytes(self.saveGeometry().toBase64().data()).decode())
