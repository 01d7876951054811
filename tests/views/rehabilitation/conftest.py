"""A child in rehabilitation, and the screens that tell of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QApplication

from models.child import Child
from models.core import queries, records
from models.core.access import SYSTEM
from models.education import IepGoal, Schooling
from models.rehabilitation import Assessment, PlannedTherapy, RehabilitationGoal, RehabilitationPlan
from tests.conftest import actor
from tests.ui.conftest import make_app
from ui.text import PlainLabel
from views.assessment import AssessmentPage


@pytest.fixture
def child(sqlite_database) -> SimpleNamespace:
    """A child with a plan, one rated goal, one assessment, a school and an IEP goal."""
    with sqlite_database.work(SYSTEM) as work:
        key = records.save(
            work, Child, {"name": "曾小乐", "number": "2020-001", "sex": "1", "born_on": date(2020, 1, 1)}
        )
        plan = records.save(work, RehabilitationPlan, {
            "child_id": key, "starts_on": date(2026, 9, 1), "ends_on": date(2027, 2, 28), "review_on": date(2026, 11, 1),
            "findings": "独坐不稳", "contraindications": ["epilepsy"],
        })  # fmt: skip
        goal = records.save(work, RehabilitationGoal, {
            "child_id": key, "plan_id": plan, "term": "short", "text": "扶站10秒", "baseline": "3秒", "criterion": "5次中4次",
            "due_on": date(2026, 12, 1), "first_rating": "-2", "rating": "-1", "rated_on": date(2026, 10, 1),
        })  # fmt: skip
        records.save(work, PlannedTherapy, {"child_id": key, "plan_id": plan, "therapy": "PT", "sessions_a_week": 3,
                                            "minutes": 30, "form": "single"})  # fmt: skip
        records.take_step(work, RehabilitationPlan, plan, "submit")
        records.save(work, Assessment, {"child_id": key, "scale": "GMFM88", "kind": "initial", "assessed_on": date(2026, 8, 1),
                                        "scores": {"A": 40, "B": 30, "C": 21, "D": 0, "E": 0}})  # fmt: skip
        records.save(work, Schooling, {"child_id": key, "school": "市特殊教育学校", "stage": "51", "kind": "special",
                                       "starts_on": date(2026, 9, 1)})  # fmt: skip
        iep = records.save(work, IepGoal, {"child_id": key, "domain": "language", "term": "annual", "text": "用图片表达需要",
                           "present_level": "用哭表达", "criterion": "每天3次", "starts_on": date(2026, 9, 1),
                           "due_on": date(2027, 7, 1)})  # fmt: skip
    return SimpleNamespace(database=sqlite_database, id=key, plan=plan, goal=goal, iep=iep)


@pytest.fixture
def app(child, qtbot) -> Iterator:
    made = make_app(child.database, actor("director", name="王院长"))
    yield made
    made.close()


@pytest.fixture
def assessment(app, child, qtbot) -> AssessmentPage:
    page = AssessmentPage(app)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    page.open(child_id=child.id)
    return page


def texts(widget) -> list[str]:
    QApplication.processEvents()  # What was just laid out becomes visible with the next event.
    return [label.text() for label in widget.findChildren(PlainLabel) if label.isVisibleTo(widget)]


def type_scores(page: AssessmentPage, *scores: float) -> None:
    for line, score in zip(page.scores.rows, scores, strict=False):
        line.editor.set_value(score)
    page.judge()


def all_of(child, kind) -> list[dict]:
    with child.database.read(SYSTEM) as work:
        return [queries.values(work, kind, each.id) for each in queries.rows(work, kind)]
