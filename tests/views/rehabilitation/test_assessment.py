"""Entering an assessment: what is missing, what is kept, where the keys go."""

from __future__ import annotations

from datetime import date

from models.rehabilitation import Assessment
from tests.views.rehabilitation.conftest import all_of, type_scores


def test_saving_refuses_at_the_box_and_keeps_what_was_typed(assessment, child):
    type_scores(assessment, 99, 40, 21, 13, 18)
    assessment.save()
    assert (
        assessment.scores.rows[0].wrong.text() == "Between 0 and 51." and assessment.scores.rows[1].editor.value() == 40
    )
    assert len(all_of(child, Assessment)) == 1


def test_what_is_missing_or_not_understood_is_said_beneath_its_field_and_not_lost(assessment, child):
    assessment.open(new=True)
    assessment.save()
    assert (
        assessment.fields.messages["child_id"].label.text() == "Please fill this in."
        and not assessment.wrong.isVisible()
    )
    assert assessment.fields.child.isAncestorOf(assessment.focusWidget())
    assessment.open(child_id=child.id)
    assert not assessment.fields.messages["child_id"].label.text()
    type_scores(assessment, 45, 40, 21, 13, 18)
    assessment.fields.editors["next_on"].edit.setText("next spring perhaps")
    assessment.save()
    assert assessment.fields.messages["next_on"].label.text() == assessment.fields.editors["next_on"].problem() != ""
    assert (
        len(all_of(child, Assessment)) == 1
        and assessment.fields.editors["next_on"].edit.text() == "next spring perhaps"
    )


def test_a_new_one_begins_where_one_writes(assessment, child):
    assert assessment.scores.rows[0].editor.isAncestorOf(assessment.focusWidget())
    assessment.open(new=True)
    assert assessment.fields.child.isAncestorOf(assessment.focusWidget())


def test_a_saved_assessment_is_opened_and_submitted(assessment, child):
    type_scores(assessment, 45, 40, 21, 13, 18)
    assessment.fields.editors["conclusion"].set_value("进步明显")
    assessment.submit()
    saved = next(each for each in all_of(child, Assessment) if each["assessed_on"] == date(2026, 11, 20))
    assert (saved["total"], saved["state"], saved["conclusion"]) == (52.6, "submitted", "进步明显")
    assert assessment.record_id == saved["id"] and not assessment.submit_button.isVisible()


def test_a_scale_for_other_ages_asks_first(assessment, child, monkeypatch):
    asked = []
    monkeypatch.setattr("views.assessment.confirm", lambda _self, _title, text, _yes: bool(asked.append(text)) or True)
    assessment.fields.scale.set_value("MINI_MACS")
    assessment._scale_changed()
    assessment.scores.rows[0].editor.set_value("II")
    assessment.save()
    assert "12 to 48 months" in asked[0] and all_of(child, Assessment)[0]["level"] == "II"
    assert assessment.side.card.total.text() == "Level II"


def test_what_was_typed_comes_back_after_going_away(assessment, child):
    type_scores(assessment, 45, 40)
    assessment._changed()
    assessment.open(child_id=child.id)
    assert [line.editor.value() for line in assessment.scores.rows[:2]] == [45, 40]
