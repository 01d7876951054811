"""What the auditor reads, and what lies in the bin."""

from __future__ import annotations

from datetime import datetime

import pytest

from models.child import Child
from models.core import bin as recycle
from models.core import records, settings, trail
from models.core.access import SYSTEM
from models.core.errors import Forbidden
from models.core.trail import Narrowed
from tests.conftest import actor


@pytest.fixture
def auditor():
    return actor("auditor")


def test_the_auditor_reads_who_changed_which_fields_but_no_childs_data(home, auditor):
    with home.database.work(home.director) as work:
        records.save(work, Child, {"name": "周晴"}, id=home.child)
    with home.database.read(auditor) as work:
        newest = trail.lines(work, Narrowed())[0]
    assert (newest.username, newest.event, newest.what) == ("director", "Changed", "Child")
    assert "Name" in newest.text and "周晴" not in newest.text and "曾小乐" not in newest.text


def test_settings_are_told_with_both_values(home, auditor):
    with home.database.work(actor("secadmin")) as work:
        settings.change(work, "lock_minutes", 5)
    with home.database.read(auditor) as work:
        assert "10 → 5" in trail.lines(work, Narrowed(event="settings"))[0].text


def test_the_trail_is_narrowed_and_paged(home, auditor):
    with home.database.read(auditor) as work:
        whole = trail.lines(work, Narrowed())
        assert trail.count(work, Narrowed()) == len(whole)
        assert trail.lines(work, Narrowed(username="nobody")) == []
        assert trail.lines(work, Narrowed(since=work.today, until=work.today)) == whole
        first = trail.lines(work, Narrowed(), limit=2)
        assert trail.lines(work, Narrowed(), before=first[-1].sequence, limit=2)[0].sequence == first[-1].sequence - 1
        assert "system" in trail.usernames(work)


def test_taking_the_trail_out_is_itself_noted(home, auditor):
    with home.database.work(auditor) as work:
        listing = trail.taken_out(work, Narrowed())
    assert len(listing.rows[0]) == len(listing.headings)
    with home.database.read(auditor) as work:
        assert trail.lines(work, Narrowed(event="exported"))[0].username == "auditor"


@pytest.mark.parametrize("role", ["caregiver", "sysadmin", "secadmin"])
def test_nobody_else_reads_the_trail(home, role):
    with home.database.work(actor(role)) as work:
        assert trail.lines(work, Narrowed()) == []
        with pytest.raises(Forbidden):
            trail.taken_out(work, Narrowed())
        with pytest.raises(Forbidden):
            trail.broken_places(work)


def test_an_untouched_trail_is_whole(home, auditor):
    with home.database.read(auditor) as work:
        assert trail.broken_places(work) == []


def test_what_was_thrown_away_lies_in_the_bin_for_thirty_days(home):
    with home.database.work(home.director) as work:
        records.put_in_bin(work, Child, home.child)
    with home.database.read(home.director) as work:
        (found,) = recycle.binned(work)
    assert (found.kind, found.id, found.deleted_by, found.days_left) == (Child, home.child, "director", 30)
    assert found.title.startswith("曾小乐")
    home.database.clock = lambda: datetime(2026, 12, 21, 9, 30)
    with home.database.read(home.director) as work:
        assert recycle.binned(work) == []


def test_the_bin_shows_only_what_a_person_may_change_and_see(home):
    with home.database.work(SYSTEM) as work:
        records.put_in_bin(work, Child, home.other)
    for who in (home.care, actor("auditor")):
        with home.database.read(who) as work:
            assert recycle.binned(work) == []
