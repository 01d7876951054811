"""Pages 页面: the registries of the rooms — every page of the window, and every tab of the child's file.

    @page("nursing", N_("Daily care"), area="care", icon="heart-pulse", needs=("NursingRecord", "read"), order=10)
    class DailyCare(Page): ...

    @child_tab("growth", N_("Growth"), area="care", needs=("GrowthMeasurement", "read"), order=30)
    class GrowthTab(ChildTab): ...

The shell shows what is registered and knows no page. A page is made at its first visit, told to
``reload`` when it is shown and stale, and hears of every commit that touches one of the types it reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from resources import N_, _
from ui.widgets import Toolbar, column

if TYPE_CHECKING:
    from ui.app import App


@dataclass(frozen=True)
class Area:
    """One area of the home in the menu; its colour has the same name in the theme."""

    key: str
    label: str
    icon: str

    @property
    def title(self) -> str:
        """The area's name in the language in use."""
        return _(self.label)


AREAS = {
    area.key: area
    for area in (
        Area("today", N_("Today"), "sun"),
        Area("child", N_("Children"), "users-round"),
        Area("care", N_("Care"), "heart-handshake"),
        Area("treatment", N_("Treatment"), "stethoscope"),
        Area("rehabilitation", N_("Rehabilitation"), "accessibility"),
        Area("education", N_("Education"), "graduation-cap"),
        Area("safety", N_("Safety"), "shield-check"),
        Area("social_work", N_("Social work"), "messages-square"),
        Area("allowance", N_("Allowances"), "wallet"),
        Area("transition", N_("Transition"), "signpost"),
        Area("papers", N_("Papers"), "printer"),
        Area("home", N_("The home"), "house"),
        Area("system", N_("System"), "settings"),
    )
}
"""All areas in the order of the menu."""

Needs = tuple[str, str] | tuple[()]


class Page(QWidget):
    """One page of the window.

    The shell draws the title with the area's icon above it; controls put into ``self.tools`` stand beside
    that title. A page that draws its whole face itself sets ``bare = True``. Lay out with
    ``self.column()``; the margins around a page are the shell's.
    """

    reads: ClassVar[tuple[type, ...]] = ()
    """Record types whose change makes the page stale."""
    bare: ClassVar[bool] = False
    moved = Signal()
    """The page has gone on to something else by itself; title and menu follow."""

    def __init__(self, app: App) -> None:
        super().__init__()
        self.app = app
        self.stale = True
        self.tools = Toolbar()

    def column(self, gap: int = 4) -> QVBoxLayout:
        """Return the page's vertical layout."""
        return column(self, gap)

    def reload(self) -> None:
        """Read everything again; called when shown and stale, or when its types changed while visible."""

    def open(self, **target: Any) -> None:
        """Go to a place on the page, e.g. ``child_id=…, day=…``."""

    def leave(self) -> bool:
        """Return False to keep the user here (unsaved work is drafted, so normally True)."""
        return True

    def new(self) -> None:
        """Begin a new record (Ctrl+N)."""

    def save(self) -> None:
        """Save what is being edited (Ctrl+S)."""

    def place(self) -> dict[str, Any]:
        """Return the target by which ``open`` comes back to this very place (after a change of language)."""
        return {}

    def heading(self) -> str:
        """Return the title above the page; empty for the registered one."""
        return ""

    def stands_under(self) -> str:
        """Return the key of the page that the menu marks for what is on show; empty for this page's own."""
        return ""


class ChildTab(QWidget):
    """One tab of the child's file."""

    reads: ClassVar[tuple[type, ...]] = ()

    def __init__(self, app: App) -> None:
        super().__init__()
        self.app = app
        self.child_id = ""
        self.stale = True

    def column(self, gap: int = 4) -> QVBoxLayout:
        """Return the tab's vertical layout."""
        return column(self, gap)

    def show_child(self, child_id: str) -> None:
        """Show one child, reading everything afresh."""

    def show_record(self, record_id: str) -> None:
        """Go to one record of the child on show."""


