"""The strip below the daily entry: who the row is about, what Enter would write, and the one field being asked."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton, QStackedWidget, QWidget

from models.core.fields import Field
from resources import _
from ui.text import ElidedLabel, PlainLabel
from ui.theme import theme
from ui.widgets import Flow, KeyHint, clear, column, row
from views.child_head import Photo
from views.nursing_columns import Column, cell_words, number_hint
from views.nursing_table import Line

if TYPE_CHECKING:
    from ui.app import App


class EntryStrip(QFrame):
    """Shows the current child and asks for one field at a time; it never takes the focus save for free text."""

    picked = Signal(object)
    """A value was chosen by mouse."""
    note_done = Signal(str, bool)
    """Free text is finished; True when Enter ended it."""

    def __init__(self, app: App, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.app = app
        self.setProperty("card", True)
        self.setFixedHeight(theme.size(88))
        self.field: Field | None = None
        self.buffer = ""
        line = row(self, 4, 2)
        self.who = column(None, 0)
        self._who = QWidget()
        self._who.setLayout(self.who)
        self._who.setFixedWidth(theme.size(220))
        line.addWidget(self._who)
        self.stack = QStackedWidget()
        line.addWidget(self.stack, 1)
        self._build()

    def _build(self) -> None:
        self.hints, self.asking = QWidget(), QWidget()
        self.hint_lines, self.ask_lines = column(self.hints, 1), column(self.asking, 1)
        self.stack.addWidget(self.hints)
        self.stack.addWidget(self.asking)

    # --- the child ---

    def show_child(self, line: Line | None) -> None:
        """Show whom the row is about."""
        clear(self.who)
        if line is None:
            return
        head = row(None, 2)
        photo = Photo(36)
        photo.show_child(self.app, line.row.name, line.row.photo or None)
        head.addWidget(photo)
        names = column(None, 0)
        names.addWidget(ElidedLabel(line.row.name, "strong"))
        names.addWidget(
            ElidedLabel(" · ".join(each for each in (line.row.age, line.row.number) if each), "caption", tone="muted")
        )
        head.addLayout(names, 1)
        self.who.addLayout(head)
        for alert in line.row.alerts[:2]:
            self.who.addWidget(
                ElidedLabel(alert.text, "caption", tone=alert.level if alert.level != "info" else "muted")
            )
        self.who.addStretch(1)

    # --- nothing asked ---

    def rest(self, line: Line | None, said: str = "", tone: str = "muted") -> None:
        """Ask nothing; say what Enter does, and what has just happened."""
        self.field, self.buffer = None, ""
        clear(self.hint_lines)
        if said:
            self.hint_lines.addWidget(PlainLabel(said, tone=tone, wrap=True))
        if line is not None:
            self._say_enter(line)
        self._say_keys()
        self.hint_lines.addStretch(1)
        self.stack.setCurrentWidget(self.hints)

    def _say_enter(self, line: Line) -> None:
        what = row(None, 2)
        what.addWidget(KeyHint(_("Enter")))
        if line.row.away:
            words = _("{where}: go on to the next child").format(where=line.row.where)
        elif line.problem:
            words = _("confirm and save") if line.asks else _("try again")
        elif line.written and not line.typed:
            words = _("go on to the next child")
        else:
            words = _("as usual: {what}").format(what=self._usual(line)) if not line.written else _("save the change")
        what.addWidget(ElidedLabel(words), 1)
        self.hint_lines.addLayout(what)

    def _usual(self, line: Line) -> str:
        from views.nursing_columns import COLUMNS

        values = {**line.row.usual, **line.typed}
        said = [cell_words(each, values) for each in COLUMNS]
        return _(", ").join(each for each in said if each)

    def _say_keys(self) -> None:
        keys = row(None, 2)
        pairs = (
            ("65", "36.5 °C"),
            ("A–Z", _("one field")),
            ("↑ ↓", _("child")),
            ("Esc", _("give up")),
            ("Ctrl+Z", _("take back")),
        )
        for key, words in pairs:
            keys.addWidget(KeyHint(key))
            keys.addWidget(PlainLabel(words, "caption", tone="muted"))
        keys.addStretch(1)
        self.hint_lines.addLayout(keys)

    # --- one field asked ---

    def ask(self, column_: Column | None, field: Field, value: Any, more: bool) -> None:
        """Ask for one field: choices by digit, a number by typing, text in a line."""
        self.field, self.buffer = field, ""
        clear(self.ask_lines)
        title = row(None, 2)
        title.addWidget(PlainLabel(field.title, "strong"))
        if more:
            title.addWidget(KeyHint("Tab"))
            title.addWidget(PlainLabel(_("next detail"), "caption", tone="muted"))
        title.addWidget(KeyHint("Esc"))
        title.addWidget(PlainLabel(_("give up"), "caption", tone="muted"))
        title.addStretch(1)
        self.ask_lines.addLayout(title)
        if field.codes is not None:
            self._offer(field, value)
        elif field.kind == "long_text":
            self._write(field, str(value or ""))
        else:
            self._number(field, value)
        self.ask_lines.addStretch(1)
        self.stack.setCurrentWidget(self.asking)

    def _offer(self, field: Field, value: Any) -> None:
        holder = QWidget()
        flow = Flow(holder, 1)
        assert field.codes is not None
        for number, code in enumerate(field.codes, start=1):
            flow.addWidget(self._choice(f"{number}  {code}", code.code, code.code == value))
        flow.addWidget(self._choice(_("0  leave empty"), None, False))
        self.ask_lines.addWidget(holder)

    def _choice(self, words: str, value: Any, chosen: bool) -> QPushButton:
        button = QPushButton(words.replace("&", "&&"))
        button.setProperty("filter", True)
        button.setProperty("on", chosen)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setAccessibleName(words)
        button.clicked.connect(lambda *_args: self.picked.emit(value))
        return button

    def _number(self, field: Field, value: Any) -> None:
        line = row(None, 2)
        self.shown = PlainLabel("", "display")
        line.addWidget(self.shown)
        line.addWidget(PlainLabel(number_hint(field), tone="muted"))
        line.addStretch(1)
        self.ask_lines.addLayout(line)
        self.show_number(value)

    def show_number(self, value: Any, typed: str = "") -> None:
        """Show what is typed, and what it means."""
        meaning = "" if value is None else f"{value:.1f}" if isinstance(value, float) else str(value)
        self.shown.setText(typed if typed and not meaning else meaning or "–")

    def _write(self, field: Field, text: str) -> None:
        self.text = NoteLine(text, lambda done: self.note_done.emit(self.text.text(), done))
        self.text.setAccessibleName(field.title)
        self.ask_lines.addWidget(self.text)
        self.text.setFocus()


class NoteLine(QLineEdit):
    """A line of free text; Enter and Tab finish it, Esc gives it up."""

    def __init__(self, text: str, done: Callable[[bool], Any]) -> None:
        super().__init__(text)
        self._before, self._done = text, done
        self.setMaxLength(2000)
        self.setFixedHeight(theme.size(32))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._done(True)
        elif event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._done(False)
        elif event.key() == Qt.Key.Key_Escape:
            self.setText(self._before)
            self._done(False)
        else:
            super().keyPressEvent(event)
