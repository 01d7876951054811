"""After saving 保存之后: rooms say here what is to be offered once a record of a type was saved.

    @when_saved("StaffLeave", "Room")
    def offer_repair(app, kind, record_id): ...

The form knows no room; it only tells that something was saved.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.core.record import Record
    from ui.app import App

Follow = Callable[["App", "type[Record]", str], None]
_follows: defaultdict[str, list[Follow]] = defaultdict(list)


def when_saved(*types: str) -> Callable[[Follow], Follow]:
    """Register what follows the saving of a record of some types, named as in the table of permissions."""

    def register(follow: Follow) -> Follow:
        for each in types:
            _follows[each].append(follow)
        return follow

    return register


def tell_saved(app: App, kind: type[Record], record_id: str) -> None:
    """Let what follows the saving of a record take place."""
    for follow in _follows.get(kind.__name__, ()):
        follow(app, kind, record_id)
