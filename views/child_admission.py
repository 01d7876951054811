"""Coming, staying, leaving 入院与安置: the stretches of the stay, the papers still missing, the notices and their clocks."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtWidgets import QWidget

from models import admission_file as files
from models.admission import Admission, AdmissionPaper, FamilySearchNotice, make_checklist, suggested_notice
from models.admission_rules import Clock
from models.child import Child
from models.child_words import PLACEMENTS
from models.core.errors import Refused
from models.placement import Placement
from resources import N_, _, ngettext
from ui.app import App
from ui.pages import ChildTab, child_tab
from ui.text import ElidedLabel, PlainLabel
from ui.theme import space, theme
from ui.widgets import (
    Button,
    Card,
    Chip,
    Clickable,
    IconButton,
    Menu,
    MenuButton,
    Scroll,
    Sides,
    StateChip,
    Symbol,
    clear,
    row,
)

SOON = 7
"""Days before its due day from which a missing paper is marked."""


@child_tab("admission", N_("Coming and staying"), area="child", needs=("Placement", "read"), order=20, icon="log-in")
class AdmissionTab(ChildTab):
    """How the child came, where it lives, and what is still to be done about it."""

    reads = (Admission, AdmissionPaper, FamilySearchNotice, Placement, Child)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.stay = files.Stay()
        self.sheet = Scroll(3)
        self.column(0).addWidget(self.sheet)
        self.papers = Card(_("Admission papers"), gap=0)
        self.stretches, self.notices = Card(_("Placements"), gap=0), Card(_("Search for the family"), gap=0)
        self.forms = Card(_("Admission form"), gap=0)
        self._lay_out()

    def _lay_out(self) -> None:
        if self.app.may("create", Placement):
            self.stretches.tools.addWidget(MenuButton(_("Move to"), self._moves, "route"))
        if self.app.may("create", FamilySearchNotice):
            self.notices.tools.addWidget(Button(_("New notice"), "plus", on_click=self._new_notice))
        self.sheet.body.addWidget(Sides((self.stretches, self.forms), (self.papers, self.notices)))
        self.sheet.body.addStretch(1)

    def show_child(self, child_id: str) -> None:
        self.child_id = child_id
        with self.app.read() as work:
            self.stay = files.stay(work, child_id)
        self._show_stretches()
        self._show_papers()
        self._show_notices()
        self._show_forms()

    def new(self) -> None:
        """Begin a move."""
        if self.app.may("create", Placement):
            self.app.new_record(Placement, child_id=self.child_id, starts_on=self.app.today())

    # --- placements ---

    def _show_stretches(self) -> None:
        clear(self.stretches.body)
        for stretch in self.stay.stretches:
            until = stretch.ends_on.isoformat() if stretch.ends_on else ""
            days = ((stretch.ends_on or self.app.today()) - stretch.starts_on).days
            line = self._line(
                f"{stretch.words} {stretch.starts_on}", partial(self.app.open_record, Placement, stretch.id)
            )
            parts = line.layout()
            assert parts is not None
            for widget, share in (
                (PlainLabel(_stretch_words(stretch), tone="muted"), 0),
                (PlainLabel(stretch.words, "strong" if not until else "body"), 0),
                (ElidedLabel(stretch.detail), 1),
                (PlainLabel(ngettext("{n} day", "{n} days", days).format(n=f"{days:,}"), "caption"), 0),
            ):
                parts.addWidget(widget)
                parts.setStretch(parts.count() - 1, share)  # type: ignore[attr-defined]  # a box layout
            self.stretches.body.addWidget(line)
        if not self.stay.stretches:
            self.stretches.body.addWidget(PlainLabel(_("No placement is recorded yet."), tone="muted"))

    def _moves(self, menu: Menu) -> None:
        for kind in self.stay.moves:
            menu.add(PLACEMENTS.label(kind), partial(self._move, kind))

    def _move(self, kind: str) -> None:
        self.app.new_record(
            Placement, child_id=self.child_id, kind=kind, starts_on=self.app.today(),
            unit_id=None if kind == "left" else self.stay.unit_id,
        )  # fmt: skip

    # --- papers ---

    def _show_papers(self) -> None:
        clear(self.papers.body)
        missing = sum(paper.received_on is None and paper.needed for paper in self.stay.papers)
        for paper in self.stay.papers:
            self.papers.body.addWidget(self._paper_line(paper))
        if not self.stay.papers:
            self.papers.body.addWidget(PlainLabel(_("There is no checklist yet."), tone="muted"))
            if self.stay.forms and self.app.may("create", AdmissionPaper):
                self.papers.body.addWidget(
                    Button(_("Make the checklist"), "list-checks", on_click=self._make_checklist)
                )
        elif missing == 0:
            self.papers.body.addWidget(PlainLabel(_("All required papers are here."), tone="good"))

    def _paper_line(self, paper: files.PaperRow) -> QWidget:
        holder = QWidget()
        outer = row(holder, 1)
        here = paper.received_on is not None
        line = self._line(paper.words, partial(self.app.open_record, AdmissionPaper, paper.id))
        parts = line.layout()
        assert parts is not None
        parts.addWidget(Symbol("circle-check" if here else "circle", "good" if here else "muted"))
        parts.addWidget(ElidedLabel(paper.words))
        parts.setStretch(1, 1)  # type: ignore[attr-defined]  # a box layout
        if paper.scanned:
            parts.addWidget(Symbol("paperclip"))
        parts.addWidget(self._paper_mark(paper))
        outer.addWidget(line, 1)
        if not here and self.app.may("edit", AdmissionPaper):
            outer.addWidget(
                IconButton(
                    "check", _("Received today: {paper}").format(paper=paper.words), partial(self._receive, paper.id)
                )
            )
        return holder

    def _paper_mark(self, paper: files.PaperRow) -> QWidget:
        if paper.received_on:
            return PlainLabel(paper.received_on.isoformat(), "caption")
        if paper.late(self.app.today()):
            days = (self.app.today() - paper.due_on).days if paper.due_on else 0
            return Chip(_("{n} days late").format(n=days), "danger")
        words = _("by {day}").format(day=paper.due_on) if paper.due_on else _("missing")
        soon = paper.due_on is None or (paper.due_on - self.app.today()).days <= SOON
        return Chip(words if paper.needed else _("optional"), "warning" if paper.needed and soon else "neutral")

    def _receive(self, paper_id: str) -> None:
        self._do_receive(paper_id, self.app.today())
        self.app.notify(_("Paper received."), partial(self._do_receive, paper_id, None), _("Undo"))

    def _do_receive(self, paper_id: str, day: date | None) -> None:
        try:
            with self.app.work() as work:
                files.receive_paper(work, paper_id, day)
        except Refused as refusal:
            self.app.show_error(refusal)

    def _make_checklist(self) -> None:
        with self.app.work() as work:
            make_checklist(work, self.stay.forms[0].id)

    # --- notices and clocks ---

    def _show_notices(self) -> None:
        clear(self.notices.body)
        for clock in self.stay.clocks:
            self.notices.body.addWidget(self._clock_line(clock))
        for notice in self.stay.notices:
            line = self._line(notice.words, partial(self.app.open_record, FamilySearchNotice, notice.id))
            parts = line.layout()
            assert parts is not None
            parts.addWidget(Symbol("scroll-text", "child"))
            parts.addWidget(
                ElidedLabel(
                    _("{first} to {last}").format(first=notice.published_on, last=notice.ends_on) + " · " + notice.words
                )
            )
            parts.setStretch(1, 1)  # type: ignore[attr-defined]  # a box layout
            parts.addWidget(Chip(notice.result, "info" if notice.running else "neutral"))
            self.notices.body.addWidget(line)
        self.notices.setVisible(
            bool(self.stay.clocks or self.stay.notices) or self.app.may("create", FamilySearchNotice)
        )
        if not self.stay.clocks and not self.stay.notices:
            self.notices.body.addWidget(PlainLabel(_("No notice was published."), tone="muted"))

    def _clock_line(self, clock: Clock) -> QWidget:
        holder = QWidget()
        parts = row(holder, 2)
        parts.setContentsMargins(0, space(1), 0, space(1))
        parts.addWidget(Symbol("circle-check" if clock.done else "hourglass", "good" if clock.done else "warning"))
        label = PlainLabel(clock.words, wrap=True)
        label.setToolTip(clock.source)
        parts.addWidget(label, 1)
        late = not clock.done and clock.due_on < self.app.today()
        words = _("by {day}").format(day=clock.due_on)
        parts.addWidget(
            Chip(_("done") if clock.done else words, "good" if clock.done else "danger" if late else "neutral")
        )
        return holder

    def _new_notice(self) -> None:
        with self.app.read() as work:
            values = suggested_notice(work, self.child_id)
        self.app.new_record(FamilySearchNotice, **values)

    # --- forms ---

    def _show_forms(self) -> None:
        clear(self.forms.body)
        for form in self.stay.forms:
            line = self._line(form.words, partial(self.app.open_record, Admission, form.id))
            parts = line.layout()
            assert parts is not None
            parts.addWidget(PlainLabel(form.arrived_at.strftime("%Y-%m-%d %H:%M"), tone="muted"))
            parts.addWidget(ElidedLabel(form.words))
            parts.setStretch(1, 1)  # type: ignore[attr-defined]  # a box layout
            parts.addWidget(StateChip(form.state))
            self.forms.body.addWidget(line)
        self.forms.setVisible(bool(self.stay.forms))

    def _line(self, name: str, on_click: object) -> Clickable:
        line = Clickable(name, on_click)  # type: ignore[arg-type]  # a partial
        parts = row(line, 2)
        parts.setContentsMargins(0, space(1), 0, space(1))
        line.setMinimumHeight(theme.size(30))
        return line


def _stretch_words(stretch: files.StretchRow) -> str:
    if stretch.ends_on is None:
        return _("since {day}").format(day=stretch.starts_on)
    return _("{first} to {last}").format(first=stretch.starts_on, last=stretch.ends_on)
