"""Why a session failed 缺课原因: asked before it is recorded as missed, shortened or cancelled."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from models.core.errors import Problem
from models.core.fields import Field, field_of
from models.scheduling.booking import Attendance
from models.therapy import TherapySession
from resources import _, ngettext
from ui.app import App
from ui.dialog import Dialog
from ui.editors import CodeBox, Editor, LongText, NumberEdit, wrong_with
from ui.editors.choices import choices_of
from ui.text import PlainLabel


class AttendanceDialog(Dialog):
    """Ask why a session was missed, shortened or cancelled."""

    def __init__(self, app: App, status: str, parent: QWidget, count: int = 1) -> None:
        titles = {
            "late": _("Late or left early"),
            "absent": _("Absent"),
            "cancelled": ngettext("Cancel session", "Cancel {n} sessions", count).format(n=count),
        }
        super().__init__(titles[status], "", parent, width=380)
        self.status = status
        meaning = field_of(TherapySession, "reason")
        self.reason = CodeBox(choices_of(meaning.codes or ()), required=True)
        self.minutes = NumberEdit(field_of(TherapySession, "minutes_missed"), app.now)
        self.text = LongText(Field(field_of(TherapySession, "attendance_note").label, "long_text"), lines=(2, 4))
        rows: list[tuple[str, Any]] = [(meaning.title, self.reason)]
        if status == "late":
            rows = [(field_of(TherapySession, "minutes_missed").title, self.minutes), *rows]
        self.asked: dict[str, Editor] = {"minutes_missed": self.minutes, "reason": self.reason}
        for label, editor in (*rows, (field_of(TherapySession, "attendance_note").title, self.text)):
            editor.name(label)
            self.body.addWidget(PlainLabel(label))
            self.body.addWidget(editor)
        self.wrong = PlainLabel("", "caption", tone="danger", wrap=True)
        self.wrong.hide()
        self.offer(_("Record"), self._accept, "danger" if status == "cancelled" else "primary")
        rows[0][1].setFocus()

    def _accept(self) -> None:
        problem = self._problem()
        for name, editor in self.asked.items():
            editor.mark("danger" if problem and problem.field == name else "")
        if problem is None:
            self.accept()
            return
        concerned = self.asked[problem.field]
        self.body.insertWidget(self.body.indexOf(concerned) + 1, self.wrong)
        self.wrong.setText(problem.message)
        self.wrong.show()
        concerned.setFocus()

    def _problem(self) -> Problem | None:
        if self.status == "late" and (words := wrong_with(self.minutes.meaning, self.minutes)):
            return Problem("minutes_missed", words)
        if self.status == "late" and not self.minutes.value():
            return Problem("minutes_missed", _("How many minutes were missed?"))
        if self.status != "late" and not self.reason.value():
            return Problem("reason", _("Please give the reason."))
        return None

    def attendance(self) -> Attendance:
        """Return what was entered."""
        minutes = self.minutes.value() if self.status == "late" else None
        return Attendance(self.status, self.reason.value(), minutes, self.text.value() or None)
