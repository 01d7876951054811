"""Every registered record type, on both back ends: listed, opened, edited, refused, noted, exported, printed.

A new type is tested here without being told. Where its rules need more than valid single values, it says so in
``example_values(work)``; see ``docs/adding-a-record.md``.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from models.core import exchange, history, queries, records, titles
from models.core.access import ROLES, roles_granting
from models.core.audit import AuditEntry
from models.core.database import Database, Work
from models.core.errors import Forbidden, Invalid, Refused
from models.core.fields import Field, field_of, fields_of
from models.core.record import Record, record_type, record_types
from models.core.words import Code
from models.core.workflow import EDITABLE
from resources import table, use_language
from tests.conftest import actor
from tests.factories import example, make

TYPES = record_types()
EVERYONE = actor(*(role.code for role in ROLES), name="everyone")
NOBODY = actor("caregiver", staff_id="nobody", name="nobody")
AREAS = {
    "today", "child", "care", "treatment", "rehabilitation", "education", "safety", "social_work", "allowance",
    "transition", "papers", "home", "system",
}  # fmt: skip


def of_type(kind: type[Record]) -> str:
    return kind.__name__


# --- what is declared ---


@pytest.mark.parametrize("kind", TYPES, ids=of_type)
def test_a_type_says_what_it_is_called_and_how_it_is_kept(kind):
    names = {meaning.name for meaning in fields_of(kind)} | {"recorded_at"}
    assert kind.title and kind.titles and kind.area in AREAS
    assert kind.first_state in {"draft", "submitted", "current"}
    assert {kind.title_field, kind.event_field} <= names
    assert any(meaning.listed for meaning in fields_of(kind))


@pytest.mark.parametrize("kind", TYPES, ids=of_type)
def test_the_permission_table_knows_the_type_and_someone_may_write_it(kind):
    assert kind.__name__ in {row["type"] for row in table("permissions.csv")}
    assert roles_granting("create", kind.__name__)


@pytest.mark.parametrize("kind", TYPES, ids=of_type)
def test_every_word_of_the_type_is_chinese_in_chinese(kind):
    use_language("zh_CN")
    from resources import _

    words = [_(kind.title), _(kind.titles)]
    for meaning in fields_of(kind):
        words += [meaning.title, _(meaning.section), _(meaning.help)]
        words += [str(code) for code in (meaning.codes or ()) if isinstance(code, Code)][:60]
    english = {word for word in words if word.isascii() and re.search(r"[a-z]{3}", word)}
    assert english <= _LATIN


_LATIN = {"Peabody"}
"""Names of scales and the like that are written so in Chinese too."""


# --- one record's life ---


@pytest.mark.parametrize("kind", TYPES, ids=of_type)
def test_a_record_lives_from_its_first_line_to_its_paper(database: Database, kind, tmp_path):
    record_id, given = _made(database, kind)
    _is_listed(database, kind, record_id)
    _opens(database, kind, record_id, given)
    _is_edited(database, kind, record_id)
    _is_refused(database, kind, given)
    _is_noted(database, kind, record_id)
    _is_exported(database, kind, tmp_path)
    _is_printed(database, kind, record_id)
    _is_thrown_away_and_put_back(database, kind, record_id)


def _made(database: Database, kind: type[Record]) -> tuple[str, dict[str, Any]]:
    with database.work(EVERYONE) as work:
        given = example(work, kind)
    with database.work(EVERYONE) as work:
        return records.save(work, kind, dict(given), confirmed=True), given


def _is_listed(database: Database, kind: type[Record], record_id: str) -> None:
    with database.read(EVERYONE) as work:
        found = {row.id: row for row in queries.rows(work, kind)}
        assert record_id in found and queries.count(work, kind) == len(found)
        for order in (*(meaning.name for meaning in queries.listed_fields(kind)), "state", "recorded_at"):
            assert len(queries.rows(work, kind, order=order, descending=True, limit=5)) >= 1
        words = [
            titles.cell_words(*pair) for pair in zip(queries.listed_fields(kind), found[record_id].values, strict=True)
        ]
        assert record_id not in words
        for choice in titles.choices(work, kind):
            assert choice.title and not _is_raw(choice.title)
    with database.read(NOBODY) as work:
        if any(meaning.name == "child_id" for meaning in fields_of(kind)):
            mine = queries.rows(work, kind, where=[kind.child_id.is_not(None)])
            assert mine == [], "a caregiver sees records of children of other units"


def _is_raw(text: str) -> bool:
    """Whether a text is the id of a record rather than its name."""
    return len(text) == 32 and all(letter in "0123456789abcdef" for letter in text)


def _opens(database: Database, kind: type[Record], record_id: str, given: dict[str, Any]) -> None:
    with database.read(EVERYONE) as work:
        shown = queries.values(work, kind, record_id)
    assert shown["version"] >= 1 and shown["state"]
    for meaning in fields_of(kind):
        if meaning.required and not meaning.hidden:
            assert shown[meaning.name] not in (None, ""), meaning.name
    with pytest.raises(Refused), database.read(actor(name="stranger")) as work:
        queries.values(work, kind, record_id)


def _is_edited(database: Database, kind: type[Record], record_id: str) -> None:
    """At least one field can be changed, and the trail says from what to what."""
    with database.read(EVERYONE) as work:
        before = queries.values(work, kind, record_id)
    if before["state"] not in EDITABLE:
        return
    for meaning in fields_of(kind):
        wanted = _another(meaning, before[meaning.name])
        if meaning.hidden or wanted is None:
            continue
        try:
            with database.work(EVERYONE) as work:
                records.save(
                    work,
                    kind,
                    {meaning.name: wanted},
                    id=record_id,
                    version=before["version"],
                    base=before,
                    confirmed=True,
                )
        except Refused:
            continue
        with database.read(EVERYONE) as work:
            after = queries.values(work, kind, record_id)
            newest = history.of_record(work, kind, record_id)[0]
        assert after["version"] > before["version"] and after["changed_by"] == EVERYONE.name
        assert newest.event == "changed" and meaning.title in {change.label for change in newest.changes}
        return
    pytest.fail("no field of this type can be changed")


def _another(meaning: Field, value: Any) -> Any:
    if meaning.codes is not None:
        others = [code.code for code in meaning.codes if code.code != value and [code.code] != value]
        return ([others[0]] if meaning.kind == "codes" else others[0]) if others else None
    if meaning.kind == "text":
        return "另" + str(value or "")[: (meaning.length or 40) - 1]
    if meaning.numeric:
        return Decimal("12.34") if meaning.kind == "money" else (value or meaning.minimum or 0) + 1
    if meaning.kind == "date":
        return (value or date(2026, 1, 1)) - timedelta(days=1)
    if meaning.kind == "datetime":
        return (value or datetime(2026, 11, 19, 8)) - timedelta(minutes=1)
    return {"long_text": "另一段\n文字", "time": time(9, 59), "yes_no": not value}.get(meaning.kind)


def _is_refused(database: Database, kind: type[Record], given: dict[str, Any]) -> None:
    """Missing, unknown and overlong values are refused with the field's name; a stranger is refused outright."""
    refused = 0
    for meaning in fields_of(kind):
        for wrong in _wrong_values(meaning):
            try:
                with database.work(EVERYONE) as work:
                    made = records.save(work, kind, {**given, meaning.name: wrong}, confirmed=True)
                    assert queries.values(work, kind, made)[meaning.name] != wrong, (
                        f"{meaning.name}={wrong!r} was accepted"
                    )
                    raise _Undone
            except Invalid as refusal:
                assert all(problem.message for problem in refusal.problems)
                refused += any(problem.field == meaning.name for problem in refusal.problems)
            except _Undone:
                continue
    assert refused > 0 or not any(True for meaning in fields_of(kind) for _wrong in _wrong_values(meaning))
    with pytest.raises(Forbidden), database.work(actor(name="stranger")) as work:
        records.save(work, kind, dict(given), confirmed=True)


