"""The keys of the therapy week 课表快捷键: one card with every key of the page and what its signs mean."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from resources import N_, _
from ui.dialog import Dialog
from ui.help import key_card
from ui.widgets import Button, Scroll, Section
from views.therapy_legend import Legend

GOING = (
    ("← ↑ → ↓", N_("Move the cursor; blocks are taken as a whole")),
    ("PgUp · PgDn", N_("A week, or in the day's view a day, back or on")),
    ("Ctrl+↑ · Ctrl+↓", N_("The therapist, room, child or group before or after")),
    ("Ctrl+T", N_("Today")),
    ("Ctrl + · Ctrl −", N_("Larger, smaller; also Ctrl and the wheel")),
    ("Enter", N_("Open the session; book at an empty place")),
)
DOING = (
    ("N", N_("Book at the cursor")),
    ("/", N_("Book with one sentence, a series too")),
    (N_("Space"), N_("Pick up; the arrows carry, Space lays down, Esc gives up")),
    (N_("Shift + arrows"), N_("Longer or shorter")),
    ("M", N_("Join with another session as a group; or lay it on that block")),
    ("X", N_("Take a child out of a group")),
    ("L", N_("Lock in its place, or unlock")),
    ("S", N_("Change the series from here on, every day judged first")),
    ("D · A · C", N_("Done; attendance; cancel")),
    ("Ctrl+Z · Ctrl+Y", N_("Undo and redo, as far back as you like")),
)


class WeekKeysDialog(Dialog):
    """The card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Keys and signs of the therapy week"), "", parent, width=620)
        scroll = Scroll(3)
        scroll.body.addWidget(key_card(_("Going about"), GOING))
        scroll.body.addWidget(key_card(_("Booking and changing"), DOING))
        signs = Section(_("What the signs mean"))
        signs.body.addWidget(Legend(always=True))
        scroll.body.addWidget(signs)
        self.body.addWidget(scroll)
        self.buttons.addWidget(Button(_("All keys of the program"), on_click=self._all))
        close = Button(_("Close"), kind="primary", on_click=self.accept)
        close.setDefault(True)
        self.buttons.addWidget(close)

    def _all(self) -> None:
        from ui.help import HelpDialog

        dialog = HelpDialog(self)
        dialog.exec()
        dialog.deleteLater()
