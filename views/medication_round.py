"""Medication round 给药巡回: one dose in two or three acts — the right child, (the second person,) given.

Space           this is the child
1 … 9           the second person, for high-alert medicines
Enter           given, and on to the next dose
R M V S         refused, missed, vomited and given again, stopped
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from models.child import Child
from models.core.errors import Invalid, Unconfirmed
from models.medical import Allergy, Diagnosis
from models.medication import Dose, MedicationOrder
from models.medication_round import RoundLine, note_effect, record_dose, round_lines, take_back
from models.medication_words import EFFECTS, OUTCOMES
from models.nursing import staff_of, unit_of_child, units_of
from models.placement import Placement
from models.shifts import Shift, shift_at, shift_of, shifts_of
from resources import N_, _, ngettext
from ui.app import App
from ui.pages import Page, page
from ui.text import ElidedLabel
from ui.theme import theme
from ui.widgets import Button, IconButton, Menu, MenuButton, Segmented, column, row
from views.round_card import DoseCard
from views.round_table import RoundModel, RoundTable

NOW = "now"
BEFORE, AFTER = timedelta(hours=12), timedelta(hours=1)
"""What “now” shows: what is due within the hour, and whatever was left open since half a day."""
KEYS = {"R": "refused", "M": "missed", "V": "repeated", "S": "stopped"}
ASK_REASON = frozenset({"missed", "stopped"})
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@page("medication_round", N_("Medication round"), area="treatment", icon="pill", needs=("Dose", "read"), order=10)
class MedicationRound(Page):
    """The doses of one unit in one stretch of time."""

    reads: ClassVar[tuple[type, ...]] = (Dose, MedicationOrder, Child, Placement, Allergy, Diagnosis)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.units: list[tuple[str, str]] = []
        self.people: list[tuple[str, str]] = []
        self.unit_id = str(app.settings.get("nursing.unit", ""))
        self.window_key = NOW
        self.shift: Shift = shift_at(app.now())
        self.model = RoundModel(self)
        self.table = RoundTable(self.model)
        self.card = DoseCard(app)
        self._child_wanted = ""
        self._reset()
        self._lay_out()
        self._connect()

    # --- building ---

    def _lay_out(self) -> None:
        self.unit_button = MenuButton(_("Unit"), self._unit_menu, "house", tip=_("Unit"))
        self.day_button = Button(self.shift.day.isoformat(), kind="quiet", on_click=self.go_now, tip=_("Back to now"))
        choices = [(NOW, _("Now")), *((each.code, each.label) for each in shifts_of(self.shift.day))]
        self.window_choice = Segmented(choices, self._window_chosen, name=_("Time of the round"))
        for each in (
            self.unit_button, IconButton("chevron-left", _("Day before"), partial(self._day_moved, -1), keys="Alt+Left"), self.day_button,
            IconButton("chevron-right", _("Day after"), partial(self._day_moved, 1), keys="Alt+Right"), self.window_choice,
        ):  # fmt: skip
            self.tools.add(each)
        lines = self.column(2)
        self.count = ElidedLabel("", tone="muted")
        lines.addWidget(self.count)
        middle = row(None, 4)
        middle.addWidget(self.table, 1)
        side = QWidget()
        side.setFixedWidth(theme.size(330))
        column(side, 0).addWidget(self.card)
        middle.addWidget(side)
        lines.addLayout(middle, 1)

    def _connect(self) -> None:
        self.table.passes = self._key
        self.table.row_changed.connect(self._row_changed)
        self.card.asked.connect(self._asked)
        self.card.reason_done.connect(self._reason_given)
        self.card.checker_chosen.connect(self._checker_chosen)
        self.clock = QTimer(self, interval=60_000)
        self.clock.timeout.connect(lambda: self.reload() if self.isVisible() and self.waiting == "" else None)
        self.clock.start()

    def _reset(self) -> None:
        """Forget what was checked: every dose begins with the child."""
        self.identified, self.checker, self.waiting = False, "", ""
        self.problem, self.asks, self.reason = "", False, ""

    # --- what is shown ---

    def reload(self) -> None:
        with self.app.read() as work:
            self.units = units_of(work)
            if self.unit_id not in dict(self.units):
                self.unit_id = self.units[0][0] if self.units else ""
            since, until = self._window()
            lines = round_lines(work, self.unit_id, since, until) if self.unit_id else []
            self.people = staff_of(work, self.unit_id) if self.unit_id else []
        self._show([line for line in lines if self._wanted(line)])

    def _window(self) -> tuple[datetime, datetime]:
        if self.window_key == NOW:
            return self.app.now() - BEFORE, self.app.now() + AFTER
        return self.shift.starts, self.shift.ends

    def _wanted(self, line: RoundLine) -> bool:
        """Now shows what is open, and what was given within the last two hours."""
        if self.window_key != NOW or not line.outcome or line.due_at is None:
            return True
        return (line.given_at or line.due_at) >= self.app.now() - timedelta(hours=2)

    def open(self, **target: Any) -> None:
        """Go to a unit, a shift or a child."""
        self._child_wanted = target.get("child_id", "")
        if self._child_wanted:
            with self.app.read() as work:
                self.unit_id = unit_of_child(work, self._child_wanted) or self.unit_id
        self.unit_id = target.get("unit_id") or self.unit_id
        if target.get("day"):
            self.window_key = target.get("shift") or self.shift.code
            self.shift = shift_of(target["day"], self.window_key)
        self.reload()

    def place(self) -> dict[str, Any]:
        return {"unit_id": self.unit_id}

    def _show(self, lines: list[RoundLine]) -> None:
        current = self.current()
        key = (current.order_id, current.due_at) if current else None
        self.model.show(lines, self.app.now())
        self.unit_button.setText(dict(self.units).get(self.unit_id, _("Unit")))
        self.day_button.setText(self.shift.day.isoformat())
        self.window_choice.set_value(self.window_key)
        self._say()
        place = next((i for i, line in enumerate(lines) if (line.order_id, line.due_at) == key), -1)
        if self._child_wanted:
            place = next(
                (i for i, line in enumerate(lines) if line.child_id == self._child_wanted and not line.outcome), place
            )
            self._child_wanted = ""
        if place < 0:
            place = self._first_open(0)
        if lines and place != self.table.currentIndex().row():
            self.table.setCurrentIndex(self.model.index(place, 0))
        self._show_card()

    def _say(self) -> None:
        now = self.app.now()
        due = [
            line
            for line in self.model.lines
            if line.due_at and not line.outcome and not line.where and line.due_at <= now + AFTER
        ]
        late = sum(1 for line in due if line.overdue(now))
        said = [ngettext("{n} dose to give", "{n} doses to give", len(due)).format(n=len(due))]
        if late:
            said.append(ngettext("{n} dose overdue", "{n} doses overdue", late).format(n=late))
        since, until = self._window()
        self.count.setText(" · ".join([*said, f"{since:%H:%M}–{until:%H:%M}"]))

    def _show_card(self) -> None:
        self.card.show_line(
            self.current(), self.app.now(), identified=self.identified, problem=self.problem, asks=self.asks,
            may_write=self.app.may("create", Dose), checker=self.checker, checkers=self._checkers(),
        )  # fmt: skip

    def _checkers(self) -> list[tuple[str, str]]:
        return [each for each in self.people if each[0] != self.app.actor.staff_id]

    # --- where we are ---

    def current(self) -> RoundLine | None:
        """Return the dose of the current row."""
        place = self.table.currentIndex().row()
        return self.model.lines[place] if 0 <= place < len(self.model.lines) else None

    def _first_open(self, start: int) -> int:
        lines = self.model.lines
        order = [*range(start, len(lines)), *range(start)]
        return next(
            (i for i in order if lines[i].due_at and not lines[i].outcome and not lines[i].where),
            max(start - 1, 0) if start else 0,
        )

    def _row_changed(self, place: int) -> None:
        self._reset()
        self._show_card()

    def _next(self) -> None:
        place = self._first_open(self.table.currentIndex().row() + 1)
        self._reset()
        self.table.setCurrentIndex(self.model.index(place, 0))
        self.table.setFocus()
        self._show_card()

    # --- keys ---

    def _key(self, event: QKeyEvent) -> bool:
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        line, text = self.current(), event.text().upper()
        if line is None:
            return False
        if event.key() == Qt.Key.Key_Escape:
            self._reset()
            self._show_card()
            return True
        if line.outcome:
            return self._recorded_key(line, event, text)
        if event.key() == Qt.Key.Key_Space:
            self._asked("identity")
        elif event.key() in ENTER:
            self._asked("given")
        elif text in KEYS and line.due_at is not None:
            self._asked(KEYS[text])
        elif text.isdigit() and text != "0" and line.double_check and self.identified and not self.checker:
            people = self._checkers()
            if int(text) <= len(people):
                self._checker_chosen(people[int(text) - 1][0])
        else:
            return False
        return True

    def _recorded_key(self, line: RoundLine, event: QKeyEvent, text: str) -> bool:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._asked("back")
            return True
        codes = EFFECTS.codes
        if text.isdigit() and 1 <= int(text) <= len(codes) and line.given_reason and not line.effect:
            self._asked(f"effect:{codes[int(text) - 1].code}")
            return True
        if event.key() in ENTER:
            self._next()
            return True
        return False

    # --- acting ---

    def _asked(self, what: str) -> None:
        """Do what a key or a button asks."""
        line = self.current()
        if line is None or not self.app.may("create", Dose) or (line.where and not line.outcome):
            return
        if what == "identity":
            self.identified = True
            self._show_card()
        elif what == "back":
            self._take_back(line)
        elif what.startswith("effect:"):
            self._effect(line, what.partition(":")[2])
        elif not self.identified:
            self._tell(_("First the child: press Space when it is the right one."))
        elif line.double_check and what in ("given", "repeated") and not self.checker:
            self._show_card()
        elif (what in ASK_REASON or line.due_at is None) and not self.reason:
            self._ask_reason(what)
        else:
            self._record(line, what)

    def _ask_reason(self, what: str) -> None:
        self.waiting = what
        self._show_card()
        question = _("Why is the medicine needed?") if what == "given" else _("Why?")
        self.card.ask_reason(question, self._give_up_reason)

    def _give_up_reason(self) -> None:
        self.waiting = ""
        self.table.setFocus()
        self._show_card()

    def _reason_given(self, text: str) -> None:
        line = self.current()
        self.reason = text
        self.table.setFocus()
        if line is not None:
            self._record(line, self.waiting)

    def _checker_chosen(self, staff_id: str) -> None:
        self.checker = staff_id
        self.table.setFocus()
        self._show_card()

    def _record(self, line: RoundLine, outcome: str) -> None:
        values: dict[str, Any] = {"reason": self.reason or None}
        if outcome in ("given", "repeated"):
            values["checker_id"] = self.checker or None
        try:
            with self.app.work() as work:
                made = record_dose(work, line.order_id, line.due_at, outcome, confirmed=self.asks, **values)
        except Unconfirmed as doubt:
            self.asks = True
            self._tell(str(doubt), asks=True)
        except Invalid as refusal:
            self.reload()
            self._tell(str(refusal))
        except Exception as error:
            self.app.show_error(error)
        else:
            words = _("{name}: {medicine} – {outcome}").format(
                name=line.child_name, medicine=line.medicine, outcome=OUTCOMES.label(outcome)
            )
            self.app.notify(words, partial(self._undo, made))
            self.waiting = ""
            self.reload()
            self._next()

    def _tell(self, words: str, *, asks: bool = False) -> None:
        self.problem, self.asks, self.waiting, self.reason = words, asks, "", self.reason if asks else ""
        self._show_card()

    def _take_back(self, line: RoundLine) -> None:
        self._undo(line.dose_id)

    def _undo(self, dose_id: str) -> None:
        try:
            with self.app.work() as work:
                take_back(work, dose_id)
        except Exception as error:
            self.app.show_error(error)
            return
        self._reset()
        self.reload()

    def _effect(self, line: RoundLine, effect: str) -> None:
        try:
            with self.app.work() as work:
                note_effect(work, line.dose_id, effect)
        except Exception as error:
            self.app.show_error(error)
            return
        self.reload()

    # --- unit and time ---

    def _unit_menu(self, menu: Menu) -> None:
        for unit_id, name in self.units:
            menu.add(name, partial(self._unit_chosen, unit_id), checked=unit_id == self.unit_id)

    def _unit_chosen(self, unit_id: str) -> None:
        self.app.settings.set("nursing.unit", unit_id)
        self.open(unit_id=unit_id)

    def _window_chosen(self, key: str) -> None:
        self.window_key = key
        if key == NOW:
            self.shift = shift_at(self.app.now())
        else:
            self.shift = shift_of(self.shift.day, key)
        self.reload()

    def _day_moved(self, days: int) -> None:
        code = self.shift.code if self.window_key == NOW else self.window_key
        self.window_key = code
        self.shift = shift_of(self.shift.day + timedelta(days=days), code)
        self.reload()

    def go_now(self) -> None:
        """Show what is due now."""
        self._window_chosen(NOW)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self.table, self.table.setFocus)
