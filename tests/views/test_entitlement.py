"""The ledger on the screen: figures that open what they count, filters, lights in words, paper and workbook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from models.child import Child
from models.core import records
from models.core.access import SYSTEM
from models.core.record import new_id
from models.funded_programmes import ProgrammeEnrolment
from models.rehabilitation import PlannedTherapy, RehabilitationPlan
from models.staff import Staff
from models.therapy import TherapySession
from tests.conftest import actor
from tests.ui.conftest import make_app
from ui import papers
from views.entitlement import EntitlementPage
from views.entitlement_behind import SessionsBehind, WeeksBehind
from views.entitlement_card import entitlement_card


@pytest.fixture
def home(sqlite_database) -> SimpleNamespace:
    """Two children in treatment: one with a lost session and a funded programme, one in order."""
    with sqlite_database.work(SYSTEM) as work:
        therapist = records.save(work, Staff, {"name": "李静", "sex": "2", "post": "therapist"})
        ids = [new_id(), new_id()]
        work.bulk(Child, [
            {"id": key, "name": name, "number": number, "sex": "1", "born_on": date(2020, 1, 1)}
            for key, name, number in zip(ids, ("曾小乐", "张三"), ("2020-001", "2020-002"), strict=True)
        ])  # fmt: skip
        rows = []
        for key, often in zip(ids, (2, 1), strict=True):
            plan = new_id()
            work.bulk(RehabilitationPlan, [{
                "id": plan, "child_id": key, "state": "approved", "starts_on": date(2026, 11, 2), "ends_on": date(2027, 4, 30),
                "review_on": date(2027, 2, 1), "findings": "独坐不稳",
            }])  # fmt: skip
            work.bulk(PlannedTherapy, [{
                "child_id": key, "plan_id": plan, "therapy": "PT", "sessions_a_week": often, "minutes": 30, "form": "single",
            }])  # fmt: skip
            rows += [_session(key, therapist, date(2026, 11, day) + timedelta(days=2 * each), 9 + often)
                     for day in (2, 9, 16, 23) for each in range(often)]  # fmt: skip
        rows[1] |= {"status": "absent", "reason": "ill"}
        work.bulk(TherapySession, rows)
        work.bulk(ProgrammeEnrolment, [{
            "child_id": ids[0], "programme": "sz_physical", "starts_on": date(2026, 11, 1), "ends_on": date(2027, 10, 31),
        }])  # fmt: skip
    return SimpleNamespace(database=sqlite_database, ids=ids, lost=rows[1]["id"], therapist=therapist)


def _session(child: str, therapist: str, day: date, hour: int) -> dict[str, object]:
    key, begin = new_id(), datetime.combine(day, datetime.min.time()) + timedelta(hours=hour)
    return {
        "id": key, "child_id": child, "therapist_id": therapist, "therapy": "PT", "form": "single", "starts_at": begin,
        "ends_at": begin + timedelta(minutes=30), "sitting_id": key, "reason": None,
        "status": "done" if day < date(2026, 11, 20) else "booked", "state": "draft",
    }  # fmt: skip


@pytest.fixture
def app(home, qtbot) -> Iterator:
    made = make_app(home.database, actor("director"))
    yield made
    made.close()


@pytest.fixture
def page(app, qtbot) -> EntitlementPage:
    made = EntitlementPage(app)
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.reload()
    made.show()
    return made


def cell(page, name: str, key: str) -> str:
    model = page.table.ledger
    row = next(each for each in model.rows if each.name == name)
    return model.text(row, key)[1]


def test_each_child_has_its_figures_and_lights_in_words(page):
    assert [row.name for row in page.table.ledger.rows] == ["张三", "曾小乐"]
    assert [cell(page, "曾小乐", key) for key in ("prescribed", "planned", "delivered", "lost", "owed")] == [
        "8",
        "8",
        "5",
        "1",
        "1",
    ]
    assert cell(page, "曾小乐", "level") == "owes 1" and cell(page, "张三", "level") == "in order"
    assert cell(page, "曾小乐", "light").startswith("out of reach")
    page.table.show_child(page.shown[1].child_id)
    assert "at most" in page.note.text() and "Lost: Child ill 1" in page.note.text()
    assert "2 children" in page.sum.text() and "owed 1" in page.sum.text()


def test_columns_in_which_nobody_has_anything_are_left_out(page):
    keys = {key for key, _title in page.table.ledger.heads}
    assert "beyond" not in keys and "unrecorded" not in keys and "to_come" in keys


def test_the_arrow_keys_go_from_figure_to_figure_and_enter_opens_what_is_behind(page, monkeypatch):
    opened = []
    page.table.on_figure = lambda row, key: opened.append((row.name, key))
    page.table.show_child(page.shown[1].child_id)
    page.table.setFocus()
    wanted = [key for key, _title in page.table.ledger.heads].index("lost")
    for _each in range(wanted):
        QTest.keyClick(page.table, Qt.Key.Key_Right)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert opened == [("曾小乐", "lost")]


def test_behind_a_figure_stand_its_very_sessions_and_weeks(page, home, qtbot):
    row = next(each for each in page.shown if each.name == "曾小乐")
    sessions = SessionsBehind(page.app, row, "lost")
    qtbot.addWidget(sessions)
    assert [each.id for each in sessions.found] == [home.lost]
    weeks = WeeksBehind(page.app, row, "owed")
    qtbot.addWidget(weeks)
    assert weeks.table.model().rowCount() == 5


def test_filters_narrow_the_rows_and_what_is_taken_along(page):
    page._choose("programme", "sz_physical")
    assert [row.name for row in page.shown] == ["曾小乐"] and "Suzhou" in page.filter.text()
    page._choose("level", "green")
    assert not page.shown and page.nobody.isVisibleTo(page) and not page.empty.isVisibleTo(page)
    page._unfilter()
    page.by.set_value("therapy")
    page._show()
    assert {row.therapy for row in page.shown} == {"PT"}


def test_a_search_that_finds_nobody_is_not_taken_for_an_empty_ledger(page):
    page.search.setText("zzz")
    page._show()
    assert page.nobody.isVisibleTo(page) and not page.empty.isVisibleTo(page) and not page.table.isVisibleTo(page)
    page._unfilter()
    assert page.table.isVisibleTo(page) and not page.nobody.isVisibleTo(page)


def test_week_month_and_from_to_add_up_to_the_same(page):
    page.span.choose("week")
    assert (page.span.first, page.span.last) == (date(2026, 11, 16), date(2026, 11, 22))
    assert cell(page, "曾小乐", "prescribed") == "2"
    page.span.choose("days")
    page.span.edits[0].set_value(date(2026, 11, 2))
    page.span._typed()
    assert cell(page, "曾小乐", "prescribed") == "6"


def test_the_ledger_goes_to_paper_and_workbook_as_it_is_shown_and_the_trail_knows(page, tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(papers, "show_list_paper", lambda app, listing: shown.append(listing))
    page.print()
    page.export_to(tmp_path / "ledger.xlsx")
    (listing,) = shown
    assert listing.headings[:3] == ("Child", "File number", "Prescribed")
    assert listing.texts()[1][0] == "曾小乐" and "out of reach" in listing.texts()[1][-1]
    assert (tmp_path / "ledger.xlsx").stat().st_size > 4000


def test_who_may_not_print_sessions_is_refused(home, qtbot, monkeypatch):
    app = make_app(home.database, actor("teacher"))
    made = EntitlementPage(app)
    qtbot.addWidget(made)
    made.reload()
    told = []
    monkeypatch.setattr(app, "show_error", told.append)
    made.print()
    assert told
    app.close()


def test_today_leads_to_the_child_in_the_ledger(page, home):
    page._choose("level", "green")
    page.open(child_id=home.ids[0])
    assert page.table.current_row().child_id == home.ids[0]


def test_the_childs_file_shows_its_own_entitlement(app, home, qtbot):
    from ui.text import PlainLabel

    card = entitlement_card(app, home.ids[0])
    qtbot.addWidget(card)
    said = " ".join(label.text() for label in card.findChildren(PlainLabel))
    assert "training days can still be reached" in said
