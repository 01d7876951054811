"""The overview of a child 概览: key facts, what is to be done now, the last of every kind, what happened lately."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from models import belongings, timeline
from models import child_file as files
from models.child import Child
from models.core.record import record_type
from models.reminders import Due
from resources import _
from ui.app import App
from ui.pages import AREAS, ChildTab
from ui.text import ElidedLabel, PlainLabel
from ui.theme import space, theme
from ui.widgets import Button, Card, Chip, Clickable, Scroll, Sides, Skeleton, Symbol, area_tint, clear, row

SHOWN_DUES, SHOWN_RECENT = 8, 8
"""Below this width the two columns stand one above the other."""


class OverviewTab(ChildTab):
    """Everything that is worth knowing before a day with this child begins."""

    def __init__(self, app: App, file: Any) -> None:
        super().__init__(app)
        self.file = file
        with app.read() as work:
            self.watched = (Child, *timeline.kinds(work))
        self.sheet = Scroll(3)
        self.column(0).addWidget(self.sheet)
        self.facts, self.due = Card(_("Key facts")), Card(_("To do now"), gap=0)
        self.measures = Card(_("Last measurement"), gap=1)
        self.latest, self.recent = Card(_("Last of every kind"), gap=0), Card(_("Lately"), gap=0)
        self.sheet.body.addWidget(Sides((self.facts, self.latest), (self.due, self.measures, self.recent)))
        self.sheet.body.addStretch(1)

    def show_child(self, child_id: str) -> None:
        with self.app.read() as work:
            facts = files.facts(work, child_id)
            siblings = belongings.siblings_of(work, child_id) if self.app.may("read", "Sibling") else []
            latest, recent = timeline.glance(work, child_id, until=work.today, recent=SHOWN_RECENT)
            measured_on, measures = files.last_measures(work, child_id)
        self._show_facts(facts, siblings)
        self._show_measures(measured_on, measures)
        others = [entry for entry in latest if entry.area != "child"]
        order = list(AREAS)
        self._show_entries(self.latest, sorted(others, key=lambda entry: order.index(entry.area)), by_area=True)
        self._show_entries(self.recent, recent, by_area=False)
        self.recent.body.addWidget(
            Button(_("The whole timeline"), "arrow-right", "link", partial(self.file.show_tab, "timeline")),
            0, Qt.AlignmentFlag.AlignLeft,
        )  # fmt: skip
        self._ask_due(child_id)

    # --- facts ---

    def _show_facts(self, facts: Sequence[tuple[str, str]], siblings: Sequence[tuple[str, str, str, str]]) -> None:
        clear(self.facts.body)
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(4))
        grid.setVerticalSpacing(space(1) + 2)
        grid.setColumnStretch(1, 1)
        for index, (label, words) in enumerate(facts):
            grid.addWidget(PlainLabel(label, tone="muted"), index, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(PlainLabel(words, wrap=True, selectable=True), index, 1)
        for index, (relation, name, other, lives) in enumerate(siblings, start=len(facts)):
            grid.addWidget(PlainLabel(relation, tone="muted"), index, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._sibling(name, other, lives), index, 1, Qt.AlignmentFlag.AlignLeft)
        self.facts.body.addLayout(grid)

    def _sibling(self, name: str, other: str, lives: str) -> QWidget:
        if other:
            return Button(name, None, "link", partial(self.app.open_child, other))
        return PlainLabel(" · ".join(each for each in (name, lives) if each), wrap=True)

    # --- measurements ---

    def _show_measures(self, day: date | None, measures: Sequence[files.Measure]) -> None:
        self.measures.setVisible(bool(measures))
        clear(self.measures.body)
        if day is None:
            return
        self.measures.title.setText(_("Measured on {day}").format(day=day))
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(3))
        grid.setVerticalSpacing(space(1) + 2)
        grid.setColumnStretch(3, 1)
        for index, each in enumerate(measures):
            grid.addWidget(PlainLabel(each.label, tone="muted"), index, 0)
            grid.addWidget(PlainLabel(each.value, "number"), index, 1)
            grid.addWidget(PlainLabel(each.change, "caption"), index, 2, Qt.AlignmentFlag.AlignRight)
            if each.level or each.remark:
                said = " · ".join(words for words in (each.level, each.remark) if words)
                grid.addWidget(PlainLabel(said, tone="warning" if each.remark else "", wrap=True), index, 3)
        self.measures.body.addLayout(grid)

    # --- what is due ---

    def _ask_due(self, child_id: str) -> None:
        """Ask all areas beside the window: the file is read meanwhile."""
        clear(self.due.body)
        self.due.body.addWidget(Skeleton(3))

        def ask(progress: Any, cancelled: Any) -> list[Due]:
            with self.app.read() as work:
                return files.due_for(work, child_id)

        def show(found: list[Due]) -> None:
            if child_id == self.child_id:
                self._show_due(found)

        self.app.tasks.run(ask, show)

    def _show_due(self, found: Sequence[Due]) -> None:
        clear(self.due.body)
        for due in found[:SHOWN_DUES]:
            self.due.body.addWidget(self._due_line(due))
        if len(found) > SHOWN_DUES:
            self.due.body.addWidget(PlainLabel(_("and {n} more on Today").format(n=len(found) - SHOWN_DUES), "caption"))
        if not found:
            self.due.body.addWidget(PlainLabel(_("Nothing is due."), tone="muted"))

    def _due_line(self, due: Due) -> QWidget:
        words, tone = due_words(due, self.app.now())
        line = Clickable(f"{due.text} {words}", partial(self._go, due))
        parts = row(line, 2)
        parts.setContentsMargins(0, space(1), 0, space(1))
        parts.addWidget(_symbol(due.area))
        parts.addWidget(ElidedLabel(due.text), 1)
        if words:
            parts.addWidget(Chip(words, tone))
        return line

    def _go(self, due: Due) -> None:
        self.app.go(due.page, **due.target)

    # --- what was ---

    def _show_entries(self, card: Card, entries: Sequence[timeline.Entry], *, by_area: bool) -> None:
        clear(card.body)
        for entry in entries:
            card.body.addWidget(self._entry_line(entry, by_area=by_area))
        if not entries:
            card.body.addWidget(PlainLabel(_("Nothing is recorded yet."), tone="muted"))

    def _entry_line(self, entry: timeline.Entry, *, by_area: bool) -> QWidget:
        title, summary = _(entry.title), entry.summary
        said = " · ".join(each for each in (title, summary if summary != title else "", timeline.more(entry)) if each)
        day = entry.when.strftime("%Y-%m-%d" if by_area else "%m-%d")
        line = Clickable(f"{day} {said}", partial(self.app.open_record, record_type(entry.type_name), entry.record_id))
        parts = row(line, 2)
        parts.setContentsMargins(0, space(1), 0, space(1))
        parts.addWidget(_symbol(entry.area))
        parts.addWidget(ElidedLabel(said), 1)
        when = PlainLabel(day, "caption")
        when.setMinimumWidth(theme.size(44))
        parts.addWidget(when)
        return line


def _symbol(area: str) -> QWidget:
    known = AREAS.get(area)
    return Symbol(known.icon if known else "circle", area_tint(area))


def due_words(due: Due, now: Any) -> tuple[str, str]:
    """Say how far away a day is, and in which tone: overdue, today, tomorrow, or the day itself."""
    if due.due is None:
        return "", "neutral"
    day = due.due.date() if hasattr(due.due, "date") else due.due
    days = (day - now.date()).days
    if due.overdue(now):
        return (_("{n} days late").format(n=-days), "danger") if days < 0 else (_("late"), "danger")
    if days == 0:
        return _("Today"), "warning"
    if days == 1:
        return _("tomorrow"), "warning"
    return day.isoformat(), "neutral"
