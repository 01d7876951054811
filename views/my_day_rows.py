"""The rows of my day 我的一天: one child at one sitting, the gaps between, and the keys that record attendance."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from models.my_day import DayChild, DaySitting, Gap
from models.scheduling.occupancy import span
from models.therapies import REASONS, STATUSES, short_name
from resources import _
from ui.app import App
from ui.text import ElidedLabel, PlainLabel
from ui.theme import color, space, theme
from ui.widgets import Chip, Clickable, Symbol, column, row
from views.child_head import Photo
from views.therapy_look import tint

TONES = {
    "booked": "neutral", "done": "good", "late": "warning", "absent": "danger", "made_up": "good", "cancelled": "neutral",
}  # fmt: skip
TIME_WIDTH = 92
ALL_DONE = "all"
"""What a row says when all children of its sitting were there."""


class DayRow(Clickable):
    """One child at one sitting; arrows go on, D L A record, the number after A is the reason, Enter opens."""

    stepped = Signal(object, int)
    keyed = Signal(object, str)
    entered = Signal(object)

    def __init__(
        self, app: App, sitting: DaySitting, child: DayChild, now: datetime, when: str, *, first: bool
    ) -> None:
        self.sitting, self.child = sitting, child
        super().__init__(self._spoken(when))
        self.when, self.chosen = when, False
        self.running = bool(when) and sitting.block.starts_at <= now
        line = row(self, 3)
        line.setContentsMargins(space(3), space(2), space(3), space(2))
        line.addWidget(self._time(when, first=first), 0, Qt.AlignmentFlag.AlignTop)
        photo = Photo(40 if child.member.status == "booked" else 28)
        photo.show_child(app, child.member.name, child.photo)
        line.addWidget(photo, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(self._words(first=first), 1)
        line.addLayout(self._state(now), 0)

    def _spoken(self, when: str) -> str:
        block, member = self.sitting.block, self.child.member
        said = [span(block.starts_at, block.ends_at), member.name, short_name(block.therapy), block.room,
                STATUSES.label(member.status), when, *self.child.cautions]  # fmt: skip
        return _(", ").join(filter(None, said))

    def _time(self, when: str, *, first: bool) -> QWidget:
        holder = QWidget()
        holder.setFixedWidth(theme.size(TIME_WIDTH))
        lines = column(holder, 1)
        block = self.sitting.block
        strong = "heading" if when else "strong"
        lines.addWidget(PlainLabel(f"{block.starts_at:%H:%M}" if first else "", strong))
        if first:
            lines.addWidget(PlainLabel(_("until {time}").format(time=f"{block.ends_at:%H:%M}"), "caption"))
        if when and first:
            lines.addWidget(Chip(when, "info"), 0, Qt.AlignmentFlag.AlignLeft)
        lines.addStretch(1)
        return holder

    def _words(self, *, first: bool) -> Any:
        lines = column(None, 1)
        head = row(None, 2)
        head.addWidget(PlainLabel(self.child.member.name, "heading"))
        if first:
            self._what(head)
        else:
            head.addStretch(1)
        lines.addLayout(head)
        for icon_name, words, tone in self._told():
            lines.addLayout(_told(icon_name, words, tone))
        self.reasons = PlainLabel(reason_words(), "caption", tone="danger", wrap=True)
        self.reasons.hide()
        lines.addWidget(self.reasons)
        lines.addStretch(1)
        return lines

    def _what(self, head: QHBoxLayout) -> None:
        """Therapy, size of the group and room, said once a sitting."""
        block = self.sitting.block
        count = len(self.sitting.children) + block.others
        head.addWidget(Chip(short_name(block.therapy), tint(block.therapy)))
        if count > 1:
            head.addWidget(PlainLabel(_("group of {n}").format(n=count), "caption"))
        head.addWidget(ElidedLabel(block.room, tone="muted"), 1)

    def _told(self) -> list[tuple[str, str, str]]:
        """What is to be known before the session; once it is recorded, only the card beside the list tells it."""
        child = self.child
        if child.member.status != "booked":
            return []
        told = [("triangle-alert", _("; ").join(child.cautions), "danger")] if child.cautions else []
        if child.goals:
            told.append(("target", child.goals[0], ""))
        if child.last_on and child.last_result:
            words = _("Last time ({day}): {result}").format(day=f"{child.last_on:%m-%d}", result=child.last_result)
            told.append(("history", words, "muted"))
        return told

    def _state(self, now: datetime) -> Any:
        lines = column(None, 1)
        member, block = self.child.member, self.sitting.block
        if member.status != "booked":
            lines.addWidget(Chip(STATUSES.label(member.status), TONES[member.status]), 0, Qt.AlignmentFlag.AlignRight)
            note = REASONS.label(member.reason)
            if note or member.signed:
                words = _(" · ").join(filter(None, (note, _("signed") if member.signed else "")))
                lines.addWidget(PlainLabel(words, "caption"), 0, Qt.AlignmentFlag.AlignRight)
        elif block.ends_at < now:
            lines.addWidget(Chip(_("to be recorded"), "warning"), 0, Qt.AlignmentFlag.AlignRight)
        if block.makes_up:
            lines.addWidget(Chip(_("make-up"), "info"), 0, Qt.AlignmentFlag.AlignRight)
        lines.addStretch(1)
        return lines

    # --- keys ---

    @property
    def asks_reason(self) -> bool:
        """Whether the next digit is the reason of an absence."""
        return not self.reasons.isHidden()

    def ask_reason(self, ask: bool) -> None:
        """Show the reasons to choose from, or hide them again."""
        self.reasons.setVisible(ask)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Home: -999, Qt.Key.Key_End: 999}
        typed = event.text().upper()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        elif event.key() in ways:
            self.stepped.emit(self, ways[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Escape) and self.asks_reason:
            self.ask_reason(False)
        elif typed == "D" and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.keyed.emit(self, ALL_DONE)
        elif typed and typed in "DLA+-=12345678":
            self.keyed.emit(self, typed)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit(self)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.ask_reason(False)

    def mark(self, chosen: bool) -> None:
        """Show that this row is the one told of beside the list."""
        self.chosen = chosen
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.chosen:
            painter.fillRect(self.rect(), color("raised"))
        if self.when:
            bar = self.rect()
            bar.setWidth(space(1))
            painter.fillRect(bar, color("accent" if self.running else "edge"))
        painter.end()
        super().paintEvent(event)


def _told(icon_name: str, words: str, tone: str) -> Any:
    line = row(None, 1)
    line.addWidget(Symbol(icon_name, tone or "muted", 14), 0, Qt.AlignmentFlag.AlignVCenter)
    line.addWidget(ElidedLabel(words, tone=tone), 1)
    return line


def reason_words() -> str:
    """Say the reasons of absence with the digit of each."""
    said = "  ".join(f"{number} {code}".replace(" ", "\u00a0") for number, code in enumerate(REASONS, 1))
    return _("Absent, why? {reasons}").format(reasons=said)


class GapRow(QWidget):
    """A stretch of time in which nothing is booked; pressed to book there."""

    def __init__(self, gap: Gap, book: Callable[[], Any] | None = None) -> None:
        super().__init__()
        line = row(self, 3)
        line.setContentsMargins(space(3), space(1), space(3), space(1))
        time = PlainLabel(span(gap.starts_at, gap.ends_at), "caption")
        time.setFixedWidth(theme.size(TIME_WIDTH))
        line.addWidget(time)
        line.addWidget(PlainLabel(_("free, {n} min").format(n=gap.minutes), "caption"))
        line.addStretch(1)


class TakenRow(QWidget):
    """A sitting whose children the person may not see."""

    def __init__(self, sitting: DaySitting) -> None:
        super().__init__()
        line = row(self, 3)
        line.setContentsMargins(space(3), space(2), space(3), space(2))
        block = sitting.block
        time = PlainLabel(f"{block.starts_at:%H:%M}", "strong")
        time.setFixedWidth(theme.size(TIME_WIDTH))
        line.addWidget(time)
        said = [_("Taken"), short_name(block.therapy), block.room]
        line.addWidget(PlainLabel(_(" · ").join(filter(None, said)), tone="muted"))
        line.addStretch(1)
