"""Transition timeline 成年安置: the cohort drawn by eighteenth birthday, one young person's way, and the tab of the child's file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QStackedWidget, QWidget

from models.age import years_on
from models.child import Child
from models.placement import Placement
from models.transition import AfterCareContact, HandOverItem, ReadinessRating, TransitionPlan, TransitionStep
from models.transition_dates import COHORT_AGE
from models.transition_lists import Outcome, outcomes
from models.transition_plan import YoungPerson, cohort, young_person
from models.transition_words import OUTCOMES
from resources import N_, _, ngettext
from ui.pages import ChildTab, Page, child_tab, page
from ui.text import PlainLabel
from ui.transition_line import CohortLines
from ui.widgets import Button, Card, EmptyState, Segmented, column
from views.transition_legend import Legend
from views.young_person import YoungPersonPanel, too_young

if TYPE_CHECKING:
    from ui.app import App

READS = (Child, Placement, TransitionPlan, ReadinessRating, TransitionStep, HandOverItem, AfterCareContact)


@page("transition", N_("Transition"), area="transition", icon="signpost", needs=("TransitionPlan", "read"), order=10)
class Transition(Page):
    """The cohort, and one young person of it."""

    reads: ClassVar[tuple[type, ...]] = READS

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.people: list[YoungPerson] = []
        self.child_id = ""
        self.stack = QStackedWidget()
        self.column(0).addWidget(self.stack)
        self._build_cohort()
        self._build_person()
        options = [("all", _("All")), ("here", _("In the home")), ("left", _("Have left"))]
        self.whose = Segmented(options, lambda _value: self._show_cohort(), name=_("Which young people"))
        self.tools.add(self.whose)

    def _build_cohort(self) -> None:
        self.front = QWidget()
        lines = column(self.front, 2)
        self.words = PlainLabel("", tone="muted", wrap=True)
        lines.addWidget(self.words)
        lines.addWidget(Legend())
        self.lines = CohortLines()
        self.lines.opened.connect(lambda index: self.app.go("transition", child_id=self.shown[index].child_id))
        self.sheet = Card(gap=0, margin=2)
        self.sheet.body.addWidget(self.lines, 1)
        lines.addWidget(self.sheet, 1)
        self.nobody = EmptyState(
            "signpost",
            _("Nobody is fourteen yet"),
            _("From the fourteenth birthday on, young people stand here by themselves."),
        )
        lines.addWidget(self.nobody, 1)
        self.stack.addWidget(self.front)

    def _build_person(self) -> None:
        self.panel = YoungPersonPanel(self.app)
        self.stack.addWidget(self.panel)
        self.back = Button(_("Back to all"), "arrow-left", "quiet", lambda: self.app.go("transition", child_id=""))
        self.file = Button(
            _("Open the child's file"), "users-round", "quiet", lambda: self.app.open_child(self.child_id)
        )
        for button in (self.back, self.file):
            self.tools.add(button)
            button.hide()

    def _show_tools(self, *, one: bool) -> None:
        self.whose.setVisible(not one)
        self.back.setVisible(one)
        self.file.setVisible(one)

    def reload(self) -> None:
        with self.app.read() as work:
            self.people = cohort(work)
            found = outcomes(work)
        self._say(found)
        self._show_cohort()
        if self.child_id:
            self.panel.show_person(self.child_id)

    def _say(self, found: Outcome) -> None:
        late = sum(1 for person in self.people if person.count("overdue"))
        year = sum(1 for person in self.people if 0 <= (person.adult_on - self.app.today()).days <= 365)
        parts = [
            ngettext("{n} young person", "{n} young people", len(self.people)).format(n=len(self.people)),
            _("{n} come of age within a year").format(n=year),
            _("{n} with overdue steps").format(n=late),
        ]
        if found.reached:
            said = _(", ").join(f"{OUTCOMES.label(code)} {number}" for code, number in found.counts if number)
            parts.append(_("of {n} reached after leaving: {outcomes}").format(n=found.reached, outcomes=said))
        self.words.setText(" · ".join(parts))

    def _show_cohort(self) -> None:
        wanted = self.whose.value()
        self.shown = [each for each in self.people if wanted == "all" or bool(each.life.left_on) == (wanted == "left")]
        self.lines.show_people(self.shown, self.app.today())
        self.sheet.setVisible(bool(self.people))
        self.nobody.setVisible(not self.people)

    def open(self, **target: Any) -> None:
        """Show one young person."""
        if target.get("child_id"):
            self.show_person(str(target["child_id"]))
        else:
            self.show_cohort()

    def place(self) -> dict[str, Any]:
        return {"child_id": self.child_id} if self.child_id else {}

    def heading(self) -> str:
        return self.panel.person.name if self.child_id and self.panel.person else ""

    def show_person(self, child_id: str) -> None:
        """Show one young person's way."""
        self.panel.show_person(child_id)
        if self.panel.person is None:
            return
        self.child_id = child_id
        self.stack.setCurrentWidget(self.panel)
        self._show_tools(one=True)

    def show_cohort(self) -> None:
        """Show everyone."""
        self.child_id = ""
        self.stack.setCurrentWidget(self.front)
        self._show_tools(one=False)


@child_tab(
    "transition", N_("Transition"), area="transition", needs=("TransitionPlan", "read"), order=90, icon="signpost"
)
class TransitionTab(ChildTab):
    """The way to adulthood of one child."""

    reads: ClassVar[tuple[type, ...]] = READS

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.stack = QStackedWidget()
        self.column(0).addWidget(self.stack)
        self.panel = YoungPersonPanel(app)
        self.stack.addWidget(self.panel)
        self.young = too_young()
        self.stack.addWidget(self.young)

    def show_child(self, child_id: str) -> None:
        self.child_id = child_id
        with self.app.read() as work:
            person = young_person(work, child_id)
        old = person is not None and years_on(person.born_on, self.app.today()) >= COHORT_AGE
        if old:
            self.panel.show_person(child_id)
        self.stack.setCurrentWidget(self.panel if old else self.young)
