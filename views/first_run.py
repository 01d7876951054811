"""First run 首次使用: from an empty folder to a home in two minutes, by keyboard alone — or a look at the demo home."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QProgressBar, QStackedWidget, QWidget

from resources import _
from resources.language import LANGUAGES
from ui.preferences import Preferences
from ui.speech import other_language, speak
from ui.start import DEMO_PASSWORD, DESK, Entrance, doorplate
from ui.tasks import Task, Tasks
from ui.text import PlainLabel
from ui.theme import space, theme
from ui.widgets import Banner, Button, Clickable, Scroll, Symbol, clear, column, row
from views.first_restore import RestoreStep, free_place
from views.first_steps import AccountsStep, HomeStep, KeyStep

DEMO = "demo"
CHILDREN, MONTHS = 60, 3


class FirstRun(QWidget):
    """The window in which a home is made."""

    def __init__(self, entrance: Entrance) -> None:
        super().__init__()
        self.setObjectName("window")
        self.entrance = entrance
        self.tasks = Tasks(self._failed, self)
        self._task: Task | None = None
        self._lines = column(self, 0)
        self._build()
        self.resize(1093, 614)
        self.setMinimumSize(720, 560)

    def _build(self) -> None:
        self.setWindowTitle(_("Qinghe"))
        head = row(None, 2, 2)
        self.steps = PlainLabel("", "caption")
        head.addSpacing(space(2))
        head.addWidget(self.steps)
        head.addStretch(1)
        head.addWidget(Button(LANGUAGES[other_language()], "languages", "quiet", self._speak))
        self._lines.addLayout(head)
        self.trouble = Banner("", "danger")
        self.trouble.hide()
        holder = row(None, 0)
        holder.setContentsMargins(space(6), 0, space(6), 0)
        holder.addWidget(self.trouble)
        self._lines.addLayout(holder)
        self.stack = QStackedWidget()
        self._lines.addWidget(self.stack, 1)
        self.show_step(self._welcome())

    def _speak(self) -> None:
        speak(other_language())
        clear(self._lines)
        self._build()

    def show_step(self, step: QWidget, number: int = 0) -> None:
        """Show one step of the way."""
        self.steps.setText(_("Step {n} of {m}").format(n=number, m=3) if number else "")
        self.trouble.hide()
        self.stack.addWidget(step)
        before = self.stack.currentWidget()
        self.stack.setCurrentWidget(step)
        if before is not None and before is not step:
            self.stack.removeWidget(before)
            before.hide()
        step.setFocus()

    # --- the welcome ---

    def _welcome(self) -> QWidget:
        lines, page = centred(560)
        lines.addWidget(Symbol("wheat", "accent", 44))
        lines.addWidget(PlainLabel(_("Welcome to Qinghe"), "display"))
        lines.addWidget(
            PlainLabel(
                _(
                    "Records, therapy plans and papers of a children's welfare home. Everything stays on this computer, encrypted."
                ),
                tone="muted",
                wrap=True,
            )
        )
        lines.addSpacing(space(2))
        begin = choice(
            "house-plus",
            _("Make our home"),
            _("Name, region and the first four accounts. Takes two minutes."),
            self.begin,
        )
        lines.addWidget(begin)
        known = doorplate(self.demo_folder)
        text = (
            _("Go on in the invented home made earlier.")
            if known
            else _("An invented home with {n} children to try everything out; nothing in it is real.").format(
                n=CHILDREN
            )
        )
        lines.addWidget(choice("sparkles", _("Look around the demo home"), text, self.demo))
        lines.addSpacing(space(1))
        for words, act in (
            (_("Open a home in another folder"), self.open_other),
            (_("Restore from a backup"), self.restore),
        ):
            lines.addWidget(Button(words, kind="link", on_click=act), 0, Qt.AlignmentFlag.AlignLeft)
        page.setFocusProxy(begin)
        return page

    @property
    def demo_folder(self) -> Path:
        """The folder of the demo home: beside the real one, whose place stays free."""
        return self.entrance.folder.with_name(f"{self.entrance.folder.name}-{DEMO}")

    def open_other(self) -> None:
        """Open a home that lies elsewhere."""
        folder = QFileDialog.getExistingDirectory(self, _("Folder of the home"), str(self.entrance.folder.parent))
        if not folder:
            return
        if doorplate(Path(folder)) is None:
            self.trouble.tell(_("There is no home in this folder."), "warning")
            return
        self.entrance.move(Path(folder))

    def restore(self) -> None:
        """Make a home out of a backup."""
        self.entrance.wait_loaded()
        place = free_place(self.entrance.folder)
        self.show_step(RestoreStep(self.tasks, place, self._welcome_again, self._restored))

    def _restored(self, folder: Path) -> None:
        self.tasks.close()
        self.entrance.move(folder)

    # --- making the home ---

    def begin(self) -> None:
        """Ask for name and region."""
        self.home_step = HomeStep(self.entrance.folder, self._welcome_again, self._accounts)
        self.show_step(self.home_step, 1)

    def _welcome_again(self) -> None:
        if doorplate(self.entrance.folder) is not None:
            self.entrance.begin()  # we came from the sign-in window
        else:
            self.show_step(self._welcome())

    def _accounts(self) -> None:
        self.accounts_step = AccountsStep(self.begin, self._make)
        self.show_step(self.accounts_step, 2)

    def _make(self) -> None:
        home, accounts = self.home_step, self.accounts_step
        name, region, entries, printed = home.name(), home.region(), accounts.entries(), accounts.printed()
        folder, server = self.entrance.folder, home.backend_url()
        self._wait(_("Making the home"), _("The keys of {n} accounts are being made.").format(n=len(entries)))

        def make(progress: Any, cancelled: Callable[[], bool]) -> Any:
            return _made(folder, name, region, entries, printed, server)

        self._task = self.tasks.run(make, self._made)

    def _made(self, made: Any) -> None:
        entries = self.accounts_step.entries()
        self.key_step = KeyStep(made, entries, self.accounts_step.printed(), lambda: self._enter(made, entries[0]))
        self.show_step(self.key_step, 3)

    def _enter(self, made: Any, first: Any) -> None:
        _post, _name, username, password = first
        self._wait(_("Opening …"), "")
        self._task = self.tasks.run(lambda _progress, _stop: _signed_in(made.home, username, password), self._entered)

    def _entered(self, opened: tuple[Any, Any, Any]) -> None:
        self.tasks.close()
        self.entrance.enter(*opened)

    # --- the demo home ---

    def demo(self) -> None:
        """Make the demo home, or open the one made earlier."""
        if doorplate(self.demo_folder) is not None:
            self.entrance.move(self.demo_folder)
            return
        self._wait(_("Making the demo home"), _("About a minute. Everything in it is invented."), self._cancel)
        folder = self.demo_folder
        self._task = self.tasks.run(
            lambda progress, stop: _demo_made(folder, progress, stop), self._demo_ready, progress=self._advance
        )

    def _demo_ready(self, opened: tuple[Any, Any, Any] | None) -> None:
        if opened is not None:
            self.tasks.close()
            self.entrance.move(self.demo_folder, show=False)
            self.entrance.enter(*opened)

    def _cancel(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._welcome_again()

    # --- waiting and failing ---

    def _wait(self, title: str, text: str, cancel: Callable[[], Any] | None = None) -> None:
        lines, page = centred(420)
        lines.addWidget(PlainLabel(title, "title"))
        lines.addWidget(PlainLabel(text, tone="muted", wrap=True))
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000 if cancel else 0)
        self.bar.setAccessibleName(title)
        lines.addWidget(self.bar)
        self.told = PlainLabel("", "caption")
        lines.addWidget(self.told)
        if cancel:
            lines.addWidget(Button(_("Cancel"), on_click=cancel), 0, Qt.AlignmentFlag.AlignLeft)
        self.show_step(page)

    def _advance(self, share: float, what: str) -> None:
        self.bar.setValue(round(share * 1000))
        self.told.setText(f"{share:.0%}")

    def _failed(self, error: BaseException) -> None:
        from ui.errors import log, words_for

        log(error)
        said = words_for(error)
        if hasattr(self, "accounts_step"):
            self._accounts()
        else:
            self._welcome_again()
        self.trouble.tell("\n".join(each for each in (said.title, said.text, said.advice) if each), "danger")


def centred(width: int) -> tuple[Any, QWidget]:
    """Return a layout in the middle of a page, and the page."""
    page = Scroll(0)
    outer = row(None, 0)
    page.body.addStretch(2)
    page.body.addLayout(outer)
    page.body.addStretch(3)
    inner = QWidget()
    inner.setFixedWidth(theme.size(width))
    outer.addStretch(1)
    outer.addWidget(inner)
    outer.addStretch(1)
    return column(inner, 3), page


def choice(symbol: str, title: str, text: str, act: Callable[[], Any]) -> Clickable:
    """Return a large thing to choose, with what it means."""
    tile = Clickable(title, act)
    tile.setProperty("card", True)
    line = row(tile, 4, 4)
    line.addWidget(Symbol(symbol, "accent", 24))
    lines = column(None, 0)
    lines.addWidget(PlainLabel(title, "heading"))
    lines.addWidget(PlainLabel(text, tone="muted", wrap=True))
    line.addLayout(lines, 1)
    line.addWidget(Symbol("chevron-right", "muted", 18))
    return tile


def _made(
    folder: Path, name: str, region: str, entries: list[Any], printed: list[str], server: str | None = None
) -> Any:
    from models.core.home import Home
    from models.founding import ask_for_new_password, first_accounts
    from resources import current_language

    made = Home.create(folder, name, region, first_accounts(entries), backend_url=server, language=current_language())
    if printed:
        from models.core.access import SYSTEM

        database = made.home.open_database()
        with database.work(SYSTEM) as work:
            for username in printed:
                ask_for_new_password(work, username)
        database.close()
    return made


def _signed_in(home: Any, username: str, password: str) -> tuple[Any, Any, Any]:
    database, actor = home.sign_in(username, password)
    return home, database, actor


def _demo_made(folder: Path, progress: Any, cancelled: Callable[[], bool]) -> tuple[Any, Any, Any] | None:
    from models.core.home import Home
    from models.demo_making import Stopped, make_demo_home

    try:
        made = make_demo_home(folder, children=CHILDREN, months=MONTHS, progress=progress, cancelled=cancelled)
    except Stopped:
        return None
    # Nothing in a demo home is secret; its sign-in window fills the password in.
    Preferences(folder / DESK).set(DEMO_PASSWORD, made.password)
    home = Home.open(folder)
    return _signed_in(home, "director", made.password)
