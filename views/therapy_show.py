"""What the therapy week shows 课表显示: days, therapists of a day, or a whole department — read, drawn, and read again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtWidgets import QVBoxLayout, QWidget

from models.holidays import missing_notice
from models.scheduling.proposal import Proposal, proposed
from models.scheduling.recurrence import week_of
from models.scheduling.week import ALL, Block, children_to_book, of, pulse, read_week
from models.therapies import TREATED
from resources import _, ngettext
from ui.editors import CodeBox
from ui.text import ElidedLabel, set_tip
from ui.week import Tile
from ui.widgets import Banner, Button, clear
from views.therapy_empty import nobody
from views.therapy_hands import WeekHands
from views.therapy_look import (
    DAY,
    as_proposed,
    beside_proposal,
    day_columns,
    department_bands,
    department_folds,
    department_rows,
    department_tiles,
    group_name,
    minutes_of,
    staff_columns,
    therapy_marks,
    tiles,
    week_span,
    weekday,
)

if TYPE_CHECKING:
    from views.therapy_calendar import TherapyCalendar

PEOPLE = ("day", "department")
"""In these views each column or row is a therapist, and nobody is chosen."""


class WeekShow(WeekHands):
    """Reading and drawing; the page around it is ``TherapyCalendar``."""

    shown: set[str]
    chooser: CodeBox
    before: QWidget
    after: QWidget
    overlay: Button
    nobody: QWidget
    _nobody: QVBoxLayout
    notice: Banner
    summary: ElidedLabel
    legend: QWidget
    proposal: Proposal
    _pulse: tuple[int, int] | None
    _asking: bool

    def reload(self) -> None:
        days = week_of(self.day)
        with self.app.read() as work:
            self.week = read_week(work, days[0], days[-1])
            self.proposal = proposed(work, days[0], self.week)
            self.entrusted = children_to_book(work)
            self._pulse = pulse(work, days[0], days[-1])
        self.stale = False
        self.show_again()
        self._refresh_side()

    def show_again(self) -> None:
        if self.week is None:
            return
        choices = self._choices()
        self._fill_chooser(choices)
        self.overlay.setVisible(bool(self.proposal))
        shown = self.overlay.isChecked()
        self.overlay.set_icon("eye" if shown else "eye-off")
        words = _("Hide the proposal") if shown else _("Show the proposal")
        set_tip(self.overlay, words)
        self.overlay.setAccessibleName(words)
        self.days = [self.day] if self.by == "day" else self._days()
        self.grid.zoom = float(self.app.settings.get(self._zoom_name(), 1.0))
        show = self._show_department if self.by == "department" else self._show_columns
        blocks = show(choices)
        self.grid.setVisible(bool(choices))
        self.legend.setVisible(bool(choices))
        self.nobody.setVisible(not choices)
        if not choices:
            clear(self._nobody)
            self._nobody.addWidget(nobody(cast("TherapyCalendar", self), self.by))
        self._say_where(blocks, self.days)
        if self.grid.current:
            self.grid.choose(self.grid.current)

    def _show_columns(self, choices: list[tuple[str, str]]) -> list[Block]:
        """Show days, or the therapists of one day, as columns."""
        assert self.week is not None
        key, now, today = self.who.get(self.by, ""), self.app.now(), self.app.today()
        if self.by == "day":
            columns = staff_columns(self.week, self.day, today, choices)
            blocks = [block for block in self.week.blocks if block.starts_at.date() == self.day]
            shown = self._beside(tiles(blocks, "day", now, self.shown, key_of="therapist", marks=therapy_marks()))
            planned = [block for block in self._proposed() if block.starts_at.date() == self.day]
            shown += as_proposed(tiles(planned, "day", now, self.shown, key_of="therapist"))
        else:
            columns = day_columns(self.week, self.days, today, key if self.by == "therapist" else "")
            blocks = self.week.of(self.by, key)
            shown = self._beside(tiles(blocks, self.by, now, self.shown))
            shown += as_proposed(tiles(of(self._proposed(), self.by, key), self.by, now, self.shown))
        span, folds = week_span(self.days, self.week.occupancy.hours)
        self.grid.minute_now = lambda: minutes_of(self.app.now())
        self.grid.show_week(columns, shown, span=span, folds=folds)
        return blocks

    def _show_department(self, choices: list[tuple[str, str]]) -> list[Block]:
        """Show a row a therapist, with all days of the week side by side."""
        assert self.week is not None
        today, days = self.app.today(), self.days
        bands = department_bands(self.week, days, today)
        now, marks = self.app.now(), therapy_marks()
        shown = self._beside(department_tiles(self.week.blocks, days, now, self.shown, marks))
        shown += as_proposed(department_tiles(self._proposed(), days, now, self.shown, marks))
        self.grid.minute_now = self._minute_of_week
        self.grid.show_week(
            department_rows(self.week, days, today, choices), shown, span=(bands[0].start, bands[-1].end),
            folds=department_folds(days, bands, self.week.occupancy.hours), bands=bands,
        )  # fmt: skip
        return list(self.week.blocks)

    def _proposed(self) -> tuple[Block, ...]:
        """What the proposal would book or move, as long as it is to be seen."""
        return self.proposal.blocks if self.overlay.isChecked() else ()

    def _beside(self, found: list[Tile]) -> list[Tile]:
        """Say of standing blocks what the proposal would do with them, as long as it is to be seen."""
        if not self.overlay.isChecked() or not self.proposal:
            return found
        return beside_proposal(found, self.proposal.moving, self.proposal.leaving)

    def _minute_of_week(self) -> int:
        now = self.app.now()
        return self.days.index(now.date()) * DAY + minutes_of(now) if now.date() in self.days else -1

    def _zoom_name(self) -> str:
        return f"therapy_week.zoom.{self.by if self.by in PEOPLE else 'week'}"

    def _days(self) -> list[date]:
        """The days to show: the open ones, and closed ones on which something is booked."""
        assert self.week is not None
        whole = week_of(self.day)
        busy = {block.starts_at.date() for block in self.week.blocks}
        kinds = self.week.occupancy.days
        return [day for day in whole if day.weekday() < 5 or kinds[day].open or day in busy]

    def _choices(self) -> list[tuple[str, str]]:
        assert self.week is not None
        if self.by == "room":
            return list(self.week.rooms)
        if self.by == "child":
            return [(child.id, child.name) for child in self.entrusted]
        if self.by == "group":
            groups = [(block.group, group_name(block)) for block in self.week.groups]
            return [(ALL, _("All groups")), *groups] if groups else []
        return list(self.week.therapists)

    def _fill_chooser(self, choices: list[tuple[str, str]]) -> None:
        known = [key for key, _name in choices]
        if self.who.get(self.by) not in known and known:
            self.who[self.by] = self._first_choice(known)
        for widget in (self.chooser, self.before, self.after):
            widget.setVisible(self.by not in PEOPLE and bool(choices))
        self.chooser.box.choices = [(key, name, (name,)) for key, name in choices]
        self.chooser._fill(None)
        self.chooser.set_value(self.who.get(self.by))

    def _first_choice(self, known: list[str]) -> str:
        """Prefer the one with something booked in this week."""
        assert self.week is not None
        week, by = self.week, "therapist" if self.by in PEOPLE else self.by
        return next((key for key in known if week.of(by, key)), known[0])

    def _say_where(self, blocks: list[Block], days: list[date]) -> None:
        held = [block for block in blocks if block.holds and (not self.shown or block.therapy in self.shown)]
        hours = sum((block.ends_at - block.starts_at).total_seconds() for block in held) / 3600
        words = ngettext("{n} session", "{n} sessions", len(held)).format(n=len(held))
        parts = [self._period(), words, _("{n} h").format(n=f"{hours:g}")]
        seen = [
            member.status
            for block in blocks
            for member in block.members
            if member.status not in ("booked", "cancelled")
        ]
        if seen:
            share = sum(status in TREATED for status in seen) / len(seen) * 100
            parts.append(_("attendance {n}%").format(n=f"{share:.0f}"))
        self.summary.setText(_(" · ").join(parts))
        unknown = missing_notice(days)
        self.notice.setVisible(bool(unknown))
        if unknown:
            self.notice.tell(_("The days off of {year} are not known yet: weekends are closed, festivals are only shown.").format(
                year=unknown[0]), "info")  # fmt: skip

    def _period(self) -> str:
        if self.by == "day":
            assert self.week is not None
            words = self.week.occupancy.days[self.day].words
            return " ".join(filter(None, (self.day.isoformat(), weekday(self.day), words)))
        days = week_of(self.day)
        return _("{first} to {last}").format(first=days[0].isoformat(), last=f"{days[-1]:%m-%d}")

    # --- what others do -----------------------------------------------------------------------------

    def ask_for_changes(self) -> None:
        """Ask beside the window whether another workstation has changed the week on show."""
        if self._asking or not self.isVisible() or self.week is None:
            return
        self._asking = True
        days, actor, database = week_of(self.day), self.app.actor, self.app.database

        def ask(_progress: Any, _cancelled: Any) -> tuple[date, tuple[int, int]]:
            with database.read(actor) as work:
                return days[0], pulse(work, days[0], days[-1])

        self.app.tasks.run(ask, self._heard, self._unheard)

    def _heard(self, answer: tuple[date, tuple[int, int]]) -> None:
        """Read the week again when it has changed, unless something is in hand; then only say so."""
        self._asking = False
        monday, found = answer
        if monday != week_of(self.day)[0] or found == self._pulse:
            return
        self._pulse = found
        if self.grid.busy():
            self.app.notify(_("Somebody else has changed this week; it is read again when you are done."))
            self._pulse = None
            return
        self.reload()
        self.app.notify(_("Somebody else has changed this week; it was read again."))

    def _unheard(self, _error: Exception) -> None:
        """Stay quiet when the store cannot be asked: the next act will say so."""
        self._asking = False
