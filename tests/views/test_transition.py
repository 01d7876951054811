"""The cohort and one young person: from the drawing to the act, by role."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from models.child import Child
from models.core import queries, records
from models.core.access import SYSTEM
from models.staff import Staff
from models.transition import HandOverItem, ReadinessRating, TransitionStep
from models.transition_plan import save_plan, young_person
from tests.conftest import actor
from tests.ui.conftest import make_app
from ui.widgets import Button, Chip
from views.rating import RatingDialog
from views.transition_timeline import Transition, TransitionTab

PEOPLE = (
    ("曾小乐", "2012-001", date(2009, 1, 10)),
    ("张三", "2012-002", date(2011, 6, 1)),
    ("小朋友", "2020-003", date(2020, 1, 1)),
)


@pytest.fixture
def house(sqlite_database, qtbot):
    with sqlite_database.work(SYSTEM) as work:
        staff = [
            records.save(work, Staff, {"name": name, "sex": "2", "post": "social_worker"}) for name in ("任安", "解文")
        ]
        ids = [
            records.save(
                work, Child, {"name": name, "number": number, "sex": "1", "born_on": born, "admitted_on": date(2020, 1, 5)}
            )
            for name, number, born in PEOPLE
        ]  # fmt: skip
        save_plan(work, ids[0], {"opened_on": date(2025, 2, 1), "track": "work", "worker_id": staff[0]})
    made = []

    def show(kind, *roles):
        app = make_app(sqlite_database, actor(*(roles or ("director",)), staff_id=staff[1]))
        made.append(app)
        page = kind(app)
        qtbot.addWidget(page)
        page.resize(1100, 700)
        if kind is Transition:
            page.reload()
        page.show()
        return page

    yield SimpleNamespace(database=sqlite_database, ids=ids, staff=staff, show=show)
    for app in made:
        app.close()


def test_the_cohort_shows_everyone_from_fourteen_by_birthday_and_counts(house):
    page = house.show(Transition)
    assert [person.name for person in page.lines.people] == ["曾小乐", "张三"]
    assert page.words.text() == "2 young people · 1 come of age within a year · 2 with overdue steps"
    page.whose.set_value("left")
    page._show_cohort()
    assert page.lines.people == []


def test_a_row_opens_the_young_person_with_what_matters_and_back(house):
    page = house.show(Transition)
    page.app.going.connect(lambda _key, target: page.open(**target))
    page.lines.opened.emit(0)
    assert page.place() == {"child_id": house.ids[0]} and page.heading() == "曾小乐"
    chips = [chip.text() for chip in page.panel.facts.findChildren(Chip)]
    assert chips[:3] == ["18 on 2027-01-10, in 51 days", "Work and an own life", "Social worker 任安"]
    page.back.click()
    assert page.place() == {} and page.stack.currentWidget() is page.front


def test_a_step_is_settled_from_the_drawing(house, monkeypatch):
    page = house.show(Transition)
    page.show_person(house.ids[0])

    def fill_in(dialog):
        dialog.short.form.set_value("result", "已开户")
        return dialog.short.save(), dialog.made

    monkeypatch.setattr("views.young_person.ask", fill_in)
    line = page.panel.line
    index = next(
        row for row in range(line.row_count()) if line.can_open(row) and line.step_at(row).code == "bank_account"
    )
    page.panel.open_step(index)
    with house.database.read(SYSTEM) as work:
        step = next(each for each in young_person(work, house.ids[0]).steps if each.code == "bank_account")
    assert (step.status, step.done_on, step.result) == ("late", date(2026, 11, 20), "已开户")
    assert line.step_at(index).status == "late"


def test_who_may_only_read_is_offered_no_acts(house):
    page = house.show(Transition, "nurse")
    page.whose.set_value("all")
    page.panel.show_person(house.ids[0])
    buttons = [button.text() for button in page.panel.findChildren(Button) if not button.isHidden()]
    assert "Open the plan" not in buttons and "Rate now" not in buttons


def test_the_sheet_of_domains_saves_what_was_rated_and_keeps_the_rest(house, qtbot):
    page = house.show(Transition)
    page.show_person(house.ids[0])
    dialog = RatingDialog(page.app, page.panel.person)
    qtbot.addWidget(dialog)
    first, second = dialog.rows[:2]
    first.staff.set_value(3)
    dialog.save()
    assert not dialog.trouble.isHidden() and "what was seen" in dialog.trouble.label.text()
    first.evidence.setText("连续两周自己整理床铺")
    second.staff.set_value(1)
    second.own.set_value(2)
    dialog.save()
    with house.database.read(SYSTEM) as work:
        rows = {row.values[1]: row.values for row in queries.rows(work, ReadinessRating)}
    assert set(rows) == {first.domain, second.domain} and rows[second.domain][4] == 2


def test_the_hand_over_list_is_begun_marked_and_handed_over_before_a_witness(house, monkeypatch):
    page = house.show(Transition)
    page.show_person(house.ids[0])
    handed = page.panel.hand_over
    handed.begin()
    assert handed.count.text().startswith("0 of 20")
    handed.table.selectRow(0)
    handed._mark({"ready_on": date(2026, 11, 20)})

    def fill_in(dialog):
        dialog.short.form.set_value("witness_id", house.staff[0])
        return dialog.short.save(), dialog.made

    monkeypatch.setattr("views.transition_lists.ask", fill_in)
    handed.table.clearSelection()
    handed.give()
    assert handed.count.text().startswith("1 of 20")
    with house.database.read(SYSTEM) as work:
        given = [row for row in queries.rows(work, HandOverItem) if row.values[5]]
    assert len(given) == 1


def test_the_tab_of_a_young_child_says_that_there_is_time(house):
    tab = house.show(TransitionTab)
    tab.show_child(house.ids[2])
    assert tab.stack.currentWidget() is tab.young
    tab.show_child(house.ids[0])
    assert tab.stack.currentWidget() is tab.panel and tab.panel.person.name == "曾小乐"


def test_looking_writes_nothing(house):
    page = house.show(Transition)
    page.show_person(house.ids[1])
    with house.database.read(SYSTEM) as work:
        assert queries.count(work, TransitionStep, where=[TransitionStep.child_id == house.ids[1]]) == 0
