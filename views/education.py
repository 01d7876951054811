"""Education in the child's file 教育: the school, the goals by domain, and the review of the term in one go."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from models.core import records
from models.core.errors import Invalid, Refused
from models.core.fields import field_of
from models.core.queries import values
from models.education import (
    DOMAINS,
    IEP_STATUS,
    IEP_TERMS,
    RATINGS,
    SCHOOLING_KINDS,
    STAGES,
    ClassAttendance,
    IepGoal,
    Schooling,
    TermReview,
)
from models.education_month import IepLine, attendance_lines, iep_lines, schoolings
from models.period import month_title
from models.school_terms import TERMS, term_named, term_of
from resources import N_, _, ngettext
from ui.app import App
from ui.dialog import Dialog
from ui.editors import ChoiceBar, CodeBox, DateEdit, LongText, TextEdit
from ui.editors.choices import choices_of
from ui.pages import ChildTab, child_tab
from ui.text import ElidedLabel, PlainLabel
from ui.theme import color, space, theme
from ui.widgets import Button, Chip, Clickable, EmptyState, Scroll, Section, clear, column, row, rule


class Share(QWidget):
    """A share as a slim bar with its number."""

    def __init__(self, share: int | None, tint: str = "education") -> None:
        super().__init__()
        self.share, self.tint = share, tint
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(_("not rated yet") if share is None else f"{share}%")

    def sizeHint(self) -> QSize:
        return QSize(theme.size(128), theme.size(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("caption"))
        room = painter.fontMetrics().horizontalAdvance("100%") + space(1)
        bar = QRectF(0, self.height() / 2 - theme.size(3), self.width() - room, theme.size(6))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("line"))
        painter.drawRoundedRect(bar, theme.size(3), theme.size(3))
        if self.share:
            painter.setBrush(color(self.tint))
            painter.drawRoundedRect(
                QRectF(bar.left(), bar.top(), bar.width() * self.share / 100, bar.height()),
                theme.size(3),
                theme.size(3),
            )
        painter.setPen(color("text"))
        words = "–" if self.share is None else f"{self.share}%"
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words)


@child_tab("education", N_("Education"), area="education", needs=("Schooling", "read"), order=10, icon="graduation-cap")
class EducationTab(ChildTab):
    """School, IEP and attendance of one child."""

    reads: ClassVar[tuple[type, ...]] = (Schooling, IepGoal, TermReview, ClassAttendance)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.lines: list[IepLine] = []
        self.area = Scroll(5)
        self.column(0).addWidget(self.area)

    def show_child(self, child_id: str) -> None:
        self.child_id = child_id
        with self.app.read() as work:
            self.schools = schoolings(work, child_id)
            self.lines = iep_lines(work, child_id)
            self.attended = attendance_lines(work, child_id)
        self.stale = False
        clear(self.area.body)
        for part in (self._school(), self._goals(), self._attendance()):
            self.area.body.addWidget(part)
        self.area.body.addStretch(1)

    def again(self) -> None:
        """Read the child again."""
        self.show_child(self.child_id)

    # --- school -------------------------------------------------------------------------------------

    def _school(self) -> QWidget:
        section = Section(_("School"))
        if self.app.may("create", Schooling):
            section.tools.addWidget(Button(_("Enrol"), "plus", on_click=self._enrol))
        if not self.schools:
            section.body.addWidget(EmptyState("school", _("No school is recorded yet")))
        for school in self.schools:
            section.body.addWidget(self._school_line(school))
        return section

    def _school_line(self, school: dict[str, Any]) -> QWidget:
        ended = school["ends_on"] is not None and school["ends_on"] < self.app.today()
        holder = Clickable(school["school"], partial(self._open, Schooling, school["id"]))
        lines = column(holder, 0)
        first = row(None, 2)
        first.addWidget(PlainLabel(school["school"], "body" if ended else "strong", tone="muted" if ended else ""))
        where = " ".join(
            filter(None, (_("grade {n}").format(n=school["grade"]) if school["grade"] else "", school["class_name"]))
        )
        first.addWidget(PlainLabel(where, tone="muted"))
        first.addWidget(Chip(SCHOOLING_KINDS.label(school["kind"]), "neutral" if ended else "info"))
        if school["has_iep"]:
            first.addWidget(Chip(_("IEP"), "good"))
        first.addStretch(1)
        lines.addLayout(first)
        until = school["ends_on"].isoformat() if school["ends_on"] else _("now")
        facts = [STAGES.label(school["stage"]), f"{school['starts_on']} – {until}", school["class_teacher"] or ""]
        lines.addWidget(PlainLabel(_(" · ").join(filter(None, facts)), "caption"))
        for name in ("supports", "triggers"):
            if school[name] and not ended:
                words = _("{field}: {message}").format(field=field_of(Schooling, name).title, message=school[name])
                lines.addWidget(PlainLabel(words, "caption", wrap=True))
        return holder

    def _enrol(self) -> None:
        self.app.new_record(
            Schooling, child_id=self.child_id, starts_on=self.app.today(), teacher_id=self.app.actor.staff_id
        )
        self.again()

    # --- goals --------------------------------------------------------------------------------------

    def _goals(self) -> QWidget:
        section = Section(_("Individual education plan (IEP)"))
        if self.app.may("create", TermReview) and any(line.status == "active" for line in self.lines):
            section.tools.addWidget(Button(_("Term review"), "clipboard-check", on_click=self.review))
        if self.app.may("create", IepGoal):
            section.tools.addWidget(Button(_("Add goal"), "plus", on_click=self._new_goal))
        if not self.lines:
            section.body.addWidget(PlainLabel(_("No IEP goals yet."), tone="muted"))
        domain = ""
        for line in self._shown():
            if line.domain != domain:
                domain = line.domain
                section.body.addWidget(PlainLabel(DOMAINS.label(domain), "strong", tone="muted"))
            section.body.addWidget(self._goal(line))
        return section

    def _shown(self) -> list[IepLine]:
        """The goals of this school year; earlier ones only when there are no newer."""
        start = term_of(self.app.today())
        current = [line for line in self.lines if line.due_on >= start.first or line.status == "active"]
        return current or self.lines[:8]

    def _goal(self, line: IepLine) -> QWidget:
        holder = QWidget()
        whole = row(holder, 3)
        whole.setContentsMargins(space(5) if line.parent_id else 0, 0, 0, 0)
        words = Clickable(line.text, partial(self._open, IepGoal, line.id))
        lines = column(words, 0)
        first = row(None, 2)
        first.addWidget(Chip(IEP_TERMS.label(line.term), "info" if line.term == "annual" else "neutral"))
        first.addWidget(ElidedLabel(line.text, "strong"), 1)
        lines.addLayout(first)
        about = _("{baseline} → {criterion}, by {day}")
        lines.addWidget(
            ElidedLabel(about.format(baseline=line.present_level, criterion=line.criterion, day=line.due_on), "caption")
        )
        if line.reviews:
            last = line.reviews[0]
            said = _("{term}: {rating}").format(term=TERMS.label(last.term), rating=RATINGS.label(last.rating))
            lines.addWidget(ElidedLabel(_(" · ").join(filter(None, (said, last.evidence or ""))), "caption"))
        whole.addWidget(words, 1)
        if line.status != "active":
            whole.addWidget(Chip(IEP_STATUS.label(line.status), "good" if line.status == "mastered" else "neutral"))
        whole.addWidget(Share(line.progress), 0, Qt.AlignmentFlag.AlignVCenter)
        return holder

    def _new_goal(self) -> None:
        today = self.app.today()
        self.app.new_record(
            IepGoal, child_id=self.child_id, starts_on=today, due_on=term_of(today).next.last, responsible_id=self.app.actor.staff_id,
        )  # fmt: skip
        self.again()

    def review(self) -> None:
        """Review all goals that are in progress for one term."""
        dialog = TermReviewDialog(
            self.app, self.child_id, [line for line in self.lines if line.status == "active"], self
        )
        dialog.exec()
        dialog.deleteLater()
        self.again()

    # --- attendance ---------------------------------------------------------------------------------

    def _attendance(self) -> QWidget:
        from ui.table import RowsTable

        section = Section(_("Attendance in class"))
        if self.app.may("create", ClassAttendance):
            section.tools.addWidget(Button(_("Class list"), "table", on_click=lambda: self.app.go("class_attendance")))
        if not self.attended:
            section.body.addWidget(PlainLabel(_("No attendance recorded yet."), tone="muted"))
            return section
        rows = [
            (month_title(each["month"]), str(each["school_days"]), str(each["present_days"]),
             f"{each['present_days'] / each['school_days']:.0%}" if each["school_days"] else "–",
             str(each["ill_days"] or ""), str(each["therapy_days"] or ""), str(each["other_days"] or ""))
            for each in self.attended[:6]
        ]  # fmt: skip
        heads = [_("Month"), *(field_of(ClassAttendance, name).title for name in ("school_days", "present_days")), _("Share"),
                 *(field_of(ClassAttendance, name).title for name in ("ill_days", "therapy_days", "other_days"))]  # fmt: skip
        table = RowsTable(heads, rows, range(1, 7))
        table.setFixedHeight(theme.size(34) + theme.size(30) * len(rows) + space(2))
        section.body.addWidget(table)
        return section

    def _open(self, kind: Any, record_id: str) -> None:
        self.app.open_record(kind, record_id)
        self.again()


class TermReviewDialog(Dialog):
    """All goals of a child reviewed for one term: a rating each, evidence and next step where there is something to say."""

    def __init__(self, app: App, child_id: str, lines: list[IepLine], parent: QWidget) -> None:
        super().__init__(_("Term review"), "", parent, width=760)
        self.app, self.child_id, self.lines = app, child_id, lines
        self.head()
        area = Scroll(3)
        area.setMinimumHeight(theme.size(320))
        self.rows: dict[str, tuple[ChoiceBar, LongText, LongText, PlainLabel]] = {}
        for line in lines:
            area.body.addWidget(self._goal(line))
            area.body.addWidget(rule())
        area.body.addStretch(1)
        self.body.addWidget(area, 1)
        self.offer(_("Save reviews"), self.save)
        self._mark_reviewed()

    def head(self) -> None:
        """Lay out term, day and who was present."""
        line = row(None, 3)
        self.term = CodeBox(choices_of(list(TERMS)[:40]), required=True)
        self.day = DateEdit(field_of(TermReview, "reviewed_on"), self.app.now)
        self.present = TextEdit(field_of(TermReview, "present"), self.app.now)
        today = self.app.today()
        self.term.set_value(term_of(today).code)
        self.day.set_value(today)
        for name, editor, stretch in (
            ("school_term", self.term, 2),
            ("reviewed_on", self.day, 1),
            ("present", self.present, 3),
        ):
            part = column(None, 1)
            editor.name(field_of(TermReview, name).title)
            part.addWidget(PlainLabel(field_of(TermReview, name).title, "caption"))
            part.addWidget(editor)
            line.addLayout(part, stretch)
        self.term.changed.connect(self._mark_reviewed)
        self.body.addLayout(line)

    def _goal(self, line: IepLine) -> QWidget:
        holder = QWidget()
        lines = column(holder, 1)
        lines.addWidget(PlainLabel(f"{DOMAINS.label(line.domain)}{_(': ')}{line.text}", "strong", wrap=True))
        lines.addWidget(PlainLabel(_("Criterion: {words}").format(words=line.criterion), "caption", wrap=True))
        rating = ChoiceBar([(code.code, f"{code.code} {code}", (code.code,)) for code in list(RATINGS)[::-1]])
        rating.name(_("Rating: {goal}").format(goal=line.text))
        evidence, following = (LongText(field_of(TermReview, name), lines=(2, 5)) for name in ("evidence", "next_step"))
        lines.addWidget(rating)
        texts = row(None, 2)
        for name, editor in (("evidence", evidence), ("next_step", following)):
            part = column(None, 0)
            editor.name(f"{field_of(TermReview, name).title}{_(': ')}{line.text}")
            part.addWidget(PlainLabel(field_of(TermReview, name).title, "caption"))
            part.addWidget(editor)
            texts.addLayout(part, 1)
        lines.addLayout(texts)
        wrong = PlainLabel("", "caption", tone="danger", wrap=True)
        wrong.hide()
        lines.addWidget(wrong)
        self.rows[line.id] = (rating, evidence, following, wrong)
        return holder

    def _mark_reviewed(self) -> None:
        """Show which goals were reviewed in this term already; they are not asked again."""
        for line in self.lines:
            rating, evidence, following, wrong = self.rows[line.id]
            done = next((review for review in line.reviews if review.term == self.term.value()), None)
            for editor in (rating, evidence, following):
                editor.setEnabled(done is None)
            if done:
                rating.set_value(done.rating)
                evidence.set_value(done.evidence)
                following.set_value(done.next_step)
            wrong.setText(_("Reviewed on {day}").format(day=done.day) if done else "")
            wrong.set_tone("good" if done else "danger")
            wrong.setVisible(done is not None)

    def save(self) -> None:
        """Save a review for every goal that was rated."""
        rated = [line for line in self.lines if self.rows[line.id][0].isEnabled() and self.rows[line.id][0].value()]
        current = ""
        try:
            with self.app.work() as work:
                for line in rated:
                    current = line.id
                    records.save(work, TermReview, self._values(line), confirmed=True)
                    self._move_on(work, line)
        except Invalid as wrong:
            label = self.rows[current][3]
            label.set_tone("danger")
            label.setText(str(wrong))
            label.show()
            return
        except Refused as refusal:
            self.app.show_error(refusal)
            return
        self.app.notify(ngettext("{n} goal reviewed", "{n} goals reviewed", len(rated)).format(n=len(rated)))
        self.accept()

    def _values(self, line: IepLine) -> dict[str, Any]:
        rating, evidence, following, _wrong = self.rows[line.id]
        term, day = self.term.value(), self.day.value() or self.app.today()
        return {
            "child_id": self.child_id, "goal_id": line.id, "school_term": term, "reviewed_on": max(day, term_named(term).first),
            "rating": rating.value(), "evidence": evidence.value() or None, "next_step": following.value() or None,
            "present": self.present.value() or None, "reviewer_id": self.app.actor.staff_id,
        }  # fmt: skip

    def _move_on(self, work: Any, line: IepLine) -> None:
        """Take over what the rating says about the goal itself."""
        rating = self.rows[line.id][0].value()
        reached = {"0": 0, "1": 25, "2": 50, "3": 100, "4": 100}[rating]
        known = values(work, IepGoal, line.id)
        changed: dict[str, Any] = {"progress": max(reached, known["progress"] or 0)}
        if rating in ("3", "4"):
            changed["status"] = "mastered"
        records.save(work, IepGoal, changed, id=line.id, confirmed=True)
