"""What waits 等候: every session without a place, why in words, and the smallest change that would let it in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QStackedWidget, QWidget

from models.rooms import Equipment, Room
from models.scheduling.planning import waiting
from models.scheduling.problem import Task
from models.staff import Staff
from resources import N_, _, ngettext
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.widgets import Button, Chip, EmptyState, Scroll, Skeleton, clear, column, row
from views.planner_look import Scene, task_words

if TYPE_CHECKING:
    from models.scheduling.reasons import Reason
    from models.scheduling.relaxing import Relaxation
    from ui.app import App

PRIORITIES = {3: (N_("urgent"), "danger"), 2: (N_("soon"), "warning"), 1: (N_("ordinary"), "neutral")}
OF_STAFF = frozenset({"hours", "therapist_day", "skill"})
OF_CHILD = frozenset({"child_free", "child_day", "rest", "shorter", "fewer", "barred"})


class Host(Protocol):
    """The page that applies what is chosen here."""

    app: App

    def ease(self, reason: Reason, choice: int) -> None: ...
    def open_child(self, task_id: str) -> None: ...


class WaitingPanel(QWidget):
    """The list of what waits, and below it what is known of the chosen one."""

    def __init__(self, host: Host, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.host = host
        self.scene: Scene | None = None
        self.lines: list[tuple[Task, int]] = []
        self.reasons: Mapping[str, Reason] = {}
        self._told: object = None
        self.stack = QStackedWidget()
        column(self, 0).addWidget(self.stack)
        self.stack.addWidget(
            EmptyState("circle-check", _("Nobody waits"), _("Every session that is wanted has its place."))
        )
        self.stack.addWidget(self._list())

    def _list(self) -> QWidget:
        holder = QWidget()
        lines = column(holder, 2)
        self.head = PlainLabel("", tone="muted", wrap=True)
        lines.addWidget(self.head)
        self.table = RowsTable([_("Who waits"), _("Sessions")], (), (1,), self._open, name=_("Sessions that wait"))
        self.table.narrowest = 60
        self.table.selectionModel().currentRowChanged.connect(lambda *_rows: self._tell())
        lines.addWidget(self.table, 2)
        self.detail = Scroll(2)
        lines.addWidget(self.detail, 3)
        return holder

    def show_waiting(self, scene: Scene, reasons: Mapping[str, Reason]) -> None:
        """Show what waits in a proposal, with the reasons known so far."""
        self.scene, self.reasons = scene, reasons
        chosen = self.chosen()
        self.lines = waiting(scene.sketch.problem, scene.sketch.placements)
        self.stack.setCurrentIndex(1 if self.lines else 0)
        if not self.lines:
            return
        count = scene.sketch.tally
        self.head.setText(_("{wanted} wanted = {placed} placed + {waiting} waiting").format(
            wanted=count.wanted, placed=count.placed, waiting=count.waiting))  # fmt: skip
        rows = [(task_words(task, scene.names), str(number)) for task, number in self.lines]
        if rows != self.table.rows.rows:
            self.table.show_rows(rows)
        keys = [task.id for task, _number in self.lines]
        line = keys.index(chosen) if chosen in keys else 0
        if self.table.currentIndex().row() != line:
            self.table.selectRow(line)
        self._tell()

    def chosen(self) -> str:
        """Return the task that is chosen in the list."""
        line = self.table.currentIndex().row()
        return self.lines[line][0].id if 0 <= line < len(self.lines) else ""

    def _open(self, _line: int) -> None:
        """Enter applies the first suggestion."""
        reason = self.reasons.get(self.chosen())
        if reason is not None and reason.relaxations:
            self.host.ease(reason, 0)

    def _tell(self) -> None:
        """Say of the chosen session why it waits, and what would let it in."""
        task_id = self.chosen()
        reason = self.reasons.get(task_id)
        if self.scene is None or not task_id or self._told == (task_id, id(reason), self.scene.sketch):
            return
        self._told = (task_id, id(reason), self.scene.sketch)
        clear(self.detail.body)
        task, names = self.scene.sketch.problem.tasks[task_id], self.scene.names
        head = row(None, 2)
        head.addWidget(PlainLabel(task_words(task, names), "strong", wrap=True), 1)
        head.addWidget(Chip(_(PRIORITIES[task.priority][0]), PRIORITIES[task.priority][1]))
        self.detail.body.addLayout(head)
        if reason is None:
            self.detail.body.addWidget(PlainLabel(_("Looking for the reason…"), tone="muted"))
            self.detail.body.addWidget(Skeleton(2))
        else:
            self.detail.body.addWidget(
                PlainLabel(reason.words(names, self.scene.sketch.problem.grid), wrap=True, selectable=True)
            )
            self._suggest(task, reason)
        foot = row(None, 2)
        foot.addWidget(
            Button(_("Open the child's file"), "user-round", "quiet", partial(self.host.open_child, task_id))
        )
        foot.addStretch(1)
        self.detail.body.addLayout(foot)
        self.detail.body.addStretch(1)

    def _suggest(self, task: Task, reason: Reason) -> None:
        assert self.scene is not None
        if not reason.relaxations:
            return
        said = reason.suggestions(self.scene.sketch.problem, self.scene.names)
        count = len(said)
        self.detail.body.addWidget(
            PlainLabel(ngettext("What would let it in", "What would let it in", count), "caption", tone="muted")
        )
        for index, relaxation in enumerate(reason.relaxations):
            self.detail.body.addWidget(PlainLabel(said[index], wrap=True))
            line = row(None, 2)
            line.addWidget(Button(_("Apply to this plan"), "check", "normal", partial(self.host.ease, reason, index)))
            mend = self._mend(task, relaxation)
            if mend is not None:
                line.addWidget(mend)
            line.addStretch(1)
            self.detail.body.addLayout(line)

    def _mend(self, task: Task, relaxation: Relaxation) -> Button | None:
        """Offer to change for good what would be changed in this plan, where it is a thing in the program."""
        if not relaxation.changes:
            return None
        change, app = relaxation.changes[0], self.host.app
        if change.code in OF_STAFF and app.may("read", Staff):
            return Button(_("Working hours…"), kind="link", on_click=lambda: app.open_record(Staff, change.whom))
        if change.code == "resource":
            return Button(_("Rooms…"), kind="link", on_click=lambda: app.go(f"records.{_kind(change.whom).__name__}"))
        if change.code in OF_CHILD:
            return Button(_("Rehabilitation plan…"), kind="link", on_click=partial(self.host.open_child, task.id))
        return None


def _kind(resource: str) -> type:
    return Equipment if resource.startswith("equipment") else Room
