"""The record of the comparison set by fpdf2: same words, same grids, same faces.

It is no dependency of the program: ``pip install fpdf2==2.8.9``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from resources import path

_FACES = (
    ("song", "", "NotoSerifSC-Regular.ttf"), ("song", "B", "NotoSerifSC-Bold.ttf"), ("hei", "", "NotoSansSC-Regular.ttf"),
    ("hei", "B", "NotoSansSC-Bold.ttf"),
)  # fmt: skip
_LEFT, _WIDTH, _BAND = 70.9, 481.8, 21.0


def document(plain: dict[str, Any]) -> bytes:
    """Return one child's record, given as plain lists and words."""
    pdf = _sheet(plain)
    pdf.add_page()
    pdf.set_font("hei", size=12)
    pdf.cell(_WIDTH, 20, "青禾市儿童福利院", align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("song", "B", 20)
    pdf.cell(_WIDTH, 34, "儿童月度综合记录", align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("song", size=9.5)
    pdf.cell(_WIDTH / 2, 16, "2026年10月")
    pdf.cell(_WIDTH / 2, 16, f"档案编号：{plain['number']}", align="R", new_x="LMARGIN", new_y="NEXT")
    top = pdf.get_y()
    pdf.rect(_LEFT + _WIDTH - 80, top + 4, 70.9, 99.2)
    pdf.text(_LEFT + _WIDTH - 54, top + 54, "照片")
    _facts(pdf, plain["facts"], 2, _LEFT, _WIDTH - 88)
    pdf.set_y(top + 106)
    _facts(pdf, [("重点提示", plain["warnings"])], 1, _LEFT, _WIDTH)
    for section in plain["sections"]:
        _section(pdf, section)
    _facts(pdf, [("下月计划", plain["plan"])], 1, _LEFT, _WIDTH)
    _signatures(pdf)
    return bytes(pdf.output())


def _sheet(plain: dict[str, Any]) -> Any:
    from fpdf import FPDF

    class Sheet(FPDF):
        def header(self) -> None:
            self.set_font("hei", size=8)
            self.text(_LEFT, 34, "内部资料・注意保密")
            if self.page_no() > 1:
                self.text(_LEFT, 56, f"青禾市儿童福利院・儿童月度综合记录・{plain['name']}・2026年10月")
                self.text(_LEFT + _WIDTH - 32, 56, "（续表）")
            self.set_dash_pattern(3, 3)
            self.line(34, 57, 34, 785)
            self.set_dash_pattern()

        def footer(self) -> None:
            self.set_font("hei", size=7.5)
            self.text(_LEFT, 811, "打印时间：2026-11-02 09:30　打印人：林院长")
            self.text(_LEFT + _WIDTH / 2 - 30, 811, f"第 {self.page_no()} 页 共 3 页")
            self.text(_LEFT + _WIDTH - 34, 811, plain["number"])

    pdf = Sheet(unit="pt", format="A4")
    for family, style, file in _FACES:
        pdf.add_font(family, style, path("fonts", file))
    pdf.set_margins(_LEFT, 62, 42.5)
    pdf.set_auto_page_break(True, 54)
    pdf.set_title(f"儿童月度综合记录 {plain['name']}")
    pdf.set_lang("zh-CN")
    return pdf


def _section(pdf: Any, section: dict[str, Any]) -> None:
    pdf.set_font("hei", "B", 10.5)
    pdf.cell(_WIDTH, 15, section["title"], new_x="LMARGIN", new_y="NEXT")
    left, width = _LEFT + _BAND, _WIDTH - _BAND
    if section["facts"]:
        _facts(pdf, section["facts"], 3, left, width)
    for each in section["grids"]:
        _grid(pdf, each, left, width)
    for name, words in section["texts"]:
        _facts(pdf, [(name, words)], 1, left, width)


def _grid(pdf: Any, each: dict[str, Any], left: float, width: float) -> None:
    from fpdf.fonts import FontFace

    size = 8.5 if len(each["headings"]) > 8 else 9.5
    pdf.set_font("hei", "B", 9)
    pdf.set_x(left)
    pdf.cell(width, 15, each["title"], border=1, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("song", size=size)
    pdf.set_x(left)
    align = ["RIGHT" if place in each["numeric"] else "CENTER" for place in range(len(each["headings"]))]
    with pdf.table(
        width=width, align="RIGHT", col_widths=tuple(each["widths"]), text_align=tuple(align), line_height=size * 1.3,
        padding=(1.9, 4.5), headings_style=FontFace(family="hei", emphasis="", fill_color=244),
    ) as table:  # fmt: skip
        for line in (each["headings"], *each["rows"]):
            table.row(line)


def _facts(pdf: Any, pairs: Sequence[Sequence[str]], slots: int, left: float, width: float) -> None:
    from fpdf.fonts import FontFace

    pdf.set_font("song", size=9.5)
    share = width / slots
    columns = (62.0, share - 62.0) * slots
    head = FontFace(family="hei", size_pt=9, fill_color=244)
    where = "LEFT" if left == _LEFT else "RIGHT"
    with pdf.table(
        width=width, align=where, col_widths=columns, first_row_as_headings=False, line_height=12.5, padding=(3, 4.5),
        text_align="LEFT",
    ) as table:  # fmt: skip
        for start in range(0, len(pairs), slots):
            row = table.row()
            for name, value in pairs[start : start + slots]:
                row.cell(name, style=head)
                row.cell(value)


def _signatures(pdf: Any) -> None:
    roles = ("护理员", "医生", "康复治疗师", "教师", "社会工作者")
    pdf.set_font("song", size=9.5)
    with pdf.table(
        width=_WIDTH, col_widths=(1,) * 5, line_height=12.5, text_align="CENTER", first_row_as_headings=False
    ) as table:
        table.row(roles)
        table.row([" \n \n年　月　日"] * 5)
    _facts(pdf, [("院长意见", " \n \n \n签字：　　　　　　　（盖章）\n年　月　日")], 1, _LEFT, _WIDTH)
