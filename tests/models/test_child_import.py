"""Import of a roster: what is understood, what is marked, and that it is all or nothing unless asked otherwise."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models import exchange_children as exchange
from models.child import Child
from models.core import queries
from models.core.access import SYSTEM
from models.core.audit import AuditEntry
from models.core.errors import Forbidden, Unusable
from models.exchange_children import guess_mapping, import_children, importable, marked_workbook
from models.identity import check_character
from models.placement import Placement
from models.sheet import Sheet, read_sheet
from tests.conftest import actor

HEADINGS = ["姓名", "性别", "出生日期", "身份证号", "民族", "入院日期", "所在班组", "残疾类别", "残疾等级"]
GOOD = ["林小雨", "女", date(2018, 4, 2), "11010520180402002" + check_character("11010520180402002"), "汉",
        "2018年5月1日", "二班", "肢体、智力", "二级"]  # fmt: skip


def workbook(folder: Path, rows, headings=HEADINGS, **options) -> Path:
    file = folder / "名册.xlsx"
    book = xlsxwriter.Workbook(str(file), {"strings_to_formulas": False, **options})
    sheet = book.add_worksheet("儿童名册")
    dated = book.add_format({"num_format": "yyyy-mm-dd"})
    for line, row in enumerate([headings, *rows] if headings else rows):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(line, column, value, dated)
            elif isinstance(value, bool):
                sheet.write_boolean(line, column, value)
            elif isinstance(value, int | float):
                sheet.write_number(line, column, value)
            elif value is not None:
                sheet.write_string(line, column, value)
    book.close()
    return file


def changed(**cells):
    return [cells.get(heading, value) for heading, value in zip(HEADINGS, GOOD, strict=True)]


def messages(report):
    return [(problem.row, problem.column, problem.message) for problem in report.problems]


def tried(home, folder, rows, **options):
    return import_children(home.database, home.director, workbook(folder, rows, **options), dry_run=True)


def test_a_roster_becomes_files_with_placements_and_a_note_in_the_trail(home, tmp_path):
    report = import_children(home.database, home.director, workbook(tmp_path, [GOOD]))
    assert (report.imported, report.refused, messages(report)) == (1, 0, [])
    with home.database.read(home.director) as work:
        child = queries.values(work, Child, report.child_ids[0])
        stay = work.scalar(select(Placement).where(Placement.child_id == child["id"]))
        noted = work.scalar(select(Child.id).where(Child.name == "林小雨"))
    assert child["name"] == "林小雨" and child["sex"] == "2" and child["ethnic_group"] == "01"
    assert (child["disabilities"], child["disability_grade"], child["unit_id"]) == (["4", "5"], "2", home.second)
    assert (stay.kind, stay.starts_on, noted) == ("residential", date(2018, 5, 1), child["id"])
    with home.database.read(SYSTEM) as work:
        assert work.scalar(select(AuditEntry.event).where(AuditEntry.event == "imported")) == "imported"


def test_trying_changes_nothing(home, tmp_path):
    report = tried(home, tmp_path, [GOOD])
    assert (report.valid, report.imported) == (1, 0)
    with home.database.read(home.director) as work:
        assert queries.count(work, Child) == 2


def test_one_wrong_row_holds_back_all_unless_valid_rows_are_wanted(home, tmp_path):
    file = workbook(tmp_path, [GOOD, changed(姓名="王小明", 性别="不男不女", 身份证号=None)])
    assert import_children(home.database, home.director, file).imported == 0
    report = import_children(home.database, home.director, file, valid_only=True)
    assert (report.imported, report.refused) == (1, 1)


def test_an_identity_number_kept_as_a_number_is_an_error_with_advice(home, tmp_path):
    report = tried(home, tmp_path, [changed(身份证号=110105201804020028), changed(身份证号="1.10105E+17")])
    assert [(row, column, "column as text" in text) for row, column, text in messages(report)] == [
        (1, 3, True),
        (2, 3, True),
    ]
    assert report.valid == 0


@pytest.mark.parametrize(
    "written",
    ["2018-04-02", "2018/4/2", "2018.4.2", "2018年4月2日", "２０１８－０４－０２", "20180402", 20180402, date(2018, 4, 2),
     datetime(2018, 4, 2), " 2018 年 4 月 2 日 "],
)  # fmt: skip
def test_dates_are_understood_as_people_write_them(sqlite_database, director, tmp_path, written):
    sheet = read_sheet(workbook(tmp_path, [["甲", "女", written]], ["姓名", "性别", "出生日期"]))
    with sqlite_database.read(director) as work:
        (row,) = exchange.check_rows(work, sheet, guess_mapping(sheet), 0)
    assert (row.values["born_on"], row.problems) == (date(2018, 4, 2), ())


@pytest.mark.parametrize("written", ["4月2日", "昨天", "2018-13-02", "2018年4月", "不详", True, 3.5, 12])
def test_what_is_no_whole_date_is_marked(sqlite_database, director, tmp_path, written):
    sheet = read_sheet(workbook(tmp_path, [["甲", "女", written]], ["姓名", "性别", "出生日期"]))
    with sqlite_database.read(director) as work:
        (row,) = exchange.check_rows(work, sheet, guess_mapping(sheet), 0)
    assert not row.valid and {problem.column for problem in row.problems} == {2}


@pytest.mark.parametrize(("old_mac", "day"), [(False, date(2020, 3, 5)), (True, date(2024, 3, 6))])
def test_a_bare_number_is_read_by_the_workbooks_own_calendar_and_asked_about(
    sqlite_database, director, tmp_path, old_mac, day
):
    file = workbook(tmp_path, [["甲", "女", 43895]], ["姓名", "性别", "出生日期"], date_1904=old_mac)
    sheet = read_sheet(file)
    with sqlite_database.read(director) as work:
        (row,) = exchange.check_rows(work, sheet, guess_mapping(sheet), 0)
    assert row.values["born_on"] == day
    assert [problem.warning for problem in row.problems] == [True]


def test_real_dates_of_an_old_macintosh_workbook_are_right(tmp_path):
    sheet = read_sheet(workbook(tmp_path, [[date(2018, 4, 2)]], ["出生日期"], date_1904=True))
    assert sheet.rows[1][0] == date(2018, 4, 2)


def test_rows_are_checked_by_the_rules_of_the_file_and_against_each_other(home, tmp_path):
    report = tried(home, tmp_path, [
        GOOD,
        changed(姓名="同号"),
        changed(姓名="性别不符", 性别="男", 身份证号=GOOD[3]),
        changed(姓名="早于出生", 身份证号=None, 入院日期="2017-01-01"),
        changed(姓名="无此班组", 身份证号=None, 所在班组="九班"),
        changed(姓名=None, 身份证号=None),
    ])  # fmt: skip
    by_row = {row.row: {problem.column for problem in row.problems} for row in report.rows}
    assert by_row == {1: set(), 2: {3}, 3: {3}, 4: {5}, 5: {6}, 6: {0}}


def test_headings_are_found_below_a_title_and_understood_in_many_words(tmp_path):
    sheet = read_sheet(
        workbook(
            tmp_path,
            [["青禾儿童福利院在院儿童名册"], [], ["序号", "儿童姓名*", "性 别", "出生年月日", "身份证号码（18位）"]],
            None,
        )
    )
    header = exchange.find_header_row(sheet)
    assert header == 2
    assert guess_mapping(sheet, header) == {1: "name", 2: "sex", 3: "born_on", 4: "identity_number"}


def test_every_field_that_may_be_filled_is_found_by_its_own_label(tmp_path):
    fields = importable()
    sheet = Sheet("x", (tuple(each.label for each in fields),))
    assert set(guess_mapping(sheet).values()) == {each.name for each in fields}


def test_another_mapping_is_obeyed(home, tmp_path):
    file = workbook(tmp_path, [["甲", "女", date(2018, 4, 2), "备注"]], ["甲栏", "乙栏", "出生日期", "丁栏"])
    report = import_children(
        home.database, home.director, file, mapping={0: "name", 1: "sex", 2: "born_on"}, dry_run=True
    )
    assert report.valid == 1 and report.rows[0].values["name"] == "甲"


def test_the_returned_workbook_marks_every_cell_and_holds_no_formula(home, tmp_path):
    report = tried(home, tmp_path, [changed(姓名='=HYPERLINK("x")', 性别="?", 身份证号=None)])
    file = tmp_path / "退回.xlsx"
    file.write_bytes(marked_workbook(report))
    with zipfile.ZipFile(file) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        assert "<f>" not in sheet and "<hyperlink" not in sheet
        assert any("comment" in name for name in archive.namelist())
    back = read_sheet(file)
    assert back.rows[1][0] == '=HYPERLINK("x")' and "not in the list" in back.rows[1][-1]


def test_only_those_who_admit_children_import_them(home, tmp_path):
    with pytest.raises(Forbidden):
        import_children(home.database, home.care, workbook(tmp_path, [GOOD]))


def test_a_social_worker_sees_the_children_just_imported(home, tmp_path):
    social = actor("social", staff_id=home.caregiver)
    report = import_children(home.database, social, workbook(tmp_path, [GOOD]))
    with home.database.read(social) as work:
        assert queries.values(work, Child, report.child_ids[0])["name"] == "林小雨"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.xlsx", b""),
        ("b.xlsx", b"not a workbook"),
        ("c.xlsx", b"PK\x03\x04 damaged"),
        ("d.txt", b"x"),
        ("e.xls", b"\xd0\xcf\x11\xe0"),
    ],
)
def test_what_is_no_workbook_is_refused_in_words(tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(Unusable):
        read_sheet(file)


def test_a_workbook_that_unpacks_without_end_is_not_unpacked(tmp_path):
    file = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 130_000_000)
    assert file.stat().st_size < 1_000_000
    with pytest.raises(Unusable, match="unpacks to more"):
        read_sheet(file)


def test_too_many_rows_are_refused(tmp_path):
    with pytest.raises(Unusable, match="more than"):
        read_sheet(workbook(tmp_path, [["甲"]] * 5001))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=st.lists(
        st.one_of(st.text(max_size=30), st.floats(), st.booleans(), st.dates(), st.none()), min_size=9, max_size=9
    )
)
@example(cells=["", "", float("nan"), float("inf"), "", "", "", -float("inf"), ""])
def test_any_row_is_classified_and_never_breaks(sqlite_database, director, cells):
    sheet = Sheet("x", (tuple(HEADINGS), tuple(cells)))
    with sqlite_database.read(director) as work:
        for row in exchange.check_rows(work, sheet, guess_mapping(sheet), 0):
            assert row.valid or all(problem.message for problem in row.problems)
