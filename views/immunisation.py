"""Immunisation 预防接种: who in the home is due or overdue, and the plan of one child."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any, ClassVar

from PySide6.QtWidgets import QStackedWidget

from models.age import months_later
from models.child import Child
from models.immunisation import DueVaccine, PlanSheet, VaccineDose, due_vaccines, plan_sheet
from models.nursing import units_of
from models.placement import Placement
from models.vaccine_plan import OPEN, PLAN_STATES, Planned
from models.vaccine_programme import SERIES, VACCINES
from resources import N_, _, ngettext
from ui.app import App
from ui.pages import ChildTab, Page, child_tab, page
from ui.text import ElidedLabel, PlainLabel
from ui.widgets import Banner, Button, EmptyState, Menu, MenuButton, Segmented, row
from views.chip_table import ChipRow, ChipTable

TONES = {
    "overdue": "danger",
    "due": "info",
    "later": "neutral",
    "barred": "warning",
    "given": "good",
    "too_old": "neutral",
}
SPANS = (
    ("now", N_("Possible now")),
    ("month", N_("This month")),
    ("next", N_("Until next month")),
    ("quarter", N_("Three months")),
)


@page("immunisation", N_("Vaccinations due"), area="treatment", icon="syringe", needs=("VaccineDose", "read"), order=30)
class Immunisation(Page):
    """The doses of all children that are overdue, due, or become possible soon."""

    reads: ClassVar[tuple[type, ...]] = (VaccineDose, Child, Placement)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.units: list[tuple[str, str]] = []
        self.unit_id, self.span = "", "month"
        self.found: list[DueVaccine] = []
        self.unit_button = MenuButton(_("All units"), self._unit_menu, "house", tip=_("Unit"))
        self.tools.add(self.unit_button)
        self.span_choice = Segmented(
            [(key, _(words)) for key, words in SPANS], self._span_chosen, value=self.span, name=_("Until when")
        )
        self.tools.add(self.span_choice)
        lines = self.column(2)
        head = row(None, 2)
        self.count = ElidedLabel("", tone="muted")
        head.addWidget(self.count, 1)
        if app.may("create", VaccineDose):
            head.addWidget(Button(_("Record this dose"), "syringe", "primary", self.record))
        lines.addLayout(head)
        headings = (
            _("State"),
            _("Child"),
            _("Age"),
            _("Vaccine and dose"),
            _("Possible from"),
            _("Overdue from"),
            _("Waits for"),
        )
        self.table = ChipTable(headings, 0, self._open, stretch=(3, 6), name=_("Vaccinations due"))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(
            EmptyState(
                "syringe", _("No vaccination is due"), _("All children have what the programme asks for by then.")
            )
        )
        lines.addWidget(self.stack, 1)

    def reload(self) -> None:
        with self.app.read() as work:
            self.units = units_of(work)
            self.found = due_vaccines(work, self._until(), self.unit_id)
        names = dict(self.units)
        self.unit_button.setText(names.get(self.unit_id, _("All units")))
        self.table.show_rows([self._row(each) for each in self.found])
        self.stack.setCurrentIndex(0 if self.found else 1)
        self._say()

    def open(self, **target: Any) -> None:
        """Show one unit."""
        self.unit_id = target.get("unit_id", self.unit_id)
        self.reload()

    def _until(self) -> date:
        today = self.app.today()
        first = today.replace(day=1)
        months = {"now": 0, "month": 1, "next": 2, "quarter": 3}[self.span]
        return months_later(first, months) - timedelta(days=1) if months else today

    def _row(self, each: DueVaccine) -> ChipRow:
        line = each.line
        return ChipRow(
            (
                PLAN_STATES.label(line.status), each.name, each.age, dose_words(line), line.on.isoformat() if line.on else "",
                line.overdue_from.isoformat() if line.overdue_from else "", line.why,
            ), TONES[line.status], (each.child_id, line.vaccine, line.number),
        )  # fmt: skip

    def _say(self) -> None:
        said = []
        for status, one, many in (
            ("overdue", N_("{n} vaccination overdue"), N_("{n} vaccinations overdue")), ("due", N_("{n} dose can be given"), N_("{n} doses can be given")),
            ("later", N_("{n} dose later"), N_("{n} doses later")),
        ):  # fmt: skip
            number = sum(each.line.status == status for each in self.found)
            if number:
                said.append(ngettext(one, many, number).format(n=number))
        children = len({each.child_id for each in self.found})
        said.append(ngettext("{n} child", "{n} children", children).format(n=children))
        self.count.setText(" · ".join([*said, _("until {day}").format(day=self._until())]))

    def _open(self, key: tuple[str, str, int]) -> None:
        self.app.open_child(key[0], "immunisation")

    def record(self) -> None:
        """Record the dose of the current row."""
        key = self.table.current_key()
        if key:
            self.app.new_record(
                VaccineDose, child_id=key[0], vaccine=key[1], given_on=self.app.today(), outcome="given"
            )

    def new(self) -> None:
        self.record()

    def _unit_menu(self, menu: Menu) -> None:
        menu.add(_("All units"), partial(self._unit_chosen, ""), checked=not self.unit_id)
        for unit_id, name in self.units:
            menu.add(name, partial(self._unit_chosen, unit_id), checked=unit_id == self.unit_id)

    def _unit_chosen(self, unit_id: str) -> None:
        self.unit_id = unit_id
        self.reload()

    def _span_chosen(self, span: str) -> None:
        self.span = span
        self.reload()


def dose_words(line: Planned) -> str:
    """Say a dose: the vaccine and its number of all."""
    return f"{VACCINES.label(line.vaccine)}  {line.number}/{line.total}"


@child_tab(
    "immunisation", N_("Vaccinations"), area="treatment", needs=("VaccineDose", "read"), order=40, icon="syringe"
)
class ImmunisationTab(ChildTab):
    """The vaccination plan of the child on show."""

    reads: ClassVar[tuple[type, ...]] = (VaccineDose, Child)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.sheet: PlanSheet | None = None
        lines = self.column(2)
        head = row(None, 2)
        self.count = PlainLabel("", tone="muted", wrap=True)
        head.addWidget(self.count, 1)
        self.order = Segmented(
            [("open", _("Open first")), ("series", _("By vaccine"))],
            lambda _value: self._show(),
            name=_("Order of the list"),
        )
        head.addWidget(self.order)
        if app.may("create", VaccineDose):
            head.addWidget(Button(_("Record a vaccination"), "syringe", "primary", self.record))
        lines.addLayout(head)
        self.estimated = Banner(_("The date of birth is an estimate: all days here are counted from it."), "warning")
        self.estimated.hide()
        lines.addWidget(self.estimated)
        headings = (
            _("Vaccine and dose"),
            _("State"),
            _("Given or possible on"),
            _("By the programme"),
            _("Overdue from"),
            _("Waits for"),
        )
        self.table = ChipTable(headings, 1, self._open, stretch=(0, 5), name=_("Vaccination plan"))
        lines.addWidget(self.table, 1)
        self.source = PlainLabel("", "caption", tone="muted", wrap=True)
        lines.addWidget(self.source)

    def show_child(self, child_id: str) -> None:
        self.child_id = child_id
        with self.app.read() as work:
            self.sheet = plan_sheet(work, child_id)
        self._show()

    def _show(self) -> None:
        if self.sheet is None:
            return
        lines = list(self.sheet.lines)
        if self.order.value() == "open":
            order = list(PLAN_STATES._by_code)
            lines.sort(key=lambda line: (order.index(line.status), line.on or date.max, SERIES.index(line.series)))
        rows = [self._row(line) for line in lines]
        rows += [ChipRow((VACCINES.label(each.vaccine), PLAN_STATES.label("given"), each.day.isoformat(), "", "", _("outside the programme")),
                         "good", ("given", each.id)) for each in self.sheet.others]  # fmt: skip
        self.table.show_rows(rows)
        given = sum(line.status == "given" for line in lines)
        open_now = [line for line in lines if line.status in OPEN]
        said = [
            _("{n} of {all} doses given").format(n=given, all=len([line for line in lines if line.status != "too_old"]))
        ]
        if open_now:
            said.append(ngettext("{n} dose open now", "{n} doses open now", len(open_now)).format(n=len(open_now)))
        self.count.setText(" · ".join(said))
        self.estimated.setVisible(self.sheet.estimated)
        self.source.setText(
            _("By the national programme of {edition}; a doctor decides in every case.").format(
                edition=self.sheet.edition
            )
        )

    def _row(self, line: Planned) -> ChipRow:
        texts = (
            dose_words(line), PLAN_STATES.label(line.status), line.on.isoformat() if line.on else "",
            line.due_on.isoformat() if line.due_on else "", line.overdue_from.isoformat() if line.overdue_from else "", line.why,
        )  # fmt: skip
        key = ("given", line.given_id) if line.given_id else ("plan", line.vaccine)
        return ChipRow(texts, TONES[line.status], key)

    def _open(self, key: tuple[str, str]) -> None:
        if key[0] == "given":
            self.app.open_record(VaccineDose, key[1])
        else:
            self.app.new_record(
                VaccineDose, child_id=self.child_id, vaccine=key[1], given_on=self.app.today(), outcome="given"
            )

    def record(self) -> None:
        """Record a vaccination: that of the current row where it is open, else any."""
        key = self.table.current_key()
        vaccine = {"vaccine": key[1]} if key and key[0] == "plan" else {}
        self.app.new_record(VaccineDose, child_id=self.child_id, given_on=self.app.today(), outcome="given", **vaccine)
