"""The round: the right child first, one dose in two or three acts, once only, and everything can be taken back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from models.core import queries, records
from models.core.access import SYSTEM
from models.medical import Allergy
from models.medication import Dose, MedicationOrder
from models.medication_round import record_dose
from models.placement import move
from resources import use_language
from tests.conftest import NOW
from tests.ui.conftest import type_in
from tests.views.care_house import House, apps, house  # noqa: F401
from views.medication_round import MedicationRound

MORNING = datetime(2026, 11, 20, 8, 0)
ORDER = {"drug": "左乙拉西坦口服溶液", "dose": 3.0, "dose_unit": "ml", "route": "oral", "frequency": "bid", "prescriber": "周医生",
         "starts_at": datetime(2026, 11, 19, 21, 0)}  # fmt: skip


def order(house: House, child: int, **values) -> str:  # noqa: F811
    with house.database.work(SYSTEM) as work:
        return records.save(work, MedicationOrder, {"child_id": house.children[child], **ORDER, **values})


@pytest.fixture
def page(house: House, apps, qtbot) -> MedicationRound:  # noqa: F811
    order(house, 0)
    order(house, 1, drug="维生素D滴剂", frequency="qd")
    made = MedicationRound(apps(house.nurse))
    qtbot.addWidget(made)
    made.resize(1000, 520)
    made.show()
    made.reload()
    return made


def press(page: MedicationRound, *keys: str) -> None:
    special = {
        "Enter": Qt.Key.Key_Return,
        "Space": Qt.Key.Key_Space,
        "Esc": Qt.Key.Key_Escape,
        "Del": Qt.Key.Key_Delete,
        "Down": Qt.Key.Key_Down,
    }
    for key in keys:
        if key in special:
            QTest.keyClick(page.table, special[key])
        else:
            QTest.keyClicks(page.table, key)


def doses(house: House) -> list[dict]:  # noqa: F811
    with house.database.read(house.director) as work:
        return [queries.values(work, Dose, row.id) for row in queries.rows(work, Dose, order="recorded_at")]


def card(page: MedicationRound) -> str:
    QApplication.processEvents()
    widgets = [*page.card.findChildren(QLabel), *page.card.findChildren(QPushButton)]
    return " | ".join(each.text() for each in widgets if not each.isHidden())


def states(page: MedicationRound) -> list[str]:
    return [page.model.index(row, 4).data() for row in range(page.model.rowCount())]


def test_the_card_shows_child_dangers_and_medicine_before_anything_can_be_given(page: MedicationRound) -> None:
    words = card(page)
    for said in (
        "曾小乐",
        "2020-001",
        "Allergy: 青霉素",
        "左乙拉西坦口服溶液",
        "3 mL, by mouth",
        "This is 曾小乐, 2020-001",
    ):
        assert said in words
    assert "Given" not in words and states(page) == ["Overdue 1 h 30 min", "Overdue 1 h 30 min"]


def test_two_keys_give_a_dose_and_go_on(page: MedicationRound, house: House) -> None:  # noqa: F811
    press(page, "Space", "Enter")
    made = doses(house)
    assert [(each["outcome"], each["due_at"], each["given_at"], each["giver_id"]) for each in made] == [
        ("given", MORNING, NOW, house.nurse.staff_id)
    ]
    assert page.current().child_name == "张三" and not page.identified


def test_nothing_is_given_before_the_child_is_checked(page: MedicationRound, house: House) -> None:  # noqa: F811
    press(page, "Enter")
    assert doses(house) == [] and "First the child" in card(page)


def test_the_check_holds_for_one_dose_only(page: MedicationRound, house: House) -> None:  # noqa: F811
    press(page, "Space", "Down", "Enter")
    assert doses(house) == []


def test_refused_needs_one_key_missed_a_reason(page: MedicationRound, house: House) -> None:  # noqa: F811
    press(page, "Space", "R")
    press(page, "Space", "M")
    type_in(page.card.reason, "外出就医")
    QTest.keyClick(page.card.reason, Qt.Key.Key_Return)
    assert sorted((each["outcome"], each["reason"]) for each in doses(house)) == [
        ("missed", "外出就医"),
        ("refused", None),
    ]


def test_the_second_person_sees_the_first(page: MedicationRound, house: House) -> None:  # noqa: F811
    line = page.current()
    with house.database.work(house.second) as work:
        record_dose(work, line.order_id, line.due_at, "given")
    press(page, "Space", "Enter")
    assert len(doses(house)) == 1 and "Recorded already: Given at 09:30, by 李霞" in card(page)


def test_high_alert_medicines_ask_for_the_second_person(house: House, apps, qtbot) -> None:  # noqa: F811
    order(house, 2, drug="地高辛口服溶液", watched="heart")
    page = MedicationRound(apps(house.nurse))
    qtbot.addWidget(page)
    page.show()
    page.reload()
    press(page, "Space", "Enter")
    assert doses(house) == [] and "Who is the second?" in card(page)
    names = [name for _id, name in page._checkers()]
    assert "赵敏" not in names
    press(page, str(names.index("李霞") + 1), "Enter")
    assert doses(house)[0]["checker_id"] == house.second.staff_id


def test_on_need_asks_why_and_later_how_it_worked(house: House, apps, qtbot) -> None:  # noqa: F811
    order(house, 0, drug="布洛芬混悬液", frequency="prn", minimum_hours=6.0)
    page = MedicationRound(apps(house.nurse))
    qtbot.addWidget(page)
    page.show()
    page.reload()
    assert states(page) == ["On need"]
    press(page, "Space", "Enter")
    type_in(page.card.reason, "体温38.9℃")
    QTest.keyClick(page.card.reason, Qt.Key.Key_Return)
    assert [(each["outcome"], each["reason"], each["effect"]) for each in doses(house)] == [
        ("given", "体温38.9℃", None)
    ]
    assert states(page) == ["Given 09:30", "not before 15:30"]
    page.table.setCurrentIndex(page.model.index(0, 0))
    press(page, "1")
    assert doses(house)[0]["effect"] == "good"


def test_an_allergy_found_since_blocks_the_dose(page: MedicationRound, house: House) -> None:  # noqa: F811
    with house.database.work(SYSTEM) as work:
        values = {"child_id": house.children[0], "substance": "左乙拉西坦", "kind": "medicine", "severity": "severe"}
        records.save(work, Allergy, values)
    page.reload()
    press(page, "Space", "Enter")
    assert doses(house) == [] and "allergic to 左乙拉西坦" in card(page)


def test_too_early_is_confirmed_by_a_second_enter(house: House, apps, qtbot) -> None:  # noqa: F811
    order(house, 0, own_times="11:00 23:00", starts_at=datetime(2026, 11, 20, 9, 0))
    page = MedicationRound(apps(house.nurse))
    qtbot.addWidget(page)
    page.show()
    page._window_chosen("early")
    press(page, "Space", "Enter")
    assert doses(house) == [] and "before the dose is due" in card(page)
    press(page, "Enter")
    assert len(doses(house)) == 1


def test_a_dose_is_taken_back(page: MedicationRound, house: House) -> None:  # noqa: F811
    press(page, "Space", "Enter")
    page.table.setCurrentIndex(page.model.index(0, 0))
    press(page, "Del")
    assert states(page)[0].startswith("Overdue")
    press(page, "Space", "Enter")
    assert sum(each["deleted_at"] is None for each in doses(house)) == 1


def test_who_is_in_hospital_is_shown_and_not_given(page: MedicationRound, house: House) -> None:  # noqa: F811
    with house.database.work(SYSTEM) as work:
        move(work, house.children[0], "residential", date(2026, 1, 1))
        move(work, house.children[0], "hospital", NOW.date(), place="医院")
    page.reload()
    page.table.setCurrentIndex(page.model.index(0, 0))
    press(page, "Space", "Enter")
    assert doses(house) == [] and states(page)[0] == "In hospital"


def test_the_day_and_the_shift_are_chosen(page: MedicationRound) -> None:
    page._window_chosen("late")
    assert [line.due_at for line in page.model.lines] == [datetime(2026, 11, 20, 20, 0)] and states(page) == [
        "Not yet due"
    ]
    page._day_moved(1)
    assert page.model.lines[0].due_at == datetime(2026, 11, 21, 20, 0)
    page.go_now()
    assert page.shift.day == NOW.date()


def test_the_model_is_a_proper_qt_model(page: MedicationRound) -> None:
    QAbstractItemModelTester(page.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    press(page, "Space", "Enter")


def test_it_speaks_chinese(house: House, apps, qtbot) -> None:  # noqa: F811
    use_language("zh_CN")
    order(house, 0)
    page = MedicationRound(apps(house.nurse))
    qtbot.addWidget(page)
    page.show()
    page.reload()
    assert states(page) == ["已超1小时30分钟"] and page.count.text().startswith("待给1次 · 超时1次")
    assert page.model.index(0, 3).data() == "3毫升，口服"
    assert timedelta(0) < NOW - MORNING
