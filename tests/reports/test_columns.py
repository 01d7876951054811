"""Columns are as wide as what stands in them asks for, and notes never stand on a page of their own."""

from __future__ import annotations

import pytest

from reports.blocks import Cell, Fixed, Part, Row, prose, signatures, table
from reports.columns import holding, roomy
from reports.layout import measured
from reports.page import WIDTH, Paper, pages_of
from reports.styles import LABEL
from resources import use_language
from tests.reports.samples import HEAD

HEADINGS = ("学期", "目标", "评定", "证据", "下一步", "评估日期", "评估人")
REVIEW = (
    "2025–2026学年第一学期", "能回答“谁”“哪里”的问题", "部分掌握（需协助）", "已能在班组生活中使用", "继续原目标", "2026-01-04", "刘婷欢",
)  # fmt: skip
DOSE = ("A群流脑多糖疫苗", "1 / 4", "2006-09-21", "2006895700", "", "左上臂", "南湖街道社区卫生服务中心")


def lines_in(headings: tuple[str, ...], row: tuple[str, ...], shares: tuple[float, ...]) -> list[int]:
    """How many lines each cell of a table's first row has."""
    rows = table(headings, [row] * 3, widths=shares, width=WIDTH)
    return [len(box.lines) for box in measured([Part("", rows)], WIDTH)[1].boxes]


def test_a_name_of_three_signs_is_never_broken() -> None:
    assert lines_in(HEADINGS, REVIEW, (1.4, 2.4, 1.5, 2.4, 1.8, 1.4, 1.1))[-2:] == [1, 1]


def test_what_others_can_spare_keeps_a_long_entry_on_one_line() -> None:
    headings = ("疫苗", "剂次", "日期", "批号", "生产企业", "接种部位", "接种单位")
    assert lines_in(headings, DOSE, (2.6, 0.8, 1.4, 1.4, 1.6, 1.1, 3.2)) == [1] * 7


def test_a_text_of_many_lines_gets_what_empty_columns_can_spare() -> None:
    shares, headings = (1.0,) * 5, ("物品", "描述", "数量", "存放地点", "移交情况")
    bare = roomy(shares, headings, [("玩偶", "布", "1", "", "")], WIDTH)
    told = roomy(shares, headings, [("玩偶", "很长的描述" * 40, "1", "", "")], WIDTH)
    assert told[1] > 1.5 * bare[1]
    assert min(told) > 40, "the empty ones can still be written in"


def test_columns_fill_the_width_whatever_stands_in_them() -> None:
    for row in (REVIEW, DOSE, ("",) * 7, ("很长的内容" * 20,) * 7, ("A" * 40,) * 7):
        assert sum(roomy((1, 2, 3, 4, 1, 1, 1), HEADINGS, [row], WIDTH)) == pytest.approx(WIDTH)


def test_a_word_of_a_heading_widens_a_fixed_column() -> None:
    names = ("Weekday", "Carer (countersigned)", "Remark")
    columns = holding((Fixed(20), 0.2, 3.0), names, LABEL, 300)
    boxes = measured([Part("", (Row(tuple(Cell(name, LABEL) for name in names), columns),))], 300)[0].boxes
    assert [line.text for box in boxes for line in box.lines] == ["Weekday", "Carer", "(countersigned)", "Remark"]


@pytest.mark.parametrize("count", range(100, 1600, 30))
def test_notes_never_stand_on_a_page_of_their_own(count: int) -> None:
    use_language("zh_CN")
    parts = (Part("", (prose("经过", "一二三四五，" * (count // 6)), *signatures([("填表人", ""), ("院长", "")]))),)
    for sheet in pages_of(Paper(HEAD, parts, notes=("填表说明。" * 40, "本表一式两份。"))):
        assert sheet.strips
