"""Settings 设置: what a person likes, and what the home decides for itself — saved as soon as it is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox, QWidget

from models.core import settings
from models.core.errors import Invalid
from models.core.settings import Declared, Setting
from models.founding import regions
from resources import N_, _, current_language
from resources.language import LANGUAGES
from ui.dialog import Line
from ui.pages import Page, page
from ui.pickers import LongCodePicker
from ui.text import PlainLabel
from ui.theme import TEXT_SIZES, THEMES, space, theme
from ui.widgets import Card, Scroll, Section, Segmented, clear, column, row

if TYPE_CHECKING:
    from ui.app import App

LABEL_WIDTH = 220


@page("settings", N_("Settings"), area="system", icon="settings-2", order=40)
class HomeSettings(Page):
    """One's own look first, then the home's settings by section."""

    reads = (Setting,)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.sheet = Scroll(5)
        if (inner := self.sheet.widget()) is not None:
            inner.setMaximumWidth(theme.size(880))
        self.column(0).addWidget(self.sheet)

    def reload(self) -> None:
        if self.sheet.isAncestorOf(self.focusWidget() or self):
            return  # a change made here is on the screen already
        clear(self.sheet.body)
        self.sheet.body.addWidget(self._own())
        with self.app.read() as work:
            known = settings.values(work) if self.app.may("read", Setting) else {}
        for section in dict.fromkeys(each.section for each in settings.declared() if not each.hidden):
            shown = [each for each in settings.declared() if each.section == section and not each.hidden]
            if known:
                self.sheet.body.addWidget(self._section(_(section), shown, known))
        self.sheet.body.addStretch(1)

    def _own(self) -> QWidget:
        section = Section(_("For me"), _("Goes with your account to every page."))
        card = Card(gap=3)
        shell: Any = self.app.window
        later = QTimer.singleShot
        language = Segmented(
            list(LANGUAGES.items()),
            lambda value: later(0, lambda: shell.speak(value)),
            value=current_language(),
            name=_("Language"),
        )
        looks = Segmented(
            [(key, _(label)) for key, label in THEMES.items()],
            lambda value: shell.look(value, None),
            value=theme.wish,
            name=_("Appearance"),
        )
        sizes = Segmented(
            [(size, f"{size} %") for size in TEXT_SIZES],
            lambda value: later(0, lambda: shell.look(None, value)), value=theme.text_size, name=_("Text size"),
        )  # fmt: skip
        for label, editor in ((_("Language"), language), (_("Appearance"), looks), (_("Text size"), sizes)):
            card.body.addWidget(labelled(label, editor))
        section.body.addWidget(card)
        return section

    def _section(self, title: str, shown: list[Declared], known: dict[str, Any]) -> QWidget:
        section = Section(title)
        card = Card(gap=3)
        for each in shown:
            card.body.addWidget(SettingLine(self.app, each, known[each.name]))
        section.body.addWidget(card)
        return section


class SettingLine(QWidget):
    """One setting with its editor; it is saved when the field is left, and says beside it why not."""

    def __init__(self, app: App, declared: Declared, value: Any) -> None:
        super().__init__()
        self.app, self.declared = app, declared
        self.editor = self._editor(value)
        self.line = Line("", self.editor, _(declared.help) if declared.help and declared.name != "home_region" else "")
        self.line.label.hide()
        for each in (self.editor, *self.editor.findChildren(QLineEdit)):
            each.setAccessibleName(declared.title)
        self.editor.setEnabled(bool(app.actor.roles & declared.keepers))
        outer = column(self, 0)
        outer.addWidget(labelled(declared.title, self.line))

    def _editor(self, value: Any) -> QWidget:
        if self.declared.kind == "yes_no":
            return self._box(value)
        if self.declared.kind == "code" and self.declared.codes is not None:
            return self._choices(value)
        if self.declared.kind == "integer":
            return self._number(value)
        if self.declared.name == "home_region":
            return self._region(value)
        line = QLineEdit(str(value or ""))
        line.editingFinished.connect(lambda: self.save(line.text().strip()))
        return line

    def _region(self, value: Any) -> QWidget:
        picker = LongCodePicker([(code, whole, (name,)) for code, whole, name in regions()])
        picker.set_value(value or None)
        picker.changed.connect(lambda: self.save(picker.value() or ""))
        return picker

    def _box(self, value: Any) -> QCheckBox:
        box = QCheckBox(_("Yes"))
        box.setChecked(bool(value))
        box.toggled.connect(self.save)
        return box

    def _choices(self, value: Any) -> QComboBox:
        choices = QComboBox()
        for code in self.declared.codes or ():
            choices.addItem(str(code), code.code)
        choices.setCurrentIndex(choices.findData(value))
        choices.currentIndexChanged.connect(lambda _index: self.save(choices.currentData()))
        return choices

    def _number(self, value: Any) -> QSpinBox:
        number = QSpinBox()
        number.lineEdit().setTextMargins(space(2), 0, space(2), 0)
        number.setRange(self.declared.minimum or 0, self.declared.maximum or 1_000_000)
        number.setValue(int(value))
        number.setSuffix(f" {_(self.declared.unit)}" if self.declared.unit else "")
        number.editingFinished.connect(lambda: self.save(number.value()))
        return number

    def save(self, value: Any) -> None:
        """Keep a new value, or say beside it why not."""
        try:
            with self.app.work() as work:
                if settings.value(work, self.declared.name) == value:
                    return
                settings.change(work, self.declared.name, value)
        except Invalid as error:
            self.line.complain(error.problems[0].message)
            return
        except Exception as error:
            self.app.show_error(error)
            return
        self.line.complain("")
        if self.declared.name in {"home_name", "home_region"} and self.app.home is not None:
            self.app.home.tell(**{self.declared.name.removeprefix("home_"): str(value)})
        self.app.notify(_("Saved: {what}").format(what=self.declared.title))


def labelled(label: str, editor: QWidget) -> QWidget:
    """Return a label at the left and its editor, at most as wide as a sentence, at the right."""
    whole = QWidget()
    line = row(whole, 4)
    words = PlainLabel(label, wrap=True)
    words.setFixedWidth(theme.size(LABEL_WIDTH))
    words.setContentsMargins(0, theme.size(6), 0, 0)
    line.addWidget(words, 0, Qt.AlignmentFlag.AlignTop)
    editor.setMaximumWidth(theme.size(460))
    line.addWidget(editor, 1)
    line.addStretch(0)
    line.setContentsMargins(0, 0, space(0), 0)
    return whole
