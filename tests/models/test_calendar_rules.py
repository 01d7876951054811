"""Terms and clocks count as the law counts, on every day of the calendar."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.age import birthday, months_later
from models.calendar_rules import Clock, Window, distance_words, in_force, length_words, months_before, whole_months
from models.core.money import in_capitals

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@given(DAYS, st.integers(-240, 240))
def test_the_day_of_the_month_is_kept_or_clamped_to_the_last(day, months):
    moved = months_before(day, months)
    assert moved.day == day.day or (moved.day < day.day and (moved + timedelta(days=1)).day == 1)
    assert (day.year * 12 + day.month) - (moved.year * 12 + moved.month) == months


@given(DAYS, st.integers(0, 240), st.integers(0, 240))
def test_longer_terms_never_end_earlier(day, months, more):
    assert months_later(day, months) <= months_later(day, months + more)
    assert months_before(day, months + more) <= months_before(day, months)


@given(DAYS, DAYS)
def test_whole_months_fit_between_two_days_and_one_more_does_not(start, end):
    start, end = sorted((start, end))
    months = whole_months(start, end)
    assert months_later(start, months) <= end < months_later(start, months + 1)
    assert whole_months(end, start) == -months


def test_a_child_of_29_february_comes_of_age_on_the_28th():
    assert birthday(date(2008, 2, 29), 18) == date(2026, 2, 28)
    assert months_before(birthday(date(2008, 2, 29), 18), 6) == date(2025, 8, 28)


@given(DAYS, st.integers(0, 400), DAYS)
def test_a_window_is_later_then_open_then_overdue(opens, length, today):
    window = Window(opens, opens + timedelta(days=length))
    assert window.status(today) == ("later" if today < window.opens else "overdue" if today > window.due else "open")


RULES = [
    {"rule": "stop", "value": "old", "region": "", "effective_from": "2010-01-01", "effective_to": "2020-01-01"},
    {"rule": "stop", "value": "new", "region": "", "effective_from": "2020-01-01", "effective_to": ""},
    {"rule": "stop", "value": "Anhui", "region": "34", "effective_from": "2022-07-26", "effective_to": ""},
    {"rule": "stop", "value": "Xuancheng", "region": "3418", "effective_from": "2023-01-01", "effective_to": ""},
]


@pytest.mark.parametrize(
    ("day", "region", "value"),
    [
        ("2019-12-31", "", "old"),
        ("2020-01-01", "", "new"),
        ("2026-01-01", "320102", "new"),
        ("2022-07-25", "340102", "new"),
        ("2022-07-26", "340102", "Anhui"),
        ("2026-01-01", "341802", "Xuancheng"),
    ],
)
def test_the_nearest_region_and_the_youngest_rule_hold(day, region, value):
    assert [row["value"] for row in in_force(RULES, date.fromisoformat(day), region, key="rule")] == [value]


def test_before_any_rule_nothing_holds():
    assert in_force(RULES, date(2009, 1, 1), key="rule") == []


NOTICED = datetime(2026, 11, 20, 9, 0)


def test_a_clock_says_what_is_left_what_is_overdue_and_when_it_was_stopped():
    clock = Clock(NOTICED, NOTICED + timedelta(minutes=30))
    assert clock.words(NOTICED + timedelta(minutes=10)) == "20 min left"
    assert clock.words(NOTICED + timedelta(hours=2, minutes=40)) == "overdue for 2 h 10 min"
    assert clock.overdue(NOTICED + timedelta(minutes=31)) and not clock.overdue(NOTICED + timedelta(minutes=30))
    done = Clock(NOTICED, clock.due, NOTICED + timedelta(minutes=12))
    assert done.words(NOTICED + timedelta(days=9)) == "done 12 min after noticing"
    assert not done.overdue(NOTICED + timedelta(days=9))


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 min"), (59, "59 min"), (60, "1 h"), (1500, "1 day 1 h"), (2880, "2 days")]
)
def test_lengths_are_said_in_their_two_largest_units(minutes, words):
    assert length_words(timedelta(minutes=minutes)) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [("2026-11-20", "today"), ("2026-11-23", "in 3 days"), ("2026-11-19", "1 day ago"), ("2027-03-01", "in 3 months"),
     ("2024-11-20", "2 years ago")],
)  # fmt: skip
def test_distances_are_said_from_today(day, words):
    assert distance_words(date.fromisoformat(day), date(2026, 11, 20)) == words


# Money in capitals: read back by a reader that knows nothing of the writer.

DIGITS = {sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def read_back(words: str) -> Decimal:
    sign, words = (-1, words[1:]) if words.startswith("负") else (1, words)
    whole, mark, part = words.partition("元")
    if not mark:
        whole, part = "", words
    cents = Decimal(0)
    digit = 0
    for each in part:
        digit = DIGITS.get(each, digit)
        cents += digit * {"角": 10, "分": 1}.get(each, 0)
    return sign * (read_whole(whole) + cents / 100)


def read_whole(words: str) -> Decimal:
    for name, size in (("亿", 10**8), ("万", 10**4)):
        if name in words:
            head, _, tail = words.rpartition(name) if name == "亿" else words.partition(name)
            return read_whole(head) * size + read_whole(tail)
    total, digit = Decimal(0), 0
    for each in words:
        if each in DIGITS:
            digit = DIGITS[each]
        else:
            total, digit = total + digit * UNITS[each], 0
    return total + digit


@given(st.decimals("-99999999999.99", "99999999999.99", places=2))
def test_money_in_capitals_reads_back_as_the_same_amount(amount):
    words = in_capitals(amount)
    assert read_back(words) == amount
    assert "零零" not in words and not words.startswith("零零")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"), ("1575", "壹仟伍佰柒拾伍元整"), ("2450.50", "贰仟肆佰伍拾元伍角整"), ("0.07", "柒分"),
        ("100200.05", "壹拾万零贰佰元零伍分"), ("10000", "壹万元整"), ("20000003", "贰仟万零叁元整"),
    ],
)  # fmt: skip
def test_money_in_capitals_as_the_papers_write_it(amount, words):
    assert in_capitals(Decimal(amount)) == words


def test_an_amount_beyond_all_papers_is_refused():
    with pytest.raises(ValueError, match="too large"):
        in_capitals(Decimal(10) ** 17)
