"""The home's report on paper, read back as a stranger would."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from models.institution import InstitutionReport, Line, ReportLine, ReportSection
from models.papers import PaperHead
from models.period import ReportPeriod
from reports.institution_report import institution_paper, render_institution
from reports.layout import measured
from reports.page import WIDTH
from resources import use_language
from tests.reports.reading import faults, fonts_of, layout_of, pages_in, text_of

HEAD = PaperHead("青禾儿童福利院", "", datetime(2026, 11, 2, 9, 0), "王敏")
MONEY = Line("amount", "金额合计", Decimal("75990.00"), "元", 2, total=True)
ROSTER = (
    ReportLine(Line("opening", "期初人数", 50), 49, 49),
    ReportLine(Line("came", "入院", 2), 0, None),
    ReportLine(Line("came.1", "父母死亡<b>&", 2, indent=1), 0, 0),
    ReportLine(Line("closing", "期末人数", 48, total=True), 51, 49),
)


def report(**changes):
    sections = (
        ReportSection("roster", "在院儿童变动", "child", ROSTER),
        ReportSection("allowances", "基本生活费", "allowance", (ReportLine(MONEY, Decimal("74415.00"), None),)),
        ReportSection("incidents", "意外事件", "safety", (), withheld=True),
    )
    return replace(InstitutionReport(ReportPeriod("month", 2026, 10), sections, False, False), **changes)


@pytest.fixture
def chinese():
    use_language("zh_CN")


def test_every_figure_stands_beside_those_it_is_compared_with(chinese):
    pdf = render_institution(report(), HEAD)
    assert faults(pdf) == []
    lines = layout_of(pdf)
    assert "机构月报" in lines and "2026年10月" in lines
    assert "期末人数  48  51  −3  49" in lines
    assert "入院  2  0  +2  /" in lines, "what is not known of last year is not a nought"
    assert "柒万伍仟玖佰玖拾元整" in text_of(pdf)
    assert "无权查看" in text_of(pdf)
    assert all(embedded == "yes" for _name, embedded, _unicode in fonts_of(pdf))


def test_words_of_data_are_printed_as_they_are(chinese):
    assert "父母死亡<b>&" in text_of(render_institution(report(), HEAD))


def test_a_running_period_is_a_draft_and_says_so(chinese):
    text = text_of(render_institution(report(running=True, partial=True), HEAD))
    assert "本期尚未结束" in text and "仅统计打印人负责的儿童" in text


def test_a_year_is_not_compared_twice_with_the_same_year():
    use_language("en")
    year = text_of(render_institution(report(period=ReportPeriod("year", 2025)), HEAD))
    assert "Yearly report of the home" in year and "Same period last year" not in year


def test_a_large_report_goes_on_with_its_heads_repeated(chinese):
    many = tuple(ReportLine(Line(f"x.{n}", f"项目{n}", n, indent=1), n, n) for n in range(120))
    pdf = render_institution(report(sections=(ReportSection("x", "安全", "safety", many),)), HEAD)
    assert pages_in(pdf) > 2
    leaves = layout_of(pdf).split("=== page ===")
    assert all("上年同期" in leaf for leaf in leaves if "项目" in leaf.replace("项目  本期", ""))


def test_the_figures_of_all_sections_stand_under_one_another():
    use_language("en")
    long = ReportSection(
        "care", "Care", "care", (ReportLine(Line("x", "Of these with a head count that differs greatly", 1), 0, 0),)
    )
    paper = institution_paper(report(sections=(*report().sections[:2], long)), HEAD)
    strips = [strip for strip in measured(paper.parts, WIDTH) if len(strip.boxes) == 5 and strip.part < 3]
    assert {strip.part for strip in strips} == {0, 1, 2}
    assert len({tuple(round(edge, 1) for edge in strip.edges()) for strip in strips}) == 1
