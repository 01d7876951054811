"""An assessment that is there: read, passed on, printed, thrown away, on its own page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QPlainTextEdit
from sqlalchemy import select

from models.child import Caseload
from models.core import records
from models.core.access import SYSTEM
from models.core.audit import AuditEntry
from models.core.fields import fields_of
from models.rehabilitation import Assessment
from models.staff import Staff
from tests.conftest import actor
from tests.ui.conftest import make_app
from tests.views.rehabilitation.conftest import all_of, texts, type_scores
from ui.pages import page_named
from ui.widgets import Button
from views.assessment import AssessmentPage


@pytest.fixture
def reading(child, qtbot) -> Iterator[AssessmentPage]:
    """The child's assessment on the screen of a nurse, who may read it and not more."""
    with child.database.work(SYSTEM) as work:
        nurse = records.save(work, Staff, {"name": "李护士", "sex": "2", "post": "nurse"})
        records.save(work, Caseload, {"child_id": child.id, "staff_id": nurse, "starts_on": date(2026, 1, 1)})
    app = make_app(child.database, actor("nurse", name="李护士", staff_id=nurse))
    page = AssessmentPage(app)
    qtbot.addWidget(page)
    page.tools.show()
    page.show()
    page.open(record_id=all_of(child, Assessment)[0]["id"])
    yield page
    app.close()


def test_who_may_only_read_an_assessment_reads_it_with_its_scores_and_can_type_nowhere(reading):
    said = texts(reading)
    assert {"40 / 51", "30 / 60", "2026-08-01", "Initial assessment"} <= set(
        said
    ) and reading.side.card.total.text() != ""
    typing = (QLineEdit, QPlainTextEdit, QComboBox, QAbstractButton)
    boxes = [each for kind in typing for each in reading.findChildren(kind) if each.isVisibleTo(reading)]
    # What is left is the way to the child's file, and the menu that prints and tells the history.
    assert {each.text() or each.toolTip() for each in boxes if each.isEnabled()} == {"曾小乐", "More"}


def test_who_may_only_read_is_offered_neither_a_new_one_nor_saving_and_no_key_does_it(reading, child, monkeypatch):
    told = []
    monkeypatch.setattr(type(reading.app), "show_error", lambda self, error: told.append(error))
    shown = reading.record_id
    buttons = (reading.new_button, reading.save_button, reading.submit_button, reading.plan_button)
    assert not any(each.isVisibleTo(reading.tools) for each in buttons)
    for key in (reading.new, reading.save, reading.submit):
        key()
    assert reading.record_id == shown and not told and len(all_of(child, Assessment)) == 1


def test_that_an_assessment_was_opened_is_noted_as_of_every_record_of_a_child(reading, child):
    with child.database.read(SYSTEM) as work:
        asked = select(AuditEntry.record_id).where(AuditEntry.event == "opened", AuditEntry.child_id == child.id)
        assert list(work.scalars(asked)) == [reading.record_id]


def offered(page: AssessmentPage) -> set[str]:
    QApplication.processEvents()  # What was just laid out becomes visible with the next event.
    line = page.line.buttons
    return {each.text() for each in line.findChildren(Button) if each.isVisibleTo(line) and each.text()}


def test_who_may_pass_an_assessment_on_does_so_on_its_page(assessment, child, monkeypatch):
    """The page took the place of the form, and with it went the buttons that approve."""
    key = all_of(child, Assessment)[0]["id"]
    assert not assessment.line.isVisibleTo(assessment)
    assessment.open(record_id=key)
    assert assessment.line.isVisibleTo(assessment) and offered(assessment) == set()
    assessment.submit()
    assert offered(assessment) == {"Review", "Approve", "Return"}
    monkeypatch.setattr("ui.dialogs.ask_reason", lambda *_asked: "分数有误")
    assessment.line.act("return")
    assert assessment.standing.state == "returned" and assessment.may_type
    assessment.submit()
    type_scores(assessment, 45)
    assessment.line.act("approve")
    kept = all_of(child, Assessment)[0]
    assert kept["state"] == "approved" and kept["scores"]["A"] == 45, "what was just typed is what is approved"
    assessment.line.act("correct")
    assert assessment.record_id != key and assessment.may_type and assessment.standing.values["supersedes_id"] == key
    assessment.line.act("history")
    assert assessment.history.isVisibleTo(assessment)


def test_what_cannot_be_saved_is_not_passed_on_either(assessment, child):
    assessment.open(record_id=all_of(child, Assessment)[0]["id"])
    assessment.submit()
    type_scores(assessment, 99)
    assessment.line.act("approve")
    assert (
        assessment.scores.rows[0].wrong.text() == "Between 0 and 51." and assessment.scores.rows[0].editor.value() == 99
    )
    assert all_of(child, Assessment)[0]["state"] == "submitted"


