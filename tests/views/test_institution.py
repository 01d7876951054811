"""The screen of the home's report: figures, the rows behind them, the paper, all reached by keyboard."""

from __future__ import annotations

from datetime import date

import pytest

from models.child import Child
from models.core import records
from models.kept_list import Wanted, kept_lines
from models.period import ReportPeriod
from models.placement import move
from tests.reports.reading import faults, text_of
from ui.pages import pages
from ui.table import RecordTable
from ui.text import PlainLabel
from ui.widgets import Button, EmptyState
from views import open_rooms
from views.institution import InstitutionPage

open_rooms()


@pytest.fixture
def page(sign_in, qtbot):
    app = sign_in("director")
    with app.database.work(app.actor) as work:
        for number, name in (("2020-001", "曾小乐"), ("2020-002", "单𠮷")):
            values = {"name": name, "number": number, "sex": "1", "born_on": date(2020, 1, 1)}
            child = records.save(work, Child, values, confirmed=True)
            move(work, child, "residential", date(2026, 10, 5))
    made = InstitutionPage(app)
    qtbot.addWidget(made)
    made.shown_papers = []
    app.preview = lambda title, pdf, filename: made.shown_papers.append((title, pdf(), filename))
    made.open(period="2026-10")
    return made


def mark(page, key):
    number = next(n for n, (_section, line) in enumerate(page.entries) if line and line.line.key == key)
    page.table.selectRow(number)
    return [page.table.rows.rows[number][column] for column in range(5)]


def behind(page):
    widget = page.behind.itemAt(0).widget()
    return widget if isinstance(widget, RecordTable) else None


def test_it_stands_in_the_menu_of_those_who_may_print(sign_in):
    assert any(entry.key == "institution" for entry in pages(sign_in("director").actor))
    assert not any(entry.key == "institution" for entry in pages(sign_in("auditor").actor))


def test_a_marked_figure_shows_the_rows_behind_it(page):
    name, value, *_others = mark(page, "came")
    assert (name.strip(), value) == ("Came in", "2")
    table = behind(page)
    table.reload()
    assert table.model.rowCount() == 2
    assert page.section.title.text() == "Came in"


def test_a_figure_of_nought_says_that_nothing_stands_behind_it_and_begins_nothing(page):
    _name, value, *_others = mark(page, "left")
    assert value == "0"
    table = behind(page)
    table.reload()
    assert table.empty.findChildren(Button) == []
    assert "No record stands behind" in table.empty.findChild(EmptyState).findChildren(PlainLabel)[0].text()


def test_a_heading_has_nothing_behind_it_and_says_what_to_do(page):
    page.table.selectRow(0)
    assert behind(page) is None


def test_it_goes_from_period_to_period_and_not_into_the_future(page):
    page.choice.step(-1)
    assert page.period == ReportPeriod("month", 2026, 9)
    page.choice.show_period(ReportPeriod.of("month", page.app.today()))
    page.choice.step(1)
    assert page.period == ReportPeriod.of("month", page.app.today())
    assert "not over" in page.state.text()
    page.choice.choose_kind("year")
    assert page.table.isColumnHidden(4), "a year has its last year beside it already"


def test_the_paper_shows_the_same_figures_and_is_noted(page):
    page.preview()
    ((title, pdf, filename),) = page.shown_papers
    assert faults(pdf) == []
    assert "2026-10" in filename and title.startswith("Monthly report")
    assert "Came in" in text_of(pdf)
    from models.papers import recent_prints

    with page.app.read() as work:
        assert [(each.form, each.period) for each in recent_prints(work)] == [
            ("Monthly report of the home", "October 2026")
        ]


def test_the_report_of_a_period_that_is_over_is_kept_with_a_number_and_comes_back_byte_for_byte(page, qtbot):
    app, shown = page.app, []

    def preview(title, pdf, filename):
        dialog = pdf.dialog(title, filename)
        qtbot.addWidget(dialog)
        shown.append(dialog)

    app.preview = preview
    page.preview()
    shown[-1].keep()
    content = shown[-1].document.content
    with app.read() as work:
        (line,) = kept_lines(work, Wanted())
    assert (line.kept.kind, line.kept.period, line.kept.paper) == (
        "institution",
        "2026-10",
        "Monthly report of the home",
    )
    assert line.kept.number in text_of(content)
    page.reload()
    page.preview()
    assert shown[-1].document.content == content, "counted anew, but nothing has changed: the kept one is shown"
    assert not shown[-1].keep_button, "and there is nothing to keep again"
    with app.database.work(app.actor) as work:
        values = {"name": "新来", "number": "2020-009", "sex": "1", "born_on": date(2020, 1, 1)}
        move(work, records.save(work, Child, values, confirmed=True), "residential", date(2026, 10, 7))
    page.reload()
    page.preview()
    assert "read differently" in shown[-1].notice.label.text() and shown[-1].keep_button.isVisibleTo(shown[-1])
    page.choice.show_period(ReportPeriod.of("month", app.today()))
    page.preview()
    assert shown[-1].notice is None, "a month that runs is a draft"
