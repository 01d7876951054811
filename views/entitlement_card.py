"""A child's entitlement in its own file 本月康复权益: one line a therapy, and the funded programme's light in words."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from models.entitlement_home import Row, ledger
from models.entitlement_paper import LIGHTS, level_words, value_of
from models.funded_lights import lights
from models.funded_programmes import ProgrammeEnrolment
from models.month import Month
from models.therapies import short_name
from resources import _
from ui.text import PlainLabel
from ui.widgets import Button, Chip, Section, row
from views.chip_table import ChipRow, ChipTable
from views.entitlement_behind import show_behind

if TYPE_CHECKING:
    from ui.app import App

SHOWN = ("prescribed", "planned", "delivered", "lost", "made_up", "owed")


def entitlement_card(app: App, child_id: str) -> QWidget:
    """Return the card of one child for this month."""
    today = app.today()
    month = Month(today.year, today.month)
    with app.read() as work:
        found = ledger(work, month.first, month.last, child_ids=[child_id], who="all")
        funded = lights(work, month, child_id) if app.may("read", ProgrammeEnrolment) else []
    section = Section(_("Entitlement this month"))
    section.tools.addWidget(Button(_("Open the ledger"), "scale", on_click=partial(app.go, "entitlement", child_id=child_id)))  # fmt: skip
    if app.may("create", ProgrammeEnrolment):
        section.tools.addWidget(Button(_("Enrol…"), "badge-check", "quiet", partial(_enrol, app, child_id)))
    for light in funded:
        line = row(None, 2)
        tone, _words = LIGHTS[light.level]
        line.addWidget(Chip(light.programme, tone))
        line.addWidget(PlainLabel(light.words(), wrap=True), 1)
        section.body.addLayout(line)
    if found.rows:
        section.body.addWidget(_table(app, found.rows))
    else:
        section.body.addWidget(PlainLabel(_("Nothing is prescribed this month."), tone="muted"))
    return section


def _enrol(app: App, child_id: str) -> None:
    """Enter that the child is enrolled in a funded programme."""
    from models.age import months_later

    first = app.today().replace(day=1)
    app.new_record(
        ProgrammeEnrolment, child_id=child_id, starts_on=first, ends_on=months_later(first, 12) - timedelta(days=1)
    )


def _table(app: App, rows: tuple[Row, ...]) -> QWidget:
    heads = [
        _("Therapy"),
        _("Prescribed"),
        _("Planned"),
        _("Delivered"),
        _("Lost"),
        _("Made up"),
        _("Owed"),
        _("Entitlement"),
    ]
    table = ChipTable(
        heads, 7, lambda place: show_behind(app, rows[place], "owed"), numeric=range(1, 7), stretch=(0,),
        name=_("Entitlement this month"),
    )  # fmt: skip
    lines = []
    for place, each in enumerate(rows):
        tone, words = level_words(each)
        numbers = (str(value_of(each, key)).replace("-", "−") for key in SHOWN)
        lines.append(ChipRow((short_name(each.therapy), *numbers, words), tone, place))
    table.show_rows(lines)
    table.fit_height()
    return table
