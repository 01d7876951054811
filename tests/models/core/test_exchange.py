"""A list leaves the program as it is shown: typed, harmless, and noted."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from models.child import Child
from models.core import exchange
from models.core.access import SYSTEM
from models.core.audit import AuditEntry
from models.core.errors import Forbidden, Unusable
from models.core.exchange import Listing
from models.core.fields import Field
from models.core.words import Code, CodeList
from resources import use_language
from tests.conftest import actor

HOSTILE = [
    "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "＝1+1", " =1+1", "\ufeff=1+1", "https://example.org", "mailto:a@b.c",
    "x<y>z", "<b>曾</b>", "阿依古丽·买买提", "𠮷田", "'quoted", "00123", "511025200101011234", "a\x0bb", "a\x00b", "_x000B_", "a\nb", '"', "#REF!",
]  # fmt: skip
KIND = CodeList("kind", Code("a", "Apple", "苹果"), Code("b", "Pear", "梨"))


def listing(*columns: Field, rows: list[tuple]) -> Listing:
    return Listing("A: list?", columns, tuple(rows))


def opened(file):
    from openpyxl import load_workbook

    return load_workbook(file).active


def test_values_keep_their_types_in_a_workbook(tmp_path):
    columns = (
        Field("Day", "date"), Field("At", "datetime"), Field("Time", "time"), Field("Weight", "decimal", unit="kg"),
        Field("Sum", "money"), Field("Count", "integer"), Field("Kind", "code", codes=KIND), Field("Kinds", "codes", codes=KIND),
        Field("Agreed", "yes_no"), Field("Number", "text"),
    )  # fmt: skip
    row = (
        date(2026, 3, 5), datetime(2026, 3, 5, 14, 30), time(8, 30), 12.5, Decimal("1200.50"), 3, "a", ["a", "b"], True,
        "511025200101011234",
    )  # fmt: skip
    exchange.write(listing(*columns, rows=[row]), tmp_path / "x.xlsx")
    sheet = opened(tmp_path / "x.xlsx")
    assert [cell.value for cell in sheet[1]] == [
        "Day", "At", "Time", "Weight (kg)", "Sum", "Count", "Kind", "Kinds", "Agreed", "Number",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[2]] == [
        datetime(2026, 3, 5), datetime(2026, 3, 5, 14, 30), time(8, 30), 12.5, 1200.5, 3, "Apple", "Apple, Pear", "Yes",
        "511025200101011234",
    ]  # fmt: skip
    assert (sheet["A2"].number_format, sheet["E2"].number_format) == ("yyyy-mm-dd", "#,##0.00")
    assert (sheet.freeze_panes, sheet.print_title_rows, sheet.title) == ("B2", "$1:$1", "A  list")


@pytest.mark.parametrize("text", HOSTILE, ids=ascii)
def test_nothing_becomes_a_formula_or_a_link_in_a_workbook_and_the_text_stays(tmp_path, text):
    exchange.write(listing(Field("Text"), rows=[(text,)]), tmp_path / "x.xlsx")
    cell = opened(tmp_path / "x.xlsx")["A2"]
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    from openpyxl.utils.escape import unescape

    assert unescape(unescape(str(cell.value))) == unescape(text)


@given(st.text(max_size=60))
def test_a_cell_of_a_csv_never_starts_a_formula(text):
    assert exchange.harmless(text).lstrip(" \u3000\ufeff\u200b")[:1] not in set("=+-@＝＋－＠\t\r\n")


def test_a_csv_opens_in_excel_as_chinese_and_numbers_stay_numbers(tmp_path):
    use_language("zh_CN")
    columns = (Field("Kind", "code", codes=KIND), Field("Change", "decimal"), Field("Text"))
    exchange.write(listing(*columns, rows=[("a", -1.5, "=1+1"), ("b", None, "二，\n三")]), tmp_path / "x.csv")
    raw = (tmp_path / "x.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(raw.decode("utf-8-sig").splitlines(keepends=True)))
    assert read[1:] == [["苹果", "-1.5", "'=1+1"], ["梨", "", "二，\n三"]]


def test_a_text_longer_than_a_cell_is_cut_visibly(tmp_path):
    exchange.write(listing(Field("Text"), rows=[("长" * 40_000,)]), tmp_path / "x.xlsx")
    assert opened(tmp_path / "x.xlsx")["A2"].value.endswith("…")


def test_a_list_is_taken_out_as_shown_and_the_trail_says_how_many(home, tmp_path):
    with home.database.work(home.director) as work:
        taken = exchange.taken_out(work, Child, search="azx", order="name")
        everything = exchange.taken_out(work, Child)
    assert [row[0] for row in taken.rows] == []
    assert {row[0] for row in everything.rows} == {"曾小乐", "阿依古丽·买买提"}
    with home.database.read(SYSTEM) as work:
        noted = work.scalars(
            select(AuditEntry.details).where(AuditEntry.event == "exported").order_by(AuditEntry.sequence)
        ).all()
    assert [json.loads(each)["rows"] for each in noted] == [0, 2]


def test_a_caregiver_may_not_take_lists_out(home):
    with pytest.raises(Forbidden), home.database.work(home.care) as work:
        exchange.taken_out(work, Child)


def test_what_is_shown_on_paper_is_only_what_the_person_sees(home):
    with home.database.read(actor("caregiver", staff_id=home.caregiver)) as work:
        assert len(exchange.as_shown(work, Child).texts()) == 1


def test_a_file_that_cannot_be_written_is_explained_and_the_old_one_kept(tmp_path):
    place = tmp_path / "folder.xlsx"
    place.mkdir()
    with pytest.raises(Unusable):
        exchange.write(listing(Field("Text"), rows=[("a",)]), place)
    assert place.is_dir() and list(tmp_path.iterdir()) == [place]
