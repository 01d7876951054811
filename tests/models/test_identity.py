"""Identity numbers: GB 11643 in full, and the exceptions of children who come without one."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import identity
from resources import table

TODAY = date(2026, 11, 20)
AREAS = [row["code"] for row in table("codes/admin_divisions.csv") if row["level"] == "county"]
RETIRED = [row["code"] for row in table("codes/admin_divisions_retired.csv")]
DAYS = st.dates(date(1900, 1, 1), TODAY)


def number_of(area: str, born_on: date, serial: int) -> str:
    first = f"{area}{born_on:%Y%m%d}{serial:03d}"
    return first + identity.check_character(first)


numbers = st.builds(number_of, st.sampled_from(AREAS + RETIRED), DAYS, st.integers(0, 999))


def found(number, **known):
    given_facts = {"sex": None, "born_on": None, "today": TODAY, **known}
    return [problem.field for problem in identity.problems_with(number, **given_facts)]


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014"])
def test_the_published_vectors_are_read(number):
    assert identity.read(number).number == number


def test_a_number_tells_area_birth_and_sex():
    read = identity.read("11010519491231002X")
    assert (read.area, read.born_on, read.sex) == ("北京市朝阳区", date(1949, 12, 31), "2")


@pytest.mark.parametrize(
    "typed",
    ["11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", " 110105 19491231 002x ", "110105-19491231-002X"],
)
def test_full_width_spaces_and_small_x_are_understood(typed):
    assert identity.read(typed).number == "11010519491231002X"


@given(numbers)
def test_every_number_made_by_the_rule_is_accepted(number):
    read = identity.read(number)
    assert found(number, sex=read.sex, born_on=read.born_on) == []


@given(numbers, st.integers(0, 16), st.integers(1, 9))
def test_one_mistyped_digit_is_always_found(number, place, shift):
    wrong = str((int(number[place]) + shift) % 10)
    assert "identity_number" in found(number[:place] + wrong + number[place + 1 :])


@given(numbers, st.integers(0, 15))
def test_two_swapped_neighbours_are_always_found(number, place):
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    if swapped != number:
        assert "identity_number" in found(swapped)


@given(numbers, st.integers(1, 4000))
def test_another_date_of_birth_is_found(number, days):
    read = identity.read(number)
    assert found(number, sex=read.sex, born_on=read.born_on - timedelta(days=days)) == ["identity_number"]


@given(numbers)
def test_the_other_sex_is_found(number):
    read = identity.read(number)
    assert found(number, sex={"1": "2", "2": "1"}[read.sex], born_on=read.born_on) == ["identity_number"]


@given(numbers)
def test_an_unknown_sex_contradicts_nothing(number):
    assert found(number, sex="0", born_on=identity.read(number).born_on) == []


@given(st.text(max_size=40))
def test_any_text_is_answered_in_words_and_never_breaks(text):
    assert all(each.message for each in identity.problems_with(text, sex="1", born_on=TODAY, today=TODAY))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("110105491231002", "15 digits"),
        ("1101051949123100", "has 18 places"),
        ("A1010519491231002X", "digits only"),
        ("110105194912310021", "check digit"),
        (number_of("999999", date(2000, 1, 1), 1), "never were an area code"),
        ("110105" + "20010230" + "001" + identity.check_character("11010520010230001"), "no date"),
        (number_of("110105", TODAY + timedelta(days=1), 1), "will be born"),
    ],
)
def test_every_fault_has_its_own_words(number, words):
    messages = [problem.message for problem in identity.problems_with(number, sex=None, born_on=None, today=TODAY)]
    assert any(words in message for message in messages), messages


def test_an_area_code_abolished_long_ago_is_still_valid():
    assert identity.read(number_of("110103", date(1985, 3, 1), 1)).area == "北京市崇文区"


def test_a_child_without_registration_has_no_number():
    assert found(None, status="unregistered") == []
    assert found(None, status="issued") == ["identity_number"]
    assert found("11010519491231002X", status="unregistered") == ["identity_status"]


def test_the_household_register_prevails_with_a_reason():
    number = number_of("110105", date(2015, 6, 1), 1)
    known = {"sex": "1", "born_on": date(2015, 9, 9)}
    assert found(number, status="differs", reason="户籍登记为2015-06-01", **known) == []
    assert found(number, status="differs", reason=" ", **known) == ["identity_note"]


def test_even_then_the_check_digit_must_fit():
    assert found("110105194912310021", status="differs", reason="户籍") == ["identity_number"]


def test_a_number_is_shown_masked():
    assert identity.masked("11010519491231002X") == "110105**********2X"
    assert identity.masked(None) == ""
