"""Behind a figure 台账明细: the very sessions, or the weeks, that a number of the ledger counts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from models.entitlement_home import Row, SessionBehind, sessions_behind
from models.entitlement_paper import COLUMNS, WEEKLY, lost_words, value_of
from models.scheduling.occupancy import span
from models.therapies import REASONS, STATUSES, THERAPIES, short_name
from models.therapy import TherapySession
from resources import _, ngettext
from ui.dialog import Dialog
from ui.rows_table import RowsTable
from ui.text import PlainLabel
from ui.theme import theme
from ui.widgets import Button
from views.therapy_look import weekday

if TYPE_CHECKING:
    from ui.app import App


def show_behind(app: App, row: Row, key: str) -> None:
    """Show what stands behind one figure of a row, as a list from which each session opens."""
    dialog = WeeksBehind(app, row, key) if key in WEEKLY else SessionsBehind(app, row, key)
    dialog.exec()
    dialog.deleteLater()


def title_of(row: Row, key: str) -> str:
    """Say whose figure it is, of which therapy and how much."""
    column = next(each for each in COLUMNS if each.key == key)
    whose = " · ".join(filter(None, (row.name, THERAPIES.label(row.therapy))))
    number = str(value_of(row, key)).replace("-", "−")
    return _("{whose}: {figure} {n}").format(whose=whose, figure=column.title.lower() if column.title.isascii() else column.title, n=number)  # fmt: skip


class SessionsBehind(Dialog):
    """The sessions behind a figure, the earliest first."""

    def __init__(self, app: App, row: Row, key: str) -> None:
        about = next(_(each.help) for each in COLUMNS if each.key == key)
        said = lost_words(row) if key == "lost" else ""
        super().__init__(title_of(row, key), said or about, app.window_now(), width=780)
        self.app = app
        with app.read() as work:
            self.found = sessions_behind(work, row.behind(key))
        heads = [_("Day"), _("Time"), _("Therapy"), _("Therapist"), _("Room"), _("Attendance"), _("Minutes")]
        self.table = RowsTable(heads, [_line(each) for each in self.found], (6,), self._open, name=title_of(row, key))
        self.table.setMinimumHeight(theme.size(min(420, 80 + 30 * max(1, len(self.found)))))
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(self.table)
        if not self.found:
            self.body.addWidget(PlainLabel(_("There are none."), tone="muted"))
        elif len(self.found) < value_of(row, key):
            self.body.addWidget(PlainLabel(_("Some are not entrusted to you."), "caption"))
        self.buttons.addWidget(Button(_("Close"), kind="primary", on_click=self.accept))
        self.table.setFocus()
        if self.found:
            self.table.selectRow(0)

    def _open(self, place: int) -> None:
        self.app.open_record(TherapySession, self.found[place].id)


def _line(each: SessionBehind) -> tuple[str, ...]:
    said = _(", ").join(filter(None, (STATUSES.label(each.status), REASONS.label(each.reason), each.note)))
    minutes = int((each.ends_at - each.starts_at).total_seconds()) // 60
    shown = _("{n} − {missed}").format(n=minutes, missed=each.missed) if each.missed else str(minutes)
    return (
        f"{each.starts_at:%m-%d} {weekday(each.starts_at.date())}", span(each.starts_at, each.ends_at),
        short_name(each.therapy), each.therapist, each.room, said, shown,
    )  # fmt: skip


class WeeksBehind(Dialog):
    """The weeks behind what was prescribed or is owed: what each asked for, and what was planned."""

    def __init__(self, app: App, row: Row, key: str) -> None:
        super().__init__(title_of(row, key), _sum_words(row), app.window_now(), width=800)
        self.app, self.row = app, row
        heads = [
            _("Therapy"), _("Week from"), _("A week"), _("Open days"), _("Entitled"), _("Planned"), _("Not planned"),
        ]  # fmt: skip
        lines = list(_weeks(row.parts or (row,)))
        self.table = RowsTable(heads, lines, range(2, 7), name=title_of(row, key))
        self.table.setMinimumHeight(theme.size(min(420, 80 + 30 * max(1, len(lines)))))
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(self.table)
        note = _("A week at the edge is shown whole; the figure counts its days within the period.")
        self.body.addWidget(PlainLabel(note, "caption", wrap=True))
        for figure in ("lost", "made_up"):
            count = value_of(row, figure)
            if count and key == "owed":
                words = {
                    "lost": ngettext("{n} lost session", "{n} lost sessions", count),
                    "made_up": ngettext("{n} made-up session", "{n} made-up sessions", count),
                }[figure]
                self.buttons.insertWidget(0, Button(words.format(n=count), on_click=partial(show_behind, app, row, figure)))  # fmt: skip
        self.buttons.addWidget(Button(_("Close"), kind="primary", on_click=self.accept))
        self.table.setFocus()


def _weeks(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    return [
        (
            short_name(row.therapy), week.monday.isoformat(), str(week.sessions), str(week.open_days), str(week.entitled),
            str(week.planned), str(week.missing or "·"),
        )
        for row in rows
        for week in row.account.weeks
    ]  # fmt: skip


def _sum_words(row: Row) -> str:
    """Say how what is owed comes about; for several therapies, how much of each."""
    if row.parts:
        owing = [
            _("{therapy} {n}").format(therapy=short_name(each.therapy), n=each.owed)
            for each in row.parts
            if each.owed > 0
        ]
        return _("Owed: {sum} = {n}").format(sum=" + ".join(owing) or "0", n=row.owed)
    figures = row.figures
    parts = [
        (figures.carried, _("{n} carried over")),
        (figures.lost, _("+ {n} lost")),
        (figures.never, _("+ {n} not planned")),
    ]
    parts += [(figures.beyond, _("− {n} beyond")), (figures.made_up, _("− {n} made up"))]
    said = " ".join(words.format(n=count) for count, words in parts if count)
    owed = str(figures.owed).replace("-", "−")
    return _("Owed: {sum} = {n}").format(sum=said or "0", n=owed)
