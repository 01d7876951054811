"""What each rating means 目标达成评分说明: the five levels of goal attainment of one goal, in words."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QWidget

from models.core import records
from models.core.errors import Refused
from models.rehabilitation import GAS, RehabilitationGoal
from models.rehabilitation_file import GoalLine
from resources import _
from ui.app import App
from ui.dialog import Dialog, Line


class GasLevelsDialog(Dialog):
    """Five lines, from much less to much more than expected; the baseline and the criterion are proposed."""

    def __init__(self, app: App, goal: GoalLine, parent: QWidget | None, *, editable: bool = True) -> None:
        super().__init__(_("What each rating means"), goal.text, parent, width=620)
        self.app, self.goal = app, goal
        known = dict(goal.gas_levels)
        proposed = {"-2": goal.baseline, "0": goal.criterion}
        self.lines: dict[str, QLineEdit] = {}
        for code in GAS:
            edit = QLineEdit(known.get(code.code) or proposed.get(code.code, ""))
            edit.setMaxLength(200)
            edit.setReadOnly(not editable)
            self.body.addWidget(Line(str(code), edit))
            self.lines[code.code] = edit
        if editable:
            self.offer(_("Save"), self.save)

    def levels(self) -> dict[str, str]:
        """Return the words by rating; ratings without words are left out."""
        return {code: words for code, line in self.lines.items() if (words := line.text().strip())}

    def save(self) -> None:
        """Keep the words with the goal."""
        try:
            with self.app.work() as work:
                values = {"gas_levels": self.levels() or None}
                records.save(work, RehabilitationGoal, values, id=self.goal.id, confirmed=True)
        except Refused as refusal:
            self.app.show_error(refusal)
            return
        self.accept()
