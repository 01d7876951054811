"""The calendar of the therapy rooms: notice, working weekends, the home's own days, a year without notice."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.core import records
from models.core.errors import Invalid
from models.holidays import CalendarDay, day_kind, day_kinds, missing_notice
from models.scheduling.recurrence import week_of, weekly
from resources import use_language


@pytest.mark.parametrize(
    ("day", "is_open", "words"),
    [
        (date(2026, 10, 1), False, "National Day, day off"),
        (date(2026, 10, 10), True, "Working day in lieu (National Day)"),
        (date(2026, 10, 11), False, "Weekend"),
        (date(2026, 10, 12), True, ""),
    ],
)
def test_the_notice_of_the_year_decides(day, is_open, words):
    assert (day_kind(day).open, day_kind(day).words) == (is_open, words)


def test_a_year_without_a_notice_shows_its_festivals_as_expected_and_asks_for_the_notice():
    spring = day_kind(date(2027, 2, 6))
    assert spring.kind == "expected" and "not announced yet" in spring.words
    assert missing_notice([date(2026, 12, 31), date(2027, 1, 1)]) == [2027]


def test_the_home_closes_a_day_and_opens_another(home):
    with home.database.work(home.director) as work:
        records.save(work, CalendarDay, {"day": date(2026, 11, 24), "kind": "closed", "reason": "全院体检"})
        records.save(work, CalendarDay, {"day": date(2026, 11, 28), "kind": "open", "reason": "补训"})
    with home.database.read(home.director) as work:
        kinds = day_kinds(work, date(2026, 11, 23), date(2026, 11, 29))
    assert [kinds[day].open for day in week_of(date(2026, 11, 24))] == [True, False, True, True, True, True, False]
    assert kinds[date(2026, 11, 24)].words == "全院体检: rooms closed"


def test_one_day_stands_only_once_in_the_homes_calendar(home):
    day = {"day": date(2026, 11, 24), "kind": "closed", "reason": "全院体检"}
    with home.database.work(home.director) as work:
        records.save(work, CalendarDay, day)
    with pytest.raises(Invalid, match="already in the home's calendar"), home.database.work(home.director) as work:
        records.save(work, CalendarDay, day)


def test_names_are_chinese_in_chinese():
    use_language("zh_CN")
    assert "国庆节" in day_kind(date(2026, 10, 1)).words


@given(
    st.dates(date(2026, 1, 1), date(2026, 6, 30)),
    st.integers(0, 200),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(1, 2),
)
def test_a_series_falls_on_its_weekdays_within_its_limits_in_order(first, length, weekdays, every):
    last = date.fromordinal(first.toordinal() + length)
    days = [each.day for each in weekly(first, last, weekdays, every=every)]
    assert days == sorted(set(days))
    assert all(first <= day <= last and day.weekday() in weekdays for day in days)
    assert len(days) <= len(weekdays) * (length // (7 * every) + 2)


def test_a_series_says_on_which_days_it_rests():
    days = weekly(date(2026, 9, 28), date(2026, 10, 12), {0}, lambda day: day_kind(day).words)
    assert [(each.day.day, each.skipped) for each in days] == [(28, ""), (5, "National Day, day off"), (12, "")]
