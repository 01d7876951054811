"""The Month screen: the right children, the very bytes, and what came of printing them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from models.child import Child
from models.core import records
from models.core.access import SYSTEM
from models.month import Month
from models.unit import Unit
from reports.monthly_batch import Failure, Outcome
from tests.reports.reading import sound, text_of
from ui.pages import pages
from views import open_rooms
from views.documents import BOUND, Documents, outcome_words

open_rooms()


@pytest.fixture
def page(sign_in, tmp_path):
    app = sign_in("director")
    with app.database.work(SYSTEM) as work:
        unit = records.save(work, Unit, {"name": "向日葵家庭", "kind": "household"})
        for number, name in (("2020-001", "曾小乐"), ("2020-002", "阿依古丽·买买提"), ("2020-003", "单𠮷")):
            values = {"name": name, "number": number, "sex": "1", "born_on": date(2020, 1, 1)}
            records.save(work, Child, {**values, "unit_id": unit if number != "2020-003" else None}, confirmed=True)
    made = Documents(app)
    made.reload()
    made.shown_papers = []
    app.preview = lambda title, pdf, filename: made.shown_papers.append((title, pdf, filename))
    yield made
    made.deleteLater()


def names(page: Documents) -> list[str]:
    return [each.name for each in page.shown]


def test_it_is_in_the_menu_of_those_who_may_print(sign_in):
    assert any(entry.key == "documents" and entry.area == "papers" for entry in pages(sign_in("director").actor))
    assert not any(entry.key == "documents" for entry in pages(sign_in("auditor").actor))


def test_it_begins_with_the_last_month_that_is_over_and_goes_no_further_than_this_one(page):
    today = page.app.today()
    assert page.choice.month.next() == Month(today.year, today.month)
    page.choice.step(1)
    assert "draft" in page.choice.note.text()
    page.choice.step(1)
    assert page.choice.month == Month(today.year, today.month)


def test_children_are_found_by_unit_and_by_any_way_of_typing(page):
    assert names(page) == ["曾小乐", "阿依古丽·买买提", "单𠮷"]
    page.unit.setCurrentIndex(1)
    assert names(page) == ["曾小乐", "阿依古丽·买买提"]
    page.search.setText("zxl")
    page.reload()
    assert names(page) == ["曾小乐"]
    assert page.print_button.text() == "Print 1 record"


def test_marked_children_alone_are_printed_else_all(page):
    assert page.print_button.text() == "Print 3 records"
    page.table.selectRow(1)
    assert [each.name for each in page.chosen()] == ["阿依古丽·买买提"]
    assert page.print_button.text() == "Print 1 record"


def test_the_preview_shows_the_very_bytes_of_the_file(page, tmp_path: Path):
    page.table.selectRow(0)
    page.preview()
    ((_title, make, filename),) = page.shown_papers
    page.print_into(tmp_path)
    (file,) = tmp_path.glob("*.pdf")
    assert file.name == filename
    made = make()
    sound(made)
    assert (
        text_of(made).replace("Printed", "").split("Page")[0]
        == text_of(file.read_bytes()).replace("Printed", "").split("Page")[0]
    )


def test_printing_all_says_where_and_is_remembered(page, tmp_path: Path):
    page.print_into(tmp_path)
    assert len(list(tmp_path.glob("*.pdf"))) == 3
    assert page.result.isVisibleTo(page)
    assert "3 records printed" in page.result.label.text()
    assert page.recent[0].papers == 3
    assert page.task is None
    assert not page.running.isVisibleTo(page)


def test_a_bound_volume_is_shown_when_it_is_ready(page, tmp_path: Path):
    page.manner.set_value(BOUND)
    page.print_into(tmp_path)
    (file,) = tmp_path.glob("*.pdf")
    ((_title, pdf, _filename),) = page.shown_papers
    assert pdf == file.read_bytes()


def test_a_link_leads_to_a_child_in_a_month(page):
    child = page.shown[2]
    page.open(month="2026-09", child_id=child.id)
    assert page.choice.month == Month(2026, 9)
    assert [each.id for each in page.chosen()] == [child.id]


def test_what_failed_is_named_and_gaps_are_told():
    outcome = Outcome([Path("/papers/a.pdf")], 1, [Failure("x", "王小明", "no photo")], {"单𠮷": "😀"})
    text, tone = outcome_words(outcome)
    assert tone == "warning"
    assert "王小明" in text
    assert "😀" in text
