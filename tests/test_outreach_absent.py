"""The whole house walked through: outside the rehabilitation department no screen shows a child from outside."""

from __future__ import annotations

import pytest

from models.core.access import SYSTEM
from models.demo_outreach import CLIENTS
from models.outreach_clients import clients
from tests.pages_walk import texts_of
from ui.pages import pages
from views import open_rooms

open_rooms()
NAMES = tuple(each[0] for each in CLIENTS)
TOLD = {"today", "my_day"}
"""Today tells of the client's agreement and leads to its room (see the reminders' own test); a therapist's own day
has everybody in it whom the therapist treats."""
ELSEWHERE = [
    entry
    for entry in pages()
    if (entry.menu or entry.key == "child") and entry.key not in TOLD
    and (entry.area != "rehabilitation" or entry.key == "rehabilitation")
]  # fmt: skip


def test_the_demo_home_has_clients_with_sessions(walker):
    with walker.shell("director").app.database.read(SYSTEM) as work:
        found = clients(work)
    assert {each.name for each in found} == set(NAMES) and sum(each.planned for each in found)


@pytest.mark.parametrize("entry", ELSEWHERE, ids=lambda entry: entry.key)
def test_no_room_of_the_residents_shows_a_client(walker, entry):
    window = walker.open(entry)
    assert [each for each in texts_of(window) if any(name in each.text for name in NAMES)] == []


@pytest.mark.parametrize("key", ["outreach", "entitlement"])
def test_their_own_room_does(walker, key):
    entry = next(each for each in pages() if each.key == key)
    window = walker.open(entry)
    if key == "entitlement":
        page = window._frames[key].page
        page.who.set_value("clients")
        page.reload()
    assert any(name in each.text for each in texts_of(window) for name in NAMES)
