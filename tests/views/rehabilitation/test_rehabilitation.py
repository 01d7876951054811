"""Plan, goals, school and class list at the screen, and the list of the department."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from models.core import records
from models.core.access import SYSTEM
from models.department import DepartmentRule
from models.education import ClassAttendance, IepGoal, TermReview
from models.rehabilitation import RehabilitationGoal, RehabilitationPlan
from tests.views.rehabilitation.conftest import all_of, texts
from ui.editors import CodeBox
from ui.widgets import Segmented
from views.class_attendance import ClassAttendancePage
from views.education import EducationTab, TermReviewDialog
from views.goal_rows import GasScale
from views.rehabilitation import RehabilitationTab

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
