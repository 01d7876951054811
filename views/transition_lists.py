"""Hand-over list and after-care 移交清单、离院后回访: two lists inside a young person's page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from models.core.words import Code, CodeList
from models.transition import AfterCareContact, HandOverItem
from models.transition_lists import ContactLine, HandOverLine, contacts_of, hand_over, hand_over_list, mark_items
from models.transition_plan import YoungPerson, start_hand_over
from models.transition_words import HAND_OVER, HAND_OVER_GROUPS, OUTCOMES, REACHED, SITUATION, STEPS
from resources import N_, _, ngettext
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.widgets import Button, EmptyState, column
from views.short_form import ShortDialog, ask

if TYPE_CHECKING:
    from models.core.database import Work
    from ui.app import App

STANDING = CodeList(
    "hand_over_standing",
    Code("given", N_("Handed over"), "已移交"),
    Code("ready", N_("Ready"), "已备妥"),
    Code("open", N_("Open"), "待办"),
    Code("not_needed", N_("Not needed"), "无需办理"),
)


class HandOver(QWidget):
    """What is handed over, with its receipts."""

    def __init__(self, app: App) -> None:
        super().__init__()
        self.app = app
        self.person: YoungPerson | None = None
        self.items: list[HandOverLine] = []
        lines = column(self, 2)
        self.count = PlainLabel("", tone="muted")
        lines.addWidget(self.count)
        headings = (_("Group"), _("Item"), _("Detail of the item"), _("Amount"), _("State"), _("Handed over on"), _("Received and signed by"), _("Witness"))  # fmt: skip
        self.table = RowsTable(headings, numeric={3}, on_open=self._open, name=_("Hand-over list"))
        may = app.may("create", HandOverItem)
        self.empty = EmptyState(
            "package-open", _("No hand-over list yet"), _("It begins with everything a young adult usually takes along."),
            _("Begin the list") if may else "", self.begin,
        )  # fmt: skip
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        lines.addWidget(self.stack, 1)

    def put_acts(self, line: QHBoxLayout) -> None:
        """Put the buttons that belong to this list into a line."""
        if not self.items or not self.app.may("edit", HandOverItem):
            return
        line.addWidget(Button(_("Not needed"), kind="quiet", on_click=partial(self._mark, {"not_needed": True})))
        line.addWidget(
            Button(_("Ready"), on_click=partial(self._mark, {"ready_on": self.app.today(), "not_needed": False}))
        )
        line.addWidget(Button(_("Hand it over"), "handshake", "primary", self.give))

    def show_person(self, person: YoungPerson) -> None:
        """Show one person's list."""
        self.person = person
        with self.app.read() as work:
            self.items = hand_over_list(work, person.child_id)
        self.table.show_rows([self._row(item) for item in self.items])
        self.stack.setCurrentIndex(0 if self.items else 1)
        wanted = [item for item in self.items if not item.not_needed]
        given = sum(item.given_on is not None for item in wanted)
        self.count.setText(_("{given} of {all} items handed over").format(given=given, all=len(wanted)))
        self.count.setVisible(bool(self.items))

    def _row(self, item: HandOverLine) -> tuple[str, ...]:
        amount = f"{item.amount:,.2f}" if item.amount is not None else ""
        return (
            HAND_OVER_GROUPS.label(item.group), HAND_OVER.label(item.kind), item.detail, amount,
            STANDING.label(item.standing), item.given_on.isoformat() if item.given_on else "", item.receiver, item.witness,
        )  # fmt: skip

    def begin(self) -> None:
        """Begin the list with every usual item."""
        if self.person is not None:
            with self.app.work() as work:
                start_hand_over(work, self.person.child_id)
            self.show_person(self.person)

    def _open(self, index: int) -> None:
        self.app.open_record(HandOverItem, self.items[index].id)
        self._again()

    def _again(self) -> None:
        if self.person is not None:
            self.show_person(self.person)

    def chosen(self) -> list[HandOverLine]:
        """Return the chosen items that are not handed over yet; all that are ready when none is chosen."""
        rows = [self.items[index] for index in self.table.chosen_rows()]
        picked = rows or [item for item in self.items if item.standing == "ready"]
        return [item for item in picked if item.given_on is None]

    def _mark(self, values: dict[str, Any]) -> None:
        ids = [item.id for item in self.chosen()]
        with self.app.work() as work:
            mark_items(work, ids, **values)
        self._again()

    def give(self) -> None:
        """Ask who received the chosen items and who saw it."""
        items = self.chosen()
        if not items or self.person is None:
            self.app.notify(_("Choose the items first, or mark them as ready."))
            return
        names = ("given_on", "receiver", "giver_id", "witness_id", "receipt")
        values = {"given_on": self.app.today(), "receiver": self.person.name, "giver_id": self.app.actor.staff_id}
        text = ngettext("{n} item: {what}", "{n} items: {what}", len(items)).format(
            n=len(items), what=_(", ").join(HAND_OVER.label(item.kind) for item in items)
        )

        def save(work: Work, given: dict[str, Any]) -> int:
            return hand_over(work, [item.id for item in items], {name: given.get(name) for name in names})

        dialog = ShortDialog(
            self.app, _("Hand it over"), text, HandOverItem, names, save, values=values, yes=_("Hand it over")
        )
        if ask(dialog)[0]:
            self._again()


class AfterCare(QWidget):
    """The contacts after leaving."""

    def __init__(self, app: App) -> None:
        super().__init__()
        self.app = app
        self.person: YoungPerson | None = None
        self.contacts: list[ContactLine] = []
        headings = (_("When"), _("Planned contact"), _("Reached"), _("On the whole"), _("Outcomes"), _("Troubles"), _("Next contact on"))  # fmt: skip
        self.table = RowsTable(headings, on_open=self._open, name=_("After-care contacts"))
        self.empty = EmptyState("phone", _("No contacts yet"), _("Contacts are planned from the day of leaving on."))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        self.stack.addWidget(self.empty)
        column(self, 0).addWidget(self.stack)

    def show_person(self, person: YoungPerson) -> None:
        """Show one person's contacts."""
        self.person = person
        with self.app.read() as work:
            self.contacts = contacts_of(work, person.child_id)
        self.table.show_rows([self._row(each) for each in self.contacts])
        self.stack.setCurrentIndex(0 if self.contacts else 1)

    def _row(self, each: ContactLine) -> tuple[str, ...]:
        return (
            f"{each.at:%Y-%m-%d %H:%M}", STEPS.label(each.step), REACHED.label(each.reached),
            SITUATION.label(each.situation), _(", ").join(OUTCOMES.label(code) for code in each.outcomes), each.troubles,
            each.next_on.isoformat() if each.next_on else "",
        )  # fmt: skip

    def _open(self, index: int) -> None:
        self.app.open_record(AfterCareContact, self.contacts[index].id)
        if self.person is not None:
            self.show_person(self.person)
