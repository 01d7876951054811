"""The card of one dose: who the child is, what to beware of, what is given — and the keys that record it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from models.medication_round import RoundLine
from models.medication_words import EFFECTS, OUTCOMES, TAKEN
from models.staff import SEX
from resources import _
from ui.text import PlainLabel
from ui.theme import space, theme
from ui.widgets import Banner, Button, Chip, EmptyState, KeyHint, Scroll, Symbol, clear, column, row, rule
from views.child_head import Photo
from views.nursing_strip import NoteLine
from views.round_table import state_of

if TYPE_CHECKING:
    from ui.app import App


class DoseCard(QFrame):
    """Shows the current dose in the order of checking: the right child, the right medicine, then the deed."""

    asked = Signal(str)
    """A button was pressed: ``identity``, an outcome, ``back`` or ``effect:…``."""
    reason_done = Signal(str)
    checker_chosen = Signal(str)

    def __init__(self, app: App, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.app = app
        self.setProperty("card", True)
        outer = column(self, 2, 3)
        self.sheet = Scroll(2)
        outer.addWidget(self.sheet, 1)
        self.reason: NoteLine | None = None

    def show_line(
        self, line: RoundLine | None, now: datetime, *, identified: bool, problem: str, asks: bool, may_write: bool,
        checkers: Sequence[tuple[str, str]], checker: str,
    ) -> None:  # fmt: skip
        """Show one dose as it stands."""
        body = self.sheet.body
        clear(body)
        self.reason = None
        if line is None:
            body.addWidget(EmptyState("pill", _("No doses here"), _("Nothing is due in this unit at this time.")))
            return
        body.addLayout(self._child(line))
        for alert in line.alerts:
            if alert.level == "danger":
                body.addWidget(Banner(alert.text, "danger"))
        body.addWidget(rule())
        body.addLayout(self._medicine(line))
        if problem:
            body.addWidget(Banner(problem, "warning" if asks else "danger"))
        if line.outcome:
            self._recorded(line, may_write)
        elif line.where:
            body.addWidget(
                PlainLabel(_("The child is not here: {where}.").format(where=line.where), tone="muted", wrap=True)
            )
        elif may_write:
            self._to_do(line, now, identified, asks, checkers, checker)
        body.addStretch(1)

    # --- who and what ---

    def _child(self, line: RoundLine) -> Any:
        head = row(None, 3)
        photo = Photo(56)
        photo.show_child(self.app, line.child_name, line.photo or None)
        head.addWidget(photo)
        names = column(None, 0)
        names.addWidget(PlainLabel(line.child_name, "title", wrap=True))
        facts = (line.number, SEX.label(line.sex), line.age, _("bed {bed}").format(bed=line.bed) if line.bed else "")
        names.addWidget(PlainLabel(" · ".join(each for each in facts if each), tone="muted", wrap=True))
        head.addLayout(names, 1)
        return head

    def _medicine(self, line: RoundLine) -> Any:
        lines = column(None, 0)
        first = row(None, 2)
        first.addWidget(PlainLabel(line.medicine, "heading", wrap=True), 1)
        if line.watched:
            first.addWidget(Chip(line.watched, "warning"))
        lines.addLayout(first)
        lines.addWidget(PlainLabel(line.dose, "title", wrap=True))
        facts = (line.strength, line.how, line.reason and _("for {reason}").format(reason=line.reason))
        lines.addWidget(PlainLabel(" · ".join(each for each in facts if each), tone="muted", wrap=True))
        return lines

    # --- recorded ---

    def _recorded(self, line: RoundLine, may_write: bool) -> None:
        body = self.sheet.body
        said = [state_of(line, datetime.min)[0], line.giver and _("given by {name}").format(name=line.giver)]
        said += [line.checker and _("checked by {name}").format(name=line.checker), line.given_reason]
        body.addWidget(Chip(" · ".join(each for each in said if each), "good" if line.outcome in TAKEN else "warning"))
        if line.effect:
            body.addWidget(PlainLabel(_("Effect: {effect}").format(effect=EFFECTS.label(line.effect)), tone="muted"))
        if not may_write:
            return
        if line.given_reason and line.outcome in TAKEN and not line.effect:
            body.addWidget(PlainLabel(_("How did it work?"), "strong"))
            for number, code in enumerate(EFFECTS, start=1):
                body.addWidget(self._key_button(str(number), str(code), f"effect:{code.code}"))
        body.addWidget(self._key_button(_("Del"), _("Take back"), "back", "quiet"))

    # --- to do ---

    def _to_do(
        self,
        line: RoundLine,
        now: datetime,
        identified: bool,
        asks: bool,
        checkers: Sequence[tuple[str, str]],
        checker: str,
    ) -> None:
        body = self.sheet.body
        if line.due_at is None and line.next_possible and line.next_possible > now:
            words = _("Given at {time}; possible again at {next}.")
            body.addWidget(
                Banner(words.format(time=f"{line.last_given:%H:%M}", next=f"{line.next_possible:%H:%M}"), "warning")
            )
        if not identified:
            words = _("This is {name}, {number}").format(name=line.child_name, number=line.number)
            body.addWidget(self._key_button(_("Space"), words, "identity", "primary"))
            body.addWidget(
                PlainLabel(_("Look at the child and say the name, then press."), "caption", tone="muted", wrap=True)
            )
            return
        checked = row(None, 2)
        checked.addWidget(Symbol("circle-check", "good", 18))
        checked.addWidget(PlainLabel(_("Right child"), "strong", tone="good"))
        checked.addStretch(1)
        body.addLayout(checked)
        if line.double_check and not checker:
            self._ask_checker(checkers)
            return
        words = _("Confirm: {what}").format(what=OUTCOMES.label("given")) if asks else OUTCOMES.label("given")
        body.addWidget(self._key_button(_("Enter"), words, "given", "primary"))
        if line.due_at is not None:
            grid = QGridLayout()
            grid.setContentsMargins(0, 0, 0, 0)
            grid.setSpacing(space(2))
            for place, (key, outcome) in enumerate(
                (("R", "refused"), ("M", "missed"), ("V", "repeated"), ("S", "stopped"))
            ):
                grid.addWidget(self._key_button(key, OUTCOMES.label(outcome), outcome), place // 2, place % 2)
            body.addLayout(grid)

    def _ask_checker(self, checkers: Sequence[tuple[str, str]]) -> None:
        body = self.sheet.body
        body.addWidget(PlainLabel(_("Two people check this medicine. Who is the second?"), "strong", wrap=True))
        for number, (staff_id, name) in enumerate(checkers[:9], start=1):
            button = self._key_button(str(number), name, "")
            button.clicked.connect(partial(self.checker_chosen.emit, staff_id))
            body.addWidget(button)

    def ask_reason(self, question: str, given_up: Callable[[], Any]) -> None:
        """Ask for the reason in one line."""
        self.sheet.body.insertWidget(self.sheet.body.count() - 1, PlainLabel(question, "strong", wrap=True))
        self.reason = NoteLine("", lambda entered: self._reason_ended(entered, given_up))
        self.reason.setMaxLength(200)
        self.reason.setAccessibleName(question)
        self.sheet.body.insertWidget(self.sheet.body.count() - 1, self.reason)
        self.reason.setFocus()

    def _reason_ended(self, entered: bool, given_up: Callable[[], Any]) -> None:
        text = self.reason.text().strip() if self.reason else ""
        if entered and text:
            self.reason_done.emit(text)
        elif not entered:
            given_up()

    def _key_button(self, key: str, words: str, what: str, kind: str = "normal") -> Button:
        button = Button(words, kind=kind)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setAccessibleName(f"{words} ({key})")
        button.setMinimumHeight(theme.size(34))
        line = row(button, 2)
        line.setContentsMargins(space(2), 0, space(2), 0)
        hint = KeyHint(key)
        hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        line.addWidget(hint)
        line.addStretch(1)
        if what:
            button.clicked.connect(lambda *_args: self.asked.emit(what))
        return button
