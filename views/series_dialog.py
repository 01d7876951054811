"""Changing a series 修改系列: this session, this and the following, or all — every day judged before anything is changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

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
from ui.editors import Editor, editor_for, wrong_with
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import column, row
from views.therapy_look import weekday

if TYPE_CHECKING:
    from ui.tasks import Task

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
        self.body.addLayout(_labelled(self.scope.accessibleName(), self.scope))
        self.editors = {each.name: editor_for(each, app) for each in FIELDS}
        self.body.addLayout(self._line())
        self.told = PlainLabel("", "caption", wrap=True)
        self.body.addWidget(self.told)
        heads = (_("So far"), _("From now on"), _("Verdict"))
        self.table = RowsTable(heads, name=_("Change the series"), wrap=True)
        self.table.setMinimumHeight(theme.size(240))
        self.body.addWidget(self.table)
        self.button = self.offer(_("Change"), self.keep)
        self._asking: Task | None = None
        self.running = False
        self._soon = QTimer(self, interval=150, singleShot=True)
        self._soon.timeout.connect(self.judge)
        for each in (self.scope, *self.editors.values()):
            each.changed.connect(self._entered)
        self.judge()

    def _line(self) -> Any:
        line = row(None, 3)
        for each in FIELDS:
            line.addLayout(_labelled(each.title, self.editors[each.name]), 2 if each.kind == "reference" else 1)
        return line

    def edit(self) -> Edit:
        """Return what is to be otherwise."""
        given: dict[str, Any] = {name: _value(each) for name, each in self.editors.items()}
        if given["weekday"] is not None:
            given["weekday"] = int(given["weekday"]) - 1
        return Edit(**given)

    def _entered(self) -> None:
        """Judge anew in a moment; what was judged before is not what is wanted any more."""
        self.button.setEnabled(False)
        self._soon.start()

    def judge(self) -> None:
        """Ask beside the window what would become of every session."""
        self._soon.stop()
        self._drop()
        self.button.setEnabled(False)
        if wrong := self._wrong():
            self._none(wrong)
            return
        self.told.setText(_("Checking every day of the series…"))
        app, session_id, scope, edit = self.app, self.session_id, self.scope.value() or "this", self.edit()

        def ask(_progress: object, _cancelled: object) -> list[Edited]:
            with app.read() as work:
                return plan_edit(work, session_id, scope, edit)

        self._asking = app.tasks.run(ask, self._judged, self._unjudged)

    def _drop(self) -> None:
        """Forget what is asked: it was asked of another change."""
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None

    def _wrong(self) -> str:
        """Say what is wrong with the entries; a wrong one is not the same as one left empty."""
        wrong = {each.title: wrong_with(each, self.editors[each.name]) for each in FIELDS}
        for each in FIELDS:
            self.editors[each.name].mark("danger" if wrong[each.title] else "")
        said = _("{field}: {message}")
        return "\n".join(said.format(field=field, message=words) for field, words in wrong.items() if words)

    def _none(self, words: str) -> None:
        self.planned = ()
        self.table.show_rows([])
        self._say(words, "danger")
        self.button.setText(_("Change"))

    def _unjudged(self, error: Exception) -> None:
        self._none(str(error) if isinstance(error, Refused) else "")
        if not isinstance(error, Refused):
            self.app.show_error(error)

    def _judged(self, planned: list[Edited]) -> None:
        """Show the dry run: every session, where it was and would be, and what speaks against it."""
        self.planned = planned
        self.table.show_rows([_cells(each) for each in planned])
        asked = self.edit() != Edit()
        count = sum(each.possible for each in planned) if asked else 0
        self._say(_told(planned) if asked else _("Please say above what is to be otherwise."))
        self.button.setText(ngettext("Change {n} session", "Change {n} sessions", count).format(n=count))
        self.button.setEnabled(count > 0)

    def _say(self, words: str, tone: str = "") -> None:
        self.told.setText(words)
        self.told.set_tone(tone)

    def keep(self) -> None:
        """Change what was judged beside the window, all or nothing."""
        if not self.button.isEnabled():
            return
        app, planned = self.app, self.planned

        def work(_progress: object, _cancelled: object) -> Change:
            with app.work() as writing:
                return edit_series(writing, planned)

        self.running = True
        self.button.setEnabled(False)
        self.button.setText(_("Changing…"))
        app.tasks.run(work, self._kept, self._not_kept)

    def _kept(self, change: Change) -> None:
        self.running, self.change = False, change
        self.accept()

    def _not_kept(self, error: Exception) -> None:
        """Tell why, and judge anew what somebody else has changed meanwhile."""
        self.running = False
        self.app.show_error(error)
        self.judge()

    def reject(self) -> None:
        """Give up; what is being changed just now is not left halfway."""
        if self.running:
            return
        self._drop()
        super().reject()


def _told(planned: Sequence[Edited]) -> str:
    rest = sum(not each.possible for each in planned)
    if not rest:
        return _("Every session can be changed like this.")
    return ngettext("{n} session stays as it is.", "{n} sessions stay as they are.", rest).format(n=rest)


def _labelled(label: str, editor: Editor) -> Any:
    part = column(None, 1)
    part.addWidget(PlainLabel(label, "caption"))
    part.addWidget(editor)
    return part


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
