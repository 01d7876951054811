"""Social work 社会工作: the running cases at the left, what is due first; the chosen child's file at the right."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QStackedWidget, QWidget

from models.calendar_rules import distance_words, span_words
from models.child import Child
from models.social_work import CASE_STAGES, ContactNote, CounsellingNote, SocialCase
from models.social_work_lists import CaseLine, running_cases
from resources import N_, _, ngettext
from ui.editors import ChildPicker
from ui.pages import ChildTab, Page, child_tab, page
from ui.text import ElidedLabel, PlainLabel, restyle
from ui.theme import space, theme
from ui.widgets import Card, Clickable, EmptyState, Scroll, SearchBox, Segmented, clear, column, row
from views.social_file import SocialFilePanel

if TYPE_CHECKING:
    from ui.app import App

READS = (SocialCase, ContactNote, CounsellingNote, Child)
LIST_WIDTH = 280


@page(
    "social_work",
    N_("Cases and contacts"),
    area="social_work",
    icon="messages-square",
    needs=("SocialCase", "read"),
    order=10,
)
class SocialWork(Page):
    """Cases and contacts."""

    reads: ClassVar[tuple[type, ...]] = READS

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.cases: list[CaseLine] = []
        self.child_id, self._search = "", ""
        self.rows: dict[str, CaseRow] = {}
        whole = row(None, 4)
        self.column(0).addLayout(whole)
        whole.addWidget(self._list())
        whole.addWidget(self._detail(), 1)
        self.picker = ChildPicker(app)
        self.picker.setMinimumWidth(theme.size(220))
        self.picker.changed.connect(self._picked)
        self.tools.add(self.picker)

    def _list(self) -> QWidget:
        card = Card(gap=2, margin=3)
        card.setFixedWidth(theme.size(LIST_WIDTH))
        self.whose = Segmented(
            [("own", _("Mine")), ("all", _("All"))], lambda _value: self._show_list(), name=_("Whose cases")
        )
        card.body.addWidget(self.whose)
        card.body.addWidget(SearchBox(self._searched, _("Search the cases"), delay=80))
        self.count = PlainLabel("", "caption")
        card.body.addWidget(self.count)
        self.sheet = Scroll(0)
        card.body.addWidget(self.sheet, 1)
        return card

    def _detail(self) -> QWidget:
        self.stack = QStackedWidget()
        self.nothing = EmptyState(
            "messages-square", _("Choose a child"), _("A case at the left, or any child by name above.")
        )
        self.stack.addWidget(self.nothing)
        self.panel = SocialFilePanel(self.app, named=True)
        self.stack.addWidget(self.panel)
        return self.stack

    def reload(self) -> None:
        with self.app.read() as work:
            self.cases = running_cases(work)
        if self.whose.value() == "own" and not any(self._own(case) for case in self.cases):
            self.whose.set_value("all")
        self._show_list()
        if self.child_id:
            self.show_child(self.child_id)
        elif self.cases:
            first = next((case for case in self.cases if self._shown(case)), None)
            if first is not None:
                self.show_child(first.child_id)

    def _own(self, case: CaseLine) -> bool:
        return bool(case.worker_id) and case.worker_id == self.app.actor.staff_id

    def _shown(self, case: CaseLine) -> bool:
        mine = self.whose.value() == "all" or self._own(case)
        return mine and self._search in f"{case.child_name} {case.subject} {case.worker}".casefold()

    def _searched(self, text: str) -> None:
        self._search = text.strip().casefold()
        self._show_list()

    def _show_list(self) -> None:
        shown = [case for case in self.cases if self._shown(case)]
        late = sum(1 for case in shown if case.due_on and case.due_on < self.app.today())
        words = ngettext("{n} case", "{n} cases", len(shown)).format(n=len(shown))
        self.count.setText(words + (" · " + _("{n} overdue").format(n=late) if late else ""))
        clear(self.sheet.body)
        self.rows = {}
        for case in shown:
            self.rows[case.case_id] = CaseRow(case, self.app.today(), partial(self.show_child, case.child_id))
            self.sheet.body.addWidget(self.rows[case.case_id])
        self.sheet.body.addStretch(1)
        self._mark()

    def _mark(self) -> None:
        chosen = {case.case_id for case in self.cases if case.child_id == self.child_id}
        for case_id, each in self.rows.items():
            each.setProperty("on", case_id in chosen)
            restyle(each)

    def _picked(self) -> None:
        if self.picker.value():
            self.show_child(self.picker.value())

    def open(self, **target: Any) -> None:
        """Show one child's file."""
        if target.get("child_id"):
            self.show_child(str(target["child_id"]))

    def place(self) -> dict[str, Any]:
        return {"child_id": self.child_id} if self.child_id else {}

    def show_child(self, child_id: str) -> None:
        """Show one child's social file."""
        self.child_id = child_id
        self.panel.show_child(child_id)
        self.stack.setCurrentIndex(1)
        self._mark()

    def new(self) -> None:
        """Begin a contact note (Ctrl+N)."""
        self.panel.new_contact()


class CaseRow(Clickable):
    """One case in the list: the child, the subject, and when something is due."""

    def __init__(self, case: CaseLine, today: Any, on_click: Any) -> None:
        late = case.due_on is not None and case.due_on < today
        when = ""
        if case.due_on is not None:
            length = span_words(case.due_on, today)
            when = _("{length} late").format(length=length) if late else distance_words(case.due_on, today)
        stage = CASE_STAGES.label(case.stage)
        super().__init__(" · ".join(each for each in (case.child_name, case.subject, stage, when) if each), on_click)
        lines = column(self, 0)
        lines.setContentsMargins(space(2), space(1), space(2), space(1))
        head = row(None, 2)
        head.addWidget(PlainLabel(case.child_name, "strong"))
        head.addStretch(1)
        head.addWidget(PlainLabel(when, "caption", tone="danger" if late else ""))
        lines.addLayout(head)
        lines.addWidget(ElidedLabel(f"{case.subject} · {stage}", "caption"))


@child_tab(
    "social_work", N_("Social work"), area="social_work", needs=("SocialCase", "read"), order=70, icon="messages-square"
)
class SocialWorkTab(ChildTab):
    """One child's social file in the child's file."""

    reads: ClassVar[tuple[type, ...]] = READS

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.panel = SocialFilePanel(app)
        self.column(0).addWidget(self.panel)

    def show_child(self, child_id: str) -> None:
        self.child_id = child_id
        self.panel.show_child(child_id)
