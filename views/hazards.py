"""Hazards 隐患台账: a board with one column a stage of the closing loop; a card opens with the acts that come next."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from PySide6.QtWidgets import QWidget

from models.core import queries, records
from models.hazards import HazardCard, Move, board, move, moves_for
from models.safety import Hazard
from models.safety_words import GRADES, STAGES
from models.staff import Staff
from resources import N_, _, ngettext
from ui.form import RecordPanel
from ui.pages import Page, page
from ui.text import ElidedLabel, PlainLabel
from ui.theme import space
from ui.widgets import Button, Card, Chip, Clickable, EmptyState, Scroll, Segmented, Symbol, clear, column, row
from views.short_form import ShortDialog, ask

if TYPE_CHECKING:
    from models.core.database import Work
    from ui.app import App

SOON_DAYS = 3


@page("hazards", N_("Hazards"), area="safety", icon="triangle-alert", needs=("Hazard", "read"), order=30)
class Hazards(Page):
    """The board of hazards."""

    reads: ClassVar[tuple[type, ...]] = (Hazard, Staff)

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self.lines = self.column(3)
        self.panel: HazardPanel | None = None
        self.front = QWidget()
        front = column(self.front, 3)
        self.words = PlainLabel("", tone="muted", wrap=True)
        front.addWidget(self.words)
        self.board = row(None, 3)
        front.addLayout(self.board, 1)
        self.lines.addWidget(self.front, 1)
        self.whose = Segmented(
            [("all", _("All")), ("own", _("Mine"))], lambda _value: self.reload(), name=_("Whose hazards")
        )
        self.tools.add(self.whose)
        self.tools.add(Button(_("As a list"), "list", "quiet", lambda: app.go("records.Hazard")))
        if app.may("create", Hazard):
            self.tools.add(Button(_("Register a hazard"), "plus", "primary", self.new))

    def reload(self) -> None:
        with self.app.read() as work:
            self.columns = board(work)
        clear(self.board)
        shown = {stage: [card for card in cards if self._is_shown(card)] for stage, cards in self.columns.items()}
        self._count(shown)
        if not any(self.columns.values()):
            self.board.addWidget(self._nothing(), 1)
            return
        for stage, cards in shown.items():
            self.board.addWidget(self._column(stage, cards), 1)

    def _is_shown(self, card: HazardCard) -> bool:
        return self.whose.value() == "all" or card.responsible_id == self.app.actor.staff_id

    def _count(self, shown: dict[str, list[HazardCard]]) -> None:
        cards = [card for stage, found in shown.items() if stage != "closed" for card in found]
        late, major = sum(card.overdue for card in cards), sum(card.grade == "major" for card in cards)
        words = ngettext("{n} hazard is open", "{n} hazards are open", len(cards)).format(n=len(cards))
        parts = [words, _("{n} overdue").format(n=late), _("{n} major").format(n=major)]
        self.words.setText(" · ".join(parts))

    def _nothing(self) -> EmptyState:
        new = _("Register a hazard") if self.app.may("create", Hazard) else ""
        return EmptyState("shield-check", _("No hazards"), _("What a round finds is registered here until it is closed."), new, self.new)  # fmt: skip

    def _column(self, stage: str, cards: list[HazardCard]) -> QWidget:
        holder = QWidget()
        lines = column(holder, 2)
        head = row(None, 2)
        head.addWidget(ElidedLabel(STAGES.label(stage), "strong"), 1)
        head.addWidget(PlainLabel(str(len(cards)), "strong", tone="muted"))
        lines.addLayout(head)
        sheet = Scroll(2)
        for card in cards:
            sheet.body.addWidget(self._card(card))
        sheet.body.addStretch(1)
        lines.addWidget(sheet, 1)
        return holder

    def _card(self, card: HazardCard) -> HazardTile:
        return HazardTile(card, self._due(card), partial(self.show_hazard, card.id))

    def _due(self, card: HazardCard) -> tuple[str, str]:
        """Say the deadline and in which tone."""
        today = self.app.today()
        if card.stage not in {"registered", "rectifying"}:
            return _("found {day}").format(day=card.found_on.isoformat()), ""
        if card.overdue:
            late = (today - card.deadline).days
            return ngettext("{n} day late", "{n} days late", late).format(n=late), "danger"
        near = card.deadline <= today + timedelta(days=SOON_DAYS)
        return _("until {day}").format(day=card.deadline.isoformat()), "warning" if near else ""

    # --- one hazard ---

    def open(self, **target: Any) -> None:
        """Show one hazard, or register one that a round has found."""
        if target.get("hazard_id"):
            self.show_hazard(str(target["hazard_id"]))
        elif target.get("new"):
            self.register({"round_id": target.get("round_id")})

    def place(self) -> dict[str, Any]:
        return {"hazard_id": self.panel.hazard_id} if self.panel is not None else {}

    def show_hazard(self, hazard_id: str) -> None:
        """Show one hazard in place of the board."""
        self.show_board()
        self.panel = HazardPanel(self.app, hazard_id, self.show_board)
        self.lines.addWidget(self.panel, 1)
        self.front.hide()
        self.tools.hide()

    def show_board(self) -> None:
        """Give the board back."""
        if self.panel is not None:
            self.panel.hide()
            self.panel.deleteLater()
            self.panel = None
        self.front.show()
        self.tools.show()

    def new(self) -> None:
        """Register a hazard."""
        if self.app.may("create", Hazard):
            self.register({})

    def register(self, defaults: dict[str, Any]) -> None:
        """Ask for a new hazard."""
        values = {"found_on": self.app.today(), "deadline": self.app.today() + timedelta(days=7), "grade": "ordinary",
                  "found_by_id": self.app.actor.staff_id, **defaults}  # fmt: skip
        if values.get("round_id"):
            values |= self._from_round(str(values["round_id"]))
        names = ("what", "place", "found_on", "group", "grade", "situation", "responsible_id", "deadline", "interim",
                 "photo", "found_by_id")  # fmt: skip
        title, text = _("Register a hazard"), _("Everyone who reads hazards sees it until it is closed.")

        def save(work: Work, given: dict[str, Any]) -> str:
            return records.save(work, Hazard, given)

        done, made = ask(
            ShortDialog(self.app, title, text, Hazard, names, save, values=values, draft="Hazard/new", width=720)
        )
        if done:
            self.app.notify(_("The hazard is registered."))
            self.show_hazard(made)

    def _from_round(self, round_id: str) -> dict[str, Any]:
        from models.safety import PatrolRound

        with self.app.read() as work:
            found = queries.values(work, PatrolRound, round_id)
        return {
            "what": (found["findings"] or "").splitlines()[0][:200] if found["findings"] else None,
            "place": found["route"],
        }


class HazardTile(Clickable):
    """One hazard on the board: what and where, who and until when."""

    def __init__(self, card: HazardCard, due: tuple[str, str], on_click: Any) -> None:
        grade = GRADES.label(card.grade) if card.grade == "major" else ""
        said = [grade, card.what, card.place, card.responsible, due[0]]
        super().__init__(" · ".join(each for each in said if each), on_click)
        self.setProperty("card", True)
        lines = column(self, 1)
        lines.setContentsMargins(space(3), space(2), space(3), space(2))
        if grade:
            lines.addWidget(Chip(grade, "danger"))
        lines.addWidget(PlainLabel(card.what, wrap=True))
        where = " · ".join(each for each in (card.place, card.responsible) if each)
        lines.addWidget(ElidedLabel(where, "caption"))
        lines.addWidget(PlainLabel(due[0], "caption", tone=due[1]))


class HazardPanel(QWidget):
    """One hazard: where it stands in the loop, what can be done next, and its whole record."""

    def __init__(self, app: App, hazard_id: str, on_back: Any) -> None:
        super().__init__()
        self.app, self.hazard_id = app, hazard_id
        lines = column(self, 3)
        head = row(None, 2)
        head.addWidget(Button(_("Back to the board"), "arrow-left", "link", on_back))
        head.addStretch(1)
        self.acts = row(None, 2)
        head.addLayout(self.acts)
        lines.addLayout(head)
        self.loop = row(None, 1)
        lines.addLayout(self.loop)
        card = Card(gap=0, margin=0)
        self.record = RecordPanel(app, Hazard)
        card.body.addWidget(self.record)
        lines.addWidget(card, 1)
        self.record.saved.connect(lambda _id: self.reload())
        self.record.done.connect(on_back)
        self.reload()

    def reload(self) -> None:
        """Read the hazard anew."""
        with self.app.read() as work:
            self.values = queries.values(work, Hazard, self.hazard_id)
            acts = moves_for(work, self.values["stage"])
        self.record.open(self.hazard_id, edit=False)
        clear(self.acts)
        for index, act in enumerate(acts):
            last = index == len(acts) - 1
            self.acts.addWidget(
                Button(_(act.label), kind="primary" if last else "normal", on_click=partial(self.act, act))
            )
        clear(self.loop)
        stages = [code.code for code in STAGES]
        reached = stages.index(self.values["stage"])
        for index, stage in enumerate(stages):
            self.loop.addWidget(_stage_mark(stage, index, reached))
            if index + 1 < len(stages):
                self.loop.addWidget(Symbol("chevron-right", "muted", 16))
        self.loop.addStretch(1)

    def act(self, act: Move) -> None:
        """Do one act of the loop, asking for what it needs."""
        values = {name: self.values.get(name) for name in act.asks}
        today = self.app.today()
        values |= {name: today for name in ("rectified_on", "verified_on", "closed_on") if name in act.asks}
        if "verified_by_id" in act.asks:
            values["verified_by_id"] = self.app.actor.staff_id

        def save(work: Work, given: dict[str, Any]) -> None:
            move(work, self.hazard_id, act.name, given)

        dialog = ShortDialog(
            self.app, _(act.label), self.values["what"], Hazard, act.asks, save, values=values, yes=_(act.label)
        )
        if ask(dialog)[0]:
            self.app.notify(_("The hazard is now: {stage}.").format(stage=STAGES.label(act.target)))
            self.reload()


def _stage_mark(stage: str, index: int, reached: int) -> QWidget:
    """One station of the loop: passed, here, or to come — by icon, weight and words."""
    holder = QWidget()
    line = row(holder, 1)
    name, tone = (
        ("circle-check", "good")
        if index < reached
        else ("circle-dot", "accent")
        if index == reached
        else ("circle", "muted")
    )
    line.addWidget(Symbol(name, tone, 16))
    label = PlainLabel(
        STAGES.label(stage), "strong" if index == reached else "body", tone="" if index <= reached else "muted"
    )
    line.addWidget(label)
    state = _("passed") if index < reached else _("now here") if index == reached else _("to come")
    holder.setAccessibleName(f"{STAGES.label(stage)}: {state}")
    return holder
