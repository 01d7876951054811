"""The timeline of a child: everything, in order, page by page, and nothing that is not for this person."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from models import timeline
from models.belongings import KeepsakeItem, Sibling
from models.child import OfChild
from models.core import records
from models.core.access import SYSTEM
from models.core.record import record_types
from models.placement import Placement, move
from tests.conftest import actor

DAY = date(2026, 3, 1)


@pytest.fixture
def stay(home):
    with home.database.work(SYSTEM) as work:
        move(work, home.child, "temporary", DAY)
        move(work, home.child, "residential", DAY + timedelta(days=20))
        for day in range(30):
            thing = {
                "child_id": home.child,
                "kind": "gift",
                "name": f"绘本{day}",
                "received_on": DAY + timedelta(days=day),
            }
            records.save(work, KeepsakeItem, thing)
        records.save(work, Sibling, {"child_id": home.child, "relation": "twin", "name": "曾大乐"})
        records.save(work, KeepsakeItem, {"child_id": home.other, "kind": "gift", "name": "别人的", "received_on": DAY})
    return home


def told(home, by=None, **wanted):
    with home.database.read(by or home.director) as work:
        return timeline.entries(work, home.child, **wanted)


def test_everything_is_told_latest_first(stay):
    found = told(stay, limit=100)
    assert [entry.when for entry in found] == sorted((entry.when for entry in found), reverse=True)
    assert len(found) == 33 and "别人的" not in " ".join(entry.summary for entry in found)
    assert found[0].type_name == "Sibling" and found[0].summary == "Twin 曾大乐"


def test_pages_join_without_gap_or_repetition(stay):
    whole = [entry.record_id for entry in told(stay, limit=100)]
    pages = [entry.record_id for start in range(0, 40, 7) for entry in told(stay, offset=start, limit=7)]
    assert pages == whole
    with stay.database.read(stay.director) as work:
        assert timeline.number_of_entries(work, stay.child) == len(whole)


def test_days_and_areas_narrow_it(stay):
    day = DAY + timedelta(days=20)
    assert {entry.type_name for entry in told(stay, since=day, until=day)} == {"Placement", "KeepsakeItem"}
    assert told(stay, areas=["care"]) == []


def test_what_was_voided_stays_and_says_so_what_was_thrown_away_goes(stay):
    with stay.database.work(stay.director) as work:
        last = work.scalar(select(Placement.id).where(Placement.kind == "residential"))
        records.take_step(work, Placement, last, "void", "录错")
        gift = work.scalar(select(KeepsakeItem.id).where(KeepsakeItem.name == "绘本3"))
        records.put_in_bin(work, KeepsakeItem, gift)
    found = told(stay, limit=100)
    assert [entry.state for entry in found if entry.type_name == "Placement"] == ["void", "current"]
    assert "绘本3" not in " ".join(entry.summary for entry in found)


def test_a_person_reads_only_the_types_and_children_entrusted(stay):
    assert {entry.type_name for entry in told(stay, by=actor("finance"))} == {"Placement"}
    assert told(stay, by=actor("sysadmin")) == []
    assert told(stay, by=actor("caregiver", staff_id="nobody")) == []


def test_every_type_about_a_child_can_be_asked(home):
    with home.database.read(SYSTEM) as work:
        kinds = timeline.kinds(work)
        assert len(kinds) >= 8 and all(issubclass(kind, OfChild) for kind in kinds)
        assert set(kinds) <= set(record_types())
        assert timeline.entries(work, home.other, since=DAY, until=DAY) == []


def test_the_routine_of_a_day_is_folded_into_one_line():
    def entry(hour, routine=True):
        return timeline.Entry(
            datetime(2026, 3, 1, hour), True, "care", "Dose", "Dose", "x", f"id{hour}", "submitted", routine=routine
        )

    folded = timeline.folded([entry(9), entry(8), entry(7, routine=False), entry(6)])
    assert [(each.when.hour, each.number) for each in folded] == [(9, 3), (7, 1)]
    assert timeline.more(folded[0]) == "and 2 more that day" and timeline.more(folded[1]) == ""
