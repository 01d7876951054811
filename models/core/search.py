"""Search 检索: what a person may type to find a record — 汉字, full pinyin, initials, numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import islice, product
from typing import Any

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_SURNAME_READINGS = {
    "曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "区": "ou", "查": "zha", "朴": "piao", "盖": "ge",
    "翟": "zhai", "尉": "wei", "乐": "yue", "缪": "miao", "任": "ren", "华": "hua", "纪": "ji", "葛": "ge",
    "折": "she", "种": "chong", "宓": "mi", "员": "yun", "召": "shao", "秘": "bi", "冼": "xian", "繁": "po",
}  # fmt: skip
"""Readings a surname has that a general dictionary gives second or not at all."""


def text_of(values: Iterable[tuple[Any, str]]) -> str:
    """Return the search text of (value, kind) pairs: the values, and pinyin of the short ones."""
    parts: list[str] = []
    for value, kind in values:
        if value is None or value == "":
            continue
        text = fold(str(value))
        parts.append(text)
        if kind == "text" and len(text) <= 20 and _HAN.search(text):
            parts.extend(pinyin_keys(text))
    return " ".join(dict.fromkeys(parts))


def fold(text: str) -> str:
    """Return text as search compares it: full-width made half-width, case folded, dots of names removed."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return re.sub(r"[·•・‧∙⋅.]", "", plain).strip()


def _unspoken(text: str) -> Any:
    """Keep letters and digits that have no pinyin as they are, one by one."""
    return [character for character in text if character.isalnum()]


def pinyin_keys(name: str) -> list[str]:
    """Return full pinyin and initials of a name, in every reading (at most 16 of each)."""
    from pypinyin import Style, pinyin

    readings = [
        list(dict.fromkeys(each)) for each in pinyin(name, style=Style.NORMAL, heteronym=True, errors=_unspoken)
    ]
    if readings and name[0] in _SURNAME_READINGS:
        surname = _SURNAME_READINGS[name[0]]
        readings[0] = [surname, *(each for each in readings[0] if each != surname)]
    whole = list(islice(("".join(each) for each in product(*readings)), 16))
    initials = [[each[:1] for each in reading] for reading in readings]
    short = list(islice(("".join(each) for each in product(*(dict.fromkeys(i) for i in initials))), 16))
    return list(dict.fromkeys([*whole, *short]))
