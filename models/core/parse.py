"""Parse 识读: understand what people type — full-width digits, 2026年3月5日, 昨天晚上8点, wrong dots in names.

Every function is pure and takes the present moment; it returns the value, or a :class:`Problem` that says
in words what was not understood. Empty text is ``None``, never a problem: whether a field may be empty is
the record's business.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from models.core import moments
from models.core.errors import Problem
from models.core.fields import Field
from models.core.words import CodeList
from resources import _

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""What no keyboard types and no paper shows: control characters, direction overrides, halves of characters."""
_DOTS = "\u2022\u2027\u2219\u22c5\u30fb\uff65"
"""The six look-alikes of the separator in names, · U+00B7 (民委发〔2016〕33号)."""
_WIDE = {wide: wide - 0xFEE0 for first, last in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A))
         for wide in range(first, last + 1)}  # fmt: skip
_YES = frozenset({"是", "有", "对", "yes", "y", "true", "1", "√", "✓", "✔"})
_NO = frozenset({"否", "无", "没有", "不是", "no", "n", "false", "0", "×", "x", "✗"})


def value_of(meaning: Field, text: str, now: datetime) -> Any:
    """Return the value that ``text`` means for a field, or the :class:`Problem` with it."""
    readers = {
        "long_text": lambda: long_text(text),
        "integer": lambda: number(text, unit=meaning.unit, whole=True),
        "decimal": lambda: number(text, unit=meaning.unit, decimals=meaning.decimals),
        "money": lambda: money(text),
        "date": lambda: day(text, now.date()),
        "datetime": lambda: moment(text, now),
        "time": lambda: clock_time(text, now),
        "yes_no": lambda: yes_no(text),
        "code": lambda: code(text, meaning.codes),
        "codes": lambda: codes(text, meaning.codes),
    }
    read = readers.get(meaning.kind, lambda: short_text(text, name=meaning.name.endswith("name")))
    found = read()
    return Problem(meaning.name, found.message) if isinstance(found, Problem) else found


def plain(text: str) -> str:
    """Return text for reading numbers and dates: half-width, one kind of space, 。 as a point."""
    folded = unicodedata.normalize("NFKC", text).replace("。", ".").replace("−", "-").replace("–", "-")
    return re.sub(r"\s+", " ", folded).strip()


def short_text(text: str, *, name: bool = False) -> str | None:
    """Return one line of text as it should be kept: no control characters, half-width letters and digits.

    Han characters keep their code points. The last x of an identity number becomes X.
    """
    line = re.sub(r"[\s\u3000]+", " ", _CONTROL.sub("", unicodedata.normalize("NFC", text))).strip()
    line = dotted(line.translate(_WIDE), name=name)
    if re.fullmatch(r"\d{17}x", line):
        line = line.upper()
    return line or None


def long_text(text: str) -> str | None:
    """Return text of several lines as it was typed, without control characters and trailing space."""
    kept = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n".join(line.rstrip() for line in kept.split("\n")).strip("\n") or None


def dotted(text: str, *, name: bool = True) -> str:
    """Put the right separator · between the parts of a name; in a name, full stops between characters too."""
    wrong = _DOTS + (".．。" if name else "")
    return re.sub(rf"(?<=[^\W\d_a-zA-Z])\s*[{re.escape(wrong)}·]\s*(?=[^\W\d_a-zA-Z])", "·", text)


def number(text: str, *, unit: str = "", whole: bool = False, decimals: int = 2) -> int | float | Problem | None:
    """Read a number: ３７．５, 37。5, 1,234, 12 kg."""
    digits = _digits(text, unit)
    if not digits:
        return None
    if not re.fullmatch(r"[+-]?(\d{1,12}(\.\d{0,12})?|\.\d{1,12})", digits):
        return Problem("", _("Please type a number, for example 37.5."))
    value = Decimal(digits)
    if whole:
        return int(value) if value == value.to_integral_value() else Problem("", _("Please type a whole number."))
    if value != round(value, decimals):
        return Problem("", _("At most {n} digits after the point.").format(n=decimals))
    return float(value)


def money(text: str) -> Decimal | Problem | None:
    """Read an amount in yuan: ￥1,200.50, 1200元."""
    digits = _digits(re.sub(r"[¥￥]|元|人民币|RMB|CNY", "", text, flags=re.IGNORECASE), "")
    if not digits:
        return None
    if not re.fullmatch(r"[+-]?\d{1,12}(\.\d*)?", digits):
        return Problem("", _("Please type an amount, for example 1200.50."))
    value = Decimal(digits)
    if value != round(value, 2):
        return Problem("", _("An amount has at most two digits after the point."))
    return value.quantize(Decimal("0.01"))


def _digits(text: str, unit: str) -> str:
    line = plain(text).replace(" ", "")
    for each in (unit, _(unit)):
        if each:
            line = line.removesuffix(plain(each).replace(" ", ""))
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", line):
        line = line.replace(",", "")
    return line


def day(text: str, today: date) -> date | Problem | None:
    """Read a date: 2026-3-5, 2026年3月5日, 26.3.5, 3/5, 今天, 上周三, 3天前."""
    return _moment(lambda line: moments.day(line, today), text)


def moment(text: str, now: datetime) -> datetime | Problem | None:
    """Read a date with a time: 2026-03-05 14:30, 昨天晚上8点, 3月5日下午2点半, 8:30 (today)."""
    return _moment(lambda line: moments.moment(line, now), text)


def clock_time(text: str, now: datetime) -> time | Problem | None:
    """Read a time of day: 8:30, 0830, 8点半, 下午3点, 8pm."""
    return _moment(lambda line: moments.clock_time(line, now), text)


def _moment(read: Any, text: str) -> Any:
    line = plain(text)
    if not line:
        return None
    try:
        return read(line)
    except moments.NotUnderstood as refusal:
        return Problem("", str(refusal))


def yes_no(text: str) -> bool | Problem | None:
    """Read yes or no: 是, 否, 有, 无, √, x."""
    word = plain(text).casefold()
    if not word:
        return None
    if word in _YES | {_("Yes").casefold()}:
        return True
    if word in _NO | {_("No").casefold()}:
        return False
    return Problem("", _("Please type yes or no."))


def code(text: str, known: CodeList | None) -> str | Problem | None:
    """Read one entry of a code list by its code or its words in either language."""
    word = plain(text)
    if not word or known is None:
        return None
    found = known.find(text) or known.find(word)
    if found is not None:
        return found
    near = difflib.get_close_matches(word, [str(each) for each in known], n=1, cutoff=0.5)
    if near:
        return Problem("", _("“{word}” is not in the list; do you mean “{near}”?").format(word=word, near=near[0]))
    return Problem("", _("“{word}” is not in the list.").format(word=word))


def codes(text: str, known: CodeList | None) -> list[str] | Problem | None:
    """Read several entries of a code list, separated by 、 , ; or line breaks."""
    found: list[str] = []
    for word in re.split(r"[、,，;；\n]", text):
        each = code(word, known)
        if isinstance(each, Problem):
            return each
        if each is not None and each not in found:
            found.append(each)
    return found or None
