"""Rows find their pages: nothing lost, nothing alone, headings repeated."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.blocks import Cell, Fixed, Part, Row, facts, held, opinion, prose, signatures, table
from reports.layout import Sheet, measured, paged, parted
from reports.page import WIDTH
from tests.reports.reading import squeezed

PAGE = 600.0


def pages(*parts: Part, first: float = 500.0, others: float = PAGE) -> list[Sheet]:
    return paged(measured(parts, WIDTH), first, others)


def words_on(sheet: Sheet) -> list[str]:
    return ["".join(line.text for line in box.lines) for strip in sheet.strips for box in strip.boxes]


def ledger(count: int) -> Part:
    rows = [(f"{number}", f"第{number}行") for number in range(count)]
    return Part("", table(("号", "内容"), rows))


@given(st.integers(0, 120), st.integers(120, 500))
@settings(max_examples=60, deadline=None)
def test_a_table_keeps_all_rows_in_order_and_leaves_none_alone(count: int, first: int) -> None:
    sheets = pages(ledger(count), first=float(first))
    found = [text for sheet in sheets for text in words_on(sheet) if text.startswith("第")]
    assert found == [f"第{number}行" for number in range(count)]
    for sheet in sheets:
        rows = sum(text.startswith("第") for text in words_on(sheet))
        assert rows >= 2 or rows == count
        assert words_on(sheet)[0] == "号"
        assert sheet.used <= PAGE + 0.01


@given(st.lists(st.integers(0, 1500), min_size=1, max_size=6), st.integers(60, 500))
@settings(max_examples=60, deadline=None)
def test_long_texts_are_parted_without_losing_a_character(lengths: list[int], first: int) -> None:
    texts = [
        "".join(chr(0x4E00 + (7 * index + at) % 5000) for at in range(length)) for index, length in enumerate(lengths)
    ]
    sheets = pages(Part("养护", tuple(prose("记录", text) for text in texts)), first=float(first), others=300.0)
    whole = "".join(
        line.text for sheet in sheets for strip in sheet.strips for box in strip.boxes[1:] for line in box.lines
    )
    assert whole == "".join(texts)
    assert all(sheet.used <= 300.01 for sheet in sheets[1:])
    assert all(sheet.strips for sheet in sheets[1:])


def test_two_lines_at_least_stay_on_either_side_of_a_page_break() -> None:
    (strip,) = measured([Part("", (prose("记录", "字" * 400),))], WIDTH)
    for room in range(10, int(strip.height) + 40):
        pieces = parted(strip, float(room))
        if pieces:
            assert min(pieces[0].lines, pieces[1].lines) >= 2
            assert pieces[0].height <= room + 0.01
            assert squeezed("".join(line.text for piece in pieces for line in piece.boxes[1].lines)) == "字" * 400


def test_a_label_says_once_that_it_is_continued() -> None:
    sheets = pages(Part("", (prose("记录", "字" * 9000),)))
    labels = [words_on(sheet)[0] for sheet in sheets]
    assert len(labels) > 3
    assert labels == ["记录"] + ["记录 (cont.)"] * (len(labels) - 1)


def test_signatures_never_stand_on_a_page_of_their_own() -> None:
    for count in range(20, 60):
        parts = held([ledger(count), Part("签字", (*signatures([("护理员", "")]), opinion("院长意见")))])
        last = words_on(pages(*parts)[-1])
        assert any(text.startswith("第") for text in last)
        assert "院长意见" in last


def test_a_row_taller_than_a_page_that_cannot_be_parted_is_still_printed_once() -> None:
    class Tall:
        height = 2 * PAGE

        def draw(self, pen: object, x: float, y: float, width: float, height: float) -> None: ...

    sheets = pages(ledger(5), Part("", (Row((Cell(art=Tall()),), (1.0,)),)), ledger(5))
    assert sum(box.cell.art is not None for sheet in sheets for strip in sheet.strips for box in strip.boxes) == 1
    assert sum(text.startswith("第") for sheet in sheets for text in words_on(sheet)) == 10


def test_facts_lie_side_by_side_and_long_ones_alone() -> None:
    rows = facts([("甲", "1"), ("乙", "2"), ("丙", "3"), ("丁", "值" * 60), ("戊", "5"), ("己", "")])
    assert [[cell.text for cell in row.cells] for row in rows] == [
        ["甲", "1", "乙", "2", "丙", "3"], ["丁", "值" * 60], ["戊", "5", "己", "/"],
    ]  # fmt: skip


def test_columns_may_be_fixed_or_share_the_rest() -> None:
    (strip,) = measured([Part("", (Row((Cell("a"), Cell("b"), Cell("c")), (Fixed(50), 1.0, 3.0)),))], 450)
    assert [(box.x, box.width) for box in strip.boxes] == [(0, 50), (50, 100), (150, 300)]


@pytest.mark.parametrize("length", range(1000, 1400, 20))
def test_what_remains_of_a_heading_longer_than_a_page_is_not_its_beginning_again(length: int) -> None:
    """However little remains of the one while the other goes on."""
    texts = ["".join(chr(0x4E00 + at) for at in range(count)) for count in (length, 3000)]
    sheets = pages(Part("", table((*texts, "短"), [("1", "2", "3")], width=WIDTH)))
    for column, text in enumerate(texts):
        lines = [line.text for sheet in sheets for strip in sheet.strips for line in strip.boxes[column].lines]
        assert "".join(lines) == text + str(column + 1)


def test_a_table_with_a_very_tall_first_row_begins_below_what_is_there() -> None:
    rows = [("1", "很长的描述" * 400), ("2", "短")]
    sheets = pages(Part("", facts([("姓名", "曾小乐")])), Part("", table(("号", "描述"), rows)), first=300.0)
    assert "号" in words_on(sheets[0])
    assert sheets[0].used > 250
