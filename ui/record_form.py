"""Record form 记录表单: one record as on the paper form — to fill in, or to read in words.

    form = RecordForm(app, GrowthMeasurement)
    form.load({"child_id": child_id, "measured_on": app.today()})
    form.changed.connect(draw_chart)
    form.values()                      # what would be saved
    form.show_problems(refusal.problems)

The form holds values and knows no database; :class:`ui.record_panel.RecordPanel` saves it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from models.core.errors import Problem
from models.core.fields import Field, fields_of
from models.core.record import Record
from resources import _
from ui.editors import Editor, editor_for, wrong_with
from ui.editors.shown import shown_value
from ui.form_grid import Cell, FieldLabel, FormGrid, Message
from ui.text import PlainLabel
from ui.theme import space, theme
from ui.widgets import clear, column

if TYPE_CHECKING:
    from ui.app import App

WIDEST = 1040
"""A form grows no wider than this: longer lines are not read more easily."""


def form_fields(kind: type[Record]) -> tuple[Field, ...]:
    """Return the fields that a generic form of this type shows."""
    return tuple(each for each in fields_of(kind) if not each.hidden and each.kind != "json")


class RecordForm(QWidget):
    """The fields of one record in their sections.

    Args:
        fields: other fields or another order than the type's own.
        fixed: names of fields that are shown but cannot be changed here, e.g. the child.
    """

    changed = Signal(str)
    """A person has changed the field of this name."""

    def __init__(
        self,
        app: App,
        kind: type[Record],
        parent: QWidget | None = None,
        *,
        fields: Sequence[Field] | None = None,
        fixed: Iterable[str] = (),
        read_only: bool = False,
    ) -> None:
        super().__init__(parent)
        self.app, self.kind = app, kind
        self.fields = tuple(fields) if fields is not None else form_fields(kind)
        self.fixed = frozenset(fixed)
        self.read_only = read_only
        self.cells: dict[str, Cell] = {}
        self.headings: dict[str, QWidget] = {}
        self._values: dict[str, Any] = {}
        self._lines = column(self, 2)
        self.setMaximumWidth(theme.size(WIDEST))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._build()

    # --- building ---

    def _build(self) -> None:
        clear(self._lines)
        self.cells, self.headings = {}, {}
        for section, members in self._sections().items():
            if section:
                self._lines.addWidget(self._heading(section))
            shown = [meaning for meaning in members if not self._is_left_out(meaning)]
            if shown:
                self._lines.addWidget(FormGrid([self._cell(meaning) for meaning in shown], self))
            if len(shown) < len(members):
                self._lines.addWidget(self._left_out([each for each in members if each not in shown]))
        previous: QWidget | None = None
        for editor in self.editors.values():
            if previous is not None:
                QWidget.setTabOrder(previous, editor)
            previous = editor

    def _sections(self) -> dict[str, list[Field]]:
        found: dict[str, list[Field]] = {}
        for meaning in self.fields:
            found.setdefault(meaning.section, []).append(meaning)
        return found

    def _heading(self, section: str) -> QWidget:
        heading = PlainLabel(_(section), "heading")
        heading.setContentsMargins(0, space(3) if self.headings or self.cells else 0, 0, space(1))
        self.headings[section] = heading
        return heading

    def _cell(self, meaning: Field) -> Cell:
        body = self._shown(meaning) if self._is_shown(meaning) else self._editor(meaning)
        buddy = body if isinstance(body, Editor) else None
        label = FieldLabel(meaning.title, buddy, required=meaning.required and buddy is not None)
        message = Message(_(meaning.help) if buddy is not None else "")
        cell = Cell(meaning, label, body, message)
        self.cells[meaning.name] = cell
        return cell

    def _is_left_out(self, meaning: Field) -> bool:
        return self.read_only and self._values.get(meaning.name) in (None, "", [])

    def _left_out(self, members: list[Field]) -> QWidget:
        """Name what was not filled in: a dash after every one of them would hide what was."""
        names = _(", ").join(meaning.title for meaning in members)
        return PlainLabel(_("Not filled in: {names}").format(names=names), "caption", wrap=True)

    def _is_shown(self, meaning: Field) -> bool:
        return self.read_only or meaning.name in self.fixed

    def _shown(self, meaning: Field) -> QWidget:
        return shown_value(meaning, self._values.get(meaning.name), self.app)

    def _editor(self, meaning: Field) -> Editor:
        editor = editor_for(meaning, self.app)
        editor.describe(_(meaning.help))
        editor.setProperty("field_name", meaning.name)
        editor.changed.connect(self._edited)
        editor.left.connect(self._left)
        return editor

    # --- values ---

    @property
    def editors(self) -> dict[str, Editor]:
        """All editors by the names of their fields, in their order."""
        return {name: cell.body for name, cell in self.cells.items() if isinstance(cell.body, Editor)}

    def editor(self, name: str) -> Editor:
        """Return the editor of one field.

        Raises:
            KeyError: when the form does not edit it.
        """
        return self.editors[name]

    def load(self, values: dict[str, Any]) -> None:
        """Show a record's values; what is not named is empty."""
        self._values = dict(values)
        if self.read_only or self.fixed:
            self._build()
        for name, editor in self.editors.items():
            editor.set_value(self._values.get(name))
        self.clear_problems()

    def values(self) -> dict[str, Any]:
        """Return what would be saved: every edited and every fixed field."""
        kept = {name: self._values.get(name) for name in self.fixed if name in self._values}
        unseen = {meaning.name for meaning in fields_of(self.kind)} - {each.name for each in self.fields}
        kept |= {name: self._values[name] for name in unseen if name in self._values}
        return kept | {name: editor.value() for name, editor in self.editors.items()}

    def set_value(self, name: str, value: Any) -> None:
        """Put a value into one field, as a suggestion that can be changed."""
        self.editor(name).set_value(value)

    def typed(self) -> dict[str, Any]:
        """Return everything as typed, for a draft."""
        return {name: editor.typed() for name, editor in self.editors.items()}

    def set_typed(self, typed: dict[str, Any]) -> None:
        """Show again what a draft has kept."""
        for name, editor in self.editors.items():
            if name in typed:
                editor.set_typed(typed[name])

    def is_changed(self) -> bool:
        """Whether there is anything that would be lost."""
        return any(
            editor.problem() or _differs(editor.value(), self._values.get(name))
            for name, editor in self.editors.items()
        )

    def set_read_only(self, read_only: bool) -> None:
        """Show the values in words, or editors again."""
        if read_only != self.read_only:
            values = {**self._values, **self.values()}
            self.read_only = read_only
            self._build()
            self.load(values)

    # --- judging ---

    def settle(self) -> None:
        """Write out every field that is still being typed."""
        for editor in self.editors.values():
            editor.settle()

    def unread(self) -> list[Problem]:
        """Return the problems with what cannot be understood at all."""
        found = ((name, editor.problem()) for name, editor in self.editors.items())
        return [Problem(name, message) for name, message in found if message]

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Show each problem beneath its field and go to the first; what has no field here is the panel's."""
        self.clear_problems()
        first: Editor | None = None
        for problem in problems:
            cell = self.cells.get(problem.field)
            if cell is None:
                continue
            self._tell(cell, problem.message, "warning" if problem.warning else "danger")
            if first is None and isinstance(cell.body, Editor):
                first = cell.body
        if first is not None:
            self.go_to(first)

    def clear_problems(self) -> None:
        """Take all messages away."""
        for cell in self.cells.values():
            self._tell(cell, "")

    def go_to(self, editor: Editor) -> None:
        """Bring an editor into view and begin to type in it."""
        editor.setFocus(Qt.FocusReason.OtherFocusReason)
        QTimer.singleShot(0, editor, lambda: self._bring_into_view(editor))

    def go_to_field(self, name: str) -> None:
        """Bring a field into view."""
        if name in self.editors:
            self.go_to(self.editors[name])

    def _bring_into_view(self, widget: QWidget) -> None:
        parent = self.parentWidget()
        while parent is not None and not isinstance(parent, QScrollArea):
            parent = parent.parentWidget()
        if parent is not None:
            parent.ensureWidgetVisible(widget, 0, space(6))

    def focus_first(self) -> None:
        """Begin with the first empty editor."""
        editors = list(self.editors.values())
        empty = [editor for editor in editors if editor.value() in (None, "", [])]
        if editors:
            (empty or editors)[0].setFocus()

    def _edited(self) -> None:
        name = self.sender().property("field_name")
        cell = self.cells[name]
        # What was wrong may become right while it is typed; what is right is judged only when it is left.
        if cell.message.symbol.isVisibleTo(cell.message) and not self._judged(cell):
            self._tell(cell, "")
        self.changed.emit(name)

    def _left(self) -> None:
        name = self.sender().property("field_name")
        cell = self.cells.get(name)
        if cell is not None:
            self._tell(cell, self._judged(cell))

    def _judged(self, cell: Cell) -> str:
        editor = cell.body
        assert isinstance(editor, Editor)
        return wrong_with(cell.meaning, editor)

    def _tell(self, cell: Cell, message: str, tone: str = "danger") -> None:
        cell.message.tell(message, tone)
        if isinstance(cell.body, Editor):
            cell.body.mark(tone if message else "")
            cell.body.describe(message or _(cell.meaning.help))


def _differs(one: Any, other: Any) -> bool:
    return (one or None) != (other or None) if not isinstance(one, bool) else one != other
