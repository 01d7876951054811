"""Who is here, who is away, and whose birthday is near."""

from __future__ import annotations

from datetime import date

import pytest

from models.child import Child
from models.core import records
from models.core.access import SYSTEM
from models.leave import StaffLeave
from models.placement import move
from models.presence import birthdays, head_count
from models.reminders import due_now
from tests.conftest import NOW


def born(home, child, day):
    with home.database.work(SYSTEM) as work:
        records.save(work, Child, {"born_on": day}, id=child)


@pytest.mark.parametrize(
    ("born_on", "first", "last", "found"),
    [
        (date(2020, 11, 20), date(2026, 11, 20), date(2026, 11, 27), [(date(2026, 11, 20), 6)]),
        (date(2020, 11, 28), date(2026, 11, 20), date(2026, 11, 27), []),
        (date(2020, 1, 2), date(2026, 12, 28), date(2027, 1, 4), [(date(2027, 1, 2), 7)]),
        (date(2020, 2, 29), date(2026, 2, 25), date(2026, 3, 4), [(date(2026, 2, 28), 6)]),
        (date(2020, 2, 29), date(2028, 2, 25), date(2028, 3, 4), [(date(2028, 2, 29), 8)]),
        (date(2026, 11, 20), date(2026, 11, 20), date(2026, 11, 27), []),
    ],
)
def test_a_birthday_falls_where_the_calendar_puts_it(home, born_on, first, last, found):
    born(home, home.child, born_on)
    with home.database.read(home.director) as work:
        assert [(each.day, each.age) for each in birthdays(work, first, last)] == found


def test_today_tells_birthdays_of_the_own_children_only(home):
    born(home, home.child, date(2020, 11, 22))
    born(home, home.other, date(2019, 11, 22))
    with home.database.read(home.care) as work:
        lines = [due for due in due_now(work) if due.kind == "birthday"]
    assert [(due.child_name, due.text) for due in lines] == [("曾小乐", "turns 6")]


def test_the_head_count_says_who_is_in_the_house_and_who_is_not(home):
    with home.database.work(SYSTEM) as work:
        move(work, home.other, "residential", date(2024, 1, 1))
        move(work, home.other, "hospital", date(2026, 11, 18), place="市儿童医院")
    with home.database.read(home.director) as work:
        count = head_count(work)
    assert (count.here, count.away, count.whole) == (1, (("hospital", 1),), 2)
    assert count.words() == "1 in the home · In hospital 1"
    with home.database.read(home.care) as work:
        assert head_count(work).whole == 1


def test_colleagues_on_leave_are_told_on_the_days_of_their_leave(home):
    with home.database.work(SYSTEM) as work:
        records.save(
            work, StaffLeave,
            {"staff_id": home.caregiver, "kind": "ill", "starts_on": NOW.date(), "ends_on": date(2026, 11, 22)},
        )  # fmt: skip
    with home.database.read(home.director) as work:
        assert [due.text for due in due_now(work) if due.area == "home" and due.kind == "away"] == [
            "单雄: Sick leave until 2026-11-22"
        ]
        work.now = NOW.replace(day=23)
        assert not [due for due in due_now(work) if due.area == "home" and due.kind == "away"]
