"""What has happened 变动情况: who is away or what is closed, from when until when — the question a repair begins with."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from models.core.fields import Field
from models.leave import PARTS
from models.scheduling.mending import KINDS, Happening
from models.scheduling.places import places
from models.scheduling.week import children_to_book, therapists
from resources import N_, _
from ui.editors import CodeBox, DateEdit
from ui.editors.choices import choices_of
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import column, row

if TYPE_CHECKING:
    from ui.app import App


class HappeningBar(QWidget):
    """Five entries in one line: what, whom, from, until, and the part of the day.

    Args:
        given: what is known already: ``kind``, ``whom``, ``first``, ``last``, ``part``.
    """

    changed = Signal()
    kind_changed = Signal(str)

    def __init__(self, app: App, given: dict[str, Any]) -> None:
        super().__init__()
        self.app = app
        self.people = self._choices()
        line = row(self, 2)
        self.kind = CodeBox(choices_of(KINDS), required=True)
        self.whom = CodeBox([], required=True)
        self.first = DateEdit(Field(N_("From"), "date"), app.now)
        self.last = DateEdit(Field(N_("Until"), "date"), app.now)
        self.part = CodeBox(choices_of(PARTS), required=True)
        self._fill(given)
        named = (
            (self.kind, _("What has happened"), 190), (self.whom, _("Who or what"), 190), (self.first, _("From"), 130),
            (self.last, _("Until"), 130), (self.part, _("Part of the day"), 140),
        )  # fmt: skip
        for editor, name, width in named:
            editor.name(name)
            editor.setFixedWidth(theme.size(width))
            holder = column(None, 0)
            holder.addWidget(PlainLabel(name, "caption", tone="muted"))
            holder.addWidget(editor)
            line.addLayout(holder)
            editor.changed.connect(self.changed if editor is not self.kind else self._kind_chosen)
        line.addStretch(1)

    def _choices(self) -> dict[str, list[tuple[str, str]]]:
        with self.app.read() as work:
            found = places(work)
            return {
                "therapist": [(key, name) for key, name in therapists(work)],
                "child": [(child.id, child.name) for child in children_to_book(work)],
                "room": [(room.id, room.name) for room in found.rooms.values()],
                "equipment": [(tool.id, tool.name) for tool in found.tools.values()],
                "day": [("", _("Department"))],
            }

    def _fill(self, given: dict[str, Any]) -> None:
        today: date = self.app.today()
        self.first.set_value(given.get("first") or today)
        self.last.set_value(given.get("last") or given.get("first") or today)
        self.part.set_value(given.get("part") or "day")
        self.kind.set_value(given.get("kind") or "therapist")
        self._fill_whom(given.get("whom"))

    def _fill_whom(self, value: str | None) -> None:
        known = self.people[self.kind.value() or "therapist"]
        self.whom.box.choices = [(key, name, (name,)) for key, name in known]
        self.whom._fill(None)
        self.whom.setEnabled(self.kind.value() != "day")
        self.whom.set_value(value or known[0][0] if self.kind.value() == "day" else value)

    def _kind_chosen(self) -> None:
        self._fill_whom(None)
        self.kind_changed.emit(self.kind.value() or "therapist")
        self.changed.emit()

    def happening(self) -> Happening | None:
        """Return what was said to have happened; None while something is missing."""
        kind, whom = self.kind.value(), self.whom.value()
        first, last = self.first.value(), self.last.value()
        if not kind or not first or not last or last < first or (kind != "day" and not whom):
            return None
        return Happening(kind, whom or "", first, last, self.part.value() or "day")

    def whom_words(self) -> str:
        """Name whom or what it concerns."""
        return dict(self.people[self.kind.value() or "therapist"]).get(self.whom.value() or "", "")
