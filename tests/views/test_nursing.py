"""The daily entry: an ordinary child in one to three keys, an exception in three, nothing lost, everything taken back."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest

from models.core import records
from models.core.access import SYSTEM
from models.nursing import day_lines
from models.placement import move
from resources import use_language
from tests.conftest import NOW
from tests.ui.conftest import type_in
from tests.views.care_house import House, apps, house  # noqa: F401, F811
from views.nursing import DailyCare
from views.nursing_columns import BY_KEY, understood

ENTER = "\r"


@pytest.fixture
def page(house: House, apps, qtbot):  # noqa: F811
    app = apps(house.second)
    made = DailyCare(app)
    qtbot.addWidget(made)
    made.resize(1000, 520)
    made.show()
    made.reload()
    return made


def press(page: DailyCare, keys: str) -> None:
    """Press keys one by one; the number of characters is the number of keys."""
    special = {ENTER: Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab, "\x1b": Qt.Key.Key_Escape, "↓": Qt.Key.Key_Down}
    for key in keys:
        if key in special:
            QTest.keyClick(page.entry.table, special[key])
        else:
            QTest.keyClicks(page.entry.table, key)


def record(page: DailyCare, house: House, child: int):  # noqa: F811
    day = NOW.date()
    with house.database.read(house.director) as work:
        lines = day_lines(work, house.children[child], day, day)
    return lines[0] if lines else None


def states(page: DailyCare) -> list[str]:
    return [line.state()[0] for line in page.entry.model.lines]


def test_the_unit_is_there_with_the_first_child_chosen(page: DailyCare) -> None:
    assert [line.row.name for line in page.entry.model.lines] == ["曾小乐", "张三", "阿依古丽·买买提", "𠮷田"]
    assert page.entry.current_place() == 0 and states(page) == ["To write"] * 4
    assert page.count.text() == "0 of 4 written · 07:30–15:30"


def test_one_key_writes_an_ordinary_child(page: DailyCare, house: House) -> None:  # noqa: F811
    press(page, ENTER)
    written = record(page, house, 0)
    assert written["usual"] and written["appetite"] == "all" and written["temperature"] is None
    assert page.entry.current_place() == 1 and states(page)[:2] == ["As usual", "To write"]


def test_three_keys_write_an_ordinary_child_with_its_temperature(page: DailyCare, house: House) -> None:  # noqa: F811
    press(page, "65" + ENTER)
    written = record(page, house, 0)
    assert (written["temperature"], written["appetite"], written["usual"]) == (36.5, "all", True)


def test_three_keys_write_an_exception(page: DailyCare, house: House) -> None:  # noqa: F811
    press(page, "F4" + ENTER)
    written = record(page, house, 0)
    assert (written["appetite"], written["mood"], written["usual"]) == ("little", "calm", False)
    assert states(page)[0] == "Unusual"


def test_several_exceptions_and_their_details(page: DailyCare, house: House) -> None:  # noqa: F811
    press(page, "385" + "V2" + "P3\t5" + "K5" + ENTER)
    written = record(page, house, 0)
    assert (written["temperature"], written["vomiting"], written["stools"], written["stool"], written["skin"]) == (
        38.5,
        2,
        3,
        "watery",
        "rash",
    )


def test_a_whole_unit_takes_no_more_than_three_keys_a_child(page: DailyCare, house: House) -> None:  # noqa: F811
    keys = ENTER + "66" + ENTER + "M4" + ENTER + ENTER
    press(page, keys)
    assert len(keys) <= 3 * 4 and "To write" not in states(page)
    assert page.count.text().startswith("4 of 4 written")
    assert "All children of the unit are written." in shown(page)


def shown(page: DailyCare) -> str:
    from PySide6.QtWidgets import QApplication, QLabel

    QApplication.processEvents()
    return " ".join(label.text() for label in page.entry.strip.findChildren(QLabel) if label.isVisible())


def test_leaving_a_row_saves_what_was_typed_and_only_that(page: DailyCare, house: House) -> None:  # noqa: F811
    press(page, "72↓")
    written = record(page, house, 0)
    assert (written["temperature"], written["appetite"], written["usual"]) == (37.2, None, False)
    assert page.entry.current_place() == 1


def test_escape_gives_up_and_nothing_is_written(page: DailyCare, house: House) -> None:  # noqa: F811
    press(page, "F5\x1b↓")
    assert record(page, house, 0) is None


def test_the_last_row_is_taken_back(page: DailyCare, house: House) -> None:  # noqa: F811
    press(page, "65" + ENTER)
    press(page, ENTER)
    page.entry.take_back()
    assert record(page, house, 1) is None and page.entry.current_place() == 1
    page.entry.take_back()
    assert record(page, house, 0) is None and page.entry.current_place() == 0
    press(page, "F2" + ENTER)
    assert record(page, house, 0)["appetite"] == "most"


def test_changing_a_written_row_and_taking_it_back_brings_back_what_stood_there(page: DailyCare, house: House) -> None:  # noqa: F811
    press(page, ENTER)
    page.entry._go_to(0)
    press(page, "F5" + ENTER)
    assert record(page, house, 0)["appetite"] == "refused"
    page.entry.take_back()
    assert record(page, house, 0)["appetite"] == "all" and record(page, house, 0)["usual"]


def test_a_wrong_value_stays_in_the_row_with_its_reason(page: DailyCare, house: House) -> None:  # noqa: F811
    press(page, "T" + "45.5" + ENTER)
    assert record(page, house, 0) is None and states(page)[0] == "Not saved"
    assert "At most 43" in shown(page)
    press(page, "T" + "36.5" + ENTER)
    assert record(page, house, 0)["temperature"] == 36.5


def test_a_man_caring_for_an_older_girl_confirms_it(house: House, apps, qtbot) -> None:  # noqa: F811
    page = DailyCare(apps(house.carer))
    qtbot.addWidget(page)
    page.show()
    page.reload()
    page.entry._go_to(2)
    press(page, "B2" + ENTER)
    assert record(page, house, 2) is None and states(page)[2] == "Confirm"
    press(page, ENTER)
    assert record(page, house, 2)["bath"] == "bath"


def test_free_text_is_typed_by_input_method_and_keeps_every_character(page: DailyCare, house: House) -> None:  # noqa: F811
    press(page, "N")
    type_in(page.entry.strip.text, "午睡后<b>说</b>𠮷 =1+1")
    QTest.keyClick(page.entry.strip.text, Qt.Key.Key_Return)
    assert record(page, house, 0)["note"] == "午睡后<b>说</b>𠮷 =1+1"


def test_a_temperature_is_taken_again_between_times(page: DailyCare, house: House) -> None:  # noqa: F811
    press(page, "385" + ENTER)
    page.entry._go_to(0)
    press(page, "A72" + ENTER)
    with house.database.read(house.director) as work:
        lines = day_lines(work, house.children[0], NOW.date(), NOW.date())
    assert sorted((line["extra"], line["temperature"]) for line in lines) == [(False, 38.5), (True, 37.2)]


def test_a_child_in_hospital_is_not_written_by_enter(page: DailyCare, house: House) -> None:  # noqa: F811
    with house.database.work(SYSTEM) as work:
        move(work, house.children[3], "residential", date(2026, 1, 1))
        move(work, house.children[3], "hospital", date(2026, 11, 20), place="医院")
    page.reload()
    assert states(page)[3] == "In hospital"
    page.entry._go_to(3)
    press(page, "F4" + ENTER)
    assert record(page, house, 3) is None


def test_another_persons_record_appears_and_is_not_overwritten_by_enter(page: DailyCare, house: House) -> None:  # noqa: F811
    from models.nursing import save_row
    from models.shifts import shift_at

    with house.database.work(house.nurse) as work:
        save_row(work, house.children[0], shift_at(NOW), {"temperature": 38.0})
    page.reload()
    press(page, ENTER)
    assert record(page, house, 0)["temperature"] == 38.0 and record(page, house, 0)["recorded_by"] == "赵敏"


def test_shift_and_day_are_chosen_and_the_future_is_not(page: DailyCare) -> None:
    page._shift_chosen("night")
    page._day_moved(-1)
    assert (page.shift.day, page.shift.code) == (date(2026, 11, 19), "night")
    page._day_moved(1)
    page._day_moved(1)
    assert page.shift.day == NOW.date()
    page.go_now()
    assert page.shift.code == "early"


def test_who_may_only_read_writes_nothing(house: House, apps, qtbot) -> None:  # noqa: F811
    from tests.conftest import actor

    page = DailyCare(apps(actor("teacher", staff_id=house.carer.staff_id, name="t")))
    qtbot.addWidget(page)
    page.show()
    page.reload()
    press(page, "65" + "↓")
    assert record(page, house, 0) is None


@pytest.mark.parametrize(
    "typed, degrees",
    [("65", 36.5), ("72", 37.2), ("385", 38.5), ("02", 40.2), ("36.5", 36.5), ("３８５", 38.5), ("36。5", 36.5), ("6", None), ("", None), ("3855", None)],
)  # fmt: skip
def test_two_digits_are_a_temperature(typed: str, degrees: float | None) -> None:
    assert understood(BY_KEY["T"].meanings()[0], typed) == degrees


def test_typing_that_was_not_saved_comes_back_after_the_program_ended(page: DailyCare, house: House, qtbot) -> None:  # noqa: F811
    press(page, "F4")
    again = DailyCare(page.app)
    qtbot.addWidget(again)
    again.show()
    again.reload()
    assert states(again)[0] == "Typing"
    press(again, ENTER)
    assert record(again, house, 0)["appetite"] == "little"
    assert page.app.drafts.look(again.entry.draft_key) is None


def test_the_model_is_a_proper_qt_model(page: DailyCare) -> None:
    QAbstractItemModelTester(page.entry.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    press(page, "65" + ENTER)


def test_it_speaks_chinese(house: House, apps, qtbot) -> None:  # noqa: F811
    use_language("zh_CN")
    page = DailyCare(apps(house.second))
    qtbot.addWidget(page)
    page.show()
    page.reload()
    press(page, ENTER)
    assert page.count.text() == "已记1/4人 · 07:30–15:30" and states(page)[:2] == ["如常", "待记录"]


def test_the_screen_asks_the_database_a_fixed_number_of_times(page: DailyCare, house: House) -> None:  # noqa: F811
    from sqlalchemy import event

    from models.child import Child

    def count() -> int:
        seen: list[str] = []
        event.listen(house.database.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        page.reload()
        return len(seen)

    few = count()
    with house.database.work(SYSTEM) as work:
        for index in range(10, 22):
            values = {
                "name": f"孩子{index}",
                "number": f"2021-{index:03d}",
                "sex": "1",
                "born_on": date(2020, 1, 1),
                "unit_id": house.unit,
            }
            records.save(work, Child, values)
    assert count() <= few * 2 + 2
