"""The recovery sheet and the slips: everything on them, each person's password on one page alone."""

from __future__ import annotations

from datetime import datetime

import pypdfium2

from models.papers import PaperHead
from reports.first_papers import Slip, first_papers

KEY = "ABCD-EFGH-JKMN-PQRS-TVWX-YZ12-3456-7890-ABCD"


def pages(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_range() for page in document]


def test_the_key_stands_alone_and_each_slip_names_one_person():
    head = PaperHead("青禾儿童福利院", "恢复密钥", datetime(2026, 11, 22, 9, 0), "王敏")
    slips = [
        Slip("吴刚", "系统管理员", "sysadmin", "Kuda-1111-ros"),
        Slip("徐明", "安全管理员", "secadmin", "Meno-2222-tak"),
    ]
    sheet, first, second = pages(first_papers(head, KEY, slips))
    assert KEY in sheet.replace("\r", "").replace("\n", "") and "Kuda" not in sheet
    assert "Kuda-1111-ros" in first and "Meno" not in first and KEY not in first
    assert "Meno-2222-tak" in second and "Kuda" not in second