def test_an_assessment_is_printed_and_thrown_away_from_its_page(assessment, child, app, monkeypatch):
    shown, went = [], []
    monkeypatch.setattr("ui.papers.show_record_paper", lambda app, kind, record_id: shown.append((kind, record_id)))
    app.going.connect(lambda key, target: went.append((key, target)))
    key = all_of(child, Assessment)[0]["id"]
    assessment.open(record_id=key)
    assessment.line.act("print")
    assessment.line.act("bin")
    assert shown == [(Assessment, key)] and all_of(child, Assessment) == []
    assert went == [("child", {"child_id": child.id, "tab": "rehabilitation"})]


def test_who_may_only_read_is_offered_no_step(reading):
    assert offered(reading) == set() and "Recorded" in reading.line.recorded.text()


def test_an_approved_assessment_is_for_reading_to_everybody(assessment, child):
    with child.database.work(SYSTEM) as work:
        key = all_of(child, Assessment)[0]["id"]
        for step in ("submit", "approve"):
            records.take_step(work, Assessment, key, step)
    assessment.open(record_id=key)
    assert not assessment.may_type and not assessment.save_button.isVisibleTo(assessment.tools)
    assert "40 / 51" in texts(assessment) and not assessment.fields.day.isVisibleTo(assessment)
    assessment.new()
    assert assessment.may_type and assessment.fields.day.isVisibleTo(assessment) and "40 / 51" not in texts(assessment)


def test_the_menu_marks_the_list_for_what_is_there_and_the_new_one_for_what_is_begun(assessment, child):
    told = []
    assessment.moved.connect(lambda: told.append(assessment.stands_under()))
    assert assessment.stands_under() == ""
    assessment.submit()
    type_scores(assessment, 45, 40, 21, 13, 18)
    assessment.submit()
    assessment.new()
    assert told == ["records.Assessment", ""] and page_named("records.Assessment").title == "Assessments"


def test_why_it_was_returned_or_is_corrected_stands_above_it(assessment, child, monkeypatch):
    key = all_of(child, Assessment)[0]["id"]
    monkeypatch.setattr("ui.dialogs.ask_reason", lambda *_asked: "C 能区分数有误")
    assessment.open(record_id=key)
    assessment.submit()
    assert not assessment.why.isVisibleTo(assessment)
    assessment.line.act("return")
    assert assessment.why.isVisibleTo(assessment)
    assert assessment.why.label.text() == "Returned because: C 能区分数有误"
    assessment.submit()
    assert not assessment.why.isVisibleTo(assessment), "it was answered"
    assessment.line.act("approve")
    assessment.line.act("correct")
    assert assessment.why.label.text() == "Corrected because: C 能区分数有误"


def test_a_correction_is_not_compared_with_what_it_corrects(assessment, child, monkeypatch):
    key = all_of(child, Assessment)[0]["id"]
    monkeypatch.setattr("ui.dialogs.ask_reason", lambda *_asked: "抄录有误")
    assessment.open(record_id=key)
    assessment.submit()
    for step in ("approve", "correct"):
        assessment.line.act(step)
    for shown in (assessment.record_id, key):
        assessment.open(record_id=shown)
        assert assessment.side.before is None and assessment.side.card.against.text().startswith("First assessment")


def test_what_was_typed_into_an_assessment_that_is_there_is_offered_again(assessment, child):
    """Whoever looks at another assessment in between has lost nothing, and nothing is saved without being asked."""
    key = all_of(child, Assessment)[0]["id"]
    assessment.open(record_id=key)
    assert not assessment.draft.isVisibleTo(assessment)
    type_scores(assessment, 45)
    assessment.scores.changed.emit()
    assessment.open(new=True)
    assessment.open(record_id=key)
    assert assessment.draft.isVisibleTo(assessment) and assessment.scores.rows[0].editor.value() == 40
    assessment.draft.take.click()
    assert assessment.scores.rows[0].editor.value() == 45 and not assessment.draft.isVisibleTo(assessment)
    assert all_of(child, Assessment)[0]["scores"]["A"] == 40
    assessment.save()
    assert all_of(child, Assessment)[0]["scores"]["A"] == 45
    assessment.open(record_id=key)
    assert not assessment.draft.isVisibleTo(assessment)


def test_what_was_typed_and_is_not_wanted_is_thrown_away(assessment, child):
    key = all_of(child, Assessment)[0]["id"]
    assessment.open(record_id=key)
    type_scores(assessment, 45)
    assessment.scores.changed.emit()
    assessment.open(record_id=key)
    assessment.draft.drop.click()
    assessment.open(record_id=key)
    assert not assessment.draft.isVisibleTo(assessment) and assessment.scores.rows[0].editor.value() == 40


def test_the_history_says_scores_by_their_domains(assessment, child):
    assessment.open(record_id=all_of(child, Assessment)[0]["id"])
    assessment.line.act("history")
    said = texts(assessment.history)
    assert any(each.startswith("Scores by domain: ") and "Sitting 30" in each for each in said)
    assert not any("{" in each for each in said)


def test_every_field_that_an_assessment_keeps_has_its_place_on_the_page(assessment):
    """Nobody meets the form of an assessment any more: what the page lacks could not be entered at all."""
    shown = set(assessment.fields.editors) | {"scores", "goal_areas"}
    follows = {"derived", "total", "level"}
    assert {meaning.name for meaning in fields_of(Assessment)} == shown | follows