@dataclass(frozen=True)
class PageEntry:
    """A registered page."""

    key: str
    label: str
    area: str
    icon: str
    needs: Needs
    order: int
    menu: bool
    made_by: type[Page]
    roles: frozenset[str] = frozenset()
    enters: str = ""

    @property
    def title(self) -> str:
        """The page's name in the language in use."""
        return _(self.label)


@dataclass(frozen=True)
class TabEntry:
    """A registered tab of the child's file."""

    key: str
    label: str
    area: str
    needs: Needs
    order: int
    icon: str
    made_by: type[ChildTab]

    @property
    def title(self) -> str:
        """The tab's name in the language in use."""
        return _(self.label)


_companions: list[Callable[[App], Any]] = []


def companion(make: Callable[[App], Any]) -> Callable[[App], Any]:
    """Register what goes on beside the pages from the moment the window opens."""
    _companions.append(make)
    return make


def call_companions(app: App) -> None:
    """Begin everything that goes on beside the pages."""
    for make in _companions:
        make(app)


_pages: dict[str, PageEntry] = {}
_tabs: dict[str, TabEntry] = {}


def page(
    key: str,
    title: str,
    *,
    area: str,
    icon: str = "file-text",
    needs: Needs = (),
    order: int = 50,
    menu: bool = True,
    roles: Iterable[str] = (),
    enters: str = "",
) -> Callable[[type[Page]], type[Page]]:
    """Register a page; ``needs`` is the record type and action without which nobody sees it.

    A page that is only opened with a target, such as the child's file, says ``menu=False``; one that is about
    no record type may name the ``roles`` it is for. ``enters`` is the record type that is begun and opened here
    (``open(record_id=…)``, or ``open(new=True, **defaults)`` to begin one) wherever other types show their form;
    it is opened for those too who may only read the record, and then lets nothing be typed. While it shows one, it
    says in ``stands_under`` which page the menu marks.
    """
    if area not in AREAS:
        raise ValueError(f"no such area: {area}")

    def register(made_by: type[Page]) -> type[Page]:
        _pages[key] = PageEntry(key, title, area, icon, needs, order, menu, made_by, frozenset(roles), enters)
        return made_by

    return register


def child_tab(
    key: str, title: str, *, area: str, needs: Needs = (), order: int = 50, icon: str = "file-text"
) -> Callable[[type[ChildTab]], type[ChildTab]]:
    """Register a tab of the child's file."""

    def register(made_by: type[ChildTab]) -> type[ChildTab]:
        _tabs[key] = TabEntry(key, title, area, needs, order, icon, made_by)
        return made_by

    return register


def pages(actor: Any = None) -> list[PageEntry]:
    """Return all pages in the order of the menu; with ``actor`` only those for this person."""
    order = list(AREAS)
    found = [each for each in _pages.values() if allowed(each.needs, actor) and _meant(each, actor)]
    return sorted(found, key=lambda each: (order.index(each.area), each.order, each.key))


def page_named(key: str) -> PageEntry:
    """Return one page.

    Raises:
        KeyError: when there is no such page.
    """
    return _pages[key]


def entry_page(kind: type) -> PageEntry | None:
    """Return the page on which records of this type are entered and read in place of their form.

    Who may see a record sees it there, also who may not begin one and therefore has no such page in the menu; the
    page is for reading then.
    """
    return next((each for each in _pages.values() if each.enters == kind.__name__), None)


def child_tabs(actor: Any = None) -> list[TabEntry]:
    """Return all tabs of the child's file in their order; with ``actor`` only those for this person."""
    found = [each for each in _tabs.values() if allowed(each.needs, actor)]
    return sorted(found, key=lambda each: (each.order, each.key))


def _meant(entry: PageEntry, actor: Any) -> bool:
    return actor is None or not entry.roles or actor.system or bool(entry.roles & actor.roles)


def allowed(needs: Needs, actor: Any) -> bool:
    """Return whether a person meets the needs of a page or tab."""
    return actor is None or not needs or bool(actor.may(needs[1], needs[0]))
