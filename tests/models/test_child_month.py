"""The month of a stay: every day is counted once, and moves and papers are told."""

from __future__ import annotations

from datetime import date, datetime

from models.admission import admit
from models.child_month import stay_month, stay_plan
from models.core.access import SYSTEM
from models.month import Month
from models.placement import move

OCTOBER = Month(2026, 10)


def section(home, month=OCTOBER):
    with home.database.read(home.director) as work:
        return stay_month(work, home.child, month)


def test_every_day_of_the_month_is_counted_once(home):
    with home.database.work(SYSTEM) as work:
        move(work, home.child, "residential", date(2026, 1, 5))
        move(work, home.child, "hospital", date(2026, 10, 10), place="市儿童医院", reason="肺炎")
        move(work, home.child, "residential", date(2026, 10, 16))
    told = section(home)
    assert told.facts == (("Days in the home", "25"), ("Days away", "6"), ("In hospital", "6 d"))
    assert [row[:3] for row in told.grids[0].rows] == [
        ("2026-10-10", "In hospital", "市儿童医院"), ("2026-10-16", "In the home", ""),
    ]  # fmt: skip


def test_the_future_and_the_time_after_leaving_count_for_nothing(home):
    with home.database.work(SYSTEM) as work:
        move(work, home.child, "residential", date(2026, 1, 5))
        move(work, home.child, "left", date(2026, 11, 11), departure="D2", document="3号")
    assert section(home, Month(2026, 11)).facts[0] == ("Days in the home", "10")
    assert section(home, Month(2025, 12)).facts[0] == ("Days in the home", "0")


def test_papers_that_came_and_papers_that_did_not_are_named(home):
    with home.database.work(SYSTEM) as work:
        form = {
            "arrived_at": datetime(2026, 10, 2, 9),
            "category": "A",
            "situation": "trafficked",
            "custody": "T1",
            "sender": "rescue",
        }
        made = admit(work, {}, form, child_id=home.child, received={"photo": {"received_on": date(2026, 10, 2)}})
        assert made.child_id == home.child
    texts = dict(section(home).texts)
    assert texts["Papers received"] == "Photograph at admission"
    assert "Police notice of temporary care" in texts["Papers still missing"]
    with home.database.read(home.director) as work:
        assert list(stay_plan(work, home.child, Month(2026, 11))) == [
            "Police compare DNA and certify that no parents were found for now (by 2026-11-02)"
        ]
