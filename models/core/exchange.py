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
from models.core.money import in_capitals
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
    """A list as it is shown: its title, what narrowed it, its columns and its rows of values.

    An ``official`` one is a ledger: in a workbook, too, it has its title, numbered lines, sums and who answers for it.
    """

    title: str
    columns: tuple[Field, ...]
    rows: tuple[tuple[Any, ...], ...]
    notes: tuple[str, ...] = ()
    official: bool = False

    @property
    def headings(self) -> tuple[str, ...]:
        """The column headings in the language in use, units included."""
        return tuple(heading(column) for column in self.columns)

    def sums(self) -> dict[int, Decimal]:
        """Return the sums of the columns with money, by the column's place."""
        return {
            index: sum((row[index] for row in self.rows if row[index] is not None), Decimal(0))
            for index, column in enumerate(self.columns)
            if column.kind == "money"
        }

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
    (_fill_ledger if listing.official else _fill_sheet)(book, listing)
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
        sheet.set_column(index, index, _column_width(listing, index, column, 60))


_ACROSS = 88
"""Signs in a line of an upright A4 page at the usual size; a wider ledger lies across."""


def _fill_ledger(book: Workbook, listing: Listing) -> None:
    """Write a ledger as it stands on paper: title, period, numbered lines, sums in figures and capitals, signatures."""
    sheet = book.add_worksheet(sheet_name(listing.title))
    last, top = len(listing.columns), 2
    boxed = {"border": 1, "valign": "vcenter", "text_wrap": True}
    title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
    head = book.add_format({**boxed, "bold": True, "bg_color": "#EEF3F0", "align": "center"})
    plain = book.add_format({"valign": "vcenter"})
    _across(sheet, 0, last, listing.title, title)
    _across(sheet, 1, last, _("; ").join(listing.notes), plain)
    for index, words in enumerate((_("No."), *listing.headings)):
        sheet.write_string(top, index, _storable(words), head)
    number = book.add_format({**boxed, "num_format": "0", "align": "center"})
    formats = [
        book.add_format({**boxed, "num_format": _NUMBER_FORMATS.get(each.kind, "@")}) for each in listing.columns
    ]
    for line, values in enumerate(listing.rows, start=1):
        sheet.write_number(top + line, 0, line, number)
        for index, (column, value) in enumerate(zip(listing.columns, values, strict=True)):
            _write_cell(sheet, (top + line, index + 1), column, value, formats[index])
    end = _sums_below(book, sheet, listing, top + len(listing.rows) + 1)
    _dress_ledger(sheet, listing, top, end)


def _across(sheet: Worksheet, line: int, last: int, words: str, style: Format) -> None:
    """Write words over all columns."""
    sheet.merge_range(line, 0, line, last, "", style)
    sheet.write_string(line, 0, _storable(words), style)


def _sums_below(book: Workbook, sheet: Worksheet, listing: Listing, line: int) -> int:
    """Write the sums of money as the paper has them, and return the line after all that."""
    sums = listing.sums()
    if not sums or not listing.rows:
        return line
    strong = {"border": 1, "bold": True, "valign": "vcenter"}
    words, amount = book.add_format(strong), book.add_format({**strong, "num_format": _NUMBER_FORMATS["money"]})
    sheet.write_string(line, 0, _("Total"), words)
    for index in range(len(listing.columns)):
        if index in sums:
            sheet.write_number(line, index + 1, float(sums[index]), amount)
        else:
            sheet.write_blank(line, index + 1, None, words)
    capitals = _("{label}: {words}").format(label=listing.columns[max(sums)].title, words=in_capitals(sums[max(sums)]))
    plain = book.add_format({"border": 1, "valign": "vcenter"})
    _across(sheet, line + 1, len(listing.columns), f"{_('In capitals')} {capitals}", plain)
    offices = "\u3000\u3000\u3000\u3000\u3000\u3000".join((_("Made by:"), _("Checked by:"), _("Approved by:")))
    _across(sheet, line + 3, len(listing.columns), offices, book.add_format({"valign": "vcenter"}))
    return line + 4


def _dress_ledger(sheet: Worksheet, listing: Listing, top: int, end: int) -> None:
    """Give widths by what stands in the columns, keep the head in sight and on every page, fit it to A4."""
    last, whole = len(listing.columns), 6
    sheet.set_row(0, 30)
    sheet.set_column(0, 0, 6)
    for index, column in enumerate(listing.columns, start=1):
        wide = _column_width(listing, index - 1, column, 40)
        sheet.set_column(index, index, wide)
        whole += wide
    sheet.freeze_panes(top + 1, 1)
    sheet.set_paper(9)
    if whole > _ACROSS:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top, top)
    sheet.print_area(0, 0, max(end - 1, top + 1), last)
    sheet.set_footer("&C&P / &N")


def _column_width(listing: Listing, index: int, column: Field, most: int) -> int:
    texts = [heading(column), *(cell_words(column, row[index]) for row in listing.rows[:200])]
    widest = max(max((_width(line) for line in text.split("\n")), default=0) for text in texts)
    return min(max(widest + 3, 8), most)


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
