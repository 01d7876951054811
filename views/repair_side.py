"""The options of one hit session 调课方案: what can be done for it, best first, and what else moves for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from models.scheduling.reason_words import Speaker, move_words
from models.therapies import short_name
from resources import _
from ui.text import PlainLabel
from ui.theme import space, theme
from ui.widgets import Banner, Clickable, KeyHint, Scroll, Symbol, clear, column, row
from views.planner_look import when_words

if TYPE_CHECKING:
    from models.scheduling.mending import Mending
    from models.scheduling.problem import Placement
    from models.scheduling.repair import Option
    from models.scheduling.timetable import Move

Choose = Callable[["Mending", int, "Option"], None]


def who_words(week: Mending, placement: Placement) -> str:
    """Name whose session it is and what it is, also of those that were booked beside the plan."""
    gathered = week.gathered
    sitting = gathered.sittings[gathered.session_of[placement]]
    names = [gathered.names.get(child, _("another child")) for child in sitting.children]
    who = _(", ").join(names[:2])
    if len(names) > 2:
        who = _("{first} and {n} more").format(first=who, n=len(names) - 2)
    return f"{who} · {short_name(sitting.therapy)}"


def hit_words(week: Mending, index: int) -> str:
    """Name a hit session: whose and what, or the one child that misses its group."""
    struck = week.plan.hits[index]
    if not struck.child:
        return who_words(week, struck.placement)
    name = week.gathered.names.get(struck.child) or _("another child")
    return f"{name} · {short_name(week.plan.problem.tasks[struck.placement.task].therapy)}"


def done_words(week: Mending, option: Option) -> str:
    """Say shortly what is done: the new day and time, the therapist where it is another, or that it is made up."""
    gathered = week.gathered
    if option.place is None:
        return _("made up later")
    when = when_words(gathered.problem, gathered.monday, option.place)
    who = gathered.names.get(option.place.therapist, "") if option.place.therapist != option.old.therapist else ""
    group = _("into a group") if option.kind == "group" else ""
    return " ".join(filter(None, ("→", group, when, who)))


class OptionsPanel(Scroll):
    """What can be done for the current session; a click or its number takes an option."""

    def __init__(self, choose: Choose) -> None:
        super().__init__(2)
        self.setFixedWidth(theme.size(350))
        self.take = choose

    def show_hit(self, week: Mending, index: int) -> None:
        """Show the options of one hit session."""
        self.show_nothing()
        outcome = week.outcome()
        self.body.addWidget(PlainLabel(hit_words(week, index), "heading", wrap=True))
        taken: QWidget | None = None
        for number, option in enumerate(week.options(index), 1):
            shown = self._option(week, index, number, option)
            self.body.addWidget(shown)
            taken = shown if week.choices[index] == option else taken
        if index in outcome.clashes:
            text = _("This does not go together with another choice. Please choose otherwise here or there.")
            self.body.addWidget(Banner(text, "danger"))
        if outcome.moves:
            self._tell_moves(week, outcome.moves)
        self.body.addStretch(1)
        if taken is not None:
            QTimer.singleShot(0, taken, lambda: self.ensureWidgetVisible(taken, 0, space(2)))

    def show_nothing(self) -> None:
        """Show no session."""
        clear(self.body)

    def _option(self, week: Mending, index: int, number: int, option: Option) -> QWidget:
        taken = week.choices[index] == option
        words = option.words(week.plan.problem, week.gathered.names)
        holder = Clickable(words, partial(self.take, week, index, option))
        line = row(holder, 2, 1)
        top = Qt.AlignmentFlag.AlignTop
        line.addWidget(Symbol("circle-dot" if taken else "circle", "accent" if taken else "muted"), 0, top)
        text = column(None, 0)
        text.addWidget(PlainLabel(words, "strong" if taken else "body", wrap=True))
        if option == week.best[index]:
            text.addWidget(PlainLabel(_("part of the best repair of all"), "caption", tone="good"))
        line.addLayout(text, 1)
        line.addWidget(KeyHint(str(number)), 0, top)
        return holder

    def _tell_moves(self, week: Mending, moves: Iterable[Move]) -> None:
        problem = week.plan.problem
        self.body.addWidget(PlainLabel(_("What else moves"), "caption", tone="muted"))
        speaker = Speaker(week.gathered.names, problem.grid)
        for each in moves:
            line = row(None, 2)
            line.addWidget(Symbol("arrow-left-right", "warning"), 0, Qt.AlignmentFlag.AlignTop)
            line.addWidget(PlainLabel(move_words(each, problem, speaker), wrap=True), 1)
            self.body.addLayout(line)
