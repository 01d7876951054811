"""What an assessment says besides its scores 评估信息: whose it is, when, by whom, with what, and what was found."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from models.core.fields import field_of
from models.rehabilitation import Assessment
from models.scales import SCALES, Scale, scale_named
from models.staff import Staff
from resources import _
from ui.app import App
from ui.editors import (
    AttachmentEdit,
    ChildPicker,
    ChoiceBar,
    CodeBox,
    DateEdit,
    Editor,
    LongText,
    ReferencePicker,
    TextEdit,
)
from ui.editors.choices import choices_of
from ui.editors.shown import shown_value
from ui.form_grid import Message
from ui.text import PlainLabel
from ui.widgets import Section, clear, column, row

_HEAD = (("child_id", "scale"), ("assessed_on", "kind"), ("scale_version", "aids"), ("assessor_id",))
_TEXTS = ("conclusion", "advice", "heard")
_BELOW = (*_TEXTS, "next_on", "paper")
_STAYING = ("child_id", "scale")
"""What an assessment is about: it stays once the assessment is there."""
_DATES = ("assessed_on", "next_on")


class AssessmentFields(QObject):
    """The editors above and below the scores, each with its message and with its value in words for reading."""

    changed = Signal()
    """Something was changed that the scores do not depend on."""

    def __init__(self, app: App, parent: QObject) -> None:
        super().__init__(parent)
        self.app = app
        self.messages: dict[str, Message] = {}
        self.read: dict[str, QVBoxLayout] = {}
        self.halves: dict[str, QWidget] = {}
        self._make()
        self.head, self.findings = self._head(), self._findings()
        for name in ("kind", "aids", "assessor_id", "scale_version", "assessed_on", *_BELOW):
            self.editors[name].changed.connect(self.changed)

    def _make(self) -> None:
        meaning = {name: field_of(Assessment, name) for name in (*sum(_HEAD, ()), *_BELOW)}
        self.child = ChildPicker(self.app)
        self.scale = CodeBox(choices_of(SCALES), required=True)
        self.day = DateEdit(meaning["assessed_on"], self.app.now)
        self.scale_version = TextEdit(meaning["scale_version"], self.app.now)
        self.aids = ChoiceBar(choices_of(meaning["aids"].codes or ()))
        self.assessor = ReferencePicker(self.app, Staff)
        self.editors: dict[str, Editor] = {
            "child_id": self.child, "scale": self.scale, "assessed_on": self.day,
            "kind": CodeBox(choices_of(meaning["kind"].codes or ()), required=True),
            "scale_version": self.scale_version, "aids": self.aids, "assessor_id": self.assessor,
            **{name: LongText(meaning[name], lines=(2, 8)) for name in _TEXTS},
            "next_on": DateEdit(meaning["next_on"], self.app.now),
            "paper": AttachmentEdit(self.app, meaning["paper"]),
        }  # fmt: skip
        for name, editor in self.editors.items():
            editor.name(meaning[name].title, _(meaning[name].help) if name in _TEXTS else "")

    def _head(self) -> QWidget:
        holder = QWidget()
        lines = column(holder, 2)
        for names in _HEAD:
            line = row(None, 3)
            for name in names:
                cell = self.halves[name] = _half()
                part = column(cell, 1)
                self._put(part, name)
                part.addStretch(1)
                line.addWidget(cell, 1)
            if len(names) == 1:
                line.addWidget(_half(), 1)
            lines.addLayout(line)
        return holder

    def _findings(self) -> Section:
        section = Section(_("Findings and advice"))
        for name in _BELOW:
            self._put(section.body, name)
        return section

    def _put(self, lines: QVBoxLayout, name: str) -> None:
        """Lay out a field: its name, its editor or its value in words, and what is wrong with it."""
        editor = self.editors[name]
        message = self.messages[name] = Message()
        self.read[name] = column(None, 0)
        lines.addWidget(PlainLabel(field_of(Assessment, name).title, "caption"))
        lines.addWidget(editor)
        lines.addLayout(self.read[name])
        lines.addWidget(message)
        editor.left.connect(lambda: message.tell(editor.problem()))

    # --- what they hold -----------------------------------------------------------------------------

    def show_values(self, values: dict[str, Any]) -> None:
        """Show the values of an assessment, without telling anyone."""
        for name, editor in self.editors.items():
            editor.set_value(values.get(name))

    def values(self) -> dict[str, Any]:
        """Return what is entered, as the record keeps it."""
        kept_empty = ("scale_version", *_TEXTS)
        found = {name: editor.value() for name, editor in self.editors.items()}
        return {name: value or None if name in kept_empty else value for name, value in found.items()}

    @property
    def child_id(self) -> str:
        """The child, empty for none."""
        return self.child.value() or ""

    @property
    def chosen_scale(self) -> Scale | None:
        """The scale that is chosen."""
        return scale_named(self.scale.value() or "")

    def let_type(self, values: dict[str, Any], *, may_type: bool, there: bool) -> None:
        """Let be typed what may be changed, and say the rest in words; child and scale of an assessment stay."""
        for name, editor in self.editors.items():
            open_ = may_type and not (there and name in _STAYING)
            editor.setVisible(open_)
            clear(self.read[name])
            if not open_:
                self.read[name].addWidget(shown_value(field_of(Assessment, name), values.get(name), self.app))

    def offer_aids(self) -> None:
        """Ask for aids where a scale is made with or without them; what was once said stays readable."""
        scale = self.chosen_scale
        asked = scale is not None and scale.notes_aids
        self.aids.setEnabled(asked)
        self.halves["aids"].setVisible(asked or bool(self.aids.value()))

    def complain(self, said: dict[str, str]) -> None:
        """Say beneath each field what is wrong with it, and nothing beneath the others."""
        for name, message in self.messages.items():
            message.tell(said.get(name, ""))


def _half() -> QWidget:
    """Return half a line: as wide as the other, whatever is in them, so that line after line stands in columns."""
    half = QWidget()
    policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    policy.setRetainSizeWhenHidden(True)
    half.setSizePolicy(policy)
    return half


def kept(values: dict[str, Any]) -> dict[str, Any]:
    """Return values as a draft keeps them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def revived(draft: dict[str, Any]) -> dict[str, Any]:
    """Return the values that a draft has kept."""
    return {name: date.fromisoformat(value) if name in _DATES and value else value for name, value in draft.items()}
