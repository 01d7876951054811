"""Editors 编辑框: the right editor for every kind of field, chosen here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from models.core.database import problem_with
from models.core.fields import Field
from models.core.record import record_type
from ui.editors.attachment import AttachmentEdit
from ui.editors.base import Editor
from ui.editors.choices import Choice, ChoiceBar, CodeBox, CodesEdit, choices_of, yes_no_choices
from ui.editors.typed import DateEdit, DateTimeEdit, LongText, NumberEdit, TextEdit, TimeEdit
from ui.pickers import ChildPicker, LongCodePicker, ReferencePicker

if TYPE_CHECKING:
    from ui.app import App

__all__ = [
    "AttachmentEdit", "ChildPicker", "ChoiceBar", "CodeBox", "CodesEdit", "DateEdit", "DateTimeEdit", "Editor",
    "LongCodePicker", "LongText", "NumberEdit", "ReferencePicker", "TextEdit", "TimeEdit", "YesNo", "editor_for",
    "wrong_with",
]  # fmt: skip

_LONG_LIST = 30
_BAR_LENGTH = 18
"""What fits side by side: this many half-width characters in two or three choices."""


class YesNo(ChoiceBar):
    """Yes, no, or not known while neither is pressed."""

    def __init__(self, *, required: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(yes_no_choices(), required=required, parent=parent)


def editor_for(meaning: Field, app: App, parent: QWidget | None = None) -> Editor:
    """Return the editor for a field, with its name, help and unit."""
    editor = _made(meaning, app, parent)
    editor.name(meaning.title)
    return editor


def wrong_with(meaning: Field, editor: Editor) -> str:
    """Say what is wrong with what stands in an editor: not understood, or no value of its field; empty when all is well."""
    value = editor.value()
    if editor.problem() or value in (None, "", []):
        return editor.problem()
    problem = problem_with(meaning, value)
    return problem.message if problem else ""


def _made(meaning: Field, app: App, parent: QWidget | None) -> Editor:
    simple = {
        "integer": NumberEdit, "decimal": NumberEdit, "money": NumberEdit, "date": DateEdit, "datetime": DateTimeEdit,
        "time": TimeEdit,
    }  # fmt: skip
    if meaning.kind in simple:
        return simple[meaning.kind](meaning, app.now, parent)
    if meaning.kind == "long_text":
        return LongText(meaning, parent)
    if meaning.kind == "yes_no":
        return YesNo(required=meaning.required, parent=parent)
    if meaning.kind == "reference":
        return ReferencePicker(app, record_type(meaning.target), parent)
    if meaning.kind == "attachment":
        return AttachmentEdit(app, meaning, parent)
    if meaning.codes is not None:
        return _of_codes(meaning, choices_of(meaning.codes), parent)
    return TextEdit(meaning, app.now, parent)


def _of_codes(meaning: Field, choices: list[Choice], parent: QWidget | None) -> Editor:
    if meaning.kind == "codes":
        return CodesEdit(choices, parent)
    if len(choices) > _LONG_LIST:
        return LongCodePicker(choices, parent)
    if len(choices) <= 3 and sum(_width(words) for _code, words, _also in choices) <= _BAR_LENGTH:
        return ChoiceBar(choices, required=meaning.required, parent=parent)
    return CodeBox(choices, required=meaning.required, parent=parent)


def _width(words: str) -> int:
    return sum(1 if each.isascii() else 2 for each in words)
