"""One young person's way 成年安置·一人一案: the drawn steps, readiness, hand-over list and after-care, with the acts that belong to them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QStackedWidget, QWidget

from models.calendar_rules import span_words
from models.transition import AfterCareContact, ReadinessRating, TransitionPlan, TransitionStep
from models.transition_dates import after_care_codes
from models.transition_plan import YoungPerson, settle, young_person
from models.transition_words import STEPS, TRACKS
from resources import _, ngettext
from ui.readiness_chart import ReadinessChart
from ui.text import PlainLabel
from ui.transition_line import PersonLine
from ui.widgets import Button, Card, Chip, EmptyState, Flow, Scroll, Segmented, clear, column, row
from views.rating import RatingDialog
from views.short_form import ShortDialog, ask
from views.transition_legend import Legend
from views.transition_lists import AfterCare, HandOver

if TYPE_CHECKING:
    from models.core.database import Work
    from ui.app import App

BY_PLAN = frozenset({"open_plan", "assessment", "assessment_school", "own_view", "approval", "draft_plan"})
"""Steps that are done by writing into the plan."""
BY_RATING = frozenset({"baseline", "review15", "review16", "review17"})


class YoungPersonPanel(QWidget):
    """Everything about one young person's transition."""

    def __init__(self, app: App) -> None:
        super().__init__()
        self.app = app
        self.person: YoungPerson | None = None
        lines = column(self, 3)
        self.facts = QWidget()
        Flow(self.facts, 2)
        lines.addWidget(self.facts)
        bar = row(None, 2)
        options = [
            ("steps", _("Steps")),
            ("readiness", _("Readiness")),
            ("hand_over", _("Hand-over")),
            ("care", _("After-care")),
        ]
        self.part = Segmented(options, self._show_part, name=_("Part"))
        bar.addWidget(self.part)
        bar.addStretch(1)
        self.range = Segmented(
            [(True, _("Whole way")), (False, _("Two years"))], lambda _value: self._draw(), name=_("Time shown")
        )
        bar.addWidget(self.range)
        self.acts = row(None, 2)
        bar.addLayout(self.acts)
        lines.addLayout(bar)
        self.stack = QStackedWidget()
        lines.addWidget(self.stack, 1)
        self._build()

    def _build(self) -> None:
        self.line = PersonLine()
        self.line.opened.connect(lambda index: self.open_step(index))
        steps = QWidget()
        inner = column(steps, 2)
        inner.addWidget(Legend())
        drawing = Card(gap=0, margin=2)
        drawing.body.addWidget(self.line, 1)
        inner.addWidget(drawing, 1)
        self.chart = ReadinessChart()
        readiness = Scroll(3)
        sheet = Card(gap=3, margin=4)
        sheet.body.addWidget(self.chart)
        words = _("Disc: level by staff. Ring: own level. Upright line: target.")
        sheet.body.addWidget(PlainLabel(words, "caption", wrap=True))
        readiness.body.addWidget(sheet)
        readiness.body.addStretch(1)
        self.hand_over, self.care = HandOver(self.app), AfterCare(self.app)
        self.parts: dict[str, QWidget] = {
            "steps": steps,
            "readiness": readiness,
            "hand_over": self.hand_over,
            "care": self.care,
        }
        for each in self.parts.values():
            self.stack.addWidget(each)

    def show_person(self, child_id: str) -> None:
        """Show one child's way to adulthood."""
        with self.app.read() as work:
            self.person = young_person(work, child_id)
        if self.person is None:
            return
        self._draw()
        self.chart.show_readiness(self.person.readiness)
        self.hand_over.show_person(self.person)
        self.care.show_person(self.person)
        self._show_facts(self.person)
        self._show_part(self.part.value())

    def _draw(self) -> None:
        if self.person is not None:
            self.line.show_person(self.person, self.app.today(), whole=bool(self.range.value()))

    def _show_part(self, part: Any) -> None:
        self.stack.setCurrentWidget(self.parts[part])
        self.range.setVisible(part == "steps")
        clear(self.acts)
        may = self.app.may
        if part == "steps" and may("edit", TransitionPlan):
            words = _("Open the plan") if self.person and self.person.plan_id else _("Begin a plan")
            self.acts.addWidget(Button(words, "file-text", "primary", self.open_plan))
        elif part == "readiness" and may("create", ReadinessRating):
            self.acts.addWidget(Button(_("Rate now"), "pen-line", "primary", self.rate))
        elif part == "hand_over":
            self.hand_over.put_acts(self.acts)
        elif part == "care" and may("create", AfterCareContact):
            self.acts.addWidget(Button(_("New contact"), "phone", "primary", partial(self.contact, "")))

    def _show_facts(self, person: YoungPerson) -> None:
        flow = self.facts.layout()
        assert flow is not None
        clear(flow)
        for words, tone in self._facts(person):
            flow.addWidget(Chip(words, tone))
        overdue = person.count("overdue")
        if overdue:
            flow.addWidget(Chip(ngettext("{n} step overdue", "{n} steps overdue", overdue).format(n=overdue), "danger"))

    def _facts(self, person: YoungPerson) -> list[tuple[str, str]]:
        today, life = self.app.today(), person.life
        if life.left_on:
            age = _("left {day}").format(day=life.left_on.isoformat())
        elif person.adult_on <= today:
            age = _("of age since {day}").format(day=person.adult_on.isoformat())
        else:
            length = span_words(today, person.adult_on)
            age = _("18 on {day}, in {length}").format(day=person.adult_on.isoformat(), length=length)
        found = [(age, "info")]
        if person.margin_months:
            found.append((_("date of birth estimated, ±{n} months").format(n=person.margin_months), "warning"))
        if life.placement_on != person.adult_on:
            found.append((_("placement after school: {day}").format(day=life.placement_on.isoformat()), "info"))
        found.append((TRACKS.label(person.track), "good") if person.track else (_("no plan yet"), "neutral"))
        if person.worker:
            found.append((_("Social worker {name}").format(name=person.worker), "neutral"))
        return found

    # --- acts ---

    def _again(self) -> None:
        if self.person is not None:
            self.show_person(self.person.child_id)

    def open_plan(self) -> None:
        """Open the plan, or begin one."""
        person = self.person
        if person is None:
            return
        if person.plan_id:
            self.app.open_record(TransitionPlan, person.plan_id)
        else:
            defaults = {
                "child_id": person.child_id,
                "opened_on": self.app.today(),
                "worker_id": self.app.actor.staff_id,
            }
            self.app.new_record(TransitionPlan, **defaults)
        self._again()

    def rate(self) -> None:
        """Rate the domains."""
        if self.person is not None and RatingDialog(self.app, self.person).exec():
            self._again()

    def contact(self, step: str) -> None:
        """Note an after-care contact."""
        if self.person is not None:
            values = {"child_id": self.person.child_id, "at": self.app.now().replace(second=0, microsecond=0),
                      "worker_id": self.app.actor.staff_id, "step": step or None}  # fmt: skip
            self.app.new_record(AfterCareContact, **values)
            self._again()

    def open_step(self, index: int) -> None:
        """Go to where a step is done, or settle it here."""
        step = self.line.step_at(index)
        if step is None or self.person is None:
            return
        if step.code in after_care_codes() and self.app.may("create", AfterCareContact):
            self.contact(step.code)
        elif step.code == "handover":
            self.part.set_value("hand_over")
            self._show_part("hand_over")
        elif step.code in BY_RATING and self.app.may("create", ReadinessRating) and not step.settled:
            self.rate()
        elif step.code in BY_PLAN and step.code != "draft_plan" and self.app.may("edit", TransitionPlan):
            self.open_plan()
        elif self.app.may("edit", TransitionStep):
            self.settle_step(step.code)

    def settle_step(self, code: str) -> None:
        """Ask when a step was done, or why it is not needed."""
        person = self.person
        if person is None:
            return
        step = next(each for each in person.steps if each.code == code)
        values = {"done_on": step.done_on or (None if step.settled else self.app.today()), "result": step.result or None,
                  "not_needed": step.status == "not_needed" or None}  # fmt: skip
        if step.status == "not_needed":
            values |= {"result": None, "not_needed_reason": step.result or None}

        def save(work: Work, given: dict[str, Any]) -> None:
            if given.get("not_needed"):
                given["done_on"] = None
            settle(work, person.child_id, code, **{name: given.get(name) for name in names})

        names = ("done_on", "result", "proof", "not_needed", "not_needed_reason")
        text = _("from {first} until {last}").format(first=step.opens_on.isoformat(), last=step.due_on.isoformat())
        text += f"\n{step.source}" if step.source else ""
        if ask(ShortDialog(self.app, STEPS.label(code), text, TransitionStep, names, save, values=values))[0]:
            self._again()


def too_young() -> EmptyState:
    """Return what stands in the tab of a young child."""
    return EmptyState(
        "sprout", _("Still a long time"), _("The way to adulthood is planned from the age of fourteen on.")
    )
