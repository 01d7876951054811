"""Shift hand-over 交接班: filled from the shift, counted against the register, signed by both sides."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QWidget

from models.care import HandOver, NursingRecord
from models.child import Child
from models.core import queries, records
from models.core.errors import Invalid, Unconfirmed
from models.core.fields import field_of
from models.handover import HandOverLine, hand_over_of, hand_overs, prefilled, sign_handing, sign_receiving
from models.nursing import units_of
from models.placement import Placement
from models.shifts import Shift, shift_at, shift_of, shifts_of
from resources import N_, _
from ui import papers
from ui.app import App
from ui.editors import Editor, editor_for
from ui.editors.typed import LongText
from ui.pages import Page, page
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.theme import space, theme
from ui.widgets import (
    Banner,
    Button,
    Card,
    Chip,
    EmptyState,
    IconButton,
    Menu,
    MenuButton,
    Scroll,
    Segmented,
    clear,
    column,
    row,
)
from views.handover_sign import SignDialog

HEADS = ("expected", "present", "out", "hospital")
TOLD = ("special", "unusual", "away", "treatment", "incidents", "equipment", "to_do")


@page("handover", N_("Shift hand-over"), area="care", icon="arrow-left-right", needs=("HandOver", "read"), order=20)
class HandOverPage(Page):
    """One unit's hand-over of one shift, and those before it."""

    reads: ClassVar[tuple[type, ...]] = (HandOver, NursingRecord, Child, Placement)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.units: list[tuple[str, str]] = []
        self.unit_id = str(app.settings.get("nursing.unit", ""))
        self.shift: Shift = shift_at(app.now())
        self.record_id: str | None = None
        self.values: dict[str, Any] = {}
        self.editors: dict[str, Editor] = {}
        self._lay_out()

    # --- building ---

    def _lay_out(self) -> None:
        self.unit_button = MenuButton(_("Unit"), self._unit_menu, "house", tip=_("Unit"))
        self.day_button = Button(
            self.shift.day.isoformat(), kind="quiet", on_click=self.go_now, tip=_("Back to the shift that runs now")
        )
        self.shift_choice = Segmented(
            [(each.code, each.label) for each in shifts_of(self.shift.day)], self._shift_chosen, name=_("Shift")
        )
        for each in (
            self.unit_button, IconButton("chevron-left", _("Day before"), partial(self._day_moved, -1), keys="Alt+Left"), self.day_button,
            IconButton("chevron-right", _("Day after"), partial(self._day_moved, 1), keys="Alt+Right"), self.shift_choice,
        ):  # fmt: skip
            self.tools.add(each)
        self.stack = QStackedWidget()
        whole = QWidget()
        line = row(whole, 5)
        line.addWidget(self._sheet(), 3)
        line.addWidget(self._side(), 2)
        self.stack.addWidget(whole)
        self.stack.addWidget(EmptyState("house", _("No unit"), _("A hand-over belongs to a unit in which you work.")))
        self.column(0).addWidget(self.stack, 1)

    def _sheet(self) -> QWidget:
        scroll = Scroll(3)
        scroll.body.addLayout(self._heads())
        for name in TOLD:
            meaning = field_of(HandOver, name)
            part = column(None, 1)
            label = PlainLabel(meaning.title, "strong")
            part.addWidget(label)
            editor = LongText(meaning, lines=(2, 8))
            editor.name(meaning.title)
            editor.changed.connect(self._typed)
            label.setBuddy(editor)
            part.addWidget(editor)
            scroll.body.addLayout(part)
            self.editors[name] = editor
        scroll.body.addStretch(1)
        return scroll

    def _heads(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(space(3))
        grid.setVerticalSpacing(space(1))
        for place, name in enumerate(HEADS):
            meaning = field_of(HandOver, name)
            grid.addWidget(PlainLabel(meaning.title, "caption", tone="muted"), 0, place)
            editor = editor_for(meaning, self.app)
            editor.changed.connect(self._typed)
            grid.addWidget(editor, 1, place)
            self.editors[name] = editor
        self.balance = Chip("")
        grid.addWidget(self.balance, 1, len(HEADS), Qt.AlignmentFlag.AlignVCenter)
        grid.setColumnStretch(len(HEADS), 1)
        return grid

    def _side(self) -> QWidget:
        holder = QWidget()
        lines = column(holder, 3)
        self.trouble = Banner("", "danger")
        self.trouble.hide()
        lines.addWidget(self.trouble)
        self.card = Card(_("Signatures"), gap=2)
        self.signs = column(None, 2)
        self.card.body.addLayout(self.signs)
        lines.addWidget(self.card)
        self.print_button = Button(_("Print"), "printer", "quiet", self.print, keys="Ctrl+P")
        self.card.tools.addWidget(self.print_button)
        lines.addWidget(PlainLabel(_("Earlier hand-overs"), "heading"))
        headings = (_("Shift"), _("Here"), _("Handing over"), _("Taking over"))
        self.earlier = RowsTable(headings, numeric=(1,), on_open=self._open_earlier, name=_("Earlier hand-overs"))
        self.earlier.narrowest = theme.size(64)
        lines.addWidget(self.earlier, 1)
        return holder

    # --- what is shown ---

    def reload(self) -> None:
        with self.app.read() as work:
            self.units = units_of(work)
            if self.unit_id not in dict(self.units):
                self.unit_id = self.units[0][0] if self.units else ""
            if not self.unit_id:
                self.stack.setCurrentIndex(1)
                return
            self.record_id = hand_over_of(work, self.unit_id, self.shift)
            self.values = (
                queries.values(work, HandOver, self.record_id)
                if self.record_id
                else prefilled(work, self.unit_id, self.shift)
            )
            self.lines = hand_overs(work, self.unit_id)
            self.names = queries.titles(
                work, "staff", [self.values.get("handed_by_id"), self.values.get("received_by_id")]
            )
        self.stack.setCurrentIndex(0)
        self._show()

    def open(self, **target: Any) -> None:
        """Go to a unit and shift."""
        self._keep()
        if target.get("day") and target.get("shift"):
            self.shift = shift_of(target["day"], target["shift"])
        self.unit_id = target.get("unit_id") or self.unit_id
        self.reload()

    def place(self) -> dict[str, Any]:
        return {"unit_id": self.unit_id, "day": self.shift.day, "shift": self.shift.code}

    def leave(self) -> bool:
        self._keep()
        return True

    def _draft_key(self) -> str:
        return f"handover:{self.unit_id}:{self.shift.day}:{self.shift.code}"

    def _show(self) -> None:
        kept = self.app.drafts.look(self._draft_key()) or {}
        signed = bool(self.values.get("received_at"))
        for name, editor in self.editors.items():
            editor.set_value(self.values.get(name))
            if name in kept and not signed:
                editor.set_typed(kept[name])
            editor.setEnabled(not signed and self.app.may("create", HandOver))
        self.unit_button.setText(dict(self.units).get(self.unit_id, _("Unit")))
        self.day_button.setText(self.shift.day.isoformat())
        self.shift_choice.set_value(self.shift.code)
        self.trouble.hide()
        self.print_button.setVisible(bool(self.record_id) and self.app.may("print", HandOver))
        self._balance()
        self._show_signs()
        self.earlier.show_rows([self._earlier_row(each) for each in self.lines])

    def _earlier_row(self, line: HandOverLine) -> tuple[str, ...]:
        shift = f"{line.day.isoformat()} {shift_of(line.day, line.shift).label}"
        return shift, f"{line.present}/{line.expected}", line.handed_by or "–", line.received_by or "–"

    def _balance(self) -> None:
        numbers = [self.editors[name].value() for name in HEADS]
        if None in numbers:
            self._say_balance(_("Please count"), "warning")
            return
        expected, *found = numbers
        missing = expected - sum(found)
        if missing:
            words = (
                _("{n} children missing").format(n=missing)
                if missing > 0
                else _("{n} children too many").format(n=-missing)
            )
            self._say_balance(words, "danger")
        else:
            self._say_balance(_("The count agrees"), "good")

    def _say_balance(self, words: str, tone: str) -> None:
        self.balance.setText(words)
        self.balance.set_tone(tone)

    # --- signatures ---

    def _show_signs(self) -> None:
        clear(self.signs)
        handed, received = self.values.get("handed_at"), self.values.get("received_at")
        self._sign_line(_("Handing over"), self.values.get("handed_by_id"), handed)
        self._sign_line(_("Taking over"), self.values.get("received_by_id"), received)
        if not self.app.may("create", HandOver) or received:
            return
        bar = row(None, 2)
        if handed is None:
            bar.addWidget(Button(_("Sign and hand over"), "pen-line", "primary", self.hand_over))
            bar.addWidget(Button(_("Save"), on_click=self.save, keys="Ctrl+S"))
            bar.addWidget(
                Button(
                    _("Fill anew"), "refresh-cw", "quiet", self.fill_anew, tip=_("Read the shift's records once more")
                )
            )
        else:
            own = self.values.get("handed_by_id") == self.app.actor.staff_id
            words = _("Colleague takes over") if own else _("Sign and take over")
            bar.addWidget(Button(words, "pen-line", "primary", self.ask_colleague if own else self.take_over))
            bar.addWidget(Button(_("Save the change"), on_click=self.save, keys="Ctrl+S"))
        bar.addStretch(1)
        self.signs.addLayout(bar)

    def _sign_line(self, what: str, staff_id: str | None, at: Any) -> None:
        line = row(None, 2)
        line.addWidget(PlainLabel(what, tone="muted"))
        line.addStretch(1)
        if at:
            line.addWidget(PlainLabel(self.names.get(staff_id or "", ""), "strong"))
            line.addWidget(PlainLabel(at.strftime("%m-%d %H:%M"), "caption", tone="muted"))
            line.addWidget(Chip(_("signed"), "good"))
        else:
            line.addWidget(Chip(_("not signed"), "warning"))
        self.signs.addLayout(line)

    def hand_over(self) -> None:
        """Save and sign as the one who hands over."""
        if self.save(quiet=True):
            self._sign(sign_handing, _("Signed. Now a colleague takes over."))

    def take_over(self) -> None:
        """Sign as the one who takes over."""
        self._sign(sign_receiving, _("You have taken over the shift."))

    def _sign(self, act: Any, words: str) -> None:
        try:
            with self.app.work() as work:
                act(work, self.record_id)
        except Invalid as refusal:
            self.trouble.tell(str(refusal), "danger")
            return
        except Exception as error:
            self.app.show_error(error)
            return
        self.reload()
        self.app.notify(words)

    def ask_colleague(self) -> None:
        """Let the colleague who takes over sign beside the one who hands over."""
        dialog = SignDialog(self.app, str(self.record_id), self.app.window_now())
        if dialog.exec():
            self.reload()
            self.app.notify(_("{name} has taken over the shift.").format(name=dialog.signed_by))
        dialog.deleteLater()

    # --- writing ---

    def _typed(self) -> None:
        self._balance()
        self.app.drafts.keep(self._draft_key(), {name: each.typed() for name, each in self.editors.items()})

    def _keep(self) -> None:
        self.app.drafts.flush()

    def save(self, *, quiet: bool = False) -> bool:  # type: ignore[override]  # the page's save, telling how it went
        """Save the hand-over; return whether it is saved."""
        values = {name: editor.value() for name, editor in self.editors.items()}
        base = {name: self.values[name] for name in ("unit_id", "day", "shift", "at")}
        for name in HEADS:
            self.editors[name].mark("")
        try:
            with self.app.work() as work:
                self.record_id = records.save(work, HandOver, {**base, **values}, id=self.record_id)
        except (Invalid, Unconfirmed) as refusal:
            for problem in refusal.problems:
                if problem.field in self.editors:
                    self.editors[problem.field].mark("danger")
            self.trouble.tell("\n".join(dict.fromkeys(problem.message for problem in refusal.problems)), "danger")
            return False
        except Exception as error:
            self.app.show_error(error)
            return False
        self.app.drafts.forget(self._draft_key())
        self.reload()
        if not quiet:
            self.app.notify(_("Hand-over saved."))
        return True

    def print(self) -> None:
        """Show the hand-over on paper."""
        if self.record_id:
            papers.show_record_paper(self.app, HandOver, self.record_id)

    def fill_anew(self) -> None:
        """Read the shift's records once more into the open fields; the head count stays as counted."""
        with self.app.read() as work:
            fresh = prefilled(work, self.unit_id, self.shift)
        before = {name: editor.typed() for name, editor in self.editors.items()}
        for name in TOLD:
            if fresh.get(name):
                self.editors[name].set_value(fresh[name])
        self._typed()
        self.app.notify(_("Filled from the records."), partial(self._put_back, before))

    def _put_back(self, before: dict[str, Any]) -> None:
        for name, typed in before.items():
            self.editors[name].set_typed(typed)
        self._typed()

    # --- unit, day, shift ---

    def _unit_menu(self, menu: Menu) -> None:
        for unit_id, name in self.units:
            menu.add(name, partial(self._unit_chosen, unit_id), checked=unit_id == self.unit_id)

    def _unit_chosen(self, unit_id: str) -> None:
        self.app.settings.set("nursing.unit", unit_id)
        self.open(unit_id=unit_id)

    def _shift_chosen(self, code: str) -> None:
        self.open(day=self.shift.day, shift=code)

    def _day_moved(self, days: int) -> None:
        day = self.shift.day + timedelta(days=days)
        if day <= self.app.today():
            self.open(day=day, shift=self.shift.code)

    def go_now(self) -> None:
        """Go back to the shift that runs now."""
        now = shift_at(self.app.now())
        self.open(day=now.day, shift=now.code)

    def _open_earlier(self, place: int) -> None:
        line = self.lines[place]
        self.open(day=line.day, shift=line.shift)
