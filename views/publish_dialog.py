"""Publishing a week 发布周课表: what changes for whom, all of it or a part, then one step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from models.core.errors import Refused, Unconfirmed
from models.core.queries import load, titles
from models.scheduling.change import Change
from models.scheduling.part_publishing import Parts, parts_of, publish_part
from models.scheduling.plan_words import ChangeLine, change_lines
from models.scheduling.plans import changed_underneath, publish, versions
from models.scheduling.week_plan import WeekPlan
from resources import _, ngettext
from ui.dialog import Dialog, confirm
from ui.editors import CodeBox
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import Banner, row
from views.planner_publish import ChangeTable, counts_words
from views.therapy_look import weekday

if TYPE_CHECKING:
    from ui.app import App

ALL = "all"


class PublishDialog(Dialog):
    """Shows what would change and publishes it; ``change`` is what was done, ``words`` how it is told."""

    def __init__(self, app: App, plan_id: str, eased: Sequence[str], parent: QWidget | None) -> None:
        self.app, self.plan_id = app, plan_id
        self.change: Change | None = None
        self.number = 0
        self.parts: Parts | None = None
        self.only: CodeBox | None = None
        self.chosen: frozenset[int] | None = None
        """The lines that are published now; None for all."""
        self.lines, self.staff = self._read()
        title = _("Publish version {n} of the week of {day}").format(n=self.number, day=self.monday.isoformat())
        super().__init__(title, counts_words(self.lines), parent, width=1000)
        for words, tone in self._warnings(eased):
            self.body.addWidget(Banner(words, tone))
        self.list = ChangeTable(on_toggle=self.toggle)
        self.list.show_lines(self.lines, self.staff)
        # What is arranged for this plan only holds for all of it: a part could not be judged by the week's own rules.
        if len(self.lines) > 1 and not eased and not self.underneath:
            self.body.addLayout(self._choice())
        self.body.addWidget(self.list, 1)
        self.button = self.offer(self._deed(), self.publish, icon="send")
        self._enable()

    @property
    def words(self) -> str:
        """Say what was published, and what stays proposed."""
        words = _("Version {n} of the week is published").format(n=self.number)
        left = len(self.lines) - len(self.chosen) if self.chosen is not None else 0
        if not left:
            return words
        more = ngettext("{n} change stays proposed", "{n} changes stay proposed", left).format(n=left)
        return _("; ").join((words, more))

    def _read(self) -> tuple[list[ChangeLine], dict[str, str]]:
        with self.app.read() as work:
            plan = load(work, WeekPlan, self.plan_id)
            self.monday, self.waiting, self.note = plan.monday, plan.waiting or 0, plan.note or ""
            known = versions(work, plan.monday)
            self.number = (known[0]["number"] if known else 0) + 1
            self.underneath = changed_underneath(work, plan)
            lines = change_lines(work, self.plan_id)
            staff = titles(work, "staff", {who for each in lines for who in each.therapists})
            self.young = titles(work, "child", {child for each in lines for child in each.children})
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

    # --- a part ---

    def _choice(self) -> QHBoxLayout:
        line = row(None, 2)
        line.addWidget(PlainLabel(_("Publish now"), tone="muted"))
        self.only = only = CodeBox([(key, words, (words,)) for key, words in self._groups()], required=True)
        only.name(_("What is published now"))
        only.setFixedWidth(theme.size(250))
        only.set_value(ALL)
        only.changed.connect(lambda: self._group_chosen(str(only.value() or ALL)))
        line.addWidget(only)
        self.told = PlainLabel(_("Space takes a change in or leaves it out."), "caption", tone="muted", wrap=True)
        line.addWidget(self.told, 1, Qt.AlignmentFlag.AlignVCenter)
        return line

    def _groups(self) -> list[tuple[str, str]]:
        days = sorted({day for each in self.lines for day in each.days})
        staff = sorted(self.staff.items(), key=lambda pair: pair[1])
        children = sorted(self.young.items(), key=lambda pair: pair[1])
        return [
            (ALL, _("All changes")),
            *(
                (f"day:{day}", _("Only {what}").format(what=f"{day[5:]} {weekday(date.fromisoformat(day))}"))
                for day in days
            ),
            *((f"therapist:{key}", _("Only {what}").format(what=name)) for key, name in staff),
            *((f"child:{key}", _("Only {what}").format(what=name)) for key, name in children),
        ]

    def _group_chosen(self, group: str) -> None:
        by, _colon, whom = group.partition(":")
        if by == ALL:
            self._take(None, 0)
            return
        part_of = {"day": lambda each: each.days, "therapist": lambda each: each.therapists}
        concerned = part_of.get(by, lambda each: each.children)
        wanted = frozenset(each.number for each in self.lines if whom in concerned(each))
        self._with_parts(lambda parts: self._take(parts.closed(wanted), len(wanted)))

    def toggle(self, number: int) -> None:
        """Take a change in or leave it out, with those that cannot go without it."""
        if self.only is None:
            return

        def turn(parts: Parts) -> None:
            chosen = parts.every if self.chosen is None else self.chosen
            if number in chosen:
                left = parts.without(chosen, number)
                self._take(left, len(chosen) - 1)
            else:
                self._take(parts.closed({*chosen, number}), len(chosen) + 1)

        self._with_parts(turn)

    def _with_parts(self, then: Callable[[Parts], None]) -> None:
        if self.parts is not None:
            then(self.parts)
            return

        def work(_progress: object, _cancelled: object) -> Parts:
            with self.app.read() as reading:
                return parts_of(reading, self.plan_id)

        def read(parts: Parts) -> None:
            self.parts = parts
            if parts.possible:
                then(parts)
            else:
                self.told.setText(_("This proposal can only be published as a whole."))

        self.app.tasks.run(work, read)

    def _take(self, chosen: frozenset[int] | None, wanted: int) -> None:
        assert chosen is None or self.parts is not None
        self.chosen = None if self.parts is not None and chosen == self.parts.every else chosen
        self.list.show_chosen(self.chosen)
        self.told.setText(_along_words(len(chosen) - wanted) if chosen is not None else "")
        self._enable()

    def _enable(self) -> None:
        self.button.setText(self._deed())
        some = self.lines if self.chosen is None else self.chosen
        self.button.setEnabled(bool(some) and not self.underneath)

    def _deed(self) -> str:
        every = len(self.lines)
        if self.chosen is not None:
            return _("Publish {n} of {all} changes").format(n=len(self.chosen), all=every)
        return ngettext("Publish {n} change", "Publish {n} changes", every).format(n=every)

    # --- doing it ---

    def publish(self, *, confirmed: bool = False) -> None:
        """Publish it in one step; what has become doubtful is asked about first."""
        try:
            with self.app.work() as work:
                if self.chosen is None:
                    self.change = publish(work, self.plan_id, confirmed=confirmed)
                else:
                    self.change = publish_part(work, self.plan_id, self.chosen, confirmed=confirmed)
        except Unconfirmed as doubts:
            text = "\n".join(problem.message for problem in doubts.problems)
            if confirm(self, _("Publish it all the same?"), text, _("All the same")):
                self.publish(confirmed=True)
            return
        except Refused as refusal:
            self.app.show_error(refusal)
            return
        self.accept()


def _along_words(more: int) -> str:
    """Say that changes go along, or are left out too, because they cannot be parted from what was chosen."""
    if more > 0:
        return ngettext(
            "{n} more change goes along, since it cannot be parted from these.",
            "{n} more changes go along, since they cannot be parted from these.", more,
        ).format(n=more)  # fmt: skip
    if more < 0:
        return ngettext(
            "{n} more change is left out, since it cannot go without it.",
            "{n} more changes are left out, since they cannot go without it.", -more,
        ).format(n=-more)  # fmt: skip
    return _("The rest stays proposed and can be published later.")