class _Undone(Exception):
    pass


def _wrong_values(meaning: Field) -> list[Any]:
    if meaning.hidden:
        return []
    wrong: list[Any] = [None] if meaning.required else []
    if meaning.codes is not None:
        wrong.append(["no such code"] if meaning.kind == "codes" else "no such code")
    elif meaning.kind == "text" and meaning.length:
        wrong.append("长" * (meaning.length + 1))
    elif meaning.numeric and meaning.maximum is not None:
        wrong.append(type(meaning.maximum)(meaning.maximum + 1))
    return wrong


def _is_noted(database: Database, kind: type[Record], record_id: str) -> None:
    with database.read(EVERYONE) as work:
        story = history.of_record(work, kind, record_id)
        trail = AuditEntry.__table__
        rows = work.whole_home(select(trail).where(trail.c.record_id == record_id)).mappings().all()
    created = next(entry for entry in story if entry.event == "created")
    assert created.changes and all(change.label and change.after for change in created.changes)
    details = [json.loads(row["details"]) for row in rows]
    for meaning in fields_of(kind):
        if meaning.confidential:
            assert all(each.get(meaning.name, ["•", "•"]) == ["•", "•"] for each in details), meaning.name


def _is_exported(database: Database, kind: type[Record], tmp_path) -> None:
    from openpyxl import load_workbook

    if not roles_granting("export", kind.__name__):
        with pytest.raises(Forbidden), database.work(EVERYONE) as work:
            exchange.taken_out(work, kind)
        return
    with database.work(EVERYONE) as work:
        taken = exchange.taken_out(work, kind)
    assert taken.rows and all(not column.confidential for column in taken.columns)
    for ending in (".xlsx", ".csv"):
        exchange.write(taken, tmp_path / f"{kind.__name__}{ending}")
    sheet = load_workbook(tmp_path / f"{kind.__name__}.xlsx").active
    assert [cell.value for cell in sheet[1]] == list(taken.headings)
    assert sheet.max_row == len(taken.rows) + 1
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)


