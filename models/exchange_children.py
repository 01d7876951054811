"""Import of children 儿童名册导入: a roster in Excel becomes files of children, or comes back with marks.

    sheet = read_sheet(path)
    mapping = guess_mapping(sheet)            # column → field, from the words of the headings
    report = import_children(database, actor, path, mapping, dry_run=True)
    marked_workbook(sheet, report)            # the same sheet with every problem marked in its cell

Every cell is read, never trusted: a number cell cannot hold an identity number (Excel keeps 15 digits).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import select

from models import placement
from models.admission import entrust
from models.child import Child, next_number
from models.core import records
from models.core.access import Actor
from models.core.database import Database, Work, problems_of
from models.core.errors import Forbidden, Invalid, Problem, Unusable
from models.core.fields import Field, field_of, fields_of
from models.core.record import new_id
from models.roster_cells import plain_heading, read_cell
from models.sheet import Sheet, cell_text, read_sheet
from models.unit import Unit
from resources import _, table

NEVER_IMPORTED = frozenset({"photo", "placement", "left_on", "identity_status", "identity_note"})
FIRST_ROWS = 20
"""The headings stand somewhere in the first rows; above them may be titles."""


@dataclass(frozen=True)
class CellProblem:
    """What is wrong with one cell; row and column as in the workbook, from 0. Column -1 concerns the row."""

    row: int
    column: int
    message: str
    warning: bool = False


@dataclass(frozen=True)
class ReadRow:
    """One row as it was understood: values by field, and the problems found."""

    row: int
    values: dict[str, Any]
    problems: tuple[CellProblem, ...] = ()

    @property
    def valid(self) -> bool:
        """Whether nothing but warnings was found."""
        return all(problem.warning for problem in self.problems)


@dataclass(frozen=True)
class ImportReport:
    """The outcome of an import, or of trying one."""

    sheet: Sheet
    header_row: int
    mapping: Mapping[int, str]
    rows: tuple[ReadRow, ...] = ()
    imported: int = 0
    dry_run: bool = True
    child_ids: tuple[str, ...] = field(default=(), compare=False)

    @property
    def problems(self) -> tuple[CellProblem, ...]:
        """All problems in the order of the sheet."""
        return tuple(problem for row in self.rows for problem in row.problems)

    def place_of(self, problem: CellProblem) -> str:
        """Say where a problem stands: the row as Excel counts it, and the column's field."""
        name = self.mapping.get(problem.column, "")
        label = field_of(Child, name).title if name in {each.name for each in fields_of(Child)} else ""
        return _("Row {n} {field}").format(n=problem.row + 1, field=label).strip()

    @property
    def valid(self) -> int:
        """How many rows could be taken over."""
        return sum(row.valid for row in self.rows)

    @property
    def refused(self) -> int:
        """How many rows have errors."""
        return len(self.rows) - self.valid


def importable() -> tuple[Field, ...]:
    """Return the fields that a roster may fill."""
    return tuple(each for each in fields_of(Child) if each.name not in NEVER_IMPORTED)


@cache
def _headings() -> dict[str, str]:
    known = {
        plain_heading(word): row["field"] for row in table("import_headers.csv") for word in row["headers"].split(";")
    }
    for each in importable():
        known.setdefault(plain_heading(each.label), each.name)
    return known


def find_header_row(sheet: Sheet) -> int:
    """Return the row in which most cells are known headings.

    Raises:
        Unusable: when no row has a heading that is known.
    """
    known = [sum(plain_heading(cell) in _headings() for cell in row) for row in sheet.rows[:FIRST_ROWS]]
    if not known or max(known) == 0:
        raise Unusable(_("No row with headings such as name, sex or date of birth was found."))
    return known.index(max(known))


def guess_mapping(sheet: Sheet, header_row: int | None = None) -> dict[int, str]:
    """Return which column fills which field, guessed from the words of the headings; each field once."""
    row = sheet.rows[find_header_row(sheet) if header_row is None else header_row]
    mapping: dict[int, str] = {}
    for column, cell in enumerate(row):
        name = _headings().get(plain_heading(cell))
        if name and name not in mapping.values():
            mapping[column] = name
    return mapping


def check_rows(work: Work, sheet: Sheet, mapping: Mapping[int, str], header_row: int) -> tuple[ReadRow, ...]:
    """Read every row and check it by all rules of a child's file, without saving anything."""
    units = {plain_heading(name): unit_id for unit_id, name in work.execute(select(Unit.id, Unit.name))}
    seen: dict[tuple[str, Any], int] = {}
    found = []
    number = _Numbers(work)
    for index, cells in enumerate(sheet.rows[header_row + 1 :], start=header_row + 1):
        if any(cell_text(cell).strip() for cell in cells):
            row = _read_row(sheet, index, cells, mapping, units, work.now)
            found.append(_ruled(work, row, mapping, seen, number))
    return tuple(found)


