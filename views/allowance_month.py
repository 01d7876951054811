"""Allowances of a month 基本生活费发放台账: compute, check off, close — with what is in doubt, and totals in figures and capitals."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QStackedWidget, QWidget

from models.allowance_month import (
    Ledger,
    LedgerLine,
    adopt_rates,
    check_off,
    close,
    compute,
    known_regions,
    ledger,
    lines_of_child,
    pay,
    rates,
)
from models.allowance_notices import ledger_paper
from models.allowances import CATEGORIES, KINDS, MODES, REASONS, AllowanceEntitlement, AllowanceRate, month_of
from models.child import Child
from models.core.errors import Invalid, Refused
from models.core.workflow import STATES
from models.month import Month
from models.period import month_title
from resources import N_, _, ngettext
from ui import papers
from ui.dialog import confirm
from ui.pages import ChildTab, Page, child_tab, page
from ui.table import RowsTable
from ui.text import PlainLabel
from ui.widgets import Banner, Button, Card, EmptyState, IconButton, Menu, MenuButton, Symbol, clear, column, row
from views.short_form import ShortDialog, ask

if TYPE_CHECKING:
    from models.core.database import Work
    from ui.app import App

STAGES = (("draft", N_("Computed")), ("reviewed", N_("Checked")), ("closed", N_("Closed and locked")))
ORDER = ("empty", "draft", "reviewed", "closed")
SHOWN_DOUBTS = 4


@page(
    "allowance_month",
    N_("Month's ledger"),
    area="allowance",
    icon="receipt",
    needs=("AllowanceEntitlement", "read"),
    order=10,
)
class AllowanceMonth(Page):
    """One month's ledger."""

    reads: ClassVar[tuple[type, ...]] = (AllowanceEntitlement, AllowanceRate, Child)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.month = month_of(app.today())
        self.book: Ledger | None = None
        self._build_tools()
        lines = self.column(3)
        self.stages = row(None, 1)
        lines.addLayout(self.stages)
        self.trouble = Banner("", "warning")
        lines.addWidget(self.trouble)
        self.stack = QStackedWidget()
        lines.addWidget(self.stack, 1)
        headings = (_("File number"), _("Name"), _("Allowance category"), _("Way of living"), _("Rate"), _("Days"), _("Amount"),
                    _("What changes"), _("Paid on"), _("State"))  # fmt: skip
        self.table = RowsTable(headings, numeric={4, 5, 6}, on_open=self._open, name=_("Month's ledger"))
        self.stack.addWidget(self.table)
        self.nothing = QWidget()
        column(self.nothing, 0)
        self.stack.addWidget(self.nothing)
        self.foot = Card(gap=1, margin=3)
        lines.addWidget(self.foot)

    def _build_tools(self) -> None:
        self.tools.add(IconButton("chevron-left", _("Month before"), partial(self.turn, -1)))
        self.month_label = PlainLabel("", "strong")
        self.tools.add(self.month_label)
        self.tools.add(IconButton("chevron-right", _("Month after"), partial(self.turn, 1)))
        self.tools.add(MenuButton("", self._more, "ellipsis", "quiet", tip=_("Rates, supplement, paper")))

    def _more(self, menu: Menu) -> None:
        if self.app.may("create", AllowanceEntitlement):
            menu.add(_("Supplement or take back"), self.supplement, "plus")
        if self.app.may("read", AllowanceRate):
            menu.add(_("Allowance rates"), lambda: self.app.go("records.AllowanceRate"), "coins")
        if self.app.may("print", AllowanceEntitlement) and self.book is not None and self.book.lines:
            menu.add(_("Print the ledger"), self.print, "printer")
        if self.app.may("read", AllowanceEntitlement):
            menu.add(_("All months as a list"), lambda: self.app.go("records.AllowanceEntitlement"), "list")

    # --- showing ---

    def reload(self) -> None:
        with self.app.read() as work:
            self.book = ledger(work, self.month)
            self.has_rates = bool(rates(work))
        self.month_label.setText(month_title(self.month.first))
        self._show_stages(self.book)
        self._show_doubts(self.book)
        self.table.show_rows([_row(line) for line in self.book.lines])
        self.foot.setVisible(bool(self.book.lines))
        self._show_totals(self.book)
        self.stack.setCurrentIndex(0 if self.book.lines else 1)
        if not self.book.lines:
            self._show_nothing()

    def open(self, **target: Any) -> None:
        """Show a month."""
        if target.get("month"):
            self.month = Month.parse(str(target["month"]))
            self.reload()

    def place(self) -> dict[str, Any]:
        return {"month": str(self.month)}

    def turn(self, way: int) -> None:
        """Go a month on or back."""
        index = self.month.year * 12 + self.month.month - 1 + way
        self.month = Month(index // 12, index % 12 + 1)
        self.reload()

    def _show_stages(self, book: Ledger) -> None:
        clear(self.stages)
        reached = ORDER.index(book.stage)
        for index, (_key, words) in enumerate(STAGES, start=1):
            done = index <= reached
            self.stages.addWidget(Symbol("circle-check" if done else "circle", "good" if done else "muted", 16))
            self.stages.addWidget(
                PlainLabel(_(words), "strong" if index == reached else "body", tone="" if done else "muted")
            )
            if index < len(STAGES):
                self.stages.addWidget(Symbol("chevron-right", "muted", 16))
        self.stages.addStretch(1)
        for button in self._acts(book):
            self.stages.addWidget(button)

    def _acts(self, book: Ledger) -> list[Button]:
        may, found = self.app.may, []
        if book.stage in {"empty", "draft"} and may("create", AllowanceEntitlement) and self.has_rates:
            kind = "primary" if book.stage == "empty" or book.doubts else "normal"
            found.append(
                Button(_("Compute") if book.stage == "empty" else _("Compute again"), "calculator", kind, self.compute)
            )
        if book.stage in {"draft", "reviewed"} and may("edit", AllowanceEntitlement):
            found.append(Button(_("Note payment"), "banknote", on_click=self.pay))
        if book.stage == "draft" and may("review", AllowanceEntitlement) and not book.doubts:
            found.append(Button(_("Check off"), "check", "primary", self.check_off))
        if book.stage == "reviewed" and may("approve", AllowanceEntitlement):
            found.append(Button(_("Close the month"), "lock", "primary", self.close_month))
        return found

    def _show_doubts(self, book: Ledger) -> None:
        doubts = [each for each in book.doubts if book.lines]
        self.trouble.setVisible(bool(doubts))
        if not doubts:
            return
        head = ngettext("{n} point to settle before the month is checked off:", "{n} points to settle before the month is checked off:", len(doubts))  # fmt: skip
        said = [f"{each.child_name} {each.what}".strip() for each in doubts[:SHOWN_DOUBTS]]
        more = [_("and {n} more").format(n=len(doubts) - SHOWN_DOUBTS)] if len(doubts) > SHOWN_DOUBTS else []
        self.trouble.tell(head.format(n=len(doubts)) + "\n" + "\n".join([*said, *more]), "warning")

    def _show_totals(self, book: Ledger) -> None:
        clear(self.foot.body)
        total = book.totals
        line = row(None, 4)
        line.addWidget(
            PlainLabel(ngettext("{n} child", "{n} children", total.children).format(n=total.children), "strong")
        )
        line.addWidget(PlainLabel(_("{amount} yuan").format(amount=f"{total.amount:,.2f}"), "heading"))
        line.addWidget(PlainLabel(_("In capitals: {words}").format(words=total.capitals)))
        line.addStretch(1)
        self.foot.body.addLayout(line)
        parts = [f"{category} · {mode}: {number} / {amount:,.2f}" for category, mode, number, amount in total.groups]
        self.foot.body.addWidget(PlainLabel("    ".join(parts), "caption", wrap=True))

    def _show_nothing(self) -> None:
        holder = self.nothing.layout()
        assert holder is not None
        clear(holder)
        if not self.has_rates:
            holder.addWidget(self._no_rates())
        else:
            may = self.app.may("create", AllowanceEntitlement)
            holder.addWidget(
                EmptyState(
                    "receipt",
                    _("Nothing computed for {month}").format(month=month_title(self.month.first)),
                    _("Every child in care is entered with category, rate and days; stops follow the rule."),
                    _("Compute") if may else "",
                    self.compute,
                )  # fmt: skip
            )

    def _no_rates(self) -> QWidget:
        holder = QWidget()
        lines = column(holder, 2)
        lines.addStretch(1)
        text = _("Amounts come from dated rates. Take over the known ones of a region, or enter your own.")
        may = self.app.may("create", AllowanceRate)
        lines.addWidget(EmptyState("coins", _("No rates yet"), text, _("Enter a rate") if may else "", self.new_rate))
        if may:
            line = row(None, 2)
            line.addStretch(1)
            for region, name in known_regions():
                line.addWidget(
                    Button(
                        _("Take over: {region}").format(region=name), "download", on_click=partial(self.adopt, region)
                    )
                )
            line.addStretch(1)
            lines.addLayout(line)
        lines.addStretch(1)
        return holder

    # --- acts ---

    def _do(self, act: Any) -> Any:
        """Do something with the month; what is refused is said in the banner."""
        try:
            with self.app.work() as work:
                made = act(work)
        except Invalid as refusal:
            self.trouble.tell("\n".join(problem.message for problem in refusal.problems), "danger")
            return None
        except Refused as refusal:
            self.app.show_error(refusal)
            return None
        self.reload()
        return made

    def compute(self) -> None:
        """Compute the month."""
        done = self._do(lambda work: compute(work, self.month))
        if done is not None:
            words = _("{n} lines: {new} new, {changed} changed, {removed} taken out.")
            self.app.notify(words.format(n=done.total, new=done.new, changed=done.changed, removed=done.removed))

    def check_off(self) -> None:
        """Check the month off."""
        done = self._do(lambda work: check_off(work, self.month))
        if done is not None:
            self.app.notify(ngettext("{n} line checked.", "{n} lines checked.", done).format(n=done))

    def close_month(self) -> None:
        """Close the month, after a question: it cannot be opened again."""
        assert self.book is not None
        total = self.book.totals
        text = _("{n} children, {amount} yuan ({words}). After that nothing in the month changes; a mistake is corrected by a new version or a supplement.")  # fmt: skip
        text = text.format(n=total.children, amount=f"{total.amount:,.2f}", words=total.capitals)
        asked = _("Close {month}?").format(month=month_title(self.month.first))
        if confirm(self.app.window_now(), asked, text, _("Close the month")):
            self._do(lambda work: close(work, self.month))

    def pay(self) -> None:
        """Note batch and day of payment for all lines."""

        def save(work: Work, given: dict[str, Any]) -> int:
            return pay(work, self.month, given.get("batch") or "", given.get("paid_on") or work.today)

        values = {"paid_on": self.app.today(), "batch": f"{self.month.year}{self.month.month:02d}-01"}
        title = _("Note payment")
        if ask(
            ShortDialog(
                self.app, title, str(self.month), AllowanceEntitlement, ("batch", "paid_on"), save, values=values
            )
        )[0]:
            self.reload()

    def supplement(self) -> None:
        """Enter a supplement or something taken back, in this month."""
        self.app.new_record(AllowanceEntitlement, month=str(self.month), kind="supplement")
        self.reload()

    def new_rate(self) -> None:
        """Enter a rate."""
        self.app.new_record(AllowanceRate, effective_from=self.month.first)
        self.reload()

    def adopt(self, region: str) -> None:
        """Take over the known rates of a region."""
        added = self._do(lambda work: adopt_rates(work, region))
        if added is not None:
            self.app.notify(ngettext("{n} rate taken over.", "{n} rates taken over.", added).format(n=added))

    def print(self) -> None:
        """Show the ledger as it will be printed."""
        if self.book is not None:
            papers.show_list_paper(self.app, ledger_paper(self.book))

    def _open(self, index: int) -> None:
        assert self.book is not None
        self.app.open_record(AllowanceEntitlement, self.book.lines[index].id)
        self.reload()


def _row(line: LedgerLine) -> tuple[str, ...]:
    kind = "" if line.kind == "regular" else KINDS.label(line.kind)
    change = " · ".join(each for each in (kind, REASONS.label(line.reason), line.note) if each)
    return (
        line.child_number, line.child_name, CATEGORIES.label(line.category), MODES.label(line.mode),
        f"{line.standard:,.2f}" if line.standard is not None else "", "" if line.days is None else str(line.days),
        f"{line.amount:,.2f}", change, line.paid_on.isoformat() if line.paid_on else "",
        line.doubt or STATES.label(line.state),
    )  # fmt: skip


@child_tab(
    "allowance", N_("Allowances"), area="allowance", needs=("AllowanceEntitlement", "read"), order=80, icon="wallet"
)
class AllowanceTab(ChildTab):
    """One child's allowances, month by month."""

    reads: ClassVar[tuple[type, ...]] = (AllowanceEntitlement,)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.lines: list[dict[str, Any]] = []
        headings = (_("Month"), _("Kind"), _("Allowance category"), _("Way of living"), _("Rate"), _("Days"), _("Amount"), _("What changes"), _("Paid on"), _("State"))  # fmt: skip
        self.table = RowsTable(headings, numeric={4, 5, 6}, on_open=self._open, name=_("Allowances"))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.table)
        text = _("What the child is entitled to stands here month by month.")
        self.stack.addWidget(EmptyState("wallet", _("No allowances yet"), text))
        self.column(0).addWidget(self.stack)

    def show_child(self, child_id: str) -> None:
        self.child_id = child_id
        with self.app.read() as work:
            self.lines = lines_of_child(work, child_id)
        self.table.show_rows([_child_row(line) for line in self.lines])
        self.stack.setCurrentIndex(0 if self.lines else 1)

    def _open(self, index: int) -> None:
        self.app.go("allowance_month", month=self.lines[index]["month"])


def _child_row(line: dict[str, Any]) -> tuple[str, ...]:
    standard = line["standard"]
    return (
        line["month"], KINDS.label(line["kind"]), CATEGORIES.label(line["category"]), MODES.label(line["mode"]),
        f"{standard:,.2f}" if standard is not None else "", "" if line["days"] is None else str(line["days"]),
        f"{line['amount']:,.2f}", REASONS.label(line["reason"]), line["paid_on"].isoformat() if line["paid_on"] else "",
        STATES.label(line["state"]),
    )  # fmt: skip
