"""One sentence books 一句话预约: typed above the week, shown back as chips while one types, every day judged before Enter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QWidget

from models.core.errors import Invalid
from models.scheduling.sentence import Asked, Piece, Reading, chosen, read, render
from models.scheduling.sentence_home import completed, forecast, lacking, vocabulary
from models.scheduling.series import Planned, book_planned
from models.therapies import THERAPIES, short_name
from resources import N_, _, current_language, ngettext
from ui.app import App
from ui.text import PlainLabel
from ui.widgets import Button, Chip, Flow, IconButton, Menu, MenuButton, Symbol, clear, column, row
from views.sentence_edit import SentenceEdit
from views.therapy_look import WEEKDAYS, weekday

if TYPE_CHECKING:
    from models.scheduling.change import Change
    from views.therapy_hands import WeekHands

KINDS = {
    "child": N_("Which child?"), "day": N_("On which day?"), "time": N_("At what time?"), "therapy": N_("Which therapy?"),
    "therapist": N_("With whom?"), "minutes": N_("How long?"),
}  # fmt: skip
"""What is asked back while something needed is not said."""
SHOWN = 3
"""So many days of a kind are named below the sentence; all of them are one press away."""


@dataclass(frozen=True)
class _Answer:
    """What the home's records say to a sentence."""

    number: int
    asked: Asked
    filled: tuple[str, ...] = ()
    planned: tuple[Planned, ...] = ()
    wrong: str = ""


