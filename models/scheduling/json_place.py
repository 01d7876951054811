"""Where a value stands in a JSON text: the line and column of what a path leads to."""

from __future__ import annotations

from collections.abc import Sequence
from json.decoder import JSONDecoder, scanstring  # type: ignore[attr-defined] # the standard library's own scanner

Path = Sequence[str | int]
"""Keys and indexes from the root to a value."""

_DECODER = JSONDecoder()
_BLANK = " \t\r\n"


def line_of(text: str, path: Path) -> int:
    """Return the line, counted from 1, of the value a path leads to, or of the last part of the path that exists."""
    position = _past_blank(text, 0)
    for step in path:
        found = _member(text, position, step) if isinstance(step, str) else _item(text, position, step)
        if found is None:
            break
        position = found
    return text.count("\n", 0, position) + 1


def _past_blank(text: str, position: int) -> int:
    while position < len(text) and text[position] in _BLANK:
        position += 1
    return position


def _past_value(text: str, position: int) -> int:
    return int(_DECODER.raw_decode(text, position)[1])


def _member(text: str, position: int, key: str) -> int | None:
    """Return where the value of a key begins in the object that begins at a position; the last, if it is twice there."""
    if text[position] != "{":
        return None
    found, position = None, _past_blank(text, position + 1)
    while text[position] == '"':
        name, position = scanstring(text, position + 1, False)
        position = _past_blank(text, _past_blank(text, position) + 1)
        if name == key:
            found = position
        position = _next(text, _past_value(text, position))
    return found


def _item(text: str, position: int, index: int) -> int | None:
    if text[position] != "[":
        return None
    position = _past_blank(text, position + 1)
    for _ in range(index):
        if text[position] == "]":
            return None
        position = _next(text, _past_value(text, position))
    return None if text[position] == "]" else position


def _next(text: str, position: int) -> int:
    position = _past_blank(text, position)
    return _past_blank(text, position + 1) if text[position] == "," else position


def said(path: Path) -> str:
    """Say a path as people write it: ``prescriptions[3].duration``."""
    words = ""
    for step in path:
        words += f"[{step}]" if isinstance(step, int) else f".{step}" if words else step
    return words


__all__ = ["Path", "line_of", "said"]
