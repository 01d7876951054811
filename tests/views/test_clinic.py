"""The clinic at the screen: a unit's practice by keyboard, precautions and programmes in the file, the department's rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from models.child import Child
from models.core import queries, records
from models.core.access import SYSTEM
from models.department import DepartmentRule, OpeningHours
from models.home_programme import HomeProgramme, ProgrammeTick
from models.precautions import Precaution
from models.rehabilitation import PlannedTherapy, RehabilitationGoal, RehabilitationPlan
from models.rehabilitation_file import goals_on
from models.staff import Staff
from models.unit import Unit
from tests.conftest import actor
from tests.ui.conftest import make_app
from ui.text import PlainLabel
from views.department import DepartmentPage
from views.gas_levels import GasLevelsDialog
from views.nursing import DailyCare
from views.rehabilitation import RehabilitationTab

TODAY = date(2026, 11, 20)


@pytest.fixture
def house(sqlite_database) -> SimpleNamespace:
    """A unit with three children who practise something, one of them with a plan, a fracture and a strange prescription."""
    with sqlite_database.work(SYSTEM) as work:
        unit = records.save(work, Unit, {"name": "向日葵班", "kind": "ward"})
        li = records.save(work, Staff, {"name": "李静", "sex": "2", "post": "therapist", "skills": ["pt"]})
        children = [
            records.save(work, Child, {"name": name, "number": name, "sex": "1", "born_on": date(2019, 1, 1), "unit_id": unit,
                                       "bed": str(bed)})
            for bed, name in enumerate(("曾小乐", "白小花", "王小雨"), 1)
        ]  # fmt: skip
        items = [
            records.save(work, HomeProgramme, {"child_id": child, "what": "端坐进食", "how": "双足踏实", "beware": "头勿后仰",
                         "starts_on": date(2026, 11, 1), "ends_on": date(2026, 12, 31), "place": "unit", "therapist_id": li})
            for child in children
        ]  # fmt: skip
        plan = records.save(work, RehabilitationPlan, {
            "child_id": children[0], "starts_on": date(2026, 9, 1), "ends_on": date(2027, 2, 28), "review_on": date(2026, 12, 1),
            "findings": "独坐不稳",
        })  # fmt: skip
        records.save(work, PlannedTherapy, {"child_id": children[0], "plan_id": plan, "therapy": "HYD", "sessions_a_week": 2,
                                            "minutes": 30, "form": "single"})  # fmt: skip
        goal = records.save(work, RehabilitationGoal, {
            "child_id": children[0], "plan_id": plan, "term": "short", "text": "扶站10秒", "baseline": "3秒", "criterion": "5次中4次",
            "due_on": date(2026, 12, 1), "icf": "d4154", "rating": "0",
        })  # fmt: skip
        records.take_step(work, RehabilitationPlan, plan, "submit")
        bar = records.save(work, Precaution, {"child_id": children[0], "kind": "fracture", "source": "fracture", "starts_on": TODAY,
                                              "ends_on": date(2026, 12, 24)})  # fmt: skip
    return SimpleNamespace(
        database=sqlite_database, unit=unit, children=children, items=items, goal=goal, bar=bar, li=li
    )


@pytest.fixture
def app(house, qtbot) -> Iterator:
    made = make_app(house.database, actor("director", name="王院长"))
    yield made
    made.close()


def all_of(house, kind) -> list[dict]:
    with house.database.read(SYSTEM) as work:
        return [queries.values(work, kind, each.id) for each in queries.rows(work, kind)]


def texts(widget) -> str:
    QApplication.processEvents()
    return "\n".join(label.text() for label in widget.findChildren(PlainLabel) if label.isVisibleTo(widget))


# --- practice in the unit ---------------------------------------------------------------------------


@pytest.fixture
def care(app, house, qtbot) -> DailyCare:
    page = DailyCare(app)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    qtbot.waitExposed(page)
    page.open(unit_id=house.unit, practice=True)
    return page


def press(care, *keys) -> None:
    for key in keys:
        table = care.practice.table
        if isinstance(key, str):
            QTest.keyClicks(table, key)
        else:
            QTest.keyClick(table, key)


def test_a_whole_unit_is_ticked_with_one_key_a_child(care, house):
    assert [row.child for row in care.practice.rows] == ["曾小乐", "白小花", "王小雨"]
    press(care, *[Qt.Key.Key_Return] * 3)
    assert [each["outcome"] for each in all_of(house, ProgrammeTick)] == ["done"] * 3
    assert care.practice.open_count == 0 and "3 of 3 practised" in texts(care)


def test_what_was_not_possible_asks_for_one_digit_and_goes_on(care, house):
    press(care, "x")
    assert "Why not?" in texts(care.practice)
    press(care, "3", Qt.Key.Key_Return)
    found = {each["child_id"]: (each["outcome"], each["reason"]) for each in all_of(house, ProgrammeTick)}
    assert found == {house.children[0]: ("not_possible", "refused"), house.children[1]: ("done", None)}


def test_the_last_tick_is_taken_back(care, house):
    press(care, Qt.Key.Key_Return, Qt.Key.Key_Return)
    QTest.keyClick(care.practice, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [each["child_id"] for each in all_of(house, ProgrammeTick)] == [house.children[0]]
    assert care.practice.current().child == "白小花" and care.practice.open_count == 2


def test_the_strip_says_how_and_what_to_beware_of(care):
    said = texts(care.practice)
    assert "双足踏实" in said and "Beware: 头勿后仰" in said


def test_daily_care_and_practice_are_one_key_apart(care):
    QTest.keyClick(care, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert care.listing == "care" and care.stack.currentIndex() == 0
    QTest.keyClick(care, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert care.listing == "practice" and care.place()["practice"] is True


# --- the child's file -------------------------------------------------------------------------------


@pytest.fixture
def tab(app, house, qtbot) -> RehabilitationTab:
    made = RehabilitationTab(app)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    made.show_child(house.children[0])
    return made


def test_the_file_shows_what_bars_what_is_practised_and_what_cannot_be_planned(tab):
    said = texts(tab)
    assert "2026-11-20 to 2026-12-24" in said and "端坐进食" in said and "last 7 days: 0 of 7" in said
    assert "Hydrotherapy can never be planned as it stands: Nobody here is trained for Water." in said
    assert "d4154" in said


def test_a_precaution_is_ended_early_with_a_reason_and_taken_back(tab, house, app, monkeypatch):
    monkeypatch.setattr("views.rehabilitation_cards.ask_reason", lambda *_args: "已愈合")
    undo = []
    app.telling.connect(lambda _text, back, _label: undo.append(back))
    section = next(each for each in tab.findChildren(object) if type(each).__name__ == "PrecautionSection")
    section.end(tab.seen.bars[0])
    assert "Nothing speaks against a therapy now." in texts(tab)
    assert all_of(house, Precaution)[0]["end_reason"] == "已愈合"
    undo[-1]()
    assert "2026-11-20 to 2026-12-24" in texts(tab)


def test_what_each_rating_means_is_entered_with_baseline_and_criterion_proposed(tab, house, app, qtbot):
    with house.database.read(SYSTEM) as work:
        (goal,) = goals_on(work, house.children[0], TODAY)
    dialog = GasLevelsDialog(app, goal, tab)
    qtbot.addWidget(dialog)
    assert dialog.levels() == {"-2": "3秒", "0": "5次中4次"}
    dialog.lines["1"].setText("10次中9次")
    dialog.save()
    assert all_of(house, RehabilitationGoal)[0]["gas_levels"]["1"] == "10次中9次"
    tab.again()
    assert "Now: 5次中4次" in texts(tab)


# --- the department ---------------------------------------------------------------------------------


def test_the_departments_page_says_what_holds_and_where_it_comes_from(app, house, qtbot):
    with house.database.work(SYSTEM) as work:
        records.save(work, OpeningHours, {"half": "afternoon", "starts": time(13, 30), "ends": time(17), "from_day": "01-01",
                                          "to_day": "12-31", "effective_from": TODAY - timedelta(days=30)})  # fmt: skip
        records.save(work, DepartmentRule, {"rule": "child_sessions_a_day", "value": 4.0, "effective_from": TODAY})
    page = DepartmentPage(app)
    qtbot.addWidget(page)
    page.show()
    page.reload()
    assert page.may and "08:00–11:30, 13:30–17:00" in texts(page)
    assert [line.value for line in page.rules if line.record_id] == [4.0]
    assert not page.grab().isNull()


def test_who_does_not_head_the_department_only_reads(house, qtbot):
    app = make_app(house.database, actor("therapist", staff_id=house.li, name="李静"))
    page = DepartmentPage(app)
    qtbot.addWidget(page)
    page.show()
    page.reload()
    assert not page.may and "Only the head of the therapy department" in texts(page)
    app.close()
