"""Ages and birthdays, on which the law hangs its dates."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.age import Age, age_on, birthday, months_later, years_on
from resources import use_language

DAYS = st.dates(date(1990, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2020, 2, 29), date(2021, 2, 28), Age(1, 0, 0)),
        (date(2020, 2, 29), date(2024, 2, 28), Age(3, 11, 30)),
        (date(2020, 1, 31), date(2020, 2, 29), Age(0, 1, 0)),
        (date(2008, 11, 21), date(2026, 11, 20), Age(17, 11, 30)),
        (date(2008, 11, 20), date(2026, 11, 20), Age(18, 0, 0)),
    ],
)
def test_completed_years_months_and_days(born, day, age):
    assert age_on(born, day) == age


@given(DAYS, st.integers(0, 30))
def test_the_age_changes_on_the_birthday_and_not_the_day_before(born, years):
    day = birthday(born, years)
    assert age_on(born, day).years == years
    if years:
        assert age_on(born, day - timedelta(days=1)).years == years - 1


@given(DAYS, DAYS)
def test_the_age_adds_up_to_the_day(one, other):
    born, day = sorted((one, other))
    age = age_on(born, day)
    assert 0 <= age.months < 12
    assert months_later(born, age.in_months) + timedelta(days=age.days) == day


@given(DAYS, DAYS)
def test_nobody_has_years_before_birth(one, other):
    assert years_on(one, other) >= 0


def test_a_day_before_birth_has_no_age():
    with pytest.raises(ValueError, match="before the birth"):
        age_on(date(2026, 1, 2), date(2026, 1, 1))


def test_an_age_is_said_as_people_say_it():
    assert Age(0, 0, 9).words() == "9 days"
    assert Age(0, 5, 9).words() == "5 months"
    assert Age(3, 4, 0).words() == "3 y 4 m"
    assert Age(12, 4, 0).words(estimated=True) == "about 12 y"
    use_language("zh_CN")
    assert Age(3, 4, 0).words() == "3岁4个月"
    assert Age(12, 4, 0).in_full(estimated=True) == "约12岁4个月"
