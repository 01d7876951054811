"""The assessment screen 康复评估: one scale, each domain beside its limits and its last score, the result while typing."""

from __future__ import annotations

from typing import Any, ClassVar

from PySide6.QtCore import QTimer

from models.core import records
from models.core.errors import Invalid, Problem, Refused, Unconfirmed
from models.core.fields import field_of
from models.measurement import plan_from
from models.rehabilitation import Assessment, RehabilitationPlan
from models.rehabilitation_file import assessments
from resources import N_, _
from ui.app import App
from ui.dialog import confirm
from ui.drafting import DraftBanner
from ui.history import HistoryPanel
from ui.pages import Page, page
from ui.record_head import Standing, standing_of, tell_reason
from ui.widgets import Banner, Button, Scroll, StateChip, row
from views.assessment_fields import AssessmentFields, kept, revived
from views.assessment_scores import ScoreSection
from views.assessment_side import AssessmentSide
from views.assessment_standing import StandingLine
from views.records import key_of


@page(
    "assessment",
    N_("New assessment"),
    area="rehabilitation",
    icon="clipboard-check",
    needs=("Assessment", "create"),
    order=30,
    enters="Assessment",
)
class AssessmentPage(Page):
    """One assessment: being entered, or read by those who may not change it."""

    reads: ClassVar[tuple[type, ...]] = ()

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.standing = Standing(values={})
        self._shown: dict[str, Any] = {}
        self._filling = False
        self._soon = QTimer(self, singleShot=True, interval=60)
        self._soon.timeout.connect(self.judge)
        self.fields = AssessmentFields(app, self)
        self.scores = ScoreSection(app, self.fields.assessor.inner())
        self.side = AssessmentSide(app, self.scores, self._open)
        self._lay_out()
        self._listen()

    # --- building -----------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self._offer_tools()
        self.history = HistoryPanel(self.app, Assessment)
        self.line = StandingLine(self.app, self._keep_typed, self.history)
        self.why, self.wrong, self.draft = Banner("", "warning"), Banner("", "danger"), DraftBanner()
        self.why.hide()
        self.wrong.hide()
        left = Scroll(3)
        for part in (self.fields.head, self.wrong, self.scores, self.fields.findings, self.history):
            left.body.addWidget(part)
        left.body.addStretch(1)
        whole = row(None, 5)
        whole.addWidget(left, 3)
        whole.addWidget(self.side, 2)
        lines = self.column(2)
        for part in (self.line, self.why, self.draft):
            lines.addWidget(part)
        lines.addLayout(whole, 1)

    def _offer_tools(self) -> None:
        self.chip = StateChip("")
        self.new_button = Button(_("New"), "plus", on_click=self.new)
        self.new_button.setVisible(self.app.may_enter(Assessment))
        self.plan_button = Button(
            _("Plan from this"), "clipboard-list", on_click=self.begin_plan, tip=_("A plan with these findings")
        )
        self.plan_button.setShortcut("Alt+P")
        self.save_button = Button(_("Save"), "save", on_click=self.save)
        self.submit_button = Button(_("Save and submit"), "check", "primary", self.submit)
        for tool in (self.chip, self.new_button, self.plan_button, self.save_button, self.submit_button):
            self.tools.add(tool)

    def _listen(self) -> None:
        self.fields.child.changed.connect(self._child_changed)
        self.fields.scale.changed.connect(self._scale_changed)
        self.fields.day.changed.connect(self._look_before)
        self.draft.take.clicked.connect(self._go_on)
        self.draft.drop.clicked.connect(self._give_up)
        for editor in (self.fields.scale_version, self.fields.aids):
            editor.changed.connect(self.judge)
        self.fields.changed.connect(self._changed)
        self.scores.changed.connect(self._changed)
        self.line.listen(self)
        self.line.acts.moved.connect(self._open)
        self.line.acts.corrected.connect(self._open)
        self.line.acts.binned.connect(lambda: self.app.open_child(self.fields.child_id, tab="rehabilitation"))
        self.line.acts.refused.connect(lambda problems: self._complain(Invalid(problems)))

    # --- opening ------------------------------------------------------------------------------------

    def open(self, **target: Any) -> None:
        """Begin an assessment of a child, or go to one that is there."""
        if target.get("record_id"):
            self._open(str(target["record_id"]))
        else:
            self._begin(target.get("child_id") or "", target.get("scale") or "")

    def heading(self) -> str:
        return _(Assessment.title) if self.record_id else ""

    def place(self) -> dict[str, Any]:
        return {"record_id": self.record_id} if self.record_id else {"child_id": self.fields.child_id}

    def stands_under(self) -> str:
        return key_of(Assessment) if self.record_id else ""

    def reload(self) -> None:
        if not self.scores.rows and not self.record_id:
            self._begin("", "")
        self.stale = False

    def new(self) -> None:
        """Begin another assessment of the same child."""
        if self.app.may_enter(Assessment):
            self._begin(self.fields.child_id, "")

    @property
    def record_id(self) -> str:
        """The assessment on show, empty for one that is being begun."""
        return str(self.standing.values.get("id") or "")

    @property
    def may_type(self) -> bool:
        """Whether this person may change what is on show."""
        return self.standing.may_edit if self.record_id else self.app.may_enter(Assessment)

    def _begin(self, child_id: str, scale: str) -> None:
        draft = self.app.drafts.look(f"assessment:{child_id}") if child_id else None
        values = {"child_id": child_id or None, "assessed_on": self.app.today(), "kind": "review",
                  "assessor_id": self.app.actor.staff_id, "scale": scale or self._usual(child_id)}  # fmt: skip
        self.standing = Standing(values={})
        self._show(values | (revived(draft) if draft else {}))
        rows = self.scores.rows
        first = self.fields.child if not child_id else rows[0].editor if rows else self.fields.scale
        first.setFocus()

    def _usual(self, child_id: str) -> str | None:
        """Return the scale with which the child was assessed last."""
        if not child_id:
            return None
        with self.app.read() as work:
            lines = assessments(work, child_id)
        return lines[0].scale if lines else None

    def _open(self, record_id: str) -> None:
        self.standing = standing_of(self.app, Assessment, record_id)
        self._show(self.standing.values)
        if self.may_type and self.app.drafts.look(self._draft_key):
            self.draft.tell(_("Unsaved entries of an earlier time were kept."), "info")

    def _show(self, values: dict[str, Any]) -> None:
        self._filling = True
        self.fields.show_values(values)
        self.side.read_child(self.fields.child_id)
        self._fill_scores(values.get("scores") or {}, values.get("goal_areas") or ())
        self._filling = False
        self.draft.hide()
        self._complain(Invalid(()))
        self._offer()
        self.fields.let_type(values, may_type=self.may_type, there=bool(self.record_id))
        self.scores.set_read_only(not self.may_type)
        self._shown = self.values()
        self._look_before()
        self.moved.emit()

    def _fill_scores(self, scores: dict[str, Any], goals: Any) -> None:
        scale = self.fields.chosen_scale
        self.scores.fill(scale, scores, goals)
        self.fields.offer_aids()
        self.side.tell_of(scale)

    def _offer(self) -> None:
        """Offer what this person may do with what is on show."""
        self.line.show_standing(self.standing)
        tell_reason(self.why, self.standing)
        self.chip.set_state(self.standing.state)
        self.save_button.setVisible(self.may_type)
        self.submit_button.setVisible(self.may_type and self.standing.state in ("", "draft", "returned"))
        self.plan_button.setVisible(bool(self.record_id) and self.app.may("create", RehabilitationPlan))

    # --- while typing -------------------------------------------------------------------------------

    def _child_changed(self) -> None:
        self.side.read_child(self.fields.child_id)
        if not self.fields.scale.value():
            self.fields.scale.set_value(self._usual(self.fields.child_id))
            self._fill_scores({}, ())
        self._look_before()

    def _scale_changed(self) -> None:
        self._fill_scores({}, ())
        self._look_before()

    def _look_before(self) -> None:
        """Put the last assessment with this scale beside this one."""
        self.side.look_before(self.fields.child_id, self.fields.day.value(), self.record_id)
        if self.side.before and not self.record_id and not self.fields.scale_version.value():
            self.fields.scale_version.set_value(self.side.before["scale_version"])
        self.judge()

    def _changed(self) -> None:
        if self._filling:
            return
        self._soon.start()
        if self.fields.child_id and self.may_type:
            self.app.drafts.keep(self._draft_key, kept(self.values()))

    @property
    def _draft_key(self) -> str:
        """Where is kept what is typed and not saved: with the assessment, or with the child while it is begun."""
        return f"assessment:{self.record_id or self.fields.child_id}"

    def _go_on(self) -> None:
        """Go on with what was typed and not saved; it is still to be saved."""
        self.draft.hide()
        if found := self.app.drafts.look(self._draft_key):
            stored = self._shown
            self._show(self.standing.values | revived(found))
            self._shown = stored

    def _give_up(self) -> None:
        self.draft.hide()
        self.app.drafts.forget(self._draft_key)

    def judge(self) -> None:
        """Compute what follows from the scores typed so far."""
        fields = self.fields
        self.side.judge(fields.day.value(), fields.scale_version.value() or "", fields.aids.value())

    # --- saving -------------------------------------------------------------------------------------

    def values(self) -> dict[str, Any]:
        """Return what is entered, as the record keeps it."""
        return {
            **self.fields.values(), "scores": self.scores.scores(), "goal_areas": self.scores.goals() or None,
        }  # fmt: skip

    def save(self) -> None:
        """Save as a draft."""
        if self.may_type:
            self._save(submit=False)

    def submit(self) -> None:
        """Save and submit."""
        if self.may_type:
            self._save(submit=True)

    def _save(self, *, submit: bool, confirmed: bool = False) -> None:
        if unread := self._unread():
            self._complain(Invalid(unread))
            return
        try:
            with self.app.work() as work:
                saved = records.save(work, Assessment, self.values(), id=self.record_id or None, version=self.standing.values.get("version"),
                                     confirmed=confirmed)  # fmt: skip
                if submit:
                    records.take_step(work, Assessment, saved, "submit")
        except Unconfirmed as warnings:
            text = "\n".join(problem.message for problem in warnings.problems)
            if confirm(self, _("Save all the same?"), text, _("All the same")):
                self._save(submit=submit, confirmed=True)
        except Invalid as wrong:
            self._complain(wrong)
        except Refused as refusal:
            self.app.show_error(refusal)
        else:
            self.app.drafts.forget(self._draft_key)
            self.app.notify(_("Assessment submitted.") if submit else _("Assessment saved."))
            self._open(saved)

    def _keep_typed(self) -> bool:
        """Save what was typed since the assessment was read; return whether nothing is unsaved now."""
        if self.may_type and (self._unread() or self.values() != self._shown):
            self._save(submit=False)
        return not self._unread() and self.values() == self._shown

    def _unread(self) -> list[Problem]:
        """Return what was typed and is not understood: it would be lost."""
        at = self.fields.editors | self.scores.editors()
        return [Problem(name, each.problem()) for name, each in at.items() if each.problem()]

    def begin_plan(self) -> None:
        """Begin a plan that rests on this assessment, with its findings filled in."""
        if not self.record_id:
            return
        with self.app.read() as work:
            values = plan_from(work, self.record_id)
        plan_id = self.app.new_record(RehabilitationPlan, **values)
        self.app.open_child(values["child_id"], tab="rehabilitation", record_id=plan_id)

    def _complain(self, wrong: Invalid) -> None:
        """Say beside each field what is wrong with it, and go to the first; what belongs to none stands above."""
        said = {problem.field: problem.message for problem in reversed(wrong.problems)}
        self.fields.complain(said)
        self.scores.complain(said)
        at = self.fields.editors | self.scores.editors()
        if first := next((at[problem.field] for problem in wrong.problems if problem.field in at), None):
            first.setFocus()
        rest = [problem for problem in wrong.problems if problem.field not in at]
        self.wrong.setVisible(bool(rest))
        if rest:
            self.wrong.tell("\n".join(_words(problem) for problem in rest), "danger")


def _words(problem: Problem) -> str:
    label = field_of(Assessment, problem.field).title if problem.field else ""
    return _("{field}: {message}").format(field=label, message=problem.message) if label else problem.message
