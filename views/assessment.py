"""The assessment screen 康复评估: one scale, each domain beside its limits and its last score, the result while typing."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from models import scales
from models.child import Child
from models.core import records
from models.core.errors import Invalid, Problem, Refused, Unconfirmed
from models.core.fields import field_of
from models.core.queries import values as record_values
from models.measurement import course, differ, plan_from
from models.rehabilitation import Assessment, RehabilitationPlan
from models.rehabilitation_file import previous
from models.scales import SCALES, evaluate, scale_named
from resources import N_, _
from ui.app import App
from ui.dialog import confirm
from ui.editors import ChildPicker, ChoiceBar, CodeBox, DateEdit, Editor, LongText, ReferencePicker, TextEdit
from ui.editors.choices import choices_of
from ui.editors.shown import shown_value
from ui.focus import line_up
from ui.form_grid import Message
from ui.history import HistoryPanel
from ui.pages import Page, page
from ui.record_head import Standing, standing_of
from ui.text import PlainLabel
from ui.widgets import Banner, Button, Scroll, Section, StateChip, clear, column, row
from views.assessment_course import CourseCard
from views.assessment_result import ResultCard, about
from views.assessment_standing import StandingLine
from views.domain_row import DomainRow, headings


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
        self.born_on: date | None = None
        self.before: dict[str, Any] | None = None
        self.rows: list[DomainRow] = []
        self.editors: dict[str, Editor] = {}
        self.messages: dict[str, Message] = {}
        self.read: dict[str, QVBoxLayout] = {}
        self._filling = False
        self._soon = QTimer(self, singleShot=True, interval=60)
        self._soon.timeout.connect(self.judge)
        self._lay_out()
        self._listen()

    # --- building -----------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.chip = StateChip("")
        self.tools.add(self.chip)
        self.new_button = Button(_("New"), "plus", on_click=self.new)
        self.new_button.setVisible(self.app.may_enter(Assessment))
        self.tools.add(self.new_button)
        self.plan_button = Button(
            _("Plan from this"), "clipboard-list", on_click=self.begin_plan, tip=_("A plan with these findings")
        )
        self.plan_button.setShortcut("Alt+P")
        self.tools.add(self.plan_button)
        self.save_button = Button(_("Save"), "save", on_click=self.save)
        self.submit_button = Button(_("Save and submit"), "check", "primary", self.submit)
        self.tools.add(self.save_button)
        self.tools.add(self.submit_button)
        self.history = HistoryPanel(self.app, Assessment)
        self.line = StandingLine(self.app, self._keep_typed, self.history)
        whole = row(None, 5)
        lines = self.column(2)
        lines.addWidget(self.line)
        lines.addLayout(whole, 1)
        left = Scroll(3)
        left.body.addWidget(self._head())
        self.wrong = Banner("", "danger")
        self.wrong.hide()
        left.body.addWidget(self.wrong)
        self.scores = Section(_("Scores"))
        left.body.addWidget(self.scores)
        left.body.addWidget(self._findings())
        left.body.addWidget(self.history)
        left.body.addStretch(1)
        whole.addWidget(left, 3)
        whole.addWidget(self._side(), 2)

    def _head(self) -> QWidget:
        holder = QWidget()
        lines = column(holder, 2)
        meaning = partial(field_of, Assessment)
        self.child = ChildPicker(self.app)
        self.scale = CodeBox(choices_of(SCALES), required=True)
        self.day = DateEdit(meaning("assessed_on"), self.app.now)
        self.kind = CodeBox(choices_of(meaning("kind").codes or ()), required=True)
        self.scale_version = TextEdit(meaning("scale_version"), self.app.now)
        self.aids = ChoiceBar(choices_of(meaning("aids").codes or ()))
        from models.staff import Staff

        self.assessor = ReferencePicker(self.app, Staff)
        for pair in (
            (("child_id", self.child), ("scale", self.scale)), (("assessed_on", self.day), ("kind", self.kind)),
            (("scale_version", self.scale_version), ("aids", self.aids)), (("assessor_id", self.assessor),),
        ):  # fmt: skip
            line = row(None, 3)
            for name, editor in pair:
                cell = QWidget()
                # Both halves are as wide as each other, whatever is in them: line after line stands in columns.
                cell.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
                part = column(cell, 1)
                editor.name(meaning(name).title)
                part.addWidget(PlainLabel(meaning(name).title, "caption"))
                part.addWidget(editor)
                part.addLayout(self._read(name))
                part.addWidget(self._message(name, editor))
                part.addStretch(1)
                line.addWidget(cell, 1)
            if len(pair) == 1:
                line.addStretch(1)
            lines.addLayout(line)
        return holder

    def _message(self, name: str, editor: Editor) -> Message:
        """Return the line beneath an editor that says what is wrong with what it holds."""
        message = self.messages[name] = Message(parent=self)
        self.editors[name] = editor
        editor.left.connect(lambda: message.tell(editor.problem()))
        return message

    def _read(self, name: str) -> QVBoxLayout:
        """Return the place where the value of a field stands in words when it cannot be changed."""
        self.read[name] = column(None, 0)
        return self.read[name]

    def _findings(self) -> QWidget:
        section = Section(_("Findings and advice"))
        self.texts: dict[str, LongText] = {}
        for name in ("conclusion", "advice", "heard"):
            meaning = field_of(Assessment, name)
            editor = LongText(meaning, lines=(2, 8))
            editor.name(meaning.title, _(meaning.help))
            section.body.addWidget(PlainLabel(meaning.title, "caption"))
            section.body.addWidget(editor)
            section.body.addLayout(self._read(name))
            self.texts[name] = editor
        meaning = field_of(Assessment, "next_on")
        self.next_on = DateEdit(meaning, self.app.now)
        self.next_on.name(meaning.title)
        section.body.addWidget(PlainLabel(meaning.title, "caption"))
        section.body.addWidget(self.next_on)
        section.body.addLayout(self._read("next_on"))
        section.body.addWidget(self._message("next_on", self.next_on))
        return section

    def _side(self) -> QWidget:
        side = Scroll(3)
        lines = side.body
        self.card = ResultCard()
        lines.addWidget(self.card)
        self.course = CourseCard(self._open)
        lines.addWidget(self.course)
        self.about = PlainLabel("", "caption", wrap=True)
        lines.addWidget(self.about)
        lines.addStretch(1)
        return side

    def _listen(self) -> None:
        self.child.changed.connect(self._child_changed)
        self.scale.changed.connect(self._scale_changed)
        self.day.changed.connect(self._look_before)
        self.scale_version.changed.connect(self.judge)
        self.aids.changed.connect(self.judge)
        editors: list[Editor] = [
            self.kind, self.aids, self.assessor, self.scale_version, self.next_on, *self.texts.values(),
        ]  # fmt: skip
        for editor in editors:
            editor.changed.connect(self._changed)
        self.line.listen(self)
        self.line.acts.moved.connect(self._open)
        self.line.acts.corrected.connect(self._open)
        self.line.acts.binned.connect(lambda: self.app.open_child(self.child.value() or "", tab="rehabilitation"))
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
        return {"record_id": self.record_id} if self.record_id else {"child_id": self.child.value() or ""}

    def reload(self) -> None:
        if not self.rows and not self.record_id:
            self._begin("", "")
        self.stale = False

    def new(self) -> None:
        """Begin another assessment of the same child."""
        if self.app.may_enter(Assessment):
            self._begin(self.child.value() or "", "")

    @property
    def record_id(self) -> str:
        """The assessment on show, empty for one that is being begun."""
        return str(self.standing.values.get("id") or "")

    @property
    def may_type(self) -> bool:
        """Whether this person may change what is on show."""
        return self.standing.may_edit if self.record_id else self.app.may_enter(Assessment)

    def _begin(self, child_id: str, scale: str) -> None:
        kept = self.app.drafts.look(f"assessment:{child_id}") if child_id else None
        values = {"child_id": child_id or None, "assessed_on": self.app.today(), "kind": "review",
                  "assessor_id": self.app.actor.staff_id, "scale": scale or self._usual(child_id)}  # fmt: skip
        self.standing = Standing(values={})
        self._show(values | (_revived(kept) if kept else {}))
        first = self.child if not child_id else self.rows[0].editor if self.rows else self.scale
        first.setFocus()

    def _usual(self, child_id: str) -> str | None:
        """Return the scale with which the child was assessed last."""
        if not child_id:
            return None
        from models.rehabilitation_file import assessments

        with self.app.read() as work:
            lines = assessments(work, child_id)
        return lines[0].scale if lines else None

    def _open(self, record_id: str) -> None:
        self.standing = standing_of(self.app, Assessment, record_id)
        self._show(self.standing.values)

    def _show(self, values: dict[str, Any]) -> None:
        self._filling = True
        self.child.set_value(values.get("child_id"))
        self.scale.set_value(values.get("scale"))
        self.day.set_value(values.get("assessed_on"))
        for name in ("kind", "aids", "scale_version"):
            getattr(self, name).set_value(values.get(name))
        self.assessor.set_value(values.get("assessor_id"))
        self.next_on.set_value(values.get("next_on"))
        for name, editor in self.texts.items():
            editor.set_value(values.get(name))
        self._read_child()
        self._fill_rows(values.get("scores") or {}, values.get("goal_areas") or ())
        self._filling = False
        self._complain(Invalid(()))
        self._offer()
        self._let_type(values)
        self._shown = self.values()
        self._look_before()

    def _offer(self) -> None:
        """Offer what this person may do with what is on show."""
        self.line.show_standing(self.standing)
        self.chip.set_state(self.standing.state)
        self.save_button.setVisible(self.may_type)
        self.submit_button.setVisible(self.may_type and self.standing.state in ("", "draft", "returned"))
        self.plan_button.setVisible(bool(self.record_id) and self.app.may("create", RehabilitationPlan))

    def _let_type(self, values: dict[str, Any]) -> None:
        """Let be typed what may be changed, and say the rest in words; child and scale of an assessment stay."""
        for name, editor in (self.editors | self.texts).items():
            open_ = self.may_type and not (self.record_id and name in ("child_id", "scale"))
            editor.setVisible(open_)
            clear(self.read[name])
            if not open_:
                self.read[name].addWidget(shown_value(field_of(Assessment, name), values.get(name), self.app))
        for line in self.rows:
            line.set_read_only(not self.may_type)

    def _read_child(self) -> None:
        self.born_on = None
        if self.child.value():
            with self.app.read() as work:
                self.born_on = record_values(work, Child, self.child.value())["born_on"]

    def _fill_rows(self, scores: dict[str, Any], goals: Any) -> None:
        clear(self.scores.body)
        self.rows = []
        scale = scale_named(self.scale.value() or "")
        self.scores.setVisible(scale is not None)
        self.aids.setEnabled(scale is not None and scale.code.startswith("GMFM"))
        self.about.setText(about(scale) if scale else _("Choose a child and a scale."))
        if scale is None:
            return
        self.scores.body.addLayout(headings(scale))
        for domain in scale.entries:
            line = DomainRow(self.app, scale, domain, goals=scale.formula == "percent_mean")
            line.editor.set_value(scores.get(domain.code))
            if line.goal is not None:
                line.goal.setChecked(domain.code in goals)
                line.goal.toggled.connect(self._changed)
            line.editor.changed.connect(self._changed)
            line.editor.left.connect(partial(self._check_row, line))
            self.rows.append(line)
            self.scores.body.addWidget(line)
        line_up(self.assessor.inner(), *self.rows)

    # --- while typing -------------------------------------------------------------------------------

    def _child_changed(self) -> None:
        self._read_child()
        if not self.scale.value():
            self.scale.set_value(self._usual(self.child.value() or ""))
            self._fill_rows({}, ())
        self._look_before()

    def _scale_changed(self) -> None:
        self._fill_rows({}, ())
        self._look_before()

    def _look_before(self) -> None:
        """Fetch the last assessment with this scale, to stand beside the new one."""
        self.before, lines = None, []
        day = self.day.value()
        if self.child.value() and self.scale.value() and day:
            with self.app.read() as work:
                self.before = previous(work, self.child.value(), self.scale.value(), day, self.record_id or None)
                lines = course(work, self.child.value(), self.scale.value())
        if self.before and not self.record_id and not self.scale_version.value():
            self.scale_version.set_value(self.before["scale_version"])
        self.course.show_course(lines, self.record_id)
        for line in self.rows:
            line.show_before((self.before or {}).get("scores", {}).get(line.domain.code))
        self.judge()

    def _changed(self, *_args: Any) -> None:
        if self._filling:
            return
        self._soon.start()
        if self.child.value() and not self.record_id:
            self.app.drafts.keep(f"assessment:{self.child.value()}", _kept(self.values()))

    def _check_row(self, line: DomainRow) -> None:
        problems = self._score_problems()
        words = next((each.message for each in problems if each.field == f"scores.{line.domain.code}"), "")
        empty = line.editor.value() in (None, "") and not line.editor.problem()
        line.complain("" if empty else line.editor.problem() or words)

    def _score_problems(self) -> list[Problem]:
        scale = scale_named(self.scale.value() or "")
        return list(scales.score_problems(scale, self._scores())) if scale else []

    def _scores(self) -> dict[str, Any]:
        found = {line.domain.code: line.editor.value() for line in self.rows}
        return {code: value for code, value in found.items() if value not in (None, "")}

    def judge(self) -> None:
        """Compute what follows from the scores typed so far."""
        scale = scale_named(self.scale.value() or "")
        if scale is None:
            self.card.hide()
            return
        self.card.show()
        scores, day = self._scores(), self.day.value()
        bad = {each.field.removeprefix("scores.") for each in self._score_problems()}
        months = scales.age_in_months(self.born_on, day) if self.born_on and day and day >= self.born_on else None
        goals = [line.domain.code for line in self.rows if line.goal is not None and line.goal.isChecked()]
        good = {code: value for code, value in scores.items() if code not in bad}
        result = evaluate(scale, good, months, goals)
        apart = differ((self.before or {}).get("scale_version"), self.scale_version.value())
        for line in self.rows:
            line.show_result(result, compared=not apart)
        self.card.show_result(
            scale, result, good, months, self.before, self.scale_version.value() or "", self.aids.value()
        )

    # --- saving -------------------------------------------------------------------------------------

    def values(self) -> dict[str, Any]:
        """Return what is entered, as the record keeps it."""
        goals = [line.domain.code for line in self.rows if line.goal is not None and line.goal.isChecked()]
        return {
            "child_id": self.child.value(), "scale": self.scale.value(), "assessed_on": self.day.value(), "kind": self.kind.value(),
            "aids": self.aids.value(), "scale_version": self.scale_version.value() or None, "assessor_id": self.assessor.value(), "scores": self._scores(), "goal_areas": goals or None,
            "next_on": self.next_on.value(), **{name: editor.value() or None for name, editor in self.texts.items()},
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
            self.app.drafts.forget(f"assessment:{self.child.value()}")
            self.app.notify(_("Assessment submitted.") if submit else _("Assessment saved."))
            self._open(saved)

    def _keep_typed(self) -> bool:
        """Save what was typed since the assessment was read; return whether nothing is unsaved now."""
        if self.may_type and (self._unread() or self.values() != self._shown):
            self._save(submit=False)
        return not self._unread() and self.values() == self._shown

    def _unread(self) -> list[Problem]:
        """Return what was typed and is not understood: it would be lost."""
        rows = {f"scores.{line.domain.code}": line.editor for line in self.rows}
        return [Problem(name, each.problem()) for name, each in (self.editors | rows).items() if each.problem()]

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
        rows = {f"scores.{line.domain.code}": line for line in self.rows}
        said = {problem.field: problem.message for problem in reversed(wrong.problems)}
        for code, line in rows.items():
            line.complain(said.get(code, ""))
        for name, message in self.messages.items():
            message.tell(said.get(name, ""))
        at = self.editors | {code: line.editor for code, line in rows.items()}
        if first := next((at[problem.field] for problem in wrong.problems if problem.field in at), None):
            first.setFocus()
        rest = [problem for problem in wrong.problems if problem.field not in at]
        self.wrong.setVisible(bool(rest))
        if rest:
            self.wrong.tell("\n".join(self._words(problem) for problem in rest), "danger")

    def _words(self, problem: Problem) -> str:
        label = field_of(Assessment, problem.field).title if problem.field else ""
        return _("{field}: {message}").format(field=label, message=problem.message) if label else problem.message


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _revived(kept: dict[str, Any]) -> dict[str, Any]:
    dates = ("assessed_on", "next_on")
    return {name: date.fromisoformat(value) if name in dates and value else value for name, value in kept.items()}
