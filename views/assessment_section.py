"""Assessments in the child's file 康复评估列表: the course of the scales used most, and each assessment beside the one before."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from models.rehabilitation import ASSESSMENT_KINDS, Assessment
from models.rehabilitation_file import AssessmentLine, trends
from models.scales import SCALES
from resources import _
from ui.app import App
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.theme import space, theme
from ui.trend import TrendLine
from ui.widgets import Button, Card, Flow, Section

SHOWN = 12
"""So many assessments are listed."""


class AssessmentSection(Section):
    """Trends of the scales, and the last assessments."""

    def __init__(self, app: App, child_id: str, lines: Sequence[AssessmentLine]) -> None:
        super().__init__(_("Assessments"))
        self.app, self.child_id, self.lines = app, child_id, lines
        if app.may("create", Assessment):
            self.tools.addWidget(Button(_("Assess"), "clipboard-check", on_click=self.assess))
        if not lines:
            self.body.addWidget(PlainLabel(_("Not assessed yet."), tone="muted"))
            return
        self._trends()
        self.body.addWidget(self._table())

    def _trends(self) -> None:
        holder = QWidget()
        flow = Flow(holder, 3)
        for trend in trends(self.lines)[:3]:
            card = Card(SCALES.label(trend.scale), margin=3, gap=1)
            card.setFixedWidth(theme.size(260))
            card.body.addWidget(TrendLine(trend.points))
            flow.addWidget(card)
        if flow.count():
            self.body.addWidget(holder)
        else:
            holder.deleteLater()

    def _table(self) -> RowsTable:
        rows = [
            (each.assessed_on.isoformat(), SCALES.label(each.scale), ASSESSMENT_KINDS.label(each.kind), each.value,
             change_words(each), each.assessor)
            for each in self.lines[:SHOWN]
        ]  # fmt: skip
        heads = [_("Date"), _("Scale"), _("Assessment stage"), _("Result"), _("Difference"), _("Assessor")]
        table = RowsTable(heads, rows, (4,), self._open)
        table.setFixedHeight(theme.size(34) + theme.size(30) * len(rows) + space(2))
        return table

    def _open(self, index: int) -> None:
        self.app.open_record(Assessment, self.lines[index].id)

    def assess(self) -> None:
        """Begin an assessment of the child."""
        self.app.new_record(Assessment, child_id=self.child_id)


def change_words(line: AssessmentLine) -> str:
    """Say the difference to the assessment before; nothing where it was made with another version."""
    if line.other_version:
        return _("other version")
    word = {True: _("better"), False: _("worse"), None: ""}[line.better]
    return " ".join(filter(None, (line.change, word)))
