"""Take a picture of the tokens and of every component, in each theme, for docs/design.md.

python docs/scripts/components.py --out docs/images [--language en]
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QProgressBar, QRadioButton, QWidget

from resources import _
from ui.dialog import Line
from ui.pages import AREAS
from ui.speech import speak
from ui.text import PlainLabel
from ui.theme import AREA_NAMES, PALETTES, TONES, TYPES, color, space, theme
from ui.widgets import (
    Avatar,
    Banner,
    Button,
    Card,
    Chip,
    EmptyState,
    Flow,
    IconButton,
    KeyHint,
    SearchBox,
    Section,
    Segmented,
    Skeleton,
    StateChip,
    Symbol,
    Toolbar,
    column,
    row,
)

GROUNDS = ("surface", "raised", "sunken", "line", "edge", "selection", "accent", "text", "muted")
WIDTH = 1240


def main() -> None:
    """Take the pictures."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    reader.add_argument("--out", type=Path, required=True)
    reader.add_argument("--language", default="en", choices=("zh_CN", "en"))
    asked = reader.parse_args()
    application = QApplication.instance() or QApplication([])
    speak(asked.language)
    asked.out.mkdir(parents=True, exist_ok=True)
    for name in PALETTES:
        theme.use(name, 100)
        for board in (tokens(), components()):
            board.show()
            for _each in range(3):
                board.resize(WIDTH, board.layout().totalHeightForWidth(WIDTH))
                application.processEvents()
            board.grab().save(str(asked.out / f"{board.windowTitle()}-{name}.png"))
            board.hide()


class Swatch(QWidget):
    """One colour of the theme with its name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.setFixedSize(120, 56)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(color("line"))
        painter.setBrush(color(self.name))
        painter.drawRoundedRect(QRectF(0.5, 0.5, 118, 32), 6, 6)
        painter.setPen(color("muted"))
        painter.setFont(theme.font("caption"))
        painter.drawText(0, 50, f"{self.name} {color(self.name).name()}")


def board(title: str) -> tuple[QWidget, Any]:
    """Return a board and its layout."""
    whole = QWidget()
    whole.setObjectName("window")
    whole.setWindowTitle(title)
    return whole, column(whole, 5, 5)


def tokens() -> QWidget:
    """Colours, type and spacing."""
    whole, lines = board("tokens")
    lines.addWidget(flow(_("Colours"), [Swatch(name) for name in (*GROUNDS, *TONES)]))
    lines.addWidget(flow(_("Areas"), [_area(name) for name in AREA_NAMES]))
    types = Section(_("Type"))
    for name, step in TYPES.items():
        line = row(None, 4)
        line.addWidget(PlainLabel(f"{name} · {step.pixels} px", "caption"))
        line.addWidget(PlainLabel("青禾儿童福利院 Qinghe 0123456789", name), 1)
        types.body.addLayout(line)
    lines.addWidget(types)
    spaces = [_bar(step) for step in range(1, 8)]
    lines.addWidget(flow(_("Spacing"), spaces))
    return whole


def _area(name: str) -> QWidget:
    holder = QWidget()
    line = row(holder, 2)
    line.addWidget(Symbol(AREAS[name].icon, name, 20))
    line.addWidget(PlainLabel(AREAS[name].title))
    holder.setFixedWidth(150)
    return holder


def _bar(step: int) -> QWidget:
    holder = QWidget()
    line = row(holder, 2)
    block = QWidget()
    block.setFixedSize(space(step), space(4))
    block.setStyleSheet(f"background: {color('accent').name()}")
    line.addWidget(block)
    line.addWidget(PlainLabel(f"{step} · {space(step)} px", "caption"))
    return holder


def components() -> QWidget:
    """Everything in ``ui.widgets`` at work."""
    whole, lines = board("components")
    lines.addWidget(flow(_("Buttons"), _buttons()))
    chips = [Chip(tone, tone) for tone in TONES]
    states = [StateChip(state) for state in ("draft", "submitted", "reviewed", "approved", "returned", "void")]
    lines.addWidget(flow(_("Chips and states"), [*states, *chips, KeyHint("Ctrl+K"), Avatar("曾小乐", "child", 28)]))
    lines.addWidget(_editors())
    banners = Section(_("Banners"), gap=2)
    for tone in TONES:
        banners.body.addWidget(
            Banner(_("What was saved before is safe; what you are typing is kept as a draft."), tone)
        )
    lines.addWidget(banners)
    foot = row(None, 5)
    card = Card(_("Card"))
    card.body.addWidget(Skeleton(4))
    foot.addWidget(card, 1)
    foot.addWidget(
        EmptyState("inbox", _("The bin is empty"), _("What you throw away will wait here for 30 days."), _("Back")), 1
    )
    lines.addLayout(foot)
    return whole


def _buttons() -> list[QWidget]:
    return [
        Button(_("Save"), "check", "primary"),
        Button(_("Print"), "printer"),
        Button(_("Cancel")),
        Button(_("Close the account"), "user-x", "danger"),
        Button(_("Search"), "search", "quiet"),
        Button(_("Password forgotten?"), kind="link"),
        IconButton("ellipsis", _("More")),
        Segmented([(1, _("Today")), (2, _("7 days")), (3, _("30 days"))]),
    ]


def _editors() -> QWidget:
    section = Section(_("Fields"))
    first, second = row(None, 4), row(None, 4)
    wrong = Line(_("File number"), QLineEdit("2026-0"))
    wrong.complain(_("There is no child with this file number."))
    choice = QComboBox()
    choice.addItems([_("Medical emergency"), _("Other reason")])
    for editor in (Line(_("Name"), QLineEdit("曾小乐")), wrong, Line(_("Reason"), choice)):
        first.addWidget(editor, 1, Qt.AlignmentFlag.AlignTop)
    box, radio, bar = QCheckBox(_("Yes")), QRadioButton(_("No")), QProgressBar()
    box.setChecked(True)
    bar.setValue(60)
    bar.setFixedWidth(240)
    for each in (Toolbar(box, radio), bar, SearchBox(lambda _text: None)):
        second.addWidget(each)
    section.body.addLayout(first)
    section.body.addLayout(second)
    return section


def flow(title: str, pieces: list[QWidget]) -> Section:
    """Return pieces side by side under a heading."""
    section = Section(title)
    holder = QWidget()
    inside = Flow(holder, 3)
    for each in pieces:
        inside.addWidget(each)
    section.body.addWidget(holder)
    return section


if __name__ == "__main__":
    main()
