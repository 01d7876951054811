"""The timeline of a child 时间线: everything that was ever recorded, narrowed by area and by day."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QCheckBox, QComboBox

from models import timeline
from models.core.record import record_type
from resources import _, ngettext
from ui.app import App
from ui.pages import AREAS, ChildTab
from ui.text import PlainLabel
from ui.timeline import Entry, Timeline
from ui.widgets import EmptyState, Toolbar

PAGE = 80


class TimelineTab(ChildTab):
    """Everything of one child, the latest first; further pages come as one scrolls."""

    def __init__(self, app: App) -> None:
        super().__init__(app)
        with app.read() as work:
            self.watched = tuple(timeline.kinds(work))
            areas = timeline.areas_of(work)
        self._offset, self._whole = 0, 0
        self._entries: list[timeline.Entry] = []
        lines = self.column(2)
        self.area = QComboBox()
        self.area.setAccessibleName(_("Area"))
        self.area.addItem(_("All areas"), "")
        for key in (key for key in AREAS if key in areas):
            self.area.addItem(AREAS[key].title, key)
        self.routine = QCheckBox(_("Daily entries as well"))
        self.routine.setToolTip(_("Nursing records, doses and the like"))
        self.planned = QCheckBox(_("What is planned as well"))
        self.count = PlainLabel("", "caption")
        bar = Toolbar(self.area, self.routine, self.planned)
        bar.stretch()
        bar.add(self.count)
        lines.addWidget(bar)
        self.list = Timeline()
        self.nothing = EmptyState("history", _("Nothing is recorded yet."))
        lines.addWidget(self.list, 1)
        lines.addWidget(self.nothing, 1)
        self.area.currentIndexChanged.connect(lambda _index: self._again())
        for box in (self.routine, self.planned):
            box.toggled.connect(lambda _on: self._again())
        self.list.opened.connect(lambda entry: app.open_record(*entry.key))
        self.list.verticalScrollBar().valueChanged.connect(self._scrolled)

    def show_child(self, child_id: str) -> None:
        self.child_id = child_id
        self._again()

    def _again(self) -> None:
        self._entries, self._offset = [], 0
        with self.app.read() as work:
            self._whole = timeline.number_of_entries(work, self.child_id, **self._wanted())
        self._more()

    def _wanted(self) -> dict[str, Any]:
        chosen = self.area.currentData()
        return {
            "areas": [chosen] if chosen else [], "routine": self.routine.isChecked(),
            "until": None if self.planned.isChecked() else self.app.today(),
        }  # fmt: skip

    def _more(self) -> None:
        with self.app.read() as work:
            found = timeline.entries(work, self.child_id, **self._wanted(), offset=self._offset, limit=PAGE)
        self._offset += len(found)
        self._entries += found
        self.list.show_entries([_drawn(entry) for entry in timeline.folded(self._entries)])
        self.count.setText(ngettext("{n} entry", "{n} entries", self._whole).format(n=f"{self._whole:,}"))
        self.list.setVisible(bool(self._entries))
        self.nothing.setVisible(not self._entries)

    def _scrolled(self, value: int) -> None:
        bar = self.list.verticalScrollBar()
        if self._offset < self._whole and value >= bar.maximum() - bar.pageStep():
            self._more()
            bar.setValue(value)


def _drawn(entry: timeline.Entry) -> Entry:
    title = _(entry.title)
    text = entry.summary if entry.summary != title else ""
    more = timeline.more(entry)
    return Entry(
        at=entry.when if entry.timed else entry.when.date(), area=entry.area, title=title,
        text=" · ".join(each for each in (text, more) if each), state=entry.state,
        key=(record_type(entry.type_name), entry.record_id),
    )  # fmt: skip
