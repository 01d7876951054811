"""Help 帮助 (F1): the quick card — every key that works everywhere, and where to begin."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from resources import N_, _
from ui.dialog import Dialog
from ui.text import PlainLabel
from ui.theme import space
from ui.widgets import Button, KeyHint, Section

EVERYWHERE = (
    ("Ctrl+K", N_("Find a child, a page or an action")),
    ("Ctrl+1 … Ctrl+9", N_("Go to an area of the menu")),
    ("Alt+←", N_("Back to where you were")),
    ("F5", N_("Read the page again")),
    ("Ctrl+L", N_("Lock the window")),
    ("F1", N_("This card")),
)
WORKING = (
    ("Ctrl+N", N_("Begin a new record")),
    ("Ctrl+S", N_("Save")),
    ("Ctrl+Z", N_("Undo what the message at the foot tells of")),
    ("Tab · Shift+Tab", N_("Next field, field before")),
    ("Enter", N_("Take the choice; open the line")),
    ("Esc", N_("Close without saving; the draft is kept")),
)
TYPING = (
    ("今天 · 昨天", N_("Dates may be typed as people say them")),
    ("2026-3-5 · 3/5", N_("… or short")),
    ("３７．５ · 37。5", N_("Full-width digits and dots are understood")),
    ("zxl · zengxiaole", N_("Names are found by initials or full pinyin")),
)


class HelpDialog(Dialog):
    """The quick card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Quick card"), "", parent, width=560)
        for title, lines in ((_("Everywhere"), EVERYWHERE), (_("While working"), WORKING), (_("While typing"), TYPING)):
            self.body.addWidget(key_card(title, lines))
        close = Button(_("Close"), kind="primary", on_click=self.accept)
        close.setDefault(True)
        self.buttons.addWidget(close)


def key_card(title: str, lines: tuple[tuple[str, str], ...]) -> Section:
    """Return a part of a card of keys: each line the keys and what they do, as message ids."""
    section = Section(title)
    grid = QGridLayout()
    grid.setHorizontalSpacing(space(4))
    grid.setVerticalSpacing(space(1))
    grid.setColumnMinimumWidth(0, space(7) * 3)
    grid.setColumnStretch(1, 1)
    for index, (keys, words) in enumerate(lines):
        grid.addWidget(KeyHint(_(keys)), index, 0)
        grid.addWidget(PlainLabel(_(words)), index, 1)
    section.body.addLayout(grid)
    return section
