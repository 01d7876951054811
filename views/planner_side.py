"""Beside the plan 排课侧栏: what goes in, what is to be looked at first, and what has changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from models.scheduling.planning import Intake
from models.scheduling.problem import Placement
from models.therapies import short_name
from resources import _, ngettext
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.widgets import Banner, Button, Scroll, Symbol, clear, column, row
from views.planner_look import Scene, children_words, hours, key_of, when_words


@dataclass(frozen=True)
class Concern:
    """One thing to be looked at before the week is planned, and the way to mend it."""

    words: str
    link: str = ""
    act: Callable[[], object] | None = None
    tone: str = "warning"


class IntakePanel(Scroll):
    """What goes into the plan, and what is to be mended first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(3, parent)

    def show_intake(self, given: Intake, facts: Sequence[str], concerns: Sequence[Concern]) -> None:
        """Show the numbers, the week's particulars, and the concerns with their links."""
        clear(self.body)
        for number, words in _numbers(given):
            line = row(None, 2)
            line.addWidget(PlainLabel(words, tone="muted", wrap=True), 1)
            line.addWidget(PlainLabel(number, "strong"))
            self.body.addLayout(line)
        if given.load > 100:
            text = _("More is prescribed than the therapists have time for; some of it will wait.")
            self.body.addWidget(Banner(text, "warning"))
        for words in facts:
            line = row(None, 2)
            line.addWidget(Symbol("info", "info"))
            line.addWidget(PlainLabel(words, wrap=True), 1)
            self.body.addLayout(line)
        if concerns:
            words = ngettext("{n} thing to look at", "{n} things to look at", len(concerns))
            self.body.addWidget(PlainLabel(words.format(n=len(concerns)), "heading"))
        for concern in concerns:
            self.body.addWidget(_concern(concern))
        self.body.addStretch(1)


def _numbers(given: Intake) -> list[tuple[str, str]]:
    return [
        (str(given.children), _("Children")),
        (str(given.tasks), _("Prescriptions and groups")),
        (str(given.wanted), _("Sessions wanted")),
        (str(given.therapists), _("Therapists there")),
        (hours(given.minutes_there), _("Hours they can treat")),
        (f"{hours(given.minutes_wanted)} · {given.load:.0f} %", _("Hours wanted")),
        (str(given.locked), _("Locked or already attended")),
    ]


def _concern(concern: Concern) -> QWidget:
    holder = QWidget()
    lines = column(holder, 0)
    line = row(None, 2)
    line.addWidget(Symbol("triangle-alert" if concern.tone == "warning" else "info", concern.tone))
    line.addWidget(PlainLabel(concern.words, wrap=True), 1)
    lines.addLayout(line)
    if concern.act is not None:
        foot = row(None, 2)
        foot.addSpacing(Symbol("info").width())
        foot.addWidget(Button(concern.link, kind="link", on_click=concern.act))
        foot.addStretch(1)
        lines.addLayout(foot)
    return holder


class ChangesPanel(QWidget):
    """Every session that is not as it was: new, moved, or gone."""

    def __init__(self, on_open: Callable[[str], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys: list[str] = []
        lines = column(self, 2)
        self.head = PlainLabel("", tone="muted", wrap=True)
        lines.addWidget(self.head)
        self.table = RowsTable(
            [_("Child"), _("What")], (), on_open=lambda line: on_open(self._keys[line]), name=_("Changes"), wrap=True
        )
        self.table.narrowest = 90
        lines.addWidget(self.table, 1)

    def show_scene(self, scene: Scene) -> None:
        """Show how a proposal differs from the week as it stands."""
        found = change_lines(scene)
        self._keys = [key for key, _cells in found]
        changes = scene.sketch.changes
        parts = [
            ngettext("{n} new", "{n} new", len(changes.new)).format(n=len(changes.new)),
            ngettext("{n} moved", "{n} moved", len(changes.moved)).format(n=len(changes.moved)),
            ngettext("{n} taken out", "{n} taken out", len(changes.gone)).format(n=len(changes.gone)),
            ngettext("{n} as before", "{n} as before", len(changes.kept)).format(n=len(changes.kept)),
        ]
        self.head.setText(_(" · ").join(parts))
        self.table.show_rows([cells for _key, cells in found])


def moved_words(scene: Scene, was: Placement, now: Placement) -> str:
    """Say what of a session is otherwise: the day, the time, who treats — and nothing that is not."""
    problem, names = scene.sketch.problem, scene.names
    before = after = when_words(problem, scene.monday, was)
    if (was.day, was.start) != (now.day, now.start):
        same_day = was.day == now.day
        after = problem.grid.clock(now.start) if same_day else when_words(problem, scene.monday, now)
    if was.therapist == now.therapist:
        return _("{was} → {now}").format(was=before, now=after)
    therapist = names.get(now.therapist, "")
    after = therapist if after == before else f"{after} {therapist}"
    return _("{was} → {now}").format(was=f"{before} {names.get(was.therapist, '')}", now=after)


def change_lines(scene: Scene) -> list[tuple[str, tuple[str, ...]]]:
    """Return (key of the session, cells) of every change, by child."""
    sketch, names = scene.sketch, scene.names
    problem, tasks = sketch.problem, sketch.problem.tasks

    def who(task_id: str) -> str:
        return f"{children_words(tasks[task_id], names)} {short_name(tasks[task_id].therapy)}"

    def when(placement: Placement) -> str:
        return when_words(problem, scene.monday, placement)

    found = [(key_of(now), (who(now.task), moved_words(scene, was, now))) for now, was in sketch.changes.moved.items()]
    found += [(key_of(each), (who(each.task), _("new {when}").format(when=when(each)))) for each in sketch.changes.new]
    found += [
        ("", (who(each.task), _("taken out, was {when}").format(when=when(each))))
        for each in sketch.changes.gone
        if each.task in tasks
    ]
    return sorted(found, key=lambda pair: pair[1])
