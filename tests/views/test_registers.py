"""The registers' screen: choose, look, take along, adapt — and the delivered ones can always come back."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest
from PySide6.QtCore import Qt

from models.core import records
from models.safety import Hazard
from tests.factories import example
from tests.reports.reading import text_of
from ui.pages import pages
from ui.rows_table import RowsTable
from ui.text import PlainLabel
from views import open_rooms
from views.register_dialog import RegisterDialog
from views.registers import RegistersPage

open_rooms()


@pytest.fixture
def page(sign_in, qtbot):
    app = sign_in("director")
    with app.database.work(app.actor) as work:
        values = example(work, Hazard, what="灭火器过期", found_on=date(2026, 10, 5), deadline=date(2026, 10, 20))
        records.save(work, Hazard, values, confirmed=True)
    made = RegistersPage(app)
    qtbot.addWidget(made)
    made.shown_papers = []
    app.preview = lambda title, pdf, filename: made.shown_papers.append((title, pdf()))
    made.open(register="hazards", period="2026-10")
    return made


def rows(page):
    widget = page.place_for_rows.itemAt(0).widget()
    return widget.rows.rows if isinstance(widget, RowsTable) else []


def test_it_stands_in_the_menu_of_those_who_read_registers(sign_in):
    assert any(entry.key == "registers" for entry in pages(sign_in("director").actor))
    assert not any(entry.key == "registers" for entry in pages(sign_in("sysadmin").actor))


def test_the_chosen_register_shows_what_was_entered_in_its_period(page):
    assert [row[1] for row in rows(page)] == ["灭火器过期"]
    page.choice.step(-1)
    assert rows(page) == []
    assert page.place() == {"register": "hazards", "period": "2026-09"}


def test_a_register_without_a_period_says_so_and_stands_as_of_today(page, monkeypatch, tmp_path):
    assert page.choice.isVisibleTo(page) and not page.standing.isVisibleTo(page)
    page.open(register="residents")
    assert not page.choice.isVisibleTo(page)
    assert page.app.today().isoformat() in page.standing.text()
    assert page.listing.notes == (f"as it stands on {page.app.today()}",)
    assert "yet" in page.place_for_rows.itemAt(0).widget().findChildren(PlainLabel)[0].text(), "it has no period"
    asked = []
    monkeypatch.setattr("views.registers.ask_file", lambda _page, name, _ending: asked.append(name))
    page.export_register()
    assert asked == [f"Register of children in care {page.app.today()}"]


def test_the_registers_stand_under_their_areas_and_the_arrow_keys_pass_over_the_names_of_areas(page, qtbot):
    areas = [number for number, each in enumerate(page.known) if isinstance(each, str)]
    assert areas[0] == 0 and len(areas) >= 8
    page.names.selectRow(areas[1] - 1)
    before = page.chosen()
    qtbot.keyClick(page.names, Qt.Key.Key_Down)
    after = page.chosen()
    assert after is not None and page.names.currentIndex().row() == areas[1] + 1
    assert after.record_type.area != before.record_type.area
    qtbot.keyClick(page.names, Qt.Key.Key_Up)
    assert page.chosen() == before


def test_it_is_printed_and_taken_along_as_it_is_shown(page, tmp_path):
    page.print_register()
    ((title, pdf),) = page.shown_papers
    assert "灭火器过期" in text_of(pdf) and title == page.chosen().title
    page.export_to(tmp_path / "hazards.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "hazards.xlsx").active
    assert "灭火器过期" in [cell.value for row in sheet.iter_rows() for cell in row]


def test_a_register_is_adapted_by_keyboard_and_the_delivered_one_comes_back(page, qtbot):
    dialog = RegisterDialog(page.app, page.chosen(), page)
    dialog.name.setText("隐患台账（本院）")
    dialog.list.setCurrentRow(1)
    qtbot.keyClick(dialog.heading, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(dialog.heading, "Hidden danger")
    dialog.move(-1)
    dialog.list.item(3).setCheckState(Qt.CheckState.Unchecked)
    dialog.keep()
    page.open(register=dialog.kept)
    assert page.listing.headings[0] == "Hidden danger" and len(page.listing.columns) == 8
    assert page.names.rows.rows[page.names.currentIndex().row()] == ("\u2003隐患台账（本院）",)
    page.take_back()
    page.open(register="hazards")
    assert page.chosen().register_id == "" and len(page.listing.columns) == 9


def test_a_register_narrowed_to_nothing_says_so(page):
    dialog = RegisterDialog(page.app, page.chosen(), page)
    dialog.narrowing["grade"].set_value(["major"])
    dialog.keep()
    page.open(register=dialog.kept)
    assert rows(page) == []


def test_what_is_wrong_is_said_in_the_dialog_and_nothing_is_lost(page):
    dialog = RegisterDialog(page.app, page.chosen(), page)
    for number in range(dialog.list.count()):
        dialog.list.item(number).setCheckState(Qt.CheckState.Unchecked)
    dialog.keep()
    assert not dialog.kept and "column" in dialog.columns_line.note.text()
    assert not dialog.title_line.note.text() and dialog.columns_line.edit.property("wrong")
    dialog.list.item(0).setCheckState(Qt.CheckState.Checked)
    dialog.name.setText("")
    dialog.keep()
    assert not dialog.kept and dialog.title_line.note.text() and not dialog.columns_line.note.text()
    dialog.name.setText(page.chosen().title)
    assert dialog.name.text() == page.chosen().title
