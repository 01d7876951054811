"""Shown values 只读显示: a field's value in words, where nothing is to be typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from models.core.fields import Field, words_of
from models.core.record import record_type
from resources import _
from ui.text import PlainLabel
from ui.widgets import Button, Chip, Flow

if TYPE_CHECKING:
    from ui.app import App


def shown_value(meaning: Field, value: Any, app: App) -> QWidget:
    """Return a widget that says a value: words, chips, a link to the record it names, or a picture."""
    if value in (None, "", []):
        return PlainLabel("—", tone="muted")
    if meaning.kind == "reference":
        return _reference(meaning, value, app)
    if meaning.kind == "codes" and meaning.codes:
        return _chips([meaning.codes.label(each) for each in value])
    if meaning.kind == "attachment":
        return _attachment(meaning, value, app)
    return _words(meaning, value)


def _words(meaning: Field, value: Any) -> PlainLabel:
    words = words_of(meaning, value)
    unit = _("yuan") if meaning.kind == "money" else _(meaning.unit)
    label = PlainLabel(f"{words} {unit}" if unit and meaning.numeric else words, wrap=True, selectable=True)
    label.setAccessibleName(f"{meaning.title}: {words}")
    return label


def _chips(words: list[str]) -> QWidget:
    holder = QWidget()
    policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    policy.setHeightForWidth(True)
    holder.setSizePolicy(policy)
    flow = Flow(holder, 1)
    for each in words:
        flow.addWidget(Chip(each))
    return holder


def _reference(meaning: Field, value: str, app: App) -> QWidget:
    from models.core import titles

    kind = record_type(meaning.target)
    with app.read() as work:
        title = titles.titles(work, kind, [value]).get(value)
    if title is None:
        return PlainLabel(_("not visible for you"), tone="muted")
    if meaning.target == "child":
        link = Button(title, kind="link", on_click=lambda: app.open_child(value))
    else:
        link = Button(title, kind="link", on_click=lambda: app.open_record(kind, value))
    link.setProperty("flush", True)
    link.setCursor(Qt.CursorShape.PointingHandCursor)
    link.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    return link


def _attachment(meaning: Field, value: str, app: App) -> QWidget:
    from ui.editors.attachment import AttachmentEdit

    shown = AttachmentEdit(app, meaning)
    shown.set_value(value)
    shown.lock()
    return shown
