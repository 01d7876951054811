"""Papers 打印: which paper belongs to a record type — the generic sheet, unless a room names its own.

    @paper("Admission")
    def admission_form(app: App, record_id: str) -> None:
        app.preview(_("Admission form"), make, "admission.pdf")

The furniture knows no report; rooms put theirs here and forms ask for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from models.core.record import Record

if TYPE_CHECKING:
    from models.core.exchange import Listing
    from ui.app import App

Sheet = Callable[["App", type[Record], str], None]
_own: dict[str, Callable[[App, str], None]] = {}
_generic: list[Sheet] = []
Beside = Callable[["App", type[Record], str], list[tuple[str, Callable[[], None]]]]
_beside: list[Beside] = []
_lists: list[Callable[[App, Listing], None]] = []


def paper(type_name: str) -> Callable[[Callable[[App, str], None]], Callable[[App, str], None]]:
    """Register a type's own paper."""

    def register(show: Callable[[App, str], None]) -> Callable[[App, str], None]:
        _own[type_name] = show
        return show

    return register


def every_record(show: Sheet) -> Sheet:
    """Register the paper for every type that has none of its own."""
    _generic.append(show)
    return show


def beside(name: Beside) -> Beside:
    """Register what names the papers that are offered beside a record's own."""
    _beside.append(name)
    return name


def every_list(show: Callable[[App, Listing], None]) -> Callable[[App, Listing], None]:
    """Register the paper for lists as they are shown."""
    _lists.append(show)
    return show


def show_record_paper(app: App, kind: type[Record], record_id: str) -> None:
    """Show the paper of one record before it is printed."""
    if kind.__name__ in _own:
        _own[kind.__name__](app, record_id)
    elif _generic:
        _generic[-1](app, kind, record_id)


def offered_beside(app: App, kind: type[Record], record_id: str) -> list[tuple[str, Callable[[], None]]]:
    """Return (title, act) of the papers offered beside a record's own."""
    return _beside[-1](app, kind, record_id) if _beside else []


def show_list_paper(app: App, listing: Listing) -> None:
    """Show a list on paper before it is printed."""
    if _lists:
        _lists[-1](app, listing)