class _Numbers:
    """File numbers for rows that have none: the next free ones, in the order of the rows."""

    def __init__(self, work: Work) -> None:
        first = next_number(work)
        self.stem, self.next = first[:5], int(first[5:])

    def take(self) -> str:
        self.next += 1
        return f"{self.stem}{self.next - 1:03d}"


def _read_row(
    sheet: Sheet, index: int, cells: tuple[Any, ...], mapping: Mapping[int, str], units: dict[str, str], now: datetime
) -> ReadRow:
    meanings = {each.name: each for each in importable()}
    values: dict[str, Any] = {}
    problems = []
    for column, name in mapping.items():
        cell = cells[column] if column < len(cells) else None
        value, problem = read_cell(sheet, meanings[name], cell, units, now)
        values[name] = value
        if problem:
            problems.append(CellProblem(index, column, problem.message, problem.warning))
    return ReadRow(index, values, tuple(problems))


def _ruled(
    work: Work, row: ReadRow, mapping: Mapping[int, str], seen: dict[tuple[str, Any], int], numbers: _Numbers
) -> ReadRow:
    """Check one row by the rules of the file, and against the rows above it."""
    columns = {name: column for column, name in mapping.items()}
    told = {problem.column for problem in row.problems if not problem.warning}
    child = Child(id=new_id(), **{name: value for name, value in row.values.items() if value is not None})
    child.number = child.number or numbers.take()
    child.before_save(work)
    found = list(row.problems)
    for problem in [*problems_of(work, child), *_repeated(child, row.row, seen)]:
        column = columns.get(problem.field, -1)
        if column == -1 or column not in told:
            found.append(CellProblem(row.row, column, _placed(problem, column), problem.warning))
    values = {**row.values, "number": child.number, "id": child.id}
    return replace(row, values=values, problems=tuple(found))


def _placed(problem: Problem, column: int) -> str:
    """Name the field in the message where the sheet has no column for it."""
    if column >= 0 or not problem.field:
        return problem.message
    label = next((each.title for each in fields_of(Child) if each.name == problem.field), problem.field)
    return _("{field}: {message}").format(field=label, message=problem.message)


def _repeated(child: Child, row: int, seen: dict[tuple[str, Any], int]) -> list[Problem]:
    found = []
    for name in ("number", "identity_number"):
        value = getattr(child, name)
        first = seen.setdefault((name, value), row) if value else row
        if first != row:
            found.append(Problem(name, _("The same as in row {n}.").format(n=first + 1)))
    return found


def import_children(
    database: Database,
    actor: Actor,
    path: Path | str,
    mapping: Mapping[int, str] | None = None,
    valid_only: bool = False,
    dry_run: bool = False,
) -> ImportReport:
    """Take over the children of a workbook: all of them or none, or only the valid rows.

    Raises:
        Forbidden: when the person may not admit children.
        Unusable: when the file cannot be read.
    """
    if not actor.may("create", Child):
        raise Forbidden(_("Your roles do not allow this: {what}.").format(what=_("Import of children")))
    sheet = read_sheet(Path(path))
    header = find_header_row(sheet)
    chosen = dict(mapping) if mapping is not None else guess_mapping(sheet, header)
    with database.read(actor) as work:
        rows = check_rows(work, sheet, chosen, header)
    report = ImportReport(sheet, header, chosen, rows, dry_run=dry_run)
    if dry_run or report.valid == 0 or (report.refused and not valid_only):
        return report
    return _save(database, actor, report, Path(path).name)


def _save(database: Database, actor: Actor, report: ImportReport, file_name: str) -> ImportReport:
    saved = []
    with database.work(actor) as work:
        work.confirmed = True
        for row in report.rows:
            if row.valid:
                saved.append(_save_row(work, row))
        work.record_event("imported", "Child", rows=len(saved), refused=report.refused, file=file_name[:100])
    return replace(report, imported=len(saved), child_ids=tuple(saved))


def _save_row(work: Work, row: ReadRow) -> str:
    values = {name: value for name, value in row.values.items() if value is not None and name != "id"}
    try:
        child_id = records.save(work, Child, values, id=row.values["id"])
        day = values.get("admitted_on") or work.today
        entrust(work, child_id, day)
        kind = work.scalar(select(Unit.kind).where(Unit.id == values.get("unit_id")))
        placement.move(work, child_id, "household" if kind == "household" else "residential", day)
    except Invalid as refusal:
        where = _("Row {n}: {message}").format(n=row.row + 1, message=str(refusal))
        raise Invalid([Problem("", where)]) from refusal
    return child_id


def marked_workbook(report: ImportReport) -> bytes:
    """Return the sheet as a workbook in which every problem is marked in its cell and told beside the row."""
    from models.exchange_marks import marked

    return marked(report)
