"""Rehabilitation in the child's file 康复: the plan with its goals, what is booked of it, assessments and their course."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from models.core import records
from models.core.errors import Refused
from models.core.queries import load
from models.core.workflow import STATES
from models.home_programme import HomeProgramme, ProgrammeTick
from models.leave import StaffLeave
from models.measurement import baseline_from
from models.precautions import Precaution
from models.rehabilitation import (
    FIXED,
    GOAL_STATUS,
    GOAL_TERMS,
    Assessment,
    PlannedTherapy,
    RehabilitationGoal,
    RehabilitationPlan,
    icf_words,
)
from models.rehabilitation_file import GoalLine, PlanSheet, TherapyLine, correct_plan
from models.rehabilitation_month import percent
from models.rehabilitation_overview import ChildRehabilitation, child_rehabilitation
from models.scheduling.occupancy import span
from models.scheduling.week import Need
from models.therapies import CONTRAINDICATIONS, FORMS, THERAPIES, mark, short_name
from models.therapy import TherapySession
from resources import N_, _, sentences
from ui.app import App
from ui.dialogs import ask_reason
from ui.editors import CodeBox
from ui.form import RecordDialog
from ui.pages import ChildTab, child_tab
from ui.table import RowsTable
from ui.text import ElidedLabel, PlainLabel, set_tip
from ui.theme import space, theme
from ui.widgets import (
    Banner,
    Button,
    Chip,
    Clickable,
    EmptyState,
    Flow,
    IconButton,
    Menu,
    MenuButton,
    Scroll,
    Section,
    Segmented,
    StateChip,
    clear,
    column,
    row,
)
from views.assessment_section import AssessmentSection
from views.entitlement_card import entitlement_card
from views.gas_levels import GasLevelsDialog
from views.goal_rows import GasScale
from views.rehabilitation_cards import PrecautionSection, ProgrammeSection
from views.therapy_look import weekday

SIDE_BY_SIDE = 2
"""So many plans fit beside each other in a narrow window."""


@child_tab(
    "rehabilitation", N_("Rehabilitation"), area="rehabilitation", needs=("RehabilitationPlan", "read"), order=10,
    icon="accessibility",
)  # fmt: skip
class RehabilitationTab(ChildTab):
    """Plan, goals, sessions and assessments of one child."""

    reads: ClassVar[tuple[type, ...]] = (
        Assessment, RehabilitationPlan, RehabilitationGoal, PlannedTherapy, TherapySession, StaffLeave, Precaution,
        HomeProgramme, ProgrammeTick,
    )  # fmt: skip

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.seen: ChildRehabilitation | None = None
        self.plan_id = ""
        lines = self.column(0)
        self.area = Scroll(5)
        lines.addWidget(self.area)

    def show_child(self, child_id: str) -> None:
        self.child_id = child_id
        with self.app.read() as work:
            self.seen = child_rehabilitation(work, child_id, self.plan_id)
        self.stale = False
        clear(self.area.body)
        self._fill(self.seen)
        self.area.body.addStretch(1)

    def show_record(self, record_id: str) -> None:
        """Show one of the child's plans, such as the draft that is to follow the one in force."""
        self.plan_id = record_id
        self.again()

    def again(self) -> None:
        """Read the child again."""
        self.show_child(self.child_id)

    def _fill(self, seen: ChildRehabilitation) -> None:
        body = self.area.body
        body.addWidget(PrecautionSection(self.app, self.child_id, seen.bars, self.again))
        body.addWidget(self._plan_section(seen))
        if seen.plan:
            body.addWidget(self._goals(seen.plan))
        body.addWidget(ProgrammeSection(self.app, self.child_id, seen.items, self.again))
        body.addWidget(self._sessions(seen))
        body.addWidget(entitlement_card(self.app, self.child_id))
        body.addWidget(AssessmentSection(self.app, self.child_id, seen.assessments))

    # --- the plan -----------------------------------------------------------------------------------

    def _plan_section(self, seen: ChildRehabilitation) -> QWidget:
        section = Section(_("Rehabilitation plan"))
        plan = seen.plan
        may = self.app.may("create", RehabilitationPlan)
        if plan:
            section.tools.addWidget(StateChip(plan.state))
            section.tools.addWidget(MenuButton("", partial(self._plan_menu, seen), "ellipsis", "quiet", tip=_("More")))
        if may:
            section.tools.addWidget(Button(_("New plan"), "plus", on_click=self._new_plan))
        if plan is None:
            text = _("An assessment comes first, then problems, goals and therapies.")
            section.body.addWidget(EmptyState("clipboard-list", _("No plan yet"), text if may else ""))
            return section
        if len(seen.live) > 1:
            section.body.addWidget(self._plan_choice(seen.live, plan.id))
        section.body.addLayout(self._plan_line(plan))
        if plan.contraindications or plan.precautions:
            said = _(", ").join(CONTRAINDICATIONS.label(code) for code in plan.contraindications)
            section.body.addWidget(Banner("\n".join(filter(None, (said, plan.precautions or ""))), "warning"))
        facts: tuple[tuple[str, str | None], ...] = (
            (_("Main problems"), plan.findings), (_("Strengths"), plan.strengths), (_("Methods"), plan.methods),
            (_("To practise in the unit and in class"), plan.at_home),
        )  # fmt: skip
        for label, words in facts:
            if words:
                section.body.addLayout(_fact(label, words))
        section.body.addWidget(self._prescribed(plan, {need.therapy: need for need in seen.needs}))
        names = {line.id: THERAPIES.label(line.therapy) for line in plan.therapies}
        for key, doubts in seen.doubts.items():
            never = _("{therapy} can never be planned as it stands: {why}")
            section.body.addWidget(Banner(never.format(therapy=names.get(key, ""), why=sentences(*doubts)), "warning"))
        return section

    def _plan_choice(self, live: Sequence[tuple[str, str, date, date]], shown: str) -> QWidget:
        """Let the plan in force and those on their way stand side by side, or in a list when they are many."""
        # How long the chosen one lasts stands in the line below.
        options = [
            (plan_id, _(" · ").join((_("from {day}").format(day=first), STATES.label(state))))
            for plan_id, state, first, _last in live
        ]
        if len(options) <= SIDE_BY_SIDE:
            return Segmented(options, self.show_record, value=shown, name=_("Rehabilitation plan"))
        box = CodeBox([(plan_id, words, ()) for plan_id, words in options], required=True)
        box.name(_("Rehabilitation plan"))
        box.setMaximumWidth(theme.size(320))
        box.set_value(shown)
        box.changed.connect(lambda: self.show_record(box.value() or shown))
        return box

    def _plan_line(self, plan: PlanSheet) -> Any:
        line = row(None, 2)
        line.addWidget(PlainLabel(_("{first} to {last}").format(first=plan.starts_on, last=plan.ends_on), "strong"))
        if plan.lead:
            line.addWidget(PlainLabel(plan.lead, tone="muted"))
        days = (plan.review_on - self.app.today()).days
        words = _("Review {day}").format(day=plan.review_on)
        tone = "danger" if days < 0 else "warning" if days <= 7 else "neutral"
        if plan.state in ("approved", "reviewed", "submitted"):
            line.addWidget(Chip(words + (_(", overdue") if days < 0 else ""), tone))
        if plan.attainment is not None:
            line.addWidget(
                Chip(
                    _("Goal attainment T {n}").format(n=f"{plan.attainment:g}"),
                    "good" if plan.attainment >= 50 else "info",
                )
            )
        line.addStretch(1)
        return line

    def _plan_menu(self, seen: ChildRehabilitation, menu: Menu) -> None:
        plan = seen.plan
        assert plan is not None
        menu.add(_("Open the rehabilitation plan"), lambda: self._open(RehabilitationPlan, plan.id), "file-text")
        if plan.state == "approved" and self.app.may("create", RehabilitationPlan):
            menu.add(_("Correct the plan…"), partial(self._correct, plan.id), "pencil")
        older = [each for each in seen.plans if each[0] != plan.id]
        if older:
            menu.addSeparator()
        for plan_id, _state, first, last in older[:6]:
            menu.add(
                _("{first} to {last}").format(first=first, last=last),
                partial(self._open, RehabilitationPlan, plan_id),
                "history",
            )

    def _prescribed(self, plan: PlanSheet, needs: dict[str, Need]) -> QWidget:
        holder = QWidget()
        flow = Flow(holder, 2)
        for line in plan.therapies:
            flow.addWidget(self._therapy_tile(line, needs.get(line.therapy), plan))
        if self._may_change(plan):
            flow.addWidget(Button(_("Add therapy"), "plus", "quiet", partial(self._new_part, PlannedTherapy, plan.id)))
        return holder

    def _therapy_tile(self, line: TherapyLine, need: Need | None, plan: PlanSheet) -> QWidget:
        tile = Clickable(line.summary, partial(self._open, PlannedTherapy, line.id))
        tile.setProperty("card", True)
        lines = column(tile, 0)
        lines.setContentsMargins(space(3), space(2), space(3), space(2))
        first = row(None, 1)
        first.addWidget(Chip(mark(line.therapy), "neutral"))
        first.addWidget(PlainLabel(THERAPIES.label(line.therapy), "strong"))
        lines.addLayout(first)
        often = _("{n} × {minutes} min a week, {form}")
        lines.addWidget(PlainLabel(often.format(n=line.sessions_a_week, minutes=line.minutes, form=FORMS.label(line.form).lower()
                                                if FORMS.label(line.form).isascii() else FORMS.label(line.form)), "caption"))  # fmt: skip
        if line.starts_on or line.ends_on:
            span = (line.starts_on or plan.starts_on, line.ends_on or plan.ends_on)
            lines.addWidget(PlainLabel(_("{first} to {last}").format(first=span[0], last=span[1]), "caption"))
        if line.precautions:
            lines.addWidget(PlainLabel(line.precautions, "caption", tone="warning", wrap=True))
        if need and plan.state in ("approved", "reviewed", "submitted"):
            words = _("booked this week: {n} of {all}").format(n=need.booked, all=need.wanted)
            lines.addWidget(PlainLabel(words, "caption", tone="warning" if need.missing else "good"))
        return tile

    # --- goals --------------------------------------------------------------------------------------

    def _goals(self, plan: PlanSheet) -> QWidget:
        section = Section(_("Goals"))
        if self._may_change(plan):
            section.tools.addWidget(
                Button(_("Add goal"), "plus", on_click=partial(self._new_part, RehabilitationGoal, plan.id))
            )
        if not plan.goals:
            section.body.addWidget(
                PlainLabel(_("No goals yet: one long-term goal and the steps towards it."), tone="muted")
            )
        for goal in plan.goals:
            section.body.addWidget(self._goal(goal, plan))
        return section

    def _goal(self, goal: GoalLine, plan: PlanSheet) -> QWidget:
        holder = QWidget()
        whole = row(holder, 3)
        whole.setContentsMargins(space(5) if goal.parent_id else 0, 0, 0, 0)
        words = Clickable(goal.text, partial(self._open, RehabilitationGoal, goal.id))
        lines = column(words, 0)
        first = row(None, 2)
        first.addWidget(Chip(GOAL_TERMS.label(goal.term), "info" if goal.term == "long" else "neutral"))
        if goal.therapy:
            first.addWidget(PlainLabel(short_name(goal.therapy), "caption"))
        if goal.icf:
            code = PlainLabel(goal.icf, "caption")
            set_tip(code, icf_words(goal.icf))
            first.addWidget(code)
        first.addWidget(ElidedLabel(goal.text, "strong"), 1)
        lines.addLayout(first)
        about = _("{baseline} → {criterion}, by {day}")
        lines.addWidget(
            ElidedLabel(about.format(baseline=goal.baseline, criterion=goal.criterion, day=goal.due_on), "caption")
        )
        meant = dict(goal.gas_levels).get(goal.rating or "")
        if meant:
            lines.addWidget(ElidedLabel(_("Now: {words}").format(words=meant), "caption"))
        whole.addWidget(words, 1)
        if goal.status != "active":
            whole.addWidget(Chip(GOAL_STATUS.label(goal.status), "good" if goal.status == "achieved" else "neutral"))
        rate = (
            partial(self._rate, goal.id)
            if self.app.may("edit", RehabilitationGoal) and goal.status == "active"
            else None
        )
        scale = GasScale(goal.first_rating, goal.rating, rate)
        scale.setEnabled(True)
        whole.addWidget(scale, 0, Qt.AlignmentFlag.AlignVCenter)
        tip = _("What each rating means")
        whole.addWidget(IconButton("list", tip, partial(self._levels, goal)), 0, Qt.AlignmentFlag.AlignVCenter)
        return holder

    def _levels(self, goal: GoalLine) -> None:
        """Show and change what each rating of a goal means."""
        may = self.app.may("edit", RehabilitationGoal)
        dialog = GasLevelsDialog(self.app, goal, self, editable=may)
        dialog.exec()
        dialog.deleteLater()
        self.again()

    def _rate(self, goal_id: str, rating: str) -> None:
        try:
            with self.app.work() as work:
                before = load(work, RehabilitationGoal, goal_id).rating
                records.save(
                    work, RehabilitationGoal, {"rating": rating, "rated_on": work.today}, id=goal_id, confirmed=True
                )
        except Refused as refusal:
            self.app.show_error(refusal)
            return
        self.app.notify(_("Goal rated."), undo=partial(self._unrate, goal_id, before))

    def _unrate(self, goal_id: str, rating: str | None) -> None:
        with self.app.work() as work:
            records.save(work, RehabilitationGoal, {"rating": rating}, id=goal_id, confirmed=True)
        self.again()

    def _may_change(self, plan: PlanSheet) -> bool:
        return plan.state not in FIXED and self.app.may("create", RehabilitationGoal)

    # --- sessions -----------------------------------------------------------------------------------

    def _sessions(self, seen: ChildRehabilitation) -> QWidget:
        section = Section(_("Sessions"))
        section.tools.addWidget(Button(_("Therapy week"), "calendar-days", on_click=self._week))
        rows = [
            (
                THERAPIES.label(code),
                str(each.planned),
                str(each.done),
                str(each.made_up),
                str(each.absent),
                percent(each.attendance),
            )
            for code, each in seen.month.items()
        ]
        if rows:
            heads = [_("This month"), _("Planned"), _("Done"), _("Made up"), _("Absent"), _("Attendance rate")]
            section.body.addWidget(plain_table(heads, rows, range(1, 6)))
        if seen.coming:
            said = [
                (f"{block.starts_at:%m-%d} {weekday(block.starts_at.date())}", span(block.starts_at, block.ends_at),
                 THERAPIES.label(block.therapy), block.therapist, block.room)
                for block in seen.coming[:6]
            ]  # fmt: skip
            section.body.addWidget(
                plain_table([_("Coming sessions"), _("Time"), _("Therapy"), _("Therapist"), _("Room")], said)
            )
        if not rows and not seen.coming:
            section.body.addWidget(PlainLabel(_("No sessions this month."), tone="muted"))
        if seen.missed:
            words = _("{n} missed sessions were not made up yet.").format(n=len(seen.missed))
            section.body.addWidget(Banner(words, "info"))
        return section

    def _week(self) -> None:
        self.app.go("therapy_week", by="child", child_id=self.child_id, day=self.app.today())

    # --- acting -------------------------------------------------------------------------------------

    def _open(self, kind: Any, record_id: str) -> None:
        self.app.open_record(kind, record_id)
        self.again()

    def _new_plan(self) -> None:
        from models.age import months_later

        first = self.app.today()
        self.plan_id = self.app.new_record(
            RehabilitationPlan, child_id=self.child_id, starts_on=first, ends_on=months_later(first, 6),
            review_on=months_later(first, 3), lead_id=self.app.actor.staff_id,
        )  # fmt: skip
        self.again()

    def _new_part(self, kind: Any, plan_id: str) -> None:
        defaults: dict[str, Any] = {"child_id": self.child_id, "plan_id": plan_id}
        if kind is PlannedTherapy:
            defaults |= {"sessions_a_week": 2, "minutes": 30, "form": "single"}
        else:
            assert self.seen is not None and self.seen.plan is not None
            with self.app.read() as work:
                baseline = baseline_from(work, plan_id)
            defaults |= {
                "baseline": baseline or None,
                "due_on": self.seen.plan.ends_on,
                "first_rating": "-2",
                "term": "short" if self.seen.plan.goals else "long",
            }
        RecordDialog(self.app, kind, None, defaults).exec()
        self.again()

    def _correct(self, plan_id: str) -> None:
        reason = ask_reason(
            self,
            _("Correct the plan"),
            _("The approved plan stays in force until the correction is approved."),
            _("Correct"),
        )
        if not reason:
            return
        try:
            with self.app.work() as work:
                new = correct_plan(work, plan_id, reason)
        except Refused as refusal:
            self.app.show_error(refusal)
            return
        self._open(RehabilitationPlan, new)


def _fact(label: str, text: str) -> Any:
    line = row(None, 3)
    name = PlainLabel(label, tone="muted", wrap=True)
    name.setFixedWidth(theme.size(136))
    line.addWidget(name, 0, Qt.AlignmentFlag.AlignTop)
    line.addWidget(PlainLabel(text, wrap=True, selectable=True), 1)
    return line


def plain_table(headings: list[str], rows: Sequence[Sequence[str]], numeric: Any = ()) -> RowsTable:
    table = RowsTable(headings, rows, numeric)
    table.setFixedHeight(theme.size(34) + theme.size(30) * len(rows) + space(2))
    return table
