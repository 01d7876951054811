"""The returned roster 退回的名册: the sheet as it came, with every problem marked in its cell and told beside the row."""

from __future__ import annotations

import math
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from models.core.exchange import CELL_LIMIT, sheet_name
from models.sheet import cell_text
from resources import _

if TYPE_CHECKING:
    from models.exchange_children import CellProblem, ImportReport


def marked(report: ImportReport) -> bytes:
    """Write the marked workbook; every text stays text, whatever it begins with."""
    from xlsxwriter import Workbook

    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(buffer, options)
    page = book.add_worksheet(sheet_name(report.sheet.name))
    formats = {
        "": book.add_format({}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "head": book.add_format({"bold": True, "bg_color": "#EEF3F0", "bottom": 1}),
        "error": book.add_format({"bg_color": "#F9D9D6", "font_color": "#8C1D18", "num_format": "@"}),
        "warning": book.add_format({"bg_color": "#FBEFD0", "font_color": "#6B4E00"}),
        "told": book.add_format({"text_wrap": True, "font_color": "#8C1D18"}),
    }
    _fill(page, report, formats)
    book.close()
    return buffer.getvalue()


def _fill(page: Any, report: ImportReport, formats: dict[str, Any]) -> None:
    by_cell: dict[tuple[int, int], list[CellProblem]] = {}
    by_row: dict[int, list[CellProblem]] = {}
    for problem in report.problems:
        by_cell.setdefault((problem.row, problem.column), []).append(problem)
        by_row.setdefault(problem.row, []).append(problem)
    width = max((len(row) for row in report.sheet.rows), default=1)
    for index, row in enumerate(report.sheet.rows):
        for column, cell in enumerate(row):
            found = by_cell.get((index, column), [])
            _write(page, index, column, cell, _style(index == report.header_row, found), formats)
            if found:
                page.write_comment(index, column, _clean("\n".join(each.message for each in found))[:1000])
        if index in by_row:
            page.write_string(index, width, _clean("；".join(each.message for each in by_row[index])), formats["told"])
    page.write_string(report.header_row, width, _("What to mend"), formats["head"])
    page.set_column(0, max(width - 1, 0), 14)
    page.set_column(width, width, 70)
    page.freeze_panes(report.header_row + 1, 0)


def _style(heading: bool, found: list[CellProblem]) -> str:
    if heading:
        return "head"
    if not found:
        return ""
    return "warning" if all(each.warning for each in found) else "error"


def _write(page: Any, row: int, column: int, cell: Any, style: str, formats: dict[str, Any]) -> None:
    if isinstance(cell, datetime | date) and cell.year >= 1900 and not style:
        page.write_datetime(row, column, cell, formats["date"])
    elif isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell):
        page.write_number(row, column, cell, formats[style])
    elif cell_text(cell):
        page.write_string(row, column, _clean(cell_text(cell)), formats[style])
    elif style:
        page.write_blank(row, column, None, formats[style])


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")[: CELL_LIMIT // 2]
