"""Record panel 记录面板: one record from beginning to end — read, fill in, save, pass on, correct, look back.

    panel = RecordPanel(app, Visit)
    panel.begin({"child_id": child_id})      # or panel.open(record_id)
    panel.saved.connect(list.reload)

Nothing typed is lost: it is drafted within two seconds, kept when saving is refused, and asked about on leaving.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QWidget

from models.core import queries, records, titles
from models.core.errors import Changed, Invalid
from models.core.fields import field_of
from models.core.record import Record, new_id, record_type
from resources import _
from ui import dialogs
from ui.drafting import Drafting
from ui.history import HistoryPanel
from ui.problem_box import ProblemBox
from ui.record_acts import RecordActs
from ui.record_form import RecordForm, form_fields
from ui.record_head import RecordHead, Standing, standing_of
from ui.saving import tell_saved
from ui.section_rail import SectionRail
from ui.text import PlainLabel
from ui.theme import space
from ui.widgets import Button, Scroll, clear, column, row, rule

if TYPE_CHECKING:
    from ui.app import App


class RecordPanel(QWidget):
    """One record: head, form, history and the buttons to save it."""

    saved = Signal(str)
    """A record was saved or moved on; carries its id."""
    done = Signal()
    """The person is through with the record."""

    def __init__(self, app: App, kind: type[Record], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.app, self.kind = app, kind
        self.record_id, self.standing = new_id(), Standing()
        self.base: dict[str, Any] = {}
        self.new = True
        self.form = RecordForm(app, kind, fields=())
        self.head = RecordHead(app, kind, self.act)
        self.problems = ProblemBox(self._label_of)
        self.history = HistoryPanel(app, kind)
        self.drafting = Drafting(app, self.form, self)
        self.acts = RecordActs(app, kind, self)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        whole = column(self, 0)
        top = column(None, 2)
        top.setContentsMargins(space(5), space(4), space(5), space(3))
        for each in (self.head, self.drafting.banner, self.problems):
            top.addWidget(each)
        whole.addLayout(top)
        whole.addWidget(rule())
        self.page = Scroll()
        self.page.body.setContentsMargins(space(5), space(4), space(5), space(5))
        self.page.body.addWidget(self.form)
        self.page.body.addWidget(self.history)
        self.page.body.addStretch(1)
        self.rail = SectionRail(self.page)
        middle = row(None, 0)
        middle.addWidget(self.rail)
        middle.addWidget(self.page, 1)
        whole.addLayout(middle, 1)
        whole.addWidget(rule())
        self.foot = row(None, 2)
        self.foot.setContentsMargins(space(5), space(3), space(5), space(3))
        whole.addLayout(self.foot)

    def _connect(self) -> None:
        self.problems.go_to.connect(lambda name: self.form.go_to_field(name))
        self.problems.confirmed.connect(lambda: self.save(confirmed=True))
        self.acts.moved.connect(self._moved)
        self.acts.corrected.connect(self._corrected)
        self.acts.binned.connect(self._binned)
        self.acts.refused.connect(self._refuse)
        for keys, act in (("Ctrl+E", self.edit), ("Ctrl+P", self.print)):
            shortcut = QShortcut(QKeySequence(keys), self, act)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # --- showing ---

    def begin(self, defaults: dict[str, Any] | None = None) -> None:
        """Begin a new record; what is given as ``child_id`` cannot be changed here."""
        self.record_id, self.new, self.standing = new_id(), True, Standing(values={})
        self.base = {}
        values = dict(defaults or {})
        fixed = {"child_id"} if values.get("child_id") else set()
        self._replace_form(read_only=False, fixed=fixed)
        self._load(values)
        self.head.show_new(self._child_name(values.get("child_id")) if fixed else "")
        self.history.hide()
        self.problems.hide()
        self._show_foot(editing=True)
        self.drafting.start(f"{self.kind.__name__}/new/{values.get('child_id') or ''}")
        QTimer.singleShot(0, self.form, self.form.focus_first)

    def open(self, record_id: str, *, edit: bool | None = None) -> None:
        """Show a record; an unfinished one of one's own opens for editing.

        Raises:
            Missing: when it is not there, or not for this person.
        """
        self.standing = standing_of(self.app, self.kind, record_id)
        self.record_id, self.new, self.base = record_id, False, dict(self.standing.values)
        unfinished = self.standing.state in {"draft", "returned"}
        self._show_form(editing=self.standing.may_edit and (unfinished if edit is None else edit))

    def edit(self) -> None:
        """Fill in instead of read."""
        if not self.new and self.form.read_only and self.standing.may_edit:
            self._show_form(editing=True)
            self.form.focus_first()

    def _show_form(self, *, editing: bool) -> None:
        fixed = {"child_id"} if self.base.get("child_id") else set()
        self._replace_form(read_only=not editing, fixed=fixed)
        self._load(self.base)
        self.head.show_record(self.standing, editing=editing)
        self.history.forget(self.record_id)
        self.problems.hide()
        self._show_foot(editing=editing)
        if editing:
            self.drafting.start(f"{self.kind.__name__}/{self.record_id}")
        else:
            self.drafting.stop()

    def _replace_form(self, *, read_only: bool, fixed: set[str]) -> None:
        old = self.form
        # The child of a record stands in its head and does not change any more.
        fields = [meaning for meaning in form_fields(self.kind) if meaning.name not in fixed]
        self.form = RecordForm(self.app, self.kind, fields=fields, fixed=fixed, read_only=read_only)
        self.page.body.replaceWidget(old, self.form)
        self.drafting.watch(self.form)
        old.hide()
        old.deleteLater()

    def _load(self, values: dict[str, Any]) -> None:
        self.form.load(values)
        self.rail.watch(self.form)
        self.rail.fit(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.rail.fit(event.size().width())

    def _show_foot(self, *, editing: bool) -> None:
        clear(self.foot)
        if not editing:
            self.foot.addStretch(1)
            self.foot.addWidget(Button(_("Close"), on_click=self.leave_and_go))
            if self.standing.may_edit:
                self.foot.addWidget(Button(_("Edit"), "pencil", "primary", self.edit, tip="Ctrl+E"))
            QTimer.singleShot(0, self, self._focus_foot)
            return
        self.foot.addWidget(PlainLabel(_("* must be filled in"), "caption"))
        self.foot.addStretch(1)
        self.foot.addWidget(Button(_("Cancel"), on_click=self.cancel))
        if self._goes_on_to_submit():
            self.foot.addWidget(Button(_("Save and submit"), "send", on_click=self.save_and_submit))
        self.foot.addWidget(Button(_("Save"), "save", "primary", self.save, tip="Ctrl+S"))

    def _focus_foot(self) -> None:
        last = self.foot.itemAt(self.foot.count() - 1)
        widget = last.widget() if last else None
        if widget is not None and self.form.read_only:
            widget.setFocus()

    def _goes_on_to_submit(self) -> bool:
        return self.kind.first_state == "draft" and (self.new or self.standing.state in {"draft", "returned"})

    def _child_name(self, child_id: str | None) -> str:
        if not child_id:
            return ""
        with self.app.read() as work:
            return titles.titles(work, record_type("Child"), [child_id]).get(child_id, "")

    def _label_of(self, name: str) -> str:
        try:
            return field_of(self.kind, name).title
        except KeyError:
            return ""

    # --- saving ---

    def save(self, *, confirmed: bool = False) -> bool:
        """Save what is typed; return whether it is saved now."""
        if self.form.read_only:
            return True
        self.form.settle()
        unread = self.form.unread()
        if unread:
            self._refuse(unread)
            return False
        return self._try_save(self.form.values(), confirmed)

    def _try_save(self, values: dict[str, Any], confirmed: bool) -> bool:
        version = None if self.new else self.base.get("version")
        try:
            with self.app.work() as work:
                records.save(
                    work, self.kind, values, id=self.record_id, version=version, base=self.base, confirmed=confirmed
                )
        except Invalid as refusal:
            self._refuse(refusal.problems)
        except Changed as refusal:
            return self._settle(refusal, values, confirmed)
        except Exception as error:  # the presenter says what happened; the typing stays where it is
            self.drafting.keep_now()
            self.app.show_error(error)
        else:
            self._was_saved()
            return True
        return False

    def _refuse(self, problems: Any) -> None:
        self.problems.tell(list(problems))
        self.form.show_problems(problems)
        wrong = {problem.field for problem in problems}
        self.rail.tell({meaning.section for meaning in self.form.fields if meaning.name in wrong})

    def _settle(self, refusal: Changed, values: dict[str, Any], confirmed: bool) -> bool:
        """Bring two people's changes together: theirs as the ground, mine upon it, and the choice for what both changed."""
        chosen = dialogs.settle_conflicts(self, self.app, self.kind, refusal) if refusal.conflicts else {}
        if chosen is None:
            return False
        with self.app.read() as work:
            current = queries.values(work, self.kind, self.record_id)
        mine = {name: value for name, value in values.items() if value != self.base.get(name)}
        self.base = current
        merged = {**current, **mine, **chosen}
        return self._try_save({name: merged[name] for name in values}, confirmed)

    def _was_saved(self) -> None:
        self.drafting.forget()
        self.app.notify(_("Saved."))
        self.saved.emit(self.record_id)
        self.open(self.record_id, edit=False)
        self.done.emit()
        tell_saved(self.app, self.kind, self.record_id)

    def save_and_submit(self) -> None:
        """Save, and pass the record on for review."""
        done = self.blockSignals(True)
        saved = self.save()
        self.blockSignals(done)
        if saved:
            self.act("submit")
            self.done.emit()

    # --- passing on ---

    def act(self, name: str) -> None:
        """Do what a button of the head asks for."""
        acts = {"edit": self.edit, "history": self.show_history, "print": self.print}
        if name in acts:
            acts[name]()
        else:
            self.acts.act(name, self.record_id, self._what())

    def _moved(self, record_id: str) -> None:
        self.saved.emit(record_id)
        self.open(record_id, edit=False)

    def _corrected(self, record_id: str) -> None:
        self.saved.emit(record_id)
        self.open(record_id, edit=True)

    def _binned(self) -> None:
        self.saved.emit(self.record_id)
        self.done.emit()

    def print(self) -> None:
        """Show the record's paper."""
        if not self.new:
            self.acts.act("print", self.record_id, self._what())

    def show_history(self) -> None:
        """Show what happened to this record."""
        self.history.toggle(self.record_id)
        QTimer.singleShot(0, self.history, lambda: self.page.ensureWidgetVisible(self.history))

    def _what(self) -> str:
        return " · ".join(each for each in (_(self.kind.title), self.standing.child or self.standing.title) if each)

    # --- leaving ---

    def is_changed(self) -> bool:
        """Whether something typed is not saved."""
        return not self.form.read_only and self.form.is_changed()

    def cancel(self) -> None:
        """Stop editing, asking only when something would be lost."""
        if not self.may_leave():
            return
        if self.new:
            self.done.emit()
        else:
            self._show_form(editing=False)

    def may_leave(self) -> bool:
        """Ask about unsaved typing; return whether the person may go."""
        if not self.is_changed():
            self.drafting.forget()
            return True
        answer = dialogs.ask_unsaved(self)
        if answer == dialogs.SAVE:
            return self.save()
        if answer == dialogs.DISCARD:
            self.drafting.forget()
            return True
        return False

    def leave_and_go(self) -> None:
        """Close the record, asking only when something would be lost."""
        if self.may_leave():
            self.done.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave_and_go()
            return
        super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ActivationChange:
            self.drafting.keep_now()
        super().changeEvent(event)
