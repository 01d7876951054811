"""The department at a glance 在训儿童: every child in treatment, what is overdue, and how the month stands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from models.age import months_later
from models.department import rules_on
from models.month import Month
from models.period import month_title
from models.rehabilitation import Assessment, RehabilitationPlan
from models.rehabilitation_month import percent
from models.rehabilitation_overview import TreatedChild, treated_children
from models.therapy import TherapySession
from resources import N_, _, ngettext
from ui.app import App
from ui.pages import Page, page
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.widgets import EmptyState, IconButton, Segmented, row


@page(
    "rehabilitation", N_("Children in treatment"), area="rehabilitation", icon="accessibility",
    needs=("RehabilitationPlan", "read"), order=15,
)  # fmt: skip
class RehabilitationList(Page):
    """All children with a plan that runs, those who need something first."""

    reads = (RehabilitationPlan, Assessment, TherapySession)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        today = app.today()
        self.month = Month(today.year, today.month)
        self.shown: list[TreatedChild] = []
        self.tools.add(IconButton("chevron-left", _("The month before"), lambda: self._go(-1)))
        self.said = PlainLabel("", "strong")
        self.tools.add(self.said)
        self.tools.add(IconButton("chevron-right", _("The next month"), lambda: self._go(1)))
        lines = self.column(3)
        bar = row(None, 3)
        options = [("all", _("All in treatment")), ("open", _("Needing something"))]
        self.which = Segmented(options, lambda _value: self._show(), name=_("Which children"))
        bar.addWidget(self.which)
        bar.addStretch(1)
        self.count = PlainLabel("", tone="muted")
        bar.addWidget(self.count)
        lines.addLayout(bar)
        heads = [
            _("Child"), _("Plan until"), _("Review on"), _("Last assessed"), _("Done"), _("Absent"),
            _("Turned up"), _("What is needed"),
        ]  # fmt: skip
        self.table = RowsTable(heads, (), range(4, 7), self._open, name=_("Children in treatment"), wrap=True)
        self.table.narrowest = 96
        may = app.may_enter(RehabilitationPlan)
        self.empty = EmptyState(
            "accessibility", _("Nobody is in treatment"), _("A submitted plan brings a child here."),
            _("New: {what}").format(what=_(RehabilitationPlan.title)) if may else "",
            (lambda: app.new_record(RehabilitationPlan)) if may else None,
        )  # fmt: skip
        lines.addWidget(self.table, 1)
        lines.addWidget(self.empty, 1)
        self.found: list[TreatedChild] = []
        self.rules: Mapping[str, float] = {}

    def reload(self) -> None:
        with self.app.read() as work:
            self.found = treated_children(work, self.month)
            self.rules = rules_on(work, self.app.today())
        self.stale = False
        self.said.setText(month_title(self.month.first))
        self._show()

    def _show(self) -> None:
        today = self.app.today()
        pairs = [(child, to_do(child, today, self.rules)) for child in self.found]
        if self.which.value() == "open":
            pairs = [pair for pair in pairs if pair[1]]
        pairs.sort(key=lambda pair: (-len(pair[1]), pair[0].name))
        self.shown = [child for child, _todo in pairs]
        self.table.show_rows([_line(child, todo) for child, todo in pairs])
        self.table.setVisible(bool(pairs))
        self.empty.setVisible(not pairs)
        waiting = sum(bool(to_do(child, today, self.rules)) for child in self.found)
        words = ngettext("{n} child in treatment", "{n} children in treatment", len(self.found)).format(
            n=len(self.found)
        )
        self.count.setText(_(" · ").join((words, _("{n} need something").format(n=waiting))))

    def _go(self, step: int) -> None:
        index = self.month.year * 12 + self.month.month - 1 + step
        self.month = Month(index // 12, index % 12 + 1)
        self.reload()

    def _open(self, index: int) -> None:
        self.app.open_child(self.shown[index].child_id, "rehabilitation")


def to_do(child: TreatedChild, today: date, rules: Mapping[str, float]) -> list[str]:
    """Say what a child in treatment needs by the department's rules: an assessment, a review, a new plan, better attendance."""
    found = []
    if child.last_assessed is None:
        found.append(_("first assessment"))
    elif months_later(child.last_assessed, int(rules["assessment_every"])) < today:
        found.append(_("assessment overdue"))
    if child.review_on < today:
        found.append(_("review overdue"))
    if child.plan_until <= today + timedelta(days=14):
        found.append(_("plan ends"))
    if child.attendance is not None and child.attendance < rules["attendance_low_below"]:
        found.append(_("low attendance"))
    return found


def _line(child: TreatedChild, todo: list[str]) -> tuple[str, ...]:
    return (
        child.name, child.plan_until.isoformat(), child.review_on.isoformat(),
        child.last_assessed.isoformat() if child.last_assessed else _("never"), f"{child.treated} / {child.planned}",
        str(child.absent or ""), percent(child.attendance), _(", ").join(todo),
    )  # fmt: skip
