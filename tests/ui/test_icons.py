"""Icons: every one that a screen names is there, so that no screen breaks while it is drawn."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from resources import path

ROOT = Path(__file__).parent.parent.parent
PLACES = {
    "Symbol": 0, "EmptyState": 0, "IconButton": 0, "icon": 0, "Button": 1, "MenuButton": 2, "add": 2, "Words": 3,
    "Question": 3,
}  # fmt: skip
"""At which place a call names its icon, where it does not do so by ``icon=``."""


def named_in(file: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, icon) of every icon that is named as a plain word."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        found = [each.value for each in node.keywords if each.arg == "icon"]
        found += node.args[PLACES[name] : PLACES[name] + 1] if name in PLACES else []
        for each in found:
            if isinstance(each, ast.Constant) and isinstance(each.value, str) and each.value:
                yield node.lineno, each.value


@pytest.mark.parametrize("room", ["ui", "views"])
def test_every_icon_that_is_named_is_there(room):
    there = {file.stem for file in path("icons").glob("*.svg")}
    named = [
        (f"{file.relative_to(ROOT)}:{line}", icon)
        for file in sorted((ROOT / room).rglob("*.py"))
        for line, icon in named_in(file)
    ]
    assert len(named) > 50, "the names are found at all"
    assert [each for each in named if each[1] not in there] == []
