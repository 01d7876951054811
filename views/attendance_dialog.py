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
from ui.editors import CodeBox, LongText, NumberEdit
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
        for label, editor in (*rows, (field_of(TherapySession, "attendance_note").title, self.text)):
            editor.name(label)
            self.body.addWidget(PlainLabel(label))
            self.body.addWidget(editor)
        self.wrong = PlainLabel("", "caption", tone="danger", wrap=True)
        self.wrong.hide()
        self.body.addWidget(self.wrong)
        self.offer(_("Record"), self._accept, "danger" if status == "cancelled" else "primary")
        rows[0][1].setFocus()

    def _accept(self) -> None:
        problem = self._problem()
        self.wrong.setText(problem.message if problem else "")
        self.wrong.setVisible(problem is not None)
        if problem is None:
            self.accept()

    def _problem(self) -> Problem | None:
        if self.status == "late" and not self.minutes.value():
            return Problem("minutes_missed", _("How many minutes were missed?"))
        if self.status != "late" and not self.reason.value():
            return Problem("reason", _("Please give the reason."))
        return None

    def attendance(self) -> Attendance:
        """Return what was entered."""
        minutes = self.minutes.value() if self.status == "late" else None
        return Attendance(self.status, self.reason.value(), minutes, self.text.value() or None)