def _is_printed(database: Database, kind: type[Record], record_id: str) -> None:
    from models.papers import paper_head, record_paper
    from reports.record_sheet import render_record

    if not roles_granting("print", kind.__name__):
        with pytest.raises(Forbidden), database.read(EVERYONE) as work:
            record_paper(work, kind, record_id)
        return
    with database.read(EVERYONE) as work:
        paper = record_paper(work, kind, record_id)
        made = render_record(paper, paper_head(work, ""))
    printed = _text_of(made)
    assert paper.title.replace(" ", "") in printed
    for _heading, fields in paper.sections:
        for each in fields:
            assert each.label.replace(" ", "") in printed, each.label
    assert record_id not in printed


def _text_of(pdf: bytes) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        pages = [document[index].get_textpage().get_text_range() for index in range(len(document))]
    finally:
        document.close()
    return "".join("".join(pages).split())


def _is_thrown_away_and_put_back(database: Database, kind: type[Record], record_id: str) -> None:
    with database.read(EVERYONE) as work:
        state = queries.values(work, kind, record_id)["state"]
    if state not in EDITABLE:
        return
    with database.work(EVERYONE) as work:
        records.put_in_bin(work, kind, record_id)
    with database.read(EVERYONE) as work:
        assert record_id not in {row.id for row in queries.rows(work, kind)}
        assert record_id in {row.id for row in queries.rows(work, kind, binned=True)}
    with database.work(EVERYONE) as work:
        records.take_from_bin(work, kind, record_id)
    with database.read(EVERYONE) as work:
        assert record_id in {row.id for row in queries.rows(work, kind)}


def test_every_reference_names_a_registered_type():
    for kind in TYPES:
        for meaning in fields_of(kind):
            if meaning.kind == "reference":
                assert field_of(record_type(meaning.target), record_type(meaning.target).title_field)


def test_an_example_can_be_made_of_every_type_twice(sqlite_database):
    """Names, numbers and codes that must differ do."""
    for kind in TYPES:
        if kind.__name__ in {"AllowanceRate", "CalendarDay"}:
            continue
        with sqlite_database.work(EVERYONE) as work:
            assert isinstance(work, Work)
            assert make(work, kind)
