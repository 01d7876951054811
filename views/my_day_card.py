"""The cards beside my day 训练前须知: the chosen child, the make-ups that are due, and the next working day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt

from models.my_day import DayChild, DaySitting, MyDay, Owed, in_short
from models.scheduling.occupancy import span
from models.therapies import REASONS, THERAPIES, short_name
from resources import _, ngettext
from ui.app import App
from ui.text import PlainLabel
from ui.widgets import Banner, Button, Card, column, row
from views.child_head import Photo
from views.therapy_look import weekday

MOST_OWED, MOST_NEXT = 4, 8


class ChildCard(Card):
    """One child at one sitting: what to beware of, the goals, last time, and what was practised since."""

    def __init__(self, app: App, sitting: DaySitting, child: DayChild) -> None:
        super().__init__(gap=2, margin=3)
        block = sitting.block
        head = row(None, 3)
        photo = Photo(56)
        photo.show_child(app, child.member.name, child.photo)
        head.addWidget(photo)
        lines = column(None, 0)
        child_id = child.member.child_id
        name = Button(child.member.name, kind="link", on_click=lambda: app.open_child(child_id, "rehabilitation"))
        lines.addWidget(name, 0, Qt.AlignmentFlag.AlignLeft)
        place = _(" · ").join(filter(None, (span(block.starts_at, block.ends_at), block.room, block.equipment)))
        lines.addWidget(PlainLabel(f"{THERAPIES.label(block.therapy)}\n{place}", tone="muted", wrap=True))
        head.addLayout(lines, 1)
        self.body.addLayout(head)
        if child.cautions:
            self.body.addWidget(Banner("\n".join(child.cautions), "danger"))
        self._part(_("Goals"), child.goals, _("No goals of the plan in force."))
        last = f"{child.last_on:%m-%d}{_(': ')}{child.last_result}" if child.last_on else ""
        self._part(_("Last time"), (last,) if last else (), _("Nothing noted yet."))
        self._part(_("Practised in the unit, last 7 days"), child.practice, "")

    def _part(self, title: str, texts: tuple[str, ...], nothing: str) -> None:
        if not texts and not nothing:
            return
        self.body.addWidget(PlainLabel(title, "strong"))
        for text in texts:
            self.body.addWidget(PlainLabel(f"· {text}" if len(texts) > 1 else text, wrap=True))
        if not texts:
            self.body.addWidget(PlainLabel(nothing, tone="muted", wrap=True))


class OwedCard(Card):
    """The missed sessions that wait for a make-up, the longest waiting first."""

    def __init__(self, owed: Sequence[Owed], show_all: Callable[[], Any]) -> None:
        count = len(owed)
        super().__init__(ngettext("{n} make-up due", "{n} make-ups due", count).format(n=count), gap=1, margin=3)
        for each in owed[:MOST_OWED]:
            line = row(None, 1)
            line.addWidget(PlainLabel(f"{each.missed_at:%m-%d}  {each.name} · {short_name(each.therapy)}"), 1)
            line.addWidget(PlainLabel(REASONS.label(each.reason), "caption"))
            self.body.addLayout(line)
        _more(self, count - MOST_OWED)
        show = Button(_("Show make-ups"), kind="link", on_click=show_all)
        self.body.addWidget(show, 0, Qt.AlignmentFlag.AlignLeft)


class NextCard(Card):
    """A look at the next day on which something is booked."""

    def __init__(self, day: MyDay, go_to: Callable[[date], Any]) -> None:
        found = day.next_day
        if found is None:
            super().__init__(_("Next working day"), gap=1, margin=3)
            self.body.addWidget(PlainLabel(_("Nothing is booked in the next weeks."), tone="muted", wrap=True))
            return
        title = _("Next: {weekday} {day}").format(weekday=weekday(found), day=f"{found:%m-%d}")
        super().__init__(title, gap=1, margin=3)
        for block in day.next_sittings[:MOST_NEXT]:
            self.body.addWidget(PlainLabel(in_short(block)))
        _more(self, len(day.next_sittings) - MOST_NEXT)
        show = Button(_("Show this day"), kind="link", on_click=lambda: go_to(found))
        self.body.addWidget(show, 0, Qt.AlignmentFlag.AlignLeft)


def _more(card: Card, count: int) -> None:
    if count > 0:
        card.body.addWidget(PlainLabel(_("and {n} more").format(n=count), "caption"))
