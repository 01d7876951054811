"""The room of the outreach clients: take in by keyboard, look, renew, end — and nowhere else in the house."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtWidgets import QApplication

from models.core.access import SYSTEM
from models.core.errors import Problem
from models.outreach_clients import clients, take_in
from models.staff import Staff  # noqa: F401 (registers the people that agreements name)
from tests.conftest import actor
from tests.ui.conftest import make_app
from ui.buttons import Button
from ui.pages import pages
from ui.text import PlainLabel
from views.outreach import OutreachPage
from views.outreach_take_in import TakeInDialog

AGREEMENT = {
    "guardian": "周建国", "telephone": "13800000000", "funding": "free", "starts_on": date(2026, 9, 1),
    "ends_on": date(2026, 12, 5), "consent_on": date(2026, 9, 1),
}  # fmt: skip


@pytest.fixture
def app(sqlite_database, qtbot) -> Iterator:
    made = make_app(sqlite_database, actor("social"))
    yield made
    made.close()


@pytest.fixture
def page(app, qtbot) -> OutreachPage:
    made = OutreachPage(app)
    qtbot.addWidget(made)
    made.resize(1000, 600)
    made.reload()
    made.show()
    return made


def take(page, name: str = "周小满", **agreement) -> str:
    child = {"name": name, "sex": "1", "born_on": date(2021, 4, 1), "disabilities": ["6"]}
    with page.app.work() as work:
        return take_in(work, child, {**AGREEMENT, **agreement})


def texts(widget) -> str:
    QApplication.processEvents()
    return " ".join(label.text() for label in widget.findChildren(PlainLabel) if label.isVisibleTo(widget))


def test_the_empty_room_says_what_it_is_for_and_offers_the_first_step(page):
    assert "No outreach clients" in texts(page) and "apart from residents" in texts(page)


def test_what_is_missing_on_both_halves_is_said_at_once(page, qtbot, monkeypatch):
    dialog = TakeInDialog(page.app)
    qtbot.addWidget(dialog)
    dialog.child.editors["name"].set_value("周小满")
    told: list[Problem] = []
    monkeypatch.setattr(dialog.problems, "tell", told.extend)
    dialog.save()
    assert {"sex", "born_on", "guardian", "telephone"} <= {problem.field for problem in told}
    assert dialog.child.values()["name"] == "周小满" and not dialog.client_id, "nothing is lost, nothing is kept"


def test_a_client_is_taken_in_with_its_agreement_on_one_sheet(page, qtbot):
    dialog = TakeInDialog(page.app)
    qtbot.addWidget(dialog)
    dialog.save()
    assert dialog.problems.isVisibleTo(dialog) and not dialog.client_id
    for name, value in (("name", "周小满"), ("sex", "1"), ("born_on", date(2021, 4, 1))):
        dialog.child.set_value(name, value)
    for name, value in AGREEMENT.items():
        dialog.agreement.set_value(name, value)
    dialog.save()
    assert dialog.client_id
    page.reload()
    assert [each.number for each in page.shown] == ["T2026-001"]


def test_the_list_shows_who_is_served_and_the_file_the_agreement(page):
    key = take(page)
    page.reload()
    row = page.table.rows.rows[0].texts
    assert row[:3] == ("周小满", "ends soon", "T2026-001") and "周建国" in row
    page.open(child_id=key)
    said = texts(page)
    assert "周建国 13800000000" in said and "2026-09-01 to 2026-12-05" in said
    page.back()
    assert page.stack.currentIndex() == 0


def test_search_finds_by_pinyin_guardian_and_number(page):
    take(page)
    take(page, "许知夏", guardian="许文静")
    for words, found in (("zxm", ["周小满"]), ("文静", ["许知夏"]), ("T2026-002", ["许知夏"]), ("没有", [])):
        page.search.setText(words)
        page.reload()
        assert [each.name for each in page.found] == found
    assert "No client among these" in texts(page)


def test_an_ended_agreement_moves_the_client_to_the_ended_ones(page):
    from models.outreach_clients import end_agreement

    take(page)
    page.reload()
    with page.app.work() as work:
        end_agreement(work, page.found[0].agreement_id, date(2026, 11, 18), "moved")
    page.reload()
    assert not page.shown
    page.group.set_value("ended")
    page._show()
    assert [each.ending for each in page.shown] == ["moved"]


def test_a_therapist_reads_and_does_not_take_in(sqlite_database, qtbot):
    app = make_app(sqlite_database, actor("therapist"))
    made = OutreachPage(app)
    qtbot.addWidget(made)
    made.reload()
    assert not hasattr(made, "take") and "outreach" in {entry.key for entry in pages(app.actor)}
    assert "outreach" not in {entry.key for entry in pages(actor("caregiver"))}
    app.close()


def test_a_clients_file_opens_in_its_own_room_not_among_the_residents(page, qtbot, monkeypatch):
    from views.child_file import ChildFile

    key = take(page)
    gone = []
    monkeypatch.setattr(page.app, "go", lambda target, **more: gone.append((target, more)))
    file = ChildFile(page.app)
    qtbot.addWidget(file)
    file.open(child_id=key)
    assert gone == [("outreach", {"child_id": key})] and not file.child_id
    with page.app.database.read(SYSTEM) as work:
        assert len(clients(work)) == 1


def test_a_client_is_admitted_with_what_is_known(page, app, qtbot):
    """The admission begins with the child's own file and the guardian; the client's number is not kept."""
    from views.admission import AdmissionPage

    went = []
    app.going.connect(lambda where, target: went.append((where, target)))
    take(page)
    page.reload()
    client = page.found[0]
    page._open(client.id)
    next(each for each in page.findChildren(Button) if each.text() == "Admit…").click()
    assert went[-1] == ("admission", {"child_id": client.id})
    admission = AdmissionPage(app)
    qtbot.addWidget(admission)
    admission.open(**went[-1][1])
    assert admission.child_id == client.id
    values = admission.forms["child"].values()
    assert values["name"] == client.name and not values["number"]
    assert admission.forms["coming"].values()["sender_detail"] == f"{client.guardian} {client.telephone}"
