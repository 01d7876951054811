"""Taking a client in 接收服务对象: the child and the agreement with the family on one sheet, saved together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog

from models.age import months_later
from models.child import Child
from models.core.database import problem_with
from models.core.errors import Invalid, Problem, Refused
from models.core.fields import field_of
from models.core.record import Record
from models.outreach import ServiceAgreement
from models.outreach_clients import take_in
from resources import _
from ui.dialog import Dialog
from ui.problem_box import ProblemBox
from ui.record_form import RecordForm
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import Scroll
from views.short_form import fields_named

if TYPE_CHECKING:
    from ui.app import App

CHILD = ("name", "sex", "born_on", "disabilities", "disability_grade")
AGREEMENT = (
    "guardian", "relation", "telephone", "address", "starts_on", "ends_on", "therapies", "sessions_a_week", "funding",
    "fee", "lead_id", "consent_on", "consent",
)  # fmt: skip


class TakeInDialog(Dialog):
    """Two short forms and one button; what is wrong stands beside its field."""

    def __init__(self, app: App) -> None:
        text = _("The client gets a file of the rehabilitation department only, apart from the residents.")
        super().__init__(_("Take in a client"), text, app.window_now(), width=760)
        self.app, self.client_id = app, ""
        self.child = RecordForm(app, Child, fields=fields_named(Child, CHILD, flat=True))
        self.agreement = RecordForm(app, ServiceAgreement, fields=fields_named(ServiceAgreement, AGREEMENT, flat=True))
        self.problems = ProblemBox(self._label_of)
        self.problems.go_to.connect(self._go_to)
        self.problems.confirmed.connect(lambda: self.save(confirmed=True))
        sheet = Scroll(3)
        for each in (
            self.problems, PlainLabel(_("Child"), "heading"), self.child,
            PlainLabel(_("Service agreement"), "heading"), self.agreement,
        ):  # fmt: skip
            sheet.body.addWidget(each)
        sheet.body.addStretch(1)
        self.body.addWidget(sheet, 1)
        self.offer(_("Take in"), self.save)
        QShortcut(QKeySequence("Ctrl+S"), self, self.save)
        today = app.today()
        self.child.load({})
        self.agreement.load({"starts_on": today, "ends_on": months_later(today, 12), "funding": "free"})
        room = self.screen().availableGeometry().height() - theme.size(80)
        self.resize(self.minimumWidth(), min(theme.size(760), room))
        self.child.focus_first()

    def save(self, *, confirmed: bool = False) -> None:
        """Save child and agreement together, or show what is wrong."""
        for form in (self.child, self.agreement):
            form.settle()
        unread = [*self.child.unread(), *self.agreement.unread()]
        if wrong := unread or [*_wrong(Child, CHILD, self.child), *_wrong(ServiceAgreement, AGREEMENT, self.agreement)]:
            self._refuse(wrong)
            return
        try:
            with self.app.work() as work:
                made = take_in(work, self.child.values(), self.agreement.values(), confirmed=confirmed)
        except Invalid as refusal:
            self._refuse(list(refusal.problems))
        except Refused as refusal:
            self.app.show_error(refusal)
        else:
            self.client_id = made
            self.accept()

    def _refuse(self, problems: list[Problem]) -> None:
        self.problems.tell(problems)
        self.child.show_problems([each for each in problems if each.field in CHILD])
        self.agreement.show_problems([each for each in problems if each.field in AGREEMENT])

    def _go_to(self, name: str) -> None:
        (self.child if name in CHILD else self.agreement).go_to_field(name)

    def _label_of(self, name: str) -> str:
        kind = Child if name in CHILD else ServiceAgreement
        return field_of(kind, name).title if name in (*CHILD, *AGREEMENT) else ""


def _wrong(kind: type[Record], names: Sequence[str], form: RecordForm) -> Iterator[Problem]:
    """Yield what is missing or out of bounds on both sheets at once; saving would tell of the child's first."""
    values = form.values()
    for name in names:
        problem = problem_with(field_of(kind, name), values.get(name))
        if problem:
            yield problem


def take_in_client(app: App) -> str:
    """Ask for a new client and return the child's id; empty when given up."""
    dialog = TakeInDialog(app)
    done = dialog.exec() == QDialog.DialogCode.Accepted
    made = dialog.client_id if done else ""
    dialog.deleteLater()
    return made
