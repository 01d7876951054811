"""Registers: drawn from single entries by templates which a home adapts, and never entered twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.child import Child
from models.core import exchange, records
from models.core.access import SYSTEM
from models.core.errors import Forbidden, Invalid
from models.core.exchange import Listing
from models.core.fields import Field
from models.core.record import record_types
from models.period import ReportPeriod
from models.placement import move
from models.registers import BLANK, Column, Register, Template, delivered, filled, keep, possible, taken_out, templates
from models.safety import Hazard
from reports.listing import render_listing
from resources import use_language
from tests.conftest import actor
from tests.factories import make
from tests.reports.reading import faults, squeezed, text_of
from tests.reports.samples import HEAD

OCTOBER = ReportPeriod("month", 2026, 10)


def named(work, code):
    return next(each for each in templates(work) if each.code == code)


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("code", [each.code for each in delivered("en")])
def test_every_delivered_register_can_be_drawn_from_an_empty_home(database, director, code, language):
    use_language(language)
    with database.read(director) as work:
        listing = filled(work, named(work, code), OCTOBER)
    assert listing.rows == () and len(set(listing.headings)) == len(listing.headings)


def test_every_column_of_a_delivered_register_is_one_that_can_be_chosen():
    for template in delivered("en"):
        assert {each.source for each in template.columns} <= {each.source for each in possible(template.record_type)}


def test_a_register_without_a_period_tells_ages_as_of_today_whatever_period_was_looked_at_before(home):
    with home.database.work(home.director) as work:
        day = date(work.today.year - 10, work.today.month, 1)
        work.get_one(Child, home.child).born_on = day
        move(work, home.child, "residential", work.today)
        listing = filled(work, named(work, "residents"), ReportPeriod("month", work.today.year - 2, 1))
        names = [column.name for column in listing.columns]
        (row,) = [each for each in listing.rows if day in each]
    assert row[names.index("age")] == 10


def test_a_register_shows_the_entries_of_its_period_with_the_child_beside_them(home):
    with home.database.work(home.director) as work:
        work.get_one(Child, home.child).born_on = date(2016, 10, 6)
        move(work, home.child, "residential", date(2026, 9, 3))
        move(
            work,
            home.child,
            "left",
            date(2026, 10, 5),
            departure="D1",
            document="民〔2026〕7号",
            destination="祖父母家",
        )
        listing = filled(work, named(work, "departures"), OCTOBER)
        assert filled(work, named(work, "departures"), OCTOBER.before()).rows == ()
    (row,) = listing.texts()
    shown = dict(zip((column.name for column in listing.columns), row, strict=True))
    assert shown["starts_on"] == "2026-10-05" and shown["document"] == "民〔2026〕7号"
    assert shown["age"] == "9", "the age on that day, not today's"
    assert shown[BLANK] == ""


def test_a_home_adapts_a_delivered_register_and_the_delivered_one_stays(home):
    with home.database.work(home.director) as work:
        usual = named(work, "hazards")
        keep(
            work, replace(usual, title="隐患台账（消防科版）", columns=(Column("what", "隐患内容"), *usual.columns[:1]))
        )
    with home.database.work(home.director) as work:
        adapted = named(work, "hazards")
        assert adapted.title == "隐患台账（消防科版）" and adapted.register_id
        assert sum(each.kind == "Hazard" for each in templates(work)) == 1, "it stands over the delivered one"
        make(work, Hazard, what="灭火器过期", found_on=date(2026, 10, 5), deadline=date(2026, 10, 20))
        listing = filled(work, adapted, OCTOBER)
        assert listing.headings[0] == "隐患内容" and listing.texts()[0][0] == "灭火器过期"
        records.put_in_bin(work, Register, adapted.register_id)
    with home.database.read(home.director) as work:
        assert named(work, "hazards").title == usual.title


def test_a_template_that_cannot_be_drawn_is_refused_at_its_field(home):
    def refused(**changes):
        values = {"name": "台账", "records": "Hazard", "columns": [["what", ""]], **changes}
        with pytest.raises(Invalid) as refusal, home.database.work(home.director) as work:
            records.save(work, Register, values)
        return {problem.field for problem in refusal.value.problems}

    assert refused(records="Nothing") == {"records"}
    assert refused(columns=[]) == {"columns"}
    assert refused(columns=[["identity_number", ""]]) == {"columns"}
    assert refused(columns=[["what", "长" * 41]]) == {"columns"}
    assert refused(filters={"what": ["x"]}) == {"filters"}
    assert refused(filters={"grade": ["no such grade"]}) == {"filters"}


def test_a_register_leaves_out_what_is_void_or_thrown_away(home):
    with home.database.work(home.director) as work:
        kept = make(work, Hazard, found_on=date(2026, 10, 5), deadline=date(2026, 10, 20))
        gone = make(work, Hazard, found_on=date(2026, 10, 5), deadline=date(2026, 10, 20))
        records.put_in_bin(work, Hazard, gone)
        assert len(filled(work, named(work, "hazards"), OCTOBER).rows) == 1, kept


def test_who_may_not_read_the_entries_has_no_such_register(home):
    with home.database.read(actor("finance")) as work:
        kinds = {each.kind for each in templates(work)}
    assert "AllowanceEntitlement" in kinds and "TherapySession" not in kinds


def test_who_may_not_export_is_refused_and_what_is_taken_out_is_noted(home):
    with home.database.work(home.director) as work:
        assert taken_out(work, named(work, "hazards"), OCTOBER, "export").title
        assert work.events[-1].details["form"] == named(work, "hazards").title
    with home.database.work(actor("caregiver")) as work:
        register = next(each for each in templates(work) if each.kind == "Hazard")
        with pytest.raises(Forbidden):
            taken_out(work, register, OCTOBER, "export")


def test_paper_and_workbook_have_the_same_columns_in_the_same_order(home, tmp_path):
    with home.database.work(home.director) as work:
        make(work, Hazard, what="=1+1", found_on=date(2026, 10, 5), deadline=date(2026, 10, 20))
        listing = taken_out(work, named(work, "hazards"), OCTOBER, "export")
    file = tmp_path / "hazards.xlsx"
    exchange.write(listing, file)
    sheet = openpyxl.load_workbook(file).active
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert lines[0][0] == listing.title and lines[1][0] == "October 2026"
    assert tuple(lines[2]) == ("No.", *listing.headings)
    assert "=1+1" in lines[3] and lines[3][0] == 1, "what looks like a formula is text"
    pdf = render_listing(listing, HEAD)
    assert faults(pdf) == []
    assert "=1+1" in text_of(pdf)


MONEY = Listing(
    "基本生活费发放台账",
    (
        Field("姓名", name="name"), Field("档案编号", name="number"), Field("日期", "date", name="day"), Field("金额", "money", name="amount", unit="元"),
        Field("备注", "long_text", name="note"),
    ),
    (
        ("=曾小乐", "007", date(2026, 10, 1), Decimal("2450.50"), "一行\n两行"), ("@王", "@SUM(A1)", date(2026, 10, 2), Decimal("1575.00"), None),
        ("+1", "-1", None, None, "=HYPERLINK(\"http://127.0.0.1\")"),
    ),
    ("2026年10月",), official=True,
)  # fmt: skip


def test_a_workbook_of_a_ledger_stands_as_its_paper_does(tmp_path):
    """Title, period, numbered lines, the same headings and sums, capitals, signatures; typed, framed, ready to print."""
    use_language("zh_CN")
    file = tmp_path / "ledger.xlsx"
    exchange.write(MONEY, file)
    sheet = openpyxl.load_workbook(file).active
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert lines[0][0] == MONEY.title and lines[1][0] == "2026年10月"
    assert lines[2] == ["序号", "姓名", "档案编号", "日期", "金额（元）", "备注"]
    assert lines[3][2] == "007" and sheet["C4"].number_format == "@", "a number that is a name stays text"
    assert (sheet["D4"].number_format, sheet["E4"].number_format) == ("yyyy-mm-dd", "#,##0.00")
    assert lines[6][0] == "合计" and lines[6][4] == 4025.5 and "肆仟零贰拾伍元伍角" in lines[7][0]
    assert "制表" in lines[9][0] and "批准" in lines[9][0]
    assert sheet.freeze_panes == "B4" and sheet.print_title_rows == "$3:$3" and sheet.page_setup.paperSize == 9
    assert all(cell.data_type != "f" and cell.hyperlink is None for row in sheet.iter_rows() for cell in row)
    widths = [sheet.column_dimensions[letter].width for letter in "BCDEF"]
    assert all(7 < width <= 41 for width in widths)
    paper = squeezed(text_of(render_listing(MONEY, HEAD)))
    for said in ("序号", "金额（元）", "合计", "4,025.50", "肆仟零贰拾伍元伍角", "制表"):
        assert said in paper, "the paper says the same"


def test_a_cell_for_a_signature_is_left_free_on_paper():
    use_language("zh_CN")
    columns = (Field("姓名", name="name"), Field("备注", name="note"), Field("经办人签字", name=BLANK))
    paper = text_of(render_listing(Listing("台账", columns, (("曾小乐", None, None),), official=True), HEAD))
    assert paper.count("/") == 1, "only the remark that is missing is closed with a stroke"


@pytest.mark.parametrize("code", [each.code for each in delivered("en")])
def test_every_delivered_register_has_the_same_columns_on_screen_paper_and_in_the_workbook(home, code, tmp_path):
    with home.database.work(SYSTEM) as work:
        listing = filled(work, named(work, code), OCTOBER)
    exchange.write(listing, tmp_path / "x.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx").active
    assert tuple(cell.value for cell in sheet[3]) == ("No.", *listing.headings)
    assert all(len(each) <= 60 for each in listing.headings)


@given(st.data())
def test_any_choice_of_columns_can_be_drawn(data):
    """Whatever columns a home chooses, each has a heading, and the delivered register stays as it is."""
    kind = data.draw(st.sampled_from([each for each in record_types() if each.__name__ != "Register"]))
    columns = possible(kind)
    chosen = data.draw(st.lists(st.sampled_from(columns), min_size=1, max_size=6, unique_by=lambda each: each.source))
    template = Template("", "台账", kind.__name__, tuple(chosen), {})
    assert template.record_type is kind and all(each.heading for each in chosen)


def test_a_register_of_a_year_holds_all_its_months(home):
    with home.database.work(home.director) as work:
        for month in (1, 6, 12):
            day = date(2025, month, 9)
            make(work, Hazard, found_on=day, deadline=day + timedelta(days=9))
        assert len(filled(work, named(work, "hazards"), ReportPeriod("year", 2025)).rows) == 3
