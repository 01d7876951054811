"""The session's panel 训练详情: one sitting beside the week — who came, what was worked on, how it went, signed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from models.core import records
from models.core.errors import Refused
from models.core.fields import field_of, words_of
from models.scheduling.occupancy import span
from models.scheduling.week import Block, Member, SessionSheet, session_sheet
from models.session_notes import Beside, beside
from models.staff import Staff
from models.therapies import REASONS, STATUSES, THERAPIES, TREATED
from models.therapy import TherapySession
from resources import _, ngettext
from ui.app import App
from ui.editors import Editor, LongText, ReferencePicker
from ui.text import ElidedLabel, PlainLabel
from ui.widgets import Button, Chip, IconButton, Menu, MenuButton, Scroll, StateChip, clear, column, row, rule
from views import session_beside
from views.goal_rows import GoalRow
from views.session_note import NoteSteps, ResponseRow, key_legend
from views.session_signing import SessionSigning
from views.therapy_look import weekday, who

if TYPE_CHECKING:
    from views.therapy_hands import WeekHands

STATUS_TONES = {
    "booked": "neutral", "done": "good", "late": "warning", "absent": "danger", "made_up": "good", "cancelled": "neutral",
}  # fmt: skip


class SessionPanel(SessionSigning):
    """One sitting; for a group one child at a time, chosen above."""

    def __init__(self, app: App, calendar: WeekHands) -> None:
        super().__init__()
        self.app, self.calendar = app, calendar
        self.block: Block | None = None
        self.session_id = ""
        self.sheet: SessionSheet | None = None
        self.beside: Beside | None = None
        self.steps: NoteSteps | None = None
        self._visited: set[str] = set()
        self._base: dict[str, Any] = {}
        self.may_edit = app.may("edit", TherapySession)
        self.setAccessibleName(_("Therapy session"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        lines = column(self, 2)
        lines.addLayout(self._head())
        self.sheet_area = Scroll(3)
        lines.addWidget(self.sheet_area, 1)
        self.foot = row(None, 2)
        lines.addLayout(self.foot)

    def _head(self) -> Any:
        head = column(None, 1)
        first = row(None, 1)
        self.title = ElidedLabel("", "heading")
        first.addWidget(self.title, 1)
        self.more = MenuButton("", self._menu, "ellipsis", "quiet", tip=_("More"))
        first.addWidget(self.more)
        first.addWidget(IconButton("x", _("Close"), self.calendar.close_side))
        head.addLayout(first)
        self.when = PlainLabel("", wrap=True)
        head.addWidget(self.when)
        self.where = PlainLabel("", tone="muted", wrap=True)
        head.addWidget(self.where)
        return head

    # --- showing ------------------------------------------------------------------------------------

    def show_block(self, block: Block) -> None:
        """Show a sitting, at the child that was shown before where it is the same."""
        self.keep()
        if self.block is None or block.key != self.block.key:
            self._visited = set()
        self.block = block
        known = [member.session_id for member in block.members]
        self.show_session(self.session_id if self.session_id in known else known[0])

    def refresh(self, block: Block) -> None:
        """Show the same sitting again after something changed; what is being typed stays."""
        same, self.block = block == self.block, block
        place = self.steps.at_now() if self.steps else -1
        if self._typed() == self._base and not (same and place >= 0):
            self.show_session(self.session_id)
            if self.steps and place >= 0:
                self.steps.go(place)

    def show_session(self, session_id: str) -> None:
        """Show one child's session of the sitting."""
        self.session_id = session_id
        with self.app.read() as work:
            self.sheet = session_sheet(work, session_id)
            self.beside = beside(work, session_id)
        self._fill()

    def _fill(self) -> None:
        assert self.block is not None and self.sheet is not None
        block, values = self.block, self.sheet.values
        self.title.setText(who(block) if len(block.members) == 1 else THERAPIES.label(block.therapy))
        day = block.starts_at.date()
        self.when.setText(
            f"{THERAPIES.label(block.therapy)}\n{day.isoformat()} {weekday(day)}  {span(block.starts_at, block.ends_at)}"
        )
        self.where.setText(_(" · ").join(filter(None, (block.therapist, block.room, block.equipment))))
        clear(self.sheet_area.body)
        self.rows: list[GoalRow] = []
        if len(block.members) > 1:
            self._members(block)
        self._risks()
        self._attendance(values)
        if values["status"] in (*TREATED, "booked"):
            self._work(values)
        self.sheet_area.body.addStretch(1)
        self._fill_foot(values)
        self._base = self._typed()

    def _members(self, block: Block) -> None:
        for member in block.members:
            line = row(None, 2)
            button = Button(member.name, kind="normal" if member.session_id == self.session_id else "quiet",
                            on_click=partial(self._switch, member))  # fmt: skip
            line.addWidget(button)
            line.addStretch(1)
            line.addWidget(Chip(STATUSES.label(member.status), STATUS_TONES[member.status]))
            self.sheet_area.body.addLayout(line)
        self.sheet_area.body.addWidget(rule())

    def _switch(self, member: Member) -> None:
        self.keep()
        self.show_session(member.session_id)

    def _risks(self) -> None:
        assert self.sheet is not None and self.beside is not None
        for banner in session_beside.warnings(self.sheet.risks, self.sheet.precautions, self.beside):
            self.sheet_area.body.addWidget(banner)

    def _attendance(self, values: dict[str, Any]) -> None:
        line = row(None, 2)
        line.addWidget(PlainLabel(_("Attendance"), "strong"))
        line.addWidget(Chip(STATUSES.label(values["status"]), STATUS_TONES[values["status"]]))
        if values["state"] not in ("draft",):
            line.addWidget(StateChip(values["state"]))
        line.addStretch(1)
        self.sheet_area.body.addLayout(line)
        said = [REASONS.label(values["reason"]), values["attendance_note"] or ""]
        if values["minutes_missed"]:
            said.append(_("{n} min missed").format(n=values["minutes_missed"]))
        if any(said):
            self.sheet_area.body.addWidget(PlainLabel(_(" · ").join(filter(None, said)), tone="muted", wrap=True))
        if self._open and self.may_edit:
            self.sheet_area.body.addLayout(self._attendance_buttons(values["status"]))

    def _attendance_buttons(self, status: str) -> Any:
        line = row(None, 1)
        self.buttons: dict[str, QPushButton] = {}
        for code, words, act in (
            ("done", _("Done"), self.done),
            ("late", _("Late"), partial(self._ask, "late")),
            ("absent", _("Absent"), partial(self._ask, "absent")),
        ):
            kind = "primary" if code == "done" and status == "booked" else "normal"
            button = Button(words, kind=kind, on_click=act)
            button.setEnabled(status != code and self._begun)
            self.buttons[code] = button
            line.addWidget(button, 1)
        return line

    @property
    def _open(self) -> bool:
        """Whether the session may still be changed in place."""
        return self.sheet is not None and self.sheet.values["state"] in ("draft", "returned")

    @property
    def _begun(self) -> bool:
        return self.sheet is not None and self.sheet.values["starts_at"] <= self.app.now()

    def _work(self, values: dict[str, Any]) -> None:
        assert self.sheet is not None
        body = self.sheet_area.body
        assert self.beside is not None
        for widget in (
            session_beside.practice(self.beside),
            session_beside.last_time(self.beside.last, self.sheet.goals),
        ):
            if widget is not None:
                body.addWidget(widget)
        head = row(None, 1)
        head.addWidget(PlainLabel(_("Goals worked on"), "strong"))
        head.addStretch(1)
        if self._editable and self.beside.last is not None:
            head.addWidget(Button(_("As last time"), "copy", "quiet", self.as_last_time, tip="L"))
        body.addLayout(head)
        if self._editable and self.sheet.goals:
            body.addWidget(key_legend())
        if not self.sheet.goals:
            body.addWidget(PlainLabel(_("The child has no plan in force."), tone="muted", wrap=True))
        chosen, notes = set(values["goals"] or ()), values["goal_notes"] or {}
        for goal in self.sheet.goals:
            if not self._editable and goal.id not in chosen:
                continue
            line = GoalRow(goal, goal.id in chosen, notes.get(goal.id) or {}, editable=self._editable)
            self.rows.append(line)
            body.addWidget(line)
        self._fold(values)
        if self._editable:
            self._editors(values)
        else:
            self._said(values)

    def _fold(self, values: dict[str, Any]) -> None:
        """Keep the goals of other therapies out of the way until they are asked for."""
        others = [
            line for line in self.rows if line.goal.therapy not in (None, values["therapy"]) and not line.worked_on()
        ]
        if not self._editable or len(others) == len(self.rows) or not others:
            return
        words = ngettext("{n} goal of other therapies", "{n} goals of other therapies", len(others))
        more = Button(words.format(n=len(others)), "chevron-down", "link", lambda: self._unfold(more, others))
        self.sheet_area.body.addWidget(more)
        for line in others:
            line.setProperty("folded", True)
            line.hide()

    def _unfold(self, more: QWidget, others: Sequence[GoalRow]) -> None:
        more.hide()
        for line in others:
            line.setProperty("folded", False)
            line.show()

    def _editors(self, values: dict[str, Any]) -> None:
        response = ResponseRow()
        self.response = response.box
        self.response.set_value(values["response"])
        self.sheet_area.body.addWidget(response)
        self.result = LongText(field_of(TherapySession, "result"), lines=(2, 6))
        self.note = LongText(field_of(TherapySession, "note"), lines=(2, 4))
        self.witness = ReferencePicker(self.app, Staff)
        editors: dict[str, Editor] = {"result": self.result, "note": self.note, "witness_id": self.witness}
        self._response_row = response
        for name, editor in editors.items():
            label = field_of(TherapySession, name).title
            editor.name(label)
            editor.set_value(values[name])
            self.sheet_area.body.addWidget(PlainLabel(label, "strong"))
            self.sheet_area.body.addWidget(editor)

    def _said(self, values: dict[str, Any]) -> None:
        """What was noted in a session that is signed already, to be read."""
        for name in ("response", "result", "note"):
            meaning = field_of(TherapySession, name)
            if values[name]:
                self.sheet_area.body.addWidget(PlainLabel(meaning.title, "strong"))
                words = words_of(meaning, values[name])
                self.sheet_area.body.addWidget(PlainLabel(words, wrap=True, selectable=True))

    @property
    def _editable(self) -> bool:
        return self._open and self.may_edit

    def _fill_foot(self, values: dict[str, Any]) -> None:
        clear(self.foot)
        self.steps = None
        if not self._editable:
            return
        self.foot.addWidget(Button(_("Save"), "save", on_click=self.save))
        self.foot.addStretch(1)
        sign = None
        if values["status"] != "booked" or self._begun:
            words = _("Sign") if values["status"] != "booked" else _("Done and sign")
            sign = Button(words, "pen-line", "primary", self.finish, tip=_("Signs and goes on to the next session"))
            self.foot.addWidget(sign)
        if values["status"] in (*TREATED, "booked"):
            self.steps = NoteSteps(
                self.rows, self._response_row, sign, finish=self.finish, as_last_time=self.as_last_time,
                leave=self.setFocus, parent=self,
            )  # fmt: skip

    def _menu(self, menu: Menu) -> None:
        assert self.sheet is not None
        values = self.sheet.values
        menu.add(_("Child's file"), lambda: self.app.open_child(values["child_id"], "rehabilitation"), "user-round")
        menu.add(_("Whole record"), lambda: self.app.open_record(TherapySession, self.session_id), "file-text")
        if not self._editable:
            return
        menu.addSeparator()
        if values["status"] == "absent":
            menu.add(_("Book a make-up"), self._make_up, "calendar-plus")
        if values["status"] in ("booked", "absent"):
            menu.add(_("Cancel session…"), self.cancel, "calendar-x", keys="C")
            if values["series_id"]:
                menu.add(_("Cancel this and all later of the series…"), self.cancel_series, "calendar-x")

    # --- keeping what is typed ----------------------------------------------------------------------

    def _typed(self) -> dict[str, Any]:
        if self.sheet is None or not self._editable or self.sheet.values["status"] not in (*TREATED, "booked"):
            return {}
        notes = {line.goal.id: line.note() for line in self.rows if line.note()}
        chosen = [line.goal.id for line in self.rows if line.worked_on()]
        return {
            "goals": chosen or None, "goal_notes": notes or None, "response": self.response.value(),
            "result": self.result.value() or None, "note": self.note.value() or None, "witness_id": self.witness.value(),
        }  # fmt: skip

    def keep(self) -> None:
        """Save what was typed, when something was."""
        if self.sheet is not None and self._editable and self._typed() != self._base:
            self.save()

    def save(self) -> None:
        """Save what was worked on and how it went."""
        if self.sheet is None or not self._editable:
            return
        typed, base = self._typed(), self._base
        version = self.sheet.values["version"]
        try:
            with self.app.work() as work:
                records.save(
                    work, TherapySession, typed, id=self.session_id, version=version, base=base, confirmed=True
                )
        except Refused as refusal:
            self.app.show_error(refusal)
            return
        self._base = typed
        with self.app.read() as work:
            self.sheet = session_sheet(work, self.session_id)
