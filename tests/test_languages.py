"""Two languages, both complete: no message without Chinese, no message with two, no untranslated word on any page."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
ROOMS = ("resources", "models", "reports", "ui", "views")
CATALOGUES = sorted((ROOT / "resources" / "translations" / "zh_CN").glob("*.po"))
PLACEHOLDER = re.compile(r"\{(\w*)[^}]*\}")


def source_files() -> list[Path]:
    """Return every source file that may hold messages."""
    found = [file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))]
    main = ROOT / "main.py"
    return [*found, main] if main.exists() else found


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def messages_of(file: Path) -> Iterator[tuple[int, str]]:
    """Yield (line, message id) of every ``_``, ``N_`` and ``ngettext`` in a file; a ``Code`` carries its own Chinese."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    coded = {id(node.args[1]) for node in ast.walk(tree) if _called(node) == "Code" and len(node.args) > 2}  # type: ignore[attr-defined]
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or id(node) in coded:
            continue
        called = _called(node)
        number = {"_": 1, "N_": 1, "ngettext": 2}.get(called, 0)
        for argument in node.args[:number]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
                yield node.lineno, argument.value


_plurals: dict[str, str] = {}
"""Each form of a message that counts, and its plural, which names everything that may stand in it."""


@cache
def translations() -> dict[str, dict[str, str]]:
    """Return message id → {file: translation}."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for file in CATALOGUES:
        with file.open("rb") as stream:
            for message in read_po(stream, locale="zh_CN"):
                ids = message.id if isinstance(message.id, list | tuple) else [message.id]
                texts = message.string if isinstance(message.string, list | tuple) else [message.string]
                for each in ids:
                    if each and texts[0]:
                        found[each][file.stem] = texts[0]
                if len(ids) > 1:
                    _plurals.update(dict.fromkeys(ids, ids[-1]))
    return found


@pytest.mark.parametrize("room", [*ROOMS, "main"])
def test_every_message_has_its_chinese(room):
    known = translations()
    missing = [
        f"{file.relative_to(ROOT)}:{line}: {message}"
        for file in source_files()
        if file.relative_to(ROOT).parts[0].removesuffix(".py") == room
        for line, message in messages_of(file)
        if message not in known
    ]
    assert missing == []


def test_no_message_is_translated_in_two_ways():
    """The same English words mean the same thing everywhere, or they are two different English words."""
    torn = {message: texts for message, texts in translations().items() if len(set(texts.values())) > 1}
    assert torn == {}


def test_every_placeholder_survives_translation():
    broken = [
        (message, text)
        for message, texts in translations().items()
        for text in texts.values()
        if set(PLACEHOLDER.findall(_plurals.get(message, message))) != set(PLACEHOLDER.findall(text))
    ]
    assert broken == []


LATIN = re.compile(r"[A-Za-z]{3,}")
ALLOWED = re.compile(
    r"DNA|GAS|RSA|ECDSA|pfx|Ctrl|Shift|Tab|Enter|Esc|Alt|PDF|Excel|CSV|USB|English|Qinghe|Python|PostgreSQL|SQLCipher|WHO|GMFCS|MACS|CFCS|"
    r"EDACS|GMFM|FIM|ADL|IEP|SOAP|kcal|mmol|mmHg|Hib|DTaP|MMR|ISO|SHA|UTF|director|sysadmin|secadmin|auditor|nurse|therapist|caregiver|MB|"
    r"xlsx|csv|pdf|json|chw-1|JSON|null|\bam\b|\bpm\b|zxl|zengxiaole|QINGHE\w*|--\w+|%\(\w+\)\w|latest|pg_restore|JPEG|PNG|PGPASSWORD|postgresql://(?:user:password@server/database)?|home\.json|\{[^}]*\}"
)


def test_chinese_has_no_english_left_in_it():
    caught = [
        (message, text)
        for message, texts in translations().items()
        for text in texts.values()
        if LATIN.search(ALLOWED.sub("", text)) and not LATIN.fullmatch(text)
    ]
    assert caught == []


def test_chinese_uses_full_width_punctuation():
    half = re.compile(r"[\u4e00-\u9fff][,;:?!(]|[,;:?!)][\u4e00-\u9fff]|[\u4e00-\u9fff]\.(?:\s|$)")
    caught = [
        text for texts in translations().values() for text in texts.values() if half.search(text.replace("时:分", ""))
    ]
    assert caught == []
