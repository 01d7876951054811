"""Short forms 简表: some fields of a record, for acts that ask for little — nothing typed is lost, problems stand beside their field."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QWidget

from models.core.errors import Invalid, Refused
from models.core.fields import Field, field_of
from models.core.record import Record
from resources import _
from ui.dialog import Dialog
from ui.drafting import Drafting
from ui.problem_box import ProblemBox
from ui.record_form import RecordForm
from ui.theme import theme
from ui.widgets import Scroll, column

if TYPE_CHECKING:
    from models.core.database import Work
    from ui.app import App

Save = Callable[["Work", dict[str, Any]], Any]


def fields_named(kind: type[Record], names: Iterable[str], *, flat: bool = False) -> list[Field]:
    """Return fields of a type by their names, in this order; ``flat`` leaves the headings of the paper form out."""
    found = [field_of(kind, name) for name in names]
    return [replace(meaning, section="") for meaning in found] if flat else found


class ShortForm(QWidget):
    """Some fields of a record with their problems and their draft; ``save`` hands the values to a function."""

    saved = Signal(object)
    """What the saving function has returned."""

    def __init__(
        self, app: App, kind: type[Record], names: Iterable[str], save: Save, parent: QWidget | None = None,
        *, fixed: Iterable[str] = (), flat: bool = True,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.app, self.kind, self._save = app, kind, save
        self.form = RecordForm(app, kind, fields=fields_named(kind, names, flat=flat), fixed=fixed)
        self.problems = ProblemBox(self._label_of)
        self.drafting = Drafting(app, self.form, self)
        lines = column(self, 2)
        for each in (self.drafting.banner, self.problems, self.form):
            lines.addWidget(each)
        self.problems.go_to.connect(self.form.go_to_field)
        self.problems.confirmed.connect(lambda: self.save(confirmed=True))

    def begin(self, values: dict[str, Any], draft: str = "") -> None:
        """Show values to start from; with a ``draft`` key, what is typed is kept until it is saved."""
        self.problems.hide()
        self.form.load(values)
        if draft:
            self.drafting.start(draft)

    def show_field(self, name: str, shown: bool) -> None:
        """Show or hide one field."""
        cell = self.form.cells[name]
        for each in (cell.label, cell.body):
            each.setVisible(shown)
        cell.message.setVisible(shown and bool(cell.message.label.text()))

    def save(self, *, confirmed: bool = False) -> bool:
        """Save, or show beside the fields what is wrong; return whether it was saved."""
        self.form.settle()
        unread = self.form.unread()
        if unread:
            self._refuse(Invalid(unread))
            return False
        try:
            with self.app.work() as work:
                work.confirmed = work.confirmed or confirmed
                made = self._save(work, self.form.values())
        except Invalid as refusal:
            self._refuse(refusal)
        except Refused as refusal:
            self.drafting.keep_now()
            self.app.show_error(refusal)
        else:
            self.drafting.forget()
            self.problems.hide()
            self.saved.emit(made)
            return True
        return False

    def _refuse(self, refusal: Invalid) -> None:
        self.problems.tell(list(refusal.problems))
        self.form.show_problems(refusal.problems)

    def _label_of(self, name: str) -> str:
        try:
            return field_of(self.kind, name).title if name else ""
        except KeyError:
            return ""


class ShortDialog(Dialog):
    """A short form over the window.

    Args:
        yes: the words on the button that saves.
        values: what the fields start from.
    """

    def __init__(
        self, app: App, title: str, text: str, kind: type[Record], names: Iterable[str], save: Save, *, yes: str = "",
        values: dict[str, Any] | None = None, draft: str = "", width: int = 740,
    ) -> None:  # fmt: skip
        super().__init__(title, text, app.window_now(), width=width)
        self.short = ShortForm(app, kind, names, save)
        self.made: Any = None
        sheet = Scroll(0)
        column_of_sheet = sheet.body
        column_of_sheet.addWidget(self.short)
        column_of_sheet.addStretch(1)
        self.body.addWidget(sheet, 1)
        self.offer(yes or _("Save"), self.short.save)
        QShortcut(QKeySequence("Ctrl+S"), self, self.short.save)
        self.short.saved.connect(self._saved)
        self.short.begin(values or {}, draft)
        self.resize(self.minimumWidth(), self._height())
        self.short.form.focus_first()

    def _height(self) -> int:
        wanted = self.short.sizeHint().height() + theme.size(210)
        return min(max(wanted, theme.size(280)), self.screen().availableGeometry().height() - theme.size(80))

    def _saved(self, made: Any) -> None:
        self.made = made
        self.accept()


def ask(dialog: ShortDialog) -> tuple[bool, Any]:
    """Show a short dialog; return whether it was saved, and what the saving function returned."""
    done = dialog.exec() == QDialog.DialogCode.Accepted
    made = dialog.made
    dialog.deleteLater()
    return done, made
