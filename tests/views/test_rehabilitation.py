"""Assessing with the last score beside the new one; plan, goals, school and class list at the screen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QPlainTextEdit, QPushButton
from sqlalchemy import select

from models.child import Caseload, Child
from models.core import queries, records
from models.core.access import SYSTEM
from models.core.audit import AuditEntry
from models.department import DepartmentRule
from models.education import ClassAttendance, IepGoal, Schooling, TermReview
from models.rehabilitation import Assessment, PlannedTherapy, RehabilitationGoal, RehabilitationPlan
from models.staff import Staff
from tests.conftest import actor
from tests.ui.conftest import make_app
from ui.editors import CodeBox
from ui.text import PlainLabel
from ui.widgets import Button, Segmented
from views.assessment import AssessmentPage
from views.class_attendance import ClassAttendancePage
from views.education import EducationTab, TermReviewDialog
from views.goal_rows import GasScale
from views.rehabilitation import RehabilitationTab


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
    for line, score in zip(page.rows, scores, strict=False):
        line.editor.set_value(score)
    page.judge()


def all_of(child, kind) -> list[dict]:
    with child.database.read(SYSTEM) as work:
        return [queries.values(work, kind, each.id) for each in queries.rows(work, kind)]


# --- assessing --------------------------------------------------------------------------------------


def test_the_screen_proposes_the_last_scale_and_shows_the_last_scores(assessment):
    assert assessment.scale.value() == "GMFM88"
    assert [line.before.text() for line in assessment.rows] == ["40", "30", "21", "0", "0"]


def test_the_result_grows_while_typing(assessment):
    type_scores(assessment, 45, 40)
    assert [line.derived.text() for line in assessment.rows[:3]] == ["88.2%", "66.7%", ""]
    assert [line.change.text() for line in assessment.rows[:2]] == ["+5", "+10"] and assessment.card.total.text() == "–"
    type_scores(assessment, 45, 40, 21, 13, 18)
    assert assessment.card.total.text() == "52.6%"
    assert "better" in assessment.card.against.text() and "2026-08-01" in assessment.card.against.text()


def test_a_score_beyond_the_limit_is_said_beside_it_and_not_reckoned_with(assessment):
    type_scores(assessment, 99, 40)
    assessment._check_row(assessment.rows[0])
    assert assessment.rows[0].wrong.text() == "Between 0 and 51." and assessment.rows[0].derived.text() == ""


def test_saving_refuses_at_the_box_and_keeps_what_was_typed(assessment, child):
    type_scores(assessment, 99, 40, 21, 13, 18)
    assessment.save()
    assert assessment.rows[0].wrong.text() == "Between 0 and 51." and assessment.rows[1].editor.value() == 40
    assert len(all_of(child, Assessment)) == 1


def test_what_is_missing_or_not_understood_is_said_beneath_its_field_and_not_lost(assessment, child):
    assessment.open(new=True)
    assessment.save()
    assert assessment.messages["child_id"].label.text() == "Please fill this in." and not assessment.wrong.isVisible()
    assert assessment.child.isAncestorOf(assessment.focusWidget())
    assessment.open(child_id=child.id)
    assert not assessment.messages["child_id"].label.text()
    type_scores(assessment, 45, 40, 21, 13, 18)
    assessment.next_on.edit.setText("next spring perhaps")
    assessment.save()
    assert assessment.messages["next_on"].label.text() == assessment.next_on.problem() != ""
    assert len(all_of(child, Assessment)) == 1 and assessment.next_on.edit.text() == "next spring perhaps"


def test_a_new_one_begins_where_one_writes(assessment, child):
    assert assessment.rows[0].editor.isAncestorOf(assessment.focusWidget())
    assessment.open(new=True)
    assert assessment.child.isAncestorOf(assessment.focusWidget())


@pytest.mark.parametrize("scale", ["GMFM88", "GMFCS_ER"])
def test_tab_goes_from_the_head_through_every_score_to_the_findings(assessment, qtbot, scale):
    assessment.scale.set_value(scale)
    assessment._fill_rows({}, ())
    QApplication.processEvents()
    assessment.assessor.setFocus()
    passed = []
    while not assessment.texts["conclusion"].isAncestorOf(assessment.focusWidget()) and len(passed) < 40:
        qtbot.keyClick(assessment.focusWidget(), Qt.Key.Key_Tab)
        passed.append(assessment.focusWidget())
    for line in assessment.rows:
        assert any(line.editor is each or line.editor.isAncestorOf(each) for each in passed), passed
    assert len(passed) < 20, passed


def test_going_through_the_scales_by_keys_keeps_the_keys_there(assessment, qtbot):
    assessment.open(new=True)
    assessment.scale.setFocus()
    seen = {assessment.scale.value()}
    for _press in range(3):
        qtbot.keyClick(assessment.focusWidget(), Qt.Key.Key_Down)
        seen.add(assessment.scale.value())
    assert len(seen) == 4


def test_a_saved_assessment_is_opened_and_submitted(assessment, child):
    type_scores(assessment, 45, 40, 21, 13, 18)
    assessment.texts["conclusion"].set_value("进步明显")
    assessment.submit()
    saved = next(each for each in all_of(child, Assessment) if each["assessed_on"] == date(2026, 11, 20))
    assert (saved["total"], saved["state"], saved["conclusion"]) == (52.6, "submitted", "进步明显")
    assert assessment.record_id == saved["id"] and not assessment.submit_button.isVisible()


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
    assert {"40 / 51", "30 / 60", "2026-08-01", "Initial assessment"} <= set(said) and reading.card.total.text() != ""
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
    assert assessment.rows[0].wrong.text() == "Between 0 and 51." and assessment.rows[0].editor.value() == 99
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
    assert "40 / 51" in texts(assessment) and not assessment.day.isVisibleTo(assessment)
    assessment.new()
    assert assessment.may_type and assessment.day.isVisibleTo(assessment) and "40 / 51" not in texts(assessment)


def test_a_scale_for_other_ages_asks_first(assessment, child, monkeypatch):
    asked = []
    monkeypatch.setattr("views.assessment.confirm", lambda _self, _title, text, _yes: bool(asked.append(text)) or True)
    assessment.scale.set_value("MINI_MACS")
    assessment._scale_changed()
    assessment.rows[0].editor.set_value("II")
    assessment.save()
    assert "12 to 48 months" in asked[0] and all_of(child, Assessment)[0]["level"] == "II"
    assert assessment.card.total.text() == "Level II"


def test_what_was_typed_comes_back_after_going_away(assessment, child):
    type_scores(assessment, 45, 40)
    assessment._changed()
    assessment.open(child_id=child.id)
    assert [line.editor.value() for line in assessment.rows[:2]] == [45, 40]


@pytest.mark.parametrize(
    "scale", ["S_S", "MAS", "CARS", "ERXIN2", "GESELL_BJ", "PDMS2", "WEEFIM", "GMFCS_ER", "SNAP4_26", "COPM"]
)
def test_every_kind_of_scale_has_its_boxes(assessment, scale):
    assessment.scale.set_value(scale)
    assessment._scale_changed()
    assert assessment.rows and all(line.editor.accessibleName() for line in assessment.rows)
    assert not assessment.grab().isNull()


# --- the child's file -------------------------------------------------------------------------------


@pytest.fixture
def tab(app, child, qtbot) -> RehabilitationTab:
    made = RehabilitationTab(app)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    made.show_child(child.id)
    return made


def test_the_file_shows_plan_risks_therapies_goals_and_assessments(tab):
    said = texts(tab)
    for words in (
        "独坐不稳",
        "Epilepsy",
        "Physiotherapy (PT)",
        "booked this week: 0 of 3",
        "扶站10秒",
        "Review 2026-11-01, overdue",
    ):
        assert words in said, words


def test_a_goal_is_rated_with_one_press_and_taken_back(tab, child, app):
    undo = []
    app.telling.connect(lambda _text, back, _label: undo.append(back))
    scale = tab.findChild(GasScale)
    QTest.keyClick(scale, Qt.Key.Key_Right)
    saved = all_of(child, RehabilitationGoal)[0]
    assert (saved["rating"], saved["rated_on"]) == ("0", date(2026, 11, 20))
    undo[-1]()
    assert all_of(child, RehabilitationGoal)[0]["rating"] == "-1"


def test_a_child_without_a_plan_gets_the_next_step(tab, child):
    with child.database.work(SYSTEM) as work:
        records.put_in_bin(work, RehabilitationPlan, child.plan)
    tab.again()
    assert "No plan yet" in texts(tab)


def test_the_plan_that_is_to_follow_stands_beside_the_one_in_force(tab, child, app):
    """A draft made from an assessment must not vanish behind the plan in force, nor get its goals in the old one."""
    in_force = tab.seen.plan.id
    with app.work() as work:
        draft = records.save(work, RehabilitationPlan, {
            "child_id": child.id, "starts_on": date(2026, 11, 20), "ends_on": date(2027, 5, 20),
            "review_on": date(2027, 2, 20), "findings": "仍独坐不稳",
        }, confirmed=True)  # fmt: skip
    tab.again()
    assert tab.seen.plan.id == in_force and [each[0] for each in tab.seen.live] == [in_force, draft]
    choice = tab.findChild(Segmented)
    assert choice.value() == in_force
    tab.show_record(draft)
    assert tab.seen.plan.id == draft and tab.findChildren(Segmented)[-1].value() == draft
    tab.show_record("no such plan")
    assert tab.seen.plan.id == in_force


@pytest.mark.parametrize("more", [1, 2, 4])
def test_many_plans_on_their_way_fit_into_a_narrow_window_and_are_gone_through_by_keys(tab, app, child, qtbot, more):
    with app.work() as work:
        for year in range(more):
            records.save(work, RehabilitationPlan, {
                "child_id": child.id, "starts_on": date(2027 + year, 3, 1), "ends_on": date(2027 + year, 8, 31),
                "review_on": date(2027 + year, 6, 1), "findings": "仍独坐不稳",
            }, confirmed=True)  # fmt: skip
    tab.again()
    tab.resize(600, 600)
    tab.show()
    QApplication.processEvents()
    assert tab.area.widget().minimumSizeHint().width() <= 600
    plans = [each[0] for each in tab.seen.live]
    chosen = [tab.seen.plan.id]
    first = tab.findChild(CodeBox).inner() if more > 1 else tab.findChild(Segmented).findChildren(QPushButton)[0]
    first.setFocus()
    for _press in range(more):
        qtbot.keyClick(tab.window().focusWidget(), Qt.Key.Key_Down if more > 1 else Qt.Key.Key_Right)
        qtbot.wait(10)
        chosen.append(tab.seen.plan.id)
    assert chosen == plans


def test_an_approved_plan_offers_its_correction_and_nothing_to_add(tab, child):
    with child.database.work(SYSTEM) as work:
        records.take_step(work, RehabilitationPlan, child.plan, "approve")
    tab.again()
    buttons = [button.text() for button in tab.findChildren(QPushButton)]
    assert tab.seen.plan.state == "approved" and not {"Add goal", "Add therapy"} & set(buttons)


# --- education --------------------------------------------------------------------------------------


def test_the_school_and_the_goals_are_in_the_file(app, child, qtbot):
    made = EducationTab(app)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    made.show_child(child.id)
    said = texts(made)
    assert {"市特殊教育学校", "用图片表达需要", "Language and communication"} <= set(said)


def test_a_term_is_reviewed_in_one_go_and_moves_the_goal_on(app, child, qtbot):
    made = EducationTab(app)
    qtbot.addWidget(made)
    made.show_child(child.id)
    dialog = TermReviewDialog(app, child.id, made.lines, made)
    rating, evidence, following, _wrong = dialog.rows[child.iep]
    rating.set_value("3")
    evidence.set_value("5次中5次")
    dialog.save()
    review = all_of(child, TermReview)[0]
    assert (review["rating"], review["school_term"], review["evidence"]) == ("3", "2026-2027-1", "5次中5次")
    goal = all_of(child, IepGoal)[0]
    assert (goal["status"], goal["progress"]) == ("mastered", 100)
    made.show_child(child.id)
    again = TermReviewDialog(app, child.id, made.lines, made)
    assert not again.rows[child.iep][0].isEnabled() and "Reviewed on 2026-11-20" in again.rows[child.iep][3].text()


@pytest.fixture
def class_page(app, child, qtbot) -> ClassAttendancePage:
    page = ClassAttendancePage(app)
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    page.open(month="2026-10")
    return page


def test_the_class_list_reckons_the_days_present(class_page, child):
    model = class_page.model
    assert (model.value(0, "school_days"), model.value(0, "present_days")) == (18, 18)
    assert model.setData(model.index(0, 4), "２") and model.value(0, "present_days") == 16
    assert not model.setData(model.index(0, 4), "zwei")
    class_page.save()
    saved = all_of(child, ClassAttendance)[0]
    assert (saved["present_days"], saved["ill_days"], saved["month"]) == (16, 2, date(2026, 10, 1))


def test_a_month_is_taken_as_usual_and_a_wrong_one_is_named(class_page, child):
    class_page.model.take_usual()
    class_page.model.setData(class_page.model.index(0, 3), "20")
    class_page.save()
    assert "more than the school days" in class_page.banner.label.text() and not all_of(child, ClassAttendance)
    class_page.model.setData(class_page.model.index(0, 3), "18")
    class_page.save()
    assert all_of(child, ClassAttendance)[0]["present_days"] == 18


# --- the department ---------------------------------------------------------------------------------


def test_the_departments_list_puts_first_who_needs_something(app, child, qtbot):
    from views.rehabilitation_list import RehabilitationList

    page = RehabilitationList(app)
    qtbot.addWidget(page)
    page.reload()
    cells = [page.table.rows.index(0, column).data() for column in range(8)]
    assert cells == [
        "曾小乐",
        "2027-02-28",
        "2026-11-01",
        "2026-08-01",
        "0 / 0",
        "",
        "–",
        "assessment overdue, review overdue",
    ]
    opened = []
    app.going.connect(lambda where, target: opened.append((where, target)))
    page._open(0)
    assert opened == [("child", {"child_id": child.id, "tab": "rehabilitation"})]


def test_the_list_goes_by_the_homes_own_rules(app, child, qtbot):
    """A department that assesses once a year owes no assessment yet."""
    from views.rehabilitation_list import RehabilitationList

    with child.database.work(SYSTEM) as work:
        values = {"rule": "assessment_every", "value": 12.0, "effective_from": app.today()}
        records.save(work, DepartmentRule, values)
    page = RehabilitationList(app)
    qtbot.addWidget(page)
    page.reload()
    assert page.table.rows.index(0, 7).data() == "review overdue"


def test_the_homes_own_scales_are_taken_in_when_its_rooms_are_opened(tmp_path):
    from models import scales
    from views.entrance import EntranceRooms

    (tmp_path / "scales").mkdir()
    (tmp_path / "scales" / "scales.csv").write_text("scale_code,name_zh\nOWN1,本院量表\n", encoding="utf-8")
    try:
        EntranceRooms(tmp_path).open_rooms()
        assert "OWN1" in scales.SCALES
    finally:
        scales.use_home_scales(None)


def test_a_category_whose_title_nobody_has_checked_says_so():
    from models.rehabilitation import icf_words

    assert icf_words("d450").startswith("d450 ") and "not yet compared" in icf_words("d450")
    assert icf_words("x999") == "x999"
