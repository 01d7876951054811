"""The drills' screen: a tile for each kind with the day it is due, and the record begun from it."""

from __future__ import annotations

from datetime import date

import pytest

from models.core import records
from models.drills import DRILL_KINDS, Drill
from ui.pages import pages
from ui.text import PlainLabel
from ui.widgets import Chip, Clickable
from views import open_rooms
from views.drills import Drills

open_rooms()


@pytest.fixture
def page(sign_in, qtbot):
    app = sign_in("director")
    with app.database.work(app.actor) as work:
        values = {**Drill.example_values(work), "held_on": date(2026, 3, 2), "adults": 12, "children": 40}
        records.save(work, Drill, values, confirmed=True)
    made = Drills(app)
    qtbot.addWidget(made)
    made.reload()
    return made


def test_it_stands_in_the_menu_of_safety(sign_in):
    (entry,) = [entry for entry in pages(sign_in("director").actor) if entry.key == "drills"]
    assert entry.area == "safety"


def test_each_kind_says_when_it_was_held_last_and_is_due_next(page):
    tiles = page.tiles.findChildren(Clickable)
    assert len(tiles) == len(DRILL_KINDS.codes)
    said = [" ".join(each.text() for each in tile.findChildren(PlainLabel)) for tile in tiles]
    assert "2026-03-02" in said[0] and "never held yet" in said[1]
    assert "late" in tiles[0].findChildren(Chip)[0].accessibleName() + tiles[0].accessibleName()


def test_a_tile_begins_the_record_of_its_kind(page):
    page.tiles.findChildren(Clickable)[1].clicked.emit()
    assert page.panel is not None and page.panel.new
    assert page.panel.form.values()["kind"] == DRILL_KINDS.codes[1].code


def test_a_reminder_leads_to_the_drill_that_waits_for_its_improvement(page):
    with page.app.database.read(page.app.actor) as work:
        from models.core.queries import rows

        (row,) = rows(work, Drill)
    page.open(record_id=row.id)
    assert page.place() == {"record_id": row.id}
