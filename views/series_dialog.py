"""Changing a series 修改系列: this session, this and the following, or all — every day judged before anything is changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from models.core.errors import Refused
from models.core.fields import Field
from models.scheduling.change import Change
from models.scheduling.occupancy import span
from models.scheduling.series_edit import SCOPES, Edit, Edited, edit_series, plan_edit
from models.scheduling.week import Block
from models.staff import WEEKDAYS
from resources import N_, _, ngettext
from ui.app import App
from ui.dialog import Dialog
from ui.editors import Editor, editor_for
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import column, row
from views.therapy_look import weekday

FIELDS = (
    Field(N_("Begins at"), "time", name="begins"),
    Field(N_("Length"), "integer", name="minutes", unit=N_("min"), minimum=5, maximum=240),
    Field(N_("Weekday"), "code", name="weekday", codes=WEEKDAYS),
    Field(N_("Therapist"), "reference", name="therapist_id", target="staff"),
    Field(N_("Room"), "reference", name="room_id", target="room"),
)


class SeriesDialog(Dialog):
    """What is to be otherwise, how far, and what would become of each day; ``change`` is what was done."""

    def __init__(self, app: App, block: Block, parent: QWidget | None = None) -> None:
        text = _("What is left empty stays as it is. Attended and locked sessions are never changed.")
        super().__init__(_("Change the series"), text, parent, width=880)
        self.app, self.session_id = app, block.members[0].session_id
        self.planned: Sequence[Edited] = ()
        self.change: Change | None = None
        self.scope = editor_for(Field(N_("How far"), "code", codes=SCOPES, required=True), app)
        self.scope.set_value("following" if block.series_id else "this")
        self.scope.setEnabled(bool(block.series_id))
        self.body.addWidget(self.scope)
        self.editors = {each.name: editor_for(each, app) for each in FIELDS}
        self.body.addLayout(self._line())
        self.told = PlainLabel("", "caption", wrap=True)
        self.body.addWidget(self.told)
        self.table = RowsTable((_("So far"), _("From now on"), _("Verdict")), name=_("Change the series"))
        self.table.setMinimumHeight(theme.size(240))
        self.body.addWidget(self.table)
        self.button = self.offer(_("Change"), self.keep)
        self._soon = QTimer(self, interval=150, singleShot=True)
        self._soon.timeout.connect(self.judge)
        for each in (self.scope, *self.editors.values()):
            each.changed.connect(self._soon.start)
        self.judge()

    def _line(self) -> Any:
        line = row(None, 3)
        for each in FIELDS:
            part = column(None, 1)
            part.addWidget(PlainLabel(each.title, "caption"))
            part.addWidget(self.editors[each.name])
            line.addLayout(part, 2 if each.kind == "reference" else 1)
        return line

    def edit(self) -> Edit:
        """Return what is to be otherwise."""
        given: dict[str, Any] = {name: _value(each) for name, each in self.editors.items()}
        if given["weekday"] is not None:
            given["weekday"] = int(given["weekday"]) - 1
        return Edit(**given)

    def judge(self) -> None:
        """Show the dry run: every session, where it was and would be, and what speaks against it."""
        edit = self.edit()
        try:
            with self.app.read() as work:
                self.planned = plan_edit(work, self.session_id, self.scope.value() or "this", edit)
        except Refused as refusal:
            self.planned = ()
            self.told.setText(str(refusal))
        self.table.show_rows([_cells(each) for each in self.planned])
        count = sum(each.possible for each in self.planned) if edit != Edit() else 0
        rest = len(self.planned) - sum(each.possible for each in self.planned)
        if self.planned:
            stay = ngettext("{n} session stays as it is.", "{n} sessions stay as they are.", rest).format(n=rest)
            self.told.setText(stay if rest else _("Every session can be changed like this."))
        self.button.setText(ngettext("Change {n} session", "Change {n} sessions", count).format(n=count))
        self.button.setEnabled(count > 0)

    def keep(self) -> None:
        """Change what was judged, all or nothing; what somebody else changed meanwhile is judged anew."""
        try:
            with self.app.work() as work:
                self.change = edit_series(work, self.planned)
        except Refused as refusal:
            self.app.show_error(refusal)
            self.judge()
            return
        self.accept()


def _value(editor: Editor) -> Any:
    return None if editor.problem() else editor.value()


def _cells(each: Edited) -> tuple[str, str, str]:
    was = f"{each.was:%Y-%m-%d} {weekday(each.was.date())} {each.was:%H:%M}"
    will = f"{each.day:%Y-%m-%d} {weekday(each.day)} {span(each.values['starts_at'], each.values['ends_at'])}"
    if each.skipped:
        return was, was, each.skipped
    if each.impossible:
        return was, was, _("Not possible: {why}").format(why=each.impossible[0].words)
    return was, will, each.conflicts[0].words if each.conflicts else _("Free")
