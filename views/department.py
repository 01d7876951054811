"""The therapy department 康复科: opening hours by season, the numbers it goes by, its list of contraindications — kept by the home."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

from PySide6.QtWidgets import QWidget

from models.core.record import Record
from models.department import ContraindicationRule, DepartmentRule, OpeningHours, may_keep_department
from models.department_lists import (
    ContraindicationLine,
    HoursLine,
    RuleLine,
    contraindication_lines,
    delivered_contraindication,
    heads,
    hours_lines,
    rule_lines,
    week_hours,
)
from models.holidays import CalendarDay
from models.scheduling.recurrence import week_of
from models.staff import Staff
from resources import N_, _, sentences
from ui.app import App
from ui.pages import Page, page
from ui.text import PlainLabel
from ui.theme import space, theme
from ui.widgets import Banner, Button, Card, Flow, Scroll, Section, clear, column
from views.chip_table import ChipRow, ChipTable
from views.therapy_look import weekday

OWN, DELIVERED = ("info", N_("The home's own")), ("neutral", N_("As delivered"))


@page(
    "department", N_("Department rules"), area="rehabilitation", icon="sliders-horizontal",
    needs=("OpeningHours", "read"), order=50,
)  # fmt: skip
class DepartmentPage(Page):
    """What the department goes by, and where each comes from."""

    reads: ClassVar[tuple[type, ...]] = (OpeningHours, DepartmentRule, ContraindicationRule, CalendarDay, Staff)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.may = False
        self.sheet = Scroll(5)
        self.column(0).addWidget(self.sheet)

    def reload(self) -> None:
        with self.app.read() as work:
            self.may = may_keep_department(work) and self.app.may("create", OpeningHours)
            self.hours, self.rules = hours_lines(work), rule_lines(work)
            self.contraindications, self.heads = contraindication_lines(work), heads(work)
            self.week = week_hours(work, week_of(work.today)[0])
        self.stale = False
        clear(self.sheet.body)
        if not self.may:
            self.sheet.body.addWidget(Banner(self._who(), "info"))
        self.sheet.body.addWidget(self._hours())
        self.sheet.body.addWidget(self._rules())
        self.sheet.body.addWidget(self._list())
        self.sheet.body.addStretch(1)

    def _who(self) -> str:
        words = _("Only the head of the therapy department and the director change this.")
        if not self.heads:
            return words
        return sentences(words, _("Head: {names}.").format(names=_(", ").join(self.heads)))

    def _add(self, section: Section, kind: type[Record], **defaults: Any) -> None:
        if self.may:
            section.tools.addWidget(Button(_("Add"), "plus", on_click=partial(self._new, kind, defaults)))

    # --- opening hours ------------------------------------------------------------------------------

    def _hours(self) -> QWidget:
        section = Section(_("Opening hours of the therapy rooms"))
        today = self.app.today()
        self._add(section, OpeningHours, half="morning", from_day="01-01", to_day="12-31", effective_from=today)
        section.body.addWidget(self._this_week())
        heads = [
            _("Half of the day"),
            _("Opening hours"),
            _("When it applies"),
            _("Weekdays"),
            _("In force from"),
            _("Source"),
        ]
        rows = [
            _row((each.half, each.hours, each.season, each.days, each.since.isoformat()), each.record_id, each)
            for each in self.hours
        ]
        section.body.addWidget(self._table(heads, rows, self._open_hours, _("Opening hours"), stretch=(1, 2, 3)))
        return section

    def _this_week(self) -> QWidget:
        holder = QWidget()
        flow = Flow(holder, 2)
        for day, words, own in self.week:
            card = Card(margin=2, gap=0)
            card.body.addWidget(PlainLabel(f"{weekday(day)} {day:%m-%d}", "caption"))
            card.body.addWidget(PlainLabel(words, "strong"))
            if own:
                card.body.addWidget(PlainLabel(_(OWN[1]), "caption", tone="info"))
            flow.addWidget(card)
        return holder

    def _open_hours(self, line: HoursLine) -> None:
        if line.record_id:
            self.app.open_record(OpeningHours, line.record_id)
            self.reload()

    # --- rules --------------------------------------------------------------------------------------

    def _rules(self) -> QWidget:
        section = Section(_("Rules of the department"), _("Press a rule to change it from a day on."))
        heads = [_("Rule of the department"), _("Number"), _("In force from"), _("Reason"), _("Source")]
        rows = [
            _row((each.name, f"{each.value:g} {each.unit}", each.since.isoformat() if each.since else "", each.reason),
                 each.record_id, each)
            for each in self.rules
        ]  # fmt: skip
        section.body.addWidget(self._table(heads, rows, self._change_rule, _("Rules of the department"), (1,)))
        return section

    def _change_rule(self, line: RuleLine) -> None:
        if self.may:
            values = {"rule": line.rule, "value": line.value, "effective_from": self.app.today()}
            self._new(DepartmentRule, values)

    # --- contraindications --------------------------------------------------------------------------

    def _list(self) -> QWidget:
        section = Section(
            _("List of contraindications"), _("Press an entry of the program to let the home's own hold.")
        )
        self._add(section, ContraindicationRule, lasting="temporary", effective_from=self.app.today())
        heads = [_("Name"), _("Therapies concerned"), _("How long, as a rule"), _("Lasts, as a rule"), _("Source")]
        rows = [
            _row(
                (each.name, each.therapies, each.lasting, _("{n} days").format(n=each.days) if each.days else ""),
                each.record_id, each, _("No longer used") if each.retired else "",
            )
            for each in self.contraindications
        ]  # fmt: skip
        section.body.addWidget(self._table(heads, rows, self._open_entry, _("List of contraindications")))
        return section

    def _open_entry(self, line: ContraindicationLine) -> None:
        if line.record_id:
            self.app.open_record(ContraindicationRule, line.record_id)
            self.reload()
        elif self.may:
            self._new(
                ContraindicationRule, delivered_contraindication(line.code) | {"effective_from": self.app.today()}
            )

    # --- common -------------------------------------------------------------------------------------

    def _table(
        self, heads: Sequence[str], rows: Sequence[ChipRow], on_open: Callable[[Any], Any], name: str,
        numeric: Sequence[int] = (), stretch: Sequence[int] = (0,),
    ) -> QWidget:  # fmt: skip
        holder = QWidget()
        lines = column(holder, 0)
        table = ChipTable(heads, len(heads) - 1, on_open, numeric=numeric, stretch=stretch, name=name)
        table.show_rows(rows)
        table.setFixedHeight(theme.size(34) + theme.size(30) * len(rows) + space(2))
        lines.addWidget(table)
        return holder

    def _new(self, kind: type[Record], values: dict[str, Any]) -> None:
        self.app.new_record(kind, **values)
        self.reload()


def _row(texts: tuple[str, ...], record_id: str, key: Any, state: str = "") -> ChipRow:
    tone, words = OWN if record_id else DELIVERED
    return ChipRow((*texts, state or _(words)), "neutral" if state else tone, key)
