"""The scores of an assessment, each beside its limits and the score before."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from models.measurement import CourseLine
from tests.views.rehabilitation.conftest import type_scores
from ui.table import RowsTable


def test_the_screen_proposes_the_last_scale_and_shows_the_last_scores(assessment):
    assert assessment.fields.scale.value() == "GMFM88"
    assert [line.before.text() for line in assessment.scores.rows] == ["40", "30", "21", "0", "0"]


def test_the_result_grows_while_typing(assessment):
    type_scores(assessment, 45, 40)
    assert [line.derived.text() for line in assessment.scores.rows[:3]] == ["88.2%", "66.7%", ""]
    assert [line.change.text() for line in assessment.scores.rows[:2]] == [
        "+5",
        "+10",
    ] and assessment.side.card.total.text() == "–"
    type_scores(assessment, 45, 40, 21, 13, 18)
    assert assessment.side.card.total.text() == "52.6%"
    assert assessment.side.card.against.text() == "2026-08-01: 35.7 → 52.6 (+16.9 better)"


def test_a_score_beyond_the_limit_is_said_beside_it_and_not_reckoned_with(assessment):
    type_scores(assessment, 99, 40)
    assessment.scores.check(assessment.scores.rows[0])
    assert (
        assessment.scores.rows[0].wrong.text() == "Between 0 and 51." and assessment.scores.rows[0].derived.text() == ""
    )


@pytest.mark.parametrize("scale", ["GMFM88", "GMFCS_ER"])
def test_tab_goes_from_the_head_through_every_score_to_the_findings(assessment, qtbot, scale):
    assessment.fields.scale.set_value(scale)
    assessment._fill_scores({}, ())
    QApplication.processEvents()
    assessment.fields.assessor.setFocus()
    passed = []
    while not assessment.fields.editors["conclusion"].isAncestorOf(assessment.focusWidget()) and len(passed) < 40:
        qtbot.keyClick(assessment.focusWidget(), Qt.Key.Key_Tab)
        passed.append(assessment.focusWidget())
    for line in assessment.scores.rows:
        assert any(line.editor is each or line.editor.isAncestorOf(each) for each in passed), passed
    assert len(passed) < 20, passed


def test_going_through_the_scales_by_keys_keeps_the_keys_there(assessment, qtbot):
    assessment.open(new=True)
    assessment.fields.scale.setFocus()
    seen = {assessment.fields.scale.value()}
    for _press in range(3):
        qtbot.keyClick(assessment.focusWidget(), Qt.Key.Key_Down)
        seen.add(assessment.fields.scale.value())
    assert len(seen) == 4


@pytest.mark.parametrize(
    "scale", ["S_S", "MAS", "CARS", "ERXIN2", "GESELL_BJ", "PDMS2", "WEEFIM", "GMFCS_ER", "SNAP4_26", "COPM"]
)
def test_every_kind_of_scale_has_its_boxes(assessment, scale):
    assessment.fields.scale.set_value(scale)
    assessment._scale_changed()
    assert assessment.scores.rows and all(line.editor.accessibleName() for line in assessment.scores.rows)
    assert not assessment.grab().isNull()


def test_aids_are_asked_for_only_where_a_scale_is_made_with_or_without_them(assessment):
    cell = assessment.fields.halves["aids"]
    assert cell.isVisibleTo(assessment)
    assessment.fields.scale.set_value("CARS")
    assessment._scale_changed()
    assert not cell.isVisibleTo(assessment)


@pytest.mark.parametrize(("later", "columns"), [("2013", 3), ("2023", 4)])
def test_the_course_names_versions_only_where_they_differ(assessment, later, columns):
    course = assessment.side.course
    days = ((date(2025, 8, 1), "2013"), (date(2026, 8, 1), later))
    lines = [CourseLine(day.isoformat(), day, version, None, "", 40, None, {}, None) for day, version in days]
    course.show_course(lines, "")
    table = course.holder.itemAt(course.holder.count() - 1).widget()
    assert isinstance(table, RowsTable) and table.model().columnCount() == columns