class SentenceBar(QFrame):
    """The line, what was understood of it, and what would be booked."""

    def __init__(self, app: App, calendar: WeekHands) -> None:
        super().__init__()
        self.app, self.calendar = app, calendar
        self.setProperty("card", True)
        self.setAccessibleName(_("Book with one sentence"))
        with app.read() as work:
            self.names = vocabulary(work)
        self.reading = Reading("")
        self.answer: _Answer | None = None
        self._asked_for = 0
        self._book_it = False
        self._soon = QTimer(self, singleShot=True, interval=180)
        self._soon.timeout.connect(self._ask)
        self._build()

    def _build(self) -> None:
        lines = column(self, 2, 3)
        first = row(None, 2)
        self.edit = SentenceEdit()
        self.edit.setPlaceholderText(_("Wang Xiaoyu every Tue Thu 9:30 PT 30 min room 3 until June"))
        self.edit.setAccessibleName(_("Book with one sentence"))
        self.edit.changed.connect(self.understand)
        self.edit.entered.connect(self.book)
        self.edit.given_up.connect(self.calendar.stop_writing)
        self.setFocusProxy(self.edit)
        first.addWidget(self.edit, 1)
        self.button = Button(_("Book"), "check", "primary", self.book, tip=_("Enter"))
        self.button.setEnabled(False)
        first.addWidget(self.button)
        first.addWidget(IconButton("x", _("Close"), self.calendar.stop_writing))
        lines.addLayout(first)
        self.chips = QWidget()
        self.flow = Flow(self.chips, 1)
        lines.addWidget(self.chips)
        self.verdict = column(None, 1)
        lines.addLayout(self.verdict)
        self._hint()

    def _hint(self) -> None:
        clear(self.flow)
        clear(self.verdict)
        words = _(
            "Child, day, time, therapy, length, room, until when — in any order; what the plan knows may be left out."
        )
        self.flow.addWidget(PlainLabel(words, "caption"))
        self.chips.updateGeometry()

    # --- understanding ------------------------------------------------------------------------------

    def understand(self) -> None:
        """Read what is typed and show it back; the records are asked a moment later."""
        text = self.edit.text()
        self.reading = read(text, self.names, self.app.today())
        self.edit.mark(self.reading)
        self.answer, self._book_it = None, False
        self.button.setEnabled(False)
        self._asked_for += 1
        if not text.strip():
            self._hint()
            return
        clear(self.verdict)
        self._show_chips(self.reading.asked, ())
        self._soon.start()

    def _ask(self) -> None:
        """Let the plan fill in what is left open and every day be judged, beside the window."""
        number, reading, app = self._asked_for, self.reading, self.app
        staff_id = self.calendar.who.get("therapist") or app.actor.staff_id or ""

        def ask(_progress: Any, _cancelled: Any) -> _Answer:
            with app.read() as work:
                whole, filled = completed(work, reading.asked, staff_id)
                if reading.unclear or lacking(whole):
                    return _Answer(number, whole, filled)
                try:
                    return _Answer(number, whole, filled, tuple(forecast(work, whole)))
                except Invalid as wrong:
                    return _Answer(number, whole, filled, wrong=str(wrong))

        self.app.tasks.run(ask, self._answered)

    def _answered(self, answer: _Answer) -> None:
        if answer.number != self._asked_for:
            return
        self.answer = answer
        self._show_chips(answer.asked, answer.filled)
        self._show_verdict(answer)
        if self._book_it:
            self.book()

    # --- showing ------------------------------------------------------------------------------------

    def _show_chips(self, asked: Asked, filled: tuple[str, ...]) -> None:
        clear(self.flow)
        for words, kind in said(asked, self.names.by_id):
            chip = Chip(words, "neutral" if kind in filled else "info")
            if kind in filled:
                chip.setToolTip(_("Supplied from the plan and the rooms"))
            self.flow.addWidget(chip)
        for piece in self.reading.unclear:
            self.flow.addWidget(self._choice(piece))
        for piece in self.reading.unknown:
            words = self.reading.text[piece.start : piece.end]
            again = _("said twice: {words}") if piece.kind == "again" else _("not understood: {words}")
            self.flow.addWidget(Chip(again.format(words=words), "danger"))
        unclear = {name.kind for piece in self.reading.unclear for name in piece.choices}
        for kind in lacking(asked) if self.answer else self.reading.missing:
            if kind not in unclear:
                self.flow.addWidget(Chip(_(KINDS[kind]), "warning"))
        self.chips.updateGeometry()

    def _choice(self, piece: Piece) -> MenuButton:
        """Offer the names that a piece may mean."""

        def fill(menu: Menu) -> None:
            menu.head(_("Who is meant?"))
            for name in piece.choices[:20]:
                words = self.names.unique(name)
                shown = name.title if words == name.title else f"{name.title}  {words}"
                menu.add(shown, partial(self._choose, piece, name))

        words = self.reading.text[piece.start : piece.end]
        return MenuButton(_("{words}: {n} fit").format(words=words, n=len(piece.choices)), fill, "circle-question-mark")

    def _choose(self, piece: Piece, name: Any) -> None:
        self.edit.write(chosen(self.reading, piece, name, self.names))
        self.edit.setFocus()

    def _show_verdict(self, answer: _Answer) -> None:
        clear(self.verdict)
        planned = answer.planned
        good = [each for each in planned if each.bookable]
        self.button.setEnabled(bool(good) and not self.reading.unknown)
        self.button.setText(
            ngettext("Book {n} session", "Book {n} sessions", len(good)).format(n=len(good))
            if len(planned) > 1
            else _("Book")
        )
        if answer.wrong:
            self._line("octagon-alert", answer.wrong, "danger")
        if self.reading.unknown:
            self._line(
                "octagon-alert", _("Please correct or take out what is underlined; nothing is guessed."), "danger"
            )
        if not planned:
            return
        whole = ngettext("{n} session is free", "{n} sessions are free", len(good)).format(n=len(good))
        span = "" if len(planned) == 1 else f"{planned[0].day.isoformat()} – {planned[-1].day.isoformat()}"
        every = _("All {n} days…").format(n=len(planned)) if len(planned) > 1 else ""
        self._line("circle-check", _(" · ").join(filter(None, (whole, span))), "good" if good else "muted", every)
        now = self.app.now()
        if any(each.wish.starts_at < now for each in good):
            self._line("triangle-alert", _("This time lies in the past."), "warning")
        self._days([each for each in planned if each.impossible], "octagon-alert", "danger")
        self._days([each for each in good if each.conflicts], "triangle-alert", "warning")
        rests = [each for each in planned if each.skipped]
        for each in rests[:SHOWN]:
            self._line("info", f"{each.day:%m-%d} {each.skipped}", "muted")

    def _days(self, planned: list[Planned], symbol: str, tone: str) -> None:
        for each in planned[:SHOWN]:
            self._line(symbol, f"{each.day:%m-%d} {each.conflicts[0].words}", tone)
        if len(planned) > SHOWN:
            self._line(symbol, _("… and {n} more days").format(n=len(planned) - SHOWN), tone)

    def _line(self, symbol: str, words: str, tone: str, link: str = "") -> None:
        line = row(None, 1)
        line.addWidget(Symbol(symbol, tone, 16), 0, Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(PlainLabel(words, tone=tone, wrap=not link), 0 if link else 1)
        if link:
            line.addWidget(Button(link, kind="link", on_click=self._list))
            line.addStretch(1)
        self.verdict.addLayout(line)

    def _list(self) -> None:
        from views.planned_dialog import PlannedDialog

        if self.answer:
            names = {key: name.title for key, name in self.names.by_id.items()}
            dialog = PlannedDialog(_("Series"), self.answer.planned, names, self)
            dialog.exec()
            dialog.deleteLater()

    # --- booking ------------------------------------------------------------------------------------

    def book(self) -> None:
        """Book what was previewed, beside the window; before the preview stands, wait for it."""
        if self.answer is None:
            self._book_it = bool(self.reading.text.strip())
            return
        self._book_it = False
        good = [each for each in self.answer.planned if each.bookable]
        if not good or self.reading.unknown:
            return
        app = self.app

        def work(_progress: Any, _cancelled: Any) -> tuple[Change, date]:
            with app.work() as writing:
                return book_planned(writing, good), good[0].day

        self.setEnabled(False)
        self.button.setText(_("Booking…"))
        app.tasks.run(work, self._booked, self._refused)

    def _booked(self, done: tuple[Change, date]) -> None:
        assert self.answer is not None
        self._free()
        words = render(self.answer.asked, self.names, current_language() == "zh_CN")
        self.edit.write("")
        self.calendar.written(*done, _("Booked: {sentence}").format(sentence=words))
        self.edit.setFocus()

    def _free(self) -> None:
        self.setEnabled(True)
        self.button.setText(_("Book"))

    def _refused(self, error: Exception) -> None:
        self._free()
        self.app.show_error(error)
        self.understand()
        self.edit.setFocus()


def said(asked: Asked, names: Any) -> list[tuple[str, str]]:
    """Say what is asked for piece by piece, each with its kind."""
    parts = [(names[child].title, "child") for child in asked.children]
    if asked.every:
        days = _(", ").join(_(WEEKDAYS[day]) for day in sorted(asked.weekdays))
        often = _("every week: {days}") if asked.every == 1 else _("every second week: {days}")
        parts.append((often.format(days=days), "weekdays"))
    if asked.day:
        day = f"{asked.day.isoformat()} {weekday(asked.day)}"
        parts.append((_("from {day}").format(day=day) if asked.every else day, "day"))
    parts += [(f"{asked.start:%H:%M}", "time")] if asked.start else []
    parts += [(_("{n} min").format(n=asked.minutes), "minutes")] if asked.minutes else []
    parts += [(short_name(asked.therapy) or THERAPIES.label(asked.therapy), "therapy")] if asked.therapy else []
    parts += [
        (names[key].title, kind) for key, kind in ((asked.therapist, "therapist"), (asked.room, "room")) if key in names
    ]
    parts += [(_("until {day}").format(day=asked.last.isoformat()), "last")] if asked.last and asked.every else []
    if asked.count:
        parts.append((ngettext("{n} session", "{n} sessions", asked.count).format(n=asked.count), "count"))
    return parts
