"""What the home lays down for its therapy department lies over the program's tables, from its day on, by its head only."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from models.core import records
from models.core.access import SYSTEM
from models.core.errors import Forbidden, Invalid
from models.department import (
    ContraindicationRule,
    DepartmentRule,
    OpeningHours,
    hours_of,
    is_month_day,
    measure_of,
    rule_of,
    therapies_against,
)
from models.department_lists import contraindication_lines, rule_lines, week_hours
from models.staff import Staff
from models.therapies import opening_hours
from tests.conftest import actor

TODAY = date(2026, 11, 20)


def hours(database, day: date) -> list[str]:
    with database.read(SYSTEM) as work:
        return [f"{each.starts:%H:%M}–{each.ends:%H:%M}" for each in hours_of(work, day, day)[day]]


def lay_down(database, kind, who=SYSTEM, **values) -> str:
    with database.work(who) as work:
        return records.save(work, kind, {"effective_from": TODAY, **values})


def test_without_entries_of_the_home_the_table_holds(database):
    assert hours(database, TODAY) == [f"{each.starts:%H:%M}–{each.ends:%H:%M}" for each in opening_hours(TODAY)]


def test_the_homes_hours_hold_from_their_day_on_in_their_season_and_leave_the_other_half(database):
    lay_down(
        database, OpeningHours, half="morning", starts=time(8, 30), ends=time(12), from_day="11-01", to_day="03-31"
    )
    assert hours(database, TODAY) == ["08:30–12:00", "14:00–17:00"]
    assert hours(database, TODAY - timedelta(days=1)) == ["08:00–11:30", "14:00–17:00"], "before its day"
    assert hours(database, date(2027, 2, 1))[0] == "08:30–12:00", "the season passes New Year"
    assert hours(database, date(2027, 5, 3))[0] == "08:00–11:30", "out of season"


def test_single_weekdays_and_younger_entries_come_first_and_a_half_can_be_closed(database):
    lay_down(
        database, OpeningHours, half="afternoon", starts=time(13, 30), ends=time(17), from_day="01-01", to_day="12-31"
    )
    lay_down(database, OpeningHours, half="afternoon", closed=True, weekdays=["5"], from_day="01-01", to_day="12-31")
    assert hours(database, TODAY) == ["08:00–11:30"], "Friday afternoon is closed"
    assert hours(database, date(2026, 11, 23))[-1] == "13:30–17:00"


@pytest.mark.parametrize(
    "wrong",
    [
        {"from_day": "13-01"},
        {"from_day": "6-1"},
        {"starts": time(12, 30), "ends": time(13)},
        {"ends": time(8)},
        {"starts": None},
    ],
)
def test_hours_that_cannot_be_are_refused(database, wrong):
    with pytest.raises(Invalid):
        lay_down(database, OpeningHours, **{
            "half": "morning", "starts": time(8), "ends": time(11), "from_day": "01-01", "to_day": "12-31", **wrong
        })  # fmt: skip


def test_a_rule_of_the_home_holds_from_its_day_on_within_limits(database):
    lay_down(database, DepartmentRule, rule="child_sessions_a_day", value=4.0)
    lay_down(database, DepartmentRule, rule="fever_from", value=38.0)
    with database.read(SYSTEM) as work:
        assert rule_of(work, "child_sessions_a_day", TODAY) == 4
        assert rule_of(work, "child_sessions_a_day", TODAY - timedelta(days=1)) == 6
        assert measure_of(work, "fever_from", TODAY) == 38.0
        assert {line.rule for line in rule_lines(work) if line.record_id} == {"child_sessions_a_day", "fever_from"}
    with pytest.raises(Invalid):
        lay_down(database, DepartmentRule, rule="fever_from", value=25.0)


def test_the_home_changes_an_entry_of_the_list_and_adds_its_own(database):
    lay_down(database, ContraindicationRule, name="骨折", code="fracture", therapies=["PT"], lasting="standing")
    own = lay_down(
        database, ContraindicationRule, name="石膏固定", therapies=["HYD", "PT"], lasting="temporary", days=30
    )
    with database.read(SYSTEM) as work:
        assert therapies_against(work, "fracture", "", TODAY) == {"PT"}
        assert "HYD" in therapies_against(work, "fracture", "", TODAY - timedelta(days=1))
        assert therapies_against(work, "", own, TODAY) == {"HYD", "PT"}
        assert therapies_against(work, "infection", "", TODAY) == frozenset(), "all of them"
        lines = contraindication_lines(work)
    assert {line.name for line in lines if line.record_id} == {"骨折", "石膏固定"}
    assert sum(line.code == "fracture" for line in lines) == 1


def test_only_the_head_of_the_department_and_the_director_change_it(database):
    with database.work(SYSTEM) as work:
        head, other = (
            records.save(work, Staff, {"name": name, "sex": "2", "post": "therapist", "heads_therapy": heads})
            for name, heads in (("李静", True), ("周航", None))
        )
    values = {"rule": "child_sessions_a_day", "value": 4.0}
    with pytest.raises(Forbidden):
        lay_down(database, DepartmentRule, actor("therapist", staff_id=other), **values)
    for who in (actor("therapist", staff_id=head), actor("director")):
        assert lay_down(database, DepartmentRule, who, **values)


def test_what_was_just_entered_holds_at_once_in_the_same_unit_of_work(database):
    with database.work(SYSTEM) as work:
        hours_of(work, TODAY, TODAY)
        records.save(work, OpeningHours, {"half": "morning", "closed": True, "from_day": "01-01", "to_day": "12-31",
                                          "effective_from": TODAY})  # fmt: skip
        assert [each.name for each in hours_of(work, TODAY, TODAY)[TODAY]] == ["下午"]


def test_a_week_names_its_days_off(database):
    with database.read(SYSTEM) as work:
        assert [words for _day, words, _own in week_hours(work, date(2026, 11, 16))][-1] == "Weekend"


def test_a_day_of_the_year_is_written_with_two_digits_each():
    assert is_month_day("02-29") and not is_month_day("02-30") and not is_month_day("2-29") and not is_month_day("")
