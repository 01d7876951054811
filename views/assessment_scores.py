"""The scores of an assessment 评估得分: one line a domain, within its limits, beside the score before."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from models import scales
from models.core.errors import Problem
from models.scales import Result, Scale
from resources import _
from ui.app import App
from ui.editors import Editor
from ui.focus import line_up
from ui.widgets import Section, clear
from views.domain_row import DomainRow, headings


class ScoreSection(Section):
    """The domains of one scale, each with its score.

    Args:
        after: what has the keys before the first score; the lines are made anew with every scale.
    """

    changed = Signal()
    """A score or a goal area was changed."""

    def __init__(self, app: App, after: QWidget) -> None:
        super().__init__(_("Scores"))
        self.app, self.after = app, after
        self.scale: Scale | None = None
        self.rows: list[DomainRow] = []

    def fill(self, scale: Scale | None, scores: dict[str, Any], goals: Sequence[str] = ()) -> None:
        """Show the domains of a scale with these scores."""
        clear(self.body)
        self.scale, self.rows = scale, []
        self.setVisible(scale is not None)
        if scale is None:
            return
        self.body.addLayout(headings(scale))
        for domain in scale.entries:
            line = DomainRow(self.app, scale, domain, goals=scale.formula == "percent_mean")
            line.editor.set_value(scores.get(domain.code))
            if line.goal is not None:
                line.goal.setChecked(domain.code in goals)
                line.goal.toggled.connect(lambda *_args: self.changed.emit())
            line.editor.changed.connect(self.changed)
            line.editor.left.connect(partial(self.check, line))
            self.rows.append(line)
            self.body.addWidget(line)
        line_up(self.after, *self.rows)

    def set_read_only(self, read_only: bool) -> None:
        """Say the scores instead of letting them be typed."""
        for line in self.rows:
            line.set_read_only(read_only)

    # --- what they hold -----------------------------------------------------------------------------

    def scores(self) -> dict[str, Any]:
        """Return the scores typed so far, by domain."""
        found = {line.domain.code: line.editor.value() for line in self.rows}
        return {code: value for code, value in found.items() if value not in (None, "")}

    def goals(self) -> list[str]:
        """Return the goal areas."""
        return [line.domain.code for line in self.rows if line.goal is not None and line.goal.isChecked()]

    def editors(self) -> dict[str, Editor]:
        """Return the editor of each score by the name under which its problems are told."""
        return {_name(line): line.editor for line in self.rows}

    def problems(self) -> list[Problem]:
        """Return which scores lie beyond their limits."""
        return list(scales.score_problems(self.scale, self.scores())) if self.scale else []

    def sound(self) -> dict[str, Any]:
        """Return the scores that lie within their limits: only they are reckoned with."""
        bad = {each.field.removeprefix("scores.") for each in self.problems()}
        return {code: value for code, value in self.scores().items() if code not in bad}

    # --- what stands beside them --------------------------------------------------------------------

    def show_before(self, before: dict[str, Any] | None) -> None:
        """Show the scores of the assessment before."""
        for line in self.rows:
            line.show_before((before or {}).get("scores", {}).get(line.domain.code))

    def show_result(self, result: Result, *, compared: bool) -> None:
        """Show what follows from each score, and its difference where the two assessments may be compared."""
        for line in self.rows:
            line.show_result(result, compared=compared)

    def check(self, line: DomainRow) -> None:
        """Judge a score that was left; one that is still missing is no fault yet."""
        words = next((each.message for each in self.problems() if each.field == _name(line)), "")
        empty = line.editor.value() in (None, "") and not line.editor.problem()
        line.complain("" if empty else line.editor.problem() or words)

    def complain(self, said: dict[str, str]) -> None:
        """Say beneath each score what is wrong with it, and nothing beneath the others."""
        for line in self.rows:
            line.complain(said.get(_name(line), ""))


def _name(line: DomainRow) -> str:
    return f"scores.{line.domain.code}"
