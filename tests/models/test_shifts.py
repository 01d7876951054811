"""Shifts: every moment lies in exactly one, and the night belongs to the day on which it begins."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.shifts import shift_at, shift_of, shifts_of

MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31))


def test_three_in_the_morning_is_the_night_of_yesterday() -> None:
    night = shift_at(datetime(2026, 11, 20, 3, 0))
    assert (night.day, night.code) == (date(2026, 11, 19), "night")
    assert night == shift_of(date(2026, 11, 19), "night")
    assert (night.before().code, night.after().code, night.after().day) == ("late", "early", date(2026, 11, 20))


@given(MOMENTS)
def test_every_moment_lies_in_exactly_one_shift(moment: datetime) -> None:
    shift = shift_at(moment)
    assert shift.holds(moment)
    assert shift.after().before() == shift
    days = (shift.day - timedelta(days=1), shift.day, shift.day + timedelta(days=1))
    around = [each for day in days for each in shifts_of(day)]
    assert sum(each.holds(moment) for each in around) == 1
