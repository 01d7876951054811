"""Cases by what is due, one child's contacts along a line, and counselling behind its seal."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from models.child import Caseload, Child
from models.core import queries, records
from models.core.access import SYSTEM
from models.social_work import ContactNote, CounsellingNote, SocialCase
from models.staff import Staff
from tests.conftest import NOW, actor
from tests.ui.conftest import make_app
from ui.widgets import Button
from views.social_work import SocialWork, SocialWorkTab


@pytest.fixture
def house(sqlite_database, qtbot):
    """Two children with cases, a social worker who has both on the caseload and a colleague's case among them."""
    with sqlite_database.work(SYSTEM) as work:
        staff = [
            records.save(work, Staff, {"name": name, "sex": "2", "post": "social_worker"}) for name in ("任安", "解文")
        ]
        ids = []
        for index, name in enumerate(("曾小乐", "张三")):
            child = records.save(
                work, Child, {"name": name, "number": f"2020-00{index}", "sex": "1", "born_on": date(2015, 1, 1)}
            )
            records.save(work, Caseload, {"child_id": child, "staff_id": staff[0], "starts_on": date(2020, 1, 1)})
            records.save(
                work, SocialCase,
                {"child_id": child, "kind": "school", "subject": f"个案{index}", "stage": "planning", "worker_id": staff[index],
                 "opened_on": date(2026, 9, 1), "review_on": NOW.date() + timedelta(days=3 - 5 * index)},
            )  # fmt: skip
            ids.append(child)
        records.save(
            work, ContactNote,
            {"child_id": ids[0], "at": NOW - timedelta(days=2), "way": "talk", "purpose": "了解心情", "child_words": "想学骑车"},
        )  # fmt: skip
    made = []

    def show(kind=SocialWork, role="social"):
        app = make_app(sqlite_database, actor(role, staff_id=staff[0]))
        made.append(app)
        page = kind(app)
        qtbot.addWidget(page)
        page.resize(1100, 700)
        if kind is SocialWork:
            page.reload()
        page.show()
        return page

    yield SimpleNamespace(database=sqlite_database, ids=ids, staff=staff, show=show)
    for app in made:
        app.close()


def rows(page):
    return [row.accessibleName() for row in page.rows.values()]


def test_the_own_cases_stand_first_and_all_by_what_is_due(house):
    page = house.show()
    assert rows(page) == ["曾小乐 · 个案0 · Plan · in 3 days"]
    page.whose.set_value("all")
    page._show_list()
    assert rows(page) == ["张三 · 个案1 · Plan · 2 days late", "曾小乐 · 个案0 · Plan · in 3 days"]
    assert page.count.text() == "2 cases · 1 overdue"
    page._searched("张")
    assert rows(page) == ["张三 · 个案1 · Plan · 2 days late"]


def test_the_first_case_is_open_and_another_is_opened_by_a_press(house):
    page = house.show()
    assert page.place() == {"child_id": house.ids[0]} and page.panel.name.text() == "曾小乐"
    assert [entry.text for entry in page.panel.timeline.entries] == ["Talk in person · “想学骑车”"]
    page.whose.set_value("all")
    page._show_list()
    next(row for row in page.rows.values() if "张三" in row.accessibleName()).clicked.emit()
    assert page.place() == {"child_id": house.ids[1]}


def test_a_contact_is_noted_in_a_short_form_for_the_child_shown(house, monkeypatch):
    page = house.show()

    def fill_in(dialog):
        dialog.short.form.set_value("purpose", "个案会议")
        return dialog.short.save(), dialog.made

    monkeypatch.setattr("views.social_file.ask", fill_in)
    page.new()
    with house.database.read(SYSTEM) as work:
        notes = [queries.values(work, ContactNote, row.id) for row in queries.rows(work, ContactNote)]
    new = next(note for note in notes if note["purpose"] == "个案会议")
    assert (new["child_id"], new["worker_id"], new["minutes"]) == (house.ids[0], house.staff[0], 30)
    assert new["case_id"] and len(page.panel.timeline.entries) == 2


def test_counselling_is_in_the_line_of_its_author_only(house):
    page = house.show()
    with house.database.work(page.app.actor) as work:
        records.save(
            work,
            CounsellingNote,
            {"child_id": house.ids[0], "at": NOW, "occasion": "想家", "content": "x", "risk": "low"},
        )
    page.reload()
    assert [entry.title for entry in page.panel.timeline.entries][0] == "Counselling session · 想家"
    other = house.show(role="director")
    other.show_child(house.ids[0])
    assert len(other.panel.timeline.entries) == 1


def test_a_teacher_reads_and_is_offered_no_acts(house):
    with house.database.work(SYSTEM) as work:
        teacher = records.save(work, Staff, {"name": "老师", "sex": "2", "post": "teacher"})
        records.save(work, Caseload, {"child_id": house.ids[0], "staff_id": teacher, "starts_on": date(2020, 1, 1)})
    tab = house.show(SocialWorkTab, "teacher")
    tab.show_child(house.ids[0])
    assert [button.text() for button in tab.panel.findChildren(Button) if button.isVisibleTo(tab)] == []
