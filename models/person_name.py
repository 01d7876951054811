"""Names of people 姓名: any script and any rare character passes; only typing accidents are mended.

The separator of names such as 阿依古丽·买买提 is U+00B7; eight other dots are typed for it every day.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from models.core.errors import Problem
from resources import _

DOT = "·"
_WRONG_DOTS = "•・‧．⋅･●∙᛫⸱"
_HAN = r"[\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]"
_PRIVATE_USE_OF_GB18030 = {"\ue863": "䶮"}
"""Characters that old Chinese systems kept in the private area and that have a place of their own now."""


def normalised_name(text: str | None) -> str:
    """Return a name as it is stored: right dots, no stray spaces, no invisible characters.

    >>> normalised_name(" 阿依努尔•麦麦提 ")
    '阿依努尔·麦麦提'
    >>> normalised_name("王　芳")
    '王芳'
    """
    name = "".join(_mended(character) for character in text or "")
    name = re.sub(rf"(?<={_HAN})\.(?={_HAN})", DOT, name)
    name = re.sub(rf"(?<={_HAN})\s+(?={_HAN})", "", name)
    name = re.sub(rf"\s*{DOT}[\s{DOT}]*", DOT, name)
    return re.sub(r"\s+", " ", name).strip().strip(DOT)


def _mended(character: str) -> str:
    if character in _WRONG_DOTS:
        return DOT
    if character in _PRIVATE_USE_OF_GB18030:
        return _PRIVATE_USE_OF_GB18030[character]
    if character.isspace():
        return " "
    if "\u2f00" <= character <= "\u2fdf" or "\uf900" <= character <= "\ufaff":
        return unicodedata.normalize("NFKC", character)
    invisible = unicodedata.category(character) in {"Cc", "Cf"} or _is_variation(character)
    return "" if invisible else character


def _is_variation(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def name_problems(name: str | None, field: str = "name") -> Iterator[Problem]:
    """Yield a warning for characters that stand for no character; nothing else about a name is wrong."""
    for character in name or "":
        if unicodedata.category(character) == "Co":
            yield Problem(field, _("One character ({code}) is private to one computer; others cannot show it.").format(
                code=f"U+{ord(character):04X}"), warning=True)  # fmt: skip
        elif character == "▀":
            yield Problem(
                field, _("▀ stands for a character that was missing; please enter the real one."), warning=True
            )


def masked_name(name: str, number: str = "") -> str:
    """Return a name as it may hang on a door or leave the house: its first sign, and the end of the file number.

    >>> masked_name("曾小乐", "2020-001")
    '曾＊＊ 20-001'
    >>> masked_name("Anna Berg")
    'A. B.'
    """
    said = normalised_name(name)
    if re.match(_HAN, said):
        short = said[0] + "＊" * min(max(len(said) - 1, 1), 2)
    else:
        short = " ".join(f"{part[0].upper()}." for part in said.split()[:2]) or "＊"
    tail = re.search(r"\w{0,2}\W?\w{1,3}$", number)
    return f"{short} {tail[0]}" if tail else short
