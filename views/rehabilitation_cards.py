"""Cards of the rehabilitation file 康复档案卡片: what speaks against therapy and until when, and what is practised between sessions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from models.core.errors import Refused
from models.home_programme import HomeProgramme, ProgrammeTick
from models.practice import ItemLine, tick, untick
from models.precautions import SOURCES, Bar, Precaution, end_early, therapy_words
from models.shifts import shift_at
from models.therapies import short_name
from resources import _
from ui.app import App
from ui.dialogs import ask_reason
from ui.text import PlainLabel
from ui.widgets import Button, Chip, Clickable, IconButton, Section, column, row


class PrecautionSection(Section):
    """What speaks against the child's therapies now and soon; ended early with a reason."""

    def __init__(self, app: App, child_id: str, bars: Sequence[Bar], again: Callable[[], Any]) -> None:
        super().__init__(_("Contraindications and precautions"))
        self.app, self.child_id, self.again = app, child_id, again
        if app.may("create", Precaution):
            self.tools.addWidget(Button(_("Add"), "plus", on_click=self.add))
        own = [bar for bar in bars if bar.record_id]
        for bar in own:
            self.body.addWidget(self._line(bar))
        if not own:
            self.body.addWidget(PlainLabel(_("Nothing speaks against a therapy now."), tone="muted"))

    def add(self) -> None:
        """Enter a contraindication or precaution."""
        today = self.app.today()
        self.app.new_record(Precaution, child_id=self.child_id, starts_on=today, grade="barred", source="therapist")
        self.again()

    def _line(self, bar: Bar) -> QWidget:
        holder = QWidget()
        line = row(holder, 2)
        line.addWidget(Chip(_("Barred") if bar.barred else _("With care"), "danger" if bar.barred else "warning"))
        words = Clickable(bar.words, partial(self._open, bar.record_id))
        lines = column(words, 0)
        lines.addWidget(PlainLabel(bar.words, "strong", wrap=True))
        lines.addWidget(PlainLabel(about(bar), "caption", wrap=True))
        line.addWidget(words, 1)
        if self.app.may("edit", Precaution):
            line.addWidget(Button(_("End early…"), kind="quiet", on_click=partial(self.end, bar)))
        return holder

    def _open(self, record_id: str) -> None:
        self.app.open_record(Precaution, record_id)
        self.again()

    def end(self, bar: Bar) -> None:
        """End a precaution today, with the reason."""
        text = _("From today on these therapies are planned and booked again.")
        reason = ask_reason(self, _("End early: {what}").format(what=bar.words), text, _("End"))
        if not reason:
            return
        try:
            with self.app.work() as work:
                end_early(work, bar.record_id, work.today - timedelta(days=1), reason)
        except Refused as refusal:
            self.app.show_error(refusal)
            return
        self.app.notify(_("Ended: {what}").format(what=bar.words), undo=partial(self._take_back, bar.record_id))
        self.again()

    def _take_back(self, record_id: str) -> None:
        from models.core import records

        with self.app.work() as work:
            values = {"ended_on": None, "end_reason": None, "ended_by_id": None}
            records.save(work, Precaution, values, id=record_id, confirmed=True)
        self.again()


def about(bar: Bar) -> str:
    """Say which therapies it concerns, from when until when, and where it comes from."""
    until = bar.last.isoformat() if bar.last else _("further notice")
    span = _("{first} to {last}").format(first=bar.first.isoformat(), last=until)
    return _(" · ").join(filter(None, (therapy_words(sorted(bar.therapies)), span, SOURCES.label(bar.source))))


class ProgrammeSection(Section):
    """What carers and teachers practise with the child, and how often it was really done."""

    def __init__(self, app: App, child_id: str, items: Sequence[ItemLine], again: Callable[[], Any]) -> None:
        super().__init__(_("Home programmes"))
        self.app, self.child_id, self.again = app, child_id, again
        if app.may("create", HomeProgramme):
            self.tools.addWidget(Button(_("Add"), "plus", on_click=self.add))
        for item in items:
            self.body.addWidget(self._line(item))
        if not items:
            words = _("Nothing is practised between the sessions yet.")
            self.body.addWidget(PlainLabel(words, tone="muted"))

    def add(self) -> None:
        """Enter something to practise."""
        today = self.app.today()
        values: dict[str, Any] = {"starts_on": today, "ends_on": today + timedelta(days=91), "place": "unit"}
        self.app.new_record(HomeProgramme, child_id=self.child_id, **values)
        self.again()

    def _line(self, item: ItemLine) -> QWidget:
        words = Clickable(item.what, partial(self._open, item.id))
        line = row(words, 2)
        lines = column(None, 0)
        lines.addWidget(PlainLabel(_(" · ").join(filter(None, (item.what, item.amount))), "strong", wrap=True))
        about_it = (item.when, short_name(item.therapy or ""), item.therapist)
        lines.addWidget(PlainLabel(_(" · ").join(filter(None, about_it)), "caption", wrap=True))
        line.addLayout(lines, 1)
        week = item.last_week
        if week.wanted:
            tone = "good" if week.done >= week.wanted - 1 else "warning"
            said = _("last 7 days: {done} of {wanted}").format(done=week.done, wanted=week.wanted)
            line.addWidget(Chip(said, tone))
        if self.app.may("create", ProgrammeTick):
            tip = _("Done now: {what}").format(what=item.what)
            line.addWidget(IconButton("check", tip, partial(self._done, item)))
        if self.app.may("edit", HomeProgramme):
            tip = _("End: {what}").format(what=item.what)
            line.addWidget(IconButton("x", tip, partial(self._end, item)))
        return words

    def _open(self, record_id: str) -> None:
        self.app.open_record(HomeProgramme, record_id)
        self.again()

    def _done(self, item: ItemLine) -> None:
        """Tick an item in the running shift, wherever it is practised; it can be taken back."""
        try:
            with self.app.work() as work:
                made, before = tick(work, item.id, shift_at(work.now))
        except Refused as refusal:
            self.app.show_error(refusal)
            return
        words = _("Practised: {what}").format(what=item.what)
        self.app.notify(words, undo=partial(self._not_done, made, before))
        self.again()

    def _not_done(self, tick_id: str, before: dict[str, Any] | None) -> None:
        with self.app.work() as work:
            untick(work, tick_id, before)
        self.again()

    def _end(self, item: ItemLine) -> None:
        """Take an item out of the unit's list from today on; it can be taken back."""
        from models.core import records

        today = self.app.today()
        ends_on = max(item.starts_on, today - timedelta(days=1))
        with self.app.work() as work:
            records.save(work, HomeProgramme, {"ends_on": ends_on}, id=item.id, confirmed=True)
        self.app.notify(_("Ended: {what}").format(what=item.what), undo=partial(self._again_until, item))
        self.again()

    def _again_until(self, item: ItemLine) -> None:
        from models.core import records

        with self.app.work() as work:
            records.save(work, HomeProgramme, {"ends_on": item.ends_on}, id=item.id, confirmed=True)
        self.again()
