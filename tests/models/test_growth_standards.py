"""The growth standards: anchors from the printed tables, and what must hold for every child."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.age import months_later
from models.growth_results import evaluate
from models.growth_standards import (
    CLASSES,
    LEVEL_ORDER,
    LEVELS,
    GrowthAge,
    bmi_after_seven,
    body_mass_index,
    growth_age,
    height_after_seven,
    table_stature,
    wst423,
    wst423_lines,
    wst612_lines,
    z_between,
)
from models.growth_who import who, who_lms, who_value, who_z

SEXES = st.sampled_from(["boys", "girls"])
AGED = st.sampled_from(["weight", "stature", "bmi"])


@pytest.mark.parametrize(
    "sex, indicator, months, median",
    [
        ("boys", "weight", 0, 3.5), ("boys", "weight", 12, 10.1), ("boys", "weight", 36, 14.6), ("boys", "weight", 60, 19.1),
        ("girls", "weight", 0, 3.3), ("girls", "weight", 12, 9.4), ("girls", "weight", 36, 14.1), ("girls", "weight", 60, 18.4),
        ("boys", "stature", 0, 51.2), ("boys", "stature", 12, 76.7), ("boys", "stature", 36, 97.5), ("boys", "stature", 60, 112.0),
        ("girls", "stature", 0, 50.3), ("girls", "stature", 12, 75.2), ("girls", "stature", 36, 96.2), ("girls", "stature", 60, 110.8),
        ("boys", "head", 0, 34.3), ("boys", "head", 12, 46.1), ("boys", "head", 36, 49.3),
    ],
)  # fmt: skip
def test_the_median_is_the_printed_one(sex: str, indicator: str, months: int, median: float) -> None:
    lines = wst423_lines(indicator, sex, months, lying=months < 24)
    assert lines is not None
    assert lines.sd[3] == median
    reading = wst423(indicator, sex, months, median, lying=months < 24)
    assert reading is not None and (reading.z, reading.level, reading.group) == (0.0, "middle", "")


@given(SEXES, AGED, st.floats(0, 83.99))
def test_the_lines_never_cross_and_give_whole_numbers(sex: str, indicator: str, months: float) -> None:
    lines = wst423_lines(indicator, sex, months, lying=months < 24)
    assert lines is not None
    assert list(lines.sd) == sorted(set(lines.sd))
    assert list(lines.percentiles) == sorted(lines.percentiles)
    for z, value in zip(range(-3, 4), lines.sd, strict=True):
        assert z_between(lines.sd, value) == pytest.approx(z, abs=1e-9)


@given(SEXES, AGED, st.floats(0, 83.99), st.floats(1, 200), st.floats(0.1, 5))
def test_more_is_never_less(sex: str, indicator: str, months: float, value: float, more: float) -> None:
    low = wst423(indicator, sex, months, value, lying=months < 24)
    high = wst423(indicator, sex, months, value + more, lying=months < 24)
    assert low and high and low.z is not None and high.z is not None
    assert low.z <= high.z
    assert LEVEL_ORDER.index(low.level) <= LEVEL_ORDER.index(high.level)


@given(SEXES, st.floats(45, 100))
def test_weight_for_length_has_lines_over_its_whole_range(sex: str, stature: float) -> None:
    assert wst423_lines("weight_for_length", sex, stature, lying=True)
    assert wst423_lines("weight_for_length", sex, 130.5, lying=False) is None


def test_the_classes_begin_on_their_lines() -> None:
    lines = wst423_lines("weight", "boys", 36, lying=False)
    assert lines is not None
    at_minus_two, at_minus_three = lines.sd[1], lines.sd[0]

    def group(value: float) -> str:
        reading = wst423("weight", "boys", 36, value, lying=False)
        assert reading
        return reading.group

    assert group(at_minus_two) == ""
    assert group(at_minus_two - 0.1) == "underweight"
    assert group(at_minus_three) == "underweight"
    assert group(at_minus_three - 0.1) == "severe_underweight"


def test_the_five_levels_begin_on_their_percentiles() -> None:
    lines = wst423_lines("stature", "girls", 48, lying=False)
    assert lines is not None
    p3, _p10, p25, _p50, p75, _p90, p97 = lines.percentiles

    def level(value: float) -> str:
        reading = wst423("stature", "girls", 48, value, lying=False)
        assert reading
        return reading.level

    assert [level(p) for p in (p3 - 0.1, p3, p25, p75, p97)] == ["low", "mid_low", "middle", "mid_high", "high"]
    assert level(p97 - 0.1) == "mid_high"


def test_the_tables_end_where_the_standard_ends() -> None:
    assert wst423_lines("weight", "boys", 83.9, lying=False) == wst423_lines("weight", "boys", 81, lying=False)
    assert wst423_lines("weight", "boys", 84, lying=False) is None
    assert wst423_lines("head", "boys", 36.5, lying=False)
    assert wst423_lines("head", "boys", 37, lying=False) is None
    assert wst612_lines("girls", 83.9) is None
    assert wst612_lines("girls", 227) and wst612_lines("girls", 228) is None


def test_length_becomes_height_at_two_years_by_seven_millimetres() -> None:
    lying = wst423_lines("stature", "boys", 23.999, lying=True)
    standing = wst423_lines("stature", "boys", 24, lying=False)
    assert lying and standing
    assert lying.sd[3] - standing.sd[3] == pytest.approx(0.7, abs=0.01)
    assert table_stature(80.0, "standing", GrowthAge(600, 20)) == 80.7
    assert table_stature(90.0, "lying", GrowthAge(800, 26)) == 89.3
    assert table_stature(90.0, "standing", GrowthAge(800, 26)) == 90.0


@given(st.dates(date(2015, 1, 1), date(2025, 1, 1)), st.integers(0, 83))
def test_on_the_monthly_birthday_the_age_is_whole(born: date, months: int) -> None:
    age = growth_age(born, months_later(born, months))
    assert age is not None and age.months == months


@given(st.dates(date(2020, 1, 1), date(2024, 1, 1)), st.integers(22, 42), st.integers(0, 1500))
def test_an_early_child_is_younger_by_what_it_came_too_early_until_two_years(born: date, weeks: int, days: int) -> None:
    day = born + timedelta(days=days)
    age = growth_age(born, day, weeks)
    if weeks >= 37 or day >= months_later(born, 24):
        assert age is not None and age.days == days and not age.corrected
    elif days < 280 - 7 * weeks:
        assert age is None
    else:
        assert age is not None and age.corrected and age.days == days - (280 - 7 * weeks)


@pytest.mark.parametrize(
    "sex, months, height, level, group",
    [
        ("boys", 84, 125.48, "middle", ""), ("boys", 84, 137.46, "high", ""), ("boys", 84, 113.0, "low", ""),
        ("boys", 84, 111.3, "low", "stunting"), ("boys", 84, 111.4, "low", ""), ("girls", 228 - 0.1, 160.0, "middle", ""),
    ],
)  # fmt: skip
def test_height_after_seven(sex: str, months: float, height: float, level: str, group: str) -> None:
    reading = height_after_seven(sex, months, height)
    assert reading and (reading.level, reading.group) == (level, group)


@pytest.mark.parametrize(
    "sex, years, bmi, group",
    [
        ("boys", 10.0, 19.1, ""), ("boys", 10.0, 19.2, "overweight"), ("boys", 10.0, 21.9, "obesity"),
        ("boys", 10.4, 19.2, "overweight"), ("boys", 10.5, 19.2, ""), ("girls", 13.0, 22.2, "overweight"),
        ("girls", 12.0, 14.1, "moderate_wasting"), ("girls", 12.0, 14.2, "mild_wasting"), ("girls", 12.0, 14.8, ""),
        ("boys", 18.0, 24.0, "overweight"),
    ],
)  # fmt: skip
def test_bmi_after_seven_rounds_the_age_down_to_the_half_year(sex: str, years: float, bmi: float, group: str) -> None:
    reading = bmi_after_seven(sex, years * 12, bmi)
    assert reading and reading.group == group


def test_bmi_is_compared_at_one_decimal_half_rounded_up() -> None:
    assert body_mass_index(20.0, 100.0) == 20.0
    assert body_mass_index(19.25, 100.0) == 19.3
    assert body_mass_index(19.249, 100.0) == 19.2


def test_who_median_is_zero_and_its_lines_come_back() -> None:
    for days in (0, 100, 365, 730, 731, 1000, 1856, 1857, 2500, 3600):
        lms = who_lms("weight", "girls", GrowthAge(days, days / 30.4375))
        assert lms is not None
        for z in (-3, -2, -1, 0, 1, 2, 3):
            assert who_z(who_value(z, lms), lms, restricted=True) == pytest.approx(z, abs=1e-9)


def test_who_agrees_with_published_examples() -> None:
    """Values worked out by hand from the published L, M, S of a boy of 0 and of 365 days."""
    newborn = who("weight", "boys", GrowthAge(0, 0), 2.5)
    assert newborn and newborn.z == round(((2.5 / 3.3464) ** 0.3487 - 1) / (0.3487 * 0.14602), 2) == -1.9
    assert newborn.group == ""


@given(SEXES, st.integers(0, 3640), st.floats(0.5, 100), st.floats(0.01, 5))
def test_who_weight_is_monotone_also_beyond_three(sex: str, days: int, value: float, more: float) -> None:
    lms = who_lms("weight", sex, GrowthAge(days, days / 30.4375))
    assert lms is not None
    assert who_z(value, lms, restricted=True) < who_z(value + more, lms, restricted=True)


def test_who_restricts_weight_but_not_height_beyond_three() -> None:
    age = GrowthAge(365, 12.0)
    lms = who_lms("weight", "boys", age)
    assert lms is not None
    plus_three, plus_two = who_value(3, lms), who_value(2, lms)
    assert who_z(plus_three + 2 * (plus_three - plus_two), lms, restricted=True) == pytest.approx(5)
    tall = who_lms("stature", "boys", age)
    assert tall is not None
    assert who_z(who_value(4, tall), tall, restricted=False) == pytest.approx(4)


@given(
    st.sampled_from(["china", "who"]),
    SEXES,
    st.integers(0, 6900),
    st.floats(0.3, 150),
    st.floats(25, 220),
    st.floats(20, 70),
)
def test_whatever_is_measured_is_evaluated_or_left_out_but_never_breaks(
    standard: str, sex: str, days: int, weight: float, stature: float, head: float
) -> None:
    for reading in evaluate(standard, sex, GrowthAge(days, days / 30.4375), weight=weight, stature=stature, head=head):
        assert not reading.level or reading.level in LEVELS
        assert not reading.group or reading.group in CLASSES
