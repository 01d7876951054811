"""Typed editors 键入类编辑框: text, numbers, money, dates and times, all understood by ``models.core.parse``."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from models.core import parse
from models.core.errors import Problem
from models.core.fields import Field, words_of
from resources import _
from ui.editors.base import Editor, GrowingText, Line, Now
from ui.icons import icon
from ui.month_panel import MonthPanel
from ui.theme import theme


class TypedEdit(Editor):
    """A line of typing with a meaning: read while it is typed, written out properly when it is left."""

    def __init__(self, meaning: Field, now: Now, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.meaning, self.now = meaning, now
        self.edit = Line(self)
        self.use(self.edit)
        self.edit.textEdited.connect(lambda _text: self.changed.emit())

    def read(self) -> Any:
        """Return the value of the typed text, or the problem with it."""
        return parse.value_of(self.meaning, self.edit.text(), self.now())

    def value(self) -> Any:
        found = self.read()
        return None if isinstance(found, Problem) else found

    def set_value(self, value: Any) -> None:
        self.edit.setText(self.words(value))
        self.edit.setCursorPosition(0)

    def words(self, value: Any) -> str:
        """Return a value as it is written in the line."""
        return words_of(self.meaning, value)

    def problem(self) -> str:
        found = self.read()
        return found.message if isinstance(found, Problem) else ""

    def typed(self) -> str:
        return self.edit.text()

    def set_typed(self, typed: Any) -> None:
        self.edit.setText(str(typed or ""))

    def settle(self) -> None:
        if not self.problem():
            written = self.words(self.value())
            if written != self.edit.text():
                self.edit.setText(written)


class TextEdit(TypedEdit):
    """One line of text; a counter appears when it becomes long, nothing is ever cut off."""

    def __init__(self, meaning: Field, now: Now, parent: QWidget | None = None) -> None:
        super().__init__(meaning, now, parent)
        self.edit.textChanged.connect(lambda _text: self._count())

    def _count(self) -> None:
        limit = self.meaning.length
        if not limit:
            return
        used = len(self.value() or "")
        if used > limit * 0.8 and limit > 5:
            self.edit.set_suffix(f"{used}/{limit}", "danger" if used > limit else "")
        else:
            self.edit.set_suffix("")

    def problem(self) -> str:
        limit, used = self.meaning.length, len(self.value() or "")
        return _("At most {n} characters; this has {m}.").format(n=limit, m=used) if limit and used > limit else ""

    def words(self, value: Any) -> str:
        return str(value or "")


class NumberEdit(TypedEdit):
    """A number, aligned right, with its unit at the end of the line."""

    def __init__(self, meaning: Field, now: Now, parent: QWidget | None = None) -> None:
        super().__init__(meaning, now, parent)
        self.edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.edit.set_suffix(_("yuan") if meaning.kind == "money" else _(meaning.unit))
        self.setMaximumWidth(theme.size(190))

    def set_value(self, value: Any) -> None:
        super().set_value(value)
        self.edit.end(False)

    def name(self, label: str, description: str = "") -> None:
        unit = _(self.meaning.unit)
        super().name(_("{label} ({unit})").format(label=label, unit=unit) if unit else label, description)


class DateEdit(TypedEdit):
    """A date: typed in any usual way, or chosen in a month; ↑ and ↓ go a day on or back."""

    widest = 168

    def __init__(self, meaning: Field, now: Now, parent: QWidget | None = None) -> None:
        super().__init__(meaning, now, parent)
        self.setMaximumWidth(theme.size(self.widest))
        self.edit.setPlaceholderText(self.pattern())
        self._panel: MonthPanel | None = None
        button = self.edit.addAction(icon("calendar", "muted"), Line.ActionPosition.TrailingPosition)
        button.setToolTip(_("Calendar (Alt+↓)"))
        button.setText(_("Calendar"))
        button.triggered.connect(self.show_calendar)
        self.edit.on_key = self._key

    def pattern(self) -> str:
        """Return the form in which dates are written."""
        return _("YYYY-MM-DD")

    def show_calendar(self) -> None:
        """Open the month over the window."""
        if self._panel is None:
            self._panel = MonthPanel(self.edit, self.now().date(), self._picked)
        found = self.value()
        self._panel.show_day(found.date() if isinstance(found, datetime) else found)

    def _key(self, event: QKeyEvent) -> bool:
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if event.key() == Qt.Key.Key_Down and alt or event.key() == Qt.Key.Key_F4:
            self.show_calendar()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and not event.modifiers() and self.value() is not None:
            self._take(self.value() + timedelta(days=1 if event.key() == Qt.Key.Key_Up else -1))
        else:
            return False
        return True

    def _picked(self, day: date) -> None:
        self._take(self.on(day))
        self.edit.setFocus()

    def on(self, day: date) -> Any:
        """Return the value that a picked day means."""
        return day

    def _take(self, value: Any) -> None:
        self.set_value(value)
        self.changed.emit()


class DateTimeEdit(DateEdit):
    """A date with a time of day; a day chosen in the month keeps the time."""

    widest = 200

    def pattern(self) -> str:
        return _("YYYY-MM-DD HH:MM")

    def on(self, day: date) -> datetime:
        before = self.value()
        return datetime.combine(day, before.time() if before else self.now().time().replace(second=0, microsecond=0))


class TimeEdit(TypedEdit):
    """A time of day: 8:30, 0830, 下午3点; ↑ and ↓ go five minutes on or back."""

    def __init__(self, meaning: Field, now: Now, parent: QWidget | None = None) -> None:
        super().__init__(meaning, now, parent)
        self.setMaximumWidth(theme.size(110))
        self.edit.setPlaceholderText(_("HH:MM"))
        self.edit.on_key = self._key

    def _key(self, event: QKeyEvent) -> bool:
        found = self.value()
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down) and isinstance(found, time):
            minutes = (found.hour * 60 + found.minute + (5 if event.key() == Qt.Key.Key_Up else -5)) % 1440
            self.set_value(time(minutes // 60, minutes % 60))
            self.changed.emit()
            return True
        return False


class LongText(Editor):
    """Several lines that grow with the text."""

    def __init__(self, meaning: Field, parent: QWidget | None = None, *, lines: tuple[int, int] = (3, 12)) -> None:
        super().__init__(parent)
        self.meaning = meaning
        self.edit = GrowingText(lines, self)
        self.use(self.edit)
        self._setting = False
        self.edit.committed.connect(self._committed)

    def _committed(self) -> None:
        if not self._setting:
            self.changed.emit()

    def value(self) -> str | None:
        return parse.long_text(self.edit.toPlainText())

    def set_value(self, value: Any) -> None:
        self._setting = True
        self.edit.setPlainText(str(value or ""))
        self._setting = False

    def problem(self) -> str:
        limit, used = self.meaning.length, len(self.value() or "")
        return _("At most {n} characters; this has {m}.").format(n=limit, m=used) if limit and used > limit else ""
