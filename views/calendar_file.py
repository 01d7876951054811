"""Calendar file 日历文件: save a therapist's sessions for a telephone's calendar, children masked unless allowed and wished."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QFileDialog, QWidget

from models.core.errors import Refused, Unusable
from models.core.fields import Field
from models.core.files import write_whole
from models.papers import file_name
from models.person_name import masked_name
from models.scheduling.calendar_export import CalendarFile, may_export_names, therapist_calendar
from models.scheduling.recurrence import week_of
from models.scheduling.week import therapists
from resources import _, ngettext
from ui.app import App
from ui.dialog import Dialog
from ui.editors import CodeBox, DateEdit
from ui.text import PlainLabel

WEEKS = 8


class CalendarFileDialog(Dialog):
    """Whose sessions, from when until when, and how the children are called."""

    def __init__(self, app: App, staff_id: str, day: date, parent: QWidget | None = None) -> None:
        text = _("For the calendar of a telephone or another program. Take it anew after the week has changed: "
                 "every session keeps its mark, and cancelled ones are told as cancelled.")  # fmt: skip
        super().__init__(_("Calendar file (ICS)"), text, parent)
        self.app = app
        with app.read() as work:
            treating = staff_id != app.actor.staff_id or "therapist" in app.actor.roles
            self.people = dict(therapists(work, [staff_id] if treating else ()))
            self.may_name = may_export_names(work)
        self.person = CodeBox([(key, name, (name,)) for key, name in self.people.items()], required=True)
        self.person.set_value(staff_id if staff_id in self.people else next(iter(self.people), None))
        self.first, self.last = (
            DateEdit(Field(_("From"), "date"), app.now),
            DateEdit(Field(_("Until"), "date"), app.now),
        )
        self.first.set_value(week_of(day)[0])
        self.last.set_value(week_of(day)[-1] + timedelta(weeks=WEEKS))
        for label, editor in ((_("Therapist"), self.person), (_("From"), self.first), (_("Until"), self.last)):
            editor.name(label)
            self.body.addWidget(PlainLabel(label))
            self.body.addWidget(editor)
        self.wrong = PlainLabel("", "caption", tone="danger", wrap=True)
        self.wrong.hide()
        self.body.addWidget(self.wrong)
        self.named = QCheckBox(_("Whole names of the children (noted in the audit trail)"))
        self.named.setVisible(self.may_name)
        self.body.addWidget(self.named)
        masked = _("Children are written by a mask such as {example}; neither goals nor reasons nor notes are written.")
        masked = masked.format(example=masked_name("曾小乐", "2020-001"))
        self.body.addWidget(PlainLabel(masked, "caption", wrap=True))
        self.offer(_("Save…"), self.choose_file, icon="download")

    def choose_file(self) -> None:
        """Ask where to, and write the file."""
        problem = self._problem()
        self.wrong.setText(problem)
        self.wrong.setVisible(bool(problem))
        self.last.mark("danger" if problem else "")
        if problem:
            return
        offered = file_name(
            _("Therapy"), self.people.get(self.person.value(), ""), str(self.first.value()), ending="ics"
        )
        start = str(Path(self.app.settings.get("papers.folder", str(Path.home()))) / offered)
        name, _kind = QFileDialog.getSaveFileName(self, _("Save"), start, "iCalendar (*.ics)")
        if name:
            self.save_to(Path(name if name.lower().endswith(".ics") else name + ".ics"))

    def _problem(self) -> str:
        first, last = self.first.value(), self.last.value()
        if not self.person.value() or not first or not last:
            return _("Please fill in all three.")
        if last < first:
            return _("The end lies before the beginning.")
        return _("At most two years at a time.") if last - first > timedelta(days=731) else ""

    def save_to(self, file: Path) -> CalendarFile | None:
        """Write the chosen sessions to a file, whole or not at all."""
        try:
            with self.app.work() as work:
                made = therapist_calendar(
                    work, self.person.value(), self.first.value(), self.last.value(),
                    named=self.may_name and self.named.isChecked(),
                )  # fmt: skip
            write_whole(file, made.content)
        except Refused as refusal:
            self.app.show_error(refusal)
            return None
        except OSError:
            words = _(
                "The file could not be written: {file}. Close it if it is open elsewhere, or choose another place."
            )
            self.app.show_error(Unusable(words.format(file=file)))
            return None
        words = ngettext("{n} session saved: {file}", "{n} sessions saved: {file}", made.events)
        self.app.notify(words.format(n=made.events, file=file.name))
        self.accept()
        return made
