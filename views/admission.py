"""Admitting a child 办理入院: one screen from the door to the bed — child, form, placement and papers in one go.

Everything typed is drafted; nothing is written before the person says so, and then all of it at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QWidget

from models import admission_start as start
from models.admission import Admission, admit
from models.child import Child
from models.child_words import PLACEMENTS
from models.core import queries
from models.core.errors import Invalid, Problem
from models.core.fields import Field, field_of, fields_of
from models.outreach import is_client
from models.outreach_clients import prefilled
from resources import N_, _, ngettext
from ui.app import App
from ui.drafting import DraftBanner
from ui.pages import Page, page
from ui.problem_box import ProblemBox
from ui.record_form import RecordForm
from ui.text import PlainLabel
from ui.theme import space, theme
from ui.widgets import Banner, Button, Card, Chip, Flow, Scroll, Segmented, Symbol, clear, column, row, rule

DRAFT = "Admission/guided"
CHILD = (
    "name", "sex", "born_on", "birth_basis", "birth_margin_months", "birth_note", "ethnic_group", "ethnic_presumed",
    "number", "photo", "identity_status", "identity_number", "identity_note",
)  # fmt: skip
COMING = ("arrived_at", "category", "situation", "custody", "temporary_ground", "sender", "sender_detail")
FINDING = ("found_at", "found_place", "finder", "finder_contact", "clothing", "carried", "body_marks")
RECEIVING = (
    "initial_health", "received_medical_id", "received_office_id", "observation_until", "dna_number", "dna_on", "note",
)  # fmt: skip
LIVING = ("unit_id", "bed", "emergency_note")


@page(
    "admission",
    N_("Admit a child"),
    area="child",
    icon="user-plus",
    needs=("Child", "create"),
    order=20,
    enters="Child",
)
class AdmissionPage(Page):
    """The guided admission."""

    reads = ()

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.child_id: str | None = None
        self._submitting = False
        self._suggested: dict[str, Any] = {}
        self._received: set[str] = set()
        self.forms: dict[str, RecordForm] = {}
        self._lay_out()
        self._keys()
        self.begin()

    # --- building ---

    def _lay_out(self) -> None:
        lines = self.column(2)
        self.draft = DraftBanner()
        self.draft.take.clicked.connect(self._take_draft)
        self.draft.drop.clicked.connect(self._drop_draft)
        self.known = QWidget()
        told = column(self.known, 2)
        told.addWidget(Banner(_("There is a file of this name or number already. Is it the same child?"), "warning"))
        files = QWidget()
        self.known_files = Flow(files, 2)
        told.addWidget(files)
        self.known.hide()
        self.problems = ProblemBox(_label_of)
        self.problems.go_to.connect(self._go_to)
        self.problems.confirmed.connect(lambda: self._admit(submit=self._submitting, confirmed=True))
        for each in (self.draft, self.problems):
            lines.addWidget(each)
        middle = row(None, 3)
        self.sheet = Scroll(3)
        self._fill_sheet()
        middle.addWidget(self.sheet, 1)
        middle.addWidget(self._side())
        lines.addLayout(middle, 1)
        lines.addWidget(rule())
        lines.addLayout(self._foot())

    def _fill_sheet(self) -> None:
        body = self.sheet.body
        child = self._card(_("1  The child"), "child", Child, CHILD)
        child.body.insertWidget(0, self.known)
        body.addWidget(child)
        body.addWidget(self._card(_("2  How the child came"), "coming", Admission, COMING))
        self.finding = self._card(_("Where the child was found"), "finding", Admission, FINDING)
        body.addWidget(self.finding)
        body.addWidget(self._card(_("3  Receiving the child"), "receiving", Admission, RECEIVING))
        self.kind = Segmented(
            [(kind, PLACEMENTS.label(kind)) for kind in start.first_placements()], name=_("Placement")
        )
        living = self._card(_("4  Where the child lives"), "living", Child, LIVING)
        living.body.insertWidget(0, self.kind)
        body.addWidget(living)
        self.paper_card = Card(_("5  Papers"), gap=1)
        body.addWidget(self.paper_card)
        body.addStretch(1)

    def _card(self, title: str, key: str, kind: type, names: Sequence[str]) -> Card:
        card = Card(title)
        form = RecordForm(self.app, kind, fields=[_plain(field_of(kind, name)) for name in names])
        form.changed.connect(self._changed)
        self.forms[key] = form
        card.body.addWidget(form)
        return card

    def _side(self) -> QWidget:
        self.side = Card(_("What follows"))
        scroll = Scroll(0)
        scroll.setFixedWidth(theme.size(250))
        scroll.body.addWidget(self.side)
        scroll.body.addStretch(1)
        return scroll

    def _foot(self) -> Any:
        foot = row(None, 2)
        foot.setContentsMargins(0, space(2), 0, 0)
        foot.addWidget(PlainLabel(_("* must be filled in"), "caption"))
        foot.addStretch(1)
        foot.addWidget(Button(_("Start again"), kind="quiet", on_click=self._start_again))
        foot.addWidget(Button(_("Save as draft"), "save", on_click=self.save, tip="Ctrl+S"))
        foot.addWidget(
            Button(_("Admit and submit"), "send", "primary", partial(self._admit, submit=True), tip="Ctrl+Enter")
        )
        return foot

    def _keys(self) -> None:
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self, partial(self._admit, submit=True))
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    # --- beginning ---

    def begin(self) -> None:
        """Begin with an empty form and what is usual."""
        self.child_id, self._received, self._suggested = None, set(), {}
        with self.app.read() as work:
            values = start.beginnings(work)
        for form in self.forms.values():
            form.load({name: value for name, value in values.items() if name in form.editors})
        self.kind.set_value("temporary")
        self.known.hide()
        self.problems.hide()
        self._follow()
        self.draft.setVisible(self.app.drafts.look(DRAFT) is not None)
        if self.draft.isVisibleTo(self):
            self.draft.tell(_("An admission was begun and not finished."), "info")

    def open(self, **target: Any) -> None:
        """Admit a child who was here before (``child_id``)."""
        if target.get("child_id"):
            self._take_known(str(target["child_id"]))
        self.forms["child"].focus_first()

    def new(self) -> None:
        self._start_again()

    def leave(self) -> bool:
        self.app.drafts.flush()
        return True

    def _start_again(self) -> None:
        self.app.drafts.forget(DRAFT)
        self.begin()
        self.forms["child"].focus_first()

    # --- while typing ---

    def _changed(self, name: str) -> None:
        if name == "category":
            self._suggest()
        if name in {"name", "identity_number"}:
            self._look_for_known()
        if name in {"category", "situation", "arrived_at"}:
            self._follow()
        self.app.drafts.keep(DRAFT, self._typed())

    def _suggest(self) -> None:
        """Fill in what usually goes with the category, but never over what a person has chosen."""
        form = self.forms["coming"]
        for name, value in start.USUAL.get(form.editor("category").value() or "", {}).items():
            if form.editor(name).value() in (None, "", self._suggested.get(name)):
                form.set_value(name, value)
                self._suggested[name] = value

    def _follow(self) -> None:
        """Show the papers and clocks that follow from what is entered."""
        form = self.forms["coming"]
        asked = [form.editor(name).value() for name in ("category", "situation", "arrived_at")]
        self.finding.setVisible(asked[0] == "A")
        papers = start.expected_papers(*asked)
        self._show_papers(papers)
        self._show_side(papers, start.expected_clocks(*asked))

    def _show_papers(self, papers: Sequence[start.Expected]) -> None:
        clear(self.paper_card.body)
        if not papers:
            self.paper_card.body.addWidget(PlainLabel(_("The list of papers follows from the category."), tone="muted"))
        for paper in papers:
            line = row(None, 2)
            box = QCheckBox(paper.words.replace("&", "&&"))
            box.setChecked(paper.code in self._received)
            box.toggled.connect(partial(self._received_toggled, paper.code))
            line.addWidget(box, 1)
            words = _("by {day}").format(day=paper.due_on) if paper.needed else _("optional")
            line.addWidget(PlainLabel(words, "caption"))
            self.paper_card.body.addLayout(line)

    def _received_toggled(self, code: str, here: bool) -> None:
        (self._received.add if here else self._received.discard)(code)
        self.app.drafts.keep(DRAFT, self._typed())

    def _show_side(self, papers: Sequence[start.Expected], clocks: Sequence[Any]) -> None:
        clear(self.side.body)
        needed = sum(paper.needed for paper in papers)
        lines = [("file-plus", _("A file with number, form and placement is made in one go."))]
        if papers:
            words = ngettext(
                "{n} required paper; what is missing is reminded of.",
                "{n} required papers; what is missing is reminded of.",
                needed,
            )
            lines.append(("list-checks", words.format(n=needed)))
        lines.append(("send", _("Submitting hands the form to the director.")))
        for icon_name, words in lines:
            self.side.body.addLayout(_told(icon_name, words))
        for clock in clocks:
            self.side.body.addWidget(rule())
            self.side.body.addWidget(PlainLabel(clock.words, wrap=True))
            self.side.body.addWidget(Chip(_("by {day}").format(day=clock.due_on), "info"))

    # --- who was here before ---

    def _look_for_known(self) -> None:
        form = self.forms["child"]
        with self.app.read() as work:
            found = start.known_already(work, form.editor("name").value(), form.editor("identity_number").value())
        found = [each for each in found if each.id != self.child_id]
        clear(self.known_files)
        for each in found[:2]:
            words = f"{each.number} {each.born_on} {each.placement}"
            act = partial(self.app.open_child, each.id) if each.here else partial(self._take_known, each.id)
            self.known_files.addWidget(
                Button(
                    _("Open {file}").format(file=words) if each.here else _("Admit again: {file}").format(file=words),
                    on_click=act,
                )
            )
        self.known.setVisible(bool(found))

    def _take_known(self, child_id: str) -> None:
        with self.app.read() as work:
            values = queries.values(work, Child, child_id)
            values |= prefilled(work, child_id) if is_client(work, child_id) else {}
        self.child_id = child_id
        self.forms["child"].load(values)
        for key, name in (("coming", "sender"), ("coming", "sender_detail"), ("living", "emergency_note")):
            if values.get(name):
                self.forms[key].set_value(name, values[name])
        self.known.hide()

    # --- drafts ---

    def _typed(self) -> dict[str, Any]:
        return {
            "forms": {key: form.typed() for key, form in self.forms.items()}, "kind": self.kind.value(),
            "received": sorted(self._received), "child_id": self.child_id,
        }  # fmt: skip

    def _take_draft(self) -> None:
        kept = self.app.drafts.look(DRAFT) or {}
        self.draft.hide()
        self.child_id, self._received = kept.get("child_id"), set(kept.get("received", ()))
        for key, typed in kept.get("forms", {}).items():
            if key in self.forms:
                self.forms[key].set_typed(typed)
                self.forms[key].settle()
        self.kind.set_value(kept.get("kind") or "temporary")
        self._follow()

    def _drop_draft(self) -> None:
        self.app.drafts.forget(DRAFT)
        self.draft.hide()

    # --- saving ---

    def save(self) -> None:
        """Save everything; the form stays a draft."""
        self._admit(submit=False)

    def _admit(self, *, submit: bool, confirmed: bool = False) -> None:
        self._submitting = submit
        for form in self.forms.values():
            form.settle()
        unread = [problem for form in self._used() for problem in form.unread()]
        if unread:
            self._refuse(unread)
            return
        try:
            made = self._write(submit, confirmed)
        except Invalid as refusal:
            self._refuse(refusal.problems)
        except Exception as error:  # the presenter says what happened; the typing stays where it is
            self.app.drafts.flush()
            self.app.show_error(error)
        else:
            self.app.drafts.forget(DRAFT)
            name = self.forms["child"].values()["name"] or ""
            self.begin()
            self.app.open_child(made, "admission")
            self.app.notify(
                (
                    _("{name} is admitted and the form submitted.")
                    if submit
                    else _("{name} is admitted; the form is a draft.")
                ).format(name=name)
            )

    def _used(self) -> Iterable[RecordForm]:
        return [form for key, form in self.forms.items() if key != "finding" or self.finding.isVisibleTo(self)]

    def _write(self, submit: bool, confirmed: bool) -> str:
        child = {**self.forms["child"].values(), **self.forms["living"].values()}
        form: dict[str, Any] = {}
        for key in ("coming", "receiving", *(("finding",) if self.finding.isVisibleTo(self) else ())):
            form |= self.forms[key].values()
        missing = _missing(Child, child) + _missing(Admission, form)
        if missing:
            raise Invalid(missing)
        day = form["arrived_at"].date()
        received = {code: {"received_on": min(day, self.app.today())} for code in self._received}
        with self.app.work() as work:
            work.confirmed = confirmed
            made = admit(
                work, child, form, kind=self.kind.value(), child_id=self.child_id, received=received, submit=submit
            )
        return made.child_id

    def _refuse(self, problems: Sequence[Problem]) -> None:
        shown = [
            Problem("arrived_at" if each.field == "admitted_on" else each.field, each.message, each.warning)
            for each in problems
        ]
        self.problems.tell(list({(each.field, each.message): each for each in shown}.values()))
        for form in reversed(list(self._used())):
            form.show_problems([each for each in shown if each.field in form.cells])

    def _go_to(self, name: str) -> None:
        for form in self._used():
            if name in form.editors:
                form.go_to_field(name)
                return

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ActivationChange:
            self.app.drafts.flush()
        super().changeEvent(event)


def _plain(meaning: Field) -> Field:
    """Return a field without its section: the cards are the sections here. A file number is given by itself."""
    return replace(meaning, section="", required=meaning.required and meaning.name != "number")


def _missing(kind: type, values: dict[str, Any]) -> list[Problem]:
    """Name everything that must be filled in at once, on both forms, before anything is written."""
    return [
        Problem(each.name, _("Please fill this in."))
        for each in fields_of(kind)
        if each.required and each.name in values and each.name != "number" and values[each.name] in (None, "", [])
    ]


def _label_of(name: str) -> str:
    for kind in (Admission, Child):
        if name in {each.name for each in fields_of(kind)}:
            return field_of(kind, name).title
    return ""


def _told(icon_name: str, words: str) -> Any:
    line = row(None, 2)
    line.addWidget(Symbol(icon_name, "child"), 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(PlainLabel(words, wrap=True), 1)
    return line
