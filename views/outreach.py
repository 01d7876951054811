"""Outreach clients 社区拓展服务: children from outside, with their agreements and their rehabilitation — apart from residents."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from models.admission import Admission
from models.age import months_later, years_on
from models.child import Child
from models.child_words import DISABILITIES
from models.funded_programmes import ProgrammeEnrolment
from models.outreach import ENDINGS, FUNDINGS, ServiceAgreement
from models.outreach_clients import GROUPS, Client, booked_after, clients, end_agreement, renew
from models.rehabilitation import RehabilitationPlan
from models.staff import SEX
from models.therapy import TherapySession
from resources import N_, _, ngettext
from ui.pages import Page, page
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import Button, Chip, EmptyState, IconButton, SearchBox, Segmented, clear, column, row
from views.chip_table import ChipRow, ChipTable
from views.outreach_take_in import take_in_client
from views.rehabilitation import RehabilitationTab
from views.short_form import ShortDialog, ask

if TYPE_CHECKING:
    from models.core.database import Work
    from ui.app import App

STATUS = {
    "served": ("good", N_("served")), "soon": ("warning", N_("ends soon")), "later": ("info", N_("not begun")),
    "ended": ("neutral", N_("ended")),
}  # fmt: skip


@page(
    "outreach", N_("Outreach clients"), area="rehabilitation", icon="hand-heart", needs=("ServiceAgreement", "read"),
    order=19,
)  # fmt: skip
class OutreachPage(Page):
    """The list of clients, and behind each the agreement and what the therapists do."""

    reads = (ServiceAgreement, TherapySession, RehabilitationPlan, ProgrammeEnrolment)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.found: list[Client] = []
        self.shown: list[Client] = []
        self.client: Client | None = None
        may = app.may("create", ServiceAgreement)
        if may:
            self.take = Button(_("Take in a client"), "plus", "primary", self.new)
            self.tools.add(self.take)
        lines = self.column(3)
        self.stack = QStackedWidget()
        lines.addWidget(self.stack, 1)
        self.stack.addWidget(self._list(may))
        self.stack.addWidget(self._file())

    def _list(self, may: bool) -> QWidget:
        holder = QWidget()
        lines = column(holder, 3)
        bar = row(None, 3)
        self.group = Segmented(
            [(key, _(words)) for key, words in GROUPS], lambda _group: self._show(), name=_("Which clients")
        )
        bar.addWidget(self.group)
        self.search = SearchBox(lambda _text: self.reload(), _("Name, guardian or number"))
        self.search.setMinimumWidth(theme.size(240))
        bar.addWidget(self.search)
        bar.addStretch(1)
        self.count = PlainLabel("", tone="muted")
        bar.addWidget(self.count)
        lines.addLayout(bar)
        heads = [
            _("Name"), _("State"), _("File number"), _("Age"), _("Disability"), _("Guardian"), _("Telephone"),
            _("Agreement until"), _("Who pays"), _("Therapist in charge"), _("This month"),
        ]  # fmt: skip
        self.table = ChipTable(
            heads, 1, self._open, numeric=(3, 10), stretch=(4, 9), spare=(2, 8, 4), name=_("Outreach clients")
        )  # fmt: skip
        lines.addWidget(self.table, 1)
        text = _(
            "Children of the neighbourhood who come for therapy under an agreement stand here, apart from residents."
        )
        self.empty = EmptyState(
            "hand-heart", _("No outreach clients"), text, _("Take in a client") if may else "", self.new
        )
        lines.addWidget(self.empty, 1)
        self.nobody = EmptyState("search", _("No client among these"), _("Look among all, or search for other words."))
        lines.addWidget(self.nobody, 1)
        self.empty.hide()
        self.nobody.hide()
        return holder

    def _file(self) -> QWidget:
        holder = QWidget()
        lines = column(holder, 3)
        self.head = column(None, 2)
        lines.addLayout(self.head)
        self.tab = RehabilitationTab(self.app)
        lines.addWidget(self.tab, 1)
        return holder

    # --- showing ------------------------------------------------------------------------------------

    def reload(self) -> None:
        self.stale = False
        with self.app.read() as work:
            self.found = clients(work, "all", self.search.text())
        self._show()
        if self.client is not None:
            self._show_client(self.client.id)

    def _show(self) -> None:
        group = self.group.value()
        wanted = {"served": ("served", "soon", "later"), "soon": ("soon",), "ended": ("ended",)}
        self.shown = [each for each in self.found if group == "all" or each.status in wanted[group]]
        self.table.show_rows([self._row(each) for each in self.shown])
        self.table.setVisible(bool(self.shown))
        searching = bool(self.search.text().strip() or self.found)
        self.empty.setVisible(not self.shown and not searching)
        self.nobody.setVisible(not self.shown and searching)
        words = ngettext("{n} client", "{n} clients", len(self.shown))
        self.count.setText(words.format(n=len(self.shown)))

    def _row(self, each: Client) -> ChipRow:
        tone, words = STATUS[each.status]
        return ChipRow(
            (
                each.name, _(words), each.number, str(years_on(each.born_on, self.app.today())),
                _(", ").join(DISABILITIES.label(code) for code in each.disabilities), each.guardian, each.telephone,
                each.last_day.isoformat(), FUNDINGS.label(each.funding), each.lead, f"{each.treated} / {each.planned}",
            ),
            tone, each.id,
        )  # fmt: skip

    def open(self, child_id: str = "", **target: Any) -> None:
        """Go to one client's file."""
        if child_id:
            self._open(child_id)

    def place(self) -> dict[str, Any]:
        return {"child_id": self.client.id} if self.client else {}

    def heading(self) -> str:
        return ""

    def _open(self, client_id: str) -> None:
        if not any(each.id == client_id for each in self.found):
            self.search.clear()
            self.reload()
        self._show_client(client_id)
        self.stack.setCurrentIndex(1 if self.client else 0)

    def _show_client(self, client_id: str) -> None:
        self.client = next((each for each in self.found if each.id == client_id), None)
        if self.client is None:
            self.stack.setCurrentIndex(0)
            return
        clear(self.head)
        self.head.addLayout(self._names(self.client))
        self.head.addLayout(self._terms(self.client))
        self.tab.show_child(client_id)

    def _names(self, client: Client) -> QHBoxLayout:
        line = row(None, 2)
        line.addWidget(IconButton("arrow-left", _("Back to the list"), self.back, keys="Alt+Up"))
        line.addWidget(PlainLabel(client.name, "title"))
        tone, words = STATUS[client.status]
        line.addWidget(Chip(_(words), tone))
        about = (
            client.number,
            SEX.label(client.sex),
            _("aged {n}").format(n=years_on(client.born_on, self.app.today())),
        )
        line.addWidget(PlainLabel(_(" · ").join(about), tone="muted"))
        line.addStretch(1)
        line.addWidget(Button(_("Ledger"), "scale", on_click=partial(self.app.go, "entitlement", child_id=client.id, who="clients")))  # fmt: skip
        if self.app.may("edit", ServiceAgreement):
            line.addWidget(Button(_("Renew…"), "refresh-cw", on_click=self.renew))
            if self.app.may("create", Child) and self.app.may("create", Admission):
                admit = partial(self.app.go, "admission", child_id=client.id)
                tip = _("The child moves into the home; its file goes with it.")
                line.addWidget(Button(_("Admit…"), "user-plus", on_click=admit, tip=tip))
            if client.status != "ended":
                line.addWidget(Button(_("End…"), "door-open", on_click=self.end))
        return line

    def _terms(self, client: Client) -> QHBoxLayout:
        line = row(None, 3)
        until = _("{first} to {last}").format(first=client.starts_on, last=client.last_day)
        parts = [f"{client.guardian} {client.telephone}", until, FUNDINGS.label(client.funding)]
        if client.sessions_a_week:
            parts.append(ngettext("{n} session a week", "{n} sessions a week", client.sessions_a_week).format(n=client.sessions_a_week))  # fmt: skip
        if client.lead:
            parts.append(client.lead)
        if client.ending:
            parts.append(ENDINGS.label(client.ending))
        line.addWidget(PlainLabel(_(" · ").join(parts)))
        if not client.consent:
            line.addWidget(Chip(_("consent missing"), "danger"))
        agreement = partial(self.app.open_record, ServiceAgreement, client.agreement_id)
        line.addWidget(Button(_("Open the agreement"), kind="link", on_click=agreement))
        line.addStretch(1)
        return line

    # --- acting -------------------------------------------------------------------------------------

    def back(self) -> None:
        """Go back to the list."""
        self.client = None
        self.stack.setCurrentIndex(0)
        self.table.setFocus()

    def new(self) -> None:
        """Take in a client."""
        if not self.app.may("create", ServiceAgreement):
            return
        made = take_in_client(self.app)
        if made:
            self.reload()
            self._open(made)

    def renew(self) -> None:
        """Make the next agreement on the same terms."""
        client = self.client
        assert client is not None
        start = max(client.last_day + timedelta(days=1), self.app.today()) if client.status == "ended" else client.last_day + timedelta(days=1)  # fmt: skip
        values = {"starts_on": start, "ends_on": months_later(start, 12) - timedelta(days=1), "consent_on": None}

        def save(work: Work, given: dict[str, Any]) -> str:
            return renew(work, client.agreement_id, given["starts_on"], given["ends_on"], given.get("consent_on"))

        text = _("The next agreement with {guardian}, on the same terms.").format(guardian=client.guardian)
        names = ("starts_on", "ends_on", "consent_on")
        dialog = ShortDialog(self.app, _("Renew the agreement"), text, ServiceAgreement, names, save, values=values)
        if ask(dialog)[0]:
            self.reload()

    def end(self) -> None:
        """End the agreement with a reason; what is booked after it is cancelled."""
        client = self.client
        assert client is not None
        today = self.app.today()
        with self.app.read() as work:
            booked = len(booked_after(work, client.id, today))
        text = _("Afterwards nothing can be booked any more; the file stays readable.")
        if booked:
            words = ngettext(
                "{n} session booked after today will be cancelled.", "{n} sessions booked after today will be cancelled.", booked
            )  # fmt: skip
            text = f"{words.format(n=booked)} {text}"

        def save(work: Work, given: dict[str, Any]) -> int:
            day = given.get("ended_on") or today
            return end_agreement(work, client.agreement_id, day, given.get("ending") or "", given.get("note") or "")

        names, values = ("ended_on", "ending", "note"), {"ended_on": min(today, client.ends_on)}
        dialog = ShortDialog(
            self.app, _("End the agreement"), text, ServiceAgreement, names, save, values=values, yes=_("End it")
        )
        done, cancelled = ask(dialog)
        if done:
            words = ngettext(
                "Agreement ended; {n} session cancelled.", "Agreement ended; {n} sessions cancelled.", cancelled
            )
            self.app.notify(words.format(n=cancelled))
            self.reload()
