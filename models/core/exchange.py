"""Exchange 导出: any list as it is shown, as a typed workbook or as CSV.

    with app.work() as work:
        taken = exchange.taken_out(work, Child, search="曾")   # noted in the trail with its count
    exchange.write(taken, Path("children.xlsx"))

The note is committed before a byte leaves the program: what is not noted is not written.
"""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.core.database import Work
from models.core.errors import Forbidden, Unusable
from models.core.fields import STATE_LABEL, Field
from models.core.queries import listed_fields, rows
from models.core.record import Record
from models.core.titles import cell_words
from models.core.workflow import STATES
from resources import _

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

STATE = Field(STATE_LABEL, "code", name="state", codes=STATES)
CELL_LIMIT = 32_767
"""What one cell of a workbook can hold."""
_FORMULA_STARTS = "=+-@|＝＋－＠\t\r\n"
_NUMBER_FORMATS = {
    "integer": "0", "decimal": "General", "money": "#,##0.00",
    "date": "yyyy-mm-dd", "datetime": "yyyy-mm-dd hh:mm", "time": "hh:mm",
}  # fmt: skip


@dataclass(frozen=True)
class Listing:
    """A list as it is shown: its title, what narrowed it, its columns and its rows of values."""

    title: str
    columns: tuple[Field, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[str, ...] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        """The column headings in the language in use, units included."""
        return tuple(heading(column) for column in self.columns)

    def texts(self) -> list[tuple[str, ...]]:
        """Return the rows in words, for paper."""
        return [
            tuple(cell_words(column, value) for column, value in zip(self.columns, row, strict=True))
            for row in self.rows
        ]


def heading(column: Field) -> str:
    """Return a column's heading with its unit."""
    if not column.unit:
        return column.title
    return _("{label} ({unit})").format(label=column.title, unit=_(column.unit))


def as_shown(
    work: Work,
    kind: type[Record],
    *,
    fields: Sequence[Field] | None = None,
    search: str = "",
    where: Iterable[ColumnElement[bool]] = (),
    order: str | None = None,
    descending: bool | None = None,
    notes: Sequence[str] = (),
    state: bool | None = None,
) -> Listing:
    """Return a whole list as a person sees it; confidential fields stay inside, in lists as on paper."""
    chosen = tuple(each for each in (fields or listed_fields(kind)) if not each.confidential)
    found = rows(work, kind, fields=chosen, search=search, where=where, order=order, descending=descending)
    stateful = kind.first_state != "current" if state is None else state
    return Listing(
        title=_(kind.titles),
        columns=(*chosen, STATE) if stateful else chosen,
        rows=tuple((*row.values, row.state) if stateful else row.values for row in found),
        notes=tuple(notes),
    )


def taken_out(work: Work, kind: type[Record], **selection: Any) -> Listing:
    """Return a list that is about to leave the program as a file, noted in the trail with its count.

    Raises:
        Forbidden: when the person may not export this type.
    """
    return _noted(work, kind, "export", "exported", _("Export"), selection)


def put_on_paper(work: Work, kind: type[Record], **selection: Any) -> Listing:
    """Return a list that is about to be printed, noted likewise.

    Raises:
        Forbidden: when the person may not print this type.
    """
    return _noted(work, kind, "print", "printed", _("Print"), selection)


def _noted(work: Work, kind: type[Record], action: str, event: str, what: str, selection: dict[str, Any]) -> Listing:
    if not work.actor.may(action, kind):
        raise Forbidden(_("Your roles do not allow this: {what}.").format(what=what))
    listing = as_shown(work, kind, **selection)
    names = [column.name for column in listing.columns]
    work.record_event(event, kind.__name__, rows=len(listing.rows), fields=names)
    return listing


def write(listing: Listing, file: Path) -> None:
    """Write a list as ``.xlsx`` or ``.csv``, whole or not at all.

    Raises:
        Unusable: when the place cannot be written; what was there before is untouched.
    """
    part = file.with_name(file.name + ".part")
    try:
        (_write_csv if file.suffix.lower() == ".csv" else _write_workbook)(listing, part)
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Unusable(
            _(
                "The file could not be written: {file}. Close it if it is open elsewhere, or choose another place."
            ).format(file=file)
        ) from error


def _write_csv(listing: Listing, file: Path) -> None:
    with file.open("w", encoding="utf-8-sig", newline="", errors="replace") as stream:
        writer = csv.writer(stream)
        writer.writerow([harmless(each) for each in listing.headings])
        for values in listing.rows:
            writer.writerow([_csv_cell(column, value) for column, value in zip(listing.columns, values, strict=True)])


def _csv_cell(column: Field, value: Any) -> str:
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return str(value)
    return harmless(cell_words(column, value))


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula when it opens a CSV file."""
    clean = text.replace("\x00", "")
    first = clean.lstrip(" \u3000\ufeff\u200b")[:1]
    return "'" + clean if first and first in _FORMULA_STARTS else clean


def _write_workbook(listing: Listing, file: Path) -> None:
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = Workbook(str(file), options)
    book.set_properties({"title": listing.title, "author": "Qinghe 青禾"})
    _fill_sheet(book, listing)
    try:
        book.close()
    except FileCreateError as error:
        raise OSError(str(error)) from error


def _fill_sheet(book: Workbook, listing: Listing) -> None:
    sheet = book.add_worksheet(sheet_name(listing.title))
    head = book.add_format({"bold": True, "bg_color": "#EEF3F0", "bottom": 1, "valign": "vcenter", "text_wrap": True})
    top = len(listing.notes)
    for index, note in enumerate(listing.notes):
        sheet.write_string(index, 0, _storable(note))
    for index, title in enumerate(listing.headings):
        sheet.write_string(top, index, _storable(title), head)
    formats = [_format(book, column) for column in listing.columns]
    for line, values in enumerate(listing.rows, start=top + 1):
        for index, (column, value) in enumerate(zip(listing.columns, values, strict=True)):
            _write_cell(sheet, (line, index), column, value, formats[index])
    _arrange(sheet, listing, top)


def _arrange(sheet: Worksheet, listing: Listing, top: int) -> None:
    """Make the sheet pleasant to open and to print: fixed head, filter, widths, A4 across."""
    last = max(len(listing.columns) - 1, 0)
    sheet.freeze_panes(top + 1, 1)
    sheet.autofilter(top, 0, top + max(len(listing.rows), 1), last)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, top)
    sheet.print_area(0, 0, top + max(len(listing.rows), 1), last)
    sheet.set_footer("&C&P / &N")
    for index, column in enumerate(listing.columns):
        texts = [heading(column), *(cell_words(column, row[index]) for row in listing.rows[:200])]
        widest = max(max((_width(line) for line in text.split("\n")), default=0) for text in texts)
        sheet.set_column(index, index, min(max(widest + 3, 8), 60))


def _format(book: Workbook, column: Field) -> Format:
    pattern = _NUMBER_FORMATS.get(column.kind, "@")
    return book.add_format({"num_format": pattern, "valign": "top", "text_wrap": column.kind == "long_text"})


def _write_cell(sheet: Worksheet, place: tuple[int, int], column: Field, value: Any, style: Format) -> None:
    if value is None or value == "":
        sheet.write_blank(*place, None, style)
    elif column.numeric and isinstance(value, int | float | Decimal) and math.isfinite(value):
        sheet.write_number(*place, float(value), style)
    elif column.kind in {"date", "datetime", "time"} and _datable(value):
        sheet.write_datetime(*place, value, style)
    else:
        sheet.write_string(*place, _storable(cell_words(column, value)), style)


def _datable(value: Any) -> bool:
    return isinstance(value, time) or (isinstance(value, date | datetime) and value.year >= 1900)


def _storable(text: str) -> str:
    """Return text as a cell can hold it; halves of characters become the replacement character."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return whole if len(whole.encode("utf-16-le")) // 2 <= CELL_LIMIT else whole[: CELL_LIMIT // 2 - 1] + "…"


def sheet_name(title: str) -> str:
    """Return a title as a sheet may be called: at most 31 characters, none of []:*?/\\."""
    return re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip("' ") or "Sheet1"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)
