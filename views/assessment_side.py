"""Beside an assessment 评估对照: what its scores come to, how they stand to the last ones, and the course so far."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from models import scales
from models.child import Child
from models.core.queries import values as record_values
from models.measurement import course, differ
from models.rehabilitation_file import previous
from models.scales import Scale, evaluate
from resources import _
from ui.app import App
from ui.text import PlainLabel
from ui.widgets import Scroll
from views.assessment_course import CourseCard
from views.assessment_result import ResultCard, about
from views.assessment_scores import ScoreSection


class AssessmentSide(Scroll):
    """Result and course beside the scores.

    Args:
        scores: whose scores are judged, and get the scores before beside them.
        on_open: called with the id of an assessment that is chosen in the course.
    """

    def __init__(self, app: App, scores: ScoreSection, on_open: Callable[[str], Any]) -> None:
        super().__init__(3)
        self.app, self.scores = app, scores
        self.born_on: date | None = None
        self.before: dict[str, Any] | None = None
        self.card = ResultCard()
        self.course = CourseCard(on_open)
        self.about = PlainLabel("", "caption", wrap=True)
        for part in (self.card, self.course, self.about):
            self.body.addWidget(part)
        self.body.addStretch(1)

    def tell_of(self, scale: Scale | None) -> None:
        """Say what a reader should know of a scale."""
        self.about.setText(about(scale) if scale else _("Choose a child and a scale."))

    def read_child(self, child_id: str) -> None:
        """Read from when on the age of a child counts."""
        self.born_on = None
        if child_id:
            with self.app.read() as work:
                self.born_on = record_values(work, Child, child_id)["born_on"]

    def look_before(self, child_id: str, day: date | None, record_id: str) -> None:
        """Fetch the last assessment with this scale and the course, to stand beside this one."""
        self.before, lines = None, []
        scale = self.scores.scale
        if child_id and scale and day:
            with self.app.read() as work:
                self.before = previous(work, child_id, scale.code, day, record_id or None)
                lines = course(work, child_id, scale.code)
        self.course.show_course(lines, record_id)
        self.scores.show_before(self.before)

    def judge(self, day: date | None, version: str, aids: str | None) -> None:
        """Show what follows from the scores typed so far."""
        scale = self.scores.scale
        self.card.setVisible(scale is not None)
        if scale is None:
            return
        good = self.scores.sound()
        months = scales.age_in_months(self.born_on, day) if self.born_on and day and day >= self.born_on else None
        result = evaluate(scale, good, months, self.scores.goals())
        apart = differ((self.before or {}).get("scale_version"), version)
        self.scores.show_result(result, compared=not apart)
        self.card.show_result(scale, result, good, months, self.before, version, aids)
