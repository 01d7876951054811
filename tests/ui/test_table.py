"""Lists: fetched in pages, narrowed and sorted by the database, taken along as shown, the same for 5 rows and 50,000."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from sqlalchemy import event, select

from models.admission import Admission
from models.child import Child
from models.core import exchange
from models.core.access import SYSTEM
from models.core.audit import AuditEntry
from models.core.record import Record, record_types
from models.core.sealing import Sealed
from models.medical import Allergy
from resources import use_language
from tests.factories import make
from tests.test_record_types import EVERYONE
from tests.ui.conftest import make_app
from ui import papers
from ui.table import RecordTable, RowsTable
from ui.table_model import PAGE, RecordsModel
from ui.widgets import Button


def table_of(qtbot, app, kind: type[Record] = Child, **options) -> RecordTable:
    table = RecordTable(app, kind, **options)
    qtbot.addWidget(table)
    table.resize(900, 500)
    table.show()
    table.reload()
    return table


def names(table):
    return [table.model.line(row).texts[0] for row in range(table.model.count)]


def rows_of(children, count):
    with children.database.work(SYSTEM) as work:
        work.bulk(
            Child,
            [
                {
                    "name": f"儿童{n:05d}",
                    "number": f"N{n:05d}",
                    "sex": str(1 + n % 2),
                    "born_on": date(2015, 1, 1) + timedelta(days=n % 2000),
                }
                for n in range(count)
            ],
        )


# --- the model ---


def test_the_model_keeps_qts_rules(qtmodeltester, app, children):
    rows_of(children, 600)
    model = RecordsModel(app, Child, exchange.listed_fields(Child))
    model.reload()
    qtmodeltester.check(model, force_py=True)  # Qt's own rules, each asserted on this model
    assert model.rowCount() == 600 + len(children.ids) and model.columnCount() > 3


def test_qts_rules_are_not_kept_by_a_model_that_lies(qtmodeltester, app, children):
    """The proof that the test above can fail."""

    class Lying(RecordsModel):
        def columnCount(self, parent=None):  # noqa: N802 (Qt's name)
            return -1

    model = Lying(app, Child, exchange.listed_fields(Child))
    model.reload()
    with pytest.raises(AssertionError):
        qtmodeltester.check(model, force_py=True)


def test_rows_that_have_not_arrived_are_asked_for_and_come(qtbot, app, children):
    rows_of(children, 900)
    table = table_of(qtbot, app)
    assert table.model.line(700) is None
    assert table.model.index(700, 0).data() is None
    qtbot.waitUntil(lambda: table.model.line(700) is not None)
    assert table.model.index(700, 0).data().startswith("儿童")


def test_painting_asks_the_database_nothing(qtbot, app, children):
    rows_of(children, 100)
    table = table_of(qtbot, app)
    asked = []
    event.listen(app.database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    table.view.viewport().grab()
    for row in range(100):
        for column in range(len(table.model.columns)):
            table.model.index(row, column).data()
    assert asked == []


def test_fifty_thousand_children_are_counted_and_only_one_page_is_read(qtbot, app, children):
    rows_of(children, 50_000)
    model = RecordsModel(app, Child, exchange.listed_fields(Child))
    model.reload()
    assert model.count == 50_003 and model.line(PAGE - 1) is not None
    assert sum(len(page) for page in model._pages.values()) <= 2 * PAGE


def test_a_list_needs_three_questions_however_many_rows_it_has(qtbot, app, children):
    rows_of(children, 300)
    model = RecordsModel(app, Child, exchange.listed_fields(Child))
    asked = []
    event.listen(app.database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    model.reload()
    assert len([each for each in asked if each.startswith("SELECT")]) == 3, asked


# --- searching, narrowing, sorting ---


@pytest.mark.parametrize(
    ("typed", "found"),
    [("zxl", ["曾小乐"]), ("曾", ["曾小乐"]), ("2019-002", ["阿依古丽·买买提"]), ("zs", ["张三"]), ("%", [])],
)
def test_search_finds_by_characters_initials_and_numbers(qtbot, app, children, typed, found):
    table = table_of(qtbot, app)
    table._searched(typed)
    assert names(table) == found


def test_a_click_on_a_heading_sorts_and_a_second_turns_it_round(qtbot, app, children):
    table = table_of(qtbot, app)
    table.view.horizontalHeader().sectionClicked.emit(1)
    assert [table.model.line(row).texts[1] for row in range(3)] == ["2019-002", "2020-001", "2020-002"]
    table.view.horizontalHeader().sectionClicked.emit(1)
    assert [table.model.line(row).texts[1] for row in range(3)] == ["2020-002", "2020-001", "2019-002"]


def test_chips_narrow_by_state_unit_child_and_time_and_say_so(qtbot, app, children):
    with app.database.work(app.actor) as work:
        make(work, Allergy, child_id=children.ids[0], substance="青霉素")
        make(work, Allergy, child_id=children.ids[2], substance="花生")
    table = table_of(qtbot, app, Allergy)
    assert set(table.filters.available()) >= {"unit", "child"}
    table.filters.set_child(children.ids[0], "曾小乐")
    assert table.model.count == 1 and table.filters.notes() == ["Child: 曾小乐"]
    table.filters.clear()
    assert table.model.count == 2


def test_a_unit_narrows_to_the_children_who_live_there(qtbot, app, children):
    from models import filters
    from models.core import queries
    from models.unit import Unit

    table = table_of(qtbot, app)
    with app.read() as work:
        unit = next(row.id for row in queries.rows(work, Unit) if row.values[0] == "二班")
    table.filters.narrow("unit", "二班", filters.of_unit(Child, unit))
    assert names(table) == ["阿依古丽·买买提"]


def test_an_empty_list_tells_the_next_step(qtbot, app, children):
    table = table_of(qtbot, app)
    table._searched("nobody")
    assert table.stack.currentIndex() == 1
    next(each for each in table.empty.findChildren(Button) if each.text() == "Show all").click()
    assert table.model.count == 3 and table.stack.currentIndex() == 0


# --- who sees what ---


def test_a_caregiver_sees_only_the_children_of_the_own_unit_without_the_screen_doing_anything(qtbot, children):
    app = make_app(children.database, children.carer)
    table = table_of(qtbot, app)
    assert set(names(table)) == {"曾小乐", "张三"}
    assert "2 records" in table.count.text()
    table._searched("阿依古丽")
    assert table.model.count == 0


# --- keys ---


def test_enter_opens_the_row_and_delete_throws_it_away_with_a_way_back(qtbot, app, children):
    opened, told = [], []
    app.telling.connect(lambda text, undo, label: told.append((text, undo)))
    table = table_of(qtbot, app, on_open=opened.append)
    table.view.selectRow(0)
    QTest.keyClick(table.view, Qt.Key.Key_Return)
    assert opened == [table.current_id()]
    gone = table.current_id()
    QTest.keyClick(table.view, Qt.Key.Key_Delete)
    table.reload()
    assert table.model.count == 2 and table.model.row_of(gone) == -1
    told[-1][1]()
    table.reload()
    assert table.model.count == 3


def test_the_bin_shows_what_was_thrown_away_and_gives_it_back(qtbot, app, children):
    table = table_of(qtbot, app)
    table.view.selectRow(1)
    table.put_in_bin()
    table.show_bin()
    assert table.model.count == 1
    table.view.selectRow(0)
    table.take_from_bin()
    table.leave_bin()
    assert table.model.count == 3


def test_many_are_moved_on_at_once_and_one_refusal_keeps_no_other(qtbot, app, children):
    with app.database.work(app.actor) as work:
        ids = [make(work, Admission, child_id=each) for each in children.ids]
    table = table_of(qtbot, app, Admission)
    table.view.selectAll()
    assert {each.text() for each in table.many.findChildren(Button)} >= {"Submit"}
    table.take_step("submit")
    table.reload()
    assert {table.model.line(row).state for row in range(3)} == {"submitted"}
    assert len(ids) == 3


def test_a_list_hears_of_a_new_record_and_stays_at_its_place(qtbot, app, children):
    table = table_of(qtbot, app)
    table.view.selectRow(1)
    chosen = table.current_id()
    with app.work() as work:
        make(work, Child, name="新来的", number="2027-001", sex="1", born_on=date(2024, 1, 1))
    qtbot.waitUntil(lambda: table.model.count == 4)
    assert table.current_id() == chosen


# --- columns ---


def test_order_width_and_choice_of_columns_are_remembered_for_the_person(qtbot, app, children):
    table = table_of(qtbot, app)
    wanted = [each for each in table.columns.possible() if each.name in {"number", "name", "bed"}]
    table.show_columns(wanted)
    table.view.setColumnWidth(0, 222)
    table._keep_layout()
    again = table_of(qtbot, app)
    assert [each.name for each in again.model.columns] == [each.name for each in wanted]
    assert again.view.columnWidth(0) == 222


def test_confidential_fields_are_never_columns(qtbot, app, children):
    table = table_of(qtbot, app)
    assert not any(each.confidential for each in table.columns.possible())


@pytest.mark.parametrize("kind", record_types(), ids=lambda kind: kind.__name__)
def test_every_type_has_a_list_in_both_languages(qtbot, app, kind):
    if issubclass(kind, Sealed):
        app.actor = EVERYONE  # what is sealed is seen by its author
    with app.database.work(app.actor if issubclass(kind, Sealed) else SYSTEM) as work:
        make(work, kind)
    for language in ("en", "zh_CN"):
        use_language(language)
        table = table_of(qtbot, app, kind)
        assert table.model.count >= 1
        line = table.model.line(0)
        assert line is not None and line.id not in line.texts
        assert table.view.accessibleName()


# --- taking along ---


def test_an_export_is_the_list_as_it_is_shown(qtbot, app, children, tmp_path):
    from openpyxl import load_workbook

    table = table_of(qtbot, app)
    table.show_columns([each for each in table.columns.possible() if each.name in {"name", "sex"}])
    table._searched("z")
    table.view.horizontalHeader().sectionClicked.emit(0)
    table.export_to(tmp_path / "children.xlsx")
    sheet = load_workbook(tmp_path / "children.xlsx").active
    values = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert values[0][0] == "Search: z"
    assert values[1] == ["Name", "Sex"]
    assert [line[0] for line in values[2:]] == names(table)
    with app.database.read(SYSTEM) as work:
        assert work.scalars(select(AuditEntry.event).where(AuditEntry.event == "exported")).all() == ["exported"]


def test_printing_a_list_hands_on_what_is_shown_and_notes_it(qtbot, app, children, monkeypatch):
    handed = []
    monkeypatch.setattr(papers, "show_list_paper", lambda app, listing: handed.append(listing))
    table = table_of(qtbot, app)
    table._searched("张")
    table.print()
    assert [row[0] for row in handed[0].rows] == ["张三"]
    with app.database.read(SYSTEM) as work:
        assert "printed" in work.scalars(select(AuditEntry.event)).all()


# --- finished rows ---


def test_a_table_of_finished_rows(qtbot, qtmodeltester):
    opened = []
    table = RowsTable(
        ("Day", "Weight"), [("2026-03-05", "12.5"), ("2026-04-05", "12.9")], numeric={1}, on_open=opened.append
    )
    qtbot.addWidget(table)
    table.show()
    qtmodeltester.check(table.rows, force_py=True)
    table.selectRow(1)
    table.selectionModel().setCurrentIndex(table.rows.index(1, 0), QItemSelectionModel.SelectionFlag.Current)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened == [1]
    assert table.rows.data(table.rows.index(0, 1), Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight


def test_a_number_is_not_cut_however_far_down_it_stands(qtbot):
    rows = [("养育天数", "1", "2", "3") for _line in range(200)] + [("金额合计", "164,185.00", "164,185.00", "0.00")]
    table = RowsTable(("项目", "本期", "上一月", "变化"), rows, numeric={1, 2, 3})
    qtbot.addWidget(table)
    table.resize(420, 300)
    table.show()
    assert table.columnWidth(1) > table.fontMetrics().horizontalAdvance("164,185.00")


def test_words_that_wrap_are_read_to_their_end_however_narrow_the_table(qtbot):
    rows = [("曾小乐", "plan ends"), ("单𠮷", "assessment overdue, review overdue, plan ends, low attendance")]
    table = RowsTable(("Child", "What is needed"), rows, wrap=True)
    table.narrowest = 96
    qtbot.addWidget(table)
    heights = []
    for width in (1200, 330):
        table.resize(width, 300)
        table.show()
        heights.append([table.rowHeight(row) for row in range(2)])
    (short, wide), (again, narrow) = heights
    assert short == wide == again, "where there is room a row is one line"
    line = table.fontMetrics().lineSpacing()
    needed = -(-table.fontMetrics().horizontalAdvance(rows[1][1]) // table.columnWidth(1))
    assert needed >= 2 and narrow >= short + line * (needed - 1)


def test_on_a_server_the_rows_come_beside_the_window_and_bars_stand_in_for_them(qtbot, app, children):
    from ui.tasks import Tasks

    rows_of(children, 600)
    app.tasks = Tasks(app.show_error)
    table = RecordTable(app, Child)
    qtbot.addWidget(table)
    table.model._beside = True
    table.resize(900, 500)
    table.show()
    table.reload()
    assert table.model.count == 0 and table.stack.currentIndex() == 2
    qtbot.waitUntil(lambda: table.model.count == 603)
    assert table.model.index(500, 0).data() is None
    qtbot.waitUntil(lambda: table.model.index(500, 0).data() is not None)
    assert app.tasks.close()


def test_fast_typing_shows_only_the_last_search(qtbot, app, children):
    from ui.tasks import Tasks

    app.tasks = Tasks(app.show_error)
    model = RecordsModel(app, Child, exchange.listed_fields(Child))
    model._beside = True
    for typed in ("z", "zx", "zxl"):
        model.select(search=typed)
    qtbot.waitUntil(lambda: model.count == 1)
    qtbot.wait(50)
    assert model.line(0).texts[0] == "曾小乐" and model.count == 1
    assert app.tasks.close()
