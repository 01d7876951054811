"""The entitlement ledger 康复权益台账: all children for a month, a week or any days — and what stands behind each figure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from models.core import exchange
from models.core.exchange import Listing
from models.entitlement_home import Ledger, Row, ledger
from models.entitlement_paper import COLUMNS, Column, listing, lost_words, note_taken, value_of
from models.funded_lights import Light, lights
from models.funded_programmes import PROGRAMMES, ProgrammeEnrolment
from models.month import Month
from models.outreach import ServiceAgreement
from models.rehabilitation import PlannedTherapy, RehabilitationPlan
from models.therapies import THERAPIES
from models.therapy import TherapySession
from resources import N_, _, ngettext
from ui import papers
from ui.pages import Page, page
from ui.table_acts import ask_file
from ui.text import ElidedLabel, PlainLabel
from ui.widgets import Button, EmptyState, Flow, Menu, MenuButton, SearchBox, Segmented
from views.entitlement_behind import show_behind
from views.entitlement_table import LedgerTable
from views.span_choice import SpanChoice

if TYPE_CHECKING:
    from ui.app import App

ANY = ""
LEVELS = (("red", N_("Much owed")), ("amber", N_("Something owed")), ("green", N_("In order")))
FUNDED = (("red", N_("Out of reach")), ("amber", N_("Hurry")), ("green", N_("On course")))


@page(
    "entitlement", N_("Entitlement ledger"), area="rehabilitation", icon="scale", needs=("TherapySession", "read"),
    order=17,
)  # fmt: skip
class EntitlementPage(Page):
    """One row a child, or a child and therapy; every figure opens the sessions it counts."""

    reads = (TherapySession, RehabilitationPlan, PlannedTherapy, ProgrammeEnrolment, ServiceAgreement)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.found: Ledger | None = None
        self.lights: Mapping[str, Light] = {}
        self.shown: list[Row] = []
        self.chosen = {"therapy": ANY, "therapist": ANY, "unit": ANY, "programme": ANY, "level": ANY}
        self.columns: list[Column] = []
        self.tools.add(Button(_("Excel"), "download", on_click=self.export))
        self.tools.add(Button(_("Print…"), "printer", on_click=self.print))
        lines = self.column(3)
        lines.addWidget(self._choices())
        self.table = LedgerTable(partial(show_behind, app), self._open_child)
        self.table.marked.connect(self._tell)
        lines.addWidget(self.table, 1)
        self.empty = EmptyState("scale", _("Nothing to account for"), _("Plans and sessions of these days stand here."))
        lines.addWidget(self.empty, 1)
        words = _("Look among all, or search for other words.")
        self.nobody = EmptyState("search", _("No child among these"), words, _("Show all"), self._unfilter)
        lines.addWidget(self.nobody, 1)
        self.note = ElidedLabel("", "body")
        lines.addWidget(self.note)
        self.sum = PlainLabel("", "caption")
        lines.addWidget(self.sum)

    def _choices(self) -> QWidget:
        holder = QWidget()
        flow = Flow(holder, 2)
        self.span = SpanChoice(self.app)
        self.span.changed.connect(self.reload)
        flow.addWidget(self.span)
        self.who = Segmented(
            [("residents", _("Residents")), ("clients", _("Outreach"))], lambda _who: self.reload(),
            name=_("Whose ledger"),
        )  # fmt: skip
        self.who.setVisible(self.app.may("read", ServiceAgreement))
        flow.addWidget(self.who)
        self.by = Segmented(
            [("child", _("By child")), ("therapy", _("By therapy"))], lambda _by: self._show(), name=_("One row for")
        )
        flow.addWidget(self.by)
        self.filter = MenuButton(_("Filter"), self._filters, "list-filter")
        flow.addWidget(self.filter)
        self.search = SearchBox(lambda _text: self._show(), _("Child"))
        flow.addWidget(self.search)
        return holder

    def reload(self) -> None:
        self.stale = False
        with self.app.read() as work:
            self.found = ledger(work, self.span.first, self.span.last, who=self.who.value())
            month = Month(self.span.last.year, self.span.last.month)
            found = lights(work, month) if self.app.may("read", ProgrammeEnrolment) else []
        # The gravest light of a child comes first and stays.
        self.lights = {each.enrolment.child_id: each for each in reversed(found)}
        self._show()

    def open(self, child_id: str = "", who: str = "", **target: Any) -> None:
        """Go to a child's row; ``who="clients"`` to the outreach clients."""
        if who and who != self.who.value():
            self.who.set_value(who)
            self.reload()
        elif self.found is None or self.stale:
            self.reload()
        if child_id and child_id not in {each.child_id for each in self.shown}:
            self._unfilter()
            if child_id not in {each.child_id for each in self.shown}:
                self.who.set_value("clients" if self.who.value() == "residents" else "residents")
                self.reload()
        if child_id:
            self.table.show_child(child_id)

    def _unfilter(self) -> None:
        self.chosen = dict.fromkeys(self.chosen, ANY)
        self.search.clear()
        self._show()

    # --- choosing -----------------------------------------------------------------------------------

    def _options(self, name: str) -> list[tuple[str, str]]:
        assert self.found is not None
        rows = self.found.rows
        if name == "therapy":
            known = {each.therapy for each in rows}
            return [(code.code, str(code)) for code in THERAPIES if code.code in known]
        if name == "therapist":
            return sorted(self.found.therapists.items(), key=lambda each: each[1])
        if name == "unit":
            return sorted(self.found.units.items(), key=lambda each: each[1])
        if name == "level":
            return [(level, _(words)) for level, words in LEVELS]
        known = {each.enrolment.programme for each in self.lights.values()}
        funded = [(f"light:{level}", _(words)) for level, words in FUNDED] if known else []
        return [*((code.code, str(code)) for code in PROGRAMMES if code.code in known), *funded]

    _NAMES = {
        "therapy": (N_("Therapy"), N_("All therapies")), "therapist": (N_("Therapist"), N_("All therapists")),
        "unit": (N_("Unit"), N_("All units")), "programme": (N_("Programme"), N_("Funded or not")),
        "level": (N_("Owed"), N_("Owed or not")),
    }  # fmt: skip

    def _filters(self, menu: Menu) -> None:
        if self.found is None:
            return
        if any(self.chosen.values()):
            menu.add(_("Show all again"), self._unfilter, "x")
            menu.addSeparator()
        for name, (title, all_words) in self._NAMES.items():
            options = self._options(name)
            if not options:
                continue
            part = Menu(menu)
            part.setTitle(_(title).replace("&", "&&"))
            part.add(_(all_words), partial(self._choose, name, ANY), checked=self.chosen[name] == ANY)
            for value, words in options:
                part.add(words, partial(self._choose, name, value), checked=self.chosen[name] == value)
            menu.addMenu(part)

    def _notes(self) -> list[str]:
        """The filters that are set, in words."""
        return [dict(self._options(name)).get(value, "") for name, value in self.chosen.items() if value]

    def _choose(self, name: str, value: str) -> None:
        self.chosen[name] = value
        self._show()

    def _kept(self) -> list[Row]:
        assert self.found is not None
        wanted, words = self.chosen, self.search.text().strip().casefold()
        rows = [
            each for each in self.found.rows
            if wanted["therapy"] in (ANY, each.therapy)
            and (wanted["therapist"] == ANY or wanted["therapist"] in each.account.therapists)
            and wanted["unit"] in (ANY, each.unit_id) and self._funded(each)
            and (not words or words in each.name.casefold() or words in each.number.casefold())
        ]  # fmt: skip
        if self.by.value() == "child":
            from models.entitlement_home import by_child

            rows = by_child(rows)
        return [each for each in rows if wanted["level"] in (ANY, each.level)]

    def _funded(self, each: Row) -> bool:
        wanted, light = self.chosen["programme"], self.lights.get(each.child_id)
        if wanted == ANY:
            return True
        return light is not None and wanted in (light.enrolment.programme, f"light:{light.level}")

    # --- showing ------------------------------------------------------------------------------------

    def _show(self) -> None:
        if self.found is None:
            return
        self.filter.setText(_(" · ").join([_("Filter"), *self._notes()]).replace("&", "&&"))
        self.filter.updateGeometry()
        rows = self._kept()
        self.columns = [each for each in COLUMNS if not each.optional or any(value_of(row, each.key) for row in rows)]
        lights = {each.child_id: self.lights[each.child_id] for each in rows if each.child_id in self.lights}
        self.shown = rows
        self.table.show_rows(rows, self.columns, lights)
        self.table.setVisible(bool(rows))
        self.empty.setVisible(not self.found.rows)
        self.nobody.setVisible(bool(self.found.rows) and not rows)
        self._tell(self.table.current_row())
        self._add_up()

    def _add_up(self) -> None:
        children = len({each.child_id for each in self.shown})
        prescribed = sum(each.figures.prescribed for each in self.shown)
        given = sum(each.figures.done for each in self.shown)
        owed = sum(max(0, each.owed) for each in self.shown)
        words = ngettext("{n} child", "{n} children", children).format(n=children)
        sums = _("prescribed {prescribed}, given {given}, owed {owed}")
        self.sum.setText(_(" · ").join((words, sums.format(prescribed=prescribed, given=given, owed=owed))))
        self.sum.setVisible(bool(self.shown))

    def _tell(self, marked: Row | None) -> None:
        """Say in words what the marked row's lights mean, and why sessions were lost."""
        said = []
        if marked is not None:
            light = self.lights.get(marked.child_id)
            if light:
                said.append(f"{light.programme}{_(': ')}{light.words()}")
            if marked.account.lost_by:
                said.append(_("Lost: {reasons}").format(reasons=lost_words(marked)))
            if marked.figures.short:
                words = ngettext("{n} session was cut short", "{n} sessions were cut short", marked.figures.short)
                said.append(words.format(n=marked.figures.short))
            if marked.figures.make_up_booked:
                said.append(_("{n} make-ups booked").format(n=marked.figures.make_up_booked))
        name = marked.name if marked else ""
        self.note.setText(f"{name}{_(': ')}{_('; ').join(said)}" if said else "")
        self.note.setVisible(bool(said))

    def _open_child(self, marked: Row) -> None:
        if self.who.value() == "clients":
            self.app.go("outreach", child_id=marked.child_id)
        else:
            self.app.open_child(marked.child_id, "rehabilitation")

    # --- taking along -------------------------------------------------------------------------------

    def listing(self) -> Listing:
        """Return the ledger as it is shown."""
        assert self.found is not None
        lights = {each.child_id: self.lights[each.child_id] for each in self.shown if each.child_id in self.lights}
        return listing(
            self.shown, self.columns, lights, self.span.first, self.span.last, self._notes(), self.found.units
        )

    def print(self) -> None:
        """Show the ledger on paper as it is shown here."""
        if self._noted("print"):
            papers.show_list_paper(self.app, self.listing())

    def export(self) -> None:
        """Take the ledger along as a workbook."""
        file = ask_file(self, f"{_('Entitlement ledger')} {self.span.first} {self.span.last}", ".xlsx")
        if file is not None:
            self.export_to(file)

    def export_to(self, file: Path) -> None:
        """Write the ledger into a file, beside the window."""
        made = self.listing()
        if not self._noted("export"):
            return

        def tell(_none: Any) -> None:
            words = ngettext("{n} record written to {file}.", "{n} records written to {file}.", len(made.rows))
            self.app.notify(words.format(n=len(made.rows), file=file.name))

        self.app.tasks.run(lambda progress, cancelled: exchange.write(made, file), tell)

    def _noted(self, action: str) -> bool:
        from models.core.errors import Refused

        if self.found is None:
            return False
        try:
            with self.app.work() as work:
                note_taken(work, action, len(self.shown))
        except Refused as refusal:
            self.app.show_error(refusal)
            return False
        return True
