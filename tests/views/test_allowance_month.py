"""The month's ledger on the screen: each stage offers its one act, doubts are said, a closed month is quiet."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from PySide6.QtWidgets import QApplication

from models.allowance_month import adopt_rates, check_off, close, compute
from models.allowances import AllowanceEntitlement
from models.child import Child
from models.core import queries, records
from models.core.access import SYSTEM
from models.month import Month
from resources import use_language
from tests.conftest import actor
from tests.ui.conftest import make_app
from ui import papers
from ui.text import PlainLabel
from ui.widgets import Button
from views.allowance_month import AllowanceMonth, AllowanceTab

NOVEMBER = Month(2026, 11)


@pytest.fixture
def house(sqlite_database, qtbot):
    with sqlite_database.work(SYSTEM) as work:
        ids = [
            records.save(
                work, Child,
                {"name": name, "number": number, "sex": "1", "born_on": date(2015, 1, 1), "admitted_on": date(2016, 1, 1),
                 "category": category},
            )
            for name, number, category in (("曾小乐", "2016-001", "A"), ("张三", "2016-002", "E"))
        ]  # fmt: skip
    made = []

    def show(kind, role="finance"):
        app = make_app(sqlite_database, actor(role))
        made.append(app)
        page = kind(app)
        qtbot.addWidget(page)
        page.resize(1100, 700)
        if kind is AllowanceMonth:
            page.reload()
        page.show()
        return page

    yield SimpleNamespace(database=sqlite_database, ids=ids, show=show)
    for app in made:
        app.close()


def texts(page):
    QApplication.processEvents()  # what was laid out just now is shown in the next turn
    return {label.text() for label in page.findChildren(PlainLabel) if label.isVisibleTo(page)}


def acts(page):
    return [
        page.stages.itemAt(i).widget().text()
        for i in range(page.stages.count())
        if isinstance(page.stages.itemAt(i).widget(), Button)
    ]


def press(page, words):
    QApplication.processEvents()
    next(button for button in page.findChildren(Button) if button.text() == words and button.isVisibleTo(page)).click()


def test_without_rates_the_page_offers_the_known_ones(house):
    page = house.show(AllowanceMonth)
    assert "No rates yet" in texts(page) and acts(page) == []
    press(page, "Take over: Anhui")
    assert "Nothing computed for November 2026" in texts(page)


def test_a_month_goes_from_computing_over_doubts_to_checking(house):
    with house.database.work(actor("finance")) as work:
        adopt_rates(work, "34")
    page = house.show(AllowanceMonth)
    press(page, "Compute")
    assert page.table.rows.rowCount() == 2 and acts(page) == ["Compute again", "Note payment"]
    assert page.trouble.label.text() == (
        "1 point to settle before the month is checked off:\n张三 no rate for this category and way of living"
    )
    with house.database.work(actor("finance")) as work:
        line = next(row.id for row in queries.rows(work, AllowanceEntitlement) if row.values[0] == "张三")
        records.save(work, AllowanceEntitlement, {"category": "orphan"}, id=line)
    page.reload()
    press(page, "Compute again")
    assert page.trouble.isHidden() and acts(page) == ["Compute again", "Note payment", "Check off"]
    assert {"2 children", "3,150.00 yuan", "In capitals: 叁仟壹佰伍拾元整"} <= texts(page)
    press(page, "Check off")
    assert page.book.stage == "reviewed" and acts(page) == ["Note payment"]


@pytest.fixture
def closed(house):
    with house.database.work(SYSTEM) as work:
        records.save(work, Child, {"category": "A"}, id=house.ids[1])
        adopt_rates(work, "34")
        compute(work, NOVEMBER)
        check_off(work, NOVEMBER)
    return house


def test_the_director_closes_after_a_question_that_names_the_sum(closed, monkeypatch):
    page = closed.show(AllowanceMonth, "director")
    asked = []
    monkeypatch.setattr("views.allowance_month.confirm", lambda *given, **more: asked.append(given) or True)
    press(page, "Close the month")
    assert "3,150.00 yuan (叁仟壹佰伍拾元整)" in asked[0][2]
    assert page.book.stage == "closed" and acts(page) == []
    assert "Closed and locked" in texts(page)


def test_months_are_turned_and_come_back_to(closed):
    page = closed.show(AllowanceMonth)
    page.turn(2)
    assert page.place() == {"month": "2027-01"}
    page.turn(-2)
    assert page.book.stage == "reviewed"
    page.open(month="2026-02")
    assert page.month == Month(2026, 2)


def test_the_ledger_is_printed_as_a_list_that_adds_up(closed, monkeypatch):
    shown = []
    monkeypatch.setattr(papers, "show_list_paper", lambda app, listing: shown.append(listing))
    page = closed.show(AllowanceMonth)
    page.print()
    assert shown[0].notes == ("2026-11", "not closed yet: a draft")
    assert shown[0].texts()[0][:8] == (
        "2016-001",
        "曾小乐",
        "Regular",
        "Orphan",
        "Raised in a home",
        "1,575.00",
        "30",
        "1,575.00",
    )


def test_a_child_s_tab_shows_its_months_and_leads_to_the_ledger(closed):
    with closed.database.work(SYSTEM) as work:
        close(work, NOVEMBER)
    tab = closed.show(AllowanceTab)
    tab.show_child(closed.ids[0])
    assert tab.table.rows.rows[0][0] == "2026-11" and tab.table.rows.rows[0][-1] == "Approved"
    gone = []
    tab.app.going.connect(lambda key, target: gone.append((key, target)))
    tab._open(0)
    assert gone == [("allowance_month", {"month": "2026-11"})]


def test_the_page_speaks_chinese(closed):
    use_language("zh_CN")
    page = closed.show(AllowanceMonth)
    assert {"已计算", "已审核", "已封账", "大写：叁仟壹佰伍拾元整"} <= texts(page)
