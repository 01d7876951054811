"""Record head 记录抬头: what a record is, in which state, by whom and when, and what may be done with it next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from models.core import queries, records, titles
from models.core.fields import fields_of
from models.core.record import Record, record_type
from models.core.workflow import EDITABLE, Step
from resources import N_, _
from ui import papers
from ui.pages import AREAS
from ui.text import ElidedLabel, PlainLabel
from ui.theme import space
from ui.widgets import Banner, Button, Menu, MenuButton, StateChip, Symbol, area_tint, clear, column, row

if TYPE_CHECKING:
    from ui.app import App

CORRECTED_FROM = frozenset({"reviewed", "approved", "archived"})
_ICONS = {
    "submit": "send", "review": "check", "approve": "check-check", "archive": "archive", "return": "undo-2",
    "void": "circle-x", "withdraw": "circle-x",
}  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """Everything the head of a record shows, read in one go."""

    values: dict[str, Any] = field(default_factory=dict)
    title: str = ""
    child: str = ""
    steps: tuple[Step, ...] = ()
    may_edit: bool = True
    may_correct: bool = False
    may_bin: bool = False
    successor: str = ""

    @property
    def state(self) -> str:
        """The record's state, empty for a new one."""
        return str(self.values.get("state") or "")


def standing_of(app: App, kind: type[Record], record_id: str) -> Standing:
    """Read a record and what this person may do with it; that it was opened is noted when it is a child's."""
    with app.work() as work:
        values = queries.values(work, kind, record_id)
        child_id = values.get("child_id") or ""
        if child_id:
            work.record_event("opened", kind.__name__, record_id, child_id)
        child = titles.titles(work, record_type("Child"), [child_id]).get(child_id, "") if child_id else ""
        successors = queries.rows(work, kind, fields=(), where=[kind.supersedes_id == record_id], limit=1)
        steps = tuple(records.steps_for(work, kind, values["state"])) if not values["deleted_at"] else ()
    may_edit = app.may("edit", kind) and not values["deleted_at"]
    return Standing(
        values=values, title=_title(app, kind, record_id), child=child, steps=steps,
        may_edit=may_edit and values["state"] in EDITABLE,
        may_correct=app.may("create", kind) and values["state"] in CORRECTED_FROM and not successors,
        may_bin=may_edit and values["state"] in EDITABLE,
        successor=successors[0].id if successors else "",
    )  # fmt: skip


def _title(app: App, kind: type[Record], record_id: str) -> str:
    if kind.title_field not in {meaning.name for meaning in fields_of(kind)}:
        return ""
    with app.read() as work:
        return titles.titles(work, kind, [record_id]).get(record_id, "")


