"""Dialogs 对话框: the few questions that must be answered before work goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QDialog, QGridLayout, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from models.core.errors import Changed, Conflict
from models.core.fields import Field, field_of, words_of
from models.core.record import Record, record_type
from resources import _, ngettext
from ui.editors.attachment import picture_of
from ui.editors.typed import LongText
from ui.form_grid import FieldLabel, Message
from ui.text import PlainLabel
from ui.theme import space, theme
from ui.widgets import Button, Scroll, Symbol, column, row, rule

if TYPE_CHECKING:
    from ui.app import App


class Question(QDialog):
    """A dialog with a heading, a text, a body to fill and buttons; Esc answers no."""

    def __init__(self, parent: QWidget | None, title: str, text: str = "", icon: str = "", tone: str = "info") -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setModal(True)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(space(5), space(5), space(5), space(4))
        whole.setSpacing(space(4))
        if icon:
            whole.addWidget(Symbol(icon, tone, 28), 0, Qt.AlignmentFlag.AlignTop)
        lines = column(None, 2)
        whole.addLayout(lines, 1)
        lines.addWidget(PlainLabel(title, "heading", wrap=True))
        if text:
            lines.addWidget(PlainLabel(text, wrap=True))
        self.body: QVBoxLayout = column(None, 2)
        lines.addLayout(self.body, 1)
        lines.addSpacing(space(3))
        self.buttons = row(None, 2)
        self.buttons.addStretch(1)
        lines.addLayout(self.buttons)
        self.setMinimumWidth(theme.size(420))

    def answer(self, text: str, result: int, kind: str = "normal") -> Button:
        """Add a button that closes the dialog with a result."""
        button = Button(text, kind=kind, on_click=lambda: self.done(result))
        self.buttons.addWidget(button)
        return button


def confirm(parent: QWidget | None, title: str, text: str, yes: str, *, no: str = "", danger: bool = False) -> bool:
    """Ask a question that is answered yes or no."""
    question = Question(
        parent, title, text, "triangle-alert" if danger else "circle-help", "warning" if danger else "info"
    )
    question.answer(no or _("Cancel"), 0)
    button = question.answer(yes, 1, "danger" if danger else "primary")
    button.setDefault(True)
    button.setFocus()
    return question.exec() == 1


KEEP_EDITING, DISCARD, SAVE = 0, 1, 2


def ask_unsaved(parent: QWidget | None) -> int:
    """Ask what to do with unsaved typing: save it, throw it away, or go on typing."""
    question = Question(
        parent, _("Save what you have typed?"), _("There are entries that are not saved yet."), "pencil", "warning"
    )
    question.answer(_("Discard"), DISCARD, "quiet")
    question.answer(_("Keep editing"), KEEP_EDITING)
    question.answer(_("Save"), SAVE, "primary").setDefault(True)
    return question.exec()


class ReasonDialog(Question):
    """Asks for the reason of a step that needs one: return, void, correct."""

    def __init__(self, parent: QWidget | None, title: str, text: str, yes: str) -> None:
        super().__init__(parent, title, text)
        meaning = Field("Reason", "long_text", length=500)
        self.edit = LongText(meaning, lines=(3, 8))
        self.edit.name(_("Reason given"))
        self.message = Message(_("It stays with the record and is printed with it."))
        self.body.addWidget(FieldLabel(_("Reason given"), self.edit, required=True))
        self.body.addWidget(self.edit)
        self.body.addWidget(self.message)
        self.answer(_("Cancel"), 0)
        self.buttons.addWidget(Button(yes, kind="primary", on_click=self._agree))
        QShortcut(QKeySequence("Ctrl+Return"), self, self._agree)
        self.edit.setFocus()
        self.setMinimumWidth(theme.size(480))

    def _agree(self) -> None:
        problem = self.edit.problem() or ("" if self.edit.value() else _("Please give a reason."))
        if problem:
            self.message.tell(problem)
            self.edit.mark("danger")
            self.edit.setFocus()
            return
        self.accept()


def ask_reason(parent: QWidget | None, title: str, text: str, yes: str) -> str | None:
    """Ask for a reason; None when the person thought better of it."""
    dialog = ReasonDialog(parent, title, text, yes)
    agreed = dialog.exec() == QDialog.DialogCode.Accepted
    reason = dialog.edit.value()
    dialog.deleteLater()
    return reason if agreed else None


class ConflictDialog(Question):
    """Two people changed the same fields: both values side by side, one of each to be kept."""

    def __init__(self, parent: QWidget | None, app: App, kind: type[Record], changed: Changed) -> None:
        count = len(changed.conflicts)
        text = ngettext(
            "{name} saved this record while you were typing, and changed the same {n} entry. Choose which one to keep.",
            "{name} saved this record while you were typing, and changed the same {n} entries. Choose which ones to keep.",
            count,
        ).format(name=changed.by, n=count)
        super().__init__(parent, _("Changed by two people"), text, "git-compare", "warning")
        self.app, self.kind, self.changed = app, kind, changed
        self._groups: dict[str, QButtonGroup] = {}
        scroll = Scroll(2)
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(4))
        grid.setVerticalSpacing(space(2))
        self._head(grid)
        for index, conflict in enumerate(changed.conflicts):
            self._line(grid, 2 * index + 2, conflict)
        scroll.body.addLayout(grid)
        scroll.body.addStretch(1)
        self.body.addSpacing(space(2))
        self.body.addWidget(scroll, 1)
        self.answer(_("Back to the form"), 0)
        self.answer(_("Save the chosen values"), 1, "primary").setDefault(True)
        self.setMinimumSize(theme.size(640), theme.size(300))

    def _head(self, grid: QGridLayout) -> None:
        mine = Button(_("Keep all of mine"), kind="link", on_click=lambda: self._all(0))
        theirs = Button(_("Keep all of theirs"), kind="link", on_click=lambda: self._all(1))
        for index, (words, button) in enumerate(
            ((_("Yours"), mine), (_("Saved by {name}").format(name=self.changed.by), theirs))
        ):
            head = row(None, 2)
            head.addWidget(PlainLabel(words, "strong"))
            head.addStretch(1)
            head.addWidget(button)
            grid.addLayout(head, 0, index + 1)
            grid.setColumnStretch(index + 1, 1)

    def _line(self, grid: QGridLayout, line: int, conflict: Conflict) -> None:
        meaning = field_of(self.kind, conflict.field)
        grid.addWidget(rule(), line - 1, 0, 1, 3)
        grid.addWidget(PlainLabel(meaning.title, tone="muted", wrap=True), line, 0, Qt.AlignmentFlag.AlignTop)
        group = QButtonGroup(self)
        self._groups[conflict.field] = group
        for index, value in enumerate((conflict.mine, conflict.theirs)):
            words = self._words(meaning, value)
            choice = QWidget()
            inner = row(choice, 1)
            button = QRadioButton()
            button.setAccessibleName(f"{meaning.title}: {(_('yours'), _('theirs'))[index]} {words}")
            group.addButton(button, index)
            label = PlainLabel(words, wrap=True, selectable=True)
            inner.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
            inner.addWidget(label, 1)
            grid.addWidget(choice, line, index + 1, Qt.AlignmentFlag.AlignTop)
        group.button(0).setChecked(True)

    def _words(self, meaning: Field, value: Any) -> str:
        if meaning.kind == "reference" and value:
            from models.core import titles

            with self.app.read() as work:
                return titles.titles(work, record_type(meaning.target), [value]).get(value, _("not visible for you"))
        return words_of(meaning, value) or _("(empty)")

    def _all(self, side: int) -> None:
        for group in self._groups.values():
            group.button(side).setChecked(True)

    def chosen(self) -> dict[str, Any]:
        """Return the chosen value of every field in conflict."""
        return {
            each.field: each.mine if self._groups[each.field].checkedId() == 0 else each.theirs
            for each in self.changed.conflicts
        }


def settle_conflicts(parent: QWidget | None, app: App, kind: type[Record], changed: Changed) -> dict[str, Any] | None:
    """Let the person choose between two sets of values; None to go back to the form with everything still typed."""
    dialog = ConflictDialog(parent, app, kind, changed)
    agreed = dialog.exec() == 1
    chosen = dialog.chosen()
    dialog.deleteLater()
    return chosen if agreed else None


def show_picture(parent: QWidget | None, title: str, content: bytes) -> None:
    """Show a picture as large as the window allows."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    lines = column(dialog, 2, 3)
    room = parent.window().size() if parent else QSize(900, 700)
    picture = picture_of(content, QSize(room.width() - space(7), room.height() - space(7)))
    shown = PlainLabel()
    shown.setAccessibleName(title)
    if picture is not None:
        shown.setPixmap(picture)
    lines.addWidget(shown, 1, Qt.AlignmentFlag.AlignCenter)
    close = Button(_("Close"), on_click=dialog.accept)
    close.setDefault(True)
    lines.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
    dialog.exec()
    dialog.deleteLater()
