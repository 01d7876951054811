"""Cells of a roster 名册单元格: what a value in a workbook means for a field, or why it means nothing."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from math import isfinite
from typing import Any

from models.core import parse
from models.core.errors import Problem
from models.core.fields import Field
from models.core.words import CodeList
from models.sheet import Sheet, cell_text
from resources import _

NUMBERS_OF_PEOPLE = frozenset({"identity_number", "disability_certificate"})
_IN_HAN = str.maketrans("1234", "一二三四")
PLAUSIBLE_DAYS = range(20_000, 80_000)
"""Day numbers of Excel that can be a birth or an admission: about 1954 to 2119."""


def plain_heading(text: Any) -> str:
    """Return a heading without spaces, stars and remarks in brackets."""
    line = unicodedata.normalize("NFKC", cell_text(text)).casefold()
    return re.sub(r"\(.*?\)|[\s*:：_\-]", "", line)


def read_cell(
    sheet: Sheet, meaning: Field, cell: Any, units: dict[str, str], now: datetime
) -> tuple[Any, Problem | None]:
    """Return what a cell means for a field, or the problem with it; both where a warning is due."""
    text = cell_text(cell).strip()
    if not text:
        return None, None
    if meaning.name in NUMBERS_OF_PEOPLE:
        return _person_number(meaning, cell, text)
    if meaning.kind == "date":
        return _date(sheet, meaning, cell, text, now.date())
    if meaning.kind == "reference":
        unit_id = units.get(plain_heading(text))
        return unit_id, None if unit_id else Problem(
            meaning.name, _("There is no unit called “{name}”.").format(name=text)
        )
    if meaning.kind in {"code", "codes"} and meaning.codes is not None:
        return _coded(meaning, meaning.codes, text)
    if isinstance(cell, float) and abs(cell) >= 1e15:
        return None, Problem(meaning.name, _lost_digits())
    value = parse.value_of(meaning, text, now)
    return (None, value) if isinstance(value, Problem) else (value, None)


def _lost_digits() -> str:
    return _(
        "The cell holds a number, and Excel keeps only 15 digits. Format the column as text and enter the number again."
    )


def _person_number(meaning: Field, cell: Any, text: str) -> tuple[Any, Problem | None]:
    """An identity number must be text; as a number its last digits are lost for good."""
    if isinstance(cell, int | float) or re.fullmatch(r"\d(\.\d+)?[eE]\+?\d+", text):
        return None, Problem(meaning.name, _lost_digits())
    return text, None


def _date(sheet: Sheet, meaning: Field, cell: Any, text: str, today: date) -> tuple[Any, Problem | None]:
    if isinstance(cell, datetime):
        return cell.date(), None
    if isinstance(cell, date):
        return cell, None
    if isinstance(cell, bool):
        return None, Problem(meaning.name, _("This is no date."))
    if isinstance(cell, int | float) and isfinite(cell) and int(cell) in PLAUSIBLE_DAYS:
        day = sheet.day(cell)
        said = _("The cell holds the number {n}, which Excel counts as {day}; please check.")
        return day, Problem(meaning.name, said.format(n=text, day=day), warning=True)
    plain = parse.plain(text)
    if not re.search(r"\d{4}|\d{2}\D+\d{1,2}\D+\d", plain):
        return None, Problem(meaning.name, _("Please write the date with year, month and day, for example 2018-04-02."))
    value = parse.day(plain, today)
    if isinstance(value, Problem):
        return None, Problem(meaning.name, _("Please write the date with year, month and day, for example 2018-04-02."))
    return value, None


def _coded(meaning: Field, codes: CodeList, text: str) -> tuple[Any, Problem | None]:
    words = re.split(r"[、,，;；/\n]", text) if meaning.kind == "codes" else [text]
    found = [_code(codes, word) for word in words if word.strip()]
    if None in found:
        unknown = words[found.index(None)].strip()
        known = _(", ").join(str(code) for code in list(codes)[:8])
        return None, Problem(
            meaning.name, _("“{word}” is not in the list ({known} …).").format(word=unknown, known=known)
        )
    return (found if meaning.kind == "codes" else found[0]), None


def _code(codes: CodeList, word: str) -> str | None:
    """Return the code of a word as rosters write it: 汉 for 汉族, 肢体 for 肢体残疾, 男性 for 男."""
    plain = parse.plain(word)
    exact = codes.find(word) or codes.find(plain) or codes.find(plain.translate(_IN_HAN))
    if exact:
        return exact
    labels = {code.code: (code.chinese, code.label) for code in codes}
    for fits in (_begins, _contains, _contained):
        near = [code for code, names in labels.items() if any(name and fits(plain, name) for name in names)]
        if len(near) == 1:
            return near[0]
    return None


def _begins(word: str, name: str) -> bool:
    return name.startswith(word)


def _contains(word: str, name: str) -> bool:
    return word in name


def _contained(word: str, name: str) -> bool:
    return name in word