class RecordButtons(QWidget):
    """What may be done with a record that is read: its next steps as buttons, the rest in a menu.

    Args:
        act: called with ``correct``, ``bin``, ``print``, ``history`` or the name of a step.
    """

    def __init__(self, app: App, kind: type[Record], act: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.app, self.kind, self._act = app, kind, act
        self.line = row(self, 2)

    def show_acts(self, standing: Standing | None) -> None:
        """Offer what may be done with a record; nothing for none."""
        clear(self.line)
        if standing is not None:
            self._fill(standing)

    def _fill(self, standing: Standing) -> None:
        shown, hidden = _divided(standing.steps)
        for step in shown:
            self.line.addWidget(Button(_(step.label), _ICONS[step.name], on_click=partial(self._act, step.name)))
        self.line.addWidget(
            MenuButton("", lambda menu: self._more(menu, standing, hidden), "ellipsis", "quiet", tip=_("More"))
        )

    def _more(self, menu: Menu, standing: Standing, hidden: Sequence[Step]) -> None:
        if self.app.may("print", self.kind):
            menu.add(_("Print…"), lambda: self._act("print"), "printer", keys="Ctrl+P")
        for title, show in papers.offered_beside(self.app, self.kind, standing.values.get("id", "")):
            menu.add(_("Print: {what}").format(what=title), show, "printer")
        menu.add(_("History"), lambda: self._act("history"), "history")
        if standing.may_correct:
            menu.add(_("Correct by a new version…"), lambda: self._act("correct"), "file-plus")
        for step in hidden:
            menu.add(
                _("{step}…").format(step=_(step.label)) if step.reason else _(step.label),
                partial(self._act, step.name),
                _ICONS[step.name],
            )
        if standing.may_bin:
            menu.addSeparator()
            menu.add(_("Move to the bin"), lambda: self._act("bin"), "trash-2")


class RecordHead(QWidget):
    """The head above a record's form.

    Args:
        act: called with ``edit``, ``correct``, ``bin``, ``print``, ``history`` or the name of a step.
    """

    def __init__(self, app: App, kind: type[Record], act: Callable[[str], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.app, self.kind = app, kind
        whole = column(self, 1)
        top = row(None, 2)
        area = AREAS.get(kind.area)
        top.addWidget(Symbol(area.icon if area else "file-text", area_tint(kind.area), 22))
        self.title = ElidedLabel(_(kind.title), "title")
        top.addWidget(self.title, 1)
        self.chip = StateChip("")
        top.addWidget(self.chip)
        top.addSpacing(space(2))
        self.buttons = RecordButtons(app, kind, act)
        top.addWidget(self.buttons)
        whole.addLayout(top)
        self.line = row(None, 2)
        whole.addLayout(self.line)
        self.why = Banner("", "warning")
        self.why.hide()
        whole.addWidget(self.why)

    def show_new(self, child: str = "") -> None:
        """Head a record that is being begun."""
        self.title.setText(_("New: {what}").format(what=_(self.kind.title)))
        self.chip.set_state("")
        self.buttons.show_acts(None)
        self.why.hide()
        clear(self.line)
        if child:
            self.line.addWidget(PlainLabel(child, "strong"))
            self.line.addStretch(1)

    def show_record(self, standing: Standing, *, editing: bool = False) -> None:
        """Head a record that is there."""
        self.title.setText(_(self.kind.title) if standing.child else standing.title or _(self.kind.title))
        self.chip.set_state(standing.state if standing.state != "current" else "")
        clear(self.line)
        self._fill_line(standing)
        tell_reason(self.why, standing)
        self.buttons.show_acts(None if editing else standing)

    def _fill_line(self, standing: Standing) -> None:
        child_id = standing.values.get("child_id")
        if standing.child and child_id:
            link = Button(standing.child, kind="link", on_click=lambda: self.app.open_child(child_id))
            link.setProperty("flush", True)
            self.line.addWidget(link)
        elif standing.title:
            self.line.addWidget(PlainLabel(_(self.kind.title), "caption"))
        self.line.addWidget(ElidedLabel(who_and_when(standing.values), "caption"), 1)
        for words, record_id in (
            (_("Earlier version"), standing.values.get("supersedes_id")), (_("Newer version"), standing.successor),
        ):  # fmt: skip
            if record_id:
                self.line.addWidget(self._link(words, record_id))

    def _link(self, words: str, record_id: str) -> Button:
        return Button(words, "history", kind="link", on_click=lambda: self.app.open_record(self.kind, record_id))


def reason_of(standing: Standing) -> str:
    """Say why a record was returned, declared void or is being corrected: who goes on with it has to know."""
    words = {"returned": N_("Returned because: {reason}"), "void": N_("Void because: {reason}")}
    if standing.values.get("supersedes_id"):
        words["draft"] = N_("Corrected because: {reason}")
    reason = standing.values.get("state_reason")
    return _(words[standing.state]).format(reason=reason) if reason and standing.state in words else ""


def tell_reason(banner: Banner, standing: Standing) -> None:
    """Show the reason for the state of a record, where there is one."""
    reason = reason_of(standing)
    banner.setVisible(bool(reason))
    if reason:
        banner.tell(reason, "warning" if standing.state == "returned" else "info")


def _divided(steps: Sequence[Step]) -> tuple[list[Step], list[Step]]:
    """The steps that are offered as buttons, and those that are rare or grave and stay in the menu."""
    common = [step for step in steps if step.name in {"submit", "review", "approve", "return"}]
    return common, [step for step in steps if step not in common]


def who_and_when(values: dict[str, Any]) -> str:
    """Say who recorded a record and when, and who changed it last."""
    if not values.get("recorded_at"):
        return ""
    recorded = _("Recorded {when} by {who}").format(
        when=f"{values['recorded_at']:%Y-%m-%d %H:%M}", who=values["recorded_by"]
    )
    if not values.get("changed_at"):
        return recorded
    changed = _("changed {when} by {who}").format(
        when=f"{values['changed_at']:%Y-%m-%d %H:%M}", who=values["changed_by"]
    )
    return f"{recorded} · {changed}"
