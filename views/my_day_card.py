"""The card beside my day 训练前须知: what is known of the chosen child before the session begins."""

from __future__ import annotations

from PySide6.QtCore import Qt

from models.my_day import DayChild, DaySitting
from models.scheduling.occupancy import span
from models.therapies import THERAPIES
from resources import _
from ui.app import App
from ui.text import PlainLabel
from ui.widgets import Banner, Button, Card, column, row
from views.child_head import Photo


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
