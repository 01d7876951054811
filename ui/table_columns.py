"""Table columns 列表的列: which columns a list may have, has at first, and has for one person; and what stands where there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from models.core.exchange import STATE
from models.core.fields import Field, fields_of
from models.core.queries import listed_fields
from models.core.record import Record
from resources import _
from ui.pages import AREAS
from ui.preferences import Preferences
from ui.widgets import EmptyState


class ColumnSet:
    """The columns of one type's list, remembered for one person."""

    def __init__(
        self,
        settings: Preferences,
        kind: type[Record],
        first: Sequence[Field] | None = None,
        hidden: Sequence[str] = (),
    ) -> None:
        self._settings, self._kind, self._hidden = settings, kind, frozenset(hidden)
        self._first = tuple(first) if first is not None else listed_fields(kind)
        self._key = f"table.{kind.__name__}" + (".inside" if hidden else "")

    def possible(self) -> list[Field]:
        """Return everything that may be a column: no files, nothing confidential."""
        found = [each for each in fields_of(self._kind) if self._fits(each)]
        return found if self._kind.first_state == "current" else [*found, STATE]

    def _fits(self, meaning: Field) -> bool:
        shown = not meaning.hidden or meaning.listed
        kept_out = meaning.confidential or meaning.kind in {"json", "attachment"} or meaning.name in self._hidden
        return shown and not kept_out

    def usual(self) -> list[Field]:
        """Return the columns of a list that nobody has changed."""
        names = {each.name for each in self._first} | {STATE.name}
        return [each for each in self.possible() if each.name in names]

    def kept(self) -> list[Field]:
        """Return the columns as this person has left them."""
        possible = {each.name: each for each in self.possible()}
        names = self._read().get("columns", [])
        return [possible[name] for name in names if name in possible] or self.usual()

    def widths(self) -> dict[str, int]:
        """Return the widths as this person has left them."""
        return {name: int(width) for name, width in self._read().get("widths", {}).items()}

    def keep(self, names: Sequence[str], widths: dict[str, int]) -> None:
        """Remember order, choice and widths."""
        self._settings.set(self._key, {"columns": list(names), "widths": widths})

    def _read(self) -> dict[str, Any]:
        found = self._settings.get(self._key, {})
        return found if isinstance(found, dict) else {}


def empty_bin(back: Callable[[], Any]) -> EmptyState:
    """Return what stands in an empty bin."""
    kept = _("What is thrown away stays here for 30 days.")
    return EmptyState("trash-2", _("The bin is empty"), kept, _("Back to the list"), back)


def nothing_found(show_all: Callable[[], Any]) -> EmptyState:
    """Return what stands where a search or filter found nothing."""
    advice = _("No record fits this search and these filters.")
    return EmptyState("search", _("Nothing found"), advice, _("Show all"), show_all)


def nothing_yet(kind: type[Record], begin: Callable[[], Any] | None) -> EmptyState:
    """Return what stands in a list without records, with the first step for those who may take it."""
    area = AREAS.get(kind.area)
    title = _("Nothing here yet: {what}").format(what=_(kind.titles))
    if begin is None:
        return EmptyState(area.icon if area else "file-text", title)
    return EmptyState(area.icon if area else "file-text", title, "", _("New: {what}").format(what=_(kind.title)), begin)
