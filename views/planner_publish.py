"""Publishing a week 发布周课表: what changes for whom, then one step; earlier versions with what they changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from models.core.errors import Refused, Unconfirmed
from models.core.queries import load, titles
from models.scheduling.change import Change
from models.scheduling.plan_words import KINDS, ChangeLine, change_lines
from models.scheduling.plans import changed_underneath, publish, versions
from models.scheduling.week_plan import STAGES, WeekPlan
from resources import _, ngettext
from ui.dialog import Dialog, confirm
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import Banner, Button, Segmented, column

if TYPE_CHECKING:
    from ui.app import App


class ChangeTable(QWidget):
    """The change list of a plan, in the order of time, by child or by therapist."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lines: Sequence[ChangeLine] = ()
        self.staff: dict[str, str] = {}
        lines = column(self, 2)
        options = [("time", _("By time")), ("child", _("By child")), ("therapist", _("By therapist"))]
        self.order = Segmented(options, lambda _value: self._show(), name=_("Order of the changes"))
        lines.addWidget(self.order)
        heads = [_("Kind"), _("Child"), _("Therapy"), _("So far"), _("From now on")]
        self.table = RowsTable(heads, (), name=_("Changes"))
        self.table.setMinimumHeight(theme.size(220))
        lines.addWidget(self.table, 1)

    def show_lines(self, lines: Sequence[ChangeLine], staff: dict[str, str]) -> None:
        """Show a change list; staff are the names of the therapists it concerns."""
        self.lines, self.staff = lines, staff
        self._show()

    def _show(self) -> None:
        self.table.show_rows(self.rows())

    def rows(self) -> list[tuple[str, ...]]:
        """Return the lines in the chosen order; by therapist each line stands under everyone it concerns."""
        order = self.order.value()
        if order == "therapist":
            pairs = [(self.staff.get(who, ""), each) for each in self.lines for who in each.therapists]
            pairs.sort(key=lambda pair: pair[0])
            return [(f"{name} · {KINDS.label(each.kind)}", *_cells(each)) for name, each in pairs]
        shown = sorted(self.lines, key=lambda each: each.who) if order == "child" else self.lines
        return [(KINDS.label(each.kind), *_cells(each)) for each in shown]


def _cells(line: ChangeLine) -> tuple[str, str, str, str]:
    return line.who, line.therapy, line.before, line.after


def counts_words(lines: Sequence[ChangeLine]) -> str:
    """Say how many sessions are new, moved, given over, put elsewhere and cancelled."""
    parts = []
    for code in KINDS:
        count = sum(each.kind == code.code for each in lines)
        if count:
            parts.append(_("{what} {n}").format(what=str(code), n=count))
    return _(" · ").join(parts)


class PublishDialog(Dialog):
    """Shows what would change and publishes it; ``change`` is what was done."""

    def __init__(self, app: App, plan_id: str, eased: Sequence[str], parent: QWidget | None) -> None:
        self.app, self.plan_id = app, plan_id
        self.change: Change | None = None
        self.number = 0
        lines, staff = self._read()
        title = _("Publish version {n} of the week of {day}").format(n=self.number, day=self.monday.isoformat())
        super().__init__(title, counts_words(lines), parent, width=900)
        for words, tone in self._warnings(eased):
            self.body.addWidget(Banner(words, tone))
        self.list = ChangeTable()
        self.list.show_lines(lines, staff)
        self.body.addWidget(self.list, 1)
        self.button = self.offer(
            ngettext("Publish {n} change", "Publish {n} changes", len(lines)).format(n=len(lines)),
            self.publish,
            icon="send",
        )
        self.button.setEnabled(bool(lines) and not self.underneath)

    def _read(self) -> tuple[list[ChangeLine], dict[str, str]]:
        with self.app.read() as work:
            plan = load(work, WeekPlan, self.plan_id)
            self.monday, self.waiting, self.note = plan.monday, plan.waiting or 0, plan.note or ""
            known = versions(work, plan.monday)
            self.number = (known[0]["number"] if known else 0) + 1
            self.underneath = changed_underneath(work, plan)
            lines = change_lines(work, self.plan_id)
            staff = titles(work, "staff", {who for each in lines for who in each.therapists})
        return lines, staff

    def _warnings(self, eased: Sequence[str]) -> list[tuple[str, str]]:
        found = []
        if self.underneath:
            words = _("The week has changed since it was planned; please plan again from the week as it is now.")
            found.append(("\n".join([words, *self.underneath[:4]]), "danger"))
        if self.waiting:
            words = ngettext("{n} session keeps waiting.", "{n} sessions keep waiting.", self.waiting)
            found.append((words.format(n=self.waiting), "warning"))
        if eased:
            words = _("Arranged for this plan only: {what}").format(what=_("; ").join(eased))
            found.append((words, "warning"))
        if self.note:
            found.append((self.note, "warning"))
        return found

    def publish(self, *, confirmed: bool = False) -> None:
        """Publish it in one step; what has become doubtful is asked about first."""
        try:
            with self.app.work() as work:
                self.change = publish(work, self.plan_id, confirmed=confirmed)
        except Unconfirmed as doubts:
            text = "\n".join(problem.message for problem in doubts.problems)
            if confirm(self, _("Publish it all the same?"), text, _("All the same")):
                self.publish(confirmed=True)
            return
        except Refused as refusal:
            self.app.show_error(refusal)
            return
        self.accept()


class VersionsDialog(Dialog):
    """The published versions of a week, each with what it changed."""

    def __init__(self, app: App, monday: date, parent: QWidget | None) -> None:
        text = _("Week of {day}").format(day=monday.isoformat())
        super().__init__(_("Published versions"), text, parent, width=940)
        self.app = app
        with app.read() as work:
            self.known = versions(work, monday)
        heads = [_("Version"), _("Stage of the plan"), _("Published at"), _("Published by"), _("Changes"), _("Waiting")]
        rows = [
            (
                str(each["number"]), STAGES.label(each["stage"]),
                f"{each['published_at']:%Y-%m-%d %H:%M}" if each["published_at"] else "", each["published_by"] or "",
                str(each["changed"] or 0), str(each["waiting"] or 0),
            )
            for each in self.known
        ]  # fmt: skip
        self.table = RowsTable(heads, rows, {0, 4, 5}, name=_("Published versions"))
        self.table.setFixedHeight(theme.size(150))
        self.body.addWidget(self.table)
        self.said = PlainLabel("" if rows else _("No version of this week was published yet."), tone="muted", wrap=True)
        self.body.addWidget(self.said)
        self.list = ChangeTable()
        self.list.setVisible(bool(rows))
        self.body.addWidget(self.list, 1)
        self.buttons.addWidget(Button(_("Close"), on_click=self.accept))
        self.table.selectionModel().currentRowChanged.connect(lambda *_rows: self._show())
        if rows:
            self.table.selectRow(0)

    def _show(self) -> None:
        index = self.table.currentIndex().row()
        if not 0 <= index < len(self.known):
            return
        with self.app.read() as work:
            lines = change_lines(work, self.known[index]["id"])
            staff = titles(work, "staff", {who for each in lines for who in each.therapists})
        self.said.setText(counts_words(lines))
        self.list.show_lines(lines, staff)
