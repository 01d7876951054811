"""The name of a part can be read on every page on which the part stands."""

from __future__ import annotations

import pytest

from reports.blocks import Cell, Part, Row, prose
from reports.layout import band_lines, band_name, band_need, measured, paged
from reports.page import WIDTH, Paper, render
from reports.styles import BAND_NAME
from resources import use_language
from tests.reports.reading import squeezed, text_of
from tests.reports.samples import HEAD

LONG = "\n".join(f"第{number}行" for number in range(60))


def test_a_long_name_in_letters_stands_in_two_lines_of_full_size() -> None:
    assert band_lines("Daily care") == ["Daily care"]
    assert band_lines("Investigation, measures, closing") == ["Investigation,", "measures, closing"]
    widest = BAND_NAME.chain.width("measures, closing", BAND_NAME.size)
    assert band_need("Investigation, measures, closing") > widest


@pytest.mark.parametrize(
    "name", ["很长的栏目名称" * 3, "A heading of a great many words " * 5, "خ" * 40, "养护\ue863\ue863"]
)
def test_a_name_too_long_for_a_band_heads_its_part_on_every_page(name: str) -> None:
    use_language("zh_CN")
    part = Part(name, (prose("经过", LONG), prose("处理", LONG)))
    assert band_name(part) == ""
    pages = text_of(render([Paper(HEAD, (part,))])).split("\f")[:-1]
    assert len(pages) > 1
    (strip,) = measured([Part("", (Row((Cell(name),), (1.0,)),))], WIDTH)
    said = squeezed("".join(line.text for line in strip.boxes[0].lines))
    assert all(said in squeezed(page) for page in pages)


@pytest.mark.parametrize("first", range(60, 500, 7))
def test_a_text_is_parted_so_that_the_name_beside_it_has_room_on_both_pages(first: int) -> None:
    name = "调查处理与结案"
    parts = [Part("", (Row((Cell("前"),), (1.0,)),)), Part(name, (prose("调查", LONG), prose("结论", "一句话。")))]
    for sheet in paged(measured(parts, WIDTH), float(first), 600.0):
        beside = sum(strip.height for strip in sheet.strips if strip.part == 1)
        assert not beside or beside >= band_need(name) - 0.01
