"""Sheets 表格: read a workbook that somebody hands in — never more of it than fits, never a formula, only values."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from models.core.errors import Unusable
from resources import _

LARGEST_FILE = 20_000_000
LARGEST_CONTENT = 120_000_000
"""Bytes that an archive may claim to hold when unpacked; a bomb claims more."""
MOST_ROWS, MOST_COLUMNS = 5_000, 200
ENDINGS = (".xlsx", ".xlsm", ".xls", ".ods")


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook as values.

    Attributes:
        rows: all rows from the first of the sheet on, so that row numbers are those of the workbook.
        epoch: the day that this workbook counts as day 0 (1900 or 1904).
    """

    name: str
    rows: tuple[tuple[Any, ...], ...]
    epoch: date = date(1899, 12, 30)

    def day(self, number: float) -> date:
        """Return the day that a plain number means in this workbook."""
        return self.epoch + timedelta(days=int(number))


def read_sheet(file: Path, name: str | None = None) -> Sheet:
    """Read one sheet: the named one, or the first that has anything in it.

    Raises:
        Unusable: when the file is not there, no workbook, encrypted, damaged or too large; words say which.
    """
    _check_file(file)
    import python_calamine as calamine

    try:
        with calamine.CalamineWorkbook.from_path(str(file)) as book:
            chosen = name or next((each.name for each in book.sheets_metadata if _filled(book, each)), None)
            if chosen is None:
                raise Unusable(_("This workbook is empty."))
            return Sheet(chosen, _rows(book.get_sheet_by_name(chosen)), _epoch(file))
    except calamine.PasswordError as error:
        raise Unusable(_("This workbook is protected by a password; please save it without one.")) from error
    except (calamine.CalamineError, ValueError, OverflowError) as error:
        raise Unusable(_("This file is no workbook, or it is damaged: {file}").format(file=file.name)) from error


def _check_file(file: Path) -> None:
    if not file.is_file():
        raise Unusable(_("There is no such file: {file}").format(file=file.name))
    if file.suffix.lower() not in ENDINGS:
        raise Unusable(_("Please choose an Excel workbook (.xlsx)."))
    if file.stat().st_size > LARGEST_FILE:
        raise Unusable(_("The file is larger than {n} MB.").format(n=LARGEST_FILE // 1_000_000))
    if zipfile.is_zipfile(file):
        try:
            with zipfile.ZipFile(file) as archive:
                content = sum(each.file_size for each in archive.infolist())
        except zipfile.BadZipFile as error:
            raise Unusable(_("This file is no workbook, or it is damaged: {file}").format(file=file.name)) from error
        if content > LARGEST_CONTENT:
            raise Unusable(_("The workbook unpacks to more than {n} MB.").format(n=LARGEST_CONTENT // 1_000_000))


def _filled(book: Any, sheet: Any) -> bool:
    hidden = str(sheet.visible) != "SheetVisibleEnum.Visible"
    return not hidden and book.get_sheet_by_name(sheet.name).total_height > 0


def _rows(sheet: Any) -> tuple[tuple[Any, ...], ...]:
    if sheet.total_height > MOST_ROWS:
        raise Unusable(_("The sheet has more than {n} rows; please divide it.").format(n=MOST_ROWS))
    if sheet.total_width > MOST_COLUMNS:
        raise Unusable(_("The sheet has more than {n} columns.").format(n=MOST_COLUMNS))
    return tuple(tuple(row) for row in sheet.to_python(skip_empty_area=False))


def _epoch(file: Path) -> date:
    """Return day 0: workbooks from old Macintoshes count from 1904 and are wrong by four years if read otherwise."""
    if not zipfile.is_zipfile(file):
        return date(1899, 12, 30)
    with zipfile.ZipFile(file) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return date(1899, 12, 30)
        with archive.open("xl/workbook.xml") as stream:
            head = stream.read(100_000)
    return date(1904, 1, 1) if re.search(rb'date1904="(1|true)"', head) else date(1899, 12, 30)


def cell_text(value: Any) -> str:
    """Return a cell as the text a person sees in it: whole numbers without a point, dates in one form."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == time() else "%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
